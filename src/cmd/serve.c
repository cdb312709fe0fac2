/* SPDX-License-Identifier: MPL-2.0 */
/*
 * civis serve: the supervisor, and, with --role, the three processes that it
 * starts from this same program. Everything that a process must read from
 * outside its own folder is read here, before its walls go up.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "cmd/args.h"
#include "cmd/conf.h"
#include "cmd/gates.h"
#include "cmd/tls.h"
#include "database/db.h"
#include "document/certificate.h"
#include "gate/gate.h"
#include "matcher/process.h"
#include "process/supervise.h"
#include "store/store.h"
#include "vault/process.h"

enum { MATCHER_BYTES_MAX = 1 << 30 };

struct serve {
	const char *data, *listen, *role;
	unsigned channels, gate;
	bool development;
};

static int complain(const struct err *e, enum rc rc)
{
	conf_complain("serve", rc, e);
	return SUPERVISE_EXIT_CONFIG;
}

/* ---- the three processes ---- */

static int serve_matcher(const struct serve *in, const struct supervise_child *child)
{
	struct err e = ERR_NONE;
	const struct sandbox_paths paths = {0};
	enum rc rc = matcher_prepare(&e);
	if (rc == RC_OK)
		rc = sandbox_enter(SANDBOX_MATCHER, &paths, in->development, &e);
	return rc == RC_OK ? matcher_main(child->matcher, child->control, MATCHER_BYTES_MAX) : complain(&e, rc);
}

static int serve_vault(const struct serve *in, const struct supervise_child *child)
{
	char home[PATH_MAX], store[DB_ADDRESS_MAX] = "";
	struct err e = ERR_NONE;
	enum rc rc = path_join(home, sizeof home, in->data, "vault");
	if (rc == RC_OK)
		rc = db_address(home, store, &e);
	const struct sandbox_paths paths = {.home = home, .unix_sockets = *store};
	if (rc == RC_OK)
		rc = sandbox_enter(SANDBOX_VAULT, &paths, in->development, &e);
	if (rc != RC_OK)
		return complain(&e, rc);
	int dir = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return complain(&e, err_set(&e, RC_CONFIG, home, "cannot be opened: %s", strerror(errno)));
	return vault_main(dir, child->channels, child->channel_count, child->matcher, child->control);
}

struct gate_inputs {
	struct conf conf;
	struct pack *pack;
	struct certificate_layouts *layouts;
	struct tls_server *tls; /* NULL: plain HTTP */
	struct buf authority;   /* whom phones have to trust for it; empty: nobody of ours */
	char home[PATH_MAX], pack_dir[PATH_MAX], url[200], store[STORE_ADDRESS_MAX];
};

/* With a certificate in DIR/tls the register speaks HTTPS (cmd/tls.c makes one). */
static enum rc read_tls(const struct serve *in, struct gate_inputs *ret, struct err *e)
{
	char path[PATH_MAX];
	struct buf chain = BUF_INIT(TLS_FILE_MAX), key = BUF_INIT(TLS_FILE_MAX);
	struct err ignored;
	buf_init(&ret->authority, TLS_FILE_MAX);
	enum rc rc = path_join(path, sizeof path, in->data, TLS_CHAIN);
	if (rc == RC_OK)
		rc = file_read(path, &chain, e);
	bool plain = rc == RC_NOT_FOUND;
	if (rc == RC_OK)
		rc = path_join(path, sizeof path, in->data, TLS_KEY);
	if (rc == RC_OK)
		rc = file_read(path, &key, e);
	if (rc == RC_OK)
		rc = tls_server_new(buf_bytes(&chain), buf_bytes(&key), &ret->tls, e);
	if (rc == RC_OK && path_join(path, sizeof path, in->data, TLS_AUTHORITY) == RC_OK && file_read(path, &ret->authority, &ignored) != RC_OK)
		buf_reset(&ret->authority); /* somebody else's certificate: phones know whom to trust already */
	buf_release(&key);
	buf_release(&chain);
	return plain ? RC_OK : rc == RC_NOT_FOUND ? RC_CONFIG : rc;
}

static enum rc read_inputs(const struct serve *in, const struct supervise_child *child, struct gate_inputs *ret, struct err *e)
{
	enum rc rc = conf_read(in->data, &ret->conf, e);
	if (rc == RC_OK)
		rc = conf_pack_dir(in->data, &ret->conf, ret->pack_dir);
	if (rc == RC_OK)
		rc = pack_load(ret->pack_dir, &ret->pack, e);
	if (rc == RC_OK)
		rc = certificate_layouts_load(ret->pack, &ret->layouts, e);
	if (rc == RC_OK)
		rc = gates_home(in->data, in->gate, ret->home, e);
	if (rc == RC_OK)
		rc = store_address(ret->home, ret->store, e);
	if (rc == RC_OK)
		rc = read_tls(in, ret, e);
	return rc == RC_OK ? supervise_url(child->listen, ret->tls ? "https" : "http", ret->url, sizeof ret->url) : rc;
}

