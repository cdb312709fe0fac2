/* SPDX-License-Identifier: MPL-2.0 */
#include "process/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"
#include "process/confine.h"

const char *const sandbox_gate_libraries[] = {
	"/usr", "/lib", "/lib64", "/etc/fonts", "/var/cache/fontconfig", "/etc/ld.so.cache", "/etc/localtime",
	"/dev/null", "/dev/urandom", NULL,
};

static const struct {
	const char *name;
	const char *user;
} roles[SANDBOX_ROLES] = {
	[SANDBOX_GATE] = {"gate", "civis-gate"},
	[SANDBOX_VAULT] = {"vault", "civis-vault"},
	[SANDBOX_MATCHER] = {"matcher", "civis-matcher"},
};

const char *sandbox_role_name(enum sandbox_role role)
{
	return roles[role].name;
}

const char *sandbox_role_user(enum sandbox_role role)
{
	return roles[role].user;
}

enum rc sandbox_role_parse(const char *name, enum sandbox_role *ret)
{
	for (int i = 0; i < SANDBOX_ROLES; i++)
		if (strcmp(name, roles[i].name) == 0) {
			*ret = (enum sandbox_role)i;
			return RC_OK;
		}
	return RC_NOT_FOUND;
}

enum rc sandbox_find_user(enum sandbox_role role, uid_t *ret_uid, gid_t *ret_gid)
{
	struct passwd entry, *found = NULL;
	char text[4096];
	if (getpwnam_r(roles[role].user, &entry, text, sizeof text, &found) != 0 || !found || found->pw_uid == 0)
		return RC_NOT_FOUND;
	*ret_uid = found->pw_uid;
	*ret_gid = found->pw_gid;
	return RC_OK;
}

static enum rc give(int dir, const char *path, uid_t uid, gid_t gid, struct err *e)
{
	DIR *list = fdopendir(dup(dir));
	bool good = list && fchown(dir, uid, gid) == 0;
	for (struct dirent *entry; good && (entry = readdir(list));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			good = fchownat(dir, entry->d_name, uid, gid, AT_SYMLINK_NOFOLLOW) == 0;
	enum rc rc = good ? RC_OK : err_set(e, RC_CONFIG, path, "it cannot be given to its user: %s", strerror(errno));
	if (list)
		closedir(list);
	return rc;
}

enum rc sandbox_make_home(enum sandbox_role role, const char *path, struct err *e)
{
	uid_t uid;
	gid_t gid;
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return err_set(e, RC_CONFIG, path, "the folder cannot be made: %s", strerror(errno));
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return err_set(e, RC_CONFIG, path, "the folder cannot be opened: %s", strerror(errno));
	enum rc rc = fchmod(dir, 0700) == 0 ? RC_OK : err_set(e, RC_CONFIG, path, "its mode cannot be set");
	if (rc == RC_OK && geteuid() == 0 && sandbox_find_user(role, &uid, &gid) == RC_OK)
		rc = give(dir, path, uid, gid, e);
	close(dir);
	return rc;
}

/* Becomes another user for good, and makes sure that it is for good. */
static enum rc become(enum sandbox_role role, uid_t uid, gid_t gid, struct err *e)
{
	uid_t r, f, s;
	if (setgroups(0, NULL) != 0 || setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0)
		return err_set(e, RC_CONFIG, roles[role].user, "this user cannot be taken on: %s", strerror(errno));
	if (getresuid(&r, &f, &s) != 0 || r != uid || f != uid || s != uid || setuid(0) == 0 || setgid(0) == 0)
		return err_set(e, RC_CONFIG, roles[role].user, "root could be taken back");
	return RC_OK;
}

enum rc sandbox_switch_user(enum sandbox_role role, struct err *e)
{
	uid_t uid;
	gid_t gid;
	if (geteuid() != 0 || sandbox_find_user(role, &uid, &gid) != RC_OK)
		return RC_OK;
	return become(role, uid, gid, e);
}

static enum rc weaker(enum sandbox_role role, bool allowed, const char *what, const char *sentence, struct err *e)
{
	if (!allowed)
		return err_set(e, RC_CONFIG, roles[role].name, "%s", sentence);
	log_warn("sandbox_weaker", LOG_WORD("role", roles[role].name), LOG_WORD("missing", what));
	return RC_OK;
}

static enum rc drop_user(enum sandbox_role role, bool development, struct err *e)
{
	uid_t uid;
	gid_t gid;
	if (geteuid() != 0)
		return weaker(role, true, "separate_users", "", e);
	if (sandbox_find_user(role, &uid, &gid) == RC_OK)
		return become(role, uid, gid, e);
	return weaker(role, development, "separate_users",
	              "started as root, it needs the users civis-gate, civis-vault and civis-matcher", e);
}

/* Also for root that stays root while developing: it then may do what its files' owner may, no more. */
static enum rc drop_capabilities(struct err *e)
{
	for (int cap = 0; cap <= 63 && prctl(PR_CAPBSET_READ, cap) >= 0; cap++)
		if (prctl(PR_CAPBSET_DROP, cap) != 0 && errno != EPERM)
			return err_set(e, RC_CONFIG, "capabilities", "they cannot be dropped: %s", strerror(errno));
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL)
		return err_set(e, RC_CONFIG, "capabilities", "they cannot be dropped: %s", strerror(errno));
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
	if (syscall(SYS_capset, &head, none) != 0)
		return err_set(e, RC_CONFIG, "capabilities", "they cannot be dropped: %s", strerror(errno));
	return RC_OK;
}

