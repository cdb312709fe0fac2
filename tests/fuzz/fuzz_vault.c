/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Frames from a taken-over gate. The vault runs in this process on a store in
 * memory; the input is one frame after another, each preceded by its length
 * (u16, big-endian) and without its own length field, which is put right here
 * so that the fuzzer gets past it: op u16, flags u16, request u64, body.
 *
 * Runs of one letter stand for what only this vault makes, so that what lies
 * behind its checks is reached too: 'T' the token of a registrar, 'S' a sealed
 * birth (act 33…, of person 22…, case 11…), 'N' the checkpoint of a log that has
 * it as its only entry, 'C' a claim code for it, 'U' the token of a claim, 'P' the
 * header of a parcel and 'Q' its piece. The registrar is 44….
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "made_parcel.h"
#include "vault/chain.h"
#include "vault/claims.h"
#include "vault/logged.h"
#include "vault/parcel_key.h"

#define SCOPE "khm/12/1201/120101"
#define ORIGIN "civis.example/khm/1"

static const uint8_t root[ROOT_KEY_SIZE] = {1};
static struct vault *vault;

enum { TOKEN, SEALED, NOTE, CODE, CLAIM, PARCEL, PIECE, MARKS };
static const char marks[MARKS + 1] = "TSNCUPQ";
static struct buf made[MARKS]; /* what each run stands for, and is as long as */

static void check(enum rc rc)
{
	if (rc != RC_OK)
		abort();
}

static struct id id_of(uint8_t byte)
{
	struct id id;
	memset(id.b, byte, sizeof id.b);
	return id;
}

static void put_id(struct buf *out, uint64_t label, struct id id)
{
	cbor_put_uint(out, label);
	cbor_put_bytes(out, id_bytes(&id));
}

static void put_entry(struct buf *out, uint64_t label, const char *office)
{
	cbor_put_uint(out, label);
	cbor_put_array(out, 5);
	cbor_put_str(out, office);
	cbor_put_str(out, "B");
	for (int i = 0; i < 3; i++)
		cbor_put_uint(out, 1);
}

static void build_birth(struct id officer, uint64_t now, struct buf *out)
{
	static const uint8_t salt[ACT_SALT_SIZE] = {7};
	cbor_put_map(out, 3);
	cbor_put_uint(out, 1);
	cbor_put_str(out, "khm/birth/1");
	cbor_put_uint(out, 2);
	cbor_put_bytes(out, BYTES_ARRAY(salt));
	cbor_put_uint(out, 3);
	cbor_put_map(out, 8);
	put_id(out, 1, id_of(0x33));
	cbor_put_uint(out, 2);
	cbor_put_str(out, "birth");
	put_id(out, 3, id_of(0x22));
	cbor_put_uint(out, 7);
	cbor_put_str(out, SCOPE);
	cbor_put_uint(out, 8);
	cbor_put_array(out, 1);
	cbor_put_array(out, 2);
	cbor_put_bytes(out, id_bytes(&officer));
	cbor_put_str(out, "registrar");
	cbor_put_uint(out, 11);
	cbor_put_uint(out, now);
	put_entry(out, 13, SCOPE);
	cbor_put_uint(out, 15);
	cbor_put_map(out, 2);
	put_entry(out, 2, "120101");
	cbor_put_uint(out, 8);
	cbor_put_uint(out, now / ACT_DAY_US);
}

/* The checkpoint of a log with this one leaf, signed as a gate has it signed. */
static void sign_log(const struct hash *commitment)
{
	struct checkpoint c = {.origin = ORIGIN, .size = 1};
	struct buf request = BUF_INIT(VAULT_FRAME_MAX), answer = BUF_INIT(VAULT_FRAME_MAX);
	struct vault_frame f;
	struct bytes line;
	size_t n;
	bool deferred;
	merkle_leaf(BYTES_ARRAY(commitment->b), &c.root);
	vault_frame_begin(&request, VAULT_OP_SIGN_CHECKPOINT, RC_OK, 1);
	cbor_put_array(&request, 7);
	cbor_put_str(&request, ORIGIN);
	cbor_put_uint(&request, 1);
	cbor_put_bytes(&request, BYTES_ARRAY(c.root.b));
	cbor_put_uint(&request, 0);
	for (int i = 0; i < 3; i++)
		cbor_put_bytes(&request, BYTES_NONE);
	vault_frame_end(&request);
	check(vault_frame_parse(buf_bytes(&request), &f));
	vault_handle(vault, 0, &f, &answer, &deferred);
	check(vault_frame_parse(buf_bytes(&answer), &f));
	struct cbor in = cbor_init(f.body);
	check(f.status == RC_OK && cbor_get_array(&in, &n) && cbor_get_bytes(&in, &line) ? RC_OK : RC_FORMAT);
	checkpoint_format(&c, &made[NOTE]);
	buf_str(&made[NOTE], "\n");
	buf_append(&made[NOTE], line);
	buf_release(&request);
	buf_release(&answer);
}

static void make_birth(struct id officer)
{
	struct buf act = BUF_INIT(4096);
	struct vault_object as = {.kind = KIND_ACT, .object = id_of(0x33), .person = id_of(0x22), .version = 1};
	const struct person_key *key;
	struct act_view view;
	struct act_head head;
	struct hash commitment;
	bool is_new;
	build_birth(officer, (uint64_t)clock_now_us(), &act);
	check(keys_person_make(&vault->keys, as.person, id_of(0x11), SCOPE, "", BYTES_NONE, &key, &is_new, NULL));
	check(sealed_put(&vault->keys, key, &as, SCOPE, buf_bytes(&act), &made[SEALED]));
	check(act_view(buf_bytes(&act), &view));
	check(act_head_read(&view, &head) ? RC_OK : RC_FORMAT);
	check(commitment_of_view(&view, &commitment));
	check(chain_add(&vault->db, &head, commitment.b, NULL));
	sign_log(&commitment);
	buf_release(&act);
}

