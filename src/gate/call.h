/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A call: one request on its way through its handler, with all it works with.
 *
 * A handler reads from the call, answers with call_json() and its kin, and
 * returns RC_OK; or returns an error (with c->err, or c->fields filled) and the
 * router answers a problem.
 */
#ifndef CIVIS_GATE_CALL_H
#define CIVIS_GATE_CALL_H

#include <jansson.h>

#include "country/form.h"
#include "gate/http.h"
#include "gate/route.h"
#include "register/desk.h"

struct gate;

#define CALL_FIELDS_MAX 96
#define CALL_ARENA_MAX ((size_t)32 << 20)

/* One wrong field, for errors[] of a problem. */
struct call_field {
	const char *pointer;
	const char *code;
	size_t limit;
};

struct call {
	struct gate *gate;
	unsigned worker;
	const struct http_request *q;
	struct http_answer *a;
	const struct route_match *match;
	const char *language;      /* of messages */
	struct desk desk;          /* its arena, err and now serve the whole call */
	struct vault_session session;
	bool signed_in;
	json_t *body;              /* ROUTE_JSON: an object, borrowed until the call ends */
	const char *key;           /* Idempotency-Key; NULL if there is none */
	uint64_t if_match;         /* version; 0 if the header is missing */
	struct err err;
	struct call_field fields[CALL_FIELDS_MAX];
	size_t field_count;
	unsigned retry_after;      /* seconds; 0: not said */
	const char *code;          /* overrides the problem's code; a literal */
};

/* The decoded path parameter, or "" . */
const char *call_parameter(struct call *c, size_t i);
/* The decoded query parameter; NULL if absent or not decodable. */
const char *call_query(struct call *c, const char *name);
/* A header's value as a string in the arena; NULL if absent. */
const char *call_header(struct call *c, const char *name);
/* Says which form of the answer this is (ETag, quoted, weak or not), and that it differs by coding. True if the client has it
   already (If-None-Match, compared weakly: RFC 9110 §13.1.2): then the answer is 304. */
bool call_unchanged(struct call *c, const char *tag);
/* Whether the answer may have this coding: named in Accept-Encoding, and not with q=0 (RFC 9110 §12.5.3). */
bool call_takes(struct call *c, const char *coding);
/* Whoever asks has signed in, or shows a tracking secret (which is not compared here). */
bool call_is_known(struct call *c);
/* The path parameter as an id. RC_NOT_FOUND if it is none. */
enum rc call_id(struct call *c, size_t i, struct id *ret) WARN_UNUSED;

/* Notes a wrong field; `pointer` is copied. Always RC_INVALID. */
enum rc call_wrong(struct call *c, const char *pointer, const char *code, size_t limit);
/* A string member of the body, noted as wrong when it is missing (if required), not a string,
   empty or longer than max bytes. NULL then, or when absent. */
const char *call_text(struct call *c, const char *name, size_t max, bool required);
/* Notes each member that is not in the space-separated list. */
void call_known(struct call *c, const char *names);

/* Takes over `j`. RC_NO_MEMORY if j is NULL. */
enum rc call_json(struct call *c, int status, json_t *j) WARN_UNUSED;
enum rc call_bytes(struct call *c, int status, const char *type, struct bytes body) WARN_UNUSED;
/* Answers with what was stored for the first request of this key. */
enum rc call_replay(struct call *c, const struct store_result *r) WARN_UNUSED;

/* The idempotency record of this call, with an HMAC over method, path and body. principal is in the arena. */
enum rc call_request(struct call *c, const char *principal, int status, struct store_request *ret) WARN_UNUSED;
/* "staff:<id>" or "family:<case id>". */
const char *call_principal(struct call *c, struct id case_id);

json_t *json_id(struct id id);
json_t *json_instant(int64_t utc_us); /* null for 0 */
json_t *json_text(const char *s);     /* null for NULL or "" */

#endif
