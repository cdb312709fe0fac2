/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/client.h"

#include <string.h>

#include "vault/exchange.h"

static void put_object(struct buf *out, const struct vault_object *o)
{
	cbor_put_uint(out, (uint64_t)o->kind);
	cbor_put_bytes(out, id_bytes(&o->object));
	cbor_put_bytes(out, id_bytes(&o->person));
	cbor_put_uint(out, o->version);
	cbor_put_uint(out, o->aux);
}

static void put_proof(struct buf *out, const uint8_t (*hashes)[32], size_t n)
{
	cbor_put_bytes(out, bytes_of(hashes, n * 32));
}

/* A sealed act and its place in the log: nine items. */
static void put_logged(struct buf *out, const struct vault_open_item *act, const struct vault_proof *proof, struct bytes note)
{
	put_object(out, &act->as);
	cbor_put_bytes(out, act->sealed);
	cbor_put_uint(out, proof->index);
	cbor_put_uint(out, proof->size);
	put_proof(out, proof->hashes, proof->n);
	cbor_put_bytes(out, note);
}

/* ── calls ── */

enum rc vault_ping(struct vault_client *c, bool *ret_matcher, struct err *e)
{
	struct cbor in;
	bool matcher = false;
	exchange_begin(c, VAULT_OP_PING, 0);
	enum rc rc = exchange(c, 1, &in, e);
	if (rc == RC_OK && !cbor_get_bool(&in, &matcher))
		rc = exchange_unreadable(e);
	if (rc == RC_OK && ret_matcher)
		*ret_matcher = matcher;
	exchange_end(c);
	return rc;
}

/* An answer that is n byte strings. */
static enum rc strings_answer(struct vault_client *c, size_t n, struct arena *a, struct bytes *ret, struct err *e)
{
	struct cbor in;
	struct bytes found[VAULT_ITEMS_MAX] = {0};
	enum rc rc = n > VAULT_ITEMS_MAX ? err_set(e, RC_INVALID, "vault", "Too many items") : exchange(c, n, &in, e);
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		if (!exchange_get_copy(&in, a, &found[i]))
			rc = in.failed ? exchange_unreadable(e) : exchange_no_memory(e);
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		ret[i] = found[i];
	exchange_end(c);
	return rc;
}

enum rc vault_seal(struct vault_client *c, struct bytes token, struct bytes secret,
		   const struct vault_seal_item *items, size_t n, struct arena *a, struct bytes *ret_sealed, struct err *e)
{
	struct buf *out = exchange_begin(c, VAULT_OP_SEAL, 3);
	cbor_put_bytes(out, token);
	cbor_put_bytes(out, secret);
	cbor_put_array(out, n);
	for (size_t i = 0; i < n; i++) {
		cbor_put_array(out, 8);
		put_object(out, &items[i].as);
		cbor_put_bytes(out, id_bytes(&items[i].case_id));
		cbor_put_str(out, items[i].scope);
		cbor_put_bytes(out, items[i].plaintext);
	}
	return strings_answer(c, n, a, ret_sealed, e);
}

static void put_items(struct buf *out, const struct vault_open_item *items, size_t n)
{
	cbor_put_array(out, n);
	for (size_t i = 0; i < n; i++) {
		cbor_put_array(out, 6);
		put_object(out, &items[i].as);
		cbor_put_bytes(out, items[i].sealed);
	}
}

enum rc vault_open(struct vault_client *c, struct bytes token, enum purpose purpose,
		   const struct vault_open_item *items, size_t n, struct arena *a, struct bytes *ret_plain, struct err *e)
{
	struct buf *out = exchange_begin(c, VAULT_OP_OPEN, 3);
	cbor_put_bytes(out, token);
	cbor_put_uint(out, (uint64_t)purpose);
	put_items(out, items, n);
	return strings_answer(c, n, a, ret_plain, e);
}

enum rc vault_open_notes(struct vault_client *c, struct bytes secret, const struct vault_open_item *items, size_t n,
			 struct arena *a, struct bytes *ret_plain, struct err *e)
{
	struct buf *out = exchange_begin(c, VAULT_OP_OPEN_NOTES, 2);
	cbor_put_bytes(out, secret);
	put_items(out, items, n);
	return strings_answer(c, n, a, ret_plain, e);
}

