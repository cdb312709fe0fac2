/* SPDX-License-Identifier: MPL-2.0 */
/*
 * civis log verify URL|DIR [--key VKEY | --trust FILE] [--older FILE]
 *
 * Reads the whole public log again, from a folder or over HTTP, and the closed
 * epochs before it. Needs nothing of civis but the published files and, to tell
 * whose log it is, a key: with one, every checkpoint must be signed by it.
 * What a closed epoch has lost is named; it is valid if a signed note, which the
 * next epoch commits to, accounts for it.
 */
#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "cmd/args.h"
#include "credential/trust.h"
#include "ledger/audit.h"
#include "ledger/sequencer.h"

enum { FILE_MAX = TILE_WIDTH * (2 + TILE_ENTRY_MAX), PLACE_MAX = 2048, TIMEOUT_S = 30, KEYS_MAX = 64 };

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
	struct note_key key[KEYS_MAX]; /* none: signatures are not checked */
	size_t keys;
	bool has_older, met_older;
	struct checkpoint older;
	struct hash first; /* the first entry of the epoch read last, if it is a hash */
	bool first_is_hash, first_is_lost;
	uint64_t lost;     /* entries of closed epochs that the signer knew and nobody has */
	char origin[NOTE_NAME_SIZE]; /* of the newest epoch */
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

static bool knows_origin(const struct note_key *key, const char *origin)
{
	return strcmp(key->name, origin) == 0 || ledger_same_log(key->name, origin);
}

/* The same key signs each epoch of its log under that epoch's own origin. */
static bool is_signed(const struct verify *v, struct bytes note, const char *origin)
{
	for (size_t i = 0; i < v->keys; i++) {
		struct note_key own;
		struct checkpoint c;
		if (knows_origin(&v->key[i], origin) && note_key_ed25519(origin, v->key[i].public_key, &own) == RC_OK &&
		    checkpoint_open(note, &own, &c) == RC_OK)
			return true;
	}
	return false;
}

static int verify_tree(struct verify *v, struct place *at, struct bytes note, const struct checkpoint *c)
{
	struct err e = ERR_NONE;
	struct log_audit audit = {.tiles = {.read = read_tile, .ctx = at}, .entry = keep_first, .ctx = v};
	if (v->keys && !is_signed(v, note, c->origin))
		return say_no("checkpoint", v->keys == 1 ? "the key has not signed it" : "no trusted key has signed it");
	if (v->has_older && !v->met_older && strcmp(v->older.origin, c->origin) == 0)
		audit.older = &v->older, v->met_older = true;
	v->first_is_hash = false;
	enum rc rc = log_audit(&audit, c, &e);
	if (rc == RC_PROOF || rc == RC_FORMAT)
		return say_no(e.where, e.text);
	if (rc != RC_OK) {
		fprintf(stderr, "civis log verify: %s: %s\n", *e.where ? e.where : at->base, *e.text ? e.text : rc_text(rc));
		return rc == RC_NOT_FOUND ? EXIT_NO : EXIT_UNUSABLE;
	}
	char root[HASH_SIZE * 2 + 1] = "";
	struct buf hex = BUF_INIT(HASH_SIZE * 2);
	hex_encode(&hex, BYTES_ARRAY(c->root.b));
	snprintf(root, sizeof root, "%s", buf_failed(&hex) ? "" : buf_cstr(&hex));
	buf_release(&hex);
	printf("%s: %" PRIu64 " entries, root %s: every entry and tile agrees; %s\n", c->origin, c->size, root,
	       v->keys ? "signature valid" : "signature NOT checked");
	return EXIT_DONE;
}

/* A closed epoch: what is left of it, and the tree that the next one commits to. Alike unless entries were lost. */
struct closed {
	struct place at;
	struct buf left_note, known_note;
	struct checkpoint left, known;
};

/* RC_NOT_FOUND leaves *ret as it is. */
static enum rc get_note(struct place *at, const char *name, struct buf *note, struct checkpoint *ret)
{
	enum rc rc = get(at, name, note);
	return rc == RC_OK ? checkpoint_open(buf_bytes(note), NULL, ret) : rc;
}

