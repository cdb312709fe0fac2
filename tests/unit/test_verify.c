/* SPDX-License-Identifier: MPL-2.0 */
/* What is issued verifies; what is spoilt does not, wherever it is spoilt. */
#include <unistd.h>

#include "made_document.h"
#include "tap.h"

#include "base/file.h"
#include "civis/log.h"
#include "civis/verify.h"
#include "credential/status.h"

static struct made made;
static civis_trust *trust;

static void issue(void)
{
	made_begin(&made, "khm");
	made_issue(&made, made_declaration("khm", true, true));
	MADE_NEED(civis_trust_new(made.trust.ptr, made.trust.len, &trust));
}

static void done(void)
{
	civis_trust_free(trust);
	made_release(&made);
}

/* A minute after it was issued. */
static const civis_options soon = {.now = MADE_AT / 1000000 + 60};

/* The reason, which lives as long as the program. */
static const char *reason_of(struct bytes document, const civis_options *options, civis_verdict *ret)
{
	civis_result *r;
	if (!options)
		options = &soon;
	if (civis_verify_bytes(document.ptr, document.len, trust, options, &r) != CIVIS_OK)
		return "error";
	const char *reason = civis_result_reason(r);
	if (ret)
		*ret = civis_result_verdict(r);
	civis_result_free(r);
	return reason;
}

TEST(a_certificate_is_valid)
{
	civis_result *r;
	issue();
	eq_int(civis_verify_bytes(made.pdf.ptr, made.pdf.len, trust, &soon, &r), CIVIS_OK);
	eq_int(civis_result_verdict(r), CIVIS_VALID);
	for (size_t i = 0; i + 1 < civis_result_check_count(r); i++)
		eq_int(civis_result_check_outcome(r, i), CIVIS_PASSED);
	eq_int(civis_result_check_outcome(r, civis_result_check_count(r) - 1), CIVIS_NOT_CHECKED);
	eq_str(civis_result_field(r, "name_latin"), "SOK Sopheak");
	eq_str(civis_result_field(r, "serial"), MADE_SERIAL);
	eq_str(civis_result_field(r, "log_index"), "2");
	ok(civis_result_field(r, "mother") == NULL);
	ok(strstr(civis_result_json(r), "\"verdict\": \"valid\"") != NULL);
	civis_result_free(r);
	done();
}

/* Its own entry is in the register of corrections; what it says is the entry of the birth. */
TEST(a_certificate_of_a_correction_is_valid)
{
	civis_result *r;
	made_begin(&made, "khm");
	made.note_count = 1;
	made_issue(&made, made_declaration("khm", true, true));
	MADE_NEED(civis_trust_new(made.trust.ptr, made.trust.len, &trust));
	eq_int(civis_verify_bytes(made.pdf.ptr, made.pdf.len, trust, &soon, &r), CIVIS_OK);
	eq_str(civis_result_reason(r), "valid");
	eq_str(civis_result_field(r, "entry"), "080412/B/1/2026/17");
	civis_result_free(r);
	done();
}

static char *answer_to(struct bytes document, civis_verdict *ret)
{
	civis_result *r;
	MADE_NEED(civis_verify_bytes(document.ptr, document.len, trust, &soon, &r));
	*ret = civis_result_verdict(r);
	char *json = strdup(civis_result_json(r));
	civis_result_free(r);
	return json;
}

/*
 * CMS leaves some of its own packaging unsigned (RFC 5652 §5.1: version numbers, the list of digest
 * algorithms, certificates put in for others' convenience). Inside the hole a changed byte is
 * refused, or the answer is the very same; everywhere else it is refused.
 */
TEST(any_changed_byte_is_refused)
{
	civis_verdict verdict = CIVIS_UNUSABLE;
	issue();
	char *whole = answer_to(buf_bytes(&made.pdf), &verdict);
	size_t hole = (size_t)((uint8_t *)memmem(made.pdf.ptr, made.pdf.len, "/Contents <30", 13) - made.pdf.ptr);
	size_t tried = 0, same = 0, outside = 0, otherwise = 0;
	for (size_t i = 0; i < made.pdf.len; i += i > made.drawn.len ? 61 : 1499) {
		uint8_t kept = made.pdf.ptr[i];
		made.pdf.ptr[i] ^= tried % 2 ? 0x01 : 0x20;
		char *answer = answer_to(buf_bytes(&made.pdf), &verdict);
		if (verdict == CIVIS_VALID) {
			bool in_hole = i > hole && i < hole + 2 * PDF_SIGNATURE_MAX + 12;
			outside += !in_hole;
			otherwise += strcmp(answer, whole) != 0;
			same++;
		}
		free(answer);
		tried++;
		made.pdf.ptr[i] = kept;
	}
	eq_int(outside, 0);
	eq_int(otherwise, 0);
	ok(same * 20 < tried);
	ok(tried > 400);
	free(whole);
	done();
}

