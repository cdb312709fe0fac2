/* SPDX-License-Identifier: MPL-2.0 */
#include "matcher/index.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "linkage/name.h"
#include "matcher/record.h"

enum {
	SLAB_ENTRIES = 1024,
	SLABS_MAX = 16384, /* 16.7 million people */
	FIRST_YEAR = 1850,
	LAST_YEAR = 2150,
	MONTHS = (LAST_YEAR - FIRST_YEAR) * 12 + 1, /* number 0: no date, or out of range */
	HEADS_FIRST = 4096,
	MALLOC_SHARE = 8,
};

#define NONE UINT32_MAX

enum chain { BY_PERSON, BY_MOTHER_NATIVE, BY_MOTHER_LATIN, CHAINS };

struct entry {
	struct id person, object;
	uint8_t *text;
	uint32_t next[CHAINS];
	struct linkage_date birth, mother_birth;
	char sex;
};

/* The prints of the child's names; of the Latin one folded, since it has few letters. */
struct place {
	uint32_t entry;
	uint32_t native[2], latin;
	uint8_t native_points, native_initials, latin_points, latin_initials;
};

struct month {
	struct place *places;
	uint32_t count, cap;
};

struct heads {
	uint32_t *first;
	uint32_t cap; /* a power of two */
};

struct matcher_index {
	struct entry *slabs[SLABS_MAX];
	uint32_t slab_count;
	uint32_t used;  /* entries ever given out */
	uint32_t unused; /* list of entries given back, through next[BY_PERSON] */
	size_t count;
	size_t bytes, max_bytes;
	struct heads heads[CHAINS];
	struct month months[MONTHS];
};

/* ---- memory, counted ---- */

static void *take(struct matcher_index *x, size_t size)
{
	/* What malloc gives is counted after the fact and may have gone a little over. */
	if (x->bytes > x->max_bytes || size + MALLOC_SHARE > x->max_bytes - x->bytes)
		return NULL;
	void *p = calloc(1, size);
	if (p)
		x->bytes += malloc_usable_size(p) + MALLOC_SHARE;
	return p;
}

static void give_back(struct matcher_index *x, void *p)
{
	if (!p)
		return;
	size_t size = malloc_usable_size(p);
	x->bytes -= size + MALLOC_SHARE;
	wipe(p, size);
	free(p);
}

static struct entry *at(const struct matcher_index *x, uint32_t i)
{
	return &x->slabs[i / SLAB_ENTRIES][i % SLAB_ENTRIES];
}

/* ---- chains ---- */

static uint32_t person_hash(struct id person)
{
	uint32_t h;
	memcpy(&h, person.b + 12, sizeof h); /* random already */
	return h;
}

static uint32_t hash_of(const struct entry *e, enum chain chain)
{
	struct linkage_record r;
	if (chain == BY_PERSON)
		return person_hash(e->person);
	packed_read(e->text, &r);
	return name_key(chain == BY_MOTHER_NATIVE ? r.mother_native : r.mother_latin);
}

static uint32_t *head(const struct matcher_index *x, enum chain chain, uint32_t hash)
{
	const struct heads *h = &x->heads[chain];
	return &h->first[(hash ^ hash >> 16) & (h->cap - 1)];
}

static bool heads_new(struct matcher_index *x, struct heads *h, uint32_t cap)
{
	uint32_t *first = take(x, (size_t)cap * sizeof *first);
	if (!first)
		return false;
	memset(first, 0xff, (size_t)cap * sizeof *first);
	*h = (struct heads){first, cap};
	return true;
}

/* A chain's name has key 0 when there is no name: then it is in no chain. */
static void link_in(struct matcher_index *x, enum chain chain, uint32_t i)
{
	struct entry *e = at(x, i);
	uint32_t hash = hash_of(e, chain);
	if (chain != BY_PERSON && hash == 0)
		return;
	uint32_t *first = head(x, chain, hash);
	e->next[chain] = *first;
	*first = i;
}

static void unlink_from(struct matcher_index *x, enum chain chain, uint32_t i)
{
	const struct entry *e = at(x, i);
	for (uint32_t *link = head(x, chain, hash_of(e, chain)); *link != NONE; link = &at(x, *link)->next[chain])
		if (*link == i) {
			*link = e->next[chain];
			return;
		}
}

