/* SPDX-License-Identifier: MPL-2.0 */
#include "cmd/vault_dir.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "process/sandbox.h"

enum rc vault_dir_enter(const char *data, struct err *e)
{
	char path[PATH_MAX];
	if (path_join(path, sizeof path, data, "vault") != RC_OK)
		return err_set(e, RC_TOO_LARGE, "data", "The path is too long");
	if (chdir(path) != 0)
		return err_set(e, RC_NOT_FOUND, "data", "There is no vault in this folder; make one with \"civis init\"");
	umask(077);
	return sandbox_switch_user(SANDBOX_VAULT, e);
}