enum rc vault_forward(struct vault_client *c, struct bytes token, struct id person, struct id case_id,
		      const char *to_scope, struct err *e)
{
	struct cbor in;
	struct buf *out = exchange_begin(c, VAULT_OP_FORWARD, 4);
	cbor_put_bytes(out, token);
	cbor_put_bytes(out, id_bytes(&person));
	cbor_put_bytes(out, id_bytes(&case_id));
	cbor_put_str(out, to_scope);
	enum rc rc = exchange(c, 0, &in, e);
	exchange_end(c);
	return rc;
}

enum rc vault_parcel_key(struct vault_client *c, struct vault_parcel_key *ret, struct err *e)
{
	struct cbor in;
	struct vault_parcel_key key;
	uint64_t from, to;
	exchange_begin(c, VAULT_OP_PARCEL_KEY, 0);
	enum rc rc = exchange(c, 5, &in, e);
	if (rc == RC_OK && (!cbor_get_fixed(&in, key.id, sizeof key.id) || !cbor_get_fixed(&in, key.point, sizeof key.point) ||
			    !cbor_get_uint(&in, &from) || !cbor_get_uint(&in, &to) || from > INT64_MAX || to > INT64_MAX ||
			    !exchange_get_id(&in, &key.deployment)))
		rc = exchange_unreadable(e);
	if (rc == RC_OK) {
		key.from = (int64_t)from;
		key.to = (int64_t)to;
		*ret = key;
	}
	exchange_end(c);
	return rc;
}

static enum rc open_piece(struct vault_client *c, struct bytes token, const struct parcel *p, uint32_t piece, struct buf *ret,
			  struct err *e)
{
	struct cbor in;
	struct bytes plain;
	struct buf *out = exchange_begin(c, VAULT_OP_OPEN_PARCEL, 4);
	size_t size = parcel_piece_size(p, piece);
	cbor_put_bytes(out, token);
	cbor_put_bytes(out, p->header);
	cbor_put_uint(out, piece);
	cbor_put_bytes(out, bytes_slice(p->content, (size_t)piece * (PARCEL_PIECE + PARCEL_TAG), size));
	enum rc rc = exchange(c, 1, &in, e);
	if (rc == RC_OK && (!cbor_get_bytes(&in, &plain) || plain.len != size - PARCEL_TAG))
		rc = exchange_unreadable(e);
	if (rc == RC_OK)
		buf_append(ret, plain);
	exchange_end(c);
	return rc;
}

enum rc vault_open_parcel(struct vault_client *c, struct bytes token, enum parcel_kind kind, struct bytes parcel,
			  struct buf *out, struct err *e)
{
	struct parcel p;
	size_t before = out->len;
	if (parcel_read(parcel, &p) != RC_OK || p.kind != kind)
		return err_set(e, RC_FORMAT, "parcel", "This is not a parcel of the kind that is taken here");
	enum rc rc = RC_OK;
	for (uint32_t i = 0; i < p.pieces && rc == RC_OK; i++)
		rc = open_piece(c, token, &p, i, out, e);
	if (rc == RC_OK && buf_failed(out))
		rc = err_set(e, RC_NO_MEMORY, "parcel", "No memory for what is in the parcel");
	if (rc != RC_OK && !buf_failed(out)) {
		wipe(out->ptr + before, out->len - before);
		out->len = before;
	}
	return rc;
}

enum rc vault_reserve_number(struct vault_client *c, struct bytes token, struct id person, struct id case_id,
			     const char *scope, struct arena *a, struct vault_number *ret, struct err *e)
{
	struct cbor in;
	struct vault_number number;
	struct buf *out = exchange_begin(c, VAULT_OP_RESERVE_NUMBER, 4);
	cbor_put_bytes(out, token);
	cbor_put_bytes(out, id_bytes(&person));
	cbor_put_bytes(out, id_bytes(&case_id));
	cbor_put_str(out, scope);
	enum rc rc = exchange(c, 2, &in, e);
	if (rc == RC_OK && (!exchange_get_copy(&in, a, &number.sealed) || !cbor_get_fixed(&in, number.claim, sizeof number.claim)))
		rc = exchange_unreadable(e);
	if (rc == RC_OK)
		*ret = number;
	exchange_end(c);
	return rc;
}

