/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Uploads: tus 1.0 with creation and termination.
 *
 * What has arrived of a file waits in memory, never on disk in clear: its
 * metadata can be taken out only once it is whole. When the last byte is here
 * it is stripped, sealed in pieces, stored, and only then acknowledged. An
 * unfinished upload does not outlive the process; its client begins again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "gate/handlers.h"
#include "gate/state.h"
#include "intake/attachment.h"
#include "intake/case.h"
#include "intake/tracking.h"

enum {
	UPLOADS_MAX = 48,
	UPLOADS_FAMILIES = 32, /* the rest is kept for staff */
	UPLOADS_PER_PEER = 8,  /* without an account */
	UPLOADS_PER_CASE = 8,
	ATTACHMENTS_PER_CASE = 20,
	BYTES_PER_CASE = 40 * 1024 * 1024,
	PIECE = STORE_CHUNK_MAX,
	LIFE_US = 3600 * 1000000LL / 2, /* since the last byte came */
};

struct upload {
	struct id id;          /* zero: free */
	struct id attachment;  /* what it becomes */
	struct id person, case_id;
	uint64_t sealed_version; /* of the case when it was begun */
	char office[STORE_SCOPE_MAX];
	char principal[STORE_KEY_MAX];
	char kind[STORE_WORD_MAX];
	struct buf content;
	size_t length;
	int64_t touched_us;    /* monotonic: when a byte came last */
	uint64_t peer;         /* who began it, if without an account */
	bool staff;
	bool parcel;           /* what comes is sealed to the vault */
	bool busy;             /* a request is working on it */
	bool done;             /* stored; kept for a while to answer repeats */
};

struct uploads {
	pthread_mutex_t lock;
	struct upload slot[UPLOADS_MAX];
};

enum rc uploads_open(struct gate *g)
{
	g->uploads = calloc(1, sizeof *g->uploads);
	if (!g->uploads)
		return RC_NO_MEMORY;
	pthread_mutex_init(&g->uploads->lock, NULL);
	return RC_OK;
}

static void upload_forget(struct upload *u)
{
	buf_release(&u->content);
	memset(u, 0, sizeof *u);
}

void uploads_close(struct gate *g)
{
	for (size_t i = 0; g->uploads && i < UPLOADS_MAX; i++)
		upload_forget(&g->uploads->slot[i]);
	free(g->uploads);
	g->uploads = NULL;
}

static void put_tus(struct call *c)
{
	http_answer_header(c->a, "Tus-Resumable", "1.0.0");
}

static void put_number(struct call *c, const char *name, uint64_t n)
{
	char text[24];
	snprintf(text, sizeof text, "%llu", (unsigned long long)n);
	http_answer_header(c->a, name, text);
}

enum rc upload_options(struct call *c)
{
	put_tus(c);
	http_answer_header(c->a, "Tus-Version", "1.0.0");
	http_answer_header(c->a, "Tus-Extension", "creation,termination");
	put_number(c, "Tus-Max-Size", ATTACHMENT_MAX);
	c->a->status = 204;
	return RC_OK;
}

/* A key in Upload-Metadata ("key base64,key base64,key") with its value; empty if absent. */
static struct bytes metadata_pair(struct call *c, const char *key)
{
	struct bytes rest = guard_header(&c->q->head, "Upload-Metadata");
	size_t n = strlen(key);
	while (rest.len) {
		const uint8_t *comma = memchr(rest.ptr, ',', rest.len);
		struct bytes pair = bytes_slice(rest, 0, comma ? (size_t)(comma - rest.ptr) : rest.len);
		rest = bytes_slice(rest, pair.len + 1, rest.len);
		while (pair.len && pair.ptr[0] == ' ')
			pair = bytes_slice(pair, 1, pair.len);
		if (pair.len >= n && memcmp(pair.ptr, key, n) == 0 && (pair.len == n || pair.ptr[n] == ' '))
			return pair;
	}
	return BYTES_NONE;
}

/* Its decoded value; NULL if absent. */
static const char *metadata(struct call *c, const char *key)
{
	struct bytes pair = metadata_pair(c, key);
	struct bytes value = bytes_slice(pair, strlen(key) + 1, pair.len);
	struct buf b = BUF_INIT(256);
	char *out = NULL;
	if (value.len && base64_decode(value, &b) == RC_OK && utf8_is_valid(buf_bytes(&b)))
		out = arena_str(c->desk.arena, buf_bytes(&b));
	buf_release(&b);
	return out;
}

