/* SPDX-License-Identifier: MPL-2.0 */
/* Documents: the credential of a QR, the signature of a PDF, the status list. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"
#include "codec/statuslist.h"
#include "vault/chain.h"
#include "vault/claims.h"
#include "vault/logged.h"

enum {
	CLAIM_ISSUER = 1,
	CLAIM_ISSUED = 6,
	CLAIM_ID = 7,
	CLAIM_EXTRACT = -70001,
	EXTRACT_MAX = 1024,
	URI_SIZE = 192,
	STATUS_BITS = 2,
	STATUS_DAYS_MAX = 320 * 1024, /* every place of a half full list, at most eight bytes each, and to spare */
};

#define PDF_AFTER_QR_US (15LL * 60 * 1000000)
#define STATUS_TTL_S (12 * 3600)
#define STATUS_LIFE_S (30 * 24 * 3600)

struct document {
	struct id person, act, staff;
	int64_t at, signed_at;
	uint32_t list, idx;
};

static enum rc document_get(struct vault *v, struct bytes serial, struct document *ret)
{
	struct query s = vdb_query(&v->db, VSQL_document_get);
	query_bytes(&s, serial);
	if (query_row(&s))
		*ret = (struct document){.person = query_col_id(&s, 0), .act = query_col_id(&s, 1), .staff = query_col_id(&s, 2),
					 .at = query_col_int(&s, 3), .signed_at = query_col_int(&s, 4),
					 .list = (uint32_t)query_col_int(&s, 5), .idx = (uint32_t)query_col_int(&s, 6)};
	return vdb_end(&s, NULL);
}

static enum rc count(struct vault *v, enum vsql_id which, int64_t argument, int64_t *ret)
{
	struct query s = vdb_query(&v->db, which);
	if (which == VSQL_list_count)
		query_int(&s, argument);
	if (query_row(&s))
		*ret = query_col_int(&s, 0);
	return query_close(&s, NULL, NULL);
}

/* A place that no document has, chosen at random so that it says nothing about
   when or where; a list that is half full is left and the next one begun. */
