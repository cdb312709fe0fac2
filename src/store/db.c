/* SPDX-License-Identifier: MPL-2.0 */
#include "store/db.h"

#include "base/text.h"
#include "store/vfs.h"

enum rc db_rc(int sqlite)
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

static enum rc fail(enum rc rc, int sqlite, const char *where, struct err *e)
{
	return err_set(e, rc, where, "The database says %d: %s", sqlite, sqlite3_errstr(sqlite));
}

static enum rc settings(struct db *db, enum db_mode mode, int cache_kib, struct err *e)
{
	char cache[64];
	snprintf(cache, sizeof cache, "PRAGMA cache_size = -%d", cache_kib);
	enum rc rc = db_run(db, cache, e);
	if (rc == RC_OK)
		rc = db_run(db, "PRAGMA foreign_keys = ON", e);
	if (rc == RC_OK)
		rc = db_run(db, "PRAGMA trusted_schema = OFF", e);
	if (rc == RC_OK)
		rc = db_run(db, "PRAGMA mmap_size = 0", e);
	/* What a savepoint must remember spills to a file in /tmp otherwise, which a confined process has not. */
	if (rc == RC_OK)
		rc = db_run(db, "PRAGMA temp_store = MEMORY", e);
	if (rc == RC_OK && mode == DB_READ)
		rc = db_run(db, "PRAGMA query_only = ON", e);
	if (rc == RC_OK && mode != DB_READ)
		rc = db_run(db, "PRAGMA journal_mode = WAL", e);
	/* Every commit is synced before anyone hears of it. */
	if (rc == RC_OK && mode != DB_READ)
		rc = db_run(db, "PRAGMA synchronous = FULL", e);
	/* The writer folds the log in itself, so that an I/O error there is seen. */
	if (rc == RC_OK && mode != DB_READ)
		rc = db_run(db, "PRAGMA wal_autocheckpoint = 0", e);
	if (rc == RC_OK && mode != DB_READ)
		rc = db_run(db, "PRAGMA journal_size_limit = 33554432", e);
	return rc;
}

enum rc db_open(struct db *db, const char *path, enum sql_database which, enum db_mode mode, int cache_kib,
                struct err *e)
{
	*db = (struct db){.which = which};
	const char *name = which == SQL_MAIN ? "main.db" : "blob.db";
	enum rc rc = store_vfs_register();
	if (rc != RC_OK)
		return err_set(e, rc, name, "The file layer cannot be registered");
	/* Readers open for writing too: in WAL mode they may have to make the shared index. */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
	if (mode == DB_CREATE)
		flags |= SQLITE_OPEN_CREATE;
	int r = sqlite3_open_v2(path, &db->handle, flags, STORE_VFS);
	if (r != SQLITE_OK) {
		rc = (r & 0xff) == SQLITE_CANTOPEN ? RC_NOT_FOUND : db_rc(r);
		rc = fail(rc, r, name, e);
		db_close(db);
		return rc;
	}
	sqlite3_busy_timeout(db->handle, 5000);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	rc = settings(db, mode, cache_kib, e);
	if (rc != RC_OK)
		db_close(db);
	return rc;
}

void db_close(struct db *db)
{
	for (int i = 0; i < SQL_COUNT; i++) {
		sqlite3_finalize(db->statement[i]);
		db->statement[i] = NULL;
	}
	sqlite3_close_v2(db->handle);
	db->handle = NULL;
}

enum rc db_run(struct db *db, const char *sql, struct err *e)
{
	int r = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	return r == SQLITE_OK ? RC_OK : fail(db_rc(r), r, "sql", e);
}

/* -------------------------------------------------------------- schema */

static const char *migration_sql(enum sql_database which, bool read)
{
	if (which == SQL_MAIN)
		return read ? "SELECT version, checksum FROM migration ORDER BY version"
			    : "INSERT INTO migration (version, checksum, at) VALUES (?1, ?2, ?3)";
	return read ? "SELECT version, checksum FROM blob_migration ORDER BY version"
		    : "INSERT INTO blob_migration (version, checksum, at) VALUES (?1, ?2, ?3)";
}

