/* SPDX-License-Identifier: MPL-2.0 */
#include "document/layout.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "document/backdrop.h"

#define JSON_MAX ((size_t)256 << 10)
#define ARTWORK_MAX ((size_t)4 << 20)

static const RsvgRectangle page = {0, 0, PAGE_WIDTH, PAGE_HEIGHT};

static enum rc read_beside(const char *dir, const char *name, struct buf *out, struct err *e)
{
	char path[PATH_MAX];
	if (path_join(path, sizeof path, dir, name) != RC_OK)
		return err_set(e, RC_TOO_LARGE, name, "the path is too long");
	return file_read(path, out, e);
}

static enum rc load_artwork(const char *dir, const char *name, struct certificate_layout *layout, struct err *e)
{
	struct buf svg = BUF_INIT(ARTWORK_MAX);
	GError *error = NULL;
	enum rc rc = read_beside(dir, name, &svg, e);
	if (rc == RC_OK) {
		layout->artwork = rsvg_handle_new_from_data(svg.ptr, svg.len, &error);
		if (!layout->artwork)
			rc = err_set(e, RC_CONFIG, name, "not a usable SVG: %.150s", error ? error->message : "");
	}
	/* a pixel is a point then: geometry comes out in the page's own units */
	if (layout->artwork)
		rsvg_handle_set_dpi(layout->artwork, 72);
	if (rc == RC_OK)
		rc = backdrop_make(buf_bytes(&svg), &layout->backdrop, e);
	g_clear_error(&error);
	buf_release(&svg);
	return rc;
}

static enum rc find_box(struct certificate_layout *layout, const char *name, RsvgRectangle *ret, struct err *e)
{
	char id[LAYOUT_NAME_MAX + 8];
	RsvgRectangle ink;
	GError *error = NULL;
	snprintf(id, sizeof id, "#box.%s", name);
	bool found = rsvg_handle_get_geometry_for_layer(layout->artwork, id, &page, &ink, ret, &error);
	g_clear_error(&error);
	if (!found)
		return err_set(e, RC_CONFIG, id + 1, "the artwork has no such element");
	if (ret->width <= 0 || ret->height <= 0)
		return err_set(e, RC_CONFIG, id + 1, "the element has no extent");
	return RC_OK;
}

static enum rc place_boxes(struct certificate_layout *layout, struct err *e)
{
	RsvgRectangle r;
	for (size_t i = 0; i < layout->box_count; i++) {
		struct layout_box *b = &layout->boxes[i];
		enum rc rc = find_box(layout, b->name, &r, e);
		if (rc != RC_OK)
			return rc;
		b->x = r.x, b->y = r.y, b->width = r.width, b->height = r.height;
	}
	enum rc rc = find_box(layout, "qr", &r, e);
	if (rc == RC_OK)
		layout->qr.x = r.x, layout->qr.y = r.y, layout->qr.width = r.width, layout->qr.height = r.height;
	return rc;
}

enum rc certificate_layout_load(const char *dir, const char *name, struct certificate_layout **ret_layout,
                                struct err *e)
{
	char file[LAYOUT_NAME_MAX + 8], artwork[LAYOUT_NAME_MAX];
	struct buf json = BUF_INIT(JSON_MAX);
	struct certificate_layout *layout = calloc(1, sizeof *layout);
	if (!layout)
		return err_set(e, RC_NO_MEMORY, name, "%s", rc_text(RC_NO_MEMORY));
	pthread_mutex_init(&layout->lock, NULL);
	buf_init(&layout->backdrop, BACKDROP_MAX);
	snprintf(file, sizeof file, "%.60s.json", name);
	enum rc rc = read_beside(dir, file, &json, e);
	if (rc == RC_OK)
		rc = layout_parse(buf_bytes(&json), layout, artwork, sizeof artwork, e);
	if (rc == RC_OK)
		rc = load_artwork(dir, artwork, layout, e);
	if (rc == RC_OK)
		rc = place_boxes(layout, e);
	if (rc == RC_OK)
		rc = backdrop_leave_text(layout->artwork, e);
	buf_release(&json);
	if (rc == RC_OK)
		*ret_layout = layout;
	else
		certificate_layout_free(&layout);
	return rc;
}

void certificate_layout_free(struct certificate_layout **layout)
{
	struct certificate_layout *l = *layout;
	if (!l)
		return;
	g_clear_object(&l->pango);
	g_clear_object(&l->artwork);
	buf_release(&l->backdrop);
	pthread_mutex_destroy(&l->lock);
	free(l);
	*layout = NULL;
}
