/* SPDX-License-Identifier: MPL-2.0 */
/* civis office add|list|regime: offices that no place gives, such as a hospital below its commune; how one works. */
#include <stdio.h>
#include <string.h>

#include "cmd/args.h"
#include "cmd/conf.h"
#include "cmd/office.h"
#include "country/pack.h"
#include "store/store.h"
#include "vault/policy.h"

enum { PAGE = 100 };

struct office {
	const char *data, *scope, *kind, *native, *latin, *place, *from, *regime;
	struct conf conf;
};

enum rc office_find(struct store *s, const char *scope, struct err *e)
{
	struct store_reader *r = NULL;
	struct store_office found;
	char above[STORE_SCOPE_MAX];
	int n = snprintf(above, sizeof above, "%s", scope);
	if (n < 0 || (size_t)n >= sizeof above)
		return err_set(e, RC_INVALID, "scope", "the path is too long");
	enum rc rc = store_reader_open(s, &r, e);
	if (rc == RC_OK)
		rc = store_office_get(r, above, &found, e);
	bool here = rc == RC_OK;
	for (char *slash; rc == RC_NOT_FOUND && (slash = strrchr(above, '/'));) {
		*slash = 0;
		rc = store_office_get(r, above, &found, e);
	}
	store_reader_close(&r);
	if (here || (rc != RC_OK && rc != RC_NOT_FOUND))
		return rc;
	if (rc == RC_NOT_FOUND)
		return err_set(e, RC_INVALID, scope, "there is no such office, nor one above it; `civis office list` shows all");
	return err_set(e, RC_INVALID, scope, "there is no such office; the nearest above it is %s (%s). `civis office add` adds one",
	               above, found.name_latin);
}

/* An office stands below one that is there: a mistyped scope would make one that nobody finds. */
static enum rc find_parent(struct store *s, const char *scope, struct err *e)
{
	char above[STORE_SCOPE_MAX];
	snprintf(above, sizeof above, "%s", scope);
	char *slash = strrchr(above, '/');
	if (!slash)
		return err_set(e, RC_INVALID, scope, "an office's scope begins with the country, as in khm/04/0499/049901/H001");
	*slash = 0;
	return office_find(s, above, e);
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
	enum rc rc = store_open(".", in->conf.register_id, &s, e);
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
	enum rc rc = store_open(".", in->conf.register_id, &s, e);
	if (rc == RC_OK)
		rc = store_reader_open(s, &r, e);
	if (rc == RC_OK)
		rc = print_all(r, in->scope, e);
	store_reader_close(&r);
	store_close(&s);
	return rc;
}

static enum rc set_regime(void *ctx, struct err *e)
{
	const struct office *in = ctx;
	struct store *s = NULL;
	enum rc rc = store_open(".", in->conf.register_id, &s, e);
	if (rc == RC_OK)
		rc = office_find(s, in->scope, e);
	if (rc == RC_OK)
		rc = store_office_regime_set(s, in->scope, in->from, in->regime, e);
	if (rc == RC_OK)
		printf("civis: from %s on the office %s works as \"%s\"\n", in->from, in->scope, in->regime);
	store_close(&s);
	return rc;
}

/* The pack in use must know it. */
static enum rc find_regime(const struct office *in, struct err *e)
{
	char dir[PATH_MAX];
	struct conf conf;
	struct pack *pack = NULL;
	enum rc rc = conf_read(in->data, &conf, e);
	if (rc == RC_OK)
		rc = conf_pack_dir(in->data, &conf, dir);
	if (rc == RC_OK)
		rc = pack_load(dir, &pack, e);
	if (rc == RC_OK && !pack_regime(pack, in->regime)) {
		char all[PACK_REGIMES_MAX * STORE_WORD_MAX] = "";
		for (size_t i = 0, len = 0; i < pack->regime_count; i++, len = strlen(all))
			snprintf(all + len, sizeof all - len, "%s%s", i ? ", " : "", pack->regimes[i].name);
		rc = err_set(e, RC_INVALID, in->regime, "the country pack has no such way of working; it has %s", *all ? all : "none");
	}
	pack_free(&pack);
	return rc;
}

static int run(const struct command *self, struct office *in, enum rc (*work)(void *ctx, struct err *e))
{
	struct err e = ERR_NONE;
	enum rc rc = conf_read(in->data, &in->conf, &e);
	if (rc == RC_OK && !in->scope)
		in->scope = in->conf.country;
	if (rc == RC_OK)
		rc = conf_in_home(in->data, SANDBOX_GATE, work, in, &e);
	return rc == RC_OK ? EXIT_DONE : conf_complain(self->name, rc, &e);
}

int cmd_office_add(const struct command *self, int argc, char **argv)
{
	struct office in = {0};
	const struct arg args[] = {
		ARG_NEEDED("data", "DIR", &in.data, ARG_DATA),
		ARG_NEEDED("scope", "SCOPE", &in.scope, "its path from the country down, such as khm/04/0499/049901/H001"),
		ARG_NEEDED("kind", "KIND", &in.kind, "what it is, in one word, such as hospital"),
		ARG_NEEDED("name-native", "NAME", &in.native, "its name in the script of the country"),
		ARG_NEEDED("name-latin", "NAME", &in.latin, "its name in Latin letters"),
		ARG_TEXT("place", "CODE", &in.place, "code of the place where it stands"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	if (!scope_is_valid(bytes_str(in.scope)))
		return args_wrong(self, args, "\"%s\" is not the path of an office", in.scope);
	return run(self, &in, add);
}

int cmd_office_list(const struct command *self, int argc, char **argv)
{
	struct office in = {0};
	const struct arg args[] = {
		ARG_NEEDED("data", "DIR", &in.data, ARG_DATA),
		ARG_TEXT("scope", "SCOPE", &in.scope, "only the office with this path and those below it"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	if (in.scope && !scope_is_valid(bytes_str(in.scope)))
		return args_wrong(self, args, "\"%s\" is not the path of an office", in.scope);
	return run(self, &in, list);
}

int cmd_office_regime(const struct command *self, int argc, char **argv)
{
	struct office in = {0};
	struct err e = ERR_NONE;
	struct date from;
	const struct arg args[] = {
		ARG_NEEDED("data", "DIR", &in.data, ARG_DATA),
		ARG_NEEDED("scope", "SCOPE", &in.scope, "its path"),
		ARG_NEEDED("from", "DATE", &in.from, "the first day, such as 2026-11-22"),
		ARG_NEEDED("regime", "NAME", &in.regime, "how it works: a name in the country pack, such as paper"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	if (!scope_is_valid(bytes_str(in.scope)))
		return args_wrong(self, args, "\"%s\" is not the path of an office", in.scope);
	if (!date_parse(in.from, strlen(in.from), &from))
		return args_wrong(self, args, "\"%s\" is not a day", in.from);
	enum rc rc = find_regime(&in, &e);
	return rc == RC_OK ? run(self, &in, set_regime) : conf_complain(self->name, rc, &e);
}
