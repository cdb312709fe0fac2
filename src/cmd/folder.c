/* SPDX-License-Identifier: MPL-2.0 */
#include "cmd/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/crypto.h"

enum { DEPTH_MAX = 16, PIECE = 65536, MANIFEST_MAX = 256 << 20 };
#define MANIFEST "MANIFEST"

static enum rc failed(const char *path, struct err *e)
{
	return err_set(e, errno == ENOSPC || errno == EDQUOT ? RC_STORE_FULL : RC_IO, path, "%s", strerror(errno));
}

/* --------------------------------------------------------------- copying */

static enum rc pour(int from, int to, const char *path, struct err *e)
{
	char piece[PIECE];
	for (;;) {
		ssize_t n = read(from, piece, sizeof piece);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed(path, e);
		if (n == 0)
			return fsync(to) == 0 ? RC_OK : failed(path, e);
		for (ssize_t done = 0; done < n;) {
			ssize_t w = write(to, piece + done, (size_t)(n - done));
			if (w < 0 && errno != EINTR)
				return failed(path, e);
			done += w > 0 ? w : 0;
		}
	}
}

enum rc folder_copy_file(const char *from, const char *to, struct err *e)
{
	struct stat st;
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (in < 0)
		return errno == ENOENT ? err_set(e, RC_NOT_FOUND, from, "There is no such file") : failed(from, e);
	int out = fstat(in, &st) == 0 ? open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, st.st_mode & 0777) : -1;
	enum rc rc = out < 0 ? failed(to, e) : pour(in, out, to, e);
	if (out >= 0 && close(out) != 0 && rc == RC_OK)
		rc = failed(to, e);
	close(in);
	return rc;
}

static enum rc copy_tree(const char *from, const char *to, int depth, struct err *e)
{
	struct stat st;
	DIR *dir = depth < DEPTH_MAX ? opendir(from) : NULL;
	if (!dir)
		return failed(from, e);
	enum rc rc = fstat(dirfd(dir), &st) == 0 ? dir_make(to, st.st_mode & 0777, e) : failed(from, e);
	for (struct dirent *entry; rc == RC_OK && (entry = readdir(dir));) {
		char source[PATH_MAX], target[PATH_MAX];
		if (entry->d_name[0] == '.' || strcmp(entry->d_name, "lock") == 0)
			continue;
		if (path_join(source, sizeof source, from, entry->d_name) != RC_OK ||
		    path_join(target, sizeof target, to, entry->d_name) != RC_OK)
			rc = err_set(e, RC_TOO_LARGE, from, "The path is too long");
		else if (lstat(source, &st) != 0)
			rc = failed(source, e);
		else if (S_ISDIR(st.st_mode))
			rc = copy_tree(source, target, depth + 1, e);
		else if (S_ISREG(st.st_mode))
			rc = folder_copy_file(source, target, e);
	}
	closedir(dir);
	return rc == RC_OK ? dir_sync(to, e) : rc;
}

enum rc folder_copy(const char *from, const char *to, struct err *e)
{
	if (access(from, F_OK) != 0 && errno == ENOENT)
		return RC_OK;
	return copy_tree(from, to, 0, e);
}

bool folder_is_empty(const char *path)
{
	DIR *dir = opendir(path);
	if (!dir)
		return errno == ENOENT;
	bool empty = true;
	for (struct dirent *entry; empty && (entry = readdir(dir));)
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(dir);
	return empty;
}

/* --------------------------------------------------------------- walking */

