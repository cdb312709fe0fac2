/* SPDX-License-Identifier: MPL-2.0 */
#include "document/sheet.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "country/strings.h"
#include "country/words.h"
#include "document/paragraph.h"

enum { ITEMS_MAX = 4096, MEMORY_MAX = 4 << 20, CHOICES_MAX = 64, MARKED_MAX = 65536, FAMILIES_MAX = 1024 };

/* Points. */
#define LEFT 56.0
#define RIGHT (PAGE_WIDTH - 48.0)
#define TOP 52.0
#define BOTTOM (PAGE_HEIGHT - 56.0)
#define COLUMN 190.0 /* of names, beside values */
#define GAP 10.0
#define TICK 8.5
#define CELL 17.0
#define RULED 24.0
#define SIGN_HEIGHT 78.0

enum item_kind {
	ITEM_HEADING, ITEM_TEXT, ITEM_FIELD, ITEM_BRIEF, ITEM_CODE, ITEM_LINES, ITEM_CELLS, ITEM_TICKS, ITEM_SIGNATURES, ITEM_BREAK
};

struct item {
	enum item_kind kind;
	unsigned number; /* weight, lines */
	const char *name, *value;
	const char **list;
	size_t count;
};

struct sheet {
	struct arena *arena;
	const struct pack *pack;
	const char *language, *title, *authority, *foot;
	int64_t at;
	struct item *items;
	size_t count;
	bool failed;
};

/* ── what is put on it ── */

struct sheet *sheet_new(const struct pack *pack, const char *language, int64_t at)
{
	struct sheet *s = calloc(1, sizeof *s);
	if (!s)
		return NULL;
	s->arena = arena_new(MEMORY_MAX);
	s->items = s->arena ? ARENA_ARRAY(s->arena, struct item, ITEMS_MAX) : NULL;
	s->pack = pack;
	s->at = at;
	if (s->items)
		s->language = arena_str(s->arena, bytes_str(language));
	if (!s->language)
		sheet_free(&s);
	else
		s->title = s->authority = s->foot = "";
	return s;
}

void sheet_free(struct sheet **s)
{
	if (!*s)
		return;
	if ((*s)->arena)
		arena_free(&(*s)->arena);
	free(*s);
	*s = NULL;
}

static const char *keep(struct sheet *s, const char *text)
{
	const char *copy = arena_str(s->arena, bytes_str(text));
	s->failed |= !copy;
	return copy ? copy : "";
}

static struct item *add(struct sheet *s, enum item_kind kind, const char *name, const char *value)
{
	static struct item none;
	if (s->count == ITEMS_MAX) {
		s->failed = true;
		return &none;
	}
	struct item *i = &s->items[s->count++];
	*i = (struct item){.kind = kind, .name = keep(s, name), .value = keep(s, value)};
	return i;
}

static void add_list(struct sheet *s, enum item_kind kind, const char *name, const char *const *list, size_t count)
{
	struct item *i = add(s, kind, name, "");
	if (count > CHOICES_MAX)
		count = CHOICES_MAX, s->failed = true;
	i->list = count ? ARENA_ARRAY(s->arena, const char *, count) : NULL;
	if (count && !i->list) {
		s->failed = true;
		return;
	}
	for (size_t k = 0; k < count; k++)
		i->list[k] = keep(s, list[k]);
	i->count = count;
}

void sheet_title(struct sheet *s, const char *title, const char *authority)
{
	s->title = keep(s, title);
	s->authority = keep(s, authority);
}

void sheet_foot(struct sheet *s, const char *text)
{
	s->foot = keep(s, text);
}

void sheet_heading(struct sheet *s, const char *text)
{
	add(s, ITEM_HEADING, text, "");
}

void sheet_text(struct sheet *s, enum sheet_weight weight, const char *text)
{
	add(s, ITEM_TEXT, text, "")->number = weight;
}

void sheet_field(struct sheet *s, const char *name, const char *value)
{
	add(s, ITEM_FIELD, name, value);
}

