/* SPDX-License-Identifier: MPL-2.0 */
#include "country/strings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "country/form.h"
#include "country/load.h"
#include "country/messages.h"
#include "country/pages.h"
#include "country/view.h"
#include "country/workflow.h"

struct message {
	const char *key;
	const char *text;
};

struct catalogue {
	const char *language; /* the pack's own pointer */
	const char *file;
	struct message *messages; /* by key */
	size_t count;
};

struct strings {
	struct catalogue catalogues[PACK_LANGUAGES_MAX];
	size_t count;
};

enum { MESSAGES_MAX = 4000, LANGUAGE_ENGLISH = 0 };

static int by_key(const void *a, const void *b)
{
	const struct message *x = a, *y = b;
	return strcmp(x->key, y->key);
}

/* ---- the product's own ---- */

static int product_language(const char *language)
{
	for (int i = 0; i < MESSAGE_LANGUAGES; i++)
		if (strcmp(message_languages[i], language) == 0)
			return i;
	return -1;
}

static int key_against_row(const void *key, const void *row)
{
	return strcmp(key, ((const struct message_row *)row)->key);
}

static const char *product_text(int language, const char *key)
{
	const struct message_row *row =
		bsearch(key, message_rows, message_row_count, sizeof *message_rows, key_against_row);
	return row && language >= 0 ? row->text[language] : NULL;
}

size_t strings_product_count(void)
{
	return message_row_count;
}

const char *strings_product_key(size_t i)
{
	return message_rows[i].key;
}

const char *const *strings_product_languages(void)
{
	return message_languages;
}

/* ---- looking up ---- */

static const char *pack_text(const struct pack *p, const char *language, const char *key)
{
	if (!p || !p->strings)
		return NULL;
	for (size_t i = 0; i < p->strings->count; i++) {
		const struct catalogue *c = &p->strings->catalogues[i];
		if (strcmp(c->language, language) != 0)
			continue;
		struct message wanted = {key, NULL}, *found = NULL;
		if (c->count)
			found = bsearch(&wanted, c->messages, c->count, sizeof wanted, by_key);
		return found ? found->text : NULL;
	}
	return NULL;
}

const char *strings_exact(const struct pack *p, const char *language, const char *key)
{
	const char *text = pack_text(p, language, key);
	return text ? text : product_text(product_language(language), key);
}

const char *strings_get(const struct pack *p, const char *language, const char *key)
{
	const char *text = strings_exact(p, language, key);
	if (!text)
		text = strings_exact(p, message_languages[LANGUAGE_ENGLISH], key);
	return text ? text : key;
}

const char *strings_error(const struct pack *p, const char *language, enum rc code)
{
	char key[64];
	snprintf(key, sizeof key, "error.%s", rc_name(code));
	const char *text = strings_get(p, language, key);
	return text == key ? rc_text(code) : text;
}

json_t *view_strings(const struct pack *p, const char *language)
{
	json_t *all = json_object();
	for (size_t i = 0; i < message_row_count; i++)
		view_set(&all, message_rows[i].key, json_string(strings_get(p, language, message_rows[i].key)));
	for (size_t i = 0; p->strings && i < p->strings->count; i++)
		for (size_t k = 0; k < p->strings->catalogues[i].count; k++) {
			const char *key = p->strings->catalogues[i].messages[k].key;
			view_set(&all, key, json_string(strings_get(p, language, key)));
		}
	return json_pack("{s:s,s:o}", "language", language, "strings", all);
}

/* ---- placeholders ---- */

/* The name of a placeholder that begins at s ("{name}"), or BYTES_NONE. */
static struct bytes placeholder(const char *s)
{
	size_t n = *s == '{' ? strspn(s + 1, "abcdefghijklmnopqrstuvwxyz_") : 0;
	return n && s[n + 1] == '}' ? bytes_of(s + 1, n) : BYTES_NONE;
}

void strings_expand(const char *text, const struct strings_arg *args, size_t count, struct buf *out)
{
	while (*text) {
		struct bytes name = placeholder(text);
		const char *value = NULL;
		for (size_t i = 0; name.len && i < count && !value; i++)
			if (bytes_equal(name, bytes_str(args[i].name)))
				value = args[i].value;
		if (value) {
			buf_str(out, value);
			text += name.len + 2;
		} else {
			size_t n = 1 + strcspn(text + 1, "{");
			buf_append(out, bytes_of(text, n));
			text += n;
		}
	}
}

void strings_format(const struct pack *p, const char *language, const char *key,
		    const struct strings_arg *args, size_t count, struct buf *out)
{
	strings_expand(strings_get(p, language, key), args, count, out);
}

