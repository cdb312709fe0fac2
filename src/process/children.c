/* SPDX-License-Identifier: MPL-2.0 */
#include "process/children.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "process/channel.h"

#define CLOEXEC_RANGE 4u /* CLOSE_RANGE_CLOEXEC, Linux 5.11 */

enum { BACKLOG = 1024, CHILD_ARGS_MAX = 32, CHILD_ENV_MAX = 16 };

extern char **environ;

/* Moves *fd out of the children's numbers. */
static bool move_up(int *fd)
{
	int up = fcntl(*fd, F_DUPFD_CLOEXEC, SUPERVISE_FD_OWN);
	if (up < 0)
		return false;
	close(*fd);
	*fd = up;
	return true;
}

/* "host:port" or "[host]:port" into two strings. */
static bool split_address(const char *listen, char host[static 128], char port[static 8])
{
	const char *colon = strrchr(listen, ':');
	if (!colon || colon == listen || strlen(colon + 1) > 5 || colon[1] == 0)
		return false;
	if (strspn(colon + 1, "0123456789") != strlen(colon + 1))
		return false;
	size_t len = (size_t)(colon - listen);
	bool bracketed = listen[0] == '[' && colon[-1] == ']';
	if (bracketed) {
		listen++;
		len -= 2;
	}
	if (len == 0 || len >= 128)
		return false;
	memcpy(host, listen, len);
	host[len] = 0;
	snprintf(port, 8, "%s", colon + 1);
	return true;
}

