/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/commitment.h"

#include <string.h>

#include "codec/cbor.h"

static enum rc view_fields(struct cbor *c, struct act_view *view)
{
	size_t n;
	if (!cbor_get_map(c, &n) || n == 0 || n > ACT_MAX_FIELDS)
		return RC_FORMAT;
	for (size_t i = 0; i < n; i++) {
		uint64_t label;
		struct act_field *field = &view->field[i];
		if (!cbor_get_uint(c, &label) || label > UINT32_MAX || !cbor_skip(c, &field->value))
			return RC_FORMAT;
		field->label = (uint32_t)label;
	}
	view->count = (unsigned)n;
	return RC_OK;
}

enum rc act_view(struct bytes act, struct act_view *ret)
{
	uint64_t key;
	size_t n;
	if (act.len > ACT_MAX)
		return RC_TOO_LARGE;
	struct cbor c = cbor_init(act);
	if (!cbor_get_map(&c, &n) || n != 3)
		return RC_FORMAT;
	if (!cbor_get_uint(&c, &key) || key != 1 || !cbor_get_text(&c, &ret->form) || ret->form.len == 0 ||
	    ret->form.len > ACT_FORM_MAX)
		return RC_FORMAT;
	if (!cbor_get_uint(&c, &key) || key != 2 || !cbor_get_bytes(&c, &ret->salt) || ret->salt.len != ACT_SALT_SIZE)
		return RC_FORMAT;
	if (!cbor_get_uint(&c, &key) || key != 3 || view_fields(&c, ret) != RC_OK)
		return RC_FORMAT;
	return cbor_finish(&c);
}

struct bytes act_view_find(const struct act_view *view, uint32_t label)
{
	for (unsigned i = 0; i < view->count; i++)
		if (view->field[i].label == label)
			return view->field[i].value;
	return BYTES_NONE;
}

enum { LABEL_SIZE = 4 };

static void label_message(uint32_t label, uint8_t out[static LABEL_SIZE])
{
	for (int i = 0; i < LABEL_SIZE; i++)
		out[i] = (uint8_t)(label >> (8 * (LABEL_SIZE - 1 - i)));
}

void commitment_key(struct bytes salt, uint32_t label, struct hash *ret)
{
	uint8_t message[LABEL_SIZE];
	label_message(label, message);
	hmac_sha256(salt, BYTES_ARRAY(message), ret->b);
}

/* The keys of all fields. */
static void commitment_keys(const struct act_view *view, uint8_t (*ret)[HASH_SIZE])
{
	uint8_t message[ACT_MAX_FIELDS][LABEL_SIZE];
	struct bytes in[ACT_MAX_FIELDS];
	for (unsigned i = 0; i < view->count; i++) {
		label_message(view->field[i].label, message[i]);
		in[i] = BYTES_ARRAY(message[i]);
	}
	hmac_sha256_many(view->salt, in, view->count, ret);
}

void commitment_opening(const struct act_field *field, struct buf *out)
{
	cbor_put_array(out, 2);
	cbor_put_uint(out, field->label);
	cbor_put_raw(out, field->value);
}

void commitment_digest(const struct hash *key, struct bytes opening, struct hash *ret)
{
	sha256_pair(BYTES_ARRAY(key->b), opening, ret->b);
}

enum rc commitment_of_digests(struct bytes form, const struct hash *digests, unsigned count, struct hash *ret)
{
	struct buf list = BUF_INIT(ACT_FORM_MAX + 16 + ACT_MAX_FIELDS * (2 + HASH_SIZE));
	cbor_put_array(&list, UINT64_C(1) + count);
	cbor_put_text(&list, form);
	for (unsigned i = 0; i < count; i++)
		cbor_put_bytes(&list, BYTES_ARRAY(digests[i].b));
	bool whole = !buf_failed(&list);
	if (whole)
		sha256_pair(BYTES_LIT(ACT_COMMITMENT_TAG), buf_bytes(&list), ret->b);
	buf_release(&list);
	return whole ? RC_OK : RC_NO_MEMORY;
}

enum rc commitment_of_view(const struct act_view *view, struct hash *ret)
{
	struct hash digest[ACT_MAX_FIELDS];
	uint8_t key[ACT_MAX_FIELDS][HASH_SIZE];
	struct buf opening = BUF_INIT(ACT_MAX + 16);
	enum rc rc = RC_OK;
	commitment_keys(view, key);
	for (unsigned i = 0; i < view->count && rc == RC_OK; i++) {
		buf_reset(&opening);
		commitment_opening(&view->field[i], &opening);
		if (buf_failed(&opening))
			rc = RC_NO_MEMORY;
		else
			sha256_pair(BYTES_ARRAY(key[i]), buf_bytes(&opening), digest[i].b);
	}
	wipe(key, sizeof key);
	buf_release(&opening);
	return rc == RC_OK ? commitment_of_digests(view->form, digest, view->count, ret) : rc;
}

enum rc commitment_of_act(struct bytes act, struct hash *ret)
{
	struct act_view view;
	enum rc rc = act_view(act, &view);
	return rc == RC_OK ? commitment_of_view(&view, ret) : rc;
}

void commitment_signed_bytes(const struct hash *commitment, uint8_t out[static ACT_SIGNED_SIZE])
{
	memcpy(out, ACT_SIGNATURE_TAG, ACT_SIGNED_SIZE - HASH_SIZE);
	memcpy(out + ACT_SIGNED_SIZE - HASH_SIZE, commitment->b, HASH_SIZE);
}
