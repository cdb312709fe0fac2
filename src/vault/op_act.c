/* SPDX-License-Identifier: MPL-2.0 */
/* Acts: the personal number, committing and signing, and the deep check. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ledger/commitment.h"
#include "vault/number.h"
#include "vault/vault.h"

#define ACT_CLOCK_US (10LL * 60 * 1000000)

/* Header labels of an act that the vault looks at (src/register/act.h has them all). */
enum {
	LABEL_ACT = 1,
	LABEL_SUBJECT = 3,
	LABEL_SCOPE = 7,
	LABEL_OFFICERS = 8,
	LABEL_TIME = 11,
	LABEL_ENTRY = 13,
	LABEL_NUMBER = 14,
	LABEL_EXTRACT = 15,
	EXTRACT_ENTRY = 2,
	EXTRACT_REGISTERED = 8,
	ENTRY_PARTS = 5,
	OFFICERS_MAX = 16,
};

#define DAY_US (24LL * 3600 * 1000000)

/* ── personal numbers ── */

static void claim_of(const struct vault_keys *k, struct bytes digits, uint8_t ret[static HASH_SIZE])
{
	uint8_t text[16 + NUMBER_DIGITS] = "civis-number-v1";
	memcpy(text + 16, digits.ptr, NUMBER_DIGITS);
	hmac_sha256(BYTES_ARRAY(k->number_mac), BYTES_ARRAY(text), ret);
	wipe(text, sizeof text);
}

static enum rc number_owner(struct vault_db *db, const uint8_t claim[static HASH_SIZE], struct id *ret)
{
	sqlite3_stmt *s = vdb_use(db, Q_NUMBER_BY_CLAIM);
	vdb_bind_bytes(s, 1, bytes_of(claim, HASH_SIZE));
	enum rc rc = vdb_step(s);
	if (rc == RC_OK && !vdb_id(s, 0, ret))
		rc = RC_CORRUPT;
	sqlite3_reset(s);
	return rc;
}

/* A number that nobody ever had, and its claim. */
static enum rc fresh_number(struct vault *v, char digits[static NUMBER_DIGITS + 1], uint8_t claim[static HASH_SIZE],
			    struct err *e)
{
	struct id owner;
	enum rc rc = RC_OK;
	for (int tries = 0; tries < 1000 && rc == RC_OK; tries++) {
		number_generate(digits);
		claim_of(&v->keys, bytes_of(digits, NUMBER_DIGITS), claim);
		rc = number_owner(&v->db, claim, &owner);
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
		sqlite3_stmt *s = vdb_use(&v->db, Q_NUMBER_PUT);
		vdb_bind_bytes(s, 1, BYTES_ARRAY(claim));
		vdb_bind_id(s, 2, &person);
		vdb_bind_id(s, 3, &case_id);
		vdb_bind_bytes(s, 4, buf_bytes(&v->scratch));
		vdb_bind_int(s, 5, clock_now_us());
		rc = vdb_run(&v->db, s, e);
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
	rc = keys_person(&v->keys, person, PERSON_KEY_NO, &key, e);
	if (rc != RC_OK)
		return err_set(e, rc, "person", "There is no key for this person");
	if (!id_equal(key->case_id, case_id) || strcmp(key->scope, scope) != 0)
		return err_set(e, RC_FORBIDDEN, "case", "The person's key was not made for this case");
	/* One number a person: the key knows one case, so a second reservation finds the first. */
	sqlite3_stmt *s = vdb_use(&v->db, Q_NUMBER_BY_CASE);
	vdb_bind_id(s, 1, &person);
	vdb_bind_id(s, 2, &case_id);
	rc = vdb_step(s);
	if (rc == RC_OK) {
		cbor_put_array(out, 2);
		cbor_put_bytes(out, vdb_bytes(s, 1));
		cbor_put_bytes(out, vdb_bytes(s, 0));
		sqlite3_reset(s);
		return RC_OK;
	}
	if (rc != RC_NOT_FOUND)
		return err_set(e, rc, "number", "Reserved numbers cannot be read");
	struct look_request look = {.session = session, .rule = rule, .person = person, .object = case_id};
	rc = quota_look(&v->quota, &look, e);
	return rc != RC_OK ? rc : put_number(v, person, case_id, scope, key, out, e);
}

/* ── acts ── */

struct act_header {
	struct id act, subject;
	char scope[SCOPE_MAX];
	struct id officer[OFFICERS_MAX]; /* the last: who registers */
	enum role role[OFFICERS_MAX];    /* as the act names it */
	size_t officers;
	struct bytes entry[ENTRY_PARTS]; /* office, register, book, year, serial: items */
	struct bytes extract;
	uint64_t time;
	struct bytes number; /* empty: none */
};

static bool as_id(struct bytes item, struct id *ret)
{
	struct bytes b;
	return cbor_as_bytes(item, &b) && id_from_bytes(b, ret) == RC_OK;
}

static bool read_officers(struct bytes item, struct act_header *ret)
{
	struct cbor c = cbor_init_unchecked(item);
	size_t n, parts;
	struct bytes role = BYTES_NONE;
	if (!cbor_get_array(&c, &n) || n < 1 || n > OFFICERS_MAX)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!cbor_get_array(&c, &parts) || parts != 2 || !arg_id(&c, &ret->officer[i]) || !cbor_get_text(&c, &role))
			return false;
		ret->role[i] = role_parse(role);
	}
	ret->officers = n;
	return cbor_at_end(&c);
}

