/* SPDX-License-Identifier: MPL-2.0 */
/*
 * X.509 certificates (RFC 5280) over P-256 keys: an authority, and beneath it
 * a signer of documents and a time-stamping unit; another authority, which may
 * speak for one server alone, and that server. Certificates travel as DER.
 */
#ifndef CIVIS_CRYPTO_X509_H
#define CIVIS_CRYPTO_X509_H

#include "crypto/crypto.h"

enum x509_use {
	X509_USE_AUTHORITY,    /* CA:TRUE, pathlen 0; keyCertSign, cRLSign */
	X509_USE_DOCUMENTS,    /* digitalSignature, nonRepudiation; e-mail protection, which PDF readers ask for,
	                          and document signing (RFC 9336) */
	X509_USE_TIMESTAMPING, /* digitalSignature; critical timeStamping alone (RFC 3161 §2.3) */
	X509_USE_SERVER_AUTHORITY, /* CA:TRUE, pathlen 0; critical name constraints (§4.2.1.10): its names and no others */
	X509_USE_SERVER        /* digitalSignature; serverAuth */
};

struct x509_spec {
	enum x509_use use;
	const char *country;      /* two letters; NULL leaves it out */
	const char *organization; /* UTF-8; NULL leaves it out */
	const char *common_name;  /* UTF-8, ≤ 64 code points */
	int64_t not_before_us;    /* UTC µs; cut to seconds */
	int64_t not_after_us;
	const char *names;        /* of the two for servers: "DNS:civis.example,IP:192.168.1.10"; else NULL */
};

struct x509_signer {
	struct p256_key *key;
	struct bytes certificate; /* DER */
};

/*
 * Appends the DER of a certificate for `subject`, signed by `issuer`, or by the
 * subject itself when issuer is NULL. The serial number is random (RFC 5280
 * §4.1.2.2). RC_INVALID for a spec that cannot be written; RC_NO_MEMORY.
 */
enum rc x509_issue(const struct x509_spec *spec, const struct p256_key *subject, const struct x509_signer *issuer,
                   struct buf *out, struct err *e) WARN_UNUSED;

struct x509_info {
	char common_name[128];
	char issuer_name[128]; /* common name of the issuer */
	int64_t not_before_us;
	int64_t not_after_us;
	uint8_t point[P256_PUBLIC_SIZE];
	uint8_t fingerprint[HASH_SIZE]; /* SHA-256 of the DER */
};

/* RC_FORMAT unless it is exactly one certificate with a P-256 key. Verifies nothing. */
enum rc x509_read(struct bytes der, struct x509_info *ret) WARN_UNUSED;
void x509_to_pem(struct bytes der, struct buf *out);
/* PKCS #8 without a passphrase; wipe what is left of it. RC_NO_MEMORY. */
enum rc p256_to_pem(const struct p256_key *key, struct buf *out) WARN_UNUSED;
/* The first private key in the text. RC_FORMAT. */
enum rc p256_from_pem(struct bytes pem, struct p256_key **ret) WARN_UNUSED;
/* The first certificate in the text. RC_FORMAT. */
enum rc x509_from_pem(struct bytes pem, struct buf *out) WARN_UNUSED;

/*
 * Does `der` chain to one of the anchors at that time (UTC µs), for that use?
 * RC_SIGNATURE with the reason in *e if not; RC_FORMAT if it cannot be read.
 */
enum rc x509_verify(struct bytes der, enum x509_use use, const struct bytes *anchors, size_t anchor_count,
                    int64_t at_us, struct err *e) WARN_UNUSED;

#endif
