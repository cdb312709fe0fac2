/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Errors as application/problem+json (RFC 9457):
 *
 *   {"type": "/docs#error-CODE", "title": …, "status": 422, "code": "invalid",
 *    "detail": …, "errors": [{"pointer": "/declaration/…", "code": …, "message": …}]}
 *
 * `code` is stable; title and messages are in the reader's language.
 */
#ifndef CIVIS_GATE_PROBLEM_H
#define CIVIS_GATE_PROBLEM_H

#include "gate/call.h"

struct problem {
	enum rc rc;
	const char *code;     /* NULL: rc_name(rc) */
	const char *detail;   /* may be NULL; never personal data */
	const char *language;
	const struct pack *pack;
	const struct call_field *fields;
	size_t field_count;
	unsigned retry_after; /* seconds; 0: as the status asks */
};

/* The codes beside those of base/err.h: what they are instances of. Each has a message "error.CODE". */
struct problem_code {
	const char *code;
	enum rc rc;
};
extern const struct problem_code problem_codes[];
extern const size_t problem_code_count;
/* In the language, else what the code is an instance of. */
const char *problem_title(const struct pack *p, const char *language, const struct problem_code *code);

/* Replaces whatever the answer holds. */
void problem_answer(struct http_answer *a, const struct problem *p);

#endif
