/* SPDX-License-Identifier: MPL-2.0 */
/* libsodium: raw keys, no contexts, and faster than OpenSSL at this curve. */
#include <sodium.h>

#include <string.h>

#include "base/random.h"
#include "crypto/internal.h"

void ed25519_from_seed(const uint8_t seed[static ED25519_SEED_SIZE], struct ed25519_key *ret)
{
	uint8_t secret[crypto_sign_SECRETKEYBYTES];
	crypto_prepare();
	crypto_sign_seed_keypair(ret->public_key, secret, seed);
	memmove(ret->seed, seed, ED25519_SEED_SIZE);
	wipe(secret, sizeof secret);
}

void ed25519_generate(struct ed25519_key *ret)
{
	uint8_t seed[ED25519_SEED_SIZE];
	random_bytes(seed, sizeof seed);
	ed25519_from_seed(seed, ret);
	wipe(seed, sizeof seed);
}

void ed25519_sign(const struct ed25519_key *key, struct bytes message, uint8_t ret[static ED25519_SIGNATURE_SIZE])
{
	/* libsodium's secret key is the seed followed by the public key. */
	uint8_t secret[crypto_sign_SECRETKEYBYTES];
	memcpy(secret, key->seed, ED25519_SEED_SIZE);
	memcpy(secret + ED25519_SEED_SIZE, key->public_key, ED25519_PUBLIC_SIZE);
	crypto_prepare();
	crypto_sign_detached(ret, NULL, crypto_ptr(message), message.len, secret);
	wipe(secret, sizeof secret);
}

enum rc ed25519_verify(struct bytes public_key, struct bytes message, struct bytes signature)
{
	if (public_key.len != ED25519_PUBLIC_SIZE || signature.len != ED25519_SIGNATURE_SIZE)
		return RC_SIGNATURE;
	crypto_prepare();
	return crypto_sign_verify_detached(signature.ptr, crypto_ptr(message), message.len, public_key.ptr) == 0 ? RC_OK
	                                                                                               : RC_SIGNATURE;
}
