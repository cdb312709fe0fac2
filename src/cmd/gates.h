/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The folders of several gates of one civis serve: DIR/gate of the first, DIR/gate-2 of the second…
 * Those after the first hold only what can be made again: a copy of the store's address, and
 * the log's files, which each gate makes for itself.
 */
#ifndef CIVIS_CMD_GATES_H
#define CIVIS_CMD_GATES_H

#include <limits.h>

#include "base/err.h"

/* The folder of a gate, numbered from 0. */
enum rc gates_home(const char *data, unsigned number, char out[static PATH_MAX], struct err *e) WARN_UNUSED;
/* Makes the folders of `count` gates ready. RC_CONFIG if there are several and the store is in files. */
enum rc gates_prepare(const char *data, unsigned count, struct err *e) WARN_UNUSED;

#endif
