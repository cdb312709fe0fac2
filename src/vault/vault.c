/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/vault.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "base/random.h"
#include "base/text.h"
#include "vault/parcel_key.h"

enum { FUSE_PER_HOUR = 100000 };

/* ── making and opening ── */

/* Names that go into certificates, JSON and notes: printable ASCII without the characters that mean something there. */
static bool is_plain(const char *s, size_t max)
{
	size_t n = strlen(s);
	if (n == 0 || n > max)
		return false;
	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] > '~' || strchr("\"\\+", s[i]))
			return false;
	return true;
}

static enum rc make_fuse(struct vault_db *db, struct err *e)
{
	struct query q = vdb_query(db, VSQL_fuse_make);
	query_int(&q, FUSE_PER_HOUR);
	return vdb_run(db, &q, e);
}

static enum rc create_rows(struct vault_db *db, const uint8_t root[static ROOT_KEY_SIZE], const struct vault_init *in,
			   const char *dummy, struct err *e)
{
	struct vault_keys keys;
	enum rc rc = keys_create(db, root, e);
	if (rc == RC_OK)
		rc = keys_init(&keys, db, root, e);
	if (rc != RC_OK)
		return rc;
	rc = signing_create(&keys, in->issuer, e);
	keys_release(&keys);
	if (rc == RC_OK)
		rc = vdb_meta_put(db, "issuer", bytes_str(in->issuer), e);
	if (rc == RC_OK)
		rc = vdb_meta_put(db, "log_name", bytes_str(in->log_name), e);
	if (rc == RC_OK)
		rc = vdb_meta_put(db, "status_base", bytes_str(in->status_base), e);
	if (rc == RC_OK)
		rc = vdb_meta_put(db, "dummy", bytes_str(dummy), e);
	return rc == RC_OK ? make_fuse(db, e) : rc;
}

enum rc vault_create(struct vault_db *db, const uint8_t root[static ROOT_KEY_SIZE], const struct vault_init *in,
		     struct err *e)
{
	char dummy[PASSPHRASE_HASH_SIZE];
	uint8_t nobody[32];
	if (!is_plain(in->issuer, 32) || !is_plain(in->log_name, 100) ||
	    (in->status_base && !is_plain(in->status_base, 128)))
		return err_set(e, RC_INVALID, "init", "Issuer, log name and status base are short printable ASCII");
	random_bytes(nobody, sizeof nobody);
	enum rc rc = passphrase_hash(BYTES_ARRAY(nobody), PASSPHRASE_COST_DEFAULT, dummy);
	if (rc == RC_OK)
		rc = vdb_write(db, e);
	if (rc == RC_OK)
		rc = create_rows(db, root, in, dummy, e);
	if (rc == RC_OK)
		rc = vdb_commit(db, e);
	vdb_rollback(db);
	return rc;
}

static enum rc read_config(struct vault *v, struct err *e)
{
	enum rc rc = vdb_meta_text(&v->db, "issuer", v->issuer, sizeof v->issuer, e);
	if (rc == RC_OK)
		rc = vdb_meta_text(&v->db, "log_name", v->log_name, sizeof v->log_name, e);
	if (rc == RC_OK)
		rc = vdb_meta_text(&v->db, "status_base", v->status_base, sizeof v->status_base, e);
	return rc;
}

/* A vault made before there were parcels gets its first key for them now. */
static enum rc make_parcel_key(struct vault *v, struct err *e)
{
	struct parcel_key key;
	enum rc rc = parcel_key_current(&v->keys, &key, e);
	return rc == RC_OK ? vdb_commit(&v->db, e) : rc;
}

enum rc vault_new(const struct vault_db *db, const uint8_t *root, struct vault **ret, struct err *e)
{
	uint8_t key[ROOT_KEY_SIZE];
	struct vault *v = calloc(1, sizeof *v);
	enum rc rc = v ? RC_OK : err_set(e, RC_NO_MEMORY, "vault", "No memory");
	if (rc == RC_OK)
		buf_init(&v->scratch, VAULT_FRAME_MAX);
	if (rc == RC_OK && db)
		v->db = *db;
	else if (rc == RC_OK)
		rc = vdb_open_at_work(&v->db, ".", e);
	if (rc == RC_OK && root)
		memcpy(key, root, sizeof key);
	else if (rc == RC_OK)
		rc = keys_read_root(".", key, e);
	if (rc == RC_OK)
		rc = keys_init(&v->keys, &v->db, key, e);
	wipe(key, sizeof key);
	if (rc == RC_OK)
		rc = vdb_sweep(&v->db, e);
	if (rc == RC_OK)
		rc = signing_init(&v->signing, &v->keys, e);
	if (rc == RC_OK)
		rc = sessions_init(&v->sessions, &v->db, &v->keys, e);
	if (rc == RC_OK)
		rc = quota_init(&v->quota, &v->db, ".", e);
	if (rc == RC_OK)
		rc = read_config(v, e);
	if (rc == RC_OK)
		rc = make_parcel_key(v, e);
	if (rc != RC_OK) {
		vault_free(&v);
		return rc;
	}
	v->data_version = v->sessions.data_version;
	*ret = v;
	return RC_OK;
}

