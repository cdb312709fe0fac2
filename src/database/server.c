/* SPDX-License-Identifier: MPL-2.0 */
/* A database on a server: where it is, its schema, and what its program may do there. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "database/postgresql.h"

enum rc db_address(const char *dir, char out[static DB_ADDRESS_MAX], struct err *e)
{
	char path[PATH_MAX];
	struct buf text = BUF_INIT(DB_ADDRESS_MAX - 1);
	*out = '\0';
	if (db_is_url(dir))
		return snprintf(out, DB_ADDRESS_MAX, "%s", dir) < DB_ADDRESS_MAX ? RC_OK : err_set(e, RC_CONFIG, "store", DB_ADDRESS_FORM);
	enum rc rc = path_in(path, dir, DB_ADDRESS_FILE, e);
	if (rc == RC_OK)
		rc = file_read(path, &text, e);
	if (rc == RC_OK) {
		size_t len = text.len;
		while (len && (text.ptr[len - 1] == '\n' || text.ptr[len - 1] == ' '))
			len--;
		memcpy(out, text.ptr, len);
		out[len] = '\0';
		if (!db_is_url(out))
			rc = err_set(e, RC_CONFIG, DB_ADDRESS_FILE, "This is not the address of a database: postgresql://…");
	}
	buf_release(&text);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc db_place(const char *dir, const char *file, char out[static PATH_MAX], struct err *e)
{
	enum rc rc = db_address(dir, out, e);
	if (rc != RC_OK || *out)
		return rc;
	rc = path_in(out, dir, file, e);
	if (rc == RC_OK && access(out, F_OK) != 0 && errno == ENOENT)
		rc = err_set(e, RC_CONFIG, file, "It is not here, and neither is `" DB_ADDRESS_FILE "`, the file with the address of a database");
	return rc;
}

enum rc db_set_address(const char *dir, const char *url, struct err *e)
{
	char path[PATH_MAX], line[DB_ADDRESS_MAX];
	if (!db_is_url(url) || snprintf(line, sizeof line, "%s\n", url) >= (int)sizeof line)
		return err_set(e, RC_CONFIG, "store", DB_ADDRESS_FORM);
	enum rc rc = path_in(path, dir, DB_ADDRESS_FILE, e);
	return rc == RC_OK ? file_write_durable(path, bytes_str(line), 0600, e) : rc;
}

static enum rc grant(struct db *db, const char *role, struct err *e)
{
	char sql[640];
	enum rc rc = db_run(db, "BEGIN", e);
	for (int i = 0; rc == RC_OK && i < db->catalog->rights; i++) {
		const struct db_right *may = &db->catalog->right[i];
		snprintf(sql, sizeof sql, "REVOKE ALL ON %s FROM PUBLIC, \"%s\"", may->table, role);
		rc = db_run(db, sql, e);
		snprintf(sql, sizeof sql, "GRANT %s ON %s TO \"%s\"", may->rights, may->table, role);
		if (rc == RC_OK)
			rc = db_run(db, sql, e);
	}
	/* Nobody else has a way in: each program's role into the database of its own alone. */
	snprintf(sql, sizeof sql,
	         "DO $$ BEGIN IF pg_has_role((SELECT datdba FROM pg_database WHERE datname = current_database()), 'MEMBER') THEN"
	         " EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %%I FROM PUBLIC', current_database());"
	         " EXECUTE format('GRANT CONNECT ON DATABASE %%I TO %%I', current_database(), '%s'); END IF; END $$", role);
	if (rc == RC_OK)
		rc = db_run(db, sql, e);
	return rc == RC_OK ? db_run(db, "COMMIT", e) : rc;
}

/* Who does not own the database cannot close it: the rest is done all the same, and this is said. */
static enum rc tell_open(struct db *db, const char *owner_url, const char *role, const char *who, struct err *e)
{
	bool open = false;
	const char *name = "";
	char owner[ROLE_MAX] = "";
	enum rc rc = postgresql_user(owner_url, owner, sizeof owner, e);
	if (rc == RC_OK)
		rc = postgresql_is_open(db, &open, &name, e);
	if (rc == RC_OK && open)
		fprintf(stderr, "civis: warning: every role of this server may connect to the %s's database, since it has another owner than"
		                " its tables. Let that one run:"
		                " REVOKE CONNECT, TEMPORARY ON DATABASE \"%s\" FROM PUBLIC; GRANT CONNECT ON DATABASE \"%s\" TO \"%s\", \"%s\";\n",
		        who, name, name, owner, role);
	return rc;
}

/* Who owns a table can do anything with it: the program must be somebody else, whose name needs no escaping. */
static enum rc check_roles(const char *owner_url, const char *url, const char *who, char role[static ROLE_MAX], struct err *e)
{
	char owner[ROLE_MAX], own[ROLE_MAX], owners[ROLE_MAX];
	if (!db_is_url(owner_url) || !db_is_url(url))
		return err_set(e, RC_CONFIG, "store", DB_ADDRESS_FORM);
	enum rc rc = postgresql_user(url, role, ROLE_MAX, e);
	if (rc == RC_OK)
		rc = postgresql_user(owner_url, owner, sizeof owner, e);
	if (rc == RC_OK)
		rc = postgresql_database(url, own, sizeof own, e);
	if (rc == RC_OK)
		rc = postgresql_database(owner_url, owners, sizeof owners, e);
	if (rc != RC_OK)
		return rc;
	if (strcmp(own, owners) != 0)
		return err_set(e, RC_CONFIG, "store", "The two addresses name two databases, %s and %s: the owner's is of the same one", own, owners);
	if (strcmp(role, owner) == 0)
		return err_set(e, RC_CONFIG, "store", "The %s must not connect as the owner of its tables, %s", who, owner);
	if (role[strspn(role, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")])
		return err_set(e, RC_CONFIG, "store", "The %s's role may have letters, digits, - and _ in its name", who);
	return RC_OK;
}

enum rc db_check_owner(const char *owner_url, const char *url, const struct db_catalog *catalog, struct err *e)
{
	char role[ROLE_MAX];
	return check_roles(owner_url, url, catalog->whose, role, e);
}

enum rc db_migrate_server(const char *owner_url, const char *url, const struct db_catalog *catalog, int64_t now, struct err *e)
{
	struct db db;
	char role[ROLE_MAX];
	enum rc rc = check_roles(owner_url, url, catalog->whose, role, e);
	if (rc == RC_OK)
		rc = db_open(&db, owner_url, catalog, 0, DB_WRITE, 0, e);
	if (rc != RC_OK)
		return rc;
	bool owns = false;
	rc = postgresql_owns(&db, role, &owns, e);
	if (rc == RC_OK && owns)
		rc = err_set(e, RC_CONFIG, "store", "The %s's role %s may do all that the owner of the tables may", catalog->whose, role);
	if (rc == RC_OK)
		rc = postgresql_lock_schema(&db, e);
	if (rc == RC_OK)
		rc = db_migrate(&db, now, e);
	if (rc == RC_OK)
		rc = grant(&db, role, e);
	if (rc == RC_OK)
		rc = tell_open(&db, owner_url, role, catalog->whose, e);
	db_close(&db);
	return rc;
}
