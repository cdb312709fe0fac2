/* SPDX-License-Identifier: MPL-2.0 */
#include "database/move.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "database/postgresql.h"

#define MOVE_KEY "move"   /* settings: the name of the move, */
#define MOVED_KEY "moved" /* and of files that were moved to a server: when; the file `store` says where to */

enum {
	CACHE_KIB = 8192, NAME_BYTES = 16, NAME_TEXT = 2 * NAME_BYTES + 1,
	PART_RECORDS = 1000, PART_BYTES = 4 << 20,     /* in one transaction */
	LIST_RECORDS = 2000, LIST_WIDE = 16,           /* read from the server at once */
	RECORD_MAX = 4 << 20,
};

struct db_move {
	const struct db_movable *what;
	const char *dir, *url;
	struct db file[DB_MOVE_FILES], server;
};

static const char *whose(const struct db_move *m)
{
	return m->what->catalog->whose;
}

static const struct db_table *table_of(const struct db_move *m, int i)
{
	return i < m->what->catalog->tables ? &m->what->catalog->table[i] : NULL;
}

static struct query copying(struct db *db, const struct db_table *t, int what)
{
	return query_open(db, t->copy + what);
}

#define ANEW "Make the database anew and move once more"

/* -------------------------------------------------------------- opening */

enum rc db_was_moved(const struct db_movable *what, struct db *db, struct err *e)
{
	char at[INSTANT_TEXT_SIZE];
	if (db_is_server(db))
		return RC_OK;
	enum rc rc = what->get(db, MOVED_KEY, at, sizeof at, e);
	return rc == RC_OK && *at ? err_set(e, RC_CONFIG, what->file[0], "These files were moved to a server on %.10s and are not the %s "
	                                    "any more; where it is stands in the file `store`", at, what->catalog->whose) : rc;
}

static enum rc open_file(struct db_move *m, int which, struct err *e)
{
	char path[PATH_MAX];
	const char *name = m->what->file[which];
	enum rc rc = path_in(path, m->dir, name, e);
	if (rc == RC_OK)
		rc = db_open(&m->file[which], path, m->what->catalog, which, DB_ALONE, CACHE_KIB, e);
	if (rc == RC_BUSY)
		return err_set(e, RC_CONFIG, name, "The register is running, or another command is at work on it: stop it first");
	if (rc == RC_NOT_FOUND)
		return err_set(e, rc, name, "There is no store in files in this folder");
	return rc == RC_OK ? db_migrate(&m->file[which], clock_now_us(), e) : rc;
}

static enum rc open_files(struct db_move *m, bool there, struct err *e)
{
	enum rc rc = RC_OK;
	for (int i = 0; rc == RC_OK && i < DB_MOVE_FILES && m->what->file[i]; i++)
		rc = open_file(m, i, e);
	return rc == RC_OK && !there ? db_was_moved(m->what, &m->file[0], e) : rc;
}

enum rc db_move_open(const struct db_movable *what, const char *dir, const char *url, struct db_move **ret, bool *ret_there,
                     struct err *e)
{
	char address[DB_ADDRESS_MAX];
	enum rc rc = db_address(dir, address, e);
	if (rc == RC_OK && *address && strcmp(address, url) != 0)
		rc = err_set(e, RC_CONFLICT, "store", "This %s's store is on a server already, and not on that one", what->catalog->whose);
	if (rc != RC_OK)
		return rc;
	struct db_move *m = calloc(1, sizeof *m);
	if (!m)
		return err_set(e, RC_NO_MEMORY, "move", "No memory");
	m->what = what;
	m->dir = dir;
	m->url = url;
	rc = open_files(m, *address != '\0', e);
	if (rc != RC_OK) {
		db_move_close(&m);
		return rc;
	}
	*ret = m;
	*ret_there = *address != '\0';
	return RC_OK;
}

void db_move_close(struct db_move **m)
{
	if (!*m)
		return;
	db_close(&(*m)->server);
	for (int i = DB_MOVE_FILES; i-- > 0;)
		db_close(&(*m)->file[i]);
	free(*m);
	*m = NULL;
}

static enum rc must_be_empty(struct db_move *m, struct err *e)
{
	enum rc rc = RC_OK;
	const struct db_table *t;
	for (int i = 0; rc == RC_OK && (t = table_of(m, i)); i++) {
		bool any = false;
		struct query q = copying(&m->server, t, DB_COPY_LAST);
		(void)query_row(&q);
		rc = query_close(&q, &any, e);
		if (rc == RC_OK && any)
			rc = err_set(e, RC_CONFLICT, "store", "There is something in this database already (table %s), and not of this move: "
			             "a %s is moved into an empty one", t->name, whose(m));
	}
	return rc;
}

