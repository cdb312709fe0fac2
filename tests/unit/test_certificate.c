/* SPDX-License-Identifier: MPL-2.0 */
/* Certificates as drawn: what is on them, that nothing is cut, and that the same act gives the same bytes. */
#include <unistd.h>

#include "made_document.h"
#include "tap.h"

#include "document/picture.h"
#include "document/qr_image.h"

static struct made made;

/* Runs "BEFORE file AFTER" over a file that holds the bytes; its output. NULL if there is no such command. */
static char *run_over(const char *before, const char *after, struct bytes content)
{
	static char output[65536];
	char line[512], path[] = "/tmp/civis-test-XXXXXX";
	snprintf(line, sizeof line, "command -v %.*s >/dev/null", (int)strcspn(before, " "), before);
	if (system(line) != 0)
		return NULL;
	int fd = mkstemp(path);
	if (fd < 0 || write(fd, content.ptr, content.len) != (ssize_t)content.len)
		return NULL;
	close(fd);
	snprintf(line, sizeof line, "%s %s %s", before, path, after);
	FILE *p = popen(line, "r");
	size_t n = p ? fread(output, 1, sizeof output - 1, p) : 0;
	output[n] = 0;
	if (p)
		pclose(p);
	unlink(path);
	return output;
}

/* Extraction puts spaces into words of scripts without them; and lines may break at U+200B. */
static bool has_text(const char *page, const char *wanted)
{
	static char squeezed[65536];
	char want[512];
	size_t n = 0, m = 0;
	for (; *page; page++)
		if (strncmp(page, "\xe2\x80\x8b", 3) == 0)
			page += 2;
		else if (*page != ' ' && *page != '\n')
			squeezed[n++] = *page;
	squeezed[n] = 0;
	for (; *wanted; wanted++)
		if (*wanted != ' ')
			want[m++] = *wanted;
	want[m] = 0;
	return strstr(squeezed, want) != NULL;
}

static void draw(const char *country, bool named, bool parents, unsigned copy_no)
{
	made_begin(&made, country);
	made.copy_no = copy_no;
	made_issue(&made, made_declaration(country, named, parents));
}

TEST(same_act_same_bytes)
{
	draw("khm", true, true, 1);
	struct buf first = made.drawn;
	made_draw(&made);
	ok(bytes_equal(buf_bytes(&first), buf_bytes(&made.drawn)));
	/* another layout object, so nothing that is kept between drawings matters */
	certificate_layout_free(&made.layout);
	char dir[4096];
	snprintf(dir, sizeof dir, "%s/country/khm/certificate", getenv("SOURCE_ROOT") ? getenv("SOURCE_ROOT") : ".");
	eq_int(certificate_layout_load(dir, "birth", &made.layout, NULL), RC_OK);
	buf_release(&made.drawn);
	made_draw(&made);
	ok(bytes_equal(buf_bytes(&first), buf_bytes(&made.drawn)));
	buf_release(&first);
	made_release(&made);
}

TEST(text_comes_back_in_khmer)
{
	draw("khm", true, true, 1);
	char *page = run_over("pdftotext -raw", "-", buf_bytes(&made.pdf));
	made_release(&made);
	if (!page)
		skip("pdftotext is not installed");
	ok(has_text(page, "ព្រះរាជាណាចក្រកម្ពុជា"));
	ok(has_text(page, "សុខ សុភ័ក្ត្រ"));
	ok(has_text(page, "SOK Sopheak"));
	ok(has_text(page, "482 917 3065"));
	ok(has_text(page, "ស្រុកកៀនស្វាយ"));
	ok(has_text(page, MADE_SERIAL));
	ok(has_text(page, "សុខ វិសាល"));
	ok(!has_text(page, "COPY"));
}

TEST(text_comes_back_in_burmese)
{
	draw("mmr", true, true, 1);
	char *page = run_over("pdftotext -raw", "-", buf_bytes(&made.pdf));
	made_release(&made);
	if (!page)
		skip("pdftotext is not installed");
	ok(has_text(page, "မခင်သန္တာဦး"));
	ok(has_text(page, "Ma Khin Thandar Oo"));
	ok(has_text(page, "ဗဟန်းမြို့နယ်"));
}

TEST(absent_parents_are_dashes_and_a_copy_says_so)
{
	draw("khm", false, false, 2);
	char *page = run_over("pdftotext -raw", "-", buf_bytes(&made.pdf));
	made_release(&made);
	if (!page)
		skip("pdftotext is not installed");
	ok(has_text(page, "—"));
	ok(has_text(page, "Not yet named"));
	ok(has_text(page, "COPY No. 2"));
	ok(has_text(page, "ច្បាប់ចម្លង"));
	ok(!has_text(page, "absent"));
}

