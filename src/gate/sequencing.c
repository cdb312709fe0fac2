/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The sequencer's thread.
 *
 * A store in files has one gate, which sequences. Where several gates share a
 * store on a server, one of them holds the head and gives signs of life; each
 * other follows, and takes the head when it was given up or nothing was heard of
 * its holder (ledger/watch.h). What a holder that was replaced still does, the
 * head's fence refuses.
 */
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "gate/state.h"
#include "store/lock.h"

enum {
	RETRY_MS = 500,
	IDLE_MS = 5000,      /* look again even if nobody woke us */
	SHARED_IDLE_MS = 250, /* the same where others register too, who cannot wake us */
	BEAT_US = 1000000,
};

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

enum way { COMPARE, FOLLOW, STEP };

static enum rc go(struct gate *g, enum way way, struct ledger_report *report, struct err *e)
{
	int lock = -1;
	enum rc rc = log_lock(GATE_LOG_DIR, true, &lock, e);
	if (rc == RC_OK)
		rc = way == COMPARE ? ledger_compare(g->ledger, e) : way == FOLLOW ? ledger_follow(g->ledger, report, e)
		                                                                   : ledger_step(g->ledger, report, e);
	log_unlock(&lock);
	return rc;
}

bool gate_is_read_only(const struct gate *g)
{
	return store_is_read_only(g->store) || atomic_load(&g->log_read_only);
}

/* Acknowledged acts are missing: nothing more is taken in until the operator decides (civis log new-epoch). Where it is the
   vault that is older, nothing is missing here, and the right one put in its place is enough. */
static void close_what_is_behind(struct gate *g)
{
	struct err e = ERR_NONE;
	const bool forgot = ledger_signer_forgot(g->ledger);
	if (!ledger_is_read_only(g->ledger) || (store_is_read_only(g->store) && (!g->stopped || forgot)))
		return;
	log_error(forgot ? "vault_behind_the_log" : "store_behind_its_log", LOG_RC(RC_READ_ONLY));
	if (forgot)
		store_stop_writing(g->store);
	else if (store_set_read_only(g->store, true, &e) != RC_OK)
		log_error("read_only_not_set", LOG_RC(e.code));
	g->stopped = forgot || (g->stopped && e.code != RC_OK);
}

/* One step, or, following, one look; or (a read-only store gets no places and no signatures) only the comparison. */
static enum rc step(struct gate *g, enum way way, bool *ret_more)
{
	struct ledger_report report = {0};
	struct err e = ERR_NONE;
	if (way == STEP && store_is_read_only(g->store))
		way = COMPARE;
	g->glue.said = ERR_NONE;
	enum rc rc = go(g, way, &report, &e);
	end_if_files_failed(rc);
	const bool failed = rc != RC_OK && (rc != RC_CONFLICT || !store_is_shared(g->store)); /* that another is faster is no failure */
	if (rc == RC_OK && way != COMPARE)
		atomic_store(&g->log_size, report.size);
	/* It is tried twice a second: said when it begins, and when it is something else. */
	if (failed && rc != g->step_said)
		log_warn(way == FOLLOW ? "log_not_followed" : "sequencer_step_failed", LOG_RC(rc),
		         LOG_WHY(g->glue.said.code == rc ? &g->glue.said : &e));
	g->step_said = failed ? rc : RC_OK;
	close_what_is_behind(g);
	atomic_store(&g->log_read_only, ledger_is_read_only(g->ledger));
	if (rc == RC_OK || ledger_is_read_only(g->ledger))
		atomic_store(&g->compared, true);
	*ret_more = rc == RC_OK && report.more;
	return rc;
}

/* ---- where several gates share the store ---- */

static bool is_ours(const struct gate *g)
{
	return id_equal(g->head.holder, g->glue.holder);
}

/* Looks at the head; whether it may be taken as it is now. */
static bool is_empty(struct gate *g)
{
	struct err e;
	struct store_log_head seen = {0};
	const int64_t now = clock_monotonic_us();
	enum rc rc = store_log_head(g->glue.reader, 0, &seen, &e);
	if (rc != RC_OK && rc != RC_NOT_FOUND) {
		ledger_watch_blind(&g->watch, now);
		return false;
	}
	g->head = seen;
	/* What is ours and could not be given up, or was taken by a commit that was not answered, need not be waited for. */
	const struct ledger_sight sight = {.epoch = seen.epoch, .fence = seen.fence, .beat = seen.beat, .size = seen.size,
	                                   .held = !id_is_zero(seen.holder) && !is_ours(g)};
	bool empty = ledger_watch_see(&g->watch, &sight, now);
	atomic_store(&g->head_moved_us, g->watch.moved_us);
	atomic_store(&g->sequencer_known, !empty);
	return empty;
}

