/* SPDX-License-Identifier: MPL-2.0 */
#include "tap.h"

#include "country/form.h"
#include "country/workflow.h"
#include "packs.h"
#include "vault/policy.h"

static struct pack *khm, *mmr, *zed;
static const struct workflow_transition *t;
/* Of the case that is asked about. */
static const char *band = "on_time";
static int64_t deadline;

#define COMMUNE "khm/12/1201/120101"

static enum rc may_in(const struct workflow *w, const char *move, const char *state, const char *role, const char *scope,
		      const char *office, bool has_reason)
{
	const struct workflow_ask ask = {
		.transition = move, .state = state, .role = role, .officer_scope = scope, .case_office = office,
		.has_reason = has_reason, .now = TEST_NOW, .band = band, .deadline = deadline,
	};
	return workflow_may(w, &ask, &t);
}

static enum rc may(const char *move, const char *state, const char *role, const char *scope)
{
	t = NULL;
	return may_in(pack_workflow(khm, "birth"), move, state, role, scope, COMMUNE, true);
}

TEST(a_birth_in_cambodia_is_declared_verified_above_and_registered_at_home)
{
	const struct workflow *w = pack_workflow(khm, "birth");
	eq_str(workflow_initial(w)->name, "declared");
	eq_int(workflow_may_declare(w, NULL, NULL, COMMUNE, NULL), RC_OK);
	eq_int(workflow_may_declare(w, "commune_official", COMMUNE, COMMUNE, NULL), RC_OK);
	eq_int(workflow_may_declare(w, "hospital_clerk", COMMUNE "/H001", COMMUNE, NULL), RC_OK);
	eq_int(workflow_may_declare(w, "hospital_clerk", "khm/12/1201/120102/H001", COMMUNE, NULL), RC_FORBIDDEN);
	eq_int(workflow_may_declare(w, "commune_official", "khm/12/1201/120102", COMMUNE, NULL), RC_FORBIDDEN);
	eq_int(workflow_may_declare(w, "auditor", "khm", COMMUNE, NULL), RC_FORBIDDEN);
	eq_int(workflow_may_declare(w, NULL, NULL, "khm/12/1201", NULL), RC_INVALID);
	eq_int(workflow_may_declare(w, NULL, NULL, "mmr/12/1201/120101", NULL), RC_INVALID);
	eq_int(may("verify", "declared", "district_verifier", "khm/12/1201"), RC_OK);
	eq_int(t->effect, EFFECT_RESERVE_NUMBER);
	eq_str(t->to, "verified");
	eq_int(may("register", "verified", "registrar", COMMUNE), RC_OK);
	eq_int(t->effect, EFFECT_REGISTER);
	eq_str(t->to, "registered");
}

TEST(each_officer_keeps_to_role_place_and_state)
{
	eq_int(may("verify", "declared", "district_verifier", "khm/12/1202"), RC_FORBIDDEN);
	eq_int(may("verify", "declared", "district_verifier", "khm/12"), RC_STATE); /* the province has the adults' */
	eq_int(may("verify", "declared", "district_verifier", "khm"), RC_FORBIDDEN);
	eq_int(may("verify", "declared", "district_verifier", COMMUNE), RC_FORBIDDEN);
	eq_int(may("verify", "declared", "commune_official", COMMUNE), RC_FORBIDDEN);
	eq_int(may("verify", "declared", NULL, NULL), RC_FORBIDDEN);
	eq_int(may("verify", "verified", "district_verifier", "khm/12/1201"), RC_STATE);
	eq_int(may("register", "declared", "registrar", COMMUNE), RC_STATE);
	eq_int(may("register", "verified", "registrar", "khm/12/1201/120102"), RC_FORBIDDEN);
	eq_int(may("register", "verified", "registrar", "khm/12/1201/1201011"), RC_FORBIDDEN);
	eq_int(may("register", "verified", "registrar", "khm"), RC_FORBIDDEN);
	eq_int(may("register", "registered", "registrar", COMMUNE), RC_STATE);
	eq_int(may("erase", "declared", "registrar", COMMUNE), RC_NOT_FOUND);
	eq_int(may("register", "verified", "national_administrator", "khm"), RC_FORBIDDEN);
}

