/* SPDX-License-Identifier: MPL-2.0 */
/*
 * How people are asked for a form: its pages in the order of asking, each a
 * question in plain words with the fields that answer it. They change nothing in
 * what is checked; a form without pages is asked for field by field.
 */
#ifndef CIVIS_COUNTRY_PAGES_H
#define CIVIS_COUNTRY_PAGES_H

#include "country/form.h"
#include "country/workflow.h"

#define PAGES_MAX 64
#define PAGE_FIELDS_MAX 16

struct form_page {
	const char *id;    /* unique in the form */
	const char *title; /* key of the question in the catalogues */
	const char *hint;  /* key, or NULL */
	const struct form_field *fields[PAGE_FIELDS_MAX];
	size_t field_count;
	const char *roles[WORKFLOW_ROLES_MAX]; /* who is asked; none: everybody */
	size_t role_count;
	const char *optional;       /* an object that holds every field of the page: first is asked whether it is entered */
	const char *optional_title; /* key of that question; NULL exactly when there is none */
	const char *when;           /* asked only when what stands here is there, or has the value; NULL: always */
	const char *when_value;     /* text; "true"/"false" for a bool; NULL: any */
	bool when_absent;           /* asked only when it is not there */
};

struct loader;
struct node;
/* Reads a form's "pages", after its fields and objects. */
void pages_load(struct loader *l, const struct node *root, struct form *f);
/* Notes what those who open a case would never be asked for and must give, after the workflows were read. */
void pages_check(struct loader *l, const char *file, const struct pack_forms *k);

#endif
