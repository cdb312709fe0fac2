/* SPDX-License-Identifier: MPL-2.0 */
/* Which evidence is enough for a move, in a real store: what was listed, what is attached, and to which declaration. */
#include "register/evidence.h"

#include <string.h>

#include "packs.h"
#include "store_fixture.h"

struct office {
	struct fixture f;
	struct store_reader *r;
	struct pack *pack;
	struct arena *arena;
	struct birth b;
	struct err e;
};

static bool office_open(struct office *o, const char *pack)
{
	*o = (struct office){.pack = pack_open(pack), .arena = arena_new(1 << 20), .e = ERR_NONE};
	return ok(o->pack && o->arena && fixture_init(&o->f) && store_reader_open(o->f.store, &o->r, &o->e) == RC_OK &&
	          birth_declare(o->f.store, &o->b, "khm/12/1201/120101", &o->e) == RC_OK);
}

static void office_close(struct office *o)
{
	store_reader_close(&o->r);
	fixture_release(&o->f);
	arena_free(&o->arena);
	pack_free(&o->pack);
}

/* Begun while the declaration of that version stood. */
static void attach(struct office *o, const char *kind, uint64_t sealed_version)
{
	char key[ID_TEXT_SIZE];
	struct store_result out;
	struct store_upload_create in = {.request = fixture_request(key, 1), .max_open = 1, .upload = {
		.upload_id = id_new(), .person_id = o->b.person, .case_id = o->b.case_id, .principal = "staff:1", .length = 1,
		.created = 1, .expires = 100}};
	snprintf(in.upload.kind, sizeof in.upload.kind, "%s", kind);
	eq_int(store_upload_create(o->f.store, &in, &out, &o->e), RC_OK);
	eq_int(store_upload_append(o->f.store, in.upload.upload_id, 0, 0, 1, BYTES_LIT("sealed"), &o->e), RC_OK);
	eq_int(store_upload_finish(o->f.store, in.upload.upload_id, "image/png", sealed_version, 5, &o->e), RC_OK);
}

/* For the move of that name in this workflow, the declaration of `sealed_version` being this (stolen; may be NULL). */
static enum rc enough_in(struct office *o, const struct workflow *w, const char *move, uint64_t sealed_version, json_t *declaration)
{
	const struct workflow_transition *t = workflow_transition(w, move);
	const struct desk d = {.store = o->f.store, .reader = o->r, .pack = o->pack, .arena = o->arena, .err = &o->e};
	struct store_case c = {.person_id = o->b.person, .case_id = o->b.case_id, .sealed_version = sealed_version};
	snprintf(c.kind, sizeof c.kind, "%s", w->kind);
	enum rc rc = evidence_check(&d, &c, t, declaration);
	json_decref(declaration);
	return rc;
}

/* The same in the invented country, of a declaration that lists `listed`. */
static enum rc enough(struct office *o, const char *kind, const char *move, uint64_t sealed_version, const char *listed)
{
	return enough_in(o, pack_workflow(o->pack, kind), move, sealed_version,
	                 listed ? json_pack("{s:[{s:s}]}", "shown", "kind", listed) : NULL);
}

TEST(what_is_listed_or_attached_at_any_time_is_enough_where_nothing_has_to_be_current)
{
	struct office o;
	if (!office_open(&o, "zed"))
		return;
	eq_int(enough(&o, "arrival", "write", 1, NULL), RC_INVALID);
	eq_str(o.e.where, EVIDENCE_MISSING);
	eq_int(enough(&o, "arrival", "write", 1, "feather"), RC_OK);
	attach(&o, "shell", 1);
	eq_int(enough(&o, "arrival", "write", 7, NULL), RC_OK);
	eq_int(enough(&o, "leaving", "write", 7, NULL), RC_OK); /* it needs none */
	office_close(&o);
}

