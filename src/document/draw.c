/* SPDX-License-Identifier: MPL-2.0 */
#include <cairo-pdf.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "document/backdrop.h"
#include "document/paragraph.h"
#include "document/qr_image.h"

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
	struct buf *out = closure;
	buf_append(out, bytes_of(data, length));
	return buf_failed(out) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* A font that is not there would silently be drawn as another one. */
static enum rc check_fonts(struct certificate_layout *layout, PangoFontMap *map, struct err *e)
{
	for (size_t i = 0; i < layout->style_count; i++) {
		const struct layout_style *s = &layout->styles[i];
		PangoFontFamily *family = pango_font_map_get_family(map, s->font);
		if (!family || strcasecmp(pango_font_family_get_name(family), s->font) != 0)
			return err_set(e, RC_CONFIG, s->font, "this font is not installed");
	}
	return RC_OK;
}

/*
 * librsvg keeps text as text on a PDF surface only, so the artwork's text is drawn anew
 * for each page; its shapes are not (document/backdrop.h). It takes the thread's default font map: for the while, the
 * layout's own, so that threads share one.
 */
static enum rc draw_artwork(cairo_t *cr, struct certificate_layout *layout, struct err *e)
{
	const RsvgRectangle page = {0, 0, PAGE_WIDTH, PAGE_HEIGHT};
	GError *error = NULL;
	enum rc rc = RC_OK;
	pango_cairo_font_map_set_default(PANGO_CAIRO_FONT_MAP(pango_context_get_font_map(layout->pango)));
	if (!rsvg_handle_render_document(layout->artwork, cr, &page, &error))
		rc = err_set(e, RC_CONFIG, "artwork", "cannot be drawn: %.150s", error ? error->message : "");
	pango_cairo_font_map_set_default(NULL);
	g_clear_error(&error);
	return rc;
}

static enum rc prepare(struct certificate_layout *layout, struct err *e)
{
	if (layout->pango)
		return RC_OK;
	PangoFontMap *map = pango_cairo_font_map_new();
	enum rc rc = check_fonts(layout, map, e);
	if (rc == RC_OK) {
		layout->pango = pango_font_map_create_context(map);
		/* positions that do not depend on any screen */
		pango_context_set_round_glyph_positions(layout->pango, FALSE);
		cairo_font_options_t *options = cairo_font_options_create();
		cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
		cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
		pango_cairo_context_set_font_options(layout->pango, options);
		cairo_font_options_destroy(options);
	}
	g_object_unref(map);
	return rc;
}

/* The first text of the name that fits, else the last. NULL if there is none. */
static const char *find_text(const struct certificate_layout *layout, const struct layout_box *box,
                             const struct certificate_content *content)
{
	const char *found = NULL;
	for (size_t i = 0; i < content->text_count; i++) {
		if (strcmp(content->texts[i].name, box->value) != 0)
			continue;
		if (found && paragraph_fits(layout->pango, box, found))
			break;
		found = content->texts[i].text;
	}
	return found;
}

static enum rc draw_boxes(cairo_t *cr, struct certificate_layout *layout, const struct certificate_content *content,
                          bool on_copy, struct err *e)
{
	for (size_t i = 0; i < layout->box_count; i++) {
		const struct layout_box *box = &layout->boxes[i];
		if (box->on_copy != on_copy)
			continue;
		const char *text = find_text(layout, box, content);
		if (text && !*text)
			text = box->absent;
		if (text ? !*text : box->optional)
			continue;
		if (!text)
			return err_set(e, RC_CONFIG, box->name, "nothing was given to fill this box");
		enum rc rc = paragraph_draw(cr, layout->pango, box, text, e);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* Each row's runs of dark modules as one rectangle, so that no hairline shows between modules. */
static enum rc draw_qr(cairo_t *cr, const struct certificate_layout *layout, const char *text, struct err *e)
{
	struct qr_image image;
	enum rc rc = qr_image_make(text, &image, e);
	if (rc != RC_OK)
		return rc;
	double side = layout->qr.width < layout->qr.height ? layout->qr.width : layout->qr.height;
	double module = side / (image.side + 2 * QR_QUIET_ZONE);
	cairo_save(cr);
	cairo_translate(cr, layout->qr.x, layout->qr.y);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_rectangle(cr, 0, 0, side, side);
	cairo_fill(cr);
	cairo_scale(cr, module, module);
	cairo_translate(cr, QR_QUIET_ZONE, QR_QUIET_ZONE);
	cairo_set_source_rgb(cr, 0, 0, 0);
	for (unsigned y = 0; y < image.side; y++)
		for (unsigned x = 0; x < image.side;) {
			unsigned from = x;
			while (x < image.side && image.dark[y][x])
				x++;
			if (x > from)
				cairo_rectangle(cr, from, y, x - from, 1);
			else
				x++;
		}
	cairo_fill(cr);
	cairo_restore(cr);
	return RC_OK;
}

static enum rc draw_page(cairo_t *cr, struct certificate_layout *layout, const struct certificate_content *content,
                         struct err *e)
{
	enum rc rc = RC_OK;
	if (content->copy_no > 1) /* beneath all else, so that it hides nothing */
		rc = draw_boxes(cr, layout, content, true, e);
	if (rc == RC_OK)
		rc = draw_artwork(cr, layout, e);
	if (rc == RC_OK)
		rc = draw_boxes(cr, layout, content, false, e);
	if (rc == RC_OK)
		rc = draw_qr(cr, layout, content->qr_text, e);
	return rc;
}

static void set_metadata(cairo_surface_t *surface, const struct certificate_content *content)
{
	char at[INSTANT_TEXT_SIZE];
	instant_format(content->drawn_at, at);
	at[19] = 'Z', at[20] = 0; /* whole seconds, as cairo wants them */
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, content->title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "civis");
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, at);
}

static enum rc draw_locked(struct certificate_layout *layout, const struct certificate_content *content,
                           struct buf *out, struct err *e)
{
	enum rc rc = prepare(layout, e);
	if (rc != RC_OK)
		return rc;
	struct buf drawn = BUF_INIT(out->max);
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, &drawn, PAGE_WIDTH, PAGE_HEIGHT);
	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
	set_metadata(surface, content);
	cairo_t *cr = cairo_create(surface);
	rc = draw_page(cr, layout, content, e);
	if (rc == RC_OK)
		cairo_show_page(cr);
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	cairo_status_t status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (rc == RC_OK && buf_failed(&drawn))
		rc = err_set(e, RC_TOO_LARGE, "pdf", "the certificate is larger than %zu bytes", out->max);
	else if (rc == RC_OK && status != CAIRO_STATUS_SUCCESS)
		rc = err_set(e, RC_INTERNAL, "pdf", "drawing failed: %s", cairo_status_to_string(status));
	if (rc == RC_OK)
		rc = backdrop_put(buf_bytes(&drawn), buf_bytes(&layout->backdrop), out, e);
	buf_release(&drawn);
	return rc;
}

enum rc certificate_draw(struct certificate_layout *layout, const struct certificate_content *content,
                         struct buf *out, struct err *e)
{
	pthread_mutex_lock(&layout->lock);
	enum rc rc = draw_locked(layout, content, out, e);
	pthread_mutex_unlock(&layout->lock);
	return rc;
}
