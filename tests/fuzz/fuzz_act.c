/* SPDX-License-Identifier: MPL-2.0 */
/* Acts: a receipt of any act that can be read gives the act's own commitment. */
#include <stdlib.h>

#include "ledger/receipt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool every_other(void *ctx, uint32_t label)
{
	(void)ctx;
	return label % 2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct receipt receipt;
	struct bytes act = bytes_of(data, size);
	struct hash commitment;
	struct buf b = BUF_INIT(RECEIPT_MAX);
	if (commitment_of_act(act, &commitment) != RC_OK)
		return 0;
	struct receipt_request r = {.act = act, .open = every_other, .key_id = BYTES_LIT("k"), .proof = BYTES_LIT("p")};
	if (receipt_build(&r, &b) != RC_OK || receipt_parse(buf_bytes(&b), &receipt) != RC_OK ||
	    !hash_equal(&receipt.commitment, &commitment))
		abort();
	buf_release(&b);
	return 0;
}
