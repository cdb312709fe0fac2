/* SPDX-License-Identifier: MPL-2.0 */
#include "codec/statuslist.h"

#include "codec/cbor.h"
#include "codec/deflate.h"

enum { CLAIM_SUB = 2, CLAIM_EXP = 4, CLAIM_IAT = 6 };

static bool width_is_known(unsigned bits)
{
	return bits == 1 || bits == 2 || bits == 4 || bits == 8;
}

size_t statuslist_size(unsigned bits, uint64_t count)
{
	if (!width_is_known(bits) || count > (uint64_t)STATUSLIST_BYTES_MAX * 8 / bits)
		return 0;
	return (size_t)((count * bits + 7) / 8);
}

/* Which byte and how far from its lowest bit. */
static enum rc locate(size_t len, unsigned bits, uint64_t index, size_t *ret_byte, unsigned *ret_shift)
{
	if (!width_is_known(bits))
		return RC_FORMAT;
	unsigned per_byte = 8 / bits;
	if (index / per_byte >= len)
		return RC_NOT_FOUND;
	*ret_byte = (size_t)(index / per_byte);
	*ret_shift = (unsigned)(index % per_byte) * bits;
	return RC_OK;
}

enum rc statuslist_get(struct bytes packed, unsigned bits, uint64_t index, unsigned *ret)
{
	size_t byte;
	unsigned shift;
	enum rc rc = locate(packed.len, bits, index, &byte, &shift);
	if (rc == RC_OK)
		*ret = (unsigned)packed.ptr[byte] >> shift & ((1u << bits) - 1);
	return rc;
}

enum rc statuslist_set(uint8_t *packed, size_t len, unsigned bits, uint64_t index, unsigned value)
{
	size_t byte;
	unsigned shift;
	enum rc rc = locate(len, bits, index, &byte, &shift);
	if (rc != RC_OK)
		return rc;
	unsigned mask = (1u << bits) - 1;
	if (value > mask)
		return RC_INVALID;
	packed[byte] = (uint8_t)((packed[byte] & ~(mask << shift)) | value << shift);
	return RC_OK;
}

/* ---- claims ---- */

enum rc statuslist_put(struct buf *out, const struct statuslist_claims *claims, struct bytes packed)
{
	struct buf compressed = BUF_INIT(STATUSLIST_BYTES_MAX + 4096);
	if (!width_is_known(claims->bits))
		return RC_FORMAT;
	enum rc rc = packed.len > STATUSLIST_BYTES_MAX ? RC_TOO_LARGE : zlib_compress(packed, &compressed);
	if (rc != RC_OK)
		goto out;
	cbor_put_map(out, 3u + (claims->exp != 0) + (claims->ttl != 0) + (claims->since.len != 0));
	cbor_put_uint(out, CLAIM_SUB);
	cbor_put_text(out, claims->sub);
	if (claims->exp) {
		cbor_put_uint(out, CLAIM_EXP);
		cbor_put_uint(out, claims->exp);
	}
	cbor_put_uint(out, CLAIM_IAT);
	cbor_put_uint(out, claims->iat);
	cbor_put_uint(out, STATUSLIST_CLAIM_LIST);
	cbor_put_map(out, 2);
	cbor_put_str(out, "lst");
	cbor_put_bytes(out, buf_bytes(&compressed));
	cbor_put_str(out, "bits");
	cbor_put_uint(out, claims->bits);
	if (claims->ttl) {
		cbor_put_uint(out, STATUSLIST_CLAIM_TTL);
		cbor_put_uint(out, claims->ttl);
	}
	if (claims->since.len) {
		cbor_put_int(out, STATUSLIST_CLAIM_SINCE);
		cbor_put_raw(out, claims->since);
	}
	rc = buf_failed(out) ? RC_TOO_LARGE : RC_OK;
out:
	buf_release(&compressed);
	return rc;
}

