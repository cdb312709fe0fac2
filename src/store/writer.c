/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Group commit. The writer takes what is queued (it never waits for more: the
 * sync of one batch is the time in which the next gathers), runs one write
 * after the other, commits once, and only then wakes those who wait.
 *
 * A savepoint around each write has every page copied that it changes, for the
 * sake of the few that are refused after they changed something. So a batch is
 * run without; when such a one comes it is taken back whole and what was good
 * in it is run again, from there on with a savepoint each. A write may so run
 * twice on the same state: it assigns to its `out` and never adds.
 */
#include <errno.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/internal.h"

void writer_die(struct writer *w, const struct err *e)
{
	log_error("store_failed", LOG_RC(e->code), LOG_INT("sqlite", sqlite3_extended_errcode(w->db.handle)),
	          LOG_INT("os_error", sqlite3_system_errno(w->db.handle)));
	_exit(70);
}

/* ------------------------------------------------------------- the queue */

static enum rc submit(struct writer *w, struct store_write *write, struct err *e)
{
	pthread_mutex_lock(&w->lock);
	if (w->closing || w->queued >= STORE_QUEUE_MAX) {
		pthread_mutex_unlock(&w->lock);
		atomic_fetch_add(&w->refused_busy, 1);
		return err_set(e, RC_BUSY, "store", "The queue of writes is full");
	}
	*w->last = write;
	w->last = &write->next;
	w->queued++;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	while (sem_wait(&write->done) != 0 && errno == EINTR)
		;
	return RC_OK;
}

static enum rc submit_and_wait(struct writer *w, store_write_run *run, const void *in, void *out, bool always,
                               struct err *e)
{
	struct store_write write = {.run = run, .in = in, .out = out, .err = ERR_NONE};
	/* Without a thread the store was opened for reading alone. */
	if (!w->running || (atomic_load(&w->store->read_only) && !always))
		return err_set(e, RC_READ_ONLY, "store", "The store is read-only");
	if (sem_init(&write.done, 0, 0) != 0)
		return err_set(e, RC_NO_MEMORY, "store", "No semaphore");
	enum rc rc = submit(w, &write, e);
	sem_destroy(&write.done);
	if (rc != RC_OK)
		return rc;
	if (write.rc != RC_OK && e)
		*e = write.err;
	return write.rc;
}

enum rc writer_submit(struct writer *w, store_write_run *run, const void *in, void *out, struct err *e)
{
	return submit_and_wait(w, run, in, out, false, e);
}

enum rc writer_submit_always(struct writer *w, store_write_run *run, const void *in, void *out, struct err *e)
{
	return submit_and_wait(w, run, in, out, true, e);
}

void writer_kick(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->kicked = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

/* Waits for work. NULL and *ret_end when closing and nothing is left. */
static struct store_write *take_one(struct writer *w, bool wait, bool *ret_end)
{
	pthread_mutex_lock(&w->lock);
	while (wait && !w->first && !w->closing && !w->kicked) {
		if (!w->deferred) {
			pthread_cond_wait(&w->wake, &w->lock);
			continue;
		}
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += 50000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		if (pthread_cond_timedwait(&w->wake, &w->lock, &until) == ETIMEDOUT)
			break;
	}
	w->kicked = false;
	struct store_write *write = w->first;
	if (write) {
		w->first = write->next;
		if (!w->first)
			w->last = &w->first;
		w->queued--;
		write->next = NULL;
	}
	*ret_end = !write && w->closing && !w->deferred;
	pthread_mutex_unlock(&w->lock);
	return write;
}

/* ------------------------------------------------------------- one batch */

static enum rc take_step(struct writer *w, enum writer_step which, struct err *e)
{
	static const char *const words[STEP_COUNT] = {
		[STEP_BEGIN] = "BEGIN IMMEDIATE", [STEP_SAVE] = "SAVEPOINT w", [STEP_BACK] = "ROLLBACK TO w",
		[STEP_RELEASE] = "RELEASE w", [STEP_COMMIT] = "COMMIT",
	};
	sqlite3_stmt **s = &w->step[which];
	int r = *s ? SQLITE_OK : sqlite3_prepare_v3(w->db.handle, words[which], -1, SQLITE_PREPARE_PERSISTENT, s, NULL);
	if (r == SQLITE_OK) {
		r = sqlite3_step(*s);
		sqlite3_reset(*s);
	}
	return r == SQLITE_DONE ? RC_OK
	                        : err_set(e, db_rc(r), "sql", "The database says %d: %s", r, sqlite3_errstr(r));
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
	return sqlite3_get_autocommit(w->db.handle) != 0;
}

static void must(struct writer *w, enum rc rc, const struct err *e)
{
	if (rc != RC_OK)
		writer_die(w, e);
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
	write->rc = write->run(w->store, &w->db, write->in, write->out, &write->err);
	if (write->rc == RC_IO)
		writer_die(w, &write->err);
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
	must(w, db_run(&w->db, "ROLLBACK", &e), &e);
	b->saved = true;
	b->failed = take_step(w, STEP_BEGIN, &b->err);
	if (b->failed == RC_IO)
		writer_die(w, &b->err);
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
	int changes = sqlite3_total_changes(w->db.handle);
	if (b->failed == RC_OK && !b->saved) {
		call_write(w, b, write);
		bool spoilt = write->rc != RC_OK && sqlite3_total_changes(w->db.handle) != changes;
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
			bool late = clock_monotonic_us() - write->deferred_since > STORE_DEFER_US;
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
	write->deferred_since = clock_monotonic_us();
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
			writer_die(w, &b->err);
		if (b->failed == RC_OK)
			atomic_fetch_add(&w->commits, 1);
	}
	struct err e = ERR_NONE;
	if (!transaction_lost(w))
		must(w, db_run(&w->db, "ROLLBACK", &e), &e);
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
		next = write->next; /* after sem_post it is no longer ours */
		atomic_fetch_add(&w->writes, write->rc == RC_OK);
		sem_post(&write->done);
	}
}