TEST(the_same_move_may_do_more_later)
{
	eq_int(may("reject", "declared", "registrar", COMMUNE), RC_OK);
	eq_int(t->effect, EFFECT_NONE);
	eq_int(may("reject", "verified", "registrar", COMMUNE), RC_OK);
	eq_int(t->effect, EFFECT_RETIRE_NUMBER);
	eq_int(may("withdraw", "verified", "commune_official", COMMUNE), RC_OK);
	eq_int(t->effect, EFFECT_RETIRE_NUMBER);
	eq_int(may("amend", "notified", "hospital_clerk", COMMUNE "/H001"), RC_OK);
	ok(t->to == NULL && t->effect == EFFECT_AMEND);
	eq_int(may("amend", "returned", NULL, NULL), RC_OK);
	eq_str(t->to, "declared");
	eq_int(may("hold", "declared", "district_verifier", "khm/12/1201"), RC_OK);
	ok(t->to == NULL && t->effect == EFFECT_HOLD);
}

TEST(a_visit_leaves_the_case_where_it_is)
{
	for (size_t i = 0; i < 2; i++) {
		eq_int(may("visit", i ? "returned" : "notified", "commune_official", COMMUNE), RC_OK);
		ok(t->to == NULL && t->effect == EFFECT_NOTE && t->needs_reason && t->details);
	}
	eq_int(may("visit", "notified", "hospital_clerk", COMMUNE "/H001"), RC_FORBIDDEN);
	eq_int(may("visit", "notified", NULL, NULL), RC_FORBIDDEN);
	eq_int(may("visit", "declared", "commune_official", COMMUNE), RC_STATE);
}

TEST(reasons_are_asked_for)
{
	const struct workflow *w = pack_workflow(khm, "birth");
	eq_int(may_in(w, "return", "declared", "district_verifier", "khm/12/1201", COMMUNE, false), RC_INVALID);
	eq_int(may_in(w, "return", "declared", "district_verifier", "khm/12/1201", COMMUNE, true), RC_OK);
	eq_int(may_in(w, "withdraw", "declared", NULL, NULL, COMMUNE, false), RC_OK);
	eq_int(may_in(w, "withdraw", "declared", "registrar", COMMUNE, COMMUNE, false), RC_INVALID);
}

TEST(a_case_stands_in_the_queue_of_who_must_act)
{
	char office[64];
	const struct workflow *w = pack_workflow(khm, "birth");
	eq_int(workflow_queue_office(w, "declared", COMMUNE, office, sizeof office), RC_OK);
	eq_str(office, "khm/12/1201");
	eq_int(workflow_queue_office(w, "verified", COMMUNE, office, sizeof office), RC_OK);
	eq_str(office, COMMUNE);
	eq_int(workflow_queue_office(w, "lost", COMMUNE, office, sizeof office), RC_INVALID);
	eq_int(workflow_queue_office(w, "declared", "khm", office, sizeof office), RC_INVALID);
	eq_int(workflow_queue_office(w, "declared", COMMUNE, office, 5), RC_TOO_LARGE);
	const struct workflow_state *s = workflow_state(w, "registered");
	ok(s && s->final && s->waits); /* until the certificate is handed over */
	ok(!workflow_state(w, "handed_over")->waits);
	ok(!workflow_state(pack_workflow(khm, "death"), "registered")->waits);
}

TEST(periods_run_on_local_days)
{
	struct date d = {0};
	const struct workflow *w = pack_workflow(khm, "birth");
	ok(workflow_deadline(w, "declared", TEST_NOW, &d));
	ok(d.year == 2026 && d.month == 11 && d.day == 29);
	ok(!workflow_deadline(w, "registered", TEST_NOW, &d));
	const struct date today = {2026, 11, 22};
	eq_str(workflow_band(w, (struct date){2026, 10, 23}, today)->name, "on_time");
	eq_str(workflow_band(w, (struct date){2026, 10, 22}, today)->name, "late");
	eq_str(w->bands[0].law, "prakas-3068");
	eq_str(w->bands[0].certainty, "secondary");
	w = pack_workflow(zed, "arrival");
	eq_str(workflow_band(w, (struct date){2026, 11, 19}, today)->name, "prompt");
	eq_str(workflow_band(w, (struct date){2026, 11, 18}, today)->name, "tardy");
}

