/* SPDX-License-Identifier: MPL-2.0 */
/* Opening, listing and tracking cases. */
#include "intake/case.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "country/strings.h"
#include "gate/handlers.h"
#include "gate/state.h"
#include "intake/tracking.h"
#include "register/evidence.h"

enum { HISTORY_MAX = 32, LIST_DEFAULT = 50 };

/* ---- declare ---- */

void case_wrong_fields(struct call *c, const char *below, const struct form_errors *errors)
{
	for (size_t i = 0; i < errors->count; i++) {
		char *pointer = arena_printf(c->desk.arena, "%s%s", below, errors->error[i].pointer);
		if (pointer)
			(void)call_wrong(c, pointer, errors->error[i].code, errors->error[i].limit);
	}
}

json_t *case_warnings(struct call *c, const struct form_errors *warnings)
{
	json_t *list = json_array();
	for (size_t i = 0; i < warnings->count; i++) {
		const struct form_error *w = &warnings->error[i];
		struct buf message = BUF_INIT(1024);
		form_error_message(c->desk.pack, c->language, w, &message);
		const char *text = buf_cstr(&message);
		char *pointer = arena_printf(c->desk.arena, "/declaration%s", w->pointer);
		json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "pointer", pointer ? pointer : w->pointer, "code", w->code,
		                                      "message", text ? text : w->code));
		buf_release(&message);
	}
	return list;
}

enum rc case_place_error(struct call *c, enum rc rc)
{
	const char *where = c->err.where;
	if (rc == RC_GONE && strcmp(where, "/office") == 0)
		c->code = "office_closed";
	if (rc == RC_FORBIDDEN && strcmp(where, CASE_OTHER_OFFICE) == 0)
		c->code = "other_office";
	if (where[0] != '/' || (rc != RC_NOT_FOUND && rc != RC_INVALID))
		return rc;
	if (strncmp(where, "/declaration/", 13) == 0) /* nothing that an act of this kind alters */
		return call_wrong(c, where, "unexpected", 0);
	const char *code = strcmp(where, "/kind") == 0 ? "not_a_choice" : strcmp(where, "/office") == 0 ? "office_unknown"
		: strcmp(where, "/person") == 0 ? "person_unknown"
		: strcmp(where, EVIDENCE_NOT_CURRENT) == 0 ? "evidence_not_current" : "evidence_missing";
	if (rc == RC_INVALID && strcmp(where, EVIDENCE_MISSING) != 0 && strcmp(where, EVIDENCE_NOT_CURRENT) != 0)
		code = !json_is_string(json_object_get(c->body, where + 1)) ? "required"
			: strcmp(where, "/office") == 0 ? "office_keeps_none" : "unexpected";
	if (strcmp(where, "/office") == 0)
		c->err.code = RC_INVALID; /* its sentence goes with the answer: it says how to find the right one */
	return call_wrong(c, where, code, 0);
}

enum rc case_state_error(struct call *c, enum rc rc)
{
	static const char *const codes[] = {"act_superseded", "act_cancelled", "person_died", "certificate_not_issued"};
	for (size_t i = 0; rc == RC_STATE && i < sizeof codes / sizeof *codes; i++)
		if (strcmp(c->err.where, codes[i]) == 0)
			c->code = codes[i];
	return rc;
}

static void read_id(struct call *c, const char *name, bool required, struct id *ret)
{
	char pointer[32];
	const char *text = call_text(c, name, ID_TEXT_SIZE, required);
	snprintf(pointer, sizeof pointer, "/%s", name);
	if (text && id_parse(bytes_str(text), ret) != RC_OK)
		(void)call_wrong(c, pointer, "not_a_uuid", 0);
}

static enum rc accept(struct call *c, struct case_new *in, struct form_errors *warnings)
{
	struct form_errors *errors = ARENA_NEW(c->desk.arena, struct form_errors);
	if (!errors)
		return RC_NO_MEMORY;
	if (!json_is_object(in->declaration))
		return call_wrong(c, "/declaration", in->declaration ? "wrong_type" : "required", 0);
	enum rc rc = case_accept(&c->desk, in, errors, warnings);
	case_wrong_fields(c, "/declaration", errors);
	/* A family has to show one, and is refused for what it is. */
	if (in->form && in->secret && c->signed_in && !case_is_tracked(in->form))
		(void)call_wrong(c, "/tracking_secret", "unexpected", 0);
	return case_state_error(c, case_place_error(c, rc));
}

