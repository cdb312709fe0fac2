/* SPDX-License-Identifier: MPL-2.0 */
/* What is wrong with a workflow as a whole: in itself, and beside the form of its kind. */
#include <string.h>

#include "country/form.h"
#include "country/load.h"
#include "country/workflow.h"

/* ── in itself: every case comes to its end ── */

static bool leads_from(const struct workflow_transition *t, const char *state)
{
	return t->to && workflow_leaves(t, state);
}

static bool is_in_band(const struct workflow_transition *t, const char *band)
{
	for (size_t i = 0; i < t->band_count; i++)
		if (band && strcmp(t->bands[i], band) == 0)
			return true;
	return t->band_count == 0;
}

/* Whether a verifier's move leads to where a case is registered. */
static bool is_for_registering(const struct workflow *w, const struct workflow_transition *t)
{
	bool verifier = false, registered = false;
	for (size_t i = 0; i < t->role_count; i++)
		verifier |= strcmp(t->roles[i], "district_verifier") == 0;
	for (size_t i = 0; t->to && i < w->transition_count; i++)
		registered |= w->transitions[i].effect == EFFECT_REGISTER && leads_from(&w->transitions[i], t->to);
	return verifier && registered;
}

/* The act names who verified it: a move that does so without saying it would leave nobody's name. */
static void check_verifying(struct loader *l, const struct workflow *w)
{
	for (size_t i = 0; i < w->transition_count; i++)
		if (!w->transitions[i].verifies && is_for_registering(w, &w->transitions[i]))
			load_mistake(l, "/transitions", "\"%s\" leads to \"%s\", from where it is registered: it must say that it "
				     "\"verifies\"", w->transitions[i].name, w->transitions[i].to);
}

/* A case must be able to end from wherever it may stand, and what waits must have somebody to wait for. */
static void check_ways(struct loader *l, const struct workflow *w)
{
	for (size_t i = 0; i < w->state_count; i++) {
		bool way = w->states[i].final && !w->states[i].waits;
		for (size_t k = 0; k < w->transition_count; k++)
			way |= leads_from(&w->transitions[k], w->states[i].name);
		if (!way)
			load_mistake(l, "/transitions", "no transition leaves the state \"%s\"", w->states[i].name);
	}
}

/* Whether a case of this band (NULL: the kind has none) that begins in this state can come to be registered. */
static bool is_registered(const struct workflow *w, const char *band, const char *begin)
{
	bool reached[WORKFLOW_STATES_MAX] = {false}, more = true;
	reached[workflow_state(w, begin) - w->states] = true;
	while (more) {
		more = false;
		for (size_t i = 0; i < w->state_count * w->transition_count; i++) {
			const struct workflow_transition *t = &w->transitions[i % w->transition_count];
			const size_t from = i / w->transition_count;
			if (!reached[from] || !leads_from(t, w->states[from].name) || !is_in_band(t, band))
				continue;
			if (t->effect == EFFECT_REGISTER)
				return true;
			bool *to = &reached[workflow_state(w, t->to) - w->states];
			more |= !*to;
			*to = true;
		}
	}
	return false;
}

/* However late somebody comes, and whoever declares: what happened can be registered. */
static void check_registering(struct loader *l, const struct workflow *w)
{
	for (size_t i = 0; i < w->declare_count; i++)
		for (size_t k = 0; k < (w->band_count ? w->band_count : 1); k++) {
			char pointer[LOAD_POINTER_SIZE];
			const char *band = w->band_count ? w->bands[k].name : NULL;
			snprintf(pointer, sizeof pointer, "/declare/%zu", i);
			if (!is_registered(w, band, w->declare[i].state))
				load_mistake(l, pointer, "a case that begins as \"%s\"%s%s can never be registered: no moves lead there",
					     w->declare[i].state, band ? " in the band " : "", band ? band : "");
		}
}

/* Whether the state is left in time or not at all: an appeal. */
static bool is_left_in_time(const struct workflow *w, const char *state)
{
	for (size_t i = 0; i < w->transition_count; i++)
		if (w->transitions[i].before_deadline && leads_from(&w->transitions[i], state))
			return true;
	return false;
}

/* What the system does by itself must be a move that it may make there. A case that ended and can be appealed keeps what it
   had reserved, so that somebody must end it for good. */
static void check_deadlines(struct loader *l, const struct workflow *w)
{
	for (size_t i = 0; i < w->state_count; i++) {
		const struct workflow_state *s = &w->states[i];
		const struct workflow_ask ask = {
			.transition = s->on_deadline, .state = s->name, .role = "system", .case_office = "", .now = 1, .deadline = 1,
		};
		if (s->on_deadline && workflow_may(w, &ask, NULL) != RC_OK)
			load_mistake(l, "/states", "\"%s\" cannot be left by \"%s\" in the role \"system\", in any band and without "
						   "a reason", s->name, s->on_deadline);
		if (s->final && !s->waits && !s->on_deadline && is_left_in_time(w, s->name))
			load_mistake(l, "/states", "\"%s\" is final and can be left until its deadline only: it needs \"on_deadline\", "
						   "for what the case had reserved", s->name);
	}
}

