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
#include "crypto/tls.h"
#include "gate/guard.h"

/* A whole request, valid while its handler runs. */
struct http_request {
	struct http_head head;
	struct bytes body;
	uint64_t peer;       /* keyed hash of the client's address: to count, never to know */
	bool cut;            /* the connection broke before the body was whole: `body` is what came, and
	                        nobody hears the answer */
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
	/* On a loop's thread: true if the part of a body that came before its connection broke is still
	   worth a call of handle() (http_request.cut). May be NULL: never. */
	bool (*keeps_cut)(void *ctx, const struct http_head *head);
	/* On a worker's thread; `worker` counts from 0. */
	void (*handle)(void *ctx, unsigned worker, const struct http_request *q, struct http_answer *a);
	/* Makes the answer for what the server itself refuses (framing, 503). */
	void (*refuse)(void *ctx, enum rc why, struct http_answer *a);
};

struct http_config {
	int listen_fd;
	const struct tls_server *tls; /* speak TLS on it; NULL: plain HTTP */
	unsigned loops;           /* default 2 */
	unsigned workers;         /* default 8 */
	unsigned queue_max;       /* default 256 */
	unsigned connections_max; /* default 2048, over all loops */
	unsigned connections_peer_max; /* from one address, unless it is the proxy; default a quarter of all */
	size_t body_memory_max;   /* memory for bodies being read, counted as they come; default 128 MiB */
	size_t body_peer_max;     /* of which one peer may have; default a quarter */
	int idle_ms;              /* between requests; default 30000 */
	int request_ms;           /* from the first byte of a request to its last, and 1 ms more for each 4
	                             bytes of body that have come: a slow line must be able to send a
	                             photograph; default 20000 */
	bool behind_proxy;        /* from a connection of this machine, `peer` is the last address in the last
	                             X-Forwarded-For: the one that the proxy wrote itself */
};

struct http_counters {
	uint64_t requests, refused, busy;
	uint64_t by_class[6]; /* [2] is 2xx */
	unsigned connections, queued;
};

struct http_server;

/* Starts the threads; *ret is set before the first handler runs, and NULL on failure. RC_NO_MEMORY, RC_IO. */
enum rc http_server_start(const struct http_config *c, const struct http_handler *h, struct http_server **ret,
                          struct err *e) WARN_UNUSED;
/* Stops accepting, drops what has not arrived whole, lets running requests finish, gives their answers
   two seconds to leave, joins the threads, frees. */
void http_server_stop(struct http_server **s);
void http_server_count(struct http_server *s, struct http_counters *ret);

#endif
