/* SPDX-License-Identifier: MPL-2.0 */
#include "hex.h"

#include <unistd.h>

#include "base/random.h"
#include "codec/cose.h"
#include "crypto/crypto.h"

/* ---- hashes ---- */

static void check_sha256(struct bytes in, const char *want)
{
	uint8_t h[HASH_SIZE];
	struct sha256 s;
	sha256(in, h);
	eq_hex(BYTES_ARRAY(h), want);
	sha256_pair(bytes_slice(in, 0, in.len / 3), bytes_slice(in, in.len / 3, in.len), h);
	eq_hex(BYTES_ARRAY(h), want);
	sha256_init(&s);
	for (size_t i = 0; i < in.len; i += 77)
		sha256_update(&s, bytes_slice(in, i, 77));
	sha256_final(&s, h);
	eq_hex(BYTES_ARRAY(h), want);
}

TEST(sha256_has_the_examples_of_fips_180)
{
	static char million[1000000];
	memset(million, 'a', sizeof million);
	check_sha256(BYTES_NONE, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	check_sha256(BYTES_LIT("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	check_sha256(BYTES_LIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
	             "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	check_sha256(BYTES_ARRAY(million), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(tree_hashes_equal_the_plain_hash_at_every_length)
{
	uint8_t in[300], fast[HASH_SIZE], plain[HASH_SIZE];
	for (size_t i = 0; i < sizeof in; i++)
		in[i] = (uint8_t)(i * 7 + 1);
	for (size_t n = 0; n <= sizeof in; n++) {
		sha256_leaf(bytes_of(in, n), fast);
		sha256_pair(BYTES_LIT("\0"), bytes_of(in, n), plain);
		if (!ok(memcmp(fast, plain, HASH_SIZE) == 0))
			printf("# length %zu\n", n);
	}
	sha256_node(in, in + 32, fast);
	sha256_pair(BYTES_LIT("\1"), bytes_of(in, 64), plain);
	ok(memcmp(fast, plain, HASH_SIZE) == 0);
	uint8_t many[HASH_SIZE * 3];
	sha256_nodes(in, 3, many);
	ok(memcmp(many, plain, HASH_SIZE) == 0);
	sha256_node(in + 128, in + 160, plain);
	ok(memcmp(many + 64, plain, HASH_SIZE) == 0);
	sha256_nodes(in, 3, in); /* in place */
	ok(memcmp(in, many, sizeof many) == 0);
}

TEST(the_bare_compression_is_the_one_of_the_hash)
{
	/* "abc" padded by hand is one block */
	uint8_t block[64] = {'a', 'b', 'c', 0x80, [63] = 24}, h[HASH_SIZE];
	sha256_bare_compressions(block, 1, h);
	eq_hex(BYTES_ARRAY(h), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(hmac_has_the_examples_of_rfc_4231)
{
	uint8_t h[HASH_SIZE], key[131];
	memset(key, 0x0b, 20);
	hmac_sha256(bytes_of(key, 20), BYTES_LIT("Hi There"), h);
	eq_hex(BYTES_ARRAY(h), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	hmac_sha256(BYTES_LIT("Jefe"), BYTES_LIT("what do ya want for nothing?"), h);
	eq_hex(BYTES_ARRAY(h), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof key);
	hmac_sha256(BYTES_ARRAY(key), BYTES_LIT("Test Using Larger Than Block-Size Key - Hash Key First"), h);
	eq_hex(BYTES_ARRAY(h), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	/* Many under one key are what each is alone. */
	const struct bytes in[3] = {BYTES_LIT("Hi There"), BYTES_NONE, BYTES_ARRAY(key)};
	uint8_t many[3][HASH_SIZE];
	hmac_sha256_many(BYTES_ARRAY(key), in, 3, many);
	for (size_t i = 0; i < 3; i++) {
		hmac_sha256(BYTES_ARRAY(key), in[i], h);
		ok(memcmp(h, many[i], HASH_SIZE) == 0);
	}
}

TEST(hkdf_has_the_examples_of_rfc_5869)
{
	uint8_t secret[22], okm[42];
	memset(secret, 0x0b, sizeof secret);
	hkdf_sha256(BYTES_ARRAY(secret), hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"), okm, sizeof okm);
	eq_hex(BYTES_ARRAY(okm), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
	hkdf_sha256(BYTES_ARRAY(secret), BYTES_NONE, BYTES_NONE, okm, sizeof okm);
	eq_hex(BYTES_ARRAY(okm), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

/* ---- sealing ---- */

TEST(gcm_has_the_published_examples)
{
	struct buf out = BUF_INIT(256), back = BUF_INIT(256);
	uint8_t zero[32] = {0};
	eq_int(aead_seal_nonce(AEAD_AES_256_GCM, zero, zero, BYTES_NONE, BYTES_NONE, &out), RC_OK);
	eq_hex(buf_bytes(&out), "000000000000000000000000530f8afbc74536b9a963b4f1c4cb738b");
	eq_int(aead_open(AEAD_AES_256_GCM, zero, BYTES_NONE, buf_bytes(&out), &back), RC_OK);
	eq_int(back.len, 0);
	buf_reset(&out);

	struct bytes key = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
	struct bytes nonce = hex("cafebabefacedbaddecaf888");
	struct bytes aad = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
	struct bytes plain = hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e"
	                         "2449a6b525b16aedf5aa0de657ba637b39");
	eq_int(aead_seal_nonce(AEAD_AES_256_GCM, key.ptr, nonce.ptr, aad, plain, &out), RC_OK);
	eq_hex(buf_bytes(&out), "cafebabefacedbaddecaf888"
	                        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b10"
	                        "56828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
	eq_int(aead_open(AEAD_AES_256_GCM, key.ptr, aad, buf_bytes(&out), &back), RC_OK);
	ok(bytes_equal(buf_bytes(&back), plain));
	buf_release(&out);
	buf_release(&back);
}

TEST(a_sealed_blob_opens_only_whole_and_in_its_place)
{
	uint8_t key[32] = {1};
	struct buf sealed = BUF_INIT(256), out = BUF_INIT(256);
	eq_int(aead_seal(AEAD_AES_256_GCM, key, BYTES_LIT("place"), BYTES_LIT("secret"), &sealed), RC_OK);
	eq_int(sealed.len, 6 + AEAD_OVERHEAD);
	buf_str(&out, "kept");
	for (size_t i = 0; i < sealed.len; i++) {
		sealed.ptr[i] ^= 1;
		eq_int(aead_open(AEAD_AES_256_GCM, key, BYTES_LIT("place"), buf_bytes(&sealed), &out), RC_SIGNATURE);
		sealed.ptr[i] ^= 1;
		eq_int(aead_open(AEAD_AES_256_GCM, key, BYTES_LIT("place"), bytes_slice(buf_bytes(&sealed), 0, i), &out),
		       RC_SIGNATURE);
	}
	eq_int(aead_open(AEAD_AES_256_GCM, key, BYTES_LIT("plac"), buf_bytes(&sealed), &out), RC_SIGNATURE);
	key[31] ^= 1;
	eq_int(aead_open(AEAD_AES_256_GCM, key, BYTES_LIT("place"), buf_bytes(&sealed), &out), RC_SIGNATURE);
	eq_str(buf_cstr(&out), "kept");
	key[31] ^= 1;
	eq_int(aead_open(AEAD_AES_256_GCM, key, BYTES_LIT("place"), buf_bytes(&sealed), &out), RC_OK);
	eq_str(buf_cstr(&out), "keptsecret");
	eq_int(aead_open((enum aead_alg)9, key, BYTES_LIT("place"), buf_bytes(&sealed), &out), RC_INVALID);
	struct buf small = BUF_INIT(20);
	eq_int(aead_seal(AEAD_AES_256_GCM, key, BYTES_NONE, BYTES_LIT("secret"), &small), RC_TOO_LARGE);
	ok(!buf_failed(&small) && small.len == 0);
	buf_release(&small);
	buf_release(&sealed);
	buf_release(&out);
}

/* ---- signatures ---- */

static void check_ed25519(const char *seed, const char *public_key, const char *message, const char *signature)
{
	struct ed25519_key key;
	uint8_t sig[ED25519_SIGNATURE_SIZE];
	ed25519_from_seed(hex(seed).ptr, &key);
	eq_hex(BYTES_ARRAY(key.public_key), public_key);
	ed25519_sign(&key, hex(message), sig);
	eq_hex(BYTES_ARRAY(sig), signature);
	eq_int(ed25519_verify(BYTES_ARRAY(key.public_key), hex(message), BYTES_ARRAY(sig)), RC_OK);
	eq_int(ed25519_verify(BYTES_ARRAY(key.public_key), BYTES_LIT("other"), BYTES_ARRAY(sig)), RC_SIGNATURE);
	eq_int(ed25519_verify(BYTES_ARRAY(key.public_key), hex(message), bytes_of(sig, 63)), RC_SIGNATURE);
	sig[5] ^= 4;
	eq_int(ed25519_verify(BYTES_ARRAY(key.public_key), hex(message), BYTES_ARRAY(sig)), RC_SIGNATURE);
}

TEST(ed25519_has_the_examples_of_rfc_8032)
{
	check_ed25519("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	              "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
	              "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5"
	              "f0595bbe24655141438e7a100b");
	check_ed25519("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	              "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
	              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2e"
	              "aeb4302aeeb00d291612bb0c00");
}

/* RFC 6979 appendix A.2.5: a key, its point, a signature over "sample". */
#define P256_SCALAR "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
#define P256_POINT \
	"0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6" \
	"7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"
#define P256_SAMPLE \
	"efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716" \
	"f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"

TEST(p256_verifies_published_signatures)
{
	struct p256_public *key = NULL;
	eq_int(p256_public_new(hex(P256_POINT), &key), RC_OK);
	eq_int(p256_verify(key, BYTES_LIT("sample"), hex(P256_SAMPLE)), RC_OK);
	eq_int(p256_verify(key, BYTES_LIT("sampl"), hex(P256_SAMPLE)), RC_SIGNATURE);
	eq_int(p256_verify(key, BYTES_LIT("sample"), bytes_slice(hex(P256_SAMPLE), 0, 63)), RC_SIGNATURE);
	uint8_t zero[64] = {0};
	eq_int(p256_verify(key, BYTES_LIT("sample"), BYTES_ARRAY(zero)), RC_SIGNATURE);
	memset(zero, 0xff, sizeof zero);
	eq_int(p256_verify(key, BYTES_LIT("sample"), BYTES_ARRAY(zero)), RC_SIGNATURE);
	eq_int(p256_verify(key, BYTES_LIT("sample"), hex(P256_SAMPLE)), RC_OK); /* the context survives failures */
	p256_public_free(&key);
	ok(key == NULL);
	p256_public_free(&key);
}

/* RFC 9052 appendix C.2.1, with key "11" of its appendix C.7.1. */
TEST(p256_verifies_the_cose_example_of_the_standard)
{
	struct cose_sign1 s;
	struct buf tbs = BUF_INIT(256);
	struct p256_public *key = NULL;
	eq_int(p256_public_new(hex("04bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"
	                           "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e"), &key), RC_OK);
	eq_int(cose_sign1_parse(hex("d28443a10126a10442313154546869732069732074686520636f6e74656e742e58408eb33e4ca31d1c465a"
	                            "b05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01"
	                            "f11d3b0916e5a4c345cacb36"), &s), RC_OK);
	cose_sign1_tbs(&s, &tbs);
	eq_int(p256_verify(key, buf_bytes(&tbs), s.signature), RC_OK);
	buf_release(&tbs);
	p256_public_free(&key);
}

TEST(p256_signs_what_it_verifies)
{
	struct p256_key *key = NULL, *again = NULL;
	struct p256_public *pub = NULL;
	uint8_t sig[P256_SIGNATURE_SIZE], scalar[P256_PRIVATE_SIZE], point[P256_PUBLIC_SIZE];
	eq_int(p256_load(hex(P256_SCALAR), &key), RC_OK);
	p256_point(key, point);
	eq_hex(BYTES_ARRAY(point), P256_POINT);
	p256_free(&key);
	eq_int(p256_generate(&key), RC_OK);
	p256_save(key, scalar);
	eq_int(p256_load(BYTES_ARRAY(scalar), &again), RC_OK);
	p256_point(again, point);
	eq_int(p256_public_new(BYTES_ARRAY(point), &pub), RC_OK);
	/* enough for short r and s, whose DER and raw forms differ in length */
	for (int i = 0; i < 1500; i++) {
		uint8_t message[4] = {(uint8_t)i, (uint8_t)(i >> 8)};
		eq_int(p256_sign(i % 2 ? key : again, BYTES_ARRAY(message), sig), RC_OK);
		eq_int(p256_verify(pub, BYTES_ARRAY(message), BYTES_ARRAY(sig)), RC_OK);
		message[3] = 1;
		if (i < 50)
			eq_int(p256_verify(pub, BYTES_ARRAY(message), BYTES_ARRAY(sig)), RC_SIGNATURE);
	}
	p256_free(&key);
	p256_free(&again);
	p256_public_free(&pub);
}

TEST(p256_refuses_impossible_keys)
{
	struct p256_key *key = NULL;
	struct p256_public *pub = NULL;
	uint8_t wrong[P256_PUBLIC_SIZE];
	const char *order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
	eq_int(p256_load(hex(order), &key), RC_FORMAT);
	eq_int(p256_load(hex("0000000000000000000000000000000000000000000000000000000000000000"), &key), RC_FORMAT);
	eq_int(p256_load(hex("01"), &key), RC_FORMAT);
	memcpy(wrong, hex(P256_POINT).ptr, sizeof wrong);
	wrong[64] ^= 1;
	eq_int(p256_public_new(BYTES_ARRAY(wrong), &pub), RC_FORMAT);
	wrong[64] ^= 1;
	wrong[0] = 6;
	eq_int(p256_public_new(BYTES_ARRAY(wrong), &pub), RC_FORMAT);
	eq_int(p256_public_new(bytes_of(wrong, 33), &pub), RC_FORMAT);
	ok(key == NULL && pub == NULL);
}

static void print_hex(FILE *f, struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		fprintf(f, "%02x", b.ptr[i]);
	fputc('\n', f);
}

/* A COSE_Sign1 of ours, judged by Node's crypto: lines point, tbs, signature on its standard input. */
TEST(another_program_accepts_our_cose_signature)
{
	static const char judge[] =
		"node -e \""
		"const c=require('crypto'),[p,t,s]=require('fs').readFileSync(0,'utf8').trim().split('\\n').map(l=>Buffer.from(l,'hex'));"
		"const u=b=>b.toString('base64url');"
		"const k=c.createPublicKey({format:'jwk',key:{kty:'EC',crv:'P-256',x:u(p.subarray(1,33)),y:u(p.subarray(33))}});"
		"const v=(t)=>c.verify('sha256',t,{key:k,dsaEncoding:'ieee-p1363'},s);"
		"const w=Buffer.from(t);w[w.length-1]^=1;"
		"process.exit(v(t)&&!v(w)?0:1)\"";
	if (system("node --version >/dev/null 2>&1") != 0)
		skip("node is not installed");
	struct p256_key *key = NULL;
	struct buf prot = BUF_INIT(64), tbs = BUF_INIT(256);
	uint8_t sig[P256_SIGNATURE_SIZE], point[P256_PUBLIC_SIZE];
	eq_int(p256_generate(&key), RC_OK);
	p256_point(key, point);
	cose_protected(&prot, COSE_ALG_ES256, BYTES_LIT("\x01\x02\x03\x04\x05\x06\x07\x08"), NULL);
	cose_tbs(&tbs, buf_bytes(&prot), BYTES_LIT("a payload"));
	eq_int(p256_sign(key, buf_bytes(&tbs), sig), RC_OK);
	FILE *f = popen(judge, "w");
	if (ok(f != NULL)) {
		print_hex(f, BYTES_ARRAY(point));
		print_hex(f, buf_bytes(&tbs));
		print_hex(f, BYTES_ARRAY(sig));
		eq_int(pclose(f), 0);
	}
	p256_free(&key);
	buf_release(&prot);
	buf_release(&tbs);
}

/* ---- passphrases ---- */

TEST(a_passphrase_matches_only_itself)
{
	struct passphrase_cost cheap = {.operations = 1, .memory_bytes = 8192};
	char a[PASSPHRASE_HASH_SIZE], b[PASSPHRASE_HASH_SIZE];
	eq_int(passphrase_hash(BYTES_LIT("សូមស្វាគមន៍ 12"), cheap, a), RC_OK);
	eq_int(passphrase_hash(BYTES_LIT("សូមស្វាគមន៍ 12"), cheap, b), RC_OK);
	ok(strcmp(a, b) != 0); /* salted */
	ok(strncmp(a, "$argon2id$v=19$m=8,t=1,p=1$", 27) == 0);
	eq_int(passphrase_verify(a, BYTES_LIT("សូមស្វាគមន៍ 12")), RC_OK);
	eq_int(passphrase_verify(a, BYTES_LIT("សូមស្វាគមន៍ 13")), RC_CREDENTIALS);
	eq_int(passphrase_verify(a, BYTES_NONE), RC_CREDENTIALS);
	eq_int(passphrase_verify("nonsense", BYTES_LIT("x")), RC_CREDENTIALS);
	eq_int(passphrase_verify("", BYTES_LIT("x")), RC_CREDENTIALS);
	cheap.memory_bytes = 1;
	eq_int(passphrase_hash(BYTES_LIT("x"), cheap, a), RC_INVALID);
}

int main(void)
{
	crypto_prepare();
	RUN(sha256_has_the_examples_of_fips_180);
	RUN(tree_hashes_equal_the_plain_hash_at_every_length);
	RUN(the_bare_compression_is_the_one_of_the_hash);
	RUN(hmac_has_the_examples_of_rfc_4231);
	RUN(hkdf_has_the_examples_of_rfc_5869);
	RUN(gcm_has_the_published_examples);
	RUN(a_sealed_blob_opens_only_whole_and_in_its_place);
	RUN(ed25519_has_the_examples_of_rfc_8032);
	RUN(p256_verifies_published_signatures);
	RUN(p256_verifies_the_cose_example_of_the_standard);
	RUN(p256_signs_what_it_verifies);
	RUN(p256_refuses_impossible_keys);
	RUN(another_program_accepts_our_cose_signature);
	RUN(a_passphrase_matches_only_itself);
	return tap_done();
}
