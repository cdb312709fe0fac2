/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The printed certificate: a pack's artwork, filled from an act.
 *
 * The artwork is PACK/certificate/NAME.svg, drawn as vectors; NAME.json names
 * the boxes in it that are filled, with their fonts (docs/formats/certificate.md).
 * Same act, same serial, same copy and same time give the same bytes.
 *
 *   certificate_layout_load()      once per pack and kind of certificate
 *   certificate_render()           act → PDF, unsigned
 *   pdf_prepare() … pdf_embed()    attachments and signature (document/pdf.h)
 */
#ifndef CIVIS_DOCUMENT_CERTIFICATE_H
#define CIVIS_DOCUMENT_CERTIFICATE_H

#include "base/bytes.h"
#include "base/err.h"

struct pack;
struct pack_report;
struct certificate_layout;

#define CERTIFICATE_MAX ((size_t)4 << 20) /* greatest size of an unsigned certificate, bytes */
#define CERTIFICATE_SERIAL_MAX 32         /* bytes of text of a document serial */
#define CERTIFICATE_QR_MAX 1200           /* characters of a QR text that still fits the printed symbol */

/*
 * Reads DIR/NAME.json and the SVG it names. Cheap: fonts are opened at the first
 * drawing. A layout may be shared by threads; drawings with it take turns.
 *   RC_NOT_FOUND  no such layout
 *   RC_CONFIG     JSON or SVG not usable; e says which box or member
 */
enum rc certificate_layout_load(const char *dir, const char *name, struct certificate_layout **ret_layout,
                                struct err *e) WARN_UNUSED;
void certificate_layout_free(struct certificate_layout **layout);

/*
 * The layouts that the pack's forms name. One whose file is not there is said in the log, and left out: such
 * certificates cannot be issued, all else works. Borrows from the pack. RC_CONFIG as above.
 */
struct certificate_layouts;
enum rc certificate_layouts_load(const struct pack *pack, struct certificate_layouts **ret, struct err *e) WARN_UNUSED;
/* NULL if it is not there, or name is NULL. */
struct certificate_layout *certificate_layouts_get(const struct certificate_layouts *set, const char *name);
/* Adds to *report what is wrong with the layouts that the pack's forms name, files that are missing and boxes that
   nothing fills among it. RC_OK with or without mistakes; RC_NO_MEMORY, RC_TOO_LARGE (the path). */
enum rc certificate_layouts_check(struct pack *pack, struct pack_report *report) WARN_UNUSED;
void certificate_layouts_free(struct certificate_layouts **set);

/*
 * One value, by the name that the layout's boxes refer to, in UTF-8 (NFC). An empty text: the act
 * has nothing to say there, and the box shows its "absent" text, a dash for a parent. A name may come
 * several times, from the fullest text to the shortest: the first that fits its box at the style's
 * smallest size is drawn, the last one in any case.
 */
struct certificate_text {
	const char *name;
	const char *text;
};

/* What a drawing shows. Values that the layout does not name are ignored. */
struct certificate_content {
	const struct certificate_text *texts;
	size_t text_count;
	const char *title;   /* of the PDF, for its metadata: never a person's name */
	const char *qr_text; /* "CIV1:…" */
	unsigned copy_no;    /* 1: the first issue; from 2 on the copy mark is drawn */
	int64_t drawn_at;    /* UTC µs: the PDF's own dates */
};

/*
 * Appends the PDF to out.
 *   RC_INVALID    a text does not fit its box at any size that can be read, or is not valid UTF-8:
 *                 e->where is the box. Nothing is ever cut.
 *   RC_CONFIG     a value that a box requires is missing, or a font is not installed
 *   RC_TOO_LARGE  over out's maximum
 */
enum rc certificate_draw(struct certificate_layout *layout, const struct certificate_content *content,
                         struct buf *out, struct err *e) WARN_UNUSED;

/* One issue of a certificate of one act. */
struct certificate_issue {
	const struct pack *pack;
	struct bytes act;            /* the act's plaintext bytes, as the vault released them */
	const char *serial;          /* document serial as printed */
	unsigned copy_no;            /* 1: first issue; from 2 on a reprint, which says so in both scripts */
	int64_t issued_at;           /* UTC µs */
	const char *issuing_office;  /* scope of the office that issues, e.g. "khm/12/1201/120101" */
	const char *qr_text;
	/*
	 * Appends the name in language "km", "my" or "en" of a place, by its code ("120101"), with its
	 * unit as is usual ("ឃុំព្រែកតាអុង", "Preaek Ta Ong commune"), or of an office, by its scope
	 * ("khm/12/1201/120101"; scopes hold a '/', or are the pack's code).
	 * RC_NOT_FOUND: the code itself is printed.
	 */
	enum rc (*place_name)(void *ctx, const char *code, const char *language, struct buf *out);
	void *ctx;
};

/* Composes the values of an act and draws them. Errors as certificate_draw(), and RC_FORMAT for the act. */
enum rc certificate_render(struct certificate_layout *layout, const struct certificate_issue *issue,
                           struct buf *out, struct err *e) WARN_UNUSED;

/*
 * The labels of the act's fields that this layout prints: what the attached receipt opens.
 * Ascending; at most `max`. RC_TOO_LARGE if there are more.
 */
enum rc certificate_printed_labels(const struct certificate_layout *layout, const struct pack *pack,
                                   struct bytes act, uint64_t *ret_labels, size_t max, size_t *ret_count,
                                   struct err *e) WARN_UNUSED;

#endif