struct walk {
	enum rc (*each)(struct walk *w, const char *name, bool is_dir, struct err *e);
	const char *top;
	uid_t uid;
	gid_t gid;
	struct buf *out;
	size_t files;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_names(char **names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

static enum rc list(const char *path, char ***ret, size_t *ret_n, struct err *e)
{
	char **names = NULL;
	size_t n = 0, room = 0;
	DIR *dir = opendir(path);
	if (!dir)
		return failed(path, e);
	enum rc rc = RC_OK;
	for (struct dirent *entry; rc == RC_OK && (entry = readdir(dir));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (n == room) {
			char **more = reallocarray(names, room ? room * 2 : 64, sizeof *names);
			if (!more) {
				rc = err_set(e, RC_NO_MEMORY, path, "Memory ran out");
				break;
			}
			names = more;
			room = room ? room * 2 : 64;
		}
		names[n] = strdup(entry->d_name);
		if (!names[n++]) {
			n--;
			rc = err_set(e, RC_NO_MEMORY, path, "Memory ran out");
		}
	}
	closedir(dir);
	if (rc != RC_OK) {
		free_names(names, n);
		return rc;
	}
	if (n)
		qsort(names, n, sizeof *names, by_name);
	*ret = names;
	*ret_n = n;
	return RC_OK;
}

/* dir/name, or the one that is not empty. */
static enum rc under(char out[static PATH_MAX], const char *dir, const char *name)
{
	if (*dir && *name)
		return path_join(out, PATH_MAX, dir, name);
	return snprintf(out, PATH_MAX, "%s%s", dir, name) < PATH_MAX ? RC_OK : RC_TOO_LARGE;
}

/* In order of path; `below` is the path from the top, "" for the top itself. */
static enum rc walk(struct walk *w, const char *below, int depth, struct err *e)
{
	char path[PATH_MAX], name[PATH_MAX];
	char **names = NULL;
	size_t n = 0;
	struct stat st;
	if (depth >= DEPTH_MAX || under(path, w->top, below) != RC_OK)
		return err_set(e, RC_TOO_LARGE, w->top, "The folder is too deep");
	enum rc rc = list(path, &names, &n, e);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		if (under(name, below, names[i]) != RC_OK || under(path, w->top, name) != RC_OK || lstat(path, &st) != 0) {
			rc = err_set(e, RC_IO, names[i], "It cannot be looked at");
			break;
		}
		rc = w->each(w, name, S_ISDIR(st.st_mode), e);
		if (rc == RC_OK && S_ISDIR(st.st_mode))
			rc = walk(w, name, depth + 1, e);
	}
	free_names(names, n);
	return rc;
}

static enum rc give(struct walk *w, const char *name, bool is_dir, struct err *e)
{
	char path[PATH_MAX];
	(void)is_dir;
	if (path_join(path, sizeof path, w->top, name) != RC_OK || lchown(path, w->uid, w->gid) != 0)
		return failed(name, e);
	return RC_OK;
}

enum rc folder_give(const char *path, uid_t uid, gid_t gid, struct err *e)
{
	struct walk w = {.each = give, .top = path, .uid = uid, .gid = gid};
	if (access(path, F_OK) != 0)
		return RC_OK;
	enum rc rc = lchown(path, uid, gid) == 0 ? RC_OK : failed(path, e);
	return rc == RC_OK ? walk(&w, "", 0, e) : rc;
}

static enum rc clear_tree(const char *path, int depth, struct err *e)
{
	char **names = NULL, below[PATH_MAX];
	size_t n = 0;
	struct stat st;
	if (depth >= DEPTH_MAX)
		return err_set(e, RC_TOO_LARGE, path, "The folder is too deep");
	enum rc rc = list(path, &names, &n, e);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		rc = path_in(below, path, names[i], e);
		if (rc == RC_OK && lstat(below, &st) != 0)
			rc = failed(below, e);
		else if (rc == RC_OK && S_ISDIR(st.st_mode))
			rc = clear_tree(below, depth + 1, e);
		if (rc == RC_OK && remove(below) != 0)
			rc = failed(below, e);
	}
	free_names(names, n);
	return rc;
}

enum rc folder_clear(const char *path, struct err *e)
{
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return RC_OK;
	return clear_tree(path, 0, e);
}

enum rc folder_remove(const char *path, struct err *e)
{
	enum rc rc = folder_clear(path, e);
	return rc == RC_OK && rmdir(path) != 0 && errno != ENOENT ? failed(path, e) : rc;
}

/* -------------------------------------------------------------- manifest */

