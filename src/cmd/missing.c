/* SPDX-License-Identifier: MPL-2.0 */
/* Stands in for each command whose file is not built into this binary. */
#include <stdio.h>

#include "cmd/cmd.h"

static int missing(const char *name)
{
	fprintf(stderr, "civis: \"%s\" is not built into this binary\n", name);
	return EXIT_UNUSABLE;
}

#define X(name, arguments, summary) \
	__attribute__((weak)) int cmd_##name(int argc, char **argv) \
	{ \
		(void)argc, (void)argv; \
		return missing(#name); \
	}
CIVIS_COMMANDS(X)
#undef X
