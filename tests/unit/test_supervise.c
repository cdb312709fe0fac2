/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The supervisor with toy roles: this program starts itself. A line sent by TCP
 * goes gate → vault → matcher and back; each adds its pid on the way out.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "process/channel.h"
#include "process/supervise.h"
#include "tap.h"

/* ---- the toys ---- */

enum { CHANNELS = 3 }; /* of each gate */

static volatile sig_atomic_t ended;

static void on_term(int s)
{
	(void)s;
	ended = 1;
}

static void relay(int from, int onward, const char *name)
{
	struct buf frame = BUF_INIT(4096);
	if (channel_receive(from, &frame, 0) == RC_OK) {
		if (onward >= 0) {
			bool good = channel_send(onward, buf_bytes(&frame), 1000) == RC_OK;
			/* 5 s: longer than a restart of the next one takes */
			if (!good || channel_receive(onward, &frame, 5000) != RC_OK)
				buf_reset(&frame);
		}
		buf_printf(&frame, " %s=%ld", name, (long)getpid());
		if (channel_send(from, buf_bytes(&frame), 1000) != RC_OK)
			ended = 1;
	}
	buf_release(&frame);
}

static uint32_t restarts[SANDBOX_ROLES]; /* as the gate heard */

/* False: the supervisor is gone. */
static bool hear(int control)
{
	enum rc rc = supervise_hear(control, restarts);
	return rc == RC_OK || rc == RC_BUSY;
}

static void serve_line(int listener, int channel)
{
	char line[256];
	int fd = accept(listener, NULL, NULL);
	if (fd < 0)
		return;
	ssize_t n = read(fd, line, sizeof line);
	struct buf frame = BUF_INIT(4096);
	if (n > 0 && channel_send(channel, bytes_of(line, (size_t)n), 1000) == RC_OK &&
	    channel_receive(channel, &frame, 8000) == RC_OK) {
		buf_printf(&frame, " gate=%ld restarts=%u,%u,%u\n", (long)getpid(), restarts[SANDBOX_GATE], restarts[SANDBOX_VAULT],
			   restarts[SANDBOX_MATCHER]);
		if (write(fd, frame.ptr, frame.len) < 0)
			ended = 1;
	}
	buf_release(&frame);
	close(fd);
}

static int toy(int argc, char **argv)
{
	enum sandbox_role role;
	struct supervise_child c;
	struct err e = ERR_NONE;
	char url[128] = "";
	if (argc < 4 || sandbox_role_parse(argv[argc - 2] + 7, &role) != RC_OK)
		return SUPERVISE_EXIT_CONFIG;
	if (supervise_child_init(role, (unsigned)strtoul(argv[argc - 1] + 11, NULL, 10), &c, &e) != RC_OK)
		return SUPERVISE_EXIT_CONFIG;
	if (strcmp(argv[2], "unusable") == 0 && role == SANDBOX_VAULT)
		return SUPERVISE_EXIT_CONFIG;
	signal(SIGTERM, on_term);
	if (strcmp(argv[2], "deaf") == 0 && role == SANDBOX_GATE)
		signal(SIGTERM, SIG_IGN);
	if (role == SANDBOX_GATE && supervise_url(c.listen, "http", url, sizeof url) != RC_OK)
		return 1;
	if (supervise_ready(c.control, url) != RC_OK)
		return 1;
	int from = role == SANDBOX_GATE ? c.listen : role == SANDBOX_VAULT ? c.channels[1] : c.matcher;
	int second = role == SANDBOX_VAULT && c.channel_count > CHANNELS ? c.channels[CHANNELS + 1] : -1; /* of another gate */
	while (!ended) {
		struct pollfd p[3] = {{.fd = from, .events = POLLIN}, {.fd = c.control, .events = POLLIN}, {.fd = second, .events = POLLIN}};
		if (poll(p, 3, 1000) <= 0)
			continue;
		if (p[1].revents && !hear(c.control))
			return 0;
		if (role == SANDBOX_GATE)
			serve_line(c.listen, c.channels[1]);
		else
			relay(p[2].revents ? second : from, role == SANDBOX_VAULT ? c.matcher : -1, sandbox_role_name(role));
	}
	return 0;
}

/* ---- the tests ---- */

static pid_t supervisor;
static int port;
static char ready[256];
static const char *addresses = "127.0.0.1:0";

