/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Checking a declaration against its form. The first pass walks what was sent,
 * normalises it in place and refuses what the form does not know; the second
 * walks the form and asks for what is missing; form_rules.c then looks at what
 * must agree. Every mistake is noted; none stops the walk.
 */
#include <stdio.h>
#include <string.h>
#include <unicode/uloc.h>

#include "base/text.h"
#include "country/denied.h"
#include "country/form_check.h"
#include "country/names.h"
#include "country/words.h"

enum { DEPTH_MAX = 8, POINTER_KEPT = FORM_POINTER_SIZE };

static const char *const code_names[] = {
#define X(name, text) text,
	FORM_CODES(X)
#undef X
};

const char *check_code(enum form_code code)
{
	return code_names[code];
}

void check_note_in(struct form_errors *e, const char *pointer, const char *code, size_t limit)
{
	if (e->count == FORM_ERRORS_MAX) {
		e->beyond++;
		return;
	}
	struct form_error *x = &e->error[e->count++];
	*x = (struct form_error){.code = code, .limit = limit};
	snprintf(x->pointer, sizeof x->pointer, "%s", pointer);
	/* A long member name may have been cut inside a character. */
	size_t len = strlen(x->pointer);
	while (len && !utf8_is_valid(bytes_of(x->pointer, len)))
		x->pointer[--len] = '\0';
}

void form_wrong(struct form_errors *errors, const char *pointer, const char *code)
{
	check_note_in(errors, pointer, code, 0);
}

void check_note(struct check *c, const char *pointer, enum form_code code, size_t limit)
{
	check_note_in(c->errors, pointer, code_names[code], limit);
}

/* "at/key" with the key escaped (RFC 6901 §3); false if it was cut. */
static bool join(char out[static POINTER_KEPT], const char *at, const char *key)
{
	size_t n = (size_t)snprintf(out, POINTER_KEPT, "%s/", at);
	for (; *key && n + 2 < POINTER_KEPT; key++) {
		if (*key == '~' || *key == '/') {
			out[n++] = '~';
			out[n++] = *key == '~' ? '0' : '1';
		} else {
			out[n++] = *key;
		}
	}
	out[n < POINTER_KEPT ? n : POINTER_KEPT - 1] = '\0';
	return !*key;
}

bool check_noted(const struct check *c, const char *pointer)
{
	for (size_t i = 0; i < c->errors->count; i++)
		if (strcmp(c->errors->error[i].pointer, pointer) == 0)
			return true;
	return false;
}

/* ---- leaves ---- */

static void check_name(struct check *c, const struct form_field *f, json_t *v, const char *at)
{
	struct buf out = BUF_INIT(16 * 1024);
	if (!json_is_string(v)) {
		check_note(c, at, CODE_TYPE, 0);
		return;
	}
	enum rc rc = names_normalise(bytes_of(json_string_value(v), json_string_length(v)), &out);
	struct bytes text = buf_bytes(&out);
	if (rc == RC_NO_MEMORY)
		c->failed = rc;
	else if (rc == RC_TOO_LARGE || text.len > f->max_bytes)
		check_note(c, at, CODE_TOO_LONG, f->max_bytes);
	else if (rc != RC_OK)
		check_note(c, at, CODE_TEXT, 0);
	else if (text.len < f->min_bytes)
		check_note(c, at, CODE_TOO_SHORT, f->min_bytes);
	else if (!names_in_script(c->form->pack, text, f->script))
		check_note(c, at, f->script == SCRIPT_NATIVE ? CODE_SCRIPT_NATIVE : CODE_SCRIPT_LATIN, 0);
	else if (json_string_setn_nocheck(v, (const char *)text.ptr, text.len) < 0)
		c->failed = RC_NO_MEMORY;
	buf_release(&out);
}

/* A short text whose digits may be of any script: copied with ASCII digits; false (noted) when it is no such text. */
static bool short_text(struct check *c, json_t *v, char *out, size_t size, const char *at)
{
	if (!json_is_string(v)) {
		check_note(c, at, CODE_TYPE, 0);
		return false;
	}
	size_t len = json_string_length(v);
	if (len >= size) {
		check_note(c, at, CODE_TOO_LONG, size - 1);
		return false;
	}
	memcpy(out, json_string_value(v), len);
	len = words_ascii_digits(out, len);
	out[len] = '\0';
	if (json_string_setn_nocheck(v, out, len) < 0)
		c->failed = RC_NO_MEMORY;
	return c->failed == RC_OK;
}