static bool has_all(const char *of, const char *in)
{
	for (; *of; of++) {
		struct bytes name = placeholder(of);
		bool found = !name.len;
		for (const char *s = in; *s && !found; s++)
			found = bytes_equal(placeholder(s), name);
		if (!found)
			return false;
	}
	return true;
}

bool strings_same_placeholders(const char *a, const char *b)
{
	return has_all(a, b) && has_all(b, a);
}

/* ---- Accept-Language ---- */

static const char *spoken(const struct pack *p, struct bytes tag)
{
	for (size_t i = 0; p && i < p->language_count; i++)
		if (bytes_equal(tag, bytes_str(p->languages[i])))
			return p->languages[i];
	for (size_t i = 0; message_languages[i]; i++)
		if (bytes_equal(tag, bytes_str(message_languages[i])))
			return message_languages[i];
	return NULL;
}

/* Thousandths of a weight in "q=0.8"; 1000 when there is none, 0 when it is unreadable. */
static int weight(const char *s, size_t len)
{
	const char *q = memmem(s, len, "q=", 2);
	if (!q)
		return 1000;
	const char *end = s + len;
	q += 2;
	if (q == end || (*q != '0' && *q != '1'))
		return 0;
	int v = (*q++ - '0') * 1000, unit = 100;
	if (q < end && *q == '.')
		for (q++; q < end && *q >= '0' && *q <= '9' && unit; q++, unit /= 10)
			v += (*q - '0') * unit;
	return v > 1000 ? 1000 : v;
}

const char *strings_language(const struct pack *p, const char *accept_language, const char *fallback)
{
	const char *best = fallback;
	int best_weight = 0;
	for (const char *s = accept_language; s && *s;) {
		size_t len = strcspn(s, ",");
		size_t lead = strspn(s, " \t");
		lead = lead < len ? lead : len;
		char primary[4] = "";
		size_t n = strspn(s + lead, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
		if (n && n < sizeof primary && lead + n <= len) {
			for (size_t i = 0; i < n; i++)
				primary[i] = (char)(s[lead + i] | 0x20);
			const char *language = spoken(p, bytes_of(primary, n));
			int w = weight(s, len);
			if (language && w > best_weight) {
				best = language;
				best_weight = w;
			}
		}
		s += len + (s[len] == ',');
	}
	return best;
}

/* ---- reading a pack's catalogues ---- */

static void load_catalogue(struct loader *l, struct catalogue *c)
{
	json_t *root = load_file(l, c->file);
	const char *key;
	json_t *value;
	if (!root)
		return;
	size_t count = json_object_size(root);
	if (count > MESSAGES_MAX) {
		load_mistake(l, "", "has more than %d messages", MESSAGES_MAX);
		count = 0;
	}
	c->messages = LOAD_ARRAY(l, struct message, count);
	json_object_foreach(root, key, value) {
		char pointer[LOAD_POINTER_SIZE];
		snprintf(pointer, sizeof pointer, "/%s", key);
		if (!json_is_string(value) || !json_string_length(value))
			load_mistake(l, pointer, "must be a text that is not empty");
		else if (c->messages && c->count < count)
			c->messages[c->count++] = (struct message){load_copy(l, key), load_copy(l, json_string_value(value))};
	}
	if (c->messages)
		qsort(c->messages, c->count, sizeof *c->messages, by_key);
	json_decref(root);
}

void strings_load(struct loader *l)
{
	struct strings *s = LOAD_ARRAY(l, struct strings, 1);
	if (!s)
		return;
	l->pack->strings = s;
	for (size_t i = 0; i < l->pack->language_count && l->failed == RC_OK; i++) {
		struct catalogue *c = &s->catalogues[s->count++];
		c->language = l->pack->languages[i];
		c->file = arena_printf(l->pack->arena, "strings/%s.json", c->language);
		if (c->file)
			load_catalogue(l, c);
		else
			l->failed = RC_NO_MEMORY;
	}
}

/* ---- whether they are complete ---- */

static void need(struct loader *l, const struct catalogue *c, const char *key, const char *why)
{
	char pointer[LOAD_POINTER_SIZE];
	snprintf(pointer, sizeof pointer, "/%s", key);
	if (!strings_exact(l->pack, c->language, key))
		load_mistake(l, pointer, "is missing; needed by %s", why);
}

static void need_field(struct loader *l, const struct catalogue *c, const struct form_field *x)
{
	if (x->title)
		need(l, c, x->title, "a field of a form");
	for (size_t k = 0; k < x->choice_count; k++)
		if (x->choices[k].label)
			need(l, c, x->choices[k].label, "a choice of a form");
	for (size_t k = 0; k < x->item_count; k++)
		need_field(l, c, &x->items[k]);
}

static void need_page(struct loader *l, const struct catalogue *c, const struct form_page *page)
{
	const char *const keys[] = {page->title, page->hint, page->optional_title};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i])
			need(l, c, keys[i], "a page of a form");
}

