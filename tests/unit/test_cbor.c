/* SPDX-License-Identifier: MPL-2.0 */
#include "hex.h"

#include "codec/cbor.h"

/* RFC 8949 appendix A: the examples that the subset has. */
static const struct {
	const char *encoded;
	uint64_t value;
} uints[] = {
	{"00", 0}, {"01", 1}, {"0a", 10}, {"17", 23}, {"1818", 24}, {"1819", 25}, {"1864", 100}, {"1903e8", 1000},
	{"1a000f4240", 1000000}, {"1b000000e8d4a51000", 1000000000000}, {"1bffffffffffffffff", UINT64_MAX},
};

static const struct {
	const char *encoded;
	int64_t value;
} ints[] = {
	{"20", -1}, {"29", -10}, {"3863", -100}, {"3903e7", -1000}, {"3b7fffffffffffffff", INT64_MIN}, {"1903e8", 1000},
};

TEST(integers_encode_and_decode_as_in_the_standard)
{
	struct buf b = BUF_INIT(16);
	for (size_t i = 0; i < sizeof uints / sizeof *uints; i++) {
		uint64_t v = 0;
		buf_reset(&b);
		cbor_put_uint(&b, uints[i].value);
		eq_hex(buf_bytes(&b), uints[i].encoded);
		struct cbor c = cbor_init(buf_bytes(&b));
		ok(cbor_get_uint(&c, &v) && cbor_at_end(&c) && v == uints[i].value);
	}
	for (size_t i = 0; i < sizeof ints / sizeof *ints; i++) {
		int64_t v = 0;
		buf_reset(&b);
		cbor_put_int(&b, ints[i].value);
		eq_hex(buf_bytes(&b), ints[i].encoded);
		struct cbor c = cbor_init(buf_bytes(&b));
		ok(cbor_get_int(&c, &v) && cbor_at_end(&c) && v == ints[i].value);
	}
	buf_release(&b);
}

TEST(integers_beyond_the_asked_range_fail)
{
	int64_t i = 7;
	uint64_t u = 7;
	struct cbor c = cbor_init(hex("1b8000000000000000"));
	ok(!cbor_get_int(&c, &i) && c.failed);
	c = cbor_init(hex("3bffffffffffffffff"));
	ok(!cbor_get_int(&c, &i));
	c = cbor_init(hex("20"));
	ok(!cbor_get_uint(&c, &u));
	eq_int(i, 7);
	eq_int(u, 7);
}

TEST(strings_and_simple_values_encode_as_in_the_standard)
{
	struct buf b = BUF_INIT(64);
	cbor_put_bool(&b, false);
	cbor_put_bool(&b, true);
	cbor_put_null(&b);
	cbor_put_bytes(&b, BYTES_NONE);
	cbor_put_bytes(&b, hex("01020304"));
	cbor_put_str(&b, "");
	cbor_put_str(&b, "IETF");
	cbor_put_str(&b, "\u6c34");
	cbor_put_str(&b, NULL);
	cbor_put_tag(&b, 1);
	cbor_put_uint(&b, 1363896240);
	eq_hex(buf_bytes(&b), "f4f5f640440102030460644945544663e6b0b4f6c11a514b67b0");

	struct cbor c = cbor_init(buf_bytes(&b));
	bool no = true, yes = false;
	struct bytes s;
	uint8_t four[4] = {0};
	uint64_t v = 0;
	ok(cbor_peek(&c) == CBOR_BOOL && cbor_get_bool(&c, &no) && !no);
	ok(cbor_get_bool(&c, &yes) && yes);
	ok(cbor_peek(&c) == CBOR_NULL && cbor_get_null(&c));
	ok(cbor_get_bytes(&c, &s) && s.len == 0);
	ok(cbor_get_fixed(&c, four, 4) && four[3] == 4);
	ok(cbor_get_text(&c, &s) && s.len == 0);
	ok(!cbor_try_null(&c));
	ok(cbor_get_text(&c, &s) && bytes_equal(s, BYTES_LIT("IETF")));
	ok(cbor_peek(&c) == CBOR_TEXT && cbor_get_text(&c, &s) && s.len == 3);
	ok(cbor_try_null(&c));
	ok(cbor_get_tag(&c, &v) && v == 1 && cbor_get_uint(&c, &v) && v == 1363896240);
	ok(cbor_at_end(&c) && cbor_peek(&c) == CBOR_NOTHING);
	buf_release(&b);
}

TEST(arrays_and_maps_encode_as_in_the_standard)
{
	struct buf b = BUF_INIT(64);
	cbor_put_map(&b, 2);
	cbor_put_str(&b, "a");
	cbor_put_uint(&b, 1);
	cbor_put_str(&b, "b");
	cbor_put_array(&b, 2);
	cbor_put_uint(&b, 2);
	cbor_put_uint(&b, 3);
	eq_hex(buf_bytes(&b), "a26161016162820203");
	ok(cbor_is_deterministic(buf_bytes(&b)));

	struct cbor c = cbor_init(buf_bytes(&b));
	struct bytes item, value;
	size_t n = 0;
	ok(cbor_get_map(&c, &n) && n == 2);
	ok(cbor_skip(&c, NULL) && cbor_skip(&c, NULL) && cbor_skip(&c, NULL) && cbor_skip(&c, &item));
	eq_hex(item, "820203");
	eq_int(cbor_finish(&c), RC_OK);
	ok(cbor_map_find_text(buf_bytes(&b), "b", &value) && bytes_equal(value, item));
	ok(!cbor_map_find_text(buf_bytes(&b), "c", &value));
	buf_release(&b);

	ok(cbor_map_find_int(hex("a201022003"), -1, &value));
	eq_hex(value, "03");
	ok(cbor_map_find_uint(hex("a201022003"), 1, &value));
	eq_hex(value, "02");
	ok(!cbor_map_find_uint(hex("820102"), 1, &value));
}

