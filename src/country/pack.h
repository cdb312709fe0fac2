/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A country pack: everything that one country decides, as data.
 *
 * A pack is a folder. What C knows is only how to read it:
 *
 *   pack.json           code, name, version, zone, languages, levels of places and
 *                       offices, numbering, name model, limits, law
 *   forms/KIND.json     the declaration of one kind of event        (country/form.h)
 *   workflow/KIND.json  states, transitions, deadlines              (country/workflow.h);
 *                       KIND.REGIME.json where a regime differs from the first
 *   words.json          digits, months, number words, dates         (country/words.h)
 *   romanisation.json   how names are spelt in Latin, if it has it  (country/romanise.h)
 *   strings/LANG.json   message catalogue                           (country/strings.h)
 *   sounds/LANG/KEY.mp3 strings read out, if it has any             (country/sounds.h)
 *   places.csv          the first levels of the gazetteer           (country/place.h)
 *   certificate/…       artwork and boxes                           (document/)
 *
 * A pack version that was used is immutable. Its hash is
 *
 *   SHA-256( for each file, in byte order of its path relative to the folder:
 *            u32be(length of path) ‖ path ‖ u64be(length of content) ‖ content )
 *
 * over regular files; names beginning with '.' are left out and refused elsewhere.
 * Everything in a struct pack lives as long as the pack and never changes, so it
 * may be read from any thread.
 */
#ifndef CIVIS_COUNTRY_PACK_H
#define CIVIS_COUNTRY_PACK_H

#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"

#define PACK_HASH_SIZE 32
#define PACK_LANGUAGES_MAX 8
#define PACK_LEVELS_MAX 8
#define PACK_FORMS_MAX 16
#define PACK_LAWS_MAX 32
#define PACK_REGIMES_MAX 8
#define PACK_FILE_MAX ((size_t)4 << 20) /* one file */
#define PACK_MEMORY_MAX ((size_t)32 << 20)

struct form;
struct workflow;
struct romanisation;
struct sound;
struct strings;
struct words;

/* One level of the tree of places, from the largest. */
struct pack_level {
	const char *name;          /* "province", "district", "commune", "village" */
	unsigned code_length;      /* characters of a place code at this level; its parent's code is a prefix */
	bool office;               /* a place of this level has an office */
	const char *office_native; /* pattern with {unit} and {name}; NULL without office */
	const char *office_latin;
	const char *print_native;  /* pattern of a printed place, with {unit} and {name}; NULL: the name alone */
	const char *print_latin;
};

/* A law that the pack relies on, named so that a reader can judge it. */
struct pack_law {
	const char *id;        /* what forms and workflow refer to */
	const char *native;    /* title in the country's language */
	const char *latin;     /* title in English */
	const char *certainty; /* "official", "secondary", "assumed" */
	const char *source;    /* where the author of the pack read it */
};

/* How an office works: with paper books, electronically, abroad… Which office has which, and since when, is the
   register's own record (office_regime). */
struct pack_regime {
	const char *name;      /* "electronic" */
	const char *label;     /* catalogue key */
	const char *law;       /* id of a pack_law, or NULL */
	const char *certainty;
};

/* A word that stands before names and is none. */
struct pack_title {
	const char *text;
	bool joined; /* also written without a space after it */
	bool name;   /* people also have it as a name */
};

enum pack_name_part { PACK_NAME_NONE, PACK_NAME_FIRST, PACK_NAME_LAST, PACK_NAME_ANY };

/* Which part of a child's name comes from a parent's. part PACK_NAME_NONE: the country has no such rule. */
struct pack_surname {
	enum pack_name_part part, from;
	const char *certainty, *source;
};

/* The calendar beside the civil one, see country/lunar.h. */
enum pack_lunar { PACK_LUNAR_NONE, PACK_LUNAR_KHMER, PACK_LUNAR_BURMESE };

/* Which characters and how many bytes a name has. Limits are in bytes of UTF-8 NFC. */
struct pack_names {
	const char *native_script;  /* ISO 15924, "Khmr" */
	const char *order;          /* "family-given", "given-family", "single": for display and help only */
	const uint32_t *native_extra; /* further code points allowed in a native name */
	size_t native_extra_count;
	const uint32_t *latin_extra;
	size_t latin_extra_count;
	size_t max_bytes; /* where a field gives no limit of its own */
	const struct pack_title *titles;
	size_t title_count;
	struct pack_surname surname;
};

struct pack_numbering {
	const char *entry_pattern;  /* {office} {register} {book} {year} {serial} */
	const char *number_pattern; /* how a personal number is printed: '#' a digit, else itself */
	uint64_t book_entries;      /* entries in one book; 0: one book a year */
};

