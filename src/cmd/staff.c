/* SPDX-License-Identifier: MPL-2.0 */
/* civis staff: the accounts that may sign in, and the fuse over all their openings. */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cmd/args.h"
#include "cmd/conf.h"
#include "cmd/office.h"
#include "cmd/vault_dir.h"
#include "vault/admin.h"

enum { PASSPHRASE_LINE = 258 };
#define ROLES "commune_official, hospital_clerk, district_verifier,\nregistrar, national_administrator, auditor"

struct staff_options {
	const char *data, *name, *role, *scope, *native, *latin, *file, *factor, *per_hour;
};

/* One line; its end is not part of it. */
static enum rc read_line(FILE *in, struct buf *out, struct err *e)
{
	int c;
	while ((c = getc(in)) != EOF && c != '\n')
		buf_byte(out, (uint8_t)c);
	if (out->len && out->ptr[out->len - 1] == '\r')
		out->len--;
	return buf_failed(out) ? err_set(e, RC_INVALID, "passphrase", "The passphrase is too long") : RC_OK;
}

static enum rc ask_once(const char *prompt, struct buf *out, struct err *e)
{
	struct termios before, silent;
	fputs(prompt, stderr);
	bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	if (terminal)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	enum rc rc = read_line(stdin, out, e);
	if (terminal)
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	fputc('\n', stderr);
	return rc;
}

static enum rc ask_twice(struct buf *out, struct err *e)
{
	struct buf again = BUF_INIT(PASSPHRASE_LINE);
	enum rc rc = ask_once("Passphrase: ", out, e);
	if (rc == RC_OK)
		rc = ask_once("Again: ", &again, e);
	if (rc == RC_OK && !bytes_equal(buf_bytes(out), buf_bytes(&again)))
		rc = err_set(e, RC_INVALID, "passphrase", "The two are not the same");
	buf_release(&again);
	return rc;
}

static enum rc read_passphrase(const char *file, struct buf *out, struct err *e)
{
	if (!file)
		return isatty(STDIN_FILENO) ? ask_twice(out, e) : read_line(stdin, out, e);
	enum rc rc = file_read(file, out, e);
	while (rc == RC_OK && out->len && (out->ptr[out->len - 1] == '\n' || out->ptr[out->len - 1] == '\r'))
		out->len--;
	return rc;
}

struct office_wanted {
	struct conf conf;
	const char *scope;
};

/* As the gate, whose database has the offices. */
static enum rc find_office(void *ctx, struct err *e)
{
	const struct office_wanted *in = ctx;
	struct store *s = NULL;
	enum rc rc = store_open(".", in->conf.register_id, &s, e);
	if (rc == RC_OK)
		rc = office_find(s, in->scope, e);
	store_close(&s);
	return rc;
}

static enum rc add(const struct staff_options *o, struct err *e)
{
	uint64_t factor = 1;
	struct id id;
	char text[ID_TEXT_SIZE];
	struct office_wanted office = {.scope = o->scope};
	struct buf passphrase = BUF_INIT(PASSPHRASE_LINE);
	enum rc rc = RC_OK;
	struct vault_staff_new staff = {.name = o->name, .display_native = o->native, .display_latin = o->latin,
					.role = role_parse(bytes_str(o->role)), .scope = o->scope};
	if (o->factor && (u64_parse(bytes_str(o->factor), UINT32_MAX, &factor) != RC_OK || factor == 0))
		rc = err_set(e, RC_INVALID, "quota-factor", "This is not a positive number");
	else if (staff.role <= ROLE_FAMILY || staff.role >= ROLE_END)
		rc = err_set(e, RC_INVALID, o->role, "this is not a role; the roles are " ROLES);
	if (rc == RC_OK)
		rc = conf_read(o->data, &office.conf, e);
	if (rc == RC_OK && scope_is_valid(bytes_str(o->scope)))
		rc = conf_in_home(o->data, SANDBOX_GATE, find_office, &office, e);
	/* The file may be readable only for who called. */
	if (rc == RC_OK)
		rc = read_passphrase(o->file, &passphrase, e);
	if (rc == RC_OK)
		rc = vault_dir_enter(o->data, e);
	staff.quota_factor = (uint32_t)factor;
	if (rc == RC_OK)
		rc = vault_staff_add(".", &staff, buf_bytes(&passphrase), &id, e);
	buf_release(&passphrase);
	if (rc == RC_OK) {
		id_format(id, text);
		printf("%s\n", text);
	}
	return rc;
}

