/* SPDX-License-Identifier: MPL-2.0 */
/* Inside the room: what of an act does not change between attempts at a serial. */
#ifndef CIVIS_REGISTER_DRAFT_H
#define CIVIS_REGISTER_DRAFT_H

#include <jansson.h>

#include "register/act.h"
#include "register/registration.h"
#include "register/standing.h"

struct draft {
	const struct form *form;
	json_t *declaration; /* owned */
	struct form_value *fields;
	size_t field_count;
	struct act_header header;
	struct store_office office;
	char verified[DATE_TEXT_SIZE];
	char number[16];              /* of the person; empty: none */
	struct vault_number reserved; /* with this act; empty: it was reserved before, or none is */
	struct date registered;       /* day of the entry: today, or as the paper says */
	struct store_entry entry;     /* of a paper book; used if entry.paper */
	char paper_day[DATE_TEXT_SIZE];
	/* of a person who is registered */
	struct standing standing;     /* count 0: the person begins with this act */
	struct act_view *before;      /* the act that stands, opened */
	struct bytes notes_before;    /* label 19 of the last act */
	struct id corrects;           /* the act that this one replaces or ends; zero: none */
	bool cancels;
};

/* To be released, also after a failure. */
enum rc draft_make(const struct desk *d, const struct registration_request *in, struct draft *ret) WARN_UNUSED;
void draft_release(struct draft *draft);
/* Appends the extract of an act with this entry: the original's entry and day where it restates one. Nothing, if
   the form's acts have none. RC_FORMAT, RC_NO_MEMORY. */
enum rc draft_extract(const struct draft *draft, const struct entry_number *entry, struct buf *out) WARN_UNUSED;
/* Appends label 19; nothing for a person's first act. As notes_append(). */
enum rc draft_notes(const struct desk *d, const struct draft *draft, const char *entry_text, struct buf *out) WARN_UNUSED;

#endif
