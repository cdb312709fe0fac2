/* SPDX-License-Identifier: MPL-2.0 */
/*
 * ECDSA over P-256. A key carries an operation context that was initialised
 * once: at some 20 µs a signature, fetching and initialising would be felt.
 */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "crypto/internal.h"

enum { HALF = P256_SIGNATURE_SIZE / 2, DER_MAX = 72 };

struct p256_key {
	EVP_PKEY *pkey;
	EVP_PKEY_CTX *sign;
	uint8_t scalar[P256_PRIVATE_SIZE];
	uint8_t point[P256_PUBLIC_SIZE];
};

struct p256_public {
	EVP_PKEY *pkey;
	EVP_PKEY_CTX *verify;
};

EVP_PKEY *p256_pkey(const struct p256_key *key)
{
	return key->pkey;
}

/* ---- import ---- */

/* The point of a scalar in [1, n-1]; RC_FORMAT for another. */
static enum rc point_of(const uint8_t *scalar, uint8_t *ret)
{
	enum rc rc = RC_NO_MEMORY;
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	EC_POINT *point = group ? EC_POINT_new(group) : NULL;
	BIGNUM *d = BN_secure_new();
	if (!point || !d || !BN_bin2bn(scalar, P256_PRIVATE_SIZE, d))
		goto out;
	BN_set_flags(d, BN_FLG_CONSTTIME);
	if (BN_is_zero(d) || BN_cmp(d, EC_GROUP_get0_order(group)) >= 0) {
		rc = RC_FORMAT;
		goto out;
	}
	if (EC_POINT_mul(group, point, d, NULL, NULL, NULL) == 1
	    && EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, ret, P256_PUBLIC_SIZE, NULL)
	               == P256_PUBLIC_SIZE)
		rc = RC_OK;
out:
	BN_clear_free(d);
	EC_POINT_free(point);
	EC_GROUP_free(group);
	return rc;
}

/* scalar may be NULL. RC_FORMAT if the point is not on the curve. */
static enum rc import_key(const uint8_t *scalar, const uint8_t *point, EVP_PKEY **ret)
{
	enum rc rc = RC_NO_MEMORY;
	OSSL_PARAM *params = NULL;
	BIGNUM *d = NULL;
	EVP_PKEY *pkey = NULL;
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	if (!build || !ctx || EVP_PKEY_fromdata_init(ctx) != 1)
		goto out;
	if (scalar && !(d = BN_bin2bn(scalar, P256_PRIVATE_SIZE, BN_secure_new())))
		goto out;
	if (!OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1, 0)
	    || !OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, P256_PUBLIC_SIZE)
	    || (d && !OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d)))
		goto out;
	params = OSSL_PARAM_BLD_to_param(build);
	if (!params)
		goto out;
	if (EVP_PKEY_fromdata(ctx, &pkey, d ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) != 1) {
		rc = RC_FORMAT;
		goto out;
	}
	*ret = pkey;
	rc = RC_OK;
out:
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	BN_clear_free(d);
	EVP_PKEY_CTX_free(ctx);
	crypto_clear_errors();
	return rc;
}

enum rc p256_load(struct bytes scalar, struct p256_key **ret)
{
	if (scalar.len != P256_PRIVATE_SIZE)
		return RC_FORMAT;
	crypto_prepare();
	struct p256_key *key = calloc(1, sizeof *key);
	if (!key)
		return RC_NO_MEMORY;
	memcpy(key->scalar, scalar.ptr, scalar.len);
	enum rc rc = point_of(key->scalar, key->point);
	if (rc == RC_OK)
		rc = import_key(key->scalar, key->point, &key->pkey);
	if (rc == RC_OK) {
		key->sign = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
		if (!key->sign || EVP_PKEY_sign_init(key->sign) != 1)
			rc = RC_NO_MEMORY;
	}
	crypto_clear_errors();
	if (rc != RC_OK)
		p256_free(&key);
	else
		*ret = key;
	return rc;
}

enum rc p256_generate(struct p256_key **ret)
{
	uint8_t scalar[P256_PRIVATE_SIZE];
	enum rc rc = RC_FORMAT;
	/* A random scalar is out of range once in 2³² tries; a broken source must not loop for ever. */
	for (int i = 0; i < 8 && rc == RC_FORMAT; i++) {
		random_bytes(scalar, sizeof scalar);
		rc = p256_load(BYTES_ARRAY(scalar), ret);
	}
	wipe(scalar, sizeof scalar);
	return rc == RC_FORMAT ? RC_INTERNAL : rc;
}

void p256_save(const struct p256_key *key, uint8_t ret[static P256_PRIVATE_SIZE])
{
	memcpy(ret, key->scalar, P256_PRIVATE_SIZE);
}

void p256_point(const struct p256_key *key, uint8_t ret[static P256_PUBLIC_SIZE])
{
	memcpy(ret, key->point, P256_PUBLIC_SIZE);
}

void p256_free(struct p256_key **key)
{
	struct p256_key *k = *key;
	*key = NULL;
	if (!k)
		return;
	EVP_PKEY_CTX_free(k->sign);
	EVP_PKEY_free(k->pkey);
	wipe(k, sizeof *k);
	free(k);
}

