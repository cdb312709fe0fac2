/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/audit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { BUNDLE_MAX = TILE_WIDTH * (2 + TILE_ENTRY_MAX) };

/* The tile being computed at each level, as it should stand in the log. */
struct audit {
	const struct log_audit *a;
	uint64_t size;    /* of the checkpoint */
	uint64_t done;    /* entries read */
	struct merkle_frontier frontier;
	struct err *e;
	struct computed {
		unsigned count;
		uint64_t index;
		uint8_t hash[TILE_BYTES];
	} level[TILE_LEVELS];
	struct buf file, bundle; /* what was read last; the entries being gone through */
};

static enum rc complain(struct audit *s, enum rc rc, unsigned level, uint64_t index, unsigned width, const char *what)
{
	char path[TILE_PATH_SIZE];
	tile_path(level, index, width, path);
	return err_set(s->e, rc, path, "%s", what);
}

static enum rc read_file(struct audit *s, unsigned level, uint64_t index, unsigned width)
{
	buf_reset(&s->file);
	enum rc rc = s->a->tiles.read(s->a->tiles.ctx, level, index, width, &s->file);
	if (rc == RC_OK && buf_failed(&s->file))
		rc = RC_NO_MEMORY;
	return rc == RC_OK ? RC_OK : complain(s, rc, level, index, width, "the file cannot be read");
}

/* The published tile must begin with what was computed. */
static enum rc compare_tile(struct audit *s, unsigned level)
{
	struct computed *c = &s->level[level];
	size_t len = (size_t)c->count * MERKLE_HASH_SIZE;
	enum rc rc = read_file(s, level, c->index, c->count);
	if (rc != RC_OK)
		return rc;
	if (s->file.len < len || memcmp(s->file.ptr, c->hash, len) != 0)
		return complain(s, RC_PROOF, level, c->index, c->count, "the tile does not agree with what it stands on");
	return RC_OK;
}

static void fold(const uint8_t *hashes, struct hash *ret)
{
	uint8_t half[TILE_BYTES / 2];
	sha256_nodes(hashes, TILE_WIDTH / 2, half);
	for (size_t n = TILE_WIDTH / 4; n; n /= 2)
		sha256_nodes(half, n, half);
	memcpy(ret->b, half, MERKLE_HASH_SIZE);
}

static enum rc add_leaf(struct audit *s, struct hash h)
{
	merkle_frontier_append(&s->frontier, &h);
	for (unsigned level = 0; level < TILE_LEVELS; level++) {
		struct computed *c = &s->level[level];
		memcpy(c->hash + c->count * MERKLE_HASH_SIZE, h.b, MERKLE_HASH_SIZE);
		if (++c->count < TILE_WIDTH)
			return RC_OK;
		enum rc rc = compare_tile(s, level);
		if (rc != RC_OK)
			return rc;
		fold(c->hash, &h);
		c->count = 0;
		c->index++;
	}
	return RC_OK;
}

static enum rc check_older(struct audit *s)
{
	struct hash root;
	const struct checkpoint *older = s->a->older;
	if (!older || older->size != s->frontier.size)
		return RC_OK;
	merkle_frontier_root(&s->frontier, &root);
	if (hash_equal(&root, &older->root))
		return RC_OK;
	return err_set(s->e, RC_PROOF, "older checkpoint", "the log does not continue the older checkpoint");
}

static enum rc take_entry(void *ctx, unsigned i, struct bytes data)
{
	struct audit *s = ctx;
	struct hash h;
	(void)i;
	enum rc rc = s->a->entry ? s->a->entry(s->a->ctx, s->done, data) : RC_OK;
	if (rc != RC_OK)
		return rc;
	merkle_leaf(data, &h);
	s->done++;
	rc = add_leaf(s, h);
	return rc == RC_OK ? check_older(s) : rc;
}

static enum rc read_bundles(struct audit *s)
{
	enum rc rc = RC_OK;
	for (uint64_t index = 0; rc == RC_OK && s->done < s->size; index++) {
		unsigned width = tile_width(s->size, TILE_ENTRIES, index);
		rc = read_file(s, TILE_ENTRIES, index, width);
		if (rc != RC_OK)
			break;
		/* Reading tiles on the way reuses the one buffer. */
		struct buf kept = s->bundle;
		s->bundle = s->file;
		s->file = kept;
		rc = tile_bundle_entries(buf_bytes(&s->bundle), width, take_entry, s);
		if (rc == RC_FORMAT)
			complain(s, rc, TILE_ENTRIES, index, width, "the bundle does not hold whole entries");
	}
	return rc;
}

static enum rc compare_edges(struct audit *s)
{
	enum rc rc = RC_OK;
	for (unsigned level = 0; level < TILE_LEVELS && rc == RC_OK; level++)
		if (s->level[level].count)
			rc = compare_tile(s, level);
	return rc;
}

enum rc log_audit(const struct log_audit *a, const struct checkpoint *c, struct err *e)
{
	struct hash root;
	enum rc rc;
	if (a->older && (a->older->size > c->size || strcmp(a->older->origin, c->origin) != 0))
		return err_set(e, RC_PROOF, "older checkpoint", "the older checkpoint is of a larger or another log");
	struct audit *s = calloc(1, sizeof *s);
	if (!s)
		return err_set(e, RC_NO_MEMORY, "audit", "memory ran out");
	s->a = a;
	s->e = e;
	s->size = c->size;
	buf_init(&s->file, BUNDLE_MAX);
	buf_init(&s->bundle, BUNDLE_MAX);
	rc = check_older(s);
	if (rc == RC_OK)
		rc = read_bundles(s);
	if (rc == RC_OK)
		rc = compare_edges(s);
	merkle_frontier_root(&s->frontier, &root);
	if (rc == RC_OK && !hash_equal(&root, &c->root))
		rc = err_set(e, RC_PROOF, "checkpoint", "the entries do not give the root of the checkpoint");
	buf_release(&s->file);
	buf_release(&s->bundle);
	free(s);
	return rc;
}
