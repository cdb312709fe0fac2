/* SPDX-License-Identifier: MPL-2.0 */
/* Acts: the personal number, committing and signing, and the deep check. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "vault/act_head.h"
#include "vault/chain.h"
#include "vault/number.h"
#include "vault/vault.h"

#define ACT_CLOCK_US (10LL * 60 * 1000000)

/* ── personal numbers ── */

static enum rc number_owner(struct vault_db *db, const uint8_t claim[static HASH_SIZE], struct id *ret, bool *ret_retired)
{
	struct query s = vdb_query(db, VSQL_number_by_claim);
	query_bytes(&s, bytes_of(claim, HASH_SIZE));
	if (query_row(&s)) {
		*ret = query_col_id(&s, 0);
		*ret_retired = query_col_int(&s, 1) != 0;
	}
	return vdb_end(&s, NULL);
}

/* A number that nobody ever had, and its claim. */
static enum rc fresh_number(struct vault *v, char digits[static NUMBER_DIGITS + 1], uint8_t claim[static HASH_SIZE],
			    struct err *e)
{
	struct id owner;
	bool retired;
	enum rc rc = RC_OK;
	for (int tries = 0; tries < 1000 && rc == RC_OK; tries++) {
		number_generate(digits);
		keys_number_claim(&v->keys, bytes_of(digits, NUMBER_DIGITS), claim);
		rc = number_owner(&v->db, claim, &owner, &retired);
	}
	return rc == RC_NOT_FOUND ? RC_OK : err_set(e, rc == RC_OK ? RC_INTERNAL : rc, "number", "No number is free");
}

static enum rc put_number(struct vault *v, struct id person, struct id case_id, const char *scope,
			  const struct person_key *key, struct buf *out, struct err *e)
{
	char digits[NUMBER_DIGITS + 1];
	uint8_t claim[HASH_SIZE];
	struct vault_object as = {.kind = KIND_NUMBER, .object = case_id, .person = person, .version = 1};
	buf_reset(&v->scratch);
	enum rc rc = fresh_number(v, digits, claim, e);
	if (rc == RC_OK)
		rc = sealed_put(&v->keys, key, &as, scope, bytes_of(digits, NUMBER_DIGITS), &v->scratch);
	wipe(digits, sizeof digits);
	if (rc == RC_OK) {
		struct query s = vdb_query(&v->db, VSQL_number_put);
		query_bytes(&s, BYTES_ARRAY(claim));
		query_id(&s, person);
		query_id(&s, case_id);
		query_bytes(&s, buf_bytes(&v->scratch));
		query_int(&s, clock_now_us());
		rc = vdb_run(&v->db, &s, e);
	}
	if (rc == RC_OK) {
		cbor_put_array(out, 2);
		cbor_put_bytes(out, buf_bytes(&v->scratch));
		cbor_put_bytes(out, BYTES_ARRAY(claim));
	}
	return rc;
}

/* [token bstr, person, case, scope tstr] → [sealed bstr, claim bstr] */
enum rc op_reserve_number(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	struct session *session;
	struct id person, case_id;
	char scope[SCOPE_MAX];
	const struct person_key *key = NULL;
	const struct policy_rule *rule;
	if (!cbor_get_array(in, &n) || n != 4)
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc != RC_OK)
		return rc;
	if (!arg_id(in, &person) || !arg_id(in, &case_id) || !arg_scope(in, scope) || !cbor_at_end(in))
		return vault_bad_arguments(e);
	rule = policy_find_task(session->staff.role, KIND_NUMBER, PURPOSE_NUMBER);
	if (!rule || !policy_scope_allows(rule->scope, session->staff.scope, scope))
		return err_set(e, RC_FORBIDDEN, "role", "This role may not have a number reserved for that office");
	rc = keys_lock(&v->keys, person, e);
	if (rc == RC_OK)
		rc = keys_person(&v->keys, person, PERSON_KEY_NO, &key, e);
	if (rc != RC_OK)
		return err_set(e, rc, "person", "There is no key for this person");
	if (!id_equal(key->case_id, case_id) || strcmp(key->scope, scope) != 0)
		return err_set(e, RC_FORBIDDEN, "case", "The person's key was not made for this case");
	/* One number a person: the key knows one case, so a second reservation finds the first. */
	struct query s = vdb_query(&v->db, VSQL_number_by_case);
	query_id(&s, person);
	query_id(&s, case_id);
	bool retired = false;
	if (query_row(&s)) {
		cbor_put_array(out, 2);
		cbor_put_bytes(out, query_col_view(&s, 1));
		cbor_put_bytes(out, query_col_view(&s, 0));
		retired = query_col_int(&s, 2) != 0;
	}
	rc = vdb_end(&s, e);
	if (rc == RC_OK && retired)
		return err_set(e, RC_STATE, "number", "This number was retired");
	if (rc != RC_NOT_FOUND)
		return rc;
	struct look_request look = {.session = session, .rule = rule, .person = person, .object = case_id};
	rc = quota_look(&v->quota, &look, e);
	return rc != RC_OK ? rc : put_number(v, person, case_id, scope, key, out, e);
}

