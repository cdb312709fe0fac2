/* SPDX-License-Identifier: MPL-2.0 */
#include "document/papers.h"

#include <stdio.h>
#include <string.h>

#include "country/numbering.h"
#include "country/strings.h"
#include "country/words.h"
#include "document/paper_parts.h"

enum { CHOICES_MAX = 64 };

/* The fields of one item of a list on a line of their own. */
static void put_list(const struct paper *p, struct sheet *s, const struct form_field *f, const json_t *list)
{
	struct buf text = BUF_INIT(PAPER_TEXT_MAX), n = BUF_INIT(32);
	size_t i;
	json_t *item;
	json_array_foreach(list, i, item) {
		buf_reset(&text);
		for (size_t k = 0; k < f->item_count; k++) {
			const json_t *v = form_at(item, f->items[k].path);
			if (!v)
				continue;
			buf_str(&text, text.len ? "; " : "");
			paper_put_value(p, &f->items[k], v, &text);
		}
		buf_reset(&n);
		words_uint(p->pack, p->language, i + 1, &n);
		sheet_field(s, buf_cstr(&n), buf_cstr(&text));
	}
	buf_release(&text);
	buf_release(&n);
}

/* ── the draft ── */

/* Whether the object that holds the field is there, or is one that everybody is asked for. */
static bool is_asked(const struct form *f, const struct form_field *field, const json_t *declaration)
{
	const char *slash = strrchr(field->path, '/');
	size_t n = slash ? (size_t)(slash - field->path) : 0;
	for (size_t i = 0; i < f->object_count; i++) {
		const char *path = f->objects[i].path;
		size_t len = strlen(path);
		bool holds = len <= n && strncmp(field->path, path, len) == 0 && field->path[len] == '/';
		if (holds && !f->objects[i].required && !form_at(declaration, path))
			return false;
	}
	return true;
}

/* The heading over a field, when it is another one than that before. */
static void head_of(const struct paper *p, struct sheet *s, const struct form_field *f, const char **last)
{
	const char *part = paper_part_of(p, f->path);
	if (part && part != *last)
		sheet_heading(s, part);
	if (part)
		*last = part;
}

/* Small, and with whose it is before its title. */
static void put_printed(const struct paper *p, struct sheet *s, const struct form_field *f, const char *value)
{
	struct buf name = BUF_INIT(PAPER_LINE_MAX);
	const char *part = paper_part_of(p, f->path);
	buf_printf(&name, "%s%s%s", part ? part : "", part ? ": " : "", paper_say(p, f->title));
	sheet_brief(s, buf_cstr(&name), value);
	buf_release(&name);
}

static void put_fields(const struct paper *p, struct sheet *s, const struct form *f, const json_t *declaration, bool printed)
{
	const char *last = NULL;
	struct buf text = BUF_INIT(PAPER_TEXT_MAX);
	for (size_t i = 0; i < f->field_count; i++) {
		const struct form_field *field = &f->fields[i];
		const json_t *v = form_at(declaration, field->path);
		if (field->keep == KEEP_STATISTICS || (printed && !field->print) || (!v && !is_asked(f, field, declaration)) ||
		    (!v && (field->keep == KEEP_CASE || printed)))
			continue;
		if (!printed)
			head_of(p, s, field, &last);
		if (field->type == FIELD_LIST && v) {
			if (!paper_part_of(p, field->path))
				sheet_heading(s, paper_say(p, field->title));
			put_list(p, s, field, v);
			continue;
		}
		buf_reset(&text);
		struct date d;
		const char *day = printed && field->type == FIELD_DATE ? json_string_value(v) : NULL;
		if (day && date_parse(day, strlen(day), &d)) /* as it was registered, without the aid */
			words_date(p->pack, p->language, d, &text);
		else if (v)
			paper_put_value(p, field, v, &text);
		else
			buf_str(&text, "—");
		if (printed)
			put_printed(p, s, field, buf_cstr(&text));
		else
			sheet_field(s, paper_say(p, field->title), buf_cstr(&text));
	}
	buf_release(&text);
}

/* The title of what a pointer names, behind that of its part. */
static void put_pointer(const struct paper *p, const struct form *f, const char *pointer, struct buf *out)
{
	const struct form_field *field = form_field_by_path(f, pointer);
	const char *part = *pointer ? paper_part_of(p, pointer) : NULL;
	if (part)
		buf_str(out, part);
	if (field)
		buf_printf(out, "%s%s", part ? ", " : "", paper_say(p, field->title));
	buf_str(out, part || field ? ": " : "");
}

