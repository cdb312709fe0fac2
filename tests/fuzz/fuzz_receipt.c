/* SPDX-License-Identifier: MPL-2.0 */
/* Receipts: what is opened is what the commitment covers, and only a real signature passes. */
#include <stdlib.h>

#include "ledger/receipt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct receipt r;
	static const uint8_t public_key[32] = {7};
	struct note_key key;
	if (receipt_parse(bytes_of(data, size), &r) != RC_OK)
		return 0;
	if (r.count > r.total || r.total > ACT_MAX_FIELDS || r.signature.len != ED25519_SIGNATURE_SIZE)
		abort();
	for (unsigned i = 0; i < r.count; i++)
		if (receipt_find(&r, r.field[i].label).ptr != r.field[i].value.ptr)
			abort();
	if (note_key_ed25519("civis.example/khm/1", public_key, &key) != RC_OK ||
	    receipt_verify(&r, public_key, &key, NULL) == RC_OK)
		abort();
	return 0;
}
