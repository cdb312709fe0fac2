/* SPDX-License-Identifier: MPL-2.0 */
#include "document/backdrop.h"

#include <cairo-pdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/deflate.h"
#include "document/layout.h"
#include "document/pdf_syntax.h"

#define RULE "{display:none !important}"
#define SHAPES "path,rect,circle,ellipse,line,polyline,polygon,use,image" RULE
#define TEXTS "text" RULE

/* ── drawing it ── */

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
	struct buf *out = closure;
	buf_append(out, bytes_of(data, length));
	return buf_failed(out) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static enum rc set_style(RsvgHandle *handle, const char *css, struct err *e)
{
	GError *error = NULL;
	enum rc rc = RC_OK;
	if (!rsvg_handle_set_stylesheet(handle, (const guint8 *)css, strlen(css), &error))
		rc = err_set(e, RC_CONFIG, "artwork", "%.150s", error ? error->message : "");
	g_clear_error(&error);
	return rc;
}

enum rc backdrop_leave_text(RsvgHandle *handle, struct err *e)
{
	return set_style(handle, SHAPES, e);
}

static enum rc draw_shapes(RsvgHandle *handle, struct buf *out, struct err *e)
{
	const RsvgRectangle page = {0, 0, PAGE_WIDTH, PAGE_HEIGHT};
	GError *error = NULL;
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, out, PAGE_WIDTH, PAGE_HEIGHT);
	cairo_t *cr = cairo_create(surface);
	bool good = rsvg_handle_render_document(handle, cr, &page, &error);
	cairo_show_page(cr);
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	good = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS && good;
	cairo_surface_destroy(surface);
	enum rc rc = good ? RC_OK : err_set(e, RC_CONFIG, "artwork", "cannot be drawn: %.150s", error ? error->message : "");
	g_clear_error(&error);
	return rc;
}

/* ── its content stream ── */

/* The page's own stream, inflated: the first that follows on the number of its object. */
static enum rc read_content(struct bytes pdf, struct buf *out)
{
	static const char opaque[] = "/a0 << /CA 1 /ca 1 >>";
	size_t at;
	struct pdf_drawn d = {.file = pdf};
	uint64_t number, generation, length;
	struct bytes dict;
	if (!pdf_find(pdf, opaque, 0, &at) || !pdf_drawn_read(&d) || !pdf_member_uint(d.page_dict, "/Contents", &number) ||
	    number >= d.size || d.entries + (size_t)d.size * PDF_XREF_ENTRY > pdf.len)
		return RC_FORMAT;
	struct pdf_scan s = {pdf, d.entries + (size_t)number * PDF_XREF_ENTRY};
	uint64_t offset, got;
	if (!scan_uint(&s, &offset) || offset >= pdf.len)
		return RC_FORMAT;
	s.at = (size_t)offset;
	if (!scan_uint(&s, &got) || got != number || !scan_uint(&s, &generation) || !scan_word(&s, "obj") ||
	    !scan_dict(&s, &dict) || !pdf_member_uint(dict, "/Length", &length) || !scan_word(&s, "stream"))
		return RC_FORMAT;
	size_t from = s.at + (s.at < pdf.len && pdf.ptr[s.at] == '\r'), end;
	from += from < pdf.len && pdf.ptr[from] == '\n';
	/* cairo writes the length in an object behind the stream */
	if (!pdf_find(pdf, "endstream", from, &end))
		return RC_FORMAT;
	while (end > from && (pdf.ptr[end - 1] == '\n' || pdf.ptr[end - 1] == '\r'))
		end--;
	for (int tries = 0; tries < 3; tries++, end++)
		if (zlib_decompress(bytes_slice(pdf, from, end - from), out) == RC_OK)
			return RC_OK;
	return RC_FORMAT;
}

