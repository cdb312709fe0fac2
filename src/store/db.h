/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A database connection and its named statements (sql/), with typed binders.
 *
 *   struct query q = query_open(db, SQL_case_get);
 *   query_id(&q, person_id);
 *   query_id(&q, case_id);
 *   if (query_row(&q))
 *           query_col_text(&q, 0, ret->kind, sizeof ret->kind);
 *   rc = query_close(&q, &found, e);
 *
 * Parameters are bound in order. Errors are sticky and told by query_close(),
 * which must always be called: it also gives the statement back.
 */
#ifndef CIVIS_STORE_DB_H
#define CIVIS_STORE_DB_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "store_sql.h"

struct db {
	sqlite3 *handle;
	enum sql_database which;
	sqlite3_stmt *statement[SQL_COUNT]; /* made when first used */
};

enum db_mode { DB_READ, DB_WRITE, DB_CREATE };

/* Opens path with the settings every connection has. cache_kib bounds the page cache.
   RC_NOT_FOUND, RC_IO, RC_CORRUPT, RC_NO_MEMORY. Close with db_close() also after failure. */
enum rc db_open(struct db *db, const char *path, enum sql_database which, enum db_mode mode, int cache_kib,
                struct err *e) WARN_UNUSED;
void db_close(struct db *db);
/* One statement without parameters or rows, not from the table: BEGIN, PRAGMA…; sql is a literal. */
enum rc db_run(struct db *db, const char *sql, struct err *e) WARN_UNUSED;
/* Brings the schema up to the newest step, checking the recorded checksums. */
enum rc db_migrate(struct db *db, int64_t now, struct err *e) WARN_UNUSED;
/* RC_CORRUPT unless the schema is at the newest step. */
enum rc db_is_current(struct db *db, struct err *e) WARN_UNUSED;
/* Our code for one of SQLite's. */
enum rc db_rc(int sqlite);

struct query {
	struct db *db;
	sqlite3_stmt *s;
	enum sql_id which;
	int next;      /* parameter to bind */
	int error;     /* SQLite's; sticky */
	bool ran;
	bool found;    /* at least one row came */
	bool damaged;  /* a column did not have the shape it must have */
};

struct query query_open(struct db *db, enum sql_id which);
void query_id(struct query *q, struct id id);
void query_id_or_null(struct query *q, struct id id); /* zero → NULL */
void query_int(struct query *q, int64_t v);
void query_u64(struct query *q, uint64_t v);          /* over INT64_MAX is an error */
void query_text(struct query *q, const char *s);      /* borrowed until query_close; NULL → NULL */
void query_blob(struct query *q, const void *ptr, size_t len);
void query_hash_or_null(struct query *q, const uint8_t *hash, size_t len); /* all zero → NULL */
void query_bytes_or_null(struct query *q, struct bytes b); /* empty → NULL */

/* The next row; false at the end or after an error. */
bool query_row(struct query *q);
struct id query_col_id(struct query *q, int i);       /* NULL → zero */
int64_t query_col_int(struct query *q, int i);
uint64_t query_col_u64(struct query *q, int i);
bool query_col_null(struct query *q, int i);
void query_col_text(struct query *q, int i, char *out, size_t size);
void query_col_fixed(struct query *q, int i, uint8_t *out, size_t len); /* NULL → zeros */
/* Copied into the arena; NULL → empty. */
struct bytes query_col_bytes(struct query *q, int i, struct arena *a);
/* Borrowed until the next query_row or query_close. */
struct bytes query_col_view(struct query *q, int i);

/* Ends the query. ret_found (may be NULL): whether a row came. */
enum rc query_close(struct query *q, bool *ret_found, struct err *e) WARN_UNUSED;
/* Runs a statement that gives no rows, and ends. ret_changes (may be NULL): rows changed. */
enum rc query_do(struct query *q, int *ret_changes, struct err *e) WARN_UNUSED;

#endif
