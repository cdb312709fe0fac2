/* SPDX-License-Identifier: MPL-2.0 */
#include "register/registration.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "country/form.h"
#include "country/numbering.h"
#include "country/workflow.h"
#include "register/act.h"

enum { HISTORY_MAX = 64, BOOK_ATTEMPTS = 8 };

/* What does not change between attempts at a serial. */
struct draft {
	const struct form *form;
	json_t *declaration;
	struct form_value *fields;
	size_t field_count;
	struct act_header header;
	struct store_office office;
	char verified[DATE_TEXT_SIZE];
	char number[16];
};

static bool has_number(const struct store_case *c)
{
	return c->number_sealed.len > 0;
}

static enum rc open_case(const struct desk *d, const struct store_case *c, struct draft *ret)
{
	const struct vault_open_item items[2] = {
		{{KIND_CASE, c->case_id, c->person_id, c->sealed_version, 0}, c->sealed},
		{{KIND_NUMBER, c->case_id, c->person_id, 1, 0}, c->number_sealed},
	};
	struct bytes plain[2] = {BYTES_NONE, BYTES_NONE};
	enum rc rc = vault_open(d->vault, d->token, PURPOSE_REGISTRATION, items, has_number(c) ? 2 : 1, d->arena, plain,
	                        d->err);
	if (rc != RC_OK)
		return rc;
	if (plain[1].len >= sizeof ret->number)
		return err_set(d->err, RC_FORMAT, "number", "the reserved number cannot be read");
	if (plain[1].len)
		memcpy(ret->number, plain[1].ptr, plain[1].len);
	ret->declaration = json_loadb((const char *)plain[0].ptr, plain[0].len, JSON_REJECT_DUPLICATES, NULL);
	return ret->declaration ? RC_OK : err_set(d->err, RC_FORMAT, "declaration", "the stored declaration cannot be read");
}

enum rc registration_number(const struct desk *d, const struct store_case *c, char ret_number[static 16])
{
	const struct vault_open_item item = {{KIND_NUMBER, c->case_id, c->person_id, 1, 0}, c->number_sealed};
	struct bytes plain;
	if (!has_number(c))
		return RC_NOT_FOUND;
	enum rc rc = vault_open(d->vault, d->token, PURPOSE_REGISTRATION, &item, 1, d->arena, &plain, d->err);
	if (rc == RC_OK && plain.len < 16)
		snprintf(ret_number, 16, "%.*s", (int)plain.len, (const char *)plain.ptr);
	return rc;
}

