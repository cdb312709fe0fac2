/* SPDX-License-Identifier: MPL-2.0 */
#include "codec/deflate.h"

#include <limits.h>
#include <zlib.h>

enum { STEP = 4096 };

static enum rc no_room(struct buf *out, size_t before)
{
	bool full = out->max - out->len < STEP;
	wipe(out->ptr ? out->ptr + before : NULL, out->len - before);
	out->len = before;
	out->failed = false;
	return full ? RC_TOO_LARGE : RC_NO_MEMORY;
}

enum rc zlib_compress(struct bytes in, struct buf *out)
{
	if (out->failed || in.len > UINT_MAX)
		return RC_TOO_LARGE;
	size_t before = out->len, bound = compressBound(in.len);
	/* The bound is generous: take what the maximum leaves, and see. */
	size_t room = bound < out->max - before ? bound : out->max - before;
	uint8_t *to = buf_extend(out, room);
	if (!to)
		return no_room(out, before);
	uLongf len = room;
	int z = compress2(to, &len, in.ptr, in.len, Z_BEST_COMPRESSION);
	out->len = z == Z_OK ? before + len : before;
	return z == Z_OK ? RC_OK : z == Z_BUF_ERROR ? RC_TOO_LARGE : RC_NO_MEMORY;
}

/* Inflates step by step into out, so that memory follows content, not claims. */
static enum rc inflate_all(z_stream *z, struct buf *out, size_t before)
{
	for (;;) {
		size_t left = out->max - out->len, room = left < STEP ? left : STEP;
		/* With no room left, one spare byte tells whether the content ends here. */
		uint8_t spare, *to = room ? buf_extend(out, room) : &spare;
		if (!to)
			return no_room(out, before);
		z->next_out = to;
		z->avail_out = room ? (uInt)room : 1;
		int status = inflate(z, Z_NO_FLUSH);
		if (room)
			out->len -= z->avail_out;
		else if (z->avail_out == 0)
			return no_room(out, before);
		if (status == Z_STREAM_END)
			return z->avail_in == 0 ? RC_OK : RC_FORMAT;
		if (status == Z_MEM_ERROR)
			return RC_NO_MEMORY;
		/* Z_BUF_ERROR: nothing more to read, and no end: a cut stream. */
		if (status != Z_OK)
			return RC_FORMAT;
	}
}

enum rc zlib_decompress(struct bytes in, struct buf *out)
{
	if (out->failed || in.len > UINT_MAX)
		return RC_TOO_LARGE;
	size_t before = out->len;
	/* zlib never writes through next_in; its type merely lacks the const. */
	union {
		const uint8_t *from;
		Bytef *to;
	} input = {.from = in.ptr};
	z_stream z = {.next_in = input.to, .avail_in = (uInt)in.len};
	if (inflateInit(&z) != Z_OK)
		return RC_NO_MEMORY;
	enum rc rc = inflate_all(&z, out, before);
	inflateEnd(&z);
	if (rc != RC_OK && out->len > before) {
		wipe(out->ptr + before, out->len - before);
		out->len = before;
	}
	return rc;
}
