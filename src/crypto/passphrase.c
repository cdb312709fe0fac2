/* SPDX-License-Identifier: MPL-2.0 */
#include <sodium.h>

#include <assert.h>

#include "crypto/internal.h"

static_assert(PASSPHRASE_HASH_SIZE >= crypto_pwhash_argon2id_STRBYTES, "the encoded form fits");

enum rc passphrase_hash(struct bytes passphrase, struct passphrase_cost cost, char ret[static PASSPHRASE_HASH_SIZE])
{
	char encoded[crypto_pwhash_argon2id_STRBYTES];
	if (cost.operations < crypto_pwhash_argon2id_OPSLIMIT_MIN || cost.memory_bytes < crypto_pwhash_argon2id_MEMLIMIT_MIN
	    || cost.operations > crypto_pwhash_argon2id_OPSLIMIT_MAX
	    || cost.memory_bytes > crypto_pwhash_argon2id_MEMLIMIT_MAX
	    || passphrase.len > crypto_pwhash_argon2id_PASSWD_MAX)
		return RC_INVALID;
	crypto_prepare();
	if (crypto_pwhash_argon2id_str(encoded, (const char *)crypto_ptr(passphrase), passphrase.len, cost.operations,
	                               (size_t)cost.memory_bytes)
	    != 0)
		return RC_NO_MEMORY;
	for (size_t i = 0; i < sizeof encoded; i++)
		ret[i] = encoded[i];
	return RC_OK;
}

enum rc passphrase_verify(const char *encoded, struct bytes passphrase)
{
	crypto_prepare();
	return crypto_pwhash_argon2id_str_verify(encoded, (const char *)crypto_ptr(passphrase), passphrase.len) == 0
	               ? RC_OK
	               : RC_CREDENTIALS;
}
