/* SPDX-License-Identifier: MPL-2.0 */
/*
 * What a declaration says of the entry in a book of paper from which it is
 * copied: "/book/register", "/book/book", "/book/year", "/book/serial",
 * "/book/date" and perhaps "/book/page", which the form keeps in the case and
 * the act in its header. Only a state of which the pack says
 * `transcribes` knows a book: elsewhere nobody chooses the number and the day
 * of an entry.
 */
#ifndef CIVIS_REGISTER_PAPER_H
#define CIVIS_REGISTER_PAPER_H

#include "country/form.h"
#include "country/workflow.h"
#include "store/store.h"

/* Whether an accepted declaration says what this state of its case asks: an entry of the form's register, in the
   book of the year of its day, or none at all. RC_OK, or RC_INVALID with the wrong fields added to *errors. */
enum rc paper_check(const struct form *f, const struct workflow_state *state, const json_t *declaration,
                    struct form_errors *errors) WARN_UNUSED;
/* The day on which the paper book says that the event was entered; false: the declaration is from no book. */
bool paper_day(const json_t *declaration, struct date *ret);
/* The entry of a declaration that a case in this state was copied from, and its page (0: not said); none (ret->paper
   false, RC_OK) where it transcribes nothing. RC_INVALID: what paper_check() would have refused. */
enum rc paper_entry(const struct form *f, const struct workflow_state *state, const json_t *declaration, const char *office,
                    struct store_entry *ret, struct date *ret_day, uint32_t *ret_page) WARN_UNUSED;

#endif
