/* SPDX-License-Identifier: MPL-2.0 */
/* The papers of the counter (document/papers.h): drafts, slips, blank forms, register pages. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "codec/cbor.h"
#include "country/numbering.h"
#include "credential/cwt.h"
#include "document/papers.h"
#include "gate/handlers.h"
#include "gate/state.h"
#include "intake/case.h"
#include "intake/tracking.h"
#include "register/act.h"
#include "register/places.h"

enum { ENTRIES_A_PAGE = 10, PERSON_ACTS_MAX = 64, PAGE_MAX = 99999999 };

/* As places are called today: these are papers of the day. */
static enum rc place_name(void *ctx, const char *code, const char *language, struct buf *out)
{
	const struct call *c = ctx;
	const struct pack *p = c->desk.pack;
	return places_name(c->desk.reader, p, code, c->desk.now, strcmp(language, p->native_language) == 0, out);
}

/* ?language=, else the one given. */
static enum rc paper_of(struct call *c, const char *fallback, int64_t at, struct paper *ret)
{
	const char *asked = call_query(c, "language");
	const char *language = pack_language(c->desk.pack, asked ? asked : fallback);
	if (!language && asked)
		return call_wrong(c, "?language", "not_a_choice", 0);
	*ret = (struct paper){.pack = c->desk.pack, .language = language ? language : c->desk.pack->native_language, .at = at,
	                      .place_name = place_name, .ctx = c};
	return RC_OK;
}

static enum rc send_paper(struct call *c, const struct buf *pdf, const char *name)
{
	char disposition[96];
	snprintf(disposition, sizeof disposition, "inline; filename=\"%.40s.pdf\"", name);
	http_answer_header(c->a, "Content-Disposition", disposition);
	return call_bytes(c, 200, "application/pdf", buf_bytes(pdf));
}

/* ---- of a case ---- */

/* As people say it: the tracking code, else the first letters of the case's id. */
static const char *code_of(struct call *c, const struct store_case *k)
{
	char id[ID_TEXT_SIZE];
	if (*k->tracking_code)
		return k->tracking_code;
	id_format(k->case_id, id);
	return arena_str(c->desk.arena, bytes_of(id, 8));
}

/* What of the declaration is unusual. It was accepted before, so errors found now are none of the draft's. */
static enum rc find_warnings(struct call *c, const struct form *form, const json_t *declaration, struct form_errors *warnings)
{
	struct form_errors *errors = ARENA_NEW(c->desk.arena, struct form_errors);
	json_t *copy = json_deep_copy(declaration);
	struct desk desk = c->desk;
	struct err ignored = ERR_NONE;
	desk.err = &ignored;
	const struct form_context context = {.now_us = c->desk.now, .place = case_place_lookup, .place_ctx = &desk, .notice = true,
	                                     .warnings = warnings};
	enum rc rc = errors && copy ? form_accept(form, copy, &context, errors) : RC_NO_MEMORY;
	json_decref(copy);
	return rc == RC_INVALID ? RC_OK : rc;
}

enum rc case_draft(struct call *c)
{
	struct store_case *k = ARENA_NEW(c->desk.arena, struct store_case);
	struct form_errors *warnings = ARENA_NEW(c->desk.arena, struct form_errors);
	struct buf pdf = BUF_INIT(SHEET_MAX);
	struct paper p;
	json_t *declaration = NULL;
	if (!k || !warnings)
		return RC_NO_MEMORY;
	enum rc rc = case_of_call(c, k);
	const struct form *form = rc == RC_OK ? pack_form(c->desk.pack, k->kind) : NULL;
	if (rc == RC_OK)
		rc = form ? paper_of(c, k->language, c->desk.now, &p) : RC_NOT_FOUND;
	if (rc == RC_OK)
		rc = case_open(&c->desk, k, case_purpose(c), &declaration);
	if (rc == RC_OK)
		rc = find_warnings(c, form, declaration, warnings);
	if (rc == RC_OK) {
		const struct paper_draft in = {.form = form, .declaration = declaration, .warnings = warnings,
		                               .code = code_of(c, k), .office = k->office};
		rc = paper_draft(&p, &in, &pdf, &c->err);
	}
	if (rc == RC_OK)
		rc = send_paper(c, &pdf, "draft");
	json_decref(declaration);
	buf_release(&pdf);
	return rc;
}

