/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Group commit, for a database that one thread writes. It takes what is queued
 * (it never waits for more: the sync of one batch is the time in which the next
 * gathers), runs one write after the other, commits once, and only then wakes
 * those who wait.
 *
 * A savepoint around each write has every page copied that it changes, for the
 * sake of the few that are refused after they changed something. So a batch is
 * run without; when such a one comes it is taken back whole and what was good
 * in it is run again, from there on with a savepoint each. A write may so run
 * twice on the same state: it assigns to its `out` and never adds.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "database/sqlite.h"
#include "store/internal.h"

/* What surrounds each write. Kept prepared: reading the words again costs more than most writes. */
enum step { STEP_BEGIN, STEP_SAVE, STEP_BACK, STEP_RELEASE, STEP_COMMIT, STEP_COUNT };

struct batching {
	sqlite3_stmt *step[STEP_COUNT];
};

static struct db *db_of(struct writer *w)
{
	return &w->hand[0].db;
}

static sqlite3 *handle(struct writer *w)
{
	return db_sqlite(db_of(w));
}

/* An I/O error made the outcome of a commit unknown: ends the process. */
static _Noreturn void die(struct writer *w, const struct err *e)
{
	log_error("store_failed", LOG_RC(e->code), LOG_INT("sqlite", sqlite3_extended_errcode(handle(w))),
	          LOG_INT("os_error", sqlite3_system_errno(handle(w))));
	_exit(70);
}

static enum rc take_step(struct writer *w, enum step which, struct err *e)
{
	static const char *const words[STEP_COUNT] = {
		[STEP_BEGIN] = "BEGIN IMMEDIATE", [STEP_SAVE] = "SAVEPOINT w", [STEP_BACK] = "ROLLBACK TO w",
		[STEP_RELEASE] = "RELEASE w", [STEP_COMMIT] = "COMMIT",
	};
	sqlite3_stmt **s = &w->batching->step[which];
	int r = *s ? SQLITE_OK : sqlite3_prepare_v3(handle(w), words[which], -1, SQLITE_PREPARE_PERSISTENT, s, NULL);
	if (r == SQLITE_OK) {
		r = sqlite3_step(*s);
		sqlite3_reset(*s);
	}
	return r == SQLITE_DONE ? RC_OK
	                        : err_set(e, sqlite_rc(r), "sql", "The database says %d: %s", r, sqlite3_errstr(r));
}

struct batch {
	struct store_write *done, **last;
	size_t n;
	bool saved; /* each write has a savepoint of its own */
	enum rc failed; /* the whole batch, when the engine gave the transaction up */
	struct err err;
};

/* The engine can give up the whole transaction on a full disk or want of memory. */
static bool transaction_lost(struct writer *w)
{
	return sqlite3_get_autocommit(handle(w)) != 0;
}

static void must(struct writer *w, enum rc rc, const struct err *e)
{
	if (rc != RC_OK)
		die(w, e);
}

static void finish(struct batch *b, struct store_write *write)
{
	write->next = NULL;
	*b->last = write;
	b->last = &write->next;
	b->n++;
}

static void call_write(struct writer *w, struct batch *b, struct store_write *write)
{
	write->err = ERR_NONE;
	write->rc = write->run(w->store, db_of(w), write->in, write->out, &write->err);
	if (write->rc == RC_IO)
		die(w, &write->err);
	if (transaction_lost(w)) {
		b->failed = write->rc == RC_OK ? RC_INTERNAL : write->rc;
		b->err = write->err;
	}
}

static void call_saved(struct writer *w, struct batch *b, struct store_write *write)
{
	struct err e = ERR_NONE;
	must(w, take_step(w, STEP_SAVE, &e), &e);
	call_write(w, b, write);
	if (b->failed != RC_OK)
		return;
	if (write->rc != RC_OK)
		must(w, take_step(w, STEP_BACK, &e), &e);
	must(w, take_step(w, STEP_RELEASE, &e), &e);
}

/*
 * Takes the batch back and runs again what was good in it. What was refused has
 * changed nothing and stays refused. The state is the same, so good is good again,
 * unless memory or room gave out: others rest upon that write, and all are refused.
 */
static void start_again(struct writer *w, struct batch *b)
{
	struct err e = ERR_NONE;
	must(w, db_run(db_of(w), "ROLLBACK", &e), &e);
	b->saved = true;
	b->failed = take_step(w, STEP_BEGIN, &b->err);
	if (b->failed == RC_IO)
		die(w, &b->err);
	for (struct store_write *write = b->done; write && b->failed == RC_OK; write = write->next) {
		if (write->rc != RC_OK)
			continue;
		call_saved(w, b, write);
		if (b->failed == RC_OK && write->rc != RC_OK) {
			b->failed = write->rc;
			b->err = write->err;
		}
	}
}

/* Runs the write so that, refused, it leaves nothing behind; false if it has to wait for others. */
static bool run_one(struct writer *w, struct batch *b, struct store_write *write)
{
	int changes = sqlite3_total_changes(handle(w));
	if (b->failed == RC_OK && !b->saved) {
		call_write(w, b, write);
		bool spoilt = write->rc != RC_OK && sqlite3_total_changes(handle(w)) != changes;
		if (b->failed == RC_OK && spoilt)
			start_again(w, b);
	} else if (b->failed == RC_OK) {
		call_saved(w, b, write);
	}
	if (b->failed == RC_OK && write->rc == RC_DEFER)
		return false;
	finish(b, write);
	return true;
}

