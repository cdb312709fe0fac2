/* SPDX-License-Identifier: MPL-2.0 */
#include "codec/json.h"

static int append(const char *piece, size_t len, void *out)
{
	buf_append(out, bytes_of(piece, len));
	return 0;
}

bool json_append(const json_t *j, size_t flags, struct buf *out)
{
	return json_dump_callback(j, append, out, JSON_COMPACT | flags) == 0 && !buf_failed(out);
}
