/* SPDX-License-Identifier: MPL-2.0 */
/* The log's rows: head, leaves, checkpoints. */
#include "store/internal.h"

/* ---------------------------------------------------------------- heads */

static enum rc newest_epoch(struct db *db, enum sql_id which, uint32_t *ret, struct err *e)
{
	uint32_t epoch = 0;
	struct query q = query_open(db, which);
	query_text(&q, STORE_ACT_LOG);
	if (query_row(&q))
		epoch = (uint32_t)query_col_u64(&q, 0);
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret = epoch;
	return rc;
}

static enum rc read_head(struct db *db, uint32_t epoch, struct store_log_head *ret, struct err *e)
{
	bool found;
	struct store_log_head h = {.epoch = epoch};
	struct query q = query_open(db, SQL_head_get);
	query_text(&q, STORE_ACT_LOG);
	query_int(&q, epoch);
	if (query_row(&q)) {
		h.size = query_col_u64(&q, 0);
		query_col_fixed(&q, 1, h.root, sizeof h.root);
		struct bytes frontier = query_col_view(&q, 2);
		if (frontier.len <= sizeof h.frontier && frontier.len)
			memcpy(h.frontier, frontier.ptr, frontier.len);
		q.damaged |= frontier.len > sizeof h.frontier;
		h.frontier_len = frontier.len;
		h.fence = query_col_u64(&q, 3);
		h.beat = query_col_u64(&q, 4);
		h.holder = query_col_id(&q, 5);
	}
	enum rc rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_NOT_FOUND, "head", "The log has no head yet");
	if (rc == RC_OK)
		*ret = h;
	return rc;
}

static enum rc add_head(struct db *db, const struct store_log_head *h, struct err *e)
{
	struct query q = query_open(db, SQL_head_add);
	query_text(&q, STORE_ACT_LOG);
	query_int(&q, h->epoch);
	query_u64(&q, h->size);
	query_blob(&q, h->root, sizeof h->root);
	query_blob(&q, h->frontier, h->frontier_len);
	query_u64(&q, h->fence);
	return query_do(&q, NULL, e);
}

struct taking {
	const struct store_log_head *empty, *seen;
	struct id holder;
};

static void bind_held(struct query *q, const struct store_log_head *h)
{
	query_text(q, STORE_ACT_LOG);
	query_int(q, h->epoch);
	query_u64(q, h->fence);
}

static enum rc take(struct db *db, const struct store_log_head *seen, struct id holder, int *ret_changes, struct err *e)
{
	struct query q = query_open(db, SQL_head_take);
	bind_held(&q, seen);
	query_u64(&q, seen->beat);
	query_id(&q, holder);
	return query_do(&q, ret_changes, e);
}

static enum rc acquire(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	const struct taking *in = arg;
	struct store_log_head now = {0};
	const struct store_log_head *seen = in->seen ? in->seen : &now;
	int changes = 0;
	enum rc rc = newest_epoch(db, SQL_head_newest, &now.epoch, e);
	if (rc == RC_OK && now.epoch == 0) {
		struct store_log_head first = *in->empty;
		first.epoch = now.epoch = 1;
		first.size = first.fence = 0;
		rc = add_head(db, &first, e);
		seen = &now; /* nobody can have seen it */
	}
	if (rc == RC_OK)
		rc = read_head(db, now.epoch, &now, e);
	if (rc != RC_OK)
		return rc;
	if (seen->epoch == now.epoch)
		rc = take(db, seen, in->holder, &changes, e);
	if (rc == RC_OK)
		rc = read_head(db, now.epoch, ret, e);
	/* It was ours already if the answer to the commit was lost. */
	const struct store_log_head *got = ret;
	bool ours = changes == 1 || (got->fence == seen->fence + 1 && id_equal(got->holder, in->holder));
	return rc == RC_OK && !ours ? err_set(e, RC_CONFLICT, "head", "Another was faster") : rc;
}

enum rc store_log_acquire(struct store *s, const struct store_log_head *empty, const struct store_log_head *seen,
                          struct id holder, struct store_log_head *ret, struct err *e)
{
	struct store_log_head h = {0};
	if (empty->frontier_len > sizeof empty->frontier || id_is_zero(holder))
		return err_set(e, RC_INVALID, "head", "A frontier that fits, and a holder");
	enum rc rc = writer_submit_always(&s->main, acquire, &(struct taking){empty, seen, holder}, &h, e);
	if (rc == RC_OK)
		*ret = h;
	return rc;
}