enum rc vault_start(struct vault *v, int matcher_fd, struct err *e)
{
	char dummy[PASSPHRASE_HASH_SIZE];
	enum rc rc = vdb_meta_text(&v->db, "dummy", dummy, sizeof dummy, e);
	if (rc == RC_OK)
		rc = vdb_commit(&v->db, e); /* the first request may be long in coming */
	if (rc == RC_OK)
		rc = login_init(&v->login, dummy, e);
	if (rc != RC_OK)
		return rc;
	v->has_login = true;
	if (matcher_fd >= 0 && !(v->matcher = matcher_client_new(matcher_fd)))
		return err_set(e, RC_NO_MEMORY, "matcher", "No memory");
	return RC_OK;
}

void vault_free(struct vault **vault)
{
	struct vault *v = *vault;
	*vault = NULL;
	if (!v)
		return;
	if (v->has_login)
		login_release(&v->login);
	if (v->matcher)
		matcher_client_free(&v->matcher);
	sessions_release(&v->sessions);
	signing_release(&v->signing);
	keys_release(&v->keys);
	vdb_rollback(&v->db);
	vdb_close(&v->db);
	quota_release(&v->quota);
	buf_release(&v->scratch);
	wipe(v, sizeof *v);
	free(v);
}

/* ── arguments ── */

enum rc vault_bad_arguments(struct err *e)
{
	return err_set(e, RC_BAD_REQUEST, "arguments", "The request to the vault cannot be read");
}

bool arg_id(struct cbor *in, struct id *ret)
{
	return cbor_get_fixed(in, ret->b, sizeof ret->b);
}

bool arg_text(struct cbor *in, char *out, size_t size)
{
	struct bytes text;
	if (!cbor_get_text(in, &text))
		return false;
	if (text.len >= size || !utf8_is_valid(text)) {
		in->failed = true;
		return false;
	}
	if (text.len)
		memcpy(out, text.ptr, text.len);
	out[text.len] = '\0';
	return true;
}

bool arg_scope(struct cbor *in, char ret[static SCOPE_MAX])
{
	if (!arg_text(in, ret, SCOPE_MAX))
		return false;
	if (!scope_is_valid(bytes_str(ret)))
		in->failed = true;
	return !in->failed;
}

bool arg_object(struct cbor *in, struct vault_object *ret)
{
	uint64_t kind, aux;
	if (!cbor_get_uint(in, &kind) || !arg_id(in, &ret->object) || !arg_id(in, &ret->person) ||
	    !cbor_get_uint(in, &ret->version) || !cbor_get_uint(in, &aux))
		return false;
	if (kind == KIND_NONE || kind >= KIND_END || aux > UINT32_MAX || ret->version == 0 || ret->version > INT64_MAX)
		in->failed = true;
	ret->kind = (enum vault_kind)kind;
	ret->aux = (uint32_t)aux;
	return !in->failed;
}

void vault_put_staff(struct buf *out, const struct vault_staff *s)
{
	cbor_put_bytes(out, id_bytes(&s->id));
	cbor_put_uint(out, (uint64_t)s->role);
	cbor_put_str(out, s->name);
	cbor_put_str(out, s->scope);
	cbor_put_str(out, s->display_native);
	cbor_put_str(out, s->display_latin);
}

enum rc arg_session(struct vault *v, struct cbor *in, struct session **ret, struct err *e)
{
	struct bytes token;
	if (!cbor_get_bytes(in, &token))
		return vault_bad_arguments(e);
	return sessions_find(&v->sessions, token, ret, e);
}

/* ── dispatch ── */

