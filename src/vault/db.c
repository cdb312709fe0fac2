/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/db.h"

#include <limits.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "database/move.h"
#include "database/postgresql.h"
#include "database/sqlite.h"
#include "vault/admin.h"

enum { CACHE_KIB = 16384 };

#define SEARCH_US (10LL * 1000000)   /* so long for what became of a commit */
#define ROUND_KEPT_US (24LL * 3600 * 1000000)

static enum rc mark_get(struct db *db, const char *name, char *out, size_t size, struct err *e)
{
	*out = '\0';
	struct query q = query_open(db, VSQL_meta_get);
	query_text(&q, name);
	if (query_row(&q))
		query_col_text(&q, 0, out, size);
	return query_close(&q, NULL, e);
}

static enum rc mark_put(struct db *db, const char *name, const char *value, struct err *e)
{
	struct query q = query_open(db, VSQL_meta_put);
	query_text(&q, name);
	query_bytes(&q, bytes_str(value));
	return query_do(&q, NULL, e);
}

const struct db_movable vault_movable = {.catalog = &vsql_catalog, .file = {VAULT_DB_NAME}, .get = mark_get, .put = mark_put};

static enum rc prepare_file(struct vault_db *db, struct err *e)
{
	/* What was deleted is overwritten. And nobody but SQLite itself folds the log of this file in. */
	enum rc rc = db_run(&db->db, "PRAGMA secure_delete = ON", e);
	if (rc == RC_OK)
		rc = db_run(&db->db, "PRAGMA wal_autocheckpoint = 1000", e);
	if (rc == RC_OK)
		rc = db_migrate(&db->db, clock_now_us(), e);
	return rc == RC_OK ? db_was_moved(&vault_movable, &db->db, e) : rc;
}

enum rc vdb_open(struct vault_db *db, const char *place, bool create, struct err *e)
{
	*db = (struct vault_db){0};
	enum rc rc = db_open(&db->db, place, &vsql_catalog, VSQL_MAIN, create ? DB_CREATE : DB_WRITE, CACHE_KIB, e);
	if (rc == RC_OK) /* a server's tables are its owner's to change */
		rc = vdb_is_shared(db) ? db_is_current(&db->db, e) : prepare_file(db, e);
	if (rc != RC_OK)
		vdb_close(db);
	return rc;
}

enum rc vdb_sweep(struct vault_db *db, struct err *e)
{
	if (!vdb_is_shared(db))
		return RC_OK;
	struct query q = query_open(&db->db, VSQL_round_sweep);
	query_int(&q, clock_now_us() - ROUND_KEPT_US);
	return query_do(&q, NULL, e);
}

enum rc vdb_open_dir(struct vault_db *db, const char *dir, struct err *e)
{
	char place[PATH_MAX];
	*db = (struct vault_db){0};
	enum rc rc = db_place(dir, VAULT_DB_NAME, place, e);
	return rc == RC_OK ? vdb_open(db, place, false, e) : rc;
}

enum rc vdb_plan(const char *dir, void (*each)(void *ctx, const struct db_step *step), void *ctx, struct err *e)
{
	char place[PATH_MAX];
	struct db db;
	enum rc rc = db_place(dir, VAULT_DB_NAME, place, e);
	if (rc == RC_OK)
		rc = db_open(&db, place, &vsql_catalog, VSQL_MAIN, DB_READ, CACHE_KIB, e);
	if (rc != RC_OK)
		return rc;
	rc = db_plan(&db, each, ctx, e);
	db_close(&db);
	return rc;
}

enum rc vdb_open_at_work(struct vault_db *db, const char *dir, struct err *e)
{
	enum rc rc = vdb_open_dir(db, dir, e);
	if (rc == RC_OK && vdb_is_shared(db))
		rc = postgresql_be_brief(&db->db, e);
	if (rc != RC_OK)
		vdb_close(db);
	return rc;
}

void vdb_close(struct vault_db *db)
{
	db_close(&db->db);
	*db = (struct vault_db){0};
}

bool vdb_is_shared(const struct vault_db *db)
{
	return db_is_server(&db->db);
}

bool vdb_broken(const struct vault_db *db)
{
	return vdb_is_shared(db) && postgresql_broken(&db->db);
}

bool vdb_raced(struct vault_db *db)
{
	return vdb_is_shared(db) && postgresql_raced(&db->db);
}

/* ── the round's transaction ── */

static enum rc begin(struct vault_db *db, struct err *e)
{
	if (db->open)
		return RC_OK;
	enum rc rc = db_run(&db->db, vdb_is_shared(db) ? "BEGIN" : "BEGIN IMMEDIATE", e);
	db->open = rc == RC_OK;
	return rc;
}

enum rc vdb_write(struct vault_db *db, struct err *e)
{
	enum rc rc = begin(db, e);
	db->wrote = db->wrote || rc == RC_OK;
	return rc;
}

