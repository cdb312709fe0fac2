/* SPDX-License-Identifier: MPL-2.0 */
#include "matcher/wire.h"

#include "base/text.h"
#include "codec/cbor.h"

enum { NAME_BYTES_MAX = 1024, PLACE_BYTES_MAX = 64, SCORE_MAX = 10000 };

/* ---- message ---- */

static uint64_t u64_at(struct bytes b, size_t from)
{
	uint64_t v = 0;
	for (size_t i = from; i < from + 8; i++)
		v = v << 8 | b.ptr[i];
	return v;
}

enum rc matcher_message_parse(struct bytes frame, struct matcher_message *ret)
{
	if (frame.len < MATCHER_HEADER_SIZE || frame.len > MATCHER_FRAME_MAX || frame.ptr[0] != MATCHER_VERSION)
		return RC_FORMAT;
	if (frame.ptr[1] < MATCHER_HELLO || frame.ptr[1] > MATCHER_BAD)
		return RC_FORMAT;
	*ret = (struct matcher_message){.op = (enum matcher_op)frame.ptr[1], .request = u64_at(frame, 2),
	                                .position = u64_at(frame, 10),
	                                .body = bytes_slice(frame, MATCHER_HEADER_SIZE, frame.len)};
	return RC_OK;
}

void matcher_message_put(struct buf *out, const struct matcher_message *m)
{
	buf_byte(out, MATCHER_VERSION);
	buf_byte(out, (uint8_t)m->op);
	buf_u64be(out, m->request);
	buf_u64be(out, m->position);
	buf_append(out, m->body);
}

/* ---- index record ---- */

enum { CHILD_NATIVE = 1, CHILD_LATIN, BIRTH, MOTHER_NATIVE, MOTHER_LATIN, MOTHER_BIRTH, SEX, PLACE, OBJECT, PERSON };

static bool text_field(struct cbor *c, size_t max, struct bytes *ret)
{
	return cbor_get_text(c, ret) && ret->len <= max;
}

static bool sex_field(struct cbor *c, char *ret)
{
	struct bytes text;
	if (!cbor_get_text(c, &text) || text.len > 16)
		return false;
	/* "m", "male" …: the first letter tells them apart */
	char first = text.len ? (char)text.ptr[0] : 0;
	*ret = first == 'm' || first == 'f' || first == 'u' ? first : 0;
	return true;
}

static bool date_field(struct cbor *c, struct linkage_date *ret)
{
	struct bytes text;
	return cbor_get_text(c, &text) && linkage_date_parse(text, ret);
}

static bool field(struct cbor *c, uint64_t key, struct matcher_record *r)
{
	if (key != OBJECT && key != PERSON && cbor_try_null(c))
		return true;
	switch (key) {
	case CHILD_NATIVE:
		return text_field(c, NAME_BYTES_MAX, &r->child_native);
	case CHILD_LATIN:
		return text_field(c, NAME_BYTES_MAX, &r->child_latin);
	case MOTHER_NATIVE:
		return text_field(c, NAME_BYTES_MAX, &r->mother_native);
	case MOTHER_LATIN:
		return text_field(c, NAME_BYTES_MAX, &r->mother_latin);
	case PLACE:
		return text_field(c, PLACE_BYTES_MAX, &r->place);
	case BIRTH:
		return date_field(c, &r->birth);
	case MOTHER_BIRTH:
		return date_field(c, &r->mother_birth);
	case SEX:
		return sex_field(c, &r->sex);
	case OBJECT:
		return cbor_get_fixed(c, r->object_id.b, sizeof r->object_id.b);
	case PERSON:
		return cbor_get_fixed(c, r->person_id.b, sizeof r->person_id.b);
	default:
		return cbor_skip(c, NULL); /* of a later version */
	}
}

