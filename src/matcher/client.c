/* SPDX-License-Identifier: MPL-2.0 */
#include "matcher/client.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/random.h"
#include "process/channel.h"

struct request {
	uint64_t id; /* 0: free */
	int64_t deadline_us;
};

struct matcher_client {
	int fd;
	uint64_t last_id;
	uint64_t position;
	struct request open[MATCHER_OPEN_MAX];
	struct buf frame;
};

struct matcher_client *matcher_client_new(int fd)
{
	struct matcher_client *c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	c->fd = fd;
	buf_init(&c->frame, MATCHER_FRAME_MAX);
	/* Replies to a vault that was here before must not look like ours. */
	random_bytes(&c->last_id, sizeof c->last_id);
	return c;
}

void matcher_client_free(struct matcher_client **pc)
{
	if (!*pc)
		return;
	buf_release(&(*pc)->frame);
	free(*pc);
	*pc = NULL;
}

static struct request *free_place(struct matcher_client *c)
{
	for (size_t i = 0; i < MATCHER_OPEN_MAX; i++)
		if (c->open[i].id == 0)
			return &c->open[i];
	return NULL;
}

static struct request *find_open(struct matcher_client *c, uint64_t id)
{
	for (size_t i = 0; id && i < MATCHER_OPEN_MAX; i++)
		if (c->open[i].id == id)
			return &c->open[i];
	return NULL;
}

static uint64_t next_id(struct matcher_client *c)
{
	c->last_id++;
	return c->last_id ? c->last_id : ++c->last_id;
}

static enum rc send_request(struct matcher_client *c, enum matcher_op op, uint64_t position, struct bytes body,
                            uint64_t *ret_request)
{
	struct request *place = free_place(c);
	if (!place)
		return RC_MATCHER_DOWN;
	uint64_t id = next_id(c);
	buf_reset(&c->frame);
	matcher_message_put(&c->frame, &(struct matcher_message){op, id, position, body});
	if (buf_failed(&c->frame))
		return RC_NO_MEMORY;
	enum rc rc = channel_send(c->fd, buf_bytes(&c->frame), 0);
	buf_reset(&c->frame);
	if (rc != RC_OK)
		return rc == RC_TOO_LARGE ? rc : RC_MATCHER_DOWN;
	*place = (struct request){id, clock_monotonic_us() + MATCHER_TIMEOUT_MS * 1000ll};
	*ret_request = id;
	return RC_OK;
}

enum rc matcher_send_feed(struct matcher_client *c, uint64_t after, const struct bytes *records, size_t count,
                          uint64_t position, uint64_t *ret_request)
{
	struct buf body = BUF_INIT(MATCHER_FRAME_MAX - MATCHER_HEADER_SIZE);
	if (count == 0 || count > MATCHER_FEED_RECORDS)
		return RC_TOO_LARGE;
	for (size_t i = 0; i < count; i++)
		if (records[i].len == 0 || records[i].len > MATCHER_RECORD_MAX)
			return RC_TOO_LARGE;
	matcher_feed_put(&body, after, records, count);
	enum rc rc = buf_failed(&body) ? RC_NO_MEMORY
	                               : send_request(c, MATCHER_FEED, position, buf_bytes(&body), ret_request);
	buf_release(&body);
	return rc;
}

enum rc matcher_send_query(struct matcher_client *c, struct bytes record, uint64_t *ret_request)
{
	if (record.len == 0 || record.len > MATCHER_RECORD_MAX)
		return RC_TOO_LARGE;
	return send_request(c, MATCHER_QUERY, 0, record, ret_request);
}

/* ---- replies ---- */

static bool take_expired(struct matcher_client *c, struct matcher_reply *ret)
{
	int64_t now = clock_monotonic_us();
	for (size_t i = 0; i < MATCHER_OPEN_MAX; i++)
		if (c->open[i].id && c->open[i].deadline_us <= now) {
			*ret = (struct matcher_reply){.request = c->open[i].id, .rc = RC_MATCHER_DOWN, .position = c->position};
			c->open[i].id = 0;
			return true;
		}
	return false;
}

static void on_hello(struct matcher_client *c)
{
	c->position = 0;
	for (size_t i = 0; i < MATCHER_OPEN_MAX; i++)
		c->open[i].deadline_us = 0;
}

/* True if the frame answers an open request. */
static bool take_frame(struct matcher_client *c, struct matcher_reply *ret)
{
	struct matcher_message m;
	if (matcher_message_parse(buf_bytes(&c->frame), &m) != RC_OK)
		return false;
	if (m.op == MATCHER_HELLO) {
		on_hello(c);
		return false;
	}
	struct request *open = find_open(c, m.request);
	if (!open)
		return false;
	struct matcher_reply r = {.request = m.request, .position = m.position};
	if (m.op == MATCHER_FOUND)
		r.rc = matcher_candidates_parse(m.body, r.candidates, &r.count) == RC_OK ? RC_OK : RC_MATCHER_DOWN;
	else
		r.rc = m.op == MATCHER_FED ? RC_OK : m.op == MATCHER_FULL ? RC_STORE_FULL : RC_FORMAT;
	c->position = m.position;
	open->id = 0;
	*ret = r;
	return true;
}

enum rc matcher_receive(struct matcher_client *c, struct matcher_reply *ret)
{
	for (;;) {
		if (take_expired(c, ret))
			return RC_OK;
		enum rc rc = channel_receive(c->fd, &c->frame, 0);
		if (rc == RC_OK && take_frame(c, ret))
			return RC_OK;
		if (rc != RC_OK && rc != RC_TOO_LARGE)
			return RC_BUSY; /* a channel that is gone shows by the deadlines */
	}
}

int matcher_wait_ms(const struct matcher_client *c)
{
	int64_t least = -1, now = clock_monotonic_us();
	for (size_t i = 0; i < MATCHER_OPEN_MAX; i++) {
		int64_t left = c->open[i].deadline_us > now ? (c->open[i].deadline_us - now + 999) / 1000 : 0;
		if (c->open[i].id && (least < 0 || left < least))
			least = left;
	}
	return (int)least;
}

uint64_t matcher_position(const struct matcher_client *c)
{
	return c->position;
}
