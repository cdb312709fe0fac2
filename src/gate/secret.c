/* SPDX-License-Identifier: MPL-2.0 */
/* The gate's own key: what it keys the digests with that lie in its database. */
#include <string.h>

#include "base/file.h"
#include "base/random.h"
#include "gate/state.h"

enum rc gate_request_key(const char *path, uint8_t ret[static 32], struct err *e)
{
	struct buf content = BUF_INIT(32);
	enum rc rc = file_read(path, &content, e);
	if (rc == RC_NOT_FOUND) {
		random_bytes(ret, 32);
		rc = file_write_durable(path, bytes_of(ret, 32), 0600, e);
	} else if (rc == RC_OK && content.len == 32) {
		memcpy(ret, content.ptr, 32);
	} else if (rc == RC_OK || rc == RC_TOO_LARGE) {
		rc = err_set(e, RC_CONFIG, path, "this is not a key of 32 bytes");
	}
	buf_release(&content);
	return rc;
}
