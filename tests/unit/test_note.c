/* SPDX-License-Identifier: MPL-2.0 */
/* Signed notes, checkpoints and offline proofs. */
#include "ledger/proof.h"
#include "tap.h"

static struct ed25519_key secret;
static struct note_key key;

static void make_key(void)
{
	uint8_t seed[32];
	memset(seed, 5, sizeof seed);
	ed25519_from_seed(seed, &secret);
	if (note_key_ed25519("civis.example/khm/1", secret.public_key, &key) != RC_OK)
		key.name[0] = 0;
}

static void sign_with(const struct note_key *k, const struct ed25519_key *s, struct bytes text, struct buf *out)
{
	uint8_t signature[64];
	ed25519_sign(s, text, signature);
	note_signature_line(k, signature, out);
}

static void make_note(const char *origin, uint64_t size, const struct hash *root, struct buf *out)
{
	struct checkpoint c = {.size = size, .root = *root};
	snprintf(c.origin, sizeof c.origin, "%s", origin);
	checkpoint_format(&c, out);
	struct buf text = BUF_INIT(NOTE_MAX);
	buf_append(&text, buf_bytes(out));
	buf_str(out, "\n");
	sign_with(&key, &secret, buf_bytes(&text), out);
	buf_release(&text);
}

TEST(the_published_vkey_example_is_read_and_written_again)
{
	/* The example key of the C2SP signed-note document and of Go's note package. */
	static const char vkey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
	struct note_key k;
	struct buf b = BUF_INIT(256);
	eq_int(note_key_parse(bytes_str(vkey), &k), RC_OK);
	eq_str(k.name, "PeterNeumann");
	ok(k.id[0] == 0xc7 && k.id[3] == 0xa3);
	note_key_format(&k, &b);
	eq_str(buf_cstr(&b), vkey);
	buf_release(&b);
}

TEST(the_published_note_example_verifies)
{
	static const char vkey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
	static const char whole[] = "If you think cryptography is the answer to your problem,\n"
	                            "then you don't know what your problem is.\n\n"
	                            "\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
	struct note_key k;
	struct note n;
	eq_int(note_key_parse(bytes_str(vkey), &k), RC_OK);
	eq_int(note_parse(bytes_str(whole), &n), RC_OK);
	eq_int(n.count, 1);
	eq_int(note_verify(&n, &k), RC_OK);
	eq_int(note_verify(&n, &key), RC_SIGNATURE);
}

