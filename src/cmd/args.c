/* SPDX-License-Identifier: MPL-2.0 */
#include "cmd/args.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 80, PIECE_MAX = 64 };

/* "--data DIR", or the operand. */
static void spell(const struct arg *a, char out[static PIECE_MAX])
{
	snprintf(out, PIECE_MAX, "%s%s%s%s", *a->name ? "--" : "", a->name, *a->name && a->value ? " " : "",
	         a->value ? a->value : "");
}

static void print_usage(FILE *out, const struct command *self, const struct arg *args)
{
	int indent = fprintf(out, "usage: civis %s", self->name), column = indent;
	for (const struct arg *a = args; a->name; a++) {
		char piece[PIECE_MAX];
		if (!a->help)
			continue;
		spell(a, piece);
		if (column + (int)strlen(piece) + 3 > LINE)
			column = fprintf(out, "\n%*s", indent, "") - 1;
		column += fprintf(out, a->needed ? " %s" : " [%s]", piece);
	}
	fputc('\n', out);
}

static void print_help(const struct command *self, const struct arg *args)
{
	char piece[PIECE_MAX];
	int width = 0;
	print_usage(stdout, self, args);
	printf("\n%c%s.\n", self->summary[0] - 'a' + 'A', self->summary + 1);
	for (const struct arg *a = args; a->name; a++) {
		spell(a, piece);
		width = a->help && (int)strlen(piece) > width ? (int)strlen(piece) : width;
	}
	for (const struct arg *a = args; a->name; a++) {
		spell(a, piece);
		for (const char *line = a->help, *end; line; line = *end ? end + 1 : NULL) {
			end = strchrnul(line, '\n');
			printf("  %-*s  %.*s\n", width, line == a->help ? piece : "", (int)(end - line), line);
		}
	}
}

int args_wrong(const struct command *self, const struct arg *args, const char *format, ...)
{
	va_list list;
	fprintf(stderr, "civis %s: ", self->name);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	print_usage(stderr, self, args);
	return EXIT_UNUSABLE;
}

static bool wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

/* The options into their places; EXIT_DONE, or what was wrong was said. optind is at the operands. */
static int take_options(const struct command *self, const struct arg *args, int argc, char **argv)
{
	struct option options[ARGS_MAX + 1] = {0};
	const struct arg *of[ARGS_MAX] = {NULL};
	int n = 0, which = 0;
	for (const struct arg *a = args; a->name && n < ARGS_MAX; a++) {
		if (!*a->name)
			continue;
		of[n] = a;
		options[n] = (struct option){a->name, a->value ? required_argument : no_argument, &which, n};
		n++;
	}
	optind = 0; /* getopt forgets what it read before */
	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, ":", options, NULL)) != -1;) {
		const char *given = argv[optind - 1];
		if (c == ':')
			return args_wrong(self, args, "%s needs a value", given);
		if (c != 0)
			return args_wrong(self, args, "there is no option %s", given);
		if (of[which]->flag)
			*of[which]->flag = true;
		else
			*of[which]->text = optarg;
	}
	return EXIT_DONE;
}

bool args_read(const struct command *self, const struct arg *args, int argc, char **argv, int *ret_status)
{
	if (wants_help(argc, argv)) {
		print_help(self, args);
		*ret_status = EXIT_DONE;
		return false;
	}
	int status = take_options(self, args, argc, argv);
	for (const struct arg *a = args; a->name && status == EXIT_DONE; a++) {
		if (!*a->name && optind < argc)
			*a->text = argv[optind++];
		else if (a->needed && !*a->text)
			status = args_wrong(self, args, "%s%s is needed", *a->name ? "--" : "", *a->name ? a->name : a->value);
	}
	if (status == EXIT_DONE && optind < argc)
		status = args_wrong(self, args, "\"%s\" is not expected", argv[optind]);
	*ret_status = status;
	return status == EXIT_DONE;
}