/* Doubles the heads when there is more than one entry a head. Staying as it is, is no failure. */
static void widen(struct matcher_index *x)
{
	for (enum chain c = 0; c < CHAINS; c++) {
		struct heads old = x->heads[c], wider;
		if (x->count <= old.cap || old.cap > UINT32_MAX / 4 || !heads_new(x, &wider, old.cap * 2))
			continue;
		x->heads[c] = wider;
		for (uint32_t h = 0; h < old.cap; h++)
			for (uint32_t i = old.first[h], next; i != NONE; i = next) {
				next = at(x, i)->next[c];
				link_in(x, c, i);
			}
		give_back(x, old.first);
	}
}

static uint32_t find_person(const struct matcher_index *x, struct id person)
{
	uint32_t i = *head(x, BY_PERSON, person_hash(person));
	while (i != NONE && !id_equal(at(x, i)->person, person))
		i = at(x, i)->next[BY_PERSON];
	return i;
}

/* ---- months ---- */

static unsigned month_number(int year, int month)
{
	if (month == 0 || year < FIRST_YEAR || year >= LAST_YEAR)
		return 0;
	return 1 + (unsigned)(year - FIRST_YEAR) * 12 + (unsigned)(month - 1);
}

static bool month_reserve(struct matcher_index *x, struct month *m)
{
	if (m->count < m->cap)
		return true;
	uint32_t cap = m->cap < 8 ? 8 : m->cap + m->cap / 4;
	struct place *wider = take(x, cap * sizeof *wider);
	if (!wider)
		return false;
	if (m->count)
		memcpy(wider, m->places, m->count * sizeof *wider);
	give_back(x, m->places);
	m->places = wider;
	m->cap = cap;
	return true;
}

static struct name_print fold(struct name_print p)
{
	p.mask = (uint32_t)(p.mask | p.mask >> 32);
	return p;
}

static struct place place_of(uint32_t entry, const struct linkage_record *r)
{
	struct name_print native = name_print(r->child_native), latin = fold(name_print(r->child_latin));
	return (struct place){entry, {(uint32_t)native.mask, (uint32_t)(native.mask >> 32)}, (uint32_t)latin.mask,
	                      native.points, native.initials, latin.points, latin.initials};
}

static void month_remove(struct month *m, uint32_t entry)
{
	for (uint32_t i = 0; i < m->count; i++)
		if (m->places[i].entry == entry) {
			m->places[i] = m->places[--m->count];
			return;
		}
}

/* ---- putting ---- */

static uint32_t entry_take(struct matcher_index *x)
{
	uint32_t i = x->unused;
	if (i != NONE) {
		x->unused = at(x, i)->next[BY_PERSON];
		return i;
	}
	if (x->used == x->slab_count * SLAB_ENTRIES) {
		if (x->slab_count == SLABS_MAX)
			return NONE;
		struct entry *slab = take(x, SLAB_ENTRIES * sizeof *slab);
		if (!slab)
			return NONE;
		x->slabs[x->slab_count++] = slab;
	}
	return x->used++;
}

static void entry_give_back(struct matcher_index *x, uint32_t i)
{
	struct entry *e = at(x, i);
	wipe(e, sizeof *e);
	e->next[BY_PERSON] = x->unused;
	x->unused = i;
}

static struct month *month_of(struct matcher_index *x, struct linkage_date birth)
{
	return &x->months[month_number(birth.year, birth.month)];
}

static void remove_entry(struct matcher_index *x, uint32_t i)
{
	struct entry *e = at(x, i);
	for (enum chain c = 0; c < CHAINS; c++)
		unlink_from(x, c, i);
	month_remove(month_of(x, e->birth), i);
	give_back(x, e->text);
	entry_give_back(x, i);
	x->count--;
}

static void add_entry(struct matcher_index *x, uint32_t i, const struct matcher_record *r, uint8_t *text)
{
	struct linkage_record packed;
	struct entry *e = at(x, i);
	*e = (struct entry){.person = r->person_id, .object = r->object_id, .text = text, .birth = r->birth,
	                    .mother_birth = r->mother_birth, .sex = r->sex};
	for (enum chain c = 0; c < CHAINS; c++) {
		e->next[c] = NONE;
		link_in(x, c, i);
	}
	packed_read(text, &packed);
	struct month *m = month_of(x, r->birth);
	m->places[m->count++] = place_of(i, &packed);
	x->count++;
	widen(x);
}

static bool nameless(const struct matcher_record *r)
{
	return !r->child_native.len && !r->child_latin.len && !r->mother_native.len && !r->mother_latin.len;
}

