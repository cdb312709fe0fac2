/* SPDX-License-Identifier: MPL-2.0 */
#include "codec/base45.h"

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

enum { BASE = sizeof alphabet - 1, NOT_IN_ALPHABET = -1 };

void base45_encode(struct buf *out, struct bytes in)
{
	size_t i = 0;
	for (; i + 1 < in.len; i += 2) {
		unsigned v = (unsigned)in.ptr[i] << 8 | in.ptr[i + 1];
		buf_byte(out, (uint8_t)alphabet[v % BASE]);
		buf_byte(out, (uint8_t)alphabet[v / BASE % BASE]);
		buf_byte(out, (uint8_t)alphabet[v / (BASE * BASE)]);
	}
	if (i < in.len) {
		buf_byte(out, (uint8_t)alphabet[in.ptr[i] % BASE]);
		buf_byte(out, (uint8_t)alphabet[in.ptr[i] / BASE]);
	}
}

static int digit(uint8_t c)
{
	for (int i = 0; i < BASE; i++) {
		if (alphabet[i] == (char)c)
			return i;
	}
	return NOT_IN_ALPHABET;
}

/* The value of 2 or 3 characters; false for one that no encoder writes. */
static bool group(struct bytes text, unsigned *ret)
{
	unsigned v = 0, limit = text.len == 3 ? UINT16_MAX : UINT8_MAX;
	for (size_t i = text.len; i-- > 0;) {
		int d = digit(text.ptr[i]);
		if (d == NOT_IN_ALPHABET)
			return false;
		v = v * BASE + (unsigned)d;
	}
	*ret = v;
	return v <= limit;
}

enum rc base45_decode(struct bytes text, struct buf *out)
{
	size_t before = out->len, size = text.len / 3 * 2 + text.len % 3 / 2;
	if (text.len % 3 == 1)
		return RC_FORMAT;
	if (out->failed || size > out->max - out->len)
		return RC_TOO_LARGE;
	uint8_t *to = buf_extend(out, size);
	if (!to) {
		out->failed = false;
		return RC_NO_MEMORY;
	}
	for (size_t i = 0; i < text.len; i += 3) {
		unsigned v;
		struct bytes part = bytes_slice(text, i, 3);
		if (!group(part, &v)) {
			out->len = before;
			return RC_FORMAT;
		}
		if (part.len == 3)
			*to++ = (uint8_t)(v >> 8);
		*to++ = (uint8_t)v;
	}
	return RC_OK;
}
