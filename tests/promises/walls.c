/* SPDX-License-Identifier: MPL-2.0 */
/*
 * What each process cannot do. A forked child enters the walls of a role and
 * tries each thing for itself: once as root with the three users (in a mount
 * namespace with a password file of its own), once as root without them (only
 * while developing), once as a plain user.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pango/pangocairo.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "process/channel.h"
#include "process/confine.h"
#include "process/sandbox.h"
#include "tap.h"

#define NOBODY 65534u

enum way { ROOT_WITH_USERS, ROOT_WITHOUT_USERS, PLAIN_USER };

/* ---- what the tests stand on: folders as in an installation, a peer to attack ---- */

static char base[256], home[320], peer_home[320], peer_secret[400];
static pid_t peer;
static char peer_memory[64] = "what the peer knows";
static int listener = -1, spare_socket = -1, channel[2];
static bool on_server; /* the store of the role */
static uint16_t listen_port;

/* What the child found; shared memory, since the matcher can write nowhere else. */
static struct found {
	int count, held;
	char broken[16][64];
	bool entered;
	char sentence[384];
} *found;

static void expect(bool good, const char *what)
{
	found->count++;
	if (good)
		found->held++;
	else if (found->count - found->held <= 16)
		snprintf(found->broken[found->count - found->held - 1], 64, "%s (errno %d)", what, errno);
}

#define CANNOT(what, call) (errno = 0, expect((long)(call) < 0, "could " what))
#define CAN(what, cond) (errno = 0, expect((cond), "could not " what))

/* ---- the attempts ---- */

static long wrong_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	return fd;
}

/* A Unix socket can be made, and is let ask for somebody, who is not there. */
static bool local_works(void)
{
	union {
		struct sockaddr any;
		struct sockaddr_un un;
	} at = {.un = {.sun_family = AF_UNIX, .sun_path = "nobody"}};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bool good = fd >= 0 && connect(fd, &at.any, sizeof at.un) != 0 && (errno == ENOENT || errno == EACCES);
	if (fd >= 0)
		close(fd);
	return good;
}

