/* SPDX-License-Identifier: MPL-2.0 */
#include <limits.h>

#include "store/db.h"

struct query query_open(struct db *db, enum sql_id which)
{
	struct query q = {.db = db, .which = which, .next = 1, .error = SQLITE_OK};
	const struct sql_statement *named = &sql_statement[which];
	if (named->database != db->which) {
		q.error = SQLITE_MISUSE;
		return q;
	}
	if (!db->statement[which])
		q.error = sqlite3_prepare_v3(db->handle, named->text, -1, SQLITE_PREPARE_PERSISTENT,
		                             &db->statement[which], NULL);
	q.s = db->statement[which];
	return q;
}

static bool usable(const struct query *q)
{
	return q->error == SQLITE_OK;
}

void query_blob(struct query *q, const void *ptr, size_t len)
{
	if (usable(q) && len > INT_MAX)
		q->error = SQLITE_TOOBIG;
	/* A NULL pointer would bind NULL: an empty value is not the same. */
	if (usable(q))
		q->error = sqlite3_bind_blob(q->s, q->next++, ptr ? ptr : "", (int)len, SQLITE_STATIC);
}

static void bind_null(struct query *q)
{
	if (usable(q))
		q->error = sqlite3_bind_null(q->s, q->next++);
}

void query_id(struct query *q, struct id id)
{
	if (usable(q))
		q->error = sqlite3_bind_blob(q->s, q->next++, id.b, sizeof id.b, SQLITE_TRANSIENT);
}

void query_id_or_null(struct query *q, struct id id)
{
	if (id_is_zero(id))
		bind_null(q);
	else
		query_id(q, id);
}

void query_int(struct query *q, int64_t v)
{
	if (usable(q))
		q->error = sqlite3_bind_int64(q->s, q->next++, v);
}

void query_u64(struct query *q, uint64_t v)
{
	if (usable(q) && v > INT64_MAX)
		q->error = SQLITE_RANGE;
	query_int(q, (int64_t)v);
}

void query_text(struct query *q, const char *s)
{
	if (!s)
		bind_null(q);
	else if (usable(q))
		q->error = sqlite3_bind_text(q->s, q->next++, s, -1, SQLITE_STATIC);
}

void query_hash_or_null(struct query *q, const uint8_t *hash, size_t len)
{
	uint8_t any = 0;
	for (size_t i = 0; i < len; i++)
		any |= hash[i];
	if (any)
		query_blob(q, hash, len);
	else
		bind_null(q);
}

void query_bytes_or_null(struct query *q, struct bytes b)
{
	if (b.len)
		query_blob(q, b.ptr, b.len);
	else
		bind_null(q);
}

bool query_row(struct query *q)
{
	if (!usable(q))
		return false;
	/* Forgetting a parameter would compare with NULL and find nothing: a silent wrong answer. */
	if (!q->ran && q->next - 1 != sql_statement[q->which].params) {
		q->error = SQLITE_MISUSE;
		return false;
	}
	q->ran = true;
	int r = sqlite3_step(q->s);
	if (r == SQLITE_ROW) {
		q->found = true;
		return true;
	}
	if (r != SQLITE_DONE)
		q->error = r;
	return false;
}

struct bytes query_col_view(struct query *q, int i)
{
	const void *p = sqlite3_column_blob(q->s, i);
	size_t len = (size_t)sqlite3_column_bytes(q->s, i);
	if (!p && len > 0)
		q->error = SQLITE_NOMEM;
	return p ? bytes_of(p, len) : BYTES_NONE;
}

bool query_col_null(struct query *q, int i)
{
	return sqlite3_column_type(q->s, i) == SQLITE_NULL;
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
	return sqlite3_column_int64(q->s, i);
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
		q->error = SQLITE_NOMEM;
		return BYTES_NONE;
	}
	return copy;
}

enum rc query_close(struct query *q, bool *ret_found, struct err *e)
{
	if (q->s) {
		sqlite3_reset(q->s);
		sqlite3_clear_bindings(q->s);
	}
	if (q->error != SQLITE_OK)
		return err_set(e, db_rc(q->error), sql_statement[q->which].name, "The database says %d: %s", q->error,
		               sqlite3_errstr(q->error));
	if (q->damaged)
		return err_set(e, RC_CORRUPT, sql_statement[q->which].name, "A stored value does not have its shape");
	if (ret_found)
		*ret_found = q->found;
	return RC_OK;
}

enum rc query_do(struct query *q, int *ret_changes, struct err *e)
{
	while (query_row(q))
		;
	int changes = q->error == SQLITE_OK ? sqlite3_changes(q->db->handle) : 0;
	enum rc rc = query_close(q, NULL, e);
	if (rc == RC_OK && ret_changes)
		*ret_changes = changes;
	return rc;
}
