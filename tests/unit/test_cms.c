/* SPDX-License-Identifier: MPL-2.0 */
#include "hex.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/cms.h"

#define YEAR_US (INT64_C(365) * 86400 * 1000000)

static const char content[] = "សំបុត្រកំណើត: what is signed";

/* An authority, a document signer and a time-stamping unit, valid from a year ago for ten years. */
static struct {
	int64_t now;
	struct p256_key *ca_key, *doc_key, *tsa_key;
	struct buf ca, doc, tsa;
	struct bytes anchors[1];
	struct x509_signer ca_signer, doc_signer, tsa_signer;
	uint8_t digest[HASH_SIZE];
	struct buf last_token;
} f;

static void issue(enum x509_use use, const char *name, const struct p256_key *key, const struct x509_signer *issuer,
                  struct buf *out)
{
	struct err e = ERR_NONE;
	struct x509_spec spec = {.use = use, .country = "KH", .organization = "អត្រានុកូលដ្ឋាន", .common_name = name,
	                         .not_before_us = f.now - YEAR_US, .not_after_us = f.now + 9 * YEAR_US};
	*out = BUF_INIT(4096);
	if (x509_issue(&spec, key, issuer, out, &e) != RC_OK) {
		printf("Bail out! %s: %s\n", e.where, e.text);
		exit(2);
	}
}

static void set_up(void)
{
	f.now = clock_now_us() / 1000000 * 1000000;
	if (p256_generate(&f.ca_key) || p256_generate(&f.doc_key) || p256_generate(&f.tsa_key))
		exit(2);
	issue(X509_USE_AUTHORITY, "civis test authority", f.ca_key, NULL, &f.ca);
	f.ca_signer = (struct x509_signer){f.ca_key, buf_bytes(&f.ca)};
	issue(X509_USE_DOCUMENTS, "civis test documents", f.doc_key, &f.ca_signer, &f.doc);
	issue(X509_USE_TIMESTAMPING, "civis test time", f.tsa_key, &f.ca_signer, &f.tsa);
	f.doc_signer = (struct x509_signer){f.doc_key, buf_bytes(&f.doc)};
	f.tsa_signer = (struct x509_signer){f.tsa_key, buf_bytes(&f.tsa)};
	f.anchors[0] = buf_bytes(&f.ca);
	f.last_token = BUF_INIT(8192);
	sha256(BYTES_LIT(content), f.digest);
}

static void tear_down(void)
{
	p256_free(&f.ca_key);
	p256_free(&f.doc_key);
	p256_free(&f.tsa_key);
	buf_release(&f.ca);
	buf_release(&f.doc);
	buf_release(&f.tsa);
	buf_release(&f.last_token);
}

static enum rc stamp(void *ctx, const uint8_t digest[static HASH_SIZE], struct buf *out, struct err *e)
{
	const int64_t *at = ctx;
	size_t before = out->len;
	enum rc rc = tsa_stamp(&f.tsa_signer, buf_bytes(&f.ca), digest, *at, out, e);
	buf_reset(&f.last_token);
	buf_append(&f.last_token, bytes_slice(buf_bytes(out), before, out->len));
	return rc;
}

/* A signature over the fixture's content; stamp_at 0: without a stamp. */
static struct buf sign_by(const struct x509_signer *signer, const uint8_t *digest, int64_t stamp_at, int64_t time)
{
	struct err e = ERR_NONE;
	struct buf out = BUF_INIT(CMS_SIZE_MAX);
	struct cms_stamper stamper = {stamp, &stamp_at};
	struct cms_signer s = {.signer = *signer, .authority = buf_bytes(&f.ca), .signing_time_us = time,
	                       .stamper = stamp_at ? &stamper : NULL};
	if (!ok(cms_sign_detached(&s, digest, &out, &e) == RC_OK))
		printf("# %s: %s\n", e.where, e.text);
	return out;
}

static enum rc verify(struct bytes der, int64_t at, struct cms_info *info, struct err *e)
{
	const struct cms_judge judge = {f.anchors, 1, f.anchors, 1, at, at ? 0 : f.now};
	return cms_verify_detached(der, f.digest, &judge, info, e);
}

/* ---- certificates ---- */

