/* SPDX-License-Identifier: MPL-2.0 */
/* civis migrate: brings the schema of the register's store and of the vault's up to date, or tells what is to be done. */
#include <limits.h>
#include <stdio.h>

#include "base/clock.h"
#include "cmd/args.h"
#include "cmd/conf.h"
#include "database/db.h"
#include "store/store.h"
#include "vault/admin.h"

struct migrate {
	const char *data, *store, *owner, *vault_store, *vault_owner;
	struct conf conf;
	bool plan;
	int steps;
};

static void tell(void *ctx, const struct db_step *step)
{
	struct migrate *in = ctx;
	printf("%s-- step %d%s\n%s\n", in->steps++ ? "\n" : "", step->version, step->sharded ? ", on a sharded server alone" : "", step->text);
}

static enum rc plan(struct migrate *in, const char *whose, const char *place,
                    enum rc (*steps)(const char *, void (*)(void *, const struct db_step *), void *, struct err *), struct err *e)
{
	in->steps = 0;
	printf("-- the %s's store\n", whose);
	enum rc rc = steps(place, tell, in, e);
	if (rc == RC_OK && !in->steps)
		printf("-- the schema is up to date\n");
	fflush(stdout);
	return rc;
}

/* In the gate's folder, as its user. */
static enum rc in_gate(void *ctx, struct err *e)
{
	struct migrate *in = ctx;
	struct store *s = NULL;
	if (in->plan)
		return plan(in, "register", ".", store_plan, e);
	enum rc rc = store_open(".", in->conf.register_id, &s, e); /* files are brought up to date as they are opened */
	store_close(&s);
	return rc;
}

static enum rc in_vault(void *ctx, struct err *e)
{
	struct migrate *in = ctx;
	return in->plan ? plan(in, "vault", ".", vault_store_plan, e) : vault_store_upgrade(".", e);
}

static enum rc migrate(struct migrate *in, struct err *e)
{
	enum rc rc = RC_OK;
	if (in->store)
		rc = in->plan ? plan(in, "register", in->owner, store_plan, e) : store_migrate(in->owner, in->store, clock_now_us(), e);
	if (rc == RC_OK && in->vault_store)
		rc = in->plan ? plan(in, "vault", in->vault_owner, vault_store_plan, e)
		              : vault_store_migrate(in->vault_owner, in->vault_store, clock_now_us(), e);
	if (in->data) {
		rc = conf_read(in->data, &in->conf, e);
		if (rc == RC_OK)
			rc = conf_in_home(in->data, SANDBOX_GATE, in_gate, in, e);
		if (rc == RC_OK)
			rc = conf_in_home(in->data, SANDBOX_VAULT, in_vault, in, e);
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
		ARG_TEXT("data", "DIR", &in.data, "the register's folder: stores in files, or --plan"),
		ARG_TEXT("store", "URL", &in.store, "a store on PostgreSQL, as the register connects to it"),
		ARG_TEXT("store-owner", "URL", &in.owner, "the same database as its owner, who changes the tables"),
		ARG_TEXT("vault-store", "URL", &in.vault_store, "what the vault keeps on PostgreSQL, as the vault connects to it"),
		ARG_TEXT("vault-store-owner", "URL", &in.vault_owner, "the same database as its owner"),
		ARG_FLAG("plan", &in.plan, "print what would be run, and change nothing"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	if (!in.store != !in.owner || !in.vault_store != !in.vault_owner || !in.data == (!in.store && !in.vault_store))
		return args_wrong(self, args, "--data is needed, or --store and --store-owner, or --vault-store and --vault-store-owner");
	enum rc rc = migrate(&in, &e);
	return rc == RC_OK ? EXIT_DONE : conf_complain(self->name, rc, &e);
}
