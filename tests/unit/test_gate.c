/* SPDX-License-Identifier: MPL-2.0 */
/* The router, the API's description, problems and throttling. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "country/pack.h"
#include "gate/describe.h"
#include "gate/problem.h"
#include "gate/state.h"
#include "gate/throttle.h"
#include "tap.h"

static struct pack *pack;

static const char *found(enum http_method method, const char *path)
{
	struct route_match m;
	return route_find(method, bytes_str(path), &m, NULL) == RC_OK ? m.route->name : "";
}

TEST(finds_each_route_by_its_own_path)
{
	for (size_t i = 0; i < route_count; i++) {
		char path[200];
		size_t n = 0;
		bool inside = false;
		for (const char *p = routes[i].path; *p; p++) {
			if (*p == '{')
				path[n++] = 'x';
			inside = *p == '{' || (inside && *p != '}');
			if (!inside && *p != '}')
				path[n++] = *p;
		}
		path[n] = 0;
		eq_str(found(routes[i].method, path), routes[i].name);
	}
}

TEST(prefers_literals_and_keeps_to_segments)
{
	eq_str(found(HTTP_GET, "/api/v1/sessions/current"), "session_get");
	eq_str(found(HTTP_GET, "/api/v1/acts/x/certificate.pdf"), "act_certificate");
	eq_str(found(HTTP_GET, "/log/tile/entries/x001/067.p/5"), "log_tile");
	eq_str(found(HTTP_HEAD, "/healthz"), "health");
	eq_str(found(HTTP_GET, "/api/v1/cases/"), "");
	eq_str(found(HTTP_GET, "/api/v1/cases/a/b/c"), "");
	eq_str(found(HTTP_GET, "/api/v1"), "");
	eq_str(found(HTTP_GET, "/log/tile/"), "");
}

TEST(says_which_methods_a_path_has)
{
	struct route_match m;
	unsigned allow;
	ok(route_find(HTTP_DELETE, BYTES_LIT("/api/v1/cases"), &m, &allow) == RC_METHOD);
	ok(allow & 1u << HTTP_GET && allow & 1u << HTTP_POST && !(allow & 1u << HTTP_DELETE));
	ok(route_find(HTTP_GET, BYTES_LIT("/nothing"), &m, &allow) == RC_NOT_FOUND && allow == 0);
	/* To look is recorded, and to print is to issue: not for an answer without a body. */
	ok(route_find(HTTP_HEAD, BYTES_LIT("/api/v1/acts/x"), &m, &allow) == RC_METHOD && allow == 1u << HTTP_GET);
	ok(route_find(HTTP_HEAD, BYTES_LIT("/api/v1/acts/x/certificate.pdf"), &m, &allow) == RC_METHOD && allow == 1u << HTTP_GET);
	ok(route_find(HTTP_POST, BYTES_LIT("/healthz"), &m, &allow) == RC_METHOD);
	ok(allow == (1u << HTTP_GET | 1u << HTTP_HEAD));
}

TEST(every_route_that_opens_something_personal_asks_for_a_role)
{
	for (size_t i = 0; i < route_count; i++) {
		const struct route *r = &routes[i];
		if (r->purpose)
			ok(r->roles != 0 && !(r->roles & (ROLE_BIT_ADMINISTRATOR | ROLE_BIT_AUDITOR)));
		if (r->roles & ROLE_BIT_FAMILY && r->method == HTTP_POST)
			ok(r->flags & ROUTE_THROTTLED);
		ok(r->summary && r->summary[0] && r->status >= 200);
	}
}

TEST(describes_every_route_once)
{
	json_t *api = describe_openapi(pack);
	ok(api != NULL);
	eq_str(json_string_value(json_object_get(api, "openapi")), "3.1.0");
	json_t *paths = json_object_get(api, "paths"), *item, *op;
	const char *path, *method;
	size_t n = 0;
	json_object_foreach(paths, path, item) {
		json_object_foreach(item, method, op) {
			ok(json_object_get(op, "operationId") && json_object_get(op, "responses"));
			n++;
		}
	}
	size_t described = 0;
	for (size_t i = 0; i < route_count; i++)
		described += !(routes[i].flags & ROUTE_QUIET);
	eq_int(n, described);
	/* Every schema that is referred to is there. */
	char *text = json_dumps(api, 0);
	json_t *schemas = json_object_get(json_object_get(api, "components"), "schemas");
	static const char ref[] = "#/components/schemas/";
	for (char *at = text; (at = strstr(at, ref));) {
		char name[64];
		at += sizeof ref - 1;
		snprintf(name, sizeof name, "%.*s", (int)strcspn(at, "\""), at);
		if (!ok(json_object_get(schemas, name) != NULL))
			printf("#   %s\n", name);
	}
	free(text);
	json_decref(api);
}

