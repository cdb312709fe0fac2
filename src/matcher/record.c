/* SPDX-License-Identifier: MPL-2.0 */
#include "matcher/record.h"

#include <string.h>

/* Cuts at a whole character: a continuation byte of UTF-8 never comes first. */
static size_t cut(const uint8_t *packed, size_t len)
{
	if (len <= PACKED_LENGTH_MAX)
		return len;
	len = PACKED_LENGTH_MAX;
	while (packed[0] == 0xff && len > 1 && (packed[len] & 0xc0) == 0x80)
		len--;
	return len;
}

static enum rc pack_name(struct bytes name, struct packed_text *t, size_t number)
{
	uint8_t packed[NAME_PACKED_MAX];
	struct buf normal = BUF_INIT(4 * NAME_INPUT_MAX);
	enum rc rc = name_normalise(name, &normal);
	if (rc == RC_OK) {
		size_t len = name_pack(buf_bytes(&normal), packed);
		len = cut(packed, len);
		t->bytes[number] = (uint8_t)len;
		memcpy(t->bytes + t->len, packed, len);
		t->len += len;
	}
	buf_release(&normal);
	wipe(packed, sizeof packed);
	return rc;
}

enum rc packed_write(const struct matcher_record *r, struct packed_text *ret)
{
	const struct bytes names[] = {r->child_native, r->child_latin, r->mother_native, r->mother_latin};
	struct packed_text t = {.len = PACKED_TEXTS};
	enum rc rc = RC_OK;
	for (size_t i = 0; i < PACKED_TEXTS - 1 && rc == RC_OK; i++)
		rc = pack_name(names[i], &t, i);
	struct bytes place = bytes_slice(r->place, 0, PACKED_LENGTH_MAX);
	t.bytes[PACKED_TEXTS - 1] = (uint8_t)place.len;
	if (place.len)
		memcpy(t.bytes + t.len, place.ptr, place.len);
	t.len += place.len;
	if (rc == RC_OK)
		*ret = t;
	wipe(&t, sizeof t);
	return rc;
}

void packed_read(const uint8_t *text, struct linkage_record *ret)
{
	struct bytes part[PACKED_TEXTS];
	const uint8_t *p = text + PACKED_TEXTS;
	for (size_t i = 0; i < PACKED_TEXTS; i++) {
		part[i] = bytes_of(p, text[i]);
		p += text[i];
	}
	*ret = (struct linkage_record){.child_native = part[0], .child_latin = part[1], .mother_native = part[2],
	                               .mother_latin = part[3], .place = part[4]};
}
