/* SPDX-License-Identifier: MPL-2.0 */
/* The proofs of include/civis/log.h, over the ledger's own. */
#include <string.h>

#include "civis/log.h"
#include "ledger/merkle.h"

static bool take_proof(const uint8_t *hashes, size_t count, struct merkle_proof *ret)
{
	if (count > MERKLE_MAX_PROOF)
		return false;
	ret->count = (unsigned)count;
	for (size_t i = 0; i < count; i++)
		memcpy(ret->hash[i].b, hashes + i * CIVIS_HASH_SIZE, CIVIS_HASH_SIZE);
	return true;
}

static struct hash take_hash(const uint8_t *b)
{
	struct hash h;
	memcpy(h.b, b, CIVIS_HASH_SIZE);
	return h;
}

civis_error civis_log_leaf_hash(const void *data, size_t len, uint8_t ret_hash[CIVIS_HASH_SIZE])
{
	struct hash h;
	merkle_leaf(bytes_of(data, len), &h);
	memcpy(ret_hash, h.b, CIVIS_HASH_SIZE);
	return CIVIS_OK;
}

civis_error civis_log_verify_inclusion(const uint8_t leaf_hash[CIVIS_HASH_SIZE], uint64_t index, uint64_t size,
                                       const uint8_t root[CIVIS_HASH_SIZE], const uint8_t *proof, size_t proof_count)
{
	struct merkle_proof p;
	struct hash leaf = take_hash(leaf_hash), top = take_hash(root);
	if (!take_proof(proof, proof_count, &p) || merkle_verify_inclusion(size, &top, index, &leaf, &p) != RC_OK)
		return CIVIS_E_PROOF;
	return CIVIS_OK;
}

civis_error civis_log_verify_consistency(uint64_t old_size, const uint8_t old_root[CIVIS_HASH_SIZE],
                                         uint64_t new_size, const uint8_t new_root[CIVIS_HASH_SIZE],
                                         const uint8_t *proof, size_t proof_count)
{
	struct merkle_proof p;
	struct hash before = take_hash(old_root), after = take_hash(new_root);
	if (!take_proof(proof, proof_count, &p) ||
	    merkle_verify_consistency(old_size, &before, new_size, &after, &p) != RC_OK)
		return CIVIS_E_PROOF;
	return CIVIS_OK;
}
