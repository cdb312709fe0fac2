/* SPDX-License-Identifier: MPL-2.0 */
/* What must agree in a declaration: the rules of its form, country/form.h. */
#include <string.h>

#include "country/form_check.h"
#include "country/names.h"

/* The day (the first possible one) that a date or partial date states. */
static bool day_at(const struct check *c, const char *pointer, struct date *ret)
{
	const json_t *v = form_at(c->root, pointer);
	if (json_is_object(v))
		v = json_object_get(v, "value");
	return json_is_string(v) && check_first_day(json_string_value(v), ret);
}

static bool value_is(const struct check *c, const char *pointer, const char *value)
{
	const json_t *v = form_at(c->root, pointer);
	if (json_is_boolean(v))
		return strcmp(value, json_is_true(v) ? "true" : "false") == 0;
	return json_is_string(v) && strcmp(json_string_value(v), value) == 0;
}

static void apply_place(struct check *c, const struct form_rule *r)
{
	struct date on;
	const json_t *v = form_at(c->root, r->field);
	if (!c->ctx->place || !json_is_string(v))
		return;
	bool known = day_at(c, r->other, &on);
	enum rc rc = c->ctx->place(c->ctx->place_ctx, json_string_value(v), known ? &on : NULL);
	if (rc == RC_NOT_FOUND)
		check_note(c, r->field, CODE_PLACE_UNKNOWN, 0);
	else if (rc == RC_GONE)
		check_note(c, r->field, CODE_PLACE_CLOSED, 0);
	else if (rc != RC_OK)
		c->failed = rc;
}

/* What a rule found, where it belongs. */
static void note_rule(struct check *c, const struct form_rule *r, const char *code)
{
	if (!r->warn)
		check_note_in(c->errors, r->field, code, 0);
	else if (c->ctx->warnings)
		check_note_in(c->ctx->warnings, r->field, code, 0);
}

/* present_if and present_with. A notification need not have everything. */
static void apply_presence(struct check *c, const struct form_rule *r)
{
	bool present = form_at(c->root, r->field) != NULL, other = form_at(c->root, r->other) != NULL;
	if (r->kind == RULE_PRESENT_IF && (!other || check_noted(c, r->other)))
		return; /* asked for by itself */
	bool want = r->kind == RULE_PRESENT_IF ? value_is(c, r->other, r->value) : other;
	if (want && !present && !c->ctx->notice && check_parent_present(c, r->field))
		note_rule(c, r, r->code);
	else if (!want && present)
		note_rule(c, r, check_code(CODE_UNEXPECTED));
}

static bool date_breaks(const struct check *c, const struct form_rule *r)
{
	struct date d, limit = c->today;
	if (!day_at(c, r->field, &d))
		return false;
	if (r->kind == RULE_NOT_FUTURE)
		return date_to_days(d) > date_to_days(limit);
	if (r->kind == RULE_NOT_BEFORE_STEP)
		return c->ctx->step.year && date_to_days(d) < date_to_days(c->ctx->step);
	if (r->kind == RULE_NOT_BEFORE ? !date_parse(r->value, strlen(r->value), &limit) : !day_at(c, r->other, &limit))
		return false;
	return date_to_days(d) < date_to_days(limit);
}

static bool time_breaks(const struct check *c, const struct form_rule *r)
{
	struct date d;
	int seconds;
	const json_t *v = form_at(c->root, r->field);
	return json_is_string(v) && check_time_parse(json_string_value(v), &seconds) && day_at(c, r->other, &d) &&
	       date_to_days(d) == date_to_days(c->today) && seconds > c->now_seconds;
}

/* Whole years from one day to another. */
static int years_between(struct date from, struct date to)
{
	bool before = to.month < from.month || (to.month == from.month && to.day < from.day);
	return to.year - from.year - before;
}

/* The last day that a date or partial date may mean. */
static bool last_day_at(const struct check *c, const char *pointer, struct date *ret)
{
	const json_t *v = form_at(c->root, pointer);
	const json_t *value = json_is_object(v) ? json_object_get(v, "value") : v;
	struct date first;
	if (!json_is_string(value) || !check_first_day(json_string_value(value), &first))
		return false;
	size_t len = json_string_length(value);
	if (len == 4)
		first = (struct date){first.year, 12, 31};
	for (struct date next = first; len == 7 && next.month == first.month; next.day++) {
		first = next;
		if (!date_is_valid((struct date){next.year, next.month, next.day + 1}))
			break;
	}
	*ret = first;
	return true;
}

static bool age_breaks(const struct check *c, const struct form_rule *r)
{
	struct date first, last, on;
	int from, to;
	if (!day_at(c, r->field, &first) || !last_day_at(c, r->field, &last) || !day_at(c, r->other, &on) ||
	    !form_ages(r->value, &from, &to))
		return false;
	return years_between(first, on) < from || years_between(last, on) > to;
}

static bool name_breaks(const struct check *c, const struct form_rule *r)
{
	const json_t *v = form_at(c->root, r->field), *w = r->other ? form_at(c->root, r->other) : NULL;
	if (!json_is_string(v) || (r->other && !json_is_string(w)))
		return false;
	const struct pack *p = c->form->pack;
	struct bytes name = bytes_of(json_string_value(v), json_string_length(v));
	return r->kind == RULE_NOT_TITLED ? names_title(p, name, NULL) == NAMES_TITLE_SURE
					  : !names_surname_matches(p, name, bytes_of(json_string_value(w), json_string_length(w)));
}

static bool number_breaks(const struct check *c, const struct form_rule *r)
{
	const json_t *v = form_at(c->root, r->field), *w = form_at(c->root, r->other);
	return json_is_integer(v) && json_is_integer(w) && json_integer_value(v) > json_integer_value(w);
}

static bool breaks(const struct check *c, const struct form_rule *r)
{
	bool present = form_at(c->root, r->field) != NULL, other = r->other && form_at(c->root, r->other) != NULL;
	switch (r->kind) {
	case RULE_NOT_FUTURE:
	case RULE_NOT_BEFORE:
	case RULE_NOT_BEFORE_STEP:
	case RULE_NOT_BEFORE_FIELD: return date_breaks(c, r);
	case RULE_TIME_NOT_FUTURE: return time_breaks(c, r);
	case RULE_MUST_BE: return present && !value_is(c, r->field, r->value);
	case RULE_REQUIRED_WITH:
		return other && (present ? r->value && !value_is(c, r->field, r->value) : !c->ctx->notice);
	case RULE_ONE_OF: return !present && !other && !c->ctx->notice && check_parent_present(c, r->field);
	case RULE_NOT_WITH: return present && other && (!r->value || value_is(c, r->other, r->value));
	case RULE_AGE_BETWEEN: return age_breaks(c, r);
	case RULE_NOT_TITLED:
	case RULE_SURNAME_OF: return name_breaks(c, r);
	case RULE_NOT_ABOVE: return number_breaks(c, r);
	case RULE_PRESENT_IF:
	case RULE_PRESENT_WITH:
	case RULE_PLACE_ON: break;
	}
	return false;
}

void check_rules(struct check *c)
{
	for (size_t i = 0; i < c->form->rule_count && c->failed == RC_OK; i++) {
		const struct form_rule *r = &c->form->rules[i];
		if (check_noted(c, r->field) || (r->notice && !c->ctx->notice))
			continue;
		if (r->kind == RULE_PLACE_ON)
			apply_place(c, r);
		else if (r->kind == RULE_PRESENT_IF || r->kind == RULE_PRESENT_WITH)
			apply_presence(c, r);
		else if (breaks(c, r))
			note_rule(c, r, r->code);
	}
}
