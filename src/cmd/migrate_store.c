/* SPDX-License-Identifier: MPL-2.0 */
/*
 * civis migrate-store --from DIR [--to URL [--owner URL]] [--vault-to URL [--vault-owner URL]]
 *
 * A register that outgrew its files goes on a server, and so does what its vault keeps. The owner makes the tables, like
 * `civis migrate`; all else is done as the program's own role, which may read and add, and by the user of its folder.
 * Whatever breaks off, the same command goes on.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "base/clock.h"
#include "cmd/args.h"
#include "cmd/conf.h"
#include "cmd/data_check.h"
#include "cmd/vault_child.h"
#include "database/move.h"
#include "store/store.h"
#include "vault/admin.h"

enum { SAY_EVERY_US = 1000000 };

struct moving {
	const struct db_movable *what;
	enum sandbox_role home;
	enum rc (*migrate)(const char *owner_url, const char *url, int64_t now, struct err *e);
	const char *option, *of;     /* "--vault-to", "the vault's " */
	const char *from, *to, *owner;
	struct conf conf;
	bool tables;                 /* are there */
	struct vault_client *vault;  /* checks the register's acts */
	const char *doing;
	int64_t said;
	uint64_t records;
};

static void say(void *ctx, const char *table, uint64_t records, bool last, const char *digest)
{
	struct moving *in = ctx;
	int64_t now = clock_monotonic_us();
	if (last)
		in->records += records;
	if (last ? records == 0 : now - in->said < SAY_EVERY_US)
		return;
	in->said = now;
	fprintf(stderr, "civis: %s %s%s: %" PRIu64 "%s%s%s\n", in->doing, in->of, table, records, last ? "" : " …", digest ? ", SHA-256 " : "",
	        digest ? digest : "");
}

/* ---- in the folder of the gate or the vault, as its user ---- */

/* What may well be wrong, before anything is moved: with the files; with the database, once it has its tables. */
static enum rc look(void *ctx, struct err *e)
{
	const struct moving *in = ctx;
	struct db_move *m = NULL;
	bool there;
	enum rc rc = db_move_open(in->what, ".", in->to, &m, &there, e);
	if (rc == RC_OK && in->tables && !there)
		rc = db_move_to(m, e);
	db_move_close(&m);
	return rc;
}

static enum rc copy_all(struct moving *in, struct db_move *m, struct err *e)
{
	const struct db_moving how = {.ctx = in, .part = say};
	const struct data_check check = {.gate_dir = ".", .of = in->conf.register_id, .store = in->to, .vault = in->vault, .quiet = true};
	in->doing = "copied";
	in->said = clock_monotonic_us();
	enum rc rc = db_move_to(m, e);
	if (rc == RC_OK)
		rc = db_move_copy(m, &how, e);
	in->doing = "compared";
	in->records = 0;
	if (rc == RC_OK)
		rc = db_move_compare(m, &how, e);
	if (rc == RC_OK)
		fprintf(stderr, "civis: %s%" PRIu64 " records are the same%s\n", in->of, in->records,
		        in->vault ? "; now the chains, and the log against what the vault signed" : "");
	return rc == RC_OK && in->vault ? data_check_run(&check, e) : rc;
}

static enum rc move(void *ctx, struct err *e)
{
	struct moving *in = ctx;
	struct db_move *m = NULL;
	bool there = false;
	/* Who asked for it is gone: nobody would hear the end. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return err_set(e, RC_INTERNAL, "migrate-store", "It cannot be tied to its command");
	enum rc rc = db_move_open(in->what, ".", in->to, &m, &there, e);
	if (rc == RC_OK && !there)
		rc = copy_all(in, m, e);
	if (rc == RC_OK)
		rc = db_move_finish(m, e);
	db_move_close(&m);
	if (rc == RC_OK)
		printf("civis: the %s's store is on the server%s\n", in->what->catalog->whose, there ? " already" : ", and the same as in the files");
	return rc;
}

/* ---- all of it ---- */

static enum rc in_home(struct moving *in, enum rc (*work)(void *ctx, struct err *e), struct err *e)
{
	return in->to ? conf_in_home(in->from, in->home, work, in, e) : RC_OK;
}

static enum rc prepare(struct moving *in, struct err *e)
{
	if (in->to && !db_is_url(in->to))
		return err_set(e, RC_CONFIG, "store", "%s is the address of a database: postgresql://user@/database?host=/folder/of/its/socket",
		               in->option);
	return in_home(in, look, e);
}

static enum rc make_tables(struct moving *in, struct err *e)
{
	enum rc rc = in->owner ? in->migrate(in->owner, in->to, clock_now_us(), e) : RC_OK;
	in->tables = true;
	return rc == RC_OK ? in_home(in, look, e) : rc;
}

static enum rc move_register(struct moving *in, struct err *e)
{
	struct vault_child vault = {0};
	enum rc rc = vault_child_start(in->from, &vault, e);
	in->vault = vault.client;
	if (rc == RC_OK)
		rc = in_home(in, move, e);
	if (vault.pid)
		vault_child_end(&vault);
	return rc;
}

/* What may be wrong with either is found before one of them is moved. */
static enum rc move_both(struct moving *gate, struct moving *vault, struct err *e)
{
	enum rc rc = conf_read(gate->from, &gate->conf, e);
	if (rc == RC_OK)
		rc = prepare(gate, e);
	if (rc == RC_OK)
		rc = prepare(vault, e);
	if (rc == RC_OK)
		rc = make_tables(gate, e);
	if (rc == RC_OK)
		rc = make_tables(vault, e);
	if (rc == RC_OK && gate->to)
		rc = move_register(gate, e);
	if (rc == RC_OK)
		rc = in_home(vault, move, e);
	if (rc == RC_OK)
		printf("civis: the way on is to serve it:\ncivis:   civis serve --data %s\n", gate->from);
	return rc;
}

int cmd_migrate_store(const struct command *self, int argc, char **argv)
{
	struct moving gate = {.what = &store_movable, .home = SANDBOX_GATE, .migrate = store_migrate, .option = "--to", .of = ""};
	struct moving vault = {.what = &vault_movable, .home = SANDBOX_VAULT, .migrate = vault_store_migrate, .option = "--vault-to",
	                       .of = "the vault's "};
	struct err e = ERR_NONE;
	const struct arg args[] = {
		ARG_NEEDED("from", "DIR", &gate.from, "the data folder of a register whose stores are in files, and which does not run"),
		ARG_TEXT("to", "URL", &gate.to, "an empty database, as the register will connect to it"),
		ARG_TEXT("owner", "URL", &gate.owner, "the same database as its owner, who makes the tables\n"
		                                      "(default: `civis migrate` has made them)"),
		ARG_TEXT("vault-to", "URL", &vault.to, "an empty database for what the vault keeps, as the vault will connect to it"),
		ARG_TEXT("vault-owner", "URL", &vault.owner, "the same database as its owner"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	if ((!gate.to && !vault.to) || (gate.owner && !gate.to) || (vault.owner && !vault.to))
		return args_wrong(self, args, "--to is needed, with --owner or without, or --vault-to, with --vault-owner or without");
	vault.from = gate.from;
	enum rc rc = move_both(&gate, &vault, &e);
	return rc == RC_OK ? EXIT_DONE : conf_complain(self->name, rc, &e);
}
