/* SPDX-License-Identifier: MPL-2.0 */
#include "country/words.h"

#include <stdio.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include "country/load.h"
#include "country/strings.h"
#include "country/view.h"

enum { SMALL_MAX = 100 };

struct language {
	const char *name, *font;
	const char *digits[10];
	const char *months[12];
	const char *small[SMALL_MAX]; /* 0 … small_count-1 in words; at least ten */
	size_t small_count;
	const char *tens[10], *tens_linked[10]; /* [1…9]; linked: when units follow */
	const char *hundred, *hundred_linked;   /* patterns with {n} */
	const char *thousand, *thousand_linked, *thousand_small; /* small: when less than 100 follows */
	const char *days[32]; /* [1…31] in a date in words; NULL: the number */
	const char *date, *date_in_words, *month_year, *year_only, *about, *unknown, *time;
	const char *weekdays[7]; /* from Sunday; NULL: not named */
	struct {
		const char *date, *phases[4]; /* patterns; date NULL: the language has no words for it */
		const char *months[LUNAR_MONTHS], *animals[12], *saks[10];
	} lunar;
};

struct words {
	struct language languages[PACK_LANGUAGES_MAX];
	size_t count;
};

static const struct language *find(const struct pack *p, const char *name)
{
	for (size_t i = 0; p->words && name && i < p->words->count; i++)
		if (strcmp(p->words->languages[i].name, name) == 0)
			return &p->words->languages[i];
	return NULL;
}

/* ---- numerals ---- */

const char *words_font(const struct pack *p, const char *language)
{
	const struct language *w = find(p, language);
	return w ? w->font : NULL;
}

void words_digits(const struct pack *p, const char *language, struct bytes text, struct buf *out)
{
	const struct language *w = find(p, language);
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.ptr[i];
		if (w && c >= '0' && c <= '9')
			buf_str(out, w->digits[c - '0']);
		else
			buf_byte(out, c);
	}
}

void words_uint(const struct pack *p, const char *language, uint64_t n, struct buf *out)
{
	char text[24];
	snprintf(text, sizeof text, "%llu", (unsigned long long)n);
	words_digits(p, language, bytes_str(text), out);
}

size_t words_ascii_digits(char *text, size_t len)
{
	const uint8_t *utf8 = (const uint8_t *)text;
	size_t kept = 0;
	for (size_t i = 0; i < len;) {
		size_t from = i;
		UChar32 c;
		U8_NEXT(utf8, i, len, c);
		int32_t digit = c > 0x7F ? u_charDigitValue(c) : -1;
		if (digit >= 0 && digit <= 9 && u_charType(c) == U_DECIMAL_DIGIT_NUMBER) {
			text[kept++] = (char)('0' + digit);
		} else {
			memmove(text + kept, text + from, i - from);
			kept += i - from;
		}
	}
	return kept;
}

/* ---- number words ---- */

static void put_pattern(const char *pattern, const char *name, const char *value, struct buf *out)
{
	strings_expand(pattern, &(struct strings_arg){name, value}, 1, out);
}

static void put_number(const struct language *w, unsigned n, struct buf *out)
{
	if (n < w->small_count) {
		buf_str(out, w->small[n]);
	} else if (n < 100) {
		buf_str(out, n % 10 ? w->tens_linked[n / 10] : w->tens[n / 10]);
		if (n % 10)
			buf_str(out, w->small[n % 10]);
	} else {
		bool thousands = n >= 1000;
		unsigned unit = thousands ? 1000 : 100, rest = n % unit;
		const char *pattern = thousands ? (!rest ? w->thousand : rest < 100 ? w->thousand_small : w->thousand_linked)
						: (!rest ? w->hundred : w->hundred_linked);
		put_pattern(pattern, "n", w->small[n / unit], out);
		if (rest)
			put_number(w, rest, out);
	}
}

void words_number(const struct pack *p, const char *language, unsigned n, struct buf *out)
{
	const struct language *w = find(p, language);
	if (w && n <= WORDS_NUMBER_MAX)
		put_number(w, n, out);
	else
		words_uint(p, language, n, out);
}

/* ---- dates ---- */

const char *words_month(const struct pack *p, const char *language, int month)
{
	const struct language *w = find(p, language);
	return w && month >= 1 && month <= 12 ? w->months[month - 1] : NULL;
}

