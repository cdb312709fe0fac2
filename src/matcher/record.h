/* SPDX-License-Identifier: MPL-2.0 */
/* The names of a record as the index keeps them: five lengths, then the packed texts. */
#ifndef CIVIS_MATCHER_RECORD_H
#define CIVIS_MATCHER_RECORD_H

#include "linkage/name.h"
#include "matcher/wire.h"

enum {
	PACKED_TEXTS = 5,
	PACKED_LENGTH_MAX = 255, /* of one text; a longer one is cut */
	PACKED_SIZE_MAX = PACKED_TEXTS + PACKED_TEXTS * PACKED_LENGTH_MAX,
};

struct packed_text {
	size_t len;
	uint8_t bytes[PACKED_SIZE_MAX];
};

/* Normalises and packs. RC_FORMAT, RC_TOO_LARGE, RC_NO_MEMORY. */
enum rc packed_write(const struct matcher_record *r, struct packed_text *ret) WARN_UNUSED;
/* Fills the texts of *ret, borrowed from `text`; the rest of it is zero. */
void packed_read(const uint8_t *text, struct linkage_record *ret);

#endif
