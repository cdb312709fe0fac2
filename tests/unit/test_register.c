/* SPDX-License-Identifier: MPL-2.0 */
/* Which act of a person stands, what a note in the margin says, and what is counted: all without a store. */
#include "register/changes.h"
#include "register/notes.h"
#include "register/standing.h"
#include "register/tally.h"

#include <string.h>

#include "codec/cbor.h"
#include "packs.h"

/* ---- which act stands ---- */

static struct store_act act(const char *kind, bool corrects)
{
	struct store_act a = {.act_id = id_new()};
	snprintf(a.kind, sizeof a.kind, "%s", kind);
	if (corrects)
		a.corrects = id_new();
	return a;
}

TEST(the_last_act_that_restates_the_birth_stands)
{
	struct store_act acts[] = {act("birth", false), act("correction", true), act("naming", true)};
	struct standing s;
	struct err e = ERR_NONE;
	char id[ID_TEXT_SIZE];
	standing_of(acts, 1, &s);
	ok(s.act == &acts[0] && s.last == &acts[0] && !s.died && !s.cancelled);
	eq_int(standing_check(&s, acts[0].act_id, &e), RC_OK);
	standing_of(acts, 3, &s);
	ok(s.act == &acts[2] && s.last == &acts[2]);
	eq_int(standing_check(&s, acts[2].act_id, &e), RC_OK);
	eq_int(standing_check(&s, acts[1].act_id, &e), RC_STATE);
	eq_str(e.where, "act_superseded");
	id_format(acts[2].act_id, id);
	ok(strstr(e.text, id) != NULL);
}

TEST(a_death_leaves_the_birth_standing_and_a_cancellation_ends_all)
{
	struct store_act acts[] = {act("birth", false), act("death", false), act("correction", true), act("cancellation", true)};
	struct standing s;
	struct err e = ERR_NONE;
	standing_of(acts, 2, &s);
	ok(s.act == &acts[0] && s.last == &acts[1] && s.died == &acts[1] && !s.cancelled);
	eq_int(standing_check(&s, acts[0].act_id, &e), RC_OK);
	standing_of(acts, 4, &s);
	ok(s.act == &acts[2] && s.died == &acts[1] && s.cancelled == &acts[3]);
	for (int i = 0; i < 4; i++) {
		eq_int(standing_check(&s, acts[i].act_id, &e), RC_STATE);
		eq_str(e.where, "act_cancelled");
	}
}

/* ---- notes ---- */

struct fields {
	const struct form *form;
	struct form_value *values;
	size_t count;
};

static json_t *birth(const char *latin, const char *day, const char *year)
{
	return json_pack("{s:{s:{s:s,s:s},s:s,s:s,s:b,s:{s:s,s:s}},s:{s:{s:s},s:{s:s,s:s}}}", "child", "name", "native", "សុខ ដារ៉ា",
	                 "latin", latin, "naming", "named", "sex", "female", "live_born", 1, "birth", "date", day, "place",
	                 "04990101", "mother", "name", "latin", "LY BOPHA", "birth_date", "value", year, "precision", "year");
}

static struct fields fields_of(const struct pack *p, const char *kind, struct arena *a, json_t *declaration)
{
	struct fields f = {.form = pack_form(p, kind)};
	ok(f.form && form_to_fields(f.form, declaration, a, &f.values, &f.count) == RC_OK);
	json_decref(declaration);
	return f;
}

/* An act with nothing but these fields. */
static struct act_view view_of(const struct fields *f)
{
	struct act_view v = {0};
	for (size_t i = 0; i < f->count; i++)
		v.field[v.count++] = (struct act_field){f->values[i].label, f->values[i].cbor};
	return v;
}

static enum rc house(void *ctx, const char *code, bool native, struct buf *out)
{
	(void)ctx;
	buf_printf(out, "%s %s", native ? "ភូមិ" : "Village", code);
	return RC_OK;
}

static char *changes(const struct pack *p, const struct note *n, bool native, char out[static 4096])
{
	struct buf b = BUF_INIT(65536);
	notes_changes(p, n, native, &b);
	const char *text = buf_cstr(&b);
	snprintf(out, 4096, "%s", text ? text : "(failed)");
	buf_release(&b);
	return out;
}

