/* SPDX-License-Identifier: MPL-2.0 */
/* The paper of a decision (document/papers.h): what is refused, cancelled or about to be, and what can be done about it. */
#include <stdio.h>
#include <string.h>

#include "country/strings.h"
#include "country/words.h"
#include "document/paper_parts.h"

static void field_of(const struct paper *p, struct sheet *s, const struct form *f, const char *path, const json_t *from)
{
	const struct form_field *field = form_field_by_path(f, path);
	const json_t *v = form_at(from, path);
	struct buf text = BUF_INIT(PAPER_TEXT_MAX);
	if (field && v) {
		paper_put_value(p, field, v, &text);
		sheet_field(s, paper_say(p, field->title), buf_cstr(&text));
	}
	buf_release(&text);
}

static void put_law(const struct paper *p, struct sheet *s, const struct workflow_paper *paper)
{
	const struct pack_law *law = paper->law ? pack_law(p->pack, paper->law) : NULL;
	bool native = strcmp(p->language, p->pack->native_language) == 0;
	if (law)
		sheet_field(s, paper_say(p, "sheet.decision.law"), native ? law->native : law->latin);
}

static void put_reasons(const struct paper *p, struct sheet *s, const struct paper_decision *in)
{
	const struct workflow_paper *paper = in->move->paper;
	char key[64];
	if (in->reason) {
		snprintf(key, sizeof key, "reason.%.48s", in->reason);
		sheet_field(s, paper_say(p, "sheet.decision.reason"), paper_say(p, key));
	}
	for (size_t i = 0; i < paper->details_count; i++)
		field_of(p, s, in->move->details, paper->details[i], in->details);
	put_law(p, s, paper);
	if (in->declaration && paper->declared_count)
		sheet_heading(s, paper_say(p, "sheet.decision.declared"));
	for (size_t i = 0; in->declaration && i < paper->declared_count; i++)
		field_of(p, s, in->form, paper->declared[i], in->declaration);
}

static void put_ways(const struct paper *p, struct sheet *s, const struct paper_decision *in)
{
	const struct workflow_paper *paper = in->move->paper;
	struct buf office = BUF_INIT(PAPER_LINE_MAX), until = BUF_INIT(PAPER_LINE_MAX), days = BUF_INIT(32), text = BUF_INIT(PAPER_TEXT_MAX);
	if (in->hears)
		paper_put_name(p, in->hears, &office);
	if (in->has_until)
		words_date(p->pack, p->language, in->until, &until);
	words_uint(p->pack, p->language, in->days, &days);
	sheet_heading(s, paper_say(p, "sheet.decision.next"));
	if (in->hears)
		sheet_field(s, paper_say(p, "sheet.decision.hears"), buf_cstr(&office));
	if (in->has_until && in->appeal_until)
		sheet_field(s, paper_say(p, "sheet.decision.until"), buf_cstr(&until));
	const struct strings_arg args[] = {{"office", buf_cstr(&office)}, {"until", buf_cstr(&until)}, {"days", buf_cstr(&days)}};
	for (size_t i = 0; i < paper->text_count; i++) {
		buf_reset(&text);
		strings_format(p->pack, p->language, paper->texts[i], args, sizeof args / sizeof *args, &text);
		sheet_text(s, SHEET_PLAIN, buf_cstr(&text));
	}
	buf_release(&office);
	buf_release(&until);
	buf_release(&days);
	buf_release(&text);
}

enum rc paper_decision(const struct paper *p, const struct paper_decision *in, struct buf *out, struct err *e)
{
	struct buf title = BUF_INIT(PAPER_LINE_MAX), foot = BUF_INIT(PAPER_LINE_MAX);
	const struct workflow_paper *paper = in->move->paper;
	char kind[64];
	snprintf(kind, sizeof kind, "kind.%.50s", in->form->kind);
	buf_str(&title, paper_say(p, paper->title));
	struct sheet *s = paper_begin(p, &title);
	buf_printf(&foot, "%s · %s", in->code, paper_say(p, "sheet.not_certificate"));
	if (s) {
		const char *const places[] = {paper_say(p, "sheet.decision.sign"), paper_say(p, "sheet.decision.received")};
		sheet_foot(s, buf_cstr(&foot));
		sheet_field(s, paper_say(p, "sheet.case"), in->code);
		sheet_field(s, paper_say(p, "sheet.decision.kind"), paper_say(p, kind));
		paper_office_field(p, s, "sheet.office", in->office);
		if (in->entry)
			sheet_field(s, paper_say(p, "sheet.decision.entry"), in->entry);
		paper_date_field(p, s, "sheet.decision.date", in->at);
		put_reasons(p, s, in);
		if (in->hears || paper->text_count)
			put_ways(p, s, in);
		sheet_signatures(s, places, 2);
		sheet_text(s, SHEET_SMALL, paper_say(p, "sheet.decision.read"));
	}
	buf_release(&title);
	buf_release(&foot);
	return paper_end(&s, out, e);
}
