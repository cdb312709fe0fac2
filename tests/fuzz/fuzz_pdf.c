/* SPDX-License-Identifier: MPL-2.0 */
/* A PDF as a stranger sends it: read, and signed again if it looks like one of ours. */
#include <stdlib.h>

#include "document/pdf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_one(struct bytes pdf)
{
	struct pdf_file file;
	size_t sum = 0;
	if (pdf_read(pdf, &file, NULL) != RC_OK)
		return;
	for (size_t i = 0; i < file.attachment_count; i++)
		for (size_t k = 0; k < file.attachments[i].content.len; k++)
			sum += file.attachments[i].content.ptr[k];
	if (file.signature.len > pdf.len || sum == SIZE_MAX)
		abort();
	pdf_file_release(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pdf_attachment attachment = {"a.txt", "text/plain", "Data", BYTES_LIT("attached")};
	const struct pdf_signing signing = {.attachments = &attachment, .attachment_count = 1, .signer = "S"};
	struct buf out = BUF_INIT(PDF_MAX);
	struct pdf_prepared prepared;
	read_one(bytes_of(data, size));
	if (size < 65536 && pdf_prepare(bytes_of(data, size), &signing, &out, &prepared, NULL) == RC_OK) {
		/* what was prepared has its own signature's place, wherever the input put others */
		if (pdf_embed(&out, &prepared, BYTES_LIT("\x30\x03\x02\x01\x01"), NULL) != RC_OK)
			abort();
		read_one(buf_bytes(&out));
	}
	buf_release(&out);
	return 0;
}
