/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Who may open what, for which purpose, from where, how often.
 *
 * One table (policy.c): role, kind of object, purpose → scope rule and daily
 * quota. What is not in the table is refused. The vault enforces it from its
 * own staff records; the gate uses the same words for its routes.
 *
 * A scope is the path of an office in the tree of offices ("khm/12/1201"); an
 * officer's scope covers itself and everything below it.
 */
#ifndef CIVIS_VAULT_POLICY_H
#define CIVIS_VAULT_POLICY_H

#include "base/bytes.h"
#include "base/err.h"

#define SCOPE_MAX 64 /* with the final NUL */

/* Numbers are stored and sent: never renumber. */
#define VAULT_ROLES(X) \
	X(ROLE_FAMILY, 1, "family") /* no account: seals its own new case, opens nothing */ \
	X(ROLE_COMMUNE_OFFICIAL, 2, "commune_official") \
	X(ROLE_HOSPITAL_CLERK, 3, "hospital_clerk") \
	X(ROLE_DISTRICT_VERIFIER, 4, "district_verifier") \
	X(ROLE_REGISTRAR, 5, "registrar") \
	X(ROLE_NATIONAL_ADMINISTRATOR, 6, "national_administrator") /* opens nothing personal */ \
	X(ROLE_AUDITOR, 7, "auditor") /* opens nothing personal */

enum role {
	ROLE_NONE = 0,
#define X(code, number, name) code = number,
	VAULT_ROLES(X)
#undef X
	ROLE_END = 8,
};

#define VAULT_PURPOSES(X) \
	X(PURPOSE_CASE_WORK, 1, "case_work") \
	X(PURPOSE_VERIFICATION, 2, "verification") \
	X(PURPOSE_REGISTRATION, 3, "registration") \
	X(PURPOSE_CERTIFICATE, 4, "certificate") \
	X(PURPOSE_DUPLICATES, 5, "duplicates") \
	X(PURPOSE_COUNTER_SERVICE, 6, "counter_service") \
	X(PURPOSE_NUMBER, 7, "number") /* reserving a personal number */ \
	X(PURPOSE_FORWARDING, 8, "forwarding") /* handing a case to another office */ \
	X(PURPOSE_CLAIM, 9, "claim") /* a code with which a family draws its own document */ \
	X(PURPOSE_REGISTER_PAGE, 10, "register_page") \
	X(PURPOSE_APPEAL, 11, "appeal") \
	X(PURPOSE_PARCEL, 12, "parcel") /* taking in what was finished without a network */

enum purpose {
	PURPOSE_NONE = 0,
#define X(code, number, name) code = number,
	VAULT_PURPOSES(X)
#undef X
	PURPOSE_END = 13,
};

/* Kinds of sealed objects. Stored in each blob: never renumber. */
#define VAULT_KINDS(X) \
	X(KIND_CASE, 1, "case") \
	X(KIND_ACT, 2, "act") \
	X(KIND_INDEX, 3, "index") \
	X(KIND_ATTACHMENT, 4, "attachment") /* aux = number of the chunk */ \
	X(KIND_NUMBER, 5, "number") \
	X(KIND_STATISTICS, 6, "statistics") \
	X(KIND_LOOKS, 7, "looks") /* the list of looks at a person: never sealed, but read, counted and recorded */

enum vault_kind {
	KIND_NONE = 0,
#define X(code, number, name) code = number,
	VAULT_KINDS(X)
#undef X
	KIND_END = 8,
};

/* Stable names; "unknown" for a value outside the table. Literals. */
const char *role_name(enum role r);
const char *purpose_name(enum purpose p);
const char *vault_kind_name(enum vault_kind k);
/* The value of a name; ROLE_NONE / PURPOSE_NONE if there is none. */
enum role role_parse(struct bytes name);
enum purpose purpose_parse(struct bytes name);

/* 1–63 bytes of [A-Za-z0-9_-] parts joined by single '/'. */
bool scope_is_valid(struct bytes scope);
/* True if inner is outer itself or lies below it. */
bool scope_covers(const char *outer, const char *inner);

enum scope_rule {
	SCOPE_DECLARED, /* an office that the officer's belongs to, and the officer's declared the case, which nobody else
	                   has completed, and is not verified: no personal number was reserved */
	SCOPE_SUBTREE, /* the officer's office or any below it */
	SCOPE_CANDIDATE, /* wherever it is, if the matcher just named it to this session as a possible duplicate */
};

struct policy_rule {
	enum role role;
	enum vault_kind kind;
	enum purpose purpose;
	enum scope_rule scope;
	uint32_t daily; /* openings per officer and UTC day, for this kind and purpose */
};

/* The rule for opening; NULL means refused. */
const struct policy_rule *policy_find_open(enum role r, enum vault_kind k, enum purpose p);
/* True if the role may seal an object of this kind for an office of this scope. */
bool policy_may_seal(enum role r, const char *officer_scope, enum vault_kind k, const char *object_scope);
/* True if the role seals only for cases that its own office declared (as SCOPE_DECLARED). */
bool policy_seals_own_alone(enum role r);
/* True if the rule lets an officer of this scope open an object of that scope;
   for SCOPE_CANDIDATE and SCOPE_DECLARED the caller asks besides what those say. */
bool policy_scope_allows(enum scope_rule rule, const char *officer_scope, const char *object_scope);
/* The rule of a task that opens nothing sealed, but is counted like an opening: having a number reserved
   (KIND_NUMBER, PURPOSE_NUMBER), forwarding a case (KIND_CASE, PURPOSE_FORWARDING), reading the looks at a person
   (KIND_LOOKS, PURPOSE_COUNTER_SERVICE), finding whose record it is (KIND_NUMBER, PURPOSE_COUNTER_SERVICE), opening a parcel with a request or a file (KIND_CASE, KIND_ATTACHMENT,
   PURPOSE_PARCEL), whoever it is about. NULL: refused. */
const struct policy_rule *policy_find_task(enum role r, enum vault_kind k, enum purpose p);
/* Whether an officer of this role and scope may have had, in the role named, a part in an act of that office. */
bool policy_may_take_part(enum role r, const char *officer_scope, enum role named, const char *office);

#endif
