/* SPDX-License-Identifier: MPL-2.0 */
/* A form as JSON Schema (2020-12), for the description of the API. */
#include <string.h>

#include "country/form.h"

static json_t *choice_schema(const struct form_field *f)
{
	json_t *values = json_array();
	for (size_t i = 0; i < f->choice_count; i++)
		json_array_append_new(values, json_string(f->choices[i].value));
	return json_pack("{s:s, s:o}", "type", "string", "enum", values);
}

static json_t *object_schema(void)
{
	return json_pack("{s:s, s:b, s:{}, s:[]}", "type", "object", "additionalProperties", 0, "properties", "required");
}

static bool is_asked(const struct form_field *f, enum form_extent extent)
{
	return extent == FORM_WHOLE ? f->required : extent == FORM_NOTICE && f->notice;
}

static json_t *field_schema(const struct form_field *f, enum form_extent extent);

static json_t *list_schema(const struct form_field *f, enum form_extent extent)
{
	json_t *item = object_schema();
	for (size_t i = 0; i < f->item_count; i++) {
		json_object_set_new(json_object_get(item, "properties"), f->items[i].path + 1,
		                    field_schema(&f->items[i], extent));
		if (is_asked(&f->items[i], extent))
			json_array_append_new(json_object_get(item, "required"), json_string(f->items[i].path + 1));
	}
	return json_pack("{s:s, s:o, s:I}", "type", "array", "items", item, "maxItems", (json_int_t)f->max_items);
}

static json_t *field_schema(const struct form_field *f, enum form_extent extent)
{
	switch (f->type) {
	case FIELD_DATE:
		return json_pack("{s:s, s:s}", "type", "string", "format", "date");
	case FIELD_TIME:
		return json_pack("{s:s, s:s}", "type", "string", "pattern", "^[0-2][0-9]:[0-5][0-9]$");
	case FIELD_PARTIAL_DATE:
		return json_pack("{s:s, s:b, s:{s:{s:s, s:s}, s:{s:[s,s,s,s,s]}}, s:[s]}", "type", "object",
				 "additionalProperties", 0, "properties", "value", "type", "string", "pattern",
				 "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", "precision", "enum", "day", "month", "year", "about",
				 "unknown", "required", "precision");
	case FIELD_CHOICE:
		return choice_schema(f);
	case FIELD_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case FIELD_LIST:
		return list_schema(f, extent);
	case FIELD_COUNTRY:
		return json_pack("{s:s, s:s}", "type", "string", "pattern", "^[A-Z]{2}$");
	case FIELD_NUMBER:
		return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)f->min, "maximum",
				 (json_int_t)f->max);
	case FIELD_NAME:
	case FIELD_TEXT:
	case FIELD_PLACE:
		break;
	}
	return json_pack("{s:s, s:I, s:s}", "type", "string", "maxLength", (json_int_t)f->max_bytes, "description",
			 f->type == FIELD_PLACE ? "code of a place" : "at most maxLength bytes of UTF-8 in NFC");
}

/* The schema of the object that holds what `path` names; the last part of the path in *ret_name. */
static json_t *holder(json_t *root, const char *path, const char **ret_name)
{
	for (const char *slash; root && (slash = strchr(path + 1, '/')); path = slash)
		root = json_object_getn(json_object_get(root, "properties"), path + 1, (size_t)(slash - path - 1));
	*ret_name = path + 1;
	return root;
}

static void put(json_t *root, const char *path, json_t *schema, bool required)
{
	const char *name;
	json_t *in = holder(root, path, &name);
	json_object_set_new(json_object_get(in, "properties"), name, schema);
	if (required)
		json_array_append_new(json_object_get(in, "required"), json_string(name));
}

enum rc form_schema(const struct form *f, enum form_extent extent, json_t **ret)
{
	json_t *root = object_schema();
	for (size_t i = 0; i < f->object_count; i++)
		put(root, f->objects[i].path, object_schema(),
		    extent != FORM_PART && form_object_asked(f, &f->objects[i], extent == FORM_NOTICE));
	for (size_t i = 0; i < f->field_count; i++)
		put(root, f->fields[i].path, field_schema(&f->fields[i], extent), is_asked(&f->fields[i], extent));
	if (!root)
		return RC_NO_MEMORY;
	*ret = root;
	return RC_OK;
}