static void is_assumed(const struct workflow *w)
{
	static const char *const names[] = {"own_motion", "refer", "appeal"};
	for (size_t i = 0; w && i < w->transition_count; i++)
		for (size_t k = 0; k < sizeof names / sizeof *names; k++)
			if (strcmp(w->transitions[i].name, names[k]) == 0)
				eq_str(w->transitions[i].certainty, "assumed");
}

TEST(what_no_law_was_read_for_says_so)
{
	for (size_t i = 0; i < khm->form_count + mmr->form_count; i++) {
		const struct pack *p = i < khm->form_count ? khm : mmr;
		const struct pack_forms *kind = &p->forms[i < khm->form_count ? i : i - khm->form_count];
		is_assumed(kind->workflow);
		for (size_t k = 0; k < p->regime_count; k++)
			is_assumed(kind->in_regime[k]);
	}
}

TEST(myanmar_verifies_and_registers_in_the_township)
{
	const struct workflow *w = pack_workflow(mmr, "birth");
	const char *township = "mmr/06/0601/060101";
	eq_int(workflow_may_declare(w, NULL, NULL, township, NULL), RC_OK);
	eq_int(may_in(w, "verify", "declared", "district_verifier", township, township, false), RC_OK);
	eq_int(may_in(w, "verify", "declared", "district_verifier", "mmr/06/0601", township, false), RC_FORBIDDEN);
	eq_int(may_in(w, "register", "verified", "registrar", township, township, false), RC_OK);
}

TEST(another_country_registers_at_the_centre)
{
	const struct workflow *w = pack_workflow(zed, "arrival");
	band = "prompt";
	eq_int(workflow_may_declare(w, "registrar", "zed", "zed/A", NULL), RC_OK);
	eq_int(workflow_may_declare(w, NULL, NULL, "zed/A", NULL), RC_FORBIDDEN);
	eq_int(may_in(w, "write", "seen", "registrar", "zed", "zed/A", false), RC_OK);
	eq_int(may_in(w, "write", "seen", "registrar", "zed/A", "zed/A", false), RC_FORBIDDEN);
	band = "on_time";
}

TEST(an_edit_after_verification_goes_back_to_the_district)
{
	char office[64];
	eq_int(may("amend", "verified", "commune_official", COMMUNE), RC_OK);
	eq_str(t->to, "declared");
	eq_int(may("amend", "verified", NULL, NULL), RC_OK);
	eq_str(t->to, "declared");
	eq_int(workflow_queue_office(pack_workflow(khm, "birth"), t->to, COMMUNE, office, sizeof office), RC_OK);
	eq_str(office, "khm/12/1201");
}