static void try_networks(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(listen_port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	union {
		struct sockaddr any;
		struct sockaddr_in in;
	} at = {.in = to};
	int pair[2];
	CANNOT("open an Internet socket", socket(AF_INET, SOCK_STREAM, 0));
	CANNOT("open an IPv6 socket", socket(AF_INET6, SOCK_DGRAM, 0));
	if (on_server)
		CAN("open a local socket", local_works());
	else
		CANNOT("open a local socket", socket(AF_UNIX, SOCK_STREAM, 0));
	CANNOT("open a netlink socket", socket(AF_NETLINK, SOCK_RAW, 0));
	CANNOT("make a socket pair", socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
	if (!on_server) /* then try_connecting() */
		CANNOT("connect a socket that it has", connect(spare_socket, &at.any, sizeof at.in));
	at.in.sin_port = 0;
	CANNOT("bind a socket that it has", bind(spare_socket, &at.any, sizeof at.in));
	CANNOT("listen", listen(spare_socket, 1));
	char byte;
	struct iovec v = {&byte, 1};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
	CANNOT("take a descriptor from a peer", recvmsg(channel[1], &m, MSG_DONTWAIT) < 0 && errno == EPERM ? -1 : 0);
	CANNOT("set up io_uring", syscall(SYS_io_uring_setup, 1, &m));
}

/* Whose store is on a server may connect; that a socket of another kind is not turned around is kept by Landlock. */
static void try_connecting(enum sandbox_role role)
{
	(void)role;
	union {
		struct sockaddr any;
		struct sockaddr_in in;
	} at = {.in = {.sin_family = AF_INET, .sin_port = htons(listen_port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
	CAN("open a local socket", local_works());
	expect(connect(spare_socket, &at.any, sizeof at.in) < 0 && errno == EACCES, "could connect a socket that it has");
}

static void try_processes(void)
{
	char path[64], stolen[sizeof peer_memory];
	char *const none[] = {NULL};
	struct iovec here = {stolen, sizeof stolen}, there = {peer_memory, sizeof peer_memory};
	snprintf(path, sizeof path, "/proc/%ld/mem", (long)peer);
	CANNOT("execute a program", execve("/bin/true", none, none));
	CANNOT("execute a program by descriptor", syscall(SYS_execveat, 0, "", none, none, AT_EMPTY_PATH));
	CANNOT("trace its peer", ptrace(PTRACE_ATTACH, peer, NULL, NULL));
	CANNOT("be traced", ptrace(PTRACE_TRACEME, 0, NULL, NULL));
	CANNOT("read its peer's memory", process_vm_readv(peer, &here, 1, &there, 1, 0));
	CANNOT("write its peer's memory", process_vm_writev(peer, &here, 1, &there, 1, 0));
	CANNOT("open its peer's memory", wrong_open(path, O_RDONLY));
	CANNOT("hold its peer", syscall(SYS_pidfd_open, peer, 0));
	CANNOT("signal its peer", kill(peer, SIGUSR1));
	CANNOT("signal a thread of its peer", syscall(SYS_tgkill, peer, peer, SIGUSR1));
	CANNOT("change its peer's limits", prlimit(peer, RLIMIT_NOFILE, NULL, &(struct rlimit){0, 0}));
}

static void try_powers(void)
{
	struct rlimit core = {1 << 20, 1 << 20};
	CANNOT("become root", setuid(0) == 0 && geteuid() != 0 ? 0 : -1);
	CANNOT("change user", setresuid(1234, 1234, 1234));
	CANNOT("change group", setresgid(1234, 1234, 1234));
	CANNOT("set groups", setgroups(0, NULL));
	CANNOT("make a user namespace", unshare(CLONE_NEWUSER));
	CANNOT("fork into a user namespace", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL));
	CANNOT("fork in the way that hides its flags", syscall(SYS_clone3, NULL, 0));
	CANNOT("mount", mount("none", "/tmp", "tmpfs", 0, NULL));
	CANNOT("change the root folder", chroot("/tmp"));
	CANNOT("load a program into the kernel", syscall(SYS_bpf, 0, NULL, 0));
	CANNOT("watch the processor", syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0));
	CANNOT("handle page faults", syscall(SYS_userfaultfd, 0));
	CANNOT("use the kernel's keys", syscall(SYS_keyctl, 0, -3, 1));
	CANNOT("set the clock", clock_settime(CLOCK_REALTIME, &(struct timespec){0, 0}));
	CANNOT("become dumpable", prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
	CANNOT("let itself be traced", prctl(PR_SET_PTRACER, peer, 0, 0, 0));
	CANNOT("leave a core", setrlimit(RLIMIT_CORE, &core));
}

static void try_files(void)
{
	CANNOT("read the password file", wrong_open("/etc/passwd", O_RDONLY));
	CANNOT("read another role's file", wrong_open(peer_secret, O_RDONLY));
	CANNOT("read another role's file from its own folder", wrong_open("../peer/secret", O_RDONLY));
	CANNOT("write into another role's folder", wrong_open("../peer/new", O_WRONLY | O_CREAT));
	CANNOT("remove another role's file", unlink("../peer/secret"));
	CANNOT("link another role's file", link("../peer/secret", "mine"));
	CANNOT("write to /tmp", wrong_open("/tmp/civis-walls", O_WRONLY | O_CREAT));
	CANNOT("write to shared memory", wrong_open("/dev/shm/civis-walls", O_WRONLY | O_CREAT));
	CANNOT("read the kernel's view of itself", wrong_open("/proc/self/mem", O_RDWR));
	CANNOT("list the root folder", wrong_open("/", O_RDONLY | O_DIRECTORY));
}

static void *in_thread(void *arg)
{
	*(int *)arg = 42;
	/* the walls stand in a new thread too */
	expect(socket(AF_INET, SOCK_STREAM, 0) < 0, "could open a socket in a thread");
	return NULL;
}

static bool thread_works(void)
{
	pthread_t t;
	int answer = 0;
	return pthread_create(&t, NULL, in_thread, &answer) == 0 && pthread_join(t, NULL) == 0 && answer == 42;
}

static bool database_works(void)
{
	sqlite3 *db = NULL;
	bool good = sqlite3_open("walls.db", &db) == SQLITE_OK &&
	            sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(a) STRICT;", NULL, NULL,
	                         NULL) != SQLITE_OK; /* STRICT wants a type: an error of SQL, not of files */
	good = good && sqlite3_exec(db, "CREATE TABLE t(a INTEGER) STRICT; INSERT INTO t VALUES(1);", NULL, NULL, NULL) == SQLITE_OK;
	good = good && sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE); VACUUM;", NULL, NULL, NULL) == SQLITE_OK;
	sqlite3_close(db);
	return good;
}

static bool files_work(void)
{
	struct stat st;
	bool good = file_write_durable("own", BYTES_LIT("content"), 0666, NULL) == RC_OK && stat("own", &st) == 0;
	return good && (st.st_mode & 077) == 0 && rename("own", "own2") == 0 && unlink("own2") == 0 && mkdir("sub", 0700) == 0 &&
	       rmdir("sub") == 0;
}

static bool channel_works(void)
{
	struct buf in = BUF_INIT(64);
	bool good = channel_send(channel[0], BYTES_LIT("hello"), 100) == RC_OK &&
	            channel_receive(channel[1], &in, 100) == RC_OK && in.len == 5;
	buf_release(&in);
	return good;
}

/* The request of a client that was waiting when the gate came in. */
static bool accepting_works(void)
{
	int fd = accept(listener, NULL, NULL);
	bool good = fd >= 0 && send(fd, "ok", 2, MSG_NOSIGNAL) == 2;
	if (fd >= 0)
		close(fd);
	return good;
}

static bool drawing_works(void)
{
	PangoFontMap *map = pango_cairo_font_map_new();
	PangoContext *context = pango_font_map_create_context(map);
	PangoLayout *layout = pango_layout_new(context);
	int width = 0;
	pango_layout_set_text(layout, "សំបុត្រកំណើត Birth", -1);
	pango_layout_get_pixel_size(layout, &width, NULL);
	g_object_unref(layout);
	g_object_unref(context);
	g_object_unref(map);
	return width > 0;
}

static bool fork_works(void)
{
	int status = -1;
	pid_t pid = fork();
	if (pid == 0)
		_exit(7);
	return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 7;
}

static void try_role(enum sandbox_role role)
{
	char linked[16];
	try_networks();
	try_processes();
	try_powers();
	try_files();
	CAN("speak on its channel", channel_works());
	if (role == SANDBOX_GATE) {
		CAN("accept a connection", accepting_works());
		CAN("draw text", drawing_works());
		CAN("read fonts and libraries", wrong_open("/usr/share", O_RDONLY | O_DIRECTORY) >= 0);
		CAN("fork", fork_works());
		CANNOT("write beside the libraries", wrong_open("/usr/share/civis-walls", O_WRONLY | O_CREAT));
	} else {
		CANNOT("read libraries", wrong_open("/usr/share", O_RDONLY | O_DIRECTORY));
		CANNOT("fork", syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL));
		CANNOT("make memory executable", mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
		                                           MAP_FAILED ? -1 : 0);
		CANNOT("accept a connection", accept(listener, NULL, NULL));
	}
	if (role == SANDBOX_MATCHER) {
		CANNOT("open any file", wrong_open("own", O_WRONLY | O_CREAT));
		CANNOT("read a folder's name", readlink("/proc/self/cwd", linked, sizeof linked));
		CANNOT("read from a descriptor", read(channel[1], linked, 1));
		CANNOT("write to another than its log", write(channel[0], "x", 1));
	} else {
		CAN("use its own folder", files_work());
		CAN("use a database in its folder", database_works());
		CAN("start a thread", thread_works());
		CAN("stay undumpable", prctl(PR_GET_DUMPABLE) == 0);
	}
}

static void (*attempts)(enum sandbox_role) = try_role;

/* ---- the stage ---- */

static bool put_file(const char *path, const char *text, mode_t mode)
{
	return file_write_durable(path, bytes_str(text), mode, NULL) == RC_OK && chmod(path, mode) == 0;
}

static int stage_socket(void)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
	} at = {.in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(fd, &at.any, sizeof at.in) != 0 || listen(fd, 8) != 0 || getsockname(fd, &at.any, &len) != 0)
		return -1;
	listen_port = ntohs(at.in.sin_port);
	int client = socket(AF_INET, SOCK_STREAM, 0); /* stays open: waits in the queue */
	if (connect(client, &at.any, sizeof at.in) != 0)
		return -1;
	return fd;
}

