/* SPDX-License-Identifier: MPL-2.0 */
/* Commitments to acts, and receipts that open some of their fields. */
#include <stdlib.h>

#include "codec/cbor.h"
#include "ledger/receipt.h"
#include "tap.h"

static struct ed25519_key act_key, log_secret;
static struct note_key log_key;

static void make_keys(void)
{
	uint8_t seed[32] = {1};
	ed25519_from_seed(seed, &act_key);
	seed[0] = 2;
	ed25519_from_seed(seed, &log_secret);
	if (note_key_ed25519("civis.example/khm/1", log_secret.public_key, &log_key) != RC_OK)
		abort();
}

/* Fields 2 (text), 4 (null), 15 (map), 300 (array). */
static void make_act(struct buf *out)
{
	uint8_t salt[32];
	memset(salt, 0x5a, sizeof salt);
	cbor_put_map(out, 3);
	cbor_put_uint(out, 1);
	cbor_put_str(out, "khm/birth/1");
	cbor_put_uint(out, 2);
	cbor_put_bytes(out, BYTES_ARRAY(salt));
	cbor_put_uint(out, 3);
	cbor_put_map(out, 4);
	cbor_put_uint(out, 2);
	cbor_put_str(out, "birth");
	cbor_put_uint(out, 4);
	cbor_put_null(out);
	cbor_put_uint(out, 15);
	cbor_put_map(out, 1);
	cbor_put_uint(out, 3);
	cbor_put_str(out, "\xe1\x9e\x85\xe1\x9e\x93\xe1\x9f\x92\xe1\x9e\x90\xe1\x9e\xb6");
	cbor_put_uint(out, 300);
	cbor_put_array(out, 2);
	cbor_put_uint(out, 1);
	cbor_put_str(out, "Chantha");
}

/* The definition, step by step, with the one-shot primitives alone. */
static void reference_commitment(struct hash *ret)
{
	static const struct {
		uint8_t label[4];
		struct bytes item;
	} fields[] = {
		{{0, 0, 0, 2}, {(const uint8_t *)"\x82\x02\x65" "birth", 8}},
		{{0, 0, 0, 4}, {(const uint8_t *)"\x82\x04\xf6", 3}},
		{{0, 0, 0, 15}, {(const uint8_t *)"\x82\x0f\xa1\x03\x6f\xe1\x9e\x85\xe1\x9e\x93\xe1\x9f\x92\xe1\x9e\x90\xe1\x9e\xb6", 20}},
		{{0, 0, 1, 44}, {(const uint8_t *)"\x82\x19\x01\x2c\x82\x01\x67" "Chantha", 14}},
	};
	struct buf list = BUF_INIT(1024);
	uint8_t salt[32];
	memset(salt, 0x5a, sizeof salt);
	buf_str(&list, "civis-act-v1\x85\x6b" "khm/birth/1");
	for (size_t i = 0; i < 4; i++) {
		uint8_t k[32], d[32];
		hmac_sha256(BYTES_ARRAY(salt), BYTES_ARRAY(fields[i].label), k);
		sha256_pair(BYTES_ARRAY(k), fields[i].item, d);
		buf_str(&list, "\x58\x20");
		buf_append(&list, BYTES_ARRAY(d));
	}
	sha256(buf_bytes(&list), ret->b);
	buf_release(&list);
}

TEST(the_commitment_is_that_of_its_definition)
{
	struct buf act = BUF_INIT(ACT_MAX);
	struct hash got, want;
	make_act(&act);
	eq_int(commitment_of_act(buf_bytes(&act), &got), RC_OK);
	reference_commitment(&want);
	ok(hash_equal(&got, &want));
	buf_release(&act);
}

TEST(every_flipped_bit_of_an_act_changes_its_commitment_or_breaks_it)
{
	struct buf act = BUF_INIT(ACT_MAX);
	struct hash got, want;
	make_act(&act);
	reference_commitment(&want);
	for (size_t i = 0; i < act.len * 8; i++) {
		act.ptr[i / 8] ^= (uint8_t)(1u << (i % 8));
		ok(commitment_of_act(buf_bytes(&act), &got) != RC_OK || !hash_equal(&got, &want));
		act.ptr[i / 8] ^= (uint8_t)(1u << (i % 8));
	}
	for (size_t n = 0; n < act.len; n++)
		ok(commitment_of_act(bytes_slice(buf_bytes(&act), 0, n), &got) == RC_FORMAT);
	buf_byte(&act, 0);
	eq_int(commitment_of_act(buf_bytes(&act), &got), RC_FORMAT);
	buf_release(&act);
}

TEST(an_act_of_another_shape_is_refused)
{
	static const struct bytes wrong[] = {
		{(const uint8_t *)"\xa0", 1},
		{(const uint8_t *)"\xa3\x01\x61x\x02\x41x\x03\xa1\x01\x01", 11},
		{(const uint8_t *)"\x80", 1},
	};
	struct act_view *view = malloc(sizeof *view);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		eq_int(act_view(wrong[i], view), RC_FORMAT);
	uint8_t *big = calloc(1, ACT_MAX + 1);
	eq_int(act_view(bytes_of(big, ACT_MAX + 1), view), RC_TOO_LARGE);
	free(big);
	free(view);
}

