/* SPDX-License-Identifier: MPL-2.0 */
#include "register/log_glue.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "register/log_keys.h"

enum { PIECE = 1024, LINE_ARENA = 64 * 1024 };

static enum rc head_to_store(const struct ledger_head *in, struct store_log_head *out)
{
	struct buf frontier = BUF_INIT(STORE_FRONTIER_MAX);
	struct hash root;
	memset(out, 0, sizeof *out);
	merkle_frontier_root(&in->frontier, &root);
	merkle_frontier_encode(&in->frontier, &frontier);
	out->epoch = in->epoch;
	out->size = in->frontier.size;
	out->fence = in->fence;
	memcpy(out->root, root.b, sizeof out->root);
	bool failed = buf_failed(&frontier);
	if (!failed) {
		out->frontier_len = frontier.len;
		memcpy(out->frontier, frontier.ptr, frontier.len);
	}
	buf_release(&frontier);
	return failed ? RC_NO_MEMORY : RC_OK;
}

static enum rc head_from_store(const struct store_log_head *in, struct ledger_head *out)
{
	struct ledger_head head = {.epoch = in->epoch, .fence = in->fence};
	enum rc rc = merkle_frontier_decode(bytes_of(in->frontier, in->frontier_len), &head.frontier);
	if (rc != RC_OK || head.frontier.size != in->size)
		return RC_CORRUPT;
	*out = head;
	return RC_OK;
}

static enum rc acquire(void *ctx, struct ledger_head *ret)
{
	struct log_glue *g = ctx;
	struct ledger_head none = {.epoch = 1};
	struct store_log_head empty, head;
	merkle_frontier_init(&none.frontier);
	enum rc rc = head_to_store(&none, &empty);
	if (rc == RC_OK)
		rc = store_log_acquire(g->store, &empty, g->seen, g->holder, &head, &g->said);
	if (rc == RC_OK)
		g->held = head;
	return rc == RC_OK ? head_from_store(&head, ret) : rc;
}

static enum rc head(void *ctx, struct ledger_head *ret)
{
	struct log_glue *g = ctx;
	struct store_log_head now;
	enum rc rc = store_log_head(g->reader, 0, &now, &g->said);
	return rc == RC_OK ? head_from_store(&now, ret) : rc;
}

static void leaf_from_store(const struct store_leaf *in, struct ledger_leaf *out)
{
	*out = (struct ledger_leaf){.act_id = in->act_id, .person_id = in->person_id};
	memcpy(out->commitment.b, in->commitment, sizeof out->commitment.b);
}

static void leaf_to_store(const struct ledger_leaf *in, struct store_leaf *out)
{
	*out = (struct store_leaf){.act_id = in->act_id, .person_id = in->person_id};
	memcpy(out->commitment, in->commitment.b, sizeof out->commitment);
}

static enum rc pending(void *ctx, struct ledger_leaf *out, size_t max, size_t *ret_count)
{
	struct log_glue *g = ctx;
	struct store_leaf *rows = calloc(max ? max : 1, sizeof *rows);
	size_t n = 0;
	enum rc rc = rows ? store_log_pending(g->reader, rows, max, &n, &g->said) : RC_NO_MEMORY;
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		leaf_from_store(&rows[i], &out[i]);
	free(rows);
	if (rc == RC_OK)
		*ret_count = n;
	return rc;
}

static enum rc assign(void *ctx, const struct ledger_head *old, const struct ledger_head *next,
                      const struct ledger_leaf *leaves, size_t count)
{
	struct log_glue *g = ctx;
	struct store_log_head from, to;
	struct store_leaf *rows = calloc(count ? count : 1, sizeof *rows);
	enum rc rc = rows ? head_to_store(old, &from) : RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = head_to_store(next, &to);
	for (size_t i = 0; rc == RC_OK && i < count; i++)
		leaf_to_store(&leaves[i], &rows[i]);
	if (rc == RC_OK)
		rc = store_log_place(g->store, &from, &to, rows, count, &g->said);
	free(rows);
	return rc;
}

