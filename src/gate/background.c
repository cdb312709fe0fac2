/* SPDX-License-Identifier: MPL-2.0 */
/* The sequencer's and the feeder's threads. */
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "gate/state.h"
#include "store/lock.h"

enum {
	GATHER_MS = 20,      /* a moment for more to come, so that a checkpoint or a feeding covers many */
	RETRY_MS = 500,
	IDLE_MS = 5000,      /* look again even if nobody woke us */
	FEED_IDLE_MS = 2000,
	FEED_ARENA = 64 * 1024 * 1024,
};

void gate_wake(struct gate *g, bool leaves)
{
	pthread_mutex_lock(&g->wake_lock);
	g->feed_waits = true;
	g->leaves_wait = g->leaves_wait || leaves;
	pthread_cond_signal(&g->wake_feeder);
	if (leaves)
		pthread_cond_signal(&g->wake_sequencer);
	pthread_mutex_unlock(&g->wake_lock);
}

static struct timespec in_ms(int ms)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += (long)(ms % 1000) * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

bool gate_wait(struct gate *g, pthread_cond_t *cond, bool *flag, int ms)
{
	struct timespec until = in_ms(ms);
	pthread_mutex_lock(&g->wake_lock);
	while (!*flag && !g->stopping && pthread_cond_timedwait(cond, &g->wake_lock, &until) == 0) {
	}
	*flag = false;
	bool go_on = !g->stopping;
	pthread_mutex_unlock(&g->wake_lock);
	return go_on;
}

static void pause_ms(int ms)
{
	struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
	nanosleep(&t, NULL);
}

/*
 * After a failed write or sync of the log's files the kernel may call their pages
 * clean: what this process reads back proves nothing. The next one begins at the
 * published tree, which was durable before it was signed, and writes the rest anew.
 */
static void end_if_files_failed(enum rc rc)
{
	if (rc != RC_IO)
		return;
	log_error("log_files_failed", LOG_RC(rc));
	_exit(70);
}

/* One step, or (a read-only store gets no places and no signatures) only the comparison. */
static enum rc step_locked(struct gate *g, bool compare_only, struct ledger_report *report, struct err *e)
{
	int lock = -1;
	enum rc rc = log_lock(GATE_LOG_DIR, true, &lock, e);
	if (rc == RC_OK)
		rc = compare_only ? ledger_compare(g->ledger, e) : ledger_step(g->ledger, report, e);
	log_unlock(&lock);
	return rc;
}

static enum rc step(struct gate *g, bool compare_only, bool *ret_more)
{
	struct ledger_report report = {0};
	struct err e = ERR_NONE;
	compare_only = compare_only || store_is_read_only(g->store);
	enum rc rc = step_locked(g, compare_only, &report, &e);
	end_if_files_failed(rc);
	if (rc == RC_OK && !compare_only)
		atomic_store(&g->log_size, report.size);
	else if (rc != RC_OK)
		log_warn("sequencer_step_failed", LOG_RC(rc));
	/* Acknowledged acts are missing: nothing more is taken in until the operator decides (civis log new-epoch). */
	if (ledger_is_read_only(g->ledger) && !store_is_read_only(g->store)) {
		log_error("store_behind_its_log", LOG_RC(rc));
		if (store_set_read_only(g->store, true, &e) != RC_OK)
			log_error("read_only_not_set", LOG_RC(e.code));
	}
	atomic_store(&g->log_read_only, ledger_is_read_only(g->ledger));
	if (rc == RC_OK || ledger_is_read_only(g->ledger))
		atomic_store(&g->compared, true);
	*ret_more = rc == RC_OK && report.more;
	return rc;
}

enum rc gate_log_open(struct gate *g, struct err *e)
{
	struct gate_seat *seat = &g->seats[g->workers];
	bool more;
	g->glue = (struct log_glue){g->store, seat->reader, seat->vault};
	const struct ledger_options o = {
		.dir = GATE_LOG_DIR, .name = g->config->log_name, .store = log_glue_store(&g->glue),
		.signer = log_glue_signer(&g->glue),
	};
	enum rc rc = ledger_new(&o, &g->ledger, e);
	if (rc == RC_OK && step(g, true, &more) != RC_OK)
		log_warn("log_not_compared_yet", LOG_NONE);
	return rc;
}

void *gate_sequencer_main(void *arg)
{
	struct gate *g = arg;
	bool more = true;
	int wait = 0;
	while (more || gate_wait(g, &g->wake_sequencer, &g->leaves_wait, wait)) {
		if (!more && wait == IDLE_MS)
			pause_ms(GATHER_MS);
		wait = step(g, false, &more) == RC_OK ? IDLE_MS : RETRY_MS;
	}
	/* Leaves that came while we were told to end. */
	(void)!step(g, false, &more);
	return NULL;
}

/* Hands the next records to the matcher. True if there may be more. What fails to be placed waits; what is placed goes on. */
static bool feed(struct gate *g, struct gate_seat *seat, uint64_t *position)
{
	struct store_feed_item rows[VAULT_FEED_MAX];
	struct vault_feed_item items[VAULT_FEED_MAX];
	struct arena *arena = arena_new(FEED_ARENA);
	size_t n = 0, kept = 0;
	bool unplaced = false;
	struct err e;
	if (!arena)
		return false;
	uint64_t after;
	/* It may have been restarted: it says itself how far it has read. */
	if (store_feed_place(g->store, &unplaced, &e) != RC_OK)
		log_warn("feed_not_placed", LOG_RC(e.code));
	enum rc rc = vault_index_feed(seat->vault, 0, NULL, 0, &after, &e);
	if (rc == RC_OK)
		rc = store_feed_after(seat->reader, after, arena, rows, VAULT_FEED_MAX, &n, &e);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		items[kept++] = (struct vault_feed_item){rows[i].pos, rows[i].person_id, rows[i].object_id, rows[i].version, rows[i].sealed};
	uint64_t before = rc == RC_OK ? after : 0;
	if (rc == RC_OK && kept)
		rc = vault_index_feed(seat->vault, after, items, kept, &after, &e);
	if (rc == RC_OK)
		*position = after;
	bool advanced = rc == RC_OK && after > before; /* a full matcher stays where it is */
	atomic_store(&g->matcher_up, rc == RC_OK);
	if (rc == RC_OK)
		atomic_store(&g->matcher_position, *position);
	arena_free(&arena);
	return advanced && (kept == VAULT_FEED_MAX || unplaced);
}

void *gate_feeder_main(void *arg)
{
	struct gate *g = arg;
	struct gate_seat *seat = &g->seats[g->workers + 1];
	uint64_t position = 0, last = 0;
	bool more = true;
	while (more || gate_wait(g, &g->wake_feeder, &g->feed_waits, FEED_IDLE_MS)) {
		more = feed(g, seat, &position);
		if (store_feed_last(seat->reader, &last, NULL) == RC_OK)
			atomic_store(&g->feed_position, last);
		pthread_mutex_lock(&g->wake_lock);
		more = more && !g->stopping;
		pthread_mutex_unlock(&g->wake_lock);
		if (!more)
			pause_ms(GATHER_MS);
	}
	return NULL;
}
