/* SPDX-License-Identifier: MPL-2.0 */
/* Parcels: the key to seal them to, and opening them for an officer. */
#include <string.h>

#include "crypto/hpke.h"
#include "vault/parcel_key.h"
#include "vault/vault.h"

/* [] → [key id bstr, point bstr, from uint, to uint, deployment bstr] */
enum rc op_parcel_key(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	struct parcel_key key;
	if (!cbor_get_array(in, &n) || n != 0 || !cbor_at_end(in))
		return vault_bad_arguments(e);
	enum rc rc = parcel_key_current(&v->keys, &key, e);
	if (rc != RC_OK)
		return rc;
	cbor_put_array(out, 5);
	cbor_put_bytes(out, BYTES_ARRAY(key.id));
	cbor_put_bytes(out, BYTES_ARRAY(key.point));
	cbor_put_uint(out, (uint64_t)key.from);
	cbor_put_uint(out, (uint64_t)key.to);
	cbor_put_bytes(out, id_bytes(&v->keys.deployment));
	return RC_OK;
}

/* One piece into v->scratch. Whatever is wrong with it, it counted. */
static enum rc open_piece(struct vault *v, const struct parcel *p, uint32_t piece, struct bytes sealed, struct err *e)
{
	struct p256_key *key = NULL;
	struct hpke hpke = {0};
	uint8_t info[PARCEL_INFO];
	parcel_info(v->keys.deployment, info);
	enum rc rc = parcel_key_load(&v->keys, p->key_id, &key, e);
	if (rc != RC_OK)
		return rc;
	rc = hpke_receive(key, HPKE_AES_256_GCM, p->enc, BYTES_ARRAY(info), &hpke);
	if (rc == RC_OK)
		rc = hpke_open(&hpke, piece, p->header, sealed, &v->scratch);
	p256_free(&key);
	wipe(&hpke, sizeof hpke);
	return rc == RC_OK ? RC_OK : err_set(e, rc, "parcel", "The parcel cannot be opened");
}

/* [token bstr, header bstr, piece uint, sealed bstr] → [plaintext bstr] */
enum rc op_open_parcel(struct vault *v, struct call *c, struct cbor *in, struct buf *out, struct err *e)
{
	(void)c;
	size_t n;
	uint64_t piece;
	struct bytes header, sealed;
	struct session *session;
	struct parcel p;
	if (!cbor_get_array(in, &n) || n != 4)
		return vault_bad_arguments(e);
	enum rc rc = arg_session(v, in, &session, e);
	if (rc != RC_OK)
		return rc;
	if (!cbor_get_bytes(in, &header) || !cbor_get_uint(in, &piece) || !cbor_get_bytes(in, &sealed) || !cbor_at_end(in))
		return vault_bad_arguments(e);
	if (parcel_read_header(header, &p) != RC_OK || piece >= p.pieces || sealed.len != parcel_piece_size(&p, (uint32_t)piece))
		return err_set(e, RC_FORMAT, "parcel", "This is not a parcel, or not a piece of it");
	enum vault_kind kind = p.kind == PARCEL_REQUEST ? KIND_CASE : KIND_ATTACHMENT;
	const struct policy_rule *rule = policy_find_task(session->staff.role, kind, PURPOSE_PARCEL);
	if (!rule)
		return err_set(e, RC_FORBIDDEN, "role", "This role opens no parcels");
	struct look_request look = {.session = session, .rule = rule};
	uint8_t hash[HASH_SIZE];
	sha256(header, hash);
	memcpy(look.object.b, hash, sizeof look.object.b); /* a file counts once, and not each of its pieces */
	rc = quota_take(&v->quota, &look, e);
	if (rc == RC_OK)
		rc = open_piece(v, &p, (uint32_t)piece, sealed, e);
	if (rc != RC_OK)
		return rc;
	cbor_put_array(out, 1);
	cbor_put_bytes(out, buf_bytes(&v->scratch));
	return RC_OK;
}
