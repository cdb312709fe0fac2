/* SPDX-License-Identifier: MPL-2.0 */
/* Base45: one text for one content, both ways; then zlib, as in a QR code. */
#include <stdlib.h>

#include "codec/base45.h"
#include "codec/deflate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct buf decoded = BUF_INIT(1 << 20), again = BUF_INIT(3 << 20), content = BUF_INIT(1 << 16);
	if (base45_decode(in, &decoded) == RC_OK) {
		base45_encode(&again, buf_bytes(&decoded));
		if (!bytes_equal(buf_bytes(&again), in))
			abort();
		enum rc rc = zlib_decompress(buf_bytes(&decoded), &content);
		if (rc != RC_OK && content.len)
			abort();
	}
	buf_reset(&decoded);
	buf_reset(&again);
	base45_encode(&again, in);
	if (base45_decode(buf_bytes(&again), &decoded) != RC_OK || !bytes_equal(buf_bytes(&decoded), in))
		abort();
	buf_release(&decoded);
	buf_release(&again);
	buf_release(&content);
	return 0;
}
