/* SPDX-License-Identifier: MPL-2.0 */
/*
 * civis restore --from DIR --data DIR [--root-key FILE] [--store URL] [--vault-store URL]
 *               [--checkpoint FILE | --nothing-newer] [--vault-is-older]
 * civis restore --data DIR --checkpoint FILE | --nothing-newer
 *
 * Puts a backup into a data folder that has no store (and keeps a vault that is
 * there already: only main may have been lost). Everything is copied into
 * DATA/restore.part, checked and marked there, and renamed into place at the
 * end: one that was broken off is begun again, or ended, by the same command.
 *
 * The store is compared with what is known of the log: the vault's last
 * signature and a checkpoint that an observer kept. A store behind either is
 * read-only until the operator replays what is missing or closes the log with
 * `civis log new-epoch`. A vault that comes out of the backup has forgotten
 * what it signed since: until a checkpoint is shown, or the operator says that
 * nothing was registered after the backup, the store is read-only too, since
 * another tree could be signed at a size that the world has seen. The second
 * form says so later.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "cmd/args.h"
#include "cmd/conf.h"
#include "cmd/data_check.h"
#include "cmd/folder.h"
#include "register/log_keys.h"
#include "cmd/vault_child.h"
#include "database/db.h"
#include "ledger/sequencer.h"

enum { LEAVES = 1024 };
#define UNKNOWN "restored_unknown" /* setting: "1" while nobody has told what was published after the backup */

struct restore {
	const char *from, *data, *root_key, *checkpoint, *store, *vault_store;
	char moment[INSTANT_TEXT_SIZE]; /* of the backup; empty: it does not tell */
	char staging[PATH_MAX]; /* DATA/restore.part, of the same shape as DATA */
	bool nothing_newer, vault_is_older; /* the operator's word */
	struct conf conf;
	bool kept_vault;
	struct vault_client *vault;
	struct buf note;      /* the operator's checkpoint */
	bool behind, unknown;
	bool forgot; /* the vault does not remember signing what the store holds, and the operator knows it */
};

static bool exists(const char *dir, const char *name)
{
	char path[PATH_MAX];
	return path_join(path, sizeof path, dir, name) == RC_OK && access(path, F_OK) == 0;
}

/* --------------------------------------------------------------- copying */

static enum rc put_root_key(const struct restore *in, const char *vault, struct err *e)
{
	char path[PATH_MAX];
	enum rc rc = path_in(path, vault, "root.key", e);
	return rc == RC_OK ? folder_copy_file(in->root_key, path, e) : rc;
}

static enum rc copy_home(const struct restore *in, enum sandbox_role role, struct err *e)
{
	char from[PATH_MAX], to[PATH_MAX];
	uid_t uid;
	gid_t gid;
	enum rc rc = path_in(from, in->from, sandbox_role_name(role), e);
	if (rc == RC_OK)
		rc = path_in(to, in->staging, sandbox_role_name(role), e);
	if (rc == RC_OK)
		rc = folder_copy(from, to, e);
	if (rc == RC_OK && role == SANDBOX_VAULT && in->root_key)
		rc = put_root_key(in, to, e);
	if (rc == RC_OK)
		rc = sandbox_make_home(role, to, e);
	if (rc == RC_OK && geteuid() == 0 && sandbox_find_user(role, &uid, &gid) == RC_OK)
		rc = folder_give(to, uid, gid, e);
	return rc;
}

static enum rc copy_open_parts(const struct restore *in, struct err *e)
{
	char from[PATH_MAX], to[PATH_MAX];
	enum rc rc = RC_OK;
	if (!exists(in->data, "pack")) {
		rc = path_in(from, in->from, "pack", e);
		if (rc == RC_OK)
			rc = path_in(to, in->staging, "pack", e);
		if (rc == RC_OK)
			rc = folder_copy(from, to, e);
	}
	if (rc != RC_OK || exists(in->data, "civis.conf"))
		return rc;
	rc = path_in(from, in->from, "civis.conf", e);
	if (rc == RC_OK)
		rc = path_in(to, in->staging, "civis.conf", e);
	return rc == RC_OK ? folder_copy_file(from, to, e) : rc;
}

/* ----------------------------------------------------------- what is known */

static bool is_behind(const struct store_log_head *head, uint32_t epoch, uint64_t size, const uint8_t *root)
{
	if (epoch != head->epoch)
		return epoch > head->epoch;
	return size > head->size || (size == head->size && size > 0 && memcmp(root, head->root, STORE_HASH) != 0);
}

static void count_one(void *ctx, struct id person, enum rc why)
{
	(void)person;
	*(uint64_t *)ctx += why == RC_NOT_FOUND;
}

