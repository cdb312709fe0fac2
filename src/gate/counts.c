/* SPDX-License-Identifier: MPL-2.0 */
/* GET /api/v1/counts: the counters of months that are over, the same for everybody; docs/formats/counts.md. */
#include "register/counts.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "country/workflow.h"
#include "gate/handlers.h"

enum { SCOPES_MAX = 100000, MONTH_SIZE = 8 };

enum by { BY_OFFICE, BY_MONTH, BY_SEX };
enum format { AS_JSON, AS_CSV, AS_OPENMETRICS };

static const char *const by_words[] = {"office", "month", "sex", NULL};
static const char *const format_words[] = {"json", "csv", "openmetrics", NULL};

struct question {
	struct call *call;
	const char *office; /* scope */
	int from, to;       /* months since year 0 */
	enum by by;
	enum format format;
	struct counts *counts;
	bool registers[COUNTS_NAMES_MAX], hands[COUNTS_NAMES_MAX]; /* of the counters: raised by these moves */
	size_t asked;       /* the office's number */
	struct buf *out;
	json_t *rows;
};

/* ---- the question ---- */

static void month_text(int month, char out[static MONTH_SIZE])
{
	snprintf(out, MONTH_SIZE, "%04d-%02d", (month / 12) % 10000, month % 12 + 1);
}

static bool month_parse(const char *text, int *ret)
{
	char day[DATE_TEXT_SIZE];
	struct date d;
	int n = snprintf(day, sizeof day, "%s-01", text);
	if (n != 10 || !date_parse(day, 10, &d))
		return false;
	*ret = d.year * 12 + d.month - 1;
	return true;
}

static int word_of(struct call *c, const char *name, const char *const *words)
{
	char pointer[16];
	const char *said = call_query(c, name);
	for (int i = 0; said && words[i]; i++)
		if (strcmp(words[i], said) == 0)
			return i;
	snprintf(pointer, sizeof pointer, "?%s", name);
	if (said)
		(void)call_wrong(c, pointer, "not_a_choice", 0);
	return 0;
}

/* Only what is over: a month that still grows would tell by its growth whom it counted. */
static void read_months(struct question *q)
{
	struct call *c = q->call;
	const char *from = call_query(c, "from"), *to = call_query(c, "to");
	struct date today = pack_local_date(c->desk.pack, c->desk.now, NULL);
	int last = today.year * 12 + today.month - 2;
	q->to = last;
	if (to && !month_parse(to, &q->to))
		(void)call_wrong(c, "?to", "not_a_month", 0);
	else if (q->to > last)
		(void)call_wrong(c, "?to", "month_not_over", 0);
	q->from = q->to;
	if (from && !month_parse(from, &q->from))
		(void)call_wrong(c, "?from", "not_a_month", 0);
	else if (from && q->from > last)
		(void)call_wrong(c, "?from", "month_not_over", 0);
	else if (q->from > q->to)
		(void)call_wrong(c, "?to", "before_other_date", 0);
	else if (q->to - q->from >= COUNTS_MONTHS_MAX)
		(void)call_wrong(c, "?from", "too_many", COUNTS_MONTHS_MAX);
}

static enum rc read_question(struct question *q)
{
	struct call *c = q->call;
	enum role role = c->session.staff.role;
	bool all = !c->signed_in || role == ROLE_NATIONAL_ADMINISTRATOR || role == ROLE_AUDITOR;
	const char *own = all ? c->desk.pack->code : desk_scope(&c->desk), *said = call_query(c, "office");
	q->office = said ? said : own;
	q->by = (enum by)word_of(c, "by", by_words);
	q->format = (enum format)word_of(c, "format", format_words);
	read_months(q);
	if (!scope_is_valid(bytes_str(q->office)))
		(void)call_wrong(c, "?office", "office_unknown", 0);
	return c->field_count ? RC_INVALID : RC_OK;
}

/* ---- from the store ---- */

