/* SPDX-License-Identifier: MPL-2.0 */
#include "register/notes.h"

#include <stdio.h>
#include <string.h>

#include "codec/cbor.h"
#include "country/strings.h"
#include "country/words.h"

enum { VALUE_MAX = 1024, KEY_MAX = 96 };

static const char *language_of(const struct pack *p, bool native)
{
	return native ? p->native_language : "en";
}

static void copy(struct bytes text, char *out, size_t size)
{
	size_t n = text.len < size ? text.len : size - 1;
	while (n < text.len && n && (text.ptr[n] & 0xc0) == 0x80)
		n--;
	memcpy(out, text.ptr, n);
	out[n] = '\0';
}

static void put_partial_date(const struct pack *p, const char *language, struct bytes item, struct buf *out)
{
	struct cbor c = cbor_init(item);
	struct bytes value = BYTES_NONE, precision;
	char v[16] = "", how[16];
	size_t n;
	if (!cbor_get_array(&c, &n) || n != 2 || !(cbor_try_null(&c) || cbor_get_text(&c, &value)) ||
	    !cbor_get_text(&c, &precision))
		return;
	if (value.len)
		copy(value, v, sizeof v);
	copy(precision, how, sizeof how);
	words_partial_date(p, language, value.len ? v : NULL, how, out);
}

static void put_choice(const struct pack *p, const char *language, const struct form_field *f, const char *value,
                       struct buf *out)
{
	for (size_t i = 0; i < f->choice_count; i++)
		if (strcmp(f->choices[i].value, value) == 0) {
			buf_str(out, strings_get(p, language, f->choices[i].label));
			return;
		}
	buf_str(out, value);
}

/* The pack's word, or how it is said without one. */
static const char *word(const struct pack *p, const char *language, const char *key, const char *otherwise)
{
	const char *text = strings_exact(p, language, key);
	return text ? text : otherwise;
}

/* A value as it is printed, or the pack's word for none. */
static void put_value(const struct pack *p, const struct note *n, bool native, const struct form_field *f,
                      struct bytes item, struct buf *out)
{
	const char *language = language_of(p, native);
	char value[VALUE_MAX];
	struct bytes text;
	struct date d;
	size_t before = out->len;
	if (f->type == FIELD_PARTIAL_DATE)
		put_partial_date(p, language, item, out);
	if (cbor_as_text(item, &text)) {
		copy(text, value, sizeof value);
		if (f->type == FIELD_CHOICE)
			put_choice(p, language, f, value, out);
		else if (f->type == FIELD_DATE && date_parse(value, strlen(value), &d))
			words_date(p, language, d, out);
		else if (f->type == FIELD_TIME)
			words_time(p, language, value, out);
		else if (f->type == FIELD_COUNTRY)
			words_country(language, value, out);
		else if (f->type != FIELD_PLACE || !n->place || n->place(n->ctx, value, native, out) != RC_OK)
			buf_str(out, value);
	}
	if (out->len == before)
		buf_str(out, word(p, language, "note.nothing", "—"));
}

/* "Mother, date of birth": whose it is stands before it, where the pack has a word for that. */
static void put_title(const struct pack *p, const char *language, const struct form_field *f, struct buf *out)
{
	char key[KEY_MAX];
	snprintf(key, sizeof key, "form.%.*s", (int)strcspn(f->path + 1, "/"), f->path + 1);
	const char *whose = strings_exact(p, language, key);
	if (whose)
		buf_printf(out, "%s, ", whose);
	buf_str(out, f->title ? strings_get(p, language, f->title) : f->print);
}

static bool is_null(struct bytes item)
{
	return item.len == 0 || (item.len == 1 && item.ptr[0] == 0xf6);
}

