/* SPDX-License-Identifier: MPL-2.0 */
/* civis migrate: brings the schema of the store up to date, or tells what is to be done. */
#include <limits.h>
#include <stdio.h>

#include "base/clock.h"
#include "cmd/args.h"
#include "cmd/conf.h"
#include "database/db.h"
#include "store/store.h"

struct migrate {
	const char *data, *store, *owner;
	bool plan;
	int steps;
};

static void tell(void *ctx, const struct db_step *step)
{
	struct migrate *in = ctx;
	printf("%s-- step %d%s\n%s\n", in->steps++ ? "\n" : "", step->version, step->sharded ? ", on a sharded server alone" : "", step->text);
}

static enum rc plan(struct migrate *in, const char *place, struct err *e)
{
	enum rc rc = store_plan(place, tell, in, e);
	if (rc == RC_OK && !in->steps)
		printf("-- the schema is up to date\n");
	fflush(stdout);
	return rc;
}

/* In the gate's folder, as its user. */
static enum rc in_folder(void *ctx, struct err *e)
{
	struct migrate *in = ctx;
	struct store *s = NULL;
	if (in->plan)
		return plan(in, ".", e);
	enum rc rc = store_open(".", &s, e); /* files are brought up to date as they are opened */
	store_close(&s);
	return rc;
}

static enum rc migrate(struct migrate *in, struct err *e)
{
	enum rc rc;
	if (in->store) {
		rc = in->plan ? plan(in, in->owner, e) : store_migrate(in->owner, in->store, clock_now_us(), e);
	} else {
		rc = conf_require(in->data, e);
		if (rc == RC_OK)
			rc = conf_in_home(in->data, SANDBOX_GATE, in_folder, in, e);
	}
	if (rc == RC_OK && !in->plan)
		printf("civis: the schema is up to date\n");
	return rc;
}

int cmd_migrate(const struct command *self, int argc, char **argv)
{
	struct migrate in = {0};
	struct err e = ERR_NONE;
	const struct arg args[] = {
		ARG_TEXT("data", "DIR", &in.data, "the register's folder: a store in files, or --plan"),
		ARG_TEXT("store", "URL", &in.store, "a store on PostgreSQL, as the register connects to it"),
		ARG_TEXT("store-owner", "URL", &in.owner, "the same database as its owner, who changes the tables"),
		ARG_FLAG("plan", &in.plan, "print what would be run, and change nothing"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	if (!in.store != !in.owner || !in.data == !in.store)
		return args_wrong(self, args, "--data is needed, or --store and --store-owner");
	enum rc rc = migrate(&in, &e);
	return rc == RC_OK ? EXIT_DONE : conf_complain(self->name, rc, &e);
}
