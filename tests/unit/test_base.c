/* SPDX-License-Identifier: MPL-2.0 */
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/id.h"
#include "base/random.h"
#include "base/text.h"

TEST(a_buffer_never_grows_beyond_its_maximum)
{
	struct buf b = BUF_INIT(5);
	buf_str(&b, "abc");
	buf_str(&b, "de");
	ok(!buf_failed(&b));
	eq_str(buf_cstr(&b), "abcde");
	buf_byte(&b, 'f');
	ok(buf_failed(&b));
	eq_int(b.len, 5);
	ok(buf_cstr(&b) == NULL);
	buf_reset(&b);
	buf_printf(&b, "%d", 12345);
	eq_str(buf_cstr(&b), "12345");
	buf_printf(&b, "%d", 6);
	ok(buf_failed(&b));
	buf_release(&b);
	eq_str(buf_cstr(&b), "");
	buf_release(&b);
}

TEST(bytes_compare_like_memcmp_with_prefixes_first)
{
	ok(bytes_compare(BYTES_LIT("a"), BYTES_LIT("ab")) < 0);
	ok(bytes_compare(BYTES_LIT("b"), BYTES_LIT("ab")) > 0);
	ok(bytes_compare(BYTES_NONE, BYTES_NONE) == 0);
	ok(bytes_equal_ct(BYTES_LIT("same"), BYTES_LIT("same")));
	ok(!bytes_equal_ct(BYTES_LIT("same"), BYTES_LIT("sane")));
	eq_int(bytes_slice(BYTES_LIT("abc"), 2, 9).len, 1);
	eq_int(bytes_slice(BYTES_LIT("abc"), 9, 9).len, 0);
}

TEST(an_arena_is_bounded_and_zeroed)
{
	struct arena *a = arena_new(40000);
	uint8_t *p = arena_alloc(a, 30000);
	ok(p && p[0] == 0 && p[29999] == 0);
	ok(arena_alloc(a, 20000) == NULL);
	ok(arena_alloc_array(a, SIZE_MAX / 2, 4) == NULL);
	eq_str(arena_printf(a, "%s-%d", "x", 7), "x-7");
	eq_str(arena_str(a, BYTES_LIT("word")), "word");
	arena_free(&a);
	ok(a == NULL);
}

TEST(ids_round_trip_and_refuse_other_versions)
{
	struct id id = id_new(), back;
	char text[ID_TEXT_SIZE];
	id_format(id, text);
	eq_int(id_parse(bytes_str(text), &back), RC_OK);
	ok(id_equal(id, back));
	text[14] = '1';
	eq_int(id_parse(bytes_str(text), &back), RC_FORMAT);
	eq_int(id_parse(BYTES_LIT("123e4567-e89b-42d3-a456-42661417400"), &back), RC_FORMAT);
	eq_int(id_parse(BYTES_LIT("123e4567ae89b-42d3-a456-426614174000"), &back), RC_FORMAT);
}

TEST(dates_cover_leap_years_and_refuse_impossible_days)
{
	struct date d;
	ok(date_parse("2024-02-29", 10, &d));
	eq_int(date_to_days((struct date){1970, 1, 1}), 0);
	eq_int(date_to_days((struct date){2000, 3, 1}), 11017);
	ok(!date_parse("2023-02-29", 10, &d));
	ok(!date_parse("1900-02-29", 10, &d));
	ok(!date_parse("2024-13-01", 10, &d));
	ok(!date_parse("2024-1-011", 10, &d));
	for (int64_t day = -719000; day < 800000; day += 97) {
		struct date back = date_from_days(day);
		if (date_to_days(back) != day || !date_is_valid(back)) {
			ok(date_to_days(back) == day && date_is_valid(back));
			break;
		}
	}
}