static void put_warnings(const struct paper *p, struct sheet *s, const struct paper_draft *in)
{
	struct buf text = BUF_INIT(PAPER_TEXT_MAX);
	if (!in->warnings || !in->warnings->count)
		return;
	sheet_heading(s, paper_say(p, "sheet.warnings"));
	for (size_t i = 0; i < in->warnings->count; i++) {
		buf_reset(&text);
		put_pointer(p, in->form, in->warnings->error[i].pointer, &text);
		form_error_message(p->pack, p->language, &in->warnings->error[i], &text);
		sheet_text(s, SHEET_PLAIN, buf_cstr(&text));
	}
	buf_release(&text);
}

static void put_privacy(const struct paper *p, struct sheet *s)
{
	struct buf text = BUF_INIT(PAPER_TEXT_MAX);
	bool native = strcmp(p->language, p->pack->native_language) == 0;
	sheet_heading(s, paper_say(p, "privacy.title"));
	paper_say_with(p, "privacy.notice", "authority", native ? p->pack->issuer_native : p->pack->issuer_latin, &text);
	sheet_text(s, SHEET_SMALL, buf_cstr(&text));
	buf_reset(&text);
	paper_say_with(p, "privacy.version", "version", p->pack->version, &text);
	sheet_text(s, SHEET_SMALL, buf_cstr(&text));
	buf_release(&text);
}

/* Whether the form asks after an interpreter, and the declaration names one. */
static bool has_interpreter(const json_t *declaration)
{
	return form_at(declaration, "/interpreter") != NULL;
}

static void put_signing(const struct paper *p, struct sheet *s, const json_t *declaration)
{
	const char *places[4];
	size_t n = 0;
	places[n++] = paper_say(p, "sheet.sign.informant");
	places[n++] = paper_say(p, "sheet.sign.witness");
	places[n++] = paper_say(p, "sheet.sign.interpreter");
	places[n++] = paper_say(p, "sheet.sign.officer");
	sheet_heading(s, paper_say(p, "sheet.sign.title"));
	sheet_text(s, SHEET_PLAIN, paper_say(p, has_interpreter(declaration) ? "sheet.sign.interpreted" : "sheet.sign.statement"));
	sheet_signatures(s, places, n);
	sheet_text(s, SHEET_SMALL, paper_say(p, "sheet.sign.thumb"));
}

enum rc paper_draft(const struct paper *p, const struct paper_draft *in, struct buf *out, struct err *e)
{
	struct buf title = BUF_INIT(PAPER_LINE_MAX), foot = BUF_INIT(PAPER_LINE_MAX);
	paper_kind_title(p, in->form, "sheet.draft.title", &title);
	struct sheet *s = paper_begin(p, &title);
	buf_printf(&foot, "%s · %s", in->code, paper_say(p, "sheet.not_certificate"));
	if (s) {
		sheet_foot(s, buf_cstr(&foot));
		sheet_text(s, SHEET_STRONG, paper_say(p, "sheet.not_certificate"));
		sheet_text(s, SHEET_PLAIN, paper_say(p, "sheet.draft.intro"));
		sheet_field(s, paper_say(p, "sheet.case"), in->code);
		paper_office_field(p, s, "sheet.office", in->office);
		paper_date_field(p, s, "sheet.printed", p->at);
		put_fields(p, s, in->form, in->declaration, false);
		put_warnings(p, s, in);
		put_privacy(p, s);
		put_signing(p, s, in->declaration);
	}
	buf_release(&title);
	buf_release(&foot);
	return paper_end(&s, out, e);
}

/* ── the slip ── */

