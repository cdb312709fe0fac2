/* SPDX-License-Identifier: MPL-2.0 */
/* /docs: the same as /openapi.json, for people. No script; one style sheet, known by its hash. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "country/strings.h"
#include "crypto/crypto.h"
#include "gate/describe.h"
#include "gate/handlers.h"
#include "gate/problem.h"

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

/* ---- schemas as people read them ---- */

enum { DEPTH_MAX = 8, FIELD_NAME_MAX = 200 };

static const char *text_of(const json_t *j, const char *member)
{
	const char *text = json_string_value(json_object_get(j, member));
	return text ? text : "";
}

static void put_code(struct buf *out, const char *text)
{
	buf_str(out, "<code>");
	put_escaped(out, text);
	buf_str(out, "</code>");
}

/* A link to what "#/components/schemas/NAME" names. */
static void put_link(struct buf *out, const char *ref)
{
	const char *name = strrchr(ref, '/') + 1;
	buf_printf(out, "<a href=\"#schema-%s\">%s</a>", name, name);
}

static void put_type(struct buf *out, const json_t *schema, int depth);

static void put_choice(struct buf *out, const json_t *choices, int depth)
{
	size_t i;
	json_t *one;
	json_array_foreach(choices, i, one) {
		buf_str(out, i ? " or " : "");
		if (json_is_object(one))
			put_type(out, one, depth + 1);
		else
			put_code(out, json_is_string(one) ? json_string_value(one) : "null");
	}
}

static void put_bounds(struct buf *out, const json_t *schema)
{
	static const char *const bounds[][2] = {{"minimum", "from"}, {"maximum", "to"}, {"minLength", "at least"},
	                                        {"maxLength", "at most"}, {"maxItems", "at most"}, {"default", "by default"}};
	for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
		const json_t *n = json_object_get(schema, bounds[i][0]);
		if (json_is_integer(n))
			buf_printf(out, ", %s %" JSON_INTEGER_FORMAT, bounds[i][1], json_integer_value(n));
		else if (json_is_string(n)) {
			buf_printf(out, ", %s ", bounds[i][1]);
			put_code(out, json_string_value(n));
		}
	}
	if (*text_of(schema, "pattern")) {
		buf_str(out, ", as ");
		put_code(out, text_of(schema, "pattern"));
	}
}

static void put_type(struct buf *out, const json_t *schema, int depth)
{
	const json_t *type = json_object_get(schema, "type"), *values = json_object_get(schema, "enum");
	const json_t *more = json_object_get(schema, "additionalProperties"), *choice = json_object_get(schema, "anyOf");
	if (!choice)
		choice = json_object_get(schema, "oneOf");
	if (depth > DEPTH_MAX)
		return;
	if (*text_of(schema, "$ref"))
		put_link(out, text_of(schema, "$ref"));
	else if (choice || values)
		put_choice(out, choice ? choice : values, depth);
	else if (*text_of(schema, "const"))
		put_code(out, text_of(schema, "const"));
	else if (strcmp(text_of(schema, "type"), "array") == 0) {
		buf_str(out, "list of ");
		put_type(out, json_object_get(schema, "items"), depth + 1);
		put_bounds(out, schema);
	} else if (json_is_object(more)) {
		buf_str(out, "by name: ");
		put_type(out, more, depth + 1);
	} else {
		const char *format = text_of(schema, "format");
		put_escaped(out, *format ? format : json_is_array(type) ? json_string_value(json_array_get(type, 0)) : text_of(schema, "type"));
		put_bounds(out, schema);
		buf_str(out, json_is_array(type) ? " or null" : "");
	}
}

static bool is_among(const json_t *names, const char *name)
{
	size_t i;
	json_t *one;
	json_array_foreach(names, i, one)
		if (strcmp(json_string_value(one), name) == 0)
			return true;
	return false;
}

static void put_row(struct buf *out, const char *name, const json_t *schema, bool needed, const char *says)
{
	buf_str(out, "<tr><td>");
	put_code(out, name);
	buf_str(out, "</td><td>");
	put_type(out, schema, 0);
	buf_printf(out, "</td><td>%s</td><td>", needed ? "needed" : "");
	put_escaped(out, says);
	buf_str(out, "</td></tr>");
}

