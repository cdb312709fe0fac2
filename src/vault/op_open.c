/* SPDX-License-Identifier: MPL-2.0 */
/* Sealing and opening, and the list of looks. */
#include <string.h>

#include "vault/vault.h"

/* Bytes of a tracking secret: see intake/tracking.h. */
enum { SECRET_MIN = 22, SECRET_MAX = 128 };
/* The aux of a declaration and of what goes with a step: see intake/case.h. */
enum { CASE_DECLARATION = 0, CASE_NOTE = 1 };

struct seal_args {
	struct vault_object as;
	struct id case_id;
	char scope[SCOPE_MAX];
	struct bytes plaintext;
};

/* The key is there already: only for the person's office now; by an officer whose office covers that one or belongs
   to it, for any case of the person; by a family for the case that the key was made for, with its secret. */
static bool may_go_on(const struct session *session, const struct person_key *key, const struct seal_args *a,
		      struct bytes secret)
{
	if (strcmp(key->scope, a->scope) != 0)
		return false;
	if (!session)
		return id_equal(key->case_id, a->case_id) && keys_secret_matches(key, secret);
	return scope_covers(session->staff.scope, key->scope) || scope_covers(key->scope, session->staff.scope);
}

static enum rc seal_one(struct vault *v, const struct session *session, struct bytes secret, const struct seal_args *a,
			struct buf *out, struct err *e)
{
	enum role role = session ? session->staff.role : ROLE_FAMILY;
	const struct person_key *key = NULL;
	bool made = false;
	if (!session && secret.len < SECRET_MIN)
		return err_set(e, RC_FORBIDDEN, "seal", "A family shows the secret of its case");
	if (!policy_may_seal(role, session ? session->staff.scope : "", a->as.kind, a->scope))
		return err_set(e, RC_FORBIDDEN, "seal", "This role may not seal such an object for that office");
	enum rc rc = keys_person_make(&v->keys, a->as.person, a->case_id, a->scope, session ? session->staff.scope : "", secret,
				      &key, &made, e);
	if (rc == RC_OK && policy_seals_own_alone(role))
		rc = keys_declared_by(&v->keys, a->as.person, session->staff.scope, e);
	if (rc != RC_OK)
		return rc;
	if (!made && !may_go_on(session, key, a, secret))
		return err_set(e, RC_FORBIDDEN, "seal", "The person's key was not made for this case, or they belong to another office");
	if (!made && a->as.kind == KIND_CASE && a->as.aux == CASE_DECLARATION) /* before it can be read */
		rc = keys_completed_by(&v->keys, a->as.person, session ? session->staff.scope : "", e);
	if (rc != RC_OK)
		return rc;
	buf_reset(&v->scratch);
	rc = sealed_put(&v->keys, key, &a->as, a->scope, a->plaintext, &v->scratch);
	if (rc != RC_OK)
		return err_set(e, rc, "seal", "The object cannot be sealed");
	cbor_put_bytes(out, buf_bytes(&v->scratch));
	return RC_OK;
}

/* [token bstr, secret bstr, [[kind, object, person, version, aux, case, scope, plaintext]…]] → [sealed bstr…] */
enum rc op_seal(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n, items, parts;
	struct bytes token, secret;
	struct session *session = NULL;
	if (!cbor_get_array(in, &n) || n != 3 || !cbor_get_bytes(in, &token) || !cbor_get_bytes(in, &secret) ||
	    secret.len > SECRET_MAX || !cbor_get_array(in, &items) || items < 1 || items > VAULT_ITEMS_MAX)
		return vault_bad_arguments(e);
	enum rc rc = token.len ? sessions_find(&v->sessions, token, &session, e) : RC_OK;
	cbor_put_array(out, items);
	for (size_t i = 0; i < items && rc == RC_OK; i++) {
		struct seal_args a;
		if (!cbor_get_array(in, &parts) || parts != 8 || !arg_object(in, &a.as) || !arg_id(in, &a.case_id) ||
		    !arg_scope(in, a.scope) || !cbor_get_bytes(in, &a.plaintext) || a.plaintext.len > VAULT_PLAINTEXT_MAX)
			return vault_bad_arguments(e);
		rc = seal_one(v, session, secret, &a, out, e);
	}
	return rc == RC_OK && !cbor_at_end(in) ? vault_bad_arguments(e) : rc;
}

