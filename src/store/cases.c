/* SPDX-License-Identifier: MPL-2.0 */
/* Writing cases: declared, moved from state to state, held. */
#include "store/internal.h"

/* ----------------------------------------------------------- small rows */

static enum rc transition_add(struct db *db, uint64_t version, const struct case_step *step, struct err *e)
{
	struct query q = query_open(db, SQL_transition_add);
	query_id(&q, step->person_id);
	query_id(&q, step->case_id);
	query_u64(&q, version);
	query_text(&q, step->name);
	query_text(&q, step->from);
	query_text(&q, step->to);
	query_id_or_null(&q, step->staff_id);
	query_int(&q, step->now);
	query_bytes_or_null(&q, step->note);
	return query_do(&q, NULL, e);
}

/* ---------------------------------------------------------------- guard */

enum rc case_guard_read(struct db *db, struct id person, struct id case_id, struct case_guard *ret, struct err *e)
{
	bool found;
	struct query q = query_open(db, SQL_case_guard);
	query_id(&q, person);
	query_id(&q, case_id);
	if (query_row(&q)) {
		ret->version = query_col_u64(&q, 0);
		query_col_text(&q, 1, ret->state, sizeof ret->state);
		ret->holder = query_col_id(&q, 2);
		ret->hold_until = query_col_int(&q, 3);
		query_col_text(&q, 4, ret->office, sizeof ret->office);
		ret->deadline = query_col_int(&q, 5);
		query_col_text(&q, 6, ret->kind, sizeof ret->kind);
		ret->created = query_col_int(&q, 7);
		query_col_fixed(&q, 8, ret->number_claim, sizeof ret->number_claim);
	}
	enum rc rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_NOT_FOUND, "case", "No such case");
	return rc;
}

enum rc case_guarded(struct db *db, struct id person, struct id case_id, uint64_t version, const char *state,
                     struct id staff, int64_t now, struct case_guard *ret, struct err *e)
{
	struct case_guard g = {0};
	enum rc rc = case_guard_read(db, person, case_id, &g, e);
	if (rc != RC_OK)
		return rc;
	if (g.version != version)
		return err_set(e, RC_MATCH_FAILED, "case", "The case is at another version");
	if (state && strcmp(g.state, state) != 0)
		return err_set(e, RC_STATE, "case", "The case is in another state");
	if (!id_is_zero(g.holder) && g.hold_until > now && !id_equal(g.holder, staff))
		return err_set(e, RC_HELD, "case", "Another officer holds the case");
	*ret = g;
	return RC_OK;
}

enum rc case_step(struct db *db, const struct case_guard *g, const struct case_step *step, struct err *e)
{
	int changes = 0;
	const char *office = step->office ? step->office : g->office;
	bool hold = step->keep_hold && g->hold_until > step->now;
	struct query q = query_open(db, SQL_case_move);
	query_id(&q, step->person_id);
	query_id(&q, step->case_id);
	query_u64(&q, g->version);
	query_text(&q, step->to);
	query_text(&q, office);
	query_id_or_null(&q, hold ? g->holder : (struct id){0});
	query_int(&q, hold ? g->hold_until : 0);
	query_int(&q, step->now);
	query_int(&q, step->deadline);
	query_hash_or_null(&q, step->number_claim, sizeof step->number_claim);
	query_id_or_null(&q, step->act_id);
	query_text(&q, step->regime);
	query_text(&q, step->band);
	query_int(&q, step->reported);
	enum rc rc = query_do(&q, &changes, e);
	if (rc == RC_OK && changes != 1)
		rc = err_set(e, RC_MATCH_FAILED, "case", "The case is at another version");
	if (rc == RC_OK)
		rc = transition_add(db, g->version + 1, step, e);
	if (rc == RC_OK)
		rc = queue_take(db, step->person_id, step->case_id, g->office, !step->queue_office, e);
	const struct queue_row row = {.person = step->person_id, .case_id = step->case_id, .home = office,
	                              .office = step->queue_office, .state = step->to, .kind = g->kind,
	                              .deadline = step->deadline, .created = g->created, .waits = step->waits};
	if (rc == RC_OK && row.office)
		rc = queue_put(db, &row, e);
	if (rc == RC_OK && g->deadline)
		rc = due_drop(db, step->person_id, step->case_id, e);
	if (rc == RC_OK && step->on_deadline && step->deadline)
		rc = due_put(db, step->person_id, step->case_id, step->deadline, e);
	return rc == RC_OK ? counting_raise(db, office, step->counts, e) : rc;
}

