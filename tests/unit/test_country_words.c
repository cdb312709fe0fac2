/* SPDX-License-Identifier: MPL-2.0 */
/* Words, numerals, names, messages and numbers as a country writes them. */
#include <ctype.h>

#include "tap.h"

#include "country/denied.h"
#include "country/names.h"
#include "country/numbering.h"
#include "country/strings.h"
#include "country/words.h"
#include "packs.h"

static struct pack *khm, *mmr, *zed;
static struct buf out = {.max = 4096};

static const char *number(const struct pack *p, const char *language, unsigned n)
{
	buf_reset(&out);
	words_number(p, language, n, &out);
	return buf_cstr(&out);
}

static const char *words(const struct pack *p, const char *language, int year, int month, int day)
{
	buf_reset(&out);
	words_date_in_words(p, language, (struct date){year, month, day}, &out);
	return buf_cstr(&out);
}

static const char *figures(const struct pack *p, const char *language, int year, int month, int day)
{
	buf_reset(&out);
	words_date(p, language, (struct date){year, month, day}, &out);
	return buf_cstr(&out);
}

static const char *partial(const struct pack *p, const char *language, const char *value, const char *precision)
{
	buf_reset(&out);
	words_partial_date(p, language, value, precision, &out);
	return buf_cstr(&out);
}

TEST(khmer_numbers)
{
	eq_str(number(khm, "km", 0), "សូន្យ");
	eq_str(number(khm, "km", 7), "ប្រាំពីរ");
	eq_str(number(khm, "km", 10), "ដប់");
	eq_str(number(khm, "km", 11), "ដប់មួយ");
	eq_str(number(khm, "km", 26), "ម្ភៃប្រាំមួយ");
	eq_str(number(khm, "km", 100), "មួយរយ");
	eq_str(number(khm, "km", 1998), "មួយពាន់ប្រាំបួនរយកៅសិបប្រាំបី");
	eq_str(number(khm, "km", 2026), "ពីរពាន់ម្ភៃប្រាំមួយ");
	eq_str(number(khm, "km", 9999), "ប្រាំបួនពាន់ប្រាំបួនរយកៅសិបប្រាំបួន");
	eq_str(number(khm, "km", 10000), "១០០០០");
}

TEST(burmese_numbers_link_with_the_creaky_tone)
{
	eq_str(number(mmr, "my", 7), "ခုနစ်");
	eq_str(number(mmr, "my", 10), "ဆယ်");
	eq_str(number(mmr, "my", 15), "ဆယ့်ငါး");
	eq_str(number(mmr, "my", 20), "နှစ်ဆယ်");
	eq_str(number(mmr, "my", 26), "နှစ်ဆယ့်ခြောက်");
	eq_str(number(mmr, "my", 300), "သုံးရာ");
	eq_str(number(mmr, "my", 1998), "တစ်ထောင့်ကိုးရာ့ကိုးဆယ့်ရှစ်");
	eq_str(number(mmr, "my", 2000), "နှစ်ထောင်");
	eq_str(number(mmr, "my", 2026), "နှစ်ထောင့်နှစ်ဆယ့်ခြောက်");
}

TEST(english_numbers)
{
	eq_str(number(khm, "en", 19), "nineteen");
	eq_str(number(khm, "en", 21), "twenty-one");
	eq_str(number(khm, "en", 40), "forty");
	eq_str(number(khm, "en", 1998), "one thousand nine hundred and ninety-eight");
	eq_str(number(khm, "en", 2026), "two thousand and twenty-six");
	eq_str(number(khm, "en", 2000), "two thousand");
	eq_str(number(khm, "en", 2100), "two thousand one hundred");
}

TEST(number_words_follow_the_pack_alone)
{
	eq_str(number(zed, "el", 1234), "a@+b#+Cd");
	eq_str(number(zed, "el", 1004), "a@,d");
	eq_str(number(zed, "xx", 1234), "1234");
	eq_str(words(zed, "el", 2020, 3, 10), "A M3 b@,B");
}

TEST(no_two_numbers_are_written_alike)
{
	static char all[WORDS_NUMBER_MAX + 1][192];
	const struct { const struct pack *p; const char *language; } each[] = {{khm, "km"}, {mmr, "my"}, {khm, "en"}};
	for (size_t k = 0; k < 3; k++) {
		size_t alike = 0;
		for (unsigned n = 0; n <= WORDS_NUMBER_MAX; n++)
			snprintf(all[n], sizeof all[n], "%s", number(each[k].p, each[k].language, n));
		for (unsigned n = 1; n <= WORDS_NUMBER_MAX; n++)
			for (unsigned m = n > 1200 ? n - 1200 : 0; m < n; m++)
				alike += strcmp(all[m], all[n]) == 0;
		eq_int(alike, 0);
	}
}

