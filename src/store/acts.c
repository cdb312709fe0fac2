/* SPDX-License-Identifier: MPL-2.0 */
/* Registering: one act, its entry, its claims and its pending leaf, together or not at all. */
#include "store/internal.h"

/* The chain: `previous` must be the commitment of the person's last act. */
static enum rc chain_end(struct db *db, const struct store_case_register *in, uint64_t *ret_seq, struct err *e)
{
	uint64_t seq = 0;
	uint8_t last[STORE_HASH] = {0};
	struct query q = query_open(db, SQL_act_last);
	query_id(&q, in->person_id);
	if (query_row(&q)) {
		seq = query_col_u64(&q, 0);
		query_col_fixed(&q, 1, last, sizeof last);
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc != RC_OK)
		return rc;
	if (memcmp(last, in->previous, sizeof last) != 0)
		return err_set(e, RC_CONFLICT, "act", "The person has another last act");
	*ret_seq = seq + 1;
	return RC_OK;
}

void entry_read(struct query *q, int from, struct store_entry *ret)
{
	query_col_text(q, from, ret->office, sizeof ret->office);
	ret->paper = query_col_int(q, from + 1) != 0;
	query_col_text(q, from + 2, ret->reg, sizeof ret->reg);
	ret->year = (uint32_t)query_col_u64(q, from + 3);
	ret->book = (uint32_t)query_col_u64(q, from + 4);
	ret->serial = query_col_u64(q, from + 5);
}

static void bind_entry(struct query *q, const struct store_entry *entry)
{
	query_text(q, entry->office);
	query_int(q, entry->paper);
	query_text(q, entry->reg);
	query_int(q, entry->year);
	query_int(q, entry->book);
	query_u64(q, entry->serial);
}

static enum rc add_act(struct db *db, const struct store_case_register *in, uint64_t seq, struct err *e)
{
	struct query q = query_open(db, SQL_act_add);
	query_id(&q, in->person_id);
	query_u64(&q, seq);
	query_id(&q, in->act_id);
	query_id(&q, in->case_id);
	query_text(&q, in->kind);
	query_id(&q, in->staff_id);
	query_int(&q, in->at);
	query_blob(&q, in->commitment, sizeof in->commitment);
	query_hash_or_null(&q, in->previous, sizeof in->previous);
	query_id_or_null(&q, in->corrects);
	query_blob(&q, in->signature, sizeof in->signature);
	query_blob(&q, in->key_id, sizeof in->key_id);
	query_blob(&q, in->pack_hash, sizeof in->pack_hash);
	bind_entry(&q, &in->entry);
	query_blob(&q, in->sealed.ptr, in->sealed.len);
	return query_do(&q, NULL, e);
}

static void bind_book(struct query *q, const struct store_entry *entry)
{
	query_text(q, entry->office);
	query_text(q, entry->reg);
	query_int(q, entry->year);
	query_int(q, entry->book);
}

enum rc act_exists(struct db *db, struct id person, struct id act_id, const char *where, struct err *e)
{
	bool found;
	struct query q = query_open(db, SQL_act_exists);
	query_id(&q, person);
	query_id(&q, act_id);
	(void)query_row(&q);
	enum rc rc = query_close(&q, &found, e);
	return rc == RC_OK && !found ? err_set(e, RC_NOT_FOUND, where, "The person has no such act") : rc;
}

