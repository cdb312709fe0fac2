/* SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "codec/deflate.h"
#include "crypto/crypto.h"
#include "document/pdf.h"
#include "document/pdf_syntax.h"

enum {
	SIGNATURE_HEX_MAX = 1 << 17, /* a hole larger than this is not a signature */
	FILESPECS_MAX = 64,          /* looked at, of which PDF_ATTACHMENTS_MAX are kept */
	INFLATED_MAX = 1 << 20
};

struct range {
	size_t text;        /* where "/ByteRange" stands */
	uint64_t v[4];
};

static bool read_range(struct bytes pdf, size_t at, struct range *ret)
{
	struct pdf_scan s = {pdf, at};
	struct range r = {.text = at};
	if (!scan_word(&s, "/ByteRange") || !scan_word(&s, "["))
		return false;
	for (int i = 0; i < 4; i++)
		if (!scan_uint(&s, &r.v[i]))
			return false;
	if (!scan_word(&s, "]"))
		return false;
	*ret = r;
	return true;
}

/* The hole is one hexadecimal string, the value of /Contents, and the range's own
   text is not in it: whoever signed fixed where it lies. */
static bool hole_is_sound(struct bytes pdf, const struct range *r)
{
	uint64_t from = r->v[1], to = r->v[2];
	if (r->v[0] != 0 || from >= to || to > pdf.len || r->v[3] > pdf.len - to || to - from > SIGNATURE_HEX_MAX ||
	    to - from < 4)
		return false;
	if (r->text >= from && r->text < to)
		return false;
	if (pdf.ptr[from] != '<' || pdf.ptr[to - 1] != '>')
		return false;
	size_t key = (size_t)from;
	while (key > 0 && pdf.ptr[key - 1] == ' ')
		key--;
	return key >= 9 && memcmp(pdf.ptr + key - 9, "/Contents", 9) == 0;
}

/* The DER says its own length; what follows may only be zeros. */
static bool strip_padding(struct bytes *der)
{
	size_t length, head;
	if (der->len < 4 || der->ptr[0] != 0x30)
		return false;
	if (der->ptr[1] == 0x82) {
		length = (size_t)der->ptr[2] << 8 | der->ptr[3];
		head = 4;
	} else if (der->ptr[1] == 0x83 && der->len > 5) {
		length = (size_t)der->ptr[2] << 16 | (size_t)der->ptr[3] << 8 | der->ptr[4];
		head = 5;
	} else if (der->ptr[1] < 0x80) {
		length = der->ptr[1];
		head = 2;
	} else {
		return false;
	}
	if (length > der->len - head)
		return false;
	for (size_t i = head + length; i < der->len; i++)
		if (der->ptr[i] != 0)
			return false;
	der->len = head + length;
	return true;
}

static enum rc read_signature(struct bytes pdf, struct pdf_file *file, struct err *e)
{
	struct range r;
	size_t at;
	if (!pdf_find_last(pdf, "/ByteRange", pdf.len, &at))
		return err_set(e, RC_NOT_FOUND, "pdf", "the PDF has no signature");
	if (!read_range(pdf, at, &r) || !hole_is_sound(pdf, &r))
		return err_set(e, RC_FORMAT, "pdf", "the PDF's signature is not well formed");
	size_t from = (size_t)r.v[1], to = (size_t)r.v[2];
	/* lower case, as pdf_embed() writes it: one document, one file */
	for (size_t i = from; i < to; i++)
		if (pdf.ptr[i] >= 'A' && pdf.ptr[i] <= 'F')
			return err_set(e, RC_FORMAT, "pdf", "the PDF's signature is not written as we write it");
	size_t before = file->memory.len;
	if (hex_decode(bytes_slice(pdf, from + 1, to - from - 2), &file->memory) != RC_OK || buf_failed(&file->memory))
		return err_set(e, RC_FORMAT, "pdf", "the PDF's signature is not hexadecimal");
	file->signature = bytes_slice(buf_bytes(&file->memory), before, file->memory.len);
	if (!strip_padding(&file->signature))
		return err_set(e, RC_FORMAT, "pdf", "the PDF's signature is not well formed");
	file->whole = r.v[2] + r.v[3] == pdf.len;
	struct sha256 s;
	sha256_init(&s);
	sha256_update(&s, bytes_slice(pdf, 0, from));
	sha256_update(&s, bytes_slice(pdf, to, (size_t)r.v[3]));
	sha256_final(&s, file->digest);
	return RC_OK;
}

