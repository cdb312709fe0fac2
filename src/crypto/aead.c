/* SPDX-License-Identifier: MPL-2.0 */
#include <openssl/evp.h>

#include <limits.h>
#include <string.h>

#include "base/random.h"
#include "crypto/internal.h"

/* Encrypts or decrypts in one go; `text` has room for in.len bytes. */
static enum rc gcm(int encrypt, struct bytes key, const uint8_t *nonce, struct bytes aad, struct bytes in, uint8_t *text,
                   uint8_t *tag)
{
	enum rc rc = RC_INTERNAL;
	int n;
	const EVP_CIPHER *cipher = key.len == AEAD_KEY_SIZE ? crypto_aes_256_gcm() : EVP_aes_128_gcm();
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	if (!ctx)
		return RC_NO_MEMORY;
	if (EVP_CipherInit_ex2(ctx, cipher, key.ptr, nonce, encrypt, NULL) != 1)
		goto out;
	if (aad.len && EVP_CipherUpdate(ctx, NULL, &n, aad.ptr, (int)aad.len) != 1)
		goto out;
	if (in.len && EVP_CipherUpdate(ctx, text, &n, in.ptr, (int)in.len) != 1)
		goto out;
	if (!encrypt && EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, AEAD_TAG_SIZE, tag) != 1)
		goto out;
	/* GCM gives no bytes at the end; decryption compares the tag here. */
	uint8_t none[16];
	if (EVP_CipherFinal_ex(ctx, none, &n) != 1) {
		rc = encrypt ? RC_INTERNAL : RC_SIGNATURE;
		goto out;
	}
	if (encrypt && EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, AEAD_TAG_SIZE, tag) != 1)
		goto out;
	rc = RC_OK;
out:
	EVP_CIPHER_CTX_free(ctx);
	crypto_clear_errors();
	return rc;
}

static enum rc check_sizes(struct bytes aad, struct bytes in)
{
	return aad.len > INT_MAX || in.len > INT_MAX - AEAD_OVERHEAD ? RC_TOO_LARGE : RC_OK;
}

/* Room in out, or the reason why there is none; out is then as before. */
static enum rc extend(struct buf *out, size_t n, uint8_t **ret)
{
	if (out->failed || n > out->max - out->len)
		return RC_TOO_LARGE;
	uint8_t *room = buf_extend(out, n);
	if (!room) {
		out->failed = false;
		return RC_NO_MEMORY;
	}
	*ret = room;
	return RC_OK;
}

enum rc gcm_seal(struct bytes key, const uint8_t nonce[static AEAD_NONCE_SIZE], struct bytes aad, struct bytes plain,
                 struct buf *out)
{
	uint8_t *room = NULL;
	size_t before = out->len;
	enum rc rc = check_sizes(aad, plain);
	if (rc == RC_OK)
		rc = extend(out, plain.len + AEAD_TAG_SIZE, &room);
	if (rc != RC_OK)
		return rc;
	rc = gcm(1, key, nonce, aad, plain, room, room + plain.len);
	if (rc != RC_OK)
		out->len = before;
	return rc;
}

enum rc gcm_open(struct bytes key, const uint8_t nonce[static AEAD_NONCE_SIZE], struct bytes aad, struct bytes sealed,
                 struct buf *out)
{
	uint8_t tag[AEAD_TAG_SIZE], *room = NULL;
	size_t before = out->len;
	enum rc rc = check_sizes(aad, sealed);
	if (rc != RC_OK)
		return rc;
	if (sealed.len < AEAD_TAG_SIZE)
		return RC_SIGNATURE;
	size_t len = sealed.len - AEAD_TAG_SIZE;
	rc = extend(out, len, &room);
	if (rc != RC_OK)
		return rc;
	memcpy(tag, sealed.ptr + len, sizeof tag);
	rc = gcm(0, key, nonce, aad, bytes_of(sealed.ptr, len), room, tag);
	if (rc != RC_OK) {
		wipe(out->ptr + before, len);
		out->len = before;
	}
	return rc;
}

enum rc aead_seal_nonce(enum aead_alg alg, const uint8_t key[static AEAD_KEY_SIZE],
                        const uint8_t nonce[static AEAD_NONCE_SIZE], struct bytes aad, struct bytes plain,
                        struct buf *out)
{
	uint8_t *room = NULL;
	size_t before = out->len;
	if (alg != AEAD_AES_256_GCM)
		return RC_INVALID;
	enum rc rc = extend(out, AEAD_NONCE_SIZE, &room);
	if (rc != RC_OK)
		return rc;
	memcpy(room, nonce, AEAD_NONCE_SIZE);
	rc = gcm_seal(bytes_of(key, AEAD_KEY_SIZE), nonce, aad, plain, out);
	if (rc != RC_OK)
		out->len = before;
	return rc;
}

enum rc aead_seal(enum aead_alg alg, const uint8_t key[static AEAD_KEY_SIZE], struct bytes aad, struct bytes plain,
                  struct buf *out)
{
	uint8_t nonce[AEAD_NONCE_SIZE];
	random_bytes(nonce, sizeof nonce);
	return aead_seal_nonce(alg, key, nonce, aad, plain, out);
}

enum rc aead_open(enum aead_alg alg, const uint8_t key[static AEAD_KEY_SIZE], struct bytes aad, struct bytes sealed,
                  struct buf *out)
{
	if (alg != AEAD_AES_256_GCM)
		return RC_INVALID;
	if (sealed.len < AEAD_OVERHEAD)
		return RC_SIGNATURE;
	return gcm_open(bytes_of(key, AEAD_KEY_SIZE), sealed.ptr, aad, bytes_slice(sealed, AEAD_NONCE_SIZE, sealed.len), out);
}
