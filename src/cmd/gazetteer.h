/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Lists of places into the store, with the offices that follow from them.
 *
 * A list is read whole and compared with what is stored before anything is
 * written: a list with a mistake changes nothing. A row whose valid_from is later
 * than the stored version's begins a new version and ends the old one; an empty
 * valid_until says nothing of the end. A predecessor ends when its successor
 * begins, unless the list has a row of its own for it from that day. The same
 * list again changes nothing.
 */
#ifndef CIVIS_CMD_GAZETTEER_H
#define CIVIS_CMD_GAZETTEER_H

#include <stdio.h>

#include "country/pack.h"
#include "store/store.h"

struct gazetteer_list {
	struct bytes csv;
	const char *from; /* the day from which rows without valid_from hold where they differ; NULL: they mend what is there */
	bool whole;       /* units of the list's levels that are not in it end on `from` */
	bool plan;        /* write nothing */
	FILE *say;        /* a line for each unit that changes; NULL: none */
};

struct gazetteer_count {
	size_t places, offices; /* written, or with `plan` would be */
	size_t added, renamed, mended, closed;
};

/* RC_FORMAT with "line N" in e->where for the first mistake; as store_place_import(). */
enum rc gazetteer_import(struct store *s, const struct pack *pack, const struct gazetteer_list *list,
                         struct gazetteer_count *ret, struct err *e) WARN_UNUSED;
/* The national office. */
enum rc gazetteer_national(struct store *s, const struct pack *pack, struct err *e) WARN_UNUSED;

#endif
