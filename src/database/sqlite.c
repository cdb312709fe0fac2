/* SPDX-License-Identifier: MPL-2.0 */
#include "database/sqlite.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "database/engine.h"
#include "database/vfs.h"

struct own {
	sqlite3 *handle;
	sqlite3_stmt *version;     /* see sqlite_version() */
	sqlite3_stmt *statement[]; /* made when first used */
};

enum rc sqlite_rc(int sqlite)
{
	switch (sqlite) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return RC_OK;
	case SQLITE_IOERR_NOMEM:
	case SQLITE_NOMEM:
		return RC_NO_MEMORY;
	case SQLITE_CONSTRAINT_FOREIGNKEY:
	case SQLITE_CONSTRAINT_CHECK:
	case SQLITE_CONSTRAINT_NOTNULL:
	case SQLITE_CONSTRAINT_DATATYPE:
	case SQLITE_TOOBIG:
		return RC_INVALID;
	default:
		break;
	}
	switch (sqlite & 0xff) {
	case SQLITE_CONSTRAINT:
		return RC_CONFLICT;
	case SQLITE_FULL:
		return RC_STORE_FULL;
	case SQLITE_NOMEM:
		return RC_NO_MEMORY;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return RC_BUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return RC_CORRUPT;
	case SQLITE_READONLY:
		return RC_READ_ONLY;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return RC_IO;
	default:
		return RC_INTERNAL;
	}
}

sqlite3 *db_sqlite(const struct db *db)
{
	return ((const struct own *)db->own)->handle;
}

static enum rc fail(enum rc rc, int sqlite, const char *where, struct err *e)
{
	return err_set(e, rc, where, "The database says %d: %s", sqlite, sqlite3_errstr(sqlite));
}

static enum rc run(struct db *db, const char *sql, struct err *e)
{
	int r = sqlite3_exec(db_sqlite(db), sql, NULL, NULL, NULL);
	return r == SQLITE_OK ? RC_OK : fail(sqlite_rc(r), r, "sql", e);
}

static enum rc settings(struct db *db, enum db_mode mode, int cache_kib, struct err *e)
{
	char cache[64];
	snprintf(cache, sizeof cache, "PRAGMA cache_size = -%d", cache_kib);
	enum rc rc = run(db, cache, e);
	/* Before the file is looked into: the lock is then taken with the first look, and kept. */
	if (rc == RC_OK && mode == DB_ALONE)
		rc = run(db, "PRAGMA locking_mode = EXCLUSIVE", e);
	if (rc == RC_OK)
		rc = run(db, "PRAGMA foreign_keys = ON", e);
	if (rc == RC_OK)
		rc = run(db, "PRAGMA trusted_schema = OFF", e);
	if (rc == RC_OK)
		rc = run(db, "PRAGMA mmap_size = 0", e);
	/* What a savepoint must remember spills to a file in /tmp otherwise, which a confined process has not. */
	if (rc == RC_OK)
		rc = run(db, "PRAGMA temp_store = MEMORY", e);
	if (rc == RC_OK && mode == DB_READ)
		rc = run(db, "PRAGMA query_only = ON", e);
	if (rc == RC_OK && mode != DB_READ)
		rc = run(db, "PRAGMA journal_mode = WAL", e);
	/* Every commit is synced before anyone hears of it. */
	if (rc == RC_OK && mode != DB_READ)
		rc = run(db, "PRAGMA synchronous = FULL", e);
	/* The writer folds the log in itself, so that an I/O error there is seen. */
	if (rc == RC_OK && mode != DB_READ)
		rc = run(db, "PRAGMA wal_autocheckpoint = 0", e);
	if (rc == RC_OK && mode != DB_READ)
		rc = run(db, "PRAGMA journal_size_limit = 33554432", e);
	if (rc == RC_OK && mode == DB_ALONE)
		rc = run(db, "BEGIN IMMEDIATE; COMMIT", e);
	return rc;
}

