/* SPDX-License-Identifier: MPL-2.0 */
#include "credential/cwt.h"

#include <string.h>

#include "base/text.h"
#include "codec/base45.h"
#include "codec/cbor.h"
#include "codec/cose.h"
#include "codec/deflate.h"
#include "codec/statuslist.h"
#include "crypto/crypto.h"

enum { CLAIM_ISSUER = 1, CLAIM_ISSUED = 6, CLAIM_SERIAL = 7 };

/* Bytes that come to some 350 characters, a QR that a telephone reads easily: trying further ways to pack them costs more
   than it saves. */
enum { PACKED_ENOUGH = 230 };

static void put_letters(struct buf *out, unsigned from, unsigned to)
{
	for (unsigned c = from; c <= to; c++) {
		buf_byte(out, (uint8_t)(0xE0 | c >> 12));
		buf_byte(out, (uint8_t)(0x80 | (c >> 6 & 63)));
		buf_byte(out, (uint8_t)(0x80 | (c & 63)));
	}
}

/* What lies behind the letters stands in the order of a credential, so that each piece is found once. */
struct bytes cwt_dictionary(uint8_t memory[static CWT_DICTIONARY_SIZE])
{
	static const char frame[] =
		"\xD2\x84\x47\xA2\x01\x26\x04\x42"                 /* 18([<<{1: -7, 4: kid}>>, */
		"\xA0\x58\xB4\xA5\x01\x63"                         /* {}, <<{1: iss, */
		"\x06\x1A\x6B" "\x07\x47\x00"                      /* 6: iat, 7: cti, */
		"\x19\xFF\xFF\xA1\x6B" "status_list" "\xA2\x63" "idx" "\x19" "\x63" "uri" "\x78\x1C" "https://"
		"/status/0" "\x3A\x00\x01\x11\x70\xA8\x01\x61\x62" /* -70001: {1: "b", */
		"\x02\x85\x66" "0" "\x61\x42\x01\x19\x07\xEA\x18"  /* 2: [office, "B", 1, 2026, serial], */
		"\x03\x78" "\x04\x6D" "\x05\x61\x66\x06\x19\x50"    /* 3: name, 4: name, 5: "f", 6: days, */
		"\x05\x61\x6D\x06\x19\x51" "\x07\x68\x08\x19\x51"; /* 5: "m", 7: place, 8: days} */
	struct buf out = BUF_INIT(CWT_DICTIONARY_SIZE);
	put_letters(&out, 0x1780, 0x17B3); /* Khmer */
	put_letters(&out, 0x17B6, 0x17D2);
	put_letters(&out, 0x1000, 0x104F); /* Myanmar */
	buf_append(&out, bytes_of(frame, sizeof frame - 1));
	size_t len = buf_failed(&out) ? 0 : out.len;
	if (len)
		memcpy(memory, out.ptr, len);
	buf_release(&out);
	return bytes_of(memory, len);
}

enum rc cwt_text_encode(struct bytes cose, struct buf *out, struct err *e)
{
	uint8_t memory[CWT_DICTIONARY_SIZE];
	struct buf packed = BUF_INIT(CWT_COSE_MAX + 64);
	enum rc rc = zlib_compress_short(cose, cwt_dictionary(memory), PACKED_ENOUGH, &packed);
	if (rc == RC_OK) {
		buf_str(out, CWT_PREFIX);
		base45_encode(out, buf_bytes(&packed));
		rc = buf_failed(out) ? RC_TOO_LARGE : RC_OK;
	}
	buf_release(&packed);
	return rc == RC_OK ? RC_OK : err_set(e, rc, "qr", "the credential is too large for a QR code");
}

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* A space is also one of the 45 characters, so only what stands around the text goes: an
   encoder's own last space would be cut, and is put back by trying the longer text first. */
static struct bytes trim(struct bytes text)
{
	while (text.len && is_space(text.ptr[0]))
		text = bytes_slice(text, 1, text.len);
	while (text.len && is_space(text.ptr[text.len - 1]) && text.ptr[text.len - 1] != ' ')
		text.len--;
	return text;
}

static enum rc unpack(struct bytes text, struct buf *out)
{
	uint8_t memory[CWT_DICTIONARY_SIZE];
	struct buf packed = BUF_INIT(CWT_TEXT_MAX);
	enum rc rc = base45_decode(text, &packed);
	if (rc == RC_OK)
		rc = zlib_decompress_short(buf_bytes(&packed), cwt_dictionary(memory), out);
	buf_release(&packed);
	return rc;
}

enum rc cwt_text_decode(struct bytes text, struct buf *out, struct err *e)
{
	const struct bytes prefix = BYTES_LIT(CWT_PREFIX);
	struct buf cose = BUF_INIT(CWT_COSE_MAX);
	text = trim(text);
	if (!bytes_equal(bytes_slice(text, 0, prefix.len), prefix))
		return err_set(e, RC_FORMAT, "qr", "the text does not begin with " CWT_PREFIX);
	if (text.len > CWT_TEXT_MAX)
		return err_set(e, RC_TOO_LARGE, "qr", "the text is longer than a QR code can be");
	text = bytes_slice(text, prefix.len, text.len);
	enum rc rc = unpack(text, &cose);
	for (int i = 0; i < 3 && rc != RC_OK && text.len && text.ptr[text.len - 1] == ' '; i++) {
		text.len--;
		buf_reset(&cose);
		rc = unpack(text, &cose);
	}
	if (rc == RC_OK)
		buf_append(out, buf_bytes(&cose));
	buf_release(&cose);
	if (rc == RC_OK && buf_failed(out))
		rc = RC_TOO_LARGE;
	return rc == RC_OK ? RC_OK : err_set(e, rc, "qr", "the text is damaged");
}

