/* SPDX-License-Identifier: MPL-2.0 */
/*
 * What passes between vault and matcher, one frame a message (process/channel.h).
 *
 *   offset  size  meaning
 *        0     1  version, 1
 *        1     1  op (enum matcher_op)
 *        2     8  request id, big-endian; 0 in HELLO
 *       10     8  position, big-endian
 *       18     …  deterministic CBOR (RFC 8949 §4.2.1), by op; nothing after it
 *
 *   HELLO    matcher → vault, once when it starts: it is empty. Position 0. Body: nothing.
 *   FEED     vault → matcher. Position: that of the last record in the body. Body: [after uint,
 *            [1 to MATCHER_FEED_RECORDS index records in the order of the feed]]; after: the position
 *            behind which they follow without a gap.
 *   FED      matcher → vault. Position reached; records that would leave a gap, or were read
 *            before, are passed over. Body: nothing.
 *   QUERY    vault → matcher. Body: one index record.
 *   FOUND    matcher → vault. Position reached. Body: array of 0 to MATCHER_CANDIDATES of
 *            [person_id bstr16, object_id bstr16, kind uint, flags uint, score uint (per 10,000)],
 *            greatest score first.
 *   FULL     matcher → vault, in answer to FEED: no room for these records. Position reached.
 *   BAD      matcher → vault, in answer to what is not as drawn here. Position reached.
 *
 * An index record: map with integer keys, ascending
 *   1 child native tstr · 2 child latin tstr · 3 birth date tstr · 4 mother native tstr ·
 *   5 mother latin tstr · 6 mother birth date tstr|null · 7 sex tstr · 8 place tstr ·
 *   9 object_id bstr16 · 10 person_id bstr16
 * Keys 9 and 10 are required; any other may be absent, null or empty. A query never finds its own
 * person (key 10). A record without 1, 2, 4 and 5 removes the person from the index.
 */
#ifndef CIVIS_MATCHER_WIRE_H
#define CIVIS_MATCHER_WIRE_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"
#include "linkage/compare.h"

enum {
	MATCHER_VERSION = 1,
	MATCHER_HEADER_SIZE = 18,
	MATCHER_CANDIDATES = 5,
	MATCHER_FEED_RECORDS = 64,
	MATCHER_RECORD_MAX = 4096,
	MATCHER_FRAME_MAX = MATCHER_HEADER_SIZE + 32 + MATCHER_FEED_RECORDS * MATCHER_RECORD_MAX,
};

enum matcher_op {
	MATCHER_HELLO = 1,
	MATCHER_FEED,
	MATCHER_FED,
	MATCHER_QUERY,
	MATCHER_FOUND,
	MATCHER_FULL,
	MATCHER_BAD,
};

struct matcher_candidate {
	struct id person_id;
	struct id object_id;
	enum linkage_kind kind;
	unsigned flags; /* enum linkage_flag */
	unsigned score; /* 0 to 10,000 */
};

struct matcher_message {
	enum matcher_op op;
	uint64_t request;
	uint64_t position;
	struct bytes body;
};

/* The frame's parts, borrowed. RC_FORMAT. */
enum rc matcher_message_parse(struct bytes frame, struct matcher_message *ret) WARN_UNUSED;
/* Appends header and body; ask buf_failed(). */
void matcher_message_put(struct buf *out, const struct matcher_message *message);

/* An index record as it came: names in UTF-8, not yet normalised, borrowed. */
struct matcher_record {
	struct id person_id, object_id;
	struct bytes child_native, child_latin, mother_native, mother_latin;
	struct linkage_date birth, mother_birth;
	char sex;
	struct bytes place;
};

/* One whole record and nothing after. RC_FORMAT. */
enum rc matcher_record_parse(struct bytes cbor, struct matcher_record *ret) WARN_UNUSED;
/* Splits the body of FEED; the records themselves are not looked into. RC_FORMAT. */
enum rc matcher_feed_parse(struct bytes body, uint64_t *ret_after, struct bytes ret_records[static MATCHER_FEED_RECORDS],
                           size_t *ret_count) WARN_UNUSED;
enum rc matcher_candidates_parse(struct bytes body, struct matcher_candidate ret[static MATCHER_CANDIDATES],
                                 size_t *ret_count) WARN_UNUSED;
/* Body of FEED. */
void matcher_feed_put(struct buf *out, uint64_t after, const struct bytes *records, size_t count);
void matcher_candidates_put(struct buf *out, const struct matcher_candidate *candidates, size_t count);

#endif
