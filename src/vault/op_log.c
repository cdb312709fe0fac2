/* SPDX-License-Identifier: MPL-2.0 */
/* The log: checkpoints are signed only as a growth of what was signed before. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "ledger/sequencer.h"
#include "vault/op_log.h"

/* The epoch of one of our origins, "<name>/<epoch>"; 0: not ours. */
static uint64_t epoch_of(const struct vault *v, const char *origin)
{
	char own[NOTE_NAME_SIZE];
	uint32_t epoch = ledger_epoch_of(origin);
	return epoch && ledger_origin(v->log_name, epoch, own) == RC_OK && strcmp(own, origin) == 0 ? epoch : 0;
}

enum rc vault_log_key(const struct vault *v, const char *origin, struct note_key *ret)
{
	return epoch_of(v, origin) ? note_key_ed25519(origin, v->signing.log.key.public_key, ret) : RC_FORBIDDEN;
}

enum rc vault_log_last(struct vault *v, const char *origin, uint64_t *ret_size, struct hash *ret_root)
{
	struct query s = vdb_query(&v->db, VSQL_signed_get);
	query_text(&s, origin);
	*ret_size = 0;
	merkle_empty(ret_root);
	if (query_row(&s)) {
		*ret_size = query_col_u64(&s, 0);
		query_col_fixed(&s, 1, ret_root->b, sizeof ret_root->b);
	}
	return query_close(&s, NULL, NULL);
}

/* A closed origin stays closed: nothing is signed under it once a later one was. */
static enum rc newest_epoch(struct vault *v, uint64_t *ret)
{
	char origin[NOTE_NAME_SIZE];
	struct query s = vdb_query(&v->db, VSQL_signed_all);
	*ret = 0;
	while (query_row(&s)) {
		query_col_text(&s, 0, origin, sizeof origin);
		uint64_t epoch = epoch_of(v, origin);
		if (epoch > *ret)
			*ret = epoch;
	}
	return query_close(&s, NULL, NULL);
}

/* What a request says of the epoch before, for the first tree of an epoch. */
struct link {
	struct bytes note;
	struct merkle_proof proof; /* of entry 0 */
};

/* What was signed last under an origin: size 0, nothing. */
struct signed_tree {
	uint64_t size;
	struct hash root;
};

/* Before a checkpoint: under its own origin, and, where it opens an epoch, under the one that it closes. */
struct signed_before {
	struct signed_tree last, closed;
};

/*
 * The first tree of an epoch shows that its entry 0 closes the one before at
 * the tree that was signed last, so that nobody can open an epoch that forgets.
 * A larger one that bears our signature is what a restored vault has forgotten.
 */
static enum rc check_link(struct vault *v, const struct checkpoint *c, uint64_t epoch, uint64_t newest,
			  const struct link *link, struct signed_tree *ret_closed, struct err *e)
{
	char origin[NOTE_NAME_SIZE];
	struct note_key key;
	struct checkpoint closed;
	struct signed_tree last = {0};
	struct hash entry, leaf;
	/* A later one would close all between, that nobody opened. */
	if (epoch <= newest || ledger_origin(v->log_name, (uint32_t)(epoch - 1), origin) != RC_OK ||
	    vault_log_key(v, origin, &key) != RC_OK || checkpoint_open(link->note, &key, &closed) != RC_OK)
		return err_set(e, RC_PROOF, "checkpoint", "There is no signed tree of the epoch before this one");
	enum rc rc = vault_log_last(v, origin, &last.size, &last.root);
	if (rc != RC_OK)
		return err_set(e, rc, "checkpoint", "What was signed before cannot be read");
	*ret_closed = last;
	if (closed.size < last.size || (closed.size == last.size && !hash_equal(&closed.root, &last.root)))
		return err_set(e, RC_PROOF, "checkpoint", "The epoch before has a later tree than the one named");
	sha256(link->note, entry.b);
	merkle_leaf(BYTES_ARRAY(entry.b), &leaf);
	if (merkle_verify_inclusion(c->size, &c->root, 0, &leaf, &link->proof) != RC_OK)
		return err_set(e, RC_PROOF, "checkpoint", "Entry 0 does not commit to the epoch before");
	return RC_OK;
}

