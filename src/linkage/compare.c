/* SPDX-License-Identifier: MPL-2.0 */
#include "linkage/compare.h"

#include <string.h>

#include "linkage/name.h"

#define NAME_SAME 1.0

/* Weights of the score: what tells two children apart best weighs most. */
#define WEIGHT_CHILD 4.0
#define WEIGHT_BIRTH 3.0
#define WEIGHT_MOTHER 3.0
#define WEIGHT_MOTHER_BIRTH 1.5
#define WEIGHT_SEX 0.5
#define WEIGHT_PLACE 0.5

/* What a date is worth that agrees in part. */
static const double date_worth[] = {
	[DATE_UNKNOWN] = 0,  [DATE_DIFFERENT] = 0,       [DATE_YEAR] = 0.4, [DATE_MONTH] = 0.6,
	[DATE_NEAR] = 0.85,  [DATE_TRANSPOSED] = 0.85,   [DATE_SAME] = 1,
};

static const char *const flag_names[LINKAGE_FLAGS] = {
	"child_same", "child_alike", "mother_same", "mother_alike", "birth_same", "birth_transposed", "birth_near",
	"birth_month", "mother_birth_same", "mother_birth_alike", "sex_same", "place_same", "mother_too_soon",
};

const char *linkage_flag_name(enum linkage_flag flag)
{
	for (int i = 0; i < LINKAGE_FLAGS; i++)
		if (flag == (enum linkage_flag)(1 << i))
			return flag_names[i];
	return "";
}

const char *linkage_kind_name(enum linkage_kind kind)
{
	static const char *const names[] = {"none", "same_mother", "close", "exact"};
	return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "none";
}

/* ---- dates ---- */

static bool number(struct bytes text, size_t from, size_t len, int *ret)
{
	int v = 0;
	for (size_t i = from; i < from + len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		v = v * 10 + (text.ptr[i] - '0');
	}
	*ret = v;
	return true;
}

bool linkage_date_parse(struct bytes text, struct linkage_date *ret)
{
	int year = 0, month = 0, day = 0;
	if (text.len == 0) {
		*ret = (struct linkage_date){0};
		return true;
	}
	if (text.len != 4 && text.len != 7 && text.len != 10)
		return false;
	if (!number(text, 0, 4, &year) || year == 0)
		return false;
	if (text.len >= 7 && (text.ptr[4] != '-' || !number(text, 5, 2, &month) || month < 1 || month > 12))
		return false;
	if (text.len == 10 && (text.ptr[7] != '-' || !number(text, 8, 2, &day) ||
	                       !date_is_valid((struct date){year, month, day})))
		return false;
	*ret = (struct linkage_date){.year = (int16_t)year, .month = (uint8_t)month, .day = (uint8_t)day};
	return true;
}

static int64_t days_of(struct linkage_date d)
{
	return date_to_days((struct date){d.year, d.month, d.day});
}

long linkage_days_apart(struct linkage_date a, struct linkage_date b)
{
	if (!a.day || !b.day)
		return -1;
	int64_t apart = days_of(a) - days_of(b);
	return (long)(apart < 0 ? -apart : apart);
}

enum linkage_date_match linkage_date_compare(struct linkage_date a, struct linkage_date b)
{
	if (!a.year || !b.year)
		return DATE_UNKNOWN;
	long apart = linkage_days_apart(a, b);
	if (apart == 0)
		return DATE_SAME;
	if (apart > 0 && apart <= LINKAGE_NEAR_DAYS)
		return DATE_NEAR;
	if (a.year != b.year)
		return DATE_DIFFERENT;
	if (apart > 0 && a.day == b.month && a.month == b.day)
		return DATE_TRANSPOSED;
	if (!a.month || !b.month)
		return DATE_YEAR;
	return a.month == b.month ? DATE_MONTH : DATE_DIFFERENT;
}

/* ---- records ---- */

static double greater(double a, double b)
{
	return a > b ? a : b;
}

/* Of names in two scripts, the pair that is most alike counts; -1 when no script is on both sides. */
static double names_alike(struct bytes native_a, struct bytes latin_a, struct bytes native_b, struct bytes latin_b)
{
	double alike = -1;
	if (native_a.len && native_b.len)
		alike = name_similarity(native_a, native_b);
	if (alike < NAME_SAME && latin_a.len && latin_b.len)
		alike = greater(alike, name_similarity(latin_a, latin_b));
	return alike;
}

static bool has_mother(const struct linkage_record *r)
{
	return r->mother_native.len || r->mother_latin.len;
}

static bool has_child(const struct linkage_record *r)
{
	return r->child_native.len || r->child_latin.len;
}

static unsigned name_flags(double alike, unsigned same, unsigned close)
{
	return alike >= NAME_SAME ? same | close : alike >= LINKAGE_ALIKE ? close : 0;
}

