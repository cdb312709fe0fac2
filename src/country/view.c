/* SPDX-License-Identifier: MPL-2.0 */
#include "country/view.h"

#include <string.h>

#include "country/pages.h"
#include "country/sounds.h"

const char *const form_type_names[] = {"name", "text", "date", "partial_date", "time", "choice", "place", "bool",
				       "list", "country", "number", NULL};
const char *const form_keep_names[] = {"act", "case", "statistics", NULL};
const char *const form_script_names[] = {"any", "native", "latin", NULL};
const char *const form_rule_names[] = {"not_future", "not_before", "not_before_field", "time_not_future", "must_be",
				       "present_if", "required_with", "place_on", "one_of", "not_with",
				       "present_with", "age_between", "not_titled", "surname_of", "not_above",
				       "not_before_step", NULL};

void view_add(json_t **list, json_t *item)
{
	if (json_array_append_new(*list, item) != 0) {
		json_decref(*list);
		*list = NULL;
	}
}

void view_set(json_t **object, const char *name, json_t *value)
{
	if (json_object_set_new(*object, name, value) != 0) {
		json_decref(*object);
		*object = NULL;
	}
}

json_t *view_texts(const char *const *texts, size_t count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		view_add(&list, json_string(texts[i]));
	return list;
}

/* ---- a form ---- */

static json_t *choices_view(const struct form_field *x)
{
	json_t *list = json_array();
	for (size_t i = 0; i < x->choice_count; i++)
		view_add(&list, json_pack("{s:s,s:s}", "value", x->choices[i].value, "title", x->choices[i].label));
	return list;
}

static json_t *fields_view(const struct form_field *fields, size_t count);

static json_t *field_view(const struct form_field *x)
{
	json_t *j = json_pack("{s:s,s:s,s:s,s:s,s:b,s:b,s:I,s:I}", "path", x->path, "title", x->title, "type",
			      form_type_names[x->type], "keep", form_keep_names[x->keep], "required", x->required, "notice",
			      x->notice, "min_bytes", (json_int_t)x->min_bytes, "max_bytes", (json_int_t)x->max_bytes);
	if (x->label)
		view_set(&j, "label", json_integer(x->label));
	if (x->script != SCRIPT_ANY)
		view_set(&j, "script", json_string(form_script_names[x->script]));
	if (x->role_count)
		view_set(&j, "for", view_texts(x->roles, x->role_count));
	if (x->type == FIELD_NUMBER) {
		view_set(&j, "min", json_integer(x->min));
		view_set(&j, "max", json_integer(x->max));
	}
	if (x->type == FIELD_CHOICE)
		view_set(&j, "choices", choices_view(x));
	if (x->type == FIELD_LIST) {
		view_set(&j, "items", fields_view(x->items, x->item_count));
		view_set(&j, "max_items", json_integer((json_int_t)x->max_items));
	}
	return j;
}

static json_t *fields_view(const struct form_field *fields, size_t count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		view_add(&list, field_view(&fields[i]));
	return list;
}

static json_t *objects_view(const struct form *f)
{
	json_t *list = json_array();
	for (size_t i = 0; i < f->object_count; i++)
		view_add(&list, json_pack("{s:s,s:b,s:b}", "path", f->objects[i].path, "required", f->objects[i].required,
					  "notice", f->objects[i].notice));
	return list;
}

static json_t *rules_view(const struct form *f)
{
	json_t *list = json_array();
	for (size_t i = 0; i < f->rule_count; i++) {
		const struct form_rule *r = &f->rules[i];
		view_add(&list, json_pack("{s:s,s:s,s:s*,s:s*,s:s,s:b,s:b}", "rule", form_rule_names[r->kind], "field", r->field,
					  "other", r->other, "value", r->value, "code", r->code, "warn", r->warn,
					  "notice", r->notice));
	}
	return list;
}

static json_t *when_view(const struct form_page *page)
{
	if (page->when_value)
		return json_pack("{s:s,s:s}", "field", page->when, "value", page->when_value);
	return json_pack("{s:s,s:b}", "field", page->when, "present", !page->when_absent);
}