static void start_supervisor(const char *mode)
{
	int out[2];
	if (pipe(out) != 0)
		return;
	supervisor = fork();
	if (supervisor == 0) {
		const char *const args[] = {"toy", mode, NULL};
		struct supervise_config config = {.child_args = args, .listen = addresses, .channels = CHANNELS, .drain_ms = 500};
		struct err e = ERR_NONE;
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		_exit(supervise_run(&config, &e));
	}
	close(out[1]);
	struct pollfd p = {.fd = out[0], .events = POLLIN};
	ssize_t n = poll(&p, 1, 5000) > 0 ? read(out[0], ready, sizeof ready - 1) : 0;
	ready[n > 0 ? n : 0] = 0;
	close(out[0]);
	const char *colon = strrchr(ready, ':');
	port = colon ? (int)strtol(colon + 1, NULL, 10) : 0;
}

static int wait_supervisor(int timeout_ms)
{
	int status = -1;
	for (int waited = 0; waited < timeout_ms; waited += 10) {
		if (waitpid(supervisor, &status, WNOHANG) == supervisor)
			return WIFEXITED(status) ? WEXITSTATUS(status) : -2;
		usleep(10000);
	}
	kill(supervisor, SIGKILL);
	waitpid(supervisor, &status, 0);
	return -3;
}

static int dial(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
	                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	union {
		struct sockaddr any;
		struct sockaddr_in in;
	} to = {.in = at};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd >= 0 && connect(fd, &to.any, sizeof to.in) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void answer(int fd, char out[static 256])
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	ssize_t n = poll(&p, 1, 10000) > 0 ? read(fd, out, 255) : 0;
	out[n > 0 ? n : 0] = 0;
	close(fd);
}

static void ask(char out[static 256])
{
	int fd = dial();
	out[0] = 0;
	if (ok(fd >= 0) && ok(write(fd, "ping", 4) == 4))
		answer(fd, out);
}

static pid_t pid_in(const char *line, const char *name)
{
	char key[32];
	snprintf(key, sizeof key, " %s=", name);
	const char *at = strstr(line, key);
	return at ? (pid_t)strtol(at + strlen(key), NULL, 10) : 0;
}

TEST(says_when_it_is_ready_and_serves)
{
	char line[256];
	start_supervisor("plain");
	ok(strncmp(ready, "civis: ready at http://127.0.0.1:", 33) == 0);
	ask(line);
	ok(strncmp(line, "ping ", 5) == 0);
	pid_t gate = pid_in(line, "gate");
	ok(gate > 0 && pid_in(line, "vault") > 0 && pid_in(line, "matcher") > 0);
	kill(supervisor, SIGTERM);
	eq_int(wait_supervisor(5000), 0);
	ok(gate > 0 && kill(gate, 0) != 0);
}

/* The request is sent while the process is dead, and waits in the socket. */
static void killed_child_returns(const char *name)
{
	char before[256], after[256];
	start_supervisor("plain");
	ask(before);
	pid_t victim = pid_in(before, name);
	if (!ok(victim > 0))
		return;
	kill(victim, SIGKILL);
	ask(after);
	ok(pid_in(after, name) > 0 && pid_in(after, name) != victim);
	static const char *const names[] = {"gate", "vault", "matcher"};
	for (int i = 0; i < 3; i++)
		if (strcmp(names[i], name) != 0)
			ok(pid_in(after, names[i]) == pid_in(before, names[i]));
	char told[32];
	snprintf(told, sizeof told, " restarts=%d,%d,%d\n", name[0] == 'g', name[0] == 'v', name[0] == 'm');
	for (int tries = 0; tries < 50 && !strstr(after, told); tries++, usleep(10000))
		ask(after);
	ok(strstr(after, told) != NULL);
	kill(supervisor, SIGTERM);
	eq_int(wait_supervisor(5000), 0);
}

TEST(a_killed_gate_returns) { killed_child_returns("gate"); }
TEST(a_killed_vault_returns) { killed_child_returns("vault"); }
TEST(a_killed_matcher_returns) { killed_child_returns("matcher"); }

TEST(several_gates_share_a_vault)
{
	char first[256], second[256];
	addresses = "127.0.0.1:0,127.0.0.1:0";
	start_supervisor("plain");
	addresses = "127.0.0.1:0";
	const char *line = strchr(ready, '\n');
	ok(line && strncmp(line, "\ncivis: ready at http://127.0.0.1:", 34) == 0);
	ask(first);
	port = (int)strtol(ready + 33, NULL, 10);
	ask(second);
	ok(pid_in(first, "gate") > 0 && pid_in(second, "gate") > 0 && pid_in(first, "gate") != pid_in(second, "gate"));
	ok(pid_in(first, "vault") > 0 && pid_in(first, "vault") == pid_in(second, "vault"));
	/* Both hear of the end of one. */
	kill(pid_in(first, "gate"), SIGKILL);
	for (int tries = 0; tries < 200 && !strstr(second, " restarts=1,0,0\n"); tries++, usleep(10000))
		ask(second);
	ok(strstr(second, " restarts=1,0,0\n") != NULL);
	kill(supervisor, SIGTERM);
	eq_int(wait_supervisor(5000), 0);
}

