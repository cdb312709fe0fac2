/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Frames from a taken-over gate. The vault runs in this process on a store in
 * memory; the input is one frame after another, each preceded by its length
 * (u16, big-endian) and without its own length field, which is put right here
 * so that the fuzzer gets past it: op u16, flags u16, request u64, body.
 *
 * A byte string of 86 × 'T' in the input stands for the token of a registrar,
 * so that what lies behind the session check is reached too.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "vault/vault.h"

static struct vault *vault;
static char token[VAULT_TOKEN_SIZE];

static void check(enum rc rc)
{
	if (rc != RC_OK)
		abort();
}

static void prepare(void)
{
	static const uint8_t root[ROOT_KEY_SIZE] = {1};
	struct vault_init init = {.issuer = "khm", .log_name = "civis.example/khm"};
	struct vault_staff staff = {.id = id_new(), .role = ROLE_REGISTRAR, .name = "registrar", .scope = "khm",
				    .display_native = "r", .display_latin = "r"};
	struct vault_db db;
	struct session *session;
	check(vdb_open(&db, ":memory:", true, NULL));
	check(vault_create(&db, root, &init, NULL));
	check(vault_new(&db, root, &vault, NULL));
	sqlite3_stmt *s = vdb_use(&vault->db, Q_STAFF_PUT);
	vdb_bind_id(s, 1, &staff.id);
	vdb_bind_text(s, 2, staff.name);
	vdb_bind_text(s, 3, staff.display_native);
	vdb_bind_text(s, 4, staff.display_latin);
	vdb_bind_int(s, 5, staff.role);
	vdb_bind_text(s, 6, staff.scope);
	vdb_bind_int(s, 7, 1);
	vdb_bind_text(s, 8, "");
	vdb_bind_int(s, 9, 0);
	check(vdb_run(&vault->db, s, NULL));
	check(sessions_begin(&vault->sessions, &staff, 1, token, &session, NULL));
	check(vdb_commit(&vault->db, NULL));
}

static void put_token(struct buf *frame)
{
	size_t n = strlen(token);
	for (size_t i = 0; i + n <= frame->len; i++)
		if (frame->ptr[i] == 'T' && memcmp(frame->ptr + i, frame->ptr + i + 1, n - 1) == 0)
			memcpy(frame->ptr + i, token, n);
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
		put_token(&frame);
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
	buf_release(&frame);
	buf_release(&out);
	return 0;
}
