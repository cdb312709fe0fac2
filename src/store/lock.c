/* SPDX-License-Identifier: MPL-2.0 */
#include "store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum rc log_lock(const char *log_dir, bool wait, int *ret_fd, struct err *e)
{
	char path[PATH_MAX];
	if (path_join(path, sizeof path, log_dir, "lock") != RC_OK)
		return err_set(e, RC_TOO_LARGE, "log/lock", "The path is too long");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_set(e, errno == ENOENT ? RC_NOT_FOUND : RC_IO, "log/lock", "Cannot open the log's lock");
	/* Made by an operator's command, it must still be the gate's to open. */
	struct stat st;
	if (geteuid() == 0 && stat(log_dir, &st) == 0 && fchown(fd, st.st_uid, st.st_gid) != 0) {
		close(fd);
		return err_set(e, RC_IO, "log/lock", "Cannot give the log's lock to its user");
	}
	int r;
	do
		r = flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB));
	while (r < 0 && errno == EINTR);
	if (r < 0) {
		int error = errno;
		close(fd);
		return err_set(e, error == EWOULDBLOCK ? RC_BUSY : RC_IO, "log/lock", "Cannot take the log's lock");
	}
	*ret_fd = fd;
	return RC_OK;
}

void log_unlock(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}
