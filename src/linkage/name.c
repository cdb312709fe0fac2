/* SPDX-License-Identifier: MPL-2.0 */
#include "linkage/name.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "base/text.h"

enum {
	UNITS_MAX = 2 * NAME_INPUT_MAX,
	PAGE_ASCII = 0x00,
	PAGE_MYANMAR = 0x10,
	PAGE_KHMER = 0x17,
	PAGE_OTHER = 0xff,
};

/* The UTF-8 form of a code point that came out of valid text. Returns its size. */
static size_t encode(uint32_t c, uint8_t out[static 4])
{
	if (c < 0x80) {
		out[0] = (uint8_t)c;
		return 1;
	}
	size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n; --i > 0; c >>= 6)
		out[i] = (uint8_t)(0x80 | (c & 0x3f));
	out[0] = (uint8_t)(c | (n == 2 ? 0xc0u : n == 3 ? 0xe0u : 0xf0u));
	return n;
}

/* ---- normalising ---- */

/* Signs that carry no sound of their own in a name, whatever their class. */
static bool is_noise(UChar32 c)
{
	if (u_charType(c) == U_FORMAT_CHAR || u_iscntrl(c)) /* ZWSP, ZWJ, ZWNJ, direction marks */
		return true;
	return c == 0x17b4 || c == 0x17b5; /* Khmer inherent vowels: never to be written */
}

/* Accents of Latin (also Greek, Cyrillic) letters; vowel signs of other scripts stay. */
static bool is_accent(UChar32 c)
{
	return u_charType(c) == U_NON_SPACING_MARK && c >= 0x300 && c <= 0x36f;
}

static bool is_gap(UChar32 c)
{
	return u_isUWhiteSpace(c) || c == '-' || c == 0x2010 || c == 0x2011 || c == 0x2013 || c == '/' || c == ',' || c == '.';
}

static bool is_punctuation(UChar32 c)
{
	uint32_t class = 1u << (unsigned)u_charType(c);
	return u_ispunct(c) || (class & U_GC_S_MASK) != 0;
}

static UChar32 digit_of(UChar32 c)
{
	int32_t v = u_charDigitValue(c);
	return v >= 0 ? (UChar32)('0' + v) : c;
}

static void filter(const UChar32 *points, int32_t count, struct buf *out)
{
	bool begun = false, gap = false;
	for (int32_t i = 0; i < count; i++) {
		UChar32 c = points[i];
		if (is_gap(c)) {
			gap = begun;
			continue;
		}
		if (is_noise(c) || is_accent(c) || is_punctuation(c))
			continue;
		if (gap)
			buf_byte(out, ' ');
		gap = false;
		begun = true;
		uint8_t utf8[4];
		buf_append(out, bytes_of(utf8, encode((uint32_t)digit_of(c), utf8)));
	}
}

enum rc name_normalise(struct bytes utf8, struct buf *out)
{
	if (utf8.len > NAME_INPUT_MAX)
		return RC_TOO_LARGE;
	if (!utf8_is_valid(utf8))
		return RC_FORMAT;
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *fold = unorm2_getNFKCCasefoldInstance(&status);
	const UNormalizer2 *apart = unorm2_getNFDInstance(&status);
	UChar text[UNITS_MAX], folded[UNITS_MAX];
	UChar32 points[UNITS_MAX];
	int32_t n = 0;
	u_strFromUTF8(text, UNITS_MAX, &n, (const char *)utf8.ptr, (int32_t)utf8.len, &status);
	n = unorm2_normalize(fold, text, n, folded, UNITS_MAX, &status);
	n = unorm2_normalize(apart, folded, n, text, UNITS_MAX, &status);
	u_strToUTF32(points, UNITS_MAX, &n, text, n, &status);
	enum rc rc = RC_OK;
	if (status == U_BUFFER_OVERFLOW_ERROR)
		rc = RC_TOO_LARGE;
	else if (U_FAILURE(status))
		rc = RC_NO_MEMORY;
	else
		filter(points, n, out);
	if (rc == RC_OK && buf_failed(out))
		rc = RC_NO_MEMORY;
	wipe(text, sizeof text);
	wipe(folded, sizeof folded);
	wipe(points, sizeof points);
	return rc;
}

/* ---- packing ---- */

static size_t decode(struct bytes utf8, uint32_t *out)
{
	size_t n = 0;
	for (size_t i = 0; i < utf8.len && n < NAME_POINTS_MAX;) {
		UChar32 c;
		U8_NEXT(utf8.ptr, i, utf8.len, c);
		if (c < 0)
			break;
		out[n++] = (uint32_t)c;
	}
	return n;
}

static uint32_t page_start(uint8_t page)
{
	return page == PAGE_KHMER ? 0x1780 : 0x1000;
}

static bool on_page(const uint32_t *points, size_t count, uint8_t page)
{
	uint32_t from = page_start(page);
	for (size_t i = 0; i < count; i++)
		if (points[i] >= 0x80 && (page == PAGE_ASCII || points[i] < from || points[i] >= from + 0x80))
			return false;
	return true;
}

size_t name_pack(struct bytes normalised, uint8_t out[static NAME_PACKED_MAX])
{
	static const uint8_t pages[] = {PAGE_ASCII, PAGE_KHMER, PAGE_MYANMAR};
	uint32_t points[NAME_POINTS_MAX];
	size_t count = decode(normalised, points), size = 1;
	if (count == 0)
		return 0;
	out[0] = PAGE_OTHER;
	for (size_t i = 0; i < sizeof pages && out[0] == PAGE_OTHER; i++)
		if (on_page(points, count, pages[i]))
			out[0] = pages[i];
	for (size_t i = 0; i < count; i++) {
		if (points[i] < 0x80) {
			out[size++] = (uint8_t)points[i];
		} else if (out[0] != PAGE_OTHER) {
			out[size++] = (uint8_t)(0x80 + points[i] - page_start(out[0]));
		} else {
			size += encode(points[i], out + size);
		}
	}
	wipe(points, sizeof points);
	return size;
}

size_t name_points(struct bytes packed, uint32_t out[static NAME_POINTS_MAX])
{
	if (packed.len < 2)
		return 0;
	if (packed.ptr[0] == PAGE_OTHER)
		return decode(bytes_slice(packed, 1, packed.len), out);
	uint32_t from = page_start(packed.ptr[0]);
	size_t n = 0;
	for (size_t i = 1; i < packed.len && n < NAME_POINTS_MAX; i++)
		out[n++] = packed.ptr[i] < 0x80 ? packed.ptr[i] : from + packed.ptr[i] - 0x80u;
	return n;
}
