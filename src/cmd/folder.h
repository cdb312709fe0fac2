/* SPDX-License-Identifier: MPL-2.0 */
/* Whole folders: copied durably, listed with their hashes, given to a user. */
#ifndef CIVIS_CMD_FOLDER_H
#define CIVIS_CMD_FOLDER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/clock.h"
#include "base/err.h"

/* Copies regular files and folders; a missing source is no error. Symbolic links, sockets and "lock" are left out.
   Modes are kept. RC_IO, RC_STORE_FULL, RC_TOO_LARGE. */
enum rc folder_copy(const char *from, const char *to, struct err *e) WARN_UNUSED;
/* One file. RC_NOT_FOUND if there is none. */
enum rc folder_copy_file(const char *from, const char *to, struct err *e) WARN_UNUSED;
/* Gives the folder and everything below to the user. */
enum rc folder_give(const char *path, uid_t uid, gid_t gid, struct err *e) WARN_UNUSED;
/* Removes the folder and everything below; none is no error. RC_IO, RC_TOO_LARGE. */
enum rc folder_remove(const char *path, struct err *e) WARN_UNUSED;
/* Everything below, and not the folder itself. */
enum rc folder_clear(const char *path, struct err *e) WARN_UNUSED;
/* True if it does not exist or holds nothing. */
bool folder_is_empty(const char *path);

/* As PostgreSQL's recovery_target_time takes it: "2026-11-02 04:30:00.000+00". */
void folder_tell_moment(int64_t moment, char out[static INSTANT_TEXT_SIZE]);
/* Writes dir/MANIFEST: "# <moment>", then "<sha256 hex>  <path>" for every other file, by path, as sha256sum prints it. */
enum rc folder_seal(const char *dir, int64_t moment, struct err *e) WARN_UNUSED;
/* The moment that MANIFEST tells; empty if it tells none, as those of older programs. */
void folder_moment(const char *dir, char out[static INSTANT_TEXT_SIZE]);
/* RC_OK if every file is as in MANIFEST and there is no other. RC_FORMAT, RC_CORRUPT (e names the file). */
enum rc folder_verify(const char *dir, struct err *e) WARN_UNUSED;

#endif
