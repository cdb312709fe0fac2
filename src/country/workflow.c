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
static bool leaves(const struct workflow_transition *t, const char *state)
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

static bool sits_right(const struct workflow_transition *t, const char *officer, const char *office)
{
	size_t len;
	switch (t->office) {
	case OFFICE_OWN: return strcmp(officer, office) == 0;
	case OFFICE_WITHIN: return covers(office, officer);
	case OFFICE_COVERS: return covers(officer, office);
	case OFFICE_LEVEL:
		len = scope_prefix(office, (size_t)t->office_level + 1);
		return len && strlen(officer) == len && memcmp(officer, office, len) == 0;
	}
	return false;
}

static bool is_for(const struct workflow_transition *t, const char *role, const char *officer, const char *office)
{
	for (size_t i = 0; i < t->role_count; i++) {
		bool family = strcmp(t->roles[i], "family") == 0;
		if (!role || family) {
			if (!role && family)
				return true; /* a family sits nowhere */
		} else if (strcmp(t->roles[i], role) == 0) {
			return officer && sits_right(t, officer, office);
		}
	}
	return false;
}

enum rc workflow_may(const struct workflow *w, const char *transition, const char *state, const char *role,
		     const char *officer_scope, const char *case_office, bool has_reason,
		     const struct workflow_transition **ret)
{
	enum rc rc = RC_NOT_FOUND;
	for (size_t i = 0; i < w->transition_count; i++) {
		const struct workflow_transition *t = &w->transitions[i];
		if (strcmp(t->name, transition) != 0)
			continue;
		/* Who may never do it learns nothing of the state. */
		if (!is_for(t, role, officer_scope, case_office)) {
			rc = rc == RC_NOT_FOUND ? RC_FORBIDDEN : rc;
			continue;
		}
		if (!leaves(t, state)) {
			rc = RC_STATE;
			continue;
		}
		if (t->needs_reason && !has_reason)
			return RC_INVALID;
		if (ret)
			*ret = t;
		return RC_OK;
	}
	return rc;
}

enum rc workflow_may_declare(const struct workflow *w, const char *role, const char *officer_scope,
			     const char *case_office)
{
	if (pack_scope_depth(case_office) != (size_t)w->case_level + 1 || !covers(w->pack->code, case_office))
		return RC_INVALID;
	return is_for(&w->declare, role, officer_scope, case_office) ? RC_OK : RC_FORBIDDEN;
}

enum rc workflow_queue_office(const struct workflow *w, const char *state, const char *case_office,
			      char *out, size_t size)
{
	const struct workflow_state *s = workflow_state(w, state);
	if (!s)
		return RC_INVALID;
	size_t len = s->queue_level < 0 ? strlen(case_office) : scope_prefix(case_office, (size_t)s->queue_level + 1);
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

bool workflow_is_late(const struct workflow *w, struct date event, int64_t reported_us)
{
	return w->report_days &&
	       date_to_days(pack_local_date(w->pack, reported_us, NULL)) - date_to_days(event) > w->report_days;
}