/* Landlock binds the thread that asks for it: there must be no other. (A sanitizer may have its own.) */
static bool single_thread(void)
{
#if defined(__SANITIZE_THREAD__)
	return true;
#else
	DIR *tasks = opendir("/proc/self/task");
	int n = 0;
	if (!tasks)
		return true;
	for (struct dirent *entry; (entry = readdir(tasks));)
		n += entry->d_name[0] != '.';
	closedir(tasks);
	return n == 1;
#endif
}

static enum rc quieten(struct err *e)
{
	const struct rlimit none = {0, 0};
	umask(077);
	/* After the change of user, which resets both of the latter. */
	if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return err_set(e, RC_CONFIG, "sandbox", "its limits cannot be set: %s", strerror(errno));
	return RC_OK;
}

static enum rc go_home(const char *path, int *ret_home, struct err *e)
{
	int home = open(path ? path : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (home < 0 || fchdir(home) != 0) {
		enum rc rc = err_set(e, RC_CONFIG, path ? path : "/", "the folder cannot be entered: %s", strerror(errno));
		if (home >= 0)
			close(home);
		return rc;
	}
	*ret_home = home;
	return RC_OK;
}

enum rc sandbox_enter(enum sandbox_role role, const struct sandbox_paths *paths, bool development, struct err *e)
{
	int home = -1, ruleset = -1;
	if (!single_thread())
		return err_set(e, RC_CONFIG, roles[role].name, "the sandbox must be entered before any thread is started");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_set(e, RC_CONFIG, roles[role].name, "new privileges cannot be ruled out: %s", strerror(errno));
	enum rc rc = go_home(paths->home, &home, e);
	if (rc == RC_OK)
		rc = confine_files_prepare(role, paths->home ? home : -1, paths->read_only, &ruleset, e);
	if (rc == RC_OK && ruleset < 0)
		rc = weaker(role, development, "landlock", "this kernel has no Landlock; production needs it", e);
	if (rc == RC_OK)
		rc = drop_user(role, development, e);
	if (rc == RC_OK)
		rc = drop_capabilities(e);
	if (rc == RC_OK)
		rc = quieten(e);
	if (rc == RC_OK && ruleset >= 0)
		rc = confine_files_enter(ruleset, e);
	if (ruleset >= 0)
		close(ruleset);
	if (home >= 0)
		close(home);
	return rc == RC_OK ? confine_calls(role, paths->unix_sockets, e) : rc;
}