/* --------------------------------------------------------------- create */

static enum rc add_case(struct db *db, const struct store_case_create *in, struct err *e)
{
	struct query q = query_open(db, SQL_case_add);
	query_id(&q, in->person_id);
	query_id(&q, in->case_id);
	query_text(&q, in->kind);
	query_text(&q, in->regime ? in->regime : "");
	query_text(&q, in->band ? in->band : "");
	query_id_or_null(&q, in->about);
	query_text(&q, in->state);
	query_text(&q, in->office);
	query_text(&q, in->language);
	query_int(&q, in->request.now);
	query_int(&q, in->reported);
	query_int(&q, in->deadline);
	query_text(&q, in->tracking_code ? in->tracking_code : "");
	query_blob(&q, in->tracking_hash, sizeof in->tracking_hash);
	query_blob(&q, in->pack_hash, sizeof in->pack_hash);
	enum rc rc = query_do(&q, NULL, e);
	if (rc != RC_OK)
		return rc;
	q = query_open(db, SQL_case_content_add);
	query_id(&q, in->person_id);
	query_id(&q, in->case_id);
	query_blob(&q, in->sealed.ptr, in->sealed.len);
	query_bytes_or_null(&q, in->index_sealed);
	query_int(&q, in->statistics_sealed.len > 0);
	query_bytes_or_null(&q, in->statistics_sealed);
	return query_do(&q, NULL, e);
}

/* What it speaks of is there, and its names are taken. */
static enum rc claim_case(struct db *db, const struct store_case_create *in, struct err *e)
{
	enum rc rc = id_is_zero(in->about) ? RC_OK : act_exists(db, in->person_id, in->about, "about", e);
	if (rc == RC_OK)
		rc = claim_add(db, "case", id_bytes(&in->case_id), in->person_id, in->case_id, "", "case", e);
	if (rc == RC_OK && in->tracking_code)
		rc = claim_add(db, "tracking", bytes_str(in->tracking_code), in->person_id, in->case_id, "", "tracking", e);
	return rc;
}

static enum rc create(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	const struct store_case_create *in = arg;
	struct store_result *out = ret;
	bool replayed;
	enum rc rc = request_begin(db, &in->request, in->person_id, out, &replayed, e);
	if (rc != RC_OK || replayed)
		return rc;
	rc = claim_case(db, in, e);
	if (rc == RC_OK)
		rc = add_case(db, in, e);
	struct case_step step = {.person_id = in->person_id, .case_id = in->case_id, .staff_id = in->staff_id,
	                         .name = "create", .from = "", .to = in->state, .now = in->request.now, .note = in->note_sealed};
	const struct queue_row row = {.person = in->person_id, .case_id = in->case_id, .home = in->office,
	                              .office = in->queue_office ? in->queue_office : in->office, .state = in->state,
	                              .kind = in->kind, .deadline = in->deadline, .created = in->request.now};
	if (rc == RC_OK)
		rc = transition_add(db, 1, &step, e);
	if (rc == RC_OK)
		rc = queue_put(db, &row, e);
	if (rc == RC_OK && in->on_deadline && in->deadline)
		rc = due_put(db, in->person_id, in->case_id, in->deadline, e);
	if (rc == RC_OK && in->index_sealed.len)
		rc = feed_add(db, in->person_id, in->case_id, 1, 1, in->index_sealed, e);
	if (rc == RC_OK)
		rc = counting_raise(db, in->office, &in->counts, e);
	if (rc != RC_OK)
		return rc;
	out->person_id = in->person_id;
	out->resource = in->case_id;
	out->version = 1;
	TEXT_COPY(out->state, in->state);
	return request_end(db, &in->request, out, e);
}

static bool given_fits(const char *s, size_t max)
{
	return !s || text_fits(s, max, false);
}

/* May be empty, and may not be given. */
static bool word_fits(const char *s)
{
	return !s || text_fits(s, STORE_WORD_MAX, true);
}

static bool create_fits(const struct store_case_create *in)
{
	return text_fits(in->kind, STORE_WORD_MAX, false) && text_fits(in->state, STORE_WORD_MAX, false) &&
	       text_fits(in->office, STORE_SCOPE_MAX, false) && text_fits(in->language, STORE_WORD_MAX, false) &&
	       given_fits(in->tracking_code, STORE_CODE_MAX) && given_fits(in->queue_office, STORE_SCOPE_MAX) &&
	       word_fits(in->regime) && word_fits(in->band) && in->sealed.len > 0 &&
	       in->sealed.len <= STORE_SEALED_MAX && in->index_sealed.len <= STORE_SEALED_MAX &&
	       in->statistics_sealed.len <= STORE_SEALED_MAX && in->note_sealed.len <= STORE_SEALED_MAX &&
	       in->deadline >= 0 && !id_is_zero(in->person_id) && !id_is_zero(in->case_id) && counting_fits(&in->counts);
}

