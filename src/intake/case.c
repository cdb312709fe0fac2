/* SPDX-License-Identifier: MPL-2.0 */
/* Opening a case. */
#include "intake/case.h"

#include <stdio.h>
#include <string.h>

#include "codec/json.h"
#include "intake/tracking.h"
#include "register/paper.h"
#include "register/places.h"
#include "register/standing.h"
#include "register/tally.h"

enum { DECLARATION_MAX = 96 * 1024, INDEX_MAX = 16 * 1024, STATISTICS_MAX = 32 * 1024, FINISHED_DAYS_MAX = 60 };

enum rc case_place_lookup(void *ctx, const char *code, const struct date *on)
{
	const struct desk *d = ctx;
	struct store_place place;
	struct err ignored;
	char day[DATE_TEXT_SIZE];
	enum rc rc = store_place_get(d->reader, code, &place, &ignored);
	if (rc != RC_OK || !on)
		return rc;
	date_format(*on, day);
	rc = store_place_on(d->reader, code, day, &place, &ignored);
	return rc == RC_NOT_FOUND ? RC_GONE : rc;
}

int64_t case_deadline(const struct desk *d, const struct workflow *w, const char *state)
{
	struct date day;
	if (!workflow_deadline(w, state, d->now, &day))
		return 0;
	return (date_to_days(day) + 1) * 86400 * 1000000 - (int64_t)d->pack->zone_minutes * 60 * 1000000;
}

const struct workflow *case_workflow(const struct desk *d, const struct store_case *c)
{
	return pack_workflow_in(d->pack, c->kind, c->regime);
}

bool case_is_tracked(const struct form *f)
{
	return !f->subject_existing && (f->number || f->certificate);
}

const struct workflow_band *case_band(const struct workflow *w, const struct form *f, const json_t *declaration,
                                      int64_t reported_us)
{
	struct date event, reported;
	const json_t *v = f->subject_date ? form_at(declaration, f->subject_date) : NULL;
	const char *text = json_string_value(json_is_object(v) ? json_object_get(v, "value") : v);
	if (!text || !date_parse(text, strlen(text), &event))
		return NULL;
	if (!paper_day(declaration, &reported))
		reported = pack_local_date(w->pack, reported_us, NULL);
	return workflow_band(w, event, reported);
}

/* A device's clock is believed neither beyond now nor for longer than parcels wait. */
static int64_t finished_at(const struct desk *d)
{
	const int64_t first = d->now - (int64_t)FINISHED_DAYS_MAX * 86400 * 1000000;
	int64_t at = d->finished ? d->finished->at : d->now;
	return at > d->now ? d->now : at < first ? first : at;
}

int64_t case_reported(const struct desk *d, const struct store_case *c, const json_t *declaration)
{
	struct date day;
	const int64_t last = c ? c->created : d->now;
	const char *text = json_string_value(form_at(declaration, "/informant/declared_on"));
	if (!text || !date_parse(text, strlen(text), &day))
		return c ? c->reported : finished_at(d);
	int64_t at = (date_to_days(day) * 86400 - (int64_t)d->pack->zone_minutes * 60) * 1000000;
	return at < last ? at : last;
}

/* ---- accepting ---- */

enum rc case_regime(const struct desk *d, const char *office, char ret[static STORE_WORD_MAX])
{
	char day[DATE_TEXT_SIZE];
	struct err e;
	date_format(pack_local_date(d->pack, d->now, NULL), day);
	enum rc rc = store_office_regime_on(d->reader, office, day, ret, &e);
	if (rc != RC_OK && rc != RC_NOT_FOUND)
		return rc;
	if (rc == RC_NOT_FOUND || !pack_regime(d->pack, ret))
		snprintf(ret, STORE_WORD_MAX, "%s", d->pack->regime_count ? d->pack->regimes[0].name : "");
	return RC_OK;
}

/* A hospital's cases are kept by the office to which it belongs: which that is, is said. */
static enum rc keeps_none(const struct desk *d, const struct workflow *w, const char *office)
{
	size_t len = 0;
	for (int depth = -1; depth <= w->case_level && office[len]; depth++) /* the nation lies at -1 */
		len += strcspn(office + len + 1, "/") + 1;
	if (office[len] != '/')
		return err_set(d->err, RC_INVALID, "/office", "this office keeps no register of this kind; /api/v1/places names each place's office");
	return err_set(d->err, RC_INVALID, "/office", "this office keeps no register of this kind; %.*s does", (int)len, office);
}

