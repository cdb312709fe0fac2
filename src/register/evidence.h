/* SPDX-License-Identifier: MPL-2.0 */
/*
 * What was shown for a case: files attached to it, and what its declaration
 * lists. Where a scan is needed, a list is none. Where a move needs what is
 * current, only files count whose upload began after the declaration was last
 * replaced: a signature is one under the text that the informant heard or read.
 */
#ifndef CIVIS_REGISTER_EVIDENCE_H
#define CIVIS_REGISTER_EVIDENCE_H

#include "country/form.h"
#include "country/workflow.h"
#include "register/desk.h"

#define EVIDENCE_MISSING "/evidence"
#define EVIDENCE_NOT_CURRENT "/attachments"

/* Whether it is needed of this declaration; NULL: nobody knows, so that it is. */
bool evidence_asked(const struct workflow_need *need, const json_t *declaration);
/* Whether the declaration says nothing against the move; NULL: nobody knows. */
bool evidence_lets(const struct workflow_transition *t, const json_t *declaration);
/* RC_OK if one of the kinds is there as it has to be; RC_INVALID with err.where EVIDENCE_MISSING, or EVIDENCE_NOT_CURRENT
   where it has to be current, the text naming them. declaration NULL: only what is attached counts. */
enum rc evidence_shown(const struct desk *d, const struct store_case *c, const struct workflow_need *need,
                       const json_t *declaration) WARN_UNUSED;
/* The same of all that the move needs. */
enum rc evidence_check(const struct desk *d, const struct store_case *c, const struct workflow_transition *t,
                       const json_t *declaration) WARN_UNUSED;

#endif