/* A database on a server may be of another moment than the vault, and a vault that was kept of any: what was signed and
   whose keys were made between the two would be missing. */
static enum rc compare_moments(struct restore *in, struct store_reader *r, const struct store_log_head *head, uint64_t signed_size,
                               struct err *e)
{
	struct buf note = BUF_INIT(NOTE_MAX);
	uint64_t kept = 0, keyless = 0;
	char what[128];
	enum rc rc = store_checkpoint_last(r, head->epoch, &note, &kept, e);
	buf_release(&note);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	const bool forgot = kept > signed_size && kept <= head->size;
	rc = forgot ? RC_OK : data_check_keys(r, in->vault, count_one, &keyless, e);
	if (rc != RC_OK)
		return rc;
	if (!forgot && !keyless)
		return RC_OK;
	if (forgot)
		snprintf(what, sizeof what, "it signed %" PRIu64 " entries of the log, and the register holds %" PRIu64, signed_size, kept);
	else
		snprintf(what, sizeof what, "people whose keys it lacks: %" PRIu64, keyless);
	if (in->vault_is_older) {
		printf("civis: the vault's store is older than the register's: %s\n", what);
		in->forgot = forgot;
		return RC_OK;
	}
	const bool to_moment = in->store && !in->kept_vault && !in->vault_store && *in->moment;
	return err_set(e, RC_CONFLICT, "vault", "The vault's store is older than the register's: %s. Bring %s%s, or say --vault-is-older", what,
	               to_moment ? "the register's database back to the backup's moment, recovery_target_time = " : "the vault's store back to its end",
	               to_moment ? in->moment : "");
}

static enum rc ask_vault(struct restore *in, struct store_reader *r, const struct store_log_head *head, struct err *e)
{
	char origin[NOTE_NAME_SIZE];
	uint64_t size = 0;
	uint8_t root[STORE_HASH];
	/* The next epoch too: it may have been opened after the backup. */
	for (uint32_t epoch = head->epoch; epoch <= head->epoch + 1; epoch++) {
		enum rc rc = ledger_origin(in->conf.log_name, epoch, origin);
		if (rc == RC_OK)
			rc = vault_last_checkpoint(in->vault, origin, &size, root, e);
		if (rc == RC_OK && in->from && (in->kept_vault || in->store || in->vault_store) && epoch == head->epoch)
			rc = compare_moments(in, r, head, size, e);
		if (rc != RC_OK)
			return rc;
		in->behind |= size > 0 && is_behind(head, epoch, size, root);
	}
	return RC_OK;
}

/* The vault's own signature: an unsigned or foreign note proves nothing. */
static enum rc open_signed(struct restore *in, struct checkpoint *ret, struct err *e)
{
	char origin[NOTE_NAME_SIZE] = "";
	struct trust trust = {0};
	enum rc rc = log_keys_ask(in->vault, &trust, e);
	if (rc != RC_OK)
		return rc;
	bool good = checkpoint_open(buf_bytes(&in->note), NULL, ret) == RC_OK &&
	            ledger_origin(in->conf.log_name, ledger_epoch_of(ret->origin), origin) == RC_OK &&
	            strcmp(origin, ret->origin) == 0 && log_keys_signed(&trust, buf_bytes(&in->note), origin);
	trust_release(&trust);
	return good ? RC_OK
	            : err_set(e, RC_FORMAT, in->checkpoint, "This is not a checkpoint that this register's vault signed");
}

/* Whether the stored leaves begin with the checkpoint's tree, which is not larger than the head's. */
static enum rc has_tree(struct store_reader *r, const struct checkpoint *c, bool *ret, struct err *e)
{
	struct merkle_frontier f;
	struct hash leaf, root;
	size_t n = 1;
	enum rc rc = RC_OK;
	struct store_leaf *rows = calloc(LEAVES, sizeof *rows);
	if (!rows)
		return err_set(e, RC_NO_MEMORY, "restore", "Memory ran out");
	merkle_frontier_init(&f);
	while (rc == RC_OK && n && f.size < c->size) {
		uint64_t left = c->size - f.size;
		rc = store_log_placed(r, ledger_epoch_of(c->origin), f.size, rows, left < LEAVES ? (size_t)left : LEAVES, &n, e);
		for (size_t i = 0; rc == RC_OK && i < n; i++) {
			merkle_leaf(BYTES_ARRAY(rows[i].commitment), &leaf);
			merkle_frontier_append(&f, &leaf);
		}
	}
	free(rows);
	merkle_frontier_root(&f, &root);
	*ret = f.size == c->size && hash_equal(&root, &c->root);
	return rc;
}

