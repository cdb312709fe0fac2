/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Numbering of entries in the registers of an office, by the pack's rules.
 * The personal number is made elsewhere (vault/number.h); here is only how it
 * is printed.
 */
#ifndef CIVIS_COUNTRY_NUMBERING_H
#define CIVIS_COUNTRY_NUMBERING_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "country/form.h"
#include "country/pack.h"

#define REGISTER_CODE_SIZE 8
#define ENTRY_TEXT_SIZE 96

struct entry_number {
	char office[64];   /* scope */
	char reg[REGISTER_CODE_SIZE]; /* register code, "B" */
	uint32_t book;
	uint32_t year;     /* local year of registration */
	uint64_t serial;   /* gapless from 1 within office, register, year and book */
};

/* Register code of a kind of event ("birth" → "B"); NULL if the pack has no such kind. */
const char *numbering_register(const struct pack *p, const char *kind);
/* Local year in which an entry made at this instant stands. */
uint32_t numbering_year(const struct pack *p, int64_t utc_us);
/* Where the entry goes after `last_serial` entries in `book` (0, 0: none yet this year). */
void numbering_next(const struct pack *p, uint32_t book, uint64_t last_serial,
		    uint32_t *ret_book, uint64_t *ret_serial);
/* "120101/B/1/2026/17"; RC_TOO_LARGE. */
enum rc numbering_text(const struct pack *p, const struct entry_number *n, char *out, size_t size) WARN_UNUSED;
/* A personal number as it is printed, "123 456 7890". Other text is copied as it is. */
enum rc numbering_person(const struct pack *p, const char *number, char *out, size_t size) WARN_UNUSED;

#endif
