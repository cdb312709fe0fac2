/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The bytes of an act: deterministic CBOR (RFC 8949 §4.2.1), never re-encoded.
 *
 *   {1: form tstr, 2: salt bstr(32), 3: {label uint: value, …}}
 *
 * Map 3 holds every label of the form in ascending order, null where there is
 * nothing to say. Labels below 32 are the header:
 *
 *    1 act id bstr(16)              10 pack hash bstr(32)
 *    2 kind tstr                    11 time uint, UTC µs
 *    3 subject person id bstr(16)   12 origin uint: 1 electronic, 2 transcribed, 3 reconstructed
 *    4 previous commitment|null     13 entry [office, register, book, year, serial]
 *    5 corrects act id|null         14 personal number tstr|null
 *    6 node tstr                    15 extract {int: value}: exactly what a QR may state
 *    7 office scope tstr            16 [registrar's name, office native, office latin]
 *    8 officers [[id, role], …]     17 verification date tstr|null
 *    9 pack version tstr            18 language tstr
 *   19 notes in the margin [[act kind, entry, date, text native, text latin], …]|null
 *   20 of an entry copied from a book of paper [date, page|null]|null
 *
 * Written out with CDDL in docs/formats/act.md. Acts from before labels 19 and 20 end at 18 and 19.
 */
#ifndef CIVIS_REGISTER_ACT_H
#define CIVIS_REGISTER_ACT_H

#include "base/id.h"
#include "country/form.h"
#include "country/numbering.h"
#include "ledger/commitment.h"

enum act_label {
	ACT_ID = 1, ACT_KIND, ACT_SUBJECT, ACT_PREVIOUS, ACT_CORRECTS, ACT_NODE, ACT_OFFICE, ACT_OFFICERS,
	ACT_PACK_VERSION, ACT_PACK_HASH, ACT_TIME, ACT_ORIGIN, ACT_ENTRY, ACT_NUMBER, ACT_EXTRACT,
	ACT_REGISTRAR, ACT_VERIFIED, ACT_LANGUAGE, ACT_NOTES, ACT_PAPER, ACT_HEADER_END,
};

enum act_origin { ORIGIN_ELECTRONIC = 1, ORIGIN_TRANSCRIBED, ORIGIN_RECONSTRUCTED };

enum { ACT_OFFICERS_MAX = 8, ACT_BYTES_MAX = 65536 };

struct act_officer {
	struct id staff;
	const char *role;
};

struct act_header {
	struct id act_id, subject;
	const char *kind;
	const uint8_t *previous; /* 32 bytes; NULL: the person's first act */
	const struct id *corrects; /* NULL: corrects nothing */
	const char *node, *office, *pack_version;
	const uint8_t *pack_hash;  /* 32 bytes */
	struct act_officer officers[ACT_OFFICERS_MAX]; /* the registering one last */
	size_t officer_count;
	int64_t time_us;
	enum act_origin origin;
	struct entry_number entry;
	const char *number;      /* NULL: none */
	struct bytes extract;    /* a CBOR map; empty: no document is drawn from this act */
	const char *registrar_name, *office_native, *office_latin;
	const char *verified;    /* "YYYY-MM-DD"; NULL: not verified apart */
	const char *language;
	struct bytes notes;      /* register/notes.h; empty: the person's first act */
	const char *paper_day;   /* "YYYY-MM-DD", on which the book of paper has the entry; NULL: copied from none */
	uint32_t paper_page;     /* of that book; 0: it was not said */
};

/* Appends the act. `fields` are the form's, ascending labels ≥ 32. RC_TOO_LARGE, RC_INVALID. */
enum rc act_build(const char *form, const uint8_t salt[static 32], const struct act_header *h,
                  const struct form_value *fields, size_t count, struct buf *out) WARN_UNUSED;

/* An act as JSON for officers: {"header": {…}, "declaration": {…}}. The caller owns *ret.
   RC_FORMAT, RC_NO_MEMORY. */
enum rc act_to_json(const struct pack *pack, struct bytes act, json_t **ret) WARN_UNUSED;
/* The form that its bytes name, else the one of its kind; NULL if the pack has neither. */
const struct form *act_form(const struct pack *pack, const struct act_view *v);

#endif
