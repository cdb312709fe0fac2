/* SPDX-License-Identifier: MPL-2.0 */
#include "country/romanise.h"

#include <stdlib.h>
#include <string.h>

#include "country/load.h"
#include "country/names.h"

enum { ENTRIES_MAX = 2000, SPELLINGS_MAX = 6, SERIES = 2 };

/* What makes one reading better than another. */
enum {
	COST_WORD = 2,
	COST_SYLLABLE = 10,
	COST_BARE = 10,   /* a consonant alone, where it might be a final */
	COST_ONSET = 3,   /* each further sign of an onset: the longer rhyme is likelier */
	COST_FINAL = 3,
	COST_STACKED = 3, /* a syllable that begins below another's final */
	COST_SPELLING = 3, /* each step down the list of spellings */
	COST_MARGIN = 7,  /* what is worse than the best by more would make a registrar laugh */
};

struct entry {
	struct bytes text;
	const char *spelling[SERIES][SPELLINGS_MAX];
	bool second_series;
};

struct table {
	struct entry *entries;
	size_t count;
};

struct romanisation {
	const char *joiner, *stacker;
	struct table words, onsets, rhymes, independent, finals;
};

/* ---- reading a name ---- */

struct proposal {
	unsigned cost;
	char text[ROMANISE_RESULT_SIZE];
};

/* The best ways to read the name up to a place in it. */
struct place {
	struct proposal best[ROMANISE_MAX];
	size_t count;
};

struct reading {
	const struct romanisation *r;
	struct bytes name;
	struct place *at; /* name.len + 1 places */
};

/* A stretch of the name with its spelling in up to three parts. */
struct piece {
	size_t from, to;
	unsigned cost;
	const char *part[3];
};

static void keep(struct place *place, const struct proposal *new)
{
	size_t i = 0;
	for (; i < place->count; i++)
		if (strcmp(place->best[i].text, new->text) == 0) {
			if (new->cost >= place->best[i].cost)
				return;
			memmove(&place->best[i], &place->best[i + 1], (--place->count - i) * sizeof *new);
			break;
		}
	for (i = place->count; i > 0 && place->best[i - 1].cost > new->cost; i--)
		if (i < ROMANISE_MAX)
			place->best[i] = place->best[i - 1];
	if (i == ROMANISE_MAX)
		return;
	place->best[i] = *new;
	place->count += place->count < ROMANISE_MAX;
}

static void write_piece(const struct romanisation *r, const struct piece *piece, const struct proposal *before, struct place *to)
{
	struct proposal new = *before;
	size_t len = strlen(new.text);
	bool first = !len || new.text[len - 1] == ' ' || new.text[len - 1] == '-', sign = *piece->part[0] == ' ' || *piece->part[0] == '-';
	const char *parts[] = {first || sign ? "" : r->joiner, piece->part[0], piece->part[1], piece->part[2]};
	bool capital = first || *r->joiner;
	for (size_t i = 0; i < 4; i++) {
		size_t more = parts[i] ? strlen(parts[i]) : 0;
		if (len + more >= sizeof new.text)
			return;
		if (more)
			memcpy(new.text + len, parts[i], more + 1);
		if (i && more && capital && new.text[len] >= 'a' && new.text[len] <= 'z')
			new.text[len] = (char)(new.text[len] - 'a' + 'A');
		capital = capital && !(i && more);
		len += more;
	}
	new.cost += piece->cost;
	keep(to, &new);
}

static void add(struct reading *g, const struct piece *piece)
{
	for (size_t i = 0; i < g->at[piece->from].count; i++)
		write_piece(g->r, piece, &g->at[piece->from].best[i], &g->at[piece->to]);
}

static bool stands_at(const struct reading *g, size_t at, struct bytes text)
{
	return bytes_equal(bytes_slice(g->name, at, text.len), text);
}

static bool may_end(const struct reading *g, size_t at)
{
	return names_syllable_begins(bytes_slice(g->name, at, g->name.len));
}

static bool is_stacker(const struct reading *g, size_t at)
{
	return *g->r->stacker && stands_at(g, at, bytes_str(g->r->stacker));
}

static void read_finals(struct reading *g, struct piece piece, size_t part)
{
	for (size_t i = 0; i < g->r->finals.count; i++) {
		const struct entry *e = &g->r->finals.entries[i];
		size_t end = piece.to + e->text.len;
		if (!stands_at(g, piece.to, e->text) || !(may_end(g, end) || is_stacker(g, end)))
			continue;
		for (size_t k = 0; k < SPELLINGS_MAX && e->spelling[0][k]; k++) {
			struct piece closed = piece;
			closed.part[part] = e->spelling[0][k];
			closed.cost += COST_FINAL + (unsigned)k * COST_SPELLING;
			closed.to = end;
			add(g, &closed);
		}
	}
}

