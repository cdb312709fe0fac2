/* SPDX-License-Identifier: MPL-2.0 */
#include "country/lunar.h"

#include <math.h>

/* Julian day number of 1970-01-01, by which both calendars' rules are published. */
enum { EPOCH_1970 = 2440588 };

/* One month of a year as it runs. */
struct span {
	int month, days;
};

enum { SPANS_MAX = 16 };

static bool find_month(const struct span *spans, size_t n, int64_t day, struct lunar_date *ret)
{
	size_t i = 0;
	for (; i < n && day >= spans[i].days; i++)
		day -= spans[i].days;
	if (day < 0 || i == n)
		return false;
	ret->month = spans[i].month;
	ret->month_length = spans[i].days;
	ret->month_day = (int)day + 1;
	ret->day = ret->month_day > 15 ? ret->month_day - 15 : ret->month_day;
	ret->phase = ret->month_day < 15                  ? LUNAR_WAXING
		     : ret->month_day == 15               ? LUNAR_FULL
		     : ret->month_day < ret->month_length ? LUNAR_WANING
							  : LUNAR_NEW;
	return true;
}

/* ---- Khmer ---- */

/* Days of the sun's years since the epoch of an era, in 1/800 of a day: a year has 292207 of them. */
static int64_t aharkun(int64_t buddhist)
{
	return (buddhist * 292207 + 499) / 800 + 4;
}

static int64_t avoman(int64_t buddhist)
{
	return (aharkun(buddhist) * 11 + 25) % 692;
}

static int64_t bodithey(int64_t buddhist)
{
	int64_t a = aharkun(buddhist);
	return ((a * 11 + 25) / 692 + a + 29) % 30;
}

static bool wants_month(int64_t buddhist)
{
	int64_t b = bodithey(buddhist), next = bodithey(buddhist + 1);
	if (b == 25 && next == 5)
		return false; /* of the two only the later; not met in the trusted years */
	return b > 24 || b < 6 || (b == 24 && next == 6);
}

static bool wants_day(int64_t buddhist)
{
	int64_t a = avoman(buddhist), kromthupul = 800 - (buddhist * 292207 + 499) % 800;
	if (kromthupul <= 207)
		return a <= 126;
	return a <= 137 && avoman(buddhist + 1) != 0;
}

/* A year never has both: a day beside a month waits for the next year, which may itself have to wait. */
static bool takes_day(int64_t buddhist)
{
	bool owed = wants_day(buddhist - 1) && wants_month(buddhist - 1);
	return !wants_month(buddhist) && (wants_day(buddhist) || owed);
}

static size_t khmer_months(int year, struct span out[static SPANS_MAX], bool *ret_month, bool *ret_day)
{
	int64_t buddhist = year + 544;
	size_t n = 0;
	*ret_month = wants_month(buddhist);
	*ret_day = takes_day(buddhist);
	for (int m = 1; m <= 12; m++) {
		if (m == 8 && *ret_month) {
			out[n++] = (struct span){LUNAR_MONTH_FIRST, 30};
			out[n++] = (struct span){LUNAR_MONTH_SECOND, 30};
		} else {
			out[n++] = (struct span){m, m % 2 ? 29 + (m == 7 && *ret_day) : 30};
		}
	}
	return n;
}

/* Days since 1970 of a count from the epoch of the Chula Era. */
static int64_t from_chula(int64_t count)
{
	return count + 1954167 - EPOCH_1970;
}

/* The first day of the new year's number, and the day on which the sun enters Aries, 2.165 days (1732/800) before. */
static int64_t loeung_sak(int year)
{
	return from_chula(((year - 638) * (int64_t)292207 + 373) / 800 + 1);
}

static int64_t moha_songkran(int year)
{
	return from_chula(((year - 638) * (int64_t)292207 + 373 + 800 - 1732) / 800);
}

static bool khmer(int64_t day, struct date d, struct lunar_date *ret)
{
	enum { YEAR_1900 = -25567 - 29 }; /* 1 Migasir: Boss begins on 1900-01-01 */
	struct span months[SPANS_MAX];
	int64_t start = YEAR_1900;
	for (int year = LUNAR_YEAR_MIN; year <= d.year + 1; year++) {
		size_t n = khmer_months(year, months, &ret->leap_month, &ret->leap_day);
		int64_t length = 0;
		for (size_t i = 0; i < n; i++)
			length += months[i].days;
		if (day >= start + length) {
			start += length;
			continue;
		}
		bool late = find_month(months, n, day - start, ret) && (ret->month > 6 || (ret->month == 6 && ret->month_day > 15));
		ret->buddhist_year = year + (late ? 544 : 543);
		break;
	}
	ret->year = d.year - 638 - (day < loeung_sak(d.year));
	ret->sak = ret->year % 10;
	ret->animal = (d.year + 8 - (day < moha_songkran(d.year))) % 12;
	return ret->month > 0;
}

