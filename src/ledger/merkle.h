/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The Merkle tree of RFC 6962 §2.1 over SHA-256: hashes, a growing edge, and
 * the two verifications. Knows nothing of files, signatures or acts.
 *
 *   leaf  = SHA-256(0x00 ‖ data)        node = SHA-256(0x01 ‖ left ‖ right)
 *   empty = SHA-256("")                 split at the largest power of two < n
 */
#ifndef CIVIS_LEDGER_MERKLE_H
#define CIVIS_LEDGER_MERKLE_H

#include "base/bytes.h"
#include "base/err.h"
#include "crypto/crypto.h"

enum { MERKLE_HASH_SIZE = HASH_SIZE, MERKLE_MAX_PROOF = 64 };

/* Hashes from leaf to root, as RFC 6962 orders them. */
struct merkle_proof {
	unsigned count;
	struct hash hash[MERKLE_MAX_PROOF];
};

void merkle_leaf(struct bytes data, struct hash *ret);
void merkle_node(const struct hash *left, const struct hash *right, struct hash *ret);
void merkle_empty(struct hash *ret);
bool hash_equal(const struct hash *a, const struct hash *b);

/*
 * The right edge of a tree: one hash for each bit set in `size`; node[h] is the
 * root of a complete subtree of 2^h leaves. All that appending needs.
 */
struct merkle_frontier {
	uint64_t size;
	struct hash node[64];
};

void merkle_frontier_init(struct merkle_frontier *f);
void merkle_frontier_append(struct merkle_frontier *f, const struct hash *leaf);
void merkle_frontier_root(const struct merkle_frontier *f, struct hash *ret);
/* size as u64 big-endian, then the hashes in use from the lowest up: 8 + 32·popcount(size) bytes. */
enum { MERKLE_FRONTIER_MAX = 8 + 64 * 32 };
void merkle_frontier_encode(const struct merkle_frontier *f, struct buf *out);
/* RC_FORMAT unless exactly that. */
enum rc merkle_frontier_decode(struct bytes encoded, struct merkle_frontier *ret) WARN_UNUSED;

/* RFC 9162 §2.1.3.2. RC_PROOF if the proof does not lead from the leaf to the root. */
enum rc merkle_verify_inclusion(uint64_t size, const struct hash *root, uint64_t index, const struct hash *leaf,
                                const struct merkle_proof *proof) WARN_UNUSED;
/* RFC 9162 §2.1.4.2. From an empty tree, or to the same size and root, the proof is empty. RC_PROOF. */
enum rc merkle_verify_consistency(uint64_t old_size, const struct hash *old_root, uint64_t size,
                                  const struct hash *root, const struct merkle_proof *proof) WARN_UNUSED;

/*
 * The root over many leaves in bounded memory. next() fills up to `room` leaves
 * of `leaf_size` bytes each, one after another, and returns how many; 0 ends.
 * ret_size may be NULL. RC_NO_MEMORY.
 */
enum rc merkle_root_streaming(size_t leaf_size, size_t (*next)(void *ctx, uint8_t *leaves, size_t room), void *ctx,
                              struct hash *ret_root, uint64_t *ret_size) WARN_UNUSED;

#endif
