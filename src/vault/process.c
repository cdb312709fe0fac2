/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "process/channel.h"
#include "process/supervise.h"
#include "vault/vault.h"

enum { KEPT_BUFFER = 64 * 1024, WATCHED_EXTRA = 3, GATHERINGS = 4, ALONE_TRIES = 5 };

/* A round that has taken so long runs nothing once more: those who ask next wait behind it. */
#define ROUND_US (3LL * 500000)

static volatile sig_atomic_t told_to_end;

static void on_signal(int number)
{
	(void)number;
	told_to_end = 1;
}

struct place {
	int fd;         /* −1: its other end is closed */
	bool asked;     /* `in` holds a request of this round */
	bool answered;  /* `out` holds an answer of this round */
	struct buf in, out;
};

struct loop {
	struct vault *vault;
	struct place place[VAULT_SOCKETS_MAX];
	size_t n;
	int matcher, control;
	bool broken;    /* on a server: this round cannot be committed */
	int64_t began;  /* the round */
	sigset_t while_waiting;
	struct pollfd watched[VAULT_SOCKETS_MAX + WATCHED_EXTRA];
};

/* ── one round ── */

static void take_logins(struct loop *l)
{
	struct login_job *job;
	while ((job = login_next_done(&l->vault->login, &l->vault->db))) {
		if (job->channel < l->n) {
			vault_finish_login(l->vault, job, &l->place[job->channel].out);
			l->place[job->channel].answered = true;
		}
		login_free(&l->vault->login, job);
	}
}

static void take_matches(struct loop *l)
{
	struct matcher_reply reply;
	struct buf out = BUF_INIT(VAULT_FRAME_MAX);
	size_t channel;
	while (l->vault->matcher && matcher_receive(l->vault->matcher, &reply) == RC_OK) {
		if (!vault_finish_matcher(l->vault, &reply, &channel, &out) || channel >= l->n)
			continue;
		buf_reset(&l->place[channel].out);
		buf_append(&l->place[channel].out, buf_bytes(&out));
		l->place[channel].answered = true;
	}
	buf_release(&out);
}

static void empty(struct buf *b)
{
	if (b->cap > KEPT_BUFFER)
		buf_release(b);
	else
		buf_reset(b);
}

static void send_answer(struct loop *l, size_t i)
{
	struct place *p = &l->place[i];
	p->answered = p->asked = false;
	empty(&p->in);
	/* Who does not read its answers loses them; nobody else waits for it. */
	if (p->fd >= 0 && channel_send(p->fd, buf_bytes(&p->out), 0) != RC_OK)
		log_warn("vault_answer_lost", LOG_INT("channel", i));
	empty(&p->out);
}

static void send_answers(struct loop *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->place[i].answered)
			send_answer(l, i);
}

/* What an answer says; RC_OK also if there is none. */
static enum rc status_of(const struct place *p)
{
	struct vault_frame frame;
	return p->answered && vault_frame_parse(buf_bytes(&p->out), &frame) == RC_OK ? (enum rc)frame.status : RC_OK;
}

/* What broke the transaction will not do better by itself, and its answer says why: nothing of it is left. */
static bool is_at_fault(struct loop *l, size_t i, uint64_t request)
{
	if (vdb_raced(&l->vault->db) || status_of(&l->place[i]) == RC_OK)
		return false;
	vault_take_back(l->vault, i, request);
	return true;
}

static void take_request(struct loop *l, size_t i)
{
	struct place *p = &l->place[i];
	struct vault_frame frame;
	bool deferred = false;
	enum rc rc = channel_receive(p->fd, &p->in, 0);
	if (rc == RC_GONE || rc == RC_IO)
		p->fd = -1;
	if (rc != RC_OK)
		return;
	/* Nothing sensible can be said to who does not keep to the protocol. */
	if (vault_frame_parse(buf_bytes(&p->in), &frame) == RC_OK && frame.op != VAULT_OP_HELLO) {
		vault_handle(l->vault, i, &frame, &p->out, &deferred);
		p->asked = !deferred || frame.op != VAULT_OP_LOGIN; /* a passphrase being looked at has written nothing, and goes on */
		p->answered = !deferred;
		l->broken = vdb_broken(&l->vault->db);
	} else {
		log_warn("vault_bad_frame", LOG_INT("channel", i));
		empty(&p->in);
	}
	/* Before the round's first write nothing is seen that a failed commit could take back. */
	if (p->answered && !l->broken && vault_is_settled(l->vault))
		send_answer(l, i);
	/* Who waited too long for a lock waits no second time. */
	else if (l->broken && status_of(p) == RC_BUSY && is_at_fault(l, i, frame.request))
		send_answer(l, i);
}