/* Whoever speaks another version is told ours. */
static enum rc speak_tus(struct call *c)
{
	put_tus(c);
	if (bytes_equal(guard_header(&c->q->head, "Tus-Resumable"), BYTES_LIT("1.0.0")))
		return RC_OK;
	http_answer_header(c->a, "Tus-Version", "1.0.0");
	c->code = "tus_version";
	return err_set(&c->err, RC_MATCH_FAILED, "Tus-Resumable", "Tus-Resumable has to be 1.0.0");
}

/* Who may add to a case: an officer who reaches it, or the family that shows its secret. */
static enum rc may_add(struct call *c, const struct store_case *k)
{
	if (c->signed_in) {
		const char *mine = desk_scope(&c->desk);
		return scope_covers(mine, k->office) || scope_covers(k->office, mine) ? RC_OK : RC_NOT_FOUND;
	}
	const char *secret = call_header(c, "Tracking-Secret");
	c->desk.secret = secret ? bytes_str(secret) : BYTES_NONE;
	return secret && tracking_matches(k->case_id, secret, k->tracking_hash) ? RC_OK : RC_NOT_FOUND;
}

/* The case, if one may add to it; what is absent and what is not theirs are answered alike. */
static enum rc case_to_add_to(struct call *c, struct id id, struct store_case *ret)
{
	enum rc rc = store_case_get(c->desk.reader, id, c->desk.arena, ret, &c->err);
	if (rc == RC_OK)
		rc = may_add(c, ret);
	if (rc == RC_NOT_FOUND)
		c->err = ERR_NONE;
	return rc;
}

static enum rc is_open(struct call *c, const struct store_case *k)
{
	const struct workflow *w = case_workflow(&c->desk, k);
	const struct workflow_state *s = w ? workflow_state(w, k->state) : NULL;
	return s && !s->final ? RC_OK : RC_STATE;
}

/* What the case has already, with what is on its way, leaves room for `length` more. Called locked. */
static enum rc case_has_room(struct call *c, const struct store_case *k, size_t length)
{
	const struct uploads *all = c->gate->uploads;
	struct store_attachment *items = ARENA_ARRAY(c->desk.arena, struct store_attachment, ATTACHMENTS_PER_CASE);
	uint64_t bytes = length;
	size_t n = 0;
	if (!items)
		return RC_NO_MEMORY;
	enum rc rc = store_attachments(c->desk.reader, k->person_id, k->case_id, items, ATTACHMENTS_PER_CASE, &n, &c->err);
	if (rc != RC_OK)
		return rc;
	for (size_t i = 0; i < n; i++)
		bytes += items[i].length;
	for (size_t i = 0; i < UPLOADS_MAX; i++) {
		const struct upload *u = &all->slot[i];
		bool counts = !id_is_zero(u->id) && !u->done && id_equal(u->case_id, k->case_id);
		n += counts;
		bytes += counts ? u->length : 0;
	}
	return n < ATTACHMENTS_PER_CASE && bytes <= BYTES_PER_CASE
		? RC_OK : err_set(&c->err, RC_TOO_LARGE, "case", "a case takes %d attachments and %d MB in all",
		                  ATTACHMENTS_PER_CASE, BYTES_PER_CASE / 1024 / 1024);
}

/* What nobody went on with in time. Called locked. */
static void forget_stale(struct uploads *all)
{
	int64_t now = clock_monotonic_us();
	for (size_t i = 0; i < UPLOADS_MAX; i++)
		if (!all->slot[i].busy && now - all->slot[i].touched_us > LIFE_US)
			upload_forget(&all->slot[i]);
}

/* Makes room by what nothing came for, the oldest first: most likely the answer was lost that said where it is, and whoever
   did hear it is told 404 and begins again. False if there is none. Called locked. */
static bool forget_empty(struct uploads *all, struct id case_id)
{
	struct upload *oldest = NULL;
	for (size_t i = 0; i < UPLOADS_MAX; i++) {
		struct upload *u = &all->slot[i];
		bool empty = !id_is_zero(u->id) && !u->busy && !u->done && u->content.len == 0;
		if (empty && id_equal(u->case_id, case_id) && (!oldest || u->touched_us < oldest->touched_us))
			oldest = u;
	}
	if (oldest)
		upload_forget(oldest);
	return oldest != NULL;
}

