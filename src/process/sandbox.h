/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The walls around each process.
 *
 *   role     user           files                          system calls refused (EPERM)
 *   gate     civis-gate     its home; read-only paths      socket and connect (Unix sockets excepted when its store
 *                                                          is on a server), bind, listen, execve, ptrace, reading
 *                                                          others' memory, mount, bpf, …
 *   vault    civis-vault    its home                       all but a list without any of the above
 *   matcher  civis-matcher  none: cannot open a file       all but about twenty
 *
 * Also for each: no new privileges, no capabilities, no core, umask 077, not
 * dumpable (so that a peer with the same user cannot read its memory), death
 * with the parent, and Landlock (files; TCP; signals and abstract sockets to
 * processes outside, as far as the kernel knows them). Nothing is ever given back.
 *
 * Production asks for everything and refuses to run with less: started as root
 * it needs the three users, and always Landlock and seccomp. Started as a plain
 * user, all three run as that user, which is logged ("sandbox_weaker"): the other
 * walls hold between them. With `development` a missing user or Landlock is
 * logged and left out; seccomp is always required.
 */
#ifndef CIVIS_PROCESS_SANDBOX_H
#define CIVIS_PROCESS_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

enum sandbox_role { SANDBOX_GATE, SANDBOX_VAULT, SANDBOX_MATCHER, SANDBOX_ROLES };

/* "gate", "vault", "matcher": also the value of --role. */
const char *sandbox_role_name(enum sandbox_role role);
/* "civis-gate", … */
const char *sandbox_role_user(enum sandbox_role role);
/* RC_NOT_FOUND for another word. */
enum rc sandbox_role_parse(const char *name, enum sandbox_role *ret) WARN_UNUSED;

struct sandbox_paths {
	const char *home;             /* the role's own folder, its working directory afterwards; NULL: "/" and none */
	const char *const *read_only; /* NULL-terminated; missing ones are passed over; may be NULL. The role's
	                                 user may not be able to walk to them: read country packs before. */
	bool unix_sockets;            /* gate or vault may make and connect Unix sockets: its store is on a server */
};

/* What the gate needs to read to draw certificates: fonts and the shared data of libraries. */
extern const char *const sandbox_gate_libraries[];

/*
 * Puts the calling process, which must still have a single thread, inside the
 * walls of its role. After it the working directory is `home`, whose parents
 * the user may not be able to walk: use relative names. RC_CONFIG with a
 * sentence for the operator; the process must then end (some walls stand).
 */
enum rc sandbox_enter(enum sandbox_role role, const struct sandbox_paths *paths, bool development, struct err *e)
	WARN_UNUSED;

/* The role's user and group. RC_NOT_FOUND if the machine has no such user. */
enum rc sandbox_find_user(enum sandbox_role role, uid_t *ret_uid, gid_t *ret_gid) WARN_UNUSED;
/* Makes the folder with mode 0700 if it is missing, and, when root and the user exists, gives it
   and everything directly inside to the role's user. */
enum rc sandbox_make_home(enum sandbox_role role, const char *path, struct err *e) WARN_UNUSED;
/*
 * For commands that touch a process's files: when root and the role's user
 * exists, becomes that user for good; otherwise stays who it is. Open the
 * folder and fchdir into it first.
 */
enum rc sandbox_switch_user(enum sandbox_role role, struct err *e) WARN_UNUSED;

#endif
