/* SPDX-License-Identifier: MPL-2.0 */
/* civis places import FILE.csv --data DIR */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cmd/args.h"
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

int cmd_places_import(const struct command *self, int argc, char **argv)
{
	const char *file = NULL, *data = NULL;
	struct err e = ERR_NONE;
	const struct arg args[] = {
		ARG_OPERAND("FILE.csv", &file, "the places: CSV in UTF-8; civis(1) tells its columns"),
		ARG_NEEDED("data", "DIR", &data, ARG_DATA),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	enum rc rc = import(file, data, &e);
	return rc == RC_OK ? EXIT_DONE : conf_complain(self->name, rc, &e);
}
