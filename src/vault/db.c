/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/db.h"

#include "base/clock.h"
#include "database/sqlite.h"

enum { CACHE_KIB = 16384 };

static enum rc prepare_file(struct vault_db *db, bool create, struct err *e)
{
	/* What was deleted is overwritten. And nobody but SQLite itself folds the log of this file in. */
	enum rc rc = db_run(&db->db, "PRAGMA secure_delete = ON", e);
	if (rc == RC_OK)
		rc = db_run(&db->db, "PRAGMA wal_autocheckpoint = 1000", e);
	if (rc == RC_OK && create)
		rc = db_migrate(&db->db, clock_now_us(), e);
	return rc;
}

enum rc vdb_open(struct vault_db *db, const char *place, bool create, struct err *e)
{
	*db = (struct vault_db){0};
	enum rc rc = db_open(&db->db, place, &vsql_catalog, VSQL_MAIN, create ? DB_CREATE : DB_WRITE, CACHE_KIB, e);
	if (rc == RC_OK && !db_is_server(&db->db))
		rc = prepare_file(db, create, e);
	if (rc == RC_OK)
		rc = db_is_current(&db->db, e);
	/* No way leads from older tables to these: there is no register yet that would have to go it. */
	if (rc == RC_CONFIG && !db_is_url(place))
		rc = err_set(e, rc, VAULT_DB_NAME, "This vault's store was made by another version of civis, and this one cannot read it");
	if (rc != RC_OK)
		vdb_close(db);
	return rc;
}

void vdb_close(struct vault_db *db)
{
	db_close(&db->db);
	*db = (struct vault_db){0};
}

enum rc vdb_write(struct vault_db *db, struct err *e)
{
	if (db->writing)
		return RC_OK;
	enum rc rc = db_run(&db->db, db_is_server(&db->db) ? "BEGIN" : "BEGIN IMMEDIATE", e);
	db->writing = rc == RC_OK;
	return rc;
}

enum rc vdb_commit(struct vault_db *db, struct err *e)
{
	if (!db->writing)
		return RC_OK;
	enum rc rc = db_run(&db->db, "COMMIT", e);
	if (rc == RC_OK)
		db->writing = false;
	return rc;
}

void vdb_rollback(struct vault_db *db)
{
	if (db->writing && db_run(&db->db, "ROLLBACK", NULL) != RC_OK) {
		/* It was taken back by the engine itself. */
	}
	db->writing = false;
}

struct query vdb_query(struct vault_db *db, enum vsql_id which)
{
	return query_open(&db->db, which);
}

enum rc vdb_run(struct vault_db *db, struct query *q, struct err *e)
{
	enum rc rc = vdb_write(db, e), ended = rc == RC_OK ? query_do(q, NULL, e) : query_close(q, NULL, NULL);
	return rc == RC_OK ? ended : rc;
}

enum rc vdb_end(struct query *q, struct err *e)
{
	bool found = false;
	enum rc rc = query_close(q, &found, e);
	return rc == RC_OK && !found ? RC_NOT_FOUND : rc;
}

enum rc vdb_version(struct vault_db *db, int64_t *ret, struct err *e)
{
	return sqlite_version(&db->db, ret, e);
}
