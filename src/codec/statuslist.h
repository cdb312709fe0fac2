/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Token Status List (draft-ietf-oauth-status-list): one small value for each
 * document, packed into a list that is published whole, so that asking after
 * one document reveals nothing.
 *
 * Packing: 1, 2, 4 or 8 bits a value, the lowest index in the lowest bits:
 *
 *   bits = 2:   byte 0 = | v3 | v2 | v1 | v0 |   byte 1 = | v7 | v6 | v5 | v4 | …
 *               bit       7  6 5  4 3  2 1  0
 *
 * As CWT claims (the payload of a COSE_Sign1 of type
 * "application/statuslist+cwt"):
 *
 *   { 2: sub tstr (the list's own URI), ? 4: exp uint, 6: iat uint,
 *     65533: { "lst": bstr (zlib), "bits": uint }, ? 65534: ttl uint,
 *     ? -70002: { index uint: days since 1970 uint, … } }
 *
 * Claim -70002 is civis' own: since when each value that is not 0 has been so.
 *
 * A document points at its value with claim 65535:
 *   { "status_list": { "idx": uint, "uri": tstr } }
 */
#ifndef CIVIS_CODEC_STATUSLIST_H
#define CIVIS_CODEC_STATUSLIST_H

#include "base/bytes.h"
#include "base/err.h"

#define STATUSLIST_TYPE "application/statuslist+cwt"

enum {
	STATUSLIST_CLAIM_LIST = 65533,
	STATUSLIST_CLAIM_TTL = 65534,
	STATUSLIST_CLAIM_REFERENCE = 65535,
	STATUSLIST_CLAIM_SINCE = -70002,
	STATUSLIST_BYTES_MAX = 4 << 20 /* a packed list larger than this is not made or read */
};

enum status_value {
	STATUS_VALID = 0,
	STATUS_INVALID = 1,
	STATUS_SUSPENDED = 2,
	STATUS_CHANGED = 3 /* application-specific: a newer document replaces this one */
};

/* Bytes of a packed list of `count` values; 0 for another width than 1, 2, 4, 8 or beyond the maximum. */
size_t statuslist_size(unsigned bits, uint64_t count);
/* RC_NOT_FOUND if index lies outside the list (a verifier must then refuse); RC_FORMAT for a wrong width. */
enum rc statuslist_get(struct bytes packed, unsigned bits, uint64_t index, unsigned *ret) WARN_UNUSED;
/* RC_NOT_FOUND outside the list; RC_FORMAT for a wrong width; RC_INVALID if the value needs more bits. */
enum rc statuslist_set(uint8_t *packed, size_t len, unsigned bits, uint64_t index, unsigned value) WARN_UNUSED;

struct statuslist_claims {
	struct bytes sub; /* URI of the list; borrows from the input when parsed */
	uint64_t iat;     /* seconds since 1970 */
	uint64_t exp;     /* 0 = absent */
	uint64_t ttl;     /* seconds; 0 = absent */
	unsigned bits;
	struct bytes since; /* an encoded map, ascending indices; empty = absent; borrows as sub does */
};

/* Appends the claims as CBOR. RC_FORMAT for a wrong width, RC_TOO_LARGE, RC_NO_MEMORY. */
enum rc statuslist_put(struct buf *out, const struct statuslist_claims *claims, struct bytes packed) WARN_UNUSED;
/*
 * Reads claims, whatever the order of their keys, and appends the unpacked
 * list to `list`, bounded by its maximum. Claims not known are passed over.
 * RC_FORMAT, RC_TOO_LARGE, RC_NO_MEMORY. Verifies no signature.
 */
enum rc statuslist_parse(struct bytes claims, struct statuslist_claims *ret, struct buf *list) WARN_UNUSED;

/* Since when, in days since 1970; `since` as in the claims. RC_NOT_FOUND if it does not say. */
enum rc statuslist_since(struct bytes since, uint64_t index, int64_t *ret_days) WARN_UNUSED;

/* The value of claim 65535. */
void statuslist_reference_put(struct buf *out, uint64_t index, struct bytes uri);
enum rc statuslist_reference_parse(struct bytes value, uint64_t *ret_index, struct bytes *ret_uri) WARN_UNUSED;

#endif
