/* SPDX-License-Identifier: MPL-2.0 */
/* The two walls that the kernel keeps; sandbox.c puts them up in order. Private to this room. */
#ifndef CIVIS_PROCESS_CONFINE_H
#define CIVIS_PROCESS_CONFINE_H

#include "process/sandbox.h"

/* The version of Landlock that the kernel speaks; 0 if none. */
int confine_landlock_version(void);
/*
 * Landlock needs the folders open before the user is changed and is turned on
 * after, so it comes in two steps. The ruleset is a descriptor, -1 when the
 * kernel has no Landlock (RC_OK then: the caller decides). `home` is an open
 * folder or -1.
 */
enum rc confine_files_prepare(enum sandbox_role role, int home, const char *const *read_only, int *ret_ruleset,
                              struct err *e) WARN_UNUSED;
enum rc confine_files_enter(int ruleset, struct err *e) WARN_UNUSED;
/* The filter of system calls, on every thread, for good. unix_sockets: see struct sandbox_paths. */
enum rc confine_calls(enum sandbox_role role, bool unix_sockets, struct err *e) WARN_UNUSED;

#endif
