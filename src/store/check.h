/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Does the store agree with itself? Nothing is opened for it; memory stays the
 * same for any size.
 *
 *   people    acts numbered 1, 2, … and each naming the commitment of the one before; what one
 *             corrects is an earlier one of the same person
 *   entries   serials 1, 2, … in each book without gap (those of paper books as they stand there),
 *             each with its act and each act with its entry; the book's next serial follows
 *   log       each act has exactly one leaf with its commitment; places 0, 1, … in each epoch
 *             up to the size of its head
 *   claims    each act, case and tracking code is claimed by the right person; an active number
 *             belongs to a case with an act
 *   cases     a case with an act or about one has that act of its person; one that the system will
 *             move is open and has that deadline
 *   counters  none below one, none of a strange month or sex
 *   waiting   what is to change the status of documents is an act that corrects another
 *   halves    nothing is there by half for longer than a minute (on a sharded server, see halves.c)
 *   files     SQLite's own check of both databases, and foreign keys
 *
 * That tiles and checkpoint agree with the leaves is checked above, by the
 * command, with the ledger.
 */
#ifndef CIVIS_STORE_CHECK_H
#define CIVIS_STORE_CHECK_H

#include "store/store.h"

struct store_check_act {
	struct id person_id, act_id;
	uint8_t commitment[STORE_HASH];
	struct bytes sealed; /* valid during the call */
};

struct store_check {
	void *ctx;
	/* Each disagreement: a stable word ("chain", "entry", "book", "leaf", "head", "claim", "case", "due", "counter",
	   "superseding", "half", "file") and a sentence; id is zero where none fits. May be NULL. */
	void (*problem)(void *ctx, const char *what, struct id id, const char *text);
	/* Each act, for the vault's deep check. NULL: none. Not RC_OK ends the check with that. */
	enum rc (*act)(void *ctx, const struct store_check_act *act);
};

struct store_check_report {
	uint64_t people, acts, entries, books, placed, pending, cases, claims, counters, superseding, problems;
};

/* RC_OK when the check ran to its end, whatever it found: see ret->problems. The caller holds a snapshot
   (store_snapshot_begin) if the server may be running. */
enum rc store_check(struct store_reader *r, const struct store_check *c, struct store_check_report *ret,
                    struct err *e) WARN_UNUSED;

/* People who have a case, in the order of their ids, behind `after` (zero: from the start). Nothing but the ids: that the vault
   has their keys is checked above. */
enum rc store_check_people(struct store_reader *r, struct id after, struct id *out, size_t max, size_t *ret_n,
                           struct err *e) WARN_UNUSED;

#endif
