/* SPDX-License-Identifier: MPL-2.0 */
/* From a request to its handler: route, session, role, headers, body; and problems back. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "country/strings.h"
#include "crypto/crypto.h"
#include "gate/call.h"
#include "gate/handlers.h"
#include "gate/problem.h"
#include "gate/state.h"

/* ---- route_find ---- */

static struct bytes next_segment(struct bytes *path)
{
	/* path begins with '/' */
	struct bytes rest = bytes_slice(*path, 1, path->len);
	const uint8_t *slash = rest.len ? memchr(rest.ptr, '/', rest.len) : NULL;
	struct bytes segment = bytes_slice(rest, 0, slash ? (size_t)(slash - rest.ptr) : rest.len);
	*path = bytes_slice(rest, segment.len, rest.len);
	return segment;
}

/* How well the path fits: 0 not, else greater with more literal segments. */
static unsigned fit(const struct route *r, struct bytes path, struct route_match *m)
{
	struct bytes template = bytes_str(r->path);
	unsigned score = 1;
	m->count = 0;
	while (template.len && path.len) {
		struct bytes want = next_segment(&template), whole = path;
		struct bytes got = next_segment(&path);
		bool parameter = want.len > 2 && want.ptr[0] == '{';
		if (parameter && m->count == ROUTE_PARAMETERS_MAX)
			return 0;
		if (parameter && want.ptr[want.len - 2] == '+') {
			m->parameter[m->count++] = bytes_slice(whole, 1, whole.len);
			return whole.len > 1 ? score : 0;
		}
		if (parameter && got.len)
			m->parameter[m->count++] = got;
		else if (!parameter && bytes_equal(want, got))
			score += 16;
		else
			return 0;
	}
	return template.len || path.len ? 0 : score;
}

/* A look is recorded, and a certificate issued, for an answer that somebody reads: there HEAD is not GET. */
static bool answers(const struct route *r, enum http_method method)
{
	return r->method == method || (method == HTTP_HEAD && r->method == HTTP_GET && !r->purpose);
}

enum rc route_find(enum http_method method, struct bytes path, struct route_match *ret, unsigned *ret_allow)
{
	unsigned best = 0, allow = 0;
	for (size_t i = 0; i < route_count; i++) {
		struct route_match m = {.route = &routes[i]};
		unsigned score = fit(&routes[i], path, &m);
		if (!score)
			continue;
		for (int other = 0; other < HTTP_METHOD_COUNT; other++)
			allow |= answers(&routes[i], (enum http_method)other) ? 1u << other : 0;
		if (answers(&routes[i], method) && score > best) {
			best = score;
			*ret = m;
		}
	}
	if (ret_allow)
		*ret_allow = allow;
	return best ? RC_OK : allow ? RC_METHOD : RC_NOT_FOUND;
}

/* ---- before the handler ---- */

static const char *language_of(const struct gate *g, const struct http_head *head)
{
	char text[256];
	struct bytes v = guard_header(head, "Accept-Language");
	if (!v.len || v.len >= sizeof text)
		return "en";
	memcpy(text, v.ptr, v.len);
	text[v.len] = 0;
	return strings_language(g->config->pack, text, "en");
}

static bool is_key(struct bytes v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.ptr[i] <= 0x20 || v.ptr[i] >= 0x7f)
			return false;
	return v.len > 0 && v.len <= 64;
}

