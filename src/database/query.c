/* SPDX-License-Identifier: MPL-2.0 */
/* Queries, the same for each engine. */
#include <string.h>

#include "database/engine.h"

static const struct db_statement *named(const struct query *q)
{
	return &q->db->catalog->statement[q->which];
}

static void misused(struct query *q, const char *how)
{
	q->rc = RC_INTERNAL;
	snprintf(q->db->said, sizeof q->db->said, "%s", how);
}

struct query query_open(struct db *db, int which)
{
	struct query q = {.db = db, .which = which, .next = 1, .rc = RC_OK};
	if (!db->own)
		misused(&q, "The database is closed");
	else if (named(&q)->which != db->which && !db_is_server(db))
		misused(&q, "The statement belongs to the other part");
	else
		db->engine->start(&q);
	return q;
}

static void bind(struct query *q, struct db_value v)
{
	if (q->rc != RC_OK)
		return;
	if (q->next > named(q)->params || q->next > DB_PARAMS_MAX) {
		misused(q, "A parameter too many");
		return;
	}
	q->db->engine->bind(q, &v);
	q->next++;
}

void query_blob(struct query *q, const void *ptr, size_t len)
{
	/* A NULL pointer would bind NULL: an empty value is not the same. */
	bind(q, (struct db_value){.type = DB_BYTES, .bytes = bytes_of(ptr ? ptr : "", len)});
}

void query_id(struct query *q, struct id id)
{
	bind(q, (struct db_value){.type = DB_BYTES, .bytes = id_bytes(&id), .passing = true});
}

void query_id_or_null(struct query *q, struct id id)
{
	bind(q, (struct db_value){.type = DB_BYTES, .bytes = id_bytes(&id), .passing = true, .null = id_is_zero(id)});
}

void query_int(struct query *q, int64_t v)
{
	bind(q, (struct db_value){.type = DB_INT, .number = v});
}

void query_u64(struct query *q, uint64_t v)
{
	if (q->rc == RC_OK && v > INT64_MAX) {
		q->rc = RC_INVALID;
		snprintf(q->db->said, sizeof q->db->said, "A number over 63 bits");
	}
	query_int(q, (int64_t)v);
}

void query_text(struct query *q, const char *s)
{
	bind(q, (struct db_value){.type = DB_TEXT, .bytes = bytes_str(s ? s : ""), .null = !s});
}

void query_hash_or_null(struct query *q, const uint8_t *hash, size_t len)
{
	uint8_t any = 0;
	for (size_t i = 0; i < len; i++)
		any |= hash[i];
	bind(q, (struct db_value){.type = DB_BYTES, .bytes = bytes_of(hash, len), .null = !any});
}

void query_bytes_or_null(struct query *q, struct bytes b)
{
	bind(q, (struct db_value){.type = DB_BYTES, .bytes = b.len ? b : BYTES_LIT(""), .null = !b.len});
}

void query_pass(struct query *q, struct query *from, int column, enum db_type type)
{
	struct db_value v = {.type = type, .null = query_col_null(from, column)};
	if (type == DB_INT)
		v.number = query_col_int(from, column);
	else
		v.bytes = query_col_view(from, column);
	if (!v.bytes.ptr)
		v.bytes = BYTES_LIT("");
	bind(q, v);
}

bool query_row(struct query *q)
{
	/* Forgetting a parameter would compare with NULL and find nothing: a silent wrong answer. */
	if (q->rc == RC_OK && !q->ran && q->next - 1 != named(q)->params)
		misused(q, "A parameter is missing");
	if (q->rc != RC_OK)
		return false;
	bool row = q->db->engine->next(q);
	q->ran = true;
	q->found = q->found || row;
	return row;
}

struct bytes query_col_view(struct query *q, int i)
{
	return q->db->engine->bytes(q, i);
}

bool query_col_null(struct query *q, int i)
{
	return q->db->engine->is_null(q, i);
}

void query_col_fixed(struct query *q, int i, uint8_t *out, size_t len)
{
	memset(out, 0, len);
	if (query_col_null(q, i))
		return;
	struct bytes b = query_col_view(q, i);
	if (b.len == len)
		memcpy(out, b.ptr, len);
	else
		q->damaged = true;
}

struct id query_col_id(struct query *q, int i)
{
	struct id id = {0};
	query_col_fixed(q, i, id.b, sizeof id.b);
	return id;
}

int64_t query_col_int(struct query *q, int i)
{
	return q->db->engine->number(q, i);
}

uint64_t query_col_u64(struct query *q, int i)
{
	int64_t v = query_col_int(q, i);
	if (v < 0)
		q->damaged = true;
	return v < 0 ? 0 : (uint64_t)v;
}

void query_col_text(struct query *q, int i, char *out, size_t size)
{
	struct bytes b = query_col_view(q, i);
	if (b.len >= size) {
		q->damaged = true;
		b.len = 0;
	}
	if (b.len)
		memcpy(out, b.ptr, b.len);
	out[b.len] = '\0';
}

struct bytes query_col_bytes(struct query *q, int i, struct arena *a)
{
	struct bytes view = query_col_view(q, i);
	if (!view.len)
		return BYTES_NONE;
	struct bytes copy = arena_copy(a, view);
	if (!copy.ptr) {
		q->rc = RC_NO_MEMORY;
		snprintf(q->db->said, sizeof q->db->said, "No memory for a column");
		return BYTES_NONE;
	}
	return copy;
}

static enum rc finish(struct query *q, struct err *e)
{
	if (q->rc != RC_OK)
		return err_set(e, q->rc, named(q)->name, "%s", q->db->said);
	if (q->damaged)
		return err_set(e, RC_CORRUPT, named(q)->name, "A stored value does not have its shape");
	return RC_OK;
}

enum rc query_close(struct query *q, bool *ret_found, struct err *e)
{
	if (q->db->own)
		q->db->engine->end(q);
	enum rc rc = finish(q, e);
	if (rc == RC_OK && ret_found)
		*ret_found = q->found;
	return rc;
}

enum rc query_do(struct query *q, int *ret_changes, struct err *e)
{
	while (query_row(q))
		;
	int changes = q->rc == RC_OK ? q->db->engine->changes(q) : 0;
	enum rc rc = query_close(q, NULL, e);
	if (rc == RC_OK && ret_changes)
		*ret_changes = changes;
	return rc;
}