TEST(a_regime_has_its_own_workflow_or_the_first_ones)
{
	const struct workflow *paper = pack_workflow_in(khm, "birth", "paper"), *abroad = pack_workflow_in(khm, "birth", "consular");
	const struct workflow_declare *d = NULL;
	ok(pack_workflow_in(khm, "birth", "electronic") == pack_workflow(khm, "birth"));
	ok(pack_workflow_in(khm, "birth", "") == pack_workflow(khm, "birth"));
	ok(pack_workflow_in(khm, "birth", "stone") == pack_workflow(khm, "birth"));
	ok(pack_workflow_in(khm, "birth", NULL) == pack_workflow(khm, "birth"));
	ok(pack_workflow_in(khm, "correction", "paper") == pack_workflow(khm, "correction"));
	ok(pack_workflow_in(khm, "wedding", "paper") == NULL);
	eq_str(pack_regime(khm, "paper")->certainty, "secondary");
	eq_int(workflow_may_declare(paper, "registrar", COMMUNE, COMMUNE, &d), RC_OK);
	eq_str(d->state, "on_paper");
	eq_int(workflow_may_declare(paper, NULL, NULL, COMMUNE, &d), RC_OK);
	eq_str(d->state, "declared");
	eq_int(may_in(paper, "compare", "on_paper", "registrar", COMMUNE, COMMUNE, false), RC_OK);
	eq_int(t->effect, EFFECT_RESERVE_NUMBER);
	eq_int(may_in(paper, "verify", "declared", "district_verifier", "khm/12/1201", COMMUNE, false), RC_NOT_FOUND);
	eq_str(abroad->office_kind, "consulate");
	eq_int(workflow_may_declare(abroad, NULL, NULL, "khm/C01", NULL), RC_OK);
	eq_int(workflow_may_declare(abroad, NULL, NULL, COMMUNE, NULL), RC_INVALID);
	eq_int(may_in(abroad, "verify", "declared", "district_verifier", "khm", "khm/C01", false), RC_OK);
	eq_int(may_in(abroad, "register", "verified", "registrar", "khm/C01", "khm/C01", false), RC_OK);
	char office[64];
	eq_int(workflow_queue_office(abroad, "declared", "khm/C01", office, sizeof office), RC_OK);
	eq_str(office, "khm");
	/* Who completes a notice declares, and who writes down what was declared does not do so again. */
	char count[WORKFLOW_COUNT_SIZE];
	for (const char *const *from = (const char *const[]){"notified", "expired", "declared", "returned", NULL}; *from; from++) {
		eq_int(may_in(paper, "enter_in_book", *from, "registrar", COMMUNE, COMMUNE, false), RC_OK);
		eq_int(workflow_count(t, "late", count), from[0][0] == 'n' || from[0][0] == 'e');
	}
}

TEST(a_notification_waits_for_the_family_and_expires)
{
	const struct workflow *w = pack_workflow(khm, "birth");
	const struct workflow_declare *d = NULL;
	char count[WORKFLOW_COUNT_SIZE];
	eq_int(workflow_may_declare(w, "hospital_clerk", COMMUNE "/H001", COMMUNE, &d), RC_OK);
	eq_str(d->state, "notified");
	ok(workflow_count(&d->who, "on_time", count));
	eq_str(count, "notified");
	ok(workflow_state(w, d->state)->notice && !workflow_state(w, "declared")->notice);
	eq_int(may("complete", "notified", NULL, NULL), RC_OK);
	eq_str(t->to, "declared");
	eq_int(t->effect, EFFECT_AMEND);
	eq_str(workflow_state(w, "notified")->on_deadline, "expire");
	deadline = TEST_NOW + 1;
	eq_int(may("expire", "notified", "system", NULL), RC_STATE);
	deadline = TEST_NOW;
	eq_int(may("expire", "notified", "system", NULL), RC_OK);
	eq_str(t->to, "expired");
	eq_int(may("expire", "notified", "registrar", COMMUNE), RC_FORBIDDEN);
	eq_int(may("complete", "expired", NULL, NULL), RC_OK);
	/* And the registrar's own motion, which the pack of Myanmar does not know. */
	eq_int(may("own_motion", "expired", "registrar", COMMUNE), RC_OK);
	eq_int(t->needs_count, 1);
	ok(!workflow_evidence_suffices(&t->needs[0], NULL, 0));
	ok(workflow_evidence_suffices(&t->needs[0], (const char *[]){"other", "birth_notice"}, 2));
	ok(workflow_transition(pack_workflow(mmr, "birth"), "own_motion") == NULL);
	deadline = 0;
}

