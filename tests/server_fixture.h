/* SPDX-License-Identifier: MPL-2.0 */
/* The PostgreSQL server of a test, if it runs on one (tests/lib/postgresql.py). */
#ifndef CIVIS_TESTS_SERVER_FIXTURE_H
#define CIVIS_TESTS_SERVER_FIXTURE_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline const char *fixture_server(void)
{
	return getenv("CIVIS_TEST_POSTGRESQL");
}

static inline void fixture_url(const char *user, const char *database, char out[static 256])
{
	snprintf(out, 256, "postgresql://%s@/%s?host=%s", user, database, fixture_server());
}

/* Runs statements past the store, as somebody who may do everything. False, and said, if the database refuses. */
static inline bool fixture_sql(const char *user, const char *database, const char *sql)
{
	char url[256];
	fixture_url(user, database, url);
	PGconn *c = PQconnectdb(url);
	PGresult *result = PQexec(c, sql);
	bool good = (PQresultStatus(result) == PGRES_COMMAND_OK && strcmp(PQcmdTuples(result), "0") != 0) ||
	            PQresultStatus(result) == PGRES_TUPLES_OK;
	if (!good)
		printf("# %s: %s", sql, PQerrorMessage(c));
	PQclear(result);
	PQfinish(c);
	return good;
}

#endif
