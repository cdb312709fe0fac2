/* SPDX-License-Identifier: MPL-2.0 */
#include "store/backup.h"

#include "store/internal.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "base/file.h"
#include "database/sqlite.h"
#include "database/vfs.h"

enum { STEP_PAGES = 512 };

static enum rc says(int sqlite, const char *where, struct err *e)
{
	return err_set(e, sqlite_rc(sqlite), where, "The database says %d: %s", sqlite, sqlite3_errstr(sqlite));
}

/* In steps; writers go on meanwhile. Pages that they change are copied again, so it ends in one moment's state. */
static int copy_pages(sqlite3 *to, sqlite3 *from)
{
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
	if (!b)
		return sqlite3_errcode(to);
	/* All under one read transaction of the source: a busy writer could otherwise make it begin anew for ever. */
	int r = sqlite3_exec(from, "BEGIN; SELECT 1 FROM sqlite_schema", NULL, NULL, NULL);
	while (r == SQLITE_OK || r == SQLITE_BUSY || r == SQLITE_LOCKED) {
		r = sqlite3_backup_step(b, STEP_PAGES);
		if (r == SQLITE_BUSY || r == SQLITE_LOCKED)
			sqlite3_sleep(20);
	}
	int end = sqlite3_backup_finish(b);
	sqlite3_exec(from, "ROLLBACK", NULL, NULL, NULL);
	return r == SQLITE_DONE ? end : r;
}

static int check_copy(sqlite3 *db)
{
	sqlite3_stmt *s = NULL;
	int r = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &s, NULL);
	if (r == SQLITE_OK)
		r = sqlite3_step(s);
	const char *text = r == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : NULL;
	if (r == SQLITE_ROW)
		r = text && strcmp(text, "ok") == 0 ? SQLITE_OK : SQLITE_CORRUPT;
	sqlite3_finalize(s);
	return r;
}

static enum rc make_empty(const char *to, struct err *e)
{
	if (access(to, F_OK) == 0)
		return err_set(e, RC_CONFLICT, "backup", "There is a file of that name already");
	int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(e, RC_IO, "backup", "The copy cannot be made");
	close(fd);
	return RC_OK;
}

enum rc store_copy_database(const char *from, const char *to, struct err *e)
{
	sqlite3 *source = NULL, *copy = NULL;
	enum rc rc = db_vfs_register();
	if (rc != RC_OK)
		return err_set(e, rc, "backup", "The file layer cannot be registered");
	int r = sqlite3_open_v2(from, &source, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, DB_VFS);
	if (r != SQLITE_OK) {
		rc = err_set(e, (r & 0xff) == SQLITE_CANTOPEN ? RC_NOT_FOUND : sqlite_rc(r), "backup", "The database cannot be opened");
		goto out;
	}
	sqlite3_busy_timeout(source, 10000);
	rc = make_empty(to, e);
	if (rc != RC_OK)
		goto out;
	r = sqlite3_open_v2(to, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, DB_VFS);
	if (r == SQLITE_OK)
		r = sqlite3_exec(copy, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
	if (r == SQLITE_OK)
		r = copy_pages(copy, source);
	/* One file: no write-ahead log to forget. The server turns it on again. */
	if (r == SQLITE_OK)
		r = sqlite3_exec(copy, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
	if (r == SQLITE_OK)
		r = check_copy(copy);
	rc = r == SQLITE_OK ? RC_OK : says(r, "backup", e);
	if (rc == RC_OK)
		rc = dir_sync_of(to, e);
	if (rc != RC_OK)
		unlink(to);
out:
	sqlite3_close(copy);
	sqlite3_close(source);
	return rc;
}

enum rc store_backup(const char *from_dir, const char *to_dir, struct err *e)
{
	static const char *const name[] = {"main.db", "blob.db"};
	char from[PATH_MAX], to[PATH_MAX], address[STORE_ADDRESS_MAX];
	enum rc rc = store_address(from_dir, address, e);
	/* A server's databases are its own to back up: docs/operations/postgresql.md. */
	if (rc == RC_OK && *address)
		return store_set_address(to_dir, address, e);
	for (size_t i = 0; rc == RC_OK && i < 2; i++) {
		rc = path_join(from, sizeof from, from_dir, name[i]);
		if (rc == RC_OK)
			rc = path_join(to, sizeof to, to_dir, name[i]);
		if (rc == RC_OK)
			rc = store_copy_database(from, to, e);
	}
	return rc;
}