enum rc vault_seal_act(struct vault_client *c, struct bytes token, struct id person, struct bytes act,
		       struct bytes index, struct bytes statistics, const struct vault_open_item *corrected, struct arena *a,
		       struct vault_act *ret, struct err *e)
{
	struct cbor in;
	struct vault_act sealed;
	struct buf *out = exchange_begin(c, VAULT_OP_SEAL_ACT, corrected ? 11 : 5);
	cbor_put_bytes(out, token);
	cbor_put_bytes(out, id_bytes(&person));
	cbor_put_bytes(out, act);
	cbor_put_bytes(out, index);
	cbor_put_bytes(out, statistics);
	if (corrected) {
		put_object(out, &corrected->as);
		cbor_put_bytes(out, corrected->sealed);
	}
	enum rc rc = exchange(c, 6, &in, e);
	if (rc == RC_OK &&
	    (!cbor_get_fixed(&in, sealed.commitment, sizeof sealed.commitment) ||
	     !cbor_get_fixed(&in, sealed.signature, sizeof sealed.signature) ||
	     !cbor_get_fixed(&in, sealed.key_id, sizeof sealed.key_id) || !exchange_get_copy(&in, a, &sealed.sealed) ||
	     !exchange_get_copy(&in, a, &sealed.index_sealed) || !exchange_get_copy(&in, a, &sealed.statistics_sealed)))
		rc = exchange_unreadable(e);
	if (rc == RC_OK)
		*ret = sealed;
	exchange_end(c);
	return rc;
}

enum rc vault_sign_qr(struct vault_client *c, struct bytes token, const struct vault_open_item *act,
		      const struct vault_proof *proof, struct bytes checkpoint_note, struct bytes serial,
		      const char *status_uri_base, struct arena *a, struct vault_qr *ret, struct err *e)
{
	struct cbor in;
	struct vault_qr qr;
	uint64_t list, idx;
	struct buf *out = exchange_begin(c, VAULT_OP_SIGN_QR, 13);
	cbor_put_bytes(out, token);
	put_logged(out, act, proof, checkpoint_note);
	cbor_put_bytes(out, serial);
	cbor_put_str(out, status_uri_base);
	enum rc rc = exchange(c, 4, &in, e);
	if (rc == RC_OK && (!exchange_get_copy(&in, a, &qr.cose) || !exchange_get_copy(&in, a, &qr.act) || !cbor_get_uint(&in, &list) ||
			    !cbor_get_uint(&in, &idx) || list > UINT32_MAX || idx > UINT32_MAX))
		rc = exchange_unreadable(e);
	if (rc == RC_OK) {
		qr.list = (uint32_t)list;
		qr.idx = (uint32_t)idx;
		*ret = qr;
	}
	exchange_end(c);
	return rc;
}

enum rc vault_sign_pdf(struct vault_client *c, struct bytes token, struct bytes serial, const uint8_t digest[32],
		       struct arena *a, struct bytes *ret_cms, struct err *e)
{
	struct buf *out = exchange_begin(c, VAULT_OP_SIGN_PDF, 3);
	cbor_put_bytes(out, token);
	cbor_put_bytes(out, serial);
	cbor_put_bytes(out, bytes_of(digest, 32));
	return strings_answer(c, 1, a, ret_cms, e);
}

enum rc vault_supersede(struct vault_client *c, const struct vault_open_item *act, const struct vault_proof *proof,
			struct bytes checkpoint_note, struct err *e)
{
	struct cbor in;
	put_logged(exchange_begin(c, VAULT_OP_SUPERSEDE, 10), act, proof, checkpoint_note);
	enum rc rc = exchange(c, 0, &in, e);
	exchange_end(c);
	return rc;
}

