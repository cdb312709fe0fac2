/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Parcels: what an officer finished without a network (docs/formats/parcel.md).
 * The vault opens one; the request inside then goes the way of every request,
 * as one of the officer who is signed in.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "codec/json.h"
#include "crypto/hpke.h"
#include "gate/handlers.h"
#include "gate/state.h"

/* ---- the key ---- */

static json_t *text_of(void (*encode)(struct buf *out, struct bytes in), struct bytes in)
{
	struct buf b = BUF_INIT(256);
	encode(&b, in);
	const char *text = buf_cstr(&b);
	json_t *j = text ? json_string(text) : NULL;
	buf_release(&b);
	return j;
}

enum rc parcel_key_get(struct call *c)
{
	struct vault_parcel_key key;
	enum rc rc = vault_parcel_key(c->desk.vault, &key, &c->err);
	if (rc != RC_OK)
		return rc;
	return call_json(c, 200, json_pack("{s:o,s:{s:i,s:i,s:i},s:o,s:o,s:o,s:o}", "kid", text_of(hex_encode, BYTES_ARRAY(key.id)),
	                                   "suite", "kem", HPKE_KEM_P256, "kdf", HPKE_KDF_SHA256, "aead", HPKE_AES_256_GCM,
	                                   "key", text_of(base64url_encode, BYTES_ARRAY(key.point)), "deployment",
	                                   json_id(key.deployment), "not_before", json_instant(key.from), "not_after",
	                                   json_instant(key.to)));
}

/* ---- opening ---- */

enum rc parcel_open(struct call *c, enum parcel_kind kind, struct bytes parcel, struct buf *out)
{
	enum rc rc = vault_open_parcel(c->desk.vault, c->desk.token, kind, parcel, out, &c->err);
	if (rc == RC_NOT_FOUND) { /* what is there is the parcel; only its key is not */
		c->code = "parcel_key_unknown";
		return err_set(&c->err, RC_SIGNATURE, "parcel", "the parcel was not sealed to a key of this register");
	}
	if (rc == RC_SIGNATURE)
		c->code = "parcel_not_opened";
	else if (rc == RC_FORMAT)
		c->code = "parcel_unreadable";
	return rc;
}

/* ---- the request inside ---- */

struct inside {
	const char *method, *path, *key;
	json_t *match, *body; /* borrowed */
	struct desk_finished finished;
};

static enum rc unreadable(struct call *c)
{
	c->code = "parcel_unreadable";
	return err_set(&c->err, RC_FORMAT, "parcel", "what is in the parcel is not a request");
}

static enum rc read_inside(struct call *c, struct bytes plain, struct inside *ret)
{
	const char *made_at, *staff;
	c->body = json_loadb((const char *)plain.ptr, plain.len, JSON_REJECT_DUPLICATES, NULL);
	if (!c->body || json_unpack_ex(c->body, NULL, JSON_STRICT, "{s:s,s:s,s:{s:s,s:s,s:s,s:o,s:o}}", "made_at", &made_at,
	                               "staff", &staff, "request", "method", &ret->method, "path", &ret->path, "key", &ret->key,
	                               "match", &ret->match, "body", &ret->body) != 0)
		return unreadable(c);
	bool matches = json_is_null(ret->match) || (json_is_integer(ret->match) && json_integer_value(ret->match) > 0);
	if (!matches || !json_is_object(ret->body) || id_parse(bytes_str(staff), &ret->finished.staff) != RC_OK ||
	    !instant_parse(made_at, strlen(made_at), &ret->finished.at))
		return unreadable(c);
	return RC_OK;
}

/* Opening a case and moving one: what an officer does at a family's table, and nothing else. */
static enum rc find_route(struct call *c, const struct inside *in, struct route_match *ret)
{
	bool good = strcmp(in->method, "POST") == 0 && in->path[0] == '/' && strlen(in->path) <= GUARD_PATH_MAX;
	enum rc rc = good ? route_find(HTTP_POST, bytes_str(in->path), ret, NULL) : RC_METHOD;
	if (rc == RC_OK && ret->route->flags & ROUTE_IN_PARCEL)
		return RC_OK;
	return call_wrong(c, "/request/path", "not_a_choice", 0);
}