void sheet_brief(struct sheet *s, const char *name, const char *value)
{
	add(s, ITEM_BRIEF, name, value);
}

void sheet_code(struct sheet *s, const char *name, const char *value)
{
	add(s, ITEM_CODE, name, value);
}

void sheet_lines(struct sheet *s, const char *name, unsigned lines)
{
	add(s, ITEM_LINES, name, "")->number = lines;
}

void sheet_cells(struct sheet *s, const char *name, const char *pattern)
{
	add(s, ITEM_CELLS, name, pattern);
}

void sheet_ticks(struct sheet *s, const char *name, const char *const *choices, size_t count)
{
	add_list(s, ITEM_TICKS, name, choices, count);
}

void sheet_signatures(struct sheet *s, const char *const *names, size_t count)
{
	add_list(s, ITEM_SIGNATURES, "", names, count);
}

void sheet_page_break(struct sheet *s)
{
	add(s, ITEM_BREAK, "", "");
}

/* ── drawing: done twice, first without ink to count the pages ── */

struct run {
	const struct sheet *s;
	PangoContext *pango;
	cairo_t *cr; /* NULL: only counting */
	unsigned page, pages;
	double y, row; /* row: top of the row whose left half is filled */
	bool half;
	enum rc rc;
	struct err *e;
};

static const char *family(const struct sheet *s)
{
	const char *font = words_font(s->pack, s->language);
	return font ? font : "Noto Sans";
}

/* The language's own, then those of the pack's others, for names in their scripts. */
static void put_families(const struct sheet *s, struct buf *out)
{
	const char *own = family(s);
	buf_str(out, own);
	for (size_t i = 0; i < s->pack->language_count; i++) {
		const char *font = words_font(s->pack, s->pack->languages[i]);
		if (font && font != own)
			buf_printf(out, ", %s", font);
	}
	buf_str(out, ", Noto Sans");
}

struct look {
	double size, grey;
	bool bold;
};

static const struct look PLAIN = {10, 0, false}, SMALL = {8.6, 0.2, false}, STRONG = {10.5, 0, true}, NAME = {9, 0.2, false},
	BRIEF = {9, 0, false}, HEADING = {11, 0, true}, TITLE = {17, 0, true}, CODE = {24, 0, true};

