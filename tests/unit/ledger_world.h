/* SPDX-License-Identifier: MPL-2.0 */
/* A log with a store and a signer that live in memory, and can fail; for the tests of its sequencer. */
#ifndef CIVIS_TESTS_LEDGER_WORLD_H
#define CIVIS_TESTS_LEDGER_WORLD_H

#include <stdlib.h>

#include "base/file.h"
#include "folders.h"
#include "ledger/proof.h"
#include "ledger/sequencer.h"
#include "tap.h"

enum { EPOCHS = 5, LEAVES = 4000 };

#define NAME "civis.example/khm"

/* What a database would hold; copied whole to take a "backup". */
struct memory {
	unsigned epochs;
	struct epoch {
		bool exists;
		uint64_t fence;
		struct merkle_frontier frontier;
		uint64_t placed;
		struct hash at[LEAVES];
		size_t note_len;
		uint8_t note[2048];
	} epoch[EPOCHS];
	size_t pending;
	struct ledger_leaf leaf[LEAVES];
};

static struct memory *db;
static bool unknown_outcome; /* assign commits, then reports an error */
static enum rc store_fails;

static struct {
	uint64_t size[EPOCHS];
	struct hash root[EPOCHS];
	enum rc fails;
	unsigned signatures;
} vault;

static struct ed25519_key secret;
static char dir[64];

/* ---- the store ---- */

static inline struct epoch *newest(uint32_t *number)
{
	uint32_t n = 0;
	for (uint32_t i = 1; i < EPOCHS; i++)
		n = db->epoch[i].exists ? i : n;
	*number = n;
	return &db->epoch[n];
}

static inline enum rc acquire(void *ctx, struct ledger_head *ret)
{
	(void)ctx;
	uint32_t n;
	struct epoch *ep = newest(&n);
	if (store_fails)
		return store_fails;
	if (n == 0) {
		n = 1;
		ep = &db->epoch[1];
		ep->exists = true;
	}
	ep->fence++;
	*ret = (struct ledger_head){.epoch = n, .fence = ep->fence, .frontier = ep->frontier};
	return RC_OK;
}

static struct ledger_head *stale; /* what the next look at the head gives, as one before somebody else's step does */

static inline enum rc head(void *ctx, struct ledger_head *ret)
{
	(void)ctx;
	uint32_t n;
	const struct epoch *ep = newest(&n);
	if (store_fails || n == 0)
		return store_fails ? store_fails : RC_NOT_FOUND;
	*ret = stale ? *stale : (struct ledger_head){.epoch = n, .fence = ep->fence, .frontier = ep->frontier};
	stale = NULL;
	return RC_OK;
}

static inline enum rc pending(void *ctx, struct ledger_leaf *out, size_t max, size_t *ret_count)
{
	(void)ctx;
	size_t n = db->pending < max ? db->pending : max;
	memcpy(out, db->leaf, n * sizeof *out);
	*ret_count = n;
	return RC_OK;
}

static inline enum rc assign(void *ctx, const struct ledger_head *old, const struct ledger_head *next,
                      const struct ledger_leaf *leaves, size_t count)
{
	(void)ctx;
	struct epoch *ep = &db->epoch[old->epoch];
	if (ep->fence != old->fence || ep->placed != old->frontier.size)
		return RC_CONFLICT;
	if (count > db->pending || memcmp(leaves, db->leaf, count * sizeof *leaves) != 0)
		return RC_CONFLICT;
	for (size_t i = 0; i < count; i++)
		ep->at[ep->placed++] = leaves[i].commitment;
	ep->frontier = next->frontier;
	db->pending -= count;
	memmove(db->leaf, db->leaf + count, db->pending * sizeof *db->leaf);
	return unknown_outcome ? RC_IO : RC_OK;
}

