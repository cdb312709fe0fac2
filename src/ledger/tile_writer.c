/* SPDX-License-Identifier: MPL-2.0 */
/* Writing tiles: the unfinished tile of each level in memory, files in batches. */
#include "ledger/tile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { BUNDLE_MAX = TILE_WIDTH * (2 + TILE_ENTRY_MAX) };

struct filled {
	unsigned level;
	uint64_t index;
};

struct tile_writer {
	char *dir;
	int fd; /* of dir: the file system to sync */
	uint64_t size;
	struct edge {
		unsigned count;
		bool widened; /* since the last flush */
		uint8_t hash[TILE_BYTES];
	} level[TILE_LEVELS];
	struct buf bundle;
	bool unsynced;
	struct filled *filled; /* full since the last flush: their partial files can go after it */
	size_t filled_count, filled_room;
};

static enum rc failed(struct err *e, const char *path, const char *doing)
{
	enum rc code = errno == ENOSPC || errno == EDQUOT ? RC_STORE_FULL : RC_IO;
	return err_set(e, code, path, "%s failed: %s", doing, strerror(errno));
}

static enum rc full_path(const struct tile_writer *w, unsigned level, uint64_t index, unsigned width, char *out,
                         struct err *e)
{
	char name[TILE_PATH_SIZE];
	tile_path(level, index, width, name);
	if (path_join(out, PATH_MAX - 8, w->dir, name) != RC_OK)
		return err_set(e, RC_TOO_LARGE, w->dir, "the path is too long");
	return RC_OK;
}

static int create(const char *path, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd >= 0 || errno != ENOENT)
		return fd;
	char parent[PATH_MAX];
	snprintf(parent, sizeof parent, "%s", path);
	char *slash = strrchr(parent, '/');
	if (!slash)
		return -1;
	*slash = 0;
	if (dir_make(parent, 0755, e) != RC_OK)
		return -1;
	return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
}

static enum rc write_tile(struct tile_writer *w, unsigned level, uint64_t index, unsigned width, struct bytes content,
                          struct err *e)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	enum rc rc = full_path(w, level, index, width, path, e);
	if (rc != RC_OK)
		return rc;
	snprintf(temporary, sizeof temporary, "%s.part", path);
	int fd = create(temporary, e);
	if (fd < 0)
		return failed(e, path, "create");
	while (content.len) {
		ssize_t n = write(fd, content.ptr, content.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			rc = failed(e, path, "write");
			break;
		}
		content = bytes_slice(content, (size_t)n, content.len);
	}
	if (close(fd) != 0 && rc == RC_OK)
		rc = failed(e, path, "close");
	if (rc == RC_OK && rename(temporary, path) != 0)
		rc = failed(e, path, "rename");
	if (rc != RC_OK)
		unlink(temporary);
	w->unsynced = true;
	return rc;
}

static enum rc remember_filled(struct tile_writer *w, unsigned level, uint64_t index, struct err *e)
{
	if (w->filled_count == w->filled_room) {
		size_t room = w->filled_room ? w->filled_room * 2 : 64;
		struct filled *more = reallocarray(w->filled, room, sizeof *more);
		if (!more)
			return err_set(e, RC_NO_MEMORY, "tiles", "memory ran out");
		w->filled = more;
		w->filled_room = room;
	}
	w->filled[w->filled_count++] = (struct filled){level, index};
	return RC_OK;
}

static enum rc write_full(struct tile_writer *w, unsigned level, struct bytes content, struct err *e)
{
	uint64_t index = (w->size >> (level == TILE_ENTRIES ? 0 : 8 * level)) / TILE_WIDTH - 1;
	enum rc rc = write_tile(w, level, index, TILE_WIDTH, content, e);
	return rc == RC_OK ? remember_filled(w, level, index, e) : rc;
}

/* Root of a full tile. */
static void fold_tile(const uint8_t *hashes, struct hash *ret)
{
	uint8_t fold[TILE_BYTES / 2];
	sha256_nodes(hashes, TILE_WIDTH / 2, fold);
	for (size_t n = TILE_WIDTH / 4; n; n /= 2)
		sha256_nodes(fold, n, fold);
	memcpy(ret->b, fold, MERKLE_HASH_SIZE);
}