TEST(what_is_added_or_cut_is_refused)
{
	issue();
	buf_str(&made.pdf, "\n% more\n");
	eq_str(reason_of(buf_bytes(&made.pdf), NULL, NULL), "altered");
	made.pdf.len -= 8;
	eq_str(reason_of(buf_bytes(&made.pdf), NULL, NULL), "valid");
	ok(strcmp(reason_of(bytes_slice(buf_bytes(&made.pdf), 0, made.pdf.len - 1), NULL, NULL), "valid") != 0);
	eq_str(reason_of(buf_bytes(&made.drawn), NULL, NULL), "no_signature");
	eq_str(reason_of(BYTES_NONE, NULL, NULL), "unusable");
	eq_str(reason_of(BYTES_LIT("hello"), NULL, NULL), "unusable");
	done();
}

/* A second update with a signature of its own must not pass for the first. */
TEST(a_later_update_is_refused)
{
	struct buf twice = BUF_INIT(PDF_MAX);
	issue();
	buf_append(&twice, buf_bytes(&made.pdf));
	buf_str(&twice, "9 0 obj << /Type /Sig /ByteRange [0 10 20 30] /Contents <00> >> endobj\n%%EOF\n");
	eq_str(reason_of(buf_bytes(&twice), NULL, NULL), "altered");
	buf_release(&twice);
	done();
}

TEST(keys_of_others_are_not_trusted)
{
	static struct made other;
	civis_verdict verdict = CIVIS_UNUSABLE;
	issue();
	made_begin(&other, "khm");
	civis_trust *ours = trust;
	MADE_NEED(civis_trust_new(other.trust.ptr, other.trust.len, &trust));
	eq_str(reason_of(buf_bytes(&made.pdf), NULL, &verdict), "signature");
	eq_int(verdict, CIVIS_NOT_VALID);
	eq_str(reason_of(buf_bytes(&made.qr), NULL, &verdict), "signature");
	civis_trust_free(trust);
	trust = ours;
	made_release(&other);
	done();
}

/* A PDF whose own signature holds, around parts that were exchanged. */
TEST(parts_of_different_acts_do_not_agree)
{
	struct buf qr = BUF_INIT(CWT_TEXT_MAX), receipt = BUF_INIT(RECEIPT_MAX);
	issue();
	buf_append(&qr, buf_bytes(&made.qr));
	buf_append(&receipt, buf_bytes(&made.receipt));
	made_release_issue(&made);
	made_issue(&made, made_declaration("khm", false, false));
	eq_str(reason_of(buf_bytes(&made.pdf), NULL, NULL), "valid");

	struct buf own = made.qr;
	made.qr = qr;
	buf_release(&made.pdf);
	made_sign(&made);
	eq_str(reason_of(buf_bytes(&made.pdf), NULL, NULL), "disagrees");
	made.qr = own;

	own = made.receipt;
	made.receipt = receipt;
	buf_release(&made.pdf);
	made_sign(&made);
	eq_str(reason_of(buf_bytes(&made.pdf), NULL, NULL), "disagrees");
	made.receipt = own;

	made.receipt.ptr[made.receipt.len / 2] ^= 1;
	buf_release(&made.pdf);
	made_sign(&made);
	ok(strcmp(reason_of(buf_bytes(&made.pdf), NULL, NULL), "valid") != 0);
	buf_release(&qr);
	buf_release(&receipt);
	done();
}

static bool decodes_to(struct bytes text, struct bytes cose)
{
	struct buf got = BUF_INIT(CWT_TEXT_MAX);
	bool same = cwt_text_decode(text, &got, NULL) == RC_OK && bytes_equal(buf_bytes(&got), cose);
	buf_release(&got);
	return same;
}

TEST(a_qr_stands_alone)
{
	civis_verdict verdict = CIVIS_UNUSABLE;
	struct buf text = BUF_INIT(CWT_TEXT_MAX), cose = BUF_INIT(CWT_TEXT_MAX);
	int padding = 0;
	issue();
	eq_int(cwt_text_decode(buf_bytes(&made.qr), &cose, NULL), RC_OK);
	eq_str(reason_of(buf_bytes(&made.qr), NULL, &verdict), "valid");
	buf_str(&text, " \n");
	buf_append(&text, buf_bytes(&made.qr));
	buf_str(&text, "\r\n");
	eq_str(reason_of(buf_bytes(&text), NULL, &verdict), "valid");
	for (size_t i = 5; i < made.qr.len; i++) {
		uint8_t kept = made.qr.ptr[i];
		made.qr.ptr[i] = kept == 'A' ? 'B' : 'A';
		reason_of(buf_bytes(&made.qr), NULL, &verdict);
		/* DEFLATE pads to whole bytes with bits that mean nothing (RFC 1951 §3.2.4): a change in them
		   alone leaves the signed bytes as they are. Any other is refused. */
		ok(verdict == CIVIS_NOT_VALID || (verdict == CIVIS_VALID && decodes_to(buf_bytes(&made.qr), buf_bytes(&cose))));
		padding += verdict == CIVIS_VALID;
		made.qr.ptr[i] = kept;
	}
	ok(padding <= 2);
	buf_release(&cose);
	buf_release(&text);
	done();
}

