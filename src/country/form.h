/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Forms: what a declaration of one kind of event holds, read from the pack's
 * forms/KIND.json.
 *
 * A form is a list of fields. Each leaf of the declaration (a JSON object) that
 * the form knows has a JSON pointer, a type, and an integer label ≥ 32 that
 * never changes its meaning, since it is what an act's bytes carry. Checking
 * reports every wrong field at once as (pointer, code); the code is also the
 * key of its message ("field.CODE" in the catalogues).
 *
 *   type          JSON                                  CBOR in an act
 *   name, text    string                                tstr (NFC)
 *   date          "YYYY-MM-DD"                          tstr
 *   partial_date  {"value": "1998-03", "precision": …}  [tstr|null, tstr]
 *   time          "HH:MM"                               tstr
 *   choice        string, one of choices                tstr
 *   place         string, a place code                  tstr
 *   country       string, ISO 3166-1 alpha-2            tstr
 *   number        whole number                          uint
 *   bool          true/false                            bool
 *   list          array of objects                      [[field, field…], …] in the order of items
 *
 * Absent is null in CBOR, so that each act of a form has the same labels.
 *
 * A field is kept in the act, or in the case alone (consent, a telephone number:
 * no label, never printed), or for statistics alone (taken out before the case is
 * sealed, form_split_statistics()).
 *
 * A form with a `base` restates that form: it begins with the base's fields of the
 * act, under the same paths and labels, with their objects and rules; its own
 * labels begin at FORM_LABEL_OWN. So an act of correction holds the whole birth as
 * it now stands, and a certificate is drawn from it as from the first.
 *
 * A member that names ethnicity, race, religion or tribe, in any of the
 * product's languages, is refused wherever it stands ("forbidden_field"): see
 * country/denied.h.
 */
#ifndef CIVIS_COUNTRY_FORM_H
#define CIVIS_COUNTRY_FORM_H

#include <jansson.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "country/pack.h"

#define FORM_LABEL_MIN 32
#define FORM_CHANGES_MAX 16
#define FORM_CHANGE_OF_MAX 4
#define FORM_CHANGE_NEEDS_MAX 16
#define FORM_ALTERS_MAX 8
#define FORM_LABEL_OWN 128  /* own labels of a form with a base; the base's are below */
#define FORM_FIELDS_MAX 128
#define FORM_ITEMS_MAX 8    /* fields of one list item */
#define FORM_LIST_MAX 32    /* items of one list */
#define FORM_ERRORS_MAX 64
#define FORM_POINTER_SIZE 96

enum field_type {
	FIELD_NAME, FIELD_TEXT, FIELD_DATE, FIELD_PARTIAL_DATE, FIELD_TIME,
	FIELD_CHOICE, FIELD_PLACE, FIELD_BOOL, FIELD_LIST, FIELD_COUNTRY, FIELD_NUMBER,
};

enum field_keep { KEEP_ACT, KEEP_CASE, KEEP_STATISTICS };

enum field_script { SCRIPT_ANY, SCRIPT_NATIVE, SCRIPT_LATIN };

struct form_choice {
	const char *value; /* in the declaration and in the act */
	const char *code;  /* in an extract; NULL: the value itself */
	const char *label; /* key of its name in the catalogues */
};

struct form_field {
	const char *path;    /* JSON pointer in the declaration; in a list item: below the item */
	uint32_t label;      /* 0 in a list item and where it is not kept in the act */
	enum field_type type;
	enum field_script script;
	enum field_keep keep;
	bool required;       /* when the object that holds it is present */
	bool notice;         /* a notification must have it */
	size_t min_bytes, max_bytes;
	int64_t min, max;    /* of a number */
	const struct form_choice *choices;
	size_t choice_count;
	unsigned extract;    /* key in the extract map; 0 none */
	unsigned index;      /* key in the index record; 0 none */
	const char *print;   /* name under which certificates find it; NULL: never printed */
	const char *title;   /* key of its label in the catalogues */
	const struct form_field *items; /* of a list */
	size_t item_count;
	size_t max_items;
	const char *const *roles; /* of those who may say it; none: everybody */
	size_t role_count;
};

enum form_rule_kind {
	RULE_NOT_FUTURE,     /* field: a date (or partial date) is not after today in the country's zone */
	RULE_NOT_BEFORE,     /* field: a date is not before `value` (YYYY-MM-DD) */
	RULE_NOT_BEFORE_FIELD, /* field: a date is not before the date in `other` */
	RULE_TIME_NOT_FUTURE,/* field: a time, with the date in `other`: if that is today, not after now */
	RULE_MUST_BE,        /* field, if present, equals `value` */
	RULE_PRESENT_IF,     /* field required exactly when `other` equals `value`, absent otherwise */
	RULE_REQUIRED_WITH,  /* field required (and equal to `value` if given) when `other` is present */
	RULE_PLACE_ON,       /* field: a place that exists and is valid on the date in `other` */
	RULE_ONE_OF,         /* at least one of field and `other` (pointers of objects or leaves) is present */
	RULE_NOT_WITH,       /* field is absent when `other` is present (and has the value, if one is given) */
	RULE_PRESENT_WITH,   /* field is present exactly when `other` is */
	RULE_AGE_BETWEEN,    /* from the date in field to the date in `other` there are "12..60" whole years; of a
	                        partial date any possible day may be meant */
	RULE_NOT_TITLED,     /* field: a name without one of the pack's titles before it */
	RULE_SURNAME_OF,     /* field: a name whose surname, as the pack says, is that of the name in `other` */
	RULE_NOT_ABOVE,      /* field: a number that is not above the one in `other` */
	RULE_NOT_BEFORE_STEP, /* field, of what a move says: a date is not before the day of the case's last step */
};

