/* SPDX-License-Identifier: MPL-2.0 */
/* Origins and their folders; closing one origin and opening the next. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "ledger/internal.h"
#include "ledger/proof.h"

enum rc ledger_origin(const char *name, uint32_t epoch, char out[static NOTE_NAME_SIZE])
{
	int n = snprintf(out, NOTE_NAME_SIZE, "%s/%" PRIu32, name, epoch);
	return n < 0 || n >= NOTE_NAME_SIZE ? RC_TOO_LARGE : RC_OK;
}

uint32_t ledger_epoch_of(const char *origin)
{
	uint64_t epoch = 0;
	const char *slash = strrchr(origin, '/');
	if (!slash || u64_parse(bytes_str(slash + 1), UINT32_MAX, &epoch) != RC_OK)
		return 0;
	return (uint32_t)epoch;
}

bool ledger_same_log(const char *a, const char *b)
{
	const char *slash = strrchr(a, '/');
	size_t n = slash ? (size_t)(slash - a) + 1 : 0;
	return ledger_epoch_of(a) && ledger_epoch_of(b) && strncmp(a, b, n) == 0 && strrchr(b, '/') == b + n - 1;
}

static enum rc epoch_path(const char *dir, uint32_t epoch, const char *name, char *out, size_t size)
{
	int n = snprintf(out, size, "%s/closed/%" PRIu32 "%s%s", dir, epoch, *name ? "/" : "", name);
	return n < 0 || (size_t)n >= size ? RC_TOO_LARGE : RC_OK;
}

enum rc ledger_read_checkpoint(const char *dir, struct buf *note, struct checkpoint *ret)
{
	char path[PATH_MAX];
	enum rc rc = path_join(path, sizeof path, dir, "checkpoint");
	if (rc == RC_OK)
		rc = file_read(path, note, NULL);
	if (rc != RC_OK)
		return rc == RC_TOO_LARGE ? RC_FORMAT : rc;
	return checkpoint_open(buf_bytes(note), NULL, ret);
}

enum rc ledger_folder(const char *dir, uint32_t epoch, char *out, size_t size)
{
	char path[PATH_MAX];
	enum rc rc = epoch_path(dir, epoch, "checkpoint", path, sizeof path);
	if (rc == RC_OK && access(path, F_OK) == 0)
		return epoch_path(dir, epoch, "", out, size);
	int n = snprintf(out, size, "%s", dir);
	return rc != RC_OK || n < 0 || (size_t)n >= size ? RC_TOO_LARGE : RC_OK;
}

enum rc ledger_prove(const char *dir, uint32_t epoch, uint64_t index, struct buf *out)
{
	char folder[PATH_MAX];
	struct checkpoint c;
	struct buf note = BUF_INIT(NOTE_MAX);
	enum rc rc = ledger_folder(dir, epoch, folder, sizeof folder);
	if (rc == RC_OK)
		rc = ledger_read_checkpoint(folder, &note, &c);
	if (rc == RC_OK && ledger_epoch_of(c.origin) != epoch)
		rc = RC_NOT_FOUND;
	struct tile_reader tiles = tile_folder_reader(folder);
	if (rc == RC_OK)
		rc = tlog_proof_make(&tiles, buf_bytes(&note), index, out);
	buf_release(&note);
	return rc;
}

/* ---- closing ---- */

/* Both folders are durable before anything that comes after it. */
static enum rc move(const char *from, const char *to, struct err *e)
{
	if (rename(from, to) != 0 && errno != ENOENT)
		return err_set(e, RC_IO, from, "rename failed: %s", strerror(errno));
	enum rc rc = dir_sync_of(to, e);
	return rc == RC_OK ? dir_sync_of(from, e) : rc;
}

/* The new folder's own names: closed/ in DIR, <epoch>/ in closed/. */
static enum rc make_closed(const char *dir, const char *folder, struct err *e)
{
	enum rc rc = dir_make(folder, 0755, e);
	if (rc == RC_OK)
		rc = dir_sync_of(folder, e);
	return rc == RC_OK ? dir_sync(dir, e) : rc;
}

