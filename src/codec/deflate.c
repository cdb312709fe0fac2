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

/* zlib's usual quarter of a megabyte of tables costs a short input many times its own
   compression, so the window is no larger than the input (RFC 1950 allows from 2^9 here). */
static int window_bits(size_t len)
{
	int bits = 9;
	while (bits < MAX_WBITS && len + 262 > (size_t)1 << bits)
		bits++;
	return bits;
}

struct way {
	int window, memory, strategy;
};

static int deflate_all(struct bytes in, struct bytes dictionary, const struct way *way, uint8_t *to, size_t room,
                       size_t *ret_len)
{
	z_stream z = {.avail_in = (uInt)in.len, .next_out = to, .avail_out = room < UINT_MAX ? (uInt)room : UINT_MAX};
	/* zlib reads through this pointer and does not write */
	z.next_in = (Bytef *)(uintptr_t)in.ptr;
	int status = deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, way->window, way->memory, way->strategy);
	if (status != Z_OK)
		return status;
	status = dictionary.len ? deflateSetDictionary(&z, dictionary.ptr, (uInt)dictionary.len) : Z_OK;
	if (status == Z_OK)
		status = deflate(&z, Z_FINISH);
	*ret_len = z.total_out;
	deflateEnd(&z);
	return status == Z_STREAM_END ? Z_OK : status == Z_OK ? Z_BUF_ERROR : status;
}

static enum rc compress_by(struct bytes in, struct bytes dictionary, const struct way *way, struct buf *out)
{
	if (out->failed || in.len > UINT_MAX)
		return RC_TOO_LARGE;
	size_t before = out->len, bound = compressBound(in.len) + in.len / 256 + 64;
	/* The bound is generous: take what the maximum leaves, and see. */
	size_t room = bound < out->max - before ? bound : out->max - before;
	uint8_t *to = buf_extend(out, room);
	if (!to)
		return no_room(out, before);
	size_t len = 0;
	int z = deflate_all(in, dictionary, way, to, room, &len);
	out->len = z == Z_OK ? before + len : before;
	return z == Z_OK ? RC_OK : z == Z_BUF_ERROR ? RC_TOO_LARGE : RC_NO_MEMORY;
}

enum rc zlib_compress(struct bytes in, struct buf *out)
{
	int window = window_bits(in.len);
	const struct way way = {window, window < 12 ? 4 : 9, Z_DEFAULT_STRATEGY};
	return compress_by(in, BYTES_NONE, &way, out);
}

enum rc gzip_compress(struct bytes in, struct buf *out)
{
	enum { AS_GZIP = 16 }; /* added to the window, says zlib.h */
	const struct way way = {MAX_WBITS + AS_GZIP, 9, Z_DEFAULT_STRATEGY};
	return compress_by(in, BYTES_NONE, &way, out);
}

/* A little memory ends blocks early, so that the text and the signature get codes of their own. */
enum rc zlib_compress_short(struct bytes in, struct bytes dictionary, size_t enough, struct buf *out)
{
	static const struct { int memory, strategy; } ways[] = {
		{1, Z_DEFAULT_STRATEGY}, {2, Z_DEFAULT_STRATEGY}, {4, Z_DEFAULT_STRATEGY}, {2, Z_FIXED}, {2, Z_FILTERED},
	};
	struct buf best = BUF_INIT(out->max), packed = BUF_INIT(out->max);
	enum rc rc = in.len > UINT_MAX / 2 || dictionary.len > 1 << 14 ? RC_TOO_LARGE : RC_OK;
	for (size_t i = 0; rc == RC_OK && i < sizeof ways / sizeof ways[0]; i++) {
		const struct way way = {window_bits(in.len + dictionary.len), ways[i].memory, ways[i].strategy};
		buf_reset(&packed);
		rc = compress_by(in, dictionary, &way, &packed);
		if (rc == RC_OK && (i == 0 || packed.len < best.len)) {
			struct buf swap = best;
			best = packed;
			packed = swap;
		}
		if (best.len <= enough)
			break;
	}
	if (rc == RC_OK) {
		buf_append(out, buf_bytes(&best));
		rc = buf_failed(out) ? RC_TOO_LARGE : RC_OK;
	}
	buf_release(&best);
	buf_release(&packed);
	return rc;
}

/* Inflates step by step into out, so that memory follows content, not claims. */
static enum rc inflate_all(z_stream *z, struct bytes dictionary, struct buf *out, size_t before)
{
	for (;;) {
		size_t left = out->max - out->len, room = left < STEP ? left : STEP;
		/* With no room left, one spare byte tells whether the content ends here. */
		uint8_t spare = 0, *to = room ? buf_extend(out, room) : &spare;
		if (!to)
			return no_room(out, before);
		z->next_out = to;
		z->avail_out = room ? (uInt)room : 1;
		int status = inflate(z, Z_NO_FLUSH);
		/* zlib compares the dictionary with the checksum that the stream names. */
		if (status == Z_NEED_DICT && dictionary.len)
			status = inflateSetDictionary(z, dictionary.ptr, (uInt)dictionary.len);
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
	return zlib_decompress_short(in, BYTES_NONE, out);
}

enum rc zlib_decompress_short(struct bytes in, struct bytes dictionary, struct buf *out)
{
	if (out->failed || in.len > UINT_MAX || dictionary.len > UINT_MAX)
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
	enum rc rc = inflate_all(&z, dictionary, out, before);
	inflateEnd(&z);
	if (rc != RC_OK && out->len > before) {
		wipe(out->ptr + before, out->len - before);
		out->len = before;
	}
	return rc;
}
