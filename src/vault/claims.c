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
	struct query s = vdb_query(db, VSQL_claim_sweep);
	query_int(&s, clock_now_us() - REMEMBERED_US);
	enum rc rc = vdb_run(db, &s, e);
	if (rc != RC_OK)
		return rc;
	s = vdb_query(db, VSQL_claim_replace);
	query_id(&s, person);
	query_id(&s, act);
	return vdb_run(db, &s, e);
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
		struct query s = vdb_query(db, VSQL_claim_put);
		query_bytes(&s, BYTES_ARRAY(hash));
		query_id(&s, person);
		query_id(&s, act);
		query_id(&s, staff);
		query_int(&s, clock_now_us() + days * DAY_US);
		query_bytes(&s, BYTES_NONE);
		rc = vdb_run(db, &s, e);
	}
	if (rc == RC_OK)
		memcpy(ret_code, code, sizeof code);
	wipe(code, sizeof code);
	return rc;
}

static enum rc find(struct vault_db *db, enum vsql_id which, const uint8_t hash[static HASH_SIZE],
		    struct claim *ret, struct err *e)
{
	struct query s = vdb_query(db, which);
	query_bytes(&s, bytes_of(hash, HASH_SIZE));
	*ret = (struct claim){0};
	if (query_row(&s)) {
		struct bytes serial = query_col_view(&s, 5);
		*ret = (struct claim){.person = query_col_id(&s, 0), .act = query_col_id(&s, 1), .staff = query_col_id(&s, 2),
				      .until = query_col_int(&s, 3), .session_until = query_col_int(&s, 4)};
		if (serial.len > sizeof ret->serial)
			s.damaged = true;
		else if (serial.len)
			memcpy(ret->serial, serial.ptr, ret->serial_len = serial.len);
	}
	return vdb_end(&s, e);
}

enum rc claims_by_code(struct vault_db *db, const struct vault_keys *keys, struct bytes code, struct claim *ret,
		       uint8_t ret_hash[static HASH_SIZE], struct err *e)
{
	char text[CODE_LEN];
	enum rc rc = RC_NOT_FOUND;
	if (read_code(code, text)) {
		hash_code(keys, text, ret_hash);
		rc = find(db, VSQL_claim_by_code, ret_hash, ret, e);
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
	struct query s = vdb_query(db, VSQL_claim_use);
	query_bytes(&s, bytes_of(hash, HASH_SIZE));
	query_bytes(&s, BYTES_ARRAY(session));
	query_int(&s, claim->session_until);
	return vdb_run(db, &s, e);
}

bool claims_is_token(const struct vault_keys *keys, struct bytes token, uint8_t ret_hash[static HASH_SIZE])
{
	return token_check(keys->claim_mac, token, ret_hash);
}

enum rc claims_by_session(struct vault_db *db, const uint8_t hash[static HASH_SIZE], struct claim *ret, struct err *e)
{
	enum rc rc = find(db, VSQL_claim_by_session, hash, ret, e);
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
	struct query s = vdb_query(db, VSQL_claim_serial);
	query_bytes(&s, bytes_of(session, HASH_SIZE));
	query_bytes(&s, serial);
	int bound = 0;
	enum rc rc = vdb_change(db, &s, &bound, e);
	return rc == RC_OK && !bound ? err_set(e, RC_FORBIDDEN, "serial", "With this code another document was drawn") : rc;
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
