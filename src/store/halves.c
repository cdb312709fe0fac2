/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Commands whose rows lie on several machines. On a sharded server a commit is not one moment: others may see what one
 * machine has committed and not yet what another has, and what was lost meanwhile may never come.
 *
 * The person's rows count. With them lies an intent: every statement of the command that wrote elsewhere, with its values
 * (claims, the request, entry and book, queue, counters, leaf, feed). It is dropped once the commit came back whole. While
 * it is there the rest may be missing, and whoever comes first writes it: a repeat of the command, the next command about
 * the person, or the register's housekeeping. Each statement changes nothing the second time; that a counter was raised is
 * noted beside it, where both are of one moment.
 *
 * Nothing of this happens where all tables lie together.
 */
#include "base/clock.h"
#include "base/log.h"
#include "store/internal.h"

enum { FINISH_STEP = 32, COUNTED_STEP = 256 };

static struct hand *hand_of(struct db *db)
{
	return db->journal->owner;
}

/* ------------------------------------------------------------- the intent */

static enum rc of_half(struct db *db, enum sql_id which, const struct half *h, int *ret_changes, struct err *e)
{
	struct query q = query_open(db, which);
	query_id(&q, h->person);
	query_text(&q, h->principal);
	query_text(&q, h->key);
	return query_do(&q, ret_changes, e);
}

enum rc half_write(struct db *db, struct id person, const struct store_request *r, struct err *e)
{
	struct db_journal *journal = db->journal;
	if (buf_failed(&journal->text))
		return err_set(e, RC_NO_MEMORY, "intent", "No room to write the command down");
	struct hand *hand = hand_of(db);
	hand->half = (struct half){.person = person};
	TEXT_COPY(hand->half.principal, r->principal);
	TEXT_COPY(hand->half.key, r->key);
	hand->has_half = true;
	struct query q = query_open(db, SQL_intent_add);
	query_id(&q, person);
	query_text(&q, r->principal);
	query_text(&q, r->key);
	query_int(&q, clock_now_us());
	query_blob(&q, journal->text.ptr, journal->text.len);
	return query_do(&q, NULL, e);
}

void half_forget(struct db *db)
{
	if (!db->journal)
		return;
	buf_reset(&db->journal->text);
	hand_of(db)->has_half = false;
}

void half_whole(struct db *db)
{
	struct err e = ERR_NONE;
	/* If it stays it is looked at once more, and dropped then. */
	if (db->journal && hand_of(db)->has_half && of_half(db, SQL_intent_drop, &hand_of(db)->half, NULL, &e) != RC_OK)
		log_warn("intent_stays", LOG_RC(e.code));
	half_forget(db);
}

static size_t read_halves(struct query *q, struct half *out, size_t max)
{
	size_t n = 0;
	for (; n < max && query_row(q); n++) {
		out[n].person = query_col_id(q, 0);
		query_col_text(q, 1, out[n].principal, sizeof out[n].principal);
		query_col_text(q, 2, out[n].key, sizeof out[n].key);
	}
	return n;
}

enum rc half_first(struct db *db, struct id person, struct half *ret, bool *ret_found, struct err *e)
{
	struct query q = query_open(db, SQL_intent_first);
	query_id(&q, person);
	*ret_found = read_halves(&q, ret, 1) == 1;
	return query_close(&q, NULL, e);
}

/* ------------------------------------------------------------ finishing it */

/* What could not be written stands there, and is ours. */
static enum rc is_ours(struct db *db, enum sql_id get, int column, const struct db_record *r, int value, struct err *e)
{
	bool ours = false;
	struct query q = query_open(db, get);
	query_record(&q, r);
	if (query_row(&q))
		ours = bytes_equal(query_col_view(&q, column), db_record_value(r, value));
	enum rc rc = query_close(&q, NULL, e);
	return rc == RC_OK && !ours ? err_set(e, RC_CONFLICT, "intent", "Another has what this command took") : rc;
}

static enum rc redo_one(struct db *db, const struct db_record *r, bool *counts, struct err *e)
{
	int changes = 0;
	if (r->which < 0)
		return err_set(e, RC_CORRUPT, "intent", "A statement that this program does not know");
	if (r->which == SQL_counter_raise && !*counts)
		return RC_OK;
	struct query q = query_open(db, r->which);
	query_record(&q, r);
	enum rc rc = query_do(&q, &changes, e);
	if (r->which == SQL_counted_add)
		*counts = changes == 1;
	if (rc == RC_OK && changes == 0 && r->which == SQL_entry_add)
		rc = is_ours(db, SQL_entry_get, 1, r, 7, e);
	if (rc == RC_OK && changes == 0 && r->which == SQL_claim_add)
		rc = is_ours(db, SQL_claim_get, 0, r, 2, e);
	return rc;
}

static enum rc redo_all(struct db *db, struct bytes left, struct err *e)
{
	struct db_record r;
	bool counts = false;
	enum rc rc = RC_OK;
	while (rc == RC_OK && db_record_next(db, &left, &r))
		rc = redo_one(db, &r, &counts, e);
	return rc;
}

