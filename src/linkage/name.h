/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Names made comparable, and how alike two of them are. For finding candidates
 * only: what is normalised here is never stored in a register or shown.
 */
#ifndef CIVIS_LINKAGE_NAME_H
#define CIVIS_LINKAGE_NAME_H

#include "base/bytes.h"
#include "base/err.h"

enum {
	NAME_POINTS_MAX = 96,           /* code points compared; what is longer is cut */
	NAME_INPUT_MAX = 1024,          /* bytes of a name taken */
	NAME_PACKED_MAX = 1 + 4 * NAME_POINTS_MAX,
};

/*
 * Appends the comparable form of a UTF-8 name: NFKC and case folding (Unicode
 * NFKC_Casefold), marks of Latin letters dropped (é → e), Khmer, Burmese, Shan
 * and full-width digits as 0–9, zero-width and bidirectional controls and
 * punctuation dropped, white space as single spaces. Khmer and Burmese vowel signs and
 * subscripts stay: they are letters there. Empty for a name of nothing else.
 * RC_FORMAT (not UTF-8), RC_TOO_LARGE (over NAME_INPUT_MAX), RC_NO_MEMORY.
 */
enum rc name_normalise(struct bytes utf8, struct buf *out) WARN_UNUSED;

/*
 * The compact form that an index keeps: a page byte, then the characters.
 *   page 0x17 (Khmer, U+1780–17FF) or 0x10 (Myanmar, U+1000–107F): one byte a
 *   character, ASCII as itself, one of the page as 0x80 + its place in the page
 *   page 0x00: ASCII alone, one byte a character
 *   page 0xff: anything else, UTF-8
 * Takes a normalised name, cut to NAME_POINTS_MAX; writes 0 to NAME_PACKED_MAX bytes; nothing for an
 * empty name. Returns the size.
 */
size_t name_pack(struct bytes normalised, uint8_t out[static NAME_PACKED_MAX]);
/* The code points of a packed name; returns their count, at most NAME_POINTS_MAX. */
size_t name_points(struct bytes packed, uint32_t out[static NAME_POINTS_MAX]);

/* Jaro-Winkler similarity, 0 to 1 (Winkler 1990: prefix ≤ 4, scale 0.1, boosted above 0.7). Two empty
   names have nothing in common: 0. Counts are cut to NAME_POINTS_MAX. */
double jaro_winkler(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count);
/* The same of two packed names. Also tried with the words in reverse order, so that "Sok Dara" is
   "Dara Sok"; the greater counts. */
double name_similarity(struct bytes packed_a, struct bytes packed_b);

/* A key that is equal for equal packed names, whatever the order of words. 0 for an empty name. */
uint32_t name_key(struct bytes packed);
/*
 * A set of the characters as 64 bits, and their count. name_bound() of two names is never less
 * than their similarity and costs a few instructions, so that most pairs need no comparison. It stays a
 * bound when both masks are folded alike (mask | mask >> 32).
 */
struct name_print {
	uint64_t mask;
	uint8_t points;
	uint8_t initials; /* of the first and of the last word, four bits each */
};
struct name_print name_print(struct bytes packed);
double name_bound(struct name_print a, struct name_print b);

#endif
