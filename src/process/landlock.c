/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Landlock by its system calls (there is no wrapper in libc). The header of
 * Debian 12 knows versions 1 and 2; what came later is named here, from
 * Documentation/userspace-api/landlock.rst of Linux.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process/confine.h"

#define FS_TRUNCATE (1ull << 14)  /* version 3 */
#define FS_IOCTL_DEV (1ull << 15) /* version 5 */
#define NET_BIND_TCP 1ull         /* version 4 */
#define NET_CONNECT_TCP 2ull
#define SCOPE_ABSTRACT_UNIX 1ull  /* version 6 */
#define SCOPE_SIGNAL 2ull

/* As the kernel of version 6 has it; older kernels accept the longer form when the rest is zero. */
struct ruleset {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

#define READ_FILE LANDLOCK_ACCESS_FS_READ_FILE
#define READ_TREE (READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* No device, socket, pipe or symbolic link is ever made, nothing executed. */
#define OWN_TREE \
	(READ_TREE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
	 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REFER | FS_TRUNCATE)
#define ALL_VERSION_1 ((1ull << 13) - 1)

int confine_landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	return version > 0 ? (int)version : 0;
}

static struct ruleset handled(int version)
{
	struct ruleset all = {.fs = ALL_VERSION_1};
	if (version >= 2)
		all.fs |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= 3)
		all.fs |= FS_TRUNCATE;
	if (version >= 5)
		all.fs |= FS_IOCTL_DEV;
	if (version >= 4)
		all.net = NET_BIND_TCP | NET_CONNECT_TCP;
	if (version >= 6)
		all.scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
	return all;
}

static bool permit(int ruleset, int beneath, uint64_t access)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = access, .parent_fd = beneath};
	return access == 0 || syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

static bool permit_reading(int ruleset, const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == EACCES || errno == ENOTDIR; /* cannot be read either way */
	struct stat st;
	bool good = fstat(fd, &st) == 0 && permit(ruleset, fd, S_ISDIR(st.st_mode) ? READ_TREE : READ_FILE);
	close(fd);
	return good;
}

enum rc confine_files_prepare(enum sandbox_role role, int home, const char *const *read_only, int *ret_ruleset,
                              struct err *e)
{
	int version = confine_landlock_version();
	if (version == 0) {
		*ret_ruleset = -1;
		return RC_OK;
	}
	struct ruleset all = handled(version);
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
	if (ruleset < 0)
		return err_set(e, RC_CONFIG, "landlock", "a ruleset cannot be made: %s", strerror(errno));
	bool good = true;
	if (role != SANDBOX_MATCHER) {
		good = home < 0 || permit(ruleset, home, OWN_TREE & all.fs);
		for (; good && read_only && *read_only; read_only++)
			good = permit_reading(ruleset, *read_only);
	}
	if (!good) {
		enum rc rc = err_set(e, RC_CONFIG, "landlock", "a rule cannot be added: %s", strerror(errno));
		close(ruleset);
		return rc;
	}
	*ret_ruleset = ruleset;
	return RC_OK;
}

enum rc confine_files_enter(int ruleset, struct err *e)
{
	if (syscall(SYS_landlock_restrict_self, ruleset, 0) != 0)
		return err_set(e, RC_CONFIG, "landlock", "the ruleset cannot be entered: %s", strerror(errno));
	return RC_OK;
}