static enum rc open_file(struct db *db, const char *path, enum db_mode mode, int cache_kib, struct err *e)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	struct own *own = calloc(1, sizeof *own + (size_t)db->catalog->statements * sizeof own->statement[0]);
	if (!own)
		return err_set(e, RC_NO_MEMORY, name, "No memory");
	db->own = own;
	enum rc rc = db_vfs_register();
	if (rc != RC_OK)
		return err_set(e, rc, name, "The file layer cannot be registered");
	/* Readers open for writing too: in WAL mode they may have to make the shared index. */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
	if (mode == DB_CREATE)
		flags |= SQLITE_OPEN_CREATE;
	int r = sqlite3_open_v2(path, &own->handle, flags, DB_VFS);
	if (r != SQLITE_OK)
		return fail((r & 0xff) == SQLITE_CANTOPEN ? RC_NOT_FOUND : sqlite_rc(r), r, name, e);
	sqlite3_busy_timeout(own->handle, 5000);
	sqlite3_db_config(own->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return settings(db, mode, cache_kib, e);
}

static void close_file(struct db *db)
{
	struct own *own = db->own;
	for (int i = 0; i < db->catalog->statements; i++)
		sqlite3_finalize(own->statement[i]);
	sqlite3_finalize(own->version);
	sqlite3_close_v2(own->handle);
	free(own);
}

static enum rc snapshot(struct db *db, struct err *e)
{
	return run(db, "BEGIN", e);
}

static bool in_transaction(const struct db *db)
{
	return !sqlite3_get_autocommit(db_sqlite(db));
}

enum rc sqlite_version(struct db *db, int64_t *ret, struct err *e)
{
	sqlite3_stmt **s = &((struct own *)db->own)->version;
	int r = *s ? SQLITE_OK : sqlite3_prepare_v3(db_sqlite(db), "PRAGMA data_version", -1, SQLITE_PREPARE_PERSISTENT, s, NULL);
	if (r == SQLITE_OK && (r = sqlite3_step(*s)) == SQLITE_ROW)
		*ret = sqlite3_column_int64(*s, 0);
	sqlite3_reset(*s);
	return r == SQLITE_ROW ? RC_OK : fail(sqlite_rc(r), r, "sql", e);
}

/* -------------------------------------------------------------- queries */

static void check(struct query *q, int sqlite)
{
	if (sqlite == SQLITE_OK)
		return;
	q->rc = sqlite_rc(sqlite);
	snprintf(q->db->said, sizeof q->db->said, "The database says %d: %s", sqlite, sqlite3_errstr(sqlite));
}

static void start(struct query *q)
{
	sqlite3_stmt **s = &((struct own *)q->db->own)->statement[q->which];
	if (!*s)
		check(q, sqlite3_prepare_v3(db_sqlite(q->db), q->db->catalog->statement[q->which].text[DB_SQLITE], -1,
		                            SQLITE_PREPARE_PERSISTENT, s, NULL));
	q->cursor = *s;
}

static void bind(struct query *q, const struct db_value *v)
{
	if (v->null)
		check(q, sqlite3_bind_null(q->cursor, q->next));
	else if (v->type == DB_INT)
		check(q, sqlite3_bind_int64(q->cursor, q->next, v->number));
	else if (v->bytes.len > INT_MAX)
		check(q, SQLITE_TOOBIG);
	else if (v->type == DB_TEXT)
		check(q, sqlite3_bind_text(q->cursor, q->next, (const char *)v->bytes.ptr, (int)v->bytes.len, SQLITE_STATIC));
	else
		check(q, sqlite3_bind_blob(q->cursor, q->next, v->bytes.ptr, (int)v->bytes.len,
		                           v->passing ? SQLITE_TRANSIENT : SQLITE_STATIC));
}

static bool next(struct query *q)
{
	int r = sqlite3_step(q->cursor);
	if (r != SQLITE_ROW && r != SQLITE_DONE)
		check(q, r);
	return r == SQLITE_ROW;
}

static bool is_null(struct query *q, int column)
{
	return sqlite3_column_type(q->cursor, column) == SQLITE_NULL;
}

static int64_t number(struct query *q, int column)
{
	return sqlite3_column_int64(q->cursor, column);
}

static struct bytes column_bytes(struct query *q, int column)
{
	const void *p = sqlite3_column_blob(q->cursor, column);
	size_t len = (size_t)sqlite3_column_bytes(q->cursor, column);
	if (!p && len > 0)
		check(q, SQLITE_NOMEM);
	return p ? bytes_of(p, len) : BYTES_NONE;
}

