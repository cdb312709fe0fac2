/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/receipt.h"

#include <string.h>

#include "codec/cbor.h"

enum { KEY_FORM = 1, KEY_FIELDS = 2, KEY_SIGNATURE = 3, KEY_KEY_ID = 4, KEY_PROOF = 5 };

/* ---- building ---- */

static enum rc put_field(const struct act_view *view, const struct act_field *field, bool open, struct buf *out)
{
	struct hash key, digest;
	struct buf opening = BUF_INIT(ACT_MAX + 16);
	commitment_key(view->salt, field->label, &key);
	commitment_opening(field, &opening);
	bool whole = !buf_failed(&opening);
	if (whole && open) {
		cbor_put_array(out, 2);
		cbor_put_bytes(out, BYTES_ARRAY(key.b));
		cbor_put_bytes(out, buf_bytes(&opening));
	} else if (whole) {
		commitment_digest(&key, buf_bytes(&opening), &digest);
		cbor_put_bytes(out, BYTES_ARRAY(digest.b));
	}
	wipe(&key, sizeof key);
	buf_release(&opening);
	return whole ? RC_OK : RC_NO_MEMORY;
}

enum rc receipt_build(const struct receipt_request *r, struct buf *out)
{
	struct act_view view;
	enum rc rc = act_view(r->act, &view);
	if (rc != RC_OK)
		return rc;
	if (r->key_id.len == 0 || r->key_id.len > RECEIPT_KEY_ID_MAX || r->proof.len > TLOG_PROOF_MAX)
		return RC_FORMAT;
	cbor_put_map(out, 5);
	cbor_put_uint(out, KEY_FORM);
	cbor_put_text(out, view.form);
	cbor_put_uint(out, KEY_FIELDS);
	cbor_put_array(out, view.count);
	for (unsigned i = 0; i < view.count && rc == RC_OK; i++)
		rc = put_field(&view, &view.field[i], !r->open || r->open(r->ctx, view.field[i].label), out);
	cbor_put_uint(out, KEY_SIGNATURE);
	cbor_put_bytes(out, BYTES_ARRAY(r->signature));
	cbor_put_uint(out, KEY_KEY_ID);
	cbor_put_bytes(out, r->key_id);
	cbor_put_uint(out, KEY_PROOF);
	cbor_put_text(out, r->proof);
	if (rc == RC_OK && buf_failed(out))
		rc = RC_TOO_LARGE;
	return rc;
}

/* ---- taking apart ---- */

static bool read_opening(struct bytes opening, struct act_field *ret)
{
	uint64_t label;
	size_t n;
	struct cbor c = cbor_init(opening);
	if (!cbor_get_array(&c, &n) || n != 2 || !cbor_get_uint(&c, &label) || label > UINT32_MAX ||
	    !cbor_skip(&c, &ret->value) || !cbor_at_end(&c))
		return false;
	ret->label = (uint32_t)label;
	return true;
}

static bool read_field(struct cbor *c, struct receipt *r, struct hash *ret_digest)
{
	struct hash key;
	struct bytes opening;
	struct act_field *field = &r->field[r->count];
	size_t n;
	if (cbor_peek(c) == CBOR_BYTES)
		return cbor_get_fixed(c, ret_digest->b, sizeof ret_digest->b);
	if (!cbor_get_array(c, &n) || n != 2 || !cbor_get_fixed(c, key.b, sizeof key.b) ||
	    !cbor_get_bytes(c, &opening) || !read_opening(opening, field))
		return false;
	if (r->count && field->label <= field[-1].label)
		return false;
	commitment_digest(&key, opening, ret_digest);
	r->count++;
	return true;
}

static enum rc read_fields(struct cbor *c, struct receipt *r)
{
	struct hash digest[ACT_MAX_FIELDS];
	size_t n;
	if (!cbor_get_array(c, &n) || n == 0 || n > ACT_MAX_FIELDS)
		return RC_FORMAT;
	r->total = (unsigned)n;
	r->count = 0;
	for (size_t i = 0; i < n; i++)
		if (!read_field(c, r, &digest[i]))
			return RC_FORMAT;
	return commitment_of_digests(r->form, digest, r->total, &r->commitment);
}

static bool key_is(struct cbor *c, uint64_t wanted)
{
	uint64_t key;
	return cbor_get_uint(c, &key) && key == wanted;
}

enum rc receipt_parse(struct bytes receipt, struct receipt *ret)
{
	size_t n;
	if (receipt.len > RECEIPT_MAX)
		return RC_FORMAT;
	struct cbor c = cbor_init(receipt);
	if (!cbor_get_map(&c, &n) || n != 5 || !key_is(&c, KEY_FORM) || !cbor_get_text(&c, &ret->form) ||
	    ret->form.len == 0 || ret->form.len > ACT_FORM_MAX || !key_is(&c, KEY_FIELDS))
		return RC_FORMAT;
	enum rc rc = read_fields(&c, ret);
	if (rc != RC_OK)
		return rc;
	if (!key_is(&c, KEY_SIGNATURE) || !cbor_get_bytes(&c, &ret->signature) ||
	    ret->signature.len != ED25519_SIGNATURE_SIZE || !key_is(&c, KEY_KEY_ID) ||
	    !cbor_get_bytes(&c, &ret->key_id) || ret->key_id.len == 0 || ret->key_id.len > RECEIPT_KEY_ID_MAX ||
	    !key_is(&c, KEY_PROOF) || !cbor_get_text(&c, &ret->proof))
		return RC_FORMAT;
	return cbor_finish(&c);
}

struct bytes receipt_find(const struct receipt *r, uint32_t label)
{
	for (unsigned i = 0; i < r->count; i++)
		if (r->field[i].label == label)
			return r->field[i].value;
	return BYTES_NONE;
}

enum rc receipt_verify(const struct receipt *r, const uint8_t act_key[static 32], const struct note_key *log_key,
                       struct checkpoint *ret_checkpoint)
{
	uint8_t message[ACT_SIGNED_SIZE];
	struct hash leaf;
	commitment_signed_bytes(&r->commitment, message);
	enum rc rc = ed25519_verify(bytes_of(act_key, 32), BYTES_ARRAY(message), r->signature);
	if (rc != RC_OK)
		return rc;
	merkle_leaf(BYTES_ARRAY(r->commitment.b), &leaf);
	return tlog_proof_verify(r->proof, log_key, &leaf, ret_checkpoint);
}
