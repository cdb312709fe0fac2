/* SPDX-License-Identifier: MPL-2.0 */
/* Attachments: stripping never grows a file, and stripping twice changes nothing more. */
#include <stdint.h>
#include <stdlib.h>

#include "intake/attachment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum attachment_type type;
	struct buf once = BUF_INIT(ATTACHMENT_MAX), twice = BUF_INIT(ATTACHMENT_MAX);
	struct bytes in = bytes_of(data, size);
	if (attachment_type_of(in, &type) == RC_OK && attachment_strip(type, in, &once) == RC_OK) {
		if (once.len > size || attachment_strip(type, buf_bytes(&once), &twice) != RC_OK ||
		    !bytes_equal(buf_bytes(&once), buf_bytes(&twice)))
			abort();
	}
	buf_release(&once);
	buf_release(&twice);
	return 0;
}
