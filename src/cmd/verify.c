/* SPDX-License-Identifier: MPL-2.0 */
/* civis verify: check a certificate with no network, and say in words what was found. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/file.h"
#include "civis/verify.h"
#include "cmd/cmd.h"
#include "country/strings.h"
#include "credential/cwt.h"
#include "credential/status.h"
#include "document/pdf.h"
#include "document/picture.h"

static const char usage[] =
	"usage: civis verify FILE [--trust FILE] [--status FILE] [--language en|km|my] [--json]\n"
	"  FILE      a certificate (PDF), a picture of its QR (PNG, JPEG), its text, or - for standard input\n"
	"  --trust   the issuer's public keys, from `civis trust export` (default: $CIVIS_TRUST, else trust.json)\n"
	"  --status  the signed status list that the document names\n"
	"exit status: 0 valid, 1 not valid, 2 nothing can be said\n";

struct arguments {
	const char *file, *trust, *status, *language;
	bool json;
};

/* What was found, for each word of civis_result_reason(); keys of the catalogues are "verify.WORD". */
static const struct {
	const char *reason, *english;
} sentences[] = {
	{"valid", "This document is valid."},
	{"altered", "NOT VALID: the document was changed after it was signed."},
	{"signature", "NOT VALID: a signature does not hold, or is by a key that is not trusted."},
	{"disagrees", "NOT VALID: the parts of the document do not agree with each other."},
	{"proof", "NOT VALID: the receipt does not prove that the act stands in the public log."},
	{"revoked", "NOT VALID: the document was cancelled."},
	{"suspended", "NOT VALID: the document is suspended."},
	{"changed", "NOT VALID: a later act changed what the document says."},
	{"no_signature", "NOT VALID: the PDF carries no signature."},
	{"status", "Nothing can be said: the status list given cannot be used for this document."},
	{"unusable", "Nothing can be said: this is not a document of ours."},
};

static const struct {
	const char *field, *english;
} shown[] = {
	{"name_native", "Name"}, {"name_latin", "Name in Latin letters"}, {"sex", "Sex"},
	{"birth_date", "Date of birth"}, {"birth_place", "Place of birth (code)"}, {"entry", "Register entry"},
	{"registered", "Registered on"}, {"issuer", "Issuer"}, {"issued", "Issued"}, {"serial", "Document number"},
	{"signed_at", "Signed at"}, {"log_index", "Place in the log"},
};

static const char *say(const char *language, const char *key, const char *english)
{
	char whole[96];
	snprintf(whole, sizeof whole, "verify.%s", key);
	const char *text = strings_exact(NULL, language, whole);
	return text ? text : english;
}

static bool parse(int argc, char **argv, struct arguments *a)
{
	static const struct option options[] = {
		{"trust", required_argument, NULL, 't'}, {"status", required_argument, NULL, 's'},
		{"language", required_argument, NULL, 'l'}, {"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0},
	};
	int c;
	optind = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 't')
			a->trust = optarg;
		else if (c == 's')
			a->status = optarg;
		else if (c == 'l')
			a->language = optarg;
		else if (c == 'j')
			a->json = true;
		else
			return false;
	}
	if (optind + 1 != argc)
		return false;
	a->file = argv[optind];
	return true;
}

static bool read_file(const char *path, struct buf *out)
{
	struct err e = ERR_NONE;
	if (file_read(strcmp(path, "-") == 0 ? "/dev/stdin" : path, out, &e) == RC_OK)
		return true;
	fprintf(stderr, "civis verify: %s: %s\n", path, e.text);
	return false;
}

/* A picture gives way to the text of its QR. */
static bool read_picture(struct buf *file)
{
	struct err e = ERR_NONE;
	struct buf text = BUF_INIT(CWT_TEXT_MAX * 2);
	bool good = picture_read_qr(buf_bytes(file), CWT_PREFIX, &text, &e) == RC_OK;
	if (good) {
		buf_reset(file);
		buf_append(file, buf_bytes(&text));
	} else {
		fprintf(stderr, "civis verify: %s\n", e.text);
	}
	buf_release(&text);
	return good;
}

static void print_checks(const civis_result *r)
{
	static const char *const marks[] = {"ok", "FAILED", "not checked"};
	for (size_t i = 0; i < civis_result_check_count(r); i++) {
		const char *detail = civis_result_check_detail(r, i);
		printf("  %-20s %s%s%s\n", civis_result_check_name(r, i), marks[civis_result_check_outcome(r, i)],
		       *detail ? ": " : "", detail);
	}
}

static void print_result(const civis_result *r, const char *language)
{
	const char *reason = civis_result_reason(r);
	for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
		if (strcmp(sentences[i].reason, reason) == 0)
			printf("%s\n", say(language, reason, sentences[i].english));
	/* nothing that a failed check leaves in doubt is repeated as if it were so */
	for (size_t i = 0; civis_result_verdict(r) == CIVIS_VALID && i < sizeof shown / sizeof shown[0]; i++) {
		const char *value = civis_result_field(r, shown[i].field);
		if (value)
			printf("  %s: %s\n", say(language, shown[i].field, shown[i].english), value);
	}
	print_checks(r);
}

static int verify(const struct arguments *a, const struct buf *file, const struct buf *status, const civis_trust *trust)
{
	const civis_options options = {.status_list = status->len ? status->ptr : NULL, .status_list_len = status->len};
	civis_result *r;
	if (civis_verify_bytes(file->ptr, file->len, trust, &options, &r) != CIVIS_OK) {
		fprintf(stderr, "civis verify: memory ran out\n");
		return EXIT_UNUSABLE;
	}
	if (a->json)
		printf("%s\n", civis_result_json(r));
	else
		print_result(r, a->language);
	int exit_status = (int)civis_result_verdict(r);
	civis_result_free(r);
	return exit_status;
}

int cmd_verify(int argc, char **argv)
{
	struct arguments a = {.trust = getenv("CIVIS_TRUST"), .language = "en"};
	struct buf file = BUF_INIT(PDF_MAX), keys = BUF_INIT(TRUST_MAX), status = BUF_INIT(STATUS_LIST_MAX);
	civis_trust *trust = NULL;
	int exit_status = EXIT_UNUSABLE;
	if (!parse(argc, argv, &a)) {
		fputs(usage, stderr);
		return EXIT_UNUSABLE;
	}
	if (!a.trust)
		a.trust = "trust.json";
	if (!read_file(a.file, &file) || !read_file(a.trust, &keys) || (a.status && !read_file(a.status, &status)))
		goto out;
	if (civis_trust_new(keys.ptr, keys.len, &trust) != CIVIS_OK) {
		fprintf(stderr, "civis verify: %s is not a trust file\n", a.trust);
		goto out;
	}
	if (!picture_is(buf_bytes(&file)) || read_picture(&file))
		exit_status = verify(&a, &file, &status, trust);
out:
	civis_trust_free(trust);
	buf_release(&file);
	buf_release(&keys);
	buf_release(&status);
	return exit_status;
}