static bool is_white(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static bool next_token(struct bytes *in, struct bytes *ret)
{
	size_t n = 0, white = 0;
	while (white < in->len && is_white(in->ptr[white]))
		white++;
	*in = bytes_slice(*in, white, in->len);
	while (n < in->len && !is_white(in->ptr[n]))
		n++;
	*ret = bytes_slice(*in, 0, n);
	*in = bytes_slice(*in, n, in->len);
	return n > 0;
}

/* Hundredths of a number such as "-12.3046875", rounded; false if this is none. */
static bool read_hundredths(struct bytes token, int64_t *ret)
{
	int64_t value = 0, scale = 0;
	bool minus = token.len && token.ptr[0] == '-';
	for (size_t i = minus; i < token.len; i++) {
		uint8_t c = token.ptr[i];
		if (c == '.' && !scale)
			scale = 1;
		else if (c < '0' || c > '9' || value > 100000000)
			return false;
		else if (scale < 10000)
			value = value * 10 + (c - '0'), scale *= 10;
	}
	while (scale < 10000)
		value *= 10, scale = scale ? scale * 10 : 10;
	value = (value + 50) / 100;
	*ret = minus ? -value : value;
	return token.len > minus;
}

static void put_hundredths(struct buf *out, int64_t n)
{
	uint64_t of = (uint64_t)(n < 0 ? -n : n);
	if (n < 0)
		buf_byte(out, '-');
	if (of >= 100 || of == 0)
		buf_printf(out, "%llu", (unsigned long long)(of / 100));
	if (of % 100)
		buf_printf(out, of % 10 ? ".%02llu" : ".%01llu", (unsigned long long)(of % 10 ? of % 100 : of % 100 / 10));
}

enum { OPERANDS_MAX = 16 };

/* Lines with less digits. Everything but paths, colours, widths and dashes is refused. */
static bool simplify(struct bytes in, struct buf *out)
{
	static const char *const lines[] = {"m", "l", "c", "v", "y", "re"};
	static const char *const others[] = {"h", "f", "f*", "S", "s", "B", "B*", "n", "W", "W*", "q", "Q", "cm", "w", "J", "j",
	                                     "M", "d", "rg", "RG", "g", "G", "b", "b*"};
	struct bytes operand[OPERANDS_MAX], token;
	size_t n = 0;
	buf_str(out, "q\n");
	while (next_token(&in, &token)) {
		bool line = false, other = false;
		/* without the setting of full opacity, a resource of that page */
		if (n == 1 && bytes_equal(token, BYTES_LIT("gs")) && bytes_equal(operand[0], BYTES_LIT("/a0"))) {
			n = 0;
			continue;
		}
		for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
			line |= bytes_equal(token, bytes_str(lines[i]));
		for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
			other |= bytes_equal(token, bytes_str(others[i]));
		if (!line && !other) {
			if (n == OPERANDS_MAX || token.ptr[0] == '(')
				return false;
			operand[n++] = token;
			continue;
		}
		for (size_t i = 0; i < n; i++) {
			int64_t hundredths;
			if (line && !read_hundredths(operand[i], &hundredths))
				return false;
			if (line)
				put_hundredths(out, hundredths);
			else if (operand[i].ptr[0] == '/')
				return false;
			else
				buf_append(out, operand[i]);
			buf_byte(out, ' ');
		}
		buf_append(out, token);
		buf_byte(out, '\n');
		n = 0;
	}
	buf_str(out, "Q\n");
	return n == 0;
}

enum rc backdrop_make(struct bytes svg, struct buf *out, struct err *e)
{
	struct buf pdf = BUF_INIT(CERTIFICATE_MAX), content = BUF_INIT(CERTIFICATE_MAX), plain = BUF_INIT(CERTIFICATE_MAX);
	RsvgHandle *handle = rsvg_handle_new_from_data(svg.ptr, svg.len, NULL);
	enum rc rc = handle ? RC_OK : err_set(e, RC_CONFIG, "artwork", "not a usable SVG");
	if (rc == RC_OK) {
		rsvg_handle_set_dpi(handle, 72);
		rc = set_style(handle, TEXTS, e);
	}
	if (rc == RC_OK)
		rc = draw_shapes(handle, &pdf, e);
	if (rc == RC_OK && (read_content(buf_bytes(&pdf), &content) != RC_OK || !simplify(buf_bytes(&content), &plain)))
		rc = err_set(e, RC_CONFIG, "artwork", "has more than plain shapes: a pattern, a picture or opacity");
	if (rc == RC_OK && (buf_failed(&plain) || zlib_compress(buf_bytes(&plain), out) != RC_OK))
		rc = err_set(e, RC_TOO_LARGE, "artwork", "its shapes are too large");
	g_clear_object(&handle);
	buf_release(&pdf);
	buf_release(&content);
	buf_release(&plain);
	return rc;
}

/* ── putting it beneath a page ── */

/* The page's dictionary with the stream as the first of its contents. */
static bool put_page(struct buf *out, const struct pdf_drawn *d)
{
	struct pdf_scan s;
	uint64_t content, generation;
	size_t key;
	if (!pdf_member(d->page_dict, "/Contents", &s) || !pdf_find_last(d->page_dict, "/Contents", s.at, &key) ||
	    !scan_uint(&s, &content) || !scan_uint(&s, &generation) || !scan_word(&s, "R"))
		return false;
	buf_printf(out, "%llu 0 obj\n<< ", (unsigned long long)d->page);
	buf_append(out, bytes_slice(d->page_dict, 0, key));
	buf_printf(out, "/Contents [%llu 0 R %llu 0 R]", (unsigned long long)d->size, (unsigned long long)content);
	buf_append(out, bytes_slice(d->page_dict, s.at, d->page_dict.len));
	buf_str(out, " >>\nendobj\n");
	return true;
}

static bool rewrite(const struct pdf_drawn *d, struct bytes stream, struct buf *out)
{
	size_t entries = (size_t)d->size * PDF_XREF_ENTRY, base = out->len;
	if (d->page >= d->size || d->entries + entries > d->file.len)
		return false;
	buf_append(out, bytes_slice(d->file, 0, d->xref));
	size_t at = out->len - base;
	buf_printf(out, "%llu 0 obj\n<< /Length %zu /Filter /FlateDecode >>\nstream\n", (unsigned long long)d->size, stream.len);
	buf_append(out, stream);
	buf_str(out, "\nendstream\nendobj\n");
	size_t page = out->len - base;
	if (!put_page(out, d))
		return false;
	size_t xref = out->len - base, split = (size_t)d->page * PDF_XREF_ENTRY;
	buf_printf(out, "xref\n0 %llu\n", (unsigned long long)d->size + 1);
	buf_append(out, bytes_slice(d->file, d->entries, split));
	buf_printf(out, "%010zu 00000 n \n", page);
	buf_append(out, bytes_slice(d->file, d->entries + split + PDF_XREF_ENTRY, entries - split - PDF_XREF_ENTRY));
	buf_printf(out, "%010zu 00000 n \ntrailer\n<< /Size %llu /Root %llu 0 R /Info %llu 0 R >>\nstartxref\n%zu\n%%%%EOF\n", at,
	           (unsigned long long)d->size + 1, (unsigned long long)d->root, (unsigned long long)d->info, xref);
	return true;
}

enum rc backdrop_put(struct bytes drawn, struct bytes stream, struct buf *out, struct err *e)
{
	struct pdf_drawn d = {.file = drawn};
	if (!pdf_drawn_read(&d) || !rewrite(&d, stream, out))
		return err_set(e, RC_FORMAT, "pdf", "not a PDF as it is drawn here");
	return buf_failed(out) ? err_set(e, RC_TOO_LARGE, "pdf", "the certificate is larger than %zu bytes", out->max) : RC_OK;
}
