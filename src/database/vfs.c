/* SPDX-License-Identifier: MPL-2.0 */
#include "database/vfs.h"

#include <pthread.h>
#include <sqlite3.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static enum rc result = RC_INTERNAL;
static sqlite3_vfs shim;

static int keep_name(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
	(void)vfs;
	size_t len = strlen(name);
	if (size <= 0 || len >= (size_t)size)
		return SQLITE_CANTOPEN;
	memcpy(out, name, len + 1);
	return SQLITE_OK;
}

static void register_once(void)
{
	/* Counting its memory takes a lock around every allocation. Refused once it runs: then it counts. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (sqlite3_initialize() != SQLITE_OK)
		return;
	/* A test may have put a layer of its own under our name: keep it. */
	if (sqlite3_vfs_find(DB_VFS)) {
		result = RC_OK;
		return;
	}
	sqlite3_vfs *base = sqlite3_vfs_find(NULL);
	if (!base)
		return;
	shim = *base;
	shim.zName = DB_VFS;
	shim.pNext = NULL;
	shim.xFullPathname = keep_name;
	if (sqlite3_vfs_register(&shim, 0) == SQLITE_OK)
		result = RC_OK;
}

enum rc db_vfs_register(void)
{
	pthread_once(&once, register_once);
	return result;
}
