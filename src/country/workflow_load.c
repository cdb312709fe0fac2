/* SPDX-License-Identifier: MPL-2.0 */
/* Reads a pack's workflow/KIND.json; country/workflow.h says what it means. */
#include <stdio.h>
#include <string.h>

#include "country/form.h"
#include "country/load.h"
#include "country/view.h"
#include "country/workflow.h"

const char *const workflow_office_names[] = {"own", "within", "level", "covers", "anywhere", NULL};
static const char *const effect_names[] = {"none", "hold", "release", "amend", "reserve_number", "register",
					   "retire_number", "forward", "hand_over", "note", NULL};
/* As vault/policy.h names them; what a role may open is the vault's own table, not a pack's. */
const char *const workflow_role_names[] = {"family", "commune_official", "hospital_clerk", "district_verifier",
						  "registrar", "system", NULL};

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

/* The level of an office that is a case's own or stands above it: below, no case has one. */
static int load_above(struct loader *l, const struct node *n, const struct workflow *w, const char *name, enum load_need need,
		      int missing)
{
	int level = load_level(l, n, name, need, missing);
	struct node m = load_member(n, name);
	if (level > w->case_level)
		load_mistake(l, m.pointer, "lies below the level that keeps the register (\"office\"): no case has an office there");
	else if (level >= 0 && !l->pack->levels[level].office)
		load_mistake(l, m.pointer, "places of this level have no office");
	return level;
}

/* Each of the texts has a name of its own. */
static void check_twice(struct loader *l, const struct node *n, const char *what, const char *name, bool known)
{
	if (name && known)
		load_mistake(l, n->pointer, "the %s \"%s\" stands there twice", what, name);
}

static void load_deadline(struct loader *l, const struct node *state, struct workflow_state *s)
{
	struct node n = load_member(state, "deadline");
	if (!n.json || !load_is_object(l, &n))
		return;
	load_known(l, &n, "days law certainty source");
	s->deadline_days = (unsigned)load_int(l, &n, "days", 1, 36600, 1, LOAD_REQUIRED);
	s->deadline_law = load_law(l, &n, &s->deadline_certainty, NULL);
}

static void load_states(struct loader *l, const struct node *root, struct workflow *w)
{
	struct node list;
	size_t n = load_count(l, root, "states", WORKFLOW_STATES_MAX, &list), initial = 0;
	for (size_t i = 0; i < n; i++) {
		struct node item = load_item(&list, i);
		struct workflow_state *s = &w->states[w->state_count];
		if (!load_is_object(l, &item))
			continue;
		load_known(l, &item, "name title initial final waits notice transcribes deadline on_deadline queue");
		s->name = load_text(l, &item, "name", LOAD_REQUIRED);
		s->label = load_text(l, &item, "title", LOAD_REQUIRED);
		s->initial = load_bool(l, &item, "initial", false);
		s->final = load_bool(l, &item, "final", false);
		s->waits = load_bool(l, &item, "waits", false);
		s->notice = load_bool(l, &item, "notice", false);
		s->transcribes = load_bool(l, &item, "transcribes", false);
		s->queue_level = load_above(l, &item, w, "queue", LOAD_OPTIONAL, WORKFLOW_QUEUE_OWN);
		s->on_deadline = load_text(l, &item, "on_deadline", LOAD_OPTIONAL);
		load_deadline(l, &item, s);
		if (s->on_deadline && !s->deadline_days)
			load_mistake(l, item.pointer, "\"on_deadline\" goes with a deadline only");
		if (s->waits && !s->final)
			load_mistake(l, item.pointer, "\"waits\" goes with a final state only: in any other a case is worked on");
		check_twice(l, &item, "state", s->name, s->name && workflow_state(w, s->name));
		initial += s->initial;
		w->state_count += s->name != NULL;
	}
	if (initial != 1)
		load_mistake(l, "/states", "exactly one state must be initial");
}

