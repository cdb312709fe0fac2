/* SPDX-License-Identifier: MPL-2.0 */
/* Reads a pack's workflow/KIND.json; country/workflow.h says what it means. */
#include <string.h>

#include "country/load.h"
#include "country/workflow.h"

static const char *const office_names[] = {"own", "within", "level", "covers", NULL};
static const char *const effect_names[] = {"none", "hold", "release", "amend", "reserve_number", "register",
					   "retire_number", NULL};
/* As vault/policy.h names them; what a role may open is the vault's own table, not a pack's. */
static const char *const role_names[] = {"family", "commune_official", "hospital_clerk", "district_verifier",
					 "registrar", NULL};
static const char *const certainty_names[] = {"official", "secondary", "assumed", NULL};

static void load_period(struct loader *l, const struct node *n, unsigned *ret_days, const char **ret_law,
			const char **ret_certainty)
{
	if (!load_is_object(l, n))
		return;
	load_known(l, n, "days law certainty");
	*ret_days = (unsigned)load_int(l, n, "days", 1, 3660, 1, LOAD_REQUIRED);
	*ret_law = load_text(l, n, "law", LOAD_OPTIONAL);
	if (*ret_law && !pack_law(l->pack, *ret_law))
		load_mistake(l, n->pointer, "the pack names no law \"%s\"", *ret_law);
	int c = load_word(l, n, "certainty", certainty_names, -1);
	*ret_certainty = c < 0 ? NULL : certainty_names[c];
	if (c == 0 && !*ret_law)
		load_mistake(l, n->pointer, "an official period names its law");
}

/* Index of a level by name; `missing` when the member is absent; -1 for "national". */
static int load_level(struct loader *l, const struct node *n, const char *name, enum load_need need, int missing)
{
	const char *text = load_text(l, n, name, need);
	if (!text)
		return missing;
	int level = pack_level_index(l->pack, text);
	if (level < 0 && strcmp(text, "national") != 0) {
		load_mistake(l, n->pointer, "the pack has no level \"%s\"", text);
		return missing;
	}
	return level;
}

static void load_states(struct loader *l, const struct node *root, struct workflow *w)
{
	struct node list;
	size_t n = load_count(l, root, "states", WORKFLOW_STATES_MAX, &list), initial = 0;
	for (size_t i = 0; i < n; i++) {
		struct node item = load_item(&list, i), deadline;
		struct workflow_state *s = &w->states[w->state_count];
		if (!load_is_object(l, &item))
			continue;
		load_known(l, &item, "name title initial final deadline queue");
		s->name = load_text(l, &item, "name", LOAD_REQUIRED);
		s->label = load_text(l, &item, "title", LOAD_REQUIRED);
		s->initial = load_bool(l, &item, "initial", false);
		s->final = load_bool(l, &item, "final", false);
		s->queue_level = load_level(l, &item, "queue", LOAD_OPTIONAL, -1);
		deadline = load_member(&item, "deadline");
		if (deadline.json)
			load_period(l, &deadline, &s->deadline_days, &s->deadline_law, &s->deadline_certainty);
		if (s->name && workflow_state(w, s->name))
			load_mistake(l, item.pointer, "the state \"%s\" stands there twice", s->name);
		initial += s->initial;
		w->state_count += s->name != NULL;
	}
	if (initial != 1)
		load_mistake(l, "/states", "exactly one state must be initial");
}

static void load_who(struct loader *l, const struct node *n, struct workflow_transition *t)
{
	struct node list;
	size_t count = load_count(l, n, "roles", WORKFLOW_ROLES_MAX, &list);
	if (!count)
		load_mistake(l, n->pointer, "needs \"roles\"");
	for (size_t i = 0; i < count; i++) {
		struct node item = load_item(&list, i);
		const char *role = load_own_text(l, &item);
		size_t k = 0;
		while (role && role_names[k] && strcmp(role_names[k], role) != 0)
			k++;
		if (role && !role_names[k])
			load_mistake(l, item.pointer, "there is no role \"%s\" that moves a case", role);
		else if (role)
			t->roles[t->role_count++] = role_names[k];
	}
	int office = load_word(l, n, "office", office_names, -1);
	t->office = office < 0 ? OFFICE_OWN : (enum workflow_office)office;
	t->office_level = -1;
	if (t->office == OFFICE_LEVEL)
		t->office_level = load_level(l, n, "level", LOAD_REQUIRED, -1);
	else if (json_object_get(n->json, "level"))
		load_mistake(l, n->pointer, "\"level\" goes with office \"level\" only");
}

static void load_reasons(struct loader *l, const struct node *n, struct workflow_transition *t)
{
	struct node list;
	size_t count = load_count(l, n, "reasons", 16, &list);
	const char **reasons = LOAD_ARRAY(l, const char *, count);
	t->reasons = reasons;
	for (size_t i = 0; reasons && i < count; i++) {
		struct node item = load_item(&list, i);
		const char *reason = load_own_text(l, &item);
		if (reason)
			reasons[t->reason_count++] = reason;
	}
}