enum rc store_case_create(struct store *s, const struct store_case_create *in, struct store_result *ret, struct err *e)
{
	enum rc rc = request_check(&in->request, e);
	if (rc != RC_OK)
		return rc;
	if (!create_fits(in))
		return err_set(e, RC_INVALID, "case", "A value does not fit");
	return writer_submit(&s->main, create, in, ret, e);
}

/* --------------------------------------------------------------- update */

static enum rc content_put(struct db *db, enum sql_id which, const struct store_case_update *in, struct bytes sealed,
                           struct err *e)
{
	struct query q = query_open(db, which);
	query_id(&q, in->person_id);
	query_id(&q, in->case_id);
	query_u64(&q, in->if_version + 1);
	query_blob(&q, sealed.ptr, sealed.len);
	return query_do(&q, NULL, e);
}

static enum rc content_step(struct db *db, const struct store_case_update *in, struct err *e)
{
	enum rc rc = RC_OK;
	struct query q;
	if (in->sealed.len) {
		q = query_open(db, SQL_case_version_keep);
		query_id(&q, in->person_id);
		query_id(&q, in->case_id);
		rc = query_do(&q, NULL, e);
	}
	if (rc == RC_OK && in->sealed.len)
		rc = content_put(db, SQL_case_reseal, in, in->sealed, e);
	if (rc == RC_OK && in->statistics_sealed.len)
		rc = content_put(db, SQL_case_restate, in, in->statistics_sealed, e);
	if (rc == RC_OK && in->index_sealed.len) {
		q = query_open(db, SQL_case_reindex);
		query_id(&q, in->person_id);
		query_id(&q, in->case_id);
		query_blob(&q, in->index_sealed.ptr, in->index_sealed.len);
		rc = query_do(&q, NULL, e);
		if (rc == RC_OK)
			rc = feed_add(db, in->person_id, in->case_id, 1, in->if_version + 1, in->index_sealed, e);
	}
	if (rc == RC_OK && in->drop_index)
		rc = feed_add(db, in->person_id, in->case_id, 3, in->if_version + 1, BYTES_NONE, e);
	return rc;
}

static enum rc number_move(struct db *db, const uint8_t *claim, struct id person, const char *from, const char *to,
                           struct id object, struct err *e)
{
	int changes = 0;
	struct query q = query_open(db, SQL_claim_move);
	query_blob(&q, claim, STORE_HASH);
	query_text(&q, "number");
	query_id(&q, person);
	query_text(&q, from);
	query_text(&q, to);
	query_id(&q, object);
	enum rc rc = query_do(&q, &changes, e);
	if (rc == RC_OK && changes != 1)
		rc = err_set(e, RC_CONFLICT, "number", "The number is not reserved for this person");
	return rc;
}

/* Leaves in `claim` what the case shall carry from now on. */
static enum rc number_step(struct db *db, const struct store_case_update *in, uint8_t *claim, struct err *e)
{
	if (in->retire_number) {
		if (all_zero(claim, STORE_HASH))
			return RC_OK;
		return number_move(db, claim, in->person_id, "reserved", "retired", in->case_id, e);
	}
	if (!in->number_sealed.len)
		return RC_OK;
	/* A case has one number for good: a returned case keeps it. */
	if (!all_zero(claim, STORE_HASH))
		return err_set(e, RC_CONFLICT, "number", "The case has a number");
	memcpy(claim, in->number_claim, STORE_HASH);
	enum rc rc = claim_add(db, "number", bytes_of(claim, STORE_HASH), in->person_id, in->case_id, "reserved", "number", e);
	if (rc != RC_OK)
		return rc;
	struct query q = query_open(db, SQL_case_number);
	query_id(&q, in->person_id);
	query_id(&q, in->case_id);
	query_blob(&q, in->number_sealed.ptr, in->number_sealed.len);
	return query_do(&q, NULL, e);
}

