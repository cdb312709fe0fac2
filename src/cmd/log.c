/* SPDX-License-Identifier: MPL-2.0 */
/*
 * civis log verify URL|DIR [--key VKEY] [--older FILE]
 *
 * Reads the whole public log again, from a folder or over HTTP, and the closed
 * epochs before it. Needs nothing of civis but the published files.
 */
#include <curl/curl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/epoch.h"
#include "ledger/audit.h"
#include "ledger/sequencer.h"

enum { FILE_MAX = TILE_WIDTH * (2 + TILE_ENTRY_MAX), PLACE_MAX = 2048, TIMEOUT_S = 30 };

/* ---- where the files are ---- */

struct place {
	char base[PLACE_MAX]; /* folder or URL, without a slash at its end */
	CURL *curl;           /* NULL: a folder */
};

static size_t take_body(char *data, size_t one, size_t count, void *ctx)
{
	struct buf *out = ctx;
	buf_append(out, bytes_of(data, one * count));
	return buf_failed(out) ? 0 : one * count;
}

static enum rc fetch(struct place *p, const char *url, struct buf *out)
{
	long status = 0;
	curl_easy_setopt(p->curl, CURLOPT_URL, url);
	curl_easy_setopt(p->curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(p->curl, CURLOPT_WRITEDATA, out);
	if (curl_easy_perform(p->curl) != CURLE_OK ||
	    curl_easy_getinfo(p->curl, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK)
		return RC_IO;
	if (status == 200)
		return RC_OK;
	buf_reset(out);
	return status == 404 ? RC_NOT_FOUND : RC_IO;
}

static enum rc get(struct place *p, const char *name, struct buf *out)
{
	char path[PLACE_MAX + 128];
	enum rc rc = path_join(path, sizeof path, p->base, name);
	if (rc != RC_OK)
		return rc;
	return p->curl ? fetch(p, path, out) : file_read(path, out, NULL);
}

static enum rc read_tile(void *ctx, unsigned level, uint64_t index, unsigned width, struct buf *out)
{
	char name[TILE_PATH_SIZE];
	tile_path(level, index, width, name);
	enum rc rc = get(ctx, name, out);
	if (rc != RC_NOT_FOUND || width == TILE_WIDTH)
		return rc;
	tile_path(level, index, TILE_WIDTH, name);
	return get(ctx, name, out);
}

static bool is_url(const char *s)
{
	return strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0;
}

static CURL *new_curl(void)
{
	CURL *curl = curl_global_init(CURL_GLOBAL_DEFAULT) == 0 ? curl_easy_init() : NULL;
	if (!curl)
		return NULL;
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "civis/" CIVIS_VERSION);
	return curl;
}

/* The log itself, the server or the data folder that it belongs to: whichever holds a checkpoint. */
static enum rc find_log(struct place *p, const char *given, struct buf *note)
{
	static const char *const below[] = {"", "/log", "/gate/log"};
	size_t len = strlen(given);
	while (len > 1 && given[len - 1] == '/')
		len--;
	enum rc rc = RC_NOT_FOUND;
	for (size_t i = 0; i < sizeof below / sizeof below[0] && rc == RC_NOT_FOUND; i++) {
		int n = snprintf(p->base, sizeof p->base, "%.*s%s", (int)len, given, below[i]);
		if (n < 0 || (size_t)n >= sizeof p->base)
			return RC_TOO_LARGE;
		buf_reset(note);
		rc = get(p, "checkpoint", note);
	}
	return rc;
}

/* ---- verifying ---- */

struct verify {
	struct place place;
	const char *key_text;
	struct note_key key;
	bool has_key;
	bool has_older;
	struct checkpoint older;
	struct hash first; /* the first entry of the epoch read last, if it is a hash */
	bool first_is_hash;
};

static enum rc keep_first(void *ctx, uint64_t index, struct bytes data)
{
	struct verify *v = ctx;
	if (index == 0) {
		v->first_is_hash = data.len == sizeof v->first.b;
		if (v->first_is_hash)
			memcpy(v->first.b, data.ptr, sizeof v->first.b);
	}
	return RC_OK;
}

static int say_no(const char *where, const char *text)
{
	printf("not valid: %s: %s\n", where, text);
	return EXIT_NO;
}

/* The same key signs later epochs under their own origins. */
static bool has_signed(const struct note_key *key, struct bytes note, const char *origin)
{
	struct note_key own;
	struct checkpoint c;
	return note_key_ed25519(origin, key->public_key, &own) == RC_OK && checkpoint_open(note, &own, &c) == RC_OK;
}

static int verify_tree(struct verify *v, struct place *at, struct bytes note, const struct checkpoint *c)
{
	struct err e = ERR_NONE;
	struct log_audit audit = {.tiles = {.read = read_tile, .ctx = at}, .entry = keep_first, .ctx = v};
	bool named = v->has_key && strcmp(v->key.name, c->origin) == 0;
	bool signed_by_key = v->has_key && has_signed(&v->key, note, c->origin);
	if (named && !signed_by_key)
		return say_no("checkpoint", "the key has not signed it");
	if (v->has_older && strcmp(v->older.origin, c->origin) == 0)
		audit.older = &v->older;
	v->first_is_hash = false;
	enum rc rc = log_audit(&audit, c, &e);
	if (rc == RC_PROOF || rc == RC_FORMAT)
		return say_no(e.where, e.text);
	if (rc != RC_OK) {
		fprintf(stderr, "civis log: %s: %s\n", *e.where ? e.where : at->base, *e.text ? e.text : rc_text(rc));
		return rc == RC_NOT_FOUND ? EXIT_NO : EXIT_UNUSABLE;
	}
	char root[HASH_SIZE * 2 + 1] = "";
	struct buf hex = BUF_INIT(HASH_SIZE * 2);
	hex_encode(&hex, BYTES_ARRAY(c->root.b));
	snprintf(root, sizeof root, "%s", buf_failed(&hex) ? "" : buf_cstr(&hex));
	buf_release(&hex);
	printf("%s: %" PRIu64 " entries, root %s: every entry and tile agrees; %s\n", c->origin, c->size, root,
	       signed_by_key ? "signature valid" : "signature not checked");
	return EXIT_DONE;
}

static uint32_t epoch_of(const char *origin)
{
	uint64_t epoch;
	const char *slash = strrchr(origin, '/');
	return slash && u64_parse(bytes_str(slash + 1), UINT32_MAX, &epoch) == RC_OK ? (uint32_t)epoch : 1;
}

/* The epoch before must be published, sound, and the one that the first entry names. */
static int verify_closed(struct verify *v, uint32_t epoch)
{
	struct place at = {.curl = v->place.curl};
	struct buf note = BUF_INIT(NOTE_MAX);
	struct checkpoint c;
	struct hash named = v->first, found;
	bool names = v->first_is_hash;
	int status = EXIT_NO;
	int n = snprintf(at.base, sizeof at.base, "%s/closed/%" PRIu32, v->place.base, epoch);
	enum rc rc = n < 0 || (size_t)n >= sizeof at.base ? RC_TOO_LARGE : get(&at, "checkpoint", &note);
	if (rc == RC_NOT_FOUND) {
		fprintf(stderr, "civis log: the closed epoch %" PRIu32 " is not published here\n", epoch);
		goto out;
	}
	if (rc == RC_OK)
		rc = checkpoint_open(buf_bytes(&note), NULL, &c);
	sha256(buf_bytes(&note), found.b);
	if (rc != RC_OK)
		status = say_no("closed checkpoint", "it cannot be read");
	else if (epoch_of(c.origin) != epoch || !names || !hash_equal(&named, &found))
		status = say_no("closed checkpoint", "the next epoch does not commit to it");
	else
		status = verify_tree(v, &at, buf_bytes(&note), &c);
out:
	buf_release(&note);
	return status;
}

static int verify_all(struct verify *v, const char *given)
{
	struct buf note = BUF_INIT(NOTE_MAX);
	struct checkpoint c;
	int status = EXIT_UNUSABLE;
	enum rc rc = find_log(&v->place, given, &note);
	if (rc != RC_OK) {
		fprintf(stderr, "civis log: no checkpoint at %s: %s\n", given, rc_text(rc));
		goto out;
	}
	if (checkpoint_open(buf_bytes(&note), NULL, &c) != RC_OK) {
		status = say_no("checkpoint", "it cannot be read");
		goto out;
	}
	if (v->has_key && strcmp(v->key.name, c.origin) != 0 && epoch_of(v->key.name) >= epoch_of(c.origin)) {
		status = say_no("checkpoint", "it is of another origin than the key");
		goto out;
	}
	status = verify_tree(v, &v->place, buf_bytes(&note), &c);
	for (uint32_t epoch = epoch_of(c.origin); status == EXIT_DONE && epoch > 1; epoch--)
		status = verify_closed(v, epoch - 1);
	if (status == EXIT_DONE)
		printf("valid\n");
out:
	buf_release(&note);
	return status;
}

/* ---- arguments ---- */

static bool read_older(struct verify *v, const char *path)
{
	struct buf note = BUF_INIT(NOTE_MAX);
	v->has_older = file_read(path, &note, NULL) == RC_OK && checkpoint_open(buf_bytes(&note), NULL, &v->older) == RC_OK;
	buf_release(&note);
	if (!v->has_older)
		fprintf(stderr, "civis log: %s is not a checkpoint\n", path);
	return v->has_older;
}

static bool read_arguments(struct verify *v, int argc, char **argv, const char **ret_given)
{
	if (argc < 2 || strcmp(argv[1], "verify") != 0)
		return false;
	for (int i = 2; i < argc; i++) {
		bool more = i + 1 < argc;
		if (strcmp(argv[i], "--key") == 0 && more) {
			v->has_key = note_key_parse(bytes_str(argv[++i]), &v->key) == RC_OK;
			if (!v->has_key)
				fprintf(stderr, "civis log: the key is not a verifier key (name+id+base64)\n");
			if (!v->has_key)
				return false;
		} else if (strcmp(argv[i], "--older") == 0 && more) {
			if (!read_older(v, argv[++i]))
				return false;
		} else if (argv[i][0] != '-' && !*ret_given) {
			*ret_given = argv[i];
		} else {
			return false;
		}
	}
	return *ret_given != NULL;
}

int cmd_log(int argc, char **argv)
{
	struct verify v = {.has_key = false};
	const char *given = NULL;
	if (argc > 1 && strcmp(argv[1], "new-epoch") == 0)
		return cmd_log_new_epoch(argc - 1, argv + 1);
	if (!read_arguments(&v, argc, argv, &given)) {
		fprintf(stderr, "usage: civis log verify URL|DIR [--key VKEY] [--older CHECKPOINT]\n"
				"       civis log new-epoch --data DIR\n");
		return EXIT_UNUSABLE;
	}
	if (is_url(given)) {
		v.place.curl = new_curl();
		if (!v.place.curl) {
			fprintf(stderr, "civis log: HTTP cannot be used\n");
			return EXIT_UNUSABLE;
		}
	}
	int status = verify_all(&v, given);
	if (v.place.curl) {
		curl_easy_cleanup(v.place.curl);
		curl_global_cleanup();
	}
	return status;
}
