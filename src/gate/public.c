/* SPDX-License-Identifier: MPL-2.0 */
/* What anyone may read: places, offices, the log, status lists, keys and health. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "country/collate.h"
#include "country/place.h"
#include "gate/handlers.h"
#include "gate/state.h"

enum { LIST_DEFAULT = 100, CHANGES_MAX = 32, LOG_FILE_MAX = 256 * 65537, KEPT_US = 10 * 1000000 };

/* ---- places ---- */

/* What the unit came from and what it became; NULL: nothing is known. */
static json_t *changes_json(struct call *c, const char *code)
{
	struct store_place_change change[CHANGES_MAX];
	struct err ignored;
	size_t n = 0;
	if (store_place_changes(c->desk.reader, code, change, CHANGES_MAX, &n, &ignored) != RC_OK || !n)
		return NULL;
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:o}", "from", change[i].from, "to", change[i].to, "on",
		                                      change[i].day, "kind", change[i].kind, "law", json_text(change[i].law)));
	return list;
}

static json_t *place_json(struct call *c, const struct store_place *v)
{
	const struct pack *p = c->desk.pack;
	char scope[OFFICE_SCOPE_SIZE];
	int level = pack_level_index(p, v->level);
	bool office = level >= 0 && p->levels[level].office && place_scope(p, v->code, scope) == RC_OK;
	json_t *j = json_pack("{s:s,s:o,s:s,s:{s:s,s:s},s:{s:s,s:s},s:o,s:o,s:o,s:o}", "code", v->code, "parent", json_text(v->parent),
	                      "level", v->level, "name", "native", v->name_native, "latin", v->name_latin, "unit", "native",
	                      v->unit_native, "latin", v->unit_latin, "office", office ? json_string(scope) : json_null(),
	                      "valid_from", json_text(v->valid_from), "valid_to", json_text(v->valid_to), "law", json_text(v->law));
	json_t *changes = j ? changes_json(c, v->code) : NULL;
	if (changes)
		json_object_set_new(j, "changes", changes);
	return j;
}

/* The day asked for; today by default. NULL: wrong, and noted. */
static const char *day_asked(struct call *c, char out[static DATE_TEXT_SIZE])
{
	const char *on = call_query(c, "on");
	struct date day = pack_local_date(c->desk.pack, c->desk.now, NULL);
	if (on && !date_parse(on, strlen(on), &day)) {
		(void)call_wrong(c, "?on", "not_a_date", 0);
		return NULL;
	}
	date_format(day, out);
	return out;
}

static struct bytes native_name(const void *place)
{
	return bytes_str(((const struct store_place *)place)->name_native);
}

static struct bytes latin_name(const void *place)
{
	return bytes_str(((const struct store_place *)place)->name_latin);
}

/* In the order in which people look for a name in that language. */
static enum rc in_order_of(const struct call *c, const char *language, struct store_place *rows, size_t n)
{
	struct collate *order = NULL;
	bool native = strcmp(language, c->desk.pack->native_language) == 0;
	enum rc rc = collate_open(language, &order);
	if (rc == RC_OK)
		rc = collate_sort(order, rows, n, sizeof *rows, native ? native_name : latin_name);
	collate_close(&order);
	return rc;
}

enum rc place_list(struct call *c)
{
	char day[DATE_TEXT_SIZE], last[STORE_CODE_MAX] = "";
	const char *language = call_query(c, "order");
	struct store_place_query q = {
		.parent = call_query(c, "parent"), .level = call_query(c, "level"), .q = call_query(c, "q"), .after = call_query(c, "after"),
		.on = day_asked(c, day),
	};
	(void)!call_limit(c, LIST_DEFAULT, &q.limit);
	if (language && !pack_language(c->desk.pack, language))
		(void)call_wrong(c, "?order", "not_a_choice", 0);
	if (c->field_count)
		return RC_INVALID;
	struct store_place *rows = ARENA_ARRAY(c->desk.arena, struct store_place, q.limit);
	size_t n = 0;
	enum rc rc = rows ? store_place_list(c->desk.reader, &q, rows, &n, &c->err) : RC_NO_MEMORY;
	if (rc == RC_OK && n == q.limit)
		snprintf(last, sizeof last, "%s", rows[n - 1].code);
	if (rc == RC_OK && language)
		rc = in_order_of(c, language, rows, n);
	if (rc != RC_OK)
		return rc;
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, place_json(c, &rows[i]));
	json_t *j = json_pack("{s:o}", "places", list);
	if (j && last[0])
		json_object_set_new(j, "next", json_string(last));
	http_answer_header(c->a, "Cache-Control", "public, max-age=300");
	return call_json(c, 200, j);
}

