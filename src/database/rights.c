/* SPDX-License-Identifier: MPL-2.0 */
/* Whether the role that is connected has the rights of the catalogue. */
#include <string.h>

#include "database/postgresql.h"

static void need(struct buf *sql, const char *table, struct bytes verb, struct bytes column)
{
	buf_printf(sql, "%s('%s', '%.*s', %s%.*s%s)", sql->len ? ", " : "", table, (int)verb.len, (const char *)verb.ptr,
	           column.len ? "'" : "NULL::text", (int)column.len, column.len ? (const char *)column.ptr : "", column.len ? "'" : "");
}

static struct bytes word(const char **s)
{
	struct bytes w = bytes_of(*s, strcspn(*s, " ,)"));
	*s += w.len;
	return w;
}

/* "SELECT, INSERT, UPDATE (a, b)", each by itself. */
static void need_all(struct buf *sql, const struct db_right *right)
{
	for (const char *s = right->rights; *s; s += strspn(s, ", )")) {
		struct bytes verb = word(&s);
		bool columns = strncmp(s, " (", 2) == 0;
		if (!columns)
			need(sql, right->table, verb, BYTES_NONE);
		for (s += columns ? 2 : 0; columns && *s && *s != ')'; s += strspn(s, ", "))
			need(sql, right->table, verb, word(&s));
	}
}

/* Who owns a table, or may act as its owner, could change what was registered; who lacks a right finds out too late. */
enum rc postgresql_may(struct db *db, struct err *e)
{
	struct buf needs = BUF_INIT(65536), sql = BUF_INIT(65536 + 1024);
	PGresult *result = NULL;
	for (int i = 0; i < db->catalog->rights; i++)
		need_all(&needs, &db->catalog->right[i]);
	buf_str(&sql, "SELECT coalesce(pg_has_role(session_user, relowner, 'MEMBER'), false) AS owns, session_user::text, verb, name"
	              " FROM (VALUES ");
	buf_append(&sql, buf_bytes(&needs));
	buf_str(&sql, ") AS need (name, verb, col) LEFT JOIN pg_class ON pg_class.oid = to_regclass(name)"
	              " WHERE pg_has_role(session_user, relowner, 'MEMBER') OR NOT coalesce(CASE WHEN col IS NULL"
	              " THEN has_table_privilege(pg_class.oid, verb) ELSE has_column_privilege(pg_class.oid, col, verb) END, false)"
	              " ORDER BY owns DESC, name, verb LIMIT 1");
	const char *text = buf_failed(&needs) ? NULL : buf_cstr(&sql);
	enum rc rc = text ? postgresql_ask(db, text, &result, e) : err_set(e, RC_NO_MEMORY, "store", "No memory");
	if (rc == RC_OK && PQntuples(result) == 1) {
		const char *role = PQgetvalue(result, 0, 1);
		rc = *PQgetvalue(result, 0, 0)
		             ? err_set(e, RC_CONFIG, "store", "The role %s may do all that the owner of the tables may: the program connects as "
		                       "another, to which `civis migrate` gives what it needs", role)
		             : err_set(e, RC_CONFIG, "store", "The role %s lacks the right %s on the table %s: run `civis migrate`, which gives it",
		                       role, PQgetvalue(result, 0, 2), PQgetvalue(result, 0, 3));
	}
	PQclear(result);
	buf_release(&needs);
	buf_release(&sql);
	return rc;
}
