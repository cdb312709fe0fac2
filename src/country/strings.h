/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Message catalogues: flat JSON objects, key → text, one a language.
 *
 * Two layers. The product's own messages (errors, field codes, titles of the
 * API) are compiled in from src/country/messages/LANG.json in every language
 * the product speaks, so a Cambodian server answers a Burmese reader too. The
 * pack's strings/LANG.json adds the country's words and may override. English
 * is the last resort, then the key itself, so a lookup never fails.
 *
 * Placeholders are {name}; each language must have those of English.
 */
#ifndef CIVIS_COUNTRY_STRINGS_H
#define CIVIS_COUNTRY_STRINGS_H

#include "base/bytes.h"
#include "base/err.h"
#include "country/pack.h"

struct strings_arg {
	const char *name;
	const char *value;
};

/* Never NULL. `p` may be NULL: the product's messages alone. */
const char *strings_get(const struct pack *p, const char *language, const char *key);
/* NULL when the language itself (pack or product) lacks the key. */
const char *strings_exact(const struct pack *p, const char *language, const char *key);
/* Appends the text with its placeholders filled; an unknown placeholder stays as it is. */
void strings_format(const struct pack *p, const char *language, const char *key,
		    const struct strings_arg *args, size_t count, struct buf *out);
/* Appends any text with its {placeholders} filled; an unknown one stays as it is. */
void strings_expand(const char *text, const struct strings_arg *args, size_t count, struct buf *out);
/* Text and message of an error code: key "error.NAME". */
const char *strings_error(const struct pack *p, const char *language, enum rc code);
/* The best language for an Accept-Language header (RFC 9110 §12.5.4) among those of the product and the pack;
   `fallback` (e.g. "en") for none. Never NULL unless fallback is. The result is a static or pack-owned string. */
const char *strings_language(const struct pack *p, const char *accept_language, const char *fallback);
/* Languages that the product itself speaks, ended by NULL. */
const char *const *strings_product_languages(void);
/* Keys of the product's catalogue, in byte order; for tests and pack check. */
size_t strings_product_count(void);
const char *strings_product_key(size_t i);
/* True if both texts have the same set of {placeholders}. */
bool strings_same_placeholders(const char *a, const char *b);

#endif
