/* SPDX-License-Identifier: MPL-2.0 */
/* Devices that an office works with away from its network: a row for each, rewritten whenever it is heard. */
#include "store/internal.h"

static bool device_fits(const struct store_device *d)
{
	return text_fits(d->office, sizeof d->office, false) && text_fits(d->label, sizeof d->label, true) &&
	       text_fits(d->day, sizeof d->day, false) && d->waiting <= INT32_MAX && !id_is_zero(d->id);
}

static enum rc find(struct db *db, const char *office, struct id id, bool *ret_found, struct store_device *ret, struct err *e)
{
	struct query q = query_open(db, SQL_device_get);
	query_text(&q, office);
	query_id(&q, id);
	if (query_row(&q)) {
		query_col_text(&q, 0, ret->label, sizeof ret->label);
		ret->waiting = query_col_u64(&q, 1);
		query_col_text(&q, 2, ret->day, sizeof ret->day);
	}
	return query_close(&q, ret_found, e);
}

static enum rc count(struct db *db, const char *office, uint64_t *ret, struct err *e)
{
	struct query q = query_open(db, SQL_device_count);
	query_text(&q, office);
	*ret = query_row(&q) ? query_col_u64(&q, 0) : 0;
	return query_close(&q, NULL, e);
}

static enum rc put(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	const struct store_device *in = arg;
	struct store_device before = {0};
	uint64_t n = 0;
	bool found = false;
	enum rc rc = find(db, in->office, in->id, &found, &before, e);
	if (rc == RC_OK && !found)
		rc = count(db, in->office, &n, e);
	if (rc == RC_OK && n >= STORE_DEVICES_MAX)
		rc = err_set(e, RC_CONFLICT, "device", "The office has %d devices already", STORE_DEVICES_MAX);
	if (rc != RC_OK)
		return rc;
	struct query q = query_open(db, SQL_device_put);
	query_text(&q, in->office);
	query_id(&q, in->id);
	query_text(&q, in->label);
	query_u64(&q, in->waiting);
	query_text(&q, in->day);
	return query_do(&q, NULL, e);
}

enum rc store_device_heard(struct store *s, struct store_reader *r, const struct store_device *d, struct err *e)
{
	struct store_device before = {0};
	bool found = false;
	if (!device_fits(d))
		return err_set(e, RC_INVALID, "device", "A value does not fit");
	enum rc rc = find(&r->main, d->office, d->id, &found, &before, e);
	if (rc != RC_OK)
		return rc;
	if (found && before.waiting == d->waiting && strcmp(before.label, d->label) == 0 && strcmp(before.day, d->day) == 0)
		return RC_OK;
	return writer_submit(&s->main, put, d, NULL, e);
}

static enum rc drop(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	const struct store_device *in = arg;
	struct query q = query_open(db, SQL_device_drop);
	query_text(&q, in->office);
	query_id(&q, in->id);
	return query_do(&q, NULL, e);
}

enum rc store_device_drop(struct store *s, const char *office, struct id id, struct err *e)
{
	struct store_device d = {.id = id};
	if (!text_fits(office, sizeof d.office, false))
		return err_set(e, RC_INVALID, "device", "An office");
	TEXT_COPY(d.office, office);
	return writer_submit(&s->main, drop, &d, NULL, e);
}

enum rc store_device_list(struct store_reader *r, const struct store_device_query *in, struct store_device *out,
                          size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_device_list);
	query_text(&q, in->office);
	query_text(&q, in->own);
	query_text(&q, in->quiet_since);
	query_text(&q, in->after_office ? in->after_office : "");
	query_id(&q, in->after_id);
	query_u64(&q, in->limit);
	while (n < in->limit && query_row(&q)) {
		struct store_device *d = &out[n++];
		*d = (struct store_device){0};
		query_col_text(&q, 0, d->office, sizeof d->office);
		d->id = query_col_id(&q, 1);
		query_col_text(&q, 2, d->label, sizeof d->label);
		d->waiting = query_col_u64(&q, 3);
		query_col_text(&q, 4, d->day, sizeof d->day);
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}
