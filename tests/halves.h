/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A sharded server, played with a plain one: each kind of table is reached through a connection of its own, so that a
 * commit is several, one after the other, and nobody's moment holds for more than one kind. Between two of them a plan can
 * pause, lose what is left, or end the process. Sharper than a real one, which finishes by itself what it has prepared.
 */
#ifndef CIVIS_TESTS_HALVES_H
#define CIVIS_TESTS_HALVES_H

#include <semaphore.h>
#include <stdatomic.h>

#include "database/engine.h"
#include "store_sql.h"

/* The kinds; those of the log lie together. */
enum { HALF_PERSON, HALF_CLAIM, HALF_REQUEST, HALF_OFFICE, HALF_LOG, HALF_KINDS };
#define HALF_BIT(kind) (1u << (kind))
#define HALF_ALL (HALF_BIT(HALF_KINDS) - 1)

enum half_fault {
	HALF_SOUND,
	HALF_PAUSE,      /* posts `reached` and waits for `go` */
	HALF_LOSE,       /* the rest is taken back; the server is said to be gone: the store runs the write again */
	HALF_LOSE_QUIET, /* the rest is taken back, and nobody tries again: as if the process had died */
	HALF_LATE,       /* the rest is committed; the server is said to be gone */
	HALF_DIE,        /* the process ends */
};

/* For the next commit of a command. */
static struct half_plan {
	_Atomic int fault;
	unsigned first;  /* the kinds that are committed before it */
	sem_t reached, go;
} half_plan;

struct half_own {
	char place[256];
	enum db_mode mode;
	struct db node[HALF_KINDS]; /* opened when first used */
	bool begun, snapshot, in[HALF_KINDS];
};

static struct half_own *half_own(const struct db *db)
{
	return db->own;
}

static int half_kind(const struct db_statement *s)
{
	static const char *const word[][2] = {{" work_queue", "o"}, {" counter", "o"}, {" counted", "o"}, {" entry", "o"},
	                                      {" book", "o"}, {" request", "r"}, {" claim", "c"}, {" upload", "c"}};
	if (s->tag == SQL_TAG_OFFICE)
		return HALF_OFFICE;
	if (s->tag == SQL_TAG_LOG)
		return HALF_LOG;
	if (s->tag == SQL_TAG_CLAIM)
		return strncmp(s->name, "request", 7) == 0 ? HALF_REQUEST : HALF_CLAIM;
	for (size_t i = 0; s->tag == SQL_TAG_FANOUT && i < sizeof word / sizeof *word; i++) {
		const char *from = strstr(s->text[DB_POSTGRESQL], "FROM");
		if (from && strncmp(from + 4, word[i][0], strlen(word[i][0])) == 0)
			return *word[i][1] == 'o' ? HALF_OFFICE : *word[i][1] == 'r' ? HALF_REQUEST : HALF_CLAIM;
	}
	return HALF_PERSON;
}

/* What the connection said of itself is said of all. */
static void half_tell(struct db *db, struct db *node)
{
	db->raced = db->raced || node->raced;
	node->raced = false;
	memcpy(db->said, node->said, sizeof db->said);
}

static enum rc half_reach(struct db *db, int kind, struct err *e)
{
	struct half_own *own = half_own(db);
	struct db *node = &own->node[kind];
	enum rc rc = RC_OK;
	if (!node->own) {
		*node = (struct db){.engine = &db_engine_postgresql, .catalog = db->catalog, .which = db->which};
		rc = node->engine->open(node, own->place, own->mode, 0, e);
	}
	if (rc == RC_OK && own->begun && !own->in[kind]) {
		rc = own->snapshot ? node->engine->snapshot(node, e) : node->engine->run(node, "BEGIN", e);
		own->in[kind] = rc == RC_OK;
	}
	half_tell(db, node);
	return rc;
}

static enum rc half_open(struct db *db, const char *place, enum db_mode mode, int cache_kib, struct err *e)
{
	(void)cache_kib;
	struct half_own *own = calloc(1, sizeof *own);
	if (!own)
		return RC_NO_MEMORY;
	db->own = own;
	db->sharded = true;
	own->mode = mode;
	snprintf(own->place, sizeof own->place, "%s", place);
	return half_reach(db, HALF_PERSON, e);
}

static void half_close(struct db *db)
{
	struct half_own *own = half_own(db);
	for (int i = 0; i < HALF_KINDS; i++)
		if (own->node[i].own)
			own->node[i].engine->close(&own->node[i]);
	free(own);
}

static enum rc half_end(struct db *db, const char *how, unsigned kinds, struct err *e)
{
	struct half_own *own = half_own(db);
	enum rc rc = RC_OK;
	for (int i = 0; i < HALF_KINDS; i++) {
		if (!own->in[i] || !(kinds & HALF_BIT(i)))
			continue;
		enum rc one = db_engine_postgresql.run(&own->node[i], how, e);
		half_tell(db, &own->node[i]);
		own->in[i] = false;
		rc = rc == RC_OK ? one : rc;
	}
	return rc;
}

