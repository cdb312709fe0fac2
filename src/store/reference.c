/* SPDX-License-Identifier: MPL-2.0 */
/* Places and offices. */
#include "store/internal.h"

enum { PLACES_MAX = 5000 };

/* --------------------------------------------------------------- places */

struct place_batch {
	const struct store_place *places;
	size_t n;
};

static enum rc put_places(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	const struct place_batch *in = arg;
	enum rc rc = RC_OK;
	for (size_t i = 0; rc == RC_OK && i < in->n; i++) {
		const struct store_place *p = &in->places[i];
		struct query q = query_open(db, SQL_place_put);
		query_text(&q, p->code);
		query_text(&q, p->parent);
		query_text(&q, p->level);
		query_text(&q, p->name_native);
		query_text(&q, p->name_latin);
		query_text(&q, p->unit_native);
		query_text(&q, p->unit_latin);
		query_text(&q, p->law);
		query_text(&q, p->valid_from);
		query_text(&q, p->valid_to);
		rc = query_do(&q, NULL, e);
	}
	return rc;
}

static bool place_fits(const struct store_place *p)
{
	return text_fits(p->code, sizeof p->code, false) && text_fits(p->parent, sizeof p->parent, true) &&
	       text_fits(p->level, sizeof p->level, false) && text_fits(p->name_native, sizeof p->name_native, true) &&
	       text_fits(p->name_latin, sizeof p->name_latin, true) &&
	       text_fits(p->unit_native, sizeof p->unit_native, true) &&
	       text_fits(p->unit_latin, sizeof p->unit_latin, true) && text_fits(p->law, sizeof p->law, true) &&
	       text_fits(p->valid_from, sizeof p->valid_from, true) && text_fits(p->valid_to, sizeof p->valid_to, true);
}

enum rc store_place_import(struct store *s, const struct store_place *places, size_t n, struct err *e)
{
	if (n > PLACES_MAX)
		return err_set(e, RC_TOO_LARGE, "place", "At most %d places in one step", PLACES_MAX);
	for (size_t i = 0; i < n; i++)
		if (!place_fits(&places[i]))
			return err_set(e, RC_INVALID, "place", "Place %zu has a value that does not fit", i + 1);
	return writer_submit(&s->main, put_places, &(struct place_batch){places, n}, NULL, e);
}

static void read_place(struct query *q, struct store_place *p)
{
	query_col_text(q, 0, p->code, sizeof p->code);
	query_col_text(q, 1, p->parent, sizeof p->parent);
	query_col_text(q, 2, p->level, sizeof p->level);
	query_col_text(q, 3, p->name_native, sizeof p->name_native);
	query_col_text(q, 4, p->name_latin, sizeof p->name_latin);
	query_col_text(q, 5, p->unit_native, sizeof p->unit_native);
	query_col_text(q, 6, p->unit_latin, sizeof p->unit_latin);
	query_col_text(q, 7, p->law, sizeof p->law);
	query_col_text(q, 8, p->valid_from, sizeof p->valid_from);
	query_col_text(q, 9, p->valid_to, sizeof p->valid_to);
}

enum rc store_place_get(struct store_reader *r, const char *code, struct store_place *ret, struct err *e)
{
	bool found;
	struct store_place p = {0};
	struct query q = query_open(&r->main, SQL_place_get);
	query_text(&q, code);
	if (query_row(&q))
		read_place(&q, &p);
	enum rc rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_NOT_FOUND, "place", "No such place");
	if (rc == RC_OK)
		*ret = p;
	return rc;
}

enum rc store_place_on(struct store_reader *r, const char *code, const char *date, struct store_place *ret,
                       struct err *e)
{
	struct store_place p = {0};
	bool found;
	struct query q = query_open(&r->main, SQL_place_on);
	query_text(&q, code);
	query_text(&q, date);
	if (query_row(&q))
		read_place(&q, &p);
	enum rc rc = query_close(&q, &found, e);
	if (rc == RC_OK && (!found || (p.valid_to[0] && strcmp(p.valid_to, date) <= 0)))
		rc = err_set(e, RC_NOT_FOUND, "place", "No such place that day");
	if (rc == RC_OK)
		*ret = p;
	return rc;
}

