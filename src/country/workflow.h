/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Workflows: the states of a case of one kind, who may move it, where that
 * officer must sit, what the move does, and by when. Read from the pack's
 * workflow/KIND.json, or KIND.REGIME.json for offices that work otherwise;
 * nothing about a country stands here.
 *
 * Holding and releasing are transitions too (effect hold/release); they leave
 * the state as it is, and "to" is NULL.
 *
 * A state is final when the case has ended there: it leaves every queue, unless
 * it waits there to be collected. Entering one final state from another (a
 * certificate handed over, after the registration) ends nothing again. A move may
 * lead out of a final state: an appeal opens the case once more. What a case had
 * reserved is given back in a final state that nothing leaves.
 */
#ifndef CIVIS_COUNTRY_WORKFLOW_H
#define CIVIS_COUNTRY_WORKFLOW_H

#include "base/clock.h"
#include "base/err.h"
#include "country/pack.h"

#define WORKFLOW_STATES_MAX 24
#define WORKFLOW_TRANSITIONS_MAX 64
#define WORKFLOW_ROLES_MAX 8
#define WORKFLOW_BANDS_MAX 8
#define WORKFLOW_DECLARE_MAX 8
#define WORKFLOW_EVIDENCE_MAX 16
#define WORKFLOW_NEEDS_MAX 4
#define WORKFLOW_PAPER_MAX 8
#define WORKFLOW_QUEUE_OWN (-2)
#define WORKFLOW_COUNT_SIZE 32 /* name of a counter, with its NUL */

enum workflow_effect {
	EFFECT_NONE,
	EFFECT_HOLD,
	EFFECT_RELEASE,
	EFFECT_AMEND,          /* the declaration is replaced by the one sent */
	EFFECT_RESERVE_NUMBER, /* a personal number is reserved */
	EFFECT_REGISTER,       /* act, entry, claims and leaf are written */
	EFFECT_RETIRE_NUMBER,  /* a number reserved before, if any, is retired */
	EFFECT_FORWARD,        /* the case goes to the office that the body names */
	EFFECT_HAND_OVER,      /* the certificate was given to somebody: the details say to whom and how identified */
	EFFECT_NOTE,           /* nothing but what is said of the case: of a visit, what came of it */
};

/* Where the officer's scope must lie, seen from the case's office. */
enum workflow_office {
	OFFICE_OWN,      /* the same office */
	OFFICE_WITHIN,   /* the same or one below it (a hospital declares for its commune) */
	OFFICE_LEVEL,    /* exactly the case office's ancestor (or itself) at `office_level` */
	OFFICE_COVERS,   /* the same or any above it */
	OFFICE_ANYWHERE, /* any office of the country as far below the nation as the case's own */
};

struct workflow_state {
	const char *name;  /* "declared" */
	bool initial;
	bool final;        /* see above */
	bool waits;        /* final, and yet in the queue of its office until a move leads on: a certificate to hand over */
	bool notice;       /* a declaration in this state is a notification: form_context.notice */
	bool transcribes;  /* a declaration in this state is copied from a book of paper, and says where it stands there */
	const char *label; /* catalogue key */
	unsigned deadline_days;       /* local days after entering it by which it should be left; 0 none */
	const char *deadline_law;     /* id of a pack_law, or NULL */
	const char *deadline_certainty; /* "official", "secondary", "assumed" */
	const char *on_deadline; /* the transition that the system makes when the deadline has passed; NULL none */
	/* Level whose office sees the case in its queue in this state; -1 national; WORKFLOW_QUEUE_OWN the case's own. */
	int queue_level;
};

struct workflow_fee {
	uint64_t amount;        /* in whole units of the currency; 0: free */
	const char *currency;   /* ISO 4217 */
	const char *law;        /* id of a pack_law, or NULL */
	const char *certainty;
};

/* How late the event is reported. */
struct workflow_band {
	const char *name;  /* "on_time" */
	const char *label; /* catalogue key */
	unsigned days, years; /* reported at most so long after the event; both 0: without limit */
	const char *evidence[WORKFLOW_EVIDENCE_MAX]; /* kinds that are expected; none is ever mandatory */
	size_t evidence_count;
	const struct workflow_fee *fee; /* NULL: the pack says nothing */
	const char *law, *certainty;
};

enum workflow_shown {
	SHOWN_LISTED,   /* attached, or the declaration says that it was shown */
	SHOWN_ATTACHED, /* attached at any time */
	SHOWN_CURRENT,  /* attached to the declaration as it stands now */
};

/* Something that has to be shown before a move. */
struct workflow_need {
	const char *of[WORKFLOW_EVIDENCE_MAX]; /* kinds of evidence of which one is enough */
	size_t of_count;
	enum workflow_shown shown;
	const char *field, *value; /* only if the declaration has this there; NULL: always */
};

/* What is handed to whom a move concerns: what was decided, why, and what they can do. */
struct workflow_paper {
	const char *title; /* catalogue key */
	const char *declared[WORKFLOW_PAPER_MAX]; /* fields of the case's declaration that are told */
	size_t declared_count;
	const char *details[WORKFLOW_PAPER_MAX];  /* and of the move's details */
	size_t details_count;
	const char *texts[WORKFLOW_PAPER_MAX];    /* catalogue keys, perhaps with {office}, {until} and {days} */
	size_t text_count;
	const char *law;    /* id of a pack_law, or NULL */
	const char *certainty;
	const char *appeal; /* name of the transition by which it is contested, in time; NULL: by none */
};