TEST(local_dates_follow_the_zone)
{
	/* 2026-11-21 23:30 UTC is already the 22nd in Phnom Penh (+07:00). */
	int seconds;
	int64_t at = (date_to_days((struct date){2026, 11, 21}) * 86400 + 23 * 3600 + 1800) * 1000000;
	struct date d = date_local(at, 420, &seconds);
	eq_int(d.day, 22);
	eq_int(seconds, 6 * 3600 + 1800);
	char text[INSTANT_TEXT_SIZE];
	instant_format(at + 7000, text);
	eq_str(text, "2026-11-21T23:30:00.007Z");
	instant_format(-1000, text);
	eq_str(text, "1969-12-31T23:59:59.999Z");
}

TEST(an_instant_is_read_as_it_is_written)
{
	const struct {
		const char *text;
		int64_t us;
	} good[] = {{"1970-01-01T00:00:00Z", 0}, {"2026-11-20T02:11:09Z", 1795140669000000}, {"2026-11-20T02:11:09.5Z", 1795140669500000},
	            {"2026-11-20T02:11:09.000001Z", 1795140669000001}, {"1969-12-31T23:59:59.999Z", -1000}};
	const char *const bad[] = {"", "Z", "2026-11-20", "2026-11-20T02:11Z", "2026-11-20T02:11:09", "2026-11-20T02:11:09+07:00",
	                           "2026-11-20 02:11:09Z", "2026-13-20T02:11:09Z", "2026-11-20T24:00:00Z", "2026-11-20T02:60:09Z",
	                           "2026-11-20T02:11:60Z", "2026-11-20T02:11:09.Z", "2026-11-20T02:11:09.1234567Z",
	                           "2026-11-20T02:11:09,5Z", "2026-11-20T02:11:09.5ZZ", "2026-11-20T0x:11:09Z"};
	char text[INSTANT_TEXT_SIZE];
	int64_t us = 7;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		ok(instant_parse(good[i].text, strlen(good[i].text), &us));
		eq_int(us, good[i].us);
	}
	instant_format(1795140669123000, text);
	ok(instant_parse(text, strlen(text), &us) && us == 1795140669123000);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (!ok(!instant_parse(bad[i], strlen(bad[i]), &us)))
			printf("# %s\n", bad[i]);
}

TEST(utf8_refuses_what_unicode_forbids)
{
	ok(utf8_is_valid(BYTES_LIT("សុខ ចាន់ថា မြန်မာ é 𝒜")));
	ok(!utf8_is_valid(BYTES_LIT("a\0b")));
	ok(!utf8_is_valid(BYTES_LIT("\xc0\xaf")));
	ok(!utf8_is_valid(BYTES_LIT("\xe0\x80\xaf")));
	ok(!utf8_is_valid(BYTES_LIT("\xed\xa0\x80")));
	ok(!utf8_is_valid(BYTES_LIT("\xf4\x90\x80\x80")));
	ok(!utf8_is_valid(BYTES_LIT("\xe1\x80")));
	eq_int(utf8_length(BYTES_LIT("សុខ")), 3);
}

TEST(encodings_round_trip_and_are_strict)
{
	struct buf b = BUF_INIT(64), back = BUF_INIT(64);
	base64_encode(&b, BYTES_LIT("foob"));
	eq_str(buf_cstr(&b), "Zm9vYg==");
	eq_int(base64_decode(buf_bytes(&b), &back), RC_OK);
	eq_str(buf_cstr(&back), "foob");
	eq_int(base64_decode(BYTES_LIT("Zm9vYg="), &back), RC_FORMAT);
	eq_int(base64_decode(BYTES_LIT("Zm9vYh=="), &back), RC_FORMAT);
	buf_reset(&b);
	base64url_encode(&b, BYTES_LIT("\xff\xfe"));
	eq_str(buf_cstr(&b), "__4");
	eq_int(base64url_decode(BYTES_LIT("__5"), &back), RC_FORMAT);
	eq_int(base64url_decode(BYTES_LIT("_"), &back), RC_FORMAT);
	buf_reset(&b);
	hex_encode(&b, BYTES_LIT("\x00\xab"));
	eq_str(buf_cstr(&b), "00ab");
	eq_int(hex_decode(BYTES_LIT("0g"), &back), RC_FORMAT);
	uint64_t v;
	eq_int(u64_parse(BYTES_LIT("18446744073709551615"), UINT64_MAX, &v), RC_OK);
	ok(v == UINT64_MAX);
	eq_int(u64_parse(BYTES_LIT("18446744073709551616"), UINT64_MAX, &v), RC_FORMAT);
	eq_int(u64_parse(BYTES_LIT("007"), UINT64_MAX, &v), RC_FORMAT);
	eq_int(u64_parse(BYTES_LIT("7"), 5, &v), RC_FORMAT);
	eq_int(u64_parse(BYTES_LIT("-1"), UINT64_MAX, &v), RC_FORMAT);
	buf_release(&b);
	buf_release(&back);
}