/* Whoever is told that they may appeal must be able to. */
static void check_appeals(struct loader *l, const struct workflow *w)
{
	for (size_t i = 0; i < w->transition_count; i++) {
		const struct workflow_transition *t = &w->transitions[i];
		const struct workflow_state *from;
		if (t->paper && t->paper->appeal && !workflow_appeal(w, t, &from))
			load_mistake(l, "/transitions", "the paper of \"%s\" names \"%s\", by which nothing is contested before a deadline",
				     t->name, t->paper->appeal);
	}
}

void workflow_check_ends(struct loader *l, const struct workflow *w, bool readable)
{
	if (readable)
		check_registering(l, w);
	check_ways(l, w);
	check_deadlines(l, w);
	check_appeals(l, w);
	check_verifying(l, w);
}

/* ── beside the form ── */

static bool is_evidence(const struct form *f, const char *kind)
{
	const struct form_field *list = f->evidence ? form_field_by_path(f, f->evidence) : NULL;
	for (size_t i = 0; list && i < list->item_count; i++)
		for (size_t k = 0; k < list->items[i].choice_count; k++)
			if (strcmp(list->items[i].path, "/kind") == 0 && strcmp(list->items[i].choices[k].value, kind) == 0)
				return true;
	return false;
}

static bool is_choice(const struct form_field *f, const char *value)
{
	bool known = false;
	for (size_t i = 0; i < f->choice_count; i++)
		known |= strcmp(f->choices[i].value, value) == 0;
	return known;
}

static void check_need(struct loader *l, const struct workflow_transition *t, const struct workflow_need *need,
		       const struct form *f)
{
	const struct form_field *field = need->field ? form_field_by_path(f, need->field) : NULL;
	for (size_t i = 0; i < need->of_count; i++)
		if (!is_evidence(f, need->of[i]))
			load_mistake(l, "/transitions", "\"%s\" needs \"%s\", which is no evidence of the form", t->name, need->of[i]);
	if (need->field && !(field && need->value && is_choice(field, need->value)))
		load_mistake(l, "/transitions", "\"%s\" needs something when \"%s\" is \"%s\", which it never is", t->name, need->field,
			     need->value ? need->value : "");
}

static bool is_said(const struct form_field *f, const char *value)
{
	return f->type == FIELD_BOOL ? strcmp(value, "true") == 0 || strcmp(value, "false") == 0 : is_choice(f, value);
}

static void check_unless(struct loader *l, const struct workflow_transition *t, const struct form *f)
{
	const struct form_field *field = t->unless.field ? form_field_by_path(f, t->unless.field) : NULL;
	if (t->unless.field && t->unless.value && !(field && is_said(field, t->unless.value)))
		load_mistake(l, "/transitions", "\"%s\" is not made when \"%s\" is \"%s\", which it never is", t->name,
			     t->unless.field, t->unless.value);
}

/* What is entered of a person is opened by the office that keeps the record: a family shows no secret for it, and a
   hospital's clerk keeps none. */
static void check_who(struct loader *l, const char *pointer, const struct workflow_transition *t, const struct form *f)
{
	for (size_t i = 0; f->subject_existing && i < t->role_count; i++)
		if (strcmp(t->roles[i], "family") == 0 || strcmp(t->roles[i], "hospital_clerk") == 0)
			load_mistake(l, pointer, "\"%s\" cannot act in a case about somebody who is registered", t->roles[i]);
}

/* What is copied from a book must be asked for where it stands there. */
static void check_transcribes(struct loader *l, const struct workflow *w, const struct form *f)
{
	static const char *const paths[] = {"/book/register", "/book/book", "/book/year", "/book/serial", "/book/date"};
	for (size_t i = 0; i < w->state_count; i++)
		for (size_t k = 0; w->states[i].transcribes && k < sizeof paths / sizeof *paths; k++)
			if (!form_field_by_path(f, paths[k]))
				load_mistake(l, "/states", "\"%s\" transcribes a book, and the form has no \"%s\"", w->states[i].name, paths[k]);
}

void workflow_check(struct loader *l, const char *file, const struct workflow *w, const struct form *f)
{
	load_reopen(l, file);
	check_transcribes(l, w, f);
	for (size_t i = 0; i < w->declare_count; i++)
		check_who(l, "/declare", &w->declare[i].who, f);
	for (size_t i = 0; i < w->transition_count; i++) {
		const struct workflow_transition *t = &w->transitions[i];
		check_who(l, "/transitions", t, f);
		check_unless(l, t, f);
		for (size_t k = 0; k < t->needs_count; k++)
			check_need(l, t, &t->needs[k], f);
		for (size_t k = 0; t->paper && k < t->paper->declared_count; k++)
			if (!form_field_by_path(f, t->paper->declared[k]))
				load_mistake(l, "/transitions", "the paper of \"%s\" tells \"%s\", which the form has not", t->name,
					     t->paper->declared[k]);
		if (t->effect == EFFECT_HAND_OVER && !f->certificate)
			load_mistake(l, "/transitions", "\"%s\" hands over a certificate, and the form has none", t->name);
		if (t->effect == EFFECT_RESERVE_NUMBER && !f->number)
			load_mistake(l, "/transitions", "\"%s\" reserves a number, and the form gives none", t->name);
	}
	for (size_t i = 0; i < w->band_count; i++)
		for (size_t k = 0; k < w->bands[i].evidence_count; k++)
			if (!is_evidence(f, w->bands[i].evidence[k]))
				load_mistake(l, "/bands", "\"%s\" expects \"%s\", which is no evidence of the form", w->bands[i].name,
					     w->bands[i].evidence[k]);
}
