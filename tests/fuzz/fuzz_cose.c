/* SPDX-License-Identifier: MPL-2.0 */
/* COSE_Sign1: the parts of an accepted message lie inside it. */
#include <stdlib.h>

#include "codec/cose.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct bytes part, const uint8_t *data, size_t size)
{
	if (part.len && (part.ptr < data || part.ptr + part.len > data + size))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cose_sign1 s;
	struct buf tbs = BUF_INIT(1 << 21);
	if (cose_sign1_parse(bytes_of(data, size), &s) == RC_OK) {
		check_inside(s.kid, data, size);
		check_inside(s.type, data, size);
		check_inside(s.protected_header, data, size);
		check_inside(s.payload, data, size);
		check_inside(s.signature, data, size);
		cose_sign1_tbs(&s, &tbs);
		if (s.signature.len != COSE_SIGNATURE_SIZE)
			abort();
	}
	buf_release(&tbs);
	return 0;
}