/* Every office of the country: what an office shows depends on the others. */
static enum rc all_scopes(struct call *c, const char ***ret, size_t *ret_n)
{
	struct store_office *page = ARENA_ARRAY(c->desk.arena, struct store_office, STORE_LIST_MAX);
	size_t n = 0, got = STORE_LIST_MAX, room = 0;
	const char **scopes = NULL;
	enum rc rc = page ? RC_OK : RC_NO_MEMORY;
	while (rc == RC_OK && got == STORE_LIST_MAX) {
		if (n + got > room) {
			const char **more = n + got > SCOPES_MAX ? NULL : realloc(scopes, (room = room * 2 + got) * sizeof *more);
			if (!more) {
				free(scopes);
				return RC_NO_MEMORY;
			}
			scopes = more;
		}
		rc = store_office_list(c->desk.reader, c->desk.pack->code, n ? scopes[n - 1] : NULL, page, STORE_LIST_MAX, &got, &c->err);
		for (size_t i = 0; rc == RC_OK && i < got; i++)
			if (!(scopes[n++] = arena_str(c->desk.arena, bytes_str(page[i].scope))))
				rc = RC_NO_MEMORY;
	}
	if (rc != RC_OK) {
		free(scopes);
		return rc;
	}
	*ret = scopes;
	*ret_n = n;
	return RC_OK;
}

/* The names that moves of the pack's cases raise: these are told also where nothing was counted. */
static enum rc add_moves(struct counts *counts, const struct workflow *w, const struct workflow_transition *t)
{
	char name[WORKFLOW_COUNT_SIZE];
	size_t i;
	enum rc rc = RC_OK;
	for (size_t b = 0; rc == RC_OK && b < w->band_count; b++)
		if (workflow_count(t, w->bands[b].name, name))
			rc = counts_name(counts, name, &i);
	if (rc == RC_OK && t->count && !strchr(t->count, '{') && workflow_count(t, NULL, name))
		rc = counts_name(counts, name, &i);
	return rc;
}

static enum rc add_names(struct counts *counts, const struct pack *p)
{
	enum rc rc = RC_OK;
	for (size_t k = 0; rc == RC_OK && k < p->form_count; k++) {
		const struct workflow *w = p->forms[k].workflow;
		for (size_t i = 0; rc == RC_OK && i < w->declare_count; i++)
			rc = add_moves(counts, w, &w->declare[i].who);
		for (size_t i = 0; rc == RC_OK && i < w->transition_count; i++)
			rc = add_moves(counts, w, &w->transitions[i]);
	}
	return rc;
}

static bool raises(const struct workflow *w, enum workflow_effect effect, const char *name)
{
	for (size_t i = 0; w && i < w->transition_count; i++) {
		const char *count = w->transitions[i].count, *band = count ? strstr(count, "{band}") : NULL;
		if (w->transitions[i].effect == effect && count &&
		    (band ? strncmp(name, count, (size_t)(band - count)) == 0 : strcmp(name, count) == 0))
			return true;
	}
	return false;
}

static bool counts_hand_over(const struct workflow *w)
{
	for (size_t i = 0; i < w->transition_count; i++)
		if (w->transitions[i].effect == EFFECT_HAND_OVER && w->transitions[i].count)
			return true;
	return false;
}

/* Which counters are of registrations and which of what was handed over, of the kinds that count both. */
static void find_effects(struct question *q, const struct pack *p)
{
	for (size_t n = 0; n < counts_names(q->counts); n++) {
		const char *name = counts_name_of(q->counts, n);
		for (size_t k = 0; k < p->form_count; k++) {
			const struct pack_forms *f = &p->forms[k];
			bool both = counts_hand_over(f->workflow);
			for (size_t r = 0; both && r <= p->regime_count; r++) {
				const struct workflow *w = r ? f->in_regime[r - 1] : f->workflow;
				q->registers[n] |= raises(w, EFFECT_REGISTER, name);
				q->hands[n] |= raises(w, EFFECT_HAND_OVER, name);
			}
		}
	}
}

