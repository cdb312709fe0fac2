/* SPDX-License-Identifier: MPL-2.0 */
#include "tap.h"

#include "country/workflow.h"
#include "packs.h"
#include "vault/policy.h"

static struct pack *khm, *mmr, *zed;
static const struct workflow_transition *t;

#define COMMUNE "khm/12/1201/120101"

static enum rc may_in(const struct workflow *w, const char *move, const char *state, const char *role, const char *scope,
		      const char *office, bool has_reason)
{
	const struct workflow_ask ask = {
		.transition = move, .state = state, .role = role, .officer_scope = scope, .case_office = office,
		.has_reason = has_reason, .now = TEST_NOW,
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
	eq_int(may("verify", "declared", "district_verifier", "khm/12"), RC_FORBIDDEN);
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
	eq_int(may("amend", "declared", "hospital_clerk", COMMUNE "/H001"), RC_OK);
	ok(t->to == NULL && t->effect == EFFECT_AMEND);
	eq_int(may("amend", "returned", NULL, NULL), RC_OK);
	eq_str(t->to, "declared");
	eq_int(may("hold", "declared", "district_verifier", "khm/12/1201"), RC_OK);
	ok(t->to == NULL && t->effect == EFFECT_HOLD);
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
	eq_int(workflow_may_declare(w, "registrar", "zed", "zed/A", NULL), RC_OK);
	eq_int(workflow_may_declare(w, NULL, NULL, "zed/A", NULL), RC_FORBIDDEN);
	eq_int(may_in(w, "write", "seen", "registrar", "zed", "zed/A", false), RC_OK);
	eq_int(may_in(w, "write", "seen", "registrar", "zed/A", "zed/A", false), RC_FORBIDDEN);
}

TEST(the_packs_name_only_roles_that_the_vault_knows)
{
	static const char *const known[] = {
#define X(code, number, name) name,
		VAULT_ROLES(X)
#undef X
	};
	const struct workflow *all[] = {pack_workflow(khm, "birth"), pack_workflow(mmr, "birth")};
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < all[i]->transition_count; k++)
			for (size_t r = 0; r < all[i]->transitions[k].role_count; r++) {
				bool found = false;
				for (size_t n = 0; n < sizeof known / sizeof *known; n++)
					found |= strcmp(known[n], all[i]->transitions[k].roles[r]) == 0;
				ok(found);
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
	RUN(reasons_are_asked_for);
	RUN(a_case_stands_in_the_queue_of_who_must_act);
	RUN(periods_run_on_local_days);
	RUN(myanmar_verifies_and_registers_in_the_township);
	RUN(another_country_registers_at_the_centre);
	RUN(the_packs_name_only_roles_that_the_vault_knows);
	pack_free(&khm);
	pack_free(&mmr);
	pack_free(&zed);
	return tap_done();
}
