/* SPDX-License-Identifier: MPL-2.0 */
/* Whose record it is, by what people bring to a counter. */
#include "vault/number.h"
#include "vault/vault.h"

static enum rc nobody(struct err *e)
{
	return err_set(e, RC_NOT_FOUND, "person", "Nobody in the officer's reach is found by this");
}

static enum rc by_number(struct vault *v, struct bytes number, struct id *ret, struct err *e)
{
	uint8_t claim[HASH_SIZE];
	if (!number_is_valid(number))
		return RC_NOT_FOUND;
	keys_number_claim(&v->keys, number, claim);
	struct query s = vdb_query(&v->db, VSQL_number_by_claim);
	query_bytes(&s, BYTES_ARRAY(claim));
	if (query_row(&s))
		*ret = query_col_id(&s, 0);
	return vdb_end(&s, e);
}

static enum rc by_document(struct vault *v, struct bytes serial, struct id *ret, struct err *e)
{
	struct query s = vdb_query(&v->db, VSQL_document_get);
	query_bytes(&s, serial);
	if (query_row(&s))
		*ret = query_col_id(&s, 0);
	return vdb_end(&s, e);
}

/* Counted before it is looked for, so that guessing ends soon. */
static enum rc find(struct vault *v, const struct session *session, uint64_t by, struct bytes value, struct id *ret, struct err *e)
{
	const struct policy_rule *rule = policy_find_task(session->staff.role, KIND_NUMBER, PURPOSE_COUNTER_SERVICE);
	struct look_request take = {.session = session, .rule = rule};
	const struct person_key *key = NULL;
	if (!rule)
		return err_set(e, RC_FORBIDDEN, "role", "This role looks nobody up");
	enum rc rc = quota_take(&v->quota, &take, e);
	if (rc != RC_OK)
		return rc;
	rc = by == VAULT_FIND_NUMBER ? by_number(v, value, ret, e) : by == VAULT_FIND_DOCUMENT ? by_document(v, value, ret, e)
	     : id_from_bytes(value, ret);
	if (rc == RC_OK)
		rc = keys_person(&v->keys, *ret, PERSON_KEY_NO, &key, e);
	/* Somebody else's and nobody's are answered alike. */
	if (rc == RC_NOT_FOUND || rc == RC_FORMAT || (rc == RC_OK && !policy_scope_allows(rule->scope, session->staff.scope, key->scope)))
		return nobody(e);
	return rc;
}

/* [token bstr, by uint, value bstr] → [person bstr] */
enum rc op_find(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	uint64_t by;
	struct bytes value;
	struct session *session;
	struct id person;
	if (!cbor_get_array(in, &n) || n != 3)
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc != RC_OK)
		return rc;
	if (!cbor_get_uint(in, &by) || by < VAULT_FIND_NUMBER || by > VAULT_FIND_PERSON || !cbor_get_bytes(in, &value) || !cbor_at_end(in))
		return vault_bad_arguments(e);
	rc = find(v, session, by, value, &person, e);
	if (rc != RC_OK)
		return rc;
	cbor_put_array(out, 1);
	cbor_put_bytes(out, id_bytes(&person));
	return RC_OK;
}
