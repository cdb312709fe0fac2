/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A preloaded library that makes one kind of write fail with EIO, so that tests
 * see what a dying disk would do. From the environment:
 *   FAILING_CALL   pwrite64 or fdatasync
 *   FAILING_FILE   the end of the file's name, "main.db-wal"
 *   FAILING_AFTER  calls that succeed before
 *   FAILING_TIMES  calls that fail then
 * Each process counts its own calls: one that is restarted after the fault
 * goes through it again, so FAILING_AFTER must leave it room to work.
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at);
int fdatasync(int fd);

static atomic_long calls;

static bool is_the_file(int fd)
{
	const char *end = getenv("FAILING_FILE");
	char link[64], path[PATH_MAX];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = end ? readlink(link, path, sizeof path - 1) : -1;
	if (n < 0)
		return false;
	path[n] = 0;
	size_t have = strlen(path), want = strlen(end);
	return have >= want && strcmp(path + have - want, end) == 0;
}

static bool fails(const char *call, int fd)
{
	const char *which = getenv("FAILING_CALL"), *after = getenv("FAILING_AFTER"), *times = getenv("FAILING_TIMES");
	if (!which || !after || !times || strcmp(which, call) != 0 || !is_the_file(fd))
		return false;
	long count = atomic_fetch_add(&calls, 1), from = strtol(after, NULL, 10);
	if (count < from || count >= from + strtol(times, NULL, 10))
		return false;
	static const char said[] = "failing_io: injected\n";
	if (write(STDERR_FILENO, said, sizeof said - 1) < 0) {
	}
	return true;
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
	static ssize_t (*real)(int, const void *, size_t, off64_t);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "pwrite64");
	if (fails("pwrite64", fd)) {
		errno = EIO;
		return -1;
	}
	return real(fd, data, n, at);
}

int fdatasync(int fd)
{
	static int (*real)(int);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "fdatasync");
	if (fails("fdatasync", fd)) {
		errno = EIO;
		return -1;
	}
	return real(fd);
}