TEST(certificates_say_what_they_were_given)
{
	struct x509_info info;
	uint8_t point[P256_PUBLIC_SIZE], print[HASH_SIZE];
	eq_int(x509_read(buf_bytes(&f.doc), &info), RC_OK);
	eq_str(info.common_name, "civis test documents");
	eq_str(info.issuer_name, "civis test authority");
	eq_int(info.not_before_us, f.now - YEAR_US);
	eq_int(info.not_after_us, f.now + 9 * YEAR_US);
	p256_point(f.doc_key, point);
	ok(memcmp(point, info.point, sizeof point) == 0);
	sha256(buf_bytes(&f.doc), print);
	ok(memcmp(print, info.fingerprint, sizeof print) == 0);
	for (size_t i = 0; i < f.doc.len; i += 13)
		eq_int(x509_read(bytes_slice(buf_bytes(&f.doc), 0, i), &info), RC_FORMAT);
}

TEST(certificates_survive_pem)
{
	struct buf pem = BUF_INIT(8192), der = BUF_INIT(8192);
	x509_to_pem(buf_bytes(&f.doc), &pem);
	eq_int(x509_from_pem(buf_bytes(&pem), &der), RC_OK);
	ok(bytes_equal(buf_bytes(&der), buf_bytes(&f.doc)));
	eq_int(x509_from_pem(BYTES_LIT("no certificate"), &der), RC_FORMAT);
	buf_release(&pem);
	buf_release(&der);
}

TEST(a_chain_holds_for_its_use_and_time_only)
{
	struct err e = ERR_NONE;
	struct bytes doc = buf_bytes(&f.doc), tsa = buf_bytes(&f.tsa);
	eq_int(x509_verify(doc, X509_USE_DOCUMENTS, f.anchors, 1, f.now, &e), RC_OK);
	eq_int(x509_verify(tsa, X509_USE_TIMESTAMPING, f.anchors, 1, f.now, &e), RC_OK);
	eq_int(x509_verify(doc, X509_USE_TIMESTAMPING, f.anchors, 1, f.now, &e), RC_SIGNATURE);
	eq_int(x509_verify(tsa, X509_USE_DOCUMENTS, f.anchors, 1, f.now, &e), RC_SIGNATURE);
	eq_int(x509_verify(doc, X509_USE_DOCUMENTS, f.anchors, 1, f.now - 2 * YEAR_US, &e), RC_SIGNATURE);
	eq_int(x509_verify(doc, X509_USE_DOCUMENTS, f.anchors, 1, f.now + 10 * YEAR_US, &e), RC_SIGNATURE);
	eq_int(x509_verify(doc, X509_USE_DOCUMENTS, f.anchors, 0, f.now, &e), RC_SIGNATURE);
	struct bytes other[1] = {tsa};
	eq_int(x509_verify(doc, X509_USE_DOCUMENTS, other, 1, f.now, &e), RC_SIGNATURE);
	other[0] = BYTES_LIT("junk");
	eq_int(x509_verify(doc, X509_USE_DOCUMENTS, other, 1, f.now, &e), RC_FORMAT);
}

/* A leaf may not issue: its certificate says CA:FALSE. */
TEST(a_document_signer_cannot_issue)
{
	struct buf forged;
	struct err e = ERR_NONE;
	issue(X509_USE_DOCUMENTS, "forged", f.tsa_key, &f.doc_signer, &forged);
	struct bytes anchors[2] = {f.anchors[0], buf_bytes(&f.doc)};
	eq_int(x509_verify(buf_bytes(&forged), X509_USE_DOCUMENTS, anchors, 2, f.now, &e), RC_SIGNATURE);
	buf_release(&forged);
}

TEST(impossible_certificates_are_not_made)
{
	struct buf out = BUF_INIT(4096);
	struct x509_spec spec = {.use = X509_USE_AUTHORITY, .common_name = "", .not_after_us = 1};
	eq_int(x509_issue(&spec, f.ca_key, NULL, &out, NULL), RC_INVALID);
	spec.common_name = "01234567890123456789012345678901234567890123456789012345678901234567890";
	eq_int(x509_issue(&spec, f.ca_key, NULL, &out, NULL), RC_INVALID); /* over 64 */
	spec.common_name = "x";
	spec.country = "KHM";
	eq_int(x509_issue(&spec, f.ca_key, NULL, &out, NULL), RC_INVALID);
	spec.country = "KH";
	spec.not_before_us = 2;
	eq_int(x509_issue(&spec, f.ca_key, NULL, &out, NULL), RC_INVALID);
	eq_int(out.len, 0);
	buf_release(&out);
}