static enum rc check_growth(struct vault *v, const struct checkpoint *c, uint64_t old_size, const struct merkle_proof *proof,
			    const struct link *link, struct signed_before *ret_before, bool *ret_same, struct err *e)
{
	uint64_t last = 0, newest = 0;
	struct hash root;
	enum rc rc = vault_log_last(v, c->origin, &last, &root);
	*ret_before = (struct signed_before){.last = {last, root}};
	if (rc == RC_OK)
		rc = newest_epoch(v, &newest);
	if (rc != RC_OK)
		return err_set(e, rc, "checkpoint", "What was signed before cannot be read");
	*ret_same = last > 0 && c->size == last && hash_equal(&c->root, &root);
	if (*ret_same)
		return RC_OK;
	uint64_t epoch = epoch_of(v, c->origin);
	if (epoch < newest)
		return err_set(e, RC_PROOF, "checkpoint", "This origin was closed");
	if (old_size != last || c->size < last)
		return err_set(e, RC_PROOF, "checkpoint", "The proof does not begin at the last signed checkpoint");
	if (merkle_verify_consistency(last, &root, c->size, &c->root, proof) != RC_OK)
		return err_set(e, RC_PROOF, "checkpoint", "The tree is not a growth of the last one signed");
	return last == 0 && epoch > 1 ? check_link(v, c, epoch, newest, link, &ret_before->closed, e) : RC_OK;
}

static enum rc put_line(struct vault *v, const struct checkpoint *c, struct buf *out)
{
	struct note_key key;
	uint8_t signature[ED25519_SIGNATURE_SIZE];
	struct buf text = BUF_INIT(NOTE_MAX), line = BUF_INIT(NOTE_MAX);
	enum rc rc = vault_log_key(v, c->origin, &key);
	checkpoint_format(c, &text);
	if (rc == RC_OK && buf_failed(&text))
		rc = RC_NO_MEMORY;
	if (rc == RC_OK) {
		ed25519_sign(&v->signing.log.key, buf_bytes(&text), signature);
		note_signature_line(&key, signature, &line);
		cbor_put_array(out, 1);
		cbor_put_bytes(out, buf_bytes(&line));
		rc = buf_failed(&line) ? RC_NO_MEMORY : RC_OK;
	}
	buf_release(&text);
	buf_release(&line);
	return rc;
}

static enum rc one_changed(enum rc rc, int changes, struct err *e)
{
	return rc == RC_OK && changes != 1 ? err_set(e, RC_CONFLICT, "checkpoint", "Another vault signed another tree meanwhile") : rc;
}

/* The first tree of an epoch closes the one before for good, at the tree that it commits to: a vault that is signing there at
   this moment finds it closed, or is found. */
static enum rc close_before(struct vault *v, uint64_t epoch, const struct signed_tree *last, struct err *e)
{
	char origin[NOTE_NAME_SIZE];
	int closed = 0;
	if (!vdb_is_shared(&v->db) || epoch < 2 || ledger_origin(v->log_name, (uint32_t)(epoch - 1), origin) != RC_OK)
		return RC_OK;
	struct query s = vdb_query(&v->db, last->size ? VSQL_signed_close : VSQL_signed_close_unknown);
	query_text(&s, origin);
	if (last->size)
		query_u64(&s, last->size);
	query_bytes(&s, BYTES_ARRAY(last->root.b));
	if (!last->size)
		query_int(&s, clock_now_us());
	enum rc rc = vdb_change(&v->db, &s, &closed, e);
	return one_changed(rc, closed, e);
}

static enum rc keep(struct vault *v, const struct checkpoint *c, const struct signed_before *before, struct err *e)
{
	const struct signed_tree *last = &before->last;
	int moved = 0;
	enum rc rc = last->size ? RC_OK : close_before(v, epoch_of(v, c->origin), &before->closed, e);
	if (rc != RC_OK)
		return rc;
	struct query s = vdb_query(&v->db, last->size ? VSQL_signed_move : VSQL_signed_add);
	query_text(&s, c->origin);
	query_u64(&s, c->size);
	query_bytes(&s, BYTES_ARRAY(c->root.b));
	query_int(&s, clock_now_us());
	if (last->size) {
		query_u64(&s, last->size);
		query_bytes(&s, BYTES_ARRAY(last->root.b));
	}
	rc = vdb_change(&v->db, &s, &moved, e);
	return one_changed(rc, moved, e);
}

