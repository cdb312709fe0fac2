/* SPDX-License-Identifier: MPL-2.0 */
#include "register/counts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCOPE_SIZE = 64, NAME_SIZE = 32, SEXES = 4, DAYS_MAX = 8, NOWHERE = UINT32_MAX };

enum { HANDED = 0 }; /* index of the name handed_over, which the days are parts of */

struct office {
	char scope[SCOPE_SIZE];
	uint32_t parent, first, next; /* first child, next sibling */
	uint32_t level_one;           /* position among the offices of depth 1, or NOWHERE */
	unsigned depth;
};

struct cell {
	uint32_t total, own;
	bool total_shown, own_shown;
};

struct part {
	uint32_t n;
	bool shown;
};

struct counts {
	struct office *office;
	size_t offices, level_one, months;
	char name[COUNTS_NAMES_MAX][NAME_SIZE];
	size_t names;
	uint32_t days[DAYS_MAX]; /* names of the day classes */
	size_t day_classes;
	struct cell *cell;       /* month, name, office */
	struct part *sex;        /* month, name, first level, sex */
};

static struct cell *cell_at(const struct counts *c, size_t month, size_t name, size_t office)
{
	return &c->cell[(month * COUNTS_NAMES_MAX + name) * c->offices + office];
}

static struct part *sexes_at(const struct counts *c, size_t month, size_t name, size_t office)
{
	return &c->sex[((month * COUNTS_NAMES_MAX + name) * c->level_one + c->office[office].level_one) * SEXES];
}

/* ---- offices and names ---- */

