/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Bytes as values: a pointer and a length, passed by value.
 *
 * `struct bytes` borrows and never owns; whoever made the memory keeps it.
 * `struct buf` owns what it holds, knows its greatest permitted size from
 * birth, and wipes its memory on release. Its errors are sticky: append freely
 * and ask once, at the end, with buf_failed().
 */
#ifndef CIVIS_BASE_BYTES_H
#define CIVIS_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	const uint8_t *ptr; /* may be NULL only when len is 0 */
	size_t len;
};

#define BYTES_NONE ((struct bytes){NULL, 0})
/* The bytes of a string literal or array of char, without its final NUL. */
#define BYTES_LIT(s) ((struct bytes){(const uint8_t *)(s), sizeof(s) - 1})
/* The bytes of a fixed array. */
#define BYTES_ARRAY(a) ((struct bytes){(const uint8_t *)(a), sizeof(a)})

struct bytes bytes_of(const void *ptr, size_t len);
/* The bytes of a NUL-terminated string; BYTES_NONE for NULL. */
struct bytes bytes_str(const char *s);
bool bytes_equal(struct bytes a, struct bytes b);
/* Comparison whose time depends on the lengths alone: for MACs and tokens. */
bool bytes_equal_ct(struct bytes a, struct bytes b);
/* A hash that there is none of. */
bool all_zero(const uint8_t *bytes, size_t len);
/* Order as memcmp, a shorter prefix first. */
int bytes_compare(struct bytes a, struct bytes b);
/* [from, from+len) of b, clipped to b. */
struct bytes bytes_slice(struct bytes b, size_t from, size_t len);

/* Overwrites memory in a way that the compiler keeps. NULL is allowed. */
void wipe(void *ptr, size_t len);

struct buf {
	uint8_t *ptr;
	size_t len;
	size_t cap;
	size_t max;
	bool failed;
};

/* An empty buffer that never grows beyond `max` bytes. Allocates nothing. */
#define BUF_INIT(max_) ((struct buf){.max = (max_)})
void buf_init(struct buf *b, size_t max);
/* Wipes and frees; the buffer can be used again with the same maximum. */
void buf_release(struct buf *b);
/* Wipes the content and clears the failure; keeps the memory. */
void buf_reset(struct buf *b);

void buf_append(struct buf *b, struct bytes more);
void buf_byte(struct buf *b, uint8_t byte);
void buf_u16be(struct buf *b, uint16_t v);
void buf_u32be(struct buf *b, uint32_t v);
void buf_u64be(struct buf *b, uint64_t v);
void buf_str(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for n more bytes, counted as written; NULL (and sticky failure) if over the maximum. */
uint8_t *buf_extend(struct buf *b, size_t n);
/* True once any append went over the maximum or memory ran out. */
bool buf_failed(const struct buf *b);
struct bytes buf_bytes(const struct buf *b);
/* The content as a string (a NUL is kept behind it); NULL if the buffer failed. */
const char *buf_cstr(struct buf *b);

#endif