static enum rc add_line(struct walk *w, const char *name, bool is_dir, struct err *e)
{
	char path[PATH_MAX], piece[PIECE];
	uint8_t hash[HASH_SIZE];
	struct sha256 state;
	if (is_dir || strcmp(name, MANIFEST) == 0)
		return RC_OK;
	if (path_join(path, sizeof path, w->top, name) != RC_OK)
		return err_set(e, RC_TOO_LARGE, name, "The path is too long");
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return failed(name, e);
	sha256_init(&state);
	ssize_t n;
	while ((n = read(fd, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR))
		sha256_update(&state, bytes_of(piece, n > 0 ? (size_t)n : 0));
	enum rc rc = n == 0 ? RC_OK : failed(name, e);
	close(fd);
	sha256_final(&state, hash);
	hex_encode(w->out, BYTES_ARRAY(hash));
	buf_printf(w->out, "  %s\n", name);
	w->files++;
	return rc;
}

static enum rc manifest(const char *dir, struct buf *out, struct err *e)
{
	struct walk w = {.each = add_line, .top = dir, .out = out};
	enum rc rc = walk(&w, "", 0, e);
	if (rc == RC_OK && buf_failed(out))
		rc = err_set(e, RC_NO_MEMORY, MANIFEST, "Memory ran out");
	return rc;
}

void folder_tell_moment(int64_t moment, char out[static INSTANT_TEXT_SIZE])
{
	char text[INSTANT_TEXT_SIZE];
	instant_format(moment, text);
	const int day = (int)strcspn(text, "T");
	snprintf(out, INSTANT_TEXT_SIZE, "%.*s %.*s+00", day, text, (int)strcspn(text + day, "Z") - 1, text + day + 1);
}

enum rc folder_seal(const char *dir, int64_t moment, struct err *e)
{
	char path[PATH_MAX], at[INSTANT_TEXT_SIZE];
	struct buf text = BUF_INIT(MANIFEST_MAX);
	folder_tell_moment(moment, at);
	buf_printf(&text, "# %s\n", at);
	enum rc rc = manifest(dir, &text, e);
	if (rc == RC_OK)
		rc = path_join(path, sizeof path, dir, MANIFEST);
	if (rc == RC_OK)
		rc = file_write_durable(path, buf_bytes(&text), 0600, e);
	buf_release(&text);
	return rc;
}

/* What stands behind the moment, which a backup of an older program does not tell. */
static struct bytes files_of(struct bytes manifest)
{
	const uint8_t *end = manifest.len && manifest.ptr[0] == '#' ? memchr(manifest.ptr, '\n', manifest.len) : NULL;
	return end ? bytes_slice(manifest, (size_t)(end - manifest.ptr) + 1, manifest.len) : manifest;
}

void folder_moment(const char *dir, char out[static INSTANT_TEXT_SIZE])
{
	char path[PATH_MAX];
	struct buf text = BUF_INIT(MANIFEST_MAX);
	size_t n = 0;
	if (path_join(path, sizeof path, dir, MANIFEST) == RC_OK && file_read(path, &text, NULL) == RC_OK)
		n = text.len - files_of(buf_bytes(&text)).len;
	/* Of "# " and the line's end */
	snprintf(out, INSTANT_TEXT_SIZE, "%.*s", n > 3 ? (int)n - 3 : 0, n > 3 ? (const char *)text.ptr + 2 : "");
	buf_release(&text);
}

/* The line on which the two part, or its file. */
static enum rc name_difference(struct bytes is, struct bytes should, struct err *e)
{
	size_t i = 0, start = 0;
	while (i < is.len && i < should.len && is.ptr[i] == should.ptr[i]) {
		i++;
		if (is.ptr[i - 1] == '\n')
			start = i;
	}
	struct bytes in = start < should.len ? should : is;
	size_t end = start;
	while (end < in.len && in.ptr[end] != '\n')
		end++;
	const size_t behind_hash = 2 * HASH_SIZE + 2;
	struct bytes line = bytes_slice(in, start + behind_hash, end > start + behind_hash ? end - start - behind_hash : 0);
	return err_set(e, RC_CORRUPT, MANIFEST, "%.*s is not as it was", (int)(line.len < 120 ? line.len : 120),
	               line.len ? (const char *)line.ptr : "");
}

enum rc folder_verify(const char *dir, struct err *e)
{
	char path[PATH_MAX];
	struct buf is = BUF_INIT(MANIFEST_MAX), should = BUF_INIT(MANIFEST_MAX);
	enum rc rc = path_join(path, sizeof path, dir, MANIFEST);
	if (rc == RC_OK)
		rc = file_read(path, &should, e);
	if (rc == RC_NOT_FOUND)
		rc = err_set(e, RC_FORMAT, dir, "This is not a complete backup: it has no " MANIFEST);
	if (rc == RC_OK)
		rc = manifest(dir, &is, e);
	if (rc == RC_OK && !bytes_equal(buf_bytes(&is), files_of(buf_bytes(&should))))
		rc = name_difference(buf_bytes(&is), files_of(buf_bytes(&should)), e);
	buf_release(&is);
	buf_release(&should);
	return rc;
}
