/* SPDX-License-Identifier: MPL-2.0 */
#include "tap.h"

#include "base/file.h"
#include "country/place.h"
#include "packs.h"

static struct pack *khm, *mmr, *zed;

struct rows {
	struct place_row row[8];
	size_t count, offices;
	enum rc stop;
};

static enum rc keep(void *ctx, const struct place_row *row)
{
	struct rows *r = ctx;
	struct office_row office;
	if (r->count < 8)
		r->row[r->count] = *row;
	r->count++;
	r->offices += place_office(khm, row, &office);
	return r->stop;
}

static struct rows rows;
static struct err e;

static enum rc parse(const struct pack *p, const char *csv)
{
	rows = (struct rows){0};
	e = ERR_NONE;
	return place_parse(p, bytes_str(csv), keep, &rows, &e);
}

#define HEAD "code,level,name_native,name_latin,unit_native,unit_latin,lat,long\n"

TEST(rows_are_read_in_any_order_of_columns)
{
	eq_int(parse(khm, "\xEF\xBB\xBFlevel,code,name_km,name_latin,unit_km,unit_latin,lat,long,valid_from,valid_until,legal_act\r\n"
			  "commune,120101,ទន្លេបាសាក់,\"Tonle, \"\"Basak\"\"\",សង្កាត់,Sangkat,11.5459,-104.9322,2001-03-01,2020-01-01,"
			  "Sub-decree 5\r\n\r\nvillage,12010101,ភូមិ ១,Phum 1,ភូមិ,Phum,,,,,"), RC_OK);
	eq_int(rows.count, 2);
	struct place_row *r = &rows.row[0];
	eq_str(r->code, "120101");
	eq_str(r->parent, "1201");
	eq_int(r->level, 2);
	eq_str(r->name_native, "ទន្លេបាសាក់");
	eq_str(r->name_latin, "Tonle, \"Basak\"");
	ok(r->has_position);
	eq_int(r->lat_e7, 115459000);
	eq_int(r->long_e7, -1049322000);
	ok(r->has_from && r->has_until && r->until.year == 2020);
	eq_str(r->legal_act, "Sub-decree 5");
	ok(!place_valid_on(r, (struct date){2001, 2, 28}));
	ok(place_valid_on(r, (struct date){2001, 3, 1}));
	ok(place_valid_on(r, (struct date){2019, 12, 31}));
	ok(!place_valid_on(r, (struct date){2020, 1, 1}));
	ok(!rows.row[1].has_position && !rows.row[1].has_from);
	eq_int(rows.row[1].line, 4);
	ok(place_valid_on(&rows.row[1], (struct date){1900, 1, 1}));
}

static bool wrong(const char *csv, const char *where)
{
	enum rc rc = parse(khm, csv);
	if (rc == RC_FORMAT && strcmp(e.where, where) == 0 && *e.text)
		return true;
	printf("# %d %s: %s\n", rc, e.where, e.text);
	return false;
}

TEST(mistakes_are_named_with_their_line)
{
	ok(wrong("", "line 0"));
	ok(wrong("code,level\n", "line 1"));
	ok(wrong("code,code,level,name_native,name_latin,unit_native,unit_latin\n", "line 1"));
	ok(wrong("code,level,name_native,name_latin,unit_native,unit_latin,mayor\n", "line 1"));
	ok(wrong(HEAD "12,province,x,x,x,x,,\n1,province,x,x,x,x,,\n", "line 3"));
	ok(wrong(HEAD "12,district,x,x,x,x,,\n", "line 2"));
	ok(wrong(HEAD "1-,province,x,x,x,x,,\n", "line 2"));
	ok(wrong(HEAD "12,province,x,x,x,x,\n", "line 2"));
	ok(wrong(HEAD "12,province,x,x,x,x,,,\n", "line 2"));
	ok(wrong(HEAD "12,province,,x,x,x,,\n", "line 2"));
	ok(wrong(HEAD "12,province,\"x,x,x,x,,\n", "line 2"));
	ok(wrong(HEAD "12,province,\"x\"y,x,x,x,,\n", "line 2"));
	ok(wrong(HEAD "12,province,x\"y,x,x,x,,\n", "line 2"));
	ok(wrong(HEAD "12,province,\xFF,x,x,x,,\n", "line 2"));
	ok(wrong(HEAD "12,province,x,x,x,x,91,0\n", "line 2"));
	ok(wrong(HEAD "12,province,x,x,x,x,1,\n", "line 2"));
	ok(wrong(HEAD "12,province,x,x,x,x,1e3,1\n", "line 2"));
	ok(wrong(HEAD "12,province,x\x01,x,x,x,,\n", "line 2"));
	ok(wrong("code,level,name_native,name_latin,unit_native,unit_latin,valid_from\n12,province,x,x,x,x,2020-02-30\n", "line 2"));
	ok(wrong("code,level,name_native,name_latin,unit_native,unit_latin,valid_from,valid_until\n"
		 "12,province,x,x,x,x,2020-02-03,2020-02-03\n", "line 2"));
	char longest[5000] = HEAD "12,province,";
	size_t n = strlen(longest);
	memset(longest + n, 'x', 250);
	snprintf(longest + n + 250, 20, ",x,x,x,,\n");
	ok(wrong(longest, "line 2"));
	memset(longest + n, 'x', 4200);
	snprintf(longest + n + 4200, 20, ",x,x,x,,\n");
	ok(wrong(longest, "line 2"));
}

