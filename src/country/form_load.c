/* SPDX-License-Identifier: MPL-2.0 */
/* Reads a pack's forms/KIND.json; country/form.h says what it means, docs/country-packs.md how it is written. */
#include <stdio.h>
#include <string.h>

#include "country/denied.h"
#include "country/form.h"
#include "country/load.h"
#include "country/pages.h"
#include "country/view.h"
#include "country/workflow.h"

static const char *const codes[] = {
#define X(name, text) text,
	FORM_CODES(X)
#undef X
	NULL};

/* "/child/birth/date": small letters, digits and '_' between slashes. */
static bool is_path(const char *s)
{
	if (*s != '/' || strlen(s) >= FORM_POINTER_SIZE / 2)
		return false;
	for (size_t i = 1; s[i - 1]; i++) {
		char c = s[i];
		bool letter = (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
		if (!letter && !((c == '/' || !c) && s[i - 1] != '/'))
			return false;
	}
	return true;
}

static const char *load_path(struct loader *l, const struct node *n, const char *name, enum load_need need)
{
	const char *path = load_text(l, n, name, need);
	char pointer[LOAD_POINTER_SIZE];
	snprintf(pointer, sizeof pointer, "%s/%s", n->pointer, name);
	if (path && !is_path(path)) {
		load_mistake(l, pointer, "must be a pointer such as \"/child/birth/date\", in small letters");
		return NULL;
	}
	char part[FORM_POINTER_SIZE];
	for (const char *at = path; at && *at == '/'; at += strcspn(at, "/")) {
		at++;
		snprintf(part, sizeof part, "%.*s", (int)strcspn(at, "/"), at);
		if (denied_field_name(part))
			load_mistake(l, pointer, "asks for ethnicity, race, religion or tribe: no form may");
	}
	return path;
}

static void load_choices(struct loader *l, const struct node *n, struct form_field *f)
{
	struct node list;
	size_t count = load_count(l, n, "choices", 64, &list);
	struct form_choice *choices = LOAD_ARRAY(l, struct form_choice, count);
	if ((f->type == FIELD_CHOICE) != (count != 0))
		load_mistake(l, n->pointer, f->type == FIELD_CHOICE ? "a choice needs choices" : "only a choice has choices");
	for (size_t i = 0; choices && i < count; i++) {
		struct node item = load_item(&list, i);
		struct form_choice *c = &choices[f->choice_count];
		if (!load_is_object(l, &item))
			continue;
		load_known(l, &item, "value code title");
		c->value = load_text(l, &item, "value", LOAD_REQUIRED);
		c->code = load_text(l, &item, "code", LOAD_OPTIONAL);
		c->label = load_text(l, &item, "title", LOAD_REQUIRED);
		if (!c->value)
			continue;
		for (size_t k = 0; k < f->choice_count; k++)
			if (strcmp(choices[k].value, c->value) == 0)
				load_mistake(l, item.pointer, "the value \"%s\" stands there twice", c->value);
		f->choice_count++;
	}
	f->choices = choices;
}

static void load_field(struct loader *l, const struct node *n, struct form_field *f, bool inner);

static void load_items(struct loader *l, const struct node *n, struct form_field *f)
{
	struct node list;
	size_t count = load_count(l, n, "items", FORM_ITEMS_MAX, &list);
	struct form_field *items = LOAD_ARRAY(l, struct form_field, count);
	if (!count)
		load_mistake(l, n->pointer, "a list needs items");
	for (size_t i = 0; items && i < count; i++) {
		struct node item = load_item(&list, i);
		load_field(l, &item, &items[i], true);
		if (items[i].path && strchr(items[i].path + 1, '/'))
			load_mistake(l, item.pointer, "a field of a list item stands directly in it");
	}
	f->items = items;
	f->item_count = count;
	f->max_items = (size_t)load_int(l, n, "max_items", 1, FORM_LIST_MAX, FORM_LIST_MAX, LOAD_OPTIONAL);
}

static size_t longest(enum field_type type, size_t names_max)
{
	return type == FIELD_NAME ? names_max : type == FIELD_TEXT ? 500 : type == FIELD_PLACE ? 15 : 64;
}

/* What is kept outside the act is found by no label, printed by no name and stated by no extract. */
static void load_keeping(struct loader *l, const struct node *n, struct form_field *f)
{
	int keep = load_word(l, n, "keep", form_keep_names, f->keep);
	f->keep = keep < 0 ? KEEP_ACT : (enum field_keep)keep;
	f->notice = load_bool(l, n, "notice", false);
	if (f->keep == KEEP_ACT)
		f->label = (uint32_t)load_int(l, n, "label", FORM_LABEL_MIN, 65535, FORM_LABEL_MIN, LOAD_REQUIRED);
	static const char *const of_acts[] = {"label", "extract", "index", "print"};
	for (size_t i = 0; f->keep != KEEP_ACT && i < sizeof of_acts / sizeof *of_acts; i++)
		if (json_object_get(n->json, of_acts[i]))
			load_mistake(l, n->pointer, "a field that is kept outside the act has no \"%s\"", of_acts[i]);
}

/* Sexes are counted by their first letters. */
static void check_sex(struct loader *l, const struct node *n, const struct form_field *f)
{
	bool known = f->type == FIELD_CHOICE && f->choice_count;
	for (size_t i = 0; i < f->choice_count; i++)
		known &= f->choices[i].value && strchr("mfu", f->choices[i].value[0]) != NULL;
	if (f->index == 7 && !known)
		load_mistake(l, n->pointer, "index key 7 is the sex: a choice of values that begin with m, f or u");
}

static void load_field(struct loader *l, const struct node *n, struct form_field *f, bool inner)
{
	if (!load_is_object(l, n))
		return;
	load_known(l, n, inner ? "path type script required min_bytes max_bytes min max choices title print"
			       : "path label type script required min_bytes max_bytes min max choices extract index print title "
				 "items max_items keep notice for");
	f->path = load_path(l, n, "path", LOAD_REQUIRED);
	int type = load_word(l, n, "type", form_type_names, -1);
	f->type = type < 0 ? FIELD_TEXT : (enum field_type)type;
	const char **roles = json_object_get(n->json, "for") ? LOAD_ARRAY(l, const char *, WORKFLOW_ROLES_MAX) : NULL;
	f->roles = roles;
	f->role_count = roles ? load_for(l, n, roles) : 0;
	if (!inner)
		load_keeping(l, n, f);
	int script = load_word(l, n, "script", form_script_names, SCRIPT_ANY);
	f->script = script < 0 ? SCRIPT_ANY : (enum field_script)script;
	f->required = load_bool(l, n, "required", false);
	if (f->role_count && f->required)
		load_mistake(l, n->pointer, "what only some may say cannot be required");
	f->max_bytes = (size_t)load_int(l, n, "max_bytes", 1, 2000, (long long)longest(f->type, l->pack->names.max_bytes),
					LOAD_OPTIONAL);
	f->min_bytes = (size_t)load_int(l, n, "min_bytes", 1, (long long)f->max_bytes, 1, LOAD_OPTIONAL);
	f->min = load_int(l, n, "min", 0, INT32_MAX, 0, LOAD_OPTIONAL);
	f->max = load_int(l, n, "max", f->min, INT32_MAX, INT32_MAX, LOAD_OPTIONAL);
	f->extract = (unsigned)load_int(l, n, "extract", 3, 64, 0, LOAD_OPTIONAL);
	f->index = (unsigned)load_int(l, n, "index", 1, 8, 0, LOAD_OPTIONAL);
	f->print = load_text(l, n, "print", LOAD_OPTIONAL);
	f->title = load_text(l, n, "title", LOAD_REQUIRED);
	load_choices(l, n, f);
	if (f->type == FIELD_LIST && !inner)
		load_items(l, n, f);
	else if (f->type == FIELD_LIST || json_object_get(n->json, "items"))
		load_mistake(l, n->pointer, inner ? "a list inside a list is not possible" : "only a list has items");
	if (f->type == FIELD_LIST && (f->extract || f->index || f->required))
		load_mistake(l, n->pointer, "a list is neither required nor part of an extract or the index");
	if (f->type == FIELD_NUMBER && (f->extract || f->index))
		load_mistake(l, n->pointer, "a number is part of neither an extract nor the index");
	check_sex(l, n, f);
}

static bool is_object_path(const struct form *f, const char *path, size_t len)
{
	for (size_t i = 0; i < f->object_count; i++)
		if (f->objects[i].path && strlen(f->objects[i].path) == len && memcmp(f->objects[i].path, path, len) == 0)
			return true;
	return !len;
}

static void check_parent(struct loader *l, const struct form *f, const char *path, const char *pointer)
{
	const char *slash = path ? strrchr(path, '/') : NULL;
	if (slash && !is_object_path(f, path, (size_t)(slash - path)))
		load_mistake(l, pointer, "\"%.*s\" is not among the objects (list outer ones first)", (int)(slash - path), path);
}

static void load_objects(struct loader *l, const struct node *root, const struct form *base, struct form *f)
{
	struct node list;
	size_t n = load_count(l, root, "objects", 32, &list);
	struct form_object *objects = LOAD_ARRAY(l, struct form_object, n + (base ? base->object_count : 0));
	f->objects = objects;
	for (size_t i = 0; objects && base && i < base->object_count; i++)
		objects[f->object_count++] = base->objects[i];
	for (size_t i = 0; objects && i < n; i++) {
		struct node item = load_item(&list, i);
		if (!load_is_object(l, &item))
			continue;
		load_known(l, &item, "path required notice");
		objects[f->object_count].path = load_path(l, &item, "path", LOAD_REQUIRED);
		objects[f->object_count].notice = load_bool(l, &item, "notice", false);
		objects[f->object_count].required = load_bool(l, &item, "required", false);
		check_parent(l, f, objects[f->object_count].path, item.pointer);
		f->object_count += objects[f->object_count].path != NULL;
	}
}

/* Two fields share neither path, label, print name, extract key nor index key; labels ascend. */
static void check_unique(struct loader *l, const struct form *f, const struct form_field *x, const char *pointer)
{
	for (const struct form_field *y = f->fields; y < x; y++) {
		if (x->path && y->path && strcmp(x->path, y->path) == 0)
			load_mistake(l, pointer, "the path \"%s\" stands there twice", x->path);
		if (x->label && x->label <= y->label)
			load_mistake(l, pointer, "labels must ascend, and %u does not", (unsigned)x->label);
		if (x->print && y->print && strcmp(x->print, y->print) == 0)
			load_mistake(l, pointer, "the print name \"%s\" stands there twice", x->print);
		if ((x->extract && x->extract == y->extract) || (x->index && x->index == y->index))
			load_mistake(l, pointer, "an extract or index key stands there twice");
	}
	if (x->extract == 8)
		load_mistake(l, pointer, "the extract key 8 is the date of registration");
}

/* What a restating form has from its base: the fields of the act. */
static void take_fields(struct loader *l, const struct form *base, struct form_field *fields, struct form *f)
{
	for (size_t i = 0; i < base->field_count; i++) {
		if (base->fields[i].keep != KEEP_ACT)
			continue;
		if (base->fields[i].label >= FORM_LABEL_OWN)
			load_mistake(l, "/base", "\"%s\" has labels from %d on, which belong to forms that restate it", base->kind,
				     FORM_LABEL_OWN);
		fields[f->field_count++] = base->fields[i];
	}
}

static void load_fields(struct loader *l, const struct node *root, const struct form *base, enum field_keep keep,
			struct form *f)
{
	struct node list;
	size_t n = load_count(l, root, "fields", FORM_FIELDS_MAX, &list);
	struct form_field *fields = LOAD_ARRAY(l, struct form_field, n + (base ? base->field_count : 0));
	f->fields = fields;
	if (!n)
		load_mistake(l, list.pointer, "a form needs fields");
	if (fields && base)
		take_fields(l, base, fields, f);
	for (size_t i = 0; fields && i < n; i++) {
		struct node item = load_item(&list, i);
		struct form_field *x = &fields[f->field_count];
		x->keep = keep;
		load_field(l, &item, x, false);
		check_unique(l, f, x, item.pointer);
		check_parent(l, f, x->path, item.pointer);
		if (x->path && is_object_path(f, x->path, strlen(x->path)))
			load_mistake(l, item.pointer, "is also among the objects");
		if (base && x->keep == KEEP_ACT && x->label < FORM_LABEL_OWN)
			load_mistake(l, item.pointer, "labels of a form with a base begin at %d", FORM_LABEL_OWN);
		/* A field without a path is no field: nothing later looks at it. */
		if (!x->path)
			x->path = "";
		f->field_count++;
	}
	if (f->field_count > FORM_FIELDS_MAX)
		load_mistake(l, list.pointer, "with its base the form has more than %d fields", FORM_FIELDS_MAX);
}

struct rule_needs {
	bool other, value, type_known;
	enum field_type type;
};

static const struct rule_needs needs[] = {
	[RULE_NOT_FUTURE] = {false, false, true, FIELD_DATE},
	[RULE_NOT_BEFORE] = {false, true, true, FIELD_DATE},
	[RULE_NOT_BEFORE_FIELD] = {true, false, true, FIELD_DATE},
	[RULE_TIME_NOT_FUTURE] = {true, false, true, FIELD_TIME},
	[RULE_MUST_BE] = {false, true, false, 0},
	[RULE_PRESENT_IF] = {true, true, false, 0},
	[RULE_REQUIRED_WITH] = {true, false, false, 0},
	[RULE_PLACE_ON] = {true, false, true, FIELD_PLACE},
	[RULE_ONE_OF] = {true, false, false, 0},
	[RULE_NOT_WITH] = {true, false, false, 0},
	[RULE_PRESENT_WITH] = {true, false, false, 0},
	[RULE_AGE_BETWEEN] = {true, true, true, FIELD_DATE},
	[RULE_NOT_TITLED] = {false, false, true, FIELD_NAME},
	[RULE_SURNAME_OF] = {true, false, true, FIELD_NAME},
	[RULE_NOT_ABOVE] = {true, false, true, FIELD_NUMBER},
	[RULE_NOT_BEFORE_STEP] = {false, false, true, FIELD_DATE},
};

static bool is_known_path(const struct form *f, const char *path)
{
	return is_object_path(f, path, strlen(path)) || form_field_by_path(f, path);
}

static void check_rule(struct loader *l, const struct form *f, const struct form_rule *r, const char *pointer)
{
	const struct rule_needs *need = &needs[r->kind];
	struct date d;
	if (r->field && !is_known_path(f, r->field))
		load_mistake(l, pointer, "the form has no \"%s\"", r->field);
	if (r->other && !is_known_path(f, r->other))
		load_mistake(l, pointer, "the form has no \"%s\"", r->other);
	if (need->other && !r->other)
		load_mistake(l, pointer, "a rule \"%s\" needs \"other\"", form_rule_names[r->kind]);
	if (need->value && !r->value)
		load_mistake(l, pointer, "a rule \"%s\" needs \"value\"", form_rule_names[r->kind]);
	if (r->kind == RULE_NOT_BEFORE && r->value && !date_parse(r->value, strlen(r->value), &d))
		load_mistake(l, pointer, "\"value\" must be a date");
	int from, to;
	if (r->kind == RULE_AGE_BETWEEN && r->value && !form_ages(r->value, &from, &to))
		load_mistake(l, pointer, "\"value\" must be two ages such as \"12..60\"");
	if (r->kind == RULE_SURNAME_OF && l->pack->names.surname.part == PACK_NAME_NONE)
		load_mistake(l, pointer, "the pack's names have no surname");
	const struct form_field *x = r->field ? form_field_by_path(f, r->field) : NULL;
	const struct form_field *other = r->other ? form_field_by_path(f, r->other) : NULL;
	if (r->kind == RULE_NOT_ABOVE && other && other->type != FIELD_NUMBER)
		load_mistake(l, pointer, "\"%s\" is no number", r->other);
	if (r->kind == RULE_NOT_BEFORE_STEP && f->id)
		load_mistake(l, pointer, "only what a move says follows a step of the case");
	bool dates = x && need->type == FIELD_DATE && x->type == FIELD_PARTIAL_DATE;
	if (need->type_known && x && x->type != need->type && !dates)
		load_mistake(l, pointer, "a rule \"%s\" is for a field of type %s", form_rule_names[r->kind],
			     form_type_names[need->type]);
}

static void load_rules(struct loader *l, const struct node *root, const struct form *base, struct form *f)
{
	struct node list;
	size_t n = load_count(l, root, "rules", 96, &list);
	struct form_rule *rules = LOAD_ARRAY(l, struct form_rule, n + (base ? base->rule_count : 0));
	f->rules = rules;
	for (size_t i = 0; rules && base && i < base->rule_count; i++)
		if (is_known_path(f, base->rules[i].field) && (!base->rules[i].other || is_known_path(f, base->rules[i].other)))
			rules[f->rule_count++] = base->rules[i];
	for (size_t i = 0; rules && i < n; i++) {
		struct node item = load_item(&list, i);
		struct form_rule *r = &rules[f->rule_count];
		if (!load_is_object(l, &item))
			continue;
		load_known(l, &item, "rule field other value code warn notice law");
		int kind = load_word(l, &item, "rule", form_rule_names, -1);
		int code = load_word(l, &item, "code", codes, -1);
		r->field = load_path(l, &item, "field", LOAD_REQUIRED);
		r->other = load_path(l, &item, "other", LOAD_OPTIONAL);
		r->value = load_text(l, &item, "value", LOAD_OPTIONAL);
		const char *law = load_text(l, &item, "law", LOAD_OPTIONAL);
		if (law && !pack_law(l->pack, law))
			load_mistake(l, item.pointer, "the pack names no law \"%s\"", law);
		if (kind < 0 || code < 0 || !r->field)
			continue;
		r->kind = (enum form_rule_kind)kind;
		r->code = codes[code];
		r->warn = load_bool(l, &item, "warn", false);
		r->notice = load_bool(l, &item, "notice", false);
		check_rule(l, f, r, item.pointer);
		f->rule_count++;
	}
}

static uint32_t load_subject_name(struct loader *l, const struct node *root, const struct form *f, const char *name)
{
	struct node subject = load_member(root, "event");
	const char *path = load_path(l, &subject, name, LOAD_OPTIONAL);
	const struct form_field *x = path ? form_field_by_path(f, path) : NULL;
	if (path && (!x || x->type != FIELD_NAME))
		load_mistake(l, subject.pointer, "\"%s\" is no name of the form", path);
	return x ? x->label : 0;
}

static void load_subject(struct loader *l, const struct node *root, struct form *f)
{
	struct node event = load_member(root, "event");
	if (!load_is_object(l, &event))
		return;
	load_known(l, &event, "date name_native name_latin");
	f->subject_date = load_path(l, &event, "date", LOAD_REQUIRED);
	const struct form_field *x = f->subject_date ? form_field_by_path(f, f->subject_date) : NULL;
	if (f->subject_date && (!x || x->type != FIELD_DATE))
		load_mistake(l, event.pointer, "\"%s\" is no date of the form", f->subject_date);
	f->subject_name_native = load_subject_name(l, root, f, "name_native");
	f->subject_name_latin = load_subject_name(l, root, f, "name_latin");
}

static const struct form *load_base(struct loader *l, const struct node *root, struct form *f)
{
	f->base = load_text(l, root, "base", LOAD_OPTIONAL);
	const struct form *base = f->base ? pack_form(l->pack, f->base) : NULL;
	if (f->base && !base)
		load_mistake(l, "/base", "there is no form \"%s\" among the kinds before this one", f->base);
	if (base && base->base)
		load_mistake(l, "/base", "\"%s\" has a base itself", f->base);
	return base;
}

/* What becomes of the declaration. */
static void load_purpose(struct loader *l, const struct node *root, struct form *f)
{
	static const char *const subjects[] = {"new", "existing", NULL};
	f->subject_existing = load_word(l, root, "subject", subjects, 0) == 1;
	f->act_kind = load_text(l, root, "act", LOAD_OPTIONAL);
	if (!f->act_kind)
		f->act_kind = f->kind;
	f->number = load_bool(l, root, "number", false);
	f->certificate = load_text(l, root, "certificate", LOAD_OPTIONAL);
	f->reg = load_text(l, root, "register", LOAD_REQUIRED);
	if (f->reg && strlen(f->reg) > 7)
		load_mistake(l, "/register", "is longer than 7 bytes");
	f->extract_kind = load_text(l, root, "extract_kind", LOAD_OPTIONAL);
	if (f->certificate && !f->extract_kind)
		load_mistake(l, "/certificate", "what has a certificate has an extract: \"extract_kind\"");
	if (f->number && f->subject_existing)
		load_mistake(l, "/number", "who is registered has a number");
}

/* The list of evidence: an item's "kind" says what was shown. */
static void load_evidence(struct loader *l, const struct node *root, struct form *f)
{
	f->evidence = load_path(l, root, "evidence", LOAD_OPTIONAL);
	const struct form_field *list = f->evidence ? form_field_by_path(f, f->evidence) : NULL;
	for (size_t i = 0; list && i < list->item_count; i++)
		if (list->items[i].path && strcmp(list->items[i].path, "/kind") == 0 && list->items[i].type == FIELD_CHOICE)
			return;
	if (f->evidence)
		load_mistake(l, "/evidence", "must name a list whose items have a choice \"/kind\"");
}

static bool is_evidence(const struct form *f, const char *kind)
{
	const struct form_field *list = f->evidence ? form_field_by_path(f, f->evidence) : NULL;
	for (size_t i = 0; list && i < list->item_count; i++)
		for (size_t k = 0; strcmp(list->items[i].path, "/kind") == 0 && k < list->items[i].choice_count; k++)
			if (strcmp(list->items[i].choices[k].value, kind) == 0)
				return true;
	return false;
}

/* Whether the path is, or holds, a field that the act restates. */
static bool is_restated(const struct form *f, const char *path)
{
	size_t len = strlen(path);
	for (size_t i = 0; i < f->field_count; i++) {
		const struct form_field *field = &f->fields[i];
		if (field->keep == KEEP_ACT && field->label < FORM_LABEL_OWN && strncmp(field->path, path, len) == 0 &&
		    (field->path[len] == '\0' || field->path[len] == '/'))
			return true;
	}
	return false;
}

static void load_change(struct loader *l, const struct node *n, const struct form *f, struct form_change *c)
{
	static const char *const ways[] = {"either", "entered", "taken_out", NULL};
	load_known(l, n, "of way needs law certainty source");
	c->of_count = load_texts(l, n, "of", FORM_CHANGE_OF_MAX, c->of);
	c->way = (enum form_change_way)load_word(l, n, "way", ways, CHANGE_EITHER);
	c->needs_count = load_texts(l, n, "needs", FORM_CHANGE_NEEDS_MAX, c->needs);
	c->law = load_law(l, n, &c->certainty, &c->source);
	if (!c->of_count || !c->needs_count || !c->certainty)
		load_mistake(l, n->pointer, "says what is changed (\"of\"), what that \"needs\", and with what \"certainty\"");
	for (size_t i = 0; i < c->of_count; i++)
		if (!is_restated(f, c->of[i]))
			load_mistake(l, n->pointer, "\"%s\" is nothing that the act restates", c->of[i]);
	if (c->way != CHANGE_EITHER && (c->of_count != 1 || form_field_by_path(f, c->of[0])))
		load_mistake(l, n->pointer, "only one object is \"entered\" or \"taken_out\"");
	for (size_t i = 0; i < c->needs_count; i++)
		if (!is_evidence(f, c->needs[i]))
			load_mistake(l, n->pointer, "\"%s\" is no evidence of the form", c->needs[i]);
}

static void load_changes(struct loader *l, const struct node *root, struct form *f)
{
	struct node list;
	size_t count = load_count(l, root, "changes", FORM_CHANGES_MAX, &list);
	struct form_change *changes = LOAD_ARRAY(l, struct form_change, count);
	if (count && !form_restates(f))
		load_mistake(l, "/changes", "only what restates an act changes it: a \"base\", and a subject that is existing");
	for (size_t i = 0; changes && i < count; i++) {
		struct node item = load_item(&list, i);
		if (load_is_object(l, &item))
			load_change(l, &item, f, &changes[f->change_count++]);
	}
	f->changes = changes;
}

static void load_alters(struct loader *l, const struct node *root, struct form *f)
{
	f->alters_count = load_texts(l, root, "alters", FORM_ALTERS_MAX, f->alters);
	if (f->alters_count && !form_restates(f))
		load_mistake(l, "/alters", "only what restates an act alters it: a \"base\", and a subject that is existing");
	for (size_t i = 0; i < f->alters_count; i++)
		if (!is_restated(f, f->alters[i]))
			load_mistake(l, "/alters", "\"%s\" is nothing that the act restates", f->alters[i]);
}

void form_load_part(struct loader *l, const struct node *n, struct form *f)
{
	if (!load_is_object(l, n))
		return;
	load_known(l, n, "objects fields rules");
	load_objects(l, n, NULL, f);
	load_fields(l, n, NULL, KEEP_CASE, f);
	load_rules(l, n, NULL, f);
}

void form_load(struct loader *l, const char *file, struct form *f)
{
	struct node root = {.json = load_file(l, file)};
	if (!root.json)
		return;
	load_known(l, &root, "id kind act subject number certificate base register extract_kind event evidence changes alters objects "
			     "fields rules pages");
	f->id = load_text(l, &root, "id", LOAD_REQUIRED);
	const char *kind = load_text(l, &root, "kind", LOAD_REQUIRED);
	if (kind && strcmp(kind, f->kind) != 0)
		load_mistake(l, "/kind", "must be \"%s\", as the file's name", f->kind);
	load_purpose(l, &root, f);
	const struct form *base = load_base(l, &root, f);
	load_objects(l, &root, base, f);
	load_fields(l, &root, base, KEEP_ACT, f);
	load_rules(l, &root, base, f);
	load_subject(l, &root, f);
	load_evidence(l, &root, f);
	load_changes(l, &root, f);
	load_alters(l, &root, f);
	pages_load(l, &root, f);
	json_decref((json_t *)(uintptr_t)root.json);
}
