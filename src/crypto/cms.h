/* SPDX-License-Identifier: MPL-2.0 */
/*
 * CMS signatures (RFC 5652) as PDF documents carry them: detached, CAdES-BES
 * (ETSI EN 319 122-1) with signing-certificate-v2 (RFC 5035), ECDSA P-256 with
 * SHA-256; with a time-stamp token (RFC 3161) as unsigned attribute they are
 * the CMS part of PAdES B-T (ETSI EN 319 142-1).
 */
#ifndef CIVIS_CRYPTO_CMS_H
#define CIVIS_CRYPTO_CMS_H

#include "crypto/x509.h"

/* The greatest DER that cms_sign_detached makes: what a PDF must leave room for. */
enum { CMS_SIZE_MAX = 8192 };

/* OID of the time-stamping policy under which tsa_stamp works (the arc is our own choice, RFC 9562 UUID arc). */
#define TSA_POLICY_OID "2.25.176319013457240958140316410918360927641"

/*
 * Appends a time-stamp token (TimeStampToken, a DER ContentInfo) over a SHA-256
 * digest. `authority` (DER, or empty) is put beside the unit's own certificate.
 */
enum rc tsa_stamp(const struct x509_signer *unit, struct bytes authority, const uint8_t digest[static HASH_SIZE],
                  int64_t at_us, struct buf *out, struct err *e) WARN_UNUSED;

/* Asked for a token over SHA-256(signature); appends the token to out. */
struct cms_stamper {
	enum rc (*stamp)(void *ctx, const uint8_t digest[static HASH_SIZE], struct buf *out, struct err *e);
	void *ctx;
};

struct cms_signer {
	struct x509_signer signer;
	struct bytes authority; /* DER put beside the signer's own certificate; may be empty */
	int64_t signing_time_us; /* 0 leaves signing-time out, as PAdES asks: the PDF's /M says it */
	const struct cms_stamper *stamper; /* NULL: no time-stamp (B-B) */
};

/* Appends the DER of a signature over content whose SHA-256 is `digest`. */
enum rc cms_sign_detached(const struct cms_signer *s, const uint8_t digest[static HASH_SIZE], struct buf *out,
                          struct err *e) WARN_UNUSED;

struct cms_info {
	struct x509_info signer;
	bool has_timestamp;
	int64_t timestamp_us;        /* the time that the token states; valid if has_timestamp */
	struct x509_info stamp_unit; /* valid if has_timestamp */
	int64_t signing_time_us;     /* claimed by the signer; 0 = not stated */
};

/* What a signature is judged by. */
struct cms_judge {
	const struct bytes *anchors;       /* authorities of signers, DER */
	size_t anchor_count;
	const struct bytes *stamp_anchors; /* authorities of time-stamping units, DER */
	size_t stamp_anchor_count;
	int64_t at_us;                     /* the time of verification, see below */
	int64_t now_us;                    /* the checker's clock; 0: at_us, or this computer's clock */
};

enum { CMS_CLOCK_TOLERANCE_S = 300 };  /* a stamp may be this far ahead of now */

/*
 * Verifies a detached signature with exactly one signer: its message digest is
 * `digest`, signing-certificate-v2 names the signer's certificate, signature
 * and chain hold, and the time-stamp, if there is one, is over this signature.
 *
 * The chain of the signer ends in one of `anchors`, that of the time-stamping
 * unit in one of `stamp_anchors`; neither authority may do the other's work.
 *
 * at_us: the time of verification. A stamped signature is judged by its
 * stamp: the signer's certificate must have been valid then, and the unit's at
 * at_us; without a stamp the signer's at at_us. at_us 0 takes the stamp's own
 * time for both (for a verifier who knows the keys' periods from a trust list),
 * and refuses a signature without a stamp. A stamp later than now is refused
 * in any case.
 *
 * DER followed by zero bytes (the room that a PDF left) is accepted.
 * RC_FORMAT; RC_SIGNATURE with the reason in *e; RC_NO_MEMORY.
 */
enum rc cms_verify_detached(struct bytes der, const uint8_t digest[static HASH_SIZE], const struct cms_judge *judge,
                            struct cms_info *ret, struct err *e) WARN_UNUSED;

#endif
