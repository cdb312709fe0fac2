/* SPDX-License-Identifier: MPL-2.0 */
/*
 * civis backup --data DIR --to DIR [--without-root-key]
 *
 * A copy of everything while the register runs: main.db, blob.db, the log, then
 * the vault, the packs, civis.conf. With the vault's root key in it, who has the
 * copy has everything: --without-root-key leaves that file to be kept
 * elsewhere, and does not read it. The log's lock is held meanwhile, so that no
 * checkpoint is signed between main and vault; registering goes on. The copy is
 * then checked as `civis check` does and sealed with a MANIFEST, without which
 * it is not one.
 */
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/args.h"
#include "cmd/conf.h"
#include "cmd/data_check.h"
#include "cmd/folder.h"
#include "database/db.h"
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

static enum rc copy_locked(const char *data, const char *to, struct err *e)
{
	char log_dir[PATH_MAX];
	int lock = -1;
	enum rc rc = path_in(log_dir, data, "gate/log", e);
	/* No folder yet: no sequencer has ever run, there is nothing to hold still. */
	if (rc == RC_OK && access(log_dir, F_OK) == 0)
		rc = log_lock(log_dir, true, &lock, e);
	if (rc == RC_OK)
		rc = copy_part(data, to, "gate", store_backup, e);
	if (rc == RC_OK)
		rc = copy_part(data, to, "gate/log", folder_copy, e);
	if (rc == RC_OK)
		rc = copy_part(data, to, "vault", vault_store_backup, e);
	log_unlock(&lock);
	return rc;
}

static enum rc make_folders(const char *to, struct err *e)
{
	static const char *const name[] = {"gate", "vault"};
	char path[PATH_MAX];
	if (!folder_is_empty(to))
		return err_set(e, RC_CONFLICT, to, "This folder is not empty");
	enum rc rc = dir_make(to, 0700, e);
	for (size_t i = 0; rc == RC_OK && i < 2; i++) {
		rc = path_in(path, to, name[i], e);
		if (rc == RC_OK)
			rc = dir_make(path, 0700, e);
	}
	return rc;
}

static enum rc backup(const char *data, const char *to, bool with_key, struct err *e)
{
	struct conf conf;
	char gate[PATH_MAX];
	umask(077);
	enum rc rc = conf_read(data, &conf, e);
	if (rc == RC_OK)
		rc = make_folders(to, e);
	if (rc == RC_OK)
		rc = copy_locked(data, to, e);
	if (rc == RC_OK && with_key)
		rc = copy_part(data, to, "vault", vault_root_key_backup, e);
	if (rc == RC_OK)
		rc = copy_part(data, to, "pack", folder_copy, e);
	if (rc == RC_OK)
		rc = copy_part(data, to, "civis.conf", folder_copy_file, e);
	if (rc == RC_OK)
		rc = path_in(gate, to, "gate", e);
	const struct data_check check = {.gate_dir = gate, .of = conf.register_id, .quiet = true};
	if (rc == RC_OK)
		rc = data_check_run(&check, e);
	return rc == RC_OK ? folder_seal(to, e) : rc;
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
	enum rc rc = backup(data, to, with_key, &e);
	if (rc != RC_OK)
		return conf_complain(self->name, rc, &e);
	if (is_on_server(to, "gate") || is_on_server(to, "vault"))
		printf("civis: what is kept on a server is not in it: its administrator copies that\n");
	printf("civis: backed up to %s and checked; %s\n", to, with_key ? "it holds the vault's root key: guard it"
	                                                               : "the vault's root key is not in it: keep that apart");
	return EXIT_DONE;
}
