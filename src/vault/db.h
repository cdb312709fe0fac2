/* SPDX-License-Identifier: MPL-2.0 */
/*
 * vault.db: what the vault keeps. Wrapped keys, staff, sessions, looks, quotas,
 * documents, and what it last signed for each log. Nothing about a person
 * stands in it but which random id was looked at by whom.
 *
 * Statements are named, prepared once, and used through db_bind / vdb_step.
 * A write opens the round's transaction (db_write_begin); the loop commits it.
 */
#ifndef CIVIS_VAULT_DB_H
#define CIVIS_VAULT_DB_H

#include <sqlite3.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

#define VAULT_DB_NAME "vault.db"
#define VAULT_DB_VERSION 3 /* user_version: of the tables in db.c, raised whenever these change */

#define VAULT_STATEMENTS(X) \
	X(Q_META_GET, "SELECT val FROM meta WHERE name = ?1") \
	X(Q_META_PUT, "INSERT INTO meta(name, val) VALUES(?1, ?2)") \
	X(Q_KEK_GET, "SELECT wrapped, commitment, kek_id FROM kek WHERE kek_id = ?1") \
	X(Q_KEK_BY_REGION, "SELECT wrapped, commitment, kek_id FROM kek WHERE region = ?1 ORDER BY kek_id DESC LIMIT 1") \
	X(Q_KEK_MAX, "SELECT coalesce(max(kek_id), 0) FROM kek") \
	X(Q_KEK_PUT, "INSERT INTO kek(kek_id, region, wrapped, commitment, created_us) VALUES(?1, ?2, ?3, ?4, ?5)") \
	X(Q_KEY_GET, "SELECT kek_id, case_id, wrapped, commitment, scope, secret FROM person_key " \
	             "WHERE person_id = ?1 AND key_no = ?2") \
	X(Q_KEY_PUT, "INSERT INTO person_key(person_id, key_no, kek_id, case_id, wrapped, commitment, created_us, made_by, scope, " \
	             "secret, moved_by) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, X'')") \
	/* the office that declared, and whether the case has come as far as a personal number */ \
	X(Q_KEY_MADE_BY, "SELECT made_by, EXISTS(SELECT 1 FROM number n WHERE n.person_id = k.person_id) FROM person_key k " \
	                 "WHERE person_id = ?1 AND key_no = ?2") \
	X(Q_KEY_COMPLETED, "UPDATE person_key SET made_by = '' WHERE person_id = ?1 AND key_no = ?2 AND made_by <> ?3 AND made_by <> ''") \
	X(Q_KEY_MOVED_BY, "SELECT moved_by FROM person_key WHERE person_id = ?1 AND key_no = ?2") \
	X(Q_KEY_MOVE, "UPDATE person_key SET scope = ?3, moved_by = ?4 WHERE person_id = ?1 AND key_no = ?2") \
	/* what binds a person to their office: a number, an act */ \
	X(Q_KEY_BOUND, "SELECT EXISTS(SELECT 1 FROM number WHERE person_id = ?1) OR " \
	               "EXISTS(SELECT 1 FROM act_chain WHERE person_id = ?1)") \
	X(Q_STAFF_BY_NAME, "SELECT staff_id, name, display_native, display_latin, role, scope, quota_factor, active, pass " \
	                   "FROM staff WHERE name = ?1") \
	X(Q_STAFF_BY_ID, "SELECT staff_id, name, display_native, display_latin, role, scope, quota_factor, active " \
	                 "FROM staff WHERE staff_id = ?1") \
	X(Q_STAFF_ALL, "SELECT staff_id, name, display_native, display_latin, role, scope, quota_factor, active " \
	               "FROM staff ORDER BY name") \
	X(Q_STAFF_AFTER, "SELECT staff_id, name, display_native, display_latin, role, scope, quota_factor, active " \
	                 "FROM staff WHERE name > ?1 ORDER BY name") \
	X(Q_STAFF_PUT, "INSERT INTO staff(staff_id, name, display_native, display_latin, role, scope, quota_factor, " \
	               "active, pass, created_us) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?9)") \
	X(Q_STAFF_DISABLE, "UPDATE staff SET active = 0, pass = '' WHERE name = ?1 AND active = 1") \
	X(Q_FAILURE_GET, "SELECT failures, until_us FROM login_failure WHERE staff_id = ?1") \
	X(Q_FAILURE_PUT, "INSERT INTO login_failure(staff_id, failures, until_us) VALUES(?1, ?2, ?3) " \
	                 "ON CONFLICT(staff_id) DO UPDATE SET failures = excluded.failures, until_us = excluded.until_us") \
	X(Q_ACCOUNT_LOG_PUT, "INSERT INTO account_log(at_us, by_id, event, staff_id) VALUES(?1, ?2, ?3, ?4)") \
	X(Q_ACCOUNT_LOG, "SELECT l.no, l.at_us, l.by_id, coalesce(b.name, ''), l.event, l.staff_id, s.name, s.role, s.scope " \
	                 "FROM account_log l JOIN staff s ON s.staff_id = l.staff_id LEFT JOIN staff b ON b.staff_id = l.by_id " \
	                 "WHERE l.no < ?1 ORDER BY l.no DESC") \
	X(Q_SESSION_ALL, "SELECT id_hash, staff_id, used_us, expires_us FROM session WHERE expires_us > ?1") \
	X(Q_SESSION_PUT, "INSERT INTO session(id_hash, staff_id, used_us, expires_us) VALUES(?1, ?2, ?3, ?4)") \
	X(Q_SESSION_USED, "UPDATE session SET used_us = ?2 WHERE id_hash = ?1") \
	X(Q_SESSION_END, "DELETE FROM session WHERE id_hash = ?1") \
	X(Q_SESSION_SWEEP, "DELETE FROM session WHERE expires_us <= ?1") \
	X(Q_SESSION_END_STAFF, "DELETE FROM session WHERE staff_id IN (SELECT staff_id FROM staff WHERE name = ?1)") \
	X(Q_LOOK_MAX, "SELECT coalesce(max(look_no), 0) FROM look WHERE person_id = ?1") \
	X(Q_LOOK_PUT, "INSERT INTO look(person_id, look_no, at_us, staff_id, role, scope, purpose, kind, object_id) " \
	              "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)") \
	X(Q_LOOK_LIST, "SELECT l.look_no, l.at_us, l.staff_id, l.role, l.purpose, l.kind, l.object_id, l.scope, " \
	               "s.display_native, s.display_latin FROM look l LEFT JOIN staff s ON s.staff_id = l.staff_id " \
	               "WHERE l.person_id = ?1 AND l.look_no > ?2 ORDER BY l.look_no LIMIT ?3") \
	X(Q_QUOTA_GET, "SELECT n FROM quota WHERE staff_id = ?1 AND day = ?2 AND kind = ?3 AND purpose = ?4") \
	X(Q_QUOTA_PUT, "INSERT INTO quota(staff_id, day, kind, purpose, n) VALUES(?1, ?2, ?3, ?4, ?5) " \
	               "ON CONFLICT(staff_id, day, kind, purpose) DO UPDATE SET n = excluded.n") \
	X(Q_FUSE_GET, "SELECT per_hour, hour, n, blown FROM fuse WHERE id = 1") \
	X(Q_FUSE_PUT, "UPDATE fuse SET hour = ?1, n = ?2, blown = ?3 WHERE id = 1") \
	X(Q_FUSE_RESET, "UPDATE fuse SET per_hour = CASE WHEN ?1 > 0 THEN ?1 ELSE per_hour END, n = 0, blown = 0 WHERE id = 1") \
	X(Q_SIGNING_PUT, "INSERT INTO signing_key(use, key_id, wrapped, public, certificate, from_us) " \
	                 "VALUES(?1, ?2, ?3, ?4, ?5, ?6)") \
	X(Q_SIGNING_ALL, "SELECT use, key_id, wrapped, public, certificate, from_us, to_us FROM signing_key " \
	                 "ORDER BY use, from_us, key_id") \
	X(Q_PARCEL_KEYS, "SELECT key_id, public, from_us FROM signing_key WHERE use = ?1 ORDER BY from_us, key_id") \
	X(Q_PARCEL_KEY, "SELECT wrapped FROM signing_key WHERE use = ?1 AND key_id = ?2") \
	X(Q_NUMBER_BY_CASE, "SELECT claim, sealed, retired FROM number WHERE person_id = ?1 AND case_id = ?2") \
	X(Q_NUMBER_BY_CLAIM, "SELECT person_id, retired FROM number WHERE claim = ?1") \
	X(Q_NUMBER_PUT, "INSERT INTO number(claim, person_id, case_id, sealed, at_us, retired) VALUES(?1, ?2, ?3, ?4, ?5, 0)") \
	X(Q_NUMBER_RETIRE, "UPDATE number SET retired = 1 WHERE person_id = ?1 AND retired = 0") \
	X(Q_CHAIN_PUT, "INSERT INTO act_chain(person_id, act_id, commitment, n, logged, status, since_day) " \
	               "VALUES(?1, ?2, ?3, ?4, 0, 0, 0)") \
	X(Q_CHAIN_BY_ACT, "SELECT n, logged, status, commitment FROM act_chain WHERE person_id = ?1 AND act_id = ?2") \
	X(Q_CHAIN_BY_COMMITMENT, "SELECT n, logged, status, act_id FROM act_chain WHERE person_id = ?1 AND commitment = ?2") \
	X(Q_CHAIN_LOGGED, "SELECT coalesce(max(n), 0) FROM act_chain WHERE person_id = ?1 AND logged = 1") \
	X(Q_CHAIN_RIVAL, "SELECT 1 FROM act_chain WHERE person_id = ?1 AND act_id <> ?2 AND n = ?3 AND logged = 1") \
	X(Q_CHAIN_LOG, "UPDATE act_chain SET logged = 1 WHERE person_id = ?1 AND act_id = ?2") \
	/* A status is only ever raised: valid, changed, cancelled. */ \
	X(Q_CHAIN_END, "UPDATE act_chain SET status = ?3, since_day = ?4 WHERE person_id = ?1 AND n < ?2 AND " \
	               "status <> ?3 AND status <> 1") \
	X(Q_DOCUMENT_END, "UPDATE document SET status = ?3, since_day = ?4 WHERE person_id = ?1 AND status <> ?3 AND status <> 1 " \
	                  "AND act_id IN (SELECT act_id FROM act_chain WHERE person_id = ?1 AND n < ?2)") \
	X(Q_CLAIM_PUT, "INSERT INTO claim(code_hash, person_id, act_id, staff_id, until_us, session, session_until_us, serial) " \
	               "VALUES(?1, ?2, ?3, ?4, ?5, X'', 0, X'')") \
	X(Q_CLAIM_BY_CODE, "SELECT person_id, act_id, staff_id, until_us, session_until_us, serial FROM claim " \
	                   "WHERE code_hash = ?1") \
	X(Q_CLAIM_BY_SESSION, "SELECT person_id, act_id, staff_id, until_us, session_until_us, serial FROM claim " \
	                      "WHERE session = ?1") \
	X(Q_CLAIM_USE, "UPDATE claim SET session = ?2, session_until_us = ?3 WHERE code_hash = ?1") \
	X(Q_CLAIM_SERIAL, "UPDATE claim SET serial = ?2 WHERE session = ?1") \
	X(Q_CLAIM_REPLACE, "DELETE FROM claim WHERE person_id = ?1 AND act_id = ?2 AND session_until_us = 0") \
	X(Q_CLAIM_SWEEP, "DELETE FROM claim WHERE until_us < ?1") \
	X(Q_DOCUMENT_GET, "SELECT person_id, act_id, staff_id, at_us, signed_us, list, idx FROM document WHERE serial = ?1") \
	X(Q_DOCUMENT_PUT, "INSERT INTO document(serial, person_id, act_id, staff_id, at_us, signed_us, list, idx, status, since_day) " \
	                  "VALUES(?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, 0, 0)") \
	X(Q_DOCUMENT_SIGNED, "UPDATE document SET staff_id = ?2, signed_us = ?3 WHERE serial = ?1") \
	X(Q_DOCUMENT_AT, "SELECT 1 FROM document WHERE list = ?1 AND idx = ?2") \
	X(Q_LIST_LAST, "SELECT coalesce(max(list), 0) FROM document") \
	X(Q_LIST_COUNT, "SELECT count(*) FROM document WHERE list = ?1") \
	X(Q_LIST_VALUES, "SELECT idx, status, since_day FROM document WHERE list = ?1 AND status <> 0 ORDER BY idx") \
	X(Q_SIGNED_GET, "SELECT size, root FROM signed_log WHERE origin = ?1") \
	X(Q_SIGNED_PUT, "INSERT INTO signed_log(origin, size, root, at_us, first_us) VALUES(?1, ?2, ?3, ?4, ?4) " \
	                "ON CONFLICT(origin) DO UPDATE SET size = excluded.size, root = excluded.root, at_us = excluded.at_us") \
	X(Q_SIGNED_ALL, "SELECT origin, first_us FROM signed_log ORDER BY first_us, origin") \
	X(Q_DATA_VERSION, "PRAGMA data_version")