enum rc tile_writer_append(struct tile_writer *w, struct bytes entry, struct err *e)
{
	struct hash h;
	enum rc rc = RC_OK;
	if (entry.len > TILE_ENTRY_MAX)
		return err_set(e, RC_TOO_LARGE, "entry", "an entry has at most %d bytes", TILE_ENTRY_MAX);
	buf_u16be(&w->bundle, (uint16_t)entry.len);
	buf_append(&w->bundle, entry);
	if (buf_failed(&w->bundle))
		return err_set(e, RC_NO_MEMORY, "tiles", "memory ran out");
	merkle_leaf(entry, &h);
	w->size++;
	if (w->size % TILE_WIDTH == 0) {
		rc = write_full(w, TILE_ENTRIES, buf_bytes(&w->bundle), e);
		buf_reset(&w->bundle);
	}
	for (unsigned level = 0; level < TILE_LEVELS && rc == RC_OK; level++) {
		struct edge *edge = &w->level[level];
		memcpy(edge->hash + edge->count * MERKLE_HASH_SIZE, h.b, MERKLE_HASH_SIZE);
		edge->count++;
		edge->widened = true;
		if (edge->count < TILE_WIDTH)
			break;
		rc = write_full(w, level, BYTES_ARRAY(edge->hash), e);
		fold_tile(edge->hash, &h);
		edge->count = 0;
		edge->widened = false;
	}
	return rc;
}

/* Removes the folder "….p" of a tile that is whole now; what cannot be removed only takes room. */
static void remove_partials(const struct tile_writer *w, const struct filled *f)
{
	char path[PATH_MAX];
	if (full_path(w, f->level, f->index, TILE_WIDTH, path, NULL) != RC_OK)
		return;
	size_t n = strlen(path);
	snprintf(path + n, sizeof path - n, ".p");
	DIR *d = opendir(path);
	if (!d)
		return;
	for (struct dirent *entry; (entry = readdir(d));)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(d), entry->d_name, 0);
	closedir(d);
	rmdir(path);
}

static enum rc write_partials(struct tile_writer *w, struct err *e)
{
	enum rc rc = RC_OK;
	if (w->bundle.len && w->level[0].widened)
		rc = write_tile(w, TILE_ENTRIES, w->size / TILE_WIDTH, (unsigned)(w->size % TILE_WIDTH),
		                buf_bytes(&w->bundle), e);
	for (unsigned level = 0; level < TILE_LEVELS && rc == RC_OK; level++) {
		struct edge *edge = &w->level[level];
		if (!edge->widened)
			continue;
		rc = write_tile(w, level, (w->size >> 8 * level) / TILE_WIDTH, edge->count,
		                bytes_of(edge->hash, (size_t)edge->count * MERKLE_HASH_SIZE), e);
		edge->widened = false;
	}
	return rc;
}

enum rc tile_writer_flush(struct tile_writer *w, struct err *e)
{
	enum rc rc = write_partials(w, e);
	if (rc != RC_OK)
		return rc;
	if (w->unsynced && syncfs(w->fd) != 0)
		return failed(e, w->dir, "syncfs");
	w->unsynced = false;
	for (size_t i = 0; i < w->filled_count; i++)
		remove_partials(w, &w->filled[i]);
	w->filled_count = 0;
	return RC_OK;
}

enum rc tile_writer_new(const char *dir, struct tile_writer **ret, struct err *e)
{
	enum rc rc = dir_make(dir, 0755, e);
	if (rc != RC_OK)
		return rc;
	struct tile_writer *w = calloc(1, sizeof *w);
	if (!w)
		return err_set(e, RC_NO_MEMORY, "tiles", "memory ran out");
	buf_init(&w->bundle, BUNDLE_MAX);
	w->fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	w->dir = strdup(dir);
	if (w->fd < 0 || !w->dir) {
		rc = w->fd < 0 ? failed(e, dir, "open") : err_set(e, RC_NO_MEMORY, "tiles", "memory ran out");
		tile_writer_free(&w);
		return rc;
	}
	*ret = w;
	return RC_OK;
}

