/* SPDX-License-Identifier: MPL-2.0 */
/*
 * civis restore --from DIR --data DIR [--root-key FILE] [--checkpoint FILE]
 *
 * Puts a backup into a data folder that has no store (and keeps a vault that is
 * there already: only main may have been lost). It is compared with what is
 * known of the log: the vault's last signature and, if given, a checkpoint that
 * an observer kept. A store behind either is read-only until the operator
 * replays what is missing or closes the log with `civis log new-epoch`.
 */
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/conf.h"
#include "cmd/data_check.h"
#include "cmd/folder.h"
#include "cmd/vault_child.h"
#include "ledger/sequencer.h"

struct restore {
	const char *from, *data, *root_key, *checkpoint;
	struct conf conf;
	bool kept_vault;
	struct vault_client *vault;
	struct buf note;      /* the operator's checkpoint */
	bool behind;
};

static enum rc joined(char out[static PATH_MAX], const char *dir, const char *name, struct err *e)
{
	return path_join(out, PATH_MAX, dir, name) == RC_OK ? RC_OK : err_set(e, RC_TOO_LARGE, dir, "The path is too long");
}

static bool exists(const char *dir, const char *name)
{
	char path[PATH_MAX];
	return path_join(path, sizeof path, dir, name) == RC_OK && access(path, F_OK) == 0;
}

/* --------------------------------------------------------------- copying */

static enum rc put_root_key(const struct restore *in, const char *vault, struct err *e)
{
	char path[PATH_MAX];
	enum rc rc = joined(path, vault, "root.key", e);
	return rc == RC_OK ? folder_copy_file(in->root_key, path, e) : rc;
}

static enum rc copy_home(const struct restore *in, enum sandbox_role role, struct err *e)
{
	char from[PATH_MAX], to[PATH_MAX];
	uid_t uid;
	gid_t gid;
	enum rc rc = joined(from, in->from, sandbox_role_name(role), e);
	if (rc == RC_OK)
		rc = joined(to, in->data, sandbox_role_name(role), e);
	/* What a lost store left behind (a log, a write-ahead log) must not mix with the copy. */
	if (rc == RC_OK && role == SANDBOX_GATE && !folder_is_empty(to))
		rc = err_set(e, RC_CONFLICT, to, "This folder is not empty; move it away first");
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
		rc = joined(from, in->from, "pack", e);
		if (rc == RC_OK)
			rc = joined(to, in->data, "pack", e);
		if (rc == RC_OK)
			rc = folder_copy(from, to, e);
	}
	if (rc != RC_OK || exists(in->data, "civis.conf"))
		return rc;
	rc = joined(from, in->from, "civis.conf", e);
	if (rc == RC_OK)
		rc = joined(to, in->data, "civis.conf", e);
	return rc == RC_OK ? folder_copy_file(from, to, e) : rc;
}

/* ----------------------------------------------------------- what is known */

static uint32_t epoch_of(const char *origin)
{
	uint64_t epoch = 0;
	const char *slash = strrchr(origin, '/');
	return slash && u64_parse(bytes_str(slash + 1), UINT32_MAX, &epoch) == RC_OK ? (uint32_t)epoch : 0;
}

static bool is_behind(const struct store_log_head *head, uint32_t epoch, uint64_t size, const uint8_t *root)
{
	if (epoch != head->epoch)
		return epoch > head->epoch;
	return size > head->size || (size == head->size && size > 0 && memcmp(root, head->root, STORE_HASH) != 0);
}

static enum rc ask_vault(struct restore *in, const struct store_log_head *head, struct err *e)
{
	char origin[NOTE_NAME_SIZE];
	uint64_t size = 0;
	uint8_t root[STORE_HASH];
	/* The next epoch too: it may have been opened after the backup. */
	for (uint32_t epoch = head->epoch; epoch <= head->epoch + 1; epoch++) {
		enum rc rc = ledger_origin(in->conf.log_name, epoch, origin);
		if (rc == RC_OK)
			rc = vault_last_checkpoint(in->vault, origin, &size, root, e);
		if (rc != RC_OK)
			return rc;
		in->behind |= size > 0 && is_behind(head, epoch, size, root);
	}
	return RC_OK;
}

static enum rc ask_operator(struct restore *in, const struct store_log_head *head, struct store *s, struct err *e)
{
	struct checkpoint c;
	char origin[NOTE_NAME_SIZE] = "";
	if (!in->note.len)
		return RC_OK;
	enum rc rc = checkpoint_open(buf_bytes(&in->note), NULL, &c);
	if (rc == RC_OK)
		rc = ledger_origin(in->conf.log_name, epoch_of(c.origin), origin);
	if (rc != RC_OK || strcmp(origin, c.origin) != 0)
		return err_set(e, RC_FORMAT, in->checkpoint, "This is not a checkpoint of this register's log");
	if (!is_behind(head, epoch_of(c.origin), c.size, c.root.b))
		return RC_OK;
	in->behind = true;
	/* Kept, so that a new epoch commits to it. */
	return store_checkpoint_put(s, epoch_of(c.origin), c.size, buf_bytes(&in->note), clock_now_us(), e);
}

