/* SPDX-License-Identifier: MPL-2.0 */
#include "register/act.h"

#include <string.h>

#include "codec/cbor.h"
#include "ledger/commitment.h"

enum { FORM_ID_MAX = 80 };

static void put_bytes_or_null(struct buf *out, const uint8_t *ptr, size_t len)
{
	if (ptr)
		cbor_put_bytes(out, bytes_of(ptr, len));
	else
		cbor_put_null(out);
}

static void put_item_or_null(struct buf *out, struct bytes item)
{
	if (item.len)
		cbor_put_raw(out, item);
	else
		cbor_put_null(out);
}

static void put_officers(struct buf *out, const struct act_header *h)
{
	cbor_put_array(out, h->officer_count);
	for (size_t i = 0; i < h->officer_count; i++) {
		cbor_put_array(out, 2);
		cbor_put_bytes(out, id_bytes(&h->officers[i].staff));
		cbor_put_str(out, h->officers[i].role);
	}
}

static void put_entry(struct buf *out, const struct entry_number *n)
{
	cbor_put_array(out, 5);
	cbor_put_str(out, n->office);
	cbor_put_str(out, n->reg);
	cbor_put_uint(out, n->book);
	cbor_put_uint(out, n->year);
	cbor_put_uint(out, n->serial);
}

static void put_paper(struct buf *out, const struct act_header *h)
{
	if (!h->paper_day) {
		cbor_put_null(out);
		return;
	}
	cbor_put_array(out, 2);
	cbor_put_str(out, h->paper_day);
	if (h->paper_page)
		cbor_put_uint(out, h->paper_page);
	else
		cbor_put_null(out);
}

static void put_header(struct buf *out, const struct act_header *h)
{
	cbor_put_uint(out, ACT_ID), cbor_put_bytes(out, id_bytes(&h->act_id));
	cbor_put_uint(out, ACT_KIND), cbor_put_str(out, h->kind);
	cbor_put_uint(out, ACT_SUBJECT), cbor_put_bytes(out, id_bytes(&h->subject));
	cbor_put_uint(out, ACT_PREVIOUS), put_bytes_or_null(out, h->previous, 32);
	cbor_put_uint(out, ACT_CORRECTS), put_bytes_or_null(out, h->corrects ? h->corrects->b : NULL, 16);
	cbor_put_uint(out, ACT_NODE), cbor_put_str(out, h->node);
	cbor_put_uint(out, ACT_OFFICE), cbor_put_str(out, h->office);
	cbor_put_uint(out, ACT_OFFICERS), put_officers(out, h);
	cbor_put_uint(out, ACT_PACK_VERSION), cbor_put_str(out, h->pack_version);
	cbor_put_uint(out, ACT_PACK_HASH), cbor_put_bytes(out, bytes_of(h->pack_hash, 32));
	cbor_put_uint(out, ACT_TIME), cbor_put_uint(out, (uint64_t)h->time_us);
	cbor_put_uint(out, ACT_ORIGIN), cbor_put_uint(out, h->origin);
	cbor_put_uint(out, ACT_ENTRY), put_entry(out, &h->entry);
	cbor_put_uint(out, ACT_NUMBER), cbor_put_str(out, h->number);
	cbor_put_uint(out, ACT_EXTRACT), put_item_or_null(out, h->extract);
	cbor_put_uint(out, ACT_REGISTRAR), cbor_put_array(out, 3);
	cbor_put_str(out, h->registrar_name);
	cbor_put_str(out, h->office_native);
	cbor_put_str(out, h->office_latin);
	cbor_put_uint(out, ACT_VERIFIED), cbor_put_str(out, h->verified);
	cbor_put_uint(out, ACT_LANGUAGE), cbor_put_str(out, h->language);
	cbor_put_uint(out, ACT_NOTES), put_item_or_null(out, h->notes);
	cbor_put_uint(out, ACT_PAPER), put_paper(out, h);
}