TEST(dates_in_figures_and_words)
{
	eq_str(figures(khm, "km", 2026, 11, 22), "ថ្ងៃទី២២ ខែវិច្ឆិកា ឆ្នាំ២០២៦");
	eq_str(words(khm, "km", 2026, 11, 22), "ថ្ងៃទីម្ភៃពីរ ខែវិច្ឆិកា ឆ្នាំពីរពាន់ម្ភៃប្រាំមួយ");
	eq_str(figures(mmr, "my", 2026, 11, 22), "၂၀၂၆ ခုနှစ်၊ နိုဝင်ဘာလ ၂၂ ရက်");
	eq_str(words(mmr, "my", 2026, 11, 22), "နှစ်ထောင့်နှစ်ဆယ့်ခြောက်ခုနှစ်၊ နိုဝင်ဘာလ၊ နှစ်ဆယ့်နှစ်ရက်");
	eq_str(figures(khm, "en", 2026, 11, 2), "2 November 2026");
	eq_str(words(khm, "en", 2026, 11, 22), "the twenty-second of November, two thousand and twenty-six");
	eq_str(figures(khm, "fr", 2026, 11, 2), "2026-11-02");
	eq_str(words_month(khm, "km", 12), "ធ្នូ");
	ok(words_month(khm, "km", 13) == NULL);
}

TEST(dates_that_are_partly_known)
{
	eq_str(partial(khm, "km", "1998", "year"), "ឆ្នាំ១៩៩៨");
	eq_str(partial(khm, "km", "1998-03", "month"), "ខែមីនា ឆ្នាំ១៩៩៨");
	eq_str(partial(khm, "en", "1998", "about"), "about 1998");
	eq_str(partial(khm, "en", "1998-03-02", "day"), "2 March 1998");
	eq_str(partial(khm, "en", NULL, "unknown"), "not known");
	eq_str(partial(mmr, "my", "1998", "about"), "၁၉၉၈ ခုနှစ် ခန့်");
	eq_str(partial(khm, "en", "1998-13", "month"), "not known");
	buf_reset(&out);
	words_time(khm, "km", "04:30", &out);
	eq_str(buf_cstr(&out), "ម៉ោង ០៤:៣០");
}

TEST(digits_of_any_script_become_ascii)
{
	char text[] = "២០២៦-၁၁-०२ ไทย៩";
	size_t n = words_ascii_digits(text, strlen(text));
	text[n] = '\0';
	eq_str(text, "2026-11-02 ไทย9");
}

TEST(every_error_has_a_message_in_every_language)
{
	static const char *const codes[] = {
#define X(code, http, name, text) "error." name,
		CIVIS_ERRORS(X)
#undef X
#define X(name, text) "field." text,
		FORM_CODES(X)
#undef X
	};
	for (const char *const *l = strings_product_languages(); *l; l++)
		for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
			if (!ok(strings_exact(NULL, *l, codes[i]) != NULL))
				printf("# %s lacks %s\n", *l, codes[i]);
	for (int rc = RC_OK; rc < RC_COUNT; rc++)
		eq_str(strings_error(NULL, "en", (enum rc)rc), rc_text((enum rc)rc));
	ok(strcmp(strings_error(NULL, "km", RC_HELD), rc_text(RC_HELD)) != 0);
	ok(strcmp(strings_error(NULL, "my", RC_HELD), strings_error(NULL, "km", RC_HELD)) != 0);
}

/* Whether a text has words of its own beside its {placeholders}. */
static bool says_something(const char *text)
{
	bool inside = false;
	for (; *text; text++) {
		inside = *text == '{' || (inside && *text != '}');
		if (!inside && isalpha((unsigned char)*text))
			return true;
	}
	return false;
}

TEST(every_language_has_the_same_placeholders_and_its_own_script)
{
	for (size_t i = 0; i < strings_product_count(); i++) {
		const char *key = strings_product_key(i), *en = strings_exact(NULL, "en", key);
		ok(strings_same_placeholders(en, strings_exact(NULL, "km", key)));
		ok(strings_same_placeholders(en, strings_exact(NULL, "my", key)));
		if (!says_something(en))
			continue;
		/* Khmer is U+1780–17FF (E1 9E/9F), Burmese U+1000–109F (E1 80/81/82). */
		ok(strstr(strings_exact(NULL, "km", key), "\xE1\x9E") != NULL);
		ok(strstr(strings_exact(NULL, "my", key), "\xE1\x80") != NULL);
	}
	ok(!strings_same_placeholders("{a}", "{b}"));
	ok(!strings_same_placeholders("{a}", "{a} {b}"));
	ok(strings_same_placeholders("{a} {b}", "{b}{a}{b}"));
}

