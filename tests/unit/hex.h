/* SPDX-License-Identifier: MPL-2.0 */
/* Test vectors are written in hexadecimal: decoding and comparing them. */
#ifndef CIVIS_TESTS_HEX_H
#define CIVIS_TESTS_HEX_H

#include "base/text.h"
#include "tap.h"

/* The bytes of a literal, valid until the eighth next call. Ends the program on a wrong vector. */
static inline struct bytes hex(const char *text)
{
	static struct buf slots[8];
	static unsigned next;
	struct buf *b = &slots[next++ % 8];
	b->max = 1 << 16;
	buf_reset(b);
	if (hex_decode(bytes_str(text), b) != RC_OK) {
		printf("Bail out! not hexadecimal: %s\n", text);
		exit(2);
	}
	return buf_bytes(b);
}

#define eq_hex(got, want) tap_eq_hex((got), (want), #got, __FILE__, __LINE__)

static inline bool tap_eq_hex(struct bytes got, const char *want, const char *what, const char *file, int line)
{
	struct buf text = BUF_INIT(1 << 17);
	hex_encode(&text, got);
	bool good = tap_eq_str(buf_cstr(&text), want, what, file, line);
	buf_release(&text);
	return good;
}

#endif
