/* SPDX-License-Identifier: MPL-2.0 */
/* /openapi.json: made from the route table, schemas.json and the country's forms. */
#include "gate/describe.h"

#include <stdio.h>
#include <string.h>

#include "gate/handlers.h"
#include "gate/schemas.h"
#include "gate/state.h"

/* ---- lists of names with a space between ---- */

static const char *name_at(const char *list, size_t *ret_len)
{
	const char *at = list ? list + strspn(list, " ") : "";
	*ret_len = strcspn(at, " ");
	return at;
}

#define EACH_NAME(name, len, list) \
	for (const char *name = name_at(list, &(len)); (len); name = name_at(name + (len), &(len)))

/* ---- bodies ---- */

json_t *describe_ref(const char *section, const char *name, size_t len)
{
	char ref[160];
	snprintf(ref, sizeof ref, "#/components/%s/%.*s", section, (int)len, name);
	return json_pack("{s:s}", "$ref", ref);
}

/* A schema's name, or a media type with its bytes. */
static void add_content(json_t *to, const char *what, size_t len)
{
	if (!memchr(what, '/', len))
		json_object_set_new(to, "application/json", json_pack("{s:o}", "schema", describe_ref("schemas", what, len)));
	else if (strncmp(what, "text/", 5) == 0)
		json_object_setn_new(to, what, len, json_pack("{s:{s:s}}", "schema", "type", "string"));
	else if (bytes_equal(bytes_of(what, len), BYTES_LIT("application/json")))
		json_object_setn_new(to, what, len, json_pack("{s:{s:s}}", "schema", "type", "object"));
	else
		json_object_setn_new(to, what, len, json_pack("{s:{s:s,s:s}}", "schema", "type", "string", "format", "binary"));
}

static json_t *content(const char *list)
{
	json_t *all = json_object();
	size_t len;
	EACH_NAME(what, len, list)
		add_content(all, what, len);
	return all;
}

/* Whether something has to be sent: a body without any member that is needed may be left out. */
static bool is_body_needed(const json_t *schemas, const char *request)
{
	const json_t *schema = json_object_get(schemas, request);
	return !json_is_object(json_object_get(schema, "properties")) || json_array_size(json_object_get(schema, "required")) > 0;
}

/* ---- parameters ---- */

/* That of the route ("case_list.after"), else that of every route ("after"). */
static void add_parameter(json_t *to, const json_t *known, const struct route *r, const char *in, const char *name, size_t len)
{
	char own[96];
	snprintf(own, sizeof own, "%s.%.*s", r->name, (int)len, name);
	const json_t *what = json_object_get(json_object_get(known, in), own);
	if (!what)
		what = json_object_getn(json_object_get(known, in), name, len);
	json_t *p = json_pack("{s:s,s:s%,s:b}", "in", in, "name", name, len, "required", strcmp(in, "path") == 0);
	json_object_update(p, (json_t *)(uintptr_t)what);
	json_array_append_new(to, p);
}

static void add_header(json_t *to, const json_t *known, const struct route *r, const char *name, bool required)
{
	add_parameter(to, known, r, "header", name, strlen(name));
	json_object_set_new(json_array_get(to, json_array_size(to) - 1), "required", json_boolean(required));
}

static json_t *parameters(const json_t *known, const struct route *r)
{
	json_t *list = json_array();
	size_t len;
	for (const char *open = r->path; (open = strchr(open, '{')); open++)
		add_parameter(list, known, r, "path", open + 1, strcspn(open + 1, "+}"));
	EACH_NAME(name, len, r->query)
		add_parameter(list, known, r, "query", name, len);
	EACH_NAME(name, len, r->reads)
		add_parameter(list, known, r, "header", name, len);
	if (r->flags & (ROUTE_KEY | ROUTE_KEY_MAY))
		add_header(list, known, r, "Idempotency-Key", r->flags & ROUTE_KEY);
	if (r->flags & ROUTE_MATCH)
		add_header(list, known, r, "If-Match", true);
	if (r->flags & (ROUTE_PURPOSE | ROUTE_PURPOSE_MAY))
		add_header(list, known, r, "Civis-Purpose", r->flags & ROUTE_PURPOSE);
	if (r->flags & ROUTE_TUS)
		add_header(list, known, r, "Tus-Resumable", true);
	if (r->flags & ROUTE_SECRET)
		add_header(list, known, r, "Tracking-Secret", false);
	json_array_append_new(list, describe_ref("parameters", "Accept-Language", strlen("Accept-Language")));
	return list;
}

/* ---- answers ---- */

static void add_given(json_t *to, const char *name, size_t len)
{
	json_object_setn_new(to, name, len, describe_ref("headers", name, len));
}

static json_t *answer(const struct route *r)
{
	json_t *given = json_object(), *j = json_pack("{s:s}", "description", r->summary);
	size_t len;
	EACH_NAME(name, len, r->gives)
		add_given(given, name, len);
	if (r->flags & (ROUTE_KEY | ROUTE_KEY_MAY))
		add_given(given, "Idempotency-Replayed", strlen("Idempotency-Replayed"));
	if (r->flags & ROUTE_TUS)
		add_given(given, "Tus-Resumable", strlen("Tus-Resumable"));
	if (json_object_size(given))
		json_object_set(j, "headers", given);
	json_decref(given);
	if (r->response)
		json_object_set_new(j, "content", content(r->response));
	return j;
}