/* Moves the book on by exactly this serial, or says that it is not its turn. */
static enum rc step_book(struct store *s, struct db *db, const struct store_entry *entry, struct err *e)
{
	int changes = 0;
	struct query q = query_open(db, SQL_book_step);
	bind_book(&q, entry);
	query_u64(&q, entry->serial);
	enum rc rc = query_do(&q, &changes, e);
	if (rc != RC_OK || changes == 1)
		return rc;
	if (entry->serial == 1) {
		q = query_open(db, SQL_book_open);
		bind_book(&q, entry);
		rc = query_do(&q, &changes, e);
		if (rc != RC_OK || changes == 1)
			return rc;
		return err_set(e, RC_CONFLICT, "book", "The serial is taken");
	}
	struct store_entry due = *entry;
	uint64_t next = 1;
	q = query_open(db, SQL_book_get);
	query_text(&q, entry->office);
	query_text(&q, entry->reg);
	query_int(&q, entry->year);
	while (query_row(&q))
		if (query_col_int(&q, 0) == (int64_t)entry->book)
			next = query_col_u64(&q, 1);
	rc = query_close(&q, NULL, e);
	if (rc != RC_OK)
		return rc;
	due.serial = next;
	if (next <= entry->serial && lease_is_out(s, &due))
		return RC_DEFER; /* the one whose turn it is will come, or say that it will not */
	return err_set(e, RC_CONFLICT, "book", next > entry->serial ? "The serial is taken" : "The serial leaves a gap");
}

static enum rc add_entry(struct db *db, const struct store_case_register *in, struct err *e)
{
	int changes = 0;
	struct query q = query_open(db, SQL_entry_add);
	bind_entry(&q, &in->entry);
	query_id(&q, in->person_id);
	query_id(&q, in->act_id);
	enum rc rc = query_do(&q, &changes, e);
	if (rc == RC_OK && changes != 1)
		rc = err_set(e, RC_CONFLICT, in->entry.paper ? "entry" : "book", "The entry is there already");
	return rc;
}

/* Nobody can collect the certificate of an act that stands no more. */
static enum rc end_waiting(struct db *db, struct id person, struct id act_id, struct err *e)
{
	struct id case_id = {0};
	struct query q = query_open(db, SQL_act_case);
	query_id(&q, person);
	query_id(&q, act_id);
	if (query_row(&q))
		case_id = query_col_id(&q, 0);
	enum rc rc = query_close(&q, NULL, e);
	return rc == RC_OK ? queue_collected(db, person, case_id, NULL, e) : rc;
}

/* What it replaces or ends is an act of this person, and documents shall say so. */
static enum rc supersede(struct db *db, const struct store_case_register *in, struct err *e)
{
	if (id_is_zero(in->corrects))
		return RC_OK;
	enum rc rc = act_exists(db, in->person_id, in->corrects, "corrects", e);
	if (rc == RC_OK)
		rc = end_waiting(db, in->person_id, in->corrects, e);
	if (rc != RC_OK)
		return rc;
	struct query q = query_open(db, SQL_supersede_add);
	query_text(&q, STORE_ACT_LOG);
	query_int(&q, in->request.now);
	query_id(&q, in->act_id);
	query_id(&q, in->person_id);
	return query_do(&q, NULL, e);
}

static enum rc add_leaf(struct db *db, const struct store_case_register *in, struct err *e)
{
	struct query q = query_open(db, SQL_leaf_add);
	query_text(&q, STORE_ACT_LOG);
	query_id(&q, in->act_id);
	query_id(&q, in->person_id);
	query_blob(&q, in->commitment, sizeof in->commitment);
	query_int(&q, in->request.now);
	int changes = 0;
	enum rc rc = query_do(&q, &changes, e);
	return rc == RC_OK && changes != 1 ? err_set(e, RC_CONFLICT, "act", "The act has a leaf already") : rc;
}

/* The number of a birth becomes the person's; a cancellation ends it. */
static enum rc move_number(struct db *db, const struct store_case_register *in, struct err *e)
{
	if (all_zero(in->number_claim, STORE_HASH))
		return RC_OK;
	int changes = 0;
	struct query q = query_open(db, SQL_claim_move);
	query_blob(&q, in->number_claim, STORE_HASH);
	query_text(&q, "number");
	query_id(&q, in->person_id);
	query_text(&q, in->retire_number ? "active" : "reserved");
	query_text(&q, in->retire_number ? "retired" : "active");
	query_id(&q, in->person_id);
	enum rc rc = query_do(&q, &changes, e);
	if (rc == RC_OK && changes != 1)
		rc = err_set(e, RC_CONFLICT, "number", "The number is not this person's");
	return rc;
}