static inline enum rc placed(void *ctx, uint32_t epoch, uint64_t from, struct hash *out, size_t max, size_t *ret_count)
{
	(void)ctx;
	struct epoch *ep = &db->epoch[epoch];
	uint64_t left = from < ep->placed ? ep->placed - from : 0;
	size_t n = left < max ? (size_t)left : max;
	memcpy(out, ep->at + from, n * sizeof *out);
	*ret_count = n;
	return RC_OK;
}

static inline enum rc published(void *ctx, uint32_t epoch, uint64_t size, struct bytes note)
{
	(void)ctx;
	(void)size;
	memcpy(db->epoch[epoch].note, note.ptr, note.len);
	db->epoch[epoch].note_len = note.len;
	return RC_OK;
}

static inline enum rc newest_note(void *ctx, uint32_t epoch, struct buf *out)
{
	(void)ctx;
	if (db->epoch[epoch].note_len == 0)
		return RC_NOT_FOUND;
	buf_append(out, bytes_of(db->epoch[epoch].note, db->epoch[epoch].note_len));
	return RC_OK;
}

static inline enum rc open_epoch(void *ctx, const struct ledger_head *first, const struct ledger_leaf *leaf)
{
	(void)ctx;
	struct epoch *ep = &db->epoch[first->epoch];
	if (ep->exists)
		return RC_CONFLICT;
	ep->exists = true;
	ep->fence = first->fence;
	ep->frontier = first->frontier;
	ep->placed = 1;
	ep->at[0] = leaf->commitment;
	return RC_OK;
}

/* ---- the vault ---- */

static inline unsigned number_of(const char *origin)
{
	return (unsigned)(origin[strlen(origin) - 1] - '0');
}

static inline enum rc last_signed(void *ctx, const char *origin, uint64_t *ret_size, struct hash *ret_root)
{
	(void)ctx;
	if (vault.fails)
		return vault.fails;
	*ret_size = vault.size[number_of(origin)];
	*ret_root = vault.root[number_of(origin)];
	return RC_OK;
}

/* As the vault: entry 0 of the first tree of an epoch is the hash of a note not smaller than what it signed last. */
static inline bool links(const struct checkpoint *c, unsigned n, const struct ledger_link *link)
{
	struct checkpoint closed;
	struct hash entry, leaf;
	if (!link || checkpoint_open(link->note, NULL, &closed) != RC_OK || number_of(closed.origin) != n - 1 ||
	    closed.size < vault.size[n - 1])
		return false;
	sha256(link->note, entry.b);
	merkle_leaf(BYTES_ARRAY(entry.b), &leaf);
	return merkle_verify_inclusion(c->size, &c->root, 0, &leaf, &link->proof) == RC_OK;
}

static inline enum rc sign(void *ctx, const struct checkpoint *c, uint64_t old_size, const struct merkle_proof *proof,
                    const struct ledger_link *link, struct buf *ret_lines)
{
	(void)ctx;
	unsigned n = number_of(c->origin);
	struct hash old = vault.root[n];
	struct note_key key;
	struct buf text = BUF_INIT(NOTE_MAX);
	uint8_t signature[64];
	if (vault.size[n] == 0)
		merkle_empty(&old);
	if (vault.fails)
		return vault.fails;
	if (old_size != vault.size[n] || merkle_verify_consistency(old_size, &old, c->size, &c->root, proof) != RC_OK)
		return RC_PROOF;
	if (n > 1 && vault.size[n] == 0 && !links(c, n, link))
		return RC_PROOF;
	vault.size[n] = c->size;
	vault.root[n] = c->root;
	vault.signatures++;
	checkpoint_format(c, &text);
	ed25519_sign(&secret, buf_bytes(&text), signature);
	buf_release(&text);
	if (note_key_ed25519(c->origin, secret.public_key, &key) != RC_OK)
		return RC_INTERNAL;
	note_signature_line(&key, signature, ret_lines);
	return RC_OK;
}

