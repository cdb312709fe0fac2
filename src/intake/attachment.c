/* SPDX-License-Identifier: MPL-2.0 */
#include "intake/attachment.h"

#include <string.h>

static const uint8_t png_signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

const char *attachment_media_type(enum attachment_type t)
{
	static const char *const names[] = {"image/jpeg", "image/png", "application/pdf"};
	return names[t];
}

static bool starts_with(struct bytes b, struct bytes with)
{
	return b.len >= with.len && memcmp(b.ptr, with.ptr, with.len) == 0;
}

enum rc attachment_type_of(struct bytes content, enum attachment_type *ret)
{
	if (starts_with(content, BYTES_LIT("\xff\xd8\xff")))
		*ret = ATTACHMENT_JPEG;
	else if (starts_with(content, BYTES_ARRAY(png_signature)))
		*ret = ATTACHMENT_PNG;
	else if (starts_with(content, BYTES_LIT("%PDF-")))
		*ret = ATTACHMENT_PDF;
	else
		return RC_MEDIA_TYPE;
	return RC_OK;
}

/* ---- JPEG ---- */

enum { M_SOI = 0xd8, M_EOI = 0xd9, M_SOS = 0xda, M_APP0 = 0xe0, M_APP14 = 0xee, M_APP15 = 0xef, M_COM = 0xfe };

static bool keeps_segment(uint8_t marker, struct bytes payload)
{
	if (marker == M_APP0)
		return starts_with(payload, BYTES_LIT("JFIF\0")) && payload.len <= 16;
	if (marker == M_APP14)
		return starts_with(payload, BYTES_LIT("Adobe")) && payload.len <= 16;
	return !(marker >= M_APP0 && marker <= M_APP15) && marker != M_COM;
}

static bool stands_alone(uint8_t marker)
{
	return (marker >= 0xd0 && marker <= 0xd7) || marker == 0x01;
}

/* The entropy-coded data from `at` on, up to the next marker that is not a restart. */
static size_t scan_end(struct bytes b, size_t at)
{
	while (at + 1 < b.len) {
		const uint8_t *ff = memchr(b.ptr + at, 0xff, b.len - 1 - at);
		if (!ff)
			return b.len;
		at = (size_t)(ff - b.ptr);
		uint8_t next = ff[1];
		if (next != 0 && next != 0xff && !(next >= 0xd0 && next <= 0xd7))
			return at;
		at += next == 0xff ? 1 : 2;
	}
	return b.len;
}

static enum rc strip_jpeg(struct bytes b, struct buf *out)
{
	size_t at = 2;
	bool scanned = false;
	buf_append(out, bytes_slice(b, 0, 2));
	while (at + 1 < b.len && b.ptr[at] == 0xff) {
		uint8_t marker = b.ptr[at + 1];
		if (marker == 0xff) { /* fill byte */
			at++;
			continue;
		}
		if (marker == M_EOI) {
			buf_append(out, bytes_slice(b, at, 2));
			return scanned ? RC_OK : RC_MEDIA_TYPE;
		}
		if (stands_alone(marker)) {
			buf_append(out, bytes_slice(b, at, 2));
			at += 2;
			continue;
		}
		size_t len = b.len - at >= 4 ? (size_t)b.ptr[at + 2] << 8 | b.ptr[at + 3] : 0;
		if (marker == M_SOI || marker == 0 || len < 2 || len > b.len - at - 2)
			return RC_MEDIA_TYPE;
		if (keeps_segment(marker, bytes_slice(b, at + 4, len - 2)))
			buf_append(out, bytes_slice(b, at, len + 2));
		at += len + 2;
		if (marker == M_SOS) {
			size_t end = scan_end(b, at);
			buf_append(out, bytes_slice(b, at, end - at));
			at = end;
			scanned = true;
		}
	}
	return RC_MEDIA_TYPE;
}

/* ---- PNG ---- */

static uint32_t u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool keeps_chunk(const uint8_t *name)
{
	static const char kept[][5] = {"IHDR", "PLTE", "tRNS", "IDAT", "IEND", "cHRM", "gAMA", "sRGB", "iCCP", "sBIT", "pHYs"};
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (memcmp(name, kept[i], 4) == 0)
			return true;
	return false;
}

static enum rc strip_png(struct bytes b, struct buf *out)
{
	size_t at = sizeof png_signature;
	bool first = true;
	buf_append(out, BYTES_ARRAY(png_signature));
	while (b.len - at >= 12) {
		uint32_t len = u32(b.ptr + at);
		const uint8_t *name = b.ptr + at + 4;
		if (len > b.len - at - 12 || (first && memcmp(name, "IHDR", 4) != 0))
			return RC_MEDIA_TYPE;
		first = false;
		if (keeps_chunk(name))
			buf_append(out, bytes_slice(b, at, (size_t)len + 12));
		else if (!(name[0] & 0x20))
			return RC_MEDIA_TYPE; /* a critical chunk that nobody knows */
		at += (size_t)len + 12;
		if (memcmp(name, "IEND", 4) == 0)
			return RC_OK;
	}
	return RC_MEDIA_TYPE;
}

/* ---- PDF ---- */

static enum rc keep_pdf(struct bytes b, struct buf *out)
{
	static const char end[] = "%%EOF";
	size_t tail = b.len < 1024 ? b.len : 1024;
	if (!memmem(b.ptr + b.len - tail, tail, end, sizeof end - 1))
		return RC_MEDIA_TYPE;
	buf_append(out, b);
	return RC_OK;
}

enum rc attachment_strip(enum attachment_type t, struct bytes content, struct buf *out)
{
	enum attachment_type found;
	enum rc rc = attachment_type_of(content, &found);
	if (rc != RC_OK || found != t)
		return RC_MEDIA_TYPE;
	rc = t == ATTACHMENT_JPEG ? strip_jpeg(content, out) : t == ATTACHMENT_PNG ? strip_png(content, out)
	                                                                           : keep_pdf(content, out);
	if (rc == RC_OK && buf_failed(out))
		rc = RC_TOO_LARGE;
	return rc;
}
