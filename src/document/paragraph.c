/* SPDX-License-Identifier: MPL-2.0 */
#include "document/paragraph.h"

#include <stdio.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/ustring.h>

#include "base/text.h"

#define TEXT_MAX 8192 /* bytes of one value */
#define SIZE_STEP 0.25 /* points */
#define SIZE_LAST 2.5  /* points: what a person's name may shrink to before a certificate is refused */

static bool needs_dictionary(const char *language)
{
	return strcmp(language, "km") == 0 || strcmp(language, "my") == 0;
}

/* A break that already stands beside a space needs no mark. */
static bool beside_space(const UChar *text, int32_t length, int32_t at)
{
	return at <= 0 || at >= length || u_isUWhiteSpace(text[at - 1]) || u_isUWhiteSpace(text[at]);
}

static enum rc append_piece(struct buf *out, const UChar *text, int32_t from, int32_t to)
{
	char utf8[TEXT_MAX + 1];
	int32_t length = 0;
	UErrorCode status = U_ZERO_ERROR;
	u_strToUTF8(utf8, sizeof utf8, &length, text + from, to - from, &status);
	if (U_FAILURE(status))
		return RC_INTERNAL;
	buf_append(out, bytes_of(utf8, (size_t)length));
	return RC_OK;
}

static enum rc mark_breaks(const UChar *text, int32_t length, const char *language, struct buf *out, struct err *e)
{
	UErrorCode status = U_ZERO_ERROR;
	UBreakIterator *breaks = ubrk_open(UBRK_LINE, language, text, length, &status);
	if (U_FAILURE(status))
		return err_set(e, RC_INTERNAL, language, "no line breaks: %s", u_errorName(status));
	enum rc rc = RC_OK;
	int32_t from = 0;
	for (int32_t to = ubrk_next(breaks); to != UBRK_DONE && rc == RC_OK; to = ubrk_next(breaks)) {
		rc = append_piece(out, text, from, to);
		if (!beside_space(text, length, to))
			buf_str(out, "\xe2\x80\x8b");
		from = to;
	}
	ubrk_close(breaks);
	return rc;
}

enum rc paragraph_break(const char *text, const char *language, struct buf *out, struct err *e)
{
	UChar wide[TEXT_MAX];
	int32_t length = 0;
	UErrorCode status = U_ZERO_ERROR;
	if (strlen(text) > TEXT_MAX || !utf8_is_valid(bytes_str(text)))
		return err_set(e, RC_INVALID, language, "a text is too long or not valid UTF-8");
	if (!needs_dictionary(language)) {
		buf_str(out, text);
	} else {
		u_strFromUTF8(wide, TEXT_MAX, &length, text, -1, &status);
		if (U_FAILURE(status) && status != U_STRING_NOT_TERMINATED_WARNING)
			return err_set(e, RC_INVALID, language, "a text cannot be converted: %s", u_errorName(status));
		enum rc rc = mark_breaks(wide, length, language, out, e);
		if (rc != RC_OK)
			return rc;
	}
	return buf_failed(out) ? err_set(e, RC_NO_MEMORY, language, "%s", rc_text(RC_NO_MEMORY)) : RC_OK;
}

