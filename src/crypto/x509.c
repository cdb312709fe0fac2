/* SPDX-License-Identifier: MPL-2.0 */
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <string.h>
#include <time.h>

#include "base/random.h"
#include "base/text.h"
#include "crypto/internal.h"

enum { MICROSECONDS = 1000000, VERSION_3 = 2, SERIAL_SIZE = 16 };

struct extension {
	int nid;
	const char *value;
};

/* id-kp-documentSigning of RFC 9336 has no name in OpenSSL 3.0. */
static const struct extension authority_extensions[] = {
	{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
	{NID_key_usage, "critical,keyCertSign,cRLSign"},
	{0, NULL},
};
static const struct extension document_extensions[] = {
	{NID_basic_constraints, "critical,CA:FALSE"},
	{NID_key_usage, "critical,digitalSignature,nonRepudiation"},
	{NID_ext_key_usage, "emailProtection,1.3.6.1.5.5.7.3.36"},
	{0, NULL},
};
static const struct extension timestamping_extensions[] = {
	{NID_basic_constraints, "critical,CA:FALSE"},
	{NID_key_usage, "critical,digitalSignature"},
	{NID_ext_key_usage, "critical,timeStamping"},
	{0, NULL},
};

static const struct extension server_extensions[] = {
	{NID_basic_constraints, "critical,CA:FALSE"},
	{NID_key_usage, "critical,digitalSignature"},
	{NID_ext_key_usage, "serverAuth"},
	{0, NULL},
};

static const struct extension *extensions_for(enum x509_use use)
{
	switch (use) {
	case X509_USE_AUTHORITY:
		return authority_extensions;
	case X509_USE_DOCUMENTS:
		return document_extensions;
	case X509_USE_TIMESTAMPING:
		return timestamping_extensions;
	case X509_USE_SERVER_AUTHORITY:
		return authority_extensions;
	case X509_USE_SERVER:
		return server_extensions;
	default:
		return NULL;
	}
}

/* ---- issuing ---- */

static bool add_extension(X509 *cert, X509V3_CTX *ctx, int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_nconf_nid(NULL, ctx, nid, value);
	bool good = ext && X509_add_ext(cert, ext, -1) == 1;
	X509_EXTENSION_free(ext);
	return good;
}

/* "DNS:a,IP:1.2.3.4" as what alone is permitted. A kind of name that is not among them is not left open. */
static bool put_constraints(const char *names, struct buf *out)
{
	bool dns = false, ip = false;
	buf_str(out, "critical");
	for (const char *p = names, *end; *p; p = *end ? end + 1 : end) {
		end = p + strcspn(p, ",");
		bool address = strncmp(p, "IP:", 3) == 0, six = address && memchr(p + 3, ':', (size_t)(end - p - 3));
		buf_printf(out, ",permitted;%.*s%s", (int)(end - p), p,
		           !address ? "" : six ? "/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" : "/255.255.255.255");
		dns |= !address;
		ip |= address;
	}
	if (!dns)
		buf_str(out, ",permitted;DNS:invalid"); /* RFC 6761 §6.4: no host has a name below it */
	if (!ip)
		buf_str(out, ",excluded;IP:0.0.0.0/0.0.0.0,excluded;IP:0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0");
	return !buf_failed(out);
}

static bool add_names(X509 *cert, X509V3_CTX *ctx, const struct x509_spec *spec)
{
	if (spec->use == X509_USE_SERVER)
		return add_extension(cert, ctx, NID_subject_alt_name, spec->names);
	if (spec->use != X509_USE_SERVER_AUTHORITY)
		return true;
	struct buf text = BUF_INIT(4096);
	bool good = put_constraints(spec->names, &text) && add_extension(cert, ctx, NID_name_constraints, buf_cstr(&text));
	buf_release(&text);
	return good;
}

static bool add_extensions(X509 *cert, X509 *issuer, const struct x509_spec *spec)
{
	X509V3_CTX ctx;
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	if (!add_names(cert, &ctx, spec))
		return false;
	for (const struct extension *x = extensions_for(spec->use); x->value; x++) {
		if (!add_extension(cert, &ctx, x->nid, x->value))
			return false;
	}
	return add_extension(cert, &ctx, NID_subject_key_identifier, "hash")
	       && (issuer == cert || add_extension(cert, &ctx, NID_authority_key_identifier, "keyid:always"));
}

static bool add_name_entry(X509_NAME *name, int nid, const char *value)
{
	if (!value)
		return true;
	/* RFC 5280 §4.1.2.4: countries are PrintableString, all else may be UTF-8. */
	int type = nid == NID_countryName ? V_ASN1_PRINTABLESTRING : MBSTRING_UTF8;
	return X509_NAME_add_entry_by_NID(name, nid, type, crypto_ptr(bytes_str(value)), -1, -1, 0) == 1;
}

static bool set_subject(X509 *cert, const struct x509_spec *spec)
{
	X509_NAME *name = X509_get_subject_name(cert);
	return add_name_entry(name, NID_countryName, spec->country)
	       && add_name_entry(name, NID_organizationName, spec->organization)
	       && add_name_entry(name, NID_commonName, spec->common_name);
}

static bool set_serial(X509 *cert)
{
	uint8_t random[SERIAL_SIZE];
	random_bytes(random, sizeof random);
	random[0] = (uint8_t)((random[0] & 0x7f) | 0x40); /* positive, of constant length */
	BIGNUM *n = BN_bin2bn(random, sizeof random, NULL);
	bool good = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert));
	BN_free(n);
	return good;
}

