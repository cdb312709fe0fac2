/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Do two birth records speak of one child? A comparison with reasons, for an
 * officer who decides; never a decision.
 *
 *   exact        child's name the same, born the same day, mother's name the same (or her name and
 *                date absent on both sides and the place the same)
 *   close        child's name alike, born the same day or nearly (within NEAR_DAYS, or day and
 *                month exchanged, or same year and month), mother's name alike
 *   same mother  mother's name the same or alike with her date of birth agreeing, born 2 to 269 days
 *                apart: no woman bears twice so soon, so one of the dates is wrong or it is one birth.
 *                Children born on the same or the next day are twins unless their names say otherwise.
 *   mother absent on a side: child's name the same and born the same day is close.
 *   child not yet named on a side: mother's name alike and born the same day is close.
 *
 * Score in [0,1] orders candidates: the weighted mean over the fields that both records have. The
 * weights stand in compare.c by name.
 */
#ifndef CIVIS_LINKAGE_COMPARE_H
#define CIVIS_LINKAGE_COMPARE_H

#include "base/bytes.h"
#include "base/clock.h"

/* A date known to the day, the month or the year; 0 in what is not known. All 0: absent. */
struct linkage_date {
	int16_t year;
	uint8_t month;
	uint8_t day;
};

enum linkage_date_match {
	DATE_UNKNOWN,    /* absent on a side */
	DATE_DIFFERENT,
	DATE_YEAR,       /* same year, no more known on a side */
	DATE_MONTH,      /* same year and month */
	DATE_NEAR,       /* within LINKAGE_NEAR_DAYS */
	DATE_TRANSPOSED, /* day and month exchanged, same year */
	DATE_SAME,
};

enum {
	LINKAGE_NEAR_DAYS = 5, /* a month is never shorter: near dates are in one month or two neighbours */
	LINKAGE_TWIN_DAYS = 1,
	LINKAGE_PREGNANCY_DAYS = 270,
};

/* "YYYY-MM-DD", "YYYY-MM" or "YYYY"; false for another form or no real date. Empty is absent. */
bool linkage_date_parse(struct bytes text, struct linkage_date *ret);
enum linkage_date_match linkage_date_compare(struct linkage_date a, struct linkage_date b);
/* Days between two dates known to the day; -1 otherwise. */
long linkage_days_apart(struct linkage_date a, struct linkage_date b);

/* Similarity of names from which they are alike. Chosen on invented Khmer, Burmese and Latin pairs
   (tests/unit/test_linkage.c): a letter exchanged, added or lost stays above, another name below. */
#define LINKAGE_ALIKE 0.88

/* Names are packed (name.h); empty when absent. */
struct linkage_record {
	struct bytes child_native, child_latin;
	struct bytes mother_native, mother_latin;
	struct linkage_date birth, mother_birth;
	char sex;           /* 'm', 'f', 'u'; 0 absent */
	struct bytes place; /* code; may be empty */
};

enum linkage_flag {
	LINKAGE_CHILD_SAME = 1 << 0,
	LINKAGE_CHILD_ALIKE = 1 << 1,
	LINKAGE_MOTHER_SAME = 1 << 2,
	LINKAGE_MOTHER_ALIKE = 1 << 3,
	LINKAGE_BIRTH_SAME = 1 << 4,
	LINKAGE_BIRTH_TRANSPOSED = 1 << 5,
	LINKAGE_BIRTH_NEAR = 1 << 6,
	LINKAGE_BIRTH_MONTH = 1 << 7,
	LINKAGE_MOTHER_BIRTH_SAME = 1 << 8,
	LINKAGE_MOTHER_BIRTH_ALIKE = 1 << 9,
	LINKAGE_SEX_SAME = 1 << 10,
	LINKAGE_PLACE_SAME = 1 << 11,
	LINKAGE_MOTHER_TOO_SOON = 1 << 12, /* the same mother 2 to 269 days apart */
	LINKAGE_FLAGS = 13,
};
/* "child_same", … : the stable word of one flag, as the API gives it. */
const char *linkage_flag_name(enum linkage_flag flag);

enum linkage_kind { LINKAGE_NONE, LINKAGE_SAME_MOTHER, LINKAGE_CLOSE, LINKAGE_EXACT };
/* "none", "same_mother", "close", "exact" */
const char *linkage_kind_name(enum linkage_kind kind);

struct linkage_result {
	enum linkage_kind kind;
	unsigned flags; /* enum linkage_flag, ORed */
	double score;
};

struct linkage_result linkage_compare(const struct linkage_record *a, const struct linkage_record *b);

#endif