TEST(a_refusal_can_be_appealed_in_time_and_silence_after_it)
{
	char office[64];
	const struct workflow *w = pack_workflow(khm, "birth");
	deadline = TEST_NOW + 1;
	eq_int(may("appeal", "rejected", NULL, NULL), RC_OK);
	ok(t->details && form_field_by_path(t->details, "/grounds")->required);
	eq_int(may("lapse", "rejected", "system", NULL), RC_STATE);
	eq_int(may("appeal", "declared", NULL, NULL), RC_STATE);
	deadline = TEST_NOW;
	eq_int(may("appeal", "rejected", NULL, NULL), RC_STATE);
	eq_int(may("lapse", "rejected", "system", NULL), RC_OK);
	eq_str(t->to, "refused");
	eq_int(may("lapse", "rejected", "registrar", COMMUNE), RC_FORBIDDEN);
	eq_int(may("appeal", "declared", NULL, NULL), RC_OK);
	eq_int(may("appeal", "verified", "commune_official", COMMUNE), RC_OK);
	deadline = 0;
	eq_int(may("appeal", "declared", NULL, NULL), RC_STATE); /* a deadline that is not there does not pass */
	eq_int(workflow_queue_office(w, "appealed", COMMUNE, office, sizeof office), RC_OK);
	eq_str(office, "khm/12");
	eq_int(may("uphold", "appealed", "registrar", "khm/12"), RC_OK);
	eq_int(may("allow", "appealed", "registrar", COMMUNE), RC_FORBIDDEN);
}

TEST(a_cancellation_waits_until_its_appeal_period_is_over)
{
	const struct workflow *w = pack_workflow(khm, "cancellation");
	deadline = TEST_NOW + 1;
	eq_int(may_in(w, "register", "decided", "registrar", COMMUNE, COMMUNE, false), RC_STATE);
	eq_int(may_in(w, "appeal", "decided", "commune_official", COMMUNE, COMMUNE, false), RC_OK);
	deadline = TEST_NOW;
	eq_int(may_in(w, "register", "decided", "registrar", COMMUNE, COMMUNE, false), RC_OK);
	eq_int(may_in(w, "appeal", "decided", "commune_official", COMMUNE, COMMUNE, false), RC_STATE);
	eq_int(may_in(w, "register", "appealed", "registrar", COMMUNE, COMMUNE, false), RC_STATE);
	eq_int(may_in(w, "register", "upheld", "registrar", COMMUNE, COMMUNE, false), RC_OK);
	deadline = 0;
}

TEST(how_late_a_birth_is_says_who_decides_and_what_it_costs)
{
	const struct workflow *w = pack_workflow(khm, "birth");
	const struct date today = {2026, 11, 22};
	const struct workflow_band *b = workflow_band(w, (struct date){2025, 11, 22}, today);
	eq_str(b->name, "late");
	eq_int(b->fee->amount, 10000);
	eq_str(b->fee->currency, "KHR");
	eq_str(b->fee->certainty, "secondary");
	ok(b->evidence_count > 0);
	eq_str(workflow_band(w, (struct date){2025, 11, 21}, today)->name, "very_late");
	eq_str(workflow_band(w, (struct date){2008, 11, 22}, today)->name, "very_late");
	eq_str(workflow_band(w, (struct date){2008, 11, 21}, today)->name, "adult");
	eq_str(workflow_band(w, (struct date){2024, 2, 29}, (struct date){2025, 3, 1})->name, "late");
	eq_str(workflow_band(w, (struct date){2024, 2, 29}, (struct date){2025, 3, 2})->name, "very_late");
	band = "adult";
	eq_int(may("verify", "declared", "district_verifier", "khm/12/1201"), RC_STATE);
	eq_int(may("refer", "declared", "district_verifier", "khm/12/1201"), RC_OK);
	eq_int(may("verify", "referred", "district_verifier", "khm/12"), RC_OK);
	band = NULL;
	eq_int(may("refer", "declared", "district_verifier", "khm/12/1201"), RC_STATE);
	band = "on_time";
	eq_int(may("refer", "declared", "district_verifier", "khm/12/1201"), RC_STATE);
	char count[WORKFLOW_COUNT_SIZE];
	eq_int(may("register", "verified", "registrar", COMMUNE), RC_OK);
	ok(workflow_count(t, "late", count));
	eq_str(count, "registered_late");
	ok(workflow_evidence_suffices(&t->needs[0], (const char *[]){"thumbprint_draft"}, 1));
	ok(!workflow_evidence_suffices(&t->needs[0], NULL, 0));
	ok(!workflow_count(workflow_transition(w, "verify"), "late", count));
}