enum rc vault_open_for(struct vault *v, const struct session *session, enum purpose purpose, const struct vault_object *as,
		 struct bytes sealed, struct opened *ret, struct err *e)
{
	const struct policy_rule *rule = policy_find_open(session->staff.role, as->kind, purpose);
	if (!rule)
		return err_set(e, RC_FORBIDDEN, "purpose", "This role may not open such an object for this purpose");
	if (rule->scope == SCOPE_CANDIDATE && !sessions_has_ticket(&v->sessions, session, as->person))
		return err_set(e, RC_FORBIDDEN, "person", "The matcher did not name this person as a possible duplicate");
	struct opened opened;
	const struct person_key *key = NULL;
	enum rc rc = sealed_open(&v->keys, as, sealed, &v->scratch, &opened, e);
	if (rc == RC_OK)
		rc = keys_person(&v->keys, as->person, PERSON_KEY_NO, &key, e);
	if (rc != RC_OK)
		return rc;
	if (!policy_scope_allows(rule->scope, session->staff.scope, key->scope))
		return err_set(e, RC_FORBIDDEN, "scope", "The person belongs to another office");
	if (rule->scope == SCOPE_DECLARED && (rc = keys_declared_by(&v->keys, as->person, session->staff.scope, e)) != RC_OK)
		return rc;
	struct look_request look = {.session = session, .rule = rule, .person = as->person, .object = as->object};
	rc = quota_look(&v->quota, &look, e);
	if (rc == RC_OK)
		*ret = opened;
	return rc;
}

/* Opens one sealed object into v->scratch for whoever asks. */
typedef enum rc open_one(struct vault *v, const void *who, const struct vault_object *as, struct bytes sealed, struct opened *ret,
			 struct err *e);

/* The last argument, items of [kind, object, person, version, aux, sealed], opened one by one into an array of bstr. */
static enum rc open_items(struct vault *v, struct cbor *in, size_t items, open_one *open, const void *who, struct buf *out,
			  struct err *e)
{
	enum rc rc = RC_OK;
	cbor_put_array(out, items);
	for (size_t i = 0; i < items && rc == RC_OK; i++) {
		size_t parts;
		struct vault_object as;
		struct bytes sealed;
		struct opened opened;
		if (!cbor_get_array(in, &parts) || parts != 6 || !arg_object(in, &as) || !cbor_get_bytes(in, &sealed))
			return vault_bad_arguments(e);
		buf_reset(&v->scratch);
		rc = open(v, who, &as, sealed, &opened, e);
		if (rc == RC_OK)
			cbor_put_bytes(out, opened.content);
	}
	return rc == RC_OK && !cbor_at_end(in) ? vault_bad_arguments(e) : rc;
}

struct looker {
	const struct session *session;
	enum purpose purpose;
};

static enum rc open_look(struct vault *v, const void *who, const struct vault_object *as, struct bytes sealed, struct opened *ret,
			 struct err *e)
{
	const struct looker *l = who;
	return vault_open_for(v, l->session, l->purpose, as, sealed, ret, e);
}

/* [token bstr, purpose uint, [[kind, object, person, version, aux, sealed]…]] → [plaintext bstr…] */
enum rc op_open(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n, items;
	uint64_t purpose;
	struct session *session;
	if (!cbor_get_array(in, &n) || n != 3)
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc != RC_OK)
		return rc;
	if (!cbor_get_uint(in, &purpose) || purpose == PURPOSE_NONE || purpose >= PURPOSE_END ||
	    !cbor_get_array(in, &items) || items < 1 || items > VAULT_ITEMS_MAX)
		return vault_bad_arguments(e);
	return open_items(v, in, items, open_look, &(struct looker){session, (enum purpose)purpose}, out, e);
}

/* What was said to a family at the steps of its own case, and nothing of the declaration. No officer looks. */
static enum rc open_note(struct vault *v, const void *who, const struct vault_object *as, struct bytes sealed, struct opened *ret,
			 struct err *e)
{
	const struct bytes *secret = who;
	const struct person_key *key = NULL;
	if (as->kind != KIND_CASE || as->aux != CASE_NOTE)
		return err_set(e, RC_FORBIDDEN, "object", "A family opens what was said of its case alone");
	enum rc rc = keys_person(&v->keys, as->person, PERSON_KEY_NO, &key, e);
	/* Another's and nobody's are answered alike. */
	if (rc == RC_NOT_FOUND || (rc == RC_OK && (!id_equal(key->case_id, as->object) || !keys_secret_matches(key, *secret))))
		return err_set(e, RC_FORBIDDEN, "secret", "A family shows the secret of its case");
	return rc == RC_OK ? sealed_open(&v->keys, as, sealed, &v->scratch, ret, e) : rc;
}