enum rc matcher_index_put(struct matcher_index *x, const struct matcher_record *r)
{
	struct packed_text packed;
	uint32_t old = find_person(x, r->person_id);
	if (nameless(r)) {
		if (old != NONE)
			remove_entry(x, old);
		return RC_OK;
	}
	enum rc rc = packed_write(r, &packed);
	if (rc != RC_OK)
		return rc;
	/* Everything is reserved before anything changes. */
	uint8_t *text = take(x, packed.len);
	bool room = text && month_reserve(x, month_of(x, r->birth));
	uint32_t i = room ? entry_take(x) : NONE;
	if (i == NONE) {
		give_back(x, text);
		rc = RC_STORE_FULL;
	} else {
		memcpy(text, packed.bytes, packed.len);
		if (old != NONE)
			remove_entry(x, old);
		add_entry(x, i, r, text);
	}
	wipe(&packed, sizeof packed);
	return rc;
}

/* ---- finding ---- */

struct search {
	const struct matcher_index *x;
	struct linkage_record wanted;
	struct id person;
	struct name_print native, latin;               /* of the child; Latin folded */
	struct name_print mother_native, mother_latin;
	bool unnamed;
	struct matcher_candidate best[MATCHER_CANDIDATES];
	size_t count;
};

static bool better(const struct matcher_candidate *a, const struct matcher_candidate *b)
{
	if (a->kind == LINKAGE_EXACT || b->kind == LINKAGE_EXACT)
		if (a->kind != b->kind)
			return a->kind == LINKAGE_EXACT;
	if (a->score != b->score)
		return a->score > b->score;
	return bytes_compare(id_bytes(&a->person_id), id_bytes(&b->person_id)) < 0;
}

static void keep(struct search *s, struct matcher_candidate c)
{
	for (size_t i = 0; i < s->count; i++)
		if (id_equal(s->best[i].person_id, c.person_id))
			return;
	size_t i = s->count;
	if (i == MATCHER_CANDIDATES) {
		if (!better(&c, &s->best[i - 1]))
			return;
		i--;
	} else {
		s->count++;
	}
	for (; i > 0 && better(&c, &s->best[i - 1]); i--)
		s->best[i] = s->best[i - 1];
	s->best[i] = c;
}

static struct linkage_record record_of(const struct entry *e)
{
	struct linkage_record r;
	packed_read(e->text, &r);
	r.birth = e->birth;
	r.mother_birth = e->mother_birth;
	r.sex = e->sex;
	return r;
}

static void consider(struct search *s, const struct entry *e, const struct linkage_record *r)
{
	if (id_equal(e->person, s->person))
		return;
	struct linkage_result result = linkage_compare(&s->wanted, r);
	if (result.kind != LINKAGE_NONE)
		keep(s, (struct matcher_candidate){e->person, e->object, result.kind, result.flags,
		                                   (unsigned)(result.score * 10000 + 0.5)});
}

/* Each of the following is a cheaper question whose "no" saves the next: nothing is lost by them that
   linkage_compare() would have called close or exact. */

static bool prints_alike(const struct search *s, const struct place *p)
{
	struct name_print native = {p->native[0] | (uint64_t)p->native[1] << 32, p->native_points, p->native_initials};
	struct name_print latin = {p->latin, p->latin_points, p->latin_initials};
	return name_bound(native, s->native) >= LINKAGE_ALIKE || name_bound(latin, s->latin) >= LINKAGE_ALIKE;
}

static bool alike(struct bytes a, struct name_print print_a, struct bytes b)
{
	return a.len && b.len && name_bound(print_a, name_print(b)) >= LINKAGE_ALIKE &&
	       name_similarity(a, b) >= LINKAGE_ALIKE;
}

static bool mothers_alike(const struct search *s, const struct linkage_record *r)
{
	const struct linkage_record *w = &s->wanted;
	bool absent = !(w->mother_native.len + w->mother_latin.len) || !(r->mother_native.len + r->mother_latin.len);
	return absent || alike(w->mother_native, s->mother_native, r->mother_native) ||
	       alike(w->mother_latin, s->mother_latin, r->mother_latin);
}

static bool born_about_then(const struct search *s, struct linkage_date birth, bool unnamed)
{
	enum linkage_date_match m = linkage_date_compare(s->wanted.birth, birth);
	return unnamed ? m == DATE_SAME : m >= DATE_MONTH;
}

