/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Reading a whole log again: every entry against its leaf hash, every tile of
 * every level against the tiles below it, and the root. Memory stays the same
 * for any size.
 */
#ifndef CIVIS_LEDGER_AUDIT_H
#define CIVIS_LEDGER_AUDIT_H

#include "ledger/note.h"
#include "ledger/tile.h"

struct log_audit {
	struct tile_reader tiles;
	/* Called with each entry in order; may be NULL. Not RC_OK ends the audit with that. */
	enum rc (*entry)(void *ctx, uint64_t index, struct bytes data);
	void *ctx;
	/* An older checkpoint of the same log, whose tree must be a prefix; NULL for none. */
	const struct checkpoint *older;
};

/* RC_PROOF if an entry, a tile, the root or the older tree does not agree; RC_NOT_FOUND for a missing
   file; RC_FORMAT for a bundle that cannot be read; RC_IO, RC_NO_MEMORY. e names the file. */
enum rc log_audit(const struct log_audit *a, const struct checkpoint *c, struct err *e) WARN_UNUSED;

#endif
