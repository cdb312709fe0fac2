/* SPDX-License-Identifier: MPL-2.0 */
/* What was done about accounts: made, signed out, closed; by whom and when. Nothing is ever taken out of it. */
#ifndef CIVIS_VAULT_ACCOUNT_LOG_H
#define CIVIS_VAULT_ACCOUNT_LOG_H

#include "vault/client.h"
#include "vault/db.h"

/* One line, in the transaction of what it tells. by: the administrator's id; NULL: at the machine, by `civis staff`. */
enum rc account_log_add(struct vault_db *db, const struct id *by, enum account_event what, struct id whom,
			struct err *e) WARN_UNUSED;
/* Appends the array of at most `max` lines before that number (0: all), newest first, about accounts within the scope. */
enum rc account_log_put(struct vault_db *db, const char *scope, uint64_t before, uint64_t max, struct buf *out,
			struct err *e) WARN_UNUSED;

#endif
