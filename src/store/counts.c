/* SPDX-License-Identifier: MPL-2.0 */
/* Counters: raised within the write that they count, read by office and month. */
#include "base/clock.h"
#include "store/internal.h"

static bool month_fits(const char *m)
{
	static const char form[] = "dddd-dd";
	for (size_t i = 0; i < sizeof form - 1; i++)
		if (form[i] == 'd' ? m[i] < '0' || m[i] > '9' : m[i] != form[i])
			return false;
	return m[sizeof form - 1] == '\0' && strcmp(m + 5, "01") >= 0 && strcmp(m + 5, "12") <= 0;
}

bool counting_fits(const struct store_counting *in)
{
	for (size_t i = 0; i < STORE_COUNTS_MAX; i++) {
		const struct store_count *c = &in->raise[i];
		if (!text_fits(c->name, sizeof c->name, true) || (c->name[0] && !month_fits(in->month)) ||
		    (c->sex && !strchr("mfu-", c->sex)))
			return false;
	}
	return true;
}

/* Beside the counters, so that who finishes the command knows (halves.c). */
static enum rc note_counted(struct db *db, const char *office, const struct store_counting *in, struct err *e)
{
	bool any = false;
	for (size_t i = 0; i < STORE_COUNTS_MAX; i++)
		any = any || in->raise[i].name[0];
	if (!any)
		return RC_OK;
	struct query q = query_open(db, SQL_counted_add);
	query_text(&q, office);
	query_id(&q, id_new());
	query_int(&q, clock_now_us());
	return query_do(&q, NULL, e);
}

enum rc counting_raise(struct db *db, const char *office, const struct store_counting *in, struct err *e)
{
	enum rc rc = db->sharded ? note_counted(db, office, in, e) : RC_OK;
	for (size_t i = 0; rc == RC_OK && i < STORE_COUNTS_MAX; i++) {
		const struct store_count *c = &in->raise[i];
		const char sex[2] = {c->sex ? c->sex : '-', '\0'};
		if (!c->name[0])
			continue;
		struct query q = query_open(db, SQL_counter_raise);
		query_text(&q, office);
		query_text(&q, in->month);
		query_text(&q, c->name);
		query_text(&q, sex);
		rc = query_do(&q, NULL, e);
	}
	return rc;
}

enum rc store_counts(struct store_reader *r, const char *office, const char *from, const char *to,
                     enum rc (*visit)(void *ctx, const struct store_counter *c), void *ctx, struct err *e)
{
	struct store_counter at = {0}, before;
	enum rc rc = RC_OK;
	if (!text_fits(office, STORE_SCOPE_MAX, false) || !month_fits(from) || !month_fits(to))
		return err_set(e, RC_INVALID, "month", "An office and two months");
	TEXT_COPY(at.office, office);
	for (size_t n = STORE_LIST_MAX; rc == RC_OK && n == STORE_LIST_MAX;) {
		const char sex[2] = {at.sex, '\0'};
		before = at;
		n = 0;
		struct query q = query_open(&r->main, SQL_counter_list);
		query_text(&q, office);
		query_text(&q, from);
		query_text(&q, to);
		query_text(&q, before.office);
		query_text(&q, before.month);
		query_text(&q, before.name);
		query_text(&q, sex);
		query_int(&q, STORE_LIST_MAX);
		while (rc == RC_OK && query_row(&q)) {
			counter_read(&q, &at);
			at.n = query_col_u64(&q, 4);
			rc = visit(ctx, &at);
			n++;
		}
		enum rc end = query_close(&q, NULL, rc == RC_OK ? e : NULL);
		rc = rc == RC_OK ? end : rc;
	}
	return rc;
}

void counter_read(struct query *q, struct store_counter *ret)
{
	char sex[2];
	query_col_text(q, 0, ret->office, sizeof ret->office);
	query_col_text(q, 1, ret->month, sizeof ret->month);
	query_col_text(q, 2, ret->name, sizeof ret->name);
	query_col_text(q, 3, sex, sizeof sex);
	ret->sex = sex[0];
}
