/* SPDX-License-Identifier: MPL-2.0 */
/* civis init: a new data folder. It makes no account: `civis staff add` does. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
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
#include "cmd/folder.h"
#include "cmd/gazetteer.h"
#include "vault/admin.h"

struct init {
	const char *country, *data, *pack_dir;
	const char *store, *owner; /* addresses of a server; NULL: the store is in files */
	const char *vault_store, *vault_owner; /* the vault's, likewise */
	struct conf conf;
	struct pack *pack;
	char copy[PATH_MAX]; /* of the pack inside the data folder */
	struct buf places; /* the pack's places.csv; empty: it has none */
	bool written;      /* it may be that something was, to a database on a server */
};

/* ---- where packs are found ---- */

static bool is_pack(const char *dir)
{
	char path[PATH_MAX];
	return path_join(path, sizeof path, dir, "pack.json") == RC_OK && access(path, R_OK) == 0;
}

static bool find_pack(const char *country, char out[static PATH_MAX])
{
	char program[PATH_MAX];
	const char *home = getenv("CIVIS_PACKS");
	ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
	program[n > 0 ? n : 0] = 0;
	char *slash = strrchr(program, '/');
	if (slash)
		*slash = 0;
	static const char *const near[] = {"../country", "../share/civis/country"};
	if (home && snprintf(out, PATH_MAX, "%s/%s", home, country) < PATH_MAX && is_pack(out))
		return true;
	for (size_t i = 0; i < sizeof near / sizeof *near; i++)
		if (snprintf(out, PATH_MAX, "%s/%s/%s", program, near[i], country) < PATH_MAX && is_pack(out))
			return true;
	return snprintf(out, PATH_MAX, "%s/%s", CIVIS_PACKS, country) < PATH_MAX && is_pack(out);
}

/* ---- copying the pack ---- */

static enum rc copy_file(const char *from, const char *to, struct err *e)
{
	struct buf content = BUF_INIT(PACK_FILE_MAX);
	enum rc rc = file_read(from, &content, e);
	if (rc == RC_OK)
		rc = file_write_durable(to, buf_bytes(&content), 0644, e);
	buf_release(&content);
	return rc;
}

static enum rc copy_tree(const char *from, const char *to, int depth, struct err *e)
{
	DIR *dir = depth < 8 ? opendir(from) : NULL;
	if (!dir)
		return err_set(e, RC_IO, from, "the pack's folder cannot be read");
	enum rc rc = dir_make(to, 0755, e);
	for (struct dirent *entry; rc == RC_OK && (entry = readdir(dir));) {
		char source[PATH_MAX], target[PATH_MAX];
		struct stat st;
		if (entry->d_name[0] == '.')
			continue;
		if (path_join(source, sizeof source, from, entry->d_name) != RC_OK ||
		    path_join(target, sizeof target, to, entry->d_name) != RC_OK || lstat(source, &st) != 0)
			rc = err_set(e, RC_IO, from, "a file of the pack cannot be read");
		else if (S_ISDIR(st.st_mode))
			rc = copy_tree(source, target, depth + 1, e);
		else if (S_ISREG(st.st_mode))
			rc = copy_file(source, target, e);
	}
	closedir(dir);
	return rc;
}

