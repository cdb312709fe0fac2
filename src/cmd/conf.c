/* SPDX-License-Identifier: MPL-2.0 */
#include "cmd/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "cmd/cmd.h"

enum { FILE_MAX = 16 * 1024, CHANNELS_MAX = 64 };

static enum rc path_of(char out[static PATH_MAX], const char *data_dir, const char *name)
{
	return path_join(out, PATH_MAX, data_dir, name);
}

static struct bytes trim(struct bytes b)
{
	while (b.len && (b.ptr[0] == ' ' || b.ptr[0] == '\t'))
		b = bytes_slice(b, 1, b.len);
	while (b.len && (b.ptr[b.len - 1] == ' ' || b.ptr[b.len - 1] == '\t' || b.ptr[b.len - 1] == '\r'))
		b.len--;
	return b;
}

static bool copy(char *out, size_t size, struct bytes value)
{
	if (value.len >= size)
		return false;
	snprintf(out, size, "%.*s", (int)value.len, (const char *)value.ptr);
	return true;
}

static bool set(struct conf *c, struct bytes key, struct bytes value)
{
	uint64_t n;
	struct id id;
	if (bytes_equal(key, BYTES_LIT("register"))) {
		bool good = id_parse(value, &id) == RC_OK;
		if (good)
			id_format(id, c->register_id);
		return good;
	}
	if (bytes_equal(key, BYTES_LIT("country")))
		return copy(c->country, sizeof c->country, value);
	if (bytes_equal(key, BYTES_LIT("pack")))
		return copy(c->pack, sizeof c->pack, value);
	if (bytes_equal(key, BYTES_LIT("log_name")))
		return copy(c->log_name, sizeof c->log_name, value);
	if (bytes_equal(key, BYTES_LIT("status_base")))
		return copy(c->status_base, sizeof c->status_base, value);
	if (bytes_equal(key, BYTES_LIT("behind_proxy"))) {
		c->behind_proxy = bytes_equal(value, BYTES_LIT("yes"));
		return c->behind_proxy || bytes_equal(value, BYTES_LIT("no"));
	}
	if (bytes_equal(key, BYTES_LIT("channels")) && u64_parse(value, CHANNELS_MAX, &n) == RC_OK && n >= 3) {
		c->channels = (unsigned)n;
		return true;
	}
	return false;
}

static enum rc parse(struct bytes text, struct conf *ret, struct err *e)
{
	char where[32];
	for (unsigned line_no = 1; text.len; line_no++) {
		const uint8_t *end = memchr(text.ptr, '\n', text.len);
		struct bytes line = bytes_slice(text, 0, end ? (size_t)(end - text.ptr) : text.len);
		text = bytes_slice(text, line.len + 1, text.len);
		line = trim(line);
		if (!line.len || line.ptr[0] == '#')
			continue;
		const uint8_t *sign = memchr(line.ptr, '=', line.len);
		size_t at = sign ? (size_t)(sign - line.ptr) : 0;
		if (!sign || !set(ret, trim(bytes_slice(line, 0, at)), trim(bytes_slice(line, at + 1, line.len)))) {
			snprintf(where, sizeof where, "civis.conf:%u", line_no);
			return err_set(e, RC_CONFIG, where, "the key is unknown or its value is not usable");
		}
	}
	if (!ret->country[0] || !ret->pack[0] || !ret->log_name[0] || !ret->status_base[0])
		return err_set(e, RC_CONFIG, "civis.conf", "country, pack, log_name and status_base are needed");
	return RC_OK;
}

enum rc conf_require(const char *data_dir, struct err *e)
{
	char path[PATH_MAX];
	struct stat st;
	enum rc rc = path_of(path, data_dir, "civis.conf");
	if (rc != RC_OK)
		return err_set(e, rc, data_dir, "the path is too long");
	if (stat(path, &st) == 0)
		return RC_OK;
	int why = errno == EACCES ? EACCES : stat(data_dir, &st) == 0 ? S_ISDIR(st.st_mode) ? 0 : ENOTDIR : errno;
	const char *text = why == 0         ? "this is not the data folder of a register (it has no civis.conf); `civis init` makes one"
	                   : why == ENOTDIR ? "this is a file, not a folder"
	                   : why == ENOENT  ? "there is no such folder; `civis init` makes one"
	                   : why == EACCES  ? CONF_NOT_YOURS
	                   : strerror(why);
	return err_set(e, RC_CONFIG, data_dir, "%s", text);
}

