/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The vault's store (sql/vault): a file, vault.db, or a database of its own on a server, whose address stands in the
 * vault's folder, and where other vaults may be at work. A write opens the round's transaction (on a server a read does,
 * too); the loop commits it.
 */
#ifndef CIVIS_VAULT_DB_H
#define CIVIS_VAULT_DB_H

#include "database/db.h"
#include "vault_sql.h"

#define VAULT_DB_NAME "vault.db"

struct vault_db {
	struct db db;
	bool open;      /* the round's transaction */
	bool wrote;     /* something in it */
	struct id self; /* on a server: whose rounds these are, */
	int64_t round;  /* and the last one's number */
};

/* Opens the file (":memory:", too; create: if there is none) and brings its schema up to date, or opens the server's database.
   RC_CONFIG: the schema is not this program's. RC_NOT_FOUND, RC_IO, RC_CORRUPT, RC_STORE_DOWN. */
enum rc vdb_open(struct vault_db *db, const char *place, bool create, struct err *e) WARN_UNUSED;
/* What lies in a vault's folder. */
enum rc vdb_open_dir(struct vault_db *db, const char *dir, struct err *e) WARN_UNUSED;
/* The same for the process that gates wait for, no longer than VAULT_TIMEOUT_MS. */
enum rc vdb_open_at_work(struct vault_db *db, const char *dir, struct err *e) WARN_UNUSED;
/* On a server: forgets rounds that nobody asks for any more. Once it is known whose database it is. */
enum rc vdb_sweep(struct vault_db *db, struct err *e) WARN_UNUSED;
/* Of a vault's folder, or of the address of a database: each step of the schema that is not yet taken. */
enum rc vdb_plan(const char *dir, void (*each)(void *ctx, const struct db_step *step), void *ctx, struct err *e) WARN_UNUSED;
void vdb_close(struct vault_db *db);

/* Opens the round's transaction if it is not open. */
enum rc vdb_write(struct vault_db *db, struct err *e) WARN_UNUSED;
/* Ends it: durable when RC_OK. Does nothing when nothing was written. On a server a commit whose connection was lost is
   looked for until it is known what became of it: RC_STORE_DOWN when that cannot be found out. */
enum rc vdb_commit(struct vault_db *db, struct err *e) WARN_UNUSED;
void vdb_rollback(struct vault_db *db);

struct query vdb_query(struct vault_db *db, enum vsql_id which);
/* Runs a statement that writes, in the round's transaction, and ends it. ret_changes: rows changed. */
enum rc vdb_change(struct vault_db *db, struct query *q, int *ret_changes, struct err *e) WARN_UNUSED;
enum rc vdb_run(struct vault_db *db, struct query *q, struct err *e) WARN_UNUSED;
/* Ends a query for one row: RC_NOT_FOUND if there is none. */
enum rc vdb_end(struct query *q, struct err *e) WARN_UNUSED;
/* What init writes once, and the vault reads at its start: the issuer, the log's name, wrapped keys. RC_CORRUPT, with the
   name, when it is not there or does not fit. */
enum rc vdb_meta_put(struct vault_db *db, const char *name, struct bytes value, struct err *e) WARN_UNUSED;
enum rc vdb_meta_get(struct vault_db *db, const char *name, struct buf *out, struct err *e) WARN_UNUSED;
enum rc vdb_meta_text(struct vault_db *db, const char *name, char *out, size_t size, struct err *e) WARN_UNUSED;
/* On a server, where others write at the same time: what memory holds of the store may have changed since. */
bool vdb_is_shared(const struct vault_db *db);
/* Nothing of this round can be committed any more. */
bool vdb_broken(const struct vault_db *db);
/* Since it was last asked something failed because another vault was faster. */
bool vdb_raced(struct vault_db *db);
/* Where it lies in a file: a number that is another one once another program has changed it. */
enum rc vdb_version(struct vault_db *db, int64_t *ret, struct err *e) WARN_UNUSED;

#endif
