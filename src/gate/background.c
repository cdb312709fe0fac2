/* SPDX-License-Identifier: MPL-2.0 */
/* Waking and waiting, and the feeder's thread. */
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "gate/state.h"

enum {
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

void gate_pause(int ms)
{
	struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
	nanosleep(&t, NULL);
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
			gate_pause(GATE_GATHER_MS);
	}
	return NULL;
}
