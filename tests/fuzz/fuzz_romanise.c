/* SPDX-License-Identifier: MPL-2.0 */
/* A name as it comes from the network: titles, surname and Latin spellings. The first byte chooses the country. */
#include <stdlib.h>
#include <string.h>

#include "country/names.h"
#include "country/romanise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct pack *packs[2];

static void open_pack(const char *name, struct pack **ret)
{
	const char *root = getenv("SOURCE_ROOT");
	char path[4096];
	struct err e = ERR_NONE;
	snprintf(path, sizeof path, "%s/country/%s", root ? root : FUZZ_SOURCE_ROOT, name);
	if (pack_load(path, ret, &e) != RC_OK) {
		fprintf(stderr, "%s: %s: %s\n", path, e.where, e.text);
		abort();
	}
}

static void must(bool good)
{
	if (!good)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct romanise_list list;
	if (!packs[0]) {
		open_pack("khm", &packs[0]);
		open_pack("mmr", &packs[1]);
	}
	if (!size)
		return 0;
	const struct pack *p = packs[*data & 1];
	struct bytes name = bytes_of(data + 1, size - 1);
	size_t len;
	enum names_title title = names_title(p, name, &len);
	must(len < name.len || !len);
	must((title == NAMES_TITLE_NONE) == (len == 0));
	(void)names_surname_matches(p, name, bytes_slice(name, size / 2, size));
	if (romanise(p, name, &list) != RC_OK)
		return 0;
	must(list.count <= ROMANISE_MAX && name.len <= ROMANISE_TEXT_MAX);
	for (size_t i = 0; i < list.count; i++)
		for (const char *c = list.text[i]; *c; c++)
			must((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || *c == ' ' || *c == '-' || *c == '\'');
	return 0;
}