enum rc case_office(const struct desk *d, const struct workflow *w, const char *office)
{
	struct store_office known;
	if (!scope_is_valid(bytes_str(office)))
		return err_set(d->err, RC_NOT_FOUND, "/office", "this is not the scope of an office; /api/v1/offices lists them");
	enum rc rc = store_office_get(d->reader, office, &known, d->err);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && !known.active))
		return err_set(d->err, RC_NOT_FOUND, "/office", "there is no such office; /api/v1/offices lists them");
	if (rc == RC_OK && (workflow_may_declare(w, NULL, NULL, office, NULL) == RC_INVALID ||
	                    (w->office_kind && strcmp(w->office_kind, known.kind) != 0)))
		return keeps_none(d, w, office);
	return rc == RC_OK ? places_office_open(d->reader, d->pack, &known, d->now, d->err) : rc;
}

enum rc case_check(const struct desk *d, const struct form *f, const struct workflow_state *state, json_t *declaration,
                   struct form_errors *errors, struct form_errors *warnings)
{
	struct desk copy = *d;
	const struct form_context context = {
		.now_us = d->now, .role = desk_role(d), .place = case_place_lookup, .place_ctx = &copy,
		.notice = state && state->notice, .warnings = warnings,
	};
	enum rc rc = form_accept(f, declaration, &context, errors);
	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	enum rc paper = paper_check(f, state, declaration, errors);
	return rc == RC_OK ? paper : rc;
}

enum rc case_check_details(const struct desk *d, const struct store_case *c, const struct form *f, json_t *details,
                           struct form_errors *errors)
{
	const struct form_context context = {
		.now_us = d->now, .role = desk_role(d), .place = case_place_lookup, .place_ctx = (void *)(uintptr_t)d,
		.step = pack_local_date(d->pack, c->updated, NULL),
	};
	return form_accept(f, details, &context, errors);
}

/* Whether acts of this form may follow what is entered of the person. */
static bool may_follow(const struct desk *d, const struct form *f, const struct standing *s)
{
	if (form_restates(f) && strcmp(f->base, s->acts[0].kind) != 0)
		return false;
	return strcmp(f->act_kind, ACT_KIND_CANCELLATION) == 0 || standing_is_person(s, d->pack);
}

/* Whose act it will be: nobody's yet, or that of a person whose record is this officer's. */
static enum rc find_person(const struct desk *d, struct case_new *in)
{
	struct standing s;
	bool given = !id_is_zero(in->person);
	if (given != in->form->subject_existing || (!given && !id_is_zero(in->about)))
		return err_set(d->err, RC_INVALID, "/person", given ? "this begins with a new person" : "say whom this is about");
	if (!given)
		return in->office ? RC_OK : err_set(d->err, RC_INVALID, "/office", "say at which office; /api/v1/offices lists them");
	enum rc rc = standing_read(d, in->person, &s);
	const char *home = rc == RC_OK ? s.act->entry.office : "";
	if (rc == RC_OK && (!d->staff || !scope_covers(desk_scope(d), home) || !may_follow(d, in->form, &s)))
		rc = RC_NOT_FOUND;
	if (rc != RC_OK)
		return rc == RC_NOT_FOUND ? err_set(d->err, rc, "/person", "no such person, not of this office, or nobody who was born") : rc;
	if (id_is_zero(in->about))
		in->about = s.act->act_id;
	if (in->office && strcmp(in->office, home) != 0)
		return err_set(d->err, RC_NOT_FOUND, "/office", "this is not the office of the person's record");
	in->office = home;
	return standing_check(&s, in->about, d->err);
}

/* The state in which this role's cases begin, whatever the office; NULL: it opens none. */
static const struct workflow_state *role_declares(const struct desk *d, const struct workflow *w)
{
	const char *role = desk_role(d) ? desk_role(d) : "family";
	for (size_t i = 0; i < w->declare_count; i++)
		for (size_t k = 0; k < w->declare[i].who.role_count; k++)
			if (strcmp(w->declare[i].who.roles[k], role) == 0)
				return workflow_state(w, w->declare[i].state);
	return NULL;
}

