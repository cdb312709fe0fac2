/* SPDX-License-Identifier: MPL-2.0 */
/* Opening, closing, readers and settings. */
#include <limits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "database/move.h"
#include "database/postgresql.h"
#include "store/internal.h"

#define READER_CACHE_KIB 256

bool text_fits(const char *s, size_t max, bool may_be_empty)
{
	if (!s)
		return false;
	size_t len = strnlen(s, max);
	return len < max && (len > 0 || may_be_empty) && utf8_is_valid(bytes_of(s, len));
}

/* What a crash left of a database that was being made. */
static void forget_part(const char *part)
{
	static const char *const end[] = {"", "-wal", "-shm", "-journal"};
	char path[PATH_MAX];
	for (size_t i = 0; i < sizeof end / sizeof end[0]; i++)
		if (snprintf(path, sizeof path, "%s%s", part, end[i]) < (int)sizeof path)
			unlink(path);
}

/* Under another name until its schema is whole: a database that is there can be opened. */
static enum rc make(const char *path, enum sql_database which, struct err *e)
{
	struct db db;
	char part[PATH_MAX];
	if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part)
		return err_set(e, RC_TOO_LARGE, "store", "The path is too long");
	forget_part(part);
	enum rc rc = db_open(&db, part, &sql_catalog, which, DB_CREATE, READER_CACHE_KIB, e);
	if (rc != RC_OK)
		return rc;
	rc = db_migrate(&db, clock_now_us(), e);
	/* One file, without a write-ahead log beside it. */
	if (rc == RC_OK)
		rc = db_run(&db, "PRAGMA journal_mode = DELETE", e);
	db_close(&db);
	if (rc == RC_OK && rename(part, path) != 0)
		rc = err_set(e, RC_IO, "store", "The database cannot be renamed");
	if (rc != RC_OK)
		forget_part(part);
	return rc == RC_OK ? dir_sync_of(path, e) : rc;
}

enum rc store_create(const char *dir, struct err *e)
{
	char path[PATH_MAX];
	if (path_join(path, sizeof path, dir, "main.db") != RC_OK)
		return err_set(e, RC_TOO_LARGE, "store", "The path is too long");
	if (access(path, F_OK) == 0)
		return err_set(e, RC_CONFLICT, "store", "There is a store already");
	enum rc rc = path_join(path, sizeof path, dir, "blob.db");
	if (rc == RC_OK)
		rc = make(path, SQL_BLOB, e);
	if (rc == RC_OK)
		rc = path_join(path, sizeof path, dir, "main.db");
	if (rc == RC_OK)
		rc = make(path, SQL_MAIN, e);
	return rc;
}

/* ------------------------------------------------------------- opening */

enum rc setting_get(struct db *db, const char *key, char *out, size_t size, struct err *e)
{
	*out = '\0';
	struct query q = query_open(db, SQL_meta_get);
	query_text(&q, key);
	if (query_row(&q))
		query_col_text(&q, 0, out, size);
	return query_close(&q, NULL, e);
}

enum rc setting_put(struct db *db, const char *key, const char *value, struct err *e)
{
	struct query q = query_open(db, SQL_meta_set);
	query_text(&q, key);
	query_text(&q, value);
	return query_do(&q, NULL, e);
}

/* What was set stays so here until the next start. */
static enum rc is_read_only(struct store *s, struct db *db, struct err *e)
{
	char value[sizeof "1"];
	enum rc rc = setting_get(db, "read_only", value, sizeof value, e);
	if (rc == RC_OK && *value == '1')
		atomic_store(&s->read_only, true);
	return rc;
}

/* A server's schema is changed by its owner alone, who is not the register. */
static enum rc ready(struct writer *w, enum db_mode mode, struct err *e)
{
	struct db *db = &w->hand[0].db;
	return mode == DB_READ || db_is_server(db) ? db_is_current(db, e) : db_migrate(db, clock_now_us(), e);
}

const struct db_movable store_movable = {
	.catalog = &sql_catalog, .file = {[SQL_MAIN] = "main.db", [SQL_BLOB] = "blob.db"}, .get = setting_get, .put = setting_put,
};