static void load_fee(struct loader *l, const struct node *band, struct workflow_band *b)
{
	struct node n = load_member(band, "fee");
	if (!n.json || !load_is_object(l, &n))
		return;
	struct workflow_fee *fee = LOAD_ARRAY(l, struct workflow_fee, 1);
	if (!fee)
		return;
	load_known(l, &n, "amount currency law certainty source");
	fee->amount = (uint64_t)load_int(l, &n, "amount", 0, 1000000000, 0, LOAD_REQUIRED);
	fee->currency = load_text(l, &n, "currency", LOAD_REQUIRED);
	if (fee->currency && (strlen(fee->currency) != 3 || strspn(fee->currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3))
		load_mistake(l, n.pointer, "\"currency\" must be a code such as \"KHR\"");
	fee->law = load_law(l, &n, &fee->certainty, NULL);
	b->fee = fee;
}

static void load_bands(struct loader *l, const struct node *root, struct workflow *w)
{
	struct node list;
	size_t n = load_count(l, root, "bands", WORKFLOW_BANDS_MAX, &list);
	unsigned before = 0;
	for (size_t i = 0; i < n; i++) {
		struct node item = load_item(&list, i);
		struct workflow_band *b = &w->bands[w->band_count];
		if (!load_is_object(l, &item))
			continue;
		load_known(l, &item, "name title days years evidence fee law certainty source");
		b->name = load_text(l, &item, "name", LOAD_REQUIRED);
		b->label = load_text(l, &item, "title", LOAD_REQUIRED);
		b->days = (unsigned)load_int(l, &item, "days", 1, 36600, 0, LOAD_OPTIONAL);
		b->years = (unsigned)load_int(l, &item, "years", 1, 150, 0, LOAD_OPTIONAL);
		b->evidence_count = load_texts(l, &item, "evidence", WORKFLOW_EVIDENCE_MAX, b->evidence);
		b->law = load_law(l, &item, &b->certainty, NULL);
		load_fee(l, &item, b);
		unsigned limit = b->days ? b->days : b->years * 366;
		if (b->days && b->years)
			load_mistake(l, item.pointer, "has either \"days\" or \"years\"");
		if (limit ? limit <= before : i + 1 < n)
			load_mistake(l, item.pointer, "bands ascend, and only the last has no limit");
		if (limit && i + 1 == n)
			load_mistake(l, item.pointer, "the last band must have no limit, so that nobody is too late");
		before = limit;
		check_twice(l, &item, "band", b->name, b->name && workflow_band_by_name(w, b->name));
		if (b->name && strlen(b->name) > 12)
			load_mistake(l, item.pointer, "the name of a band has at most 12 letters");
		w->band_count += b->name != NULL;
	}
}

static void load_roles(struct loader *l, const struct node *n, struct workflow_transition *t)
{
	struct node list;
	size_t count = load_count(l, n, "roles", WORKFLOW_ROLES_MAX, &list);
	if (!count)
		load_mistake(l, n->pointer, "needs \"roles\"");
	for (size_t i = 0; i < count; i++) {
		struct node item = load_item(&list, i);
		const char *role = load_own_text(l, &item);
		size_t k = 0;
		while (role && workflow_role_names[k] && strcmp(workflow_role_names[k], role) != 0)
			k++;
		if (role && !workflow_role_names[k])
			load_mistake(l, item.pointer, "there is no role \"%s\" that moves a case", role);
		else if (role)
			t->roles[t->role_count++] = workflow_role_names[k];
	}
}

static void load_who(struct loader *l, const struct node *n, const struct workflow *w, struct workflow_transition *t)
{
	load_roles(l, n, t);
	bool placeless = true;
	for (size_t i = 0; i < t->role_count; i++)
		placeless &= strcmp(t->roles[i], "family") == 0 || strcmp(t->roles[i], "system") == 0;
	int office = load_word(l, n, "office", workflow_office_names, placeless ? OFFICE_OWN : -1);
	t->office = office < 0 ? OFFICE_OWN : (enum workflow_office)office;
	t->office_level = -1;
	if (t->office == OFFICE_LEVEL)
		t->office_level = load_above(l, n, w, "level", LOAD_REQUIRED, -1);
	else if (json_object_get(n->json, "level"))
		load_mistake(l, n->pointer, "\"level\" goes with office \"level\" only");
	t->count = load_text(l, n, "count", LOAD_OPTIONAL);
	char name[WORKFLOW_COUNT_SIZE];
	if (t->count && !workflow_count(t, "123456789012", name))
		load_mistake(l, n->pointer, "the name of a counter is too long");
}

static void load_declare(struct loader *l, const struct node *root, struct workflow *w)
{
	struct node list;
	size_t n = load_count(l, root, "declare", WORKFLOW_DECLARE_MAX, &list);
	if (!n)
		load_mistake(l, "/declare", "somebody must be able to open a case");
	for (size_t i = 0; i < n; i++) {
		struct node item = load_item(&list, i);
		struct workflow_declare *d = &w->declare[w->declare_count];
		if (!load_is_object(l, &item))
			continue;
		*d = (struct workflow_declare){0}; /* what one without a state left */
		load_known(l, &item, "roles office level state count");
		d->who.name = "declare";
		load_who(l, &item, w, &d->who);
		const struct workflow_state *first = workflow_initial(w);
		const char *state = load_text(l, &item, "state", LOAD_OPTIONAL);
		const struct workflow_state *s = state ? workflow_state(w, state) : first;
		if (state && !s)
			load_mistake(l, item.pointer, "there is no state \"%s\"", state);
		if (s && s->final)
			load_mistake(l, item.pointer, "no case begins in a final state");
		d->state = s ? s->name : NULL;
		w->declare_count += s != NULL;
	}
}

static void load_reasons(struct loader *l, const struct node *n, struct workflow_transition *t)
{
	const char **reasons = LOAD_ARRAY(l, const char *, 16);
	t->reasons = reasons;
	if (reasons)
		t->reason_count = load_texts(l, n, "reasons", 16, reasons);
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
		if (s)
			t->from[t->from_count++] = s->name;
	}
}

