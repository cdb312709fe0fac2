/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A sealed object (docs/formats/sealed.md):
 *
 *   offset size
 *   0      1    format, 1
 *   1      1    algorithm, 1 = AES-256-GCM (2 … wait for others, also hybrids)
 *   2      1    kind (enum vault_kind)
 *   3      1    0
 *   4      4    number of the person's key, big-endian
 *   8      12   nonce
 *   20     n    ciphertext
 *   20+n   16   tag
 *
 * Plaintext: length of the scope (1 byte) ‖ scope ‖ content. The scope is that of
 * the office on the day of sealing. Who may open is judged by the person's office
 * now, which stands beside the key: never by what the gate says.
 *
 * Associated data, all of fixed length:
 *   "civis-sealed" ‖ bytes 0–7 ‖ deployment(16) ‖ object(16) ‖ person(16) ‖ version u64 ‖ aux u32
 */
#ifndef CIVIS_VAULT_SEALED_H
#define CIVIS_VAULT_SEALED_H

#include "vault/client.h"
#include "vault/keys.h"

enum { SEALED_HEADER = 8, SEALED_OVERHEAD = SEALED_HEADER + AEAD_OVERHEAD + 1 + SCOPE_MAX };

/* Appends the blob. RC_NO_MEMORY, RC_TOO_LARGE. */
enum rc sealed_put(const struct vault_keys *k, const struct person_key *key, const struct vault_object *as,
		   const char *scope, struct bytes content, struct buf *out) WARN_UNUSED;

struct opened {
	struct bytes content; /* borrows from the buffer given */
};

/* Appends the plaintext to `plain`. RC_SIGNATURE, RC_FORMAT, RC_NOT_FOUND is told as RC_SIGNATURE too, RC_GONE. */
enum rc sealed_open(struct vault_keys *k, const struct vault_object *as, struct bytes sealed, struct buf *plain,
		    struct opened *ret, struct err *e) WARN_UNUSED;

#endif