static PangoLayout *lay(struct run *r, const struct look *look, double width, const char *text)
{
	struct buf marked = BUF_INIT(MARKED_MAX);
	const char *language = r->s->language;
	PangoLayout *layout = pango_layout_new(r->pango);
	PangoFontDescription *font = pango_font_description_new();
	struct buf families = BUF_INIT(FAMILIES_MAX);
	put_families(r->s, &families);
	pango_font_description_set_family(font, buf_failed(&families) ? "Noto Sans" : buf_cstr(&families));
	buf_release(&families);
	pango_font_description_set_weight(font, look->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_font_description_set_absolute_size(font, look->size * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_line_spacing(layout, strcmp(language, "km") == 0 ? 0.86f : strcmp(language, "my") == 0 ? 0.95f : 1.05f);
	PangoAttrList *attributes = pango_attr_list_new();
	pango_attr_list_insert(attributes, pango_attr_language_new(pango_language_from_string(language)));
	pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
	pango_layout_set_text(layout, text, -1);
	/* Only what takes several lines gets the marks between words, which come along when it is copied. What is too
	   long for them breaks between letters. */
	if (pango_layout_get_line_count(layout) > 1 && paragraph_break(text, language, &marked, NULL) == RC_OK)
		pango_layout_set_text(layout, (const char *)marked.ptr, (int)marked.len);
	buf_release(&marked);
	return layout;
}

static double height_of(PangoLayout *layout)
{
	int height;
	pango_layout_get_size(layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

static double width_of(PangoLayout *layout)
{
	int width;
	pango_layout_get_size(layout, &width, NULL);
	return (double)width / PANGO_SCALE;
}

static void ink(struct run *r, double grey)
{
	cairo_set_source_rgb(r->cr, grey, grey, grey);
}

static void show(struct run *r, PangoLayout *layout, const struct look *look, double x, double y)
{
	if (r->cr) {
		ink(r, look->grey);
		cairo_move_to(r->cr, x, y);
		pango_cairo_show_layout(r->cr, layout);
	}
	g_object_unref(layout);
}

static void rule(struct run *r, double x, double y, double width, double weight, double grey)
{
	if (!r->cr)
		return;
	ink(r, grey);
	cairo_set_line_width(r->cr, weight);
	cairo_move_to(r->cr, x, y);
	cairo_line_to(r->cr, x + width, y);
	cairo_stroke(r->cr);
}

static void frame(struct run *r, double x, double y, double width, double height)
{
	if (!r->cr)
		return;
	ink(r, 0.2);
	cairo_set_line_width(r->cr, 0.7);
	cairo_rectangle(r->cr, x, y, width, height);
	cairo_stroke(r->cr);
}

static void foot(struct run *r)
{
	struct buf text = BUF_INIT(1024), n = BUF_INIT(32), total = BUF_INIT(32);
	words_uint(r->s->pack, r->s->language, r->page, &n);
	words_uint(r->s->pack, r->s->language, r->pages, &total);
	const struct strings_arg args[] = {{"n", buf_cstr(&n)}, {"total", buf_cstr(&total)}};
	strings_format(r->s->pack, r->s->language, "sheet.page", args, 2, &text);
	rule(r, LEFT, BOTTOM + 10, RIGHT - LEFT, 0.5, 0.5);
	PangoLayout *number = lay(r, &SMALL, 200, buf_cstr(&text));
	double width = width_of(number);
	show(r, number, &SMALL, RIGHT - width, BOTTOM + 14);
	show(r, lay(r, &SMALL, RIGHT - LEFT - width - GAP, r->s->foot), &SMALL, LEFT, BOTTOM + 14);
	buf_release(&text);
	buf_release(&n);
	buf_release(&total);
}

static void begin_page(struct run *r)
{
	r->page++;
	r->y = TOP;
	if (r->page > SHEET_PAGES_MAX && r->rc == RC_OK)
		r->rc = err_set(r->e, RC_TOO_LARGE, "sheet", "more than %d pages", SHEET_PAGES_MAX);
	if (r->page > 1) {
		PangoLayout *small = lay(r, &SMALL, RIGHT - LEFT, r->s->title);
		r->y += height_of(small) + 2;
		show(r, small, &SMALL, LEFT, TOP);
		rule(r, LEFT, r->y, RIGHT - LEFT, 0.5, 0.5);
		r->y += 10;
		return;
	}
	if (*r->s->authority) {
		PangoLayout *authority = lay(r, &NAME, RIGHT - LEFT, r->s->authority);
		double height = height_of(authority);
		show(r, authority, &NAME, LEFT, r->y);
		r->y += height + 7;
	}
	PangoLayout *title = lay(r, &TITLE, RIGHT - LEFT, r->s->title);
	double height = height_of(title);
	show(r, title, &TITLE, LEFT, r->y);
	r->y += height + 5;
	rule(r, LEFT, r->y, RIGHT - LEFT, 1.2, 0);
	r->y += 10;
}

static void next_page(struct run *r)
{
	foot(r);
	if (r->cr)
		cairo_show_page(r->cr);
	begin_page(r);
}

/* Begins a new page if so much is not left. */
static void need(struct run *r, double height)
{
	if (r->y + height > BOTTOM && r->y > TOP + 60 && r->rc == RC_OK)
		next_page(r);
}

/* Line by line, over as many pages as it takes. Frees the layout. */
static void flow(struct run *r, PangoLayout *layout, const struct look *look, double x)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	do {
		PangoRectangle logical;
		pango_layout_iter_get_line_extents(iter, NULL, &logical);
		double height = (double)logical.height / PANGO_SCALE;
		double baseline = (double)(pango_layout_iter_get_baseline(iter) - logical.y) / PANGO_SCALE;
		need(r, height);
		if (r->cr) {
			ink(r, look->grey);
			cairo_move_to(r->cr, x, r->y + baseline);
			pango_cairo_show_layout_line(r->cr, pango_layout_iter_get_line_readonly(iter));
		}
		r->y += height;
	} while (r->rc == RC_OK && pango_layout_iter_next_line(iter));
	pango_layout_iter_free(iter);
	g_object_unref(layout);
}

static void put_heading(struct run *r, const struct item *i)
{
	PangoLayout *layout = lay(r, &HEADING, RIGHT - LEFT, i->name);
	double height = height_of(layout);
	need(r, height + 50); /* not alone at the end of a page */
	r->y += 7;
	show(r, layout, &HEADING, LEFT, r->y);
	r->y += height + 1;
	rule(r, LEFT, r->y, RIGHT - LEFT, 0.8, 0);
	r->y += 4;
}

static void put_text(struct run *r, const struct item *i)
{
	const struct look *look = i->number == SHEET_STRONG ? &STRONG : i->number == SHEET_SMALL ? &SMALL : &PLAIN;
	flow(r, lay(r, look, RIGHT - LEFT, i->name), look, LEFT);
	r->y += 4;
}

static void put_field(struct run *r, const struct item *i)
{
	PangoLayout *name = lay(r, &NAME, COLUMN - GAP, i->name), *value = lay(r, &PLAIN, RIGHT - LEFT - COLUMN, i->value);
	double left = height_of(name) + 1.4, right = height_of(value);
	need(r, left > right && right < 200 ? left : right < 200 ? right : 40);
	unsigned page = r->page;
	double top = r->y;
	show(r, name, &NAME, LEFT, top + 1.4);
	flow(r, value, &PLAIN, LEFT + COLUMN);
	if (r->page == page && r->y < top + left)
		r->y = top + left;
	r->y += 1.5;
	rule(r, LEFT, r->y, RIGHT - LEFT, 0.3, 0.7);
	r->y += 2;
}

/* In the left half of a row, or in the right half if the left one was just filled. */
static void put_brief(struct run *r, const struct item *i)
{
	const double half = (RIGHT - LEFT - GAP) / 2, names = 96;
	bool right = i > r->s->items && i[-1].kind == ITEM_BRIEF && r->half;
	PangoLayout *name = lay(r, &SMALL, names - 6, i->name), *value = lay(r, &BRIEF, half - names, i->value);
	double first = height_of(name) + 1, second = height_of(value), height = first > second ? first : second;
	if (!right) {
		need(r, height);
		r->row = r->y;
	}
	double x = LEFT + (right ? half + GAP : 0), y = right ? r->row : r->y;
	if (right && y + height > BOTTOM) { /* longer than what is beside it */
		need(r, height);
		x = LEFT, y = r->y;
	}
	show(r, name, &SMALL, x, y + 1);
	show(r, value, &BRIEF, x + names, y);
	r->y = y + height + 1 > r->y ? y + height + 1 : r->y;
	r->half = !right;
}

static void put_code(struct run *r, const struct item *i)
{
	PangoLayout *name = lay(r, &NAME, RIGHT - LEFT, i->name), *value = lay(r, &CODE, RIGHT - LEFT - 20, i->value);
	double first = height_of(name), second = height_of(value);
	need(r, first + second + 22);
	frame(r, LEFT, r->y, RIGHT - LEFT, first + second + 14);
	show(r, name, &NAME, LEFT + 10, r->y + 6);
	show(r, value, &CODE, LEFT + 10, r->y + 7 + first);
	r->y += first + second + 22;
}

static void put_lines(struct run *r, const struct item *i)
{
	PangoLayout *name = lay(r, &NAME, COLUMN - GAP, i->name);
	double height = height_of(name), ruled = RULED * i->number;
	double taken = (height > ruled ? height : ruled) + 3;
	need(r, taken);
	show(r, name, &NAME, LEFT, r->y + RULED - 15);
	for (unsigned k = 1; k <= i->number; k++)
		rule(r, LEFT + COLUMN, r->y + RULED * k, RIGHT - LEFT - COLUMN, 0.6, 0.3);
	r->y += taken;
}

static void put_cells(struct run *r, const struct item *i)
{
	PangoLayout *name = lay(r, &NAME, COLUMN - GAP, i->name);
	double height = height_of(name) + 4, x = LEFT + COLUMN;
	double taken = height > CELL + 7 ? height : CELL + 7;
	need(r, taken);
	show(r, name, &NAME, LEFT, r->y + 4);
	for (const char *p = i->value; *p; p++) {
		if (*p == '#')
			frame(r, x, r->y + 2, CELL, CELL);
		x += *p == '#' ? CELL : 8;
	}
	r->y += taken;
}

static void put_ticks(struct run *r, const struct item *i)
{
	PangoLayout *name = lay(r, &NAME, COLUMN - GAP, i->name);
	double left = height_of(name) + 2, x = LEFT + COLUMN, row = 0, top;
	need(r, left > 40 ? left : 40);
	top = r->y;
	unsigned page = r->page;
	show(r, name, &NAME, LEFT, top + 1.4);
	for (size_t k = 0; k < i->count && r->rc == RC_OK; k++) {
		double room = RIGHT - x - TICK - 5;
		PangoLayout *choice = lay(r, &PLAIN, RIGHT - LEFT - COLUMN - TICK - 5, i->list[k]);
		double width = width_of(choice);
		if (width > room && x > LEFT + COLUMN) {
			x = LEFT + COLUMN;
			r->y += row + 2;
			row = 0;
		}
		if (x == LEFT + COLUMN)
			need(r, height_of(choice));
		double height = height_of(choice);
		frame(r, x, r->y + (height / (double)pango_layout_get_line_count(choice) - TICK) / 2, TICK, TICK);
		show(r, choice, &PLAIN, x + TICK + 5, r->y);
		row = height > row ? height : row;
		x += TICK + 5 + width + 16;
	}
	r->y += row + 3;
	if (r->page == page && r->y < top + left)
		r->y = top + left;
	rule(r, LEFT, r->y, RIGHT - LEFT, 0.3, 0.7);
	r->y += 2;
}

static void put_signatures(struct run *r, const struct item *i)
{
	double width = (RIGHT - LEFT - GAP) / 2;
	r->y += 6;
	for (size_t k = 0; k < i->count; k++) {
		double x = LEFT + (k % 2 ? width + GAP : 0);
		if (k % 2 == 0)
			need(r, SIGN_HEIGHT + 8);
		frame(r, x, r->y, width, SIGN_HEIGHT);
		show(r, lay(r, &NAME, width - 12, i->list[k]), &NAME, x + 6, r->y + 4);
		if (k % 2 || k + 1 == i->count)
			r->y += SIGN_HEIGHT + 8;
	}
}

static void put(struct run *r, const struct item *i)
{
	switch (i->kind) {
	case ITEM_HEADING: put_heading(r, i); break;
	case ITEM_TEXT: put_text(r, i); break;
	case ITEM_FIELD: put_field(r, i); break;
	case ITEM_BRIEF: put_brief(r, i); break;
	case ITEM_CODE: put_code(r, i); break;
	case ITEM_LINES: put_lines(r, i); break;
	case ITEM_CELLS: put_cells(r, i); break;
	case ITEM_TICKS: put_ticks(r, i); break;
	case ITEM_SIGNATURES: put_signatures(r, i); break;
	case ITEM_BREAK: next_page(r); break;
	}
}

/* The last of the items that stand on one page with this one: places to sign are there with the heading and the words
   that are signed, or with what comes before them. */
static size_t tied_to(const struct sheet *s, size_t i)
{
	const struct item *items = s->items;
	size_t last = i + 1;
	if (items[i].kind == ITEM_HEADING)
		while (last < s->count && items[last].kind == ITEM_TEXT)
			last++;
	else if (items[i].kind != ITEM_TEXT && items[i].kind != ITEM_FIELD)
		return i;
	if (last >= s->count || items[last].kind != ITEM_SIGNATURES)
		return i;
	while (last + 1 < s->count && items[last + 1].kind == ITEM_TEXT)
		last++;
	return last;
}

/* Begins a new page if what stands together has no room on this one, and has it on one of its own. */
static void keep_together(struct run *r, size_t i)
{
	struct run measured = *r;
	size_t last = tied_to(r->s, i);
	if (last == i)
		return;
	measured.cr = NULL;
	measured.y = TOP;
	for (size_t k = i; k <= last; k++)
		put(&measured, &r->s->items[k]);
	if (measured.page == r->page)
		need(r, measured.y - TOP);
}

static unsigned run(struct run *r)
{
	r->page = 0;
	begin_page(r);
	for (size_t i = 0; i < r->s->count && r->rc == RC_OK; i++) {
		keep_together(r, i);
		put(r, &r->s->items[i]);
	}
	foot(r);
	if (r->cr)
		cairo_show_page(r->cr);
	return r->page;
}

/* ── the file ── */

static cairo_status_t append(void *closure, const unsigned char *data, unsigned int length)
{
	struct buf *out = closure;
	buf_append(out, bytes_of(data, length));
	return buf_failed(out) ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static enum rc draw(struct run *r, struct buf *out)
{
	const struct sheet *s = r->s;
	char at[INSTANT_TEXT_SIZE];
	instant_format(s->at, at);
	at[19] = 'Z', at[20] = 0; /* whole seconds, as cairo wants them */
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(append, out, PAGE_WIDTH, PAGE_HEIGHT);
	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, s->title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "civis");
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, at);
	r->cr = cairo_create(surface);
	run(r);
	cairo_destroy(r->cr);
	cairo_surface_finish(surface);
	cairo_status_t status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (r->rc == RC_OK && buf_failed(out))
		return err_set(r->e, RC_TOO_LARGE, "sheet", "larger than %zu bytes", out->max);
	if (r->rc == RC_OK && status != CAIRO_STATUS_SUCCESS)
		return err_set(r->e, RC_INTERNAL, "sheet", "drawing failed: %s", cairo_status_to_string(status));
	return r->rc;
}

/* Fonts take memory and time: they are opened once. */
static PangoContext *open_fonts(const char *wanted, struct err *e)
{
	static PangoContext *opened;
	if (!opened) {
		PangoFontMap *map = pango_cairo_font_map_new();
		opened = pango_font_map_create_context(map);
		g_object_unref(map);
		pango_context_set_round_glyph_positions(opened, FALSE);
		cairo_font_options_t *options = cairo_font_options_create();
		cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
		cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
		pango_cairo_context_set_font_options(opened, options);
		cairo_font_options_destroy(options);
	}
	PangoFontFamily *found = pango_font_map_get_family(pango_context_get_font_map(opened), wanted);
	if (found && strcasecmp(pango_font_family_get_name(found), wanted) == 0)
		return opened;
	(void)!err_set(e, RC_CONFIG, wanted, "this font is not installed");
	return NULL;
}

enum rc sheet_print(struct sheet *s, struct buf *out, struct err *e)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* Pango's font maps serve one thread at a time */
	if (s->failed)
		return err_set(e, RC_NO_MEMORY, "sheet", "%s", rc_text(RC_NO_MEMORY));
	pthread_mutex_lock(&lock);
	struct run r = {.s = s, .pango = open_fonts(family(s), e), .e = e};
	enum rc rc = r.pango ? RC_OK : RC_CONFIG;
	if (rc == RC_OK) {
		r.pages = run(&r);
		rc = r.rc == RC_OK ? draw(&r, out) : r.rc;
	}
	pthread_mutex_unlock(&lock);
	return rc;
}