/* Before anything is written, or compared with a log: one wrong address leads to a register that is at work. */
static enum rc is_of(const char *of, struct db *db, struct err *e)
{
	char found[ID_TEXT_SIZE], country[STORE_WORD_MAX] = "";
	const bool server = db_is_server(db);
	const char *where = server ? DB_ADDRESS_FILE : "main.db";
	if (!of)
		return RC_OK;
	enum rc rc = setting_get(db, STORE_REGISTER, found, sizeof found, e);
	/* One that an older program made has no id, neither here nor there. */
	if (rc == RC_OK && !*found && !*of)
		rc = setting_get(db, "country", country, sizeof country, e);
	if (rc != RC_OK || *country || (*found && strcmp(found, of) == 0))
		return rc;
	if (!*found)
		return err_set(e, RC_CONFIG, where, "There is no register in this database");
	return err_set(e, RC_CONFIG, where, "This database is another register's (%s; civis.conf says %s)%s", found,
	               *of ? of : "nothing", server ? ": look at the address in this file" : "");
}

static enum rc open_both(struct store *s, const char *of, enum db_mode mode, struct err *e)
{
	enum rc rc = writer_open(&s->main, s->main_path, SQL_MAIN, mode, e);
	if (rc == RC_OK)
		rc = writer_open(&s->blob, s->blob_path, SQL_BLOB, mode, e);
	if (rc == RC_OK)
		rc = ready(&s->main, mode, e);
	if (rc == RC_OK)
		rc = ready(&s->blob, mode, e);
	/* Of files that were moved to a server nothing must be served by accident. */
	if (rc == RC_OK)
		rc = db_was_moved(&store_movable, &s->main.hand[0].db, e);
	return rc == RC_OK ? is_of(of, &s->main.hand[0].db, e) : rc;
}

static enum rc store_new(const char *dir, struct store **ret, struct err *e)
{
	char main_place[PATH_MAX], blob_place[PATH_MAX];
	enum rc rc = db_place(dir, "main.db", main_place, e);
	if (rc == RC_OK)
		rc = db_place(dir, "blob.db", blob_place, e);
	struct store *s = rc == RC_OK ? calloc(1, sizeof *s) : NULL;
	if (!s)
		return rc == RC_OK ? err_set(e, RC_NO_MEMORY, "store", "No memory") : rc;
	if (pthread_mutex_init(&s->lease_lock, NULL) != 0) {
		free(s);
		return err_set(e, RC_NO_MEMORY, "store", "No mutex");
	}
	s->main_path = strdup(main_place);
	s->blob_path = strdup(blob_place);
	*ret = s;
	return s->main_path && s->blob_path ? RC_OK : err_set(e, RC_NO_MEMORY, "store", "No memory");
}

enum rc store_open(const char *dir, const char *of, struct store **ret, struct err *e)
{
	struct store *s = NULL;
	enum rc rc = store_new(dir, &s, e);
	if (rc == RC_OK)
		rc = open_both(s, of, DB_WRITE, e);
	if (rc == RC_OK)
		rc = is_read_only(s, &s->main.hand[0].db, e);
	if (rc == RC_OK)
		rc = writer_start(&s->main, s, e);
	if (rc == RC_OK)
		rc = writer_start(&s->blob, s, e);
	if (rc != RC_OK) {
		store_close(&s);
		return rc;
	}
	*ret = s;
	return RC_OK;
}

enum rc store_open_reading(const char *dir, const char *of, struct store **ret, struct err *e)
{
	struct store *s = NULL;
	enum rc rc = store_new(dir, &s, e);
	if (rc == RC_OK)
		rc = open_both(s, of, DB_READ, e);
	if (rc != RC_OK) {
		store_close(&s);
		return rc;
	}
	atomic_store(&s->read_only, true);
	*ret = s;
	return RC_OK;
}

enum rc store_plan(const char *dir, void (*each)(void *ctx, const struct db_step *step), void *ctx, struct err *e)
{
	struct store *s = NULL;
	enum rc rc = store_new(dir, &s, e);
	if (rc == RC_OK)
		rc = writer_open(&s->main, s->main_path, SQL_MAIN, DB_READ, e);
	if (rc == RC_OK)
		rc = db_plan(&s->main.hand[0].db, each, ctx, e);
	if (rc == RC_OK && !db_is_url(s->blob_path))
		rc = writer_open(&s->blob, s->blob_path, SQL_BLOB, DB_READ, e);
	if (rc == RC_OK && s->blob.hands)
		rc = db_plan(&s->blob.hand[0].db, each, ctx, e);
	store_close(&s);
	return rc;
}

void store_close(struct store **s)
{
	struct store *old = *s;
	if (!old)
		return;
	writer_stop(&old->main);
	writer_stop(&old->blob);
	writer_close(&old->main);
	writer_close(&old->blob);
	pthread_mutex_destroy(&old->lease_lock);
	free(old->main_path);
	free(old->blob_path);
	free(old);
	*s = NULL;
}

bool store_is_shared(const struct store *s)
{
	return db_is_url(s->main_path);
}

