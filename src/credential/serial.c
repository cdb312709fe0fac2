/* SPDX-License-Identifier: MPL-2.0 */
#include "credential/serial.h"

#include <string.h>

enum { CHARACTERS = 10 };

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static bool is_hyphen_before(int i)
{
	return i == 4 || i == 8;
}

enum rc serial_parse(const char *text, uint8_t ret[static SERIAL_SIZE])
{
	uint64_t number = 0;
	for (int i = 0; i < CHARACTERS; i++) {
		if (is_hyphen_before(i) && *text++ != '-')
			return RC_FORMAT;
		const char *at = *text ? strchr(alphabet, *text++) : NULL;
		if (!at)
			return RC_FORMAT;
		number = number << 5 | (uint64_t)(at - alphabet);
	}
	if (*text)
		return RC_FORMAT;
	for (int i = SERIAL_SIZE; i-- > 0; number >>= 8)
		ret[i] = (uint8_t)number;
	return RC_OK;
}

enum rc serial_format(struct bytes serial, char ret[static SERIAL_TEXT_SIZE])
{
	uint64_t number = 0;
	size_t n = 0;
	for (size_t i = 0; i < serial.len && i < SERIAL_SIZE; i++)
		number = number << 8 | serial.ptr[i];
	if (serial.len != SERIAL_SIZE || number >> (5 * CHARACTERS))
		return RC_FORMAT;
	for (int i = 0; i < CHARACTERS; i++) {
		if (is_hyphen_before(i))
			ret[n++] = '-';
		ret[n++] = alphabet[number >> (5 * (CHARACTERS - 1 - i)) & 31];
	}
	ret[n] = 0;
	return RC_OK;
}