static unsigned birth_flags(enum linkage_date_match match)
{
	static const unsigned flags[] = {
		[DATE_SAME] = LINKAGE_BIRTH_SAME, [DATE_TRANSPOSED] = LINKAGE_BIRTH_TRANSPOSED,
		[DATE_NEAR] = LINKAGE_BIRTH_NEAR, [DATE_MONTH] = LINKAGE_BIRTH_MONTH,
	};
	return flags[match];
}

static unsigned mother_birth_flags(enum linkage_date_match match)
{
	if (match == DATE_SAME)
		return LINKAGE_MOTHER_BIRTH_SAME | LINKAGE_MOTHER_BIRTH_ALIKE;
	return match >= DATE_YEAR ? LINKAGE_MOTHER_BIRTH_ALIKE : 0;
}

/* One woman, two births, too few days between them, and not twins. */
static bool too_soon(unsigned flags, enum linkage_date_match mother_birth, long apart)
{
	bool one_woman = (flags & LINKAGE_MOTHER_SAME && mother_birth != DATE_DIFFERENT) ||
	                 (flags & LINKAGE_MOTHER_ALIKE && flags & LINKAGE_MOTHER_BIRTH_ALIKE);
	return one_woman && apart > LINKAGE_TWIN_DAYS && apart < LINKAGE_PREGNANCY_DAYS;
}

static enum linkage_kind kind_of(const struct linkage_record *a, const struct linkage_record *b, unsigned flags)
{
	const unsigned about_then =
		LINKAGE_BIRTH_SAME | LINKAGE_BIRTH_NEAR | LINKAGE_BIRTH_TRANSPOSED | LINKAGE_BIRTH_MONTH;
	bool same_child = flags & LINKAGE_CHILD_SAME && flags & LINKAGE_BIRTH_SAME;
	bool no_mother = !has_mother(a) && !has_mother(b);
	if (same_child && (flags & LINKAGE_MOTHER_SAME || (no_mother && flags & LINKAGE_PLACE_SAME)))
		return LINKAGE_EXACT;
	if (flags & LINKAGE_CHILD_ALIKE && flags & about_then && flags & LINKAGE_MOTHER_ALIKE)
		return LINKAGE_CLOSE;
	bool unnamed = !has_child(a) || !has_child(b);
	if (unnamed && flags & LINKAGE_BIRTH_SAME && flags & LINKAGE_MOTHER_ALIKE)
		return LINKAGE_CLOSE;
	if (same_child && (!has_mother(a) || !has_mother(b)))
		return LINKAGE_CLOSE;
	return flags & LINKAGE_MOTHER_TOO_SOON ? LINKAGE_SAME_MOTHER : LINKAGE_NONE;
}

struct sum {
	double got, of;
};

static void weigh(struct sum *s, bool known, double weight, double worth)
{
	if (!known)
		return;
	s->of += weight;
	s->got += weight * worth;
}

struct linkage_result linkage_compare(const struct linkage_record *a, const struct linkage_record *b)
{
	double child = names_alike(a->child_native, a->child_latin, b->child_native, b->child_latin);
	double mother = names_alike(a->mother_native, a->mother_latin, b->mother_native, b->mother_latin);
	enum linkage_date_match birth = linkage_date_compare(a->birth, b->birth);
	enum linkage_date_match mother_birth = linkage_date_compare(a->mother_birth, b->mother_birth);
	bool sex = a->sex && b->sex && a->sex != 'u' && b->sex != 'u', place = a->place.len && b->place.len;
	struct linkage_result r = {.kind = LINKAGE_NONE};
	r.flags = name_flags(child, LINKAGE_CHILD_SAME, LINKAGE_CHILD_ALIKE) |
	          name_flags(mother, LINKAGE_MOTHER_SAME, LINKAGE_MOTHER_ALIKE) | birth_flags(birth) |
	          mother_birth_flags(mother_birth);
	r.flags |= sex && a->sex == b->sex ? LINKAGE_SEX_SAME : 0;
	r.flags |= place && bytes_equal(a->place, b->place) ? LINKAGE_PLACE_SAME : 0;
	r.flags |= too_soon(r.flags, mother_birth, linkage_days_apart(a->birth, b->birth)) ? LINKAGE_MOTHER_TOO_SOON : 0;
	r.kind = kind_of(a, b, r.flags);

	struct sum s = {0, 0};
	weigh(&s, child >= 0, WEIGHT_CHILD, child);
	weigh(&s, mother >= 0, WEIGHT_MOTHER, mother);
	weigh(&s, birth != DATE_UNKNOWN, WEIGHT_BIRTH, date_worth[birth]);
	weigh(&s, mother_birth != DATE_UNKNOWN, WEIGHT_MOTHER_BIRTH, date_worth[mother_birth]);
	weigh(&s, sex, WEIGHT_SEX, a->sex == b->sex);
	weigh(&s, place, WEIGHT_PLACE, bytes_equal(a->place, b->place));
	r.score = s.of > 0 ? s.got / s.of : 0;
	return r;
}
