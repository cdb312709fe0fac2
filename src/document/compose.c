/* SPDX-License-Identifier: MPL-2.0 */
/*
 * From an act to the texts that a certificate shows. Names of values:
 *
 *   of each field of the form that has a print name P, by its type:
 *     name, text            P
 *     date, partial date    P.native  P.latin, and of a date P.words.native  P.words.latin  P.lunar.native
 *     choice, place, time,  P.native  P.latin
 *     country, number
 *   of the act's header: entry.{office_code,register,book,year,serial}.{native,latin},
 *     person.number, registered.{date,office}.{native,latin}, registrar.name, notes
 *   of this issue: issued.{date,office}.{native,latin}, serial, law.{native,latin},
 *     nationality.note.{native,latin}, and the layout's fixed texts
 *
 * Entry and day of registration are those of the extract: an act of correction has an entry of its own, and
 * restates that of the birth.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "codec/cbor.h"
#include "country/form.h"
#include "country/numbering.h"
#include "country/pack.h"
#include "country/place.h"
#include "country/strings.h"
#include "country/words.h"
#include "credential/cwt.h"
#include "document/layout.h"
#include "ledger/commitment.h"
#include "register/act.h"

enum { TEXTS_MAX = 256, TEXT_MAX = 4096, MEMORY_MAX = 1 << 20 };

struct composer {
	struct arena *arena;
	const struct certificate_layout *layout;
	const struct certificate_issue *issue;
	const char *native;
	struct certificate_text texts[TEXTS_MAX];
	size_t count;
	bool failed; /* memory, or too many values */
};

/* Takes what is in `text` as the value NAME[.SUFFIX], and empties it. */
static void put(struct composer *c, const char *name, const char *suffix, struct buf *text)
{
	char *key = suffix ? arena_printf(c->arena, "%s.%s", name, suffix) : arena_str(c->arena, bytes_str(name));
	char *value = arena_str(c->arena, buf_bytes(text));
	if (buf_failed(text) || !key || !value || c->count == TEXTS_MAX)
		c->failed = true;
	else
		c->texts[c->count++] = (struct certificate_text){key, value};
	buf_reset(text);
}

static void put_text(struct composer *c, const char *name, const char *suffix, struct bytes value)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	buf_append(&text, value);
	put(c, name, suffix, &text);
	buf_release(&text);
}

static void put_number(struct composer *c, const char *name, uint64_t n)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	words_uint(c->issue->pack, c->native, n, &text);
	put(c, name, "native", &text);
	buf_printf(&text, "%llu", (unsigned long long)n);
	put(c, name, "latin", &text);
	buf_release(&text);
}

static void put_date(struct composer *c, const char *name, struct date d, bool words)
{
	const struct pack *p = c->issue->pack;
	struct buf text = BUF_INIT(TEXT_MAX);
	words_date(p, c->native, d, &text);
	put(c, name, "native", &text);
	words_date(p, "en", d, &text);
	put(c, name, "latin", &text);
	if (words) {
		words_date_in_words(p, c->native, d, &text);
		put(c, name, "words.native", &text);
		words_date_in_words(p, "en", d, &text);
		put(c, name, "words.latin", &text);
	}
	buf_release(&text);
}

/* The day of the country's own calendar, an aid: only where the layout asks for it. */
static void put_lunar(struct composer *c, const char *name, struct date d)
{
	const struct pack *p = c->issue->pack;
	struct lunar_date lunar;
	struct buf text = BUF_INIT(TEXT_MAX);
	if (lunar_from_date(p->lunar, d, &lunar))
		words_lunar(p, c->native, &lunar, &text);
	put(c, name, "lunar.native", &text);
	buf_release(&text);
}

/* ── the form's fields ── */

static bool cstr(struct composer *c, struct bytes item, const char **ret)
{
	struct bytes text;
	*ret = NULL;
	if (!cbor_as_text(item, &text))
		return false;
	*ret = arena_str(c->arena, text);
	c->failed |= *ret == NULL;
	return *ret != NULL;
}

static void put_partial_date(struct composer *c, const char *name, struct bytes item)
{
	struct cbor at = cbor_init_unchecked(item);
	struct buf text = BUF_INIT(TEXT_MAX);
	struct bytes value = BYTES_NONE, precision = BYTES_NONE;
	size_t n;
	if (cbor_get_array(&at, &n) && n == 2 && (cbor_try_null(&at) || cbor_get_text(&at, &value)) &&
	    cbor_get_text(&at, &precision)) {
		const char *v = value.len ? arena_str(c->arena, value) : NULL;
		const char *p = arena_str(c->arena, precision);
		words_partial_date(c->issue->pack, c->native, v, p, &text);
		put(c, name, "native", &text);
		words_partial_date(c->issue->pack, "en", v, p, &text);
		put(c, name, "latin", &text);
	}
	buf_release(&text);
}

