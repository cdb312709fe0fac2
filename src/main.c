/* SPDX-License-Identifier: MPL-2.0 */
/* The table of commands, and the help over all of them; each tells its own (cmd/args.h). */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"
#include "database/postgresql.h"

static const struct command commands[] = {
#define X(function, name, summary) {name, summary, cmd_##function},
	CIVIS_COMMANDS(X)
#undef X
};
enum { COMMANDS = sizeof commands / sizeof *commands };

/* The first word's length: names that share it are one group. */
static size_t group_of(const struct command *c)
{
	return strcspn(c->name, " ");
}

static bool in_group(const struct command *c, const char *word)
{
	return strlen(word) == group_of(c) && strncmp(c->name, word, group_of(c)) == 0;
}

/* The commands of one group; NULL: all. */
static void list(FILE *out, const char *group)
{
	fprintf(out, "usage: civis %s [ARGUMENTS]\n\n", group ? group : "COMMAND");
	for (const struct command *c = commands; c < commands + COMMANDS; c++)
		if (!group || in_group(c, group))
			fprintf(out, "  %-14s %s\n", c->name, c->summary);
	fputs("\n`civis COMMAND --help` tells a command's options; civis(1) tells it all.\n", out);
}

static bool asks_for_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

/* The help of each command in a group, one after the other. */
static int help_on_group(const char *group)
{
	char empty[] = "", help[] = "--help";
	char *argv[] = {empty, help, NULL};
	const char *between = "";
	for (const struct command *c = commands; c < commands + COMMANDS; c++) {
		if (!in_group(c, group))
			continue;
		fputs(between, stdout);
		c->run(c, 2, argv);
		between = "\n";
	}
	return EXIT_DONE;
}

static int run_in_group(int argc, char **argv)
{
	if (argc > 2 && asks_for_help(argv[2]))
		return help_on_group(argv[1]);
	for (const struct command *c = commands; argc > 2 && c < commands + COMMANDS; c++)
		if (in_group(c, argv[1]) && strcmp(c->name + group_of(c) + 1, argv[2]) == 0)
			return c->run(c, argc - 2, argv + 2);
	if (argc > 2)
		fprintf(stderr, "civis %s: there is no command \"%s %s\"\n", argv[1], argv[1], argv[2]);
	else
		fprintf(stderr, "civis %s: say which\n", argv[1]);
	list(stderr, argv[1]);
	return EXIT_UNUSABLE;
}

int main(int argc, char **argv)
{
	postgresql_forget_environment();
	if (argc < 2) {
		fputs("civis: say which command\n", stderr);
		list(stderr, NULL);
		return EXIT_UNUSABLE;
	}
	if (asks_for_help(argv[1])) {
		list(stdout, NULL);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("civis " CIVIS_VERSION);
		return EXIT_DONE;
	}
	for (const struct command *c = commands; c < commands + COMMANDS; c++) {
		if (strcmp(c->name, argv[1]) == 0)
			return c->run(c, argc - 1, argv + 1);
		if (in_group(c, argv[1]))
			return run_in_group(argc, argv);
	}
	fprintf(stderr, "civis: there is no command \"%s\"\n", argv[1]);
	list(stderr, NULL);
	return EXIT_UNUSABLE;
}