/* Folds the write-ahead log in between batches; readers may hold some of it back. */
static void fold_log(struct writer *w, int mode, uint64_t from_pages)
{
	if (atomic_load(&w->wal_pages) < from_pages)
		return;
	int pages = 0, folded = 0;
	int r = sqlite3_wal_checkpoint_v2(w->db.handle, NULL, mode, &pages, &folded);
	struct err e = ERR_NONE;
	if (db_rc(r) == RC_IO)
		writer_die(w, (err_set(&e, RC_IO, "checkpoint", "I/O error"), &e));
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

static void run_batch(struct writer *w, struct store_write *write)
{
	struct batch b = {.last = &b.done, .failed = RC_OK};
	struct err e = ERR_NONE;
	bool end;
	int64_t start = clock_monotonic_us();
	b.failed = take_step(w, STEP_BEGIN, &b.err);
	if (b.failed == RC_IO)
		writer_die(w, &b.err);
	for (; write; write = take_one(w, false, &end)) {
		if (!run_one(w, &b, write))
			defer(w, write);
		if (b.n >= STORE_BATCH_MAX || clock_monotonic_us() - start > STORE_BATCH_US)
			break;
	}
	run_deferred(w, &b);
	if (b.n > 0)
		commit(w, &b);
	else if (!transaction_lost(w))
		must(w, db_run(&w->db, "ROLLBACK", &e), &e);
	wake_all(w, &b);
	fold_log(w, SQLITE_CHECKPOINT_PASSIVE, STORE_WAL_PAGES);
}

static void *writer_main(void *arg)
{
	struct writer *w = arg;
	bool end = false;
	for (;;) {
		struct store_write *write = take_one(w, true, &end);
		if (end)
			return NULL;
		if (write || w->deferred)
			run_batch(w, write);
	}
}

/* Waits by the monotonic clock: a wall clock set back must not hold a deferred write for hours. */
static bool wake_init(pthread_cond_t *wake)
{
	pthread_condattr_t monotonic;
	if (pthread_condattr_init(&monotonic) != 0)
		return false;
	bool good = pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0 && pthread_cond_init(wake, &monotonic) == 0;
	pthread_condattr_destroy(&monotonic);
	return good;
}

enum rc writer_start(struct writer *w, struct store *s, struct err *e)
{
	w->store = s;
	w->first = NULL;
	w->last = &w->first;
	sqlite3_wal_hook(w->db.handle, on_wal, w);
	if (pthread_mutex_init(&w->lock, NULL) != 0)
		return err_set(e, RC_NO_MEMORY, "store", "No mutex");
	if (!wake_init(&w->wake)) {
		pthread_mutex_destroy(&w->lock);
		return err_set(e, RC_NO_MEMORY, "store", "No condition");
	}
	if (pthread_create(&w->thread, NULL, writer_main, w) != 0) {
		pthread_cond_destroy(&w->wake);
		pthread_mutex_destroy(&w->lock);
		return err_set(e, RC_NO_MEMORY, "store", "No thread");
	}
	w->running = true;
	return RC_OK;
}

void writer_stop(struct writer *w)
{
	if (!w->running)
		return;
	pthread_mutex_lock(&w->lock);
	w->closing = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	fold_log(w, SQLITE_CHECKPOINT_TRUNCATE, 0);
	for (int i = 0; i < STEP_COUNT; i++)
		sqlite3_finalize(w->step[i]);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	w->running = false;
}