/* The members, and those of objects inside: "child.name.native", "evidence[].kind". */
static void put_fields(struct buf *out, const json_t *schema, const char *before, int depth)
{
	const char *name;
	json_t *field;
	json_object_foreach(json_object_get(schema, "properties"), name, field) {
		char path[FIELD_NAME_MAX];
		const json_t *inner = json_object_get(field, "items");
		snprintf(path, sizeof path, "%s%s", before, name);
		put_row(out, path, field, is_among(json_object_get(schema, "required"), name), text_of(field, "description"));
		snprintf(path, sizeof path, "%s%s%s.", before, name, inner ? "[]" : "");
		if (depth < DEPTH_MAX)
			put_fields(out, inner ? inner : field, path, depth + 1);
	}
}

#define TABLE(first) "<table><thead><tr><th>" first "<th>Type<th>Needed<th>Meaning</thead><tbody>"

static void put_schema(struct buf *out, const char *name, const json_t *schema)
{
	buf_printf(out, "<section id=\"schema-%s\"><h3>%s</h3><p>", name, name);
	put_escaped(out, text_of(schema, "description"));
	if (json_object_get(schema, "properties")) {
		buf_str(out, "</p>" TABLE("Member"));
		put_fields(out, schema, "", 0);
		buf_str(out, "</tbody></table></section>");
	} else {
		buf_str(out, *text_of(schema, "description") ? ": " : "");
		put_type(out, schema, 0);
		buf_str(out, "</p></section>");
	}
}

/* ---- routes ---- */

static void put_who(struct buf *out, unsigned roles)
{
	if (!roles)
		buf_str(out, "anyone");
	for (int i = ROLE_FAMILY, n = 0; roles && i < ROLE_END; i++)
		if (roles & 1u << i)
			buf_printf(out, "%s%s", n++ ? ", " : "", role_name((enum role)i));
}

static void put_content(struct buf *out, const json_t *content)
{
	const char *type;
	json_t *media;
	bool first = true;
	json_object_foreach((json_t *)(uintptr_t)content, type, media) {
		const char *ref = text_of(json_object_get(media, "schema"), "$ref");
		buf_str(out, first ? "" : " or ");
		first = false;
		if (*ref)
			put_link(out, ref);
		else
			put_code(out, type);
	}
}

static void put_parameters(struct buf *out, const json_t *operation)
{
	size_t i;
	json_t *p;
	bool any = false;
	json_array_foreach(json_object_get(operation, "parameters"), i, p) {
		const char *in = text_of(p, "in"), *name = text_of(p, "name");
		char shown[FIELD_NAME_MAX];
		if (!*name) /* Accept-Language, which every route reads */
			continue;
		buf_str(out, any ? "" : TABLE("Parameter"));
		any = true;
		snprintf(shown, sizeof shown, strcmp(in, "path") == 0 ? "{%s}" : strcmp(in, "query") == 0 ? "?%s=" : "%s:", name);
		put_row(out, shown, json_object_get(p, "schema"), json_is_true(json_object_get(p, "required")), text_of(p, "description"));
	}
	buf_str(out, any ? "</tbody></table>" : "");
}

static void put_answer(struct buf *out, const struct route *r, const json_t *operation)
{
	char status[8];
	const char *name;
	json_t *ref;
	snprintf(status, sizeof status, "%d", r->status);
	const json_t *answer = json_object_get(json_object_get(operation, "responses"), status);
	buf_printf(out, "<p>Answers %s ", status);
	put_content(out, json_object_get(answer, "content"));
	bool first = true;
	json_object_foreach(json_object_get(answer, "headers"), name, ref) {
		buf_printf(out, "%s<a href=\"#header-%s\"><code>%s</code></a>", first ? " with " : ", ", name, name);
		first = false;
	}
	buf_str(out, ".</p>");
}

