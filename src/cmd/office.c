/* SPDX-License-Identifier: MPL-2.0 */
/* civis office add|list: offices that no place gives, such as a hospital below its commune. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "cmd/conf.h"
#include "store/store.h"
#include "vault/policy.h"

enum { PAGE = 100 };

struct office {
	const char *data, *scope, *kind, *native, *latin, *place;
};

/* An office stands below one that is there: a mistyped scope would make one that nobody finds. */
static enum rc find_parent(struct store *s, const char *scope, struct err *e)
{
	struct store_reader *r = NULL;
	struct store_office parent;
	char above[STORE_SCOPE_MAX];
	snprintf(above, sizeof above, "%s", scope);
	char *slash = strrchr(above, '/');
	if (!slash)
		return err_set(e, RC_INVALID, scope, "an office's scope begins with the country, as in khm/04/0499/049901/H001");
	*slash = 0;
	enum rc rc = store_reader_open(s, &r, e);
	if (rc == RC_OK)
		rc = store_office_get(r, above, &parent, e);
	store_reader_close(&r);
	return rc == RC_NOT_FOUND ? err_set(e, RC_NOT_FOUND, scope, "there is no office %s for it to stand below", above) : rc;
}

static enum rc add(void *ctx, struct err *e)
{
	const struct office *in = ctx;
	struct store *s = NULL;
	struct store_office o = {.active = true};
	const char *slash = strrchr(in->scope, '/');
	snprintf(o.scope, sizeof o.scope, "%s", in->scope);
	snprintf(o.code, sizeof o.code, "%s", slash ? slash + 1 : in->scope);
	snprintf(o.kind, sizeof o.kind, "%s", in->kind);
	snprintf(o.name_native, sizeof o.name_native, "%s", in->native);
	snprintf(o.name_latin, sizeof o.name_latin, "%s", in->latin);
	snprintf(o.place, sizeof o.place, "%s", in->place ? in->place : "");
	enum rc rc = store_open(".", &s, e);
	if (rc == RC_OK)
		rc = find_parent(s, in->scope, e);
	if (rc == RC_OK)
		rc = store_office_add(s, &o, e);
	if (rc == RC_OK)
		printf("civis: the office %s is there\n", o.scope);
	store_close(&s);
	return rc;
}

static enum rc print_all(struct store_reader *r, const char *scope, struct err *e)
{
	static struct store_office rows[PAGE];
	char after[STORE_SCOPE_MAX] = "";
	size_t n = PAGE;
	enum rc rc = RC_OK;
	while (rc == RC_OK && n == PAGE) {
		rc = store_office_list(r, scope, after[0] ? after : NULL, rows, PAGE, &n, e);
		for (size_t i = 0; rc == RC_OK && i < n; i++)
			printf("%-32s %-10s %s — %s\n", rows[i].scope, rows[i].kind, rows[i].name_native, rows[i].name_latin);
		if (rc == RC_OK && n)
			snprintf(after, sizeof after, "%s", rows[n - 1].scope);
	}
	return rc;
}

static enum rc list(void *ctx, struct err *e)
{
	const struct office *in = ctx;
	struct store *s = NULL;
	struct store_reader *r = NULL;
	enum rc rc = store_open(".", &s, e);
	if (rc == RC_OK)
		rc = store_reader_open(s, &r, e);
	if (rc == RC_OK)
		rc = print_all(r, in->scope, e);
	store_reader_close(&r);
	store_close(&s);
	return rc;
}

static bool read_arguments(int argc, char **argv, struct office *in)
{
	static const struct option options[] = {
		{"data", required_argument, NULL, 'd'}, {"scope", required_argument, NULL, 's'},
		{"kind", required_argument, NULL, 'k'}, {"name-native", required_argument, NULL, 'n'},
		{"name-latin", required_argument, NULL, 'l'}, {"place", required_argument, NULL, 'p'}, {0},
	};
	for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		switch (o) {
		case 'd': in->data = optarg; break;
		case 's': in->scope = optarg; break;
		case 'k': in->kind = optarg; break;
		case 'n': in->native = optarg; break;
		case 'l': in->latin = optarg; break;
		case 'p': in->place = optarg; break;
		default: return false;
		}
	}
	return in->data && optind == argc - 1 && (!in->scope || scope_is_valid(bytes_str(in->scope)));
}

int cmd_office(int argc, char **argv)
{
	struct office in = {0};
	struct conf conf;
	struct err e = ERR_NONE;
	bool adding = argc > 1 && strcmp(argv[1], "add") == 0, listing = argc > 1 && strcmp(argv[1], "list") == 0;
	bool good = (adding || listing) && read_arguments(argc, argv, &in);
	if (!good || (adding && (!in.scope || !in.kind || !in.native || !in.latin))) {
		fputs("usage: civis office add --data DIR --scope SCOPE --kind KIND --name-native NAME --name-latin NAME [--place CODE]\n"
		      "       civis office list --data DIR [--scope SCOPE]\n", stderr);
		return EXIT_UNUSABLE;
	}
	enum rc rc = conf_read(in.data, &conf, &e);
	if (rc == RC_OK && !in.scope)
		in.scope = conf.country;
	if (rc == RC_OK)
		rc = conf_in_home(in.data, SANDBOX_GATE, adding ? add : list, &in, &e);
	return rc == RC_OK ? EXIT_DONE : conf_complain("office", rc, &e);
}
