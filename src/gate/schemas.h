/* SPDX-License-Identifier: MPL-2.0 */
/* The schemas of requests and answers (schemas.json), compiled in. */
#ifndef CIVIS_GATE_SCHEMAS_H
#define CIVIS_GATE_SCHEMAS_H

extern const char gate_schemas_json[];

#endif
