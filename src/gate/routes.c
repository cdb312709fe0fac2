/* SPDX-License-Identifier: MPL-2.0 */
#include "gate/handlers.h"
#include "gate/route.h"

enum {
	SMALL = 4 * 1024,
	DECLARATION = 64 * 1024,
	UPLOAD = 5 * 1024 * 1024,
};

#define R(name_, method_, path_, ...) {.name = #name_, .method = HTTP_##method_, .path = path_, .handle = name_, __VA_ARGS__}

const struct route routes[] = {
	R(session_create, POST, "/api/v1/sessions", .status = 201, .body_max = SMALL, .flags = ROUTE_JSON | ROUTE_SIGN_IN,
	  .request = "SignIn", .response = "Session", .summary = "Sign in with a name and a passphrase"),
	R(session_get, GET, "/api/v1/sessions/current", .roles = ROLES_STAFF, .status = 200, .response = "Session",
	  .summary = "Who is signed in"),
	R(session_end, DELETE, "/api/v1/sessions/current", .roles = ROLES_STAFF, .status = 204, .summary = "Sign out"),

	R(case_create, POST, "/api/v1/cases", .roles = ROLES_CASE | ROLE_BIT_FAMILY, .status = 201,
	  .body_max = DECLARATION, .flags = ROUTE_JSON | ROUTE_KEY | ROUTE_THROTTLED, .request = "NewCase",
	  .response = "CaseMade", .summary = "Declare or notify an event, or ask for an act about somebody registered; a family needs no account"),
	R(case_list, GET, "/api/v1/cases", .roles = ROLES_CASE, .status = 200, .response = "CaseList",
	  .query = "state office after limit", .summary = "The work queue of one's office, page by page"),
	R(case_get, GET, "/api/v1/cases/{id}", .roles = ROLES_CASE, .purpose = "case_work", .status = 200,
	  .response = "Case", .query = "version",
	  .summary = "Open a case: declaration (also as of an earlier version), history, attachments, duplicates, next moves"),
	R(case_move, POST, "/api/v1/cases/{id}/{transition}", .roles = ROLES_CASE | ROLE_BIT_FAMILY,
	  .purpose = "registration", .status = 200, .body_max = DECLARATION,
	  .flags = ROUTE_JSON | ROUTE_KEY | ROUTE_MATCH | ROUTE_THROTTLED, .request = "Move", .response = "Moved",
	  .summary = "Move a case on, as the country's workflow allows: return, verify, register, forward, appeal, hand over…"),
	R(attachment_get, GET, "/api/v1/cases/{id}/attachments/{attachment}", .roles = ROLES_CASE, .purpose = "case_work",
	  .status = 200, .response = "application/octet-stream", .summary = "An attachment of a case"),

	R(upload_options, OPTIONS, "/api/v1/uploads", .status = 204, .flags = ROUTE_TUS | ROUTE_QUIET,
	  .summary = "What of tus is spoken here"),
	R(upload_create, POST, "/api/v1/uploads", .roles = ROLES_CASE | ROLE_BIT_FAMILY, .status = 201, .body_max = SMALL,
	  .flags = ROUTE_TUS | ROUTE_THROTTLED, .summary = "Begin an upload (tus 1.0); Upload-Metadata names case and kind"),
	R(upload_head, HEAD, "/api/v1/uploads/{id}", .roles = ROLES_CASE | ROLE_BIT_FAMILY, .status = 200,
	  .flags = ROUTE_TUS, .summary = "How much of an upload has arrived"),
	R(upload_patch, PATCH, "/api/v1/uploads/{id}", .roles = ROLES_CASE | ROLE_BIT_FAMILY, .status = 204,
	  .body_max = UPLOAD, .flags = ROUTE_TUS, .request = "application/offset+octet-stream",
	  .summary = "Send the next bytes of an upload"),
	R(upload_delete, DELETE, "/api/v1/uploads/{id}", .roles = ROLES_CASE | ROLE_BIT_FAMILY, .status = 204,
	  .flags = ROUTE_TUS, .summary = "Give up an unfinished upload"),

	R(case_track, POST, "/api/v1/tracking", .roles = ROLES_CASE | ROLE_BIT_FAMILY, .status = 200, .body_max = SMALL,
	  .flags = ROUTE_JSON | ROUTE_THROTTLED, .request = "Tracking", .response = "Tracked",
	  .summary = "Follow a case by its code and secret"),

	R(act_get, GET, "/api/v1/acts/{id}", .roles = ROLES_RECORD, .purpose = "counter_service", .status = 200,
	  .response = "Act", .summary = "An act, opened"),
	R(act_receipt, GET, "/api/v1/acts/{id}/receipt", .roles = ROLES_RECORD, .purpose = "counter_service", .status = 200,
	  .response = "application/cbor", .summary = "The act's receipt, which proves offline that it stands in the log"),
	R(act_certificate, GET, "/api/v1/acts/{id}/certificate.pdf", .roles = ROLE_BIT_REGISTRAR | ROLE_BIT_OFFICIAL,
	  .purpose = "certificate", .status = 200, .flags = ROUTE_KEY_MAY, .response = "application/pdf",
	  .summary = "Issue a certificate: each one has a serial number, a reprint says copy"),
	R(act_claim_code, POST, "/api/v1/acts/{id}/claim-codes", .roles = ROLE_BIT_REGISTRAR | ROLE_BIT_OFFICIAL,
	  .purpose = "claim", .status = 201, .body_max = SMALL, .flags = ROUTE_JSON, .request = "ClaimDays",
	  .response = "ClaimCode", .summary = "A code with which whoever holds it draws one certificate of this act"),
	R(claim_redeem, POST, "/api/v1/claims", .status = 200, .body_max = SMALL, .flags = ROUTE_JSON | ROUTE_SIGN_IN,
	  .request = "Claim", .response = "application/pdf", .summary = "Draw the certificate that a claim code stands for"),

	R(person_get, GET, "/api/v1/people/{id}", .roles = ROLES_RECORD, .purpose = "counter_service", .status = 200,
	  .flags = ROUTE_PURPOSE, .response = "Person", .summary = "A person, folded from their acts"),
	R(person_looks, GET, "/api/v1/people/{id}/looks", .roles = ROLE_BIT_OFFICIAL | ROLE_BIT_REGISTRAR | ROLE_BIT_AUDITOR,
	  .status = 200, .response = "Looks", .query = "after limit", .summary = "Who has looked at this person, and why"),

	R(counts_get, GET, "/api/v1/counts", .roles = ROLES_STAFF, .status = 200, .response = "Counts",
	  .query = "office from to by format", .summary = "Counters of months that are over, without small numbers; JSON, CSV or OpenMetrics"),

	R(place_list, GET, "/api/v1/places", .status = 200, .response = "Places", .query = "parent level q on after limit",
	  .summary = "Places as they are on a day, from provinces to villages, and what they became"),
	R(office_list, GET, "/api/v1/offices", .status = 200, .response = "Offices", .query = "scope after limit",
	  .summary = "Offices below a scope"),

	R(calendar_get, GET, "/api/v1/calendar/{date}", .status = 200, .response = "CalendarDay",
	  .summary = "A day in figures, in words and in the country's lunar calendar: an aid, never a record"),
	R(romanisation_propose, POST, "/api/v1/romanisation", .roles = ROLES_CASE | ROLE_BIT_FAMILY, .status = 200, .body_max = SMALL,
	  .flags = ROUTE_JSON | ROUTE_THROTTLED, .request = "NativeName", .response = "LatinProposals",
	  .summary = "How a name might be spelt in Latin letters: proposals, never stored; the informant writes the Latin form"),

	R(log_checkpoint, GET, "/log/checkpoint", .status = 200, .response = "text/plain",
	  .summary = "The signed head of the public log (C2SP tlog-checkpoint)"),
	R(log_tile, GET, "/log/tile/{path+}", .status = 200, .response = "application/octet-stream",
	  .summary = "Tiles and entries of the public log (C2SP tlog-tiles)"),
	R(log_closed_checkpoint, GET, "/log/closed/{epoch}/checkpoint", .status = 200, .response = "text/plain",
	  .summary = "The last signed head of an epoch of the log that was closed"),
	R(log_closed_known, GET, "/log/closed/{epoch}/known", .status = 200, .response = "text/plain",
	  .summary = "The signed head that the next epoch commits to: a larger one where entries were lost"),
	R(log_closed_tile, GET, "/log/closed/{epoch}/tile/{path+}", .status = 200, .response = "application/octet-stream",
	  .summary = "Tiles and entries of an epoch of the log that was closed"),
	R(status_list_get_signed, GET, "/status/{list}", .status = 200, .response = "application/statuslist+cwt",
	  .summary = "A signed status list of documents (Token Status List)"),
	R(trust_get, GET, "/trust.json", .status = 200, .response = "application/json",
	  .summary = "Every public key ever used, with its period"),
	R(openapi, GET, "/openapi.json", .status = 200, .response = "application/json", .summary = "This description"),
	R(docs, GET, "/docs", .status = 200, .response = "text/html", .summary = "This description, for people"),
	R(health, GET, "/healthz", .status = 200, .response = "Health", .summary = "Whether the register can work"),
	R(metrics, GET, "/metrics", .status = 200, .response = "text/plain", .summary = "Counters for Prometheus"),
	R(home, GET, "/", .status = 200, .response = "text/html", .flags = ROUTE_QUIET, .summary = "The first page"),
};

const size_t route_count = sizeof routes / sizeof *routes;
