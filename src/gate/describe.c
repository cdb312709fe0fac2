/* SPDX-License-Identifier: MPL-2.0 */
/* /openapi.json, /docs and the first page: all made from the route table. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "country/strings.h"
#include "crypto/crypto.h"
#include "gate/describe.h"
#include "gate/handlers.h"
#include "gate/schemas.h"
#include "gate/state.h"

static json_t *schema_ref(const char *name)
{
	char ref[96];
	snprintf(ref, sizeof ref, "#/components/schemas/%s", name);
	return json_pack("{s:s}", "$ref", ref);
}

/* A schema's name, or a media type with its bytes. */
static json_t *content(const char *what)
{
	if (!strchr(what, '/'))
		return json_pack("{s:{s:o}}", "application/json", "schema", schema_ref(what));
	if (strcmp(what, "application/json") == 0)
		return json_pack("{s:{s:{s:s}}}", what, "schema", "type", "object");
	return json_pack("{s:{s:{s:s}}}", what, "schema", "type", "string");
}

static void add_parameter(json_t *list, const char *in, const char *name, size_t len, bool required, const char *says)
{
	json_t *p = json_pack("{s:s,s:s%,s:b,s:{s:s}}", "in", in, "name", name, len, "required", required, "schema", "type", "string");
	if (p && says)
		json_object_set_new(p, "description", json_string(says));
	json_array_append_new(list, p);
}

static void add_path_parameters(json_t *list, const char *path)
{
	for (const char *open = path; (open = strchr(open, '{')); open++) {
		size_t len = strcspn(open + 1, "+}");
		add_parameter(list, "path", open + 1, len, true, NULL);
	}
}

static void add_header(json_t *list, const char *name, bool required, const char *says)
{
	add_parameter(list, "header", name, strlen(name), required, says);
}

static json_t *parameters(const struct route *r)
{
	json_t *list = json_array();
	add_path_parameters(list, r->path);
	for (const char *at = r->query ? r->query : ""; *at;) {
		size_t len = strcspn(at, " ");
		add_parameter(list, "query", at, len, false, NULL);
		at += len + strspn(at + len, " ");
	}
	if (r->flags & (ROUTE_KEY | ROUTE_KEY_MAY))
		add_header(list, "Idempotency-Key", r->flags & ROUTE_KEY, "A repeat with the same key and body has one effect");
	if (r->flags & ROUTE_MATCH)
		add_header(list, "If-Match", true, "The case's ETag as last read");
	if (r->flags & ROUTE_PURPOSE)
		add_header(list, "Civis-Purpose", true, "Why the record is opened; the person can see it");
	if (r->flags & ROUTE_TUS)
		add_header(list, "Tus-Resumable", false, "1.0.0");
	if (r->roles & ROLE_BIT_FAMILY && !(r->flags & ROUTE_JSON && r->status == 201))
		add_header(list, "Tracking-Secret", false, "For a family without an account");
	return list;
}

static json_t *roles_json(unsigned roles)
{
	json_t *list = json_array();
	for (int i = ROLE_FAMILY; i < ROLE_END; i++)
		if (roles & 1u << i)
			json_array_append_new(list, json_string(role_name((enum role)i)));
	return list;
}

/* OpenAPI has no path parameter that spans segments: {path+} is written {path}. */
static void openapi_path(const char *path, char *out, size_t size)
{
	size_t n = 0;
	for (; *path && n + 1 < size; path++)
		if (*path != '+')
			out[n++] = *path;
	out[n] = 0;
}

static json_t *operation(const struct route *r)
{
	char status[8];
	snprintf(status, sizeof status, "%d", r->status);
	json_t *answer = json_pack("{s:s}", "description", r->summary);
	if (r->response)
		json_object_set_new(answer, "content", content(r->response));
	json_t *op = json_pack("{s:s,s:s,s:o,s:{s:o,s:{s:s}}}", "operationId", r->name, "summary", r->summary, "parameters",
	                       parameters(r), "responses", status, answer, "default", "$ref", "#/components/responses/Problem");
	if (!op)
		return NULL;
	if (r->request)
		json_object_set_new(op, "requestBody", json_pack("{s:b,s:o}", "required", true, "content", content(r->request)));
	if (r->roles) {
		json_object_set_new(op, "x-roles", roles_json(r->roles));
		json_t *security = json_array();
		json_array_append_new(security, json_pack("{s:[]}", "session"));
		if (r->roles & ROLE_BIT_FAMILY)
			json_array_append_new(security, json_object());
		json_object_set_new(op, "security", security);
	}
	if (r->purpose)
		json_object_set_new(op, "x-purpose", json_string(r->purpose));
	if (r->body_max)
		json_object_set_new(op, "x-body-limit", json_integer((json_int_t)r->body_max));
	return op;
}

