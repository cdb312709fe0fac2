/* SPDX-License-Identifier: MPL-2.0 */
/* Possible duplicates: index records are opened only onto the channel to the matcher. */
#include <string.h>

#include "vault/vault.h"

enum { RECORD_OBJECT = 9, RECORD_PERSON = 10, RECORD_ORDER = 11 };

/* The record as the matcher reads it: with the ids that the blob was bound to,
   whatever ids were written inside, and without what the officer alone compares. */
static enum rc put_record(struct bytes content, const struct vault_object *as, struct buf *out)
{
	struct cbor c = cbor_init(content);
	struct buf kept = BUF_INIT(MATCHER_RECORD_MAX);
	size_t pairs = 0;
	uint64_t key, n = 0;
	struct bytes value;
	bool good = content.len == 0 || cbor_get_map(&c, &pairs);
	while (good && pairs--) {
		good = cbor_get_uint(&c, &key) && key >= 1 && key <= RECORD_ORDER && cbor_skip(&c, &value);
		if (!good || key >= RECORD_OBJECT)
			continue;
		cbor_put_uint(&kept, key);
		cbor_put_raw(&kept, value);
		n++;
	}
	good = good && !buf_failed(&kept) && (content.len == 0 || cbor_at_end(&c));
	if (good) {
		cbor_put_map(out, n + 2);
		cbor_put_raw(out, buf_bytes(&kept));
		cbor_put_uint(out, RECORD_OBJECT);
		cbor_put_bytes(out, id_bytes(&as->object));
		cbor_put_uint(out, RECORD_PERSON);
		cbor_put_bytes(out, id_bytes(&as->person));
	}
	buf_release(&kept);
	return !good ? RC_FORMAT : buf_failed(out) ? RC_TOO_LARGE : RC_OK;
}

/* ── waiting for the matcher ── */

static enum rc defer(struct vault *v, struct call *c, uint64_t matcher_request, const struct session *session,
		     struct err *e)
{
	for (size_t i = 0; i < PENDING_MAX; i++) {
		struct pending *p = &v->pending[i];
		if (p->used)
			continue;
		*p = (struct pending){.used = true, .op = c->op, .matcher_request = matcher_request, .channel = c->channel,
				      .request = c->request};
		if (session)
			memcpy(p->session, session->id_hash, HASH_SIZE);
		c->deferred = true;
		return RC_OK;
	}
	return err_set(e, RC_MATCHER_DOWN, "matcher", "Too many requests wait for the matcher");
}

static void put_candidates(struct vault *v, const struct pending *p, const struct matcher_reply *r, struct buf *out)
{
	cbor_put_array(out, 2);
	cbor_put_uint(out, r->position);
	cbor_put_array(out, r->count);
	for (size_t i = 0; i < r->count; i++) {
		const struct matcher_candidate *m = &r->candidates[i];
		cbor_put_array(out, 5);
		cbor_put_bytes(out, id_bytes(&m->person_id));
		cbor_put_bytes(out, id_bytes(&m->object_id));
		cbor_put_uint(out, (uint64_t)m->kind);
		cbor_put_uint(out, m->flags);
		cbor_put_uint(out, m->score);
		sessions_give_ticket(&v->sessions, p->session, m->person_id);
	}
}

bool vault_finish_matcher(struct vault *v, const struct matcher_reply *reply, size_t *ret_channel, struct buf *out)
{
	struct pending *p = NULL;
	for (size_t i = 0; i < PENDING_MAX && !p; i++)
		if (v->pending[i].used && v->pending[i].matcher_request == reply->request)
			p = &v->pending[i];
	if (!p)
		return false;
	struct call c = {.channel = p->channel, .request = p->request, .op = p->op};
	struct err e = ERR_NONE;
	/* No room in the matcher is an answer to the gate's question how far it has read. */
	enum rc rc = reply->rc == RC_STORE_FULL ? RC_OK : reply->rc;
	buf_reset(out);
	vault_frame_begin(out, p->op, RC_OK, p->request);
	if (rc != RC_OK)
		err_set(&e, rc, "matcher", "The matcher did not answer");
	else if (p->op == VAULT_OP_CANDIDATES)
		put_candidates(v, p, reply, out);
	else {
		cbor_put_array(out, 1);
		cbor_put_uint(out, reply->position);
	}
	vault_answer(out, &c, rc, &e);
	*ret_channel = p->channel;
	*p = (struct pending){0};
	return true;
}

/* ── operations ── */

/* The record is the one of the case that its person's key was made for, of an office within the officer's scope. */
static bool is_own_case(struct vault *v, const struct session *session, const struct vault_object *as)
{
	const struct person_key *key = NULL;
	return keys_person(&v->keys, as->person, PERSON_KEY_NO, &key, NULL) == RC_OK && id_equal(key->case_id, as->object) &&
	       policy_scope_allows(SCOPE_SUBTREE, session->staff.scope, key->scope);
}