static json_t *page_view(const struct form_page *page)
{
	json_t *fields = json_array();
	for (size_t i = 0; i < page->field_count; i++)
		view_add(&fields, json_string(page->fields[i]->path));
	json_t *j = json_pack("{s:s,s:s,s:s*,s:o,s:s*,s:s*}", "id", page->id, "title", page->title, "hint", page->hint, "fields",
			      fields, "optional", page->optional, "optional_title", page->optional_title);
	if (page->role_count)
		view_set(&j, "for", view_texts(page->roles, page->role_count));
	if (page->when)
		view_set(&j, "when", when_view(page));
	return j;
}

/* What is no mere slip of the pen. */
static json_t *changes_view(const struct form *f)
{
	json_t *list = json_array();
	for (size_t i = 0; i < f->change_count; i++) {
		const struct form_change *x = &f->changes[i];
		view_add(&list, json_pack("{s:o,s:o}", "of", view_texts(x->of, x->of_count), "needs", view_texts(x->needs, x->needs_count)));
	}
	return list;
}

static json_t *pages_view(const struct form *f)
{
	json_t *list = json_array();
	for (size_t i = 0; i < f->page_count; i++)
		view_add(&list, page_view(&f->pages[i]));
	return list;
}

static const char *path_of(const struct form *f, uint32_t label)
{
	const struct form_field *x = label ? form_field_by_label(f, label) : NULL;
	return x ? x->path : NULL;
}

static const char *subject_of(const struct form *f)
{
	return f->subject_existing ? "existing" : "new";
}

static bool asks_by(const struct form *f, const char *key)
{
	for (size_t i = 0; i < f->page_count; i++) {
		const struct form_page *page = &f->pages[i];
		if (strcmp(page->title, key) == 0 || (page->hint && strcmp(page->hint, key) == 0) ||
		    (page->optional_title && strcmp(page->optional_title, key) == 0))
			return true;
	}
	for (size_t i = 0; i < f->field_count; i++)
		if (strcmp(f->fields[i].title, key) == 0)
			return true;
	return false;
}

/* Which of its words can be heard: by language and key the name of the recording. */
static json_t *sounds_view(const struct form *f)
{
	json_t *all = json_object();
	for (size_t i = 0; all && i < f->pack->sound_count; i++) {
		const struct sound *s = &f->pack->sounds[i];
		if (!asks_by(f, s->key))
			continue;
		if (!json_object_get(all, s->language))
			view_set(&all, s->language, json_object());
		if (json_object_set_new(json_object_get(all, s->language), s->key, json_string(s->tag)) != 0) {
			json_decref(all);
			return NULL;
		}
	}
	return all;
}

json_t *view_form(const struct form *f)
{
	return json_pack("{s:s,s:s,s:s?,s:s,s:{s:s,s:s?,s:s?},s:s?,s:o,s:o,s:o,s:o,s:o,s:o}", "id", f->id, "kind", f->kind, "base", f->base,
			 "subject", subject_of(f), "event", "date", f->subject_date, "name_native",
			 path_of(f, f->subject_name_native), "name_latin", path_of(f, f->subject_name_latin), "evidence",
			 f->evidence, "objects", objects_view(f), "fields", fields_view(f->fields, f->field_count), "rules",
			 rules_view(f), "pages", pages_view(f), "changes", changes_view(f),
			 "sounds", sounds_view(f));
}

json_t *view_details(const struct form *f)
{
	return json_pack("{s:o,s:o,s:o}", "objects", objects_view(f), "fields", fields_view(f->fields, f->field_count), "rules",
			 rules_view(f));
}

/* ---- the country ---- */

static json_t *level_view(const struct pack_level *l)
{
	return json_pack("{s:s,s:i,s:b,s:{s:s,s:s}}", "name", l->name, "code_length", (int)l->code_length, "office", l->office,
			 "print", "native", l->print_native ? l->print_native : "{name}", "latin",
			 l->print_latin ? l->print_latin : "{name}");
}

static json_t *levels_view(const struct pack *p)
{
	json_t *list = json_array();
	for (size_t i = 0; i < p->level_count; i++)
		view_add(&list, level_view(&p->levels[i]));
	return list;
}

