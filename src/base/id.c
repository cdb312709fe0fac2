/* SPDX-License-Identifier: MPL-2.0 */
#include "base/id.h"

#include <string.h>

#include "base/random.h"
#include "base/text.h"

struct id id_new(void)
{
	struct id id;
	random_bytes(id.b, sizeof id.b);
	id.b[6] = (uint8_t)((id.b[6] & 0x0f) | 0x40);
	id.b[8] = (uint8_t)((id.b[8] & 0x3f) | 0x80);
	return id;
}

static bool is_v4(struct id id)
{
	return (id.b[6] & 0xf0) == 0x40 && (id.b[8] & 0xc0) == 0x80;
}

enum rc id_parse(struct bytes text, struct id *ret)
{
	uint8_t storage[36];
	size_t n = 0;
	if (text.len != 36)
		return RC_FORMAT;
	for (size_t i = 0; i < text.len; i++) {
		bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
		if (hyphen != (text.ptr[i] == '-'))
			return RC_FORMAT;
		if (!hyphen)
			storage[n++] = text.ptr[i];
	}
	struct buf raw = BUF_INIT(16);
	enum rc rc = hex_decode(bytes_of(storage, n), &raw);
	struct id id = {0};
	if (rc == RC_OK)
		memcpy(id.b, raw.ptr, sizeof id.b);
	buf_release(&raw);
	if (rc != RC_OK || !is_v4(id))
		return RC_FORMAT;
	*ret = id;
	return RC_OK;
}

void id_format(struct id id, char out[static ID_TEXT_SIZE])
{
	static const char digit[] = "0123456789abcdef";
	for (size_t i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = digit[id.b[i] >> 4];
		*out++ = digit[id.b[i] & 15];
	}
	*out = 0;
}

bool id_equal(struct id a, struct id b)
{
	return memcmp(a.b, b.b, sizeof a.b) == 0;
}

bool id_is_zero(struct id id)
{
	return id_equal(id, (struct id){{0}});
}

struct bytes id_bytes(const struct id *id)
{
	return BYTES_ARRAY(id->b);
}

enum rc id_from_bytes(struct bytes b, struct id *ret)
{
	if (b.len != sizeof ret->b)
		return RC_FORMAT;
	memcpy(ret->b, b.ptr, b.len);
	return RC_OK;
}
