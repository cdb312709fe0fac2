/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Cases: a declaration on its way to an act. What may be done is the country
 * pack's workflow, as the office works (its regime); who may open what is the
 * vault's to say.
 *
 * Sealed under KIND_CASE, object = case id:
 *   aux 0  the declaration, JSON, at the case version that brought it
 *   aux 1  reason, note and details of a transition, and who finished what came in a parcel, JSON, at the version it made
 * and under KIND_STATISTICS what only statistics need, taken out of the declaration.
 */
#ifndef CIVIS_INTAKE_CASE_H
#define CIVIS_INTAKE_CASE_H

#include <jansson.h>

#include "country/form.h"
#include "country/workflow.h"
#include "register/desk.h"
#include "register/registration.h"

/* A family may amend its declaration so often; then an officer has to. */
enum { CASE_FAMILY_AMENDMENTS_MAX = 50 };
#define CASE_OTHER_OFFICE "other_office"
enum { CASE_NOTE_AUX = 1, CASE_HOLD_US = 30 * 60 * 1000000, CASE_REASON_MAX = 64, CASE_NOTE_MAX = 1000 };

/* What a client sends to open a case. */
struct case_new {
	struct id case_id;
	struct id person, about; /* of an act about somebody who is registered: who, and the act that it speaks of */
	const char *kind, *language;
	const char *office;    /* NULL: that of the person's record */
	const char *secret;    /* tracking secret; NULL: an officer declared without one */
	json_t *declaration;   /* changed in place */
	struct store_request request;
	/* found by case_accept(), and used by case_make() */
	const struct form *form;
	const struct workflow *workflow;
	const struct workflow_declare *rule;
	char regime[STORE_WORD_MAX];
};

struct case_made {
	struct id person_id;
	char tracking_code[64]; /* empty: nobody tracks it */
	struct store_result result;
};

/*
 * Checks kind, person, office, role and declaration, and fills in the rest of *in. RC_INVALID with wrong fields in
 * *errors (pointers inside the declaration), or with err.where a pointer ("/person": needed, or not wanted);
 * RC_NOT_FOUND (err.where "/kind", "/office", "/person"); RC_FORBIDDEN (err.where CASE_OTHER_OFFICE: the officer's role
 * opens such cases, but not there); RC_STATE as standing_check().
 * warnings: what is unusual, and blocks nothing.
 */
enum rc case_accept(const struct desk *d, struct case_new *in, struct form_errors *errors,
                    struct form_errors *warnings) WARN_UNUSED;
/* Seals and stores an accepted case; makes its person's id. As vault_seal(), store_case_create(). */
enum rc case_make(const struct desk *d, struct case_new *in, struct case_made *ret) WARN_UNUSED;

/* Whether a family can follow cases of this form: not where an officer opened the case about somebody who is
   registered, and not a foetal death, of which nothing is sent to anybody. */
bool case_is_tracked(const struct form *f);
/* The workflow that the case follows; NULL if the pack has none any more. */
const struct workflow *case_workflow(const struct desk *d, const struct store_case *c);
/* How late the event of an accepted declaration is reported on that day, or was on the day on which a book of paper has it;
   NULL: no bands, or no whole date. */
const struct workflow_band *case_band(const struct workflow *w, const struct form *f, const json_t *declaration,
                                      int64_t reported_us);
/* To when lateness counts: the day on which a paper form was written, as the officer says who enters it
   ("/informant/declared_on"), but not after the case began; else when the declaration was finished, in a parcel perhaps;
   else, of a case that is there, what was said before. c NULL: it begins now. UTC µs. */
int64_t case_reported(const struct desk *d, const struct store_case *c, const json_t *declaration);
/* Checks a declaration for the case as it will stand in `state`. RC_INVALID with *errors. */
enum rc case_check(const struct desk *d, const struct form *f, const struct workflow_state *state, json_t *declaration,
                   struct form_errors *errors, struct form_errors *warnings) WARN_UNUSED;
/* Checks what a move of the case says, as the transition's form has it. RC_INVALID with *errors. */
enum rc case_check_details(const struct desk *d, const struct store_case *c, const struct form *f, json_t *details,
                           struct form_errors *errors) WARN_UNUSED;
/* How the office works today: the regime's name, "" if the pack tells none apart. */
enum rc case_regime(const struct desk *d, const char *office, char ret[static STORE_WORD_MAX]) WARN_UNUSED;
/* Whether the office keeps a register of this workflow's kind, and takes new cases today. RC_NOT_FOUND, RC_INVALID (it
   keeps none; the sentence names which does), RC_GONE (its place is no more; the sentence names who took over), each
   with err.where "/office". */
enum rc case_office(const struct desk *d, const struct workflow *w, const char *office) WARN_UNUSED;

/* What of a case's content is sealed; each empty if there is none. */
struct case_sealed {
	struct bytes declaration, index, statistics;
};
/* Takes statistics out of the declaration, and seals it, its index record (of a person who begins with this case) and
   the statistics for one version of the case. */
enum rc case_seal(const struct desk *d, const struct form *f, struct id case_id, struct id person, const char *office,
                  uint64_t version, json_t *declaration, struct case_sealed *ret) WARN_UNUSED;

/* The declaration as it stands, which is a look of this officer's. *ret is the caller's. As vault_open(); RC_CORRUPT. */
enum rc case_open(const struct desk *d, const struct store_case *c, enum purpose purpose, json_t **ret) WARN_UNUSED;
/* What goes with a step of a case; each may be NULL. */
struct case_note {
	const char *reason, *note;
	json_t *details; /* borrowed */
};
/* Seals it, and who finished the request if that came in a parcel, for the version that the step makes (as: case, person,
   version). *ret is not touched if there is nothing to seal. As vault_seal(). */
enum rc case_seal_note(const struct desk *d, const struct vault_object *as, const char *office, const struct case_note *n,
                       struct bytes *ret) WARN_UNUSED;

struct case_move {
	const struct store_case *c;
	const struct workflow_transition *t;
	uint64_t if_version;
	const char *reason, *note; /* NULL: none */
	const char *office;        /* for a transition with to_office */
	json_t *details;           /* accepted, or NULL; borrowed */
	json_t *declaration;       /* for EFFECT_AMEND, accepted; borrowed, statistics are taken out */
	struct store_request request;
};

/* What is asked of the workflow when somebody at this desk wants to move the case; role NULL: the desk's own. */
struct workflow_ask case_ask(const struct desk *d, const struct store_case *c, const char *transition, const char *role,
                             bool has_reason);
/* Any transition but registering. RC_THROTTLED: amended too often by the family; RC_INVALID as evidence_check();
   RC_NOT_FOUND and RC_INVALID as case_office(); RC_STATE with err.where "certificate_not_issued".
   As vault_seal(), vault_reserve_number(), vault_forward(), store_case_update(). */
enum rc case_move_make(const struct desk *d, const struct case_move *m, struct store_result *ret) WARN_UNUSED;
/* The move that the system makes when the case's deadline has passed. RC_NOT_FOUND: there is none (any more).
   Again, it has one effect. As store_case_update(). */
enum rc case_move_due(const struct desk *d, const struct store_case *c) WARN_UNUSED;
/* Whether the place is known and valid, for form_context. ctx is a struct desk. */
enum rc case_place_lookup(void *desk, const char *code, const struct date *on);
/* End of the last local day of the state's period; 0: none. */
int64_t case_deadline(const struct desk *d, const struct workflow *w, const char *state);

#endif
