/* SPDX-License-Identifier: MPL-2.0 */
/*
 * raw_insert BEFORE AFTER
 *
 * The limit that `register` is measured against: SQLite alone writing the rows
 * that a server's registrations wrote. BEFORE and AFTER are copies of its
 * main.db; what differs between them is taken into memory, put together by
 * person, and written to BEFORE (which is thereby spoilt) in commits of 64 with
 * synchronous=FULL, by one thread, with the settings of the server's writer.
 * Nothing is looked up, checked, sealed, signed or asked, and of an office's
 * counters each registration raises one. Prints one JSON object.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "base/text.h"
#include "database/sqlite.h"
#include "store/store.h"
#include "store_sql.h"

enum { BATCH = 64, CACHE_KIB = 4096, COLUMNS_MAX = 32, TABLES_MAX = 64, SQL_MAX = 4096 };

struct table {
	char name[64];
	char column[COLUMNS_MAX][64];
	int columns, person, office; /* index of person_id and office; −1: none */
	int key[COLUMNS_MAX], keys;
	sqlite3_stmt *put, *drop;
};

/* One row to be put or dropped. */
struct row {
	struct row *next;
	const struct table *table;
	bool drop;
	int values;
	sqlite3_value *value[COLUMNS_MAX];
};

struct registration {
	struct id person;
	char office[STORE_SCOPE_MAX];
	struct row *rows;
	size_t order;
};

static struct table tables[TABLES_MAX];
static size_t table_count;
static struct registration *people; /* by id */
static size_t people_count;
static struct row *of_office; /* rows that belong to an office and to nobody */
static size_t bytes_taken, rows_taken;

static void die(const char *why, const char *detail)
{
	fprintf(stderr, "raw_insert: %s: %s\n", why, detail);
	exit(1);
}

static void sql(struct db *db, const char *text)
{
	if (sqlite3_exec(db_sqlite(db), text, NULL, NULL, NULL) != SQLITE_OK)
		die(text, sqlite3_errmsg(db_sqlite(db)));
}

static sqlite3_stmt *prepare(struct db *db, const char *text)
{
	sqlite3_stmt *s = NULL;
	if (sqlite3_prepare_v3(db_sqlite(db), text, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) != SQLITE_OK)
		die(text, sqlite3_errmsg(db_sqlite(db)));
	return s;
}

/* "a, b, c" of the columns; with `equals`, "a = ?1 AND b = ?2…". */
static void list(const struct table *t, bool keys_only, bool equals, char *out)
{
	*out = '\0';
	for (int i = 0; i < (keys_only ? t->keys : t->columns); i++) {
		const char *name = t->column[keys_only ? t->key[i] : i];
		size_t n = strlen(out);
		if (equals)
			snprintf(out + n, SQL_MAX - n, "%s%s = ?%d", n ? " AND " : "", name, i + 1);
		else
			snprintf(out + n, SQL_MAX - n, "%s%s", n ? ", " : "", name);
	}
}

static bool is_key(const struct table *t, int column)
{
	for (int i = 0; i < t->keys; i++)
		if (t->key[i] == column)
			return true;
	return false;
}

static void prepare_table(struct db *db, struct table *t)
{
	char all[SQL_MAX], keys[SQL_MAX], where[SQL_MAX], marks[SQL_MAX] = "", set[SQL_MAX] = "", text[4 * SQL_MAX];
	list(t, false, false, all);
	list(t, true, false, keys);
	list(t, true, true, where);
	for (int i = 0; i < t->columns; i++) {
		size_t m = strlen(marks), n = strlen(set);
		snprintf(marks + m, SQL_MAX - m, "%s?%d", m ? ", " : "", i + 1);
		if (!is_key(t, i))
			snprintf(set + n, SQL_MAX - n, "%s%s = excluded.%s", n ? ", " : " UPDATE SET ", t->column[i], t->column[i]);
	}
	snprintf(text, sizeof text, "INSERT INTO main.%s (%s) VALUES (%s) ON CONFLICT (%s) DO%s", t->name, all, marks, keys,
	         *set ? set : " NOTHING");
	t->put = prepare(db, text);
	snprintf(text, sizeof text, "DELETE FROM main.%s WHERE %s", t->name, where);
	t->drop = prepare(db, text);
}