static enum rc held(struct db *db, enum sql_id which, const struct store_log_head *h, struct err *e)
{
	int changes = 0;
	struct query q = query_open(db, which);
	bind_held(&q, h);
	query_id(&q, h->holder);
	enum rc rc = query_do(&q, &changes, e);
	return rc == RC_OK && changes != 1 ? err_set(e, RC_CONFLICT, "head", "Another sequencer took over") : rc;
}

static enum rc beat(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	return held(db, SQL_head_beat, arg, e);
}

enum rc store_log_beat(struct store *s, const struct store_log_head *h, struct err *e)
{
	return writer_submit_always(&s->main, beat, h, NULL, e);
}

static enum rc leave(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	enum rc rc = held(db, SQL_head_leave, arg, e);
	return rc == RC_CONFLICT ? RC_OK : rc;
}

enum rc store_log_leave(struct store *s, const struct store_log_head *h, struct err *e)
{
	return writer_submit_always(&s->main, leave, h, NULL, e);
}

enum rc store_log_head(struct store_reader *r, uint32_t epoch, struct store_log_head *ret, struct err *e)
{
	enum rc rc = RC_OK;
	if (epoch == 0)
		rc = newest_epoch(&r->main, SQL_head_newest, &epoch, e);
	if (rc == RC_OK)
		rc = read_head(&r->main, epoch, ret, e);
	return rc;
}

/* --------------------------------------------------------------- leaves */

