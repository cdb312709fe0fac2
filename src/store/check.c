/* SPDX-License-Identifier: MPL-2.0 */
#include "store/checking.h"

#include <stdarg.h>

#include "base/clock.h"
#include "database/sqlite.h"

#define HALF_US 60000000

void check_problem(struct check *k, const char *what, struct id id, const char *format, ...)
{
	char text[256];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	k->n->problems++;
	if (k->c->problem)
		k->c->problem(k->c->ctx, what, id, text);
}

/* ---------------------------------------------------------------- files */

static enum rc check_file(struct check *k, struct db *db, const char *pragma)
{
	const char *name = db->which == SQL_MAIN ? "main.db" : "blob.db";
	sqlite3_stmt *s = NULL;
	int r = sqlite3_prepare_v2(db_sqlite(db), pragma, -1, &s, NULL);
	while (r == SQLITE_OK && (r = sqlite3_step(s)) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(s, 0);
		if (!text || strcmp(text, "ok") != 0)
			check_problem(k, "file", (struct id){0}, "%s: %s", name, text ? text : "?");
		r = SQLITE_OK;
	}
	sqlite3_finalize(s);
	if (r == SQLITE_DONE)
		return RC_OK;
	if (sqlite_rc(r) == RC_CORRUPT) {
		check_problem(k, "file", (struct id){0}, "%s: %s", name, sqlite3_errstr(r));
		return RC_OK;
	}
	return err_set(k->e, sqlite_rc(r), "check", "The database says %d", r);
}

/* A server looks after its own. */
static enum rc check_files(struct check *k)
{
	struct db *blob = NULL;
	enum rc rc = reader_blob(k->r, &blob, k->e);
	if (rc != RC_OK || db_is_server(k->db))
		return rc;
	rc = check_file(k, k->db, "PRAGMA quick_check(20)");
	if (rc == RC_OK)
		rc = check_file(k, k->db, "PRAGMA foreign_key_check");
	if (rc == RC_OK)
		rc = check_file(k, blob, "PRAGMA quick_check(20)");
	return rc;
}

/* ---------------------------------------------------------- small looks */

