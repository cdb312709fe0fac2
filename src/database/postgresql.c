/* SPDX-License-Identifier: MPL-2.0 */
/*
 * PostgreSQL through libpq, in its binary format. A connection that was lost is
 * made again when it is next used outside a transaction, at growing intervals.
 * Inside one, everything fails until its end: what became of it is for the
 * caller to find out. A server that hangs is lost like one that is gone: no
 * answer is waited for longer than ANSWER_US.
 */
#include "database/postgresql.h"

#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "database/engine.h"

enum {
	BYTEA = 17, INT8 = 20, TEXT = 25,   /* pg_type.oid, the same since ever */
	WAIT_FIRST_US = 100000, WAIT_MAX_US = 5000000,
	ANSWER_US = 10000000,               /* longer than the server's own limits, which settle() sets */
};

struct own {
	PGconn *connection;
	bool *prepared;        /* each statement */
	bool reading;
	bool begun;            /* a transaction, which ends with the connection */
	bool aborted;          /* a statement of it failed: nothing of it can be committed */
	bool lost;
	bool patient;          /* waits as long as it takes */
	bool brief;            /* somebody waits who soon gives up */
	int64_t wait_us, try_at;
	/* of the query that is being bound */
	const char *value[DB_PARAMS_MAX];
	int length[DB_PARAMS_MAX], format[DB_PARAMS_MAX];
	Oid type[DB_PARAMS_MAX];
	union {
		uint64_t number;
		uint8_t bytes[16];
	} copy[DB_PARAMS_MAX];
};

static _Atomic uint64_t count_lost, count_tries, count_away;

void postgresql_count(struct postgresql_counts *ret)
{
	*ret = (struct postgresql_counts){atomic_load(&count_lost), atomic_load(&count_tries), atomic_load(&count_away)};
}

static struct own *own_of(const struct db *db)
{
	return db->own;
}

/* -------------------------------------------------------------- errors */

