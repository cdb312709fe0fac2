/* SPDX-License-Identifier: MPL-2.0 */
/* What the counter's papers are made of: words of the reader's language, names of offices and places, declared values. */
#ifndef CIVIS_DOCUMENT_PAPER_PARTS_H
#define CIVIS_DOCUMENT_PAPER_PARTS_H

#include "document/papers.h"

enum { PAPER_TEXT_MAX = 32768, PAPER_LINE_MAX = 2048 };

const char *paper_say(const struct paper *p, const char *key);
/* The message with its one placeholder filled in. */
void paper_say_with(const struct paper *p, const char *key, const char *name, const char *value, struct buf *out);
/* The same with the {kind} of event. */
void paper_kind_title(const struct paper *p, const struct form *f, const char *key, struct buf *out);
/* The name of the group of fields at a path: of the longest part of it that has one; NULL if none has. */
const char *paper_part_of(const struct paper *p, const char *path);
/* A place by its code, or an office by its scope. */
void paper_put_name(const struct paper *p, const char *code, struct buf *out);
/* A declared value in words. */
void paper_put_value(const struct paper *p, const struct form_field *f, const json_t *v, struct buf *out);

/* A sheet with the country and its authority above the title; NULL if memory runs out, which paper_end() reports. */
struct sheet *paper_begin(const struct paper *p, struct buf *title);
/* Prints and frees it. */
enum rc paper_end(struct sheet **s, struct buf *out, struct err *e) WARN_UNUSED;
void paper_office_field(const struct paper *p, struct sheet *s, const char *key, const char *scope);
void paper_date_field(const struct paper *p, struct sheet *s, const char *key, int64_t at);

#endif
