/* SPDX-License-Identifier: MPL-2.0 */
/* The packs that unit tests read: the two that ship, and an invented one that has nothing in common with them. */
#ifndef CIVIS_TESTS_PACKS_H
#define CIVIS_TESTS_PACKS_H

#include <limits.h>
#include <stdlib.h>

#include "country/pack.h"
#include "tap.h"

static inline void pack_path(char out[static PATH_MAX], const char *name)
{
	const char *root = getenv("SOURCE_ROOT");
	snprintf(out, PATH_MAX, "%s/%s/%s", root ? root : ".", strcmp(name, "zed") ? "country" : "tests/data/packs", name);
}

/* NULL (and a failed check) if it does not load. */
static inline struct pack *pack_open(const char *name)
{
	char path[PATH_MAX];
	struct pack *p = NULL;
	struct err e = ERR_NONE;
	pack_path(path, name);
	enum rc rc = pack_load(path, &p, &e);
	if (!ok(rc == RC_OK))
		printf("# %s: %s: %s\n", name, e.where, e.text);
	return p;
}

/* 2026-11-22 10:30 in Phnom Penh (UTC+7). */
#define TEST_NOW ((int64_t)1795318200 * 1000000)

#endif
