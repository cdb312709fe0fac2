/* SPDX-License-Identifier: MPL-2.0 */
#ifndef CIVIS_CMD_OFFICE_H
#define CIVIS_CMD_OFFICE_H

#include "store/store.h"

/* RC_INVALID if no office has this scope: e names the nearest above it, and how to add one. */
enum rc office_find(struct store *s, const char *scope, struct err *e) WARN_UNUSED;

#endif
