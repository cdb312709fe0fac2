/* SPDX-License-Identifier: MPL-2.0 */
/* What a form asks of a notification, keeps outside the act, restates from another form, and only remarks upon. */
#include "tap.h"

#include "country/form.h"
#include "country/numbering.h"
#include "packs.h"

static struct pack *khm, *mmr, *zed;
static struct form_errors errors, warnings;

#define MOTHER "\"mother\":{\"name\":{\"native\":\"គឹម បុប្ផា\"},\"birth_date\":{\"value\":\"1999\",\"precision\":\"year\"}}"
#define FATHER "\"father\":{\"name\":{\"native\":\"សុខ វិសាល\"},\"basis\":\"recognition\"}"
#define INFORMANT "\"informant\":{\"name\":{\"native\":\"គឹម បុប្ផា\"},\"relation\":\"mother\"}"
#define CHILD_NAMED(name, where) "\"child\":{\"name\":{\"native\":\"" name "\"},\"naming\":\"named\",\"sex\":\"female\"," \
	"\"birth\":{\"date\":\"2026-11-20\"," where "},\"live_born\":true}"
#define AT_HOME "\"place\":\"12010101\""
#define BIRTH "{" CHILD_NAMED("សុខ ដារ៉ា", AT_HOME) "," MOTHER "," FATHER "," INFORMANT "}"

static enum rc accept_in(const struct pack *p, const char *kind, json_t *j, bool notice)
{
	const struct form_context ctx = {.now_us = TEST_NOW, .notice = notice, .warnings = &warnings};
	return form_accept(pack_form(p, kind), j, &ctx, &errors);
}

static bool has(const struct form_errors *e, const char *pointer, const char *code)
{
	for (size_t i = 0; i < e->count; i++)
		if (!strcmp(e->error[i].pointer, pointer) && !strcmp(e->error[i].code, code))
			return true;
	return false;
}

/* The declaration is accepted; or (pointer not NULL) refused for that alone. */
static bool says_in(const struct pack *p, const char *kind, bool notice, const char *text, const char *pointer,
		    const char *code)
{
	json_t *j = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	enum rc rc = accept_in(p, kind, j, notice);
	bool right = j && (pointer ? rc == RC_INVALID && errors.count == 1 && has(&errors, pointer, code) : rc == RC_OK);
	for (size_t i = 0; !right && i < errors.count; i++)
		printf("# %s %s\n", errors.error[i].pointer, errors.error[i].code);
	json_decref(j);
	return right;
}

static bool says(const char *text, const char *pointer, const char *code)
{
	return says_in(khm, "birth", false, text, pointer, code);
}

TEST(a_notification_needs_little_and_the_mothers_word_on_being_visited)
{
#define NOTIFIED "\"child\":{\"sex\":\"female\",\"birth\":{\"date\":\"2026-11-20\"},\"live_born\":true}"
	ok(says_in(khm, "birth", true, "{" NOTIFIED ",\"notice\":{\"visit_consent\":false}}", NULL, NULL));
	ok(says_in(khm, "birth", true, "{" NOTIFIED ",\"notice\":{\"visit_consent\":true,\"contact\":\"012 345 678\"}}", NULL, NULL));
	ok(says_in(khm, "birth", true, "{" NOTIFIED "}", "/notice", "required"));
	ok(says_in(khm, "birth", true, "{" NOTIFIED ",\"notice\":{}}", "/notice/visit_consent", "required"));
	ok(says_in(khm, "birth", true, "{" NOTIFIED ",\"notice\":{\"visit_consent\":false,\"contact\":\"012 345 678\"}}",
		   "/notice/contact", "unexpected"));
	ok(says_in(khm, "birth", true, "{\"child\":{\"birth\":{\"date\":\"2026-11-20\"},\"live_born\":true},"
					  "\"notice\":{\"visit_consent\":false}}", "/child/sex", "required"));
	ok(says_in(khm, "birth", true, "{\"child\":{\"sex\":\"female\",\"birth\":{\"date\":\"2027-11-20\"},\"live_born\":true},"
					  "\"notice\":{\"visit_consent\":false}}", "/child/birth/date", "in_the_future"));
	/* To register it, the rest is asked for. */
	json_t *j = json_loads("{" NOTIFIED "}", 0, NULL);
	eq_int(accept_in(khm, "birth", j, false), RC_INVALID);
	ok(has(&errors, "/informant", "required") && has(&errors, "/child/naming", "required") &&
	   has(&errors, "/child/birth/place", "required") && !has(&errors, "/notice", "required"));
	json_decref(j);
	ok(says_in(zed, "arrival", true, "{\"who\":\"Ελένη\",\"landed\":\"2026-11-20\",\"glimpse\":{\"seen_by\":\"x\"}}", NULL, NULL));
	ok(says_in(zed, "arrival", true, "{\"who\":\"Ελένη\",\"landed\":\"2026-11-20\"}", "/glimpse", "required"));
}