static bool is_needed(const struct workflow_transition *t, const char *kind)
{
	for (size_t i = 0; i < t->needs_count; i++)
		if (workflow_evidence_suffices(&t->needs[i], &kind, 1))
			return true;
	return false;
}

static void load_need(struct loader *l, const struct node *n, const struct workflow_transition *t, struct workflow_need *need)
{
	static const char *const ways[] = {"listed", "attached", "current", NULL};
	struct node when = load_member(n, "when");
	load_known(l, n, "of shown when");
	need->of_count = load_texts(l, n, "of", WORKFLOW_EVIDENCE_MAX, need->of);
	if (!need->of_count)
		load_mistake(l, n->pointer, "says of which kinds of evidence one is needed (\"of\")");
	for (size_t i = 0; i < need->of_count; i++)
		if (is_needed(t, need->of[i]))
			load_mistake(l, n->pointer, "\"%s\" is needed twice, and one paper would do for both", need->of[i]);
	int shown = load_word(l, n, "shown", ways, SHOWN_LISTED);
	need->shown = shown < 0 ? SHOWN_LISTED : (enum workflow_shown)shown;
	if (!when.json || !load_is_object(l, &when))
		return;
	load_known(l, &when, "field value");
	need->field = load_text(l, &when, "field", LOAD_REQUIRED);
	need->value = load_text(l, &when, "value", LOAD_REQUIRED);
}

static void load_needs(struct loader *l, const struct node *n, struct workflow_transition *t)
{
	struct node list;
	size_t count = load_count(l, n, "needs", WORKFLOW_NEEDS_MAX, &list);
	for (size_t i = 0; i < count; i++) {
		struct node item = load_item(&list, i);
		if (!load_is_object(l, &item))
			continue;
		load_need(l, &item, t, &t->needs[t->needs_count]);
		t->needs_count++;
	}
}