/* A family shows its secret; otherwise the case does not exist for it. */
static enum rc case_in_reach(struct call *c, struct store_case *k)
{
	enum rc rc = call_is_known(c) ? case_of_call(c, k) : RC_UNAUTHENTICATED;
	if (rc == RC_OK && !c->signed_in) {
		const char *secret = call_header(c, "Tracking-Secret");
		rc = secret && tracking_matches(k->case_id, secret, k->tracking_hash) ? RC_OK : RC_NOT_FOUND;
	}
	if (rc == RC_NOT_FOUND)
		c->err = ERR_NONE;
	return rc;
}

/* Of another office on the way up or down, a hospital's clerk among them, only who may open the case: the vault decides,
   and writes the look down. */
static enum rc case_of_anyone(struct call *c, struct store_case *k)
{
	json_t *seen = NULL;
	enum rc rc = case_in_reach(c, k);
	if (rc == RC_OK && c->signed_in && strcmp(k->office, desk_scope(&c->desk)) != 0)
		rc = case_open(&c->desk, k, case_purpose(c), &seen);
	json_decref(seen);
	if (rc == RC_NOT_FOUND)
		c->err = ERR_NONE;
	return rc;
}

static enum rc draw_slip(struct call *c, const struct store_case *k, struct buf *out)
{
	const struct workflow *w = pack_workflow_in(c->desk.pack, k->kind, k->regime);
	const struct form *form = pack_form(c->desk.pack, k->kind);
	const char *slash = strrchr(k->office, '/');
	struct paper p;
	if (!w || !form)
		return RC_NOT_FOUND;
	const struct workflow_state *state = workflow_state(w, k->state);
	const struct paper_slip in = {
		.form = form, .code = k->tracking_code, .office = k->office, .received = k->created, .has_deadline = k->deadline != 0,
		.above = slash ? arena_str(c->desk.arena, bytes_of(k->office, (size_t)(slash - k->office))) : NULL,
		/* the deadline is the end of the last day */
		.deadline = pack_local_date(c->desk.pack, k->deadline - 1, NULL), .notice = state && state->notice,
		.band = *k->band ? workflow_band_by_name(w, k->band) : NULL,
	};
	enum rc rc = paper_of(c, k->language, c->desk.now, &p);
	return rc == RC_OK ? paper_slip(&p, &in, out, &c->err) : rc;
}

enum rc case_slip(struct call *c)
{
	struct store_case *k = ARENA_NEW(c->desk.arena, struct store_case);
	struct buf pdf = BUF_INIT(SHEET_MAX);
	enum rc rc = k ? case_of_anyone(c, k) : RC_NO_MEMORY;
	if (rc == RC_OK && !*k->tracking_code) /* nobody follows it: nothing is handed out */
		rc = RC_NOT_FOUND;
	if (rc == RC_OK)
		rc = draw_slip(c, k, &pdf);
	if (rc == RC_OK)
		rc = send_paper(c, &pdf, k->tracking_code);
	buf_release(&pdf);
	return rc;
}

/* ---- what was decided ---- */

enum { STEPS_MAX = 32 };

/* The last step that has a paper, or the one of ?version=. RC_NOT_FOUND: none has. */
static enum rc find_step(struct call *c, const struct store_case *k, const struct workflow *w, struct store_transition *ret,
                         const struct workflow_transition **ret_move)
{
	struct store_transition *steps = ARENA_ARRAY(c->desk.arena, struct store_transition, STEPS_MAX);
	const char *text = call_query(c, "version");
	uint64_t version = 0;
	size_t n = 0;
	if (text && u64_parse(bytes_str(text), k->version, &version) != RC_OK)
		return call_wrong(c, "?version", "not_a_choice", 0);
	enum rc rc = steps ? store_case_history(c->desk.reader, k->person_id, k->case_id, c->desk.arena, steps, STEPS_MAX, &n, &c->err)
	                   : RC_NO_MEMORY;
	for (size_t i = n; rc == RC_OK && i-- > 0;) {
		*ret_move = workflow_with_paper(w, steps[i].name, steps[i].from_state, steps[i].to_state);
		*ret = steps[i];
		if (*ret_move && (!text || version == steps[i].version))
			return RC_OK;
	}
	return rc == RC_OK ? RC_NOT_FOUND : rc;
}

