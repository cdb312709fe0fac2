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

/* ------------------------------------------------- what is written down */

static bool is_written_down(const struct query *q)
{
	const struct db_journal *j = q->db->journal;
	return j && named(q)->tag != j->except && strncmp(named(q)->text[q->db->engine->kind], "SELECT", 6) != 0;
}

static void write_name(const struct query *q)
{
	struct buf *out = &q->db->journal->text;
	buf_byte(out, (uint8_t)strlen(named(q)->name));
	buf_str(out, named(q)->name);
	buf_byte(out, (uint8_t)named(q)->params);
}

static void write_value(struct buf *out, const struct db_value *v)
{
	buf_byte(out, (uint8_t)(v->type << 1 | v->null));
	buf_u64be(out, v->null ? 0 : v->type == DB_INT ? (uint64_t)v->number : v->bytes.len);
	if (!v->null && v->type != DB_INT)
		buf_append(out, v->bytes);
}

/* Cuts n bytes off; false if there are not so many. */
static bool cut(struct bytes *left, size_t n, struct bytes *ret)
{
	if (n > left->len)
		return false;
	*ret = bytes_of(left->ptr, n);
	*left = bytes_of(left->ptr + n, left->len - n);
	return true;
}

static bool read_value(struct bytes *left, struct db_value *ret)
{
	struct bytes head;
	uint64_t n = 0;
	if (!cut(left, 9, &head))
		return false;
	for (int i = 1; i < 9; i++)
		n = n << 8 | head.ptr[i];
	*ret = (struct db_value){.type = head.ptr[0] >> 1, .null = head.ptr[0] & 1};
	if (ret->type > DB_BYTES)
		return false;
	if (!ret->null && ret->type != DB_INT)
		return cut(left, n, &ret->bytes);
	ret->number = (int64_t)n;
	return true;
}

static int find_statement(const struct db *db, struct bytes name)
{
	for (int i = 0; i < db->catalog->statements; i++)
		if (bytes_equal(bytes_str(db->catalog->statement[i].name), name))
			return i;
	return -1;
}

bool db_record_next(const struct db *db, struct bytes *left, struct db_record *ret)
{
	struct bytes name, count = BYTES_NONE;
	struct db_value v;
	*ret = (struct db_record){.which = -1};
	if (!left->len)
		return false;
	bool good = cut(left, 1, &count) && cut(left, count.ptr[0], &name) && cut(left, 1, &count);
	const uint8_t *from = left->ptr;
	for (int i = 0; good && i < count.ptr[0]; i++)
		good = read_value(left, &v);
	if (good)
		*ret = (struct db_record){find_statement(db, name), bytes_of(from, (size_t)(left->ptr - from))};
	else
		*left = BYTES_NONE;
	return true;
}

struct bytes db_record_value(const struct db_record *r, int i)
{
	struct bytes left = r->values;
	struct db_value v = {.type = DB_INT};
	for (int at = 0; at <= i; at++)
		if (!read_value(&left, &v))
			return BYTES_NONE;
	return v.type == DB_INT ? BYTES_NONE : v.bytes;
}

/* -------------------------------------------------------------- queries */

struct query query_open(struct db *db, int which)
{
	struct query q = {.db = db, .which = which, .next = 1, .rc = RC_OK};
	if (db->own && is_written_down(&q))
		write_name(&q);
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
	if (is_written_down(q))
		write_value(&q->db->journal->text, &v);
	q->next++;
}

void query_record(struct query *q, const struct db_record *r)
{
	struct bytes left = r->values;
	struct db_value v;
	while (q->rc == RC_OK && q->next <= named(q)->params && read_value(&left, &v))
		bind(q, v);
}

void query_blob(struct query *q, const void *ptr, size_t len)
{
	/* A NULL pointer would bind NULL: an empty value is not the same. */
	bind(q, (struct db_value){.type = DB_BYTES, .bytes = bytes_of(ptr ? ptr : "", len)});
}

void query_bytes(struct query *q, struct bytes b)
{
	query_blob(q, b.ptr, b.len);
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
	bind(q, (struct db_value){.type = DB_BYTES, .bytes = bytes_of(hash, len), .null = all_zero(hash, len)});
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
