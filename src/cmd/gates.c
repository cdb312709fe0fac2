/* SPDX-License-Identifier: MPL-2.0 */
#include "cmd/gates.h"

#include <stdio.h>

#include "base/file.h"
#include "process/supervise.h"
#include "store/store.h"

enum rc gates_home(const char *data, unsigned number, char out[static PATH_MAX], struct err *e)
{
	char name[24] = "gate";
	if (number)
		snprintf(name, sizeof name, "gate-%u", number + 1);
	return path_in(out, data, name, e);
}

static enum rc prepare_one(const char *home, const char *address, struct err *e)
{
	enum rc rc = sandbox_make_home(SANDBOX_GATE, home, e);
	if (rc == RC_OK)
		rc = store_set_address(home, address, e);
	return rc == RC_OK ? sandbox_make_home(SANDBOX_GATE, home, e) : rc;
}

enum rc gates_prepare(const char *data, unsigned count, struct err *e)
{
	char home[PATH_MAX], address[STORE_ADDRESS_MAX];
	if (count < 2)
		return RC_OK;
	if (count > SUPERVISE_GATES_MAX)
		return err_set(e, RC_CONFIG, "listen", "There can be %d gates", SUPERVISE_GATES_MAX);
	enum rc rc = gates_home(data, 0, home, e);
	if (rc == RC_OK)
		rc = store_address(home, address, e);
	if (rc == RC_OK && !*address)
		rc = err_set(e, RC_CONFIG, "listen", "Several gates need a store on a server; this one is in files");
	for (unsigned i = 1; rc == RC_OK && i < count; i++) {
		rc = gates_home(data, i, home, e);
		if (rc == RC_OK)
			rc = prepare_one(home, address, e);
	}
	return rc;
}
