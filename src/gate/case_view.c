/* SPDX-License-Identifier: MPL-2.0 */
/* A case as an officer reads it: declaration, history, what the pack says of it, and what may be done next. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "country/strings.h"
#include "country/view.h"
#include "gate/handlers.h"
#include "gate/state.h"
#include "intake/case.h"
#include "register/evidence.h"

enum { HISTORY_MAX = 32, NOTES_MAX = 6, ATTACHMENTS_MAX = 32 };

enum purpose case_purpose(const struct call *c)
{
	switch (c->session.staff.role) {
	case ROLE_DISTRICT_VERIFIER:
		return PURPOSE_VERIFICATION;
	case ROLE_REGISTRAR:
		return PURPOSE_REGISTRATION;
	default:
		return PURPOSE_CASE_WORK;
	}
}

enum rc case_purpose_of(struct call *c, enum purpose *ret)
{
	struct bytes said = guard_header(&c->q->head, "Civis-Purpose");
	if (said.ptr) {
		*ret = purpose_parse(said);
		return *ret != PURPOSE_NONE ? RC_OK
			: err_set(&c->err, RC_BAD_REQUEST, "Civis-Purpose", "there is no such purpose");
	}
	*ret = case_purpose(c);
	return RC_OK;
}

struct opened {
	json_t *declaration;
	json_t *notice; /* what was notified, where somebody completed it since */
	struct store_transition *history;
	size_t history_count;
	json_t *note[HISTORY_MAX];
};

static json_t *parse(struct bytes text)
{
	return text.len ? json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL) : NULL;
}

/* What is opened together, in one look. */
struct opening {
	struct vault_open_item items[VAULT_ITEMS_MAX];
	size_t of[VAULT_ITEMS_MAX]; /* the step of a note */
	size_t n;
};

static void add_item(struct opening *o, const struct store_case *k, uint64_t version, uint32_t aux, struct bytes sealed)
{
	o->items[o->n++] = (struct vault_open_item){{KIND_CASE, k->case_id, k->person_id, version, aux}, sealed};
}

/* The declaration as it stood at a version of the case; 0: as it stands. */
static enum rc add_version(struct call *c, const struct store_case *k, uint64_t version, struct opening *o)
{
	struct bytes sealed = k->sealed;
	uint64_t at = k->sealed_version;
	enum rc rc = version ? store_case_version_get(c->desk.reader, k->person_id, k->case_id, version, c->desk.arena, &sealed,
	                                              &at, &c->err) : RC_OK;
	if (rc == RC_OK)
		add_item(o, k, at, 0, sealed);
	return rc;
}

/* The last version of the case that was a notification, which somebody completed since; 0: there is none. What is shown
   of it, or of a version before it, leaves undisclosed whom the completed declaration does. */
static uint64_t notice_version(struct call *c, const struct store_case *k, const struct opened *o)
{
	const struct workflow *w = case_workflow(&c->desk, k);
	for (size_t i = 0; w && i < o->history_count; i++) {
		const struct workflow_state *from = workflow_state(w, o->history[i].from_state);
		const struct workflow_state *to = workflow_state(w, o->history[i].to_state);
		if (from && from->notice && to && !to->notice && k->sealed_version >= o->history[i].version)
			return o->history[i].version - 1;
	}
	return 0;
}

static void add_notes(const struct store_case *k, const struct opened *opened, struct opening *o)
{
	for (size_t i = opened->history_count, kept = 0; i-- > 0 && o->n < VAULT_ITEMS_MAX && kept < NOTES_MAX;) {
		const struct store_transition *t = &opened->history[i];
		if (!t->note_sealed.len)
			continue;
		o->of[o->n] = i;
		add_item(o, k, t->version, CASE_NOTE_AUX, t->note_sealed);
		kept++;
	}
}

/* The declaration, the notice before it, and the latest notes. */
static enum rc open_case(struct call *c, const struct store_case *k, enum purpose purpose, uint64_t version,
                         struct opened *ret)
{
	struct opening o = {0};
	struct bytes plain[VAULT_ITEMS_MAX];
	ret->history = ARENA_ARRAY(c->desk.arena, struct store_transition, HISTORY_MAX);
	if (!ret->history)
		return RC_NO_MEMORY;
	enum rc rc = store_case_history(c->desk.reader, k->person_id, k->case_id, c->desk.arena, ret->history, HISTORY_MAX,
	                                &ret->history_count, &c->err);
	if (rc == RC_OK)
		rc = add_version(c, k, version, &o);
	uint64_t notice = rc == RC_OK ? notice_version(c, k, ret) : 0;
	bool asked = version && version <= notice; /* for the notice itself: what completed it is opened beside it */
	if (version && !asked)
		notice = 0;
	if (rc == RC_OK && notice)
		rc = add_version(c, k, asked ? 0 : notice, &o);
	size_t notes = o.n;
	if (rc == RC_OK)
		add_notes(k, ret, &o);
	if (rc == RC_OK)
		rc = vault_open(c->desk.vault, c->desk.token, purpose, o.items, o.n, c->desk.arena, plain, &c->err);
	if (rc != RC_OK)
		return rc;
	ret->declaration = parse(plain[0]);
	json_t *other = notice ? parse(plain[1]) : NULL;
	const struct form *form = pack_form(c->desk.pack, k->kind);
	if (form && other)
		form_undisclose(form, asked ? other : ret->declaration, asked ? ret->declaration : other);
	if (asked)
		json_decref(other);
	else
		ret->notice = other;
	for (size_t i = notes; i < o.n; i++)
		ret->note[o.of[i]] = parse(plain[i]);
	return ret->declaration ? RC_OK : RC_CORRUPT;
}

