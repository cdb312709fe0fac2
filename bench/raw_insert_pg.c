/* SPDX-License-Identifier: MPL-2.0 */
/*
 * raw_insert_pg URL CLIENTS
 *
 * The limit that `register-pg` is measured against: as many clients as asked of
 * it, with prepared inserts alone, put the rows that a server's registrations
 * wrote. The database holds them in the schema `public`, and in `before` the
 * same tables as they were before, with their keys and indexes; what differs is
 * taken into memory, put together by person, and written to `before` (which is
 * thereby spoilt), a transaction each. Nothing is looked up, checked, sealed,
 * signed or asked, and of an office's counters each registration raises one.
 * Prints one JSON object.
 */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

enum { COLUMNS_MAX = 32, TABLES_MAX = 64, CLIENTS_MAX = 256, SQL_MAX = 4096, ID = 16 };

struct table {
	char name[64], column[COLUMNS_MAX][64], put_name[80], drop_name[80], put[4 * SQL_MAX], drop[4 * SQL_MAX];
	int columns, person, office, keys; /* the keys come first */
};

/* One row to be put or dropped: row `at` of the result. */
struct row {
	struct row *next;
	const struct table *table;
	const PGresult *of;
	int at, values;
	bool drop;
};

struct registration {
	char person[ID];
	const char *office;
	int office_len;
	struct row *rows;
};

static struct table tables[TABLES_MAX];
static size_t table_count, people_count, rows_taken;
static struct registration *people; /* by id */
static struct row *of_office;       /* rows that belong to an office and to nobody */
static const char *url;
static _Atomic size_t next_person;
static pthread_barrier_t ready;

static void die(const char *why, const char *detail)
{
	fprintf(stderr, "raw_insert_pg: %s: %s\n", why, detail);
	exit(1);
}

static PGconn *connection(void)
{
	PGconn *c = PQconnectdb(url);
	if (PQstatus(c) != CONNECTION_OK)
		die("connecting", PQerrorMessage(c));
	PQclear(PQexec(c, "SET synchronous_commit = on; SET client_min_messages = warning"));
	return c;
}

/* Rows in binary form; they stay until the program ends. */
static PGresult *ask(PGconn *c, const char *sql)
{
	PGresult *r = PQexecParams(c, sql, 0, NULL, NULL, NULL, NULL, 1);
	if (PQresultStatus(r) != PGRES_TUPLES_OK)
		die(sql, PQerrorMessage(c));
	return r;
}

/* "a, b, c" of the first n columns, each after `before`. */
static void list(const struct table *t, int n, const char *before, char *out)
{
	*out = '\0';
	for (int i = 0; i < n; i++) {
		size_t len = strlen(out);
		snprintf(out + len, SQL_MAX - len, "%s%s%s", i ? ", " : "", before, t->column[i]);
	}
}

static void describe(struct table *t)
{
	char all[SQL_MAX], keys[SQL_MAX], marks[SQL_MAX] = "", set[SQL_MAX] = "", where[SQL_MAX] = "";
	list(t, t->columns, "", all);
	list(t, t->keys, "", keys);
	for (int i = 0; i < t->columns; i++) {
		size_t m = strlen(marks), n = strlen(set), w = strlen(where);
		snprintf(marks + m, SQL_MAX - m, "%s$%d", m ? ", " : "", i + 1);
		if (i < t->keys)
			snprintf(where + w, SQL_MAX - w, "%s%s = $%d", w ? " AND " : "", t->column[i], i + 1);
		else
			snprintf(set + n, SQL_MAX - n, "%s%s = excluded.%s", n ? ", " : " UPDATE SET ", t->column[i], t->column[i]);
	}
	snprintf(t->put, sizeof t->put, "INSERT INTO before.%s (%s) VALUES (%s) ON CONFLICT (%s) DO%s", t->name, all, marks, keys,
	         *set ? set : " NOTHING");
	snprintf(t->drop, sizeof t->drop, "DELETE FROM before.%s WHERE %s", t->name, where);
	snprintf(t->put_name, sizeof t->put_name, "put_%s", t->name);
	snprintf(t->drop_name, sizeof t->drop_name, "drop_%s", t->name);
}

/* Those that belong to a person or an office, with their columns, keys first. */
static void find_tables(PGconn *c)
{
	PGresult *r = ask(c, "SELECT t.relname::text, a.attname::text, coalesce(array_position(i.indkey::int2[], a.attnum), -1)::int8"
	                     " FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'before'"
	                     " JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped"
	                     " JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary WHERE t.relkind = 'r'"
	                     " ORDER BY 1, array_position(i.indkey::int2[], a.attnum) NULLS LAST, a.attnum");
	struct table *t = NULL;
	for (int row = 0; row < PQntuples(r); row++) {
		const char *name = PQgetvalue(r, row, 0);
		if (!t || strcmp(t->name, name) != 0) {
			table_count += t && (t->person >= 0 || t->office >= 0);
			if (table_count == TABLES_MAX)
				die(name, "too many tables");
			t = &tables[table_count];
			*t = (struct table){.person = -1, .office = -1};
			snprintf(t->name, sizeof t->name, "%s", name);
		}
		if (t->columns == COLUMNS_MAX)
			die(name, "too many columns");
		snprintf(t->column[t->columns], sizeof t->column[0], "%s", PQgetvalue(r, row, 1));
		t->keys += (signed char)*PQgetvalue(r, row, 2) >= 0; /* the sign of a number in network order */
		if (strcmp(t->column[t->columns], "person_id") == 0)
			t->person = t->columns;
		if (strcmp(t->column[t->columns], "office") == 0)
			t->office = t->columns;
		t->columns++;
	}
	table_count += t && (t->person >= 0 || t->office >= 0);
	PQclear(r);
	for (size_t i = 0; i < table_count; i++)
		describe(&tables[i]);
}

