/* SPDX-License-Identifier: MPL-2.0 */
/* What an engine does behind db.h. Nobody else includes it. */
#ifndef CIVIS_DATABASE_ENGINE_H
#define CIVIS_DATABASE_ENGINE_H

#include "database/db.h"

enum { DB_PARAMS_MAX = 24 };

struct db_value {
	enum db_type type;
	bool null;
	int64_t number;
	struct bytes bytes;  /* DB_TEXT, DB_BYTES */
	bool passing;        /* the bytes do not stand until the query ends: copy them, at most 16 */
};

struct db_engine {
	enum db_kind kind;
	/* *db is empty but for its engine, catalog and part. */
	enum rc (*open)(struct db *db, const char *place, enum db_mode mode, int cache_kib, struct err *e);
	void (*close)(struct db *db);
	enum rc (*run)(struct db *db, const char *sql, struct err *e);
	enum rc (*snapshot)(struct db *db, struct err *e);
	bool (*in_transaction)(const struct db *db);

	/* Of a query; what fails is left in q->rc and db->said. */
	void (*start)(struct query *q);
	void (*bind)(struct query *q, const struct db_value *v);
	bool (*next)(struct query *q);
	bool (*is_null)(struct query *q, int column);
	int64_t (*number)(struct query *q, int column);
	struct bytes (*bytes)(struct query *q, int column);
	int (*changes)(struct query *q);
	void (*end)(struct query *q);

	/* Of the schema. `known`: the table is there; then each of its rows, in order. */
	enum rc (*taken)(struct db *db, bool *ret_known, enum rc (*row)(void *ctx, int version, struct bytes checksum), void *ctx,
	                 struct err *e);
	/* One transaction: the step, and the row that says so. */
	enum rc (*take)(struct db *db, const struct db_step *step, struct bytes checksum, int64_t now, struct err *e);
	/* RC_CONFIG unless who is connected may do just what a program of this catalogue must; NULL: nobody else decides that. */
	enum rc (*may)(struct db *db, struct err *e);
};

extern const struct db_engine db_engine_sqlite, db_engine_postgresql;
/* What stands behind a server's address: PostgreSQL, unless a test puts something between. */
extern const struct db_engine *db_server_engine;

#endif
