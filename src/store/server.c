/* SPDX-License-Identifier: MPL-2.0 */
/* A store on a server: where it is, its schema, and what the register may do there. */
#include <limits.h>

#include "base/file.h"
#include "database/postgresql.h"
#include "store/internal.h"

#define ADDRESS_FILE "store" /* in the store's folder: the server's address, one line; not there: files */
#define ADDRESS_FORM "The address of a database is postgresql://user@/database?host=/folder/of/its/socket"

enum { ROLE_MAX = 64 }; /* PostgreSQL's NAMEDATALEN */

enum rc store_address(const char *dir, char out[static STORE_ADDRESS_MAX], struct err *e)
{
	char path[PATH_MAX];
	struct buf text = BUF_INIT(STORE_ADDRESS_MAX - 1);
	*out = '\0';
	if (db_is_url(dir))
		return snprintf(out, STORE_ADDRESS_MAX, "%s", dir) < STORE_ADDRESS_MAX ? RC_OK : err_set(e, RC_CONFIG, "store", ADDRESS_FORM);
	enum rc rc = path_in(path, dir, ADDRESS_FILE, e);
	if (rc == RC_OK)
		rc = file_read(path, &text, e);
	if (rc == RC_OK) {
		size_t len = text.len;
		while (len && (text.ptr[len - 1] == '\n' || text.ptr[len - 1] == ' '))
			len--;
		memcpy(out, text.ptr, len);
		out[len] = '\0';
		if (!db_is_url(out))
			rc = err_set(e, RC_CONFIG, ADDRESS_FILE, "This is not the address of a database: postgresql://…");
	}
	buf_release(&text);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* Empty, and with today's schema. */
static enum rc check_new(const char *url, struct err *e)
{
	struct db db;
	bool used = false;
	enum rc rc = db_open(&db, url, &sql_catalog, SQL_MAIN, DB_READ, 0, e);
	if (rc != RC_OK)
		return rc;
	rc = db_is_current(&db, e);
	if (rc == RC_OK) {
		struct query q = query_open(&db, SQL_meta_get);
		query_text(&q, "country");
		(void)query_row(&q);
		rc = query_close(&q, &used, e);
	}
	db_close(&db);
	return rc == RC_OK && used ? err_set(e, RC_CONFLICT, "store", "There is a register in this database already") : rc;
}

enum rc store_set_address(const char *dir, const char *url, struct err *e)
{
	char path[PATH_MAX], line[STORE_ADDRESS_MAX];
	if (!db_is_url(url) || snprintf(line, sizeof line, "%s\n", url) >= (int)sizeof line)
		return err_set(e, RC_CONFIG, "store", ADDRESS_FORM);
	enum rc rc = path_in(path, dir, ADDRESS_FILE, e);
	return rc == RC_OK ? file_write_durable(path, bytes_str(line), 0600, e) : rc;
}

enum rc store_create_on_server(const char *dir, const char *url, struct err *e)
{
	enum rc rc = db_is_url(url) ? check_new(url, e) : err_set(e, RC_CONFIG, "store", ADDRESS_FORM);
	return rc == RC_OK ? store_set_address(dir, url, e) : rc;
}

static enum rc grant(struct db *db, const char *role, struct err *e)
{
	char sql[640];
	enum rc rc = RC_OK;
	for (int i = 0; rc == RC_OK && i < sql_right_count; i++) {
		snprintf(sql, sizeof sql, "REVOKE ALL ON %s FROM PUBLIC, \"%s\"", sql_right[i].table, role);
		rc = db_run(db, sql, e);
		snprintf(sql, sizeof sql, "GRANT %s ON %s TO \"%s\"", sql_right[i].rights, sql_right[i].table, role);
		if (rc == RC_OK)
			rc = db_run(db, sql, e);
	}
	return rc;
}

/* Who owns a table can do anything with it: the register must be somebody else, whose name needs no escaping. */
static enum rc check_roles(const char *owner_url, const char *url, char role[static ROLE_MAX], struct err *e)
{
	char owner[ROLE_MAX];
	if (!db_is_url(owner_url) || !db_is_url(url))
		return err_set(e, RC_CONFIG, "store", ADDRESS_FORM);
	enum rc rc = postgresql_user(url, role, ROLE_MAX, e);
	if (rc == RC_OK)
		rc = postgresql_user(owner_url, owner, sizeof owner, e);
	if (rc != RC_OK)
		return rc;
	if (strcmp(role, owner) == 0)
		return err_set(e, RC_CONFIG, "store", "The register must not connect as the owner of its tables, %s", owner);
	if (role[strspn(role, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")])
		return err_set(e, RC_CONFIG, "store", "The register's role may have letters, digits, - and _ in its name");
	return RC_OK;
}

enum rc store_migrate(const char *owner_url, const char *url, int64_t now, struct err *e)
{
	struct db db;
	char role[ROLE_MAX];
	enum rc rc = check_roles(owner_url, url, role, e);
	if (rc == RC_OK)
		rc = db_open(&db, owner_url, &sql_catalog, SQL_MAIN, DB_WRITE, 0, e);
	if (rc != RC_OK)
		return rc;
	bool owns = false;
	rc = postgresql_owns(&db, role, &owns, e);
	if (rc == RC_OK && owns)
		rc = err_set(e, RC_CONFIG, "store", "The register's role %s may do all that the owner of the tables may", role);
	if (rc == RC_OK)
		rc = postgresql_lock_schema(&db, e);
	if (rc == RC_OK)
		rc = db_migrate(&db, now, e);
	if (rc == RC_OK)
		rc = db_run(&db, "BEGIN", e);
	if (rc == RC_OK)
		rc = grant(&db, role, e);
	if (rc == RC_OK)
		rc = db_run(&db, "COMMIT", e);
	db_close(&db);
	return rc;
}