enum rc matcher_record_parse(struct bytes cbor, struct matcher_record *ret)
{
	struct matcher_record r = {0};
	struct cbor c = cbor_init(cbor);
	size_t pairs = 0;
	bool has_object = false, has_person = false;
	if (cbor.len > MATCHER_RECORD_MAX || !cbor_get_map(&c, &pairs))
		return RC_FORMAT;
	for (size_t i = 0; i < pairs; i++) {
		uint64_t key;
		if (!cbor_get_uint(&c, &key) || !field(&c, key, &r))
			return RC_FORMAT;
		has_object = has_object || key == OBJECT;
		has_person = has_person || key == PERSON;
	}
	if (!cbor_at_end(&c) || !has_object || !has_person)
		return RC_FORMAT;
	*ret = r;
	return RC_OK;
}

/* ---- bodies ---- */

void matcher_feed_put(struct buf *out, uint64_t after, const struct bytes *records, size_t count)
{
	cbor_put_array(out, 2);
	cbor_put_uint(out, after);
	cbor_put_array(out, count);
	for (size_t i = 0; i < count; i++)
		cbor_put_raw(out, records[i]);
}

enum rc matcher_feed_parse(struct bytes body, uint64_t *ret_after, struct bytes ret_records[static MATCHER_FEED_RECORDS],
                           size_t *ret_count)
{
	struct cbor c = cbor_init(body);
	struct bytes records[MATCHER_FEED_RECORDS];
	uint64_t after;
	size_t parts, count;
	if (!cbor_get_array(&c, &parts) || parts != 2 || !cbor_get_uint(&c, &after) || !cbor_get_array(&c, &count))
		return RC_FORMAT;
	if (count == 0 || count > MATCHER_FEED_RECORDS)
		return RC_FORMAT;
	for (size_t i = 0; i < count; i++)
		if (!cbor_skip(&c, &records[i]))
			return RC_FORMAT;
	if (!cbor_at_end(&c))
		return RC_FORMAT;
	for (size_t i = 0; i < count; i++)
		ret_records[i] = records[i];
	*ret_after = after;
	*ret_count = count;
	return RC_OK;
}

void matcher_candidates_put(struct buf *out, const struct matcher_candidate *candidates, size_t count)
{
	cbor_put_array(out, count);
	for (size_t i = 0; i < count; i++) {
		cbor_put_array(out, 5);
		cbor_put_bytes(out, id_bytes(&candidates[i].person_id));
		cbor_put_bytes(out, id_bytes(&candidates[i].object_id));
		cbor_put_uint(out, (uint64_t)candidates[i].kind);
		cbor_put_uint(out, candidates[i].flags);
		cbor_put_uint(out, candidates[i].score);
	}
}

static bool candidate(struct cbor *c, struct matcher_candidate *ret)
{
	uint64_t kind, flags, score;
	size_t parts;
	if (!cbor_get_array(c, &parts) || parts != 5)
		return false;
	if (!cbor_get_fixed(c, ret->person_id.b, 16) || !cbor_get_fixed(c, ret->object_id.b, 16))
		return false;
	if (!cbor_get_uint(c, &kind) || !cbor_get_uint(c, &flags) || !cbor_get_uint(c, &score))
		return false;
	ret->kind = (enum linkage_kind)kind;
	ret->flags = (unsigned)flags;
	ret->score = (unsigned)score;
	return kind >= LINKAGE_SAME_MOTHER && kind <= LINKAGE_EXACT && flags < 1u << LINKAGE_FLAGS && score <= SCORE_MAX;
}

enum rc matcher_candidates_parse(struct bytes body, struct matcher_candidate ret[static MATCHER_CANDIDATES],
                                 size_t *ret_count)
{
	struct cbor c = cbor_init(body);
	struct matcher_candidate found[MATCHER_CANDIDATES];
	size_t count;
	if (!cbor_get_array(&c, &count) || count > MATCHER_CANDIDATES)
		return RC_FORMAT;
	for (size_t i = 0; i < count; i++)
		if (!candidate(&c, &found[i]))
			return RC_FORMAT;
	if (!cbor_at_end(&c))
		return RC_FORMAT;
	for (size_t i = 0; i < count; i++)
		ret[i] = found[i];
	*ret_count = count;
	return RC_OK;
}