static vault_op_fn *const operations[VAULT_OP_END] = {
	[VAULT_OP_PING] = op_ping,
	[VAULT_OP_LOGIN] = op_login,
	[VAULT_OP_SESSION] = op_session,
	[VAULT_OP_LOGOUT] = op_logout,
	[VAULT_OP_SEAL] = op_seal,
	[VAULT_OP_OPEN] = op_open,
	[VAULT_OP_RESERVE_NUMBER] = op_reserve_number,
	[VAULT_OP_SEAL_ACT] = op_seal_act,
	[VAULT_OP_SIGN_QR] = op_sign_qr,
	[VAULT_OP_SIGN_PDF] = op_sign_pdf,
	[VAULT_OP_SIGN_CHECKPOINT] = op_sign_checkpoint,
	[VAULT_OP_STATUS_LIST] = op_status_list,
	[VAULT_OP_LOOKS] = op_looks,
	[VAULT_OP_CANDIDATES] = op_candidates,
	[VAULT_OP_INDEX_FEED] = op_index_feed,
	[VAULT_OP_CHECK_ACTS] = op_check_acts,
	[VAULT_OP_CHECK_KEYS] = op_check_keys,
	[VAULT_OP_TRUST] = op_trust,
	[VAULT_OP_LAST_CHECKPOINT] = op_last_checkpoint,
	[VAULT_OP_FORWARD] = op_forward,
	[VAULT_OP_SUPERSEDE] = op_supersede,
	[VAULT_OP_CLAIM_CODE] = op_claim_code,
	[VAULT_OP_CLAIM] = op_claim,
	[VAULT_OP_PARCEL_KEY] = op_parcel_key,
	[VAULT_OP_OPEN_PARCEL] = op_open_parcel,
	[VAULT_OP_FIND] = op_find,
	[VAULT_OP_STAFF] = op_staff,
	[VAULT_OP_STAFF_END] = op_staff_end,
	[VAULT_OP_STAFF_LOG] = op_staff_log,
	[VAULT_OP_OPEN_NOTES] = op_open_notes,
	[VAULT_OP_REQUEST_KEY] = op_request_key,
};

void vault_answer(struct buf *out, const struct call *c, enum rc rc, const struct err *e)
{
	if (rc != RC_OK) {
		buf_reset(out);
		vault_frame_begin(out, c->op, rc, c->request);
		cbor_put_array(out, 3);
		cbor_put_str(out, e->where);
		cbor_put_str(out, e->text);
		cbor_put_uint(out, c->retry_after);
	}
	vault_frame_end(out);
}

void vault_handle(struct vault *v, size_t channel, const struct vault_frame *f, struct buf *out, bool *ret_deferred)
{
	enum { KEPT_SCRATCH = 64 * 1024 };
	struct call c = {.channel = channel, .request = f->request, .op = (enum vault_op)f->op};
	struct err e = ERR_NONE;
	struct cbor in = cbor_init_unchecked(f->body);
	vault_op_fn *operation = f->op < VAULT_OP_END ? operations[f->op] : NULL;
	buf_reset(out);
	vault_frame_begin(out, c.op, RC_OK, c.request);
	enum rc rc = operation ? operation(v, &c, &in, out, &e) : vault_bad_arguments(&e);
	if (rc == RC_OK && buf_failed(out))
		rc = err_set(&e, RC_TOO_LARGE, "answer", "The answer is too large for one message");
	if (rc == RC_INTERNAL || rc == RC_CORRUPT || rc == RC_IO || rc == RC_CONFIG)
		log_error("vault_request_failed", LOG_WORD("op", vault_op_name(f->op)), LOG_RC(rc), LOG_WHY(&e));
	*ret_deferred = rc == RC_OK && c.deferred;
	if (*ret_deferred)
		buf_reset(out);
	else
		vault_answer(out, &c, rc, &e);
	if (v->scratch.cap > KEPT_SCRATCH)
		buf_release(&v->scratch);
	else
		buf_reset(&v->scratch);
}

bool vault_is_settled(const struct vault *v)
{
	return !v->db.wrote && !v->quota.fuse_dirty;
}

void vault_take_back(struct vault *v, size_t channel, uint64_t request)
{
	vdb_rollback(&v->db);
	keys_forget(&v->keys);
	quota_forget(&v->quota);
	for (size_t i = 0; i < PENDING_MAX; i++)
		if (v->pending[i].channel == channel && v->pending[i].request == request)
			v->pending[i] = (struct pending){0};
}

enum rc vault_flush(struct vault *v, struct err *e)
{
	return quota_flush(&v->quota, e);
}

enum rc vault_refresh(struct vault *v, struct err *e)
{
	if (vdb_is_shared(&v->db))
		return RC_OK;
	enum rc rc = sessions_refresh(&v->sessions, e);
	if (rc == RC_OK && v->data_version != v->sessions.data_version) {
		rc = quota_refresh(&v->quota, e);
		v->data_version = v->sessions.data_version;
	}
	return rc;
}
