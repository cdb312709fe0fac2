/* SPDX-License-Identifier: MPL-2.0 */
/*
 * An arena: memory for one request or job, freed all at once, bounded, and
 * wiped on release, since requests carry personal data.
 */
#ifndef CIVIS_BASE_ARENA_H
#define CIVIS_BASE_ARENA_H

#include "base/bytes.h"

struct arena;

/* NULL if memory runs out. The arena hands out at most `max` bytes in all. */
struct arena *arena_new(size_t max);
/* Wipes and frees everything; sets *a to NULL. */
void arena_free(struct arena **a);
/* Zeroed memory aligned for any type; NULL if over the maximum or out of memory. */
void *arena_alloc(struct arena *a, size_t size);
/* A copy with a NUL behind it (not counted); .ptr is NULL on failure. */
struct bytes arena_copy(struct arena *a, struct bytes b);
char *arena_str(struct arena *a, struct bytes b);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_alloc_array((a), (n), sizeof(type)))
void *arena_alloc_array(struct arena *a, size_t n, size_t size);

#endif
