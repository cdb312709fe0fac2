/* SPDX-License-Identifier: MPL-2.0 */
#include "cmd/gazetteer.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "country/place.h"

enum { BATCH = 2000, UNITS_MAX = 200000 };

/* A unit as it is now, and as it will be. */
struct unit {
	struct store_place v;  /* its newest version */
	unsigned line;         /* of the list that says something of it; 0: none does */
	bool known, changed;
};

struct array {
	void *items;
	size_t n, room, size;
};

struct work {
	struct store *store;
	struct store_reader *reader;
	const struct pack *pack;
	const struct gazetteer_list *list;
	struct array rows;    /* struct place_row, by code and first day */
	struct array units;   /* struct unit, by code */
	struct array older;   /* struct store_place: versions that are not the newest, to write */
	struct array changes; /* struct store_place_change */
	struct gazetteer_count done;
	struct err *e;
};

/* A new item of zeros; NULL if memory ran out. */
static void *grow(struct array *a)
{
	if (a->n == a->room) {
		size_t room = a->room ? a->room * 2 : 1024;
		void *items = room > UNITS_MAX * 2 ? NULL : realloc(a->items, room * a->size);
		if (!items)
			return NULL;
		a->items = items;
		a->room = room;
	}
	return memset((char *)a->items + a->n++ * a->size, 0, a->size);
}

#define AT(array, type, i) (&((type *)(array).items)[i])

__attribute__((format(printf, 3, 4)))
static enum rc wrong(struct work *w, unsigned line, const char *format, ...)
{
	char where[32], text[200];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (line)
		snprintf(where, sizeof where, "line %u", line);
	else
		snprintf(where, sizeof where, "the list");
	return err_set(w->e, RC_FORMAT, where, "%s", text);
}

__attribute__((format(printf, 2, 3)))
static void say(const struct work *w, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (w->list->say)
		vfprintf(w->list->say, format, args);
	va_end(args);
}

/* ---- what the list says ---- */

static enum rc keep_row(void *ctx, const struct place_row *row)
{
	struct work *w = ctx;
	struct place_row *kept = grow(&w->rows);
	if (!kept)
		return RC_NO_MEMORY;
	*kept = *row;
	if (!row->has_from && w->list->from)
		kept->has_from = date_parse(w->list->from, strlen(w->list->from), &kept->from);
	return RC_OK;
}

static void put_date(bool has, struct date d, char out[static STORE_DATE_MAX])
{
	out[0] = 0;
	if (has)
		date_format(d, out);
}

static int by_code_and_day(const void *a, const void *b)
{
	const struct place_row *x = a, *y = b;
	int order = strcmp(x->code, y->code);
	int64_t from = x->has_from ? date_to_days(x->from) : INT64_MIN, other = y->has_from ? date_to_days(y->from) : INT64_MIN;
	return order ? order : (from > other) - (from < other);
}

static enum rc read_list(struct work *w)
{
	enum rc rc = place_parse(w->pack, w->list->csv, keep_row, w, w->e);
	if (rc == RC_OK && w->rows.n)
		qsort(w->rows.items, w->rows.n, w->rows.size, by_code_and_day);
	for (size_t i = 1; rc == RC_OK && i < w->rows.n; i++) {
		const struct place_row *a = AT(w->rows, struct place_row, i - 1), *b = a + 1;
		unsigned line = a->line > b->line ? a->line : b->line;
		if (by_code_and_day(a, b) == 0)
			rc = wrong(w, line, "\"code\": %s stands there twice for the same day", b->code);
		else if (strcmp(a->code, b->code) == 0 && a->has_until && date_to_days(a->until) > date_to_days(b->from))
			rc = wrong(w, a->line, "\"valid_until\" is after the day from which line %u holds", b->line);
	}
	return rc;
}

/* ---- what is stored ---- */

static int by_code(const void *a, const void *b)
{
	return strcmp(((const struct unit *)a)->v.code, ((const struct unit *)b)->v.code);
}

static struct unit *unit_of(struct work *w, const char *code)
{
	struct unit key = {0};
	snprintf(key.v.code, sizeof key.v.code, "%s", code);
	return w->units.n ? bsearch(&key, w->units.items, w->units.n, w->units.size, by_code) : NULL;
}