static void load_unless(struct loader *l, const struct node *n, struct workflow_transition *t)
{
	struct node m = load_member(n, "unless");
	if (!m.json || !load_is_object(l, &m))
		return;
	load_known(l, &m, "field value");
	t->unless.field = load_text(l, &m, "field", LOAD_REQUIRED);
	t->unless.value = load_text(l, &m, "value", LOAD_REQUIRED);
	for (size_t i = 0; i < t->role_count; i++)
		if (strcmp(t->roles[i], "family") == 0 || strcmp(t->roles[i], "system") == 0)
			load_mistake(l, m.pointer, "\"%s\" cannot open the declaration on which the move depends", t->roles[i]);
}

static void load_conditions(struct loader *l, const struct node *n, const struct workflow *w,
			    struct workflow_transition *t)
{
	load_needs(l, n, t);
	load_unless(l, n, t);
	t->band_count = load_texts(l, n, "bands", WORKFLOW_BANDS_MAX, t->bands);
	for (size_t i = 0; i < t->band_count; i++)
		if (!workflow_band_by_name(w, t->bands[i]))
			load_mistake(l, n->pointer, "there is no band \"%s\"", t->bands[i]);
	t->after_deadline = load_bool(l, n, "after_deadline", false);
	t->before_deadline = load_bool(l, n, "before_deadline", false);
	for (size_t i = 0; (t->after_deadline || t->before_deadline) && i < t->from_count; i++)
		if (!workflow_state(w, t->from[i])->deadline_days)
			load_mistake(l, n->pointer, "the state \"%s\" has no deadline", t->from[i]);
}

static bool stays(enum workflow_effect e)
{
	return e == EFFECT_HOLD || e == EFFECT_RELEASE || e == EFFECT_AMEND || e == EFFECT_FORWARD ||
	       e == EFFECT_HAND_OVER || e == EFFECT_NOTE;
}

static void load_effect(struct loader *l, const struct node *n, const struct workflow *w, struct workflow_transition *t)
{
	const char *to = load_text(l, n, "to", LOAD_OPTIONAL);
	const struct workflow_state *s = to ? workflow_state(w, to) : NULL;
	t->to = s ? s->name : NULL;
	if (to && !s)
		load_mistake(l, n->pointer, "there is no state \"%s\"", to);
	int effect = load_word(l, n, "effect", effect_names, EFFECT_NONE);
	t->effect = effect < 0 ? EFFECT_NONE : (enum workflow_effect)effect;
	if (to && t->effect == EFFECT_NOTE)
		load_mistake(l, n->pointer, "the effect \"note\" leaves the state as it is");
	if (!to && !stays(t->effect))
		load_mistake(l, n->pointer, "needs \"to\", since its effect is none of those that may leave the state");
	for (size_t i = 0; i < t->needs_count; i++)
		if (t->needs[i].shown == SHOWN_CURRENT && t->effect == EFFECT_AMEND)
			load_mistake(l, n->pointer, "what amends brings a declaration to which nothing was attached yet: nothing can be "
						    "\"current\"");
	t->verifies = t->effect == EFFECT_RESERVE_NUMBER || load_bool(l, n, "verifies", false);
	t->to_office = load_bool(l, n, "to_office", false);
	if (t->to_office != (t->effect == EFFECT_FORWARD))
		load_mistake(l, n->pointer, "\"to_office\" and the effect \"forward\" go together");
	if (t->effect == EFFECT_REGISTER && s && !s->final)
		load_mistake(l, n->pointer, "registering leads to a final state");
	for (size_t k = 0; k < t->role_count; k++)
		if (t->effect == EFFECT_REGISTER && strcmp(t->roles[k], "registrar") != 0)
			load_mistake(l, n->pointer, "only a registrar registers: the vault signs for no other role");
}

static void load_details(struct loader *l, const struct node *n, const struct workflow *w, struct workflow_transition *t)
{
	struct node details = load_member(n, "details");
	struct form *f = details.json ? LOAD_ARRAY(l, struct form, 1) : NULL;
	if (!f)
		return;
	f->pack = l->pack;
	f->kind = w->kind;
	form_load_part(l, &details, f);
	t->details = f;
}

