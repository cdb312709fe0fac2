/* SPDX-License-Identifier: MPL-2.0 */
/* A text as a QR code (ISO/IEC 18004): modules to be drawn as vectors. */
#ifndef CIVIS_DOCUMENT_QR_IMAGE_H
#define CIVIS_DOCUMENT_QR_IMAGE_H

#include "base/bytes.h"
#include "base/err.h"

#define QR_SIDE_MAX 177   /* modules of version 40 */
#define QR_QUIET_ZONE 4   /* modules left free on each side (ISO/IEC 18004 §6.3.8) */

struct qr_image {
	unsigned side; /* modules, without the quiet zone */
	uint8_t dark[QR_SIDE_MAX][QR_SIDE_MAX];
};

/*
 * Error correction M. The text is of the QR alphanumeric set (0–9 A–Z space $%*+-./:) so that
 * two characters take 11 bits.
 *   RC_INVALID    another character
 *   RC_TOO_LARGE  more than a symbol holds
 */
enum rc qr_image_make(const char *text, struct qr_image *ret_image, struct err *e) WARN_UNUSED;
/* As a PNG, quiet zone included, `scale` pixels a module (1–16); for screens and tests. */
enum rc qr_image_png(const struct qr_image *image, unsigned scale, struct buf *out, struct err *e) WARN_UNUSED;

#endif
