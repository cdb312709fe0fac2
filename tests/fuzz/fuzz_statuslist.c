/* SPDX-License-Identifier: MPL-2.0 */
/* Status list claims and references, with their compressed list. */
#include <stdlib.h>

#include "codec/statuslist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size), uri;
	struct statuslist_claims claims;
	struct buf list = BUF_INIT(1 << 16);
	uint64_t index;
	unsigned value;
	if (statuslist_parse(in, &claims, &list) == RC_OK) {
		uint64_t count = (uint64_t)list.len * 8 / claims.bits;
		if (count && statuslist_get(buf_bytes(&list), claims.bits, count - 1, &value) != RC_OK)
			abort();
		if (statuslist_get(buf_bytes(&list), claims.bits, count, &value) != RC_NOT_FOUND)
			abort();
	} else if (list.len) {
		abort();
	}
	if (statuslist_reference_parse(in, &index, &uri) == RC_OK && uri.len > size)
		abort();
	buf_release(&list);
	return 0;
}