TEST(an_unusable_child_ends_everything)
{
	start_supervisor("unusable");
	eq_str(ready, "");
	eq_int(wait_supervisor(5000), SUPERVISE_EXIT_CONFIG);
}

TEST(a_deaf_child_is_killed_in_the_end)
{
	char line[256];
	start_supervisor("deaf");
	ask(line);
	kill(supervisor, SIGTERM);
	int64_t before = clock_monotonic_us();
	usleep(20000);
	kill(supervisor, SIGTERM); /* the same one again: no reason to hurry */
	eq_int(wait_supervisor(5000), 0);
	ok(clock_monotonic_us() - before >= 400000);
	ok(pid_in(line, "gate") > 0 && kill(pid_in(line, "gate"), 0) != 0);
}

TEST(no_child_outlives_the_supervisor)
{
	char line[256];
	static const char *const names[] = {"gate", "vault", "matcher"};
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* so that the orphans can be waited for */
	start_supervisor("deaf");
	ask(line);
	kill(supervisor, SIGKILL);
	waitpid(supervisor, NULL, 0);
	for (int i = 0; i < 3; i++) {
		pid_t pid = pid_in(line, names[i]);
		int status = 0;
		for (int waited = 0; pid > 0 && waited < 200 && waitpid(pid, &status, WNOHANG) == 0; waited++)
			usleep(10000);
		ok(pid > 0 && kill(pid, 0) != 0);
	}
}

TEST(a_bad_address_is_refused_with_a_sentence)
{
	static const char *const bad[] = {"", "8080", ":8080", "127.0.0.1:", "127.0.0.1:99999x", "127.0.0.1:http",
	                                  "[::1:80", "999.1.1.1:80"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct supervise_config config = {.listen = bad[i], .channels = 1, .program = "/nonexistent"};
		struct err e = ERR_NONE;
		eq_int(supervise_run(&config, &e), SUPERVISE_EXIT_CONFIG);
		eq_int(e.code, RC_CONFIG);
		ok(e.text[0] != 0);
	}
}

static int take_an_address(char text[static 32])
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	ok(fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0 && listen(fd, 1) == 0 &&
	   getsockname(fd, (struct sockaddr *)&a, &len) == 0);
	snprintf(text, 32, "127.0.0.1:%u", (unsigned)ntohs(a.sin_port));
	return fd;
}

TEST(the_address_of_a_predecessor_is_waited_for)
{
	char address[32];
	int held = take_an_address(address);
	pid_t holder = fork();
	if (holder == 0) {
		usleep(300 * 1000);
		_exit(0);
	}
	close(held);
	int64_t before = clock_monotonic_us();
	struct supervise_config config = {.listen = address, .channels = 1, .program = "/nonexistent"};
	struct err e = ERR_NONE;
	(void)!supervise_run(&config, &e);
	ok(strcmp(e.where, "listen") != 0);
	ok(clock_monotonic_us() - before >= 200 * 1000);
	waitpid(holder, NULL, 0);
}

TEST(a_role_is_not_started_by_hand)
{
	struct supervise_child c;
	struct err e = ERR_NONE;
	eq_int(supervise_child_init(SANDBOX_VAULT, 4, &c, &e), RC_CONFIG);
	eq_int(supervise_child_init(SANDBOX_GATE, 4000, &c, NULL), RC_CONFIG);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "toy") == 0)
		return toy(argc, argv);
	RUN(says_when_it_is_ready_and_serves);
	RUN(a_killed_gate_returns);
	RUN(a_killed_vault_returns);
	RUN(a_killed_matcher_returns);
	RUN(several_gates_share_a_vault);
	RUN(an_unusable_child_ends_everything);
	RUN(a_deaf_child_is_killed_in_the_end);
	RUN(no_child_outlives_the_supervisor);
	RUN(a_bad_address_is_refused_with_a_sentence);
	RUN(the_address_of_a_predecessor_is_waited_for);
	RUN(a_role_is_not_started_by_hand);
	return tap_done();
}