static bool read_status(struct bytes claims, struct cwt *cwt)
{
	struct bytes value;
	cwt->has_status = cbor_map_find_uint(claims, CWT_CLAIM_STATUS, &value);
	return !cwt->has_status ||
	       statuslist_reference_parse(value, &cwt->status_index, &cwt->status_uri) == RC_OK;
}

static bool read_entry(struct cwt *cwt, struct bytes value)
{
	struct cbor c = cbor_init(value);
	struct cwt_entry *e = &cwt->entry;
	size_t n;
	cwt->has_entry = cbor_get_array(&c, &n) && n == 5 && cbor_get_text(&c, &e->office) && cbor_get_text(&c, &e->reg) &&
	                 cbor_get_uint(&c, &e->book) && cbor_get_uint(&c, &e->year) && cbor_get_uint(&c, &e->serial) &&
	                 cbor_at_end(&c);
	return cwt->has_entry;
}

static bool read_field(struct cwt *cwt, uint64_t label, struct bytes value)
{
	int64_t days;
	if (label == EXTRACT_ENTRY)
		return read_entry(cwt, value);
	if (label != EXTRACT_BIRTH_DATE && label != EXTRACT_REGISTERED)
		return cbor_as_text(value, &cwt->field[label]);
	/* the years 1 to 9999 */
	if (!cbor_as_int(value, &days) || days < -719162 || days > 2932896)
		return false;
	cwt->has_date[label] = true;
	cwt->date[label] = date_from_days(days);
	return true;
}

static bool read_extract(struct cwt *cwt)
{
	struct cbor c = cbor_init(cwt->extract);
	size_t pairs;
	if (!cbor_get_map(&c, &pairs))
		return false;
	for (size_t i = 0; i < pairs; i++) {
		uint64_t label;
		struct bytes value;
		if (!cbor_get_uint(&c, &label) || !cbor_skip(&c, &value))
			return false;
		/* labels of later versions are signed but not known here */
		if (label > 0 && label < EXTRACT_END && !read_field(cwt, label, value))
			return false;
	}
	return cbor_at_end(&c);
}

static bool read_claims(struct bytes claims, struct cwt *cwt)
{
	struct bytes issuer, issued, serial;
	uint64_t seconds;
	if (!cbor_is_deterministic(claims) || !cbor_map_find_uint(claims, CLAIM_ISSUER, &issuer) ||
	    !cbor_map_find_uint(claims, CLAIM_ISSUED, &issued) || !cbor_map_find_uint(claims, CLAIM_SERIAL, &serial) ||
	    !cbor_map_find_int(claims, CWT_CLAIM_EXTRACT, &cwt->extract))
		return false;
	if (!cbor_as_text(issuer, &cwt->issuer) || !cbor_as_uint(issued, &seconds) || seconds > INT64_MAX / 1000000 ||
	    !cbor_as_bytes(serial, &cwt->serial))
		return false;
	cwt->issued = (int64_t)seconds;
	return read_status(claims, cwt) && read_extract(cwt);
}

static enum rc parse(struct bytes bytes, struct cose_sign1 *cose, struct cwt *cwt, struct err *e)
{
	*cwt = (struct cwt){0};
	if (bytes.len > CWT_COSE_MAX || cose_sign1_parse(bytes, cose) != RC_OK || cose->alg != COSE_ALG_ES256 ||
	    cose->kid.len < 2)
		return err_set(e, RC_FORMAT, "cose", "not a credential of ours");
	cwt->kid = cose->kid;
	if (!read_claims(cose->payload, cwt))
		return err_set(e, RC_FORMAT, "claims", "the credential's claims are not understood");
	return RC_OK;
}

enum rc cwt_parse(struct bytes bytes, struct cwt *ret_cwt, struct err *e)
{
	struct cose_sign1 cose;
	struct cwt cwt;
	enum rc rc = parse(bytes, &cose, &cwt, e);
	if (rc == RC_OK)
		*ret_cwt = cwt;
	return rc;
}

/* Some key of the trust file that begins as the hint and was in force signed it. */
static enum rc verify_by_hint(const struct cose_sign1 *cose, const struct cwt *cwt, const struct trust *trust,
                              struct bytes tbs)
{
	enum rc rc = RC_NOT_FOUND;
	for (size_t i = 0; i < trust->key_count && rc != RC_OK; i++) {
		const struct trust_key *key = &trust->keys[i];
		if (key->use == TRUST_QR && trust_key_in_force(key, cwt->issued * 1000000) && cwt->kid.len <= key->id_len &&
		    memcmp(key->id, cwt->kid.ptr, cwt->kid.len) == 0)
			rc = p256_verify(key->p256, tbs, cose->signature);
	}
	return rc;
}

enum rc cwt_verify(struct bytes bytes, const struct trust *trust, struct cwt *ret_cwt, struct err *e)
{
	struct buf tbs = BUF_INIT(CWT_COSE_MAX + 64);
	struct cose_sign1 cose;
	struct cwt cwt;
	enum rc rc = parse(bytes, &cose, &cwt, e);
	if (rc != RC_OK)
		return rc;
	cose_sign1_tbs(&cose, &tbs);
	rc = buf_failed(&tbs) ? RC_NO_MEMORY : verify_by_hint(&cose, &cwt, trust, buf_bytes(&tbs));
	buf_release(&tbs);
	if (rc == RC_NOT_FOUND)
		return err_set(e, rc, "kid", "signed by a key that the trust file does not know");
	if (rc != RC_OK)
		return err_set(e, rc, "signature", "the signature does not hold");
	if (!bytes_equal(cwt.issuer, bytes_str(trust->issuer)))
		return err_set(e, RC_SIGNATURE, "iss", "issued under another name than the trust file's");
	*ret_cwt = cwt;
	return RC_OK;
}