TEST(what_has_to_be_current_is_attached_to_the_declaration_as_it_stands)
{
	struct office o;
	if (!office_open(&o, "zed"))
		return;
	eq_int(enough(&o, "renaming", "write", 1, "shell"), RC_INVALID); /* a list is no signature */
	eq_str(o.e.where, EVIDENCE_NOT_CURRENT);
	attach(&o, "shell", 1);
	eq_int(enough(&o, "renaming", "write", 1, NULL), RC_OK);
	eq_int(enough(&o, "renaming", "write", 3, NULL), RC_INVALID); /* replaced since */
	eq_str(o.e.where, EVIDENCE_NOT_CURRENT);
	attach(&o, "feather", 3); /* of another kind */
	eq_int(enough(&o, "renaming", "write", 3, "shell"), RC_INVALID);
	attach(&o, "shell", 3);
	eq_int(enough(&o, "renaming", "write", 3, NULL), RC_OK);
	office_close(&o);
}

static json_t *with_second_parent(const char *basis, const char *listed)
{
	return json_pack("{s:{s:s},s:[{s:s}]}", "father", "basis", basis, "evidence", "kind", listed);
}

TEST(what_is_said_decides_what_is_needed)
{
	static const char *const packs[] = {"khm", "mmr"};
	for (size_t i = 0; i < 2; i++) {
		struct office o;
		if (!office_open(&o, packs[i]))
			return;
		const struct workflow *w = pack_workflow(o.pack, "birth");
		attach(&o, "signed_draft", 2);
		eq_int(enough_in(&o, w, "register", 2, with_second_parent("marriage", "birth_notice")), RC_OK);
		eq_int(enough_in(&o, w, "register", 2, json_object()), RC_OK);
		eq_int(enough_in(&o, w, "register", 2, with_second_parent("court_order", "birth_notice")), RC_INVALID);
		eq_str(o.e.where, EVIDENCE_MISSING);
		eq_int(enough_in(&o, w, "register", 2, with_second_parent("court_order", "court_order")), RC_INVALID); /* no scan */
		eq_int(enough_in(&o, w, "register", 2, NULL), RC_INVALID); /* who does not know what was said may not leave it out */
		attach(&o, "court_order", 1); /* it is not of the text, and need not be current */
		eq_int(enough_in(&o, w, "register", 2, with_second_parent("court_order", "birth_notice")), RC_OK);
		eq_int(enough_in(&o, w, "register", 3, with_second_parent("court_order", "birth_notice")), RC_INVALID);
		eq_str(o.e.where, EVIDENCE_NOT_CURRENT);
		office_close(&o);
	}
}

TEST(each_thing_that_is_needed_has_to_be_there)
{
	struct office o;
	if (!office_open(&o, "khm"))
		return;
	const struct workflow *w = pack_workflow(o.pack, "foundling");
	eq_int(enough_in(&o, w, "register", 1, with_second_parent("marriage", "finder_report")), RC_INVALID);
	eq_str(o.e.where, EVIDENCE_NOT_CURRENT);
	attach(&o, "thumbprint_draft", 1);
	eq_int(enough_in(&o, w, "register", 1, json_object()), RC_INVALID);
	eq_str(o.e.where, EVIDENCE_MISSING);
	eq_int(enough_in(&o, w, "register", 1, with_second_parent("marriage", "finder_report")), RC_OK);
	office_close(&o);
}

TEST(a_page_of_a_book_is_seen_and_not_listed)
{
	struct office o;
	if (!office_open(&o, "khm"))
		return;
	const struct workflow *w = pack_workflow_in(o.pack, "birth", "paper");
	for (const char *const *move = (const char *const[]){"compare", "register", NULL}; *move; move++) {
		eq_int(enough_in(&o, w, *move, 1, with_second_parent("court_order", "book_page")), RC_INVALID);
		eq_str(o.e.where, EVIDENCE_MISSING);
	}
	attach(&o, "book_page", 1);
	/* What was decided when the entry was made on paper is not decided anew. */
	eq_int(enough_in(&o, w, "compare", 2, with_second_parent("court_order", "birth_notice")), RC_OK);
	eq_int(enough_in(&o, w, "register", 2, with_second_parent("court_order", "birth_notice")), RC_OK);
	office_close(&o);
}

int main(void)
{
	RUN(what_is_said_decides_what_is_needed);
	RUN(each_thing_that_is_needed_has_to_be_there);
	RUN(a_page_of_a_book_is_seen_and_not_listed);
	RUN(what_is_listed_or_attached_at_any_time_is_enough_where_nothing_has_to_be_current);
	RUN(what_has_to_be_current_is_attached_to_the_declaration_as_it_stands);
	return tap_done();
}
