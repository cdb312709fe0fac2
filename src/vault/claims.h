/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Codes with which a family draws its own document (vault/client.h, vault_claim).
 *
 * A code is 60 random bits; vault.db has an HMAC of it. Who shows it gets a token
 * for ten minutes, for one act and one serial; it is no session, and is looked up
 * nowhere but where QRs and PDFs are signed. Everything is done and recorded as by
 * the officer who gave the code, with what that officer may do at that moment.
 */
#ifndef CIVIS_VAULT_CLAIMS_H
#define CIVIS_VAULT_CLAIMS_H

#include "vault/sessions.h"

#define CLAIM_SESSION_US (10LL * 60 * 1000000)

/* Wrong codes, of everybody together: two hundred at once, fifty a second. In a year of that, with a million codes
   given out, one is guessed with a chance of about one in 700; the gate slows each address down much earlier. */
#define CLAIM_FAILURE_US (20LL * 1000)
#define CLAIM_FAILURES_US (200 * CLAIM_FAILURE_US)

struct claim {
	struct id person, act, staff;
	int64_t until, session_until; /* UTC µs; 0: not used yet */
	uint8_t serial[VAULT_SERIAL_MAX];
	size_t serial_len;            /* 0: none yet */
};

/* Makes and stores a code for this act, in place of an unused one. */
enum rc claims_make(struct vault_db *db, const struct vault_keys *keys, struct id person, struct id act, struct id staff,
		    unsigned days, char ret_code[static VAULT_CLAIM_CODE_SIZE], struct err *e) WARN_UNUSED;

/* The claim of a code as people type it, and the hash of the code. RC_NOT_FOUND. */
enum rc claims_by_code(struct vault_db *db, const struct vault_keys *keys, struct bytes code, struct claim *ret,
		       uint8_t ret_hash[static HASH_SIZE], struct err *e) WARN_UNUSED;
/* Begins its session, or goes on with it under a new token; fills session_until. RC_GONE (used or expired). */
enum rc claims_use(struct vault_db *db, const struct vault_keys *keys, const uint8_t hash[static HASH_SIZE],
		   struct claim *claim, char ret_token[static VAULT_TOKEN_SIZE], struct err *e) WARN_UNUSED;

/* Whether the token was made for a claim; then the hash that its session has. */
bool claims_is_token(const struct vault_keys *keys, struct bytes token, uint8_t ret_hash[static HASH_SIZE]);
/* RC_UNAUTHENTICATED: it is over. */
enum rc claims_by_session(struct vault_db *db, const uint8_t hash[static HASH_SIZE], struct claim *ret, struct err *e) WARN_UNUSED;
/* Whether this serial is the one that the claim is bound to. */
bool claims_has_serial(const struct claim *claim, struct bytes serial);
/* Binds a claim without a serial to this one. */
enum rc claims_bind(struct vault_db *db, const uint8_t session[static HASH_SIZE], struct bytes serial,
		    struct err *e) WARN_UNUSED;

/* The officer who gave the code, as if in a session of that hash. RC_GONE: the account was closed. */
enum rc claims_officer(struct vault_db *db, const struct claim *claim, const uint8_t hash[static HASH_SIZE],
		       struct session *ret, struct err *e) WARN_UNUSED;

#endif
