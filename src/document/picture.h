/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The text of a QR code in a picture (PNG or JPEG), for checking by command.
 *
 * Decoders of pictures are large and written in C: they run in a child that can
 * only read memory it already has and write the text to a pipe.
 */
#ifndef CIVIS_DOCUMENT_PICTURE_H
#define CIVIS_DOCUMENT_PICTURE_H

#include "base/bytes.h"
#include "base/err.h"

#define PICTURE_MAX ((size_t)16 << 20)    /* bytes of a picture file */
#define PICTURE_PIXELS_MAX ((size_t)40000000)
#define PICTURE_SECONDS_MAX 20            /* of the child's time */

/* Whether the bytes begin as a PNG or a JPEG does. */
bool picture_is(struct bytes file);
/*
 * Appends the text of the first QR code beginning with `prefix`, or of the first at all.
 * The process must have no other threads.
 *   RC_FORMAT     not a picture that can be decoded
 *   RC_NOT_FOUND  no QR code in it
 *   RC_IO         the child could not be made or confined
 */
enum rc picture_read_qr(struct bytes file, const char *prefix, struct buf *out, struct err *e) WARN_UNUSED;

#endif
