/* SPDX-License-Identifier: MPL-2.0 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 16 * 1024 };

struct chunk {
	struct chunk *next;
	size_t used;
	size_t size;
	alignas(max_align_t) uint8_t data[];
};

struct arena {
	struct chunk *chunks;
	size_t handed_out;
	size_t max;
};

struct arena *arena_new(size_t max)
{
	struct arena *a = calloc(1, sizeof *a);
	if (a)
		a->max = max;
	return a;
}

void arena_free(struct arena **a)
{
	if (!*a)
		return;
	for (struct chunk *c = (*a)->chunks, *next; c; c = next) {
		next = c->next;
		wipe(c, sizeof *c + c->size);
		free(c);
	}
	free(*a);
	*a = NULL;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	if (size > SIZE_MAX - align)
		return NULL;
	size = (size + align - 1) / align * align;
	if (size > a->max - a->handed_out)
		return NULL;
	struct chunk *c = a->chunks;
	if (!c || size > c->size - c->used) {
		size_t room = size > CHUNK ? size : CHUNK;
		c = calloc(1, sizeof *c + room);
		if (!c)
			return NULL;
		c->size = room;
		c->next = a->chunks;
		a->chunks = c;
	}
	void *at = c->data + c->used;
	c->used += size;
	a->handed_out += size;
	return at;
}

void *arena_alloc_array(struct arena *a, size_t n, size_t size)
{
	return size && n > SIZE_MAX / size ? NULL : arena_alloc(a, n * size);
}

struct bytes arena_copy(struct arena *a, struct bytes b)
{
	uint8_t *at = b.len < SIZE_MAX ? arena_alloc(a, b.len + 1) : NULL;
	if (!at)
		return BYTES_NONE;
	if (b.len)
		memcpy(at, b.ptr, b.len);
	return bytes_of(at, b.len);
}

char *arena_str(struct arena *a, struct bytes b)
{
	uint8_t *at = b.len < SIZE_MAX ? arena_alloc(a, b.len + 1) : NULL;
	if (at && b.len)
		memcpy(at, b.ptr, b.len);
	return (char *)at;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	char *at = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
	if (!at)
		return NULL;
	va_start(args, format);
	vsnprintf(at, (size_t)n + 1, format, args);
	va_end(args);
	return at;
}
