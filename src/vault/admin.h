/* SPDX-License-Identifier: MPL-2.0 */
/*
 * What the command line does to a vault's folder (DIR/vault) directly: make it,
 * manage staff, export public keys. Safe beside a running vault, which notices.
 * Everything written is owned by the calling user: switch to the vault's user first.
 */
#ifndef CIVIS_VAULT_ADMIN_H
#define CIVIS_VAULT_ADMIN_H

#include "base/bytes.h"
#include "base/err.h"
#include "vault/client.h"

struct db_movable;
struct db_step;

struct vault_init {
	const char *issuer;      /* "khm": `iss` of credentials, the names in the certificates */
	const char *log_name;    /* origin of the log without its epoch, e.g. "civis.example/khm" */
	const char *status_base; /* if not NULL the only base of status list URIs that may be signed */
	const char *store;       /* if not NULL the address of a database on a server; it has its tables */
};

/* Whether a new vault can be kept on a server, as far as can be seen as the tables' owner, or (NULL) as the vault's role:
   changes nothing. RC_CONFIG, RC_CONFLICT, RC_STORE_DOWN. */
enum rc vault_store_look(const char *owner_url, const char *url, struct err *e) WARN_UNUSED;
/* Of a server: brings the schema up to date as its owner, and gives the user of `url` just what the vault does, and
   nobody else a way in. See db_migrate_server(). */
enum rc vault_store_migrate(const char *owner_url, const char *url, int64_t now, struct err *e) WARN_UNUSED;
/* Of a file: brings the schema up to date, as every vault does that is started on it. RC_CONFIG: on a server it is not. */
enum rc vault_store_upgrade(const char *vault_dir, struct err *e) WARN_UNUSED;
/* Each step not yet taken; of a server's database, whose address may stand for the folder, too. */
enum rc vault_store_plan(const char *vault_dir, void (*each)(void *ctx, const struct db_step *step), void *ctx,
			 struct err *e) WARN_UNUSED;

/* How vault.db is moved to a server: database/move.h. No vault is opened on one that was. */
extern const struct db_movable vault_movable;

/* Makes root.key (0600), vault.db (or fills the server's database) and every signing key. RC_CONFLICT if there is one
   already. */
enum rc vault_store_init(const char *vault_dir, const struct vault_init *in, struct err *e) WARN_UNUSED;

struct vault_staff_new {
	const char *name;        /* account name: [a-z0-9._-], 2–64 bytes */
	const char *display_native, *display_latin;
	enum role role;
	const char *scope;
	uint32_t quota_factor;   /* multiplies the daily quotas; 0 means 1 */
};

/* Passphrase of 8–256 bytes. RC_CONFLICT if the name is taken, RC_INVALID. */
enum rc vault_staff_add(const char *vault_dir, const struct vault_staff_new *in, struct bytes passphrase,
			struct id *ret_id, struct err *e) WARN_UNUSED;
/* Ends the account and its sessions. RC_NOT_FOUND. */
enum rc vault_staff_disable(const char *vault_dir, const char *name, struct err *e) WARN_UNUSED;
/* Calls back once for each account, by name. */
enum rc vault_staff_list(const char *vault_dir,
			 void (*each)(void *ctx, const struct vault_staff *staff, bool active), void *ctx,
			 struct err *e) WARN_UNUSED;

struct vault_fuse {
	uint64_t per_hour;       /* openings an hour in the whole deployment before it blows */
	uint64_t this_hour;
	bool blown;
};

enum rc vault_fuse_get(const char *vault_dir, struct vault_fuse *ret, struct err *e) WARN_UNUSED;
/* Sets the limit (0 keeps it) and mends a blown fuse. */
enum rc vault_fuse_reset(const char *vault_dir, uint64_t per_hour, struct err *e) WARN_UNUSED;

/* Appends the JSON of vault_trust(). */
enum rc vault_trust_export(const char *vault_dir, struct buf *out, struct err *e) WARN_UNUSED;

/* Online copy of vault.db into to_dir (which exists), verified; the root key is not touched. Of a database on a server the
   address alone: the rest is its administrator's to copy. */
enum rc vault_store_backup(const char *vault_dir, const char *to_dir, struct err *e) WARN_UNUSED;
/* Copies root.key, 0600. */
enum rc vault_root_key_backup(const char *vault_dir, const char *to_dir, struct err *e) WARN_UNUSED;

#endif
