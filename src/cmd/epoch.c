/* SPDX-License-Identifier: MPL-2.0 */
/*
 * civis log new-epoch --data DIR
 *
 * The operator's way on when a restored store is behind a known checkpoint, or
 * its vault is older than it, and what is missing cannot be had: closes the
 * log's origin, opens the next, whose first entry commits to the newest known
 * checkpoint, and lets the store be written again. Stop the register first.
 *
 * The epoch and the leave to write are one transaction. What comes before it is
 * done anew by the next try; what comes after it, putting the old files aside,
 * is made good by whoever begins with this log: the register, or this command
 * said again.
 *
 * Only a note that this register's vault signed can be committed to: the vault
 * would refuse the new epoch's first tree, when the old one is closed already.
 */
#include <stdio.h>

#include "base/file.h"
#include "cmd/args.h"
#include "cmd/conf.h"
#include "register/log_keys.h"
#include "cmd/vault_child.h"
#include "register/log_glue.h"
#include "store/lock.h"

struct epoch {
	struct conf conf;
	struct vault_client *vault;
};

static enum rc check_note(const struct trust *trust, struct bytes note, const char *where, struct err *e)
{
	struct checkpoint c;
	if (checkpoint_open(note, NULL, &c) == RC_OK && log_keys_signed(trust, note, c.origin))
		return RC_OK;
	return err_set(e, RC_FORMAT, where, "This is not a checkpoint that this register's vault signed");
}

static enum rc check_notes(const struct epoch *in, struct store_reader *r, struct err *e)
{
	struct trust trust = {0};
	struct buf published = BUF_INIT(NOTE_MAX), stored = BUF_INIT(NOTE_MAX);
	enum rc rc = log_keys_ask(in->vault, &trust, e);
	if (rc == RC_OK)
		rc = file_read("log/checkpoint", &published, e);
	if (rc == RC_OK)
		rc = check_note(&trust, buf_bytes(&published), "log/checkpoint", e);
	if (rc == RC_OK || rc == RC_NOT_FOUND)
		rc = store_checkpoint_last(r, 0, &stored, NULL, e);
	if (rc == RC_OK)
		rc = check_note(&trust, buf_bytes(&stored), "The newest checkpoint in the store", e);
	trust_release(&trust);
	buf_release(&published);
	buf_release(&stored);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc no_need(struct err *e)
{
	return err_set(e, RC_STATE, "log", "The store is not read-only: there is no need for a new epoch");
}

/* Opened already: the first entry of an epoch is there, and no other. */
static enum rc is_open(struct store_reader *r, bool *ret, struct err *e)
{
	struct store_log_head head = {0};
	enum rc rc = store_log_head(r, 0, &head, e);
	*ret = rc == RC_OK && head.epoch > 1 && head.size == 1;
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc open_if_needed(struct ledger *l, bool marked, bool opened, struct err *e)
{
	enum rc rc = ledger_compare(l, e);
	const bool lacks = rc == RC_READ_ONLY, forgot = lacks && ledger_signer_forgot(l);
	if (rc == RC_OK && !marked)
		return opened ? RC_OK : no_need(e);
	if (forgot)
		printf("civis: %s; `civis check --deep` names the people whose keys it lacks\n", e->text);
	if (!marked && !lacks)
		return rc;
	/* Of a marked store nobody knows what else was published where it had placed this. A fork cannot be signed. */
	rc = forgot && !marked ? ledger_sign_rest(l, e) : RC_OK;
	return rc == RC_OK || rc == RC_READ_ONLY ? ledger_open_epoch(l, e) : rc;
}

static enum rc open_epoch(struct epoch *in, struct store *s, struct store_reader *r, struct err *e)
{
	struct log_glue glue = {.store = s, .reader = r, .vault = in->vault, .holder = id_new()};
	struct ledger *l = NULL;
	struct err ignored;
	bool opened = false, marked = store_is_read_only(s);
	enum rc rc = check_notes(in, r, e);
	if (rc == RC_OK)
		rc = is_open(r, &opened, e);
	if (rc == RC_OK)
		rc = log_glue_ledger(&glue, "log", in->conf.log_name, &l, e);
	if (rc == RC_OK)
		rc = open_if_needed(l, marked, opened, e);
	/* Else the register waits for it a moment. */
	if (l && store_is_shared(s))
		(void)!store_log_leave(s, &glue.held, &ignored);
	ledger_free(&l);
	log_glue_release(&glue);
	return rc;
}

/* Before anything is made. */
static enum rc look(struct epoch *in, struct store *s, struct store_reader *r, struct err *e)
{
	(void)in;
	struct store_log_head head;
	enum rc rc = store_log_head(r, 0, &head, e);
	return rc != RC_NOT_FOUND ? rc : store_is_read_only(s) ? RC_OK : no_need(e);
}

static enum rc with_store(struct epoch *in, enum rc (*work)(struct epoch *in, struct store *s, struct store_reader *r, struct err *e),
                          struct err *e)
{
	struct store *s = NULL;
	struct store_reader *r = NULL;
	enum rc rc = store_open(".", in->conf.register_id, &s, e);
	if (rc == RC_OK)
		rc = store_reader_open(s, &r, e);
	if (rc == RC_OK)
		rc = work(in, s, r, e);
	store_reader_close(&r);
	store_close(&s);
	return rc;
}

static enum rc work(void *ctx, struct err *e)
{
	struct epoch *in = ctx;
	int lock = -1;
	enum rc rc = store_not_at_work(".", e);
	if (rc == RC_OK)
		rc = with_store(in, look, e);
	/* The backup may be older than the first act. */
	if (rc == RC_OK)
		rc = dir_make("log", 0755, e);
	if (rc == RC_OK)
		rc = log_lock("log", false, &lock, e);
	if (rc == RC_OK)
		rc = with_store(in, open_epoch, e);
	log_unlock(&lock);
	return rc;
}

int cmd_log_new_epoch(const struct command *self, int argc, char **argv)
{
	const char *data = NULL;
	struct epoch in = {0};
	struct vault_child vault = {0};
	struct err e = ERR_NONE;
	const struct arg args[] = {ARG_NEEDED("data", "DIR", &data, ARG_DATA), ARG_END};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	enum rc rc = conf_read(data, &in.conf, &e);
	if (rc == RC_OK)
		rc = vault_child_start(data, &vault, &e);
	in.vault = vault.client;
	if (rc == RC_OK)
		rc = conf_in_home(data, SANDBOX_GATE, work, &in, &e);
	if (vault.pid)
		vault_child_end(&vault);
	if (rc != RC_OK)
		return conf_complain(self->name, rc, &e);
	printf("civis: a new epoch of the log is open; the register can be written again\n"
	       "civis: what the closed one has lost, `civis log verify` names to everybody\n");
	return EXIT_DONE;
}
