/* SPDX-License-Identifier: MPL-2.0 */
#include "document/result.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static const char *const check_names[CHECK_COUNT] = {
	[CHECK_DOCUMENT_SIGNATURE] = "document_signature",
	[CHECK_WHOLE_FILE] = "whole_file",
	[CHECK_TIMESTAMP] = "timestamp",
	[CHECK_QR_SIGNATURE] = "qr_signature",
	[CHECK_RECEIPT] = "receipt",
	[CHECK_ACT_SIGNATURE] = "act_signature",
	[CHECK_LOG_INCLUSION] = "log_inclusion",
	[CHECK_LOG_CHECKPOINT] = "log_checkpoint",
	[CHECK_AGREEMENT] = "agreement",
	[CHECK_STATUS] = "status",
};

void result_pass(struct civis_result *r, enum check check)
{
	r->checks[check].outcome = CIVIS_PASSED;
	r->checks[check].detail[0] = 0;
}

void result_fail(struct civis_result *r, enum check check, civis_verdict verdict, const char *reason,
                 const char *detail)
{
	r->checks[check].outcome = CIVIS_FAILED;
	snprintf(r->checks[check].detail, sizeof r->checks[check].detail, "%s", detail);
	if (r->verdict == CIVIS_VALID) {
		r->verdict = verdict;
		r->reason = reason;
	}
}

void result_skip(struct civis_result *r, enum check check, const char *detail)
{
	r->checks[check].outcome = CIVIS_NOT_CHECKED;
	snprintf(r->checks[check].detail, sizeof r->checks[check].detail, "%s", detail);
}

void result_field(struct civis_result *r, const char *name, struct bytes value)
{
	if (value.len == 0)
		return;
	char *copy = arena_str(r->arena, value);
	if (!copy || r->field_count == RESULT_FIELDS_MAX) {
		r->failed = true;
		return;
	}
	r->fields[r->field_count].name = name;
	r->fields[r->field_count++].value = copy;
}

void result_field_instant(struct civis_result *r, const char *name, int64_t us)
{
	char text[INSTANT_TEXT_SIZE];
	instant_format(us, text);
	result_field(r, name, bytes_str(text));
}

void result_field_number(struct civis_result *r, const char *name, uint64_t n)
{
	char text[24];
	snprintf(text, sizeof text, "%llu", (unsigned long long)n);
	result_field(r, name, bytes_str(text));
}

/* ── what the caller asks ── */

void civis_result_free(civis_result *result)
{
	if (!result)
		return;
	if (result->arena)
		arena_free(&result->arena);
	free(result->json);
	free(result);
}

civis_verdict civis_result_verdict(const civis_result *result)
{
	return result->verdict;
}

const char *civis_result_reason(const civis_result *result)
{
	return result->reason;
}

const char *civis_result_subject(const civis_result *result)
{
	return result->verdict == CIVIS_UNUSABLE ? "" : result->subject;
}

size_t civis_result_check_count(const civis_result *result)
{
	(void)result;
	return CHECK_COUNT;
}

const char *civis_result_check_name(const civis_result *result, size_t i)
{
	(void)result;
	return i < CHECK_COUNT ? check_names[i] : "";
}

civis_outcome civis_result_check_outcome(const civis_result *result, size_t i)
{
	return i < CHECK_COUNT ? result->checks[i].outcome : CIVIS_NOT_CHECKED;
}

const char *civis_result_check_detail(const civis_result *result, size_t i)
{
	return i < CHECK_COUNT ? result->checks[i].detail : "";
}

/* Of what nothing can be said nothing is shown, but where to ask. */
static bool is_shown(const civis_result *result, size_t field)
{
	return result->verdict != CIVIS_UNUSABLE || strcmp(result->fields[field].name, "status_uri") == 0;
}

const char *civis_result_field(const civis_result *result, const char *name)
{
	for (size_t i = 0; i < result->field_count; i++)
		if (is_shown(result, i) && strcmp(result->fields[i].name, name) == 0)
			return result->fields[i].value;
	return NULL;
}

static json_t *checks_json(const civis_result *result)
{
	static const char *const outcomes[] = {"passed", "failed", "not_checked"};
	json_t *list = json_array();
	for (size_t i = 0; i < CHECK_COUNT; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", check_names[i], "outcome",
		                                      outcomes[result->checks[i].outcome], "detail",
		                                      result->checks[i].detail));
	return list;
}

static json_t *fields_json(const civis_result *result)
{
	json_t *object = json_object();
	for (size_t i = 0; i < result->field_count; i++)
		if (is_shown(result, i))
			json_object_set_new(object, result->fields[i].name, json_string(result->fields[i].value));
	return object;
}

const char *civis_result_json(civis_result *result)
{
	static const char *const verdicts[] = {"valid", "not_valid", "unusable"};
	if (result->json)
		return result->json;
	json_t *root = json_pack("{s:s, s:s, s:s, s:o, s:o}", "verdict", verdicts[result->verdict], "reason", result->reason,
	                         "subject", civis_result_subject(result), "checks", checks_json(result), "fields", fields_json(result));
	result->json = root ? json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER) : NULL;
	json_decref(root);
	return result->json;
}