enum rc db_move_to(struct db_move *m, struct err *e)
{
	char here[NAME_TEXT], there[NAME_TEXT];
	enum rc rc = db_open(&m->server, m->url, m->what->catalog, 0, DB_WRITE, 0, e);
	if (rc == RC_OK)
		rc = db_is_current(&m->server, e);
	/* Of two moves into one database the second waits. */
	if (rc == RC_OK)
		rc = postgresql_lock_schema(&m->server, e);
	if (rc == RC_OK)
		rc = m->what->get(&m->server, MOVE_KEY, there, sizeof there, e);
	if (rc == RC_OK)
		rc = m->what->get(&m->file[0], MOVE_KEY, here, sizeof here, e);
	if (rc == RC_OK && (!*here || strcmp(here, there) != 0))
		rc = must_be_empty(m, e);
	return rc;
}

/* -------------------------------------------------------------- copying */

struct part {
	const struct db_table *table;
	const struct db_moving *how;
	uint64_t records;
};

static void tell(const struct part *p, bool last, const char *digest)
{
	p->how->part(p->how->ctx, p->table->name, p->records, last, digest);
}

static enum rc put(struct db *to, struct part *p, struct query *from, size_t *ret_bytes, struct err *e)
{
	struct query q = copying(to, p->table, DB_COPY_PUT);
	for (int i = 0; i < p->table->columns; i++) {
		query_pass(&q, from, i, p->table->column[i]);
		*ret_bytes += p->table->column[i] == DB_INT ? sizeof(int64_t) : query_col_view(from, i).len;
	}
	return query_do(&q, NULL, e);
}

/* What is left of `from`, in parts. */
static enum rc put_all(struct db_move *m, struct part *p, struct query *from, struct err *e)
{
	enum rc rc = RC_OK;
	for (bool more = query_row(from); rc == RC_OK && more;) {
		size_t n = 0, bytes = 0;
		rc = db_run(&m->server, "BEGIN", e);
		for (; rc == RC_OK && more && n < PART_RECORDS && bytes < PART_BYTES; n++) {
			rc = put(&m->server, p, from, &bytes, e);
			more = rc == RC_OK && query_row(from);
		}
		if (rc == RC_OK)
			rc = db_run(&m->server, "COMMIT", e);
		p->records += n;
		if (rc == RC_OK)
			tell(p, false, NULL);
	}
	if (db_in_transaction(&m->server) && db_run(&m->server, "ROLLBACK", NULL) != RC_OK)
		db_close(&m->server);
	return rc;
}

static enum rc copy_table(struct db_move *m, struct part *p, struct err *e)
{
	const struct db_table *t = p->table;
	struct query last = copying(&m->server, t, DB_COPY_LAST);
	bool begun = query_row(&last);
	struct query from = copying(&m->file[t->which], t, begun ? DB_COPY_AFTER : DB_COPY_FIRST);
	for (int i = 0; begun && i < t->keys; i++)
		query_pass(&from, &last, i, t->column[t->key[i]]);
	query_int(&from, INT64_MAX);
	enum rc rc = last.rc == RC_OK ? put_all(m, p, &from, e) : RC_OK;
	enum rc closed = query_close(&from, NULL, rc == RC_OK ? e : NULL);
	rc = rc == RC_OK ? closed : rc;
	closed = query_close(&last, NULL, rc == RC_OK ? e : NULL);
	return rc == RC_OK ? closed : rc;
}

/* A record does not fit to what an earlier run brought, or is not what a record may be. */
static enum rc refused(const struct db_table *t, enum rc rc, struct err *e)
{
	char said[120];
	snprintf(said, sizeof said, "%s", e ? e->text : "");
	return err_set(e, rc, t->name, "%s. Was the register at work since the move began? " ANEW, said);
}

/* Into the files, once: it goes to the server with the other settings. */
static enum rc take_name(struct db_move *m, struct err *e)
{
	char name[NAME_TEXT];
	uint8_t bytes[NAME_BYTES];
	struct buf hex = BUF_INIT(NAME_TEXT);
	enum rc rc = m->what->get(&m->file[0], MOVE_KEY, name, sizeof name, e);
	if (rc != RC_OK || *name)
		return rc;
	random_bytes(bytes, sizeof bytes);
	hex_encode(&hex, BYTES_ARRAY(bytes));
	const char *text = buf_cstr(&hex);
	rc = text ? m->what->put(&m->file[0], MOVE_KEY, text, e) : err_set(e, RC_NO_MEMORY, "move", "No memory");
	buf_release(&hex);
	return rc;
}

enum rc db_move_copy(struct db_move *m, const struct db_moving *how, struct err *e)
{
	enum rc rc = take_name(m, e);
	struct part p = {.how = how};
	for (int i = 0; rc == RC_OK && (p.table = table_of(m, i)); i++) {
		p.records = 0;
		rc = copy_table(m, &p, e);
		if (rc == RC_OK)
			tell(&p, true, NULL);
		else if (rc == RC_INVALID || rc == RC_CONFLICT)
			rc = refused(p.table, rc, e);
	}
	return rc;
}

/* ------------------------------------------------------------ comparing */

