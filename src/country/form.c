/* SPDX-License-Identifier: MPL-2.0 */
#include "country/form.h"

#include <stdio.h>
#include <string.h>

#include "country/strings.h"

const struct form_field *form_field_by_label(const struct form *f, uint32_t label)
{
	for (size_t i = 0; i < f->field_count; i++)
		if (f->fields[i].keep == KEEP_ACT && f->fields[i].label == label)
			return &f->fields[i];
	return NULL;
}

bool form_restates(const struct form *f)
{
	return f->base && f->subject_existing;
}

bool form_ages(const char *value, int *ret_from, int *ret_to)
{
	char end;
	return sscanf(value, "%3d..%3d%c", ret_from, ret_to, &end) == 2 && *ret_from >= 0 && *ret_from <= *ret_to;
}

const struct form_field *form_field_by_path(const struct form *f, const char *path)
{
	for (size_t i = 0; i < f->field_count; i++)
		if (strcmp(f->fields[i].path, path) == 0)
			return &f->fields[i];
	return NULL;
}

const struct form_field *form_field_by_print(const struct form *f, const char *print)
{
	for (size_t i = 0; i < f->field_count; i++)
		if (f->fields[i].print && strcmp(f->fields[i].print, print) == 0)
			return &f->fields[i];
	return NULL;
}

json_t *form_at(const json_t *declaration, const char *pointer)
{
	const json_t *at = declaration;
	while (at && *pointer == '/') {
		const char *part = ++pointer;
		pointer += strcspn(pointer, "/");
		at = json_object_getn(at, part, (size_t)(pointer - part));
	}
	return json_is_null(at) ? NULL : (json_t *)(uintptr_t)at;
}

size_t form_evidence(const struct form *f, const json_t *declaration, const char **out, size_t max)
{
	const json_t *list = f->evidence ? form_at(declaration, f->evidence) : NULL;
	size_t n = 0;
	for (size_t i = 0; i < json_array_size(list) && n < max; i++) {
		const char *kind = json_string_value(json_object_get(json_array_get(list, i), "kind"));
		if (kind)
			out[n++] = kind;
	}
	return n;
}

bool form_object_asked(const struct form *f, const struct form_object *o, bool notice)
{
	size_t len = strlen(o->path);
	bool holds = !notice;
	for (size_t i = 0; i < f->field_count; i++)
		holds |= f->fields[i].notice && strncmp(f->fields[i].path, o->path, len) == 0 && f->fields[i].path[len] == '/';
	return (holds && o->required) || (notice && o->notice);
}

void form_error_message(const struct pack *p, const char *language, const struct form_error *error, struct buf *out)
{
	char key[64], limit[24];
	snprintf(key, sizeof key, "field.%s", error->code);
	snprintf(limit, sizeof limit, "%zu", error->limit);
	strings_format(p, language, key, &(struct strings_arg){"limit", limit}, 1, out);
}
