/* SPDX-License-Identifier: MPL-2.0 */
#include "country/place.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "country/load.h"
#include "country/names.h"
#include "country/strings.h"

enum { CELLS_MAX = 16 };

enum column {
	COLUMN_CODE, COLUMN_LEVEL, COLUMN_NAME_NATIVE, COLUMN_NAME_LATIN, COLUMN_UNIT_NATIVE, COLUMN_UNIT_LATIN,
	COLUMN_LAT, COLUMN_LONG, COLUMN_FROM, COLUMN_UNTIL, COLUMN_ACT, COLUMN_CHANGE, COLUMN_PREDECESSOR, COLUMN_SUCCESSOR,
	COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {
	"code", "level", "name_native", "name_latin", "unit_native", "unit_latin", "lat", "long",
	"valid_from", "valid_until", "legal_act", "change", "predecessor", "successor",
};

enum { COLUMNS_NEEDED = COLUMN_LAT }; /* those before it */

struct reader {
	const struct pack *pack;
	struct bytes rest;
	unsigned line;
	struct err *e;
	int at[COLUMN_COUNT]; /* cell of each column, or -1 */
	size_t cells;         /* in every row */
	char text[PLACE_LINE_MAX];
	struct bytes cell[CELLS_MAX];
};

__attribute__((format(printf, 2, 3)))
static enum rc wrong(struct reader *r, const char *format, ...)
{
	char where[32], text[200];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	snprintf(where, sizeof where, "line %u", r->line);
	return err_set(r->e, RC_FORMAT, where, "%s", text);
}

/* ---- lines and cells ---- */

static bool next_line(struct reader *r, struct bytes *ret)
{
	if (!r->rest.len)
		return false;
	const uint8_t *end = memchr(r->rest.ptr, '\n', r->rest.len);
	size_t len = end ? (size_t)(end - r->rest.ptr) : r->rest.len;
	*ret = bytes_of(r->rest.ptr, len);
	r->rest = bytes_slice(r->rest, len + (end != NULL), r->rest.len);
	if (ret->len && ret->ptr[ret->len - 1] == '\r')
		ret->len--;
	r->line++;
	return true;
}

/* One cell into r->text from *used on; moves *line past it and its comma. */
static enum rc next_cell(struct reader *r, struct bytes *line, size_t *used, struct bytes *ret, bool *ret_more)
{
	size_t from = *used, i = 0;
	bool quoted = line->len && line->ptr[0] == '"';
	if (quoted) {
		for (i = 1;; i++) {
			if (i == line->len)
				return wrong(r, "a quote is not closed on its line");
			if (line->ptr[i] == '"') {
				if (i + 1 == line->len || line->ptr[i + 1] != '"')
					break;
				i++;
			}
			r->text[(*used)++] = (char)line->ptr[i];
		}
		i++;
		if (i < line->len && line->ptr[i] != ',')
			return wrong(r, "text behind a closing quote");
	} else {
		for (; i < line->len && line->ptr[i] != ','; i++) {
			if (line->ptr[i] == '"')
				return wrong(r, "a quote inside a cell without quotes");
			r->text[(*used)++] = (char)line->ptr[i];
		}
	}
	*ret = bytes_of(r->text + from, *used - from);
	*ret_more = i < line->len;
	*line = bytes_slice(*line, i + 1, line->len);
	return RC_OK;
}

static enum rc split(struct reader *r, struct bytes line, size_t *ret_count)
{
	size_t used = 0, count = 0;
	bool more = true;
	if (line.len >= sizeof r->text)
		return wrong(r, "the line is longer than %zu bytes", sizeof r->text - 1);
	if (!utf8_is_valid(line))
		return wrong(r, "not UTF-8");
	while (more) {
		if (count == CELLS_MAX)
			return wrong(r, "more than %d cells", CELLS_MAX);
		enum rc rc = next_cell(r, &line, &used, &r->cell[count], &more);
		if (rc != RC_OK)
			return rc;
		count++;
	}
	*ret_count = count;
	return RC_OK;
}

static int column_of(const struct reader *r, struct bytes name)
{
	for (int c = 0; c < COLUMN_COUNT; c++) {
		char local[32] = "";
		if (c == COLUMN_NAME_NATIVE || c == COLUMN_UNIT_NATIVE)
			snprintf(local, sizeof local, "%.4s_%s", column_names[c], r->pack->native_language);
		if (bytes_equal(name, bytes_str(column_names[c])) || bytes_equal(name, bytes_str(local)))
			return c;
	}
	return -1;
}

static enum rc read_header(struct reader *r)
{
	struct bytes line;
	if (r->rest.len >= 3 && memcmp(r->rest.ptr, "\xEF\xBB\xBF", 3) == 0)
		r->rest = bytes_slice(r->rest, 3, r->rest.len);
	if (!next_line(r, &line))
		return wrong(r, "the file is empty");
	enum rc rc = split(r, line, &r->cells);
	if (rc != RC_OK)
		return rc;
	for (int c = 0; c < COLUMN_COUNT; c++)
		r->at[c] = -1;
	for (size_t i = 0; i < r->cells; i++) {
		int c = column_of(r, r->cell[i]);
		if (c < 0)
			return wrong(r, "unknown column %zu", i + 1);
		if (r->at[c] >= 0)
			return wrong(r, "the column \"%s\" stands there twice", column_names[c]);
		r->at[c] = (int)i;
	}
	for (int c = 0; c < COLUMNS_NEEDED; c++)
		if (r->at[c] < 0)
			return wrong(r, "the column \"%s\" is missing", column_names[c]);
	return RC_OK;
}

/* ---- one row ---- */

static struct bytes cell(const struct reader *r, enum column c)
{
	return r->at[c] < 0 ? BYTES_NONE : r->cell[r->at[c]];
}

static enum rc take_text(struct reader *r, enum column c, char *out, size_t size, bool needed)
{
	struct buf text = BUF_INIT(PLACE_LINE_MAX * 3);
	enum rc rc = names_normalise(cell(r, c), &text);
	if (rc == RC_INVALID)
		rc = wrong(r, "\"%s\" has a character that no text has", column_names[c]);
	else if (rc == RC_OK && text.len >= size)
		rc = wrong(r, "\"%s\" is longer than %zu bytes", column_names[c], size - 1);
	else if (rc == RC_OK && needed && !text.len)
		rc = wrong(r, "\"%s\" is empty", column_names[c]);
	else if (rc == RC_OK)
		snprintf(out, size, "%.*s", (int)text.len, (const char *)text.ptr);
	buf_release(&text);
	return rc;
}

/* Degrees as written ("-12.5") × 10⁷, further digits dropped. */
static bool degrees(struct bytes text, int limit, int32_t *ret)
{
	bool negative = text.len && text.ptr[0] == '-', dot = false;
	int64_t v = 0;
	int decimals = 0;
	size_t i = negative, digits = 0;
	for (; i < text.len; i++) {
		uint8_t c = text.ptr[i];
		if (c == '.' && !dot && digits) {
			dot = true;
			continue;
		}
		if (c < '0' || c > '9' || (!dot && digits > 3))
			return false;
		digits++;
		if (!dot || decimals < 7)
			v = v * 10 + (c - '0');
		decimals += dot && decimals < 7;
	}
	for (; decimals < 7; decimals++)
		v *= 10;
	if (!digits || v > (int64_t)limit * 10000000)
		return false;
	*ret = (int32_t)(negative ? -v : v);
	return true;
}

static enum rc take_position(struct reader *r, struct place_row *row)
{
	struct bytes lat = cell(r, COLUMN_LAT), lon = cell(r, COLUMN_LONG);
	if (!lat.len && !lon.len)
		return RC_OK;
	row->has_position = degrees(lat, 90, &row->lat_e7) && degrees(lon, 180, &row->long_e7);
	return row->has_position ? RC_OK : wrong(r, "\"lat\" and \"long\" are not both degrees");
}

static enum rc take_date(struct reader *r, enum column c, bool *ret_has, struct date *ret)
{
	struct bytes text = cell(r, c);
	if (!text.len)
		return RC_OK;
	*ret_has = date_parse((const char *)text.ptr, text.len, ret);
	return *ret_has ? RC_OK : wrong(r, "\"%s\" is not a date", column_names[c]);
}

static enum rc take_code(struct reader *r, struct place_row *row)
{
	struct bytes code = cell(r, COLUMN_CODE), level = cell(r, COLUMN_LEVEL);
	if (!code.len || code.len >= sizeof row->code)
		return wrong(r, "\"code\" is empty or longer than %zu characters", sizeof row->code - 1);
	snprintf(row->code, sizeof row->code, "%.*s", (int)code.len, (const char *)code.ptr);
	row->level = place_level(r->pack, row->code);
	if (row->level < 0)
		return wrong(r, "the pack has no level for a code such as \"%s\"", row->code);
	if (!bytes_equal(level, bytes_str(r->pack->levels[row->level].name)))
		return wrong(r, "\"%s\" is the code of a %s, not of the level given", row->code,
			     r->pack->levels[row->level].name);
	return place_parent(r->pack, row->code, row->parent);
}

/* Codes with spaces between. */
static enum rc take_others(struct reader *r, enum column c, char out[][PLACE_CODE_SIZE], size_t *ret_n)
{
	char text[PLACE_OTHERS_MAX * PLACE_CODE_SIZE], *rest = NULL;
	enum rc rc = take_text(r, c, text, sizeof text, false);
	for (char *code = rc == RC_OK ? strtok_r(text, " ", &rest) : NULL; code; code = strtok_r(NULL, " ", &rest)) {
		if (*ret_n == PLACE_OTHERS_MAX)
			return wrong(r, "\"%s\" has more than %d codes", column_names[c], PLACE_OTHERS_MAX);
		if (place_level(r->pack, code) < 0)
			return wrong(r, "\"%s\": the pack has no level for a code such as \"%.20s\"", column_names[c], code);
		snprintf(out[(*ret_n)++], PLACE_CODE_SIZE, "%s", code);
	}
	return rc;
}

static enum rc take_change(struct reader *r, struct place_row *row)
{
	static const char *const kinds[] = {"renamed", "split", "merged", "moved"};
	enum rc rc = take_text(r, COLUMN_CHANGE, row->change, sizeof row->change, false);
	bool known = !*row->change;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		known |= strcmp(kinds[i], row->change) == 0;
	if (rc == RC_OK)
		rc = take_others(r, COLUMN_PREDECESSOR, row->predecessor, &row->predecessors);
	if (rc == RC_OK)
		rc = take_others(r, COLUMN_SUCCESSOR, row->successor, &row->successors);
	if (rc != RC_OK)
		return rc;
	if (!known)
		return wrong(r, "\"change\" is none of renamed, split, merged, moved");
	if (!*row->change != !(row->predecessors + row->successors))
		return wrong(r, "\"change\" stands with \"predecessor\" or \"successor\", and neither without it");
	if (row->predecessors && r->at[COLUMN_FROM] >= 0 && !row->has_from)
		return wrong(r, "\"valid_from\" is empty beside a predecessor");
	return row->successors && !row->has_until ? wrong(r, "\"valid_until\" is empty beside a successor") : RC_OK;
}

static enum rc take_row(struct reader *r, struct place_row *row)
{
	enum rc rc = take_code(r, row);
	if (rc == RC_OK)
		rc = take_text(r, COLUMN_NAME_NATIVE, row->name_native, sizeof row->name_native, true);
	if (rc == RC_OK)
		rc = take_text(r, COLUMN_NAME_LATIN, row->name_latin, sizeof row->name_latin, false);
	if (rc == RC_OK)
		rc = take_text(r, COLUMN_UNIT_NATIVE, row->unit_native, sizeof row->unit_native, false);
	if (rc == RC_OK)
		rc = take_text(r, COLUMN_UNIT_LATIN, row->unit_latin, sizeof row->unit_latin, false);
	if (rc == RC_OK)
		rc = take_text(r, COLUMN_ACT, row->legal_act, sizeof row->legal_act, false);
	if (rc == RC_OK)
		rc = take_position(r, row);
	if (rc == RC_OK)
		rc = take_date(r, COLUMN_FROM, &row->has_from, &row->from);
	if (rc == RC_OK)
		rc = take_date(r, COLUMN_UNTIL, &row->has_until, &row->until);
	if (rc == RC_OK && row->has_from && row->has_until && date_to_days(row->until) <= date_to_days(row->from))
		rc = wrong(r, "\"valid_until\" is not after \"valid_from\"");
	return rc == RC_OK ? take_change(r, row) : rc;
}

enum rc place_parse(const struct pack *p, struct bytes csv, place_visit *visit, void *ctx, struct err *e)
{
	struct reader r = {.pack = p, .rest = csv, .e = e};
	struct bytes line;
	enum rc rc = read_header(&r);
	while (rc == RC_OK && next_line(&r, &line)) {
		struct place_row row = {.line = r.line};
		size_t cells = 0;
		if (!line.len)
			continue;
		rc = split(&r, line, &cells);
		if (rc == RC_OK && cells != r.cells)
			rc = wrong(&r, "%zu cells where the header has %zu", cells, r.cells);
		if (rc == RC_OK)
			rc = take_row(&r, &row);
		if (rc == RC_OK)
			rc = visit(ctx, &row);
	}
	return rc;
}

/* ---- codes, scopes, offices ---- */

int place_level(const struct pack *p, const char *code)
{
	size_t len = strlen(code);
	for (const char *s = code; *s; s++)
		if (!((*s >= '0' && *s <= '9') || (*s >= 'A' && *s <= 'Z')))
			return -1;
	for (size_t i = 0; i < p->level_count; i++)
		if (p->levels[i].code_length == len)
			return (int)i;
	return -1;
}

enum rc place_parent(const struct pack *p, const char *code, char out[static PLACE_CODE_SIZE])
{
	int level = place_level(p, code);
	if (level < 0)
		return RC_FORMAT;
	snprintf(out, PLACE_CODE_SIZE, "%.*s", level ? (int)p->levels[level - 1].code_length : 0, code);
	return RC_OK;
}

enum rc place_scope(const struct pack *p, const char *code, char out[static OFFICE_SCOPE_SIZE])
{
	int level = place_level(p, code);
	char scope[OFFICE_SCOPE_SIZE];
	if (level < 0)
		return RC_FORMAT;
	size_t used = (size_t)snprintf(scope, sizeof scope, "%s", p->code);
	for (int i = 0; i <= level && used < sizeof scope; i++)
		used += (size_t)snprintf(scope + used, sizeof scope - used, "/%.*s", (int)p->levels[i].code_length, code);
	if (used >= sizeof scope)
		return RC_FORMAT;
	memcpy(out, scope, used + 1);
	return RC_OK;
}

/* A name that is too long is cut at a whole character; none is, within the limits of rows and packs. */
static void office_name(const char *pattern, const char *unit, const char *name, char *out, size_t size)
{
	struct buf text = BUF_INIT(4096);
	strings_expand(pattern, (struct strings_arg[]){{"unit", unit}, {"name", name}}, 2, &text);
	size_t len = text.len < size ? text.len : size - 1;
	while (len && !utf8_is_valid(bytes_of(text.ptr, len)))
		len--;
	snprintf(out, size, "%.*s", (int)len, len ? (const char *)text.ptr : "");
	buf_release(&text);
}

void place_print(const struct pack *p, const char *level, bool native, const char *unit, const char *name,
		 struct buf *out)
{
	int i = pack_level_index(p, level);
	const char *pattern = i < 0 ? NULL : native ? p->levels[i].print_native : p->levels[i].print_latin;
	const struct strings_arg args[] = {{"unit", unit}, {"name", name}};
	if (pattern && *unit && *name)
		strings_expand(pattern, args, 2, out);
	else
		buf_str(out, name);
}

bool place_office(const struct pack *p, const struct place_row *row, struct office_row *ret)
{
	const struct pack_level *level = &p->levels[row->level];
	struct office_row office = {.level = row->level};
	if (!level->office || place_scope(p, row->code, office.scope) != RC_OK)
		return false;
	const char *slash = strrchr(office.scope, '/');
	snprintf(office.parent, sizeof office.parent, "%.*s", slash ? (int)(slash - office.scope) : 0, office.scope);
	snprintf(office.code, sizeof office.code, "%s", row->code);
	snprintf(office.place, sizeof office.place, "%s", row->code);
	office_name(level->office_native, row->unit_native, row->name_native, office.name_native, sizeof office.name_native);
	office_name(level->office_latin, row->unit_latin, row->name_latin, office.name_latin, sizeof office.name_latin);
	*ret = office;
	return true;
}

void place_national_office(const struct pack *p, struct office_row *ret)
{
	*ret = (struct office_row){.level = -1};
	snprintf(ret->scope, sizeof ret->scope, "%s", p->code);
	snprintf(ret->code, sizeof ret->code, "%s", p->code);
	snprintf(ret->name_native, sizeof ret->name_native, "%s", p->office_native);
	snprintf(ret->name_latin, sizeof ret->name_latin, "%s", p->office_latin);
}

bool place_valid_on(const struct place_row *row, struct date on)
{
	return (!row->has_from || date_to_days(on) >= date_to_days(row->from)) &&
	       (!row->has_until || date_to_days(on) < date_to_days(row->until));
}

/* ---- the pack's own file ---- */

struct seen {
	struct loader *l;
	char codes[512][PLACE_CODE_SIZE];
	size_t count;
};

static bool has_code(const struct seen *s, const char *code)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->codes[i], code) == 0)
			return true;
	return false;
}

