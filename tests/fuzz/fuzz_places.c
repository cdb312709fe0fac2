/* SPDX-License-Identifier: MPL-2.0 */
/* A gazetteer file, read by a pack made here so that nothing but the bytes decides. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "country/place.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rc visit(void *ctx, const struct place_row *row)
{
	const struct pack *p = ctx;
	struct office_row office;
	if (!utf8_is_valid(bytes_str(row->name_native)) || !*row->name_native || row->level < 0)
		abort();
	if (place_office(p, row, &office) && strncmp(office.scope, "khm/", 4) != 0)
		abort();
	return RC_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pack p = {
		.code = "khm", .native_language = "km", .level_count = 3,
		.levels = {{"province", 2, true, "{unit}{name}", "{name} {unit}"},
			   {"district", 4, true, "{unit}{name}", "{name} {unit}"},
			   {"village", 8, false, NULL, NULL}},
	};
	struct err e = ERR_NONE;
	enum rc rc = place_parse(&p, bytes_of(data, size), visit, &p, &e);
	if (rc != RC_OK && rc != RC_NO_MEMORY && (rc != RC_FORMAT || !*e.where))
		abort();
	return 0;
}
