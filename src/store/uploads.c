/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Uploads and attachments. The pieces and the upload's row lie in blob.db and
 * are written first; the attachment's row in main.db follows. What is left
 * behind when the second never comes is swept when it expires.
 */
#include "store/internal.h"

struct upload_row {
	struct store_upload upload;
	bool done;
};

static enum rc read_upload(struct db *db, struct id id, struct upload_row *ret, struct err *e)
{
	bool found;
	struct upload_row row = {.upload = {.upload_id = id}};
	struct store_upload *u = &row.upload;
	struct query q = query_open(db, SQL_upload_get);
	query_id(&q, id);
	if (query_row(&q)) {
		u->person_id = query_col_id(&q, 0);
		u->case_id = query_col_id(&q, 1);
		query_col_text(&q, 2, u->principal, sizeof u->principal);
		query_col_text(&q, 3, u->kind, sizeof u->kind);
		query_col_text(&q, 4, u->media_type, sizeof u->media_type);
		u->length = query_col_u64(&q, 5);
		u->offset = query_col_u64(&q, 6);
		u->pieces = (uint32_t)query_col_u64(&q, 7);
		u->created = query_col_int(&q, 8);
		u->expires = query_col_int(&q, 9);
		row.done = query_col_int(&q, 10) != 0;
	}
	enum rc rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_NOT_FOUND, "upload", "No such upload");
	if (rc == RC_OK)
		*ret = row;
	return rc;
}

/* --------------------------------------------------------------- create */

static enum rc check_room(struct db *db, const struct store_upload_create *in, struct err *e)
{
	uint32_t open = 0;
	struct query q = query_open(db, SQL_upload_open);
	query_id(&q, in->upload.person_id);
	query_id(&q, in->upload.case_id);
	query_int(&q, in->max_open);
	while (query_row(&q))
		open++;
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK && open >= in->max_open)
		rc = err_set(e, RC_THROTTLED, "upload", "Too many unfinished uploads");
	return rc;
}

/* In blob.db. Doing it again with the same upload is no error: the answer may have been lost. */
static enum rc add_upload(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	const struct store_upload_create *in = arg;
	const struct store_upload *u = &in->upload;
	struct upload_row known;
	enum rc rc = read_upload(db, u->upload_id, &known, NULL);
	if (rc == RC_OK) {
		bool same = id_equal(known.upload.case_id, u->case_id) && known.upload.length == u->length &&
			    strcmp(known.upload.principal, u->principal) == 0 && strcmp(known.upload.kind, u->kind) == 0;
		return same ? RC_OK : err_set(e, RC_CONFLICT, "upload", "Another upload has this id");
	}
	if (rc != RC_NOT_FOUND)
		return err_set(e, rc, "upload", "The upload cannot be read");
	rc = check_room(db, in, e);
	if (rc != RC_OK)
		return rc;
	struct query q = query_open(db, SQL_upload_add);
	query_id(&q, u->upload_id);
	query_id(&q, u->person_id);
	query_id(&q, u->case_id);
	query_text(&q, u->principal);
	query_text(&q, u->kind);
	query_text(&q, u->media_type);
	query_u64(&q, u->length);
	query_int(&q, u->created);
	query_int(&q, u->expires);
	return query_do(&q, NULL, e);
}

static enum rc record_request(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	const struct store_upload_create *in = arg;
	struct store_result *out = ret;
	bool replayed;
	enum rc rc = request_begin(db, &in->request, in->upload.person_id, out, &replayed, e);
	if (rc != RC_OK || replayed)
		return rc;
	out->person_id = in->upload.person_id;
	out->resource = in->upload.upload_id;
	return request_end(db, &in->request, out, e);
}

enum rc store_upload_create(struct store *s, const struct store_upload_create *in, struct store_result *ret,
                            struct err *e)
{
	const struct store_upload *u = &in->upload;
	enum rc rc = request_check(&in->request, e);
	if (rc != RC_OK)
		return rc;
	if (!text_fits(u->principal, STORE_KEY_MAX, false) || !text_fits(u->kind, STORE_WORD_MAX, false) ||
	    !text_fits(u->media_type, STORE_WORD_MAX, true) || !u->length || u->length > INT64_MAX || u->offset || u->pieces ||
	    id_is_zero(u->upload_id) || id_is_zero(u->person_id))
		return err_set(e, RC_INVALID, "upload", "A value does not fit");
	if (store_is_read_only(s))
		return err_set(e, RC_READ_ONLY, "store", "The store is read-only");
	rc = writer_submit(&s->blob, add_upload, in, NULL, e);
	if (rc == RC_OK)
		rc = writer_submit(&s->main, record_request, in, ret, e);
	return rc;
}

