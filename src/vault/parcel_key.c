/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/parcel_key.h"

#include <string.h>

#include "base/clock.h"
#include "vault/signing.h"

#define WEEK_US (7LL * 24 * 3600 * 1000000)
#define YEAR_US (365LL * 24 * 3600 * 1000000)

static enum rc make(const struct vault_keys *k, int64_t from, struct err *e)
{
	uint8_t secret[P256_PRIVATE_SIZE], point[P256_PUBLIC_SIZE], hash[HASH_SIZE] = {0};
	struct bytes id = bytes_of(hash, PARCEL_KEY_ID);
	struct buf wrapped = BUF_INIT(256);
	struct p256_key *key = NULL;
	enum rc rc = p256_generate(&key);
	if (rc == RC_OK) {
		p256_save(key, secret);
		p256_point(key, point);
		sha256(BYTES_ARRAY(point), hash);
		rc = keys_wrap(k, "parcel", id, BYTES_ARRAY(secret), &wrapped);
	}
	if (rc == RC_OK) {
		sqlite3_stmt *s = vdb_use(k->db, Q_SIGNING_PUT);
		vdb_bind_int(s, 1, KEY_PARCEL);
		vdb_bind_bytes(s, 2, id);
		vdb_bind_bytes(s, 3, buf_bytes(&wrapped));
		vdb_bind_bytes(s, 4, BYTES_ARRAY(point));
		vdb_bind_bytes(s, 5, BYTES_NONE);
		vdb_bind_int(s, 6, from);
		rc = vdb_run(k->db, s, e);
	}
	p256_free(&key);
	wipe(secret, sizeof secret);
	buf_release(&wrapped);
	return rc;
}

/* The one whose turn it is, and when the last one's begins; RC_NOT_FOUND before there is any. */
static enum rc find(const struct vault_keys *k, int64_t now, struct parcel_key *ret, int64_t *ret_last, struct err *e)
{
	enum rc rc, found = RC_NOT_FOUND;
	sqlite3_stmt *s = vdb_use(k->db, Q_PARCEL_KEYS);
	vdb_bind_int(s, 1, KEY_PARCEL);
	while ((rc = vdb_step(s)) == RC_OK) {
		struct bytes id = vdb_bytes(s, 0), point = vdb_bytes(s, 1);
		int64_t from = sqlite3_column_int64(s, 2);
		if (id.len != PARCEL_KEY_ID || point.len != P256_PUBLIC_SIZE) {
			rc = RC_CORRUPT;
			break;
		}
		*ret_last = from;
		if (found == RC_OK && from > now) {
			ret->to = from;
			continue;
		}
		found = RC_OK;
		*ret = (struct parcel_key){.from = from, .to = from + YEAR_US};
		memcpy(ret->id, id.ptr, id.len);
		memcpy(ret->point, point.ptr, point.len);
	}
	sqlite3_reset(s);
	return rc == RC_NOT_FOUND ? found : err_set(e, rc, "parcel_key", "The keys for parcels cannot be read");
}

enum rc parcel_key_current(const struct vault_keys *k, struct parcel_key *ret, struct err *e)
{
	int64_t now = clock_now_us(), last = 0;
	enum rc rc = find(k, now, ret, &last, e);
	if (rc == RC_NOT_FOUND)
		rc = make(k, now, e);
	else if (rc == RC_OK && last + YEAR_US - WEEK_US <= now)
		rc = make(k, last + YEAR_US > now + WEEK_US ? last + YEAR_US : now + WEEK_US, e);
	else
		return rc;
	return rc == RC_OK ? find(k, now, ret, &last, e) : rc;
}

enum rc parcel_key_load(const struct vault_keys *k, struct bytes id, struct p256_key **ret, struct err *e)
{
	struct buf secret = BUF_INIT(64);
	sqlite3_stmt *s = vdb_use(k->db, Q_PARCEL_KEY);
	vdb_bind_int(s, 1, KEY_PARCEL);
	vdb_bind_bytes(s, 2, id);
	enum rc rc = vdb_step(s);
	if (rc == RC_OK) {
		rc = keys_unwrap(k, "parcel", id, vdb_bytes(s, 0), &secret, e);
		sqlite3_reset(s);
	} else {
		rc = err_set(e, rc, "parcel_key", "The parcel was not sealed to a key of this vault");
	}
	if (rc == RC_OK && p256_load(buf_bytes(&secret), ret) != RC_OK)
		rc = err_set(e, RC_CORRUPT, "parcel_key", "A key for parcels cannot be loaded");
	buf_release(&secret);
	return rc;
}