static enum rc note_round(struct vault_db *db, struct err *e)
{
	if (id_is_zero(db->self))
		db->self = id_new();
	struct query q = query_open(&db->db, VSQL_round_put);
	query_id(&q, db->self);
	query_int(&q, ++db->round);
	query_int(&q, clock_now_us());
	return query_do(&q, NULL, e);
}

/* Whether the last round is in the database. */
static enum rc ask_round(struct vault_db *db, bool *ret, struct err *e)
{
	struct query q = query_open(&db->db, VSQL_round_wait);
	query_id(&q, db->self);
	query_int(&q, clock_now_us());
	enum rc rc = query_do(&q, NULL, e);
	if (rc != RC_OK)
		return rc;
	q = query_open(&db->db, VSQL_round_get);
	query_id(&q, db->self);
	*ret = query_row(&q) && query_col_int(&q, 0) == db->round;
	return query_close(&q, NULL, e);
}

static enum rc search_round(struct vault_db *db, struct err *e)
{
	const struct timespec pause = {.tv_nsec = 50000000};
	bool there = false;
	enum rc rc = RC_STORE_DOWN;
	for (int64_t end = clock_monotonic_us() + SEARCH_US; rc != RC_OK && clock_monotonic_us() < end;) {
		rc = ask_round(db, &there, e);
		if (rc != RC_OK)
			nanosleep(&pause, NULL);
	}
	if (rc != RC_OK)
		return err_set(e, RC_STORE_DOWN, "store", "The database went away while it was written to");
	log_warn("vault_commit_found", LOG_INT("there", there));
	return there ? RC_OK : err_set(e, RC_BUSY, "store", "The database took back what was being written");
}

enum rc vdb_commit(struct vault_db *db, struct err *e)
{
	if (!db->open)
		return RC_OK;
	bool shared = vdb_is_shared(db), wrote = db->wrote;
	enum rc rc = shared && wrote ? note_round(db, e) : RC_OK;
	if (rc != RC_OK)
		return rc;
	rc = db_run(&db->db, "COMMIT", e);
	/* On a server nothing is open then, whatever became of it. */
	if (shared || rc == RC_OK)
		db->open = db->wrote = false;
	return shared && wrote && rc == RC_STORE_DOWN ? search_round(db, e) : rc;
}

void vdb_rollback(struct vault_db *db)
{
	if (db->open && db_run(&db->db, "ROLLBACK", NULL) != RC_OK) {
		/* It was taken back by the engine itself. */
	}
	db->open = db->wrote = false;
}

struct query vdb_query(struct vault_db *db, enum vsql_id which)
{
	enum rc rc = vdb_is_shared(db) ? begin(db, NULL) : RC_OK;
	struct query q = query_open(&db->db, which);
	if (rc != RC_OK && q.rc == RC_OK)
		q.rc = rc; /* not outside of the round's transaction, even if the server is back by now */
	return q;
}

enum rc vdb_change(struct vault_db *db, struct query *q, int *ret_changes, struct err *e)
{
	enum rc rc = vdb_write(db, e), ended = rc == RC_OK ? query_do(q, ret_changes, e) : query_close(q, NULL, NULL);
	return rc == RC_OK ? ended : rc;
}

enum rc vdb_run(struct vault_db *db, struct query *q, struct err *e)
{
	return vdb_change(db, q, NULL, e);
}

enum rc vdb_end(struct query *q, struct err *e)
{
	bool found = false;
	enum rc rc = query_close(q, &found, e);
	return rc == RC_OK && !found ? RC_NOT_FOUND : rc;
}

enum rc vdb_meta_put(struct vault_db *db, const char *name, struct bytes value, struct err *e)
{
	struct query q = vdb_query(db, VSQL_meta_put);
	query_text(&q, name);
	query_bytes(&q, value);
	return vdb_run(db, &q, e);
}

enum rc vdb_meta_get(struct vault_db *db, const char *name, struct buf *out, struct err *e)
{
	struct query q = vdb_query(db, VSQL_meta_get);
	query_text(&q, name);
	if (query_row(&q))
		buf_append(out, query_col_view(&q, 0));
	enum rc rc = vdb_end(&q, e);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && buf_failed(out)))
		return err_set(e, RC_CORRUPT, name, "The vault's store lacks a part that init makes");
	return rc;
}

enum rc vdb_meta_text(struct vault_db *db, const char *name, char *out, size_t size, struct err *e)
{
	struct buf text = BUF_INIT(size - 1);
	enum rc rc = vdb_meta_get(db, name, &text, e);
	memcpy(out, text.ptr ? text.ptr : (const uint8_t *)"", rc == RC_OK ? text.len : 0);
	out[rc == RC_OK ? text.len : 0] = '\0';
	buf_release(&text);
	return rc;
}

enum rc vdb_version(struct vault_db *db, int64_t *ret, struct err *e)
{
	return sqlite_version(&db->db, ret, e);
}
