/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/db.h"

#include <string.h>

#include "database/vfs.h"

static const char *const statements[Q_COUNT] = {
#define X(name, sql) [name] = sql,
	VAULT_STATEMENTS(X)
#undef X
};

#define TEXT_OF_(x) #x
#define TEXT_OF(x) TEXT_OF_(x)

static const char schema[] =
	"CREATE TABLE meta(name TEXT PRIMARY KEY, val BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	/* A key-encryption key for each region (first two parts of a scope), wrapped by the root key. */
	"CREATE TABLE kek(kek_id INTEGER PRIMARY KEY, region TEXT NOT NULL, wrapped BLOB NOT NULL,"
	" commitment BLOB NOT NULL, created_us INTEGER NOT NULL) STRICT;"
	"CREATE INDEX kek_region ON kek(region);"
	/* wrapped is empty in the tombstone of a destroyed key. */
	"CREATE TABLE person_key(person_id BLOB NOT NULL, key_no INTEGER NOT NULL, kek_id INTEGER NOT NULL REFERENCES kek,"
	" case_id BLOB NOT NULL, wrapped BLOB NOT NULL, commitment BLOB NOT NULL, created_us INTEGER NOT NULL,"
	/* Who seals under it later shows that they belong to this case's office or know its secret (a hash, or empty). */
	" made_by TEXT NOT NULL, secret BLOB NOT NULL,"
	/* The office that the person belongs to now, and the officer who last moved them (empty: nobody). */
	" scope TEXT NOT NULL, moved_by BLOB NOT NULL, PRIMARY KEY(person_id, key_no)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE staff(staff_id BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE, display_native TEXT NOT NULL,"
	" display_latin TEXT NOT NULL, role INTEGER NOT NULL, scope TEXT NOT NULL, quota_factor INTEGER NOT NULL,"
	" active INTEGER NOT NULL, pass TEXT NOT NULL, created_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	/* by_id is empty for what was done at the machine. */
	"CREATE TABLE account_log(no INTEGER PRIMARY KEY AUTOINCREMENT, at_us INTEGER NOT NULL, by_id BLOB NOT NULL,"
	" event INTEGER NOT NULL, staff_id BLOB NOT NULL REFERENCES staff) STRICT;"
	/* Wrong passphrases in a row. The zero id stands for every name without an account: a failure is a write for either. */
	"CREATE TABLE login_failure(staff_id BLOB PRIMARY KEY, failures INTEGER NOT NULL, until_us INTEGER NOT NULL) STRICT,"
	" WITHOUT ROWID;"
	/* Only a hash of the token's id: who reads this file cannot sign in with it. */
	"CREATE TABLE session(id_hash BLOB PRIMARY KEY, staff_id BLOB NOT NULL REFERENCES staff, used_us INTEGER NOT NULL,"
	" expires_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE TABLE look(person_id BLOB NOT NULL, look_no INTEGER NOT NULL, at_us INTEGER NOT NULL,"
	" staff_id BLOB NOT NULL, role INTEGER NOT NULL, scope TEXT NOT NULL, purpose INTEGER NOT NULL,"
	" kind INTEGER NOT NULL, object_id BLOB NOT NULL, PRIMARY KEY(person_id, look_no)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE quota(staff_id BLOB NOT NULL, day INTEGER NOT NULL, kind INTEGER NOT NULL, purpose INTEGER NOT NULL,"
	" n INTEGER NOT NULL, PRIMARY KEY(staff_id, day, kind, purpose)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE fuse(id INTEGER PRIMARY KEY CHECK(id = 1), per_hour INTEGER NOT NULL, hour INTEGER NOT NULL,"
	" n INTEGER NOT NULL, blown INTEGER NOT NULL) STRICT;"
	"CREATE TABLE signing_key(use INTEGER NOT NULL, key_id BLOB NOT NULL, wrapped BLOB NOT NULL, public BLOB NOT NULL,"
	" certificate BLOB NOT NULL, from_us INTEGER NOT NULL, to_us INTEGER, PRIMARY KEY(use, key_id)) STRICT, WITHOUT ROWID;"
	/* claim is an HMAC of the number: the number itself stands here only sealed. */
	"CREATE TABLE number(claim BLOB PRIMARY KEY, person_id BLOB NOT NULL, case_id BLOB NOT NULL, sealed BLOB NOT NULL,"
	" at_us INTEGER NOT NULL, retired INTEGER NOT NULL, UNIQUE(person_id, case_id)) STRICT, WITHOUT ROWID;"
	/* Every act signed. n: the first is 1, one that follows another has its n and 1 more. logged: seen in the log. */
	"CREATE TABLE act_chain(person_id BLOB NOT NULL, act_id BLOB NOT NULL, commitment BLOB NOT NULL, n INTEGER NOT NULL,"
	" logged INTEGER NOT NULL, status INTEGER NOT NULL, since_day INTEGER NOT NULL, PRIMARY KEY(person_id, act_id)) STRICT,"
	" WITHOUT ROWID;"
	/* Codes with which families draw documents: keyed hashes. session: hash of the token's id, empty until it is used. */
	"CREATE TABLE claim(code_hash BLOB PRIMARY KEY, person_id BLOB NOT NULL, act_id BLOB NOT NULL,"
	" staff_id BLOB NOT NULL REFERENCES staff, until_us INTEGER NOT NULL, session BLOB NOT NULL,"
	" session_until_us INTEGER NOT NULL, serial BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX claim_act ON claim(person_id, act_id);"
	"CREATE INDEX claim_session ON claim(session);"
	"CREATE TABLE document(serial BLOB PRIMARY KEY, person_id BLOB NOT NULL, act_id BLOB NOT NULL, staff_id BLOB NOT NULL,"
	" at_us INTEGER NOT NULL, signed_us INTEGER NOT NULL, list INTEGER NOT NULL, idx INTEGER NOT NULL,"
	" status INTEGER NOT NULL, since_day INTEGER NOT NULL, UNIQUE(list, idx)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX document_person ON document(person_id);"
	"CREATE TABLE signed_log(origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, at_us INTEGER NOT NULL,"
	" first_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"INSERT INTO fuse(id, per_hour, hour, n, blown) VALUES(1, 100000, 0, 0, 0);"
	"PRAGMA user_version = " TEXT_OF(VAULT_DB_VERSION) ";";

