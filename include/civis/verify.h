/* SPDX-License-Identifier: MPL-2.0 */
/*
 * libcivis: check a civil-status document with no network.
 *
 *   civis_trust *trust;
 *   if (civis_trust_new(json, json_len, &trust) != CIVIS_OK) ...
 *   civis_result *result;
 *   if (civis_verify_file("certificate.pdf", trust, NULL, &result) == CIVIS_OK &&
 *       civis_result_verdict(result) == CIVIS_VALID)
 *           puts(civis_result_field(result, "name_native"));
 *   civis_result_free(result);
 *   civis_trust_free(trust);
 *
 * Nothing here opens a socket, writes a file, keeps global state or prints. An object, also a trust
 * object, is used by one thread at a time; each thread makes its own. All texts are UTF-8.
 */
#ifndef CIVIS_VERIFY_H
#define CIVIS_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define CIVIS_API __attribute__((visibility("default")))
#else
#define CIVIS_API
#endif

typedef struct civis_trust civis_trust;
typedef struct civis_result civis_result;

/* What a call can return. A document that is not valid is not an error: see the verdict. */
typedef enum civis_error {
	CIVIS_OK = 0,
	CIVIS_E_FORMAT = 1,    /* not of the expected format */
	CIVIS_E_IO = 2,        /* the file cannot be read */
	CIVIS_E_TOO_LARGE = 3,
	CIVIS_E_MEMORY = 4,
	CIVIS_E_PROOF = 5      /* a log proof or signature does not hold */
} civis_error;

typedef enum civis_verdict {
	CIVIS_VALID = 0,
	CIVIS_NOT_VALID = 1,
	CIVIS_UNUSABLE = 2     /* neither a document of ours nor a spoilt one: nothing can be said */
} civis_verdict;

typedef enum civis_outcome {
	CIVIS_PASSED = 0,
	CIVIS_FAILED = 1,
	CIVIS_NOT_CHECKED = 2  /* the document has no such part, or what is needed was not given */
} civis_outcome;

/* What the checker adds. Zero or NULL members mean "not given". */
typedef struct civis_options {
	const void *status_list;   /* a signed status list, as published at /status/N */
	size_t status_list_len;
	int64_t now;               /* seconds since 1970; 0: the system's clock */
} civis_options;

/* The trust file of `civis trust export`. CIVIS_E_FORMAT, CIVIS_E_TOO_LARGE, CIVIS_E_MEMORY. */
CIVIS_API civis_error civis_trust_new(const void *json, size_t len, civis_trust **ret_trust);
CIVIS_API void civis_trust_free(civis_trust *trust);

/*
 * A signed PDF, or the text of a QR ("CIV1:…"). *ret_result is set when CIVIS_OK is returned and
 * must be freed. options may be NULL.
 */
CIVIS_API civis_error civis_verify_bytes(const void *data, size_t len, const civis_trust *trust,
                                         const civis_options *options, civis_result **ret_result);
CIVIS_API civis_error civis_verify_file(const char *path, const civis_trust *trust,
                                        const civis_options *options, civis_result **ret_result);
CIVIS_API void civis_result_free(civis_result *result);

CIVIS_API civis_verdict civis_result_verdict(const civis_result *result);
/*
 * Why, as one stable word:
 *   "valid"
 *   "altered"      the file was changed after it was signed
 *   "signature"    a signature does not hold, or is by a key that the trust file does not know
 *   "disagrees"    the parts of the document do not agree with each other
 *   "proof"        the receipt does not prove that the act stands in the log
 *   "revoked"      the status list says that the document was cancelled
 *   "suspended"    the status list says that the document is suspended
 *   "changed"      the status list says that a later act changed what the document says; there is a new one
 *   "status"       the status list given cannot be used for this document: it is another one, cannot be read, or
 *                  has expired (or does not say when) and so cannot show that the document still counts
 *   "no_signature" a PDF without a signature
 *   "unusable"     not a PDF and not a QR text of ours
 */
CIVIS_API const char *civis_result_reason(const civis_result *result);
/*
 * What the verdict is of:
 *   "document"     the whole PDF
 *   "qr"           a QR alone: what it says is signed, but nothing tells whether the paper around it says the same.
 *                  Compare the fields with the paper before accepting it.
 *   ""             neither (CIVIS_UNUSABLE)
 */
CIVIS_API const char *civis_result_subject(const civis_result *result);
/* The checks made, in order: names "document_signature", "whole_file", "timestamp", "qr_signature",
   "receipt", "act_signature", "log_inclusion", "log_checkpoint", "agreement", "status". */
CIVIS_API size_t civis_result_check_count(const civis_result *result);
CIVIS_API const char *civis_result_check_name(const civis_result *result, size_t i);
CIVIS_API civis_outcome civis_result_check_outcome(const civis_result *result, size_t i);
/* An English half-sentence on the outcome; "" if there is nothing to add. */
CIVIS_API const char *civis_result_check_detail(const civis_result *result, size_t i);
/*
 * What the document states and a signature covers: "kind", "entry", "name_native", "name_latin",
 * "sex", "birth_date", "birth_place", "registered", "issuer", "issued", "serial", "signed_at",
 * "log_index", "log_size". NULL if it does not say, or if the verdict is CIVIS_UNUSABLE.
 * Whatever the verdict: "status_uri", where the status list is published that the document names.
 * And what the status list says of a document that no longer counts: "status_since", the day
 * ("YYYY-MM-DD", UTC) since which it is revoked, suspended or changed.
 */
CIVIS_API const char *civis_result_field(const civis_result *result, const char *name);
/* Everything above as one JSON object; owned by the result. NULL if memory ran out. */
CIVIS_API const char *civis_result_json(civis_result *result);

#ifdef __cplusplus
}
#endif

#endif