/* [token, kind, object, person, version, aux, sealed] → [position uint, [[person, object, kind, flags, score]…]], later */
enum rc op_candidates(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)out;
	size_t n;
	struct session *session;
	struct vault_object as;
	struct bytes sealed;
	struct opened opened;
	uint64_t request;
	if (!cbor_get_array(in, &n) || n != 7)
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc != RC_OK)
		return rc;
	if (!arg_object(in, &as) || !cbor_get_bytes(in, &sealed) || as.kind != KIND_INDEX || !cbor_at_end(in))
		return vault_bad_arguments(e);
	const struct policy_rule *rule = policy_find_open(session->staff.role, KIND_INDEX, PURPOSE_DUPLICATES);
	if (!rule)
		return err_set(e, RC_FORBIDDEN, "role", "This role does not look for duplicates");
	if (!v->matcher)
		return err_set(e, RC_MATCHER_DOWN, "matcher", "There is no matcher");
	rc = sealed_open(&v->keys, &as, sealed, &v->scratch, &opened, e);
	if (rc != RC_OK)
		return rc;
	if (!is_own_case(v, session, &as))
		return err_set(e, RC_FORBIDDEN, "scope", "This is not a case of the officer's office");
	/* Asking tells something about everybody: it costs what an opening costs, and stands in the asked person's list. */
	struct look_request look = {.session = session, .rule = rule, .person = as.person, .object = as.object};
	rc = quota_look(&v->quota, &look, e);
	if (rc != RC_OK)
		return rc;
	struct buf record = BUF_INIT(MATCHER_RECORD_MAX);
	rc = put_record(opened.content, &as, &record);
	if (rc == RC_OK)
		rc = matcher_send_query(v->matcher, buf_bytes(&record), &request);
	buf_release(&record);
	return rc == RC_OK ? defer(v, c, request, session, e)
			   : err_set(e, rc, "matcher", "The record cannot be given to the matcher");
}

/* One item of the feed appended to `records`. What cannot be opened is told as a removal, so that no gap arises. */
static enum rc feed_one(struct vault *v, const struct vault_object *as, struct bytes sealed, struct buf *records)
{
	struct opened opened = {.content = BYTES_NONE};
	struct err e;
	size_t from = records->len;
	buf_reset(&v->scratch);
	if (sealed.len && sealed_open(&v->keys, as, sealed, &v->scratch, &opened, &e) != RC_OK)
		opened.content = BYTES_NONE;
	if (put_record(opened.content, as, records) == RC_OK)
		return RC_OK;
	if (buf_failed(records))
		return RC_TOO_LARGE;
	records->len = from;
	return put_record(BYTES_NONE, as, records);
}

/* [after uint, [[position, person, object, version, sealed]…]] → [position uint], later */
enum rc op_index_feed(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	size_t n, items, parts, end[VAULT_FEED_MAX];
	uint64_t after, position = 0, request;
	struct bytes record[VAULT_FEED_MAX];
	struct buf records = BUF_INIT((size_t)VAULT_FEED_MAX * MATCHER_RECORD_MAX);
	if (!cbor_get_array(in, &n) || n != 2 || !cbor_get_uint(in, &after) || !cbor_get_array(in, &items) ||
	    items > VAULT_FEED_MAX)
		return vault_bad_arguments(e);
	if (!v->matcher)
		return err_set(e, RC_MATCHER_DOWN, "matcher", "There is no matcher");
	enum rc rc = RC_OK;
	for (size_t i = 0; i < items && rc == RC_OK; i++) {
		struct vault_object as = {.kind = KIND_INDEX};
		struct bytes sealed;
		if (!cbor_get_array(in, &parts) || parts != 5 || !cbor_get_uint(in, &position) || !arg_id(in, &as.person) ||
		    !arg_id(in, &as.object) || !cbor_get_uint(in, &as.version) || !cbor_get_bytes(in, &sealed))
			rc = vault_bad_arguments(e);
		else
			rc = feed_one(v, &as, sealed, &records);
		end[i] = records.len;
	}
	if (rc == RC_OK && !cbor_at_end(in))
		rc = vault_bad_arguments(e);
	if (rc == RC_OK && items == 0) {
		cbor_put_array(out, 1);
		cbor_put_uint(out, matcher_position(v->matcher));
		return RC_OK;
	}
	for (size_t i = 0; i < items && rc == RC_OK; i++)
		record[i] = bytes_slice(buf_bytes(&records), i ? end[i - 1] : 0, end[i] - (i ? end[i - 1] : 0));
	if (rc == RC_OK) {
		rc = matcher_send_feed(v->matcher, after, record, items, position, &request);
		if (rc != RC_OK)
			err_set(e, rc, "matcher", "The records cannot be given to the matcher");
	}
	buf_release(&records);
	return rc == RC_OK ? defer(v, c, request, NULL, e) : rc;
}