static void put_date(const char *pattern, const struct buf *day, const char *month, const struct buf *year, struct buf *out)
{
	if (buf_failed(day) || buf_failed(year)) {
		out->failed = true;
		return;
	}
	struct strings_arg args[] = {{"day", buf_cstr((struct buf *)(uintptr_t)day)}, {"month", month},
				     {"year", buf_cstr((struct buf *)(uintptr_t)year)}};
	if (args[0].value && args[2].value)
		strings_expand(pattern, args, 3, out);
	else
		out->failed = true;
}

static void put_iso(struct date d, struct buf *out)
{
	char text[DATE_TEXT_SIZE];
	date_format(d, text);
	buf_str(out, text);
}

static void put_whole_date(const struct pack *p, const char *language, const char *pattern, struct date d,
			   struct buf *out)
{
	struct buf day = BUF_INIT(64), year = BUF_INIT(64);
	words_uint(p, language, (uint64_t)d.day, &day);
	words_uint(p, language, (uint64_t)d.year, &year);
	put_date(pattern, &day, words_month(p, language, d.month), &year, out);
	buf_release(&day);
	buf_release(&year);
}

void words_date(const struct pack *p, const char *language, struct date d, struct buf *out)
{
	const struct language *w = find(p, language);
	if (w && date_is_valid(d) && d.year >= 0)
		put_whole_date(p, language, w->date, d, out);
	else
		put_iso(d, out);
}

void words_date_in_words(const struct pack *p, const char *language, struct date d, struct buf *out)
{
	const struct language *w = find(p, language);
	if (!w || !date_is_valid(d) || d.year < 0 || d.year > WORDS_NUMBER_MAX) {
		put_iso(d, out);
		return;
	}
	struct buf day = BUF_INIT(512), year = BUF_INIT(512);
	if (w->days[d.day])
		buf_str(&day, w->days[d.day]);
	else
		put_number(w, (unsigned)d.day, &day);
	put_number(w, (unsigned)d.year, &year);
	put_date(w->date_in_words, &day, w->months[d.month - 1], &year, out);
	buf_release(&day);
	buf_release(&year);
}

void words_partial_date(const struct pack *p, const char *language, const char *value, const char *precision,
			struct buf *out)
{
	const struct language *w = find(p, language);
	size_t len = value ? strlen(value) : 0;
	char whole[16];
	struct date d;
	if (!w) {
		buf_str(out, value ? value : "");
		return;
	}
	snprintf(whole, sizeof whole, "%s%s", len <= 10 && value ? value : "", len == 4 ? "-01-01" : len == 7 ? "-01" : "");
	if (!value || !date_parse(whole, strlen(whole), &d)) {
		buf_str(out, w->unknown);
		return;
	}
	const char *pattern = len == 4 ? w->year_only : len == 7 ? w->month_year : w->date;
	struct buf text = BUF_INIT(1024);
	put_whole_date(p, language, pattern, d, &text);
	if (buf_failed(&text))
		out->failed = true;
	else if (precision && strcmp(precision, "about") == 0)
		put_pattern(w->about, "date", buf_cstr(&text), out);
	else
		buf_append(out, buf_bytes(&text));
	buf_release(&text);
}

void words_time(const struct pack *p, const char *language, const char *hh_mm, struct buf *out)
{
	const struct language *w = find(p, language);
	if (!w || strlen(hh_mm) != 5) {
		buf_str(out, hh_mm);
		return;
	}
	struct buf hour = BUF_INIT(32), minute = BUF_INIT(32);
	words_digits(p, language, bytes_of(hh_mm, 2), &hour);
	words_digits(p, language, bytes_of(hh_mm + 3, 2), &minute);
	struct strings_arg args[] = {{"hour", buf_cstr(&hour)}, {"minute", buf_cstr(&minute)}};
	if (args[0].value && args[1].value)
		strings_expand(w->time, args, 2, out);
	else
		out->failed = true;
	buf_release(&hour);
	buf_release(&minute);
}

/* ---- countries ---- */

void words_country(const char *language, const char *code, struct buf *out)
{
	UChar wide[128];
	char locale[8], name[384];
	int32_t length = 0;
	UErrorCode status = U_ZERO_ERROR;
	snprintf(locale, sizeof locale, "und_%.2s", code);
	int32_t n = uloc_getDisplayCountry(locale, language, wide, 128, &status);
	if (U_SUCCESS(status))
		u_strToUTF8(name, sizeof name, &length, wide, n, &status);
	buf_str(out, U_SUCCESS(status) && length ? name : code);
}

