/* SPDX-License-Identifier: MPL-2.0 */
/* DEFLATE in the zlib wrapper (RFC 1950), and in gzip's (RFC 1952) for HTTP; bounded by the maximum of the output buffer. */
#ifndef CIVIS_CODEC_DEFLATE_H
#define CIVIS_CODEC_DEFLATE_H

#include "base/bytes.h"
#include "base/err.h"

/* Appends the stream, at the best compression. RC_TOO_LARGE over out's maximum, RC_NO_MEMORY. */
enum rc zlib_compress(struct bytes in, struct buf *out) WARN_UNUSED;
/* The same in the gzip wrapper, without name or time: equal texts give equal bytes. */
enum rc gzip_compress(struct bytes in, struct buf *out) WARN_UNUSED;
/*
 * Appends the content. RC_TOO_LARGE as soon as it would go over out's maximum;
 * RC_FORMAT for a broken or cut stream, a preset dictionary, or bytes behind
 * the end; RC_NO_MEMORY. On failure out holds what it held before.
 */
enum rc zlib_decompress(struct bytes in, struct buf *out) WARN_UNUSED;

/*
 * The same for short texts whose frame both sides know: a preset dictionary (RFC 1950 §2.2, FDICT). Its
 * end is the cheapest part to refer to. Compressing tries several ways until one comes to at most `enough`
 * bytes, else takes the shortest; what is decompressed may name this dictionary or none.
 */
enum rc zlib_compress_short(struct bytes in, struct bytes dictionary, size_t enough, struct buf *out) WARN_UNUSED;
enum rc zlib_decompress_short(struct bytes in, struct bytes dictionary, struct buf *out) WARN_UNUSED;

#endif