/* "15,000 KHR" in the language's own digits, and the law that says so. */
static void put_fee(const struct paper *p, struct sheet *s, const struct workflow_band *band)
{
	struct buf text = BUF_INIT(PAPER_LINE_MAX), digits = BUF_INIT(64);
	const struct workflow_fee *fee = band ? band->fee : NULL;
	const struct pack_law *law = fee && fee->law ? pack_law(p->pack, fee->law) : NULL;
	bool native = strcmp(p->language, p->pack->native_language) == 0;
	if (!fee) {
		buf_str(&text, paper_say(p, "sheet.slip.fee_unknown"));
	} else if (fee->amount == 0) {
		buf_str(&text, paper_say(p, "sheet.slip.fee_none"));
	} else {
		buf_printf(&digits, "%llu", (unsigned long long)fee->amount);
		words_digits(p->pack, p->language, buf_bytes(&digits), &text);
		buf_printf(&text, " %s", fee->currency);
	}
	if (law)
		buf_printf(&text, "\n%s", native ? law->native : law->latin);
	sheet_field(s, paper_say(p, "sheet.slip.fee"), buf_cstr(&text));
	buf_release(&text);
	buf_release(&digits);
}

static void put_evidence(const struct paper *p, struct sheet *s, const struct workflow_band *band)
{
	struct buf text = BUF_INIT(PAPER_TEXT_MAX);
	char key[64];
	for (size_t i = 0; band && i < band->evidence_count; i++) {
		snprintf(key, sizeof key, "evidence.%.48s", band->evidence[i]);
		buf_printf(&text, "%s%s", i ? "\n" : "", paper_say(p, key));
	}
	if (text.len)
		sheet_field(s, paper_say(p, "sheet.slip.evidence"), buf_cstr(&text));
	sheet_text(s, SHEET_PLAIN, paper_say(p, "sheet.slip.no_evidence"));
	buf_release(&text);
}

static void put_complaint(const struct paper *p, struct sheet *s, const struct paper_slip *in)
{
	struct buf text = BUF_INIT(PAPER_LINE_MAX), above = BUF_INIT(PAPER_LINE_MAX);
	sheet_heading(s, paper_say(p, "sheet.slip.complain_title"));
	if (in->above)
		paper_put_name(p, in->above, &above);
	if (above.len)
		paper_say_with(p, "sheet.slip.complain_above", "office", buf_cstr(&above), &text);
	else
		buf_str(&text, paper_say(p, "sheet.slip.complain"));
	sheet_text(s, SHEET_PLAIN, buf_cstr(&text));
	buf_release(&text);
	buf_release(&above);
}

static void put_promise(const struct paper *p, struct sheet *s, const struct paper_slip *in)
{
	struct buf text = BUF_INIT(PAPER_LINE_MAX);
	paper_date_field(p, s, "sheet.slip.received", in->received);
	if (in->has_deadline)
		words_date(p->pack, p->language, in->deadline, &text);
	else
		buf_str(&text, paper_say(p, "sheet.slip.no_day"));
	sheet_field(s, paper_say(p, in->notice ? "sheet.slip.complete_by" : "sheet.slip.promised"), buf_cstr(&text));
	if (in->band)
		sheet_field(s, paper_say(p, "sheet.slip.band"), paper_say(p, in->band->label));
	buf_release(&text);
}

enum rc paper_slip(const struct paper *p, const struct paper_slip *in, struct buf *out, struct err *e)
{
	struct buf title = BUF_INIT(PAPER_LINE_MAX), foot = BUF_INIT(PAPER_LINE_MAX);
	paper_kind_title(p, in->form, in->notice ? "sheet.slip.notice_title" : "sheet.slip.title", &title);
	struct sheet *s = paper_begin(p, &title);
	buf_printf(&foot, "%s · %s", in->code, paper_say(p, "sheet.not_certificate"));
	if (s) {
		sheet_foot(s, buf_cstr(&foot));
		sheet_code(s, paper_say(p, "sheet.slip.code"), in->code);
		paper_office_field(p, s, "sheet.office", in->office);
		put_promise(p, s, in);
		put_fee(p, s, in->band);
		if (in->notice) {
			sheet_heading(s, paper_say(p, "sheet.slip.complete_title"));
			sheet_text(s, SHEET_PLAIN, paper_say(p, "sheet.slip.complete"));
		}
		put_evidence(p, s, in->band);
		sheet_heading(s, paper_say(p, "sheet.slip.track_title"));
		sheet_text(s, SHEET_PLAIN, paper_say(p, "sheet.slip.track"));
		put_complaint(p, s, in);
		sheet_heading(s, paper_say(p, "sheet.slip.paper_title"));
		sheet_text(s, SHEET_PLAIN, paper_say(p, "sheet.slip.paper"));
		sheet_text(s, SHEET_STRONG, paper_say(p, "sheet.not_certificate"));
	}
	buf_release(&title);
	buf_release(&foot);
	return paper_end(&s, out, e);
}

