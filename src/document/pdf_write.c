/* SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "crypto/crypto.h"
#include "document/pdf.h"
#include "document/pdf_syntax.h"

enum {
	BYTE_RANGE_WIDTH = 48,  /* room for "[0 a b c]" */
	OBJECTS_MAX = 8 + 2 * PDF_ATTACHMENTS_MAX
};

/* An update being written. */
struct update {
	struct buf *out;
	size_t base;           /* where the file begins in out */
	uint64_t number[OBJECTS_MAX];
	size_t offset[OBJECTS_MAX];
	size_t count;
};

static enum rc not_ours(struct err *e)
{
	return err_set(e, RC_FORMAT, "pdf", "not a PDF as it is drawn here");
}

static void begin_object(struct update *u, uint64_t number)
{
	if (u->count < OBJECTS_MAX) {
		u->number[u->count] = number;
		u->offset[u->count++] = u->out->len - u->base;
	}
	buf_printf(u->out, "%llu 0 obj\n", (unsigned long long)number);
}

static void put_date(struct buf *out, int64_t at)
{
	int seconds;
	struct date d = date_local(at, 0, &seconds);
	buf_printf(out, "(D:%04d%02d%02d%02d%02d%02dZ)", d.year, d.month, d.day, seconds / 3600, seconds / 60 % 60,
	           seconds % 60);
}

static void put_string(struct buf *out, const char *name, const char *text)
{
	if (!text)
		return;
	buf_printf(out, " %s (", name);
	for (const char *c = text; *c; c++) {
		if (*c == '(' || *c == ')' || *c == '\\')
			buf_byte(out, '\\');
		buf_byte(out, (uint8_t)*c);
	}
	buf_str(out, ")");
}

/* A media type as a name: '/' is written #2F. */
static void put_media_type(struct buf *out, const char *type)
{
	for (const char *c = type; *c; c++)
		if (*c == '/')
			buf_str(out, "#2F");
		else
			buf_byte(out, (uint8_t)*c);
}

static void put_attachment(struct update *u, const struct pdf_attachment *a, uint64_t file_no, int64_t at)
{
	begin_object(u, file_no);
	buf_str(u->out, "<< /Type /EmbeddedFile /Subtype /");
	put_media_type(u->out, a->media_type);
	buf_printf(u->out, " /Length %zu /Params << /Size %zu /ModDate ", a->content.len, a->content.len);
	put_date(u->out, at);
	buf_str(u->out, " >> >>\nstream\n");
	buf_append(u->out, a->content);
	buf_str(u->out, "\nendstream\nendobj\n");
	begin_object(u, file_no + 1);
	buf_printf(u->out, "<< /Type /Filespec /F (%s) /UF (%s) /AFRelationship /%s /EF << /F %llu 0 R >> >>\nendobj\n",
	           a->name, a->name, a->relationship, (unsigned long long)file_no);
}

/* Returns the offset of the byte range; ret_hole gets that of the hole. */
static size_t put_signature(struct update *u, const struct pdf_signing *signing, uint64_t number, size_t *ret_hole)
{
	begin_object(u, number);
	buf_str(u->out, "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M ");
	put_date(u->out, signing->at);
	put_string(u->out, "/Name", signing->signer);
	put_string(u->out, "/Reason", signing->reason);
	put_string(u->out, "/Location", signing->location);
	buf_str(u->out, "\n/ByteRange ");
	size_t range = u->out->len;
	uint8_t *room = buf_extend(u->out, BYTE_RANGE_WIDTH);
	if (room)
		memset(room, ' ', BYTE_RANGE_WIDTH);
	buf_str(u->out, "\n/Contents ");
	*ret_hole = u->out->len;
	buf_byte(u->out, '<');
	room = buf_extend(u->out, PDF_SIGNATURE_MAX * 2);
	if (room)
		memset(room, '0', PDF_SIGNATURE_MAX * 2);
	buf_str(u->out, "> >>\nendobj\n");
	return range;
}

static void put_catalog(struct update *u, const struct pdf_drawn *d, const struct pdf_signing *signing,
                        uint64_t first_file, uint64_t field)
{
	begin_object(u, d->root);
	buf_str(u->out, "<< ");
	buf_append(u->out, d->catalog_dict);
	buf_printf(u->out, "\n/AcroForm << /Fields [%llu 0 R] /SigFlags 3 >>\n", (unsigned long long)field);
	buf_str(u->out, "/Names << /EmbeddedFiles << /Names [");
	for (size_t i = 0; i < signing->attachment_count; i++)
		buf_printf(u->out, "(%s) %llu 0 R ", signing->attachments[i].name,
		           (unsigned long long)first_file + 2 * i + 1);
	buf_str(u->out, "] >> >>\n/AF [");
	for (size_t i = 0; i < signing->attachment_count; i++)
		buf_printf(u->out, "%llu 0 R ", (unsigned long long)first_file + 2 * i + 1);
	buf_str(u->out, "] >>\nendobj\n");
}