static enum rc update(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	const struct store_case_update *in = arg;
	struct store_result *out = ret;
	struct case_guard g = {0};
	static const struct store_counting nothing;
	bool replayed, counts = true;
	enum rc rc = request_begin(db, &in->request, in->person_id, out, &replayed, e);
	if (rc != RC_OK || replayed)
		return rc;
	rc = case_guarded(db, in->person_id, in->case_id, in->if_version, in->from_state, in->staff_id, in->request.now,
	                  &g, e);
	if (rc == RC_OK && in->collects)
		rc = queue_waits(db, in->person_id, in->case_id, &counts, e);
	if (rc != RC_OK)
		return rc;
	struct case_step step = {
		.person_id = in->person_id, .case_id = in->case_id, .staff_id = in->staff_id, .name = in->transition,
		.from = in->from_state, .to = in->to_state, .office = in->office, .queue_office = in->queue_office,
		.now = in->request.now, .deadline = in->deadline, .on_deadline = in->on_deadline, .keep_hold = in->keep_hold,
		.regime = in->regime, .band = in->band, .reported = in->reported,
		.note = in->note_sealed, .waits = in->waits,
		.counts = counts ? &in->counts : &nothing,
	};
	memcpy(step.number_claim, g.number_claim, STORE_HASH);
	rc = number_step(db, in, step.number_claim, e);
	if (rc == RC_OK)
		rc = case_step(db, &g, &step, e);
	if (rc == RC_OK)
		rc = content_step(db, in, e);
	if (rc != RC_OK)
		return rc;
	out->person_id = in->person_id;
	out->resource = in->case_id;
	out->version = g.version + 1;
	TEXT_COPY(out->state, in->to_state);
	return request_end(db, &in->request, out, e);
}

static bool update_fits(const struct store_case_update *in)
{
	return text_fits(in->transition, STORE_WORD_MAX, false) && text_fits(in->from_state, STORE_WORD_MAX, false) &&
	       text_fits(in->to_state, STORE_WORD_MAX, false) && given_fits(in->office, STORE_SCOPE_MAX) &&
	       given_fits(in->queue_office, STORE_SCOPE_MAX) && word_fits(in->regime) && word_fits(in->band) &&
	       in->sealed.len <= STORE_SEALED_MAX && in->index_sealed.len <= STORE_SEALED_MAX &&
	       in->statistics_sealed.len <= STORE_SEALED_MAX && in->note_sealed.len <= STORE_SEALED_MAX &&
	       in->number_sealed.len <= STORE_SEALED_MAX && in->deadline >= 0 && counting_fits(&in->counts) &&
	       (in->number_sealed.len > 0) != all_zero(in->number_claim, STORE_HASH) &&
	       !(in->retire_number && in->number_sealed.len);
}

enum rc store_case_update(struct store *s, const struct store_case_update *in, struct store_result *ret, struct err *e)
{
	enum rc rc = request_check(&in->request, e);
	if (rc != RC_OK)
		return rc;
	if (!update_fits(in))
		return err_set(e, RC_INVALID, "case", "A value does not fit");
	return writer_submit(&s->main, update, in, ret, e);
}

/* ----------------------------------------------------------------- hold */

static enum rc hold(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	const struct store_case_hold *in = arg;
	struct store_result *out = ret;
	struct case_guard g = {0};
	bool replayed;
	enum rc rc = request_begin(db, &in->request, in->person_id, out, &replayed, e);
	if (rc != RC_OK || replayed)
		return rc;
	rc = case_guarded(db, in->person_id, in->case_id, in->if_version, NULL, in->staff_id, in->request.now, &g, e);
	if (rc != RC_OK)
		return rc;
	struct query q = query_open(db, SQL_case_hold);
	query_id(&q, in->person_id);
	query_id(&q, in->case_id);
	query_u64(&q, in->if_version);
	query_id_or_null(&q, in->until ? in->staff_id : (struct id){0});
	query_int(&q, in->until);
	query_id(&q, in->staff_id);
	query_int(&q, in->request.now);
	int changes = 0;
	rc = query_do(&q, &changes, e);
	if (rc == RC_OK && changes != 1) /* since we looked */
		rc = err_set(e, RC_HELD, "case", "Another officer holds the case");
	if (rc != RC_OK)
		return rc;
	out->person_id = in->person_id;
	out->resource = in->case_id;
	out->version = g.version;
	TEXT_COPY(out->state, g.state);
	return request_end(db, &in->request, out, e);
}

enum rc store_case_hold(struct store *s, const struct store_case_hold *in, struct store_result *ret, struct err *e)
{
	enum rc rc = request_check(&in->request, e);
	if (rc != RC_OK)
		return rc;
	if (id_is_zero(in->staff_id) || in->until < 0)
		return err_set(e, RC_INVALID, "case", "A hold needs an officer");
	return writer_submit(&s->main, hold, in, ret, e);
}
