/* SPDX-License-Identifier: MPL-2.0 */
#include "country/load.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

void load_mistake(struct loader *l, const char *pointer, const char *format, ...)
{
	struct pack_report *r = l->report;
	if (r->count == PACK_MISTAKES_MAX) {
		r->beyond++;
		return;
	}
	struct pack_mistake *m = &r->mistake[r->count++];
	*m = (struct pack_mistake){0};
	snprintf(m->file, sizeof m->file, "%s", l->file);
	snprintf(m->pointer, sizeof m->pointer, "%s", pointer);
	m->line = load_line(buf_bytes(&l->text), pointer);
	va_list args;
	va_start(args, format);
	vsnprintf(m->text, sizeof m->text, format, args);
	va_end(args);
}

json_t *load_file(struct loader *l, const char *file)
{
	l->file = file;
	buf_release(&l->text);
	struct err e = ERR_NONE;
	enum rc rc = pack_read(l->pack, file, &l->text, &e);
	if (rc != RC_OK) {
		buf_reset(&l->text);
		load_mistake(l, "", "%s", rc == RC_NOT_FOUND ? "the file is missing" : e.text);
		return NULL;
	}
	json_error_t je;
	json_t *root = json_loadb((const char *)l->text.ptr, l->text.len, JSON_REJECT_DUPLICATES, &je);
	if (!root) {
		load_mistake(l, "", "not valid JSON: %s", je.text);
		if (l->report->count && !l->report->beyond)
			l->report->mistake[l->report->count - 1].line = je.line > 0 ? (unsigned)je.line : 0;
		return NULL;
	}
	if (!json_is_object(root)) {
		load_mistake(l, "", "must be a JSON object");
		json_decref(root);
		return NULL;
	}
	return root;
}

void load_reopen(struct loader *l, const char *file)
{
	l->file = file;
	buf_release(&l->text);
	if (pack_read(l->pack, file, &l->text, NULL) != RC_OK)
		buf_release(&l->text);
}

/* ---- where a pointer stands in the text ---- */

struct scan {
	const uint8_t *at, *end;
	unsigned line;
};

static void scan_space(struct scan *s)
{
	while (s->at < s->end && strchr(" \t\r\n", *s->at)) {
		s->line += *s->at == '\n';
		s->at++;
	}
}

static struct bytes scan_string(struct scan *s)
{
	const uint8_t *from = ++s->at;
	while (s->at < s->end && *s->at != '"')
		s->at += *s->at == '\\' && s->at + 1 < s->end ? 2 : 1;
	struct bytes text = bytes_of(from, (size_t)(s->at - from));
	if (s->at < s->end)
		s->at++;
	return text;
}

static void scan_value(struct scan *s)
{
	unsigned depth = 0;
	do {
		scan_space(s);
		if (s->at >= s->end)
			return;
		switch (*s->at) {
		case '{': case '[': depth++, s->at++; break;
		case '}': case ']':
			if (!depth)
				return;
			depth--, s->at++;
			break;
		case ',': case ':': s->at++; break;
		case '"': scan_string(s); break;
		default:
			while (s->at < s->end && !strchr(" \t\r\n,]}:", *s->at))
				s->at++;
		}
	} while (depth);
}

/* Moves into the member or item named by `part`; false if it is not there. */
static bool scan_into(struct scan *s, struct bytes part)
{
	scan_space(s);
	if (s->at >= s->end || (*s->at != '{' && *s->at != '['))
		return false;
	bool object = *s->at++ == '{';
	for (size_t i = 0;; i++) {
		scan_space(s);
		if (s->at >= s->end || *s->at == '}' || *s->at == ']')
			return false;
		char index[24];
		snprintf(index, sizeof index, "%zu", i);
		struct bytes name = bytes_str(index);
		if (object) {
			if (*s->at != '"')
				return false;
			unsigned line = s->line;
			name = scan_string(s);
			if (bytes_equal(name, part))
				s->line = line;
			scan_space(s);
			if (s->at < s->end)
				s->at++; /* ':' */
		}
		scan_space(s);
		if (bytes_equal(name, part))
			return true;
		scan_value(s);
		scan_space(s);
		if (s->at < s->end && *s->at == ',')
			s->at++;
	}
}

unsigned load_line(struct bytes text, const char *pointer)
{
	if (!text.len)
		return 0;
	struct scan s = {text.ptr, text.ptr + text.len, 1};
	while (*pointer == '/') {
		const char *part = ++pointer;
		pointer += strcspn(pointer, "/");
		if (!scan_into(&s, bytes_of(part, (size_t)(pointer - part))))
			break; /* the nearest thing that is there */
	}
	return s.line;
}

/* ---- getters ---- */

struct node load_member(const struct node *n, const char *name)
{
	struct node m = {.json = json_object_get(n->json, name)};
	snprintf(m.pointer, sizeof m.pointer, "%s/%s", n->pointer, name);
	return m;
}

struct node load_item(const struct node *n, size_t i)
{
	struct node m = {.json = json_array_get(n->json, i)};
	snprintf(m.pointer, sizeof m.pointer, "%s/%zu", n->pointer, i);
	return m;
}

