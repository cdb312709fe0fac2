/* SPDX-License-Identifier: MPL-2.0 */
/* Opening, listing, reading and tracking cases. */
#include "intake/case.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "codec/cbor.h"
#include "gate/handlers.h"
#include "gate/state.h"
#include "intake/tracking.h"

enum { HISTORY_MAX = 32, NOTES_MAX = 6, ATTACHMENTS_MAX = 32, LIST_DEFAULT = 50 };

/* ---- declare ---- */

/* The wrong fields of a declaration, under /declaration. */
static void take_form_errors(struct call *c, const struct form_errors *errors)
{
	for (size_t i = 0; i < errors->count; i++) {
		char *pointer = arena_printf(c->desk.arena, "/declaration%s", errors->error[i].pointer);
		if (pointer)
			(void)call_wrong(c, pointer, errors->error[i].code, errors->error[i].limit);
	}
}

enum rc case_check_declaration(struct call *c, const char *kind, const char *office, json_t *declaration)
{
	struct form_errors *errors = ARENA_NEW(c->desk.arena, struct form_errors);
	if (!errors)
		return RC_NO_MEMORY;
	if (!json_is_object(declaration))
		return call_wrong(c, "/declaration", declaration ? "wrong_type" : "required", 0);
	enum rc rc = case_accept(&c->desk, kind, office, declaration, errors);
	if (rc == RC_INVALID)
		take_form_errors(c, errors);
	if (rc == RC_NOT_FOUND && c->err.where[0] == '/')
		return call_wrong(c, c->err.where, c->err.where[1] == 'o' ? "office_unknown" : "not_a_choice", 0);
	return rc;
}

static enum rc read_new_case(struct call *c, struct case_new *in)
{
	call_known(c, "id kind office language tracking_secret declaration");
	const char *id = call_text(c, "id", ID_TEXT_SIZE, true);
	in->kind = call_text(c, "kind", STORE_WORD_MAX - 1, true);
	in->office = call_text(c, "office", SCOPE_MAX - 1, true);
	in->language = call_text(c, "language", 8, true);
	in->secret = call_text(c, "tracking_secret", TRACKING_SECRET_MAX, !c->signed_in);
	in->declaration = json_object_get(c->body, "declaration");
	if (id && id_parse(bytes_str(id), &in->case_id) != RC_OK)
		(void)call_wrong(c, "/id", "not_a_uuid", 0);
	if (in->secret && !tracking_secret_is_good(in->secret))
		(void)call_wrong(c, "/tracking_secret", "secret_too_weak", TRACKING_SECRET_MIN);
	if (in->language && !pack_language(c->desk.pack, in->language))
		(void)call_wrong(c, "/language", "not_a_choice", 0);
	enum rc rc = in->kind ? case_check_declaration(c, in->kind, in->office, in->declaration) : RC_INVALID;
	if (rc == RC_OK || c->field_count)
		rc = c->field_count ? RC_INVALID : RC_OK;
	return rc;
}

enum rc case_create(struct call *c)
{
	struct case_new in = {0};
	struct case_made made;
	enum rc rc = read_new_case(c, &in);
	if (rc != RC_OK)
		return rc;
	rc = call_request(c, call_principal(c, in.case_id), 201, &in.request);
	if (rc == RC_OK)
		rc = store_request_find(c->desk.reader, in.request.principal, in.request.key, in.request.body_hash, &made.result,
		                        &c->err);
	if (rc == RC_NOT_FOUND) {
		c->err = ERR_NONE;
		c->desk.secret = in.secret ? bytes_str(in.secret) : BYTES_NONE;
		rc = case_make(&c->desk, &in, &made);
	}
	if (rc != RC_OK)
		return rc;
	if (!made.result.replayed)
		gate_wake(c->gate, false);
	log_info("case_declared", LOG_ID("case", in.case_id), LOG_WORD("by", c->signed_in ? role_name(c->session.staff.role) : "family"));
	return call_replay(c, &made.result);
}

/* ---- work queue ---- */

/* "deadline.caseid" of the last item. */
static bool read_cursor(const char *text, struct store_queue_query *q)
{
	const char *dot = strchr(text, '.');
	uint64_t deadline;
	if (!dot || u64_parse(bytes_of(text, (size_t)(dot - text)), INT64_MAX, &deadline) != RC_OK ||
	    id_parse(bytes_str(dot + 1), &q->after_case) != RC_OK)
		return false;
	q->has_after = true;
	q->after_deadline = (int64_t)deadline;
	return true;
}

enum rc call_limit(struct call *c, size_t fallback, size_t *ret)
{
	const char *text = call_query(c, "limit");
	uint64_t n = fallback;
	if (text && (u64_parse(bytes_str(text), STORE_LIST_MAX, &n) != RC_OK || n == 0))
		return call_wrong(c, "?limit", "not_a_choice", STORE_LIST_MAX);
	*ret = (size_t)n;
	return RC_OK;
}

