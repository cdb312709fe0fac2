/* SPDX-License-Identifier: MPL-2.0 */
/*
 * What the two halves of checking a declaration share: form_check.c looks at
 * each field by itself, form_rules.c at what must agree. For these two files.
 */
#ifndef CIVIS_COUNTRY_FORM_CHECK_H
#define CIVIS_COUNTRY_FORM_CHECK_H

#include "country/form.h"

enum form_code {
#define X(name, text) CODE_##name,
	FORM_CODES(X)
#undef X
};

struct check {
	const struct form *form;
	const struct form_context *ctx;
	struct form_errors *errors;
	json_t *root;
	struct date today;
	int now_seconds;
	enum rc failed;
};

/* Keeps a mistake, up to FORM_ERRORS_MAX of them. */
void check_note_in(struct form_errors *e, const char *pointer, const char *code, size_t limit);
void check_note(struct check *c, const char *pointer, enum form_code code, size_t limit);
const char *check_code(enum form_code code);
/* Whether a mistake at this pointer was noted already. */
bool check_noted(const struct check *c, const char *pointer);
/* Whether the object that would hold the path is there. */
bool check_parent_present(const struct check *c, const char *path);
/* Seconds after midnight of "14:05". */
bool check_time_parse(const char *s, int *ret_seconds);
/* Earliest day of "1998", "1998-03" or "1998-03-02". */
bool check_first_day(const char *value, struct date *ret);
/* Applies the form's rules to what the fields were found to be. */
void check_rules(struct check *c);

#endif
