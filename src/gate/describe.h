/* SPDX-License-Identifier: MPL-2.0 */
/* Inside the gate only: the description of the API. */
#ifndef CIVIS_GATE_DESCRIBE_H
#define CIVIS_GATE_DESCRIBE_H

#include <jansson.h>

#include "country/pack.h"
#include "gate/route.h"

/* describe.c: OpenAPI 3.1, with the country's forms. NULL: no memory. The caller owns it. */
json_t *describe_openapi(const struct pack *pack);
/* {"$ref": "#/components/SECTION/NAME"} */
json_t *describe_ref(const char *section, const char *name, size_t len);
/* The route as the description's paths have it: "/log/tile/{path}", "get". */
void describe_path(const struct route *r, char *out, size_t size);
void describe_method(const struct route *r, char *out, size_t size);

/* describe_forms.c: adds what schemas.json leaves to the country's forms and to the program's own tables of words. */
void describe_forms(const struct pack *pack, json_t *schemas);

#endif
