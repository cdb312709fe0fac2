/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The log's lock: flock(2) on <data>/gate/log/lock.
 *
 * The sequencer holds it for each whole step (places, tiles, signature,
 * publishing); a backup holds it while it copies main, blob and vault, so that
 * the copies agree about the last signed checkpoint. The kernel releases it
 * when its holder dies.
 */
#ifndef CIVIS_STORE_LOCK_H
#define CIVIS_STORE_LOCK_H

#include <stdbool.h>

#include "base/err.h"

/* Opens (making it if missing) log_dir/lock and takes it exclusively. wait: block until free, else
   RC_BUSY. RC_IO, RC_NOT_FOUND. */
enum rc log_lock(const char *log_dir, bool wait, int *ret_fd, struct err *e) WARN_UNUSED;
/* Releases and closes; sets *fd to -1. */
void log_unlock(int *fd);

#endif
