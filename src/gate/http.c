/* SPDX-License-Identifier: MPL-2.0 */
/* The event loops of the HTTP server: accepting, reading through the guard, time limits. */
#include "gate/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "crypto/crypto.h"
#include "gate/http_conn.h"

enum { EVENTS = 64, READ_PIECE = 16 * 1024, DRAIN_MS = 2000, SWEEP_MS = 500, ACCEPT_BURST = 32, BYTE_US = 250 };

static int64_t later(int ms)
{
	return clock_monotonic_us() + (int64_t)ms * 1000;
}

/* True if the unfinished head can never become a good one. */
static bool head_is_hopeless(struct bytes in)
{
	for (size_t i = 0; i < in.len; i++)
		if (in.ptr[i] == 0 || (in.ptr[i] == '\n' && (i == 0 || in.ptr[i - 1] != '\r')))
			return true;
	return false;
}

/* True if a head can be answered or refused without reading more. */
static bool head_waits(const struct conn *c)
{
	struct bytes in = buf_bytes(&c->in);
	return c->phase == PHASE_HEAD && in.len &&
	       (guard_head_length(in) || in.len > GUARD_HEAD_MAX || head_is_hopeless(in));
}

ssize_t http_recv(struct conn *c, void *out, size_t size)
{
	return c->tls ? tls_read(c->tls, out, size) : recv(c->fd, out, size, 0);
}

ssize_t http_send(struct conn *c, const void *data, size_t len)
{
	return c->tls ? tls_write(c->tls, data, len) : send(c->fd, data, len, MSG_NOSIGNAL);
}

/* Arms the loop's interest for c's phase. */
static void arm(struct conn *c)
{
	struct epoll_event ev = {.events = EPOLLONESHOT, .data.ptr = c};
	ev.events |= c->phase == PHASE_WRITE ? EPOLLOUT : EPOLLIN;
	/* A whole pipelined request, or what TLS has read ahead, is in our memory already; the socket would not wake us for it. */
	if (head_waits(c) || (c->tls && c->phase != PHASE_WRITE && (tls_pending(c->tls) || tls_wants_write(c->tls))))
		ev.events |= EPOLLOUT;
	epoll_ctl(c->loop->epoll, c->cut ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, c->fd, &ev);
}

void http_give_back(struct conn *c)
{
	struct loop *l = c->loop;
	/* Once it is the loop's, the sweep may free it: not before it is armed. */
	pthread_mutex_lock(&l->lock);
	atomic_store(&c->owner, OWNER_LOOP);
	arm(c);
	pthread_mutex_unlock(&l->lock);
}

static struct peer_use *use_of(struct http_server *s, uint64_t peer)
{
	return &s->peers[peer % PEERS];
}

static void body_unreserve(struct conn *c)
{
	atomic_fetch_sub(&c->loop->server->body_memory, c->body_budget);
	if (c->body_of)
		atomic_fetch_sub(&c->body_of->body, c->body_budget);
	c->body_budget = 0;
	c->body_of = NULL;
}

static void conn_free(struct conn *c)
{
	struct http_server *s = c->loop->server;
	if (c->prev)
		c->prev->next = c->next;
	else
		c->loop->conns = c->next;
	if (c->next)
		c->next->prev = c->prev;
	if (c->tls)
		tls_free(&c->tls);
	close(c->fd);
	body_unreserve(c);
	if (c->counted)
		atomic_fetch_sub(&use_of(s, c->address)->connections, 1);
	atomic_fetch_sub(&s->connections, 1);
	buf_release(&c->in);
	buf_release(&c->body);
	buf_release(&c->out);
	free(c);
}

/* Forgets the request just answered; keeps what came behind it. */
void http_request_done(struct conn *c)
{
	struct http_server *s = c->loop->server;
	body_unreserve(c);
	buf_release(&c->body);
	buf_release(&c->out);
	size_t left = c->in.len - c->consumed;
	if (left && c->consumed)
		memmove(c->in.ptr, c->in.ptr + c->consumed, left);
	wipe(c->in.ptr ? c->in.ptr + left : NULL, c->in.len - left);
	c->in.len = left;
	c->consumed = c->head_len = 0;
	c->phase = PHASE_HEAD;
	c->deadline_us = later(left ? s->config.request_ms : s->config.idle_ms);
	if (c->close_after) {
		c->phase = PHASE_DRAIN;
		c->deadline_us = later(DRAIN_MS);
		if (c->tls)
			tls_end(c->tls);
		shutdown(c->fd, SHUT_WR);
	}
}