static bool set_stage(void)
{
	snprintf(base, sizeof base, "/tmp/civis-walls-XXXXXX");
	if (!mkdtemp(base) || chmod(base, 0711) != 0)
		return false;
	snprintf(home, sizeof home, "%s/home", base);
	snprintf(peer_home, sizeof peer_home, "%s/peer", base);
	snprintf(peer_secret, sizeof peer_secret, "%s/secret", peer_home);
	/* Open to all by its mode: only the walls are in the way. */
	bool good = mkdir(home, 0777) == 0 && mkdir(peer_home, 0777) == 0 && chmod(home, 0777) == 0 &&
	            chmod(peer_home, 0777) == 0 && put_file(peer_secret, "secret", 0666);
	found = mmap(NULL, sizeof *found, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	listener = stage_socket();
	spare_socket = socket(AF_INET, SOCK_STREAM, 0);
	return good && found != MAP_FAILED && listener >= 0 && channel_pair(channel, NULL) == RC_OK;
}

static bool clear_stage(void)
{
	char command[400];
	snprintf(command, sizeof command, "rm -rf '%s'", base);
	close(listener);
	close(spare_socket);
	close(channel[0]);
	close(channel[1]);
	munmap(found, sizeof *found);
	return system(command) == 0;
}

/* The machine's users and ours, seen by this process alone. */
static bool with_users(void)
{
	char path[400], command[1200];
	snprintf(path, sizeof path, "%s/passwd", base);
	snprintf(command, sizeof command,
	         "{ grep -v ^civis- /etc/passwd; for n in 1:gate 2:vault 3:matcher; do "
	         "echo civis-${n#*:}:x:6140${n%%:*}:6140${n%%:*}::/:/usr/sbin/nologin; done; } >'%s' && chmod 644 '%s'",
	         path, path);
	return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 && system(command) == 0 &&
	       mount(path, "/etc/passwd", NULL, MS_BIND, NULL) == 0;
}

static bool become_plain(void)
{
	return geteuid() != 0 || (setgroups(0, NULL) == 0 && setresgid(NOBODY, NOBODY, NOBODY) == 0 &&
	                          setresuid(NOBODY, NOBODY, NOBODY) == 0 && prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0);
}

static void expect_user(enum sandbox_role role, enum way way)
{
	static const uid_t ours[] = {[SANDBOX_GATE] = 61401, [SANDBOX_VAULT] = 61402, [SANDBOX_MATCHER] = 61403};
	uid_t want = way == ROOT_WITH_USERS ? ours[role] : way == PLAIN_USER && getuid() == NOBODY ? NOBODY : getuid();
	if (role != SANDBOX_MATCHER) /* who may not even ask */
		expect(getuid() == want && geteuid() == want && getgid() == (way == ROOT_WITH_USERS ? want : getgid()), "had another user");
}

static void be_child(enum sandbox_role role, enum way way, bool development, bool crash)
{
	struct err e = ERR_NONE;
	struct sandbox_paths paths = {.home = home, .read_only = role == SANDBOX_GATE ? sandbox_gate_libraries : NULL,
	                              .unix_sockets = on_server};
	if ((way == ROOT_WITH_USERS && !with_users()) || (way == PLAIN_USER && !become_plain()))
		_exit(77);
	if (way == ROOT_WITH_USERS && sandbox_make_home(role, home, NULL) != RC_OK)
		_exit(76);
	if (sandbox_enter(role, &paths, development, &e) != RC_OK) {
		snprintf(found->sentence, sizeof found->sentence, "%s: %s", e.where, e.text);
		_exit(2);
	}
	found->entered = true;
	if (crash)
		__builtin_trap();
	expect_user(role, way);
	attempts(role);
	_exit(0);
}

/* A peer under the same user, as the worst case: only the walls keep the two apart. */
static void start_peer(enum way way)
{
	peer = fork();
	if (peer == 0) {
		if (way == PLAIN_USER && !become_plain())
			_exit(1);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
}

static int run_child(enum sandbox_role role, enum way way, bool development, bool crash)
{
	int status = -1;
	start_peer(way);
	pid_t pid = fork();
	if (pid == 0)
		be_child(role, way, development, crash);
	waitpid(pid, &status, 0);
	int peer_status;
	bool peer_lives = waitpid(peer, &peer_status, WNOHANG) == 0;
	kill(peer, SIGKILL);
	waitpid(peer, NULL, 0);
	ok(peer_lives);
	return status;
}

static void walls(enum sandbox_role role, enum way way, bool development)
{
	if (way != PLAIN_USER && geteuid() != 0)
		skip("only root can try this");
	if (confine_landlock_version() == 0)
		skip("this kernel has no Landlock");
	if (!ok(set_stage()))
		return;
	int status = run_child(role, way, development, false);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		clear_stage();
		skip("no namespace of its own, or no way to become a plain user, here");
	}
	if (!ok(WIFEXITED(status) && WEXITSTATUS(status) == 0))
		printf("# status %x, entered %d: %s\n", (unsigned)status, found->entered, found->sentence);
	ok(found->count > (attempts == try_role ? 50 : 1));
	eq_int(found->held, found->count);
	for (int i = 0; i < found->count - found->held && i < 16; i++)
		printf("# %s\n", found->broken[i]);
	struct stat st;
	ok(stat(peer_secret, &st) == 0 && st.st_size == 6);
	clear_stage();
}

TEST(gate_as_root_with_users) { walls(SANDBOX_GATE, ROOT_WITH_USERS, false); }
TEST(vault_as_root_with_users) { walls(SANDBOX_VAULT, ROOT_WITH_USERS, false); }
TEST(matcher_as_root_with_users) { walls(SANDBOX_MATCHER, ROOT_WITH_USERS, false); }
TEST(gate_as_root_without_users) { walls(SANDBOX_GATE, ROOT_WITHOUT_USERS, true); }
TEST(vault_as_root_without_users) { walls(SANDBOX_VAULT, ROOT_WITHOUT_USERS, true); }
TEST(matcher_as_root_without_users) { walls(SANDBOX_MATCHER, ROOT_WITHOUT_USERS, true); }
TEST(gate_as_a_plain_user) { walls(SANDBOX_GATE, PLAIN_USER, false); }
TEST(vault_as_a_plain_user) { walls(SANDBOX_VAULT, PLAIN_USER, false); }
TEST(matcher_as_a_plain_user) { walls(SANDBOX_MATCHER, PLAIN_USER, false); }

static void walls_on_server(enum sandbox_role role)
{
	on_server = true;
	walls(role, PLAIN_USER, false);
	on_server = false;
}

TEST(gate_whose_store_is_on_a_server) { walls_on_server(SANDBOX_GATE); }
TEST(vault_whose_store_is_on_a_server) { walls_on_server(SANDBOX_VAULT); }

static void connecting_on_server(enum sandbox_role role)
{
	if (confine_landlock_version() < 4)
		skip("Landlock of this kernel keeps no socket from connecting: that came with Linux 6.7");
	attempts = try_connecting;
	walls_on_server(role);
	attempts = try_role;
}

TEST(gate_on_a_server_connects_no_socket_that_it_has) { connecting_on_server(SANDBOX_GATE); }
TEST(vault_on_a_server_connects_no_socket_that_it_has) { connecting_on_server(SANDBOX_VAULT); }

TEST(production_refuses_to_run_as_root_without_users)
{
	uid_t uid;
	gid_t gid;
	if (geteuid() != 0)
		skip("only root can try this");
	if (sandbox_find_user(SANDBOX_GATE, &uid, &gid) == RC_OK)
		skip("this machine has the users");
	if (!ok(set_stage()))
		return;
	int status = run_child(SANDBOX_VAULT, ROOT_WITHOUT_USERS, false, false);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 2);
	ok(!found->entered && strstr(found->sentence, "civis-vault") != NULL);
	clear_stage();
}

