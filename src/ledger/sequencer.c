/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/sequencer.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "ledger/internal.h"

enum { BATCH_DEFAULT = 8192, BATCH_MAX = 65536, PLACED_AT_ONCE = 4096 };

/* ---- life ---- */

enum rc ledger_new(const struct ledger_options *o, struct ledger **ret, struct err *e)
{
	char origin[NOTE_NAME_SIZE];
	struct note_key key;
	static const uint8_t any[32];
	if (ledger_origin(o->name, UINT32_MAX, origin) != RC_OK || note_key_ed25519(origin, any, &key) != RC_OK)
		return err_set(e, RC_INVALID, "log name", "the name cannot be the origin of a log");
	struct ledger *l = calloc(1, sizeof *l);
	if (!l)
		return err_set(e, RC_NO_MEMORY, "log", "memory ran out");
	l->o = *o;
	l->o.batch = o->batch == 0 ? BATCH_DEFAULT : o->batch > BATCH_MAX ? BATCH_MAX : o->batch;
	l->dir = strdup(o->dir);
	l->name = strdup(o->name);
	l->leaves = calloc(l->o.batch, sizeof *l->leaves);
	buf_init(&l->note, NOTE_MAX);
	if (!l->dir || !l->name || !l->leaves) {
		ledger_free(&l);
		return err_set(e, RC_NO_MEMORY, "log", "memory ran out");
	}
	l->o.dir = l->dir;
	l->o.name = l->name;
	*ret = l;
	return RC_OK;
}

void ledger_free(struct ledger **l)
{
	if (!*l)
		return;
	tile_writer_free(&(*l)->tiles);
	buf_release(&(*l)->note);
	free((*l)->leaves);
	free((*l)->dir);
	free((*l)->name);
	free(*l);
	*l = NULL;
}

bool ledger_is_read_only(const struct ledger *l)
{
	return l->read_only;
}

bool ledger_signer_forgot(const struct ledger *l)
{
	return l->read_only && l->signer_forgot;
}

enum rc ledger_passed(struct ledger *l, enum ledger_part part, struct err *e)
{
	if (!l->o.after || l->o.after(l->o.after_ctx, part))
		return RC_OK;
	return err_set(e, RC_INTERNAL, "log", "abandoned by a test");
}

void ledger_lacks(struct ledger *l)
{
	l->read_only = true;
	l->signer_forgot = false;
}

static enum rc behind(struct ledger *l, struct err *e, const char *whom, uint64_t theirs)
{
	ledger_lacks(l);
	return err_set(e, RC_READ_ONLY, whom, "the store has %" PRIu64 " log entries, but %s knows %" PRIu64,
	               l->head.frontier.size, whom, theirs);
}

/* Its memory is older than its signatures: what else it knew since is missing as well. */
static enum rc forgotten(struct ledger *l, struct err *e, uint64_t published)
{
	l->read_only = l->signer_forgot = true;
	return err_set(e, RC_READ_ONLY, "the signer", "%" PRIu64 " log entries are published, but the signer remembers %" PRIu64, published,
	               l->signed_size);
}

static enum rc forked(struct ledger *l, struct err *e, const char *whom)
{
	ledger_lacks(l);
	return err_set(e, RC_READ_ONLY, whom, "the store's log is another one than %s knows", whom);
}

/* ---- what is already known of this log ---- */

/* Hands each placed leaf of [from, to) to take(). */
static enum rc each_placed(struct ledger *l, uint64_t from, uint64_t to,
                           enum rc (*take)(void *ctx, const struct hash *commitment, struct err *e), void *ctx,
                           struct err *e)
{
	struct hash *some = calloc(PLACED_AT_ONCE, sizeof *some);
	enum rc rc = some ? RC_OK : err_set(e, RC_NO_MEMORY, "log", "memory ran out");
	while (rc == RC_OK && from < to) {
		size_t n = 0, want = to - from < PLACED_AT_ONCE ? (size_t)(to - from) : PLACED_AT_ONCE;
		rc = l->o.store.placed(l->o.store.ctx, l->head.epoch, from, some, want, &n);
		if (rc != RC_OK)
			err_set(e, rc, "log", "the placed leaves cannot be read");
		else if (n == 0 || n > want)
			rc = err_set(e, RC_CORRUPT, "log", "the leaf at place %" PRIu64 " is missing from the store", from);
		for (size_t i = 0; i < n && rc == RC_OK; i++)
			rc = take(ctx, &some[i], e);
		from += n;
	}
	free(some);
	return rc;
}