enum rc vault_claim_code(struct vault_client *c, struct bytes token, const struct vault_open_item *act, unsigned days,
			 char ret_code[VAULT_CLAIM_CODE_SIZE], struct err *e)
{
	struct cbor in;
	char code[VAULT_CLAIM_CODE_SIZE] = "";
	struct buf *out = exchange_begin(c, VAULT_OP_CLAIM_CODE, 8);
	cbor_put_bytes(out, token);
	put_object(out, &act->as);
	cbor_put_bytes(out, act->sealed);
	cbor_put_uint(out, days);
	enum rc rc = exchange(c, 1, &in, e);
	if (rc == RC_OK && !exchange_get_text(&in, code, sizeof code))
		rc = exchange_unreadable(e);
	if (rc == RC_OK)
		memcpy(ret_code, code, sizeof code);
	wipe(code, sizeof code);
	exchange_end(c);
	return rc;
}

static bool get_claim(struct cbor *in, struct vault_claim *ret)
{
	struct bytes token;
	uint64_t expires;
	memset(ret, 0, sizeof *ret);
	if (!cbor_get_bytes(in, &token) || token.len >= sizeof ret->token || !cbor_get_uint(in, &expires) ||
	    expires > INT64_MAX || !exchange_get_id(in, &ret->person) || !exchange_get_id(in, &ret->act))
		return false;
	memcpy(ret->token, token.ptr, token.len);
	ret->expires_at = (int64_t)expires;
	return cbor_at_end(in);
}

enum rc vault_claim(struct vault_client *c, struct bytes code, struct vault_claim *ret, unsigned *ret_retry_after,
		    struct err *e)
{
	struct cbor in;
	struct vault_claim claim;
	cbor_put_bytes(exchange_begin(c, VAULT_OP_CLAIM, 1), code);
	enum rc rc = exchange(c, 4, &in, e);
	if (rc == RC_OK && !get_claim(&in, &claim))
		rc = exchange_unreadable(e);
	if (rc == RC_OK)
		*ret = claim;
	else if (rc == RC_THROTTLED && ret_retry_after)
		*ret_retry_after = c->retry_after;
	exchange_end(c);
	return rc;
}

enum rc vault_status_list(struct vault_client *c, uint32_t list, const char *status_uri_base, struct arena *a,
			  struct bytes *ret_cwt, struct err *e)
{
	struct buf *out = exchange_begin(c, VAULT_OP_STATUS_LIST, 2);
	cbor_put_uint(out, list);
	cbor_put_str(out, status_uri_base);
	return strings_answer(c, 1, a, ret_cwt, e);
}

enum rc vault_sign_checkpoint(struct vault_client *c, const char *origin, uint64_t size, const uint8_t root[32],
			      uint64_t old_size, const uint8_t (*proof)[32], size_t n, const struct vault_link *link,
			      struct arena *a, struct bytes *ret_line, struct err *e)
{
	struct buf *out = exchange_begin(c, VAULT_OP_SIGN_CHECKPOINT, 7);
	cbor_put_str(out, origin);
	cbor_put_uint(out, size);
	cbor_put_bytes(out, bytes_of(root, 32));
	cbor_put_uint(out, old_size);
	put_proof(out, proof, n);
	cbor_put_bytes(out, link ? link->note : BYTES_NONE);
	put_proof(out, link ? link->proof : NULL, link ? link->n : 0);
	return strings_answer(c, 1, a, ret_line, e);
}

enum rc vault_last_checkpoint(struct vault_client *c, const char *origin, uint64_t *ret_size, uint8_t ret_root[32],
			      struct err *e)
{
	struct cbor in;
	uint64_t size;
	uint8_t root[32];
	cbor_put_str(exchange_begin(c, VAULT_OP_LAST_CHECKPOINT, 1), origin);
	enum rc rc = exchange(c, 2, &in, e);
	if (rc == RC_OK && (!cbor_get_uint(&in, &size) || !cbor_get_fixed(&in, root, sizeof root)))
		rc = exchange_unreadable(e);
	if (rc == RC_OK) {
		*ret_size = size;
		memcpy(ret_root, root, sizeof root);
	}
	exchange_end(c);
	return rc;
}