static void put_choice(struct composer *c, const struct form_field *f, const char *value)
{
	const struct pack *p = c->issue->pack;
	for (size_t i = 0; i < f->choice_count; i++)
		if (strcmp(f->choices[i].value, value) == 0) {
			put_text(c, f->print, "native", bytes_str(strings_get(p, c->native, f->choices[i].label)));
			put_text(c, f->print, "latin", bytes_str(strings_get(p, "en", f->choices[i].label)));
			return;
		}
	put_text(c, f->print, "native", bytes_str(value));
	put_text(c, f->print, "latin", bytes_str(value));
}

static void name_of(struct composer *c, const char *code, const char *language, struct buf *out)
{
	if (!c->issue->place_name || c->issue->place_name(c->issue->ctx, code, language, out) != RC_OK)
		buf_str(out, code);
}

/* The place and those around it, as an address is written. */
static void put_place(struct composer *c, const char *name, const char *suffix, const char *language,
                      const struct layout_places *how, const char *code)
{
	char line[PACK_LEVELS_MAX][PLACE_CODE_SIZE];
	size_t n = 0;
	struct buf text = BUF_INIT(TEXT_MAX);
	snprintf(line[n++], PLACE_CODE_SIZE, "%s", code);
	while (n < PACK_LEVELS_MAX && place_parent(c->issue->pack, line[n - 1], line[n]) == RC_OK && *line[n])
		n++;
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_str(&text, how->separator);
		name_of(c, line[how->large_first ? n - 1 - i : i], language, &text);
	}
	put(c, name, suffix, &text);
	buf_release(&text);
}

static void put_time(struct composer *c, const char *name, const char *value)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	words_time(c->issue->pack, c->native, value, &text);
	put(c, name, "native", &text);
	words_time(c->issue->pack, "en", value, &text);
	put(c, name, "latin", &text);
	buf_release(&text);
}

static void put_country(struct composer *c, const char *name, const char *code)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	words_country(c->native, code, &text);
	put(c, name, "native", &text);
	words_country("en", code, &text);
	put(c, name, "latin", &text);
	buf_release(&text);
}

static void put_absent(struct composer *c, const struct form_field *f)
{
	static const char *const suffixes[] = {"native", "latin", "words.native", "words.latin", "lunar.native"};
	if (f->type == FIELD_NAME || f->type == FIELD_TEXT) {
		put_text(c, f->print, NULL, BYTES_NONE);
		return;
	}
	for (int i = 0; i < (f->type == FIELD_DATE ? 5 : 2); i++)
		put_text(c, f->print, suffixes[i], BYTES_NONE);
}

static void put_field(struct composer *c, const struct form_field *f, struct bytes item)
{
	const char *value;
	struct date d;
	uint64_t number;
	if (f->type == FIELD_PARTIAL_DATE && item.len > 1) {
		put_partial_date(c, f->print, item);
	} else if (f->type == FIELD_NUMBER && cbor_as_uint(item, &number)) {
		put_number(c, f->print, number);
	} else if (!cstr(c, item, &value)) {
		put_absent(c, f);
	} else if (f->type == FIELD_CHOICE) {
		put_choice(c, f, value);
	} else if (f->type == FIELD_DATE && date_parse(value, strlen(value), &d)) {
		put_date(c, f->print, d, true);
		put_lunar(c, f->print, d);
	} else if (f->type == FIELD_PLACE) {
		put_place(c, f->print, "native", c->native, &c->layout->places_native, value);
		put_place(c, f->print, "latin", "en", &c->layout->places_latin, value);
	} else if (f->type == FIELD_TIME) {
		put_time(c, f->print, value);
	} else if (f->type == FIELD_COUNTRY) {
		put_country(c, f->print, value);
	} else {
		put_text(c, f->print, NULL, bytes_str(value));
	}
}

/* ── the header ── */