static int by_person(const void *a, const void *b)
{
	return memcmp(((const struct registration *)a)->person, ((const struct registration *)b)->person, ID);
}

static void find_people(PGconn *c)
{
	PGresult *r = ask(c, "SELECT person_id, office FROM public.act WHERE act_id NOT IN (SELECT act_id FROM before.act)");
	people_count = (size_t)PQntuples(r);
	people = calloc(people_count + 1, sizeof *people);
	if (!people || !people_count)
		die("people", "nobody was registered since");
	for (size_t i = 0; i < people_count; i++) {
		memcpy(people[i].person, PQgetvalue(r, (int)i, 0), ID);
		people[i].office = PQgetvalue(r, (int)i, 1);
		people[i].office_len = PQgetlength(r, (int)i, 1);
	}
	qsort(people, people_count, sizeof *people, by_person);
}

static void take(PGconn *c, const struct table *t, const char *sql, bool drop)
{
	const PGresult *r = ask(c, sql);
	for (int i = 0; i < PQntuples(r); i++) {
		struct row **at = &of_office, *row = calloc(1, sizeof *row);
		if (!row)
			die(t->name, "no memory");
		*row = (struct row){.table = t, .of = r, .at = i, .drop = drop, .values = drop ? t->keys : t->columns};
		if (t->person >= 0) {
			struct registration wanted, *found;
			memcpy(wanted.person, PQgetvalue(r, i, t->person), ID);
			found = bsearch(&wanted, people, people_count, sizeof *people, by_person);
			if (!found)
				die(t->name, "a row of somebody who was not registered");
			at = &found->rows;
			rows_taken++;
		}
		row->next = *at;
		*at = row;
	}
}

static void take_rows(PGconn *c, const struct table *t)
{
	char all[SQL_MAX], keys[SQL_MAX], text[4 * SQL_MAX];
	list(t, t->columns, "", all);
	list(t, t->keys, "", keys);
	snprintf(text, sizeof text, "SELECT %s FROM public.%s EXCEPT SELECT %s FROM before.%s", all, t->name, all, t->name);
	take(c, t, text, false);
	snprintf(text, sizeof text, "SELECT %s FROM before.%s WHERE (%s) NOT IN (SELECT %s FROM public.%s)", all, t->name, keys, keys,
	         t->name);
	take(c, t, text, true);
}

static void run(PGconn *c, const char *sql)
{
	PGresult *r = PQexec(c, sql);
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		die(sql, PQerrorMessage(c));
	PQclear(r);
}

static void write_row(PGconn *c, const struct row *row)
{
	const char *value[COLUMNS_MAX];
	int length[COLUMNS_MAX], format[COLUMNS_MAX];
	for (int i = 0; i < row->values; i++) {
		value[i] = PQgetisnull(row->of, row->at, i) ? NULL : PQgetvalue(row->of, row->at, i);
		length[i] = PQgetlength(row->of, row->at, i);
		format[i] = 1;
	}
	PGresult *r = PQexecPrepared(c, row->drop ? row->table->drop_name : row->table->put_name, row->values, value, length, format, 1);
	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		die(row->table->name, PQerrorMessage(c));
	PQclear(r);
}

/* One row of each table of the person's office: the book moves on, a counter is raised. */
static void write_office(PGconn *c, const struct registration *person)
{
	const struct table *last = NULL;
	for (const struct row *row = of_office; row; row = row->next) {
		int at = row->table->office;
		if (row->table != last && PQgetlength(row->of, row->at, at) == person->office_len &&
		    memcmp(PQgetvalue(row->of, row->at, at), person->office, (size_t)person->office_len) == 0) {
			write_row(c, row);
			last = row->table;
		}
	}
}

static void *client(void *arg)
{
	(void)arg;
	PGconn *c = connection();
	for (size_t i = 0; i < table_count; i++) {
		PQclear(PQprepare(c, tables[i].put_name, tables[i].put, 0, NULL));
		PQclear(PQprepare(c, tables[i].drop_name, tables[i].drop, 0, NULL));
	}
	pthread_barrier_wait(&ready);
	for (size_t at; (at = atomic_fetch_add(&next_person, 1)) < people_count;) {
		run(c, "BEGIN");
		for (const struct row *row = people[at].rows; row; row = row->next)
			write_row(c, row);
		write_office(c, &people[at]);
		run(c, "COMMIT");
	}
	PQfinish(c);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread[CLIENTS_MAX];
	uint64_t clients = 0;
	if (argc != 3 || u64_parse(bytes_str(argv[2]), CLIENTS_MAX, &clients) != RC_OK || !clients)
		die("usage", "raw_insert_pg URL CLIENTS");
	url = argv[1];
	PGconn *c = connection();
	find_tables(c);
	find_people(c);
	for (size_t i = 0; i < table_count; i++)
		take_rows(c, &tables[i]);
	PQfinish(c);
	pthread_barrier_init(&ready, NULL, (unsigned)clients + 1);
	for (size_t i = 0; i < clients; i++)
		if (pthread_create(&thread[i], NULL, client, NULL) != 0)
			die("clients", "no thread");
	pthread_barrier_wait(&ready);
	int64_t start = clock_monotonic_us();
	for (size_t i = 0; i < clients; i++)
		pthread_join(thread[i], NULL);
	double seconds = (double)(clock_monotonic_us() - start) / 1e6;
	printf("{\"registrations\":%zu,\"rows\":%zu,\"seconds\":%.4f,\"per_second\":%.1f}\n", people_count, rows_taken, seconds,
	       (double)people_count / seconds);
	return 0; /* the rows in memory end with the process */
}