/* ── acts ── */

/* Who is said to have worked on the case before is, or was, an officer who might have. */
static enum rc check_officers(struct vault *v, const struct session *session, const struct act_head *h, struct err *e)
{
	size_t last = h->officers - 1;
	if (session->staff.role != ROLE_REGISTRAR || h->role[last] != ROLE_REGISTRAR ||
	    !id_equal(h->officer[last], session->staff.id))
		return err_set(e, RC_FORBIDDEN, "8", "The act's last officer is not this registrar");
	for (size_t i = 0; i < last; i++) {
		struct vault_staff staff;
		uint32_t factor;
		bool active;
		enum rc rc = vault_staff_by_id(&v->db, h->officer[i], &staff, &factor, &active);
		if (rc != RC_OK && rc != RC_NOT_FOUND)
			return err_set(e, rc, "8", "Officers cannot be read");
		if (rc != RC_OK || !policy_may_take_part(staff.role, staff.scope, h->role[i], h->scope))
			return err_set(e, RC_FORBIDDEN, "8", "An officer named in the act cannot have had that part in it");
	}
	return RC_OK;
}

static enum rc check_place(struct vault *v, const struct session *session, const struct act_head *h, struct err *e)
{
	struct bytes office;
	const struct person_key *key = NULL;
	if (!scope_covers(session->staff.scope, h->scope))
		return err_set(e, RC_FORBIDDEN, "7", "The act's office is not this registrar's");
	if (!cbor_as_text(h->entry[0], &office) || !bytes_equal(office, bytes_str(h->scope)))
		return err_set(e, RC_INVALID, "13", "The entry is in another office's register");
	enum rc rc = keys_person(&v->keys, h->subject, PERSON_KEY_NO, &key, e);
	if (rc != RC_OK)
		return err_set(e, rc, "person", "There is no key for this person");
	if (!scope_covers(session->staff.scope, key->scope))
		return err_set(e, RC_FORBIDDEN, "3", "The person belongs to another office");
	return RC_OK;
}

static enum rc check_number(struct vault *v, const struct act_head *h, struct err *e)
{
	struct id owner;
	uint8_t claim[HASH_SIZE];
	bool retired = false;
	if (h->number.len == 0)
		return RC_OK;
	if (!number_is_valid(h->number))
		return err_set(e, RC_INVALID, "14", "This is not a personal number");
	keys_number_claim(&v->keys, h->number, claim);
	enum rc rc = number_owner(&v->db, claim, &owner, &retired);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && (retired || !id_equal(owner, h->subject))))
		return err_set(e, RC_INVALID, "14", "This personal number was not reserved for this person, or was retired");
	return rc == RC_OK ? RC_OK : err_set(e, rc, "number", "Reserved numbers cannot be read");
}

