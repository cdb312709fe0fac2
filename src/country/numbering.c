/* SPDX-License-Identifier: MPL-2.0 */
#include "country/numbering.h"

#include <stdio.h>
#include <string.h>

#include "country/strings.h"

const char *numbering_register(const struct pack *p, const char *kind)
{
	const struct form *f = pack_form(p, kind);
	return f ? f->reg : NULL;
}

uint32_t numbering_year(const struct pack *p, int64_t utc_us)
{
	int year = pack_local_date(p, utc_us, NULL).year;
	return year < 0 ? 0 : (uint32_t)year;
}

void numbering_next(const struct pack *p, uint32_t book, uint64_t last_serial,
		    uint32_t *ret_book, uint64_t *ret_serial)
{
	uint64_t full = p->numbering.book_entries;
	if (!book) {
		*ret_book = 1;
		*ret_serial = 1;
	} else if (full && last_serial >= full) {
		*ret_book = book + 1;
		*ret_serial = 1;
	} else {
		*ret_book = book;
		*ret_serial = last_serial + 1;
	}
}

enum rc numbering_text(const struct pack *p, const struct entry_number *n, char *out, size_t size)
{
	char book[16], year[16], serial[24];
	struct buf text = BUF_INIT(size ? size - 1 : 0);
	const char *slash = strrchr(n->office, '/');
	snprintf(book, sizeof book, "%u", n->book);
	snprintf(year, sizeof year, "%u", n->year);
	snprintf(serial, sizeof serial, "%llu", (unsigned long long)n->serial);
	struct strings_arg args[] = {{"office", slash ? slash + 1 : n->office}, {"register", n->reg}, {"book", book},
				     {"year", year}, {"serial", serial}};
	strings_expand(p->numbering.entry_pattern, args, 5, &text);
	bool fits = !buf_failed(&text);
	if (fits)
		snprintf(out, size, "%.*s", (int)text.len, (const char *)text.ptr);
	buf_release(&text);
	return fits ? RC_OK : RC_TOO_LARGE;
}

enum rc numbering_person(const struct pack *p, const char *number, char *out, size_t size)
{
	const char *pattern = p->numbering.number_pattern;
	size_t places = 0, n = 0;
	for (const char *s = pattern; *s; s++)
		places += *s == '#';
	if (strlen(number) != places || strspn(number, "0123456789") != places)
		pattern = NULL; /* of another rule: as it is */
	if ((pattern ? strlen(pattern) : strlen(number)) >= size)
		return RC_TOO_LARGE;
	if (!pattern) {
		snprintf(out, size, "%s", number);
		return RC_OK;
	}
	for (; *pattern; pattern++)
		out[n++] = *pattern == '#' ? *number++ : *pattern;
	out[n] = '\0';
	return RC_OK;
}
