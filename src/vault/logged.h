/* SPDX-License-Identifier: MPL-2.0 */
/* A sealed act and its place in the log, as requests give them. */
#ifndef CIVIS_VAULT_LOGGED_H
#define CIVIS_VAULT_LOGGED_H

#include "vault/act_head.h"
#include "vault/op_log.h"

struct logged_args {
	struct vault_object as;
	struct bytes sealed, note;
	uint64_t index, size;
	struct merkle_proof proof;
};

/* kind, object, person, version, aux, sealed, index, size, proof, note: ten items; the kind an act's. */
bool arg_logged(struct cbor *in, struct logged_args *ret);
/* The opened act is the one that was asked for, and its commitment stands in a tree that this vault has signed.
   RC_FORMAT, RC_PROOF. ret borrows from the content. */
enum rc vault_check_logged(struct vault *v, const struct logged_args *a, struct bytes content, struct act_head *ret,
			   struct err *e) WARN_UNUSED;

#endif