static enum rc find_rule(const struct desk *d, struct case_new *in)
{
	in->form = pack_form(d->pack, in->kind);
	in->workflow = pack_workflow(d->pack, in->kind);
	if (!in->form || !in->workflow)
		return err_set(d->err, RC_NOT_FOUND, "/kind", "there is no such kind of case");
	enum rc rc = find_person(d, in);
	if (rc == RC_OK)
		rc = case_regime(d, in->office, in->regime);
	if (rc != RC_OK)
		return rc;
	in->workflow = pack_workflow_in(d->pack, in->kind, in->regime);
	rc = case_office(d, in->workflow, in->office);
	if (rc == RC_GONE && in->form->subject_existing) { /* a record stays with its office, whatever became of the place */
		*d->err = ERR_NONE;
		rc = RC_OK;
	}
	if (rc == RC_OK)
		rc = workflow_may_declare(in->workflow, desk_role(d), desk_scope(d), in->office, &in->rule);
	if (rc == RC_FORBIDDEN && d->staff && role_declares(d, in->workflow))
		return err_set(d->err, rc, CASE_OTHER_OFFICE, "your office is %s", desk_scope(d));
	return rc;
}


enum rc case_accept(const struct desk *d, struct case_new *in, struct form_errors *errors, struct form_errors *warnings)
{
	enum rc found = find_rule(d, in);
	struct err why = *d->err;
	if (!in->form)
		return found;
	/* What is wrong with the declaration is said in any case, as of what this role sends: it is what the sender can mend
	   at once. */
	const struct workflow_state *state = found == RC_OK ? workflow_state(in->workflow, in->rule->state)
		: in->workflow ? role_declares(d, in->workflow) : NULL;
	enum rc rc = case_check(d, in->form, state, in->declaration, errors, warnings);
	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	*d->err = why;
	return rc == RC_OK || (found != RC_OK && why.where[0] == '/') ? found : rc;
}

/* ---- opening ---- */

enum rc case_open(const struct desk *d, const struct store_case *c, enum purpose purpose, json_t **ret)
{
	struct bytes plain;
	const struct vault_open_item item = {{KIND_CASE, c->case_id, c->person_id, c->sealed_version, 0}, c->sealed};
	enum rc rc = vault_open(d->vault, d->token, purpose, &item, 1, d->arena, &plain, d->err);
	*ret = rc == RC_OK ? json_loadb((const char *)plain.ptr, plain.len, JSON_REJECT_DUPLICATES, NULL) : NULL;
	return rc == RC_OK && !*ret ? RC_CORRUPT : rc;
}

/* ---- sealing ---- */

static enum rc dump(const json_t *j, struct buf *out)
{
	return json_append(j, JSON_SORT_KEYS, out) ? RC_OK : RC_TOO_LARGE;
}

/* Duplicates are looked for among people who begin: a person who is registered stands in the index already. */
static bool is_indexed(const struct form *f)
{
	for (size_t i = 0; !f->subject_existing && i < f->field_count; i++)
		if (f->fields[i].index)
			return true;
	return false;
}

enum rc case_seal(const struct desk *d, const struct form *f, struct id case_id, struct id person, const char *office,
                  uint64_t version, json_t *declaration, struct case_sealed *ret)
{
	struct buf text = BUF_INIT(DECLARATION_MAX), index = BUF_INIT(INDEX_MAX), apart = BUF_INIT(STATISTICS_MAX);
	struct vault_seal_item items[3];
	struct bytes sealed[3];
	size_t n = 0, index_at = 0, apart_at = 0;
	json_t *statistics = NULL;
	enum rc rc = form_split_statistics(f, declaration, &statistics);
	if (rc == RC_OK)
		rc = dump(declaration, &text);
	if (rc == RC_OK && statistics)
		rc = dump(statistics, &apart);
	if (rc == RC_OK && is_indexed(f))
		rc = form_index(f, declaration, case_id, person, &index);
	items[n++] = (struct vault_seal_item){{KIND_CASE, case_id, person, version, 0}, case_id, office, buf_bytes(&text)};
	if (index.len)
		items[index_at = n++] = (struct vault_seal_item){{KIND_INDEX, case_id, person, version, 0}, case_id, office,
		                                                 buf_bytes(&index)};
	if (apart.len)
		items[apart_at = n++] = (struct vault_seal_item){{KIND_STATISTICS, case_id, person, version, 0}, case_id, office,
		                                                 buf_bytes(&apart)};
	if (rc == RC_OK)
		rc = vault_seal(d->vault, d->token, d->secret, items, n, d->arena, sealed, d->err);
	if (rc == RC_OK)
		*ret = (struct case_sealed){sealed[0], index_at ? sealed[index_at] : BYTES_NONE,
		                            apart_at ? sealed[apart_at] : BYTES_NONE};
	json_decref(statistics);
	buf_release(&text);
	buf_release(&index);
	buf_release(&apart);
	return rc;
}

