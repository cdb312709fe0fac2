/* SPDX-License-Identifier: MPL-2.0 */
/* civis verify: check a certificate with no network, and say in words what was found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/file.h"
#include "civis/verify.h"
#include "cmd/args.h"
#include "country/strings.h"
#include "credential/cwt.h"
#include "credential/status.h"
#include "document/pdf.h"
#include "document/picture.h"

struct arguments {
	const char *file, *trust, *status, *language;
	bool json;
};

/* Fields that the paper shows too, and what else is signed. Their names, and all that is said, are
   "verify.…" in the message catalogues. */
static const char *const on_paper[] = {"name_native", "name_latin", "sex", "birth_date", "birth_place", "entry", "serial"};
static const char *const besides[] = {"registered", "issuer", "issued", "signed_at", "log_index"};

static const char *say(const char *language, const char *kind, const char *key)
{
	char whole[96];
	snprintf(whole, sizeof whole, "verify.%s%s", kind, key);
	const char *text = strings_exact(NULL, language, whole);
	return text ? text : key;
}

static bool is_spoken(const char *language)
{
	for (const char *const *l = strings_product_languages(); *l; l++)
		if (strcmp(*l, language) == 0)
			return true;
	return false;
}

static void name_languages(char *out, size_t size)
{
	size_t n = 0;
	for (const char *const *l = strings_product_languages(); *l && n < size; l++)
		n += (size_t)snprintf(out + n, size - n, "%s%s", n ? ", " : "", *l);
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

static void print_fields(const civis_result *r, const char *language, const char *const *field, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *value = civis_result_field(r, field[i]);
		if (value)
			printf("  %s: %s\n", say(language, "", field[i]), strcmp(field[i], "sex") == 0 ? say(language, "sex.", value) : value);
	}
}

/* Of a QR alone only what it has is listed. */
static void print_checks(const civis_result *r, const char *language, bool is_qr)
{
	static const char *const outcomes[] = {"passed", "failed", "not_checked"};
	printf("%s\n", say(language, "", "checks"));
	for (size_t i = 0; i < civis_result_check_count(r); i++) {
		const char *name = civis_result_check_name(r, i), *detail = civis_result_check_detail(r, i);
		civis_outcome outcome = civis_result_check_outcome(r, i);
		if (!is_qr || outcome != CIVIS_NOT_CHECKED || strcmp(name, "status") == 0)
			printf("  %s: %s%s%s\n", say(language, "check.", name), say(language, "outcome.", outcomes[outcome]),
			       outcome == CIVIS_FAILED ? ": " : "", outcome == CIVIS_FAILED ? detail : "");
	}
}

static bool was_checked(const civis_result *r, const char *check)
{
	for (size_t i = 0; i < civis_result_check_count(r); i++)
		if (strcmp(civis_result_check_name(r, i), check) == 0)
			return civis_result_check_outcome(r, i) != CIVIS_NOT_CHECKED;
	return false;
}

/* A sentence with a field in it, if the result has the field. */
static void print_with(const civis_result *r, const char *language, const char *sentence, const char *name, const char *field)
{
	const struct strings_arg value = {name, civis_result_field(r, field)};
	struct buf text = BUF_INIT(1024);
	if (!value.value)
		return;
	strings_format(NULL, language, sentence, &value, 1, &text);
	printf("%s\n", buf_cstr(&text));
	buf_release(&text);
}

static void print_result(const civis_result *r, const char *language)
{
	bool is_qr = strcmp(civis_result_subject(r), "qr") == 0, valid = civis_result_verdict(r) == CIVIS_VALID;
	printf("%s\n", say(language, "", valid && is_qr ? "valid_qr" : civis_result_reason(r)));
	/* since when a status list says that the document no longer counts */
	print_with(r, language, "verify.since", "since", "status_since");
	if (strcmp(civis_result_reason(r), "status") == 0)
		print_with(r, language, "verify.status_list", "uri", "status_uri");
	/* nothing that a failed check leaves in doubt is repeated as if it were so */
	if (valid) {
		if (!was_checked(r, "status")) {
			printf("%s\n", say(language, "", "status_unknown"));
			print_with(r, language, "verify.status_list", "uri", "status_uri");
		}
		printf("%s\n", say(language, "", is_qr ? "compare" : "says"));
		print_fields(r, language, on_paper, sizeof on_paper / sizeof on_paper[0]);
		if (is_qr)
			printf("%s\n", say(language, "", "besides"));
		print_fields(r, language, besides, sizeof besides / sizeof besides[0]);
	}
	print_checks(r, language, is_qr);
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

int cmd_verify(const struct command *self, int argc, char **argv)
{
	struct arguments a = {.trust = getenv("CIVIS_TRUST"), .language = "en"};
	struct buf file = BUF_INIT(PDF_MAX), keys = BUF_INIT(TRUST_MAX), status = BUF_INIT(STATUS_LIST_MAX);
	civis_trust *trust = NULL;
	char languages[64];
	int exit_status;
	const struct arg args[] = {
		ARG_OPERAND("FILE", &a.file, "a certificate (PDF), a picture of its QR (PNG, JPEG), the QR's text,\n"
		                             "or - for standard input"),
		ARG_TEXT("trust", "FILE", &a.trust, "the issuer's public keys, from `civis trust export`\n"
		                                    "(default: $CIVIS_TRUST, else trust.json)"),
		ARG_TEXT("status", "FILE", &a.status, "the signed status list that the document names"),
		ARG_TEXT("language", "CODE", &a.language, "language of the answer: en, km or my (default: en)"),
		ARG_FLAG("json", &a.json, "answer as one JSON object"),
		ARG_END,
	};
	if (!args_read(self, args, argc, argv, &exit_status))
		return exit_status;
	name_languages(languages, sizeof languages);
	if (!is_spoken(a.language))
		return args_wrong(self, args, "there is no language \"%s\"; there are %s", a.language, languages);
	exit_status = EXIT_UNUSABLE;
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