/* Whether a case of this kind comes to where it stands by being verified. */
static bool is_verified(const struct workflow *w, const struct store_case *c)
{
	for (size_t i = 0; i < w->transition_count; i++) {
		const struct workflow_transition *t = &w->transitions[i];
		if (t->effect == EFFECT_RESERVE_NUMBER && t->to && strcmp(t->to, c->state) == 0)
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
	const struct workflow *w = pack_workflow(d->pack, c->kind);
	size_t n = 0;
	verified[0] = '\0';
	if (!steps || !w)
		return RC_NO_MEMORY;
	enum rc rc = store_case_history(d->reader, c->person_id, c->case_id, d->arena, steps, HISTORY_MAX, &n, d->err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n; i++) {
		const struct workflow_transition *t = workflow_transition(w, steps[i].name);
		if (id_is_zero(steps[i].staff_id) || !t || t->effect != EFFECT_RESERVE_NUMBER || t->role_count == 0)
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

static enum rc draft_make(const struct desk *d, const struct store_case *c, struct draft *ret)
{
	ret->form = pack_form(d->pack, c->kind);
	if (!ret->form)
		return err_set(d->err, RC_INVALID, "kind", "the pack has no form of this kind");
	enum rc rc = open_case(d, c, ret);
	if (rc == RC_OK)
		rc = form_to_fields(ret->form, ret->declaration, d->arena, &ret->fields, &ret->field_count);
	if (rc == RC_OK)
		rc = store_office_get(d->reader, c->office, &ret->office, d->err);
	if (rc == RC_OK)
		rc = registration_officers(d, c, &ret->header, ret->verified);
	if (rc != RC_OK)
		return rc;
	struct act_header *h = &ret->header;
	h->subject = c->person_id;
	h->kind = c->kind;
	h->node = d->node;
	h->office = c->office;
	h->pack_version = d->pack->version;
	h->pack_hash = d->pack->hash;
	h->time_us = d->now;
	h->origin = ORIGIN_ELECTRONIC;
	h->number = ret->number[0] ? ret->number : NULL;
	h->registrar_name = d->staff->display_native[0] ? d->staff->display_native : d->staff->display_latin;
	h->office_native = ret->office.name_native;
	h->office_latin = ret->office.name_latin;
	h->language = c->language;
	return RC_OK;
}

/* The act for one serial, sealed. */
static enum rc seal(const struct desk *d, struct draft *draft, const struct store_entry *entry, struct id act_id,
                    struct registration *reg, struct vault_act *ret)
{
	struct buf extract = BUF_INIT(4096), index = BUF_INIT(8192), act = BUF_INIT(ACT_BYTES_MAX);
	struct act_header *h = &draft->header;
	uint8_t salt[32];
	h->act_id = act_id;
	h->entry = (struct entry_number){.book = entry->book, .year = entry->year, .serial = entry->serial};
	snprintf(h->entry.office, sizeof h->entry.office, "%s", entry->office);
	snprintf(h->entry.reg, sizeof h->entry.reg, "%s", entry->reg);
	enum rc rc = numbering_text(d->pack, &h->entry, reg->entry_text, sizeof reg->entry_text);
	const struct form_entry_facts facts = {&h->entry, pack_local_date(d->pack, d->now, NULL)};
	if (rc == RC_OK)
		rc = form_extract(draft->form, draft->declaration, &facts, &extract);
	if (rc == RC_OK)
		rc = form_index(draft->form, draft->declaration, act_id, h->subject, &index);
	h->extract = buf_bytes(&extract);
	random_bytes(salt, sizeof salt);
	if (rc == RC_OK)
		rc = act_build(draft->form->id, salt, h, draft->fields, draft->field_count, &act);
	if (rc == RC_OK)
		rc = vault_seal_act(d->vault, d->token, h->subject, buf_bytes(&act), buf_bytes(&index), BYTES_NONE, NULL,
		                    d->arena, ret, d->err);
	wipe(salt, sizeof salt);
	buf_release(&extract);
	buf_release(&index);
	buf_release(&act);
	return rc;
}

/* What a repeat is answered with: nothing personal. */
static struct bytes answer_text(const struct desk *d, const struct registration *reg, const struct registration_request *in)
{
	char act[ID_TEXT_SIZE], person[ID_TEXT_SIZE];
	id_format(reg->act_id, act);
	id_format(reg->person_id, person);
	const char *text = arena_printf(d->arena,
		"{\"act_id\":\"%s\",\"person_id\":\"%s\",\"state\":\"%s\",\"version\":%" PRIu64
		",\"entry\":{\"office\":\"%s\",\"register\":\"%s\",\"book\":%u,\"year\":%u,\"serial\":%" PRIu64
		",\"text\":\"%s\"},\"receipt_ready\":false}",
		act, person, in->to_state, in->if_version + 1, reg->entry.office, reg->entry.reg, reg->entry.book,
		reg->entry.year, reg->entry.serial, reg->entry_text);
	return bytes_str(text);
}

static enum rc store_it(const struct desk *d, const struct registration_request *in, const struct vault_act *sealed,
                        struct registration *reg)
{
	const struct store_case *c = in->c;
	struct store_case_register put = {
		.request = in->request,
		.person_id = c->person_id, .case_id = c->case_id, .act_id = reg->act_id,
		.if_version = in->if_version,
		.transition = in->transition, .from_state = c->state, .to_state = in->to_state,
		.staff_id = d->staff->id, .kind = c->kind, .at = d->now,
		.entry = reg->entry,
		.sealed = sealed->sealed, .index_sealed = sealed->index_sealed,
	};
	put.request.response = answer_text(d, reg, in);
	if (!put.request.response.len) /* a repeat would be answered with nothing */
		return RC_NO_MEMORY;
	memcpy(put.commitment, sealed->commitment, sizeof put.commitment);
	memcpy(put.signature, sealed->signature, sizeof put.signature);
	memcpy(put.key_id, sealed->key_id, sizeof put.key_id);
	memcpy(put.pack_hash, d->pack->hash, sizeof put.pack_hash);
	memcpy(put.number_claim, c->number_claim, sizeof put.number_claim);
	return store_case_register(d->store, &put, &reg->result, d->err);
}

/* One attempt with the next serial of the book. */
static enum rc attempt(const struct desk *d, const struct registration_request *in, struct draft *draft,
                       struct registration *reg)
{
	struct vault_act sealed;
	enum rc rc = store_book_lease(d->store, d->reader, in->c->office, draft->form->reg,
	                              numbering_year(d->pack, d->now), &reg->entry, d->err);
	if (rc != RC_OK)
		return rc;
	reg->act_id = id_new();
	rc = seal(d, draft, &reg->entry, reg->act_id, reg, &sealed);
	if (rc != RC_OK) {
		store_book_give_back(d->store, &reg->entry);
		return rc;
	}
	return store_it(d, in, &sealed, reg);
}

enum rc registration_make(const struct desk *d, const struct registration_request *in, struct registration *ret)
{
	struct draft draft = {0};
	struct registration reg = {.person_id = in->c->person_id};
	enum rc rc = draft_make(d, in->c, &draft);
	for (int i = 0; rc == RC_OK && i < BOOK_ATTEMPTS; i++) {
		*d->err = ERR_NONE;
		rc = attempt(d, in, &draft, &reg);
		bool faster = rc == RC_CONFLICT && strcmp(d->err->where, "book") == 0;
		if (!faster)
			break;
		rc = i + 1 < BOOK_ATTEMPTS ? RC_OK : RC_BUSY;
	}
	if (rc == RC_OK) {
		memcpy(reg.number, draft.number, sizeof reg.number);
		*ret = reg;
	}
	wipe(draft.number, sizeof draft.number);
	json_decref(draft.declaration);
	return rc;
}
