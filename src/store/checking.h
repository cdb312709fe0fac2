/* SPDX-License-Identifier: MPL-2.0 */
/* What the files of the check share; see store/check.h. */
#ifndef CIVIS_STORE_CHECKING_H
#define CIVIS_STORE_CHECKING_H

#include "store/check.h"
#include "store/internal.h"

enum { CHECK_STEP = 256 }; /* rows in one step */

struct check {
	struct store_reader *r;
	struct db *db;
	const struct store_check *c;
	struct store_check_report *n;
	struct err *e;
};

struct check_act {
	struct id person, act_id, corrects;
	uint64_t seq;
	uint8_t commitment[STORE_HASH], previous[STORE_HASH];
	struct store_entry entry;
};

void check_problem(struct check *k, const char *what, struct id id, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Whether the value is claimed for just this person and object. */
enum rc check_claim(struct check *k, const char *kind, struct bytes val, struct id person, struct id object,
                    bool *ret) WARN_UNUSED;
/* One act but for what it follows. RC_NOT_FOUND. */
enum rc check_find_act(struct check *k, struct id person, struct id act_id, struct check_act *ret) WARN_UNUSED;

/* check_register.c */
enum rc check_acts(struct check *k) WARN_UNUSED;
enum rc check_entries(struct check *k) WARN_UNUSED;
enum rc check_books(struct check *k) WARN_UNUSED;

/* check_cases.c */
enum rc check_cases(struct check *k) WARN_UNUSED;
enum rc check_due(struct check *k) WARN_UNUSED;
enum rc check_claims(struct check *k) WARN_UNUSED;
enum rc check_counters(struct check *k) WARN_UNUSED;

#endif
