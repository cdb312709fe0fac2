/* SPDX-License-Identifier: MPL-2.0 */
/* Moving a case from state to state. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "intake/case.h"
#include "register/evidence.h"
#include "register/standing.h"
#include "register/tally.h"

struct workflow_ask case_ask(const struct desk *d, const struct store_case *c, const char *transition, const char *role,
                             bool has_reason)
{
	return (struct workflow_ask){
		.transition = transition, .state = c->state, .band = c->band[0] ? c->band : NULL,
		.role = role ? role : desk_role(d), .officer_scope = desk_scope(d), .case_office = c->office,
		.has_reason = has_reason, .now = d->now, .deadline = c->deadline,
	};
}

/* ---- what goes with a move ---- */

static enum rc seal_note(const struct desk *d, const struct case_move *m, struct bytes *ret)
{
	const struct vault_object as = {.object = m->c->case_id, .person = m->c->person_id, .version = m->if_version + 1};
	return case_seal_note(d, &as, m->c->office, &(struct case_note){m->reason, m->note, m->details}, ret);
}

static struct bytes moved_text(const struct desk *d, const struct case_move *m, const char *state, uint64_t version)
{
	char id[ID_TEXT_SIZE];
	id_format(m->c->case_id, id);
	return bytes_str(arena_printf(d->arena, "{\"id\":\"%s\",\"state\":\"%s\",\"version\":%" PRIu64 "}", id, state, version));
}

static enum rc move_hold(const struct desk *d, const struct case_move *m, struct store_result *ret)
{
	const struct store_case *c = m->c;
	struct store_case_hold put = {
		.request = m->request, .person_id = c->person_id, .case_id = c->case_id, .if_version = m->if_version,
		.staff_id = desk_staff_id(d), .until = m->t->effect == EFFECT_HOLD ? d->now + CASE_HOLD_US : 0,
	};
	put.request.response = moved_text(d, m, c->state, m->if_version);
	if (!put.request.response.len)
		return RC_NO_MEMORY;
	return store_case_hold(d->store, &put, ret, d->err);
}

/* ---- before a move ---- */

/* Each amendment stays in the case's history: without an account it has a bound. */
static enum rc check_amendments(const struct desk *d, const struct case_move *m)
{
	uint64_t n;
	if (m->t->effect != EFFECT_AMEND || d->staff)
		return RC_OK;
	enum rc rc = store_case_family_steps(d->reader, m->c->person_id, m->c->case_id, m->t->name, &n, d->err);
	if (rc == RC_OK && n >= CASE_FAMILY_AMENDMENTS_MAX)
		rc = err_set(d->err, RC_THROTTLED, "case", "The declaration was changed too often; ask the office to change it");
	return rc;
}

/* Whether what the declaration says decides what is needed, or whether it is there. */
static bool asks_declaration(const struct workflow_transition *t)
{
	for (size_t i = 0; i < t->needs_count; i++)
		if (t->needs[i].field || t->needs[i].shown == SHOWN_LISTED)
			return true;
	return false;
}

/* What is attached may be enough; else an officer's move opens the declaration, if that may help. */
static enum rc check_evidence(const struct desk *d, const struct case_move *m)
{
	json_t *j;
	enum rc rc = evidence_check(d, m->c, m->t, m->declaration);
	if (rc != RC_INVALID || m->declaration || !d->staff || !asks_declaration(m->t))
		return rc;
	const struct err why = *d->err;
	rc = case_open(d, m->c, PURPOSE_CASE_WORK, &j);
	if (rc == RC_OK)
		*d->err = why;
	rc = rc == RC_OK ? evidence_check(d, m->c, m->t, j) : rc;
	json_decref(j);
	return rc;
}

/* What speaks against a move is in the case as it stands, and not in what an amendment brings. */
static enum rc check_unless(const struct desk *d, const struct case_move *m)
{
	json_t *j;
	if (!m->t->unless.field)
		return RC_OK;
	enum rc rc = case_open(d, m->c, PURPOSE_CASE_WORK, &j);
	if (rc == RC_OK && !evidence_lets(m->t, j))
		rc = err_set(d->err, RC_STATE, "state", "the declaration does not allow this move");
	json_decref(j);
	return rc;
}