/* What only reads, as a rule. It is taken first, so that its answer need not wait for the commit. */
static bool only_reads(int fd)
{
	uint8_t start[VAULT_FRAME_HEADER];
	switch (vault_frame_op(bytes_of(start, channel_peek(fd, start, sizeof start)))) {
	case VAULT_OP_PING:
	case VAULT_OP_SESSION:
	case VAULT_OP_LAST_CHECKPOINT:
		return true;
	default:
		return false;
	}
}

static bool is_waiting(const struct loop *l, size_t i)
{
	return l->watched[i].revents && l->place[i].fd >= 0 && !l->place[i].asked && !l->place[i].answered && !l->broken;
}

/* Takes what has come, and what comes meanwhile: the commit that follows is long. */
static void take_requests(struct loop *l)
{
	bool some = true;
	for (int n = 0; some && n < GATHERINGS; n++) {
		some = false;
		for (size_t i = 0; i < l->n; i++)
			if (is_waiting(l, i) && only_reads(l->place[i].fd)) {
				take_request(l, i);
				l->watched[i].revents = 0;
			}
		for (size_t i = 0; i < l->n; i++)
			if (is_waiting(l, i)) {
				take_request(l, i);
				some = true;
			}
		if (some && poll(l->watched, l->n, 0) <= 0)
			return;
	}
}

static void refuse(struct place *p, const struct vault_frame *frame, enum rc rc, const struct err *e)
{
	struct call c = {.op = (enum vault_op)frame->op, .request = frame->request};
	vault_answer(&p->out, &c, rc, e);
	p->answered = true;
}

/* Nothing of this round is durable, and every answer says so. */
static void refuse_all(struct loop *l, enum rc rc, const struct err *e)
{
	struct vault_frame frame;
	log_error("vault_commit_failed", LOG_RC(rc));
	vdb_rollback(&l->vault->db);
	for (size_t i = 0; i < l->n; i++)
		if (l->place[i].answered && vault_frame_parse(buf_bytes(&l->place[i].out), &frame) == RC_OK)
			refuse(&l->place[i], &frame, rc, e);
	send_answers(l);
}

/* A request of a round that was taken back, once more and in a transaction of its own. */
static void run_alone(struct loop *l, size_t i)
{
	struct place *p = &l->place[i];
	struct vault_frame frame;
	struct err e = ERR_NONE;
	enum rc rc = err_set(&e, RC_BUSY, "store", "The vault waited too long for its database");
	bool deferred;
	if (vault_frame_parse(buf_bytes(&p->in), &frame) != RC_OK)
		return;
	for (int n = 0; n < ALONE_TRIES && rc != RC_OK && rc != RC_STORE_DOWN && clock_monotonic_us() - l->began < ROUND_US; n++) {
		vault_take_back(l->vault, i, frame.request);
		vault_handle(l->vault, i, &frame, &p->out, &deferred);
		p->answered = !deferred;
		if (!vdb_broken(&l->vault->db)) {
			rc = vdb_commit(&l->vault->db, &e);
		} else if (is_at_fault(l, i, frame.request)) {
			return;
		}
	}
	if (rc == RC_OK)
		return;
	log_error("vault_commit_failed", LOG_RC(rc));
	vault_take_back(l->vault, i, frame.request);
	refuse(p, &frame, rc, &e);
}

/*
 * The end of a round. What a file did not take ends the process: what it holds in memory is ahead of its store. On a
 * server one request may have spoilt the round for all, by a key that another vault took, or the server went away; memory
 * is then emptied, and each request runs once more by itself.
 */
static enum rc end_round(struct loop *l)
{
	struct err e = ERR_NONE;
	enum rc rc = l->broken ? RC_BUSY : vault_flush(l->vault, &e);
	if (rc == RC_OK)
		rc = vdb_commit(&l->vault->db, &e);
	if (rc != RC_OK && !vdb_is_shared(&l->vault->db)) {
		refuse_all(l, rc, &e);
		return rc;
	}
	if (rc == RC_STORE_DOWN) { /* it may have been committed all the same: whoever asked finds out by asking again */
		vault_take_back(l->vault, 0, 0);
		refuse_all(l, rc, &e);
	}
	for (size_t i = 0; rc != RC_OK && rc != RC_STORE_DOWN && i < l->n; i++)
		if (l->place[i].asked)
			run_alone(l, i);
	l->broken = false;
	send_answers(l);
	for (size_t i = 0; i < l->n; i++) { /* those that wait for their answers */
		l->place[i].asked = false;
		empty(&l->place[i].in);
	}
	return RC_OK;
}

