/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The one seam to cryptography. No header of OpenSSL or libsodium is included
 * outside this room's sources, so that a hardware module can take a key's place.
 *
 * Secrets are wiped by who owns them. Functions that return nothing cannot
 * fail: memory exhausted inside the library there ends the process.
 */
#ifndef CIVIS_CRYPTO_CRYPTO_H
#define CIVIS_CRYPTO_CRYPTO_H

#include "base/bytes.h"
#include "base/err.h"

/*
 * Loads algorithms and seeds generators without reading any configuration
 * file. Optional; to be called before a process confines itself, so that
 * nothing needs a file or a new system call afterwards. May be called again.
 */
void crypto_prepare(void);

/* ---- SHA-256 (FIPS 180-4) ---- */

enum { HASH_SIZE = 32 };

struct hash {
	uint8_t b[HASH_SIZE];
};

void sha256(struct bytes in, uint8_t ret[static HASH_SIZE]);
/* SHA-256 of a ‖ b. */
void sha256_pair(struct bytes a, struct bytes b, uint8_t ret[static HASH_SIZE]);

/* Streaming; caller-owned, needs no release (wipe it if what went in is secret). */
struct sha256 {
	uint64_t opaque[14];
};
void sha256_init(struct sha256 *s);
void sha256_update(struct sha256 *s, struct bytes in);
void sha256_final(struct sha256 *s, uint8_t ret[static HASH_SIZE]);

/*
 * RFC 6962 §2.1 hashes at the speed of the bare compression function:
 * SHA-256(0x00 ‖ entry) and SHA-256(0x01 ‖ left ‖ right). ret may be one of the inputs.
 */
void sha256_leaf(struct bytes entry, uint8_t ret[static HASH_SIZE]);
void sha256_node(const uint8_t left[static HASH_SIZE], const uint8_t right[static HASH_SIZE],
                 uint8_t ret[static HASH_SIZE]);
/* n leaf hashes of n adjacent entries of 64 bytes each, as many at once as the processor's vectors hold. */
void sha256_leaves_64(const uint8_t *entries, size_t n, uint8_t *ret);
/* n parents of 2n adjacent hashes (each 32 bytes). ret may be `children` itself. */
void sha256_nodes(const uint8_t *children, size_t n, uint8_t *ret);
/* n compressions of a 64-byte block: what benchmarks measure the tree against. */
void sha256_bare_compressions(const uint8_t block[static 64], uint64_t n, uint8_t ret[static HASH_SIZE]);

/* ---- HMAC-SHA-256 (RFC 2104) and HKDF-SHA-256 (RFC 5869) ---- */

void hmac_sha256(struct bytes key, struct bytes in, uint8_t ret[static HASH_SIZE]);
/* Of n messages under one key, which is worked in once: half the compressions for short ones. */
void hmac_sha256_many(struct bytes key, const struct bytes *in, size_t n, uint8_t (*ret)[HASH_SIZE]);
/* ret_len ≤ 255 · 32 = 8160; more is a mistake of the program and ends it. */
void hkdf_sha256(struct bytes secret, struct bytes salt, struct bytes info, uint8_t *ret, size_t ret_len);

/* ---- authenticated encryption ---- */

/* Numbers that stand in stored blobs: never reuse one. 2 and up wait for others, also hybrids. */
enum aead_alg {
	AEAD_AES_256_GCM = 1
};

enum { AEAD_KEY_SIZE = 32, AEAD_NONCE_SIZE = 12, AEAD_TAG_SIZE = 16, AEAD_OVERHEAD = AEAD_NONCE_SIZE + AEAD_TAG_SIZE };

/* Appends nonce(12, random) ‖ ciphertext ‖ tag(16). RC_INVALID for an unknown alg; RC_TOO_LARGE, RC_NO_MEMORY. */
enum rc aead_seal(enum aead_alg alg, const uint8_t key[static AEAD_KEY_SIZE], struct bytes aad, struct bytes plain,
                  struct buf *out) WARN_UNUSED;