static void add_header(struct http_head *head, const char *name, struct bytes value)
{
	if (value.ptr)
		head->headers[head->header_count++] = (struct http_header){bytes_str(name), value};
}

/* The same request as if it had come alone: who sends it signed in, and reads the answer. */
static enum rc handle_inside(struct call *c, const struct inside *in)
{
	char match[32];
	struct route_match m;
	struct http_request q = *c->q;
	const struct http_head *outer = &c->q->head;
	enum rc rc = find_route(c, in, &m);
	if (rc != RC_OK)
		return rc;
	snprintf(match, sizeof match, "\"%" PRId64 "\"", (int64_t)json_integer_value(in->match));
	q.head = (struct http_head){.method = HTTP_POST, .path = bytes_str(in->path)};
	add_header(&q.head, "Authorization", guard_header(outer, "Authorization"));
	add_header(&q.head, "Accept-Language", guard_header(outer, "Accept-Language"));
	add_header(&q.head, "Content-Type", BYTES_LIT("application/json"));
	add_header(&q.head, "Idempotency-Key", bytes_str(in->key));
	if (!json_is_null(in->match))
		add_header(&q.head, "If-Match", bytes_str(match));
	struct buf body = BUF_INIT(m.route->body_max);
	if (!json_append(in->body, 0, &body))
		rc = RC_TOO_LARGE;
	q.body = buf_bytes(&body);
	if (rc == RC_OK)
		route_serve(c->gate, c->worker, &q, c->a, &m, &in->finished);
	buf_release(&body);
	return rc;
}

static enum rc read_parcel(struct call *c, struct inside *ret)
{
	struct buf plain = BUF_INIT(PARCEL_REQUEST_SIZE_MAX);
	if (!bytes_equal(guard_header(&c->q->head, "Content-Type"), BYTES_LIT("application/octet-stream")))
		return RC_MEDIA_TYPE;
	enum rc rc = parcel_open(c, PARCEL_REQUEST, c->q->body, &plain);
	if (rc == RC_OK)
		rc = read_inside(c, buf_bytes(&plain), ret);
	buf_release(&plain);
	return rc;
}

enum rc parcel_take(struct call *c)
{
	struct inside in = {0};
	enum rc rc = read_parcel(c, &in);
	if (rc == RC_OK)
		rc = handle_inside(c, &in);
	if (rc == RC_OK)
		log_info("parcel_taken", LOG_ID("staff", c->session.staff.id), LOG_INT("status", c->a->status));
	return rc;
}

/* ---- what was refused, back to who finished it ---- */

/* Refused as it is, and not for now. */
static bool is_refused(int status)
{
	return status >= 400 && status < 500 && status != 401 && status != 408 && status != 429;
}

static enum rc give_back(struct call *c, const struct inside *in, struct bytes said)
{
	json_t *problem = json_loadb((const char *)said.ptr, said.len, 0, NULL);
	if (!problem)
		return RC_NO_MEMORY;
	buf_reset(&c->a->body);
	log_info("parcel_given_back", LOG_ID("staff", c->session.staff.id), LOG_INT("status", c->a->status));
	return call_json(c, 200, json_pack("{s:o,s:{s:s,s:O,s:O},s:o}", "made_at", json_instant(in->finished.at), "request", "path",
	                                   in->path, "match", in->match, "body", in->body, "problem", problem));
}

enum rc parcel_opened(struct call *c)
{
	struct inside in = {0};
	enum rc rc = read_parcel(c, &in);
	if (rc != RC_OK)
		return rc;
	if (!id_equal(in.finished.staff, c->session.staff.id)) {
		c->code = "parcel_of_another";
		return err_set(&c->err, RC_FORBIDDEN, "parcel", "only who finished a parcel has it given back");
	}
	/* Whether it is refused is not asked of anybody's memory: it is sent once more. */
	rc = handle_inside(c, &in);
	if (rc != RC_OK || (c->a->status >= 400 && !is_refused(c->a->status)))
		return rc;
	buf_reset(&c->a->headers);
	if (is_refused(c->a->status))
		return give_back(c, &in, buf_bytes(&c->a->body));
	c->code = "parcel_taken";
	return err_set(&c->err, RC_STATE, "parcel", "what is in the parcel has been taken");
}
