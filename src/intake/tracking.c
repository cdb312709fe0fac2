/* SPDX-License-Identifier: MPL-2.0 */
#include "intake/tracking.h"

#include <string.h>

#include "base/random.h"
#include "crypto/crypto.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void crockford_new(char out[static 11])
{
	uint8_t raw[10];
	random_bytes(raw, sizeof raw);
	for (size_t i = 0; i < sizeof raw; i++)
		out[i] = alphabet[raw[i] & 31];
	out[10] = 0;
}

static void with_hyphens(const char plain[static 10], char out[static TRACKING_CODE_SIZE])
{
	size_t n = 0;
	for (size_t i = 0; i < 10; i++) {
		if (i == 4 || i == 8)
			out[n++] = '-';
		out[n++] = plain[i];
	}
	out[n] = 0;
}

void tracking_code_new(char out[static TRACKING_CODE_SIZE])
{
	char plain[11];
	crockford_new(plain);
	with_hyphens(plain, out);
}

char crockford_char(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	return c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
}

enum rc tracking_code_parse(const char *text, char out[static TRACKING_CODE_SIZE])
{
	char plain[10];
	size_t n = 0;
	for (; *text; text++) {
		char c = crockford_char(*text);
		if (c == '-' || c == ' ')
			continue;
		if (n == sizeof plain || !strchr(alphabet, c))
			return RC_FORMAT;
		plain[n++] = c;
	}
	if (n != sizeof plain)
		return RC_FORMAT;
	with_hyphens(plain, out);
	return RC_OK;
}

bool tracking_secret_is_good(const char *secret)
{
	size_t n = strlen(secret);
	if (n < TRACKING_SECRET_MIN || n > TRACKING_SECRET_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = secret[i];
		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_'))
			return false;
	}
	return true;
}

void tracking_hash(struct id case_id, const char *secret, uint8_t ret[static 32])
{
	struct sha256 h;
	sha256_init(&h);
	sha256_update(&h, BYTES_LIT("civis-tracking-v1"));
	sha256_update(&h, id_bytes(&case_id));
	sha256_update(&h, bytes_str(secret));
	sha256_final(&h, ret);
}

bool tracking_matches(struct id case_id, const char *secret, const uint8_t hash[static 32])
{
	static const uint8_t none[32];
	uint8_t got[32];
	tracking_hash(case_id, secret, got);
	bool same = bytes_equal_ct(BYTES_ARRAY(got), bytes_of(hash, 32));
	return same && memcmp(hash, none, sizeof none) != 0;
}
