/* SPDX-License-Identifier: MPL-2.0 */
/* What sequencer.c and epoch.c share; nobody else includes this. */
#ifndef CIVIS_LEDGER_INTERNAL_H
#define CIVIS_LEDGER_INTERNAL_H

#include "ledger/sequencer.h"

struct ledger {
	struct ledger_options o;
	char *dir, *name;
	char origin[NOTE_NAME_SIZE];
	bool begun, read_only, signer_forgot;
	struct ledger_head head;
	struct tile_writer *tiles;  /* of the head, once begun */
	struct ledger_leaf *leaves; /* o.batch of them */
	struct buf note;
	uint64_t signed_size;       /* what the signer signed last */
	struct hash signed_root;
	uint64_t published_size;    /* newest note in the folder or the store */
	struct checkpoint folder;   /* the tree of DIR/checkpoint, size 0 if none of this epoch */
};

void ledger_forget(struct ledger *l);
/* Read-only, for what the store lacks. */
void ledger_lacks(struct ledger *l);
/* RC_INTERNAL if the fault test wants to stop here. */
enum rc ledger_passed(struct ledger *l, enum ledger_part part, struct err *e) WARN_UNUSED;
/* DIR/checkpoint, parsed and not verified. RC_NOT_FOUND, RC_FORMAT, RC_IO. */
enum rc ledger_read_checkpoint(const char *dir, struct buf *note, struct checkpoint *ret) WARN_UNUSED;
/* Puts the files of an older epoch aside if they still stand in DIR. */
enum rc ledger_close_older(struct ledger *l, struct err *e) WARN_UNUSED;
/* Of the epoch before the head's: the note that entry 0 commits to, which `note` holds, and the proof in the head's tiles. */
enum rc ledger_make_link(struct ledger *l, struct buf *note, struct ledger_link *ret, struct err *e) WARN_UNUSED;
/* A note of c: text, empty line, the signer's lines. Signing the tree signed last again needs no proof. */
enum rc ledger_sign(struct ledger *l, struct checkpoint *c, uint64_t old_size, const struct merkle_proof *proof,
                    const struct ledger_link *link, struct buf *note, struct err *e) WARN_UNUSED;

#endif