static json_t *queue_item_json(const struct store_queue_item *i)
{
	return json_pack("{s:o,s:s,s:s,s:s,s:o,s:o}", "id", json_id(i->case_id), "kind", i->kind, "state", i->state, "office",
	                 i->office, "created", json_instant(i->created), "deadline", json_instant(i->deadline));
}

static json_t *queue_json(const struct store_queue_item *items, size_t n, size_t limit)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, queue_item_json(&items[i]));
	json_t *j = json_pack("{s:o}", "cases", list);
	if (j && n == limit) {
		char id[ID_TEXT_SIZE], next[80];
		id_format(items[n - 1].case_id, id);
		snprintf(next, sizeof next, "%" PRId64 ".%s", items[n - 1].deadline, id);
		json_object_set_new(j, "next", json_string(next));
	}
	return j;
}

enum rc case_list(struct call *c)
{
	const char *office = call_query(c, "office"), *after = call_query(c, "after");
	struct store_queue_query q = {.office = office ? office : desk_scope(&c->desk), .state = call_query(c, "state")};
	if (after && !read_cursor(after, &q))
		(void)call_wrong(c, "?after", "not_a_choice", 0);
	(void)!call_limit(c, LIST_DEFAULT, &q.limit);
	if (c->field_count)
		return RC_INVALID;
	if (!scope_is_valid(bytes_str(q.office)) || !scope_covers(desk_scope(&c->desk), q.office))
		return RC_FORBIDDEN;
	struct store_queue_item *items = ARENA_ARRAY(c->desk.arena, struct store_queue_item, q.limit);
	size_t n;
	if (!items)
		return RC_NO_MEMORY;
	enum rc rc = store_case_list(c->desk.reader, &q, items, &n, &c->err);
	if (rc != RC_OK)
		return rc;
	log_info("queue_listed", LOG_ID("staff", c->session.staff.id), LOG_INT("cases", n));
	return call_json(c, 200, queue_json(items, n, q.limit));
}

/* ---- read one ---- */

/* The purpose of opening a case: as the officer says, else as their role works. */
static enum rc purpose_of(struct call *c, enum purpose *ret)
{
	struct bytes said = guard_header(&c->q->head, "Civis-Purpose");
	if (said.ptr) {
		*ret = purpose_parse(said);
		return *ret != PURPOSE_NONE ? RC_OK
			: err_set(&c->err, RC_BAD_REQUEST, "Civis-Purpose", "there is no such purpose");
	}
	switch (c->session.staff.role) {
	case ROLE_DISTRICT_VERIFIER:
		*ret = PURPOSE_VERIFICATION;
		break;
	case ROLE_REGISTRAR:
		*ret = PURPOSE_REGISTRATION;
		break;
	default:
		*ret = PURPOSE_CASE_WORK;
	}
	return RC_OK;
}

/* The case, if it is in reach of the officer: what is not theirs does not exist. */
enum rc case_of_call(struct call *c, struct store_case *ret)
{
	struct id id;
	enum rc rc = call_id(c, 0, &id);
	if (rc == RC_OK)
		rc = store_case_get(c->desk.reader, id, c->desk.arena, ret, &c->err);
	if (rc != RC_OK || !c->signed_in)
		return rc;
	const char *mine = desk_scope(&c->desk);
	if (!scope_covers(mine, ret->office) && !scope_covers(ret->office, mine)) {
		c->err = ERR_NONE;
		return RC_NOT_FOUND;
	}
	return RC_OK;
}

struct opened {
	json_t *declaration;
	struct store_transition *history;
	size_t history_count;
	json_t *note[HISTORY_MAX];
};

