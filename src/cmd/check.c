/* SPDX-License-Identifier: MPL-2.0 */
/*
 * civis check --data DIR [--deep] [--json]
 *
 * Chains, entries and log agree: nothing is opened. --deep: a vault of its own
 * recomputes every commitment inside itself. Runs beside a serving register.
 * 0 sound, 1 not, 2 the check could not be made.
 */
#include <getopt.h>
#include <stdio.h>

#include "cmd/cmd.h"
#include "cmd/conf.h"
#include "cmd/data_check.h"
#include "cmd/vault_child.h"

static enum rc work(void *ctx, struct err *e)
{
	return data_check_run(ctx, e);
}

int cmd_check(int argc, char **argv)
{
	static const struct option options[] = {
		{"data", required_argument, NULL, 'd'}, {"deep", no_argument, NULL, 'p'}, {"json", no_argument, NULL, 'j'}, {0},
	};
	struct data_check check = {.gate_dir = "."};
	struct vault_child vault = {0};
	struct err e = ERR_NONE;
	const char *data = NULL;
	bool deep = false, usable = true;
	for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (o == 'd')
			data = optarg;
		deep |= o == 'p';
		check.json |= o == 'j';
		usable &= o != '?';
	}
	if (!usable || !data || optind != argc) {
		fputs("usage: civis check --data DIR [--deep] [--json]\n", stderr);
		return EXIT_UNUSABLE;
	}
	enum rc rc = deep ? vault_child_start(data, &vault, &e) : RC_OK;
	check.vault = vault.client;
	if (rc == RC_OK)
		rc = conf_in_home(data, SANDBOX_GATE, work, &check, &e);
	if (vault.pid)
		vault_child_end(&vault);
	if (rc == RC_OK)
		return EXIT_DONE;
	if (rc == RC_CORRUPT)
		return check.json ? EXIT_NO : (conf_complain("check", rc, &e), EXIT_NO);
	conf_complain("check", rc, &e);
	return EXIT_UNUSABLE;
}
