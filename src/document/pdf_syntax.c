/* SPDX-License-Identifier: MPL-2.0 */
#include "document/pdf_syntax.h"

#include <string.h>

enum { DICT_DEPTH_MAX = 16 };

static bool is_space(uint8_t c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0;
}

static bool is_delimiter(uint8_t c)
{
	return is_space(c) || memchr("()<>[]{}/%", c, 10) != NULL;
}

static bool at_end(const struct pdf_scan *s)
{
	return s->at >= s->file.len;
}

void scan_space(struct pdf_scan *s)
{
	while (!at_end(s)) {
		if (s->file.ptr[s->at] == '%') { /* a comment, up to the end of its line */
			while (!at_end(s) && s->file.ptr[s->at] != '\n' && s->file.ptr[s->at] != '\r')
				s->at++;
		} else if (is_space(s->file.ptr[s->at])) {
			s->at++;
		} else {
			return;
		}
	}
}

bool scan_word(struct pdf_scan *s, const char *word)
{
	struct pdf_scan t = *s;
	struct bytes w = bytes_str(word);
	scan_space(&t);
	if (!bytes_equal(bytes_slice(t.file, t.at, w.len), w))
		return false;
	t.at += w.len;
	*s = t;
	return true;
}

bool scan_uint(struct pdf_scan *s, uint64_t *ret)
{
	struct pdf_scan t = *s;
	uint64_t v = 0;
	scan_space(&t);
	size_t from = t.at;
	for (; !at_end(&t) && t.file.ptr[t.at] >= '0' && t.file.ptr[t.at] <= '9'; t.at++) {
		if (t.at - from >= 12)
			return false;
		v = v * 10 + (t.file.ptr[t.at] - '0');
	}
	if (t.at == from)
		return false;
	*ret = v;
	*s = t;
	return true;
}

bool scan_string(struct pdf_scan *s, struct bytes *ret)
{
	struct pdf_scan t = *s;
	if (!scan_word(&t, "("))
		return false;
	for (size_t from = t.at; !at_end(&t); t.at++) {
		uint8_t c = t.file.ptr[t.at];
		if (c == '\\' || c == '(')
			return false;
		if (c == ')') {
			*ret = bytes_slice(t.file, from, t.at - from);
			t.at++;
			*s = t;
			return true;
		}
	}
	return false;
}

/* Passes over a string with its nested brackets, from behind its '('. */
static bool skip_string(struct pdf_scan *s)
{
	unsigned depth = 1;
	for (; !at_end(s); s->at++) {
		uint8_t c = s->file.ptr[s->at];
		if (c == '\\')
			s->at++;
		else if (c == '(')
			depth++;
		else if (c == ')' && --depth == 0) {
			s->at++;
			return true;
		}
	}
	return false;
}

static bool next_is(const struct pdf_scan *s, char a, char b)
{
	return s->at + 1 < s->file.len && s->file.ptr[s->at] == (uint8_t)a && s->file.ptr[s->at + 1] == (uint8_t)b;
}

bool scan_dict(struct pdf_scan *s, struct bytes *ret_inside)
{
	struct pdf_scan t = *s;
	if (!scan_word(&t, "<<"))
		return false;
	size_t from = t.at;
	for (unsigned depth = 1; !at_end(&t);) {
		if (next_is(&t, '<', '<')) {
			if (++depth > DICT_DEPTH_MAX)
				return false;
			t.at += 2;
		} else if (next_is(&t, '>', '>')) {
			t.at += 2;
			if (--depth == 0) {
				*ret_inside = bytes_slice(t.file, from, t.at - 2 - from);
				*s = t;
				return true;
			}
		} else if (t.file.ptr[t.at++] == '(' && !skip_string(&t)) {
			return false;
		}
	}
	return false;
}

bool pdf_find(struct bytes file, const char *word, size_t from, size_t *ret)
{
	if (from >= file.len)
		return false;
	const uint8_t *at = memmem(file.ptr + from, file.len - from, word, strlen(word));
	if (!at)
		return false;
	*ret = (size_t)(at - file.ptr);
	return true;
}

