/* SPDX-License-Identifier: MPL-2.0 */
#include "country/collate.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucol.h>

struct collate {
	UCollator *order;
};

enum rc collate_open(const char *language, struct collate **ret)
{
	UErrorCode status = U_ZERO_ERROR;
	struct collate *c = calloc(1, sizeof *c);
	if (!c)
		return RC_NO_MEMORY;
	c->order = ucol_open(language, &status);
	if (U_SUCCESS(status))
		ucol_setAttribute(c->order, UCOL_NUMERIC_COLLATION, UCOL_ON, &status);
	if (U_FAILURE(status)) {
		collate_close(&c);
		return RC_NO_MEMORY;
	}
	*ret = c;
	return RC_OK;
}

void collate_close(struct collate **c)
{
	if (*c && (*c)->order)
		ucol_close((*c)->order);
	free(*c);
	*c = NULL;
}

int collate_compare(const struct collate *c, struct bytes a, struct bytes b)
{
	UErrorCode status = U_ZERO_ERROR;
	UCollationResult order = ucol_strcollUTF8(c->order, (const char *)a.ptr, (int32_t)a.len, (const char *)b.ptr,
						  (int32_t)b.len, &status);
	if (U_SUCCESS(status) && order != UCOL_EQUAL)
		return order == UCOL_LESS ? -1 : 1;
	return bytes_compare(a, b);
}

enum rc collate_sort(const struct collate *c, void *items, size_t n, size_t size, collate_text *text)
{
	/* Merging, bottom up: stable, and as quick for a page as for a book. */
	uint8_t *from = items, *spare = n > 1 ? calloc(n, size) : NULL, *to = spare;
	if (n < 2)
		return RC_OK;
	if (!spare)
		return RC_NO_MEMORY;
	for (size_t run = 1; run < n; run *= 2) {
		for (size_t start = 0; start < n; start += 2 * run) {
			size_t middle = n - start > run ? start + run : n, end = n - middle > run ? middle + run : n;
			for (size_t i = start, j = middle, k = start; k < end; k++) {
				bool left = i < middle && (j >= end || collate_compare(c, text(from + i * size), text(from + j * size)) <= 0);
				memcpy(to + k * size, from + (left ? i++ : j++) * size, size);
			}
		}
		uint8_t *other = from;
		from = to;
		to = other;
	}
	if (from != items)
		memcpy(items, from, n * size);
	wipe(spare, n * size);
	free(spare);
	return RC_OK;
}
