/* SPDX-License-Identifier: MPL-2.0 */
#include "country/workflow.h"

#include <stdio.h>
#include <string.h>

const struct workflow_state *workflow_state(const struct workflow *w, const char *name)
{
	for (size_t i = 0; i < w->state_count; i++)
		if (strcmp(w->states[i].name, name) == 0)
			return &w->states[i];
	return NULL;
}

const struct workflow_state *workflow_initial(const struct workflow *w)
{
	for (size_t i = 0; i < w->state_count; i++)
		if (w->states[i].initial)
			return &w->states[i];
	return NULL;
}

/* A name may stand there more than once, with other states or another effect
   ("reject" before and after a number was reserved). */
bool workflow_leaves(const struct workflow_transition *t, const char *state)
{
	for (size_t i = 0; i < t->from_count; i++)
		if (strcmp(t->from[i], state) == 0)
			return true;
	return false;
}

const struct workflow_transition *workflow_transition(const struct workflow *w, const char *name)
{
	for (size_t i = 0; i < w->transition_count; i++)
		if (strcmp(w->transitions[i].name, name) == 0)
			return &w->transitions[i];
	return NULL;
}

/* Bytes of the scope's first `depth` + 1 parts, or 0 if it has fewer. */
static size_t scope_prefix(const char *scope, size_t depth)
{
	const char *at = scope;
	for (size_t i = 0; i <= depth; i++) {
		if (i && *at++ != '/')
			return 0;
		at += strcspn(at, "/");
	}
	return (size_t)(at - scope);
}

static bool covers(const char *outer, const char *inner)
{
	size_t len = strlen(outer);
	return strncmp(outer, inner, len) == 0 && (inner[len] == '\0' || inner[len] == '/');
}

static bool sits_right(const struct workflow *w, const struct workflow_transition *t, const char *officer,
		       const char *office)
{
	size_t len;
	switch (t->office) {
	case OFFICE_OWN: return strcmp(officer, office) == 0;
	case OFFICE_WITHIN: return covers(office, officer);
	case OFFICE_COVERS: return covers(officer, office);
	case OFFICE_ANYWHERE:
		return pack_scope_depth(officer) == pack_scope_depth(office) && covers(w->pack->code, officer);
	case OFFICE_LEVEL:
		len = scope_prefix(office, (size_t)t->office_level + 1);
		return len && strlen(officer) == len && memcmp(officer, office, len) == 0;
	}
	return false;
}

static bool is_for(const struct workflow *w, const struct workflow_transition *t, const char *role,
		   const char *officer, const char *office)
{
	const char *who = role ? role : "family";
	bool placeless = !role || strcmp(who, "system") == 0; /* a family sits nowhere, nor does the program */
	for (size_t i = 0; i < t->role_count; i++)
		if (strcmp(t->roles[i], who) == 0)
			return placeless || (officer && sits_right(w, t, officer, office));
	return false;
}

static bool is_in_band(const struct workflow_transition *t, const char *band)
{
	for (size_t i = 0; i < t->band_count; i++)
		if (band && strcmp(t->bands[i], band) == 0)
			return true;
	return !t->band_count;
}

static bool is_in_time(const struct workflow_transition *t, const struct workflow_ask *ask)
{
	bool passed = ask->deadline && ask->now >= ask->deadline;
	return !(t->after_deadline && !passed) && !(t->before_deadline && passed);
}

enum rc workflow_may(const struct workflow *w, const struct workflow_ask *ask, const struct workflow_transition **ret)
{
	enum rc rc = RC_NOT_FOUND;
	for (size_t i = 0; i < w->transition_count; i++) {
		const struct workflow_transition *t = &w->transitions[i];
		if (strcmp(t->name, ask->transition) != 0)
			continue;
		/* Who may never do it learns nothing of the state. */
		if (!is_for(w, t, ask->role, ask->officer_scope, ask->case_office)) {
			rc = rc == RC_NOT_FOUND ? RC_FORBIDDEN : rc;
			continue;
		}
		if (!workflow_leaves(t, ask->state) || !is_in_band(t, ask->band) || !is_in_time(t, ask)) {
			rc = RC_STATE;
			continue;
		}
		if (t->needs_reason && !ask->has_reason)
			return RC_INVALID;
		if (ret)
			*ret = t;
		return RC_OK;
	}
	return rc;
}