static void read_rhymes(struct reading *g, struct piece piece, bool second)
{
	for (size_t i = 0; i < g->r->rhymes.count; i++) {
		const struct entry *e = &g->r->rhymes.entries[i];
		bool alone = bytes_equal(e->text, BYTES_LIT("-"));
		if (!alone && !stands_at(g, piece.to, e->text))
			continue;
		for (size_t k = 0; k < SPELLINGS_MAX && e->spelling[second][k]; k++) {
			struct piece rhymed = piece;
			rhymed.part[1] = e->spelling[second][k];
			rhymed.to += alone ? 0 : e->text.len;
			rhymed.cost += (unsigned)k * COST_SPELLING + (alone ? COST_BARE : 0);
			if (!alone)
				read_finals(g, rhymed, 2);
			if (e->text.len && may_end(g, rhymed.to))
				add(g, &rhymed);
		}
	}
}

static void read_syllables(struct reading *g, size_t from)
{
	/* Below another's final: its sign is passed over. */
	size_t at = from + (is_stacker(g, from) ? strlen(g->r->stacker) : 0);
	unsigned cost = COST_SYLLABLE + (at > from ? COST_STACKED : 0);
	for (size_t i = 0; i < g->r->onsets.count; i++) {
		const struct entry *e = &g->r->onsets.entries[i];
		if (!stands_at(g, at, e->text))
			continue;
		for (size_t k = 0; k < SPELLINGS_MAX && e->spelling[0][k]; k++) {
			unsigned signs = (unsigned)e->text.len / 3 - 1; /* three bytes each, in all these scripts */
			struct piece piece = {from, at + e->text.len, cost + (unsigned)k * COST_SPELLING + signs * COST_ONSET,
					      {e->spelling[0][k], NULL, NULL}};
			read_rhymes(g, piece, e->second_series);
		}
	}
	for (size_t i = 0; i < g->r->independent.count; i++) {
		const struct entry *e = &g->r->independent.entries[i];
		if (!stands_at(g, at, e->text))
			continue;
		for (size_t k = 0; k < SPELLINGS_MAX && e->spelling[0][k]; k++) {
			struct piece piece = {from, at + e->text.len, cost + (unsigned)k * COST_SPELLING, {e->spelling[0][k], NULL, NULL}};
			read_finals(g, piece, 1);
			if (may_end(g, piece.to))
				add(g, &piece);
		}
	}
}

static void read_words(struct reading *g, size_t from)
{
	for (size_t i = 0; i < g->r->words.count; i++) {
		const struct entry *e = &g->r->words.entries[i];
		if (!stands_at(g, from, e->text) || !may_end(g, from + e->text.len))
			continue;
		for (size_t k = 0; k < SPELLINGS_MAX && e->spelling[0][k]; k++) {
			struct piece piece = {from, from + e->text.len, COST_WORD + (unsigned)k * COST_SPELLING,
					      {e->spelling[0][k], NULL, NULL}};
			add(g, &piece);
		}
	}
}

static void read_name(struct reading *g)
{
	g->at[0].count = 1; /* nothing read, nothing written */
	for (size_t i = 0; i < g->name.len; i++) {
		if (!g->at[i].count)
			continue;
		if (g->name.ptr[i] == ' ' || g->name.ptr[i] == '-') {
			char sign[2] = {(char)g->name.ptr[i], 0};
			struct piece piece = {i, i + 1, 0, {sign, NULL, NULL}};
			add(g, &piece);
			continue;
		}
		read_words(g, i);
		read_syllables(g, i);
	}
}

/* Normalised, without invisible signs. */
static enum rc prepare(struct bytes name, struct buf *out)
{
	static const char *const invisible[] = {"\u200B", "\u200C", "\u200D", "\u2060"};
	struct buf normal = BUF_INIT(3 * ROMANISE_TEXT_MAX);
	enum rc rc = name.len > ROMANISE_TEXT_MAX ? RC_TOO_LARGE : names_normalise(name, &normal);
	for (size_t i = 0; rc == RC_OK && i < normal.len; i++) {
		bool skip = false;
		for (size_t k = 0; k < sizeof invisible / sizeof *invisible && !skip; k++)
			skip = bytes_equal(bytes_slice(buf_bytes(&normal), i, 3), bytes_str(invisible[k]));
		if (skip)
			i += 2;
		else
			buf_byte(out, normal.ptr[i]);
	}
	buf_release(&normal);
	return rc != RC_OK ? rc : buf_failed(out) ? RC_NO_MEMORY : RC_OK;
}

