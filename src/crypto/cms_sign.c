/* SPDX-License-Identifier: MPL-2.0 */
#include <openssl/cms.h>

#include <stdlib.h>

#include "crypto/cms.h"
#include "crypto/internal.h"

static const char where[] = "CMS signature";

enum { ATTRIBUTES_MAX = 8 };

/* ---- signed attributes as they are hashed: DER SET OF (RFC 5652 §5.4) ---- */

static int compare_der(const void *a, const void *b)
{
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

static void put_set_head(struct buf *out, size_t len)
{
	buf_byte(out, 0x31);
	if (len < 0x80) {
		buf_byte(out, (uint8_t)len);
	} else if (len <= UINT8_MAX) {
		buf_byte(out, 0x81);
		buf_byte(out, (uint8_t)len);
	} else {
		buf_byte(out, 0x82);
		buf_u16be(out, (uint16_t)len);
	}
}

static enum rc encode_attributes(const CMS_SignerInfo *si, struct buf *out)
{
	enum rc rc = RC_NO_MEMORY;
	unsigned char *encoded[ATTRIBUTES_MAX] = {NULL};
	struct bytes parts[ATTRIBUTES_MAX];
	int n = CMS_signed_get_attr_count(si);
	size_t total = 0;
	if (n < 0 || n > ATTRIBUTES_MAX)
		return RC_INTERNAL;
	for (int i = 0; i < n; i++) {
		int len = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(si, i), &encoded[i]);
		if (len <= 0)
			goto out;
		parts[i] = bytes_of(encoded[i], (size_t)len);
		total += (size_t)len;
	}
	qsort(parts, (size_t)n, sizeof *parts, compare_der);
	put_set_head(out, total);
	for (int i = 0; i < n; i++)
		buf_append(out, parts[i]);
	rc = buf_failed(out) || total > UINT16_MAX ? RC_NO_MEMORY : RC_OK;
out:
	for (int i = 0; i < n; i++)
		OPENSSL_free(encoded[i]);
	return rc;
}

/* With memory of its own: ASN1_STRING_set writes a NUL behind what CMS_SignerInfo_sign gave room for. */
static bool replace_signature(CMS_SignerInfo *si, struct bytes signature)
{
	unsigned char *copy = OPENSSL_memdup(signature.ptr, signature.len);
	if (!copy)
		return false;
	ASN1_STRING_set0(CMS_SignerInfo_get0_signature(si), copy, (int)signature.len);
	return true;
}

/*
 * CMS_SignerInfo_sign sets the algorithms, but its signature is replaced: it
 * always adds signing-time, which PAdES does not want, and with memory short it
 * signs bytes that it could not encode.
 */
static enum rc sign_attributes(CMS_SignerInfo *si, const struct p256_key *key, bool with_time)
{
	enum rc rc;
	uint8_t signature[80];
	size_t len = sizeof signature;
	struct buf attributes = BUF_INIT(4096);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int at = CMS_signed_get_attr_by_NID(si, NID_pkcs9_signingTime, -1);
	if (at >= 0 && !with_time)
		X509_ATTRIBUTE_free(CMS_signed_delete_attr(si, at));
	rc = encode_attributes(si, &attributes);
	if (rc == RC_OK
	    && (!ctx || EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, p256_pkey(key)) != 1
	        || EVP_DigestSign(ctx, signature, &len, attributes.ptr, attributes.len) != 1
	        || !replace_signature(si, bytes_of(signature, len))))
		rc = RC_NO_MEMORY;
	EVP_MD_CTX_free(ctx);
	buf_release(&attributes);
	return rc;
}

/* ---- assembly ---- */

static bool add_time(CMS_SignerInfo *si, int64_t at_us)
{
	ASN1_TIME *t = ASN1_TIME_set(NULL, (time_t)(at_us / 1000000));
	bool good = t && CMS_signed_add1_attr_by_NID(si, NID_pkcs9_signingTime, t->type, t, -1) == 1;
	ASN1_TIME_free(t);
	return good;
}

static bool add_attributes(CMS_SignerInfo *si, const uint8_t *digest, int64_t at_us)
{
	return CMS_signed_add1_attr_by_NID(si, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data), -1) == 1
	       && CMS_signed_add1_attr_by_NID(si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, digest, HASH_SIZE) == 1
	       && (at_us == 0 || add_time(si, at_us));
}

static enum rc add_stamp(CMS_SignerInfo *si, const struct cms_stamper *stamper, struct err *e)
{
	uint8_t digest[HASH_SIZE];
	struct buf token = BUF_INIT(CMS_SIZE_MAX);
	sha256(asn1_bytes(CMS_SignerInfo_get0_signature(si)), digest);
	enum rc rc = stamper->stamp(stamper->ctx, digest, &token, e);
	if (rc == RC_OK
	    && CMS_unsigned_add1_attr_by_NID(si, NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE, token.ptr,
	                                     (int)token.len) != 1)
		rc = crypto_error(e, RC_NO_MEMORY, where, "The time-stamp cannot be attached");
	buf_release(&token);
	return rc;
}

static enum rc append_der(CMS_ContentInfo *cms, struct buf *out, struct err *e)
{
	int len = i2d_CMS_ContentInfo(cms, NULL);
	if (len <= 0)
		return crypto_error(e, RC_NO_MEMORY, where, "The signature cannot be encoded");
	size_t before = out->len;
	uint8_t *start = len <= CMS_SIZE_MAX ? buf_extend(out, (size_t)len) : NULL, *to = start;
	if (!to)
		return err_set(e, RC_TOO_LARGE, where, "The signature of %d bytes has no room", len);
	if (i2d_CMS_ContentInfo(cms, &to) == len && i2d_is_whole(start, to, len))
		return RC_OK;
	out->len = before;
	return err_set(e, RC_NO_MEMORY, where, "Memory ran out");
}

enum rc cms_sign_detached(const struct cms_signer *s, const uint8_t digest[static HASH_SIZE], struct buf *out,
                          struct err *e)
{
	static const unsigned flags = CMS_PARTIAL | CMS_DETACHED | CMS_BINARY | CMS_NOSMIMECAP;
	enum rc rc;
	crypto_prepare();
	X509 *cert = x509_decode(s->signer.certificate), *parent = s->authority.len ? x509_decode(s->authority) : NULL;
	CMS_ContentInfo *cms = NULL;
	CMS_SignerInfo *si = NULL;
	if (!cert || (s->authority.len && !parent)) {
		rc = err_set(e, RC_FORMAT, where, "A certificate cannot be read");
		goto out;
	}
	cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	if (cms && CMS_set_detached(cms, 1) == 1)
		si = CMS_add1_signer(cms, cert, p256_pkey(s->signer.key), EVP_sha256(), flags | CMS_CADES);
	if (!si || !add_attributes(si, digest, s->signing_time_us) || (parent && CMS_add1_cert(cms, parent) != 1)
	    || CMS_SignerInfo_sign(si) != 1) {
		rc = crypto_error(e, RC_INTERNAL, where, "The signature cannot be made");
		goto out;
	}
	rc = sign_attributes(si, s->signer.key, s->signing_time_us != 0);
	if (rc != RC_OK)
		rc = crypto_error(e, rc, where, "The signature cannot be made");
	if (rc == RC_OK && s->stamper)
		rc = add_stamp(si, s->stamper, e);
	if (rc == RC_OK)
		rc = append_der(cms, out, e);
out:
	CMS_ContentInfo_free(cms);
	X509_free(parent);
	X509_free(cert);
	crypto_clear_errors();
	return rc;
}
