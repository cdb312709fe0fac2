/* SPDX-License-Identifier: MPL-2.0 */
/* The lunar calendars, against holidays that governments announced and against the moon itself. */
#include "tap.h"

#include <math.h>

#include "country/lunar.h"
#include "country/words.h"
#include "packs.h"

static struct buf out = {.max = 4096};

static struct lunar_date lunar(enum pack_lunar calendar, const char *iso)
{
	struct date d = {0, 0, 0};
	struct lunar_date l;
	ok(date_parse(iso, strlen(iso), &d) && lunar_from_date(calendar, d, &l));
	return l;
}

static void khmer_is(const char *iso, int month, int month_day)
{
	struct lunar_date l = lunar(PACK_LUNAR_KHMER, iso);
	if (!ok(l.month == month && l.month_day == month_day))
		printf("# %s is day %d of %d, not %d of %d\n", iso, l.month_day, l.month, month_day, month);
}

static void burmese_is(const char *iso, int year, int month, int month_day)
{
	struct lunar_date l = lunar(PACK_LUNAR_BURMESE, iso);
	if (!ok(l.year == year && l.month == month && l.month_day == month_day))
		printf("# %s is day %d of %d, %d, not %d of %d, %d\n", iso, l.month_day, l.month, l.year, month_day, month, year);
}

/* From sub-decrees on public holidays and the lists of banks and embassies that quote them. */
TEST(khmer_holidays)
{
	static const char *const meak[] = {"2010-01-30", "2011-02-18", "2019-02-19"};
	static const char *const visak[] = {"2010-04-28", "2011-05-17", "2019-05-18", "2020-05-06", "2021-04-26", "2022-05-15"};
	static const char *const pchum[] = {"2010-10-07", "2011-09-26", "2019-09-27", "2022-09-24"};
	static const char *const plough[] = {"2010-05-02", "2011-05-21", "2019-05-22", "2020-05-10", "2021-04-30", "2022-05-19"};
	static const char *const boats[] = {"2011-11-10", "2019-11-11", "2022-11-08"};
	for (size_t i = 0; i < sizeof meak / sizeof *meak; i++)
		khmer_is(meak[i], 3, 15); /* full moon of Meak */
	for (size_t i = 0; i < sizeof visak / sizeof *visak; i++)
		khmer_is(visak[i], 6, 15); /* full moon of Visakh */
	for (size_t i = 0; i < sizeof plough / sizeof *plough; i++)
		khmer_is(plough[i], 6, 19); /* 4 waning of Visakh */
	for (size_t i = 0; i < sizeof pchum / sizeof *pchum; i++)
		khmer_is(pchum[i], 10, 29); /* first of three days: 14 waning of Phatrabot */
	for (size_t i = 0; i < sizeof boats / sizeof *boats; i++)
		khmer_is(boats[i], 12, 15); /* second of three days: full moon of Kattik */
	khmer_is("1900-01-01", 2, 1);
}

static struct lunar_date new_year(const char *eve, const char *day, const char *last)
{
	struct lunar_date before = lunar(PACK_LUNAR_KHMER, eve), now = lunar(PACK_LUNAR_KHMER, day), then = lunar(PACK_LUNAR_KHMER, last);
	ok(now.animal == (before.animal + 1) % 12 && now.year == before.year);
	ok(then.animal == now.animal && then.year == now.year + 1);
	return then;
}

TEST(khmer_new_year_changes_the_animal_first_and_the_sak_on_its_last_day)
{
	new_year("2011-04-13", "2011-04-14", "2011-04-16");
	new_year("2019-04-13", "2019-04-14", "2019-04-16");
	new_year("2020-04-12", "2020-04-13", "2020-04-16"); /* four days */
	new_year("2022-04-13", "2022-04-14", "2022-04-16");
	struct lunar_date l = new_year("2024-04-12", "2024-04-13", "2024-04-16");
	ok(l.animal == 4 && l.sak == 6); /* dragon, chhasak */
	l = lunar(PACK_LUNAR_KHMER, "2026-11-22");
	ok(l.animal == 6 && l.sak == 8 && l.year == 1388 && l.buddhist_year == 2570);
	eq_int(lunar(PACK_LUNAR_KHMER, "2022-05-15").buddhist_year, 2565);
	eq_int(lunar(PACK_LUNAR_KHMER, "2022-05-16").buddhist_year, 2566);
}

