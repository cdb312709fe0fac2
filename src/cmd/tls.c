/* SPDX-License-Identifier: MPL-2.0 */
/* civis tls new, civis tls renew: see cmd/tls.h. */
#include "cmd/tls.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "cmd/args.h"
#include "cmd/conf.h"
#include "crypto/x509.h"

/* 825 days are the most that phones take from an authority of one's own. */
enum { AUTHORITY_DAYS = 3650, SERVER_DAYS = 800, NAMES_MAX = 1024 };

static const int64_t DAY_US = (int64_t)86400 * 1000000;

struct office_tls {
	const char *data;
	char names[NAMES_MAX]; /* as X.509 wants them */
	struct p256_key *authority_key, *key;
	struct buf authority, certificate; /* DER */
};

static bool is_host_name(const char *name, size_t len)
{
	bool good = len > 0 && len < 254 && name[0] != '.' && name[0] != '-';
	for (size_t i = 0; good && i < len; i++)
		good = isalnum((unsigned char)name[i]) || name[i] == '-' || (name[i] == '.' && i + 1 < len && name[i + 1] != '.');
	return good;
}

/* "civis.example,192.168.1.10" → "DNS:civis.example,IP:192.168.1.10". */
static enum rc read_names(const char *list, char out[static NAMES_MAX], struct err *e)
{
	uint8_t address[16];
	struct buf text = BUF_INIT(NAMES_MAX - 1);
	for (const char *p = list, *end;; p = end + 1) {
		char one[256];
		end = p + strcspn(p, ",");
		snprintf(one, sizeof one, "%.*s", (int)(end - p), p);
		bool ip = inet_pton(AF_INET, one, address) == 1 || inet_pton(AF_INET6, one, address) == 1;
		if (!ip && !is_host_name(one, strlen(one))) {
			buf_release(&text);
			return err_set(e, RC_INVALID, "--for", "\"%s\" is neither a host's name nor an address", one);
		}
		buf_printf(&text, "%s%s:%s", text.len ? "," : "", ip ? "IP" : "DNS", one);
		if (!*end)
			break;
	}
	enum rc rc = buf_failed(&text) ? err_set(e, RC_INVALID, "--for", "these are too many names") : RC_OK;
	if (rc == RC_OK)
		snprintf(out, NAMES_MAX, "%s", buf_cstr(&text));
	buf_release(&text);
	return rc;
}

static enum rc write_file(const struct office_tls *t, const char *name, struct bytes pem, mode_t mode, struct err *e)
{
	char path[PATH_MAX];
	enum rc rc = path_join(path, sizeof path, t->data, name);
	return rc == RC_OK ? file_write_durable(path, pem, mode, e) : rc;
}

static enum rc write_key(const struct office_tls *t, const char *name, const struct p256_key *key, struct err *e)
{
	struct buf pem = BUF_INIT(TLS_FILE_MAX);
	enum rc rc = p256_to_pem(key, &pem);
	if (rc == RC_OK)
		rc = write_file(t, name, buf_bytes(&pem), 0600, e);
	buf_release(&pem);
	return rc;
}

static enum rc issue_authority(struct office_tls *t, int64_t now, struct err *e)
{
	char name[65];
	snprintf(name, sizeof name, "civis office: %.40s", strchr(t->names, ':') + 1);
	name[strcspn(name, ",")] = 0;
	const struct x509_spec spec = {
		.use = X509_USE_SERVER_AUTHORITY, .common_name = name, .not_before_us = now - DAY_US,
		.not_after_us = now + AUTHORITY_DAYS * DAY_US, .names = t->names,
	};
	enum rc rc = p256_generate(&t->authority_key);
	return rc == RC_OK ? x509_issue(&spec, t->authority_key, NULL, &t->authority, e) : rc;
}

static enum rc issue_server(struct office_tls *t, int64_t now, struct err *e)
{
	const struct x509_spec spec = {
		.use = X509_USE_SERVER, .common_name = "civis", .not_before_us = now - DAY_US, .not_after_us = now + SERVER_DAYS * DAY_US,
		.names = t->names,
	};
	const struct x509_signer by = {t->authority_key, buf_bytes(&t->authority)};
	enum rc rc = p256_generate(&t->key);
	return rc == RC_OK ? x509_issue(&spec, t->key, &by, &t->certificate, e) : rc;
}

/* The key before the certificate that needs it: a server that starts in between says that they do not fit. */
static enum rc write_pair(const struct office_tls *t, const char *key_file, const struct p256_key *key, const char *file,
			  const struct buf *const *certificates, size_t count, struct err *e)
{
	struct buf pem = BUF_INIT(TLS_FILE_MAX);
	for (size_t i = 0; i < count; i++)
		x509_to_pem(buf_bytes(certificates[i]), &pem);
	enum rc rc = buf_failed(&pem) ? RC_NO_MEMORY : write_key(t, key_file, key, e);
	if (rc == RC_OK)
		rc = write_file(t, file, buf_bytes(&pem), 0644, e);
	buf_release(&pem);
	return rc;
}

static enum rc write_server(const struct office_tls *t, struct err *e)
{
	return write_pair(t, TLS_KEY, t->key, TLS_CHAIN, (const struct buf *const[]){&t->certificate, &t->authority}, 2, e);
}

