/* SPDX-License-Identifier: MPL-2.0 */
/* The counter's papers: what is on them, what is not, and that the same paper gives the same bytes. */
#include <unistd.h>

#include "made_document.h"
#include "tap.h"

#include "country/strings.h"
#include "country/words.h"
#include "document/papers.h"

/* The text of the pages, without spaces (extraction puts some into words) and the marks where lines may break; each page
   ends with a form feed. NULL: there is no pdftotext. */
static char *text_of(struct bytes pdf)
{
	static char raw[262144], squeezed[262144];
	char line[256], path[] = "/tmp/civis-paper-XXXXXX";
	if (system("command -v pdftotext >/dev/null") != 0)
		return NULL;
	int fd = mkstemp(path);
	if (fd < 0 || write(fd, pdf.ptr, pdf.len) != (ssize_t)pdf.len)
		abort();
	close(fd);
	snprintf(line, sizeof line, "pdftotext -raw %s -", path);
	FILE *f = popen(line, "r");
	size_t n = f ? fread(raw, 1, sizeof raw - 1, f) : 0, m = 0;
	raw[n] = 0;
	if (f)
		pclose(f);
	unlink(path);
	for (const char *at = raw; *at; at++)
		if (strncmp(at, "\xe2\x80\x8b", 3) == 0)
			at += 2;
		else if (*at != ' ' && *at != '\n')
			squeezed[m++] = *at;
	squeezed[m] = 0;
	return squeezed;
}

static bool says(const char *page, const char *wanted)
{
	char want[512];
	size_t m = 0;
	for (; *wanted && m < sizeof want - 1; wanted++)
		if (*wanted != ' ')
			want[m++] = *wanted;
	want[m] = 0;
	return strstr(page, want) != NULL;
}

static struct pack *pack;

static struct paper in(const char *country, const char *language)
{
	char dir[4096];
	struct err e = ERR_NONE;
	const char *source = getenv("SOURCE_ROOT");
	snprintf(dir, sizeof dir, "%s/country/%s", source ? source : ".", country);
	if (pack_load(dir, &pack, &e) != RC_OK) {
		fprintf(stderr, "%s: %s: %s\n", dir, e.where, e.text);
		abort();
	}
	return (struct paper){.pack = pack, .language = language, .at = MADE_AT, .place_name = made_place_name};
}

/* Also to look at: PAPERS=DIR leaves the pages there. */
static void leave(const char *name, const struct paper *p, struct bytes pdf)
{
	char path[4096];
	if (!getenv("PAPERS"))
		return;
	snprintf(path, sizeof path, "%s/%s-%s-%s.pdf", getenv("PAPERS"), name, p->pack->code, p->language);
	FILE *f = fopen(path, "w");
	if (f) {
		fwrite(pdf.ptr, 1, pdf.len, f);
		fclose(f);
	}
}

static const struct { const char *country, *language; } everywhere[] = {
	{"khm", "km"}, {"khm", "en"}, {"mmr", "my"}, {"mmr", "en"},
};
enum { PLACES = sizeof everywhere / sizeof everywhere[0] };

static const char *office(const struct paper *p)
{
	return strcmp(p->pack->code, "khm") == 0 ? "khm/08/0804/080412" : "mmr/13/1304/130401";
}

static void draft(const struct paper *p, json_t *declaration, struct buf *out)
{
	struct form_errors warnings = {.count = 1, .error = {{"/mother/birth_date", "implausible_age", 0}}};
	const struct paper_draft in = {.form = pack_form(p->pack, "birth"), .declaration = declaration, .warnings = &warnings,
	                               .code = MADE_SERIAL, .office = office(p)};
	struct err e = ERR_NONE;
	eq_int(paper_draft(p, &in, out, &e), RC_OK);
}

