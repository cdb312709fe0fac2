/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A parcel: what was finished where there was no network, sealed to a key of
 * the vault by whoever finished it (docs/formats/parcel.md).
 *
 *   offset size
 *   0      4    "CIVP"
 *   4      1    version, 1
 *   5      1    kind: 1 request, 2 file
 *   6      6    suite: KEM 0x0010, KDF 0x0001, AEAD 0x0002 (RFC 9180 §7), each big-endian
 *   12     8    id of the vault's parcel key
 *   20     4    length of the plaintext, ≥ 1, big-endian
 *   24     65   enc: the sender's ephemeral point, uncompressed
 *   89     …    pieces: 256 KiB of plaintext each, the last one what is left, each with its tag(16)
 *
 * Piece i is message i of one HPKE context in base mode; its associated data are
 * the 89 bytes before the pieces, info is "civis-parcel-v1" ‖ 0 ‖ deployment id(16).
 * So a parcel of one piece is a single-shot seal, and pieces cannot be left out,
 * exchanged, or added.
 */
#ifndef CIVIS_VAULT_PARCEL_H
#define CIVIS_VAULT_PARCEL_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

enum parcel_kind { PARCEL_REQUEST = 1, PARCEL_FILE = 2 };

enum {
	PARCEL_HEADER = 89,
	PARCEL_KEY_ID = 8,
	PARCEL_ENC = 65,
	PARCEL_TAG = 16,
	PARCEL_PIECE = 256 * 1024,
	PARCEL_INFO = 32,
	PARCEL_REQUEST_SIZE_MAX = 160 * 1024, /* of the whole parcel */
	PARCEL_FILE_MAX = 5 * 1024 * 1024,    /* of the plaintext */
};

struct parcel {
	enum parcel_kind kind;
	uint32_t length;      /* of the plaintext */
	uint32_t pieces;
	struct bytes header, key_id, enc, content; /* borrowed; content: the pieces, empty if only a header was read */
};

/* Of a whole parcel with so much plaintext. */
size_t parcel_size(uint32_t length);
/* The header alone: exactly its 89 bytes. RC_FORMAT. */
enum rc parcel_read_header(struct bytes header, struct parcel *ret) WARN_UNUSED;
/* A whole parcel, of the length that its header says. RC_FORMAT. */
enum rc parcel_read(struct bytes whole, struct parcel *ret) WARN_UNUSED;
/* Bytes of piece i with its tag; 0 if there is no such piece. */
size_t parcel_piece_size(const struct parcel *p, uint32_t i);

void parcel_info(struct id deployment, uint8_t ret[static PARCEL_INFO]);
/* What a sender writes before the pieces. */
void parcel_header(enum parcel_kind kind, const uint8_t key_id[static PARCEL_KEY_ID], uint32_t length,
		   const uint8_t enc[static PARCEL_ENC], uint8_t ret[static PARCEL_HEADER]);

#endif