static int changes(struct query *q)
{
	return sqlite3_changes(db_sqlite(q->db));
}

static void end(struct query *q)
{
	if (!q->cursor)
		return;
	sqlite3_reset(q->cursor);
	sqlite3_clear_bindings(q->cursor);
}

/* -------------------------------------------------------------- schema */

static const char *migration_table(const struct db *db)
{
	return db->catalog->migration_table[db->which];
}

static enum rc taken(struct db *db, bool *ret_known, enum rc (*row)(void *ctx, int version, struct bytes checksum), void *ctx,
                     struct err *e)
{
	char sql[96];
	sqlite3_stmt *s = NULL;
	int r = sqlite3_table_column_metadata(db_sqlite(db), NULL, migration_table(db), NULL, NULL, NULL, NULL, NULL, NULL);
	*ret_known = r != SQLITE_ERROR;
	if (r == SQLITE_ERROR)
		return RC_OK;
	snprintf(sql, sizeof sql, "SELECT version, checksum FROM %s ORDER BY version", migration_table(db));
	enum rc rc = RC_OK;
	if (r == SQLITE_OK)
		r = sqlite3_prepare_v2(db_sqlite(db), sql, -1, &s, NULL);
	while (rc == RC_OK && r == SQLITE_OK && (r = sqlite3_step(s)) == SQLITE_ROW) {
		rc = row(ctx, sqlite3_column_int(s, 0), bytes_of(sqlite3_column_blob(s, 1), (size_t)sqlite3_column_bytes(s, 1)));
		r = SQLITE_OK;
	}
	sqlite3_finalize(s);
	return rc != RC_OK || r == SQLITE_DONE ? rc : fail(sqlite_rc(r), r, "schema", e);
}

static enum rc note_step(struct db *db, const struct db_step *step, struct bytes checksum, int64_t now, struct err *e)
{
	char sql[96];
	sqlite3_stmt *s = NULL;
	snprintf(sql, sizeof sql, "INSERT INTO %s (version, checksum, at) VALUES (?1, ?2, ?3)", migration_table(db));
	int r = sqlite3_prepare_v2(db_sqlite(db), sql, -1, &s, NULL);
	if (r == SQLITE_OK) {
		sqlite3_bind_int(s, 1, step->version);
		sqlite3_bind_blob(s, 2, checksum.ptr, (int)checksum.len, SQLITE_STATIC);
		sqlite3_bind_int64(s, 3, now);
		r = sqlite3_step(s);
	}
	sqlite3_finalize(s);
	return r == SQLITE_DONE ? RC_OK : fail(sqlite_rc(r), r, "schema", e);
}

static enum rc is_taken(void *ctx, int version, struct bytes checksum)
{
	(void)checksum;
	*(int *)ctx = version;
	return RC_OK;
}

static enum rc take(struct db *db, const struct db_step *step, struct bytes checksum, int64_t now, struct err *e)
{
	bool known;
	int last = 0;
	enum rc rc = run(db, "BEGIN IMMEDIATE", e);
	if (rc != RC_OK)
		return rc;
	/* Another may have taken it while we waited for the lock. */
	rc = taken(db, &known, is_taken, &last, e);
	if (rc == RC_OK && last < step->version)
		rc = run(db, step->text, e);
	if (rc == RC_OK && last < step->version)
		rc = note_step(db, step, checksum, now, e);
	if (rc == RC_OK)
		rc = run(db, "COMMIT", e);
	if (in_transaction(db) && run(db, "ROLLBACK", NULL) != RC_OK)
		return rc == RC_OK ? RC_INTERNAL : rc;
	return rc;
}

const struct db_engine db_engine_sqlite = {
	.kind = DB_SQLITE, .open = open_file, .close = close_file, .run = run, .snapshot = snapshot,
	.in_transaction = in_transaction, .start = start, .bind = bind, .next = next, .is_null = is_null,
	.number = number, .bytes = column_bytes, .changes = changes, .end = end, .taken = taken, .take = take,
};
