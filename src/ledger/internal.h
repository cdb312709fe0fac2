/* SPDX-License-Identifier: MPL-2.0 */
/* What sequencer.c and epoch.c share; nobody else includes this. */
#ifndef CIVIS_LEDGER_INTERNAL_H
#define CIVIS_LEDGER_INTERNAL_H

#include "ledger/sequencer.h"

struct ledger {
	struct ledger_options o;
	char *dir, *name;
	char origin[NOTE_NAME_SIZE];
	bool begun, read_only;
	struct ledger_head head;
	struct tile_writer *tiles;  /* of the head, once begun */
	struct ledger_leaf *leaves; /* o.batch of them */
	struct buf note;
	uint64_t signed_size;       /* what the signer signed last */
	struct hash signed_root;
	uint64_t published_size;    /* newest note in the folder or the store */
	uint64_t folder_size;       /* the tree of DIR/checkpoint, 0 if none of this epoch */
};

void ledger_forget(struct ledger *l);
/* RC_INTERNAL if the fault test wants to stop here. */
enum rc ledger_passed(struct ledger *l, enum ledger_part part, struct err *e) WARN_UNUSED;
/* DIR/checkpoint, parsed and not verified. RC_NOT_FOUND, RC_FORMAT, RC_IO. */
enum rc ledger_read_checkpoint(const char *dir, struct buf *note, struct checkpoint *ret) WARN_UNUSED;
/* Puts the files of an older epoch aside if they still stand in DIR. */
enum rc ledger_close_older(struct ledger *l, struct err *e) WARN_UNUSED;

#endif
