/* SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"

/* The length of the well-formed sequence at s (1–4), or 0. */
static size_t utf8_step(const uint8_t *s, size_t left)
{
	uint8_t lead = s[0], low = 0x80, high = 0xbf;
	size_t more;
	if (lead < 0x80)
		return lead != 0;
	if (lead >= 0xc2 && lead <= 0xdf)
		more = 1;
	else if (lead >= 0xe0 && lead <= 0xef)
		more = 2;
	else if (lead >= 0xf0 && lead <= 0xf4)
		more = 3;
	else
		return 0;
	if (more >= left)
		return 0;
	/* Only the second byte's range depends on the lead. */
	if (lead == 0xe0)
		low = 0xa0;
	else if (lead == 0xed)
		high = 0x9f;
	else if (lead == 0xf0)
		low = 0x90;
	else if (lead == 0xf4)
		high = 0x8f;
	for (size_t i = 1; i <= more; i++, low = 0x80, high = 0xbf)
		if (s[i] < low || s[i] > high)
			return 0;
	return more + 1;
}

bool utf8_is_valid(struct bytes text)
{
	for (size_t i = 0, step; i < text.len; i += step) {
		step = utf8_step(text.ptr + i, text.len - i);
		if (step == 0)
			return false;
	}
	return true;
}

size_t utf8_length(struct bytes text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++)
		n += (text.ptr[i] & 0xc0) != 0x80;
	return n;
}

void hex_encode(struct buf *out, struct bytes in)
{
	static const char digit[] = "0123456789abcdef";
	for (size_t i = 0; i < in.len; i++) {
		buf_byte(out, (uint8_t)digit[in.ptr[i] >> 4]);
		buf_byte(out, (uint8_t)digit[in.ptr[i] & 15]);
	}
}

int hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

enum rc hex_decode(struct bytes text, struct buf *out)
{
	if (text.len % 2)
		return RC_FORMAT;
	for (size_t i = 0; i < text.len; i += 2) {
		int high = hex_value(text.ptr[i]), low = hex_value(text.ptr[i + 1]);
		if (high < 0 || low < 0)
			return RC_FORMAT;
		buf_byte(out, (uint8_t)(high << 4 | low));
	}
	return buf_failed(out) ? RC_TOO_LARGE : RC_OK;
}

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char for_urls[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void encode64(struct buf *out, struct bytes in, const char *alphabet, bool pad)
{
	for (size_t i = 0; i < in.len; i += 3) {
		size_t n = in.len - i < 3 ? in.len - i : 3;
		uint32_t v = (uint32_t)in.ptr[i] << 16;
		v |= n > 1 ? (uint32_t)in.ptr[i + 1] << 8 : 0;
		v |= n > 2 ? (uint32_t)in.ptr[i + 2] : 0;
		for (size_t k = 0; k < 4; k++) {
			if (k <= n)
				buf_byte(out, (uint8_t)alphabet[v >> (18 - 6 * k) & 63]);
			else if (pad)
				buf_byte(out, '=');
		}
	}
}

static int value64(uint8_t c, const char *alphabet)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == (uint8_t)alphabet[62] ? 62 : c == (uint8_t)alphabet[63] ? 63 : -1;
}

static enum rc decode64(struct bytes text, struct buf *out, const char *alphabet)
{
	uint32_t v = 0;
	unsigned bits = 0;
	for (size_t i = 0; i < text.len; i++) {
		int six = value64(text.ptr[i], alphabet);
		if (six < 0)
			return RC_FORMAT;
		v = v << 6 | (uint32_t)six;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			buf_byte(out, (uint8_t)(v >> bits));
			v &= (1u << bits) - 1;
		}
	}
	if (bits >= 6 || v != 0)
		return RC_FORMAT;
	return buf_failed(out) ? RC_TOO_LARGE : RC_OK;
}

void base64_encode(struct buf *out, struct bytes in)
{
	encode64(out, in, standard, true);
}

enum rc base64_decode(struct bytes text, struct buf *out)
{
	if (text.len % 4)
		return RC_FORMAT;
	for (int i = 0; i < 2 && text.len && text.ptr[text.len - 1] == '='; i++)
		text.len--;
	return decode64(text, out, standard);
}

void base64url_encode(struct buf *out, struct bytes in)
{
	encode64(out, in, for_urls, false);
}

enum rc base64url_decode(struct bytes text, struct buf *out)
{
	return decode64(text, out, for_urls);
}

enum rc u64_parse(struct bytes text, uint64_t max, uint64_t *ret)
{
	uint64_t v = 0;
	if (text.len == 0 || text.len > 20 || (text.len > 1 && text.ptr[0] == '0'))
		return RC_FORMAT;
	for (size_t i = 0; i < text.len; i++) {
		uint8_t d = (uint8_t)(text.ptr[i] - '0');
		if (d > 9 || d > max || v > (max - d) / 10)
			return RC_FORMAT;
		v = v * 10 + d;
	}
	*ret = v;
	return RC_OK;
}
