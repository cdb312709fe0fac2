/* SPDX-License-Identifier: MPL-2.0 */
/* CMS verification, at the time of the committed seeds; whatever it says, it must not crash. */
#include <stdlib.h>

#include "crypto/cms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Input: 2 bytes length of the anchor certificate, the anchor, the signature.
 * The digest is that of nothing: a seed whose content is empty goes all the way.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t digest[HASH_SIZE];
	struct cms_info info;
	struct x509_info cert;
	if (size < 2)
		return 0;
	struct bytes in = bytes_of(data + 2, size - 2);
	size_t anchor_len = (size_t)data[0] << 8 | data[1];
	struct bytes anchor = bytes_slice(in, 0, anchor_len), der = bytes_slice(in, anchor_len, in.len);
	sha256(BYTES_NONE, digest);
	if (x509_read(anchor, &cert) == RC_OK && cert.not_before_us == INT64_MIN)
		abort();
	const struct cms_judge judge = {.anchors = &anchor, .anchor_count = 1, .stamp_anchors = &anchor, .stamp_anchor_count = 1};
	if (cms_verify_detached(der, digest, &judge, &info, NULL) == RC_OK && !info.has_timestamp)
		abort(); /* at_us 0 asks for a stamp */
	return 0;
}
