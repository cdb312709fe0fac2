/* SPDX-License-Identifier: MPL-2.0 */
/* The little of PDF's syntax that signing and reading need (ISO 32000-1 §7.2, §7.3). */
#ifndef CIVIS_DOCUMENT_PDF_SYNTAX_H
#define CIVIS_DOCUMENT_PDF_SYNTAX_H

#include "base/bytes.h"

/* A place in a file. Each scan_ function skips white space, and moves on only if it succeeds. */
struct pdf_scan {
	struct bytes file;
	size_t at;
};

void scan_space(struct pdf_scan *s);
bool scan_word(struct pdf_scan *s, const char *word);
bool scan_uint(struct pdf_scan *s, uint64_t *ret);
/* "<< … >>" with what is nested; ret is what stands between the outermost brackets. */
bool scan_dict(struct pdf_scan *s, struct bytes *ret_inside);
/* "(text)" without escapes. */
bool scan_string(struct pdf_scan *s, struct bytes *ret);

/* The first place at or after `from`, the last place before `end`, where the word stands. */
bool pdf_find(struct bytes file, const char *word, size_t from, size_t *ret);
bool pdf_find_last(struct bytes file, const char *word, size_t end, size_t *ret);
/* Puts the scan behind the key of a dictionary's own members (not of nested ones). */
bool pdf_member(struct bytes dict, const char *key, struct pdf_scan *ret);
/* The first number of a member: an integer, the object of a reference, the first of an array. */
bool pdf_member_uint(struct bytes dict, const char *key, uint64_t *ret);

enum { PDF_XREF_ENTRY = 20 }; /* bytes of one entry of a cross-reference table */

/* A file as cairo writes it: a classic cross-reference table from object 0, one page at least. */
struct pdf_drawn {
	struct bytes file;     /* set this; the rest is found, and borrows from it */
	size_t xref, entries;  /* offsets of the table and of its first entry */
	struct bytes trailer;  /* inside of << >> */
	uint64_t size, root, info, page;
	struct bytes catalog_dict, page_dict; /* inside of << >> */
};

bool pdf_drawn_read(struct pdf_drawn *d);

#endif