/* A free place, that of what is stored already if need be. NULL if the case, the address or all families have
   their share. Called locked. */
static struct upload *take_slot(struct uploads *all, struct id case_id, bool staff, uint64_t peer)
{
	struct upload *free_one = NULL, *stale = NULL;
	unsigned of_case = 0, of_peer = 0, of_families = 0;
	for (size_t i = 0; i < UPLOADS_MAX; i++) {
		struct upload *u = &all->slot[i];
		if (id_is_zero(u->id)) {
			free_one = u;
			continue;
		}
		of_case += !u->done && id_equal(u->case_id, case_id);
		bool idle = !u->busy && u->done;
		of_families += !u->staff && !idle;
		of_peer += !u->staff && !idle && u->peer == peer;
		if (idle && (!stale || u->touched_us < stale->touched_us))
			stale = u;
	}
	if (of_case >= UPLOADS_PER_CASE || (!staff && (of_peer >= UPLOADS_PER_PEER || of_families >= UPLOADS_FAMILIES)))
		return NULL;
	if (!free_one && stale) {
		upload_forget(stale);
		free_one = stale;
	}
	return free_one;
}

/* Called locked. RC_TOO_LARGE, RC_THROTTLED. */
static enum rc find_slot(struct call *c, const struct store_case *k, size_t length, struct upload **ret)
{
	struct uploads *all = c->gate->uploads;
	enum rc rc;
	forget_stale(all);
	do {
		c->err = ERR_NONE;
		rc = case_has_room(c, k, length);
		*ret = rc == RC_OK ? take_slot(all, k->case_id, c->signed_in, c->q->peer) : NULL;
		rc = rc == RC_OK && !*ret ? RC_THROTTLED : rc;
	} while ((rc == RC_THROTTLED || rc == RC_TOO_LARGE) && forget_empty(all, k->case_id));
	return rc;
}

static enum rc upload_begin(struct call *c, const struct store_case *k, const char *kind, size_t length, bool parcel,
                            struct id *ret)
{
	struct uploads *all = c->gate->uploads;
	const char *principal = call_principal(c, k->case_id);
	struct upload *u = NULL;
	enum rc rc = principal ? RC_OK : RC_NO_MEMORY;
	pthread_mutex_lock(&all->lock);
	if (rc == RC_OK)
		rc = find_slot(c, k, length, &u);
	if (rc == RC_OK) {
		struct id id = id_new();
		*u = (struct upload){.id = id, .attachment = id, .person = k->person_id, .case_id = k->case_id, .length = length,
		                     .sealed_version = k->sealed_version, .content = BUF_INIT(length), .touched_us = clock_monotonic_us(),
		                     .peer = c->q->peer, .staff = c->signed_in, .parcel = parcel};
		snprintf(u->office, sizeof u->office, "%s", k->office);
		snprintf(u->principal, sizeof u->principal, "%s", principal);
		snprintf(u->kind, sizeof u->kind, "%s", kind);
		*ret = u->id;
	}
	pthread_mutex_unlock(&all->lock);
	return rc;
}

enum rc upload_create(struct call *c)
{
	struct store_case k;
	struct id case_id, upload;
	uint64_t length = 0;
	enum rc rc = speak_tus(c);
	if (rc != RC_OK)
		return rc;
	struct bytes header = guard_header(&c->q->head, "Upload-Length");
	const char *of = metadata(c, "case"), *kind = metadata(c, "kind");
	if (u64_parse(header, INT64_MAX, &length) != RC_OK || length == 0)
		(void)call_wrong(c, "Upload-Length", "required", 0);
	if (!of || id_parse(bytes_str(of), &case_id) != RC_OK)
		(void)call_wrong(c, "Upload-Metadata/case", "not_a_uuid", 0);
	if (!kind || !kind[0] || strlen(kind) >= STORE_WORD_MAX)
		(void)call_wrong(c, "Upload-Metadata/kind", "required", 0);
	if (c->field_count)
		return RC_INVALID;
	bool parcel = metadata_pair(c, "sealed").len > 0;
	if (length > (parcel ? parcel_size(ATTACHMENT_MAX) : ATTACHMENT_MAX))
		return RC_TOO_LARGE;
	if (parcel && !c->signed_in) /* the vault opens them for officers */
		return RC_UNAUTHENTICATED;
	rc = call_is_known(c) ? case_to_add_to(c, case_id, &k) : RC_UNAUTHENTICATED;
	if (rc == RC_OK)
		rc = is_open(c, &k);
	if (rc == RC_OK)
		rc = upload_begin(c, &k, kind, (size_t)length, parcel, &upload);
	if (rc != RC_OK)
		return rc;
	char id[ID_TEXT_SIZE], location[80];
	id_format(upload, id);
	snprintf(location, sizeof location, "/api/v1/uploads/%s", id);
	http_answer_header(c->a, "Location", location);
	put_number(c, "Upload-Offset", 0);
	c->a->status = 201;
	return RC_OK;
}

