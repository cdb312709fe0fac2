/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A database connection and its named statements, with typed binders. Two
 * engines stand behind it and give the same answers: SQLite (a file) and
 * PostgreSQL (a server, reached through a Unix socket).
 *
 *   struct query q = query_open(db, SQL_case_get);
 *   query_id(&q, person_id);
 *   query_id(&q, case_id);
 *   if (query_row(&q))
 *           query_col_text(&q, 0, ret->kind, sizeof ret->kind);
 *   rc = query_close(&q, &found, e);
 *
 * Parameters are bound in order, and all of one query before another begins;
 * rows of several may be read at once. Errors are sticky and told by
 * query_close(), which must always be called: it also gives the statement back.
 *
 * The statements and the steps of the schema come from script/gen_sql.py.
 */
#ifndef CIVIS_DATABASE_DB_H
#define CIVIS_DATABASE_DB_H

#include <limits.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

enum db_type { DB_INT, DB_TEXT, DB_BYTES };
enum db_kind { DB_SQLITE, DB_POSTGRESQL, DB_KINDS };

struct db_statement {
	const char *name;
	const char *text[DB_KINDS];
	int tag;       /* what it may touch, by the generator's rules */
	int which;     /* part of the database that it belongs to; on SQLite a file each */
	int params;
};

/* Forward steps of the schema, numbered from 1 without gap (on SQLite in each file); checksum in hexadecimal. */
struct db_step {
	int version, which;
	const char *checksum, *text;
	bool sharded;  /* places a table on a sharded server; elsewhere it counts as taken */
};

/* What the program's own role may do on a server, a table each. */
struct db_right {
	const char *table, *rights;
};

/* A table, as whoever copies it needs it. */
struct db_table {
	const char *name;
	int which;
	int copy;            /* statements: its first rows in the order of the key, those behind a key; the last key; a row more */
	int columns, keys;
	const enum db_type *column;
	const int *key;      /* columns, from 0 */
	bool wide;           /* its rows may be long */
};
enum { DB_COPY_FIRST, DB_COPY_AFTER, DB_COPY_LAST, DB_COPY_PUT };

struct db_catalog {
	const char *whose;  /* in sentences: "register" */
	const struct db_statement *statement;
	int statements;
	const struct db_step *step[DB_KINDS];
	int steps[DB_KINDS];
	const char *const *migration_table; /* of each part, on SQLite; PostgreSQL has the first alone */
	const struct db_right *right;
	int rights;
	const struct db_table *table;       /* all but those of the migrations, in an order in which they can be filled */
	int tables;
};

struct db_engine;

struct db {
	const struct db_engine *engine;
	const struct db_catalog *catalog;
	int which;
	void *own;        /* the engine's */
	char said[160];   /* its last error */
	bool sharded;     /* the tables lie on several machines: others may see half of what was committed */
	bool raced;       /* another transaction was faster */
	struct db_journal *journal; /* NULL: nothing is written down */
};

/* The statements that change something, with their values, but for those of one tag. */
struct db_journal {
	struct buf text;
	int except;
	void *owner;
};

/* DB_ALONE: to write, and nobody else has the file open or can open it until it is closed; a server is never so. */
enum db_mode { DB_READ, DB_WRITE, DB_CREATE, DB_ALONE };

/* Whether the place is a server's address and not a path. */
bool db_is_url(const char *place);
/*
 * Opens a file (cache_kib bounds its page cache) or connects to the server that
 * "postgresql://user@/database?host=/folder/of/its/socket" names. The server must be of version 15 or later, keep UTF-8,
 * and sync what it commits. RC_NOT_FOUND, RC_IO, RC_CORRUPT, RC_NO_MEMORY; RC_CONFIG: the address or the server is not
 * usable, RC_STORE_DOWN: it does not answer, RC_BUSY: others have the file open. Close with db_close() also after failure.
 */
enum rc db_open(struct db *db, const char *place, const struct db_catalog *catalog, int which, enum db_mode mode,
                int cache_kib, struct err *e) WARN_UNUSED;
void db_close(struct db *db);
/* One statement without parameters or rows, not from the table: BEGIN, PRAGMA…; sql is a literal. */
enum rc db_run(struct db *db, const char *sql, struct err *e) WARN_UNUSED;
/* A transaction that sees one moment, and changes nothing. */
enum rc db_snapshot(struct db *db, struct err *e) WARN_UNUSED;
bool db_in_transaction(const struct db *db);
/* Whether others may write at the same time. */
bool db_is_server(const struct db *db);

/* ---- migrate.c ---- */

/* Brings the schema up to the newest step, checking the recorded checksums. On a server see postgresql_lock_schema().
   RC_CONFIG: a step was taken that this program does not know (newer, or altered). */