/* ---- signatures ---- */

TEST(a_stamped_signature_verifies)
{
	struct cms_info info;
	struct err e = ERR_NONE;
	struct buf sig = sign_by(&f.doc_signer, f.digest, f.now, 0);
	if (!ok(verify(buf_bytes(&sig), f.now, &info, &e) == RC_OK))
		printf("# %s: %s\n", e.where, e.text);
	ok(info.has_timestamp);
	eq_int(info.timestamp_us, f.now);
	eq_int(info.signing_time_us, 0);
	eq_str(info.signer.common_name, "civis test documents");
	eq_str(info.stamp_unit.common_name, "civis test time");
	eq_int(verify(buf_bytes(&sig), 0, &info, &e), RC_OK);
	printf("# %zu bytes\n", sig.len);
	uint8_t zeros[100] = {0};
	sig.max += sizeof zeros + 1;
	buf_append(&sig, BYTES_ARRAY(zeros));
	eq_int(verify(buf_bytes(&sig), f.now, &info, &e), RC_OK);
	buf_byte(&sig, 1);
	eq_int(verify(buf_bytes(&sig), f.now, &info, &e), RC_FORMAT);
	buf_release(&sig);
}

TEST(an_unstamped_signature_is_judged_at_the_given_time)
{
	struct cms_info info;
	struct err e = ERR_NONE;
	struct buf sig = sign_by(&f.doc_signer, f.digest, 0, f.now);
	eq_int(verify(buf_bytes(&sig), f.now, &info, &e), RC_OK);
	ok(!info.has_timestamp);
	eq_int(info.signing_time_us, f.now);
	eq_int(verify(buf_bytes(&sig), 0, &info, &e), RC_SIGNATURE);
	eq_int(verify(buf_bytes(&sig), f.now + 10 * YEAR_US, &info, &e), RC_SIGNATURE);
	eq_int(verify(buf_bytes(&sig), f.now - 2 * YEAR_US, &info, &e), RC_SIGNATURE);
	buf_release(&sig);
}

TEST(the_stamp_decides_when_the_signer_must_have_been_valid)
{
	struct cms_info info;
	struct err e = ERR_NONE;
	struct buf before = sign_by(&f.doc_signer, f.digest, f.now - 2 * YEAR_US, 0);
	eq_int(verify(buf_bytes(&before), f.now, &info, &e), RC_SIGNATURE);
	eq_int(verify(buf_bytes(&before), 0, &info, &e), RC_SIGNATURE);
	struct buf now = sign_by(&f.doc_signer, f.digest, f.now, 0);
	eq_int(verify(buf_bytes(&now), f.now + 8 * YEAR_US, &info, &e), RC_OK);
	eq_int(verify(buf_bytes(&now), f.now + 10 * YEAR_US, &info, &e), RC_SIGNATURE);
	eq_int(verify(buf_bytes(&now), 0, &info, &e), RC_OK); /* eighty years on, by the trust list */
	eq_int(verify(buf_bytes(&now), f.now - YEAR_US / 2, &info, &e), RC_SIGNATURE); /* from the future */
	buf_release(&before);
	buf_release(&now);
}

/* Also for who judges by the stamp's own time. */
TEST(a_stamp_from_the_future_is_refused)
{
	static const int64_t minute = 60000000;
	struct cms_info info;
	struct err e = ERR_NONE;
	struct buf sig = sign_by(&f.doc_signer, f.digest, f.now, 0);
	struct cms_judge judge = {f.anchors, 1, f.anchors, 1, 0, f.now - 4 * minute};
	eq_int(cms_verify_detached(buf_bytes(&sig), f.digest, &judge, &info, &e), RC_OK);
	judge.now_us = f.now - 6 * minute;
	eq_int(cms_verify_detached(buf_bytes(&sig), f.digest, &judge, &info, &e), RC_SIGNATURE);
	eq_str(e.text, "The time-stamp lies in the future");
	buf_release(&sig);
	sig = sign_by(&f.doc_signer, f.digest, f.now + YEAR_US, 0);
	judge.now_us = 0; /* by this computer's clock */
	eq_int(cms_verify_detached(buf_bytes(&sig), f.digest, &judge, &info, &e), RC_SIGNATURE);
	buf_release(&sig);
}