static int read_closed(const struct verify *v, uint32_t epoch, struct closed *in)
{
	int n = snprintf(in->at.base, sizeof in->at.base, "%s/closed/%" PRIu32, v->place.base, epoch);
	enum rc left = n < 0 || (size_t)n >= sizeof in->at.base ? RC_TOO_LARGE
	                                                        : get_note(&in->at, "checkpoint", &in->left_note, &in->left);
	enum rc known = left == RC_OK || left == RC_NOT_FOUND ? get_note(&in->at, "known", &in->known_note, &in->known) : left;
	if (left == RC_NOT_FOUND && known == RC_NOT_FOUND) {
		fprintf(stderr, "civis log verify: the closed epoch %" PRIu32 " is not published here\n", epoch);
		return EXIT_NO;
	}
	if (known == RC_NOT_FOUND) { /* closed with nothing lost, by a program that published no note beside it */
		in->known = in->left;
		buf_append(&in->known_note, buf_bytes(&in->left_note));
	} else if (known == RC_FORMAT) {
		return say_no("closed checkpoint", "it cannot be read");
	} else if (known != RC_OK) {
		fprintf(stderr, "civis log verify: %s: %s\n", in->at.base, rc_text(known));
		return EXIT_UNUSABLE;
	}
	return EXIT_DONE;
}

static int check_known(const struct verify *v, uint32_t epoch, const struct closed *in)
{
	struct hash found;
	sha256(buf_bytes(&in->known_note), found.b);
	if (ledger_epoch_of(in->known.origin) != epoch || !ledger_same_log(in->known.origin, v->origin))
		return say_no("closed checkpoint", "it is of another origin");
	if (!v->first_is_lost && (!v->first_is_hash || !hash_equal(&v->first, &found)))
		return say_no("closed checkpoint", "the next epoch does not commit to it");
	if (v->keys && !is_signed(v, buf_bytes(&in->known_note), in->known.origin))
		return say_no("closed checkpoint", "what the next epoch commits to is not signed by the log's key");
	if (in->left_note.len == 0)
		return EXIT_DONE;
	if (strcmp(in->left.origin, in->known.origin) != 0 || in->left.size > in->known.size ||
	    (in->left.size == in->known.size && !hash_equal(&in->left.root, &in->known.root)))
		return say_no("closed checkpoint", "it is not of the tree that the next epoch commits to");
	return EXIT_DONE;
}

/* An older checkpoint that reaches into what was lost can be compared with the known root alone. */
static int name_lost(struct verify *v, const struct closed *in)
{
	uint64_t lost = in->known.size - in->left.size;
	if (lost == 0)
		return EXIT_DONE;
	v->lost += lost;
	printf("%s: LOST: %" PRIu64 " %s, from %" PRIu64 " to %" PRIu64 ", of the %" PRIu64
	       " that the next epoch commits to; %s\n", in->known.origin, lost, lost == 1 ? "entry" : "entries", in->left.size,
	       in->known.size - 1, in->known.size, v->keys ? "signature valid" : "signature NOT checked");
	if (!v->has_older || strcmp(v->older.origin, in->known.origin) != 0 || v->older.size <= in->left.size)
		return EXIT_DONE;
	v->met_older = true;
	if (v->older.size == in->known.size && hash_equal(&v->older.root, &in->known.root))
		return EXIT_DONE;
	return say_no("older checkpoint", "its entries are lost, and it is not the tree that the next epoch commits to");
}

/* The epoch before must be published, sound, and the one that the first entry names. */
static int verify_closed(struct verify *v, uint32_t epoch)
{
	struct closed in = {.at.curl = v->place.curl, .left_note = BUF_INIT(NOTE_MAX), .known_note = BUF_INIT(NOTE_MAX)};
	int status = read_closed(v, epoch, &in);
	if (status == EXIT_DONE)
		status = check_known(v, epoch, &in);
	if (status == EXIT_DONE)
		status = name_lost(v, &in);
	bool unlinked = v->first_is_lost;
	v->first_is_lost = in.left.size == 0;
	if (status == EXIT_DONE && in.left.size)
		status = verify_tree(v, &in.at, buf_bytes(&in.left_note), &in.left);
	if (status == EXIT_DONE && unlinked)
		status = say_no(in.known.origin, "the entry that committed to its end is lost");
	buf_release(&in.left_note);
	buf_release(&in.known_note);
	return status;
}

/* A key of a later epoch tells that this one was closed. */
static bool is_newest_known(const struct verify *v, const char *origin)
{
	bool known = v->keys == 0;
	for (size_t i = 0; i < v->keys; i++) {
		if (!knows_origin(&v->key[i], origin))
			continue;
		if (ledger_epoch_of(v->key[i].name) > ledger_epoch_of(origin))
			return false;
		known = true;
	}
	return known;
}

static void complain_of_place(const struct verify *v, const char *given, enum rc rc)
{
	struct stat st;
	if (!v->place.curl && stat(given, &st) != 0)
		fprintf(stderr, "civis log verify: %s: %s\n", given, errno == ENOENT ? "there is no such folder" : strerror(errno));
	else if (!v->place.curl && !S_ISDIR(st.st_mode))
		fprintf(stderr, "civis log verify: %s is not a folder\n", given);
	else
		fprintf(stderr, "civis log verify: no checkpoint at %s: %s\n", given, rc == RC_NOT_FOUND ? "nothing is published there" : rc_text(rc));
}