static void check_date(struct check *c, json_t *v, const char *at)
{
	char text[48];
	struct date d;
	if (short_text(c, v, text, sizeof text, at) && !date_parse(text, strlen(text), &d))
		check_note(c, at, CODE_DATE, 0);
}

bool check_time_parse(const char *s, int *ret_seconds)
{
	if (strlen(s) != 5 || s[2] != ':')
		return false;
	for (int i = 0; i < 5; i++)
		if (i != 2 && (s[i] < '0' || s[i] > '9'))
			return false;
	int hour = (s[0] - '0') * 10 + s[1] - '0', minute = (s[3] - '0') * 10 + s[4] - '0';
	*ret_seconds = (hour * 60 + minute) * 60;
	return hour < 24 && minute < 60;
}

static void check_time(struct check *c, json_t *v, const char *at)
{
	char text[32];
	int seconds;
	if (short_text(c, v, text, sizeof text, at) && !check_time_parse(text, &seconds))
		check_note(c, at, CODE_TIME, 0);
}

bool check_first_day(const char *value, struct date *ret)
{
	char whole[16];
	size_t len = strlen(value);
	if (len != 4 && len != 7 && len != 10)
		return false;
	snprintf(whole, sizeof whole, "%s%s", value, len == 4 ? "-01-01" : len == 7 ? "-01" : "");
	return date_parse(whole, 10, ret);
}

/* Nothing below an unknown member is known either, but what is forbidden is named wherever it hides. */
static void walk_unknown(struct check *c, json_t *v, const char *at, unsigned depth)
{
	const char *key;
	json_t *value;
	size_t i;
	if (depth > DEPTH_MAX) {
		check_note(c, at, CODE_TOO_DEEP, DEPTH_MAX);
		return;
	}
	json_object_foreach(v, key, value) {
		char pointer[POINTER_KEPT];
		join(pointer, at, key);
		if (denied_field_name(key))
			check_note(c, pointer, CODE_FORBIDDEN, 0);
		else
			walk_unknown(c, value, pointer, depth + 1);
	}
	json_array_foreach(v, i, value) {
		char pointer[POINTER_KEPT];
		snprintf(pointer, sizeof pointer, "%s/%zu", at, i);
		walk_unknown(c, value, pointer, depth + 1);
	}
}

/* Of the members of an object, notes those that are not in the list (ended by NULL); drops nulls. */
static void only_members(struct check *c, json_t *object, const char *at, const char *const *known)
{
	const char *key;
	json_t *value;
	void *next;
	json_object_foreach_safe(object, next, key, value) {
		size_t i = 0;
		while (known[i] && strcmp(known[i], key) != 0)
			i++;
		if (known[i] && json_is_null(value)) {
			json_object_del(object, key);
			continue;
		}
		char inner[POINTER_KEPT];
		join(inner, at, key);
		if (known[i])
			continue;
		bool denied = denied_field_name(key);
		check_note(c, inner, denied ? CODE_FORBIDDEN : CODE_UNKNOWN, 0);
		if (!denied)
			walk_unknown(c, value, inner, 1);
	}
}

static void check_partial_date(struct check *c, json_t *v, const char *at)
{
	static const char *const members[] = {"value", "precision", NULL};
	static const struct { const char *name; size_t len; } precisions[] = {
		{"day", 10}, {"month", 7}, {"year", 4}, {"about", 0}, {"unknown", 0}};
	char pointer[POINTER_KEPT], text[48] = "";
	if (!json_is_object(v)) {
		check_note(c, at, CODE_TYPE, 0);
		return;
	}
	only_members(c, v, at, members);
	json_t *precision = json_object_get(v, "precision"), *value = json_object_get(v, "value");
	size_t which = 0, count = sizeof precisions / sizeof *precisions;
	while (which < count && !(json_is_string(precision) && !strcmp(precisions[which].name, json_string_value(precision))))
		which++;
	snprintf(pointer, sizeof pointer, "%s/precision", at);
	if (which == count)
		check_note(c, pointer, precision ? CODE_PRECISION : CODE_REQUIRED, 0);
	snprintf(pointer, sizeof pointer, "%s/value", at);
	struct date d;
	bool unknown = which == count - 1;
	if (!value && which < count && !unknown)
		check_note(c, pointer, CODE_REQUIRED, 0);
	else if (value && unknown)
		check_note(c, pointer, CODE_UNEXPECTED, 0);
	else if (value && short_text(c, value, text, sizeof text, pointer)) {
		if (!check_first_day(text, &d))
			check_note(c, pointer, CODE_DATE, 0);
		else if (which < count && precisions[which].len && precisions[which].len != strlen(text))
			check_note(c, pointer, CODE_PRECISION, 0);
	}
}

