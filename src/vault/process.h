/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The vault as a process: a single-threaded loop over its sockets.
 *
 * Each round reads every request that is ready, handles them in one transaction
 * of vault.db, commits, and only then answers: what an answer rests on (a look,
 * a key, a checkpoint) is durable before anyone sees it. A round that wrote no
 * row commits nothing. argon2id runs on two helper threads.
 */
#ifndef CIVIS_VAULT_PROCESS_H
#define CIVIS_VAULT_PROCESS_H

#include <stddef.h>

#define VAULT_SOCKETS_MAX 64

/*
 * Runs until control_fd is closed or SIGTERM; returns the exit status. Calls
 * supervise_ready() itself once the store is open. Call it inside the sandbox,
 * with a single thread; it starts its own.
 *
 * vault_dir   the open folder DIR/vault; made the working directory
 * fds, n      ends of channels towards the gate
 * matcher_fd  end of the pair towards the matcher, or −1
 * control_fd  the supervisor's; −1 when there is none
 *
 * Needs at run time (for the sandbox): files below vault_dir, threads
 * (clone3, futex), poll, recvmsg, sendmsg, pipe2, getrandom, mmap.
 */
int vault_main(int vault_dir, const int *fds, size_t n, int matcher_fd, int control_fd);

#endif
