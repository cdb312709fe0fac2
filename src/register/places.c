/* SPDX-License-Identifier: MPL-2.0 */
#include "register/places.h"

#include <stdio.h>
#include <string.h>

#include "country/place.h"

enum { CHANGES_MAX = 16, HEIRS_MAX = 16 };

static void day_of(const struct pack *p, int64_t utc_us, char out[static DATE_TEXT_SIZE])
{
	date_format(pack_local_date(p, utc_us, NULL), out);
}

/* The version of the day, else the newest. */
static enum rc version(struct store_reader *r, const char *code, const char *day, struct store_place *ret)
{
	struct err ignored;
	enum rc rc = store_place_on(r, code, day, ret, &ignored);
	return rc == RC_NOT_FOUND ? store_place_get(r, code, ret, &ignored) : rc;
}

/* Whether the office is that of its place, and not one that was added beside it. */
static bool is_of_place(const struct pack *p, const struct store_office *o)
{
	char scope[OFFICE_SCOPE_SIZE];
	int level = place_level(p, o->place);
	return *o->place && level >= 0 && p->levels[level].office && place_scope(p, o->place, scope) == RC_OK &&
	       strcmp(scope, o->scope) == 0;
}

static void office_name(const struct pack *p, const struct store_place *v, bool native, struct buf *out)
{
	struct place_row row = {.level = pack_level_index(p, v->level)};
	struct office_row office;
	snprintf(row.code, sizeof row.code, "%s", v->code);
	snprintf(row.name_native, sizeof row.name_native, "%s", v->name_native);
	snprintf(row.name_latin, sizeof row.name_latin, "%s", v->name_latin);
	snprintf(row.unit_native, sizeof row.unit_native, "%s", v->unit_native);
	snprintf(row.unit_latin, sizeof row.unit_latin, "%s", v->unit_latin);
	if (row.level >= 0 && place_office(p, &row, &office))
		buf_str(out, native ? office.name_native : office.name_latin);
}

enum rc places_name(struct store_reader *r, const struct pack *p, const char *code, int64_t utc_us, bool native,
                    struct buf *out)
{
	char day[DATE_TEXT_SIZE];
	struct store_place v;
	struct store_office office;
	struct err ignored;
	day_of(p, utc_us, day);
	enum rc rc = version(r, code, day, &v);
	if (rc == RC_OK) {
		place_print(p, v.level, native, native ? v.unit_native : v.unit_latin, native ? v.name_native : v.name_latin, out);
		return RC_OK;
	}
	rc = store_office_get(r, code, &office, &ignored);
	if (rc != RC_OK)
		return rc;
	if (is_of_place(p, &office) && version(r, office.place, day, &v) == RC_OK)
		office_name(p, &v, native, out);
	else
		buf_str(out, native ? office.name_native : office.name_latin);
	return RC_OK;
}

/* ---- what came after ---- */

struct heirs {
	char code[HEIRS_MAX][STORE_CODE_MAX];
	size_t n;
};

static void add_heir(struct heirs *h, const char *code)
{
	for (size_t i = 0; i < h->n; i++)
		if (strcmp(h->code[i], code) == 0)
			return;
	if (h->n < HEIRS_MAX)
		snprintf(h->code[h->n++], STORE_CODE_MAX, "%s", code);
}

/* The scopes of the units that are there today and came from this one, in a sentence. */
static enum rc name_heirs(struct store_reader *r, const struct pack *p, const char *code, const char *day, char *out,
                          size_t size)
{
	struct store_place_change change[CHANGES_MAX];
	struct heirs h = {.n = 0};
	struct store_place v;
	struct err ignored;
	size_t used = 0, n;
	*out = '\0';
	add_heir(&h, code);
	for (size_t at = 0; at < h.n; at++) {
		char scope[OFFICE_SCOPE_SIZE];
		enum rc rc = store_place_on(r, h.code[at], day, &v, &ignored);
		if (rc == RC_OK && place_scope(p, h.code[at], scope) == RC_OK && used < size)
			used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "", scope);
		if (rc == RC_NOT_FOUND)
			rc = store_place_changes(r, h.code[at], change, CHANGES_MAX, &n, &ignored);
		else
			n = 0;
		if (rc != RC_OK)
			return rc;
		for (size_t i = 0; i < n; i++)
			if (strcmp(change[i].from, h.code[at]) == 0 && strcmp(change[i].day, day) <= 0)
				add_heir(&h, change[i].to);
	}
	return RC_OK;
}

enum rc places_office_open(struct store_reader *r, const struct pack *p, const struct store_office *o, int64_t utc_us,
                           struct err *e)
{
	char day[DATE_TEXT_SIZE], heirs[160];
	struct store_place v;
	struct err ignored;
	day_of(p, utc_us, day);
	if (!is_of_place(p, o))
		return RC_OK;
	enum rc rc = store_place_get(r, o->place, &v, &ignored);
	if (rc == RC_NOT_FOUND)
		return RC_OK;
	if (rc == RC_OK)
		rc = store_place_on(r, o->place, day, &v, &ignored);
	if (rc != RC_NOT_FOUND)
		return rc;
	rc = name_heirs(r, p, o->place, day, heirs, sizeof heirs);
	if (rc != RC_OK)
		return rc;
	return *heirs ? err_set(e, RC_GONE, "/office", "this office is closed; new cases go to %s", heirs)
	              : err_set(e, RC_GONE, "/office", "this office is closed");
}