/* ── the blank form ── */

static void put_blank(const struct paper *p, struct sheet *s, const struct form_field *f)
{
	const char *title = paper_say(p, f->title), *choices[CHOICES_MAX];
	size_t n = 0;
	switch (f->type) {
	case FIELD_DATE:
		sheet_cells(s, title, "## ## ####");
		break;
	case FIELD_PARTIAL_DATE:
		sheet_cells(s, title, "## ## ####");
		choices[n++] = paper_say(p, "sheet.form.about");
		choices[n++] = paper_say(p, "sheet.form.unknown");
		sheet_ticks(s, "", choices, n);
		break;
	case FIELD_TIME:
		sheet_cells(s, title, "## ##");
		break;
	case FIELD_NUMBER:
		sheet_cells(s, title, f->max > 9999 ? "######" : f->max > 99 ? "####" : "##");
		break;
	case FIELD_BOOL:
		choices[n++] = paper_say(p, "sheet.yes");
		choices[n++] = paper_say(p, "sheet.no");
		sheet_ticks(s, title, choices, n);
		break;
	case FIELD_CHOICE:
		for (; n < f->choice_count && n < CHOICES_MAX; n++)
			choices[n] = paper_say(p, f->choices[n].label);
		sheet_ticks(s, title, choices, n);
		break;
	case FIELD_TEXT:
		sheet_lines(s, title, f->max_bytes > 1000 ? 4 : f->max_bytes > 300 ? 2 : 1);
		break;
	case FIELD_NAME: case FIELD_PLACE: case FIELD_COUNTRY: case FIELD_LIST:
		sheet_lines(s, title, 1);
		break;
	}
}

/* Evidence by its kinds, to tick; of other lists two items to fill in. */
static void put_blank_list(const struct paper *p, struct sheet *s, const struct form *f, const struct form_field *list)
{
	bool evidence = f->evidence && strcmp(f->evidence, list->path) == 0;
	if (!paper_part_of(p, list->path))
		sheet_heading(s, paper_say(p, list->title));
	for (int item = 0; item < (evidence ? 1 : 2); item++)
		for (size_t k = 0; k < list->item_count; k++)
			put_blank(p, s, &list->items[k]);
}

static void put_blanks(const struct paper *p, struct sheet *s, const struct form *f, bool statistics)
{
	const char *last = NULL;
	for (size_t i = 0; i < f->field_count; i++) {
		const struct form_field *field = &f->fields[i];
		if ((field->keep == KEEP_STATISTICS) != statistics)
			continue;
		if (!statistics)
			head_of(p, s, field, &last);
		if (field->type == FIELD_LIST)
			put_blank_list(p, s, f, field);
		else
			put_blank(p, s, field);
	}
}

static bool has_statistics(const struct form *f)
{
	for (size_t i = 0; i < f->field_count; i++)
		if (f->fields[i].keep == KEEP_STATISTICS)
			return true;
	return false;
}

enum rc paper_form(const struct paper *p, const struct form *form, struct buf *out, struct err *e)
{
	struct buf title = BUF_INIT(PAPER_LINE_MAX), foot = BUF_INIT(PAPER_LINE_MAX);
	paper_kind_title(p, form, "sheet.form.title", &title);
	struct sheet *s = paper_begin(p, &title);
	buf_printf(&foot, "%s · %s · %s", form->id, p->pack->version, paper_say(p, "sheet.not_certificate"));
	if (s) {
		sheet_foot(s, buf_cstr(&foot));
		sheet_text(s, SHEET_PLAIN, paper_say(p, "sheet.form.intro"));
		sheet_lines(s, paper_say(p, "sheet.office"), 1);
		sheet_cells(s, paper_say(p, "sheet.form.date"), "## ## ####");
		put_blanks(p, s, form, false);
		put_privacy(p, s);
		put_signing(p, s, NULL);
		if (has_statistics(form)) {
			sheet_page_break(s);
			sheet_heading(s, paper_say(p, "sheet.form.statistics"));
			sheet_text(s, SHEET_PLAIN, paper_say(p, "sheet.form.statistics_why"));
			put_blanks(p, s, form, true);
		}
	}
	buf_release(&title);
	buf_release(&foot);
	return paper_end(&s, out, e);
}

/* ── the page of a register ── */