/* Tiles first, the checkpoint last: while it stands in DIR, the move is not done, and is done again. */
static enum rc move_files(struct ledger *l, uint32_t epoch, struct err *e)
{
	char folder[PATH_MAX], from[PATH_MAX], to[PATH_MAX];
	enum rc rc = epoch_path(l->dir, epoch, "", folder, sizeof folder);
	if (rc == RC_OK)
		rc = make_closed(l->dir, folder, e);
	if (rc == RC_OK)
		rc = path_join(from, sizeof from, l->dir, "tile");
	if (rc == RC_OK)
		rc = path_join(to, sizeof to, folder, "tile");
	if (rc == RC_OK)
		rc = move(from, to, e);
	if (rc == RC_OK)
		rc = ledger_passed(l, LEDGER_EPOCH_HALF_MOVED, e);
	if (rc == RC_OK)
		rc = path_join(from, sizeof from, l->dir, "checkpoint");
	if (rc == RC_OK)
		rc = path_join(to, sizeof to, folder, "checkpoint");
	return rc == RC_OK ? move(from, to, e) : rc;
}

enum rc ledger_close_older(struct ledger *l, struct err *e)
{
	struct checkpoint c;
	struct buf note = BUF_INIT(NOTE_MAX);
	enum rc rc = ledger_read_checkpoint(l->dir, &note, &c);
	buf_release(&note);
	if (rc == RC_NOT_FOUND)
		return RC_OK;
	if (rc != RC_OK)
		return err_set(e, rc == RC_FORMAT ? RC_CORRUPT : rc, "checkpoint", "the published checkpoint cannot be read");
	uint32_t epoch = ledger_epoch_of(c.origin);
	if (epoch > l->head.epoch) {
		ledger_lacks(l);
		return err_set(e, RC_READ_ONLY, "checkpoint", "the published checkpoint is of a later epoch than the store's");
	}
	return epoch == l->head.epoch ? RC_OK : move_files(l, epoch, e);
}

/* ---- opening ---- */

/* The newest tree known of this log, and its note. */
struct newest {
	uint32_t epoch;
	struct checkpoint c; /* size 0: none known yet */
	struct buf *note;
};

static void take_if_newer(struct newest *n, const struct checkpoint *c, struct bytes note)
{
	uint32_t epoch = ledger_epoch_of(c->origin);
	if (epoch < n->epoch || (epoch == n->epoch && c->size <= n->c.size))
		return;
	n->epoch = epoch;
	n->c = *c;
	buf_reset(n->note);
	buf_append(n->note, note);
}

static enum rc from_folder_and_store(struct ledger *l, struct newest *n, struct err *e)
{
	struct checkpoint c;
	struct buf note = BUF_INIT(NOTE_MAX);
	enum rc rc = ledger_read_checkpoint(l->dir, &note, &c);
	if (rc == RC_OK)
		take_if_newer(n, &c, buf_bytes(&note));
	buf_reset(&note);
	if (rc == RC_OK || rc == RC_NOT_FOUND)
		rc = l->o.store.newest_note(l->o.store.ctx, l->head.epoch, &note);
	if (rc == RC_OK)
		rc = checkpoint_open(buf_bytes(&note), NULL, &c);
	if (rc == RC_OK)
		take_if_newer(n, &c, buf_bytes(&note));
	buf_release(&note);
	return rc == RC_OK || rc == RC_NOT_FOUND ? RC_OK : err_set(e, rc, "log", "the kept checkpoint cannot be read");
}

/* The signer signs its last tree again. A later epoch than the store's may have been signed too. */
static enum rc from_signer(struct ledger *l, struct newest *n, struct err *e)
{
	static const struct merkle_proof none = {.count = 0};
	for (uint32_t epoch = n->epoch;; epoch++) {
		struct checkpoint c = {.size = 0};
		enum rc rc = ledger_origin(l->name, epoch, c.origin);
		if (rc == RC_OK)
			rc = l->o.signer.last(l->o.signer.ctx, c.origin, &c.size, &c.root);
		if (rc != RC_OK)
			return err_set(e, rc, "signer", "the tree that was signed last is not known");
		if (c.size == 0 && epoch > n->epoch)
			return RC_OK;
		bool newer = c.size > 0 && (epoch > n->epoch || c.size > n->c.size ||
		                            (c.size == n->c.size && !hash_equal(&c.root, &n->c.root)));
		if (newer)
			rc = ledger_sign(l, &c, c.size, &none, NULL, n->note, e);
		if (rc != RC_OK)
			return rc;
		if (newer)
			*n = (struct newest){.epoch = epoch, .c = c, .note = n->note};
	}
}

static enum rc known_path(const struct ledger *l, uint32_t epoch, char out[static PATH_MAX], struct err *e)
{
	enum rc rc = epoch_path(l->dir, epoch, "known", out, PATH_MAX);
	return rc == RC_OK ? RC_OK : err_set(e, rc, l->dir, "the path is too long");
}

