/* SPDX-License-Identifier: MPL-2.0 */
/* The calls about accounts: signing in, and what a national administrator does about them from afar. */
#include <string.h>

#include "vault/exchange.h"

/* What vault_put_staff() says. */
static bool get_staff(struct cbor *in, struct vault_staff *s)
{
	uint64_t role;
	if (!exchange_get_id(in, &s->id) || !cbor_get_uint(in, &role) || role >= ROLE_END)
		return false;
	s->role = (enum role)role;
	return exchange_get_text(in, s->name, sizeof s->name) && exchange_get_text(in, s->scope, sizeof s->scope) &&
	       exchange_get_text(in, s->display_native, sizeof s->display_native) &&
	       exchange_get_text(in, s->display_latin, sizeof s->display_latin);
}

static bool get_session(struct cbor *in, struct vault_session *ret)
{
	struct bytes token;
	uint64_t expires;
	size_t n;
	memset(ret, 0, sizeof *ret);
	if (!cbor_get_bytes(in, &token) || token.len >= sizeof ret->token || !cbor_get_uint(in, &expires) ||
	    expires > INT64_MAX || !cbor_get_array(in, &n) || n != 6 || !get_staff(in, &ret->staff))
		return false;
	memcpy(ret->token, token.ptr, token.len);
	ret->expires_at = (int64_t)expires;
	return cbor_at_end(in);
}

static enum rc session_answer(struct vault_client *c, struct vault_session *ret, struct err *e)
{
	struct cbor in;
	struct vault_session session;
	enum rc rc = exchange(c, 3, &in, e);
	if (rc == RC_OK && !get_session(&in, &session))
		rc = exchange_unreadable(e);
	if (rc == RC_OK)
		*ret = session;
	exchange_end(c);
	return rc;
}

enum rc vault_login(struct vault_client *c, struct bytes name, struct bytes passphrase, struct vault_session *ret,
		    unsigned *ret_retry_after, struct err *e)
{
	struct buf *out = exchange_begin(c, VAULT_OP_LOGIN, 2);
	cbor_put_text(out, name);
	cbor_put_bytes(out, passphrase);
	enum rc rc = session_answer(c, ret, e);
	if (rc == RC_THROTTLED && ret_retry_after)
		*ret_retry_after = c->retry_after;
	return rc;
}

enum rc vault_session(struct vault_client *c, struct bytes token, struct vault_session *ret, struct err *e)
{
	cbor_put_bytes(exchange_begin(c, VAULT_OP_SESSION, 1), token);
	return session_answer(c, ret, e);
}

enum rc vault_logout(struct vault_client *c, struct bytes token, struct err *e)
{
	struct cbor in;
	cbor_put_bytes(exchange_begin(c, VAULT_OP_LOGOUT, 1), token);
	enum rc rc = exchange(c, 0, &in, e);
	exchange_end(c);
	return rc;
}

static bool get_account(struct cbor *in, void *row)
{
	struct vault_account *a = row;
	size_t n;
	uint64_t sessions, used;
	*a = (struct vault_account){0};
	if (!cbor_get_array(in, &n) || n != 9 || !get_staff(in, &a->staff) || !cbor_get_bool(in, &a->active) ||
	    !cbor_get_uint(in, &sessions) || !cbor_get_uint(in, &used) || used > INT64_MAX)
		return false;
	a->sessions = (size_t)sessions;
	a->used = (int64_t)used;
	return true;
}

enum rc vault_accounts(struct vault_client *c, struct bytes token, const char *after, size_t max, struct arena *a,
		       struct vault_account **ret, size_t *ret_n, struct err *e)
{
	void *rows = NULL;
	struct buf *out = exchange_begin(c, VAULT_OP_STAFF, 3);
	cbor_put_bytes(out, token);
	cbor_put_str(out, after);
	cbor_put_uint(out, max);
	enum rc rc = exchange_rows(c, max, sizeof(struct vault_account), get_account, a, &rows, ret_n, e);
	if (rc == RC_OK)
		*ret = rows;
	return rc;
}

enum rc vault_account_end(struct vault_client *c, struct bytes token, struct id staff, enum account_event what, struct err *e)
{
	struct cbor in;
	struct buf *out = exchange_begin(c, VAULT_OP_STAFF_END, 3);
	cbor_put_bytes(out, token);
	cbor_put_bytes(out, id_bytes(&staff));
	cbor_put_uint(out, (uint64_t)what);
	enum rc rc = exchange(c, 0, &in, e);
	exchange_end(c);
	return rc;
}

static bool get_line(struct cbor *in, void *row)
{
	struct vault_account_line *l = row;
	size_t n;
	struct bytes by;
	uint64_t at, what, role;
	*l = (struct vault_account_line){0};
	if (!cbor_get_array(in, &n) || n != 9 || !cbor_get_uint(in, &l->no) || !cbor_get_uint(in, &at) || at > INT64_MAX ||
	    !cbor_get_bytes(in, &by) || !exchange_get_text(in, l->by_name, sizeof l->by_name) || !cbor_get_uint(in, &what) ||
	    what < ACCOUNT_MADE || what >= ACCOUNT_EVENT_END || !exchange_get_id(in, &l->whom) || !exchange_get_text(in, l->name, sizeof l->name) ||
	    !cbor_get_uint(in, &role) || role >= ROLE_END || !exchange_get_text(in, l->scope, sizeof l->scope))
		return false;
	l->at = (int64_t)at;
	l->what = (enum account_event)what;
	l->role = (enum role)role;
	l->at_machine = by.len == 0;
	return l->at_machine || id_from_bytes(by, &l->by) == RC_OK;
}

enum rc vault_account_log(struct vault_client *c, struct bytes token, uint64_t before, size_t max, struct arena *a,
			  struct vault_account_line **ret, size_t *ret_n, struct err *e)
{
	void *rows = NULL;
	struct buf *out = exchange_begin(c, VAULT_OP_STAFF_LOG, 3);
	cbor_put_bytes(out, token);
	cbor_put_uint(out, before);
	cbor_put_uint(out, max);
	enum rc rc = exchange_rows(c, max, sizeof(struct vault_account_line), get_line, a, &rows, ret_n, e);
	if (rc == RC_OK)
		*ret = rows;
	return rc;
}
