/* SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

static int64_t read_clock(clockid_t which)
{
	struct timespec t;
	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static _Atomic(int64_t (*)(void)) source;

int64_t clock_now_us(void)
{
	int64_t (*now_us)(void) = atomic_load(&source);
	return now_us ? now_us() : read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic_us(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

void clock_set_source(int64_t (*now_us)(void))
{
	atomic_store(&source, now_us);
}

static int month_days(int year, int month)
{
	static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : days[month - 1];
}

bool date_is_valid(struct date d)
{
	return d.year >= 1 && d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
	       d.day <= month_days(d.year, d.month);
}

/* Counting years from March puts the leap day last, so that a month's first day
   is a linear function of the month: (153 m + 2) / 5. */
int64_t date_to_days(struct date d)
{
	int64_t y = d.month > 2 ? d.year : d.year - 1;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * (d.month > 2 ? d.month - 3 : d.month + 9) + 2) / 5 + d.day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

struct date date_from_days(int64_t days)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t doe = days - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t m = (5 * doy + 2) / 153;
	struct date d = {.day = (int)(doy - (153 * m + 2) / 5 + 1), .month = (int)(m < 10 ? m + 3 : m - 9)};
	d.year = (int)(yoe + era * 400 + (d.month <= 2));
	return d;
}

struct date date_local(int64_t utc_us, int offset_minutes, int *ret_seconds)
{
	int64_t us = utc_us + (int64_t)offset_minutes * 60 * 1000000;
	int64_t seconds = us / 1000000 - (us % 1000000 < 0);
	int64_t days = seconds / 86400 - (seconds % 86400 < 0);
	if (ret_seconds)
		*ret_seconds = (int)(seconds - days * 86400);
	return date_from_days(days);
}

bool date_parse(const char *s, size_t len, struct date *ret)
{
	int part[3] = {0};
	if (len != 10)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (i == 4 || i == 7) {
			if (s[i] != '-')
				return false;
		} else if (s[i] < '0' || s[i] > '9') {
			return false;
		} else {
			int *p = &part[(i > 4) + (i > 7)];
			*p = *p * 10 + (s[i] - '0');
		}
	}
	struct date d = {part[0], part[1], part[2]};
	if (!date_is_valid(d))
		return false;
	*ret = d;
	return true;
}

void date_format(struct date d, char out[static DATE_TEXT_SIZE])
{
	snprintf(out, DATE_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)d.year % 10000u, (unsigned)d.month % 100u,
	         (unsigned)d.day % 100u);
}

void instant_format(int64_t utc_us, char out[static INSTANT_TEXT_SIZE])
{
	int seconds;
	char day[DATE_TEXT_SIZE];
	date_format(date_local(utc_us, 0, &seconds), day);
	int ms = (int)((utc_us % 1000000 + 1000000) % 1000000 / 1000);
	snprintf(out, INSTANT_TEXT_SIZE, "%sT%02d:%02d:%02d.%03dZ", day, seconds / 3600, seconds / 60 % 60,
	         seconds % 60, ms);
}

/* Two digits below `limit`; −1 otherwise. */
static int two_digits(const char *s, int limit)
{
	if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
		return -1;
	int n = (s[0] - '0') * 10 + s[1] - '0';
	return n < limit ? n : -1;
}

bool instant_parse(const char *s, size_t len, int64_t *ret_us)
{
	enum { WHOLE = sizeof "2026-11-02T04:30:00" - 1 };
	struct date day;
	int64_t us = 0, unit = 100000;
	if (len <= WHOLE || !date_parse(s, 10, &day) || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[len - 1] != 'Z')
		return false;
	int h = two_digits(s + 11, 24), m = two_digits(s + 14, 60), sec = two_digits(s + 17, 60);
	size_t fraction = len - WHOLE - 1; /* with its point */
	if (h < 0 || m < 0 || sec < 0 || fraction == 1 || fraction > 7 || (fraction && s[WHOLE] != '.'))
		return false;
	for (size_t i = 1; i < fraction; i++, unit /= 10) {
		if (s[WHOLE + i] < '0' || s[WHOLE + i] > '9')
			return false;
		us += (s[WHOLE + i] - '0') * unit;
	}
	*ret_us = ((date_to_days(day) * 24 + h) * 3600 + m * 60 + sec) * 1000000 + us;
	return true;
}