/* On a server what is finished now does not share a transaction with requests: it cannot be run once more. */
static void end_finished(struct loop *l)
{
	struct err e = ERR_NONE;
	enum rc rc = vdb_is_shared(&l->vault->db) ? vdb_commit(&l->vault->db, &e) : RC_OK;
	if (rc != RC_OK) {
		vault_take_back(l->vault, 0, 0);
		refuse_all(l, rc, &e);
	} else if (vdb_is_shared(&l->vault->db)) {
		send_answers(l);
	}
}

static void watch(struct loop *l)
{
	for (size_t i = 0; i < l->n; i++)
		l->watched[i] = (struct pollfd){.fd = l->place[i].fd, .events = POLLIN};
	l->watched[l->n] = (struct pollfd){.fd = login_fd(&l->vault->login), .events = POLLIN};
	l->watched[l->n + 1] = (struct pollfd){.fd = l->matcher, .events = POLLIN};
	l->watched[l->n + 2] = (struct pollfd){.fd = l->control, .events = POLLIN};
}

static bool anyone_left(const struct loop *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->place[i].fd >= 0)
			return true;
	return false;
}

static enum rc run_round(struct loop *l, bool *ret_end)
{
	struct err e = ERR_NONE;
	watch(l);
	int wait = l->vault->matcher ? matcher_wait_ms(l->vault->matcher) : -1;
	struct timespec timeout = {.tv_sec = wait / 1000, .tv_nsec = wait % 1000 * 1000000L};
	if (ppoll(l->watched, l->n + WATCHED_EXTRA, wait < 0 ? NULL : &timeout, &l->while_waiting) < 0 && errno != EINTR)
		return RC_IO;
	*ret_end = told_to_end || l->watched[l->n + 2].revents || !anyone_left(l);
	if (*ret_end)
		return RC_OK;
	l->began = clock_monotonic_us();
	enum rc rc = vault_refresh(l->vault, &e);
	if (rc != RC_OK)
		return rc;
	if (l->watched[l->n].revents)
		take_logins(l);
	take_matches(l);
	end_finished(l);
	take_requests(l);
	return end_round(l);
}

/* ── the process ── */

static void say_hello(struct loop *l)
{
	struct buf hello = BUF_INIT(VAULT_FRAME_HEADER);
	vault_frame_begin(&hello, VAULT_OP_HELLO, RC_OK, 0);
	vault_frame_end(&hello);
	for (size_t i = 0; i < l->n; i++)
		if (channel_send(l->place[i].fd, buf_bytes(&hello), 0) == RC_GONE)
			l->place[i].fd = -1;
	buf_release(&hello);
}

static void prepare_signals(struct loop *l)
{
	sigset_t end;
	struct sigaction act = {.sa_handler = on_signal};
	told_to_end = 0;
	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigaddset(&end, SIGINT);
	/* Only inside ppoll: a signal between the test and the wait would be slept over. */
	pthread_sigmask(SIG_BLOCK, &end, &l->while_waiting);
	sigdelset(&l->while_waiting, SIGTERM);
	sigdelset(&l->while_waiting, SIGINT);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
}

int vault_main(int vault_dir, const int *fds, size_t n, int matcher_fd, int control_fd)
{
	struct err e = ERR_NONE;
	bool end = false;
	struct loop *l = n <= VAULT_SOCKETS_MAX ? calloc(1, sizeof *l) : NULL;
	if (!l)
		return SUPERVISE_EXIT_CONFIG;
	l->n = n;
	l->matcher = matcher_fd;
	l->control = control_fd;
	for (size_t i = 0; i < n; i++)
		l->place[i] = (struct place){.fd = fds[i], .in = BUF_INIT(VAULT_FRAME_MAX), .out = BUF_INIT(VAULT_FRAME_MAX)};
	crypto_prepare();
	prepare_signals(l);
	enum rc rc = fchdir(vault_dir) == 0 ? RC_OK : err_set(&e, RC_CONFIG, "vault", "The vault's folder cannot be entered");
	if (rc == RC_OK)
		rc = vault_new(NULL, NULL, &l->vault, &e);
	if (rc == RC_OK)
		rc = vault_start(l->vault, matcher_fd, &e);
	if (rc != RC_OK)
		fprintf(stderr, "civis: vault: %s: %s\n", e.where, e.text);
	if (rc == RC_OK) {
		say_hello(l);
		if (control_fd >= 0)
			rc = supervise_ready(control_fd, NULL);
		log_info("vault_ready", LOG_INT("channels", n));
	}
	int status = rc == RC_CONFIG || rc == RC_NOT_FOUND || rc == RC_CORRUPT ? SUPERVISE_EXIT_CONFIG : 1;
	while (rc == RC_OK && !end)
		rc = run_round(l, &end);
	for (size_t i = 0; i < n; i++) {
		buf_release(&l->place[i].in);
		buf_release(&l->place[i].out);
	}
	vault_free(&l->vault);
	free(l);
	return rc == RC_OK ? 0 : status;
}
