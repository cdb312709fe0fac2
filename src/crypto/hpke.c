/* SPDX-License-Identifier: MPL-2.0 */
#include "crypto/hpke.h"

#include <string.h>

#include "crypto/internal.h"

enum { LABELED_MAX = 1024, KEM_CONTEXT_SIZE = 2 * P256_PUBLIC_SIZE };

/* ---- §4: labels. A suite is "KEM" and the KEM's number, or "HPKE" and all three. ---- */

static struct buf labeled(struct bytes suite, const char *label, struct bytes content)
{
	struct buf b = BUF_INIT(LABELED_MAX);
	buf_str(&b, "HPKE-v1");
	buf_append(&b, suite);
	buf_str(&b, label);
	buf_append(&b, content);
	return b;
}

static enum rc labeled_extract(struct bytes suite, struct bytes salt, const char *label, struct bytes secret,
                               uint8_t ret[static HASH_SIZE])
{
	struct buf b = labeled(suite, label, secret);
	enum rc rc = buf_failed(&b) ? RC_NO_MEMORY : RC_OK;
	if (rc == RC_OK)
		hmac_sha256(salt, buf_bytes(&b), ret);
	buf_release(&b);
	return rc;
}

/* Everything that is expanded here fits the first block: n ≤ 32. */
static enum rc labeled_expand(struct bytes suite, const uint8_t secret[static HASH_SIZE], const char *label,
                              struct bytes info, uint8_t *ret, size_t n)
{
	uint8_t block[HASH_SIZE];
	struct buf rest = labeled(suite, label, info), b = BUF_INIT(LABELED_MAX);
	buf_u16be(&b, (uint16_t)n);
	buf_append(&b, buf_bytes(&rest));
	buf_byte(&b, 1);
	enum rc rc = buf_failed(&rest) || buf_failed(&b) ? RC_NO_MEMORY : RC_OK;
	if (rc == RC_OK) {
		hmac_sha256(bytes_of(secret, HASH_SIZE), buf_bytes(&b), block);
		memcpy(ret, block, n);
	}
	wipe(block, sizeof block);
	buf_release(&rest);
	buf_release(&b);
	return rc;
}

/* ---- §4.1: the secret that both sides of the KEM share ---- */

static enum rc shared_secret(const struct p256_key *mine, struct bytes theirs, const uint8_t *enc, const uint8_t *recipient,
                             uint8_t ret[static HASH_SIZE])
{
	static const uint8_t suite[] = {'K', 'E', 'M', HPKE_KEM_P256 >> 8, HPKE_KEM_P256 & 0xff};
	uint8_t dh[P256_PRIVATE_SIZE], prk[HASH_SIZE], context[KEM_CONTEXT_SIZE];
	memcpy(context, enc, P256_PUBLIC_SIZE);
	memcpy(context + P256_PUBLIC_SIZE, recipient, P256_PUBLIC_SIZE);
	enum rc rc = p256_agree(mine, theirs, dh);
	if (rc == RC_OK)
		rc = labeled_extract(BYTES_ARRAY(suite), BYTES_NONE, "eae_prk", BYTES_ARRAY(dh), prk);
	if (rc == RC_OK)
		rc = labeled_expand(BYTES_ARRAY(suite), prk, "shared_secret", BYTES_ARRAY(context), ret, HASH_SIZE);
	wipe(dh, sizeof dh);
	wipe(prk, sizeof prk);
	return rc;
}

/* ---- §5.1: the key schedule, base mode ---- */

static size_t key_size(enum hpke_aead aead)
{
	return aead == HPKE_AES_128_GCM ? 16 : AEAD_KEY_SIZE;
}

static enum rc schedule(enum hpke_aead aead, const uint8_t shared[static HASH_SIZE], struct bytes info, struct hpke *ret)
{
	const uint8_t suite_id[] = {'H', 'P', 'K', 'E', HPKE_KEM_P256 >> 8, HPKE_KEM_P256 & 0xff, HPKE_KDF_SHA256 >> 8,
	                            HPKE_KDF_SHA256 & 0xff, 0, (uint8_t)aead};
	struct bytes suite = BYTES_ARRAY(suite_id);
	uint8_t context[1 + 2 * HASH_SIZE] = {0 /* mode_base */}, secret[HASH_SIZE];
	*ret = (struct hpke){.aead = aead};
	enum rc rc = labeled_extract(suite, BYTES_NONE, "psk_id_hash", BYTES_NONE, context + 1);
	if (rc == RC_OK)
		rc = labeled_extract(suite, BYTES_NONE, "info_hash", info, context + 1 + HASH_SIZE);
	if (rc == RC_OK)
		rc = labeled_extract(suite, bytes_of(shared, HASH_SIZE), "secret", BYTES_NONE, secret);
	if (rc == RC_OK)
		rc = labeled_expand(suite, secret, "key", BYTES_ARRAY(context), ret->key, key_size(aead));
	if (rc == RC_OK)
		rc = labeled_expand(suite, secret, "base_nonce", BYTES_ARRAY(context), ret->base_nonce, AEAD_NONCE_SIZE);
	wipe(secret, sizeof secret);
	return rc;
}

enum rc hpke_send(struct bytes recipient, const struct p256_key *ephemeral, enum hpke_aead aead, struct bytes info,
                  uint8_t ret_enc[static P256_PUBLIC_SIZE], struct hpke *ret)
{
	uint8_t shared[HASH_SIZE];
	if (recipient.len != P256_PUBLIC_SIZE)
		return RC_FORMAT;
	p256_point(ephemeral, ret_enc);
	enum rc rc = shared_secret(ephemeral, recipient, ret_enc, recipient.ptr, shared);
	if (rc == RC_OK)
		rc = schedule(aead, shared, info, ret);
	wipe(shared, sizeof shared);
	return rc;
}

enum rc hpke_receive(const struct p256_key *recipient, enum hpke_aead aead, struct bytes enc, struct bytes info,
                     struct hpke *ret)
{
	uint8_t shared[HASH_SIZE], point[P256_PUBLIC_SIZE];
	if (enc.len != P256_PUBLIC_SIZE)
		return RC_FORMAT;
	p256_point(recipient, point);
	enum rc rc = shared_secret(recipient, enc, enc.ptr, point, shared);
	if (rc == RC_OK)
		rc = schedule(aead, shared, info, ret);
	wipe(shared, sizeof shared);
	return rc;
}

/* ---- §5.2: messages ---- */

static void nonce_of(const struct hpke *h, uint64_t seq, uint8_t ret[static AEAD_NONCE_SIZE])
{
	memcpy(ret, h->base_nonce, AEAD_NONCE_SIZE);
	for (int i = 0; i < 8; i++)
		ret[AEAD_NONCE_SIZE - 1 - i] ^= (uint8_t)(seq >> 8 * i);
}

enum rc hpke_seal(const struct hpke *h, uint64_t seq, struct bytes aad, struct bytes plain, struct buf *out)
{
	uint8_t nonce[AEAD_NONCE_SIZE];
	nonce_of(h, seq, nonce);
	return gcm_seal(bytes_of(h->key, key_size(h->aead)), nonce, aad, plain, out);
}

enum rc hpke_open(const struct hpke *h, uint64_t seq, struct bytes aad, struct bytes sealed, struct buf *out)
{
	uint8_t nonce[AEAD_NONCE_SIZE];
	nonce_of(h, seq, nonce);
	return gcm_open(bytes_of(h->key, key_size(h->aead)), nonce, aad, sealed, out);
}
