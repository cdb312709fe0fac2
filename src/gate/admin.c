/* SPDX-License-Identifier: MPL-2.0 */
/* Accounts, for national administrators: seen, signed out, closed. They are made at the machine alone (decision 0015). */
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "gate/handlers.h"

enum { LIST_DEFAULT = 100 };

static json_t *name_json(const struct vault_staff *s)
{
	return json_pack("{s:s,s:s}", "native", s->display_native, "latin", s->display_latin);
}

static json_t *account_json(const struct vault_account *a)
{
	return json_pack("{s:o,s:s,s:s,s:s,s:o,s:b,s:I,s:o}", "id", json_id(a->staff.id), "name", a->staff.name, "role",
	                 role_name(a->staff.role), "office", a->staff.scope, "display_name", name_json(&a->staff), "active", a->active,
	                 "sessions", (json_int_t)a->sessions, "used", json_instant(a->used));
}

enum rc staff_list(struct call *c)
{
	const char *after = call_query(c, "after");
	struct vault_account *accounts;
	size_t limit = 0, n = 0;
	if (after && strlen(after) > VAULT_NAME_MAX)
		(void)call_wrong(c, "?after", "too_long", VAULT_NAME_MAX);
	(void)!call_limit(c, LIST_DEFAULT, &limit);
	if (c->field_count)
		return RC_INVALID;
	enum rc rc = vault_accounts(c->desk.vault, c->desk.token, after ? after : "", limit, c->desk.arena, &accounts, &n, &c->err);
	if (rc != RC_OK)
		return rc;
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, account_json(&accounts[i]));
	json_t *j = json_pack("{s:o}", "staff", list);
	if (j && n == limit)
		json_object_set_new(j, "next", json_string(accounts[n - 1].staff.name));
	return call_json(c, 200, j);
}

static enum rc end_account(struct call *c, enum account_event what)
{
	struct id id;
	enum rc rc = call_id(c, 0, &id);
	if (rc == RC_OK)
		rc = vault_account_end(c->desk.vault, c->desk.token, id, what, &c->err);
	if (rc != RC_OK)
		return rc;
	log_info(what == ACCOUNT_CLOSED ? "account_closed" : "account_signed_out", LOG_ID("staff", id),
	         LOG_ID("by", c->session.staff.id));
	c->a->status = 204;
	return RC_OK;
}

enum rc staff_sessions_end(struct call *c)
{
	return end_account(c, ACCOUNT_SIGNED_OUT);
}

enum rc staff_close(struct call *c)
{
	call_known(c, "");
	return c->field_count ? RC_INVALID : end_account(c, ACCOUNT_CLOSED);
}

static json_t *line_json(const struct vault_account_line *l)
{
	static const char *const words[] = {[ACCOUNT_MADE] = "made", [ACCOUNT_SIGNED_OUT] = "signed_out", [ACCOUNT_CLOSED] = "closed"};
	return json_pack("{s:I,s:o,s:s,s:o,s:s,s:s,s:s}", "no", (json_int_t)l->no, "at", json_instant(l->at), "event", words[l->what],
	                 "by", l->at_machine ? json_null() : json_string(l->by_name), "name", l->name, "role", role_name(l->role),
	                 "office", l->scope);
}

enum rc staff_log(struct call *c)
{
	struct vault_account_line *lines;
	size_t limit = 0, n = 0;
	uint64_t before = 0;
	const char *text = call_query(c, "before");
	if (text && u64_parse(bytes_str(text), INT64_MAX, &before) != RC_OK)
		(void)call_wrong(c, "?before", "not_a_choice", 0);
	(void)!call_limit(c, LIST_DEFAULT, &limit);
	if (c->field_count)
		return RC_INVALID;
	enum rc rc = vault_account_log(c->desk.vault, c->desk.token, before, limit, c->desk.arena, &lines, &n, &c->err);
	if (rc != RC_OK)
		return rc;
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, line_json(&lines[i]));
	json_t *j = json_pack("{s:o}", "lines", list);
	if (j && n == limit)
		json_object_set_new(j, "next", json_integer((json_int_t)lines[n - 1].no));
	return call_json(c, 200, j);
}