static enum rc placed(void *ctx, uint32_t epoch, uint64_t from, struct hash *out, size_t max, size_t *ret_count)
{
	struct log_glue *g = ctx;
	struct store_leaf *rows = calloc(PIECE, sizeof *rows);
	enum rc rc = rows ? RC_OK : RC_NO_MEMORY;
	size_t done = 0, n = PIECE;
	while (rc == RC_OK && n == PIECE && done < max) {
		size_t want = max - done < PIECE ? max - done : PIECE;
		rc = store_log_placed(g->reader, epoch, from + done, rows, want, &n, &g->said);
		for (size_t i = 0; rc == RC_OK && i < n; i++)
			memcpy(out[done + i].b, rows[i].commitment, sizeof out->b);
		done += rc == RC_OK ? n : 0;
	}
	free(rows);
	if (rc == RC_OK)
		*ret_count = done;
	return rc;
}

static enum rc published(void *ctx, uint32_t epoch, uint64_t size, struct bytes note)
{
	struct log_glue *g = ctx;
	return store_checkpoint_put(g->store, epoch, size, note, clock_now_us(), &g->said);
}

static enum rc newest_note(void *ctx, uint32_t epoch, struct buf *out)
{
	struct log_glue *g = ctx;
	uint64_t size;
	return store_checkpoint_last(g->reader, epoch, out, &size, &g->said);
}

static enum rc open_epoch(void *ctx, const struct ledger_head *first, const struct ledger_leaf *leaf)
{
	struct log_glue *g = ctx;
	struct store_log_head head;
	enum rc rc = head_to_store(first, &head);
	return rc == RC_OK ? store_log_open_epoch(g->store, &head, leaf->commitment.b, &g->said) : rc;
}

static struct ledger_store log_glue_store(struct log_glue *g)
{
	return (struct ledger_store){
		.ctx = g, .acquire = acquire, .head = head, .pending = pending, .assign = assign, .placed = placed,
		.published = published, .newest_note = newest_note, .open_epoch = open_epoch,
	};
}

static enum rc last(void *ctx, const char *origin, uint64_t *ret_size, struct hash *ret_root)
{
	struct log_glue *g = ctx;
	return vault_last_checkpoint(g->vault, origin, ret_size, ret_root->b, &g->said);
}

static enum rc sign(void *ctx, const struct checkpoint *c, uint64_t old_size, const struct merkle_proof *proof,
                    const struct ledger_link *link, struct buf *ret_lines)
{
	struct log_glue *g = ctx;
	struct vault_link closed;
	if (link)
		closed = (struct vault_link){link->note, &link->proof.hash[0].b, link->proof.count};
	struct arena *arena = arena_new(LINE_ARENA);
	struct bytes line;
	if (!arena)
		return RC_NO_MEMORY;
	enum rc rc = vault_sign_checkpoint(g->vault, c->origin, c->size, c->root.b, old_size, &proof->hash[0].b, proof->count,
	                                   link ? &closed : NULL, arena, &line, &g->said);
	if (rc == RC_OK)
		buf_append(ret_lines, line);
	arena_free(&arena);
	return rc == RC_OK && buf_failed(ret_lines) ? RC_TOO_LARGE : rc;
}

/* A key may have come that was not there when the keys were asked for. */
static enum rc knows(void *ctx, const char *origin, struct bytes note)
{
	struct log_glue *g = ctx;
	struct trust fresh = {0};
	if (log_keys_signed(&g->trust, note, origin))
		return RC_OK;
	enum rc rc = log_keys_ask(g->vault, &fresh, &g->said);
	if (rc != RC_OK)
		return rc;
	trust_release(&g->trust);
	g->trust = fresh;
	return log_keys_signed(&g->trust, note, origin) ? RC_OK : RC_SIGNATURE;
}

enum rc log_glue_ledger(struct log_glue *g, const char *dir, const char *name, struct ledger **ret, struct err *e)
{
	const struct ledger_options o = {
		.dir = dir, .name = name, .store = log_glue_store(g),
		.signer = {.ctx = g, .last = last, .sign = sign, .knows = knows},
	};
	return ledger_new(&o, ret, e);
}

void log_glue_release(struct log_glue *g)
{
	trust_release(&g->trust);
}
