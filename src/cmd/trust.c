/* SPDX-License-Identifier: MPL-2.0 */
/* civis trust export: every public key ever used, with its period. */
#include <stdio.h>
#include <string.h>

#include "cmd/args.h"
#include "cmd/conf.h"
#include "cmd/vault_dir.h"
#include "vault/admin.h"

int cmd_trust_export(const struct command *self, int argc, char **argv)
{
	const char *data = NULL;
	struct err e = ERR_NONE;
	const struct arg args[] = {ARG_NEEDED("data", "DIR", &data, ARG_DATA), ARG_END};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	struct buf json = BUF_INIT(1 << 20);
	enum rc rc = vault_dir_enter(data, &e);
	if (rc == RC_OK)
		rc = vault_trust_export(".", &json, &e);
	if (rc == RC_OK && (fwrite(json.ptr, 1, json.len, stdout) != json.len || fflush(stdout) != 0))
		rc = err_set(&e, RC_IO, "standard output", "Writing failed");
	buf_release(&json);
	return rc == RC_OK ? EXIT_DONE : (conf_complain(self->name, rc, &e), EXIT_UNUSABLE);
}
