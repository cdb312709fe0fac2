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

#endif