/* Fills in the columns; false for a table of which a registration writes nothing. */
static bool describe(struct db *db, struct table *t)
{
	sqlite3_stmt *s = prepare(db, "SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid");
	sqlite3_bind_text(s, 1, t->name, -1, SQLITE_STATIC);
	t->person = t->office = -1;
	while (sqlite3_step(s) == SQLITE_ROW && t->columns < COLUMNS_MAX) {
		snprintf(t->column[t->columns], sizeof t->column[0], "%s", (const char *)sqlite3_column_text(s, 0));
		if (strcmp(t->column[t->columns], "person_id") == 0)
			t->person = t->columns;
		if (strcmp(t->column[t->columns], "office") == 0)
			t->office = t->columns;
		if (sqlite3_column_int(s, 1))
			t->key[t->keys++] = t->columns;
		t->columns++;
	}
	sqlite3_finalize(s);
	return t->person >= 0 || t->office >= 0;
}

static void find_tables(struct db *db)
{
	sqlite3_stmt *s = prepare(db, "SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY rowid");
	while (sqlite3_step(s) == SQLITE_ROW && table_count < TABLES_MAX) {
		struct table *t = &tables[table_count];
		*t = (struct table){0};
		snprintf(t->name, sizeof t->name, "%s", (const char *)sqlite3_column_text(s, 0));
		if (describe(db, t))
			table_count++;
	}
	sqlite3_finalize(s);
	for (size_t i = 0; i < table_count; i++)
		prepare_table(db, &tables[i]);
}

static int by_person(const void *a, const void *b)
{
	return memcmp(&((const struct registration *)a)->person, &((const struct registration *)b)->person, sizeof(struct id));
}

static int by_order(const void *a, const void *b)
{
	size_t x = ((const struct registration *)a)->order, y = ((const struct registration *)b)->order;
	return (x > y) - (x < y);
}

static void find_people(struct db *db)
{
	sqlite3_stmt *s = prepare(db, "SELECT person_id, office FROM after.act WHERE (person_id, seq) NOT IN "
	                              "(SELECT person_id, seq FROM main.act) ORDER BY rowid");
	for (size_t room = 0; sqlite3_step(s) == SQLITE_ROW; people_count++) {
		if (people_count == room) {
			room = room ? room * 2 : 1024;
			people = realloc(people, room * sizeof *people);
			if (!people)
				die("people", "no memory");
		}
		struct registration *r = &people[people_count];
		*r = (struct registration){.order = people_count};
		memcpy(r->person.b, sqlite3_column_blob(s, 0), sizeof r->person.b);
		snprintf(r->office, sizeof r->office, "%s", (const char *)sqlite3_column_text(s, 1));
	}
	sqlite3_finalize(s);
	if (!people_count)
		die("people", "nobody was registered between the two copies");
	qsort(people, people_count, sizeof *people, by_person);
}

static void take_row(const struct table *t, sqlite3_stmt *s, bool drop)
{
	struct row **at = &of_office, *row = calloc(1, sizeof *row);
	struct registration wanted;
	if (!row)
		die(t->name, "no memory");
	if (t->person >= 0) {
		memcpy(wanted.person.b, sqlite3_column_blob(s, t->person), sizeof wanted.person.b);
		struct registration *r = bsearch(&wanted, people, people_count, sizeof *people, by_person);
		if (!r)
			die(t->name, "a row of somebody who was not registered");
		at = &r->rows;
	}
	*row = (struct row){.table = t, .drop = drop, .values = drop ? t->keys : t->columns};
	for (int i = 0; i < row->values; i++) {
		int column = drop ? t->key[i] : i;
		row->value[i] = sqlite3_value_dup(sqlite3_column_value(s, column));
		bytes_taken += (size_t)sqlite3_column_bytes(s, column);
	}
	while (*at)
		at = &(*at)->next;
	*at = row;
	rows_taken += t->person >= 0;
}

