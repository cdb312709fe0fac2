/* SPDX-License-Identifier: MPL-2.0 */
/* A declaration as CBOR and back: the body of an act, the extract of a QR, the record of the index. */
#include <stdio.h>
#include <string.h>

#include "codec/cbor.h"
#include "country/form.h"
#include "country/numbering.h"

enum { VALUE_MAX = 64 * 1024 };

static struct bytes json_text(const json_t *v)
{
	return bytes_of(json_string_value(v), json_string_length(v));
}

static void put_text(struct buf *out, const json_t *v)
{
	if (json_is_string(v))
		cbor_put_text(out, json_text(v));
	else
		cbor_put_null(out);
}

static void put_value(struct buf *out, const struct form_field *f, const json_t *v);

static void put_list(struct buf *out, const struct form_field *f, const json_t *list)
{
	cbor_put_array(out, json_array_size(list));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		cbor_put_array(out, f->item_count);
		for (size_t k = 0; k < f->item_count; k++)
			put_value(out, &f->items[k], json_object_get(item, f->items[k].path + 1));
	}
}

static void put_value(struct buf *out, const struct form_field *f, const json_t *v)
{
	if (!v || json_is_null(v)) {
		cbor_put_null(out);
	} else if (f->type == FIELD_BOOL) {
		cbor_put_bool(out, json_is_true(v));
	} else if (f->type == FIELD_PARTIAL_DATE) {
		cbor_put_array(out, 2);
		put_text(out, json_object_get(v, "value"));
		put_text(out, json_object_get(v, "precision"));
	} else if (f->type == FIELD_LIST) {
		put_list(out, f, v);
	} else if (f->type == FIELD_NUMBER) {
		cbor_put_uint(out, (uint64_t)json_integer_value(v));
	} else {
		put_text(out, v);
	}
}

static bool type_fits(const struct form_field *f, const json_t *v)
{
	switch (f->type) {
	case FIELD_BOOL: return json_is_boolean(v);
	case FIELD_NUMBER: return json_is_integer(v) && json_integer_value(v) >= 0;
	case FIELD_PARTIAL_DATE: return json_is_object(v) && json_is_string(json_object_get(v, "precision"));
	case FIELD_LIST: return json_is_array(v) && json_array_size(v) <= f->max_items;
	default: return json_is_string(v);
	}
}

enum rc form_to_fields(const struct form *f, const json_t *declaration, struct arena *a,
		       struct form_value **ret, size_t *ret_count)
{
	struct form_value *values = ARENA_ARRAY(a, struct form_value, f->field_count);
	enum rc rc = values ? RC_OK : RC_NO_MEMORY;
	struct buf item = BUF_INIT(VALUE_MAX);
	size_t count = 0;
	for (size_t i = 0; i < f->field_count && rc == RC_OK; i++) {
		const struct form_field *x = &f->fields[i];
		const json_t *v = form_at(declaration, x->path);
		if (x->keep != KEEP_ACT)
			continue;
		buf_reset(&item);
		if (v && !type_fits(x, v)) {
			rc = RC_INVALID;
			break;
		}
		put_value(&item, x, v);
		struct bytes copy = buf_failed(&item) ? BYTES_NONE : arena_copy(a, buf_bytes(&item));
		if (!copy.ptr)
			rc = RC_NO_MEMORY;
		values[count++] = (struct form_value){x->label, copy};
	}
	buf_release(&item);
	if (rc == RC_OK) {
		*ret = values;
		*ret_count = count;
	}
	return rc;
}

/* ---- back ---- */

/* NULL with *rc RC_OK: absent. */
static json_t *get_value(struct cbor *c, const struct form_field *f, enum rc *rc);

static json_t *new_text(struct bytes text, enum rc *rc)
{
	json_t *v = json_stringn((const char *)text.ptr, text.len);
	if (!v)
		*rc = RC_NO_MEMORY;
	return v;
}

static void set(json_t *object, const char *name, json_t *value, enum rc *rc)
{
	if (value && json_object_set_new(object, name, value) < 0)
		*rc = RC_NO_MEMORY;
}

static json_t *get_partial_date(struct cbor *c, enum rc *rc)
{
	static const struct form_field text = {.type = FIELD_TEXT};
	size_t n;
	json_t *v = json_object();
	if (!v)
		*rc = RC_NO_MEMORY;
	else if (!cbor_get_array(c, &n) || n != 2)
		*rc = RC_FORMAT;
	else {
		set(v, "value", get_value(c, &text, rc), rc);
		set(v, "precision", get_value(c, &text, rc), rc);
	}
	return v;
}

