/* SPDX-License-Identifier: MPL-2.0 */
/* Declarations checked against the form of a pack, and carried to CBOR and back. */
#include "tap.h"

#include "codec/cbor.h"
#include "country/form.h"
#include "country/numbering.h"
#include "packs.h"

static struct pack *khm, *mmr, *zed;
static struct form_errors errors;

static const char good[] =
	"{\"child\":{\"name\":{\"native\":\"សុខ ដារ៉ា\",\"latin\":\"SOK DARA\"},\"naming\":\"named\",\"sex\":\"male\","
	"\"birth\":{\"date\":\"2026-11-20\",\"time\":\"04:30\",\"place\":\"12010101\"},\"live_born\":true},"
	"\"mother\":{\"name\":{\"native\":\"គឹម បុប្ផា\",\"latin\":\"KIM BOPHA\"},"
	"\"birth_date\":{\"value\":\"1999\",\"precision\":\"year\"},\"nationality_declared\":\"ខ្មែរ\"},"
	"\"informant\":{\"name\":{\"native\":\"គឹម បុប្ផា\"},\"relation\":\"mother\",\"latin_confirmed\":true},"
	"\"evidence\":[{\"kind\":\"birth_notice\",\"note\":\"no. 5\"},{\"kind\":\"other\"}]}";

/* 120101 is a commune since 2001; 12010199 was closed at the start of 2020; 777 breaks the lookup. */
static enum rc lookup(void *ctx, const char *code, const struct date *on)
{
	(void)ctx;
	if (strcmp(code, "777") == 0)
		return RC_BUSY;
	if (strcmp(code, "12010199") == 0)
		return on && on->year >= 2020 ? RC_GONE : RC_OK;
	return strncmp(code, "1201", 4) == 0 ? RC_OK : RC_NOT_FOUND;
}

static json_t *parse(const char *text)
{
	json_error_t e;
	json_t *j = json_loads(text, JSON_REJECT_DUPLICATES, &e);
	if (!j)
		printf("# %s\n", e.text);
	return j;
}

static enum rc accept(const struct pack *p, const char *kind, json_t *declaration)
{
	struct form_context ctx = {.now_us = TEST_NOW, .place = lookup};
	return form_accept(pack_form(p, kind), declaration, &ctx, &errors);
}

static bool has(const char *pointer, const char *code)
{
	for (size_t i = 0; i < errors.count; i++)
		if (!strcmp(errors.error[i].pointer, pointer) && !strcmp(errors.error[i].code, code))
			return true;
	return false;
}

static void show(void)
{
	for (size_t i = 0; i < errors.count; i++)
		printf("# %s %s\n", errors.error[i].pointer, errors.error[i].code);
}

/* Replaces (or, with NULL, removes) what stands at a pointer. */
static void put(json_t *root, const char *pointer, json_t *value)
{
	char parent[128];
	const char *slash = strrchr(pointer, '/');
	snprintf(parent, sizeof parent, "%.*s", (int)(slash - pointer), pointer);
	json_t *object = form_at(root, parent);
	ok(json_is_object(object));
	if (value)
		json_object_set_new(object, slash + 1, value);
	else
		json_object_del(object, slash + 1);
}

/* The good declaration with one thing changed gives exactly that one error. */
static bool only(const char *pointer, const char *value, const char *where, const char *code)
{
	json_t *j = parse(good), *v = value ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;
	put(j, pointer, v);
	enum rc rc = accept(khm, "birth", j);
	bool right = code ? rc == RC_INVALID && errors.count == 1 && has(where, code) : rc == RC_OK;
	if (!right)
		show();
	json_decref(j);
	return right;
}

TEST(a_good_declaration_is_accepted)
{
	json_t *j = parse(good);
	eq_int(accept(khm, "birth", j), RC_OK);
	show();
	json_decref(j);
}

