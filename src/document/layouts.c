/* SPDX-License-Identifier: MPL-2.0 */
/* Every layout that a pack's forms name. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/log.h"
#include "country/form.h"
#include "document/certificate.h"

struct certificate_layouts {
	size_t count;
	struct {
		const char *name; /* the pack's */
		struct certificate_layout *layout;
	} one[PACK_FORMS_MAX];
};

static enum rc load(struct certificate_layouts *set, const char *dir, const char *name, struct err *e)
{
	struct err own = ERR_NONE;
	enum rc rc = certificate_layout_load(dir, name, &set->one[set->count].layout, &own);
	if (rc == RC_OK) {
		set->one[set->count++].name = name;
	} else if (rc == RC_NOT_FOUND) {
		log_warn("certificate_layout_missing", LOG_WORD("layout", name));
		rc = RC_OK;
	} else {
		*e = own;
	}
	return rc;
}

enum rc certificate_layouts_load(const struct pack *pack, struct certificate_layouts **ret, struct err *e)
{
	char dir[PATH_MAX];
	struct certificate_layouts *set = calloc(1, sizeof *set);
	enum rc rc = set ? path_join(dir, sizeof dir, pack->dir, "certificate")
	                 : err_set(e, RC_NO_MEMORY, "certificate", "%s", rc_text(RC_NO_MEMORY));
	for (size_t i = 0; rc == RC_OK && i < pack->form_count; i++) {
		const char *name = pack->forms[i].form->certificate;
		if (name && !certificate_layouts_get(set, name))
			rc = load(set, dir, name, e);
	}
	if (rc == RC_OK)
		*ret = set;
	else
		certificate_layouts_free(&set);
	return rc;
}

struct certificate_layout *certificate_layouts_get(const struct certificate_layouts *set, const char *name)
{
	for (size_t i = 0; name && i < set->count; i++)
		if (strcmp(set->one[i].name, name) == 0)
			return set->one[i].layout;
	return NULL;
}

void certificate_layouts_free(struct certificate_layouts **set)
{
	if (!*set)
		return;
	for (size_t i = 0; i < (*set)->count; i++)
		certificate_layout_free(&(*set)->one[i].layout);
	free(*set);
	*set = NULL;
}
