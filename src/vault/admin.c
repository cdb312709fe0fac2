/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/admin.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "database/sqlite.h"
#include "vault/account_log.h"
#include "vault/vault.h"

enum { PATH_SIZE = 4096, PASSPHRASE_MIN = 8 };

/* Commits what went well, undoes the rest, closes. */
static enum rc close_store(struct vault_db *db, enum rc rc, struct err *e)
{
	if (rc == RC_OK)
		rc = vdb_commit(db, e);
	vdb_rollback(db);
	vdb_close(db);
	return rc;
}

/* For who reads or writes without the keys: a wrong address must not lead to another register's accounts. A file lies
   beside its key. */
static enum rc open_own(struct vault_db *db, const char *dir, struct err *e)
{
	uint8_t root[ROOT_KEY_SIZE];
	struct vault_keys keys;
	enum rc rc = vdb_open_dir(db, dir, e);
	if (rc != RC_OK || !vdb_is_shared(db))
		return rc;
	rc = keys_read_root(dir, root, e);
	if (rc == RC_OK && (rc = keys_init(&keys, db, root, e)) == RC_OK)
		keys_release(&keys);
	wipe(root, sizeof root);
	vdb_rollback(db); /* nothing was written, and what follows may take a while */
	return rc == RC_OK ? RC_OK : close_store(db, rc, e);
}

/* ── init ── */