static void check_choice(struct check *c, const struct form_field *f, json_t *v, const char *at)
{
	if (!json_is_string(v)) {
		check_note(c, at, CODE_TYPE, 0);
		return;
	}
	for (size_t i = 0; i < f->choice_count; i++)
		if (strcmp(f->choices[i].value, json_string_value(v)) == 0)
			return;
	check_note(c, at, CODE_CHOICE, 0);
}

static void check_place(struct check *c, const struct form_field *f, json_t *v, const char *at)
{
	char text[64];
	if (!short_text(c, v, text, sizeof text, at))
		return;
	size_t len = strlen(text);
	bool plain = len && len <= f->max_bytes;
	for (size_t i = 0; i < len; i++)
		plain &= (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'A' && text[i] <= 'Z');
	if (!plain)
		check_note(c, at, CODE_PLACE_UNKNOWN, 0);
}

/* ISO 3166-1 alpha-2, as ICU knows it. */
static bool country_is_known(const char *code)
{
	if (strlen(code) != 2 || strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2)
		return false;
	for (const char *const *known = uloc_getISOCountries(); *known; known++)
		if (strcmp(*known, code) == 0)
			return true;
	return false;
}

static void check_country(struct check *c, json_t *v, const char *at)
{
	char text[16];
	if (short_text(c, v, text, sizeof text, at) && !country_is_known(text))
		check_note(c, at, CODE_COUNTRY, 0);
}

static void check_number(struct check *c, const struct form_field *f, json_t *v, const char *at)
{
	if (!json_is_integer(v))
		check_note(c, at, CODE_TYPE, 0);
	else if (json_integer_value(v) < f->min || json_integer_value(v) > f->max)
		check_note(c, at, CODE_RANGE, 0);
}

static void check_leaf(struct check *c, const struct form_field *f, json_t *v, const char *at);

static void check_item(struct check *c, const struct form_field *f, json_t *item, const char *at)
{
	const char *known[FORM_ITEMS_MAX + 1] = {NULL};
	if (!json_is_object(item)) {
		check_note(c, at, CODE_TYPE, 0);
		return;
	}
	for (size_t i = 0; i < f->item_count; i++)
		known[i] = f->items[i].path + 1;
	only_members(c, item, at, known);
	for (size_t i = 0; i < f->item_count; i++) {
		char pointer[POINTER_KEPT];
		json_t *v = json_object_get(item, known[i]);
		snprintf(pointer, sizeof pointer, "%s/%s", at, known[i]);
		if (v)
			check_leaf(c, &f->items[i], v, pointer);
		else if (f->items[i].required)
			check_note(c, pointer, CODE_REQUIRED, 0);
	}
}

static void check_list(struct check *c, const struct form_field *f, json_t *v, const char *at)
{
	if (!json_is_array(v)) {
		check_note(c, at, CODE_TYPE, 0);
		return;
	}
	if (json_array_size(v) > f->max_items) {
		check_note(c, at, CODE_TOO_MANY, f->max_items);
		return;
	}
	for (size_t i = 0; i < json_array_size(v); i++) {
		char pointer[POINTER_KEPT];
		snprintf(pointer, sizeof pointer, "%s/%zu", at, i);
		check_item(c, f, json_array_get(v, i), pointer);
	}
}

