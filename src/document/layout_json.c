/* SPDX-License-Identifier: MPL-2.0 */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "document/layout.h"

/* Where in the JSON we are, for messages. */
struct at {
	const char *group, *name;
	struct err *e;
	const char *key; /* NULL: the whole of it */
};

static enum rc wrong(const struct at *at, const char *what)
{
	char where[160];
	snprintf(where, sizeof where, "/%s/%s%s%s", at->group, at->name, at->key ? "/" : "", at->key ? at->key : "");
	return err_set(at->e, RC_CONFIG, where, "%s", what);
}

static bool copy_text(char *out, size_t size, const char *text)
{
	size_t len = strlen(text);
	if (len == 0 || len >= size)
		return false;
	memcpy(out, text, len + 1);
	return true;
}

static bool read_text(json_t *v, char *out, size_t size)
{
	return json_is_string(v) && copy_text(out, size, json_string_value(v));
}

static bool read_number(json_t *v, double low, double high, double *ret)
{
	double d = json_number_value(v);
	if (!json_is_number(v) || !isfinite(d) || d < low || d > high)
		return false;
	*ret = d;
	return true;
}

static bool read_bool(json_t *v, bool *ret)
{
	if (!json_is_boolean(v))
		return false;
	*ret = json_is_true(v);
	return true;
}

/* "#rrggbb" */
static bool read_color(json_t *v, struct layout_style *style)
{
	unsigned rgb[3];
	char end;
	const char *s = json_string_value(v);
	if (!s || strlen(s) != 7 || sscanf(s, "#%2x%2x%2x%c", &rgb[0], &rgb[1], &rgb[2], &end) != 3)
		return false;
	style->red = rgb[0] / 255.0;
	style->green = rgb[1] / 255.0;
	style->blue = rgb[2] / 255.0;
	return true;
}

static bool style_member(struct layout_style *s, const char *key, json_t *v)
{
	if (strcmp(key, "font") == 0)
		return read_text(v, s->font, sizeof s->font);
	if (strcmp(key, "language") == 0)
		return read_text(v, s->language, sizeof s->language);
	if (strcmp(key, "size") == 0)
		return read_number(v, 3, 200, &s->size);
	if (strcmp(key, "min") == 0)
		return read_number(v, 3, 200, &s->min);
	if (strcmp(key, "line") == 0)
		return read_number(v, 0.4, 3, &s->line);
	if (strcmp(key, "spacing") == 0)
		return read_number(v, -2, 20, &s->spacing);
	if (strcmp(key, "bold") == 0)
		return read_bool(v, &s->bold);
	if (strcmp(key, "italic") == 0)
		return read_bool(v, &s->italic);
	if (strcmp(key, "color") == 0)
		return read_color(v, s);
	return false;
}

static enum rc read_styles(json_t *object, struct certificate_layout *layout, struct err *e)
{
	const char *name, *key;
	json_t *one, *v;
	json_object_foreach(object, name, one) {
		struct at at = {"styles", name, e, NULL};
		if (layout->style_count == LAYOUT_STYLES_MAX)
			return wrong(&at, "too many styles");
		struct layout_style *s = &layout->styles[layout->style_count];
		*s = (struct layout_style){.line = 1, .language = "en"};
		if (!json_is_object(one) || !copy_text(s->name, sizeof s->name, name))
			return wrong(&at, "a style is an object with a short name");
		json_object_foreach(one, key, v)
			if (!style_member(s, key, v))
				return wrong(&(struct at){"styles", name, e, key}, "not a member of a style, or not a usable value");
		if (s->min == 0)
			s->min = s->size;
		if (!*s->font || s->size == 0 || s->min > s->size)
			return wrong(&at, "a style needs a font, a size, and a min that is not above it");
		layout->style_count++;
	}
	return RC_OK;
}

static const struct layout_style *find_style(const struct certificate_layout *layout, const char *name)
{
	for (size_t i = 0; name && i < layout->style_count; i++)
		if (strcmp(layout->styles[i].name, name) == 0)
			return &layout->styles[i];
	return NULL;
}

static bool read_word(json_t *v, const char *const *words, int count, int *ret)
{
	const char *s = json_string_value(v);
	for (int i = 0; s && i < count; i++)
		if (strcmp(s, words[i]) == 0) {
			*ret = i;
			return true;
		}
	return false;
}

