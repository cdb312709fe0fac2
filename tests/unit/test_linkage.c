/* SPDX-License-Identifier: MPL-2.0 */
/* The people named here are invented. */
#include <math.h>

#include "base/random.h"
#include "linkage/compare.h"
#include "linkage/name.h"
#include "tap.h"

static void normal(const char *in, const char *want)
{
	struct buf out = BUF_INIT(NAME_INPUT_MAX * 4);
	eq_int(name_normalise(bytes_str(in), &out), RC_OK);
	eq_str(buf_cstr(&out) ? buf_cstr(&out) : "", want);
	buf_release(&out);
}

static struct bytes pack_into(const char *name, uint8_t room[static NAME_PACKED_MAX])
{
	struct buf out = BUF_INIT(NAME_INPUT_MAX * 4);
	size_t n = 0;
	if (name && name_normalise(bytes_str(name), &out) == RC_OK)
		n = name_pack(buf_bytes(&out), room);
	buf_release(&out);
	return bytes_of(room, n);
}

static double alike(const char *a, const char *b)
{
	uint8_t pa[NAME_PACKED_MAX], pb[NAME_PACKED_MAX];
	struct bytes x = pack_into(a, pa), y = pack_into(b, pb);
	double s = name_similarity(x, y);
	/* the greedy matching of the method is not quite symmetric far from likeness */
	ok(fabs(s - name_similarity(y, x)) < (s > 0.8 ? 0.05 : 0.2));
	ok(name_bound(name_print(x), name_print(y)) >= s);
	return s;
}

TEST(normalises_latin)
{
	normal("  SOK   Dara ", "sok dara");
	normal("Sok-Dara", "sok dara");
	normal("Ange\xcc\x81lique D\xe2\x80\x99" "Arc", "angelique darc");
	normal("Ang\xc3\xa9lique", "angelique");
	normal("\xef\xbc\xb3\xef\xbc\xaf\xef\xbc\xab", "sok"); /* full width */
	normal("U Ba, Jr.", "u ba jr");
	normal("", "");
	normal(" .-", "");
	normal("Stra\xc3\x9f" "e", "strasse");
}

TEST(normalises_khmer)
{
	normal("សុខ\xe2\x80\x8bដារ៉ា", "សុខដារ៉ា"); /* zero-width space, as Khmer keyboards put it */
	normal("សុខ ដារ៉ា។", "សុខ ដារ៉ា");
	normal("ផ្ទះ១២៣", "ផ្ទះ123");
	normal("\xe2\x80\x8eចាន់\xe2\x80\x8f ស្រីមុំ", "ចាន់ ស្រីមុំ");
}

TEST(normalises_burmese)
{
	normal("မောင် အောင်\xe2\x80\x8bမြင့်။", "မောင် အောင်မြင့်");
	normal("၁၂၃", "123");
	/* dot below and asat typed in either order */
	normal("\xe1\x80\x94\xe1\x80\xba\xe1\x80\xb7", "\xe1\x80\x94\xe1\x80\xb7\xe1\x80\xba");
	normal("\xe1\x80\x94\xe1\x80\xb7\xe1\x80\xba", "\xe1\x80\x94\xe1\x80\xb7\xe1\x80\xba");
}

TEST(refuses_what_is_not_text)
{
	struct buf out = BUF_INIT(NAME_INPUT_MAX);
	eq_int(name_normalise(BYTES_LIT("a\xff"), &out), RC_FORMAT);
	static uint8_t longer[NAME_INPUT_MAX + 1];
	memset(longer, 'a', sizeof longer);
	eq_int(name_normalise(BYTES_ARRAY(longer), &out), RC_TOO_LARGE);
	eq_int(name_normalise(bytes_of(longer, NAME_INPUT_MAX), &out), RC_OK);
	buf_release(&out);
	uint8_t room[NAME_PACKED_MAX];
	eq_int(name_pack(bytes_of(longer, NAME_INPUT_MAX), room), 1 + NAME_POINTS_MAX);
}