/* The signature has no appearance: the printed page has its own space for hand and seal. */
static void put_field(struct update *u, const struct pdf_drawn *d, uint64_t field, uint64_t signature)
{
	begin_object(u, field);
	buf_printf(u->out,
	           "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /F 132 /Rect [0 0 0 0] /P %llu 0 R "
	           "/V %llu 0 R >>\nendobj\n",
	           (unsigned long long)d->page, (unsigned long long)signature);
	begin_object(u, d->page);
	buf_str(u->out, "<< ");
	buf_append(u->out, d->page_dict);
	buf_printf(u->out, "\n/Annots [%llu 0 R] >>\nendobj\n", (unsigned long long)field);
}

static void put_xref(struct update *u, const struct pdf_drawn *d, uint64_t size)
{
	uint8_t id[HASH_SIZE];
	size_t at = u->out->len - u->base;
	buf_str(u->out, "xref\n");
	for (size_t i = 0; i < u->count; i++)
		buf_printf(u->out, "%llu 1\n%010zu 00000 n \n", (unsigned long long)u->number[i], u->offset[i]);
	sha256(d->file, id);
	buf_printf(u->out, "trailer\n<< /Size %llu /Root %llu 0 R /Info %llu 0 R /Prev %zu /ID [<", (unsigned long long)size,
	           (unsigned long long)d->root, (unsigned long long)d->info, d->xref);
	hex_encode(u->out, bytes_of(id, 16));
	buf_str(u->out, "><");
	hex_encode(u->out, bytes_of(id, 16));
	buf_printf(u->out, ">] >>\nstartxref\n%zu\n%%%%EOF\n", at);
}

static void digest_range(struct bytes file, size_t hole, size_t hole_len, uint8_t digest[static PDF_DIGEST_SIZE])
{
	struct sha256 s;
	sha256_init(&s);
	sha256_update(&s, bytes_slice(file, 0, hole));
	sha256_update(&s, bytes_slice(file, hole + hole_len, file.len));
	sha256_final(&s, digest);
}

static bool plain_name(const char *s)
{
	size_t n = strlen(s);
	return n > 0 && n < 64 &&
	       strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/+") == n;
}

/* The name tree has to be in order (ISO 32000-1 §7.9.6). */
static bool attachments_are_plain(const struct pdf_signing *signing)
{
	if (signing->attachment_count > PDF_ATTACHMENTS_MAX)
		return false;
	for (size_t i = 0; i < signing->attachment_count; i++) {
		const struct pdf_attachment *a = &signing->attachments[i];
		if (!plain_name(a->name) || !plain_name(a->media_type) || !plain_name(a->relationship) ||
		    (i && strcmp(signing->attachments[i - 1].name, a->name) >= 0))
			return false;
	}
	return true;
}

enum rc pdf_prepare(struct bytes drawn, const struct pdf_signing *signing, struct buf *out,
                    struct pdf_prepared *ret_prepared, struct err *e)
{
	struct pdf_drawn d = {.file = drawn};
	if (!pdf_drawn_read(&d))
		return not_ours(e);
	if (!attachments_are_plain(signing))
		return err_set(e, RC_INVALID, "attachments", "attachments need plain names, in order");
	struct update u = {.out = out, .base = out->len};
	uint64_t signature = d.size, field = d.size + 1, first_file = d.size + 2;
	uint64_t size = first_file + 2 * signing->attachment_count;
	buf_append(out, drawn);
	buf_str(out, "\n");
	for (size_t i = 0; i < signing->attachment_count; i++)
		put_attachment(&u, &signing->attachments[i], first_file + 2 * i, signing->at);
	put_field(&u, &d, field, signature);
	put_catalog(&u, &d, signing, first_file, field);
	size_t hole, range = put_signature(&u, signing, signature, &hole);
	put_xref(&u, &d, size);
	if (buf_failed(out))
		return err_set(e, RC_TOO_LARGE, "pdf", "the document is too large");
	struct pdf_prepared p = {.hole = hole - u.base, .hole_len = 2 * PDF_SIGNATURE_MAX + 2};
	struct bytes file = bytes_slice(buf_bytes(out), u.base, out->len);
	char text[BYTE_RANGE_WIDTH + 1];
	int n = snprintf(text, sizeof text, "[0 %zu %zu %zu]", p.hole, p.hole + p.hole_len,
	                 file.len - p.hole - p.hole_len);
	memcpy(out->ptr + range, text, (size_t)n);
	digest_range(file, p.hole, p.hole_len, p.digest);
	*ret_prepared = p;
	return RC_OK;
}

enum rc pdf_embed(struct buf *pdf, const struct pdf_prepared *prepared, struct bytes cms, struct err *e)
{
	struct buf hex = BUF_INIT(PDF_SIGNATURE_MAX * 2);
	if (cms.len > PDF_SIGNATURE_MAX)
		return err_set(e, RC_TOO_LARGE, "signature", "the signature is larger than the room left for it");
	if (prepared->hole_len != PDF_SIGNATURE_MAX * 2 + 2 || prepared->hole > pdf->len ||
	    prepared->hole_len > pdf->len - prepared->hole)
		return err_set(e, RC_INVALID, "signature", "not the document that was prepared");
	hex_encode(&hex, cms);
	enum rc rc = buf_failed(&hex) ? err_set(e, RC_NO_MEMORY, "signature", "%s", rc_text(RC_NO_MEMORY)) : RC_OK;
	if (rc == RC_OK && hex.len)
		memcpy(pdf->ptr + prepared->hole + 1, hex.ptr, hex.len);
	buf_release(&hex);
	return rc;
}
