/* SPDX-License-Identifier: MPL-2.0 */
/* A vault of a command's own, for as long as it needs one: a child inside the vault's walls. */
#ifndef CIVIS_CMD_VAULT_CHILD_H
#define CIVIS_CMD_VAULT_CHILD_H

#include <sys/types.h>

#include "vault/client.h"

struct vault_child {
	pid_t pid;
	int channel, control;
	struct vault_client *client;
};

/* Starts it on DATA/vault and waits until it answers. Call while single-threaded. RC_VAULT_DOWN, RC_CONFIG. */
enum rc vault_child_start(const char *data, struct vault_child *ret, struct err *e) WARN_UNUSED;
void vault_child_end(struct vault_child *c);

#endif