static enum rc read_new_case(struct call *c, struct case_new *in, struct form_errors *warnings)
{
	call_known(c, "id kind office language tracking_secret declaration person about");
	read_id(c, "id", true, &in->case_id);
	read_id(c, "person", false, &in->person);
	read_id(c, "about", false, &in->about);
	in->kind = call_text(c, "kind", STORE_WORD_MAX - 1, true);
	in->office = call_text(c, "office", SCOPE_MAX - 1, false);
	in->language = call_text(c, "language", 8, true);
	in->secret = call_text(c, "tracking_secret", TRACKING_SECRET_MAX, !c->signed_in);
	in->declaration = json_object_get(c->body, "declaration");
	if (in->secret && !tracking_secret_is_good(in->secret))
		(void)call_wrong(c, "/tracking_secret", "secret_too_weak", TRACKING_SECRET_MIN);
	if (in->language && !pack_language(c->desk.pack, in->language))
		(void)call_wrong(c, "/language", "not_a_choice", 0);
	enum rc rc = in->kind ? accept(c, in, warnings) : RC_INVALID;
	return c->field_count && (rc == RC_OK || rc == RC_INVALID || rc == RC_FORBIDDEN) ? RC_INVALID : rc;
}

/* What is unusual is personal, so that it does not lie beside the answer kept for a repeat: it is found again. */
static enum rc answer_made(struct call *c, const struct store_result *r, const struct form_errors *warnings)
{
	json_t *j = json_loadb((const char *)r->response, r->response_len, 0, NULL);
	if (!j)
		return RC_CORRUPT;
	json_object_set_new(j, "warnings", case_warnings(c, warnings));
	case_etag(c, r->version);
	if (r->replayed)
		http_answer_header(c->a, "Idempotency-Replayed", "true");
	return call_json(c, r->status, j);
}

