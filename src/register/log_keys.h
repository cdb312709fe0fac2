/* SPDX-License-Identifier: MPL-2.0 */
/* The log's keys in a trust file: whether this register's vault signed a note. */
#ifndef CIVIS_REGISTER_LOG_KEYS_H
#define CIVIS_REGISTER_LOG_KEYS_H

#include "credential/trust.h"
#include "ledger/note.h"
#include "vault/client.h"

/* The vault's trust file; trust_release() it. RC_VAULT_DOWN, RC_FORMAT, RC_NO_MEMORY. */
enum rc log_keys_ask(struct vault_client *vault, struct trust *ret, struct err *e) WARN_UNUSED;
/* Whether one of the log's keys signed the note, under the note's own origin. */
bool log_keys_signed(const struct trust *trust, struct bytes note, const char *origin);

#endif