/* An authority of documents stamps no times, and one of times signs no documents. */
TEST(each_authority_keeps_to_its_work)
{
	struct cms_info info;
	struct err e = ERR_NONE;
	struct buf other;
	issue(X509_USE_AUTHORITY, "another authority", f.tsa_key, NULL, &other);
	struct bytes others[1] = {buf_bytes(&other)};
	struct buf sig = sign_by(&f.doc_signer, f.digest, f.now, 0);
	const struct cms_judge stamps = {f.anchors, 1, others, 1, 0, f.now}, signs = {others, 1, f.anchors, 1, 0, f.now};
	eq_int(cms_verify_detached(buf_bytes(&sig), f.digest, &stamps, &info, &e), RC_SIGNATURE);
	ok(strncmp(e.text, "The time-stamp does not hold", 28) == 0);
	eq_int(cms_verify_detached(buf_bytes(&sig), f.digest, &signs, &info, &e), RC_SIGNATURE);
	buf_release(&sig);
	buf_release(&other);
}

TEST(a_signature_over_other_content_is_refused)
{
	struct cms_info info;
	struct err e = ERR_NONE;
	uint8_t other[HASH_SIZE];
	sha256(BYTES_LIT("other"), other);
	struct buf sig = sign_by(&f.doc_signer, other, f.now, 0);
	eq_int(verify(buf_bytes(&sig), f.now, &info, &e), RC_SIGNATURE);
	eq_str(e.text, "The content is not what was signed");
	buf_release(&sig);
}

TEST(a_signer_of_another_authority_or_use_is_refused)
{
	struct cms_info info;
	struct err e = ERR_NONE;
	struct buf alone;
	issue(X509_USE_DOCUMENTS, "self-signed", f.doc_key, NULL, &alone);
	struct x509_signer self = {f.doc_key, buf_bytes(&alone)};
	struct buf sig = sign_by(&self, f.digest, f.now, 0);
	eq_int(verify(buf_bytes(&sig), f.now, &info, &e), RC_SIGNATURE);
	buf_release(&sig);
	sig = sign_by(&f.tsa_signer, f.digest, f.now, 0); /* the time-stamping unit signs no documents */
	eq_int(verify(buf_bytes(&sig), f.now, &info, &e), RC_SIGNATURE);
	buf_release(&sig);
	buf_release(&alone);
}

/* Another signature's stamp does not fit. */
static enum rc replay_stamp(void *ctx, const uint8_t digest[static HASH_SIZE], struct buf *out, struct err *e)
{
	(void)ctx;
	(void)digest;
	(void)e;
	buf_append(out, buf_bytes(&f.last_token));
	return RC_OK;
}

TEST(a_stamp_of_another_signature_is_refused)
{
	struct cms_info info;
	struct err e = ERR_NONE;
	struct cms_stamper stamper = {replay_stamp, NULL};
	struct cms_signer s = {.signer = f.doc_signer, .stamper = &stamper};
	struct buf first = sign_by(&f.doc_signer, f.digest, f.now, 0), second = BUF_INIT(CMS_SIZE_MAX);
	eq_int(cms_sign_detached(&s, f.digest, &second, &e), RC_OK);
	eq_int(verify(buf_bytes(&second), f.now, &info, &e), RC_SIGNATURE);
	buf_release(&first);
	buf_release(&second);
}

/* A failing stamper fails the signature, with nothing written. */
static enum rc no_stamp(void *ctx, const uint8_t digest[static HASH_SIZE], struct buf *out, struct err *e)
{
	(void)ctx;
	(void)digest;
	(void)out;
	return err_set(e, RC_IO, "test", "no stamp today");
}

TEST(without_its_stamp_nothing_is_signed)
{
	struct err e = ERR_NONE;
	struct cms_stamper stamper = {no_stamp, NULL};
	struct cms_signer s = {.signer = f.doc_signer, .stamper = &stamper};
	struct buf out = BUF_INIT(CMS_SIZE_MAX);
	eq_int(cms_sign_detached(&s, f.digest, &out, &e), RC_IO);
	eq_str(e.text, "no stamp today");
	eq_int(out.len, 0);
	buf_release(&out);
}

/* Changing a byte is noticed, unless it stands in a part that nobody signed: certificates that
   only stand beside, or the stamp as a whole. Then less may be proved, but never something else. */