static enum rc visit(void *ctx, const struct store_counter *n)
{
	const struct question *q = ctx;
	int month;
	if (!month_parse(n->month, &month) || month < q->from || month > q->to)
		return RC_CORRUPT;
	return counts_add(q->counts, (size_t)(month - q->from), n->office, n->name, n->sex, n->n);
}

static enum rc collect(struct question *q)
{
	struct call *c = q->call;
	char from[MONTH_SIZE], to[MONTH_SIZE];
	const char **scopes = NULL;
	size_t n = 0;
	month_text(q->from, from);
	month_text(q->to, to);
	enum rc rc = all_scopes(c, &scopes, &n);
	if (rc == RC_OK)
		rc = counts_new(scopes, n, (size_t)(q->to - q->from) + 1, &q->counts);
	free(scopes);
	if (rc == RC_OK)
		rc = add_names(q->counts, c->desk.pack);
	if (rc == RC_OK)
		rc = store_counts(c->desk.reader, c->desk.pack->code, from, to, visit, q, &c->err);
	if (rc != RC_OK)
		return rc == RC_INVALID ? RC_CORRUPT : rc;
	counts_decide(q->counts);
	find_effects(q, c->desk.pack);
	if (!counts_find(q->counts, q->office, &q->asked))
		return RC_NOT_FOUND;
	if (q->by == BY_SEX && counts_depth(q->counts, q->asked) > 1)
		return call_wrong(c, "?by", "not_a_choice", 0);
	return RC_OK;
}

/* ---- the answer ---- */

/* One row of the answer: what its numbers are of. */
struct row {
	size_t office, from, to; /* months from 0 */
	char sex;                /* 0: all */
	bool own;                /* the office without what is below it */
	json_t *json;            /* its numbers */
};

static struct counts_value value_at(const struct question *q, const struct row *r, size_t name)
{
	if (r->own)
		return counts_own(q->counts, r->office, r->from, r->to, name);
	return r->sex ? counts_sex(q->counts, r->office, r->from, r->to, name, r->sex)
	              : counts_total(q->counts, r->office, r->from, r->to, name);
}

static json_t *value_json(struct counts_value v, int64_t less)
{
	if (v.exact)
		return json_integer((json_int_t)v.n - less);
	return v.n && !less ? json_pack("{s:I}", "at_least", (json_int_t)v.n) : json_null();
}

static const char *put_months(const struct question *q, const struct row *r, char from[static MONTH_SIZE],
                              char to[static MONTH_SIZE])
{
	month_text(q->from + (int)r->from, from);
	month_text(q->from + (int)r->to, to);
	return counts_scope(q->counts, r->office);
}

/* `less` is taken from an exact number. */
static void put_value(struct question *q, struct row *r, const char *name, struct counts_value v, int64_t less)
{
	char from[MONTH_SIZE], to[MONTH_SIZE];
	const char sex[] = {r->sex, 0}, *office = put_months(q, r, from, to), *exact = v.exact ? "true" : "false";
	bool told = v.exact || (v.n && !less);
	int64_t n = (int64_t)v.n - less;
	if (q->format == AS_JSON)
		json_object_set_new(r->json, name, value_json(v, less));
	else if (q->format == AS_CSV) {
		buf_printf(q->out, "%s,%s,%s,%s,%s,%s,", office, r->own ? "own" : "all", from, to, sex, name);
		if (told)
			buf_printf(q->out, "%" PRId64, n);
		buf_printf(q->out, ",%s\r\n", exact);
	} else if (told) {
		buf_printf(q->out, "civis_counts{office=\"%s\",part=\"%s\",from=\"%s\",to=\"%s\",sex=\"%s\",counter=\"%s\",exact=\"%s\"}"
		           " %" PRId64 "\n", office, r->own ? "own" : "all", from, to, sex, name, exact, n);
	}
}

