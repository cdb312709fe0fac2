/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Whether the sequencer's place is empty: given up, or its holder gave no sign of
 * life for as long as one is waited for. No clock is compared with another's: each
 * who watches counts by its own monotonic clock how long the head has not changed.
 * Being wrong costs nothing but a change of places, since whoever is replaced can
 * no longer move the head.
 */
#ifndef CIVIS_LEDGER_WATCH_H
#define CIVIS_LEDGER_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#define LEDGER_PATIENCE_US 5000000 /* several signs of life are missing by then */

struct ledger_sight {
	uint32_t epoch;
	uint64_t fence, beat, size;
	bool held;
};

struct ledger_watch {
	struct ledger_sight last;
	int64_t since_us, moved_us; /* when the last change was seen, and the last change of the size */
};

/* What was seen now. True if the place may be taken. */
bool ledger_watch_see(struct ledger_watch *w, const struct ledger_sight *seen, int64_t now_us);
/* Nothing could be seen: who could not be heard did not keep silent. */
void ledger_watch_blind(struct ledger_watch *w, int64_t now_us);

#endif
