/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Proposals of how a name in the country's script might be spelt in Latin
 * letters. Only ever proposals: the informant writes or confirms the Latin
 * form, and nothing here is stored, chosen or filled in.
 *
 * The pack's romanisation.json says how. A name is cut into known words and
 * into syllables (onset, rhyme, final), every way that fits is weighed, and the
 * best few are kept. A name with a part that no entry covers has no proposal.
 *
 *   certainty, source  how far the author trusts it
 *   joiner             what stands between words and syllables: "" or " "
 *   stacker            the sign that puts the next consonant below: a final may stand before it ("" none)
 *   words              text → [spellings], the usual first: parts of names with a spelling of their own
 *   onsets             text → [spellings]
 *   second_series      onsets after which a rhyme takes its second list
 *   rhymes             text → [spellings], or [[spellings], [spellings of the second series]]; "" is a bare
 *                      consonant before a final, "-" one without
 *   independent        text → [spellings]: syllables, or their beginnings before a final
 *   finals             text → [spellings]
 *
 * Texts are compared in NFC. A word or syllable ends where the next one can
 * begin: no dependent sign follows, and no killed consonant.
 */
#ifndef CIVIS_COUNTRY_ROMANISE_H
#define CIVIS_COUNTRY_ROMANISE_H

#include "base/bytes.h"
#include "base/err.h"
#include "country/pack.h"

#define ROMANISE_MAX 5          /* proposals */
#define ROMANISE_TEXT_MAX 200   /* bytes of a name that is read */
#define ROMANISE_RESULT_SIZE 256

struct romanise_list {
	char text[ROMANISE_MAX][ROMANISE_RESULT_SIZE]; /* best first, all different */
	size_t count;
};

/* RC_OK, also with none; RC_INVALID: not UTF-8 or not text; RC_TOO_LARGE: longer than ROMANISE_TEXT_MAX; RC_NO_MEMORY. */
enum rc romanise(const struct pack *p, struct bytes name, struct romanise_list *ret) WARN_UNUSED;

struct loader;
/* Reads romanisation.json if the pack has it. */
void romanise_load(struct loader *l, const char *file);

#endif
