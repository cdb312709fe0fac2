/* SPDX-License-Identifier: MPL-2.0 */
/*
 * COSE_Sign1 (RFC 9052 §4.2): layout only; whoever holds the key signs.
 *
 *   18([ protected bstr, unprotected {}, payload bstr, signature bstr ])
 *   protected = { 1: alg, ? 4: kid, ? 16: typ }
 *
 * What is signed is Sig_structure (§4.4) with empty external data:
 *   [ "Signature1", protected bstr, h'', payload bstr ]
 *
 * To build: cose_protected → cose_tbs → sign → cose_sign1_put.
 * To check: cose_sign1_parse → choose the key by kid → cose_tbs → verify.
 */
#ifndef CIVIS_CODEC_COSE_H
#define CIVIS_CODEC_COSE_H

#include "base/bytes.h"
#include "base/err.h"

enum {
	COSE_ALG_ES256 = -7,
	COSE_ALG_EDDSA = -8,
	COSE_TAG_SIGN1 = 18,
	COSE_SIGNATURE_SIZE = 64 /* of both algorithms: r ‖ s, or the Ed25519 signature */
};

struct cose_sign1 {
	int64_t alg;
	struct bytes kid;              /* empty if absent; the protected one goes first */
	struct bytes type;             /* header 16 as text; empty if absent */
	struct bytes protected_header; /* content of the protected bstr: an encoded map, or empty */
	struct bytes payload;
	struct bytes signature;
};

/* The encoded protected map. An empty kid or a NULL type is left out. */
void cose_protected(struct buf *out, int64_t alg, struct bytes kid, const char *type);
/* The bytes to be signed. */
void cose_tbs(struct buf *out, struct bytes protected_header, struct bytes payload);
/* The tagged message. */
void cose_sign1_put(struct buf *out, struct bytes protected_header, struct bytes payload, struct bytes signature);

/*
 * Reads a COSE_Sign1, with or without its tag; all parts borrow from the input.
 * RC_FORMAT also for: alg missing or unprotected, a detached payload, a `crit`
 * header, a header label in both maps, or a signature that is not 64 bytes.
 * Verifies nothing.
 */
enum rc cose_sign1_parse(struct bytes message, struct cose_sign1 *ret) WARN_UNUSED;
/* cose_tbs of what was parsed. */
void cose_sign1_tbs(const struct cose_sign1 *s, struct buf *out);

#endif