static uint64_t list_iat = MADE_AT / 1000000;
static struct bytes list_since; /* claim -70002 */

static void sign_list(unsigned value, uint64_t exp, const char *uri, struct buf *out)
{
	uint8_t *packed = calloc(1, 32768), point[P256_PUBLIC_SIZE], id[HASH_SIZE], signature[P256_SIGNATURE_SIZE];
	struct buf claims = BUF_INIT(65536), head = BUF_INIT(256), tbs = BUF_INIT(65536);
	const struct statuslist_claims c = {.sub = bytes_str(uri), .iat = list_iat, .exp = exp, .bits = 2,
	                                    .since = list_since};
	MADE_NEED(statuslist_set(packed, 32768, 2, 60001, value));
	MADE_NEED(statuslist_put(&claims, &c, bytes_of(packed, 32768)));
	p256_point(made.qr_key, point);
	sha256(BYTES_ARRAY(point), id);
	cose_protected(&head, COSE_ALG_ES256, bytes_of(id, 8), STATUSLIST_TYPE);
	cose_tbs(&tbs, buf_bytes(&head), buf_bytes(&claims));
	MADE_NEED(p256_sign(made.qr_key, buf_bytes(&tbs), signature));
	cose_sign1_put(out, buf_bytes(&head), buf_bytes(&claims), BYTES_ARRAY(signature));
	buf_release(&claims);
	buf_release(&head);
	buf_release(&tbs);
	free(packed);
}

static const char *with_list(unsigned value, uint64_t exp, const char *uri, bool spoil, civis_verdict *verdict)
{
	struct buf list = BUF_INIT(65536);
	sign_list(value, exp, uri, &list);
	if (spoil)
		list.ptr[list.len - 1] ^= 1;
	const civis_options options = {list.ptr, list.len, MADE_AT / 1000000 + 60};
	const char *reason = reason_of(buf_bytes(&made.qr), &options, verdict);
	buf_release(&list);
	return reason;
}

/* A name of two words each in its script: what most people in both countries have. */
TEST(an_ordinary_name_fits_400_characters)
{
	static const struct { const char *country, *native, *latin; } names[] = {
		{"khm", "សុខ សុភា", "SOK Sophea"}, {"khm", "សុខ វិសាល", "SOK Visal"}, {"khm", "លី ដារ៉ា", "LY Dara"},
		{"mmr", "စန္ဒာဦး", "Sandar Oo"}, {"mmr", "ဇော်ဝင်း", "Zaw Win"},
	};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		made_begin(&made, names[i].country);
		json_t *d = made_declaration(names[i].country, true, true);
		json_t *name = json_object_get(json_object_get(d, "child"), "name");
		json_object_set_new(name, "native", json_string(names[i].native));
		json_object_set_new(name, "latin", json_string(names[i].latin));
		made_issue(&made, d);
		printf("# %s: %zu characters\n", names[i].latin, made.qr.len);
		ok(made.qr.len <= 400);
		made_release(&made);
	}
}

TEST(status_lists_revoke)
{
	civis_verdict v = CIVIS_UNUSABLE;
	issue();
	const uint64_t later = MADE_AT / 1000000 + 86400;
	eq_str(with_list(STATUS_VALID, later, MADE_STATUS_URI, false, &v), "valid");
	eq_int(v, CIVIS_VALID);
	eq_str(with_list(STATUS_INVALID, later, MADE_STATUS_URI, false, &v), "revoked");
	eq_int(v, CIVIS_NOT_VALID);
	eq_str(with_list(STATUS_SUSPENDED, later, MADE_STATUS_URI, false, &v), "suspended");
	eq_str(with_list(STATUS_CHANGED, later, MADE_STATUS_URI, false, &v), "changed");
	eq_str(with_list(STATUS_VALID, later, "https://khm.example/status/1", false, &v), "status");
	eq_int(v, CIVIS_UNUSABLE);
	eq_str(with_list(STATUS_VALID, later, MADE_STATUS_URI, true, &v), "status");
	done();
}