enum rc db_migrate(struct db *db, int64_t now, struct err *e) WARN_UNUSED;
/* Each step not yet taken, in order; each may be NULL: only looks whether this program knows the steps that were. */
enum rc db_plan(struct db *db, void (*each)(void *ctx, const struct db_step *step), void *ctx, struct err *e) WARN_UNUSED;
/* RC_CONFIG unless the schema is at the newest step and, on a server, who is connected has the rights that the program needs,
   and no other to write. */
enum rc db_is_current(struct db *db, struct err *e) WARN_UNUSED;

/* ---- server.c ---- */

#define DB_ADDRESS_FILE "store" /* in a folder: one line */
#define DB_ADDRESS_MAX 512
#define DB_ADDRESS_FORM "The address of a database is postgresql://user@/database?host=/folder/of/its/socket"

/* The address in DIR/store, or `dir` itself if it is one; "": the database is in files. */
enum rc db_address(const char *dir, char out[static DB_ADDRESS_MAX], struct err *e) WARN_UNUSED;
/* What to open: that address, or DIR/FILE. RC_CONFIG: neither is there. */
enum rc db_place(const char *dir, const char *file, char out[static PATH_MAX], struct err *e) WARN_UNUSED;
/* Writes DIR/store. RC_CONFIG: this is no address. */
enum rc db_set_address(const char *dir, const char *url, struct err *e) WARN_UNUSED;
/* Whether the two addresses can be used together as below, without connecting. */
enum rc db_check_owner(const char *owner_url, const char *url, const struct db_catalog *catalog, struct err *e) WARN_UNUSED;
/*
 * As the owner of the tables: brings the schema up to date, and grants the user of `url`, who must be somebody else, what
 * its program's statements do. Safe to run twice at once. Says so on standard error if the database stays open to every
 * role. RC_CONFIG, RC_STORE_DOWN.
 */
enum rc db_migrate_server(const char *owner_url, const char *url, const struct db_catalog *catalog, int64_t now,
                          struct err *e) WARN_UNUSED;

/* ---- query.c ---- */

struct query {
	struct db *db;
	int which;
	void *cursor;  /* the engine's */
	int next;      /* parameter to bind, from 1 */
	int row;       /* PostgreSQL: of the result */
	enum rc rc;    /* sticky; what the engine said is in db->said */
	bool ran;
	bool found;    /* at least one row came */
	bool damaged;  /* a column did not have the shape it must have */
};

struct query query_open(struct db *db, int which);
void query_id(struct query *q, struct id id);
void query_id_or_null(struct query *q, struct id id); /* zero → NULL */
void query_int(struct query *q, int64_t v);
void query_u64(struct query *q, uint64_t v);          /* over INT64_MAX is an error */
void query_text(struct query *q, const char *s);      /* borrowed until query_close; NULL → NULL */
void query_blob(struct query *q, const void *ptr, size_t len); /* borrowed likewise */
void query_bytes(struct query *q, struct bytes b);             /* likewise; empty is not NULL */
void query_hash_or_null(struct query *q, const uint8_t *hash, size_t len); /* all zero → NULL */
void query_bytes_or_null(struct query *q, struct bytes b); /* empty → NULL */
/* What a column of another query's row holds, or NULL; borrowed: that query stays at its row until this one has run. */
void query_pass(struct query *q, struct query *from, int column, enum db_type type);

/* The next row; false at the end or after an error. */
bool query_row(struct query *q);
struct id query_col_id(struct query *q, int i);       /* NULL → zero */
int64_t query_col_int(struct query *q, int i);        /* NULL → 0 */
uint64_t query_col_u64(struct query *q, int i);
bool query_col_null(struct query *q, int i);
void query_col_text(struct query *q, int i, char *out, size_t size);
void query_col_fixed(struct query *q, int i, uint8_t *out, size_t len); /* NULL → zeros */
/* Copied into the arena; NULL → empty. */
struct bytes query_col_bytes(struct query *q, int i, struct arena *a);
/* Borrowed until the next query_row or query_close. */
struct bytes query_col_view(struct query *q, int i);

/* A statement that was written down. */
struct db_record {
	int which;            /* -1: not one of the catalogue */
	struct bytes values;
};
/* The next one of `left`, which is moved behind it; false at the end. One that is broken off counts as unknown, and the last. */
bool db_record_next(const struct db *db, struct bytes *left, struct db_record *ret);
/* Binds its values, as many as the query takes. They are borrowed until query_close. */
void query_record(struct query *q, const struct db_record *r);
/* A text, or bytes; empty if it is something else. */
struct bytes db_record_value(const struct db_record *r, int i);

/* Ends the query. ret_found (may be NULL): whether a row came. */
enum rc query_close(struct query *q, bool *ret_found, struct err *e) WARN_UNUSED;
/* Runs a statement that gives no rows, and ends. ret_changes (may be NULL): rows changed. */
enum rc query_do(struct query *q, int *ret_changes, struct err *e) WARN_UNUSED;

#endif
