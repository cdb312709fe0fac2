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
		l->read_only = true;
		return err_set(e, RC_READ_ONLY, "checkpoint", "the published checkpoint is of a later epoch than the store's");
	}
	return epoch == l->head.epoch ? RC_OK : move_files(l, epoch, e);
}

/*
 * What the new epoch commits to: the newest note of the newest epoch that the
 * folder or the store knows; if none was ever published, the text of the tree
 * that the signer signed last.
 */
static enum rc note_to_close(struct ledger *l, uint32_t *epoch, struct buf *note, struct err *e)
{
	struct checkpoint folder = {.size = 0}, stored = {.size = 0};
	struct buf other = BUF_INIT(NOTE_MAX);
	enum rc rc = ledger_read_checkpoint(l->dir, note, &folder);
	bool in_folder = rc == RC_OK && ledger_epoch_of(folder.origin) >= *epoch;
	bool same_epoch = !in_folder || ledger_epoch_of(folder.origin) == *epoch;
	if (!in_folder)
		buf_reset(note);
	rc = l->o.store.newest_note(l->o.store.ctx, *epoch, &other);
	if (rc == RC_OK)
		rc = checkpoint_open(buf_bytes(&other), NULL, &stored);
	if (rc == RC_OK && same_epoch && (!in_folder || stored.size > folder.size)) {
		buf_reset(note);
		buf_append(note, buf_bytes(&other));
	}
	buf_release(&other);
	if (in_folder)
		*epoch = ledger_epoch_of(folder.origin);
	if (rc == RC_OK || rc == RC_NOT_FOUND)
		return RC_OK;
	return err_set(e, rc, "log", "the kept checkpoint cannot be read");
}

static enum rc signed_text(struct ledger *l, uint32_t epoch, struct buf *note, struct err *e)
{
	struct checkpoint c = {.size = 0};
	enum rc rc = ledger_origin(l->name, epoch, c.origin);
	if (rc == RC_OK)
		rc = l->o.signer.last(l->o.signer.ctx, c.origin, &c.size, &c.root);
	if (rc != RC_OK)
		return err_set(e, rc, "signer", "the tree that was signed last is not known");
	if (c.size == 0)
		return err_set(e, RC_STATE, "log", "there is no checkpoint that a new epoch could commit to");
	checkpoint_format(&c, note);
	return RC_OK;
}

enum rc ledger_open_epoch(struct ledger *l, struct err *e)
{
	struct ledger_head head, first = {.fence = 1};
	struct ledger_leaf leaf = {.act_id = {{0}}};
	struct hash hash;
	struct buf note = BUF_INIT(NOTE_MAX);
	ledger_forget(l);
	enum rc rc = l->o.store.acquire(l->o.store.ctx, &head);
	if (rc == RC_OK)
		rc = note_to_close(l, &head.epoch, &note, e);
	if (rc == RC_OK && note.len == 0)
		rc = signed_text(l, head.epoch, &note, e);
	if (rc == RC_OK && buf_failed(&note))
		rc = err_set(e, RC_NO_MEMORY, "log", "memory ran out");
	if (rc != RC_OK)
		goto out;
	sha256(buf_bytes(&note), leaf.commitment.b);
	merkle_leaf(BYTES_ARRAY(leaf.commitment.b), &hash);
	first.epoch = head.epoch + 1;
	merkle_frontier_append(&first.frontier, &hash);
	rc = l->o.store.open_epoch(l->o.store.ctx, &first, &leaf);
	if (rc == RC_OK)
		rc = ledger_passed(l, LEDGER_EPOCH_STORED, e);
	l->head = first;
	if (rc == RC_OK)
		rc = ledger_close_older(l, e);
	if (rc == RC_OK)
		l->read_only = false;
out:
	buf_release(&note);
	return rc;
}
