/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Notes in the margin of an entry: what later acts did to it. Each act after a
 * person's first carries them all (header label 19), its own last:
 *
 *   [[act kind tstr, entry tstr, date tstr "YYYY-MM-DD", native tstr, latin tstr], …]
 *
 * The two texts are the pack's string "note.KIND" with {entry}, {date} and
 * {changes}: what is printed and was changed, each as the pack's "note.change"
 * says it with {field}, {from} and {to} ("note.nothing" where nothing stood).
 */
#ifndef CIVIS_REGISTER_NOTES_H
#define CIVIS_REGISTER_NOTES_H

#include "country/form.h"
#include "ledger/commitment.h"

#define NOTES_MAX 64        /* of one person */
#define NOTES_BYTES_MAX 32768
#define NOTES_CHANGES_MAX 6000 /* bytes of what one note lists from → to; of further fields it gives the title alone */

/* Name of a place on a certificate, appended; anything but RC_OK: its code is printed. */
typedef enum rc notes_place_name(void *ctx, const char *code, bool native, struct buf *out);

struct note {
	const char *kind;   /* of the act that makes it */
	const char *entry;  /* of that act, as numbering_text() writes it */
	struct date date;   /* local day of that act */
	/* What it changes: the act that stood, and the fields that stand from now on. before NULL: it restates nothing. */
	const struct act_view *before;
	const struct form *form;
	const struct form_value *after;
	size_t count;
	notes_place_name *place;
	void *ctx;
};

/* Appends the changes of the printed fields that differ, in one language, with "; " between them. Nothing if none does. */
void notes_changes(const struct pack *p, const struct note *n, bool native, struct buf *out);
/* Appends label 19: the notes of the act before (its item; empty or null: none) and this one.
   RC_FORMAT: those cannot be read; RC_TOO_LARGE. */
enum rc notes_append(const struct pack *p, struct bytes earlier, const struct note *n, struct buf *out) WARN_UNUSED;

#endif
