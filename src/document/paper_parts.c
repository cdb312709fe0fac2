/* SPDX-License-Identifier: MPL-2.0 */
#include "document/paper_parts.h"

#include <stdio.h>
#include <string.h>

#include "country/lunar.h"
#include "country/place.h"
#include "country/strings.h"
#include "country/words.h"

enum { PART_MAX = FORM_POINTER_SIZE + 8 };

/* ── words ── */

const char *paper_say(const struct paper *p, const char *key)
{
	return strings_get(p->pack, p->language, key);
}

void paper_say_with(const struct paper *p, const char *key, const char *name, const char *value, struct buf *out)
{
	const struct strings_arg arg = {name, value};
	strings_format(p->pack, p->language, key, &arg, 1, out);
}

void paper_kind_title(const struct paper *p, const struct form *f, const char *key, struct buf *out)
{
	char kind[64];
	snprintf(kind, sizeof kind, "kind.%.50s", f->kind);
	paper_say_with(p, key, "kind", paper_say(p, kind), out);
}

/* The name of the group of fields at a path: of the longest part of it that has one; NULL if none has. */
const char *paper_part_of(const struct paper *p, const char *path)
{
	char key[PART_MAX];
	snprintf(key, sizeof key, "part.%s", path + (*path == '/'));
	for (char *at = key; *at; at++)
		if (*at == '/')
			*at = '.';
	for (;;) {
		const char *name = strings_exact(p->pack, p->language, key);
		if (!name)
			name = strings_exact(p->pack, "en", key);
		char *dot = strrchr(key, '.');
		if (name || dot == key + 4)
			return name;
		*dot = 0;
	}
}

static void put_date(const struct paper *p, int64_t at, struct buf *out)
{
	words_date(p->pack, p->language, pack_local_date(p->pack, at, NULL), out);
}

void paper_put_name(const struct paper *p, const char *code, struct buf *out)
{
	if (!p->place_name || p->place_name(p->ctx, code, p->language, out) != RC_OK)
		buf_str(out, code);
}

struct sheet *paper_begin(const struct paper *p, struct buf *title)
{
	struct sheet *s = sheet_new(p->pack, p->language, p->at);
	bool native = strcmp(p->language, p->pack->native_language) == 0;
	struct buf authority = BUF_INIT(PAPER_LINE_MAX);
	buf_printf(&authority, "%s · %s", native ? p->pack->name_native : p->pack->name_latin,
	           native ? p->pack->issuer_native : p->pack->issuer_latin);
	if (s)
		sheet_title(s, buf_cstr(title), buf_cstr(&authority));
	buf_release(&authority);
	return s;
}

enum rc paper_end(struct sheet **s, struct buf *out, struct err *e)
{
	enum rc rc = *s ? sheet_print(*s, out, e) : err_set(e, RC_NO_MEMORY, "sheet", "%s", rc_text(RC_NO_MEMORY));
	sheet_free(s);
	return rc;
}

void paper_office_field(const struct paper *p, struct sheet *s, const char *key, const char *scope)
{
	struct buf text = BUF_INIT(PAPER_LINE_MAX);
	paper_put_name(p, scope, &text);
	sheet_field(s, paper_say(p, key), buf_cstr(&text));
	buf_release(&text);
}

void paper_date_field(const struct paper *p, struct sheet *s, const char *key, int64_t at)
{
	struct buf text = BUF_INIT(PAPER_LINE_MAX);
	put_date(p, at, &text);
	sheet_field(s, paper_say(p, key), buf_cstr(&text));
	buf_release(&text);
}

/* ── a declared value in words ── */

static void put_place(const struct paper *p, const char *code, struct buf *out)
{
	char line[PLACE_CODE_SIZE], up[PLACE_CODE_SIZE];
	snprintf(line, sizeof line, "%s", code);
	for (size_t n = 0; n < PACK_LEVELS_MAX && *line; n++) {
		if (n)
			buf_str(out, ", ");
		paper_put_name(p, line, out);
		if (place_parent(p->pack, line, up) != RC_OK)
			break;
		memcpy(line, up, sizeof line);
	}
}

/* With the day of the country's own calendar, by which people may know it. */
static void put_day(const struct paper *p, const char *text, struct buf *out)
{
	struct date d;
	struct lunar_date lunar;
	if (!date_parse(text, strlen(text), &d)) {
		buf_str(out, text);
		return;
	}
	words_date(p->pack, p->language, d, out);
	if (strcmp(p->language, p->pack->native_language) == 0 && lunar_from_date(p->pack->lunar, d, &lunar)) {
		size_t before = out->len;
		buf_str(out, " (");
		words_lunar(p->pack, p->language, &lunar, out);
		if (out->len == before + 2)
			out->len = before;
		else
			buf_str(out, ")");
	}
}

static void put_choice(const struct paper *p, const struct form_field *f, const char *value, struct buf *out)
{
	for (size_t i = 0; i < f->choice_count; i++)
		if (strcmp(f->choices[i].value, value) == 0) {
			buf_str(out, paper_say(p, f->choices[i].label));
			return;
		}
	buf_str(out, value);
}

void paper_put_value(const struct paper *p, const struct form_field *f, const json_t *v, struct buf *out)
{
	const char *text = json_string_value(v);
	if (f->type == FIELD_BOOL)
		buf_str(out, paper_say(p, json_is_true(v) ? "sheet.yes" : "sheet.no"));
	else if (f->type == FIELD_NUMBER && json_is_integer(v))
		words_uint(p->pack, p->language, (uint64_t)json_integer_value(v), out);
	else if (f->type == FIELD_PARTIAL_DATE)
		words_partial_date(p->pack, p->language, json_string_value(json_object_get(v, "value")),
		                   json_string_value(json_object_get(v, "precision")), out);
	else if (!text)
		buf_str(out, "—");
	else if (f->type == FIELD_CHOICE)
		put_choice(p, f, text, out);
	else if (f->type == FIELD_DATE)
		put_day(p, text, out);
	else if (f->type == FIELD_TIME)
		words_time(p->pack, p->language, text, out);
	else if (f->type == FIELD_PLACE)
		put_place(p, text, out);
	else if (f->type == FIELD_COUNTRY)
		words_country(p->language, text, out);
	else
		buf_str(out, text);
}
