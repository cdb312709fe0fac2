/* SPDX-License-Identifier: MPL-2.0 */
/* The files of a pack: reading one, and the hash over all of them. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "country/pack.h"
#include "crypto/crypto.h"

enum { FILES_MAX = 2048, FOLDER_DEPTH_MAX = 4, PATH_SIZE = 128 };

struct listing {
	char (*path)[PATH_SIZE]; /* relative to the pack */
	size_t count;
	size_t room;
};

static enum rc listing_add(struct listing *list, const char *path, struct err *e)
{
	if (list->count == FILES_MAX)
		return err_set(e, RC_CONFIG, "pack", "the pack has more than %d files", FILES_MAX);
	if (strlen(path) >= PATH_SIZE)
		return err_set(e, RC_CONFIG, "pack", "the name of a file is longer than %d bytes", PATH_SIZE - 1);
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 32;
		void *grown = reallocarray(list->path, room, sizeof *list->path);
		if (!grown)
			return err_set(e, RC_NO_MEMORY, "pack", "memory ran out");
		list->path = grown;
		list->room = room;
	}
	snprintf(list->path[list->count++], PATH_SIZE, "%s", path);
	return RC_OK;
}

static enum rc list_folder(struct listing *list, const char *dir, const char *below, int depth, struct err *e)
{
	char folder[PATH_MAX];
	enum rc rc = path_join(folder, sizeof folder, dir, *below ? below : ".");
	if (rc != RC_OK || depth > FOLDER_DEPTH_MAX)
		return err_set(e, RC_CONFIG, "pack", depth > FOLDER_DEPTH_MAX ? "the folder is nested too deeply" : "a path is too long");
	DIR *d = opendir(folder);
	if (!d)
		return err_set(e, errno == ENOENT ? RC_NOT_FOUND : RC_IO, "pack", "cannot read the folder: %s",
			       strerror(errno));
	for (struct dirent *entry; rc == RC_OK && (errno = 0, entry = readdir(d));) {
		char name[PATH_SIZE + 260], path[PATH_MAX];
		struct stat st;
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s%s%s", below, *below ? "/" : "", entry->d_name);
		rc = path_join(path, sizeof path, dir, name);
		if (rc == RC_OK && lstat(path, &st) < 0)
			rc = err_set(e, RC_IO, "pack", "cannot read %s", name);
		else if (rc == RC_OK && S_ISDIR(st.st_mode))
			rc = strlen(name) < PATH_SIZE ? list_folder(list, dir, name, depth + 1, e)
						      : err_set(e, RC_CONFIG, "pack", "the name of a folder is too long");
		else if (rc == RC_OK && S_ISREG(st.st_mode))
			rc = listing_add(list, name, e);
		else if (rc == RC_OK)
			rc = err_set(e, RC_CONFIG, "pack", "%s is neither a file nor a folder", name);
	}
	closedir(d);
	return rc;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(a, b);
}

static enum rc hash_file(struct sha256 *s, const char *dir, const char *name, struct err *e)
{
	char path[PATH_MAX];
	struct buf content = BUF_INIT(PACK_FILE_MAX), head = BUF_INIT(PATH_SIZE + 16);
	enum rc rc = path_join(path, sizeof path, dir, name);
	if (rc == RC_OK)
		rc = file_read(path, &content, e);
	if (rc == RC_OK) {
		buf_u32be(&head, (uint32_t)strlen(name));
		buf_str(&head, name);
		buf_u64be(&head, content.len);
		rc = buf_failed(&head) ? RC_NO_MEMORY : RC_OK;
	}
	if (rc == RC_OK) {
		sha256_update(s, buf_bytes(&head));
		sha256_update(s, buf_bytes(&content));
	}
	buf_release(&head);
	buf_release(&content);
	return rc;
}

enum rc pack_hash(const char *dir, uint8_t ret_hash[PACK_HASH_SIZE], struct err *e)
{
	struct listing list = {0};
	struct sha256 s;
	enum rc rc = list_folder(&list, dir, "", 0, e);
	if (rc == RC_OK && list.count)
		qsort(list.path, list.count, PATH_SIZE, by_bytes);
	sha256_init(&s);
	for (size_t i = 0; rc == RC_OK && i < list.count; i++)
		rc = hash_file(&s, dir, list.path[i], e);
	if (rc == RC_OK)
		sha256_final(&s, ret_hash);
	free(list.path);
	return rc;
}

static bool path_is_plain(const char *path)
{
	for (const char *part = path;;) {
		size_t len = strcspn(part, "/");
		if (!len || *part == '.')
			return false;
		if (!part[len])
			return true;
		part += len + 1;
	}
}

enum rc pack_read(const struct pack *p, const char *path, struct buf *out, struct err *e)
{
	char full[PATH_MAX];
	if (!path_is_plain(path))
		return err_set(e, RC_INVALID, path, "not the name of a file in a pack");
	if (path_join(full, sizeof full, p->dir, path) != RC_OK)
		return err_set(e, RC_TOO_LARGE, path, "the name is too long");
	return file_read(full, out, e);
}
