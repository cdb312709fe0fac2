/* SPDX-License-Identifier: MPL-2.0 */
/*
 * civis migrate-store --from DIR --to URL [--owner URL]
 *
 * A register that outgrew its files goes on a server. The owner makes the tables, like `civis migrate`; all else is done as
 * the register's own role, which may read and add, and by the gate's user. Whatever breaks off, the same command goes on.
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
#include "database/db.h"
#include "store/move.h"
#include "store/store.h"

enum { SAY_EVERY_US = 1000000 };

struct moving {
	const char *from, *to, *owner;
	struct vault_client *vault;
	const char *doing;
	int64_t said;
	uint64_t records;
	bool there;        /* moved before */
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
	fprintf(stderr, "civis: %s %s: %" PRIu64 "%s%s%s\n", in->doing, table, records, last ? "" : " …", digest ? ", SHA-256 " : "",
	        digest ? digest : "");
}

/* What may well be wrong, before anything is changed. */
static enum rc look(void *ctx, struct err *e)
{
	const struct moving *in = ctx;
	struct store_move *m = NULL;
	bool there;
	enum rc rc = store_move_open(".", in->to, &m, &there, e);
	store_move_close(&m);
	return rc;
}

static enum rc copy_all(struct moving *in, struct store_move *m, struct err *e)
{
	const struct store_moving how = {.ctx = in, .part = say};
	const struct data_check check = {.gate_dir = ".", .store = in->to, .vault = in->vault, .quiet = true};
	in->doing = "copied";
	in->said = clock_monotonic_us();
	enum rc rc = store_move_to(m, e);
	if (rc == RC_OK)
		rc = store_move_copy(m, &how, e);
	in->doing = "compared";
	in->records = 0;
	if (rc == RC_OK)
		rc = store_move_compare(m, &how, e);
	if (rc == RC_OK)
		fprintf(stderr, "civis: %" PRIu64 " records are the same; now the chains, and the log against what the vault signed\n", in->records);
	return rc == RC_OK ? data_check_run(&check, e) : rc;
}

/* In the gate's folder, as its user. */
static enum rc move(void *ctx, struct err *e)
{
	struct moving *in = ctx;
	struct store_move *m = NULL;
	/* Who asked for it is gone: nobody would hear the end. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return err_set(e, RC_INTERNAL, "migrate-store", "It cannot be tied to its command");
	enum rc rc = store_move_open(".", in->to, &m, &in->there, e);
	if (rc == RC_OK && !in->there)
		rc = copy_all(in, m, e);
	if (rc == RC_OK)
		rc = store_move_finish(m, e);
	store_move_close(&m);
	if (rc == RC_OK)
		printf("civis: the store of %s is on the server%s; the way on is to serve it:\ncivis:   civis serve --data %s\n", in->from,
		       in->there ? " already" : ", and the same as in the files", in->from);
	return rc;
}

static enum rc move_store(struct moving *in, struct err *e)
{
	struct vault_child vault = {0};
	enum rc rc = conf_require(in->from, e);
	if (rc == RC_OK && !db_is_url(in->to))
		rc = err_set(e, RC_CONFIG, "store", "--to is the address of a database: postgresql://user@/database?host=/folder/of/its/socket");
	if (rc == RC_OK)
		rc = conf_in_home(in->from, SANDBOX_GATE, look, in, e);
	if (rc == RC_OK && in->owner)
		rc = store_migrate(in->owner, in->to, clock_now_us(), e);
	if (rc == RC_OK)
		rc = vault_child_start(in->from, &vault, e);
	in->vault = vault.client;
	if (rc == RC_OK)
		rc = conf_in_home(in->from, SANDBOX_GATE, move, in, e);
	if (vault.pid)
		vault_child_end(&vault);
	return rc;
}

int cmd_migrate_store(const struct command *self, int argc, char **argv)
{
	struct moving in = {0};
	struct err e = ERR_NONE;
	const struct arg args[] = {
		ARG_NEEDED("from", "DIR", &in.from, "the data folder of a register whose store is in files, and which does not run"),
		ARG_NEEDED("to", "URL", &in.to, "an empty database, as the register will connect to it"),
		ARG_TEXT("owner", "URL", &in.owner, "the same database as its owner, who makes the tables\n"
		                                    "(default: `civis migrate` has made them)"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	enum rc rc = move_store(&in, &e);
	return rc == RC_OK ? EXIT_DONE : conf_complain(self->name, rc, &e);
}
