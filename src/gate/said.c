/* SPDX-License-Identifier: MPL-2.0 */
/* What was said to a family at the steps of its case: why an office returned or rejected it, in its own words. */
#include <string.h>

#include "base/log.h"
#include "gate/handlers.h"
#include "gate/state.h"
#include "intake/case.h"

/* Of a note the reason and the written grounds: what officers remark to each other is not the family's. */
static json_t *for_family(struct bytes note)
{
	json_t *said = NULL, *j = json_loadb((const char *)note.ptr, note.len, JSON_REJECT_DUPLICATES, NULL);
	const char *reason = json_string_value(json_object_get(j, "reason"));
	const char *grounds = json_string_value(json_object_get(json_object_get(j, "details"), "grounds"));
	if (reason || grounds)
		said = json_pack("{s:s*}", "reason", reason);
	if (said && grounds)
		json_object_set_new(said, "details", json_pack("{s:s}", "grounds", grounds));
	json_decref(j);
	return said;
}

void case_said(struct call *c, const struct store_case *k, const struct store_transition *steps, size_t n, const char *secret,
               json_t **ret)
{
	struct vault_open_item items[VAULT_ITEMS_MAX];
	struct bytes plain[VAULT_ITEMS_MAX];
	size_t of[VAULT_ITEMS_MAX], count = 0;
	for (size_t i = n; i-- > 0 && count < VAULT_ITEMS_MAX;) { /* the latest are the ones that count */
		if (!steps[i].note_sealed.len)
			continue;
		of[count] = i;
		items[count++] = (struct vault_open_item){{KIND_CASE, k->case_id, k->person_id, steps[i].version, CASE_NOTE_AUX},
		                                          steps[i].note_sealed};
	}
	if (!count)
		return;
	enum rc rc = secret ? vault_open_notes(c->desk.vault, bytes_str(secret), items, count, c->desk.arena, plain, &c->err)
	                    : vault_open(c->desk.vault, c->desk.token, case_purpose(c), items, count, c->desk.arena, plain, &c->err);
	c->err = ERR_NONE;
	if (rc != RC_OK)
		log_warn("notes_not_opened", LOG_ID("case", k->case_id), LOG_RC(rc));
	for (size_t i = 0; rc == RC_OK && i < count; i++)
		ret[of[i]] = for_family(plain[i]);
}