TEST(a_changed_byte_never_changes_what_is_proved)
{
	struct cms_info info;
	struct buf sig = sign_by(&f.doc_signer, f.digest, f.now, 0);
	size_t accepted = 0;
	for (size_t i = 0; i < sig.len; i += 7) {
		sig.ptr[i] ^= 1;
		struct cms_info got;
		if (verify(buf_bytes(&sig), f.now, &got, NULL) == RC_OK) {
			accepted++;
			ok(!got.has_timestamp || got.timestamp_us == f.now);
			eq_str(got.signer.common_name, "civis test documents");
		}
		sig.ptr[i] ^= 1;
		ok(verify(bytes_slice(buf_bytes(&sig), 0, i), f.now, &got, NULL) != RC_OK);
	}
	printf("# %zu of %zu single-bit changes leave the proof as it was\n", accepted, sig.len / 7);
	ok(accepted < sig.len / 7 / 2);
	eq_int(verify(buf_bytes(&sig), f.now, &info, NULL), RC_OK);
	buf_release(&sig);
}

/* ---- other judges ---- */

static char folder[] = "/tmp/civis-test-cms-XXXXXX";

static void write_file(const char *name, struct bytes b)
{
	char path[256];
	if (path_join(path, sizeof path, folder, name) != RC_OK || file_write_durable(path, b, 0600, NULL) != RC_OK) {
		printf("Bail out! cannot write %s\n", name);
		exit(2);
	}
}

static int run(const char *format, const char *extra)
{
	char command[2048];
	snprintf(command, sizeof command, "cd %s && %s%s", folder, format, extra);
	return system(command);
}

static void write_common(void)
{
	struct buf pem = BUF_INIT(8192);
	x509_to_pem(buf_bytes(&f.ca), &pem);
	write_file("ca.pem", buf_bytes(&pem));
	buf_release(&pem);
	write_file("content", BYTES_LIT(content));
}

TEST(openssl_cms_accepts_the_signature)
{
	if (system("openssl version >/dev/null 2>&1") != 0)
		skip("the openssl command is not installed");
	struct buf sig = sign_by(&f.doc_signer, f.digest, f.now, 0);
	write_common();
	write_file("sig.der", buf_bytes(&sig));
	static const char verify_command[] =
		"openssl cms -verify -cades -binary -inform DER -in sig.der -CAfile ca.pem -out /dev/null -content ";
	eq_int(run(verify_command, "content 2>log || (cat log; false)"), 0);
	ok(run(verify_command, "ca.pem 2>/dev/null") != 0);
	static const char print[] = "openssl cms -cmsout -print -inform DER -in sig.der -noout >print && ";
	eq_int(run(print, "grep -q id-smime-aa-signingCertificateV2 print && grep -q id-smime-aa-timeStampToken print"), 0);
	buf_release(&sig);
	/* PAdES: no signing-time (a stamp has one of its own, so look at a signature without) */
	sig = sign_by(&f.doc_signer, f.digest, 0, 0);
	write_file("sig.der", buf_bytes(&sig));
	eq_int(run(verify_command, "content 2>log || (cat log; false)"), 0);
	eq_int(run(print, "! grep -q signingTime print"), 0);
	buf_release(&sig);
}

TEST(openssl_ts_accepts_the_stamp)
{
	if (system("openssl version >/dev/null 2>&1") != 0)
		skip("the openssl command is not installed");
	struct buf token = BUF_INIT(CMS_SIZE_MAX);
	struct err e = ERR_NONE;
	eq_int(tsa_stamp(&f.tsa_signer, buf_bytes(&f.ca), f.digest, f.now, &token, &e), RC_OK);
	write_common();
	write_file("token.der", buf_bytes(&token));
	static const char verify_command[] = "openssl ts -verify -token_in -in token.der -CAfile ca.pem -data ";
	eq_int(run(verify_command, "content >log 2>&1 || (cat log; false)"), 0);
	ok(run(verify_command, "ca.pem >/dev/null 2>&1") != 0);
	buf_release(&token);
}