static void make_claims(struct id officer)
{
	char code[VAULT_CLAIM_CODE_SIZE], token[VAULT_TOKEN_SIZE];
	uint8_t hash[HASH_SIZE];
	struct claim claim;
	check(claims_make(&vault->db, &vault->keys, id_of(0x22), id_of(0x33), officer, 90, code, NULL));
	check(claims_by_code(&vault->db, &vault->keys, bytes_str(code), &claim, hash, NULL));
	check(claims_use(&vault->db, &vault->keys, hash, &claim, token, NULL));
	buf_str(&made[CLAIM], token);
	check(claims_make(&vault->db, &vault->keys, id_of(0x22), id_of(0x33), officer, 90, code, NULL));
	buf_str(&made[CODE], code);
}

static void make_parcel(void)
{
	struct parcel_key key;
	struct vault_parcel_key to = {.deployment = vault->keys.deployment};
	struct buf whole = BUF_INIT(4096);
	check(parcel_key_current(&vault->keys, &key, NULL));
	memcpy(to.id, key.id, sizeof to.id);
	memcpy(to.point, key.point, sizeof to.point);
	made_parcel(&to, PARCEL_REQUEST, BYTES_LIT("a request"), &whole);
	buf_append(&made[PARCEL], bytes_slice(buf_bytes(&whole), 0, PARCEL_HEADER));
	buf_append(&made[PIECE], bytes_slice(buf_bytes(&whole), PARCEL_HEADER, whole.len));
	buf_release(&whole);
}

/* What the corpus says of acts holds at this moment. */
static int64_t standing_clock(void)
{
	return 1795000000LL * 1000000;
}

static void prepare(void)
{
	clock_set_source(standing_clock);
	char token[VAULT_TOKEN_SIZE];
	for (int i = 0; i < MARKS; i++)
		buf_init(&made[i], VAULT_FRAME_MAX);
	struct vault_init init = {.issuer = "khm", .log_name = "civis.example/khm"};
	struct vault_staff staff = {.id = id_of(0x44), .role = ROLE_REGISTRAR, .name = "registrar", .scope = "khm",
				    .display_native = "r", .display_latin = "r"};
	struct vault_db db;
	struct session *session;
	check(vdb_open(&db, ":memory:", true, NULL));
	check(vault_create(&db, root, &init, NULL));
	check(vault_new(&db, root, &vault, NULL));
	struct query s = vdb_query(&vault->db, VSQL_staff_put);
	query_id(&s, staff.id);
	query_text(&s, staff.name);
	query_text(&s, staff.display_native);
	query_text(&s, staff.display_latin);
	query_int(&s, staff.role);
	query_text(&s, staff.scope);
	query_int(&s, 1);
	query_text(&s, "");
	query_int(&s, 0);
	check(vdb_run(&vault->db, &s, NULL));
	check(sessions_begin(&vault->sessions, &staff, 1, token, &session, NULL));
	buf_str(&made[TOKEN], token);
	make_birth(staff.id);
	make_claims(staff.id);
	make_parcel();
	check(vdb_commit(&vault->db, NULL));
}

static void put_made(struct buf *frame)
{
	for (int m = 0; m < MARKS; m++) {
		size_t n = made[m].len;
		for (size_t i = 0; i + n <= frame->len; i++)
			if (frame->ptr[i] == (uint8_t)marks[m] && memcmp(frame->ptr + i, frame->ptr + i + 1, n - 1) == 0)
				memcpy(frame->ptr + i, made[m].ptr, n);
	}
}

/* An answer has to be a frame that its reader can take apart. */
static void check_answer(const struct buf *out, uint64_t request)
{
	struct vault_frame f;
	struct cbor c;
	size_t n;
	check(vault_frame_parse(buf_bytes(out), &f));
	c = cbor_init(f.body);
	if (f.request != request || !cbor_get_array(&c, &n))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf frame = BUF_INIT(VAULT_FRAME_MAX), out = BUF_INIT(VAULT_FRAME_MAX);
	struct err e;
	if (!vault)
		prepare();
	while (size >= 2) {
		size_t n = (size_t)data[0] << 8 | data[1];
		struct vault_frame f;
		bool deferred = false;
		data += 2, size -= 2;
		n = n > size ? size : n;
		buf_reset(&frame);
		buf_u32be(&frame, 0);
		buf_append(&frame, bytes_of(data, n));
		vault_frame_end(&frame);
		put_made(&frame);
		data += n, size -= n;
		if (vault_frame_parse(buf_bytes(&frame), &f) != RC_OK || f.op == VAULT_OP_HELLO || f.op == VAULT_OP_LOGOUT)
			continue;
		vault_handle(vault, 0, &f, &out, &deferred);
		if (!deferred)
			check_answer(&out, f.request);
	}
	/* What was written is thrown away, so that each input stands for itself. */
	check(vault_flush(vault, &e));
	vdb_rollback(&vault->db);
	keys_release(&vault->keys);
	check(keys_init(&vault->keys, &vault->db, root, &e));
	vault->claim_failures_until = 0;
	buf_release(&frame);
	buf_release(&out);
	return 0;
}
