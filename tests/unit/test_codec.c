/* SPDX-License-Identifier: MPL-2.0 */
#include "hex.h"

#include "codec/base45.h"
#include "codec/cbor.h"
#include "codec/cose.h"
#include "codec/deflate.h"
#include "codec/statuslist.h"

/* ---- base45 ---- */

static void check_base45(const char *plain, const char *encoded)
{
	struct buf b = BUF_INIT(64);
	base45_encode(&b, bytes_str(plain));
	eq_str(buf_cstr(&b), encoded);
	buf_reset(&b);
	eq_int(base45_decode(bytes_str(encoded), &b), RC_OK);
	eq_str(buf_cstr(&b), plain);
	buf_release(&b);
}

TEST(base45_has_the_examples_of_the_standard)
{
	check_base45("AB", "BB8"); /* RFC 9285 §4.3, §4.4 */
	check_base45("Hello!!", "%69 VD92EX0");
	check_base45("base-45", "UJCLQE7W581");
	check_base45("ietf!", "QED8WEX0");
	check_base45("", "");
}

TEST(base45_refuses_what_no_encoder_writes)
{
	static const char *const wrong[] = {"GGW", ":::", "A", "BB8A", "bb8", "BB8::", "BB8\n0", "~~"};
	struct buf b = BUF_INIT(64);
	buf_str(&b, "x");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		eq_int(base45_decode(bytes_str(wrong[i]), &b), RC_FORMAT);
		eq_str(buf_cstr(&b), "x");
	}
	eq_int(base45_decode(bytes_str("FGW"), &b), RC_OK);
	eq_hex(buf_bytes(&b), "78ffff");
	buf_release(&b);
	b = BUF_INIT(2);
	eq_int(base45_decode(bytes_str("%69 VD92EX0"), &b), RC_TOO_LARGE);
	ok(!buf_failed(&b) && b.len == 0);
	buf_release(&b);
}

/* ---- zlib ---- */

TEST(zlib_gives_back_what_it_took)
{
	struct buf plain = BUF_INIT(100000), packed = BUF_INIT(100000), out = BUF_INIT(100000);
	for (int i = 0; i < 9000; i++)
		buf_printf(&plain, "%d,", i);
	eq_int(zlib_compress(buf_bytes(&plain), &packed), RC_OK);
	ok(packed.len < plain.len / 2);
	eq_int(zlib_decompress(buf_bytes(&packed), &out), RC_OK);
	ok(bytes_equal(buf_bytes(&plain), buf_bytes(&out)));
	buf_reset(&packed);
	buf_reset(&out);
	eq_int(zlib_compress(BYTES_NONE, &packed), RC_OK);
	eq_int(zlib_decompress(buf_bytes(&packed), &out), RC_OK);
	eq_int(out.len, 0);
	buf_release(&plain);
	buf_release(&packed);
	buf_release(&out);
}

TEST(zlib_uses_a_dictionary_that_both_sides_know)
{
	const struct bytes text = BYTES_LIT("the entry of the child in the register"), known = BYTES_LIT("of the child in the register");
	struct buf plain = BUF_INIT(256), packed = BUF_INIT(256), out = BUF_INIT(256);
	eq_int(zlib_compress(text, &plain), RC_OK);
	eq_int(zlib_compress_short(text, known, 0, &packed), RC_OK);
	ok(packed.len + 10 < plain.len);
	eq_int(zlib_decompress_short(buf_bytes(&packed), known, &out), RC_OK);
	ok(bytes_equal(buf_bytes(&out), text));
	/* Another dictionary, or none, reads nothing; a stream without one is read all the same. */
	buf_reset(&out);
	eq_int(zlib_decompress_short(buf_bytes(&packed), BYTES_LIT("of the child in the Register"), &out), RC_FORMAT);
	eq_int(zlib_decompress(buf_bytes(&packed), &out), RC_FORMAT);
	eq_int(out.len, 0);
	eq_int(zlib_decompress_short(buf_bytes(&plain), known, &out), RC_OK);
	ok(bytes_equal(buf_bytes(&out), text));
	buf_reset(&packed);
	eq_int(zlib_compress_short(BYTES_NONE, known, 0, &packed), RC_OK);
	buf_release(&packed);
	packed = BUF_INIT(8);
	eq_int(zlib_compress_short(text, known, 0, &packed), RC_TOO_LARGE);
	eq_int(packed.len, 0);
	buf_release(&plain);
	buf_release(&packed);
	buf_release(&out);
}