/* A signature is one under the text as it stands; a page of a book and a finder's report are not of that text. Nobody is
   entered without one, but from a book and where no certificate and no number is given (a stillbirth, a cancellation). */
TEST(a_signature_is_current_and_what_is_none_need_not_be)
{
	const struct pack *packs[] = {khm, mmr};
	const char *const drafts[] = {"signed_draft"};
	size_t signatures = 0, others = 0;
	for (size_t p = 0; p < 2; p++)
		for (size_t f = 0; f < packs[p]->form_count; f++)
			for (const char *const *regime = (const char *const[]){NULL, "paper", "consular", ""}; !*regime || **regime; regime++) {
				const struct workflow *w = pack_workflow_in(packs[p], packs[p]->forms[f].kind, *regime);
				for (size_t k = 0; w && k < w->transition_count; k++) {
					const struct workflow_transition *move = &w->transitions[k];
					bool is_signed = false;
					for (size_t n = 0; n < move->needs_count; n++) {
						bool draft = workflow_evidence_suffices(&move->needs[n], drafts, 1);
						is_signed |= draft;
						others += !draft;
						ok((move->needs[n].shown == SHOWN_CURRENT) == draft);
					}
					signatures += is_signed;
					if (move->effect == EFFECT_REGISTER && pack_form(packs[p], w->kind)->certificate)
						ok(is_signed || workflow_state(w, move->from[0])->transcribes);
				}
			}
	ok(signatures > 10 && others > 6);
}

TEST(a_case_goes_to_another_office_and_a_certificate_to_somebody)
{
	eq_int(may("forward", "declared", "commune_official", COMMUNE), RC_OK);
	ok(t->to == NULL && t->to_office && t->effect == EFFECT_FORWARD);
	eq_int(may("forward", "verified", "commune_official", COMMUNE), RC_STATE);
	eq_int(may("hand_over", "registered", "commune_official", COMMUNE), RC_OK);
	eq_int(t->effect, EFFECT_HAND_OVER);
	eq_str(t->to, "handed_over");
	struct form_errors errors;
	const struct form_context ctx = {.now_us = TEST_NOW};
	json_t *j = json_pack("{s:s, s:s}", "name", " គឹម បុប្ផា ", "relation", "parent");
	eq_int(form_accept(t->details, j, &ctx, &errors), RC_INVALID);
	ok(errors.count == 1 && strcmp(errors.error[0].pointer, "/identified_by") == 0);
	json_object_set_new(j, "identified_by", json_string("witness"));
	eq_int(form_accept(t->details, j, &ctx, &errors), RC_OK);
	eq_str(json_string_value(form_at(j, "/name")), "គឹម បុប្ផា");
	json_decref(j);
}

TEST(what_a_move_tells_of_is_not_before_the_step_that_it_follows)
{
	struct form_errors errors;
	struct form_context ctx = {.now_us = TEST_NOW};
	const struct workflow_transition *move = workflow_transition(pack_workflow(zed, "arrival"), "give");
	if (!ok(move && move->details))
		return;
	json_t *j = json_pack("{s:s, s:s}", "to", "Ελένη", "when", "2020-02-29");
	eq_int(form_accept(move->details, j, &ctx, &errors), RC_OK); /* of no case */
	ctx.step = (struct date){2020, 2, 29};
	eq_int(form_accept(move->details, j, &ctx, &errors), RC_OK);
	ctx.step = (struct date){2020, 3, 1};
	eq_int(form_accept(move->details, j, &ctx, &errors), RC_INVALID);
	ok(errors.count == 1 && strcmp(errors.error[0].pointer, "/when") == 0 && strcmp(errors.error[0].code, "before_other_date") == 0);
	json_decref(j);
}