TEST(a_draft_has_every_field_in_the_readers_language)
{
	for (int i = 0; i < PLACES; i++) {
		struct paper p = in(everywhere[i].country, everywhere[i].language);
		struct buf out = BUF_INIT(SHEET_MAX), again = BUF_INIT(SHEET_MAX);
		json_t *d = made_declaration(everywhere[i].country, true, true);
		draft(&p, d, &out);
		draft(&p, d, &again);
		ok(bytes_equal(buf_bytes(&out), buf_bytes(&again)));
		leave("draft", &p, buf_bytes(&out));
		const char *page = text_of(buf_bytes(&out));
		if (page) {
			bool km = strcmp(p.pack->code, "khm") == 0;
			ok(says(page, km ? "SOK Sopheak" : "Ma Khin Thandar Oo"));
			ok(says(page, km ? "សុខ វិសាល" : "ဦးအောင်ကျော်မင်း"));
			ok(says(page, MADE_SERIAL));
			ok(says(page, strings_get(pack, p.language, "sheet.not_certificate")));
			ok(says(page, strings_get(pack, p.language, "form.birth_date")));
			ok(says(page, strings_get(pack, p.language, "field.implausible_age")));
			ok(says(page, strings_get(pack, p.language, "sheet.sign.informant")));
			ok(says(page, pack->version));
			ok(!says(page, "sheet.") && !says(page, "form.") && !says(page, "part."));
		}
		json_decref(d);
		buf_release(&out);
		buf_release(&again);
		pack_free(&pack);
	}
}

/* A value longer than a page goes on over the next ones, to its last word. */
TEST(nothing_is_cut)
{
	struct paper p = in("khm", "km");
	struct buf out = BUF_INIT(SHEET_MAX), note = BUF_INIT(65536);
	json_t *d = made_declaration("khm", true, true), *list = json_array();
	for (int i = 0; i < 400; i++)
		buf_str(&note, "ភស្តុតាងនេះ ");
	buf_str(&note, "ចុងបញ្ចប់");
	for (int i = 0; i < 12; i++)
		json_array_append_new(list, json_pack("{s:s,s:s}", "kind", "other", "note", buf_cstr(&note)));
	json_object_set_new(d, "evidence", list);
	draft(&p, d, &out);
	leave("long", &p, buf_bytes(&out));
	const char *page = text_of(buf_bytes(&out));
	size_t n = 0;
	for (const char *at = page; page && (at = strstr(at, "ចុងបញ្ចប់")); at++)
		n++;
	ok(!page || n == 12);
	json_decref(d);
	buf_release(&out);
	buf_release(&note);
	pack_free(&pack);
}

/* Whoever signs has the words above the hand, however long the declaration is. */
TEST(signatures_stand_with_what_is_signed)
{
	struct paper p = in("khm", "en");
	for (int lines = 0; lines < 60; lines += 3) {
		struct buf out = BUF_INIT(SHEET_MAX);
		json_t *d = made_declaration("khm", true, true), *list = json_array();
		for (int i = 0; i < lines; i++)
			json_array_append_new(list, json_pack("{s:s}", "kind", "other"));
		json_object_set_new(d, "evidence", list);
		draft(&p, d, &out);
		char *page = text_of(buf_bytes(&out));
		for (char *end; page && (end = strchr(page, '\f')); page = end + 1) {
			*end = 0;
			bool signs = says(page, strings_get(pack, "en", "sheet.sign.informant"));
			eq_int(says(page, strings_get(pack, "en", "sheet.sign.title")), signs);
			eq_int(says(page, strings_get(pack, "en", "sheet.sign.officer")), signs);
			eq_int(says(page, strings_get(pack, "en", "sheet.sign.thumb")), signs);
		}
		json_decref(d);
		buf_release(&out);
	}
	pack_free(&pack);
}

static void slip(const struct paper *p, bool notice, struct buf *out)
{
	const struct workflow *w = pack_workflow(p->pack, "birth");
	const struct paper_slip in = {
		.form = pack_form(p->pack, "birth"), .code = MADE_SERIAL, .office = office(p),
		.above = strcmp(p->pack->code, "khm") == 0 ? "khm/08/0804" : "mmr/13", .received = MADE_AT, .has_deadline = true,
		.deadline = {2026, 11, 20}, .notice = notice, .band = &w->bands[w->band_count - 1],
	};
	struct err e = ERR_NONE;
	eq_int(paper_slip(p, &in, out, &e), RC_OK);
}

