/* SPDX-License-Identifier: MPL-2.0 */
/* Acts, their receipts, people and the looks at them. */
#include "register/act.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "gate/handlers.h"
#include "gate/state.h"
#include "ledger/receipt.h"
#include "register/standing.h"

enum { ACTS_OPENED_MAX = VAULT_ITEMS_MAX, LOOKS_DEFAULT = 50 };

/* The purpose named in Civis-Purpose, or counter service where none is required. */
static enum rc purpose_of(struct call *c, enum purpose *ret)
{
	struct bytes said = guard_header(&c->q->head, "Civis-Purpose");
	*ret = said.ptr ? purpose_parse(said) : PURPOSE_COUNTER_SERVICE;
	if (*ret == PURPOSE_NONE || (!said.ptr && c->match->route->flags & ROUTE_PURPOSE))
		return err_set(&c->err, RC_BAD_REQUEST, "Civis-Purpose", "a Civis-Purpose header must say why this is opened");
	return RC_OK;
}

/* The act, if its office is in reach of the officer. */
enum rc act_of_call(struct call *c, struct store_act *ret)
{
	struct id id;
	enum rc rc = call_id(c, 0, &id);
	if (rc == RC_OK)
		rc = store_act_get(c->desk.reader, id, c->desk.arena, ret, &c->err);
	if (rc == RC_OK && !scope_covers(desk_scope(&c->desk), ret->entry.office)) {
		c->err = ERR_NONE;
		rc = RC_NOT_FOUND;
	}
	return rc;
}

static enum rc open_acts(struct call *c, enum purpose purpose, const struct store_act *acts, size_t n, struct bytes *ret)
{
	struct vault_open_item items[ACTS_OPENED_MAX];
	for (size_t i = 0; i < n; i++)
		items[i] = (struct vault_open_item){{KIND_ACT, acts[i].act_id, acts[i].person_id, 1, 0}, acts[i].sealed};
	return vault_open(c->desk.vault, c->desk.token, purpose, items, n, c->desk.arena, ret, &c->err);
}

enum rc act_stands(struct call *c, const struct store_act *act)
{
	struct standing s;
	const struct form *form = pack_form(c->desk.pack, act->kind);
	if (!form || !form->certificate) {
		c->code = "no_certificate";
		return err_set(&c->err, RC_STATE, "certificate", "no certificate is drawn from acts of this kind");
	}
	enum rc rc = standing_read(&c->desk, act->person_id, &s);
	return rc == RC_OK ? case_state_error(c, standing_check(&s, act->act_id, &c->err)) : rc;
}

static json_t *act_json(struct call *c, const struct store_act *act, struct bytes plain)
{
	json_t *j = NULL;
	struct buf hex = BUF_INIT(128);
	if (act_to_json(c->desk.pack, plain, &j) != RC_OK)
		return NULL;
	hex_encode(&hex, BYTES_ARRAY(act->commitment));
	json_object_set_new(j, "seq", json_integer((json_int_t)act->seq));
	json_object_set_new(j, "commitment", json_string(buf_cstr(&hex)));
	json_object_set_new(j, "log", act->placed ? json_pack("{s:i,s:I}", "epoch", (int)act->epoch, "index",
	                                                      (json_int_t)act->place) : json_null());
	buf_release(&hex);
	return j;
}

enum rc act_get(struct call *c)
{
	struct store_act *act = ARENA_NEW(c->desk.arena, struct store_act);
	struct bytes plain;
	enum purpose purpose;
	enum rc rc = act ? act_of_call(c, act) : RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = purpose_of(c, &purpose);
	if (rc == RC_OK)
		rc = open_acts(c, purpose, act, 1, &plain);
	if (rc != RC_OK)
		return rc;
	json_t *j = act_json(c, act, plain);
	return j ? call_json(c, 200, j) : RC_FORMAT;
}

enum rc act_prove(struct call *c, const struct store_act *act, struct buf *out)
{
	enum rc rc = act->placed ? ledger_prove(GATE_LOG_DIR, act->epoch, act->place, out) : RC_NOT_FOUND;
	if (rc == RC_NOT_FOUND) {
		c->code = "receipt_not_ready";
		c->retry_after = 1;
	}
	return rc;
}

static bool among(void *ctx, uint32_t label)
{
	const struct act_labels *l = ctx;
	for (size_t i = 0; i < l->count; i++)
		if (l->label[i] == label)
			return true;
	return false;
}

enum rc act_build_receipt(const struct store_act *act, struct bytes plain, struct bytes proof, struct act_labels *open,
                          struct buf *out)
{
	struct receipt_request r = {
		.act = plain, .open = open ? among : NULL, .ctx = open, .key_id = BYTES_ARRAY(act->key_id), .proof = proof,
	};
	memcpy(r.signature, act->signature, sizeof r.signature);
	return receipt_build(&r, out);
}

