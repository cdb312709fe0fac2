/* SPDX-License-Identifier: MPL-2.0 */
#include "country/pages.h"

#include <stdio.h>
#include <string.h>

#include "country/load.h"
#include "country/view.h"

static bool is_below(const char *path, const char *object)
{
	size_t len = strlen(object);
	return strncmp(path, object, len) == 0 && path[len] == '/';
}

static const struct form_object *object_at(const struct form *f, const char *path)
{
	for (size_t i = 0; i < f->object_count; i++)
		if (strcmp(f->objects[i].path, path) == 0)
			return &f->objects[i];
	return NULL;
}

bool form_field_is_for(const struct form_field *x, const char *role)
{
	bool found = !x->role_count;
	for (size_t i = 0; i < x->role_count && !found; i++)
		found = strcmp(x->roles[i], role ? role : "family") == 0;
	return found;
}

static bool is_for(const struct form_page *page, const char *role)
{
	bool found = !page->role_count;
	for (size_t i = 0; i < page->role_count && !found; i++)
		found = strcmp(page->roles[i], role) == 0;
	return found;
}

/* ---- reading ---- */

size_t load_for(struct loader *l, const struct node *n, const char **out)
{
	struct node list;
	size_t kept = 0, count = load_count(l, n, "for", WORKFLOW_ROLES_MAX, &list);
	if (list.json && !count)
		load_mistake(l, list.pointer, "names nobody; leave it out to ask everybody");
	for (size_t i = 0; i < count; i++) {
		struct node item = load_item(&list, i);
		const char *role = load_own_text(l, &item);
		size_t k = 0;
		while (role && workflow_role_names[k] && strcmp(workflow_role_names[k], role) != 0)
			k++;
		if (role && (!workflow_role_names[k] || strcmp(role, "system") == 0))
			load_mistake(l, item.pointer, "there is no role \"%s\" that is asked", role);
		else if (role)
			out[kept++] = workflow_role_names[k];
	}
	return kept;
}

/* Whether some role is asked both pages. */
static bool share_a_role(const struct form_page *a, const struct form_page *b)
{
	bool share = !a->role_count;
	for (size_t i = 0; i < a->role_count; i++)
		share |= is_for(b, a->roles[i]);
	return share;
}

static bool has_field(const struct form_page *page, const struct form_field *x)
{
	for (size_t i = 0; i < page->field_count; i++)
		if (page->fields[i] == x)
			return true;
	return false;
}

static void load_page_fields(struct loader *l, const struct node *n, const struct form *f, struct form_page *page)
{
	struct node list;
	size_t count = load_count(l, n, "fields", PAGE_FIELDS_MAX, &list);
	if (!count)
		load_mistake(l, n->pointer, "a page needs fields");
	for (size_t i = 0; i < count; i++) {
		struct node item = load_item(&list, i);
		const char *path = load_own_text(l, &item);
		const struct form_field *x = path ? form_field_by_path(f, path) : NULL;
		if (path && !x)
			load_mistake(l, item.pointer, "the form has no field \"%s\"", path);
		for (const struct form_page *other = f->pages; x && other <= page; other++)
			if (has_field(other, x) && share_a_role(other, page))
				load_mistake(l, item.pointer, "\"%s\" stands on the page \"%s\" as well, for the same role", path,
					     other->id ? other->id : "");
		if (x)
			page->fields[page->field_count++] = x;
	}
}

static void load_page_optional(struct loader *l, const struct node *n, const struct form *f, struct form_page *page)
{
	page->optional = load_text(l, n, "optional", LOAD_OPTIONAL);
	page->optional_title = load_text(l, n, "optional_title", page->optional ? LOAD_REQUIRED : LOAD_OPTIONAL);
	if (page->optional_title && !page->optional)
		load_mistake(l, n->pointer, "\"optional_title\" goes with \"optional\" only");
	if (!page->optional)
		return;
	const struct form_object *o = object_at(f, page->optional);
	struct node at = load_member(n, "optional");
	if (!o || o->required)
		load_mistake(l, at.pointer, "the form has no object \"%s\" that may be left out", page->optional);
	for (size_t i = 0; i < page->field_count; i++)
		if (!is_below(page->fields[i]->path, page->optional))
			load_mistake(l, at.pointer, "\"%s\" is not in \"%s\"", page->fields[i]->path, page->optional);
}

