/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The route table: one line is all there is to know of a route, and gives the
 * router, the policy check, /openapi.json and /docs. What its parameters, headers
 * and bodies hold stands in schemas.json.
 *
 * A path template has literal segments and {parameters}; "{rest+}" as the last
 * segment takes all that is left. Literals win over parameters.
 */
#ifndef CIVIS_GATE_ROUTE_H
#define CIVIS_GATE_ROUTE_H

#include "gate/guard.h"
#include "vault/policy.h"

struct call;

#define ROUTE_PARAMETERS_MAX 4

enum {
	ROLE_BIT_FAMILY = 1u << ROLE_FAMILY,
	ROLE_BIT_OFFICIAL = 1u << ROLE_COMMUNE_OFFICIAL,
	ROLE_BIT_CLERK = 1u << ROLE_HOSPITAL_CLERK,
	ROLE_BIT_VERIFIER = 1u << ROLE_DISTRICT_VERIFIER,
	ROLE_BIT_REGISTRAR = 1u << ROLE_REGISTRAR,
	ROLE_BIT_ADMINISTRATOR = 1u << ROLE_NATIONAL_ADMINISTRATOR,
	ROLE_BIT_AUDITOR = 1u << ROLE_AUDITOR,
	ROLES_CASE = ROLE_BIT_OFFICIAL | ROLE_BIT_CLERK | ROLE_BIT_VERIFIER | ROLE_BIT_REGISTRAR,
	ROLES_STAFF = ROLES_CASE | ROLE_BIT_ADMINISTRATOR | ROLE_BIT_AUDITOR,
	ROLES_DEVICE = ROLE_BIT_OFFICIAL | ROLE_BIT_CLERK | ROLE_BIT_REGISTRAR, /* who declares, also away from the network */
	ROLES_RECORD = ROLE_BIT_OFFICIAL | ROLE_BIT_VERIFIER | ROLE_BIT_REGISTRAR,
	ROLES_ANYONE = 0, /* no session is looked at */
};

enum {
	ROUTE_KEY = 1,      /* an Idempotency-Key is required */
	ROUTE_MATCH = 2,    /* If-Match is required */
	ROUTE_JSON = 4,     /* the body is a JSON object */
	ROUTE_THROTTLED = 8,/* requests without a session are throttled by address */
	ROUTE_PURPOSE = 16, /* a Civis-Purpose header is required */
	ROUTE_TUS = 32,     /* speaks tus 1.0 */
	ROUTE_QUIET = 64,   /* not described in the API */
	ROUTE_KEY_MAY = 256,/* an Idempotency-Key is taken */
	ROUTE_SIGN_IN = 128,/* every request is throttled by address, at the pace of signing in */
	ROUTE_SECRET = 512, /* without a session a Tracking-Secret header is asked for */
	ROUTE_PURPOSE_MAY = 1024, /* a Civis-Purpose header is taken */
	ROUTE_IN_PARCEL = 2048, /* may come inside a parcel */
};

struct route {
	const char *name; /* operationId */
	enum http_method method;
	const char *path;
	unsigned roles;   /* who, as bits; ROLE_BIT_FAMILY: also without a session; 0: anyone, session ignored */
	const char *purpose; /* of the look that it makes; NULL: opens nothing personal */
	size_t body_max;
	unsigned flags;
	const char *request;  /* schema name; NULL: no body */
	const char *response; /* schema name, or a media type with '/'; several with a space between */
	int status;           /* of success */
	enum rc (*handle)(struct call *c);
	/* Names with a space between, NULL: none; schemas.json tells what each is. */
	const char *query;    /* query parameters */
	const char *reads;    /* request headers, beside those that the flags tell of */
	const char *gives;    /* headers of the answer, beside those */
	const char *summary;
};

extern const struct route routes[];
extern const size_t route_count;

struct route_match {
	const struct route *route;
	size_t count;
	struct bytes parameter[ROUTE_PARAMETERS_MAX]; /* percent-encoded, as in the path */
};

/* RC_NOT_FOUND: no such path. RC_METHOD: the path exists for other methods; *ret_allow (may be
   NULL) has their bits. HEAD matches a GET that opens nothing personal. */
enum rc route_find(enum http_method method, struct bytes path, struct route_match *ret,
                   unsigned *ret_allow) WARN_UNUSED;

#endif