static void print_one(void *ctx, const struct vault_staff *s, bool active)
{
	(void)ctx;
	char id[ID_TEXT_SIZE];
	id_format(s->id, id);
	printf("%s  %-24s %-22s %-28s %-8s %s\n", id, s->name, role_name(s->role), s->scope, active ? "open" : "disabled",
	       s->display_latin);
}

static enum rc fuse(const struct staff_options *o, struct err *e)
{
	uint64_t per_hour = 0;
	struct vault_fuse now;
	if (o->per_hour && (u64_parse(bytes_str(o->per_hour), INT64_MAX, &per_hour) != RC_OK || per_hour == 0))
		return err_set(e, RC_INVALID, "per-hour", "This is not a positive number");
	enum rc rc = vault_dir_enter(o->data, e);
	if (rc == RC_OK && o->per_hour)
		rc = vault_fuse_reset(".", per_hour, e);
	if (rc == RC_OK)
		rc = vault_fuse_get(".", &now, e);
	if (rc == RC_OK)
		printf("%s: %llu openings of %llu an hour\n", now.blown ? "blown" : "whole",
		       (unsigned long long)now.this_hour, (unsigned long long)now.per_hour);
	return rc;
}

static int end(const struct command *self, enum rc rc, const struct err *e)
{
	if (rc != RC_OK)
		conf_complain(self->name, rc, e);
	return rc == RC_OK ? EXIT_DONE : rc == RC_NOT_FOUND || rc == RC_CONFLICT ? EXIT_NO : EXIT_UNUSABLE;
}

int cmd_staff_add(const struct command *self, int argc, char **argv)
{
	struct staff_options o = {0};
	struct err e = ERR_NONE;
	const struct arg args[] = {
		ARG_NEEDED("data", "DIR", &o.data, ARG_DATA),
		ARG_NEEDED("name", "NAME", &o.name, "the name to sign in with: a-z, 0-9, dot, underscore, hyphen"),
		ARG_NEEDED("role", "ROLE", &o.role, ROLES),
		ARG_NEEDED("scope", "OFFICE", &o.scope, "path of the office, such as khm/04/0499; `civis office list` shows them"),
		ARG_NEEDED("display-native", "NAME", &o.native, "the officer's name in the script of the country"),
		ARG_NEEDED("display-latin", "NAME", &o.latin, "the officer's name in Latin letters"),
		ARG_TEXT("passphrase-file", "FILE", &o.file, "read the passphrase from a file; without it, it is asked for,\n"
		                                             "or read as one line from standard input"),
		ARG_TEXT("quota-factor", "N", &o.factor, "multiply the daily quotas of openings of this account by N"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	return end(self, add(&o, &e), &e);
}

int cmd_staff_list(const struct command *self, int argc, char **argv)
{
	const char *data = NULL;
	struct err e = ERR_NONE;
	const struct arg args[] = {ARG_NEEDED("data", "DIR", &data, ARG_DATA), ARG_END};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	enum rc rc = vault_dir_enter(data, &e);
	if (rc == RC_OK)
		rc = vault_staff_list(".", print_one, NULL, &e);
	return end(self, rc, &e);
}

int cmd_staff_disable(const struct command *self, int argc, char **argv)
{
	const char *data = NULL, *name = NULL;
	struct err e = ERR_NONE;
	const struct arg args[] = {
		ARG_NEEDED("data", "DIR", &data, ARG_DATA),
		ARG_NEEDED("name", "NAME", &name, "the account"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	enum rc rc = vault_dir_enter(data, &e);
	if (rc == RC_OK)
		rc = vault_staff_disable(".", name, &e);
	return end(self, rc, &e);
}

int cmd_staff_fuse(const struct command *self, int argc, char **argv)
{
	struct staff_options o = {0};
	struct err e = ERR_NONE;
	const struct arg args[] = {
		ARG_NEEDED("data", "DIR", &o.data, ARG_DATA),
		ARG_TEXT("per-hour", "N", &o.per_hour, "set the limit, and mend a blown fuse"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	return end(self, fuse(&o, &e), &e);
}
