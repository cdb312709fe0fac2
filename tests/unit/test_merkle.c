/* SPDX-License-Identifier: MPL-2.0 */
/* Trees and their proofs against RFC 6962 §2.1 written out as it stands, for every size to 300. */
#include <stdlib.h>

#include "ledger/tile.h"
#include "tap.h"

enum { MOST = 300 };

static struct hash leaves[MOST + 1];

static void make_leaves(void)
{
	for (unsigned i = 0; i <= MOST; i++) {
		uint8_t data[3] = {(uint8_t)i, (uint8_t)(i >> 8), 7};
		merkle_leaf(bytes_of(data, i % 4), &leaves[i]);
	}
}

static unsigned split(unsigned n)
{
	unsigned k = 1;
	while (k * 2 < n)
		k *= 2;
	return k;
}

/* MTH(D[from:from+n]), each computed once. */
static void reference_root(unsigned from, unsigned n, struct hash *ret)
{
	static struct {
		bool known;
		struct hash root;
	} memo[MOST + 1][MOST + 1];
	struct hash left, right;
	if (memo[from][n].known) {
		*ret = memo[from][n].root;
		return;
	}
	if (n == 0) {
		sha256(BYTES_NONE, ret->b);
	} else if (n == 1) {
		*ret = leaves[from];
	} else {
		uint8_t joined[65] = {1};
		reference_root(from, split(n), &left);
		reference_root(from + split(n), n - split(n), &right);
		memcpy(joined + 1, left.b, 32);
		memcpy(joined + 33, right.b, 32);
		sha256(BYTES_ARRAY(joined), ret->b);
	}
	memo[from][n].root = *ret;
	memo[from][n].known = true;
}

/* PATH(m, D[from:from+n]) */
static void reference_path(unsigned m, unsigned from, unsigned n, struct merkle_proof *p)
{
	if (n <= 1)
		return;
	unsigned k = split(n);
	if (m < k) {
		reference_path(m, from, k, p);
		reference_root(from + k, n - k, &p->hash[p->count++]);
	} else {
		reference_path(m - k, from + k, n - k, p);
		reference_root(from, k, &p->hash[p->count++]);
	}
}

/* SUBPROOF(m, D[from:from+n], whole) */
static void reference_subproof(unsigned m, unsigned from, unsigned n, bool whole, struct merkle_proof *p)
{
	if (m == n) {
		if (!whole)
			reference_root(from, n, &p->hash[p->count++]);
		return;
	}
	unsigned k = split(n);
	if (m <= k) {
		reference_subproof(m, from, k, whole, p);
		reference_root(from + k, n - k, &p->hash[p->count++]);
	} else {
		reference_subproof(m - k, from + k, n - k, false, p);
		reference_root(from, k, &p->hash[p->count++]);
	}
}

/* Tiles out of the leaves: level 0 as they are, level 1 by the reference. */
static enum rc read_tile(void *ctx, unsigned level, uint64_t index, unsigned width, struct buf *out)
{
	(void)ctx;
	struct hash h;
	if (level == 0) {
		buf_append(out, bytes_of(&leaves[index * TILE_WIDTH], width * sizeof leaves[0]));
	} else if (level == 1 && index == 0 && width == 1) {
		reference_root(0, TILE_WIDTH, &h);
		buf_append(out, BYTES_ARRAY(h.b));
	} else {
		return RC_NOT_FOUND;
	}
	return RC_OK;
}

static const struct tile_reader tiles = {.read = read_tile};
static struct hash roots[MOST + 1];

static bool same_proof(const struct merkle_proof *a, const struct merkle_proof *b)
{
	return a->count == b->count && memcmp(a->hash, b->hash, a->count * sizeof a->hash[0]) == 0;
}

TEST(leaf_node_and_empty_hashes_are_those_of_the_rfc)
{
	struct hash h, want;
	uint8_t leaf[4] = {0, 'a', 'b', 'c'};
	sha256(BYTES_ARRAY(leaf), want.b);
	merkle_leaf(BYTES_LIT("abc"), &h);
	ok(hash_equal(&h, &want));
	merkle_empty(&h);
	ok(h.b[0] == 0xe3 && h.b[1] == 0xb0 && h.b[31] == 0x55);
}

TEST(hashes_made_many_at_once_are_those_made_singly)
{
	enum { MANY = 70 };
	static uint8_t in[MANY * 64], want[MANY * 32], got[MANY * 32], place[MANY * 64];
	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(i * 31 + i / 253);
	for (size_t n = 0; n <= MANY; n++) {
		for (size_t i = 0; i < n; i++)
			sha256_pair(BYTES_LIT("\0"), bytes_of(in + 64 * i, 64), want + 32 * i);
		sha256_leaves_64(in, n, got);
		ok(memcmp(got, want, 32 * n) == 0);
		for (size_t i = 0; i < n; i++)
			sha256_pair(BYTES_LIT("\1"), bytes_of(in + 64 * i, 64), want + 32 * i);
		sha256_nodes(in, n, got);
		ok(memcmp(got, want, 32 * n) == 0);
		memcpy(place, in, sizeof in);
		sha256_nodes(place, n, place);
		ok(memcmp(place, want, 32 * n) == 0);
	}
}