static enum rc rc_of(int sqlite)
{
	switch (sqlite & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return RC_OK;
	case SQLITE_FULL:
		return RC_STORE_FULL;
	case SQLITE_NOMEM:
		return RC_NO_MEMORY;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return RC_BUSY;
	case SQLITE_CONSTRAINT:
		return RC_CONFLICT;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return RC_CORRUPT;
	case SQLITE_CANTOPEN:
		return RC_NOT_FOUND;
	default:
		return RC_IO;
	}
}

static enum rc fail(sqlite3 *handle, int sqlite, struct err *e)
{
	/* SQLite's message may quote a value; its name for the number does not. */
	return err_set(e, rc_of(sqlite), VAULT_DB_NAME, "%s (SQLite error %d)", sqlite3_errstr(sqlite),
		       handle ? sqlite3_extended_errcode(handle) : sqlite);
}

static enum rc exec(struct vault_db *db, const char *sql, struct err *e)
{
	int s = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	return s == SQLITE_OK ? RC_OK : fail(db->handle, s, e);
}

/* No way leads from older tables to these: there is no register yet that would have to go it. */
static enum rc check_version(struct vault_db *db, struct err *e)
{
	sqlite3_stmt *s = NULL;
	int found = -1, r = sqlite3_prepare_v2(db->handle, "PRAGMA user_version", -1, &s, NULL);
	if (r == SQLITE_OK && (r = sqlite3_step(s)) == SQLITE_ROW)
		found = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	if (r != SQLITE_ROW)
		return fail(db->handle, r, e);
	return found == VAULT_DB_VERSION ? RC_OK
	       : err_set(e, RC_CONFIG, VAULT_DB_NAME, "This vault's store has tables of version %d, and this program reads version %d alone",
			 found, VAULT_DB_VERSION);
}

