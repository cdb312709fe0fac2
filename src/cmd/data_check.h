/* SPDX-License-Identifier: MPL-2.0 */
/* The check of a data folder's gate part: store, log, and (deep) what the vault finds in the acts. */
#ifndef CIVIS_CMD_DATA_CHECK_H
#define CIVIS_CMD_DATA_CHECK_H

#include "store/check.h"
#include "vault/client.h"

struct data_check {
	const char *gate_dir;        /* holds main.db, blob.db and log/ */
	const char *of;              /* whose the store must be; NULL: anybody's */
	const char *store;           /* where the store is, if that is not gate_dir: a server's address */
	struct vault_client *vault;  /* deep: recomputes every commitment; NULL: not deep */
	bool keys;                   /* deep: looks for every person's key, and whether the vault remembers what it signed */
	bool json;                   /* the result as one JSON object on standard output, else lines */
	bool quiet;                  /* says only what is wrong */
};

/* Tells of each person who has a case, and whose key the vault does not have (RC_NOT_FOUND: it is older than the store, or was
   when a new epoch was opened) or cannot unwrap (RC_CORRUPT). */
enum rc data_check_keys(struct store_reader *r, struct vault_client *vault,
                        void (*lost)(void *ctx, struct id person, enum rc why), void *ctx, struct err *e) WARN_UNUSED;

/* RC_OK: sound. RC_CORRUPT: it said what is wrong. Else the check could not be made. */
enum rc data_check_run(const struct data_check *in, struct err *e) WARN_UNUSED;
/* The same, as conf_in_home() runs it. */
enum rc data_check_work(void *in, struct err *e) WARN_UNUSED;

#endif
