/* SPDX-License-Identifier: MPL-2.0 */
/*
 * civis backup --data DIR --to DIR [--without-root-key]
 *
 * A copy of everything while the register runs: main.db, blob.db, the log, then
 * the vault, the packs, civis.conf. With the vault's root key in it, who has the
 * copy has everything: --without-root-key leaves that file to be kept
 * elsewhere, and does not read it. The log's lock is held meanwhile, so that no
 * checkpoint is signed between main and vault; registering goes on. The copy is
 * then checked as `civis check` does, as the gate's user, and sealed with a
 * MANIFEST, without which it is not one. One that fails leaves nothing.
 *
 * What is on a server is brought back to the moment that the command tells:
 * every key and every signed tree of that time is in the copy of the vault.
 */
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "cmd/args.h"
#include "cmd/conf.h"
#include "cmd/data_check.h"
#include "cmd/folder.h"
#include "cmd/gates.h"
#include "database/db.h"
#include "process/supervise.h"
#include "store/backup.h"
#include "store/lock.h"
#include "vault/admin.h"

/* A part of the data folder, copied to the same name. */
static enum rc copy_part(const char *data, const char *to, const char *name,
                         enum rc (*copy)(const char *from, const char *to, struct err *e), struct err *e)
{
	char from[PATH_MAX], target[PATH_MAX];
	enum rc rc = path_in(from, data, name, e);
	if (rc == RC_OK)
		rc = path_in(target, to, name, e);
	return rc == RC_OK ? copy(from, target, e) : rc;
}

/* Of every gate; one that never ran has no folder, and nothing to hold still. */
static enum rc lock_logs(const char *data, int lock[static SUPERVISE_GATES_MAX], struct err *e)
{
	char home[PATH_MAX], log_dir[PATH_MAX];
	enum rc rc = RC_OK;
	for (unsigned i = 0; i < SUPERVISE_GATES_MAX; i++)
		lock[i] = -1;
	for (unsigned i = 0; rc == RC_OK && i < SUPERVISE_GATES_MAX; i++) {
		rc = gates_home(data, i, home, e);
		if (rc == RC_OK)
			rc = path_in(log_dir, home, "log", e);
		if (rc == RC_OK && access(log_dir, F_OK) == 0)
			rc = log_lock(log_dir, true, &lock[i], e);
	}
	return rc;
}

static enum rc copy_locked(const char *data, const char *to, int64_t *ret_moment, struct err *e)
{
	/* The moment is told in milliseconds: what was signed before the lock must not lie behind it. */
	const struct timespec whole = {.tv_nsec = 1000000};
	int lock[SUPERVISE_GATES_MAX];
	enum rc rc = lock_logs(data, lock, e);
	if (rc == RC_OK)
		rc = copy_part(data, to, "gate", store_backup, e);
	if (rc == RC_OK)
		rc = copy_part(data, to, "gate/log", folder_copy, e);
	nanosleep(&whole, NULL);
	*ret_moment = clock_now_us();
	if (rc == RC_OK)
		rc = copy_part(data, to, "vault", vault_store_backup, e);
	for (unsigned i = 0; i < SUPERVISE_GATES_MAX; i++)
		log_unlock(&lock[i]);
	return rc;
}