static json_t *get_list(struct cbor *c, const struct form_field *f, enum rc *rc)
{
	size_t items, n;
	json_t *list = json_array();
	if (!list)
		*rc = RC_NO_MEMORY;
	else if (!cbor_get_array(c, &items) || items > FORM_LIST_MAX)
		*rc = RC_FORMAT;
	for (size_t i = 0; *rc == RC_OK && i < items; i++) {
		json_t *item = json_object();
		if (!item || json_array_append_new(list, item) < 0)
			*rc = RC_NO_MEMORY;
		else if (!cbor_get_array(c, &n) || n != f->item_count)
			*rc = RC_FORMAT;
		for (size_t k = 0; *rc == RC_OK && k < n; k++)
			set(item, f->items[k].path + 1, get_value(c, &f->items[k], rc), rc);
	}
	return list;
}

static json_t *get_value(struct cbor *c, const struct form_field *f, enum rc *rc)
{
	struct bytes text;
	bool flag;
	uint64_t number;
	json_t *v = NULL;
	if (*rc != RC_OK || cbor_try_null(c))
		return NULL;
	if (f->type == FIELD_PARTIAL_DATE)
		v = get_partial_date(c, rc);
	else if (f->type == FIELD_LIST)
		v = get_list(c, f, rc);
	else if (f->type == FIELD_BOOL && cbor_get_bool(c, &flag))
		v = json_boolean(flag);
	else if (f->type == FIELD_NUMBER && cbor_get_uint(c, &number) && number <= INT32_MAX)
		v = json_integer((json_int_t)number);
	else if (f->type != FIELD_BOOL && f->type != FIELD_NUMBER && cbor_get_text(c, &text))
		v = new_text(text, rc);
	else
		*rc = RC_FORMAT;
	if (*rc != RC_OK) {
		json_decref(v);
		v = NULL;
	}
	return v;
}

/* Puts a value at its path, making the objects on the way. */
static enum rc put_at(json_t *root, const char *path, json_t *value)
{
	json_t *at = root;
	for (const char *slash; (slash = strchr(path + 1, '/')); path = slash) {
		json_t *inner = json_object_getn(at, path + 1, (size_t)(slash - path - 1));
		if (!inner) {
			inner = json_object();
			if (json_object_setn_new(at, path + 1, (size_t)(slash - path - 1), inner) < 0) {
				json_decref(value);
				return RC_NO_MEMORY;
			}
		}
		at = inner;
	}
	return json_object_set_new(at, path + 1, value) < 0 ? RC_NO_MEMORY : RC_OK;
}

enum rc form_fields_to_json(const struct form *f, const struct form_value *values, size_t count, json_t **ret)
{
	json_t *root = json_object();
	enum rc rc = root ? RC_OK : RC_NO_MEMORY;
	for (size_t i = 0; i < count && rc == RC_OK; i++) {
		const struct form_field *x = form_field_by_label(f, values[i].label);
		if (!x)
			continue;
		struct cbor c = cbor_init(values[i].cbor);
		json_t *v = get_value(&c, x, &rc);
		if (rc == RC_OK && !cbor_at_end(&c))
			rc = RC_FORMAT;
		if (rc == RC_OK && v)
			rc = put_at(root, x->path, v);
		else
			json_decref(v);
	}
	if (rc == RC_OK)
		*ret = root;
	else
		json_decref(root);
	return rc;
}

/* ---- statistics ---- */

/* Removes the objects above a path that hold nothing any more. */
static void prune(json_t *root, const char *path)
{
	char above[FORM_POINTER_SIZE];
	snprintf(above, sizeof above, "%s", path);
	for (char *slash; (slash = strrchr(above, '/')) && slash != above;) {
		*slash = '\0';
		json_t *object = form_at(root, above);
		if (!object || json_object_size(object))
			return;
		slash = strrchr(above, '/');
		char holder[FORM_POINTER_SIZE];
		snprintf(holder, sizeof holder, "%.*s", (int)(slash - above), above);
		json_object_del(form_at(root, holder), slash + 1);
	}
}

static void remove_at(json_t *root, const char *path)
{
	char holder[FORM_POINTER_SIZE];
	const char *last = strrchr(path, '/');
	snprintf(holder, sizeof holder, "%.*s", (int)(last - path), path);
	json_object_del(form_at(root, holder), last + 1);
}

enum rc form_split_statistics(const struct form *f, json_t *declaration, json_t **ret_statistics)
{
	json_t *apart = json_object();
	enum rc rc = apart ? RC_OK : RC_NO_MEMORY;
	for (size_t i = 0; i < f->field_count && rc == RC_OK; i++) {
		const char *path = f->fields[i].path;
		json_t *v = f->fields[i].keep == KEEP_STATISTICS ? form_at(declaration, path) : NULL;
		if (!v)
			continue;
		rc = put_at(apart, path, json_incref(v));
		if (rc != RC_OK)
			break;
		remove_at(declaration, path);
		prune(declaration, path);
	}
	bool any = rc == RC_OK && json_object_size(apart);
	if (rc == RC_OK)
		*ret_statistics = any ? apart : NULL;
	if (!any)
		json_decref(apart);
	return rc;
}

/* ---- a notice ---- */

static bool is_of_act(const struct form *f, const char *object)
{
	size_t len = strlen(object);
	for (size_t i = 0; i < f->field_count; i++)
		if (f->fields[i].keep == KEEP_ACT && strncmp(f->fields[i].path, object, len) == 0 && f->fields[i].path[len] == '/')
			return true;
	return false;
}