static bool read_entry(struct bytes item, struct bytes ret[static ENTRY_PARTS])
{
	struct cbor c = cbor_init_unchecked(item);
	size_t n;
	if (!cbor_get_array(&c, &n) || n != ENTRY_PARTS)
		return false;
	for (size_t i = 0; i < ENTRY_PARTS; i++)
		if (!cbor_skip(&c, &ret[i]))
			return false;
	return cbor_at_end(&c);
}

static bool read_header(const struct act_view *view, struct act_header *ret)
{
	struct bytes scope, number = act_view_find(view, LABEL_NUMBER);
	*ret = (struct act_header){0};
	if (!as_id(act_view_find(view, LABEL_ACT), &ret->act) ||
	    !as_id(act_view_find(view, LABEL_SUBJECT), &ret->subject) ||
	    !cbor_as_text(act_view_find(view, LABEL_SCOPE), &scope) || !scope_is_valid(scope) ||
	    !read_officers(act_view_find(view, LABEL_OFFICERS), ret) ||
	    !read_entry(act_view_find(view, LABEL_ENTRY), ret->entry) ||
	    !cbor_as_uint(act_view_find(view, LABEL_TIME), &ret->time) || ret->time > INT64_MAX)
		return false;
	memcpy(ret->scope, scope.ptr, scope.len);
	ret->extract = act_view_find(view, LABEL_EXTRACT);
	bool none = number.len == 0 || (number.len == 1 && number.ptr[0] == 0xf6);
	return none || cbor_as_text(number, &ret->number);
}

/* Who is said to have worked on the case before is, or was, an officer who might have. */
static enum rc check_officers(struct vault *v, const struct session *session, const struct act_header *h, struct err *e)
{
	size_t last = h->officers - 1;
	if (session->staff.role != ROLE_REGISTRAR || h->role[last] != ROLE_REGISTRAR ||
	    !id_equal(h->officer[last], session->staff.id))
		return err_set(e, RC_FORBIDDEN, "8", "The act's last officer is not this registrar");
	for (size_t i = 0; i < last; i++) {
		struct vault_staff staff = {0};
		uint32_t factor;
		bool active;
		sqlite3_stmt *s = vdb_use(&v->db, Q_STAFF_BY_ID);
		vdb_bind_id(s, 1, &h->officer[i]);
		enum rc rc = vdb_step(s);
		if (rc == RC_OK)
			rc = vault_staff_take(s, &staff, &factor, &active);
		sqlite3_reset(s);
		if (rc != RC_OK && rc != RC_NOT_FOUND)
			return err_set(e, rc, "8", "Officers cannot be read");
		if (rc != RC_OK || !policy_may_take_part(staff.role, staff.scope, h->role[i], h->scope))
			return err_set(e, RC_FORBIDDEN, "8", "An officer named in the act cannot have had that part in it");
	}
	return RC_OK;
}

/* A QR names the office by the last part of its scope. */
static bool is_short_office(struct bytes item, const char *scope)
{
	struct bytes text;
	const char *slash = strrchr(scope, '/');
	return cbor_as_text(item, &text) && bytes_equal(text, bytes_str(slash ? slash + 1 : scope));
}

/* What the extract says of the entry and of the day is what the act says. Its other fields are the form's, which only
   a country pack can tell. */
