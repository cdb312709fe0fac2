/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Attachments: the type is found in the content, never believed from a name or
 * header, and what a file says about its maker is taken out before it is
 * sealed: a photograph's GPS position is location history.
 *
 *   JPEG  ITU-T T.81: APPn segments are dropped but JFIF (APP0) and Adobe (APP14, colour); comments too.
 *         Data behind the end of image is dropped. EXIF orientation is lost with its segment.
 *   PNG   ISO/IEC 15948: only chunks that draw the picture are kept (IHDR PLTE tRNS IDAT IEND, APNG none,
 *         cHRM gAMA sRGB iCCP sBIT pHYs); text, time, EXIF and unknown ones go.
 *   PDF   kept as it is (signatures may cover it).
 *
 * Nothing is decoded here.
 */
#ifndef CIVIS_INTAKE_ATTACHMENT_H
#define CIVIS_INTAKE_ATTACHMENT_H

#include "base/bytes.h"
#include "base/err.h"

#define ATTACHMENT_MAX ((size_t)5 << 20)

enum attachment_type { ATTACHMENT_JPEG, ATTACHMENT_PNG, ATTACHMENT_PDF };

/* "image/jpeg", … */
const char *attachment_media_type(enum attachment_type t);
/* RC_MEDIA_TYPE for anything else. */
enum rc attachment_type_of(struct bytes content, enum attachment_type *ret) WARN_UNUSED;
/* Appends the content without its metadata. RC_MEDIA_TYPE: not of that type, or broken off; RC_TOO_LARGE. */
enum rc attachment_strip(enum attachment_type t, struct bytes content, struct buf *out) WARN_UNUSED;

#endif
