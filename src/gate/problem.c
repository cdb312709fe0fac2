/* SPDX-License-Identifier: MPL-2.0 */
#include "gate/problem.h"

#include <stdio.h>
#include <string.h>

#include "codec/json.h"
#include "country/strings.h"

const struct problem_code problem_codes[] = {
	{"act_cancelled", RC_STATE},
	{"act_superseded", RC_STATE},
	{"attachment_type", RC_MEDIA_TYPE},
	{"certificate_not_issued", RC_STATE},
	{"devices_full", RC_CONFLICT},
	{"log_empty", RC_NOT_FOUND},
	{"no_certificate", RC_STATE},
	{"nobody_found", RC_NOT_FOUND},
	{"office_closed", RC_GONE},
	{"other_office", RC_FORBIDDEN},
	{"parcel_key_unknown", RC_SIGNATURE},
	{"parcel_not_opened", RC_SIGNATURE},
	{"parcel_of_another", RC_FORBIDDEN},
	{"parcel_taken", RC_STATE},
	{"parcel_unreadable", RC_FORMAT},
	{"person_died", RC_STATE},
	{"receipt_not_ready", RC_NOT_FOUND},
	{"tus_version", RC_MATCH_FAILED},
};
const size_t problem_code_count = sizeof problem_codes / sizeof *problem_codes;

const char *problem_title(const struct pack *p, const char *language, const struct problem_code *code)
{
	char key[96];
	snprintf(key, sizeof key, "error.%s", code->code);
	const char *own = strings_exact(p, language, key);
	return own ? own : strings_error(p, language, code->rc);
}

static json_t *field_json(const struct problem *p, const struct call_field *f)
{
	struct buf message = BUF_INIT(1024);
	struct form_error e = {.code = f->code, .limit = f->limit};
	snprintf(e.pointer, sizeof e.pointer, "%s", f->pointer);
	form_error_message(p->pack, p->language, &e, &message);
	const char *text = buf_cstr(&message);
	json_t *j = json_pack("{s:s,s:s,s:s}", "pointer", f->pointer, "code", f->code, "message", text ? text : f->code);
	buf_release(&message);
	return j;
}

static json_t *problem_json(const struct problem *p, int status)
{
	char type[96];
	const char *code = p->code ? p->code : rc_name(p->rc);
	snprintf(type, sizeof type, "/docs#error-%s", code);
	const struct problem_code own = {p->code, p->rc};
	const char *title = p->code ? problem_title(p->pack, p->language, &own) : strings_error(p->pack, p->language, p->rc);
	json_t *j = json_pack("{s:s,s:s,s:i,s:s}", "type", type, "title", title, "status", status, "code", code);
	if (j && p->detail && p->detail[0])
		json_object_set_new(j, "detail", json_string(p->detail));
	if (j && p->field_count) {
		json_t *list = json_array();
		for (size_t i = 0; i < p->field_count; i++)
			json_array_append_new(list, field_json(p, &p->fields[i]));
		json_object_set_new(j, "errors", list);
	}
	return j;
}

void problem_answer(struct http_answer *a, const struct problem *p)
{
	char seconds[16];
	buf_release(&a->body);
	a->status = rc_http(p->rc);
	a->type = "application/problem+json";
	json_t *j = problem_json(p, a->status);
	if (j)
		(void)!json_append(j, 0, &a->body);
	else
		buf_str(&a->body, "{\"type\":\"/docs#error-no_memory\",\"title\":\"Memory ran out\",\"status\":500,\"code\":\"no_memory\"}");
	json_decref(j);
	unsigned wait = p->retry_after ? p->retry_after : a->status == 503 ? 1 : a->status == 429 ? 60 : 0;
	if (wait) {
		snprintf(seconds, sizeof seconds, "%u", wait);
		http_answer_header(a, "Retry-After", seconds);
	}
	if (a->status == 401)
		http_answer_header(a, "WWW-Authenticate", "Bearer");
	http_answer_header(a, "Content-Language", p->language);
}