/* Many long values must not push another change out of the margin. */
TEST(a_note_leaves_no_change_out_however_long_the_others_are)
{
	static char text[65536];
	struct pack *p = pack_open("khm");
	struct arena *a = arena_new(1 << 22);
	struct buf out = BUF_INIT(65536), was = BUF_INIT(1024);
	if (!ok(p && a))
		return;
	memset(text, 'x', 900);
	text[900] = '\0';
	cbor_put_str(&was, text);
	struct fields is = fields_of(p, "correction", a, birth("SOK DALA", "2026-11-06", "2003"));
	struct act_view before = view_of(&is);
	for (size_t i = 0; i < before.count; i++)
		before.field[i].value = buf_bytes(&was);
	const struct note n = {.kind = "correction", .entry = "049901/C/1/2026/1", .date = {2026, 11, 22}, .before = &before,
	                       .form = is.form, .after = is.values, .count = is.count, .place = house};
	notes_changes(p, &n, false, &out);
	size_t listed = 0, printed = 0;
	for (const char *at = buf_cstr(&out); at; at = (at = strstr(at, "; ")) ? at + 2 : NULL)
		listed++;
	for (size_t i = 0; i < is.form->field_count; i++) {
		const struct form_field *f = &is.form->fields[i];
		printed += f->print && f->label && f->label < FORM_LABEL_OWN && f->type != FIELD_BOOL && f->type != FIELD_LIST;
	}
	ok(printed > 10);
	eq_int(listed, printed);
	ok(strstr(buf_cstr(&out), "x”") && !strstr(buf_cstr(&out), "…"));
	buf_release(&out);
	buf_release(&was);
	arena_free(&a);
	pack_free(&p);
}

TEST(a_note_names_what_is_printed_and_changed_and_nothing_else)
{
	struct pack *p = pack_open("khm");
	struct arena *a = arena_new(1 << 22);
	char text[4096];
	if (!ok(p && a))
		return;
	struct fields was = fields_of(p, "birth", a, birth("SOK DARA", "2026-11-05", "2004"));
	struct fields is = fields_of(p, "correction", a, birth("SOK DALA", "2026-11-06", "2003"));
	struct act_view before = view_of(&was);
	struct note n = {.kind = "correction", .entry = "049901/C/1/2026/1", .date = {2026, 11, 22}, .before = &before,
	                 .form = is.form, .after = is.values, .count = is.count, .place = house};
	changes(p, &n, false, text);
	ok(strstr(text, "SOK DARA") && strstr(text, "SOK DALA") && strstr(text, "5 November 2026") && strstr(text, "2003"));
	ok(!strstr(text, "LY BOPHA") && !strstr(text, "ដារ៉ា") && !strstr(text, "emale") && !strstr(text, "Village"));
	changes(p, &n, true, text);
	ok(strstr(text, "SOK DALA") && strstr(text, "វិច្ឆិកា") && !strstr(text, "November"));
	/* A country by its name, as it is printed elsewhere. */
	json_t *abroad = birth("SOK DALA", "2026-11-06", "2003");
	json_object_set_new(json_object_get(json_object_get(abroad, "child"), "birth"), "abroad", json_pack("{s:s}", "country", "TH"));
	struct fields there = fields_of(p, "correction", a, abroad);
	n.after = there.values;
	n.count = there.count;
	ok(strstr(changes(p, &n, false, text), "Thailand") && !strstr(text, "TH”"));
	ok(strstr(changes(p, &n, true, text), "ថៃ") && !strstr(text, "TH»"));
	n.after = is.values;
	n.count = is.count;
	/* The same once more changes nothing. */
	struct act_view same = view_of(&is);
	n.before = &same;
	eq_str(changes(p, &n, false, text), "");
	arena_free(&a);
	pack_free(&p);
}

/* ---- what is changed ---- */

/* Who the mother is, in a script or none, and born in a year or nobody knows when. */
static struct fields mother(const struct pack *p, const char *kind, struct arena *a, const char *native, const char *latin,
                            const char *year)
{
	json_t *j = birth("SOK DARA", "2026-11-05", "2004");
	json_object_set_new(j, "mother", json_pack("{s:{s:s*,s:s*},s:{s:s*,s:s}}", "name", "native", native, "latin", latin,
	                                           "birth_date", "value", year, "precision", year ? "year" : "unknown"));
	return fields_of(p, kind, a, j);
}

