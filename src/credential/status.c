/* SPDX-License-Identifier: MPL-2.0 */
#include "credential/status.h"

#include <string.h>

#include "codec/cose.h"
#include "crypto/crypto.h"

enum { CLOCK_TOLERANCE_S = 300 };

static const struct trust_key *find_key(const struct trust *trust, struct bytes kid, int64_t at)
{
	const struct trust_key *key = trust_find(trust, TRUST_STATUS, kid, at);
	return key ? key : trust_find(trust, TRUST_QR, kid, at);
}

static enum rc check_signature(const struct cose_sign1 *cose, const struct trust *trust, int64_t issued, struct err *e)
{
	struct buf tbs = BUF_INIT(STATUS_LIST_MAX + 256);
	const struct trust_key *key = find_key(trust, cose->kid, issued * 1000000);
	if (!key)
		return err_set(e, RC_NOT_FOUND, "kid", "signed by a key that the trust file does not know");
	cose_sign1_tbs(cose, &tbs);
	enum rc rc = buf_failed(&tbs) ? RC_NO_MEMORY : p256_verify(key->p256, buf_bytes(&tbs), cose->signature);
	buf_release(&tbs);
	return rc == RC_OK ? RC_OK : err_set(e, rc, "signature", "the status list's signature does not hold");
}

enum rc status_list_verify(struct bytes cwt, const struct trust *trust, struct status_list *ret_list, struct err *e)
{
	struct cose_sign1 cose;
	struct statuslist_claims claims;
	if (cwt.len > STATUS_LIST_MAX)
		return err_set(e, RC_TOO_LARGE, "status", "the status list is too large");
	if (cose_sign1_parse(cwt, &cose) != RC_OK || cose.alg != COSE_ALG_ES256 ||
	    !bytes_equal(cose.type, BYTES_LIT(STATUSLIST_TYPE)))
		return err_set(e, RC_FORMAT, "status", "not a signed status list");
	struct status_list list = {.bytes = BUF_INIT(STATUS_LIST_MAX), .since = BUF_INIT(STATUS_LIST_MAX)};
	enum rc rc = statuslist_parse(cose.payload, &claims, &list.bytes);
	if (rc != RC_OK)
		rc = err_set(e, rc, "status", "the status list cannot be read");
	else if (claims.iat > INT64_MAX / 1000000 || claims.exp > INT64_MAX / 1000000 ||
	         claims.sub.len >= sizeof list.uri)
		rc = err_set(e, RC_FORMAT, "status", "the status list's claims are out of range");
	else
		rc = check_signature(&cose, trust, (int64_t)claims.iat, e);
	if (rc == RC_OK) {
		buf_append(&list.since, claims.since);
		rc = buf_failed(&list.since) ? err_set(e, RC_NO_MEMORY, "status", "no memory") : RC_OK;
	}
	if (rc != RC_OK) {
		status_list_release(&list);
		return rc;
	}
	list.bits = claims.bits;
	list.issued = (int64_t)claims.iat;
	list.expires = (int64_t)claims.exp;
	if (claims.sub.len)
		memcpy(list.uri, claims.sub.ptr, claims.sub.len);
	*ret_list = list;
	return RC_OK;
}

void status_list_release(struct status_list *list)
{
	buf_release(&list->bytes);
	buf_release(&list->since);
}

bool status_list_is_current(const struct status_list *list, int64_t now)
{
	return list->issued - CLOCK_TOLERANCE_S <= now && now < list->expires;
}

enum rc status_list_get(const struct status_list *list, struct bytes uri, uint64_t index,
                        enum status_value *ret_status, struct err *e)
{
	unsigned value;
	if (!bytes_equal(uri, bytes_str(list->uri)))
		return err_set(e, RC_INVALID, "status", "the status list is another one than the document names");
	enum rc rc = statuslist_get(buf_bytes(&list->bytes), list->bits, index, &value);
	if (rc != RC_OK)
		return err_set(e, rc, "status", "the document's place lies outside of the status list");
	*ret_status = value > STATUS_CHANGED ? STATUS_INVALID : (enum status_value)value;
	return RC_OK;
}

enum rc status_list_since(const struct status_list *list, uint64_t index, int64_t *ret_days)
{
	return statuslist_since(buf_bytes(&list->since), index, ret_days);
}