/* Each column: whether it is there, how long it is, what it is. */
static void record_of(struct query *q, const struct db_table *t, struct buf *out)
{
	buf_reset(out);
	for (int i = 0; i < t->columns; i++) {
		bool null = query_col_null(q, i);
		buf_byte(out, !null);
		if (null)
			continue;
		if (t->column[i] == DB_INT) {
			buf_u64be(out, (uint64_t)query_col_int(q, i));
		} else {
			buf_u32be(out, (uint32_t)query_col_view(q, i).len);
			buf_append(out, query_col_view(q, i));
		}
	}
}

/* The table on the server, read on and on. */
struct list {
	struct db *db;
	const struct db_table *table;
	struct query q;
	int limit, read;
	bool open;
};

static bool list_next(struct list *l)
{
	if (!l->open) {
		l->q = copying(l->db, l->table, DB_COPY_FIRST);
		query_int(&l->q, l->limit);
		l->open = true;
	} else if (l->read == l->limit) {
		struct query on = copying(l->db, l->table, DB_COPY_AFTER);
		for (int i = 0; i < l->table->keys; i++)
			query_pass(&on, &l->q, l->table->key[i], l->table->column[l->table->key[i]]);
		query_int(&on, l->limit);
		bool more = query_row(&on);
		/* It has given all it had. */
		(void)!query_close(&l->q, NULL, NULL);
		l->q = on;
		l->read = more;
		return more;
	}
	bool more = query_row(&l->q);
	l->read += more;
	return more;
}

static enum rc differs(const struct db_table *t, uint64_t at, const char *how, struct err *e)
{
	return err_set(e, RC_CORRUPT, t->name, "Record %llu %s: the database was changed, or the register was at work since the move "
	               "began. " ANEW, (unsigned long long)at, how);
}

static enum rc compare_rows(struct part *p, struct query *from, struct list *far, struct sha256 *sum, struct err *e)
{
	struct buf here = BUF_INIT(RECORD_MAX), there = BUF_INIT(RECORD_MAX);
	enum rc rc = RC_OK;
	bool more = true;
	while (rc == RC_OK && more) {
		more = query_row(from);
		bool other = list_next(far);
		if (from->rc != RC_OK || far->q.rc != RC_OK)
			break;
		if (more != other) {
			rc = differs(p->table, p->records + 1, more ? "is missing on the server" : "is on the server alone", e);
		} else if (more) {
			record_of(from, p->table, &here);
			record_of(&far->q, p->table, &there);
			if (buf_failed(&here) || buf_failed(&there))
				rc = err_set(e, RC_TOO_LARGE, p->table->name, "A record is too long");
			else if (!bytes_equal(buf_bytes(&here), buf_bytes(&there)))
				rc = differs(p->table, p->records + 1, "is another on the server", e);
			sha256_update(sum, buf_bytes(&here));
			if (++p->records % LIST_RECORDS == 0)
				tell(p, false, NULL);
		}
	}
	buf_release(&here);
	buf_release(&there);
	return rc;
}

static enum rc compare_table(struct db_move *m, struct part *p, struct err *e)
{
	struct sha256 sum;
	uint8_t digest[HASH_SIZE];
	struct buf hex = BUF_INIT(2 * HASH_SIZE);
	struct list far = {.db = &m->server, .table = p->table, .limit = p->table->wide ? LIST_WIDE : LIST_RECORDS};
	struct query from = copying(&m->file[p->table->which], p->table, DB_COPY_FIRST);
	query_int(&from, INT64_MAX);
	sha256_init(&sum);
	enum rc rc = compare_rows(p, &from, &far, &sum, e);
	enum rc closed = query_close(&from, NULL, rc == RC_OK ? e : NULL);
	rc = rc == RC_OK ? closed : rc;
	if (far.open) {
		closed = query_close(&far.q, NULL, rc == RC_OK ? e : NULL);
		rc = rc == RC_OK ? closed : rc;
	}
	sha256_final(&sum, digest);
	hex_encode(&hex, BYTES_ARRAY(digest));
	if (rc == RC_OK)
		tell(p, true, buf_cstr(&hex));
	buf_release(&hex);
	return rc;
}

enum rc db_move_compare(struct db_move *m, const struct db_moving *how, struct err *e)
{
	enum rc rc = RC_OK;
	struct part p = {.how = how};
	for (int i = 0; rc == RC_OK && (p.table = table_of(m, i)); i++) {
		p.records = 0;
		rc = compare_table(m, &p, e);
	}
	return rc;
}

/* ------------------------------------------------------------ finishing */

enum rc db_move_finish(struct db_move *m, struct err *e)
{
	char at[INSTANT_TEXT_SIZE] = "";
	/* In this order: a folder whose files are marked has an address. */
	enum rc rc = db_set_address(m->dir, m->url, e);
	if (rc == RC_OK)
		rc = m->what->get(&m->file[0], MOVED_KEY, at, sizeof at, e);
	if (rc != RC_OK || *at)
		return rc;
	instant_format(clock_now_us(), at);
	return m->what->put(&m->file[0], MOVED_KEY, at, e);
}