enum vault_statement {
#define X(name, sql) name,
	VAULT_STATEMENTS(X)
#undef X
	Q_COUNT,
};

struct vault_db {
	sqlite3 *handle;
	sqlite3_stmt *statement[Q_COUNT];
	bool writing; /* the round's transaction is open */
};

/* Opens vault.db; `path` may be ":memory:". create: makes the tables. RC_CONFIG: made by another version of civis.
   RC_NOT_FOUND, RC_IO, RC_CORRUPT. */
enum rc vdb_open(struct vault_db *db, const char *path, bool create, struct err *e) WARN_UNUSED;
void vdb_close(struct vault_db *db);

/* Opens the round's transaction if it is not open. */
enum rc vdb_write(struct vault_db *db, struct err *e) WARN_UNUSED;
/* Ends it: durable when RC_OK. Does nothing when nothing was written. */
enum rc vdb_commit(struct vault_db *db, struct err *e) WARN_UNUSED;
void vdb_rollback(struct vault_db *db);

/* A statement, reset, its old bindings cleared. Returns it ready for sqlite3_bind_*. */
sqlite3_stmt *vdb_use(struct vault_db *db, enum vault_statement which);
/* What is bound is not copied: it has to stand until the last step. */
void vdb_bind_bytes(sqlite3_stmt *s, int at, struct bytes b);
void vdb_bind_id(sqlite3_stmt *s, int at, const struct id *id);
void vdb_bind_text(sqlite3_stmt *s, int at, const char *text);
void vdb_bind_int(sqlite3_stmt *s, int at, int64_t v);
/* RC_OK: a row; RC_NOT_FOUND: no (more) rows, and the statement is reset. RC_IO, RC_STORE_FULL, RC_CONFLICT. */
enum rc vdb_step(sqlite3_stmt *s) WARN_UNUSED;
/* For a write: opens the transaction, runs to the end, resets. */
enum rc vdb_run(struct vault_db *db, sqlite3_stmt *s, struct err *e) WARN_UNUSED;
/* Borrows until the next step or reset. */
struct bytes vdb_bytes(sqlite3_stmt *s, int column);
bool vdb_id(sqlite3_stmt *s, int column, struct id *ret);
/* A text column into a fixed array; false if it does not fit. */
bool vdb_text(sqlite3_stmt *s, int column, char *out, size_t size);

#endif