enum rc conf_read(const char *data_dir, struct conf *ret, struct err *e)
{
	char path[PATH_MAX];
	struct buf text = BUF_INIT(FILE_MAX);
	struct conf c = {0};
	enum rc rc = conf_require(data_dir, e);
	if (rc == RC_OK)
		rc = path_of(path, data_dir, "civis.conf");
	if (rc == RC_OK)
		rc = file_read(path, &text, e);
	if (rc == RC_OK)
		rc = parse(buf_bytes(&text), &c, e);
	buf_release(&text);
	if (rc == RC_OK)
		*ret = c;
	return rc;
}

enum rc conf_write(const char *data_dir, const struct conf *c, struct err *e)
{
	char path[PATH_MAX];
	struct buf text = BUF_INIT(FILE_MAX);
	enum rc rc = path_of(path, data_dir, "civis.conf");
	buf_printf(&text, "# civis: written by `civis init`\nregister = %s\ncountry = %s\npack = %s\nlog_name = %s\nstatus_base = %s\n"
	                  "# yes: a proxy on this machine sets X-Forwarded-For\nbehind_proxy = %s\n", c->register_id, c->country, c->pack, c->log_name,
	           c->status_base, c->behind_proxy ? "yes" : "no");
	if (rc == RC_OK && buf_failed(&text))
		rc = RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = file_write_durable(path, buf_bytes(&text), 0644, e);
	buf_release(&text);
	return rc;
}

enum rc conf_pack_dir(const char *data_dir, const struct conf *c, char out[static PATH_MAX])
{
	int n = snprintf(out, PATH_MAX, "%s/pack/%s", data_dir, c->pack);
	return n > 0 && n < PATH_MAX ? RC_OK : RC_TOO_LARGE;
}

enum rc conf_not_entered(const char *folder, struct err *e)
{
	return err_set(e, RC_CONFIG, folder, "%s", errno == EACCES ? CONF_NOT_YOURS : strerror(errno));
}

static void child(const char *folder, enum sandbox_role role, enum rc (*work)(void *, struct err *), void *ctx, int answer)
{
	struct err e = ERR_NONE;
	enum rc rc = chdir(folder) == 0 ? sandbox_switch_user(role, &e)
	                                : conf_not_entered(folder, &e);
	if (rc == RC_OK)
		rc = work(ctx, &e);
	e.code = rc;
	ssize_t n = write(answer, &e, sizeof e);
	fflush(stdout);
	_exit(n == (ssize_t)sizeof e ? 0 : 1);
}

static enum rc in_folder(const char *folder, enum sandbox_role role, enum rc (*work)(void *ctx, struct err *e), void *ctx, struct err *e)
{
	struct err answer;
	int ends[2], status;
	fflush(stdout);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_set(e, RC_IO, folder, "a pipe cannot be made");
	pid_t pid = fork();
	if (pid == 0) {
		close(ends[0]);
		child(folder, role, work, ctx, ends[1]);
	}
	close(ends[1]);
	ssize_t n = pid > 0 ? read(ends[0], &answer, sizeof answer) : -1;
	close(ends[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	if (n != (ssize_t)sizeof answer)
		return err_set(e, RC_INTERNAL, folder, "the work there broke off");
	if (answer.code != RC_OK && e)
		*e = answer;
	return answer.code;
}

enum rc conf_in_home(const char *data_dir, enum sandbox_role role, enum rc (*work)(void *ctx, struct err *e), void *ctx,
                     struct err *e)
{
	char folder[PATH_MAX];
	enum rc rc = path_of(folder, data_dir, sandbox_role_name(role));
	return rc == RC_OK ? in_folder(folder, role, work, ctx, e) : rc;
}

enum rc conf_as_user(enum sandbox_role role, enum rc (*work)(void *ctx, struct err *e), void *ctx, struct err *e)
{
	return in_folder("/", role, work, ctx, e);
}

int conf_complain(const char *command, enum rc rc, const struct err *e)
{
	bool said = e->code != RC_OK && e->text[0];
	fprintf(stderr, "civis %s: %s%s%s\n", command, said ? e->where : "", said && e->where[0] ? ": " : "",
	        said ? e->text : rc_text(rc));
	return rc == RC_CONFLICT || rc == RC_NOT_FOUND || rc == RC_CONFIG || rc == RC_INVALID || rc == RC_FORMAT || rc == RC_STORE_DOWN
		? EXIT_UNUSABLE : EXIT_NO;
}
