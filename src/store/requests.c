/* SPDX-License-Identifier: MPL-2.0 */
/* Repeats and claims: the two ways in which a write finds that it must not happen. */
#include "store/internal.h"

enum rc request_check(const struct store_request *q, struct err *e)
{
	if (!text_fits(q->principal, STORE_KEY_MAX, false) || !text_fits(q->key, STORE_KEY_MAX, false) ||
	    q->response.len > STORE_RESPONSE_MAX)
		return err_set(e, RC_INVALID, "request", "The request's key or response does not fit");
	return RC_OK;
}

static enum rc find(struct db *db, const char *principal, const char *key, const uint8_t *body_hash,
                    struct store_result *out, bool *ret_found, struct err *e)
{
	struct query q = query_open(db, SQL_request_get);
	uint8_t known[STORE_HASH] = {0};
	query_text(&q, principal);
	query_text(&q, key);
	if (query_row(&q)) {
		query_col_fixed(&q, 0, known, sizeof known);
		out->replayed = true;
		out->status = (int)query_col_int(&q, 1);
		out->person_id = query_col_id(&q, 2);
		out->resource = query_col_id(&q, 3);
		out->version = query_col_u64(&q, 4);
		query_col_text(&q, 5, out->state, sizeof out->state);
		struct bytes response = query_col_view(&q, 6);
		if (response.len <= sizeof out->response) {
			out->response_len = response.len;
			if (response.len)
				memcpy(out->response, response.ptr, response.len);
		} else {
			q.damaged = true;
		}
	}
	bool found;
	enum rc rc = query_close(&q, &found, e);
	if (rc != RC_OK)
		return rc;
	if (found && memcmp(known, body_hash, sizeof known) != 0) {
		*out = (struct store_result){0};
		return err_set(e, RC_IDEMPOTENCY, "request", "The key was used for another request");
	}
	*ret_found = found;
	return RC_OK;
}

static enum rc take(struct db *db, const struct store_request *r, struct id person, int *ret_changes, struct err *e)
{
	struct query q = query_open(db, SQL_request_take);
	query_text(&q, r->principal);
	query_text(&q, r->key);
	query_blob(&q, r->body_hash, sizeof r->body_hash);
	query_int(&q, r->now);
	query_id(&q, person);
	query_blob(&q, NULL, 0);
	return query_do(&q, ret_changes, e);
}

/* Where a commit is not one moment the key is taken before anything is looked at: who repeats a command that is being
   committed waits for it here, and is not refused for what its own first half did. Then what others left by half is written. */
static enum rc begin_sharded(struct db *db, const struct store_request *q, struct id person, struct store_result *out,
                             bool *ret_replayed, struct err *e)
{
	enum { HALVES_MAX = 8 };
	for (int i = 0; i < HALVES_MAX; i++) {
		struct half half;
		bool found = false;
		int changes = 0;
		enum rc rc = take(db, q, person, &changes, e);
		if (rc == RC_OK)
			rc = half_first(db, person, &half, &found, e);
		*ret_replayed = false;
		if (rc == RC_OK && !found && changes == 0)
			rc = find(db, q->principal, q->key, q->body_hash, out, ret_replayed, e);
		if (rc != RC_OK || !found)
			return rc;
		rc = db_run(db, "ROLLBACK", e);
		if (rc == RC_OK)
			rc = half_finish(db, &half, e);
		half_forget(db);
		if (rc == RC_OK)
			rc = db_run(db, "BEGIN", e);
		if (rc != RC_OK)
			return rc;
	}
	return err_set(e, RC_BUSY, "intent", "The person has many commands that are there by half");
}

enum rc request_begin(struct db *db, const struct store_request *q, struct id person, struct store_result *out,
                      bool *ret_replayed, struct err *e)
{
	*out = (struct store_result){0};
	return db->sharded ? begin_sharded(db, q, person, out, ret_replayed, e)
	                   : find(db, q->principal, q->key, q->body_hash, out, ret_replayed, e);
}

static enum rc set(struct db *db, const struct store_request *r, const struct store_result *out, struct err *e)
{
	struct query q = query_open(db, SQL_request_set);
	query_text(&q, r->principal);
	query_text(&q, r->key);
	query_int(&q, r->status);
	query_id(&q, out->resource);
	query_u64(&q, out->version);
	query_text(&q, out->state);
	query_blob(&q, r->response.ptr, r->response.len);
	enum rc rc = query_do(&q, NULL, e);
	return rc == RC_OK ? half_write(db, out->person_id, r, e) : rc;
}

enum rc request_end(struct db *db, const struct store_request *r, struct store_result *out, struct err *e)
{
	out->replayed = false;
	out->status = r->status;
	out->response_len = r->response.len;
	if (r->response.len)
		memcpy(out->response, r->response.ptr, r->response.len);
	if (db->sharded)
		return set(db, r, out, e);
	struct query q = query_open(db, SQL_request_add);
	query_text(&q, r->principal);
	query_text(&q, r->key);
	query_blob(&q, r->body_hash, sizeof r->body_hash);
	query_int(&q, r->now);
	query_int(&q, r->status);
	query_id(&q, out->person_id);
	query_id(&q, out->resource);
	query_u64(&q, out->version);
	query_text(&q, out->state);
	query_blob(&q, r->response.ptr, r->response.len);
	return query_do(&q, NULL, e);
}

enum rc store_request_find(struct store_reader *r, const char *principal, const char *key,
                           const uint8_t body_hash[static STORE_HASH], struct store_result *ret, struct err *e)
{
	struct store_result out = {0};
	bool found = false, half = false;
	enum rc rc = find(&r->main, principal, key, body_hash, &out, &found, e);
	if (rc == RC_OK && r->main.sharded)
		rc = half_finish_request(r, principal, key, &half, e);
	if (rc == RC_OK && half && !found)
		rc = find(&r->main, principal, key, body_hash, &out, &found, e);
	if (rc != RC_OK)
		return rc;
	if (!found)
		return err_set(e, RC_NOT_FOUND, "request", "A new key");
	*ret = out;
	return RC_OK;
}

enum rc claim_add(struct db *db, const char *kind, struct bytes val, struct id person, struct id object,
                  const char *state, const char *where, struct err *e)
{
	int changes = 0;
	struct query q = query_open(db, SQL_claim_add);
	query_blob(&q, val.ptr, val.len);
	query_text(&q, kind);
	query_id(&q, person);
	query_id(&q, object);
	query_text(&q, state);
	enum rc rc = query_do(&q, &changes, e);
	if (rc == RC_OK && changes == 0)
		rc = err_set(e, RC_CONFLICT, where, "It is taken");
	return rc;
}

enum rc claim_find(struct db *db, const char *kind, struct bytes val, struct id *ret_person, struct id *ret_object,
                   struct err *e)
{
	struct id person = {0}, object = {0};
	bool found;
	struct query q = query_open(db, SQL_claim_get);
	query_blob(&q, val.ptr, val.len);
	query_text(&q, kind);
	if (query_row(&q)) {
		person = query_col_id(&q, 0);
		object = query_col_id(&q, 1);
	}
	enum rc rc = query_close(&q, &found, e);
	if (rc != RC_OK)
		return rc;
	if (!found)
		return err_set(e, RC_NOT_FOUND, kind, "No such thing");
	*ret_person = person;
	*ret_object = object;
	return RC_OK;
}