static bool set_validity(X509 *cert, const struct x509_spec *spec)
{
	return ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)(spec->not_before_us / MICROSECONDS))
	       && ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)(spec->not_after_us / MICROSECONDS));
}

static bool append_der(X509 *cert, struct buf *out)
{
	int len = i2d_X509(cert, NULL);
	uint8_t *start = len > 0 ? buf_extend(out, (size_t)len) : NULL, *to = start;
	return to && i2d_X509(cert, &to) == len && i2d_is_whole(start, to, len);
}

enum rc x509_issue(const struct x509_spec *spec, const struct p256_key *subject, const struct x509_signer *issuer,
                   struct buf *out, struct err *e)
{
	static const char where[] = "certificate";
	if (!extensions_for(spec->use) || !spec->common_name || !*spec->common_name
	    || spec->not_before_us > spec->not_after_us || (spec->country && strlen(spec->country) != 2)
	    || !spec->names != (spec->use < X509_USE_SERVER_AUTHORITY) || (spec->names && !*spec->names))
		return err_set(e, RC_INVALID, where, "A name, a use, a period and a country of two letters are needed");
	crypto_prepare();
	enum rc rc = RC_OK;
	X509 *cert = X509_new(), *issuer_cert = issuer ? x509_decode(issuer->certificate) : NULL;
	const struct p256_key *signing_key = issuer ? issuer->key : subject;
	if (issuer && !issuer_cert) {
		rc = err_set(e, RC_FORMAT, where, "The issuer's certificate cannot be read");
		goto out;
	}
	X509 *parent = issuer ? issuer_cert : cert;
	if (!cert || X509_set_version(cert, VERSION_3) != 1 || !set_serial(cert) || !set_subject(cert, spec)
	    || !set_validity(cert, spec) || X509_set_pubkey(cert, p256_pkey(subject)) != 1
	    || X509_set_issuer_name(cert, X509_get_subject_name(parent)) != 1
	    || !add_extensions(cert, parent, spec) || X509_sign(cert, p256_pkey(signing_key), EVP_sha256()) <= 0) {
		rc = crypto_error(e, RC_INVALID, where, "The certificate cannot be made");
		goto out;
	}
	if (!append_der(cert, out))
		rc = err_set(e, buf_failed(out) ? RC_TOO_LARGE : RC_NO_MEMORY, where, "The certificate has no room");
out:
	X509_free(issuer_cert);
	X509_free(cert);
	crypto_clear_errors();
	return rc;
}

/* ---- reading ---- */

