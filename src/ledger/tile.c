/* SPDX-License-Identifier: MPL-2.0 */
/* Reading tiles, and the proofs drawn from them. */
#include "ledger/tile.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"

void tile_path(unsigned level, uint64_t index, unsigned width, char out[static TILE_PATH_SIZE])
{
	char number[40] = "", partial[16] = "", name[16];
	size_t at = 0;
	uint64_t scale = 1;
	while (index / scale >= 1000)
		scale *= 1000;
	for (; scale > 1; scale /= 1000)
		at += (size_t)snprintf(number + at, sizeof number - at, "x%03u/", (unsigned)(index / scale % 1000));
	snprintf(number + at, sizeof number - at, "%03u", (unsigned)(index % 1000));
	if (width < TILE_WIDTH)
		snprintf(partial, sizeof partial, ".p/%u", width);
	if (level == TILE_ENTRIES)
		snprintf(name, sizeof name, "entries");
	else
		snprintf(name, sizeof name, "%u", level);
	snprintf(out, TILE_PATH_SIZE, "tile/%s/%s%s", name, number, partial);
}

unsigned tile_width(uint64_t size, unsigned level, uint64_t index)
{
	unsigned shift = level == TILE_ENTRIES ? 0 : 8 * level;
	uint64_t hashes = shift < 64 ? size >> shift : 0;
	if (index > hashes / TILE_WIDTH)
		return 0;
	uint64_t left = hashes - index * TILE_WIDTH;
	return left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH;
}

/* ---- hashes out of tiles ---- */

/* The tiles of one proof lie close together: keeping the last read of each
   level spares most reads. */
struct tile_cache {
	const struct tile_reader *reader;
	uint64_t size;
	struct cached {
		bool held;
		uint64_t index;
		uint8_t hashes[TILE_BYTES];
	} level[TILE_LEVELS];
};

static enum rc load_tile(struct tile_cache *t, unsigned level, uint64_t index, const uint8_t **ret)
{
	struct cached *c = &t->level[level];
	if (!c->held || c->index != index) {
		unsigned width = tile_width(t->size, level, index);
		struct buf b = BUF_INIT(TILE_BYTES);
		c->held = false;
		enum rc rc = width == 0 ? RC_NOT_FOUND : t->reader->read(t->reader->ctx, level, index, width, &b);
		if (rc == RC_OK && buf_failed(&b))
			rc = b.len >= TILE_BYTES ? RC_CORRUPT : RC_NO_MEMORY;
		if (rc == RC_OK && b.len < (size_t)width * MERKLE_HASH_SIZE)
			rc = RC_CORRUPT;
		if (rc == RC_OK) {
			memcpy(c->hashes, b.ptr, (size_t)width * MERKLE_HASH_SIZE);
			c->index = index;
			c->held = true;
		}
		buf_release(&b);
		if (rc != RC_OK)
			return rc;
	}
	*ret = c->hashes;
	return RC_OK;
}

/* The complete subtree of 2^height leaves that is the index-th of its height. */
static enum rc complete_subtree(struct tile_cache *t, unsigned height, uint64_t index, struct hash *ret)
{
	unsigned level = height / 8, above = height % 8;
	const uint8_t *tile;
	uint8_t fold[TILE_BYTES / 2];
	uint64_t first = index << above;
	enum rc rc = load_tile(t, level, first / TILE_WIDTH, &tile);
	if (rc != RC_OK)
		return rc;
	const uint8_t *from = tile + first % TILE_WIDTH * MERKLE_HASH_SIZE;
	for (size_t n = (size_t)1 << above >> 1; n; n >>= 1) {
		sha256_nodes(from, n, fold);
		from = fold;
	}
	memcpy(ret->b, from, MERKLE_HASH_SIZE);
	return RC_OK;
}

/* MTH(D[from:from+count]) where from is a multiple of the largest power of two
   ≤ count, as in every range that RFC 6962 splits off. */
static enum rc range_root(struct tile_cache *t, uint64_t from, uint64_t count, struct hash *ret)
{
	struct hash part[64];
	unsigned parts = 0;
	for (uint64_t left = count, at = from; left;) {
		unsigned height = 63u - (unsigned)__builtin_clzll(left);
		enum rc rc = complete_subtree(t, height, at >> height, &part[parts]);
		if (rc != RC_OK)
			return rc;
		parts++;
		at += UINT64_C(1) << height;
		left -= UINT64_C(1) << height;
	}
	for (; parts > 1; parts--)
		merkle_node(&part[parts - 2], &part[parts - 1], &part[parts - 2]);
	if (parts)
		*ret = part[0];
	else
		merkle_empty(ret);
	return RC_OK;
}