TEST(zlib_stops_at_the_maximum_and_at_faults)
{
	static uint8_t zeros[1 << 20];
	struct buf packed = BUF_INIT(4096), out = BUF_INIT(sizeof zeros);
	eq_int(zlib_compress(BYTES_ARRAY(zeros), &packed), RC_OK);
	eq_int(zlib_decompress(buf_bytes(&packed), &out), RC_OK); /* exactly full */
	eq_int(out.len, sizeof zeros);
	buf_release(&out);
	out = BUF_INIT(sizeof zeros - 1);
	buf_str(&out, "k");
	eq_int(zlib_decompress(buf_bytes(&packed), &out), RC_TOO_LARGE);
	eq_str(buf_cstr(&out), "k");
	eq_int(zlib_decompress(bytes_slice(buf_bytes(&packed), 0, packed.len - 1), &out), RC_TOO_LARGE);
	buf_release(&out);
	out = BUF_INIT(2 * sizeof zeros);
	for (size_t cut = 1; cut < packed.len; cut += 97)
		eq_int(zlib_decompress(bytes_slice(buf_bytes(&packed), 0, packed.len - cut), &out), RC_FORMAT);
	eq_int(zlib_decompress(BYTES_NONE, &out), RC_FORMAT);
	buf_byte(&packed, 0);
	eq_int(zlib_decompress(buf_bytes(&packed), &out), RC_FORMAT); /* bytes behind the end */
	packed.len--;
	packed.ptr[packed.len - 1] ^= 1;
	eq_int(zlib_decompress(buf_bytes(&packed), &out), RC_FORMAT); /* checksum */
	eq_int(out.len, 0);
	buf_release(&out);
	buf_release(&packed);
	packed = BUF_INIT(8);
	eq_int(zlib_compress(BYTES_ARRAY(zeros), &packed), RC_TOO_LARGE);
	eq_int(packed.len, 0);
	buf_release(&packed);
}

/* ---- COSE ---- */

/* RFC 9052 appendix C.2.1: "Single ECDSA Signature". Its kid is unprotected. */
#define RFC_SIGN1 \
	"d28443a10126a10442313154546869732069732074686520636f6e74656e742e58408eb33e4ca31d1c465ab05aac34cc6b23d58fef5c08" \
	"3106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36"

TEST(cose_reads_the_example_of_the_standard)
{
	struct cose_sign1 s;
	struct buf tbs = BUF_INIT(256);
	eq_int(cose_sign1_parse(hex(RFC_SIGN1), &s), RC_OK);
	eq_int(s.alg, COSE_ALG_ES256);
	ok(bytes_equal(s.kid, BYTES_LIT("11")));
	ok(bytes_equal(s.payload, BYTES_LIT("This is the content.")));
	eq_int(s.type.len, 0);
	cose_sign1_tbs(&s, &tbs);
	eq_hex(buf_bytes(&tbs), "846a5369676e61747572653143a101264054546869732069732074686520636f6e74656e742e");
	buf_release(&tbs);
	eq_int(cose_sign1_parse(bytes_slice(hex(RFC_SIGN1), 1, 1000), &s), RC_OK); /* untagged */
}

TEST(cose_reads_what_it_writes)
{
	struct buf prot = BUF_INIT(64), message = BUF_INIT(256);
	uint8_t signature[64] = {1, 2, 3};
	struct cose_sign1 s;
	cose_protected(&prot, COSE_ALG_ES256, hex("0011223344556677"), STATUSLIST_TYPE);
	ok(cbor_is_deterministic(buf_bytes(&prot)));
	cose_sign1_put(&message, buf_bytes(&prot), BYTES_LIT("payload"), BYTES_ARRAY(signature));
	ok(cbor_is_deterministic(buf_bytes(&message)));
	eq_int(cose_sign1_parse(buf_bytes(&message), &s), RC_OK);
	eq_hex(s.kid, "0011223344556677");
	ok(bytes_equal(s.type, BYTES_LIT(STATUSLIST_TYPE)));
	ok(bytes_equal(s.payload, BYTES_LIT("payload")));
	ok(bytes_equal(s.signature, BYTES_ARRAY(signature)));
	for (size_t i = 0; i < message.len; i++)
		eq_int(cose_sign1_parse(bytes_slice(buf_bytes(&message), 0, i), &s), RC_FORMAT);
	buf_release(&prot);
	buf_release(&message);
}