static json_t *parse(struct bytes text)
{
	return text.len ? json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

/* The declaration and the latest notes, in one look. */
static enum rc open_case(struct call *c, const struct store_case *k, enum purpose purpose, struct opened *ret)
{
	struct vault_open_item items[1 + NOTES_MAX] = {
		{{KIND_CASE, k->case_id, k->person_id, k->sealed_version, 0}, k->sealed},
	};
	size_t of[1 + NOTES_MAX], n = 1;
	struct bytes plain[1 + NOTES_MAX];
	ret->history = ARENA_ARRAY(c->desk.arena, struct store_transition, HISTORY_MAX);
	if (!ret->history)
		return RC_NO_MEMORY;
	enum rc rc = store_case_history(c->desk.reader, k->person_id, k->case_id, c->desk.arena, ret->history, HISTORY_MAX,
	                                &ret->history_count, &c->err);
	for (size_t i = ret->history_count; rc == RC_OK && i-- > 0 && n <= NOTES_MAX;) {
		const struct store_transition *t = &ret->history[i];
		if (!t->note_sealed.len)
			continue;
		of[n] = i;
		items[n++] = (struct vault_open_item){{KIND_CASE, k->case_id, k->person_id, t->version, CASE_NOTE_AUX},
		                                      t->note_sealed};
	}
	if (rc == RC_OK)
		rc = vault_open(c->desk.vault, c->desk.token, purpose, items, n, c->desk.arena, plain, &c->err);
	if (rc != RC_OK)
		return rc;
	ret->declaration = parse(plain[0]);
	for (size_t i = 1; i < n; i++)
		ret->note[of[i]] = parse(plain[i]);
	return ret->declaration ? RC_OK : RC_CORRUPT;
}

static json_t *history_json(struct opened *o)
{
	json_t *list = json_array();
	for (size_t i = 0; i < o->history_count; i++) {
		const struct store_transition *t = &o->history[i];
		json_t *j = json_pack("{s:s,s:s,s:s,s:o,s:o,s:I}", "transition", t->name, "from", t->from_state, "to", t->to_state,
		                      "at", json_instant(t->at), "staff", json_id(t->staff_id), "version", (json_int_t)t->version);
		if (j && o->note[i])
			json_object_update_missing(j, o->note[i]);
		json_decref(o->note[i]);
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *attachments_json(struct call *c, const struct store_case *k)
{
	struct store_attachment *items = ARENA_ARRAY(c->desk.arena, struct store_attachment, ATTACHMENTS_MAX);
	json_t *list = json_array();
	size_t n = 0;
	if (!items || store_attachments(c->desk.reader, k->person_id, k->case_id, items, ATTACHMENTS_MAX, &n, &c->err) != RC_OK)
		return list;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:o,s:s,s:s,s:I,s:o}", "id", json_id(items[i].attachment_id), "kind",
		                                      items[i].kind, "media_type", items[i].media_type, "length",
		                                      (json_int_t)items[i].length, "at", json_instant(items[i].at)));
	return list;
}

/* ---- possible duplicates ---- */

/* Text of an index record's field, or null. */
static json_t *index_text(struct bytes record, uint64_t key)
{
	struct bytes item, text;
	if (!cbor_map_find_uint(record, key, &item) || !cbor_as_text(item, &text))
		return json_null();
	return json_stringn((const char *)text.ptr, text.len);
}

static json_t *candidate_json(const struct vault_candidate *v, struct bytes record)
{
	return json_pack("{s:o,s:o,s:i,s:i,s:{s:o,s:o,s:o,s:o},s:{s:o,s:o,s:o},s:o}", "person_id", json_id(v->person), "object_id",
	                 json_id(v->object), "score", (int)v->score, "agree", (int)v->flags, "child", "native",
	                 index_text(record, 1), "latin", index_text(record, 2), "birth_date", index_text(record, 3), "sex",
	                 index_text(record, 7), "mother", "native", index_text(record, 4), "latin", index_text(record, 5),
	                 "birth_date", index_text(record, 6), "place", index_text(record, 8));
}

/* The case whose index record stands for a candidate: itself, or the case of its act. */
static enum rc candidate_case(struct call *c, struct id object, struct store_case *ret)
{
	struct store_act *act = ARENA_NEW(c->desk.arena, struct store_act);
	if (!act)
		return RC_NO_MEMORY;
	enum rc rc = store_case_get(c->desk.reader, object, c->desk.arena, ret, &c->err);
	if (rc != RC_NOT_FOUND)
		return rc;
	rc = store_act_get(c->desk.reader, object, c->desk.arena, act, &c->err);
	return rc == RC_OK ? store_case_get(c->desk.reader, act->case_id, c->desk.arena, ret, &c->err) : rc;
}

static void add_candidate(struct call *c, const struct store_case *own, const struct vault_candidate *v, json_t *list)
{
	struct store_case k;
	struct bytes plain = BYTES_NONE;
	if (id_equal(v->person, own->person_id) || candidate_case(c, v->object, &k) != RC_OK || !k.index_sealed.len)
		return;
	const struct vault_open_item item = {{KIND_INDEX, k.case_id, k.person_id, k.sealed_version, 0}, k.index_sealed};
	enum rc rc = vault_open(c->desk.vault, c->desk.token, PURPOSE_DUPLICATES, &item, 1, c->desk.arena, &plain, &c->err);
	json_t *j = candidate_json(v, rc == RC_OK ? plain : BYTES_NONE);
	if (j && rc != RC_OK)
		json_object_set_new(j, "not_shown", json_string(rc_name(rc)));
	if (j)
		json_object_set_new(j, "state", json_string(k.state));
	json_array_append_new(list, j);
}