static enum rc ask_operator(struct restore *in, const struct store_log_head *head, struct store *s,
                            struct store_reader *r, struct err *e)
{
	struct checkpoint c;
	bool has = false;
	if (!in->note.len) {
		in->unknown = (!in->kept_vault || in->forgot) && !in->nothing_newer;
		return RC_OK;
	}
	enum rc rc = open_signed(in, &c, e);
	if (rc != RC_OK)
		return rc;
	uint32_t epoch = ledger_epoch_of(c.origin);
	if (!is_behind(head, epoch, c.size, c.root.b))
		rc = has_tree(r, &c, &has, e);
	if (rc != RC_OK || has)
		return rc;
	in->behind = true;
	/* Kept, so that a new epoch commits to it: that of a later epoch as the folder's own, which tells its number too. */
	if (epoch > head->epoch)
		return file_write_durable("log/checkpoint", buf_bytes(&in->note), 0644, e);
	return store_checkpoint_put(s, epoch, c.size, buf_bytes(&in->note), clock_now_us(), e);
}

static void say(const struct restore *in, const struct store_log_head *head)
{
	if (in->behind)
		printf("civis: the restored store ends at entry %" PRIu64 " of the log; more was signed after it was copied.\n"
		       "civis: it is READ-ONLY. Either replay what is missing, or close this log and open a new one with\n"
		       "civis:   civis log new-epoch --data %s\n", head->size, in->data);
	else if (in->unknown)
		printf("civis: the restored store ends at entry %" PRIu64 " of the log, and the restored vault has forgotten what it\n"
		       "civis: signed since. It is READ-ONLY until you show it the newest published checkpoint (ask an observer):\n"
		       "civis:   civis restore --data %s --checkpoint FILE\n"
		       "civis: Only if you know that it registered nothing since the backup was made (it never served again), say so:\n"
		       "civis:   civis restore --data %s --nothing-newer\n"
		       "civis: If it registered anything after the backup, that would sign another log over the one that people\n"
		       "civis: hold receipts of, and what was lost could no longer be known to be.\n", head->size, in->data, in->data);
	else if (in->forgot)
		printf("civis: the restored store ends at entry %" PRIu64 " of the log, and nothing newer is known; but its vault is older.\n"
		       "civis: the way on is a new log:\n"
		       "civis:   civis log new-epoch --data %s\n", head->size, in->data);
	else
		printf("civis: the restored store ends at entry %" PRIu64 " of the log, and nothing newer is known: it can be written.\n"
		       "civis: the way on is to serve it:\n"
		       "civis:   civis serve --data %s\n", head->size, in->data);
}

/* Whether the store waits to be told what was published. The second form is for one that does, and no way to make
   another one writable. */
static enum rc ask_store(const struct restore *in, struct store *s, struct store_reader *r, bool *ret_waits, struct err *e)
{
	struct arena *arena = arena_new(4096);
	const char *value = "0";
	enum rc rc = arena ? store_meta_get(r, UNKNOWN, arena, &value, e) : RC_NO_MEMORY;
	*ret_waits = rc == RC_OK && strcmp(value, "1") == 0;
	arena_free(&arena);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	if (in->from || *ret_waits)
		return RC_OK;
	return err_set(e, RC_STATE, in->data, "This store does not wait for a checkpoint; it %s",
	               store_is_read_only(s) ? "is READ-ONLY until what is missing is replayed, or `civis log new-epoch` opens a new log"
	                                     : "can be written already");
}

static enum rc mark(void *ctx, struct err *e)
{
	struct restore *in = ctx;
	struct store *s = NULL;
	struct store_reader *r = NULL;
	struct store_log_head head = {.epoch = 1};
	bool waited = false;
	char now[INSTANT_TEXT_SIZE];
	instant_format(clock_now_us(), now);
	enum rc rc = store_open(".", in->conf.register_id, &s, e);
	if (rc == RC_OK)
		rc = store_reader_open(s, &r, e);
	if (rc == RC_OK)
		rc = store_log_head(r, 0, &head, e);
	if (rc == RC_NOT_FOUND)
		rc = RC_OK;
	if (rc == RC_OK)
		rc = ask_store(in, s, r, &waited, e);
	if (rc == RC_OK)
		rc = ask_vault(in, r, &head, e);
	if (rc == RC_OK)
		rc = ask_operator(in, &head, s, r, e);
	/* The copy may itself be of a read-only store: one that waited, or one that was behind. */
	in->unknown |= waited && !in->note.len && !in->nothing_newer;
	in->behind |= s && store_is_read_only(s) && !waited;
	if (rc == RC_OK && in->from)
		rc = store_meta_set(s, "restored", now, e);
	if (rc == RC_OK)
		rc = store_meta_set(s, UNKNOWN, in->unknown ? "1" : "0", e);
	if (rc == RC_OK)
		rc = store_set_read_only(s, in->behind || in->unknown, e);
	if (rc == RC_OK)
		say(in, &head);
	store_reader_close(&r);
	store_close(&s);
	return rc;
}