/* --------------------------------------------------------------- append */

struct append {
	struct id id;
	uint64_t offset;
	uint32_t piece, plain_len;
	struct bytes sealed;
};

/* The very piece: it was committed, and nobody heard of it. */
static enum rc is_there(struct db *db, const struct upload_row *row, const struct append *in, bool *ret, struct err *e)
{
	struct query q = query_open(db, SQL_piece_get);
	query_id(&q, row->upload.person_id);
	query_id(&q, in->id);
	query_int(&q, in->piece);
	*ret = query_row(&q) && bytes_equal(query_col_view(&q, 1), in->sealed);
	return query_close(&q, NULL, e);
}

static enum rc do_append(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	const struct append *in = arg;
	struct upload_row row;
	int changes = 0;
	enum rc rc = read_upload(db, in->id, &row, e);
	if (rc != RC_OK)
		return rc;
	bool there = false;
	if (row.upload.offset == in->offset + in->plain_len)
		rc = is_there(db, &row, in, &there, e);
	if (rc != RC_OK || there)
		return rc;
	if (in->plain_len > row.upload.length - row.upload.offset)
		return err_set(e, RC_TOO_LARGE, "upload", "More than was announced");
	struct query q = query_open(db, SQL_upload_step);
	query_id(&q, in->id);
	query_u64(&q, in->offset);
	query_int(&q, in->piece);
	query_int(&q, in->plain_len);
	rc = query_do(&q, &changes, e);
	if (rc != RC_OK)
		return rc;
	if (changes != 1)
		return err_set(e, RC_CONFLICT, "upload", "The upload stands elsewhere");
	q = query_open(db, SQL_piece_add);
	query_id(&q, row.upload.person_id);
	query_id(&q, in->id);
	query_int(&q, in->piece);
	query_int(&q, in->plain_len);
	query_blob(&q, in->sealed.ptr, in->sealed.len);
	return query_do(&q, NULL, e);
}

enum rc store_upload_append(struct store *s, struct id upload_id, uint64_t offset, uint32_t piece, uint32_t plain_len,
                            struct bytes sealed, struct err *e)
{
	struct append in = {upload_id, offset, piece, plain_len, sealed};
	if (!plain_len || plain_len > STORE_CHUNK_MAX || !sealed.len || sealed.len > STORE_SEALED_MAX)
		return err_set(e, RC_INVALID, "upload", "A piece of 1 to %d bytes", STORE_CHUNK_MAX);
	return writer_submit(&s->blob, do_append, &in, NULL, e);
}

/* --------------------------------------------------------------- finish */

struct finish {
	struct id id;
	const char *media_type;
	uint64_t sealed_version;
	int64_t now;
	struct store_upload upload;
};

static enum rc mark_done(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	const struct finish *in = arg;
	struct upload_row row;
	int changes = 0;
	enum rc rc = read_upload(db, in->id, &row, e);
	if (rc != RC_OK)
		return rc;
	if (row.upload.offset != row.upload.length)
		return err_set(e, RC_STATE, "upload", "The upload is not complete");
	struct query q = query_open(db, SQL_upload_done);
	query_id(&q, in->id);
	query_text(&q, in->media_type);
	rc = query_do(&q, &changes, e);
	if (rc == RC_OK && changes != 1)
		return err_set(e, RC_NOT_FOUND, "upload", "It was given up");
	if (rc == RC_OK)
		*(struct store_upload *)ret = row.upload;
	return rc;
}

static enum rc attach(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	const struct finish *in = arg;
	struct query q = query_open(db, SQL_attachment_add);
	query_id(&q, in->upload.person_id);
	query_id(&q, in->upload.case_id);
	query_id(&q, in->id);
	query_text(&q, in->upload.kind);
	query_text(&q, in->media_type);
	query_u64(&q, in->upload.length);
	query_int(&q, in->upload.pieces);
	query_u64(&q, in->sealed_version);
	query_int(&q, in->now);
	return query_do(&q, NULL, e);
}

enum rc store_upload_finish(struct store *s, struct id upload_id, const char *media_type, uint64_t sealed_version,
                            int64_t now, struct err *e)
{
	struct finish in = {.id = upload_id, .media_type = media_type, .sealed_version = sealed_version, .now = now};
	if (!text_fits(media_type, STORE_WORD_MAX, false))
		return err_set(e, RC_INVALID, "upload", "A media type");
	struct store_upload upload = {0};
	enum rc rc = writer_submit(&s->blob, mark_done, &in, &upload, e);
	if (rc != RC_OK)
		return rc;
	in.upload = upload;
	return writer_submit(&s->main, attach, &in, NULL, e);
}

