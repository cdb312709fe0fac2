/* SPDX-License-Identifier: MPL-2.0 */
/* Files: bounded reads, and writes that are whole and durable or not there. */
#ifndef CIVIS_BASE_FILE_H
#define CIVIS_BASE_FILE_H

#include <sys/types.h>

#include "base/bytes.h"
#include "base/err.h"

/* Appends the file's content to out. RC_NOT_FOUND, RC_TOO_LARGE (over out's maximum), RC_IO. */
enum rc file_read(const char *path, struct buf *out, struct err *e) WARN_UNUSED;
/* Temporary name in the same folder, fsync, rename, fsync of the folder. RC_STORE_FULL, RC_IO. */
enum rc file_write_durable(const char *path, struct bytes content, mode_t mode, struct err *e) WARN_UNUSED;
/* fsync of a file that something else wrote. RC_NOT_FOUND, RC_IO, RC_STORE_FULL. */
enum rc file_sync(const char *path, struct err *e) WARN_UNUSED;
/* fsync of a folder: what was made, renamed or removed in it is so after a power loss. RC_NOT_FOUND, RC_IO. */
enum rc dir_sync(const char *path, struct err *e) WARN_UNUSED;
/* The same of the folder that a file is in. */
enum rc dir_sync_of(const char *file, struct err *e) WARN_UNUSED;
/* Makes the folder and its missing parents. */
enum rc dir_make(const char *path, mode_t mode, struct err *e) WARN_UNUSED;
/* "dir/name" into out; RC_TOO_LARGE if it does not fit. */
enum rc path_join(char *out, size_t size, const char *dir, const char *name) WARN_UNUSED;
/* The same into PATH_MAX bytes; e names the folder. */
enum rc path_in(char *out, const char *dir, const char *name, struct err *e) WARN_UNUSED;

#endif