/* Appends the plaintext. RC_SIGNATURE if key, aad or blob do not belong together (out is as before); as above. */
enum rc aead_open(enum aead_alg alg, const uint8_t key[static AEAD_KEY_SIZE], struct bytes aad, struct bytes sealed,
                  struct buf *out) WARN_UNUSED;
/* With a nonce that the caller answers for (one use a key). */
enum rc aead_seal_nonce(enum aead_alg alg, const uint8_t key[static AEAD_KEY_SIZE],
                        const uint8_t nonce[static AEAD_NONCE_SIZE], struct bytes aad, struct bytes plain,
                        struct buf *out) WARN_UNUSED;

/* ---- Ed25519 (RFC 8032), raw keys ---- */

enum { ED25519_SEED_SIZE = 32, ED25519_PUBLIC_SIZE = 32, ED25519_SIGNATURE_SIZE = 64 };

struct ed25519_key {
	uint8_t seed[ED25519_SEED_SIZE]; /* the private key: wipe */
	uint8_t public_key[ED25519_PUBLIC_SIZE];
};

void ed25519_generate(struct ed25519_key *ret);
void ed25519_from_seed(const uint8_t seed[static ED25519_SEED_SIZE], struct ed25519_key *ret);
void ed25519_sign(const struct ed25519_key *key, struct bytes message, uint8_t ret[static ED25519_SIGNATURE_SIZE]);
/* RC_SIGNATURE if it does not hold, also for a signature or key of a wrong size. */
enum rc ed25519_verify(struct bytes public_key, struct bytes message, struct bytes signature) WARN_UNUSED;

/* ---- ECDSA P-256 with SHA-256: ES256 (RFC 9053 §2.1), signatures raw r ‖ s ---- */

enum { P256_PRIVATE_SIZE = 32, P256_PUBLIC_SIZE = 65 /* 0x04 ‖ x ‖ y */, P256_SIGNATURE_SIZE = 64 };

/* A private key, loaded. One thread at a time. */
struct p256_key;
/* A public key, imported once and kept by the caller. One thread at a time. */
struct p256_public;

enum rc p256_generate(struct p256_key **ret) WARN_UNUSED;
/* From the 32-byte scalar. RC_FORMAT if it is not in [1, n-1]; RC_NO_MEMORY. */
enum rc p256_load(struct bytes scalar, struct p256_key **ret) WARN_UNUSED;
void p256_save(const struct p256_key *key, uint8_t ret[static P256_PRIVATE_SIZE]);
void p256_point(const struct p256_key *key, uint8_t ret[static P256_PUBLIC_SIZE]);
void p256_free(struct p256_key **key);
enum rc p256_sign(struct p256_key *key, struct bytes message, uint8_t ret[static P256_SIGNATURE_SIZE]) WARN_UNUSED;

/* From the uncompressed point; RC_FORMAT if it is not on the curve; RC_NO_MEMORY. */
enum rc p256_public_new(struct bytes point, struct p256_public **ret) WARN_UNUSED;
void p256_public_free(struct p256_public **key);
/* RC_SIGNATURE if it does not hold; RC_NO_MEMORY. */
enum rc p256_verify(struct p256_public *key, struct bytes message, struct bytes signature) WARN_UNUSED;

/* ---- passphrases (argon2id, RFC 9106, in libsodium's encoded form) ---- */

enum { PASSPHRASE_HASH_SIZE = 128 }; /* encoded, with its NUL */

struct passphrase_cost {
	uint64_t operations;   /* passes, ≥ 1 */
	uint64_t memory_bytes; /* ≥ 8192 */
};
/* What a server can bear: 3 passes over 64 MiB. */
#define PASSPHRASE_COST_DEFAULT ((struct passphrase_cost){.operations = 3, .memory_bytes = 64u << 20})

/* RC_INVALID for a cost outside the limits, RC_NO_MEMORY. */
enum rc passphrase_hash(struct bytes passphrase, struct passphrase_cost cost, char ret[static PASSPHRASE_HASH_SIZE])
	WARN_UNUSED;
/* RC_CREDENTIALS if it does not match (or the encoding is unreadable). Takes as long as the cost in the encoding. */
enum rc passphrase_verify(const char *encoded, struct bytes passphrase) WARN_UNUSED;

#endif