static void take_rows(struct db *db, const struct table *t)
{
	char all[SQL_MAX], keys[SQL_MAX], text[4 * SQL_MAX];
	list(t, false, false, all);
	list(t, true, false, keys);
	snprintf(text, sizeof text, "SELECT %s FROM after.%s EXCEPT SELECT %s FROM main.%s", all, t->name, all, t->name);
	sqlite3_stmt *s = prepare(db, text);
	while (sqlite3_step(s) == SQLITE_ROW)
		take_row(t, s, false);
	sqlite3_finalize(s);
	snprintf(text, sizeof text, "SELECT %s FROM main.%s WHERE (%s) NOT IN (SELECT %s FROM after.%s)", all, t->name, keys,
	         keys, t->name);
	s = prepare(db, text);
	while (sqlite3_step(s) == SQLITE_ROW)
		take_row(t, s, true);
	sqlite3_finalize(s);
}

static void write_row(struct db *db, const struct row *row)
{
	sqlite3_stmt *s = row->drop ? row->table->drop : row->table->put;
	for (int i = 0; i < row->values; i++)
		sqlite3_bind_value(s, i + 1, row->value[i]);
	if (sqlite3_step(s) != SQLITE_DONE)
		die(row->table->name, sqlite3_errmsg(db_sqlite(db)));
	sqlite3_reset(s);
}

/* One row of each table of the person's office: the book moves on, a counter is raised. */
static void write_office(struct db *db, const struct registration *r)
{
	const struct table *last = NULL;
	for (const struct row *row = of_office; row; row = row->next)
		if (row->table != last && strcmp((const char *)sqlite3_value_text(row->value[row->table->office]), r->office) == 0) {
			write_row(db, row);
			last = row->table;
		}
}

static double measure(struct db *db)
{
	int64_t start = clock_monotonic_us();
	for (size_t i = 0; i < people_count; i++) {
		if (i % BATCH == 0)
			sql(db, "BEGIN IMMEDIATE");
		for (const struct row *row = people[i].rows; row; row = row->next)
			write_row(db, row);
		write_office(db, &people[i]);
		if (i % BATCH == BATCH - 1 || i == people_count - 1)
			sql(db, "COMMIT");
	}
	return (double)(clock_monotonic_us() - start) / 1e6;
}

int main(int argc, char **argv)
{
	struct err e = ERR_NONE;
	struct db db;
	char text[SQL_MAX];
	if (argc != 3 || db_open(&db, argv[1], &sql_catalog, SQL_MAIN, DB_WRITE, CACHE_KIB, &e) != RC_OK)
		die("usage: raw_insert BEFORE AFTER", e.text);
	snprintf(text, sizeof text, "ATTACH '%s' AS after", argv[2]);
	sql(&db, text);
	find_tables(&db);
	find_people(&db);
	for (size_t i = 0; i < table_count; i++)
		take_rows(&db, &tables[i]);
	sql(&db, "DETACH after");
	qsort(people, people_count, sizeof *people, by_order);
	sql(&db, "PRAGMA wal_checkpoint(TRUNCATE)");
	sql(&db, "PRAGMA wal_autocheckpoint = 4000"); /* as the server's writer folds its log in */
	double seconds = measure(&db);
	printf("{\"registrations\":%zu,\"rows\":%zu,\"bytes\":%zu,\"seconds\":%.4f,\"per_second\":%.1f,\"batch\":%d}\n", people_count,
	       rows_taken, bytes_taken, seconds, (double)people_count / seconds, BATCH);
	for (size_t i = 0; i < table_count; i++) {
		sqlite3_finalize(tables[i].put);
		sqlite3_finalize(tables[i].drop);
	}
	db_close(&db);
	return 0; /* the rows in memory end with the process */
}
