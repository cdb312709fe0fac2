/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "process/channel.h"
#include "process/supervise.h"
#include "vault/vault.h"

enum { KEPT_BUFFER = 64 * 1024, WATCHED_EXTRA = 3, GATHERINGS = 4 };

static volatile sig_atomic_t told_to_end;

static void on_signal(int number)
{
	(void)number;
	told_to_end = 1;
}

struct place {
	int fd;         /* −1: its other end is closed */
	bool answered;  /* `out` holds an answer of this round */
	struct buf out;
};

struct loop {
	struct vault *vault;
	struct place place[VAULT_SOCKETS_MAX];
	size_t n;
	struct buf in;
	int matcher, control;
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

static void send_answer(struct loop *l, size_t i)
{
	struct place *p = &l->place[i];
	p->answered = false;
	/* Who does not read its answers loses them; nobody else waits for it. */
	if (p->fd >= 0 && channel_send(p->fd, buf_bytes(&p->out), 0) != RC_OK)
		log_warn("vault_answer_lost", LOG_INT("channel", i));
	if (p->out.cap > KEPT_BUFFER)
		buf_release(&p->out);
	else
		buf_reset(&p->out);
}

static void send_answers(struct loop *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->place[i].answered)
			send_answer(l, i);
}

static void take_request(struct loop *l, size_t i)
{
	struct place *p = &l->place[i];
	struct vault_frame frame;
	bool deferred = false;
	enum rc rc = channel_receive(p->fd, &l->in, 0);
	if (rc == RC_GONE || rc == RC_IO)
		p->fd = -1;
	if (rc != RC_OK)
		return;
	/* Nothing sensible can be said to who does not keep to the protocol. */
	if (vault_frame_parse(buf_bytes(&l->in), &frame) == RC_OK && frame.op != VAULT_OP_HELLO) {
		vault_handle(l->vault, i, &frame, &p->out, &deferred);
		p->answered = !deferred;
	} else {
		log_warn("vault_bad_frame", LOG_INT("channel", i));
	}
	if (l->in.cap > KEPT_BUFFER)
		buf_release(&l->in);
	else
		buf_reset(&l->in);
	/* Before the round's first write nothing is seen that a failed commit could take back. */
	if (p->answered && vault_is_settled(l->vault))
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
	return l->watched[i].revents && l->place[i].fd >= 0 && !l->place[i].answered;
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

/* Nothing of this round is durable: every answer says so, and the process ends,
   since what it holds in memory is ahead of its store. */
static void refuse_all(struct loop *l, enum rc rc, const struct err *e)
{
	struct vault_frame frame;
	log_error("vault_commit_failed", LOG_RC(rc));
	vdb_rollback(&l->vault->db);
	for (size_t i = 0; i < l->n; i++) {
		struct place *p = &l->place[i];
		if (!p->answered || vault_frame_parse(buf_bytes(&p->out), &frame) != RC_OK)
			continue;
		struct call c = {.op = (enum vault_op)frame.op, .request = frame.request};
		vault_answer(&p->out, &c, rc, e);
	}
	send_answers(l);
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
	enum rc rc = vault_refresh(l->vault, &e);
	if (rc != RC_OK)
		return rc;
	if (l->watched[l->n].revents)
		take_logins(l);
	take_matches(l);
	take_requests(l);
	rc = vault_flush(l->vault, &e);
	if (rc == RC_OK)
		rc = vdb_commit(&l->vault->db, &e);
	if (rc != RC_OK)
		refuse_all(l, rc, &e);
	else
		send_answers(l);
	return rc;
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
	buf_init(&l->in, VAULT_FRAME_MAX);
	for (size_t i = 0; i < n; i++)
		l->place[i] = (struct place){.fd = fds[i], .out = BUF_INIT(VAULT_FRAME_MAX)};
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
	for (size_t i = 0; i < n; i++)
		buf_release(&l->place[i].out);
	buf_release(&l->in);
	vault_free(&l->vault);
	free(l);
	return rc == RC_OK ? 0 : status;
}
