/* SPDX-License-Identifier: MPL-2.0 */
/* civis trust export: every public key ever used, with its period. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/vault_dir.h"
#include "vault/admin.h"

static int usage(void)
{
	fputs("usage: civis trust export --data DIR\n", stderr);
	return EXIT_UNUSABLE;
}

int cmd_trust(int argc, char **argv)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'}, {NULL, 0, NULL, 0}};
	const char *data = NULL;
	struct err e = ERR_NONE;
	if (argc < 2 || strcmp(argv[1], "export") != 0)
		return usage();
	optind = 0;
	for (int c; (c = getopt_long(argc - 1, argv + 1, "", options, NULL)) != -1;) {
		if (c != 'd')
			return usage();
		data = optarg;
	}
	if (!data || optind != argc - 1)
		return usage();
	struct buf json = BUF_INIT(1 << 20);
	enum rc rc = vault_dir_enter(data, &e);
	if (rc == RC_OK)
		rc = vault_trust_export(".", &json, &e);
	if (rc == RC_OK && (fwrite(json.ptr, 1, json.len, stdout) != json.len || fflush(stdout) != 0))
		rc = err_set(&e, RC_IO, "standard output", "Writing failed");
	buf_release(&json);
	if (rc != RC_OK)
		fprintf(stderr, "civis: trust: %s: %s\n", e.where, e.text);
	return rc == RC_OK ? EXIT_DONE : EXIT_UNUSABLE;
}