static int bind_one(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 && bind(fd, a->ai_addr, a->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	int kept = errno;
	close(fd);
	errno = kept;
	return -1;
}

static int bind_any(const struct addrinfo *a)
{
	int fd = -1;
	for (; a && fd < 0; a = a->ai_next)
		fd = bind_one(a);
	return fd;
}

/* The gate of a supervisor that was killed dies with it, but not before the disk has answered it; whoever starts
   civis again at once waits that long for the address. */
#define PREDECESSOR_US (5LL * 1000 * 1000)

unsigned supervise_gates(const char *listen)
{
	unsigned n = 1;
	for (; *listen; listen++)
		n += *listen == ',';
	return n;
}

static enum rc listen_at(const char *address, int *ret, struct err *e)
{
	char host[128], port[8];
	if (!split_address(address, host, port))
		return err_set(e, RC_CONFIG, "listen", "an address looks like 127.0.0.1:8080 or [::1]:8080");
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *found;
	if (getaddrinfo(host, port, &hints, &found) != 0)
		return err_set(e, RC_CONFIG, "listen", "there is no such address: %.100s", address);
	int64_t until = clock_monotonic_us() + PREDECESSOR_US;
	int fd = bind_any(found);
	while (fd < 0 && errno == EADDRINUSE && clock_monotonic_us() < until) {
		usleep(20 * 1000);
		fd = bind_any(found);
	}
	enum rc rc = fd >= 0 ? RC_OK : err_set(e, RC_CONFIG, "listen", "%.100s cannot be listened at: %s", address,
	                                       strerror(errno));
	freeaddrinfo(found);
	if (rc == RC_OK)
		*ret = fd;
	return rc;
}

static enum rc pair(int ends[2], struct err *e)
{
	enum rc rc = channel_pair(ends, e);
	if (rc == RC_OK && (!move_up(&ends[0]) || !move_up(&ends[1])))
		rc = err_set(e, RC_IO, "channel", "too few descriptors: %s", strerror(errno));
	return rc;
}

void supervise_sockets_init(struct supervise_sockets *s)
{
	s->matcher[0] = s->matcher[1] = -1;
	for (size_t i = 0; i < SUPERVISE_GATES_MAX; i++)
		s->listen[i] = -1;
	for (size_t i = 0; i < SUPERVISE_CHANNELS_MAX; i++)
		s->channels[i][0] = s->channels[i][1] = -1;
}

/* The first of several addresses. */
static enum rc listen_first(const char *addresses, size_t len, int *ret, struct err *e)
{
	char address[160];
	snprintf(address, sizeof address, "%.*s", (int)len, addresses);
	enum rc rc = listen_at(address, ret, e);
	if (rc == RC_OK && !move_up(ret))
		rc = err_set(e, RC_IO, "listen", "too few descriptors: %s", strerror(errno));
	return rc;
}

enum rc supervise_sockets_open(struct supervise_sockets *s, const struct supervise_config *config, struct err *e)
{
	const char *at = config->listen;
	enum rc rc = RC_OK;
	s->gates = supervise_gates(config->listen);
	s->each = config->channels;
	for (unsigned i = 0; rc == RC_OK && i < s->gates; i++) {
		size_t len = strcspn(at, ",");
		rc = listen_first(at, len, &s->listen[i], e);
		at += len + 1;
	}
	if (rc == RC_OK)
		rc = pair(s->matcher, e);
	for (unsigned i = 0; i < s->gates * s->each && rc == RC_OK; i++)
		rc = pair(s->channels[i], e);
	return rc;
}

static void shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void supervise_sockets_close(struct supervise_sockets *s)
{
	for (size_t i = 0; i < SUPERVISE_GATES_MAX; i++)
		shut(&s->listen[i]);
	for (int end = 0; end < 2; end++) {
		shut(&s->matcher[end]);
		for (size_t i = 0; i < SUPERVISE_CHANNELS_MAX; i++)
			shut(&s->channels[i][end]);
	}
}

/* ---- between fork and exec: nothing here allocates ---- */

static bool place(int fd, int number)
{
	return dup2(fd, number) == number; /* without close-on-exec */
}

/* How many channels the child has. */
static unsigned channels_of(const struct supervise_sockets *s, enum sandbox_role role)
{
	return role == SANDBOX_GATE ? s->each : s->gates * s->each;
}

static bool place_sockets(const struct supervise_sockets *s, enum sandbox_role role, unsigned number, int control)
{
	bool good = place(control, SUPERVISE_FD_CONTROL);
	if (role == SANDBOX_GATE)
		good = good && place(s->listen[number], SUPERVISE_FD_LISTEN);
	else
		good = good && place(s->matcher[role == SANDBOX_MATCHER], SUPERVISE_FD_MATCHER);
	unsigned first = role == SANDBOX_GATE ? number * s->each : 0;
	for (unsigned i = 0; role != SANDBOX_MATCHER && i < channels_of(s, role); i++)
		good = good && place(s->channels[first + i][role == SANDBOX_VAULT], SUPERVISE_FD_CHANNELS + (int)i);
	return good;
}

/* Standard input is nothing; standard output is for the supervisor's one line alone. */
static bool place_standard(void)
{
	int none = open("/dev/null", O_RDWR | O_CLOEXEC);
	return none >= 0 && place(none, STDIN_FILENO) && place(STDERR_FILENO, STDOUT_FILENO);
}

static void forget_signals(void)
{
	struct sigaction standard = {.sa_handler = SIG_DFL};
	sigset_t none;
	for (int s = 1; s < NSIG; s++)
		sigaction(s, &standard, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Passwords and the like in the caller's environment are not for the children. */
static void keep_environment(char *kept[static CHILD_ENV_MAX])
{
	static const char *const names[] = {"PATH=", "LANG=", "LC_ALL=", "TZ=", "FONTCONFIG_FILE=", "FONTCONFIG_PATH=",
	                                    "UBSAN_OPTIONS=", "GCOV_PREFIX=", "LD_LIBRARY_PATH="};
	size_t n = 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		for (char **at = environ; at && *at; at++)
			if (strncmp(*at, names[i], strlen(names[i])) == 0 && n < CHILD_ENV_MAX - 2)
				kept[n++] = *at;
	/* The search for leaks traces its own process, which the sandbox rightly refuses. */
	static char asan[] = "ASAN_OPTIONS=detect_leaks=0";
	kept[n++] = asan;
	kept[n] = NULL;
}

struct start {
	char *args[CHILD_ARGS_MAX];
	char gate[32], role[32], channels[32];
};

static bool make_args(struct start *st, const struct supervise_config *config, const struct supervise_sockets *sockets,
                      enum sandbox_role role, unsigned number)
{
	static char program[] = "civis";
	size_t n = 0;
	st->args[n++] = program;
	for (const char *const *arg = config->child_args; arg && *arg; arg++) {
		if (n >= CHILD_ARGS_MAX - 4)
			return false;
		union { const char *in; char *out; } same = {.in = *arg}; /* execve takes char *, and changes nothing */
		st->args[n++] = same.out;
	}
	snprintf(st->gate, sizeof st->gate, "--gate=%u", number);
	snprintf(st->role, sizeof st->role, "--role=%s", sandbox_role_name(role));
	snprintf(st->channels, sizeof st->channels, "--channels=%u", channels_of(sockets, role));
	if (number)
		st->args[n++] = st->gate;
	st->args[n++] = st->role;
	st->args[n++] = st->channels;
	st->args[n] = NULL;
	return true;
}

static void become_child(const struct supervise_config *config, const struct supervise_sockets *sockets,
                         enum sandbox_role role, unsigned number, int control, pid_t parent)
{
	struct start st;
	char *kept[CHILD_ENV_MAX];
	keep_environment(kept);
	forget_signals();
	/* A group of its own: an interrupt from the terminal reaches the supervisor alone, which keeps the order. */
	setpgid(0, 0);
	bool good = prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == parent;
	good = good && syscall(SYS_close_range, 3u, ~0u, CLOEXEC_RANGE) == 0;
	good = good && place_standard() && place_sockets(sockets, role, number, control) && make_args(&st, config, sockets, role, number);
	if (good)
		execve(config->program ? config->program : "/proc/self/exe", st.args, kept);
	_exit(SUPERVISE_EXIT_CONFIG);
}

enum rc supervise_spawn(const struct supervise_config *config, const struct supervise_sockets *sockets,
                        enum sandbox_role role, unsigned number, pid_t *ret_pid, int *ret_control, struct err *e)
{
	int control[2] = {-1, -1};
	pid_t parent = getpid();
	enum rc rc = pair(control, e);
	pid_t pid = rc == RC_OK ? fork() : -1;
	if (pid == 0)
		become_child(config, sockets, role, number, control[1], parent);
	if (rc == RC_OK && pid < 0)
		rc = err_set(e, RC_IO, sandbox_role_name(role), "it cannot be started: %s", strerror(errno));
	shut(&control[1]);
	if (rc != RC_OK) {
		shut(&control[0]);
		return rc;
	}
	*ret_pid = pid;
	*ret_control = control[0];
	return RC_OK;
}
