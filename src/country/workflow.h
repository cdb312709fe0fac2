/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Workflows: the states of a case of one kind, who may move it, where that
 * officer must sit, what the move does, and by when. Read from the pack's
 * workflow/KIND.json; nothing about a country stands here.
 *
 * Holding and releasing are transitions too (effect hold/release); they leave
 * the state as it is, and "to" is NULL.
 */
#ifndef CIVIS_COUNTRY_WORKFLOW_H
#define CIVIS_COUNTRY_WORKFLOW_H

#include "base/clock.h"
#include "base/err.h"
#include "country/pack.h"

#define WORKFLOW_STATES_MAX 16
#define WORKFLOW_TRANSITIONS_MAX 32
#define WORKFLOW_ROLES_MAX 8

enum workflow_effect {
	EFFECT_NONE,
	EFFECT_HOLD,
	EFFECT_RELEASE,
	EFFECT_AMEND,          /* the declaration is replaced by the one sent */
	EFFECT_RESERVE_NUMBER, /* a personal number is reserved */
	EFFECT_REGISTER,       /* act, entry, claims and leaf are written */
	EFFECT_RETIRE_NUMBER,  /* a number reserved before, if any, is retired */
};

/* Where the officer's scope must lie, seen from the case's office. */
enum workflow_office {
	OFFICE_OWN,    /* the same office */
	OFFICE_WITHIN, /* the same or one below it (a hospital declares for its commune) */
	OFFICE_LEVEL,  /* exactly the case office's ancestor (or itself) at `office_level` */
	OFFICE_COVERS, /* the same or any above it */
};

struct workflow_state {
	const char *name;  /* "declared" */
	bool initial;
	bool final;        /* no deadline, no further transition that changes the state */
	const char *label; /* catalogue key */
	unsigned deadline_days;       /* local days after entering it by which it should be left; 0 none */
	const char *deadline_law;     /* id of a pack_law, or NULL */
	const char *deadline_certainty; /* "official", "secondary", "assumed" */
	/* Level whose office sees the case in its queue in this state; -1 the case's own office. */
	int queue_level;
};

struct workflow_transition {
	const char *name;  /* "verify": last part of the route */
	const char *label; /* catalogue key */
	const char *from[WORKFLOW_STATES_MAX];
	size_t from_count;
	const char *to; /* NULL: the state stays */
	const char *roles[WORKFLOW_ROLES_MAX]; /* names as vault/policy.h has them; "family": no account */
	size_t role_count;
	enum workflow_office office;
	int office_level; /* index into pack levels for OFFICE_LEVEL, -1 national; else unused */
	bool needs_reason;
	enum workflow_effect effect;
	const char *const *reasons; /* codes offered; none: free */
	size_t reason_count;
};

struct workflow {
	const char *kind;
	struct workflow_state states[WORKFLOW_STATES_MAX];
	size_t state_count;
	struct workflow_transition transitions[WORKFLOW_TRANSITIONS_MAX];
	size_t transition_count;
	/* Who may open a case, and where ("declare"). */
	struct workflow_transition declare;
	/* Level of the offices whose register holds this kind: a case's office is of this level. */
	int case_level;
	/* The period in which the law wants the event reported, counted from its date. */
	unsigned report_days;
	const char *report_law, *report_certainty;
	const struct pack *pack;
};

const struct workflow_state *workflow_state(const struct workflow *w, const char *name);
const struct workflow_state *workflow_initial(const struct workflow *w);
/* NULL when no transition of that name exists at all. */
const struct workflow_transition *workflow_transition(const struct workflow *w, const char *name);
/* Asks everything but the holder: RC_OK; RC_NOT_FOUND no such transition; RC_STATE not from this state;
   RC_FORBIDDEN role or office; RC_INVALID a reason is needed and has_reason is false.
   `role` NULL means no account (family). */
enum rc workflow_may(const struct workflow *w, const char *transition, const char *state, const char *role,
		     const char *officer_scope, const char *case_office, bool has_reason,
		     const struct workflow_transition **ret) WARN_UNUSED;
/* The same for opening a case at an office. */
enum rc workflow_may_declare(const struct workflow *w, const char *role, const char *officer_scope,
			     const char *case_office) WARN_UNUSED;
/* Scope of the office that acts on a case in this state (its ancestor at queue_level). RC_INVALID if none. */
enum rc workflow_queue_office(const struct workflow *w, const char *state, const char *case_office,
			      char *out, size_t size) WARN_UNUSED;
/* Last local day for leaving the state, entered at utc_us; false when the state has no deadline. */
bool workflow_deadline(const struct workflow *w, const char *state, int64_t entered_us, struct date *ret);
/* Whether the event was reported later than the law's period. */
bool workflow_is_late(const struct workflow *w, struct date event, int64_t reported_us);

#endif
