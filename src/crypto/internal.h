/* SPDX-License-Identifier: MPL-2.0 */
/* What this room's sources share and nobody else sees: the only header with OpenSSL types. */
#ifndef CIVIS_CRYPTO_INTERNAL_H
#define CIVIS_CRYPTO_INTERNAL_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "crypto/x509.h"

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
/* ECDH: the x coordinate of the point that both sides reach. RC_FORMAT if theirs is not on the curve; RC_NO_MEMORY. */
enum rc p256_agree(const struct p256_key *mine, struct bytes theirs, uint8_t ret[static P256_PRIVATE_SIZE]) WARN_UNUSED;

/* AES-GCM under a key of 32 or 16 bytes: appends ciphertext ‖ tag(16), or the plaintext. As aead_seal(), aead_open(). */
enum rc gcm_seal(struct bytes key, const uint8_t nonce[static AEAD_NONCE_SIZE], struct bytes aad, struct bytes plain,
                 struct buf *out) WARN_UNUSED;
enum rc gcm_open(struct bytes key, const uint8_t nonce[static AEAD_NONCE_SIZE], struct bytes aad, struct bytes sealed,
                 struct buf *out) WARN_UNUSED;

/* Exactly one certificate, or NULL; X509_free. */
X509 *x509_decode(struct bytes der);
/* The anchors, judged at that time (UTC µs); NULL with *e set. X509_STORE_free. */
X509_STORE *x509_store_new(const struct bytes *anchors, size_t count, int64_t at_us, struct err *e);
/* As x509_verify, with certificates (may be NULL) that may stand between. */
enum rc x509_verify_chain(X509 *leaf, STACK_OF(X509) *between, enum x509_use use, const struct bytes *anchors,
                          size_t count, int64_t at_us, struct err *e);
enum rc x509_describe(X509 *cert, struct x509_info *ret);
/* UTC µs of an ASN.1 time; false if it cannot be read. */
bool asn1_time_us(const ASN1_TIME *t, int64_t *ret);
/*
 * Did an i2d_ function write the length that it had announced? With memory
 * short, OpenSSL leaves out a SET OF that it could not sort, and says nothing.
 */
static inline bool i2d_is_whole(const uint8_t *start, const uint8_t *end, int announced)
{
	return announced > 0 && end == start + announced;
}
/* The content of an ASN.1 string; borrowed. */
struct bytes asn1_bytes(const ASN1_STRING *s);

/*
 * SHA-256(prefix ‖ 64 bytes) of as many of n adjacent messages as fill whole vectors; returns how many were
 * done, 0 without vectors. ret may be in.
 */
size_t sha256_lanes(uint8_t prefix, const uint8_t *in, size_t n, uint8_t *ret);

#endif
