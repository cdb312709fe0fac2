/* SPDX-License-Identifier: MPL-2.0 */
#include "register/counts.h"

#include <stdlib.h>

#include "tap.h"

/* A country with two provinces; one has two communes. */
static const char *const small[] = {"c", "c/1", "c/1/1", "c/1/2", "c/2"};
enum { C, C1, C11, C12, C2, SMALL };
static const char *const flat[SMALL] = {"c", "c/1", "c/2", "c/3", "c/4"};
static const char *const *shape = small;

static struct counts *made(const char *const *scopes, size_t n, size_t months)
{
	struct counts *c = NULL;
	ok(counts_new(scopes, n, months, &c) == RC_OK);
	return c;
}

static void put(struct counts *c, size_t month, const char *scope, const char *name, char sex, uint64_t n)
{
	ok(!n || counts_add(c, month, scope, name, sex, n) == RC_OK);
}

static size_t named(struct counts *c, const char *name)
{
	size_t i = 0;
	ok(counts_name(c, name, &i) == RC_OK);
	return i;
}

static bool tells(struct counts_value v, uint64_t n)
{
	return v.exact && v.n == n;
}

static bool hides(struct counts_value v)
{
	return !v.exact && !v.n;
}

static struct counts *told(const unsigned n[static SMALL])
{
	struct counts *c = made(shape, SMALL, 1);
	(void)named(c, "declared");
	for (size_t i = 0; i < SMALL; i++)
		put(c, 0, shape[i], "declared", 'f', n[i]);
	counts_decide(c);
	return c;
}

#define TOTAL(c, office) counts_total(c, office, 0, 0, named(c, "declared"))

TEST(large_numbers_and_what_is_not_there_are_told)
{
	struct counts *c = told((unsigned[]){0, 0, 12, 0, 30});
	ok(tells(TOTAL(c, C), 42));
	ok(tells(TOTAL(c, C1), 12));
	ok(tells(TOTAL(c, C11), 12));
	ok(tells(TOTAL(c, C12), 0));
	ok(tells(TOTAL(c, C2), 30));
	counts_free(&c);
	ok(!c);
}

TEST(a_small_number_is_hidden_with_the_next_larger_one)
{
	struct counts *c = told((unsigned[]){0, 6, 3, 20, 30});
	ok(tells(TOTAL(c, C1), 29));
	ok(hides(TOTAL(c, C11)));
	ok(hides(counts_own(c, C1, 0, 0, named(c, "declared"))));
	ok(tells(TOTAL(c, C12), 20));
	counts_free(&c);
	/* Of 3 and 30 the total would give one from the other; nothing else is left, so the zero goes too. */
	c = told((unsigned[]){0, 0, 3, 0, 30});
	ok(tells(TOTAL(c, C), 33));
	ok(hides(TOTAL(c, C1)) && hides(TOTAL(c, C11)) && hides(TOTAL(c, C12)) && hides(TOTAL(c, C2)));
	counts_free(&c);
}

TEST(a_small_country_tells_nothing)
{
	struct counts *c = told((unsigned[]){0, 0, 3, 0, 1});
	for (size_t i = 0; i < SMALL; i++)
		ok(hides(TOTAL(c, i)));
	counts_free(&c);
	c = told((unsigned[]){0, 0, 0, 0, 0});
	ok(tells(TOTAL(c, C), 0) && tells(TOTAL(c, C12), 0));
	counts_free(&c);
}

/* ---- an attacker who knows the rules, and tries every country ---- */

/* Every way in which up to MOST people can be spread over the five offices: C(18+5, 5) of them. Whatever has the same
   sum is among them, so that nothing is missed at the edge. */
enum { MOST = 18, WORLDS = 33649 };

struct world {
	uint64_t shown; /* a hash of all that is told */
	uint8_t n[2 * SMALL], hidden[2 * SMALL]; /* totals, then what is the offices' own */
};

static struct world worlds[WORLDS];

static void mix(uint64_t *h, struct counts_value v)
{
	*h = (*h ^ (v.exact ? v.n + 1 : 0)) * 0x100000001b3;
	*h ^= *h >> 29;
}

