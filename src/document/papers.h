/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The papers of an office's counter, as plain sheets (document/sheet.h). None of them is a document: nothing is
 * signed, and each says that it is no certificate. Their words are "sheet.…" in the catalogues; names of groups of
 * fields are "part.PATH" ("part.mother"), after the form's objects.
 */
#ifndef CIVIS_DOCUMENT_PAPERS_H
#define CIVIS_DOCUMENT_PAPERS_H

#include <jansson.h>

#include "country/form.h"
#include "country/pack.h"
#include "country/workflow.h"
#include "document/sheet.h"

/* Name of a place by its code, or of an office by its scope, as certificate.h has it. */
typedef enum rc paper_place_name(void *ctx, const char *code, const char *language, struct buf *out);

struct paper {
	const struct pack *pack;
	const char *language;
	int64_t at;                /* UTC µs */
	paper_place_name *place_name; /* NULL: codes are printed */
	void *ctx;
};

/*
 * The draft of a declaration, for the informant to hear or read before they sign or thumbprint it: every field with
 * its title, what is unusual, the privacy notice with its version. Not what only statistics need.
 */
struct paper_draft {
	const struct form *form;
	const json_t *declaration;
	const struct form_errors *warnings; /* may be NULL */
	const char *code;                   /* of the case, as people say it */
	const char *office;                 /* scope */
};
/* Errors of all papers as of sheet_print(). */
enum rc paper_draft(const struct paper *p, const struct paper_draft *in, struct buf *out, struct err *e) WARN_UNUSED;

/* What the family takes along. There is no secret on it, and nothing of what was declared. */
struct paper_slip {
	const struct form *form;
	const char *code;      /* tracking code */
	const char *office, *above; /* scopes; above: who hears complaints, NULL where there is none */
	int64_t received;      /* UTC µs */
	bool has_deadline;
	struct date deadline;
	bool notice;           /* notified by a health facility, and to be completed */
	const struct workflow_band *band; /* may be NULL */
};
enum rc paper_slip(const struct paper *p, const struct paper_slip *in, struct buf *out, struct err *e) WARN_UNUSED;

/* What was decided in a case, or is about to be, in writing: why, by which law, who hears an appeal and until when. */
struct paper_decision {
	const struct form *form;
	const struct workflow_transition *move; /* has a paper, which says what stands on this one */
	const char *code, *office;   /* as of a draft */
	int64_t at;                  /* UTC µs: when the step was taken */
	const char *entry;           /* the entry that it is about; NULL: none yet */
	const json_t *declaration;   /* NULL: nothing of it is told */
	const char *reason;          /* its code; NULL: none was given */
	const json_t *details;       /* of the step; may be NULL */
	const char *hears;           /* scope of the office that hears an appeal; NULL: none does */
	unsigned days;               /* to appeal, local days; 0: without end */
	bool has_until;              /* the last day for whatever comes next: an appeal, or being heard */
	struct date until;
	bool appeal_until;           /* it is the appeal's */
};
enum rc paper_decision(const struct paper *p, const struct paper_decision *in, struct buf *out, struct err *e) WARN_UNUSED;

/* The form of a kind to fill in by hand, on a day without electricity. */
enum rc paper_form(const struct paper *p, const struct form *form, struct buf *out, struct err *e) WARN_UNUSED;

/* A page of a register: the printed fields of each entry, its notes in the margin, and places to sign. */
struct paper_entry {
	uint64_t serial;
	int64_t at;          /* UTC µs: when it was registered, in the paper book if it was copied from one */
	const struct form *form;
	const json_t *act;   /* as act_to_json() gives it */
	const json_t *notes; /* of the person's latest act: what later acts did to this entry; may be NULL */
};
struct paper_register {
	const char *office, *reg; /* scope; code of the register */
	uint32_t year, book, page;
	const struct paper_entry *entries;
	size_t count;
};
enum rc paper_register_page(const struct paper *p, const struct paper_register *in, struct buf *out,
                            struct err *e) WARN_UNUSED;

#endif
