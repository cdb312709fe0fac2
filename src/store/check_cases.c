/* SPDX-License-Identifier: MPL-2.0 */
/* Cases, claims and counters. */
#include "store/checking.h"

/* ---------------------------------------------------------------- cases */

/* Zero, or an act of the person. */
static enum rc check_named_act(struct check *k, struct id person, struct id case_id, struct id act_id)
{
	struct check_act act;
	if (id_is_zero(act_id))
		return RC_OK;
	enum rc rc = check_find_act(k, person, act_id, &act);
	if (rc == RC_NOT_FOUND)
		check_problem(k, "case", case_id, "The case names an act that is not there");
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc check_one_case(struct check *k, struct id person, struct id case_id, struct id act_id, struct id about)
{
	bool agrees = false;
	k->n->cases++;
	enum rc rc = check_claim(k, "case", id_bytes(&case_id), person, case_id, &agrees);
	if (rc == RC_OK && !agrees)
		check_problem(k, "claim", case_id, "The case is not claimed by its person");
	if (rc == RC_OK)
		rc = check_named_act(k, person, case_id, act_id);
	return rc == RC_OK ? check_named_act(k, person, case_id, about) : rc;
}

enum rc check_cases(struct check *k)
{
	struct id person = {0}, case_id = {0};
	enum rc rc = RC_OK;
	for (size_t n = CHECK_STEP; rc == RC_OK && n == CHECK_STEP;) {
		n = 0;
		struct query q = query_open(k->db, SQL_check_cases);
		query_id(&q, person);
		query_id(&q, case_id);
		query_int(&q, CHECK_STEP);
		while (rc == RC_OK && query_row(&q)) {
			person = query_col_id(&q, 0);
			case_id = query_col_id(&q, 1);
			rc = check_one_case(k, person, case_id, query_col_id(&q, 4), query_col_id(&q, 5));
			n++;
		}
		enum rc end = query_close(&q, NULL, rc == RC_OK ? k->e : NULL);
		rc = rc == RC_OK ? end : rc;
	}
	return rc;
}

enum rc store_check_people(struct store_reader *r, struct id after, struct id *out, size_t max, size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_check_people);
	query_id(&q, after);
	query_u64(&q, max);
	while (n < max && query_row(&q))
		out[n++] = query_col_id(&q, 0);
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

/* Those that the system will move are there, and their deadline is the one it goes by. */
static enum rc check_one_due(struct check *k, struct id person, struct id case_id, int64_t deadline)
{
	struct case_guard g = {0};
	enum rc rc = case_guard_read(k->db, person, case_id, &g, k->e);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && g.deadline != deadline))
		check_problem(k, "due", case_id, "A case is due that is not there or has another deadline");
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc check_due(struct check *k)
{
	struct id person = {0}, case_id = {0};
	enum rc rc = RC_OK;
	for (size_t n = CHECK_STEP; rc == RC_OK && n == CHECK_STEP;) {
		n = 0;
		struct query q = query_open(k->db, SQL_check_due);
		query_id(&q, person);
		query_id(&q, case_id);
		query_int(&q, CHECK_STEP);
		while (rc == RC_OK && query_row(&q)) {
			person = query_col_id(&q, 0);
			case_id = query_col_id(&q, 1);
			rc = check_one_due(k, person, case_id, query_col_int(&q, 2));
			n++;
		}
		enum rc end = query_close(&q, NULL, rc == RC_OK ? k->e : NULL);
		rc = rc == RC_OK ? end : rc;
	}
	return rc;
}

/* --------------------------------------------------------------- claims */

static enum rc check_one_claim(struct check *k, const char *kind, struct bytes val, struct id person, struct id object,
                               const char *state)
{
	struct check_act act;
	struct case_guard g;
	struct id id;
	enum rc rc = RC_OK;
	k->n->claims++;
	if (strcmp(kind, "act") == 0 && id_from_bytes(val, &id) == RC_OK) {
		rc = check_find_act(k, person, id, &act);
		if (rc == RC_NOT_FOUND)
			check_problem(k, "claim", id, "An act is claimed that is not there");
	} else if (strcmp(kind, "case") == 0 || strcmp(kind, "tracking") == 0) {
		rc = case_guard_read(k->db, person, object, &g, k->e);
		if (rc == RC_NOT_FOUND)
			check_problem(k, "claim", object, "A case is claimed that is not there");
	} else if (strcmp(kind, "number") == 0 && strcmp(state, "reserved") == 0) {
		rc = case_guard_read(k->db, person, object, &g, k->e);
		if (rc == RC_NOT_FOUND || (rc == RC_OK && !bytes_equal(bytes_of(g.number_claim, STORE_HASH), val)))
			check_problem(k, "claim", object, "A number is reserved for a case that does not carry it");
	}
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc check_claims(struct check *k)
{
	uint8_t val[128] = {0};
	size_t len = 0;
	char kind[STORE_WORD_MAX] = "", state[STORE_WORD_MAX];
	enum rc rc = RC_OK;
	for (size_t n = CHECK_STEP; rc == RC_OK && n == CHECK_STEP;) {
		uint8_t from[sizeof val];
		char from_kind[sizeof kind];
		memcpy(from, val, len);
		memcpy(from_kind, kind, sizeof kind);
		n = 0;
		struct query q = query_open(k->db, SQL_check_claims);
		query_blob(&q, from, len);
		query_text(&q, from_kind);
		query_int(&q, CHECK_STEP);
		while (rc == RC_OK && query_row(&q)) {
			struct bytes v = query_col_view(&q, 0);
			len = v.len < sizeof val ? v.len : sizeof val;
			memcpy(val, v.ptr ? v.ptr : val, len);
			query_col_text(&q, 1, kind, sizeof kind);
			query_col_text(&q, 4, state, sizeof state);
			rc = check_one_claim(k, kind, bytes_of(val, len), query_col_id(&q, 2), query_col_id(&q, 3), state);
			n++;
		}
		enum rc end = query_close(&q, NULL, rc == RC_OK ? k->e : NULL);
		rc = rc == RC_OK ? end : rc;
	}
	return rc;
}

/* ------------------------------------------------------------- counters */

/* The form of a month and a sex, and a number above zero: no person can be asked whether it is right. */
static void check_one_counter(struct check *k, const struct store_counter *c, int64_t n)
{
	struct store_counting like = {.raise = {{.sex = c->sex}}};
	k->n->counters++;
	TEXT_COPY(like.month, c->month);
	TEXT_COPY(like.raise[0].name, c->name);
	if (n <= 0 || !c->name[0] || !c->sex || !counting_fits(&like))
		check_problem(k, "counter", (struct id){0}, "%s %s %s: a counter that no write can have raised", c->office, c->month,
		        c->name);
}

enum rc check_counters(struct check *k)
{
	struct store_counter at = {0}, from;
	enum rc rc = RC_OK;
	for (size_t n = CHECK_STEP; rc == RC_OK && n == CHECK_STEP;) {
		const char sex[2] = {at.sex, '\0'};
		from = at;
		n = 0;
		struct query q = query_open(k->db, SQL_check_counters);
		query_text(&q, from.office);
		query_text(&q, from.month);
		query_text(&q, from.name);
		query_text(&q, sex);
		query_int(&q, CHECK_STEP);
		for (; query_row(&q); n++) {
			counter_read(&q, &at);
			check_one_counter(k, &at, query_col_int(&q, 4));
		}
		rc = query_close(&q, NULL, k->e);
	}
	return rc;
}