static void need_form(struct loader *l, const struct catalogue *c, const struct form *f)
{
	for (size_t i = 0; i < f->page_count; i++)
		need_page(l, c, &f->pages[i]);
	for (size_t i = 0; i < f->field_count; i++)
		need_field(l, c, &f->fields[i]);
}

/* A key made of two words. */
static void need_word(struct loader *l, const struct catalogue *c, const char *group, const char *word, const char *why)
{
	char key[64];
	snprintf(key, sizeof key, "%s.%s", group, word);
	need(l, c, key, why);
}

static void need_kind(struct loader *l, const struct catalogue *c, const struct pack_forms *k)
{
	need_form(l, c, k->form);
	need_word(l, c, "kind", k->kind, "a kind of event");
	if (!form_restates(k->form))
		return;
	need_word(l, c, "note", k->kind, "a marginal note");
	need(l, c, "note.change", "a marginal note");
	need(l, c, "note.nothing", "a marginal note");
}

static void need_paper(struct loader *l, const struct catalogue *c, const struct workflow_paper *paper)
{
	need(l, c, paper->title, "a paper of a workflow");
	for (size_t i = 0; i < paper->text_count; i++)
		need(l, c, paper->texts[i], "a paper of a workflow");
}

static void need_workflow(struct loader *l, const struct catalogue *c, const struct workflow *w)
{
	for (size_t i = 0; i < w->state_count; i++)
		if (w->states[i].label)
			need(l, c, w->states[i].label, "a state of a workflow");
	for (size_t i = 0; i < w->transition_count; i++) {
		if (w->transitions[i].label)
			need(l, c, w->transitions[i].label, "a transition of a workflow");
		for (size_t k = 0; k < w->transitions[i].reason_count; k++)
			need_word(l, c, "reason", w->transitions[i].reasons[k], "a reason of a workflow");
		if (w->transitions[i].paper)
			need_paper(l, c, w->transitions[i].paper);
		if (w->transitions[i].details)
			need_form(l, c, w->transitions[i].details);
	}
	for (size_t i = 0; i < w->band_count; i++)
		if (w->bands[i].label)
			need(l, c, w->bands[i].label, "a band of a workflow");
}

/* The text against which a translation is held: English, or the first language that has the key. */
static const char *reference_text(const struct pack *p, const char *key)
{
	const char *text = strings_exact(p, message_languages[LANGUAGE_ENGLISH], key);
	for (size_t i = 0; !text && i < p->strings->count; i++)
		text = pack_text(p, p->strings->catalogues[i].language, key);
	return text;
}

static void check_placeholders(struct loader *l, const struct catalogue *c)
{
	for (size_t i = 0; i < c->count; i++) {
		const char *reference = reference_text(l->pack, c->messages[i].key);
		char pointer[LOAD_POINTER_SIZE];
		snprintf(pointer, sizeof pointer, "/%s", c->messages[i].key);
		if (reference && !strings_same_placeholders(reference, c->messages[i].text))
			load_mistake(l, pointer, "has other {placeholders} than the English text");
	}
}

void strings_check(struct loader *l)
{
	const struct pack *p = l->pack;
	for (size_t i = 0; p->strings && i < p->strings->count; i++) {
		const struct catalogue *c = &p->strings->catalogues[i];
		load_reopen(l, c->file);
		for (size_t k = 0; k < message_row_count; k++)
			if (!message_rows[k].shared)
				need(l, c, message_rows[k].key, "the product");
		for (size_t k = 0; k < p->form_count; k++) {
			need_kind(l, c, &p->forms[k]);
			need_workflow(l, c, p->forms[k].workflow);
			for (size_t m = 0; m < p->regime_count; m++)
				if (p->forms[k].in_regime[m])
					need_workflow(l, c, p->forms[k].in_regime[m]);
		}
		for (size_t k = 0; k < p->regime_count; k++)
			if (p->regimes[k].label)
				need(l, c, p->regimes[k].label, "a regime");
		for (size_t k = 0; k < p->strings->count; k++)
			for (size_t m = 0; k != i && m < p->strings->catalogues[k].count; m++)
				need(l, c, p->strings->catalogues[k].messages[m].key, "the catalogue of another language");
		check_placeholders(l, c);
	}
}
