/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Errands: what follows by itself from what was done, and by date.
 *
 *   cases whose deadline has passed are moved as the workflow says (expired, closed…)
 *   acts that replace or end others have the documents of those end, once they stand in the log
 *
 * Each turn does a bounded number. What was done is not due any more, so that a
 * turn that broke off is taken up by the next; what cannot be done stays, and is
 * told in /metrics.
 */
#include "base/clock.h"
#include "base/log.h"
#include "gate/state.h"
#include "intake/case.h"
#include "ledger/note.h"
#include "ledger/proof.h"
#include "ledger/receipt.h"

enum { TURN_MAX = 64, IDLE_MS = 2000, STUCK_MS = 10000, ERRAND_ARENA = 16 * 1024 * 1024 };

struct turn {
	struct gate *g;
	struct gate_seat *seat;
	size_t done, left; /* left: tried in vain, or not to be done yet */
};

/* ---- deadlines ---- */

static enum rc move_one(struct turn *t, const struct store_due *due, struct arena *a)
{
	struct err e = ERR_NONE;
	struct store_case *c = ARENA_NEW(a, struct store_case);
	const struct desk d = {
		.store = t->g->store, .reader = t->seat->reader, .vault = t->seat->vault, .pack = t->g->config->pack,
		.node = t->g->node, .arena = a, .now = clock_now_us(), .err = &e,
	};
	if (!c)
		return RC_NO_MEMORY;
	enum rc rc = store_case_get(d.reader, due->case_id, a, c, &e);
	if (rc == RC_OK)
		rc = case_move_due(&d, c);
	if (rc == RC_OK)
		log_info("moved_by_date", LOG_ID("case", due->case_id));
	else
		log_warn("not_moved_by_date", LOG_ID("case", due->case_id), LOG_RC(rc));
	return rc;
}

static bool is_held_up(enum rc rc)
{
	return rc == RC_HELD || rc == RC_BUSY || rc == RC_MATCH_FAILED;
}

/* One that cannot be moved must not stand in the way of the others: the next turn begins behind the last. */
static void deadlines(struct turn *t, struct store_due *after, bool *has_after)
{
	struct store_due due[TURN_MAX];
	size_t n = 0;
	struct err e;
	enum rc rc = store_cases_due(t->seat->reader, clock_now_us(), *has_after ? after : NULL, due, TURN_MAX, &n, &e);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct arena *a = arena_new(ERRAND_ARENA);
		enum rc moved = a ? move_one(t, &due[i], a) : RC_NO_MEMORY;
		t->done += moved == RC_OK;
		t->left += moved != RC_OK && !is_held_up(moved);
		arena_free(&a);
	}
	*has_after = n == TURN_MAX;
	if (*has_after)
		*after = due[n - 1];
}

/* ---- documents that an act ended ---- */

static enum rc supersede(struct turn *t, const struct store_act *act, struct arena *a)
{
	struct buf text = BUF_INIT(TLOG_PROOF_MAX);
	struct tlog_proof *proof = ARENA_NEW(a, struct tlog_proof);
	struct checkpoint *at = ARENA_NEW(a, struct checkpoint);
	struct err e = ERR_NONE;
	enum rc rc = !proof || !at ? RC_NO_MEMORY : act->placed ? ledger_prove(GATE_LOG_DIR, act->epoch, act->place, &text)
	                                                        : RC_NOT_FOUND;
	if (rc == RC_OK)
		rc = tlog_proof_parse(buf_bytes(&text), proof);
	if (rc == RC_OK)
		rc = checkpoint_open(proof->note, NULL, at);
	if (rc == RC_OK) {
		const struct vault_open_item item = {{KIND_ACT, act->act_id, act->person_id, 1, 0}, act->sealed};
		const struct vault_proof path = {.index = proof->index, .size = at->size,
		                                 .hashes = (const uint8_t(*)[32])&proof->path.hash[0].b, .n = proof->path.count};
		rc = vault_supersede(t->seat->vault, &item, &path, proof->note, &e);
	}
	buf_release(&text);
	return rc;
}

/* The list that is kept for a moment does not say so yet. */
static void forget_status(struct gate *g)
{
	pthread_mutex_lock(&g->status.lock);
	g->status.until_us = 0;
	pthread_mutex_unlock(&g->status.lock);
}

static enum rc supersede_one(struct turn *t, const struct store_superseding *task, struct arena *a)
{
	struct err e = ERR_NONE;
	struct store_act *act = ARENA_NEW(a, struct store_act);
	if (!act)
		return RC_NO_MEMORY;
	enum rc rc = store_act_get(t->seat->reader, task->act_id, a, act, &e);
	if (rc == RC_OK)
		rc = supersede(t, act, a);
	if (rc == RC_OK)
		rc = store_supersede_done(t->g->store, task, &e);
	if (rc == RC_OK)
		forget_status(t->g);
	if (rc == RC_OK)
		log_info("documents_ended", LOG_ID("act", task->act_id));
	else if (rc != RC_NOT_FOUND) /* that is: not in the published log yet */
		log_warn("documents_not_ended", LOG_ID("act", task->act_id), LOG_RC(rc));
	return rc;
}

static void supersedings(struct turn *t, struct store_superseding *after, bool *has_after)
{
	struct store_superseding tasks[TURN_MAX];
	size_t n = 0;
	struct err e;
	enum rc rc = store_superseding_after(t->seat->reader, *has_after ? after : NULL, tasks, TURN_MAX, &n, &e);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		struct arena *a = arena_new(ERRAND_ARENA);
		enum rc done = a ? supersede_one(t, &tasks[i], a) : RC_NO_MEMORY;
		t->done += done == RC_OK;
		t->left += done != RC_OK;
		arena_free(&a);
	}
	*has_after = n == TURN_MAX;
	if (*has_after)
		*after = tasks[n - 1];
}

void *gate_errands_main(void *arg)
{
	struct gate *g = arg;
	struct store_due due = {0};
	struct store_superseding task = {0};
	bool more_due = false, more_tasks = false;
	int wait = 0;
	while (gate_wait(g, &g->wake_errands, &g->errands_wait, wait)) {
		struct turn t = {.g = g, .seat = &g->seats[g->workers + 2]};
		wait = STUCK_MS;
		/* Until head, checkpoint and vault were compared, and while the store is read-only, nothing is written.
		   Of several gates one does it: two would only be in each other's way. */
		if (!atomic_load(&g->compared) || store_is_read_only(g->store) || !atomic_load(&g->sequencing))
			continue;
		deadlines(&t, &due, &more_due);
		supersedings(&t, &task, &more_tasks);
		atomic_store(&g->errands_open, t.left + (more_due || more_tasks ? TURN_MAX : 0));
		wait = more_due || more_tasks ? 0 : IDLE_MS;
	}
	return NULL;
}