/* ------------------------------------------------------------ into place */

/* Copied, checked and marked: what is left to do is to rename. */
#define READY "ready"

static enum rc move(const struct restore *in, const char *name, struct err *e)
{
	char from[PATH_MAX] = "", to[PATH_MAX] = "";
	enum rc rc = path_in(from, in->staging, name, e);
	if (rc == RC_OK)
		rc = path_in(to, in->data, name, e);
	if (rc != RC_OK || rename(from, to) == 0 || errno == ENOENT)
		return rc;
	return err_set(e, RC_IO, to, "It cannot be renamed into place: %s", strerror(errno));
}

/* The gate's part last: without it the folder is no register that could be served. */
static enum rc move_all(const struct restore *in, struct err *e)
{
	static const char *const name[] = {"pack", "civis.conf", "vault", "gate"};
	enum rc rc = RC_OK;
	for (size_t i = 0; rc == RC_OK && i < sizeof name / sizeof name[0]; i++) {
		rc = move(in, name[i], e);
		if (rc == RC_OK)
			rc = dir_sync(in->data, e);
	}
	return rc == RC_OK ? folder_remove(in->staging, e) : rc;
}

static enum rc set_ready(const struct restore *in, struct err *e)
{
	char path[PATH_MAX];
	enum rc rc = path_in(path, in->staging, READY, e);
	return rc == RC_OK ? file_write_durable(path, BYTES_LIT("1"), 0600, e) : rc;
}

/* ------------------------------------------------------------------ whole */

/* A backup of what lies on a server holds the address alone, where another may be at work by now. */
static enum rc point(const struct restore *in, const char *whose, const char *option, const char *url, struct err *e)
{
	char address[DB_ADDRESS_MAX];
	enum rc rc = db_address(".", address, e);
	if (rc != RC_OK || (!*address && !url))
		return rc;
	if (!*address)
		return err_set(e, RC_INVALID, in->from, "This backup holds its %s's store; %s is not for it", whose, option);
	if (!url)
		return err_set(e, RC_INVALID, in->from, "This %s's store is on a server: bring its database back, and name it with %s", whose, option);
	return db_set_address(".", url, e);
}

static enum rc point_store(void *ctx, struct err *e)
{
	const struct restore *in = ctx;
	return point(in, "register", "--store", in->store, e);
}

static enum rc point_vault(void *ctx, struct err *e)
{
	const struct restore *in = ctx;
	return point(in, "vault", "--vault-store", in->vault_store, e);
}

/* What is there is kept: the backup of another register does not fit to it. */
static enum rc read_conf(struct restore *in, const char *top, struct err *e)
{
	return conf_read(exists(in->data, "civis.conf") ? in->data : top, &in->conf, e);
}

static enum rc not_at_work(void *ctx, struct err *e)
{
	(void)ctx;
	return store_not_at_work(".", e);
}

static enum rc copy_all(struct restore *in, struct err *e)
{
	char gate[PATH_MAX];
	enum rc rc = path_in(gate, in->data, "gate", e);
	/* What a lost store left behind (a log, a write-ahead log) must not mix with the copy. */
	if (rc == RC_OK && !folder_is_empty(gate))
		rc = err_set(e, RC_CONFLICT, gate, "This folder is not empty; move it away first");
	if (rc == RC_OK && !in->kept_vault && exists(in->from, "vault/root.key") == (in->root_key != NULL))
		rc = err_set(e, RC_INVALID, in->from, in->root_key ? "This backup holds its root key; --root-key is not for it"
		                                                   : "This backup has no root key: name its file with --root-key");
	/* What an earlier one left unfinished. */
	if (rc == RC_OK)
		rc = folder_remove(in->staging, e);
	if (rc == RC_OK)
		rc = dir_make(in->staging, 0711, e);
	if (rc == RC_OK)
		rc = copy_home(in, SANDBOX_GATE, e);
	if (rc == RC_OK && !in->kept_vault)
		rc = copy_home(in, SANDBOX_VAULT, e);
	if (rc == RC_OK)
		rc = copy_open_parts(in, e);
	if (rc == RC_OK)
		rc = conf_in_home(in->staging, SANDBOX_GATE, point_store, in, e);
	if (rc == RC_OK && !in->kept_vault)
		rc = conf_in_home(in->staging, SANDBOX_VAULT, point_vault, in, e);
	if (rc == RC_OK && in->store)
		rc = conf_in_home(in->staging, SANDBOX_GATE, not_at_work, NULL, e);
	if (rc == RC_OK)
		rc = read_conf(in, in->staging, e);
	struct data_check check = {.gate_dir = ".", .of = in->conf.register_id, .quiet = true};
	return rc == RC_OK ? conf_in_home(in->staging, SANDBOX_GATE, data_check_work, &check, e) : rc;
}