static json_t *problem_of(const char *language, struct http_answer *a)
{
	const struct call_field fields[] = {{"/declaration/child/sex", "required", 0}, {"/id", "not_a_uuid", 0}};
	const struct problem p = {.rc = RC_INVALID, .language = language, .pack = pack, .fields = fields, .field_count = 2};
	*a = (struct http_answer){.body = BUF_INIT(65536), .headers = BUF_INIT(4096)};
	problem_answer(a, &p);
	return json_loadb((const char *)a->body.ptr, a->body.len, 0, NULL);
}

TEST(names_every_wrong_field_in_the_readers_language)
{
	static const char *const languages[] = {"en", "km", "my"};
	char first[256] = "";
	for (size_t i = 0; i < 3; i++) {
		struct http_answer a;
		json_t *j = problem_of(languages[i], &a), *errors = json_object_get(j, "errors");
		eq_int(a.status, 422);
		eq_str(a.type, "application/problem+json");
		eq_str(json_string_value(json_object_get(j, "code")), "invalid");
		eq_int(json_array_size(errors), 2);
		const char *message = json_string_value(json_object_get(json_array_get(errors, 0), "message"));
		ok(message && strcmp(message, first) != 0 && strcmp(message, "field.required") != 0);
		snprintf(first, sizeof first, "%s", message ? message : "");
		json_decref(j);
		buf_release(&a.body);
		buf_release(&a.headers);
	}
}

TEST(throttles_one_address_and_not_its_neighbour)
{
	static struct throttle t;
	unsigned wait = 0;
	throttle_init(&t, 3, 1, 100, 10);
	for (int i = 0; i < 3; i++)
		ok(throttle_take(&t, 7, 1000000, &wait));
	ok(!throttle_take(&t, 7, 1000000, &wait) && wait >= 1);
	ok(throttle_take(&t, 8, 1000000, &wait));
	ok(throttle_take(&t, 7, 2100000, &wait));
	ok(!throttle_take(&t, 7, 2100000, &wait));
}

TEST(lets_two_of_one_address_in_at_a_time)
{
	static struct turnstile t;
	turnstile_init(&t);
	ok(turnstile_enter(&t, 7, 2) && turnstile_enter(&t, 7, 2));
	ok(!turnstile_enter(&t, 7, 2));
	ok(turnstile_enter(&t, 8, 2));
	turnstile_leave(&t, 7);
	ok(turnstile_enter(&t, 7, 2));
	for (uint64_t who = 100; who < 100 + TURNSTILE_SLOTS - 2; who++)
		ok(turnstile_enter(&t, who, 2));
	ok(!turnstile_enter(&t, 9, 2)); /* no room: turned away, not let in uncounted */
}

TEST(wipes_what_json_frees)
{
	gate_wipe_json();
	/* Tcache keeps a freed block as it is but for its first 16 bytes. */
	json_malloc_t take;
	json_free_t give;
	json_get_alloc_funcs(&take, &give);
	char *secret = take(200);
	memset(secret, 'x', 200);
	uintptr_t where = (uintptr_t)secret;
	give(secret);
	char *again = malloc(200);
	ok((uintptr_t)again != where || again[100] == 0);
	free(again);
}

TEST(every_sign_in_is_throttled_by_address)
{
	struct route_match m;
	ok(route_find(HTTP_POST, BYTES_LIT("/api/v1/sessions"), &m, NULL) == RC_OK && m.route->flags & ROUTE_SIGN_IN);
}

int main(void)
{
	char dir[1024];
	struct err e;
	const char *root = getenv("SOURCE_ROOT");
	snprintf(dir, sizeof dir, "%s/country/khm", root ? root : ".");
	if (pack_load(dir, &pack, &e) != RC_OK) {
		printf("Bail out! %s: %s\n", e.where, e.text);
		return 1;
	}
	RUN(finds_each_route_by_its_own_path);
	RUN(prefers_literals_and_keeps_to_segments);
	RUN(says_which_methods_a_path_has);
	RUN(every_route_that_opens_something_personal_asks_for_a_role);
	RUN(describes_every_route_once);
	RUN(names_every_wrong_field_in_the_readers_language);
	RUN(throttles_one_address_and_not_its_neighbour);
	RUN(lets_two_of_one_address_in_at_a_time);
	RUN(every_sign_in_is_throttled_by_address);
	RUN(wipes_what_json_frees);
	pack_free(&pack);
	return tap_done();
}