TEST(a_crash_leaves_no_core)
{
	struct rlimit before, generous;
	if (!ok(set_stage()) || !ok(getrlimit(RLIMIT_CORE, &before) == 0))
		return;
	generous = before;
	generous.rlim_cur = before.rlim_max;
	setrlimit(RLIMIT_CORE, &generous);
	for (int role = 0; role < SANDBOX_ROLES; role++) {
		int status = run_child((enum sandbox_role)role, PLAIN_USER, true, true);
		ok(found->entered && WIFSIGNALED(status) && !WCOREDUMP(status));
	}
	setrlimit(RLIMIT_CORE, &before);
	clear_stage();
}

/* The other direction: a process of the same user, outside any wall, attacks one inside. */
TEST(a_neighbour_of_the_same_user_cannot_read_it)
{
	if (!ok(set_stage()))
		return;
	pid_t inside = fork();
	if (inside == 0) {
		struct sandbox_paths paths = {.home = home};
		if (!become_plain() || sandbox_enter(SANDBOX_VAULT, &paths, true, NULL) != RC_OK)
			_exit(1);
		found->entered = true;
		for (;;)
			poll(NULL, 0, 1000);
	}
	for (int i = 0; i < 200 && !found->entered; i++)
		usleep(10000);
	ok(found->entered);
	pid_t neighbour = fork();
	if (neighbour == 0) {
		char path[64], stolen[64];
		struct iovec here = {stolen, sizeof stolen}, there = {peer_memory, sizeof stolen};
		if (!become_plain())
			_exit(1);
		snprintf(path, sizeof path, "/proc/%ld/mem", (long)inside);
		CANNOT("open its memory", wrong_open(path, O_RDONLY));
		snprintf(path, sizeof path, "/proc/%ld/environ", (long)inside);
		CANNOT("open its environment", wrong_open(path, O_RDONLY));
		CANNOT("read its memory", process_vm_readv(inside, &here, 1, &there, 1, 0));
		CANNOT("trace it", ptrace(PTRACE_ATTACH, inside, NULL, NULL));
		_exit(0);
	}
	int status = -1;
	waitpid(neighbour, &status, 0);
	kill(inside, SIGKILL);
	waitpid(inside, NULL, 0);
	ok(status == 0);
	eq_int(found->count, 4);
	eq_int(found->held, 4);
	clear_stage();
}

