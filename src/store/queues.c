/* SPDX-License-Identifier: MPL-2.0 */
/* Where an open case stands: in the work queues of offices, and in the system's own, for its deadline. */
#include "store/internal.h"

static int64_t queue_deadline(int64_t deadline)
{
	return deadline ? deadline : STORE_NO_DEADLINE;
}

static enum rc row_put(struct db *db, const struct queue_row *row, const char *office, struct err *e)
{
	struct query q = query_open(db, SQL_queue_add);
	query_text(&q, office);
	query_text(&q, row->state);
	query_int(&q, queue_deadline(row->deadline));
	query_id(&q, row->case_id);
	query_id(&q, row->person);
	query_text(&q, row->home);
	query_text(&q, row->kind);
	query_int(&q, row->created);
	query_int(&q, row->waits);
	return query_do(&q, NULL, e);
}

enum rc queue_put(struct db *db, const struct queue_row *row, struct err *e)
{
	enum rc rc = row_put(db, row, row->office, e);
	if (rc == RC_OK && strcmp(row->home, row->office) != 0)
		rc = row_put(db, row, row->home, e);
	if (rc != RC_OK)
		return rc;
	struct query q = query_open(db, SQL_ticket_put);
	query_id(&q, row->person);
	query_id(&q, row->case_id);
	query_text(&q, row->office);
	query_text(&q, row->state);
	query_int(&q, queue_deadline(row->deadline));
	query_int(&q, row->waits);
	return query_do(&q, NULL, e);
}

static enum rc row_drop(struct db *db, const char *office, const char *state, int64_t deadline, struct id case_id,
                              struct err *e)
{
	struct query q = query_open(db, SQL_queue_drop);
	query_text(&q, office);
	query_text(&q, state);
	query_int(&q, deadline);
	query_id(&q, case_id);
	return query_do(&q, NULL, e);
}

static enum rc of_case_drop(struct db *db, enum sql_id which, struct id person, struct id case_id, struct err *e)
{
	struct query q = query_open(db, which);
	query_id(&q, person);
	query_id(&q, case_id);
	return query_do(&q, NULL, e);
}

enum rc queue_take(struct db *db, struct id person, struct id case_id, const char *home, bool closed, struct err *e)
{
	char office[STORE_SCOPE_MAX] = "", state[STORE_WORD_MAX] = "";
	int64_t deadline = 0;
	bool found;
	struct query q = query_open(db, SQL_ticket_get);
	query_id(&q, person);
	query_id(&q, case_id);
	if (query_row(&q)) {
		query_col_text(&q, 0, office, sizeof office);
		query_col_text(&q, 1, state, sizeof state);
		deadline = query_col_int(&q, 2);
	}
	enum rc rc = query_close(&q, &found, e);
	if (rc != RC_OK || !found)
		return rc;
	rc = row_drop(db, office, state, deadline, case_id, e);
	if (rc == RC_OK && strcmp(office, home) != 0)
		rc = row_drop(db, home, state, deadline, case_id, e);
	if (rc == RC_OK && closed)
		rc = of_case_drop(db, SQL_ticket_drop, person, case_id, e);
	return rc;
}

enum rc due_put(struct db *db, struct id person, struct id case_id, int64_t deadline, struct err *e)
{
	struct query q = query_open(db, SQL_due_put);
	query_id(&q, person);
	query_id(&q, case_id);
	query_int(&q, deadline);
	return query_do(&q, NULL, e);
}

enum rc due_drop(struct db *db, struct id person, struct id case_id, struct err *e)
{
	return of_case_drop(db, SQL_due_drop, person, case_id, e);
}

enum rc queue_waits(struct db *db, struct id person, struct id case_id, bool *ret, struct err *e)
{
	int changes = 0;
	struct query q = query_open(db, SQL_ticket_collect);
	query_id(&q, person);
	query_id(&q, case_id);
	enum rc rc = query_do(&q, &changes, e);
	*ret = changes == 1;
	return rc;
}

enum rc queue_collected(struct db *db, struct id person, struct id case_id, const struct store_counting *counts,
                        struct err *e)
{
	struct case_guard g = {0};
	bool waits;
	enum rc rc = queue_waits(db, person, case_id, &waits, e);
	if (rc != RC_OK || !waits)
		return rc;
	rc = case_guard_read(db, person, case_id, &g, e);
	if (rc == RC_OK)
		rc = queue_take(db, person, case_id, g.office, true, e);
	if (rc == RC_OK)
		rc = due_drop(db, person, case_id, e);
	return rc == RC_OK && counts ? counting_raise(db, g.office, counts, e) : rc;
}

/* ---------------------------------------------------------------- reads */

enum rc store_case_list(struct store_reader *r, const struct store_queue_query *in, struct store_queue_item *out,
                        size_t *ret_n, struct err *e)
{
	if (!text_fits(in->office, STORE_SCOPE_MAX, false) || in->limit < 1 || in->limit > STORE_LIST_MAX)
		return err_set(e, RC_INVALID, "limit", "An office and a limit of 1 to %d", STORE_LIST_MAX);
	size_t n = 0;
	int64_t after = in->after_deadline ? in->after_deadline : STORE_NO_DEADLINE;
	struct query q = query_open(&r->main, in->subtree ? SQL_queue_subtree : SQL_queue_office);
	query_text(&q, in->office);
	query_text(&q, in->state);
	query_int(&q, in->has_after ? after : INT64_MIN);
	query_id(&q, in->has_after ? in->after_case : (struct id){0});
	query_u64(&q, in->limit);
	while (n < in->limit && query_row(&q)) {
		struct store_queue_item *item = &out[n++];
		*item = (struct store_queue_item){.person_id = query_col_id(&q, 0), .case_id = query_col_id(&q, 1)};
		query_col_text(&q, 2, item->office, sizeof item->office);
		query_col_text(&q, 3, item->state, sizeof item->state);
		query_col_text(&q, 4, item->kind, sizeof item->kind);
		item->deadline = query_col_int(&q, 5);
		if (item->deadline == STORE_NO_DEADLINE)
			item->deadline = 0;
		item->created = query_col_int(&q, 6);
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

enum rc store_cases_due(struct store_reader *r, int64_t now, const struct store_due *after, struct store_due *out,
                        size_t max, size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_due_list);
	query_int(&q, now);
	query_int(&q, after ? after->deadline : 0);
	query_id(&q, after ? after->case_id : (struct id){0});
	query_u64(&q, max);
	while (n < max && query_row(&q))
		out[n++] = (struct store_due){query_col_id(&q, 0), query_col_id(&q, 1), query_col_int(&q, 2)};
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}
