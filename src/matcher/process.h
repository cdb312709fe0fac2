/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The matcher: one thread, one channel, an index in memory, nothing on disk.
 *
 * The caller has entered the sandbox already (sandbox_enter(SANDBOX_MATCHER)),
 * after matcher_prepare(), which loads what the libraries would open later.
 */
#ifndef CIVIS_MATCHER_PROCESS_H
#define CIVIS_MATCHER_PROCESS_H

#include <stddef.h>

#include "base/err.h"

/* Before the sandbox: makes ICU load its tables. RC_INTERNAL. */
enum rc matcher_prepare(struct err *e) WARN_UNUSED;

/*
 * Serves until the channel or the control descriptor (-1: none) ends or SIGTERM
 * comes; returns the exit status. Says HELLO to the vault and supervise_ready() itself. max_bytes bounds the index's memory; 0 means 1 GiB.
 */
int matcher_main(int fd, int control, size_t max_bytes);

#endif
