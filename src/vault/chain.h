/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The acts that the vault signed for each person, one behind the other, and what
 * became of them.
 *
 * An act names the commitment that it follows. One that was signed may never have
 * been registered (its serial was taken meanwhile, the gate died), so several may
 * follow the same one, until the vault has seen one of them in the log: from then
 * on that one is the person's, and what follows follows it.
 */
#ifndef CIVIS_VAULT_CHAIN_H
#define CIVIS_VAULT_CHAIN_H

#include "codec/statuslist.h"
#include "crypto/crypto.h"
#include "vault/act_head.h"
#include "vault/db.h"

struct chain_act {
	int64_t n;                /* 1: the person's first */
	bool logged;              /* seen in the log */
	enum status_value status; /* of the documents drawn from it */
};

/* Takes an act into the chain, once for the same bytes. RC_CONFLICT "1" (the id stands for another act) or "4"
   (another act follows that one in the log), RC_INVALID "4" (what it follows was not signed for this person). */
enum rc chain_add(struct vault_db *db, const struct act_head *h, const uint8_t commitment[static HASH_SIZE],
		  struct err *e) WARN_UNUSED;
/* RC_NOT_FOUND: no such act was signed. */
enum rc chain_get(struct vault_db *db, struct id person, struct id act, struct chain_act *ret, struct err *e) WARN_UNUSED;
/* The same, and RC_STATE if the act was replaced or cancelled; RC_SIGNATURE if no such act was signed. */
enum rc chain_valid(struct vault_db *db, struct id person, struct id act, struct chain_act *ret, struct err *e) WARN_UNUSED;

/*
 * What an act that was found in the log brings about: it is remembered as logged,
 * and one that replaces or cancels others ends their documents (vault/client.h,
 * vault_supersede). Again: nothing. RC_STATE: another that follows the same
 * one was seen in the log before.
 */
enum rc chain_logged(struct vault_db *db, const struct act_head *h, struct err *e) WARN_UNUSED;
/* What such an act makes of the documents of those before it; STATUS_VALID: nothing. */
enum status_value chain_effect(const struct act_head *h);

#endif
