/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Reading a pack's JSON files with every mistake noted and none fatal: helpers
 * for this room's own *_load.c files, and for the check of a pack's
 * layouts (document/layouts_check.c).
 *
 * A getter that finds a mistake notes it and returns its fallback; reading goes
 * on, so that one run names them all. Texts are copied into the pack's arena.
 */
#ifndef CIVIS_COUNTRY_LOAD_H
#define CIVIS_COUNTRY_LOAD_H

#include <jansson.h>

#include "country/pack.h"

#define LOAD_POINTER_SIZE 96

struct loader {
	struct pack *pack;
	struct pack_report *report;
	const char *file;   /* relative name of what is being read */
	struct buf text;    /* its content, for line numbers */
	enum rc failed;     /* RC_NO_MEMORY, RC_IO: reading cannot go on */
};

/* A place in the file: an object or array and its JSON pointer. */
struct node {
	const json_t *json;
	char pointer[LOAD_POINTER_SIZE];
};

void load_mistake(struct loader *l, const char *pointer, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Reads and parses a file of the pack; NULL (noted) on failure. The text stays for line numbers until the next. */
json_t *load_file(struct loader *l, const char *file);
/* Reads the text of a file alone, so that mistakes found later still get their lines. */
void load_reopen(struct loader *l, const char *file);
/* Line (from 1) at which the value of a pointer begins in JSON text; 0 if there is none. */
unsigned load_line(struct bytes text, const char *pointer);

struct node load_member(const struct node *n, const char *name);
struct node load_item(const struct node *n, size_t i);
/* Notes each member whose name is not in the space-separated list. */
void load_known(struct loader *l, const struct node *n, const char *names);
bool load_is_object(struct loader *l, const struct node *n);
/* Count of an array member; 0 when absent; noted if not an array or longer than max. */
size_t load_count(struct loader *l, const struct node *n, const char *name, size_t max, struct node *ret_array);

enum load_need { LOAD_OPTIONAL, LOAD_REQUIRED };

const char *load_text(struct loader *l, const struct node *n, const char *name, enum load_need need);
/* A text that is the value of n itself. */
const char *load_own_text(struct loader *l, const struct node *n);
bool load_bool(struct loader *l, const struct node *n, const char *name, bool fallback);
long long load_int(struct loader *l, const struct node *n, const char *name, long long min, long long max,
		   long long fallback, enum load_need need);
/* Index of the text among the words, which end with NULL; -1 noted. */
int load_word(struct loader *l, const struct node *n, const char *name, const char *const *words, int fallback);
void *load_array(struct loader *l, size_t n, size_t size);
#define LOAD_ARRAY(l, type, n) ((type *)load_array((l), (n), sizeof(type)))
/* A copy in the pack's arena; "" when memory ran out (noted in failed). */
const char *load_copy(struct loader *l, const char *text);

/* The parts of a pack, each in its own file. */
void form_load(struct loader *l, const char *file, struct form *f);
/* A form inside another file: `n` holds objects, fields and rules; its fields are kept in the case alone. */
void form_load_part(struct loader *l, const struct node *n, struct form *f);
/* The roles in an array "for" that are asked for something, at most WORKFLOW_ROLES_MAX, into out; their count. */
size_t load_for(struct loader *l, const struct node *n, const char **out);
extern const char *const load_certainties[];
/* Id of a law that the pack names, or NULL; *ret_certainty one of the three words, which are worth nothing without
   *ret_source (may be NULL): where it was read, or what was assumed and why. */
const char *load_law(struct loader *l, const struct node *n, const char **ret_certainty, const char **ret_source);
/* The texts of an array into out; their count. */
size_t load_texts(struct loader *l, const struct node *n, const char *name, size_t max, const char **out);
/* Notes what a workflow says and its form does not know, after both were read. */
void workflow_check(struct loader *l, const char *file, const struct workflow *w, const struct form *f);
void workflow_load(struct loader *l, const char *file, struct workflow *w);
/* Part of it: whether every case comes to its end. A way there is looked for only where every move was `readable`. */
void workflow_check_ends(struct loader *l, const struct workflow *w, bool readable);
void words_load(struct loader *l, const char *file);
void strings_load(struct loader *l);
/* Checks catalogues for missing keys and placeholders, after all else is read. */
void strings_check(struct loader *l);
void places_check(struct loader *l, const char *file);

#endif