static PangoLayout *make_layout(PangoContext *context, const struct layout_box *box)
{
	PangoLayout *layout = pango_layout_new(context);
	PangoAttrList *attributes = pango_attr_list_new();
	PangoLanguage *language = pango_language_from_string(box->style->language);
	pango_attr_list_insert(attributes, pango_attr_language_new(language));
	if (box->style->spacing != 0)
		pango_attr_list_insert(attributes,
		                       pango_attr_letter_spacing_new((int)(box->style->spacing * PANGO_SCALE)));
	/* a name broken between two lines must not gain a hyphen */
	pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
	pango_layout_set_width(layout, (int)(box->width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
	pango_layout_set_alignment(layout, box->align);
	pango_layout_set_auto_dir(layout, FALSE);
	return layout;
}

static void set_size(PangoLayout *layout, const struct layout_style *style, double size)
{
	PangoFontDescription *font = pango_font_description_new();
	char families[LAYOUT_NAME_MAX + 32]; /* Latin letters within another script */
	snprintf(families, sizeof families, "%s, Noto Serif", style->font);
	pango_font_description_set_family(font, families);
	pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_style(font, style->italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
	/* absolute: one unit of the page is one point, whatever resolution Pango believes in */
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_line_spacing(layout, style->line == 1 ? 0 : (float)style->line);
}

static double last_baseline(PangoLayout *layout)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	while (pango_layout_iter_next_line(iter))
		;
	int baseline = pango_layout_iter_get_baseline(iter);
	pango_layout_iter_free(iter);
	return (double)baseline / PANGO_SCALE;
}

/* The height the text takes of the box: on a base line, what stands above it;
   otherwise the lines' own height. */
static double height_taken(PangoLayout *layout, const struct layout_box *box)
{
	PangoRectangle ink, logical;
	pango_layout_get_extents(layout, &ink, &logical);
	if (box->valign == VALIGN_BASELINE)
		return last_baseline(layout) - (double)ink.y / PANGO_SCALE;
	return (double)logical.height / PANGO_SCALE;
}

static bool fits(PangoLayout *layout, const struct layout_box *box)
{
	PangoRectangle ink, logical;
	pango_layout_get_extents(layout, &ink, &logical);
	if (box->lines && pango_layout_get_line_count(layout) > (int)box->lines)
		return false;
	return logical.width <= (int)(box->width * PANGO_SCALE) && height_taken(layout, box) <= box->height;
}

static bool shrink(PangoLayout *layout, const struct layout_box *box, double from, double to)
{
	for (double size = from;; size -= SIZE_STEP) {
		if (size < to)
			size = to;
		set_size(layout, box->style, size);
		if (fits(layout, box))
			return true;
		if (size <= to)
			return false;
	}
}

/*
 * First as the designer meant it. But nobody goes without a certificate for the
 * length of a name: then also with more lines, broken within a word, and smaller.
 */
static bool shrink_to_fit(PangoLayout *layout, const struct layout_box *box)
{
	struct layout_box more = *box;
	more.lines = 0;
	if (shrink(layout, box, box->style->size, box->style->min))
		return true;
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	return shrink(layout, &more, box->style->min, SIZE_LAST);
}

static double top_of(PangoLayout *layout, const struct layout_box *box)
{
	double free_height = box->height - height_taken(layout, box);
	switch (box->valign) {
	case VALIGN_TOP:
		return 0;
	case VALIGN_MIDDLE:
		return free_height / 2;
	case VALIGN_BOTTOM:
		return free_height;
	case VALIGN_BASELINE:
		return box->height - last_baseline(layout);
	}
	return 0;
}

static void draw_frame(cairo_t *cr, const struct layout_box *box)
{
	cairo_set_line_width(cr, 0.9);
	cairo_rectangle(cr, 0.45, 0.45, box->width - 0.9, box->height - 0.9);
	cairo_stroke(cr);
}

static void draw_placed(cairo_t *cr, PangoLayout *layout, const struct layout_box *box)
{
	const struct layout_style *s = box->style;
	cairo_save(cr);
	cairo_translate(cr, box->x, box->y);
	if (box->rotate != 0) {
		cairo_translate(cr, box->width / 2, box->height / 2);
		cairo_rotate(cr, box->rotate * 3.14159265358979 / 180);
		cairo_translate(cr, -box->width / 2, -box->height / 2);
	}
	cairo_set_source_rgb(cr, s->red, s->green, s->blue);
	if (box->framed)
		draw_frame(cr, box);
	cairo_move_to(cr, 0, top_of(layout, box));
	pango_cairo_show_layout(cr, layout);
	cairo_restore(cr);
}

static void set_text(PangoLayout *layout, struct bytes text)
{
	pango_layout_set_text(layout, (const char *)text.ptr, (int)text.len);
}

/* A text that fits into one line at its full size needs no marks, which would come
   along when the text is copied from the page. */
static enum rc fit(PangoLayout *layout, const struct layout_box *box, const char *text, struct err *e)
{
	struct buf marked = BUF_INIT(TEXT_MAX * 2);
	enum rc rc = paragraph_break(text, box->style->language, &marked, e);
	if (rc == RC_OK) {
		set_text(layout, bytes_str(text));
		set_size(layout, box->style, box->style->size);
		if (pango_layout_get_line_count(layout) > 1 || !fits(layout, box)) {
			set_text(layout, buf_bytes(&marked));
			if (!shrink_to_fit(layout, box))
				rc = err_set(e, RC_INVALID, box->name, "%s: the text does not fit its place at %g points",
				             box->name, SIZE_LAST);
		}
	}
	if (rc == RC_INVALID && e)
		snprintf(e->where, sizeof e->where, "%s", box->name);
	buf_release(&marked);
	return rc;
}

enum rc paragraph_draw(cairo_t *cr, PangoContext *context, const struct layout_box *box, const char *text,
                       struct err *e)
{
	PangoLayout *layout = make_layout(context, box);
	enum rc rc = fit(layout, box, text, e);
	if (rc == RC_OK && pango_layout_get_unknown_glyphs_count(layout) != 0)
		rc = err_set(e, RC_INVALID, box->name, "no font has every character of the text");
	if (rc == RC_OK)
		draw_placed(cr, layout, box);
	g_object_unref(layout);
	return rc;
}

bool paragraph_fits(PangoContext *context, const struct layout_box *box, const char *text)
{
	struct buf marked = BUF_INIT(TEXT_MAX * 2);
	PangoLayout *layout = make_layout(context, box);
	bool good = paragraph_break(text, box->style->language, &marked, NULL) == RC_OK;
	if (good) {
		set_text(layout, buf_bytes(&marked));
		good = shrink(layout, box, box->style->size, box->style->min);
	}
	buf_release(&marked);
	g_object_unref(layout);
	return good;
}
