/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The order of people, from ICU (CLDR root and the language's tailoring): for
 * lists that are read, such as those of places. Stores keep order by bytes.
 */
#ifndef CIVIS_COUNTRY_COLLATE_H
#define CIVIS_COUNTRY_COLLATE_H

#include "base/bytes.h"
#include "base/err.h"

struct collate;

/* For a language such as "km", "my" or "en"; one that ICU does not know gets the root's order. RC_NO_MEMORY. */
enum rc collate_open(const char *language, struct collate **ret) WARN_UNUSED;
void collate_close(struct collate **c);
/* <0, 0 or >0 as for memcmp. Numbers count by value ("Phum 9" before "Phum 10"); texts that count as equal are
   told apart by their bytes, so the order is total. May be called from any thread. */
int collate_compare(const struct collate *c, struct bytes a, struct bytes b);

/* Where an item of `size` bytes keeps its text. */
typedef struct bytes collate_text(const void *item);
/* Sorts n items in place; equal texts keep their order. RC_NO_MEMORY: they stand as before. */
enum rc collate_sort(const struct collate *c, void *items, size_t n, size_t size, collate_text *text) WARN_UNUSED;

#endif
