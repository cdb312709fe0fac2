/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Schemas that no file holds: what the country's forms ask for, and the words of the program's own tables.
 *
 *   Declaration.KIND   what is declared, whole       Notice.KIND   what a health facility may notify before
 *   Declared.KIND      as it is stored and shown     Details.KIND.MOVE   the small form that goes with a move
 *   NewCase.KIND       the body that opens a case
 *
 * and for each the choice among them: Declaration (also of notices), Declared, Details, NewCase.
 */
#include <stdio.h>
#include <string.h>

#include "country/strings.h"
#include "country/workflow.h"
#include "gate/describe.h"
#include "gate/problem.h"

enum { NAME_SIZE = 160 };

/* ---- words ---- */

static void add_word(json_t *list, const char *word)
{
	json_array_append_new(list, json_string(word));
}

static void set_words(json_t *all, const char *name, json_t *words, const char *says)
{
	json_object_set_new(all, name, json_pack("{s:s,s:o,s:s}", "type", "string", "enum", words, "description", says));
}

/* The product's own: every code has its message. */
static void add_field_codes(json_t *all)
{
	static const char prefix[] = "field.";
	json_t *codes = json_array();
	for (size_t i = 0; i < strings_product_count(); i++)
		if (strncmp(strings_product_key(i), prefix, sizeof prefix - 1) == 0)
			add_word(codes, strings_product_key(i) + sizeof prefix - 1);
	set_words(all, "FieldCode", codes, "What is wrong, or unusual, with one field");
}

static void add_tables(json_t *all)
{
	json_t *codes = json_array(), *roles = json_array(), *purposes = json_array(), *kinds = json_array();
	for (int i = 1; i < RC_COUNT; i++)
		add_word(codes, rc_name((enum rc)i));
	for (size_t i = 0; i < problem_code_count; i++)
		add_word(codes, problem_codes[i].code);
	for (int i = ROLE_FAMILY; i < ROLE_END; i++)
		add_word(roles, role_name((enum role)i));
	for (int i = PURPOSE_NONE + 1; i < PURPOSE_END; i++)
		add_word(purposes, purpose_name((enum purpose)i));
	for (int i = KIND_NONE + 1; i < KIND_END; i++)
		add_word(kinds, vault_kind_name((enum vault_kind)i));
	set_words(all, "ProblemCode", codes, "Why a request was refused");
	set_words(all, "Role", roles, "What an officer does; family: somebody without an account");
	set_words(all, "Purpose", purposes, "Why something personal is opened");
	set_words(all, "Sealed", kinds, "What was opened");
	add_field_codes(all);
}

/* ---- forms ---- */

static json_t *any_of(json_t *refs)
{
	if (json_array_size(refs))
		return json_pack("{s:o}", "anyOf", refs);
	json_decref(refs);
	return json_pack("{s:s}", "type", "object");
}

static json_t *ref_to(const char *name)
{
	return describe_ref("schemas", name, strlen(name));
}

/* Puts the form's schema under the name, and a reference to it in the list. */
static void add_form(json_t *all, const char *name, const struct form *f, enum form_extent extent, json_t *list)
{
	json_t *schema = NULL;
	if (form_schema(f, extent, &schema) == RC_OK && json_object_set_new(all, name, schema) == 0)
		json_array_append_new(list, ref_to(name));
}

static const struct workflow *workflow_of(const struct pack *p, const struct pack_forms *k, size_t regime)
{
	return pack_workflow_in(p, k->kind, regime < p->regime_count ? p->regimes[regime].name : NULL);
}

static bool has_notice(const struct pack *p, const struct pack_forms *k)
{
	for (size_t r = 0; r <= p->regime_count; r++) {
		const struct workflow *w = workflow_of(p, k, r);
		for (size_t i = 0; w && i < w->state_count; i++)
			if (w->states[i].notice)
				return true;
	}
	return false;
}

