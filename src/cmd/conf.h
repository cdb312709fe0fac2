/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A data folder and its civis.conf, shared by the commands.
 *
 *   DIR/civis.conf     "key = value" lines, # remarks; an unknown key is an error
 *   DIR/pack/HASH/     each country pack that was ever used, named by its hash (hex)
 *   DIR/gate/          main.db, blob.db, log/: the gate's
 *   DIR/vault/         vault.db, root.key: the vault's
 */
#ifndef CIVIS_CMD_CONF_H
#define CIVIS_CMD_CONF_H

#include <limits.h>

#include "base/err.h"
#include "base/id.h"
#include "process/sandbox.h"

#define CONF_VALUE_MAX 256

struct conf {
	char register_id[ID_TEXT_SIZE];    /* of this register alone: its store holds it too. "": neither has one, made by an older program */
	char country[16];
	char pack[80];                     /* hash of the current pack, hex */
	char log_name[CONF_VALUE_MAX];     /* origin of the log without its epoch */
	char status_base[CONF_VALUE_MAX];  /* status list N is at status_base/N */
	bool behind_proxy;
	unsigned channels;                 /* gate ↔ vault; 0: the default */
};

/* Whether this is the data folder of a register, and can be looked into: RC_CONFIG with a sentence if not. */
enum rc conf_require(const char *data_dir, struct err *e) WARN_UNUSED;
/* As conf_require(); RC_CONFIG with the line in e->where. */
enum rc conf_read(const char *data_dir, struct conf *ret, struct err *e) WARN_UNUSED;
enum rc conf_write(const char *data_dir, const struct conf *c, struct err *e) WARN_UNUSED;
/* DIR/pack/HASH. */
enum rc conf_pack_dir(const char *data_dir, const struct conf *c, char out[static PATH_MAX]) WARN_UNUSED;

/* What errno says of a folder that could not be entered: RC_CONFIG. */
enum rc conf_not_entered(const char *folder, struct err *e);
#define CONF_NOT_YOURS "you may not look into this folder: run this as root, or as the folder's owner"

/*
 * Runs `work` inside DIR/gate or DIR/vault as that process's user: in a child
 * that has changed into the folder and given up root. What it returns, and its
 * err, come back; nothing else does.
 */
enum rc conf_in_home(const char *data_dir, enum sandbox_role role, enum rc (*work)(void *ctx, struct err *e), void *ctx,
                     struct err *e) WARN_UNUSED;

/* The same where there is no such folder yet. */
enum rc conf_as_user(enum sandbox_role role, enum rc (*work)(void *ctx, struct err *e), void *ctx, struct err *e) WARN_UNUSED;

/* "civis COMMAND: WHERE: TEXT" on standard error; the exit status that goes with rc. */
int conf_complain(const char *command, enum rc rc, const struct err *e);

#endif
