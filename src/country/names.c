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

/* ---- titles ---- */

/* In Burmese a consonant that is killed, or has another below it, ends the syllable before. */
bool names_syllable_begins(struct bytes text)
{
	int32_t i = 0, len = (int32_t)text.len;
	UChar32 c;
	if (!len || text.ptr[0] == ' ' || text.ptr[0] == '-')
		return true;
	U8_NEXT(text.ptr, i, len, c);
	if (c < 0 || !u_isalpha(c) || u_getIntPropertyValue(c, UCHAR_GENERAL_CATEGORY_MASK) & U_GC_M_MASK)
		return false;
	/* The sign that kills it stands right after it, or after a tone. */
	do {
		c = -1;
		if (i < len)
			U8_NEXT(text.ptr, i, len, c);
	} while (c >= 0 && u_getIntPropertyValue(c, UCHAR_INDIC_SYLLABIC_CATEGORY) == U_INSC_TONE_MARK);
	return c < 0 || (c != 0x1039 && u_getIntPropertyValue(c, UCHAR_INDIC_SYLLABIC_CATEGORY) != U_INSC_PURE_KILLER);
}

static bool same_ascii_folded(struct bytes a, const char *b)
{
	for (size_t i = 0; i < a.len; i++) {
		uint8_t x = a.ptr[i], y = (uint8_t)b[i];
		if (x != y && !(x < 0x80 && y < 0x80 && u_tolower(x) == u_tolower(y)))
			return false;
	}
	return true;
}

/* Bytes of full stop, spaces and zero-width spaces. */
static size_t gap(struct bytes text)
{
	size_t n = text.len && text.ptr[0] == '.';
	while (n < text.len && (text.ptr[n] == ' ' || bytes_equal(bytes_slice(text, n, 3), BYTES_LIT("\u200B"))))
		n += text.ptr[n] == ' ' ? 1 : 3;
	return n;
}

enum names_title names_title(const struct pack *p, struct bytes name, size_t *ret_len)
{
	const struct pack_title *found = NULL;
	size_t best = 0, all = 0;
	for (size_t i = 0; i < p->names.title_count; i++) {
		const struct pack_title *t = &p->names.titles[i];
		size_t len = strlen(t->text);
		if (len >= name.len || len <= best || !same_ascii_folded(bytes_slice(name, 0, len), t->text))
			continue;
		struct bytes rest = bytes_slice(name, len, name.len);
		size_t space = gap(rest);
		if (space == rest.len || (!space && !(t->joined && names_syllable_begins(rest))))
			continue;
		found = t;
		best = len;
		all = len + space;
	}
	if (ret_len)
		*ret_len = all;
	return !found ? NAMES_TITLE_NONE : found->name ? NAMES_TITLE_PERHAPS : NAMES_TITLE_SURE;
}

/* ---- surnames ---- */

/* The next word of a text, which it is cut from; empty at the end. */
static struct bytes next_word(struct bytes *text)
{
	size_t from = 0, to;
	while (from < text->len && text->ptr[from] == ' ')
		from++;
	for (to = from; to < text->len && text->ptr[to] != ' ';)
		to++;
	struct bytes word = bytes_slice(*text, from, to - from);
	*text = bytes_slice(*text, to, text->len);
	return word;
}

static struct bytes word_of(struct bytes text, enum pack_name_part part, size_t *ret_count)
{
	struct bytes word, chosen = BYTES_NONE;
	for (*ret_count = 0; (word = next_word(&text)).len; ++*ret_count)
		if (part == PACK_NAME_LAST || !*ret_count)
			chosen = word;
	return chosen;
}

/* True also when one cannot be told. */
static bool may_be_same(struct bytes a, struct bytes b)
{
	struct buf x = BUF_INIT(4096), y = BUF_INIT(4096);
	bool same = names_fold(a, &x) != RC_OK || names_fold(b, &y) != RC_OK || bytes_equal(buf_bytes(&x), buf_bytes(&y));
	buf_release(&x);
	buf_release(&y);
	return same;
}

bool names_surname_matches(const struct pack *p, struct bytes child, struct bytes parent)
{
	const struct pack_surname *rule = &p->names.surname;
	size_t words, parent_words;
	struct bytes own = word_of(child, rule->part, &words), theirs = word_of(parent, rule->from, &parent_words);
	if (rule->part == PACK_NAME_NONE || words < 2 || !parent_words)
		return true;
	if (rule->from != PACK_NAME_ANY)
		return may_be_same(own, theirs);
	while ((theirs = next_word(&parent)).len)
		if (may_be_same(own, theirs))
			return true;
	return false;
}

const char *names_surname_certainty(const struct pack *p)
{
	return p->names.surname.certainty;
}