static int serve_gate(const struct serve *in, const struct supervise_child *child)
{
	static struct gate_inputs inputs;
	struct err e = ERR_NONE;
	enum rc rc = read_inputs(in, child, &inputs, &e);
	const struct sandbox_paths paths = {.home = inputs.home, .read_only = sandbox_gate_libraries, .unix_sockets = *inputs.store};
	if (rc == RC_OK)
		rc = sandbox_enter(SANDBOX_GATE, &paths, in->development, &e);
	if (rc != RC_OK)
		return complain(&e, rc);
	const struct gate_config config = {
		.listen_fd = child->listen, .tls = inputs.tls, .authority = buf_bytes(&inputs.authority), .control_fd = child->control, .channels = child->channels,
		.channel_count = child->channel_count, .url = inputs.url, .pack = inputs.pack, .layouts = inputs.layouts,
		.register_id = inputs.conf.register_id, .log_name = inputs.conf.log_name, .status_base = inputs.conf.status_base, .behind_proxy = inputs.conf.behind_proxy,
	};
	int status = gate_main(&config);
	tls_server_free(&inputs.tls);
	buf_release(&inputs.authority);
	certificate_layouts_free(&inputs.layouts);
	pack_free(&inputs.pack);
	return status;
}

static int serve_role(const struct serve *in)
{
	struct supervise_child child;
	struct err e = ERR_NONE;
	enum sandbox_role role;
	enum rc rc = sandbox_role_parse(in->role, &role);
	if (rc == RC_OK)
		rc = supervise_child_init(role, in->channels, &child, &e);
	if (rc != RC_OK)
		return complain(&e, rc);
	log_set_process(sandbox_role_name(role));
	switch (role) {
	case SANDBOX_MATCHER: return serve_matcher(in, &child);
	case SANDBOX_VAULT: return serve_vault(in, &child);
	default: return serve_gate(in, &child);
	}
}

/* ---- the supervisor ---- */

/* Two would share the vault and the log's files. The kernel gives it back, however this process ends; its children have no part
   in it. The folder itself: civis.conf may be replaced meanwhile. */
static enum rc take_folder(const char *data, int *ret, struct err *e)
{
	int fd = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return conf_not_entered(data, e);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		int why = errno;
		close(fd);
		return err_set(e, RC_CONFIG, data, "%s", why == EWOULDBLOCK ? "this register is being served already, by another `civis serve`"
		                                                            : strerror(why));
	}
	*ret = fd;
	return RC_OK;
}

static int supervise(const struct serve *in)
{
	struct conf conf;
	struct err e = ERR_NONE;
	int folder = -1;
	enum rc rc = conf_read(in->data, &conf, &e);
	if (rc == RC_OK)
		rc = take_folder(in->data, &folder, &e);
	if (rc != RC_OK)
		return complain(&e, rc);
	const char *args[8] = {"serve", "--data", in->data, "--listen", in->listen};
	if (in->development)
		args[5] = "--development";
	const unsigned gates = supervise_gates(in->listen), wanted = conf.channels ? conf.channels : GATE_CHANNELS_DEFAULT,
	               share = SUPERVISE_CHANNELS_MAX / gates;
	rc = gates_prepare(in->data, gates, &e);
	if (rc != RC_OK)
		return complain(&e, rc);
	const struct supervise_config config = {.child_args = args, .listen = in->listen, .channels = wanted < share ? wanted : share};
	log_set_process("civis");
	int status = supervise_run(&config, &e);
	close(folder);
	if (e.code != RC_OK)
		conf_complain("serve", e.code, &e);
	return status;
}

int cmd_serve(const struct command *self, int argc, char **argv)
{
	struct serve in = {.listen = "127.0.0.1:8080"};
	const char *channels = NULL, *gate = NULL;
	uint64_t n = 0, number = 0;
	const struct arg args[] = {
		ARG_NEEDED("data", "DIR", &in.data, ARG_DATA),
		ARG_TEXT("listen", "ADDR:PORT", &in.listen, "where to listen (default: 127.0.0.1:8080; port 0: a free one); A,B: a gate at each"),
		ARG_FLAG("development", &in.development, "run even where users or Landlock are missing, and log what is"),
		/* what the supervisor says to its children */
		ARG_TEXT("role", "ROLE", &in.role, NULL),
		ARG_TEXT("channels", "N", &channels, NULL),
		ARG_TEXT("gate", "K", &gate, NULL),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	if (channels && u64_parse(bytes_str(channels), SUPERVISE_CHANNELS_MAX, &n) != RC_OK)
		return args_wrong(self, args, "--channels is not a number of channels");
	if (gate && u64_parse(bytes_str(gate), SUPERVISE_GATES_MAX - 1, &number) != RC_OK)
		return args_wrong(self, args, "--gate is not the number of a gate");
	in.channels = (unsigned)n;
	in.gate = (unsigned)number;
	return in.role ? serve_role(&in) : supervise(&in);
}