TEST(a_pack_comes_before_the_product_and_english_last)
{
	eq_str(strings_get(khm, "km", "state.declared"), "បានប្រកាស");
	eq_str(strings_get(khm, "km", "form.name.native"), "ឈ្មោះជាអក្សរខ្មែរ");
	eq_str(strings_exact(NULL, "km", "form.name.native"), "ឈ្មោះជាអក្សររបស់ប្រទេស");
	eq_str(strings_get(khm, "my", "state.declared"), "ကြေညာပြီး");
	eq_str(strings_get(khm, "my", "certificate.not_stated"), "Not stated");
	eq_str(strings_get(khm, "km", "no.such.key"), "no.such.key");
	eq_str(strings_get(zed, "el", "error.held"), "ελ: Another officer holds this case");
	ok(strings_exact(khm, "my", "error.held") != NULL);
	buf_reset(&out);
	strings_format(khm, "en", "field.too_long", &(struct strings_arg){"limit", "200"}, 1, &out);
	eq_str(buf_cstr(&out), "This is longer than 200 bytes");
	buf_reset(&out);
	strings_expand("{a} {b} {", &(struct strings_arg){"a", "1"}, 1, &out);
	eq_str(buf_cstr(&out), "1 {b} {");
}

TEST(the_reader_chooses_the_language)
{
	eq_str(strings_language(khm, "km", "en"), "km");
	eq_str(strings_language(khm, "my;q=0.5, km;q=0.9, en;q=0.1", "en"), "km");
	eq_str(strings_language(khm, "fr-FR, my-MM;q=0.8", "en"), "my");
	eq_str(strings_language(khm, "fr, *;q=0.1", "en"), "en");
	eq_str(strings_language(khm, "km;q=0, en", "my"), "en");
	eq_str(strings_language(zed, "EL", "en"), "el");
	eq_str(strings_language(khm, NULL, "en"), "en");
	eq_str(strings_language(khm, ",;,q=,km-,;;", "en"), "km");
	eq_str(strings_language(khm, "kmx", "en"), "en");
}

TEST(names_are_normalised)
{
	buf_reset(&out);
	eq_int(names_normalise(bytes_str("  e\xCC\x81lan  \t vital "), &out), RC_OK);
	eq_str(buf_cstr(&out), "\xC3\xA9lan vital");
	buf_reset(&out);
	eq_int(names_normalise(bytes_str("a\x07"), &out), RC_INVALID);
	buf_reset(&out);
	eq_int(names_normalise(bytes_str("\xC0\x80"), &out), RC_INVALID);
	eq_int(names_normalise(bytes_str("\xEE\x80\x80"), &out), RC_INVALID); /* private use */
	buf_reset(&out);
	eq_int(names_normalise(BYTES_NONE, &out), RC_OK);
	eq_int(out.len, 0);
}

TEST(names_keep_to_their_script)
{
	ok(names_in_script(khm, bytes_str("សុខ ដារ៉ា"), SCRIPT_NATIVE));
	ok(names_in_script(khm, bytes_str("ស៊ុន\xE2\x80\x8B ចាន់ធូ"), SCRIPT_NATIVE));
	ok(!names_in_script(khm, bytes_str("SOK DARA"), SCRIPT_NATIVE));
	ok(!names_in_script(khm, bytes_str("សុខ DARA"), SCRIPT_NATIVE));
	ok(!names_in_script(khm, bytes_str("ឧ១២"), SCRIPT_NATIVE));
	ok(!names_in_script(khm, bytes_str(" - "), SCRIPT_NATIVE));
	ok(names_in_script(khm, bytes_str("Trần O’Neill-Smith"), SCRIPT_LATIN));
	ok(!names_in_script(khm, bytes_str("ДАРА"), SCRIPT_LATIN));
	ok(!names_in_script(khm, bytes_str("D4RA"), SCRIPT_LATIN));
	ok(names_in_script(mmr, bytes_str("ဒေါ်အောင်ဆန်းစုကြည်"), SCRIPT_NATIVE));
	ok(names_in_script(mmr, bytes_str("မောင်မောင် (ခ) ကိုကို"), SCRIPT_NATIVE));
	ok(!names_in_script(mmr, bytes_str("សុខ"), SCRIPT_NATIVE));
	ok(names_in_script(zed, bytes_str("Ελένη Παππά"), SCRIPT_NATIVE));
	ok(!names_in_script(zed, bytes_str("Ελένη-Παππά"), SCRIPT_NATIVE));
}