/* Compares and marks the store in `top`, a folder of the shape of DATA. */
static enum rc decide(struct restore *in, const char *top, struct err *e)
{
	struct vault_child vault = {0};
	enum rc rc = read_conf(in, top, e);
	if (rc == RC_OK)
		rc = vault_child_start(in->kept_vault ? in->data : top, &vault, e);
	in->vault = vault.client;
	if (rc == RC_OK)
		rc = conf_in_home(top, SANDBOX_GATE, mark, in, e);
	if (vault.pid)
		vault_child_end(&vault);
	return rc;
}

static enum rc restore(struct restore *in, struct err *e)
{
	enum rc rc = path_in(in->staging, in->data, "restore.part", e);
	if (rc == RC_OK && in->checkpoint)
		rc = file_read(in->checkpoint, &in->note, e);
	if (rc == RC_OK && !in->from)
		rc = conf_in_home(in->data, SANDBOX_GATE, not_at_work, NULL, e);
	if (rc != RC_OK || !in->from)
		return rc == RC_OK ? decide(in, in->data, e) : rc;
	if (exists(in->staging, READY))
		return move_all(in, e);
	rc = folder_verify(in->from, e);
	folder_moment(in->from, in->moment);
	if (rc == RC_OK)
		rc = dir_make(in->data, 0711, e);
	in->kept_vault = exists(in->data, "vault/vault.db") || exists(in->data, "vault/store");
	if (rc == RC_OK && in->kept_vault && in->vault_store)
		rc = err_set(e, RC_CONFIG, "--vault-store", "The vault that is in this folder is kept: its address stands in vault/store");
	if (rc == RC_OK)
		rc = copy_all(in, e);
	if (rc == RC_OK)
		rc = decide(in, in->staging, e);
	if (rc == RC_OK)
		rc = set_ready(in, e);
	return rc == RC_OK ? move_all(in, e) : rc;
}

int cmd_restore(const struct command *self, int argc, char **argv)
{
	struct restore in = {.note = BUF_INIT(NOTE_MAX)};
	struct err e = ERR_NONE;
	const struct arg args[] = {
		ARG_NEEDED("data", "DIR", &in.data, "the data folder: one without a store; or, without --from, the restored one"),
		ARG_TEXT("from", "DIR", &in.from, "the backup"),
		ARG_TEXT("root-key", "FILE", &in.root_key, "the vault's root key, for a backup made without it"),
		ARG_TEXT("store", "URL", &in.store, "the database that was brought back, for a register on a server"),
		ARG_TEXT("vault-store", "URL", &in.vault_store, "the vault's database that was brought back, likewise"),
		ARG_TEXT("checkpoint", "FILE", &in.checkpoint, "the newest checkpoint of the log that anybody kept, to compare with"),
		ARG_FLAG("nothing-newer", &in.nothing_newer,
		         "say that the register registered nothing after the backup was made;\n"
		         "never when it did, or you do not know: ask an observer for a checkpoint"),
		ARG_FLAG("vault-is-older", &in.vault_is_older,
		         "say that no newer copy of the vault's store is to be had: what it lacks the keys of is lost"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	if (in.checkpoint && in.nothing_newer)
		return args_wrong(self, args, "--checkpoint and --nothing-newer contradict each other");
	if (!in.from && (in.root_key || in.vault_is_older || in.store || in.vault_store || (!in.checkpoint && !in.nothing_newer)))
		return args_wrong(self, args, "--from is needed; without it, --checkpoint or --nothing-newer alone");
	enum rc rc = restore(&in, &e);
	buf_release(&in.note);
	if (rc != RC_OK)
		return conf_complain(self->name, rc, &e);
	if (!in.from)
		printf("civis: the restored store was compared\n");
	else
		printf("civis: restored to %s and checked%s\n", in.data, in.kept_vault ? "; the vault that was there was kept" : "");
	return EXIT_DONE;
}
