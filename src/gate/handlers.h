/* SPDX-License-Identifier: MPL-2.0 */
/* Inside the gate only: the handlers that the route table names, by file. */
#ifndef CIVIS_GATE_HANDLERS_H
#define CIVIS_GATE_HANDLERS_H

#include "gate/call.h"

/* sessions.c */
/* Finds the session of an Authorization header, from a cache at most 2 s old, and fills c->session
   and the desk. RC_UNAUTHENTICATED, RC_VAULT_DOWN. */
enum rc session_of(struct call *c, struct bytes authorization) WARN_UNUSED;
enum rc session_create(struct call *c);
enum rc session_get(struct call *c);
enum rc session_end(struct call *c);

/* cases.c */
enum rc case_create(struct call *c);
enum rc case_list(struct call *c);
enum rc case_track(struct call *c);
/* Notes the wrong fields of a form, with pointers below that one ("/declaration"). */
void case_wrong_fields(struct call *c, const char *below, const struct form_errors *errors);
/* What is unusual, as a list for an answer. */
json_t *case_warnings(struct call *c, const struct form_errors *warnings);
/* Notes the field that c->err names for RC_NOT_FOUND or RC_INVALID, if it names one; the code that it names for RC_STATE. */
enum rc case_place_error(struct call *c, enum rc rc) WARN_UNUSED;
enum rc case_state_error(struct call *c, enum rc rc) WARN_UNUSED;
struct store_case;
/* The case of path parameter 0, if it is in reach of the officer; RC_NOT_FOUND otherwise. */
enum rc case_of_call(struct call *c, struct store_case *ret) WARN_UNUSED;
void case_etag(struct call *c, uint64_t version);
/* Why an officer of this role opens a case, where nothing else is said. */
enum purpose case_purpose(const struct call *c);
/* The purpose of opening a case: as the officer says, else as their role works. */
enum rc case_purpose_of(struct call *c, enum purpose *ret) WARN_UNUSED;
/* ?limit=, 1 to STORE_LIST_MAX. */
enum rc call_limit(struct call *c, size_t fallback, size_t *ret) WARN_UNUSED;
/* case_view.c */
enum rc case_get(struct call *c);
struct store_transition;
/* What was said to the family at each of the n steps: {"reason", "details": {"grounds"}}, NULL where nothing was. By its
   secret, or NULL as the officer of the call may open it: a look. What cannot be opened is left out; ret begins as NULLs. */
void case_said(struct call *c, const struct store_case *k, const struct store_transition *steps, size_t n, const char *secret,
               json_t **ret);
struct workflow;
/* The moves that the officer of the call, or without one the family, may make with the case now. */
json_t *case_next_moves(struct call *c, const struct store_case *k, const struct workflow *w, const json_t *declaration);
/* duplicates.c: who might be the same; each look is recorded. */
json_t *case_duplicates(struct call *c, const struct store_case *k, const json_t *declaration);
/* moves.c */
enum rc case_move(struct call *c);
/* parcels.c */
enum rc parcel_key_get(struct call *c);
enum rc parcel_take(struct call *c);
enum rc parcel_opened(struct call *c);
/* Has the vault open a parcel for the officer who is signed in. RC_SIGNATURE, RC_FORMAT, with a code that says more. */
enum rc parcel_open(struct call *c, enum parcel_kind kind, struct bytes parcel, struct buf *out) WARN_UNUSED;
/* uploads.c */
enum rc upload_options(struct call *c);
enum rc upload_create(struct call *c);
enum rc upload_head(struct call *c);
enum rc upload_patch(struct call *c);
enum rc upload_delete(struct call *c);
enum rc attachment_get(struct call *c);
/* acts.c */
enum rc act_get(struct call *c);
enum rc act_receipt(struct call *c);
enum rc person_get(struct call *c);
enum rc person_looks(struct call *c);
struct store_act;
struct act_labels {
	uint64_t label[256];
	size_t count;
};
/* The act of path parameter 0, if its office is in reach of the officer; RC_NOT_FOUND otherwise. */
enum rc act_of_call(struct call *c, struct store_act *ret) WARN_UNUSED;
/* RC_OK if certificates are drawn from this act; else RC_STATE with the code act_cancelled, act_superseded or
   no_certificate. */
enum rc act_stands(struct call *c, const struct store_act *act) WARN_UNUSED;
/* Appends the proof that the act stands in the log. RC_NOT_FOUND (code receipt_not_ready) until it does. */
enum rc act_prove(struct call *c, const struct store_act *act, struct buf *out) WARN_UNUSED;
/* Appends a receipt that opens the given labels; NULL opens all. */
enum rc act_build_receipt(const struct store_act *act, struct bytes plain, struct bytes proof, struct act_labels *open,
                          struct buf *out) WARN_UNUSED;
/* certificates.c */
enum rc act_certificate(struct call *c);
enum rc act_claim_code(struct call *c);
enum rc claim_redeem(struct call *c);
/* people.c */
enum rc person_find(struct call *c);
/* admin.c */
enum rc staff_list(struct call *c);
enum rc staff_sessions_end(struct call *c);
enum rc staff_close(struct call *c);
enum rc staff_log(struct call *c);
/* devices.c */
enum rc device_heard(struct call *c);
enum rc device_list(struct call *c);
enum rc device_drop(struct call *c);
/* counts.c */
enum rc counts_get(struct call *c);
/* sheets.c */
enum rc case_draft(struct call *c);
enum rc case_slip(struct call *c);
enum rc case_decision(struct call *c);
enum rc form_blank(struct call *c);
enum rc register_page(struct call *c);
/* public.c */
enum rc place_list(struct call *c);
enum rc office_list(struct call *c);
enum rc log_checkpoint(struct call *c);
enum rc log_tile(struct call *c);
enum rc log_closed_checkpoint(struct call *c);
enum rc log_closed_known(struct call *c);
enum rc log_closed_tile(struct call *c);
enum rc status_list_get_signed(struct call *c);
enum rc trust_get(struct call *c);
enum rc authority_get(struct call *c);
enum rc health(struct call *c);
/* metrics.c */
enum rc metrics(struct call *c);
/* aids.c */
enum rc calendar_get(struct call *c);
enum rc romanisation_propose(struct call *c);
/* web.c */
enum rc web_home(struct call *c);
enum rc web_get(struct call *c);
/* country.c */
enum rc country_get(struct call *c);
enum rc country_form(struct call *c);
enum rc country_strings(struct call *c);
enum rc country_sound(struct call *c);
/* describe.c */
enum rc openapi(struct call *c);
/* pages.c */
enum rc docs(struct call *c);

struct gate;
enum rc uploads_open(struct gate *g) WARN_UNUSED;
void uploads_close(struct gate *g);

#endif
