/* SPDX-License-Identifier: MPL-2.0 */
#include "store/check.h"

#include <stdarg.h>

#include "store/internal.h"

enum { STEP = 256 };

struct check {
	struct store_reader *r;
	struct db *db;
	const struct store_check *c;
	struct store_check_report *n;
	struct err *e;
};

static void __attribute__((format(printf, 4, 5))) problem(struct check *k, const char *what, struct id id,
                                                          const char *format, ...)
{
	char text[256];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	k->n->problems++;
	if (k->c->problem)
		k->c->problem(k->c->ctx, what, id, text);
}

/* ---------------------------------------------------------------- files */

static enum rc check_file(struct check *k, struct db *db, const char *pragma)
{
	sqlite3_stmt *s = NULL;
	int r = sqlite3_prepare_v2(db->handle, pragma, -1, &s, NULL);
	while (r == SQLITE_OK && (r = sqlite3_step(s)) == SQLITE_ROW) {
		const char *text = (const char *)sqlite3_column_text(s, 0);
		if (!text || strcmp(text, "ok") != 0)
			problem(k, "file", (struct id){0}, "%s: %s", db->which == SQL_MAIN ? "main.db" : "blob.db", text ? text : "?");
		r = SQLITE_OK;
	}
	sqlite3_finalize(s);
	if (r == SQLITE_DONE)
		return RC_OK;
	if (db_rc(r) == RC_CORRUPT) {
		problem(k, "file", (struct id){0}, "%s: %s", db->which == SQL_MAIN ? "main.db" : "blob.db", sqlite3_errstr(r));
		return RC_OK;
	}
	return err_set(k->e, db_rc(r), "check", "The database says %d", r);
}

static enum rc check_files(struct check *k)
{
	struct db *blob = NULL;
	enum rc rc = reader_blob(k->r, &blob, k->e);
	if (rc == RC_OK)
		rc = check_file(k, k->db, "PRAGMA quick_check(20)");
	if (rc == RC_OK)
		rc = check_file(k, k->db, "PRAGMA foreign_key_check");
	if (rc == RC_OK)
		rc = check_file(k, blob, "PRAGMA quick_check(20)");
	return rc;
}

/* ---------------------------------------------------------- small looks */