static enum rc read_store(struct work *w)
{
	struct store_place *page = calloc(STORE_LIST_MAX, sizeof *page);
	struct store_place_query q = {.limit = STORE_LIST_MAX};
	char after[STORE_CODE_MAX];
	size_t n = STORE_LIST_MAX;
	enum rc rc = page ? RC_OK : RC_NO_MEMORY;
	while (rc == RC_OK && n == STORE_LIST_MAX) {
		rc = store_place_list(w->reader, &q, page, &n, w->e);
		for (size_t i = 0; rc == RC_OK && i < n; i++) {
			struct unit *u = grow(&w->units);
			rc = u ? RC_OK : RC_NO_MEMORY;
			if (u)
				*u = (struct unit){.v = page[i], .known = true};
		}
		if (rc == RC_OK && n) {
			snprintf(after, sizeof after, "%s", page[n - 1].code);
			q.after = after;
		}
	}
	free(page);
	return rc;
}

/* One unit for each code, those of the list that are new among them. */
static enum rc join(struct work *w)
{
	size_t known = w->units.n;
	enum rc rc = RC_OK;
	for (size_t i = 0; rc == RC_OK && i < w->rows.n; i++) {
		const struct place_row *row = AT(w->rows, struct place_row, i);
		struct unit key = {0};
		if (i && strcmp(row[-1].code, row->code) == 0)
			continue;
		snprintf(key.v.code, sizeof key.v.code, "%s", row->code);
		if (known && bsearch(&key, w->units.items, known, w->units.size, by_code))
			continue;
		struct unit *u = grow(&w->units);
		rc = u ? RC_OK : RC_NO_MEMORY;
		if (u)
			snprintf(u->v.code, sizeof u->v.code, "%s", row->code);
	}
	if (rc == RC_OK && w->units.n)
		qsort(w->units.items, w->units.n, w->units.size, by_code);
	return rc;
}

/* ---- comparing ---- */

static void to_place(const struct work *w, const struct place_row *row, struct store_place *p)
{
	*p = (struct store_place){0};
	snprintf(p->code, sizeof p->code, "%s", row->code);
	snprintf(p->parent, sizeof p->parent, "%s", row->parent);
	snprintf(p->level, sizeof p->level, "%s", w->pack->levels[row->level].name);
	snprintf(p->name_native, sizeof p->name_native, "%s", row->name_native);
	snprintf(p->name_latin, sizeof p->name_latin, "%s", row->name_latin);
	snprintf(p->unit_native, sizeof p->unit_native, "%s", row->unit_native);
	snprintf(p->unit_latin, sizeof p->unit_latin, "%s", row->unit_latin);
	snprintf(p->law, sizeof p->law, "%s", row->legal_act);
	put_date(row->has_from, row->from, p->valid_from);
	put_date(row->has_until, row->until, p->valid_to);
}

static bool same_names(const struct store_place *a, const struct store_place *b)
{
	return strcmp(a->name_native, b->name_native) == 0 && strcmp(a->name_latin, b->name_latin) == 0 &&
	       strcmp(a->unit_native, b->unit_native) == 0 && strcmp(a->unit_latin, b->unit_latin) == 0;
}

/* Puts what the list says of one version over what is stored of it; what the list leaves out stays. */
static bool mend(struct store_place *stored, const struct store_place *said)
{
	struct store_place now = *said;
	snprintf(now.valid_from, sizeof now.valid_from, "%s", stored->valid_from);
	if (!now.valid_to[0])
		snprintf(now.valid_to, sizeof now.valid_to, "%s", stored->valid_to);
	if (!now.law[0])
		snprintf(now.law, sizeof now.law, "%s", stored->law);
	bool changed = !same_names(stored, &now) || strcmp(stored->law, now.law) || strcmp(stored->valid_to, now.valid_to);
	*stored = now;
	return changed;
}

static enum rc add_change(struct work *w, const char *from, const char *to, const char *day, const char *kind, const char *law)
{
	struct store_place_change *c = grow(&w->changes);
	if (!c)
		return RC_NO_MEMORY;
	snprintf(c->from, sizeof c->from, "%s", from);
	snprintf(c->to, sizeof c->to, "%s", to);
	snprintf(c->day, sizeof c->day, "%s", day);
	snprintf(c->kind, sizeof c->kind, "%s", kind);
	snprintf(c->law, sizeof c->law, "%s", law);
	return RC_OK;
}

