/* SPDX-License-Identifier: MPL-2.0 */
/* The table of subcommands, and the help made from it. */
#include <stdio.h>
#include <string.h>

#include "cmd/cmd.h"

struct command {
	const char *name;
	const char *arguments;
	const char *summary;
	int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
#define X(name, arguments, summary) {#name, arguments, summary, cmd_##name},
	CIVIS_COMMANDS(X)
#undef X
};

static void help(FILE *out)
{
	fputs("usage: civis COMMAND [ARGUMENTS]\n\n", out);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		fprintf(out, "  %-8s %s\n           %s\n", commands[i].name, commands[i].arguments, commands[i].summary);
	fputs("\n`civis COMMAND --help` says more of one command; civis(1) says it all.\n", out);
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int help_for(const struct command *c)
{
	printf("usage: civis %s %s\n\n%s\n", c->name, c->arguments, c->summary);
	return EXIT_DONE;
}

int main(int argc, char **argv)
{
	if (argc < 2 || strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		help(argc < 2 ? stderr : stdout);
		return argc < 2 ? EXIT_UNUSABLE : EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("civis " CIVIS_VERSION);
		return EXIT_DONE;
	}
	const struct command *c = find(argv[1]);
	if (!c) {
		fprintf(stderr, "civis: there is no command \"%s\"\n\n", argv[1]);
		help(stderr);
		return EXIT_UNUSABLE;
	}
	if (argc > 2 && (strcmp(argv[2], "--help") == 0 || strcmp(argv[2], "-h") == 0))
		return help_for(c);
	return c->run(argc - 1, argv + 1);
}
