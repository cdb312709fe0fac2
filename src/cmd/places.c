/* SPDX-License-Identifier: MPL-2.0 */
/* civis places import FILE.csv --data DIR */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cmd/cmd.h"
#include "cmd/conf.h"
#include "cmd/gazetteer.h"

enum { CSV_MAX = 64 * 1024 * 1024 };

struct import {
	const struct pack *pack;
	struct bytes csv;
};

static enum rc work(void *ctx, struct err *e)
{
	const struct import *im = ctx;
	struct gazetteer_count count = {0};
	struct store *s = NULL;
	enum rc rc = store_open(".", &s, e);
	if (rc == RC_OK)
		rc = gazetteer_import(s, im->pack, im->csv, &count, e);
	store_close(&s);
	if (rc == RC_OK)
		printf("civis: %zu places and %zu offices imported\n", count.places, count.offices);
	return rc;
}

static enum rc import(const char *file, const char *data, struct err *e)
{
	char dir[PATH_MAX];
	struct conf conf;
	struct pack *pack = NULL;
	struct buf csv = BUF_INIT(CSV_MAX);
	enum rc rc = conf_read(data, &conf, e);
	if (rc == RC_OK)
		rc = conf_pack_dir(data, &conf, dir);
	if (rc == RC_OK)
		rc = pack_load(dir, &pack, e);
	if (rc == RC_OK)
		rc = file_read(file, &csv, e);
	if (rc == RC_OK) {
		struct import im = {pack, buf_bytes(&csv)};
		rc = conf_in_home(data, SANDBOX_GATE, work, &im, e);
	}
	buf_release(&csv);
	pack_free(&pack);
	return rc;
}

int cmd_places(int argc, char **argv)
{
	static const struct option options[] = {{"data", required_argument, NULL, 'd'}, {0}};
	const char *data = NULL;
	struct err e = ERR_NONE;
	bool good = argc > 1 && strcmp(argv[1], "import") == 0;
	for (int o; good && (o = getopt_long(argc, argv, "", options, NULL)) != -1;)
		if (o == 'd')
			data = optarg;
		else
			good = false;
	if (!good || !data || optind != argc - 2) {
		fputs("usage: civis places import FILE.csv --data DIR\n", stderr);
		return EXIT_UNUSABLE;
	}
	enum rc rc = import(argv[optind + 1], data, &e);
	return rc == RC_OK ? EXIT_DONE : conf_complain("places", rc, &e);
}