static enum rc choose_place(struct vault *v, struct document *d)
{
	int64_t list = 0, used = 0;
	enum rc rc = count(v, VSQL_list_last, 0, &list);
	if (rc == RC_OK)
		rc = count(v, VSQL_list_count, list, &used);
	if (rc != RC_OK)
		return rc;
	d->list = (uint32_t)(used < VAULT_STATUS_LIST_SIZE / 2 ? list : list + 1);
	do {
		d->idx = random_below(VAULT_STATUS_LIST_SIZE);
		struct query s = vdb_query(&v->db, VSQL_document_at);
		query_int(&s, d->list);
		query_int(&s, d->idx);
		(void)query_row(&s);
		rc = vdb_end(&s, NULL);
	} while (rc == RC_OK);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc document_add(struct vault *v, struct bytes serial, struct document *d, struct err *e)
{
	enum rc rc = choose_place(v, d);
	if (rc != RC_OK)
		return err_set(e, rc, "document", "No place in a status list can be chosen");
	struct query s = vdb_query(&v->db, VSQL_document_put);
	query_bytes(&s, serial);
	query_id(&s, d->person);
	query_id(&s, d->act);
	query_id(&s, d->staff);
	query_int(&s, d->at);
	query_int(&s, d->list);
	query_int(&s, d->idx);
	return vdb_run(&v->db, &s, e);
}

/* The document of this serial: new, or the same again. */
static enum rc document_take(struct vault *v, const struct session *session, struct bytes serial,
			     const struct vault_object *act, struct document *ret, struct err *e)
{
	int64_t now = clock_now_us();
	enum rc rc = document_get(v, serial, ret);
	if (rc == RC_NOT_FOUND) {
		*ret = (struct document){.person = act->person, .act = act->object, .staff = session->staff.id, .at = now};
		return document_add(v, serial, ret, e);
	}
	if (rc != RC_OK)
		return err_set(e, rc, "document", "Documents cannot be read");
	if (!id_equal(ret->act, act->object) || !id_equal(ret->person, act->person))
		return err_set(e, RC_CONFLICT, "serial", "This serial number belongs to another act");
	struct query s = vdb_query(&v->db, VSQL_document_signed);
	query_bytes(&s, serial);
	query_id(&s, session->staff.id);
	query_int(&s, now);
	return vdb_run(&v->db, &s, e);
}

static enum rc status_uri(const struct vault *v, const char *base, uint32_t list, char out[static URI_SIZE], struct err *e)
{
	size_t n = strlen(base);
	while (n && base[n - 1] == '/')
		n--;
	if (n == 0 || n > 128 || (v->status_base[0] && (strlen(v->status_base) != n || memcmp(v->status_base, base, n) != 0)))
		return err_set(e, RC_FORBIDDEN, "status", "This is not where this vault's status lists are published");
	snprintf(out, URI_SIZE, "%.*s/%u", (int)n, base, (unsigned)list);
	return RC_OK;
}

/* By whose right a document is signed. */
struct right {
	const struct session *officer; /* whose session it is, or who gave the code */
	bool is_claim;
	struct claim claim;            /* valid if it is one */
	struct session giver;
};

static enum rc arg_right(struct vault *v, struct cbor *in, struct right *ret, struct err *e)
{
	struct bytes token;
	struct session *session = NULL;
	uint8_t hash[HASH_SIZE];
	if (!cbor_get_bytes(in, &token))
		return vault_bad_arguments(e);
	ret->is_claim = claims_is_token(&v->keys, token, hash);
	enum rc rc = ret->is_claim ? claims_by_session(&v->db, hash, &ret->claim, e)
				   : sessions_find(&v->sessions, token, &session, e);
	if (rc == RC_OK && ret->is_claim)
		rc = claims_officer(&v->db, &ret->claim, hash, &ret->giver, e);
	ret->officer = ret->is_claim ? &ret->giver : session;
	return rc;
}

/* A claim is for one act alone. */
static bool right_covers(const struct right *r, struct id person, struct id act)
{
	return !r->is_claim || (id_equal(r->claim.person, person) && id_equal(r->claim.act, act));
}

struct qr_args {
	struct logged_args act;
	struct bytes serial;
	char base[160];
};

static bool get_qr_args(struct cbor *in, struct qr_args *a)
{
	return arg_logged(in, &a->act) && cbor_get_bytes(in, &a->serial) && a->serial.len >= 1 &&
	       a->serial.len <= VAULT_SERIAL_MAX && arg_text(in, a->base, sizeof a->base) && cbor_at_end(in);
}

/* The CWT's claims: keys in the order of their encoding. */
static enum rc put_claims(const struct vault *v, const struct document *d, struct bytes serial, const char *uri,
			  struct bytes extract, struct buf *out)
{
	cbor_put_map(out, 5);
	cbor_put_uint(out, CLAIM_ISSUER);
	cbor_put_str(out, v->issuer);
	cbor_put_uint(out, CLAIM_ISSUED);
	cbor_put_uint(out, (uint64_t)d->at / 1000000);
	cbor_put_uint(out, CLAIM_ID);
	cbor_put_bytes(out, serial);
	cbor_put_uint(out, STATUSLIST_CLAIM_REFERENCE);
	statuslist_reference_put(out, d->idx, bytes_str(uri));
	cbor_put_int(out, CLAIM_EXTRACT);
	cbor_put_raw(out, extract);
	return buf_failed(out) ? RC_TOO_LARGE : RC_OK;
}

static enum rc put_qr(struct vault *v, const struct qr_args *a, const struct document *d, struct bytes extract,
		      struct bytes act, struct buf *out, struct err *e)
{
	char uri[URI_SIZE];
	struct buf claims = BUF_INIT(2048), cose = BUF_INIT(4096);
	enum rc rc = status_uri(v, a->base, d->list, uri, e);
	if (rc == RC_OK)
		rc = put_claims(v, d, a->serial, uri, extract, &claims);
	if (rc == RC_OK)
		rc = signing_cose(&v->signing, NULL, buf_bytes(&claims), &cose);
	if (rc == RC_OK) {
		cbor_put_array(out, 4);
		cbor_put_bytes(out, buf_bytes(&cose));
		cbor_put_bytes(out, act);
		cbor_put_uint(out, d->list);
		cbor_put_uint(out, d->idx);
	}
	buf_release(&claims);
	buf_release(&cose);
	return rc == RC_OK || rc == RC_FORBIDDEN ? rc : err_set(e, rc, "qr", "The credential cannot be signed");
}

/* Opens the act and finds it in the log; what it ends is ended before the first document is drawn from it. */
static enum rc open_logged(struct vault *v, const struct right *r, const struct logged_args *a, struct opened *ret,
			   struct act_head *ret_head, struct err *e)
{
	struct chain_act known;
	/* Whoever ends this act's documents at this moment has done so, or has to wait. */
	enum rc rc = keys_lock(&v->keys, a->as.person, e);
	if (rc == RC_OK)
		rc = chain_valid(&v->db, a->as.person, a->as.object, &known, e);
	if (rc == RC_OK)
		rc = vault_open_for(v, r->officer, r->is_claim ? PURPOSE_CLAIM : PURPOSE_CERTIFICATE, &a->as, a->sealed, ret, e);
	if (rc == RC_OK)
		rc = vault_check_logged(v, a, ret->content, ret_head, e);
	return rc == RC_OK ? chain_logged(&v->db, ret_head, e) : rc;
}

/* [token, kind, object, person, version, aux, sealed, index, size, proof, note, serial, status base]
   → [cose bstr, act bstr, list uint, idx uint] */
enum rc op_sign_qr(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	struct right right;
	struct qr_args a;
	struct opened opened;
	struct act_head head;
	struct document d;
	if (!cbor_get_array(in, &n) || n != 13)
		return vault_bad_arguments(e);
	enum rc rc = arg_right(v, in, &right, e);
	if (rc != RC_OK)
		return rc;
	if (!get_qr_args(in, &a))
		return vault_bad_arguments(e);
	if (!right_covers(&right, a.act.as.person, a.act.as.object))
		return err_set(e, RC_FORBIDDEN, "act", "The code was given for another act");
	if (right.is_claim && right.claim.serial_len && !claims_has_serial(&right.claim, a.serial))
		return err_set(e, RC_FORBIDDEN, "serial", "With this code another document was drawn");
	rc = open_logged(v, &right, &a.act, &opened, &head, e);
	if (rc == RC_OK && (head.extract.len == 0 || head.extract.len > EXTRACT_MAX))
		rc = err_set(e, RC_FORMAT, "act", "The act has no extract");
	if (rc == RC_OK && right.is_claim && !right.claim.serial_len)
		rc = claims_bind(&v->db, right.giver.id_hash, a.serial, e);
	if (rc == RC_OK)
		rc = document_take(v, right.officer, a.serial, &a.act.as, &d, e);
	return rc == RC_OK ? put_qr(v, &a, &d, head.extract, opened.content, out, e) : rc;
}

/* A document that this officer, or this claim, just had signed. */
static enum rc check_just_issued(struct vault *v, const struct right *r, struct bytes serial, struct err *e)
{
	struct document d;
	struct chain_act known;
	enum rc rc = document_get(v, serial, &d);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return err_set(e, rc, "document", "Documents cannot be read");
	if (rc == RC_NOT_FOUND || !id_equal(d.staff, r->officer->staff.id) || clock_now_us() - d.signed_at > PDF_AFTER_QR_US ||
	    !right_covers(r, d.person, d.act) ||
	    (r->is_claim && !claims_has_serial(&r->claim, serial)))
		return err_set(e, RC_FORBIDDEN, "serial", "This officer did not just issue a document of this serial number");
	return chain_valid(&v->db, d.person, d.act, &known, e);
}

/* [token, serial bstr, digest bstr32] → [cms bstr] */
enum rc op_sign_pdf(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	struct right right;
	struct bytes serial;
	uint8_t digest[HASH_SIZE];
	if (!cbor_get_array(in, &n) || n != 3)
		return vault_bad_arguments(e);
	enum rc rc = arg_right(v, in, &right, e);
	if (rc != RC_OK)
		return rc;
	if (!cbor_get_bytes(in, &serial) || serial.len > VAULT_SERIAL_MAX || !cbor_get_fixed(in, digest, sizeof digest) ||
	    !cbor_at_end(in))
		return vault_bad_arguments(e);
	rc = check_just_issued(v, &right, serial, e);
	if (rc != RC_OK)
		return rc;
	buf_reset(&v->scratch);
	rc = signing_cms(&v->signing, digest, &v->scratch, e);
	if (rc == RC_OK) {
		cbor_put_array(out, 1);
		cbor_put_bytes(out, buf_bytes(&v->scratch));
	}
	return rc;
}

/* The values of a list, packed, and the days since which they are not 0. */
static enum rc read_list(struct vault *v, uint32_t list, uint8_t *packed, size_t size, struct buf *since)
{
	struct buf days = BUF_INIT(STATUS_DAYS_MAX);
	uint64_t found = 0;
	enum rc rc = RC_OK;
	struct query s = vdb_query(&v->db, VSQL_list_values);
	query_int(&s, list);
	while (rc == RC_OK && query_row(&s)) {
		uint64_t idx = query_col_u64(&s, 0);
		rc = statuslist_set(packed, size, STATUS_BITS, idx, (unsigned)query_col_int(&s, 1));
		cbor_put_uint(&days, idx);
		cbor_put_uint(&days, query_col_u64(&s, 2));
		found++;
	}
	enum rc ended = query_close(&s, NULL, NULL);
	rc = rc == RC_OK ? ended : rc;
	if (rc == RC_OK && found) {
		cbor_put_map(since, found);
		cbor_put_raw(since, buf_bytes(&days));
	}
	if (rc == RC_OK)
		rc = buf_failed(&days) || buf_failed(since) ? RC_TOO_LARGE : RC_OK;
	buf_release(&days);
	return rc;
}

static enum rc pack_list(struct vault *v, uint32_t list, struct bytes uri, struct buf *claims)
{
	size_t size = statuslist_size(STATUS_BITS, VAULT_STATUS_LIST_SIZE);
	uint8_t *packed = calloc(1, size);
	if (!packed)
		return RC_NO_MEMORY;
	struct buf since = BUF_INIT(STATUS_DAYS_MAX);
	enum rc rc = read_list(v, list, packed, size, &since);
	uint64_t now = (uint64_t)(clock_now_us() / 1000000);
	struct statuslist_claims c = {.sub = uri, .iat = now, .exp = now + STATUS_LIFE_S, .ttl = STATUS_TTL_S,
				      .bits = STATUS_BITS, .since = buf_bytes(&since)};
	if (rc == RC_OK)
		rc = statuslist_put(claims, &c, bytes_of(packed, size));
	buf_release(&since);
	free(packed);
	return rc;
}

/* [list uint, status base tstr] → [cwt bstr] */
enum rc op_status_list(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	uint64_t list;
	int64_t last = 0;
	char base[160], uri[URI_SIZE];
	if (!cbor_get_array(in, &n) || n != 2 || !cbor_get_uint(in, &list) || !arg_text(in, base, sizeof base) ||
	    !cbor_at_end(in))
		return vault_bad_arguments(e);
	enum rc rc = count(v, VSQL_list_last, 0, &last);
	if (rc != RC_OK)
		return err_set(e, rc, "document", "Documents cannot be read");
	if (list > (uint64_t)last)
		return err_set(e, RC_NOT_FOUND, "list", "There is no such status list");
	rc = status_uri(v, base, (uint32_t)list, uri, e);
	if (rc != RC_OK)
		return rc;
	struct buf claims = BUF_INIT(VAULT_FRAME_MAX);
	buf_reset(&v->scratch);
	rc = pack_list(v, (uint32_t)list, bytes_str(uri), &claims);
	if (rc == RC_OK)
		rc = signing_cose(&v->signing, STATUSLIST_TYPE, buf_bytes(&claims), &v->scratch);
	buf_release(&claims);
	if (rc != RC_OK)
		return err_set(e, rc, "list", "The status list cannot be made");
	cbor_put_array(out, 1);
	cbor_put_bytes(out, buf_bytes(&v->scratch));
	return RC_OK;
}
