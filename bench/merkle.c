/* SPDX-License-Identifier: MPL-2.0 */
/*
 * merkle [LEAVES]: the root over 64-byte leaves (50 million unless told) made on
 * the way, against the bare SHA-256 compressions that such a tree is made of,
 * measured around it in the same run.
 *
 * A leaf is 65 bytes with its prefix and a node too: two blocks each, so that
 * n leaves are 2n + 2(n - 1) compressions. The last column compares with n
 * compressions alone, one for each leaf.
 *
 * The limit is the library's own code, one block after another. Ratios above 1
 * come from hashing several leaves at once in the lanes of a vector, which a
 * single long hash cannot do.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/text.h"
#include "ledger/merkle.h"

enum { LEAF = 64 };

struct source {
	uint64_t at, count;
};

static size_t next_leaves(void *ctx, uint8_t *leaves, size_t room)
{
	struct source *s = ctx;
	size_t n = s->count - s->at < room ? (size_t)(s->count - s->at) : room;
	for (size_t i = 0; i < n; i++, s->at++)
		memcpy(leaves + i * LEAF, &s->at, sizeof s->at); /* the rest may be what was there */
	return n;
}

/* One hash over a long run of blocks: nothing is faster per compression than this. */
static double bare_seconds(uint64_t compressions)
{
	static uint8_t blocks[256 * 64];
	uint8_t hash[HASH_SIZE];
	struct sha256 h;
	int64_t from = clock_monotonic_us();
	sha256_init(&h);
	for (uint64_t left = compressions; left;) {
		uint64_t n = left < 256 ? left : 256;
		sha256_update(&h, bytes_of(blocks, (size_t)n * 64));
		left -= n;
	}
	sha256_final(&h, hash);
	return (double)(clock_monotonic_us() - from) / 1e6;
}

int main(int argc, char **argv)
{
	struct source s = {.count = 50000000};
	struct hash root;
	struct rusage usage;
	if (argc > 2 || (argc == 2 && u64_parse(bytes_str(argv[1]), UINT32_MAX, &s.count) != RC_OK) || s.count == 0) {
		fprintf(stderr, "usage: merkle [LEAVES]\n");
		return 2;
	}
	uint64_t compressions = 2 * s.count + 2 * (s.count - 1);
	bare_seconds(compressions / 50); /* warms up */
	double bare = bare_seconds(compressions / 2);
	int64_t from = clock_monotonic_us();
	if (merkle_root_streaming(LEAF, next_leaves, &s, &root, NULL) != RC_OK)
		return 1;
	double ours = (double)(clock_monotonic_us() - from) / 1e6;
	bare += bare_seconds(compressions - compressions / 2);
	getrusage(RUSAGE_SELF, &usage);
	printf("merkle  %.2f M leaves/s (%.1f s, %ld MB)  limit %.2f M leaves/s as bare compressions (%.1f s)  ratio %.2f"
	       "  (against one compression a leaf: %.2f)\n",
	       (double)s.count / ours / 1e6, ours, usage.ru_maxrss / 1024, (double)s.count / bare / 1e6, bare, bare / ours,
	       bare / 4 / ours);
	return 0;
}