TEST(a_second_parent_has_a_basis_and_an_absent_one_no_reason)
{
	ok(says(BIRTH, NULL, NULL));
	ok(says("{" CHILD_NAMED("សុខ ដារ៉ា", AT_HOME) "," MOTHER "," INFORMANT "}", NULL, NULL));
	ok(says("{" CHILD_NAMED("សុខ ដារ៉ា", AT_HOME) "," INFORMANT "}", NULL, NULL)); /* a mother may stay undisclosed */
	ok(says("{" CHILD_NAMED("សុខ ដារ៉ា", AT_HOME) ",\"father\":{\"name\":{\"native\":\"សុខ វិសាល\"}}," INFORMANT "}", "/father/basis",
		"required"));
	ok(says("{" CHILD_NAMED("សុខ ដារ៉ា", AT_HOME) ",\"father\":{\"basis\":\"marriage\"}," INFORMANT "}", "/father/name", "required"));
	ok(says("{" CHILD_NAMED("សុខ ដារ៉ា", AT_HOME) "," INFORMANT ",\"father\":{\"name\":{\"native\":\"សុខ វិសាល\"},"
		"\"basis\":\"marriage\",\"absent_because\":\"x\"}}", "/father/absent_because", "unknown_field"));
}

TEST(a_birth_abroad_has_a_country_and_words_instead_of_a_code)
{
#define ABROAD(text) "\"abroad\":" text
	ok(says("{" CHILD_NAMED("សុខ ដារ៉ា", ABROAD("{\"country\":\"TH\",\"place\":\"Trat\"}")) "," INFORMANT "}", NULL, NULL));
	ok(says("{" CHILD_NAMED("សុខ ដារ៉ា", ABROAD("{\"country\":\"TX\",\"place\":\"Trat\"}")) "," INFORMANT "}",
		"/child/birth/abroad/country", "not_a_country"));
	ok(says("{" CHILD_NAMED("សុខ ដារ៉ា", ABROAD("{\"country\":\"th\",\"place\":\"Trat\"}")) "," INFORMANT "}",
		"/child/birth/abroad/country", "not_a_country"));
	ok(says("{" CHILD_NAMED("សុខ ដារ៉ា", ABROAD("{\"country\":\"TH\"}")) "," INFORMANT "}", "/child/birth/abroad/place", "required"));
	ok(says("{" CHILD_NAMED("សុខ ដារ៉ា", AT_HOME "," ABROAD("{\"country\":\"TH\",\"place\":\"Trat\"}")) "," INFORMANT "}",
		"/child/birth/abroad", "unexpected"));
	ok(says("{" CHILD_NAMED("សុខ ដារ៉ា", "\"time\":\"01:00\"") "," INFORMANT "}", "/child/birth/place", "required"));
}

TEST(what_is_unusual_is_remarked_upon_and_never_blocks)
{
	json_t *j = json_loads(BIRTH, 0, NULL);
	eq_int(accept_in(khm, "birth", j, false), RC_OK);
	eq_int(warnings.count, 0);
	/* Born in 2014 the mother is 11 or 12; in 2013 she may be 13. */
	json_t *born = form_at(j, "/mother/birth_date");
	json_object_set_new(born, "value", json_string("2014"));
	eq_int(accept_in(khm, "birth", j, false), RC_OK);
	ok(warnings.count == 1 && has(&warnings, "/mother/birth_date", "implausible_age"));
	json_object_set_new(born, "value", json_string("2013-11-20"));
	json_object_set_new(born, "precision", json_string("day"));
	eq_int(accept_in(khm, "birth", j, false), RC_OK);
	eq_int(warnings.count, 0);
	json_object_set_new(born, "value", json_string("2013-11-21"));
	eq_int(accept_in(khm, "birth", j, false), RC_OK);
	eq_int(warnings.count, 1);
	json_object_set_new(born, "value", json_string("1970"));
	json_object_set_new(born, "precision", json_string("year"));
	eq_int(accept_in(khm, "birth", j, false), RC_OK); /* 56, or 55 until the year's end */
	eq_int(warnings.count, 0);
	json_object_set_new(form_at(j, "/child/name"), "native", json_string("កែវ ដារ៉ា"));
	json_object_set_new(form_at(j, "/mother/name"), "native", json_string("លោកស្រី គឹម បុប្ផា"));
	eq_int(accept_in(khm, "birth", j, false), RC_OK);
	ok(warnings.count == 2 && has(&warnings, "/child/name/native", "other_surname") &&
	   has(&warnings, "/mother/name/native", "title_in_name"));
	const struct form_context quiet = {.now_us = TEST_NOW};
	eq_int(form_accept(pack_form(khm, "birth"), j, &quiet, &errors), RC_OK);
	json_decref(j);
	/* In another country a title is a mistake: the pack says which it is. */
	ok(says_in(zed, "arrival", false, "{\"who\":\"Κυρία Ελένη\",\"landed\":\"2026-11-20\",\"at\":\"A001\"}", "/who", "title_in_name"));
	ok(says_in(zed, "arrival", false, "{\"who\":\"Ελένη Α\",\"kin\":\"Ζωή Β\",\"landed\":\"2026-11-20\",\"at\":\"A001\"}", NULL, NULL));
	ok(has(&warnings, "/who", "other_surname"));
}

