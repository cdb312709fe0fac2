/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Between the log's sequencer (ledger/sequencer.h) and what it works on: the
 * store's rows and the vault's signature.
 */
#ifndef CIVIS_REGISTER_LOG_GLUE_H
#define CIVIS_REGISTER_LOG_GLUE_H

#include "credential/trust.h"
#include "ledger/sequencer.h"
#include "store/store.h"
#include "vault/client.h"

/* The first three are borrowed; used from one thread. */
struct log_glue {
	struct store *store;
	struct store_reader *reader;
	struct vault_client *vault;
	struct id holder;                  /* a number of whoever acquires the head, drawn anew each run */
	const struct store_log_head *seen; /* the head is acquired only as it was seen; NULL: whoever holds it */
	struct store_log_head held;        /* as it was acquired */
	struct trust trust;                /* the log's keys, once they were needed */
	struct err said;                   /* by the store or the vault when they refused last: the sequencer has sentences of its own */
};

void log_glue_release(struct log_glue *g);

/* The sequencer of the log in this folder, whose origins begin with the name; both borrowed, as g is. */
enum rc log_glue_ledger(struct log_glue *g, const char *dir, const char *name, struct ledger **ret, struct err *e) WARN_UNUSED;

#endif