/* The steps already taken must be the first of ours, unaltered. */
static enum rc steps_taken(struct db *db, int *ret_taken, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int taken = 0, r;
	enum rc rc = RC_OK;
	r = sqlite3_table_column_metadata(db->handle, NULL, db->which == SQL_MAIN ? "migration" : "blob_migration", NULL,
	                                  NULL, NULL, NULL, NULL, NULL);
	if (r == SQLITE_ERROR) {
		*ret_taken = 0;
		return RC_OK;
	}
	if (r == SQLITE_OK)
		r = sqlite3_prepare_v2(db->handle, migration_sql(db->which, true), -1, &s, NULL);
	while (r == SQLITE_OK && (r = sqlite3_step(s)) == SQLITE_ROW) {
		int version = sqlite3_column_int(s, 0), i = 0;
		while (i < sql_step_count && (sql_step[i].which != db->which || sql_step[i].version != version))
			i++;
		struct buf want = BUF_INIT(32);
		if (i == sql_step_count || version != taken + 1 ||
		    hex_decode(bytes_str(sql_step[i].checksum), &want) != RC_OK ||
		    !bytes_equal(buf_bytes(&want), bytes_of(sqlite3_column_blob(s, 1), (size_t)sqlite3_column_bytes(s, 1))))
			rc = err_set(e, RC_CORRUPT, "schema", "Step %d of the schema is not one this program knows", version);
		buf_release(&want);
		if (rc != RC_OK)
			break;
		taken = version;
		r = SQLITE_OK;
	}
	if (rc == RC_OK && r != SQLITE_DONE)
		rc = fail(db_rc(r), r, "schema", e);
	sqlite3_finalize(s);
	if (rc == RC_OK)
		*ret_taken = taken;
	return rc;
}

static enum rc take_step(struct db *db, const struct sql_step *step, int64_t now, struct err *e)
{
	sqlite3_stmt *s = NULL;
	struct buf sum = BUF_INIT(32);
	enum rc rc = db_run(db, "BEGIN IMMEDIATE", e);
	if (rc != RC_OK)
		return rc;
	rc = db_run(db, step->text, e);
	if (rc != RC_OK)
		goto out;
	rc = hex_decode(bytes_str(step->checksum), &sum);
	if (rc != RC_OK)
		goto out;
	int r = sqlite3_prepare_v2(db->handle, migration_sql(db->which, false), -1, &s, NULL);
	if (r == SQLITE_OK) {
		sqlite3_bind_int(s, 1, step->version);
		sqlite3_bind_blob(s, 2, sum.ptr, (int)sum.len, SQLITE_STATIC);
		sqlite3_bind_int64(s, 3, now);
		r = sqlite3_step(s);
	}
	sqlite3_finalize(s);
	rc = r == SQLITE_DONE ? db_run(db, "COMMIT", e) : fail(db_rc(r), r, "schema", e);
out:
	buf_release(&sum);
	if (!sqlite3_get_autocommit(db->handle) && db_run(db, "ROLLBACK", NULL) != RC_OK)
		return rc == RC_OK ? RC_INTERNAL : rc;
	return rc;
}

enum rc db_migrate(struct db *db, int64_t now, struct err *e)
{
	int taken = 0;
	enum rc rc = steps_taken(db, &taken, e);
	for (int i = 0; rc == RC_OK && i < sql_step_count; i++)
		if (sql_step[i].which == db->which && sql_step[i].version > taken)
			rc = take_step(db, &sql_step[i], now, e);
	return rc;
}

enum rc db_is_current(struct db *db, struct err *e)
{
	int taken = 0;
	enum rc rc = steps_taken(db, &taken, e);
	for (int i = 0; rc == RC_OK && i < sql_step_count; i++)
		if (sql_step[i].which == db->which && sql_step[i].version > taken)
			rc = err_set(e, RC_CORRUPT, "schema", "The schema is older than this program; start the server once");
	return rc;
}
