/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/merkle.h"

#include <stdlib.h>
#include <string.h>

void merkle_leaf(struct bytes data, struct hash *ret)
{
	sha256_leaf(data, ret->b);
}

void merkle_node(const struct hash *left, const struct hash *right, struct hash *ret)
{
	sha256_node(left->b, right->b, ret->b);
}

void merkle_empty(struct hash *ret)
{
	sha256(BYTES_NONE, ret->b);
}

bool hash_equal(const struct hash *a, const struct hash *b)
{
	return memcmp(a->b, b->b, sizeof a->b) == 0;
}

void merkle_frontier_init(struct merkle_frontier *f)
{
	memset(f, 0, sizeof *f);
}

/* Puts the root of a complete subtree of 2^height leaves at the end. The size
   must be a multiple of 2^height. */
static void frontier_push(struct merkle_frontier *f, const struct hash *root, unsigned height)
{
	struct hash carry = *root;
	unsigned h = height;
	for (; f->size >> h & 1; h++)
		merkle_node(&f->node[h], &carry, &carry);
	f->node[h] = carry;
	f->size += UINT64_C(1) << height;
}

void merkle_frontier_append(struct merkle_frontier *f, const struct hash *leaf)
{
	frontier_push(f, leaf, 0);
}

void merkle_frontier_root(const struct merkle_frontier *f, struct hash *ret)
{
	struct hash root;
	bool any = false;
	for (unsigned h = 0; h < 64; h++) {
		if (!(f->size >> h & 1))
			continue;
		if (any)
			merkle_node(&f->node[h], &root, &root);
		else
			root = f->node[h];
		any = true;
	}
	if (!any)
		merkle_empty(&root);
	*ret = root;
}

void merkle_frontier_encode(const struct merkle_frontier *f, struct buf *out)
{
	buf_u64be(out, f->size);
	for (unsigned h = 0; h < 64; h++)
		if (f->size >> h & 1)
			buf_append(out, BYTES_ARRAY(f->node[h].b));
}

enum rc merkle_frontier_decode(struct bytes encoded, struct merkle_frontier *ret)
{
	struct merkle_frontier f = {0};
	if (encoded.len < 8)
		return RC_FORMAT;
	for (unsigned i = 0; i < 8; i++)
		f.size = f.size << 8 | encoded.ptr[i];
	if (encoded.len != 8 + (size_t)__builtin_popcountll(f.size) * MERKLE_HASH_SIZE)
		return RC_FORMAT;
	const uint8_t *at = encoded.ptr + 8;
	for (unsigned h = 0; h < 64; h++) {
		if (!(f.size >> h & 1))
			continue;
		memcpy(f.node[h].b, at, MERKLE_HASH_SIZE);
		at += MERKLE_HASH_SIZE;
	}
	*ret = f;
	return RC_OK;
}