/* Of an officer the declaration as well, which is one look; a family shows the secret under which notes were sealed for it. */
static enum rc open_step(struct call *c, const struct store_case *k, const struct store_transition *step, json_t **ret_note,
                         json_t **ret_declaration)
{
	const struct vault_open_item items[] = {
		{{KIND_CASE, k->case_id, k->person_id, step->version, CASE_NOTE_AUX}, step->note_sealed},
		{{KIND_CASE, k->case_id, k->person_id, k->sealed_version, 0}, k->sealed},
	};
	struct bytes plain[2];
	enum purpose purpose = PURPOSE_NONE;
	if (!step->note_sealed.len)
		return RC_NOT_FOUND;
	enum rc rc = c->signed_in ? case_purpose_of(c, &purpose) : RC_OK;
	if (rc == RC_OK)
		rc = c->signed_in ? vault_open(c->desk.vault, c->desk.token, purpose, items, 2, c->desk.arena, plain, &c->err)
		                  : vault_open_notes(c->desk.vault, bytes_str(call_header(c, "Tracking-Secret")), items, 1, c->desk.arena,
		                                     plain, &c->err);
	for (size_t i = 0; rc == RC_OK && i < (c->signed_in ? 2 : 1); i++) {
		json_t **to = i ? ret_declaration : ret_note;
		*to = json_loadb((const char *)plain[i].ptr, plain[i].len, JSON_REJECT_DUPLICATES, NULL);
		if (!*to)
			rc = RC_CORRUPT;
	}
	return rc;
}

/* The entry of somebody who is registered, as it is written in the register. */
static enum rc entry_of(struct call *c, const struct store_case *k, const struct form *form, const char **ret)
{
	struct store_act *first = ARENA_NEW(c->desk.arena, struct store_act);
	char *text = arena_alloc_array(c->desk.arena, ENTRY_TEXT_SIZE, 1);
	size_t n = 0;
	*ret = NULL;
	if (!form->subject_existing)
		return RC_OK;
	if (!first || !text)
		return RC_NO_MEMORY;
	enum rc rc = store_person_acts(c->desk.reader, k->person_id, c->desk.arena, first, 1, &n, &c->err);
	if (rc != RC_OK)
		return rc;
	struct entry_number entry = {.book = first->entry.book, .year = first->entry.year, .serial = first->entry.serial};
	snprintf(entry.office, sizeof entry.office, "%s", first->entry.office);
	snprintf(entry.reg, sizeof entry.reg, "%s", first->entry.reg);
	*ret = text;
	return numbering_text(c->desk.pack, &entry, text, ENTRY_TEXT_SIZE);
}

/* Who hears an appeal, and until when. */
static void add_appeal(struct call *c, const struct store_case *k, const struct workflow *w, struct paper_decision *in)
{
	const struct workflow_state *from = NULL;
	const struct workflow_transition *appeal = workflow_appeal(w, in->move, &from);
	char *office = appeal ? arena_alloc_array(c->desk.arena, STORE_SCOPE_MAX, 1) : NULL;
	in->has_until = workflow_deadline(w, in->move->to, in->at, &in->until);
	if (!office || workflow_queue_office(w, appeal->to, k->office, office, STORE_SCOPE_MAX) != RC_OK)
		return;
	in->hears = office;
	in->days = from->deadline_days;
	in->appeal_until = strcmp(from->name, in->move->to) == 0;
}

static enum rc draw_decision(struct call *c, const struct store_case *k, struct buf *out)
{
	const struct workflow *w = pack_workflow_in(c->desk.pack, k->kind, k->regime);
	struct store_transition step = {0};
	struct paper p;
	json_t *note = NULL, *declaration = NULL;
	struct paper_decision in = {.form = pack_form(c->desk.pack, k->kind), .code = code_of(c, k), .office = k->office};
	enum rc rc = w && in.form ? find_step(c, k, w, &step, &in.move) : RC_NOT_FOUND;
	if (rc == RC_OK)
		rc = paper_of(c, k->language, c->desk.now, &p);
	if (rc == RC_OK)
		rc = open_step(c, k, &step, &note, &declaration);
	if (rc == RC_OK)
		rc = entry_of(c, k, in.form, &in.entry);
	if (rc == RC_OK) {
		in.at = step.at;
		in.reason = json_string_value(json_object_get(note, "reason"));
		in.details = json_object_get(note, "details");
		in.declaration = declaration;
		add_appeal(c, k, w, &in);
		rc = paper_decision(&p, &in, out, &c->err);
	}
	json_decref(note);
	json_decref(declaration);
	return rc;
}