/* The list may say since when: {60001: 20779} is 2026-11-22. */
TEST(status_lists_say_since_when)
{
	const struct { unsigned value; struct bytes claim; const char *reason, *since; } lists[] = {
		{STATUS_CHANGED, BYTES_LIT("\xa1\x19\xea\x61\x19\x51\x2b"), "changed", "2026-11-22"},
		{STATUS_INVALID, BYTES_LIT("\xa2\x01\x01\x19\xea\x61\x19\x51\x2b"), "revoked", "2026-11-22"},
		{STATUS_INVALID, BYTES_LIT("\xa1\x01\x19\x51\x2b"), "revoked", NULL}, /* of another document */
		{STATUS_INVALID, BYTES_LIT("\xa1\x19\xea\x61\x1a\xff\xff\xff\xff"), "revoked", NULL}, /* no such day */
		{STATUS_VALID, BYTES_LIT("\xa1\x19\xea\x61\x19\x51\x2b"), "valid", NULL},
	};
	issue();
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		struct buf list = BUF_INIT(65536);
		civis_result *r;
		list_since = lists[i].claim;
		sign_list(lists[i].value, MADE_AT / 1000000 + 86400, MADE_STATUS_URI, &list);
		const civis_options options = {list.ptr, list.len, MADE_AT / 1000000 + 60};
		MADE_NEED(civis_verify_bytes(made.pdf.ptr, made.pdf.len, trust, &options, &r));
		eq_str(civis_result_reason(r), lists[i].reason);
		const char *since = civis_result_field(r, "status_since");
		ok(lists[i].since ? since && strcmp(since, lists[i].since) == 0 : !since);
		ok(!lists[i].since || strstr(civis_result_json(r), "\"status_since\": \"2026-11-22\""));
		civis_result_free(r);
		buf_release(&list);
	}
	list_since = BYTES_NONE;
	done();
}

/* Who asks after the status is not told "valid" by a list that cannot know: it may show that a document
   was cancelled, never that it was not. */
TEST(a_list_of_another_day_says_nothing_good)
{
	civis_verdict v = CIVIS_UNUSABLE;
	issue();
	const uint64_t now = MADE_AT / 1000000 + 60;
	eq_str(with_list(STATUS_VALID, now, MADE_STATUS_URI, false, &v), "status"); /* expired at this second */
	eq_int(v, CIVIS_UNUSABLE);
	eq_str(with_list(STATUS_VALID, now + 1, MADE_STATUS_URI, false, &v), "valid");
	eq_str(with_list(STATUS_INVALID, 1, MADE_STATUS_URI, false, &v), "revoked");
	eq_int(v, CIVIS_NOT_VALID);
	eq_str(with_list(STATUS_VALID, 0, MADE_STATUS_URI, false, &v), "status"); /* for ever */
	eq_int(v, CIVIS_UNUSABLE);
	list_iat = now + 301; /* not yet issued */
	eq_str(with_list(STATUS_VALID, now + 86400, MADE_STATUS_URI, false, &v), "status");
	eq_int(v, CIVIS_UNUSABLE);
	list_iat = now + 299;
	eq_str(with_list(STATUS_VALID, now + 86400, MADE_STATUS_URI, false, &v), "valid");
	list_iat = MADE_AT / 1000000;
	done();
}

TEST(receipts_stand_alone)
{
	uint64_t index, size;
	issue();
	eq_int(civis_receipt_verify(made.receipt.ptr, made.receipt.len, trust, &index, &size), CIVIS_OK);
	eq_int(index, 2);
	eq_int(size, 4);
	for (size_t i = 0; i < made.receipt.len; i += 17) {
		made.receipt.ptr[i] ^= 4;
		ok(civis_receipt_verify(made.receipt.ptr, made.receipt.len, trust, NULL, NULL) != CIVIS_OK);
		made.receipt.ptr[i] ^= 4;
	}
	done();
}

TEST(log_proofs)
{
	uint8_t leaf[3][32], low[32], root[32], proof[64], pair[65] = {1};
	for (uint8_t i = 0; i < 3; i++)
		eq_int(civis_log_leaf_hash(&i, 1, leaf[i]), CIVIS_OK);
	memcpy(pair + 1, leaf[0], 32), memcpy(pair + 33, leaf[1], 32);
	sha256(BYTES_ARRAY(pair), low);
	memcpy(pair + 1, low, 32), memcpy(pair + 33, leaf[2], 32);
	sha256(BYTES_ARRAY(pair), root);
	memcpy(proof, leaf[1], 32), memcpy(proof + 32, leaf[2], 32);
	eq_int(civis_log_verify_inclusion(leaf[0], 0, 3, root, proof, 2), CIVIS_OK);
	eq_int(civis_log_verify_inclusion(leaf[0], 1, 3, root, proof, 2), CIVIS_E_PROOF);
	eq_int(civis_log_verify_inclusion(leaf[0], 0, 3, root, proof, 1), CIVIS_E_PROOF);
	eq_int(civis_log_verify_inclusion(leaf[0], 0, 3, root, proof, 1000), CIVIS_E_PROOF);
	eq_int(civis_log_verify_consistency(2, low, 3, root, leaf[2], 1), CIVIS_OK);
	eq_int(civis_log_verify_consistency(2, root, 3, root, leaf[2], 1), CIVIS_E_PROOF);
}

