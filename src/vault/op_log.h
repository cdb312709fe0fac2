/* SPDX-License-Identifier: MPL-2.0 */
/* What documents need to know about the log that this vault signs. */
#ifndef CIVIS_VAULT_OP_LOG_H
#define CIVIS_VAULT_OP_LOG_H

#include "ledger/note.h"
#include "vault/vault.h"

/* The key of one of our origins, "<log name>/<epoch>". RC_FORBIDDEN for another. */
enum rc vault_log_key(const struct vault *v, const char *origin, struct note_key *ret) WARN_UNUSED;
/* What was last durably signed under it; size 0 before the first. */
enum rc vault_log_last(struct vault *v, const char *origin, uint64_t *ret_size, struct hash *ret_root) WARN_UNUSED;
/* A byte string of hashes one behind the other. */
bool arg_proof(struct cbor *in, struct merkle_proof *ret);

#endif