static bool put_entry(struct composer *c, const struct act_view *act)
{
	struct bytes item, office, reg;
	if (!cbor_map_find_uint(act_view_find(act, ACT_EXTRACT), EXTRACT_ENTRY, &item))
		item = act_view_find(act, ACT_ENTRY);
	struct cbor at = cbor_init_unchecked(item);
	uint64_t book, year, serial;
	size_t n;
	struct buf text = BUF_INIT(TEXT_MAX);
	if (!cbor_get_array(&at, &n) || n != 5 || !cbor_get_text(&at, &office) || !cbor_get_text(&at, &reg) ||
	    !cbor_get_uint(&at, &book) || !cbor_get_uint(&at, &year) || !cbor_get_uint(&at, &serial))
		return false;
	const uint8_t *slash = office.len ? memrchr(office.ptr, '/', office.len) : NULL;
	if (slash)
		office = bytes_slice(office, (size_t)(slash - office.ptr) + 1, office.len);
	words_digits(c->issue->pack, c->native, office, &text);
	put(c, "entry.office_code", "native", &text);
	put_text(c, "entry.office_code", "latin", office);
	char *key = arena_printf(c->arena, "certificate.register.%.*s", (int)reg.len, (const char *)reg.ptr);
	const char *name = key ? strings_exact(c->issue->pack, c->native, key) : NULL;
	put_text(c, "entry.register", "native", name ? bytes_str(name) : reg);
	put_text(c, "entry.register", "latin", reg);
	put_number(c, "entry.book", book);
	put_number(c, "entry.year", year);
	put_number(c, "entry.serial", serial);
	buf_release(&text);
	return true;
}

static bool put_registrar(struct composer *c, const struct act_view *act)
{
	struct cbor at = cbor_init_unchecked(act_view_find(act, ACT_REGISTRAR));
	struct bytes name, native, latin;
	size_t n;
	if (!cbor_get_array(&at, &n) || n != 3 || !cbor_get_text(&at, &name) || !cbor_get_text(&at, &native) ||
	    !cbor_get_text(&at, &latin))
		return false;
	put_text(c, "registrar.name", NULL, name);
	put_text(c, "registered.office", "native", native);
	put_text(c, "registered.office", "latin", latin);
	/* the usual case: the office that registered also issues */
	struct bytes office;
	if (cbor_as_text(act_view_find(act, ACT_OFFICE), &office) &&
	    bytes_equal(office, bytes_str(c->issue->issuing_office))) {
		put_text(c, "issued.office", "native", native);
		put_text(c, "issued.office", "latin", latin);
		return true;
	}
	struct buf text = BUF_INIT(TEXT_MAX);
	name_of(c, c->issue->issuing_office, c->native, &text);
	put(c, "issued.office", "native", &text);
	name_of(c, c->issue->issuing_office, "en", &text);
	put(c, "issued.office", "latin", &text);
	buf_release(&text);
	return true;
}

static bool put_header(struct composer *c, const struct act_view *act)
{
	uint64_t at;
	const char *number;
	char printed[64];
	const struct pack *p = c->issue->pack;
	if (!cbor_as_uint(act_view_find(act, ACT_TIME), &at) || at > INT64_MAX || !put_entry(c, act) ||
	    !put_registrar(c, act))
		return false;
	struct bytes day;
	int64_t days;
	bool extracted = cbor_map_find_uint(act_view_find(act, ACT_EXTRACT), EXTRACT_REGISTERED, &day) && cbor_as_int(day, &days);
	put_date(c, "registered.date", extracted ? date_from_days(days) : pack_local_date(p, (int64_t)at, NULL), false);
	put_date(c, "issued.date", pack_local_date(p, c->issue->issued_at, NULL), false);
	if (cstr(c, act_view_find(act, ACT_NUMBER), &number) &&
	    numbering_person(p, number, printed, sizeof printed) == RC_OK)
		put_text(c, "person.number", NULL, bytes_str(printed));
	else
		put_text(c, "person.number", NULL, BYTES_NONE);
	return true;
}

/* ── notes in the margin ── */

enum { NOTES_MAX = 64, NOTES_WHOLE = 8 /* so many alternatives with whole notes */ };

struct note {
	struct bytes kind, entry, date, native, latin;
};

static size_t read_notes(const struct act_view *act, struct note *notes)
{
	struct cbor at = cbor_init_unchecked(act_view_find(act, ACT_NOTES));
	size_t n, parts;
	if (!cbor_get_array(&at, &n) || n > NOTES_MAX)
		return 0;
	for (size_t i = 0; i < n; i++) {
		struct note *v = &notes[i];
		if (!cbor_get_array(&at, &parts) || parts != 5 || !cbor_get_text(&at, &v->kind) || !cbor_get_text(&at, &v->entry) ||
		    !cbor_get_text(&at, &v->date) || !cbor_get_text(&at, &v->native) || !cbor_get_text(&at, &v->latin))
			return 0;
	}
	return n;
}

