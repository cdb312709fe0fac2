/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The credential in a certificate's QR: a CWT (RFC 8392) in COSE_Sign1 (RFC 9052), ES256.
 *
 *   text     "CIV1:" ‖ base45(zlib(COSE_Sign1))       RFC 9285, RFC 1950 with the dictionary below
 *   COSE     18([ <<{1: -7, 4: kid}>>, {}, <<claims>>, r ‖ s ])      deterministic CBOR
 *   claims   { 1: iss tstr, 6: iat uint, 7: cti bstr,
 *              65535: {"status_list": {"idx": uint, "uri": tstr}}, -70001: extract }
 *   extract  { 1: kind, 2: entry, 3: name native, 4: name latin, 5: sex, 6: birth date,
 *              7: place of birth code, 8: registration date }        any may be absent
 *
 * All of an extract are tstr, but the two dates are int, days since 1970-01-01 (RFC 8943 without its
 * tag), and the entry is [office code tstr, register tstr, book uint, year uint, serial uint]. kid is the
 * first two bytes or more of the key's id: a hint. A checker tries each key of the issuer that begins so
 * and was in force. cti is the document's serial number (credential/serial.h). Each spares room in the
 * printed symbol, and so does zlib's preset dictionary: letters that names are written with, then the frame
 * of such a credential. It never changes for "CIV1:".
 *
 * The vault makes the COSE_Sign1; here it is put into text, and read.
 */
#ifndef CIVIS_CREDENTIAL_CWT_H
#define CIVIS_CREDENTIAL_CWT_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "credential/trust.h"

#define CWT_PREFIX "CIV1:"
#define CWT_TEXT_MAX 4296           /* characters of a QR code, version 40, level L */
#define CWT_COSE_MAX ((size_t)4096) /* bytes of COSE_Sign1, inflated */
#define CWT_CLAIM_STATUS 65535
#define CWT_CLAIM_EXTRACT (-70001)
#define CWT_DICTIONARY_SIZE 600

enum extract_label {
	EXTRACT_KIND = 1,
	EXTRACT_ENTRY,
	EXTRACT_NAME_NATIVE,
	EXTRACT_NAME_LATIN,
	EXTRACT_SEX,
	EXTRACT_BIRTH_DATE,
	EXTRACT_BIRTH_PLACE,
	EXTRACT_REGISTERED,
	EXTRACT_END
};

struct cwt_entry {
	struct bytes office, reg; /* UTF-8 */
	uint64_t book, year, serial;
};

/* Borrows from the bytes it was read from. */
struct cwt {
	struct bytes kid;
	struct bytes issuer;   /* UTF-8 */
	int64_t issued;        /* seconds since 1970 */
	struct bytes serial;   /* cti */
	bool has_status;
	uint64_t status_index;
	struct bytes status_uri;
	struct bytes extract;  /* the CBOR map as it stands: compare it byte for byte */
	struct bytes field[EXTRACT_END]; /* by label, UTF-8; BYTES_NONE if absent, a date or the entry */
	bool has_entry;
	struct cwt_entry entry;
	bool has_date[EXTRACT_END];
	struct date date[EXTRACT_END];
};

/* The dictionary's bytes, in memory of the caller's. */
struct bytes cwt_dictionary(uint8_t memory[static CWT_DICTIONARY_SIZE]);
/* COSE_Sign1 bytes → "CIV1:…", appended to out. RC_TOO_LARGE over out's maximum. */
enum rc cwt_text_encode(struct bytes cose, struct buf *out, struct err *e) WARN_UNUSED;
/* Text (surrounding white space ignored) → COSE_Sign1 bytes, appended. RC_FORMAT, RC_TOO_LARGE. */
enum rc cwt_text_decode(struct bytes text, struct buf *out, struct err *e) WARN_UNUSED;
/* Reads without checking the signature. RC_FORMAT. */
enum rc cwt_parse(struct bytes cose, struct cwt *ret_cwt, struct err *e) WARN_UNUSED;
/*
 * Reads and checks: the signature, by the trust file's key of that id, in force when issued;
 * the issuer's name.
 *   RC_FORMAT     not such a credential
 *   RC_NOT_FOUND  signed by a key that is not in the trust file
 *   RC_SIGNATURE  the signature or the issuer does not match
 */
enum rc cwt_verify(struct bytes cose, const struct trust *trust, struct cwt *ret_cwt, struct err *e) WARN_UNUSED;

#endif