TEST(frontier_roots_are_the_reference_roots)
{
	struct merkle_frontier f, again;
	merkle_frontier_init(&f);
	for (unsigned n = 0; n <= MOST; n++) {
		struct hash root;
		struct buf b = BUF_INIT(MERKLE_FRONTIER_MAX);
		merkle_frontier_root(&f, &root);
		ok(hash_equal(&root, &roots[n]));
		merkle_frontier_encode(&f, &b);
		ok(merkle_frontier_decode(buf_bytes(&b), &again) == RC_OK);
		merkle_frontier_root(&again, &root);
		ok(again.size == n && hash_equal(&root, &roots[n]));
		buf_byte(&b, 0);
		ok(merkle_frontier_decode(buf_bytes(&b), &again) == RC_FORMAT);
		buf_release(&b);
		merkle_frontier_append(&f, &leaves[n]);
	}
}

struct source {
	unsigned at, count;
};

static size_t next_leaves(void *ctx, uint8_t *out, size_t room)
{
	struct source *s = ctx;
	size_t n = s->count - s->at < room ? s->count - s->at : room;
	n = n > 700 ? 700 : n;
	for (size_t i = 0; i < n; i++, s->at++)
		memset(out + i * 64, (int)(s->at & 0xff), 64);
	return n;
}

TEST(a_streamed_root_is_that_of_appending)
{
	unsigned sizes[] = {0, 1, 2, 1023, 1024, 1025, 2048, 3000, 5119};
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct source s = {.count = sizes[i]};
		struct merkle_frontier f;
		struct hash streamed, appended;
		uint64_t size = 1;
		merkle_frontier_init(&f);
		for (unsigned k = 0; k < sizes[i]; k++) {
			uint8_t data[64];
			struct hash leaf;
			memset(data, (int)(k & 0xff), sizeof data);
			merkle_leaf(BYTES_ARRAY(data), &leaf);
			merkle_frontier_append(&f, &leaf);
		}
		merkle_frontier_root(&f, &appended);
		eq_int(merkle_root_streaming(64, next_leaves, &s, &streamed, &size), RC_OK);
		ok(size == sizes[i] && hash_equal(&streamed, &appended));
	}
}

TEST(tiles_give_the_reference_roots)
{
	for (unsigned n = 0; n <= MOST; n++) {
		struct hash root;
		eq_int(tile_root(&tiles, n, &root), RC_OK);
		ok(hash_equal(&root, &roots[n]));
	}
}

TEST(inclusion_of_every_index_in_every_size)
{
	for (unsigned n = 1; n <= MOST; n++) {
		for (unsigned i = 0; i < n; i++) {
			struct merkle_proof want = {0}, got = {0};
			reference_path(i, 0, n, &want);
			ok(tile_prove_inclusion(&tiles, n, i, &got) == RC_OK);
			ok(same_proof(&got, &want));
			ok(merkle_verify_inclusion(n, &roots[n], i, &leaves[i], &got) == RC_OK);
			ok(merkle_verify_inclusion(n, &roots[n], (i + 1) % n, &leaves[i], &got) == RC_PROOF || n == 1);
		}
	}
	struct merkle_proof p;
	eq_int(tile_prove_inclusion(&tiles, 5, 5, &p), RC_INVALID);
}

TEST(consistency_of_every_pair)
{
	for (unsigned n = 0; n <= MOST; n++) {
		for (unsigned m = 0; m <= n; m++) {
			struct merkle_proof want = {0}, got = {0};
			if (m != 0)
				reference_subproof(m, 0, n, true, &want);
			ok(tile_prove_consistency(&tiles, m, n, &got) == RC_OK);
			ok(same_proof(&got, &want));
			ok(merkle_verify_consistency(m, &roots[m], n, &roots[n], &got) == RC_OK);
			if (m != n)
				ok(merkle_verify_consistency(n, &roots[n], m, &roots[m], &got) == RC_PROOF);
		}
	}
	struct merkle_proof p;
	eq_int(tile_prove_consistency(&tiles, 6, 5, &p), RC_INVALID);
}

