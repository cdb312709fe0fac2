/* SPDX-License-Identifier: MPL-2.0 */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sodium.h>

#include <pthread.h>
#include <stdlib.h>

#include "crypto/internal.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static EVP_CIPHER *aes_256_gcm;

/* No configuration file: what a key does must not depend on the machine's openssl.cnf. */
static void prepare(void)
{
	uint64_t options = OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_ADD_ALL_CIPHERS | OPENSSL_INIT_ADD_ALL_DIGESTS
	                   | OPENSSL_INIT_LOAD_CRYPTO_STRINGS;
	uint8_t seeded[16];
	if (OPENSSL_init_crypto(options, NULL) != 1 || sodium_init() < 0)
		abort();
	aes_256_gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	if (!aes_256_gcm || RAND_bytes(seeded, sizeof seeded) != 1 || RAND_priv_bytes(seeded, sizeof seeded) != 1)
		abort();
	wipe(seeded, sizeof seeded);
}

void crypto_prepare(void)
{
	if (pthread_once(&once, prepare) != 0)
		abort();
}

const EVP_CIPHER *crypto_aes_256_gcm(void)
{
	crypto_prepare();
	return aes_256_gcm;
}

void crypto_clear_errors(void)
{
	ERR_clear_error();
}

enum rc crypto_error(struct err *e, enum rc code, const char *where, const char *what)
{
	unsigned long reason = ERR_peek_last_error();
	const char *text = reason ? ERR_reason_error_string(reason) : NULL;
	ERR_clear_error();
	if (reason && ERR_GET_REASON(reason) == ERR_R_MALLOC_FAILURE)
		code = RC_NO_MEMORY;
	return text ? err_set(e, code, where, "%s: %s", what, text) : err_set(e, code, where, "%s", what);
}