/* ---- the lunar calendar ---- */

const char *words_weekday(const struct pack *p, const char *language, int weekday)
{
	const struct language *w = find(p, language);
	return w && weekday >= 0 && weekday < 7 ? w->weekdays[weekday] : NULL;
}

void words_lunar(const struct pack *p, const char *language, const struct lunar_date *d, struct buf *out)
{
	const struct language *w = find(p, language);
	if (!w || !w->lunar.date || !w->lunar.months[d->month - 1])
		return;
	struct buf day = BUF_INIT(64), half = BUF_INIT(256), year = BUF_INIT(64), buddhist = BUF_INIT(64);
	words_uint(p, language, (uint64_t)d->day, &day);
	words_uint(p, language, (uint64_t)d->year, &year);
	words_uint(p, language, (uint64_t)d->buddhist_year, &buddhist);
	if (buf_cstr(&day))
		put_pattern(w->lunar.phases[d->phase], "day", buf_cstr(&day), &half);
	struct strings_arg args[] = {
		{"weekday", w->weekdays[d->weekday]}, {"day", buf_cstr(&half)}, {"month", w->lunar.months[d->month - 1]},
		{"animal", d->animal < 0 ? "" : w->lunar.animals[d->animal]}, {"sak", d->sak < 0 ? "" : w->lunar.saks[d->sak]},
		{"year", buf_cstr(&year)}, {"buddhist", buf_cstr(&buddhist)},
	};
	if (buf_failed(&day) || !args[1].value || !args[5].value || !args[6].value)
		out->failed = true;
	else
		strings_expand(w->lunar.date, args, sizeof args / sizeof *args, out);
	buf_release(&day);
	buf_release(&half);
	buf_release(&year);
	buf_release(&buddhist);
}

/* ---- as data ---- */

json_t *words_view(const struct pack *p)
{
	json_t *all = json_object();
	for (size_t i = 0; p->words && i < p->words->count; i++) {
		const struct language *w = &p->words->languages[i];
		view_set(&all, w->name,
			 json_pack("{s:o,s:o,s:o,s:s,s:s,s:s,s:s,s:s,s:s}", "digits", view_texts(w->digits, 10), "months",
				   view_texts(w->months, 12), "weekdays", view_texts(w->weekdays, w->weekdays[0] ? 7 : 0), "date",
				   w->date, "month_year", w->month_year, "year_only", w->year_only, "about", w->about, "unknown",
				   w->unknown, "time", w->time));
	}
	return all;
}

/* ---- reading ---- */

static size_t load_list(struct loader *l, const struct node *n, const char *name, const char **out, size_t min, size_t max)
{
	struct node list;
	size_t count = load_count(l, n, name, max, &list);
	if (count < min) {
		load_mistake(l, list.pointer, "needs %zu items", min);
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct node item = load_item(&list, i);
		const char *text = load_own_text(l, &item);
		out[i] = text ? text : "";
	}
	return count;
}

static const char *load_pattern(struct loader *l, const struct node *n, const char *name, const char *needs,
				const char *fallback)
{
	struct node m = load_member(n, name);
	if (!m.json && fallback)
		return fallback;
	const char *text = load_text(l, n, name, LOAD_REQUIRED);
	if (text && !strings_same_placeholders(text, needs))
		load_mistake(l, m.pointer, "must have exactly these placeholders: %s", needs);
	return text ? text : "";
}

/* A pattern that has some of the placeholders and no other. */
static const char *load_loose_pattern(struct loader *l, const struct node *n, const char *name, const char *may)
{
	char both[512];
	struct node m = load_member(n, name);
	const char *text = load_text(l, n, name, LOAD_REQUIRED);
	snprintf(both, sizeof both, "%.300s%s", text ? text : "", may);
	if (text && !strings_same_placeholders(both, may))
		load_mistake(l, m.pointer, "may have only these placeholders: %s", may);
	return text ? text : "";
}