TEST(numbers_and_what_goes_with_what)
{
#define LANDED "{\"who\":\"Ελένη\",\"landed\":\"2026-11-20\",\"at\":\"A001\""
	ok(says_in(zed, "arrival", false, LANDED ",\"paces\":2,\"helm\":{\"name\":\"x\"}}", NULL, NULL));
	ok(says_in(zed, "arrival", false, LANDED ",\"paces\":1,\"helm\":{\"name\":\"x\"}}", "/paces", "out_of_range"));
	ok(says_in(zed, "arrival", false, LANDED ",\"paces\":901,\"helm\":{\"name\":\"x\"}}", "/paces", "out_of_range"));
	ok(says_in(zed, "arrival", false, LANDED ",\"paces\":2.5,\"helm\":{\"name\":\"x\"}}", "/paces", "wrong_type"));
	ok(says_in(zed, "arrival", false, LANDED ",\"paces\":\"2\",\"helm\":{\"name\":\"x\"}}", "/paces", "wrong_type"));
	ok(says_in(zed, "arrival", false, LANDED ",\"paces\":2}", "/helm", "required"));
	ok(says_in(zed, "arrival", false, LANDED ",\"helm\":{\"name\":\"x\"}}", "/helm", "unexpected"));
	ok(says_in(zed, "arrival", false, LANDED ",\"from\":\"GR\",\"ship\":{\"name\":\"x\"}}", "/from", "unexpected"));
	ok(says_in(zed, "arrival", false, LANDED ",\"kin\":\"Ζωή\",\"ship\":{\"name\":\"x\",\"crew\":true}}", "/kin", "unexpected"));
	ok(says_in(zed, "arrival", false, LANDED ",\"kin\":\"Ζωή\",\"ship\":{\"name\":\"x\",\"crew\":false}}", NULL, NULL));
	int from, to;
	ok(form_ages("12..60", &from, &to) && from == 12 && to == 60);
	ok(!form_ages("60..12", &from, &to) && !form_ages("12..", &from, &to) && !form_ages("12..60 ", &from, &to));
}

TEST(nobody_is_the_third_of_two)
{
	static const struct {
		int count, order;
		bool good;
	} of[] = {{2, 1, true}, {2, 2, true}, {9, 9, true}, {2, 3, false}, {1, 9, false}};
	const struct pack *packs[] = {khm, mmr};
	for (size_t p = 0; p < 2; p++)
		for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
			json_t *j = json_pack("{s:{s:i,s:i}}", "delivery", "count", of[i].count, "order", of[i].order);
			(void)accept_in(packs[p], "birth", j, false);
			ok(has(&errors, "/delivery/order", "out_of_range") == !of[i].good);
			json_decref(j);
		}
}