static enum rc make_folders(const char *to, struct err *e)
{
	static const char *const name[] = {"gate", "vault"};
	char path[PATH_MAX];
	struct stat st;
	enum rc rc = dir_make(to, 0700, e);
	/* One that was there already: nobody else may enter it, also while a part of it is lent to the gate's user. */
	if (rc == RC_OK && (lstat(to, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid() || chmod(to, 0700) != 0))
		rc = err_set(e, RC_CONFIG, to, "This folder must be one of the user who makes the backup, and no link");
	for (size_t i = 0; rc == RC_OK && i < 2; i++) {
		rc = path_in(path, to, name[i], e);
		if (rc == RC_OK)
			rc = dir_make(path, 0700, e);
	}
	return rc;
}

/* As the gate's user, whom the server knows; the copy is lent to it meanwhile, in a folder that it could not enter. */
static enum rc check_copy(const char *to, const struct conf *conf, struct err *e)
{
	struct data_check check = {.gate_dir = ".", .of = conf->register_id, .quiet = true};
	char gate[PATH_MAX];
	uid_t uid;
	gid_t gid;
	enum rc rc = path_in(gate, to, "gate", e);
	const bool lend = geteuid() == 0 && sandbox_find_user(SANDBOX_GATE, &uid, &gid) == RC_OK;
	if (rc == RC_OK && lend)
		rc = folder_give(gate, uid, gid, e);
	if (rc == RC_OK)
		rc = conf_in_home(to, SANDBOX_GATE, data_check_work, &check, e);
	return rc == RC_OK && lend ? folder_give(gate, geteuid(), getegid(), e) : rc;
}

static enum rc copy_and_seal(const char *data, const char *to, const struct conf *conf, bool with_key, int64_t *ret_moment, struct err *e)
{
	enum rc rc = make_folders(to, e);
	if (rc == RC_OK)
		rc = copy_locked(data, to, ret_moment, e);
	if (rc == RC_OK && with_key)
		rc = copy_part(data, to, "vault", vault_root_key_backup, e);
	if (rc == RC_OK)
		rc = copy_part(data, to, "pack", folder_copy, e);
	if (rc == RC_OK)
		rc = copy_part(data, to, "civis.conf", folder_copy_file, e);
	if (rc == RC_OK)
		rc = check_copy(to, conf, e);
	return rc == RC_OK ? folder_seal(to, *ret_moment, e) : rc;
}

static enum rc backup(const char *data, const char *to, bool with_key, int64_t *ret_moment, struct err *e)
{
	struct conf conf;
	umask(077);
	enum rc rc = conf_read(data, &conf, e);
	if (rc == RC_OK && !folder_is_empty(to))
		rc = err_set(e, RC_CONFLICT, to, "This folder is not empty");
	if (rc != RC_OK)
		return rc;
	const bool ours = access(to, F_OK) != 0;
	rc = copy_and_seal(data, to, &conf, with_key, ret_moment, e);
	if (rc != RC_OK && (folder_clear(to, NULL) != RC_OK || (ours && rmdir(to) != 0)))
		fprintf(stderr, "civis: what lies in %s is no backup: remove it\n", to);
	return rc;
}

static bool is_on_server(const char *to, const char *name)
{
	char dir[PATH_MAX], address[DB_ADDRESS_MAX] = "";
	return path_in(dir, to, name, NULL) == RC_OK && db_address(dir, address, NULL) == RC_OK && *address;
}

int cmd_backup(const struct command *self, int argc, char **argv)
{
	const char *data = NULL, *to = NULL;
	struct err e = ERR_NONE;
	bool without_key = false;
	const struct arg args[] = {
		ARG_NEEDED("data", "DIR", &data, ARG_DATA),
		ARG_NEEDED("to", "DIR", &to, "the folder for the copy: empty, or not there yet"),
		ARG_FLAG("without-root-key", &without_key, "leave out the vault's root key, to be kept in another place:\nwhoever has a backup with it has everything"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	bool with_key = !without_key;
	int64_t at = 0;
	char moment[INSTANT_TEXT_SIZE];
	enum rc rc = backup(data, to, with_key, &at, &e);
	if (rc != RC_OK)
		return conf_complain(self->name, rc, &e);
	if (is_on_server(to, "gate") || is_on_server(to, "vault"))
		printf("civis: what is kept on a server is not in it: its administrator copies that\n");
	printf("civis: backed up to %s and checked; %s\n", to, with_key ? "it holds the vault's root key: guard it"
	                                                               : "the vault's root key is not in it: keep that apart");
	folder_tell_moment(at, moment);
	printf("civis: its moment is %s\n", moment);
	return EXIT_DONE;
}
