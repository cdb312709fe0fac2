/* SPDX-License-Identifier: MPL-2.0 */
#include "process/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "process/channel.h"
#include "process/children.h"

enum {
	FIRST_DELAY_MS = 100,
	LONGEST_DELAY_MS = 5000,
	HEALTHY_MS = 10000,
	HURRY_MS = 1000, /* a signal repeated sooner is the same one: some tools send it to process and group */
	DRAIN_MS = 10000,
	URL_MAX = 200,
};

struct child {
	enum sandbox_role role;
	unsigned number; /* which gate */
	pid_t pid;    /* 0: not running */
	int control;  /* -1: none */
	bool ready;
	uint32_t restarts;
	int delay_ms; /* before the next restart */
	int64_t started_us;
	int64_t restart_us; /* when not running */
	char url[URL_MAX + 1]; /* a gate's */
};

enum { CHILDREN_MAX = SANDBOX_ROLES - 1 + SUPERVISE_GATES_MAX };

struct supervisor {
	const struct supervise_config *config;
	struct supervise_sockets sockets;
	/* Those that others wait for come first; the end goes the other way round. */
	struct child children[CHILDREN_MAX];
	size_t count;
	int signals;
	bool announced;
	bool ending;
	int64_t ending_us;
	int result;
};

static int64_t ms(int n)
{
	return (int64_t)n * 1000;
}

static enum rc start(struct supervisor *s, struct child *c, struct err *e)
{
	enum rc rc = supervise_spawn(s->config, &s->sockets, c->role, c->number, &c->pid, &c->control, e);
	c->started_us = clock_monotonic_us();
	c->ready = false;
	return rc;
}

static void schedule(struct child *c)
{
	int64_t now = clock_monotonic_us();
	if (now - c->started_us >= ms(HEALTHY_MS))
		c->delay_ms = FIRST_DELAY_MS;
	c->restart_us = now + ms(c->delay_ms);
	c->delay_ms = c->delay_ms * 2 > LONGEST_DELAY_MS ? LONGEST_DELAY_MS : c->delay_ms * 2;
}

/* A gate that does not listen is told the next time. */
static void tell_restarts(const struct supervisor *s)
{
	uint8_t frame[1 + 4 * SANDBOX_ROLES] = {'S'};
	uint32_t restarts[SANDBOX_ROLES] = {0};
	for (size_t i = 0; i < s->count; i++)
		restarts[s->children[i].role] += s->children[i].restarts;
	memcpy(frame + 1, restarts, sizeof restarts);
	for (size_t i = 0; i < s->count; i++)
		if (s->children[i].role == SANDBOX_GATE && s->children[i].ready && s->children[i].control >= 0)
			(void)!channel_send(s->children[i].control, BYTES_ARRAY(frame), 0);
}

/* Takes note of a child's end. False if it is still running. */
static bool reap(struct supervisor *s, struct child *c)
{
	const enum sandbox_role role = c->role;
	int status = 0;
	if (c->pid == 0)
		return true;
	if (waitpid(c->pid, &status, WNOHANG) != c->pid)
		return false;
	c->pid = 0;
	if (c->control >= 0)
		close(c->control);
	c->control = -1;
	bool killed = WIFSIGNALED(status);
	int code = killed ? WTERMSIG(status) : WEXITSTATUS(status);
	if (s->ending) {
		log_info("child_ended", LOG_WORD("role", sandbox_role_name(role)), LOG_INT(killed ? "signal" : "status", code));
	} else if (!killed && code == SUPERVISE_EXIT_CONFIG) {
		log_error("child_unusable", LOG_WORD("role", sandbox_role_name(role)), LOG_INT("status", code));
		s->ending = true;
		s->result = SUPERVISE_EXIT_CONFIG;
	} else {
		schedule(c);
		c->ready = false;
		c->restarts++;
		tell_restarts(s);
		log_warn("child_restarts", LOG_WORD("role", sandbox_role_name(role)),
		         LOG_INT(killed ? "signal" : "status", code),
		         LOG_INT("after_ms", (c->restart_us - clock_monotonic_us()) / 1000));
	}
	return true;
}

static void restart_due(struct supervisor *s)
{
	for (size_t i = 0; i < s->count; i++) {
		struct child *c = &s->children[i];
		if (c->pid == 0 && c->restart_us <= clock_monotonic_us() && start(s, c, NULL) != RC_OK) {
			log_error("child_cannot_start", LOG_WORD("role", sandbox_role_name(c->role)));
			schedule(c);
		}
	}
}

static int next_restart_ms(const struct supervisor *s)
{
	int64_t least = -1, now = clock_monotonic_us();
	for (size_t i = 0; i < s->count; i++) {
		const struct child *c = &s->children[i];
		int64_t left = c->restart_us > now ? (c->restart_us - now + 999) / 1000 : 0;
		if (c->pid == 0 && (least < 0 || left < least))
			least = left;
	}
	return (int)least;
}

/* The gate is not trusted with the terminal: printable ASCII only. */
static void take_url(struct child *c, struct bytes text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.len && n < URL_MAX; i++)
		if (text.ptr[i] > 0x20 && text.ptr[i] < 0x7f)
			c->url[n++] = (char)text.ptr[i];
	c->url[n] = 0;
}

static void announce(struct supervisor *s)
{
	bool all = true;
	for (size_t i = 0; i < s->count; i++)
		all = all && s->children[i].ready;
	if (!all || s->announced)
		return;
	s->announced = true;
	for (size_t i = 0; i < s->count; i++)
		if (s->children[i].role == SANDBOX_GATE)
			printf("civis: ready at %s\n", s->children[i].url);
	fflush(stdout);
}