static void load_from(struct loader *l, const struct node *n, const struct workflow *w, struct workflow_transition *t)
{
	struct node list;
	size_t count = load_count(l, n, "from", WORKFLOW_STATES_MAX, &list);
	if (!count)
		load_mistake(l, n->pointer, "needs \"from\"");
	for (size_t i = 0; i < count; i++) {
		struct node item = load_item(&list, i);
		const char *name = load_own_text(l, &item);
		const struct workflow_state *s = name ? workflow_state(w, name) : NULL;
		if (name && !s)
			load_mistake(l, item.pointer, "there is no state \"%s\"", name);
		else if (s && s->final)
			load_mistake(l, item.pointer, "\"%s\" is final", name);
		if (s)
			t->from[t->from_count++] = s->name;
	}
}

static bool stays(enum workflow_effect e)
{
	return e == EFFECT_HOLD || e == EFFECT_RELEASE || e == EFFECT_AMEND;
}

static void load_transitions(struct loader *l, const struct node *root, struct workflow *w)
{
	struct node list;
	size_t n = load_count(l, root, "transitions", WORKFLOW_TRANSITIONS_MAX, &list);
	for (size_t i = 0; i < n; i++) {
		struct node item = load_item(&list, i);
		struct workflow_transition *t = &w->transitions[w->transition_count];
		if (!load_is_object(l, &item))
			continue;
		load_known(l, &item, "name title from to roles office level reason reasons effect");
		t->name = load_text(l, &item, "name", LOAD_REQUIRED);
		t->label = load_text(l, &item, "title", LOAD_REQUIRED);
		load_from(l, &item, w, t);
		const char *to = load_text(l, &item, "to", LOAD_OPTIONAL);
		const struct workflow_state *s = to ? workflow_state(w, to) : NULL;
		t->to = s ? s->name : NULL;
		if (to && !s)
			load_mistake(l, item.pointer, "there is no state \"%s\"", to);
		load_who(l, &item, t);
		load_reasons(l, &item, t);
		t->needs_reason = load_bool(l, &item, "reason", false);
		int effect = load_word(l, &item, "effect", effect_names, EFFECT_NONE);
		t->effect = effect < 0 ? EFFECT_NONE : (enum workflow_effect)effect;
		if (!to && !stays(t->effect))
			load_mistake(l, item.pointer, "needs \"to\", since it is neither hold, release nor amend");
		if (t->effect == EFFECT_REGISTER && s && !s->final)
			load_mistake(l, item.pointer, "registering leads to a final state");
		for (size_t k = 0; k < t->role_count; k++)
			if (t->effect == EFFECT_REGISTER && strcmp(t->roles[k], "registrar") != 0)
				load_mistake(l, item.pointer, "only a registrar registers: the vault signs for no other role");
		w->transition_count += t->name != NULL;
	}
}

/* A case must be able to end from wherever it may stand. */
static void check_ways(struct loader *l, const struct workflow *w)
{
	for (size_t i = 0; i < w->state_count; i++) {
		bool way = w->states[i].final;
		for (size_t k = 0; k < w->transition_count; k++)
			for (size_t m = 0; m < w->transitions[k].from_count; m++)
				way |= w->transitions[k].to && strcmp(w->transitions[k].from[m], w->states[i].name) == 0;
		if (!way)
			load_mistake(l, "/transitions", "no transition leaves the state \"%s\"", w->states[i].name);
	}
}

void workflow_load(struct loader *l, const char *file, struct workflow *w)
{
	struct node root = {.json = load_file(l, file)}, n;
	if (!root.json)
		return;
	load_known(l, &root, "kind office report declare states transitions");
	const char *kind = load_text(l, &root, "kind", LOAD_REQUIRED);
	if (kind && strcmp(kind, w->kind) != 0)
		load_mistake(l, "/kind", "must be \"%s\", as the file's name", w->kind);
	w->case_level = load_level(l, &root, "office", LOAD_REQUIRED, -1);
	if (w->case_level >= 0 && !l->pack->levels[w->case_level].office)
		load_mistake(l, "/office", "places of this level have no office");
	n = load_member(&root, "report");
	if (n.json)
		load_period(l, &n, &w->report_days, &w->report_law, &w->report_certainty);
	load_states(l, &root, w);
	n = load_member(&root, "declare");
	if (load_is_object(l, &n)) {
		load_known(l, &n, "roles office level");
		w->declare.name = "declare";
		load_who(l, &n, &w->declare);
	}
	load_transitions(l, &root, w);
	check_ways(l, w);
	json_decref((json_t *)(uintptr_t)root.json);
}