void http_hang_up(struct conn *c)
{
	shutdown(c->fd, SHUT_RDWR);
	c->phase = PHASE_DRAIN;
	c->deadline_us = later(DRAIN_MS);
}

static void refuse_with(struct conn *c, struct http_answer *a)
{
	atomic_fetch_add(&c->loop->server->refused, 1);
	http_send_answer(c, a);
	buf_release(&a->body);
	buf_release(&a->headers);
}

static void refuse(struct conn *c, enum rc why, bool end)
{
	struct http_server *s = c->loop->server;
	struct http_answer a = {.body = BUF_INIT(HTTP_BODY_OUT_MAX), .headers = BUF_INIT(HTTP_HEADERS_OUT_MAX)};
	s->handler.refuse(s->handler.ctx, why, &a);
	a.close = end;
	if (end)
		c->consumed = c->in.len;
	refuse_with(c, &a);
}

/* Counts the memory that the body has come to take. False once it was refused. */
static bool body_reserve(struct conn *c)
{
	struct http_server *s = c->loop->server;
	struct peer_use *mine = c->body_of;
	size_t more = c->body.cap - c->body_budget;
	if (!more)
		return true;
	c->body_budget += more;
	bool too_much = atomic_fetch_add(&mine->body, more) + more > s->config.body_peer_max;
	bool full = atomic_fetch_add(&s->body_memory, more) + more > s->config.body_memory_max;
	if (!too_much && !full)
		return true;
	atomic_fetch_add(&s->busy, 1);
	refuse(c, too_much ? RC_THROTTLED : RC_BUSY, true);
	return false;
}

/* Asks whether the body may come. False once it was refused. */
static bool admit_body(struct conn *c)
{
	struct http_server *s = c->loop->server;
	struct http_answer a = {.body = BUF_INIT(HTTP_BODY_OUT_MAX), .headers = BUF_INIT(HTTP_HEADERS_OUT_MAX)};
	size_t limit = s->handler.admit(s->handler.ctx, &c->head, c->peer, &a);
	if (a.status) {
		a.close = c->head.content_length > 0;
		c->consumed = a.close ? c->in.len : c->head_len;
		refuse_with(c, &a);
		return false;
	}
	if (c->head.content_length > limit) {
		refuse(c, RC_TOO_LARGE, true);
		return false;
	}
	c->body_of = use_of(s, c->peer);
	buf_init(&c->body, (size_t)c->head.content_length);
	return true;
}

static uint64_t address_hash(const struct http_server *s, struct bytes address)
{
	uint8_t mac[HASH_SIZE];
	uint64_t out;
	hmac_sha256(bytes_of(s->peer_key, sizeof s->peer_key), address, mac);
	memcpy(&out, mac, sizeof out);
	return out;
}

/* An IPv6 customer holds at least a /64; an IPv4 address may come dressed as IPv6. */
static uint64_t peer_of_v6(const struct http_server *s, const struct in6_addr *a)
{
	return IN6_IS_ADDR_V4MAPPED(a) ? address_hash(s, bytes_of(a->s6_addr + 12, 4)) : address_hash(s, bytes_of(a->s6_addr, 8));
}

/* The last address of the last line is the one that the proxy itself added; the others are anyone's word. */
static struct bytes last_hop(const struct http_head *head)
{
	static const char name[] = "X-Forwarded-For";
	struct bytes list = BYTES_NONE;
	for (size_t i = 0; i < head->header_count; i++)
		if (head->headers[i].name.len == sizeof name - 1 &&
		    strncasecmp((const char *)head->headers[i].name.ptr, name, sizeof name - 1) == 0)
			list = head->headers[i].value;
	const uint8_t *comma = list.len ? memrchr(list.ptr, ',', list.len) : NULL;
	size_t from = comma ? (size_t)(comma - list.ptr) + 1 : 0;
	while (from < list.len && list.ptr[from] == ' ')
		from++;
	return bytes_slice(list, from, list.len);
}

