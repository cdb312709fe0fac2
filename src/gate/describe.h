/* SPDX-License-Identifier: MPL-2.0 */
/* The API's description, made from the route table. */
#ifndef CIVIS_GATE_DESCRIBE_H
#define CIVIS_GATE_DESCRIBE_H

#include <jansson.h>

#include "country/pack.h"

/* OpenAPI 3.1. The caller owns it; NULL if memory ran out. */
json_t *describe_openapi(const struct pack *pack);

#endif