static bool extract_agrees(const struct act_header *h)
{
	struct bytes item, part[ENTRY_PARTS];
	int64_t day, today = (int64_t)h->time / DAY_US;
	if (!cbor_map_find_uint(h->extract, EXTRACT_ENTRY, &item) || !read_entry(item, part) ||
	    !is_short_office(part[0], h->scope))
		return false;
	for (size_t i = 1; i < ENTRY_PARTS; i++)
		if (!bytes_equal(part[i], h->entry[i]))
			return false;
	/* The day is that of the country's clock, which is at most a day off. */
	return cbor_map_find_uint(h->extract, EXTRACT_REGISTERED, &item) && cbor_as_int(item, &day) && day >= today - 1 &&
	       day <= today + 1;
}

static enum rc check_place(struct vault *v, const struct session *session, const struct act_header *h, struct err *e)
{
	struct bytes office;
	const struct person_key *key = NULL;
	if (!scope_covers(session->staff.scope, h->scope))
		return err_set(e, RC_FORBIDDEN, "7", "The act's office is not this registrar's");
	if (!cbor_as_text(h->entry[0], &office) || !bytes_equal(office, bytes_str(h->scope)))
		return err_set(e, RC_INVALID, "13", "The entry is in another office's register");
	if (!extract_agrees(h))
		return err_set(e, RC_INVALID, "15", "The extract does not say what the act says");
	enum rc rc = keys_person(&v->keys, h->subject, PERSON_KEY_NO, &key, e);
	if (rc != RC_OK)
		return err_set(e, rc, "person", "There is no key for this person");
	if (!scope_covers(session->staff.scope, key->scope))
		return err_set(e, RC_FORBIDDEN, "3", "The person belongs to another office");
	return RC_OK;
}

static enum rc check_header(struct vault *v, const struct session *session, struct id person,
			    const struct act_header *h, struct err *e)
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
	if (rc != RC_OK)
		return rc;
	if (h->number.len == 0)
		return RC_OK;
	struct id owner;
	uint8_t claim[HASH_SIZE];
	if (!number_is_valid(h->number))
		return err_set(e, RC_INVALID, "14", "This is not a personal number");
	claim_of(&v->keys, h->number, claim);
	rc = number_owner(&v->db, claim, &owner);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && !id_equal(owner, person)))
		return err_set(e, RC_INVALID, "14", "This personal number was not reserved for this person");
	return rc == RC_OK ? RC_OK : err_set(e, rc, "number", "Reserved numbers cannot be read");
}

static enum rc put_sealed(struct vault *v, const struct person_key *key, enum vault_kind kind, const struct act_header *h,
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

static enum rc put_act(struct vault *v, const struct act_view *view, const struct act_header *h, struct bytes act,
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

/* [token, person, act bstr, index bstr, statistics bstr] → [commitment, signature, key id, sealed, index, statistics] */
enum rc op_seal_act(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	struct session *session;
	struct id person;
	struct bytes act, index, statistics;
	struct act_view view;
	struct act_header header;
	if (!cbor_get_array(in, &n) || n != 5)
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc != RC_OK)
		return rc;
	if (!arg_id(in, &person) || !cbor_get_bytes(in, &act) || !cbor_get_bytes(in, &index) ||
	    !cbor_get_bytes(in, &statistics) || !cbor_at_end(in))
		return vault_bad_arguments(e);
	rc = act_view(act, &view);
	if (rc != RC_OK || view.salt.len != ACT_SALT_SIZE || !read_header(&view, &header))
		return err_set(e, rc == RC_OK ? RC_FORMAT : rc, "act", "This is not an act as civis writes them");
	rc = check_header(v, session, person, &header, e);
	return rc == RC_OK ? put_act(v, &view, &header, act, index, statistics, out, e) : rc;
}

/* ── the deep check ── */

static enum rc recompute(struct vault *v, const struct vault_object *as, struct bytes sealed, struct hash *ret)
{
	struct opened opened;
	struct act_view view;
	struct act_header header;
	struct err e;
	buf_reset(&v->scratch);
	enum rc rc = sealed_open(&v->keys, as, sealed, &v->scratch, &opened, &e);
	if (rc == RC_OK)
		rc = act_view(opened.content, &view);
	if (rc == RC_OK && (!read_header(&view, &header) || !id_equal(header.act, as->object) ||
			    !id_equal(header.subject, as->person)))
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
