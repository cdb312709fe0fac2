/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/claims.h"

#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "vault/token.h"

enum { CODE_LEN = VAULT_CLAIM_CODE_SIZE - 1 };

/* A code that is over is told from a wrong one for so long. */
#define REMEMBERED_US (30LL * 24 * 3600 * 1000000)
#define DAY_US (24LL * 3600 * 1000000)

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void hash_code(const struct vault_keys *keys, const char code[static CODE_LEN], uint8_t ret[static HASH_SIZE])
{
	static const char tag[] = "civis-claim-v1";
	uint8_t text[sizeof tag + CODE_LEN];
	memcpy(text, tag, sizeof tag);
	memcpy(text + sizeof tag, code, CODE_LEN);
	hmac_sha256(BYTES_ARRAY(keys->claim_mac), BYTES_ARRAY(text), ret);
	wipe(text, sizeof text);
}

/* What people type, as it was printed. False if that cannot have been a code. */
static bool read_code(struct bytes typed, char out[static CODE_LEN])
{
	size_t n = 0;
	for (size_t i = 0; i < typed.len; i++) {
		char c = (char)typed.ptr[i];
		if (c == ' ' || c == '-')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
		if (n == CODE_LEN || !c || !strchr(alphabet, c))
			return false;
		out[n++] = c;
	}
	return n == CODE_LEN;
}

static enum rc make_room(struct vault_db *db, struct id person, struct id act, struct err *e)
{
	sqlite3_stmt *s = vdb_use(db, Q_CLAIM_SWEEP);
	vdb_bind_int(s, 1, clock_now_us() - REMEMBERED_US);
	enum rc rc = vdb_run(db, s, e);
	if (rc != RC_OK)
		return rc;
	s = vdb_use(db, Q_CLAIM_REPLACE);
	vdb_bind_id(s, 1, &person);
	vdb_bind_id(s, 2, &act);
	return vdb_run(db, s, e);
}

enum rc claims_make(struct vault_db *db, const struct vault_keys *keys, struct id person, struct id act, struct id staff,
		    unsigned days, char ret_code[static VAULT_CLAIM_CODE_SIZE], struct err *e)
{
	char code[VAULT_CLAIM_CODE_SIZE];
	uint8_t hash[HASH_SIZE];
	for (size_t i = 0; i < CODE_LEN; i++)
		code[i] = alphabet[random_below(sizeof alphabet - 1)];
	code[CODE_LEN] = '\0';
	hash_code(keys, code, hash);
	enum rc rc = make_room(db, person, act, e);
	if (rc == RC_OK) {
		sqlite3_stmt *s = vdb_use(db, Q_CLAIM_PUT);
		vdb_bind_bytes(s, 1, BYTES_ARRAY(hash));
		vdb_bind_id(s, 2, &person);
		vdb_bind_id(s, 3, &act);
		vdb_bind_id(s, 4, &staff);
		vdb_bind_int(s, 5, clock_now_us() + days * DAY_US);
		rc = vdb_run(db, s, e);
	}
	if (rc == RC_OK)
		memcpy(ret_code, code, sizeof code);
	wipe(code, sizeof code);
	return rc;
}

static enum rc find(struct vault_db *db, enum vault_statement which, const uint8_t hash[static HASH_SIZE],
		    struct claim *ret, struct err *e)
{
	sqlite3_stmt *s = vdb_use(db, which);
	vdb_bind_bytes(s, 1, bytes_of(hash, HASH_SIZE));
	enum rc rc = vdb_step(s);
	if (rc == RC_NOT_FOUND)
		return rc;
	*ret = (struct claim){0};
	if (rc == RC_OK) {
		struct bytes serial = vdb_bytes(s, 5);
		ret->until = sqlite3_column_int64(s, 3);
		ret->session_until = sqlite3_column_int64(s, 4);
		if (!vdb_id(s, 0, &ret->person) || !vdb_id(s, 1, &ret->act) || !vdb_id(s, 2, &ret->staff) ||
		    serial.len > sizeof ret->serial)
			rc = RC_CORRUPT;
		else if (serial.len)
			memcpy(ret->serial, serial.ptr, ret->serial_len = serial.len);
	}
	sqlite3_reset(s);
	return rc == RC_OK ? RC_OK : err_set(e, rc, "code", "Codes cannot be read");
}