TEST(burmese_holidays)
{
	burmese_is("2013-03-26", 1374, 12, 15); /* full moon of Tabaung */
	burmese_is("2020-03-08", 1381, 12, 15);
	burmese_is("2017-05-10", 1379, 2, 15); /* Kason */
	burmese_is("2019-05-18", 1381, 2, 15);
	burmese_is("2020-05-06", 1382, 2, 15);
	burmese_is("2021-05-25", 1383, 2, 15);
	burmese_is("2013-07-22", 1375, 4, 15); /* Waso */
	burmese_is("2017-07-08", 1379, 4, 15);
	burmese_is("2019-07-16", 1381, 4, 15);
	burmese_is("2020-08-03", 1382, LUNAR_MONTH_SECOND, 15);
	burmese_is("2021-07-23", 1383, 4, 15);
	burmese_is("2017-10-05", 1379, 7, 15); /* Thadingyut */
	burmese_is("2019-10-13", 1381, 7, 15);
	burmese_is("2021-10-20", 1383, 7, 15);
	burmese_is("2013-11-17", 1375, 8, 15); /* Tazaungmon */
	burmese_is("2017-11-03", 1379, 8, 15);
	burmese_is("2019-11-11", 1381, 8, 15);
	burmese_is("2020-11-29", 1382, 8, 15);
	burmese_is("2021-11-18", 1383, 8, 15);
	burmese_is("2019-11-21", 1381, 8, 25); /* National Day: 10 waning of Tazaungmon */
	burmese_is("2017-11-13", 1379, 8, 25);
	burmese_is("1920-12-05", 1282, 8, 25); /* the strike that it remembers */
	burmese_is("1948-01-04", 1309, 10, 24); /* independence: 9 waning of Pyatho */
}

TEST(the_burmese_year_begins_with_the_day_after_thingyan)
{
	static const char *const eves[] = {"2013-04-16", "2019-04-16", "2020-04-16", "2026-04-16"};
	static const char *const days[] = {"2013-04-17", "2019-04-17", "2020-04-17", "2026-04-17"};
	for (size_t i = 0; i < sizeof days / sizeof *days; i++)
		eq_int(lunar(PACK_LUNAR_BURMESE, days[i]).year, lunar(PACK_LUNAR_BURMESE, eves[i]).year + 1);
	eq_int(lunar(PACK_LUNAR_BURMESE, "2026-04-17").year, 1388);
	eq_int(lunar(PACK_LUNAR_BURMESE, "2024-04-16").month, LUNAR_MONTH_LATE_TAGU);
	eq_int(lunar(PACK_LUNAR_BURMESE, "2024-04-17").month, 1);
}

/* Years of a kind, from first to last: those in which a day of them has the property, against a list. */
static void years_are(const char *what, const int *want, size_t n, bool (*has)(int year), int first, int last)
{
	size_t at = 0;
	for (int year = first; year <= last; year++) {
		bool listed = at < n && want[at] == year;
		if (has(year) != listed) {
			ok(false);
			printf("# %s: %d\n", what, year);
		}
		at += listed;
	}
	ok(at == n);
}

/* Of the Khmer year in which July falls; of the Burmese year that begins in April. */
static bool khmer_month(int year)
{
	struct lunar_date l;
	return lunar_from_date(PACK_LUNAR_KHMER, (struct date){year, 7, 1}, &l) && l.leap_month;
}

static bool khmer_day(int year)
{
	struct lunar_date l;
	return lunar_from_date(PACK_LUNAR_KHMER, (struct date){year, 7, 1}, &l) && l.leap_day;
}

static bool burmese_month(int year)
{
	struct lunar_date l;
	return lunar_from_date(PACK_LUNAR_BURMESE, (struct date){year + 638, 7, 1}, &l) && l.year == year && l.leap_month;
}

static bool burmese_day(int year)
{
	struct lunar_date l;
	return lunar_from_date(PACK_LUNAR_BURMESE, (struct date){year + 638, 7, 1}, &l) && l.leap_day;
}

/* As programs of other authors have them, which agree on every day (Burmese) or every 97th (Khmer); the Burmese of
   1272 to 1282 also as Irwin proposed them in 1909. */
