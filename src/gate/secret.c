/* SPDX-License-Identifier: MPL-2.0 */
/* The gate's own key, with which it keys the digests that lie in its database; and secrets that pass
   through JSON. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

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

static void wipe_and_free(void *p)
{
	if (p)
		wipe(p, malloc_usable_size(p));
	free(p);
}

void gate_wipe_json(void)
{
	json_set_alloc_funcs(malloc, wipe_and_free);
}