/* The first map of the input has no key twice, whatever their order. */
static bool keys_are_unique(struct bytes map)
{
	struct cbor c = cbor_init_unchecked(map);
	size_t pairs;
	if (!cbor_get_map(&c, &pairs) || pairs > 64)
		return false;
	for (size_t i = 0; i < pairs; i++) {
		struct bytes key, value, other;
		if (!cbor_skip(&c, &key) || !cbor_skip(&c, &value))
			return false;
		struct cbor later = c;
		while (later.rest.len > 0 && cbor_skip(&later, &other) && cbor_skip(&later, &value)) {
			if (bytes_equal(key, other))
				return false;
		}
	}
	return cbor_at_end(&c);
}

/* An optional number: false only if it is there and is none. */
static bool find_number(struct bytes map, uint64_t key, uint64_t *ret)
{
	struct bytes value;
	return !cbor_map_find_uint(map, key, &value) || cbor_as_uint(value, ret);
}

enum rc statuslist_parse(struct bytes claims, struct statuslist_claims *ret, struct buf *list)
{
	struct statuslist_claims c = {0};
	struct bytes value, inner, compressed;
	uint64_t bits;
	if (!keys_are_unique(claims) || !cbor_map_find_uint(claims, CLAIM_SUB, &value) || !cbor_as_text(value, &c.sub)
	    || !cbor_map_find_uint(claims, CLAIM_IAT, &value) || !cbor_as_uint(value, &c.iat)
	    || !find_number(claims, CLAIM_EXP, &c.exp) || !find_number(claims, STATUSLIST_CLAIM_TTL, &c.ttl))
		return RC_FORMAT;
	if (cbor_map_find_int(claims, STATUSLIST_CLAIM_SINCE, &value)) {
		if (value.len == 0 || value.ptr[0] >> 5 != CBOR_MAP)
			return RC_FORMAT;
		c.since = value;
	}
	if (!cbor_map_find_uint(claims, STATUSLIST_CLAIM_LIST, &inner) || !keys_are_unique(inner)
	    || !cbor_map_find_text(inner, "bits", &value) || !cbor_as_uint(value, &bits) || bits > 8
	    || !width_is_known((unsigned)bits) || !cbor_map_find_text(inner, "lst", &value)
	    || !cbor_as_bytes(value, &compressed))
		return RC_FORMAT;
	enum rc rc = zlib_decompress(compressed, list);
	if (rc != RC_OK)
		return rc;
	c.bits = (unsigned)bits;
	*ret = c;
	return RC_OK;
}

enum rc statuslist_since(struct bytes since, uint64_t index, int64_t *ret_days)
{
	struct bytes value;
	int64_t days;
	if (!cbor_map_find_uint(since, index, &value))
		return RC_NOT_FOUND;
	if (!cbor_as_int(value, &days) || days < 0)
		return RC_FORMAT;
	*ret_days = days;
	return RC_OK;
}

void statuslist_reference_put(struct buf *out, uint64_t index, struct bytes uri)
{
	cbor_put_map(out, 1);
	cbor_put_str(out, "status_list");
	cbor_put_map(out, 2);
	cbor_put_str(out, "idx");
	cbor_put_uint(out, index);
	cbor_put_str(out, "uri");
	cbor_put_text(out, uri);
}

enum rc statuslist_reference_parse(struct bytes value, uint64_t *ret_index, struct bytes *ret_uri)
{
	struct bytes list, idx, uri, text;
	uint64_t index;
	if (!keys_are_unique(value) || !cbor_map_find_text(value, "status_list", &list) || !keys_are_unique(list)
	    || !cbor_map_find_text(list, "idx", &idx) || !cbor_as_uint(idx, &index)
	    || !cbor_map_find_text(list, "uri", &uri) || !cbor_as_text(uri, &text))
		return RC_FORMAT;
	*ret_index = index;
	*ret_uri = text;
	return RC_OK;
}
