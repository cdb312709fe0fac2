/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Time. UTC microseconds since 1970 for instants, a monotonic count for
 * durations, and the civil calendar for a country's local dates.
 *
 * The clock is a seam: tests replace it with clock_set_source().
 */
#ifndef CIVIS_BASE_CLOCK_H
#define CIVIS_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int64_t clock_now_us(void);
int64_t clock_monotonic_us(void);
/* NULL restores the system's clock. */
void clock_set_source(int64_t (*now_us)(void));

struct date {
	int year;  /* proleptic Gregorian */
	int month; /* 1–12 */
	int day;   /* 1–31 */
};

bool date_is_valid(struct date d);
/* Days since 1970-01-01. */
int64_t date_to_days(struct date d);
struct date date_from_days(int64_t days);
/* The local date and time of an instant in a zone at a fixed offset (minutes east of UTC).
   ret_seconds (may be NULL): seconds since local midnight. */
struct date date_local(int64_t utc_us, int offset_minutes, int *ret_seconds);
/* "YYYY-MM-DD"; false unless exactly that and a real date. */
bool date_parse(const char *s, size_t len, struct date *ret);
#define DATE_TEXT_SIZE 16
void date_format(struct date d, char out[static DATE_TEXT_SIZE]);
/* RFC 3339 UTC with milliseconds: "2026-11-02T04:30:00.000Z". */
#define INSTANT_TEXT_SIZE 40
void instant_format(int64_t utc_us, char out[static INSTANT_TEXT_SIZE]);
/* The same, with or without a fraction of one to six digits; false unless exactly that. */
bool instant_parse(const char *s, size_t len, int64_t *ret_us);

#endif
