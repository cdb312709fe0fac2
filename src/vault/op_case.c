/* SPDX-License-Identifier: MPL-2.0 */
/* What happens to a person's case and acts besides opening and signing: another office, the end of documents. */
#include <string.h>

#include "vault/chain.h"
#include "vault/logged.h"
#include "vault/vault.h"

/* The first part of the path: the country. */
static bool same_country(const char *a, const char *b)
{
	size_t n = strcspn(a, "/");
	return n == strcspn(b, "/") && memcmp(a, b, n) == 0;
}

static enum rc check_unbound(struct vault *v, struct id person, struct err *e)
{
	struct query s = vdb_query(&v->db, VSQL_key_bound);
	query_id(&s, person);
	bool bound = query_row(&s) && query_col_int(&s, 0) != 0;
	enum rc rc = query_close(&s, NULL, e);
	if (rc != RC_OK)
		return rc;
	return bound ? err_set(e, RC_STATE, "case", "A number was reserved or an act signed: the case stays where it is") : RC_OK;
}

static enum rc forward(struct vault *v, const struct session *session, const struct person_key *key, const char *to,
		       struct err *e)
{
	const struct policy_rule *rule = policy_find_task(session->staff.role, KIND_CASE, PURPOSE_FORWARDING);
	struct id person = key->person, case_id = key->case_id;
	bool again = false, there = strcmp(key->scope, to) == 0;
	enum rc rc = RC_OK;
	if (!rule)
		return err_set(e, RC_FORBIDDEN, "role", "This role does not forward cases");
	if (there)
		rc = keys_moved_by(&v->keys, person, session->staff.id, &again, e);
	if (rc != RC_OK || again)
		return rc;
	if (!policy_scope_allows(rule->scope, session->staff.scope, key->scope))
		return err_set(e, RC_FORBIDDEN, "scope", "The person belongs to another office");
	if (there)
		return RC_OK;
	if (!same_country(key->scope, to))
		return err_set(e, RC_INVALID, "office", "A case stays in its country");
	rc = check_unbound(v, person, e);
	struct look_request look = {.session = session, .rule = rule, .person = person, .object = case_id};
	if (rc == RC_OK)
		rc = quota_look(&v->quota, &look, e);
	return rc == RC_OK ? keys_move(&v->keys, person, to, session->staff.id, e) : rc;
}

/* [token, person, case, to scope tstr] → [] */
enum rc op_forward(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	struct session *session;
	struct id person, case_id;
	char to[SCOPE_MAX];
	const struct person_key *key = NULL;
	if (!cbor_get_array(in, &n) || n != 4)
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc != RC_OK)
		return rc;
	if (!arg_id(in, &person) || !arg_id(in, &case_id) || !arg_scope(in, to) || !cbor_at_end(in))
		return vault_bad_arguments(e);
	rc = keys_lock(&v->keys, person, e);
	if (rc == RC_OK)
		rc = keys_person(&v->keys, person, PERSON_KEY_NO, &key, e);
	/* Somebody else's and nobody's are answered alike. */
	if (rc == RC_NOT_FOUND || (rc == RC_OK && !id_equal(key->case_id, case_id)))
		return err_set(e, RC_FORBIDDEN, "scope", "The person belongs to another office");
	if (rc == RC_OK)
		rc = forward(v, session, key, to, e);
	if (rc == RC_OK)
		cbor_put_array(out, 0);
	return rc;
}

/* [kind, object, person, version, aux, sealed, index, size, proof, note] → [] */
enum rc op_supersede(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	struct logged_args a;
	struct opened opened;
	struct act_head head;
	if (!cbor_get_array(in, &n) || n != 10 || !arg_logged(in, &a) || !cbor_at_end(in))
		return vault_bad_arguments(e);
	/* No look: nothing comes out, and what happens is what the act itself says. */
	enum rc rc = sealed_open(&v->keys, &a.as, a.sealed, &v->scratch, &opened, e);
	if (rc == RC_OK)
		rc = vault_check_logged(v, &a, opened.content, &head, e);
	if (rc == RC_OK && chain_effect(&head) == STATUS_VALID)
		rc = err_set(e, RC_INVALID, "act", "Such an act ends no documents");
	if (rc == RC_OK)
		rc = keys_lock(&v->keys, head.subject, e);
	if (rc == RC_OK)
		rc = chain_logged(&v->db, &head, e);
	if (rc == RC_OK)
		cbor_put_array(out, 0);
	return rc;
}
