/* SPDX-License-Identifier: MPL-2.0 */
/* From a case to what its act will say. */
#include "register/draft.h"

#include <stdio.h>
#include <string.h>

#include "codec/cbor.h"
#include "country/workflow.h"
#include "register/changes.h"
#include "register/evidence.h"
#include "register/notes.h"
#include "register/paper.h"
#include "register/places.h"

enum { HISTORY_MAX = 64, EXTRACT_ENTRY = 2, EXTRACT_REGISTERED = 8 };

static bool has_number(const struct store_case *c)
{
	return c->number_sealed.len > 0;
}

/* ---- opening ---- */

/* Case, number and acts, in one look each. */
struct opening {
	struct vault_open_item items[4];
	struct bytes plain[4];
	size_t count, number, before, last; /* places; 0: not asked for */
};

static size_t ask(struct opening *o, struct vault_object as, struct bytes sealed)
{
	o->items[o->count] = (struct vault_open_item){as, sealed};
	return o->count++;
}

static size_t ask_act(struct opening *o, const struct store_act *act)
{
	return ask(o, (struct vault_object){KIND_ACT, act->act_id, act->person_id, 1, 0}, act->sealed);
}

static enum rc view_of(const struct desk *d, struct bytes plain, struct act_view **ret)
{
	*ret = ARENA_NEW(d->arena, struct act_view);
	if (!*ret)
		return RC_NO_MEMORY;
	return act_view(plain, *ret) == RC_OK ? RC_OK : err_set(d->err, RC_FORMAT, "act", "the act that stands cannot be read");
}

static bool copy_digits(struct bytes text, char out[static 16])
{
	if (text.len >= 16)
		return false;
	memcpy(out, text.ptr, text.len);
	out[text.len] = '\0';
	return true;
}

static enum rc take_opened(const struct desk *d, const struct opening *o, struct draft *ret)
{
	struct act_view *last = NULL;
	struct bytes number;
	enum rc rc = RC_OK;
	if (o->number && !copy_digits(o->plain[o->number], ret->number))
		return err_set(d->err, RC_FORMAT, "number", "the reserved number cannot be read");
	if (o->before)
		rc = view_of(d, o->plain[o->before], &ret->before);
	if (rc == RC_OK && o->last)
		rc = view_of(d, o->plain[o->last], &last);
	if (rc != RC_OK)
		return rc;
	if (ret->before)
		ret->notes_before = act_view_find(last ? last : ret->before, ACT_NOTES);
	if (ret->before && cbor_as_text(act_view_find(ret->before, ACT_NUMBER), &number) && !copy_digits(number, ret->number))
		return err_set(d->err, RC_FORMAT, "number", "the person's number cannot be read");
	ret->declaration = json_loadb((const char *)o->plain[0].ptr, o->plain[0].len, JSON_REJECT_DUPLICATES, NULL);
	return ret->declaration ? RC_OK : err_set(d->err, RC_FORMAT, "declaration", "the stored declaration cannot be read");
}

static enum rc open_all(const struct desk *d, const struct store_case *c, struct draft *ret)
{
	struct opening o = {0};
	const struct standing *s = &ret->standing;
	struct bytes number = ret->reserved.sealed.len ? ret->reserved.sealed : c->number_sealed;
	(void)ask(&o, (struct vault_object){KIND_CASE, c->case_id, c->person_id, c->sealed_version, 0}, c->sealed);
	if (number.len)
		o.number = ask(&o, (struct vault_object){KIND_NUMBER, c->case_id, c->person_id, 1, 0}, number);
	if (s->count)
		o.before = ask_act(&o, s->act);
	if (s->count && s->last != s->act)
		o.last = ask_act(&o, s->last);
	enum rc rc = vault_open(d->vault, d->token, PURPOSE_REGISTRATION, o.items, o.count, d->arena, o.plain, d->err);
	return rc == RC_OK ? take_opened(d, &o, ret) : rc;
}

enum rc registration_number(const struct desk *d, const struct store_case *c, char ret_number[static 16])
{
	const struct vault_open_item item = {{KIND_NUMBER, c->case_id, c->person_id, 1, 0}, c->number_sealed};
	struct bytes plain;
	if (!has_number(c))
		return RC_NOT_FOUND;
	enum rc rc = vault_open(d->vault, d->token, PURPOSE_REGISTRATION, &item, 1, d->arena, &plain, d->err);
	return rc == RC_OK && !copy_digits(plain, ret_number) ? RC_FORMAT : rc;
}

/* ---- officers ---- */

