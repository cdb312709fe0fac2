/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The vault's end of the channel to the matcher. Never blocks: send, put the
 * descriptor into the poll set for reading, and take replies as they come.
 *
 * A matcher that died comes back empty on the same channel and says HELLO: every
 * request still open then ends with RC_MATCHER_DOWN, and matcher_position() is 0
 * until it is fed again from the beginning. A request without answer for
 * MATCHER_TIMEOUT_MS ends likewise. At most MATCHER_OPEN_MAX are open at once.
 * Not for several threads.
 */
#ifndef CIVIS_MATCHER_CLIENT_H
#define CIVIS_MATCHER_CLIENT_H

#include "matcher/wire.h"

enum { MATCHER_TIMEOUT_MS = 2000, MATCHER_OPEN_MAX = 256 };

struct matcher_client;

/* Does not own fd. NULL if memory ran out. */
struct matcher_client *matcher_client_new(int fd);
void matcher_client_free(struct matcher_client **c);

/*
 * Both give a request id by which the reply is known.
 * RC_MATCHER_DOWN: its queue is full, it is gone, or too many requests are open.
 * RC_TOO_LARGE: no, too many or too large records. RC_NO_MEMORY.
 */
/* `records`: each one index record (wire.h), without a gap behind position `after`; `position`: that of
   the last one. When the reply's position is below it, feed again from there. */
enum rc matcher_send_feed(struct matcher_client *c, uint64_t after, const struct bytes *records, size_t count,
                          uint64_t position, uint64_t *ret_request) WARN_UNUSED;
enum rc matcher_send_query(struct matcher_client *c, struct bytes record, uint64_t *ret_request) WARN_UNUSED;

struct matcher_reply {
	uint64_t request;
	enum rc rc;        /* RC_OK, RC_MATCHER_DOWN, RC_STORE_FULL (feed: no room in memory), RC_FORMAT (a query it cannot read) */
	uint64_t position; /* how far the matcher has read */
	size_t count;
	struct matcher_candidate candidates[MATCHER_CANDIDATES]; /* query; greatest score first */
};

/* The next reply or expired request. RC_BUSY: none just now. */
enum rc matcher_receive(struct matcher_client *c, struct matcher_reply *ret) WARN_UNUSED;
/* Milliseconds until the next open request expires, for poll(); -1 when none is open. */
int matcher_wait_ms(const struct matcher_client *c);
/* How far the matcher said it has read. 0 after a restart: feed it from the beginning. */
uint64_t matcher_position(const struct matcher_client *c);

#endif
