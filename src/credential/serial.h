/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The serial number of a document: fifty random bits. On paper it is ten characters of Crockford's base 32,
 * "K7QM-2XWD-9F"; in its credential (cti) and in the vault the same number in seven bytes, big-endian.
 */
#ifndef CIVIS_CREDENTIAL_SERIAL_H
#define CIVIS_CREDENTIAL_SERIAL_H

#include "base/bytes.h"
#include "base/err.h"

#define SERIAL_SIZE 7
#define SERIAL_TEXT_SIZE 13

/* As printed: upper case, with hyphens. RC_FORMAT. */
enum rc serial_parse(const char *text, uint8_t ret[static SERIAL_SIZE]) WARN_UNUSED;
/* RC_FORMAT if this is not seven bytes of at most fifty bits. */
enum rc serial_format(struct bytes serial, char ret[static SERIAL_TEXT_SIZE]) WARN_UNUSED;

#endif