static json_t *code_points(const uint32_t *points, size_t count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		view_add(&list, json_integer(points[i]));
	return list;
}

static json_t *names_view(const struct pack_names *n)
{
	json_t *titles = json_array();
	for (size_t i = 0; i < n->title_count; i++)
		view_add(&titles, json_pack("{s:s,s:b,s:b}", "text", n->titles[i].text, "joined", n->titles[i].joined, "name",
					    n->titles[i].name));
	return json_pack("{s:s,s:s,s:o,s:o,s:o}", "script", n->native_script, "order", n->order, "native_extra",
			 code_points(n->native_extra, n->native_extra_count), "latin_extra",
			 code_points(n->latin_extra, n->latin_extra_count), "titles", titles);
}

static void add_declare(json_t **list, const struct workflow *w)
{
	for (size_t i = 0; w && i < w->declare_count; i++) {
		const struct workflow_transition *who = &w->declare[i].who;
		view_add(list, json_pack("{s:o,s:s,s:s,s:s?}", "roles", view_texts(who->roles, who->role_count), "office",
					 workflow_office_names[who->office], "state", w->declare[i].state, "regime", w->regime));
	}
}

static json_t *declare_view(const struct pack_forms *k)
{
	json_t *list = json_array();
	add_declare(&list, k->workflow);
	for (size_t i = 0; i < PACK_REGIMES_MAX; i++)
		add_declare(&list, k->in_regime[i]);
	return list;
}

static void add_states(json_t **all, const struct workflow *w)
{
	for (size_t i = 0; *all && w && i < w->state_count; i++)
		if (!json_object_get(*all, w->states[i].name))
			view_set(all, w->states[i].name, json_pack("{s:s,s:b,s:b,s:b,s:b}", "title", w->states[i].label, "final",
								   w->states[i].final, "waits", w->states[i].waits, "notice",
								   w->states[i].notice, "transcribes", w->states[i].transcribes));
}

/* Of every regime: a case may be at any office. */
static json_t *states_view(const struct pack_forms *k)
{
	json_t *all = json_object();
	add_states(&all, k->workflow);
	for (size_t i = 0; i < PACK_REGIMES_MAX; i++)
		add_states(&all, k->in_regime[i]);
	return all;
}

static json_t *kind_view(const struct pack *p, const struct pack_forms *k)
{
	const struct workflow *w = k->workflow;
	return json_pack("{s:s,s:s,s:s,s:b,s:s?,s:s?,s:s?,s:o,s:o}", "kind", k->kind, "register", k->form->reg, "subject",
			 subject_of(k->form), "certificate", k->form->certificate != NULL, "base", k->form->base, "level",
			 w->case_level < 0 ? NULL : p->levels[w->case_level].name, "office_kind", w->office_kind, "declare",
			 declare_view(k), "states", states_view(k));
}

static json_t *kinds_view(const struct pack *p)
{
	json_t *list = json_array();
	for (size_t i = 0; i < p->form_count; i++)
		view_add(&list, kind_view(p, &p->forms[i]));
	return list;
}

static json_t *regimes_view(const struct pack *p)
{
	json_t *list = json_array();
	for (size_t i = 0; i < p->regime_count; i++)
		view_add(&list, json_pack("{s:s,s:s}", "name", p->regimes[i].name, "title", p->regimes[i].label));
	return list;
}

json_t *view_country(const struct pack *p)
{
	return json_pack("{s:s,s:s,s:{s:s,s:s},s:i,s:o,s:s,s:o,s:o,s:s,s:o,s:o,s:o}", "code", p->code, "version", p->version,
			 "name", "native", p->name_native, "latin", p->name_latin, "zone_minutes", p->zone_minutes, "languages",
			 view_texts(p->languages, p->language_count), "native_language", p->native_language, "levels",
			 levels_view(p), "names", names_view(&p->names), "number_pattern", p->numbering.number_pattern, "kinds",
			 kinds_view(p), "regimes", regimes_view(p), "words", words_view(p));
}
