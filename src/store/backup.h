/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Copies of databases, made while they are in use (SQLite's online backup).
 * The copy is one file without a write-ahead log, checked and synced.
 */
#ifndef CIVIS_STORE_BACKUP_H
#define CIVIS_STORE_BACKUP_H

#include "store/store.h"

/* RC_CONFLICT if `to` exists, RC_NOT_FOUND, RC_CORRUPT (the copy does not pass the check), RC_STORE_FULL, RC_IO. */
enum rc store_copy_database(const char *from, const char *to, struct err *e) WARN_UNUSED;
/* On a server: its address alone. Else main.db, then blob.db: an attachment that main.db knows is then in the copy of blob.db too. */
enum rc store_backup(const char *from_dir, const char *to_dir, struct err *e) WARN_UNUSED;

#endif
