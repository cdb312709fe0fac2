/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The vault's store (sql/vault): a file, vault.db, or a database on a server of its own, whose address stands in the
 * vault's folder. A write opens the round's transaction; the loop commits it.
 */
#ifndef CIVIS_VAULT_DB_H
#define CIVIS_VAULT_DB_H

#include "database/db.h"
#include "vault_sql.h"

#define VAULT_DB_NAME "vault.db"

struct vault_db {
	struct db db;
	bool writing; /* the round's transaction is open */
};

/* Opens the file (":memory:", too) or the server's database; create: makes the file's tables. RC_CONFIG: it was made by
   another version of civis. RC_NOT_FOUND, RC_IO, RC_CORRUPT, RC_STORE_DOWN. */
enum rc vdb_open(struct vault_db *db, const char *place, bool create, struct err *e) WARN_UNUSED;
void vdb_close(struct vault_db *db);

/* Opens the round's transaction if it is not open. */
enum rc vdb_write(struct vault_db *db, struct err *e) WARN_UNUSED;
/* Ends it: durable when RC_OK. Does nothing when nothing was written. */
enum rc vdb_commit(struct vault_db *db, struct err *e) WARN_UNUSED;
void vdb_rollback(struct vault_db *db);

struct query vdb_query(struct vault_db *db, enum vsql_id which);
/* Runs a statement that writes, in the round's transaction, and ends it. */
enum rc vdb_run(struct vault_db *db, struct query *q, struct err *e) WARN_UNUSED;
/* Ends a query for one row: RC_NOT_FOUND if there is none. */
enum rc vdb_end(struct query *q, struct err *e) WARN_UNUSED;
/* Where it lies in a file: a number that is another one once another program has changed it. */
enum rc vdb_version(struct vault_db *db, int64_t *ret, struct err *e) WARN_UNUSED;

#endif