static bool may_have(const struct form_field *x, const char *value)
{
	if (x->type == FIELD_BOOL)
		return strcmp(value, "true") == 0 || strcmp(value, "false") == 0;
	bool found = x->type != FIELD_CHOICE;
	for (size_t i = 0; i < x->choice_count && !found; i++)
		found = strcmp(x->choices[i].value, value) == 0;
	return found;
}

static void load_page_when(struct loader *l, const struct node *n, const struct form *f, struct form_page *page)
{
	struct node when = load_member(n, "when");
	if (!when.json || !load_is_object(l, &when))
		return;
	load_known(l, &when, "field value present");
	page->when = load_text(l, &when, "field", LOAD_REQUIRED);
	page->when_value = load_text(l, &when, "value", LOAD_OPTIONAL);
	page->when_absent = !load_bool(l, &when, "present", true);
	if (page->when_value && json_object_get(when.json, "present"))
		load_mistake(l, when.pointer, "has either \"value\" or \"present\"");
	const struct form_field *x = page->when ? form_field_by_path(f, page->when) : NULL;
	if (page->when && !x && !object_at(f, page->when))
		load_mistake(l, when.pointer, "the form has no \"%s\"", page->when);
	else if (page->when_value && (!x || !may_have(x, page->when_value)))
		load_mistake(l, when.pointer, "\"%s\" never has the value \"%s\"", page->when, page->when_value);
}

static void load_page(struct loader *l, const struct node *n, const struct form *f, struct form_page *page)
{
	load_known(l, n, "id title hint fields for optional optional_title when");
	page->id = load_text(l, n, "id", LOAD_REQUIRED);
	for (const struct form_page *other = f->pages; page->id && other < page; other++)
		if (other->id && strcmp(other->id, page->id) == 0)
			load_mistake(l, n->pointer, "the page \"%s\" stands there twice", page->id);
	page->title = load_text(l, n, "title", LOAD_REQUIRED);
	page->hint = load_text(l, n, "hint", LOAD_OPTIONAL);
	page->role_count = load_for(l, n, page->roles);
	load_page_fields(l, n, f, page);
	load_page_optional(l, n, f, page);
	load_page_when(l, n, f, page);
}

void pages_load(struct loader *l, const struct node *root, struct form *f)
{
	struct node list;
	size_t n = load_count(l, root, "pages", PAGES_MAX, &list);
	struct form_page *pages = LOAD_ARRAY(l, struct form_page, n);
	f->pages = pages;
	for (size_t i = 0; pages && i < n; i++) {
		struct node item = load_item(&list, i);
		if (load_is_object(l, &item))
			load_page(l, &item, f, &pages[f->page_count++]);
	}
}

/* ---- whether those who are asked can finish ---- */

/* One who opens a case: a role, and whether what it sends is a notification. */
struct asker {
	struct loader *l;
	const struct form *form;
	const char *role;
	bool notice;
};

/* Whether the role is asked for the field, or for something in the object. */
static bool asks(const struct asker *a, const char *path)
{
	for (const struct form_page *page = a->form->pages; page < a->form->pages + a->form->page_count; page++)
		for (size_t i = 0; is_for(page, a->role) && i < page->field_count; i++)
			if (strcmp(page->fields[i]->path, path) == 0 || is_below(page->fields[i]->path, path))
				return true;
	return false;
}

static bool needs_object(const struct asker *a, const struct form_object *o)
{
	bool holds = !a->notice;
	for (size_t i = 0; i < a->form->field_count; i++)
		holds |= a->form->fields[i].notice && is_below(a->form->fields[i].path, o->path);
	return (holds && o->required) || (a->notice && o->notice);
}

