/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A pack as data, for a program that asks people for what it holds: the country,
 * its forms as the server checks them, its words. Members are named as in the
 * pack's files (docs/country-packs.md); what only an act, a certificate or an
 * office's own work needs is left out.
 *
 * Each function's caller owns the result (json_decref); NULL if memory ran out.
 */
#ifndef CIVIS_COUNTRY_VIEW_H
#define CIVIS_COUNTRY_VIEW_H

#include "country/form.h"

/* The words of a form's file, in the order of the enums of country/form.h; each list ends with NULL. */
extern const char *const form_type_names[], *const form_keep_names[], *const form_script_names[], *const form_rule_names[];
/* The same of a workflow's enum workflow_office (country/workflow.h), and the roles that move a case. */
extern const char *const workflow_office_names[], *const workflow_role_names[];

json_t *view_country(const struct pack *p);
/* With what the form has from its base. */
json_t *view_form(const struct form *f);
/* The small form of a move: its objects, fields and rules, as view_form() tells them. */
json_t *view_details(const struct form *f);
/* Every message of the product and the pack in one language, or else in English. */
json_t *view_strings(const struct pack *p, const char *language);

/* For this room: adds to a list or an object, which is given up (NULL) when memory runs out. */
void view_add(json_t **list, json_t *item);
void view_set(json_t **object, const char *name, json_t *value);
json_t *view_texts(const char *const *texts, size_t count);
/* words.c: what a date is written with, by language. */
json_t *words_view(const struct pack *p);

#endif