static void live(struct world *w, const unsigned n[static SMALL])
{
	struct counts *c = told(n);
	size_t name = named(c, "declared");
	w->shown = 0xcbf29ce484222325;
	for (size_t i = 0; i < SMALL; i++) {
		struct counts_value total = counts_total(c, i, 0, 0, name), own = counts_own(c, i, 0, 0, name);
		w->n[i] = 0;
		for (size_t k = 0; k < SMALL; k++)
			w->n[i] = (uint8_t)(w->n[i] + (strncmp(shape[k], shape[i], strlen(shape[i])) == 0 ? n[k] : 0));
		w->n[SMALL + i] = (uint8_t)n[i];
		w->hidden[i] = !total.exact;
		w->hidden[SMALL + i] = !own.exact;
		mix(&w->shown, total);
		mix(&w->shown, own);
	}
	counts_free(&c);
}

/* Spreads what is left over the offices from i on, and lives in each country that this gives. */
static size_t spread(unsigned n[static SMALL], size_t i, unsigned left, size_t count)
{
	for (n[i] = 0; n[i] <= left; n[i]++)
		if (i + 1 < SMALL)
			count = spread(n, i + 1, left - n[i], count);
		else
			live(&worlds[count++], n);
	return count;
}

static int by_shown(const void *a, const void *b)
{
	uint64_t x = ((const struct world *)a)->shown, y = ((const struct world *)b)->shown;
	return (x > y) - (x < y);
}

/* How many hidden numbers are the same in all countries that would tell the same. */
static size_t pinned(size_t *hidden)
{
	size_t found = 0;
	eq_int(spread((unsigned[SMALL]){0}, 0, MOST, 0), WORLDS);
	qsort(worlds, WORLDS, sizeof *worlds, by_shown);
	for (size_t from = 0, to; from < WORLDS; from = to) {
		for (to = from + 1; to < WORLDS && worlds[to].shown == worlds[from].shown;)
			to++;
		for (size_t i = 0; i < 2 * SMALL; i++) {
			bool varies = !worlds[from].hidden[i];
			*hidden += worlds[from].hidden[i];
			for (size_t k = from + 1; k < to && !varies; k++)
				varies = worlds[k].n[i] != worlds[from].n[i];
			found += !varies;
		}
	}
	return found;
}

TEST(every_hidden_number_could_be_another_one)
{
	size_t hidden = 0;
	eq_int(pinned(&hidden), 0);
	shape = flat;
	eq_int(pinned(&hidden), 0);
	shape = small;
	ok(hidden > 1000);
}

/* ---- an attacker with equations, against random countries ---- */

enum { PROVINCES = 4, DISTRICTS = 3, COMMUNES = 4, MONTHS = 3 };
enum { OFFICES = 1 + PROVINCES * (1 + DISTRICTS * (1 + COMMUNES)) };

static char scope_text[OFFICES][48];
static const char *scope[OFFICES];
static uint64_t seed;

static unsigned any(unsigned below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % below;
}

static void name_offices(void)
{
	size_t n = 0;
	snprintf(scope_text[n++], sizeof *scope_text, "c");
	for (int p = 0; p < PROVINCES; p++) {
		snprintf(scope_text[n++], sizeof *scope_text, "c/%d", p);
		for (int d = 0; d < DISTRICTS; d++) {
			snprintf(scope_text[n++], sizeof *scope_text, "c/%d/%d", p, d);
			for (int k = 0; k < COMMUNES; k++)
				snprintf(scope_text[n++], sizeof *scope_text, "c/%d/%d/%d", p, d, k);
		}
	}
	for (size_t i = 0; i < n; i++)
		scope[i] = scope_text[i];
}

/* Mostly nothing or little, sometimes much. */
static unsigned some(void)
{
	unsigned kind = any(6);
	return kind < 2 ? 0 : kind < 4 ? any(6) : kind < 5 ? any(12) : 5 + any(60);
}

struct range {
	int64_t low, high;
};

static struct range range_of(struct counts_value v)
{
	return v.exact ? (struct range){(int64_t)v.n, (int64_t)v.n} : (struct range){0, 100000};
}