/* ------------------------------------------------------------ dropping */

static enum rc drop_pieces(struct db *db, struct id person, struct id blob, struct err *e)
{
	struct query q = query_open(db, SQL_piece_drop);
	query_id(&q, person);
	query_id(&q, blob);
	return query_do(&q, NULL, e);
}

static enum rc drop_row(struct db *db, struct id id, struct err *e)
{
	struct query q = query_open(db, SQL_upload_drop);
	query_id(&q, id);
	return query_do(&q, NULL, e);
}

/* The row first: who finishes it at the same moment has it, or finds none. */
static enum rc drop(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	(void)ret;
	struct upload_row row;
	int changes = 0;
	enum rc rc = read_upload(db, *(const struct id *)arg, &row, e);
	if (rc != RC_OK)
		return rc;
	struct query q = query_open(db, SQL_upload_give_up);
	query_id(&q, row.upload.upload_id);
	rc = query_do(&q, &changes, e);
	if (rc == RC_OK && changes != 1)
		rc = err_set(e, RC_STATE, "upload", "The upload is finished");
	return rc == RC_OK ? drop_pieces(db, row.upload.person_id, row.upload.upload_id, e) : rc;
}

enum rc store_upload_drop(struct store *s, struct id upload_id, struct err *e)
{
	return writer_submit(&s->blob, drop, &upload_id, NULL, e);
}

/* ---------------------------------------------------------------- sweep */

#define SWEEP_STEP 32

struct sweep {
	int64_t before;
	size_t n;
	struct {
		struct id id, person, case_id;
		bool attached;
	} upload[SWEEP_STEP];
};

static enum rc drop_requests(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	char principal[SWEEP_STEP][STORE_KEY_MAX], key[SWEEP_STEP][STORE_KEY_MAX];
	size_t n = 0;
	struct query q = query_open(db, SQL_request_old);
	query_int(&q, ((const struct sweep *)arg)->before);
	query_int(&q, SWEEP_STEP);
	for (; n < SWEEP_STEP && query_row(&q); n++) {
		query_col_text(&q, 0, principal[n], sizeof principal[n]);
		query_col_text(&q, 1, key[n], sizeof key[n]);
	}
	enum rc rc = query_close(&q, NULL, e);
	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		q = query_open(db, SQL_request_drop);
		query_text(&q, principal[i]);
		query_text(&q, key[i]);
		rc = query_do(&q, NULL, e);
	}
	if (rc == RC_OK)
		*(uint64_t *)ret = n;
	return rc;
}

static enum rc find_expired(struct store_reader *r, int64_t now, struct sweep *sweep, struct err *e)
{
	struct db *blob = NULL;
	enum rc rc = reader_blob(r, &blob, e);
	if (rc != RC_OK)
		return rc;
	struct query q = query_open(blob, SQL_upload_expired);
	query_int(&q, now);
	query_int(&q, SWEEP_STEP);
	for (; sweep->n < SWEEP_STEP && query_row(&q); sweep->n++) {
		sweep->upload[sweep->n].id = query_col_id(&q, 0);
		sweep->upload[sweep->n].person = query_col_id(&q, 1);
		sweep->upload[sweep->n].case_id = query_col_id(&q, 2);
	}
	rc = query_close(&q, NULL, e);
	for (size_t i = 0; rc == RC_OK && i < sweep->n; i++) {
		struct store_attachment known;
		rc = store_attachment_get(r, sweep->upload[i].person, sweep->upload[i].case_id, sweep->upload[i].id, &known, NULL);
		sweep->upload[i].attached = rc == RC_OK;
		rc = rc == RC_NOT_FOUND ? RC_OK : rc;
	}
	return rc == RC_OK ? RC_OK : err_set(e, rc, "sweep", "Expired uploads cannot be read");
}

/* An attachment keeps its pieces; only the row of its upload goes. */
static enum rc drop_expired(struct store *s, struct db *db, const void *arg, void *ret, struct err *e)
{
	(void)s;
	const struct sweep *sweep = arg;
	enum rc rc = RC_OK;
	for (size_t i = 0; rc == RC_OK && i < sweep->n; i++) {
		if (!sweep->upload[i].attached)
			rc = drop_pieces(db, sweep->upload[i].person, sweep->upload[i].id, e);
		if (rc == RC_OK)
			rc = drop_row(db, sweep->upload[i].id, e);
	}
	if (rc == RC_OK)
		*(uint64_t *)ret = sweep->n;
	return rc;
}

