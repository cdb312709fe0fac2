/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The arguments of a command as a table: what is parsed is what the help tells.
 *
 *   const struct arg args[] = {
 *           ARG_OPERAND("FILE", &in.file, "a certificate"),
 *           ARG_NEEDED("data", "DIR", &in.data, ARG_DATA),
 *           ARG_FLAG("json", &in.json, "answer as one JSON object"),
 *           ARG_END,
 *   };
 *   int status;
 *   if (!args_read(self, args, argc, argv, &status))
 *           return status;
 */
#ifndef CIVIS_CMD_ARGS_H
#define CIVIS_CMD_ARGS_H

#include <stdbool.h>

#include "cmd/cmd.h"

struct arg {
	const char *name;  /* without its hyphens; "": the operand, which is always needed; NULL ends the table */
	const char *value; /* what follows it, as the help calls it; NULL: nothing does */
	const char **text; /* takes the value, which is argv's; the last one counts */
	bool *flag;        /* or: is set */
	bool needed;
	const char *help;  /* may have several lines; NULL: the help keeps silent about it */
};

enum { ARGS_MAX = 16 };

#define ARG_OPERAND(value, place, help) {"", value, place, NULL, true, help}
#define ARG_NEEDED(name, value, place, help) {name, value, place, NULL, true, help}
#define ARG_TEXT(name, value, place, help) {name, value, place, NULL, false, help}
#define ARG_FLAG(name, place, help) {name, NULL, NULL, place, false, help}
#define ARG_END {0}
#define ARG_DATA "the register's data folder"

/* False: nothing is left to do but to end with *ret_status. Help was asked for and printed, or the
   arguments are wrong and it was said how. argv[0] is not looked at. */
bool args_read(const struct command *self, const struct arg *args, int argc, char **argv, int *ret_status);
/* One sentence and the usage on standard error; EXIT_UNUSABLE. */
int args_wrong(const struct command *self, const struct arg *args, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
