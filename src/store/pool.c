/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Writes on a server: several at once, each a transaction of its own (the server
 * itself syncs many commits together).
 *
 * Another transaction may be faster. That shows as a key taken meanwhile or as
 * a deadlock, and the write is run again from its beginning: what it reads
 * first tells then what happened.
 *
 * When the connection is lost nobody knows whether a commit took place. The
 * write is run again once the server is back: a request that had its effect is
 * found under its key, and what has no key compares before it changes.
 */
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "database/postgresql.h"
#include "store/internal.h"

enum { TRIES_MAX = 8, PAUSE_US = 2000, LOST_PAUSE_US = 50000 };

static void pause_us(int64_t us)
{
	struct timespec t = {us / 1000000, us % 1000000 * 1000};
	nanosleep(&t, NULL);
}

/* *ret_again: it may have another end when it is run again. */
static enum rc attempt(struct writer *w, struct db *db, struct store_write *write, bool *ret_again)
{
	write->err = ERR_NONE;
	half_forget(db);
	enum rc rc = db_run(db, "BEGIN", &write->err);
	if (rc == RC_OK)
		rc = write->run(w->store, db, write->in, write->out, &write->err);
	if (rc == RC_OK) {
		int64_t start = clock_monotonic_us();
		rc = db_run(db, "COMMIT", &write->err);
		atomic_fetch_add(&w->commit_us, (uint64_t)(clock_monotonic_us() - start));
	} else if (db_in_transaction(db) && db_run(db, "ROLLBACK", NULL) != RC_OK) {
		log_warn("store_rollback_failed", LOG_NONE);
	}
	if (rc == RC_OK)
		half_whole(db);
	bool raced = postgresql_raced(db);
	*ret_again = rc == RC_STORE_DOWN || (raced && rc != RC_OK);
	return rc;
}

void pool_run(struct writer *w, struct db *db, struct store_write *write)
{
	bool again = true;
	for (int tries = 0; again; tries++) {
		write->rc = attempt(w, db, write, &again);
		if (!again)
			break;
		bool down = write->rc == RC_STORE_DOWN;
		if (tries == 0)
			atomic_fetch_add(down ? &w->lost : &w->raced, 1);
		if (down ? clock_monotonic_us() - write->since > STORE_LOST_US : tries >= TRIES_MAX)
			break;
		/* Not all at the same moment again. */
		pause_us(down ? LOST_PAUSE_US : PAUSE_US + (int64_t)random_below(PAUSE_US << (tries < 6 ? tries : 6)));
	}
	/* Between its turn and its run somebody else was faster. */
	if (write->rc == RC_DEFER && clock_monotonic_us() - write->since <= STORE_DEFER_US) {
		pause_us(PAUSE_US);
		writer_put_back(w, write);
		return;
	}
	if (write->rc == RC_DEFER)
		write->rc = err_set(&write->err, RC_CONFLICT, "book", "Those before it did not come");
	atomic_fetch_add(&w->commits, write->rc == RC_OK);
	atomic_fetch_add(&w->refused_full, write->rc == RC_STORE_FULL);
	writer_done(w, write);
}
