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

static bool office_open(struct office *o)
{
	*o = (struct office){.pack = pack_open("zed"), .arena = arena_new(1 << 20), .e = ERR_NONE};
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

/* For the move of that name in this workflow of the invented country, the declaration of `sealed_version` listing `listed`. */
static enum rc enough(struct office *o, const char *kind, const char *move, uint64_t sealed_version, const char *listed)
{
	const struct workflow_transition *t = workflow_transition(pack_workflow(o->pack, kind), move);
	const struct desk d = {.store = o->f.store, .reader = o->r, .pack = o->pack, .arena = o->arena, .err = &o->e};
	struct store_case c = {.person_id = o->b.person, .case_id = o->b.case_id, .sealed_version = sealed_version};
	json_t *declaration = listed ? json_pack("{s:[{s:s}]}", "shown", "kind", listed) : NULL;
	snprintf(c.kind, sizeof c.kind, "%s", kind);
	enum rc rc = evidence_check(&d, &c, t, declaration);
	json_decref(declaration);
	return rc;
}

TEST(what_is_listed_or_attached_at_any_time_is_enough_where_nothing_has_to_be_current)
{
	struct office o;
	if (!office_open(&o))
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
	if (!office_open(&o))
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

int main(void)
{
	RUN(what_is_listed_or_attached_at_any_time_is_enough_where_nothing_has_to_be_current);
	RUN(what_has_to_be_current_is_attached_to_the_declaration_as_it_stands);
	return tap_done();
}
