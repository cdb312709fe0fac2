/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/wire.h"

const char *vault_op_name(unsigned op)
{
	switch (op) {
#define X(code, number, name) case number: return name;
	VAULT_OPS(X)
#undef X
	default:
		return "unknown";
	}
}

void vault_frame_begin(struct buf *out, enum vault_op op, enum rc status, uint64_t request)
{
	buf_u32be(out, 0);
	buf_u16be(out, (uint16_t)op);
	buf_u16be(out, (uint16_t)status);
	buf_u64be(out, request);
}

void vault_frame_end(struct buf *out)
{
	if (buf_failed(out) || out->len < VAULT_FRAME_HEADER)
		return;
	uint32_t n = (uint32_t)(out->len - VAULT_FRAME_HEADER);
	for (int i = 0; i < 4; i++)
		out->ptr[i] = (uint8_t)(n >> (24 - 8 * i));
}

static uint64_t be(const uint8_t *p, int n)
{
	uint64_t v = 0;
	for (int i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

enum rc vault_frame_parse(struct bytes message, struct vault_frame *ret)
{
	if (message.len < VAULT_FRAME_HEADER || message.len > VAULT_FRAME_MAX ||
	    be(message.ptr, 4) != message.len - VAULT_FRAME_HEADER)
		return RC_FORMAT;
	struct vault_frame f = {
		.op = (uint16_t)be(message.ptr + 4, 2),
		.status = (uint16_t)be(message.ptr + 6, 2),
		.request = be(message.ptr + 8, 8),
		.body = bytes_slice(message, VAULT_FRAME_HEADER, message.len),
	};
	if (f.op == 0 || f.op >= VAULT_OP_END || f.status >= RC_COUNT)
		return RC_FORMAT;
	*ret = f;
	return RC_OK;
}

unsigned vault_frame_op(struct bytes start)
{
	unsigned op = start.len < VAULT_FRAME_HEADER ? 0 : (unsigned)be(start.ptr + 4, 2);
	return op < VAULT_OP_END ? op : 0;
}