static enum rc read_headers(struct call *c)
{
	const struct route *r = c->match->route;
	struct bytes key = guard_header(&c->q->head, "Idempotency-Key"), match = guard_header(&c->q->head, "If-Match");
	if (key.ptr && !is_key(key))
		return err_set(&c->err, RC_BAD_REQUEST, "Idempotency-Key", "Idempotency-Key: 1 to 64 printable ASCII characters");
	if (!key.ptr && r->flags & ROUTE_KEY)
		return RC_REQUEST_ID_MISSING;
	if (key.ptr && !(c->key = arena_str(c->desk.arena, key)))
		return RC_NO_MEMORY;
	if (match.ptr) {
		bool quoted = match.len > 2 && match.ptr[0] == '"' && match.ptr[match.len - 1] == '"';
		if (!quoted || u64_parse(bytes_slice(match, 1, match.len - 2), INT64_MAX, &c->if_match) != RC_OK || !c->if_match)
			return err_set(&c->err, RC_MATCH_FAILED, "If-Match", "If-Match is the ETag of the case as last read");
	} else if (r->flags & ROUTE_MATCH) {
		return RC_MATCH_REQUIRED;
	}
	return RC_OK;
}

static bool is_json_type(struct bytes type)
{
	static const char want[] = "application/json";
	size_t n = sizeof want - 1;
	return type.len >= n && strncasecmp((const char *)type.ptr, want, n) == 0 &&
	       (type.len == n || type.ptr[n] == ';' || type.ptr[n] == ' ');
}

static enum rc read_body(struct call *c)
{
	struct bytes b = c->q->body;
	json_error_t wrong;
	if (!(c->match->route->flags & ROUTE_JSON))
		return RC_OK;
	if (b.len && !is_json_type(guard_header(&c->q->head, "Content-Type")))
		return RC_MEDIA_TYPE;
	if (memchr(b.ptr ? b.ptr : (const uint8_t *)"", 0, b.len))
		return err_set(&c->err, RC_BAD_JSON, "", "the body holds a NUL");
	c->body = b.len ? json_loadb((const char *)b.ptr, b.len, JSON_REJECT_DUPLICATES, &wrong) : json_object();
	if (!c->body && b.len)
		return err_set(&c->err, RC_BAD_JSON, "", "line %d, column %d", wrong.line, wrong.column);
	if (!c->body)
		return RC_NO_MEMORY;
	return json_is_object(c->body) ? RC_OK : err_set(&c->err, RC_BAD_JSON, "", "the body is not an object");
}

static enum rc check_role(struct call *c)
{
	const struct route *r = c->match->route;
	if (r->flags & ROUTE_SIGN_IN &&
	    !throttle_take(&c->gate->sign_in_pace, c->q->peer, clock_monotonic_us(), &c->retry_after))
		return RC_THROTTLED;
	if (r->roles == ROLES_ANYONE)
		return RC_OK;
	struct bytes header = guard_header(&c->q->head, "Authorization");
	if (!header.ptr) {
		if (!(r->roles & ROLE_BIT_FAMILY))
			return RC_UNAUTHENTICATED;
		if (r->flags & ROUTE_THROTTLED &&
		    !throttle_take(&c->gate->throttle, c->q->peer, clock_monotonic_us(), &c->retry_after))
			return RC_THROTTLED;
		return RC_OK;
	}
	enum rc rc = session_of(c, header);
	if (rc != RC_OK)
		return rc;
	return r->roles & 1u << c->session.staff.role ? RC_OK : RC_FORBIDDEN;
}

/* Until the store is known to agree with its log, nothing is acknowledged; without the vault nobody can say. */
static bool must_wait(const struct call *c)
{
	enum http_method method = c->q->head.method;
	return method != HTTP_GET && method != HTTP_HEAD && method != HTTP_OPTIONS && !atomic_load(&c->gate->compared);
}

static enum rc run(struct call *c)
{
	const struct route *r = c->match->route;
	enum rc rc = must_wait(c) ? RC_VAULT_DOWN : check_role(c);
	if (rc == RC_OK)
		rc = read_headers(c);
	if (rc == RC_OK)
		rc = read_body(c);
	return rc == RC_OK ? r->handle(c) : rc;
}

/* ---- the server's questions ---- */

enum { ANONYMOUS_BODY_MAX = 64 * 1024 };