static enum rc read_pack(struct init *in, struct err *e)
{
	struct buf hex = BUF_INIT(2 * PACK_HASH_SIZE);
	enum rc rc = pack_load(in->pack_dir, &in->pack, e);
	if (rc != RC_OK)
		return rc;
	if (strcmp(in->pack->code, in->country) != 0)
		return err_set(e, RC_INVALID, in->pack_dir, "this pack is of another country: %s", in->pack->code);
	hex_encode(&hex, bytes_of(in->pack->hash, PACK_HASH_SIZE));
	const char *text = buf_cstr(&hex);
	snprintf(in->conf.pack, sizeof in->conf.pack, "%s", text ? text : "");
	buf_release(&hex);
	snprintf(in->conf.country, sizeof in->conf.country, "%s", in->country);
	/* Read here: the gate's user, who imports them, may not be able to walk to the pack. */
	rc = pack_read(in->pack, "places.csv", &in->places, e);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc copy_pack(struct init *in, struct err *e)
{
	enum rc rc = conf_pack_dir(in->data, &in->conf, in->copy);
	return rc == RC_OK ? copy_tree(in->pack_dir, in->copy, 0, e) : rc;
}

/* ---- what is done as the processes' users ---- */

static enum rc make_vault(void *ctx, struct err *e)
{
	const struct init *in = ctx;
	const struct vault_init make = {
		.issuer = in->pack->issuer, .log_name = in->conf.log_name, .status_base = in->conf.status_base,
		.store = in->vault_store,
	};
	return vault_store_init(".", &make, e);
}

static enum rc fill_store(const struct init *in, struct store *s, struct err *e)
{
	struct gazetteer_count count = {0};
	enum rc rc = store_meta_set(s, STORE_REGISTER, in->conf.register_id, e);
	if (rc == RC_OK)
		rc = store_meta_set(s, "country", in->country, e);
	if (rc == RC_OK)
		rc = store_meta_set(s, "node", "1", e);
	if (rc == RC_OK)
		rc = gazetteer_national(s, in->pack, e);
	if (rc == RC_OK && in->places.len)
		rc = gazetteer_import(s, in->pack, &(struct gazetteer_list){.csv = buf_bytes(&in->places)}, &count, e);
	if (rc == RC_OK)
		printf("civis: %zu places and %zu offices from the pack\n", count.places, count.offices);
	return rc;
}

static enum rc make_store(void *ctx, struct err *e)
{
	const struct init *in = ctx;
	struct store *s = NULL;
	enum rc rc = in->store ? store_create_on_server(".", in->store, e) : store_create(".", e);
	if (rc == RC_OK)
		rc = store_open(".", NULL, &s, e);
	if (rc == RC_OK)
		rc = fill_store(ctx, s, e);
	store_close(&s);
	return rc;
}

/* ---- what may well be wrong, before anything is made ---- */

static enum rc look_at_store(void *ctx, struct err *e)
{
	const struct init *in = ctx;
	return store_look(NULL, in->store, e);
}

static enum rc look_at_vault(void *ctx, struct err *e)
{
	const struct init *in = ctx;
	return vault_store_look(NULL, in->vault_store, e);
}

/* Each as the tables' owner, or as the one who will connect: with owner's tables or without. */
static enum rc look_as_users(struct init *in, bool owned, struct err *e)
{
	enum rc rc = RC_OK;
	if (in->store && owned == (in->owner != NULL))
		rc = conf_as_user(SANDBOX_GATE, look_at_store, in, e);
	if (rc == RC_OK && in->vault_store && owned == (in->vault_owner != NULL))
		rc = conf_as_user(SANDBOX_VAULT, look_at_vault, in, e);
	return rc;
}

static enum rc look(struct init *in, struct err *e)
{
	enum rc rc = in->owner ? store_look(in->owner, in->store, e) : RC_OK;
	if (rc == RC_OK && in->vault_owner)
		rc = vault_store_look(in->vault_owner, in->vault_store, e);
	return rc == RC_OK ? look_as_users(in, false, e) : rc;
}

static enum rc make_tables(struct init *in, struct err *e)
{
	enum rc rc = in->owner ? store_migrate(in->owner, in->store, clock_now_us(), e) : RC_OK;
	if (rc == RC_OK && in->vault_owner)
		rc = vault_store_migrate(in->vault_owner, in->vault_store, clock_now_us(), e);
	return rc == RC_OK ? look_as_users(in, true, e) : rc;
}

/* ---- the folder ---- */

static const char *const parts[] = {"gate", "vault", "pack"};

/* Which of them is here already: what an earlier try left, or somebody's. */
static enum rc look_at_folder(const struct init *in, bool *ret_here, struct err *e)
{
	char path[PATH_MAX];
	struct stat st;
	*ret_here = stat(in->data, &st) == 0;
	enum rc rc = path_in(path, in->data, "civis.conf", e);
	if (rc == RC_OK && stat(path, &st) == 0)
		return err_set(e, RC_CONFLICT, in->data, "there is a register here already");
	for (size_t i = 0; rc == RC_OK && i < sizeof parts / sizeof *parts; i++) {
		rc = path_in(path, in->data, parts[i], e);
		if (rc == RC_OK && !folder_is_empty(path))
			rc = err_set(e, RC_CONFLICT, path, "This folder is not empty");
	}
	return rc;
}

static enum rc make_folders(const struct init *in, struct err *e)
{
	char path[PATH_MAX];
	enum rc rc = dir_make(in->data, 0711, e);
	if (rc == RC_OK)
		rc = path_in(path, in->data, "gate", e);
	if (rc == RC_OK)
		rc = sandbox_make_home(SANDBOX_GATE, path, e);
	if (rc == RC_OK)
		rc = path_in(path, in->data, "vault", e);
	return rc == RC_OK ? sandbox_make_home(SANDBOX_VAULT, path, e) : rc;
}

static enum rc fill_folders(struct init *in, struct err *e)
{
	enum rc rc = make_folders(in, e);
	if (rc == RC_OK)
		rc = copy_pack(in, e);
	if (rc == RC_OK) {
		in->written = in->vault_store != NULL;
		rc = conf_in_home(in->data, SANDBOX_VAULT, make_vault, in, e);
	}
	if (rc == RC_OK) {
		in->written = in->vault_store || in->store;
		rc = conf_in_home(in->data, SANDBOX_GATE, make_store, in, e);
	}
	/* Last: a folder without it is not taken for a register. */
	return rc == RC_OK ? conf_write(in->data, &in->conf, e) : rc;
}

static void take_back(const struct init *in, bool was_here)
{
	char path[PATH_MAX];
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (path_in(path, in->data, parts[i], NULL) == RC_OK && folder_remove(path, NULL) != RC_OK)
			fprintf(stderr, "civis: remove %s before the next try\n", path);
	if (path_in(path, in->data, "civis.conf", NULL) == RC_OK)
		unlink(path);
	if (!was_here)
		rmdir(in->data);
	if (in->written)
		fprintf(stderr, "civis: make the databases anew before the next try: something was written to them\n");
}

static enum rc init_all(struct init *in, struct err *e)
{
	bool here;
	enum rc rc = look_at_folder(in, &here, e);
	if (rc == RC_OK)
		rc = read_pack(in, e);
	if (rc == RC_OK)
		rc = look(in, e);
	if (rc == RC_OK)
		rc = make_tables(in, e);
	if (rc != RC_OK)
		return rc;
	rc = fill_folders(in, e);
	if (rc != RC_OK)
		take_back(in, here);
	return rc;
}

/* The value given, or else the usual one of the country. */
static bool fill(char out[static CONF_VALUE_MAX], const char *given, const char *before, const char *country, const char *after)
{
	int n = given ? snprintf(out, CONF_VALUE_MAX, "%s", given)
	              : snprintf(out, CONF_VALUE_MAX, "%s%s%s", before, country, after);
	return n > 0 && n < CONF_VALUE_MAX;
}

int cmd_init(const struct command *self, int argc, char **argv)
{
	static char found[PATH_MAX];
	struct init in = {.places = BUF_INIT(PACK_FILE_MAX)};
	struct err e = ERR_NONE;
	const char *log_name = NULL, *status_base = NULL;
	const struct arg args[] = {
		ARG_NEEDED("country", "CODE", &in.country, "the country: khm (Cambodia) or mmr (Myanmar)"),
		ARG_NEEDED("data", "DIR", &in.data, "the folder to make"),
		ARG_TEXT("pack", "DIR", &in.pack_dir, "the country pack, if it did not come with the program"),
		ARG_TEXT("log-name", "NAME", &log_name, "name of the public log; it can never be changed\n(default: civis.example/CODE)"),
		ARG_TEXT("status-base", "URI", &status_base, "where the status lists will be published; it stands in every QR\n(default: https://CODE.example/status)"),
		ARG_TEXT("store", "URL", &in.store, "keep the register on PostgreSQL: postgresql://user@/database?host=/folder/of/its/socket\n"
		                                     "(default: files in DIR)"),
		ARG_TEXT("store-owner", "URL", &in.owner, "the same database as its owner, who makes the tables now\n"
		                                           "(default: `civis migrate` has made them)"),
		ARG_TEXT("vault-store", "URL", &in.vault_store, "keep what the vault keeps on PostgreSQL, in a database of its own\n"
		                                                 "(default: a file in DIR)"),
		ARG_TEXT("vault-store-owner", "URL", &in.vault_owner, "the same database as its owner"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	if (in.owner && !in.store)
		return args_wrong(self, args, "--store-owner goes with --store");
	if (in.vault_owner && !in.vault_store)
		return args_wrong(self, args, "--vault-store-owner goes with --vault-store");
	if (!in.pack_dir && !find_pack(in.country, found))
		return args_wrong(self, args, "there is no pack for \"%s\"; name its folder with --pack", in.country);
	in.pack_dir = in.pack_dir ? in.pack_dir : found;
	if (!fill(in.conf.log_name, log_name, "civis.example/", in.country, "") ||
	    !fill(in.conf.status_base, status_base, "https://", in.country, ".example/status"))
		return args_wrong(self, args, "--log-name and --status-base have at most %d bytes", CONF_VALUE_MAX - 1);
	id_format(id_new(), in.conf.register_id);
	size_t n = strlen(in.conf.status_base);
	if (n && in.conf.status_base[n - 1] == '/')
		in.conf.status_base[n - 1] = 0;
	enum rc rc = init_all(&in, &e);
	pack_free(&in.pack);
	buf_release(&in.places);
	if (rc != RC_OK)
		return conf_complain(self->name, rc, &e);
	printf("civis: %s is ready; add staff with `civis staff add`, then `civis serve`\n", in.data);
	return EXIT_DONE;
}
