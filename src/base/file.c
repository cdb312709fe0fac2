/* SPDX-License-Identifier: MPL-2.0 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum rc io_error(struct err *e, const char *path, const char *doing)
{
	enum rc code = errno == ENOENT ? RC_NOT_FOUND : errno == ENOSPC || errno == EDQUOT ? RC_STORE_FULL : RC_IO;
	return err_set(e, code, path, "%s failed: %s", doing, strerror(errno));
}

enum rc file_read(const char *path, struct buf *out, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return io_error(e, path, "open");
	enum rc rc = RC_OK;
	uint8_t piece[16384];
	for (;;) {
		ssize_t n = read(fd, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			rc = io_error(e, path, "read");
		if (n <= 0)
			break;
		buf_append(out, bytes_of(piece, (size_t)n));
		if (buf_failed(out)) {
			rc = err_set(e, RC_TOO_LARGE, path, "the file is larger than %zu bytes", out->max);
			break;
		}
	}
	wipe(piece, sizeof piece);
	close(fd);
	return rc;
}

static bool write_all(int fd, struct bytes content)
{
	while (content.len) {
		ssize_t n = write(fd, content.ptr, content.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		content = bytes_slice(content, (size_t)n, content.len);
	}
	return true;
}

static enum rc sync_opened(const char *path, int flags, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | flags);
	enum rc rc = fd >= 0 && fsync(fd) == 0 ? RC_OK : io_error(e, path, "sync");
	if (fd >= 0)
		close(fd);
	return rc;
}

enum rc file_sync(const char *path, struct err *e)
{
	return sync_opened(path, 0, e);
}

enum rc dir_sync(const char *path, struct err *e)
{
	return sync_opened(path, O_DIRECTORY, e);
}

enum rc dir_sync_of(const char *file, struct err *e)
{
	char folder[PATH_MAX];
	int n = snprintf(folder, sizeof folder, "%s", file);
	if (n < 0 || (size_t)n >= sizeof folder)
		return err_set(e, RC_TOO_LARGE, file, "the path is too long");
	char *slash = strrchr(folder, '/');
	if (slash)
		slash[slash == folder ? 1 : 0] = 0;
	return dir_sync(slash ? folder : ".", e);
}

enum rc file_write_durable(const char *path, struct bytes content, mode_t mode, struct err *e)
{
	char temporary[PATH_MAX];
	int n = snprintf(temporary, sizeof temporary, "%s.%ld.part", path, (long)getpid());
	if (n < 0 || (size_t)n >= sizeof temporary)
		return err_set(e, RC_TOO_LARGE, path, "the path is too long");
	int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (fd < 0)
		return io_error(e, path, "create");
	bool ok = write_all(fd, content) && fsync(fd) == 0;
	enum rc rc = ok ? RC_OK : io_error(e, path, "write");
	if (close(fd) != 0 && rc == RC_OK)
		rc = io_error(e, path, "close");
	if (rc == RC_OK && rename(temporary, path) != 0)
		rc = io_error(e, path, "rename");
	if (rc != RC_OK)
		unlink(temporary);
	return rc == RC_OK ? dir_sync_of(path, e) : rc;
}

enum rc dir_make(const char *path, mode_t mode, struct err *e)
{
	char part[PATH_MAX];
	int n = snprintf(part, sizeof part, "%s", path);
	if (n <= 0 || (size_t)n >= sizeof part)
		return err_set(e, RC_TOO_LARGE, path, "the path is empty or too long");
	for (char *at = part + 1;; at++) {
		char c = *at;
		if (c != '/' && c != 0)
			continue;
		*at = 0;
		if (mkdir(part, mode) != 0 && errno != EEXIST)
			return io_error(e, part, "mkdir");
		if (c == 0)
			return RC_OK;
		*at = c;
	}
}

enum rc path_join(char *out, size_t size, const char *dir, const char *name)
{
	int n = snprintf(out, size, "%s/%s", dir, name);
	return n < 0 || (size_t)n >= size ? RC_TOO_LARGE : RC_OK;
}

enum rc path_in(char *out, const char *dir, const char *name, struct err *e)
{
	return path_join(out, PATH_MAX, dir, name) == RC_OK ? RC_OK : err_set(e, RC_TOO_LARGE, dir, "the path is too long");
}