/* Codes with which a certificate is fetched. */
struct pack_claim {
	unsigned days; /* that one is good for, where the officer says nothing else */
	const char *certainty;
};

struct pack_forms {
	const char *kind; /* "birth" */
	struct form *form;
	struct workflow *workflow; /* of the default regime */
	struct workflow *in_regime[PACK_REGIMES_MAX]; /* NULL: as the default */
};

struct pack {
	const char *dir;     /* as given to pack_load() */
	const char *code;    /* "khm": first part of every scope */
	const char *name_native;
	const char *name_latin;
	const char *version; /* "2026.11" */
	const char *issuer;  /* claim 1 of a QR */
	const char *issuer_native, *issuer_latin; /* the authority as printed */
	const char *office_native, *office_latin; /* the national office, scope == code */
	int zone_minutes;    /* east of UTC */
	const char *languages[PACK_LANGUAGES_MAX];
	size_t language_count;
	const char *native_language; /* "km": the first language of a document */
	struct pack_level levels[PACK_LEVELS_MAX];
	size_t level_count;
	struct pack_law laws[PACK_LAWS_MAX];
	size_t law_count;
	struct pack_regime regimes[PACK_REGIMES_MAX]; /* the first is the default */
	size_t regime_count;
	struct pack_names names;
	struct pack_numbering numbering;
	struct pack_claim claim;
	struct pack_forms forms[PACK_FORMS_MAX];
	size_t form_count;
	struct strings *strings;
	struct sound *sounds; /* by language, then key */
	size_t sound_count;
	struct words *words;
	struct romanisation *romanisation; /* NULL: the pack proposes none */
	enum pack_lunar lunar;
	uint8_t hash[PACK_HASH_SIZE];
	struct arena *arena;
	const void *magic;
};

/* One mistake in a pack, as `civis pack check` prints it. */
struct pack_mistake {
	char file[96];    /* relative to the pack's folder */
	unsigned line;    /* 0 when unknown */
	char pointer[96]; /* JSON pointer inside the file, "" for the whole */
	char text[192];
};

#define PACK_MISTAKES_MAX 200

struct pack_report {
	struct pack_mistake mistake[PACK_MISTAKES_MAX];
	size_t count;     /* kept */
	size_t beyond;    /* found but not kept */
};

/* Reads and checks the whole folder. RC_NOT_FOUND, RC_CONFIG (the first mistake in *e),
   RC_NO_MEMORY, RC_IO. The pack is freed with pack_free(). */
enum rc pack_load(const char *dir, struct pack **ret, struct err *e) WARN_UNUSED;
/* The same, and every mistake found is put into *report (caller-owned, not NULL).
   RC_OK with report->count == 0, else RC_CONFIG; *ret may be NULL to check only. */
enum rc pack_check(const char *dir, struct pack **ret, struct pack_report *report, struct err *e) WARN_UNUSED;
void pack_free(struct pack **p);
/* The hash alone, of any folder (see above). */
enum rc pack_hash(const char *dir, uint8_t ret_hash[PACK_HASH_SIZE], struct err *e) WARN_UNUSED;

/* NULL if the pack has no such kind. */
const struct form *pack_form(const struct pack *p, const char *kind);
/* The form with this id ("khm/birth/1": key 1 of an act). */
const struct form *pack_form_by_id(const struct pack *p, const char *id);
/* The workflow of the default regime. */
const struct workflow *pack_workflow(const struct pack *p, const char *kind);
/* The one that an office under this regime follows: the kind's own for it, else the default's. A regime that the
   pack does not name, NULL or "" is the default. */
const struct workflow *pack_workflow_in(const struct pack *p, const char *kind, const char *regime);
const struct pack_regime *pack_regime(const struct pack *p, const char *name);
const struct pack_law *pack_law(const struct pack *p, const char *id);
/* The language's own pointer inside the pack, or NULL if it has none such. */
const char *pack_language(const struct pack *p, const char *language);
/* Level of a scope: 0 national, 1 the first level of places, …; parts beyond the
   levels (a hospital below its commune) count on. */
size_t pack_scope_depth(const char *scope);
/* Index into levels[] of the name, or -1. */
int pack_level_index(const struct pack *p, const char *name);
/* Local date and seconds since midnight in the country's zone. */
struct date pack_local_date(const struct pack *p, int64_t utc_us, int *ret_seconds);
/* "PATH" below the pack's folder, read whole (certificate artwork…). Refuses "..", a leading '/' and
   names beginning with '.'. */
enum rc pack_read(const struct pack *p, const char *path, struct buf *out, struct err *e) WARN_UNUSED;

#endif
