/* SPDX-License-Identifier: MPL-2.0 */
/* Attachments without what they say of their makers; tracking codes and secrets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "intake/attachment.h"
#include "intake/case.h"
#include "intake/tracking.h"
#include "packs.h"
#include "register/paper.h"
#include "store_fixture.h"
#include "tap.h"

static struct bytes sample(const char *name, struct buf *b)
{
	char path[1024];
	const char *root = getenv("SOURCE_ROOT");
	struct err e;
	snprintf(path, sizeof path, "%s/tests/fuzz/corpus/attachment/%s", root ? root : ".", name);
	buf_init(b, ATTACHMENT_MAX);
	ok(file_read(path, b, &e) == RC_OK);
	return buf_bytes(b);
}

static bool holds(struct bytes b, const char *text)
{
	return b.ptr && b.len && memmem(b.ptr, b.len, text, strlen(text)) != NULL;
}

TEST(takes_position_and_comment_out_of_a_photograph)
{
	struct buf in, out = BUF_INIT(ATTACHMENT_MAX);
	enum attachment_type t;
	struct bytes jpeg = sample("jpeg", &in);
	ok(attachment_type_of(jpeg, &t) == RC_OK && t == ATTACHMENT_JPEG);
	ok(holds(jpeg, "Exif") && holds(jpeg, "\xab\xcd"));
	ok(attachment_strip(t, jpeg, &out) == RC_OK);
	ok(!holds(buf_bytes(&out), "Exif") && !holds(buf_bytes(&out), "\xff\xfe"));
	ok(holds(buf_bytes(&out), "JFIF") && out.len > 100);
	buf_release(&in);
	buf_release(&out);
}

TEST(drops_what_hides_behind_the_end_of_a_picture)
{
	struct buf in, with = BUF_INIT(ATTACHMENT_MAX), out = BUF_INIT(ATTACHMENT_MAX);
	buf_append(&with, sample("jpeg", &in));
	buf_str(&with, "hidden");
	ok(attachment_strip(ATTACHMENT_JPEG, buf_bytes(&with), &out) == RC_OK && !holds(buf_bytes(&out), "hidden"));
	buf_release(&in);
	buf_release(&with);
	buf_release(&out);
}

TEST(takes_text_and_exif_out_of_a_png)
{
	struct buf in, out = BUF_INIT(ATTACHMENT_MAX);
	enum attachment_type t;
	struct bytes png = sample("png", &in);
	ok(attachment_type_of(png, &t) == RC_OK && t == ATTACHMENT_PNG);
	ok(attachment_strip(t, png, &out) == RC_OK);
	ok(!holds(buf_bytes(&out), "tEXt") && !holds(buf_bytes(&out), "eXIf") && holds(buf_bytes(&out), "IDAT"));
	buf_release(&in);
	buf_release(&out);
}

TEST(refuses_other_types_and_broken_files)
{
	struct buf in, out = BUF_INIT(ATTACHMENT_MAX);
	enum attachment_type t;
	ok(attachment_type_of(BYTES_LIT("\x7f""ELF"), &t) == RC_MEDIA_TYPE);
	ok(attachment_type_of(BYTES_LIT("<html>"), &t) == RC_MEDIA_TYPE);
	ok(attachment_type_of(BYTES_NONE, &t) == RC_MEDIA_TYPE);
	struct bytes jpeg = sample("jpeg", &in);
	for (size_t n = 0; n < jpeg.len; n++) {
		buf_reset(&out);
		ok(attachment_strip(ATTACHMENT_JPEG, bytes_slice(jpeg, 0, n), &out) == RC_MEDIA_TYPE);
	}
	ok(attachment_strip(ATTACHMENT_PDF, BYTES_LIT("%PDF-1.4 without an end"), &out) == RC_MEDIA_TYPE);
	buf_release(&in);
	buf_release(&out);
}

TEST(reads_a_tracking_code_as_people_write_it)
{
	char code[TRACKING_CODE_SIZE], read[TRACKING_CODE_SIZE];
	tracking_code_new(code);
	eq_int(strlen(code), 12);
	ok(tracking_code_parse(code, read) == RC_OK);
	eq_str(read, code);
	ok(tracking_code_parse("k7qm 2xwd9f", read) == RC_OK);
	eq_str(read, "K7QM-2XWD-9F");
	ok(tracking_code_parse("OIL0-0000-00", read) == RC_OK);
	eq_str(read, "0110-0000-00");
	ok(tracking_code_parse("K7QM", read) == RC_FORMAT);
	ok(tracking_code_parse("K7QM-2XWD-9FF", read) == RC_FORMAT);
	ok(tracking_code_parse("K7QM-2XWD-9U", read) == RC_FORMAT);
}

TEST(believes_only_the_cases_own_secret)
{
	struct id one = id_new(), other = id_new();
	static const uint8_t none[32];
	uint8_t hash[32];
	const char *secret = "abcdefghijklmnopqrstuvwx";
	ok(tracking_secret_is_good(secret));
	ok(!tracking_secret_is_good("short"));
	ok(!tracking_secret_is_good("abcdefghijklmnopqrstuv x"));
	tracking_hash(one, secret, hash);
	ok(tracking_matches(one, secret, hash));
	ok(!tracking_matches(other, secret, hash));
	ok(!tracking_matches(one, "abcdefghijklmnopqrstuvwy", hash));
	ok(!tracking_matches(one, secret, none));
}

/* ---- a case that a family amends again and again ---- */

