/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The sequencer: gives pending leaves their places and publishes a signed tree.
 * It owns no thread and no database; the caller steps it and gives it callbacks.
 *
 * Order of one step (each part is safe to stop after, and done again by the next):
 *   (1) acts and pending leaves are committed          — by whoever registers
 *   (2) store.assign: contiguous places and the new head, one transaction,
 *       compare-and-set on size and fencing number
 *   (3) tiles, durable
 *   (4) signer.sign, with a consistency proof from the last tree it signed
 *   (5) publish: store.published, then DIR/checkpoint (durable rename)
 *
 * Where several processes share one store, one of them steps; each other follows:
 * it makes the tiles in a folder of its own from the placed leaves, and publishes
 * there the newest note that was kept, once they give its tree.
 *
 * A store found behind DIR/checkpoint, behind the last published note it holds,
 * or behind what the signer knows, is read-only: step() returns RC_READ_ONLY and
 * signs nothing until the store is replayed or ledger_open_epoch() is called. So
 * is one whose signer remembers less than was published: an older copy of it.
 *
 * The log's origin is "<name>/<epoch>", epoch from 1. Entry 0 of an epoch after
 * the first is SHA-256 of a signed note, the newest known of the epoch before:
 * DIR/closed/<epoch>/known. The tree on disk ends before it where entries were
 * lost; the note tells how many.
 */
#ifndef CIVIS_LEDGER_SEQUENCER_H
#define CIVIS_LEDGER_SEQUENCER_H

#include "base/id.h"
#include "ledger/note.h"
#include "ledger/tile.h"

struct ledger_leaf {
	struct id act_id;    /* both zero for the first leaf of an epoch > 1 */
	struct id person_id;
	struct hash commitment;
};

struct ledger_head {
	uint32_t epoch;                  /* the log_id of tables leaf, log_head, checkpoint */
	uint64_t fence;                  /* who holds the sequencer's place; grows with each acquire */
	struct merkle_frontier frontier; /* frontier.size is the head's size */
};

/* Every callback returns RC_OK or an error that ends the step; no callback may be inside a transaction of another. */
struct ledger_store {
	void *ctx;
	/* One transaction: makes epoch 1 with an empty head if there is none, raises the fence of the newest
	   epoch's head, returns that head. RC_CONFLICT if somebody else holds it or was faster. */
	enum rc (*acquire)(void *ctx, struct ledger_head *ret);
	/* The newest epoch's head as it is. RC_NOT_FOUND if there is none yet. */
	enum rc (*head)(void *ctx, struct ledger_head *ret);
	/* Up to max leaves without a place, oldest first, into out; ret_count. */
	enum rc (*pending)(void *ctx, struct ledger_leaf *out, size_t max, size_t *ret_count);
	/* One transaction: if the head of `epoch` still has old->frontier.size and old->fence, stores `next` and gives
	   leaves[i] the place old size + i in that epoch. RC_CONFLICT if the head moved or a leaf has a place. */
	enum rc (*assign)(void *ctx, const struct ledger_head *old, const struct ledger_head *next,
	                  const struct ledger_leaf *leaves, size_t count);
	/* Commitments at places [from, from + max) of the epoch, in order; ret_count < max only at the end. */
	enum rc (*placed)(void *ctx, uint32_t epoch, uint64_t from, struct hash *out, size_t max, size_t *ret_count);
	/* Keeps a note whose tree was signed (at least the newest of each epoch). Repeats are harmless. */
	enum rc (*published)(void *ctx, uint32_t epoch, uint64_t size, struct bytes note);
	/* The newest kept note of the epoch into out; RC_NOT_FOUND if none. */
	enum rc (*newest_note)(void *ctx, uint32_t epoch, struct buf *out);
	/* One transaction: head of epoch first->epoch with first->frontier (size 1), fence 1, whose place 0 is
	   `leaf` (ids zero). RC_CONFLICT if that epoch exists. */
	enum rc (*open_epoch)(void *ctx, const struct ledger_head *first, const struct ledger_leaf *leaf);
};

/* How an epoch after the first begins: the note that closed the one before, and the proof that entry 0 is its hash. */
struct ledger_link {
	struct bytes note;
	struct merkle_proof proof;
};

struct ledger_signer {
	void *ctx;
	/* The last tree durably signed under the origin; size 0 if none. */
	enum rc (*last)(void *ctx, const char *origin, uint64_t *ret_size, struct hash *ret_root);
	/* Appends the signature line(s) for checkpoint c ("— name …\n"). proof leads from the signer's last size,
	   `old_size`, to c. Signing the same tree again is allowed. link is for the first tree of an epoch after the
	   first, else NULL. RC_PROOF if it refuses, RC_VAULT_DOWN. */
	enum rc (*sign)(void *ctx, const struct checkpoint *c, uint64_t old_size, const struct merkle_proof *proof,
	                const struct ledger_link *link, struct buf *ret_lines);
	/* Whether the signer signed this note of that origin. RC_SIGNATURE if not, RC_VAULT_DOWN. */
	enum rc (*knows)(void *ctx, const char *origin, struct bytes note);
};