static void note_peer(struct conn *c)
{
	struct http_server *s = c->loop->server;
	char text[INET6_ADDRSTRLEN];
	struct in_addr v4;
	struct in6_addr v6;
	c->peer = c->address;
	if (!s->config.behind_proxy || !c->from_here)
		return;
	struct bytes hop = last_hop(&c->head);
	if (!hop.len || hop.len >= sizeof text)
		return;
	memcpy(text, hop.ptr, hop.len);
	text[hop.len] = 0;
	if (inet_pton(AF_INET, text, &v4) == 1)
		c->peer = address_hash(s, bytes_of(&v4, sizeof v4));
	else if (inet_pton(AF_INET6, text, &v6) == 1)
		c->peer = peer_of_v6(s, &v6);
}

/* Reads a head from c->in. True if the request goes on to its body. */
static bool take_head(struct conn *c)
{
	struct http_server *s = c->loop->server;
	memset(&c->head, 0, sizeof c->head);
	c->head_len = guard_head_length(buf_bytes(&c->in));
	if (c->head_len == 0 || c->head_len > GUARD_HEAD_MAX) {
		if (c->in.len > GUARD_HEAD_MAX)
			refuse(c, RC_HEADERS, true);
		else if (head_is_hopeless(buf_bytes(&c->in)))
			refuse(c, RC_BAD_FRAMING, true);
		return false;
	}
	enum rc rc = guard_parse(bytes_of(c->in.ptr, c->head_len), &c->head);
	if (rc != RC_OK) {
		refuse(c, rc, true);
		return false;
	}
	atomic_fetch_add(&s->requests, 1);
	c->received_us = clock_monotonic_us();
	note_peer(c);
	if (!admit_body(c))
		return false;
	size_t here = c->in.len - c->head_len;
	if (here > c->head.content_length)
		here = (size_t)c->head.content_length;
	buf_append(&c->body, bytes_of(c->in.ptr + c->head_len, here));
	c->consumed = c->head_len + here;
	if (!body_reserve(c))
		return false;
	c->phase = PHASE_BODY;
	c->deadline_us = later(s->config.request_ms) + (int64_t)here * BYTE_US;
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	if (c->head.expects_continue && here < c->head.content_length &&
	    http_send(c, go_on, sizeof go_on - 1) < 0)
		c->close_after = true;
	return true;
}

/* Goes on with what has been read. True if the connection stays with the loop. */
static bool advance(struct conn *c)
{
	struct http_server *s = c->loop->server;
	for (;;) {
		if (c->phase == PHASE_HEAD) {
			if (c->in.len == 0)
				return true;
			if (!take_head(c)) {
				if (c->phase == PHASE_HEAD && c->in.len && guard_head_length(buf_bytes(&c->in)))
					continue; /* refused without closing; the next request is here */
				return true;
			}
		}
		if (c->phase != PHASE_BODY || c->body.len < c->head.content_length)
			return true;
		atomic_store(&c->owner, OWNER_WORKER);
		if (http_queue_put(s, c) == RC_OK)
			return false;
		atomic_store(&c->owner, OWNER_LOOP);
		atomic_fetch_add(&s->busy, 1);
		refuse(c, RC_BUSY, false);
	}
}

