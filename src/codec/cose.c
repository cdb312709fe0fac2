/* SPDX-License-Identifier: MPL-2.0 */
#include "codec/cose.h"

#include "codec/cbor.h"

enum { HEADER_ALG = 1, HEADER_CRIT = 2, HEADER_KID = 4, HEADER_TYPE = 16 };

void cose_protected(struct buf *out, int64_t alg, struct bytes kid, const char *type)
{
	cbor_put_map(out, 1u + (kid.len > 0) + (type != NULL));
	cbor_put_uint(out, HEADER_ALG);
	cbor_put_int(out, alg);
	if (kid.len > 0) {
		cbor_put_uint(out, HEADER_KID);
		cbor_put_bytes(out, kid);
	}
	if (type) {
		cbor_put_uint(out, HEADER_TYPE);
		cbor_put_str(out, type);
	}
}

void cose_tbs(struct buf *out, struct bytes protected_header, struct bytes payload)
{
	cbor_put_array(out, 4);
	cbor_put_str(out, "Signature1");
	cbor_put_bytes(out, protected_header);
	cbor_put_bytes(out, BYTES_NONE);
	cbor_put_bytes(out, payload);
}

void cose_sign1_put(struct buf *out, struct bytes protected_header, struct bytes payload, struct bytes signature)
{
	cbor_put_tag(out, COSE_TAG_SIGN1);
	cbor_put_array(out, 4);
	cbor_put_bytes(out, protected_header);
	cbor_put_map(out, 0);
	cbor_put_bytes(out, payload);
	cbor_put_bytes(out, signature);
}

void cose_sign1_tbs(const struct cose_sign1 *s, struct buf *out)
{
	cose_tbs(out, s->protected_header, s->payload);
}

static bool find(struct bytes map, uint64_t label, struct bytes *ret)
{
	return map.len > 0 && cbor_map_find_uint(map, label, ret);
}

/* RFC 9052 §3: a label must not occur in both maps. */
static bool share_a_label(struct bytes protected_map, struct bytes unprotected_map)
{
	struct cbor c = cbor_init_unchecked(unprotected_map), p;
	size_t pairs, protected_pairs;
	if (protected_map.len == 0 || !cbor_get_map(&c, &pairs))
		return false;
	for (size_t i = 0; i < pairs; i++) {
		struct bytes key, other, value;
		cbor_skip(&c, &key);
		cbor_skip(&c, &value);
		p = cbor_init_unchecked(protected_map);
		cbor_get_map(&p, &protected_pairs);
		while (cbor_skip(&p, &other) && cbor_skip(&p, &value)) {
			if (bytes_equal(key, other))
				return true;
		}
	}
	return false;
}

/* alg, kid and type from the two maps. */
static enum rc read_headers(struct cose_sign1 *s, struct bytes unprotected_map)
{
	struct bytes value;
	if (find(s->protected_header, HEADER_CRIT, &value) || find(unprotected_map, HEADER_CRIT, &value)
	    || share_a_label(s->protected_header, unprotected_map))
		return RC_FORMAT;
	if (!find(s->protected_header, HEADER_ALG, &value) || !cbor_as_int(value, &s->alg))
		return RC_FORMAT;
	if ((find(s->protected_header, HEADER_KID, &value) || find(unprotected_map, HEADER_KID, &value))
	    && !cbor_as_bytes(value, &s->kid))
		return RC_FORMAT;
	if (find(s->protected_header, HEADER_TYPE, &value) && !cbor_as_text(value, &s->type))
		return RC_FORMAT;
	return RC_OK;
}

enum rc cose_sign1_parse(struct bytes message, struct cose_sign1 *ret)
{
	struct cose_sign1 s = {0};
	struct bytes unprotected_map = BYTES_NONE;
	struct cbor c = cbor_init(message);
	uint64_t tag = COSE_TAG_SIGN1;
	size_t n = 0;
	if (cbor_peek(&c) == CBOR_TAG)
		cbor_get_tag(&c, &tag);
	cbor_get_array(&c, &n);
	cbor_get_bytes(&c, &s.protected_header);
	if (cbor_peek(&c) != CBOR_MAP)
		return RC_FORMAT;
	cbor_skip(&c, &unprotected_map);
	cbor_get_bytes(&c, &s.payload);
	cbor_get_bytes(&c, &s.signature);
	if (!cbor_at_end(&c) || tag != COSE_TAG_SIGN1 || n != 4 || s.signature.len != COSE_SIGNATURE_SIZE
	    || !cbor_is_deterministic(s.protected_header))
		return RC_FORMAT;
	enum rc rc = read_headers(&s, unprotected_map);
	if (rc == RC_OK)
		*ret = s;
	return rc;
}