/* Narrows a whole and its parts by the equation whole = Σ parts. True if something changed. */
static bool narrow(struct range *whole, struct range **part, size_t n)
{
	int64_t low = 0, high = 0;
	bool changed = false;
	for (size_t i = 0; i < n; i++) {
		low += part[i]->low;
		high += part[i]->high;
	}
	for (size_t i = 0; i <= n; i++) {
		struct range *r = i < n ? part[i] : whole, now = {low, high};
		if (i < n)
			now = (struct range){whole->low - (high - r->high), whole->high - (low - r->low)};
		if (now.low > r->low || now.high < r->high)
			changed = true;
		r->low = now.low > r->low ? now.low : r->low;
		r->high = now.high < r->high ? now.high : r->high;
		if (changed && i < n)
			return true;
	}
	return changed;
}

struct knowledge {
	struct range total[OFFICES], own[OFFICES], sex[OFFICES][4], days[OFFICES][5];
};

static bool think(struct counts *c, struct knowledge *k, size_t name)
{
	bool changed = false;
	for (size_t i = 0; i < OFFICES; i++) {
		struct range *part[32] = {&k->own[i]}, *sex[4], *days[5];
		size_t n = 1;
		for (size_t b = counts_below(c, i, SIZE_MAX); b != SIZE_MAX; b = counts_below(c, i, b))
			part[n++] = &k->total[b];
		changed |= narrow(&k->total[i], part, n);
		for (size_t s = 0; s < 5; s++) {
			days[s] = &k->days[i][s];
			if (s < 4)
				sex[s] = &k->sex[i][s];
		}
		if (counts_depth(c, i) == 1) {
			changed |= narrow(&k->total[i], sex, 4);
			if (strcmp(counts_name_of(c, name), "handed_over") == 0)
				changed |= narrow(&k->total[i], days, 5);
		}
	}
	return changed;
}

static const char *const classes[] = {"days_0_7", "days_8_30", "days_31_90", "days_91_365", "days_366_up"};

/* How many hidden numbers the equations give away. */
static size_t attack(struct counts *c, size_t month, const char *what, size_t *hidden)
{
	static struct knowledge k;
	size_t found = 0, name = named(c, what);
	for (size_t i = 0; i < OFFICES; i++) {
		k.total[i] = range_of(counts_total(c, i, month, month, name));
		k.own[i] = range_of(counts_own(c, i, month, month, name));
		for (size_t s = 0; s < 5; s++) {
			k.days[i][s] = range_of(counts_total(c, i, month, month, named(c, classes[s])));
			if (s < 4)
				k.sex[i][s] = range_of(counts_sex(c, i, month, month, name, COUNTS_SEXES[s]));
		}
	}
	struct knowledge before = k;
	while (think(c, &k, name))
		continue;
#define LOOK(member) do { \
		bool was = before.member.low != before.member.high; \
		*hidden += was; \
		found += was && k.member.low == k.member.high; \
	} while (0)
	for (size_t i = 0; i < OFFICES; i++) {
		LOOK(total[i]);
		LOOK(own[i]);
		for (size_t s = 0; s < 5 && counts_depth(c, i) == 1; s++) {
			if (s < 4)
				LOOK(sex[i][s]);
			LOOK(days[i][s]);
		}
	}
#undef LOOK
	return found;
}

static struct counts *random_country(void)
{
	struct counts *c = made(scope, OFFICES, MONTHS);
	for (size_t m = 0; m < MONTHS; m++)
		for (size_t i = 0; i < OFFICES; i++)
			for (unsigned k = 0, n = strlen(scope[i]) > 6 ? some() : any(4) ? 0 : some(); k < n; k++) {
				put(c, m, scope[i], "declared", COUNTS_SEXES[any(4) ? any(2) : any(4)], 1);
				put(c, m, scope[i], "handed_over", COUNTS_SEXES[any(2)], 1);
				put(c, m, scope[i], classes[any(3) ? any(3) : any(5)], '-', 1);
			}
	counts_decide(c);
	return c;
}

TEST(no_hidden_number_follows_from_those_that_are_told)
{
	size_t found = 0, hidden = 0;
	name_offices();
	for (uint64_t country = 1; country < 200; country++) {
		seed = country;
		struct counts *c = random_country();
		for (size_t m = 0; m < MONTHS; m++)
			found += attack(c, m, "declared", &hidden) + attack(c, m, "handed_over", &hidden);
		counts_free(&c);
	}
	eq_int(found, 0);
	ok(hidden > 1000);
}

