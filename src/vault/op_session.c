/* SPDX-License-Identifier: MPL-2.0 */
/* Signing in and out. */
#include <string.h>

#include "vault/vault.h"

static void put_session(struct buf *out, struct bytes token, int64_t expires, const struct vault_staff *staff)
{
	cbor_put_array(out, 3);
	cbor_put_bytes(out, token);
	cbor_put_uint(out, (uint64_t)expires);
	cbor_put_array(out, 6);
	vault_put_staff(out, staff);
}

enum rc op_ping(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	if (!cbor_get_array(in, &n) || n != 0 || !cbor_at_end(in))
		return vault_bad_arguments(e);
	cbor_put_array(out, 1);
	cbor_put_bool(out, v->matcher != NULL);
	return RC_OK;
}

/* [] → [key bstr32] */
enum rc op_request_key(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	uint8_t key[HASH_SIZE];
	if (!cbor_get_array(in, &n) || n != 0 || !cbor_at_end(in))
		return vault_bad_arguments(e);
	keys_request(&v->keys, key);
	cbor_put_array(out, 1);
	cbor_put_bytes(out, BYTES_ARRAY(key));
	wipe(key, sizeof key);
	return RC_OK;
}

/* [name tstr, passphrase bstr] → session, later */
enum rc op_login(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)out;
	size_t n;
	struct bytes name, passphrase;
	if (!cbor_get_array(in, &n) || n != 2 || !cbor_get_text(in, &name) || !cbor_get_bytes(in, &passphrase) ||
	    !cbor_at_end(in))
		return vault_bad_arguments(e);
	if (!v->has_login)
		return err_set(e, RC_BUSY, "login", "This vault checks no passphrases");
	enum rc rc = login_begin(&v->login, &v->db, name, passphrase, c->channel, c->request, &c->retry_after, e);
	c->deferred = rc == RC_OK;
	return rc;
}

void vault_finish_login(struct vault *v, struct login_job *job, struct buf *out)
{
	struct call c = {.channel = job->channel, .request = job->request, .op = VAULT_OP_LOGIN};
	struct err e = ERR_NONE;
	char token[VAULT_TOKEN_SIZE] = "";
	char pass[PASSPHRASE_HASH_SIZE];
	struct session *session = NULL;
	bool active = false;
	enum rc rc = job->rc;
	buf_reset(out);
	vault_frame_begin(out, c.op, RC_OK, c.request);
	if (rc != RC_OK)
		err_set(&e, rc, "name", "The name or the passphrase is wrong");
	else /* the account may have been closed while the passphrase was checked */
		rc = vault_staff_by_name(&v->db, bytes_str(job->staff.name), &job->staff, &job->quota_factor, &active, pass, &e);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && !active))
		rc = err_set(&e, RC_CREDENTIALS, "name", "The name or the passphrase is wrong");
	if (rc == RC_OK)
		rc = sessions_begin(&v->sessions, &job->staff, job->quota_factor, token, &session, &e);
	if (rc == RC_OK)
		put_session(out, bytes_str(token), session->expires, &session->staff);
	vault_answer(out, &c, rc, &e);
	wipe(token, sizeof token);
	wipe(pass, sizeof pass);
}

/* [token bstr] → session */
enum rc op_session(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	struct bytes token;
	struct session *session;
	if (!cbor_get_array(in, &n) || n != 1 || !cbor_get_bytes(in, &token) || !cbor_at_end(in))
		return vault_bad_arguments(e);
	enum rc rc = sessions_find(&v->sessions, token, &session, e);
	if (rc == RC_OK)
		put_session(out, token, session->expires, &session->staff);
	return rc;
}

/* [token bstr] → [] */
enum rc op_logout(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	struct session *session;
	if (!cbor_get_array(in, &n) || n != 1)
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc == RC_OK && !cbor_at_end(in))
		rc = vault_bad_arguments(e);
	if (rc == RC_OK)
		rc = sessions_end(&v->sessions, session, e);
	if (rc == RC_OK)
		cbor_put_array(out, 0);
	return rc;
}