#define OFFICE "khm/12/1201/120101"

static struct {
	struct fixture store;
	struct store_reader *reader;
	struct pack *pack;
	struct arena *arena;
	struct vault_staff registrar;
	struct err err;
	struct desk desk;
	struct birth birth;
	struct store_case c;
} f;

static bool set_up(void)
{
	memset(&f, 0, sizeof f);
	f.registrar = (struct vault_staff){.id = id_new(), .role = ROLE_REGISTRAR};
	f.arena = arena_new(1 << 24);
	f.pack = pack_open("khm");
	if (!f.arena || !f.pack || !fixture_init(&f.store) || store_reader_open(f.store.store, &f.reader, &f.err) != RC_OK)
		return false;
	f.desk = (struct desk){.store = f.store.store, .reader = f.reader, .pack = f.pack, .arena = f.arena, .now = 4000,
	                       .err = &f.err};
	return birth_declare(f.store.store, &f.birth, OFFICE, &f.err) == RC_OK;
}

static void tear_down(void)
{
	store_reader_close(&f.reader);
	fixture_release(&f.store);
	pack_free(&f.pack);
	arena_free(&f.arena);
}

static bool amend(unsigned times)
{
	char key[ID_TEXT_SIZE];
	struct store_result out;
	for (unsigned i = 0; i < times; i++) {
		const struct store_case_update in = {
			.request = fixture_request(key, 2000), .person_id = f.birth.person, .case_id = f.birth.case_id,
			.if_version = f.birth.version, .transition = "amend", .from_state = "declared", .to_state = "declared",
			.queue_office = OFFICE, .deadline = 5000,
		};
		if (store_case_update(f.store.store, &in, &out, &f.err) != RC_OK)
			return false;
		f.birth.version = out.version;
	}
	return true;
}

TEST(the_verifying_officer_is_found_behind_any_number_of_amendments)
{
	struct act_header header = {0};
	char verified[DATE_TEXT_SIZE];
	if (!ok(set_up() && amend(80)))
		return;
	f.desk.staff = &f.registrar;
	ok(birth_verify(f.store.store, &f.birth, &f.err) == RC_OK);
	ok(store_case_get(f.reader, f.birth.case_id, f.arena, &f.c, &f.err) == RC_OK);
	eq_int(registration_officers(&f.desk, &f.c, &header, verified), RC_OK);
	eq_int(header.officer_count, 2);
	ok(id_equal(header.officers[0].staff, f.birth.staff));
	eq_str(header.officers[0].role, "district_verifier");
	ok(id_equal(header.officers[1].staff, f.registrar.id));
	eq_str(header.verified, "1970-01-01");
	tear_down();
}

TEST(nothing_is_registered_without_its_verifying_officer)
{
	struct act_header header = {0};
	char verified[DATE_TEXT_SIZE];
	if (!ok(set_up()))
		return;
	f.desk.staff = &f.registrar;
	ok(store_case_get(f.reader, f.birth.case_id, f.arena, &f.c, &f.err) == RC_OK);
	snprintf(f.c.state, sizeof f.c.state, "verified"); /* which its history does not say */
	eq_int(registration_officers(&f.desk, &f.c, &header, verified), RC_CORRUPT);
	tear_down();
}

