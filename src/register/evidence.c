/* SPDX-License-Identifier: MPL-2.0 */
#include "register/evidence.h"

enum { KINDS_MAX = 64, ATTACHMENTS_MAX = 32 };

static enum rc missing(const struct desk *d, const struct workflow_transition *t)
{
	struct buf list = BUF_INIT(200);
	for (size_t i = 0; i < t->needs_count; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", t->needs[i]);
	const char *text = buf_cstr(&list);
	const char *where = t->needs_current ? EVIDENCE_NOT_CURRENT : EVIDENCE_MISSING;
	enum rc rc = err_set(d->err, RC_INVALID, where, "one of these is needed: %s", text ? text : "");
	buf_release(&list);
	return rc;
}

enum rc evidence_check(const struct desk *d, const struct store_case *c, const struct workflow_transition *t,
                       const json_t *declaration)
{
	const struct form *form = pack_form(d->pack, c->kind);
	const char *kinds[KINDS_MAX + ATTACHMENTS_MAX];
	size_t n = 0, attached = 0;
	if (!t->needs_count)
		return RC_OK;
	struct store_attachment *files = ARENA_ARRAY(d->arena, struct store_attachment, ATTACHMENTS_MAX);
	if (!files)
		return RC_NO_MEMORY;
	enum rc rc = store_attachments(d->reader, c->person_id, c->case_id, files, ATTACHMENTS_MAX, &attached, d->err);
	if (rc != RC_OK)
		return rc;
	if (form && declaration && !t->needs_current)
		n = form_evidence(form, declaration, kinds, KINDS_MAX);
	for (size_t i = 0; i < attached; i++)
		if (!t->needs_current || files[i].sealed_version == c->sealed_version)
			kinds[n++] = files[i].kind;
	return workflow_evidence_suffices(t, kinds, n) ? RC_OK : missing(d, t);
}
