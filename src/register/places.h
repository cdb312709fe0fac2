/* SPDX-License-Identifier: MPL-2.0 */
/* Places and offices as they were called on a day, and which offices take new cases. */
#ifndef CIVIS_REGISTER_PLACES_H
#define CIVIS_REGISTER_PLACES_H

#include "country/pack.h"
#include "store/store.h"

/* Appends the name of a place (by its code) or office (by its scope) as it was on the local day of an instant, as the
   pack prints it. A unit that was gone by then is named as it was last; an office that a place gives has the place's
   name of the day. RC_NOT_FOUND. */
enum rc places_name(struct store_reader *r, const struct pack *p, const char *code, int64_t utc_us, bool native,
                    struct buf *out) WARN_UNUSED;

/* RC_GONE if the place that gave the office is no longer a unit on that local day: the sentence names the offices that
   took over. Cases and acts of earlier days stay where they are. */
enum rc places_office_open(struct store_reader *r, const struct pack *p, const struct store_office *o, int64_t utc_us,
                           struct err *e) WARN_UNUSED;

#endif