void form_undisclose(const struct form *f, const json_t *completed, json_t *notice)
{
	for (size_t i = 0; i < f->object_count; i++) {
		const char *path = f->objects[i].path;
		if (is_of_act(f, path) && !form_at(completed, path))
			remove_at(notice, path);
	}
}

/* ---- extract and index ---- */

static const struct form_field *by_extract(const struct form *f, unsigned key)
{
	for (size_t i = 0; i < f->field_count; i++)
		if (f->fields[i].extract == key)
			return &f->fields[i];
	return NULL;
}

static const struct form_field *by_index(const struct form *f, unsigned key)
{
	for (size_t i = 0; i < f->field_count; i++)
		if (f->fields[i].index == key)
			return &f->fields[i];
	return NULL;
}

/* The text that an extract states for a field; BYTES_NONE when it is absent. */
static struct bytes extract_text(const struct form_field *f, const json_t *declaration)
{
	const json_t *v = form_at(declaration, f->path);
	if (f->type == FIELD_PARTIAL_DATE)
		v = json_object_get(v, "value");
	if (!json_is_string(v))
		return BYTES_NONE;
	for (size_t i = 0; i < f->choice_count; i++)
		if (f->choices[i].code && strcmp(f->choices[i].value, json_string_value(v)) == 0)
			return bytes_str(f->choices[i].code);
	return json_text(v);
}

enum { EXTRACT_KIND = 1, EXTRACT_ENTRY = 2, EXTRACT_REGISTERED = 8, EXTRACT_KEYS = 65 };

/* A whole date is the count of its days since 1970-01-01, as RFC 8943 counts them: each
   character saved makes the printed code easier to read. */
static void put_extract(struct buf *out, struct bytes text)
{
	struct date d;
	if (date_parse((const char *)text.ptr, text.len, &d))
		cbor_put_int(out, date_to_days(d));
	else
		cbor_put_text(out, text);
}

static void put_entry(struct buf *out, const struct entry_number *n)
{
	const char *slash = strrchr(n->office, '/');
	cbor_put_array(out, 5);
	cbor_put_str(out, slash ? slash + 1 : n->office);
	cbor_put_str(out, n->reg);
	cbor_put_uint(out, n->book);
	cbor_put_uint(out, n->year);
	cbor_put_uint(out, n->serial);
}

enum rc form_extract(const struct form *f, const json_t *declaration, const struct form_entry_facts *facts,
		     struct buf *out)
{
	char registered[DATE_TEXT_SIZE];
	struct bytes text[EXTRACT_KEYS] = {0};
	size_t pairs = 0;
	if (!f->extract_kind)
		return RC_INVALID;
	date_format(facts->registered, registered);
	text[EXTRACT_KIND] = bytes_str(f->extract_kind);
	text[EXTRACT_ENTRY] = bytes_str(facts->entry->office);
	text[EXTRACT_REGISTERED] = bytes_str(registered);
	for (unsigned key = 1; key < EXTRACT_KEYS; key++) {
		const struct form_field *x = by_extract(f, key);
		if (x && !text[key].ptr)
			text[key] = extract_text(x, declaration);
		pairs += text[key].ptr != NULL;
	}
	cbor_put_map(out, pairs);
	for (unsigned key = 1; key < EXTRACT_KEYS; key++) {
		if (!text[key].ptr)
			continue;
		cbor_put_uint(out, key);
		if (key == EXTRACT_ENTRY)
			put_entry(out, facts->entry);
		else
			put_extract(out, text[key]);
	}
	return buf_failed(out) ? RC_NO_MEMORY : RC_OK;
}

enum { INDEX_FIELDS = 8, INDEX_OBJECT = 9, INDEX_PERSON = 10, INDEX_ORDER = 11 };

enum rc form_index(const struct form *f, const json_t *declaration, struct id object, struct id person,
		   struct buf *out)
{
	const json_t *order = form_at(declaration, "/delivery/order");
	cbor_put_map(out, json_is_integer(order) ? INDEX_ORDER : INDEX_PERSON);
	for (unsigned key = 1; key <= INDEX_FIELDS; key++) {
		const struct form_field *x = by_index(f, key);
		const json_t *v = x ? form_at(declaration, x->path) : NULL;
		cbor_put_uint(out, key);
		put_text(out, x && x->type == FIELD_PARTIAL_DATE ? json_object_get(v, "value") : v);
	}
	cbor_put_uint(out, INDEX_OBJECT);
	cbor_put_bytes(out, id_bytes(&object));
	cbor_put_uint(out, INDEX_PERSON);
	cbor_put_bytes(out, id_bytes(&person));
	if (json_is_integer(order)) {
		cbor_put_uint(out, INDEX_ORDER);
		cbor_put_int(out, json_integer_value(order));
	}
	return buf_failed(out) ? RC_NO_MEMORY : RC_OK;
}