TEST(two_questions_say_no_more_than_their_months)
{
	name_offices();
	seed = 77;
	struct counts *c = random_country();
	size_t name = named(c, "declared"), inexact = 0;
	for (size_t i = 0; i < OFFICES; i++)
		for (size_t from = 0; from < MONTHS; from++) {
			struct counts_value sum = {0, true}, sexes = sum;
			for (size_t to = from; to < MONTHS; to++) {
				struct counts_value v = counts_total(c, i, from, to, name), f = counts_sex(c, i, from, to, name, 'f');
				sum = counts_plus(sum, counts_total(c, i, to, to, name));
				sexes = counts_plus(sexes, counts_sex(c, i, to, to, name, 'f'));
				ok(v.n == sum.n && v.exact == sum.exact && f.n == sexes.n && f.exact == sexes.exact);
				inexact += !v.exact && v.n;
			}
		}
	ok(inexact > 0);
	counts_free(&c);
}

TEST(sexes_and_days_are_told_of_provinces_and_of_their_sum)
{
	struct counts *c = made(small, SMALL, 1);
	put(c, 0, "c/1/1", "declared", 'f', 20);
	put(c, 0, "c/1/1", "declared", 'm', 30);
	put(c, 0, "c/2", "declared", 'f', 9);
	put(c, 0, "c/2", "declared", 'm', 8);
	put(c, 0, "c/2", "declared", 'u', 1);
	put(c, 0, "c/2", "handed_over", 'f', 12);
	put(c, 0, "c/2", "days_0_7", '-', 12);
	counts_decide(c);
	size_t d = named(c, "declared"), week = named(c, "days_0_7");
	ok(tells(counts_sex(c, C1, 0, 0, d, 'f'), 20) && tells(counts_sex(c, C1, 0, 0, d, 'm'), 30));
	ok(tells(counts_sex(c, C2, 0, 0, d, 'f'), 9));
	ok(hides(counts_sex(c, C2, 0, 0, d, 'm')) && hides(counts_sex(c, C2, 0, 0, d, 'u')));
	ok(tells(counts_sex(c, C, 0, 0, d, 'f'), 29));
	struct counts_value boys = counts_sex(c, C, 0, 0, d, 'm');
	ok(boys.n == 30 && !boys.exact);
	ok(hides(counts_sex(c, C11, 0, 0, d, 'f')));
	ok(tells(counts_total(c, C2, 0, 0, week), 12) && tells(counts_total(c, C, 0, 0, week), 12));
	ok(hides(counts_total(c, C11, 0, 0, week)));
	counts_free(&c);
}

TEST(what_does_not_fit_is_refused)
{
	struct counts *c = NULL;
	ok(counts_new(small, 0, 1, &c) == RC_INVALID);
	ok(counts_new(small, SMALL, COUNTS_MONTHS_MAX + 1, &c) == RC_INVALID);
	ok(counts_new((const char *const[]){"c", "d"}, 2, 1, &c) == RC_INVALID);
	ok(counts_new((const char *const[]){"c", "c/2", "c/1"}, 3, 1, &c) == RC_INVALID);
	c = made(small, SMALL, 1);
	ok(counts_add(c, 1, "c", "declared", 'f', 1) == RC_INVALID);
	ok(counts_add(c, 0, "d/1", "declared", 'f', 1) == RC_INVALID);
	ok(counts_add(c, 0, "c", "declared", 'x', 1) == RC_INVALID);
	ok(counts_add(c, 0, "c", "declared", 'f', UINT64_MAX) == RC_TOO_LARGE);
	ok(counts_add(c, 0, "c/9/9", "returned", 'f', 7) == RC_OK); /* counts for the nearest office above */
	counts_decide(c);
	ok(tells(counts_own(c, C, 0, 0, named(c, "returned")), 7));
	counts_free(&c);
}

int main(void)
{
	RUN(large_numbers_and_what_is_not_there_are_told);
	RUN(a_small_number_is_hidden_with_the_next_larger_one);
	RUN(a_small_country_tells_nothing);
	RUN(every_hidden_number_could_be_another_one);
	RUN(no_hidden_number_follows_from_those_that_are_told);
	RUN(two_questions_say_no_more_than_their_months);
	RUN(sexes_and_days_are_told_of_provinces_and_of_their_sum);
	RUN(what_does_not_fit_is_refused);
	return tap_done();
}
