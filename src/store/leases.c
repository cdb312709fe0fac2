/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Leases of serials: which numbers of a book are in somebody's hands just now.
 * Only speed depends on them; that serials are gapless and given once is the
 * book's compare-and-set and the entry's key.
 */
#include "store/internal.h"

bool same_book(const struct store_entry *a, const struct store_entry *b)
{
	return a->paper == b->paper && a->year == b->year && a->book == b->book && strcmp(a->reg, b->reg) == 0 && strcmp(a->office, b->office) == 0;
}

static struct store_lease *find(struct store *s, const struct store_entry *entry)
{
	for (size_t i = 0; i < STORE_LEASES_MAX; i++)
		if (s->lease[i].used && s->lease[i].entry.serial == entry->serial && same_book(&s->lease[i].entry, entry))
			return &s->lease[i];
	return NULL;
}

bool lease_is_out(struct store *s, const struct store_entry *entry)
{
	pthread_mutex_lock(&s->lease_lock);
	bool out = find(s, entry) != NULL;
	pthread_mutex_unlock(&s->lease_lock);
	return out;
}

enum rc store_book_next(struct store_reader *r, const char *office, const char *reg, uint32_t year,
                        struct store_entry *ret, struct err *e)
{
	if (!text_fits(office, STORE_SCOPE_MAX, false) || !text_fits(reg, STORE_WORD_MAX, false))
		return err_set(e, RC_INVALID, "book", "An office and a register");
	struct store_entry entry = {.book = 1, .year = year, .serial = 1};
	TEXT_COPY(entry.office, office);
	TEXT_COPY(entry.reg, reg);
	struct query q = query_open(&r->main, SQL_book_get);
	query_text(&q, office);
	query_text(&q, reg);
	query_int(&q, year);
	if (query_row(&q)) {
		entry.book = (uint32_t)query_col_u64(&q, 0);
		entry.serial = query_col_u64(&q, 1);
	}
	enum rc rc = query_close(&q, NULL, e);
	if (rc == RC_OK)
		*ret = entry;
	return rc;
}

enum rc store_book_lease(struct store *s, struct store_reader *r, const char *office, const char *reg, uint32_t year,
                         struct store_entry *ret, struct err *e)
{
	struct store_entry entry = {0};
	/* Read under the lock: a lease ends after its commit, so no serial can be handed out twice. */
	pthread_mutex_lock(&s->lease_lock);
	enum rc rc = store_book_next(r, office, reg, year, &entry, e);
	while (rc == RC_OK && find(s, &entry))
		entry.serial++;
	struct store_lease *slot = NULL;
	for (size_t i = 0; rc == RC_OK && !slot && i < STORE_LEASES_MAX; i++)
		if (!s->lease[i].used)
			slot = &s->lease[i];
	if (rc == RC_OK && !slot)
		rc = err_set(e, RC_BUSY, "book", "Too many registrations at once");
	if (rc == RC_OK) {
		*slot = (struct store_lease){.entry = entry, .used = true};
		*ret = entry;
	}
	pthread_mutex_unlock(&s->lease_lock);
	return rc;
}

void store_book_give_back(struct store *s, const struct store_entry *entry)
{
	pthread_mutex_lock(&s->lease_lock);
	struct store_lease *lease = find(s, entry);
	if (lease)
		lease->used = false;
	pthread_mutex_unlock(&s->lease_lock);
	if (lease && s->main.running)
		writer_kick(&s->main);
}