static uint64_t split_at(uint64_t n)
{
	return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

static void cache_init(struct tile_cache *t, const struct tile_reader *r, uint64_t size)
{
	t->reader = r;
	t->size = size;
	for (unsigned i = 0; i < TILE_LEVELS; i++)
		t->level[i].held = false;
}

enum rc tile_root(const struct tile_reader *r, uint64_t size, struct hash *ret)
{
	return tile_prefix_root(r, size, size, ret);
}

enum rc tile_prefix_root(const struct tile_reader *r, uint64_t size, uint64_t prefix, struct hash *ret)
{
	struct tile_cache t;
	struct hash root;
	if (prefix > size)
		return RC_INVALID;
	cache_init(&t, r, size);
	enum rc rc = range_root(&t, 0, prefix, &root);
	if (rc == RC_OK)
		*ret = root;
	return rc;
}

enum rc tile_leaf(const struct tile_reader *r, uint64_t size, uint64_t index, struct hash *ret)
{
	struct tile_cache t;
	cache_init(&t, r, size);
	return index < size ? complete_subtree(&t, 0, index, ret) : RC_INVALID;
}

static void reverse(struct merkle_proof *p)
{
	for (unsigned i = 0; i < p->count / 2; i++) {
		struct hash kept = p->hash[i];
		p->hash[i] = p->hash[p->count - 1 - i];
		p->hash[p->count - 1 - i] = kept;
	}
}

/* RFC 6962 §2.1.1, walked from the root down; the list is turned round at the end. */
enum rc tile_prove_inclusion(const struct tile_reader *r, uint64_t size, uint64_t index, struct merkle_proof *ret)
{
	if (index >= size)
		return RC_INVALID;
	struct tile_cache t;
	struct merkle_proof p = {0};
	uint64_t from = 0, count = size;
	cache_init(&t, r, size);
	while (count > 1) {
		uint64_t k = split_at(count);
		bool right = index - from >= k;
		enum rc rc = right ? range_root(&t, from, k, &p.hash[p.count])
		                   : range_root(&t, from + k, count - k, &p.hash[p.count]);
		if (rc != RC_OK)
			return rc;
		p.count++;
		from += right ? k : 0;
		count = right ? count - k : k;
	}
	reverse(&p);
	*ret = p;
	return RC_OK;
}

/* RFC 6962 §2.1.2: SUBPROOF(m, D[from:from+count], whole), walked likewise. */
enum rc tile_prove_consistency(const struct tile_reader *r, uint64_t old_size, uint64_t size,
                               struct merkle_proof *ret)
{
	if (old_size > size)
		return RC_INVALID;
	struct tile_cache t;
	struct merkle_proof p = {0};
	uint64_t from = 0, count = size, m = old_size;
	bool whole = true;
	enum rc rc = RC_OK;
	cache_init(&t, r, size);
	while (rc == RC_OK && m != 0 && m != count) {
		uint64_t k = split_at(count);
		bool right = m > k;
		rc = right ? range_root(&t, from, k, &p.hash[p.count])
		           : range_root(&t, from + k, count - k, &p.hash[p.count]);
		p.count++;
		from += right ? k : 0;
		count = right ? count - k : k;
		m -= right ? k : 0;
		whole = whole && !right;
	}
	if (rc == RC_OK && m != 0 && !whole)
		rc = range_root(&t, from, count, &p.hash[p.count++]);
	if (rc != RC_OK)
		return rc;
	reverse(&p);
	*ret = p;
	return RC_OK;
}

enum rc tile_bundle_entries(struct bytes bundle, unsigned width,
                            enum rc (*each)(void *ctx, unsigned i, struct bytes data), void *ctx)
{
	for (unsigned i = 0; i < width; i++) {
		if (bundle.len < 2)
			return RC_FORMAT;
		size_t n = (size_t)bundle.ptr[0] << 8 | bundle.ptr[1];
		if (bundle.len - 2 < n)
			return RC_FORMAT;
		enum rc rc = each(ctx, i, bytes_slice(bundle, 2, n));
		if (rc != RC_OK)
			return rc;
		bundle = bytes_slice(bundle, 2 + n, bundle.len);
	}
	return width == TILE_WIDTH && bundle.len ? RC_FORMAT : RC_OK;
}

/* ---- a folder ---- */

static enum rc read_path(const char *dir, unsigned level, uint64_t index, unsigned width, struct buf *out)
{
	char name[TILE_PATH_SIZE], path[4096];
	tile_path(level, index, width, name);
	enum rc rc = path_join(path, sizeof path, dir, name);
	return rc == RC_OK ? file_read(path, out, NULL) : rc;
}

/* A partial tile may have gone after the full one came. */
static enum rc folder_read(void *ctx, unsigned level, uint64_t index, unsigned width, struct buf *out)
{
	const char *dir = ctx;
	enum rc rc = read_path(dir, level, index, width, out);
	if (rc == RC_NOT_FOUND && width < TILE_WIDTH)
		rc = read_path(dir, level, index, TILE_WIDTH, out);
	return rc;
}

struct tile_reader tile_folder_reader(const char *dir)
{
	union {
		const char *borrowed;
		void *ctx;
	} as = {.borrowed = dir};
	return (struct tile_reader){.read = folder_read, .ctx = as.ctx};
}