static void put_route(struct buf *out, const struct route *r, const json_t *operation)
{
	buf_printf(out, "<section id=\"%s\"><h3><code>%s ", r->name, http_method_name(r->method));
	put_escaped(out, r->path);
	buf_str(out, "</code></h3><p>");
	put_escaped(out, r->summary);
	buf_str(out, ".</p><p>Who: ");
	put_who(out, r->roles);
	buf_str(out, ".</p>");
	put_parameters(out, operation);
	if (r->request) {
		buf_str(out, "<p>Takes ");
		put_content(out, json_object_get(json_object_get(operation, "requestBody"), "content"));
		buf_printf(out, ", at most %zu bytes.</p>", r->body_max);
	}
	put_answer(out, r, operation);
	buf_str(out, "</section>");
}

static void put_routes(struct buf *out, const json_t *description)
{
	char path[160], method[16];
	buf_str(out, "<h2>Routes</h2><ul>");
	for (size_t i = 0; i < route_count; i++) {
		if (routes[i].flags & ROUTE_QUIET)
			continue;
		buf_printf(out, "<li><a href=\"#%s\"><code>%s ", routes[i].name, http_method_name(routes[i].method));
		put_escaped(out, routes[i].path);
		buf_str(out, "</code></a> ");
		put_escaped(out, routes[i].summary);
	}
	buf_str(out, "</ul>");
	for (size_t i = 0; i < route_count; i++) {
		describe_path(&routes[i], path, sizeof path);
		describe_method(&routes[i], method, sizeof method);
		const json_t *methods = json_object_get(json_object_get(description, "paths"), path);
		if (!(routes[i].flags & ROUTE_QUIET))
			put_route(out, &routes[i], json_object_get(methods, method));
	}
}

/* ---- the page ---- */

static void put_error(struct buf *out, const char *code, enum rc rc, const char *title)
{
	buf_printf(out, "<tr id=\"error-%s\"><td><code>%s</code></td><td>%d</td><td>", code, code, rc_http(rc));
	put_escaped(out, title);
	buf_str(out, "</td></tr>");
}

static void put_errors(struct buf *out, const struct call *c)
{
	const struct pack *p = c->desk.pack;
	buf_str(out, "<h2 id=\"errors\">Errors</h2><p>What is refused is answered with a <a href=\"#schema-Problem\">Problem</a>.</p>"
	             "<table><thead><tr><th>Code<th>Status<th>Meaning</thead><tbody>");
	for (int i = 1; i < RC_COUNT; i++)
		put_error(out, rc_name((enum rc)i), (enum rc)i, strings_error(p, c->language, (enum rc)i));
	for (size_t i = 0; i < problem_code_count; i++)
		put_error(out, problem_codes[i].code, problem_codes[i].rc, problem_title(p, c->language, &problem_codes[i]));
	buf_str(out, "</tbody></table>");
}

enum rc docs(struct call *c)
{
	struct buf *out = &c->a->body;
	const char *name;
	json_t *one, *description = describe_openapi(c->desk.pack);
	const json_t *parts = json_object_get(description, "components");
	put_head(out, "civis: the API");
	buf_str(out, "<h1>The API</h1><p>The same as <a href=\"/openapi.json\">/openapi.json</a>, for reading. Every route also reads "
	             "<code>Accept-Language</code>. <a href=\"#bodies\">Bodies</a>, <a href=\"#headers\">headers of answers</a>, "
	             "<a href=\"#errors\">errors</a>.</p>");
	put_routes(out, description);
	buf_str(out, "<h2 id=\"bodies\">Bodies</h2>");
	json_object_foreach(json_object_get(parts, "schemas"), name, one)
		put_schema(out, name, one);
	buf_str(out, "<h2 id=\"headers\">Headers of answers</h2><table><thead><tr><th>Name<th>Type<th><th>Meaning</thead><tbody>");
	json_object_foreach(json_object_get(parts, "headers"), name, one) {
		buf_printf(out, "<tr id=\"header-%s\"><td><code>%s</code></td><td>", name, name);
		put_type(out, json_object_get(one, "schema"), 0);
		buf_str(out, "</td><td></td><td>");
		put_escaped(out, text_of(one, "description"));
		buf_str(out, "</td></tr>");
	}
	buf_str(out, "</tbody></table>");
	put_errors(out, c);
	json_decref(description);
	return send_page(c);
}
