/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Between the log's sequencer (ledger/sequencer.h) and what it works on: the
 * store's rows and the vault's signature.
 */
#ifndef CIVIS_REGISTER_LOG_GLUE_H
#define CIVIS_REGISTER_LOG_GLUE_H

#include "ledger/sequencer.h"
#include "store/store.h"
#include "vault/client.h"

/* All borrowed; used from one thread. */
struct log_glue {
	struct store *store;
	struct store_reader *reader;
	struct vault_client *vault;
};

struct ledger_store log_glue_store(struct log_glue *g);
struct ledger_signer log_glue_signer(struct log_glue *g);

#endif
