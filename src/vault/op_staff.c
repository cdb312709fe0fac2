/* SPDX-License-Identifier: MPL-2.0 */
/*
 * What a national administrator does about accounts from afar: see them, end their sessions, close them. Nothing here
 * gives anybody more than they had; accounts are made at the machine (admin.c). Either way it stands in the account log.
 */
#include "vault/account_log.h"
#include "vault/vault.h"

enum { ROWS_MAX = 100 };

static enum rc administrator(const struct session *session, struct err *e)
{
	return session->staff.role == ROLE_NATIONAL_ADMINISTRATOR ? RC_OK
	       : err_set(e, RC_FORBIDDEN, "role", "Accounts are for a national administrator");
}

static void put_account(struct buf *out, const struct vault_staff *s, bool active, size_t sessions, int64_t used)
{
	cbor_put_array(out, 9);
	vault_put_staff(out, s);
	cbor_put_bool(out, active);
	cbor_put_uint(out, sessions);
	cbor_put_uint(out, (uint64_t)used);
}

/* The rows behind `after` that the administrator's office covers. */
static enum rc put_accounts(struct vault *v, const struct session *session, const char *after, size_t max, struct buf *rows,
			    size_t *ret_n, struct err *e)
{
	struct query s = vdb_query(&v->db, VSQL_staff_after);
	query_text(&s, after);
	query_text(&s, session->staff.scope);
	query_u64(&s, max);
	while (query_row(&s)) {
		struct vault_staff staff;
		uint32_t factor;
		bool active;
		int64_t used = 0;
		if (!vault_staff_take(&s, &staff, &factor, &active))
			break;
		size_t sessions = sessions_of(&v->sessions, staff.id, &used);
		put_account(rows, &staff, active, sessions, used);
		++*ret_n;
	}
	enum rc rc = query_close(&s, NULL, e);
	return rc == RC_OK && buf_failed(rows) ? err_set(e, RC_TOO_LARGE, "staff", "The accounts are too many for one answer") : rc;
}

/* [token bstr, after tstr, max uint] → [[id, role, name, scope, native, latin, active, sessions, last used]…] */
enum rc op_staff(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n, found = 0;
	uint64_t max;
	char after[VAULT_NAME_MAX + 1];
	struct session *session;
	struct buf rows = BUF_INIT(VAULT_FRAME_MAX / 2);
	if (!cbor_get_array(in, &n) || n != 3)
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc == RC_OK && (!arg_text(in, after, sizeof after) || !cbor_get_uint(in, &max) || max < 1 || max > ROWS_MAX ||
			    !cbor_at_end(in)))
		rc = vault_bad_arguments(e);
	if (rc == RC_OK)
		rc = administrator(session, e);
	if (rc == RC_OK)
		rc = put_accounts(v, session, after, max, &rows, &found, e);
	if (rc == RC_OK) {
		cbor_put_array(out, found);
		cbor_put_raw(out, buf_bytes(&rows));
	}
	buf_release(&rows);
	return rc;
}

static enum rc close_account(struct vault *v, const struct vault_staff *whom, struct err *e)
{
	struct query s = vdb_query(&v->db, VSQL_staff_disable);
	query_text(&s, whom->name);
	return vdb_run(&v->db, &s, e);
}

/* Somebody else's account, and one that the administrator's office covers. */
static enum rc find_account(struct vault *v, const struct session *session, struct id id, struct vault_staff *ret, bool *ret_active,
			    struct err *e)
{
	uint32_t factor;
	enum rc rc = vault_staff_by_id(&v->db, id, ret, &factor, ret_active);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && !scope_covers(session->staff.scope, ret->scope)))
		return err_set(e, RC_NOT_FOUND, "staff", "There is no such account");
	if (rc == RC_OK && id_equal(id, session->staff.id))
		return err_set(e, RC_STATE, "own_account", "Nobody ends their own account: one administrator has to be left");
	return rc;
}

/* [token bstr, staff bstr, what uint] → [] */
enum rc op_staff_end(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	uint64_t what;
	struct session *session;
	struct id id, by;
	struct vault_staff whom;
	bool active = false;
	if (!cbor_get_array(in, &n) || n != 3)
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc == RC_OK && (!arg_id(in, &id) || !cbor_get_uint(in, &what) || !cbor_at_end(in) ||
			    (what != ACCOUNT_SIGNED_OUT && what != ACCOUNT_CLOSED)))
		rc = vault_bad_arguments(e);
	if (rc == RC_OK)
		rc = administrator(session, e);
	if (rc == RC_OK)
		rc = find_account(v, session, id, &whom, &active, e);
	if (rc != RC_OK)
		return rc;
	by = session->staff.id;
	if (active && what == ACCOUNT_CLOSED)
		rc = close_account(v, &whom, e);
	if (rc == RC_OK)
		rc = sessions_end_staff(&v->sessions, whom.id, e);
	/* Again: nothing more happens. */
	if (rc == RC_OK && active)
		rc = account_log_add(&v->db, &by, (enum account_event)what, whom.id, e);
	if (rc == RC_OK)
		cbor_put_array(out, 0);
	return rc;
}

/* [token bstr, before uint (0: from the last), max uint] → [[no, at, by bstr, by name, what, whom bstr, whom name, role, scope]…] */
enum rc op_staff_log(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	uint64_t before, max;
	struct session *session;
	if (!cbor_get_array(in, &n) || n != 3)
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc == RC_OK && (!cbor_get_uint(in, &before) || before > INT64_MAX || !cbor_get_uint(in, &max) || max < 1 || max > ROWS_MAX ||
			    !cbor_at_end(in)))
		rc = vault_bad_arguments(e);
	if (rc == RC_OK && session->staff.role != ROLE_AUDITOR)
		rc = administrator(session, e);
	return rc == RC_OK ? account_log_put(&v->db, session->staff.scope, before, max, out, e) : rc;
}
