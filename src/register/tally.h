/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Counters that a step of a case raises, as the workflow names them. They are
 * all that statistics know of single cases: nobody counts people afterwards.
 */
#ifndef CIVIS_REGISTER_TALLY_H
#define CIVIS_REGISTER_TALLY_H

#include "country/form.h"
#include "country/workflow.h"
#include "register/desk.h"

/* 'm', 'f' or 'u' as the form's index record knows it; '-' where the form does not ask, or there is no declaration. */
char tally_sex(const struct form *f, const json_t *declaration);
/* Begins with the local month of now. */
void tally_begin(const struct desk *d, struct store_counting *ret);
/* Adds the counter of a transition, if it raises one. More than STORE_COUNTS_MAX are left out. */
void tally_add(struct store_counting *c, const struct workflow_transition *t, const char *band, char sex);
/* Adds how many local days went by from the declaration to the hand-over: days_0_7, days_8_30, days_31_90,
   days_91_365, days_366_up. */
void tally_days(const struct desk *d, struct store_counting *c, int64_t declared_us);
/* What it raises that somebody fetched the case's certificate with a code: the same as if it were handed over. */
void tally_collected(const struct desk *d, const struct store_case *c, struct store_counting *ret);

#endif
