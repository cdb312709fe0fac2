/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The log as static files (C2SP tlog-tiles v0.1.0):
 *
 *   DIR/checkpoint                    the signed note of the newest published tree
 *   DIR/tile/<L>/<N>[.p/<W>]          256 (or W) hashes of 32 bytes at height 8·L
 *   DIR/tile/entries/<N>[.p/<W>]      256 (or W) entries, each u16 big-endian length ‖ data
 *   DIR/closed/<epoch>/…              the same, of an origin that was closed
 *   DIR/closed/<epoch>/known          the signed note of its newest known tree, which the next epoch commits to;
 *                                     of a larger tree than the checkpoint beside it where entries were lost
 *
 * <N> in groups of three digits, each but the last behind an "x": 1234067 is
 * x001/x234/067. A tile is written whole under its final name (temporary name,
 * then rename) and one syncfs() makes a batch durable, before its checkpoint is
 * signed. Partial tiles go once the full one is durable; readers fall back to it.
 *
 * Tiles are a cache: everything here can be made again from the placed leaves.
 */
#ifndef CIVIS_LEDGER_TILE_H
#define CIVIS_LEDGER_TILE_H

#include "ledger/merkle.h"

enum {
	TILE_WIDTH = 256,
	TILE_BYTES = TILE_WIDTH * MERKLE_HASH_SIZE,
	TILE_LEVELS = 8,
	TILE_ENTRIES = 64,       /* in place of a level: the entry bundles */
	TILE_ENTRY_MAX = 65535,  /* bytes of one entry */
	TILE_PATH_SIZE = 64,
};

/* "tile/0/x001/067" or "tile/entries/x001/067.p/5". width 1–256. */
void tile_path(unsigned level, uint64_t index, unsigned width, char out[static TILE_PATH_SIZE]);
/* How many hashes tile (level, index) has in a tree of `size` leaves: 0–256. Level may be TILE_ENTRIES. */
unsigned tile_width(uint64_t size, unsigned level, uint64_t index);

/*
 * Where proofs read. read() appends at least the first `width` hashes of a tile
 * (exactly width·32 bytes are used; more is allowed when only a fuller tile is
 * left), or for TILE_ENTRIES the bundle. RC_NOT_FOUND, RC_IO.
 */
struct tile_reader {
	enum rc (*read)(void *ctx, unsigned level, uint64_t index, unsigned width, struct buf *out);
	void *ctx;
};

/* Root of the first `size` leaves, from tiles alone. RC_NOT_FOUND, RC_IO, RC_CORRUPT (a short tile). */
enum rc tile_root(const struct tile_reader *r, uint64_t size, struct hash *ret) WARN_UNUSED;
/* Root of the first `prefix` leaves, from the tiles of a tree of `size`. RC_INVALID if prefix > size. */
enum rc tile_prefix_root(const struct tile_reader *r, uint64_t size, uint64_t prefix, struct hash *ret) WARN_UNUSED;
/* The leaf hash at index of a tree of `size`. RC_INVALID if index ≥ size. */
enum rc tile_leaf(const struct tile_reader *r, uint64_t size, uint64_t index, struct hash *ret) WARN_UNUSED;
/* RC_INVALID if index ≥ size. */
enum rc tile_prove_inclusion(const struct tile_reader *r, uint64_t size, uint64_t index,
                             struct merkle_proof *ret) WARN_UNUSED;
/* RC_INVALID if old_size > size. */
enum rc tile_prove_consistency(const struct tile_reader *r, uint64_t old_size, uint64_t size,
                               struct merkle_proof *ret) WARN_UNUSED;
/* Calls each(ctx, i, data) for the first `width` entries of a bundle. RC_FORMAT unless it has that many whole
   entries (and, if width is 256, nothing more); otherwise what each returned. */
enum rc tile_bundle_entries(struct bytes bundle, unsigned width,
                            enum rc (*each)(void *ctx, unsigned i, struct bytes data), void *ctx) WARN_UNUSED;

/* A reader of a folder DIR. `dir` is borrowed; ctx is its text. Falls back from a partial to a fuller tile. */
struct tile_reader tile_folder_reader(const char *dir);

/*
 * The writer holds the right edge (the unfinished tile at each level) in memory
 * and writes what a batch of entries completes or widens.
 */
struct tile_writer;

/* Takes up the tree of `size` leaves whose tiles stand in DIR, reading its edge and checking it against
   `root`. RC_CORRUPT if the tiles give another root, RC_NOT_FOUND if some are missing: rebuild then. */
enum rc tile_writer_open(const char *dir, uint64_t size, const struct hash *root, struct tile_writer **ret,
                         struct err *e) WARN_UNUSED;
/* Begins at size 0, writing over what is there. */
enum rc tile_writer_new(const char *dir, struct tile_writer **ret, struct err *e) WARN_UNUSED;
void tile_writer_free(struct tile_writer **w);
uint64_t tile_writer_size(const struct tile_writer *w);
void tile_writer_root(const struct tile_writer *w, struct hash *ret);
/* Adds an entry; writes full tiles as they fill. After an error the writer must be freed. */
enum rc tile_writer_append(struct tile_writer *w, struct bytes entry, struct err *e) WARN_UNUSED;
/* Writes the partial tiles, makes all written since the last flush durable (one syncfs), then removes
   partial tiles that full ones have replaced. */
enum rc tile_writer_flush(struct tile_writer *w, struct err *e) WARN_UNUSED;

#endif