static bool get_look(struct cbor *in, void *row)
{
	struct vault_look *l = row;
	size_t n;
	uint64_t at, role, purpose, kind;
	if (!cbor_get_array(in, &n) || n != 10 || !cbor_get_uint(in, &l->no) || !cbor_get_uint(in, &at) ||
	    !exchange_get_id(in, &l->staff) || !cbor_get_uint(in, &role) || !cbor_get_uint(in, &purpose) ||
	    !cbor_get_uint(in, &kind) || !exchange_get_id(in, &l->object) || role >= ROLE_END || purpose >= PURPOSE_END ||
	    kind >= KIND_END)
		return false;
	l->at = (int64_t)at;
	l->role = (enum role)role;
	l->purpose = (enum purpose)purpose;
	l->kind = (enum vault_kind)kind;
	return exchange_get_text(in, l->scope, sizeof l->scope) &&
	       exchange_get_text(in, l->display_native, sizeof l->display_native) &&
	       exchange_get_text(in, l->display_latin, sizeof l->display_latin);
}

/* Sends, and gives the decoder of an answer that is an array of at most `max`. */
enum rc vault_looks(struct vault_client *c, struct bytes token, struct id person, uint64_t after, size_t max,
		    struct arena *a, struct vault_look **ret, size_t *ret_n, struct err *e)
{
	void *rows = NULL;
	struct buf *out = exchange_begin(c, VAULT_OP_LOOKS, 4);
	cbor_put_bytes(out, token);
	cbor_put_bytes(out, id_bytes(&person));
	cbor_put_uint(out, after);
	cbor_put_uint(out, max);
	enum rc rc = exchange_rows(c, max, sizeof(struct vault_look), get_look, a, &rows, ret_n, e);
	if (rc == RC_OK)
		*ret = rows;
	return rc;
}

enum rc vault_find(struct vault_client *c, struct bytes token, enum vault_find by, struct bytes value, struct id *ret,
		   struct err *e)
{
	struct cbor in;
	struct id person;
	struct buf *out = exchange_begin(c, VAULT_OP_FIND, 3);
	cbor_put_bytes(out, token);
	cbor_put_uint(out, (uint64_t)by);
	cbor_put_bytes(out, value);
	enum rc rc = exchange(c, 1, &in, e);
	if (rc == RC_OK && !exchange_get_id(&in, &person))
		rc = exchange_unreadable(e);
	if (rc == RC_OK)
		*ret = person;
	exchange_end(c);
	return rc;
}

static bool get_candidates(struct cbor *in, struct vault_candidates *ret)
{
	size_t n, parts;
	uint64_t kind, flags, score;
	memset(ret, 0, sizeof *ret);
	if (!cbor_get_uint(in, &ret->position) || !cbor_get_array(in, &n) || n > VAULT_CANDIDATES_MAX)
		return false;
	ret->n = n;
	for (size_t i = 0; i < n; i++) {
		struct vault_candidate *m = &ret->items[i];
		if (!cbor_get_array(in, &parts) || parts != 5 || !exchange_get_id(in, &m->person) || !exchange_get_id(in, &m->object) ||
		    !cbor_get_uint(in, &kind) || !cbor_get_uint(in, &flags) || !cbor_get_uint(in, &score) ||
		    kind > UINT32_MAX || flags > UINT32_MAX || score > UINT32_MAX)
			return false;
		m->kind = (unsigned)kind;
		m->flags = (unsigned)flags;
		m->score = (unsigned)score;
	}
	return cbor_at_end(in);
}

enum rc vault_candidates(struct vault_client *c, struct bytes token, const struct vault_open_item *index,
			 struct vault_candidates *ret, struct err *e)
{
	struct cbor in;
	struct vault_candidates found;
	struct buf *out = exchange_begin(c, VAULT_OP_CANDIDATES, 7);
	cbor_put_bytes(out, token);
	put_object(out, &index->as);
	cbor_put_bytes(out, index->sealed);
	enum rc rc = exchange(c, 2, &in, e);
	if (rc == RC_OK && !get_candidates(&in, &found))
		rc = exchange_unreadable(e);
	if (rc == RC_OK)
		*ret = found;
	exchange_end(c);
	return rc;
}

