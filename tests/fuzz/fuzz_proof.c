/* SPDX-License-Identifier: MPL-2.0 */
/* Offline proofs: what is read must be written again byte for byte. */
#include <stdlib.h>

#include "ledger/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct tlog_proof p;
	struct note_key key;
	struct hash leaf = {{0}};
	static const uint8_t public_key[32] = {7};
	if (tlog_proof_parse(in, &p) == RC_OK) {
		struct buf b = BUF_INIT(TLOG_PROOF_MAX);
		tlog_proof_format(&p, &b);
		if (buf_failed(&b) || !bytes_equal(buf_bytes(&b), in))
			abort();
		buf_release(&b);
	}
	if (note_key_ed25519("civis.example/khm/1", public_key, &key) != RC_OK ||
	    tlog_proof_verify(in, &key, &leaf, NULL) == RC_OK)
		abort();
	return 0;
}