TEST(trust_files_are_read_strictly)
{
	civis_trust *t = NULL;
	static const char *const bad[] = {
		"", "{}", "[]", "{\"format\":\"civis-trust/2\",\"issuer\":\"a\",\"keys\":[]}",
		"{\"format\":\"civis-trust/1\",\"keys\":[]}", "{\"format\":\"civis-trust/1\",\"issuer\":\"a\",\"keys\":{}}",
		"{\"format\":\"civis-trust/1\",\"issuer\":\"a\",\"issuer\":\"b\",\"keys\":[]}",
		"{\"format\":\"civis-trust/1\",\"issuer\":\"a\",\"keys\":[{}]}",
		"{\"format\":\"civis-trust/1\",\"issuer\":\"a\",\"keys\":[{\"use\":\"act\",\"alg\":\"Ed25519\",\"id\":\"00\",\"public\":\"AAAA\"}]}",
		"{\"format\":\"civis-trust/1\",\"issuer\":\"a\",\"keys\":[{\"use\":\"qr\",\"alg\":\"ES256\",\"id\":\"00\",\"public\":\"AAAA\"}]}",
	};
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		eq_int(civis_trust_new(bad[i], strlen(bad[i]), &t), CIVIS_E_FORMAT);
	const char *later = "{\"format\":\"civis-trust/1\",\"issuer\":\"a\",\"keys\":[{\"use\":\"lattice\",\"alg\":\"ML-DSA-44\",\"id\":\"x\"}]}";
	eq_int(civis_trust_new(later, strlen(later), &t), CIVIS_OK); /* a key of a later version is passed over */
	civis_trust_free(t);
}

TEST(keys_count_within_their_period)
{
	issue();
	char *text = strdup(buf_cstr(&made.trust));
	for (char *at = text; (at = strstr(at, "2026-01-01")) != NULL;)
		memcpy(at, "2027-01-01", 10);
	civis_trust_free(trust);
	MADE_NEED(civis_trust_new(text, strlen(text), &trust));
	eq_str(reason_of(buf_bytes(&made.qr), NULL, NULL), "signature");
	eq_str(reason_of(buf_bytes(&made.pdf), NULL, NULL), "signature");
	free(text);
	done();
}

TEST(a_serial_is_ten_characters_or_seven_bytes)
{
	static const char *const wrong[] = {"", "K7QM2XWD9F", "K7QM-2XWD-9", "K7QM-2XWD-9F0", "K7QM-2XWD-9U", "k7qm-2xwd-9f"};
	uint8_t serial[SERIAL_SIZE];
	char text[SERIAL_TEXT_SIZE];
	eq_int(serial_parse(MADE_SERIAL, serial), RC_OK);
	eq_int(serial_format(BYTES_ARRAY(serial), text), RC_OK);
	eq_str(text, MADE_SERIAL);
	eq_int(serial_parse("0000-0000-01", serial), RC_OK);
	ok(bytes_equal(BYTES_ARRAY(serial), BYTES_LIT("\0\0\0\0\0\0\1")));
	eq_int(serial_parse("ZZZZ-ZZZZ-ZZ", serial), RC_OK);
	ok(bytes_equal(BYTES_ARRAY(serial), BYTES_LIT("\3\377\377\377\377\377\377")));
	serial[0] = 4;
	eq_int(serial_format(BYTES_ARRAY(serial), text), RC_FORMAT);
	eq_int(serial_format(bytes_of(serial, 6), text), RC_FORMAT);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		eq_int(serial_parse(wrong[i], serial), RC_FORMAT);
}

/* Paper refers to it: docs/formats/qr.md. */
TEST(the_dictionary_never_changes)
{
	uint8_t memory[CWT_DICTIONARY_SIZE], hash[HASH_SIZE];
	struct buf hex = BUF_INIT(80);
	sha256(cwt_dictionary(memory), hash);
	hex_encode(&hex, BYTES_ARRAY(hash));
	eq_str(buf_cstr(&hex), "f13bf11e307174e603a75fc21e7ecf76e7323bab1e4910dcc804a1172772b1f4");
	buf_release(&hex);
}

/* ---- by whom, and when ---- */

/* The document under a trust file of which one thing is otherwise: a member of the root (use NULL), or of
   every key of a use; a NULL value takes the key out. */
static const char *with_trust(const char *use, const char *member, const char *value)
{
	json_t *root = json_loads(buf_cstr(&made.trust), 0, NULL), *keys = json_object_get(root, "keys");
	if (!use)
		json_object_set_new(root, member, json_string(value));
	for (size_t i = json_array_size(keys); use && i-- > 0;) {
		json_t *key = json_array_get(keys, i);
		if (strcmp(json_string_value(json_object_get(key, "use")), use) != 0)
			continue;
		if (value)
			json_object_set_new(key, member, json_string(value));
		else
			json_array_remove(keys, i);
	}
	char *text = json_dumps(root, 0);
	civis_trust *whole = trust;
	MADE_NEED(civis_trust_new(text, strlen(text), &trust));
	const char *reason = reason_of(buf_bytes(&made.pdf), NULL, NULL);
	civis_trust_free(trust);
	trust = whole;
	free(text);
	json_decref(root);
	return reason;
}