/* A number for a case that nobody verified apart. */
static enum rc reserve_number(struct db *db, struct case_guard *g, const struct store_case_register *in, struct err *e)
{
	if (!in->number_sealed.len)
		return RC_OK;
	enum rc rc = claim_add(db, "number", bytes_of(in->number_claim, STORE_HASH), in->person_id, in->case_id, "reserved",
	                       "number", e);
	if (rc != RC_OK)
		return rc;
	struct query q = query_open(db, SQL_case_number);
	query_id(&q, in->person_id);
	query_id(&q, in->case_id);
	query_blob(&q, in->number_sealed.ptr, in->number_sealed.len);
	memcpy(g->number_claim, in->number_claim, STORE_HASH);
	return query_do(&q, NULL, e);
}

/* What the case knew for statistics goes over to the act. */
static enum rc move_statistic(struct db *db, const struct store_case_register *in, struct err *e)
{
	int changes = 0;
	struct query q = query_open(db, SQL_statistic_take);
	query_id(&q, in->person_id);
	query_id(&q, in->case_id);
	query_id(&q, in->act_id);
	enum rc rc = query_do(&q, &changes, e);
	if (rc != RC_OK || changes == 0)
		return rc;
	q = query_open(db, SQL_case_restate);
	query_id(&q, in->person_id);
	query_id(&q, in->case_id);
	query_int(&q, 0);
	query_bytes_or_null(&q, BYTES_NONE);
	return query_do(&q, NULL, e);
}

static enum rc case_part(struct db *db, const struct case_guard *g, const struct store_case_register *in,
                         struct err *e)
{
	struct case_step step = {
		.person_id = in->person_id, .case_id = in->case_id, .staff_id = in->staff_id, .act_id = in->act_id,
		.name = in->transition, .from = in->from_state, .to = in->to_state, .now = in->request.now,
		.counts = &in->counts, .queue_office = in->queue_office, .waits = true,
	};
	memcpy(step.number_claim, g->number_claim, STORE_HASH);
	return case_step(db, g, &step, e);
}

static enum rc write_act(struct store *s, struct db *db, const struct case_guard *g,
                         const struct store_case_register *in, struct err *e)
{
	uint64_t seq = 0;
	enum rc rc = in->entry.paper ? RC_OK : step_book(s, db, &in->entry, e);
	if (rc == RC_OK)
		rc = chain_end(db, in, &seq, e);
	if (rc == RC_OK)
		rc = supersede(db, in, e);
	if (rc == RC_OK)
		rc = claim_add(db, "act", id_bytes(&in->act_id), in->person_id, in->act_id, "", "act", e);
	if (rc == RC_OK)
		rc = add_act(db, in, seq, e);
	if (rc == RC_OK)
		rc = add_entry(db, in, e);
	if (rc == RC_OK)
		rc = move_number(db, in, e);
	if (rc == RC_OK)
		rc = add_leaf(db, in, e);
	if (rc == RC_OK && in->index_sealed.len)
		rc = feed_add(db, in->person_id, in->act_id, 2, 1, in->index_sealed, e);
	if (rc == RC_OK)
		rc = move_statistic(db, in, e);
	if (rc == RC_OK)
		rc = case_part(db, g, in, e);
	return rc;
}

/* The serial before this one is still in somebody's hands. */
static bool comes_too_early(struct store *s, const void *arg)
{
	const struct store_case_register *in = arg;
	struct store_entry before = in->entry;
	before.serial--;
	return !before.paper && before.serial > 0 && lease_is_out(s, &before);
}

