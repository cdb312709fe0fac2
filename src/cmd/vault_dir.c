/* SPDX-License-Identifier: MPL-2.0 */
#include "cmd/vault_dir.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/conf.h"
#include "process/sandbox.h"

enum rc vault_dir_enter(const char *data, struct err *e)
{
	char path[PATH_MAX];
	enum rc rc = conf_require(data, e);
	if (rc == RC_OK)
		rc = path_in(path, data, "vault", e);
	if (rc != RC_OK)
		return rc;
	if (chdir(path) != 0)
		return conf_not_entered(path, e);
	umask(077);
	return sandbox_switch_user(SANDBOX_VAULT, e);
}