static enum rc take_for_tiles(void *ctx, const struct hash *commitment, struct err *e)
{
	return tile_writer_append(ctx, BYTES_ARRAY(commitment->b), e);
}

static enum rc take_for_root(void *ctx, const struct hash *commitment, struct err *e)
{
	(void)e;
	struct hash leaf;
	merkle_leaf(BYTES_ARRAY(commitment->b), &leaf);
	merkle_frontier_append(ctx, &leaf);
	return RC_OK;
}

static enum rc add_placed(struct ledger *l, uint64_t to, struct err *e)
{
	return each_placed(l, tile_writer_size(l->tiles), to, take_for_tiles, l->tiles, e);
}

/* The note of the folder, if there is one of this epoch; RC_NOT_FOUND otherwise. */
static enum rc folder_checkpoint(struct ledger *l, struct buf *note, struct checkpoint *ret, struct err *e)
{
	enum rc rc = ledger_read_checkpoint(l->dir, note, ret);
	if (rc == RC_OK && strcmp(ret->origin, l->origin) != 0)
		return RC_NOT_FOUND;
	if (rc == RC_FORMAT)
		return err_set(e, RC_CORRUPT, "checkpoint", "the published checkpoint cannot be read");
	return rc;
}

/* The newest published tree of this epoch, from the folder and the store, its note in l->note. Size 0 if none. */
static enum rc newest_published(struct ledger *l, struct checkpoint *ret, struct err *e)
{
	struct checkpoint c;
	struct buf note = BUF_INIT(NOTE_MAX);
	l->folder = (struct checkpoint){.size = 0};
	merkle_empty(&l->folder.root);
	buf_reset(&l->note);
	enum rc rc = folder_checkpoint(l, &l->note, &c, e);
	if (rc == RC_OK)
		l->folder = c;
	*ret = l->folder;
	if (rc == RC_OK || rc == RC_NOT_FOUND)
		rc = l->o.store.newest_note(l->o.store.ctx, l->head.epoch, &note);
	if (rc == RC_OK && (checkpoint_open(buf_bytes(&note), NULL, &c) != RC_OK || strcmp(c.origin, l->origin) != 0))
		rc = err_set(e, RC_CORRUPT, "checkpoint", "the kept checkpoint cannot be read");
	if (rc == RC_OK && c.size == ret->size && !hash_equal(&c.root, &ret->root))
		rc = forked(l, e, "the published checkpoint");
	if (rc == RC_OK && c.size > ret->size) {
		*ret = c;
		buf_reset(&l->note);
		buf_append(&l->note, buf_bytes(&note));
		rc = buf_failed(&l->note) ? RC_NO_MEMORY : RC_OK;
	}
	buf_release(&note);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* Adds the leaves that were published since, and makes sure that they give that tree. */
static enum rc bring_tiles(struct ledger *l, const struct checkpoint *published, struct err *e)
{
	struct hash root;
	enum rc rc = add_placed(l, published->size, e);
	if (rc != RC_OK)
		return rc;
	tile_writer_root(l->tiles, &root);
	return hash_equal(&root, &published->root) ? tile_writer_flush(l->tiles, e) : forked(l, e, "the published checkpoint");
}

/*
 * Takes up the folder's tiles and brings them to the published tree, or makes them
 * again from the placed leaves when the folder does not hold them whole. Nothing
 * is written over before the leaves are known to give what was published.
 */
static enum rc take_up_tiles(struct ledger *l, const struct checkpoint *published, struct err *e)
{
	struct merkle_frontier leaves;
	struct hash root;
	enum rc rc = tile_writer_open(l->dir, l->folder.size, &l->folder.root, &l->tiles, e);
	if (rc == RC_OK)
		return bring_tiles(l, published, e);
	/* A tile that the disk does not give back is as good as lost. */
	if (rc != RC_NOT_FOUND && rc != RC_CORRUPT && rc != RC_IO)
		return rc;
	merkle_frontier_init(&leaves);
	rc = each_placed(l, 0, published->size, take_for_root, &leaves, e);
	if (rc != RC_OK)
		return rc;
	merkle_frontier_root(&leaves, &root);
	if (!hash_equal(&root, &published->root))
		return forked(l, e, "the published checkpoint");
	rc = tile_writer_new(l->dir, &l->tiles, e);
	return rc == RC_OK ? bring_tiles(l, published, e) : rc;
}

/* Brings the tiles to the head and makes sure that the head is what its frontier says. */
static enum rc catch_up(struct ledger *l, struct err *e)
{
	struct hash tiles, head;
	enum rc rc = add_placed(l, l->head.frontier.size, e);
	if (rc == RC_OK)
		rc = tile_writer_flush(l->tiles, e);
	if (rc != RC_OK)
		return rc;
	tile_writer_root(l->tiles, &tiles);
	merkle_frontier_root(&l->head.frontier, &head);
	if (hash_equal(&tiles, &head))
		return RC_OK;
	ledger_lacks(l);
	return err_set(e, RC_CORRUPT, "log", "the placed leaves do not give the stored head");
}

/* RC_IO is kept for the log's own files: its caller must not go on after that. */
static enum rc of_signer(enum rc rc)
{
	return rc == RC_IO ? RC_VAULT_DOWN : rc;
}

static enum rc ask_signer(struct ledger *l, struct err *e)
{
	enum rc rc = l->o.signer.last(l->o.signer.ctx, l->origin, &l->signed_size, &l->signed_root);
	if (rc != RC_OK)
		return err_set(e, of_signer(rc), "signer", "the tree that was signed last is not known");
	if (l->signed_size == 0)
		merkle_empty(&l->signed_root);
	return RC_OK;
}

static enum rc compare_sizes(struct ledger *l, const struct checkpoint *published, struct err *e)
{
	if (published->size > l->head.frontier.size)
		return behind(l, e, "the published checkpoint", published->size);
	return l->signed_size > l->head.frontier.size ? behind(l, e, "the signer", l->signed_size) : RC_OK;
}

/* What the signer signed last must be a prefix of this log, whose tiles reach to `size`. */
static enum rc check_signed_root(struct ledger *l, uint64_t size, struct err *e)
{
	struct hash root;
	struct tile_reader tiles = tile_folder_reader(l->dir);
	/* From those tiles: those of the smaller tree went with a lost folder. */
	enum rc rc = tile_prefix_root(&tiles, size, l->signed_size, &root);
	if (rc != RC_OK)
		return err_set(e, rc, "tiles", "the tree that was signed last cannot be read");
	return hash_equal(&root, &l->signed_root) ? RC_OK : forked(l, e, "the signer");
}

static enum rc what_is_published(struct ledger *l, struct checkpoint *ret, struct err *e)
{
	enum rc rc = ledger_origin(l->name, l->head.epoch, l->origin);
	if (rc == RC_OK)
		rc = ledger_close_older(l, e);
	if (rc == RC_OK)
		rc = newest_published(l, ret, e);
	if (rc == RC_OK)
		l->published_size = ret->size;
	return rc;
}

/* Everyone who knows this log is asked before anything is written. */
static enum rc ask_all(struct ledger *l, struct checkpoint *ret_published, struct err *e)
{
	ledger_forget(l); /* what a follower had */
	enum rc rc = l->o.store.acquire(l->o.store.ctx, &l->head);
	if (rc != RC_OK)
		return err_set(e, rc, "log", rc == RC_CONFLICT ? "another sequencer has the head" : "the head cannot be read");
	rc = what_is_published(l, ret_published, e);
	if (rc == RC_OK)
		rc = ask_signer(l, e);
	return rc == RC_OK ? compare_sizes(l, ret_published, e) : rc;
}

static enum rc take_up(struct ledger *l, const struct checkpoint *published, struct err *e)
{
	enum rc rc = take_up_tiles(l, published, e);
	if (rc == RC_OK)
		rc = catch_up(l, e);
	if (rc == RC_OK)
		rc = check_signed_root(l, l->head.frontier.size, e);
	l->begun = rc == RC_OK;
	return rc;
}

static enum rc begin(struct ledger *l, struct err *e)
{
	struct checkpoint published;
	enum rc rc = ask_all(l, &published, e);
	if (rc == RC_OK && l->signed_size < published.size)
		rc = forgotten(l, e, published.size);
	return rc == RC_OK ? take_up(l, &published, e) : rc;
}

/* ---- the parts of a step ---- */

static enum rc place(struct ledger *l, struct ledger_report *report, struct err *e)
{
	size_t n = 0;
	enum rc rc = l->o.store.pending(l->o.store.ctx, l->leaves, l->o.batch, &n);
	if (rc != RC_OK)
		return err_set(e, rc, "log", "pending leaves cannot be read");
	if (n == 0)
		return RC_OK;
	struct ledger_head next = l->head;
	for (size_t i = 0; i < n; i++) {
		struct hash leaf;
		merkle_leaf(BYTES_ARRAY(l->leaves[i].commitment.b), &leaf);
		merkle_frontier_append(&next.frontier, &leaf);
	}
	rc = l->o.store.assign(l->o.store.ctx, &l->head, &next, l->leaves, n);
	if (rc != RC_OK)
		return err_set(e, rc, "log", "the leaves got no places");
	l->head = next;
	report->placed = n;
	report->more = n == l->o.batch;
	rc = ledger_passed(l, LEDGER_ASSIGNED, e);
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		rc = tile_writer_append(l->tiles, BYTES_ARRAY(l->leaves[i].commitment.b), e);
	if (rc == RC_OK)
		rc = tile_writer_flush(l->tiles, e);
	return rc == RC_OK ? ledger_passed(l, LEDGER_TILES, e) : rc;
}

enum rc ledger_sign(struct ledger *l, struct checkpoint *c, uint64_t old_size, const struct merkle_proof *proof,
                    const struct ledger_link *link, struct buf *note, struct err *e)
{
	buf_reset(note);
	checkpoint_format(c, note);
	buf_str(note, "\n");
	enum rc rc = l->o.signer.sign(l->o.signer.ctx, c, old_size, proof, link, note);
	if (rc != RC_OK)
		return err_set(e, of_signer(rc), "signer", "the checkpoint was not signed");
	if (checkpoint_open(buf_bytes(note), NULL, c) != RC_OK)
		return err_set(e, RC_FORMAT, "signer", "the signer's lines do not make a note");
	return RC_OK;
}

static enum rc sign(struct ledger *l, struct err *e)
{
	struct checkpoint c = {.size = l->head.frontier.size};
	struct merkle_proof proof;
	struct ledger_link link;
	struct buf closed = BUF_INIT(NOTE_MAX);
	struct tile_reader tiles = tile_folder_reader(l->dir);
	bool first = l->signed_size == 0 && l->head.epoch > 1;
	snprintf(c.origin, sizeof c.origin, "%s", l->origin);
	tile_writer_root(l->tiles, &c.root);
	enum rc rc = tile_prove_consistency(&tiles, l->signed_size, c.size, &proof);
	if (rc != RC_OK)
		return err_set(e, rc, "tiles", "no consistency proof can be drawn");
	rc = merkle_verify_consistency(l->signed_size, &l->signed_root, c.size, &c.root, &proof);
	if (rc != RC_OK)
		return err_set(e, rc, "tiles", "the tiles do not lead from the tree signed last to the head");
	if (first)
		rc = ledger_make_link(l, &closed, &link, e);
	if (rc == RC_OK)
		rc = ledger_sign(l, &c, l->signed_size, &proof, first ? &link : NULL, &l->note, e);
	buf_release(&closed);
	if (rc != RC_OK)
		return rc;
	l->signed_size = c.size;
	l->signed_root = c.root;
	return ledger_passed(l, LEDGER_SIGNED, e);
}

static enum rc publish(struct ledger *l, struct err *e)
{
	char path[PATH_MAX];
	struct bytes note = buf_bytes(&l->note);
	enum rc rc = l->o.store.published(l->o.store.ctx, l->head.epoch, l->signed_size, note);
	if (rc != RC_OK)
		return err_set(e, rc, "log", "the checkpoint was not kept");
	rc = ledger_passed(l, LEDGER_KEPT, e);
	if (rc == RC_OK)
		rc = path_join(path, sizeof path, l->dir, "checkpoint");
	if (rc == RC_OK)
		rc = file_write_durable(path, note, 0644, e);
	if (rc != RC_OK)
		return rc;
	l->published_size = l->folder.size = l->signed_size;
	l->folder.root = l->signed_root;
	return ledger_passed(l, LEDGER_PUBLISHED, e);
}

static enum rc sign_and_publish(struct ledger *l, struct err *e)
{
	enum rc rc = sign(l, e);
	return rc == RC_OK ? publish(l, e) : rc;
}

/* ---- following ---- */

/* The tiles first, the note last: whoever reads the note finds its tree. */
static enum rc publish_kept(struct ledger *l, const struct checkpoint *kept, struct err *e)
{
	char path[PATH_MAX];
	enum rc rc = l->tiles ? bring_tiles(l, kept, e) : take_up_tiles(l, kept, e);
	if (rc != RC_OK || kept->size == l->folder.size)
		return rc;
	rc = l->o.signer.knows(l->o.signer.ctx, l->origin, buf_bytes(&l->note));
	if (rc != RC_OK)
		return err_set(e, of_signer(rc), "checkpoint", "the kept checkpoint is not known to be the signer's");
	rc = path_join(path, sizeof path, l->dir, "checkpoint");
	if (rc == RC_OK)
		rc = file_write_durable(path, buf_bytes(&l->note), 0644, e);
	if (rc == RC_OK)
		l->folder = *kept;
	return rc;
}

static enum rc follow(struct ledger *l, struct err *e)
{
	struct checkpoint kept;
	uint32_t epoch = l->head.epoch;
	enum rc rc = l->o.store.head(l->o.store.ctx, &l->head);
	if (rc != RC_OK) /* nothing was registered yet, or the store is away */
		return rc == RC_NOT_FOUND ? RC_OK : err_set(e, rc, "log", "the head cannot be read");
	if (l->begun || l->head.epoch != epoch)
		ledger_forget(l);
	const bool first = !l->tiles;
	rc = what_is_published(l, &kept, e);
	if (rc == RC_OK && first)
		rc = ask_signer(l, e);
	/* Whoever sequences goes on meanwhile: the head is read again, after what must not be ahead of it. */
	if (rc == RC_OK)
		rc = l->o.store.head(l->o.store.ctx, &l->head);
	if (rc == RC_OK && l->head.epoch != ledger_epoch_of(l->origin))
		rc = err_set(e, RC_BUSY, "log", "an epoch was opened just now");
	if (rc == RC_OK)
		rc = compare_sizes(l, &kept, e);
	if (rc == RC_OK && first && l->signed_size < kept.size)
		rc = forgotten(l, e, kept.size);
	if (rc == RC_OK && (first || kept.size != l->folder.size))
		rc = publish_kept(l, &kept, e);
	if (rc == RC_OK && first && l->signed_size <= kept.size)
		rc = check_signed_root(l, kept.size, e);
	return rc;
}

/* After an error nothing in memory is believed: the next step begins from what is stored. */
void ledger_forget(struct ledger *l)
{
	tile_writer_free(&l->tiles);
	l->begun = false;
}

static enum rc settle(struct ledger *l, enum rc rc, const struct err *detail, struct err *e)
{
	if (rc == RC_OK)
		l->read_only = l->signer_forgot = false;
	else
		ledger_forget(l);
	if (rc != RC_OK && e)
		*e = detail->code == rc ? *detail : (struct err){.code = rc, .where = "log"};
	return rc;
}

enum rc ledger_compare(struct ledger *l, struct err *e)
{
	struct err detail = ERR_NONE;
	enum rc rc = l->begun ? RC_OK : begin(l, &detail);
	return settle(l, rc, &detail, e);
}

static enum rc step(struct ledger *l, struct ledger_report *report, struct err *e)
{
	enum rc rc = l->begun ? RC_OK : begin(l, e);
	if (rc == RC_OK)
		rc = place(l, report, e);
	if (rc != RC_OK || l->folder.size == l->head.frontier.size)
		return rc;
	rc = sign_and_publish(l, e);
	report->published = rc == RC_OK;
	return rc;
}

enum rc ledger_step(struct ledger *l, struct ledger_report *ret, struct err *e)
{
	struct ledger_report report = {0};
	struct err detail = ERR_NONE;
	enum rc rc = step(l, &report, &detail);
	report.size = l->published_size;
	if (ret)
		*ret = report;
	return settle(l, rc, &detail, e);
}

enum rc ledger_sign_rest(struct ledger *l, struct err *e)
{
	struct checkpoint published;
	enum rc rc = ask_all(l, &published, e);
	if (rc == RC_OK)
		rc = take_up(l, &published, e);
	if (rc == RC_OK && published.size < l->head.frontier.size)
		rc = sign_and_publish(l, e);
	ledger_forget(l);
	return rc;
}

enum rc ledger_follow(struct ledger *l, struct ledger_report *ret, struct err *e)
{
	struct err detail = ERR_NONE;
	enum rc rc = follow(l, &detail);
	if (ret)
		*ret = (struct ledger_report){.size = l->published_size};
	return settle(l, rc, &detail, e);
}