/* Whoever writes http:// before the address of a server that speaks HTTPS is told so, in a way that a browser shows. */
static bool speaks_plainly(struct conn *c)
{
	static const char answer[] = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
	                             "https://\n\nThis address speaks HTTPS: write https:// before it.\n"
	                             "សូមសរសេរ https:// នៅមុខអាសយដ្ឋាន។\nလိပ်စာ၏ ရှေ့တွင် https:// ရေးပါ။\n";
	uint8_t first;
	if (!c->tls || c->greeted || recv(c->fd, &first, 1, MSG_PEEK) != 1)
		return false;
	c->greeted = true;
	if (first < 'A' || first > 'Z') /* of a method; a handshake begins with 22 (RFC 8446 §5.1) */
		return false;
	(void)!send(c->fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
	tls_free(&c->tls);
	c->phase = PHASE_DRAIN;
	c->deadline_us = later(DRAIN_MS);
	shutdown(c->fd, SHUT_WR);
	return true;
}

/* -1 closed or broken, 0 nothing there, else bytes read. */
static ssize_t read_some(struct conn *c)
{
	uint8_t piece[READ_PIECE];
	size_t want = sizeof piece;
	if (speaks_plainly(c))
		return 0;
	if (c->phase == PHASE_BODY && c->head.content_length - c->body.len < want)
		want = (size_t)c->head.content_length - c->body.len;
	ssize_t n = http_recv(c, piece, want);
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
	if (n == 0)
		return -1;
	if (c->phase == PHASE_HEAD && c->in.len == 0)
		c->deadline_us = later(c->loop->server->config.request_ms);
	if (c->phase == PHASE_HEAD)
		buf_append(&c->in, bytes_of(piece, (size_t)n));
	else if (c->phase == PHASE_BODY)
		buf_append(&c->body, bytes_of(piece, (size_t)n));
	wipe(piece, (size_t)n);
	if (buf_failed(&c->in) || buf_failed(&c->body))
		return -1;
	if (c->phase == PHASE_BODY) {
		c->deadline_us += n * BYTE_US;
		(void)body_reserve(c);
	}
	return n;
}

/* The connection broke or its time is up: frees it, unless a worker shall have what came of its body. */
static void give_up(struct conn *c)
{
	struct http_server *s = c->loop->server;
	if (c->phase == PHASE_BODY && c->body.len && s->handler.keeps_cut && !atomic_load(&s->stopping) &&
	    s->handler.keeps_cut(s->handler.ctx, &c->head)) {
		c->cut = true;
		epoll_ctl(c->loop->epoll, EPOLL_CTL_DEL, c->fd, NULL); /* it may still be armed */
		atomic_store(&c->owner, OWNER_WORKER);
		if (http_queue_put(s, c) == RC_OK)
			return;
	}
	conn_free(c);
}

static void on_ready(struct conn *c)
{
	/* A worker arms it under the lock: once that is free, all that the worker did is seen. */
	pthread_mutex_lock(&c->loop->lock);
	pthread_mutex_unlock(&c->loop->lock);
	if (c->phase == PHASE_WRITE) {
		http_send_rest(c);
	} else if (!head_waits(c)) { /* else pipelined: nothing to read first */
		ssize_t n = read_some(c);
		if (n < 0) {
			give_up(c);
			return;
		}
	}
	if (advance(c))
		arm(c);
}

/* Who is there: the address without its port. */
static void note_address(struct conn *c, const struct sockaddr_storage *from)
{
	const struct http_server *s = c->loop->server;
	if (from->ss_family == AF_INET) {
		const struct in_addr *a = &((const struct sockaddr_in *)(const void *)from)->sin_addr;
		c->address = address_hash(s, bytes_of(a, sizeof *a));
		c->from_here = ntohl(a->s_addr) >> 24 == IN_LOOPBACKNET;
	} else if (from->ss_family == AF_INET6) {
		const struct in6_addr *a = &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr;
		c->address = peer_of_v6(s, a);
		c->from_here = IN6_IS_ADDR_LOOPBACK(a) || (IN6_IS_ADDR_V4MAPPED(a) && a->s6_addr[12] == IN_LOOPBACKNET);
	}
	c->peer = c->address;
}

/* One address cannot take all connections; the proxy's own is everybody's. */
static bool may_connect(struct conn *c)
{
	struct http_server *s = c->loop->server;
	if (s->config.behind_proxy && c->from_here)
		return true;
	c->counted = true;
	return atomic_fetch_add(&use_of(s, c->address)->connections, 1) < s->config.connections_peer_max;
}

static void accept_one(struct loop *l, int fd, const struct sockaddr_storage *from)
{
	struct http_server *s = l->server;
	struct conn *c = NULL;
	if (atomic_fetch_add(&s->connections, 1) < s->config.connections_max)
		c = calloc(1, sizeof *c);
	if (!c) {
		atomic_fetch_sub(&s->connections, 1);
		atomic_fetch_add(&s->busy, 1);
		close(fd);
		return;
	}
	int yes = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
	c->fd = fd;
	c->loop = l;
	note_address(c, from);
	if (s->config.tls)
		c->tls = tls_new(s->config.tls, fd);
	buf_init(&c->in, GUARD_HEAD_MAX + READ_PIECE);
	c->deadline_us = later(s->config.idle_ms);
	c->next = l->conns;
	if (l->conns)
		l->conns->prev = c;
	l->conns = c;
	struct epoll_event ev = {.events = EPOLLIN | EPOLLONESHOT, .data.ptr = c};
	bool room = may_connect(c) && (c->tls || !s->config.tls);
	if (!room)
		atomic_fetch_add(&s->busy, 1);
	if (!room || epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev) != 0)
		conn_free(c);
}