struct bytes asn1_bytes(const ASN1_STRING *s)
{
	return bytes_of(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
}

X509 *x509_decode(struct bytes der)
{
	const uint8_t *p = der.ptr;
	crypto_prepare();
	X509 *cert = der.len && der.len <= INT32_MAX ? d2i_X509(NULL, &p, (long)der.len) : NULL;
	if (cert && p != der.ptr + der.len) {
		X509_free(cert);
		cert = NULL;
	}
	crypto_clear_errors();
	return cert;
}

bool asn1_time_us(const ASN1_TIME *t, int64_t *ret)
{
	struct tm tm;
	if (!t || ASN1_TIME_to_tm(t, &tm) != 1)
		return false;
	*ret = (int64_t)timegm(&tm) * MICROSECONDS;
	return true;
}

/* The last common name, cut to the room; empty if there is none. */
static void common_name(const X509_NAME *name, char *out, size_t size)
{
	unsigned char *utf8 = NULL;
	int at = -1, next;
	out[0] = '\0';
	while ((next = X509_NAME_get_index_by_NID(name, NID_commonName, at)) >= 0)
		at = next;
	if (at < 0)
		return;
	int len = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (len >= 0)
		snprintf(out, size, "%.*s", len, (const char *)utf8);
	OPENSSL_free(utf8);
}

static bool read_point(X509 *cert, uint8_t ret[static P256_PUBLIC_SIZE])
{
	char group[32];
	size_t len;
	EVP_PKEY *pkey = X509_get0_pubkey(cert);
	if (!pkey || !EVP_PKEY_is_a(pkey, "EC") || EVP_PKEY_get_group_name(pkey, group, sizeof group, &len) != 1
	    || strcmp(group, SN_X9_62_prime256v1) != 0)
		return false;
	struct bytes bits = asn1_bytes(X509_get0_pubkey_bitstr(cert));
	if (bits.len != P256_PUBLIC_SIZE)
		return false;
	memcpy(ret, bits.ptr, bits.len);
	return true;
}

static bool read_fingerprint(X509 *cert, uint8_t ret[static HASH_SIZE])
{
	unsigned char *der = NULL;
	int len = i2d_X509(cert, &der);
	if (len > 0)
		sha256(bytes_of(der, (size_t)len), ret);
	OPENSSL_free(der);
	return len > 0;
}

enum rc x509_describe(X509 *cert, struct x509_info *ret)
{
	struct x509_info info;
	memset(&info, 0, sizeof info);
	bool good = read_point(cert, info.point) && read_fingerprint(cert, info.fingerprint)
	            && asn1_time_us(X509_get0_notBefore(cert), &info.not_before_us)
	            && asn1_time_us(X509_get0_notAfter(cert), &info.not_after_us);
	crypto_clear_errors();
	if (!good)
		return RC_FORMAT;
	common_name(X509_get_subject_name(cert), info.common_name, sizeof info.common_name);
	common_name(X509_get_issuer_name(cert), info.issuer_name, sizeof info.issuer_name);
	*ret = info;
	return RC_OK;
}

enum rc x509_read(struct bytes der, struct x509_info *ret)
{
	X509 *cert = x509_decode(der);
	enum rc rc = cert ? x509_describe(cert, ret) : RC_FORMAT;
	X509_free(cert);
	return rc;
}

/* ---- PEM ---- */

enum rc p256_to_pem(const struct p256_key *key, struct buf *out)
{
	BIO *to = BIO_new(BIO_s_mem());
	char *text = NULL;
	bool good = to && PEM_write_bio_PKCS8PrivateKey(to, p256_pkey(key), NULL, NULL, 0, NULL, NULL) == 1;
	long len = good ? BIO_get_mem_data(to, &text) : 0;
	if (len > 0) {
		buf_append(out, bytes_of(text, (size_t)len));
		wipe(text, (size_t)len);
	}
	BIO_free(to);
	crypto_clear_errors();
	return len > 0 && !buf_failed(out) ? RC_OK : RC_NO_MEMORY;
}

enum rc p256_from_pem(struct bytes pem, struct p256_key **ret)
{
	static char no_passphrase[1]; /* else OpenSSL would ask at the terminal */
	uint8_t scalar[P256_PRIVATE_SIZE];
	BIGNUM *d = NULL;
	BIO *in = pem.len <= INT32_MAX ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;
	EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, NULL, no_passphrase) : NULL;
	enum rc rc = RC_FORMAT;
	if (key && EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &d) == 1
	    && BN_bn2binpad(d, scalar, sizeof scalar) == (int)sizeof scalar)
		rc = p256_load(bytes_of(scalar, sizeof scalar), ret);
	wipe(scalar, sizeof scalar);
	BN_clear_free(d);
	EVP_PKEY_free(key);
	BIO_free(in);
	crypto_clear_errors();
	return rc;
}

