/* SPDX-License-Identifier: MPL-2.0 */
#include "gate/call.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "codec/json.h"
#include "crypto/crypto.h"
#include "gate/state.h"

const char *call_parameter(struct call *c, size_t i)
{
	struct buf b = BUF_INIT(GUARD_PATH_MAX);
	const char *out = "";
	if (i < c->match->count && guard_decode(c->match->parameter[i], false, &b) == RC_OK) {
		char *copy = arena_str(c->desk.arena, buf_bytes(&b));
		out = copy ? copy : "";
	}
	buf_release(&b);
	return out;
}

const char *call_query(struct call *c, const char *name)
{
	struct bytes rest = c->q->head.query;
	size_t n = strlen(name);
	while (rest.len) {
		const uint8_t *amp = memchr(rest.ptr, '&', rest.len);
		struct bytes pair = bytes_slice(rest, 0, amp ? (size_t)(amp - rest.ptr) : rest.len);
		rest = bytes_slice(rest, pair.len + 1, rest.len);
		if (pair.len <= n || memcmp(pair.ptr, name, n) != 0 || pair.ptr[n] != '=')
			continue;
		struct buf b = BUF_INIT(GUARD_QUERY_MAX);
		char *out = NULL;
		if (guard_decode(bytes_slice(pair, n + 1, pair.len), true, &b) == RC_OK)
			out = arena_str(c->desk.arena, buf_bytes(&b));
		buf_release(&b);
		return out;
	}
	return NULL;
}

const char *call_header(struct call *c, const char *name)
{
	struct bytes v = guard_header(&c->q->head, name);
	return v.ptr ? arena_str(c->desk.arena, v) : NULL;
}

bool call_unchanged(struct call *c, const char *tag)
{
	const char *has = call_header(c, "If-None-Match");
	http_answer_header(c->a, "ETag", tag);
	http_answer_header(c->a, "Vary", "Accept-Encoding");
	if (!has || (strcmp(has, "*") != 0 && !strstr(has, strchr(tag, '"'))))
		return false;
	c->a->status = 304;
	return true;
}

bool call_takes(struct call *c, const char *coding)
{
	size_t len = strlen(coding);
	for (const char *p = call_header(c, "Accept-Encoding"); p && *p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
		p += strspn(p, " \t");
		if (strncasecmp(p, coding, len) != 0 || (p[len] && !strchr(" \t;,", p[len])))
			continue;
		const char *end = p + strcspn(p, ","), *q = strstr(p, "q=");
		return !q || q >= end || strspn(q + 2, "0.") != strcspn(q + 2, " \t,");
	}
	return false;
}

bool call_is_known(struct call *c)
{
	return c->signed_in || guard_header(&c->q->head, "Tracking-Secret").len > 0;
}

enum rc call_id(struct call *c, size_t i, struct id *ret)
{
	if (i >= c->match->count || id_parse(c->match->parameter[i], ret) != RC_OK)
		return RC_NOT_FOUND;
	return RC_OK;
}

enum rc call_wrong(struct call *c, const char *pointer, const char *code, size_t limit)
{
	const char *copy = arena_str(c->desk.arena, bytes_str(pointer));
	if (copy && c->field_count < CALL_FIELDS_MAX)
		c->fields[c->field_count++] = (struct call_field){copy, code, limit};
	return RC_INVALID;
}

const char *call_text(struct call *c, const char *name, size_t max, bool required)
{
	json_t *v = json_object_get(c->body, name);
	char pointer[64];
	snprintf(pointer, sizeof pointer, "/%s", name);
	if (!v || json_is_null(v)) {
		if (required)
			(void)call_wrong(c, pointer, "required", 0);
		return NULL;
	}
	if (!json_is_string(v)) {
		(void)call_wrong(c, pointer, "wrong_type", 0);
		return NULL;
	}
	size_t len = json_string_length(v);
	if (len == 0 || len > max) {
		(void)call_wrong(c, pointer, len ? "too_long" : "required", max);
		return NULL;
	}
	return json_string_value(v);
}

enum { POINTER_NAME_MAX = 60 };