static void accept_some(struct loop *l)
{
	for (int i = 0; i < ACCEPT_BURST; i++) {
		struct sockaddr_storage from = {0};
		socklen_t from_len = sizeof from;
		int fd = accept4(l->server->config.listen_fd, (struct sockaddr *)&from, &from_len,
		                 SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0)
			return;
		accept_one(l, fd, &from);
	}
}

/* `end_us`: when the last answers have to be gone; 0: nobody told us to stop. */
static void sweep(struct loop *l, int64_t end_us)
{
	int64_t now = clock_monotonic_us();
	pthread_mutex_lock(&l->lock);
	for (struct conn *c = l->conns, *next; c; c = next) {
		next = c->next; /* NOLINT(clang-analyzer-unix.Malloc): conn_free() takes it off this list; c->loop is l */
		if (atomic_load(&c->owner) != OWNER_LOOP)
			continue;
		bool arriving = c->phase == PHASE_HEAD || c->phase == PHASE_BODY;
		if (end_us && (arriving || now > end_us))
			conn_free(c);
		else if (now > c->deadline_us)
			give_up(c);
	}
	pthread_mutex_unlock(&l->lock);
}

static void *loop_main(void *arg)
{
	struct loop *l = arg;
	struct http_server *s = l->server;
	struct epoll_event events[EVENTS];
	int64_t next_sweep = later(SWEEP_MS), end_us = 0;
	for (;;) {
		int n = epoll_wait(l->epoll, events, EVENTS, SWEEP_MS);
		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr == s)
				accept_some(l);
			else if (events[i].data.ptr != l)
				on_ready(events[i].data.ptr);
		}
		bool stopping = atomic_load(&s->stopping);
		if (stopping && !end_us) {
			epoll_ctl(l->epoll, EPOLL_CTL_DEL, s->config.listen_fd, NULL);
			epoll_ctl(l->epoll, EPOLL_CTL_DEL, l->wake, NULL);
			end_us = later(DRAIN_MS);
		}
		if (clock_monotonic_us() >= next_sweep || stopping) {
			sweep(l, end_us);
			next_sweep = later(SWEEP_MS);
		}
		if (stopping && !l->conns)
			break;
	}
	return NULL;
}

static void loop_init(struct loop *l)
{
	l->epoll = l->wake = -1;
	pthread_mutex_init(&l->lock, NULL);
}

static enum rc loop_start(struct http_server *s, struct loop *l, struct err *e)
{
	l->server = s;
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct epoll_event on_listen = {.events = EPOLLIN | EPOLLEXCLUSIVE, .data.ptr = s};
	struct epoll_event on_wake = {.events = EPOLLIN, .data.ptr = l};
	if (l->epoll < 0 || l->wake < 0 || epoll_ctl(l->epoll, EPOLL_CTL_ADD, s->config.listen_fd, &on_listen) != 0 ||
	    epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->wake, &on_wake) != 0)
		return err_set(e, RC_IO, "http", "cannot watch the listening socket: %s", strerror(errno));
	if (pthread_create(&l->thread, NULL, loop_main, l) != 0)
		return err_set(e, RC_NO_MEMORY, "http", "cannot start a thread");
	s->loops_running++;
	return RC_OK;
}

