/* SPDX-License-Identifier: MPL-2.0 */
/* Reading cases and their history. */
#include "store/internal.h"

static enum rc read_content(struct db *db, struct arena *a, struct store_case *c, struct err *e)
{
	bool found;
	struct query q = query_open(db, SQL_case_content_get);
	query_id(&q, c->person_id);
	query_id(&q, c->case_id);
	if (query_row(&q)) {
		c->sealed_version = query_col_u64(&q, 0);
		c->sealed = query_col_bytes(&q, 1, a);
		c->index_sealed = query_col_bytes(&q, 2, a);
		c->number_sealed = query_col_bytes(&q, 3, a);
		c->statistics_version = query_col_u64(&q, 4);
		c->statistics_sealed = query_col_bytes(&q, 5, a);
	}
	enum rc rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_CORRUPT, "case", "The case has no content");
	return rc;
}

static enum rc read_row(struct db *db, struct store_case *c, struct err *e)
{
	bool found;
	struct query q = query_open(db, SQL_case_get);
	query_id(&q, c->person_id);
	query_id(&q, c->case_id);
	if (query_row(&q)) {
		query_col_text(&q, 0, c->kind, sizeof c->kind);
		query_col_text(&q, 1, c->state, sizeof c->state);
		query_col_text(&q, 2, c->office, sizeof c->office);
		query_col_text(&q, 3, c->language, sizeof c->language);
		c->holder = query_col_id(&q, 4);
		c->hold_until = query_col_int(&q, 5);
		c->version = query_col_u64(&q, 6);
		c->created = query_col_int(&q, 7);
		c->updated = query_col_int(&q, 8);
		c->deadline = query_col_int(&q, 9);
		query_col_text(&q, 10, c->tracking_code, sizeof c->tracking_code);
		query_col_fixed(&q, 11, c->tracking_hash, sizeof c->tracking_hash);
		query_col_fixed(&q, 12, c->pack_hash, sizeof c->pack_hash);
		query_col_fixed(&q, 13, c->number_claim, sizeof c->number_claim);
		c->act_id = query_col_id(&q, 14);
		query_col_text(&q, 15, c->regime, sizeof c->regime);
		query_col_text(&q, 16, c->band, sizeof c->band);
		c->about = query_col_id(&q, 17);
		c->reported = query_col_int(&q, 18);
	}
	enum rc rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_NOT_FOUND, "case", "No such case");
	return rc;
}

/* Row and content must be of one moment. */
static enum rc read_case(struct db *db, const char *kind, struct bytes val, struct arena *a, struct store_case *ret,
                         struct err *e)
{
	struct store_case c = {0};
	enum rc rc = db_snapshot(db, e);
	if (rc != RC_OK)
		return rc;
	rc = claim_find(db, kind, val, &c.person_id, &c.case_id, e);
	if (rc == RC_OK)
		rc = read_row(db, &c, e);
	if (rc == RC_OK)
		rc = read_content(db, a, &c, e);
	enum rc end = db_run(db, "COMMIT", rc == RC_OK ? e : NULL);
	if (rc == RC_OK)
		rc = end;
	if (rc == RC_OK)
		*ret = c;
	return rc;
}

enum rc store_case_get(struct store_reader *r, struct id case_id, struct arena *a, struct store_case *ret,
                       struct err *e)
{
	return read_case(&r->main, "case", id_bytes(&case_id), a, ret, e);
}

enum rc store_case_by_tracking(struct store_reader *r, const char *code, struct arena *a, struct store_case *ret,
                               struct err *e)
{
	return read_case(&r->main, "tracking", bytes_str(code), a, ret, e);
}

/* Declarations are only ever added to those kept, so that no moment need be held: what is not there now as the
   latest is there as a kept one. */
enum rc store_case_version_get(struct store_reader *r, struct id person_id, struct id case_id, uint64_t version,
                               struct arena *a, struct bytes *ret_sealed, uint64_t *ret_sealed_version, struct err *e)
{
	struct bytes sealed = BYTES_NONE;
	uint64_t at = 0;
	bool found = false;
	for (int kept = 0; kept < 2 && (!at || at > version); kept++) {
		struct query q = query_open(&r->main, kept ? SQL_case_version_get : SQL_case_content_get);
		query_id(&q, person_id);
		query_id(&q, case_id);
		if (kept)
			query_u64(&q, version);
		if (query_row(&q)) {
			at = query_col_u64(&q, 0);
			sealed = at <= version ? query_col_bytes(&q, 1, a) : BYTES_NONE;
		}
		enum rc rc = query_close(&q, &found, e);
		if (rc != RC_OK)
			return rc;
	}
	if (!found)
		return err_set(e, RC_NOT_FOUND, "case", "No such case or version");
	*ret_sealed = sealed;
	*ret_sealed_version = at;
	return RC_OK;
}

enum rc store_case_history(struct store_reader *r, struct id person_id, struct id case_id, struct arena *a,
                           struct store_transition *out, size_t max, size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_transition_list);
	query_id(&q, person_id);
	query_id(&q, case_id);
	query_u64(&q, max);
	while (n < max && query_row(&q)) {
		struct store_transition *t = &out[n++];
		*t = (struct store_transition){.version = query_col_u64(&q, 0)};
		query_col_text(&q, 1, t->name, sizeof t->name);
		query_col_text(&q, 2, t->from_state, sizeof t->from_state);
		query_col_text(&q, 3, t->to_state, sizeof t->to_state);
		t->staff_id = query_col_id(&q, 4);
		t->at = query_col_int(&q, 5);
		t->note_sealed = query_col_bytes(&q, 6, a);
	}
	enum rc rc = query_close(&q, NULL, e);
	for (size_t i = 0; i < n / 2; i++) { /* they came newest first */
		struct store_transition t = out[i];
		out[i] = out[n - 1 - i];
		out[n - 1 - i] = t;
	}
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

enum rc store_case_family_steps(struct store_reader *r, struct id person_id, struct id case_id, const char *name,
                                uint64_t *ret_n, struct err *e)
{
	struct query q = query_open(&r->main, SQL_transition_count_family);
	query_id(&q, person_id);
	query_id(&q, case_id);
	query_text(&q, name);
	*ret_n = 0;
	if (query_row(&q))
		*ret_n = query_col_u64(&q, 0);
	return query_close(&q, NULL, e);
}
