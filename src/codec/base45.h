/* SPDX-License-Identifier: MPL-2.0 */
/* Base45 (RFC 9285): bytes in the 45 characters that a QR code stores densely. */
#ifndef CIVIS_CODEC_BASE45_H
#define CIVIS_CODEC_BASE45_H

#include "base/bytes.h"
#include "base/err.h"

/* Appends 3 characters for 2 bytes, 2 for a last single one. */
void base45_encode(struct buf *out, struct bytes in);
/* RC_FORMAT for another character, a length of 3n+1, or a group over its range; RC_TOO_LARGE, RC_NO_MEMORY. */
enum rc base45_decode(struct bytes text, struct buf *out) WARN_UNUSED;

#endif
