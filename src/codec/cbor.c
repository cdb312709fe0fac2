/* SPDX-License-Identifier: MPL-2.0 */
#include "codec/cbor.h"

#include <string.h>

#include "base/text.h"

enum { MAJOR_SIMPLE = 7, SIMPLE_FALSE = 20, SIMPLE_TRUE = 21, SIMPLE_NULL = 22 };

/* ---- encoder ---- */

static void put_head(struct buf *out, enum cbor_type major, uint64_t v)
{
	uint8_t first = (uint8_t)((unsigned)major << 5);
	if (v < 24) {
		buf_byte(out, (uint8_t)(first | v));
	} else if (v <= UINT8_MAX) {
		buf_byte(out, first | 24);
		buf_byte(out, (uint8_t)v);
	} else if (v <= UINT16_MAX) {
		buf_byte(out, first | 25);
		buf_u16be(out, (uint16_t)v);
	} else if (v <= UINT32_MAX) {
		buf_byte(out, first | 26);
		buf_u32be(out, (uint32_t)v);
	} else {
		buf_byte(out, first | 27);
		buf_u64be(out, v);
	}
}

void cbor_put_uint(struct buf *out, uint64_t v)
{
	put_head(out, CBOR_UINT, v);
}

void cbor_put_int(struct buf *out, int64_t v)
{
	if (v >= 0)
		put_head(out, CBOR_UINT, (uint64_t)v);
	else
		put_head(out, CBOR_NEGATIVE, (uint64_t)(-(v + 1)));
}

void cbor_put_bytes(struct buf *out, struct bytes v)
{
	put_head(out, CBOR_BYTES, v.len);
	buf_append(out, v);
}

void cbor_put_text(struct buf *out, struct bytes v)
{
	put_head(out, CBOR_TEXT, v.len);
	buf_append(out, v);
}

void cbor_put_str(struct buf *out, const char *v)
{
	if (v)
		cbor_put_text(out, bytes_str(v));
	else
		cbor_put_null(out);
}

void cbor_put_array(struct buf *out, uint64_t n)
{
	put_head(out, CBOR_ARRAY, n);
}

void cbor_put_map(struct buf *out, uint64_t n)
{
	put_head(out, CBOR_MAP, n);
}

void cbor_put_tag(struct buf *out, uint64_t tag)
{
	put_head(out, CBOR_TAG, tag);
}

void cbor_put_bool(struct buf *out, bool v)
{
	buf_byte(out, (MAJOR_SIMPLE << 5) | (v ? SIMPLE_TRUE : SIMPLE_FALSE));
}

void cbor_put_null(struct buf *out)
{
	buf_byte(out, (MAJOR_SIMPLE << 5) | SIMPLE_NULL);
}

void cbor_put_raw(struct buf *out, struct bytes item)
{
	buf_append(out, item);
}

/* ---- heads ---- */

struct head {
	unsigned major;
	uint64_t value;
};

