/* SPDX-License-Identifier: MPL-2.0 */
/* civis pack check DIR: every mistake of a country pack, with its file, line and place. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cmd/args.h"
#include "country/form.h"
#include "country/pack.h"
#include "document/certificate.h"

static void print_mistake(const struct pack_mistake *m)
{
	fprintf(stderr, "%s:", m->file);
	if (m->line)
		fprintf(stderr, "%u:", m->line);
	fprintf(stderr, " %s%s%s\n", m->pointer, *m->pointer ? ": " : "", m->text);
}

static void print_pack(const struct pack *p)
{
	struct buf hash = BUF_INIT(2 * PACK_HASH_SIZE + 1);
	hex_encode(&hash, BYTES_ARRAY(p->hash));
	const char *hex = buf_cstr(&hash);
	printf("%s %s (%s), languages", p->code, p->version, p->name_latin);
	for (size_t i = 0; i < p->language_count; i++)
		printf(" %s", p->languages[i]);
	printf("\nhash %s\n", hex ? hex : "");
	for (size_t i = 0; i < p->form_count; i++)
		printf("form %s: %zu fields, %zu rules, %zu pages\n", p->forms[i].form->id, p->forms[i].form->field_count,
		       p->forms[i].form->rule_count, p->forms[i].form->page_count);
	if (p->sound_count)
		printf("%zu recordings\n", p->sound_count);
	buf_release(&hash);
}

static int check(const struct command *self, const char *dir)
{
	struct pack *p = NULL;
	struct err e = ERR_NONE;
	struct pack_report *report = malloc(sizeof *report);
	if (!report) {
		fprintf(stderr, "civis %s: memory ran out\n", self->name);
		return EXIT_UNUSABLE;
	}
	enum rc rc = pack_check(dir, &p, report, &e);
	if (rc == RC_OK)
		rc = certificate_layouts_check(p, report);
	for (size_t i = 0; i < report->count; i++)
		print_mistake(&report->mistake[i]);
	size_t count = report->count + report->beyond;
	free(report);
	if (rc == RC_OK && !count)
		print_pack(p);
	pack_free(&p);
	if (rc == RC_OK && !count)
		return EXIT_DONE;
	if (count) {
		fprintf(stderr, "civis %s: %zu mistake%s in %s\n", self->name, count, count == 1 ? "" : "s", dir);
		return EXIT_NO;
	}
	fprintf(stderr, "civis %s: %s: %s\n", self->name, dir, *e.text ? e.text : rc_text(rc));
	return EXIT_UNUSABLE;
}

int cmd_pack_check(const struct command *self, int argc, char **argv)
{
	const char *dir = NULL;
	const struct arg args[] = {ARG_OPERAND("DIR", &dir, "the country pack"), ARG_END};
	int status;
	return args_read(self, args, argc, argv, &status) ? check(self, dir) : status;
}