enum rc act_build(const char *form, const uint8_t salt[static 32], const struct act_header *h,
                  const struct form_value *fields, size_t count, struct buf *out)
{
	if (h->officer_count == 0 || h->officer_count > ACT_OFFICERS_MAX || h->time_us < 0)
		return RC_INVALID;
	cbor_put_map(out, 3);
	cbor_put_uint(out, 1), cbor_put_str(out, form);
	cbor_put_uint(out, 2), cbor_put_bytes(out, bytes_of(salt, 32));
	cbor_put_uint(out, 3), cbor_put_map(out, ACT_HEADER_END - 1 + count);
	put_header(out, h);
	uint32_t last = ACT_HEADER_END;
	for (size_t i = 0; i < count; i++) {
		if (fields[i].label < FORM_LABEL_MIN || fields[i].label <= last)
			return RC_INVALID;
		last = fields[i].label;
		cbor_put_uint(out, fields[i].label);
		cbor_put_raw(out, fields[i].cbor);
	}
	return buf_failed(out) ? RC_TOO_LARGE : RC_OK;
}

/* ---- as JSON ---- */

static json_t *text_json(struct bytes item)
{
	struct bytes text;
	return cbor_as_text(item, &text) ? json_stringn((const char *)text.ptr, text.len) : json_null();
}

static json_t *id_json(struct bytes item)
{
	struct bytes raw;
	struct id id;
	char text[ID_TEXT_SIZE];
	if (!cbor_as_bytes(item, &raw) || id_from_bytes(raw, &id) != RC_OK)
		return json_null();
	id_format(id, text);
	return json_string(text);
}

static json_t *uint_json(struct bytes item)
{
	uint64_t v;
	return cbor_as_uint(item, &v) ? json_integer((json_int_t)v) : json_null();
}

static json_t *instant_json(struct bytes item)
{
	uint64_t v;
	char text[INSTANT_TEXT_SIZE];
	if (!cbor_as_uint(item, &v) || v > INT64_MAX)
		return json_null();
	instant_format((int64_t)v, text);
	return json_string(text);
}

static json_t *entry_json(struct bytes item)
{
	struct cbor c = cbor_init(item);
	size_t n;
	struct bytes office, reg;
	uint64_t book, year, serial;
	if (!cbor_get_array(&c, &n) || n != 5 || !cbor_get_text(&c, &office) || !cbor_get_text(&c, &reg) ||
	    !cbor_get_uint(&c, &book) || !cbor_get_uint(&c, &year) || !cbor_get_uint(&c, &serial))
		return json_null();
	return json_pack("{s:s%,s:s%,s:I,s:I,s:I}", "office", (const char *)office.ptr, office.len, "register",
	                 (const char *)reg.ptr, reg.len, "book", (json_int_t)book, "year", (json_int_t)year, "serial",
	                 (json_int_t)serial);
}

static json_t *officers_json(struct bytes item)
{
	struct cbor c = cbor_init(item);
	json_t *list = json_array();
	size_t n, two;
	if (!cbor_get_array(&c, &n))
		return list;
	for (size_t i = 0; i < n; i++) {
		struct bytes id, role;
		if (!cbor_get_array(&c, &two) || two != 2 || !cbor_skip(&c, &id) || !cbor_get_text(&c, &role))
			break;
		json_array_append_new(list, json_pack("{s:o,s:s%}", "id", id_json(id), "role", (const char *)role.ptr,
		                                      role.len));
	}
	return list;
}

static json_t *registrar_json(struct bytes item)
{
	struct cbor c = cbor_init(item);
	struct bytes name, native, latin;
	size_t n;
	if (!cbor_get_array(&c, &n) || n != 3 || !cbor_skip(&c, &name) || !cbor_skip(&c, &native) || !cbor_skip(&c, &latin))
		return json_null();
	return json_pack("{s:o,s:o,s:o}", "name", text_json(name), "office_native", text_json(native), "office_latin",
	                 text_json(latin));
}

static json_t *note_json(struct cbor *c)
{
	struct bytes part[5];
	size_t n;
	if (!cbor_get_array(c, &n) || n != 5)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (!cbor_skip(c, &part[i]))
			return NULL;
	return json_pack("{s:o,s:o,s:o,s:{s:o,s:o}}", "kind", text_json(part[0]), "entry", text_json(part[1]), "date",
	                 text_json(part[2]), "text", "native", text_json(part[3]), "latin", text_json(part[4]));
}

