/* SPDX-License-Identifier: MPL-2.0 */
/*
 * civis check --data DIR [--deep] [--json]
 *
 * Chains, entries and log agree: nothing is opened. --deep: a vault of its own
 * recomputes every commitment inside itself. Runs beside a serving register.
 * 0 sound, 1 not, 2 the check could not be made.
 */
#include <stdio.h>

#include "cmd/args.h"
#include "cmd/conf.h"
#include "cmd/data_check.h"
#include "cmd/vault_child.h"

int cmd_check(const struct command *self, int argc, char **argv)
{
	struct data_check check = {.gate_dir = "."};
	struct vault_child vault = {0};
	struct err e = ERR_NONE;
	const char *data = NULL;
	struct conf conf = {0};
	bool deep = false;
	const struct arg args[] = {
		ARG_NEEDED("data", "DIR", &data, ARG_DATA),
		ARG_FLAG("deep", &deep, "have a vault recompute the commitment of every act, inside itself"),
		ARG_FLAG("json", &check.json, "answer as one JSON object"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	enum rc rc = conf_read(data, &conf, &e);
	if (rc == RC_OK && deep)
		rc = vault_child_start(data, &vault, &e);
	check.vault = vault.client;
	check.keys = vault.client != NULL;
	check.of = conf.register_id;
	if (rc == RC_OK)
		rc = conf_in_home(data, SANDBOX_GATE, data_check_work, &check, &e);
	if (vault.pid)
		vault_child_end(&vault);
	if (rc == RC_OK)
		return EXIT_DONE;
	if (rc == RC_CORRUPT)
		return check.json ? EXIT_NO : (conf_complain(self->name, rc, &e), EXIT_NO);
	conf_complain(self->name, rc, &e);
	return EXIT_UNUSABLE;
}
