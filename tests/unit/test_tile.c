/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "folders.h"
#include "ledger/tile.h"
#include "tap.h"

static char dir[64];

static void fresh_folder(void)
{
	snprintf(dir, sizeof dir, "/tmp/civis-tile-XXXXXX");
	if (!mkdtemp(dir))
		abort();
}

static bool there_is(const char *name)
{
	char path[4096];
	return path_join(path, sizeof path, dir, name) == RC_OK && access(path, F_OK) == 0;
}

static struct bytes entry_of(uint64_t i, uint8_t room[static 64])
{
	size_t n = (size_t)(i % 64);
	memset(room, (int)(i % 251), 64);
	return bytes_of(room, n);
}

static void add(struct tile_writer *w, struct merkle_frontier *f, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		uint8_t room[64];
		struct hash h;
		struct bytes entry = entry_of(f->size, room);
		merkle_leaf(entry, &h);
		merkle_frontier_append(f, &h);
		if (tile_writer_append(w, entry, NULL) != RC_OK)
			abort();
	}
}

static bool gives(struct tile_writer *w, const struct merkle_frontier *f)
{
	struct hash want, held, read;
	struct tile_reader r = tile_folder_reader(dir);
	merkle_frontier_root(f, &want);
	tile_writer_root(w, &held);
	return tile_writer_size(w) == f->size && hash_equal(&want, &held) &&
	       tile_root(&r, f->size, &read) == RC_OK && hash_equal(&read, &want);
}

TEST(paths_are_those_of_tlog_tiles)
{
	char path[TILE_PATH_SIZE];
	tile_path(0, 1234067, 256, path);
	eq_str(path, "tile/0/x001/x234/067");
	tile_path(1, 0, 5, path);
	eq_str(path, "tile/1/000.p/5");
	tile_path(TILE_ENTRIES, 1000, 255, path);
	eq_str(path, "tile/entries/x001/000.p/255");
	tile_path(0, 999, 256, path);
	eq_str(path, "tile/0/999");
	tile_path(0, UINT64_MAX, 1, path);
	eq_str(path, "tile/0/x018/x446/x744/x073/x709/x551/615.p/1");
}

TEST(widths_follow_the_size)
{
	eq_int(tile_width(0, 0, 0), 0);
	eq_int(tile_width(255, 0, 0), 255);
	eq_int(tile_width(256, 0, 0), 256);
	eq_int(tile_width(256, 0, 1), 0);
	eq_int(tile_width(256, 1, 0), 1);
	eq_int(tile_width(70000, 1, 1), 17);
	eq_int(tile_width(70000, 2, 0), 1);
	eq_int(tile_width(70000, TILE_ENTRIES, 273), 112);
	eq_int(tile_width(UINT64_MAX, 9, 0), 0);
}

TEST(batches_of_any_size_give_the_tree_and_its_proofs)
{
	uint64_t batches[] = {1, 1, 3, 250, 1, 1, 255, 256, 600, 65536, 77, 1};
	struct merkle_frontier f;
	struct tile_writer *w = NULL;
	fresh_folder();
	merkle_frontier_init(&f);
	eq_int(tile_writer_new(dir, &w, NULL), RC_OK);
	struct tile_reader r = tile_folder_reader(dir);
	for (size_t i = 0; i < sizeof batches / sizeof batches[0]; i++) {
		uint64_t old = f.size;
		struct hash old_root, root, leaf;
		struct merkle_proof p;
		merkle_frontier_root(&f, &old_root);
		add(w, &f, batches[i]);
		eq_int(tile_writer_flush(w, NULL), RC_OK);
		ok(gives(w, &f));
		merkle_frontier_root(&f, &root);
		eq_int(tile_prove_consistency(&r, old, f.size, &p), RC_OK);
		eq_int(merkle_verify_consistency(old, &old_root, f.size, &root, &p), RC_OK);
		for (uint64_t k = 0; k < f.size; k += 1 + f.size / 50) {
			eq_int(tile_leaf(&r, f.size, k, &leaf), RC_OK);
			eq_int(tile_prove_inclusion(&r, f.size, k, &p), RC_OK);
			eq_int(merkle_verify_inclusion(f.size, &root, k, &leaf, &p), RC_OK);
		}
	}
	tile_writer_free(&w);
	remove_tree(dir);
}

TEST(partial_tiles_go_once_the_full_one_is_there)
{
	struct merkle_frontier f;
	struct tile_writer *w = NULL;
	struct hash root;
	fresh_folder();
	merkle_frontier_init(&f);
	eq_int(tile_writer_new(dir, &w, NULL), RC_OK);
	add(w, &f, 200);
	eq_int(tile_writer_flush(w, NULL), RC_OK);
	ok(there_is("tile/0/000.p/200") && there_is("tile/entries/000.p/200"));
	merkle_frontier_root(&f, &root);
	add(w, &f, 56);
	ok(there_is("tile/0/000") && there_is("tile/0/000.p/200"));
	eq_int(tile_writer_flush(w, NULL), RC_OK);
	ok(!there_is("tile/0/000.p") && !there_is("tile/entries/000.p") && there_is("tile/1/000.p/1"));
	tile_writer_free(&w);
	/* An older tree is taken up from the fuller tile. */
	eq_int(tile_writer_open(dir, 200, &root, &w, NULL), RC_OK);
	eq_int(tile_writer_size(w), 200);
	tile_writer_free(&w);
	remove_tree(dir);
}

