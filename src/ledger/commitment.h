/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The commitment to an act: what stands in the public log, and what lets a
 * receipt open single fields (docs/formats/commitment.md).
 *
 *   act        = deterministic CBOR {1: form tstr, 2: salt bstr(32), 3: {label uint: value}}
 *   k(label)   = HMAC-SHA-256(salt, u32be(label))
 *   d(label)   = SHA-256(k ‖ CBOR([label, value]))
 *   commitment = SHA-256("civis-act-v1" ‖ CBOR([form, d₁ … dₙ]))     labels ascending
 *   leaf       = SHA-256(0x00 ‖ commitment)
 */
#ifndef CIVIS_LEDGER_COMMITMENT_H
#define CIVIS_LEDGER_COMMITMENT_H

#include "ledger/merkle.h"

enum {
	ACT_MAX = 65536,       /* bytes of an act */
	ACT_MAX_FIELDS = 256,
	ACT_FORM_MAX = 64,     /* bytes of the form's name */
	ACT_SALT_SIZE = 32,
};

#define ACT_COMMITMENT_TAG "civis-act-v1"
/* What the vault signs is this ‖ commitment. */
#define ACT_SIGNATURE_TAG "civis-act-sig-v1"

struct act_field {
	uint32_t label;
	struct bytes value; /* one CBOR item */
};

/* An act taken apart; borrows from its bytes. */
struct act_view {
	struct bytes form;
	struct bytes salt;
	unsigned count;
	struct act_field field[ACT_MAX_FIELDS]; /* ascending labels */
};

/* RC_FORMAT unless deterministic, of the shape above, with at least one field. RC_TOO_LARGE. */
enum rc act_view(struct bytes act, struct act_view *ret) WARN_UNUSED;
/* The raw CBOR of a field; BYTES_NONE if the form has no such label. */
struct bytes act_view_find(const struct act_view *view, uint32_t label);

void commitment_key(struct bytes salt, uint32_t label, struct hash *ret);
/* CBOR([label, value]) */
void commitment_opening(const struct act_field *field, struct buf *out);
/* opening: CBOR([label, value]). */
void commitment_digest(const struct hash *key, struct bytes opening, struct hash *ret);
enum rc commitment_of_digests(struct bytes form, const struct hash *digests, unsigned count,
                              struct hash *ret) WARN_UNUSED;
enum rc commitment_of_view(const struct act_view *view, struct hash *ret) WARN_UNUSED;
enum rc commitment_of_act(struct bytes act, struct hash *ret) WARN_UNUSED;
/* ACT_SIGNATURE_TAG ‖ commitment: the bytes that the act signature covers. */
enum { ACT_SIGNED_SIZE = sizeof(ACT_SIGNATURE_TAG) - 1 + 32 };
void commitment_signed_bytes(const struct hash *commitment, uint8_t out[static ACT_SIGNED_SIZE]);

#endif
