/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/token.h"

#include <string.h>

#include "base/random.h"
#include "base/text.h"

enum { ID_SIZE = 32, RAW_SIZE = ID_SIZE + HASH_SIZE };

enum rc token_make(const uint8_t key[static HASH_SIZE], char ret_text[static VAULT_TOKEN_SIZE],
		   uint8_t ret_id_hash[static HASH_SIZE])
{
	uint8_t raw[RAW_SIZE];
	random_bytes(raw, ID_SIZE);
	hmac_sha256(bytes_of(key, HASH_SIZE), bytes_of(raw, ID_SIZE), raw + ID_SIZE);
	struct buf text = BUF_INIT(VAULT_TOKEN_SIZE);
	base64url_encode(&text, BYTES_ARRAY(raw));
	enum rc rc = buf_failed(&text) || text.len >= VAULT_TOKEN_SIZE ? RC_NO_MEMORY : RC_OK;
	if (rc == RC_OK) {
		memcpy(ret_text, text.ptr, text.len);
		ret_text[text.len] = '\0';
		sha256(bytes_of(raw, ID_SIZE), ret_id_hash);
	}
	wipe(raw, sizeof raw);
	buf_release(&text);
	return rc;
}

bool token_check(const uint8_t key[static HASH_SIZE], struct bytes token, uint8_t ret_id_hash[static HASH_SIZE])
{
	uint8_t mac[HASH_SIZE];
	struct buf raw = BUF_INIT(RAW_SIZE);
	bool good = token.len < VAULT_TOKEN_SIZE && base64url_decode(token, &raw) == RC_OK && raw.len == RAW_SIZE;
	if (good) {
		hmac_sha256(bytes_of(key, HASH_SIZE), bytes_of(raw.ptr, ID_SIZE), mac);
		good = bytes_equal_ct(BYTES_ARRAY(mac), bytes_of(raw.ptr + ID_SIZE, HASH_SIZE));
	}
	if (good)
		sha256(bytes_of(raw.ptr, ID_SIZE), ret_id_hash);
	wipe(mac, sizeof mac);
	buf_release(&raw);
	return good;
}
