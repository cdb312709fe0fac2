/* SPDX-License-Identifier: MPL-2.0 */
/* The text of a QR: decoded and parsed; a COSE message directly as well. */
#include <stdlib.h>

#include "credential/cwt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse(struct bytes cose)
{
	struct cwt cwt;
	if (cwt_parse(cose, &cwt, NULL) != RC_OK)
		return;
	for (int i = 0; i < EXTRACT_END; i++)
		if (cwt.field[i].len && (cwt.field[i].ptr < cose.ptr || cwt.field[i].ptr + cwt.field[i].len > cose.ptr + cose.len))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf cose = BUF_INIT(CWT_COSE_MAX);
	if (cwt_text_decode(bytes_of(data, size), &cose, NULL) == RC_OK)
		parse(buf_bytes(&cose));
	buf_release(&cose);
	parse(bytes_of(data, size));
	return 0;
}