TEST(packs_one_byte_a_character)
{
	uint8_t room[NAME_PACKED_MAX];
	uint32_t points[NAME_POINTS_MAX];
	struct bytes p = pack_into("ដារ៉ា", room);
	eq_int(p.len, 6);
	eq_int(p.ptr[0], 0x17);
	eq_int(name_points(p, points), 5);
	eq_int(points[0], 0x178a);
	p = pack_into("အောင်", room);
	eq_int(p.len, 6);
	eq_int(p.ptr[0], 0x10);
	p = pack_into("dara", room);
	eq_int(p.len, 5);
	eq_int(p.ptr[0], 0);
	p = pack_into("ដារ៉ា အောင်", room); /* two pages: UTF-8 */
	eq_int(p.ptr[0], 0xff);
	eq_int(name_points(p, points), 11);
	eq_int(points[10], 0x103a);
	eq_int(pack_into(" ", room).len, 0);
}

static double jw(const char *a, const char *b)
{
	uint32_t pa[64], pb[64];
	size_t an = strlen(a), bn = strlen(b);
	for (size_t i = 0; i < an; i++)
		pa[i] = (uint8_t)a[i];
	for (size_t i = 0; i < bn; i++)
		pb[i] = (uint8_t)b[i];
	return jaro_winkler(pa, an, pb, bn);
}

/* Values printed in Winkler 1990 and 1994. */
TEST(jaro_winkler_as_published)
{
	ok(fabs(jw("MARTHA", "MARHTA") - 0.961) < 0.001);
	ok(fabs(jw("DWAYNE", "DUANE") - 0.840) < 0.001);
	ok(fabs(jw("DIXON", "DICKSONX") - 0.813) < 0.001);
	ok(fabs(jw("JONES", "JOHNSON") - 0.832) < 0.001);
	ok(jw("", "") == 0 && jw("A", "") == 0 && jw("A", "B") == 0);
	ok(jw("SOK", "SOK") == 1);
}

