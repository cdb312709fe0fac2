/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/chain.h"

/* One row of Q_CHAIN_BY_*: their first three columns agree, the fourth is the other name of the act. */
static enum rc find(struct vault_db *db, enum vault_statement which, struct id person, struct bytes name,
		    struct chain_act *ret, struct bytes other, bool *ret_is_other, struct err *e)
{
	sqlite3_stmt *s = vdb_use(db, which);
	vdb_bind_id(s, 1, &person);
	vdb_bind_bytes(s, 2, name);
	enum rc rc = vdb_step(s);
	if (rc == RC_OK) {
		*ret = (struct chain_act){sqlite3_column_int64(s, 0), sqlite3_column_int(s, 1) != 0,
					  (enum status_value)sqlite3_column_int(s, 2)};
		if (ret_is_other)
			*ret_is_other = bytes_equal(vdb_bytes(s, 3), other);
		sqlite3_reset(s);
		return RC_OK;
	}
	return rc == RC_NOT_FOUND ? rc : err_set(e, rc, "act", "The acts of a person cannot be read");
}

static enum rc last_logged(struct vault_db *db, struct id person, int64_t *ret, struct err *e)
{
	sqlite3_stmt *s = vdb_use(db, Q_CHAIN_LOGGED);
	vdb_bind_id(s, 1, &person);
	enum rc rc = vdb_step(s);
	if (rc != RC_OK)
		return err_set(e, rc, "act", "The acts of a person cannot be read");
	*ret = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return RC_OK;
}

/* Whether an act may follow that one. */
static enum rc follow(struct vault_db *db, const struct act_head *h, struct chain_act *ret_previous, struct err *e)
{
	int64_t last = 0;
	*ret_previous = (struct chain_act){.n = 0};
	enum rc rc = RC_OK;
	if (h->previous.len)
		rc = find(db, Q_CHAIN_BY_COMMITMENT, h->subject, h->previous, ret_previous, BYTES_NONE, NULL, e);
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
	enum rc rc = find(db, Q_CHAIN_BY_ACT, h->subject, id_bytes(&h->act), &known, bytes_of(commitment, HASH_SIZE), &same, e);
	if (rc == RC_OK)
		return same ? RC_OK : err_set(e, RC_CONFLICT, "1", "This id stands for another act");
	if (rc == RC_NOT_FOUND)
		rc = follow(db, h, &previous, e);
	if (rc != RC_OK)
		return rc;
	sqlite3_stmt *s = vdb_use(db, Q_CHAIN_PUT);
	vdb_bind_id(s, 1, &h->subject);
	vdb_bind_id(s, 2, &h->act);
	vdb_bind_bytes(s, 3, bytes_of(commitment, HASH_SIZE));
	vdb_bind_int(s, 4, previous.n + 1);
	return vdb_run(db, s, e);
}

enum rc chain_get(struct vault_db *db, struct id person, struct id act, struct chain_act *ret, struct err *e)
{
	return find(db, Q_CHAIN_BY_ACT, person, id_bytes(&act), ret, BYTES_NONE, NULL, e);
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
	static const enum vault_statement both[] = {Q_DOCUMENT_END, Q_CHAIN_END};
	enum rc rc = RC_OK;
	for (size_t i = 0; i < sizeof both / sizeof both[0] && rc == RC_OK; i++) {
		sqlite3_stmt *s = vdb_use(db, both[i]);
		vdb_bind_id(s, 1, &h->subject);
		vdb_bind_int(s, 2, n);
		vdb_bind_int(s, 3, status);
		vdb_bind_int(s, 4, (int64_t)h->time / ACT_DAY_US);
		rc = vdb_run(db, s, e);
	}
	if (rc == RC_OK && status == STATUS_INVALID) {
		sqlite3_stmt *s = vdb_use(db, Q_NUMBER_RETIRE);
		vdb_bind_id(s, 1, &h->subject);
		rc = vdb_run(db, s, e);
	}
	return rc;
}

/* Of several that follow the same one, whoever put them there, the one that was seen in the log first is the person's. */
static enum rc check_alone(struct vault_db *db, const struct act_head *h, int64_t n, struct err *e)
{
	sqlite3_stmt *s = vdb_use(db, Q_CHAIN_RIVAL);
	vdb_bind_id(s, 1, &h->subject);
	vdb_bind_id(s, 2, &h->act);
	vdb_bind_int(s, 3, n);
	enum rc rc = vdb_step(s);
	sqlite3_reset(s);
	if (rc == RC_OK)
		return err_set(e, RC_STATE, "act", "Another act in its place was seen in the log before");
	return rc == RC_NOT_FOUND ? RC_OK : err_set(e, rc, "act", "The acts of a person cannot be read");
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
		sqlite3_stmt *s = vdb_use(db, Q_CHAIN_LOG);
		vdb_bind_id(s, 1, &h->subject);
		vdb_bind_id(s, 2, &h->act);
		rc = vdb_run(db, s, e);
	}
	return rc;
}