static void upload_give_back(struct call *c, struct upload *u, bool forget)
{
	pthread_mutex_lock(&c->gate->uploads->lock);
	u->busy = false;
	if (forget)
		upload_forget(u);
	pthread_mutex_unlock(&c->gate->uploads->lock);
}

/* Takes the upload for this request. Whoever may not see it is told that it does not exist.
   *ret_open (may be NULL): RC_OK if its case still takes attachments. */
static enum rc upload_take(struct call *c, struct upload **ret, enum rc *ret_open)
{
	struct uploads *all = c->gate->uploads;
	struct id id;
	struct store_case *k = ARENA_NEW(c->desk.arena, struct store_case);
	struct upload *found = NULL;
	enum rc rc = call_is_known(c) ? RC_OK : RC_UNAUTHENTICATED;
	if (rc == RC_OK)
		rc = k ? call_id(c, 0, &id) : RC_NO_MEMORY;
	if (rc != RC_OK)
		return rc;
	pthread_mutex_lock(&all->lock);
	for (size_t i = 0; i < UPLOADS_MAX; i++)
		if (id_equal(all->slot[i].id, id) && !id_is_zero(id))
			found = &all->slot[i];
	rc = !found ? RC_NOT_FOUND : found->busy ? RC_BUSY : RC_OK;
	if (rc == RC_OK)
		found->busy = true;
	pthread_mutex_unlock(&all->lock);
	if (rc != RC_OK)
		return rc;
	rc = case_to_add_to(c, found->case_id, k);
	const char *principal = call_principal(c, found->case_id);
	if (rc == RC_OK && (!principal || strcmp(principal, found->principal) != 0))
		rc = RC_NOT_FOUND;
	if (rc != RC_OK) {
		upload_give_back(c, found, false);
		return rc;
	}
	if (ret_open)
		*ret_open = is_open(c, k);
	*ret = found;
	return RC_OK;
}

static size_t offset_of(const struct upload *u)
{
	return u->done ? u->length : u->content.len;
}

enum rc upload_head(struct call *c)
{
	struct upload *u;
	enum rc rc = speak_tus(c);
	if (rc == RC_OK)
		rc = upload_take(c, &u, NULL);
	if (rc != RC_OK)
		return rc;
	put_number(c, "Upload-Offset", offset_of(u));
	put_number(c, "Upload-Length", u->length);
	c->a->status = 200;
	upload_give_back(c, u, false);
	return RC_OK;
}

/* Seals one piece and appends it to the stored upload. */
static enum rc store_piece(struct call *c, const struct upload *u, struct bytes whole, uint32_t piece)
{
	struct bytes plain = bytes_slice(whole, (size_t)piece * PIECE, PIECE), sealed;
	const struct vault_seal_item item = {
		{KIND_ATTACHMENT, u->attachment, u->person, 1, piece}, u->case_id, u->office, plain,
	};
	enum rc rc = vault_seal(c->desk.vault, c->desk.token, c->desk.secret, &item, 1, c->desk.arena, &sealed, &c->err);
	if (rc == RC_OK)
		rc = store_upload_append(c->desk.store, u->attachment, (uint64_t)piece * PIECE, piece, (uint32_t)plain.len, sealed, &c->err);
	return rc;
}

/* Sealing takes a while: the case may have been decided meanwhile. */
static enum rc still_open(struct call *c, struct id case_id)
{
	struct store_case *k = ARENA_NEW(c->desk.arena, struct store_case);
	enum rc rc = k ? case_to_add_to(c, case_id, k) : RC_NO_MEMORY;
	return rc == RC_OK ? is_open(c, k) : rc;
}

