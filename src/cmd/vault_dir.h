/* SPDX-License-Identifier: MPL-2.0 */
/* For commands that work on the vault's folder while a vault may be running. */
#ifndef CIVIS_CMD_VAULT_DIR_H
#define CIVIS_CMD_VAULT_DIR_H

#include "base/err.h"

/*
 * Makes DATA/vault the working directory and, when root, becomes the vault's
 * user for good, so that every file written stays that user's. Afterwards the
 * vault's folder is ".".
 */
enum rc vault_dir_enter(const char *data, struct err *e) WARN_UNUSED;

#endif