bool pdf_find_last(struct bytes file, const char *word, size_t end, size_t *ret)
{
	size_t n = strlen(word);
	if (end > file.len)
		end = file.len;
	while (end >= n) {
		const uint8_t *at = memrchr(file.ptr, word[0], end - n + 1);
		if (!at)
			return false;
		if (memcmp(at, word, n) == 0) {
			*ret = (size_t)(at - file.ptr);
			return true;
		}
		end = (size_t)(at - file.ptr) + n - 1;
	}
	return false;
}

bool pdf_member(struct bytes dict, const char *key, struct pdf_scan *ret)
{
	struct pdf_scan s = {dict, 0};
	size_t n = strlen(key);
	struct bytes nested;
	while (scan_space(&s), !at_end(&s)) {
		if (next_is(&s, '<', '<')) {
			if (!scan_dict(&s, &nested))
				return false;
		} else if (s.file.ptr[s.at] == '(') {
			s.at++;
			if (!skip_string(&s))
				return false;
		} else if (bytes_equal(bytes_slice(dict, s.at, n), bytes_str(key)) &&
		           (s.at + n >= dict.len || is_delimiter(dict.ptr[s.at + n]))) {
			s.at += n;
			*ret = s;
			return true;
		} else {
			for (s.at++; !at_end(&s) && !is_delimiter(s.file.ptr[s.at]);)
				s.at++;
		}
	}
	return false;
}

bool pdf_member_uint(struct bytes dict, const char *key, uint64_t *ret)
{
	struct pdf_scan s;
	if (!pdf_member(dict, key, &s))
		return false;
	scan_word(&s, "[");
	return scan_uint(&s, ret);
}

/* ── a drawn file ── */

/* The bytes inside of "N 0 obj << … >>", found by the cross-reference table. */
static bool find_object(const struct pdf_drawn *d, uint64_t number, struct bytes *ret_dict)
{
	struct pdf_scan s = {d->file, d->xref};
	uint64_t first, count, offset, got, generation;
	if (!scan_word(&s, "xref") || !scan_uint(&s, &first) || !scan_uint(&s, &count) || first != 0 || number >= count)
		return false;
	scan_space(&s);
	s.at += (size_t)number * PDF_XREF_ENTRY;
	if (!scan_uint(&s, &offset) || offset >= d->file.len)
		return false;
	s.at = (size_t)offset;
	return scan_uint(&s, &got) && got == number && scan_uint(&s, &generation) && scan_word(&s, "obj") &&
	       scan_dict(&s, ret_dict);
}

static bool find_trailer(struct pdf_drawn *d)
{
	size_t at;
	uint64_t xref;
	if (!pdf_find_last(d->file, "startxref", d->file.len, &at))
		return false;
	struct pdf_scan s = {d->file, at};
	if (!scan_word(&s, "startxref") || !scan_uint(&s, &xref) || xref >= d->file.len)
		return false;
	d->xref = (size_t)xref;
	s.at = d->xref;
	size_t trailer;
	uint64_t first, count;
	if (!scan_word(&s, "xref") || !scan_uint(&s, &first) || !scan_uint(&s, &count) ||
	    !pdf_find(d->file, "trailer", d->xref, &trailer))
		return false;
	scan_space(&s);
	d->entries = s.at;
	s.at = trailer;
	return scan_word(&s, "trailer") && scan_dict(&s, &d->trailer);
}

bool pdf_drawn_read(struct pdf_drawn *d)
{
	struct bytes pages;
	uint64_t pages_no;
	return find_trailer(d) && pdf_member_uint(d->trailer, "/Size", &d->size) && d->size < 100000 &&
	       pdf_member_uint(d->trailer, "/Root", &d->root) && pdf_member_uint(d->trailer, "/Info", &d->info) &&
	       find_object(d, d->root, &d->catalog_dict) && pdf_member_uint(d->catalog_dict, "/Pages", &pages_no) &&
	       find_object(d, pages_no, &pages) && pdf_member_uint(pages, "/Kids", &d->page) &&
	       find_object(d, d->page, &d->page_dict);
}