static bool only_fifteen(void *ctx, uint32_t label)
{
	(void)ctx;
	return label == 15;
}

/* A receipt of the act as entry 0 of a log of one. */
static void make_receipt(bool (*open)(void *, uint32_t), struct buf *out)
{
	struct buf act = BUF_INIT(ACT_MAX), note = BUF_INIT(NOTE_MAX), proof = BUF_INIT(TLOG_PROOF_MAX);
	struct hash commitment;
	uint8_t signature[64], message[ACT_SIGNED_SIZE];
	struct checkpoint c = {.origin = "civis.example/khm/1", .size = 1};
	make_act(&act);
	eq_int(commitment_of_act(buf_bytes(&act), &commitment), RC_OK);
	merkle_leaf(BYTES_ARRAY(commitment.b), &c.root);
	checkpoint_format(&c, &note);
	ed25519_sign(&log_secret, buf_bytes(&note), signature);
	buf_str(&note, "\n");
	note_signature_line(&log_key, signature, &note);
	struct tlog_proof p = {.index = 0, .note = buf_bytes(&note)};
	tlog_proof_format(&p, &proof);
	struct receipt_request r = {
		.act = buf_bytes(&act), .open = open, .key_id = BYTES_LIT("act-2026"), .proof = buf_bytes(&proof),
	};
	commitment_signed_bytes(&commitment, message);
	ed25519_sign(&act_key, BYTES_ARRAY(message), r.signature);
	eq_int(receipt_build(&r, out), RC_OK);
	buf_release(&act);
	buf_release(&note);
	buf_release(&proof);
}

TEST(a_receipt_opens_the_chosen_fields_and_proves_them)
{
	struct buf b = BUF_INIT(RECEIPT_MAX);
	struct receipt *r = malloc(sizeof *r);
	struct checkpoint c;
	make_receipt(only_fifteen, &b);
	ok(cbor_is_deterministic(buf_bytes(&b)));
	eq_int(receipt_parse(buf_bytes(&b), r), RC_OK);
	eq_int(r->total, 4);
	eq_int(r->count, 1);
	eq_int(receipt_find(r, 15).len, 18);
	eq_int(receipt_find(r, 2).len, 0);
	eq_int(receipt_verify(r, act_key.public_key, &log_key, &c), RC_OK);
	eq_int(c.size, 1);
	eq_int(receipt_verify(r, log_secret.public_key, &log_key, &c), RC_SIGNATURE);
	/* Nothing of a closed field is in the bytes. */
	ok(memmem(b.ptr, b.len, "Chantha", 7) == NULL);
	buf_reset(&b);
	make_receipt(NULL, &b);
	eq_int(receipt_parse(buf_bytes(&b), r), RC_OK);
	eq_int(r->count, 4);
	ok(memmem(b.ptr, b.len, "Chantha", 7) != NULL);
	eq_int(receipt_verify(r, act_key.public_key, &log_key, NULL), RC_OK);
	free(r);
	buf_release(&b);
}

TEST(a_flipped_bit_anywhere_in_a_receipt_is_noticed)
{
	struct buf b = BUF_INIT(RECEIPT_MAX);
	struct receipt *r = malloc(sizeof *r), *whole = malloc(sizeof *whole);
	make_receipt(only_fifteen, &b);
	eq_int(receipt_parse(buf_bytes(&b), whole), RC_OK);
	/* The key id only says where to look for the key. */
	size_t id_from = (size_t)(whole->key_id.ptr - b.ptr), id_to = id_from + whole->key_id.len;
	unsigned accepted = 0;
	for (size_t i = 0; i < b.len * 8; i++) {
		if (i / 8 >= id_from && i / 8 < id_to)
			continue;
		b.ptr[i / 8] ^= (uint8_t)(1u << (i % 8));
		if (receipt_parse(buf_bytes(&b), r) == RC_OK)
			accepted += receipt_verify(r, act_key.public_key, &log_key, NULL) == RC_OK;
		b.ptr[i / 8] ^= (uint8_t)(1u << (i % 8));
	}
	eq_int(accepted, 0);
	for (size_t n = 0; n < b.len; n++)
		ok(receipt_parse(bytes_slice(buf_bytes(&b), 0, n), r) == RC_FORMAT);
	free(r);
	free(whole);
	buf_release(&b);
}

int main(void)
{
	make_keys();
	RUN(the_commitment_is_that_of_its_definition);
	RUN(every_flipped_bit_of_an_act_changes_its_commitment_or_breaks_it);
	RUN(an_act_of_another_shape_is_refused);
	RUN(a_receipt_opens_the_chosen_fields_and_proves_them);
	RUN(a_flipped_bit_anywhere_in_a_receipt_is_noticed);
	return tap_done();
}
