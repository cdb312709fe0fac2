/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Numerals, number words and dates as a country writes them, from words.json.
 * Each function appends to `out` (sticky failure) and falls back to ASCII
 * digits for a language that the pack does not describe.
 */
#ifndef CIVIS_COUNTRY_WORDS_H
#define CIVIS_COUNTRY_WORDS_H

#include "base/bytes.h"
#include "base/clock.h"
#include "country/lunar.h"
#include "country/pack.h"

#define WORDS_NUMBER_MAX 9999

/* The family of the font in which plain sheets are set; NULL for a language that the pack does not describe. */
const char *words_font(const struct pack *p, const char *language);
/* Text with every ASCII digit replaced by the language's own. */
void words_digits(const struct pack *p, const char *language, struct bytes text, struct buf *out);
void words_uint(const struct pack *p, const char *language, uint64_t n, struct buf *out);
/* 0 … WORDS_NUMBER_MAX in words; beyond that in digits. */
void words_number(const struct pack *p, const char *language, unsigned n, struct buf *out);
/* "ថ្ងៃទី២២ ខែវិច្ឆិកា ឆ្នាំ២០២៦" */
void words_date(const struct pack *p, const char *language, struct date d, struct buf *out);
/* "ថ្ងៃទីម្ភៃពីរ ខែវិច្ឆិកា ឆ្នាំពីរពាន់ម្ភៃប្រាំមួយ" */
void words_date_in_words(const struct pack *p, const char *language, struct date d, struct buf *out);
/* A partial date ("1998", "1998-03", "1998-03-02" or NULL) of a precision ("day", "month", "year", "about",
   "unknown") as it is printed. */
void words_partial_date(const struct pack *p, const char *language, const char *value, const char *precision,
			struct buf *out);
/* A country by its two letters (ISO 3166-1), as ICU names it in the language; the letters where it has no name. */
void words_country(const char *language, const char *code, struct buf *out);
/* "14:05" as the language writes a time of day. */
void words_time(const struct pack *p, const char *language, const char *hh_mm, struct buf *out);
/* "ថ្ងៃអាទិត្យ ១៣កើត ខែកត្តិក ឆ្នាំមមី អដ្ឋស័ក ពុទ្ធសករាជ ២៥៧០"; nothing if the pack has no words for its lunar calendar. */
void words_lunar(const struct pack *p, const char *language, const struct lunar_date *d, struct buf *out);
/* Sunday (0) … Saturday (6); NULL if the language does not name them. */
const char *words_weekday(const struct pack *p, const char *language, int weekday);
/* Month 1–12 by name; NULL if the language is not described. */
const char *words_month(const struct pack *p, const char *language, int month);
/* In place: digits of any of the pack's languages (and of Unicode Nd) become ASCII. Returns the new length. */
size_t words_ascii_digits(char *text, size_t len);

#endif
