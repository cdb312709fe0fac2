/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Cases: a declaration on its way to an act. What may be done is the country
 * pack's workflow; who may open what is the vault's to say.
 *
 * Sealed under KIND_CASE, object = case id:
 *   aux 0  the declaration, JSON, at the case version that brought it
 *   aux 1  reason and note of a transition, JSON, at the version it made
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
enum { CASE_NOTE_AUX = 1, CASE_HOLD_US = 30 * 60 * 1000000, CASE_REASON_MAX = 64, CASE_NOTE_MAX = 1000 };

/* What a client sends to open a case. */
struct case_new {
	struct id case_id;
	const char *kind, *office, *language;
	const char *secret;    /* tracking secret; NULL: an officer declared without one */
	json_t *declaration;   /* changed in place by form_accept() */
	struct store_request request;
};

struct case_made {
	struct id person_id;
	char tracking_code[64];
	struct store_result result;
};

/* Checks office, role and declaration. RC_INVALID with wrong fields in *errors (pointers inside the
   declaration), RC_FORBIDDEN, RC_NOT_FOUND (office; err.where "/office"). */
enum rc case_accept(const struct desk *d, const char *kind, const char *office, json_t *declaration,
                    struct form_errors *errors) WARN_UNUSED;
/* Seals and stores an accepted case; makes its person's id. As vault_seal(), store_case_create(). */
enum rc case_make(const struct desk *d, struct case_new *in, struct case_made *ret) WARN_UNUSED;

struct case_move {
	const struct store_case *c;
	const struct workflow_transition *t;
	uint64_t if_version;
	const char *reason, *note; /* NULL: none */
	json_t *declaration;       /* for EFFECT_AMEND, accepted; borrowed */
	struct store_request request;
};

/* Any transition but registering. RC_THROTTLED: amended too often by the family.
   As vault_seal(), vault_reserve_number(), store_case_update(). */
enum rc case_move_make(const struct desk *d, const struct case_move *m, struct store_result *ret) WARN_UNUSED;
/* Whether the place is known and valid, for form_context. ctx is a struct desk. */
enum rc case_place_lookup(void *desk, const char *code, const struct date *on);
/* End of the last local day of the state's period; 0: none. */
int64_t case_deadline(const struct desk *d, const struct workflow *w, const char *state);

#endif
