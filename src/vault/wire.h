/* SPDX-License-Identifier: MPL-2.0 */
/*
 * What the gate and the vault say to each other.
 *
 * Channels (process/channel.h): one message is one frame. The caller
 * sends one request and waits for its reply before the next on the same socket.
 *
 *   offset size
 *   0      4    length of the body, big-endian (must equal what follows)
 *   4      2    op
 *   6      2    request: 0; reply: the enum rc as a number
 *   8      8    request id, chosen by the caller and echoed; 0 in a hello
 *   16     …    body: one deterministic CBOR array (RFC 8949 §4.2.1), per op in wire.c
 *
 * A vault that has just started sends VAULT_OP_HELLO on every socket: whoever
 * waits for an answer then sends its request again, once. Every request may be
 * repeated: sealing, signing and opening again is harmless, a reservation
 * returns what was reserved, a signed checkpoint is signed again only if equal.
 *
 * The body of a failed reply is the array [where tstr, text tstr, retry_after uint].
 */
#ifndef CIVIS_VAULT_WIRE_H
#define CIVIS_VAULT_WIRE_H

#include "base/bytes.h"
#include "base/err.h"

#define VAULT_FRAME_HEADER 16
#define VAULT_FRAME_MAX (400 * 1024) /* header and body */

#define VAULT_OPS(X) \
	X(VAULT_OP_HELLO, 1, "hello") \
	X(VAULT_OP_PING, 2, "ping") \
	X(VAULT_OP_LOGIN, 3, "login") \
	X(VAULT_OP_SESSION, 4, "session") \
	X(VAULT_OP_LOGOUT, 5, "logout") \
	X(VAULT_OP_SEAL, 6, "seal") \
	X(VAULT_OP_OPEN, 7, "open") \
	X(VAULT_OP_RESERVE_NUMBER, 8, "reserve_number") \
	X(VAULT_OP_SEAL_ACT, 9, "seal_act") \
	X(VAULT_OP_SIGN_QR, 10, "sign_qr") \
	X(VAULT_OP_SIGN_PDF, 11, "sign_pdf") \
	X(VAULT_OP_SIGN_CHECKPOINT, 12, "sign_checkpoint") \
	X(VAULT_OP_STATUS_LIST, 13, "status_list") \
	X(VAULT_OP_LOOKS, 14, "looks") \
	X(VAULT_OP_CANDIDATES, 15, "candidates") \
	X(VAULT_OP_INDEX_FEED, 16, "index_feed") \
	X(VAULT_OP_CHECK_ACTS, 17, "check_acts") \
	X(VAULT_OP_TRUST, 18, "trust") \
	X(VAULT_OP_LAST_CHECKPOINT, 19, "last_checkpoint") \
	X(VAULT_OP_FORWARD, 20, "forward") \
	X(VAULT_OP_SUPERSEDE, 21, "supersede") \
	X(VAULT_OP_CLAIM_CODE, 22, "claim_code") \
	X(VAULT_OP_CLAIM, 23, "claim") \
	X(VAULT_OP_PARCEL_KEY, 24, "parcel_key") \
	X(VAULT_OP_OPEN_PARCEL, 25, "open_parcel") \
	X(VAULT_OP_FIND, 26, "find") \
	X(VAULT_OP_STAFF, 27, "staff") \
	X(VAULT_OP_STAFF_END, 28, "staff_end") \
	X(VAULT_OP_STAFF_LOG, 29, "staff_log") \
	X(VAULT_OP_OPEN_NOTES, 30, "open_notes") \
	X(VAULT_OP_REQUEST_KEY, 31, "request_key") \
	X(VAULT_OP_CHECK_KEYS, 32, "check_keys")

enum vault_op {
#define X(code, number, name) code = number,
	VAULT_OPS(X)
#undef X
	VAULT_OP_END = 33,
};

struct vault_frame {
	uint16_t op;
	uint16_t status;
	uint64_t request;
	struct bytes body;
};

const char *vault_op_name(unsigned op);

/* Starts a frame in an empty buffer: append the body, then vault_frame_end(). */
void vault_frame_begin(struct buf *out, enum vault_op op, enum rc status, uint64_t request);
void vault_frame_end(struct buf *out);
/* Borrows from `message`. RC_FORMAT for a wrong length, an unknown op or a body over the maximum. */
enum rc vault_frame_parse(struct bytes message, struct vault_frame *ret) WARN_UNUSED;
/* The operation that a frame's first bytes name; 0 if they name none. */
unsigned vault_frame_op(struct bytes start);

#endif
