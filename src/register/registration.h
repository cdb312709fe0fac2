/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Registering: a case becomes an act, with its entry in the office's register,
 * in one transaction (store_case_register).
 */
#ifndef CIVIS_REGISTER_REGISTRATION_H
#define CIVIS_REGISTER_REGISTRATION_H

#include "base/clock.h"
#include "country/workflow.h"
#include "register/act.h"
#include "register/desk.h"

struct registration {
	struct id act_id, person_id;
	struct store_entry entry;
	char entry_text[96];
	char number[16];     /* ten digits */
	struct store_result result;
};

struct registration_request {
	const struct store_case *c;
	uint64_t if_version;
	const struct workflow_transition *t; /* the one that registers */
	struct store_request request; /* its response is filled in here */
};

/*
 * Opens the case and its reserved number (a look, purpose registration), builds
 * the act, has the vault commit, sign and seal it, and stores it. Takes the next
 * serial and tries again when another registration was faster.
 *
 * A case of a person who is registered also opens the act that stands and the
 * last one; a correction or naming restates and replaces it, a cancellation ends
 * it, and what the form lists as changes needs its evidence. A case with what a paper book says is transcribed: the entry is the book's.
 * A case that was not verified apart has its number reserved now.
 *
 * As vault_open(), vault_reserve_number(), vault_seal_act(), store_case_register(), evidence_check(),
 * standing_check(); RC_INVALID: the stored declaration no longer fits the form; RC_BUSY: the book stayed contended.
 */
enum rc registration_make(const struct desk *d, const struct registration_request *in,
                          struct registration *ret) WARN_UNUSED;
/*
 * Adds the officers of the case's history to the header: who verified it (the latest of them), then who is at
 * the desk; and the local day when it was last verified, which *verified holds ("" for a kind that is not verified).
 * RC_CORRUPT: the case is verified, and its history does not say by whom. Nothing is registered then.
 */
enum rc registration_officers(const struct desk *d, const struct store_case *c, struct act_header *header,
                              char verified[static DATE_TEXT_SIZE]) WARN_UNUSED;
/* The answer's numbers for a repeat: opens the number again. RC_NOT_FOUND: the case has none. */
enum rc registration_number(const struct desk *d, const struct store_case *c, char ret_number[static 16]) WARN_UNUSED;

#endif