void tile_writer_free(struct tile_writer **w)
{
	if (!*w)
		return;
	if ((*w)->fd >= 0)
		close((*w)->fd);
	buf_release(&(*w)->bundle);
	free((*w)->filled);
	free((*w)->dir);
	free(*w);
	*w = NULL;
}

static enum rc load_edge(struct tile_writer *w, const struct tile_reader *r, unsigned level)
{
	uint64_t hashes = w->size >> 8 * level;
	unsigned width = (unsigned)(hashes % TILE_WIDTH);
	if (width == 0)
		return RC_OK;
	struct buf b = BUF_INIT(TILE_BYTES);
	enum rc rc = r->read(r->ctx, level, hashes / TILE_WIDTH, width, &b);
	size_t need = (size_t)width * MERKLE_HASH_SIZE;
	if (rc == RC_OK && (buf_failed(&b) || b.len < need))
		rc = RC_CORRUPT;
	if (rc == RC_OK) {
		memcpy(w->level[level].hash, b.ptr, need);
		w->level[level].count = width;
	}
	buf_release(&b);
	return rc;
}


/* Keeps an entry of the unfinished bundle if it belongs to its leaf hash. */
static enum rc keep_entry(void *ctx, unsigned i, struct bytes data)
{
	struct tile_writer *w = ctx;
	struct hash h;
	merkle_leaf(data, &h);
	if (memcmp(h.b, w->level[0].hash + i * MERKLE_HASH_SIZE, sizeof h.b) != 0)
		return RC_CORRUPT;
	buf_u16be(&w->bundle, (uint16_t)data.len);
	buf_append(&w->bundle, data);
	return buf_failed(&w->bundle) ? RC_NO_MEMORY : RC_OK;
}

static enum rc load_bundle(struct tile_writer *w, const struct tile_reader *r)
{
	unsigned width = w->level[0].count;
	if (width == 0)
		return RC_OK;
	struct buf b = BUF_INIT(BUNDLE_MAX);
	enum rc rc = r->read(r->ctx, TILE_ENTRIES, w->size / TILE_WIDTH, width, &b);
	if (rc == RC_OK)
		rc = tile_bundle_entries(buf_bytes(&b), width, keep_entry, w);
	buf_release(&b);
	return rc == RC_FORMAT || rc == RC_TOO_LARGE ? RC_CORRUPT : rc;
}

void tile_writer_root(const struct tile_writer *w, struct hash *ret)
{
	/* The edge of each level is a frontier eight levels high. */
	struct merkle_frontier all = {.size = w->size};
	for (unsigned level = 0; level < TILE_LEVELS; level++) {
		struct merkle_frontier part;
		merkle_frontier_init(&part);
		for (unsigned i = 0; i < w->level[level].count; i++) {
			struct hash h;
			memcpy(h.b, w->level[level].hash + i * MERKLE_HASH_SIZE, sizeof h.b);
			merkle_frontier_append(&part, &h);
		}
		for (unsigned h = 0; h < 8; h++)
			all.node[8 * level + h] = part.node[h];
	}
	merkle_frontier_root(&all, ret);
}

uint64_t tile_writer_size(const struct tile_writer *w)
{
	return w->size;
}

enum rc tile_writer_open(const char *dir, uint64_t size, const struct hash *root, struct tile_writer **ret,
                         struct err *e)
{
	struct tile_writer *w = NULL;
	struct hash found;
	enum rc rc = tile_writer_new(dir, &w, e);
	if (rc != RC_OK)
		return rc;
	struct tile_reader r = tile_folder_reader(w->dir);
	w->size = size;
	for (unsigned level = 0; level < TILE_LEVELS && rc == RC_OK; level++)
		rc = load_edge(w, &r, level);
	if (rc == RC_OK)
		rc = load_bundle(w, &r);
	if (rc == RC_OK) {
		tile_writer_root(w, &found);
		rc = hash_equal(&found, root) ? RC_OK : RC_CORRUPT;
	}
	if (rc != RC_OK) {
		tile_writer_free(&w);
		return err_set(e, rc, dir, "the tiles do not give the tree of %llu entries", (unsigned long long)size);
	}
	*ret = w;
	return RC_OK;
}