enum rc office_list(struct call *c)
{
	const char *scope = call_query(c, "scope"), *after = call_query(c, "after");
	size_t limit = 0, n = 0;
	(void)!call_limit(c, LIST_DEFAULT, &limit);
	if (scope && !scope_is_valid(bytes_str(scope)))
		(void)call_wrong(c, "?scope", "not_a_choice", 0);
	if (c->field_count)
		return RC_INVALID;
	struct store_office *rows = ARENA_ARRAY(c->desk.arena, struct store_office, limit);
	enum rc rc = rows ? store_office_list(c->desk.reader, scope ? scope : c->desk.pack->code, after, rows, limit, &n, &c->err)
	                  : RC_NO_MEMORY;
	if (rc != RC_OK)
		return rc;
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:{s:s,s:s},s:b}", "scope", rows[i].scope, "code", rows[i].code,
		                                      "kind", rows[i].kind, "name", "native", rows[i].name_native, "latin",
		                                      rows[i].name_latin, "active", rows[i].active));
	json_t *j = json_pack("{s:o}", "offices", list);
	if (j && n == limit)
		json_object_set_new(j, "next", json_string(rows[n - 1].scope));
	return call_json(c, 200, j);
}

/* ---- the log ---- */

static enum rc send_file(struct call *c, const char *path, const char *type, const char *cache)
{
	struct buf content = BUF_INIT(LOG_FILE_MAX);
	struct err ignored;
	enum rc rc = file_read(path, &content, &ignored);
	if (rc == RC_OK) {
		rc = call_bytes(c, 200, type, buf_bytes(&content));
		http_answer_header(c->a, "Cache-Control", cache);
	}
	buf_release(&content);
	return rc;
}

enum rc log_checkpoint(struct call *c)
{
	enum rc rc = send_file(c, GATE_LOG_DIR "/checkpoint", "text/plain; charset=utf-8", "no-cache");
	if (rc == RC_NOT_FOUND) /* nothing is signed before there is something to sign */
		c->code = "log_empty";
	return rc;
}

/* "entries/x001/234.p/5": only what the specification's paths are made of. */
static bool is_tile_path(struct bytes path)
{
	for (size_t i = 0; i < path.len; i++) {
		char ch = (char)path.ptr[i];
		bool word = bytes_equal(bytes_slice(path, 0, 8), BYTES_LIT("entries/")) && i < 7;
		if (!word && !(ch >= '0' && ch <= '9') && ch != 'x' && ch != '/' && ch != '.' && ch != 'p')
			return false;
		if (ch == '.' && !(i + 1 < path.len && path.ptr[i + 1] == 'p'))
			return false;
	}
	return path.len > 0 && path.len < 100;
}

static const char FOREVER[] = "public, max-age=31536000, immutable";

static enum rc send_tile(struct call *c, const char *folder, struct bytes rest)
{
	char path[192];
	if (!is_tile_path(rest))
		return RC_NOT_FOUND;
	snprintf(path, sizeof path, "%s/tile/%.*s", folder, (int)rest.len, (const char *)rest.ptr);
	enum rc rc = send_file(c, path, "application/octet-stream", FOREVER);
	return rc == RC_IO ? RC_NOT_FOUND : rc; /* a folder */
}

enum rc log_tile(struct call *c)
{
	return send_tile(c, GATE_LOG_DIR, c->match->parameter[0]);
}

static enum rc closed_folder(struct call *c, char *out, size_t size)
{
	uint64_t epoch;
	if (u64_parse(c->match->parameter[0], UINT32_MAX, &epoch) != RC_OK)
		return RC_NOT_FOUND;
	snprintf(out, size, GATE_LOG_DIR "/closed/%llu", (unsigned long long)epoch);
	return RC_OK;
}