TEST(a_slip_has_the_code_and_no_secret)
{
	for (size_t i = 0; i < (size_t)PLACES * 2; i++) {
		struct paper p = in(everywhere[i / 2].country, everywhere[i / 2].language);
		struct buf out = BUF_INIT(SHEET_MAX);
		slip(&p, i % 2, &out);
		leave(i % 2 ? "notice" : "slip", &p, buf_bytes(&out));
		const char *page = text_of(buf_bytes(&out));
		if (page) {
			ok(says(page, MADE_SERIAL));
			ok(says(page, strings_get(pack, p.language, "sheet.slip.no_evidence")));
			ok(says(page, strings_get(pack, p.language, "evidence.school_record")));
			eq_int(says(page, strings_get(pack, p.language, "sheet.slip.complete")), i % 2);
			ok(!says(page, "{") && !says(page, "sheet."));
			if (strcmp(p.language, "en") == 0)
				ok(says(page, "20 November 2026"));
		}
		buf_release(&out);
		pack_free(&pack);
	}
}

static void decide(const struct paper *p, const char *kind, const char *name, const char *from, const char *to, struct buf *out)
{
	const struct workflow *w = pack_workflow(p->pack, kind);
	const struct workflow_state *held = NULL;
	const struct workflow_transition *t = workflow_with_paper(w, name, from, to), *appeal = t ? workflow_appeal(w, t, &held) : NULL;
	bool native = strcmp(p->language, p->pack->native_language) == 0;
	json_t *details = json_pack("{s:s,s:s,s:s}", "grounds", native ? strings_get(pack, p->language, "reason.evidence_missing")
	                            : "The notice of the midwife speaks of another child, born a year before.", "to", "SOK Sopheak", "date", "2026-11-20");
	json_t *declaration = json_pack("{s:{s:s,s:s}}", "cancellation", "reason", "double_entry", "explanation", native
	                                ? strings_get(pack, p->language, "cancellation.double_entry") : "The child was entered twice.");
	if (!ok(t && appeal))
		return;
	const struct paper_decision in = {
		.form = pack_form(p->pack, kind), .move = t, .code = MADE_SERIAL, .office = office(p), .at = MADE_AT, .declaration = declaration,
		.entry = strcmp(kind, "birth") == 0 ? NULL : "080412/B/1/2026/17", .details = details,
		.reason = strcmp(name, "reject") == 0 ? "evidence_missing" : NULL, .hears = strcmp(p->pack->code, "khm") == 0 ? "khm/08" : "mmr/13/1304",
		.days = held->deadline_days, .has_until = true, .until = {2026, 12, 22}, .appeal_until = strcmp(held->name, to) == 0,
	};
	struct err e = ERR_NONE;
	eq_int(paper_decision(p, &in, out, &e), RC_OK);
	leave(name, p, buf_bytes(out));
	json_decref(details);
	json_decref(declaration);
}

TEST(a_decision_says_why_and_who_hears_an_appeal_until_when)
{
	for (int i = 0; i < PLACES; i++) {
		struct paper p = in(everywhere[i].country, everywhere[i].language);
		struct buf out = BUF_INIT(SHEET_MAX), notice = BUF_INIT(SHEET_MAX), decided = BUF_INIT(SHEET_MAX), until = BUF_INIT(256);
		words_date(pack, p.language, (struct date){2026, 12, 22}, &until);
		decide(&p, "birth", "reject", "declared", "rejected", &out);
		const char *page = text_of(buf_bytes(&out));
		if (page) {
			ok(says(page, strings_get(pack, p.language, "paper.refusal")));
			ok(says(page, strings_get(pack, p.language, "reason.evidence_missing")));
			ok(says(page, strings_get(pack, p.language, "form.grounds")));
			ok(says(page, strings_get(pack, p.language, "paper.appeal.answer")));
			ok(says(page, strings_get(pack, p.language, "sheet.decision.until")));
			ok(says(page, buf_cstr(&until)) && !says(page, "{") && !says(page, "sheet.") && !says(page, "paper."));
			eq_int(says(page, "2023") || says(page, "២០២៣"), strcmp(everywhere[i].country, "khm") == 0 && strcmp(p.language, "en") == 0);
		}
		decide(&p, "cancellation", "notify", "proposed", "noticed", &notice);
		page = text_of(buf_bytes(&notice));
		if (page) {
			ok(says(page, "SOK Sopheak") && says(page, "080412/B/1/2026/17"));
			ok(says(page, strings_get(pack, p.language, "cancellation.double_entry")));
			ok(says(page, strings_get(pack, p.language, "paper.cancellation.suspends")));
			ok(!says(page, strings_get(pack, p.language, "sheet.decision.until")) && !says(page, "{"));
			ok(says(page, buf_cstr(&until)));
		}
		decide(&p, "cancellation", "decide", "heard", "decided", &decided);
		page = text_of(buf_bytes(&decided));
		ok(!page || (says(page, strings_get(pack, p.language, "paper.cancellation.suspends")) &&
		             says(page, strings_get(pack, p.language, "sheet.decision.until"))));
		buf_release(&out);
		buf_release(&notice);
		buf_release(&decided);
		buf_release(&until);
		pack_free(&pack);
	}
}