TEST(each_authority_keeps_to_its_work)
{
	issue();
	eq_str(with_trust("document-ca", "id", "00"), "valid");
	eq_str(with_trust("document-ca", "id", NULL), "signature");
	eq_str(with_trust("tsa-ca", "id", NULL), "signature");
	eq_str(with_trust("document-ca", "to", "2026-11-13T12:00:00Z"), "signature");
	eq_str(with_trust("tsa-ca", "to", "2026-11-13T12:00:00Z"), "signature");
	eq_str(with_trust("tsa-ca", "to", "2026-11-13T12:00:01Z"), "valid");
	done();
}

TEST(a_log_counts_by_its_name_and_in_its_period)
{
	issue();
	eq_str(with_trust(NULL, "origin", "civis.example/khm/1"), "valid");
	eq_str(with_trust(NULL, "origin", "civis.example/mmr"), "proof");
	eq_str(with_trust(NULL, "origin", "civis.example/kh"), "proof");
	eq_str(with_trust(NULL, "origin", "civis.example"), "proof");
	eq_str(with_trust("log", "to", "2026-11-13T12:00:00Z"), "proof");   /* until before the act */
	eq_str(with_trust("log", "to", "2026-11-13T12:00:01Z"), "valid");
	eq_str(with_trust("log", "from", "2026-11-13T12:05:01Z"), "proof"); /* from after the signature */
	done();
}

TEST(what_is_dated_in_the_future_is_refused)
{
	civis_verdict v = CIVIS_UNUSABLE;
	issue();
	civis_options then = {.now = MADE_AT / 1000000 - 299};
	eq_str(reason_of(buf_bytes(&made.pdf), &then, NULL), "valid");
	eq_str(reason_of(buf_bytes(&made.qr), &then, NULL), "valid");
	then.now -= 2;
	eq_str(reason_of(buf_bytes(&made.pdf), &then, &v), "signature");
	eq_int(v, CIVIS_NOT_VALID);
	eq_str(reason_of(buf_bytes(&made.qr), &then, &v), "signature");
	eq_int(v, CIVIS_NOT_VALID);
	done();
}

/* ---- what a PDF can hide ---- */

/* Appends `what` and asks. */
static const char *with_appended(const char *what)
{
	struct buf more = BUF_INIT(PDF_MAX);
	buf_append(&more, buf_bytes(&made.pdf));
	buf_str(&more, what);
	const char *reason = reason_of(buf_bytes(&more), NULL, NULL);
	buf_release(&more);
	return reason;
}

static const char *range_text(size_t skip)
{
	const char *at = memmem(made.pdf.ptr, made.pdf.len, "/ByteRange [", 12);
	MADE_NEED(at == NULL);
	return at + skip;
}

TEST(an_update_that_shows_something_else_is_refused)
{
	char copy[128];
	issue();
	eq_str(with_appended("\n7 0 obj << /Type /Page >> endobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"), "altered");
	eq_str(with_appended("\n99 0 obj << /Type /EmbeddedFile /Length 4 >>\nstream\nCIV1\nendstream endobj\n"
	                     "98 0 obj << /Type /Filespec /F (qr.txt) /EF << /F 99 0 R >> >> endobj\n%%EOF\n"), "altered");
	/* the true signature's own range, once more behind its end */
	snprintf(copy, sizeof copy, "\n%.48s\n%%%%EOF\n", range_text(0));
	eq_str(with_appended(copy), "altered");
	done();
}

/* What is left out must be /Contents, from the first byte on, and no more: asked of the reader alone, since
   no digest fits any more. */
TEST(the_range_leaves_out_the_signature_alone)
{
	static const long moves[][4] = {
		{1, 0, 0, 0}, {0, -1, 0, 0}, {0, 1, 0, 0}, {0, 0, -1, 0}, {0, 0, 1, 0}, {0, 0, 3, -3}, {0, -10, 0, 0},
		{0, 0, 0, 1}, {0, 0, 0, 1000000000}, {0, 0, 40000, -40000},
	};
	unsigned long v[4];
	struct pdf_file file;
	struct buf pdf = BUF_INIT(PDF_MAX);
	issue();
	size_t at = (size_t)(range_text(12) - (const char *)made.pdf.ptr);
	eq_int(sscanf(range_text(12), "%lu %lu %lu %lu", &v[0], &v[1], &v[2], &v[3]), 4);
	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
		char text[64];
		size_t width = strcspn(range_text(12), "]");
		const char *end = range_text(12) + width;
		while (*++end == ' ')
			width++;
		int n = snprintf(text, sizeof text, "%ld %ld %ld %ld]", (long)v[0] + moves[i][0], (long)v[1] + moves[i][1],
		                 (long)v[2] + moves[i][2], (long)v[3] + moves[i][3]);
		if (!ok((size_t)n <= width + 1))
			continue;
		buf_reset(&pdf);
		buf_append(&pdf, buf_bytes(&made.pdf));
		memset(pdf.ptr + at, ' ', width + 1);
		memcpy(pdf.ptr + at, text, (size_t)n);
		eq_int(pdf_read(buf_bytes(&pdf), &file, NULL), RC_FORMAT);
	}
	buf_release(&pdf);
	done();
}

