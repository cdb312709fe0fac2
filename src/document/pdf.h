/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Attaching to and signing a PDF by an incremental update (ISO 32000-1 §7.5.6,
 * §12.8; PAdES: ETSI EN 319 142-1), and reading such a file again.
 *
 *   drawn PDF | update: attachments, AcroForm, signature dictionary | %%EOF
 *             |   /ByteRange [0 a b c]   /Contents <000…hole…000>
 *
 * The signature covers everything but the hole: bytes [0, a) and [b, b + c).
 */
#ifndef CIVIS_DOCUMENT_PDF_H
#define CIVIS_DOCUMENT_PDF_H

#include "base/bytes.h"
#include "base/err.h"

#define PDF_MAX ((size_t)16 << 20)      /* bytes of a PDF that we write or read */
#define PDF_SIGNATURE_MAX ((size_t)12288) /* bytes of CMS DER that the hole holds */
#define PDF_ATTACHMENTS_MAX 8
#define PDF_DIGEST_SIZE 32              /* SHA-256 */

struct pdf_attachment {
	const char *name;         /* ASCII file name: "receipt.cbor" */
	const char *media_type;   /* "application/cbor" */
	const char *relationship; /* AFRelationship: "Data", "Source", "Supplement" */
	struct bytes content;
};

struct pdf_signing {
	const struct pdf_attachment *attachments;
	size_t attachment_count;
	int64_t at;           /* UTC µs: /M of the signature */
	const char *signer;   /* ASCII: /Name of the signature, the issuing authority */
	const char *reason;   /* ASCII, may be NULL */
	const char *location; /* ASCII, may be NULL */
};

struct pdf_prepared {
	size_t hole;     /* offset of '<' of /Contents */
	size_t hole_len; /* with both brackets */
	uint8_t digest[PDF_DIGEST_SIZE]; /* SHA-256 over the byte range: what the CMS signs */
};

/*
 * Appends to out the drawn PDF and its update, with an empty hole. The same input
 * gives the same bytes. The drawn PDF must be one that certificate_draw() made: a
 * classic cross-reference table, one page at least.
 *   RC_FORMAT  the PDF is not of that kind
 */
enum rc pdf_prepare(struct bytes drawn, const struct pdf_signing *signing, struct buf *out,
                    struct pdf_prepared *ret_prepared, struct err *e) WARN_UNUSED;
/* Writes the signature into the hole. RC_TOO_LARGE over PDF_SIGNATURE_MAX. */
enum rc pdf_embed(struct buf *pdf, const struct pdf_prepared *prepared, struct bytes cms, struct err *e) WARN_UNUSED;

/* A signed file, read. All bytes borrow from the file or from `memory`. */
struct pdf_file {
	struct bytes signature;  /* CMS DER of the last signature, its padding removed */
	uint8_t digest[PDF_DIGEST_SIZE];
	bool whole;              /* the byte range is the whole file but the hole */
	size_t attachment_count;
	bool more_attached;      /* more than PDF_ATTACHMENTS_MAX: these are not all */
	struct {
		char name[64];
		struct bytes content;
	} attachments[PDF_ATTACHMENTS_MAX];
	struct buf memory;       /* decoded signature and inflated streams */
};

/*
 * Reads the last signature and the attachments. Bounded in time and memory for any input;
 * understands what pdf_prepare() writes and what ordinary tools make of it, not all of PDF.
 *   RC_FORMAT     not a PDF
 *   RC_NOT_FOUND  a PDF without a signature
 * On success pdf_file_release() is owed.
 */
enum rc pdf_read(struct bytes pdf, struct pdf_file *ret_file, struct err *e) WARN_UNUSED;
void pdf_file_release(struct pdf_file *file);
/* BYTES_NONE if there is none of that name; the first if there are several. */
struct bytes pdf_attachment_find(const struct pdf_file *file, const char *name);
/* How many have that name: readers of PDF differ in which of them they show. */
size_t pdf_attachment_count(const struct pdf_file *file, const char *name);

#endif
