/* SPDX-License-Identifier: MPL-2.0 */
/* The outcome of a verification while it is made: private to the public library. */
#ifndef CIVIS_DOCUMENT_RESULT_H
#define CIVIS_DOCUMENT_RESULT_H

#include "base/arena.h"
#include "base/bytes.h"
#include "civis/verify.h"
#include "credential/trust.h"

enum check {
	CHECK_DOCUMENT_SIGNATURE, CHECK_WHOLE_FILE, CHECK_TIMESTAMP, CHECK_QR_SIGNATURE, CHECK_RECEIPT,
	CHECK_ACT_SIGNATURE, CHECK_LOG_INCLUSION, CHECK_LOG_CHECKPOINT, CHECK_AGREEMENT, CHECK_STATUS, CHECK_COUNT
};

enum { RESULT_FIELDS_MAX = 24 };

struct civis_trust {
	struct trust trust;
};

struct civis_result {
	civis_verdict verdict;
	const char *reason;
	const char *subject;
	struct {
		civis_outcome outcome;
		char detail[160];
	} checks[CHECK_COUNT];
	struct {
		const char *name, *value;
	} fields[RESULT_FIELDS_MAX];
	size_t field_count;
	struct arena *arena;
	bool failed; /* memory ran out */
	char *json;
};

void result_pass(struct civis_result *r, enum check check);
/* Marks a check as failed; the first failure gives the verdict and its reason. */
void result_fail(struct civis_result *r, enum check check, civis_verdict verdict, const char *reason,
                 const char *detail);
void result_skip(struct civis_result *r, enum check check, const char *detail);
/* An empty value is left out. */
void result_field(struct civis_result *r, const char *name, struct bytes value);
void result_field_instant(struct civis_result *r, const char *name, int64_t us);
void result_field_number(struct civis_result *r, const char *name, uint64_t n);

#endif