static json_t *history_json(struct call *c, const struct workflow *w, struct opened *o)
{
	json_t *list = json_array();
	for (size_t i = 0; i < o->history_count; i++) {
		const struct store_transition *t = &o->history[i];
		json_t *j = json_pack("{s:s,s:s,s:s,s:o,s:o,s:I}", "transition", t->name, "from", t->from_state, "to", t->to_state,
		                      "at", json_instant(t->at), "staff", json_id(t->staff_id), "version", (json_int_t)t->version);
		const struct workflow_transition *move = workflow_with_paper(w, t->name, t->from_state, t->to_state);
		if (j && o->note[i])
			json_object_update_missing(j, o->note[i]);
		if (j && move && t->note_sealed.len)
			json_object_set_new(j, "paper", json_string(strings_get(c->desk.pack, c->language, move->paper->title)));
		json_decref(o->note[i]);
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *attachments_json(struct call *c, const struct store_case *k)
{
	struct store_attachment *items = ARENA_ARRAY(c->desk.arena, struct store_attachment, ATTACHMENTS_MAX);
	json_t *list = json_array();
	size_t n = 0;
	if (!items || store_attachments(c->desk.reader, k->person_id, k->case_id, items, ATTACHMENTS_MAX, &n, &c->err) != RC_OK)
		return list;
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:o,s:s,s:s,s:I,s:b,s:o}", "id", json_id(items[i].attachment_id), "kind",
		                                      items[i].kind, "media_type", items[i].media_type, "length",
		                                      (json_int_t)items[i].length, "current",
		                                      items[i].sealed_version == k->sealed_version, "at", json_instant(items[i].at)));
	return list;
}

/* ---- what the pack says of it ---- */

static void set_title(struct call *c, json_t *j, const char *key)
{
	if (key)
		json_object_set_new(j, "title", json_string(strings_get(c->desk.pack, c->language, key)));
}

static json_t *law_json(struct call *c, const char *id)
{
	const struct pack_law *law = id ? pack_law(c->desk.pack, id) : NULL;
	return law ? json_pack("{s:s,s:s,s:s,s:s}", "id", law->id, "native", law->native, "latin", law->latin, "certainty",
	                       law->certainty) : json_null();
}

static json_t *fee_json(struct call *c, const struct workflow_band *b)
{
	const struct workflow_fee *fee = b ? b->fee : NULL;
	return fee ? json_pack("{s:I,s:s,s:o,s:s*}", "amount", (json_int_t)fee->amount, "currency", fee->currency, "law",
	                       law_json(c, fee->law), "certainty", fee->certainty) : json_null();
}

static void add_band(struct call *c, const struct store_case *k, const struct workflow *w, json_t *j)
{
	const struct workflow_band *b = k->band[0] ? workflow_band_by_name(w, k->band) : NULL;
	json_t *expected = json_array();
	for (size_t i = 0; b && i < b->evidence_count; i++)
		json_array_append_new(expected, json_string(b->evidence[i]));
	json_object_set_new(j, "evidence_expected", expected);
	json_object_set_new(j, "fee", fee_json(c, b));
	json_t *band = b ? json_pack("{s:s,s:o,s:s*}", "name", b->name, "law", law_json(c, b->law), "certainty", b->certainty)
	                 : json_null();
	if (b)
		set_title(c, band, b->label);
	json_object_set_new(j, "band", band);
}

static json_t *words_json(const char *const *words, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(words[i]));
	return list;
}

static json_t *needs_json(const struct workflow_transition *t, const json_t *declaration)
{
	static const char *const shown[] = {"listed", "attached", "current"};
	json_t *list = json_array();
	for (size_t i = 0; i < t->needs_count; i++)
		if (evidence_asked(&t->needs[i], declaration))
			json_array_append_new(list, json_pack("{s:o,s:s}", "of", words_json(t->needs[i].of, t->needs[i].of_count), "shown",
			                                      shown[t->needs[i].shown]));
	return list;
}