/* Whether all that holds the path will be there: it must be, or the role is asked for something in it. */
static bool is_held(const struct asker *a, const char *path)
{
	for (size_t i = 0; i < a->form->object_count; i++) {
		const struct form_object *o = &a->form->objects[i];
		if (is_below(path, o->path) && !needs_object(a, o) && !asks(a, o->path))
			return false;
	}
	return true;
}

/* What a form restates is filled in from the act that stands. */
static bool is_filled_in(const struct form *f, const struct form_field *x)
{
	return form_restates(f) && x->keep == KEEP_ACT && x->label < FORM_LABEL_OWN;
}

static void check_required(const struct asker *a)
{
	for (size_t i = 0; i < a->form->field_count; i++) {
		const struct form_field *x = &a->form->fields[i];
		bool needed = a->notice ? x->notice : x->required && !is_filled_in(a->form, x);
		if (needed && is_held(a, x->path) && !asks(a, x->path))
			load_mistake(a->l, "/pages", "no page asks the role \"%s\" for \"%s\", which is required", a->role, x->path);
	}
}

static void check_allowed(const struct asker *a)
{
	for (size_t i = 0; i < a->form->field_count; i++) {
		const struct form_field *x = &a->form->fields[i];
		if (!form_field_is_for(x, a->role) && asks(a, x->path))
			load_mistake(a->l, "/pages", "a page asks the role \"%s\" for \"%s\", which others say", a->role, x->path);
	}
}

static void check_rules_asked(const struct asker *a)
{
	for (size_t i = 0; i < a->form->rule_count && !a->notice; i++) {
		const struct form_rule *r = &a->form->rules[i];
		bool one_of = r->kind == RULE_ONE_OF && is_held(a, r->field) && !asks(a, r->field) && !asks(a, r->other);
		const struct form_field *x = form_field_by_path(a->form, r->field);
		bool with = r->kind == RULE_PRESENT_IF || r->kind == RULE_REQUIRED_WITH || r->kind == RULE_PRESENT_WITH;
		if (r->warn || (one_of && x && is_filled_in(a->form, x)))
			continue;
		if (one_of || (with && asks(a, r->other) && !asks(a, r->field)))
			load_mistake(a->l, "/pages", "no page asks the role \"%s\" for \"%s\", which a rule requires", a->role, r->field);
	}
}

static bool seen_before(const struct asker *seen, size_t count, const struct asker *a)
{
	for (size_t i = 0; i < count; i++)
		if (seen[i].notice == a->notice && strcmp(seen[i].role, a->role) == 0)
			return true;
	return false;
}

static void check_workflow(struct loader *l, const struct workflow *w, const struct form *f, struct asker seen[], size_t max,
			   size_t *count)
{
	for (size_t i = 0; w && i < w->declare_count; i++) {
		const struct workflow_state *state = workflow_state(w, w->declare[i].state);
		for (size_t k = 0; k < w->declare[i].who.role_count; k++) {
			struct asker a = {l, f, w->declare[i].who.roles[k], state && state->notice};
			if (*count == max || seen_before(seen, *count, &a))
				continue;
			seen[(*count)++] = a;
			check_required(&a);
			check_allowed(&a);
			check_rules_asked(&a);
		}
	}
}

void pages_check(struct loader *l, const char *file, const struct pack_forms *k)
{
	struct asker seen[2 * WORKFLOW_ROLES_MAX];
	size_t count = 0;
	if (!k->form->page_count)
		return;
	load_reopen(l, file);
	check_workflow(l, k->workflow, k->form, seen, sizeof seen / sizeof *seen, &count);
	for (size_t i = 0; i < PACK_REGIMES_MAX; i++)
		check_workflow(l, k->in_regime[i], k->form, seen, sizeof seen / sizeof *seen, &count);
}