static bool begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static enum rc rc_of(const char *state)
{
	static const struct {
		const char *begin;
		enum rc rc;
	} known[] = {
		{"23505", RC_CONFLICT}, {"23", RC_INVALID}, {"22", RC_INVALID},
		{"40", RC_BUSY}, {"55P03", RC_BUSY}, {"57014", RC_BUSY}, {"53300", RC_STORE_DOWN},
		{"53100", RC_STORE_FULL}, {"53200", RC_NO_MEMORY}, {"25006", RC_READ_ONLY},
		{"08", RC_STORE_DOWN}, {"57P", RC_STORE_DOWN},
		{"42501", RC_CONFIG}, {"28", RC_CONFIG}, {"3D", RC_CONFIG},
		{"XX001", RC_CORRUPT}, {"XX002", RC_CORRUPT}, {"58", RC_STORE_DOWN},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (begins(state, known[i].begin))
			return known[i].rc;
	return RC_INTERNAL;
}

/* One line, without what PostgreSQL adds about values. */
static void say(struct db *db, const char *state, const char *text)
{
	int len = (int)strcspn(text, "\n");
	snprintf(db->said, sizeof db->said, "The database says %s: %.*s", state, len, text);
}

static enum rc lost(struct db *db, const char *text)
{
	struct own *own = own_of(db);
	if (!own->lost) {
		log_warn("store_lost", LOG_NONE);
		atomic_fetch_add(&count_lost, 1);
		atomic_fetch_add(&count_away, 1);
	}
	own->lost = true;
	say(db, "08006", text);
	return RC_STORE_DOWN;
}

/* Looks at a result, and frees it if it is of no more use. */
static enum rc judge(struct db *db, PGresult *result)
{
	struct own *own = own_of(db);
	ExecStatusType status = PQresultStatus(result);
	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
		return RC_OK;
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	enum rc rc = RC_STORE_DOWN;
	if (!result || PQstatus(own->connection) != CONNECTION_OK) {
		rc = lost(db, text ? text : PQstatus(own->connection) == CONNECTION_OK ? "It does not answer" : PQerrorMessage(own->connection));
	} else {
		rc = rc_of(state ? state : "");
		say(db, state ? state : "?", text ? text : PQerrorMessage(own->connection));
		own->aborted = own->aborted || own->begun;
		db->raced = db->raced || (state && (begins(state, "23505") || begins(state, "40")));
	}
	PQclear(result);
	return rc;
}

/* ------------------------------------------------------------- waiting */

/* Sends what is left and reads until the next result is whole; false: the time is over, or the connection broke. */
static bool whole(struct own *own, int64_t until)
{
	int unsent;
	while ((unsent = PQflush(own->connection)) > 0 || (unsent == 0 && PQisBusy(own->connection))) {
		struct pollfd fd = {.fd = PQsocket(own->connection), .events = (short)(unsent ? POLLIN | POLLOUT : POLLIN)};
		int64_t left = until - clock_monotonic_us();
		int ready = left > 0 || own->patient ? poll(&fd, 1, own->patient ? -1 : (int)(left / 1000 + 1)) : 0;
		if (ready == 0 || (ready < 0 && errno != EINTR) || !PQconsumeInput(own->connection))
			return false;
	}
	return unsent == 0;
}

/* The last result of what was sent, or the first that is an error. NULL: none came, and the connection is of no more use. */
static PGresult *receive(struct own *own, int sent)
{
	const int64_t until = clock_monotonic_us() + ANSWER_US;
	PGresult *kept = NULL, *result;
	bool answered = sent != 0;
	while (answered && (answered = whole(own, until)) && (result = PQgetResult(own->connection))) {
		if (kept && PQresultStatus(kept) == PGRES_FATAL_ERROR) {
			PQclear(result);
		} else {
			PQclear(kept);
			kept = result;
		}
	}
	if (answered)
		return kept;
	PQclear(kept);
	return NULL;
}

static PGresult *query(struct own *own, const char *sql)
{
	return receive(own, PQsendQuery(own->connection, sql));
}

static enum rc ask_truth(struct db *db, const char *sql, bool *ret, struct err *e);

/* ---------------------------------------------------------- connecting */

static enum rc run_once(struct db *db, const char *sql)
{
	PGresult *result = query(own_of(db), sql);
	enum rc rc = judge(db, result);
	if (rc != RC_OK)
		return rc;
	/* A transaction in which something failed is taken back by COMMIT, without an error. */
	if (begins(sql, "COMMIT") && strcmp(PQcmdStatus(result), "COMMIT") != 0) {
		rc = RC_INTERNAL;
		snprintf(db->said, sizeof db->said, "A transaction in which a statement failed was to be committed");
	}
	PQclear(result);
	return rc;
}

/* What is wrong with the server, a sentence of this file; NULL: nothing, as far as is known. Of all connections alike. */
static _Atomic(const char *) why_unfit;

static enum rc unfit(struct db *db, const char *what)
{
	if (atomic_exchange(&why_unfit, what) != what && own_of(db)->lost)
		log_error("store_not_fit", LOG_WORD("why", what));
	snprintf(db->said, sizeof db->said, "%s", what);
	return RC_CONFIG;
}

/* What a register rests upon. */
static enum rc inspect(struct db *db)
{
	struct own *own = own_of(db);
	enum { ENCODING, FSYNC, PAGES, STANDBY, SHARDED, COLUMNS };
	if (PQserverVersion(own->connection) < 150000)
		return unfit(db, "PostgreSQL is older than version 15");
	PGresult *result = query(own, "SELECT current_setting('server_encoding'), current_setting('fsync'),"
	                              " current_setting('full_page_writes'), pg_is_in_recovery(),"
	                              " EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')");
	enum rc rc = judge(db, result);
	if (rc != RC_OK)
		return rc;
	if (PQntuples(result) != 1 || PQnfields(result) != COLUMNS)
		rc = unfit(db, "The server does not answer like PostgreSQL");
	else if (strcmp(PQgetvalue(result, 0, ENCODING), "UTF8") != 0)
		rc = unfit(db, "The database does not keep UTF-8: make it anew with ENCODING 'UTF8' and TEMPLATE template0");
	else if (strcmp(PQgetvalue(result, 0, FSYNC), "on") != 0 || strcmp(PQgetvalue(result, 0, PAGES), "on") != 0)
		rc = unfit(db, "The server may lose what it committed: fsync and full_page_writes must be on");
	else
		db->sharded = *PQgetvalue(result, 0, SHARDED) == 't';
	/* This passes: its operator promotes it, or it is just being brought back. */
	if (rc == RC_OK && *PQgetvalue(result, 0, STANDBY) == 't') {
		(void)unfit(db, "The server is a standby, or is being brought back: promote it, or wait until it is done");
		rc = RC_STORE_DOWN;
	}
	if (rc == RC_OK)
		atomic_store(&why_unfit, NULL);
	PQclear(result);
	return rc;
}

#define LIMITS "SET lock_timeout = '5s'; SET statement_timeout = '8s'"
#define LIMITS_BRIEF "SET lock_timeout = '800ms'; SET statement_timeout = '2s'"

static enum rc settle(struct db *db)
{
	struct own *own = own_of(db);
	if (PQsetnonblocking(own->connection, 1) != 0)
		return lost(db, PQerrorMessage(own->connection));
	enum rc rc = inspect(db);
	if (rc == RC_OK)
		rc = run_once(db, own->brief ? LIMITS_BRIEF : LIMITS);
	if (rc == RC_OK)
		rc = run_once(db, "SET standard_conforming_strings = on; SET default_transaction_isolation = 'read committed';"
		                  " SET jit = off; SET client_min_messages = warning");
	/* A stronger one (a standby must have it) stays. */
	if (rc == RC_OK)
		rc = run_once(db, "SELECT set_config('synchronous_commit', 'on', false)"
		                  " WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write')");
	/* Who stands still in the middle of a write holds rows that others wait for. */
	if (rc == RC_OK)
		rc = run_once(db, own->reading ? "SET idle_in_transaction_session_timeout = '60s'; SET default_transaction_read_only = on"
		                               : "SET idle_in_transaction_session_timeout = '10s'");
	return rc;
}

/* After a loss: at once, then at growing intervals. */
static enum rc connect_again(struct db *db)
{
	struct own *own = own_of(db);
	int64_t now = clock_monotonic_us();
	if (now < own->try_at)
		return RC_STORE_DOWN;
	atomic_fetch_add(&count_tries, 1);
	memset(own->prepared, 0, (size_t)db->catalog->statements * sizeof *own->prepared);
	PQreset(own->connection);
	enum rc rc = PQstatus(own->connection) == CONNECTION_OK ? settle(db) : lost(db, PQerrorMessage(own->connection));
	if (rc == RC_OK) {
		log_info("store_found_again", LOG_NONE);
		atomic_fetch_sub(&count_away, 1);
		own->lost = false;
		own->wait_us = own->try_at = 0;
		return RC_OK;
	}
	own->lost = true;
	own->wait_us = own->wait_us ? own->wait_us * 2 : WAIT_FIRST_US;
	if (own->wait_us > WAIT_MAX_US)
		own->wait_us = WAIT_MAX_US;
	own->try_at = clock_monotonic_us() + own->wait_us;
	return RC_STORE_DOWN;
}

static enum rc ensure(struct db *db)
{
	return own_of(db)->lost ? connect_again(db) : RC_OK;
}

/* Where the address leads must not depend on the environment, nor on files that a confined process cannot read. */
static enum rc read_address(const char *url, char *ret_user, char *ret_database, size_t size, struct err *e)
{
	char *said = NULL;
	const char *host = "", *user = NULL, *database = NULL;
	bool elsewhere = false;
	PQconninfoOption *options = PQconninfoParse(url, &said);
	if (!options) {
		enum rc rc = err_set(e, RC_CONFIG, "store", "The address of the database cannot be read: %.*s",
		                     (int)strcspn(said ? said : "", "\n"), said ? said : "");
		PQfreemem(said);
		return rc;
	}
	for (PQconninfoOption *o = options; o->keyword; o++) {
		if (!o->val || !*o->val)
			continue;
		if (strcmp(o->keyword, "host") == 0)
			host = o->val;
		else if (strcmp(o->keyword, "user") == 0)
			user = o->val;
		else if (strcmp(o->keyword, "dbname") == 0)
			database = o->val;
		else if (strcmp(o->keyword, "hostaddr") == 0 || strcmp(o->keyword, "service") == 0)
			elsewhere = true;
	}
	enum rc rc = RC_OK;
	if (elsewhere || *host != '/' || strchr(host, ','))
		rc = err_set(e, RC_CONFIG, "store", "The database must be reached through a Unix socket: …?host=/folder/of/the/socket");
	else if (!user || !database || (ret_user && strlen(user) >= size) || (ret_database && strlen(database) >= size))
		rc = err_set(e, RC_CONFIG, "store", "The address must name user and database: postgresql://user@/database?host=/folder");
	if (rc == RC_OK && ret_user)
		snprintf(ret_user, size, "%s", user);
	if (rc == RC_OK && ret_database)
		snprintf(ret_database, size, "%s", database);
	PQconninfoFree(options);
	return rc;
}

enum rc postgresql_user(const char *url, char *out, size_t size, struct err *e)
{
	return read_address(url, out, NULL, size, e);
}

enum rc postgresql_database(const char *url, char *out, size_t size, struct err *e)
{
	return read_address(url, NULL, out, size, e);
}

static enum rc open_server(struct db *db, const char *url, enum db_mode mode, int cache_kib, struct err *e)
{
	(void)cache_kib;
	static const char *const keys[] = {"dbname", "connect_timeout", "client_encoding", "application_name", NULL};
	const char *const values[] = {url, "5", "UTF8", "civis", NULL};
	char user[ROLE_MAX];
	enum rc rc = postgresql_user(url, user, sizeof user, e);
	if (rc != RC_OK)
		return rc;
	struct own *own = calloc(1, sizeof *own);
	if (!own)
		return err_set(e, RC_NO_MEMORY, "store", "No memory");
	db->own = own;
	own->reading = mode == DB_READ;
	own->prepared = calloc((size_t)db->catalog->statements, sizeof *own->prepared);
	own->connection = PQconnectdbParams(keys, values, 1);
	if (!own->prepared || !own->connection)
		return err_set(e, RC_NO_MEMORY, "store", "No memory");
	if (PQstatus(own->connection) != CONNECTION_OK) {
		const char *text = PQerrorMessage(own->connection);
		/* A server that is not there, recovers, or has no room may come to answer, and so may a pooler's; one that
		   does not know us will go on refusing. */
		static const char *const lasting[] = {"does not exist", "authentication failed", "pg_hba.conf", "permission denied",
		                                      "not permitted to log in", "not currently accepting connections"};
		bool refused = false;
		for (size_t i = 0; strstr(text, "FATAL:") && i < sizeof lasting / sizeof *lasting; i++)
			refused = refused || strstr(text, lasting[i]);
		return err_set(e, refused ? RC_CONFIG : RC_STORE_DOWN, "store", "The database cannot be reached: %.*s",
		               (int)strcspn(text, "\n"), text);
	}
	rc = settle(db);
	return rc == RC_OK ? RC_OK : err_set(e, rc, "store", "%s", db->said);
}

static void close_server(struct db *db)
{
	struct own *own = own_of(db);
	if (own->lost)
		atomic_fetch_sub(&count_away, 1);
	free(own->prepared);
	PQfinish(own->connection);
	free(own);
}

static bool in_transaction(const struct db *db)
{
	return own_of(db)->begun;
}

static enum rc run(struct db *db, const char *sql, struct err *e)
{
	struct own *own = own_of(db);
	bool ends = begins(sql, "ROLLBACK") || begins(sql, "COMMIT");
	bool gone = own->begun && own->lost;
	enum rc rc = gone ? RC_STORE_DOWN : ensure(db);
	if (rc == RC_OK)
		rc = run_once(db, sql);
	/* The server went away and came back since this connection was last used. */
	if (rc == RC_STORE_DOWN && !own->begun && begins(sql, "BEGIN") && ensure(db) == RC_OK)
		rc = run_once(db, sql);
	/* One that does not end is no place for the next. */
	if (ends && PQtransactionStatus(own->connection) != PQTRANS_IDLE)
		rc = lost(db, "A transaction did not end");
	own->aborted = own->aborted && !ends;
	own->begun = (own->begun || (rc == RC_OK && begins(sql, "BEGIN"))) && !ends;
	/* What was lost has been taken back, unless it was just being committed. */
	if (own->lost && begins(sql, "ROLLBACK"))
		return RC_OK;
	return rc == RC_OK ? RC_OK : err_set(e, rc, "sql", "%s", db->said);
}

static enum rc snapshot(struct db *db, struct err *e)
{
	return run(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", e);
}

void postgresql_forget_environment(void)
{
	static const char *const word[] = {"PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD", "PGPASSFILE",
	                                   "PGSERVICE", "PGSERVICEFILE", "PGOPTIONS", "PGAPPNAME", "PGSSLMODE", "PGREQUIREPEER",
	                                   "PGCONNECT_TIMEOUT", "PGCLIENTENCODING", "PGTARGETSESSIONATTRS", "PGSYSCONFDIR"};
	for (size_t i = 0; i < sizeof word / sizeof *word; i++)
		unsetenv(word[i]);
}

enum rc postgresql_owns(struct db *db, const char *role, bool *ret, struct err *e)
{
	char sql[200];
	bool there = false;
	snprintf(sql, sizeof sql, "SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '%s')", role);
	enum rc rc = ask_truth(db, sql, &there, e);
	if (rc != RC_OK || !there)
		return rc == RC_OK ? err_set(e, RC_CONFIG, "store", "There is no role \"%s\" on this server", role) : rc;
	snprintf(sql, sizeof sql, "SELECT rolsuper OR pg_has_role(oid, current_user, 'MEMBER') FROM pg_roles WHERE rolname = '%s'", role);
	return ask_truth(db, sql, ret, e);
}

enum rc postgresql_is_open(struct db *db, bool *ret, const char **ret_name, struct err *e)
{
	*ret_name = PQdb(own_of(db)->connection);
	return ask_truth(db, "SELECT has_database_privilege('public', current_database(), 'CONNECT')", ret, e);
}

enum rc postgresql_others(struct db *db, unsigned within_ms, bool *ret, struct err *e)
{
	char sql[320], used[120] = "";
	if (within_ms)
		snprintf(used, sizeof used, " AND query_start > clock_timestamp() - interval '%u milliseconds'", within_ms);
	snprintf(sql, sizeof sql, "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
	                          " AND usename = current_user AND pid <> pg_backend_pid()%s)", used);
	return ask_truth(db, sql, ret, e);
}

bool postgresql_raced(struct db *db)
{
	bool raced = db->raced;
	db->raced = false;
	return raced;
}

bool postgresql_broken(const struct db *db)
{
	const struct own *own = own_of(db);
	return own->begun && (own->aborted || own->lost);
}

/* -------------------------------------------------------------- queries */

static void start(struct query *q)
{
	struct own *own = own_of(q->db);
	q->rc = !own->begun ? ensure(q->db) : own->lost ? RC_STORE_DOWN : RC_OK;
	q->row = -1;
}

static void bind(struct query *q, const struct db_value *v)
{
	struct own *own = own_of(q->db);
	const int at = q->next - 1;
	own->format[at] = 1;
	own->type[at] = v->type == DB_INT ? INT8 : v->type == DB_TEXT ? TEXT : BYTEA;
	own->value[at] = (const char *)v->bytes.ptr;
	own->length[at] = (int)v->bytes.len;
	if (v->bytes.len > INT_MAX) {
		q->rc = RC_INVALID;
		snprintf(q->db->said, sizeof q->db->said, "A value is too long");
	} else if (v->null) {
		own->value[at] = NULL;
	} else if (v->type == DB_INT) {
		own->copy[at].number = htobe64((uint64_t)v->number);
		own->value[at] = (const char *)own->copy[at].bytes;
		own->length[at] = sizeof own->copy[at].number;
	} else if (v->passing) {
		memcpy(own->copy[at].bytes, v->bytes.ptr, v->bytes.len);
		own->value[at] = (const char *)own->copy[at].bytes;
	}
}

static enum rc prepare(struct db *db, int which, int params)
{
	struct own *own = own_of(db);
	const struct db_statement *named = &db->catalog->statement[which];
	PGresult *result = receive(own, PQsendPrepare(own->connection, named->name, named->text[DB_POSTGRESQL], params, own->type));
	enum rc rc = judge(db, result);
	if (rc != RC_OK)
		return rc;
	PQclear(result);
	own->prepared[which] = true;
	return RC_OK;
}

static enum rc execute(struct query *q)
{
	struct own *own = own_of(q->db);
	const struct db_statement *named = &q->db->catalog->statement[q->which];
	enum rc rc = own->prepared[q->which] ? RC_OK : prepare(q->db, q->which, named->params);
	if (rc != RC_OK)
		return rc;
	PGresult *result = receive(own, PQsendQueryPrepared(own->connection, named->name, named->params, own->value, own->length,
	                                                    own->format, 1));
	rc = judge(q->db, result);
	if (rc == RC_OK)
		q->cursor = result;
	return rc;
}

static bool next(struct query *q)
{
	if (!q->ran) {
		bool alone = !in_transaction(q->db);
		q->rc = execute(q);
		/* Outside a transaction nothing is written here: a read can be asked again. */
		if (q->rc == RC_STORE_DOWN && alone && own_of(q->db)->reading && ensure(q->db) == RC_OK)
			q->rc = execute(q);
	}
	if (q->rc != RC_OK)
		return false;
	q->row++;
	return q->row < PQntuples(q->cursor);
}

static bool is_null(struct query *q, int column)
{
	return PQgetisnull(q->cursor, q->row, column) != 0;
}

static struct bytes column_bytes(struct query *q, int column)
{
	return bytes_of(PQgetvalue(q->cursor, q->row, column), (size_t)PQgetlength(q->cursor, q->row, column));
}

/* Of 8, 4, 2 bytes, or a truth. */
static int64_t number(struct query *q, int column)
{
	struct bytes b = column_bytes(q, column);
	uint64_t v = 0;
	for (size_t i = 0; i < b.len && i < 8; i++)
		v = v << 8 | b.ptr[i];
	if (b.len == 4)
		return (int32_t)(uint32_t)v;
	if (b.len == 2)
		return (int16_t)(uint16_t)v;
	if (b.len > 1 && b.len != 8)
		q->damaged = true;
	return (int64_t)v;
}

static int changes(struct query *q)
{
	uint64_t n = 0;
	return u64_parse(bytes_str(PQcmdTuples(q->cursor)), INT_MAX, &n) == RC_OK ? (int)n : 0;
}

static void end(struct query *q)
{
	PQclear(q->cursor);
	q->cursor = NULL;
}

/* -------------------------------------------------------------- schema */

enum rc postgresql_ask(struct db *db, const char *sql, PGresult **ret, struct err *e)
{
	struct own *own = own_of(db);
	PGresult *result = receive(own, PQsendQueryParams(own->connection, sql, 0, NULL, NULL, NULL, NULL, 1));
	enum rc rc = judge(db, result);
	if (rc != RC_OK)
		return err_set(e, rc, "schema", "%s", db->said);
	*ret = result;
	return RC_OK;
}

static enum rc ask_truth(struct db *db, const char *sql, bool *ret, struct err *e)
{
	PGresult *result;
	enum rc rc = postgresql_ask(db, sql, &result, e);
	if (rc != RC_OK)
		return rc;
	*ret = PQntuples(result) == 1 && PQgetlength(result, 0, 0) == 1 && *PQgetvalue(result, 0, 0);
	PQclear(result);
	return RC_OK;
}

static enum rc taken(struct db *db, bool *ret_known, enum rc (*row)(void *ctx, int version, struct bytes checksum), void *ctx,
                     struct err *e)
{
	PGresult *result;
	enum rc rc = ask_truth(db, "SELECT to_regclass('migration') IS NOT NULL", ret_known, e);
	if (rc != RC_OK || !*ret_known)
		return rc;
	rc = postgresql_ask(db, "SELECT version, checksum FROM migration ORDER BY version", &result, e);
	if (rc != RC_OK)
		return rc;
	struct query at = {.db = db, .cursor = result};
	for (; rc == RC_OK && at.row < PQntuples(result); at.row++)
		rc = row(ctx, (int)number(&at, 0), column_bytes(&at, 1));
	PQclear(result);
	return rc;
}

static enum rc note_step(struct db *db, const struct db_step *step, struct bytes checksum, int64_t now)
{
	const uint64_t version = htobe64((uint64_t)step->version), at = htobe64((uint64_t)now);
	const Oid types[] = {INT8, BYTEA, INT8};
	const char *const values[] = {(const char *)&version, (const char *)checksum.ptr, (const char *)&at};
	const int lengths[] = {sizeof version, (int)checksum.len, sizeof at}, formats[] = {1, 1, 1};
	struct own *own = own_of(db);
	PGresult *result = receive(own, PQsendQueryParams(own->connection, "INSERT INTO migration (version, checksum, at)"
	                                                                   " VALUES ($1, $2, $3)", 3, types, values, lengths, formats, 1));
	enum rc rc = judge(db, result);
	if (rc == RC_OK)
		PQclear(result);
	return rc;
}

static enum rc take_begun(struct db *db, const struct db_step *step, struct bytes checksum, int64_t now, struct err *e)
{
	bool wanted = true;
	enum rc rc = RC_OK;
	if (step->sharded)
		rc = ask_truth(db, "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')", &wanted, e);
	if (rc == RC_OK && wanted)
		rc = run_once(db, step->text);
	if (rc == RC_OK)
		rc = note_step(db, step, checksum, now);
	return rc == RC_OK ? RC_OK : err_set(e, rc, "schema", "Step %d: %s", step->version, db->said);
}

static enum rc take(struct db *db, const struct db_step *step, struct bytes checksum, int64_t now, struct err *e)
{
	enum rc rc = run(db, "BEGIN", e);
	if (rc == RC_OK)
		rc = take_begun(db, step, checksum, now, e);
	if (rc == RC_OK)
		return run(db, "COMMIT", e);
	(void)!run(db, "ROLLBACK", NULL);
	return rc;
}

enum rc postgresql_be_brief(struct db *db, struct err *e)
{
	own_of(db)->brief = true;
	return run(db, LIMITS_BRIEF, e);
}

enum rc postgresql_lock_schema(struct db *db, struct err *e)
{
	own_of(db)->patient = true;
	return run(db, "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = '60s';"
	               " SELECT pg_advisory_lock(1668904553)", e); /* "civi" */
}

const struct db_engine db_engine_postgresql = {
	.kind = DB_POSTGRESQL, .open = open_server, .close = close_server, .run = run, .snapshot = snapshot,
	.in_transaction = in_transaction, .start = start, .bind = bind, .next = next, .is_null = is_null,
	.number = number, .bytes = column_bytes, .changes = changes, .end = end, .taken = taken, .take = take, .may = postgresql_may,
};
