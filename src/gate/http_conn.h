/* SPDX-License-Identifier: MPL-2.0 */
/* Inside the HTTP server only: a connection, and what loop.c and worker.c ask of each other. */
#ifndef CIVIS_GATE_HTTP_CONN_H
#define CIVIS_GATE_HTTP_CONN_H

#include <pthread.h>
#include <stdatomic.h>

#include "gate/http.h"

enum phase {
	PHASE_HEAD,  /* reading a request head (or idle) */
	PHASE_BODY,
	PHASE_WRITE, /* the rest of an answer waits for room in the socket */
	PHASE_DRAIN, /* answered and shut; what still comes is thrown away for a moment, so that the
	                client can read our answer before a reset (RFC 9112 §9.6) */
};

enum owner { OWNER_LOOP, OWNER_WORKER };

struct conn {
	int fd;
	struct tls *tls;       /* NULL: plain */
	bool greeted;          /* TLS: it was seen that a handshake comes, and no plain request */
	struct loop *loop;
	struct conn *prev, *next; /* the loop's list; only the loop's thread touches it */
	_Atomic int owner;
	enum phase phase;
	int64_t deadline_us;   /* monotonic */
	int64_t received_us;
	uint64_t peer;
	uint64_t address;      /* what `peer` is where no proxy says otherwise */
	bool from_here;        /* from this machine: may be the proxy */
	bool counted;          /* in peers[address].connections */
	bool cut;              /* broke off in its body, of which a handler still wants what came */
	struct buf in;         /* head, and what came behind it */
	size_t head_len;       /* once the head is parsed, else 0 */
	size_t consumed;       /* bytes of `in` that belong to this request */
	struct http_head head; /* borrows from `in` */
	struct buf body;
	size_t body_budget;    /* counted in server.body_memory and in body_of */
	struct peer_use *body_of;
	struct buf out;        /* the rest of an answer */
	size_t out_sent;
	bool close_after;
	struct conn *queue_next;
};

struct loop {
	struct http_server *server;
	pthread_t thread;
	int epoll;
	int wake; /* eventfd */
	pthread_mutex_t lock; /* a worker giving a connection back, against the sweep */
	struct conn *conns;
};

struct worker {
	struct http_server *server;
	pthread_t thread;
	unsigned number;
};

/* What one address uses. Addresses share a place by chance only: their hash is keyed. */
enum { PEERS = 4096 };
struct peer_use {
	_Atomic unsigned connections;
	_Atomic size_t body;
};

struct http_server {
	struct http_config config;
	struct http_handler handler;
	struct loop *loops;
	struct worker *workers;
	unsigned loops_running, workers_running;
	_Atomic bool stopping;
	uint8_t peer_key[32];
	_Atomic uint64_t requests, refused, busy, by_class[6];
	_Atomic unsigned connections;
	_Atomic size_t body_memory;
	struct peer_use peers[PEERS];
	pthread_mutex_t lock; /* of the queue */
	pthread_cond_t some;
	struct conn *queue_head, *queue_tail;
	unsigned queued;
	bool workers_end;
};

/* worker.c */
void *http_worker_main(void *worker);
/* Gives the connection to the workers. RC_BUSY if the queue is full. */
enum rc http_queue_put(struct http_server *s, struct conn *c) WARN_UNUSED;
/* Serialises `a` into c->out and sends what the socket takes. Leaves c in its next phase:
   PHASE_WRITE, PHASE_DRAIN or PHASE_HEAD. */
void http_send_answer(struct conn *c, struct http_answer *a);
/* Sends the rest of c->out; same phases. */
void http_send_rest(struct conn *c);

/* http.c: as recv() and send(), through TLS where the connection has it. */
ssize_t http_recv(struct conn *c, void *out, size_t size);
ssize_t http_send(struct conn *c, const void *data, size_t len);
/* http.c: ends both directions, so that the loop finds c closed. */
void http_hang_up(struct conn *c);
/* http.c: the request is done; makes c ready for the next, or for closing. */
void http_request_done(struct conn *c);
/* A worker is done with c: the loop goes on with it. The caller must not touch c afterwards. */
void http_give_back(struct conn *c);

#endif
