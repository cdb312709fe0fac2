/* SPDX-License-Identifier: MPL-2.0 */
/* For those who need to know that a server stands behind: why a transaction failed. */
#ifndef CIVIS_DATABASE_POSTGRESQL_H
#define CIVIS_DATABASE_POSTGRESQL_H

#include <libpq-fe.h>

#include "database/db.h"

enum { ROLE_MAX = 64 }; /* a role's or database's name with its NUL (PostgreSQL's NAMEDATALEN) */

/* The user, or the database, that the address names; RC_CONFIG if it cannot be used. */
enum rc postgresql_user(const char *url, char *out, size_t size, struct err *e) WARN_UNUSED;
enum rc postgresql_database(const char *url, char *out, size_t size, struct err *e) WARN_UNUSED;
/* Whether a role (of letters, digits, - and _) is a superuser's, or may act as the one connected. RC_CONFIG: there is none. */
enum rc postgresql_owns(struct db *db, const char *role, bool *ret, struct err *e) WARN_UNUSED;
/* RC_CONFIG unless who is connected has the rights of the catalogue, and no other to write; nor is the owner of its tables. */
enum rc postgresql_may(struct db *db, struct err *e) WARN_UNUSED;
/* A question that is not in the catalogue: RC_OK and the rows, in binary format, or what went wrong said in e. */
enum rc postgresql_ask(struct db *db, const char *sql, PGresult **ret, struct err *e) WARN_UNUSED;
/* Whether another connection of this role is open in this database; and was used in the last so many milliseconds. */
enum rc postgresql_others(struct db *db, unsigned within_ms, bool *ret, struct err *e) WARN_UNUSED;
/* Until the connection is closed nobody else changes the schema: before looking which steps are taken. */
enum rc postgresql_lock_schema(struct db *db, struct err *e) WARN_UNUSED;
/* Whether everybody who may log in to the server may connect to the database, and its name, which is the connection's. */
enum rc postgresql_is_open(struct db *db, bool *ret, const char **ret_name, struct err *e) WARN_UNUSED;
/* From now on no statement of this connection waits longer than 800 ms for a lock, nor runs longer than two seconds. */
enum rc postgresql_be_brief(struct db *db, struct err *e) WARN_UNUSED;
/* Whether, since it was last asked, something failed that would not have if another transaction had not run at the same
   time (or that will show itself as refused when run again): a key taken meanwhile, a deadlock. */
bool postgresql_raced(struct db *db);
struct postgresql_counts {
	uint64_t lost, tries; /* connections lost; attempts to make one again */
	uint64_t away;        /* that are lost now, each tried again after 100 ms, twice that… to 5 s */
};
/* Of all connections of this process. */
void postgresql_count(struct postgresql_counts *ret);
/* Whether a transaction is open of which nothing can be committed any more. */
bool postgresql_broken(const struct db *db);
/* Addresses alone say where a server is: forgets what the environment says of it. Before any thread is started. */
void postgresql_forget_environment(void);

#endif
