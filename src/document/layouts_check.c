/* SPDX-License-Identifier: MPL-2.0 */
/* civis pack check: the layouts that a pack's forms name. What fills a box is what document/compose.c gives. */
#include <limits.h>
#include <string.h>

#include "base/file.h"
#include "country/form.h"
#include "country/load.h"
#include "document/layout.h"

static const char *const once[] = {"", NULL};
static const char *const twice[] = {".native", ".latin", NULL};
static const char *const day[] = {".native", ".latin", ".words.native", ".words.latin", ".lunar.native", NULL};

/* Whether it is the name with one of the endings. */
static bool is_named(const char *value, const char *name, const char *const *endings)
{
	size_t n = strlen(name);
	for (; strncmp(value, name, n) == 0 && *endings; endings++)
		if (strcmp(value + n, *endings) == 0)
			return true;
	return false;
}

/* What is there whatever the form: of the act's header, of this issue, and the layout's own texts. */
static bool is_common(const struct certificate_layout *layout, const char *value)
{
	static const char *const whole[] = {"person.number", "registrar.name", "notes", "serial"};
	static const char *const both[] = {"entry.office_code", "entry.register", "entry.book", "entry.year", "entry.serial",
		"registered.date", "registered.office", "issued.date", "issued.office", "law", "nationality.note"};
	bool found = false;
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		found |= is_named(value, whole[i], once);
	for (size_t i = 0; i < sizeof both / sizeof *both; i++)
		found |= is_named(value, both[i], twice);
	for (size_t i = 0; i < layout->text_count; i++)
		found |= is_named(value, layout->texts[i].name, once);
	return found;
}

static bool is_of_form(const struct form *f, const char *value)
{
	for (size_t i = 0; i < f->field_count; i++) {
		const struct form_field *field = &f->fields[i];
		bool whole = field->type == FIELD_NAME || field->type == FIELD_TEXT;
		if (field->print && is_named(value, field->print, whole ? once : field->type == FIELD_DATE ? day : twice))
			return true;
	}
	return false;
}

/* A box that may stay empty is filled by some form that has the certificate; any other by each. */
static void check_box(struct loader *l, const char *name, const struct certificate_layout *layout, const struct layout_box *box)
{
	char pointer[LOAD_POINTER_SIZE];
	const char *lacking = NULL;
	bool filled = is_common(layout, box->value);
	if (filled)
		return;
	for (size_t i = 0; i < l->pack->form_count; i++) {
		const struct form *f = l->pack->forms[i].form;
		if (!f->certificate || strcmp(f->certificate, name) != 0)
			continue;
		bool has = is_of_form(f, box->value);
		filled |= has;
		if (!has)
			lacking = f->kind;
	}
	snprintf(pointer, sizeof pointer, "/boxes/%s", box->name);
	if (!filled)
		load_mistake(l, pointer, "\"%s\" names nothing that fills it", box->value);
	else if (lacking && !box->optional)
		load_mistake(l, pointer, "\"%s\" is nothing of the form \"%s\", whose certificates could not be drawn", box->value, lacking);
}

/* Where in the layout's own file a mistake is told: at the box that the artwork lacks, or at the artwork. */
static void tell(struct loader *l, const json_t *root, const struct err *e)
{
	struct node boxes = {.json = json_object_get(root, "boxes"), .pointer = "/boxes"};
	const char *name = strncmp(e->where, "box.", 4) == 0 ? e->where + 4 : "";
	if (json_object_get(boxes.json, name))
		load_mistake(l, load_member(&boxes, name).pointer, "%s: %s", e->where, e->text);
	else if (*e->where == '/' && e->code == RC_CONFIG)
		load_mistake(l, e->where, "%s", e->text);
	else
		load_mistake(l, "/artwork", "%s: %s", json_string_value(json_object_get(root, "artwork")), e->text);
}

static void check_layout(struct loader *l, const char *dir, const char *name)
{
	struct err e = ERR_NONE;
	struct certificate_layout *layout = NULL;
	const char *file = arena_printf(l->pack->arena, "certificate/%s.json", name);
	json_t *root = file ? load_file(l, file) : NULL;
	enum rc rc = root ? certificate_layout_load(dir, name, &layout, &e) : RC_OK;
	if (!file || rc == RC_NO_MEMORY)
		l->failed = RC_NO_MEMORY;
	else if (rc != RC_OK)
		tell(l, root, &e);
	for (size_t i = 0; layout && i < layout->box_count; i++)
		check_box(l, name, layout, &layout->boxes[i]);
	certificate_layout_free(&layout);
	json_decref(root);
}

enum rc certificate_layouts_check(struct pack *pack, struct pack_report *report)
{
	char dir[PATH_MAX];
	struct loader l = {.pack = pack, .report = report, .file = "certificate", .text = BUF_INIT(PACK_FILE_MAX)};
	enum rc rc = path_join(dir, sizeof dir, pack->dir, "certificate");
	for (size_t i = 0; rc == RC_OK && i < pack->form_count; i++) {
		const char *name = pack->forms[i].form->certificate;
		bool known = !name;
		for (size_t k = 0; k < i && !known; k++)
			known = pack->forms[k].form->certificate && strcmp(pack->forms[k].form->certificate, name) == 0;
		if (!known)
			check_layout(&l, dir, name);
		rc = l.failed;
	}
	buf_release(&l.text);
	return rc;
}