static enum rc workers_start(struct http_server *s, struct err *e)
{
	for (unsigned i = 0; i < s->config.workers; i++) {
		s->workers[i] = (struct worker){.server = s, .number = i};
		if (pthread_create(&s->workers[i].thread, NULL, http_worker_main, &s->workers[i]) != 0)
			return err_set(e, RC_NO_MEMORY, "http", "cannot start a thread");
		s->workers_running++;
	}
	return RC_OK;
}

static void fill_defaults(struct http_config *c)
{
	c->loops = c->loops ? c->loops : 2;
	c->workers = c->workers ? c->workers : 8;
	c->queue_max = c->queue_max ? c->queue_max : 256;
	c->connections_max = c->connections_max ? c->connections_max : 2048;
	c->connections_peer_max = c->connections_peer_max ? c->connections_peer_max : c->connections_max / 4 + 1;
	c->body_memory_max = c->body_memory_max ? c->body_memory_max : (size_t)128 << 20;
	c->body_peer_max = c->body_peer_max ? c->body_peer_max : c->body_memory_max / 4;
	c->idle_ms = c->idle_ms ? c->idle_ms : 30000;
	c->request_ms = c->request_ms ? c->request_ms : 20000;
}

enum rc http_server_start(const struct http_config *config, const struct http_handler *h, struct http_server **ret,
                          struct err *e)
{
	struct http_server *s = calloc(1, sizeof *s);
	if (!s)
		return RC_NO_MEMORY;
	s->config = *config;
	s->handler = *h;
	fill_defaults(&s->config);
	random_bytes(s->peer_key, sizeof s->peer_key);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->some, NULL);
	s->loops = calloc(s->config.loops, sizeof *s->loops);
	s->workers = calloc(s->config.workers, sizeof *s->workers);
	enum rc rc = s->loops && s->workers ? RC_OK : RC_NO_MEMORY;
	for (unsigned i = 0; s->loops && i < s->config.loops; i++)
		loop_init(&s->loops[i]);
	*ret = s; /* a handler may ask for the server's numbers from the first request on */
	if (rc == RC_OK)
		rc = workers_start(s, e);
	for (unsigned i = 0; rc == RC_OK && i < s->config.loops; i++)
		rc = loop_start(s, &s->loops[i], e);
	if (rc != RC_OK)
		http_server_stop(ret);
	return rc;
}

void http_server_stop(struct http_server **server)
{
	struct http_server *s = *server;
	if (!s)
		return;
	atomic_store(&s->stopping, true);
	for (unsigned i = 0; i < s->loops_running; i++) {
		uint64_t one = 1;
		if (write(s->loops[i].wake, &one, sizeof one) < 0)
			log_warn("http_wake_failed", LOG_NONE);
	}
	/* Workers go on while the loops wait for their connections to end. */
	for (unsigned i = 0; i < s->loops_running; i++)
		pthread_join(s->loops[i].thread, NULL);
	pthread_mutex_lock(&s->lock);
	s->workers_end = true;
	pthread_cond_broadcast(&s->some);
	pthread_mutex_unlock(&s->lock);
	for (unsigned i = 0; i < s->workers_running; i++)
		pthread_join(s->workers[i].thread, NULL);
	for (unsigned i = 0; s->loops && i < s->config.loops; i++) {
		pthread_mutex_destroy(&s->loops[i].lock);
		if (s->loops[i].epoll >= 0)
			close(s->loops[i].epoll);
		if (s->loops[i].wake >= 0)
			close(s->loops[i].wake);
	}
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->some);
	free(s->loops);
	free(s->workers);
	free(s);
	*server = NULL;
}

void http_server_count(struct http_server *s, struct http_counters *ret)
{
	*ret = (struct http_counters){
		.requests = atomic_load(&s->requests),
		.refused = atomic_load(&s->refused),
		.busy = atomic_load(&s->busy),
		.connections = atomic_load(&s->connections),
	};
	for (size_t i = 0; i < sizeof ret->by_class / sizeof *ret->by_class; i++)
		ret->by_class[i] = atomic_load(&s->by_class[i]);
	pthread_mutex_lock(&s->lock);
	ret->queued = s->queued;
	pthread_mutex_unlock(&s->lock);
}
