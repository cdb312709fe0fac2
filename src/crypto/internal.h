/* SPDX-License-Identifier: MPL-2.0 */
/* What this room's sources share and nobody else sees: the only header with OpenSSL types. */
#ifndef CIVIS_CRYPTO_INTERNAL_H
#define CIVIS_CRYPTO_INTERNAL_H

#include <openssl/evp.h>

#include "crypto/crypto.h"

/* Algorithms, fetched once; crypto_prepare() is implied. Never NULL: without them the process ends. */
const EVP_CIPHER *crypto_aes_256_gcm(void);

/* OpenSSL's error queue is per thread and grows stale; every entry point leaves it empty. */
void crypto_clear_errors(void);
/* The most recent reason in the queue as a sentence into *e; returns code. Empties the queue. */
enum rc crypto_error(struct err *e, enum rc code, const char *where, const char *what);

/* Libraries want a pointer even to nothing. */
static inline const uint8_t *crypto_ptr(struct bytes b)
{
	return b.ptr ? b.ptr : (const uint8_t *)"";
}

/* The key as OpenSSL knows it; borrowed. */
EVP_PKEY *p256_pkey(const struct p256_key *key);

#endif