enum rc case_create(struct call *c)
{
	struct case_new in = {0};
	struct case_made made;
	struct err ignored;
	struct form_errors *warnings = ARENA_NEW(c->desk.arena, struct form_errors);
	if (!warnings)
		return RC_NO_MEMORY;
	enum rc rc = read_new_case(c, &in, warnings);
	/* A repeat is answered as the first was, whatever became since of the office, or of the act it is about. */
	enum rc known = call_request(c, call_principal(c, in.case_id), 201, &in.request);
	if (known == RC_OK)
		known = store_request_find(c->desk.reader, in.request.principal, in.request.key, in.request.body_hash, &made.result,
		                           rc == RC_OK ? &c->err : &ignored);
	if (known == RC_OK)
		return answer_made(c, &made.result, warnings);
	if (rc != RC_OK || known != RC_NOT_FOUND)
		return rc != RC_OK ? rc : known;
	c->err = ERR_NONE;
	c->desk.secret = in.secret ? bytes_str(in.secret) : BYTES_NONE;
	rc = case_make(&c->desk, &in, &made);
	if (rc != RC_OK)
		return rc;
	if (!made.result.replayed)
		gate_wake(c->gate, false);
	log_info("case_declared", LOG_ID("case", in.case_id), LOG_WORD("by", c->signed_in ? role_name(c->session.staff.role) : "family"));
	return answer_made(c, &made.result, warnings);
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

static json_t *queue_item_json(struct id id, const char *kind, const char *state, const char *office, int64_t created, int64_t deadline)
{
	return json_pack("{s:o,s:s,s:s,s:s,s:o,s:o}", "id", json_id(id), "kind", kind, "state", state, "office", office, "created",
	                 json_instant(created), "deadline", json_instant(deadline));
}

static json_t *queue_json(const struct store_queue_item *items, size_t n, size_t limit)
{
	json_t *list = json_array();
	for (const struct store_queue_item *i = items; i < items + n; i++)
		json_array_append_new(list, queue_item_json(i->case_id, i->kind, i->state, i->office, i->created, i->deadline));
	json_t *j = json_pack("{s:o}", "cases", list);
	if (j && n == limit) {
		char id[ID_TEXT_SIZE], next[80];
		id_format(items[n - 1].case_id, id);
		snprintf(next, sizeof next, "%" PRId64 ".%s", items[n - 1].deadline, id);
		json_object_set_new(j, "next", json_string(next));
	}
	return j;
}

static bool is_in_reach(const struct call *c, const char *office)
{
	const char *mine = desk_scope(&c->desk);
	return scope_covers(mine, office) || scope_covers(office, mine);
}

/* The one that the slip in a family's hand names, whatever became of it; none if it is not in reach. */
static enum rc case_by_code(struct call *c, const char *typed)
{
	struct store_case k;
	char code[TRACKING_CODE_SIZE];
	json_t *list = json_array();
	enum rc rc = tracking_code_parse(typed, code) == RC_OK
		? store_case_by_tracking(c->desk.reader, code, c->desk.arena, &k, &c->err) : RC_NOT_FOUND;
	if (rc == RC_OK && is_in_reach(c, k.office))
		json_array_append_new(list, queue_item_json(k.case_id, k.kind, k.state, k.office, k.created, k.deadline));
	if (rc != RC_OK && rc != RC_NOT_FOUND) {
		json_decref(list);
		return rc;
	}
	c->err = ERR_NONE;
	log_info("case_looked_for", LOG_ID("staff", c->session.staff.id), LOG_INT("cases", json_array_size(list)));
	return call_json(c, 200, json_pack("{s:o}", "cases", list));
}

enum rc case_list(struct call *c)
{
	const char *office = call_query(c, "office"), *after = call_query(c, "after"), *code = call_query(c, "code");
	struct store_queue_query q = {.office = office ? office : desk_scope(&c->desk), .state = call_query(c, "state")};
	if (after && !read_cursor(after, &q))
		(void)call_wrong(c, "?after", "not_a_choice", 0);
	(void)!call_limit(c, LIST_DEFAULT, &q.limit);
	if (c->field_count)
		return RC_INVALID;
	if (code)
		return case_by_code(c, code);
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

/* ---- in reach ---- */

/* The case, if it is in reach of the officer: what is not theirs does not exist. */
enum rc case_of_call(struct call *c, struct store_case *ret)
{
	struct id id;
	enum rc rc = call_id(c, 0, &id);
	if (rc == RC_OK)
		rc = store_case_get(c->desk.reader, id, c->desk.arena, ret, &c->err);
	if (rc != RC_OK || !c->signed_in)
		return rc;
	if (is_in_reach(c, ret->office))
		return RC_OK;
	c->err = ERR_NONE;
	return RC_NOT_FOUND;
}

void case_etag(struct call *c, uint64_t version)
{
	char etag[32];
	snprintf(etag, sizeof etag, "\"%" PRIu64 "\"", version);
	http_answer_header(c->a, "ETag", etag);
}

/* ---- tracking ---- */

static json_t *timeline_json(struct call *c, const struct store_case *k, const char *secret)
{
	json_t *said[HISTORY_MAX] = {0};
	struct store_transition *steps = ARENA_ARRAY(c->desk.arena, struct store_transition, HISTORY_MAX);
	const struct workflow *w = case_workflow(&c->desk, k);
	json_t *list = json_array();
	size_t n = 0;
	json_array_append_new(list, json_pack("{s:s,s:o}", "transition", "declare", "at", json_instant(k->created)));
	if (!steps || store_case_history(c->desk.reader, k->person_id, k->case_id, c->desk.arena, steps, HISTORY_MAX, &n, &c->err) != RC_OK)
		return list;
	case_said(c, k, steps, n, secret, said);
	for (size_t i = 0; i < n; i++) {
		json_t *step = json_pack("{s:s,s:s,s:o}", "transition", steps[i].name, "state", steps[i].to_state, "at",
		                         json_instant(steps[i].at));
		const struct workflow_transition *move = w ? workflow_with_paper(w, steps[i].name, steps[i].from_state, steps[i].to_state) : NULL;
		json_object_update(step, said[i]);
		if (move && said[i]) {
			json_object_set_new(step, "paper", json_string(strings_get(c->desk.pack, c->language, move->paper->title)));
			json_object_set_new(step, "version", json_integer((json_int_t)steps[i].version));
		}
		json_decref(said[i]);
		if (steps[i].from_state[0]) /* not how the case came to be: that is said above */
			json_array_append(list, step);
		json_decref(step);
	}
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
	const struct workflow *w = c->signed_in ? NULL : case_workflow(&c->desk, &k);
	return call_json(c, 200, json_pack("{s:o,s:s,s:s,s:I,s:s,s:o,s:o,s:o,s:o}", "id", json_id(k.case_id), "kind", k.kind, "state",
	                                   k.state, "version", (json_int_t)k.version, "office", k.office, "since",
	                                   json_instant(k.updated), "deadline", json_instant(k.deadline), "timeline",
	                                   timeline_json(c, &k, secret), "next", w ? case_next_moves(c, &k, w, NULL) : json_array()));
}
