/* SPDX-License-Identifier: MPL-2.0 */
/* Codes with which families draw documents: given by an officer, shown by anybody. */
#include "base/clock.h"
#include "base/log.h"
#include "vault/act_head.h"
#include "vault/chain.h"
#include "vault/claims.h"
#include "vault/vault.h"

/* An act from which a document can be drawn. */
static enum rc check_act(struct bytes content, const struct vault_object *as, struct err *e)
{
	struct act_view view;
	struct act_head head;
	if (act_view(content, &view) != RC_OK || !act_head_read(&view, &head) || !act_head_is(&head, as->object, as->person))
		return err_set(e, RC_FORMAT, "act", "This is not an act as civis writes them");
	return head.extract.len ? RC_OK : err_set(e, RC_FORMAT, "act", "The act has no extract");
}

/* [token, kind, object, person, version, aux, sealed, days uint] → [code tstr] */
enum rc op_claim_code(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	uint64_t days;
	struct session *session;
	struct vault_object as;
	struct bytes sealed;
	struct opened opened;
	struct chain_act known;
	char code[VAULT_CLAIM_CODE_SIZE];
	if (!cbor_get_array(in, &n) || n != 8)
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc != RC_OK)
		return rc;
	if (!arg_object(in, &as) || as.kind != KIND_ACT || !cbor_get_bytes(in, &sealed) || !cbor_get_uint(in, &days) ||
	    days < 1 || days > VAULT_CLAIM_DAYS_MAX || !cbor_at_end(in))
		return vault_bad_arguments(e);
	rc = keys_lock(&v->keys, as.person, e);
	if (rc == RC_OK)
		rc = chain_valid(&v->db, as.person, as.object, &known, e);
	if (rc == RC_OK)
		rc = vault_open_for(v, session, PURPOSE_CLAIM, &as, sealed, &opened, e);
	if (rc == RC_OK)
		rc = check_act(opened.content, &as, e);
	if (rc == RC_OK)
		rc = claims_make(&v->db, &v->keys, as.person, as.object, session->staff.id, (unsigned)days, code, e);
	if (rc != RC_OK)
		return rc;
	cbor_put_array(out, 1);
	cbor_put_str(out, code);
	wipe(code, sizeof code);
	return RC_OK;
}

/* How long everybody has to wait before the next code is looked at, µs. */
static int64_t wait_of(const struct vault *v)
{
	return v->claim_failures_until - CLAIM_FAILURES_US - clock_monotonic_us();
}

static void add_failure(struct vault *v)
{
	int64_t now = clock_monotonic_us();
	v->claim_failures_until = (v->claim_failures_until > now ? v->claim_failures_until : now) + CLAIM_FAILURE_US;
	if (wait_of(v) > 0)
		log_warn("claims_throttled", LOG_INT("wait_ms", wait_of(v) / 1000));
}

/* [code bstr] → [token bstr, expires uint, person bstr, act bstr] */
enum rc op_claim(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	size_t n;
	struct bytes code;
	struct claim claim;
	struct session officer;
	struct chain_act known;
	uint8_t hash[HASH_SIZE];
	char token[VAULT_TOKEN_SIZE];
	if (!cbor_get_array(in, &n) || n != 1 || !cbor_get_bytes(in, &code) || !cbor_at_end(in))
		return vault_bad_arguments(e);
	if (wait_of(v) > 0) {
		c->retry_after = (unsigned)(wait_of(v) / 1000000 + 1);
		return err_set(e, RC_THROTTLED, "code", "Too many wrong codes; wait and try again");
	}
	enum rc rc = claims_by_code(&v->db, &v->keys, code, &claim, hash, e);
	if (rc == RC_NOT_FOUND)
		add_failure(v);
	if (rc == RC_OK)
		rc = claims_officer(&v->db, &claim, hash, &officer, e);
	if (rc == RC_OK)
		rc = chain_valid(&v->db, claim.person, claim.act, &known, e);
	if (rc == RC_OK)
		rc = claims_use(&v->db, &v->keys, hash, &claim, token, e);
	if (rc != RC_OK)
		return rc;
	cbor_put_array(out, 4);
	cbor_put_bytes(out, bytes_str(token));
	cbor_put_uint(out, (uint64_t)claim.session_until);
	cbor_put_bytes(out, id_bytes(&claim.person));
	cbor_put_bytes(out, id_bytes(&claim.act));
	wipe(token, sizeof token);
	return RC_OK;
}