static enum rc write_authority(const struct office_tls *t, struct err *e)
{
	return write_pair(t, TLS_AUTHORITY_KEY, t->authority_key, TLS_AUTHORITY, (const struct buf *const[]){&t->authority}, 1, e);
}

static enum rc make(struct office_tls *t, const char *list, struct err *e)
{
	char path[PATH_MAX];
	enum rc rc = conf_require(t->data, e);
	if (rc == RC_OK)
		rc = read_names(list, t->names, e);
	if (rc == RC_OK)
		rc = path_join(path, sizeof path, t->data, TLS_FOLDER);
	if (rc == RC_OK && mkdir(path, 0700) != 0)
		rc = err_set(e, RC_CONFIG, path, "%s", errno == EEXIST ? "there is one already; `civis tls renew` makes its certificate anew" : strerror(errno));
	int64_t now = clock_now_us();
	if (rc == RC_OK)
		rc = issue_authority(t, now, e);
	if (rc == RC_OK)
		rc = issue_server(t, now, e);
	if (rc == RC_OK)
		rc = write_file(t, TLS_NAMES, bytes_str(t->names), 0644, e);
	if (rc == RC_OK)
		rc = write_authority(t, e);
	return rc == RC_OK ? write_server(t, e) : rc;
}

static enum rc read_file(const struct office_tls *t, const char *name, struct buf *out, struct err *e)
{
	char path[PATH_MAX];
	enum rc rc = path_join(path, sizeof path, t->data, name);
	if (rc == RC_OK)
		rc = file_read(path, out, e);
	return rc == RC_NOT_FOUND ? err_set(e, RC_CONFIG, name, "is missing: `civis tls new` makes it") : rc;
}

/* For the names that the authority may speak for. */
static enum rc renew(struct office_tls *t, struct err *e)
{
	struct buf pem = BUF_INIT(TLS_FILE_MAX);
	enum rc rc = conf_require(t->data, e);
	if (rc == RC_OK)
		rc = read_file(t, TLS_AUTHORITY, &pem, e);
	if (rc == RC_OK && x509_from_pem(buf_bytes(&pem), &t->authority) != RC_OK)
		rc = err_set(e, RC_CONFIG, TLS_AUTHORITY, "is no certificate");
	buf_reset(&pem);
	if (rc == RC_OK)
		rc = read_file(t, TLS_NAMES, &pem, e);
	if (rc == RC_OK)
		snprintf(t->names, sizeof t->names, "%s", buf_cstr(&pem));
	buf_reset(&pem);
	if (rc == RC_OK)
		rc = read_file(t, TLS_AUTHORITY_KEY, &pem, e);
	if (rc == RC_OK && p256_from_pem(buf_bytes(&pem), &t->authority_key) != RC_OK)
		rc = err_set(e, RC_CONFIG, TLS_AUTHORITY_KEY, "is no private key");
	buf_release(&pem);
	if (rc == RC_OK)
		rc = issue_server(t, clock_now_us(), e);
	return rc == RC_OK ? write_server(t, e) : rc;
}

/* What a phone shows before it trusts the authority, in pairs of figures. */
static void say(const struct office_tls *t, bool first)
{
	struct x509_info info;
	if (x509_read(buf_bytes(&t->authority), &info) != RC_OK)
		return;
	if (first) {
		printf("tls: phones are told to trust %s/%s, also at https://…/authority.crt\ntls: its SHA-256 fingerprint is ", t->data, TLS_AUTHORITY);
		for (size_t i = 0; i < sizeof info.fingerprint; i++)
			printf("%s%02X", i ? ":" : "", info.fingerprint[i]);
		printf("\n");
	}
	printf("tls: the server's certificate for %s is good for %d days; start the register anew to use it\n", t->names, SERVER_DAYS);
}

static int finish(const struct command *self, struct office_tls *t, bool first, enum rc rc, const struct err *e)
{
	if (rc == RC_OK)
		say(t, first);
	p256_free(&t->authority_key);
	p256_free(&t->key);
	buf_release(&t->authority);
	buf_release(&t->certificate);
	return rc == RC_OK ? EXIT_DONE : conf_complain(self->name, rc, e);
}

int cmd_tls_new(const struct command *self, int argc, char **argv)
{
	struct office_tls t = {.authority = BUF_INIT(TLS_FILE_MAX), .certificate = BUF_INIT(TLS_FILE_MAX)};
	const char *list = NULL;
	struct err e = ERR_NONE;
	const struct arg args[] = {
		ARG_NEEDED("data", "DIR", &t.data, ARG_DATA),
		ARG_NEEDED("for", "NAME,…", &list, "under which names and addresses phones reach this machine"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	return finish(self, &t, true, make(&t, list, &e), &e);
}

int cmd_tls_renew(const struct command *self, int argc, char **argv)
{
	struct office_tls t = {.authority = BUF_INIT(TLS_FILE_MAX), .certificate = BUF_INIT(TLS_FILE_MAX)};
	struct err e = ERR_NONE;
	const struct arg args[] = {ARG_NEEDED("data", "DIR", &t.data, ARG_DATA), ARG_END};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	return finish(self, &t, false, renew(&t, &e), &e);
}