/* "{key}" in the native language, a dot, and in English. */
static void say_twice(struct composer *c, const char *key, size_t n, struct buf *out)
{
	const struct pack *p = c->issue->pack;
	struct buf digits = BUF_INIT(32);
	words_uint(p, c->native, n, &digits);
	strings_format(p, c->native, key, &(struct strings_arg){"n", buf_cstr(&digits)}, 1, out);
	buf_str(out, " · ");
	buf_reset(&digits);
	buf_printf(&digits, "%zu", n);
	strings_format(p, "en", key, &(struct strings_arg){"n", buf_cstr(&digits)}, 1, out);
	buf_release(&digits);
}

/* "13 November 2026 · 080412/C/1/2026/3 · what it says" */
static void put_note(struct composer *c, const struct note *v, struct buf *out)
{
	const struct pack *p = c->issue->pack;
	struct date day = {0};
	char text[DATE_TEXT_SIZE + 1] = "";
	if (v->date.len < sizeof text && v->date.len)
		memcpy(text, v->date.ptr, v->date.len);
	bool dated = date_parse(text, strlen(text), &day);
	if (dated)
		words_date(p, c->native, day, out);
	buf_str(out, dated ? " · " : "");
	words_digits(p, c->native, v->entry, out);
	buf_str(out, " · ");
	buf_append(out, v->native);
	buf_byte(out, '\n');
	if (dated)
		words_date(p, "en", day, out);
	buf_str(out, dated ? " · " : "");
	buf_append(out, v->entry);
	buf_str(out, " · ");
	buf_append(out, v->latin);
}

/* The newest `n` of the notes, and how many came before them. */
static void put_newest(struct composer *c, const struct note *notes, size_t count, size_t n)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	if (n < count)
		say_twice(c, "certificate.notes_earlier", count - n, &text);
	for (size_t i = count - n; i < count; i++) {
		if (text.len)
			buf_byte(&text, '\n');
		put_note(c, &notes[i], &text);
	}
	if (buf_failed(&text)) /* longer than any box */
		buf_release(&text);
	else
		put(c, "notes", NULL, &text);
	buf_release(&text);
}

/*
 * Every note, if the box can hold them; else the newest, and how many came before; else that there are notes. What is
 * not printed is said to stand in the register, and stands in the attached receipt as well.
 */
static void put_notes(struct composer *c, const struct act_view *act)
{
	struct note notes[NOTES_MAX];
	struct buf text = BUF_INIT(TEXT_MAX);
	size_t count = read_notes(act, notes);
	if (!count) {
		put_text(c, "notes", NULL, BYTES_NONE);
		return;
	}
	put_newest(c, notes, count, count);
	for (size_t n = count > NOTES_WHOLE ? NOTES_WHOLE : count - 1; n > 0; n--)
		put_newest(c, notes, count, n);
	say_twice(c, "certificate.notes_all", count, &text);
	put(c, "notes", NULL, &text);
	buf_release(&text);
}

/* ── this issue ── */

/* {copy} and {copy.native} become the number of the copy. */
static void put_fixed(struct composer *c, const char *name, const char *pattern)
{
	struct buf text = BUF_INIT(TEXT_MAX);
	while (*pattern) {
		if (strncmp(pattern, "{copy}", 6) == 0) {
			buf_printf(&text, "%u", c->issue->copy_no);
			pattern += 6;
		} else if (strncmp(pattern, "{copy.native}", 13) == 0) {
			words_uint(c->issue->pack, c->native, c->issue->copy_no, &text);
			pattern += 13;
		} else {
			buf_byte(&text, (uint8_t)*pattern++);
		}
	}
	put(c, name, NULL, &text);
	buf_release(&text);
}

static void put_issue(struct composer *c)
{
	const struct pack *p = c->issue->pack;
	put_text(c, "serial", NULL, bytes_str(c->issue->serial));
	put_text(c, "law", "native", bytes_str(p->law_count ? p->laws[0].native : NULL));
	put_text(c, "law", "latin", bytes_str(p->law_count ? p->laws[0].latin : NULL));
	put_text(c, "nationality.note", "native", bytes_str(strings_get(p, c->native, "certificate.nationality")));
	put_text(c, "nationality.note", "latin", bytes_str(strings_get(p, "en", "certificate.nationality")));
	for (size_t i = 0; i < c->layout->text_count; i++)
		put_fixed(c, c->layout->texts[i].name, c->layout->texts[i].text);
}

static const struct form *form_of(const struct pack *pack, const struct act_view *act)
{
	for (size_t i = 0; i < pack->form_count; i++)
		if (bytes_equal(act->form, bytes_str(pack->forms[i].form->id)))
			return pack->forms[i].form;
	return NULL;
}