/* ---- Burmese ---- */

static const double SOLAR_YEAR = 1577917828.0 / 4320000.0;
static const double LUNAR_MONTH = 1577917828.0 / 53433336.0;
static const double ERA_START = 1954168.050623; /* Julian date at which Myanmar Era 0 began */

/* How a time of the calendar's keepers reckoned, and the years that they announced otherwise. */
struct era {
	int from;
	int months;    /* of excess that call for a second Waso */
	double offset; /* of the full moon of Waso, days */
	struct {
		int year, by;
	} moon[2];     /* full moon later by this many days */
	int other[2];  /* years that are watat against the rule, or not against it */
};

static const struct era eras[] = {
	{1312, 8, -0.5, {{1377, 1}, {0, 0}}, {1344, 1345}},
	{1217, 4, -1.0, {{1234, 1}, {1261, -1}}, {1263, 1264}},
};

/* Whether the year has two Wasos; *ret_moon: Julian day of the (second) Waso's full moon, true of such years only. */
static bool watat(int year, int64_t *ret_moon)
{
	const struct era *e = &eras[year < eras[0].from];
	double gain = SOLAR_YEAR / 12 - LUNAR_MONTH, offset = e->offset;
	double excess = fmod(SOLAR_YEAR * (year + 3739), LUNAR_MONTH);
	if (excess < gain * (12 - e->months))
		excess += LUNAR_MONTH;
	bool is = excess >= LUNAR_MONTH - gain * e->months;
	for (size_t i = 0; i < 2; i++) {
		if (e->moon[i].year == year)
			offset += e->moon[i].by;
		if (e->other[i] == year)
			is = !is;
	}
	*ret_moon = (int64_t)floor(SOLAR_YEAR * year + ERA_START - excess + 4.5 * LUNAR_MONTH + offset + 0.5);
	return is;
}

static size_t burmese_months(bool leap_month, bool leap_day, struct span out[static SPANS_MAX])
{
	size_t n = 0;
	for (int m = 1; m <= 12; m++) {
		if (m == 4 && leap_month)
			out[n++] = (struct span){LUNAR_MONTH_FIRST, 30};
		out[n++] = (struct span){m == 4 && leap_month ? LUNAR_MONTH_SECOND : m, m % 2 ? 29 + (m == 3 && leap_day) : 30};
	}
	out[n++] = (struct span){LUNAR_MONTH_LATE_TAGU, 29};
	out[n++] = (struct span){LUNAR_MONTH_LATE_KASON, 30};
	return n;
}

static bool burmese(int64_t day, struct lunar_date *ret)
{
	int64_t julian = day + EPOCH_1970, moon, before;
	int year = (int)floor(((double)julian - 0.5 - ERA_START) / SOLAR_YEAR), back = 1;
	ret->leap_month = watat(year, &moon);
	while (!watat(year - back, &before) && back < 3)
		back++;
	/* Between two years with a second Waso the calendar runs on in common years of 354 days. */
	if (ret->leap_month)
		ret->leap_day = (moon - before) % 354 == 31;
	int64_t tagu = before + 354 * back - 102;
	struct span months[SPANS_MAX];
	size_t n = burmese_months(ret->leap_month, ret->leap_day, months);
	if (!find_month(months, n, julian - tagu, ret))
		return false;
	bool early = ret->month == 1 || (ret->month == 2 && ret->month_day < 16);
	ret->year = year;
	ret->buddhist_year = year + (early ? 1181 : 1182);
	return true;
}

/* ---- both ---- */

bool lunar_from_date(enum pack_lunar calendar, struct date d, struct lunar_date *ret)
{
	*ret = (struct lunar_date){.calendar = calendar, .animal = -1, .sak = -1};
	if (calendar == PACK_LUNAR_NONE || !date_is_valid(d) || d.year < LUNAR_YEAR_MIN || d.year > LUNAR_YEAR_MAX)
		return false;
	int64_t day = date_to_days(d);
	ret->weekday = (int)((day % 7 + 11) % 7);
	return calendar == PACK_LUNAR_KHMER ? khmer(day, d, ret) : burmese(day, ret);
}

const char *lunar_phase_name(enum lunar_phase phase)
{
	static const char *const names[] = {"waxing", "full_moon", "waning", "new_moon"};
	return names[phase];
}