static enum rc store_content(struct call *c, const struct upload *u, struct bytes content, const char *media_type)
{
	char key[ID_TEXT_SIZE];
	struct store_result result;
	id_format(u->attachment, key);
	struct store_upload_create put = {
		.request = {.principal = u->principal, .key = key, .now = c->desk.now, .status = 201},
		.upload = {.upload_id = u->attachment, .person_id = u->person, .case_id = u->case_id, .length = content.len,
		           .created = c->desk.now, .expires = c->desk.now + LIFE_US},
		.max_open = UPLOADS_PER_CASE,
	};
	snprintf(put.upload.principal, sizeof put.upload.principal, "%s", u->principal);
	snprintf(put.upload.kind, sizeof put.upload.kind, "%s", u->kind);
	snprintf(put.upload.media_type, sizeof put.upload.media_type, "%s", media_type);
	enum rc rc = store_upload_create(c->desk.store, &put, &result, &c->err);
	for (uint32_t piece = 0; rc == RC_OK && (size_t)piece * PIECE < content.len; piece++)
		rc = store_piece(c, u, content, piece);
	if (rc == RC_OK)
		rc = still_open(c, u->case_id);
	if (rc == RC_OK)
		rc = store_upload_finish(c->desk.store, u->attachment, media_type, u->sealed_version, c->desk.now, &c->err);
	if (rc != RC_OK) {
		struct err ignored;
		(void)!store_upload_drop(c->desk.store, u->attachment, &ignored);
	}
	return rc;
}

/* A device that does not know whether its file came sends it again: the same parcel for a case is the same attachment. */
static bool came_before(struct call *c, struct upload *u, const char *media_type)
{
	struct store_attachment known;
	struct err ignored;
	struct sha256 h;
	uint8_t hash[HASH_SIZE];
	sha256_init(&h);
	sha256_update(&h, BYTES_LIT("civis-parcel-file-v1"));
	sha256_update(&h, id_bytes(&u->case_id));
	sha256_update(&h, bytes_slice(buf_bytes(&u->content), 0, PARCEL_HEADER));
	sha256_final(&h, hash);
	memcpy(u->attachment.b, hash, sizeof u->attachment.b);
	u->attachment.b[6] = (uint8_t)((u->attachment.b[6] & 0x0f) | 0x40); /* an id like every other (base/id.h) */
	u->attachment.b[8] = (uint8_t)((u->attachment.b[8] & 0x3f) | 0x80);
	return store_attachment_get(c->desk.reader, u->person, u->case_id, u->attachment, &known, &ignored) == RC_OK ||
	       store_upload_finish(c->desk.store, u->attachment, media_type, u->sealed_version, c->desk.now, &ignored) == RC_OK;
}

static enum rc finish(struct call *c, struct upload *u)
{
	enum attachment_type type = ATTACHMENT_JPEG;
	struct buf opened = BUF_INIT(ATTACHMENT_MAX), clean = BUF_INIT(ATTACHMENT_MAX);
	enum rc rc = u->parcel ? parcel_open(c, PARCEL_FILE, buf_bytes(&u->content), &opened) : RC_OK;
	struct bytes content = buf_bytes(u->parcel ? &opened : &u->content);
	if (rc == RC_OK)
		rc = attachment_type_of(content, &type);
	if (rc == RC_OK)
		rc = attachment_strip(type, content, &clean);
	if (rc == RC_OK && !(u->parcel && came_before(c, u, attachment_media_type(type))))
		rc = store_content(c, u, buf_bytes(&clean), attachment_media_type(type));
	buf_release(&opened);
	buf_release(&clean);
	if (rc == RC_MEDIA_TYPE)
		c->code = "attachment_type";
	if (rc == RC_OK) {
		pthread_mutex_lock(&c->gate->uploads->lock);
		u->done = true;
		buf_release(&u->content);
		pthread_mutex_unlock(&c->gate->uploads->lock);
		log_info("attachment_stored", LOG_ID("case", u->case_id), LOG_ID("attachment", u->attachment));
	}
	return rc;
}

