/* SPDX-License-Identifier: MPL-2.0 */
/* What goes with a step of a case, sealed beside it. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "intake/case.h"

/* Who finished it, where that was not the one who sent it now. */
static json_t *finished_json(const struct desk_finished *f)
{
	char at[INSTANT_TEXT_SIZE], staff[ID_TEXT_SIZE];
	if (!f)
		return NULL;
	instant_format(f->at, at);
	id_format(f->staff, staff);
	return json_pack("{s:s,s:s}", "at", at, "staff", staff);
}

enum rc case_seal_note(const struct desk *d, const struct vault_object *as, const char *office, const struct case_note *n,
                       struct bytes *ret)
{
	if (!n->reason && !n->note && !n->details && !d->finished)
		return RC_OK;
	json_t *j = json_pack("{s:s*,s:s*,s:O*,s:o*}", "reason", n->reason, "note", n->note, "details", n->details, "finished",
	                      finished_json(d->finished));
	char *text = j ? json_dumps(j, JSON_COMPACT) : NULL;
	json_decref(j);
	if (!text)
		return RC_NO_MEMORY;
	struct vault_seal_item item = {.as = *as, .case_id = as->object, .scope = office, .plaintext = bytes_str(text)};
	item.as.kind = KIND_CASE;
	item.as.aux = CASE_NOTE_AUX;
	enum rc rc = vault_seal(d->vault, d->token, d->secret, &item, 1, d->arena, ret, d->err);
	wipe(text, strlen(text));
	free(text);
	return rc;
}