TEST(a_command_becomes_the_role_for_good)
{
	if (geteuid() != 0)
		skip("only root can try this");
	if (!ok(set_stage()))
		return;
	pid_t pid = fork();
	if (pid == 0) {
		if (!with_users())
			_exit(77);
		if (sandbox_make_home(SANDBOX_VAULT, home, NULL) != RC_OK || sandbox_switch_user(SANDBOX_VAULT, NULL) != RC_OK)
			_exit(1);
		struct stat st;
		bool good = getuid() == 61402 && geteuid() == 61402 && getgroups(0, NULL) == 0 && setuid(0) != 0 && seteuid(0) != 0;
		_exit(good && stat(home, &st) == 0 && st.st_uid == 61402 && (st.st_mode & 0777) == 0700 ? 0 : 2);
	}
	int status = -1;
	waitpid(pid, &status, 0);
	clear_stage();
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip("no namespace of its own here");
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
	RUN(gate_as_root_with_users);
	RUN(vault_as_root_with_users);
	RUN(matcher_as_root_with_users);
	RUN(gate_as_root_without_users);
	RUN(vault_as_root_without_users);
	RUN(matcher_as_root_without_users);
	RUN(gate_as_a_plain_user);
	RUN(vault_as_a_plain_user);
	RUN(matcher_as_a_plain_user);
	RUN(gate_whose_store_is_on_a_server);
	RUN(vault_whose_store_is_on_a_server);
	RUN(gate_on_a_server_connects_no_socket_that_it_has);
	RUN(vault_on_a_server_connects_no_socket_that_it_has);
	RUN(production_refuses_to_run_as_root_without_users);
	RUN(a_crash_leaves_no_core);
	RUN(a_neighbour_of_the_same_user_cannot_read_it);
	RUN(a_command_becomes_the_role_for_good);
	return tap_done();
}