static enum rc check_row(void *ctx, const struct place_row *row)
{
	struct seen *s = ctx;
	char text[96] = "";
	if (s->count == sizeof s->codes / sizeof *s->codes)
		snprintf(text, sizeof text, "a pack holds no more than %zu places; import the others", s->count);
	else if (has_code(s, row->code))
		snprintf(text, sizeof text, "the code \"%s\" stands there twice", row->code);
	else if (*row->parent && !has_code(s, row->parent))
		snprintf(text, sizeof text, "the parent \"%s\" of \"%s\" does not stand above it", row->parent, row->code);
	else
		memcpy(s->codes[s->count++], row->code, sizeof row->code);
	if (!*text)
		return RC_OK;
	load_mistake(s->l, "", "%s", text);
	if (!s->l->report->beyond)
		s->l->report->mistake[s->l->report->count - 1].line = row->line;
	return s->count == sizeof s->codes / sizeof *s->codes ? RC_TOO_LARGE : RC_OK;
}

void places_check(struct loader *l, const char *file)
{
	struct seen *s = LOAD_ARRAY(l, struct seen, 1);
	struct err e = ERR_NONE;
	unsigned line = 0;
	if (!s)
		return;
	s->l = l;
	l->file = file;
	buf_release(&l->text);
	enum rc rc = pack_read(l->pack, file, &l->text, &e);
	if (rc == RC_NOT_FOUND)
		return; /* a country may import them all */
	if (rc == RC_OK)
		rc = place_parse(l->pack, buf_bytes(&l->text), check_row, s, &e);
	buf_release(&l->text); /* it is no JSON: its lines are counted by the parser */
	if (rc == RC_NO_MEMORY)
		l->failed = rc;
	if (rc == RC_OK || rc == RC_TOO_LARGE || rc == RC_NO_MEMORY)
		return;
	load_mistake(l, "", "%s", e.text);
	if (sscanf(e.where, "line %u", &line) == 1 && !l->report->beyond)
		l->report->mistake[l->report->count - 1].line = line;
}
