/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A store in files, moved to a server: the register's, or what its vault keeps.
 *
 * Table by table, in the order of the key, and a bounded part in a transaction: what is on the server is always the
 * beginning of each table, so that a move which broke off, at whatever moment, goes on behind the last record there. The
 * files are nobody else's meanwhile. A name that the files keep and that goes with the settings (the first table) tells one
 * move from another. Then every record is compared, and only at the end DIR/store says where the store is.
 *
 * It needs nothing of the server that the program's own role may not do: it reads and adds.
 */
#ifndef CIVIS_DATABASE_MOVE_H
#define CIVIS_DATABASE_MOVE_H

#include "database/db.h"

enum { DB_MOVE_FILES = 2 };

/* What can be moved. */
struct db_movable {
	const struct db_catalog *catalog;
	const char *file[DB_MOVE_FILES]; /* of each part, in its folder */
	/* A setting, in the first part; "" if there is none. None is put twice. */
	enum rc (*get)(struct db *db, const char *key, char *out, size_t size, struct err *e);
	enum rc (*put)(struct db *db, const char *key, const char *value, struct err *e);
};

struct db_move;

struct db_moving {
	void *ctx;
	/* After each part, and with `last` after each table. digest: of all its records, when they are compared. */
	void (*part)(void *ctx, const char *table, uint64_t records, bool last, const char *digest);
};

/* Of a first part that is open: RC_CONFIG if its files were moved. */
enum rc db_was_moved(const struct db_movable *what, struct db *db, struct err *e) WARN_UNUSED;

/* Takes the files for itself. RC_NOT_FOUND: there are none; RC_CONFIG: somebody has them open, or they were moved.
   *ret_there: DIR/store says `url` already, and all that is left is db_move_finish(). */
enum rc db_move_open(const struct db_movable *what, const char *dir, const char *url, struct db_move **ret, bool *ret_there,
                     struct err *e) WARN_UNUSED;
/* Connects. RC_CONFLICT unless the database has today's schema and nothing in it, or what the same move brought. */
enum rc db_move_to(struct db_move *m, struct err *e) WARN_UNUSED;
enum rc db_move_copy(struct db_move *m, const struct db_moving *how, struct err *e) WARN_UNUSED;
/* Every record here and there. RC_CORRUPT with the table in `where`. */
enum rc db_move_compare(struct db_move *m, const struct db_moving *how, struct err *e) WARN_UNUSED;
/* Writes DIR/store, and into the files that they were moved: see db_was_moved(). */
enum rc db_move_finish(struct db_move *m, struct err *e) WARN_UNUSED;
void db_move_close(struct db_move **m);

#endif
