/* SPDX-License-Identifier: MPL-2.0 */
#include "register/evidence.h"

#include <string.h>

enum { KINDS_MAX = 64, ATTACHMENTS_MAX = 32 };

static enum rc missing(const struct desk *d, const struct workflow_need *need)
{
	struct buf list = BUF_INIT(200);
	for (size_t i = 0; i < need->of_count; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", need->of[i]);
	const char *text = buf_cstr(&list);
	const char *where = need->shown == SHOWN_CURRENT ? EVIDENCE_NOT_CURRENT : EVIDENCE_MISSING;
	enum rc rc = err_set(d->err, RC_INVALID, where, "one of these is needed: %s", text ? text : "");
	buf_release(&list);
	return rc;
}

enum rc evidence_shown(const struct desk *d, const struct store_case *c, const struct workflow_need *need,
                       const json_t *declaration)
{
	const struct form *form = pack_form(d->pack, c->kind);
	const char *kinds[KINDS_MAX + ATTACHMENTS_MAX];
	size_t n = 0, attached = 0;
	struct store_attachment *files = ARENA_ARRAY(d->arena, struct store_attachment, ATTACHMENTS_MAX);
	if (!files)
		return RC_NO_MEMORY;
	enum rc rc = store_attachments(d->reader, c->person_id, c->case_id, files, ATTACHMENTS_MAX, &attached, d->err);
	if (rc != RC_OK)
		return rc;
	if (form && declaration && need->shown == SHOWN_LISTED)
		n = form_evidence(form, declaration, kinds, KINDS_MAX);
	for (size_t i = 0; i < attached; i++)
		if (need->shown != SHOWN_CURRENT || files[i].sealed_version == c->sealed_version)
			kinds[n++] = files[i].kind;
	return workflow_evidence_suffices(need, kinds, n) ? RC_OK : missing(d, need);
}

bool evidence_asked(const struct workflow_need *need, const json_t *declaration)
{
	const char *value = need->field && declaration ? json_string_value(form_at(declaration, need->field)) : NULL;
	return !need->field || !declaration || (value && strcmp(value, need->value) == 0);
}

bool evidence_lets(const struct workflow_transition *t, const json_t *declaration)
{
	const json_t *v = t->unless.field && declaration ? form_at(declaration, t->unless.field) : NULL;
	const char *said = json_is_boolean(v) ? json_is_true(v) ? "true" : "false" : json_string_value(v);
	return !said || strcmp(said, t->unless.value) != 0;
}

enum rc evidence_check(const struct desk *d, const struct store_case *c, const struct workflow_transition *t,
                       const json_t *declaration)
{
	enum rc rc = RC_OK;
	for (size_t i = 0; rc == RC_OK && i < t->needs_count; i++)
		if (evidence_asked(&t->needs[i], declaration))
			rc = evidence_shown(d, c, &t->needs[i], declaration);
	return rc;
}