static enum rc parse_with(const char *tag, const char *prot, const char *unprot, const char *payload, size_t sig)
{
	struct buf b = BUF_INIT(512);
	uint8_t signature[80] = {0};
	struct cose_sign1 s;
	buf_append(&b, hex(tag));
	cbor_put_array(&b, 4);
	cbor_put_bytes(&b, hex(prot));
	buf_append(&b, hex(unprot));
	buf_append(&b, hex(payload));
	cbor_put_bytes(&b, bytes_of(signature, sig));
	enum rc rc = cose_sign1_parse(buf_bytes(&b), &s);
	buf_release(&b);
	return rc;
}

TEST(cose_refuses_what_could_mislead)
{
	eq_int(parse_with("d2", "a10126", "a0", "4100", 64), RC_OK);
	eq_int(parse_with("d1", "a10126", "a0", "4100", 64), RC_FORMAT);       /* another tag */
	eq_int(parse_with("d2", "a10126", "a0", "f6", 64), RC_FORMAT);         /* detached */
	eq_int(parse_with("d2", "", "a10126", "4100", 64), RC_FORMAT);         /* alg unprotected */
	eq_int(parse_with("d2", "a0", "a10126", "4100", 64), RC_FORMAT);
	eq_int(parse_with("d2", "a10126", "a10126", "4100", 64), RC_FORMAT);   /* alg in both */
	eq_int(parse_with("d2", "a2012602810f", "a0", "4100", 64), RC_FORMAT); /* crit */
	eq_int(parse_with("d2", "a2012604420000", "a104420001", "4100", 64), RC_FORMAT); /* kid in both */
	eq_int(parse_with("d2", "a10126", "a0", "4100", 63), RC_FORMAT);
	eq_int(parse_with("d2", "a10126", "a0", "4100", 65), RC_FORMAT);
	eq_int(parse_with("d2", "a201260126", "a0", "4100", 64), RC_FORMAT);   /* alg twice */
	eq_int(parse_with("d2", "a10126ff", "a0", "4100", 64), RC_FORMAT);
	eq_int(parse_with("d2", "a1016445533235", "a0", "4100", 64), RC_FORMAT);
	eq_int(parse_with("d2", "a10126", "80", "4100", 64), RC_FORMAT);
}

/* ---- status list ---- */

static void check_packing(unsigned bits, const unsigned *values, size_t n, const char *packed)
{
	uint8_t list[8] = {0};
	size_t len = statuslist_size(bits, n);
	for (size_t i = 0; i < n; i++)
		eq_int(statuslist_set(list, len, bits, i, values[i]), RC_OK);
	eq_hex(bytes_of(list, len), packed);
	for (size_t i = 0; i < n; i++) {
		unsigned v = 99;
		eq_int(statuslist_get(bytes_of(list, len), bits, i, &v), RC_OK);
		eq_int(v, values[i]);
	}
}

/* The examples of the draft's sections on compressed byte arrays. */
TEST(statuslist_packs_as_the_draft_does)
{
	static const unsigned one[] = {1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1};
	static const unsigned two[] = {1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3};
	static const unsigned four[] = {1, 2, 0, 15}, eight[] = {255, 0, 3};
	check_packing(1, one, 16, "b9a3");
	check_packing(2, two, 12, "c944f9");
	check_packing(4, four, 4, "21f0");
	check_packing(8, eight, 3, "ff0003");
}

TEST(statuslist_stays_inside)
{
	uint8_t list[2] = {0};
	unsigned v = 7;
	eq_int(statuslist_get(BYTES_ARRAY(list), 2, 8, &v), RC_NOT_FOUND);
	eq_int(statuslist_get(BYTES_ARRAY(list), 2, UINT64_MAX, &v), RC_NOT_FOUND);
	eq_int(statuslist_get(BYTES_NONE, 1, 0, &v), RC_NOT_FOUND);
	eq_int(statuslist_get(BYTES_ARRAY(list), 3, 0, &v), RC_FORMAT);
	eq_int(statuslist_get(BYTES_ARRAY(list), 0, 0, &v), RC_FORMAT);
	eq_int(statuslist_set(list, 2, 2, 8, 1), RC_NOT_FOUND);
	eq_int(statuslist_set(list, 2, 2, 0, 4), RC_INVALID);
	eq_int(v, 7);
	eq_int(statuslist_size(2, 131072), 32768);
	eq_int(statuslist_size(1, 9), 2);
	eq_int(statuslist_size(5, 9), 0);
	eq_int(statuslist_size(8, UINT64_MAX), 0);
	/* changing one value leaves its neighbours */
	eq_int(statuslist_set(list, 2, 2, 1, 3), RC_OK);
	eq_int(statuslist_set(list, 2, 2, 2, 2), RC_OK);
	eq_int(statuslist_set(list, 2, 2, 1, 1), RC_OK);
	eq_hex(BYTES_ARRAY(list), "2400");
}