static void put_notes(const struct paper *p, struct sheet *s, const json_t *notes)
{
	size_t i;
	json_t *note;
	struct buf text = BUF_INIT(PAPER_TEXT_MAX);
	bool native = strcmp(p->language, p->pack->native_language) == 0;
	json_array_foreach(notes, i, note) {
		const char *day = json_string_value(json_object_get(note, "date"));
		const char *entry = json_string_value(json_object_get(note, "entry"));
		const char *said = json_string_value(json_object_get(json_object_get(note, "text"), native ? "native" : "latin"));
		struct date d;
		buf_reset(&text);
		if (day && date_parse(day, strlen(day), &d))
			words_date(p->pack, p->language, d, &text);
		buf_printf(&text, " · %s · %s", entry ? entry : "", said ? said : "");
		sheet_field(s, paper_say(p, "sheet.register.note"), buf_cstr(&text));
	}
	buf_release(&text);
}

static void put_header(const struct paper *p, struct sheet *s, const json_t *header, int64_t at)
{
	const char *number = json_string_value(json_object_get(header, "personal_number"));
	const char *registrar = json_string_value(json_object_get(json_object_get(header, "registrar"), "name"));
	char printed[64];
	struct buf day = BUF_INIT(PAPER_LINE_MAX);
	words_date(p->pack, p->language, pack_local_date(p->pack, at, NULL), &day);
	sheet_brief(s, paper_say(p, "sheet.register.date"), buf_cstr(&day));
	buf_release(&day);
	if (registrar)
		sheet_brief(s, paper_say(p, "sheet.register.registrar"), registrar);
	if (number && numbering_person(p->pack, number, printed, sizeof printed) == RC_OK)
		sheet_brief(s, paper_say(p, "sheet.register.number"), printed);
}

static void put_entry(const struct paper *p, struct sheet *s, const struct paper_entry *entry)
{
	struct buf text = BUF_INIT(PAPER_LINE_MAX), n = BUF_INIT(32);
	words_uint(p->pack, p->language, entry->serial, &n);
	paper_say_with(p, "sheet.register.entry", "n", buf_cstr(&n), &text);
	sheet_heading(s, buf_cstr(&text));
	put_header(p, s, json_object_get(entry->act, "header"), entry->at);
	put_fields(p, s, entry->form, json_object_get(entry->act, "declaration"), true);
	put_notes(p, s, entry->notes);
	buf_release(&text);
	buf_release(&n);
}

static void put_numbers(const struct paper *p, struct sheet *s, const struct paper_register *in)
{
	static const char *const keys[] = {"sheet.register.year", "sheet.register.book", "sheet.register.page"};
	const uint32_t numbers[] = {in->year, in->book, in->page};
	struct buf text = BUF_INIT(PAPER_LINE_MAX);
	for (int i = 0; i < 3; i++) {
		buf_reset(&text);
		words_uint(p->pack, p->language, numbers[i], &text);
		sheet_field(s, paper_say(p, keys[i]), buf_cstr(&text));
	}
	buf_release(&text);
}

enum rc paper_register_page(const struct paper *p, const struct paper_register *in, struct buf *out, struct err *e)
{
	struct buf title = BUF_INIT(PAPER_LINE_MAX), foot = BUF_INIT(PAPER_LINE_MAX);
	char key[64];
	snprintf(key, sizeof key, "certificate.register.%.16s", in->reg);
	const char *name = strings_exact(p->pack, p->language, key);
	buf_str(&title, name ? name : in->reg);
	struct sheet *s = paper_begin(p, &title);
	buf_printf(&foot, "%s/%s/%u/%u · %s", in->office, in->reg, in->book, in->year, paper_say(p, "sheet.not_certificate"));
	if (s) {
		const char *const places[] = {paper_say(p, "sheet.sign.registrar"), paper_say(p, "sheet.register.seal")};
		sheet_foot(s, buf_cstr(&foot));
		paper_office_field(p, s, "sheet.office", in->office);
		put_numbers(p, s, in);
		paper_date_field(p, s, "sheet.printed", p->at);
		for (size_t i = 0; i < in->count; i++)
			put_entry(p, s, &in->entries[i]);
		if (!in->count)
			sheet_text(s, SHEET_PLAIN, paper_say(p, "sheet.register.empty"));
		sheet_signatures(s, places, 2);
	}
	buf_release(&title);
	buf_release(&foot);
	return paper_end(&s, out, e);
}
