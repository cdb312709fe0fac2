/* SPDX-License-Identifier: MPL-2.0 */
/*
 * What was shown for a case: files attached to it, and what its declaration
 * lists. Where a move needs what is current, only files count whose upload
 * began after the declaration was last replaced: a signature is one under the
 * text that the informant heard or read, and no list is a signature.
 */
#ifndef CIVIS_REGISTER_EVIDENCE_H
#define CIVIS_REGISTER_EVIDENCE_H

#include "country/form.h"
#include "country/workflow.h"
#include "register/desk.h"

/* RC_OK if the move needs none, or one of the kinds that it needs is there; RC_INVALID with err.where
   EVIDENCE_MISSING, or EVIDENCE_NOT_CURRENT where it has to be current, the text naming them.
   declaration NULL: only what is attached counts. */
#define EVIDENCE_MISSING "/evidence"
#define EVIDENCE_NOT_CURRENT "/attachments"
enum rc evidence_check(const struct desk *d, const struct store_case *c, const struct workflow_transition *t,
                       const json_t *declaration) WARN_UNUSED;

#endif