static bool is_other_mother(const struct fields *was, const struct fields *is)
{
	const struct form *f = is->form;
	const struct act_view before = view_of(was);
	const struct acts_compared both = {f, &before, is->values, is->count};
	bool found = false;
	for (size_t i = 0; i < f->change_count; i++)
		found |= strncmp(f->changes[i].of[0], "/mother", 7) == 0 && change_is_made(&both, &f->changes[i]);
	return found;
}

TEST(a_parent_is_another_by_name_and_birth_date_in_the_script_that_both_acts_have)
{
	static const struct {
		const char *native, *latin, *year, *native2, *latin2, *year2;
		bool other;
	} known[] = {
		{"ចាន់ ធី", "CHAN THY", "1990", "ម៉ៅ បុប្ផា", "MAO BOPHA", "1990", false},
		{"ចាន់ ធី", "CHAN THY", "1990", "ចាន់ ធី", "CHAN THI", "1991", false},
		{"ចាន់ ធី", "CHAN THY", "1990", "ម៉ៅ បុប្ផា", "CHAN THY", "1991", true},
		{NULL, "CHAN THY", "1990", NULL, "MAO BOPHA", "1991", true},
		{NULL, "CHAN THY", "1990", "ចាន់ ធី", "CHAN THY", "1991", false},
		{"ចាន់ ធី", NULL, "1990", NULL, "MAO BOPHA", "1991", true},
		{"ចាន់ ធី", NULL, NULL, "ម៉ៅ បុប្ផា", NULL, NULL, true},
		{"ចាន់ ធី", NULL, "1990", "ម៉ៅ បុប្ផា", NULL, NULL, true},
		{"ចាន់ ធី", NULL, NULL, "ចាន់ ធី", "CHAN THY", NULL, false},
	};
	struct pack *p = pack_open("khm");
	struct arena *a = arena_new(1 << 22);
	for (size_t i = 0; ok(p && a) && i < sizeof known / sizeof *known; i++) {
		struct fields was = mother(p, "birth", a, known[i].native, known[i].latin, known[i].year);
		struct fields is = mother(p, "correction", a, known[i].native2, known[i].latin2, known[i].year2);
		eq_int(is_other_mother(&was, &is), known[i].other);
	}
	json_t *alone = birth("SOK DARA", "2026-11-05", "2004");
	json_object_del(alone, "mother");
	struct fields none = fields_of(p, "birth", a, alone), still = mother(p, "correction", a, NULL, "CHAN THY", "1990");
	ok(is_other_mother(&none, &still));
	none.form = still.form;
	ok(!is_other_mother(&none, &none)); /* undisclosed then and now */
	arena_free(&a);
	pack_free(&p);
}

static const char *beyond(const struct fields *was, const struct fields *is)
{
	const struct act_view before = view_of(was);
	return change_is_beyond(&(struct acts_compared){is->form, &before, is->values, is->count});
}

TEST(a_naming_gives_a_name_to_a_child_that_has_none_and_alters_nothing_else)
{
	struct pack *p = pack_open("khm");
	struct arena *a = arena_new(1 << 22);
	if (!ok(p && a))
		return;
	json_t *unnamed = birth("SOK DARA", "2026-11-05", "2004");
	json_object_set_new(json_object_get(unnamed, "child"), "naming", json_string("not_yet_named"));
	json_object_del(json_object_get(unnamed, "child"), "name");
	struct fields none = fields_of(p, "birth", a, unnamed);
	struct fields named = fields_of(p, "naming", a, birth("SOK DARA", "2026-11-05", "2004"));
	struct fields moved = fields_of(p, "naming", a, birth("SOK DARA", "2026-11-06", "2004"));
	struct fields again = fields_of(p, "naming", a, birth("SOK DALA", "2026-11-05", "2004"));
	struct fields mended = fields_of(p, "correction", a, birth("SOK DALA", "2026-11-06", "2003"));
	ok(!beyond(&none, &named));
	eq_str(beyond(&none, &moved), "/child/birth/date");
	eq_str(beyond(&named, &again), "/child/naming");
	ok(!beyond(&named, &mended)); /* a correction alters anything */
	arena_free(&a);
	pack_free(&p);
}