static json_t *next_json(struct call *c, const struct workflow_transition *t, const json_t *declaration)
{
	json_t *details = NULL, *j = json_pack("{s:s,s:s?,s:b,s:o,s:o,s:b,s:b}", "transition", t->name, "to", t->to, "reason",
	                                       t->needs_reason, "reasons", words_json(t->reasons, t->reason_count), "needs",
	                                       needs_json(t, declaration), "office", t->to_office, "declaration",
	                                       t->effect == EFFECT_AMEND);
	if (t->details && form_schema(t->details, FORM_WHOLE, &details) == RC_OK) {
		json_object_set_new(j, "details", details);
		json_object_set_new(j, "form", view_details(t->details));
	}
	set_title(c, j, t->label);
	return j;
}

/* A name stands there once, though the pack may have several of it. */
json_t *case_next_moves(struct call *c, const struct store_case *k, const struct workflow *w, const json_t *declaration)
{
	json_t *list = json_array();
	bool held = !id_is_zero(k->holder) && k->hold_until > c->desk.now, mine = held && id_equal(k->holder, desk_staff_id(&c->desk));
	for (size_t i = 0; (!held || mine) && i < w->transition_count; i++) {
		const struct workflow_transition *t = NULL;
		const struct workflow_ask ask = case_ask(&c->desk, k, w->transitions[i].name, NULL, true);
		if (workflow_may(w, &ask, &t) == RC_OK && t == &w->transitions[i] && (t->effect != EFFECT_RELEASE || mine) &&
		    evidence_lets(t, declaration))
			json_array_append_new(list, next_json(c, t, declaration));
	}
	return list;
}

/* What is unusual in the declaration as it is now read. */
static json_t *warnings_json(struct call *c, const struct store_case *k, const struct workflow *w, json_t *declaration)
{
	struct form_errors *found = ARENA_ARRAY(c->desk.arena, struct form_errors, 2);
	const struct form *form = pack_form(c->desk.pack, k->kind);
	json_t *copy = json_deep_copy(declaration);
	json_t *list = NULL;
	if (found && form && copy && case_check(&c->desk, form, workflow_state(w, k->state), copy, &found[0], &found[1]) != RC_NO_MEMORY)
		list = case_warnings(c, &found[1]);
	json_decref(copy);
	return list ? list : json_array();
}

static json_t *case_json(struct call *c, const struct store_case *k, const struct workflow *w, struct opened *o)
{
	static const uint8_t none[STORE_HASH];
	bool held = !id_is_zero(k->holder) && k->hold_until > c->desk.now;
	json_t *j = json_pack("{s:o,s:s,s:s,s:I,s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o}", "id", json_id(k->case_id), "kind", k->kind,
	                      "state", k->state, "version", (json_int_t)k->version, "office", k->office, "regime", k->regime,
	                      "language", k->language, "holder", held ? json_id(k->holder) : json_null(), "created",
	                      json_instant(k->created), "deadline", json_instant(k->deadline), "person_id",
	                      json_id(k->person_id), "about", json_id(k->about), "act_id", json_id(k->act_id));
	if (!j)
		return NULL;
	json_object_set_new(j, "warnings", warnings_json(c, k, w, o->declaration));
	json_object_set_new(j, "declaration", o->declaration);
	if (o->notice)
		json_object_set_new(j, "notice", o->notice);
	json_object_set_new(j, "history", history_json(c, w, o));
	json_object_set_new(j, "attachments", attachments_json(c, k));
	json_object_set_new(j, "number_reserved", json_boolean(memcmp(k->number_claim, none, sizeof none) != 0));
	add_band(c, k, w, j);
	json_object_set_new(j, "next", case_next_moves(c, k, w, o->declaration));
	return j;
}

/* ?version=: 0 if it is not asked for. */
static enum rc read_version(struct call *c, const struct store_case *k, uint64_t *ret)
{
	const char *text = call_query(c, "version");
	*ret = 0;
	if (text && (u64_parse(bytes_str(text), k->version, ret) != RC_OK || *ret == 0))
		return call_wrong(c, "?version", "not_a_choice", 0);
	return RC_OK;
}

enum rc case_get(struct call *c)
{
	struct store_case k;
	struct opened o = {0};
	enum purpose purpose;
	uint64_t version;
	enum rc rc = case_of_call(c, &k);
	if (rc == RC_OK)
		rc = read_version(c, &k, &version);
	if (rc == RC_OK)
		rc = case_purpose_of(c, &purpose);
	const struct workflow *w = rc == RC_OK ? case_workflow(&c->desk, &k) : NULL;
	if (rc == RC_OK && !w)
		rc = err_set(&c->err, RC_CONFIG, "kind", "the pack has no workflow of this kind");
	if (rc == RC_OK)
		rc = open_case(c, &k, purpose, version, &o);
	if (rc != RC_OK)
		return rc;
	json_t *j = case_json(c, &k, w, &o);
	if (!j)
		return RC_NO_MEMORY;
	json_object_set_new(j, "duplicates", case_duplicates(c, &k, o.declaration));
	case_etag(c, k.version);
	return call_json(c, 200, j);
}
