/* SPDX-License-Identifier: MPL-2.0 */
/* Whose record it is: by the one exact thing that somebody brings to the counter. Never by a name, a place or a household. */
#include <string.h>

#include "base/text.h"
#include "credential/serial.h"
#include "gate/handlers.h"

static void read_number(const json_t *entry, struct call *c, const char *name, const char *pointer, uint64_t max, uint64_t *ret)
{
	const json_t *n = json_object_get(entry, name);
	*ret = json_is_integer(n) && json_integer_value(n) > 0 ? (uint64_t)json_integer_value(n) : 0;
	if (!*ret || *ret > max)
		(void)call_wrong(c, pointer, n ? "out_of_range" : "required", 0);
}

static void read_text(const json_t *entry, struct call *c, const char *name, const char *pointer, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(entry, name));
	if (!text || !*text || strlen(text) >= size)
		(void)call_wrong(c, pointer, text ? "not_a_choice" : "required", 0);
	else
		memcpy(out, text, strlen(text) + 1);
}

static enum rc by_entry(struct call *c, const json_t *entry, struct id *ret)
{
	struct store_entry e = {.paper = json_is_true(json_object_get(entry, "paper"))};
	struct id person, act;
	uint64_t book, year;
	if (!json_is_object(entry))
		return call_wrong(c, "/entry", "wrong_type", 0);
	read_text(entry, c, "office", "/entry/office", e.office, sizeof e.office);
	read_text(entry, c, "register", "/entry/register", e.reg, sizeof e.reg);
	read_number(entry, c, "year", "/entry/year", 9999, &year);
	read_number(entry, c, "book", "/entry/book", UINT32_MAX, &book);
	read_number(entry, c, "serial", "/entry/serial", INT64_MAX, &e.serial);
	if (c->field_count)
		return RC_INVALID;
	e.year = (uint32_t)year;
	e.book = (uint32_t)book;
	enum rc rc = store_entry_find(c->desk.reader, &e, &person, &act, &c->err);
	/* A miss is counted as a hit is. */
	return vault_find(c->desk.vault, c->desk.token, VAULT_FIND_PERSON, rc == RC_OK ? id_bytes(&person) : BYTES_NONE, ret, &c->err);
}

static enum rc by_text(struct call *c, enum vault_find by, const char *text, struct id *ret)
{
	uint8_t serial[SERIAL_SIZE];
	struct bytes value = bytes_str(text);
	if (by == VAULT_FIND_DOCUMENT && serial_parse(text, serial) != RC_OK)
		return call_wrong(c, "/document", "not_a_serial", 0);
	if (by == VAULT_FIND_DOCUMENT)
		value = BYTES_ARRAY(serial);
	return vault_find(c->desk.vault, c->desk.token, by, value, ret, &c->err);
}

enum rc person_find(struct call *c)
{
	struct id person;
	call_known(c, "number document entry");
	const char *number = call_text(c, "number", 10, false), *document = call_text(c, "document", SERIAL_TEXT_SIZE, false);
	const json_t *entry = json_object_get(c->body, "entry");
	if (!c->field_count && !number + !document + !entry != 2)
		(void)call_wrong(c, "/number", number || document || entry ? "unexpected" : "required", 0);
	if (c->field_count)
		return RC_INVALID;
	enum rc rc = entry ? by_entry(c, entry, &person)
	             : by_text(c, number ? VAULT_FIND_NUMBER : VAULT_FIND_DOCUMENT, number ? number : document, &person);
	if (rc == RC_NOT_FOUND) {
		c->err = ERR_NONE;
		c->code = "nobody_found";
	}
	return rc == RC_OK ? call_json(c, 200, json_pack("{s:o}", "id", json_id(person))) : rc;
}
