/* SPDX-License-Identifier: MPL-2.0 */
#include "credential/trust.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "crypto/x509.h"

#define TRUST_KEY_MAX ((size_t)8192) /* bytes of one decoded key */
#define FORMAT "civis-trust/1"

static const struct {
	const char *name;
	const char *alg;
} uses[] = {
	[TRUST_QR] = {"qr", "ES256"},
	[TRUST_STATUS] = {"status", "ES256"},
	[TRUST_ACT] = {"act", "Ed25519"},
	[TRUST_LOG] = {"log", "Ed25519"},
	[TRUST_DOCUMENT_CA] = {"document-ca", "X.509"},
	[TRUST_TSA_CA] = {"tsa-ca", "X.509"},
};
enum { USE_COUNT = sizeof uses / sizeof uses[0] };

const char *trust_use_name(enum trust_use use)
{
	return uses[use].name;
}

static enum rc wrong(struct err *e, size_t index, const char *member, const char *what)
{
	char where[64];
	snprintf(where, sizeof where, "/keys/%zu/%s", index, member);
	return err_set(e, RC_FORMAT, where, "%s", what);
}

/* "2026-11-02T04:30:00[.fraction]Z"; null or absent is open. */
static bool read_instant(json_t *v, int64_t open, int64_t *ret)
{
	struct date day;
	unsigned hour, minute, second;
	if (!v || json_is_null(v)) {
		*ret = open;
		return true;
	}
	const char *s = json_string_value(v);
	size_t len = json_string_length(v);
	if (!s || len < 20 || len > 30 || !date_parse(s, 10, &day) || s[10] != 'T' || s[len - 1] != 'Z' ||
	    strspn(s + 11, "0123456789:.Z") != len - 11 || (s[19] != 'Z' && s[19] != '.') ||
	    sscanf(s + 11, "%2u:%2u:%2u", &hour, &minute, &second) != 3 || hour > 23 || minute > 59 || second > 60)
		return false;
	int64_t fraction = 0, unit = 100000;
	for (const char *at = s + 20; s[19] == '.' && *at >= '0' && *at <= '9'; at++, unit /= 10)
		fraction += (*at - '0') * unit;
	*ret = ((date_to_days(day) * 24 + hour) * 60 + minute) * 60000000 + (int64_t)second * 1000000 + fraction;
	return true;
}

/* The fixed beginning of a SubjectPublicKeyInfo of P-256 (RFC 5480); the point follows. */
static const uint8_t spki_p256[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
                                    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00};

static struct bytes point_of(struct bytes key)
{
	if (key.len == sizeof spki_p256 + P256_PUBLIC_SIZE && memcmp(key.ptr, spki_p256, sizeof spki_p256) == 0)
		return bytes_slice(key, sizeof spki_p256, P256_PUBLIC_SIZE);
	return key;
}

/* The public key of each use, decoded into `out`. */
static enum rc decode_public(enum trust_use use, struct bytes text, struct buf *out)
{
	switch (use) {
	case TRUST_LOG:
		buf_append(out, text);
		return RC_OK;
	case TRUST_DOCUMENT_CA:
	case TRUST_TSA_CA:
		return x509_from_pem(text, out);
	case TRUST_QR:
	case TRUST_STATUS:
	case TRUST_ACT:
		break;
	}
	return base64_decode(text, out);
}

static enum rc read_public(json_t *v, struct trust *trust, struct trust_key *key, size_t index, struct err *e)
{
	struct buf decoded = BUF_INIT(TRUST_KEY_MAX);
	enum rc rc = wrong(e, index, "public", "not a key of this use");
	if (!json_is_string(v) ||
	    decode_public(key->use, bytes_of(json_string_value(v), json_string_length(v)), &decoded) != RC_OK ||
	    buf_failed(&decoded))
		goto out;
	struct bytes public = buf_bytes(&decoded);
	if (key->use == TRUST_QR || key->use == TRUST_STATUS) {
		public = point_of(public);
		if (p256_public_new(public, &key->p256) != RC_OK)
			goto out;
	} else if (key->use == TRUST_ACT && public.len != ED25519_PUBLIC_SIZE) {
		goto out;
	}
	key->public = arena_copy(trust->memory, public);
	rc = key->public.ptr ? RC_OK : err_set(e, RC_NO_MEMORY, "trust", "%s", rc_text(RC_NO_MEMORY));
out:
	buf_release(&decoded);
	return rc;
}

static enum rc read_id(json_t *v, struct trust_key *key, size_t index, struct err *e)
{
	struct buf id = BUF_INIT(TRUST_ID_MAX);
	enum rc rc = RC_FORMAT;
	if (json_is_string(v))
		rc = hex_decode(bytes_of(json_string_value(v), json_string_length(v)), &id);
	if (rc != RC_OK || buf_failed(&id)) {
		rc = wrong(e, index, "id", "not hexadecimal, or too long");
	} else {
		key->id_len = id.len;
		if (id.len)
			memcpy(key->id, id.ptr, id.len);
	}
	buf_release(&id);
	return rc;
}

/* Keys of a use that this version does not know are passed over: *ret_known is false. */
static enum rc read_use(json_t *one, size_t index, enum trust_use *ret, bool *ret_known, struct err *e)
{
	const char *use = json_string_value(json_object_get(one, "use"));
	const char *alg = json_string_value(json_object_get(one, "alg"));
	if (!use || !alg)
		return wrong(e, index, "use", "use and alg are required");
	*ret_known = false;
	for (int i = 0; i < USE_COUNT; i++)
		if (strcmp(use, uses[i].name) == 0 && strcmp(alg, uses[i].alg) == 0) {
			*ret = (enum trust_use)i;
			*ret_known = true;
		}
	return RC_OK;
}

