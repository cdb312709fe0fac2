/* SPDX-License-Identifier: MPL-2.0 */
#include "register/registration.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "country/numbering.h"
#include "register/draft.h"
#include "register/notes.h"
#include "register/tally.h"

enum { BOOK_ATTEMPTS = 8 };

static void take_entry(struct act_header *h, const struct store_entry *entry)
{
	h->entry = (struct entry_number){.book = entry->book, .year = entry->year, .serial = entry->serial};
	snprintf(h->entry.office, sizeof h->entry.office, "%s", entry->office);
	snprintf(h->entry.reg, sizeof h->entry.reg, "%s", entry->reg);
}

static enum rc commit(const struct desk *d, struct draft *draft, struct bytes act, struct bytes index, struct vault_act *ret)
{
	const struct store_act *stands = draft->standing.act;
	struct vault_open_item corrected;
	if (draft->header.corrects)
		corrected = (struct vault_open_item){{KIND_ACT, stands->act_id, stands->person_id, 1, 0}, stands->sealed};
	return vault_seal_act(d->vault, d->token, draft->header.subject, act, index, BYTES_NONE,
	                      draft->header.corrects ? &corrected : NULL, d->arena, ret, d->err);
}

/* Whether duplicates are looked for among what the form's acts say. */
static bool is_indexed(const struct form *f)
{
	for (size_t i = 0; i < f->field_count; i++)
		if (f->fields[i].index)
			return true;
	return false;
}

/* The act for one serial, sealed. */
static enum rc seal(const struct desk *d, struct draft *draft, const struct store_entry *entry, struct id act_id,
                    struct registration *reg, struct vault_act *ret)
{
	struct buf extract = BUF_INIT(4096), index = BUF_INIT(8192), notes = BUF_INIT(NOTES_BYTES_MAX),
	           act = BUF_INIT(ACT_BYTES_MAX);
	struct act_header *h = &draft->header;
	uint8_t salt[32];
	h->act_id = act_id;
	take_entry(h, entry);
	enum rc rc = numbering_text(d->pack, &h->entry, reg->entry_text, sizeof reg->entry_text);
	if (rc == RC_OK)
		rc = draft_extract(draft, &h->entry, &extract);
	/* Of a cancellation no name is left, which makes the matcher forget the person. */
	if (rc == RC_OK && (draft->cancels || is_indexed(draft->form)))
		rc = form_index(draft->form, draft->declaration, act_id, h->subject, &index);
	if (rc == RC_OK)
		rc = draft_notes(d, draft, reg->entry_text, &notes);
	h->extract = buf_bytes(&extract);
	h->notes = buf_bytes(&notes);
	random_bytes(salt, sizeof salt);
	if (rc == RC_OK)
		rc = act_build(draft->form->id, salt, h, draft->fields, draft->field_count, &act);
	if (rc == RC_OK)
		rc = commit(d, draft, buf_bytes(&act), buf_bytes(&index), ret);
	wipe(salt, sizeof salt);
	buf_release(&extract);
	buf_release(&index);
	buf_release(&notes);
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
		act, person, in->t->to, in->if_version + 1, reg->entry.office, reg->entry.reg, reg->entry.book,
		reg->entry.year, reg->entry.serial, reg->entry_text);
	return bytes_str(text);
}

/* The number that this act makes the person's, or that it ends. */
static enum rc add_number(const struct desk *d, const struct store_case *c, const struct draft *draft,
                          struct store_case_register *put)
{
	struct store_case *first = ARENA_NEW(d->arena, struct store_case);
	if (!first)
		return RC_NO_MEMORY;
	put->number_sealed = draft->reserved.sealed;
	memcpy(put->number_claim, draft->reserved.sealed.len ? draft->reserved.claim : c->number_claim, sizeof put->number_claim);
	if (!draft->cancels)
		return RC_OK;
	enum rc rc = store_case_get(d->reader, draft->standing.acts[0].case_id, d->arena, first, d->err);
	if (rc == RC_OK) {
		memcpy(put->number_claim, first->number_claim, sizeof put->number_claim);
		put->retire_number = true;
	}
	return rc;
}

static void give_back(const struct desk *d, const struct store_entry *entry)
{
	if (!entry->paper)
		store_book_give_back(d->store, entry);
}

/* What is to be collected waits in a queue. */
static const char *waits_at(const struct desk *d, const struct store_case *c, const char *state, char office[static STORE_SCOPE_MAX])
{
	const struct workflow *w = pack_workflow_in(d->pack, c->kind, c->regime);
	const struct workflow_state *s = w ? workflow_state(w, state) : NULL;
	return s && s->waits && workflow_queue_office(w, state, c->office, office, STORE_SCOPE_MAX) == RC_OK ? office : NULL;
}

static enum rc store_it(const struct desk *d, const struct registration_request *in, const struct draft *draft,
                        const struct vault_act *sealed, struct registration *reg)
{
	const struct store_case *c = in->c;
	char queue[STORE_SCOPE_MAX];
	struct store_case_register put = {
		.request = in->request,
		.person_id = c->person_id, .case_id = c->case_id, .act_id = reg->act_id,
		.if_version = in->if_version,
		.transition = in->t->name, .from_state = c->state, .to_state = in->t->to,
		.staff_id = d->staff->id, .kind = draft->form->act_kind, .at = d->now,
		.entry = reg->entry, .corrects = draft->corrects,
		.sealed = sealed->sealed, .index_sealed = sealed->index_sealed, .queue_office = waits_at(d, c, in->t->to, queue),
	};
	enum rc rc = add_number(d, c, draft, &put);
	put.request.response = answer_text(d, reg, in);
	if (rc == RC_OK && !put.request.response.len) /* a repeat would be answered with nothing */
		rc = RC_NO_MEMORY;
	if (rc != RC_OK) {
		give_back(d, &put.entry);
		return rc;
	}
	tally_begin(d, &put.counts);
	tally_add(&put.counts, in->t, c->band, tally_sex(draft->form, draft->declaration));
	if (draft->header.previous)
		memcpy(put.previous, draft->header.previous, sizeof put.previous);
	memcpy(put.commitment, sealed->commitment, sizeof put.commitment);
	memcpy(put.signature, sealed->signature, sizeof put.signature);
	memcpy(put.key_id, sealed->key_id, sizeof put.key_id);
	memcpy(put.pack_hash, d->pack->hash, sizeof put.pack_hash);
	return store_case_register(d->store, &put, &reg->result, d->err);
}

/* One attempt: with the next serial of the book, or the one that stands on paper. */
static enum rc attempt(const struct desk *d, const struct registration_request *in, struct draft *draft,
                       struct registration *reg)
{
	struct vault_act sealed;
	enum rc rc = RC_OK;
	reg->entry = draft->entry;
	if (!draft->entry.paper)
		rc = store_book_lease(d->store, d->reader, in->c->office, draft->form->reg, numbering_year(d->pack, d->now),
		                      &reg->entry, d->err);
	if (rc != RC_OK)
		return rc;
	reg->act_id = id_new();
	rc = seal(d, draft, &reg->entry, reg->act_id, reg, &sealed);
	if (rc != RC_OK)
		give_back(d, &reg->entry);
	return rc == RC_OK ? store_it(d, in, draft, &sealed, reg) : rc;
}

enum rc registration_make(const struct desk *d, const struct registration_request *in, struct registration *ret)
{
	struct draft draft = {0};
	struct registration reg = {.person_id = in->c->person_id};
	enum rc rc = draft_make(d, in, &draft);
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
	draft_release(&draft);
	return rc;
}