enum rc store_sweep(struct store *s, int64_t now, int64_t requests_before, uint64_t *ret_n, struct err *e)
{
	uint64_t uploads = 0, requests = 0, halves = 0;
	struct sweep sweep = {.before = requests_before};
	struct store_reader *r = NULL;
	enum rc rc = store_reader_open(s, &r, e);
	if (rc != RC_OK)
		return rc;
	/* An hour's grace, so that a finish under way is not overtaken. */
	rc = find_expired(r, now - INT64_C(3600000000), &sweep, e);
	store_reader_close(&r);
	if (rc == RC_OK && sweep.n)
		rc = writer_submit(&s->blob, drop_expired, &sweep, &uploads, e);
	if (rc == RC_OK)
		rc = writer_submit(&s->main, drop_requests, &sweep, &requests, e);
	if (rc == RC_OK)
		rc = store_finish(s, now - INT64_C(60000000), &halves, e);
	if (rc == RC_OK && ret_n)
		*ret_n = uploads + requests + halves;
	return rc;
}

/* ---------------------------------------------------------------- reads */

enum rc store_upload_get(struct store_reader *r, struct id upload_id, struct store_upload *ret, struct err *e)
{
	struct db *blob = NULL;
	struct upload_row row;
	enum rc rc = reader_blob(r, &blob, e);
	if (rc == RC_OK)
		rc = read_upload(blob, upload_id, &row, e);
	if (rc == RC_OK)
		*ret = row.upload;
	return rc;
}

static void read_attachment(struct query *q, int from, struct store_attachment *a)
{
	query_col_text(q, from, a->kind, sizeof a->kind);
	query_col_text(q, from + 1, a->media_type, sizeof a->media_type);
	a->length = query_col_u64(q, from + 2);
	a->pieces = (uint32_t)query_col_u64(q, from + 3);
	a->sealed_version = query_col_u64(q, from + 4);
	a->at = query_col_int(q, from + 5);
}

enum rc store_attachments(struct store_reader *r, struct id person_id, struct id case_id, struct store_attachment *out,
                          size_t max, size_t *ret_n, struct err *e)
{
	size_t n = 0;
	struct query q = query_open(&r->main, SQL_attachment_list);
	query_id(&q, person_id);
	query_id(&q, case_id);
	query_u64(&q, max);
	while (n < max && query_row(&q)) {
		out[n] = (struct store_attachment){.person_id = person_id, .case_id = case_id};
		out[n].attachment_id = query_col_id(&q, 0);
		read_attachment(&q, 1, &out[n++]);
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret_n = n;
	return rc;
}

enum rc store_attachment_get(struct store_reader *r, struct id person_id, struct id case_id, struct id attachment_id,
                             struct store_attachment *ret, struct err *e)
{
	bool found;
	struct store_attachment a = {.person_id = person_id, .case_id = case_id, .attachment_id = attachment_id};
	struct query q = query_open(&r->main, SQL_attachment_get);
	query_id(&q, person_id);
	query_id(&q, case_id);
	query_id(&q, attachment_id);
	if (query_row(&q))
		read_attachment(&q, 0, &a);
	enum rc rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_NOT_FOUND, "attachment", "No such attachment");
	if (rc == RC_OK)
		*ret = a;
	return rc;
}

enum rc store_piece_get(struct store_reader *r, struct id person_id, struct id attachment_id, uint32_t piece,
                        struct buf *out, uint32_t *ret_plain_len, struct err *e)
{
	struct db *blob = NULL;
	bool found;
	uint32_t plain_len = 0;
	enum rc rc = reader_blob(r, &blob, e);
	if (rc != RC_OK)
		return rc;
	struct query q = query_open(blob, SQL_piece_get);
	query_id(&q, person_id);
	query_id(&q, attachment_id);
	query_int(&q, piece);
	if (query_row(&q)) {
		plain_len = (uint32_t)query_col_u64(&q, 0);
		buf_append(out, query_col_view(&q, 1));
	}
	rc = query_close(&q, &found, e);
	if (rc == RC_OK && !found)
		rc = err_set(e, RC_NOT_FOUND, "piece", "No such piece");
	if (rc == RC_OK && buf_failed(out))
		rc = err_set(e, RC_NO_MEMORY, "piece", "No room for the piece");
	if (rc == RC_OK && ret_plain_len)
		*ret_plain_len = plain_len;
	return rc;
}