enum rc romanise(const struct pack *p, struct bytes name, struct romanise_list *ret)
{
	struct buf text = BUF_INIT(3 * ROMANISE_TEXT_MAX);
	struct reading g = {.r = p->romanisation};
	ret->count = 0;
	enum rc rc = prepare(name, &text);
	if (rc != RC_OK || !g.r || !text.len)
		goto out;
	g.name = buf_bytes(&text);
	g.at = calloc(text.len + 1, sizeof *g.at);
	if (!g.at) {
		rc = RC_NO_MEMORY;
		goto out;
	}
	read_name(&g);
	const struct place *end = &g.at[text.len];
	for (; ret->count < end->count && end->best[ret->count].cost <= end->best[0].cost + COST_MARGIN; ret->count++)
		memcpy(ret->text[ret->count], end->best[ret->count].text, ROMANISE_RESULT_SIZE);
	wipe(g.at, (text.len + 1) * sizeof *g.at);
out:
	free(g.at);
	buf_release(&text);
	return rc;
}

/* ---- reading the pack ---- */

static void load_spellings(struct loader *l, const struct node *n, const char *out[static SPELLINGS_MAX])
{
	size_t count = json_array_size(n->json);
	if (!count || count > SPELLINGS_MAX) {
		load_mistake(l, n->pointer, "must be a list of 1 to %d spellings", SPELLINGS_MAX);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get(n->json, i);
		const char *text = json_string_value(item);
		bool latin = text != NULL;
		for (const char *c = text; c && *c; c++)
			latin = latin && ((*c >= 'a' && *c <= 'z') || *c == '\'');
		if (!latin) {
			load_mistake(l, n->pointer, "spellings are small Latin letters");
			return;
		}
		out[i] = load_copy(l, text);
	}
}

static void load_entry(struct loader *l, const struct node *n, const char *text, struct entry *e)
{
	struct buf key = BUF_INIT(256);
	if (*text && names_normalise(bytes_str(text), &key) != RC_OK)
		load_mistake(l, n->pointer, "its name is not a text");
	const char *copy = *text && buf_cstr(&key) ? load_copy(l, buf_cstr(&key)) : "";
	e->text = bytes_str(copy);
	buf_release(&key);
	bool pair = json_is_array(json_array_get(n->json, 0));
	for (size_t i = 0; i < SERIES; i++) {
		struct node list = *n;
		if (pair)
			list = load_item(n, i);
		load_spellings(l, &list, e->spelling[i]);
	}
}

static void load_table(struct loader *l, const struct node *root, const char *name, struct table *t)
{
	struct node n = load_member(root, name);
	const char *key;
	json_t *value;
	if (!n.json || !load_is_object(l, &n))
		return;
	if (json_object_size(n.json) > ENTRIES_MAX) {
		load_mistake(l, n.pointer, "has more than %d entries", ENTRIES_MAX);
		return;
	}
	t->entries = LOAD_ARRAY(l, struct entry, json_object_size(n.json));
	if (!t->entries)
		return;
	json_object_foreach((json_t *)(uintptr_t)n.json, key, value) {
		struct node item = load_member(&n, key);
		bool rhyme = strcmp(name, "rhymes") == 0;
		if (!*key && !rhyme)
			load_mistake(l, n.pointer, "has an entry without a text");
		else
			load_entry(l, &item, key, &t->entries[t->count++]);
	}
}

static void load_second_series(struct loader *l, const struct node *root, struct table *onsets)
{
	struct node list;
	size_t n = load_count(l, root, "second_series", ENTRIES_MAX, &list);
	for (size_t i = 0; i < n; i++) {
		struct node item = load_item(&list, i);
		const char *text = load_own_text(l, &item);
		bool found = false;
		for (size_t k = 0; text && k < onsets->count; k++)
			if (bytes_equal(onsets->entries[k].text, bytes_str(text)))
				found = onsets->entries[k].second_series = true;
		if (text && !found)
			load_mistake(l, item.pointer, "is none of the onsets");
	}
}

void romanise_load(struct loader *l, const char *file)
{
	struct node root = {.json = load_file(l, file)};
	struct romanisation *r = LOAD_ARRAY(l, struct romanisation, 1);
	if (!root.json || !r || !load_is_object(l, &root)) {
		json_decref((json_t *)(uintptr_t)root.json);
		return;
	}
	load_known(l, &root, "certainty source joiner stacker words onsets second_series rhymes independent finals");
	load_word(l, &root, "certainty", load_certainties, -1);
	load_text(l, &root, "source", LOAD_REQUIRED);
	const char *joiner = load_text(l, &root, "joiner", LOAD_OPTIONAL), *stacker = load_text(l, &root, "stacker", LOAD_OPTIONAL);
	r->joiner = joiner ? joiner : "";
	r->stacker = stacker ? stacker : "";
	load_table(l, &root, "words", &r->words);
	load_table(l, &root, "onsets", &r->onsets);
	load_table(l, &root, "rhymes", &r->rhymes);
	load_table(l, &root, "independent", &r->independent);
	load_table(l, &root, "finals", &r->finals);
	load_second_series(l, &root, &r->onsets);
	l->pack->romanisation = r;
	json_decref((json_t *)(uintptr_t)root.json);
}