static uint64_t big_endian(const uint8_t *p, size_t n)
{
	uint64_t v = 0;
	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

/* Takes a head off *in; false if it is cut, not shortest, or of a kind that the subset lacks. */
static bool take_head(struct bytes *in, struct head *ret)
{
	if (in->len == 0)
		return false;
	unsigned major = in->ptr[0] >> 5, info = in->ptr[0] & 31;
	uint64_t value = info;
	size_t extra = 0;
	if (major == MAJOR_SIMPLE) {
		if (info < SIMPLE_FALSE || info > SIMPLE_NULL)
			return false;
	} else if (info >= 24) {
		static const uint64_t least[] = {24, 1u << 8, 1u << 16, UINT64_C(1) << 32};
		if (info > 27)
			return false;
		extra = (size_t)1 << (info - 24);
		if (in->len - 1 < extra)
			return false;
		value = big_endian(in->ptr + 1, extra);
		if (value < least[info - 24])
			return false;
	}
	*in = bytes_slice(*in, 1 + extra, in->len);
	*ret = (struct head){major, value};
	return true;
}

/* After a head: is what it announces at all possible in the bytes left? */
static bool fits(struct head h, struct bytes rest)
{
	switch (h.major) {
	case CBOR_BYTES:
	case CBOR_TEXT:
	case CBOR_ARRAY:
		return h.value <= rest.len;
	case CBOR_MAP:
		return h.value <= rest.len / 2;
	default:
		return true;
	}
}

/* ---- whole items ---- */

/* The order of map keys is looked at only when `strict`. */
static bool walk_map(struct bytes *in, uint64_t pairs, unsigned depth, bool strict);

static bool walk_item(struct bytes *in, unsigned depth, bool strict)
{
	struct head h;
	if (depth > CBOR_DEPTH_MAX || !take_head(in, &h) || !fits(h, *in))
		return false;
	switch (h.major) {
	case CBOR_TEXT:
		if (!utf8_is_valid(bytes_slice(*in, 0, (size_t)h.value)))
			return false;
		/* fall through */
	case CBOR_BYTES:
		*in = bytes_slice(*in, (size_t)h.value, in->len);
		return true;
	case CBOR_ARRAY:
		for (uint64_t i = 0; i < h.value; i++) {
			if (!walk_item(in, depth + 1, strict))
				return false;
		}
		return true;
	case CBOR_MAP:
		return walk_map(in, h.value, depth, strict);
	case CBOR_TAG:
		return walk_item(in, depth + 1, strict);
	default:
		return true;
	}
}

static struct bytes consumed(struct bytes before, struct bytes after)
{
	return bytes_slice(before, 0, before.len - after.len);
}

static bool walk_map(struct bytes *in, uint64_t pairs, unsigned depth, bool strict)
{
	struct bytes last = BYTES_NONE;
	for (uint64_t i = 0; i < pairs; i++) {
		struct bytes start = *in;
		if (!walk_item(in, depth + 1, strict))
			return false;
		struct bytes key = consumed(start, *in);
		if (strict && i > 0 && bytes_compare(last, key) >= 0)
			return false;
		last = key;
		if (!walk_item(in, depth + 1, strict))
			return false;
	}
	return true;
}

bool cbor_is_deterministic(struct bytes item)
{
	return walk_item(&item, 1, true) && item.len == 0;
}

/* ---- decoder ---- */

struct cbor cbor_init(struct bytes input)
{
	struct cbor c = {.rest = input};
	struct bytes rest = input;
	while (rest.len > 0 && !c.failed)
		c.failed = !walk_item(&rest, 1, true);
	return c;
}

struct cbor cbor_init_unchecked(struct bytes input)
{
	return (struct cbor){.rest = input};
}

enum cbor_type cbor_peek(const struct cbor *c)
{
	if (c->failed || c->rest.len == 0)
		return CBOR_NOTHING;
	switch (c->rest.ptr[0]) {
	case (MAJOR_SIMPLE << 5) | SIMPLE_FALSE:
	case (MAJOR_SIMPLE << 5) | SIMPLE_TRUE:
		return CBOR_BOOL;
	case (MAJOR_SIMPLE << 5) | SIMPLE_NULL:
		return CBOR_NULL;
	default:
		break;
	}
	unsigned major = c->rest.ptr[0] >> 5;
	return major == MAJOR_SIMPLE ? CBOR_NOTHING : (enum cbor_type)major;
}

static bool fail(struct cbor *c)
{
	c->failed = true;
	return false;
}

/* The head of the next item if it is of that type and possible; the item itself stays. */
static bool get_head(struct cbor *c, enum cbor_type major, uint64_t *ret)
{
	struct head h;
	struct bytes rest = c->rest;
	if (c->failed || !take_head(&rest, &h) || h.major != (unsigned)major || !fits(h, rest))
		return fail(c);
	c->rest = rest;
	*ret = h.value;
	return true;
}

bool cbor_get_uint(struct cbor *c, uint64_t *ret)
{
	return get_head(c, CBOR_UINT, ret);
}

bool cbor_get_int(struct cbor *c, int64_t *ret)
{
	bool negative = cbor_peek(c) == CBOR_NEGATIVE;
	uint64_t v;
	if (!get_head(c, negative ? CBOR_NEGATIVE : CBOR_UINT, &v))
		return false;
	if (v > INT64_MAX)
		return fail(c);
	*ret = negative ? -1 - (int64_t)v : (int64_t)v;
	return true;
}

static bool get_string(struct cbor *c, enum cbor_type major, struct bytes *ret)
{
	uint64_t len;
	if (!get_head(c, major, &len))
		return false;
	struct bytes s = bytes_slice(c->rest, 0, (size_t)len);
	if (major == CBOR_TEXT && !utf8_is_valid(s))
		return fail(c);
	c->rest = bytes_slice(c->rest, (size_t)len, c->rest.len);
	*ret = s;
	return true;
}

bool cbor_get_bytes(struct cbor *c, struct bytes *ret)
{
	return get_string(c, CBOR_BYTES, ret);
}

bool cbor_get_fixed(struct cbor *c, uint8_t *ret, size_t len)
{
	struct bytes s;
	if (!get_string(c, CBOR_BYTES, &s))
		return false;
	if (s.len != len)
		return fail(c);
	if (len)
		memcpy(ret, s.ptr, len);
	return true;
}

bool cbor_get_text(struct cbor *c, struct bytes *ret)
{
	return get_string(c, CBOR_TEXT, ret);
}

bool cbor_get_bool(struct cbor *c, bool *ret)
{
	if (cbor_peek(c) != CBOR_BOOL)
		return fail(c);
	*ret = (c->rest.ptr[0] & 31) == SIMPLE_TRUE;
	c->rest = bytes_slice(c->rest, 1, c->rest.len);
	return true;
}

bool cbor_try_null(struct cbor *c)
{
	if (cbor_peek(c) != CBOR_NULL)
		return false;
	c->rest = bytes_slice(c->rest, 1, c->rest.len);
	return true;
}

bool cbor_get_null(struct cbor *c)
{
	return cbor_try_null(c) || fail(c);
}

static bool get_count(struct cbor *c, enum cbor_type major, size_t *ret)
{
	uint64_t n;
	if (!get_head(c, major, &n))
		return false;
	*ret = (size_t)n;
	return true;
}

bool cbor_get_array(struct cbor *c, size_t *ret_items)
{
	return get_count(c, CBOR_ARRAY, ret_items);
}

bool cbor_get_map(struct cbor *c, size_t *ret_pairs)
{
	return get_count(c, CBOR_MAP, ret_pairs);
}

bool cbor_get_tag(struct cbor *c, uint64_t *ret)
{
	return get_head(c, CBOR_TAG, ret);
}

bool cbor_skip(struct cbor *c, struct bytes *ret)
{
	struct bytes rest = c->rest;
	if (c->failed || !walk_item(&rest, 1, false))
		return fail(c);
	if (ret)
		*ret = consumed(c->rest, rest);
	c->rest = rest;
	return true;
}

bool cbor_at_end(const struct cbor *c)
{
	return !c->failed && c->rest.len == 0;
}

enum rc cbor_finish(const struct cbor *c)
{
	return cbor_at_end(c) ? RC_OK : RC_FORMAT;
}

/* ---- look-ups ---- */

static bool map_find(struct bytes map, struct bytes wanted, struct bytes *ret_value)
{
	struct cbor c = cbor_init_unchecked(map);
	size_t pairs;
	if (!cbor_get_map(&c, &pairs))
		return false;
	for (size_t i = 0; i < pairs; i++) {
		struct bytes key, value;
		if (!cbor_skip(&c, &key) || !cbor_skip(&c, &value))
			return false;
		if (bytes_equal(key, wanted)) {
			*ret_value = value;
			return true;
		}
	}
	return false;
}

bool cbor_map_find_uint(struct bytes map, uint64_t key, struct bytes *ret_value)
{
	struct buf encoded = BUF_INIT(16);
	cbor_put_uint(&encoded, key);
	bool found = !buf_failed(&encoded) && map_find(map, buf_bytes(&encoded), ret_value);
	buf_release(&encoded);
	return found;
}

bool cbor_map_find_int(struct bytes map, int64_t key, struct bytes *ret_value)
{
	struct buf encoded = BUF_INIT(16);
	cbor_put_int(&encoded, key);
	bool found = !buf_failed(&encoded) && map_find(map, buf_bytes(&encoded), ret_value);
	buf_release(&encoded);
	return found;
}

bool cbor_map_find_text(struct bytes map, const char *key, struct bytes *ret_value)
{
	struct buf encoded = BUF_INIT(256);
	cbor_put_str(&encoded, key);
	bool found = !buf_failed(&encoded) && map_find(map, buf_bytes(&encoded), ret_value);
	buf_release(&encoded);
	return found;
}

bool cbor_as_uint(struct bytes item, uint64_t *ret)
{
	struct cbor c = cbor_init_unchecked(item);
	uint64_t v;
	if (!cbor_get_uint(&c, &v) || !cbor_at_end(&c))
		return false;
	*ret = v;
	return true;
}

bool cbor_as_int(struct bytes item, int64_t *ret)
{
	struct cbor c = cbor_init_unchecked(item);
	int64_t v;
	if (!cbor_get_int(&c, &v) || !cbor_at_end(&c))
		return false;
	*ret = v;
	return true;
}

static bool as_string(struct bytes item, enum cbor_type major, struct bytes *ret)
{
	struct cbor c = cbor_init_unchecked(item);
	struct bytes v;
	if (!get_string(&c, major, &v) || !cbor_at_end(&c))
		return false;
	*ret = v;
	return true;
}

bool cbor_as_bytes(struct bytes item, struct bytes *ret)
{
	return as_string(item, CBOR_BYTES, ret);
}

bool cbor_as_text(struct bytes item, struct bytes *ret)
{
	return as_string(item, CBOR_TEXT, ret);
}