static void sign_digest(const uint8_t digest[static HASH_SIZE], struct made *by, struct buf *cms)
{
	const struct cms_stamper stamper = {made_stamp, by};
	const struct cms_signer signer = {.signer = {by->document_key, buf_bytes(&by->document)},
	                                  .authority = buf_bytes(&by->ca), .stamper = &stamper};
	MADE_NEED(cms_sign_detached(&signer, digest, cms, NULL));
}

/* The made document's keys sign whatever is attached. */
static void sign_with(const struct pdf_attachment *attachments, size_t n, struct buf *out)
{
	const struct pdf_signing signing = {.attachments = attachments, .attachment_count = n, .at = MADE_AT, .signer = "Test"};
	struct pdf_prepared prepared;
	struct buf cms = BUF_INIT(PDF_SIGNATURE_MAX);
	buf_init(out, PDF_MAX);
	MADE_NEED(pdf_prepare(buf_bytes(&made.drawn), &signing, out, &prepared, NULL));
	/* the writer gives no name twice: two letters change before it is signed */
	for (uint8_t *at; (at = memmem(out->ptr, out->len, "qr.txu", 6)) != NULL;)
		at[5] = 't';
	for (uint8_t *at; (at = memmem(out->ptr, out->len, "receipt.cbos", 12)) != NULL;)
		at[11] = 'r';
	size_t end = prepared.hole + prepared.hole_len;
	sha256_pair(bytes_of(out->ptr, prepared.hole), bytes_of(out->ptr + end, out->len - end), prepared.digest);
	sign_digest(prepared.digest, &made, &cms);
	MADE_NEED(pdf_embed(out, &prepared, buf_bytes(&cms), NULL));
	buf_release(&cms);
}

/* Readers differ in which of two they take: so there is one. */
TEST(nothing_is_attached_twice)
{
	struct buf pdf;
	issue();
	const struct pdf_attachment qr = {"qr.txt", "text/plain", "Data", buf_bytes(&made.qr)},
	                            receipt = {"receipt.cbor", "application/cbor", "Data", buf_bytes(&made.receipt)},
	                            qr2 = {"qr.txu", "text/plain", "Data", buf_bytes(&made.qr)},
	                            receipt2 = {"receipt.cbos", "application/cbor", "Data", buf_bytes(&made.receipt)},
	                            other = {"another.txt", "text/plain", "Data", BYTES_LIT("x")};
	const struct { struct pdf_attachment a[9]; size_t n; const char *reason; } tries[] = {
		{{qr, receipt}, 2, "valid"}, {{other, qr, receipt}, 3, "valid"}, {{qr, qr2, receipt}, 3, "disagrees"},
		{{qr, receipt, receipt2}, 3, "disagrees"}, {{qr}, 1, "proof"}, {{receipt}, 1, "disagrees"},
	};
	for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
		sign_with(tries[i].a, tries[i].n, &pdf);
		eq_str(reason_of(buf_bytes(&pdf), NULL, NULL), tries[i].reason);
		buf_release(&pdf);
	}
	done();
}

/* Ours, and a second signature over all of it in an update of its own. */
static const char *signed_again_by(struct made *by)
{
	static const char end[] = "> >>\nendobj\n%%EOF\n";
	uint8_t digest[HASH_SIZE];
	struct buf pdf = BUF_INIT(PDF_MAX), cms = BUF_INIT(PDF_SIGNATURE_MAX), hex = BUF_INIT(PDF_SIGNATURE_MAX * 2);
	sign_digest(made.commitment.b, by, &cms); /* so long it is, within a few bytes */
	size_t room = 2 * cms.len + 64;
	buf_append(&pdf, buf_bytes(&made.pdf));
	buf_printf(&pdf, "90 0 obj << /Type /Sig /ByteRange [0 %08zu %08zu %08zu] /Contents ", made.pdf.len + 75,
	           made.pdf.len + 75 + room + 2, sizeof end - 2);
	size_t hole = pdf.len;
	eq_int(hole, made.pdf.len + 75);
	buf_str(&pdf, "<");
	for (size_t i = 0; i < room; i++)
		buf_byte(&pdf, '0');
	buf_str(&pdf, end);
	sha256_pair(bytes_of(pdf.ptr, hole), bytes_slice(buf_bytes(&pdf), hole + room + 2, pdf.len), digest);
	buf_reset(&cms);
	sign_digest(digest, by, &cms);
	hex_encode(&hex, buf_bytes(&cms));
	memcpy(pdf.ptr + hole + 1, hex.ptr, hex.len);
	const char *reason = reason_of(buf_bytes(&pdf), NULL, NULL);
	buf_release(&pdf);
	buf_release(&cms);
	buf_release(&hex);
	return reason;
}

