/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A receipt: proves to anyone, offline, that an act with these opened fields
 * stands in the log (docs/formats/receipt.md). Deterministic CBOR:
 *
 *   {1: form tstr,
 *    2: [ for each field of the act, ascending: bstr d(32)  — closed
 *         | [k bstr(32), bstr .cbor [label, value]]         — opened ],
 *    3: act signature bstr(64), Ed25519 over "civis-act-sig-v1" ‖ commitment,
 *    4: act key id bstr,
 *    5: tlog-proof tstr}
 */
#ifndef CIVIS_LEDGER_RECEIPT_H
#define CIVIS_LEDGER_RECEIPT_H

#include "ledger/commitment.h"
#include "ledger/proof.h"

enum { RECEIPT_MAX = ACT_MAX + ACT_MAX_FIELDS * 80 + TLOG_PROOF_MAX + 1024, RECEIPT_KEY_ID_MAX = 32 };

/* Which fields to open: open(ctx, label) true. NULL opens all. */
struct receipt_request {
	struct bytes act;
	bool (*open)(void *ctx, uint32_t label);
	void *ctx;
	uint8_t signature[64];
	struct bytes key_id;
	struct bytes proof; /* tlog-proof text */
};

/* RC_FORMAT for an act or key id that is not well formed; RC_NO_MEMORY; RC_TOO_LARGE. */
enum rc receipt_build(const struct receipt_request *r, struct buf *out) WARN_UNUSED;

/* A receipt taken apart; borrows from its bytes. Nothing is verified. */
struct receipt {
	struct bytes form;
	struct hash commitment;  /* computed from what is opened and what is closed */
	unsigned total;          /* fields of the act */
	unsigned count;          /* fields opened */
	struct act_field field[ACT_MAX_FIELDS];
	struct bytes signature;  /* 64 bytes */
	struct bytes key_id;
	struct bytes proof;
};

enum rc receipt_parse(struct bytes receipt, struct receipt *ret) WARN_UNUSED;
struct bytes receipt_find(const struct receipt *r, uint32_t label);
/* Act signature under act_key, then inclusion under log_key. ret_checkpoint may be NULL.
   RC_SIGNATURE, RC_PROOF, RC_FORMAT. */
enum rc receipt_verify(const struct receipt *r, const uint8_t act_key[static 32], const struct note_key *log_key,
                       struct checkpoint *ret_checkpoint) WARN_UNUSED;

#endif