enum rc merkle_verify_inclusion(uint64_t size, const struct hash *root, uint64_t index, const struct hash *leaf,
                                const struct merkle_proof *proof)
{
	if (index >= size || proof->count > MERKLE_MAX_PROOF)
		return RC_PROOF;
	struct hash r = *leaf;
	uint64_t fn = index, sn = size - 1;
	for (unsigned i = 0; i < proof->count; i++) {
		if (sn == 0)
			return RC_PROOF;
		if ((fn & 1) || fn == sn) {
			merkle_node(&proof->hash[i], &r, &r);
			for (; !(fn & 1) && fn != 0; fn >>= 1)
				sn >>= 1;
		} else {
			merkle_node(&r, &proof->hash[i], &r);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_equal(&r, root) ? RC_OK : RC_PROOF;
}

/* RFC 9162 §2.1.4.2 steps 3–7. from: the hashes, with old_root put first when the old tree is complete. */
static enum rc walk_consistency(uint64_t fn, uint64_t sn, const struct hash *first, const struct hash *rest,
                                unsigned count, const struct hash *old_root, const struct hash *root)
{
	for (; fn & 1; fn >>= 1)
		sn >>= 1;
	struct hash fr = *first, sr = *first;
	for (unsigned i = 0; i < count; i++) {
		if (sn == 0)
			return RC_PROOF;
		if ((fn & 1) || fn == sn) {
			merkle_node(&rest[i], &fr, &fr);
			merkle_node(&rest[i], &sr, &sr);
			for (; !(fn & 1) && fn != 0; fn >>= 1)
				sn >>= 1;
		} else {
			merkle_node(&sr, &rest[i], &sr);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_equal(&fr, old_root) && hash_equal(&sr, root) ? RC_OK : RC_PROOF;
}

enum rc merkle_verify_consistency(uint64_t old_size, const struct hash *old_root, uint64_t size,
                                  const struct hash *root, const struct merkle_proof *proof)
{
	struct hash empty;
	if (old_size > size || proof->count > MERKLE_MAX_PROOF)
		return RC_PROOF;
	if (old_size == 0) {
		merkle_empty(&empty);
		bool sound = hash_equal(old_root, &empty) && (size != 0 || hash_equal(root, &empty));
		return sound && proof->count == 0 ? RC_OK : RC_PROOF;
	}
	if (old_size == size)
		return proof->count == 0 && hash_equal(old_root, root) ? RC_OK : RC_PROOF;
	if ((old_size & (old_size - 1)) == 0)
		return walk_consistency(old_size - 1, size - 1, old_root, proof->hash, proof->count, old_root, root);
	if (proof->count == 0)
		return RC_PROOF;
	return walk_consistency(old_size - 1, size - 1, &proof->hash[0], proof->hash + 1, proof->count - 1, old_root,
	                        root);
}

/* Leaves hashed together, then folded level by level: 1024 hashes stay in the first cache. */
enum { STREAM_CHUNK = 1024, STREAM_HEIGHT = 10 };

static void push_chunk(struct merkle_frontier *f, uint8_t *hashes, size_t n)
{
	if (n == STREAM_CHUNK) {
		for (size_t width = STREAM_CHUNK / 2; width; width /= 2)
			sha256_nodes(hashes, width, hashes);
		struct hash root;
		memcpy(root.b, hashes, sizeof root.b);
		frontier_push(f, &root, STREAM_HEIGHT);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct hash leaf;
		memcpy(leaf.b, hashes + i * MERKLE_HASH_SIZE, sizeof leaf.b);
		frontier_push(f, &leaf, 0);
	}
}

/* Asks until the chunk is full or the leaves end. */
static size_t fill_chunk(size_t leaf_size, size_t (*next)(void *, uint8_t *, size_t), void *ctx, uint8_t *leaves)
{
	size_t n = 0;
	for (size_t got = 1; got && n < STREAM_CHUNK; n += got)
		got = next(ctx, leaves + n * leaf_size, STREAM_CHUNK - n);
	return n;
}

enum rc merkle_root_streaming(size_t leaf_size, size_t (*next)(void *ctx, uint8_t *leaves, size_t room), void *ctx,
                              struct hash *ret_root, uint64_t *ret_size)
{
	struct merkle_frontier f;
	uint8_t hashes[STREAM_CHUNK * MERKLE_HASH_SIZE];
	uint8_t *leaves = leaf_size <= SIZE_MAX / STREAM_CHUNK ? malloc(leaf_size * STREAM_CHUNK + 1) : NULL;
	if (!leaves)
		return RC_NO_MEMORY;
	merkle_frontier_init(&f);
	for (size_t n = STREAM_CHUNK; n == STREAM_CHUNK;) {
		n = fill_chunk(leaf_size, next, ctx, leaves);
		if (leaf_size == 64)
			sha256_leaves_64(leaves, n, hashes);
		else
			for (size_t i = 0; i < n; i++)
				sha256_leaf(bytes_of(leaves + i * leaf_size, leaf_size), hashes + i * MERKLE_HASH_SIZE);
		push_chunk(&f, hashes, n);
	}
	free(leaves);
	merkle_frontier_root(&f, ret_root);
	if (ret_size)
		*ret_size = f.size;
	return RC_OK;
}
