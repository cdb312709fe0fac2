/* SPDX-License-Identifier: MPL-2.0 */
/* For those who need to know that a server stands behind: why a transaction failed. */
#ifndef CIVIS_DATABASE_POSTGRESQL_H
#define CIVIS_DATABASE_POSTGRESQL_H

#include <libpq-fe.h>

#include "database/db.h"

/* The user that the address names; RC_CONFIG if it cannot be used. */
enum rc postgresql_user(const char *url, char *out, size_t size, struct err *e) WARN_UNUSED;
/* Until the connection is closed nobody else changes the schema: before looking which steps are taken. */
enum rc postgresql_lock_schema(struct db *db, struct err *e) WARN_UNUSED;
/* Whether, since it was last asked, something failed that would not have if another transaction had not run at the same
   time (or that will show itself as refused when run again): a key taken meanwhile, a deadlock. */
bool postgresql_raced(struct db *db);
/* The connection is gone; what became of an open transaction is not known. */
bool postgresql_lost(const struct db *db);

#endif
