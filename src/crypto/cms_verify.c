/* SPDX-License-Identifier: MPL-2.0 */
#include <openssl/cms.h>
#include <openssl/ess.h>
#include <openssl/ts.h>

#include <string.h>

#include "base/clock.h"
#include "crypto/cms.h"
#include "crypto/internal.h"

static const char where[] = "CMS signature";

enum { ONLY_ONE = -3 }; /* OpenSSL: an attribute that occurs once, with one value */

/* Everything that a verification borrows or owns. */
struct check {
	const uint8_t *digest;
	struct cms_judge by; /* now_us filled in */
	struct cms_info info;
	CMS_ContentInfo *cms;
	STACK_OF(X509) *certs;
	CMS_SignerInfo *si; /* of cms */
	X509 *signer;       /* of cms */
	X509_ALGOR *digest_algorithm, *signature_algorithm;
};

static enum rc refuse(struct err *e, const char *why)
{
	return crypto_error(e, RC_SIGNATURE, where, why);
}

/* ---- layout ---- */

static enum rc decode(struct bytes der, CMS_ContentInfo **ret)
{
	const uint8_t *p = der.ptr;
	CMS_ContentInfo *cms = der.len && der.len <= INT32_MAX ? d2i_CMS_ContentInfo(NULL, &p, (long)der.len) : NULL;
	if (!cms)
		return RC_FORMAT;
	/* A PDF pads the room that it reserved with zeros. */
	for (; p < der.ptr + der.len; p++) {
		if (*p) {
			CMS_ContentInfo_free(cms);
			return RC_FORMAT;
		}
	}
	*ret = cms;
	return RC_OK;
}

/* One signer over detached data, with its certificate inside. */
static enum rc find_signer(struct check *c, struct err *e)
{
	if (OBJ_obj2nid(CMS_get0_type(c->cms)) != NID_pkcs7_signed
	    || OBJ_obj2nid(CMS_get0_eContentType(c->cms)) != NID_pkcs7_data || CMS_is_detached(c->cms) != 1)
		return err_set(e, RC_FORMAT, where, "This is not a detached signature over data");
	STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(c->cms);
	if (sk_CMS_SignerInfo_num(infos) != 1)
		return err_set(e, RC_FORMAT, where, "There must be exactly one signer");
	c->si = sk_CMS_SignerInfo_value(infos, 0);
	c->certs = CMS_get1_certs(c->cms);
	if (CMS_set1_signers_certs(c->cms, NULL, 0) != 1)
		return err_set(e, RC_FORMAT, where, "The signer's certificate is not inside");
	CMS_SignerInfo_get0_algs(c->si, NULL, &c->signer, &c->digest_algorithm, &c->signature_algorithm);
	if (x509_describe(c->signer, &c->info.signer) != RC_OK
	    || OBJ_obj2nid(c->digest_algorithm->algorithm) != NID_sha256
	    || OBJ_obj2nid(c->signature_algorithm->algorithm) != NID_ecdsa_with_SHA256)
		return err_set(e, RC_FORMAT, where, "The algorithms are not ECDSA P-256 with SHA-256");
	return RC_OK;
}

/* ---- signed attributes ---- */

static const void *signed_value(struct check *c, int nid, int type)
{
	return CMS_signed_get0_data_by_OBJ(c->si, OBJ_nid2obj(nid), ONLY_ONE, type);
}

/* signing-certificate-v2 names exactly the certificate that verifies. */
static bool names_the_signer(struct check *c)
{
	const ASN1_STRING *value = signed_value(c, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE);
	STACK_OF(X509) *chain = sk_X509_new_null();
	ESS_SIGNING_CERT_V2 *named = NULL;
	bool good = false;
	if (value && chain && sk_X509_push(chain, c->signer) > 0) {
		const uint8_t *p = ASN1_STRING_get0_data(value);
		named = d2i_ESS_SIGNING_CERT_V2(NULL, &p, ASN1_STRING_length(value));
		good = named && OSSL_ESS_check_signing_certs(NULL, named, chain, 1) > 0;
	}
	ESS_SIGNING_CERT_V2_free(named);
	sk_X509_free(chain);
	return good;
}

static enum rc check_attributes(struct check *c, struct err *e)
{
	const ASN1_OBJECT *type = signed_value(c, NID_pkcs9_contentType, V_ASN1_OBJECT);
	const ASN1_STRING *digest = signed_value(c, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);
	if (!type || OBJ_obj2nid(type) != NID_pkcs7_data || !digest)
		return err_set(e, RC_FORMAT, where, "The signed attributes are not complete");
	if (!bytes_equal(asn1_bytes(digest), bytes_of(c->digest, HASH_SIZE)))
		return refuse(e, "The content is not what was signed");
	if (!names_the_signer(c))
		return refuse(e, "The signature does not name its certificate");
	if (CMS_SignerInfo_verify(c->si) != 1)
		return refuse(e, "The signature does not hold");
	int at = CMS_signed_get_attr_by_NID(c->si, NID_pkcs9_signingTime, -1);
	if (at >= 0) {
		const ASN1_TYPE *t = X509_ATTRIBUTE_get0_type(CMS_signed_get_attr(c->si, at), 0);
		bool is_time = t && (t->type == V_ASN1_UTCTIME || t->type == V_ASN1_GENERALIZEDTIME);
		if (!is_time || !asn1_time_us(t->value.asn1_string, &c->info.signing_time_us))
			return err_set(e, RC_FORMAT, where, "The signing time cannot be read");
	}
	return RC_OK;
}

