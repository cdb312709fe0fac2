/* SPDX-License-Identifier: MPL-2.0 */
/* JSON as text (RFC 8259), written into a buffer. What it means is read and made with jansson. */
#ifndef CIVIS_CODEC_JSON_H
#define CIVIS_CODEC_JSON_H

#include <jansson.h>

#include "base/bytes.h"
#include "base/err.h"

/* Appends the value without spaces; `flags` are further ones of jansson's (JSON_SORT_KEYS, or 0). False: memory ran out, or
   the buffer was full. */
bool json_append(const json_t *j, size_t flags, struct buf *out) WARN_UNUSED;

#endif