TEST(similar_names_are_alike)
{
	static const char *const pairs[][2] = {
		{"Sok Dara", "Sok Dara"},     {"Sok Dara", "Dara Sok"},     {"Sok Dara", "Sok Daro"},
		{"Chan Sreymom", "Chan Sreimom"}, {"Vannak", "Vanak"},      {"សុខ ដារ៉ា", "សុខ ដារា"},
		{"ចាន់ ស្រីមុំ", "ចាន់ ស្រីម៉ុំ"}, {"កែវ វណ្ណា", "កែវ វណ្ណ"}, {"អောင်မြင့်", "အောင်မြင့"},
		{"ခင်ခင်ဝင်း", "ခင်ခင်ဝင်"},       {"Aung Myint", "Aung Mynt"}, {"Khin Khin Win", "Khin Khin Winn"},
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (!ok(alike(pairs[i][0], pairs[i][1]) >= LINKAGE_ALIKE))
			printf("# %s / %s: %.3f\n", pairs[i][0], pairs[i][1], alike(pairs[i][0], pairs[i][1]));
}

TEST(other_names_are_not)
{
	static const char *const pairs[][2] = {
		{"Sok Dara", "Chan Sreymom"}, {"សុខ ដារ៉ា", "ចាន់ ស្រីមុំ"}, {"សុខ ដារ៉ា", "សុខ ពិសី"},
		{"អောင်မြင့်", "ခင်ခင်ဝင်း"},    {"Aung Myint", "Zaw Lin Htet"}, {"Sok Dara", "Sok Pisey"},
		{"កែវ វណ្ណា", "លី សុភ័ក្ត្រ"},   {"", ""},                     {"Sok", ""},
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (!ok(alike(pairs[i][0], pairs[i][1]) < LINKAGE_ALIKE))
			printf("# %s / %s: %.3f\n", pairs[i][0], pairs[i][1], alike(pairs[i][0], pairs[i][1]));
}

TEST(the_bound_is_a_bound)
{
	bool good = true;
	for (int i = 0; i < 50000; i++) {
		uint8_t a[12] = {0}, b[12] = {0};
		size_t an = 2 + random_below(11), bn = 2 + random_below(11);
		for (size_t j = 1; j < 12; j++) {
			a[j] = (uint8_t)('a' + random_below(6));
			b[j] = (uint8_t)('a' + random_below(6));
		}
		if (an > 7 && random_below(2))
			a[3 + random_below(3)] = ' ';
		if (bn > 7 && random_below(2))
			b[3 + random_below(3)] = ' ';
		struct bytes x = bytes_of(a, an > 12 ? 12 : an), y = bytes_of(b, bn > 12 ? 12 : bn);
		good = good && name_bound(name_print(x), name_print(y)) >= name_similarity(x, y) - 1e-9;
	}
	ok(good);
}

TEST(keys_do_not_depend_on_order)
{
	uint8_t a[NAME_PACKED_MAX], b[NAME_PACKED_MAX];
	ok(name_key(pack_into("Sok Dara", a)) == name_key(pack_into("DARA  sok", b)));
	ok(name_key(pack_into("Sok Dara", a)) != name_key(pack_into("Sok Daro", b)));
	ok(name_key(BYTES_NONE) == 0);
}

static enum linkage_date_match dates(const char *a, const char *b)
{
	struct linkage_date x = {0}, y = {0};
	ok(linkage_date_parse(bytes_str(a), &x) && linkage_date_parse(bytes_str(b), &y));
	eq_int(linkage_date_compare(x, y), linkage_date_compare(y, x));
	return linkage_date_compare(x, y);
}

TEST(dates_compare)
{
	eq_int(dates("2026-03-04", "2026-03-04"), DATE_SAME);
	eq_int(dates("2026-03-04", "2026-04-03"), DATE_TRANSPOSED);
	eq_int(dates("2026-03-04", "2025-04-03"), DATE_DIFFERENT);
	eq_int(dates("2026-02-27", "2026-03-04"), DATE_NEAR);
	eq_int(dates("2025-12-30", "2026-01-02"), DATE_NEAR);
	eq_int(dates("2026-03-04", "2026-03-10"), DATE_MONTH);
	eq_int(dates("2026-03-04", "2026-03"), DATE_MONTH);
	eq_int(dates("2026-03-04", "2026-05-20"), DATE_DIFFERENT);
	eq_int(dates("2026", "2026-05-20"), DATE_YEAR);
	eq_int(dates("2026", "2025"), DATE_DIFFERENT);
	eq_int(dates("", "2025"), DATE_UNKNOWN);
	struct linkage_date d;
	static const char *const bad[] = {"2026-02-29", "2026-13", "2026-1-1", "abcd", "2026-00", "0000", "2026/01/01", "26"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ok(!linkage_date_parse(bytes_str(bad[i]), &d));
}

/* ---- whole records ---- */

struct person {
	const char *child, *child_latin, *born, *mother, *mother_latin, *mother_born, *place;
	char sex;
};

static const struct person dara = {"សុខ ដារ៉ា", "Sok Dara", "2026-03-04", "ចាន់ ស្រីមុំ", "Chan Sreymom", "1998-05-12", "120101", 'm'};

static struct linkage_result both(struct person a, struct person b)
{
	static uint8_t room[8][NAME_PACKED_MAX];
	const struct person *p[2] = {&a, &b};
	struct linkage_record r[2];
	for (int i = 0; i < 2; i++) {
		r[i] = (struct linkage_record){
			.child_native = pack_into(p[i]->child, room[i * 4]), .child_latin = pack_into(p[i]->child_latin, room[i * 4 + 1]),
			.mother_native = pack_into(p[i]->mother, room[i * 4 + 2]),
			.mother_latin = pack_into(p[i]->mother_latin, room[i * 4 + 3]),
			.sex = p[i]->sex, .place = bytes_str(p[i]->place)};
		ok(linkage_date_parse(bytes_str(p[i]->born), &r[i].birth));
		ok(linkage_date_parse(bytes_str(p[i]->mother_born), &r[i].mother_birth));
	}
	struct linkage_result x = linkage_compare(&r[0], &r[1]), y = linkage_compare(&r[1], &r[0]);
	ok(x.kind == y.kind && x.flags == y.flags && fabs(x.score - y.score) < 0.02);
	ok(x.score >= 0 && x.score <= 1);
	return x;
}

TEST(the_same_birth_is_exact)
{
	struct linkage_result r = both(dara, dara);
	eq_int(r.kind, LINKAGE_EXACT);
	ok(r.score == 1);
	ok(r.flags & LINKAGE_CHILD_SAME && r.flags & LINKAGE_MOTHER_SAME && r.flags & LINKAGE_BIRTH_SAME &&
	   r.flags & LINKAGE_SEX_SAME && r.flags & LINKAGE_PLACE_SAME && r.flags & LINKAGE_MOTHER_BIRTH_SAME);
}

TEST(slips_of_the_pen_are_close)
{
	struct person b = dara;
	b.child = "សុខ ដារា";
	b.child_latin = "Sok Daraa";
	b.born = "2026-04-03";
	struct linkage_result r = both(dara, b);
	eq_int(r.kind, LINKAGE_CLOSE);
	ok(r.flags & LINKAGE_BIRTH_TRANSPOSED && r.score > 0.8 && r.score < 1);
	b.born = "2026-03-06";
	eq_int(both(dara, b).kind, LINKAGE_CLOSE);
	b.mother = NULL;
	b.mother_latin = "CHAN SREYMUM";
	eq_int(both(dara, b).kind, LINKAGE_CLOSE);
}

TEST(twins_are_not_duplicates)
{
	struct person b = dara;
	b.child = "សុខ ពិសី";
	b.child_latin = "Sok Pisey";
	eq_int(both(dara, b).kind, LINKAGE_NONE);
	b.born = "2026-03-05";
	eq_int(both(dara, b).kind, LINKAGE_NONE);
}

TEST(one_mother_too_soon)
{
	struct person b = dara;
	b.child = "សុខ ពិសី";
	b.child_latin = "Sok Pisey";
	b.born = "2026-09-01";
	struct linkage_result r = both(dara, b);
	eq_int(r.kind, LINKAGE_SAME_MOTHER);
	ok(r.flags & LINKAGE_MOTHER_TOO_SOON);
	b.born = "2027-03-04";
	eq_int(both(dara, b).kind, LINKAGE_NONE);
	b.born = "2026-09-01";
	b.mother_born = "1987-01-30"; /* a namesake */
	eq_int(both(dara, b).kind, LINKAGE_NONE);
}

TEST(absent_fields_are_not_held_against_anyone)
{
	struct person a = dara, b = dara;
	a.mother = a.mother_latin = b.mother = b.mother_latin = NULL;
	a.mother_born = b.mother_born = NULL;
	eq_int(both(a, b).kind, LINKAGE_EXACT);
	eq_int(both(dara, b).kind, LINKAGE_CLOSE);
	b.place = "120102";
	eq_int(both(a, b).kind, LINKAGE_CLOSE);
	struct person unnamed = dara;
	unnamed.child = unnamed.child_latin = NULL;
	eq_int(both(dara, unnamed).kind, LINKAGE_CLOSE);
	struct person nobody = {0};
	eq_int(both(nobody, nobody).kind, LINKAGE_NONE);
	ok(both(nobody, nobody).score == 0);
}

TEST(words_for_flags_and_kinds)
{
	eq_str(linkage_flag_name(LINKAGE_MOTHER_TOO_SOON), "mother_too_soon");
	eq_str(linkage_flag_name(LINKAGE_CHILD_SAME), "child_same");
	eq_str(linkage_kind_name(LINKAGE_SAME_MOTHER), "same_mother");
	for (int i = 0; i < LINKAGE_FLAGS; i++)
		ok(linkage_flag_name((enum linkage_flag)(1 << i))[0] != 0);
}

int main(void)
{
	RUN(normalises_latin);
	RUN(normalises_khmer);
	RUN(normalises_burmese);
	RUN(refuses_what_is_not_text);
	RUN(packs_one_byte_a_character);
	RUN(jaro_winkler_as_published);
	RUN(similar_names_are_alike);
	RUN(other_names_are_not);
	RUN(the_bound_is_a_bound);
	RUN(keys_do_not_depend_on_order);
	RUN(dates_compare);
	RUN(the_same_birth_is_exact);
	RUN(slips_of_the_pen_are_close);
	RUN(twins_are_not_duplicates);
	RUN(one_mother_too_soon);
	RUN(absent_fields_are_not_held_against_anyone);
	RUN(words_for_flags_and_kinds);
	return tap_done();
}
