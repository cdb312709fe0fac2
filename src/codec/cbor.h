/* SPDX-License-Identifier: MPL-2.0 */
/*
 * CBOR, the deterministic subset (RFC 8949 §4.2.1), without floats.
 *
 * Permitted: integers, byte and text strings, arrays, maps, tags, false, true,
 * null; shortest heads, definite lengths, map keys unique and ascending by
 * their encoded bytes, text in valid UTF-8, at most CBOR_DEPTH_MAX levels.
 * All else is refused, so that one meaning has one encoding.
 *
 * The encoder appends to a `struct buf`, whose failure is sticky; it does not
 * sort: put map keys in ascending order of their encoding (0, 1 … 23, 24 …,
 * then -1, -2 …, then shorter before longer text). cbor_is_deterministic()
 * tells whether that was done right.
 *
 * The decoder pulls items one after another; its failure is sticky too: after
 * the first wrong item every further call returns false. ret_ arguments are
 * not touched on failure. Strings borrow from the input.
 *
 *   struct cbor c = cbor_init(message);
 *   cbor_get_array(&c, &n); cbor_get_uint(&c, &kind); cbor_get_bytes(&c, &id);
 *   if (!cbor_at_end(&c) || n != 2) return RC_FORMAT;
 */
#ifndef CIVIS_CODEC_CBOR_H
#define CIVIS_CODEC_CBOR_H

#include "base/bytes.h"
#include "base/err.h"

enum { CBOR_DEPTH_MAX = 16 };

enum cbor_type {
	CBOR_UINT = 0,
	CBOR_NEGATIVE = 1,
	CBOR_BYTES = 2,
	CBOR_TEXT = 3,
	CBOR_ARRAY = 4,
	CBOR_MAP = 5,
	CBOR_TAG = 6,
	CBOR_BOOL,
	CBOR_NULL,
	CBOR_NOTHING /* the input is at its end, or has failed */
};

/* ---- encoder ---- */

void cbor_put_uint(struct buf *out, uint64_t v);
void cbor_put_int(struct buf *out, int64_t v);
void cbor_put_bytes(struct buf *out, struct bytes v);
/* The caller answers for valid UTF-8. */
void cbor_put_text(struct buf *out, struct bytes v);
/* A NUL-terminated string as text; NULL is written as null. */
void cbor_put_str(struct buf *out, const char *v);
/* Followed by n items. */
void cbor_put_array(struct buf *out, uint64_t n);
/* Followed by n pairs of key and value. */
void cbor_put_map(struct buf *out, uint64_t n);
/* Followed by one item. */
void cbor_put_tag(struct buf *out, uint64_t tag);
void cbor_put_bool(struct buf *out, bool v);
void cbor_put_null(struct buf *out);
/* Items that are encoded already. */
void cbor_put_raw(struct buf *out, struct bytes item);

/* ---- decoder ---- */

struct cbor {
	struct bytes rest;
	bool failed;
};

/*
 * A decoder over zero or more items one behind the other. The whole input is
 * checked here, once; a decoder over an input that is not deterministic has
 * failed from the start.
 */
struct cbor cbor_init(struct bytes input);
/*
 * The same without the check of the whole: for parts of an input that was
 * checked, or for formats of others that need not be deterministic. Heads must
 * still be shortest and lengths definite; order and uniqueness of keys are then
 * the caller's to look at.
 */
struct cbor cbor_init_unchecked(struct bytes input);

/* The type of the next item, not consumed. */
enum cbor_type cbor_peek(const struct cbor *c);
bool cbor_get_uint(struct cbor *c, uint64_t *ret);
/* Either sign, within int64_t. */
bool cbor_get_int(struct cbor *c, int64_t *ret);
bool cbor_get_bytes(struct cbor *c, struct bytes *ret);
/* Byte string of exactly `len` bytes, copied. */
bool cbor_get_fixed(struct cbor *c, uint8_t *ret, size_t len);
bool cbor_get_text(struct cbor *c, struct bytes *ret);
bool cbor_get_bool(struct cbor *c, bool *ret);
bool cbor_get_null(struct cbor *c);
/* Consumes a null if one is next; never fails. */
bool cbor_try_null(struct cbor *c);
/* The count that follows is never more than the bytes left, so it may size an allocation. */
bool cbor_get_array(struct cbor *c, size_t *ret_items);
bool cbor_get_map(struct cbor *c, size_t *ret_pairs);
bool cbor_get_tag(struct cbor *c, uint64_t *ret);
/* Passes over one whole item, whatever it is; ret (may be NULL) gets its encoded bytes. */
bool cbor_skip(struct cbor *c, struct bytes *ret);
/* Everything consumed and nothing failed. */
bool cbor_at_end(const struct cbor *c);
/* RC_OK if everything was consumed and nothing failed, RC_FORMAT otherwise. */
enum rc cbor_finish(const struct cbor *c) WARN_UNUSED;

/* Exactly one item, wholly within the subset. */
bool cbor_is_deterministic(struct bytes item);

/*
 * Finds the encoded value of a key in an encoded map. false if it is not there,
 * or the bytes are not a map.
 */
bool cbor_map_find_uint(struct bytes map, uint64_t key, struct bytes *ret_value);
bool cbor_map_find_int(struct bytes map, int64_t key, struct bytes *ret_value);
bool cbor_map_find_text(struct bytes map, const char *key, struct bytes *ret_value);

/* One encoded item read as a whole; false unless it is of that type and nothing follows. */
bool cbor_as_uint(struct bytes item, uint64_t *ret);
bool cbor_as_int(struct bytes item, int64_t *ret);
bool cbor_as_bytes(struct bytes item, struct bytes *ret);
bool cbor_as_text(struct bytes item, struct bytes *ret);

#endif