static bool box_member(const struct certificate_layout *layout, struct layout_box *b, const char *key, json_t *v)
{
	static const char *const aligns[] = {"left", "center", "right"};
	static const PangoAlignment pango[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
	static const char *const valigns[] = {"top", "middle", "bottom", "baseline"};
	int word;
	double number;
	if (strcmp(key, "style") == 0)
		return (b->style = find_style(layout, json_string_value(v))) != NULL;
	if (strcmp(key, "value") == 0)
		return read_text(v, b->value, sizeof b->value);
	if (strcmp(key, "absent") == 0)
		return read_text(v, b->absent, sizeof b->absent);
	if (strcmp(key, "align") == 0)
		return read_word(v, aligns, 3, &word) && (b->align = pango[word], true);
	if (strcmp(key, "valign") == 0)
		return read_word(v, valigns, 4, &word) && (b->valign = (enum layout_valign)word, true);
	if (strcmp(key, "lines") == 0)
		return read_number(v, 1, 40, &number) && (b->lines = (unsigned)number, true);
	if (strcmp(key, "rotate") == 0)
		return read_number(v, -180, 180, &b->rotate);
	if (strcmp(key, "optional") == 0)
		return read_bool(v, &b->optional);
	if (strcmp(key, "on_copy") == 0)
		return read_bool(v, &b->on_copy);
	if (strcmp(key, "framed") == 0)
		return read_bool(v, &b->framed);
	return false;
}

static enum rc read_boxes(json_t *object, struct certificate_layout *layout, struct err *e)
{
	const char *name, *key;
	json_t *one, *v;
	json_object_foreach(object, name, one) {
		struct at at = {"boxes", name, e, NULL};
		if (layout->box_count == LAYOUT_BOXES_MAX)
			return wrong(&at, "too many boxes");
		struct layout_box *b = &layout->boxes[layout->box_count];
		*b = (struct layout_box){.align = PANGO_ALIGN_LEFT};
		if (!json_is_object(one) || !copy_text(b->name, sizeof b->name, name))
			return wrong(&at, "a box is an object with a short name");
		memcpy(b->value, b->name, sizeof b->value);
		json_object_foreach(one, key, v)
			if (!box_member(layout, b, key, v))
				return wrong(&(struct at){"boxes", name, e, key}, "not a member of a box, or not a usable value");
		if (!b->style)
			return wrong(&at, "a box needs a style");
		layout->box_count++;
	}
	return RC_OK;
}

static enum rc read_texts(json_t *object, struct certificate_layout *layout, struct err *e)
{
	const char *name;
	json_t *v;
	json_object_foreach(object, name, v) {
		struct at at = {"texts", name, e, NULL};
		if (layout->text_count == LAYOUT_TEXTS_MAX)
			return wrong(&at, "too many texts");
		if (!copy_text(layout->texts[layout->text_count].name, LAYOUT_NAME_MAX, name) ||
		    !read_text(v, layout->texts[layout->text_count].text, LAYOUT_TEXT_MAX))
			return wrong(&at, "not a short text");
		layout->text_count++;
	}
	return RC_OK;
}

/* {"separator": ", ", "order": "small_first"|"large_first"} */
static enum rc read_places(json_t *object, const char *script, struct layout_places *ret, struct err *e)
{
	static const char *const orders[] = {"small_first", "large_first"};
	json_t *one = json_object_get(object, script);
	int order;
	if (!read_text(json_object_get(one, "separator"), ret->separator, sizeof ret->separator) ||
	    !read_word(json_object_get(one, "order"), orders, 2, &order))
		return wrong(&(struct at){"places", script, e, NULL}, "a separator and an order are required");
	ret->large_first = order == 1;
	return RC_OK;
}

enum rc layout_parse(struct bytes json, struct certificate_layout *layout, char *ret_artwork, size_t artwork_size,
                     struct err *e)
{
	json_error_t where;
	json_t *root = json_loadb((const char *)json.ptr, json.len, JSON_REJECT_DUPLICATES, &where);
	if (!root)
		return err_set(e, RC_CONFIG, "", "line %d: %.150s", where.line, where.text);
	enum rc rc = RC_OK;
	const char *format = json_string_value(json_object_get(root, "format"));
	const char *artwork = json_string_value(json_object_get(root, "artwork"));
	if (!format || strcmp(format, "civis-certificate/1") != 0)
		rc = err_set(e, RC_CONFIG, "/format", "the format is not civis-certificate/1");
	else if (!artwork || strchr(artwork, '/') || !copy_text(ret_artwork, artwork_size, artwork))
		rc = err_set(e, RC_CONFIG, "/artwork", "the artwork is not the name of a file beside this one");
	if (rc == RC_OK)
		rc = read_styles(json_object_get(root, "styles"), layout, e);
	if (rc == RC_OK)
		rc = read_boxes(json_object_get(root, "boxes"), layout, e);
	if (rc == RC_OK)
		rc = read_texts(json_object_get(root, "texts"), layout, e);
	if (rc == RC_OK)
		rc = read_places(json_object_get(root, "places"), "native", &layout->places_native, e);
	if (rc == RC_OK)
		rc = read_places(json_object_get(root, "places"), "latin", &layout->places_latin, e);
	json_decref(root);
	return rc;
}