/* Deferred writes are tried again until none of them gets further. */
static void run_deferred(struct writer *w, struct batch *b)
{
	for (bool progress = true; progress;) {
		progress = false;
		for (struct store_write **at = &w->deferred, *write; (write = *at) != NULL;) {
			struct store_write *next = write->next;
			bool late = clock_monotonic_us() - write->since > STORE_DEFER_US;
			if (!run_one(w, b, write)) {
				if (!late) {
					at = &write->next;
					continue;
				}
				write->rc = err_set(&write->err, RC_CONFLICT, "book", "Those before it did not come");
				finish(b, write);
			}
			*at = next;
			progress = true;
		}
	}
}

static void defer(struct writer *w, struct store_write *write)
{
	struct store_write **at = &w->deferred;
	while (*at)
		at = &(*at)->next;
	write->since = clock_monotonic_us();
	write->next = NULL;
	*at = write;
}

static void commit(struct writer *w, struct batch *b)
{
	if (b->failed != RC_OK) {
		log_warn("batch_refused", LOG_RC(b->failed), LOG_INT("writes", b->n));
	} else {
		int64_t start = clock_monotonic_us();
		b->failed = take_step(w, STEP_COMMIT, &b->err);
		atomic_fetch_add(&w->commit_us, (uint64_t)(clock_monotonic_us() - start));
		/* Only "no room" is a sure refusal; after anything else nobody knows what is on the disk. Memory may have
		   run out when the log had the commit already: a crash would bring back what was refused. */
		if (b->failed != RC_OK && b->failed != RC_STORE_FULL)
			die(w, &b->err);
		if (b->failed == RC_OK)
			atomic_fetch_add(&w->commits, 1);
	}
	struct err e = ERR_NONE;
	if (!transaction_lost(w))
		must(w, db_run(db_of(w), "ROLLBACK", &e), &e);
	if (b->failed == RC_OK)
		return;
	atomic_fetch_add(&w->refused_full, b->n);
	for (struct store_write *write = b->done; write; write = write->next) {
		write->rc = b->failed;
		write->err = b->err;
	}
}

static void wake_all(struct writer *w, struct batch *b)
{
	for (struct store_write *write = b->done, *next; write; write = next) {
		next = write->next; /* soon it is no longer ours */
		writer_done(w, write);
	}
}

/* Folds the write-ahead log in between batches; readers may hold some of it back. */
static void fold_log(struct writer *w, int mode, uint64_t from_pages)
{
	if (atomic_load(&w->wal_pages) < from_pages)
		return;
	int pages = 0, folded = 0;
	int r = sqlite3_wal_checkpoint_v2(handle(w), NULL, mode, &pages, &folded);
	struct err e = ERR_NONE;
	if (sqlite_rc(r) == RC_IO)
		die(w, (err_set(&e, RC_IO, "checkpoint", "I/O error"), &e));
	if (r != SQLITE_OK && r != SQLITE_BUSY)
		log_warn("checkpoint_late", LOG_INT("sqlite", r));
	if (r == SQLITE_OK && pages == folded)
		atomic_store(&w->wal_pages, 0);
}

static int on_wal(void *ctx, sqlite3 *db, const char *name, int pages)
{
	(void)db;
	(void)name;
	atomic_store(&((struct writer *)ctx)->wal_pages, (uint64_t)pages);
	return SQLITE_OK;
}

void batch_run(struct writer *w, struct store_write *write)
{
	struct batch b = {.last = &b.done, .failed = RC_OK};
	struct err e = ERR_NONE;
	bool end;
	int64_t start = clock_monotonic_us();
	b.failed = take_step(w, STEP_BEGIN, &b.err);
	if (b.failed == RC_IO)
		die(w, &b.err);
	for (; write; write = writer_take(w, false, &end)) {
		if (!run_one(w, &b, write))
			defer(w, write);
		if (b.n >= STORE_BATCH_MAX || clock_monotonic_us() - start > STORE_BATCH_US)
			break;
	}
	run_deferred(w, &b);
	if (b.n > 0)
		commit(w, &b);
	else if (!transaction_lost(w))
		must(w, db_run(db_of(w), "ROLLBACK", &e), &e);
	wake_all(w, &b);
	fold_log(w, SQLITE_CHECKPOINT_PASSIVE, STORE_WAL_PAGES);
}

enum rc batch_start(struct writer *w, struct err *e)
{
	w->batching = calloc(1, sizeof *w->batching);
	if (!w->batching)
		return err_set(e, RC_NO_MEMORY, "store", "No memory");
	sqlite3_wal_hook(handle(w), on_wal, w);
	return RC_OK;
}

void batch_end(struct writer *w)
{
	if (!w->batching)
		return;
	fold_log(w, SQLITE_CHECKPOINT_TRUNCATE, 0);
	for (int i = 0; i < STEP_COUNT; i++)
		sqlite3_finalize(w->batching->step[i]);
	free(w->batching);
	w->batching = NULL;
}