TEST(statistics_are_taken_apart_and_acts_hold_neither_them_nor_consent)
{
	json_t *apart = NULL, *back = NULL;
	json_t *j = json_loads("{" CHILD_NAMED("សុខ ដារ៉ា", AT_HOME) "," INFORMANT ",\"delivery\":{\"count\":2,\"order\":2},"
			       "\"notice\":{\"visit_consent\":true,\"contact\":\"012 345 678\"},\"late_reason\":\"flood\","
			       "\"statistics\":{\"weight\":3100,\"gestation\":39,\"education\":\"none\"}}", 0, NULL);
	const struct form *f = pack_form(khm, "birth");
	eq_int(accept_in(khm, "birth", j, false), RC_OK);
	eq_int(form_split_statistics(f, j, &apart), RC_OK);
	ok(form_at(j, "/statistics") == NULL && json_object_get(j, "statistics") == NULL);
	eq_int(json_integer_value(form_at(apart, "/statistics/weight")), 3100);
	eq_int(json_object_size(apart), 1);
	json_decref(apart);
	eq_int(form_split_statistics(f, j, &apart), RC_OK);
	ok(apart == NULL);
	struct arena *a = arena_new(1 << 20);
	struct form_value *values;
	size_t count = 0;
	eq_int(form_to_fields(f, j, a, &values, &count), RC_OK);
	eq_int(form_fields_to_json(f, values, count, &back), RC_OK);
	eq_int(json_integer_value(form_at(back, "/delivery/order")), 2);
	ok(!json_object_get(back, "notice") && !json_object_get(back, "late_reason") && json_object_get(j, "notice"));
	json_decref(back);
	for (size_t i = 0; i < count; i++) {
		if (values[i].label == 44)
			values[i].cbor = BYTES_LIT("\x61" "2");
		ok(values[i].label >= FORM_LABEL_MIN);
	}
	eq_int(form_fields_to_json(f, values, count, &back), RC_FORMAT);
	ok(form_field_by_label(f, 0) == NULL);
	arena_free(&a);
	json_decref(j);
	/* Only what becomes empty by it goes. */
	j = json_loads(LANDED ",\"glimpse\":{\"seen_by\":\"x\",\"mood\":{\"tide\":0}}}", 0, NULL);
	eq_int(accept_in(zed, "arrival", j, false), RC_OK);
	eq_int(form_split_statistics(pack_form(zed, "arrival"), j, &apart), RC_OK);
	ok(form_at(j, "/glimpse/mood") == NULL && form_at(j, "/glimpse/seen_by") && form_at(apart, "/glimpse/mood/tide"));
	json_decref(apart);
	json_decref(j);
}

TEST(a_correction_restates_the_whole_birth)
{
	const struct form *birth = pack_form(khm, "birth"), *correction = pack_form(khm, "correction");
	ok(form_restates(correction) && form_restates(pack_form(khm, "naming")) && !form_restates(birth));
	ok(!form_restates(pack_form(khm, "foundling")) && !form_restates(pack_form(khm, "death")));
	for (size_t i = 0; i < birth->field_count; i++) {
		const struct form_field *x = &birth->fields[i], *y = form_field_by_path(correction, x->path);
		ok(x->keep == KEEP_ACT ? y && y->label == x->label && y->extract == x->extract : y == NULL);
	}
	ok(form_field_by_path(correction, "/correction/basis")->label >= FORM_LABEL_OWN);
	/* What the birth's act says, and why it is corrected, is a whole correction. */
	struct arena *a = arena_new(1 << 20);
	struct form_value *values;
	size_t count = 0;
	json_t *j = json_loads(BIRTH, 0, NULL), *now = NULL;
	eq_int(accept_in(khm, "birth", j, false), RC_OK);
	eq_int(form_to_fields(birth, j, a, &values, &count), RC_OK);
	eq_int(form_fields_to_json(correction, values, count, &now), RC_OK);
	eq_int(accept_in(khm, "correction", now, false), RC_INVALID);
	ok(errors.count == 1 && has(&errors, "/correction", "required"));
	json_object_set_new(now, "correction", json_loads("{\"reason\":\"misspelling\",\"basis\":\"evidence\",\"requester\":"
		"{\"name\":{\"native\":\"គឹម បុប្ផា\"},\"relation\":\"parent\"},\"evidence\":[{\"kind\":\"signed_draft\"},"
		"{\"kind\":\"court_order\"}]}", 0, NULL));
	eq_int(accept_in(khm, "correction", now, false), RC_OK);
	const char *kinds[4];
	eq_int(form_evidence(correction, now, kinds, 4), 2);
	eq_str(kinds[1], "court_order");
	eq_int(form_evidence(correction, now, kinds, 1), 1);
	eq_int(form_evidence(birth, j, kinds, 4), 0);
	json_object_set_new(form_at(now, "/child"), "sex", json_string("x"));
	eq_int(accept_in(khm, "correction", now, false), RC_INVALID);
	json_decref(now);
	json_decref(j);
	arena_free(&a);
}