/* ---- making ---- */

static struct bytes made_text(const struct desk *d, const struct case_new *in, const char *code)
{
	char id[ID_TEXT_SIZE];
	id_format(in->case_id, id);
	const char *quote = code ? "\"" : "";
	return bytes_str(arena_printf(d->arena,
		"{\"id\":\"%s\",\"state\":\"%s\",\"version\":1,\"tracking_code\":%s%s%s,\"office\":\"%s\",\"regime\":\"%s\","
		"\"links\":{\"self\":\"/api/v1/cases/%s\"%s}}",
		id, in->rule->state, quote, code ? code : "null", quote, in->office, in->regime, id,
		code ? ",\"tracking\":\"/api/v1/tracking\"" : ""));
}

enum rc case_make(const struct desk *d, struct case_new *in, struct case_made *ret)
{
	const struct workflow *w = in->workflow;
	const struct workflow_state *first = workflow_state(w, in->rule->state);
	const int64_t reported = case_reported(d, NULL, in->declaration);
	const struct workflow_band *band = case_band(w, in->form, in->declaration, reported);
	char code[TRACKING_CODE_SIZE] = "", queue[STORE_SCOPE_MAX];
	bool tracked = case_is_tracked(in->form);
	struct case_sealed sealed;
	struct id person = id_is_zero(in->person) ? id_new() : in->person;
	if (!first)
		return RC_INVALID;
	if (tracked)
		tracking_code_new(code);
	char sex = tally_sex(in->form, in->declaration);
	enum rc rc = workflow_queue_office(w, first->name, in->office, queue, sizeof queue);
	if (rc == RC_OK)
		rc = case_seal(d, in->form, in->case_id, person, in->office, 1, in->declaration, &sealed);
	const struct vault_object as = {.object = in->case_id, .person = person, .version = 1};
	struct bytes note = BYTES_NONE;
	if (rc == RC_OK)
		rc = case_seal_note(d, &as, in->office, &(struct case_note){0}, &note);
	if (rc != RC_OK)
		return rc;
	struct store_case_create put = {
		.request = in->request, .person_id = person, .case_id = in->case_id, .kind = in->kind, .state = first->name,
		.regime = in->regime, .band = band ? band->name : NULL, .reported = reported, .about = in->about,
		.office = in->office, .queue_office = queue, .language = in->language, .tracking_code = tracked ? code : NULL,
		.deadline = case_deadline(d, w, first->name), .on_deadline = first->on_deadline != NULL,
		.staff_id = desk_staff_id(d), .sealed = sealed.declaration, .index_sealed = sealed.index,
		.statistics_sealed = sealed.statistics, .note_sealed = note,
	};
	tally_begin(d, &put.counts);
	tally_add(&put.counts, &in->rule->who, put.band, sex);
	put.request.response = made_text(d, in, put.tracking_code);
	if (!put.request.response.len) /* a repeat would be answered with nothing */
		return RC_NO_MEMORY;
	if (in->secret && tracked)
		tracking_hash(in->case_id, in->secret, put.tracking_hash);
	memcpy(put.pack_hash, d->pack->hash, sizeof put.pack_hash);
	rc = store_case_create(d->store, &put, &ret->result, d->err);
	if (rc != RC_OK)
		return rc;
	ret->person_id = ret->result.person_id;
	snprintf(ret->tracking_code, sizeof ret->tracking_code, "%s", code);
	return RC_OK;
}