static enum rc half_lost(struct db *db, enum rc rc, struct err *e)
{
	snprintf(db->said, sizeof db->said, "Nobody knows what became of it");
	return err_set(e, rc, "sql", "%s", db->said);
}

static enum rc half_commit(struct db *db, struct err *e)
{
	/* A command takes its key; what only reads, or looks after the rest, is not meant. */
	int fault = HALF_SOUND;
	if (db->journal && db->journal->text.len && half_own(db)->in[HALF_REQUEST])
		fault = atomic_exchange(&half_plan.fault, HALF_SOUND);
	if (fault == HALF_SOUND)
		return half_end(db, "COMMIT", HALF_ALL, e);
	enum rc rc = half_end(db, "COMMIT", half_plan.first, e);
	if (rc != RC_OK)
		return rc;
	if (fault == HALF_DIE)
		_exit(9);
	if (fault == HALF_PAUSE) {
		sem_post(&half_plan.reached);
		sem_wait(&half_plan.go);
	}
	if (fault == HALF_LOSE || fault == HALF_LOSE_QUIET) {
		(void)!half_end(db, "ROLLBACK", HALF_ALL, NULL);
		return half_lost(db, fault == HALF_LOSE ? RC_STORE_DOWN : RC_INTERNAL, e);
	}
	rc = half_end(db, "COMMIT", HALF_ALL, e);
	return rc == RC_OK && fault == HALF_LATE ? half_lost(db, RC_STORE_DOWN, e) : rc;
}

static enum rc half_run(struct db *db, const char *sql, struct err *e)
{
	struct half_own *own = half_own(db);
	if (strcmp(sql, "BEGIN") == 0) {
		own->begun = true;
		own->snapshot = false;
		return RC_OK;
	}
	bool commits = strcmp(sql, "COMMIT") == 0;
	if (!commits && strcmp(sql, "ROLLBACK") != 0)
		return err_set(e, RC_INTERNAL, "sql", "Not played: %s", sql);
	own->begun = false;
	return commits ? half_commit(db, e) : half_end(db, sql, HALF_ALL, e);
}

static enum rc half_snapshot(struct db *db, struct err *e)
{
	(void)e;
	half_own(db)->begun = half_own(db)->snapshot = true;
	return RC_OK;
}

static bool half_in_transaction(const struct db *db)
{
	return half_own(db)->begun;
}

/* The query of the one connection that it belongs to. */
static void half_start(struct query *q)
{
	int kind = half_kind(&q->db->catalog->statement[q->which]);
	struct query *inner = calloc(1, sizeof *inner);
	q->cursor = inner;
	if (!inner) {
		q->rc = RC_NO_MEMORY;
		return;
	}
	*inner = (struct query){.db = &half_own(q->db)->node[kind], .which = q->which, .next = 1};
	q->rc = half_reach(q->db, kind, NULL);
	if (q->rc == RC_OK) {
		db_engine_postgresql.start(inner);
		q->rc = inner->rc;
	}
}

static void half_bind(struct query *q, const struct db_value *v)
{
	struct query *inner = q->cursor;
	inner->next = q->next;
	db_engine_postgresql.bind(inner, v);
	q->rc = inner->rc;
}

static bool half_next(struct query *q)
{
	struct query *inner = q->cursor;
	bool row = db_engine_postgresql.next(inner);
	inner->ran = true;
	q->rc = inner->rc;
	half_tell(q->db, inner->db);
	return row;
}

static bool half_is_null(struct query *q, int column)
{
	return db_engine_postgresql.is_null(q->cursor, column);
}

static int64_t half_number(struct query *q, int column)
{
	struct query *inner = q->cursor;
	int64_t v = db_engine_postgresql.number(inner, column);
	q->damaged = q->damaged || inner->damaged;
	return v;
}

static struct bytes half_bytes(struct query *q, int column)
{
	return db_engine_postgresql.bytes(q->cursor, column);
}

static int half_changes(struct query *q)
{
	return db_engine_postgresql.changes(q->cursor);
}

static void half_query_end(struct query *q)
{
	if (q->cursor)
		db_engine_postgresql.end(q->cursor);
	free(q->cursor);
	q->cursor = NULL;
}

static enum rc half_taken(struct db *db, bool *ret_known, enum rc (*row)(void *ctx, int version, struct bytes checksum),
                          void *ctx, struct err *e)
{
	return db_engine_postgresql.taken(&half_own(db)->node[HALF_PERSON], ret_known, row, ctx, e);
}

static enum rc half_take(struct db *db, const struct db_step *step, struct bytes checksum, int64_t now, struct err *e)
{
	(void)db, (void)checksum, (void)now;
	return err_set(e, RC_INTERNAL, "schema", "Step %d is not played", step->version);
}

static const struct db_engine half_engine = {
	.kind = DB_POSTGRESQL, .open = half_open, .close = half_close, .run = half_run, .snapshot = half_snapshot,
	.in_transaction = half_in_transaction, .start = half_start, .bind = half_bind, .next = half_next, .is_null = half_is_null,
	.number = half_number, .bytes = half_bytes, .changes = half_changes, .end = half_query_end, .taken = half_taken,
	.take = half_take,
};

#endif