TEST(files_are_written_whole_and_read_bounded)
{
	char dir[] = "/tmp/civis-test-XXXXXX", path[64], deep[64];
	ok(mkdtemp(dir) != NULL);
	snprintf(deep, sizeof deep, "%s/a/b", dir);
	eq_int(dir_make(deep, 0700, NULL), RC_OK);
	snprintf(path, sizeof path, "%s/f", deep);
	eq_int(file_write_durable(path, BYTES_LIT("content"), 0600, NULL), RC_OK);
	eq_int(file_sync(path, NULL), RC_OK);
	eq_int(dir_sync(path, NULL), RC_IO);
	eq_int(dir_sync(deep, NULL), RC_OK);
	eq_int(file_sync("/tmp/civis-no-such-file", NULL), RC_NOT_FOUND);
	struct buf b = BUF_INIT(7), small = BUF_INIT(6);
	struct err e = ERR_NONE;
	eq_int(file_read(path, &b, &e), RC_OK);
	eq_str(buf_cstr(&b), "content");
	eq_int(file_read(path, &small, &e), RC_TOO_LARGE);
	eq_int(file_read("/tmp/civis-no-such-file", &b, &e), RC_NOT_FOUND);
	buf_release(&b);
	buf_release(&small);
	unlink(path);
	rmdir(deep);
	snprintf(deep, sizeof deep, "%s/a", dir);
	rmdir(deep);
	rmdir(dir);
}

static void sevens(void *out, size_t len)
{
	memset(out, 7, len);
}

TEST(randomness_and_clock_can_be_replaced)
{
	uint8_t x[3];
	random_set_source(sevens);
	random_bytes(x, sizeof x);
	random_set_source(NULL);
	eq_int(x[2], 7);
	for (int i = 0; i < 1000; i++)
		if (random_below(3) > 2)
			ok(false);
	ok(id_equal(id_new(), id_new()) == false);
}

TEST(every_error_has_a_name_and_a_status)
{
	for (int c = 0; c < RC_COUNT; c++) {
		ok(rc_name((enum rc)c)[0] != 0);
		ok(rc_http((enum rc)c) >= 200);
		ok(rc_text((enum rc)c)[0] != 0);
	}
	struct err e = ERR_NONE;
	eq_int(err_set(&e, RC_HELD, "/child", "held by %d", 3), RC_HELD);
	eq_str(e.text, "held by 3");
}

int main(void)
{
	RUN(a_buffer_never_grows_beyond_its_maximum);
	RUN(bytes_compare_like_memcmp_with_prefixes_first);
	RUN(an_arena_is_bounded_and_zeroed);
	RUN(ids_round_trip_and_refuse_other_versions);
	RUN(dates_cover_leap_years_and_refuse_impossible_days);
	RUN(local_dates_follow_the_zone);
	RUN(an_instant_is_read_as_it_is_written);
	RUN(utf8_refuses_what_unicode_forbids);
	RUN(encodings_round_trip_and_are_strict);
	RUN(files_are_written_whole_and_read_bounded);
	RUN(randomness_and_clock_can_be_replaced);
	RUN(every_error_has_a_name_and_a_status);
	return tap_done();
}