enum rc vdb_open(struct vault_db *db, const char *path, bool create, struct err *e)
{
	*db = (struct vault_db){0};
	if (db_vfs_register() != RC_OK)
		return err_set(e, RC_INTERNAL, VAULT_DB_NAME, "The file layer cannot be registered");
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
	int s = sqlite3_open_v2(path, &db->handle, flags, DB_VFS);
	enum rc rc = s == SQLITE_OK ? RC_OK : fail(db->handle, s, e);
	if (rc == RC_OK) {
		sqlite3_extended_result_codes(db->handle, 1);
		sqlite3_busy_timeout(db->handle, 2000);
		rc = exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
			      "PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY;"
			      "PRAGMA cache_size = -16384", e);
	}
	if (rc == RC_OK && create) {
		rc = exec(db, "BEGIN IMMEDIATE", e);
		if (rc == RC_OK)
			rc = exec(db, schema, e);
		if (rc == RC_OK)
			rc = exec(db, "COMMIT", e);
	}
	if (rc == RC_OK)
		rc = check_version(db, e);
	for (int i = 0; rc == RC_OK && i < Q_COUNT; i++) {
		s = sqlite3_prepare_v3(db->handle, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &db->statement[i], NULL);
		if (s != SQLITE_OK)
			rc = fail(db->handle, s, e);
	}
	if (rc != RC_OK)
		vdb_close(db);
	return rc;
}

void vdb_close(struct vault_db *db)
{
	for (int i = 0; i < Q_COUNT; i++)
		sqlite3_finalize(db->statement[i]);
	sqlite3_close(db->handle);
	*db = (struct vault_db){0};
}

enum rc vdb_write(struct vault_db *db, struct err *e)
{
	if (db->writing)
		return RC_OK;
	enum rc rc = exec(db, "BEGIN IMMEDIATE", e);
	db->writing = rc == RC_OK;
	return rc;
}

enum rc vdb_commit(struct vault_db *db, struct err *e)
{
	if (!db->writing)
		return RC_OK;
	enum rc rc = exec(db, "COMMIT", e);
	if (rc == RC_OK)
		db->writing = false;
	return rc;
}

void vdb_rollback(struct vault_db *db)
{
	if (db->writing)
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->writing = false;
}

sqlite3_stmt *vdb_use(struct vault_db *db, enum vault_statement which)
{
	sqlite3_stmt *s = db->statement[which];
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
	return s;
}

void vdb_bind_bytes(sqlite3_stmt *s, int at, struct bytes b)
{
	sqlite3_bind_blob64(s, at, b.len ? (const void *)b.ptr : (const void *)"", b.len, SQLITE_STATIC);
}

void vdb_bind_id(sqlite3_stmt *s, int at, const struct id *id)
{
	sqlite3_bind_blob(s, at, id->b, sizeof id->b, SQLITE_STATIC);
}

void vdb_bind_text(sqlite3_stmt *s, int at, const char *text)
{
	sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC);
}

void vdb_bind_int(sqlite3_stmt *s, int at, int64_t v)
{
	sqlite3_bind_int64(s, at, v);
}

enum rc vdb_step(sqlite3_stmt *s)
{
	int r = sqlite3_step(s);
	if (r == SQLITE_ROW)
		return RC_OK;
	sqlite3_reset(s);
	return r == SQLITE_DONE ? RC_NOT_FOUND : rc_of(r);
}

enum rc vdb_run(struct vault_db *db, sqlite3_stmt *s, struct err *e)
{
	enum rc rc = vdb_write(db, e);
	if (rc != RC_OK)
		return rc;
	int r;
	do
		r = sqlite3_step(s);
	while (r == SQLITE_ROW);
	sqlite3_reset(s);
	return r == SQLITE_DONE ? RC_OK : fail(db->handle, r, e);
}

struct bytes vdb_bytes(sqlite3_stmt *s, int column)
{
	const void *p = sqlite3_column_blob(s, column);
	int n = sqlite3_column_bytes(s, column);
	return p && n > 0 ? bytes_of(p, (size_t)n) : BYTES_NONE;
}

bool vdb_id(sqlite3_stmt *s, int column, struct id *ret)
{
	return id_from_bytes(vdb_bytes(s, column), ret) == RC_OK;
}

bool vdb_text(sqlite3_stmt *s, int column, char *out, size_t size)
{
	struct bytes b = vdb_bytes(s, column);
	if (b.len >= size)
		return false;
	if (b.len)
		memcpy(out, b.ptr, b.len);
	out[b.len] = '\0';
	return true;
}