enum rc check_claim(struct check *k, const char *kind, struct bytes val, struct id person, struct id object, bool *ret)
{
	struct id p, o;
	enum rc rc = claim_find(k->db, kind, val, &p, &o, k->e);
	*ret = rc == RC_OK && id_equal(p, person) && id_equal(o, object);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc check_find_act(struct check *k, struct id person, struct id act_id, struct check_act *ret)
{
	bool found;
	struct check_act a = {.person = person, .act_id = act_id};
	struct query q = query_open(k->db, SQL_act_get);
	query_id(&q, person);
	query_id(&q, act_id);
	if (query_row(&q)) {
		a.seq = query_col_u64(&q, 0);
		query_col_fixed(&q, 6, a.commitment, STORE_HASH);
		a.corrects = query_col_id(&q, 8);
		entry_read(&q, 12, &a.entry);
	}
	enum rc rc = query_close(&q, &found, k->e);
	if (rc == RC_OK && !found)
		rc = RC_NOT_FOUND;
	if (rc == RC_OK)
		*ret = a;
	return rc;
}

/* ------------------------------------------------------------------ log */

/* Every act has a leaf (checked with the acts), so as many leaves as acts means one each. */
static enum rc check_leaves(struct check *k)
{
	struct id from = {0};
	uint64_t leaves = 0, epochs = 0;
	enum rc rc = RC_OK;
	for (size_t n = CHECK_STEP; rc == RC_OK && n == CHECK_STEP;) {
		n = 0;
		struct query q = query_open(k->db, SQL_check_leaves);
		query_text(&q, STORE_ACT_LOG);
		query_id(&q, from);
		query_int(&q, CHECK_STEP);
		while (query_row(&q)) {
			from = query_col_id(&q, 0);
			bool tie = id_is_zero(query_col_id(&q, 1));
			bool placed = !query_col_null(&q, 3);
			epochs += tie;
			leaves += !tie;
			k->n->placed += placed;
			k->n->pending += !placed;
			n++;
		}
		rc = query_close(&q, NULL, k->e);
	}
	if (rc == RC_OK && leaves != k->n->acts)
		check_problem(k, "leaf", (struct id){0}, "%llu leaves for %llu acts", (unsigned long long)leaves,
		        (unsigned long long)k->n->acts);
	return rc;
}

static enum rc check_epoch(struct check *k, uint32_t epoch, uint64_t size)
{
	uint64_t place = 0;
	enum rc rc = RC_OK;
	for (size_t n = CHECK_STEP; rc == RC_OK && n == CHECK_STEP;) {
		n = 0;
		struct query q = query_open(k->db, SQL_leaf_placed);
		query_text(&q, STORE_ACT_LOG);
		query_int(&q, epoch);
		query_u64(&q, place);
		query_int(&q, CHECK_STEP);
		for (; query_row(&q); n++, place++)
			if (query_col_u64(&q, 3) != place) {
				check_problem(k, "leaf", query_col_id(&q, 0), "Place %llu of epoch %u is empty", (unsigned long long)place, epoch);
				place = query_col_u64(&q, 3);
			}
		rc = query_close(&q, NULL, k->e);
	}
	if (rc == RC_OK && place != size)
		check_problem(k, "head", (struct id){0}, "Epoch %u: the head says %llu leaves, there are %llu", epoch,
		        (unsigned long long)size, (unsigned long long)place);
	return rc;
}

static enum rc check_heads(struct check *k)
{
	uint32_t epoch = 0;
	uint64_t size = 0;
	enum rc rc = RC_OK;
	for (bool found = true; rc == RC_OK && found;) {
		struct query q = query_open(k->db, SQL_check_heads);
		query_text(&q, STORE_ACT_LOG);
		query_int(&q, epoch);
		query_int(&q, 1);
		found = query_row(&q);
		if (found) {
			epoch = (uint32_t)query_col_u64(&q, 0);
			size = query_col_u64(&q, 1);
		}
		rc = query_close(&q, NULL, k->e);
		if (rc == RC_OK && found)
			rc = check_epoch(k, epoch, size);
	}
	return rc;
}

/* What waits is an act that replaces or ends another. How long it may wait is the sequencer's business. */
static enum rc check_superseding(struct check *k)
{
	struct store_superseding task = {.queued = INT64_MIN};
	struct check_act act;
	enum rc rc = RC_OK;
	for (size_t n = 1; rc == RC_OK && n == 1;) {
		const struct store_superseding last = task;
		rc = store_superseding_after(k->r, &last, &task, 1, &n, k->e);
		if (rc != RC_OK || n == 0)
			break;
		k->n->superseding++;
		rc = check_find_act(k, task.person_id, task.act_id, &act);
		if (rc == RC_NOT_FOUND || (rc == RC_OK && id_is_zero(act.corrects)))
			check_problem(k, "superseding", task.act_id, "What waits to change documents is not an act that does");
		rc = rc == RC_NOT_FOUND ? RC_OK : rc;
	}
	return rc;
}

/* What the register has not finished by itself. Who writes just now needs a moment. */
static enum rc check_halves(struct check *k)
{
	struct half at = {0};
	enum rc rc = RC_OK;
	for (bool found = k->db->sharded; rc == RC_OK && found;) {
		int64_t since = 0;
		struct half from = at;
		struct query q = query_open(k->db, SQL_check_intents);
		query_id(&q, from.person);
		query_text(&q, from.principal);
		query_text(&q, from.key);
		query_int(&q, 1);
		found = query_row(&q);
		if (found) {
			at.person = query_col_id(&q, 0);
			query_col_text(&q, 1, at.principal, sizeof at.principal);
			query_col_text(&q, 2, at.key, sizeof at.key);
			since = query_col_int(&q, 3);
		}
		rc = query_close(&q, NULL, k->e);
		if (rc == RC_OK && found && since < clock_now_us() - HALF_US)
			check_problem(k, "half", at.person, "A command about this person is there by half");
	}
	return rc;
}

enum rc store_check(struct store_reader *r, const struct store_check *c, struct store_check_report *ret, struct err *e)
{
	struct store_check_report report = {0};
	struct check k = {.r = r, .db = &r->main, .c = c, .n = &report, .e = e};
	enum rc rc = check_files(&k);
	if (rc == RC_OK)
		rc = check_acts(&k);
	if (rc == RC_OK)
		rc = check_entries(&k);
	if (rc == RC_OK)
		rc = check_books(&k);
	if (rc == RC_OK)
		rc = check_leaves(&k);
	if (rc == RC_OK)
		rc = check_heads(&k);
	if (rc == RC_OK)
		rc = check_cases(&k);
	if (rc == RC_OK)
		rc = check_due(&k);
	if (rc == RC_OK)
		rc = check_claims(&k);
	if (rc == RC_OK)
		rc = check_counters(&k);
	if (rc == RC_OK)
		rc = check_superseding(&k);
	if (rc == RC_OK)
		rc = check_halves(&k);
	if (rc == RC_OK)
		*ret = report;
	return rc;
}
