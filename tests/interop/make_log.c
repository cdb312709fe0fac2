/* SPDX-License-Identifier: MPL-2.0 */
/*
 * make_log DIR COUNT: writes a log of COUNT entries, with keys and acts that
 * anyone can make again (the seeds stand here), for independent programs to
 * check and as test vectors:
 *
 *   DIR/log/…          checkpoint and tiles
 *   DIR/log.vkey       verifier key of the log
 *   DIR/older          a checkpoint of the first half of the entries
 *   DIR/proof          tlog-proof of entry COUNT/3
 *   DIR/act.cbor       an act; its commitment is entry COUNT/3
 *   DIR/commitment.hex
 *   DIR/act.key.hex    public key of the act signature
 *   DIR/receipt.cbor   opens fields 1, 2 and 15
 */
#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "codec/cbor.h"
#include "ledger/receipt.h"
#include "ledger/sequencer.h"

#define ORIGIN "civis.example/khm/1"

static void must(enum rc rc, const char *what)
{
	if (rc == RC_OK)
		return;
	fprintf(stderr, "make_log: %s: %s\n", what, rc_text(rc));
	exit(1);
}

static void write_file(const char *dir, const char *name, struct bytes content)
{
	char path[4096];
	must(path_join(path, sizeof path, dir, name), name);
	must(file_write_durable(path, content, 0644, NULL), name);
}

static void write_hex(const char *dir, const char *name, struct bytes content)
{
	struct buf hex = BUF_INIT(1024);
	hex_encode(&hex, content);
	buf_str(&hex, "\n");
	write_file(dir, name, buf_bytes(&hex));
	buf_release(&hex);
}

static void seed_key(uint8_t fill, struct ed25519_key *ret)
{
	uint8_t seed[32];
	memset(seed, fill, sizeof seed);
	ed25519_from_seed(seed, ret);
}

/* An invented child; field 4 (previous commitment) is null as in a first act. */
static void make_act(struct buf *out)
{
	uint8_t salt[32], id[16];
	memset(salt, 0xa5, sizeof salt);
	memset(id, 0x11, sizeof id);
	cbor_put_map(out, 3);
	cbor_put_uint(out, 1);
	cbor_put_str(out, "khm/birth/1");
	cbor_put_uint(out, 2);
	cbor_put_bytes(out, BYTES_ARRAY(salt));
	cbor_put_uint(out, 3);
	cbor_put_map(out, 6);
	cbor_put_uint(out, 1);
	cbor_put_bytes(out, BYTES_ARRAY(id));
	cbor_put_uint(out, 2);
	cbor_put_str(out, "birth");
	cbor_put_uint(out, 4);
	cbor_put_null(out);
	cbor_put_uint(out, 15);
	cbor_put_map(out, 3);
	cbor_put_uint(out, 3);
	cbor_put_str(out, "\xe1\x9e\x9f\xe1\x9e\xbb\xe1\x9e\x81 \xe1\x9e\x85\xe1\x9e\x93\xe1\x9f\x92\xe1\x9e\x90\xe1\x9e\xb6");
	cbor_put_uint(out, 4);
	cbor_put_str(out, "SOK Chantha");
	cbor_put_uint(out, 6);
	cbor_put_str(out, "2026-11-02");
	cbor_put_uint(out, 32);
	cbor_put_str(out, "2026-11-02");
	cbor_put_uint(out, 300);
	cbor_put_array(out, 2);
	cbor_put_str(out, "SOK Dara");
	cbor_put_uint(out, 1998);
}

static bool opens(void *ctx, uint32_t label)
{
	(void)ctx;
	return label == 1 || label == 2 || label == 15;
}

static void sign_tree(const struct ed25519_key *secret, uint64_t size, const struct hash *root, struct buf *note)
{
	struct checkpoint c = {.origin = ORIGIN, .size = size, .root = *root};
	struct note_key key;
	uint8_t signature[64];
	must(note_key_ed25519(ORIGIN, secret->public_key, &key), "key");
	buf_reset(note);
	checkpoint_format(&c, note);
	ed25519_sign(secret, buf_bytes(note), signature);
	buf_str(note, "\n");
	note_signature_line(&key, signature, note);
}

int main(int argc, char **argv)
{
	uint64_t count = 0;
	char log_dir[4096];
	struct ed25519_key log_secret, act_secret;
	struct note_key key;
	struct hash commitment, root;
	struct buf act = BUF_INIT(ACT_MAX), note = BUF_INIT(NOTE_MAX), proof = BUF_INIT(TLOG_PROOF_MAX);
	struct buf receipt = BUF_INIT(RECEIPT_MAX), vkey = BUF_INIT(512);
	struct tile_writer *w = NULL;
	uint8_t message[ACT_SIGNED_SIZE];
	if (argc != 3 || u64_parse(bytes_str(argv[2]), 10000000, &count) != RC_OK || count < 3) {
		fprintf(stderr, "usage: make_log DIR COUNT\n");
		return 2;
	}
	must(path_join(log_dir, sizeof log_dir, argv[1], "log"), "path");
	seed_key(0x01, &log_secret);
	seed_key(0x02, &act_secret);
	make_act(&act);
	must(commitment_of_act(buf_bytes(&act), &commitment), "commitment");
	must(tile_writer_new(log_dir, &w, NULL), "tiles");
	for (uint64_t i = 0; i < count; i++) {
		struct hash entry;
		uint8_t number[8];
		for (unsigned k = 0; k < 8; k++)
			number[k] = (uint8_t)(i >> (56 - 8 * k));
		sha256(BYTES_ARRAY(number), entry.b);
		if (i == count / 2) {
			tile_writer_root(w, &root);
			sign_tree(&log_secret, i, &root, &note);
			write_file(argv[1], "older", buf_bytes(&note));
		}
		must(tile_writer_append(w, i == count / 3 ? BYTES_ARRAY(commitment.b) : BYTES_ARRAY(entry.b), NULL), "entry");
	}
	must(tile_writer_flush(w, NULL), "flush");
	tile_writer_root(w, &root);
	sign_tree(&log_secret, count, &root, &note);
	write_file(log_dir, "checkpoint", buf_bytes(&note));
	must(note_key_ed25519(ORIGIN, log_secret.public_key, &key), "key");
	note_key_format(&key, &vkey);
	buf_str(&vkey, "\n");
	write_file(argv[1], "log.vkey", buf_bytes(&vkey));
	must(ledger_prove(log_dir, 1, count / 3, &proof), "proof");
	write_file(argv[1], "proof", buf_bytes(&proof));
	write_file(argv[1], "act.cbor", buf_bytes(&act));
	write_hex(argv[1], "commitment.hex", BYTES_ARRAY(commitment.b));
	write_hex(argv[1], "act.key.hex", BYTES_ARRAY(act_secret.public_key));
	struct receipt_request r = {
		.act = buf_bytes(&act), .open = opens, .key_id = bytes_of(act_secret.public_key, 8), .proof = buf_bytes(&proof),
	};
	commitment_signed_bytes(&commitment, message);
	ed25519_sign(&act_secret, BYTES_ARRAY(message), r.signature);
	must(receipt_build(&r, &receipt), "receipt");
	write_file(argv[1], "receipt.cbor", buf_bytes(&receipt));
	tile_writer_free(&w);
	buf_release(&act);
	buf_release(&note);
	buf_release(&proof);
	buf_release(&receipt);
	buf_release(&vkey);
	return 0;
}