/* Whatever was refused, on any route. */
static json_t *problem_response(void)
{
	static const char names[] = "Retry-After Content-Language WWW-Authenticate Allow Tus-Version";
	json_t *given = json_object();
	size_t len;
	EACH_NAME(name, len, names)
		add_given(given, name, len);
	return json_pack("{s:s,s:o,s:{s:{s:o}}}", "description", "Why it was refused", "headers", given, "content",
	                 "application/problem+json", "schema", describe_ref("schemas", "Problem", strlen("Problem")));
}

/* ---- operations ---- */

static json_t *roles_json(unsigned roles)
{
	json_t *list = json_array();
	for (int i = ROLE_FAMILY; i < ROLE_END; i++)
		if (roles & 1u << i)
			json_array_append_new(list, json_string(role_name((enum role)i)));
	return list;
}

/* Any one of these is enough: a session; a secret, or nothing, where a family needs no account. */
static json_t *security(const struct route *r)
{
	json_t *list = json_array();
	if (r->roles)
		json_array_append_new(list, json_pack("{s:[]}", "session"));
	if (r->roles & ROLE_BIT_FAMILY)
		json_array_append_new(list, r->flags & ROUTE_SECRET ? json_pack("{s:[]}", "trackingSecret") : json_object());
	return list;
}

static json_t *operation(const json_t *file, const struct route *r)
{
	const json_t *known = json_object_get(file, "parameters"), *schemas = json_object_get(file, "schemas");
	char status[8];
	snprintf(status, sizeof status, "%d", r->status);
	json_t *op = json_pack("{s:s,s:s,s:o,s:o,s:{s:o,s:{s:s}}}", "operationId", r->name, "summary", r->summary, "security",
	                       security(r), "parameters", parameters(known, r), "responses", status, answer(r), "default",
	                       "$ref", "#/components/responses/Problem");
	if (r->reads && strstr(r->reads, "If-None-Match"))
		json_object_set_new(json_object_get(op, "responses"), "304",
		                    json_pack("{s:s,s:{s:o}}", "description", "It is as it was", "headers", "ETag",
		                              describe_ref("headers", "ETag", strlen("ETag"))));
	for (size_t i = 0; r->handle == parcel_take && i < route_count; i++)
		if (routes[i].flags & ROUTE_IN_PARCEL) { /* what is inside is answered as if it had come alone */
			snprintf(status, sizeof status, "%d", routes[i].status);
			json_object_set_new(json_object_get(op, "responses"), status, answer(&routes[i]));
		}
	if (r->request)
		json_object_set_new(op, "requestBody", json_pack("{s:b,s:o}", "required", is_body_needed(schemas, r->request),
		                                                 "content", content(r->request)));
	if (r->roles)
		json_object_set_new(op, "x-roles", roles_json(r->roles));
	if (r->purpose)
		json_object_set_new(op, "x-purpose", json_string(r->purpose));
	if (r->body_max)
		json_object_set_new(op, "x-body-limit", json_integer((json_int_t)r->body_max));
	return op;
}

/* OpenAPI has no path parameter that spans segments: {path+} is written {path}. */
void describe_path(const struct route *r, char *out, size_t size)
{
	size_t n = 0;
	for (const char *p = r->path; *p && n + 1 < size; p++)
		if (*p != '+')
			out[n++] = *p;
	out[n] = 0;
}

void describe_method(const struct route *r, char *out, size_t size)
{
	snprintf(out, size, "%s", http_method_name(r->method));
	for (char *p = out; *p; p++)
		*p = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
}

static json_t *paths(const json_t *file)
{
	json_t *all = json_object();
	for (size_t i = 0; i < route_count; i++) {
		char path[160], method[16];
		if (routes[i].flags & ROUTE_QUIET)
			continue;
		describe_path(&routes[i], path, sizeof path);
		if (!json_object_get(all, path))
			json_object_set_new(all, path, json_object());
		describe_method(&routes[i], method, sizeof method);
		json_object_set_new(json_object_get(all, path), method, operation(file, &routes[i]));
	}
	return all;
}

json_t *describe_openapi(const struct pack *pack)
{
	json_t *file = json_loads(gate_schemas_json, JSON_REJECT_DUPLICATES, NULL);
	json_t *schemas = json_object_get(file, "schemas"), *known = json_object_get(file, "parameters");
	describe_forms(pack, schemas);
	json_t *language = json_pack("{s:s,s:s,s:b}", "in", "header", "name", "Accept-Language", "required", false);
	json_object_update(language, json_object_get(json_object_get(known, "header"), "Accept-Language"));
	json_t *j = json_pack(
		"{s:s,s:{s:s,s:s,s:s,s:{s:s,s:s}},s:[{s:s}],s:o,s:{s:O,s:{s:o},s:O,s:{s:{s:s,s:s,s:s},s:{s:s,s:s,s:s,s:s}},s:{s:o}}}",
		"openapi", "3.1.0", "info", "title", "civis", "version", "0.1.0", "description",
		"The civil register. Errors are application/problem+json with a stable code. "
		"HEAD is answered where GET opens nothing personal.", "license", "name", "MPL-2.0", "identifier", "MPL-2.0",
		"servers", "url", "/", "paths", paths(file), "components", "schemas", schemas, "parameters",
		"Accept-Language", language, "headers", json_object_get(file, "headers"), "securitySchemes",
		"session", "type", "http", "scheme", "bearer", "description", "The token of session_create",
		"trackingSecret", "type", "apiKey", "in", "header", "name", "Tracking-Secret", "description",
		"A family's own secret for one case", "responses", "Problem", problem_response());
	json_decref(file);
	return j;
}

enum rc openapi(struct call *c)
{
	return call_json(c, 200, describe_openapi(c->desk.pack));
}