static enum rc is_new(struct vault_db *db, struct err *e)
{
	struct query q = vdb_query(db, VSQL_meta_get);
	query_text(&q, "deployment");
	(void)query_row(&q);
	enum rc rc = vdb_end(&q, e);
	return rc == RC_OK ? err_set(e, RC_CONFLICT, "store", "There is a vault in this database already") : rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc vault_store_look(const char *owner_url, const char *url, struct err *e)
{
	struct vault_db db = {0};
	enum rc rc = owner_url ? db_check_owner(owner_url, url, &vsql_catalog, e) : db_is_url(url) ? RC_OK : err_set(e, RC_CONFIG, "store", DB_ADDRESS_FORM);
	if (rc == RC_OK && !owner_url)
		rc = vdb_open(&db, url, false, e);
	else if (rc == RC_OK)
		rc = db_open(&db.db, owner_url, &vsql_catalog, VSQL_MAIN, DB_READ, 0, e);
	if (rc != RC_OK)
		return rc;
	rc = db_plan(&db.db, NULL, NULL, e);
	if (rc == RC_OK && (rc = is_new(&db, e)) == RC_INTERNAL && owner_url)
		rc = RC_OK; /* the table is yet to be made */
	vdb_rollback(&db);
	vdb_close(&db);
	return rc;
}

/* Before the root key is written, so that a wrong address leaves nothing behind. */
static enum rc open_new(struct vault_db *db, const char *path, const struct vault_init *in, struct err *e)
{
	if (!in->store)
		return vdb_open(db, path, true, e);
	if (!db_is_url(in->store))
		return err_set(e, RC_CONFIG, "store", DB_ADDRESS_FORM);
	enum rc rc = vdb_open(db, in->store, false, e);
	if (rc == RC_OK && (rc = is_new(db, e)) != RC_OK)
		vdb_close(db);
	return rc;
}

static enum rc fill(struct vault_db *db, const char *dir, const uint8_t root[static ROOT_KEY_SIZE], const char *key_path,
		    const struct vault_init *in, struct err *e)
{
	/* The root key first: a store whose key was lost would be worth nothing. */
	enum rc rc = file_write_durable(key_path, bytes_of(root, ROOT_KEY_SIZE), 0600, e);
	if (rc == RC_OK && in->store)
		rc = db_set_address(dir, in->store, e);
	return rc == RC_OK ? vault_create(db, root, in, e) : rc;
}

enum rc vault_store_init(const char *vault_dir, const struct vault_init *in, struct err *e)
{
	char key_path[PATH_SIZE], db_path[PATH_SIZE], address_path[PATH_SIZE];
	uint8_t root[ROOT_KEY_SIZE];
	struct vault_db db;
	if (path_join(key_path, sizeof key_path, vault_dir, ROOT_KEY_NAME) != RC_OK ||
	    path_join(db_path, sizeof db_path, vault_dir, VAULT_DB_NAME) != RC_OK ||
	    path_join(address_path, sizeof address_path, vault_dir, DB_ADDRESS_FILE) != RC_OK)
		return err_set(e, RC_TOO_LARGE, "vault", "The path is too long");
	if (access(key_path, F_OK) == 0 || access(db_path, F_OK) == 0)
		return err_set(e, RC_CONFLICT, "vault", "There is a vault already");
	enum rc rc = dir_make(vault_dir, 0700, e);
	if (rc != RC_OK)
		return rc;
	mode_t before = umask(077);
	random_bytes(root, sizeof root);
	rc = open_new(&db, db_path, in, e);
	if (rc == RC_OK)
		rc = close_store(&db, fill(&db, vault_dir, root, key_path, in, e), e);
	wipe(root, sizeof root);
	umask(before);
	if (rc != RC_OK) {
		unlink(db_path);
		unlink(key_path);
		unlink(address_path);
	}
	return rc;
}

enum rc vault_store_migrate(const char *owner_url, const char *url, int64_t now, struct err *e)
{
	return db_migrate_server(owner_url, url, &vsql_catalog, now, e);
}

enum rc vault_store_upgrade(const char *vault_dir, struct err *e)
{
	struct vault_db db;
	enum rc rc = vdb_open_dir(&db, vault_dir, e);
	return rc == RC_OK ? close_store(&db, rc, e) : rc;
}

enum rc vault_store_plan(const char *vault_dir, void (*each)(void *ctx, const struct db_step *step), void *ctx, struct err *e)
{
	return vdb_plan(vault_dir, each, ctx, e);
}

/* ── staff ── */

static bool is_account_name(const char *name)
{
	size_t n = strlen(name);
	if (n < 2 || n > VAULT_NAME_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!((name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') || strchr("._-", name[i])))
			return false;
	return true;
}

static bool is_display_name(const char *name)
{
	struct bytes b = bytes_str(name);
	if (b.len == 0 || b.len >= VAULT_DISPLAY_SIZE || !utf8_is_valid(b))
		return false;
	for (size_t i = 0; i < b.len; i++)
		if (b.ptr[i] < ' ' || b.ptr[i] == 0x7f)
			return false;
	return true;
}

static enum rc check_new(const struct vault_staff_new *in, struct bytes passphrase, struct err *e)
{
	if (!is_account_name(in->name))
		return err_set(e, RC_INVALID, "name", "An account name is 2 to 64 of a-z, 0-9, '.', '_' and '-'");
	if (!is_display_name(in->display_native) || !is_display_name(in->display_latin))
		return err_set(e, RC_INVALID, "display", "A name to display is 1 to 255 bytes of text on one line");
	if (in->role <= ROLE_FAMILY || in->role >= ROLE_END)
		return err_set(e, RC_INVALID, "role", "This is not a role of staff");
	if (!scope_is_valid(bytes_str(in->scope)))
		return err_set(e, RC_INVALID, "scope", "A scope is the path of an office, such as khm/12/1201");
	if (passphrase.len < PASSPHRASE_MIN || passphrase.len > PASSPHRASE_MAX)
		return err_set(e, RC_INVALID, "passphrase", "A passphrase is 8 to 256 bytes");
	return RC_OK;
}

static enum rc put_staff(struct vault_db *db, const struct vault_staff_new *in, const char *encoded, struct id id,
			 struct err *e)
{
	struct query s = vdb_query(db, VSQL_staff_put);
	query_id(&s, id);
	query_text(&s, in->name);
	query_text(&s, in->display_native);
	query_text(&s, in->display_latin);
	query_int(&s, in->role);
	query_text(&s, in->scope);
	query_int(&s, in->quota_factor ? in->quota_factor : 1);
	query_text(&s, encoded);
	query_int(&s, clock_now_us());
	enum rc rc = vdb_run(db, &s, e);
	return rc == RC_CONFLICT ? err_set(e, rc, "name", "There is or was an account of this name") : rc;
}

enum rc vault_staff_add(const char *vault_dir, const struct vault_staff_new *in, struct bytes passphrase,
			struct id *ret_id, struct err *e)
{
	struct vault_db db;
	char encoded[PASSPHRASE_HASH_SIZE];
	struct id id = id_new();
	enum rc rc = check_new(in, passphrase, e);
	if (rc == RC_OK)
		rc = open_own(&db, vault_dir, e);
	if (rc != RC_OK)
		return rc;
	rc = passphrase_hash(passphrase, PASSPHRASE_COST_DEFAULT, encoded);
	if (rc == RC_OK)
		rc = put_staff(&db, in, encoded, id, e);
	if (rc == RC_OK)
		rc = account_log_add(&db, NULL, ACCOUNT_MADE, id, e);
	rc = close_store(&db, rc, e);
	wipe(encoded, sizeof encoded);
	if (rc == RC_OK && ret_id)
		*ret_id = id;
	return rc;
}

static enum rc close_account(struct vault_db *db, const char *name, struct err *e)
{
	char pass[PASSPHRASE_HASH_SIZE];
	struct vault_staff whom;
	uint32_t factor;
	bool active = false;
	enum rc rc = vault_staff_by_name(db, bytes_str(name), &whom, &factor, &active, pass, e);
	wipe(pass, sizeof pass);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && !active))
		return err_set(e, RC_NOT_FOUND, "name", "There is no open account of this name");
	static const enum vsql_id both[] = {VSQL_staff_disable, VSQL_session_end_staff};
	for (size_t i = 0; rc == RC_OK && i < 2; i++) {
		struct query s = vdb_query(db, both[i]);
		query_text(&s, name);
		rc = vdb_run(db, &s, e);
	}
	return rc == RC_OK ? account_log_add(db, NULL, ACCOUNT_CLOSED, whom.id, e) : rc;
}

enum rc vault_staff_disable(const char *vault_dir, const char *name, struct err *e)
{
	struct vault_db db;
	enum rc rc = open_own(&db, vault_dir, e);
	return rc == RC_OK ? close_store(&db, close_account(&db, name, e), e) : rc;
}

enum rc vault_staff_list(const char *vault_dir, void (*each)(void *ctx, const struct vault_staff *staff, bool active),
			 void *ctx, struct err *e)
{
	struct vault_db db;
	enum rc rc = open_own(&db, vault_dir, e);
	if (rc != RC_OK)
		return rc;
	struct query s = vdb_query(&db, VSQL_staff_all);
	while (query_row(&s)) {
		struct vault_staff staff;
		uint32_t factor;
		bool active;
		if (vault_staff_take(&s, &staff, &factor, &active))
			each(ctx, &staff, active);
	}
	return close_store(&db, query_close(&s, NULL, e), e);
}

/* ── the fuse ── */

enum rc vault_fuse_get(const char *vault_dir, struct vault_fuse *ret, struct err *e)
{
	struct vault_db db;
	enum rc rc = open_own(&db, vault_dir, e);
	if (rc != RC_OK)
		return rc;
	struct query s = vdb_query(&db, VSQL_fuse_get);
	if (query_row(&s))
		*ret = (struct vault_fuse){.per_hour = query_col_u64(&s, 0), .this_hour = query_col_u64(&s, 2),
					   .blown = query_col_int(&s, 3) != 0};
	rc = vdb_end(&s, e);
	return close_store(&db, rc == RC_NOT_FOUND ? err_set(e, RC_CORRUPT, "fuse", "The fuse cannot be read") : rc, e);
}

enum rc vault_fuse_reset(const char *vault_dir, uint64_t per_hour, struct err *e)
{
	struct vault_db db;
	if (per_hour > INT64_MAX)
		return err_set(e, RC_INVALID, "per_hour", "The limit is too large");
	enum rc rc = open_own(&db, vault_dir, e);
	if (rc != RC_OK)
		return rc;
	struct query s = vdb_query(&db, VSQL_fuse_reset);
	query_int(&s, (int64_t)per_hour);
	return close_store(&db, vdb_run(&db, &s, e), e);
}

/* ── trust, backup ── */

enum rc vault_trust_export(const char *vault_dir, struct buf *out, struct err *e)
{
	struct vault_db db;
	char issuer[CONFIG_TEXT_SIZE], log_name[CONFIG_TEXT_SIZE], status_base[CONFIG_TEXT_SIZE];
	enum rc rc = open_own(&db, vault_dir, e);
	if (rc != RC_OK)
		return rc;
	rc = vdb_meta_text(&db, "issuer", issuer, sizeof issuer, e);
	if (rc == RC_OK)
		rc = vdb_meta_text(&db, "log_name", log_name, sizeof log_name, e);
	if (rc == RC_OK)
		rc = vdb_meta_text(&db, "status_base", status_base, sizeof status_base, e);
	if (rc == RC_OK)
		rc = signing_trust_json(&db, issuer, log_name, status_base, out, e);
	return close_store(&db, rc, e);
}

static enum rc copy_database(sqlite3 *from, const char *to_path, struct err *e)
{
	sqlite3 *to = NULL;
	sqlite3_backup *backup = NULL;
	sqlite3_stmt *check = NULL;
	int s = sqlite3_open_v2(to_path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	if (s == SQLITE_OK && (backup = sqlite3_backup_init(to, "main", from, "main")) != NULL) {
		do
			s = sqlite3_backup_step(backup, -1);
		while (s == SQLITE_BUSY || s == SQLITE_LOCKED);
		int finished = sqlite3_backup_finish(backup);
		s = s == SQLITE_DONE ? finished : s;
	} else if (s == SQLITE_OK) {
		s = SQLITE_ERROR;
	}
	bool sound = s == SQLITE_OK && sqlite3_prepare_v2(to, "PRAGMA integrity_check(1)", -1, &check, NULL) == SQLITE_OK &&
		     sqlite3_step(check) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(check, 0), "ok") == 0;
	sqlite3_finalize(check);
	if (sqlite3_close(to) != SQLITE_OK)
		sound = false;
	return sound ? RC_OK : err_set(e, RC_IO, "backup", "The copy of the vault's store is not sound");
}

enum rc vault_store_backup(const char *vault_dir, const char *to_dir, struct err *e)
{
	char db_to[PATH_SIZE], address[DB_ADDRESS_MAX];
	struct vault_db db;
	if (path_join(db_to, sizeof db_to, to_dir, VAULT_DB_NAME) != RC_OK)
		return err_set(e, RC_TOO_LARGE, "vault", "The path is too long");
	enum rc rc = db_address(vault_dir, address, e);
	if (rc != RC_OK || *address)
		return rc == RC_OK ? db_set_address(to_dir, address, e) : rc;
	mode_t before = umask(077);
	rc = vdb_open_dir(&db, vault_dir, e);
	if (rc == RC_OK)
		rc = close_store(&db, copy_database(db_sqlite(&db.db), db_to, e), e);
	if (rc == RC_OK)
		rc = file_sync(db_to, e);
	umask(before);
	return rc;
}

enum rc vault_root_key_backup(const char *vault_dir, const char *to_dir, struct err *e)
{
	char from[PATH_SIZE], to[PATH_SIZE];
	struct buf key = BUF_INIT(ROOT_KEY_SIZE);
	if (path_join(from, sizeof from, vault_dir, ROOT_KEY_NAME) != RC_OK ||
	    path_join(to, sizeof to, to_dir, ROOT_KEY_NAME) != RC_OK)
		return err_set(e, RC_TOO_LARGE, "vault", "The path is too long");
	enum rc rc = file_read(from, &key, e);
	if (rc == RC_OK)
		rc = file_write_durable(to, buf_bytes(&key), 0600, e);
	buf_release(&key);
	return rc;
}