/* Every list may be absent that the pack's calendar has no use for. */
static void load_lunar(struct loader *l, const struct node *n, struct language *w)
{
	static const char *const phases[] = {"waxing", "full", "waning", "new"};
	struct node lunar = load_member(n, "lunar");
	bool khmer = l->pack->lunar == PACK_LUNAR_KHMER;
	if (!lunar.json) {
		if (l->pack->lunar != PACK_LUNAR_NONE)
			load_mistake(l, n->pointer, "lacks \"lunar\", the words of the pack's lunar calendar");
		return;
	}
	if (!load_is_object(l, &lunar))
		return;
	load_known(l, &lunar, "months animals saks waxing full waning new date");
	size_t months = khmer ? LUNAR_MONTH_SECOND : LUNAR_MONTHS;
	load_list(l, &lunar, "months", w->lunar.months, months, months);
	if (khmer) {
		load_list(l, &lunar, "animals", w->lunar.animals, 12, 12);
		load_list(l, &lunar, "saks", w->lunar.saks, 10, 10);
	}
	for (size_t i = 0; i < 4; i++)
		w->lunar.phases[i] = load_loose_pattern(l, &lunar, phases[i], "{day}");
	w->lunar.date = load_loose_pattern(l, &lunar, "date", khmer ? "{weekday}{day}{month}{animal}{sak}{year}{buddhist}"
								    : "{weekday}{day}{month}{year}{buddhist}");
	if (!w->weekdays[0])
		load_mistake(l, n->pointer, "lacks \"weekdays\"");
}

static void load_language(struct loader *l, const struct node *n, struct language *w)
{
	if (!load_is_object(l, n))
		return;
	load_known(l, n, "digits months small tens tens_linked hundred hundred_linked thousand thousand_linked "
			 "thousand_small days font date date_in_words month_year year_only about unknown time weekdays lunar");
	w->font = load_text(l, n, "font", LOAD_REQUIRED);
	load_list(l, n, "digits", w->digits, 10, 10);
	load_list(l, n, "months", w->months, 12, 12);
	w->small_count = load_list(l, n, "small", w->small, 10, SMALL_MAX);
	load_list(l, n, "tens", w->tens + 1, 9, 9);
	if (json_object_get(n->json, "tens_linked"))
		load_list(l, n, "tens_linked", w->tens_linked + 1, 9, 9);
	else
		memcpy(w->tens_linked, w->tens, sizeof w->tens);
	if (json_object_get(n->json, "days"))
		load_list(l, n, "days", w->days + 1, 31, 31);
	w->hundred = load_pattern(l, n, "hundred", "{n}", NULL);
	w->hundred_linked = load_pattern(l, n, "hundred_linked", "{n}", w->hundred);
	w->thousand = load_pattern(l, n, "thousand", "{n}", NULL);
	w->thousand_linked = load_pattern(l, n, "thousand_linked", "{n}", w->thousand);
	w->thousand_small = load_pattern(l, n, "thousand_small", "{n}", w->thousand_linked);
	w->date = load_pattern(l, n, "date", "{day}{month}{year}", NULL);
	w->date_in_words = load_pattern(l, n, "date_in_words", "{day}{month}{year}", NULL);
	w->month_year = load_pattern(l, n, "month_year", "{month}{year}", NULL);
	w->year_only = load_pattern(l, n, "year_only", "{year}", NULL);
	w->about = load_pattern(l, n, "about", "{date}", NULL);
	w->unknown = load_pattern(l, n, "unknown", "", NULL);
	w->time = load_pattern(l, n, "time", "{hour}{minute}", NULL);
	if (json_object_get(n->json, "weekdays"))
		load_list(l, n, "weekdays", w->weekdays, 7, 7);
	load_lunar(l, n, w);
}

void words_load(struct loader *l, const char *file)
{
	struct node root = {.json = load_file(l, file)};
	struct words *words = LOAD_ARRAY(l, struct words, 1);
	const char *key;
	json_t *value;
	if (!root.json || !words) {
		json_decref((json_t *)(uintptr_t)root.json);
		return;
	}
	l->pack->words = words;
	json_object_foreach((json_t *)(uintptr_t)root.json, key, value) {
		struct node n = load_member(&root, key);
		if (!pack_language(l->pack, key)) {
			load_mistake(l, n.pointer, "is not among the pack's languages");
			continue;
		}
		words->languages[words->count].name = pack_language(l->pack, key);
		load_language(l, &n, &words->languages[words->count++]);
	}
	for (size_t i = 0; i < l->pack->language_count; i++)
		if (!find(l->pack, l->pack->languages[i]))
			load_mistake(l, "", "lacks the language \"%s\"", l->pack->languages[i]);
	json_decref((json_t *)(uintptr_t)root.json);
}