/* What the new epoch commits to is durable, in the folder and the store, before the store opens that epoch. */
static enum rc keep_known(struct ledger *l, const struct newest *n, struct err *e)
{
	char folder[PATH_MAX], path[PATH_MAX];
	enum rc rc = epoch_path(l->dir, n->epoch, "", folder, sizeof folder);
	if (rc == RC_OK)
		rc = make_closed(l->dir, folder, e);
	if (rc == RC_OK)
		rc = known_path(l, n->epoch, path, e);
	if (rc == RC_OK)
		rc = file_write_durable(path, buf_bytes(n->note), 0644, e);
	if (rc == RC_OK)
		rc = l->o.store.published(l->o.store.ctx, n->epoch, n->c.size, buf_bytes(n->note));
	return rc == RC_OK ? ledger_passed(l, LEDGER_EPOCH_KNOWN, e) : rc;
}

/* If the file went with a lost folder, the store has the note too. */
static enum rc read_known(struct ledger *l, uint32_t epoch, const struct hash *commitment, struct buf *note, struct err *e)
{
	char path[PATH_MAX];
	struct hash found;
	enum rc rc = known_path(l, epoch, path, e);
	if (rc == RC_OK)
		rc = file_read(path, note, e);
	if (rc == RC_NOT_FOUND)
		rc = l->o.store.newest_note(l->o.store.ctx, epoch, note);
	sha256(buf_bytes(note), found.b);
	if (rc == RC_OK && !hash_equal(&found, commitment))
		rc = RC_CORRUPT;
	return rc == RC_OK ? RC_OK : err_set(e, rc, path, "the note that entry 0 commits to cannot be read");
}

enum rc ledger_make_link(struct ledger *l, struct buf *note, struct ledger_link *ret, struct err *e)
{
	struct hash commitment;
	size_t n = 0;
	struct tile_reader tiles = tile_folder_reader(l->dir);
	enum rc rc = l->o.store.placed(l->o.store.ctx, l->head.epoch, 0, &commitment, 1, &n);
	if (rc != RC_OK || n != 1)
		return err_set(e, rc == RC_OK ? RC_CORRUPT : rc, "log", "entry 0 cannot be read");
	rc = read_known(l, l->head.epoch - 1, &commitment, note, e);
	if (rc == RC_OK)
		rc = tile_prove_inclusion(&tiles, l->head.frontier.size, 0, &ret->proof);
	ret->note = buf_bytes(note);
	return rc == RC_OK ? RC_OK : err_set(e, rc, "tiles", "entry 0 cannot be proven");
}

enum rc ledger_open_epoch(struct ledger *l, struct err *e)
{
	struct ledger_head first = {.fence = 1};
	struct ledger_leaf leaf = {.act_id = {{0}}};
	struct hash hash;
	struct buf note = BUF_INIT(NOTE_MAX);
	struct newest newest = {.note = &note};
	ledger_forget(l);
	enum rc rc = l->o.store.acquire(l->o.store.ctx, &l->head);
	newest.epoch = l->head.epoch;
	if (rc == RC_OK)
		rc = from_folder_and_store(l, &newest, e);
	if (rc == RC_OK)
		rc = from_signer(l, &newest, e);
	if (rc == RC_OK && buf_failed(&note))
		rc = err_set(e, RC_NO_MEMORY, "log", "memory ran out");
	if (rc == RC_OK && newest.c.size == 0)
		rc = err_set(e, RC_STATE, "log", "there is no checkpoint that a new epoch could commit to");
	if (rc == RC_OK)
		rc = keep_known(l, &newest, e);
	if (rc != RC_OK)
		goto out;
	sha256(buf_bytes(&note), leaf.commitment.b);
	merkle_leaf(BYTES_ARRAY(leaf.commitment.b), &hash);
	first.epoch = newest.epoch + 1;
	merkle_frontier_append(&first.frontier, &hash);
	rc = l->o.store.open_epoch(l->o.store.ctx, &first, &leaf);
	if (rc == RC_OK)
		rc = ledger_passed(l, LEDGER_EPOCH_STORED, e);
	l->head = first;
	if (rc == RC_OK)
		rc = ledger_close_older(l, e);
	if (rc == RC_OK)
		l->read_only = l->signer_forgot = false;
out:
	buf_release(&note);
	return rc;
}
