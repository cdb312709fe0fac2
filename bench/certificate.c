/* SPDX-License-Identifier: MPL-2.0 */
/*
 * certificate [COUNT]: certificates a second on one core: drawing alone, and in
 * all with attachments, CMS and time-stamp. The limit is the same page with its
 * artwork and nothing filled in: what librsvg and cairo take for the pack's
 * picture, measured before and after in the same run.
 */
#include <stdio.h>
#include <sys/resource.h>

#include "made_document.h"

#include "base/clock.h"
#include "document/layout.h"

#include <cairo-pdf.h>

static cairo_status_t count_bytes(void *closure, const unsigned char *data, unsigned int length)
{
	(void)data;
	*(size_t *)closure += length;
	return CAIRO_STATUS_SUCCESS;
}

static void draw_artwork_alone(struct certificate_layout *layout)
{
	const RsvgRectangle page = {0, 0, PAGE_WIDTH, PAGE_HEIGHT};
	size_t written = 0;
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(count_bytes, &written, PAGE_WIDTH, PAGE_HEIGHT);
	cairo_t *cr = cairo_create(surface);
	rsvg_handle_render_document(layout->artwork, cr, &page, NULL);
	cairo_show_page(cr);
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	cairo_surface_destroy(surface);
}

static double seconds_since(int64_t from)
{
	return (double)(clock_monotonic_us() - from) / 1e6;
}

static double artwork_seconds(struct certificate_layout *layout, unsigned long count)
{
	draw_artwork_alone(layout); /* its fonts */
	int64_t from = clock_monotonic_us();
	for (unsigned long i = 0; i < count; i++)
		draw_artwork_alone(layout);
	return seconds_since(from);
}

int main(int argc, char **argv)
{
	static struct made m;
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 40;
	double drawing = 0, total = 0;
	struct rusage usage;
	made_begin(&m, "khm");
	made_issue(&m, made_declaration("khm", true, true)); /* warms up: fonts */
	/* half before and half after; not in between, since each drawing puts its own fonts in place */
	double artwork = artwork_seconds(m.layout, count / 2);
	for (unsigned long i = 0; i < count; i++) {
		int64_t from = clock_monotonic_us();
		buf_release(&m.drawn);
		buf_release(&m.pdf);
		made_draw(&m);
		drawing += seconds_since(from);
		made_sign(&m);
		total += seconds_since(from);
	}
	artwork += artwork_seconds(m.layout, count - count / 2);
	getrusage(RUSAGE_SELF, &usage);
	double n = (double)count;
	printf("certificate  drawing %.1f/s, total %.1f/s a core (%zu bytes, %ld MB)  limit %.1f/s, the artwork alone  ratio %.2f, %.2f\n",
	       n / drawing, n / total, m.pdf.len, usage.ru_maxrss / 1024, n / artwork, artwork / drawing, artwork / total);
	made_release(&m);
	return 0;
}