static void say_closed(struct work *w, const struct store_place *v)
{
	w->done.closed++;
	say(w, "closed   %s %s, %s, from %s\n", v->code, v->level, v->name_latin, v->valid_to);
}

/* A version that comes after the newest one so far. */
static enum rc succeed(struct work *w, struct unit *u, const struct store_place *v, const struct place_row *row)
{
	struct store_place *before = grow(&w->older);
	enum rc rc = before ? RC_OK : RC_NO_MEMORY;
	if (!before)
		return rc;
	*before = u->v;
	bool open = !before->valid_to[0] || strcmp(before->valid_to, v->valid_from) > 0;
	if (open)
		snprintf(before->valid_to, sizeof before->valid_to, "%s", v->valid_from);
	bool renamed = !same_names(before, v);
	if (renamed) {
		w->done.renamed++;
		say(w, "renamed  %s %s, from %s to %s, from %s\n", v->code, v->level, before->name_latin, v->name_latin, v->valid_from);
	} else {
		w->done.mended++;
		say(w, "again    %s %s, %s, from %s\n", v->code, v->level, v->name_latin, v->valid_from);
	}
	if (renamed && open && !row->predecessors)
		rc = add_change(w, v->code, v->code, v->valid_from, "renamed", v->law);
	u->v = *v;
	u->changed = true;
	return rc;
}

/* A version that came before the newest one. */
static enum rc precede(struct work *w, const struct unit *u, struct store_place *v)
{
	struct store_place stored;
	struct err ignored;
	enum rc rc = store_place_on(w->reader, v->code, v->valid_from, &stored, &ignored);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	if (rc == RC_OK && strcmp(stored.valid_from, v->valid_from) == 0) {
		if (!mend(&stored, v))
			return RC_OK;
		*v = stored;
	} else if (!v->valid_to[0]) {
		snprintf(v->valid_to, sizeof v->valid_to, "%s", u->v.valid_from);
	}
	struct store_place *older = grow(&w->older);
	if (!older)
		return RC_NO_MEMORY;
	*older = *v;
	w->done.mended++;
	say(w, "mended   %s %s, %s, as it was from %s\n", v->code, v->level, v->name_latin, v->valid_from[0] ? v->valid_from : "ever");
	return RC_OK;
}

static enum rc compare_row(struct work *w, const struct place_row *row)
{
	struct store_place v;
	struct unit *u = unit_of(w, row->code);
	to_place(w, row, &v);
	bool known = u->known, open = !u->v.valid_to[0];
	/* A list that names no day of its own speaks of how things are, whenever that began. */
	bool plain = !row->has_from || (w->list->from && strcmp(v.valid_from, w->list->from) == 0);
	u->line = row->line;
	if (!known) {
		u->v = v;
		u->known = u->changed = true;
		w->done.added++;
		say(w, "new      %s %s, %s\n", v.code, v.level, v.name_latin);
		return RC_OK;
	}
	int order = strcmp(v.valid_from, u->v.valid_from);
	if (order == 0 || !row->has_from || (plain && open && same_names(&v, &u->v))) {
		if (!mend(&u->v, &v))
			return RC_OK;
		u->changed = true;
		if (open && u->v.valid_to[0])
			say_closed(w, &u->v);
		else {
			w->done.mended++;
			say(w, "mended   %s %s, %s\n", v.code, v.level, v.name_latin);
		}
		return RC_OK;
	}
	return order > 0 ? succeed(w, u, &v, row) : precede(w, u, &v);
}

/* ---- what became of what ---- */

/* Whether the list has a row of its own for the unit from that day. */
static bool goes_on(const struct work *w, const char *code, const char *day)
{
	struct place_row key = {.has_from = date_parse(day, strlen(day), &key.from)};
	snprintf(key.code, sizeof key.code, "%s", code);
	return w->rows.n && bsearch(&key, w->rows.items, w->rows.n, w->rows.size, by_code_and_day);
}

static enum rc close_unit(struct work *w, struct unit *u, const char *day, unsigned line)
{
	if (u->v.valid_to[0] && strcmp(u->v.valid_to, day) <= 0)
		return RC_OK;
	if (strcmp(u->v.valid_from, day) >= 0)
		return wrong(w, line, "%s would end on %s, but its newest version begins on %s", u->v.code, day, u->v.valid_from);
	snprintf(u->v.valid_to, sizeof u->v.valid_to, "%s", day);
	u->changed = true;
	u->line = u->line ? u->line : line;
	say_closed(w, &u->v);
	return RC_OK;
}