static json_t *duplicates_json(struct call *c, const struct store_case *k)
{
	const struct vault_open_item item = {{KIND_INDEX, k->case_id, k->person_id, k->sealed_version, 0}, k->index_sealed};
	struct vault_candidates *found = ARENA_NEW(c->desk.arena, struct vault_candidates);
	json_t *list = json_array();
	enum rc rc = found && k->index_sealed.len
		? vault_candidates(c->desk.vault, c->desk.token, &item, found, &c->err) : RC_NOT_FOUND;
	for (size_t i = 0; rc == RC_OK && i < found->n; i++)
		add_candidate(c, k, &found->items[i], list);
	if (rc == RC_MATCHER_DOWN || rc == RC_VAULT_DOWN)
		atomic_fetch_add(&c->gate->duplicates_not_searched, 1);
	json_t *j = json_pack("{s:b,s:I,s:o}", "searched", rc == RC_OK, "position",
	                      (json_int_t)(rc == RC_OK ? found->position : 0), "candidates", list);
	if (j && rc != RC_OK)
		json_object_set_new(j, "why_not", json_string(rc_name(rc)));
	c->err = ERR_NONE;
	return j;
}

void case_etag(struct call *c, uint64_t version)
{
	char etag[32];
	snprintf(etag, sizeof etag, "\"%" PRIu64 "\"", version);
	http_answer_header(c->a, "ETag", etag);
}

enum rc case_get(struct call *c)
{
	static const uint8_t none[STORE_HASH];
	struct store_case k;
	struct opened o = {0};
	enum purpose purpose;
	enum rc rc = case_of_call(c, &k);
	if (rc == RC_OK)
		rc = purpose_of(c, &purpose);
	if (rc == RC_OK)
		rc = open_case(c, &k, purpose, &o);
	if (rc != RC_OK)
		return rc;
	bool held = !id_is_zero(k.holder) && k.hold_until > c->desk.now;
	json_t *j = json_pack("{s:o,s:s,s:s,s:I,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o}", "id", json_id(k.case_id), "kind", k.kind, "state",
	                      k.state, "version", (json_int_t)k.version, "office", k.office, "language", k.language, "holder",
	                      held ? json_id(k.holder) : json_null(), "created", json_instant(k.created), "deadline",
	                      json_instant(k.deadline), "declaration", o.declaration, "history", history_json(&o), "attachments",
	                      attachments_json(c, &k));
	if (!j)
		return RC_NO_MEMORY;
	json_object_set_new(j, "duplicates", duplicates_json(c, &k));
	json_object_set_new(j, "number_reserved", json_boolean(memcmp(k.number_claim, none, sizeof none) != 0));
	json_object_set_new(j, "act_id", json_id(k.act_id));
	case_etag(c, k.version);
	return call_json(c, 200, j);
}

/* ---- tracking ---- */

static json_t *timeline_json(struct call *c, const struct store_case *k)
{
	struct store_transition *steps = ARENA_ARRAY(c->desk.arena, struct store_transition, HISTORY_MAX);
	json_t *list = json_array();
	size_t n = 0;
	json_array_append_new(list, json_pack("{s:s,s:o}", "transition", "declare", "at", json_instant(k->created)));
	if (!steps || store_case_history(c->desk.reader, k->person_id, k->case_id, c->desk.arena, steps, HISTORY_MAX, &n, &c->err) != RC_OK)
		return list;
	for (size_t i = 0; i < n; i++)
		if (strcmp(steps[i].name, "declare") != 0)
			json_array_append_new(list, json_pack("{s:s,s:s,s:o}", "transition", steps[i].name, "state", steps[i].to_state,
			                                      "at", json_instant(steps[i].at)));
	return list;
}

enum rc case_track(struct call *c)
{
	struct store_case k;
	char code[TRACKING_CODE_SIZE];
	call_known(c, "code secret");
	const char *text = call_text(c, "code", 32, true), *secret = call_text(c, "secret", TRACKING_SECRET_MAX, true);
	if (c->field_count)
		return RC_INVALID;
	/* A wrong code and a wrong secret are answered alike. */
	enum rc rc = tracking_code_parse(text, code) == RC_OK
		? store_case_by_tracking(c->desk.reader, code, c->desk.arena, &k, &c->err) : RC_NOT_FOUND;
	if (rc == RC_OK && !tracking_matches(k.case_id, secret, k.tracking_hash))
		rc = RC_NOT_FOUND;
	c->err = ERR_NONE;
	if (rc != RC_OK)
		return rc;
	return call_json(c, 200, json_pack("{s:o,s:s,s:s,s:I,s:s,s:o,s:o,s:o}", "id", json_id(k.case_id), "kind", k.kind, "state",
	                                   k.state, "version", (json_int_t)k.version, "office", k.office, "since",
	                                   json_instant(k.updated), "deadline", json_instant(k.deadline), "timeline",
	                                   timeline_json(c, &k)));
}