TEST(notes_follow_one_another_and_are_never_too_many)
{
	struct pack *p = pack_open("khm");
	struct buf one = BUF_INIT(NOTES_BYTES_MAX), two = BUF_INIT(NOTES_BYTES_MAX);
	if (!ok(p != NULL))
		return;
	struct note n = {.kind = "death", .entry = "049901/D/1/2026/4", .date = {2026, 11, 22}};
	eq_int(notes_append(p, BYTES_NONE, &n, &one), RC_OK);
	n.kind = "cancellation";
	eq_int(notes_append(p, buf_bytes(&one), &n, &two), RC_OK);
	struct cbor c = cbor_init(buf_bytes(&two));
	size_t count, parts;
	struct bytes first, kind;
	ok(cbor_get_array(&c, &count) && count == 2 && cbor_skip(&c, &first));
	/* The earlier one as it was, after the head of its list. */
	ok(bytes_equal(first, bytes_slice(buf_bytes(&one), 1, one.len - 1)));
	ok(cbor_get_array(&c, &parts) && parts == 5 && cbor_get_text(&c, &kind) && bytes_equal(kind, BYTES_LIT("cancellation")));
	ok(cbor_is_deterministic(buf_bytes(&two)));
	eq_int(notes_append(p, BYTES_LIT("\x81"), &n, &one), RC_FORMAT);
	buf_reset(&one);
	cbor_put_array(&one, NOTES_MAX);
	for (int i = 0; i < NOTES_MAX; i++)
		cbor_put_null(&one);
	eq_int(notes_append(p, buf_bytes(&one), &n, &two), RC_TOO_LARGE);
	buf_release(&one);
	buf_release(&two);
	pack_free(&p);
}

/* ---- counters ---- */

TEST(a_move_is_counted_in_its_month_with_its_sex_and_its_days)
{
	struct pack *p = pack_open("khm");
	if (!ok(p != NULL))
		return;
	struct store_counting c;
	struct desk d = {.pack = p, .now = TEST_NOW};
	const struct workflow_transition counted = {.name = "register", .count = "registered_{band}"}, silent = {.name = "verify"};
	json_t *declaration = birth("SOK DARA", "2026-11-05", "2004");
	eq_int(tally_sex(pack_form(p, "birth"), declaration), 'f');
	eq_int(tally_sex(pack_form(p, "birth"), NULL), '-');
	eq_int(tally_sex(pack_form(p, "death"), declaration), '-');
	json_decref(declaration);
	tally_begin(&d, &c);
	eq_str(c.month, "2026-11");
	tally_add(&c, &silent, "late", 'f');
	ok(!c.raise[0].name[0]);
	tally_add(&c, &counted, "late", 'f');
	eq_str(c.raise[0].name, "registered_late");
	eq_int(c.raise[0].sex, 'f');
	static const struct {
		int days;
		const char *name;
	} cases[] = {{0, "days_0_7"}, {7, "days_0_7"}, {8, "days_8_30"}, {30, "days_8_30"}, {31, "days_31_90"}, {90, "days_31_90"},
	             {91, "days_91_365"}, {365, "days_91_365"}, {366, "days_366_up"}, {9999, "days_366_up"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		tally_begin(&d, &c);
		tally_days(&d, &c, TEST_NOW - (int64_t)cases[i].days * 86400 * 1000000);
		eq_str(c.raise[0].name, cases[i].name);
	}
	/* More than there is room for are left out. */
	for (int i = 0; i < 2 * STORE_COUNTS_MAX; i++)
		tally_add(&c, &counted, NULL, '-');
	eq_str(c.raise[STORE_COUNTS_MAX - 1].name, "registered_none");
	pack_free(&p);
}

int main(void)
{
	RUN(the_last_act_that_restates_the_birth_stands);
	RUN(a_death_leaves_the_birth_standing_and_a_cancellation_ends_all);
	RUN(a_note_names_what_is_printed_and_changed_and_nothing_else);
	RUN(a_note_leaves_no_change_out_however_long_the_others_are);
	RUN(a_parent_is_another_by_name_and_birth_date_in_the_script_that_both_acts_have);
	RUN(a_naming_gives_a_name_to_a_child_that_has_none_and_alters_nothing_else);
	RUN(notes_follow_one_another_and_are_never_too_many);
	RUN(a_move_is_counted_in_its_month_with_its_sex_and_its_days);
	return tap_done();
}
