/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Sealing to a public key: HPKE (RFC 9180) in base mode, DHKEM(P-256,
 * HKDF-SHA256), HKDF-SHA256 and AES-GCM. Whoever has the public key can seal;
 * nothing says who did.
 */
#ifndef CIVIS_CRYPTO_HPKE_H
#define CIVIS_CRYPTO_HPKE_H

#include "crypto/crypto.h"

/* Numbers of RFC 9180 §7. */
enum { HPKE_KEM_P256 = 0x0010, HPKE_KDF_SHA256 = 0x0001 };
enum hpke_aead {
	HPKE_AES_128_GCM = 1, /* the published test vectors for this KEM use it, and nothing else here */
	HPKE_AES_256_GCM = 2
};

/* One message, or one sequence of messages, between two sides. Secret: wipe. */
struct hpke {
	enum hpke_aead aead;
	uint8_t key[AEAD_KEY_SIZE];
	uint8_t base_nonce[AEAD_NONCE_SIZE];
};

/* To the owner of `recipient` (an uncompressed point); ret_enc goes along. ephemeral: a key for this one use.
   RC_FORMAT if the point is not on the curve; RC_NO_MEMORY. */
enum rc hpke_send(struct bytes recipient, const struct p256_key *ephemeral, enum hpke_aead aead, struct bytes info,
                  uint8_t ret_enc[static P256_PUBLIC_SIZE], struct hpke *ret) WARN_UNUSED;
/* From whoever made `enc`. RC_FORMAT if that is not a point on the curve; RC_NO_MEMORY. */
enum rc hpke_receive(const struct p256_key *recipient, enum hpke_aead aead, struct bytes enc, struct bytes info,
                     struct hpke *ret) WARN_UNUSED;

/* Appends ciphertext ‖ tag(16) of message `seq` (0, 1, …; never two with the same). RC_TOO_LARGE, RC_NO_MEMORY. */
enum rc hpke_seal(const struct hpke *h, uint64_t seq, struct bytes aad, struct bytes plain, struct buf *out) WARN_UNUSED;
/* Appends the plaintext. RC_SIGNATURE if anything does not belong together (out is as before); as above. */
enum rc hpke_open(const struct hpke *h, uint64_t seq, struct bytes aad, struct bytes sealed, struct buf *out) WARN_UNUSED;

#endif