/* A loss that is signed for does not make the log untrue: it is said, and the log is valid. */
static void say_yes(const struct verify *v)
{
	printf("%s", v->keys ? "valid" : "consistent");
	if (v->lost)
		printf("; %" PRIu64 " %s of closed epochs lost, and known to be", v->lost, v->lost == 1 ? "entry" : "entries");
	printf("%s\n", v->keys ? "" : "; signatures NOT checked: name the log's key with --key or --trust");
}

static int verify_all(struct verify *v, const char *given)
{
	struct buf note = BUF_INIT(NOTE_MAX);
	struct checkpoint c;
	int status = EXIT_UNUSABLE;
	enum rc rc = find_log(&v->place, given, &note);
	if (rc != RC_OK) {
		complain_of_place(v, given, rc);
		goto out;
	}
	if (checkpoint_open(buf_bytes(&note), NULL, &c) != RC_OK) {
		status = say_no("checkpoint", "it cannot be read");
		goto out;
	}
	if (!is_newest_known(v, c.origin)) {
		status = say_no("checkpoint", "it is of another origin than the key, or of an older one");
		goto out;
	}
	snprintf(v->origin, sizeof v->origin, "%s", c.origin);
	status = verify_tree(v, &v->place, buf_bytes(&note), &c);
	for (uint32_t epoch = ledger_epoch_of(c.origin); status == EXIT_DONE && epoch > 1; epoch--)
		status = verify_closed(v, epoch - 1);
	if (status == EXIT_DONE && v->has_older && !v->met_older)
		status = say_no("older checkpoint", "it is of none of this log's origins");
	if (status == EXIT_DONE)
		say_yes(v);
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
		fprintf(stderr, "civis log verify: %s is not a checkpoint\n", path);
	return v->has_older;
}

static bool read_key(struct verify *v, const char *text)
{
	if (v->keys < KEYS_MAX && note_key_parse(bytes_str(text), &v->key[v->keys]) == RC_OK) {
		v->keys++;
		return true;
	}
	fprintf(stderr, "civis log verify: the key is not a verifier key (name+id+base64)\n");
	return false;
}

/* The log's keys of a trust file. */
static bool read_trust(struct verify *v, const char *path)
{
	struct buf text = BUF_INIT(TRUST_MAX);
	struct trust trust = {0};
	struct err e = ERR_NONE;
	enum rc rc = file_read(path, &text, &e);
	if (rc == RC_OK)
		rc = trust_parse(buf_bytes(&text), &trust, &e);
	for (size_t i = 0; rc == RC_OK && i < trust.key_count; i++) {
		if (trust.keys[i].use != TRUST_LOG)
			continue;
		rc = v->keys < KEYS_MAX ? note_key_parse(trust.keys[i].public, &v->key[v->keys]) : RC_TOO_LARGE;
		v->keys += rc == RC_OK;
	}
	if (rc != RC_OK)
		fprintf(stderr, "civis log verify: %s is not a trust file: %s\n", path, *e.text ? e.text : rc_text(rc));
	else if (v->keys == 0)
		fprintf(stderr, "civis log verify: %s has no key of a log\n", path);
	trust_release(&trust);
	buf_release(&text);
	return rc == RC_OK && v->keys > 0;
}

int cmd_log_verify(const struct command *self, int argc, char **argv)
{
	struct verify v = {.keys = 0};
	const char *given = NULL, *key = NULL, *trust = NULL, *older = NULL;
	const struct arg args[] = {
		ARG_OPERAND("URL|DIR", &given, "the log, the server, or the data folder"),
		ARG_TEXT("trust", "FILE", &trust, "demand a signature by a log key of this trust file on every epoch"),
		ARG_TEXT("key", "VKEY", &key, "or by this verifier key (name+id+base64)"),
		ARG_TEXT("older", "CHECKPOINT", &older, "a file with a checkpoint kept from earlier, which the log must continue"),
		ARG_END,
	};
	int status;
	if (!args_read(self, args, argc, argv, &status))
		return status;
	if (key && trust)
		return args_wrong(self, args, "give --key or --trust, not both");
	if ((key && !read_key(&v, key)) || (trust && !read_trust(&v, trust)) || (older && !read_older(&v, older)))
		return EXIT_UNUSABLE;
	if (is_url(given)) {
		v.place.curl = new_curl();
		if (!v.place.curl) {
			fprintf(stderr, "civis log verify: HTTP cannot be used\n");
			return EXIT_UNUSABLE;
		}
	}
	status = verify_all(&v, given);
	if (v.place.curl) {
		curl_easy_cleanup(v.place.curl);
		curl_global_cleanup();
	}
	return status;
}