static enum rc claim_agrees(struct check *k, const char *kind, struct bytes val, struct id person, struct id object,
                            bool *ret)
{
	struct id p, o;
	enum rc rc = claim_find(k->db, kind, val, &p, &o, k->e);
	*ret = rc == RC_OK && id_equal(p, person) && id_equal(o, object);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* The commitment and entry of one act. RC_NOT_FOUND. */
static enum rc find_act(struct check *k, struct id person, struct id act_id, uint8_t *commitment,
                        struct store_entry *entry)
{
	bool found;
	struct query q = query_open(k->db, SQL_act_get);
	query_id(&q, person);
	query_id(&q, act_id);
	if (query_row(&q)) {
		query_col_fixed(&q, 6, commitment, STORE_HASH);
		entry_read(&q, 12, entry);
	}
	enum rc rc = query_close(&q, &found, k->e);
	return rc == RC_OK && !found ? RC_NOT_FOUND : rc;
}

static bool same_entry(const struct store_entry *a, const struct store_entry *b)
{
	return same_book(a, b) && a->serial == b->serial;
}

/* ----------------------------------------------------------------- acts */

struct act_row {
	struct id person, act_id;
	uint64_t seq;
	uint8_t commitment[STORE_HASH], previous[STORE_HASH];
	struct id corrects;
	struct store_entry entry;
};

static enum rc check_one_act(struct check *k, const struct act_row *a)
{
	bool agrees = false;
	struct id person, act_id;
	struct store_leaf leaf;
	enum rc rc = claim_agrees(k, "act", id_bytes(&a->act_id), a->person, a->act_id, &agrees);
	if (rc == RC_OK && !agrees)
		problem(k, "claim", a->act_id, "The act is not claimed by its person");
	if (rc == RC_OK) {
		rc = store_entry_find(k->r, &a->entry, &person, &act_id, k->e);
		if (rc == RC_NOT_FOUND || (rc == RC_OK && !id_equal(act_id, a->act_id)))
			problem(k, "entry", a->act_id, "The act is not in the register where it says");
		rc = rc == RC_NOT_FOUND ? RC_OK : rc;
	}
	if (rc != RC_OK)
		return rc;
	rc = store_log_leaf(k->r, a->act_id, &leaf, k->e);
	if (rc == RC_NOT_FOUND)
		problem(k, "leaf", a->act_id, "The act has no leaf");
	else if (rc == RC_OK && memcmp(leaf.commitment, a->commitment, STORE_HASH) != 0)
		problem(k, "leaf", a->act_id, "The act's leaf has another commitment");
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static void read_act(struct query *q, struct act_row *a)
{
	a->person = query_col_id(q, 0);
	a->seq = query_col_u64(q, 1);
	a->act_id = query_col_id(q, 2);
	query_col_fixed(q, 3, a->commitment, STORE_HASH);
	query_col_fixed(q, 4, a->previous, STORE_HASH);
	entry_read(q, 5, &a->entry);
	a->corrects = query_col_id(q, 12);
}

static void check_link(struct check *k, const struct act_row *before, const struct act_row *a)
{
	bool first = !id_equal(before->person, a->person);
	k->n->people += first;
	k->n->acts++;
	if (a->seq != (first ? 1 : before->seq + 1))
		problem(k, "chain", a->act_id, "Act %llu of this person stands where another is missing", (unsigned long long)a->seq);
	if (first ? !hash_is_zero(a->previous, STORE_HASH) : memcmp(a->previous, before->commitment, STORE_HASH) != 0)
		problem(k, "chain", a->act_id, "The act does not follow the one before it");
}

static enum rc check_acts(struct check *k)
{
	struct act_row before = {0}, a = {0};
	enum rc rc = RC_OK;
	for (size_t n = STEP; rc == RC_OK && n == STEP;) {
		n = 0;
		struct query q = query_open(k->db, SQL_check_acts);
		query_id(&q, before.person);
		query_u64(&q, before.seq);
		query_int(&q, STEP);
		while (rc == RC_OK && query_row(&q)) {
			read_act(&q, &a);
			check_link(k, &before, &a);
			rc = check_one_act(k, &a);
			struct store_check_act act = {.person_id = a.person, .act_id = a.act_id, .sealed = query_col_view(&q, 11)};
			memcpy(act.commitment, a.commitment, STORE_HASH);
			if (rc == RC_OK && k->c->act)
				rc = k->c->act(k->c->ctx, &act);
			before = a;
			n++;
		}
		enum rc end = query_close(&q, NULL, rc == RC_OK ? k->e : NULL);
		rc = rc == RC_OK ? end : rc;
	}
	return rc;
}

/* -------------------------------------------------------------- entries */

static enum rc check_one_entry(struct check *k, const struct store_entry *before, const struct store_entry *now,
                               struct id person, struct id act_id)
{
	uint8_t commitment[STORE_HASH];
	struct store_entry said = {0};
	k->n->entries++;
	if (!now->paper && now->serial != (same_book(before, now) ? before->serial + 1 : 1))
		problem(k, "entry", act_id, "%s/%s/%u/%u: serial %llu after a gap", now->office, now->reg, now->book, now->year,
		        (unsigned long long)now->serial);
	enum rc rc = find_act(k, person, act_id, commitment, &said);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && !same_entry(&said, now)))
		problem(k, "entry", act_id, "The entry's act is not there or says another entry");
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc check_entries(struct check *k)
{
	struct store_entry before = {0}, now = {0};
	enum rc rc = RC_OK;
	for (size_t n = STEP; rc == RC_OK && n == STEP;) {
		n = 0;
		struct store_entry from = before;
		struct query q = query_open(k->db, SQL_check_entries);
		query_text(&q, from.office);
		query_int(&q, from.paper);
		query_text(&q, from.reg);
		query_int(&q, from.year);
		query_int(&q, from.book);
		query_u64(&q, from.serial);
		query_int(&q, STEP);
		while (rc == RC_OK && query_row(&q)) {
			entry_read(&q, 0, &now);
			rc = check_one_entry(k, &before, &now, query_col_id(&q, 6), query_col_id(&q, 7));
			before = now;
			n++;
		}
		enum rc end = query_close(&q, NULL, rc == RC_OK ? k->e : NULL);
		rc = rc == RC_OK ? end : rc;
	}
	return rc;
}

/* The entry before the next serial is there, and none at it: with the gapless run above, that is all. */
static enum rc check_one_book(struct check *k, struct store_entry next)
{
	struct id person, act_id;
	k->n->books++;
	enum rc rc = store_entry_find(k->r, &next, &person, &act_id, k->e);
	bool beyond = rc == RC_OK;
	bool last = true;
	if (rc == RC_NOT_FOUND && next.serial > 1) {
		next.serial--;
		rc = store_entry_find(k->r, &next, &person, &act_id, k->e);
		last = rc == RC_OK;
	}
	if (beyond || !last)
		problem(k, "book", (struct id){0}, "%s/%s/%u/%u: its next serial is not the one after its last entry", next.office,
		        next.reg, next.book, next.year);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc check_books(struct check *k)
{
	struct store_entry book = {0};
	enum rc rc = RC_OK;
	for (size_t n = STEP; rc == RC_OK && n == STEP;) {
		n = 0;
		struct store_entry from = book;
		struct query q = query_open(k->db, SQL_check_books);
		query_text(&q, from.office);
		query_text(&q, from.reg);
		query_int(&q, from.year);
		query_int(&q, from.book);
		query_int(&q, STEP);
		while (rc == RC_OK && query_row(&q)) {
			query_col_text(&q, 0, book.office, sizeof book.office);
			query_col_text(&q, 1, book.reg, sizeof book.reg);
			book.year = (uint32_t)query_col_u64(&q, 2);
			book.book = (uint32_t)query_col_u64(&q, 3);
			book.serial = query_col_u64(&q, 4);
			rc = check_one_book(k, book);
			n++;
		}
		enum rc end = query_close(&q, NULL, rc == RC_OK ? k->e : NULL);
		rc = rc == RC_OK ? end : rc;
	}
	return rc;
}

/* ------------------------------------------------------------------ log */

/* Every act has a leaf (checked with the acts), so as many leaves as acts means one each. */
static enum rc check_leaves(struct check *k)
{
	struct id from = {0};
	uint64_t leaves = 0, epochs = 0;
	enum rc rc = RC_OK;
	for (size_t n = STEP; rc == RC_OK && n == STEP;) {
		n = 0;
		struct query q = query_open(k->db, SQL_check_leaves);
		query_text(&q, STORE_ACT_LOG);
		query_id(&q, from);
		query_int(&q, STEP);
		while (query_row(&q)) {
			from = query_col_id(&q, 0);
			bool tie = id_is_zero(query_col_id(&q, 1));
			bool placed = !query_col_null(&q, 3);
			epochs += tie;
			leaves += !tie;
			k->n->placed += placed;
			k->n->pending += !placed;
			n++;
		}
		rc = query_close(&q, NULL, k->e);
	}
	if (rc == RC_OK && leaves != k->n->acts)
		problem(k, "leaf", (struct id){0}, "%llu leaves for %llu acts", (unsigned long long)leaves,
		        (unsigned long long)k->n->acts);
	return rc;
}

static enum rc check_epoch(struct check *k, uint32_t epoch, uint64_t size)
{
	uint64_t place = 0;
	enum rc rc = RC_OK;
	for (size_t n = STEP; rc == RC_OK && n == STEP;) {
		n = 0;
		struct query q = query_open(k->db, SQL_leaf_placed);
		query_text(&q, STORE_ACT_LOG);
		query_int(&q, epoch);
		query_u64(&q, place);
		query_int(&q, STEP);
		for (; query_row(&q); n++, place++)
			if (query_col_u64(&q, 3) != place) {
				problem(k, "leaf", query_col_id(&q, 0), "Place %llu of epoch %u is empty", (unsigned long long)place, epoch);
				place = query_col_u64(&q, 3);
			}
		rc = query_close(&q, NULL, k->e);
	}
	if (rc == RC_OK && place != size)
		problem(k, "head", (struct id){0}, "Epoch %u: the head says %llu leaves, there are %llu", epoch,
		        (unsigned long long)size, (unsigned long long)place);
	return rc;
}

static enum rc check_heads(struct check *k)
{
	uint32_t epoch = 0;
	uint64_t size = 0;
	enum rc rc = RC_OK;
	for (bool found = true; rc == RC_OK && found;) {
		struct query q = query_open(k->db, SQL_check_heads);
		query_text(&q, STORE_ACT_LOG);
		query_int(&q, epoch);
		query_int(&q, 1);
		found = query_row(&q);
		if (found) {
			epoch = (uint32_t)query_col_u64(&q, 0);
			size = query_col_u64(&q, 1);
		}
		rc = query_close(&q, NULL, k->e);
		if (rc == RC_OK && found)
			rc = check_epoch(k, epoch, size);
	}
	return rc;
}

/* ----------------------------------------------------- cases and claims */

static enum rc check_one_case(struct check *k, struct id person, struct id case_id, struct id act_id)
{
	bool agrees = false;
	uint8_t commitment[STORE_HASH];
	struct store_entry entry;
	k->n->cases++;
	enum rc rc = claim_agrees(k, "case", id_bytes(&case_id), person, case_id, &agrees);
	if (rc == RC_OK && !agrees)
		problem(k, "claim", case_id, "The case is not claimed by its person");
	if (rc != RC_OK || id_is_zero(act_id))
		return rc;
	rc = find_act(k, person, act_id, commitment, &entry);
	if (rc == RC_NOT_FOUND)
		problem(k, "case", case_id, "The case names an act that is not there");
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc check_cases(struct check *k)
{
	struct id person = {0}, case_id = {0};
	enum rc rc = RC_OK;
	for (size_t n = STEP; rc == RC_OK && n == STEP;) {
		n = 0;
		struct query q = query_open(k->db, SQL_check_cases);
		query_id(&q, person);
		query_id(&q, case_id);
		query_int(&q, STEP);
		while (rc == RC_OK && query_row(&q)) {
			person = query_col_id(&q, 0);
			case_id = query_col_id(&q, 1);
			rc = check_one_case(k, person, case_id, query_col_id(&q, 4));
			n++;
		}
		enum rc end = query_close(&q, NULL, rc == RC_OK ? k->e : NULL);
		rc = rc == RC_OK ? end : rc;
	}
	return rc;
}

static enum rc check_one_claim(struct check *k, const char *kind, struct bytes val, struct id person, struct id object,
                               const char *state)
{
	uint8_t commitment[STORE_HASH];
	struct store_entry entry;
	struct case_guard g;
	struct id id;
	enum rc rc = RC_OK;
	k->n->claims++;
	if (strcmp(kind, "act") == 0 && id_from_bytes(val, &id) == RC_OK) {
		rc = find_act(k, person, id, commitment, &entry);
		if (rc == RC_NOT_FOUND)
			problem(k, "claim", id, "An act is claimed that is not there");
	} else if (strcmp(kind, "case") == 0 || strcmp(kind, "tracking") == 0) {
		rc = case_guard_read(k->db, person, object, &g, k->e);
		if (rc == RC_NOT_FOUND)
			problem(k, "claim", object, "A case is claimed that is not there");
	} else if (strcmp(kind, "number") == 0 && strcmp(state, "reserved") == 0) {
		rc = case_guard_read(k->db, person, object, &g, k->e);
		if (rc == RC_NOT_FOUND || (rc == RC_OK && !bytes_equal(bytes_of(g.number_claim, STORE_HASH), val)))
			problem(k, "claim", object, "A number is reserved for a case that does not carry it");
	}
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc check_claims(struct check *k)
{
	uint8_t val[128] = {0};
	size_t len = 0;
	char kind[STORE_WORD_MAX] = "", state[STORE_WORD_MAX];
	enum rc rc = RC_OK;
	for (size_t n = STEP; rc == RC_OK && n == STEP;) {
		uint8_t from[sizeof val];
		char from_kind[sizeof kind];
		memcpy(from, val, len);
		memcpy(from_kind, kind, sizeof kind);
		n = 0;
		struct query q = query_open(k->db, SQL_check_claims);
		query_blob(&q, from, len);
		query_text(&q, from_kind);
		query_int(&q, STEP);
		while (rc == RC_OK && query_row(&q)) {
			struct bytes v = query_col_view(&q, 0);
			len = v.len < sizeof val ? v.len : sizeof val;
			memcpy(val, v.ptr ? v.ptr : val, len);
			query_col_text(&q, 1, kind, sizeof kind);
			query_col_text(&q, 4, state, sizeof state);
			rc = check_one_claim(k, kind, bytes_of(val, len), query_col_id(&q, 2), query_col_id(&q, 3), state);
			n++;
		}
		enum rc end = query_close(&q, NULL, rc == RC_OK ? k->e : NULL);
		rc = rc == RC_OK ? end : rc;
	}
	return rc;
}

enum rc store_check(struct store_reader *r, const struct store_check *c, struct store_check_report *ret, struct err *e)
{
	struct store_check_report report = {0};
	struct check k = {.r = r, .db = &r->main, .c = c, .n = &report, .e = e};
	enum rc rc = check_files(&k);
	if (rc == RC_OK)
		rc = check_acts(&k);
	if (rc == RC_OK)
		rc = check_entries(&k);
	if (rc == RC_OK)
		rc = check_books(&k);
	if (rc == RC_OK)
		rc = check_leaves(&k);
	if (rc == RC_OK)
		rc = check_heads(&k);
	if (rc == RC_OK)
		rc = check_cases(&k);
	if (rc == RC_OK)
		rc = check_claims(&k);
	if (rc == RC_OK)
		*ret = report;
	return rc;
}
