/* SPDX-License-Identifier: MPL-2.0 */
/* The sequencer with a store and a signer that live in memory, stopped after each of its parts. */
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "ledger/proof.h"
#include "ledger/sequencer.h"
#include "ledger/watch.h"
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

static struct epoch *newest(uint32_t *number)
{
	uint32_t n = 0;
	for (uint32_t i = 1; i < EPOCHS; i++)
		n = db->epoch[i].exists ? i : n;
	*number = n;
	return &db->epoch[n];
}

static enum rc acquire(void *ctx, struct ledger_head *ret)
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

static enum rc head(void *ctx, struct ledger_head *ret)
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

static enum rc pending(void *ctx, struct ledger_leaf *out, size_t max, size_t *ret_count)
{
	(void)ctx;
	size_t n = db->pending < max ? db->pending : max;
	memcpy(out, db->leaf, n * sizeof *out);
	*ret_count = n;
	return RC_OK;
}

static enum rc assign(void *ctx, const struct ledger_head *old, const struct ledger_head *next,
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

static enum rc placed(void *ctx, uint32_t epoch, uint64_t from, struct hash *out, size_t max, size_t *ret_count)
{
	(void)ctx;
	struct epoch *ep = &db->epoch[epoch];
	uint64_t left = from < ep->placed ? ep->placed - from : 0;
	size_t n = left < max ? (size_t)left : max;
	memcpy(out, ep->at + from, n * sizeof *out);
	*ret_count = n;
	return RC_OK;
}

static enum rc published(void *ctx, uint32_t epoch, uint64_t size, struct bytes note)
{
	(void)ctx;
	(void)size;
	memcpy(db->epoch[epoch].note, note.ptr, note.len);
	db->epoch[epoch].note_len = note.len;
	return RC_OK;
}

static enum rc newest_note(void *ctx, uint32_t epoch, struct buf *out)
{
	(void)ctx;
	if (db->epoch[epoch].note_len == 0)
		return RC_NOT_FOUND;
	buf_append(out, bytes_of(db->epoch[epoch].note, db->epoch[epoch].note_len));
	return RC_OK;
}

static enum rc open_epoch(void *ctx, const struct ledger_head *first, const struct ledger_leaf *leaf)
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

static unsigned number_of(const char *origin)
{
	return (unsigned)(origin[strlen(origin) - 1] - '0');
}

static enum rc last_signed(void *ctx, const char *origin, uint64_t *ret_size, struct hash *ret_root)
{
	(void)ctx;
	if (vault.fails)
		return vault.fails;
	*ret_size = vault.size[number_of(origin)];
	*ret_root = vault.root[number_of(origin)];
	return RC_OK;
}

/* As the vault: entry 0 of the first tree of an epoch is the hash of a note not smaller than what it signed last. */
static bool links(const struct checkpoint *c, unsigned n, const struct ledger_link *link)
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

static enum rc sign(void *ctx, const struct checkpoint *c, uint64_t old_size, const struct merkle_proof *proof,
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

static enum rc knows(void *ctx, const char *origin, struct bytes note)
{
	(void)ctx;
	struct note_key key;
	struct checkpoint c;
	return note_key_ed25519(origin, secret.public_key, &key) == RC_OK && checkpoint_open(note, &key, &c) == RC_OK ? RC_OK
	                                                                                                              : RC_SIGNATURE;
}

/* ---- one world ---- */

static int stop_after = -1;

static bool after(void *ctx, enum ledger_part part)
{
	(void)ctx;
	return (int)part != stop_after;
}

static struct ledger *start(size_t batch)
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

static void new_world(void)
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

static void remove_tree(const char *path)
{
	DIR *d = opendir(path);
	for (struct dirent *entry; d && (entry = readdir(d));) {
		char below[4096];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
		if (unlink(below) != 0)
			remove_tree(below);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

static void end_world(void)
{
	remove_tree(dir);
	free(db);
}

static void remove_in_log(const char *name)
{
	char path[4096];
	if (path_join(path, sizeof path, dir, name) != RC_OK)
		abort();
	if (unlink(path) != 0)
		remove_tree(path);
}

static uint32_t made;

static void register_acts(unsigned n)
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
static bool is_sound(uint32_t epoch)
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

TEST(leaves_are_placed_signed_and_published_once)
{
	struct ledger_report report;
	new_world();
	struct ledger *l = start(0);
	eq_int(ledger_step(l, &report, NULL), RC_OK);
	ok(report.size == 0 && !report.published && !report.more);
	for (unsigned i = 0; i < 12; i++) {
		register_acts(1 + i * 40);
		eq_int(ledger_step(l, &report, NULL), RC_OK);
		ok(report.published && report.placed == 1 + i * 40);
		ok(is_sound(1));
		eq_int(ledger_step(l, &report, NULL), RC_OK);
		ok(!report.published && report.placed == 0);
	}
	eq_int(vault.signatures, 12);
	eq_int(db->epoch[1].fence, 1);
	ledger_free(&l);
	end_world();
}

TEST(a_full_batch_says_that_there_is_more)
{
	struct ledger_report report;
	new_world();
	struct ledger *l = start(100);
	register_acts(250);
	for (unsigned i = 0; i < 3; i++) {
		eq_int(ledger_step(l, &report, NULL), RC_OK);
		eq_int(report.more, i < 2);
	}
	eq_int(report.size, 250);
	ok(is_sound(1));
	ledger_free(&l);
	end_world();
}

TEST(a_stop_after_any_part_loses_nothing_and_places_nothing_twice)
{
	for (int part = LEDGER_ASSIGNED; part <= LEDGER_PUBLISHED; part++) {
		for (unsigned before = 0; before < 600; before += 299) {
			new_world();
			struct ledger *l = start(0);
			register_acts(before);
			eq_int(ledger_step(l, NULL, NULL), RC_OK);
			register_acts(300);
			stop_after = part;
			eq_int(ledger_step(l, NULL, NULL), RC_INTERNAL);
			ledger_free(&l);
			l = start(0);
			register_acts(5);
			eq_int(ledger_step(l, NULL, NULL), RC_INTERNAL);
			ledger_free(&l);
			stop_after = -1;
			l = start(0);
			eq_int(ledger_step(l, NULL, NULL), RC_OK);
			eq_int(db->epoch[1].placed, before + 305);
			ok(is_sound(1));
			ok(!ledger_is_read_only(l));
			ledger_free(&l);
			end_world();
		}
	}
}

TEST(the_same_process_goes_on_after_any_error)
{
	new_world();
	struct ledger *l = start(0);
	for (int part = LEDGER_ASSIGNED; part <= LEDGER_PUBLISHED; part++) {
		register_acts(17);
		stop_after = part;
		eq_int(ledger_step(l, NULL, NULL), RC_INTERNAL);
		stop_after = -1;
		eq_int(ledger_step(l, NULL, NULL), RC_OK);
		ok(is_sound(1));
	}
	vault.fails = RC_VAULT_DOWN;
	register_acts(3);
	eq_int(ledger_step(l, NULL, NULL), RC_VAULT_DOWN);
	eq_int(ledger_step(l, NULL, NULL), RC_VAULT_DOWN);
	vault.fails = RC_OK;
	eq_int(ledger_step(l, NULL, NULL), RC_OK);
	unknown_outcome = true;
	register_acts(3);
	eq_int(ledger_step(l, NULL, NULL), RC_IO);
	unknown_outcome = false;
	eq_int(ledger_step(l, NULL, NULL), RC_OK);
	ok(is_sound(1));
	eq_int(db->epoch[1].placed, 5 * 17 + 6);
	store_fails = RC_STORE_FULL;
	ledger_free(&l);
	l = start(0);
	struct err e;
	eq_int(ledger_step(l, NULL, &e), RC_STORE_FULL);
	eq_int(e.code, RC_STORE_FULL);
	ledger_free(&l);
	end_world();
}

TEST(lost_files_are_made_again_from_the_placed_leaves)
{
	const char *lost[] = {"tile", "checkpoint", "tile/0", "tile/entries", "tile/1/000.p/2", "tile/0/002.p/88"};
	for (size_t i = 0; i < sizeof lost / sizeof lost[0]; i++) {
		new_world();
		struct ledger *l = start(0);
		register_acts(600);
		eq_int(ledger_step(l, NULL, NULL), RC_OK);
		ledger_free(&l);
		remove_in_log(lost[i]);
		l = start(0);
		eq_int(ledger_step(l, NULL, NULL), RC_OK);
		ok(is_sound(1));
		register_acts(10);
		eq_int(ledger_step(l, NULL, NULL), RC_OK);
		ok(is_sound(1));
		ledger_free(&l);
		end_world();
	}
}

/* A database as it was, the rest as it is: what a restored backup looks like. */
static struct ledger *restored_world(void)
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

TEST(lost_tiles_are_made_again_while_the_head_is_ahead_of_the_last_signature)
{
	for (unsigned first = 100; first < 800; first += 300) {
		new_world();
		struct ledger *l = start(0);
		register_acts(first);
		eq_int(ledger_step(l, NULL, NULL), RC_OK);
		register_acts(300);
		stop_after = LEDGER_ASSIGNED;
		eq_int(ledger_step(l, NULL, NULL), RC_INTERNAL);
		stop_after = -1;
		ledger_free(&l);
		remove_in_log("tile");
		remove_in_log("checkpoint");
		db->epoch[1].note_len = 0;
		l = start(0);
		eq_int(ledger_step(l, NULL, NULL), RC_OK);
		ok(is_sound(1));
		ledger_free(&l);
		end_world();
	}
}

TEST(comparing_places_and_signs_nothing)
{
	new_world();
	struct ledger *l = start(0);
	register_acts(5);
	eq_int(ledger_compare(l, NULL), RC_OK);
	ok(db->epoch[1].placed == 0 && vault.signatures == 0);
	eq_int(ledger_step(l, NULL, NULL), RC_OK);
	ok(is_sound(1));
	ledger_free(&l);
	end_world();
	l = restored_world();
	register_acts(5);
	eq_int(ledger_compare(l, NULL), RC_READ_ONLY);
	ok(ledger_is_read_only(l) && db->epoch[1].placed == 100);
	ledger_free(&l);
	end_world();
}

TEST(only_the_log_s_own_files_give_an_io_error)
{
	new_world();
	struct ledger *l = start(0);
	register_acts(5);
	vault.fails = RC_IO;
	eq_int(ledger_step(l, NULL, NULL), RC_VAULT_DOWN);
	vault.fails = RC_OK;
	eq_int(ledger_step(l, NULL, NULL), RC_OK);
	ledger_free(&l);
	end_world();
}

TEST(origins_of_one_log_are_told_from_others)
{
	eq_int(ledger_epoch_of(NAME "/7"), 7);
	eq_int(ledger_epoch_of("no-epoch"), 0);
	ok(ledger_same_log(NAME "/1", NAME "/12"));
	ok(!ledger_same_log(NAME "/1", "civis.example/mmr/1"));
	ok(!ledger_same_log(NAME "/1", NAME "/x/1"));
	ok(!ledger_same_log(NAME "/1", NAME "/x"));
	ok(!ledger_same_log("one", "one"));
}

TEST(a_second_sequencer_takes_over_and_the_first_is_told)
{
	new_world();
	struct ledger *first = start(0), *second = start(0);
	register_acts(3);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	eq_int(ledger_step(second, NULL, NULL), RC_OK);
	register_acts(3);
	eq_int(ledger_step(first, NULL, NULL), RC_CONFLICT);
	ok(!ledger_is_read_only(first));
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	eq_int(ledger_step(second, NULL, NULL), RC_OK);
	ok(is_sound(1));
	eq_int(db->epoch[1].placed, 6);
	ledger_free(&first);
	ledger_free(&second);
	end_world();
}

/* Another process's folder: what is said of `dir` is of that one until the next call. */
static char other_dir[64];

static void go_to_the_other(void)
{
	char kept[sizeof dir];
	if (!*other_dir) {
		snprintf(other_dir, sizeof other_dir, "/tmp/civis-log-XXXXXX");
		if (!mkdtemp(other_dir))
			abort();
	}
	memcpy(kept, dir, sizeof kept);
	memcpy(dir, other_dir, sizeof dir);
	memcpy(other_dir, kept, sizeof other_dir);
}

/* Two on one store; what is asked of the folder is asked of the second's. */
static void begin_both(struct ledger **a, struct ledger **b)
{
	new_world();
	*a = start(0);
	go_to_the_other();
	*b = start(0);
}

static void end_of_both(struct ledger **a, struct ledger **b)
{
	ledger_free(a);
	ledger_free(b);
	remove_tree(other_dir);
	*other_dir = 0;
	end_world();
}

TEST(a_follower_publishes_what_was_kept_and_takes_over_from_there)
{
	struct ledger_report report;
	struct ledger *first, *second;
	begin_both(&first, &second);
	eq_int(ledger_follow(second, &report, NULL), RC_OK); /* there is no head yet */
	eq_int(report.size, 0);
	for (unsigned i = 0; i < 12; i++) {
		register_acts(1 + i * 40);
		eq_int(ledger_step(first, NULL, NULL), RC_OK);
		if (i % 3 == 1)
			continue; /* it need not see each checkpoint */
		eq_int(ledger_follow(second, &report, NULL), RC_OK);
		eq_int(report.size, db->epoch[1].placed);
		ok(is_sound(1));
	}
	eq_int(db->epoch[1].fence, 1);
	eq_int(vault.signatures, 12);
	/* It goes on where the first stands, which is told, follows, and may come back. */
	register_acts(5);
	eq_int(ledger_step(second, &report, NULL), RC_OK);
	eq_int(report.placed, 5);
	eq_int(ledger_follow(second, &report, NULL), RC_OK); /* it gave the place up */
	ok(is_sound(1));
	go_to_the_other();
	register_acts(1);
	eq_int(ledger_step(first, NULL, NULL), RC_CONFLICT);
	eq_int(ledger_follow(first, &report, NULL), RC_OK);
	ok(!ledger_is_read_only(first));
	eq_int(db->pending, 1);
	eq_int(ledger_step(first, &report, NULL), RC_OK);
	eq_int(report.placed, 1);
	ok(is_sound(1));
	end_of_both(&first, &second);
}

TEST(a_follower_makes_a_lost_folder_again)
{
	struct ledger_report report;
	struct ledger *first, *second;
	begin_both(&first, &second);
	register_acts(700);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	eq_int(ledger_follow(second, NULL, NULL), RC_OK);
	remove_in_log("tile");
	ledger_free(&second);
	second = start(0);
	register_acts(3);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	eq_int(ledger_follow(second, &report, NULL), RC_OK);
	eq_int(report.size, 703);
	ok(is_sound(1));
	go_to_the_other();
	end_of_both(&first, &second);
}

TEST(a_follower_believes_neither_a_note_nor_leaves_that_do_not_agree)
{
	struct ledger *first, *second;
	begin_both(&first, &second);
	register_acts(10);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	eq_int(ledger_follow(second, NULL, NULL), RC_OK);
	/* What was kept is not signed. */
	register_acts(1);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	struct epoch *ep = &db->epoch[1];
	ep->note[ep->note_len - 6] ^= 2;
	eq_int(ledger_follow(second, NULL, NULL), RC_SIGNATURE);
	struct buf proof = BUF_INIT(TLOG_PROOF_MAX);
	eq_int(ledger_prove(dir, 1, 10, &proof), RC_NOT_FOUND);
	ok(!ledger_is_read_only(second));
	ep->note[ep->note_len - 6] ^= 2;
	eq_int(ledger_follow(second, NULL, NULL), RC_OK);
	ok(is_sound(1));
	/* A leaf is not what was signed. */
	register_acts(1);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	ep->at[11].b[0] ^= 1;
	eq_int(ledger_follow(second, NULL, NULL), RC_READ_ONLY);
	ok(ledger_is_read_only(second));
	eq_int(ledger_prove(dir, 1, 11, &proof), RC_NOT_FOUND);
	buf_release(&proof);
	go_to_the_other();
	end_of_both(&first, &second);
}

TEST(a_step_between_two_looks_does_not_make_the_store_look_behind)
{
	struct ledger_report report;
	struct ledger *first, *second;
	begin_both(&first, &second);
	register_acts(10);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	struct ledger_head before = {.epoch = 1, .fence = 1, .frontier = db->epoch[1].frontier};
	register_acts(10);
	eq_int(ledger_step(first, NULL, NULL), RC_OK);
	stale = &before;
	eq_int(ledger_follow(second, &report, NULL), RC_OK);
	eq_int(report.size, 20);
	ok(!ledger_is_read_only(second));
	/* But a head that stays behind is. */
	db->epoch[1].frontier = before.frontier;
	eq_int(ledger_follow(second, NULL, NULL), RC_READ_ONLY);
	ok(ledger_is_read_only(second));
	go_to_the_other();
	end_of_both(&first, &second);
}

TEST(an_empty_place_is_told_by_ones_own_clock_alone)
{
	struct ledger_watch w = {.moved_us = 0};
	struct ledger_sight sight = {.epoch = 1, .fence = 3, .beat = 8, .size = 5, .held = true};
	int64_t now = 77;
	ok(!ledger_watch_see(&w, &sight, now));
	ok(!ledger_watch_see(&w, &sight, now += LEDGER_PATIENCE_US - 1));
	ok(ledger_watch_see(&w, &sight, now += 1));
	eq_int(w.moved_us, 77);
	/* Any change is a sign of life. */
	sight.beat++;
	ok(!ledger_watch_see(&w, &sight, now));
	sight.fence++;
	ok(!ledger_watch_see(&w, &sight, now += LEDGER_PATIENCE_US));
	sight.size++;
	ok(!ledger_watch_see(&w, &sight, now += LEDGER_PATIENCE_US));
	eq_int(w.moved_us, now);
	/* Who could not look did not see that there was none. */
	ledger_watch_blind(&w, now += LEDGER_PATIENCE_US);
	ok(!ledger_watch_see(&w, &sight, now += LEDGER_PATIENCE_US - 1));
	/* What was given up is not waited for. */
	sight.held = false;
	ok(ledger_watch_see(&w, &sight, now));
}

TEST(a_store_behind_the_published_checkpoint_is_read_only)
{
	struct err e = ERR_NONE;
	struct ledger *l = restored_world();
	vault.size[1] = 100; /* even if the signer forgot */
	unsigned signatures = vault.signatures;
	register_acts(80);
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_str(e.where, "the published checkpoint");
	ok(ledger_is_read_only(l));
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_int(db->epoch[1].placed, 100);
	eq_int(vault.signatures, signatures);
	ledger_free(&l);
	end_world();
}

TEST(a_store_behind_the_signer_is_read_only)
{
	struct err e = ERR_NONE;
	struct ledger *l = restored_world();
	remove_in_log("checkpoint");
	remove_in_log("tile");
	unsigned signatures = vault.signatures;
	register_acts(80);
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_str(e.where, "the signer");
	ok(ledger_is_read_only(l));
	eq_int(db->epoch[1].placed, 100);
	eq_int(vault.signatures, signatures);
	ledger_free(&l);
	end_world();
}

TEST(a_store_with_another_history_signs_nothing)
{
	struct ledger *l = restored_world();
	unsigned signatures = vault.signatures;
	struct err e;
	struct epoch *ep = &db->epoch[1];
	/* Fifty other leaves where fifty were published. */
	for (unsigned i = 0; i < 50; i++) {
		struct hash leaf, *at = &ep->at[ep->placed++];
		made++;
		sha256(bytes_of(&made, sizeof made), at->b);
		merkle_leaf(BYTES_ARRAY(at->b), &leaf);
		merkle_frontier_append(&ep->frontier, &leaf);
	}
	enum rc rc = ledger_step(l, NULL, &e);
	ok(rc == RC_READ_ONLY || rc == RC_CORRUPT);
	ok(ledger_is_read_only(l));
	remove_in_log("tile");
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	remove_in_log("checkpoint");
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_str(e.where, "the signer");
	eq_int(vault.signatures, signatures);
	ledger_free(&l);
	end_world();
}

TEST(a_leaf_changed_in_the_store_is_noticed)
{
	new_world();
	struct err e;
	struct ledger *l = start(0);
	register_acts(100);
	stop_after = LEDGER_ASSIGNED;
	eq_int(ledger_step(l, NULL, NULL), RC_INTERNAL);
	stop_after = -1;
	db->epoch[1].at[7].b[0] ^= 1;
	eq_int(ledger_step(l, NULL, &e), RC_CORRUPT);
	eq_int(vault.signatures, 0);
	db->epoch[1].at[7].b[0] ^= 1;
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	ok(is_sound(1) && !ledger_is_read_only(l));
	ledger_free(&l);
	end_world();
}

TEST(a_new_epoch_commits_to_the_old_checkpoint_and_goes_on)
{
	struct err e;
	struct ledger *l = restored_world();
	char path[4096];
	struct buf note = BUF_INIT(NOTE_MAX);
	struct hash want;
	eq_int(path_join(path, sizeof path, dir, "checkpoint"), RC_OK);
	eq_int(file_read(path, &note, NULL), RC_OK);
	sha256(buf_bytes(&note), want.b);
	register_acts(20);
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_int(ledger_open_epoch(l, &e), RC_OK);
	ok(!ledger_is_read_only(l));
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	eq_int(db->epoch[2].placed, 21);
	ok(hash_equal(&db->epoch[2].at[0], &want));
	ok(is_sound(2));
	/* What the old epoch proved, it still proves. */
	struct buf proof = BUF_INIT(TLOG_PROOF_MAX);
	struct hash leaf;
	struct note_key key;
	eq_int(note_key_ed25519(NAME "/1", secret.public_key, &key), RC_OK);
	eq_int(ledger_prove(dir, 1, 42, &proof), RC_OK);
	merkle_leaf(BYTES_ARRAY(db->epoch[1].at[42].b), &leaf);
	eq_int(tlog_proof_verify(buf_bytes(&proof), &key, &leaf, NULL), RC_OK);
	buf_release(&proof);
	buf_release(&note);
	ledger_free(&l);
	end_world();
}

TEST(a_stop_while_opening_an_epoch_is_made_good)
{
	for (int part = LEDGER_EPOCH_KNOWN; part <= LEDGER_EPOCH_HALF_MOVED; part++) {
		struct err e;
		struct ledger *l = restored_world();
		stop_after = part;
		eq_int(ledger_open_epoch(l, &e), RC_INTERNAL);
		ledger_free(&l);
		stop_after = -1;
		l = start(0);
		if (part == LEDGER_EPOCH_KNOWN)
			eq_int(ledger_open_epoch(l, &e), RC_OK);
		register_acts(2);
		eq_int(ledger_step(l, NULL, &e), RC_OK);
		eq_int(db->epoch[2].placed, 3);
		ok(!db->epoch[3].exists);
		ok(is_sound(2));
		struct buf proof = BUF_INIT(TLOG_PROOF_MAX);
		eq_int(ledger_prove(dir, 1, 149, &proof), RC_OK);
		buf_release(&proof);
		ledger_free(&l);
		end_world();
	}
}

static bool read_note(const char *name, struct buf *out, struct checkpoint *ret)
{
	char path[4096];
	return path_join(path, sizeof path, dir, name) == RC_OK && file_read(path, out, NULL) == RC_OK &&
	       checkpoint_open(buf_bytes(out), NULL, ret) == RC_OK;
}

/* The folder went back with the store: 100 of 150 entries are left, and the signer knows. */
static struct ledger *world_that_lost_entries(void)
{
	new_world();
	struct ledger *l = start(0);
	register_acts(100);
	if (ledger_step(l, NULL, NULL) != RC_OK)
		abort();
	vault.size[1] = 150;
	sha256(BYTES_LIT("a tree of 150"), vault.root[1].b);
	ledger_free(&l);
	return start(0);
}

TEST(what_was_lost_is_known_by_the_note_that_the_signer_signs_again)
{
	struct err e;
	struct ledger *l = world_that_lost_entries();
	struct buf known = BUF_INIT(NOTE_MAX), left = BUF_INIT(NOTE_MAX);
	struct checkpoint c;
	struct hash want;
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_int(ledger_open_epoch(l, &e), RC_OK);
	register_acts(3);
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	ok(is_sound(2) && is_sound(1));
	ok(read_note("closed/1/known", &known, &c) && c.size == 150 && hash_equal(&c.root, &vault.root[1]));
	ok(read_note("closed/1/checkpoint", &left, &c) && c.size == 100);
	sha256(buf_bytes(&known), want.b);
	ok(hash_equal(&db->epoch[2].at[0], &want));
	buf_release(&known);
	buf_release(&left);
	ledger_free(&l);
	end_world();
}

TEST(an_epoch_whose_folder_was_lost_is_linked_from_the_store)
{
	struct err e;
	struct ledger *l = world_that_lost_entries();
	eq_int(ledger_open_epoch(l, &e), RC_OK);
	ledger_free(&l);
	remove_in_log("closed");
	struct hash kept = db->epoch[2].at[0];
	l = start(0);
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	ok(is_sound(2) && hash_equal(&kept, &db->epoch[2].at[0]));
	ledger_free(&l);
	end_world();
}

TEST(a_store_older_than_the_epoch_is_read_only_and_opens_a_later_one)
{
	struct err e;
	struct ledger *l = restored_world();
	struct memory *older = malloc(sizeof *older);
	*older = *db;
	eq_int(ledger_open_epoch(l, &e), RC_OK);
	register_acts(2);
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	ledger_free(&l);
	free(db);
	db = older;
	l = start(0);
	register_acts(1);
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	ok(ledger_is_read_only(l));
	eq_int(ledger_open_epoch(l, &e), RC_OK);
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	ok(db->epoch[3].exists && is_sound(3));
	ledger_free(&l);
	end_world();
}

TEST(an_epoch_needs_something_to_commit_to)
{
	struct err e;
	new_world();
	struct ledger *l = start(0);
	eq_int(ledger_open_epoch(l, &e), RC_STATE);
	vault.size[1] = 9; /* signed, but nowhere published */
	eq_int(ledger_step(l, NULL, &e), RC_READ_ONLY);
	eq_int(ledger_open_epoch(l, &e), RC_OK);
	eq_int(ledger_step(l, NULL, &e), RC_OK);
	ok(is_sound(2));
	ledger_free(&l);
	end_world();
}

TEST(a_name_that_is_no_origin_is_refused)
{
	struct ledger_options o = {.dir = "/tmp", .name = "two words"};
	struct ledger *l = NULL;
	eq_int(ledger_new(&o, &l, NULL), RC_INVALID);
	o.name = "";
	char longest[NOTE_NAME_SIZE];
	memset(longest, 'a', sizeof longest - 1);
	longest[sizeof longest - 1] = 0;
	o.name = longest;
	eq_int(ledger_new(&o, &l, NULL), RC_INVALID);
	ok(l == NULL);
}

int main(void)
{
	RUN(leaves_are_placed_signed_and_published_once);
	RUN(a_full_batch_says_that_there_is_more);
	RUN(a_stop_after_any_part_loses_nothing_and_places_nothing_twice);
	RUN(the_same_process_goes_on_after_any_error);
	RUN(lost_files_are_made_again_from_the_placed_leaves);
	RUN(lost_tiles_are_made_again_while_the_head_is_ahead_of_the_last_signature);
	RUN(comparing_places_and_signs_nothing);
	RUN(only_the_log_s_own_files_give_an_io_error);
	RUN(origins_of_one_log_are_told_from_others);
	RUN(a_second_sequencer_takes_over_and_the_first_is_told);
	RUN(a_follower_publishes_what_was_kept_and_takes_over_from_there);
	RUN(a_follower_makes_a_lost_folder_again);
	RUN(a_follower_believes_neither_a_note_nor_leaves_that_do_not_agree);
	RUN(a_step_between_two_looks_does_not_make_the_store_look_behind);
	RUN(an_empty_place_is_told_by_ones_own_clock_alone);
	RUN(a_store_behind_the_published_checkpoint_is_read_only);
	RUN(a_store_behind_the_signer_is_read_only);
	RUN(a_store_with_another_history_signs_nothing);
	RUN(a_leaf_changed_in_the_store_is_noticed);
	RUN(a_new_epoch_commits_to_the_old_checkpoint_and_goes_on);
	RUN(a_stop_while_opening_an_epoch_is_made_good);
	RUN(what_was_lost_is_known_by_the_note_that_the_signer_signs_again);
	RUN(an_epoch_whose_folder_was_lost_is_linked_from_the_store);
	RUN(a_store_older_than_the_epoch_is_read_only_and_opens_a_later_one);
	RUN(an_epoch_needs_something_to_commit_to);
	RUN(a_name_that_is_no_origin_is_refused);
	return tap_done();
}
