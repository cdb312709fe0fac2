/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The signed status list (Token Status List, draft-ietf-oauth-status-list, CWT form):
 *
 *   18([ <<{1: -7, 4: kid, 16: "application/statuslist+cwt"}>>, {}, <<claims>>, r ‖ s ])
 *   claims { 2: sub (the list's URI), 4: exp (may be absent), 6: iat, 65534: ttl (may be absent),
 *            65533: {"bits": 1|2|4|8, "lst": bstr zlib}, -70002: {index: days since 1970} (may be absent) }
 */
#ifndef CIVIS_CREDENTIAL_STATUS_H
#define CIVIS_CREDENTIAL_STATUS_H

#include "base/bytes.h"
#include "base/err.h"
#include "codec/statuslist.h"
#include "credential/trust.h"

#define STATUS_LIST_MAX ((size_t)STATUSLIST_BYTES_MAX) /* bytes of a signed list, and of a list inflated */

/* A list that was read and whose signature holds. */
struct status_list {
	struct buf bytes;   /* inflated */
	struct buf since;   /* claim -70002 (codec/statuslist.h); empty if it does not say */
	unsigned bits;
	int64_t issued;     /* seconds since 1970 */
	int64_t expires;    /* seconds since 1970; 0 if it does not say */
	char uri[256];
};

/*
 * Checks the signature with the trust file's status (or qr) keys.
 *   RC_FORMAT, RC_NOT_FOUND (unknown key), RC_SIGNATURE, RC_TOO_LARGE
 * On success status_list_release() is owed.
 */
enum rc status_list_verify(struct bytes cwt, const struct trust *trust, struct status_list *ret_list,
                           struct err *e) WARN_UNUSED;
void status_list_release(struct status_list *list);
/* Whether the list says how things stand at `now` (seconds since 1970): issued before (give or take five
   minutes), not expired, and it says when it expires. Only then "valid" means something. */
bool status_list_is_current(const struct status_list *list, int64_t now);
/* RC_INVALID: the list is another one than uri names; RC_NOT_FOUND: index outside of the list. */
enum rc status_list_get(const struct status_list *list, struct bytes uri, uint64_t index, enum status_value *ret_status,
                        struct err *e) WARN_UNUSED;

/* The day, in days since 1970 (UTC), since which the document has the status that status_list_get() told.
   RC_NOT_FOUND if the list does not say (as for what is valid); RC_FORMAT. */
enum rc status_list_since(const struct status_list *list, uint64_t index, int64_t *ret_days) WARN_UNUSED;

#endif