static enum rc compose(struct composer *c, struct err *e)
{
	struct act_view *act = arena_alloc(c->arena, sizeof *act);
	if (!act)
		return err_set(e, RC_NO_MEMORY, "act", "%s", rc_text(RC_NO_MEMORY));
	enum rc rc = act_view(c->issue->act, act);
	if (rc != RC_OK)
		return err_set(e, rc, "act", "the act cannot be read");
	const struct form *form = form_of(c->issue->pack, act);
	if (!form)
		return err_set(e, RC_FORMAT, "act", "the pack does not have the act's form");
	if (!put_header(c, act))
		return err_set(e, RC_FORMAT, "act", "the act's header is not understood");
	for (size_t i = 0; i < form->field_count; i++)
		if (form->fields[i].print)
			put_field(c, &form->fields[i], act_view_find(act, form->fields[i].label));
	put_notes(c, act);
	put_issue(c);
	return c->failed ? err_set(e, RC_NO_MEMORY, "act", "%s", rc_text(RC_NO_MEMORY)) : RC_OK;
}

enum rc certificate_render(struct certificate_layout *layout, const struct certificate_issue *issue,
                           struct buf *out, struct err *e)
{
	struct composer *c = calloc(1, sizeof *c);
	struct arena *arena = arena_new(MEMORY_MAX);
	enum rc rc = RC_NO_MEMORY;
	if (!c || !arena) {
		rc = err_set(e, rc, "certificate", "%s", rc_text(rc));
		goto out;
	}
	*c = (struct composer){.arena = arena, .layout = layout, .issue = issue,
	                       .native = issue->pack->native_language};
	rc = compose(c, e);
	if (rc != RC_OK)
		goto out;
	const struct certificate_content content = {
		.texts = c->texts, .text_count = c->count, .title = "Birth certificate", .qr_text = issue->qr_text,
		.copy_no = issue->copy_no, .drawn_at = issue->issued_at,
	};
	rc = certificate_draw(layout, &content, out, e);
out:
	if (arena)
		arena_free(&arena);
	free(c);
	return rc;
}

/* ── what a receipt opens ── */

static bool begins_with(const char *text, const char *prefix)
{
	size_t n = strlen(prefix);
	return strncmp(text, prefix, n) == 0 && (text[n] == 0 || text[n] == '.');
}

static bool is_printed(const struct certificate_layout *layout, const char *name)
{
	for (size_t i = 0; i < layout->box_count; i++)
		if (begins_with(layout->boxes[i].value, name))
			return true;
	return false;
}

static bool label_is_printed(const struct certificate_layout *layout, const struct form *form, uint32_t label)
{
	switch (label) {
	case ACT_KIND: /* the title */
	case ACT_CORRECTS: /* whose entry it is: a checker needs it */
	case ACT_EXTRACT: /* the QR */
		return true;
	case ACT_NOTES:
		return is_printed(layout, "notes");
	case ACT_ENTRY:
		return is_printed(layout, "entry");
	case ACT_NUMBER:
		return is_printed(layout, "person.number");
	case ACT_TIME:
		return is_printed(layout, "registered.date");
	case ACT_REGISTRAR:
		return is_printed(layout, "registrar.name") || is_printed(layout, "registered.office");
	default:
		break;
	}
	const struct form_field *f = label >= FORM_LABEL_MIN ? form_field_by_label(form, label) : NULL;
	return f && f->print && is_printed(layout, f->print);
}

enum rc certificate_printed_labels(const struct certificate_layout *layout, const struct pack *pack,
                                   struct bytes act, uint64_t *ret_labels, size_t max, size_t *ret_count,
                                   struct err *e)
{
	struct act_view *view = malloc(sizeof *view);
	size_t n = 0;
	if (!view)
		return err_set(e, RC_NO_MEMORY, "act", "%s", rc_text(RC_NO_MEMORY));
	enum rc rc = act_view(act, view);
	const struct form *form = rc == RC_OK ? form_of(pack, view) : NULL;
	if (!form)
		rc = err_set(e, RC_FORMAT, "act", "the act cannot be read");
	for (unsigned i = 0; rc == RC_OK && i < view->count; i++) {
		if (!label_is_printed(layout, form, view->field[i].label))
			continue;
		if (n == max)
			rc = err_set(e, RC_TOO_LARGE, "act", "more than %zu fields are printed", max);
		else
			ret_labels[n++] = view->field[i].label;
	}
	free(view);
	if (rc == RC_OK)
		*ret_count = n;
	return rc;
}