/* [secret bstr, [[kind, object, person, version, aux, sealed]…]] → [plaintext bstr…] */
enum rc op_open_notes(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n, items;
	struct bytes secret;
	if (!cbor_get_array(in, &n) || n != 2 || !cbor_get_bytes(in, &secret) || secret.len > SECRET_MAX ||
	    !cbor_get_array(in, &items) || items < 1 || items > VAULT_ITEMS_MAX)
		return vault_bad_arguments(e);
	enum rc rc = secret.len < SECRET_MIN ? err_set(e, RC_FORBIDDEN, "secret", "A family shows the secret of its case") : RC_OK;
	return rc == RC_OK ? open_items(v, in, items, open_note, &secret, out, e) : rc;
}

static void put_look(struct buf *out, struct query *row)
{
	/* 0 no, 1 at, 2 staff, 3 role, 4 purpose, 5 kind, 6 object, 7 scope, 8 native, 9 latin */
	cbor_put_array(out, 10);
	cbor_put_uint(out, (uint64_t)query_col_int(row, 0));
	cbor_put_uint(out, (uint64_t)query_col_int(row, 1));
	cbor_put_bytes(out, query_col_view(row, 2));
	for (int i = 3; i <= 5; i++)
		cbor_put_uint(out, (uint64_t)query_col_int(row, i));
	cbor_put_bytes(out, query_col_view(row, 6));
	for (int i = 7; i <= 9; i++)
		cbor_put_text(out, query_col_view(row, i));
}

/* Reading the looks is a look: within the officer's scope, counted, and one line in the list. */
static enum rc look_at_looks(struct vault *v, const struct session *session, struct id person, struct err *e)
{
	const struct policy_rule *rule = policy_find_task(session->staff.role, KIND_LOOKS, PURPOSE_COUNTER_SERVICE);
	const struct person_key *key = NULL;
	if (!rule)
		return err_set(e, RC_FORBIDDEN, "role", "This role may not read the list of looks");
	enum rc rc = keys_person(&v->keys, person, PERSON_KEY_NO, &key, e);
	/* Somebody else's and nobody's are answered alike. */
	if (rc == RC_NOT_FOUND || (rc == RC_OK && !policy_scope_allows(rule->scope, session->staff.scope, key->scope)))
		return err_set(e, RC_FORBIDDEN, "scope", "The person belongs to another office");
	struct look_request look = {.session = session, .rule = rule, .person = person, .object = person};
	return rc == RC_OK ? quota_look(&v->quota, &look, e) : rc;
}

/* [token bstr, person bstr, after uint, max uint] → [look…] */
enum rc op_looks(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	struct session *session;
	struct id person;
	uint64_t after, max, found = 0;
	if (!cbor_get_array(in, &n) || n != 4)
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc != RC_OK)
		return rc;
	if (!arg_id(in, &person) || !cbor_get_uint(in, &after) || after > INT64_MAX || !cbor_get_uint(in, &max) ||
	    max > 100 || !cbor_at_end(in))
		return vault_bad_arguments(e);
	rc = look_at_looks(v, session, person, e);
	if (rc != RC_OK)
		return rc;
	struct buf rows = BUF_INIT(VAULT_FRAME_MAX / 2);
	struct query s = vdb_query(&v->db, VSQL_look_list);
	query_id(&s, person);
	query_int(&s, (int64_t)after);
	query_int(&s, (int64_t)max);
	for (; query_row(&s); found++)
		put_look(&rows, &s);
	rc = query_close(&s, NULL, e);
	cbor_put_array(out, found);
	cbor_put_raw(out, buf_bytes(&rows));
	if (rc == RC_OK && buf_failed(&rows))
		rc = err_set(e, RC_TOO_LARGE, "look", "The looks are too many for one answer");
	buf_release(&rows);
	return rc;
}
