/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Names as people have them: one full name is enough; the native form is in
 * the country's script, the Latin form in Latin script, confirmed by the
 * informant and never computed. Which further characters a script needs
 * (hyphen, apostrophe, zero-width space or joiners) is the pack's data.
 */
#ifndef CIVIS_COUNTRY_NAMES_H
#define CIVIS_COUNTRY_NAMES_H

#include "base/bytes.h"
#include "base/err.h"
#include "country/form.h"
#include "country/pack.h"

/* NFC, outer white space removed, inner runs of white space made one space; appended. RC_INVALID: not UTF-8, NUL,
   or a control character; RC_TOO_LARGE: over out's maximum; RC_NO_MEMORY. */
enum rc names_normalise(struct bytes text, struct buf *out) WARN_UNUSED;
/* Whether each character of normalised text belongs to the script (or is allowed beside it), with at least
   one letter. */
bool names_in_script(const struct pack *p, struct bytes text, enum field_script script);
/* Case-folded NFKC without marks of separation, for comparing member names with the denied ones; appended. */
enum rc names_fold(struct bytes text, struct buf *out) WARN_UNUSED;

/* ---- titles, which are no part of a name (pack.json "names": "titles") ---- */

enum names_title {
	NAMES_TITLE_NONE,
	NAMES_TITLE_PERHAPS, /* begins with a word that is a title or a name: "မောင်…" */
	NAMES_TITLE_SURE,
};

/* Whether normalised text begins with a title of the pack and goes on after it. ret_len (may be NULL): bytes of the
   title and the space after it; 0 for none. A title ends where a syllable ends: "တာဝန်" has none for "တာ". */
enum names_title names_title(const struct pack *p, struct bytes name, size_t *ret_len);

/* ---- surnames (pack.json "names": "surname") ---- */

/* False only where the pack has a rule and both names tell for sure that it does not hold: the child's surname part
   (first or last of its words) is none of the parts of the parent's name that the pack permits. Always true without
   a rule, for a name of one word, or for text that cannot be read. Compared without case, width and invisible signs. */
bool names_surname_matches(const struct pack *p, struct bytes child, struct bytes parent);
/* How sure the pack is of its rule ("official", "secondary", "assumed"); NULL without a rule. */
const char *names_surname_certainty(const struct pack *p);

/* Whether a syllable of any script may begin here; true at the end of a text. */
bool names_syllable_begins(struct bytes text);

struct loader;
struct node;
/* Reads pack.json's "names". */
void names_load(struct loader *l, const struct node *root);

#endif
