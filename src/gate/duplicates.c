/* SPDX-License-Identifier: MPL-2.0 */
/* Who might be the same as the child of a case: advice of the matcher, shown side by side. */
#include <string.h>

#include "codec/cbor.h"
#include "gate/handlers.h"
#include "gate/state.h"

/* Keys of an index record (country/form.h). */
enum { INDEX_CHILD = 1, INDEX_BIRTH = 3, INDEX_MOTHER = 4, INDEX_ORDER = 11 };

/* Text of an index record's field, or null. */
static json_t *index_text(struct bytes record, uint64_t key)
{
	struct bytes item, text;
	if (!cbor_map_find_uint(record, key, &item) || !cbor_as_text(item, &text))
		return json_null();
	return json_stringn((const char *)text.ptr, text.len);
}

static json_t *candidate_json(const struct vault_candidate *v, struct bytes record)
{
	return json_pack("{s:o,s:o,s:i,s:i,s:{s:o,s:o,s:o,s:o},s:{s:o,s:o,s:o},s:o}", "person_id", json_id(v->person), "object_id",
	                 json_id(v->object), "score", (int)v->score, "agree", (int)v->flags, "child", "native",
	                 index_text(record, 1), "latin", index_text(record, 2), "birth_date", index_text(record, 3), "sex",
	                 index_text(record, 7), "mother", "native", index_text(record, 4), "latin", index_text(record, 5),
	                 "birth_date", index_text(record, 6), "place", index_text(record, 8));
}

/* The case whose index record stands for a candidate: itself, or the one with which the person began. */
static enum rc candidate_case(struct call *c, const struct vault_candidate *v, struct store_case *ret)
{
	struct store_act *first = ARENA_NEW(c->desk.arena, struct store_act);
	size_t n;
	if (!first)
		return RC_NO_MEMORY;
	enum rc rc = store_case_get(c->desk.reader, v->object, c->desk.arena, ret, &c->err);
	if (rc != RC_NOT_FOUND)
		return rc;
	rc = store_person_acts(c->desk.reader, v->person, c->desk.arena, first, 1, &n, &c->err);
	return rc == RC_OK ? store_case_get(c->desk.reader, first->case_id, c->desk.arena, ret, &c->err) : rc;
}

/* ---- of one delivery ---- */

/* What the declaration says under a key of the index record; NULL: nothing. */
static const char *indexed(const struct form *f, const json_t *declaration, unsigned key)
{
	for (size_t i = 0; i < f->field_count; i++)
		if (f->fields[i].index == key)
			return json_string_value(form_at(declaration, f->fields[i].path));
	return NULL;
}

enum { SAYS_NOTHING, SAYS_THE_SAME, SAYS_ANOTHER };

static int compare(const struct form *f, const json_t *declaration, struct bytes record, unsigned key)
{
	struct bytes item, text;
	const char *own = indexed(f, declaration, key);
	if (!own || !cbor_map_find_uint(record, key, &item) || !cbor_as_text(item, &text))
		return SAYS_NOTHING;
	return bytes_equal(text, bytes_str(own)) ? SAYS_THE_SAME : SAYS_ANOTHER;
}

static int compare_names(const struct form *f, const json_t *declaration, struct bytes record, unsigned key)
{
	int native = compare(f, declaration, record, key), latin = compare(f, declaration, record, key + 1);
	if (native == SAYS_NOTHING || native == latin)
		return latin;
	return latin == SAYS_NOTHING ? native : SAYS_NOTHING;
}

/* A delivery may last past midnight. */
static bool is_within_a_day(const struct form *f, const json_t *declaration, struct bytes record)
{
	struct bytes item, text;
	struct date here, there;
	const char *own = indexed(f, declaration, INDEX_BIRTH);
	if (!own || !cbor_map_find_uint(record, INDEX_BIRTH, &item) || !cbor_as_text(item, &text) ||
	    !date_parse(own, strlen(own), &here) || !date_parse((const char *)text.ptr, text.len, &there))
		return false;
	int64_t days = date_to_days(there) - date_to_days(here);
	return days >= -1 && days <= 1;
}

