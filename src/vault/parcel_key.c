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
		struct query s = vdb_query(k->db, VSQL_signing_put);
		query_int(&s, KEY_PARCEL);
		query_bytes(&s, id);
		query_bytes(&s, buf_bytes(&wrapped));
		query_bytes(&s, BYTES_ARRAY(point));
		query_bytes(&s, BYTES_NONE);
		query_int(&s, from);
		rc = vdb_run(k->db, &s, e);
	}
	p256_free(&key);
	wipe(secret, sizeof secret);
	buf_release(&wrapped);
	return rc;
}

/* The one whose turn it is, and when the last one's begins; RC_NOT_FOUND before there is any. */
static enum rc find(const struct vault_keys *k, int64_t now, struct parcel_key *ret, int64_t *ret_last, struct err *e)
{
	bool found = false;
	struct query s = vdb_query(k->db, VSQL_parcel_keys);
	query_int(&s, KEY_PARCEL);
	while (query_row(&s)) {
		int64_t from = query_col_int(&s, 2);
		*ret_last = from;
		if (found && from > now) {
			ret->to = from;
			continue;
		}
		found = true;
		*ret = (struct parcel_key){.from = from, .to = from + YEAR_US};
		query_col_fixed(&s, 0, ret->id, sizeof ret->id);
		query_col_fixed(&s, 1, ret->point, sizeof ret->point);
	}
	return vdb_end(&s, e);
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
	struct query s = vdb_query(k->db, VSQL_parcel_key);
	query_int(&s, KEY_PARCEL);
	query_bytes(&s, id);
	enum rc rc = query_row(&s) ? keys_unwrap(k, "parcel", id, query_col_view(&s, 0), &secret, e) : RC_OK;
	enum rc ended = vdb_end(&s, rc == RC_OK ? e : NULL);
	rc = rc == RC_OK ? ended : rc;
	if (rc == RC_NOT_FOUND)
		rc = err_set(e, rc, "parcel_key", "The parcel was not sealed to a key of this vault");
	if (rc == RC_OK && p256_load(buf_bytes(&secret), ret) != RC_OK)
		rc = err_set(e, RC_CORRUPT, "parcel_key", "A key for parcels cannot be loaded");
	buf_release(&secret);
	return rc;
}
