/* SPDX-License-Identifier: MPL-2.0 */
#include "register/tally.h"

#include <stdio.h>
#include <string.h>

enum { INDEX_SEX = 7 };

char tally_sex(const struct form *f, const json_t *declaration)
{
	for (size_t i = 0; declaration && i < f->field_count; i++) {
		const struct form_field *x = &f->fields[i];
		const char *value = x->index == INDEX_SEX ? json_string_value(form_at(declaration, x->path)) : NULL;
		for (size_t k = 0; value && k < x->choice_count; k++)
			if (strcmp(x->choices[k].value, value) == 0 && x->choices[k].code && strchr("mfu", x->choices[k].code[0]))
				return x->choices[k].code[0] ? x->choices[k].code[0] : '-';
	}
	return '-';
}

void tally_begin(const struct desk *d, struct store_counting *ret)
{
	char day[DATE_TEXT_SIZE];
	*ret = (struct store_counting){0};
	date_format(pack_local_date(d->pack, d->now, NULL), day);
	snprintf(ret->month, sizeof ret->month, "%.7s", day);
}

static void add(struct store_counting *c, const char *name, char sex)
{
	for (size_t i = 0; i < STORE_COUNTS_MAX; i++)
		if (!c->raise[i].name[0]) {
			snprintf(c->raise[i].name, sizeof c->raise[i].name, "%s", name);
			c->raise[i].sex = sex;
			return;
		}
}

void tally_add(struct store_counting *c, const struct workflow_transition *t, const char *band, char sex)
{
	char name[WORKFLOW_COUNT_SIZE];
	if (workflow_count(t, band && band[0] ? band : NULL, name))
		add(c, name, sex);
}

void tally_days(const struct desk *d, struct store_counting *c, int64_t declared_us)
{
	static const struct {
		int64_t most;
		const char *name;
	} ranges[] = {{7, "days_0_7"}, {30, "days_8_30"}, {90, "days_31_90"}, {365, "days_91_365"}, {INT64_MAX, "days_366_up"}};
	int64_t days = date_to_days(pack_local_date(d->pack, d->now, NULL)) -
	               date_to_days(pack_local_date(d->pack, declared_us, NULL));
	size_t i = 0;
	while (days > ranges[i].most)
		i++;
	add(c, ranges[i].name, '-');
}

void tally_collected(const struct desk *d, const struct store_case *c, struct store_counting *ret)
{
	const struct workflow *w = pack_workflow_in(d->pack, c->kind, c->regime);
	tally_begin(d, ret);
	for (size_t i = 0; w && i < w->transition_count; i++) {
		const struct workflow_transition *t = &w->transitions[i];
		if (t->effect != EFFECT_HAND_OVER || !workflow_leaves(t, c->state))
			continue;
		tally_add(ret, t, c->band, '-');
		tally_days(d, ret, c->created);
		return;
	}
}