static enum rc mark(void *ctx, struct err *e)
{
	struct restore *in = ctx;
	struct store *s = NULL;
	struct store_reader *r = NULL;
	struct store_log_head head = {.epoch = 1};
	char now[INSTANT_TEXT_SIZE];
	instant_format(clock_now_us(), now);
	enum rc rc = store_open(".", &s, e);
	if (rc == RC_OK)
		rc = store_reader_open(s, &r, e);
	if (rc == RC_OK)
		rc = store_log_head(r, 0, &head, e);
	if (rc == RC_NOT_FOUND)
		rc = RC_OK;
	if (rc == RC_OK)
		rc = ask_vault(in, &head, e);
	if (rc == RC_OK)
		rc = ask_operator(in, &head, s, e);
	/* The copy may itself be of a read-only store: then it may be written for this one mark. */
	bool was = s && store_is_read_only(s);
	if (rc == RC_OK && was)
		rc = store_set_read_only(s, false, e);
	if (rc == RC_OK)
		rc = store_meta_set(s, "restored", now, e);
	if (rc == RC_OK)
		rc = store_set_read_only(s, was || in->behind, e);
	if (rc == RC_OK && in->behind)
		printf("civis: the restored store ends at entry %" PRIu64 " of the log; more was signed after it was copied.\n"
		       "civis: it is READ-ONLY. Either replay what is missing, or close this log and open a new one with\n"
		       "civis:   civis log new-epoch --data %s\n", head.size, in->data);
	store_reader_close(&r);
	store_close(&s);
	return rc;
}

static enum rc check(void *ctx, struct err *e)
{
	const struct data_check in = {.gate_dir = ".", .quiet = true};
	(void)ctx;
	return data_check_run(&in, e);
}

static enum rc restore(struct restore *in, struct err *e)
{
	struct vault_child vault = {0};
	enum rc rc = folder_verify(in->from, e);
	if (rc == RC_OK && in->checkpoint)
		rc = file_read(in->checkpoint, &in->note, e);
	if (rc == RC_OK)
		rc = dir_make(in->data, 0711, e);
	in->kept_vault = exists(in->data, "vault/vault.db");
	if (rc == RC_OK && !in->kept_vault && exists(in->from, "vault/root.key") == (in->root_key != NULL))
		rc = err_set(e, RC_INVALID, in->from, in->root_key ? "This backup holds its root key; --root-key is not for it"
		                                                   : "This backup has no root key: name its file with --root-key");
	if (rc == RC_OK)
		rc = copy_home(in, SANDBOX_GATE, e);
	if (rc == RC_OK && !in->kept_vault)
		rc = copy_home(in, SANDBOX_VAULT, e);
	if (rc == RC_OK)
		rc = copy_open_parts(in, e);
	if (rc == RC_OK)
		rc = conf_read(in->data, &in->conf, e);
	if (rc == RC_OK)
		rc = conf_in_home(in->data, SANDBOX_GATE, check, NULL, e);
	if (rc == RC_OK)
		rc = vault_child_start(in->data, &vault, e);
	in->vault = vault.client;
	if (rc == RC_OK)
		rc = conf_in_home(in->data, SANDBOX_GATE, mark, in, e);
	if (vault.pid)
		vault_child_end(&vault);
	return rc;
}

int cmd_restore(int argc, char **argv)
{
	static const struct option options[] = {
		{"from", required_argument, NULL, 'f'}, {"data", required_argument, NULL, 'd'},
		{"checkpoint", required_argument, NULL, 'c'}, {"root-key", required_argument, NULL, 'k'}, {0},
	};
	struct restore in = {.note = BUF_INIT(NOTE_MAX)};
	struct err e = ERR_NONE;
	bool usable = true;
	for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		in.from = o == 'f' ? optarg : in.from;
		in.data = o == 'd' ? optarg : in.data;
		in.root_key = o == 'k' ? optarg : in.root_key;
		in.checkpoint = o == 'c' ? optarg : in.checkpoint;
		usable &= o != '?';
	}
	if (!usable || !in.from || !in.data || optind != argc) {
		fputs("usage: civis restore --from DIR --data DIR [--root-key FILE] [--checkpoint FILE]\n", stderr);
		return EXIT_UNUSABLE;
	}
	enum rc rc = restore(&in, &e);
	buf_release(&in.note);
	if (rc != RC_OK)
		return conf_complain("restore", rc, &e);
	printf("civis: restored to %s and checked%s\n", in.data, in.kept_vault ? "; the vault that was there was kept" : "");
	return EXIT_DONE;
}
