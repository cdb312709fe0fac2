/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Identifiers: 16 random bytes, written as UUID version 4 (RFC 9562 §5.4).
 * They name rows; they are never shown on a document and mean nothing.
 */
#ifndef CIVIS_BASE_ID_H
#define CIVIS_BASE_ID_H

#include "base/bytes.h"
#include "base/err.h"

struct id {
	uint8_t b[16];
};

#define ID_TEXT_SIZE 37 /* 36 characters and a NUL */

struct id id_new(void);
/* Lower- or upper-case hex with hyphens, version 4 and variant 1 only. RC_FORMAT otherwise. */
enum rc id_parse(struct bytes text, struct id *ret) WARN_UNUSED;
void id_format(struct id id, char out[static ID_TEXT_SIZE]);
bool id_equal(struct id a, struct id b);
bool id_is_zero(struct id id);
struct bytes id_bytes(const struct id *id);
/* RC_FORMAT unless b is 16 bytes. */
enum rc id_from_bytes(struct bytes b, struct id *ret) WARN_UNUSED;

#endif
