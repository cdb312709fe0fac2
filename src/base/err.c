/* SPDX-License-Identifier: MPL-2.0 */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
	int http;
	const char *name;
	const char *text;
} table[RC_COUNT] = {
#define X(code, http, name, text) [code] = {http, name, text},
	CIVIS_ERRORS(X)
#undef X
};

enum rc (err_set)(struct err *e, enum rc code, const char *where, const char *format, ...)
{
	if (!e)
		return code;
	e->code = code;
	snprintf(e->where, sizeof e->where, "%s", where ? where : "");
	va_list args;
	va_start(args, format);
	vsnprintf(e->text, sizeof e->text, format, args);
	va_end(args);
	return code;
}

int rc_http(enum rc code)
{
	return code < RC_COUNT ? table[code].http : 500;
}

const char *rc_name(enum rc code)
{
	return code < RC_COUNT ? table[code].name : "internal";
}

const char *rc_text(enum rc code)
{
	return code < RC_COUNT ? table[code].text : "";
}
