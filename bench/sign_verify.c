/* SPDX-License-Identifier: MPL-2.0 */
/*
 * sign_verify [SECONDS]: QR texts made and checked on one core, against bare
 * OpenSSL ES256 over a message of the same size, in turns in the same run.
 *
 * Ours is everything between the claims and the printed text: COSE, ES256,
 * zlib, base45; and back, with the trust file's key and all claims read.
 */
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "codec/cbor.h"
#include "codec/cose.h"
#include "codec/statuslist.h"
#include "credential/cwt.h"

static struct p256_key *key;
static uint8_t key_id[HASH_SIZE];
static struct buf claims, text;
static struct trust trust;
static EVP_PKEY *bare_key;
static uint8_t bare_signature[128];
static size_t bare_signature_len;

static void make_claims(void)
{
	cbor_put_map(&claims, 5);
	cbor_put_uint(&claims, 1), cbor_put_str(&claims, "khm");
	cbor_put_uint(&claims, 6), cbor_put_uint(&claims, 1794571200);
	cbor_put_uint(&claims, 7), cbor_put_bytes(&claims, BYTES_LIT("\x02\x67\xBD\x05\xDE\x35\x2F"));
	cbor_put_uint(&claims, STATUSLIST_CLAIM_REFERENCE);
	statuslist_reference_put(&claims, 60001, BYTES_LIT("https://khm.example/status/0"));
	cbor_put_int(&claims, CWT_CLAIM_EXTRACT), cbor_put_map(&claims, 8);
	cbor_put_uint(&claims, 1), cbor_put_str(&claims, "b");
	cbor_put_uint(&claims, 2), cbor_put_array(&claims, 5);
	cbor_put_str(&claims, "080412"), cbor_put_str(&claims, "B");
	cbor_put_uint(&claims, 1), cbor_put_uint(&claims, 2026), cbor_put_uint(&claims, 17);
	cbor_put_uint(&claims, 3), cbor_put_str(&claims, "សុខ វិសាល");
	cbor_put_uint(&claims, 4), cbor_put_str(&claims, "SOK Visal");
	cbor_put_uint(&claims, 5), cbor_put_str(&claims, "m");
	cbor_put_uint(&claims, 6), cbor_put_uint(&claims, 20759);
	cbor_put_uint(&claims, 7), cbor_put_str(&claims, "08041203");
	cbor_put_uint(&claims, 8), cbor_put_uint(&claims, 20770);
}

static bool make_trust(void)
{
	uint8_t point[P256_PUBLIC_SIZE];
	struct buf json = BUF_INIT(4096), id = BUF_INIT(64), public = BUF_INIT(256);
	p256_point(key, point);
	sha256(BYTES_ARRAY(point), key_id);
	hex_encode(&id, bytes_of(key_id, 8));
	base64_encode(&public, BYTES_ARRAY(point));
	buf_printf(&json, "{\"format\":\"civis-trust/1\",\"issuer\":\"khm\",\"keys\":[{\"use\":\"qr\",\"alg\":\"ES256\","
	           "\"id\":\"%s\",\"public\":\"%s\"}]}", buf_cstr(&id), buf_cstr(&public));
	bool good = trust_parse(buf_bytes(&json), &trust, NULL) == RC_OK;
	buf_release(&json);
	buf_release(&id);
	buf_release(&public);
	return good;
}

static bool sign_one(void)
{
	struct buf head = BUF_INIT(64), tbs = BUF_INIT(4096), cose = BUF_INIT(4096);
	uint8_t signature[P256_SIGNATURE_SIZE];
	cose_protected(&head, COSE_ALG_ES256, bytes_of(key_id, 2), NULL);
	cose_tbs(&tbs, buf_bytes(&head), buf_bytes(&claims));
	bool good = p256_sign(key, buf_bytes(&tbs), signature) == RC_OK;
	cose_sign1_put(&cose, buf_bytes(&head), buf_bytes(&claims), BYTES_ARRAY(signature));
	buf_reset(&text);
	good = good && cwt_text_encode(buf_bytes(&cose), &text, NULL) == RC_OK;
	buf_release(&head);
	buf_release(&tbs);
	buf_release(&cose);
	return good;
}

static bool verify_one(void)
{
	struct buf cose = BUF_INIT(CWT_COSE_MAX);
	struct cwt cwt;
	bool good = cwt_text_decode(buf_bytes(&text), &cose, NULL) == RC_OK &&
	            cwt_verify(buf_bytes(&cose), &trust, &cwt, NULL) == RC_OK;
	buf_release(&cose);
	return good;
}

static bool bare_sign(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bare_signature_len = sizeof bare_signature;
	bool good = ctx && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, bare_key) == 1 &&
	            EVP_DigestSign(ctx, bare_signature, &bare_signature_len, claims.ptr, claims.len) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}

static bool bare_verify(void)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = ctx && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, bare_key) == 1 &&
	            EVP_DigestVerify(ctx, bare_signature, bare_signature_len, claims.ptr, claims.len) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}

/* In short turns, so that both see the same machine; the best turn of each. */
static bool compare(const char *name, bool (*ours)(void), bool (*bare)(void), double seconds)
{
	bool (*const both[2])(void) = {ours, bare};
	double best[2] = {0, 0};
	int64_t end = clock_monotonic_us() + (int64_t)(seconds * 1e6);
	while (clock_monotonic_us() < end)
		for (int who = 0; who < 2; who++) {
			int64_t from = clock_monotonic_us();
			for (int i = 0; i < 200; i++)
				if (!both[who]())
					return false;
			double rate = 200e6 / (double)(clock_monotonic_us() - from);
			if (rate > best[who])
				best[who] = rate;
		}
	printf("%-7s %.0f QR/s a core  limit %.0f/s, bare OpenSSL ES256  ratio %.2f\n", name, best[0], best[1],
	       best[0] / best[1]);
	return true;
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? strtod(argv[1], NULL) : 3;
	bare_key = EVP_EC_gen("P-256");
	buf_init(&claims, 4096);
	buf_init(&text, CWT_TEXT_MAX);
	make_claims();
	if (!bare_key || p256_generate(&key) != RC_OK || !make_trust() || !sign_one() || !verify_one() || !bare_sign() ||
	    !compare("sign", sign_one, bare_sign, seconds) || !compare("verify", verify_one, bare_verify, seconds)) {
		fprintf(stderr, "sign_verify: failed\n");
		return 1;
	}
	trust_release(&trust);
	p256_free(&key);
	EVP_PKEY_free(bare_key);
	buf_release(&claims);
	buf_release(&text);
	return 0;
}