/* [origin tstr, size uint, root bstr32, old size uint, proof bstr(32·n), closed note bstr, its proof bstr(32·n)] → [line bstr] */
enum rc op_sign_checkpoint(struct vault *v, struct call *call, struct cbor *in, struct buf *out, struct err *e)
{
	(void)call;
	size_t n;
	struct checkpoint c = {0};
	uint64_t old_size;
	struct merkle_proof proof;
	struct link link;
	struct signed_before before;
	bool same = false;
	if (!cbor_get_array(in, &n) || n != 7 || !arg_text(in, c.origin, sizeof c.origin) || !cbor_get_uint(in, &c.size) ||
	    c.size > INT64_MAX || !cbor_get_fixed(in, c.root.b, sizeof c.root.b) || !cbor_get_uint(in, &old_size) ||
	    !arg_proof(in, &proof) || !cbor_get_bytes(in, &link.note) || !arg_proof(in, &link.proof) || !cbor_at_end(in))
		return vault_bad_arguments(e);
	if (!epoch_of(v, c.origin))
		return err_set(e, RC_FORBIDDEN, "origin", "This is not an origin of this vault");
	enum rc rc = check_growth(v, &c, old_size, &proof, &link, &before, &same, e);
	if (rc != RC_OK) {
		log_error("checkpoint_refused", LOG_INT("size", c.size), LOG_RC(rc));
		return rc;
	}
	if (!same)
		rc = keep(v, &c, &before, e);
	return rc == RC_OK ? put_line(v, &c, out) : rc;
}

bool arg_proof(struct cbor *in, struct merkle_proof *ret)
{
	struct bytes raw;
	if (!cbor_get_bytes(in, &raw))
		return false;
	ret->count = (unsigned)(raw.len / MERKLE_HASH_SIZE);
	if (raw.len % MERKLE_HASH_SIZE || raw.len / MERKLE_HASH_SIZE > MERKLE_MAX_PROOF)
		in->failed = true;
	else if (raw.len)
		memcpy(ret->hash, raw.ptr, raw.len);
	return !in->failed;
}

/* [origin tstr] → [size uint, root bstr32] */
enum rc op_last_checkpoint(struct vault *v, struct call *call, struct cbor *in, struct buf *out, struct err *e)
{
	(void)call;
	size_t n;
	char origin[NOTE_NAME_SIZE];
	uint64_t size = 0;
	struct hash root;
	if (!cbor_get_array(in, &n) || n != 1 || !arg_text(in, origin, sizeof origin) || !cbor_at_end(in))
		return vault_bad_arguments(e);
	if (!epoch_of(v, origin))
		return err_set(e, RC_FORBIDDEN, "origin", "This is not an origin of this vault");
	enum rc rc = vault_log_last(v, origin, &size, &root);
	if (rc != RC_OK)
		return err_set(e, rc, "checkpoint", "What was signed before cannot be read");
	cbor_put_array(out, 2);
	cbor_put_uint(out, size);
	cbor_put_bytes(out, BYTES_ARRAY(root.b));
	return RC_OK;
}

/* [] → [json bstr] */
enum rc op_trust(struct vault *v, struct call *call, struct cbor *in, struct buf *out, struct err *e)
{
	(void)call;
	size_t n;
	if (!cbor_get_array(in, &n) || n != 0 || !cbor_at_end(in))
		return vault_bad_arguments(e);
	buf_reset(&v->scratch);
	enum rc rc = signing_trust_json(&v->db, v->issuer, v->log_name, v->status_base, &v->scratch, e);
	if (rc == RC_OK) {
		cbor_put_array(out, 1);
		cbor_put_bytes(out, buf_bytes(&v->scratch));
	}
	return rc;
}
