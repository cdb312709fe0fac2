/* SPDX-License-Identifier: MPL-2.0 */
/* civis staff: the accounts that may sign in, and the fuse over all their openings. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/vault_dir.h"
#include "vault/admin.h"

enum { PASSPHRASE_LINE = 258 };

struct staff_options {
	const char *data, *name, *role, *scope, *native, *latin, *file, *factor, *per_hour;
};

static int usage(void)
{
	fputs("usage: civis staff add --data DIR --name NAME --role ROLE --scope OFFICE\n"
	      "                       --display-native NAME --display-latin NAME\n"
	      "                       [--passphrase-file FILE] [--quota-factor N]\n"
	      "       civis staff list --data DIR\n"
	      "       civis staff disable --data DIR --name NAME\n"
	      "       civis staff fuse --data DIR [--per-hour N]\n"
	      "Roles: commune_official hospital_clerk district_verifier registrar\n"
	      "       national_administrator auditor\n"
	      "The passphrase is asked for, or read from standard input, or from the file.\n"
	      "--quota-factor multiplies the daily quotas of openings of this account.\n"
	      "fuse shows the openings of this hour; with --per-hour it sets their limit\n"
	      "and mends a blown fuse.\n",
	      stderr);
	return EXIT_UNUSABLE;
}

static bool parse_options(int argc, char **argv, struct staff_options *ret)
{
	static const struct option options[] = {
		{"data", required_argument, NULL, 'd'},          {"name", required_argument, NULL, 'n'},
		{"role", required_argument, NULL, 'r'},          {"scope", required_argument, NULL, 's'},
		{"display-native", required_argument, NULL, 'v'}, {"display-latin", required_argument, NULL, 'l'},
		{"passphrase-file", required_argument, NULL, 'f'}, {"quota-factor", required_argument, NULL, 'q'},
		{"per-hour", required_argument, NULL, 'h'},      {NULL, 0, NULL, 0}};
	optind = 0;
	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		const char **place = c == 'd'	? &ret->data
				   : c == 'n' ? &ret->name
				   : c == 'r' ? &ret->role
				   : c == 's' ? &ret->scope
				   : c == 'v' ? &ret->native
				   : c == 'l' ? &ret->latin
				   : c == 'f' ? &ret->file
				   : c == 'q' ? &ret->factor
				   : c == 'h' ? &ret->per_hour
					      : NULL;
		if (!place)
			return false;
		*place = optarg;
	}
	return optind == argc && ret->data;
}

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

static enum rc add(const struct staff_options *o, struct err *e)
{
	uint64_t factor = 1;
	struct id id;
	char text[ID_TEXT_SIZE];
	struct buf passphrase = BUF_INIT(PASSPHRASE_LINE);
	enum rc rc = RC_OK;
	if (o->factor && (u64_parse(bytes_str(o->factor), UINT32_MAX, &factor) != RC_OK || factor == 0))
		rc = err_set(e, RC_INVALID, "quota-factor", "This is not a positive number");
	struct vault_staff_new staff = {.name = o->name, .display_native = o->native, .display_latin = o->latin,
					.role = role_parse(bytes_str(o->role)), .scope = o->scope,
					.quota_factor = (uint32_t)factor};
	/* The file may be readable only for who called. */
	if (rc == RC_OK)
		rc = read_passphrase(o->file, &passphrase, e);
	if (rc == RC_OK)
		rc = vault_dir_enter(o->data, e);
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

int cmd_staff(int argc, char **argv)
{
	struct staff_options o = {0};
	struct err e = ERR_NONE;
	enum rc rc;
	const char *what = argc > 1 ? argv[1] : "";
	if (argc < 2 || !parse_options(argc - 1, argv + 1, &o))
		return usage();
	if (strcmp(what, "add") == 0 && o.name && o.role && o.scope && o.native && o.latin) {
		rc = add(&o, &e);
	} else if (strcmp(what, "list") == 0) {
		rc = vault_dir_enter(o.data, &e);
		if (rc == RC_OK)
			rc = vault_staff_list(".", print_one, NULL, &e);
	} else if (strcmp(what, "disable") == 0 && o.name) {
		rc = vault_dir_enter(o.data, &e);
		if (rc == RC_OK)
			rc = vault_staff_disable(".", o.name, &e);
	} else if (strcmp(what, "fuse") == 0) {
		rc = fuse(&o, &e);
	} else {
		return usage();
	}
	if (rc != RC_OK)
		fprintf(stderr, "civis: staff: %s: %s\n", e.where, e.text[0] ? e.text : rc_text(rc));
	return rc == RC_OK ? EXIT_DONE : rc == RC_NOT_FOUND || rc == RC_CONFLICT ? EXIT_NO : EXIT_UNUSABLE;
}
