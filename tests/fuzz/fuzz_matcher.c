/* SPDX-License-Identifier: MPL-2.0 */
/* Any frame at the matcher's door, and at the vault's: parsed, and what is a record put and searched. */
#include "matcher/index.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void record(struct matcher_index *x, struct bytes cbor)
{
	struct matcher_record r;
	struct matcher_candidate found[MATCHER_CANDIDATES];
	size_t n;
	if (matcher_record_parse(cbor, &r) != RC_OK)
		return;
	if (matcher_index_put(x, &r) != RC_OK || matcher_index_find(x, &r, found, &n) != RC_OK)
		return;
	r.person_id.b[0] ^= 1;
	if (matcher_index_find(x, &r, found, &n) == RC_OK && n > MATCHER_CANDIDATES)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct matcher_message m;
	struct matcher_candidate found[MATCHER_CANDIDATES];
	struct bytes records[MATCHER_FEED_RECORDS];
	uint64_t after;
	size_t n;
	if (matcher_message_parse(bytes_of(data, size), &m) != RC_OK)
		return 0;
	struct matcher_index *x = matcher_index_new(1 << 20);
	if (!x)
		return 0;
	record(x, m.body);
	if (matcher_feed_parse(m.body, &after, records, &n) == RC_OK)
		for (size_t i = 0; i < n; i++)
			record(x, records[i]);
	if (matcher_candidates_parse(m.body, found, &n) == RC_OK) {
		struct buf again = BUF_INIT(1024);
		matcher_candidates_put(&again, found, n);
		if (!bytes_equal(buf_bytes(&again), m.body))
			__builtin_trap();
		buf_release(&again);
	}
	matcher_index_free(&x);
	return 0;
}