TEST(a_form_can_be_filled_in_by_hand)
{
	for (int i = 0; i < PLACES; i++) {
		struct paper p = in(everywhere[i].country, everywhere[i].language);
		for (size_t k = 0; k < pack->form_count; k++) {
			struct buf out = BUF_INIT(SHEET_MAX);
			struct err e = ERR_NONE;
			eq_int(paper_form(&p, pack->forms[k].form, &out, &e), RC_OK);
			leave(pack->forms[k].kind, &p, buf_bytes(&out));
			const char *page = strcmp(pack->forms[k].kind, "birth") == 0 ? text_of(buf_bytes(&out)) : NULL;
			if (page) {
				ok(says(page, strings_get(pack, p.language, "evidence.witness_statement")));
				ok(says(page, strings_get(pack, p.language, "sex.undetermined")));
				ok(!says(page, "sheet.") && !says(page, "form.") && !says(page, "part."));
			}
			buf_release(&out);
		}
		pack_free(&pack);
	}
}

TEST(a_register_page_has_entries_and_their_notes)
{
	for (int i = 0; i < PLACES; i++) {
		struct paper p = in(everywhere[i].country, everywhere[i].language);
		struct buf out = BUF_INIT(SHEET_MAX);
		struct err e = ERR_NONE;
		struct paper_entry entries[3];
		json_t *act = json_pack("{s:{s:s,s:{s:s}},s:o}", "header", "personal_number", "4829173065", "registrar", "name",
		                        "HENG Bopha", "declaration", made_declaration(everywhere[i].country, true, true));
		json_t *notes = json_pack("[{s:s,s:s,s:{s:s,s:s}}]", "entry", "080412/C/1/2026/1", "date", "2026-11-22", "text", "native",
		                          "បានកែតម្រូវ", "latin", "Corrected");
		for (uint64_t k = 0; k < 3; k++)
			entries[k] = (struct paper_entry){17 + k, MADE_AT, pack_form(pack, "birth"), act, k == 1 ? notes : NULL};
		const struct paper_register in = {.office = office(&p), .reg = "B", .year = 2026, .book = 1, .page = 2,
		                                  .entries = entries, .count = 3};
		eq_int(paper_register_page(&p, &in, &out, &e), RC_OK);
		leave("register", &p, buf_bytes(&out));
		const char *page = text_of(buf_bytes(&out));
		if (page) {
			ok(says(page, "482 917 3065"));
			ok(says(page, "080412/C/1/2026/1"));
			ok(!says(page, "sheet.") && !says(page, "form."));
		}
		json_decref(act);
		json_decref(notes);
		buf_release(&out);
		pack_free(&pack);
	}
}

int main(void)
{
	RUN(a_draft_has_every_field_in_the_readers_language);
	RUN(nothing_is_cut);
	RUN(signatures_stand_with_what_is_signed);
	RUN(a_slip_has_the_code_and_no_secret);
	RUN(a_decision_says_why_and_who_hears_an_appeal_until_when);
	RUN(a_form_can_be_filled_in_by_hand);
	RUN(a_register_page_has_entries_and_their_notes);
	return tap_done();
}
