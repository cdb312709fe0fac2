/* SPDX-License-Identifier: MPL-2.0 */
#include "intake/case.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/tracking.h"

enum { DECLARATION_MAX = 96 * 1024, INDEX_MAX = 16 * 1024 };

enum rc case_place_lookup(void *ctx, const char *code, const struct date *on)
{
	const struct desk *d = ctx;
	struct store_place place;
	struct err ignored;
	struct date from, to;
	enum rc rc = store_place_get(d->reader, code, &place, &ignored);
	if (rc != RC_OK)
		return rc;
	if (on && date_parse(place.valid_from, strlen(place.valid_from), &from) &&
	    date_to_days(*on) < date_to_days(from))
		return RC_GONE;
	if (on && date_parse(place.valid_to, strlen(place.valid_to), &to) && date_to_days(*on) >= date_to_days(to))
		return RC_GONE;
	return RC_OK;
}

int64_t case_deadline(const struct desk *d, const struct workflow *w, const char *state)
{
	struct date day;
	if (!workflow_deadline(w, state, d->now, &day))
		return 0;
	return (date_to_days(day) + 1) * 86400 * 1000000 - (int64_t)d->pack->zone_minutes * 60 * 1000000;
}

static enum rc check_office(const struct desk *d, const struct workflow *w, const char *office)
{
	struct store_office known;
	if (!scope_is_valid(bytes_str(office)))
		return err_set(d->err, RC_NOT_FOUND, "/office", "this is not the scope of an office");
	enum rc rc = store_office_get(d->reader, office, &known, d->err);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && !known.active))
		return err_set(d->err, RC_NOT_FOUND, "/office", "there is no such office");
	return rc == RC_OK ? workflow_may_declare(w, desk_role(d), desk_scope(d), office, NULL) : rc;
}

enum rc case_accept(const struct desk *d, const char *kind, const char *office, json_t *declaration,
                    struct form_errors *errors)
{
	const struct form *form = pack_form(d->pack, kind);
	const struct workflow *w = pack_workflow(d->pack, kind);
	if (!form || !w)
		return err_set(d->err, RC_NOT_FOUND, "/kind", "there is no such kind of case");
	struct form_context context = {.now_us = d->now, .place = case_place_lookup};
	struct desk copy = *d;
	context.place_ctx = &copy;
	enum rc rc = form_accept(form, declaration, &context, errors);
	if (rc != RC_OK || !office)
		return rc;
	return check_office(d, w, office);
}

static int append(const char *piece, size_t len, void *out)
{
	buf_append(out, bytes_of(piece, len));
	return 0;
}

/* Seals the declaration and its index record for one version of the case. */
static enum rc seal_content(const struct desk *d, const char *kind, struct id case_id, struct id person, const char *office,
                            uint64_t version, const json_t *declaration, struct bytes ret_sealed[2])
{
	struct buf text = BUF_INIT(DECLARATION_MAX), index = BUF_INIT(INDEX_MAX);
	int failed = json_dump_callback(declaration, append, &text, JSON_COMPACT | JSON_SORT_KEYS);
	enum rc rc = failed || buf_failed(&text) ? RC_TOO_LARGE
	                                         : form_index(pack_form(d->pack, kind), declaration, case_id, person, &index);
	if (rc == RC_OK) {
		const struct vault_seal_item items[2] = {
			{{KIND_CASE, case_id, person, version, 0}, case_id, office, buf_bytes(&text)},
			{{KIND_INDEX, case_id, person, version, 0}, case_id, office, buf_bytes(&index)},
		};
		rc = vault_seal(d->vault, d->token, d->secret, items, 2, d->arena, ret_sealed, d->err);
	}
	buf_release(&text);
	buf_release(&index);
	return rc;
}

static struct bytes made_text(const struct desk *d, const struct case_new *in, const char *state, const char *code)
{
	char id[ID_TEXT_SIZE];
	id_format(in->case_id, id);
	return bytes_str(arena_printf(d->arena,
		"{\"id\":\"%s\",\"state\":\"%s\",\"version\":1,\"tracking_code\":\"%s\",\"office\":\"%s\","
		"\"links\":{\"self\":\"/api/v1/cases/%s\",\"tracking\":\"/api/v1/tracking\"}}",
		id, state, code, in->office, id));
}

enum rc case_make(const struct desk *d, struct case_new *in, struct case_made *ret)
{
	const struct workflow *w = pack_workflow(d->pack, in->kind);
	const struct workflow_state *first = w ? workflow_initial(w) : NULL;
	char code[TRACKING_CODE_SIZE], queue[STORE_SCOPE_MAX];
	struct bytes sealed[2];
	struct id person = id_new();
	if (!first)
		return RC_INVALID;
	tracking_code_new(code);
	enum rc rc = workflow_queue_office(w, first->name, in->office, queue, sizeof queue);
	if (rc == RC_OK)
		rc = seal_content(d, in->kind, in->case_id, person, in->office, 1, in->declaration, sealed);
	if (rc != RC_OK)
		return rc;
	struct store_case_create put = {
		.request = in->request, .person_id = person, .case_id = in->case_id, .kind = in->kind, .state = first->name,
		.office = in->office, .queue_office = queue, .language = in->language, .tracking_code = code,
		.deadline = case_deadline(d, w, first->name), .staff_id = desk_staff_id(d), .sealed = sealed[0],
		.index_sealed = sealed[1],
	};
	put.request.response = made_text(d, in, first->name, code);
	if (!put.request.response.len) /* a repeat would be answered with nothing */
		return RC_NO_MEMORY;
	if (in->secret)
		tracking_hash(in->case_id, in->secret, put.tracking_hash);
	memcpy(put.pack_hash, d->pack->hash, sizeof put.pack_hash);
	rc = store_case_create(d->store, &put, &ret->result, d->err);
	if (rc != RC_OK)
		return rc;
	ret->person_id = ret->result.person_id;
	snprintf(ret->tracking_code, sizeof ret->tracking_code, "%s", code);
	return RC_OK;
}