static enum rc read_key(json_t *one, size_t index, struct trust *trust, struct err *e)
{
	struct trust_key *key = &trust->keys[trust->key_count];
	bool known;
	enum rc rc = read_use(one, index, &key->use, &known, e);
	if (rc != RC_OK || !known)
		return rc;
	if (!read_instant(json_object_get(one, "from"), INT64_MIN, &key->from))
		return wrong(e, index, "from", "not an instant");
	if (!read_instant(json_object_get(one, "to"), INT64_MAX, &key->to))
		return wrong(e, index, "to", "not an instant");
	rc = read_id(json_object_get(one, "id"), key, index, e);
	if (rc == RC_OK) {
		trust->key_count++; /* from here on trust_release() frees it */
		rc = read_public(json_object_get(one, "public"), trust, key, index, e);
	}
	return rc;
}

static enum rc read_keys(json_t *keys, struct trust *trust, struct err *e)
{
	size_t n = json_array_size(keys);
	if (!json_is_array(keys) || n > TRUST_KEYS_MAX)
		return err_set(e, RC_FORMAT, "/keys", "not a list of at most %d keys", TRUST_KEYS_MAX);
	trust->keys = ARENA_ARRAY(trust->memory, struct trust_key, n ? n : 1);
	if (!trust->keys)
		return err_set(e, RC_NO_MEMORY, "/keys", "%s", rc_text(RC_NO_MEMORY));
	for (size_t i = 0; i < n; i++) {
		enum rc rc = read_key(json_array_get(keys, i), i, trust, e);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static enum rc read_text(json_t *root, const char *member, bool required, struct trust *trust, const char **ret,
                         struct err *e)
{
	json_t *v = json_object_get(root, member);
	if ((!v || json_is_null(v)) && !required)
		return RC_OK;
	if (!json_is_string(v) || json_string_length(v) == 0 || json_string_length(v) > 255)
		return err_set(e, RC_FORMAT, member, "not a text of 1 to 255 bytes");
	*ret = arena_str(trust->memory, bytes_of(json_string_value(v), json_string_length(v)));
	return *ret ? RC_OK : err_set(e, RC_NO_MEMORY, member, "%s", rc_text(RC_NO_MEMORY));
}

static enum rc read_root(json_t *root, struct trust *trust, struct err *e)
{
	const char *format = json_string_value(json_object_get(root, "format"));
	if (!format || strcmp(format, FORMAT) != 0)
		return err_set(e, RC_FORMAT, "/format", "not a trust file of format " FORMAT);
	enum rc rc = read_text(root, "issuer", true, trust, &trust->issuer, e);
	if (rc == RC_OK)
		rc = read_text(root, "origin", false, trust, &trust->origin, e);
	if (rc == RC_OK)
		rc = read_text(root, "status_uri", false, trust, &trust->status_uri, e);
	if (rc == RC_OK)
		rc = read_keys(json_object_get(root, "keys"), trust, e);
	return rc;
}

enum rc trust_parse(struct bytes json, struct trust *ret_trust, struct err *e)
{
	struct trust trust = {0};
	json_error_t where;
	if (json.len > TRUST_MAX)
		return err_set(e, RC_TOO_LARGE, "trust", "the trust file is larger than %zu bytes", TRUST_MAX);
	json_t *root = json_loadb((const char *)json.ptr, json.len, JSON_REJECT_DUPLICATES, &where);
	if (!root)
		return err_set(e, RC_FORMAT, "trust", "line %d: %.150s", where.line, where.text);
	trust.memory = arena_new(TRUST_MAX * 2);
	enum rc rc = trust.memory ? read_root(root, &trust, e)
	                          : err_set(e, RC_NO_MEMORY, "trust", "%s", rc_text(RC_NO_MEMORY));
	json_decref(root);
	if (rc == RC_OK)
		*ret_trust = trust;
	else
		trust_release(&trust);
	return rc;
}

void trust_release(struct trust *trust)
{
	for (size_t i = 0; i < trust->key_count; i++)
		p256_public_free(&trust->keys[i].p256);
	if (trust->memory)
		arena_free(&trust->memory);
	*trust = (struct trust){0};
}

bool trust_key_in_force(const struct trust_key *key, int64_t at)
{
	return at >= key->from && at < key->to;
}

const struct trust_key *trust_find(const struct trust *trust, enum trust_use use, struct bytes id, int64_t at)
{
	for (size_t i = 0; i < trust->key_count; i++) {
		const struct trust_key *key = &trust->keys[i];
		if (key->use == use && bytes_equal(bytes_of(key->id, key->id_len), id) && trust_key_in_force(key, at))
			return key;
	}
	return NULL;
}

bool trust_names_log(const struct trust *trust, const char *origin)
{
	size_t n = trust->origin ? strlen(trust->origin) : 0;
	uint64_t epoch;
	if (n == 0 || strcmp(origin, trust->origin) == 0)
		return true;
	return strncmp(origin, trust->origin, n) == 0 && origin[n] == '/' &&
	       u64_parse(bytes_str(origin + n + 1), UINT32_MAX, &epoch) == RC_OK;
}
