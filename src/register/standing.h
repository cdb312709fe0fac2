/* SPDX-License-Identifier: MPL-2.0 */
/*
 * What of a person's acts holds now, told from what stands in clear about them:
 * kind, order, and which act each one replaces or ends.
 */
#ifndef CIVIS_REGISTER_STANDING_H
#define CIVIS_REGISTER_STANDING_H

#include "register/desk.h"

#define STANDING_ACTS_MAX 64 /* of one person */
#define ACT_KIND_CANCELLATION "cancellation"
#define ACT_KIND_DEATH "death"

struct standing {
	const struct store_act *acts; /* in order of the chain */
	size_t count;
	const struct store_act *act;  /* the one that tells the whole birth as it stands: the last that restates it, else the first */
	const struct store_act *last; /* end of the chain */
	const struct store_act *cancelled; /* the act that ended the others; NULL */
	const struct store_act *died; /* the act of the person's death; NULL */
};

/* Folds acts given in order of the chain; n ≥ 1. */
void standing_of(const struct store_act *acts, size_t n, struct standing *ret);
/* Reads the person's acts into the desk's arena. RC_NOT_FOUND: there are none, or more than STANDING_ACTS_MAX
   (RC_TOO_LARGE). */
enum rc standing_read(const struct desk *d, struct id person, struct standing *ret) WARN_UNUSED;
/* Whether they tell of somebody who was born: of a stillbirth's entry nothing follows but its cancellation. */
bool standing_is_person(const struct standing *s, const struct pack *p);
/*
 * Whether this act may still be changed, or a document drawn from it: RC_OK, or RC_STATE with err.where
 * "act_cancelled" or "act_superseded", the text naming the act that ended it or stands in its place.
 */
enum rc standing_check(const struct standing *s, struct id act, struct err *e) WARN_UNUSED;

#endif