static enum rc do_register(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	const struct store_case_register *in = arg;
	struct store_result *out = ret;
	struct case_guard g = {0};
	bool replayed;
	enum rc rc = request_begin(db, &in->request, in->person_id, out, &replayed, e);
	if (rc != RC_OK || replayed)
		return rc;
	rc = case_guarded(db, in->person_id, in->case_id, in->if_version, in->from_state, in->staff_id, in->request.now,
	                  &g, e);
	if (rc != RC_OK)
		return rc;
	bool has_number = !all_zero(g.number_claim, STORE_HASH);
	if (in->number_sealed.len ? has_number
	                          : !in->retire_number && memcmp(g.number_claim, in->number_claim, STORE_HASH) != 0)
		return err_set(e, RC_CONFLICT, "number", "The case has another number");
	rc = reserve_number(db, &g, in, e);
	if (rc == RC_OK)
		rc = write_act(s, db, &g, in, e);
	if (rc != RC_OK)
		return rc;
	out->person_id = in->person_id;
	out->resource = in->act_id;
	out->version = g.version + 1;
	TEXT_COPY(out->state, in->to_state);
	return request_end(db, &in->request, out, e);
}

static bool register_fits(const struct store_case_register *in)
{
	return text_fits(in->transition, STORE_WORD_MAX, false) && text_fits(in->from_state, STORE_WORD_MAX, false) &&
	       text_fits(in->to_state, STORE_WORD_MAX, false) && text_fits(in->kind, STORE_WORD_MAX, false) &&
	       text_fits(in->entry.office, STORE_SCOPE_MAX, false) && text_fits(in->entry.reg, STORE_WORD_MAX, false) &&
	       in->entry.serial > 0 && in->entry.serial < INT64_MAX && in->sealed.len > 0 &&
	       in->sealed.len <= STORE_SEALED_MAX && in->index_sealed.len <= STORE_SEALED_MAX &&
	       in->number_sealed.len <= STORE_SEALED_MAX &&
	       (!in->queue_office || text_fits(in->queue_office, STORE_SCOPE_MAX, false)) &&
	       !(in->number_sealed.len && (in->retire_number || all_zero(in->number_claim, STORE_HASH))) &&
	       !id_is_zero(in->person_id) && !id_is_zero(in->act_id) && !id_is_zero(in->staff_id) &&
	       !all_zero(in->commitment, STORE_HASH) && counting_fits(&in->counts);
}

enum rc store_case_register(struct store *s, const struct store_case_register *in, struct store_result *ret,
                            struct err *e)
{
	enum rc rc = request_check(&in->request, e);
	if (rc == RC_OK && !register_fits(in))
		rc = err_set(e, RC_INVALID, "act", "A value does not fit");
	if (rc == RC_OK)
		rc = writer_submit_in_turn(&s->main, do_register, comes_too_early, in, ret, e);
	/* Whatever happened, its lease is over. */
	if (!in->entry.paper)
		store_book_give_back(s, &in->entry);
	return rc;
}

/* ---------------------------------------------------------------- reads */

static void read_row(struct query *q, struct arena *a, struct store_act *act)
{
	act->seq = query_col_u64(q, 0);
	act->act_id = query_col_id(q, 1);
	act->case_id = query_col_id(q, 2);
	query_col_text(q, 3, act->kind, sizeof act->kind);
	act->staff_id = query_col_id(q, 4);
	act->at = query_col_int(q, 5);
	query_col_fixed(q, 6, act->commitment, sizeof act->commitment);
	query_col_fixed(q, 7, act->previous, sizeof act->previous);
	act->corrects = query_col_id(q, 8);
	query_col_fixed(q, 9, act->signature, sizeof act->signature);
	query_col_fixed(q, 10, act->key_id, sizeof act->key_id);
	query_col_fixed(q, 11, act->pack_hash, sizeof act->pack_hash);
	entry_read(q, 12, &act->entry);
	act->sealed = query_col_bytes(q, 18, a);
}

static enum rc add_place(struct store_reader *r, struct store_act *act, struct err *e)
{
	struct store_leaf leaf;
	enum rc rc = store_log_leaf(r, act->act_id, &leaf, e);
	if (rc == RC_NOT_FOUND && r->main.sharded)
		return RC_OK; /* it comes: pending */
	if (rc == RC_NOT_FOUND)
		return err_set(e, RC_CORRUPT, "leaf", "The act has no leaf");
	if (rc != RC_OK)
		return rc;
	act->placed = leaf.epoch > 0;
	act->epoch = leaf.epoch;
	act->place = leaf.place;
	return RC_OK;
}