static json_t *paths(void)
{
	json_t *all = json_object();
	for (size_t i = 0; i < route_count; i++) {
		char path[160], method[16];
		if (routes[i].flags & ROUTE_QUIET)
			continue;
		openapi_path(routes[i].path, path, sizeof path);
		json_t *item = json_object_get(all, path);
		if (!item) {
			item = json_object();
			json_object_set_new(all, path, item);
		}
		snprintf(method, sizeof method, "%s", http_method_name(routes[i].method));
		for (char *p = method; *p; p++)
			*p = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
		json_object_set_new(item, method, operation(&routes[i]));
	}
	return all;
}

/* What may be declared: one schema for each kind of event that the country knows. */
static void add_declarations(const struct pack *pack, json_t *all)
{
	json_t *any = json_array();
	for (size_t i = 0; i < pack->form_count; i++) {
		char name[64];
		json_t *declaration = NULL;
		if (form_schema(pack->forms[i].form, &declaration) != RC_OK)
			continue;
		json_object_del(declaration, "$schema");
		snprintf(name, sizeof name, "Declaration.%s", pack->forms[i].kind);
		json_object_set_new(all, name, declaration);
		json_array_append_new(any, schema_ref(name));
	}
	json_object_set_new(all, "Declaration", json_pack("{s:o}", "anyOf", any));
}

static json_t *schemas(const struct pack *pack)
{
	json_t *all = json_loads(gate_schemas_json, JSON_REJECT_DUPLICATES, NULL);
	add_declarations(pack, all);
	return all;
}

json_t *describe_openapi(const struct pack *pack)
{
	return json_pack("{s:s,s:{s:s,s:s,s:s,s:{s:s,s:s}},s:o,s:{s:o,s:{s:{s:s,s:s}},s:{s:{s:s,s:{s:{s:o}}}}}}", "openapi", "3.1.0", "info",
	                 "title", "civis", "version", "0.1.0", "description",
	                 "The civil register. Errors are application/problem+json with a stable code. "
	                 "HEAD is answered where GET opens nothing personal.", "license", "name", "MPL-2.0",
	                 "identifier", "MPL-2.0", "paths", paths(), "components", "schemas", schemas(pack), "securitySchemes",
	                 "session", "type", "http", "scheme", "bearer", "responses", "Problem", "description",
	                 "Why it was refused", "content", "application/problem+json", "schema", schema_ref("Problem"));
}

enum rc openapi(struct call *c)
{
	return call_json(c, 200, describe_openapi(c->desk.pack));
}

/* ---- for people ---- */

static void put_escaped(struct buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			buf_str(out, "&lt;");
		else if (*text == '>')
			buf_str(out, "&gt;");
		else if (*text == '&')
			buf_str(out, "&amp;");
		else if (*text == '"')
			buf_str(out, "&quot;");
		else
			buf_byte(out, (uint8_t)*text);
	}
}

/* On a narrow screen a row stands as a paragraph. */
static const char style[] =
	"body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}"
	"code{background:#f2f2f2;padding:0 .2em}table{border-collapse:collapse;width:100%}"
	"td,th{text-align:left;vertical-align:top;padding:.35rem;border-bottom:1px solid #ccc}h2{margin-top:2rem}"
	"@media(max-width:60rem){thead{display:none}tr{display:block;padding:.6rem 0;border-bottom:1px solid #ccc}"
	"td{display:block;padding:0;border:0;overflow-wrap:anywhere}td:first-child,td:nth-child(2){display:inline}}";

static void put_head(struct buf *out, const char *title)
{
	buf_str(out, "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
	             "content=\"width=device-width\"><title>");
	put_escaped(out, title);
	buf_str(out, "</title><style>");
	buf_str(out, style);
	buf_str(out, "</style></head><body><main>");
}

