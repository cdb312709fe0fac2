/* SPDX-License-Identifier: MPL-2.0 */
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes bytes_of(const void *ptr, size_t len)
{
	return (struct bytes){ptr, len};
}

struct bytes bytes_str(const char *s)
{
	return s ? bytes_of(s, strlen(s)) : BYTES_NONE;
}

bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool bytes_equal_ct(struct bytes a, struct bytes b)
{
	if (a.len != b.len)
		return false;
	volatile uint8_t differs = 0;
	for (size_t i = 0; i < a.len; i++)
		differs |= (uint8_t)(a.ptr[i] ^ b.ptr[i]);
	return differs == 0;
}

bool all_zero(const uint8_t *bytes, size_t len)
{
	uint8_t any = 0;
	for (size_t i = 0; i < len; i++)
		any |= bytes[i];
	return any == 0;
}

int bytes_compare(struct bytes a, struct bytes b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

struct bytes bytes_slice(struct bytes b, size_t from, size_t len)
{
	if (from > b.len)
		from = b.len;
	if (len > b.len - from)
		len = b.len - from;
	return len ? bytes_of(b.ptr + from, len) : BYTES_NONE;
}

void wipe(void *ptr, size_t len)
{
	if (ptr)
		explicit_bzero(ptr, len);
}

void buf_init(struct buf *b, size_t max)
{
	*b = BUF_INIT(max);
}

void buf_release(struct buf *b)
{
	wipe(b->ptr, b->cap);
	free(b->ptr);
	*b = BUF_INIT(b->max);
}

void buf_reset(struct buf *b)
{
	wipe(b->ptr, b->len);
	b->len = 0;
	b->failed = false;
}

/* Not realloc: the old memory may hold secrets and has to be wiped. One byte
   more than the content is kept for the NUL of buf_cstr(). */
static bool grow(struct buf *b, size_t need)
{
	size_t cap = b->cap ? b->cap : 64;
	while (cap < need + 1)
		cap = cap > SIZE_MAX / 2 ? need + 1 : cap * 2;
	if (cap > b->max + 1)
		cap = b->max + 1;
	uint8_t *ptr = malloc(cap);
	if (!ptr)
		return false;
	if (b->ptr) {
		memcpy(ptr, b->ptr, b->len);
		wipe(b->ptr, b->cap);
	}
	free(b->ptr);
	b->ptr = ptr;
	b->cap = cap;
	return true;
}

uint8_t *buf_extend(struct buf *b, size_t n)
{
	if (b->failed || n > b->max - b->len ||
	    (b->len + n + 1 > b->cap && !grow(b, b->len + n))) {
		b->failed = true;
		return NULL;
	}
	uint8_t *at = b->ptr + b->len;
	b->len += n;
	return at;
}

void buf_append(struct buf *b, struct bytes more)
{
	uint8_t *at = buf_extend(b, more.len);
	if (at && more.len)
		memcpy(at, more.ptr, more.len);
}

void buf_byte(struct buf *b, uint8_t byte)
{
	buf_append(b, bytes_of(&byte, 1));
}

void buf_u16be(struct buf *b, uint16_t v)
{
	buf_byte(b, (uint8_t)(v >> 8));
	buf_byte(b, (uint8_t)v);
}

void buf_u32be(struct buf *b, uint32_t v)
{
	buf_u16be(b, (uint16_t)(v >> 16));
	buf_u16be(b, (uint16_t)v);
}

void buf_u64be(struct buf *b, uint64_t v)
{
	buf_u32be(b, (uint32_t)(v >> 32));
	buf_u32be(b, (uint32_t)v);
}

void buf_str(struct buf *b, const char *s)
{
	buf_append(b, bytes_str(s));
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	uint8_t *at = n < 0 ? NULL : buf_extend(b, (size_t)n);
	if (!at) {
		b->failed = true;
		return;
	}
	va_start(args, format);
	vsnprintf((char *)at, (size_t)n + 1, format, args);
	va_end(args);
}

bool buf_failed(const struct buf *b)
{
	return b->failed;
}

struct bytes buf_bytes(const struct buf *b)
{
	return bytes_of(b->ptr, b->len);
}

const char *buf_cstr(struct buf *b)
{
	if (b->failed || (!b->ptr && !grow(b, 0)))
		return NULL;
	b->ptr[b->len] = 0;
	return (const char *)b->ptr;
}