/* Nothing is handed over that was never drawn. */
static enum rc check_drawn(const struct desk *d, const struct case_move *m)
{
	const struct form *form = pack_form(d->pack, m->c->kind);
	uint32_t copies;
	if (m->t->effect != EFFECT_HAND_OVER || !form || !form->certificate)
		return RC_OK;
	enum rc rc = id_is_zero(m->c->act_id) ? RC_STATE
	                                      : store_document_last(d->reader, m->c->person_id, m->c->act_id, &copies, d->err);
	if (rc == RC_STATE || (rc == RC_OK && copies == 0))
		rc = err_set(d->err, RC_STATE, "certificate_not_issued", "no certificate of this act was issued yet");
	return rc;
}

/* ---- effects ---- */

static enum rc amend(const struct desk *d, const struct case_move *m, const struct workflow *w,
                     struct store_case_update *put)
{
	const struct store_case *c = m->c;
	const struct form *form = pack_form(d->pack, c->kind);
	const int64_t reported = case_reported(d, c, m->declaration);
	const struct workflow_band *band = form ? case_band(w, form, m->declaration, reported) : NULL;
	struct case_sealed sealed;
	if (!form)
		return RC_INVALID;
	put->band = band ? band->name : "";
	put->reported = reported;
	enum rc rc = case_seal(d, form, c->case_id, c->person_id, c->office, m->if_version + 1, m->declaration, &sealed);
	if (rc == RC_OK) {
		put->sealed = sealed.declaration;
		put->index_sealed = sealed.index;
		put->statistics_sealed = sealed.statistics;
	}
	return rc;
}

static enum rc reserve(const struct desk *d, const struct case_move *m, struct store_case_update *put)
{
	const struct store_case *c = m->c;
	struct vault_number number;
	if (c->number_sealed.len)
		return RC_OK;
	enum rc rc = vault_reserve_number(d->vault, d->token, c->person_id, c->case_id, c->office, d->arena, &number, d->err);
	if (rc == RC_OK) {
		put->number_sealed = number.sealed;
		memcpy(put->number_claim, number.claim, sizeof put->number_claim);
	}
	return rc;
}

/* What the transition's effect adds to the update. */
static enum rc add_effect(const struct desk *d, const struct case_move *m, const struct workflow *w,
                          struct store_case_update *put)
{
	switch (m->t->effect) {
	case EFFECT_AMEND:
		return amend(d, m, w, put);
	case EFFECT_RESERVE_NUMBER:
		return reserve(d, m, put);
	case EFFECT_HAND_OVER:
		tally_days(d, &put->counts, m->c->created);
		return RC_OK;
	default:
		return RC_OK;
	}
}

/* Where the case is from now on, and how that office works. */
static enum rc find_office(const struct desk *d, const struct case_move *m, const struct workflow **w,
                           struct store_case_update *put, char regime[static STORE_WORD_MAX])
{
	if (m->t->effect != EFFECT_FORWARD)
		return RC_OK;
	if (!m->office)
		return err_set(d->err, RC_NOT_FOUND, "/office", "say to which office");
	enum rc rc = case_regime(d, m->office, regime);
	if (rc != RC_OK)
		return rc;
	*w = pack_workflow_in(d->pack, m->c->kind, regime);
	put->office = m->office;
	put->regime = regime;
	return case_office(d, *w, m->office);
}

/* The note first: afterwards the office is another's. A repeat, after the vault had moved the person and before the
   case followed, comes too late for it, and the case goes without. */
static enum rc forward(const struct desk *d, const struct case_move *m, struct store_case_update *put)
{
	enum rc noted = seal_note(d, m, &put->note_sealed);
	if (noted != RC_OK && noted != RC_FORBIDDEN)
		return noted;
	enum rc rc = vault_forward(d->vault, d->token, m->c->person_id, m->c->case_id, m->office, d->err);
	if (rc == RC_OK && noted != RC_OK)
		log_warn("forwarded_without_note", LOG_ID("case", m->c->case_id));
	return rc;
}

/* Whether a case can leave the state again: a refusal that is appealed against. */
static bool is_left_again(const struct workflow *w, const char *state)
{
	for (size_t i = 0; i < w->transition_count; i++)
		if (workflow_leaves(&w->transitions[i], state))
			return true;
	return false;
}

/* A case that ends for good without an act leaves nothing behind: its reserved number is never used again, and
   the matcher forgets it. */
static void end(const struct case_move *m, const struct workflow *w, const struct workflow_state *to,
                struct store_case_update *put)
{
	static const uint8_t none[STORE_HASH];
	const struct store_case *c = m->c;
	bool for_good = id_is_zero(c->act_id) && !is_left_again(w, to->name);
	bool ends = for_good && (to->final || m->t->effect == EFFECT_RETIRE_NUMBER);
	put->drop_index = for_good && to->final && c->index_sealed.len;
	put->retire_number = ends && memcmp(c->number_claim, none, sizeof none) != 0;
}

