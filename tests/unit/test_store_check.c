/* SPDX-License-Identifier: MPL-2.0 */
/* The check must find each thing that can be wrong: every test spoils one and looks. */
#include "store/check.h"

#include "base/log.h"
#include "store/backup.h"
#include "store_fixture.h"
#include "tap.h"

#define OFFICE "khm/12/1201/120101"

static char found[512];

static void note(void *ctx, const char *what, struct id id, const char *text)
{
	(void)ctx;
	(void)id;
	size_t len = strlen(found);
	snprintf(found + len, sizeof found - len, "%s ", what);
	if (getenv("VERBOSE"))
		printf("# %s: %s\n", what, text);
}

static enum rc check(const char *dir, struct store_check_report *report)
{
	struct store *s = NULL;
	struct store_reader *r = NULL;
	struct err e = ERR_NONE;
	const struct store_check c = {.problem = note};
	found[0] = '\0';
	enum rc rc = store_open_reading(dir, NULL, &s, &e);
	if (rc == RC_OK)
		rc = store_reader_open(s, &r, &e);
	if (rc == RC_OK)
		rc = store_snapshot_begin(r, &e);
	if (rc == RC_OK) {
		rc = store_check(r, &c, report, &e);
		store_snapshot_end(r);
	}
	if (rc != RC_OK)
		printf("# %s: %s\n", e.where, e.text);
	store_reader_close(&r);
	store_close(&s);
	return rc;
}

/* A birth from a book of paper, whose serials nobody else's follow. */
static bool transcribe(struct store *s, struct err *e)
{
	const struct store_entry entry = {.office = OFFICE, .reg = "B", .paper = true, .book = 3, .year = 1998, .serial = 412};
	struct birth b;
	struct store_result out;
	if (birth_declare(s, &b, OFFICE, e) != RC_OK || birth_verify(s, &b, e) != RC_OK)
		return false;
	struct store_case_register in = birth_register_in(&b, &entry);
	return store_case_register(s, &in, &out, e) == RC_OK;
}

static bool declare_due(struct store *s, struct err *e)
{
	struct birth b;
	struct store_case_create in;
	struct store_result out;
	char key[ID_TEXT_SIZE];
	if (birth_declare_in(s, &b, OFFICE, &in, &out, e) != RC_OK)
		return false;
	struct store_case_create due = in;
	due.request = fixture_request(key, 1000);
	due.case_id = due.person_id = id_new();
	due.tracking_code = NULL;
	due.on_deadline = true;
	due.counts = (struct store_counting){"2026-11", {{"declared", 'f'}, {"registered", '-'}}};
	return store_case_create(s, &due, &out, e) == RC_OK;
}

/* Five births, three of them registered, two of those placed; the first was corrected. One of the open cases was
   declared with counters and is the system's to move. */
static bool fill(struct fixture *f)
{
	struct err e = ERR_NONE;
	struct store_reader *r = NULL;
	struct store_log_head empty = {0}, old, next;
	struct store_leaf leaf[8];
	struct store_entry corrected = {.office = OFFICE, .reg = "C", .book = 1, .year = 2026, .serial = 1};
	struct store_case_register correction;
	size_t n = 0;
	if (!fixture_init(f) || store_reader_open(f->store, &r, &e) != RC_OK)
		return false;
	bool good = true;
	for (int i = 0; i < 5; i++) {
		struct birth b;
		struct store_entry entry;
		struct store_result out;
		good = good && birth_declare(f->store, &b, OFFICE, &e) == RC_OK && birth_verify(f->store, &b, &e) == RC_OK;
		if (i > 2)
			continue;
		good = good && store_book_next(r, OFFICE, "B", 2026, &entry, &e) == RC_OK;
		struct store_case_register in = birth_register_in(&b, &entry);
		good = good && store_case_register(f->store, &in, &out, &e) == RC_OK;
		if (i == 0)
			good = good && correction_declare(f->store, &b, &in, &corrected, &correction, &e) == RC_OK &&
			       store_case_register(f->store, &correction, &out, &e) == RC_OK;
	}
	good = good && transcribe(f->store, &e) && declare_due(f->store, &e);
	good = good && store_log_acquire(f->store, &empty, NULL, id_new(), &old, &e) == RC_OK &&
	       store_log_pending(r, leaf, 2, &n, &e) == RC_OK && n == 2;
	next = old;
	next.size = 2;
	good = good && store_log_place(f->store, &old, &next, leaf, 2, &e) == RC_OK;
	store_reader_close(&r);
	return good;
}

