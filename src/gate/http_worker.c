/* SPDX-License-Identifier: MPL-2.0 */
/* The workers of the HTTP server: the bounded queue, running handlers, writing answers. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "gate/http_conn.h"

static const char *reason(int status)
{
	static const struct {
		int status;
		const char *text;
	} table[] = {
		{200, "OK"}, {201, "Created"}, {204, "No Content"}, {303, "See Other"}, {304, "Not Modified"},
		{400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"}, {404, "Not Found"},
		{405, "Method Not Allowed"}, {408, "Request Timeout"}, {409, "Conflict"}, {410, "Gone"},
		{411, "Length Required"}, {412, "Precondition Failed"}, {413, "Content Too Large"},
		{415, "Unsupported Media Type"}, {422, "Unprocessable Content"}, {428, "Precondition Required"},
		{429, "Too Many Requests"}, {431, "Request Header Fields Too Large"},
		{500, "Internal Server Error"}, {503, "Service Unavailable"},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (table[i].status == status)
			return table[i].text;
	return "Status";
}

void http_answer_header(struct http_answer *a, const char *name, const char *value)
{
	for (const char *p = value; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return;
	buf_printf(&a->headers, "%s: %s\r\n", name, value);
}

/* RFC 9110 §5.6.7 */
static void put_date(struct buf *out)
{
	static const char day[][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	static const char month[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
	                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t now = clock_now_us() / 1000000;
	int s;
	struct date d = date_local(now * 1000000, 0, &s);
	buf_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", day[date_to_days(d) % 7], d.day,
	           month[d.month - 1], d.year, s / 3600, s / 60 % 60, s % 60);
}

static bool has_header(const struct http_answer *a, const char *line_start)
{
	return a->headers.len && memmem(a->headers.ptr, a->headers.len, line_start, strlen(line_start));
}

static void serialise(struct conn *c, struct http_answer *a)
{
	struct buf *out = &c->out;
	buf_release(out);
	buf_init(out, HTTP_BODY_OUT_MAX + 2 * HTTP_HEADERS_OUT_MAX);
	buf_printf(out, "HTTP/1.1 %d %s\r\n", a->status, reason(a->status));
	put_date(out);
	if (a->type)
		buf_printf(out, "Content-Type: %s\r\n", a->type);
	if (a->status != 204 && a->status != 304)
		buf_printf(out, "Content-Length: %zu\r\n", a->body.len);
	if (!has_header(a, "Cache-Control:"))
		buf_str(out, "Cache-Control: no-store\r\n");
	buf_str(out, "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n");
	if (c->close_after)
		buf_str(out, "Connection: close\r\n");
	buf_append(out, buf_bytes(&a->headers));
	buf_str(out, "\r\n");
	if (c->head.method != HTTP_HEAD || a->status >= 400)
		if (a->status != 204 && a->status != 304 && c->head.method != HTTP_HEAD)
			buf_append(out, buf_bytes(&a->body));
}

void http_send_rest(struct conn *c)
{
	while (c->out_sent < c->out.len) {
		ssize_t n = http_send(c, c->out.ptr + c->out_sent, c->out.len - c->out_sent);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			c->phase = PHASE_WRITE;
			return;
		}
		if (n < 0) {
			c->close_after = true;
			break;
		}
		c->out_sent += (size_t)n;
	}
	http_request_done(c);
}

void http_send_answer(struct conn *c, struct http_answer *a)
{
	struct http_server *s = c->loop->server;
	if (buf_failed(&a->body) || buf_failed(&a->headers)) {
		buf_release(&a->body);
		buf_release(&a->headers);
		s->handler.refuse(s->handler.ctx, RC_NO_MEMORY, a);
	}
	if (a->close || !c->head.keep_alive || atomic_load(&s->stopping))
		c->close_after = true;
	int class = a->status / 100;
	atomic_fetch_add(&s->by_class[class >= 1 && class <= 5 ? class : 5], 1);
	serialise(c, a);
	c->out_sent = 0;
	c->deadline_us = clock_monotonic_us() + (int64_t)s->config.request_ms * 1000 + (int64_t)c->out.len * 250;
	if (buf_failed(&c->out)) {
		buf_reset(&c->out);
		c->close_after = true;
	}
	http_send_rest(c);
}

enum rc http_queue_put(struct http_server *s, struct conn *c)
{
	enum rc rc = RC_BUSY;
	pthread_mutex_lock(&s->lock);
	if (s->queued < s->config.queue_max && !s->workers_end) {
		c->queue_next = NULL;
		if (s->queue_tail)
			s->queue_tail->queue_next = c;
		else
			s->queue_head = c;
		s->queue_tail = c;
		s->queued++;
		rc = RC_OK;
		pthread_cond_signal(&s->some);
	}
	pthread_mutex_unlock(&s->lock);
	return rc;
}

static struct conn *queue_take(struct http_server *s)
{
	pthread_mutex_lock(&s->lock);
	while (!s->queue_head && !s->workers_end)
		pthread_cond_wait(&s->some, &s->lock);
	struct conn *c = s->queue_head;
	if (c) {
		s->queue_head = c->queue_next;
		if (!s->queue_head)
			s->queue_tail = NULL;
		s->queued--;
	}
	pthread_mutex_unlock(&s->lock);
	return c;
}

void *http_worker_main(void *arg)
{
	struct worker *w = arg;
	struct http_server *s = w->server;
	for (struct conn *c; (c = queue_take(s));) {
		struct http_request q = {.head = c->head, .body = buf_bytes(&c->body), .peer = c->peer,
		                         .cut = c->cut, .received_us = c->received_us};
		struct http_answer a = {.body = BUF_INIT(HTTP_BODY_OUT_MAX), .headers = BUF_INIT(HTTP_HEADERS_OUT_MAX)};
		s->handler.handle(s->handler.ctx, w->number, &q, &a);
		if (c->cut) /* nobody is there any more */
			http_hang_up(c);
		else
			http_send_answer(c, &a);
		buf_release(&a.body);
		buf_release(&a.headers);
		http_give_back(c);
	}
	return NULL;
}
