/* SPDX-License-Identifier: MPL-2.0 */
/* The request guard: whatever it accepts has one reading. */
#include <stdint.h>
#include <stdlib.h>

#include "gate/guard.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_head head;
	struct bytes in = bytes_of(data, size);
	size_t len = guard_head_length(in);
	if (len == 0 || guard_parse(bytes_slice(in, 0, len), &head) != RC_OK)
		return 0;
	unsigned hosts = 0;
	for (size_t i = 0; i < head.header_count; i++) {
		if (head.headers[i].name.len == 0)
			abort();
		hosts += bytes_equal(head.headers[i].name, BYTES_LIT("Host"));
	}
	if (hosts > 1 || !head.path.len || head.path.ptr[0] != '/' || guard_header(&head, "Transfer-Encoding").ptr)
		abort();
	struct buf path = BUF_INIT(GUARD_PATH_MAX), query = BUF_INIT(GUARD_QUERY_MAX);
	if (guard_decode(head.path, false, &path) == RC_OK)
		for (size_t i = 0; i < path.len; i++)
			if (path.ptr[i] < 0x20)
				abort();
	(void)!guard_decode(head.query, true, &query);
	buf_release(&path);
	buf_release(&query);
	return 0;
}
