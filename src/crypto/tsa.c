/* SPDX-License-Identifier: MPL-2.0 */
/* A time-stamping unit (RFC 3161) that is asked by function call: request and response never leave memory. */
#include <openssl/ts.h>

#include "base/random.h"
#include "crypto/cms.h"
#include "crypto/internal.h"

static const char where[] = "time-stamp";

enum { SERIAL_SIZE = 16 };

/* TimeStampReq for the digest, as a BIO that the response is made from. */
static BIO *make_request(const uint8_t *digest)
{
	BIO *bio = NULL;
	TS_REQ *request = TS_REQ_new();
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();
	if (!request || !imprint || !algorithm)
		goto out;
	X509_ALGOR_set_md(algorithm, EVP_sha256());
	if (TS_MSG_IMPRINT_set_algo(imprint, algorithm) != 1
	    || TS_MSG_IMPRINT_set_msg(imprint, (unsigned char *)(uintptr_t)digest, HASH_SIZE) != 1
	    || TS_REQ_set_version(request, 1) != 1 || TS_REQ_set_msg_imprint(request, imprint) != 1
	    || TS_REQ_set_cert_req(request, 1) != 1)
		goto out;
	bio = BIO_new(BIO_s_mem());
	if (bio && i2d_TS_REQ_bio(bio, request) != 1) {
		BIO_free(bio);
		bio = NULL;
	}
out:
	X509_ALGOR_free(algorithm);
	TS_MSG_IMPRINT_free(imprint);
	TS_REQ_free(request);
	return bio;
}

static ASN1_INTEGER *random_serial(TS_RESP_CTX *ctx, void *data)
{
	uint8_t random[SERIAL_SIZE];
	(void)ctx;
	(void)data;
	random_bytes(random, sizeof random);
	random[0] = (uint8_t)((random[0] & 0x7f) | 0x40);
	BIGNUM *n = BN_bin2bn(random, sizeof random, NULL);
	ASN1_INTEGER *serial = n ? BN_to_ASN1_INTEGER(n, NULL) : NULL;
	BN_free(n);
	return serial;
}

static int stated_time(TS_RESP_CTX *ctx, void *data, long *seconds, long *microseconds)
{
	const int64_t *at_us = data;
	(void)ctx;
	*seconds = (long)(*at_us / 1000000);
	*microseconds = 0;
	return 1;
}

/* A response context of the unit; borrows *at_us. NULL if it cannot be one. */
static TS_RESP_CTX *make_context(const struct x509_signer *unit, struct bytes authority, int64_t *at_us)
{
	bool good = false;
	X509 *cert = x509_decode(unit->certificate), *parent = authority.len ? x509_decode(authority) : NULL;
	ASN1_OBJECT *policy = OBJ_txt2obj(TSA_POLICY_OID, 1);
	STACK_OF(X509) *others = sk_X509_new_null();
	TS_RESP_CTX *ctx = TS_RESP_CTX_new();
	if (!cert || !policy || !others || !ctx || (authority.len && !parent))
		goto out;
	if (parent && sk_X509_push(others, parent) > 0)
		parent = NULL; /* the stack owns it */
	good = TS_RESP_CTX_set_signer_cert(ctx, cert) == 1 && TS_RESP_CTX_set_signer_key(ctx, p256_pkey(unit->key)) == 1
	       && TS_RESP_CTX_set_signer_digest(ctx, EVP_sha256()) == 1
	       && TS_RESP_CTX_set_ess_cert_id_digest(ctx, EVP_sha256()) == 1
	       && TS_RESP_CTX_set_def_policy(ctx, policy) == 1 && TS_RESP_CTX_add_md(ctx, EVP_sha256()) == 1
	       && (sk_X509_num(others) == 0 || TS_RESP_CTX_set_certs(ctx, others) == 1);
	TS_RESP_CTX_set_serial_cb(ctx, random_serial, NULL);
	TS_RESP_CTX_set_time_cb(ctx, stated_time, at_us);
out:
	if (!good) {
		TS_RESP_CTX_free(ctx);
		ctx = NULL;
	}
	sk_X509_pop_free(others, X509_free);
	ASN1_OBJECT_free(policy);
	X509_free(parent);
	X509_free(cert);
	return ctx;
}

/* With memory short, OpenSSL signs bytes that it could not encode: look before it leaves. */
static bool signature_holds(PKCS7 *token)
{
	BIO *content = BIO_new(BIO_s_null());
	bool good = content && PKCS7_verify(token, NULL, NULL, NULL, content, PKCS7_NOVERIFY | PKCS7_BINARY) == 1;
	BIO_free(content);
	return good;
}

static enum rc append_token(PKCS7 *token, struct buf *out)
{
	int len = i2d_PKCS7(token, NULL);
	size_t before = out->len;
	uint8_t *start = len > 0 ? buf_extend(out, (size_t)len) : NULL, *to = start;
	if (!to)
		return buf_failed(out) ? RC_TOO_LARGE : RC_NO_MEMORY;
	if (i2d_PKCS7(token, &to) == len && i2d_is_whole(start, to, len))
		return RC_OK;
	out->len = before;
	return RC_NO_MEMORY;
}

enum rc tsa_stamp(const struct x509_signer *unit, struct bytes authority, const uint8_t digest[static HASH_SIZE],
                  int64_t at_us, struct buf *out, struct err *e)
{
	enum rc rc;
	crypto_prepare();
	BIO *request = make_request(digest);
	TS_RESP_CTX *ctx = request ? make_context(unit, authority, &at_us) : NULL;
	TS_RESP *response = ctx ? TS_RESP_create_response(ctx, request) : NULL;
	PKCS7 *token = response ? TS_RESP_get_token(response) : NULL;
	if (!token || !signature_holds(token)) {
		rc = crypto_error(e, RC_INTERNAL, where, "The time-stamp cannot be made");
	} else {
		rc = append_token(token, out);
		if (rc != RC_OK)
			err_set(e, rc, where, "The time-stamp has no room");
	}
	TS_RESP_free(response);
	TS_RESP_CTX_free(ctx);
	BIO_free(request);
	crypto_clear_errors();
	return rc;
}