static void hear(struct supervisor *s, struct child *c)
{
	const enum sandbox_role role = c->role;
	struct buf frame = BUF_INIT(512);
	enum rc rc = channel_receive(c->control, &frame, 0);
	if (rc == RC_OK && frame.ptr[0] == 'R' && !c->ready) {
		c->ready = true;
		log_info("child_ready", LOG_WORD("role", sandbox_role_name(role)),
		         LOG_INT("ms", (clock_monotonic_us() - c->started_us) / 1000));
		if (role == SANDBOX_GATE)
			take_url(c, bytes_slice(buf_bytes(&frame), 1, frame.len));
		if (role == SANDBOX_GATE)
			tell_restarts(s);
		announce(s);
	} else if (rc == RC_GONE || rc == RC_IO) {
		close(c->control); /* its end as a process is heard by SIGCHLD */
		c->control = -1;
	}
	buf_release(&frame);
}

/* Reads waiting signals. SIGCHLD needs no more than having woken us. */
static bool told_to_end(struct supervisor *s)
{
	struct signalfd_siginfo info;
	bool told = false;
	while (read(s->signals, &info, sizeof info) == (ssize_t)sizeof info)
		told = told || info.ssi_signo == SIGTERM || info.ssi_signo == SIGINT;
	return told;
}

static void watch(struct supervisor *s)
{
	while (!s->ending) {
		struct pollfd p[1 + CHILDREN_MAX] = {{.fd = s->signals, .events = POLLIN}};
		for (size_t i = 0; i < s->count; i++)
			p[1 + i] = (struct pollfd){.fd = s->children[i].control, .events = POLLIN};
		if (poll(p, 1 + s->count, next_restart_ms(s)) < 0 && errno != EINTR)
			continue;
		if (told_to_end(s))
			s->ending = true;
		for (size_t i = 0; i < s->count; i++)
			if (p[1 + i].revents && s->children[i].control >= 0)
				hear(s, &s->children[i]);
		for (size_t i = 0; i < s->count; i++)
			reap(s, &s->children[i]);
		if (!s->ending)
			restart_due(s);
	}
}

/* Asks, waits, then insists. Another signal to the supervisor insists at once. */
static void end_child(struct supervisor *s, struct child *c)
{
	int drain = s->config->drain_ms > 0 ? s->config->drain_ms : DRAIN_MS;
	int64_t deadline = clock_monotonic_us() + ms(drain);
	bool insisted = false;
	if (c->pid != 0)
		kill(c->pid, SIGTERM);
	while (!reap(s, c)) {
		int64_t left = (deadline - clock_monotonic_us() + 999) / 1000;
		struct pollfd p = {.fd = s->signals, .events = POLLIN};
		if (!insisted && left > 0)
			poll(&p, 1, (int)left);
		else
			poll(&p, 1, 100);
		bool hurry = told_to_end(s) && clock_monotonic_us() - s->ending_us > ms(HURRY_MS);
		if (!insisted && (hurry || left <= 0) && c->pid != 0) {
			log_warn("child_killed", LOG_WORD("role", sandbox_role_name(c->role)));
			kill(c->pid, SIGKILL);
			insisted = true;
		}
	}
}

static enum rc listen_to_signals(int *ret, sigset_t *ret_before)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, ret_before) != 0)
		return RC_IO;
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	int up = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, SUPERVISE_FD_OWN);
	if (fd >= 0)
		close(fd);
	*ret = up;
	return up < 0 ? RC_IO : RC_OK;
}

static void add_child(struct supervisor *s, enum sandbox_role role, unsigned number)
{
	s->children[s->count++] = (struct child){.role = role, .number = number, .control = -1, .delay_ms = FIRST_DELAY_MS};
}

static enum rc begin(struct supervisor *s, struct err *e)
{
	const unsigned gates = supervise_gates(s->config->listen);
	supervise_sockets_init(&s->sockets);
	if (s->config->channels == 0 || gates > SUPERVISE_GATES_MAX || s->config->channels * gates > SUPERVISE_CHANNELS_MAX)
		return err_set(e, RC_CONFIG, "channels", "between 1 and %d channels are possible, and %d gates", SUPERVISE_CHANNELS_MAX,
		               SUPERVISE_GATES_MAX);
	enum rc rc = supervise_sockets_open(&s->sockets, s->config, e);
	add_child(s, SANDBOX_MATCHER, 0);
	add_child(s, SANDBOX_VAULT, 0);
	for (unsigned i = 0; i < gates; i++)
		add_child(s, SANDBOX_GATE, i);
	for (size_t i = 0; rc == RC_OK && i < s->count; i++)
		rc = start(s, &s->children[i], e);
	return rc;
}

int supervise_run(const struct supervise_config *config, struct err *e)
{
	struct supervisor s = {.config = config, .signals = -1};
	sigset_t before;
	if (listen_to_signals(&s.signals, &before) != RC_OK) {
		err_set(e, RC_IO, "supervisor", "signals cannot be taken: %s", strerror(errno));
		return SUPERVISE_EXIT_CONFIG;
	}
	log_set_process("supervisor");
	if (begin(&s, e) == RC_OK)
		watch(&s);
	else
		s.result = SUPERVISE_EXIT_CONFIG;
	s.ending = true;
	s.ending_us = clock_monotonic_us();
	/* Several gates finish what they have begun at the same time. */
	for (size_t i = 0; i < s.count; i++)
		if (s.children[i].role == SANDBOX_GATE && s.children[i].pid != 0)
			kill(s.children[i].pid, SIGTERM);
	for (size_t i = s.count; i-- > 0;)
		end_child(&s, &s.children[i]);
	supervise_sockets_close(&s.sockets);
	close(s.signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return s.result;
}