TEST(a_sound_store_has_no_problems)
{
	struct fixture f;
	struct store_check_report n = {0};
	ok(fill(&f));
	eq_int(check(f.dir, &n), RC_OK); /* while it is open for writing */
	eq_int(n.problems, 0);
	eq_str(found, "");
	eq_int(n.people, 4);
	eq_int(n.acts, 5);
	eq_int(n.entries, 5);
	eq_int(n.books, 2);
	eq_int(n.placed, 2);
	eq_int(n.pending, 3);
	eq_int(n.cases, 9);
	eq_int(n.counters, 2);
	eq_int(n.superseding, 1);
	fixture_release(&f);
}

TEST(each_kind_of_spoiling_is_found)
{
	static const struct { const char *sql, *want; } spoil[] = {
		{"UPDATE act SET commitment = zeroblob(32) WHERE serial = 2", "leaf"},
		{"UPDATE act SET previous = randomblob(32) WHERE serial = 2", "chain"},
		{"UPDATE act SET seq = 2 WHERE serial = 2", "chain"},
		{"DELETE FROM act WHERE serial = 2", "entry"},
		{"UPDATE act SET serial = 9 WHERE serial = 2", "entry"},
		{"DELETE FROM entry WHERE serial = 2", "entry"},
		{"DELETE FROM entry WHERE serial = 3", "book"},
		{"UPDATE entry SET serial = 7 WHERE serial = 3", "entry"},
		{"UPDATE book SET next_serial = 9", "book"},
		{"UPDATE book SET next_serial = 3", "book"},
		{"DELETE FROM leaf WHERE place = 1", "leaf"},
		{"DELETE FROM leaf WHERE place IS NULL", "leaf"},
		{"UPDATE leaf SET commitment = zeroblob(32) WHERE place = 0", "leaf"},
		{"UPDATE leaf SET place = 5 WHERE place = 1", "leaf"},
		{"INSERT INTO leaf SELECT log_id, randomblob(16), person_id, commitment, queued, NULL, NULL FROM leaf LIMIT 1",
		 "leaf"},
		{"UPDATE log_head SET size = 3", "head"},
		{"DELETE FROM claim WHERE kind = 'act'", "claim"},
		{"DELETE FROM claim WHERE kind = 'case'", "claim"},
		{"UPDATE claim SET object_id = randomblob(16) WHERE kind = 'number' AND state = 'reserved'", "claim"},
		{"UPDATE cases SET act_id = randomblob(16) WHERE act_id IS NOT NULL", "case"},
		{"UPDATE act SET corrects = randomblob(16) WHERE corrects IS NOT NULL", "chain"},
		{"UPDATE act SET corrects = act_id WHERE corrects IS NOT NULL", "chain"},
		{"UPDATE act SET corrects = (SELECT act_id FROM act WHERE serial = 3) WHERE corrects IS NOT NULL", "chain"},
		{"UPDATE act SET corrects = NULL WHERE corrects IS NOT NULL", "superseding"},
		{"UPDATE supersede_task SET act_id = randomblob(16)", "superseding"},
		{"UPDATE cases SET about = (SELECT act_id FROM act WHERE serial = 3) WHERE about IS NOT NULL", "case"},
		{"UPDATE act SET paper = 0 WHERE serial = 412", "entry"},
		{"UPDATE entry SET serial = 413 WHERE serial = 412", "entry"},
		{"UPDATE case_due SET deadline = 9", "due"},
		{"PRAGMA ignore_check_constraints = ON; UPDATE counter SET n = -1 WHERE sex = 'f'", "counter"},
		{"PRAGMA ignore_check_constraints = ON; UPDATE counter SET sex = 'x' WHERE sex = 'f'", "counter"},
		{"UPDATE counter SET month = '2026-13'", "counter"},
		{"PRAGMA foreign_keys = OFF; DELETE FROM cases WHERE act_id IS NULL", "file"},
	};
	for (size_t i = 0; i < sizeof spoil / sizeof *spoil; i++) {
		struct fixture f;
		struct store_check_report n = {0};
		/* A server keeps its own rules whoever asks; only a file can be written past them. */
		if (fixture_server() && strstr(spoil[i].sql, "PRAGMA"))
			continue;
		if (!ok(fill(&f)))
			return;
		ok(fixture_spoil(&f, spoil[i].sql));
		eq_int(check(f.dir, &n), RC_OK);
		if (!ok(n.problems > 0 && strstr(found, spoil[i].want)))
			printf("# after: %s\n# found: %s\n", spoil[i].sql, found);
		fixture_release(&f);
	}
}

