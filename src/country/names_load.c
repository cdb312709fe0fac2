/* SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "country/load.h"
#include "country/names.h"

enum { TITLES_MAX = 64 };

static const uint32_t *load_code_points(struct loader *l, const struct node *n, const char *name, size_t *ret_count)
{
	struct node list;
	size_t count = load_count(l, n, name, 32, &list), kept = 0;
	uint32_t *points = LOAD_ARRAY(l, uint32_t, count);
	for (size_t i = 0; points && i < count; i++) {
		struct node item = load_item(&list, i);
		const char *text = load_own_text(l, &item);
		char *end = NULL;
		unsigned long v = text && strncmp(text, "U+", 2) == 0 ? strtoul(text + 2, &end, 16) : 0;
		if (!v || v > 0x10FFFF || *end)
			load_mistake(l, item.pointer, "must be a code point such as \"U+200B\"");
		else
			points[kept++] = (uint32_t)v;
	}
	*ret_count = kept;
	return points;
}

static void load_titles(struct loader *l, const struct node *n, struct pack_names *names)
{
	struct node list;
	size_t count = load_count(l, n, "titles", TITLES_MAX, &list);
	struct pack_title *titles = LOAD_ARRAY(l, struct pack_title, count);
	for (size_t i = 0; titles && i < count; i++) {
		struct node item = load_item(&list, i);
		if (!load_is_object(l, &item))
			continue;
		load_known(l, &item, "text joined name");
		struct pack_title t = {.text = load_text(l, &item, "text", LOAD_REQUIRED),
				       .joined = load_bool(l, &item, "joined", false),
				       .name = load_bool(l, &item, "name", false)};
		if (t.text && *t.text)
			titles[names->title_count++] = t;
	}
	names->titles = titles;
}

static void load_surname(struct loader *l, const struct node *n, struct pack_surname *rule)
{
	static const char *const parts[] = {"first", "last", "any", NULL};
	struct node s = load_member(n, "surname");
	if (!s.json || !load_is_object(l, &s))
		return;
	load_known(l, &s, "part from certainty source");
	int part = load_word(l, &s, "part", parts, -1), from = load_word(l, &s, "from", parts, -1);
	int c = load_word(l, &s, "certainty", load_certainties, -1);
	rule->source = load_text(l, &s, "source", LOAD_REQUIRED);
	rule->certainty = c < 0 ? NULL : load_certainties[c];
	rule->part = (enum pack_name_part)(part + 1);
	rule->from = (enum pack_name_part)(from + 1);
	if (rule->part == PACK_NAME_ANY)
		load_mistake(l, s.pointer, "a child's own part is the first or the last");
}

void names_load(struct loader *l, const struct node *root)
{
	struct pack_names *names = &l->pack->names;
	struct node n = load_member(root, "names");
	static const char *const orders[] = {"family-given", "given-family", "single", NULL};
	if (!load_is_object(l, &n))
		return;
	load_known(l, &n, "native_script order native_extra latin_extra max_bytes titles surname");
	names->native_script = load_text(l, &n, "native_script", LOAD_REQUIRED);
	int order = load_word(l, &n, "order", orders, -1);
	names->order = order < 0 ? "single" : orders[order];
	names->native_extra = load_code_points(l, &n, "native_extra", &names->native_extra_count);
	names->latin_extra = load_code_points(l, &n, "latin_extra", &names->latin_extra_count);
	names->max_bytes = (size_t)load_int(l, &n, "max_bytes", 8, 1024, 200, LOAD_REQUIRED);
	load_titles(l, &n, names);
	load_surname(l, &n, &names->surname);
}