/* The least PDF that carries a signature field; the signature covers all but its own hexadecimal digits. */
static void write_pdf(void)
{
	static const size_t room = CMS_SIZE_MAX * 2;
	struct buf pdf = BUF_INIT(65536), hex_text = BUF_INIT(CMS_SIZE_MAX * 2);
	size_t offset[8];
	buf_str(&pdf, "%PDF-1.7\n");
	offset[1] = pdf.len;
	buf_str(&pdf, "1 0 obj\n<</Type/Catalog/Pages 2 0 R/AcroForm<</SigFlags 3/Fields[4 0 R]>>>>\nendobj\n");
	offset[2] = pdf.len;
	buf_str(&pdf, "2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n");
	offset[3] = pdf.len;
	buf_str(&pdf, "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Annots[4 0 R]>>\nendobj\n");
	offset[4] = pdf.len;
	buf_str(&pdf, "4 0 obj\n<</Type/Annot/Subtype/Widget/FT/Sig/T(s)/Rect[0 0 0 0]/F 132/P 3 0 R/V 5 0 R>>\nendobj\n");
	offset[5] = pdf.len;
	buf_str(&pdf, "5 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:20261121000000Z)");
	buf_str(&pdf, "/ByteRange[0 ");
	size_t range_at = pdf.len;
	buf_str(&pdf, "                              ]/Contents<");
	size_t contents_at = pdf.len - 1;
	for (size_t i = 0; i < room; i++)
		buf_byte(&pdf, '0');
	buf_str(&pdf, ">");
	size_t after = pdf.len;
	buf_str(&pdf, ">>\nendobj\n");
	size_t xref = pdf.len;
	buf_str(&pdf, "xref\n0 6\n0000000000 65535 f \n");
	for (int i = 1; i <= 5; i++)
		buf_printf(&pdf, "%010zu 00000 n \n", offset[i]);
	buf_printf(&pdf, "trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", xref);
	char range[31];
	int n = snprintf(range, sizeof range, "%zu %zu %zu", contents_at, after, pdf.len - after);
	memcpy(pdf.ptr + range_at, range, (size_t)n);

	uint8_t digest[HASH_SIZE];
	sha256_pair(bytes_of(pdf.ptr, contents_at), bytes_of(pdf.ptr + after, pdf.len - after), digest);
	struct buf sig = sign_by(&f.doc_signer, digest, f.now, 0);
	hex_encode(&hex_text, buf_bytes(&sig));
	memcpy(pdf.ptr + contents_at + 1, hex_text.ptr, hex_text.len);
	write_file("signed.pdf", buf_bytes(&pdf));
	pdf.ptr[offset[3] + 50] ^= 1;
	write_file("spoilt.pdf", buf_bytes(&pdf));
	buf_release(&sig);
	buf_release(&hex_text);
	buf_release(&pdf);
}

TEST(pdfsig_accepts_the_signature)
{
	if (system("command -v pdfsig >/dev/null 2>&1") != 0 || system("command -v certutil >/dev/null 2>&1") != 0)
		skip("pdfsig and certutil are not installed");
	write_common();
	write_pdf();
	eq_int(run("mkdir -p nss && certutil -N --empty-password -d sql:nss && ",
	           "certutil -A -d sql:nss -n authority -t CT,C,C -i ca.pem"), 0);
	eq_int(run("pdfsig -nssdir sql:nss signed.pdf >out 2>&1; ",
	           "grep -q 'Signature is Valid' out && grep -q 'Certificate is Trusted' out && "
	           "grep -q 'Total document signed' out || (sed 's/^/# /' out; false)"), 0);
	eq_int(run("pdfsig -nssdir sql:nss spoilt.pdf >out 2>&1; ", "! grep -q 'Signature is Valid' out"), 0);
}

int main(void)
{
	if (!mkdtemp(folder))
		return 2;
	set_up();
	RUN(certificates_say_what_they_were_given);
	RUN(certificates_survive_pem);
	RUN(a_chain_holds_for_its_use_and_time_only);
	RUN(a_document_signer_cannot_issue);
	RUN(impossible_certificates_are_not_made);
	RUN(a_stamped_signature_verifies);
	RUN(an_unstamped_signature_is_judged_at_the_given_time);
	RUN(the_stamp_decides_when_the_signer_must_have_been_valid);
	RUN(a_stamp_from_the_future_is_refused);
	RUN(each_authority_keeps_to_its_work);
	RUN(a_signature_over_other_content_is_refused);
	RUN(a_signer_of_another_authority_or_use_is_refused);
	RUN(a_stamp_of_another_signature_is_refused);
	RUN(without_its_stamp_nothing_is_signed);
	RUN(a_changed_byte_never_changes_what_is_proved);
	RUN(openssl_cms_accepts_the_signature);
	RUN(openssl_ts_accepts_the_stamp);
	RUN(pdfsig_accepts_the_signature);
	tear_down();
	run("rm -rf nss; rm -f *; rmdir ", folder);
	return tap_done();
}