bool store_is_read_only(const struct store *s)
{
	return atomic_load(&s->read_only);
}

void store_numbers(const struct store *s, struct store_numbers *ret)
{
	const struct writer *w = &s->main;
	struct postgresql_counts c;
	postgresql_count(&c);
	*ret = (struct store_numbers){
		.commits = atomic_load(&w->commits),
		.writes = atomic_load(&w->writes),
		.refused_busy = atomic_load(&w->refused_busy),
		.refused_full = atomic_load(&w->refused_full),
		.commit_us = atomic_load(&w->commit_us),
		.queued_now = atomic_load(&w->queued),
		.wal_pages = atomic_load(&w->wal_pages),
		.lost = atomic_load(&w->lost),
		.raced = atomic_load(&w->raced),
		.connections_lost = c.lost, .connection_tries = c.tries, .connections_away = c.away,
	};
}

/* -------------------------------------------------------------- readers */

enum rc store_reader_open(struct store *s, struct store_reader **ret, struct err *e)
{
	struct store_reader *r = calloc(1, sizeof *r);
	if (!r)
		return err_set(e, RC_NO_MEMORY, "store", "No memory");
	r->store = s;
	enum rc rc = db_open(&r->main, s->main_path, &sql_catalog, SQL_MAIN, DB_READ, READER_CACHE_KIB, e);
	if (rc != RC_OK) {
		free(r);
		return rc;
	}
	*ret = r;
	return RC_OK;
}

void store_reader_close(struct store_reader **r)
{
	if (!*r)
		return;
	db_close(&(*r)->main);
	if ((*r)->blob_open)
		db_close(&(*r)->blob);
	free(*r);
	*r = NULL;
}

enum rc store_snapshot_begin(struct store_reader *r, struct err *e)
{
	return db_snapshot(&r->main, e);
}

void store_snapshot_end(struct store_reader *r)
{
	if (db_in_transaction(&r->main) && db_run(&r->main, "ROLLBACK", NULL) != RC_OK)
		db_close(&r->main); /* nothing to be done; later reads fail and say so */
}

enum rc reader_blob(struct store_reader *r, struct db **ret, struct err *e)
{
	if (db_is_server(&r->main)) { /* one database, one connection */
		*ret = &r->main;
		return RC_OK;
	}
	if (!r->blob_open) {
		enum rc rc = db_open(&r->blob, r->store->blob_path, &sql_catalog, SQL_BLOB, DB_READ, READER_CACHE_KIB, e);
		if (rc != RC_OK)
			return rc;
		r->blob_open = true;
	}
	*ret = &r->blob;
	return RC_OK;
}

/* ------------------------------------------------------------- settings */

struct setting {
	const char *key, *value;
};

static enum rc set(struct store *s, struct db *db, const void *in, void *out, struct err *e)
{
	(void)s;
	(void)out;
	const struct setting *setting = in;
	return setting_put(db, setting->key, setting->value, e);
}

enum rc store_meta_set(struct store *s, const char *key, const char *value, struct err *e)
{
	if (!text_fits(key, STORE_WORD_MAX, false) || !text_fits(value, 1024, true))
		return err_set(e, RC_INVALID, "meta", "A setting is too long or not text");
	return writer_submit_always(&s->main, set, &(struct setting){key, value}, NULL, e);
}

void store_stop_writing(struct store *s)
{
	atomic_store(&s->read_only, true);
}

enum rc store_set_read_only(struct store *s, bool read_only, struct err *e)
{
	struct setting setting = {"read_only", read_only ? "1" : "0"};
	enum rc rc = writer_submit_always(&s->main, set, &setting, NULL, e);
	if (rc == RC_OK)
		atomic_store(&s->read_only, read_only);
	return rc;
}

enum rc store_see_read_only(struct store *s, struct store_reader *r, struct err *e)
{
	return is_read_only(s, &r->main, e);
}

enum rc store_meta_get(struct store_reader *r, const char *key, struct arena *a, const char **ret, struct err *e)
{
	struct query q = query_open(&r->main, SQL_meta_get);
	struct bytes value = BYTES_NONE;
	bool found;
	query_text(&q, key);
	if (query_row(&q))
		value = query_col_bytes(&q, 0, a);
	enum rc rc = query_close(&q, &found, e);
	if (rc != RC_OK)
		return rc;
	if (!found)
		return err_set(e, RC_NOT_FOUND, "meta", "No such setting");
	*ret = value.len ? (const char *)value.ptr : ""; /* arena_copy keeps a NUL behind */
	return RC_OK;
}
