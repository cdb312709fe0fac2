/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/logged.h"

bool arg_logged(struct cbor *in, struct logged_args *ret)
{
	return arg_object(in, &ret->as) && cbor_get_bytes(in, &ret->sealed) && cbor_get_uint(in, &ret->index) &&
	       cbor_get_uint(in, &ret->size) && arg_proof(in, &ret->proof) && cbor_get_bytes(in, &ret->note) &&
	       ret->as.kind == KIND_ACT;
}

static enum rc check_in_log(struct vault *v, const struct logged_args *a, const struct act_view *view, struct err *e)
{
	struct checkpoint c;
	struct note_key key;
	struct hash commitment, leaf, root;
	uint64_t last = 0;
	if (checkpoint_open(a->note, NULL, &c) != RC_OK || vault_log_key(v, c.origin, &key) != RC_OK ||
	    checkpoint_open(a->note, &key, &c) != RC_OK)
		return err_set(e, RC_PROOF, "checkpoint", "This vault did not sign this checkpoint");
	enum rc rc = vault_log_last(v, c.origin, &last, &root);
	if (rc != RC_OK || c.size > last || c.size != a->size)
		return err_set(e, RC_PROOF, "checkpoint", "This vault did not sign a checkpoint of this size");
	rc = commitment_of_view(view, &commitment);
	if (rc != RC_OK)
		return err_set(e, rc, "act", "The act cannot be committed to");
	merkle_leaf(BYTES_ARRAY(commitment.b), &leaf);
	if (merkle_verify_inclusion(c.size, &c.root, a->index, &leaf, &a->proof) != RC_OK)
		return err_set(e, RC_PROOF, "proof", "The act is not in the log at this place");
	return RC_OK;
}

enum rc vault_check_logged(struct vault *v, const struct logged_args *a, struct bytes content, struct act_head *ret,
			   struct err *e)
{
	struct act_view view;
	if (act_view(content, &view) != RC_OK || !act_head_read(&view, ret) || !act_head_is(ret, a->as.object, a->as.person))
		return err_set(e, RC_FORMAT, "act", "This is not an act as civis writes them");
	return check_in_log(v, a, &view, e);
}