enum rc case_decision(struct call *c)
{
	struct store_case *k = ARENA_NEW(c->desk.arena, struct store_case);
	struct buf pdf = BUF_INIT(SHEET_MAX);
	enum rc rc = k ? case_in_reach(c, k) : RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = draw_decision(c, k, &pdf);
	if (rc == RC_OK)
		rc = send_paper(c, &pdf, "decision");
	buf_release(&pdf);
	return rc;
}

/* ---- a blank form ---- */

/* "birth.pdf" */
enum rc form_blank(struct call *c)
{
	const char *file = call_parameter(c, 0), *dot = strrchr(file, '.');
	char kind[STORE_WORD_MAX] = "";
	struct buf pdf = BUF_INIT(SHEET_MAX);
	struct paper p;
	if (dot && strcmp(dot, ".pdf") == 0 && (size_t)(dot - file) < sizeof kind)
		memcpy(kind, file, (size_t)(dot - file));
	const struct form *form = pack_form(c->desk.pack, kind);
	/* no instant of its own: the same form has the same bytes */
	enum rc rc = form ? paper_of(c, c->language, 0, &p) : RC_NOT_FOUND;
	if (rc == RC_OK)
		rc = paper_form(&p, form, &pdf, &c->err);
	if (rc == RC_OK)
		rc = send_paper(c, &pdf, kind);
	if (rc == RC_OK)
		http_answer_header(c->a, "Cache-Control", "public, max-age=300");
	buf_release(&pdf);
	return rc;
}

/* ---- a page of a register ---- */

struct page {
	struct store_entry from;
	uint32_t number;
	size_t count;
	struct paper_entry entries[ENTRIES_A_PAGE];
	json_t *acts[ENTRIES_A_PAGE], *latest[ENTRIES_A_PAGE];
};

static uint32_t number_of(struct call *c, const char *name)
{
	const char *text = call_query(c, name);
	char pointer[32];
	uint64_t n = 0;
	snprintf(pointer, sizeof pointer, "?%s", name);
	if (!text)
		(void)call_wrong(c, pointer, "required", 0);
	else if (u64_parse(bytes_str(text), PAGE_MAX, &n) != RC_OK || n == 0)
		(void)call_wrong(c, pointer, "not_a_choice", PAGE_MAX);
	return (uint32_t)n;
}

static enum rc read_page(struct call *c, struct page *page)
{
	const char *office = call_query(c, "office"), *reg = call_query(c, "register"), *paper = call_query(c, "paper");
	if (!office)
		office = desk_scope(&c->desk);
	if (!reg || strlen(reg) >= REGISTER_CODE_SIZE)
		(void)call_wrong(c, "?register", reg ? "too_long" : "required", REGISTER_CODE_SIZE - 1);
	page->from.year = number_of(c, "year");
	page->from.book = number_of(c, "book");
	page->number = number_of(c, "page");
	if (c->field_count)
		return RC_INVALID;
	/* of one's own office alone: whoever oversees several reads none of their books */
	if (strcmp(office, desk_scope(&c->desk)) != 0)
		return RC_FORBIDDEN;
	snprintf(page->from.office, sizeof page->from.office, "%s", office);
	snprintf(page->from.reg, sizeof page->from.reg, "%s", reg);
	page->from.paper = paper && strcmp(paper, "1") == 0;
	page->from.serial = ((uint64_t)page->number - 1) * ENTRIES_A_PAGE + 1;
	return RC_OK;
}

/* The day of the entry: of one that was copied, the day that stands in the paper book. */
static int64_t entered_at(const struct pack *p, const struct store_act *act, const struct act_view *view)
{
	uint64_t origin;
	int64_t day;
	struct bytes item;
	if (!cbor_as_uint(act_view_find(view, ACT_ORIGIN), &origin) || origin != ORIGIN_TRANSCRIBED ||
	    !cbor_map_find_uint(act_view_find(view, ACT_EXTRACT), EXTRACT_REGISTERED, &item) || !cbor_as_int(item, &day))
		return act->at;
	return day * 86400 * 1000000 - (int64_t)p->zone_minutes * 60 * 1000000;
}