bool counts_find(const struct counts *c, const char *scope, size_t *ret_office)
{
	size_t low = 0, high = c->offices;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(c->office[mid].scope, scope);
		if (order == 0) {
			*ret_office = mid;
			return true;
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

/* The office of a scope, or the nearest above it. */
static bool find_nearest(const struct counts *c, const char *scope, size_t *ret_office)
{
	char above[SCOPE_SIZE];
	if (strlen(scope) >= sizeof above)
		return false;
	snprintf(above, sizeof above, "%s", scope);
	while (!counts_find(c, above, ret_office)) {
		char *slash = strrchr(above, '/');
		if (!slash)
			return false;
		*slash = '\0';
	}
	return true;
}

static enum rc put_office(struct counts *c, size_t i, const char *scope)
{
	struct office *o = &c->office[i];
	size_t parent;
	*o = (struct office){.parent = NOWHERE, .first = NOWHERE, .next = NOWHERE, .level_one = NOWHERE};
	if (strlen(scope) >= SCOPE_SIZE || (i && strcmp(scope, c->office[i - 1].scope) <= 0))
		return RC_INVALID;
	snprintf(o->scope, sizeof o->scope, "%s", scope);
	c->offices = i + 1;
	if (!i)
		return RC_OK;
	char above[SCOPE_SIZE];
	snprintf(above, sizeof above, "%s", scope);
	char *slash = strrchr(above, '/');
	if (slash)
		*slash = '\0';
	if (!slash || !find_nearest(c, above, &parent))
		return RC_INVALID;
	o->parent = (uint32_t)parent;
	o->depth = c->office[parent].depth + 1;
	if (o->depth == 1)
		o->level_one = (uint32_t)c->level_one++;
	return RC_OK;
}

enum rc counts_new(const char *const *scopes, size_t n, size_t months, struct counts **ret)
{
	struct counts *c = calloc(1, sizeof *c);
	enum rc rc = c ? RC_OK : RC_NO_MEMORY;
	if (c && (!n || n >= NOWHERE || !months || months > COUNTS_MONTHS_MAX))
		rc = RC_INVALID;
	if (rc == RC_OK && !(c->office = calloc(n, sizeof *c->office)))
		rc = RC_NO_MEMORY;
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		rc = put_office(c, i, scopes[i]);
	for (size_t i = rc == RC_OK ? n : 1; i-- > 1;) { /* backwards, so that siblings stand in order */
		struct office *parent = &c->office[c->office[i].parent];
		c->office[i].next = parent->first;
		parent->first = (uint32_t)i;
	}
	if (rc == RC_OK) {
		c->months = months;
		c->cell = calloc(months * COUNTS_NAMES_MAX * n, sizeof *c->cell);
		c->sex = calloc(months * COUNTS_NAMES_MAX * (c->level_one + 1) * SEXES, sizeof *c->sex);
		rc = c->cell && c->sex ? RC_OK : RC_NO_MEMORY;
	}
	if (rc == RC_OK)
		*ret = c;
	else
		counts_free(&c);
	return rc;
}

void counts_free(struct counts **c)
{
	if (!*c)
		return;
	free((*c)->office);
	free((*c)->cell);
	free((*c)->sex);
	free(*c);
	*c = NULL;
}

static bool is_days(const char *name)
{
	return strncmp(name, "days_", 5) == 0;
}

enum rc counts_name(struct counts *c, const char *name, size_t *ret)
{
	size_t i = 0;
	while (i < c->names && strcmp(c->name[i], name) != 0)
		i++;
	if (i == c->names) {
		if (i == COUNTS_NAMES_MAX || strlen(name) >= NAME_SIZE || (is_days(name) && c->day_classes == DAYS_MAX))
			return RC_TOO_LARGE;
		snprintf(c->name[c->names++], NAME_SIZE, "%s", name);
		if (is_days(name))
			c->days[c->day_classes++] = (uint32_t)i;
	}
	*ret = i;
	return RC_OK;
}

enum rc counts_add(struct counts *c, size_t month, const char *scope, const char *name, char sex, uint64_t n)
{
	const char *place = sex ? strchr(COUNTS_SEXES, sex) : NULL;
	size_t office, i;
	if (month >= c->months || !place || !find_nearest(c, scope, &office))
		return RC_INVALID;
	enum rc rc = counts_name(c, name, &i);
	if (rc != RC_OK)
		return rc;
	cell_at(c, month, i, office)->own += (uint32_t)n;
	for (size_t at = office;; at = c->office[at].parent) {
		struct cell *cell = cell_at(c, month, i, at);
		if (n > UINT32_MAX - cell->total)
			return RC_TOO_LARGE;
		cell->total += (uint32_t)n;
		if (c->office[at].depth == 1)
			sexes_at(c, month, i, at)[place - COUNTS_SEXES].n += (uint32_t)n;
		if (!at)
			return RC_OK;
	}
}

/* ---- what is shown ---- */

/* Which of a unit's parts are shown. */
struct limit {
	bool hide_zero;
	uint32_t hide_to; /* numbers from 1 to this are hidden */
};

struct parts {
	uint32_t (*at)(const void *ctx, size_t *cursor, bool *ret_end);
	const void *ctx;
};

/* Least and greatest of the numbers from 1 to `to`, and the least above; 0: there is none. */
static void survey(const struct parts *p, uint32_t to, uint32_t *ret_least, uint32_t *ret_most, uint32_t *ret_above)
{
	size_t cursor = SIZE_MAX;
	bool end = false;
	*ret_least = *ret_most = *ret_above = 0;
	for (;;) {
		uint32_t n = p->at(p->ctx, &cursor, &end);
		if (end)
			return;
		if (n > to && (!*ret_above || n < *ret_above))
			*ret_above = n;
		if (!n || n > to)
			continue;
		if (!*ret_least || n < *ret_least)
			*ret_least = n;
		if (n > *ret_most)
			*ret_most = n;
	}
}

/* Looks at the numbers alone, not at whose they are: any two hidden ones could be exchanged and all that is told would
   stay as it is. */
static struct limit limit_of(const struct parts *p)
{
	uint32_t to = COUNTS_SMALL - 1, least, most, above;
	survey(p, to, &least, &most, &above);
	if (!least)
		return (struct limit){false, 0};
	while (least == most && above) {
		to = above;
		survey(p, to, &least, &most, &above);
	}
	return (struct limit){!above, to};
}

static bool passes(const struct limit *l, uint32_t n)
{
	return n ? n > l->hide_to : !l->hide_zero;
}

static const struct limit NOTHING = {true, UINT32_MAX};

struct unit {
	const struct counts *c;
	size_t month, name, office;
};

/* The office's own number, then those of the units below. */
static uint32_t unit_part(const void *ctx, size_t *cursor, bool *ret_end)
{
	const struct unit *u = ctx;
	const struct office *offices = u->c->office;
	if (*cursor == SIZE_MAX) {
		*cursor = u->office;
		return cell_at(u->c, u->month, u->name, u->office)->own;
	}
	size_t next = *cursor == u->office ? offices[u->office].first : offices[*cursor].next;
	*ret_end = next == NOWHERE;
	*cursor = next;
	return *ret_end ? 0 : cell_at(u->c, u->month, u->name, next)->total;
}

static uint32_t sex_part(const void *ctx, size_t *cursor, bool *ret_end)
{
	const struct unit *u = ctx;
	(*cursor)++;
	*ret_end = *cursor == SEXES;
	return *ret_end ? 0 : sexes_at(u->c, u->month, u->name, u->office)[*cursor].n;
}

static uint32_t days_part(const void *ctx, size_t *cursor, bool *ret_end)
{
	const struct unit *u = ctx;
	(*cursor)++;
	*ret_end = *cursor == u->c->day_classes;
	return *ret_end ? 0 : cell_at(u->c, u->month, u->c->days[*cursor], u->office)->total;
}

static void decide_sexes(const struct unit *u, bool shown)
{
	const struct limit l = shown ? limit_of(&(struct parts){sex_part, u}) : NOTHING;
	struct part *sex = sexes_at(u->c, u->month, u->name, u->office);
	for (size_t i = 0; i < SEXES; i++)
		sex[i].shown = passes(&l, sex[i].n);
}

static void decide_days(const struct unit *u, bool shown)
{
	const struct limit l = shown ? limit_of(&(struct parts){days_part, u}) : NOTHING;
	for (size_t i = 0; i < u->c->day_classes; i++) {
		struct cell *cell = cell_at(u->c, u->month, u->c->days[i], u->office);
		cell->total_shown = passes(&l, cell->total);
	}
}

static void decide_unit(const struct unit *u)
{
	const struct counts *c = u->c;
	struct cell *cell = cell_at(c, u->month, u->name, u->office);
	if (!u->office)
		cell->total_shown = cell->total == 0 || cell->total >= COUNTS_SMALL;
	const struct limit l = cell->total_shown ? limit_of(&(struct parts){unit_part, u}) : NOTHING;
	cell->own_shown = passes(&l, cell->own);
	for (size_t i = c->office[u->office].first; i != NOWHERE; i = c->office[i].next) {
		struct cell *below = cell_at(c, u->month, u->name, i);
		below->total_shown = passes(&l, below->total);
	}
	if (c->office[u->office].depth != 1)
		return;
	decide_sexes(u, cell->total_shown);
	if (u->name == HANDED)
		decide_days(u, cell->total_shown);
}

void counts_decide(struct counts *c)
{
	struct unit u = {.c = c};
	for (u.month = 0; u.month < c->months; u.month++)
		for (u.name = 0; u.name < c->names; u.name++)
			for (u.office = 0; u.office < c->offices && !is_days(c->name[u.name]); u.office++)
				decide_unit(&u);
}

/* ---- what is told ---- */

const char *counts_scope(const struct counts *c, size_t office)
{
	return c->office[office].scope;
}

size_t counts_below(const struct counts *c, size_t office, size_t after)
{
	uint32_t i = after == SIZE_MAX ? c->office[office].first : c->office[after].next;
	return i == NOWHERE ? SIZE_MAX : i;
}

unsigned counts_depth(const struct counts *c, size_t office)
{
	return c->office[office].depth;
}

size_t counts_names(const struct counts *c)
{
	return c->names;
}

const char *counts_name_of(const struct counts *c, size_t name)
{
	return c->name[name];
}

struct counts_value counts_plus(struct counts_value a, struct counts_value b)
{
	return (struct counts_value){a.n + b.n, a.exact && b.exact};
}

static struct counts_value value_of(uint32_t n, bool shown)
{
	return (struct counts_value){shown ? n : 0, shown};
}

typedef struct counts_value one_month(const struct counts *c, size_t office, size_t month, size_t name, size_t sex);

/* Of the country as the sum of its first level, since only there it is decided. */
static struct counts_value of_level_one(one_month *one, const struct counts *c, size_t office, size_t month, size_t name,
                                        size_t sex)
{
	if (c->office[office].depth)
		return c->office[office].depth == 1 ? one(c, office, month, name, sex) : value_of(0, false);
	const struct cell *own = cell_at(c, month, is_days(c->name[name]) ? HANDED : name, office);
	struct counts_value sum = value_of(0, own->own_shown && !own->own);
	for (size_t i = c->office[office].first; i != NOWHERE; i = c->office[i].next)
		sum = counts_plus(sum, one(c, i, month, name, sex));
	return sum;
}

static struct counts_value one_cell(const struct counts *c, size_t office, size_t month, size_t name, size_t sex)
{
	(void)sex;
	const struct cell *cell = cell_at(c, month, name, office);
	return value_of(cell->total, cell->total_shown);
}

static struct counts_value one_sex(const struct counts *c, size_t office, size_t month, size_t name, size_t sex)
{
	const struct part *p = &sexes_at(c, month, name, office)[sex];
	return value_of(p->n, p->shown);
}

static struct counts_value one_total(const struct counts *c, size_t office, size_t month, size_t name, size_t sex)
{
	return is_days(c->name[name]) ? of_level_one(one_cell, c, office, month, name, sex) : one_cell(c, office, month, name, sex);
}

static struct counts_value one_own(const struct counts *c, size_t office, size_t month, size_t name, size_t sex)
{
	(void)sex;
	const struct cell *cell = cell_at(c, month, name, office);
	return value_of(cell->own, cell->own_shown);
}

static struct counts_value one_of_sex(const struct counts *c, size_t office, size_t month, size_t name, size_t sex)
{
	return of_level_one(one_sex, c, office, month, name, sex);
}

static struct counts_value over_months(one_month *one, const struct counts *c, size_t office, size_t from, size_t to,
                                       size_t name, size_t sex)
{
	struct counts_value sum = one(c, office, from, name, sex);
	for (size_t m = from + 1; m <= to; m++)
		sum = counts_plus(sum, one(c, office, m, name, sex));
	return sum;
}

struct counts_value counts_total(const struct counts *c, size_t office, size_t from, size_t to, size_t name)
{
	return over_months(one_total, c, office, from, to, name, 0);
}

struct counts_value counts_own(const struct counts *c, size_t office, size_t from, size_t to, size_t name)
{
	return over_months(one_own, c, office, from, to, name, 0);
}

struct counts_value counts_sex(const struct counts *c, size_t office, size_t from, size_t to, size_t name, char sex)
{
	return over_months(one_of_sex, c, office, from, to, name, (size_t)(strchr(COUNTS_SEXES, sex) - COUNTS_SEXES));
}
