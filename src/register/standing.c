/* SPDX-License-Identifier: MPL-2.0 */
#include "register/standing.h"

#include <string.h>

#include "country/form.h"

void standing_of(const struct store_act *acts, size_t n, struct standing *ret)
{
	*ret = (struct standing){.acts = acts, .count = n, .act = acts, .last = &acts[n - 1]};
	for (size_t i = 1; i < n; i++) {
		if (strcmp(acts[i].kind, ACT_KIND_CANCELLATION) == 0)
			ret->cancelled = &acts[i];
		else if (!id_is_zero(acts[i].corrects))
			ret->act = &acts[i];
		else if (strcmp(acts[i].kind, ACT_KIND_DEATH) == 0)
			ret->died = &acts[i];
	}
}

enum rc standing_read(const struct desk *d, struct id person, struct standing *ret)
{
	struct store_act *acts = ARENA_ARRAY(d->arena, struct store_act, STANDING_ACTS_MAX + 1);
	size_t n = 0;
	if (!acts)
		return RC_NO_MEMORY;
	enum rc rc = store_person_acts(d->reader, person, d->arena, acts, STANDING_ACTS_MAX + 1, &n, d->err);
	if (rc == RC_OK && n > STANDING_ACTS_MAX)
		rc = err_set(d->err, RC_TOO_LARGE, "person", "the person has more than %d acts", STANDING_ACTS_MAX);
	if (rc == RC_OK)
		standing_of(acts, n, ret);
	return rc;
}

bool standing_is_person(const struct standing *s, const struct pack *p)
{
	const struct form *first = pack_form(p, s->acts[0].kind);
	return first && (first->number || first->certificate);
}

static enum rc ended(struct err *e, const char *code, const char *how, const struct store_act *by)
{
	char id[ID_TEXT_SIZE];
	id_format(by->act_id, id);
	return err_set(e, RC_STATE, code, "%s %s", how, id);
}

enum rc standing_check(const struct standing *s, struct id act, struct err *e)
{
	if (s->cancelled)
		return ended(e, "act_cancelled", "cancelled by act", s->cancelled);
	return id_equal(s->act->act_id, act) ? RC_OK : ended(e, "act_superseded", "what stands now is act", s->act);
}