/* The extract is the act's own; or, where it replaces another, that one's entry and day. Nothing of it comes out. */
static enum rc check_extract(struct vault *v, const struct act_head *h, const struct vault_open_item *corrected,
			     struct err *e)
{
	struct opened opened;
	struct act_view view;
	struct act_head before;
	struct chain_act known;
	if (!h->has_corrects && !corrected)
		return h->extract.len == 0 || act_extract_agrees(h)
		       ? RC_OK : err_set(e, RC_INVALID, "15", "The extract does not say what the act says");
	if (!h->has_corrects || !corrected || corrected->as.kind != KIND_ACT || !id_equal(corrected->as.object, h->corrects) ||
	    !id_equal(corrected->as.person, h->subject))
		return err_set(e, RC_INVALID, "5", "The act that is shown is not the one that this act corrects");
	enum rc rc = chain_valid(&v->db, h->subject, h->corrects, &known, e);
	buf_reset(&v->scratch);
	if (rc == RC_OK)
		rc = sealed_open(&v->keys, &corrected->as, corrected->sealed, &v->scratch, &opened, e);
	if (rc != RC_OK)
		return rc;
	if (act_view(opened.content, &view) != RC_OK || !act_head_read(&view, &before) ||
	    !act_head_is(&before, h->corrects, h->subject))
		return err_set(e, RC_FORMAT, "5", "The act that is corrected is not one as civis writes them");
	return h->extract.len == 0 || act_extract_repeats(h, &before)
	       ? RC_OK : err_set(e, RC_INVALID, "15", "The extract has another entry or day than the act that is corrected");
}

static enum rc check_header(struct vault *v, const struct session *session, struct id person,
			    const struct act_head *h, struct err *e)
{
	int64_t off = (int64_t)h->time - clock_now_us();
	enum rc rc = check_officers(v, session, h, e);
	if (rc != RC_OK)
		return rc;
	if (!id_equal(h->subject, person) || id_is_zero(h->act))
		return err_set(e, RC_INVALID, "3", "The act is about somebody else");
	if (off > ACT_CLOCK_US || off < -ACT_CLOCK_US)
		return err_set(e, RC_INVALID, "11", "The act's time is not now");
	rc = check_place(v, session, h, e);
	return rc == RC_OK ? check_number(v, h, e) : rc;
}

static enum rc put_sealed(struct vault *v, const struct person_key *key, enum vault_kind kind, const struct act_head *h,
			  struct bytes content, struct buf *out)
{
	struct vault_object as = {.kind = kind, .object = h->act, .person = h->subject, .version = 1};
	if (content.len == 0) {
		cbor_put_bytes(out, BYTES_NONE);
		return RC_OK;
	}
	buf_reset(&v->scratch);
	enum rc rc = sealed_put(&v->keys, key, &as, h->scope, content, &v->scratch);
	if (rc == RC_OK)
		cbor_put_bytes(out, buf_bytes(&v->scratch));
	return rc;
}

static enum rc put_act(struct vault *v, const struct act_view *view, const struct act_head *h, struct bytes act,
		       struct bytes index, struct bytes statistics, struct buf *out, struct err *e)
{
	struct hash commitment;
	uint8_t message[ACT_SIGNED_SIZE], signature[ED25519_SIGNATURE_SIZE];
	const struct person_key *key = NULL;
	enum rc rc = commitment_of_view(view, &commitment);
	if (rc != RC_OK)
		return err_set(e, rc, "act", "The act cannot be committed to");
	rc = keys_person(&v->keys, h->subject, PERSON_KEY_NO, &key, e);
	if (rc != RC_OK)
		return err_set(e, rc, "person", "There is no key for this person");
	rc = chain_add(&v->db, h, commitment.b, e);
	if (rc != RC_OK)
		return rc;
	commitment_signed_bytes(&commitment, message);
	ed25519_sign(&v->signing.act.key, BYTES_ARRAY(message), signature);
	cbor_put_array(out, 6);
	cbor_put_bytes(out, BYTES_ARRAY(commitment.b));
	cbor_put_bytes(out, BYTES_ARRAY(signature));
	cbor_put_bytes(out, BYTES_ARRAY(v->signing.act.id));
	rc = put_sealed(v, key, KIND_ACT, h, act, out);
	if (rc == RC_OK)
		rc = put_sealed(v, key, KIND_INDEX, h, index, out);
	if (rc == RC_OK)
		rc = put_sealed(v, key, KIND_STATISTICS, h, statistics, out);
	return rc == RC_OK ? RC_OK : err_set(e, rc, "act", "The act cannot be sealed");
}