static char sex_of(const struct desk *d, const struct case_move *m)
{
	const struct form *form = pack_form(d->pack, m->c->kind);
	return form ? tally_sex(form, m->declaration) : '-';
}

/* A period runs on while its state does, whoever amends the case or sends it to another office: silence has an end. */
static bool keeps_deadline(const struct store_case *c, const char *to)
{
	return c->deadline && strcmp(to, c->state) == 0;
}

static enum rc check(const struct desk *d, const struct case_move *m)
{
	enum rc rc = check_amendments(d, m);
	if (rc == RC_OK)
		rc = check_unless(d, m);
	if (rc == RC_OK)
		rc = check_evidence(d, m);
	return rc == RC_OK ? check_drawn(d, m) : rc;
}

enum rc case_move_make(const struct desk *d, const struct case_move *m, struct store_result *ret)
{
	const struct store_case *c = m->c;
	const struct workflow *w = case_workflow(d, c);
	const char *to = m->t->to ? m->t->to : c->state;
	char queue[STORE_SCOPE_MAX], regime[STORE_WORD_MAX];
	if (m->t->effect == EFFECT_HOLD || m->t->effect == EFFECT_RELEASE)
		return move_hold(d, m, ret);
	struct store_case_update put = {
		.request = m->request, .person_id = c->person_id, .case_id = c->case_id, .if_version = m->if_version,
		.transition = m->t->name, .from_state = c->state, .to_state = to, .staff_id = desk_staff_id(d),
	};
	enum rc rc = w ? check(d, m) : RC_INVALID;
	if (rc == RC_OK)
		rc = find_office(d, m, &w, &put, regime);
	const struct workflow_state *state = rc == RC_OK ? workflow_state(w, to) : NULL;
	if (rc == RC_OK && !state)
		rc = err_set(d->err, RC_STATE, "state", "that office does not know this state of a case");
	bool queued = state && (!state->final || state->waits);
	if (rc == RC_OK && queued)
		rc = workflow_queue_office(w, to, put.office ? put.office : c->office, queue, sizeof queue);
	if (rc != RC_OK)
		return rc;
	tally_begin(d, &put.counts);
	tally_add(&put.counts, m->t, c->band, sex_of(d, m));
	rc = m->t->effect == EFFECT_FORWARD ? forward(d, m, &put) : seal_note(d, m, &put.note_sealed);
	if (rc == RC_OK)
		rc = add_effect(d, m, w, &put);
	if (rc != RC_OK)
		return rc;
	put.deadline = keeps_deadline(c, to) ? c->deadline : case_deadline(d, w, to);
	put.on_deadline = state->on_deadline != NULL;
	put.queue_office = queued ? queue : NULL;
	put.waits = state->waits;
	put.collects = m->t->effect == EFFECT_HAND_OVER && workflow_state(w, c->state)->waits;
	end(m, w, state, &put);
	put.request.response = moved_text(d, m, to, m->if_version + 1);
	if (!put.request.response.len)
		return RC_NO_MEMORY;
	return store_case_update(d->store, &put, ret, d->err);
}

/* ---- the system's own ---- */

static bool is_systems(const struct workflow_transition *t)
{
	return (t->effect == EFFECT_NONE || t->effect == EFFECT_RETIRE_NUMBER) && !t->to_office;
}

enum rc case_move_due(const struct desk *d, const struct store_case *c)
{
	const struct workflow *w = case_workflow(d, c);
	const struct workflow_state *state = w ? workflow_state(w, c->state) : NULL;
	struct store_result *result = ARENA_NEW(d->arena, struct store_result);
	char id[ID_TEXT_SIZE];
	struct case_move m = {.c = c, .if_version = c->version};
	if (!result)
		return RC_NO_MEMORY;
	if (!state || !state->on_deadline || !c->deadline || d->now < c->deadline)
		return RC_NOT_FOUND;
	const struct workflow_ask ask = case_ask(d, c, state->on_deadline, "system", true);
	enum rc rc = workflow_may(w, &ask, &m.t);
	if (rc != RC_OK || !is_systems(m.t))
		return rc == RC_OK ? RC_INVALID : rc;
	id_format(c->case_id, id);
	m.request = (struct store_request){.principal = "system", .now = d->now, .status = 200,
	                                   .key = arena_printf(d->arena, "due:%s:%" PRIu64, id, c->version)};
	return m.request.key ? case_move_make(d, &m, result) : RC_NO_MEMORY;
}
