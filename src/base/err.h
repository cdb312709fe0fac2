/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Errors are values: a code, a place and a sentence for people.
 *
 * Functions that can fail return `enum rc`. Those whose caller can do something
 * with the detail take a `struct err *` that the caller owns; NULL is allowed.
 * Output arguments are named ret_* and are not touched on failure.
 *
 * One table below gives each code its HTTP status, its stable name (which is
 * also the key of its message in the country packs' string catalogues) and the
 * English sentence used when there is no catalogue.
 */
#ifndef CIVIS_BASE_ERR_H
#define CIVIS_BASE_ERR_H

#define WARN_UNUSED __attribute__((warn_unused_result))

#define CIVIS_ERRORS(X) \
	X(RC_OK, 200, "ok", "No error") \
	/* what the caller sent */ \
	X(RC_BAD_REQUEST, 400, "bad_request", "The request cannot be understood") \
	X(RC_BAD_JSON, 400, "bad_json", "The body is not valid JSON") \
	X(RC_BAD_FRAMING, 400, "bad_framing", "The request is not framed as HTTP requires") \
	X(RC_REQUEST_ID_MISSING, 400, "request_id_missing", "An Idempotency-Key header is required here") \
	X(RC_INVALID, 422, "invalid", "One or more fields are not valid") \
	X(RC_UNAUTHENTICATED, 401, "unauthenticated", "Sign in first") \
	X(RC_CREDENTIALS, 401, "credentials_wrong", "The name or the passphrase is wrong") \
	X(RC_FORBIDDEN, 403, "forbidden", "Your role or office does not allow this") \
	X(RC_NOT_FOUND, 404, "not_found", "There is no such thing, or it is not yours to see") \
	X(RC_METHOD, 405, "method_not_allowed", "This method is not allowed here") \
	X(RC_CONFLICT, 409, "conflict", "This conflicts with what is stored") \
	X(RC_STATE, 409, "wrong_state", "The case is in a state that does not allow this") \
	X(RC_HELD, 409, "held", "Another officer holds this case") \
	X(RC_GONE, 410, "gone", "This has expired") \
	X(RC_MATCH_FAILED, 412, "changed_meanwhile", "The case was changed meanwhile; read it again") \
	X(RC_LENGTH_REQUIRED, 411, "length_required", "A body has to state its length") \
	X(RC_TOO_LARGE, 413, "too_large", "The body is larger than allowed") \
	X(RC_MEDIA_TYPE, 415, "media_type", "This type of content is not accepted") \
	X(RC_IDEMPOTENCY, 422, "request_id_reused", "This Idempotency-Key was used for another request") \
	X(RC_MATCH_REQUIRED, 428, "match_required", "An If-Match header is required here") \
	X(RC_THROTTLED, 429, "throttled", "Too many requests; wait and try again") \
	X(RC_QUOTA, 429, "quota_reached", "The daily quota of openings is reached") \
	X(RC_HEADERS, 431, "headers_too_large", "The request headers are too large") \
	/* what the installation cannot do just now */ \
	X(RC_INTERNAL, 500, "internal", "An internal error; it has been logged") \
	X(RC_NO_MEMORY, 500, "no_memory", "Memory ran out") \
	X(RC_IO, 500, "io", "Reading or writing failed") \
	X(RC_BUSY, 503, "busy", "The server is busy; try again shortly") \
	X(RC_STORE_DOWN, 503, "store_unavailable", "The database cannot be reached; try again shortly") \
	X(RC_VAULT_DOWN, 503, "vault_unavailable", "The vault cannot be reached; try again shortly") \
	X(RC_MATCHER_DOWN, 503, "matcher_unavailable", "The matcher cannot be reached") \
	X(RC_STORE_FULL, 503, "store_full", "The store has no room left") \
	X(RC_READ_ONLY, 503, "read_only", "The register is read-only until its operator decides") \
	/* what was found in data that should be sound */ \
	X(RC_FORMAT, 422, "format", "The data does not have the expected format") \
	X(RC_SIGNATURE, 422, "signature", "A signature or authentication tag does not match") \
	X(RC_PROOF, 422, "proof", "A log proof does not hold") \
	X(RC_CONFIG, 500, "config", "The configuration is not usable") \
	X(RC_CORRUPT, 500, "corrupt", "Stored data does not agree with itself")

enum rc {
#define X(code, http, name, text) code,
	CIVIS_ERRORS(X)
#undef X
	RC_COUNT
};

struct err {
	enum rc code;
	char where[96];  /* a JSON pointer, file:line, or the name of what was being read */
	char text[256];  /* a sentence; never personal data */
};

#define ERR_NONE ((struct err){.code = RC_OK})

/* Fills *e (if not NULL) and returns code, so that `return err_set(...)` reads well. */
enum rc err_set(struct err *e, enum rc code, const char *where, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
#ifdef __clang_analyzer__
/* A checker that reads one file at a time sees so that the code comes back. */
#define err_set(e, code, ...) ((void)(err_set)(e, code, __VA_ARGS__), code)
#endif
int rc_http(enum rc code);
const char *rc_name(enum rc code);
const char *rc_text(enum rc code);

#endif
