/* SPDX-License-Identifier: MPL-2.0 */
/*
 * SHA-256 through OpenSSL's low-level functions. They are deprecated in favour
 * of EVP, whose fetching and indirection cost several times the hash itself
 * for inputs of 33 and 65 bytes, and a Merkle tree hashes nothing else. They
 * run the same assembler code.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/crypto.h"
#include "crypto/internal.h"

enum { BLOCK = SHA256_CBLOCK, SMALL_MAX = 2 * BLOCK - 9 /* what fits two blocks with its padding */ };

static_assert(sizeof(struct sha256) >= sizeof(SHA256_CTX), "the public struct has room for the context");
static_assert(_Alignof(struct sha256) >= _Alignof(SHA256_CTX), "and its alignment");

static SHA256_CTX *context(struct sha256 *s)
{
	return (SHA256_CTX *)(void *)s->opaque;
}

void sha256_init(struct sha256 *s)
{
	SHA256_Init(context(s));
}

void sha256_update(struct sha256 *s, struct bytes in)
{
	if (in.len)
		SHA256_Update(context(s), in.ptr, in.len);
}

void sha256_final(struct sha256 *s, uint8_t ret[static HASH_SIZE])
{
	SHA256_Final(ret, context(s));
}

void sha256_pair(struct bytes a, struct bytes b, uint8_t ret[static HASH_SIZE])
{
	struct sha256 s;
	sha256_init(&s);
	sha256_update(&s, a);
	sha256_update(&s, b);
	sha256_final(&s, ret);
	wipe(&s, sizeof s);
}

void sha256(struct bytes in, uint8_t ret[static HASH_SIZE])
{
	sha256_pair(in, BYTES_NONE, ret);
}

/* ---- small inputs, padded here so that the library only compresses ---- */

static void store_u32be(uint8_t *out, uint32_t v)
{
	v = __builtin_bswap32(v);
	memcpy(out, &v, sizeof v);
}

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "store_u32be swaps");

/* The state before the first block (FIPS 180-4 §5.3.3). The data part of the
   context is never used for whole blocks and stays unset. */
static void start(SHA256_CTX *c)
{
	static const SHA_LONG initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
	memcpy(c->h, initial, sizeof c->h);
	c->Nl = c->Nh = 0;
	c->num = 0;
	c->md_len = HASH_SIZE;
}

static void compress(SHA256_CTX *c, const uint8_t *blocks, size_t n)
{
	SHA256_Update(c, blocks, n * BLOCK);
}

static void state_out(const SHA256_CTX *c, uint8_t ret[static HASH_SIZE])
{
	for (size_t i = 0; i < 8; i++)
		store_u32be(ret + 4 * i, c->h[i]);
}

/* Hashes `len` ≤ SMALL_MAX bytes that stand at the start of `padded`. */
static void hash_small(uint8_t padded[static 2 * BLOCK], size_t len, uint8_t ret[static HASH_SIZE])
{
	size_t blocks = len + 9 <= BLOCK ? 1 : 2, end = blocks * BLOCK;
	SHA256_CTX c;
	padded[len] = 0x80;
	memset(padded + len + 1, 0, end - len - 1 - 4);
	store_u32be(padded + end - 4, (uint32_t)len * 8);
	start(&c);
	compress(&c, padded, blocks);
	state_out(&c, ret);
}

void sha256_leaf(struct bytes entry, uint8_t ret[static HASH_SIZE])
{
	uint8_t padded[2 * BLOCK];
	padded[0] = 0;
	if (entry.len + 1 > SMALL_MAX) {
		sha256_pair(bytes_of(padded, 1), entry, ret);
		return;
	}
	if (entry.len)
		memcpy(padded + 1, entry.ptr, entry.len);
	hash_small(padded, entry.len + 1, ret);
}

void sha256_node(const uint8_t left[static HASH_SIZE], const uint8_t right[static HASH_SIZE],
                 uint8_t ret[static HASH_SIZE])
{
	uint8_t padded[2 * BLOCK];
	padded[0] = 1;
	memcpy(padded + 1, left, HASH_SIZE);
	memcpy(padded + 1 + HASH_SIZE, right, HASH_SIZE);
	hash_small(padded, 1 + 2 * HASH_SIZE, ret);
}