TEST(no_field_asks_for_ethnicity_religion_race_or_tribe)
{
	static const char *const refused[] = {"ethnicity", "religion", "Religion", "motherReligion", "mother_race", "ETHNIC-GROUP",
		"tribe", "tribal_affiliation", "nation", "caste", "creed", "ជនជាតិ", "សាសនារបស់ម្តាយ", "ជាតិសាសន៍", "လူမျိုး",
		"ကိုးကွယ်သည့်ဘာသာ", "ဘာသာ", "fathers_ethnic_origin", "ｒｅｌｉｇｉｏｎ"};
	static const char *const allowed[] = {"nationality", "nationality_declared", "embrace", "trace", "place", "grace", "terrace",
		"name", "sex", "explanation", "designation", "សញ្ជាតិ", "នាម", "နိုင်ငံသား", "section", "", "-"};
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (!ok(denied_field_name(refused[i])))
			printf("# %s\n", refused[i]);
	for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
		if (!ok(!denied_field_name(allowed[i])))
			printf("# %s\n", allowed[i]);
}

TEST(entries_are_numbered_by_the_pack)
{
	char text[ENTRY_TEXT_SIZE];
	uint32_t book;
	uint64_t serial;
	struct entry_number n = {.office = "khm/12/1201/120101", .reg = "B", .book = 1, .year = 2026, .serial = 17};
	eq_int(numbering_text(khm, &n, text, sizeof text), RC_OK);
	eq_str(text, "120101/B/1/2026/17");
	eq_int(numbering_text(zed, &n, text, sizeof text), RC_OK);
	eq_str(text, "B-120101.2026.1.17");
	eq_int(numbering_text(khm, &n, text, 18), RC_TOO_LARGE);
	eq_int(numbering_text(khm, &n, text, 19), RC_OK);
	eq_str(numbering_register(khm, "birth"), "B");
	eq_str(numbering_register(zed, "arrival"), "ARR");
	ok(numbering_register(zed, "birth") == NULL);
	numbering_next(khm, 0, 0, &book, &serial);
	ok(book == 1 && serial == 1);
	numbering_next(khm, 1, 99999, &book, &serial);
	ok(book == 1 && serial == 100000);
	numbering_next(zed, 1, 2, &book, &serial);
	ok(book == 2 && serial == 1);
	numbering_next(zed, 1, 1, &book, &serial);
	ok(book == 1 && serial == 2);
	/* 2026-12-31 18:00 UTC is the new year in Phnom Penh and not in Zedia. */
	eq_int(numbering_year(khm, (int64_t)1798740000 * 1000000), 2027);
	eq_int(numbering_year(zed, (int64_t)1798740000 * 1000000), 2026);
}

TEST(a_personal_number_is_printed_in_groups)
{
	char text[24];
	eq_int(numbering_person(khm, "2345678901", text, sizeof text), RC_OK);
	eq_str(text, "234 567 8901");
	eq_int(numbering_person(zed, "2345678901", text, sizeof text), RC_OK);
	eq_str(text, "23456/78901");
	eq_int(numbering_person(khm, "12", text, sizeof text), RC_OK);
	eq_str(text, "12");
	eq_int(numbering_person(khm, "2345678901", text, 12), RC_TOO_LARGE);
}

int main(void)
{
	khm = pack_open("khm");
	mmr = pack_open("mmr");
	zed = pack_open("zed");
	if (!khm || !mmr || !zed)
		return 1;
	RUN(khmer_numbers);
	RUN(burmese_numbers_link_with_the_creaky_tone);
	RUN(english_numbers);
	RUN(number_words_follow_the_pack_alone);
	RUN(no_two_numbers_are_written_alike);
	RUN(dates_in_figures_and_words);
	RUN(dates_that_are_partly_known);
	RUN(digits_of_any_script_become_ascii);
	RUN(every_error_has_a_message_in_every_language);
	RUN(every_language_has_the_same_placeholders_and_its_own_script);
	RUN(a_pack_comes_before_the_product_and_english_last);
	RUN(the_reader_chooses_the_language);
	RUN(names_are_normalised);
	RUN(names_keep_to_their_script);
	RUN(no_field_asks_for_ethnicity_religion_race_or_tribe);
	RUN(entries_are_numbered_by_the_pack);
	RUN(a_personal_number_is_printed_in_groups);
	buf_release(&out);
	pack_free(&khm);
	pack_free(&mmr);
	pack_free(&zed);
	return tap_done();
}