/* A move asks for the same in each regime, or the regime's name stands behind. */
static void add_move_details(const struct workflow *w, const struct workflow_transition *t, json_t *all, json_t *list)
{
	char name[NAME_SIZE];
	json_t *schema = NULL;
	int n = snprintf(name, sizeof name, "Details.%s.%s", w->kind, t->name);
	if (n < 0 || (size_t)n >= sizeof name || form_schema(t->details, FORM_WHOLE, &schema) != RC_OK)
		return;
	const json_t *known = json_object_get(all, name);
	if (known && !json_equal(known, schema))
		snprintf(name + n, sizeof name - (size_t)n, ".%s", w->regime ? w->regime : "");
	if (!json_object_get(all, name) && json_object_set(all, name, schema) == 0)
		json_array_append_new(list, ref_to(name));
	json_decref(schema);
}

static void add_details(const struct pack *p, const struct pack_forms *k, json_t *all, json_t *list)
{
	for (size_t r = 0; r <= p->regime_count; r++) {
		const struct workflow *w = workflow_of(p, k, r);
		for (size_t i = 0; w && i < w->transition_count; i++)
			if (w->transitions[i].details)
				add_move_details(w, &w->transitions[i], all, list);
	}
}

/* The body that opens a case of this kind: the common one, with what differs. */
static json_t *new_case(const json_t *common, const struct pack_forms *k, json_t *declarations)
{
	json_t *j = json_deep_copy(common), *properties = json_object_get(j, "properties"), *required = json_object_get(j, "required");
	json_object_set_new(properties, "kind", json_pack("{s:s,s:s}", "type", "string", "const", k->kind));
	json_object_set_new(properties, "declaration", any_of(declarations));
	add_word(required, k->form->subject_existing ? "person" : "office");
	if (!k->form->subject_existing) {
		json_object_del(properties, "person");
		json_object_del(properties, "about");
	}
	return j;
}

struct choices {
	json_t *declared, *declaration, *details, *cases, *kinds;
};

static void add_kind(const struct pack *p, const struct pack_forms *k, json_t *all, const json_t *common, struct choices *c)
{
	char name[NAME_SIZE], ref[NAME_SIZE];
	json_t *own = json_array();
	snprintf(name, sizeof name, "Declaration.%s", k->kind);
	add_form(all, name, k->form, FORM_WHOLE, own);
	snprintf(name, sizeof name, "Notice.%s", k->kind);
	if (has_notice(p, k))
		add_form(all, name, k->form, FORM_NOTICE, own);
	json_array_extend(c->declaration, own);
	snprintf(name, sizeof name, "Declared.%s", k->kind);
	add_form(all, name, k->form, FORM_PART, c->declared);
	add_details(p, k, all, c->details);
	snprintf(name, sizeof name, "NewCase.%s", k->kind);
	json_object_set_new(all, name, new_case(common, k, own));
	json_array_append_new(c->cases, ref_to(name));
	snprintf(ref, sizeof ref, "#/components/schemas/%s", name);
	json_object_set_new(c->kinds, k->kind, json_string(ref));
}

void describe_forms(const struct pack *p, json_t *all)
{
	struct choices c = {json_array(), json_array(), json_array(), json_array(), json_object()};
	json_t *common = json_incref(json_object_get(all, "NewCase"));
	for (size_t i = 0; i < p->form_count; i++)
		add_kind(p, &p->forms[i], all, common, &c);
	json_decref(common);
	json_object_set_new(all, "Declaration", any_of(c.declaration));
	json_object_set_new(all, "Declared", any_of(c.declared));
	json_object_set_new(all, "Details", any_of(c.details));
	json_object_set_new(all, "NewCase", json_pack("{s:o,s:{s:s,s:o}}", "oneOf", c.cases, "discriminator", "propertyName", "kind",
	                                              "mapping", c.kinds));
	add_tables(all);
}