static void put_change(const struct pack *p, const struct note *n, bool native, const struct form_field *f,
                       struct bytes was, struct bytes is, struct buf *out)
{
	const char *language = language_of(p, native);
	struct buf title = BUF_INIT(VALUE_MAX), from = BUF_INIT(VALUE_MAX), to = BUF_INIT(VALUE_MAX);
	put_title(p, language, f, &title);
	put_value(p, n, native, f, was, &from);
	put_value(p, n, native, f, is, &to);
	const char *texts[] = {buf_cstr(&title), buf_cstr(&from), buf_cstr(&to)};
	const struct strings_arg args[] = {{"field", texts[0]}, {"from", texts[1]}, {"to", texts[2]}};
	if (texts[0] && texts[1] && texts[2])
		strings_expand(word(p, language, "note.change", "{field}: {from} → {to}"), args, 3, out);
	buf_release(&title);
	buf_release(&from);
	buf_release(&to);
}

void notes_changes(const struct pack *p, const struct note *n, bool native, struct buf *out)
{
	struct buf one = BUF_INIT(4 * VALUE_MAX);
	size_t total = 0;
	for (size_t i = 0; n->before && i < n->count; i++) {
		const struct form_field *f = form_field_by_label(n->form, n->after[i].label);
		struct bytes was = act_view_find(n->before, n->after[i].label), is = n->after[i].cbor;
		if (!f || !f->print || f->label >= FORM_LABEL_OWN || f->type == FIELD_BOOL || f->type == FIELD_LIST ||
		    (is_null(was) && is_null(is)) || bytes_equal(was, is))
			continue;
		buf_reset(&one);
		put_change(p, n, native, f, was, is, &one);
		/* From what to what stands in the acts themselves. That it was changed is never left out. */
		if (!one.len || buf_failed(&one) || total + one.len > NOTES_CHANGES_MAX) {
			buf_reset(&one);
			put_title(p, language_of(p, native), f, &one);
		}
		buf_str(out, total ? "; " : "");
		buf_append(out, buf_bytes(&one));
		total += one.len;
	}
	buf_release(&one);
}

static bool put_text(const struct pack *p, const struct note *n, bool native, struct buf *out)
{
	struct buf changes = BUF_INIT(2 * NOTES_CHANGES_MAX), day = BUF_INIT(VALUE_MAX), text = BUF_INIT(3 * NOTES_CHANGES_MAX);
	char key[KEY_MAX];
	notes_changes(p, n, native, &changes);
	words_date(p, language_of(p, native), n->date, &day);
	snprintf(key, sizeof key, "note.%s", n->kind);
	const char *what = buf_cstr(&changes), *when = buf_cstr(&day);
	const struct strings_arg args[] = {{"entry", n->entry}, {"date", when}, {"changes", what}};
	bool good = what && when;
	if (good)
		strings_format(p, language_of(p, native), key, args, 3, &text);
	good = good && !buf_failed(&text);
	if (good)
		cbor_put_text(out, buf_bytes(&text));
	buf_release(&changes);
	buf_release(&day);
	buf_release(&text);
	return good;
}

enum rc notes_append(const struct pack *p, struct bytes earlier, const struct note *n, struct buf *out)
{
	struct cbor c = cbor_init(earlier);
	size_t count = 0;
	struct bytes item;
	char date[DATE_TEXT_SIZE];
	if (!is_null(earlier) && (!cbor_get_array(&c, &count) || count > NOTES_MAX))
		return RC_FORMAT;
	if (count == NOTES_MAX)
		return RC_TOO_LARGE;
	cbor_put_array(out, count + 1);
	for (size_t i = 0; i < count; i++) {
		if (!cbor_skip(&c, &item))
			return RC_FORMAT;
		cbor_put_raw(out, item);
	}
	date_format(n->date, date);
	cbor_put_array(out, 5);
	cbor_put_str(out, n->kind);
	cbor_put_str(out, n->entry);
	cbor_put_str(out, date);
	bool good = put_text(p, n, true, out) && put_text(p, n, false, out);
	return !good || buf_failed(out) ? RC_TOO_LARGE : RC_OK;
}
