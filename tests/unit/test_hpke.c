/* SPDX-License-Identifier: MPL-2.0 */
#include "crypto/hpke.h"

#include "hex.h"

/* RFC 9180, appendix A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode. */
static const char info[] = "4f6465206f6e2061204772656369616e2055726e";
static const char plain[] = "4265617574792069732074727574682c20747275746820626561757479";
static const char recipient[] = "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2";
static const char recipient_point[] = "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7"
                                      "f62fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0";
static const char ephemeral[] = "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb";
static const char enc[] = "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be"
                          "863c403ce65c9bfcb9382657222d18c4";

static const struct {
	uint64_t seq;
	const char *aad, *sealed;
} messages[] = {
	{0, "Count-0", "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434"},
	{1, "Count-1", "fa6f037b47fc21826b610172ca9637e82d6e5801eb31cbd3748271affd4ecb06646e0329cbdf3c3cd655b28e82"},
	{255, "Count-255", "2ad71c85bf3f45c6eca301426289854b31448bcf8a8ccb1deef3ebd87f60848aa53c538c30a4dac71d619ee2cd"},
};

static struct p256_key *load(const char *scalar)
{
	struct p256_key *key = NULL;
	if (p256_load(hex(scalar), &key) != RC_OK)
		printf("Bail out! not a key\n"), exit(2);
	return key;
}

static void check_messages(const struct hpke *sender, const struct hpke *receiver)
{
	struct buf out = BUF_INIT(256), back = BUF_INIT(256);
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		struct bytes aad = bytes_str(messages[i].aad);
		buf_reset(&out);
		buf_reset(&back);
		eq_int(hpke_seal(sender, messages[i].seq, aad, hex(plain), &out), RC_OK);
		eq_hex(buf_bytes(&out), messages[i].sealed);
		eq_int(hpke_open(receiver, messages[i].seq, aad, buf_bytes(&out), &back), RC_OK);
		eq_hex(buf_bytes(&back), plain);
	}
	buf_release(&out);
	buf_release(&back);
}

TEST(it_has_the_example_of_rfc_9180)
{
	struct p256_key *to = load(recipient), *once = load(ephemeral);
	struct hpke sender, receiver;
	uint8_t made[P256_PUBLIC_SIZE];
	eq_int(hpke_send(hex(recipient_point), once, HPKE_AES_128_GCM, hex(info), made, &sender), RC_OK);
	eq_hex(BYTES_ARRAY(made), enc);
	eq_hex(bytes_of(sender.key, 16), "868c066ef58aae6dc589b6cfdd18f97e");
	eq_hex(BYTES_ARRAY(sender.base_nonce), "4e0bc5018beba4bf004cca59");
	eq_int(hpke_receive(to, HPKE_AES_128_GCM, hex(enc), hex(info), &receiver), RC_OK);
	check_messages(&sender, &receiver);
	p256_free(&to);
	p256_free(&once);
}

TEST(what_was_sealed_opens_only_as_that)
{
	struct p256_key *to = NULL, *other = NULL, *once = NULL;
	struct hpke h, wrong;
	uint8_t point[P256_PUBLIC_SIZE], made[P256_PUBLIC_SIZE];
	struct buf sealed = BUF_INIT(256), out = BUF_INIT(256);
	eq_int(p256_generate(&to), RC_OK);
	eq_int(p256_generate(&other), RC_OK);
	eq_int(p256_generate(&once), RC_OK);
	p256_point(to, point);
	eq_int(hpke_send(BYTES_ARRAY(point), once, HPKE_AES_256_GCM, BYTES_LIT("here"), made, &h), RC_OK);
	eq_int(hpke_seal(&h, 3, BYTES_LIT("head"), BYTES_LIT("a declaration"), &sealed), RC_OK);
	eq_int(sealed.len, 13 + AEAD_TAG_SIZE);
	buf_str(&out, "kept");

	eq_int(hpke_receive(to, HPKE_AES_256_GCM, BYTES_ARRAY(made), BYTES_LIT("here"), &h), RC_OK);
	for (size_t i = 0; i < sealed.len; i++) {
		sealed.ptr[i] ^= 1;
		eq_int(hpke_open(&h, 3, BYTES_LIT("head"), buf_bytes(&sealed), &out), RC_SIGNATURE);
		sealed.ptr[i] ^= 1;
		eq_int(hpke_open(&h, 3, BYTES_LIT("head"), bytes_slice(buf_bytes(&sealed), 0, i), &out), RC_SIGNATURE);
	}
	eq_int(hpke_open(&h, 2, BYTES_LIT("head"), buf_bytes(&sealed), &out), RC_SIGNATURE);
	eq_int(hpke_open(&h, 3, BYTES_LIT("heat"), buf_bytes(&sealed), &out), RC_SIGNATURE);
	eq_int(hpke_receive(to, HPKE_AES_256_GCM, BYTES_ARRAY(made), BYTES_LIT("there"), &wrong), RC_OK);
	eq_int(hpke_open(&wrong, 3, BYTES_LIT("head"), buf_bytes(&sealed), &out), RC_SIGNATURE);
	eq_int(hpke_receive(to, HPKE_AES_128_GCM, BYTES_ARRAY(made), BYTES_LIT("here"), &wrong), RC_OK);
	eq_int(hpke_open(&wrong, 3, BYTES_LIT("head"), buf_bytes(&sealed), &out), RC_SIGNATURE);
	eq_int(hpke_receive(other, HPKE_AES_256_GCM, BYTES_ARRAY(made), BYTES_LIT("here"), &wrong), RC_OK);
	eq_int(hpke_open(&wrong, 3, BYTES_LIT("head"), buf_bytes(&sealed), &out), RC_SIGNATURE);
	eq_int(hpke_open(&h, 3, BYTES_LIT("head"), buf_bytes(&sealed), &out), RC_OK);
	eq_str(buf_cstr(&out), "kepta declaration");
	p256_free(&to);
	p256_free(&other);
	p256_free(&once);
	buf_release(&sealed);
	buf_release(&out);
}

TEST(a_point_that_is_none_is_refused)
{
	struct p256_key *key = load(recipient);
	struct hpke h;
	uint8_t point[P256_PUBLIC_SIZE], made[P256_PUBLIC_SIZE];
	p256_point(key, point);
	point[64] ^= 1;
	eq_int(hpke_receive(key, HPKE_AES_256_GCM, BYTES_ARRAY(point), BYTES_NONE, &h), RC_FORMAT);
	eq_int(hpke_send(BYTES_ARRAY(point), key, HPKE_AES_256_GCM, BYTES_NONE, made, &h), RC_FORMAT);
	point[64] ^= 1;
	point[0] = 0x03; /* compressed */
	eq_int(hpke_receive(key, HPKE_AES_256_GCM, BYTES_ARRAY(point), BYTES_NONE, &h), RC_FORMAT);
	memset(point, 0, sizeof point); /* infinity */
	eq_int(hpke_receive(key, HPKE_AES_256_GCM, BYTES_ARRAY(point), BYTES_NONE, &h), RC_FORMAT);
	eq_int(hpke_receive(key, HPKE_AES_256_GCM, bytes_of(point, 33), BYTES_NONE, &h), RC_FORMAT);
	p256_free(&key);
}

int main(void)
{
	crypto_prepare();
	RUN(it_has_the_example_of_rfc_9180);
	RUN(what_was_sealed_opens_only_as_that);
	RUN(a_point_that_is_none_is_refused);
	return tap_done();
}
