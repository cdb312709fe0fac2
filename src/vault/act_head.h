/* SPDX-License-Identifier: MPL-2.0 */
/* What the vault reads out of an act: of its header (register/act.h has all labels) and of its extract. */
#ifndef CIVIS_VAULT_ACT_HEAD_H
#define CIVIS_VAULT_ACT_HEAD_H

#include "base/id.h"
#include "ledger/commitment.h"
#include "vault/policy.h"

enum { ACT_ENTRY_PARTS = 5, ACT_OFFICERS_READ = 16 };

#define ACT_DAY_US (24LL * 3600 * 1000000)

enum act_head_origin { HEAD_ELECTRONIC = 1, HEAD_TRANSCRIBED, HEAD_RECONSTRUCTED };

struct act_head {
	struct id act, subject;
	struct bytes kind;
	struct bytes previous;   /* 32 bytes; empty: the person's first act */
	struct id corrects;
	bool has_corrects;
	char scope[SCOPE_MAX];
	struct id officer[ACT_OFFICERS_READ]; /* the last: who registers */
	enum role role[ACT_OFFICERS_READ];    /* as the act names it */
	size_t officers;
	uint64_t time;           /* UTC µs */
	enum act_head_origin origin;
	struct bytes entry[ACT_ENTRY_PARTS];  /* office, register, book, year, serial: items */
	struct bytes number;     /* empty: none */
	struct bytes extract;    /* a map; empty: no document is drawn from this act */
};

/* False if this is not a header as civis writes them. Borrows from the view's bytes. */
bool act_head_read(const struct act_view *view, struct act_head *ret);
/* Whether this act is the object that it was sealed as. */
bool act_head_is(const struct act_head *h, struct id act, struct id person);

/* Whether the extract says of entry and day what the header says; of the day not for a transcribed act, where it is
   the book's, and in the past. Its other fields are the form's, which only a country pack can tell. */
bool act_extract_agrees(const struct act_head *h);
/* Whether the extract repeats entry and day of the act that it replaces. */
bool act_extract_repeats(const struct act_head *h, const struct act_head *corrected);

#endif
