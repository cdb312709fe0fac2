/* SPDX-License-Identifier: MPL-2.0 */
/*
 * raw_insert [REGISTRATIONS [DIR]]
 *
 * The limit that `register` is measured against: SQLite alone writing the rows
 * of a registration (act, entry, book, counter, claims, leaf, feed, transition,
 * queue, case, request), in commits of 64 with synchronous=FULL, one thread,
 * nothing checked, sealed, signed or asked. Prints one JSON object.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "store/db.h"
#include "store/store.h"

/* Sizes as the sample's births have them. */
enum { BATCH = 64, ACT_SIZE = 840, INDEX_SIZE = 214, CASE_SIZE = 633, RESPONSE_SIZE = 269, OFFICES = 16 };

struct birth {
	struct id person, case_id, act, staff;
	uint8_t number[STORE_HASH];
};

static uint8_t filler[4096];

static void run(struct query *q)
{
	struct err e = ERR_NONE;
	if (query_do(q, NULL, &e) != RC_OK) {
		fprintf(stderr, "raw_insert: %s: %s\n", e.where, e.text);
		exit(1);
	}
}

static void sql(struct db *db, const char *text)
{
	struct err e = ERR_NONE;
	if (db_run(db, text, &e) != RC_OK) {
		fprintf(stderr, "raw_insert: %s\n", e.text);
		exit(1);
	}
}

static const char *office(size_t i)
{
	static char name[OFFICES][STORE_SCOPE_MAX];
	snprintf(name[i % OFFICES], sizeof name[0], "khm/04/0499/0499%02zu", 10 + i % OFFICES);
	return name[i % OFFICES];
}

static void add_office(struct db *db, size_t i)
{
	struct query q = query_open(db, SQL_office_put);
	query_text(&q, office(i));
	query_text(&q, "049910");
	query_text(&q, "commune");
	query_text(&q, "គំរូ");
	query_text(&q, "Kumru");
	query_text(&q, "");
	query_int(&q, 1);
	run(&q);
	q = query_open(db, SQL_book_open);
	query_text(&q, office(i));
	query_text(&q, "B");
	query_int(&q, 2026);
	query_int(&q, 1);
	run(&q);
}

static void claim(struct db *db, struct bytes val, const char *kind, const struct birth *b, struct id object,
                  const char *state)
{
	struct query q = query_open(db, SQL_claim_add);
	query_blob(&q, val.ptr, val.len);
	query_text(&q, kind);
	query_id(&q, b->person);
	query_id(&q, object);
	query_text(&q, state);
	run(&q);
}

/* What is there before: a verified case in its queue, with a number reserved. Not timed. */
static void prepare(struct db *db, const struct birth *b, size_t i)
{
	struct query q = query_open(db, SQL_case_add);
	query_id(&q, b->person);
	query_id(&q, b->case_id);
	query_text(&q, "birth");
	query_text(&q, "verified");
	query_text(&q, office(i));
	query_text(&q, "km");
	query_int(&q, 1);
	query_int(&q, 5000);
	query_text(&q, "TRACKINGCODE");
	query_blob(&q, filler, STORE_HASH);
	query_blob(&q, filler, STORE_HASH);
	run(&q);
	q = query_open(db, SQL_case_content_add);
	query_id(&q, b->person);
	query_id(&q, b->case_id);
	query_blob(&q, filler, CASE_SIZE);
	query_blob(&q, filler, INDEX_SIZE);
	run(&q);
	claim(db, id_bytes(&b->case_id), "case", b, b->case_id, "");
	claim(db, bytes_of(b->number, sizeof b->number), "number", b, b->case_id, "reserved");
	q = query_open(db, SQL_queue_add);
	query_text(&q, office(i));
	query_text(&q, "verified");
	query_int(&q, 5000);
	query_id(&q, b->case_id);
	query_id(&q, b->person);
	query_text(&q, office(i));
	query_text(&q, "birth");
	query_int(&q, 1);
	run(&q);
	q = query_open(db, SQL_ticket_put);
	query_id(&q, b->person);
	query_id(&q, b->case_id);
	query_text(&q, office(i));
	query_text(&q, "verified");
	query_int(&q, 5000);
	run(&q);
}