struct form_rule {
	enum form_rule_kind kind;
	const char *field; /* pointer at which the error is reported */
	const char *other;
	const char *value; /* text; "true"/"false" for a bool */
	const char *code;  /* reported code */
	bool warn;         /* reported as a warning, never blocks */
	bool notice;       /* of a notification alone */
};

struct form_page;

enum form_change_way { CHANGE_EITHER, CHANGE_ENTERED, CHANGE_TAKEN_OUT };

/* What a form that restates an act may change only with something that was shown for it. */
struct form_change {
	const char *of[FORM_CHANGE_OF_MAX]; /* paths: it is changed if all of them are; register/changes.h says when one is */
	size_t of_count;
	enum form_change_way way;                 /* of an object: entered, taken out, or either */
	const char *needs[FORM_CHANGE_NEEDS_MAX]; /* kinds of evidence of which one must be there */
	size_t needs_count;
	const char *law;                          /* id of a law of the pack; NULL */
	const char *certainty, *source;
};

/* An object inside the declaration that holds fields. */
struct form_object {
	const char *path; /* "/mother" */
	bool required;    /* when the object that holds it is present */
	bool notice;      /* a notification must have it */
};

struct form {
	const char *id;   /* "khm/birth/1": key 1 of an act */
	const char *kind; /* "birth": of the case */
	const char *act_kind; /* of the act it ends in: a foundling's is "birth" */
	bool subject_existing; /* the act is about a person who is registered; else the person begins with it */
	bool number;           /* the act gives its subject a personal number */
	const char *certificate; /* name of the layout (certificate/NAME.json); NULL: the act has no certificate */
	const char *base; /* kind of the form that this one restates; NULL none */
	const char *reg;  /* register code: "B" */
	const char *extract_kind; /* claim 1 of an extract: "b"; NULL: the act has no extract */
	const struct form_field *fields; /* those kept in the act in ascending order of label */
	size_t field_count;
	const struct form_rule *rules;
	size_t rule_count;
	const struct form_object *objects; /* outer before inner */
	size_t object_count;
	const struct form_page *pages; /* country/pages.h */
	size_t page_count;
	const struct form_change *changes;
	size_t change_count;
	const char *alters[FORM_ALTERS_MAX]; /* paths of all that it may restate otherwise, the first of which it must; none: any */
	size_t alters_count;
	const char *evidence; /* pointer of the list whose items name in "kind" what was shown; NULL: the form has none */
	const char *subject_date;   /* pointer of the date of the event ("/child/birth/date") */
	uint32_t subject_name_native, subject_name_latin; /* labels; 0 none */
	const struct pack *pack;
};

/* The codes that checking may report; each has a message "field.CODE". */
#define FORM_CODES(X) \
	X(REQUIRED, "required") X(TYPE, "wrong_type") X(UNKNOWN, "unknown_field") X(FORBIDDEN, "forbidden_field") \
	X(TOO_LONG, "too_long") X(TOO_SHORT, "too_short") X(TEXT, "bad_text") X(SCRIPT_NATIVE, "not_native_script") \
	X(SCRIPT_LATIN, "not_latin_script") X(DATE, "not_a_date") X(TIME, "not_a_time") X(PRECISION, "date_precision") \
	X(FUTURE, "in_the_future") X(TOO_EARLY, "too_early") X(CHOICE, "not_a_choice") X(PLACE_UNKNOWN, "unknown_place") \
	X(PLACE_CLOSED, "closed_place") X(UNEXPECTED, "unexpected") X(LIVE_BORN, "must_be_live_born") \
	X(LATIN_CONFIRM, "latin_not_confirmed") X(BEFORE_OTHER, "before_other_date") X(TOO_MANY, "too_many") \
	X(MUST_BE, "must_be") X(TOO_DEEP, "too_deep") X(COUNTRY, "not_a_country") X(RANGE, "out_of_range") \
	X(AGE, "implausible_age") X(TITLE, "title_in_name") X(SURNAME, "other_surname") X(UNUSUAL, "unusual")

struct form_error {
	char pointer[FORM_POINTER_SIZE]; /* "" for the whole declaration */
	const char *code;                /* lives as long as the pack */
	size_t limit;                    /* {limit} in the message; 0 when there is none */
};

struct form_errors {
	struct form_error error[FORM_ERRORS_MAX];
	size_t count;
	size_t beyond; /* found but not kept */
};

/* Whether a place exists on a day. RC_OK; RC_NOT_FOUND: no such code; RC_GONE: not valid that day;
   anything else is passed on as a failure. `on` is NULL when the day is unknown. */