TEST(a_foundling_is_a_birth_to_whoever_reads_the_act)
{
	const struct form *f = pack_form(mmr, "foundling");
	eq_str(f->act_kind, "birth");
	eq_str(f->kind, "foundling");
	eq_str(f->certificate, pack_form(mmr, "birth")->certificate);
	eq_str(f->reg, pack_form(mmr, "birth")->reg);
	eq_str(f->extract_kind, pack_form(mmr, "birth")->extract_kind);
	ok(f->number && !f->subject_existing);
	ok(pack_form_by_id(mmr, f->id) == f && pack_form_by_id(mmr, "mmr/none/1") == NULL);
#define FOUND "\"finding\":{\"date\":\"2026-11-21\",\"place\":\"12010101\",\"finder\":{\"name\":{\"native\":\"សុខ វិសាល\"}}," \
	"\"date_basis\":\"appearance\"}"
#define FINDER "\"informant\":{\"name\":{\"native\":\"សុខ វិសាល\"},\"relation\":\"finder\"}"
	ok(says_in(khm, "foundling", false, "{" CHILD_NAMED("សុខ ដារ៉ា", AT_HOME) "," FINDER "," FOUND "}", NULL, NULL));
	ok(says_in(khm, "foundling", false, "{" CHILD_NAMED("សុខ ដារ៉ា", AT_HOME) "," FINDER "}", "/finding", "required"));
	ok(says_in(khm, "foundling", false, "{" CHILD_NAMED("សុខ ដារ៉ា", AT_HOME) "," FINDER "," FOUND "," MOTHER "}", "/mother",
		   "unexpected"));
}

TEST(what_ends_a_record_has_no_extract_and_no_certificate)
{
	static const char *const kinds[] = {"death", "foetal_death", "cancellation"};
	const struct entry_number entry = {.office = "khm/12/1201/120101", .reg = "D", .book = 1, .year = 2026, .serial = 1};
	const struct form_entry_facts facts = {&entry, {2026, 11, 22}};
	for (size_t i = 0; i < 3; i++) {
		const struct form *f = pack_form(khm, kinds[i]);
		struct buf out = BUF_INIT(4096);
		json_t *j = json_object();
		ok(!f->certificate && !f->number && !f->base);
		eq_int(form_extract(f, j, &facts, &out), RC_INVALID);
		json_decref(j);
		buf_release(&out);
	}
	ok(pack_form(khm, "death")->subject_existing && !pack_form(khm, "foetal_death")->subject_existing);
	ok(says_in(khm, "death", false, "{\"death\":{\"date\":\"2026-11-20\",\"place\":\"12010101\"},\"informant\":{\"name\":"
					 "{\"native\":\"គឹម បុប្ផា\"},\"relation\":\"parent\"}}", NULL, NULL));
	ok(says_in(khm, "foetal_death", false, "{\"event\":{\"date\":\"2026-11-20\",\"place\":\"12010101\"},\"informant\":{\"name\":"
						"{\"native\":\"គឹម បុប្ផា\"},\"relation\":\"midwife\"},\"statistics\":{\"gestation\":30}}",
		   NULL, NULL));
}

/* Nobody is turned away for want of a paper. */
TEST(no_document_is_mandatory_anywhere)
{
	const struct pack *packs[] = {khm, mmr};
	for (size_t p = 0; p < 2; p++)
		for (size_t i = 0; i < packs[p]->form_count; i++) {
			const struct form *f = packs[p]->forms[i].form;
			const struct form_field *list = f->evidence ? form_field_by_path(f, f->evidence) : NULL;
			ok(list && !list->required);
			ok(!form_field_by_path(f, "/mother/nationality_declared") ||
			   !form_field_by_path(f, "/mother/nationality_declared")->required);
			for (size_t k = 0; k < f->rule_count; k++)
				ok(strcmp(f->rules[k].field, f->evidence) != 0);
		}
}

int main(void)
{
	khm = pack_open("khm");
	mmr = pack_open("mmr");
	zed = pack_open("zed");
	if (!khm || !mmr || !zed)
		return 1;
	RUN(a_notification_needs_little_and_the_mothers_word_on_being_visited);
	RUN(a_second_parent_has_a_basis_and_an_absent_one_no_reason);
	RUN(a_birth_abroad_has_a_country_and_words_instead_of_a_code);
	RUN(what_is_unusual_is_remarked_upon_and_never_blocks);
	RUN(numbers_and_what_goes_with_what);
	RUN(nobody_is_the_third_of_two);
	RUN(statistics_are_taken_apart_and_acts_hold_neither_them_nor_consent);
	RUN(a_correction_restates_the_whole_birth);
	RUN(a_foundling_is_a_birth_to_whoever_reads_the_act);
	RUN(what_ends_a_record_has_no_extract_and_no_certificate);
	RUN(no_document_is_mandatory_anywhere);
	pack_free(&khm);
	pack_free(&mmr);
	pack_free(&zed);
	return tap_done();
}