TEST(what_is_not_deterministic_is_refused)
{
	static const char *const wrong[] = {
		"",                     /* no item */
		"1817",                 /* 23 in two bytes */
		"1900ff",               /* 255 in three */
		"1a0000ffff",           /* and so on */
		"1b00000000ffffffff",
		"5801aa",               /* length not shortest */
		"5f42010243030405ff",   /* indefinite bytes */
		"7f657374726561646d696e67ff",
		"9fff", "bf6161019fffff", /* indefinite array, map */
		"f90000", "fa47c35000", "fb3ff199999999999a", "f97e00", /* floats */
		"f7", "f0", "f8ff", "e0", /* undefined and other simple values */
		"a2016161016162",       /* key twice */
		"a2026161016162",       /* keys descending */
		"a2616101016162",       /* text before integer */
		"a2626161016162" "02",  /* longer text key before shorter */
		"a22001" "0102",        /* -1 before 1 */
		"61ff", "62c080", "63eda080", /* not UTF-8 */
		"8201", "a101", "c1", "42aa", "1b00", /* cut */
		"0000",                 /* two items */
		"9bffffffffffffffff", "bbffffffffffffffff", "5bffffffffffffffff", "7bffffffffffffffff", /* absurd counts */
		"1c", "1d", "1e", "fc", "ff", /* reserved and stray break */
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		if (!ok(!cbor_is_deterministic(hex(wrong[i]))))
			printf("# %s\n", wrong[i]);
	}
	struct cbor c = cbor_init(hex("01a2026161016162"));
	uint64_t v = 9;
	ok(c.failed && !cbor_get_uint(&c, &v) && v == 9);
	c = cbor_init_unchecked(hex("a2026161016162"));
	ok(cbor_skip(&c, NULL) && cbor_at_end(&c));
}

TEST(depth_is_bounded)
{
	uint8_t nested[64];
	memset(nested, 0x81, sizeof nested);
	nested[CBOR_DEPTH_MAX - 1] = 0x00;
	ok(cbor_is_deterministic(bytes_of(nested, CBOR_DEPTH_MAX)));
	nested[CBOR_DEPTH_MAX - 1] = 0x81;
	nested[CBOR_DEPTH_MAX] = 0x00;
	ok(!cbor_is_deterministic(bytes_of(nested, CBOR_DEPTH_MAX + 1)));
	struct cbor c = cbor_init_unchecked(bytes_of(nested, CBOR_DEPTH_MAX + 1));
	ok(!cbor_skip(&c, NULL));
	memset(nested, 0xc1, sizeof nested);
	ok(!cbor_is_deterministic(BYTES_ARRAY(nested)));
}

TEST(failure_is_sticky_and_leaves_results_alone)
{
	struct cbor c = cbor_init(hex("0102"));
	struct bytes s = BYTES_LIT("kept");
	uint64_t v = 5;
	ok(!cbor_get_text(&c, &s));
	ok(!cbor_get_uint(&c, &v) && v == 5 && s.len == 4);
	ok(!cbor_skip(&c, NULL) && !cbor_at_end(&c) && cbor_peek(&c) == CBOR_NOTHING);
	eq_int(cbor_finish(&c), RC_FORMAT);
	uint8_t two[2];
	c = cbor_init(hex("43010203"));
	ok(!cbor_get_fixed(&c, two, 2));
}

TEST(one_item_can_be_read_as_a_whole)
{
	uint64_t u = 0;
	int64_t i = 0;
	struct bytes s;
	ok(cbor_as_uint(hex("1818"), &u) && u == 24);
	ok(!cbor_as_uint(hex("181800"), &u));
	ok(cbor_as_int(hex("38ff"), &i) && i == -256);
	ok(cbor_as_bytes(hex("41aa"), &s) && s.ptr[0] == 0xaa);
	ok(!cbor_as_bytes(hex("61aa"), &s));
	ok(cbor_as_text(hex("6141"), &s) && s.ptr[0] == 'A');
	ok(!cbor_as_text(hex("61aa"), &s));
}

int main(void)
{
	RUN(integers_encode_and_decode_as_in_the_standard);
	RUN(integers_beyond_the_asked_range_fail);
	RUN(strings_and_simple_values_encode_as_in_the_standard);
	RUN(arrays_and_maps_encode_as_in_the_standard);
	RUN(what_is_not_deterministic_is_refused);
	RUN(depth_is_bounded);
	RUN(failure_is_sticky_and_leaves_results_alone);
	RUN(one_item_can_be_read_as_a_whole);
	return tap_done();
}
