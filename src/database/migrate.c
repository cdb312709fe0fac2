/* SPDX-License-Identifier: MPL-2.0 */
/* Opening, and the schema's steps. */
#include <string.h>

#include "base/text.h"
#include "database/engine.h"

const struct db_engine *db_server_engine = &db_engine_postgresql;

bool db_is_url(const char *place)
{
	return strncmp(place, "postgresql://", 13) == 0 || strncmp(place, "postgres://", 11) == 0;
}

enum rc db_open(struct db *db, const char *place, const struct db_catalog *catalog, int which, enum db_mode mode,
                int cache_kib, struct err *e)
{
	*db = (struct db){.catalog = catalog, .which = which};
	db->engine = db_is_url(place) ? db_server_engine : &db_engine_sqlite;
	enum rc rc = db->engine->open(db, place, mode, cache_kib, e);
	if (rc != RC_OK)
		db_close(db);
	return rc;
}

void db_close(struct db *db)
{
	if (db->own)
		db->engine->close(db);
	db->own = NULL;
}

enum rc db_run(struct db *db, const char *sql, struct err *e)
{
	return db->engine->run(db, sql, e);
}

enum rc db_snapshot(struct db *db, struct err *e)
{
	return db->engine->snapshot(db, e);
}

bool db_in_transaction(const struct db *db)
{
	return db->own && db->engine->in_transaction(db);
}

bool db_is_server(const struct db *db)
{
	return db->engine->kind == DB_POSTGRESQL;
}

/* -------------------------------------------------------------- schema */

/* Those of this part; PostgreSQL keeps all parts in one database. */
static bool is_ours(const struct db *db, const struct db_step *step)
{
	return db->engine->kind == DB_POSTGRESQL || step->which == db->which;
}

static enum rc checksum_of(const struct db_step *step, uint8_t out[static 32])
{
	struct buf sum = BUF_INIT(32);
	enum rc rc = hex_decode(bytes_str(step->checksum), &sum);
	if (rc == RC_OK && sum.len != 32)
		rc = RC_INTERNAL;
	if (rc == RC_OK)
		memcpy(out, sum.ptr, 32);
	buf_release(&sum);
	return rc;
}

struct walk {
	const struct db *db;
	int version;
};

/* The steps already taken must be the first of ours, unaltered. */
static enum rc compare(void *ctx, int version, struct bytes checksum)
{
	struct walk *w = ctx;
	const struct db_catalog *c = w->db->catalog;
	uint8_t want[32];
	for (int i = 0; i < c->steps[w->db->engine->kind]; i++) {
		const struct db_step *step = &c->step[w->db->engine->kind][i];
		if (!is_ours(w->db, step) || step->version != version)
			continue;
		if (version != w->version + 1 || checksum_of(step, want) != RC_OK || !bytes_equal(checksum, BYTES_ARRAY(want)))
			break;
		w->version = version;
		return RC_OK;
	}
	w->version = version;
	return RC_CONFIG;
}

static enum rc steps_taken(struct db *db, int *ret_version, struct err *e)
{
	bool known = false;
	struct walk w = {.db = db};
	struct err own = ERR_NONE;
	enum rc rc = db->engine->taken(db, &known, compare, &w, &own);
	if (rc == RC_CONFIG && own.code == RC_OK)
		return err_set(e, RC_CONFIG, "schema", "Step %d of the %s's schema is not one this program knows: it is newer, or was altered%s",
		               w.version, db->catalog->whose, db_is_server(db) ? ", or the register's and the vault's databases are mixed up" : "");
	if (rc == RC_OK)
		*ret_version = known ? w.version : 0;
	else if (e)
		*e = own;
	return rc;
}

/* Each step not yet taken, until one fails. */
static enum rc each_open_step(struct db *db, enum rc (*visit)(struct db *db, const struct db_step *step, void *ctx, struct err *e),
                              void *ctx, struct err *e)
{
	int taken = 0;
	enum rc rc = steps_taken(db, &taken, e);
	const enum db_kind kind = db->engine->kind;
	for (int i = 0; rc == RC_OK && i < db->catalog->steps[kind]; i++) {
		const struct db_step *step = &db->catalog->step[kind][i];
		if (is_ours(db, step) && step->version > taken)
			rc = visit(db, step, ctx, e);
	}
	return rc;
}

static enum rc take(struct db *db, const struct db_step *step, void *ctx, struct err *e)
{
	uint8_t sum[32];
	enum rc rc = checksum_of(step, sum);
	return rc == RC_OK ? db->engine->take(db, step, BYTES_ARRAY(sum), *(const int64_t *)ctx, e) : rc;
}

enum rc db_migrate(struct db *db, int64_t now, struct err *e)
{
	return each_open_step(db, take, &now, e);
}

struct plan {
	void (*each)(void *ctx, const struct db_step *step);
	void *ctx;
};

static enum rc tell(struct db *db, const struct db_step *step, void *ctx, struct err *e)
{
	(void)db;
	(void)e;
	const struct plan *plan = ctx;
	if (plan->each)
		plan->each(plan->ctx, step);
	return RC_OK;
}

enum rc db_plan(struct db *db, void (*each)(void *ctx, const struct db_step *step), void *ctx, struct err *e)
{
	return each_open_step(db, tell, &(struct plan){each, ctx}, e);
}

static enum rc refuse(struct db *db, const struct db_step *step, void *ctx, struct err *e)
{
	(void)step;
	(void)ctx;
	return err_set(e, RC_CONFIG, "schema", "The %s's schema is older than this program; %s", db->catalog->whose,
	               db->engine->kind == DB_SQLITE ? "start the server once" : "its owner runs `civis migrate`");
}

enum rc db_is_current(struct db *db, struct err *e)
{
	enum rc rc = each_open_step(db, refuse, NULL, e);
	return rc == RC_OK && db->engine->may ? db->engine->may(db, e) : rc;
}