TEST(the_invented_country_has_other_states_levels_bands_and_kinds)
{
	const struct workflow *w = pack_workflow(zed, "arrival");
	const struct workflow_declare *d = NULL;
	char office[64];
	eq_int(workflow_may_declare(w, "commune_official", "zed/B", "zed/A", &d), RC_OK); /* anywhere */
	eq_str(d->state, "seen");
	eq_int(workflow_may_declare(w, "commune_official", "zed", "zed/A", &d), RC_FORBIDDEN);
	eq_int(workflow_may_declare(w, "commune_official", "zee/B", "zed/A", &d), RC_FORBIDDEN);
	eq_int(workflow_queue_office(w, "doubted", "zed/A", office, sizeof office), RC_OK);
	eq_str(office, "zed");
	band = "ancient";
	eq_int(may_in(w, "write", "seen", "registrar", "zed", "zed/A", false), RC_STATE);
	eq_int(may_in(w, "write", "doubted", "registrar", "zed", "zed/A", false), RC_OK);
	band = "prompt";
	eq_int(may_in(w, "write", "doubted", "registrar", "zed", "zed/A", false), RC_STATE);
	w = pack_workflow_in(zed, "arrival", "raft");
	eq_int(may_in(w, "write", "adrift", "registrar", "zed/A", "zed/A", false), RC_OK);
	ok(workflow_band(w, (struct date){2020, 1, 1}, (struct date){2026, 1, 1}) == NULL);
	band = "on_time";
}

TEST(the_packs_name_only_roles_that_the_vault_knows)
{
	static const char *const known[] = {
#define X(code, number, name) name,
		VAULT_ROLES(X)
#undef X
	};
	const struct pack *packs[] = {khm, mmr, zed};
	for (size_t p = 0; p < 3; p++)
		for (size_t f = 0; f < packs[p]->form_count; f++) {
			const struct workflow *w = packs[p]->forms[f].workflow;
			for (size_t k = 0; k < w->transition_count; k++)
				for (size_t r = 0; r < w->transitions[k].role_count; r++) {
					bool found = strcmp(w->transitions[k].roles[r], "system") == 0;
					for (size_t n = 0; n < sizeof known / sizeof *known; n++)
						found |= strcmp(known[n], w->transitions[k].roles[r]) == 0;
					ok(found);
				}
		}
}

int main(void)
{
	khm = pack_open("khm");
	mmr = pack_open("mmr");
	zed = pack_open("zed");
	if (!khm || !mmr || !zed)
		return 1;
	RUN(a_birth_in_cambodia_is_declared_verified_above_and_registered_at_home);
	RUN(each_officer_keeps_to_role_place_and_state);
	RUN(the_same_move_may_do_more_later);
	RUN(a_visit_leaves_the_case_where_it_is);
	RUN(reasons_are_asked_for);
	RUN(a_case_stands_in_the_queue_of_who_must_act);
	RUN(periods_run_on_local_days);
	RUN(what_no_law_was_read_for_says_so);
	RUN(myanmar_verifies_and_registers_in_the_township);
	RUN(another_country_registers_at_the_centre);
	RUN(an_edit_after_verification_goes_back_to_the_district);
	RUN(a_regime_has_its_own_workflow_or_the_first_ones);
	RUN(a_notification_waits_for_the_family_and_expires);
	RUN(a_refusal_can_be_appealed_in_time_and_silence_after_it);
	RUN(a_cancellation_waits_until_its_appeal_period_is_over);
	RUN(how_late_a_birth_is_says_who_decides_and_what_it_costs);
	RUN(a_signature_is_current_and_what_is_none_need_not_be);
	RUN(a_case_goes_to_another_office_and_a_certificate_to_somebody);
	RUN(what_a_move_tells_of_is_not_before_the_step_that_it_follows);
	RUN(the_invented_country_has_other_states_levels_bands_and_kinds);
	RUN(the_packs_name_only_roles_that_the_vault_knows);
	pack_free(&khm);
	pack_free(&mmr);
	pack_free(&zed);
	return tap_done();
}