/* A wide kerning pair on top of letter spacing is read back as a space. */
TEST(a_serial_is_copied_in_one_piece)
{
	static const char serial[] = "EJAJ-EJTT-EJ";
	for (const char *const *country = (const char *const[]){"khm", "mmr", NULL}; *country; country++) {
		made_begin(&made, *country);
		made.serial = serial;
		made_issue(&made, made_declaration(*country, true, true));
		char *page = run_over("pdftotext", "-", buf_bytes(&made.pdf));
		made_release(&made);
		if (!page)
			skip("pdftotext is not installed");
		ok(strstr(page, serial));
	}
}

static bool opens(uint64_t label)
{
	for (size_t i = 0; i < made.printed_count; i++)
		if (made.printed[i] == label)
			return true;
	return false;
}

/* A correction restates the birth: its certificate has the birth's entry, and tells in the margin what was changed. */
static char *draw_corrected(const char *country, unsigned notes)
{
	made_begin(&made, country);
	made.note_count = notes;
	made_issue(&made, made_declaration(country, true, true));
	ok(opens(ACT_NOTES));
	ok(opens(ACT_CORRECTS));
	char *page = run_over("pdftotext -raw", "-", buf_bytes(&made.pdf));
	made_release(&made);
	return page;
}

TEST(notes_are_printed_in_the_margin)
{
	char *page = draw_corrected("khm", 2);
	if (!page)
		skip("pdftotext is not installed");
	ok(has_text(page, "080412/C/1/2026/1"));
	ok(has_text(page, "080412/C/1/2026/2"));
	ok(has_text(page, "CHAN Sreymom"));
	ok(has_text(page, "បានកែតម្រូវ"));
	ok(has_text(page, "១៧ | 17") || has_text(page, "១៧17")); /* the entry of the birth, not of the correction */
	ok(!has_text(page, "None"));
	page = draw_corrected("mmr", 9);
	ok(has_text(page, "130401/C/1/2026/9")); /* the newest, and how many came before */
	ok(!has_text(page, "130401/C/1/2026/1\n"));
	ok(has_text(page, "earlier: see the register"));
	page = draw_corrected("khm", 0);
	ok(has_text(page, "None"));
	ok(has_text(page, "no proof of nationality"));
}

TEST(a_birth_abroad_names_its_country)
{
	json_t *d = made_declaration("khm", true, true);
	const struct form *form;
	made_begin(&made, "khm");
	form = pack_form(made.pack, "birth");
	if (!form_field_by_print(form, "child.birth.abroad.country")) {
		json_decref(d);
		made_release(&made);
		skip("the pack's form knows no birth abroad");
	}
	json_t *birth = json_object_get(json_object_get(d, "child"), "birth");
	json_object_del(birth, "place");
	json_object_set_new(birth, "abroad", json_pack("{s:s,s:s}", "country", "TH", "place", "Surin Hospital, Surin"));
	made_issue(&made, d);
	char *page = run_over("pdftotext -raw", "-", buf_bytes(&made.pdf));
	made_release(&made);
	if (!page)
		skip("pdftotext is not installed");
	ok(has_text(page, "Surin Hospital"));
	ok(has_text(page, "Thailand"));
	ok(has_text(page, "ថៃ"));
}

TEST(every_font_is_embedded)
{
	draw("khm", true, true, 1);
	char *fonts = run_over("pdffonts", "| tail -n +3 | grep -vc 'yes yes yes'", buf_bytes(&made.pdf));
	made_release(&made);
	if (!fonts)
		skip("pdffonts is not installed");
	eq_str(fonts, "0\n");
}

static enum rc draw_with_name(const char *name, struct err *e)
{
	struct certificate_text texts[256];
	char names[256][64];
	size_t n = 0;
	struct buf out = BUF_INIT(CERTIFICATE_MAX);
	/* every value of the khm layout, taken from its own JSON */
	char path[4096];
	snprintf(path, sizeof path, "%s/country/khm/certificate/birth.json", getenv("SOURCE_ROOT") ? getenv("SOURCE_ROOT") : ".");
	json_t *root = json_load_file(path, 0, NULL), *box;
	const char *key;
	json_object_foreach(json_object_get(root, "boxes"), key, box) {
		const char *value = json_string_value(json_object_get(box, "value"));
		snprintf(names[n], sizeof names[n], "%s", value ? value : key);
		texts[n] = (struct certificate_text){names[n], strcmp(names[n], "child.name.latin") == 0 ? name : "-"};
		n++;
	}
	const struct certificate_content content = {.texts = texts, .text_count = n, .title = "t", .qr_text = "CIV1:A",
	                                            .copy_no = 1, .drawn_at = MADE_AT};
	enum rc rc = certificate_draw(made.layout, &content, &out, e);
	json_decref(root);
	buf_release(&out);
	return rc;
}

