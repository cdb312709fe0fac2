/* SPDX-License-Identifier: MPL-2.0 */
/* Text at the edges: UTF-8 validity, hexadecimal, base64, bounded numbers. */
#ifndef CIVIS_BASE_TEXT_H
#define CIVIS_BASE_TEXT_H

#include "base/bytes.h"
#include "base/err.h"

/* Well-formed UTF-8 (Unicode 15 table 3-7: no overlongs, no surrogates) without NUL. */
bool utf8_is_valid(struct bytes text);
/* Count of code points of valid UTF-8. */
size_t utf8_length(struct bytes text);

void hex_encode(struct buf *out, struct bytes in);
/* The value of a digit in lower or upper case; -1: it is none. */
int hex_value(uint8_t c);
/* Lower or upper case; RC_FORMAT for an odd length or another character. */
enum rc hex_decode(struct bytes text, struct buf *out) WARN_UNUSED;

/* RFC 4648 §4 with padding. */
void base64_encode(struct buf *out, struct bytes in);
/* Strict: padding required, no white space, unused bits zero. */
enum rc base64_decode(struct bytes text, struct buf *out) WARN_UNUSED;
/* RFC 4648 §5 without padding. */
void base64url_encode(struct buf *out, struct bytes in);
enum rc base64url_decode(struct bytes text, struct buf *out) WARN_UNUSED;

/* Decimal digits only, no sign, no leading zero but "0" itself, at most `max`. */
enum rc u64_parse(struct bytes text, uint64_t max, uint64_t *ret) WARN_UNUSED;

#endif