TEST(each_wrong_field_has_its_pointer_and_code)
{
	ok(only("/child/sex", "\"maybe\"", "/child/sex", "not_a_choice"));
	ok(only("/child/sex", NULL, "/child/sex", "required"));
	ok(only("/child/sex", "7", "/child/sex", "wrong_type"));
	ok(only("/child/birth/date", "\"2025-02-29\"", "/child/birth/date", "not_a_date"));
	ok(only("/child/birth/date", "\"2026-11-23\"", "/child/birth/date", "in_the_future"));
	ok(only("/child/birth/date", "\"1899-12-31\"", "/child/birth/date", "too_early"));
	ok(only("/child/birth/date", "\"1998-12-31\"", "/child/birth/date", "before_other_date"));
	ok(only("/child/birth/time", "\"24:00\"", "/child/birth/time", "not_a_time"));
	ok(only("/child/birth/time", "\"4:30\"", "/child/birth/time", "not_a_time"));
	ok(only("/child/birth/place", "\"99999999\"", "/child/birth/place", "unknown_place"));
	ok(only("/child/birth/place", "\"a' OR 1\"", "/child/birth/place", "unknown_place"));
	ok(only("/child/birth/place", "\"12010199\"", "/child/birth/place", "closed_place"));
	ok(only("/child/live_born", "false", "/child/live_born", "must_be_live_born"));
	ok(only("/child/name/native", "\"SOK\"", "/child/name/native", "not_native_script"));
	ok(only("/child/name/latin", "\"សុខ\"", "/child/name/latin", "not_latin_script"));
	ok(only("/child/name/native", "\"  \"", "/child/name/native", "too_short"));
	ok(only("/child/name/latin", "\"a\\u0001\"", "/child/name/latin", "bad_text"));
	ok(only("/child/name", "null", "/child/name", "required"));
	ok(only("/child/name", "\"SOK\"", "/child/name", "wrong_type"));
	ok(only("/child/naming", "\"not_yet_named\"", "/child/name", "unexpected"));
	ok(only("/informant/latin_confirmed", "false", "/informant/latin_confirmed", "latin_not_confirmed"));
	ok(only("/informant/latin_confirmed", NULL, "/informant/latin_confirmed", "latin_not_confirmed"));
	ok(only("/informant/relation", "\"friend\"", "/informant/relation", "not_a_choice"));
	ok(only("/informant/name", NULL, "/informant/name", "required"));
	ok(only("/informant/name", "{}", "/informant/name/native", "required"));
	ok(only("/mother/name", "{}", "/mother/name/native", "required"));
	ok(only("/mother/birth_date", "\"1999\"", "/mother/birth_date", "wrong_type"));
	ok(only("/mother/birth_date", "{\"value\":\"1998-13\",\"precision\":\"month\"}", "/mother/birth_date/value", "not_a_date"));
	ok(only("/mother/birth_date", "{\"value\":\"1998-03\",\"precision\":\"day\"}", "/mother/birth_date/value", "date_precision"));
	ok(only("/mother/birth_date", "{\"value\":\"1998\",\"precision\":\"sure\"}", "/mother/birth_date/precision", "date_precision"));
	ok(only("/mother/birth_date", "{\"value\":\"1998\"}", "/mother/birth_date/precision", "required"));
	ok(only("/mother/birth_date", "{\"precision\":\"year\"}", "/mother/birth_date/value", "required"));
	ok(only("/mother/birth_date", "{\"precision\":\"unknown\",\"value\":\"1998\"}", "/mother/birth_date/value", "unexpected"));
	ok(only("/mother/birth_date", "{\"value\":\"2027\",\"precision\":\"year\"}", "/mother/birth_date", "in_the_future") ||
	   has("/child/birth/date", "before_other_date"));
	ok(only("/mother/blood", "\"A\"", "/mother/blood", "unknown_field"));
	ok(only("/mother/religion", "\"x\"", "/mother/religion", "forbidden_field"));
	ok(only("/ជនជាតិ", "\"x\"", "/ជនជាតិ", "forbidden_field"));
	ok(only("/extra", "{\"a\":{\"ethnic_group\":1}}", "/extra", "unknown_field") || has("/extra/a/ethnic_group", "forbidden_field"));
	ok(only("/mother/birth_date", "{\"value\":\"1998\",\"precision\":\"year\",\"tribe\":1}", "/mother/birth_date/tribe", "forbidden_field"));
	ok(only("/a~b", "1", "/a~0b", "unknown_field"));
	ok(only("/evidence", "{}", "/evidence", "wrong_type"));
	ok(only("/evidence", "[5]", "/evidence/0", "wrong_type"));
	ok(only("/evidence", "[{\"note\":\"x\"}]", "/evidence/0/kind", "required"));
	ok(only("/evidence", "[{\"kind\":\"other\"},{\"kind\":\"gift\"}]", "/evidence/1/kind", "not_a_choice"));
	ok(only("/evidence", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]", "/evidence", "too_many"));
	ok(only("/child/birth", NULL, "/child/birth", "required"));
}

TEST(what_may_be_absent_may_be_absent)
{
	ok(only("/mother", NULL, NULL, NULL));
	ok(only("/mother", "null", NULL, NULL));
	ok(only("/evidence", NULL, NULL, NULL));
	ok(only("/evidence", "[]", NULL, NULL));
	ok(only("/child/birth/time", NULL, NULL, NULL));
	ok(only("/mother/birth_date", "{\"precision\":\"unknown\"}", NULL, NULL));
	ok(only("/mother/birth_date", "{\"value\":\"1998-03\",\"precision\":\"about\"}", NULL, NULL));
	ok(only("/mother/name", "{\"latin\":\"Anne O’Neill\"}", NULL, NULL));
	ok(only("/child/sex", "\"undetermined\"", NULL, NULL));
	json_t *j = parse(good);
	put(j, "/child/name", json_null());
	put(j, "/child/naming", json_string("not_yet_named"));
	put(j, "/informant/latin_confirmed", NULL);
	eq_int(accept(khm, "birth", j), RC_OK);
	ok(form_at(j, "/child/name") == NULL);
	ok(json_object_get(form_at(j, "/child"), "name") == NULL);
	json_decref(j);
}

TEST(today_and_now_are_the_countrys)
{
	/* It is 10:30 on the 22nd in Phnom Penh. */
	json_t *j = parse(good);
	put(j, "/child/birth/date", json_string("2026-11-22"));
	put(j, "/child/birth/time", json_string("10:30"));
	eq_int(accept(khm, "birth", j), RC_OK);
	put(j, "/child/birth/time", json_string("10:31"));
	eq_int(accept(khm, "birth", j), RC_INVALID);
	ok(errors.count == 1 && has("/child/birth/time", "in_the_future"));
	put(j, "/child/birth/date", json_string("2026-11-21"));
	eq_int(accept(khm, "birth", j), RC_OK);
	json_decref(j);
	/* And still the 22nd, one hour into the day, in Zedia, three and a half hours west of Greenwich. */
	j = parse("{\"who\":\"Ελένη\",\"landed\":\"2026-11-22\",\"at\":\"1201\"}");
	eq_int(accept(zed, "arrival", j), RC_OK);
	struct form_context early = {.now_us = TEST_NOW - (int64_t)3600 * 1000000};
	eq_int(form_accept(pack_form(zed, "arrival"), j, &early, &errors), RC_INVALID);
	json_decref(j);
}

TEST(limits_are_in_bytes_after_normalising)
{
	char text[1400];
	json_t *j = parse(good);
	/* 66 letters of three bytes are 198; 67 are 201. */
	for (int n = 66; n <= 67; n++) {
		text[0] = '\0';
		for (int i = 0; i < n; i++)
			snprintf(text + 3 * i, sizeof text - (size_t)(3 * i), "ក");
		put(j, "/child/name/native", json_string(text));
		eq_int(accept(khm, "birth", j), n == 66 ? RC_OK : RC_INVALID);
	}
	ok(has("/child/name/native", "too_long"));
	eq_int(errors.error[0].limit, 200);
	struct buf message = BUF_INIT(200);
	form_error_message(khm, "en", &errors.error[0], &message);
	eq_str(buf_cstr(&message), "This is longer than 200 bytes");
	buf_release(&message);
	memset(text, 'a', 1000);
	text[1000] = '\0';
	for (int i = 0; i < 5; i++)
		put(j, "/child/birth/date", json_string(text));
	eq_int(accept(khm, "birth", j), RC_INVALID);
	ok(has("/child/birth/date", "too_long"));
	json_decref(j);
}

TEST(what_was_typed_is_brought_to_normal_form)
{
	json_t *j = parse(good);
	put(j, "/child/birth/date", json_string("២០២៦-១១-២០"));
	put(j, "/child/birth/time", json_string("០៤:៣០"));
	put(j, "/child/birth/place", json_string("១២០១០១"));
	put(j, "/mother/birth_date", json_pack("{s:s,s:s}", "value", "၁၉၉၉", "precision", "year"));
	put(j, "/child/name/latin", json_string("  Ele\xCC\x81na   SOK "));
	eq_int(accept(khm, "birth", j), RC_OK);
	show();
	eq_str(json_string_value(form_at(j, "/child/birth/date")), "2026-11-20");
	eq_str(json_string_value(form_at(j, "/child/birth/time")), "04:30");
	eq_str(json_string_value(form_at(j, "/child/birth/place")), "120101");
	eq_str(json_string_value(form_at(j, "/mother/birth_date/value")), "1999");
	eq_str(json_string_value(form_at(j, "/child/name/latin")), "El\xC3\xA9na SOK");
	json_decref(j);
}

TEST(all_wrong_fields_are_named_at_once)
{
	json_t *j = parse("{\"child\":{\"name\":{\"latin\":\"ДА\"},\"naming\":\"named\",\"sex\":1,\"birth\":{\"date\":\"x\"}},"
			  "\"mother\":{\"religion\":1},\"shoe\":2,\"father\":[]}");
	eq_int(accept(khm, "birth", j), RC_INVALID);
	ok(has("/child/name/native", "required"));
	ok(has("/child/name/latin", "not_latin_script"));
	ok(has("/child/sex", "wrong_type"));
	ok(has("/child/birth/date", "not_a_date"));
	ok(has("/child/birth/place", "required"));
	ok(has("/child/live_born", "required"));
	ok(has("/mother/name", "required"));
	ok(has("/mother/religion", "forbidden_field"));
	ok(has("/shoe", "unknown_field"));
	ok(has("/father", "wrong_type"));
	ok(has("/informant", "required"));
	json_decref(j);
}

TEST(a_flood_of_wrong_fields_is_counted_and_bounded)
{
	json_t *j = parse(good);
	char key[300];
	for (int i = 0; i < 500; i++) {
		snprintf(key, sizeof key, "k%03dក%0250d", i, i);
		json_object_set_new(j, key, json_null());
	}
	eq_int(accept(khm, "birth", j), RC_INVALID);
	eq_int(errors.count, FORM_ERRORS_MAX);
	eq_int(errors.count + errors.beyond, 500);
	json_decref(j);
	j = json_object();
	json_t *at = j;
	for (int i = 0; i < 200; i++) {
		json_t *inner = json_object();
		json_object_set_new(at, "x", inner);
		at = inner;
	}
	eq_int(accept(khm, "birth", j), RC_INVALID);
	json_decref(j);
	j = json_array();
	eq_int(accept(khm, "birth", j), RC_INVALID);
	ok(has("", "wrong_type"));
	json_decref(j);
}

TEST(a_failing_lookup_is_a_failure_not_a_wrong_field)
{
	json_t *j = parse(good);
	put(j, "/child/birth/place", json_string("777"));
	eq_int(accept(khm, "birth", j), RC_BUSY);
	json_decref(j);
}

TEST(fields_go_to_cbor_and_back)
{
	struct arena *a = arena_new(1 << 20);
	json_t *j = parse(good), *back = NULL;
	struct form_value *values = NULL;
	size_t count = 0;
	const struct form *f = pack_form(khm, "birth");
	eq_int(accept(khm, "birth", j), RC_OK);
	eq_int(form_to_fields(f, j, a, &values, &count), RC_OK);
	eq_int(count, 30) /* what is kept elsewhere is not among them */;
	for (size_t i = 0; i < count; i++) {
		ok(cbor_is_deterministic(values[i].cbor));
		ok(i == 0 || values[i].label > values[i - 1].label);
		ok(values[i].label == f->fields[i].label);
	}
	struct bytes text;
	ok(cbor_as_text(values[1].cbor, &text) && bytes_equal(text, BYTES_LIT("SOK DARA")));
	/* No father: his labels are there, and null. */
	size_t nulls = 0;
	for (size_t i = 0; i < count; i++)
		nulls += values[i].label >= 56 && values[i].label < 61 && values[i].cbor.len == 1 && values[i].cbor.ptr[0] == 0xF6;
	eq_int(nulls, 5);
	eq_int(form_fields_to_json(f, values, count, &back), RC_OK);
	ok(json_equal(back, j));
	json_decref(back);
	values[0].cbor = BYTES_LIT("\x01");
	eq_int(form_fields_to_json(f, values, count, &back), RC_FORMAT);
	values[0].cbor = BYTES_LIT("\x61" "a\xF6");
	eq_int(form_fields_to_json(f, values, count, &back), RC_FORMAT);
	values[0] = (struct form_value){9999, BYTES_LIT("\x01")};
	eq_int(form_fields_to_json(f, values, count, &back), RC_OK);
	json_decref(back);
	json_decref(j);
	arena_free(&a);
}

TEST(an_extract_states_exactly_what_a_qr_may)
{
	json_t *j = parse(good);
	struct buf out = BUF_INIT(4096);
	const struct entry_number entry = {.office = "khm/12/1201/120101", .reg = "B", .book = 1, .year = 2026, .serial = 17};
	struct form_entry_facts facts = {&entry, {2026, 11, 22}};
	static const char *const want[] = {NULL, "b", NULL, "សុខ ដារ៉ា", "SOK DARA", "m", "2026-11-20", "12010101",
					   "2026-11-22"};
	eq_int(accept(khm, "birth", j), RC_OK);
	eq_int(form_extract(pack_form(khm, "birth"), j, &facts, &out), RC_OK);
	ok(cbor_is_deterministic(buf_bytes(&out)));
	struct cbor c = cbor_init(buf_bytes(&out));
	size_t pairs = 0;
	ok(cbor_get_map(&c, &pairs));
	eq_int(pairs, 8);
	for (uint64_t key = 1, got; key <= 8; key++) {
		struct bytes text = BYTES_NONE;
		struct date day;
		int64_t days = 0;
		ok(cbor_get_uint(&c, &got) && got == key);
		if (!want[key]) {
			struct bytes item;
			ok(cbor_skip(&c, &item) && bytes_equal(item, BYTES_LIT("\x85\x66" "120101" "\x61" "B\x01\x19\x07\xEA\x11")));
			continue;
		}
		if (date_parse(want[key], strlen(want[key]), &day))
			ok(cbor_get_int(&c, &days) && days == date_to_days(day));
		else
			ok(cbor_get_text(&c, &text) && bytes_equal(text, bytes_str(want[key])));
	}
	/* Not the parents, not the informant. */
	ok(memmem(out.ptr, out.len, "KIM", 3) == NULL);
	buf_reset(&out);
	put(j, "/child/name", NULL);
	eq_int(form_extract(pack_form(khm, "birth"), j, &facts, &out), RC_OK);
	c = cbor_init(buf_bytes(&out));
	ok(cbor_get_map(&c, &pairs));
	eq_int(pairs, 6);
	buf_release(&out);
	json_decref(j);
}

TEST(an_index_record_has_ten_keys)
{
	json_t *j = parse(good);
	struct buf out = BUF_INIT(4096);
	struct id object = id_new(), person = id_new();
	struct bytes value, raw;
	eq_int(form_index(pack_form(khm, "birth"), j, object, person, &out), RC_OK);
	ok(cbor_is_deterministic(buf_bytes(&out)));
	ok(cbor_map_find_uint(buf_bytes(&out), 6, &value) && cbor_as_text(value, &raw) && bytes_equal(raw, BYTES_LIT("1999")));
	ok(cbor_map_find_uint(buf_bytes(&out), 7, &value) && cbor_as_text(value, &raw) && bytes_equal(raw, BYTES_LIT("male")));
	ok(cbor_map_find_uint(buf_bytes(&out), 10, &value) && cbor_as_bytes(value, &raw) && bytes_equal(raw, id_bytes(&person)));
	put(j, "/mother", NULL);
	buf_reset(&out);
	eq_int(form_index(pack_form(khm, "birth"), j, object, person, &out), RC_OK);
	ok(cbor_map_find_uint(buf_bytes(&out), 4, &value) && value.len == 1 && value.ptr[0] == 0xF6);
	buf_release(&out);
	json_decref(j);
}

TEST(another_country_has_another_form)
{
	json_t *j = parse("{\"who\":\"Ελένη Παππά\",\"landed\":\"2020-02-29\",\"at\":\"1201\",\"ship\":{\"crew\":true}}");
	eq_int(accept(zed, "arrival", j), RC_INVALID);
	ok(errors.count == 1 && has("/ship/name", "required"));
	put(j, "/ship/name", json_string("Αργώ, the first"));
	put(j, "/landed", json_string("1999-01-01"));
	eq_int(accept(zed, "arrival", j), RC_INVALID);
	ok(has("/ship/name", "too_long") && has("/landed", "too_early"));
	json_decref(j);
	j = parse(good);
	put(j, "/child/name/native", json_string("မောင်မောင်"));
	eq_int(accept(mmr, "birth", j), RC_INVALID);
	ok(!has("/child/name/native", "not_native_script"));
	ok(has("/mother/name/native", "not_native_script"));
	json_decref(j);
}

TEST(the_schema_has_every_field)
{
	json_t *s = NULL;
	eq_int(form_schema(pack_form(khm, "birth"), FORM_WHOLE, &s), RC_OK);
	ok(json_object_get(form_at(s, "/properties/child/properties/birth/properties"), "date") != NULL);
	eq_str(json_string_value(form_at(s, "/properties/evidence/items/properties/kind/type")), "string");
	eq_int(json_array_size(form_at(s, "/properties/child/properties/sex/enum")), 3);
	ok(json_is_false(form_at(s, "/properties/mother/additionalProperties")));
	ok(json_array_size(form_at(s, "/required")) > 0);
	json_decref(s);
}

/* What a notification need not have is asked of nobody; what is stored may have less still. */
TEST(the_schema_asks_for_what_the_extent_asks_for)
{
	size_t asked[3];
	for (int extent = FORM_WHOLE; extent <= FORM_PART; extent++) {
		json_t *s = NULL, *child;
		eq_int(form_schema(pack_form(khm, "birth"), (enum form_extent)extent, &s), RC_OK);
		child = form_at(s, "/properties/child/required");
		asked[extent] = json_array_size(form_at(s, "/required")) + json_array_size(child);
		json_decref(s);
	}
	ok(asked[FORM_WHOLE] > asked[FORM_NOTICE]);
	ok(asked[FORM_NOTICE] > 0);
	eq_int(asked[FORM_PART], 0);
}

/* Fails the n-th allocation of jansson from now on. */
static long allocations_left = -1;

static void *failing_malloc(size_t n)
{
	if (allocations_left == 0)
		return NULL;
	allocations_left -= allocations_left > 0;
	return malloc(n);
}

TEST(failing_allocations_are_survived)
{
	struct arena *a = arena_new(1 << 20);
	struct form_value *values = NULL;
	size_t count = 0;
	json_t *j = parse(good);
	eq_int(accept(khm, "birth", j), RC_OK);
	eq_int(form_to_fields(pack_form(khm, "birth"), j, a, &values, &count), RC_OK);
	json_set_alloc_funcs(failing_malloc, free);
	for (long n = 0; n < 300; n++) {
		json_t *back = NULL, *schema = NULL;
		allocations_left = n;
		enum rc rc = form_fields_to_json(pack_form(khm, "birth"), values, count, &back);
		ok(rc == RC_NO_MEMORY || (rc == RC_OK && json_equal(back, j)));
		json_decref(back);
		allocations_left = n;
		rc = form_schema(pack_form(khm, "birth"), FORM_WHOLE, &schema);
		ok(rc == RC_OK || rc == RC_NO_MEMORY);
		allocations_left = -1;
		json_decref(schema);
	}
	json_set_alloc_funcs(malloc, free);
	json_decref(j);
	arena_free(&a);
	a = arena_new(64);
	eq_int(form_to_fields(pack_form(khm, "birth"), NULL, a, &values, &count), RC_NO_MEMORY);
	arena_free(&a);
}

int main(void)
{
	khm = pack_open("khm");
	mmr = pack_open("mmr");
	zed = pack_open("zed");
	if (!khm || !mmr || !zed)
		return 1;
	RUN(a_good_declaration_is_accepted);
	RUN(each_wrong_field_has_its_pointer_and_code);
	RUN(what_may_be_absent_may_be_absent);
	RUN(today_and_now_are_the_countrys);
	RUN(limits_are_in_bytes_after_normalising);
	RUN(what_was_typed_is_brought_to_normal_form);
	RUN(all_wrong_fields_are_named_at_once);
	RUN(a_flood_of_wrong_fields_is_counted_and_bounded);
	RUN(a_failing_lookup_is_a_failure_not_a_wrong_field);
	RUN(fields_go_to_cbor_and_back);
	RUN(an_extract_states_exactly_what_a_qr_may);
	RUN(an_index_record_has_ten_keys);
	RUN(another_country_has_another_form);
	RUN(the_schema_has_every_field);
	RUN(the_schema_asks_for_what_the_extent_asks_for);
	RUN(failing_allocations_are_survived);
	pack_free(&khm);
	pack_free(&mmr);
	pack_free(&zed);
	return tap_done();
}