/* A server that is gone is not waited for: what could not be given up there is taken again as one's own. */
static void stand_back(struct gate *g, enum rc why)
{
	struct err e;
	atomic_store(&g->sequencing, false);
	ledger_watch_blind(&g->watch, clock_monotonic_us());
	if (why != RC_STORE_DOWN && store_log_leave(g->store, &g->glue.held, &e) != RC_OK)
		log_warn("sequencer_not_given_up", LOG_RC(e.code));
}

/* As the holder: a step, and a sign of life. What cannot be done here, another may be able to do; but to be busy is no reason. */
static enum rc lead(struct gate *g, bool *ret_more)
{
	struct err e;
	enum rc rc = step(g, STEP, ret_more);
	if (rc == RC_OK && clock_monotonic_us() - g->beat_us >= BEAT_US) {
		rc = store_log_beat(g->store, &g->glue.held, &e);
		g->beat_us = clock_monotonic_us();
	}
	(void)is_empty(g);
	if (rc == RC_CONFLICT && !is_ours(g)) {
		atomic_fetch_add(&g->heads_lost, 1);
		log_warn("sequencer_replaced", LOG_NONE);
	}
	if (rc != RC_OK && rc != RC_BUSY)
		stand_back(g, rc);
	return rc;
}

/* Only who has followed so far takes the head: what is left to be caught up with is short. */
static enum rc follow(struct gate *g, bool *ret_more)
{
	enum rc rc = step(g, FOLLOW, ret_more);
	bool empty = is_empty(g);
	if (rc != RC_OK || !empty || store_is_read_only(g->store))
		return rc;
	rc = step(g, STEP, ret_more);
	if (rc == RC_CONFLICT) /* another was faster */
		return RC_OK;
	atomic_store(&g->sequencing, true);
	g->beat_us = clock_monotonic_us();
	if (rc == RC_OK) {
		atomic_fetch_add(&g->heads_taken, 1);
		log_info("sequencer_here", LOG_INT("fence", g->glue.held.fence));
	} else {
		stand_back(g, rc);
	}
	return rc;
}

static enum rc turn(struct gate *g, bool *ret_more)
{
	if (!store_is_shared(g->store))
		return step(g, STEP, ret_more);
	(void)!store_see_read_only(g->store, g->glue.reader, NULL); /* why not, the step says */
	return atomic_load(&g->sequencing) ? lead(g, ret_more) : follow(g, ret_more);
}

/* ---- the thread ---- */

enum rc gate_log_open(struct gate *g, struct err *e)
{
	struct gate_seat *seat = &g->seats[g->workers];
	bool more, shared = store_is_shared(g->store);
	g->glue = (struct log_glue){.store = g->store, .reader = seat->reader, .vault = seat->vault, .holder = id_new(),
	                            .seen = shared ? &g->head : NULL};
	enum rc rc = log_glue_ledger(&g->glue, GATE_LOG_DIR, g->config->log_name, &g->ledger, e);
	atomic_store(&g->sequencing, !shared);
	if (rc == RC_OK && step(g, shared ? FOLLOW : COMPARE, &more) != RC_OK)
		log_warn("log_not_compared_yet", LOG_NONE);
	return rc;
}

void *gate_sequencer_main(void *arg)
{
	struct gate *g = arg;
	const int idle = store_is_shared(g->store) ? SHARED_IDLE_MS : IDLE_MS;
	bool more = true;
	int wait = 0;
	while (more || gate_wait(g, &g->wake_sequencer, &g->leaves_wait, wait)) {
		if (!more && wait == idle)
			gate_pause(GATE_GATHER_MS);
		wait = turn(g, &more) == RC_OK ? idle : RETRY_MS;
	}
	/* Leaves that came while we were told to end. */
	if (!atomic_load(&g->sequencing))
		return NULL;
	stand_back(g, step(g, STEP, &more));
	return NULL;
}
