/* SPDX-License-Identifier: MPL-2.0 */
#include "country/pack.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "country/form.h"
#include "country/load.h"
#include "country/names.h"
#include "country/pages.h"
#include "country/romanise.h"
#include "country/sounds.h"
#include "country/strings.h"
#include "country/workflow.h"

static const char magic[] = "pack";

/* "+06:30" */
static bool zone_parse(const char *s, int *ret_minutes)
{
	int sign = *s == '-' ? -1 : 1;
	if (strlen(s) != 6 || (*s != '+' && *s != '-') || s[3] != ':')
		return false;
	for (int i = 1; i < 6; i++)
		if (i != 3 && (s[i] < '0' || s[i] > '9'))
			return false;
	int hours = (s[1] - '0') * 10 + s[2] - '0', minutes = (s[4] - '0') * 10 + s[5] - '0';
	if (hours > 14 || minutes > 59)
		return false;
	*ret_minutes = sign * (hours * 60 + minutes);
	return true;
}

static bool is_code(const char *s, size_t min, size_t max)
{
	size_t len = strlen(s);
	if (len < min || len > max)
		return false;
	for (; *s; s++)
		if (!((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9')))
			return false;
	return true;
}

/* "foetal_death": small letters and '_', as a file's name. */
static bool is_kind(const char *s)
{
	size_t len = strlen(s);
	return len >= 1 && len <= 24 && strspn(s, "abcdefghijklmnopqrstuvwxyz_") == len;
}

static void load_both(struct loader *l, const struct node *root, const char *name, const char **ret_native,
		      const char **ret_latin)
{
	struct node n = load_member(root, name);
	if (!load_is_object(l, &n))
		return;
	*ret_native = load_text(l, &n, "native", LOAD_REQUIRED);
	*ret_latin = load_text(l, &n, "latin", LOAD_REQUIRED);
}

static void load_languages(struct loader *l, const struct node *root)
{
	struct pack *p = l->pack;
	struct node list;
	size_t n = load_count(l, root, "languages", PACK_LANGUAGES_MAX, &list);
	for (size_t i = 0; i < n; i++) {
		struct node item = load_item(&list, i);
		const char *language = load_own_text(l, &item);
		if (!language)
			continue;
		if (!is_code(language, 2, 3))
			load_mistake(l, item.pointer, "must be a language code such as \"km\"");
		p->languages[p->language_count++] = language;
	}
	const char *native = load_text(l, root, "native_language", LOAD_REQUIRED);
	p->native_language = native ? pack_language(p, native) : NULL;
	if (native && !p->native_language)
		load_mistake(l, "/native_language", "is not among the languages");
}

/* A pattern of both languages at `name`, if it is there; whether it was. */
static bool load_pattern(struct loader *l, const struct node *level, const char *name, const char **ret_native,
			 const char **ret_latin)
{
	struct node n = load_member(level, name);
	if (!n.json)
		return false;
	load_both(l, level, name, ret_native, ret_latin);
	if ((*ret_native && !strstr(*ret_native, "{name}")) || (*ret_latin && !strstr(*ret_latin, "{name}")))
		load_mistake(l, n.pointer, "the pattern of an office or a place needs {name}");
	return true;
}

static void load_levels(struct loader *l, const struct node *root)
{
	struct pack *p = l->pack;
	struct node list;
	size_t n = load_count(l, root, "levels", PACK_LEVELS_MAX, &list);
	if (!n)
		load_mistake(l, "/levels", "at least one level is needed");
	unsigned before = 0;
	for (size_t i = 0; i < n; i++) {
		struct node item = load_item(&list, i);
		struct pack_level *level = &p->levels[p->level_count++];
		if (!load_is_object(l, &item))
			continue;
		load_known(l, &item, "name code_length office print");
		level->name = load_text(l, &item, "name", LOAD_REQUIRED);
		level->code_length = (unsigned)load_int(l, &item, "code_length", before + 1, 12, before + 1, LOAD_REQUIRED);
		before = level->code_length;
		level->office = load_pattern(l, &item, "office", &level->office_native, &level->office_latin);
		load_pattern(l, &item, "print", &level->print_native, &level->print_latin);
	}
}

static void load_laws(struct loader *l, const struct node *root)
{
	struct pack *p = l->pack;
	struct node list;
	size_t n = load_count(l, root, "laws", PACK_LAWS_MAX, &list);
	for (size_t i = 0; i < n; i++) {
		struct node item = load_item(&list, i);
		struct pack_law *law = &p->laws[p->law_count];
		if (!load_is_object(l, &item))
			continue;
		load_known(l, &item, "id native latin certainty source");
		law->id = load_text(l, &item, "id", LOAD_REQUIRED);
		law->native = load_text(l, &item, "native", LOAD_REQUIRED);
		law->latin = load_text(l, &item, "latin", LOAD_REQUIRED);
		law->source = load_text(l, &item, "source", LOAD_REQUIRED);
		int c = load_word(l, &item, "certainty", load_certainties, -1);
		law->certainty = c < 0 ? NULL : load_certainties[c];
		if (law->id)
			p->law_count++;
	}
}

static void load_regimes(struct loader *l, const struct node *root)
{
	struct pack *p = l->pack;
	struct node list;
	size_t n = load_count(l, root, "regimes", PACK_REGIMES_MAX, &list);
	for (size_t i = 0; i < n; i++) {
		struct node item = load_item(&list, i);
		struct pack_regime *regime = &p->regimes[p->regime_count];
		if (!load_is_object(l, &item))
			continue;
		load_known(l, &item, "name title law certainty source");
		regime->name = load_text(l, &item, "name", LOAD_REQUIRED);
		regime->label = load_text(l, &item, "title", LOAD_REQUIRED);
		regime->law = load_law(l, &item, &regime->certainty, NULL);
		if (regime->name && !is_code(regime->name, 1, 24))
			load_mistake(l, item.pointer, "the name of a regime must be small letters, as in the files' names");
		if (regime->name && pack_regime(p, regime->name))
			load_mistake(l, item.pointer, "the regime \"%s\" stands there twice", regime->name);
		p->regime_count += regime->name != NULL;
	}
}

static void load_lunar(struct loader *l, const struct node *root)
{
	static const char *const calendars[] = {"khmer", "burmese", NULL};
	struct node n = load_member(root, "lunar");
	if (!n.json || !load_is_object(l, &n))
		return;
	load_known(l, &n, "calendar certainty source");
	load_word(l, &n, "certainty", load_certainties, -1);
	load_text(l, &n, "source", LOAD_REQUIRED);
	l->pack->lunar = (enum pack_lunar)(load_word(l, &n, "calendar", calendars, -1) + 1);
}

static void load_numbering(struct loader *l, const struct node *root)
{
	struct pack_numbering *numbering = &l->pack->numbering;
	struct node n = load_member(root, "numbering");
	if (!load_is_object(l, &n))
		return;
	load_known(l, &n, "entry person book_entries");
	numbering->entry_pattern = load_text(l, &n, "entry", LOAD_REQUIRED);
	numbering->number_pattern = load_text(l, &n, "person", LOAD_REQUIRED);
	numbering->book_entries = (uint64_t)load_int(l, &n, "book_entries", 0, 100000, 0, LOAD_OPTIONAL);
	static const char *const parts[] = {"{office}", "{register}", "{year}", "{book}", "{serial}"};
	for (size_t i = 0; numbering->entry_pattern && i < sizeof parts / sizeof *parts; i++)
		if (!strstr(numbering->entry_pattern, parts[i]))
			load_mistake(l, "/numbering/entry", "lacks %s, so two entries could have one text", parts[i]);
}

enum { CLAIM_DAYS_MAX = 90 }; /* the vault gives no longer ones */

static void load_claim(struct loader *l, const struct node *root)
{
	struct node n = load_member(root, "claim");
	if (!load_is_object(l, &n))
		return;
	load_known(l, &n, "days law certainty source");
	l->pack->claim.days = (unsigned)load_int(l, &n, "days", 1, CLAIM_DAYS_MAX, 1, LOAD_REQUIRED);
	load_law(l, &n, &l->pack->claim.certainty, NULL);
}

static void load_head(struct loader *l, const struct node *root)
{
	struct pack *p = l->pack;
	load_known(l, root, "code version zone languages native_language name issuer office levels laws names "
			    "numbering claim lunar regimes kinds");
	p->code = load_text(l, root, "code", LOAD_REQUIRED);
	if (p->code && !is_code(p->code, 2, 8))
		load_mistake(l, "/code", "must be 2 to 8 small letters or digits");
	p->version = load_text(l, root, "version", LOAD_REQUIRED);
	const char *zone = load_text(l, root, "zone", LOAD_REQUIRED);
	if (zone && !zone_parse(zone, &p->zone_minutes))
		load_mistake(l, "/zone", "must be an offset such as \"+07:00\"");
	load_both(l, root, "name", &p->name_native, &p->name_latin);
	load_both(l, root, "issuer", &p->issuer_native, &p->issuer_latin);
	load_both(l, root, "office", &p->office_native, &p->office_latin);
	struct node issuer = load_member(root, "issuer");
	if (json_is_object(issuer.json))
		p->issuer = load_text(l, &issuer, "id", LOAD_REQUIRED);
	load_languages(l, root);
	load_levels(l, root);
	load_laws(l, root);
	load_regimes(l, root);
	names_load(l, root);
	load_lunar(l, root);
	load_numbering(l, root);
	load_claim(l, root);
}

static struct workflow *load_workflow(struct loader *l, const char *kind, const char *regime)
{
	const char *file = arena_printf(l->pack->arena, "workflow/%s%s%s.json", kind, regime ? "." : "", regime ? regime : "");
	struct workflow *w = LOAD_ARRAY(l, struct workflow, 1);
	if (!file || !w) {
		l->failed = RC_NO_MEMORY;
		return NULL;
	}
	*w = (struct workflow){.kind = kind, .regime = regime, .pack = l->pack};
	workflow_load(l, file, w);
	if (l->failed == RC_OK && w->state_count)
		workflow_check(l, file, w, pack_form(l->pack, kind));
	return w;
}

/* Whether the pack has the file: what is only perhaps there is no mistake. */
static bool has_file(struct loader *l, const char *file)
{
	if (!file) {
		l->failed = RC_NO_MEMORY;
		return false;
	}
	buf_release(&l->text);
	return pack_read(l->pack, file, &l->text, NULL) != RC_NOT_FOUND;
}

static void load_kind(struct loader *l, const char *kind)
{
	struct pack *p = l->pack;
	struct pack_forms *k = &p->forms[p->form_count];
	const char *form = arena_printf(p->arena, "forms/%s.json", kind);
	*k = (struct pack_forms){.kind = kind, .form = LOAD_ARRAY(l, struct form, 1)};
	if (!k->form || !form) {
		l->failed = RC_NO_MEMORY;
		return;
	}
	k->form->pack = p;
	k->form->kind = kind;
	form_load(l, form, k->form);
	p->form_count++; /* from here on others may restate it */
	if (l->failed == RC_OK)
		k->workflow = load_workflow(l, kind, NULL);
	for (size_t i = 0; i < p->regime_count && l->failed == RC_OK; i++)
		if (has_file(l, arena_printf(p->arena, "workflow/%s.%s.json", kind, p->regimes[i].name)))
			k->in_regime[i] = load_workflow(l, kind, p->regimes[i].name);
	if (l->failed == RC_OK)
		pages_check(l, form, k);
}

static void load_all(struct loader *l)
{
	struct pack *p = l->pack;
	const char *kinds[PACK_FORMS_MAX];
	size_t kind_count = 0;
	struct node root = {.json = load_file(l, "pack.json")}, list;
	if (!root.json)
		return;
	load_head(l, &root);
	size_t n = load_count(l, &root, "kinds", PACK_FORMS_MAX, &list);
	for (size_t i = 0; i < n; i++) {
		struct node item = load_item(&list, i);
		const char *kind = load_own_text(l, &item);
		if (kind && is_kind(kind))
			kinds[kind_count++] = kind;
		else if (kind)
			load_mistake(l, item.pointer, "must be small letters, as the file's name");
	}
	if (!kind_count)
		load_mistake(l, "/kinds", "at least one kind of event is needed");
	json_decref((json_t *)(uintptr_t)root.json);
	if (l->failed == RC_OK)
		words_load(l, "words.json");
	if (l->failed == RC_OK && has_file(l, "romanisation.json"))
		romanise_load(l, "romanisation.json");
	if (l->failed == RC_OK)
		strings_load(l);
	if (l->failed == RC_OK)
		sounds_load(l);
	for (size_t i = 0; i < kind_count && l->failed == RC_OK; i++)
		load_kind(l, kinds[i]);
	/* What depends on the parts agreeing is looked at only when each could be read. */
	if (l->failed == RC_OK)
		strings_check(l);
	if (l->failed == RC_OK && p->level_count && p->native_language && p->code)
		places_check(l, "places.csv");
}

static enum rc pack_new(const char *dir, struct pack **ret)
{
	struct arena *arena = arena_new(PACK_MEMORY_MAX);
	struct pack *p = arena ? ARENA_NEW(arena, struct pack) : NULL;
	const char *copy = p ? arena_str(arena, bytes_str(dir)) : NULL;
	if (!copy) {
		arena_free(&arena);
		return RC_NO_MEMORY;
	}
	p->arena = arena;
	p->dir = copy;
	p->magic = magic;
	*ret = p;
	return RC_OK;
}

enum rc pack_check(const char *dir, struct pack **ret, struct pack_report *report, struct err *e)
{
	struct pack *p = NULL;
	*report = (struct pack_report){0};
	enum rc rc = pack_new(dir, &p);
	if (rc != RC_OK)
		return err_set(e, rc, "pack", "memory ran out");
	struct loader l = {.pack = p, .report = report, .file = "pack.json", .text = BUF_INIT(PACK_FILE_MAX)};
	rc = pack_hash(dir, p->hash, e);
	if (rc == RC_OK) {
		load_all(&l);
		if (l.failed != RC_OK)
			rc = err_set(e, l.failed, l.file, "%s", rc_text(l.failed));
		else if (report->count)
			rc = err_set(e, RC_CONFIG, report->mistake[0].file, "line %u %s: %s", report->mistake[0].line,
				     report->mistake[0].pointer, report->mistake[0].text);
	}
	buf_release(&l.text);
	if (rc == RC_OK && ret)
		*ret = p;
	else
		pack_free(&p);
	return rc;
}

enum rc pack_load(const char *dir, struct pack **ret, struct err *e)
{
	struct pack_report *report = malloc(sizeof *report);
	if (!report)
		return err_set(e, RC_NO_MEMORY, "pack", "memory ran out");
	enum rc rc = pack_check(dir, ret, report, e);
	free(report);
	return rc;
}

void pack_free(struct pack **p)
{
	if (!*p)
		return;
	struct arena *arena = (*p)->arena;
	*p = NULL;
	arena_free(&arena);
}

static const struct pack_forms *find_kind(const struct pack *p, const char *kind)
{
	for (size_t i = 0; i < p->form_count; i++)
		if (strcmp(p->forms[i].kind, kind) == 0)
			return &p->forms[i];
	return NULL;
}

const struct form *pack_form(const struct pack *p, const char *kind)
{
	const struct pack_forms *k = find_kind(p, kind);
	return k ? k->form : NULL;
}

const struct workflow *pack_workflow(const struct pack *p, const char *kind)
{
	const struct pack_forms *k = find_kind(p, kind);
	return k ? k->workflow : NULL;
}

const struct form *pack_form_by_id(const struct pack *p, const char *id)
{
	for (size_t i = 0; i < p->form_count; i++)
		if (p->forms[i].form->id && strcmp(p->forms[i].form->id, id) == 0)
			return p->forms[i].form;
	return NULL;
}

const struct workflow *pack_workflow_in(const struct pack *p, const char *kind, const char *regime)
{
	const struct pack_forms *k = find_kind(p, kind);
	const struct pack_regime *r = regime ? pack_regime(p, regime) : NULL;
	if (!k)
		return NULL;
	return r && k->in_regime[r - p->regimes] ? k->in_regime[r - p->regimes] : k->workflow;
}

const struct pack_regime *pack_regime(const struct pack *p, const char *name)
{
	for (size_t i = 0; i < p->regime_count; i++)
		if (strcmp(p->regimes[i].name, name) == 0)
			return &p->regimes[i];
	return NULL;
}

const struct pack_law *pack_law(const struct pack *p, const char *id)
{
	for (size_t i = 0; id && i < p->law_count; i++)
		if (strcmp(p->laws[i].id, id) == 0)
			return &p->laws[i];
	return NULL;
}

const char *pack_language(const struct pack *p, const char *language)
{
	for (size_t i = 0; i < p->language_count; i++)
		if (strcmp(p->languages[i], language) == 0)
			return p->languages[i];
	return NULL;
}

size_t pack_scope_depth(const char *scope)
{
	size_t depth = 0;
	for (; *scope; scope++)
		depth += *scope == '/';
	return depth;
}

int pack_level_index(const struct pack *p, const char *name)
{
	for (size_t i = 0; i < p->level_count; i++)
		if (p->levels[i].name && strcmp(p->levels[i].name, name) == 0)
			return (int)i;
	return -1;
}

struct date pack_local_date(const struct pack *p, int64_t utc_us, int *ret_seconds)
{
	return date_local(utc_us, p->zone_minutes, ret_seconds);
}