/* The draft's example of a Status List Token in CWT form. */
#define DRAFT_CWT \
	"d2845820a2012610781a6170706c69636174696f6e2f7374617475736c6973742b637774a1044231325850a502782168747470733a2f2f" \
	"6578616d706c652e636f6d2f7374617475736c697374732f31061a648c5bea041a8898dfea19fffe19a8c019fffda2646269747301636c" \
	"73744a78dadbb918000217015d584027d5535dfe0a33291cc9bfb41053ad2493c49d1ee4635e12548a79bac92916845fee76799c42762f" \
	"928441c5c344e3612381e0cf88f2f160b3e1f97728ec8403"

TEST(statuslist_reads_the_token_of_the_draft)
{
	struct cose_sign1 s;
	struct statuslist_claims claims;
	struct buf list = BUF_INIT(64);
	eq_int(cose_sign1_parse(hex(DRAFT_CWT), &s), RC_OK);
	ok(bytes_equal(s.type, BYTES_LIT(STATUSLIST_TYPE)));
	ok(bytes_equal(s.kid, BYTES_LIT("12")));
	eq_int(statuslist_parse(s.payload, &claims, &list), RC_OK);
	eq_hex(buf_bytes(&list), "b9a3");
	eq_int(claims.bits, 1);
	eq_int(claims.iat, 1686920170);
	eq_int(claims.exp, 2291720170);
	eq_int(claims.ttl, 43200);
	ok(bytes_equal(claims.sub, BYTES_LIT("https://example.com/statuslists/1")));
	buf_release(&list);
}

/* Appendix "Test vectors for Status List encoding", 1 bit, 2^20 entries. */
TEST(statuslist_reads_the_large_vector_of_the_draft)
{
	static const uint64_t set[] = {0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345};
	const char *map =
		"a2646269747301636c737458bd78daeddc010dc0200c0041a88249400ad2903e0f4b"
		"ba00bd93f002beb7a2a2010000a91e09000000000000000000000000000000807296"
		"04000000000000000000000000000000000000000000000000000000000000000000"
		"000000000000005c6f4800000000000000fc2c240000000000000000000000be1b12"
		"000000000000000000ecaa4b000000000000000000000000000000009b0b09000000"
		"00000000000038de9400000000000000002a30cc010000000080642f0bd8011b";
	struct bytes value, compressed;
	struct buf list = BUF_INIT(1 << 17);
	unsigned v = 0, sum = 0;
	ok(cbor_map_find_text(hex(map), "lst", &value) && cbor_as_bytes(value, &compressed));
	eq_int(zlib_decompress(compressed, &list), RC_OK);
	eq_int(list.len, statuslist_size(1, 1 << 20));
	for (size_t i = 0; i < sizeof set / sizeof *set; i++) {
		eq_int(statuslist_get(buf_bytes(&list), 1, set[i], &v), RC_OK);
		eq_int(v, 1);
	}
	for (uint64_t i = 0; i < 1 << 20; i++) {
		if (statuslist_get(buf_bytes(&list), 1, i, &v) == RC_OK)
			sum += v;
	}
	eq_int(sum, sizeof set / sizeof *set);
	buf_release(&list);
}