enum rc act_receipt(struct call *c)
{
	struct store_act *act = ARENA_NEW(c->desk.arena, struct store_act);
	struct buf proof = BUF_INIT(TLOG_PROOF_MAX);
	struct bytes plain;
	enum purpose purpose;
	enum rc rc = act ? act_of_call(c, act) : RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = purpose_of(c, &purpose);
	if (rc == RC_OK)
		rc = act_prove(c, act, &proof); /* before the look: nothing is opened in vain */
	if (rc == RC_OK)
		rc = open_acts(c, purpose, act, 1, &plain);
	if (rc == RC_OK)
		rc = act_build_receipt(act, plain, buf_bytes(&proof), NULL, &c->a->body);
	buf_release(&proof);
	if (rc == RC_OK) {
		c->a->status = 200;
		c->a->type = "application/cbor";
	}
	return rc;
}

/* ---- people ---- */

/* Folded from the acts: what the last one that restates the birth says, and how the record stands. */
static json_t *person_json(const struct pack *p, struct id person, const struct standing *s, json_t *acts)
{
	json_t *stands = json_array_get(acts, (size_t)(s->act - s->acts));
	json_t *last = json_array_get(acts, (size_t)(s->last - s->acts));
	json_t *died = s->died ? json_array_get(acts, (size_t)(s->died - s->acts)) : NULL;
	return json_pack("{s:o,s:O?,s:s?,s:O?,s:o,s:O?,s:O?,s:o}", "id", json_id(person), "personal_number",
	                 json_object_get(json_object_get(stands, "header"), "personal_number"), "status",
	                 s->cancelled ? "cancelled" : s->died ? "died" : standing_is_person(s, p) ? "alive" : NULL, "birth", json_object_get(stands, "declaration"),
	                 "act_id", json_id(s->act->act_id), "notes", json_object_get(json_object_get(last, "header"), "notes"),
	                 "death", json_object_get(died, "declaration"), "acts", acts);
}

/* Every act, some at a time; the officer's office must be above the one where the record is. */
static enum rc open_person(struct call *c, enum purpose purpose, const struct standing *s, json_t *list)
{
	struct bytes plain[ACTS_OPENED_MAX];
	enum rc rc = RC_OK;
	for (size_t from = 0; rc == RC_OK && from < s->count; from += ACTS_OPENED_MAX) {
		size_t n = s->count - from < ACTS_OPENED_MAX ? s->count - from : ACTS_OPENED_MAX;
		rc = open_acts(c, purpose, &s->acts[from], n, plain);
		for (size_t i = 0; rc == RC_OK && i < n; i++) {
			json_t *j = act_json(c, &s->acts[from + i], plain[i]);
			if (!j || json_array_append_new(list, j) != 0)
				rc = RC_FORMAT;
		}
	}
	return rc;
}

enum rc person_get(struct call *c)
{
	struct standing s;
	struct id id;
	enum purpose purpose;
	enum rc rc = call_id(c, 0, &id);
	if (rc == RC_OK)
		rc = purpose_of(c, &purpose);
	if (rc == RC_OK)
		rc = standing_read(&c->desk, id, &s);
	if (rc == RC_OK && !scope_covers(desk_scope(&c->desk), s.act->entry.office)) {
		c->err = ERR_NONE;
		rc = RC_NOT_FOUND;
	}
	if (rc != RC_OK)
		return rc;
	json_t *list = json_array();
	rc = open_person(c, purpose, &s, list);
	if (rc == RC_OK)
		return call_json(c, 200, person_json(c->desk.pack, id, &s, list));
	json_decref(list);
	return rc;
}

/* ---- looks ---- */

static json_t *look_json(const struct vault_look *l)
{
	return json_pack("{s:I,s:o,s:s,s:s,s:s,s:o,s:o,s:s,s:{s:s,s:s}}", "no", (json_int_t)l->no, "at", json_instant(l->at), "role",
	                 role_name(l->role), "purpose", purpose_name(l->purpose), "kind", vault_kind_name(l->kind), "object",
	                 json_id(l->object), "staff", json_id(l->staff), "office", l->scope, "officer", "native", l->display_native,
	                 "latin", l->display_latin);
}

enum rc person_looks(struct call *c)
{
	struct vault_look *looks;
	struct id id;
	size_t n, limit = 0;
	uint64_t after = 0;
	const char *text = call_query(c, "after");
	if (text && u64_parse(bytes_str(text), INT64_MAX, &after) != RC_OK)
		(void)call_wrong(c, "?after", "not_a_choice", 0);
	(void)!call_limit(c, LOOKS_DEFAULT, &limit);
	if (c->field_count)
		return RC_INVALID;
	enum rc rc = call_id(c, 0, &id);
	if (rc == RC_OK)
		rc = vault_looks(c->desk.vault, c->desk.token, id, after, limit, c->desk.arena, &looks, &n, &c->err);
	if (rc != RC_OK)
		return rc;
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, look_json(&looks[i]));
	json_t *j = json_pack("{s:o}", "looks", list);
	if (j && n == limit)
		json_object_set_new(j, "next", json_integer((json_int_t)looks[n - 1].no));
	return call_json(c, 200, j);
}
