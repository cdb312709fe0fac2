/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The matcher's feed: index records in one order without gaps. Who alone writes
 * appends. Where several do, each leaves a task, and whoever reads the feed
 * places them: two at once would take the same position, which one of them does.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "store/internal.h"

enum { PLACE_MAX = 64, ARENA_MAX = PLACE_MAX * (STORE_SEALED_MAX + 64) };

static enum rc last_pos(struct db *db, uint64_t *ret, struct err *e)
{
	uint64_t pos = 0;
	struct query q = query_open(db, SQL_feed_last);
	query_text(&q, STORE_FEED_LOG);
	if (query_row(&q))
		pos = query_col_u64(&q, 0);
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret = pos;
	return rc;
}

static enum rc append(struct db *db, const struct store_feed_item *item, struct err *e)
{
	struct query q = query_open(db, SQL_feed_add);
	query_text(&q, STORE_FEED_LOG);
	query_u64(&q, item->pos);
	query_id(&q, item->person_id);
	query_id(&q, item->object_id);
	query_int(&q, item->kind);
	query_u64(&q, item->version);
	query_blob(&q, item->sealed.ptr, item->sealed.len);
	return query_do(&q, NULL, e);
}

/* All but the position, from the second column on. */
static struct store_feed_item read_item(struct query *q, struct arena *a)
{
	return (struct store_feed_item){.person_id = query_col_id(q, 1), .object_id = query_col_id(q, 2),
	                                .kind = (uint32_t)query_col_u64(q, 3), .version = query_col_u64(q, 4),
	                                .sealed = query_col_bytes(q, 5, a)};
}

static enum rc add_task(struct db *db, const struct store_feed_item *item, struct err *e)
{
	struct query q = query_open(db, SQL_feed_task_add);
	query_text(&q, STORE_FEED_LOG);
	query_int(&q, clock_now_us());
	query_id(&q, item->object_id);
	query_int(&q, item->kind);
	query_u64(&q, item->version);
	query_id(&q, item->person_id);
	query_blob(&q, item->sealed.ptr, item->sealed.len);
	return query_do(&q, NULL, e);
}

enum rc feed_add(struct db *db, struct id person, struct id object, uint32_t kind, uint64_t version,
                 struct bytes sealed, struct err *e)
{
	struct store_feed_item item = {.person_id = person, .object_id = object, .kind = kind, .version = version, .sealed = sealed};
	if (db_is_server(db))
		return add_task(db, &item, e);
	enum rc rc = last_pos(db, &item.pos, e);
	item.pos++;
	return rc == RC_OK ? append(db, &item, e) : rc;
}

/* -------------------------------------------------------------- placing */

struct task {
	int64_t queued;
	struct store_feed_item item;
};

static enum rc read_tasks(struct db *db, struct arena *a, struct task *out, size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(db, SQL_feed_task_list);
	query_text(&q, STORE_FEED_LOG);
	query_int(&q, PLACE_MAX);
	while (n < PLACE_MAX && query_row(&q)) {
		struct task *t = &out[n++];
		t->queued = query_col_int(&q, 0);
		t->item = read_item(&q, a);
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

static enum rc drop_task(struct db *db, const struct task *t, struct err *e)
{
	struct query q = query_open(db, SQL_feed_task_drop);
	query_text(&q, STORE_FEED_LOG);
	query_int(&q, t->queued);
	query_id(&q, t->item.object_id);
	query_int(&q, t->item.kind);
	int changes = 0;
	enum rc rc = query_do(&q, &changes, e);
	return rc == RC_OK && changes != 1 ? err_set(e, RC_BUSY, "feed", "Somebody else placed it") : rc;
}

static enum rc place(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)arg;
	uint64_t pos = 0;
	size_t n = 0;
	struct arena *arena = arena_new(ARENA_MAX);
	struct task *tasks = calloc(PLACE_MAX, sizeof *tasks);
	enum rc rc = arena && tasks ? read_tasks(db, arena, tasks, &n, e) : err_set(e, RC_NO_MEMORY, "feed", "No memory");
	if (rc == RC_OK && n)
		rc = last_pos(db, &pos, e);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		tasks[i].item.pos = ++pos;
		rc = append(db, &tasks[i].item, e);
		if (rc == RC_OK)
			rc = drop_task(db, &tasks[i], e);
	}
	*(bool *)ret = n == PLACE_MAX;
	free(tasks);
	arena_free(&arena);
	return rc;
}

enum rc store_feed_place(struct store *s, bool *ret_more, struct err *e)
{
	*ret_more = false;
	if (!db_is_server(&s->main.hand[0].db))
		return RC_OK;
	return writer_submit_always(&s->main, place, NULL, ret_more, e);
}

/* -------------------------------------------------------------- reading */

enum rc store_feed_after(struct store_reader *r, uint64_t after, struct arena *a, struct store_feed_item *out,
                         size_t max, size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_feed_after);
	query_text(&q, STORE_FEED_LOG);
	query_u64(&q, after);
	query_u64(&q, max);
	while (n < max && query_row(&q)) {
		out[n] = read_item(&q, a);
		out[n++].pos = query_col_u64(&q, 0);
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

enum rc store_feed_last(struct store_reader *r, uint64_t *ret_pos, struct err *e)
{
	return last_pos(&r->main, ret_pos, e);
}