static enum rc tied(struct work *w, const char *from, const char *to, const char *day, const struct place_row *row)
{
	if (unit_of(w, from)->changed || unit_of(w, to)->changed)
		say(w, "%-8s %s into %s, from %s\n", row->change, from, to, day);
	return add_change(w, from, to, day, row->change, row->legal_act);
}

static enum rc tie_predecessor(struct work *w, const struct place_row *row, const char *from)
{
	char day[STORE_DATE_MAX];
	struct unit *u = unit_of(w, from);
	put_date(row->has_from, row->from, day);
	if (!u)
		return wrong(w, row->line, "\"predecessor\": there is no %s, neither in the list nor stored", from);
	if (!day[0])
		return wrong(w, row->line, "\"valid_from\" is empty beside a predecessor");
	enum rc rc = RC_OK;
	if (strcmp(from, row->code) != 0 && !goes_on(w, from, day))
		rc = close_unit(w, u, day, row->line);
	return rc == RC_OK ? tied(w, from, row->code, day, row) : rc;
}

static enum rc tie_successor(struct work *w, const struct place_row *row, const char *to)
{
	char day[STORE_DATE_MAX];
	const struct unit *u = unit_of(w, to);
	put_date(row->has_until, row->until, day);
	if (!u)
		return wrong(w, row->line, "\"successor\": there is no %s, neither in the list nor stored", to);
	if (strcmp(u->v.valid_from, day) > 0)
		return wrong(w, row->line, "\"successor\": %s is not there yet on %s", to, day);
	return tied(w, row->code, to, day, row);
}

static enum rc tie(struct work *w, const struct place_row *row)
{
	enum rc rc = RC_OK;
	for (size_t i = 0; rc == RC_OK && i < row->predecessors; i++)
		rc = tie_predecessor(w, row, row->predecessor[i]);
	for (size_t i = 0; rc == RC_OK && i < row->successors; i++)
		rc = tie_successor(w, row, row->successor[i]);
	return rc;
}

/* A whole list: what is not in it is no more. */
static enum rc close_missing(struct work *w)
{
	bool level[PACK_LEVELS_MAX] = {false};
	enum rc rc = RC_OK;
	for (size_t i = 0; i < w->rows.n; i++)
		level[AT(w->rows, struct place_row, i)->level] = true;
	for (size_t i = 0; rc == RC_OK && i < w->units.n; i++) {
		struct unit *u = AT(w->units, struct unit, i);
		int at = pack_level_index(w->pack, u->v.level);
		if (!u->line && at >= 0 && level[at])
			rc = close_unit(w, u, w->list->from, 0);
	}
	return rc;
}

/* Every unit that is open stands in one that is. */
static enum rc check_parents(struct work *w)
{
	for (size_t i = 0; i < w->units.n; i++) {
		const struct unit *u = AT(w->units, struct unit, i);
		const char *end = u->v.valid_to;
		const struct unit *parent = u->v.parent[0] ? unit_of(w, u->v.parent) : NULL;
		if (u->v.parent[0] && !parent)
			return wrong(w, u->line, "\"code\": the unit above %s, %s, is neither in the list nor stored", u->v.code, u->v.parent);
		if (parent && (u->changed || parent->changed) && parent->v.valid_to[0] && (!end[0] || strcmp(end, parent->v.valid_to) > 0))
			return wrong(w, u->line ? u->line : parent->line, "\"valid_until\": %s ends on %s, but %s in it does not",
			             parent->v.code, parent->v.valid_to, u->v.code);
	}
	return RC_OK;
}

/* ---- writing ---- */

static enum rc add_office(struct store *s, const struct pack *pack, const struct office_row *row, bool active, struct err *e)
{
	struct store_office o = {.active = active};
	snprintf(o.scope, sizeof o.scope, "%s", row->scope);
	snprintf(o.code, sizeof o.code, "%s", row->code);
	snprintf(o.kind, sizeof o.kind, "%s", row->level < 0 ? "national" : pack->levels[row->level].name);
	snprintf(o.name_native, sizeof o.name_native, "%s", row->name_native);
	snprintf(o.name_latin, sizeof o.name_latin, "%s", row->name_latin);
	snprintf(o.place, sizeof o.place, "%s", row->place);
	return store_office_add(s, &o, e);
}

