/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The day of a country's own calendar for a civil day: an aid to people who
 * know a birth by it. It is never stored, and decides nothing.
 *
 * Khmer (Chhankitek): years of 354, 355 or 384 days by aharkun, avoman and
 * bodithey as in Roath Kim Soeun's "Pratitin Soryakkatik-Chankatik 1900-1999",
 * counted from 1 January 1900 = 1 waxing of Boss. Buddhist Era from 1 waning of
 * Visakh; the animal from the moment of Moha Songkran; sak and Chula Era from
 * Loeung Sak.
 *
 * Burmese: Yan Naing Aye, "Algorithm, Program and Calculation of Myanmar
 * Calendar" (2013), with the eras from Myanmar Era 1217 (1855) and 1312 (1950)
 * and the years in which the announced calendar differed from the rule.
 *
 * Trusted are the civil days from 1900-01-01 to 2049-12-31: the past was
 * compared with announced holidays and with the astronomical moon (tests), the
 * years to come may be announced otherwise by those who keep the calendar. Both
 * reckon with mean months: their day of the full moon is up to a day and a half
 * from the moon's own, the Burmese one two days, and more before 1950.
 */
#ifndef CIVIS_COUNTRY_LUNAR_H
#define CIVIS_COUNTRY_LUNAR_H

#include "base/clock.h"
#include "country/pack.h"

#define LUNAR_YEAR_MIN 1900
#define LUNAR_YEAR_MAX 2049

enum lunar_phase { LUNAR_WAXING, LUNAR_FULL, LUNAR_WANING, LUNAR_NEW };

/* Months count from 1 in the calendar's own order: Khmer Migasir … Kattik, Burmese Tagu … Tabaung. */
enum {
	LUNAR_MONTH_FIRST = 13,  /* of a doubled month: Pathamasadh; First Waso */
	LUNAR_MONTH_SECOND = 14, /* Tutiyasadh; Second Waso */
	LUNAR_MONTH_LATE_TAGU = 15, /* Burmese: the old year's, before the new year begins within the month */
	LUNAR_MONTH_LATE_KASON = 16,
	LUNAR_MONTHS = 16,
};

struct lunar_date {
	enum pack_lunar calendar;
	int year;          /* Khmer: Chula Era, which changes with Loeung Sak; Burmese: Myanmar Era */
	int buddhist_year;
	int month;         /* see above */
	int day;           /* 1 … 15 of the waxing or waning half; the full moon is 15 waxing */
	int month_day;     /* 1 … 30 */
	int month_length;  /* 29 or 30 */
	enum lunar_phase phase;
	bool leap_month, leap_day; /* of the lunar year */
	int animal;        /* Khmer: 0 rat … 11 pig; Burmese: -1 */
	int sak;           /* Khmer: 0 … 9, last digit of the Chula Era (0: samridhisak); Burmese: -1 */
	int weekday;       /* 0 Sunday … 6 */
};

/* False outside the trusted range, for no real date, or without a calendar. */
bool lunar_from_date(enum pack_lunar calendar, struct date d, struct lunar_date *ret);
/* "full_moon", … as an API says it. */
const char *lunar_phase_name(enum lunar_phase phase);

#endif