enum rc store_log_pending(struct store_reader *r, struct store_leaf *out, size_t max, size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_leaf_pending);
	query_text(&q, STORE_ACT_LOG);
	query_u64(&q, max);
	while (n < max && query_row(&q)) {
		out[n] = (struct store_leaf){.act_id = query_col_id(&q, 0), .person_id = query_col_id(&q, 1)};
		query_col_fixed(&q, 2, out[n].commitment, sizeof out[n].commitment);
		n++;
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

struct placing {
	const struct store_log_head *old, *next;
	const struct store_leaf *leaves;
	size_t n;
};

static enum rc place(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	const struct placing *in = arg;
	int changes = 0;
	struct query q = query_open(db, SQL_head_move);
	query_text(&q, STORE_ACT_LOG);
	query_int(&q, in->old->epoch);
	query_u64(&q, in->old->size);
	query_u64(&q, in->old->fence);
	query_u64(&q, in->next->size);
	query_blob(&q, in->next->root, sizeof in->next->root);
	query_blob(&q, in->next->frontier, in->next->frontier_len);
	enum rc rc = query_do(&q, &changes, e);
	if (rc == RC_OK && changes != 1)
		rc = err_set(e, RC_CONFLICT, "head", "The head has moved, or another sequencer took over");
	for (size_t i = 0; rc == RC_OK && i < in->n; i++) {
		q = query_open(db, SQL_leaf_place);
		query_text(&q, STORE_ACT_LOG);
		query_id(&q, in->leaves[i].act_id);
		query_int(&q, in->old->epoch);
		query_u64(&q, in->old->size + i);
		query_blob(&q, in->leaves[i].commitment, STORE_HASH);
		rc = query_do(&q, &changes, e);
		if (rc == RC_OK && changes != 1)
			rc = err_set(e, RC_CONFLICT, "head", "A leaf has a place already");
	}
	return rc;
}

enum rc store_log_place(struct store *s, const struct store_log_head *old, const struct store_log_head *next,
                        const struct store_leaf *leaves, size_t n, struct err *e)
{
	if (next->size - old->size != n || next->frontier_len > sizeof next->frontier)
		return err_set(e, RC_CONFLICT, "head", "The new head does not fit the leaves");
	return writer_submit(&s->main, place, &(struct placing){old, next, leaves, n}, NULL, e);
}

enum rc store_log_placed(struct store_reader *r, uint32_t epoch, uint64_t from, struct store_leaf *out, size_t max,
                         size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_leaf_placed);
	query_text(&q, STORE_ACT_LOG);
	query_int(&q, epoch);
	query_u64(&q, from);
	query_u64(&q, max);
	while (n < max && query_row(&q)) {
		out[n] = (struct store_leaf){.act_id = query_col_id(&q, 0), .person_id = query_col_id(&q, 1), .epoch = epoch};
		query_col_fixed(&q, 2, out[n].commitment, sizeof out[n].commitment);
		out[n].place = query_col_u64(&q, 3);
		if (out[n].place != from + n)
			q.damaged = true;
		n++;
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

enum rc store_log_leaf(struct store_reader *r, struct id act_id, struct store_leaf *ret, struct err *e)
{
	bool found;
	struct store_leaf leaf = {.act_id = act_id};
	struct query q = query_open(&r->main, SQL_leaf_get);
	query_text(&q, STORE_ACT_LOG);
	query_id(&q, act_id);
	if (query_row(&q)) {
		leaf.person_id = query_col_id(&q, 0);
		query_col_fixed(&q, 1, leaf.commitment, sizeof leaf.commitment);
		leaf.epoch = (uint32_t)query_col_u64(&q, 2);
		leaf.place = query_col_u64(&q, 3);
	}
	enum rc rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_NOT_FOUND, "leaf", "No such leaf");
	if (rc == RC_OK)
		*ret = leaf;
	return rc;
}

/* --------------------------------------------------------------- epochs */

struct opening {
	const struct store_log_head *first;
	const uint8_t *commitment;
};

static enum rc open_epoch(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	const struct opening *in = arg;
	uint32_t newest = 0;
	struct store_log_head there = {0};
	enum rc rc = setting_put(db, "read_only", "0", e);
	if (rc == RC_OK)
		rc = newest_epoch(db, SQL_head_newest, &newest, e);
	if (rc == RC_OK && newest == in->first->epoch)
		rc = read_head(db, newest, &there, e);
	/* Run again after a commit of which nobody knew. */
	if (rc == RC_OK && there.size == 1 && memcmp(there.root, in->first->root, sizeof there.root) == 0)
		return RC_OK;
	if (rc == RC_OK && in->first->epoch != newest + 1)
		rc = err_set(e, RC_CONFLICT, "head", "That epoch is not the next");
	if (rc == RC_OK)
		rc = add_head(db, in->first, e);
	if (rc != RC_OK)
		return rc;
	/* No act stands behind this leaf: its id is the epoch's number, so that each epoch can have one. */
	struct id name = {0};
	for (int i = 0; i < 4; i++)
		name.b[15 - i] = (uint8_t)(in->first->epoch >> (8 * i));
	struct query q = query_open(db, SQL_leaf_first);
	query_text(&q, STORE_ACT_LOG);
	query_id(&q, name);
	query_id(&q, (struct id){0});
	query_blob(&q, in->commitment, STORE_HASH);
	query_int(&q, in->first->epoch);
	return query_do(&q, NULL, e);
}

enum rc store_log_open_epoch(struct store *s, const struct store_log_head *first,
                             const uint8_t commitment[static STORE_HASH], struct err *e)
{
	if (first->size != 1 || first->frontier_len > sizeof first->frontier)
		return err_set(e, RC_INVALID, "head", "An epoch begins with one leaf");
	enum rc rc = writer_submit_always(&s->main, open_epoch, &(struct opening){first, commitment}, NULL, e);
	if (rc == RC_OK)
		atomic_store(&s->read_only, false);
	return rc;
}

/* ---------------------------------------------------------- checkpoints */

struct noting {
	uint32_t epoch;
	uint64_t size;
	struct bytes note;
	int64_t at;
};

static enum rc put_checkpoint(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	const struct noting *in = arg;
	struct query q = query_open(db, SQL_checkpoint_add);
	query_text(&q, STORE_ACT_LOG);
	query_int(&q, in->epoch);
	query_u64(&q, in->size);
	query_blob(&q, in->note.ptr, in->note.len);
	query_int(&q, in->at);
	return query_do(&q, NULL, e);
}

enum rc store_checkpoint_put(struct store *s, uint32_t epoch, uint64_t size, struct bytes note, int64_t at,
                             struct err *e)
{
	if (!note.len || note.len > STORE_SEALED_MAX)
		return err_set(e, RC_INVALID, "checkpoint", "A note that fits");
	return writer_submit_always(&s->main, put_checkpoint, &(struct noting){epoch, size, note, at}, NULL, e);
}

enum rc store_checkpoint_last(struct store_reader *r, uint32_t epoch, struct buf *out, uint64_t *ret_size,
                              struct err *e)
{
	bool found;
	uint64_t size = 0;
	enum rc rc = RC_OK;
	if (epoch == 0)
		rc = newest_epoch(&r->main, SQL_checkpoint_newest, &epoch, e);
	if (rc != RC_OK)
		return rc;
	struct query q = query_open(&r->main, SQL_checkpoint_last);
	query_text(&q, STORE_ACT_LOG);
	query_int(&q, epoch);
	if (query_row(&q)) {
		size = query_col_u64(&q, 0);
		buf_append(out, query_col_view(&q, 1));
	}
	rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_NOT_FOUND, "checkpoint", "No checkpoint yet");
	if (rc == RC_OK && buf_failed(out))
		rc = err_set(e, RC_NO_MEMORY, "checkpoint", "No room for the note");
	if (rc == RC_OK && ret_size)
		*ret_size = size;
	return rc;
}
