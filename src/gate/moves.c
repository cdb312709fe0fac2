/* SPDX-License-Identifier: MPL-2.0 */
/* The transitions of a case. */
#include <string.h>

#include "base/log.h"
#include "gate/handlers.h"
#include "gate/state.h"
#include "intake/case.h"
#include "intake/tracking.h"

/* A family shows its secret; otherwise the case does not exist for it. */
static enum rc check_family(struct call *c, const struct store_case *k)
{
	if (c->signed_in)
		return RC_OK;
	const char *secret = call_header(c, "Tracking-Secret");
	c->desk.secret = secret ? bytes_str(secret) : BYTES_NONE;
	return secret && tracking_matches(k->case_id, secret, k->tracking_hash) ? RC_OK : RC_NOT_FOUND;
}

static enum rc read_declaration(struct call *c, const struct store_case *k, struct case_move *m, struct form_errors *errors)
{
	const struct workflow *w = case_workflow(&c->desk, k);
	const struct form *form = pack_form(c->desk.pack, k->kind);
	m->declaration = json_object_get(c->body, "declaration");
	if (m->t->effect != EFFECT_AMEND)
		return m->declaration ? call_wrong(c, "/declaration", "unexpected", 0) : RC_OK;
	if (!json_is_object(m->declaration))
		return call_wrong(c, "/declaration", m->declaration ? "wrong_type" : "required", 0);
	if (!form)
		return RC_NOT_FOUND;
	enum rc rc = case_check(&c->desk, form, workflow_state(w, m->t->to ? m->t->to : k->state), m->declaration, errors, NULL);
	if (rc == RC_INVALID)
		case_wrong_fields(c, "/declaration", errors);
	return rc;
}

/* The small form that goes with some moves: grounds of a refusal, to whom a certificate was handed. */
static enum rc read_details(struct call *c, struct case_move *m, struct form_errors *errors)
{
	json_t *details = json_object_get(c->body, "details");
	if (!m->t->details)
		return details ? call_wrong(c, "/details", "unexpected", 0) : RC_OK;
	json_t *empty = details ? NULL : json_object();
	if (details ? !json_is_object(details) : !empty)
		return details ? call_wrong(c, "/details", "wrong_type", 0) : RC_NO_MEMORY;
	enum rc rc = case_check_details(&c->desk, m->c, m->t->details, details ? details : empty, errors);
	if (rc == RC_INVALID)
		case_wrong_fields(c, "/details", errors);
	json_decref(empty);
	m->details = details;
	return rc;
}

static bool is_offered(const struct workflow_transition *t, const char *reason)
{
	bool found = !t->reason_count;
	for (size_t i = 0; i < t->reason_count && !found; i++)
		found = strcmp(t->reasons[i], reason) == 0;
	return found;
}

static enum rc read_move(struct call *c, const struct store_case *k, struct case_move *m)
{
	const struct workflow *w = case_workflow(&c->desk, k);
	struct form_errors *errors = ARENA_NEW(c->desk.arena, struct form_errors);
	if (!errors)
		return RC_NO_MEMORY;
	call_known(c, "reason note office details declaration");
	m->c = k;
	m->if_version = c->if_match;
	m->reason = call_text(c, "reason", CASE_REASON_MAX, false);
	m->note = call_text(c, "note", CASE_NOTE_MAX, false);
	m->office = call_text(c, "office", SCOPE_MAX - 1, false);
	const struct workflow_ask ask = case_ask(&c->desk, k, call_parameter(c, 1), NULL, m->reason != NULL);
	enum rc rc = w ? workflow_may(w, &ask, &m->t) : RC_NOT_FOUND;
	if (rc == RC_INVALID)
		return call_wrong(c, "/reason", "required", 0);
	if (rc != RC_OK)
		return rc;
	if (m->reason && !is_offered(m->t, m->reason))
		(void)call_wrong(c, "/reason", "not_a_choice", 0);
	if ((m->office != NULL) != m->t->to_office && !c->field_count)
		(void)call_wrong(c, "/office", m->office ? "unexpected" : "required", 0);
	rc = read_details(c, m, errors);
	if (rc == RC_OK || rc == RC_INVALID)
		rc = read_declaration(c, k, m, errors);
	return c->field_count && (rc == RC_OK || rc == RC_INVALID) ? RC_INVALID : rc;
}

/* What the store checks again, said early so that nothing costly is done in vain. Repeats come first. */
static enum rc check_early(struct call *c, const struct store_case *k)
{
	if (k->version != c->if_match)
		return RC_MATCH_FAILED;
	bool held = !id_is_zero(k->holder) && k->hold_until > c->desk.now;
	return held && !id_equal(k->holder, desk_staff_id(&c->desk)) ? RC_HELD : RC_OK;
}

