/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A plain printed sheet: A4, one language, black on white, as many pages as it takes. What is put on it
 * comes one below the other; a line that does not fit any more begins the next page, and nothing is cut.
 * Fonts are embedded and the text can be copied out. The same sheet gives the same bytes.
 *
 *   sheet_new()
 *   sheet_heading() sheet_text() sheet_field() …
 *   sheet_print()
 *   sheet_free()
 *
 * Texts are copied. Running out of memory is kept, and reported by sheet_print().
 */
#ifndef CIVIS_DOCUMENT_SHEET_H
#define CIVIS_DOCUMENT_SHEET_H

#include "base/bytes.h"
#include "base/err.h"
#include "country/pack.h"

#define SHEET_MAX ((size_t)4 << 20) /* bytes of a printed sheet */
#define SHEET_PAGES_MAX 60

struct sheet;

/* language: shaping, line breaks, font and numerals. at: UTC µs, the PDF's own dates. NULL if memory runs out. */
struct sheet *sheet_new(const struct pack *pack, const char *language, int64_t at);
void sheet_free(struct sheet **s);
/* On the first page, and small on those that follow; the PDF's title too, so never a person's name. */
void sheet_title(struct sheet *s, const char *title, const char *authority);
/* At the foot of every page, beside its number. */
void sheet_foot(struct sheet *s, const char *text);

void sheet_heading(struct sheet *s, const char *text);
enum sheet_weight { SHEET_PLAIN, SHEET_SMALL, SHEET_STRONG };
void sheet_text(struct sheet *s, enum sheet_weight weight, const char *text);
/* A name and what stands for it, side by side. */
void sheet_field(struct sheet *s, const char *name, const char *value);
/* The same, smaller, two in a row, for values that are no longer than a page. */
void sheet_brief(struct sheet *s, const char *name, const char *value);
/* A value to be read from afar. */
void sheet_code(struct sheet *s, const char *name, const char *value);
/* A place to write: `lines` ruled lines; or a cell for each '#' of the pattern. */
void sheet_lines(struct sheet *s, const char *name, unsigned lines);
void sheet_cells(struct sheet *s, const char *name, const char *pattern);
/* A box to tick before each of the choices. */
void sheet_ticks(struct sheet *s, const char *name, const char *const *choices, size_t count);
/* Framed places for a hand or a thumb, two in a row, each with what it is for: on a page with the heading and the texts
   just before and after them. */
void sheet_signatures(struct sheet *s, const char *const *names, size_t count);
void sheet_page_break(struct sheet *s);

/* Appends the PDF. RC_NO_MEMORY; RC_TOO_LARGE: over SHEET_PAGES_MAX pages, or out's maximum; RC_CONFIG: a font is not
   installed. Any thread's: sheets take turns. */
enum rc sheet_print(struct sheet *s, struct buf *out, struct err *e) WARN_UNUSED;

#endif