/* Nothing but the pages' one style sheet, known by its hash (CSP level 3). */
static void put_policy(struct http_answer *a)
{
	uint8_t hash[HASH_SIZE];
	struct buf policy = BUF_INIT(256);
	sha256(bytes_str(style), hash);
	buf_str(&policy, "default-src 'none'; style-src 'sha256-");
	base64_encode(&policy, BYTES_ARRAY(hash));
	buf_str(&policy, "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
	http_answer_header(a, "Content-Security-Policy", buf_failed(&policy) ? "default-src 'none'" : buf_cstr(&policy));
	buf_release(&policy);
}

static enum rc send_page(struct call *c)
{
	buf_str(&c->a->body, "</main></body></html>\n");
	put_policy(c->a);
	c->a->status = 200;
	c->a->type = "text/html; charset=utf-8";
	return RC_OK;
}

static void put_who(struct buf *out, unsigned roles)
{
	if (!roles)
		buf_str(out, "anyone");
	for (int i = ROLE_FAMILY, n = 0; roles && i < ROLE_END; i++)
		if (roles & 1u << i)
			buf_printf(out, "%s%s", n++ ? ", " : "", role_name((enum role)i));
}

static void put_route(struct buf *out, const struct route *r)
{
	buf_printf(out, "<tr id=\"%s\"><td><code>%s</code></td><td><code>", r->name, http_method_name(r->method));
	put_escaped(out, r->path);
	buf_str(out, "</code></td><td>");
	put_escaped(out, r->summary);
	if (r->request)
		buf_printf(out, "<br>takes <code>%s</code>", r->request);
	if (r->response)
		buf_printf(out, "<br>gives <code>%s</code>", r->response);
	if (r->flags & ROUTE_KEY)
		buf_str(out, "<br>needs <code>Idempotency-Key</code>");
	if (r->flags & ROUTE_KEY_MAY)
		buf_str(out, "<br>takes <code>Idempotency-Key</code>");
	if (r->flags & ROUTE_MATCH)
		buf_str(out, "<br>needs <code>If-Match</code>");
	if (r->flags & ROUTE_PURPOSE)
		buf_str(out, "<br>needs <code>Civis-Purpose</code>");
	buf_str(out, "</td><td>");
	put_who(out, r->roles);
	buf_str(out, "</td></tr>");
}

enum rc docs(struct call *c)
{
	struct buf *out = &c->a->body;
	put_head(out, "civis: the API");
	buf_str(out, "<h1>The API</h1><p>The same as <a href=\"/openapi.json\">/openapi.json</a>, for reading.</p>"
	             "<table><thead><tr><th>Method<th>Path<th>What<th>Who</thead><tbody>");
	for (size_t i = 0; i < route_count; i++)
		if (!(routes[i].flags & ROUTE_QUIET))
			put_route(out, &routes[i]);
	buf_str(out, "</tbody></table><h2>Errors</h2><table><thead><tr><th>Code<th>Status<th>Meaning</thead><tbody>");
	for (int i = 1; i < RC_COUNT; i++) {
		buf_printf(out, "<tr id=\"error-%s\"><td><code>%s</code></td><td>%d</td><td>", rc_name((enum rc)i), rc_name((enum rc)i),
		           rc_http((enum rc)i));
		put_escaped(out, strings_error(c->desk.pack, c->language, (enum rc)i));
		buf_str(out, "</td></tr>");
	}
	buf_str(out, "</tbody></table>");
	return send_page(c);
}

enum rc home(struct call *c)
{
	struct buf *out = &c->a->body;
	put_head(out, "civis");
	buf_str(out, "<h1>civis</h1><p>Civil register: ");
	put_escaped(out, c->desk.pack->name_latin);
	buf_str(out, " (<span lang=\"");
	put_escaped(out, c->desk.pack->native_language);
	buf_str(out, "\">");
	put_escaped(out, c->desk.pack->name_native);
	buf_str(out, "</span>).</p><ul><li><a href=\"/docs\">The API</a><li><a href=\"/log/checkpoint\">The public log's signed head</a>"
	             "<li><a href=\"/trust.json\">Every public key, for checking offline</a><li><a href=\"/healthz\">Health</a></ul>");
	return send_page(c);
}