static void load_paper(struct loader *l, const struct node *n, struct workflow_transition *t)
{
	struct node m = load_member(n, "paper");
	struct workflow_paper *paper = m.json && load_is_object(l, &m) ? LOAD_ARRAY(l, struct workflow_paper, 1) : NULL;
	if (!paper)
		return;
	load_known(l, &m, "title declared details texts law certainty source appeal");
	paper->title = load_text(l, &m, "title", LOAD_REQUIRED);
	paper->declared_count = load_texts(l, &m, "declared", WORKFLOW_PAPER_MAX, paper->declared);
	paper->details_count = load_texts(l, &m, "details", WORKFLOW_PAPER_MAX, paper->details);
	paper->text_count = load_texts(l, &m, "texts", WORKFLOW_PAPER_MAX, paper->texts);
	paper->law = load_law(l, &m, &paper->certainty, NULL);
	paper->appeal = load_text(l, &m, "appeal", LOAD_OPTIONAL);
	for (size_t i = 0; i < paper->details_count; i++)
		if (!t->details || !form_field_by_path(t->details, paper->details[i]))
			load_mistake(l, m.pointer, "\"%s\" is none of the move's details", paper->details[i]);
	if (!t->to)
		load_mistake(l, m.pointer, "a paper tells of a move to another state");
	else if (paper->title)
		t->paper = paper;
}

/* A move of which nothing is said is as sure as the regime whose offices make it. */
static void load_authority(struct loader *l, const struct node *n, struct workflow_transition *t)
{
	if (load_member(n, "law").json || load_member(n, "certainty").json || load_member(n, "source").json)
		t->law = load_law(l, n, &t->certainty, NULL);
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
		*t = (struct workflow_transition){0}; /* what one without a name left */
		load_known(l, &item, "name title from to roles office level reason reasons effect needs unless bands "
				     "after_deadline before_deadline details to_office count paper verifies law certainty source");
		t->name = load_text(l, &item, "name", LOAD_REQUIRED);
		t->label = load_text(l, &item, "title", LOAD_REQUIRED);
		load_from(l, &item, w, t);
		load_who(l, &item, w, t);
		load_reasons(l, &item, t);
		t->needs_reason = load_bool(l, &item, "reason", false);
		load_conditions(l, &item, w, t);
		load_effect(l, &item, w, t);
		load_details(l, &item, w, t);
		load_paper(l, &item, t);
		load_authority(l, &item, t);
		w->transition_count += t->name != NULL;
	}
}

void workflow_load(struct loader *l, const char *file, struct workflow *w)
{
	struct node root = {.json = load_file(l, file)};
	const size_t before = l->report->count;
	if (!root.json)
		return;
	load_known(l, &root, "kind regime office office_kind bands declare states transitions");
	const char *kind = load_text(l, &root, "kind", LOAD_REQUIRED);
	if (kind && strcmp(kind, w->kind) != 0)
		load_mistake(l, "/kind", "must be \"%s\", as the file's name", w->kind);
	const char *regime = load_text(l, &root, "regime", LOAD_OPTIONAL);
	if (strcmp(regime ? regime : "", w->regime ? w->regime : "") != 0)
		load_mistake(l, "/regime", "must be as in the file's name");
	w->case_level = load_level(l, &root, "office", LOAD_REQUIRED, -1);
	w->office_kind = load_text(l, &root, "office_kind", LOAD_OPTIONAL);
	if (w->case_level >= 0 && !l->pack->levels[w->case_level].office)
		load_mistake(l, "/office", "places of this level have no office");
	load_bands(l, &root, w);
	load_states(l, &root, w);
	load_declare(l, &root, w);
	load_transitions(l, &root, w);
	workflow_check_ends(l, w, l->report->count == before);
	json_decref((json_t *)(uintptr_t)root.json);
}
