/* SPDX-License-Identifier: MPL-2.0 */
/* For those who need SQLite itself: group commit, online backup, the check of a file. */
#ifndef CIVIS_DATABASE_SQLITE_H
#define CIVIS_DATABASE_SQLITE_H

#include <sqlite3.h>

#include "database/db.h"

/* The connection of a database that is a file. */
sqlite3 *db_sqlite(const struct db *db);
/* Our code for one of SQLite's. */
enum rc sqlite_rc(int sqlite);
/* A number that is another one once another connection has changed the file. */
enum rc sqlite_version(struct db *db, int64_t *ret, struct err *e) WARN_UNUSED;

#endif
