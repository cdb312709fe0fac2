/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A store in a folder of its own, and writes with plausible content, for tests and benchmarks.
 *
 * With CIVIS_TEST_POSTGRESQL in the environment (tests/lib/postgresql.py sets it: the folder of a server's socket) the
 * store lies in a database of that server, emptied for each fixture; with CIVIS_TEST_SHARDED too, as on a sharded one.
 */
#ifndef CIVIS_TESTS_STORE_FIXTURE_H
#define CIVIS_TESTS_STORE_FIXTURE_H

#include <dirent.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "database/db.h"
#include "halves.h"
#include "server_fixture.h"
#include "store/store.h"

struct fixture {
	char dir[64];
	struct store *store;
};

static inline struct store_office fixture_office(const char *scope)
{
	struct store_office o = {.kind = "commune", .name_native = "ឃុំព្រៃឈើ", .name_latin = "Prey Chheu", .active = true};
	snprintf(o.scope, sizeof o.scope, "%s", scope);
	const char *slash = strrchr(scope, '/');
	snprintf(o.code, sizeof o.code, "%s", slash ? slash + 1 : scope);
	return o;
}

/* As SQLite writes it, in PostgreSQL's words. */
static inline void fixture_translate(const char *sql, char *out, size_t size)
{
	static const char *const word[][2] = {{"zeroblob(32)", "decode(repeat('00', 32), 'hex')"},
	                                      {"randomblob(16)", "decode(md5(random()::text), 'hex')"},
	                                      {"randomblob(32)", "sha256(random()::text::bytea)"}};
	size_t n = 0;
	while (*sql && n + 1 < size) {
		size_t w = 0;
		while (w < 3 && strncmp(sql, word[w][0], strlen(word[w][0])) != 0)
			w++;
		n += w < 3 ? (size_t)snprintf(out + n, size - n, "%s", word[w][1]) : 1;
		if (w == 3)
			out[n - 1] = *sql;
		sql += w < 3 ? strlen(word[w][0]) : 1;
	}
	out[n < size ? n : size - 1] = '\0';
}

/* Changes what is stored past the store, as its files' or tables' owner could. False: refused, or nothing was changed. */
static inline bool fixture_spoil(const struct fixture *f, const char *sql)
{
	char text[1024];
	sqlite3 *db = NULL;
	if (fixture_server()) {
		fixture_translate(sql, text, sizeof text);
		return fixture_sql("civis_owner", "fixture", text);
	}
	snprintf(text, sizeof text, "%s/main.db", f->dir);
	bool good = sqlite3_open(text, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK &&
	            sqlite3_total_changes(db) > 0;
	sqlite3_close(db);
	return good;
}

/* An empty database with today's schema: made once, emptied each time. */
static inline enum rc fixture_on_server(const char *dir, struct err *e)
{
	static bool made;
	char owner[256], gate[256];
	fixture_url("civis_owner", "fixture", owner);
	fixture_url("civis_gate", "fixture", gate);
	if (!made && !(made = fixture_sql("postgres", "postgres", "CREATE DATABASE fixture OWNER civis_owner")))
		return RC_INTERNAL;
	enum rc rc = store_migrate(owner, gate, clock_now_us(), e);
	if (rc == RC_OK && !fixture_sql("civis_owner", "fixture",
	                                "SET client_min_messages = warning; DO $$ BEGIN EXECUTE (SELECT 'TRUNCATE ' || "
	                                "string_agg(tablename, ', ') FROM pg_tables WHERE schemaname = 'public' AND "
	                                "tablename <> 'migration'); END $$"))
		rc = RC_INTERNAL;
	return rc == RC_OK ? store_create_on_server(dir, gate, e) : rc;
}

static inline bool fixture_init(struct fixture *f)
{
	struct err e = ERR_NONE;
	snprintf(f->dir, sizeof f->dir, "/tmp/civis-store-XXXXXX");
	f->store = NULL;
	db_server_engine = &db_engine_postgresql;
	bool made = mkdtemp(f->dir) && (fixture_server() ? fixture_on_server(f->dir, &e) : store_create(f->dir, &e)) == RC_OK;
	if (getenv("CIVIS_TEST_SHARDED"))
		db_server_engine = &half_engine;
	if (!made || store_open(f->dir, NULL, &f->store, &e) != RC_OK) {
		printf("# fixture: %s %s\n", e.where, e.text);
		return false;
	}
	static const char *const scope[] = {"khm", "khm/12", "khm/12/1201", "khm/12/1201/120101", "khm/12/1201/120102",
	                                    "khm/12/1202", "khm/12/1202/120201"};
	for (size_t i = 0; i < sizeof scope / sizeof *scope; i++) {
		struct store_office o = fixture_office(scope[i]);
		if (store_office_add(f->store, &o, &e) != RC_OK)
			return false;
	}
	return true;
}

static inline void fixture_release(struct fixture *f)
{
	char path[PATH_MAX];
	store_close(&f->store);
	DIR *d = opendir(f->dir);
	for (struct dirent *entry; d && (entry = readdir(d));) {
		snprintf(path, sizeof path, "%s/%s", f->dir, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink(path);
	}
	if (d)
		closedir(d);
	rmdir(f->dir);
}

/* A request with a key of its own. The strings live in *key. */
static inline struct store_request fixture_request(char key[static ID_TEXT_SIZE], int64_t now)
{
	id_format(id_new(), key);
	struct store_request r = {.principal = "staff:1", .key = key, .now = now, .status = 200,
	                          .response = BYTES_LIT("{\"state\":\"ok\"}")};
	random_bytes(r.body_hash, sizeof r.body_hash);
	return r;
}

struct birth {
	char key[ID_TEXT_SIZE], tracking[STORE_CODE_MAX];
	struct id person, case_id, staff;
	const char *office;
	uint64_t version;
	uint8_t number[STORE_HASH];
};

static const uint8_t fixture_sealed[1500] = {1, 1};

/* The request's key and body are left in *in for repeats. */
static inline enum rc birth_declare_in(struct store *s, struct birth *b, const char *office,
                                       struct store_case_create *in, struct store_result *out, struct err *e)
{
	*b = (struct birth){.person = id_new(), .case_id = id_new(), .staff = id_new(), .office = office};
	*in = (struct store_case_create){.request = fixture_request(b->key, 1000), .person_id = b->person,
	                                 .case_id = b->case_id, .kind = "birth", .state = "declared", .office = office,
	                                 .language = "km", .tracking_code = b->tracking, .deadline = 5000,
	                                 .sealed = BYTES_ARRAY(fixture_sealed), .index_sealed = BYTES_LIT("index")};
	snprintf(b->tracking, sizeof b->tracking, "T-%02x%02x%02x%02x%02x", b->case_id.b[0], b->case_id.b[1],
	         b->case_id.b[2], b->case_id.b[3], b->case_id.b[4]);
	enum rc rc = store_case_create(s, in, out, e);
	b->version = out->version;
	return rc;
}

static inline enum rc birth_declare(struct store *s, struct birth *b, const char *office, struct err *e)
{
	struct store_case_create in;
	struct store_result out = {0};
	return birth_declare_in(s, b, office, &in, &out, e);
}

/* Verifying, with a number reserved. */
static inline enum rc birth_verify(struct store *s, struct birth *b, struct err *e)
{
	struct store_result out;
	struct store_case_update in = {
		.request = fixture_request(b->key, 2000), .person_id = b->person, .case_id = b->case_id,
		.if_version = b->version, .transition = "verify", .from_state = "declared", .to_state = "verified",
		.queue_office = b->office, .deadline = 6000, .staff_id = b->staff, .number_sealed = BYTES_LIT("number"),
	};
	random_bytes(b->number, sizeof b->number);
	memcpy(in.number_claim, b->number, sizeof b->number);
	enum rc rc = store_case_update(s, &in, &out, e);
	if (rc == RC_OK)
		b->version = out.version;
	return rc;
}

static inline struct store_case_register birth_register_in(struct birth *b, const struct store_entry *entry)
{
	struct store_case_register in = {
		.request = fixture_request(b->key, 3000), .person_id = b->person, .case_id = b->case_id, .act_id = id_new(),
		.if_version = b->version, .transition = "register", .from_state = "verified", .to_state = "registered",
		.staff_id = b->staff, .kind = "birth", .at = 3000, .entry = *entry, .sealed = BYTES_ARRAY(fixture_sealed),
		.index_sealed = BYTES_LIT("index"),
	};
	random_bytes(in.commitment, sizeof in.commitment);
	memcpy(in.number_claim, b->number, sizeof b->number);
	return in;
}

/* A correction of what `first` registered: its case is declared, the rest is in *ret. The key lives in *b. */
static inline enum rc correction_declare(struct store *s, struct birth *b, const struct store_case_register *first,
                                         const struct store_entry *entry, struct store_case_register *ret, struct err *e)
{
	struct store_result out;
	const struct store_case_create in = {
		.request = fixture_request(b->key, 4000), .person_id = b->person, .case_id = id_new(), .kind = "correction",
		.about = first->act_id, .state = "declared", .office = b->office, .language = "km",
		.sealed = BYTES_ARRAY(fixture_sealed), .staff_id = b->staff,
	};
	enum rc rc = store_case_create(s, &in, &out, e);
	*ret = (struct store_case_register){
		.request = fixture_request(b->key, 4000), .person_id = b->person, .case_id = in.case_id, .act_id = id_new(),
		.if_version = 1, .transition = "register", .from_state = "declared", .to_state = "registered",
		.staff_id = b->staff, .kind = "correction", .at = 4000, .entry = *entry, .corrects = first->act_id,
		.sealed = BYTES_ARRAY(fixture_sealed),
	};
	random_bytes(ret->commitment, sizeof ret->commitment);
	memcpy(ret->previous, first->commitment, sizeof ret->previous);
	return rc;
}

#endif