static inline enum rc knows(void *ctx, const char *origin, struct bytes note)
{
	(void)ctx;
	struct note_key key;
	struct checkpoint c;
	return note_key_ed25519(origin, secret.public_key, &key) == RC_OK && checkpoint_open(note, &key, &c) == RC_OK ? RC_OK
	                                                                                                              : RC_SIGNATURE;
}

/* ---- one world ---- */

static int stop_after = -1;

static inline bool after(void *ctx, enum ledger_part part)
{
	(void)ctx;
	return (int)part != stop_after;
}

static inline struct ledger *start(size_t batch)
{
	struct ledger *l = NULL;
	struct ledger_options o = {
		.dir = dir, .name = NAME, .batch = batch, .after = after,
		.store = {.acquire = acquire, .head = head, .pending = pending, .assign = assign, .placed = placed,
		          .published = published, .newest_note = newest_note, .open_epoch = open_epoch},
		.signer = {.last = last_signed, .sign = sign, .knows = knows},
	};
	if (ledger_new(&o, &l, NULL) != RC_OK)
		abort();
	return l;
}

static inline void new_world(void)
{
	uint8_t seed[32] = {3};
	ed25519_from_seed(seed, &secret);
	snprintf(dir, sizeof dir, "/tmp/civis-log-XXXXXX");
	db = calloc(1, sizeof *db);
	memset(&vault, 0, sizeof vault);
	stop_after = -1;
	unknown_outcome = false;
	store_fails = RC_OK;
	if (!mkdtemp(dir) || !db)
		abort();
}

static inline void end_world(void)
{
	remove_tree(dir);
	free(db);
}

static inline void remove_in_log(const char *name)
{
	char path[4096];
	if (path_join(path, sizeof path, dir, name) != RC_OK)
		abort();
	if (unlink(path) != 0)
		remove_tree(path);
}

static uint32_t made;

static inline void register_acts(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct ledger_leaf *leaf = &db->leaf[db->pending++];
		memset(leaf, 0, sizeof *leaf);
		made++;
		memcpy(leaf->act_id.b, &made, sizeof made);
		leaf->person_id = leaf->act_id;
		sha256(bytes_of(&made, sizeof made), leaf->commitment.b);
	}
}

/* The published tree is the placed leaves, each proven under a good signature. */
static inline bool is_sound(uint32_t epoch)
{
	struct epoch *ep = &db->epoch[epoch];
	char origin[NOTE_NAME_SIZE];
	struct note_key key;
	if (ledger_origin(NAME, epoch, origin) != RC_OK || note_key_ed25519(origin, secret.public_key, &key) != RC_OK)
		return false;
	for (uint64_t i = 0; i < ep->placed; i += 1 + ep->placed / 40) {
		struct buf proof = BUF_INIT(TLOG_PROOF_MAX);
		struct hash leaf;
		struct checkpoint c;
		merkle_leaf(BYTES_ARRAY(ep->at[i].b), &leaf);
		bool good = ledger_prove(dir, epoch, i, &proof) == RC_OK &&
		            tlog_proof_verify(buf_bytes(&proof), &key, &leaf, &c) == RC_OK && c.size == ep->placed;
		buf_release(&proof);
		if (!good)
			return false;
	}
	struct buf none = BUF_INIT(TLOG_PROOF_MAX);
	bool beyond = ledger_prove(dir, epoch, ep->placed, &none) == RC_OK;
	buf_release(&none);
	return ep->placed != 0 && !beyond;
}

/* A database as it was, the rest as it is: what a restored backup looks like. */
static inline struct ledger *restored_world(void)
{
	new_world();
	struct ledger *l = start(0);
	register_acts(100);
	if (ledger_step(l, NULL, NULL) != RC_OK)
		abort();
	struct memory *backup = malloc(sizeof *backup);
	if (!backup)
		abort();
	*backup = *db;
	register_acts(50);
	if (ledger_step(l, NULL, NULL) != RC_OK)
		abort();
	ledger_free(&l);
	free(db);
	db = backup;
	return start(0);
}

#endif