/* The act of the entry, and the person's latest, which carries all notes: one look. */
static enum rc open_entry(struct call *c, const struct store_book_entry *e, size_t i, struct page *page)
{
	struct store_act *acts = ARENA_ARRAY(c->desk.arena, struct store_act, PERSON_ACTS_MAX);
	size_t n = 0, at = 0;
	struct bytes plain[2];
	enum rc rc = acts ? store_person_acts(c->desk.reader, e->person_id, c->desk.arena, acts, PERSON_ACTS_MAX, &n, &c->err) : RC_NO_MEMORY;
	while (rc == RC_OK && at < n && !id_equal(acts[at].act_id, e->act_id))
		at++;
	if (rc != RC_OK || at == n)
		return rc != RC_OK ? rc : RC_CORRUPT;
	const struct store_act *own = &acts[at], *last = &acts[n - 1];
	const struct vault_open_item items[] = {
		{{KIND_ACT, own->act_id, own->person_id, 1, 0}, own->sealed}, {{KIND_ACT, last->act_id, last->person_id, 1, 0}, last->sealed},
	};
	rc = vault_open(c->desk.vault, c->desk.token, PURPOSE_REGISTER_PAGE, items, own == last ? 1 : 2, c->desk.arena, plain, &c->err);
	if (rc == RC_OK)
		rc = act_to_json(c->desk.pack, plain[0], &page->acts[i]);
	if (rc == RC_OK && own != last)
		rc = act_to_json(c->desk.pack, plain[1], &page->latest[i]);
	struct act_view *view = ARENA_NEW(c->desk.arena, struct act_view);
	if (rc == RC_OK)
		rc = view ? act_view(plain[0], view) : RC_NO_MEMORY;
	if (rc != RC_OK)
		return rc;
	page->entries[i] = (struct paper_entry){
		.serial = e->serial, .at = entered_at(c->desk.pack, own, view), .form = act_form(c->desk.pack, view), .act = page->acts[i],
		.notes = json_object_get(json_object_get(page->latest[i], "header"), "notes"),
	};
	return page->entries[i].form ? RC_OK : RC_FORMAT;
}

static enum rc open_page(struct call *c, struct page *page)
{
	struct store_book_entry found[ENTRIES_A_PAGE];
	size_t n = 0;
	enum rc rc = store_book_page(c->desk.reader, &page->from, found, ENTRIES_A_PAGE, &n, &c->err);
	for (size_t i = 0; rc == RC_OK && i < n && found[i].serial < page->from.serial + ENTRIES_A_PAGE; i++) {
		rc = open_entry(c, &found[i], i, page);
		page->count = i + 1;
	}
	return rc;
}

enum rc register_page(struct call *c)
{
	struct page *page = ARENA_NEW(c->desk.arena, struct page);
	struct buf pdf = BUF_INIT(SHEET_MAX);
	struct paper p;
	if (!page)
		return RC_NO_MEMORY;
	*page = (struct page){0};
	enum rc rc = read_page(c, page);
	if (rc == RC_OK)
		rc = paper_of(c, c->desk.pack->native_language, c->desk.now, &p);
	if (rc == RC_OK)
		rc = open_page(c, page);
	if (rc == RC_OK) {
		const struct paper_register in = {.office = page->from.office, .reg = page->from.reg, .year = page->from.year,
		                                  .book = page->from.book, .page = page->number, .entries = page->entries, .count = page->count};
		rc = paper_register_page(&p, &in, &pdf, &c->err);
	}
	if (rc == RC_OK)
		rc = send_paper(c, &pdf, "register-page");
	if (rc == RC_OK)
		log_info("register_page", LOG_ID("staff", c->session.staff.id), LOG_INT("entries", page->count));
	for (size_t i = 0; i < ENTRIES_A_PAGE; i++) {
		json_decref(page->acts[i]);
		json_decref(page->latest[i]);
	}
	buf_release(&pdf);
	return rc;
}