/* Whether a case of this kind comes to where it stands by being verified. */
static bool is_verified(const struct workflow *w, const struct store_case *c)
{
	for (size_t i = 0; i < w->transition_count; i++) {
		const struct workflow_transition *t = &w->transitions[i];
		if (t->verifies && t->to && strcmp(t->to, c->state) == 0)
			return true;
	}
	return has_number(c);
}

static void add_officer(struct act_header *h, struct act_officer officer)
{
	/* the latest ones, and room for who registers */
	if (h->officer_count == ACT_OFFICERS_MAX - 1) {
		memmove(&h->officers[0], &h->officers[1], (ACT_OFFICERS_MAX - 2) * sizeof h->officers[0]);
		h->officer_count--;
	}
	h->officers[h->officer_count++] = officer;
}

enum rc registration_officers(const struct desk *d, const struct store_case *c, struct act_header *h,
                              char verified[static DATE_TEXT_SIZE])
{
	struct store_transition *steps = ARENA_ARRAY(d->arena, struct store_transition, HISTORY_MAX);
	const struct workflow *w = pack_workflow_in(d->pack, c->kind, c->regime);
	size_t n = 0;
	verified[0] = '\0';
	if (!steps || !w)
		return RC_NO_MEMORY;
	enum rc rc = store_case_history(d->reader, c->person_id, c->case_id, d->arena, steps, HISTORY_MAX, &n, d->err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		const struct workflow_transition *t = workflow_transition(w, steps[i].name);
		if (id_is_zero(steps[i].staff_id) || !t || !t->verifies || t->role_count == 0)
			continue;
		add_officer(h, (struct act_officer){steps[i].staff_id, t->roles[0]});
		date_format(pack_local_date(d->pack, steps[i].at, NULL), verified);
	}
	if (!verified[0] && is_verified(w, c))
		return err_set(d->err, RC_CORRUPT, "case", "who verified the case does not stand in its history");
	h->verified = verified[0] ? verified : NULL;
	h->officers[h->officer_count++] = (struct act_officer){d->staff->id, role_name(d->staff->role)};
	return RC_OK;
}

/* ---- what stands ---- */

static enum rc find_standing(const struct desk *d, const struct store_case *c, struct draft *ret)
{
	if (!ret->form->subject_existing)
		return RC_OK;
	enum rc rc = standing_read(d, c->person_id, &ret->standing);
	if (rc == RC_OK)
		rc = standing_check(&ret->standing, c->about, d->err);
	if (rc != RC_OK)
		return rc;
	ret->cancels = strcmp(ret->form->act_kind, ACT_KIND_CANCELLATION) == 0;
	if (ret->cancels || form_restates(ret->form))
		ret->corrects = ret->standing.act->act_id;
	if (strcmp(ret->form->act_kind, ACT_KIND_DEATH) == 0 && ret->standing.died)
		return err_set(d->err, RC_STATE, "person_died", "the death is registered already");
	return RC_OK;
}

/* A number for a case that nobody verified apart: reserved with the act. */
static enum rc reserve(const struct desk *d, const struct store_case *c, struct draft *ret)
{
	if (!ret->form->number || has_number(c))
		return RC_OK;
	return vault_reserve_number(d->vault, d->token, c->person_id, c->case_id, c->office, d->arena, &ret->reserved, d->err);
}

static enum rc take_paper(const struct desk *d, const struct store_case *c, struct draft *ret)
{
	const struct workflow *w = pack_workflow_in(d->pack, c->kind, c->regime);
	enum rc rc = paper_entry(ret->form, w ? workflow_state(w, c->state) : NULL, ret->declaration, c->office, &ret->entry,
	                         &ret->registered, &ret->header.paper_page);
	if (rc == RC_OK && ret->entry.paper) {
		date_format(ret->registered, ret->paper_day);
		ret->header.paper_day = ret->paper_day;
	}
	return rc == RC_OK ? rc : err_set(d->err, rc, "book", "the entry of the paper book cannot be read, or none is asked for");
}

/* ---- the whole ---- */

static void fill_header(const struct desk *d, const struct store_case *c, struct draft *ret)
{
	struct act_header *h = &ret->header;
	h->subject = c->person_id;
	h->kind = ret->form->act_kind;
	h->previous = ret->standing.count ? ret->standing.last->commitment : NULL;
	h->corrects = id_is_zero(ret->corrects) ? NULL : &ret->corrects;
	h->node = d->node;
	h->office = c->office;
	h->pack_version = d->pack->version;
	h->pack_hash = d->pack->hash;
	h->time_us = d->now;
	h->origin = ret->entry.paper ? ORIGIN_TRANSCRIBED : ORIGIN_ELECTRONIC;
	h->number = ret->number[0] ? ret->number : NULL;
	h->registrar_name = d->staff->display_native[0] ? d->staff->display_native : d->staff->display_latin;
	h->office_native = ret->office.name_native;
	h->office_latin = ret->office.name_latin;
	h->language = c->language;
}