/* Adds what came to what is here. */
static enum rc take_in(struct call *c, struct upload *u)
{
	size_t before = u->content.len;
	buf_append(&u->content, c->q->body);
	if (buf_failed(&u->content)) {
		u->content.failed = false;
		u->content.len = before;
		return RC_TOO_LARGE;
	}
	pthread_mutex_lock(&c->gate->uploads->lock);
	if (u->content.len > before)
		u->touched_us = clock_monotonic_us();
	pthread_mutex_unlock(&c->gate->uploads->lock);
	return RC_OK;
}

/* Called as well for the beginning of a piece whose connection broke (http_request.cut): it counts, so
   that a client on a poor line gets on. */
enum rc upload_patch(struct call *c)
{
	struct upload *u;
	uint64_t offset;
	enum rc open = RC_STATE;
	enum rc rc = speak_tus(c);
	if (rc != RC_OK)
		return rc;
	struct bytes type = guard_header(&c->q->head, "Content-Type");
	if (!bytes_equal(type, BYTES_LIT("application/offset+octet-stream")))
		return err_set(&c->err, RC_MEDIA_TYPE, "Content-Type", "Content-Type has to be application/offset+octet-stream");
	if (u64_parse(guard_header(&c->q->head, "Upload-Offset"), INT64_MAX, &offset) != RC_OK)
		return call_wrong(c, "Upload-Offset", "required", 0);
	rc = upload_take(c, &u, &open);
	if (rc != RC_OK)
		return rc;
	if (offset != offset_of(u))
		rc = RC_CONFLICT;
	else if (!u->done)
		rc = open == RC_OK ? take_in(c, u) : open;
	if (rc == RC_OK && !u->done && u->content.len == u->length)
		rc = finish(c, u);
	if (rc == RC_OK) {
		put_number(c, "Upload-Offset", offset_of(u));
		c->a->status = 204;
	}
	/* What can never become an attachment is not kept. */
	upload_give_back(c, u, rc == RC_MEDIA_TYPE || rc == RC_STATE || rc == RC_FORMAT || rc == RC_SIGNATURE);
	return rc;
}

enum rc upload_delete(struct call *c)
{
	struct upload *u;
	enum rc rc = speak_tus(c);
	if (rc == RC_OK)
		rc = upload_take(c, &u, NULL);
	if (rc != RC_OK)
		return rc;
	c->a->status = 204;
	upload_give_back(c, u, true);
	return RC_OK;
}

/* ---- reading one ---- */

static enum rc open_piece(struct call *c, const struct store_attachment *t, enum purpose purpose, uint32_t piece)
{
	struct buf sealed = BUF_INIT(STORE_SEALED_MAX);
	struct bytes plain;
	uint32_t len;
	enum rc rc = store_piece_get(c->desk.reader, t->person_id, t->attachment_id, piece, &sealed, &len, &c->err);
	const struct vault_open_item item = {{KIND_ATTACHMENT, t->attachment_id, t->person_id, 1, piece}, buf_bytes(&sealed)};
	if (rc == RC_OK)
		rc = vault_open(c->desk.vault, c->desk.token, purpose, &item, 1, c->desk.arena, &plain, &c->err);
	if (rc == RC_OK)
		buf_append(&c->a->body, plain);
	buf_release(&sealed);
	return rc;
}

enum rc attachment_get(struct call *c)
{
	struct store_case *k = ARENA_NEW(c->desk.arena, struct store_case);
	struct store_attachment t;
	struct id id;
	enum rc rc = k ? case_of_call(c, k) : RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = call_id(c, 1, &id);
	if (rc == RC_OK)
		rc = store_attachment_get(c->desk.reader, k->person_id, k->case_id, id, &t, &c->err);
	for (uint32_t i = 0; rc == RC_OK && i < t.pieces; i++)
		rc = open_piece(c, &t, case_purpose(c), i);
	if (rc != RC_OK)
		return rc;
	/* What strangers sent is shown as a download, never run. */
	http_answer_header(c->a, "Content-Disposition", "attachment");
	http_answer_header(c->a, "Content-Security-Policy", "default-src 'none'; sandbox");
	c->a->status = 200;
	c->a->type = "application/octet-stream";
	for (int i = ATTACHMENT_JPEG; i <= ATTACHMENT_PDF; i++) /* a literal: the answer outlives the arena */
		if (strcmp(t.media_type, attachment_media_type((enum attachment_type)i)) == 0)
			c->a->type = attachment_media_type((enum attachment_type)i);
	return RC_OK;
}