static void answer_problem(struct call *c, enum rc rc)
{
	struct problem p = {
		.rc = rc, .code = c->code, .language = c->language, .pack = c->gate->config->pack,
		.fields = c->fields, .field_count = c->field_count, .retry_after = c->retry_after,
		.detail = rc_http(rc) < 500 && c->err.code == rc ? c->err.text : NULL,
	};
	problem_answer(c->a, &p);
	if (rc_http(rc) == 500)
		log_error("request_failed", LOG_WORD("route", c->match->route->name), LOG_RC(rc), LOG_WHY(&c->err));
}

void route_serve(struct gate *g, unsigned worker, const struct http_request *q, struct http_answer *a,
                 const struct route_match *m, const struct desk_finished *finished)
{
	struct call *c = calloc(1, sizeof *c);
	struct arena *arena = arena_new(CALL_ARENA_MAX);
	if (!c || !arena) {
		gate_http_handler.refuse(g, RC_NO_MEMORY, a);
		free(c);
		arena_free(&arena);
		return;
	}
	c->gate = g;
	c->worker = worker;
	c->q = q;
	c->a = a;
	c->match = m;
	c->language = language_of(g, &q->head);
	c->desk = (struct desk){
		.store = g->store, .reader = g->seats[worker].reader, .vault = g->seats[worker].vault,
		.pack = g->config->pack, .node = g->node, .arena = arena,
		.finished = finished, .now = clock_now_us(), .err = &c->err,
	};
	enum rc rc = run(c);
	if (rc != RC_OK)
		answer_problem(c, rc);
	route_used(g->uses, m->route, a->status, clock_monotonic_us() - q->received_us);
	json_decref(c->body);
	wipe(c, sizeof *c);
	free(c);
	arena_free(&arena);
}

static void handle(void *ctx, unsigned worker, const struct http_request *q, struct http_answer *a)
{
	struct route_match m;
	if (route_find(q->head.method, q->head.path, &m, NULL) == RC_OK)
		route_serve(ctx, worker, q, a, &m, NULL);
	else
		gate_http_handler.refuse(ctx, RC_NOT_FOUND, a);
}

static void refuse_as(struct gate *g, const char *language, enum rc why, struct http_answer *a)
{
	struct problem p = {.rc = why, .language = language, .pack = g->config->pack};
	problem_answer(a, &p);
}

static void put_allow(struct http_answer *a, unsigned allow)
{
	char text[96] = "";
	for (int m = 0; m < HTTP_METHOD_COUNT; m++)
		if (allow & 1u << m)
			snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", text[0] ? ", " : "",
			         http_method_name((enum http_method)m));
	http_answer_header(a, "Allow", text);
}

static size_t admit(void *ctx, const struct http_head *head, uint64_t peer, struct http_answer *refusal)
{
	struct gate *g = ctx;
	struct route_match m;
	unsigned allow;
	(void)peer;
	enum rc rc = route_find(head->method, head->path, &m, &allow);
	/* Nobody sends much without saying who they are. */
	if (rc == RC_OK && head->content_length > ANONYMOUS_BODY_MAX && !guard_header(head, "Authorization").len &&
	    !guard_header(head, "Tracking-Secret").len)
		rc = m.route->body_max > ANONYMOUS_BODY_MAX ? RC_UNAUTHENTICATED : RC_TOO_LARGE;
	if (rc == RC_OK)
		return m.route->body_max;
	refuse_as(g, language_of(g, head), rc, refusal);
	if (rc == RC_METHOD)
		put_allow(refusal, allow);
	return 0;
}

/* Of an upload, what came before the line broke counts. */
static bool keeps_cut(void *ctx, const struct http_head *head)
{
	struct route_match m;
	(void)ctx;
	return route_find(head->method, head->path, &m, NULL) == RC_OK && m.route->handle == upload_patch;
}

static void refuse(void *ctx, enum rc why, struct http_answer *a)
{
	refuse_as(ctx, "en", why, a);
}

const struct http_handler gate_http_handler = {.admit = admit, .keeps_cut = keeps_cut, .handle = handle, .refuse = refuse};