static enum rc seal_note(const struct desk *d, const struct case_move *m, struct bytes *ret)
{
	const struct store_case *c = m->c;
	if (!m->reason && !m->note)
		return RC_OK;
	json_t *j = json_object();
	if (m->reason)
		json_object_set_new(j, "reason", json_string(m->reason));
	if (m->note)
		json_object_set_new(j, "note", json_string(m->note));
	char *text = json_dumps(j, JSON_COMPACT);
	json_decref(j);
	if (!text)
		return RC_NO_MEMORY;
	const struct vault_seal_item item = {
		{KIND_CASE, c->case_id, c->person_id, m->if_version + 1, CASE_NOTE_AUX}, c->case_id, c->office, bytes_str(text),
	};
	enum rc rc = vault_seal(d->vault, d->token, d->secret, &item, 1, d->arena, ret, d->err);
	wipe(text, strlen(text));
	free(text);
	return rc;
}

static struct bytes moved_text(const struct desk *d, const struct case_move *m, const char *state, uint64_t version)
{
	char id[ID_TEXT_SIZE];
	id_format(m->c->case_id, id);
	return bytes_str(arena_printf(d->arena, "{\"id\":\"%s\",\"state\":\"%s\",\"version\":%" PRIu64 "}", id, state, version));
}

static enum rc move_hold(const struct desk *d, const struct case_move *m, struct store_result *ret)
{
	const struct store_case *c = m->c;
	struct store_case_hold put = {
		.request = m->request, .person_id = c->person_id, .case_id = c->case_id, .if_version = m->if_version,
		.staff_id = desk_staff_id(d), .until = m->t->effect == EFFECT_HOLD ? d->now + CASE_HOLD_US : 0,
	};
	put.request.response = moved_text(d, m, c->state, m->if_version);
	if (!put.request.response.len)
		return RC_NO_MEMORY;
	return store_case_hold(d->store, &put, ret, d->err);
}

/* What the transition's effect adds to the update. */
static enum rc add_effect(const struct desk *d, const struct case_move *m, struct store_case_update *put)
{
	const struct store_case *c = m->c;
	struct vault_number number;
	struct bytes sealed[2];
	enum rc rc = RC_OK;
	switch (m->t->effect) {
	case EFFECT_AMEND:
		rc = seal_content(d, c->kind, c->case_id, c->person_id, c->office, m->if_version + 1, m->declaration, sealed);
		if (rc == RC_OK) {
			put->sealed = sealed[0];
			put->index_sealed = sealed[1];
		}
		break;
	case EFFECT_RESERVE_NUMBER:
		if (c->number_sealed.len)
			break;
		rc = vault_reserve_number(d->vault, d->token, c->person_id, c->case_id, c->office, d->arena, &number, d->err);
		if (rc == RC_OK) {
			put->number_sealed = number.sealed;
			memcpy(put->number_claim, number.claim, sizeof put->number_claim);
		}
		break;
	default:
		break;
	}
	return rc;
}

/* Each amendment stays in the case's history: without an account it has a bound. */
static enum rc check_amendments(const struct desk *d, const struct case_move *m)
{
	uint64_t n;
	if (m->t->effect != EFFECT_AMEND || d->staff)
		return RC_OK;
	enum rc rc = store_case_family_steps(d->reader, m->c->person_id, m->c->case_id, m->t->name, &n, d->err);
	if (rc == RC_OK && n >= CASE_FAMILY_AMENDMENTS_MAX)
		rc = err_set(d->err, RC_THROTTLED, "case", "The declaration was changed too often; ask the office to change it");
	return rc;
}

enum rc case_move_make(const struct desk *d, const struct case_move *m, struct store_result *ret)
{
	const struct store_case *c = m->c;
	const struct workflow *w = pack_workflow(d->pack, c->kind);
	const char *to = m->t->to ? m->t->to : c->state;
	static const uint8_t none[STORE_HASH];
	const struct workflow_state *state = w ? workflow_state(w, to) : NULL;
	char queue[STORE_SCOPE_MAX];
	if (!state)
		return RC_INVALID;
	if (m->t->effect == EFFECT_HOLD || m->t->effect == EFFECT_RELEASE)
		return move_hold(d, m, ret);
	struct store_case_update put = {
		.request = m->request, .person_id = c->person_id, .case_id = c->case_id, .if_version = m->if_version,
		.transition = m->t->name, .from_state = c->state, .to_state = to, .staff_id = desk_staff_id(d),
		.deadline = case_deadline(d, w, to),
	};
	enum rc rc = check_amendments(d, m);
	if (rc == RC_OK && !state->final)
		rc = workflow_queue_office(w, to, c->office, queue, sizeof queue);
	if (rc == RC_OK)
		rc = seal_note(d, m, &put.note_sealed);
	if (rc == RC_OK)
		rc = add_effect(d, m, &put);
	if (rc != RC_OK)
		return rc;
	put.queue_office = state->final ? NULL : queue;
	/* A case that ends without an act leaves nothing behind: its reserved number is never used again, and
	   the matcher forgets it. */
	put.drop_index = state->final;
	put.retire_number = (state->final || m->t->effect == EFFECT_RETIRE_NUMBER) &&
	                    memcmp(c->number_claim, none, sizeof none) != 0;
	put.request.response = moved_text(d, m, to, m->if_version + 1);
	if (!put.request.response.len)
		return RC_NO_MEMORY;
	return store_case_update(d->store, &put, ret, d->err);
}
