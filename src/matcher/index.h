/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The index in the matcher's memory: the latest record of each person, found by
 *   month of birth   a contiguous list a month; each place holds prints of the child's names, so
 *                    that a month of 100,000 births is passed over in well under a millisecond
 *   mother's name    a hash chain for each script, whatever the order of its words
 *
 * So it finds: any child whose name is alike and who was born in the same month or within
 * LINKAGE_NEAR_DAYS or with day and month exchanged; an unnamed child born the same day; and any
 * child of a mother whose name is the same in one script at least.
 *
 *   entry (64 bytes)                       text (malloc)
 *   person 16 · object 16 · text * 8       5 lengths, then packed child native, child latin,
 *   next by person, mother × 2: 4 each     mother native, mother latin, place
 *   birth 4 · mother's birth 4 · sex 1
 */
#ifndef CIVIS_MATCHER_INDEX_H
#define CIVIS_MATCHER_INDEX_H

#include "matcher/wire.h"

struct matcher_index;

/* NULL if memory ran out. max_bytes bounds what it allocates; at least 1 MiB. */
struct matcher_index *matcher_index_new(size_t max_bytes);
/* Wipes and frees. */
void matcher_index_free(struct matcher_index **x);

/* Puts or replaces the record of its person; one without any name removes it.
   RC_STORE_FULL: over the bound; RC_NO_MEMORY; RC_FORMAT: a name is not text. The index is unchanged. */
enum rc matcher_index_put(struct matcher_index *x, const struct matcher_record *r) WARN_UNUSED;
/* At most MATCHER_CANDIDATES, greatest score first, never the record's own person. */
enum rc matcher_index_find(const struct matcher_index *x, const struct matcher_record *r,
                           struct matcher_candidate ret[static MATCHER_CANDIDATES], size_t *ret_count) WARN_UNUSED;

size_t matcher_index_count(const struct matcher_index *x);
/* What it has allocated, with malloc's own share estimated. */
size_t matcher_index_bytes(const struct matcher_index *x);

#endif