static enum rc send_closed_note(struct call *c, const char *name)
{
	char folder[48], path[64];
	enum rc rc = closed_folder(c, folder, sizeof folder);
	if (rc != RC_OK)
		return rc;
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return send_file(c, path, "text/plain; charset=utf-8", FOREVER);
}

enum rc log_closed_checkpoint(struct call *c)
{
	return send_closed_note(c, "checkpoint");
}

enum rc log_closed_known(struct call *c)
{
	return send_closed_note(c, "known");
}

enum rc log_closed_tile(struct call *c)
{
	char folder[48];
	enum rc rc = closed_folder(c, folder, sizeof folder);
	return rc == RC_OK ? send_tile(c, folder, c->match->parameter[1]) : rc;
}

/* ---- answers of the vault that are kept for a moment ---- */

static bool kept_get(struct call *c, struct kept *k, uint32_t number, const char *type)
{
	pthread_mutex_lock(&k->lock);
	bool hit = k->until_us > clock_monotonic_us() && k->number == number &&
	           call_bytes(c, 200, type, buf_bytes(&k->bytes)) == RC_OK;
	pthread_mutex_unlock(&k->lock);
	return hit;
}

static enum rc kept_put(struct call *c, struct kept *k, uint32_t number, const char *type, struct bytes fresh)
{
	pthread_mutex_lock(&k->lock);
	buf_reset(&k->bytes);
	buf_append(&k->bytes, fresh);
	k->number = number;
	k->until_us = buf_failed(&k->bytes) ? 0 : clock_monotonic_us() + KEPT_US;
	pthread_mutex_unlock(&k->lock);
	return call_bytes(c, 200, type, fresh);
}

enum rc status_list_get_signed(struct call *c)
{
	static const char type[] = "application/statuslist+cwt";
	struct kept *k = &c->gate->status;
	uint64_t number;
	struct bytes cwt;
	if (u64_parse(c->match->parameter[0], UINT32_MAX, &number) != RC_OK)
		return RC_NOT_FOUND;
	enum rc rc = RC_OK;
	if (!kept_get(c, k, (uint32_t)number, type)) {
		rc = vault_status_list(c->desk.vault, (uint32_t)number, c->gate->config->status_base, c->desk.arena, &cwt, &c->err);
		if (rc == RC_OK)
			rc = kept_put(c, k, (uint32_t)number, type, cwt);
	}
	if (rc == RC_OK) /* not for an error, which would be shown for a minute */
		http_answer_header(c->a, "Cache-Control", "public, max-age=60");
	return rc;
}

enum rc trust_get(struct call *c)
{
	struct bytes json;
	if (kept_get(c, &c->gate->trust, 0, "application/json"))
		return RC_OK;
	enum rc rc = vault_trust(c->desk.vault, c->desk.arena, &json, &c->err);
	return rc == RC_OK ? kept_put(c, &c->gate->trust, 0, "application/json", json) : rc;
}

enum rc authority_get(struct call *c)
{
	struct bytes pem = c->gate->config->authority;
	if (!pem.len)
		return RC_NOT_FOUND;
	http_answer_header(c->a, "Content-Disposition", "attachment; filename=\"civis-office.crt\"");
	return call_bytes(c, 200, "application/x-x509-ca-cert", pem);
}

/* ---- health ---- */

enum rc health(struct call *c)
{
	bool matcher = false;
	const char *country;
	enum rc rc = store_meta_get(c->desk.reader, "country", c->desk.arena, &country, &c->err);
	if (rc != RC_OK)
		return rc;
	rc = vault_ping(c->desk.vault, &matcher, &c->err);
	if (rc != RC_OK)
		return RC_VAULT_DOWN;
	const struct gate *g = c->gate;
	const char *sequencer = atomic_load(&g->sequencing) ? "here" : atomic_load(&g->sequencer_known) ? "elsewhere" : "nowhere";
	return call_json(c, 200, json_pack("{s:s,s:b,s:b,s:b,s:s,s:I}", "status", "ok", "vault", true, "matcher", matcher, "read_only",
	                                   gate_is_read_only(g), "sequencer", sequencer,
	                                   "errands_open", (json_int_t)atomic_load(&g->errands_open)));
}
