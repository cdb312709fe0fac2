/* SPDX-License-Identifier: MPL-2.0 */
#include "country/names.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

#include "base/text.h"

/* ICU's macros for walking text change signs as they please. */
#pragma GCC diagnostic ignored "-Wsign-conversion"

enum { UNITS_MAX = 16 * 1024 }; /* UTF-16 units of any text handled here */

/* Why a buffer failed that a text of this length grows into at most `growth`-fold. */
static enum rc buffer_result(const struct buf *out, size_t len, size_t growth)
{
	if (!buf_failed(out))
		return RC_OK;
	return len * growth > out->max ? RC_TOO_LARGE : RC_NO_MEMORY;
}

typedef const UNormalizer2 *normal_form(UErrorCode *status);

/* The text in this form, as newly allocated UTF-16 of *ret_len units. RC_INVALID: not UTF-8. RC_TOO_LARGE, RC_NO_MEMORY. */
static enum rc normalised(normal_form *get, struct bytes text, UChar **ret, int32_t *ret_len)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *form = get(&status);
	int32_t units = 0;
	if (U_FAILURE(status))
		return RC_NO_MEMORY;
	if (!utf8_is_valid(text))
		return RC_INVALID;
	if (text.len > UNITS_MAX / 4)
		return RC_TOO_LARGE;
	/* NFC grows a text threefold at most in UTF-16 units, NFKC_Casefold eighteenfold (UAX #15 §9). */
	int32_t room = (int32_t)text.len * 18 + 1;
	UChar *in = malloc((text.len + 1) * sizeof *in), *out = malloc((size_t)room * sizeof *out);
	status = U_MEMORY_ALLOCATION_ERROR;
	if (in && out) {
		status = U_ZERO_ERROR;
		u_strFromUTF8(in, (int32_t)text.len + 1, &units, (const char *)text.ptr, (int32_t)text.len, &status);
		*ret_len = unorm2_normalize(form, in, units, out, room, &status);
	}
	if (in)
		wipe(in, (text.len + 1) * sizeof *in);
	free(in);
	/* The text is valid and the room enough: what can fail is ICU's own memory, under several names. */
	if (U_FAILURE(status)) {
		free(out);
		return RC_NO_MEMORY;
	}
	*ret = out;
	return RC_OK;
}

static void release(UChar *units, int32_t len)
{
	wipe(units, (size_t)len * sizeof *units);
	free(units);
}

static void put_code_point(struct buf *out, UChar32 c)
{
	uint8_t utf8[U8_MAX_LENGTH];
	int32_t n = 0;
	UBool bad = false;
	U8_APPEND(utf8, n, U8_MAX_LENGTH, c, bad);
	if (!bad)
		buf_append(out, bytes_of(utf8, (size_t)n));
}

enum rc names_normalise(struct bytes text, struct buf *out)
{
	UChar *units;
	int32_t len;
	enum rc rc = normalised(unorm2_getNFCInstance, text, &units, &len);
	if (rc != RC_OK)
		return rc;
	bool pending = false, any = false;
	for (int32_t i = 0; i < len && rc == RC_OK;) {
		UChar32 c;
		U16_NEXT(units, i, len, c);
		if (u_isUWhiteSpace(c)) {
			pending = any;
			continue;
		}
		/* Not a character of any text: controls, private use, unassigned, lone surrogates. Format
		   characters (joiners) stay for the script to judge. */
		int8_t type = u_charType(c);
		if (type == U_CONTROL_CHAR || type == U_PRIVATE_USE_CHAR || type == U_UNASSIGNED || type == U_SURROGATE) {
			rc = RC_INVALID;
			break;
		}
		if (pending)
			buf_byte(out, ' ');
		pending = false;
		any = true;
		put_code_point(out, c);
	}
	release(units, len);
	return rc == RC_OK ? buffer_result(out, text.len, 3) : rc;
}

static bool is_extra(const uint32_t *extra, size_t count, UChar32 c)
{
	for (size_t i = 0; i < count; i++)
		if (extra[i] == (uint32_t)c)
			return true;
	return false;
}

bool names_in_script(const struct pack *p, struct bytes text, enum field_script script)
{
	const struct pack_names *n = &p->names;
	bool native = script == SCRIPT_NATIVE;
	if (script == SCRIPT_ANY)
		return true;
	UScriptCode want = native ? (UScriptCode)u_getPropertyValueEnum(UCHAR_SCRIPT, n->native_script) : USCRIPT_LATIN;
	bool letter = false;
	for (int32_t i = 0, len = (int32_t)text.len; i < len;) {
		UChar32 c;
		UErrorCode status = U_ZERO_ERROR;
		U8_NEXT(text.ptr, i, len, c);
		if (c < 0)
			return false;
		if (is_extra(native ? n->native_extra : n->latin_extra,
			     native ? n->native_extra_count : n->latin_extra_count, c))
			continue;
		UScriptCode has = uscript_getScript(c, &status);
		bool mark = u_getIntPropertyValue(c, UCHAR_GENERAL_CATEGORY_MASK) & U_GC_M_MASK;
		if (has != want && !(mark && letter && has == USCRIPT_INHERITED))
			return false;
		if (!mark && !u_isalpha(c))
			return false; /* a digit or sign of the script is no part of a name */
		letter |= u_isalpha(c);
	}
	return letter;
}

enum rc names_fold(struct bytes text, struct buf *out)
{
	UChar *units;
	int32_t len;
	enum rc rc = normalised(unorm2_getNFKCCasefoldInstance, text, &units, &len);
	if (rc != RC_OK)
		return rc;
	for (int32_t i = 0; i < len;) {
		UChar32 c;
		U16_NEXT(units, i, len, c);
		int32_t type = u_getIntPropertyValue(c, UCHAR_GENERAL_CATEGORY_MASK);
		if (type & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK))
			put_code_point(out, c);
	}
	release(units, len);
	return buffer_result(out, text.len, 18);
}
