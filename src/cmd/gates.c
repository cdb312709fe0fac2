/* SPDX-License-Identifier: MPL-2.0 */
#include "cmd/gates.h"

#include <stdio.h>

#include "base/file.h"
#include "base/random.h"
#include "gate/gate.h"
#include "process/supervise.h"
#include "store/store.h"

enum rc gates_home(const char *data, unsigned number, char out[static PATH_MAX], struct err *e)
{
	char name[24] = "gate";
	if (number)
		snprintf(name, sizeof name, "gate-%u", number + 1);
	return path_in(out, data, name, e);
}

/* The first gate's, made if it has none yet. */
static enum rc request_key(const char *home, struct buf *key, struct err *e)
{
	char path[PATH_MAX];
	uint8_t fresh[GATE_REQUEST_KEY_SIZE];
	struct err missing = ERR_NONE;
	enum rc rc = path_in(path, home, GATE_REQUEST_KEY, e);
	if (rc == RC_OK)
		rc = file_read(path, key, &missing);
	if (rc != RC_NOT_FOUND) {
		if (rc != RC_OK && e)
			*e = missing;
		return rc;
	}
	random_bytes(fresh, sizeof fresh);
	buf_append(key, BYTES_ARRAY(fresh));
	wipe(fresh, sizeof fresh);
	rc = file_write_durable(path, buf_bytes(key), 0600, e);
	return rc == RC_OK ? sandbox_make_home(SANDBOX_GATE, home, e) : rc;
}

static enum rc prepare_one(const char *home, const char *address, struct bytes key, struct err *e)
{
	char path[PATH_MAX];
	enum rc rc = sandbox_make_home(SANDBOX_GATE, home, e);
	if (rc == RC_OK)
		rc = store_set_address(home, address, e);
	if (rc == RC_OK)
		rc = path_in(path, home, GATE_REQUEST_KEY, e);
	if (rc == RC_OK)
		rc = file_write_durable(path, key, 0600, e);
	return rc == RC_OK ? sandbox_make_home(SANDBOX_GATE, home, e) : rc;
}

enum rc gates_prepare(const char *data, unsigned count, struct err *e)
{
	char home[PATH_MAX], address[STORE_ADDRESS_MAX];
	struct buf key = BUF_INIT(GATE_REQUEST_KEY_SIZE);
	if (count < 2)
		return RC_OK;
	if (count > SUPERVISE_GATES_MAX)
		return err_set(e, RC_CONFIG, "listen", "There can be %d gates", SUPERVISE_GATES_MAX);
	enum rc rc = gates_home(data, 0, home, e);
	if (rc == RC_OK)
		rc = store_address(home, address, e);
	if (rc == RC_OK && !*address)
		rc = err_set(e, RC_CONFIG, "listen", "Several gates need a store on a server; this one is in files");
	if (rc == RC_OK)
		rc = request_key(home, &key, e);
	for (unsigned i = 1; rc == RC_OK && i < count; i++) {
		rc = gates_home(data, i, home, e);
		if (rc == RC_OK)
			rc = prepare_one(home, address, buf_bytes(&key), e);
	}
	buf_release(&key);
	return rc;
}