/* The office stays for its old acts when its place is closed; whether it takes new cases is asked by the day. */
static enum rc write_office(struct work *w, const struct store_place *v)
{
	struct place_row row = {.level = pack_level_index(w->pack, v->level)};
	struct office_row office;
	struct store_office known;
	struct err ignored;
	snprintf(row.code, sizeof row.code, "%s", v->code);
	snprintf(row.name_native, sizeof row.name_native, "%s", v->name_native);
	snprintf(row.name_latin, sizeof row.name_latin, "%s", v->name_latin);
	snprintf(row.unit_native, sizeof row.unit_native, "%s", v->unit_native);
	snprintf(row.unit_latin, sizeof row.unit_latin, "%s", v->unit_latin);
	if (row.level < 0 || !place_office(w->pack, &row, &office))
		return RC_OK;
	w->done.offices++;
	if (w->list->plan)
		return RC_OK;
	enum rc rc = store_office_get(w->reader, office.scope, &known, &ignored);
	return rc == RC_OK || rc == RC_NOT_FOUND ? add_office(w->store, w->pack, &office, rc != RC_OK || known.active, w->e) : rc;
}

static enum rc write_places(struct work *w, const struct store_place *places, size_t n)
{
	enum rc rc = RC_OK;
	w->done.places += n;
	for (size_t i = 0; rc == RC_OK && i < n && !w->list->plan; i += BATCH)
		rc = store_place_import(w->store, places + i, n - i < BATCH ? n - i : BATCH, w->e);
	return rc;
}

/* What changed goes first: cut off in between, the same list says all of it again. */
static enum rc write_all(struct work *w)
{
	struct store_place *batch = calloc(BATCH, sizeof *batch);
	size_t n = 0;
	enum rc rc = batch ? RC_OK : RC_NO_MEMORY;
	for (size_t i = 0; rc == RC_OK && i < w->changes.n && !w->list->plan; i += BATCH)
		rc = store_place_changes_import(w->store, AT(w->changes, struct store_place_change, i),
		                                w->changes.n - i < BATCH ? w->changes.n - i : BATCH, w->e);
	for (size_t i = 0; rc == RC_OK && i < w->units.n; i++)
		if (AT(w->units, struct unit, i)->changed)
			rc = write_office(w, &AT(w->units, struct unit, i)->v);
	if (rc == RC_OK)
		rc = write_places(w, w->older.items, w->older.n);
	for (size_t i = 0; rc == RC_OK && i <= w->units.n; i++) {
		bool last = i == w->units.n;
		if (!last && AT(w->units, struct unit, i)->changed)
			batch[n++] = AT(w->units, struct unit, i)->v;
		if (n == BATCH || (last && n)) {
			rc = write_places(w, batch, n);
			n = 0;
		}
	}
	free(batch);
	return rc;
}

enum rc gazetteer_import(struct store *s, const struct pack *pack, const struct gazetteer_list *list,
                         struct gazetteer_count *ret, struct err *e)
{
	struct work w = {
		.store = s, .pack = pack, .list = list, .e = e, .rows.size = sizeof(struct place_row), .units.size = sizeof(struct unit),
		.older.size = sizeof(struct store_place), .changes.size = sizeof(struct store_place_change),
	};
	enum rc rc = store_reader_open(s, &w.reader, e);
	if (rc == RC_OK)
		rc = read_list(&w);
	if (rc == RC_OK)
		rc = read_store(&w);
	if (rc == RC_OK)
		rc = join(&w);
	for (size_t i = 0; rc == RC_OK && i < w.rows.n; i++)
		rc = compare_row(&w, AT(w.rows, struct place_row, i));
	for (size_t i = 0; rc == RC_OK && i < w.rows.n; i++)
		rc = tie(&w, AT(w.rows, struct place_row, i));
	if (rc == RC_OK && list->whole)
		rc = close_missing(&w);
	if (rc == RC_OK)
		rc = check_parents(&w);
	if (rc == RC_OK)
		rc = write_all(&w);
	store_reader_close(&w.reader);
	free(w.rows.items);
	free(w.units.items);
	free(w.older.items);
	free(w.changes.items);
	if (rc == RC_OK)
		*ret = w.done;
	return rc;
}

enum rc gazetteer_national(struct store *s, const struct pack *pack, struct err *e)
{
	struct office_row row;
	place_national_office(pack, &row);
	return add_office(s, pack, &row, true, e);
}
