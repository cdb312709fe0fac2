/* SPDX-License-Identifier: MPL-2.0 */
#ifndef CIVIS_TESTS_FOLDERS_H
#define CIVIS_TESTS_FOLDERS_H

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

/* A folder with all that is in it. */
static inline void remove_tree(const char *path)
{
	DIR *d = opendir(path);
	for (struct dirent *entry; d && (entry = readdir(d));) {
		char below[4096];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
		if (unlink(below) != 0)
			remove_tree(below);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

#endif