TEST(long_text_shrinks_and_too_long_text_is_refused)
{
	char name[4096] = "";
	struct err e = ERR_NONE;
	made_begin(&made, "khm");
	for (int i = 0; i < 6; i++) /* 120 bytes */
		memcpy(name + strlen(name), "Sovannarith Kanthab ", 21);
	eq_int(draw_with_name(name, &e), RC_OK);
	/* one word, longer than the line */
	eq_int(draw_with_name("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", &e),
	       RC_OK);
	for (int i = 0; i < 120; i++)
		memcpy(name + strlen(name), "Sovannarith Kanthab ", 21);
	eq_int(draw_with_name(name, &e), RC_INVALID);
	eq_str(e.where, "child.name.latin");
	eq_int(draw_with_name("\xff\xfe", &e), RC_INVALID);
	eq_int(draw_with_name("\xf3\xa0\x80\x81 \xf0\x93\x80\x80 \xf4\x8f\xbf\xbd", &e), RC_INVALID); /* no font has these */
	made_release(&made);
}

TEST(layouts_say_what_is_wrong)
{
	struct certificate_layout *layout = NULL;
	struct err e = ERR_NONE;
	eq_int(certificate_layout_load("/nonexistent", "birth", &layout, &e), RC_NOT_FOUND);
	ok(layout == NULL);
}

TEST(qr_reads_back_from_a_picture)
{
	struct qr_image image;
	struct buf png = BUF_INIT(1 << 20), text = BUF_INIT(8192);
	struct err e = ERR_NONE;
	draw("khm", true, true, 1);
	eq_int(qr_image_make(buf_cstr(&made.qr), &image, NULL), RC_OK);
	eq_int(qr_image_png(&image, 4, &png, NULL), RC_OK);
	eq_int(picture_read_qr(buf_bytes(&png), "CIV1:", &text, &e), RC_OK);
	ok(bytes_equal(buf_bytes(&text), buf_bytes(&made.qr)));
	char *seen = run_over("zbarimg -q --raw", "2>/dev/null", buf_bytes(&png));
	if (seen)
		ok(strncmp(seen, buf_cstr(&made.qr), made.qr.len) == 0);
	/* broken pictures end in an error, never in a crash of ours */
	for (size_t i = 8; i < png.len; i += png.len / 23 + 1) {
		buf_reset(&text);
		eq_int(picture_read_qr(bytes_slice(buf_bytes(&png), 0, i), "CIV1:", &text, &e), RC_FORMAT);
	}
	buf_release(&png);
	buf_release(&text);
	made_release(&made);
}

TEST(qr_is_read_from_the_printed_page)
{
	draw("khm", true, true, 1);
	char *seen = run_over("pdftoppm -r 200 -png -singlefile",
	                      "/tmp/civis-test-page >&2; zbarimg -q --raw /tmp/civis-test-page.png 2>/dev/null; rm -f /tmp/civis-test-page.png", buf_bytes(&made.pdf));
	if (seen && *seen)
		ok(strncmp(seen, buf_cstr(&made.qr), made.qr.len) == 0);
	made_release(&made);
	if (!seen || !*seen)
		skip("pdftoppm or zbarimg is not installed");
}

TEST(qr_takes_its_own_alphabet_only)
{
	struct qr_image image;
	eq_int(qr_image_make("CIV1:abc", &image, NULL), RC_INVALID);
	eq_int(qr_image_make("CIV1:ABC", &image, NULL), RC_OK);
	ok(image.dark[0][0] && image.dark[6][6]); /* the finder pattern */
}

int main(void)
{
	RUN(same_act_same_bytes);
	RUN(text_comes_back_in_khmer);
	RUN(text_comes_back_in_burmese);
	RUN(absent_parents_are_dashes_and_a_copy_says_so);
	RUN(a_serial_is_copied_in_one_piece);
	RUN(notes_are_printed_in_the_margin);
	RUN(a_birth_abroad_names_its_country);
	RUN(every_font_is_embedded);
	RUN(long_text_shrinks_and_too_long_text_is_refused);
	RUN(layouts_say_what_is_wrong);
	RUN(qr_reads_back_from_a_picture);
	RUN(qr_is_read_from_the_printed_page);
	RUN(qr_takes_its_own_alphabet_only);
	return tap_done();
}
