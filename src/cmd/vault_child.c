/* SPDX-License-Identifier: MPL-2.0 */
#include "cmd/vault_child.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "database/db.h"
#include "process/channel.h"
#include "process/sandbox.h"
#include "process/supervise.h"
#include "vault/process.h"

static int run(const char *home, int channel, int control)
{
	struct err e = ERR_NONE;
	char store[DB_ADDRESS_MAX];
	if (db_address(home, store, &e) != RC_OK)
		return 2;
	const struct sandbox_paths paths = {.home = home, .unix_sockets = *store};
	log_set_process("vault");
	log_set_level(LOG_ERROR);
	/* A command may run where the users were never made; seccomp stands all the same. */
	if (sandbox_enter(SANDBOX_VAULT, &paths, true, &e) != RC_OK)
		return 2;
	int dir = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir < 0 ? 2 : vault_main(dir, &channel, 1, -1, control);
}

/* Its exit status, or -1. */
static int end(struct vault_child *c)
{
	int status = 0;
	vault_client_free(&c->client);
	close(c->control);
	close(c->channel);
	if (c->pid > 0) {
		kill(c->pid, SIGTERM);
		waitpid(c->pid, &status, 0);
	}
	c->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

enum rc vault_child_start(const char *data, struct vault_child *ret, struct err *e)
{
	char home[PATH_MAX];
	int channel[2], control[2];
	if (path_join(home, sizeof home, data, "vault") != RC_OK)
		return err_set(e, RC_TOO_LARGE, "vault", "The path is too long");
	if (access(home, F_OK) != 0)
		return err_set(e, RC_NOT_FOUND, "vault", "There is no vault in this folder");
	enum rc rc = channel_pair(channel, e);
	if (rc != RC_OK)
		return rc;
	rc = channel_pair(control, e);
	if (rc != RC_OK) {
		close(channel[0]);
		close(channel[1]);
		return rc;
	}
	struct vault_child c = {.channel = channel[0], .control = control[0]};
	fflush(NULL);
	c.pid = fork();
	if (c.pid == 0) {
		close(channel[0]);
		close(control[0]);
		_exit(run(home, channel[1], control[1]));
	}
	close(channel[1]);
	close(control[1]);
	c.client = c.pid > 0 ? vault_client_new(c.channel) : NULL;
	rc = c.client ? RC_OK : err_set(e, RC_NO_MEMORY, "vault", "It cannot be started");
	if (rc == RC_OK) {
		vault_client_set_timeout(c.client, 30000);
		rc = vault_ping(c.client, NULL, e);
	}
	if (rc != RC_OK) /* it has said why */
		return err_set(e, end(&c) == SUPERVISE_EXIT_CONFIG ? RC_CONFIG : RC_VAULT_DOWN, "vault", "The vault does not start");
	*ret = c;
	return RC_OK;
}

void vault_child_end(struct vault_child *c)
{
	(void)!end(c);
}