TEST(statuslist_reads_what_it_writes)
{
	static uint8_t packed[32768];
	struct statuslist_claims in = {.sub = BYTES_LIT("https://civis.example/status/1"), .iat = 1793600000,
	                               .exp = 1793686400, .ttl = 3600, .bits = 2}, got = {0};
	struct buf out = BUF_INIT(8192), list = BUF_INIT(sizeof packed);
	eq_int(statuslist_set(packed, sizeof packed, 2, 131071, STATUS_CHANGED), RC_OK);
	eq_int(statuslist_put(&out, &in, BYTES_ARRAY(packed)), RC_OK);
	ok(cbor_is_deterministic(buf_bytes(&out)));
	eq_int(statuslist_parse(buf_bytes(&out), &got, &list), RC_OK);
	ok(bytes_equal(buf_bytes(&list), BYTES_ARRAY(packed)));
	ok(bytes_equal(got.sub, in.sub) && got.iat == in.iat && got.exp == in.exp && got.ttl == in.ttl && got.bits == 2);

	struct buf small = BUF_INIT(sizeof packed - 1);
	eq_int(statuslist_parse(buf_bytes(&out), &got, &small), RC_TOO_LARGE);
	eq_int(small.len, 0);
	for (size_t i = 0; i < out.len; i++) {
		buf_reset(&list);
		eq_int(statuslist_parse(bytes_slice(buf_bytes(&out), 0, i), &got, &list), RC_FORMAT);
	}
	in.exp = in.ttl = 0;
	buf_reset(&out);
	buf_reset(&list);
	eq_int(statuslist_put(&out, &in, BYTES_ARRAY(packed)), RC_OK);
	eq_int(statuslist_parse(buf_bytes(&out), &got, &list), RC_OK);
	ok(got.exp == 0 && got.ttl == 0);
	in.bits = 3;
	eq_int(statuslist_put(&out, &in, BYTES_ARRAY(packed)), RC_FORMAT);
	buf_release(&small);
	buf_release(&list);
	buf_release(&out);
}

TEST(statuslist_refuses_ambiguous_claims)
{
	struct statuslist_claims c;
	struct buf list = BUF_INIT(64);
	/* sub, iat, list; then with sub twice, without iat, bits 3, bits 257, bits twice */
	eq_int(statuslist_parse(hex("a3026161060119fffda2636c73744a78dadbb918000217015d646269747301"), &c, &list), RC_OK);
	eq_int(statuslist_parse(hex("a4026161060119fffda2636c73744a78dadbb918000217015d646269747301026162"), &c, &list),
	       RC_FORMAT);
	eq_int(statuslist_parse(hex("a202616119fffda2636c73744a78dadbb918000217015d646269747301"), &c, &list), RC_FORMAT);
	eq_int(statuslist_parse(hex("a3026161060119fffda2636c73744a78dadbb918000217015d646269747303"), &c, &list),
	       RC_FORMAT);
	eq_int(statuslist_parse(hex("a3026161060119fffda2636c73744a78dadbb918000217015d6462697473190101"), &c, &list),
	       RC_FORMAT);
	eq_int(statuslist_parse(hex("a3026161060119fffda3636c73744a78dadbb918000217015d646269747301646269747302"), &c,
	                        &list), RC_FORMAT);
	buf_release(&list);
}

TEST(a_document_points_at_its_status)
{
	struct buf b = BUF_INIT(128);
	struct bytes uri;
	uint64_t index = 0;
	statuslist_reference_put(&b, 412, BYTES_LIT("https://example.com/statuslists/1"));
	/* the draft's example of a Referenced Token in CBOR */
	eq_hex(buf_bytes(&b), "a16b7374617475735f6c697374a26369647819019c63757269782168747470733a2f2f6578616d706c652e636f"
	                      "6d2f7374617475736c697374732f31");
	eq_int(statuslist_reference_parse(buf_bytes(&b), &index, &uri), RC_OK);
	eq_int(index, 412);
	ok(bytes_equal(uri, BYTES_LIT("https://example.com/statuslists/1")));
	for (size_t i = 0; i < b.len; i++)
		eq_int(statuslist_reference_parse(bytes_slice(buf_bytes(&b), 0, i), &index, &uri), RC_FORMAT);
	buf_release(&b);
}

int main(void)
{
	RUN(base45_has_the_examples_of_the_standard);
	RUN(base45_refuses_what_no_encoder_writes);
	RUN(zlib_gives_back_what_it_took);
	RUN(zlib_uses_a_dictionary_that_both_sides_know);
	RUN(zlib_stops_at_the_maximum_and_at_faults);
	RUN(cose_reads_the_example_of_the_standard);
	RUN(cose_reads_what_it_writes);
	RUN(cose_refuses_what_could_mislead);
	RUN(statuslist_packs_as_the_draft_does);
	RUN(statuslist_stays_inside);
	RUN(statuslist_reads_the_token_of_the_draft);
	RUN(statuslist_reads_the_large_vector_of_the_draft);
	RUN(statuslist_reads_what_it_writes);
	RUN(statuslist_refuses_ambiguous_claims);
	RUN(a_document_points_at_its_status);
	return tap_done();
}
