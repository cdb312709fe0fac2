/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Inside the room: what an act changes of those before it, and whether the
 * evidence for it is there (country/form.h, struct form_change). It is compared
 * with what stands in the acts, whatever the requester calls the correction.
 */
#ifndef CIVIS_REGISTER_CHANGES_H
#define CIVIS_REGISTER_CHANGES_H

#include "register/draft.h"

struct acts_compared {
	const struct form *form;
	const struct act_view *before;
	const struct form_value *fields; /* of the act to be made */
	size_t count;
};

/*
 * Whether all that the change is `of` is changed. A field is, if its value is another; a partial date that nobody
 * knows, then or now, as well, since it tells nobody apart. An object that holds names itself is, if both acts have a
 * name in it and it is another: in native script where both have that, else in Latin, else in any case. Of any other
 * object: whether it is there.
 */
bool change_is_made(const struct acts_compared *a, const struct form_change *change);
/* The path of what a form that `alters` little changes beside, or fails to change; NULL: all is well. */
const char *change_is_beyond(const struct acts_compared *a);

#define CHANGES_DECLARATION "/declaration" /* err.where begins so for a field that may not be altered */

/* After the draft's fields were made. As evidence_check(), of what is attached alone; RC_INVALID with err.where the
   field's pointer behind CHANGES_DECLARATION for what the form does not alter; as vault_open(). */
enum rc changes_check(const struct desk *d, const struct store_case *c, const struct draft *draft) WARN_UNUSED;

#endif