enum rc p256_public_new(struct bytes point, struct p256_public **ret)
{
	if (point.len != P256_PUBLIC_SIZE || point.ptr[0] != 0x04)
		return RC_FORMAT;
	crypto_prepare();
	struct p256_public *key = calloc(1, sizeof *key);
	if (!key)
		return RC_NO_MEMORY;
	enum rc rc = import_key(NULL, point.ptr, &key->pkey);
	if (rc == RC_OK) {
		key->verify = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
		if (!key->verify || EVP_PKEY_verify_init(key->verify) != 1)
			rc = RC_NO_MEMORY;
	}
	crypto_clear_errors();
	if (rc != RC_OK)
		p256_public_free(&key);
	else
		*ret = key;
	return rc;
}

void p256_public_free(struct p256_public **key)
{
	struct p256_public *k = *key;
	*key = NULL;
	if (!k)
		return;
	EVP_PKEY_CTX_free(k->verify);
	EVP_PKEY_free(k->pkey);
	free(k);
}

/* ---- agreement ---- */

enum rc p256_agree(const struct p256_key *mine, struct bytes theirs, uint8_t ret[static P256_PRIVATE_SIZE])
{
	EVP_PKEY *peer = NULL;
	EVP_PKEY_CTX *ctx = NULL;
	size_t len = P256_PRIVATE_SIZE;
	if (theirs.len != P256_PUBLIC_SIZE || theirs.ptr[0] != 0x04)
		return RC_FORMAT;
	enum rc rc = import_key(NULL, theirs.ptr, &peer);
	if (rc != RC_OK)
		return rc;
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, mine->pkey, NULL);
	if (!ctx || EVP_PKEY_derive_init(ctx) != 1 || EVP_PKEY_derive_set_peer(ctx, peer) != 1 ||
	    EVP_PKEY_derive(ctx, ret, &len) != 1 || len != P256_PRIVATE_SIZE)
		rc = RC_NO_MEMORY;
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(peer);
	crypto_clear_errors();
	return rc;
}

/* ---- signatures: COSE has r ‖ s, OpenSSL has DER SEQUENCE { INTEGER r, INTEGER s } ---- */

/* One INTEGER off *in into 32 bytes; false if it is none or larger. */
static bool take_integer(struct bytes *in, uint8_t out[static HALF])
{
	if (in->len < 2 || in->ptr[0] != 0x02 || in->ptr[1] > in->len - 2)
		return false;
	struct bytes v = bytes_of(in->ptr + 2, in->ptr[1]);
	*in = bytes_slice(*in, 2 + v.len, in->len);
	while (v.len > HALF && v.ptr[0] == 0)
		v = bytes_slice(v, 1, v.len);
	if (v.len > HALF)
		return false;
	memset(out, 0, HALF);
	if (v.len)
		memcpy(out + HALF - v.len, v.ptr, v.len);
	return true;
}

static bool raw_from_der(struct bytes der, uint8_t ret[static P256_SIGNATURE_SIZE])
{
	uint8_t raw[P256_SIGNATURE_SIZE];
	if (der.len < 2 || der.ptr[0] != 0x30 || der.ptr[1] != der.len - 2)
		return false;
	der = bytes_slice(der, 2, der.len);
	if (!take_integer(&der, raw) || !take_integer(&der, raw + HALF) || der.len)
		return false;
	memcpy(ret, raw, sizeof raw);
	return true;
}

static size_t put_integer(uint8_t *out, const uint8_t v[static HALF])
{
	size_t skip = 0;
	while (skip < HALF - 1 && v[skip] == 0)
		skip++;
	size_t sign = v[skip] >> 7, n = HALF - skip;
	out[0] = 0x02;
	out[1] = (uint8_t)(n + sign);
	out[2] = 0;
	memcpy(out + 2 + sign, v + skip, n);
	return 2 + sign + n;
}

static size_t der_from_raw(const uint8_t raw[static P256_SIGNATURE_SIZE], uint8_t out[static DER_MAX])
{
	size_t n = 2;
	n += put_integer(out + n, raw);
	n += put_integer(out + n, raw + HALF);
	out[0] = 0x30;
	out[1] = (uint8_t)(n - 2);
	return n;
}

enum rc p256_sign(struct p256_key *key, struct bytes message, uint8_t ret[static P256_SIGNATURE_SIZE])
{
	uint8_t digest[HASH_SIZE], der[DER_MAX];
	size_t len = sizeof der;
	sha256(message, digest);
	if (EVP_PKEY_sign(key->sign, der, &len, digest, sizeof digest) != 1) {
		crypto_clear_errors();
		return RC_NO_MEMORY;
	}
	return raw_from_der(bytes_of(der, len), ret) ? RC_OK : RC_INTERNAL;
}

enum rc p256_verify(struct p256_public *key, struct bytes message, struct bytes signature)
{
	uint8_t digest[HASH_SIZE], der[DER_MAX];
	if (signature.len != P256_SIGNATURE_SIZE)
		return RC_SIGNATURE;
	sha256(message, digest);
	size_t len = der_from_raw(signature.ptr, der);
	int good = EVP_PKEY_verify(key->verify, der, len, digest, sizeof digest);
	crypto_clear_errors();
	return good == 1 ? RC_OK : RC_SIGNATURE;
}