/* For LIKE … ESCAPE '\'. */
static const char *escaped(const char *text, char *out, size_t size)
{
	size_t n = 0;
	if (!text)
		return NULL;
	for (; *text && n + 2 < size; text++) {
		if (*text == '%' || *text == '_' || *text == '\\')
			out[n++] = '\\';
		out[n++] = *text;
	}
	out[n] = '\0';
	return out;
}

enum rc store_place_list(struct store_reader *r, const struct store_place_query *in, struct store_place *out,
                         size_t *ret_n, struct err *e)
{
	char pattern[2 * STORE_NAME_MAX];
	size_t n = 0;
	if (in->limit < 1 || in->limit > STORE_LIST_MAX || (in->q && !text_fits(in->q, STORE_NAME_MAX, false)))
		return err_set(e, RC_INVALID, "limit", "A limit of 1 to %d", STORE_LIST_MAX);
	struct query q = query_open(&r->main, in->parent ? SQL_place_children : SQL_place_search);
	if (in->parent)
		query_text(&q, in->parent);
	query_text(&q, in->after ? in->after : "");
	query_text(&q, in->level);
	query_text(&q, in->on);
	query_text(&q, escaped(in->q, pattern, sizeof pattern));
	query_text(&q, in->q);
	query_u64(&q, in->limit);
	while (n < in->limit && query_row(&q)) {
		out[n] = (struct store_place){0};
		read_place(&q, &out[n++]);
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

/* -------------------------------------------------------------- changes */

struct change_batch {
	const struct store_place_change *changes;
	size_t n;
};

static enum rc put_changes(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	const struct change_batch *in = arg;
	enum rc rc = RC_OK;
	for (size_t i = 0; rc == RC_OK && i < in->n; i++) {
		const struct store_place_change *c = &in->changes[i];
		struct query q = query_open(db, SQL_place_change_put);
		query_text(&q, c->from);
		query_text(&q, c->to);
		query_text(&q, c->day);
		query_text(&q, c->kind);
		query_text(&q, c->law);
		rc = query_do(&q, NULL, e);
	}
	return rc;
}

enum rc store_place_changes_import(struct store *s, const struct store_place_change *changes, size_t n, struct err *e)
{
	if (n > PLACES_MAX)
		return err_set(e, RC_TOO_LARGE, "place", "At most %d changes in one step", PLACES_MAX);
	for (size_t i = 0; i < n; i++) {
		const struct store_place_change *c = &changes[i];
		if (!text_fits(c->from, sizeof c->from, false) || !text_fits(c->to, sizeof c->to, false) ||
		    !text_fits(c->day, sizeof c->day, false) || !text_fits(c->kind, sizeof c->kind, false) ||
		    !text_fits(c->law, sizeof c->law, true))
			return err_set(e, RC_INVALID, "place", "Change %zu has a value that does not fit", i + 1);
	}
	return writer_submit(&s->main, put_changes, &(struct change_batch){changes, n}, NULL, e);
}

enum rc store_place_changes(struct store_reader *r, const char *code, struct store_place_change *out, size_t max,
                            size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_place_change_list);
	query_text(&q, code);
	query_u64(&q, max);
	while (n < max && query_row(&q)) {
		struct store_place_change *c = &out[n++];
		query_col_text(&q, 0, c->from, sizeof c->from);
		query_col_text(&q, 1, c->to, sizeof c->to);
		query_col_text(&q, 2, c->day, sizeof c->day);
		query_col_text(&q, 3, c->kind, sizeof c->kind);
		query_col_text(&q, 4, c->law, sizeof c->law);
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

/* -------------------------------------------------------------- offices */

static enum rc put_office(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	const struct store_office *o = arg;
	struct query q = query_open(db, SQL_office_put);
	query_text(&q, o->scope);
	query_text(&q, o->code);
	query_text(&q, o->kind);
	query_text(&q, o->name_native);
	query_text(&q, o->name_latin);
	query_text(&q, o->place);
	query_int(&q, o->active);
	return query_do(&q, NULL, e);
}

enum rc store_office_add(struct store *s, const struct store_office *o, struct err *e)
{
	if (!text_fits(o->scope, sizeof o->scope, false) || !text_fits(o->code, sizeof o->code, false) ||
	    !text_fits(o->kind, sizeof o->kind, false) || !text_fits(o->name_native, sizeof o->name_native, true) ||
	    !text_fits(o->name_latin, sizeof o->name_latin, true) || !text_fits(o->place, sizeof o->place, true))
		return err_set(e, RC_INVALID, "office", "A value does not fit");
	return writer_submit(&s->main, put_office, o, NULL, e);
}

static void read_office(struct query *q, struct store_office *o)
{
	query_col_text(q, 0, o->scope, sizeof o->scope);
	query_col_text(q, 1, o->code, sizeof o->code);
	query_col_text(q, 2, o->kind, sizeof o->kind);
	query_col_text(q, 3, o->name_native, sizeof o->name_native);
	query_col_text(q, 4, o->name_latin, sizeof o->name_latin);
	query_col_text(q, 5, o->place, sizeof o->place);
	o->active = query_col_int(q, 6) != 0;
}

enum rc store_office_get(struct store_reader *r, const char *scope, struct store_office *ret, struct err *e)
{
	bool found;
	struct store_office o = {0};
	struct query q = query_open(&r->main, SQL_office_get);
	query_text(&q, scope);
	if (query_row(&q))
		read_office(&q, &o);
	enum rc rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_NOT_FOUND, "office", "No such office");
	if (rc == RC_OK)
		*ret = o;
	return rc;
}

enum rc store_office_list(struct store_reader *r, const char *scope, const char *after, struct store_office *out,
                          size_t limit, size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_office_subtree);
	query_text(&q, scope);
	query_text(&q, after ? after : "");
	query_u64(&q, limit);
	while (n < limit && query_row(&q)) {
		out[n] = (struct store_office){0};
		read_office(&q, &out[n++]);
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

/* -------------------------------------------------------------- regimes */

struct office_regime {
	const char *scope, *valid_from, *regime;
};

static enum rc put_regime(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	const struct office_regime *in = arg;
	bool found;
	struct query q = query_open(db, SQL_office_get);
	query_text(&q, in->scope);
	(void)query_row(&q);
	enum rc rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_NOT_FOUND, "office", "No such office");
	if (rc != RC_OK)
		return rc;
	q = query_open(db, SQL_regime_put);
	query_text(&q, in->scope);
	query_text(&q, in->valid_from);
	query_text(&q, in->regime);
	return query_do(&q, NULL, e);
}

enum rc store_office_regime_set(struct store *s, const char *scope, const char *valid_from, const char *regime,
                                struct err *e)
{
	if (!text_fits(scope, STORE_SCOPE_MAX, false) || !text_fits(valid_from, STORE_DATE_MAX, false) ||
	    !text_fits(regime, STORE_WORD_MAX, false))
		return err_set(e, RC_INVALID, "office", "A value does not fit");
	return writer_submit(&s->main, put_regime, &(struct office_regime){scope, valid_from, regime}, NULL, e);
}

enum rc store_office_regime_on(struct store_reader *r, const char *scope, const char *date,
                               char ret_regime[static STORE_WORD_MAX], struct err *e)
{
	char regime[STORE_WORD_MAX] = "";
	bool found;
	struct query q = query_open(&r->main, SQL_regime_on);
	query_text(&q, scope);
	query_text(&q, date);
	if (query_row(&q))
		query_col_text(&q, 0, regime, sizeof regime);
	enum rc rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_NOT_FOUND, "office", "Nothing is said of how the office works that day");
	if (rc == RC_OK)
		memcpy(ret_regime, regime, sizeof regime);
	return rc;
}