static json_t *notes_json(struct bytes item)
{
	struct cbor c = cbor_init(item);
	json_t *list = json_array(), *note;
	size_t n;
	if (!item.len || cbor_try_null(&c) || !cbor_get_array(&c, &n))
		return list;
	for (size_t i = 0; i < n && (note = note_json(&c)); i++)
		json_array_append_new(list, note);
	return list;
}

static json_t *paper_json(struct bytes item)
{
	struct cbor c = cbor_init(item);
	struct bytes day, page;
	size_t n;
	if (!cbor_get_array(&c, &n) || n != 2 || !cbor_skip(&c, &day) || !cbor_skip(&c, &page))
		return json_null();
	return json_pack("{s:o,s:o}", "date", text_json(day), "page", uint_json(page));
}

static json_t *header_json(const struct act_view *v)
{
	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}",
	                 "act_id", id_json(act_view_find(v, ACT_ID)),
	                 "kind", text_json(act_view_find(v, ACT_KIND)),
	                 "person_id", id_json(act_view_find(v, ACT_SUBJECT)),
	                 "corrects", id_json(act_view_find(v, ACT_CORRECTS)),
	                 "node", text_json(act_view_find(v, ACT_NODE)),
	                 "office", text_json(act_view_find(v, ACT_OFFICE)),
	                 "officers", officers_json(act_view_find(v, ACT_OFFICERS)),
	                 "pack_version", text_json(act_view_find(v, ACT_PACK_VERSION)),
	                 "at", instant_json(act_view_find(v, ACT_TIME)),
	                 "origin", uint_json(act_view_find(v, ACT_ORIGIN)),
	                 "entry", entry_json(act_view_find(v, ACT_ENTRY)),
	                 "personal_number", text_json(act_view_find(v, ACT_NUMBER)),
	                 "registrar", registrar_json(act_view_find(v, ACT_REGISTRAR)),
	                 "verified", text_json(act_view_find(v, ACT_VERIFIED)),
	                 "notes", notes_json(act_view_find(v, ACT_NOTES)),
	                 "paper", paper_json(act_view_find(v, ACT_PAPER)));
}

static void copy_text(struct bytes item, char *out, size_t size)
{
	struct bytes text;
	out[0] = '\0';
	if (cbor_as_text(item, &text) && text.len < size) {
		memcpy(out, text.ptr, text.len);
		out[text.len] = '\0';
	}
}

const struct form *act_form(const struct pack *pack, const struct act_view *v)
{
	char id[FORM_ID_MAX], kind[FORM_ID_MAX];
	const struct form *form = NULL;
	if (v->form.len < sizeof id) {
		memcpy(id, v->form.ptr, v->form.len);
		id[v->form.len] = '\0';
		form = pack_form_by_id(pack, id);
	}
	copy_text(act_view_find(v, ACT_KIND), kind, sizeof kind);
	return form ? form : pack_form(pack, kind);
}

static enum rc view_to_json(const struct pack *pack, const struct act_view *v, json_t **ret)
{
	struct form_value values[FORM_FIELDS_MAX];
	size_t n = 0;
	const struct form *form = act_form(pack, v);
	if (!form)
		return RC_FORMAT;
	for (unsigned i = 0; i < v->count; i++) {
		if (v->field[i].label < FORM_LABEL_MIN)
			continue;
		if (n == FORM_FIELDS_MAX)
			return RC_FORMAT;
		values[n++] = (struct form_value){v->field[i].label, v->field[i].value};
	}
	json_t *declaration = NULL;
	enum rc rc = form_fields_to_json(form, values, n, &declaration);
	if (rc != RC_OK)
		return rc;
	*ret = json_pack("{s:o,s:o}", "header", header_json(v), "declaration", declaration);
	return *ret ? RC_OK : RC_NO_MEMORY;
}

enum rc act_to_json(const struct pack *pack, struct bytes act, json_t **ret)
{
	struct act_view v;
	enum rc rc = act_view(act, &v);
	return rc == RC_OK ? view_to_json(pack, &v, ret) : rc;
}
