/* SPDX-License-Identifier: MPL-2.0 */
/* CBOR: what the checker accepts, the decoder reads and the encoder writes back as it was. */
#include <stdlib.h>

#include "codec/cbor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads one item and writes it again; false if the decoder refuses. */
static bool copy_item(struct cbor *c, struct buf *out)
{
	uint64_t u = 0;
	int64_t i = 0;
	size_t n = 0;
	bool yes = false;
	struct bytes s = BYTES_NONE;
	switch (cbor_peek(c)) {
	case CBOR_UINT:
		if (cbor_get_uint(c, &u))
			cbor_put_uint(out, u);
		break;
	case CBOR_NEGATIVE: {
		struct cbor before = *c;
		if (cbor_get_int(c, &i)) {
			cbor_put_int(out, i);
		} else {
			*c = before; /* below int64_t: well-formed, only not readable as one */
			if (cbor_skip(c, &s))
				cbor_put_raw(out, s);
		}
		break;
	}
	case CBOR_BYTES:
		if (cbor_get_bytes(c, &s))
			cbor_put_bytes(out, s);
		break;
	case CBOR_TEXT:
		if (cbor_get_text(c, &s))
			cbor_put_text(out, s);
		break;
	case CBOR_ARRAY:
		if (cbor_get_array(c, &n))
			cbor_put_array(out, n);
		for (size_t k = 0; k < n && copy_item(c, out); k++)
			;
		break;
	case CBOR_MAP:
		if (cbor_get_map(c, &n))
			cbor_put_map(out, n);
		for (size_t k = 0; k < 2 * n && copy_item(c, out); k++)
			;
		break;
	case CBOR_TAG:
		if (cbor_get_tag(c, &u)) {
			cbor_put_tag(out, u);
			copy_item(c, out);
		}
		break;
	case CBOR_BOOL:
		if (cbor_get_bool(c, &yes))
			cbor_put_bool(out, yes);
		break;
	case CBOR_NULL:
		cbor_get_null(c);
		cbor_put_null(out);
		break;
	default:
		return false;
	}
	return !c->failed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size), value;
	struct buf out = BUF_INIT(1 << 20);
	if (cbor_is_deterministic(in)) {
		struct cbor c = cbor_init(in);
		if (!copy_item(&c, &out) || !cbor_at_end(&c) || !bytes_equal(buf_bytes(&out), in))
			abort();
	}
	struct cbor loose = cbor_init_unchecked(in);
	while (cbor_skip(&loose, NULL) && !cbor_at_end(&loose))
		;
	(void)cbor_map_find_int(in, -1, &value);
	(void)cbor_map_find_text(in, "a", &value);
	buf_release(&out);
	return 0;
}
