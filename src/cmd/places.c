/* SPDX-License-Identifier: MPL-2.0 */
/* civis places import FILE.csv --data DIR [--from DATE [--whole]] [--plan] */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "cmd/args.h"
#include "cmd/conf.h"
#include "cmd/gazetteer.h"

enum { CSV_MAX = 64 * 1024 * 1024 };

struct import {
	const char *register_id;
	const struct pack *pack;
	struct gazetteer_list list;
};

static enum rc work(void *ctx, struct err *e)
{
	const struct import *im = ctx;
	struct gazetteer_count count = {0};
	struct store *s = NULL;
	enum rc rc = store_open(".", im->register_id, &s, e);
	if (rc == RC_OK)
		rc = gazetteer_import(s, im->pack, &im->list, &count, e);
	store_close(&s);
	if (rc == RC_OK)
		printf("civis: %zu new, %zu renamed, %zu mended, %zu closed: %zu places and %zu offices %s\n", count.added, count.renamed,
		       count.mended, count.closed, count.places, count.offices, im->list.plan ? "would be imported" : "imported");
	return rc;
}

static enum rc import(const char *file, const char *data, const struct gazetteer_list *list, struct err *e)
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
		struct import im = {conf.register_id, pack, *list};
		im.list.csv = buf_bytes(&csv);
		rc = conf_in_home(data, SANDBOX_GATE, work, &im, e);
	}
	buf_release(&csv);
	pack_free(&pack);
	return rc;
}

int cmd_places_import(const struct command *self, int argc, char **argv)
{
	const char *file = NULL, *data = NULL;
	struct gazetteer_list list = {.say = stdout};
	struct date day;
	struct err e = ERR_NONE;
	const struct arg args[] = {
		ARG_OPERAND("FILE.csv", &file, "the places: CSV in UTF-8; civis(1) tells its columns"),
		ARG_NEEDED("data", "DIR", &data, ARG_DATA),
		ARG_TEXT("from", "DATE", &list.from, "the day from which rows without one hold, where they differ from what is there"),
		ARG_FLAG("whole", &list.whole, "with --from: units of the list's levels that are not in it end on that day"),
		ARG_FLAG("plan", &list.plan, "only say what would change"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	if (list.from && !date_parse(list.from, strlen(list.from), &day))
		return args_wrong(self, args, "\"%s\" is not a day", list.from);
	if (list.whole && !list.from)
		return args_wrong(self, args, "--whole needs --from");
	if (!list.plan)
		list.say = NULL;
	enum rc rc = import(file, data, &list, &e);
	return rc == RC_OK ? EXIT_DONE : conf_complain(self->name, rc, &e);
}