TEST(long_years_are_those_that_others_reckon)
{
	static const int month[] = {1901, 1904, 1907, 1909, 1912, 1915, 1918, 1920, 1923, 1926, 1928, 1931, 1934, 1937,
				    1939, 1942, 1945, 1947, 1950, 1953, 1956, 1958, 1961, 1964, 1966, 1969, 1972, 1975,
				    1977, 1980, 1983, 1985, 1988, 1991, 1993, 1996, 1999, 2002, 2004, 2007, 2010, 2012,
				    2015, 2018, 2021, 2023, 2026, 2029, 2031, 2034, 2037, 2040, 2042, 2045, 2048};
	static const int day[] = {1902, 1906, 1911, 1917, 1922, 1927, 1932, 1938, 1943, 1948, 1954, 1959, 1963, 1968, 1973,
				  1978, 1984, 1989, 1994, 2000, 2005, 2009, 2016, 2020, 2025, 2030, 2035, 2041, 2046};
	static const int watat[] = {1263, 1266, 1269, 1272, 1274, 1277, 1280, 1282, 1285, 1288, 1291, 1293, 1296, 1299,
				    1301, 1304, 1307, 1310, 1312, 1315, 1317, 1320, 1323, 1326, 1328, 1331, 1334, 1336,
				    1339, 1342, 1344, 1347, 1350, 1353, 1355, 1358, 1361, 1363, 1366, 1369, 1372, 1374,
				    1377, 1380, 1382, 1385, 1388, 1391, 1393, 1396, 1399, 1401, 1404, 1407, 1410};
	static const int big[] = {1263, 1269, 1272, 1277, 1282, 1288, 1293, 1299, 1304, 1307, 1312, 1315, 1323, 1326, 1331,
				  1339, 1342, 1347, 1353, 1358, 1363, 1369, 1372, 1377, 1385, 1388, 1393, 1399, 1404, 1410};
	years_are("Khmer leap month", month, sizeof month / sizeof *month, khmer_month, 1900, 2049);
	years_are("Khmer leap day", day, sizeof day / sizeof *day, khmer_day, 1900, 2049);
	years_are("watat", watat, sizeof watat / sizeof *watat, burmese_month, 1262, 1411);
	years_are("big watat", big, sizeof big / sizeof *big, burmese_day, 1262, 1411);
}

/* Days since 1970, with fraction, of the n-th full moon after 2000: Meeus, Astronomical Algorithms, chapter 49. */
static double full_moon(int n)
{
	const double rad = 3.14159265358979323846 / 180, k = n + 0.5, t = k / 1236.85;
	double sun = (2.5534 + 29.1053567 * k) * rad, moon = (201.5643 + 385.81693528 * k) * rad, node = (160.7108 + 390.67050284 * k) * rad;
	double jde = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t - 0.40614 * sin(moon) + 0.17302 * sin(sun) +
		     0.01614 * sin(2 * moon) + 0.01043 * sin(2 * node) + 0.00734 * sin(moon - sun) - 0.00515 * sin(moon + sun);
	return jde - 2440587.5;
}

struct distances {
	int count, within_a_day, within_a_day_and_half;
	double most;
};

/* How far the moon's own full moon is from the midnight that ends the calendar's day of it, in local days. */
static struct distances compare_with_the_moon(enum pack_lunar calendar, int zone_minutes, int from_year, int to_year)
{
	struct distances d = {0};
	struct lunar_date l;
	int64_t last = date_to_days((struct date){to_year, 12, 31});
	for (int64_t day = date_to_days((struct date){from_year, 1, 1}); day <= last; day++) {
		if (!lunar_from_date(calendar, date_from_days(day), &l) || l.phase != LUNAR_FULL)
			continue;
		int n = (int)lround(((double)day - 10977.0) / 29.530588861);
		double off = 99;
		for (int i = n - 1; i <= n + 1; i++)
			off = fmin(off, fabs(full_moon(i) + zone_minutes / 1440.0 - (double)(day + 1)));
		d.count++;
		d.within_a_day += off <= 1;
		d.within_a_day_and_half += off <= 1.5;
		d.most = fmax(d.most, off);
	}
	printf("# %d full moons: %d within a day, %d within a day and a half, the farthest %.2f\n", d.count, d.within_a_day,
	       d.within_a_day_and_half, d.most);
	return d;
}

/* Both calendars reckon with mean months, so the full moon of the calendar is not always the moon's night. */
TEST(full_moons_are_near_the_moons_own)
{
	struct distances khmer = compare_with_the_moon(PACK_LUNAR_KHMER, 420, LUNAR_YEAR_MIN, LUNAR_YEAR_MAX);
	ok(khmer.count >= 1855 && khmer.most < 1.5 && khmer.within_a_day * 10 > khmer.count * 9);
	struct distances burmese = compare_with_the_moon(PACK_LUNAR_BURMESE, 390, 1951, LUNAR_YEAR_MAX);
	ok(burmese.count >= 1224 && burmese.most < 2.1 && burmese.within_a_day_and_half * 100 > burmese.count * 98);
	/* Until the reform of 1950 the calendar had fallen behind the moon. */
	burmese = compare_with_the_moon(PACK_LUNAR_BURMESE, 390, LUNAR_YEAR_MIN, 1950);
	ok(burmese.count >= 630 && burmese.most < 2.6);
}

