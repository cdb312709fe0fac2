/* SPDX-License-Identifier: MPL-2.0 */
/* A certificate's layout as read from its JSON and SVG: shared inside this room. */
#ifndef CIVIS_DOCUMENT_LAYOUT_H
#define CIVIS_DOCUMENT_LAYOUT_H

#include <librsvg/rsvg.h>
#include <pango/pangocairo.h>
#include <pthread.h>

#include "document/certificate.h"

#define LAYOUT_STYLES_MAX 48
#define LAYOUT_BOXES_MAX 160
#define LAYOUT_TEXTS_MAX 32
#define LAYOUT_NAME_MAX 64
#define LAYOUT_TEXT_MAX 200 /* bytes of a fixed text */
#define PAGE_WIDTH 595.27559055  /* A4 in points */
#define PAGE_HEIGHT 841.88976378

struct layout_style {
	char name[LAYOUT_NAME_MAX];
	char font[LAYOUT_NAME_MAX]; /* family, as fontconfig knows it */
	char language[8];           /* "km", "my", "en": shaping, and where lines may break */
	bool bold, italic;
	double size, min;           /* points */
	double line;                /* factor on the font's own line height */
	double spacing;             /* between letters, points */
	double red, green, blue;
};

struct layout_box {
	char name[LAYOUT_NAME_MAX];  /* element "box.NAME" of the artwork */
	char value[LAYOUT_NAME_MAX]; /* what fills it */
	const struct layout_style *style;
	PangoAlignment align;
	enum layout_valign { VALIGN_TOP, VALIGN_MIDDLE, VALIGN_BOTTOM, VALIGN_BASELINE } valign;
	unsigned lines;  /* at most; 0: as many as fit */
	double rotate;   /* degrees, about the box's middle */
	char absent[LAYOUT_TEXT_MAX]; /* drawn where the act has nothing to say; "" draws nothing */
	bool optional;   /* nothing is drawn if no such value exists */
	bool on_copy;    /* drawn on reprints only */
	bool framed;     /* with a line around it */
	double x, y, width, height; /* points from the top left of the page */
};

struct certificate_layout {
	pthread_mutex_t lock; /* librsvg handles and Pango font maps serve one thread at a time */
	size_t style_count, box_count, text_count;
	struct layout_style styles[LAYOUT_STYLES_MAX];
	struct layout_box boxes[LAYOUT_BOXES_MAX];
	/* fixed texts, with {copy} and {copy.native} for the number of the copy */
	struct { char name[LAYOUT_NAME_MAX], text[LAYOUT_TEXT_MAX]; } texts[LAYOUT_TEXTS_MAX];
	struct layout_places {
		char separator[16];
		bool large_first; /* the province before the village */
	} places_native, places_latin;
	struct { double x, y, width, height; } qr;
	RsvgHandle *artwork;    /* of which only the text is still visible */
	struct buf backdrop;    /* its shapes: document/backdrop.h */
	/* made at the first drawing, since fonts and their caches take memory */
	PangoContext *pango;
};

/* Reads a layout's JSON into styles and boxes; their geometry is not set. RC_CONFIG. */
enum rc layout_parse(struct bytes json, struct certificate_layout *layout, char *ret_artwork, size_t artwork_size,
                     struct err *e) WARN_UNUSED;

#endif
