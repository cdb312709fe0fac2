/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The filter of system calls. Vault and matcher may make the calls of a list;
 * the gate, which draws text with large libraries, all but those of a list.
 * What is refused fails with EPERM: the wall is the same as if the process were
 * killed, and a library that only probes goes on. clone3 fails with ENOSYS,
 * since its flags cannot be seen here; libc then uses clone.
 */
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include "process/confine.h"

#define EVERY_NAMESPACE \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)

/* Makes a process able to reach what it was not given, or to undo its walls. */
static const char *const gate_refused[] = {
	/* other machines, other programs; socket and connect below */
	"socketpair", "bind", "listen", "recvmsg", "recvmmsg", "execve", "execveat",
	/* other processes */
	"ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "pidfd_open",
	"pidfd_getfd", "pidfd_send_signal", "kcmp", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "migrate_pages",
	"move_pages",
	/* ways around this filter, and wide surfaces of the kernel */
	"io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open", "userfaultfd", "personality",
	"modify_ldt", "keyctl", "add_key", "request_key", "name_to_handle_at", "open_by_handle_at", "fanotify_init",
	"lookup_dcookie", "syslog", "vhangup", "acct", "quotactl", "quotactl_fd",
	/* the shape of the system */
	"mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsmount", "fsconfig", "fspick",
	"mount_setattr", "unshare", "setns", "swapon", "swapoff", "reboot", "kexec_load", "kexec_file_load",
	"init_module", "finit_module", "delete_module", "sethostname", "setdomainname", "settimeofday", "clock_settime",
	"clock_adjtime", "adjtimex", "iopl", "ioperm", "mknod", "mknodat",
	/* other users */
	"setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups",
	"capset", NULL,
};

/* SQLite in its folder, threads, time, the sockets it was given (and, for a store on a server, Unix sockets). */
static const char *const vault_allowed[] = {
	/* files: which ones, Landlock says */
	"open", "openat", "close", "read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "pwritev", "lseek",
	"stat", "fstat", "lstat", "newfstatat", "statx", "access", "faccessat", "faccessat2", "statfs", "fstatfs", "fcntl",
	"flock", "truncate", "ftruncate", "fallocate", "fsync", "fdatasync", "sync_file_range", "unlink", "unlinkat",
	"rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "getdents64", "readlink", "readlinkat", "getcwd",
	"fchdir", "fchmod", "fchown", "umask", "utimensat", "fadvise64", "dup", "dup2", "dup3",
	/* memory; mmap and mprotect below */
	"munmap", "mremap", "madvise", "brk", "msync", "mlock", "mlock2", "munlock", "membarrier",
	/* threads; clone below */
	"futex", "set_robust_list", "get_robust_list", "rseq", "set_tid_address", "exit", "exit_group", "sched_yield",
	"sched_getaffinity", "sched_getparam", "sched_getscheduler", "gettid", "getpid", "getppid", "getuid", "geteuid",
	"getgid", "getegid", "getresuid", "getresgid", "getcpu",
	/* time, waiting, signals */
	"clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time", "poll", "ppoll", "select",
	"pselect6", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "eventfd2", "pipe2", "timerfd_create",
	"timerfd_settime", "timerfd_gettime", "signalfd4", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
	"rt_sigsuspend", "rt_sigtimedwait", "rt_sigpending", "sigaltstack", "restart_syscall",
	/* the sockets it has: without messages that could carry a descriptor */
	"recvfrom", "sendto", "getsockopt", "getsockname", "shutdown",
	/* itself */
	"getrandom", "uname", "sysinfo", "getrusage", "times", NULL,
};

static const char *const matcher_allowed[] = {
	"recvfrom", "sendto", "poll", "ppoll", "close", "munmap", "mremap", "madvise", "brk", "futex", "sched_yield",
	"clock_gettime", "gettimeofday", "getrandom", "getpid", "gettid", "rt_sigreturn", "rt_sigprocmask", "rt_sigaction",
	"sigaltstack", "restart_syscall", "exit", "exit_group", NULL,
};

/* A call that the running kernel's architecture lacks is no hole and no fault. */
static int rule_by_name(scmp_filter_ctx filter, uint32_t action, const char *name)
{
	int call = seccomp_syscall_resolve_name(name);
	return call == __NR_SCMP_ERROR || call < 0 ? 0 : seccomp_rule_add(filter, action, call, 0);
}

static int rules_by_name(scmp_filter_ctx filter, uint32_t action, const char *const *names)
{
	int failed = 0;
	for (; *names && !failed; names++)
		failed = rule_by_name(filter, action, *names);
	return failed;
}

