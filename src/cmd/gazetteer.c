/* SPDX-License-Identifier: MPL-2.0 */
#include "cmd/gazetteer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "country/place.h"

enum { BATCH = 2000 };

struct importing {
	struct store *store;
	const struct pack *pack;
	struct store_place *rows;
	size_t count;
	struct gazetteer_count done;
	struct err *err;
};

static enum rc flush(struct importing *im)
{
	enum rc rc = im->count ? store_place_import(im->store, im->rows, im->count, im->err) : RC_OK;
	if (rc == RC_OK)
		im->done.places += im->count;
	im->count = 0;
	return rc;
}

static void put_date(bool has, struct date d, char out[static 16])
{
	out[0] = 0;
	if (has)
		date_format(d, out);
}

static enum rc add_office(struct store *s, const struct pack *pack, const struct office_row *row, struct err *e)
{
	struct store_office o = {.active = true};
	snprintf(o.scope, sizeof o.scope, "%s", row->scope);
	snprintf(o.code, sizeof o.code, "%s", row->code);
	snprintf(o.kind, sizeof o.kind, "%s", row->level < 0 ? "national" : pack->levels[row->level].name);
	snprintf(o.name_native, sizeof o.name_native, "%s", row->name_native);
	snprintf(o.name_latin, sizeof o.name_latin, "%s", row->name_latin);
	snprintf(o.place, sizeof o.place, "%s", row->place);
	return store_office_add(s, &o, e);
}

static enum rc visit(void *ctx, const struct place_row *row)
{
	struct importing *im = ctx;
	struct store_place *p = &im->rows[im->count++];
	struct office_row office;
	memset(p, 0, sizeof *p);
	snprintf(p->code, sizeof p->code, "%s", row->code);
	snprintf(p->parent, sizeof p->parent, "%s", row->parent);
	snprintf(p->level, sizeof p->level, "%s", im->pack->levels[row->level].name);
	snprintf(p->name_native, sizeof p->name_native, "%s", row->name_native);
	snprintf(p->name_latin, sizeof p->name_latin, "%s", row->name_latin);
	snprintf(p->unit_native, sizeof p->unit_native, "%s", row->unit_native);
	snprintf(p->unit_latin, sizeof p->unit_latin, "%s", row->unit_latin);
	snprintf(p->law, sizeof p->law, "%s", row->legal_act);
	put_date(row->has_from, row->from, p->valid_from);
	put_date(row->has_until, row->until, p->valid_to);
	enum rc rc = im->count == BATCH ? flush(im) : RC_OK;
	if (rc == RC_OK && place_office(im->pack, row, &office)) {
		rc = add_office(im->store, im->pack, &office, im->err);
		im->done.offices += rc == RC_OK;
	}
	return rc;
}

enum rc gazetteer_import(struct store *s, const struct pack *pack, struct bytes csv, struct gazetteer_count *ret,
                         struct err *e)
{
	struct importing im = {.store = s, .pack = pack, .rows = calloc(BATCH, sizeof *im.rows), .err = e};
	if (!im.rows)
		return RC_NO_MEMORY;
	enum rc rc = place_parse(pack, csv, visit, &im, e);
	if (rc == RC_OK)
		rc = flush(&im);
	free(im.rows);
	if (rc == RC_OK)
		*ret = im.done;
	return rc;
}

enum rc gazetteer_national(struct store *s, const struct pack *pack, struct err *e)
{
	struct office_row row;
	place_national_office(pack, &row);
	return add_office(s, pack, &row, e);
}