/* [token, person, act bstr, index bstr, statistics bstr,
    and where one is corrected kind, object, person, version, aux, sealed] → [commitment, signature, key id, sealed, index, statistics] */
enum rc op_seal_act(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	struct session *session;
	struct id person;
	struct bytes act, index, statistics;
	struct vault_open_item corrected;
	struct act_view view;
	struct act_head head;
	if (!cbor_get_array(in, &n) || (n != 5 && n != 11))
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc != RC_OK)
		return rc;
	if (!arg_id(in, &person) || !cbor_get_bytes(in, &act) || !cbor_get_bytes(in, &index) ||
	    !cbor_get_bytes(in, &statistics) ||
	    (n == 11 && (!arg_object(in, &corrected.as) || !cbor_get_bytes(in, &corrected.sealed))) || !cbor_at_end(in))
		return vault_bad_arguments(e);
	rc = act_view(act, &view);
	if (rc != RC_OK || view.salt.len != ACT_SALT_SIZE || !act_head_read(&view, &head))
		return err_set(e, rc == RC_OK ? RC_FORMAT : rc, "act", "This is not an act as civis writes them");
	rc = keys_lock(&v->keys, person, e);
	if (rc == RC_OK)
		rc = check_header(v, session, person, &head, e);
	if (rc == RC_OK)
		rc = check_extract(v, &head, n == 11 ? &corrected : NULL, e);
	return rc == RC_OK ? put_act(v, &view, &head, act, index, statistics, out, e) : rc;
}

/* ── the deep check ── */

static enum rc recompute(struct vault *v, const struct vault_object *as, struct bytes sealed, struct hash *ret)
{
	struct opened opened;
	struct act_view view;
	struct act_head head;
	struct err e;
	buf_reset(&v->scratch);
	enum rc rc = sealed_open(&v->keys, as, sealed, &v->scratch, &opened, &e);
	if (rc == RC_OK)
		rc = act_view(opened.content, &view);
	if (rc == RC_OK && (!act_head_read(&view, &head) || !id_equal(head.act, as->object) ||
			    !id_equal(head.subject, as->person)))
		rc = RC_FORMAT;
	return rc == RC_OK ? commitment_of_view(&view, ret) : rc;
}

/* [[person, act, version, sealed]…] → [[rc uint, commitment bstr]…] */
enum rc op_check_acts(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t items, parts;
	if (!cbor_get_array(in, &items) || items > VAULT_CHECK_MAX)
		return vault_bad_arguments(e);
	cbor_put_array(out, items);
	for (size_t i = 0; i < items; i++) {
		struct vault_object as = {.kind = KIND_ACT};
		struct bytes sealed;
		struct hash commitment = {{0}};
		if (!cbor_get_array(in, &parts) || parts != 4 || !arg_id(in, &as.person) || !arg_id(in, &as.object) ||
		    !cbor_get_uint(in, &as.version) || !cbor_get_bytes(in, &sealed))
			return vault_bad_arguments(e);
		enum rc rc = recompute(v, &as, sealed, &commitment);
		cbor_put_array(out, 2);
		cbor_put_uint(out, (uint64_t)rc);
		cbor_put_bytes(out, rc == RC_OK ? BYTES_ARRAY(commitment.b) : BYTES_NONE);
	}
	return cbor_at_end(in) ? RC_OK : vault_bad_arguments(e);
}

/* [person…] → [rc uint…] */
enum rc op_check_keys(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t people;
	enum rc rc = RC_OK;
	if (!cbor_get_array(in, &people) || people > VAULT_CHECK_MAX)
		return vault_bad_arguments(e);
	cbor_put_array(out, people);
	for (size_t i = 0; rc == RC_OK && i < people; i++) {
		struct id person;
		const struct person_key *key;
		if (!arg_id(in, &person))
			return vault_bad_arguments(e);
		rc = keys_person(&v->keys, person, PERSON_KEY_NO, &key, e);
		cbor_put_uint(out, (uint64_t)rc);
		if (rc == RC_NOT_FOUND || rc == RC_GONE || rc == RC_CORRUPT)
			rc = RC_OK;
	}
	return rc == RC_OK && !cbor_at_end(in) ? vault_bad_arguments(e) : rc;
}