TEST(a_family_may_amend_so_often_and_no_more)
{
	struct store_result out;
	char key[ID_TEXT_SIZE];
	if (!ok(set_up() && amend(CASE_FAMILY_AMENDMENTS_MAX)))
		return;
	ok(store_case_get(f.reader, f.birth.case_id, f.arena, &f.c, &f.err) == RC_OK);
	json_t *declaration = json_object();
	const struct case_move m = {
		.c = &f.c, .t = workflow_transition(pack_workflow(f.pack, "birth"), "amend"), .if_version = f.c.version,
		.declaration = declaration, .request = fixture_request(key, 4000),
	};
	eq_int(case_move_make(&f.desk, &m, &out), RC_THROTTLED);
	json_decref(declaration);
	tear_down();
}

/* ---- what is copied from a book of paper ---- */

static json_t *from_book(const char *reg, int year, const char *day)
{
	return json_pack("{s:{s:{s:s}},s:{s:s,s:i,s:i,s:i,s:i,s:s}}", "child", "birth", "date", "2025-10-20", "book", "register", reg, "book", 3,
	                 "year", year, "page", 17, "serial", 52, "date", day);
}

/* The pointer that is wrong first in a case of this regime and state; "": none. */
static const char *wrong_in(const char *regime, const char *state, json_t *declaration)
{
	static struct form_errors errors;
	const struct workflow *w = pack_workflow_in(f.pack, "birth", regime);
	struct store_entry entry = {0};
	struct date day;
	uint32_t page = 0;
	errors = (struct form_errors){0};
	const struct workflow_state *s = workflow_state(w, state);
	enum rc rc = paper_check(pack_form(f.pack, "birth"), s, declaration, &errors);
	eq_int(rc, errors.count ? RC_INVALID : RC_OK);
	eq_int(paper_entry(pack_form(f.pack, "birth"), s, declaration, OFFICE, &entry, &day, &page), rc); /* nor is it registered */
	if (rc == RC_OK && s->transcribes)
		ok(entry.paper && entry.book == 3 && entry.year == 2025 && entry.serial == 52 && day.month == 11 && page == 17);
	json_decref(declaration);
	return errors.count ? errors.error[0].pointer : "";
}

TEST(an_entry_is_taken_from_a_book_only_where_books_are_transcribed)
{
	if (!ok(set_up()))
		return;
	eq_str(wrong_in("paper", "on_paper", from_book("B", 2025, "2025-11-02")), "");
	eq_str(wrong_in("paper", "transcribed", from_book("B", 2025, "2025-11-02")), "");
	eq_str(wrong_in("paper", "on_paper", json_object()), "/book");
	eq_str(wrong_in("paper", "on_paper", from_book("Z", 2025, "2025-11-02")), "/book/register");
	eq_str(wrong_in("paper", "on_paper", from_book("B", 1999, "2025-11-02")), "/book/year");
	eq_str(wrong_in("paper", "declared", from_book("B", 2025, "2025-11-02")), "/book");
	eq_str(wrong_in("electronic", "declared", from_book("B", 2025, "2025-11-02")), "/book");
	eq_str(wrong_in("electronic", "verified", from_book("B", 2025, "2025-11-02")), "/book");
	eq_str(wrong_in("electronic", "declared", json_object()), "");
	tear_down();
}

TEST(what_a_book_has_was_reported_on_its_day)
{
	if (!ok(set_up()))
		return;
	const struct workflow *w = pack_workflow_in(f.pack, "birth", "paper");
	json_t *declaration = from_book("B", 2025, "2025-11-02");
	eq_str(case_band(w, pack_form(f.pack, "birth"), declaration, TEST_NOW)->name, "on_time");
	json_object_del(declaration, "book");
	eq_str(case_band(w, pack_form(f.pack, "birth"), declaration, TEST_NOW)->name, "very_late");
	json_decref(declaration);
	tear_down();
}

int main(void)
{
	RUN(an_entry_is_taken_from_a_book_only_where_books_are_transcribed);
	RUN(what_a_book_has_was_reported_on_its_day);
	RUN(takes_position_and_comment_out_of_a_photograph);
	RUN(drops_what_hides_behind_the_end_of_a_picture);
	RUN(takes_text_and_exif_out_of_a_png);
	RUN(refuses_other_types_and_broken_files);
	RUN(reads_a_tracking_code_as_people_write_it);
	RUN(believes_only_the_cases_own_secret);
	RUN(the_verifying_officer_is_found_behind_any_number_of_amendments);
	RUN(nothing_is_registered_without_its_verifying_officer);
	RUN(a_family_may_amend_so_often_and_no_more);
	return tap_done();
}