/* ---- time-stamp ---- */

/* The stated time and the unit's certificate, before anything is believed. */
static enum rc read_token(struct check *c, PKCS7 *token, struct err *e)
{
	enum rc rc = RC_FORMAT;
	TS_TST_INFO *tst = PKCS7_to_TS_TST_INFO(token);
	STACK_OF(X509) *signers = PKCS7_type_is_signed(token) ? PKCS7_get0_signers(token, NULL, 0) : NULL;
	if (!tst || sk_X509_num(signers) != 1)
		goto out;
	const X509_ALGOR *hash = TS_MSG_IMPRINT_get_algo(TS_TST_INFO_get_msg_imprint(tst));
	if (OBJ_obj2nid(hash->algorithm) == NID_sha256
	    && asn1_time_us(TS_TST_INFO_get_time(tst), &c->info.timestamp_us))
		rc = x509_describe(sk_X509_value(signers, 0), &c->info.stamp_unit);
out:
	sk_X509_free(signers);
	TS_TST_INFO_free(tst);
	return rc == RC_OK ? RC_OK : err_set(e, RC_FORMAT, where, "The time-stamp cannot be read");
}

/* Over this signature, by a unit that is trusted at at_us. */
static enum rc verify_token(struct check *c, PKCS7 *token, int64_t at_us, struct err *e)
{
	enum rc rc = RC_NO_MEMORY;
	TS_VERIFY_CTX *ctx = TS_VERIFY_CTX_new();
	unsigned char *imprint = OPENSSL_malloc(HASH_SIZE);
	X509_STORE *store = x509_store_new(c->by.stamp_anchors, c->by.stamp_anchor_count, at_us, e);
	if (!ctx || !imprint || !store) {
		rc = store ? err_set(e, RC_NO_MEMORY, where, "Memory ran out") : RC_FORMAT;
		OPENSSL_free(imprint);
		X509_STORE_free(store);
		goto out;
	}
	sha256(asn1_bytes(CMS_SignerInfo_get0_signature(c->si)), imprint);
	TS_VERIFY_CTX_set_flags(ctx, TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_SIGNATURE);
	/* the context owns both from here */
	TS_VERIFY_CTX_set_imprint(ctx, imprint, HASH_SIZE);
	TS_VERIFY_CTX_set_store(ctx, store);
	rc = TS_RESP_verify_token(ctx, token) == 1 ? RC_OK : refuse(e, "The time-stamp does not hold");
out:
	TS_VERIFY_CTX_free(ctx);
	return rc;
}

static enum rc check_stamp(struct check *c, struct err *e)
{
	ASN1_OBJECT *oid = OBJ_nid2obj(NID_id_smime_aa_timeStampToken);
	if (CMS_unsigned_get_attr_by_OBJ(c->si, oid, -1) < 0)
		return RC_OK;
	const ASN1_STRING *value = CMS_unsigned_get0_data_by_OBJ(c->si, oid, ONLY_ONE, V_ASN1_SEQUENCE);
	const uint8_t *p = value ? ASN1_STRING_get0_data(value) : NULL;
	PKCS7 *token = value ? d2i_PKCS7(NULL, &p, ASN1_STRING_length(value)) : NULL;
	enum rc rc = RC_OK;
	if (!token || p != ASN1_STRING_get0_data(value) + ASN1_STRING_length(value))
		rc = err_set(e, RC_FORMAT, where, "The time-stamp cannot be read");
	if (rc == RC_OK)
		rc = read_token(c, token, e);
	if (rc == RC_OK && c->info.timestamp_us > c->by.now_us + (int64_t)CMS_CLOCK_TOLERANCE_S * 1000000)
		rc = refuse(e, "The time-stamp lies in the future");
	if (rc == RC_OK)
		rc = verify_token(c, token, c->by.at_us ? c->by.at_us : c->info.timestamp_us, e);
	c->info.has_timestamp = rc == RC_OK;
	PKCS7_free(token);
	return rc;
}

/* ---- the whole ---- */

static enum rc check_all(struct check *c, struct bytes der, struct err *e)
{
	enum rc rc = decode(der, &c->cms);
	if (rc != RC_OK)
		return err_set(e, rc, where, "The signature cannot be read");
	rc = find_signer(c, e);
	if (rc == RC_OK)
		rc = check_attributes(c, e);
	if (rc == RC_OK)
		rc = check_stamp(c, e);
	if (rc != RC_OK)
		return rc;
	if (!c->info.has_timestamp && c->by.at_us == 0)
		return refuse(e, "There is no time-stamp to judge the signature by");
	return x509_verify_chain(c->signer, c->certs, X509_USE_DOCUMENTS, c->by.anchors, c->by.anchor_count,
	                         c->info.has_timestamp ? c->info.timestamp_us : c->by.at_us, e);
}

enum rc cms_verify_detached(struct bytes der, const uint8_t digest[static HASH_SIZE], const struct cms_judge *judge,
                            struct cms_info *ret, struct err *e)
{
	struct check c;
	memset(&c, 0, sizeof c);
	c.digest = digest;
	c.by = *judge;
	if (c.by.now_us == 0)
		c.by.now_us = c.by.at_us ? c.by.at_us : clock_now_us();
	crypto_prepare();
	enum rc rc = check_all(&c, der, e);
	if (rc == RC_OK)
		*ret = c.info;
	sk_X509_pop_free(c.certs, X509_free);
	CMS_ContentInfo_free(c.cms);
	crypto_clear_errors();
	return rc;
}