#define CHANGES "code,level,name_native,name_latin,unit_native,unit_latin,valid_from,valid_until,change,predecessor,successor\n"

TEST(what_became_of_a_unit_is_read)
{
	eq_int(parse(khm, CHANGES "120115,commune,x,x,x,x,2020-01-01,2024-01-01,split, 120101  120102,120116\n120117,commune,x,x,x,x,,,,,\n"),
	       RC_OK);
	const struct place_row *r = &rows.row[0];
	eq_str(r->change, "split");
	eq_int(r->predecessors, 2);
	eq_str(r->predecessor[0], "120101");
	eq_str(r->predecessor[1], "120102");
	eq_int(r->successors, 1);
	eq_str(r->successor[0], "120116");
	eq_int(rows.row[1].predecessors + rows.row[1].successors, 0);
	ok(wrong(CHANGES "120115,commune,x,x,x,x,2020-01-01,,eaten,120101,\n", "line 2"));
	ok(wrong(CHANGES "120115,commune,x,x,x,x,2020-01-01,,,120101,\n", "line 2"));
	ok(wrong(CHANGES "120115,commune,x,x,x,x,2020-01-01,,split,,\n", "line 2"));
	ok(wrong(CHANGES "120115,commune,x,x,x,x,,,split,120101,\n", "line 2"));
	ok(wrong(CHANGES "120115,commune,x,x,x,x,2020-01-01,,split,,120101\n", "line 2"));
	ok(wrong(CHANGES "120115,commune,x,x,x,x,2020-01-01,,split,12010,\n", "line 2"));
	ok(wrong(CHANGES "120115,commune,x,x,x,x,2020-01-01,,split,01 02 03 04 05 06 07 08 09 10 11 12 13,\n", "line 2"));
}

TEST(the_visitor_can_stop_the_reading)
{
	rows = (struct rows){.stop = RC_STORE_FULL};
	eq_int(place_parse(khm, BYTES_LIT(HEAD "12,province,x,x,x,x,,\n13,province,x,x,x,x,,\n"), keep, &rows, NULL), RC_STORE_FULL);
	eq_int(rows.count, 1);
}

TEST(codes_nest_by_the_pack)
{
	char code[PLACE_CODE_SIZE], scope[OFFICE_SCOPE_SIZE];
	eq_int(place_level(khm, "12010101"), 3);
	eq_int(place_level(khm, "120"), -1);
	eq_int(place_level(zed, "A001"), 1);
	eq_int(place_parent(khm, "120101", code), RC_OK);
	eq_str(code, "1201");
	eq_int(place_parent(khm, "12", code), RC_OK);
	eq_str(code, "");
	eq_int(place_parent(khm, "123", code), RC_FORMAT);
	eq_int(place_scope(khm, "120101", scope), RC_OK);
	eq_str(scope, "khm/12/1201/120101");
	eq_int(place_scope(zed, "A001", scope), RC_OK);
	eq_str(scope, "zed/A/A001");
	eq_int(place_scope(khm, "x", scope), RC_FORMAT);
}