/* Each day follows the one before: no day is left out or counted twice. */
static bool runs_on(enum pack_lunar calendar)
{
	struct lunar_date before, now;
	int64_t day = date_to_days((struct date){LUNAR_YEAR_MIN, 1, 1}), last = date_to_days((struct date){LUNAR_YEAR_MAX, 12, 31});
	if (!lunar_from_date(calendar, date_from_days(day), &before))
		return false;
	for (day++; day <= last; day++, before = now) {
		if (!lunar_from_date(calendar, date_from_days(day), &now) || now.weekday != (before.weekday + 1) % 7)
			return false;
		bool month_over = before.month_day == before.month_length;
		if (now.month_day != (month_over ? 1 : before.month_day + 1) || (before.phase == LUNAR_NEW) != month_over)
			return false;
		/* Within a month the number changes only where the Burmese year does. */
		if (!month_over && now.month != before.month && !(calendar == PACK_LUNAR_BURMESE && now.year == before.year + 1))
			return false;
		if (now.buddhist_year < before.buddhist_year || now.buddhist_year > before.buddhist_year + 1)
			return false;
	}
	return true;
}

TEST(every_day_follows_the_one_before)
{
	ok(runs_on(PACK_LUNAR_KHMER));
	ok(runs_on(PACK_LUNAR_BURMESE));
}

TEST(outside_the_trusted_years_there_is_no_answer)
{
	struct lunar_date l;
	ok(!lunar_from_date(PACK_LUNAR_KHMER, (struct date){1899, 12, 31}, &l));
	ok(!lunar_from_date(PACK_LUNAR_BURMESE, (struct date){2050, 1, 1}, &l));
	ok(!lunar_from_date(PACK_LUNAR_KHMER, (struct date){2025, 2, 29}, &l));
	ok(!lunar_from_date(PACK_LUNAR_NONE, (struct date){2025, 2, 28}, &l));
	ok(lunar_from_date(PACK_LUNAR_KHMER, (struct date){2049, 12, 31}, &l));
}

static const char *in_words(const struct pack *p, const char *language, const char *iso)
{
	struct lunar_date l = lunar(p->lunar, iso);
	buf_reset(&out);
	words_lunar(p, language, &l, &out);
	return buf_cstr(&out);
}

TEST(a_lunar_date_reads_as_people_write_it)
{
	struct pack *khm = pack_open("khm"), *mmr = pack_open("mmr"), *zed = pack_open("zed");
	if (!khm || !mmr || !zed)
		return;
	eq_str(in_words(khm, "km", "2026-11-22"), "ថ្ងៃអាទិត្យ ១៣កើត ខែកត្តិក ឆ្នាំមមី អដ្ឋស័ក ពុទ្ធសករាជ ២៥៧០");
	eq_str(in_words(khm, "km", "2018-12-15"), "ថ្ងៃសៅរ៍ ៨កើត ខែមិគសិរ ឆ្នាំច សំរឹទ្ធិស័ក ពុទ្ធសករាជ ២៥៦២");
	eq_str(in_words(khm, "en", "2022-05-15"), "Sunday, 15 Kaeut of Visakh, Year of the Tiger, Chatvasak, Buddhist Era 2565");
	eq_str(in_words(mmr, "my", "2020-08-03"), "သာသနာနှစ် ၂၅၆၄၊ ကောဇာသက္ကရာဇ် ၁၃၈၂ ခုနှစ်၊ ဒုတိယဝါဆိုလပြည့်နေ့၊ တနင်္လာနေ့");
	eq_str(in_words(mmr, "en", "2019-11-21"), "Thursday, Tazaungmon waning 10, Myanmar Era 1381, Sasana Era 2563");
	ok(zed->lunar == PACK_LUNAR_NONE);
	struct lunar_date l = lunar(PACK_LUNAR_KHMER, "2026-11-22");
	buf_reset(&out);
	words_lunar(zed, "el", &l, &out);
	ok(!out.len && !buf_failed(&out));
	pack_free(&khm);
	pack_free(&mmr);
	pack_free(&zed);
	buf_release(&out);
}

int main(void)
{
	RUN(khmer_holidays);
	RUN(khmer_new_year_changes_the_animal_first_and_the_sak_on_its_last_day);
	RUN(burmese_holidays);
	RUN(the_burmese_year_begins_with_the_day_after_thingyan);
	RUN(long_years_are_those_that_others_reckon);
	RUN(full_moons_are_near_the_moons_own);
	RUN(every_day_follows_the_one_before);
	RUN(outside_the_trusted_years_there_is_no_answer);
	RUN(a_lunar_date_reads_as_people_write_it);
	return tap_done();
}