enum rc vault_index_feed(struct vault_client *c, uint64_t after, const struct vault_feed_item *items, size_t n,
			 uint64_t *ret_position, struct err *e)
{
	struct cbor in;
	uint64_t position;
	struct buf *out = exchange_begin(c, VAULT_OP_INDEX_FEED, 2);
	cbor_put_uint(out, after);
	cbor_put_array(out, n);
	for (size_t i = 0; i < n; i++) {
		cbor_put_array(out, 5);
		cbor_put_uint(out, items[i].position);
		cbor_put_bytes(out, id_bytes(&items[i].person));
		cbor_put_bytes(out, id_bytes(&items[i].object));
		cbor_put_uint(out, items[i].version);
		cbor_put_bytes(out, items[i].sealed);
	}
	enum rc rc = exchange(c, 1, &in, e);
	if (rc == RC_OK && !cbor_get_uint(&in, &position))
		rc = exchange_unreadable(e);
	if (rc == RC_OK)
		*ret_position = position;
	exchange_end(c);
	return rc;
}

enum rc vault_check_acts(struct vault_client *c, const struct vault_check_item *items, size_t n,
			 struct vault_check *ret, struct err *e)
{
	struct cbor in;
	size_t parts;
	/* The request's arguments are the items themselves. */
	struct buf *out = exchange_begin(c, VAULT_OP_CHECK_ACTS, n);
	for (size_t i = 0; i < n; i++) {
		cbor_put_array(out, 4);
		cbor_put_bytes(out, id_bytes(&items[i].person));
		cbor_put_bytes(out, id_bytes(&items[i].act));
		cbor_put_uint(out, items[i].version);
		cbor_put_bytes(out, items[i].sealed);
	}
	enum rc rc = exchange(c, n, &in, e);
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		uint64_t code;
		struct bytes commitment;
		if (!cbor_get_array(&in, &parts) || parts != 2 || !cbor_get_uint(&in, &code) || code >= RC_COUNT ||
		    !cbor_get_bytes(&in, &commitment) || commitment.len != (code == RC_OK ? 32 : 0)) {
			rc = exchange_unreadable(e);
			break;
		}
		ret[i] = (struct vault_check){.rc = (enum rc)code};
		if (code == RC_OK)
			memcpy(ret[i].commitment, commitment.ptr, 32);
	}
	exchange_end(c);
	return rc;
}

enum rc vault_check_keys(struct vault_client *c, const struct id *people, size_t n, enum rc *ret, struct err *e)
{
	struct cbor in;
	struct buf *out = exchange_begin(c, VAULT_OP_CHECK_KEYS, n);
	for (size_t i = 0; i < n; i++)
		cbor_put_bytes(out, id_bytes(&people[i]));
	enum rc rc = exchange(c, n, &in, e);
	for (size_t i = 0; i < n && rc == RC_OK; i++) {
		uint64_t code;
		if (cbor_get_uint(&in, &code) && code < RC_COUNT)
			ret[i] = (enum rc)code;
		else
			rc = exchange_unreadable(e);
	}
	exchange_end(c);
	return rc;
}

enum rc vault_request_key(struct vault_client *c, uint8_t ret[static 32], struct err *e)
{
	struct cbor in;
	exchange_begin(c, VAULT_OP_REQUEST_KEY, 0);
	enum rc rc = exchange(c, 1, &in, e);
	if (rc == RC_OK && !cbor_get_fixed(&in, ret, 32))
		rc = exchange_unreadable(e);
	exchange_end(c);
	return rc;
}

enum rc vault_trust(struct vault_client *c, struct arena *a, struct bytes *ret_json, struct err *e)
{
	exchange_begin(c, VAULT_OP_TRUST, 0);
	return strings_answer(c, 1, a, ret_json, e);
}