TEST(offices_follow_from_places)
{
	struct office_row office;
	eq_int(parse(khm, HEAD "120101,commune,ទន្លេបាសាក់,Tonle Basak,សង្កាត់,Sangkat,,\n12010101,village,ក,K,ភូមិ,Phum,,\n"), RC_OK);
	eq_int(rows.offices, 1);
	ok(place_office(khm, &rows.row[0], &office));
	eq_str(office.scope, "khm/12/1201/120101");
	eq_str(office.parent, "khm/12/1201");
	eq_str(office.code, "120101");
	eq_str(office.name_native, "រដ្ឋបាលសង្កាត់ទន្លេបាសាក់");
	eq_str(office.name_latin, "Sangkat Tonle Basak Administration");
	place_national_office(khm, &office);
	eq_str(office.scope, "khm");
	eq_str(office.parent, "");
	eq_int(office.level, -1);
	eq_int(parse(mmr, HEAD "06,state,ရန်ကုန်,Yangon,တိုင်းဒေသကြီး,Region,,\n"), RC_OK);
	ok(place_office(mmr, &rows.row[0], &office));
	eq_str(office.scope, "mmr/06");
	eq_str(office.name_native, "ရန်ကုန်တိုင်းဒေသကြီး လူမှုမှတ်ပုံတင်ရုံး");
}

static enum rc count(const struct pack *p, size_t *ret)
{
	struct buf csv = BUF_INIT(1 << 20);
	rows = (struct rows){0};
	enum rc rc = pack_read(p, "places.csv", &csv, NULL);
	if (rc == RC_OK)
		rc = place_parse(p, buf_bytes(&csv), keep, &rows, NULL);
	*ret = rows.count;
	buf_release(&csv);
	return rc;
}

TEST(the_packs_hold_the_first_level)
{
	size_t n = 0;
	eq_int(count(khm, &n), RC_OK);
	eq_int(n, 25);
	eq_int(count(mmr, &n), RC_OK);
	eq_int(n, 15);
}

/* CIVIS_GAZETTEER names a whole gazetteer that is not part of this project. */
TEST(a_whole_gazetteer_is_read)
{
	const char *path = getenv("CIVIS_GAZETTEER");
	struct buf csv = BUF_INIT(16 << 20);
	if (!path || file_read(path, &csv, NULL) != RC_OK) {
		buf_release(&csv);
		skip("CIVIS_GAZETTEER names no file");
	}
	rows = (struct rows){0};
	e = ERR_NONE;
	eq_int(place_parse(khm, buf_bytes(&csv), keep, &rows, &e), RC_OK);
	printf("# %s %s\n", e.where, e.text);
	eq_int(rows.count, 16465);
	eq_int(rows.offices, 25 + 210 + 1652);
	buf_release(&csv);
}

TEST(a_place_is_printed_with_its_unit)
{
	static const struct { struct pack **pack; const char *level; bool native; const char *unit, *name, *want; } of[] = {
		{&khm, "village", true, "ភូមិ", "ដើមស្វាយ", "ភូមិដើមស្វាយ"},
		{&khm, "village", false, "Phum", "Daeum Svay", "Phum Daeum Svay"},
		{&khm, "province", false, "Province", "Takeo", "Takeo Province"},
		{&mmr, "township", true, "မြို့နယ်", "နမူနာ", "နမူနာမြို့နယ်"},
		{&mmr, "township", false, "Township", "Namuna", "Namuna Township"},
		{&khm, "village", false, "", "Daeum Svay", "Daeum Svay"},
		{&khm, "village", false, "Phum", "", ""},
		{&khm, "quarter", false, "Phum", "Daeum Svay", "Daeum Svay"},
	};
	struct buf out = BUF_INIT(256);
	for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
		buf_reset(&out);
		place_print(*of[i].pack, of[i].level, of[i].native, of[i].unit, of[i].name, &out);
		eq_str(buf_cstr(&out), of[i].want);
	}
	buf_release(&out);
}

int main(void)
{
	khm = pack_open("khm");
	mmr = pack_open("mmr");
	zed = pack_open("zed");
	if (!khm || !mmr || !zed)
		return 1;
	RUN(rows_are_read_in_any_order_of_columns);
	RUN(mistakes_are_named_with_their_line);
	RUN(what_became_of_a_unit_is_read);
	RUN(the_visitor_can_stop_the_reading);
	RUN(codes_nest_by_the_pack);
	RUN(offices_follow_from_places);
	RUN(the_packs_hold_the_first_level);
	RUN(a_whole_gazetteer_is_read);
	RUN(a_place_is_printed_with_its_unit);
	pack_free(&khm);
	pack_free(&mmr);
	pack_free(&zed);
	return tap_done();
}
