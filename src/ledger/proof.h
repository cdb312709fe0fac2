/* SPDX-License-Identifier: MPL-2.0 */
/*
 * An offline proof that one entry is in the log (C2SP tlog-proof@v1):
 *
 *   c2sp.org/tlog-proof@v1
 *   extra <base64>             (optional)
 *   index <n>
 *   <base64 hash>              from leaf to root, one a line
 *                              (empty line)
 *   <the checkpoint's note>
 */
#ifndef CIVIS_LEDGER_PROOF_H
#define CIVIS_LEDGER_PROOF_H

#include "ledger/note.h"
#include "ledger/tile.h"

enum { TLOG_PROOF_MAX = NOTE_MAX + 8192, TLOG_PROOF_MAX_EXTRA = 2048 };

struct tlog_proof {
	uint64_t index;
	struct merkle_proof path;
	struct bytes extra; /* base64 text, not decoded; borrows; empty if absent */
	struct bytes note;  /* the whole note; borrows from the proof's text */
};

/* Fails stickily in out when a bound is passed. */
void tlog_proof_format(const struct tlog_proof *p, struct buf *out);
/* RC_FORMAT. Nothing is verified. */
enum rc tlog_proof_parse(struct bytes text, struct tlog_proof *ret) WARN_UNUSED;
/* The key signed the checkpoint and the leaf is in its tree. ret (may be NULL) receives the checkpoint.
   RC_FORMAT, RC_SIGNATURE, RC_PROOF. */
enum rc tlog_proof_verify(struct bytes text, const struct note_key *key, const struct hash *leaf,
                          struct checkpoint *ret) WARN_UNUSED;
/* Draws the proof of entry `index` under a published note, reading tiles only.
   RC_NOT_FOUND if the note's tree does not reach the index yet. */
enum rc tlog_proof_make(const struct tile_reader *tiles, struct bytes note, uint64_t index, struct buf *out) WARN_UNUSED;

#endif