TEST(wrong_vkeys_are_refused)
{
	static const char *const wrong[] = {
		"",
		"PeterNeumann",
		"PeterNeumann+c74f20a3",
		"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10Q=",
		"+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		"PeterNeumann+c74f20+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	};
	struct note_key k;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		eq_int(note_key_parse(bytes_str(wrong[i]), &k), RC_FORMAT);
	uint8_t public_key[32] = {0};
	char long_name[NOTE_NAME_SIZE + 1];
	memset(long_name, 'a', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = 0;
	eq_int(note_key_ed25519(long_name, public_key, &k), RC_FORMAT);
	eq_int(note_key_ed25519("a b", public_key, &k), RC_FORMAT);
	eq_int(note_key_ed25519("", public_key, &k), RC_FORMAT);
}

TEST(a_checkpoint_is_signed_and_read_again)
{
	struct hash root;
	struct buf b = BUF_INIT(NOTE_MAX);
	struct checkpoint c;
	merkle_leaf(BYTES_LIT("x"), &root);
	make_note("civis.example/khm/1", 70000, &root, &b);
	eq_int(checkpoint_open(buf_bytes(&b), &key, &c), RC_OK);
	eq_str(c.origin, "civis.example/khm/1");
	ok(c.size == 70000 && hash_equal(&c.root, &root));
	/* Every flipped bit either breaks the note or its signature. */
	for (size_t i = 0; i < b.len * 8; i++) {
		b.ptr[i / 8] ^= (uint8_t)(1u << (i % 8));
		ok(checkpoint_open(buf_bytes(&b), &key, &c) != RC_OK);
		b.ptr[i / 8] ^= (uint8_t)(1u << (i % 8));
	}
	for (size_t n = 0; n < b.len; n++)
		ok(checkpoint_open(bytes_slice(buf_bytes(&b), 0, n), &key, &c) != RC_OK);
	buf_release(&b);
}

TEST(a_checkpoint_of_another_origin_is_refused_though_signed)
{
	struct hash root;
	struct buf b = BUF_INIT(NOTE_MAX);
	struct checkpoint c;
	merkle_empty(&root);
	make_note("civis.example/khm/2", 0, &root, &b);
	eq_int(checkpoint_open(buf_bytes(&b), &key, &c), RC_SIGNATURE);
	eq_int(checkpoint_open(buf_bytes(&b), NULL, &c), RC_OK);
	buf_release(&b);
}

TEST(unknown_signatures_are_passed_over_and_a_failing_known_one_is_not)
{
	struct ed25519_key other;
	struct note_key witness;
	struct hash root;
	struct buf b = BUF_INIT(NOTE_MAX), more = BUF_INIT(NOTE_MAX);
	struct checkpoint c;
	uint8_t seed[32] = {9}, bad[64] = {1};
	ed25519_from_seed(seed, &other);
	eq_int(note_key_ed25519("court.example", other.public_key, &witness), RC_OK);
	merkle_empty(&root);
	make_note("civis.example/khm/1", 0, &root, &b);
	buf_append(&more, buf_bytes(&b));
	for (unsigned i = 0; i < 16; i++)
		note_signature_line(&witness, bad, &more);
	eq_int(checkpoint_open(buf_bytes(&more), &key, &c), RC_OK);
	note_signature_line(&key, bad, &more);
	eq_int(checkpoint_open(buf_bytes(&more), &key, &c), RC_SIGNATURE);
	for (unsigned i = 0; i < NOTE_MAX_SIGNATURES; i++)
		note_signature_line(&witness, bad, &b);
	eq_int(checkpoint_open(buf_bytes(&b), &key, &c), RC_FORMAT);
	buf_release(&b);
	buf_release(&more);
}

TEST(notes_that_are_none_are_refused)
{
	static const char *const wrong[] = {
		"", "\n", "\n\n", "text\n", "text\n\n", "text\n\nnot a signature\n",
		"text\n\n\xe2\x80\x94 name\n", "text\n\n\xe2\x80\x94 name AAA\n", "text\n\n\xe2\x80\x94 name AAAAAA==\n",
		"text\n\n\xe2\x80\x94 name AAAAAAA=", "text\n\n\xe2\x80\x94 na+me AAAAAAA=\n", "te\txt\n\n\xe2\x80\x94 name AAAAAAA=\n",
		"te\xff\n\n\xe2\x80\x94 name AAAAAAA=\n", "text\n\n- name AAAAAAA=\n",
	};
	struct note n;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		eq_int(note_parse(bytes_str(wrong[i]), &n), RC_FORMAT);
	eq_int(note_parse(bytes_str("text\n\n\xe2\x80\x94 name AAAAAAA=\n"), &n), RC_OK);
	/* The last empty line divides; the text may have others. */
	eq_int(note_parse(bytes_str("a\n\nb\n\n\xe2\x80\x94 name AAAAAAA=\n"), &n), RC_OK);
	eq_int(n.text.len, 5);
}

TEST(checkpoint_texts_that_are_none_are_refused)
{
	static const char *const wrong[] = {
		"o\n", "o\n1\n", "o\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
		"o\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuF==\n",
		"o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
		"o\n9223372036854775808\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
	};
	struct checkpoint c;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		eq_int(checkpoint_parse(bytes_str(wrong[i]), &c), RC_FORMAT);
	eq_int(checkpoint_parse(bytes_str("o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextension\n"), &c), RC_OK);
}

enum { COUNT = 200 };

static struct hash leaves[COUNT];

static enum rc read_tile(void *ctx, unsigned level, uint64_t index, unsigned width, struct buf *out)
{
	(void)ctx;
	if (level != 0 || index != 0)
		return RC_NOT_FOUND;
	buf_append(out, bytes_of(leaves, width * sizeof leaves[0]));
	return RC_OK;
}

static void make_proof(uint64_t index, struct buf *out)
{
	struct tile_reader tiles = {.read = read_tile};
	struct buf note = BUF_INIT(NOTE_MAX);
	struct hash root;
	for (unsigned i = 0; i < COUNT; i++)
		merkle_leaf(bytes_of(&i, sizeof i), &leaves[i]);
	eq_int(tile_root(&tiles, COUNT, &root), RC_OK);
	make_note("civis.example/khm/1", COUNT, &root, &note);
	eq_int(tlog_proof_make(&tiles, buf_bytes(&note), index, out), index < COUNT ? RC_OK : RC_NOT_FOUND);
	buf_release(&note);
}

TEST(an_offline_proof_holds_for_its_entry_alone)
{
	struct buf b = BUF_INIT(TLOG_PROOF_MAX);
	struct checkpoint c;
	make_proof(77, &b);
	ok(b.len > 30 && memcmp(b.ptr, "c2sp.org/tlog-proof@v1\nindex 77\n", 32) == 0);
	eq_int(tlog_proof_verify(buf_bytes(&b), &key, &leaves[77], &c), RC_OK);
	eq_int(c.size, COUNT);
	eq_int(tlog_proof_verify(buf_bytes(&b), &key, &leaves[78], &c), RC_PROOF);
	for (size_t i = 0; i < b.len * 8; i++) {
		b.ptr[i / 8] ^= (uint8_t)(1u << (i % 8));
		ok(tlog_proof_verify(buf_bytes(&b), &key, &leaves[77], &c) != RC_OK);
		b.ptr[i / 8] ^= (uint8_t)(1u << (i % 8));
	}
	buf_release(&b);
	make_proof(COUNT, &b);
	buf_release(&b);
}

TEST(an_offline_proof_may_carry_extra_data)
{
	struct buf b = BUF_INIT(TLOG_PROOF_MAX), again = BUF_INIT(TLOG_PROOF_MAX);
	struct tlog_proof p;
	make_proof(3, &b);
	eq_int(tlog_proof_parse(buf_bytes(&b), &p), RC_OK);
	p.extra = BYTES_LIT("aGVsbG8=");
	tlog_proof_format(&p, &again);
	eq_int(tlog_proof_verify(buf_bytes(&again), &key, &leaves[3], NULL), RC_OK);
	struct tlog_proof q;
	eq_int(tlog_proof_parse(buf_bytes(&again), &q), RC_OK);
	ok(bytes_equal(q.extra, BYTES_LIT("aGVsbG8=")));
	p.extra = BYTES_LIT("not base64");
	buf_reset(&again);
	tlog_proof_format(&p, &again);
	eq_int(tlog_proof_parse(buf_bytes(&again), &q), RC_FORMAT);
	buf_release(&b);
	buf_release(&again);
}

TEST(proofs_that_are_none_are_refused)
{
	static const char *const wrong[] = {
		"", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v2\nindex 1\n\nn", "c2sp.org/tlog-proof@v1\nindex 01\n\nn",
		"c2sp.org/tlog-proof@v1\nextra \nindex 1\n\nn", "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nn",
		"c2sp.org/tlog-proof@v1\nindex 1\n",
	};
	struct tlog_proof p;
	struct buf many = BUF_INIT(TLOG_PROOF_MAX);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		eq_int(tlog_proof_parse(bytes_str(wrong[i]), &p), RC_FORMAT);
	buf_str(&many, "c2sp.org/tlog-proof@v1\nindex 1\n");
	for (unsigned i = 0; i <= MERKLE_MAX_PROOF; i++)
		buf_str(&many, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
	buf_str(&many, "\nn");
	eq_int(tlog_proof_parse(buf_bytes(&many), &p), RC_FORMAT);
	buf_release(&many);
}

int main(void)
{
	make_key();
	RUN(the_published_vkey_example_is_read_and_written_again);
	RUN(the_published_note_example_verifies);
	RUN(wrong_vkeys_are_refused);
	RUN(a_checkpoint_is_signed_and_read_again);
	RUN(a_checkpoint_of_another_origin_is_refused_though_signed);
	RUN(unknown_signatures_are_passed_over_and_a_failing_known_one_is_not);
	RUN(notes_that_are_none_are_refused);
	RUN(checkpoint_texts_that_are_none_are_refused);
	RUN(an_offline_proof_holds_for_its_entry_alone);
	RUN(an_offline_proof_may_carry_extra_data);
	RUN(proofs_that_are_none_are_refused);
	return tap_done();
}