TEST(a_copy_made_while_writing_is_sound)
{
	struct fixture f, to = {.dir = "/tmp/civis-copy-XXXXXX"};
	struct store_check_report n = {0};
	struct err e = ERR_NONE;
	ok(fill(&f) && mkdtemp(to.dir));
	eq_int(store_backup(f.dir, to.dir, &e), RC_OK);
	eq_int(check(to.dir, &n), RC_OK);
	eq_int(n.problems, 0);
	eq_int(n.acts, 5);
	eq_int(store_backup(f.dir, to.dir, &e), RC_CONFLICT);
	/* It opens as a store again. */
	eq_int(store_open(to.dir, NULL, &to.store, &e), RC_OK);
	struct birth b;
	eq_int(birth_declare(to.store, &b, OFFICE, &e), RC_OK);
	fixture_release(&to);
	fixture_release(&f);
}

TEST(a_store_opened_for_reading_refuses_writes)
{
	struct fixture f;
	struct err e = ERR_NONE;
	struct store *s = NULL;
	struct birth b;
	ok(fill(&f));
	eq_int(store_open_reading(f.dir, NULL, &s, &e), RC_OK);
	eq_int(birth_declare(s, &b, OFFICE, &e), RC_READ_ONLY);
	eq_int(store_set_read_only(s, false, &e), RC_READ_ONLY);
	store_close(&s);
	eq_int(store_open_reading("/nonexistent", NULL, &s, &e), RC_CONFIG);
	fixture_release(&f);
}

TEST(the_last_of_many_epochs_is_checked_too)
{
	struct fixture f;
	struct err e = ERR_NONE;
	struct store_check_report report;
	const uint8_t commitment[STORE_HASH] = {7};
	enum rc rc = ok(fill(&f)) ? RC_OK : RC_INTERNAL;
	for (uint32_t epoch = 2; rc == RC_OK && epoch <= 70; epoch++) {
		struct store_log_head first = {.epoch = epoch, .size = 1};
		rc = store_log_open_epoch(f.store, &first, commitment, &e);
	}
	eq_int(rc, RC_OK);
	store_close(&f.store);
	eq_int(check(f.dir, &report), RC_OK);
	eq_str(found, "");
	ok(fixture_spoil(&f, "UPDATE log_head SET size = 9 WHERE epoch = 70"));
	eq_int(check(f.dir, &report), RC_OK);
	eq_str(found, "head ");
	fixture_release(&f);
}

TEST(a_store_whose_making_was_broken_off_is_made_again)
{
	struct fixture f = {.dir = "/tmp/civis-store-XXXXXX"};
	struct err e = ERR_NONE;
	char path[PATH_MAX];
	ok(mkdtemp(f.dir) != NULL);
	snprintf(path, sizeof path, "%s/main.db.part", f.dir);
	FILE *half = fopen(path, "w");
	if (!ok(half != NULL))
		return;
	fputs("half a database", half);
	fclose(half);
	eq_int(store_create(f.dir, &e), RC_OK);
	ok(access(path, F_OK) != 0);
	eq_int(store_create(f.dir, &e), RC_CONFLICT);
	eq_int(store_open(f.dir, NULL, &f.store, &e), RC_OK);
	fixture_release(&f);
}

int main(void)
{
	log_set_level(LOG_ERROR);
	RUN(a_sound_store_has_no_problems);
	RUN(each_kind_of_spoiling_is_found);
	/* of files alone */
	if (!fixture_server())
		RUN(a_copy_made_while_writing_is_sound);
	RUN(a_store_opened_for_reading_refuses_writes);
	RUN(the_last_of_many_epochs_is_checked_too);
	if (!fixture_server())
		RUN(a_store_whose_making_was_broken_off_is_made_again);
	return tap_done();
}