TEST(a_flipped_bit_anywhere_in_an_inclusion_proof_is_refused)
{
	unsigned sizes[] = {1, 2, 3, 7, 8, 13, 100, 255, 256, 257, 300};
	for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
		unsigned n = sizes[s], i = n / 2;
		struct merkle_proof p;
		ok(tile_prove_inclusion(&tiles, n, i, &p) == RC_OK);
		for (unsigned bit = 0; bit < p.count * 256; bit++) {
			uint8_t *at = &p.hash[bit / 256].b[bit / 8 % 32];
			*at ^= (uint8_t)(1u << (bit % 8));
			ok(merkle_verify_inclusion(n, &roots[n], i, &leaves[i], &p) == RC_PROOF);
			*at ^= (uint8_t)(1u << (bit % 8));
		}
		struct hash other = leaves[i];
		other.b[9] ^= 4;
		ok(merkle_verify_inclusion(n, &roots[n], i, &other, &p) == RC_PROOF);
		other = roots[n];
		other.b[31] ^= 1;
		ok(merkle_verify_inclusion(n, &other, i, &leaves[i], &p) == RC_PROOF);
		ok(merkle_verify_inclusion(n, &roots[n], n, &leaves[i], &p) == RC_PROOF);
		if (p.count) {
			p.count--;
			ok(merkle_verify_inclusion(n, &roots[n], i, &leaves[i], &p) == RC_PROOF);
			p.count++;
		}
		p.hash[p.count++] = leaves[0];
		ok(merkle_verify_inclusion(n, &roots[n], i, &leaves[i], &p) == RC_PROOF);
	}
}

TEST(a_flipped_bit_anywhere_in_a_consistency_proof_is_refused)
{
	unsigned pairs[][2] = {{1, 2}, {1, 300}, {2, 3}, {3, 7}, {4, 8}, {6, 8}, {100, 300}, {255, 256}, {256, 300},
	                       {257, 300}, {128, 129}, {299, 300}};
	for (size_t s = 0; s < sizeof pairs / sizeof pairs[0]; s++) {
		unsigned m = pairs[s][0], n = pairs[s][1];
		struct merkle_proof p;
		ok(tile_prove_consistency(&tiles, m, n, &p) == RC_OK);
		for (unsigned bit = 0; bit < p.count * 256; bit++) {
			uint8_t *at = &p.hash[bit / 256].b[bit / 8 % 32];
			*at ^= (uint8_t)(1u << (bit % 8));
			ok(merkle_verify_consistency(m, &roots[m], n, &roots[n], &p) == RC_PROOF);
			*at ^= (uint8_t)(1u << (bit % 8));
		}
		struct hash other = roots[m];
		other.b[0] ^= 0x80;
		ok(merkle_verify_consistency(m, &other, n, &roots[n], &p) == RC_PROOF);
		other = roots[n];
		other.b[0] ^= 0x80;
		ok(merkle_verify_consistency(m, &roots[m], n, &other, &p) == RC_PROOF);
		p.count--;
		ok(merkle_verify_consistency(m, &roots[m], n, &roots[n], &p) == RC_PROOF);
	}
}

TEST(the_empty_tree_is_consistent_with_all_but_proves_nothing_else)
{
	struct merkle_proof none = {0}, some = {.count = 1};
	eq_int(merkle_verify_consistency(0, &roots[0], 9, &roots[9], &none), RC_OK);
	eq_int(merkle_verify_consistency(0, &roots[0], 9, &roots[9], &some), RC_PROOF);
	eq_int(merkle_verify_consistency(0, &roots[1], 9, &roots[9], &none), RC_PROOF);
	eq_int(merkle_verify_consistency(0, &roots[0], 0, &roots[1], &none), RC_PROOF);
	eq_int(merkle_verify_consistency(9, &roots[9], 9, &roots[9], &some), RC_PROOF);
	some.count = MERKLE_MAX_PROOF + 1;
	eq_int(merkle_verify_inclusion(9, &roots[9], 1, &leaves[1], &some), RC_PROOF);
	eq_int(merkle_verify_consistency(3, &roots[3], 9, &roots[9], &some), RC_PROOF);
}

int main(void)
{
	make_leaves();
	for (unsigned n = 0; n <= MOST; n++)
		reference_root(0, n, &roots[n]);
	RUN(leaf_node_and_empty_hashes_are_those_of_the_rfc);
	RUN(hashes_made_many_at_once_are_those_made_singly);
	RUN(frontier_roots_are_the_reference_roots);
	RUN(a_streamed_root_is_that_of_appending);
	RUN(tiles_give_the_reference_roots);
	RUN(inclusion_of_every_index_in_every_size);
	RUN(consistency_of_every_pair);
	RUN(a_flipped_bit_anywhere_in_an_inclusion_proof_is_refused);
	RUN(a_flipped_bit_anywhere_in_a_consistency_proof_is_refused);
	RUN(the_empty_tree_is_consistent_with_all_but_proves_nothing_else);
	return tap_done();
}
