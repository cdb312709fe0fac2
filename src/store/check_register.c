/* SPDX-License-Identifier: MPL-2.0 */
/* Acts, entries and books. */
#include "store/checking.h"

/* ----------------------------------------------------------------- acts */

static enum rc check_one_act(struct check *k, const struct check_act *a)
{
	bool agrees = false;
	struct id person, act_id;
	struct store_leaf leaf;
	enum rc rc = check_claim(k, "act", id_bytes(&a->act_id), a->person, a->act_id, &agrees);
	if (rc == RC_OK && !agrees)
		check_problem(k, "claim", a->act_id, "The act is not claimed by its person");
	if (rc == RC_OK) {
		rc = store_entry_find(k->r, &a->entry, &person, &act_id, k->e);
		if (rc == RC_NOT_FOUND || (rc == RC_OK && !id_equal(act_id, a->act_id)))
			check_problem(k, "entry", a->act_id, "The act is not in the register where it says");
		rc = rc == RC_NOT_FOUND ? RC_OK : rc;
	}
	if (rc != RC_OK)
		return rc;
	rc = store_log_leaf(k->r, a->act_id, &leaf, k->e);
	if (rc == RC_NOT_FOUND)
		check_problem(k, "leaf", a->act_id, "The act has no leaf");
	else if (rc == RC_OK && memcmp(leaf.commitment, a->commitment, STORE_HASH) != 0)
		check_problem(k, "leaf", a->act_id, "The act's leaf has another commitment");
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* What it replaces or ends is an earlier act of the same person. */
static enum rc check_corrects(struct check *k, const struct check_act *a)
{
	struct check_act earlier;
	if (id_is_zero(a->corrects))
		return RC_OK;
	enum rc rc = check_find_act(k, a->person, a->corrects, &earlier);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && earlier.seq >= a->seq))
		check_problem(k, "chain", a->act_id, "What the act corrects is not an earlier act of the same person");
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static void read_act(struct query *q, struct check_act *a)
{
	a->person = query_col_id(q, 0);
	a->seq = query_col_u64(q, 1);
	a->act_id = query_col_id(q, 2);
	query_col_fixed(q, 3, a->commitment, STORE_HASH);
	query_col_fixed(q, 4, a->previous, STORE_HASH);
	entry_read(q, 5, &a->entry);
	a->corrects = query_col_id(q, 12);
}

static void check_link(struct check *k, const struct check_act *before, const struct check_act *a)
{
	bool first = !id_equal(before->person, a->person);
	k->n->people += first;
	k->n->acts++;
	if (a->seq != (first ? 1 : before->seq + 1))
		check_problem(k, "chain", a->act_id, "Act %llu of this person stands where another is missing", (unsigned long long)a->seq);
	if (first ? !all_zero(a->previous, STORE_HASH) : memcmp(a->previous, before->commitment, STORE_HASH) != 0)
		check_problem(k, "chain", a->act_id, "The act does not follow the one before it");
}

enum rc check_acts(struct check *k)
{
	struct check_act before = {0}, a = {0};
	enum rc rc = RC_OK;
	for (size_t n = CHECK_STEP; rc == RC_OK && n == CHECK_STEP;) {
		n = 0;
		struct query q = query_open(k->db, SQL_check_acts);
		query_id(&q, before.person);
		query_u64(&q, before.seq);
		query_int(&q, CHECK_STEP);
		while (rc == RC_OK && query_row(&q)) {
			read_act(&q, &a);
			check_link(k, &before, &a);
			rc = check_one_act(k, &a);
			if (rc == RC_OK)
				rc = check_corrects(k, &a);
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

static bool same_entry(const struct store_entry *a, const struct store_entry *b)
{
	return same_book(a, b) && a->serial == b->serial;
}

static enum rc check_one_entry(struct check *k, const struct store_entry *before, const struct store_entry *now,
                               struct id person, struct id act_id)
{
	struct check_act said;
	k->n->entries++;
	if (!now->paper && now->serial != (same_book(before, now) ? before->serial + 1 : 1))
		check_problem(k, "entry", act_id, "%s/%s/%u/%u: serial %llu after a gap", now->office, now->reg, now->book, now->year,
		        (unsigned long long)now->serial);
	enum rc rc = check_find_act(k, person, act_id, &said);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && !same_entry(&said.entry, now)))
		check_problem(k, "entry", act_id, "The entry's act is not there or says another entry");
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc check_entries(struct check *k)
{
	struct store_entry before = {0}, now = {0};
	enum rc rc = RC_OK;
	for (size_t n = CHECK_STEP; rc == RC_OK && n == CHECK_STEP;) {
		n = 0;
		struct store_entry from = before;
		struct query q = query_open(k->db, SQL_check_entries);
		query_text(&q, from.office);
		query_int(&q, from.paper);
		query_text(&q, from.reg);
		query_int(&q, from.year);
		query_int(&q, from.book);
		query_u64(&q, from.serial);
		query_int(&q, CHECK_STEP);
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
		check_problem(k, "book", (struct id){0}, "%s/%s/%u/%u: its next serial is not the one after its last entry", next.office,
		        next.reg, next.book, next.year);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc check_books(struct check *k)
{
	struct store_entry book = {0};
	enum rc rc = RC_OK;
	for (size_t n = CHECK_STEP; rc == RC_OK && n == CHECK_STEP;) {
		n = 0;
		struct store_entry from = book;
		struct query q = query_open(k->db, SQL_check_books);
		query_text(&q, from.office);
		query_text(&q, from.reg);
		query_int(&q, from.year);
		query_int(&q, from.book);
		query_int(&q, CHECK_STEP);
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