static bool word_in(const char *word, const char *words)
{
	size_t len = strlen(word);
	for (const char *at = words; *at;) {
		size_t n = strcspn(at, " ");
		if (n == len && memcmp(at, word, n) == 0)
			return true;
		at += n;
		at += strspn(at, " ");
	}
	return false;
}

void load_known(struct loader *l, const struct node *n, const char *names)
{
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)n->json, key, value) {
		if (!word_in(key, names)) {
			struct node m = load_member(n, key);
			load_mistake(l, m.pointer, "unknown member; known here: %s", names);
		}
	}
}

bool load_is_object(struct loader *l, const struct node *n)
{
	if (json_is_object(n->json))
		return true;
	load_mistake(l, n->pointer, "%s", n->json ? "must be an object" : "is missing");
	return false;
}

size_t load_count(struct loader *l, const struct node *n, const char *name, size_t max, struct node *ret_array)
{
	*ret_array = load_member(n, name);
	if (!ret_array->json)
		return 0;
	if (!json_is_array(ret_array->json)) {
		load_mistake(l, ret_array->pointer, "must be an array");
		return 0;
	}
	size_t count = json_array_size(ret_array->json);
	if (count > max) {
		load_mistake(l, ret_array->pointer, "has more than %zu items", max);
		count = max;
	}
	return count;
}

const char *load_copy(struct loader *l, const char *text)
{
	const char *copy = arena_str(l->pack->arena, bytes_str(text));
	if (!copy)
		l->failed = RC_NO_MEMORY;
	return copy ? copy : "";
}

const char *load_own_text(struct loader *l, const struct node *n)
{
	if (!json_is_string(n->json)) {
		load_mistake(l, n->pointer, "%s", n->json ? "must be a text" : "is missing");
		return NULL;
	}
	if (!json_string_length(n->json))
		load_mistake(l, n->pointer, "must not be empty");
	return load_copy(l, json_string_value(n->json));
}

const char *load_text(struct loader *l, const struct node *n, const char *name, enum load_need need)
{
	struct node m = load_member(n, name);
	if (!m.json && need == LOAD_OPTIONAL)
		return NULL;
	return load_own_text(l, &m);
}

bool load_bool(struct loader *l, const struct node *n, const char *name, bool fallback)
{
	struct node m = load_member(n, name);
	if (!m.json)
		return fallback;
	if (!json_is_boolean(m.json)) {
		load_mistake(l, m.pointer, "must be true or false");
		return fallback;
	}
	return json_is_true(m.json);
}

long long load_int(struct loader *l, const struct node *n, const char *name, long long min, long long max,
		   long long fallback, enum load_need need)
{
	struct node m = load_member(n, name);
	if (!m.json && need == LOAD_OPTIONAL)
		return fallback;
	if (!json_is_integer(m.json)) {
		load_mistake(l, m.pointer, "%s", m.json ? "must be a whole number" : "is missing");
		return fallback;
	}
	long long v = json_integer_value(m.json);
	if (v < min || v > max) {
		load_mistake(l, m.pointer, "must lie between %lld and %lld", min, max);
		return fallback;
	}
	return v;
}

int load_word(struct loader *l, const struct node *n, const char *name, const char *const *words, int fallback)
{
	struct node m = load_member(n, name);
	if (!m.json && fallback >= 0)
		return fallback;
	char all[160] = "";
	for (int i = 0; words[i]; i++) {
		if (json_is_string(m.json) && strcmp(words[i], json_string_value(m.json)) == 0)
			return i;
		size_t used = strlen(all);
		snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", words[i]);
	}
	load_mistake(l, m.pointer, "must be one of: %s", all);
	return -1;
}

void *load_array(struct loader *l, size_t n, size_t size)
{
	void *v = arena_alloc_array(l->pack->arena, n ? n : 1, size);
	if (!v)
		l->failed = RC_NO_MEMORY;
	return v;
}

const char *const load_certainties[] = {"official", "secondary", "assumed", NULL};

const char *load_law(struct loader *l, const struct node *n, const char **ret_certainty, const char **ret_source)
{
	const char *law = load_text(l, n, "law", LOAD_OPTIONAL);
	if (law && !pack_law(l->pack, law))
		load_mistake(l, n->pointer, "the pack names no law \"%s\"", law);
	int c = load_word(l, n, "certainty", load_certainties, -1);
	*ret_certainty = c < 0 ? NULL : load_certainties[c];
	const char *source = load_text(l, n, "source", LOAD_REQUIRED);
	if (ret_source)
		*ret_source = source;
	if (c == 0 && !law)
		load_mistake(l, n->pointer, "what is official names its law");
	return law;
}

size_t load_texts(struct loader *l, const struct node *n, const char *name, size_t max, const char **out)
{
	struct node list;
	size_t count = load_count(l, n, name, max, &list), kept = 0;
	for (size_t i = 0; i < count; i++) {
		struct node item = load_item(&list, i);
		const char *text = load_own_text(l, &item);
		if (text)
			out[kept++] = text;
	}
	return kept;
}