TEST(a_writer_takes_up_where_another_stopped)
{
	struct merkle_frontier f;
	struct tile_writer *w = NULL;
	fresh_folder();
	merkle_frontier_init(&f);
	for (unsigned i = 0; i < 30; i++) {
		struct hash root;
		merkle_frontier_root(&f, &root);
		eq_int(tile_writer_open(dir, f.size, &root, &w, NULL), RC_OK);
		add(w, &f, 97);
		eq_int(tile_writer_flush(w, NULL), RC_OK);
		ok(gives(w, &f));
		tile_writer_free(&w);
	}
	remove_tree(dir);
}

static bool spoil(const char *name, long at)
{
	char path[4096];
	if (path_join(path, sizeof path, dir, name) != RC_OK)
		return false;
	FILE *file = fopen(path, "r+b");
	if (!file || fseek(file, at, SEEK_SET) != 0)
		return false;
	int c = fgetc(file);
	fseek(file, at, SEEK_SET);
	fputc(c ^ 1, file);
	return fclose(file) == 0;
}

TEST(spoiled_or_missing_tiles_are_not_taken_up)
{
	const char *names[] = {"tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"};
	for (unsigned i = 0; i < 6; i++) {
		struct merkle_frontier f;
		struct tile_writer *w = NULL;
		struct hash root;
		fresh_folder();
		merkle_frontier_init(&f);
		eq_int(tile_writer_new(dir, &w, NULL), RC_OK);
		add(w, &f, 300);
		eq_int(tile_writer_flush(w, NULL), RC_OK);
		tile_writer_free(&w);
		merkle_frontier_root(&f, &root);
		char path[4096];
		if (i < 3) {
			ok(spoil(names[i], 5));
			eq_int(tile_writer_open(dir, 300, &root, &w, NULL), RC_CORRUPT);
		} else {
			ok(path_join(path, sizeof path, dir, names[i - 3]) == RC_OK && unlink(path) == 0);
			eq_int(tile_writer_open(dir, 300, &root, &w, NULL), RC_NOT_FOUND);
		}
		ok(w == NULL);
		remove_tree(dir);
	}
}

static enum rc count_entry(void *ctx, unsigned i, struct bytes data)
{
	unsigned *n = ctx;
	uint8_t room[64];
	(*n)++;
	return bytes_equal(data, entry_of(i, room)) ? RC_OK : RC_CORRUPT;
}

TEST(bundles_hold_the_entries)
{
	struct merkle_frontier f;
	struct tile_writer *w = NULL;
	struct buf b = BUF_INIT(1 << 20);
	unsigned n = 0;
	fresh_folder();
	merkle_frontier_init(&f);
	eq_int(tile_writer_new(dir, &w, NULL), RC_OK);
	add(w, &f, 256);
	struct tile_reader r = tile_folder_reader(dir);
	eq_int(r.read(r.ctx, TILE_ENTRIES, 0, 256, &b), RC_OK);
	eq_int(tile_bundle_entries(buf_bytes(&b), 256, count_entry, &n), RC_OK);
	eq_int(n, 256);
	eq_int(tile_bundle_entries(bytes_slice(buf_bytes(&b), 0, b.len - 1), 256, count_entry, &n), RC_FORMAT);
	buf_byte(&b, 0);
	eq_int(tile_bundle_entries(buf_bytes(&b), 256, count_entry, &n), RC_FORMAT);
	buf_release(&b);
	tile_writer_free(&w);
	remove_tree(dir);
}

TEST(an_entry_that_is_too_long_or_a_folder_that_cannot_be_is_an_error)
{
	static uint8_t big[TILE_ENTRY_MAX + 1];
	struct tile_writer *w = NULL;
	struct err e = ERR_NONE;
	fresh_folder();
	eq_int(tile_writer_new(dir, &w, NULL), RC_OK);
	eq_int(tile_writer_append(w, BYTES_ARRAY(big), &e), RC_TOO_LARGE);
	eq_int(tile_writer_append(w, bytes_of(big, TILE_ENTRY_MAX), &e), RC_OK);
	tile_writer_free(&w);
	remove_tree(dir);
	eq_int(tile_writer_new("/dev/null/log", &w, &e), RC_IO);
	ok(w == NULL && e.code == RC_IO);
}

int main(void)
{
	RUN(paths_are_those_of_tlog_tiles);
	RUN(widths_follow_the_size);
	RUN(batches_of_any_size_give_the_tree_and_its_proofs);
	RUN(partial_tiles_go_once_the_full_one_is_there);
	RUN(a_writer_takes_up_where_another_stopped);
	RUN(spoiled_or_missing_tiles_are_not_taken_up);
	RUN(bundles_hold_the_entries);
	RUN(an_entry_that_is_too_long_or_a_folder_that_cannot_be_is_an_error);
	return tap_done();
}