/* The last "N 0 obj": a later update replaces an earlier object. */
static bool find_object(struct bytes pdf, uint64_t number, struct pdf_scan *ret)
{
	char head[32];
	size_t at = pdf.len;
	snprintf(head, sizeof head, "%llu 0 obj", (unsigned long long)number);
	for (int tries = 0; tries < 64 && pdf_find_last(pdf, head, at, &at); tries++) {
		/* not the end of a longer number */
		if (at == 0 || pdf.ptr[at - 1] < '0' || pdf.ptr[at - 1] > '9') {
			*ret = (struct pdf_scan){pdf, at + strlen(head)};
			return true;
		}
		at += strlen(head) - 1;
	}
	return false;
}

/* Fills the next attachment from its file stream; false if it is not one we can read. */
static bool read_stream(struct bytes pdf, uint64_t number, struct pdf_file *file, struct bytes *ret)
{
	struct pdf_scan s, filter;
	struct bytes dict;
	uint64_t length;
	if (!find_object(pdf, number, &s) || !scan_dict(&s, &dict) || !pdf_member_uint(dict, "/Length", &length) ||
	    !scan_word(&s, "stream"))
		return false;
	if (s.at < pdf.len && pdf.ptr[s.at] == '\r')
		s.at++;
	if (s.at >= pdf.len || pdf.ptr[s.at++] != '\n' || length > pdf.len - s.at)
		return false;
	struct bytes raw = bytes_slice(pdf, s.at, (size_t)length);
	if (!pdf_member(dict, "/Filter", &filter)) {
		*ret = raw;
		return true;
	}
	scan_word(&filter, "[");
	size_t before = file->memory.len;
	if (!scan_word(&filter, "/FlateDecode") || zlib_decompress(raw, &file->memory) != RC_OK)
		return false;
	*ret = bytes_slice(buf_bytes(&file->memory), before, file->memory.len);
	return true;
}

static void read_filespec(struct bytes pdf, size_t at, struct pdf_file *file)
{
	struct pdf_scan s, name_at, files_at;
	struct bytes dict, name, files, content;
	uint64_t number;
	size_t open;
	if (!pdf_find_last(pdf, "<<", at, &open))
		return;
	s = (struct pdf_scan){pdf, open};
	if (!scan_dict(&s, &dict) || !pdf_member(dict, "/F", &name_at) || !scan_string(&name_at, &name) ||
	    name.len == 0 || name.len >= sizeof file->attachments[0].name || !utf8_is_valid(name) ||
	    !pdf_member(dict, "/EF", &files_at) || !scan_dict(&files_at, &files) ||
	    !pdf_member_uint(files, "/F", &number) || !read_stream(pdf, number, file, &content))
		return;
	size_t i = file->attachment_count++;
	memcpy(file->attachments[i].name, name.ptr, name.len);
	file->attachments[i].name[name.len] = 0;
	file->attachments[i].content = content;
}

static void read_attachments(struct bytes pdf, struct pdf_file *file)
{
	size_t at = 0;
	for (int i = 0; pdf_find(pdf, "/Filespec", at, &at); i++, at++) {
		if (i == FILESPECS_MAX || file->attachment_count == PDF_ATTACHMENTS_MAX) {
			file->more_attached = true;
			return;
		}
		read_filespec(pdf, at, file);
	}
}

enum rc pdf_read(struct bytes pdf, struct pdf_file *ret_file, struct err *e)
{
	size_t at;
	if (pdf.len > PDF_MAX)
		return err_set(e, RC_TOO_LARGE, "pdf", "the PDF is larger than %zu bytes", PDF_MAX);
	if (!pdf_find(bytes_slice(pdf, 0, 1024), "%PDF-", 0, &at))
		return err_set(e, RC_FORMAT, "pdf", "not a PDF");
	struct pdf_file file = {.memory = BUF_INIT(SIGNATURE_HEX_MAX / 2 + INFLATED_MAX)};
	/* room for all at once, so that nothing that was read is moved by what is read next */
	if (!buf_extend(&file.memory, file.memory.max))
		return err_set(e, RC_NO_MEMORY, "pdf", "%s", rc_text(RC_NO_MEMORY));
	file.memory.len = 0;
	enum rc rc = read_signature(pdf, &file, e);
	if (rc != RC_OK) {
		buf_release(&file.memory);
		return rc;
	}
	read_attachments(pdf, &file);
	*ret_file = file;
	return RC_OK;
}

void pdf_file_release(struct pdf_file *file)
{
	buf_release(&file->memory);
	*file = (struct pdf_file){0};
}

struct bytes pdf_attachment_find(const struct pdf_file *file, const char *name)
{
	for (size_t i = 0; i < file->attachment_count; i++)
		if (strcmp(file->attachments[i].name, name) == 0)
			return file->attachments[i].content;
	return BYTES_NONE;
}

size_t pdf_attachment_count(const struct pdf_file *file, const char *name)
{
	size_t n = 0;
	for (size_t i = 0; i < file->attachment_count; i++)
		n += strcmp(file->attachments[i].name, name) == 0;
	return n;
}