const struct workflow_transition *workflow_with_paper(const struct workflow *w, const char *name, const char *from, const char *to)
{
	for (size_t i = 0; i < w->transition_count; i++) {
		const struct workflow_transition *t = &w->transitions[i];
		if (t->paper && t->to && strcmp(t->name, name) == 0 && strcmp(t->to, to) == 0 && workflow_leaves(t, from))
			return t;
	}
	return NULL;
}

const struct workflow_transition *workflow_appeal(const struct workflow *w, const struct workflow_transition *t,
						  const struct workflow_state **ret_from)
{
	const struct workflow_transition *later = NULL;
	for (size_t i = 0; t->paper->appeal && i < w->transition_count; i++) {
		const struct workflow_transition *a = &w->transitions[i];
		if (strcmp(a->name, t->paper->appeal) != 0 || !a->before_deadline || !a->to)
			continue;
		if (workflow_leaves(a, t->to)) {
			*ret_from = workflow_state(w, t->to);
			return a;
		}
		later = later ? later : a;
	}
	*ret_from = later ? workflow_state(w, later->from[0]) : NULL;
	return later;
}

bool workflow_evidence_suffices(const struct workflow_need *need, const char *const *kinds, size_t count)
{
	for (size_t i = 0; i < need->of_count; i++)
		for (size_t k = 0; k < count; k++)
			if (strcmp(need->of[i], kinds[k]) == 0)
				return true;
	return false;
}

enum rc workflow_may_declare(const struct workflow *w, const char *role, const char *officer_scope,
			     const char *case_office, const struct workflow_declare **ret)
{
	if (pack_scope_depth(case_office) != (size_t)w->case_level + 1 || !covers(w->pack->code, case_office))
		return RC_INVALID;
	for (size_t i = 0; i < w->declare_count; i++) {
		if (!is_for(w, &w->declare[i].who, role, officer_scope, case_office))
			continue;
		if (ret)
			*ret = &w->declare[i];
		return RC_OK;
	}
	return RC_FORBIDDEN;
}

enum rc workflow_queue_office(const struct workflow *w, const char *state, const char *case_office,
			      char *out, size_t size)
{
	const struct workflow_state *s = workflow_state(w, state);
	if (!s)
		return RC_INVALID;
	size_t len = s->queue_level == WORKFLOW_QUEUE_OWN ? strlen(case_office)
							  : scope_prefix(case_office, (size_t)s->queue_level + 1);
	if (!len)
		return RC_INVALID;
	if (len >= size)
		return RC_TOO_LARGE;
	memcpy(out, case_office, len);
	out[len] = '\0';
	return RC_OK;
}

bool workflow_deadline(const struct workflow *w, const char *state, int64_t entered_us, struct date *ret)
{
	const struct workflow_state *s = workflow_state(w, state);
	if (!s || !s->deadline_days)
		return false;
	*ret = date_from_days(date_to_days(pack_local_date(w->pack, entered_us, NULL)) + s->deadline_days);
	return true;
}

static struct date years_after(struct date d, unsigned years)
{
	d.year += (int)years;
	char text[DATE_TEXT_SIZE];
	struct date exists;
	date_format(d, text);
	/* From 29 February on, in a year without it: the day after the 28th. */
	return date_parse(text, strlen(text), &exists) ? d : (struct date){d.year, 3, 1};
}

const struct workflow_band *workflow_band(const struct workflow *w, struct date event, struct date reported)
{
	for (size_t i = 0; i < w->band_count; i++) {
		const struct workflow_band *b = &w->bands[i];
		if (!b->days && !b->years)
			return b;
		int64_t last = b->days ? date_to_days(event) + b->days : date_to_days(years_after(event, b->years));
		if (date_to_days(reported) <= last)
			return b;
	}
	return NULL;
}

const struct workflow_band *workflow_band_by_name(const struct workflow *w, const char *name)
{
	for (size_t i = 0; i < w->band_count; i++)
		if (strcmp(w->bands[i].name, name) == 0)
			return &w->bands[i];
	return NULL;
}

bool workflow_count(const struct workflow_transition *t, const char *band, char out[static WORKFLOW_COUNT_SIZE])
{
	const char *part = t->count ? strstr(t->count, "{band}") : NULL;
	if (!t->count)
		return false;
	int n = part ? snprintf(out, WORKFLOW_COUNT_SIZE, "%.*s%s%s", (int)(part - t->count), t->count,
				band ? band : "none", part + strlen("{band}"))
		     : snprintf(out, WORKFLOW_COUNT_SIZE, "%s", t->count);
	return n > 0 && n < WORKFLOW_COUNT_SIZE;
}