static void write_act(struct db *db, const struct birth *b, size_t i, uint64_t serial)
{
	struct query q = query_open(db, SQL_act_add);
	query_id(&q, b->person);
	query_int(&q, 1);
	query_id(&q, b->act);
	query_id(&q, b->case_id);
	query_text(&q, "birth");
	query_id(&q, b->staff);
	query_int(&q, 3000);
	query_blob(&q, b->number, STORE_HASH);
	query_text(&q, NULL);
	query_blob(&q, filler, 64);
	query_blob(&q, filler, 8);
	query_blob(&q, filler, STORE_HASH);
	query_text(&q, office(i));
	query_text(&q, "B");
	query_int(&q, 2026);
	query_int(&q, 1);
	query_u64(&q, serial);
	query_blob(&q, filler, ACT_SIZE);
	run(&q);
	claim(db, id_bytes(&b->act), "act", b, b->act, "");
}

static void write_entry(struct db *db, const struct birth *b, size_t i, uint64_t serial)
{
	struct query q = query_open(db, SQL_book_step);
	query_text(&q, office(i));
	query_text(&q, "B");
	query_int(&q, 2026);
	query_int(&q, 1);
	query_u64(&q, serial);
	run(&q);
	q = query_open(db, SQL_entry_add);
	query_text(&q, office(i));
	query_text(&q, "B");
	query_int(&q, 2026);
	query_int(&q, 1);
	query_u64(&q, serial);
	query_id(&q, b->person);
	query_id(&q, b->act);
	run(&q);
	q = query_open(db, SQL_counter_raise);
	query_text(&q, office(i));
	query_text(&q, "birth");
	query_int(&q, 2026);
	run(&q);
	q = query_open(db, SQL_claim_move);
	query_blob(&q, b->number, STORE_HASH);
	query_text(&q, "number");
	query_id(&q, b->person);
	query_text(&q, "reserved");
	query_text(&q, "active");
	query_id(&q, b->person);
	run(&q);
}

static void write_log(struct db *db, const struct birth *b, uint64_t n)
{
	struct query q = query_open(db, SQL_leaf_add);
	query_text(&q, "acts");
	query_id(&q, b->act);
	query_id(&q, b->person);
	query_blob(&q, b->number, STORE_HASH);
	query_u64(&q, n);
	run(&q);
	q = query_open(db, SQL_feed_add);
	query_text(&q, "index");
	query_u64(&q, n + 1);
	query_id(&q, b->person);
	query_id(&q, b->act);
	query_int(&q, 2);
	query_int(&q, 1);
	query_blob(&q, filler, INDEX_SIZE);
	run(&q);
}

static void write_case(struct db *db, const struct birth *b, size_t i)
{
	struct query q = query_open(db, SQL_case_move);
	query_id(&q, b->person);
	query_id(&q, b->case_id);
	query_int(&q, 1);
	query_text(&q, "registered");
	query_text(&q, office(i));
	query_id_or_null(&q, (struct id){0});
	query_int(&q, 0);
	query_int(&q, 3000);
	query_int(&q, 0);
	query_blob(&q, b->number, STORE_HASH);
	query_id(&q, b->act);
	run(&q);
	q = query_open(db, SQL_transition_add);
	query_id(&q, b->person);
	query_id(&q, b->case_id);
	query_int(&q, 2);
	query_text(&q, "register");
	query_text(&q, "verified");
	query_text(&q, "registered");
	query_id(&q, b->staff);
	query_int(&q, 3000);
	query_text(&q, NULL);
	run(&q);
	q = query_open(db, SQL_queue_drop);
	query_text(&q, office(i));
	query_text(&q, "verified");
	query_int(&q, 5000);
	query_id(&q, b->case_id);
	run(&q);
	q = query_open(db, SQL_ticket_drop);
	query_id(&q, b->person);
	query_id(&q, b->case_id);
	run(&q);
}