enum rc draft_make(const struct desk *d, const struct registration_request *in, struct draft *ret)
{
	const struct store_case *c = in->c;
	ret->form = pack_form(d->pack, c->kind);
	ret->registered = pack_local_date(d->pack, d->now, NULL);
	if (!ret->form)
		return err_set(d->err, RC_INVALID, "kind", "the pack has no form of this kind");
	enum rc rc = registration_officers(d, c, &ret->header, ret->verified);
	if (rc == RC_OK)
		rc = find_standing(d, c, ret);
	if (rc == RC_OK)
		rc = reserve(d, c, ret);
	if (rc == RC_OK)
		rc = open_all(d, c, ret);
	if (rc == RC_OK && !evidence_lets(in->t, ret->declaration))
		rc = err_set(d->err, RC_STATE, "state", "the declaration does not allow this move");
	if (rc == RC_OK)
		rc = evidence_check(d, c, in->t, ret->declaration);
	if (rc == RC_OK)
		rc = take_paper(d, c, ret);
	if (rc == RC_OK)
		rc = form_to_fields(ret->form, ret->declaration, d->arena, &ret->fields, &ret->field_count);
	if (rc == RC_OK)
		rc = changes_check(d, c, ret);
	if (rc == RC_OK)
		rc = store_office_get(d->reader, c->office, &ret->office, d->err);
	if (rc == RC_OK)
		fill_header(d, c, ret);
	return rc;
}

void draft_release(struct draft *draft)
{
	wipe(draft->number, sizeof draft->number);
	json_decref(draft->declaration);
	draft->declaration = NULL;
}

/* Entry and day of the original, which each act that restates it repeats. */
static enum rc original_facts(const struct draft *draft, struct entry_number *entry, struct date *day)
{
	struct bytes extract = act_view_find(draft->before, ACT_EXTRACT), item, office, reg;
	uint64_t book, year;
	int64_t days;
	size_t n;
	if (!cbor_map_find_uint(extract, EXTRACT_ENTRY, &item))
		return RC_FORMAT;
	struct cbor c = cbor_init(item);
	if (!cbor_get_array(&c, &n) || n != 5 || !cbor_get_text(&c, &office) || !cbor_get_text(&c, &reg) ||
	    !cbor_get_uint(&c, &book) || !cbor_get_uint(&c, &year) || !cbor_get_uint(&c, &entry->serial) ||
	    office.len >= sizeof entry->office || reg.len >= sizeof entry->reg || book > UINT32_MAX || year > UINT32_MAX)
		return RC_FORMAT;
	snprintf(entry->office, sizeof entry->office, "%.*s", (int)office.len, (const char *)office.ptr);
	snprintf(entry->reg, sizeof entry->reg, "%.*s", (int)reg.len, (const char *)reg.ptr);
	entry->book = (uint32_t)book;
	entry->year = (uint32_t)year;
	if (!cbor_map_find_uint(extract, EXTRACT_REGISTERED, &item) || !cbor_as_int(item, &days))
		return RC_FORMAT;
	*day = date_from_days(days);
	return RC_OK;
}

enum rc draft_extract(const struct draft *draft, const struct entry_number *entry, struct buf *out)
{
	struct entry_number original = {0};
	struct form_entry_facts facts = {entry, draft->registered};
	enum rc rc = RC_OK;
	if (!draft->form->extract_kind)
		return RC_OK;
	if (draft->before && form_restates(draft->form)) {
		rc = original_facts(draft, &original, &facts.registered);
		facts.entry = &original;
	}
	return rc == RC_OK ? form_extract(draft->form, draft->declaration, &facts, out) : rc;
}

static enum rc place_name(void *ctx, const char *code, bool native, struct buf *out)
{
	const struct desk *d = ctx;
	return places_name(d->reader, d->pack, code, d->now, native, out);
}

enum rc draft_notes(const struct desk *d, const struct draft *draft, const char *entry_text, struct buf *out)
{
	struct desk copy = *d;
	if (!draft->standing.count)
		return RC_OK;
	const struct note note = {
		.kind = draft->form->act_kind, .entry = entry_text, .date = pack_local_date(d->pack, d->now, NULL),
		.before = form_restates(draft->form) ? draft->before : NULL, .form = draft->form, .after = draft->fields,
		.count = draft->field_count, .place = place_name, .ctx = &copy,
	};
	return notes_append(d->pack, draft->notes_before, &note, out);
}
