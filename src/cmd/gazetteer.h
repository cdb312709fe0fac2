/* SPDX-License-Identifier: MPL-2.0 */
/* Places from a CSV file into the store, with the offices that follow from them. */
#ifndef CIVIS_CMD_GAZETTEER_H
#define CIVIS_CMD_GAZETTEER_H

#include "country/pack.h"
#include "store/store.h"

struct gazetteer_count {
	size_t places, offices;
};

/* RC_FORMAT with "line N" in e->where; as store_place_import(). */
enum rc gazetteer_import(struct store *s, const struct pack *pack, struct bytes csv, struct gazetteer_count *ret,
                         struct err *e) WARN_UNUSED;
/* The national office. */
enum rc gazetteer_national(struct store *s, const struct pack *pack, struct err *e) WARN_UNUSED;

#endif