/* Within a transaction, in which nobody else does so. The intent stays: this commit is not one moment either. */
static enum rc redo(struct db *db, const struct half *h, struct err *e)
{
	int changes = 0;
	struct buf journal = BUF_INIT(STORE_JOURNAL_MAX);
	struct db_journal *writes_down = db->journal;
	db->journal = NULL;
	enum rc rc = of_half(db, SQL_intent_try, h, &changes, e);
	if (rc == RC_OK && changes == 1) {
		struct query q = query_open(db, SQL_intent_get);
		query_id(&q, h->person);
		query_text(&q, h->principal);
		query_text(&q, h->key);
		if (query_row(&q))
			buf_append(&journal, query_col_view(&q, 0));
		rc = query_close(&q, NULL, e);
		if (rc == RC_OK && buf_failed(&journal))
			rc = err_set(e, RC_NO_MEMORY, "intent", "No memory");
	}
	if (rc == RC_OK)
		rc = redo_all(db, buf_bytes(&journal), e);
	db->journal = writes_down;
	buf_release(&journal);
	return rc;
}

enum rc half_finish(struct db *db, const struct half *h, struct err *e)
{
	enum rc rc = db_run(db, "BEGIN", e);
	if (rc == RC_OK)
		rc = redo(db, h, e);
	if (rc == RC_OK)
		rc = db_run(db, "COMMIT", e);
	else if (db_in_transaction(db) && db_run(db, "ROLLBACK", NULL) != RC_OK)
		log_warn("store_rollback_failed", LOG_NONE);
	return rc == RC_OK ? of_half(db, SQL_intent_drop, h, NULL, e) : rc;
}

static enum rc do_redo(struct store *s, struct db *db, const void *in, void *out, struct err *e)
{
	(void)s;
	(void)out;
	return redo(db, in, e);
}

static enum rc do_drop(struct store *s, struct db *db, const void *in, void *out, struct err *e)
{
	(void)s;
	(void)out;
	return of_half(db, SQL_intent_drop, in, NULL, e);
}

/* The same, through the queue of writes. */
static enum rc finish(struct store *s, const struct half *h, struct err *e)
{
	enum rc rc = writer_submit(&s->main, do_redo, h, NULL, e);
	return rc == RC_OK ? writer_submit(&s->main, do_drop, h, NULL, e) : rc;
}

enum rc half_finish_request(struct store_reader *r, const char *principal, const char *key, bool *ret_was, struct err *e)
{
	struct half h;
	struct query q = query_open(&r->main, SQL_intent_find);
	query_text(&q, principal);
	query_text(&q, key);
	*ret_was = read_halves(&q, &h, 1) == 1;
	enum rc rc = query_close(&q, NULL, e);
	return rc == RC_OK && *ret_was ? finish(r->store, &h, e) : rc;
}

/* --------------------------------------------------------------- the rest */

static enum rc drop_counted(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	char office[COUNTED_STEP][STORE_SCOPE_MAX];
	struct id token[COUNTED_STEP];
	size_t n = 0;
	struct query q = query_open(db, SQL_counted_old);
	query_int(&q, *(const int64_t *)arg);
	query_int(&q, COUNTED_STEP);
	for (; n < COUNTED_STEP && query_row(&q); n++) {
		query_col_text(&q, 0, office[n], sizeof office[n]);
		token[n] = query_col_id(&q, 1);
	}
	enum rc rc = query_close(&q, NULL, e);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		q = query_open(db, SQL_counted_drop);
		query_text(&q, office[i]);
		query_id(&q, token[i]);
		rc = query_do(&q, NULL, e);
	}
	return rc;
}

enum rc store_finish(struct store *s, int64_t before, uint64_t *ret_n, struct err *e)
{
	const int64_t forgotten = before - INT64_C(86400) * 1000000;
	struct half halves[FINISH_STEP];
	struct store_reader *r = NULL;
	uint64_t done = 0;
	size_t n = 0;
	*ret_n = 0;
	if (!s->main.hand[0].db.sharded)
		return RC_OK;
	enum rc rc = store_reader_open(s, &r, e);
	if (rc != RC_OK)
		return rc;
	struct query q = query_open(&r->main, SQL_intent_old);
	query_int(&q, before);
	query_int(&q, FINISH_STEP);
	n = read_halves(&q, halves, FINISH_STEP);
	rc = query_close(&q, NULL, e);
	store_reader_close(&r);
	/* One that cannot be finished must not stand in the way of the others. */
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct err why = ERR_NONE;
		bool finished = finish(s, &halves[i], &why) == RC_OK;
		done += finished;
		if (!finished)
			log_warn("intent_unfinished", LOG_RC(why.code));
	}
	*ret_n = done;
	/* What was noted as counted is asked for only while an intent is there. */
	return rc == RC_OK && n == 0 ? writer_submit(&s->main, drop_counted, &forgotten, NULL, e) : rc;
}
