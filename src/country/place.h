/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Places and the offices that follow from them.
 *
 * A gazetteer is a CSV file (RFC 4180, UTF-8, comma, header in the first line):
 *
 *   code,level,name_native,name_latin,unit_native,unit_latin,lat,long
 *        [,valid_from,valid_until,legal_act,change,predecessor,successor]
 *
 * in any order of columns; name_LANG and unit_LANG (LANG: the pack's native
 * language) are accepted for name_native and unit_native. A code's length tells
 * its level and its parent is its prefix, by the pack's levels. Whether a parent
 * is known and a code is new is for the caller to ask: the rows come one by one.
 * A cell in quotes ends on its own line. A unit that came from others names them in
 * `predecessor` (codes with spaces between) as of `valid_from`; one that went over
 * into others names them in `successor` as of `valid_until`; `change` says how:
 * renamed, split, merged or moved.
 *
 * Scope of an office: the pack's code and the codes of its line of ancestors,
 * "khm/12/1201/120101". The national office's scope is the pack's code.
 */
#ifndef CIVIS_COUNTRY_PLACE_H
#define CIVIS_COUNTRY_PLACE_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "country/pack.h"

#define PLACE_CODE_SIZE 16
#define PLACE_NAME_SIZE 200  /* bytes with NUL */
#define PLACE_UNIT_SIZE 64
#define PLACE_ACT_SIZE 200
#define OFFICE_SCOPE_SIZE 64
#define OFFICE_NAME_SIZE 400
#define PLACE_LINE_MAX 4096
#define PLACE_OTHERS_MAX 12  /* predecessors or successors of a unit */

struct place_row {
	char code[PLACE_CODE_SIZE];
	char parent[PLACE_CODE_SIZE]; /* "" at the first level */
	int level;                    /* index into pack levels */
	char name_native[PLACE_NAME_SIZE]; /* NFC */
	char name_latin[PLACE_NAME_SIZE]; /* may be empty: not every village has one */
	char unit_native[PLACE_UNIT_SIZE];
	char unit_latin[PLACE_UNIT_SIZE];
	bool has_position;
	int32_t lat_e7, long_e7;      /* degrees × 10⁷ */
	bool has_from, has_until;
	struct date from, until;      /* first day valid; first day no longer valid */
	char legal_act[PLACE_ACT_SIZE];
	char change[PLACE_CODE_SIZE]; /* "renamed", "split", "merged", "moved"; empty without the next two */
	char predecessor[PLACE_OTHERS_MAX][PLACE_CODE_SIZE], successor[PLACE_OTHERS_MAX][PLACE_CODE_SIZE];
	size_t predecessors, successors;
	unsigned line;                /* in the file, from 1 */
};

struct office_row {
	char scope[OFFICE_SCOPE_SIZE];
	char parent[OFFICE_SCOPE_SIZE]; /* "" for the national office */
	char code[PLACE_CODE_SIZE];
	int level;                      /* index into pack levels; -1 national */
	char name_native[OFFICE_NAME_SIZE];
	char name_latin[OFFICE_NAME_SIZE];
	char place[PLACE_CODE_SIZE];    /* "" for the national office */
};

/* Called for each row in the file's order; anything but RC_OK stops the reading and is returned. */
typedef enum rc place_visit(void *ctx, const struct place_row *row);

/* Parses the whole text. RC_FORMAT with "line N" in e->where for the first mistake: a missing, doubled
   or unknown column, a wrong count of cells, a quote out of place, a level that does not fit the code, text
   that is not UTF-8, a number, date, code or change that is none; RC_NO_MEMORY; whatever visit returned. */
enum rc place_parse(const struct pack *p, struct bytes csv, place_visit *visit, void *ctx, struct err *e) WARN_UNUSED;

/* Level of a code by its length (digits and letters only), or -1. */
int place_level(const struct pack *p, const char *code);
/* Code of the parent, "" at the first level. RC_FORMAT for a code of no level. */
enum rc place_parent(const struct pack *p, const char *code, char out[static PLACE_CODE_SIZE]) WARN_UNUSED;
/* Scope that an office of this place has (its ancestors are prefixes). RC_FORMAT. */
enum rc place_scope(const struct pack *p, const char *code, char out[static OFFICE_SCOPE_SIZE]) WARN_UNUSED;
/* True and *ret filled when the pack gives a place of this level an office. */
bool place_office(const struct pack *p, const struct place_row *row, struct office_row *ret);
void place_national_office(const struct pack *p, struct office_row *ret);
/* Appends the name of a place as the pack prints it: with its unit ("ភូមិ", "Village") where it has one. */
void place_print(const struct pack *p, const char *level, bool native, const char *unit, const char *name,
		 struct buf *out);
/* Whether the place is valid on a day. */
bool place_valid_on(const struct place_row *row, struct date on);

#endif