typedef enum rc form_place_lookup(void *ctx, const char *code, const struct date *on);

struct form_context {
	int64_t now_us;
	const char *role;         /* who sends it; NULL: a family */
	form_place_lookup *place; /* NULL: places are not looked up */
	void *place_ctx;
	bool notice;                   /* a notification: only fields marked `notice` are required */
	struct date step;              /* local day on which the case came to where it stands; year 0: there is no case */
	struct form_errors *warnings;  /* overwritten with what rules marked `warn` found; NULL: not asked */
};

/* Brings the declaration to its normal form in place (NFC, trimmed outer space, ASCII digits in dates,
   times and codes; members that are null are removed) and checks it. RC_OK; RC_INVALID with every wrong
   field in *errors (overwritten); RC_NO_MEMORY; a failure of the place lookup. Bounded in depth and size. */
enum rc form_accept(const struct form *f, json_t *declaration, const struct form_context *ctx,
		    struct form_errors *errors) WARN_UNUSED;

/* Adds a mistake that is no form's to know; code: one of FORM_CODES, of static storage. */
void form_wrong(struct form_errors *errors, const char *pointer, const char *code);

/* The kinds of evidence that an accepted declaration lists, at most max, borrowed from it; their count. */
size_t form_evidence(const struct form *f, const json_t *declaration, const char **out, size_t max);
/* Takes out of a notice each object of the act that the declaration which completed it leaves out: a mother who stays
   undisclosed. What the case alone keeps (how to reach her) stays. */
void form_undisclose(const struct form *f, const json_t *completed, json_t *notice);
/* Takes the fields that only statistics need out of an accepted declaration, and objects that this empties.
   *ret_statistics is a declaration of just these (the caller owns it), or NULL when there are none. RC_NO_MEMORY
   (what was not taken yet is still in the declaration). */
enum rc form_split_statistics(const struct form *f, json_t *declaration, json_t **ret_statistics) WARN_UNUSED;

struct form_value {
	uint32_t label;
	struct bytes cbor; /* one item */
};

/* Every field of the act in ascending order of label; absent ones as null. The declaration has been accepted.
   Memory from the arena. RC_NO_MEMORY, RC_INVALID (not an accepted declaration). */
enum rc form_to_fields(const struct form *f, const json_t *declaration, struct arena *a,
		       struct form_value **ret, size_t *ret_count) WARN_UNUSED;
/* The declaration again. Labels that the form does not know are skipped (header labels are < 32). The caller
   owns *ret (json_decref). RC_FORMAT, RC_NO_MEMORY. */
enum rc form_fields_to_json(const struct form *f, const struct form_value *values, size_t count,
			    json_t **ret) WARN_UNUSED;

/* What the register adds to an extract. */
struct form_entry_facts {
	const struct entry_number *entry; /* country/numbering.h; the extract has the code of the office, not its scope */
	struct date registered; /* local date */
};

/* Whether the form's acts restate the whole declaration of an earlier one (correction, naming). */
bool form_restates(const struct form *f);

/* Appends the extract map (CBOR): exactly what a QR may state. Texts, but whole dates as days since 1970-01-01,
   and the entry as [office code, register, book, year, serial]. RC_INVALID: the form's acts have none. */
enum rc form_extract(const struct form *f, const json_t *declaration, const struct form_entry_facts *facts,
		     struct buf *out) WARN_UNUSED;
/* Appends the index record (CBOR map), with 9 the object, 10 the person and 11 /delivery/order, if that is declared. */
enum rc form_index(const struct form *f, const json_t *declaration, struct id object, struct id person,
		   struct buf *out) WARN_UNUSED;

/* The ages of a rule, "12..60". */
bool form_ages(const char *value, int *ret_from, int *ret_to);
/* The field of the act with this label; NULL if none. */
const struct form_field *form_field_by_label(const struct form *f, uint32_t label);
const struct form_field *form_field_by_path(const struct form *f, const char *path);
/* Whether this role (NULL: a family) may say it. */
bool form_field_is_for(const struct form_field *x, const char *role);
/* The field that certificates call `print`; NULL if none. */
const struct form_field *form_field_by_print(const struct form *f, const char *print);
/* The leaf of a declaration at a JSON pointer (RFC 6901, without escapes), borrowed; NULL if absent or null. */
json_t *form_at(const json_t *declaration, const char *pointer);
/* Whether an object has to be there, where what holds it is: of a notification only what is marked is asked for. */
bool form_object_asked(const struct form *f, const struct form_object *o, bool notice);
enum form_extent {
	FORM_WHOLE,  /* what is required is */
	FORM_NOTICE, /* as a notification: what that must have is */
	FORM_PART,   /* nothing is: as it may be stored */
};
/* JSON Schema (2020-12) of a declaration, for the API description. The caller owns *ret. RC_NO_MEMORY. */
enum rc form_schema(const struct form *f, enum form_extent extent, json_t **ret) WARN_UNUSED;
/* Message of an error in a language, with its limit filled in, appended. */
void form_error_message(const struct pack *p, const char *language, const struct form_error *error, struct buf *out);

#endif