static void write_request(struct db *db, const struct birth *b)
{
	char key[ID_TEXT_SIZE], principal[STORE_KEY_MAX];
	id_format(b->case_id, key);
	snprintf(principal, sizeof principal, "staff:%s", key);
	struct query q = query_open(db, SQL_request_add);
	query_text(&q, principal);
	query_text(&q, key);
	query_blob(&q, b->number, STORE_HASH);
	query_int(&q, 3000);
	query_int(&q, 200);
	query_id(&q, b->person);
	query_id(&q, b->act);
	query_int(&q, 2);
	query_text(&q, "registered");
	query_blob(&q, filler, RESPONSE_SIZE);
	run(&q);
}

static void write_all(struct db *db, const struct birth *b, size_t i)
{
	uint64_t serial = 2 + i / OFFICES; /* opening the book took the first */
	write_act(db, b, i, serial);
	write_entry(db, b, i, serial);
	write_log(db, b, i);
	write_case(db, b, i);
	write_request(db, b);
}

static double measure(struct db *db, const struct birth *birth, size_t n)
{
	int64_t start = clock_monotonic_us();
	for (size_t i = 0; i < n; i++) {
		if (i % BATCH == 0)
			sql(db, "BEGIN IMMEDIATE");
		write_all(db, &birth[i], i);
		if (i % BATCH == BATCH - 1 || i == n - 1)
			sql(db, "COMMIT");
	}
	return (double)(clock_monotonic_us() - start) / 1e6;
}

static void remove_folder(const char *dir)
{
	static const char *const name[] = {"main.db", "main.db-wal", "main.db-shm", "blob.db", "blob.db-wal", "blob.db-shm"};
	char path[PATH_MAX];
	for (size_t i = 0; i < sizeof name / sizeof *name; i++)
		if (path_join(path, sizeof path, dir, name[i]) == RC_OK)
			unlink(path);
	rmdir(dir);
}

int main(int argc, char **argv)
{
	size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 5000;
	char dir[PATH_MAX], path[PATH_MAX];
	struct err e = ERR_NONE;
	struct db db;
	snprintf(dir, sizeof dir, "%s/civis-raw-XXXXXX", argc > 2 ? argv[2] : getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	struct birth *birth = n ? calloc(n, sizeof *birth) : NULL;
	if (!birth || !mkdtemp(dir) || store_create(dir, &e) != RC_OK ||
	    path_join(path, sizeof path, dir, "main.db") != RC_OK ||
	    db_open(&db, path, SQL_MAIN, DB_WRITE, 4096, &e) != RC_OK) {
		fprintf(stderr, "raw_insert: cannot begin: %s\n", e.text);
		return 1;
	}
	random_bytes(filler, sizeof filler);
	sql(&db, "BEGIN IMMEDIATE");
	for (size_t i = 0; i < OFFICES; i++)
		add_office(&db, i);
	for (size_t i = 0; i < n; i++) {
		random_bytes(&birth[i], sizeof birth[i]);
		prepare(&db, &birth[i], i);
	}
	sql(&db, "COMMIT");
	sql(&db, "PRAGMA wal_checkpoint(TRUNCATE)");
	sql(&db, "PRAGMA wal_autocheckpoint = 1000"); /* as SQLite comes */
	double seconds = measure(&db, birth, n);
	printf("{\"registrations\":%zu,\"seconds\":%.4f,\"per_second\":%.1f,\"batch\":%d}\n", n, seconds, (double)n / seconds,
	       BATCH);
	db_close(&db);
	remove_folder(dir);
	free(birth);
	return 0;
}
