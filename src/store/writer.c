/* SPDX-License-Identifier: MPL-2.0 */
/* The queue of writes and the threads that work on it. */
#include <errno.h>

#include "base/clock.h"
#include "database/sqlite.h"
#include "store/internal.h"

#define CACHE_KIB(which) ((which) == SQL_MAIN ? 4096 : 512)

/* ------------------------------------------------------------- the queue */

static void append(struct writer *w, struct store_write *write)
{
	write->next = NULL;
	*w->last = write;
	w->last = &write->next;
	w->queued++;
	pthread_cond_signal(&w->wake);
}

void writer_put_back(struct writer *w, struct store_write *write)
{
	pthread_mutex_lock(&w->lock);
	append(w, write);
	pthread_mutex_unlock(&w->lock);
}

static enum rc submit(struct writer *w, struct store_write *write, struct err *e)
{
	pthread_mutex_lock(&w->lock);
	if (w->closing || w->queued >= STORE_QUEUE_MAX) {
		pthread_mutex_unlock(&w->lock);
		atomic_fetch_add(&w->refused_busy, 1);
		return err_set(e, RC_BUSY, "store", "The queue of writes is full");
	}
	append(w, write);
	pthread_mutex_unlock(&w->lock);
	while (sem_wait(&write->done) != 0 && errno == EINTR)
		;
	return RC_OK;
}

static enum rc submit_and_wait(struct writer *w, store_write_run *run, store_write_early *early, const void *in, void *out,
                               bool always, struct err *e)
{
	struct store_write write = {.run = run, .early = early, .in = in, .out = out, .err = ERR_NONE, .since = clock_monotonic_us()};
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
	return submit_and_wait(w, run, NULL, in, out, false, e);
}

enum rc writer_submit_in_turn(struct writer *w, store_write_run *run, store_write_early *early, const void *in, void *out,
                              struct err *e)
{
	return submit_and_wait(w, run, early, in, out, false, e);
}

enum rc writer_submit_always(struct writer *w, store_write_run *run, const void *in, void *out, struct err *e)
{
	return submit_and_wait(w, run, NULL, in, out, true, e);
}

void writer_kick(struct writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->kicked = true;
	pthread_cond_broadcast(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

/* The first whose turn it is; those whose turn does not come are taken in the end, and refused. */
static struct store_write **first_in_turn(struct writer *w)
{
	struct store_write **at = &w->first;
	if (!w->batching)
		while (*at && (*at)->early && (*at)->early(w->store, (*at)->in) && clock_monotonic_us() - (*at)->since <= STORE_DEFER_US)
			at = &(*at)->next;
	return at;
}

static bool wait_moment(struct writer *w)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += 50000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return pthread_cond_timedwait(&w->wake, &w->lock, &until) != ETIMEDOUT;
}

struct store_write *writer_take(struct writer *w, bool wait, bool *ret_end)
{
	pthread_mutex_lock(&w->lock);
	struct store_write **at = first_in_turn(w);
	for (bool woken = true; wait && woken && !*at && !(w->closing && !w->first) && !w->kicked;) {
		if (!w->deferred && !w->first)
			pthread_cond_wait(&w->wake, &w->lock);
		else
			woken = wait_moment(w);
		at = first_in_turn(w); /* others took from the queue meanwhile */
	}
	w->kicked = false;
	struct store_write *write = *at;
	if (write) {
		*at = write->next;
		if (!*at)
			w->last = at;
		w->queued--;
		write->next = NULL;
	}
	*ret_end = w->closing && !w->first && !write && !w->deferred;
	pthread_mutex_unlock(&w->lock);
	return write;
}

void writer_done(struct writer *w, struct store_write *write)
{
	atomic_fetch_add(&w->writes, write->rc == RC_OK);
	sem_post(&write->done);
}

/* ----------------------------------------------------------- the threads */

static void *work(void *arg)
{
	struct hand *hand = arg;
	struct writer *w = hand->writer;
	bool end = false;
	while (!end) {
		struct store_write *write = writer_take(w, true, &end);
		if (!w->batching && write)
			pool_run(w, &hand->db, write);
		else if (w->batching && (write || w->deferred))
			batch_run(w, write);
	}
	return NULL;
}

enum rc writer_open(struct writer *w, const char *place, enum sql_database which, enum db_mode mode, struct err *e)
{
	const int wanted = !db_is_url(place) || mode == DB_READ ? 1 : which == SQL_MAIN ? STORE_HANDS_MAX : 2;
	enum rc rc = RC_OK;
	while (rc == RC_OK && w->hands < wanted) {
		struct hand *hand = &w->hand[w->hands];
		rc = db_open(&hand->db, place, &sql_catalog, which, mode, CACHE_KIB(which), e);
		w->hands += rc == RC_OK;
		hand->journal = (struct db_journal){BUF_INIT(STORE_JOURNAL_MAX), SQL_TAG_SINGLE, hand};
		if (hand->db.sharded && which == SQL_MAIN)
			hand->db.journal = &hand->journal;
	}
	return rc;
}

void writer_close(struct writer *w)
{
	while (w->hands > 0) {
		struct hand *hand = &w->hand[--w->hands];
		db_close(&hand->db);
		buf_release(&hand->journal.text);
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
	if (!db_is_server(&w->hand[0].db) && batch_start(w, e) != RC_OK)
		return RC_NO_MEMORY;
	if (pthread_mutex_init(&w->lock, NULL) != 0) {
		batch_end(w);
		return err_set(e, RC_NO_MEMORY, "store", "No mutex");
	}
	if (!wake_init(&w->wake)) {
		pthread_mutex_destroy(&w->lock);
		batch_end(w);
		return err_set(e, RC_NO_MEMORY, "store", "No condition");
	}
	for (int i = 0; i < w->hands; i++) {
		w->hand[i].writer = w;
		if (pthread_create(&w->hand[i].thread, NULL, work, &w->hand[i]) != 0) {
			if (w->running)
				break; /* fewer will do */
			pthread_cond_destroy(&w->wake);
			pthread_mutex_destroy(&w->lock);
			batch_end(w);
			return err_set(e, RC_NO_MEMORY, "store", "No thread");
		}
		w->running++;
	}
	return RC_OK;
}

void writer_stop(struct writer *w)
{
	if (!w->running)
		return;
	pthread_mutex_lock(&w->lock);
	w->closing = true;
	pthread_cond_broadcast(&w->wake);
	pthread_mutex_unlock(&w->lock);
	while (w->running > 0)
		pthread_join(w->hand[--w->running].thread, NULL);
	batch_end(w);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
}