enum rc claims_by_code(struct vault_db *db, const struct vault_keys *keys, struct bytes code, struct claim *ret,
		       uint8_t ret_hash[static HASH_SIZE], struct err *e)
{
	char text[CODE_LEN];
	enum rc rc = RC_NOT_FOUND;
	if (read_code(code, text)) {
		hash_code(keys, text, ret_hash);
		rc = find(db, Q_CLAIM_BY_CODE, ret_hash, ret, e);
	}
	wipe(text, sizeof text);
	return rc == RC_NOT_FOUND ? err_set(e, rc, "code", "There is no such code") : rc;
}

enum rc claims_use(struct vault_db *db, const struct vault_keys *keys, const uint8_t hash[static HASH_SIZE],
		   struct claim *claim, char ret_token[static VAULT_TOKEN_SIZE], struct err *e)
{
	int64_t now = clock_now_us();
	uint8_t session[HASH_SIZE];
	if (claim->session_until ? now >= claim->session_until : now >= claim->until)
		return err_set(e, RC_GONE, "code", claim->session_until ? "This code was used" : "This code has expired");
	if (!claim->session_until)
		claim->session_until = now + CLAIM_SESSION_US;
	enum rc rc = token_make(keys->claim_mac, ret_token, session);
	if (rc != RC_OK)
		return err_set(e, rc, "code", "No memory");
	sqlite3_stmt *s = vdb_use(db, Q_CLAIM_USE);
	vdb_bind_bytes(s, 1, bytes_of(hash, HASH_SIZE));
	vdb_bind_bytes(s, 2, BYTES_ARRAY(session));
	vdb_bind_int(s, 3, claim->session_until);
	return vdb_run(db, s, e);
}

bool claims_is_token(const struct vault_keys *keys, struct bytes token, uint8_t ret_hash[static HASH_SIZE])
{
	return token_check(keys->claim_mac, token, ret_hash);
}

enum rc claims_by_session(struct vault_db *db, const uint8_t hash[static HASH_SIZE], struct claim *ret, struct err *e)
{
	enum rc rc = find(db, Q_CLAIM_BY_SESSION, hash, ret, e);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && clock_now_us() >= ret->session_until))
		return err_set(e, RC_UNAUTHENTICATED, "token", "The time to draw this document is over");
	return rc;
}

bool claims_has_serial(const struct claim *claim, struct bytes serial)
{
	return claim->serial_len && bytes_equal(bytes_of(claim->serial, claim->serial_len), serial);
}

enum rc claims_bind(struct vault_db *db, const uint8_t session[static HASH_SIZE], struct bytes serial, struct err *e)
{
	sqlite3_stmt *s = vdb_use(db, Q_CLAIM_SERIAL);
	vdb_bind_bytes(s, 1, bytes_of(session, HASH_SIZE));
	vdb_bind_bytes(s, 2, serial);
	return vdb_run(db, s, e);
}

enum rc claims_officer(struct vault_db *db, const struct claim *claim, const uint8_t hash[static HASH_SIZE],
		       struct session *ret, struct err *e)
{
	bool active = false;
	*ret = (struct session){0};
	enum rc rc = vault_staff_by_id(db, claim->staff, &ret->staff, &ret->quota_factor, &active);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && !active))
		return err_set(e, RC_GONE, "code", "The account of the officer who gave this code was closed");
	if (rc != RC_OK)
		return err_set(e, rc, "code", "The officer who gave this code cannot be read");
	memcpy(ret->id_hash, hash, HASH_SIZE);
	return RC_OK;
}