static void check_leaf(struct check *c, const struct form_field *f, json_t *v, const char *at)
{
	switch (f->type) {
	case FIELD_NAME:
	case FIELD_TEXT: check_name(c, f, v, at); break;
	case FIELD_DATE: check_date(c, v, at); break;
	case FIELD_PARTIAL_DATE: check_partial_date(c, v, at); break;
	case FIELD_TIME: check_time(c, v, at); break;
	case FIELD_CHOICE: check_choice(c, f, v, at); break;
	case FIELD_PLACE: check_place(c, f, v, at); break;
	case FIELD_LIST: check_list(c, f, v, at); break;
	case FIELD_COUNTRY: check_country(c, v, at); break;
	case FIELD_NUMBER: check_number(c, f, v, at); break;
	case FIELD_BOOL:
		if (!json_is_boolean(v))
			check_note(c, at, CODE_TYPE, 0);
		break;
	}
}

/* ---- first pass: what was sent ---- */

static bool is_object_of_form(const struct form *f, const char *path)
{
	for (size_t i = 0; i < f->object_count; i++)
		if (strcmp(f->objects[i].path, path) == 0)
			return true;
	return false;
}

static void walk(struct check *c, json_t *object, const char *at, unsigned depth)
{
	const char *key;
	json_t *value;
	void *next;
	json_object_foreach_safe(object, next, key, value) {
		char pointer[POINTER_KEPT];
		bool whole = join(pointer, at, key);
		const struct form_field *f = whole ? form_field_by_path(c->form, pointer) : NULL;
		bool inner = whole && is_object_of_form(c->form, pointer);
		if (!f && !inner) {
			bool denied = denied_field_name(key);
			check_note(c, pointer, denied ? CODE_FORBIDDEN : CODE_UNKNOWN, 0);
			if (!denied)
				walk_unknown(c, value, pointer, depth + 1);
		} else if (json_is_null(value)) {
			json_object_del(object, key);
		} else if (f && !form_field_is_for(f, c->ctx->role)) {
			check_note(c, pointer, CODE_UNEXPECTED, 0);
		} else if (f) {
			check_leaf(c, f, value, pointer);
		} else if (!json_is_object(value)) {
			check_note(c, pointer, CODE_TYPE, 0);
		} else {
			walk(c, value, pointer, depth + 1);
		}
	}
}

/* ---- second pass: what the form asks for ---- */

bool check_parent_present(const struct check *c, const char *path)
{
	char parent[FORM_POINTER_SIZE];
	const char *slash = strrchr(path, '/');
	snprintf(parent, sizeof parent, "%.*s", (int)(slash - path), path);
	return json_is_object(form_at(c->root, parent));
}

/* Of a notification only what is marked is asked for. */
static bool is_asked(const struct check *c, const struct form_field *f)
{
	return c->ctx->notice ? f->notice : f->required;
}

static void ask_required(struct check *c)
{
	const struct form *f = c->form;
	for (size_t i = 0; i < f->object_count; i++)
		if (form_object_asked(f, &f->objects[i], c->ctx->notice) && !form_at(c->root, f->objects[i].path) &&
		    check_parent_present(c, f->objects[i].path))
			check_note(c, f->objects[i].path, CODE_REQUIRED, 0);
	for (size_t i = 0; i < f->field_count; i++)
		if (is_asked(c, &f->fields[i]) && !form_at(c->root, f->fields[i].path) && check_parent_present(c, f->fields[i].path))
			check_note(c, f->fields[i].path, CODE_REQUIRED, 0);
}

enum rc form_accept(const struct form *f, json_t *declaration, const struct form_context *ctx,
		    struct form_errors *errors)
{
	struct check c = {.form = f, .ctx = ctx, .errors = errors, .root = declaration};
	errors->count = errors->beyond = 0;
	if (ctx->warnings)
		ctx->warnings->count = ctx->warnings->beyond = 0;
	c.today = pack_local_date(f->pack, ctx->now_us, &c.now_seconds);
	if (!json_is_object(declaration)) {
		check_note(&c, "", CODE_TYPE, 0);
		return RC_INVALID;
	}
	walk(&c, declaration, "", 0);
	ask_required(&c);
	check_rules(&c);
	if (c.failed != RC_OK)
		return c.failed;
	return errors->count ? RC_INVALID : RC_OK;
}