/* What the declaration may not say, if a move is to be: this value of a choice or a bool. */
struct workflow_unless {
	const char *field; /* NULL: nothing */
	const char *value;
};

struct workflow_transition {
	const char *name;  /* "verify": last part of the route */
	const char *label; /* catalogue key */
	const char *from[WORKFLOW_STATES_MAX];
	size_t from_count;
	const char *to; /* NULL: the state stays */
	const char *roles[WORKFLOW_ROLES_MAX]; /* names as vault/policy.h has them; "family": no account; "system" */
	size_t role_count;
	enum workflow_office office;
	int office_level; /* index into pack levels for OFFICE_LEVEL, -1 national; else unused */
	bool needs_reason;
	bool verifies;        /* an officer of another desk confirms what was declared: the act names them */
	enum workflow_effect effect;
	const char *const *reasons; /* codes offered; none: free */
	size_t reason_count;
	struct workflow_need needs[WORKFLOW_NEEDS_MAX]; /* each of them */
	size_t needs_count;
	struct workflow_unless unless;
	const char *bands[WORKFLOW_BANDS_MAX];    /* only in these; none: in each */
	size_t band_count;
	bool after_deadline;  /* only when the deadline of the state has passed */
	bool before_deadline; /* only until then */
	bool to_office;       /* the body names an office */
	const struct form *details; /* what the body's "details" hold; form_accept() checks them. NULL: none may be sent */
	const char *count;    /* name of the counter that the move raises, perhaps with {band}; NULL none */
	const struct workflow_paper *paper; /* NULL: none is handed out */
	const char *law, *certainty;        /* as of a band; NULL: nothing is said of it */
};

/* Who may open a case, where, and in which state it begins. */
struct workflow_declare {
	struct workflow_transition who; /* roles, office, office_level and count alone */
	const char *state;
};

struct workflow {
	const char *kind;
	const char *regime; /* NULL: the default's */
	struct workflow_state states[WORKFLOW_STATES_MAX];
	size_t state_count;
	struct workflow_transition transitions[WORKFLOW_TRANSITIONS_MAX];
	size_t transition_count;
	struct workflow_declare declare[WORKFLOW_DECLARE_MAX];
	size_t declare_count;
	/* Level of the offices whose register holds this kind: a case's office is of this level. */
	int case_level;
	const char *office_kind; /* such offices alone ("consulate"), beside the level; NULL: any of the level */
	struct workflow_band bands[WORKFLOW_BANDS_MAX]; /* earliest first */
	size_t band_count;
	const struct pack *pack;
};

/* A move that somebody asks for. */
struct workflow_ask {
	const char *transition, *state;
	const char *band;          /* of the case; NULL: none */
	const char *role;          /* NULL: no account (family) */
	const char *officer_scope; /* NULL for family and system */
	const char *case_office;
	bool has_reason;
	int64_t now, deadline;     /* microseconds UTC; deadline 0: the case has none */
};

const struct workflow_state *workflow_state(const struct workflow *w, const char *name);
const struct workflow_state *workflow_initial(const struct workflow *w);
/* NULL when no transition of that name exists at all. */
const struct workflow_transition *workflow_transition(const struct workflow *w, const char *name);
bool workflow_leaves(const struct workflow_transition *t, const char *state);
/* Asks everything but the holder and the evidence: RC_OK; RC_NOT_FOUND no such transition; RC_STATE not from this
   state, not in this band, or not on this side of the deadline; RC_FORBIDDEN role or office; RC_INVALID a reason is
   needed and has_reason is false. *ret only with RC_OK. */
enum rc workflow_may(const struct workflow *w, const struct workflow_ask *ask,
		     const struct workflow_transition **ret) WARN_UNUSED;
/* The move that was taken by this name between these states, if it has a paper; else NULL. */
const struct workflow_transition *workflow_with_paper(const struct workflow *w, const char *name, const char *from, const char *to);
/* How a move with a paper is contested: from the state to which it led, or where that comes later from *ret_from. NULL: not. */
const struct workflow_transition *workflow_appeal(const struct workflow *w, const struct workflow_transition *t,
						  const struct workflow_state **ret_from);
/* Whether evidence of these kinds is enough. */
bool workflow_evidence_suffices(const struct workflow_need *need, const char *const *kinds, size_t count);
/* May this role open a case at this office? RC_OK with the rule (the state it begins in, its counter); RC_FORBIDDEN;
   RC_INVALID: an office that keeps no register of this kind. Arguments as in workflow_ask. */
enum rc workflow_may_declare(const struct workflow *w, const char *role, const char *officer_scope,
			     const char *case_office, const struct workflow_declare **ret) WARN_UNUSED;
/* Scope of the office that acts on a case in this state (its ancestor at queue_level). RC_INVALID if none. */
enum rc workflow_queue_office(const struct workflow *w, const char *state, const char *case_office,
			      char *out, size_t size) WARN_UNUSED;
/* Last local day for leaving the state, entered at utc_us; false when the state has no deadline. */
bool workflow_deadline(const struct workflow *w, const char *state, int64_t entered_us, struct date *ret);
/* The band of an event of this day that is reported on that; NULL when the workflow has no bands. */
const struct workflow_band *workflow_band(const struct workflow *w, struct date event, struct date reported);
const struct workflow_band *workflow_band_by_name(const struct workflow *w, const char *name);
/* Name of the counter that a move raises in a case of this band (NULL: none), {band} filled in; false: it raises none. */
bool workflow_count(const struct workflow_transition *t, const char *band, char out[static WORKFLOW_COUNT_SIZE]);

#endif
