/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/chain.h"

/* One row of VSQL_chain_by_*: their first three columns agree, the fourth is the other name of the act. */
static enum rc find(struct vault_db *db, enum vsql_id which, struct id person, struct bytes name,
		    struct chain_act *ret, struct bytes other, bool *ret_is_other, struct err *e)
{
	struct query s = vdb_query(db, which);
	query_id(&s, person);
	query_bytes(&s, name);
	if (query_row(&s)) {
		*ret = (struct chain_act){query_col_int(&s, 0), query_col_int(&s, 1) != 0,
					  (enum status_value)query_col_int(&s, 2)};
		if (ret_is_other)
			*ret_is_other = bytes_equal(query_col_view(&s, 3), other);
	}
	return vdb_end(&s, e);
}

static enum rc last_logged(struct vault_db *db, struct id person, int64_t *ret, struct err *e)
{
	struct query s = vdb_query(db, VSQL_chain_logged);
	query_id(&s, person);
	if (query_row(&s))
		*ret = query_col_int(&s, 0);
	return query_close(&s, NULL, e);
}

/* Whether an act may follow that one. */
static enum rc follow(struct vault_db *db, const struct act_head *h, struct chain_act *ret_previous, struct err *e)
{
	int64_t last = 0;
	*ret_previous = (struct chain_act){.n = 0};
	enum rc rc = RC_OK;
	if (h->previous.len)
		rc = find(db, VSQL_chain_by_commitment, h->subject, h->previous, ret_previous, BYTES_NONE, NULL, e);
	if (rc == RC_NOT_FOUND)
		return err_set(e, RC_INVALID, "4", "What this act follows was not signed for this person");
	if (rc == RC_OK)
		rc = last_logged(db, h->subject, &last, e);
	if (rc != RC_OK)
		return rc;
	bool open = ret_previous->n > last || (ret_previous->n == last && (last == 0 || ret_previous->logged));
	return open ? RC_OK : err_set(e, RC_CONFLICT, "4", "Another act follows that one in the log");
}

enum rc chain_add(struct vault_db *db, const struct act_head *h, const uint8_t commitment[static HASH_SIZE], struct err *e)
{
	struct chain_act known, previous;
	bool same = false;
	enum rc rc = find(db, VSQL_chain_by_act, h->subject, id_bytes(&h->act), &known, bytes_of(commitment, HASH_SIZE), &same, e);
	if (rc == RC_OK)
		return same ? RC_OK : err_set(e, RC_CONFLICT, "1", "This id stands for another act");
	if (rc == RC_NOT_FOUND)
		rc = follow(db, h, &previous, e);
	if (rc != RC_OK)
		return rc;
	struct query s = vdb_query(db, VSQL_chain_put);
	query_id(&s, h->subject);
	query_id(&s, h->act);
	query_bytes(&s, bytes_of(commitment, HASH_SIZE));
	query_int(&s, previous.n + 1);
	return vdb_run(db, &s, e);
}

enum rc chain_get(struct vault_db *db, struct id person, struct id act, struct chain_act *ret, struct err *e)
{
	return find(db, VSQL_chain_by_act, person, id_bytes(&act), ret, BYTES_NONE, NULL, e);
}

enum rc chain_valid(struct vault_db *db, struct id person, struct id act, struct chain_act *ret, struct err *e)
{
	enum rc rc = chain_get(db, person, act, ret, e);
	if (rc == RC_NOT_FOUND)
		return err_set(e, RC_SIGNATURE, "act", "This vault signed no such act");
	if (rc == RC_OK && ret->status != STATUS_VALID)
		return err_set(e, RC_STATE, "act", ret->status == STATUS_CHANGED ? "A later act replaces this one"
										 : "This act was cancelled");
	return rc;
}

enum status_value chain_effect(const struct act_head *h)
{
	if (bytes_equal(h->kind, BYTES_LIT("cancellation")))
		return STATUS_INVALID;
	return h->has_corrects && h->extract.len ? STATUS_CHANGED : STATUS_VALID;
}

static enum rc end_before(struct vault_db *db, const struct act_head *h, int64_t n, enum status_value status, struct err *e)
{
	static const enum vsql_id both[] = {VSQL_document_end, VSQL_chain_end};
	enum rc rc = RC_OK;
	for (size_t i = 0; i < sizeof both / sizeof both[0] && rc == RC_OK; i++) {
		struct query s = vdb_query(db, both[i]);
		query_id(&s, h->subject);
		query_int(&s, n);
		query_int(&s, status);
		query_int(&s, (int64_t)h->time / ACT_DAY_US);
		rc = vdb_run(db, &s, e);
	}
	if (rc == RC_OK && status == STATUS_INVALID) {
		struct query s = vdb_query(db, VSQL_number_retire);
		query_id(&s, h->subject);
		rc = vdb_run(db, &s, e);
	}
	return rc;
}

/* Of several that follow the same one, whoever put them there, the one that was seen in the log first is the person's. */
static enum rc check_alone(struct vault_db *db, const struct act_head *h, int64_t n, struct err *e)
{
	struct query s = vdb_query(db, VSQL_chain_rival);
	query_id(&s, h->subject);
	query_id(&s, h->act);
	query_int(&s, n);
	(void)query_row(&s);
	enum rc rc = vdb_end(&s, e);
	if (rc == RC_OK)
		return err_set(e, RC_STATE, "act", "Another act in its place was seen in the log before");
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc chain_logged(struct vault_db *db, const struct act_head *h, struct err *e)
{
	struct chain_act act;
	enum status_value effect = chain_effect(h);
	enum rc rc = chain_get(db, h->subject, h->act, &act, e);
	if (rc != RC_OK)
		return rc == RC_NOT_FOUND ? err_set(e, RC_SIGNATURE, "act", "This vault signed no such act") : rc;
	if (act.logged)
		return RC_OK;
	rc = check_alone(db, h, act.n, e);
	if (rc == RC_OK && effect != STATUS_VALID)
		rc = end_before(db, h, act.n, effect, e);
	if (rc == RC_OK) {
		struct query s = vdb_query(db, VSQL_chain_log);
		query_id(&s, h->subject);
		query_id(&s, h->act);
		rc = vdb_run(db, &s, e);
	}
	return rc;
}
