/* SPDX-License-Identifier: MPL-2.0 */
/*
 * What may be told of the counters, so that nobody can work out a small number
 * from those that are shown (docs/decisions/0013).
 *
 * Each counter of each month is decided once, over the whole country, whoever
 * asks and for whatever: an office's number stands or is hidden in one way. All
 * that is told is made from these decisions alone, so two answers laid side by
 * side say no more than the months of which they are made.
 *
 * A unit's parts are the office itself and each unit right below it. Numbers
 * from 1 to 4 are hidden, and with them the next larger ones until the hidden
 * parts have two different values; where nothing but zeros would be left, these
 * are hidden too. Below a hidden number all is hidden. Sexes, and the days to
 * hand-over, are parts in the same way, of units of the first level only.
 */
#ifndef CIVIS_REGISTER_COUNTS_H
#define CIVIS_REGISTER_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define COUNTS_SMALL 5          /* below this a number of people is hidden */
#define COUNTS_MONTHS_MAX 24
#define COUNTS_NAMES_MAX 64
#define COUNTS_SEXES "mfu-"     /* male, female, undetermined, not asked */

struct counts;

/* A number as it is told. */
struct counts_value {
	uint64_t n;
	bool exact; /* false: at least n; where that is 0, nothing can be told */
};

/* Of a country whose offices these are (their scopes, ascending as bytes, the first one above all others; copied)
   and of `months` months. RC_NO_MEMORY, RC_INVALID. */
enum rc counts_new(const char *const *scopes, size_t n, size_t months, struct counts **ret) WARN_UNUSED;
void counts_free(struct counts **c);
/* Index of a counter's name, which is added if it is new. RC_TOO_LARGE. */
enum rc counts_name(struct counts *c, const char *name, size_t *ret) WARN_UNUSED;
/* `n` of an office in a month (from 0) and of one sex. A scope that is not there counts for the nearest above it.
   Counters named days_… tell apart what handed_over counts. RC_TOO_LARGE, RC_INVALID. */
enum rc counts_add(struct counts *c, size_t month, const char *scope, const char *name, char sex,
                   uint64_t n) WARN_UNUSED;
/* Decides what is shown. Once, after all was added. */
void counts_decide(struct counts *c);

/* The offices: a number for each, in the order given; parents stand before what is below them. */
bool counts_find(const struct counts *c, const char *scope, size_t *ret_office);
const char *counts_scope(const struct counts *c, size_t office);
/* The next office right below `office` behind `after` (SIZE_MAX: the first); SIZE_MAX: no more. */
size_t counts_below(const struct counts *c, size_t office, size_t after);
/* 0 the country, 1 the first level… */
unsigned counts_depth(const struct counts *c, size_t office);
size_t counts_names(const struct counts *c);
const char *counts_name_of(const struct counts *c, size_t name);

/* The office with all below it, months from…to (both included). Counters named days_… only up to the first level. */
struct counts_value counts_total(const struct counts *c, size_t office, size_t from, size_t to, size_t name);
/* The office alone. */
struct counts_value counts_own(const struct counts *c, size_t office, size_t from, size_t to, size_t name);
/* The office with all below it, of one sex, for the country and the first level; nothing is told below. */
struct counts_value counts_sex(const struct counts *c, size_t office, size_t from, size_t to, size_t name, char sex);
/* The sum of two. */
struct counts_value counts_plus(struct counts_value a, struct counts_value b);

#endif