/* For fault tests: called after each part; returning false abandons the step at once with RC_INTERNAL. */
enum ledger_part { LEDGER_ASSIGNED, LEDGER_TILES, LEDGER_SIGNED, LEDGER_KEPT, LEDGER_PUBLISHED, LEDGER_EPOCH_KNOWN,
                   LEDGER_EPOCH_STORED, LEDGER_EPOCH_HALF_MOVED };

struct ledger_options {
	const char *dir;  /* DIR/log; made if absent */
	const char *name; /* origin without its epoch, e.g. "civis.example/khm" */
	struct ledger_store store;
	struct ledger_signer signer;
	size_t batch;     /* leaves at most in a step; 0 means 8192 */
	bool (*after)(void *ctx, enum ledger_part part); /* NULL in production */
	void *after_ctx;
};

struct ledger;

/* Options are copied, strings too. Touches neither store nor files. RC_NO_MEMORY, RC_INVALID (a name that is no origin). */
enum rc ledger_new(const struct ledger_options *o, struct ledger **ret, struct err *e) WARN_UNUSED;
void ledger_free(struct ledger **l);

struct ledger_report {
	uint64_t size;      /* published size */
	size_t placed;      /* leaves given places in this step */
	bool published;     /* a new checkpoint was published */
	bool more;          /* the batch was full: step again at once */
};

/*
 * One step. The first acquires the store's head and takes up (or rebuilds) the
 * tiles; each later one goes on from memory. After any error the next step
 * begins again from what is stored. ret may be NULL.
 * RC_READ_ONLY: behind what is known (e says which); RC_CONFLICT: another
 * sequencer took over; RC_VAULT_DOWN, RC_STORE_FULL…: try again later;
 * RC_CORRUPT: placed leaves do not give the published root; RC_IO: the log's
 * files failed, and what a later write or sync of this process says of them is
 * not to be believed: end it. What was not yet signed is written anew by the next.
 */
enum rc ledger_step(struct ledger *l, struct ledger_report *ret, struct err *e) WARN_UNUSED;
/*
 * The beginning of the first step alone: asks everyone who knows this log, brings
 * the tiles to the head, places and signs nothing. Errors as of ledger_step().
 */
enum rc ledger_compare(struct ledger *l, struct err *e) WARN_UNUSED;
/*
 * For who does not sequence: compares what is known of this log, and brings the
 * folder to the newest note that was kept, if the placed leaves give its tree
 * and the signer signed it. Takes nothing, places and signs nothing. The next
 * ledger_step() acquires the head. Errors as of ledger_step(), and RC_SIGNATURE.
 */
enum rc ledger_follow(struct ledger *l, struct ledger_report *ret, struct err *e) WARN_UNUSED;
/* True after a step found the store behind. */
bool ledger_is_read_only(const struct ledger *l);
/* It is read-only for this alone: the signer does not remember signing what is published. The store lacks nothing. */
bool ledger_signer_forgot(const struct ledger *l);
/*
 * For a signer that forgot, before a new epoch is opened: has it sign what was placed beyond the published tree, which
 * the new epoch would otherwise leave behind. Only where nothing newer can have been published than is known here. Errors
 * as of ledger_step().
 */
enum rc ledger_sign_rest(struct ledger *l, struct err *e) WARN_UNUSED;
/*
 * The operator's way on when the store is behind for good: closes the origin and
 * opens the next, whose first entry is SHA-256 of the newest known note: the
 * folder's, the store's, or the tree that the signer signed last, signed again.
 * That note becomes DIR/closed/<epoch>/known, beside the old files; pending
 * leaves go into the new epoch. The caller has checked that the signer signed
 * the folder's and the store's note. RC_STATE if there is nothing to commit to.
 */
enum rc ledger_open_epoch(struct ledger *l, struct err *e) WARN_UNUSED;

/* "<name>/<epoch>"; RC_TOO_LARGE. */
enum rc ledger_origin(const char *name, uint32_t epoch, char out[static NOTE_NAME_SIZE]) WARN_UNUSED;
/* The number behind the last slash of an origin; 0 if there is none. */
uint32_t ledger_epoch_of(const char *origin);
/* Whether two origins are epochs of one log: alike up to their last slash. */
bool ledger_same_log(const char *a, const char *b);
/* The folder of an epoch's files: dir itself while DIR/checkpoint is of that epoch, else dir/closed/<epoch>. RC_TOO_LARGE. */
enum rc ledger_folder(const char *dir, uint32_t epoch, char *out, size_t size) WARN_UNUSED;
/*
 * Proof text for entry `index` of an epoch, from published files alone (any thread or process).
 * RC_NOT_FOUND while the published tree does not reach it: the receipt is not ready.
 */
enum rc ledger_prove(const char *dir, uint32_t epoch, uint64_t index, struct buf *out) WARN_UNUSED;

#endif