static enum rc answer_registered(struct call *c, const struct store_result *r, const char *number)
{
	/* What the store keeps is an object that registration.c wrote: the number goes in before its end. */
	struct bytes kept = bytes_of(r->response, r->response_len);
	if (kept.len < 2 || kept.ptr[kept.len - 1] != '}' || strspn(number, "0123456789") != strlen(number))
		return RC_CORRUPT;
	const char *quote = number[0] ? "\"" : "";
	buf_append(&c->a->body, bytes_slice(kept, 0, kept.len - 1));
	buf_printf(&c->a->body, ",\"personal_number\":%s%s%s}", quote, number[0] ? number : "null", quote);
	case_etag(c, r->version);
	return call_bytes(c, r->status, "application/json", BYTES_NONE);
}

static enum rc do_register(struct call *c, struct case_move *m)
{
	struct registration *reg = ARENA_NEW(c->desk.arena, struct registration);
	if (!reg)
		return RC_NO_MEMORY;
	const struct registration_request in = {
		.c = m->c, .if_version = m->if_version, .t = m->t, .request = m->request,
	};
	enum rc rc = registration_make(&c->desk, &in, reg);
	if (rc != RC_OK)
		return case_state_error(c, case_place_error(c, rc));
	gate_wake(c->gate, true);
	log_info("registered", LOG_ID("act", reg->act_id), LOG_ID("staff", c->session.staff.id));
	return answer_registered(c, &reg->result, reg->number);
}

static enum rc do_move(struct call *c, struct case_move *m)
{
	struct store_result *result = ARENA_NEW(c->desk.arena, struct store_result);
	if (!result)
		return RC_NO_MEMORY;
	enum rc rc = case_move_make(&c->desk, m, result);
	if (rc != RC_OK)
		return case_state_error(c, case_place_error(c, rc));
	if (m->t->effect != EFFECT_HOLD && m->t->effect != EFFECT_RELEASE)
		gate_wake(c->gate, false);
	log_info("moved", LOG_ID("case", m->c->case_id), LOG_WORD("transition", m->t->name));
	return call_replay(c, result);
}

/* A repeat of a registration opens the number again: it was not kept in clear. */
static enum rc replay(struct call *c, const struct store_case *k, const struct store_result *r)
{
	char number[16] = "";
	const struct workflow *w = case_workflow(&c->desk, k);
	const struct workflow_transition *t = w ? workflow_transition(w, call_parameter(c, 1)) : NULL;
	if (!t || t->effect != EFFECT_REGISTER || r->status != 200)
		return call_replay(c, r);
	enum rc rc = registration_number(&c->desk, k, number);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	http_answer_header(c->a, "Idempotency-Replayed", "true");
	return answer_registered(c, r, number);
}

/* Who handed a case on may ask again whether it was done, though the case is another office's now. */
static enum rc repeat_of_gone(struct call *c, const struct store_case *k, struct store_result *known)
{
	struct store_request request;
	struct err ignored;
	if (!c->signed_in || id_is_zero(k->case_id) || call_request(c, call_principal(c, k->case_id), 200, &request) != RC_OK ||
	    store_request_find(c->desk.reader, request.principal, request.key, request.body_hash, known, &ignored) != RC_OK)
		return RC_NOT_FOUND;
	return call_replay(c, known);
}

enum rc case_move(struct call *c)
{
	struct store_case *k = ARENA_NEW(c->desk.arena, struct store_case);
	struct store_result *known = ARENA_NEW(c->desk.arena, struct store_result);
	struct case_move m = {0};
	if (!k || !known)
		return RC_NO_MEMORY;
	/* Before anything is looked up: an absent case and another family's are answered alike. */
	enum rc rc = call_is_known(c) ? case_of_call(c, k) : RC_UNAUTHENTICATED;
	if (rc == RC_OK)
		rc = check_family(c, k);
	if (rc == RC_NOT_FOUND) {
		c->err = ERR_NONE;
		return repeat_of_gone(c, k, known);
	}
	if (rc == RC_OK)
		rc = call_request(c, call_principal(c, k->case_id), 200, &m.request);
	if (rc != RC_OK)
		return rc;
	rc = store_request_find(c->desk.reader, m.request.principal, m.request.key, m.request.body_hash, known, &c->err);
	if (rc == RC_OK)
		return replay(c, k, known);
	if (rc != RC_NOT_FOUND)
		return rc;
	c->err = ERR_NONE;
	rc = read_move(c, k, &m);
	/* A wrong version explains a wrong state, not the other way round. */
	enum rc early = rc == RC_OK || rc == RC_STATE ? check_early(c, k) : RC_OK;
	if (early != RC_OK)
		return early;
	if (rc != RC_OK)
		return rc;
	return m.t->effect == EFFECT_REGISTER ? do_register(c, &m) : do_move(c, &m);
}