void sha256_leaves_64(const uint8_t *entries, size_t n, uint8_t *ret)
{
	for (size_t i = sha256_lanes(0, entries, n, ret); i < n; i++)
		sha256_leaf(bytes_of(entries + 64 * i, 64), ret + HASH_SIZE * i);
}

void sha256_nodes(const uint8_t *children, size_t n, uint8_t *ret)
{
	/* All but 64 bytes of the padded input are the same for every node. */
	uint8_t padded[2 * BLOCK] = {[0] = 1, [1 + 2 * HASH_SIZE] = 0x80};
	SHA256_CTX c;
	store_u32be(padded + 2 * BLOCK - 4, (1 + 2 * HASH_SIZE) * 8);
	for (size_t i = sha256_lanes(1, children, n, ret); i < n; i++) {
		memcpy(padded + 1, children + 2 * HASH_SIZE * i, 2 * HASH_SIZE);
		start(&c);
		compress(&c, padded, 2);
		state_out(&c, ret + HASH_SIZE * i);
	}
}

void sha256_bare_compressions(const uint8_t block[static 64], uint64_t n, uint8_t ret[static HASH_SIZE])
{
	SHA256_CTX c;
	start(&c);
	for (uint64_t i = 0; i < n; i++)
		SHA256_Transform(&c, block);
	state_out(&c, ret);
}

/* ---- HMAC and HKDF ---- */

/* SHA-256 contexts that have taken in the key's inner and outer block. */
struct hmac {
	struct sha256 inner, outer;
};

static void hmac_init(struct hmac *h, struct bytes key)
{
	uint8_t block[BLOCK] = {0};
	if (key.len > BLOCK)
		sha256(key, block);
	else if (key.len)
		memcpy(block, key.ptr, key.len);
	for (size_t i = 0; i < BLOCK; i++)
		block[i] ^= 0x36;
	sha256_init(&h->inner);
	sha256_update(&h->inner, BYTES_ARRAY(block));
	for (size_t i = 0; i < BLOCK; i++)
		block[i] ^= 0x36 ^ 0x5c;
	sha256_init(&h->outer);
	sha256_update(&h->outer, BYTES_ARRAY(block));
	wipe(block, sizeof block);
}

static void hmac_final(struct hmac *h, uint8_t ret[static HASH_SIZE])
{
	uint8_t inner[HASH_SIZE];
	sha256_final(&h->inner, inner);
	sha256_update(&h->outer, BYTES_ARRAY(inner));
	sha256_final(&h->outer, ret);
	wipe(inner, sizeof inner);
	wipe(h, sizeof *h);
}

void hmac_sha256(struct bytes key, struct bytes in, uint8_t ret[static HASH_SIZE])
{
	struct hmac h;
	hmac_init(&h, key);
	sha256_update(&h.inner, in);
	hmac_final(&h, ret);
}

void hmac_sha256_many(struct bytes key, const struct bytes *in, size_t n, uint8_t (*ret)[HASH_SIZE])
{
	struct hmac keyed;
	hmac_init(&keyed, key);
	for (size_t i = 0; i < n; i++) {
		struct hmac h = keyed;
		sha256_update(&h.inner, in[i]);
		hmac_final(&h, ret[i]);
	}
	wipe(&keyed, sizeof keyed);
}

void hkdf_sha256(struct bytes secret, struct bytes salt, struct bytes info, uint8_t *ret, size_t ret_len)
{
	uint8_t pseudorandom_key[HASH_SIZE], step[HASH_SIZE];
	if (ret_len > 255 * HASH_SIZE)
		abort();
	hmac_sha256(salt, secret, pseudorandom_key);
	for (size_t done = 0; done < ret_len; done += HASH_SIZE) {
		struct hmac h;
		uint8_t count = (uint8_t)(done / HASH_SIZE + 1);
		size_t part = ret_len - done < HASH_SIZE ? ret_len - done : HASH_SIZE;
		hmac_init(&h, BYTES_ARRAY(pseudorandom_key));
		if (done)
			sha256_update(&h.inner, BYTES_ARRAY(step));
		sha256_update(&h.inner, info);
		sha256_update(&h.inner, bytes_of(&count, 1));
		hmac_final(&h, step);
		memcpy(ret + done, step, part);
	}
	wipe(pseudorandom_key, sizeof pseudorandom_key);
	wipe(step, sizeof step);
}
