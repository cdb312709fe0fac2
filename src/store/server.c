/* SPDX-License-Identifier: MPL-2.0 */
/* A store on a server: where it is, its schema, and what the register may do there. */
#include "store/internal.h"

#include <limits.h>
#include <time.h>

#include "base/file.h"
#include "database/postgresql.h"

enum rc store_address(const char *dir, char out[static STORE_ADDRESS_MAX], struct err *e)
{
	return db_address(dir, out, e);
}

static enum rc has_no_register(struct db *db, struct err *e)
{
	char country[STORE_WORD_MAX] = "";
	enum rc rc = setting_get(db, "country", country, sizeof country, e);
	return rc == RC_OK && *country ? err_set(e, RC_CONFLICT, "store", "There is a register in this database already") : rc;
}

/* Empty, and with today's schema. */
static enum rc check_new(const char *url, struct err *e)
{
	struct db db;
	enum rc rc = db_is_url(url) ? db_open(&db, url, &sql_catalog, SQL_MAIN, DB_READ, 0, e) : err_set(e, RC_CONFIG, "store", DB_ADDRESS_FORM);
	if (rc != RC_OK)
		return rc;
	rc = db_is_current(&db, e);
	if (rc == RC_OK)
		rc = has_no_register(&db, e);
	db_close(&db);
	return rc;
}

enum rc store_look(const char *owner_url, const char *url, struct err *e)
{
	struct db db;
	enum rc rc = owner_url ? db_check_owner(owner_url, url, &sql_catalog, e) : check_new(url, e);
	if (rc != RC_OK || !owner_url)
		return rc;
	rc = db_open(&db, owner_url, &sql_catalog, SQL_MAIN, DB_READ, 0, e);
	if (rc != RC_OK)
		return rc;
	rc = db_plan(&db, NULL, NULL, e);
	if (rc == RC_OK && (rc = has_no_register(&db, e)) == RC_INTERNAL)
		rc = RC_OK; /* the table of settings is yet to be made */
	db_close(&db);
	return rc;
}

enum rc store_set_address(const char *dir, const char *url, struct err *e)
{
	return db_set_address(dir, url, e);
}

enum rc store_create_on_server(const char *dir, const char *url, struct err *e)
{
	enum rc rc = check_new(url, e);
	return rc == RC_OK ? store_set_address(dir, url, e) : rc;
}

static enum rc others(struct db *db, bool *ret, struct err *e)
{
	const struct timespec while_they_look = {.tv_sec = 2};
	enum rc rc = postgresql_others(db, 0, ret, e);
	if (rc != RC_OK || !*ret)
		return rc;
	nanosleep(&while_they_look, NULL);
	return postgresql_others(db, 1900, ret, e);
}

enum rc store_not_at_work(const char *dir, struct err *e)
{
	struct db db;
	char path[PATH_MAX], address[STORE_ADDRESS_MAX];
	bool busy = false;
	enum rc rc = store_address(dir, address, e);
	if (rc == RC_OK)
		rc = path_in(path, dir, "main.db", e);
	if (rc != RC_OK)
		return rc;
	rc = db_open(&db, *address ? address : path, &sql_catalog, SQL_MAIN, *address ? DB_READ : DB_ALONE, 0, e);
	if (rc == RC_OK && *address)
		rc = others(&db, &busy, e);
	db_close(&db);
	return rc == RC_BUSY || busy ? err_set(e, RC_CONFLICT, "store", "A register is at work on this database: stop it first, or name another one") : rc;
}

enum rc store_migrate(const char *owner_url, const char *url, int64_t now, struct err *e)
{
	return db_migrate_server(owner_url, url, &sql_catalog, now, e);
}
