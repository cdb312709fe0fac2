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

#define ASK_BEFORE "WITH need (name, verb, col) AS (VALUES "
/* What is wrong, the worst first. A right may come from PUBLIC, too, or through a group (pg_write_all_data), of which a
   member that does not inherit it needs only to say SET ROLE. */
#define ASK_AFTER \
	"), tables AS (SELECT DISTINCT name, c.oid AS t, relowner FROM need LEFT JOIN pg_class c ON c.oid = to_regclass(name)), " \
	"ours AS (SELECT oid AS r FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')) " \
	"SELECT how, name, verb, session_user::text FROM (SELECT 'owns', name, '' FROM tables WHERE pg_has_role(session_user, relowner, 'MEMBER') " \
	"UNION ALL SELECT 'may', name, v.verb FROM tables x, ours, (VALUES ('DELETE'), ('TRUNCATE'), ('TRIGGER')) v (verb) " \
	"WHERE has_table_privilege(r, t, v.verb) AND NOT EXISTS (SELECT FROM need n WHERE n.name = x.name AND n.verb = v.verb) " \
	"UNION ALL SELECT 'may', name, v.verb FROM tables x JOIN pg_attribute a ON attrelid = t AND attnum > 0 AND NOT attisdropped, ours, " \
	"(VALUES ('INSERT'), ('UPDATE')) v (verb) WHERE has_column_privilege(r, t, attnum, v.verb) " \
	"AND NOT EXISTS (SELECT FROM need n WHERE n.name = x.name AND n.verb = v.verb AND n.col IS NULL) " \
	"AND NOT EXISTS (SELECT FROM need n WHERE n.name = x.name AND n.verb = v.verb AND n.col = attname) " \
	"UNION ALL SELECT 'lacks', name, verb FROM need JOIN tables USING (name) WHERE NOT coalesce(CASE WHEN col IS NULL " \
	"THEN has_table_privilege(t, verb) ELSE has_column_privilege(t, col, verb) END, false) " \
	") wrong (how, name, verb) ORDER BY how DESC, name, verb LIMIT 1"

static enum rc wrong(const char *role, const char *how, const char *table, const char *verb, struct err *e)
{
	if (strcmp(how, "owns") == 0)
		return err_set(e, RC_CONFIG, "store", "The role %s may do all that the owner of the tables may: the program connects as "
		               "another, to which `civis migrate` gives what it needs", role);
	if (strcmp(how, "may") == 0)
		return err_set(e, RC_CONFIG, "store", "The role %s has the right %s on the table %s, which the program does not need and must not have: "
		               "run `civis migrate`, which takes it away; if it stays, a group has it that the role is in", role, verb, table);
	return err_set(e, RC_CONFIG, "store", "The role %s lacks the right %s on the table %s: run `civis migrate`, which gives it", role, verb, table);
}

/* Who owns a table, or may act as its owner, could change what was registered, and so could who has a right too many; who
   lacks one finds out too late. */
enum rc postgresql_may(struct db *db, struct err *e)
{
	struct buf needs = BUF_INIT(65536), sql = BUF_INIT(65536 + sizeof ASK_BEFORE ASK_AFTER);
	PGresult *result = NULL;
	for (int i = 0; i < db->catalog->rights; i++)
		need_all(&needs, &db->catalog->right[i]);
	buf_str(&sql, ASK_BEFORE);
	buf_append(&sql, buf_bytes(&needs));
	buf_str(&sql, ASK_AFTER);
	const char *text = buf_failed(&needs) ? NULL : buf_cstr(&sql);
	enum rc rc = text ? postgresql_ask(db, text, &result, e) : err_set(e, RC_NO_MEMORY, "store", "No memory");
	if (rc == RC_OK && PQntuples(result) == 1)
		rc = wrong(PQgetvalue(result, 0, 3), PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 1), PQgetvalue(result, 0, 2), e);
	PQclear(result);
	buf_release(&needs);
	buf_release(&sql);
	return rc;
}
