/* SPDX-License-Identifier: MPL-2.0 */
/*
 * What is the same on every certificate: the shapes of its artwork. They are drawn once, when the layout is
 * loaded, and kept as the compressed content stream of a page; each certificate gets a copy beneath its own
 * content. Text of the artwork is not among them: it shares its fonts with what is filled in.
 */
#ifndef CIVIS_DOCUMENT_BACKDROP_H
#define CIVIS_DOCUMENT_BACKDROP_H

#include <librsvg/rsvg.h>

#include "base/bytes.h"
#include "base/err.h"

#define BACKDROP_MAX ((size_t)1 << 20)

/* Appends the stream. Coordinates have two decimals, 3.5 µm on paper. RC_CONFIG for shapes that need more
   than a path, a colour and a width (a pattern, a picture, opacity). */
enum rc backdrop_make(struct bytes svg, struct buf *out, struct err *e) WARN_UNUSED;
/* Makes the shapes of the handle's document invisible, for good: only text is drawn. */
enum rc backdrop_leave_text(RsvgHandle *handle, struct err *e) WARN_UNUSED;
/* Appends a PDF of one page, as cairo drew it, with the stream beneath its content. RC_FORMAT, RC_TOO_LARGE. */
enum rc backdrop_put(struct bytes drawn, struct bytes stream, struct buf *out, struct err *e) WARN_UNUSED;

#endif