void x509_to_pem(struct bytes der, struct buf *out)
{
	struct buf text = BUF_INIT(der.len * 2 + 4);
	base64_encode(&text, der);
	buf_str(out, "-----BEGIN CERTIFICATE-----\n");
	for (size_t i = 0; i < text.len; i += 64) {
		buf_append(out, bytes_slice(buf_bytes(&text), i, 64));
		buf_byte(out, '\n');
	}
	buf_str(out, "-----END CERTIFICATE-----\n");
	out->failed |= buf_failed(&text);
	buf_release(&text);
}

enum rc x509_from_pem(struct bytes pem, struct buf *out)
{
	enum rc rc = RC_FORMAT;
	crypto_prepare();
	BIO *bio = pem.len && pem.len <= INT32_MAX ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;
	X509 *cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	if (cert)
		rc = append_der(cert, out) ? RC_OK : RC_NO_MEMORY;
	X509_free(cert);
	BIO_free(bio);
	crypto_clear_errors();
	return rc;
}

/* ---- chains ---- */

X509_STORE *x509_store_new(const struct bytes *anchors, size_t count, int64_t at_us, struct err *e)
{
	static const char where[] = "trust anchors";
	X509_STORE *store = X509_STORE_new();
	for (size_t i = 0; store && i < count; i++) {
		X509 *anchor = x509_decode(anchors[i]);
		bool added = anchor && X509_STORE_add_cert(store, anchor) == 1;
		X509_free(anchor);
		if (!added) {
			X509_STORE_free(store);
			crypto_error(e, RC_FORMAT, where, "A trust anchor cannot be read");
			return NULL;
		}
	}
	if (!store) {
		err_set(e, RC_NO_MEMORY, where, "Memory ran out");
		return NULL;
	}
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)(at_us / MICROSECONDS));
	return store;
}

static int purpose_of(enum x509_use use)
{
	switch (use) {
	case X509_USE_DOCUMENTS:
		return X509_PURPOSE_SMIME_SIGN;
	case X509_USE_TIMESTAMPING:
		return X509_PURPOSE_TIMESTAMP_SIGN;
	default:
		return X509_PURPOSE_ANY;
	}
}

enum rc x509_verify_chain(X509 *leaf, STACK_OF(X509) *between, enum x509_use use, const struct bytes *anchors,
                          size_t count, int64_t at_us, struct err *e)
{
	static const char where[] = "certificate chain";
	enum rc rc = RC_NO_MEMORY;
	struct err detail = ERR_NONE;
	X509_STORE *store = x509_store_new(anchors, count, at_us, &detail);
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	if (!store) {
		rc = err_set(e, detail.code, detail.where, "%s", detail.text);
		goto out;
	}
	if (!ctx || X509_STORE_CTX_init(ctx, store, leaf, between) != 1
	    || X509_STORE_CTX_set_purpose(ctx, purpose_of(use)) != 1) {
		rc = crypto_error(e, RC_NO_MEMORY, where, "The check cannot begin");
		goto out;
	}
	rc = RC_OK;
	if (X509_verify_cert(ctx) != 1)
		rc = err_set(e, RC_SIGNATURE, where, "The certificate is not trusted: %s",
		             X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)));
out:
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	crypto_clear_errors();
	return rc;
}

enum rc x509_verify(struct bytes der, enum x509_use use, const struct bytes *anchors, size_t anchor_count,
                    int64_t at_us, struct err *e)
{
	X509 *cert = x509_decode(der);
	enum rc rc = cert ? x509_verify_chain(cert, NULL, use, anchors, anchor_count, at_us, e)
	                  : err_set(e, RC_FORMAT, "certificate", "The certificate cannot be read");
	X509_free(cert);
	return rc;
}