enum rc store_act_get(struct store_reader *r, struct id act_id, struct arena *a, struct store_act *ret, struct err *e)
{
	struct store_act act = {0};
	struct id same;
	bool found = false;
	enum rc rc = claim_find(&r->main, "act", id_bytes(&act_id), &act.person_id, &same, e);
	if (rc != RC_OK)
		return rc;
	struct query q = query_open(&r->main, SQL_act_get);
	query_id(&q, act.person_id);
	query_id(&q, act_id);
	if (query_row(&q))
		read_row(&q, a, &act);
	rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, r->main.sharded ? RC_NOT_FOUND : RC_CORRUPT, "act", "The act is claimed but not there");
	if (rc == RC_OK)
		rc = add_place(r, &act, e);
	if (rc == RC_OK)
		*ret = act;
	return rc;
}

enum rc store_person_acts(struct store_reader *r, struct id person_id, struct arena *a, struct store_act *out,
                          size_t max, size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_act_list);
	query_id(&q, person_id);
	query_u64(&q, max);
	while (n < max && query_row(&q)) {
		out[n] = (struct store_act){.person_id = person_id};
		read_row(&q, a, &out[n++]);
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK && n == 0)
		rc = err_set(e, RC_NOT_FOUND, "act", "No such person");
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = add_place(r, &out[i], e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

enum rc store_entry_find(struct store_reader *r, const struct store_entry *entry, struct id *ret_person,
                         struct id *ret_act, struct err *e)
{
	struct id person = {0}, act = {0};
	bool found;
	struct query q = query_open(&r->main, SQL_entry_get);
	bind_entry(&q, entry);
	if (query_row(&q)) {
		person = query_col_id(&q, 0);
		act = query_col_id(&q, 1);
	}
	enum rc rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_NOT_FOUND, "entry", "No such entry");
	if (rc != RC_OK)
		return rc;
	*ret_person = person;
	*ret_act = act;
	return RC_OK;
}

enum rc store_book_page(struct store_reader *r, const struct store_entry *from, struct store_book_entry *out, size_t max,
                        size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_entry_page);
	bind_entry(&q, from);
	query_u64(&q, max);
	while (n < max && query_row(&q))
		out[n++] = (struct store_book_entry){query_col_u64(&q, 0), query_col_id(&q, 1), query_col_id(&q, 2)};
	enum rc rc = query_close(&q, NULL, e);
	for (size_t i = 0; rc == RC_OK && r->main.sharded && i < n; i++)
		if (act_exists(&r->main, out[i].person_id, out[i].act_id, "book", e) == RC_NOT_FOUND)
			rc = err_set(e, RC_BUSY, "book", "An entry of the page is just being written");
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

/* ----------------------------------------------------- what was replaced */

enum rc store_superseding_after(struct store_reader *r, const struct store_superseding *after,
                                struct store_superseding *out, size_t max, size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_supersede_after);
	query_text(&q, STORE_ACT_LOG);
	query_int(&q, after ? after->queued : INT64_MIN);
	query_id(&q, after ? after->act_id : (struct id){0});
	query_u64(&q, max);
	while (n < max && query_row(&q))
		out[n++] = (struct store_superseding){query_col_int(&q, 0), query_col_id(&q, 1), query_col_id(&q, 2)};
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

static enum rc drop_task(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	const struct store_superseding *task = arg;
	struct query q = query_open(db, SQL_supersede_drop);
	query_text(&q, STORE_ACT_LOG);
	query_int(&q, task->queued);
	query_id(&q, task->act_id);
	return query_do(&q, NULL, e);
}

enum rc store_supersede_done(struct store *s, const struct store_superseding *task, struct err *e)
{
	return writer_submit(&s->main, drop_task, task, NULL, e);
}
