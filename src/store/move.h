/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A store in files, moved to a server.
 *
 * Table by table, in the order of the key, and a bounded part in a transaction: what is on the server is always the
 * beginning of each table, so that a move which broke off, at whatever moment, goes on behind the last record there. The
 * files are nobody else's meanwhile. A name that the files keep and that goes with the settings (the first table) tells one
 * move from another. Then every record is compared, and only at the end DIR/store says where the store is.
 *
 * It needs nothing of the server that the register's role may not do: it reads and adds.
 */
#ifndef CIVIS_STORE_MOVE_H
#define CIVIS_STORE_MOVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct store_move;

struct store_moving {
	void *ctx;
	/* After each part, and with `last` after each table. digest: of all its records, when they are compared. */
	void (*part)(void *ctx, const char *table, uint64_t records, bool last, const char *digest);
};

/* Takes the files for itself. RC_NOT_FOUND: there are none; RC_CONFIG: somebody has them open, or they were moved.
   *ret_there: DIR/store says `url` already, and all that is left is store_move_finish(). */
enum rc store_move_open(const char *dir, const char *url, struct store_move **ret, bool *ret_there, struct err *e) WARN_UNUSED;
/* Connects. RC_CONFLICT unless the database has today's schema and nothing in it, or what the same move brought. */
enum rc store_move_to(struct store_move *m, struct err *e) WARN_UNUSED;
enum rc store_move_copy(struct store_move *m, const struct store_moving *how, struct err *e) WARN_UNUSED;
/* Every record here and there. RC_CORRUPT with the table in `where`. */
enum rc store_move_compare(struct store_move *m, const struct store_moving *how, struct err *e) WARN_UNUSED;
/* Writes DIR/store, and into the files that they were moved: no store_open() takes them any more. */
enum rc store_move_finish(struct store_move *m, struct err *e) WARN_UNUSED;
void store_move_close(struct store_move **m);

#endif
