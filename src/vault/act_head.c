/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/act_head.h"

#include <string.h>

#include "codec/cbor.h"
#include "crypto/crypto.h"

enum {
	LABEL_ACT = 1,
	LABEL_KIND = 2,
	LABEL_SUBJECT = 3,
	LABEL_PREVIOUS = 4,
	LABEL_CORRECTS = 5,
	LABEL_SCOPE = 7,
	LABEL_OFFICERS = 8,
	LABEL_TIME = 11,
	LABEL_ORIGIN = 12,
	LABEL_ENTRY = 13,
	LABEL_NUMBER = 14,
	LABEL_EXTRACT = 15,
	EXTRACT_ENTRY = 2,
	EXTRACT_REGISTERED = 8,
};

static bool as_id(struct bytes item, struct id *ret)
{
	struct bytes b;
	return cbor_as_bytes(item, &b) && id_from_bytes(b, ret) == RC_OK;
}

/* null, or a label that this form does not have */
static bool is_none(struct bytes item)
{
	return item.len == 0 || (item.len == 1 && item.ptr[0] == 0xf6);
}

static bool read_officers(struct bytes item, struct act_head *ret)
{
	struct cbor c = cbor_init_unchecked(item);
	size_t n, parts;
	struct bytes role = BYTES_NONE;
	if (!cbor_get_array(&c, &n) || n < 1 || n > ACT_OFFICERS_READ)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!cbor_get_array(&c, &parts) || parts != 2 || !cbor_get_fixed(&c, ret->officer[i].b, sizeof ret->officer[i].b) ||
		    !cbor_get_text(&c, &role))
			return false;
		ret->role[i] = role_parse(role);
	}
	ret->officers = n;
	return cbor_at_end(&c);
}

static bool read_entry(struct bytes item, struct bytes ret[static ACT_ENTRY_PARTS])
{
	struct cbor c = cbor_init_unchecked(item);
	size_t n;
	if (!cbor_get_array(&c, &n) || n != ACT_ENTRY_PARTS)
		return false;
	for (size_t i = 0; i < ACT_ENTRY_PARTS; i++)
		if (!cbor_skip(&c, &ret[i]))
			return false;
	return cbor_at_end(&c);
}

static bool read_origin(struct bytes item, struct act_head *ret)
{
	uint64_t origin = HEAD_ELECTRONIC;
	if (!is_none(item) && (!cbor_as_uint(item, &origin) || origin < HEAD_ELECTRONIC || origin > HEAD_RECONSTRUCTED))
		return false;
	ret->origin = (enum act_head_origin)origin;
	return true;
}

/* What may be null. */
static bool read_optional(const struct act_view *view, struct act_head *ret)
{
	struct bytes kind = act_view_find(view, LABEL_KIND), previous = act_view_find(view, LABEL_PREVIOUS);
	struct bytes corrects = act_view_find(view, LABEL_CORRECTS), number = act_view_find(view, LABEL_NUMBER);
	struct bytes extract = act_view_find(view, LABEL_EXTRACT);
	if (!is_none(kind) && !cbor_as_text(kind, &ret->kind))
		return false;
	if (!is_none(previous) && (!cbor_as_bytes(previous, &ret->previous) || ret->previous.len != HASH_SIZE))
		return false;
	ret->has_corrects = !is_none(corrects);
	if (ret->has_corrects && !as_id(corrects, &ret->corrects))
		return false;
	if (!is_none(number) && !cbor_as_text(number, &ret->number))
		return false;
	if (!is_none(extract) && extract.ptr[0] >> 5 != CBOR_MAP)
		return false;
	if (!is_none(extract))
		ret->extract = extract;
	return read_origin(act_view_find(view, LABEL_ORIGIN), ret);
}

bool act_head_read(const struct act_view *view, struct act_head *ret)
{
	struct bytes scope;
	*ret = (struct act_head){0};
	if (!as_id(act_view_find(view, LABEL_ACT), &ret->act) ||
	    !as_id(act_view_find(view, LABEL_SUBJECT), &ret->subject) ||
	    !cbor_as_text(act_view_find(view, LABEL_SCOPE), &scope) || !scope_is_valid(scope) ||
	    !read_officers(act_view_find(view, LABEL_OFFICERS), ret) ||
	    !read_entry(act_view_find(view, LABEL_ENTRY), ret->entry) ||
	    !cbor_as_uint(act_view_find(view, LABEL_TIME), &ret->time) || ret->time > INT64_MAX)
		return false;
	memcpy(ret->scope, scope.ptr, scope.len);
	return read_optional(view, ret);
}

bool act_head_is(const struct act_head *h, struct id act, struct id person)
{
	return id_equal(h->act, act) && id_equal(h->subject, person);
}

/* A QR names the office by the last part of its scope. */
static bool is_short_office(struct bytes item, const char *scope)
{
	struct bytes text;
	const char *slash = strrchr(scope, '/');
	return cbor_as_text(item, &text) && bytes_equal(text, bytes_str(slash ? slash + 1 : scope));
}

bool act_extract_agrees(const struct act_head *h)
{
	struct bytes item, part[ACT_ENTRY_PARTS];
	int64_t day, today = (int64_t)h->time / ACT_DAY_US;
	if (!cbor_map_find_uint(h->extract, EXTRACT_ENTRY, &item) || !read_entry(item, part) ||
	    !is_short_office(part[0], h->scope))
		return false;
	for (size_t i = 1; i < ACT_ENTRY_PARTS; i++)
		if (!bytes_equal(part[i], h->entry[i]))
			return false;
	/* The day is that of the country's clock, which is at most a day off. */
	return cbor_map_find_uint(h->extract, EXTRACT_REGISTERED, &item) && cbor_as_int(item, &day) && day <= today + 1 &&
	       (day >= today - 1 || h->origin == HEAD_TRANSCRIBED);
}

bool act_extract_repeats(const struct act_head *h, const struct act_head *corrected)
{
	static const uint64_t repeated[] = {EXTRACT_ENTRY, EXTRACT_REGISTERED};
	for (size_t i = 0; i < sizeof repeated / sizeof repeated[0]; i++) {
		struct bytes now, then;
		if (!cbor_map_find_uint(h->extract, repeated[i], &now) ||
		    !cbor_map_find_uint(corrected->extract, repeated[i], &then) || !bytes_equal(now, then))
			return false;
	}
	return true;
}
