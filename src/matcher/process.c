/* SPDX-License-Identifier: MPL-2.0 */
#include "matcher/process.h"

#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "base/log.h"
#include "linkage/name.h"
#include "matcher/index.h"
#include "process/channel.h"
#include "process/supervise.h"

enum { REPLY_MS = 1000, REPLY_MAX = 1024 };
#define DEFAULT_BYTES ((size_t)1 << 30)

struct matcher {
	int fd;
	struct matcher_index *index;
	uint64_t position;
	struct buf in, out;
};

static volatile sig_atomic_t told_to_end;

static void on_term(int s)
{
	(void)s;
	told_to_end = 1;
}

enum rc matcher_prepare(struct err *e)
{
	struct buf out = BUF_INIT(64);
	enum rc rc = name_normalise(BYTES_LIT("\xc3\x89"), &out); /* É */
	buf_release(&out);
	return rc == RC_OK ? RC_OK : err_set(e, RC_INTERNAL, "matcher", "the tables of Unicode cannot be loaded");
}

/* A reply that cannot be delivered is dropped: the vault's deadline tells it. */
static void reply(struct matcher *m, enum matcher_op op, uint64_t request, struct bytes body)
{
	buf_reset(&m->out);
	matcher_message_put(&m->out, &(struct matcher_message){op, request, m->position, body});
	if (buf_failed(&m->out) || channel_send(m->fd, buf_bytes(&m->out), REPLY_MS) != RC_OK)
		log_warn("reply_dropped", LOG_INT("op", op));
}

static enum rc take_records(struct matcher *m, const struct bytes *records, size_t count)
{
	struct matcher_record r;
	for (size_t i = 0; i < count; i++) {
		enum rc rc = matcher_record_parse(records[i], &r);
		if (rc == RC_OK)
			rc = matcher_index_put(m->index, &r);
		if (rc == RC_STORE_FULL || rc == RC_NO_MEMORY)
			return RC_STORE_FULL;
		if (rc != RC_OK) /* one record in a form that cannot be read does not stop all that follow */
			log_warn("record_passed_over", LOG_RC(rc));
	}
	return RC_OK;
}

static void on_feed(struct matcher *m, const struct matcher_message *message)
{
	struct bytes records[MATCHER_FEED_RECORDS];
	uint64_t after;
	size_t count;
	if (matcher_feed_parse(message->body, &after, records, &count) != RC_OK) {
		reply(m, MATCHER_BAD, message->request, BYTES_NONE);
		return;
	}
	bool gap = after > m->position, read_before = message->position <= m->position;
	if (!gap && !read_before) {
		if (take_records(m, records, count) != RC_OK) {
			log_error("index_full", LOG_INT("records", matcher_index_count(m->index)));
			reply(m, MATCHER_FULL, message->request, BYTES_NONE);
			return;
		}
		m->position = message->position;
	}
	reply(m, MATCHER_FED, message->request, BYTES_NONE);
}

static void on_query(struct matcher *m, const struct matcher_message *message)
{
	struct matcher_record r;
	struct matcher_candidate found[MATCHER_CANDIDATES];
	struct buf body = BUF_INIT(REPLY_MAX);
	size_t count = 0;
	enum rc rc = matcher_record_parse(message->body, &r);
	if (rc == RC_OK)
		rc = matcher_index_find(m->index, &r, found, &count);
	if (rc == RC_OK)
		matcher_candidates_put(&body, found, count);
	if (rc == RC_OK && !buf_failed(&body))
		reply(m, MATCHER_FOUND, message->request, buf_bytes(&body));
	else
		reply(m, MATCHER_BAD, message->request, BYTES_NONE);
	buf_release(&body);
}

static void handle(struct matcher *m)
{
	struct matcher_message message;
	if (matcher_message_parse(buf_bytes(&m->in), &message) != RC_OK) {
		log_warn("frame_passed_over", LOG_INT("bytes", m->in.len));
		return;
	}
	if (message.op == MATCHER_FEED)
		on_feed(m, &message);
	else if (message.op == MATCHER_QUERY)
		on_query(m, &message);
	else
		reply(m, MATCHER_BAD, message.request, BYTES_NONE);
}

/* SIGTERM is let in only while waiting, so that it cannot fall between a look and a wait. */
static void let_signals_in(sigset_t *ret_while_waiting)
{
	struct sigaction action = {.sa_handler = on_term};
	sigset_t term;
	sigemptyset(&action.sa_mask);
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigaction(SIGTERM, &action, NULL);
	sigprocmask(SIG_BLOCK, &term, ret_while_waiting);
	sigdelset(ret_while_waiting, SIGTERM);
}

static void serve(struct matcher *m, int control)
{
	sigset_t waiting;
	let_signals_in(&waiting);
	while (!told_to_end) {
		struct pollfd p[2] = {{.fd = m->fd, .events = POLLIN}, {.fd = control, .events = POLLIN}};
		if (ppoll(p, 2, NULL, &waiting) < 0)
			continue; /* a signal */
		if (p[1].revents) /* nothing is ever said there: the supervisor is gone */
			return;
		enum rc rc = channel_receive(m->fd, &m->in, 0);
		if (rc == RC_GONE || rc == RC_IO)
			return;
		if (rc == RC_OK)
			handle(m);
	}
}

int matcher_main(int fd, int control, size_t max_bytes)
{
	struct matcher m = {.fd = fd, .in = BUF_INIT(MATCHER_FRAME_MAX), .out = BUF_INIT(REPLY_MAX)};
	log_set_process("matcher");
	told_to_end = 0;
	m.index = matcher_index_new(max_bytes ? max_bytes : DEFAULT_BYTES);
	/* The largest frame finds its room already there. */
	bool ready = m.index && buf_extend(&m.in, MATCHER_FRAME_MAX);
	if (ready && control >= 0)
		ready = supervise_ready(control, NULL) == RC_OK;
	if (ready) {
		reply(&m, MATCHER_HELLO, 0, BYTES_NONE);
		serve(&m, control);
	}
	buf_release(&m.in);
	buf_release(&m.out);
	matcher_index_free(&m.index);
	return ready ? 0 : 1;
}