static void put_numbers(struct question *q, struct row *r)
{
	struct counts_value registered = {0, true}, handed = {0, true};
	for (size_t i = 0; i < counts_names(q->counts); i++) {
		const char *name = counts_name_of(q->counts, i);
		struct counts_value v = value_at(q, r, i);
		if (q->registers[i])
			registered = counts_plus(registered, v);
		if (q->hands[i])
			handed = counts_plus(handed, v);
		put_value(q, r, name, v, 0);
	}
	put_value(q, r, "registered", registered, 0);
	struct counts_value left = {registered.n, registered.exact && handed.exact};
	if (left.exact)
		put_value(q, r, "uncollected", left, (int64_t)handed.n);
	else
		put_value(q, r, "uncollected", (struct counts_value){0, false}, 0);
}

static enum rc put_row(struct question *q, struct row r)
{
	char from[MONTH_SIZE], to[MONTH_SIZE];
	r.json = q->format == AS_JSON ? json_object() : NULL;
	put_numbers(q, &r);
	if (q->format != AS_JSON)
		return RC_OK;
	json_t *j = json_pack("{s:s,s:s,s:s,s:s,s:o}", "office", put_months(q, &r, from, to), "part", r.own ? "own" : "all",
	                      "from", from, "to", to, "counts", r.json);
	if (j && r.sex)
		json_object_set_new(j, "sex", json_stringn(&r.sex, 1));
	return json_array_append_new(q->rows, j) ? RC_NO_MEMORY : RC_OK;
}

static enum rc put_rows(struct question *q)
{
	size_t last = (size_t)(q->to - q->from);
	struct row r = {.office = q->asked, .from = 0, .to = last};
	enum rc rc = put_row(q, r);
	if (q->by == BY_OFFICE) {
		r.own = true;
		rc = rc == RC_OK ? put_row(q, r) : rc;
		r.own = false;
		for (size_t i = SIZE_MAX; rc == RC_OK && (i = counts_below(q->counts, q->asked, i)) != SIZE_MAX;) {
			r.office = i;
			rc = put_row(q, r);
		}
	}
	for (size_t m = 0; rc == RC_OK && q->by == BY_MONTH && m <= last; m++) {
		r.from = r.to = m;
		rc = put_row(q, r);
	}
	for (const char *s = COUNTS_SEXES; rc == RC_OK && q->by == BY_SEX && *s; s++) {
		r.sex = *s;
		rc = put_row(q, r);
	}
	return rc;
}

static enum rc answer(struct question *q)
{
	static const char *const types[] = {
		NULL, "text/csv; charset=utf-8; header=present", "application/openmetrics-text; version=1.0.0; charset=utf-8",
	};
	struct call *c = q->call;
	q->out = &c->a->body;
	if (q->format == AS_JSON && !(q->rows = json_array()))
		return RC_NO_MEMORY;
	if (q->format == AS_CSV)
		buf_str(q->out, "office,part,from,to,sex,counter,value,exact\r\n");
	if (q->format == AS_OPENMETRICS)
		buf_str(q->out, "# TYPE civis_counts gauge\n# HELP civis_counts Events of civil registration in months that are over\n");
	enum rc rc = put_rows(q);
	if (rc == RC_OK && q->format == AS_JSON)
		return call_json(c, 200, json_pack("{s:i,s:o}", "small", COUNTS_SMALL, "rows", q->rows));
	json_decref(q->rows);
	if (q->format == AS_OPENMETRICS)
		buf_str(q->out, "# EOF\n");
	c->a->status = 200;
	c->a->type = types[q->format];
	return rc == RC_OK && buf_failed(q->out) ? RC_NO_MEMORY : rc;
}

enum rc counts_get(struct call *c)
{
	struct question q = {.call = c};
	enum rc rc = read_question(&q);
	if (rc == RC_OK)
		rc = collect(&q);
	if (rc == RC_OK)
		rc = answer(&q);
	counts_free(&q.counts);
	return rc;
}
