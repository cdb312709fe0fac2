/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A token is base64url(id(32) ‖ HMAC-SHA-256(key, id)): it says nothing, one that
 * the vault did not make is refused without a look-up, and what was made under
 * one key (sessions, claims) is nothing under the other.
 */
#ifndef CIVIS_VAULT_TOKEN_H
#define CIVIS_VAULT_TOKEN_H

#include "crypto/crypto.h"
#include "vault/client.h"

/* A new token, and the hash of its id, which is what is stored. RC_NO_MEMORY. */
enum rc token_make(const uint8_t key[static HASH_SIZE], char ret_text[static VAULT_TOKEN_SIZE],
		   uint8_t ret_id_hash[static HASH_SIZE]) WARN_UNUSED;
/* True if it was made under this key; then the hash of its id. */
bool token_check(const uint8_t key[static HASH_SIZE], struct bytes token, uint8_t ret_id_hash[static HASH_SIZE]);

#endif
