/* SPDX-License-Identifier: MPL-2.0 */
/* Attachments without what they say of their makers; tracking codes and secrets. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "intake/attachment.h"
#include "intake/tracking.h"
#include "tap.h"

static struct bytes sample(const char *name, struct buf *b)
{
	char path[1024];
	const char *root = getenv("SOURCE_ROOT");
	struct err e;
	snprintf(path, sizeof path, "%s/tests/fuzz/corpus/attachment/%s", root ? root : ".", name);
	buf_init(b, ATTACHMENT_MAX);
	ok(file_read(path, b, &e) == RC_OK);
	return buf_bytes(b);
}

static bool holds(struct bytes b, const char *text)
{
	return b.ptr && b.len && memmem(b.ptr, b.len, text, strlen(text)) != NULL;
}

TEST(takes_position_and_comment_out_of_a_photograph)
{
	struct buf in, out = BUF_INIT(ATTACHMENT_MAX);
	enum attachment_type t;
	struct bytes jpeg = sample("jpeg", &in);
	ok(attachment_type_of(jpeg, &t) == RC_OK && t == ATTACHMENT_JPEG);
	ok(holds(jpeg, "Exif") && holds(jpeg, "\xab\xcd"));
	ok(attachment_strip(t, jpeg, &out) == RC_OK);
	ok(!holds(buf_bytes(&out), "Exif") && !holds(buf_bytes(&out), "\xff\xfe"));
	ok(holds(buf_bytes(&out), "JFIF") && out.len > 100);
	buf_release(&in);
	buf_release(&out);
}

TEST(drops_what_hides_behind_the_end_of_a_picture)
{
	struct buf in, with = BUF_INIT(ATTACHMENT_MAX), out = BUF_INIT(ATTACHMENT_MAX);
	buf_append(&with, sample("jpeg", &in));
	buf_str(&with, "hidden");
	ok(attachment_strip(ATTACHMENT_JPEG, buf_bytes(&with), &out) == RC_OK && !holds(buf_bytes(&out), "hidden"));
	buf_release(&in);
	buf_release(&with);
	buf_release(&out);
}

TEST(takes_text_and_exif_out_of_a_png)
{
	struct buf in, out = BUF_INIT(ATTACHMENT_MAX);
	enum attachment_type t;
	struct bytes png = sample("png", &in);
	ok(attachment_type_of(png, &t) == RC_OK && t == ATTACHMENT_PNG);
	ok(attachment_strip(t, png, &out) == RC_OK);
	ok(!holds(buf_bytes(&out), "tEXt") && !holds(buf_bytes(&out), "eXIf") && holds(buf_bytes(&out), "IDAT"));
	buf_release(&in);
	buf_release(&out);
}

TEST(refuses_other_types_and_broken_files)
{
	struct buf in, out = BUF_INIT(ATTACHMENT_MAX);
	enum attachment_type t;
	ok(attachment_type_of(BYTES_LIT("\x7f""ELF"), &t) == RC_MEDIA_TYPE);
	ok(attachment_type_of(BYTES_LIT("<html>"), &t) == RC_MEDIA_TYPE);
	ok(attachment_type_of(BYTES_NONE, &t) == RC_MEDIA_TYPE);
	struct bytes jpeg = sample("jpeg", &in);
	for (size_t n = 0; n < jpeg.len; n++) {
		buf_reset(&out);
		ok(attachment_strip(ATTACHMENT_JPEG, bytes_slice(jpeg, 0, n), &out) == RC_MEDIA_TYPE);
	}
	ok(attachment_strip(ATTACHMENT_PDF, BYTES_LIT("%PDF-1.4 without an end"), &out) == RC_MEDIA_TYPE);
	buf_release(&in);
	buf_release(&out);
}

TEST(reads_a_tracking_code_as_people_write_it)
{
	char code[TRACKING_CODE_SIZE], read[TRACKING_CODE_SIZE];
	tracking_code_new(code);
	eq_int(strlen(code), 12);
	ok(tracking_code_parse(code, read) == RC_OK);
	eq_str(read, code);
	ok(tracking_code_parse("k7qm 2xwd9f", read) == RC_OK);
	eq_str(read, "K7QM-2XWD-9F");
	ok(tracking_code_parse("OIL0-0000-00", read) == RC_OK);
	eq_str(read, "0110-0000-00");
	ok(tracking_code_parse("K7QM", read) == RC_FORMAT);
	ok(tracking_code_parse("K7QM-2XWD-9FF", read) == RC_FORMAT);
	ok(tracking_code_parse("K7QM-2XWD-9U", read) == RC_FORMAT);
}

TEST(believes_only_the_cases_own_secret)
{
	struct id one = id_new(), other = id_new();
	static const uint8_t none[32];
	uint8_t hash[32];
	const char *secret = "abcdefghijklmnopqrstuvwx";
	ok(tracking_secret_is_good(secret));
	ok(!tracking_secret_is_good("short"));
	ok(!tracking_secret_is_good("abcdefghijklmnopqrstuv x"));
	tracking_hash(one, secret, hash);
	ok(tracking_matches(one, secret, hash));
	ok(!tracking_matches(other, secret, hash));
	ok(!tracking_matches(one, "abcdefghijklmnopqrstuvwy", hash));
	ok(!tracking_matches(one, secret, none));
}

int main(void)
{
	RUN(takes_position_and_comment_out_of_a_photograph);
	RUN(drops_what_hides_behind_the_end_of_a_picture);
	RUN(takes_text_and_exif_out_of_a_png);
	RUN(refuses_other_types_and_broken_files);
	RUN(reads_a_tracking_code_as_people_write_it);
	RUN(believes_only_the_cases_own_secret);
	return tap_done();
}
