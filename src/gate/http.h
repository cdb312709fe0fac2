/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The HTTP/1.1 server: event loops read whole requests through the guard
 * (guard.h), a bounded queue passes them to workers, the worker that made the
 * answer writes it. Nothing here knows of births.
 *
 *   listen fd → loop (epoll, 2 threads) → queue (bounded) → worker (N threads)
 *                 ↑                                            │ answer
 *                 └──────── keep-alive, rest of a write ───────┘
 *
 * A connection belongs either to its loop or to one worker, never to both.
 * The queue full: 503 with Retry-After. A body larger than its route allows is
 * answered before it is read.
 */
#ifndef CIVIS_GATE_HTTP_H
#define CIVIS_GATE_HTTP_H

#include "base/arena.h"
#include "gate/guard.h"

/* A whole request, valid while its handler runs. */
struct http_request {
	struct http_head head;
	struct bytes body;
	uint64_t peer;       /* keyed hash of the client's address: to count, never to know */
	int64_t received_us; /* monotonic */
};

enum { HTTP_HEADERS_OUT_MAX = 4096, HTTP_BODY_OUT_MAX = 64 * 1024 * 1024 };

/* An answer, made by a handler. The server adds length, connection and the security headers. */
struct http_answer {
	int status;
	const char *type;   /* content type; NULL for none */
	struct buf body;
	struct buf headers; /* whole header lines, each ending in CR LF */
	bool close;
};

/* Adds one header line; the value is refused (dropped) if it holds a control character. */
void http_answer_header(struct http_answer *a, const char *name, const char *value);

struct http_handler {
	void *ctx;
	/* On a loop's thread, after the head, before the body: the greatest body this request may
	   have, or an answer now (status > 0: the body is not read and the connection closes). */
	size_t (*admit)(void *ctx, const struct http_head *head, uint64_t peer, struct http_answer *refusal);
	/* On a worker's thread; `worker` counts from 0. */
	void (*handle)(void *ctx, unsigned worker, const struct http_request *q, struct http_answer *a);
	/* Makes the answer for what the server itself refuses (framing, 503). */
	void (*refuse)(void *ctx, enum rc why, struct http_answer *a);
};

struct http_config {
	int listen_fd;
	unsigned loops;           /* default 2 */
	unsigned workers;         /* default 8 */
	unsigned queue_max;       /* default 256 */
	unsigned connections_max; /* default 2048, over all loops */
	size_t body_memory_max;   /* bytes of bodies being read, over all connections; default 128 MiB */
	int idle_ms;              /* between requests; default 30000 */
	int request_ms;           /* from the first byte of a request to its last, and 1 ms more for each 4
	                             bytes of body: a slow line must be able to send a photograph; default 20000 */
	bool behind_proxy;        /* `peer` comes from the last address in X-Forwarded-For */
};

struct http_counters {
	uint64_t requests, refused, busy;
	uint64_t by_class[6]; /* [2] is 2xx */
	unsigned connections, queued;
};

struct http_server;

/* Starts the threads. RC_NO_MEMORY, RC_IO. */
enum rc http_server_start(const struct http_config *c, const struct http_handler *h, struct http_server **ret,
                          struct err *e) WARN_UNUSED;
/* Stops accepting, lets running requests finish (bounded), joins the threads, frees. */
void http_server_stop(struct http_server **s);
void http_server_count(struct http_server *s, struct http_counters *ret);

#endif
