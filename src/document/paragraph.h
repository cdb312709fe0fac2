/* SPDX-License-Identifier: MPL-2.0 */
/* A text set into a box: broken where its language allows, made smaller until it fits. */
#ifndef CIVIS_DOCUMENT_PARAGRAPH_H
#define CIVIS_DOCUMENT_PARAGRAPH_H

#include "document/layout.h"

/*
 * Appends text with U+200B ZERO WIDTH SPACE where a line may break inside of a run without
 * spaces, by ICU's dictionaries (Khmer, Burmese). Other languages are copied.
 * RC_INVALID: not valid UTF-8. RC_INTERNAL: ICU has no dictionary.
 */
enum rc paragraph_break(const char *text, const char *language, struct buf *out, struct err *e) WARN_UNUSED;
/* Draws text into the box. A text that does not fit at the style's smallest size takes more
   lines, breaks within words, and becomes smaller still. RC_INVALID if even that is in vain, or has no glyph. */
enum rc paragraph_draw(cairo_t *cr, PangoContext *context, const struct layout_box *box, const char *text,
                       struct err *e) WARN_UNUSED;

/* Whether text fits into the box as the designer meant it: in its lines, and no smaller than the style's smallest size. */
bool paragraph_fits(PangoContext *context, const struct layout_box *box, const char *text);

#endif
