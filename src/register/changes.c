/* SPDX-License-Identifier: MPL-2.0 */
#include "register/changes.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "register/evidence.h"

static_assert(FORM_CHANGE_NEEDS_MAX <= WORKFLOW_EVIDENCE_MAX, "what a change needs fits into what a move needs");

static bool is_there(struct bytes item)
{
	return item.len > 1 || (item.len == 1 && item.ptr[0] != 0xf6);
}

/* A partial date is [value, precision], its value null where nobody knows it. */
static bool is_known_date(struct bytes item)
{
	return item.len > 2 && item.ptr[1] != 0xf6;
}

static bool is_other(struct bytes was, struct bytes is)
{
	return (is_there(was) || is_there(is)) && !bytes_equal(was, is);
}

/* What two acts have below a path. */
struct sides {
	bool was, is;                              /* whether there is anything */
	struct bytes names_was[3], names_is[3];    /* of names that stand there themselves, by script */
	bool names;
};

static void add_side(struct sides *s, const struct form_field *f, const char *below, struct bytes was, struct bytes is)
{
	s->was |= is_there(was);
	s->is |= is_there(is);
	if (f->type != FIELD_NAME || f->script == SCRIPT_ANY || strchr(below, '/'))
		return;
	s->names = true;
	s->names_was[f->script] = was;
	s->names_is[f->script] = is;
}

/* In the script that both have, the native one first; whether there is a name at all is another matter. */
static bool is_renamed(const struct sides *s)
{
	if (!s->was || !s->is)
		return false;
	for (int script = SCRIPT_NATIVE; script <= SCRIPT_LATIN; script++)
		if (is_there(s->names_was[script]) && is_there(s->names_is[script]))
			return is_other(s->names_was[script], s->names_is[script]);
	return true;
}

static bool is_changed(const struct acts_compared *a, const char *path, enum form_change_way way)
{
	struct sides s = {0};
	size_t len = strlen(path);
	for (size_t i = 0; i < a->count; i++) {
		const struct form_value *now = &a->fields[i];
		const struct form_field *f = form_field_by_label(a->form, now->label);
		if (!f || f->label >= FORM_LABEL_OWN || strncmp(f->path, path, len) != 0)
			continue;
		struct bytes before = act_view_find(a->before, now->label);
		if (f->path[len] == '\0')
			return is_other(before, now->cbor) ||
			       (f->type == FIELD_PARTIAL_DATE && !is_known_date(before) && !is_known_date(now->cbor));
		if (f->path[len] == '/')
			add_side(&s, f, f->path + len + 1, before, now->cbor);
	}
	if (s.names)
		return is_renamed(&s);
	return s.was != s.is && (way == CHANGE_EITHER || s.is == (way == CHANGE_ENTERED));
}

bool change_is_made(const struct acts_compared *a, const struct form_change *change)
{
	for (size_t i = 0; i < change->of_count; i++)
		if (!is_changed(a, change->of[i], change->way))
			return false;
	return true;
}

static bool is_within(const char *path, const char *outer)
{
	size_t len = strlen(outer);
	return strncmp(path, outer, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

const char *change_is_beyond(const struct acts_compared *a)
{
	bool altered = false;
	for (size_t i = 0; a->form->alters_count && i < a->count; i++) {
		const struct form_field *f = form_field_by_label(a->form, a->fields[i].label);
		if (!f || f->label >= FORM_LABEL_OWN || !is_other(act_view_find(a->before, f->label), a->fields[i].cbor))
			continue;
		size_t k = 0;
		while (k < a->form->alters_count && !is_within(f->path, a->form->alters[k]))
			k++;
		if (k == a->form->alters_count)
			return f->path;
		altered |= k == 0;
	}
	return altered || !a->form->alters_count ? NULL : a->form->alters[0];
}

/* Whether the case of an act has attached what such a change needs. */
static enum rc was_decided(const struct desk *d, const struct store_act *act, const struct workflow_need *needs)
{
	const struct err before = *d->err;
	struct store_case *c = ARENA_NEW(d->arena, struct store_case);
	if (!c)
		return RC_NO_MEMORY;
	c->person_id = act->person_id;
	c->case_id = act->case_id;
	enum rc rc = evidence_shown(d, c, needs, NULL);
	if (rc == RC_INVALID)
		*d->err = before;
	return rc;
}

/* The act against which a change is measured: the last for which such a thing was shown, else the person's first.
   Against the act that stands alone, two small changes would make one that needs no evidence. */
static enum rc find_measure(const struct desk *d, const struct draft *draft, const struct workflow_need *needs,
                            const struct store_act **ret)
{
	const struct standing *s = &draft->standing;
	for (*ret = s->act; *ret > s->acts; --*ret) {
		if (id_is_zero((*ret)->corrects)) /* a death restates nothing */
			continue;
		enum rc rc = was_decided(d, *ret, needs);
		if (rc != RC_INVALID)
			return rc;
	}
	return RC_OK;
}

/* Opened once, though several changes are measured against it. */
struct measure {
	const struct store_act *act;
	struct act_view *view;
};

static enum rc open_measure(const struct desk *d, const struct draft *draft, const struct store_act *act, struct measure *m)
{
	struct bytes plain;
	if (act == draft->standing.act)
		*m = (struct measure){act, draft->before};
	if (act == m->act)
		return RC_OK;
	*m = (struct measure){act, ARENA_NEW(d->arena, struct act_view)};
	if (!m->view)
		return RC_NO_MEMORY;
	const struct vault_open_item item = {{KIND_ACT, act->act_id, act->person_id, 1, 0}, act->sealed};
	enum rc rc = vault_open(d->vault, d->token, PURPOSE_REGISTRATION, &item, 1, d->arena, &plain, d->err);
	if (rc == RC_OK && act_view(plain, m->view) != RC_OK)
		rc = err_set(d->err, RC_FORMAT, "act", "an earlier act cannot be read");
	return rc;
}

static enum rc check_beyond(const struct desk *d, const struct acts_compared *a)
{
	char where[sizeof d->err->where];
	const char *path = change_is_beyond(a);
	if (!path)
		return RC_OK;
	snprintf(where, sizeof where, CHANGES_DECLARATION "%s", path);
	return err_set(d->err, RC_INVALID, where, "an act of this kind alters nothing else, and always that");
}

enum rc changes_check(const struct desk *d, const struct store_case *c, const struct draft *draft)
{
	struct acts_compared a = {draft->form, draft->before, draft->fields, draft->field_count};
	struct measure m = {0};
	enum rc rc = draft->before ? check_beyond(d, &a) : RC_OK;
	for (size_t i = 0; rc == RC_OK && draft->before && i < draft->form->change_count; i++) {
		const struct form_change *change = &draft->form->changes[i];
		const struct store_act *act;
		struct workflow_need needs = {.of_count = change->needs_count, .shown = SHOWN_ATTACHED};
		memcpy(needs.of, change->needs, sizeof change->needs);
		rc = find_measure(d, draft, &needs, &act);
		if (rc == RC_OK)
			rc = open_measure(d, draft, act, &m);
		a.before = m.view;
		if (rc == RC_OK && change_is_made(&a, change))
			rc = evidence_shown(d, c, &needs, NULL);
	}
	return rc;
}