/* Which child of the delivery it is: what record and declaration both say decides. */
static int compare_order(const json_t *declaration, struct bytes record)
{
	struct bytes item;
	int64_t other;
	const json_t *own = form_at(declaration, "/delivery/order");
	if (!json_is_integer(own) || !cbor_map_find_uint(record, INDEX_ORDER, &item) || !cbor_as_int(item, &other))
		return SAYS_NOTHING;
	return other == json_integer_value(own) ? SAYS_THE_SAME : SAYS_ANOTHER;
}

/* Children of one delivery have the mother in common and the night: they are shown, and are no duplicates, if each has
   its place in the delivery and no name of the other's. Where a place is not known, each needs a name. */
static bool is_of_one_delivery(const struct form *f, const json_t *declaration, struct bytes record)
{
	if (json_integer_value(form_at(declaration, "/delivery/count")) < 2 || !is_within_a_day(f, declaration, record) ||
	    compare_names(f, declaration, record, INDEX_MOTHER) != SAYS_THE_SAME)
		return false;
	int order = compare_order(declaration, record), name = compare_names(f, declaration, record, INDEX_CHILD);
	return order == SAYS_ANOTHER ? name != SAYS_THE_SAME : order == SAYS_NOTHING && name == SAYS_ANOTHER;
}

/* ---- the list ---- */

struct found {
	json_t *candidates, *same_delivery;
};

static void add_candidate(struct call *c, const struct store_case *own, const json_t *declaration,
                          const struct vault_candidate *v, struct found *out)
{
	const struct form *form = pack_form(c->desk.pack, own->kind);
	struct store_case k;
	struct bytes plain = BYTES_NONE;
	if (id_equal(v->person, own->person_id) || candidate_case(c, v, &k) != RC_OK || !k.index_sealed.len)
		return;
	const struct vault_open_item item = {{KIND_INDEX, k.case_id, k.person_id, k.sealed_version, 0}, k.index_sealed};
	enum rc rc = vault_open(c->desk.vault, c->desk.token, PURPOSE_DUPLICATES, &item, 1, c->desk.arena, &plain, &c->err);
	json_t *j = candidate_json(v, rc == RC_OK ? plain : BYTES_NONE);
	if (j && rc != RC_OK)
		json_object_set_new(j, "not_shown", json_string(rc_name(rc)));
	if (j) {
		const char *mine = desk_scope(&c->desk);
		bool in_reach = scope_covers(mine, k.office) || scope_covers(k.office, mine);
		json_object_set_new(j, "state", json_string(k.state));
		json_object_set_new(j, "case", in_reach ? json_id(k.case_id) : json_null());
	}
	bool twin = form && rc == RC_OK && is_of_one_delivery(form, declaration, plain);
	json_array_append_new(twin ? out->same_delivery : out->candidates, j);
}

json_t *case_duplicates(struct call *c, const struct store_case *k, const json_t *declaration)
{
	const struct vault_open_item item = {{KIND_INDEX, k->case_id, k->person_id, k->sealed_version, 0}, k->index_sealed};
	struct vault_candidates *found = ARENA_NEW(c->desk.arena, struct vault_candidates);
	struct found out = {json_array(), json_array()};
	enum rc rc = found && k->index_sealed.len
		? vault_candidates(c->desk.vault, c->desk.token, &item, found, &c->err) : RC_NOT_FOUND;
	for (size_t i = 0; rc == RC_OK && i < found->n; i++)
		add_candidate(c, k, declaration, &found->items[i], &out);
	if (rc == RC_MATCHER_DOWN || rc == RC_VAULT_DOWN)
		atomic_fetch_add(&c->gate->duplicates_not_searched, 1);
	json_t *j = json_pack("{s:b,s:I,s:o,s:o}", "searched", rc == RC_OK, "position",
	                      (json_int_t)(rc == RC_OK ? found->position : 0), "candidates", out.candidates, "same_delivery",
	                      out.same_delivery);
	if (j && rc != RC_OK)
		json_object_set_new(j, "why_not", json_string(rc_name(rc)));
	c->err = ERR_NONE;
	return j;
}