/* A stranger who signs on top of ours does not take over its name. */
TEST(a_second_signature_counts_for_itself)
{
	static struct made stranger;
	issue();
	made_begin(&stranger, "khm");
	eq_str(signed_again_by(&made), "valid"); /* the same office: the test would notice a stranger's */
	eq_str(signed_again_by(&stranger), "signature");
	made_release(&stranger);
	done();
}

static void read_vector(const char *name, struct buf *out)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/tests/vectors/certificate/%s", getenv("SOURCE_ROOT") ? getenv("SOURCE_ROOT") : ".", name);
	buf_init(out, PDF_MAX);
	eq_int(file_read(path, out, NULL), RC_OK);
}

/* Paper lives eighty years: what was issued once must verify ever after. */
TEST(what_was_issued_before_still_verifies)
{
	struct buf pdf, qr, receipt, keys;
	read_vector("signed.pdf", &pdf);
	read_vector("qr.txt", &qr);
	read_vector("receipt.cbor", &receipt);
	read_vector("trust.json", &keys);
	eq_int(civis_trust_new(keys.ptr, keys.len, &trust), CIVIS_OK);
	eq_str(reason_of(buf_bytes(&pdf), NULL, NULL), "valid");
	eq_str(reason_of(buf_bytes(&qr), NULL, NULL), "valid");
	eq_int(civis_receipt_verify(receipt.ptr, receipt.len, trust, NULL, NULL), CIVIS_OK);
	civis_trust_free(trust);
	buf_release(&pdf);
	buf_release(&qr);
	buf_release(&receipt);
	buf_release(&keys);
}

/* The programs that others check with. */
TEST(pdfsig_and_qpdf_accept_it)
{
	char dir[] = "/tmp/civis-pdf-XXXXXX", line[1024], output[8192] = "";
	if (system("command -v pdfsig >/dev/null && command -v certutil >/dev/null && command -v qpdf >/dev/null") != 0)
		skip("pdfsig, certutil or qpdf is not installed");
	issue();
	ok(mkdtemp(dir) != NULL);
	snprintf(line, sizeof line, "%s/a.pdf", dir);
	FILE *f = fopen(line, "w");
	fwrite(made.pdf.ptr, 1, made.pdf.len, f);
	fclose(f);
	snprintf(line, sizeof line, "%s/ca.der", dir);
	f = fopen(line, "w");
	fwrite(made.ca.ptr, 1, made.ca.len, f);
	fclose(f);
	snprintf(line, sizeof line,
	         "cd %s && certutil -N -d sql:. --empty-password && certutil -A -d sql:. -n ca -t CT,C,C -i ca.der && "
	         "pdfsig -nssdir sql:. a.pdf 2>/dev/null; qpdf --check a.pdf >/dev/null && echo qpdf-clean; rm -rf %s", dir, dir);
	FILE *p = popen(line, "r");
	size_t n = fread(output, 1, sizeof output - 1, p);
	output[n] = 0;
	pclose(p);
	ok(strstr(output, "Signature is Valid") != NULL);
	ok(strstr(output, "Total document signed") != NULL);
	ok(strstr(output, "Certificate is Trusted") != NULL);
	ok(strstr(output, "ETSI.CAdES.detached") != NULL);
	ok(strstr(output, "qpdf-clean") != NULL);
	done();
}

int main(void)
{
	RUN(a_certificate_is_valid);
	RUN(a_certificate_of_a_correction_is_valid);
	RUN(any_changed_byte_is_refused);
	RUN(what_is_added_or_cut_is_refused);
	RUN(a_later_update_is_refused);
	RUN(keys_of_others_are_not_trusted);
	RUN(parts_of_different_acts_do_not_agree);
	RUN(a_qr_stands_alone);
	RUN(an_ordinary_name_fits_400_characters);
	RUN(a_serial_is_ten_characters_or_seven_bytes);
	RUN(the_dictionary_never_changes);
	RUN(status_lists_revoke);
	RUN(status_lists_say_since_when);
	RUN(a_list_of_another_day_says_nothing_good);
	RUN(each_authority_keeps_to_its_work);
	RUN(a_log_counts_by_its_name_and_in_its_period);
	RUN(what_is_dated_in_the_future_is_refused);
	RUN(an_update_that_shows_something_else_is_refused);
	RUN(the_range_leaves_out_the_signature_alone);
	RUN(nothing_is_attached_twice);
	RUN(a_second_signature_counts_for_itself);
	RUN(receipts_stand_alone);
	RUN(log_proofs);
	RUN(trust_files_are_read_strictly);
	RUN(keys_count_within_their_period);
	RUN(what_was_issued_before_still_verifies);
	RUN(pdfsig_and_qpdf_accept_it);
	return tap_done();
}
