/* SPDX-License-Identifier: MPL-2.0 */
#include "ledger/watch.h"

bool ledger_watch_see(struct ledger_watch *w, const struct ledger_sight *seen, int64_t now_us)
{
	const struct ledger_sight *last = &w->last;
	bool moved = seen->epoch != last->epoch || seen->size != last->size;
	if (moved)
		w->moved_us = now_us;
	if (moved || seen->fence != last->fence || seen->beat != last->beat || seen->held != last->held)
		w->since_us = now_us;
	w->last = *seen;
	return !seen->held || now_us - w->since_us >= LEDGER_PATIENCE_US;
}

void ledger_watch_blind(struct ledger_watch *w, int64_t now_us)
{
	w->since_us = now_us;
}