static bool in_list(const char *names, const char *name)
{
	size_t n = strlen(name);
	for (const char *at = names; *at;) {
		size_t len = strcspn(at, " ");
		if (len == n && memcmp(at, name, n) == 0)
			return true;
		at += len + strspn(at + len, " ");
	}
	return false;
}

/* A member's name as a JSON pointer's segment (RFC 6901), cut between characters. */
static const char *pointer_to(struct call *c, const char *name)
{
	struct buf b = BUF_INIT(256);
	size_t n = strlen(name) > POINTER_NAME_MAX ? POINTER_NAME_MAX : strlen(name);
	while (n && name[n] && ((unsigned char)name[n] & 0xc0) == 0x80)
		n--;
	buf_byte(&b, '/');
	for (size_t i = 0; i < n; i++) {
		if (name[i] == '~')
			buf_str(&b, "~0");
		else if (name[i] == '/')
			buf_str(&b, "~1");
		else
			buf_byte(&b, (uint8_t)name[i]);
	}
	char *out = arena_str(c->desk.arena, buf_bytes(&b));
	buf_release(&b);
	return out;
}

void call_known(struct call *c, const char *names)
{
	const char *name;
	json_t *v;
	json_object_foreach(c->body, name, v) {
		if (in_list(names, name))
			continue;
		const char *pointer = pointer_to(c, name);
		if (pointer)
			(void)call_wrong(c, pointer, "unknown_field", 0);
	}
}

enum rc call_json(struct call *c, int status, json_t *j)
{
	if (!j)
		return RC_NO_MEMORY;
	bool made = json_append(j, 0, &c->a->body);
	json_decref(j);
	if (!made)
		return RC_NO_MEMORY;
	c->a->status = status;
	c->a->type = "application/json";
	return RC_OK;
}

enum rc call_bytes(struct call *c, int status, const char *type, struct bytes body)
{
	buf_append(&c->a->body, body);
	c->a->status = status;
	c->a->type = type;
	return buf_failed(&c->a->body) ? RC_NO_MEMORY : RC_OK;
}

enum rc call_replay(struct call *c, const struct store_result *r)
{
	char etag[32];
	if (r->version) {
		snprintf(etag, sizeof etag, "\"%llu\"", (unsigned long long)r->version);
		http_answer_header(c->a, "ETag", etag);
	}
	http_answer_header(c->a, "Idempotency-Replayed", "true");
	return call_bytes(c, r->status, "application/json", bytes_of(r->response, r->response_len));
}

const char *call_principal(struct call *c, struct id case_id)
{
	char id[ID_TEXT_SIZE];
	id_format(c->signed_in ? c->session.staff.id : case_id, id);
	return arena_printf(c->desk.arena, "%s:%s", c->signed_in ? "staff" : "family", id);
}

enum rc call_request(struct call *c, const char *principal, int status, struct store_request *ret)
{
	if (!principal)
		return RC_NO_MEMORY;
	struct sha256 h;
	uint8_t digest[HASH_SIZE];
	sha256_init(&h);
	sha256_update(&h, bytes_str(http_method_name(c->q->head.method)));
	sha256_update(&h, BYTES_LIT(" "));
	sha256_update(&h, c->q->head.path);
	sha256_update(&h, BYTES_LIT("\n"));
	sha256_update(&h, c->q->body);
	*ret = (struct store_request){.principal = principal, .key = c->key, .now = c->desk.now, .status = status};
	sha256_final(&h, digest);
	/* A declaration could be guessed from its bare digest by whoever has the database. */
	enum rc rc = gate_digest(c->gate, c->desk.vault, BYTES_ARRAY(digest), ret->body_hash, &c->err);
	wipe(digest, sizeof digest);
	return rc;
}

json_t *json_id(struct id id)
{
	char text[ID_TEXT_SIZE];
	if (id_is_zero(id))
		return json_null();
	id_format(id, text);
	return json_string(text);
}

json_t *json_instant(int64_t utc_us)
{
	char text[INSTANT_TEXT_SIZE];
	if (!utc_us)
		return json_null();
	instant_format(utc_us, text);
	return json_string(text);
}

json_t *json_text(const char *s)
{
	return s && s[0] ? json_string(s) : json_null();
}