static void search_month(struct search *s, unsigned number)
{
	const struct month *m = &s->x->months[number];
	for (uint32_t i = 0; number && i < m->count; i++) {
		const struct place *p = &m->places[i];
		bool unnamed = s->unnamed || p->native_points + p->latin_points == 0;
		if (!unnamed && !prints_alike(s, p))
			continue;
		const struct entry *e = at(s->x, p->entry);
		if (!born_about_then(s, e->birth, unnamed))
			continue;
		struct linkage_record r = record_of(e);
		if (mothers_alike(s, &r))
			consider(s, e, &r);
	}
}

static void search_months(struct search *s)
{
	struct linkage_date b = s->wanted.birth;
	unsigned here = month_number(b.year, b.month);
	search_month(s, here);
	if (!here || !b.day)
		return;
	if (b.day <= LINKAGE_NEAR_DAYS && here > 1)
		search_month(s, here - 1);
	if (b.day > 28 - LINKAGE_NEAR_DAYS && here + 1 < MONTHS)
		search_month(s, here + 1);
	if (b.day <= 12 && b.day != b.month)
		search_month(s, month_number(b.year, b.day));
}

static void search_mothers(struct search *s, enum chain chain, struct bytes name)
{
	uint32_t key = name_key(name);
	if (key == 0)
		return;
	for (uint32_t i = *head(s->x, chain, key); i != NONE; i = at(s->x, i)->next[chain]) {
		const struct entry *e = at(s->x, i);
		if (linkage_days_apart(s->wanted.birth, e->birth) >= LINKAGE_PREGNANCY_DAYS)
			continue;
		struct linkage_record r = record_of(e);
		if (mothers_alike(s, &r)) /* chains hold other names too, whose hash ends alike */
			consider(s, e, &r);
	}
}

enum rc matcher_index_find(const struct matcher_index *x, const struct matcher_record *r,
                           struct matcher_candidate ret[static MATCHER_CANDIDATES], size_t *ret_count)
{
	struct packed_text packed;
	enum rc rc = packed_write(r, &packed);
	if (rc != RC_OK)
		return rc;
	struct search s = {.x = x, .person = r->person_id};
	packed_read(packed.bytes, &s.wanted);
	s.wanted.birth = r->birth;
	s.wanted.mother_birth = r->mother_birth;
	s.wanted.sex = r->sex;
	s.native = name_print(s.wanted.child_native);
	s.latin = fold(name_print(s.wanted.child_latin));
	s.unnamed = s.native.points + s.latin.points == 0;
	s.mother_native = name_print(s.wanted.mother_native);
	s.mother_latin = name_print(s.wanted.mother_latin);
	search_months(&s);
	search_mothers(&s, BY_MOTHER_NATIVE, s.wanted.mother_native);
	search_mothers(&s, BY_MOTHER_LATIN, s.wanted.mother_latin);
	memcpy(ret, s.best, s.count * sizeof *ret);
	*ret_count = s.count;
	wipe(&packed, sizeof packed);
	return RC_OK;
}

/* ---- life ---- */

struct matcher_index *matcher_index_new(size_t max_bytes)
{
	struct matcher_index *x = calloc(1, sizeof *x);
	if (!x)
		return NULL;
	x->max_bytes = max_bytes;
	x->bytes = sizeof *x;
	x->unused = NONE;
	for (enum chain c = 0; c < CHAINS; c++)
		if (max_bytes <= sizeof *x || !heads_new(x, &x->heads[c], HEADS_FIRST)) {
			matcher_index_free(&x);
			return NULL;
		}
	return x;
}

void matcher_index_free(struct matcher_index **px)
{
	struct matcher_index *x = *px;
	if (!x)
		return;
	for (uint32_t i = 0; i < x->used; i++)
		give_back(x, at(x, i)->text);
	for (uint32_t i = 0; i < x->slab_count; i++)
		give_back(x, x->slabs[i]);
	for (unsigned i = 0; i < MONTHS; i++)
		give_back(x, x->months[i].places);
	for (enum chain c = 0; c < CHAINS; c++)
		give_back(x, x->heads[c].first);
	free(x);
	*px = NULL;
}

size_t matcher_index_count(const struct matcher_index *x)
{
	return x->count;
}

size_t matcher_index_bytes(const struct matcher_index *x)
{
	return x->bytes;
}
