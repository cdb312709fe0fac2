/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/parcel.h"

#include <string.h>

enum { AT_KIND = 5, AT_KEY_ID = 12, AT_LENGTH = 20, AT_ENC = 24 };

/* Magic, version; the kind; the suite. */
static const uint8_t start[AT_KEY_ID] = {'C', 'I', 'V', 'P', 1, 0, 0x00, 0x10, 0x00, 0x01, 0x00, 0x02};

static uint32_t pieces_of(uint32_t length)
{
	return (length + PARCEL_PIECE - 1) / PARCEL_PIECE;
}

size_t parcel_size(uint32_t length)
{
	return PARCEL_HEADER + (size_t)length + (size_t)pieces_of(length) * PARCEL_TAG;
}

static bool length_is_good(enum parcel_kind kind, uint32_t length)
{
	if (length == 0 || length > PARCEL_FILE_MAX)
		return false;
	return kind == PARCEL_FILE || (kind == PARCEL_REQUEST && parcel_size(length) <= PARCEL_REQUEST_SIZE_MAX);
}

enum rc parcel_read_header(struct bytes header, struct parcel *ret)
{
	if (header.len != PARCEL_HEADER || memcmp(header.ptr, start, AT_KIND) != 0 ||
	    memcmp(header.ptr + AT_KIND + 1, start + AT_KIND + 1, AT_KEY_ID - AT_KIND - 1) != 0)
		return RC_FORMAT;
	struct parcel p = {.kind = (enum parcel_kind)header.ptr[AT_KIND], .header = header};
	for (int i = 0; i < 4; i++)
		p.length = p.length << 8 | header.ptr[AT_LENGTH + i];
	if (!length_is_good(p.kind, p.length))
		return RC_FORMAT;
	p.pieces = pieces_of(p.length);
	p.key_id = bytes_slice(header, AT_KEY_ID, PARCEL_KEY_ID);
	p.enc = bytes_slice(header, AT_ENC, PARCEL_ENC);
	*ret = p;
	return RC_OK;
}

enum rc parcel_read(struct bytes whole, struct parcel *ret)
{
	struct parcel p;
	enum rc rc = parcel_read_header(bytes_slice(whole, 0, PARCEL_HEADER), &p);
	if (rc != RC_OK || whole.len != parcel_size(p.length))
		return RC_FORMAT;
	p.content = bytes_slice(whole, PARCEL_HEADER, whole.len);
	*ret = p;
	return RC_OK;
}

size_t parcel_piece_size(const struct parcel *p, uint32_t i)
{
	if (i >= p->pieces)
		return 0;
	size_t left = p->length - (size_t)i * PARCEL_PIECE;
	return (left < PARCEL_PIECE ? left : PARCEL_PIECE) + PARCEL_TAG;
}

void parcel_info(struct id deployment, uint8_t ret[static PARCEL_INFO])
{
	static const char label[PARCEL_INFO - sizeof deployment.b] = "civis-parcel-v1"; /* and its NUL */
	memcpy(ret, label, sizeof label);
	memcpy(ret + sizeof label, deployment.b, sizeof deployment.b);
}

void parcel_header(enum parcel_kind kind, const uint8_t key_id[static PARCEL_KEY_ID], uint32_t length,
		   const uint8_t enc[static PARCEL_ENC], uint8_t ret[static PARCEL_HEADER])
{
	memcpy(ret, start, sizeof start);
	ret[AT_KIND] = (uint8_t)kind;
	memcpy(ret + AT_KEY_ID, key_id, PARCEL_KEY_ID);
	for (int i = 0; i < 4; i++)
		ret[AT_LENGTH + i] = (uint8_t)(length >> (24 - 8 * i));
	memcpy(ret + AT_ENC, enc, PARCEL_ENC);
}