#define RULE1(filter, action, call, cmp) seccomp_rule_add((filter), (action), SCMP_SYS(call), 1, (cmp))

static int gate_rules(scmp_filter_ctx f, bool unix_sockets)
{
	const uint32_t no = SCMP_ACT_ERRNO(EPERM);
	const scmp_datum_t self = (scmp_datum_t)getpid();
	int r = rules_by_name(f, no, gate_refused);
	/* Without a socket of another kind there is nothing else to connect. */
	if (unix_sockets)
		r |= RULE1(f, no, socket, SCMP_A0(SCMP_CMP_NE, AF_UNIX));
	else
		r |= seccomp_rule_add(f, no, SCMP_SYS(socket), 0) | seccomp_rule_add(f, no, SCMP_SYS(connect), 0);
	r |= seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	static const uint64_t namespaces[] = {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC,
	                                      CLONE_NEWUTS, CLONE_NEWCGROUP};
	for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
		r |= RULE1(f, no, clone, SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces[i], namespaces[i]));
	r |= RULE1(f, no, kill, SCMP_A0(SCMP_CMP_NE, self));
	r |= RULE1(f, no, tgkill, SCMP_A0(SCMP_CMP_NE, self));
	r |= RULE1(f, no, prlimit64, SCMP_A0(SCMP_CMP_NE, 0));
	r |= RULE1(f, no, prctl, SCMP_A0(SCMP_CMP_EQ, PR_SET_DUMPABLE));
	r |= RULE1(f, no, prctl, SCMP_A0(SCMP_CMP_EQ, PR_SET_PTRACER));
	r |= RULE1(f, no, ioctl, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, TIOCSTI));
	r |= RULE1(f, no, ioctl, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, TIOCLINUX));
	return r;
}

/* Memory that is never executable, and no words with processes but oneself. */
static int common_rules(scmp_filter_ctx f)
{
	const uint32_t yes = SCMP_ACT_ALLOW;
	int r = RULE1(f, yes, mmap, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	r |= RULE1(f, yes, mprotect, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	r |= RULE1(f, yes, tgkill, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid()));
	r |= seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return r;
}

static int vault_rules(scmp_filter_ctx f, bool unix_sockets)
{
	const uint32_t yes = SCMP_ACT_ALLOW;
	int r = rules_by_name(f, yes, vault_allowed) | common_rules(f);
	/* It holds no socket of another kind: there is nothing else that it could connect. */
	if (unix_sockets)
		r |= RULE1(f, yes, socket, SCMP_A0(SCMP_CMP_EQ, AF_UNIX)) | seccomp_rule_add(f, yes, SCMP_SYS(connect), 0);
	r |= RULE1(f, yes, clone, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | EVERY_NAMESPACE, CLONE_THREAD));
	r |= RULE1(f, yes, prlimit64, SCMP_A0(SCMP_CMP_EQ, 0));
	r |= RULE1(f, yes, prctl, SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
	r |= RULE1(f, yes, prctl, SCMP_A0(SCMP_CMP_EQ, PR_GET_DUMPABLE));
	r |= RULE1(f, yes, ioctl, SCMP_A1(SCMP_CMP_EQ, TCGETS));
	return r;
}

static int matcher_rules(scmp_filter_ctx f, bool unix_sockets)
{
	(void)unix_sockets;
	int r = rules_by_name(f, SCMP_ACT_ALLOW, matcher_allowed) | common_rules(f);
	/* its log */
	r |= RULE1(f, SCMP_ACT_ALLOW, write, SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO));
	return r;
}

enum rc confine_calls(enum sandbox_role role, bool unix_sockets, struct err *e)
{
	static int (*const rules[])(scmp_filter_ctx, bool) = {
		[SANDBOX_GATE] = gate_rules, [SANDBOX_VAULT] = vault_rules, [SANDBOX_MATCHER] = matcher_rules};
	scmp_filter_ctx filter = seccomp_init(role == SANDBOX_GATE ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM));
	if (!filter)
		return err_set(e, RC_CONFIG, "seccomp", "a filter cannot be made");
	int failed = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) || rules[role](filter, unix_sockets);
	/* A tree instead of a chain of comparisons; older libraries lack it. */
	if (!failed && seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2) != 0) {
	}
	int result = failed ? -EINVAL : seccomp_load(filter);
	seccomp_release(filter);
	if (result != 0)
		return err_set(e, RC_CONFIG, "seccomp", "the filter of system calls cannot be entered: %s", strerror(-result));
	return RC_OK;
}
