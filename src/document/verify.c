/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Verification, in the order in which each step may be believed: the file as a
 * whole, the credential in the QR, the receipt, and that all three speak of
 * the same act. Everything said about the person comes from signed bytes,
 * never from the picture.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "civis/log.h"
#include "codec/cbor.h"
#include "credential/cwt.h"
#include "credential/serial.h"
#include "credential/status.h"
#include "crypto/cms.h"
#include "document/pdf.h"
#include "document/result.h"
#include "ledger/receipt.h"
#include "register/act.h"

enum {
	ARENA_MAX = 1 << 16,
	TOLERANCE_S = CMS_CLOCK_TOLERANCE_S, /* so far ahead of now may others' clocks be */
	LAST_DAY = 2932896,                  /* 9999-12-31 */
};

/* One verification under way. */
struct job {
	const struct trust *trust;
	const civis_options *options;
	struct civis_result *r;
	struct cwt cwt;       /* borrows from cose */
	struct buf cose;
	bool has_cwt;
	int64_t now;          /* UTC seconds, by the checker's clock */
	int64_t signed_at;    /* UTC µs, by the document's time-stamp; now if it has none */
};

/* ── the PDF's signature ── */

/* The authorities of one use; at 0: whatever their period. */
static size_t collect_anchors(const struct trust *trust, enum trust_use use, int64_t at, struct bytes *out)
{
	size_t n = 0;
	for (size_t i = 0; i < trust->key_count; i++) {
		const struct trust_key *key = &trust->keys[i];
		if (key->use == use && (at == 0 || trust_key_in_force(key, at)))
			out[n++] = key->public;
	}
	return n;
}

/* The authorities must have been in force when the time-stamp was made, so the
   signature is judged again by those that were. */
static enum rc verify_cms(struct job *job, const struct pdf_file *pdf, struct cms_info *info, struct err *e)
{
	struct bytes anchors[TRUST_KEYS_MAX], stamp_anchors[TRUST_KEYS_MAX];
	struct cms_judge judge = {.anchors = anchors, .stamp_anchors = stamp_anchors, .now_us = job->now * 1000000};
	judge.anchor_count = collect_anchors(job->trust, TRUST_DOCUMENT_CA, 0, anchors);
	judge.stamp_anchor_count = collect_anchors(job->trust, TRUST_TSA_CA, 0, stamp_anchors);
	if (judge.anchor_count == 0 || judge.stamp_anchor_count == 0)
		return err_set(e, RC_NOT_FOUND, "trust", "The trust file has no authority for %s",
		               judge.anchor_count ? "time-stamps" : "documents");
	enum rc rc = cms_verify_detached(pdf->signature, pdf->digest, &judge, info, e);
	if (rc != RC_OK)
		return rc;
	size_t all = judge.anchor_count + judge.stamp_anchor_count;
	judge.anchor_count = collect_anchors(job->trust, TRUST_DOCUMENT_CA, info->timestamp_us, anchors);
	judge.stamp_anchor_count = collect_anchors(job->trust, TRUST_TSA_CA, info->timestamp_us, stamp_anchors);
	if (judge.anchor_count + judge.stamp_anchor_count == all)
		return RC_OK;
	return cms_verify_detached(pdf->signature, pdf->digest, &judge, info, e);
}

static void check_document(struct job *job, const struct pdf_file *pdf)
{
	struct cms_info info;
	struct err e = ERR_NONE;
	if (pdf->whole)
		result_pass(job->r, CHECK_WHOLE_FILE);
	else
		result_fail(job->r, CHECK_WHOLE_FILE, CIVIS_NOT_VALID, "altered", "Something was added after the signature");
	if (verify_cms(job, pdf, &info, &e) == RC_OK) {
		result_pass(job->r, CHECK_DOCUMENT_SIGNATURE);
		result_pass(job->r, CHECK_TIMESTAMP);
		job->signed_at = info.timestamp_us;
		result_field_instant(job->r, "signed_at", info.timestamp_us);
		result_field(job->r, "signer", bytes_str(info.signer.common_name));
		return;
	}
	/* the signature states the digest it was made over */
	bool altered = memmem(pdf->signature.ptr, pdf->signature.len, pdf->digest, PDF_DIGEST_SIZE) == NULL;
	result_fail(job->r, CHECK_DOCUMENT_SIGNATURE, CIVIS_NOT_VALID, altered ? "altered" : "signature", e.text);
}

/* ── the credential ── */

/* "office/register/book/year/serial" */
static void state_entry(struct job *job)
{
	const struct cwt_entry *e = &job->cwt.entry;
	struct buf text = BUF_INIT(512);
	if (!job->cwt.has_entry)
		return;
	buf_append(&text, e->office);
	buf_byte(&text, '/');
	buf_append(&text, e->reg);
	buf_printf(&text, "/%llu/%llu/%llu", (unsigned long long)e->book, (unsigned long long)e->year,
	           (unsigned long long)e->serial);
	result_field(job->r, "entry", buf_failed(&text) ? BYTES_NONE : buf_bytes(&text));
	buf_release(&text);
}

static void state_serial(struct job *job)
{
	char serial[SERIAL_TEXT_SIZE];
	struct buf hex = BUF_INIT(256);
	if (serial_format(job->cwt.serial, serial) == RC_OK) {
		result_field(job->r, "serial", bytes_str(serial));
	} else {
		hex_encode(&hex, job->cwt.serial);
		result_field(job->r, "serial", buf_failed(&hex) ? BYTES_NONE : buf_bytes(&hex));
	}
	buf_release(&hex);
}

static void state_fields(struct job *job)
{
	static const struct { const char *name; enum extract_label label; } fields[] = {
		{"kind", EXTRACT_KIND}, {"name_native", EXTRACT_NAME_NATIVE},
		{"name_latin", EXTRACT_NAME_LATIN}, {"sex", EXTRACT_SEX}, {"birth_date", EXTRACT_BIRTH_DATE},
		{"birth_place", EXTRACT_BIRTH_PLACE}, {"registered", EXTRACT_REGISTERED},
	};
	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		char day[DATE_TEXT_SIZE];
		enum extract_label label = fields[i].label;
		if (job->cwt.has_date[label]) {
			date_format(job->cwt.date[label], day);
			result_field(job->r, fields[i].name, bytes_str(day));
		} else {
			result_field(job->r, fields[i].name, job->cwt.field[label]);
		}
	}
	state_entry(job);
	result_field(job->r, "issuer", job->cwt.issuer);
	result_field_instant(job->r, "issued", job->cwt.issued * 1000000);
	if (job->cwt.has_status)
		result_field(job->r, "status_uri", job->cwt.status_uri);
	state_serial(job);
}

/* False if the text is not a credential at all. */
static bool check_credential(struct job *job, struct bytes text)
{
	struct err e = ERR_NONE;
	enum rc rc = cwt_text_decode(text, &job->cose, &e);
	if (rc == RC_OK)
		rc = cwt_verify(buf_bytes(&job->cose), job->trust, &job->cwt, &e);
	if (rc == RC_OK && job->cwt.issued > job->now + TOLERANCE_S)
		rc = err_set(&e, RC_SIGNATURE, "iat", "It says that it was issued in the future");
	if (rc == RC_OK) {
		job->has_cwt = true;
		result_pass(job->r, CHECK_QR_SIGNATURE);
		state_fields(job);
		return true;
	}
	result_fail(job->r, CHECK_QR_SIGNATURE, CIVIS_NOT_VALID, rc == RC_FORMAT || rc == RC_TOO_LARGE ? "altered" : "signature",
	            e.text);
	return rc != RC_FORMAT && rc != RC_TOO_LARGE;
}

/* ── the receipt ── */

/* When the act was registered; a receipt that does not open its time is judged by the document's. */
static int64_t act_time(const struct job *job, const struct receipt *receipt)
{
	uint64_t at;
	return cbor_as_uint(receipt_find(receipt, ACT_TIME), &at) && at <= INT64_MAX ? (int64_t)at : job->signed_at;
}

static void check_act_signature(struct job *job, const struct receipt *receipt)
{
	uint8_t signed_bytes[ACT_SIGNED_SIZE];
	int64_t at = act_time(job, receipt);
	const struct trust_key *key = trust_find(job->trust, TRUST_ACT, receipt->key_id, at);
	commitment_signed_bytes(&receipt->commitment, signed_bytes);
	if (!key)
		result_fail(job->r, CHECK_ACT_SIGNATURE, CIVIS_NOT_VALID, "signature",
		            "The act is signed by a key that the trust file does not know");
	else if (ed25519_verify(key->public, BYTES_ARRAY(signed_bytes), receipt->signature) != RC_OK)
		result_fail(job->r, CHECK_ACT_SIGNATURE, CIVIS_NOT_VALID, "signature", "The act's signature does not hold");
	else if (at / 1000000 > job->now + TOLERANCE_S)
		result_fail(job->r, CHECK_ACT_SIGNATURE, CIVIS_NOT_VALID, "signature", "The act lies in the future");
	else
		result_pass(job->r, CHECK_ACT_SIGNATURE);
}

/*
 * A checkpoint does not say when it was made: after the act, and before the document was signed. Its
 * key must have been in force at some instant between.
 */
static bool log_key_counts(const struct job *job, const struct trust_key *key, int64_t registered)
{
	return key->use == TRUST_LOG && key->from <= job->signed_at + (int64_t)TOLERANCE_S * 1000000 && key->to > registered;
}

/* Some log key of the trust file signed the checkpoint, and the act is beneath it. */
static enum rc verify_log_proof(const struct job *job, const struct receipt *receipt, struct checkpoint *checkpoint)
{
	struct hash leaf;
	enum rc best = RC_SIGNATURE;
	int64_t registered = act_time(job, receipt);
	merkle_leaf(BYTES_ARRAY(receipt->commitment.b), &leaf);
	for (size_t i = 0; i < job->trust->key_count; i++) {
		struct note_key key;
		if (!log_key_counts(job, &job->trust->keys[i], registered) ||
		    note_key_parse(job->trust->keys[i].public, &key) != RC_OK || !trust_names_log(job->trust, key.name))
			continue;
		enum rc rc = tlog_proof_verify(receipt->proof, &key, &leaf, checkpoint);
		if (rc == RC_OK)
			return rc;
		if (rc == RC_PROOF)
			best = rc;
	}
	return best;
}

static void check_log(struct job *job, const struct receipt *receipt)
{
	struct checkpoint checkpoint;
	struct tlog_proof proof;
	enum rc rc = verify_log_proof(job, receipt, &checkpoint);
	if (rc == RC_OK && tlog_proof_parse(receipt->proof, &proof) == RC_OK) {
		result_pass(job->r, CHECK_LOG_INCLUSION);
		result_pass(job->r, CHECK_LOG_CHECKPOINT);
		result_field_number(job->r, "log_index", proof.index);
		result_field_number(job->r, "log_size", checkpoint.size);
		result_field(job->r, "log_origin", bytes_str(checkpoint.origin));
	} else if (rc == RC_PROOF) {
		result_pass(job->r, CHECK_LOG_CHECKPOINT);
		result_fail(job->r, CHECK_LOG_INCLUSION, CIVIS_NOT_VALID, "proof", "The act does not stand in the log");
	} else {
		result_fail(job->r, CHECK_LOG_CHECKPOINT, CIVIS_NOT_VALID, "proof",
		            "No log that the trust file knows signed the receipt's checkpoint");
	}
}

/* ── that the parts agree ── */

/* [code, register, book, year, serial] of the QR against [scope, register, book, year, serial] of the act. */
static bool entry_agrees(const struct cwt *cwt, struct bytes entry)
{
	struct cbor c = cbor_init_unchecked(entry);
	const struct cwt_entry *e = &cwt->entry;
	struct bytes scope, reg;
	uint64_t book, year, serial;
	size_t n;
	if (!cbor_get_array(&c, &n) || n != 5 || !cbor_get_text(&c, &scope) || !cbor_get_text(&c, &reg) ||
	    !cbor_get_uint(&c, &book) || !cbor_get_uint(&c, &year) || !cbor_get_uint(&c, &serial))
		return false;
	if (!cwt->has_entry)
		return true;
	const uint8_t *slash = scope.len ? memrchr(scope.ptr, '/', scope.len) : NULL;
	if (slash)
		scope = bytes_slice(scope, (size_t)(slash - scope.ptr) + 1, scope.len);
	return bytes_equal(e->office, scope) && bytes_equal(e->reg, reg) && e->book == book && e->year == year &&
	       e->serial == serial;
}

/* An act that restates another (field 5) has an entry of its own; its extract has that of the birth. */
static bool restates(const struct receipt *receipt)
{
	struct bytes corrects = receipt_find(receipt, ACT_CORRECTS), id;
	return cbor_as_bytes(corrects, &id);
}

static void check_agreement(struct job *job, const struct receipt *receipt)
{
	struct bytes extract = receipt_find(receipt, ACT_EXTRACT);
	struct bytes entry = receipt_find(receipt, ACT_ENTRY);
	if (!job->has_cwt)
		result_skip(job->r, CHECK_AGREEMENT, "There is no credential to compare with");
	else if (!extract.len || !bytes_equal(extract, job->cwt.extract))
		result_fail(job->r, CHECK_AGREEMENT, CIVIS_NOT_VALID, "disagrees",
		            "The QR does not state what the registered act states");
	else if (!entry.len || (!restates(receipt) && !entry_agrees(&job->cwt, entry)))
		result_fail(job->r, CHECK_AGREEMENT, CIVIS_NOT_VALID, "disagrees", "The numbers of the entry differ");
	else if (job->r->checks[CHECK_AGREEMENT].outcome != CIVIS_FAILED)
		result_pass(job->r, CHECK_AGREEMENT);
}

static void check_receipt(struct job *job, struct bytes bytes)
{
	struct receipt *receipt = calloc(1, sizeof *receipt);
	if (!receipt) {
		job->r->failed = true;
	} else if (receipt_parse(bytes, receipt) != RC_OK) {
		result_fail(job->r, CHECK_RECEIPT, CIVIS_NOT_VALID, "proof", "The receipt cannot be read");
	} else {
		result_pass(job->r, CHECK_RECEIPT);
		check_act_signature(job, receipt);
		check_log(job, receipt);
		check_agreement(job, receipt);
	}
	free(receipt);
}

/* ── the status list ── */

/* Since when the list says what it says, as "YYYY-MM-DD"; a list need not say it. */
static const char *state_since(struct job *job, const struct status_list *list)
{
	int64_t days;
	char text[DATE_TEXT_SIZE];
	if (status_list_since(list, job->cwt.status_index, &days) != RC_OK || days > LAST_DAY)
		return NULL;
	date_format(date_from_days(days), text);
	result_field(job->r, "status_since", bytes_str(text));
	return civis_result_field(job->r, "status_since");
}

static void judge_status(struct job *job, const struct status_list *list, enum status_value status)
{
	static const struct { const char *reason, *detail; } why[] = {
		[STATUS_INVALID] = {"revoked", "The document was cancelled"},
		[STATUS_SUSPENDED] = {"suspended", "The document is suspended"},
		[STATUS_CHANGED] = {"changed", "A later act changed what the document says"},
	};
	char detail[96];
	if (status == STATUS_VALID) {
		result_pass(job->r, CHECK_STATUS);
		return;
	}
	const char *since = state_since(job, list);
	snprintf(detail, sizeof detail, "%s%s%s", why[status].detail, since ? ", since " : "", since ? since : "");
	result_fail(job->r, CHECK_STATUS, CIVIS_NOT_VALID, why[status].reason, detail);
}

static void check_status(struct job *job)
{
	const civis_options *o = job->options;
	struct status_list list;
	struct err e = ERR_NONE;
	enum status_value status;
	if (!o || !o->status_list) {
		result_skip(job->r, CHECK_STATUS, "No status list was given");
		return;
	}
	if (!job->has_cwt) {
		result_skip(job->r, CHECK_STATUS, "There is no credential to look up");
		return;
	}
	if (!job->cwt.has_status) {
		result_fail(job->r, CHECK_STATUS, CIVIS_UNUSABLE, "status", "The document names no status list");
		return;
	}
	if (status_list_verify(bytes_of(o->status_list, o->status_list_len), job->trust, &list, &e) != RC_OK) {
		result_fail(job->r, CHECK_STATUS, CIVIS_UNUSABLE, "status", e.text);
		return;
	}
	if (status_list_get(&list, job->cwt.status_uri, job->cwt.status_index, &status, &e) != RC_OK)
		result_fail(job->r, CHECK_STATUS, CIVIS_UNUSABLE, "status", e.text);
	else if (status == STATUS_VALID && !status_list_is_current(&list, job->now))
		result_fail(job->r, CHECK_STATUS, CIVIS_UNUSABLE, "status", "The status list given is not of today; get a newer one");
	else
		judge_status(job, &list, status);
	status_list_release(&list);
}

/* ── the whole ── */

static void unusable(struct civis_result *r, const char *detail)
{
	result_fail(r, CHECK_DOCUMENT_SIGNATURE, CIVIS_UNUSABLE, "unusable", detail);
}

static void verify_pdf(struct job *job, struct bytes bytes)
{
	struct pdf_file pdf;
	struct err e = ERR_NONE;
	enum rc rc = pdf_read(bytes, &pdf, &e);
	if (rc == RC_NO_MEMORY) {
		job->r->failed = true;
		return;
	}
	if (rc != RC_OK) {
		result_fail(job->r, CHECK_DOCUMENT_SIGNATURE, rc == RC_TOO_LARGE ? CIVIS_UNUSABLE : CIVIS_NOT_VALID,
		            rc == RC_NOT_FOUND ? "no_signature" : rc == RC_TOO_LARGE ? "unusable" : "altered", e.text);
		return;
	}
	check_document(job, &pdf);
	if (pdf.more_attached || pdf_attachment_count(&pdf, "qr.txt") > 1 || pdf_attachment_count(&pdf, "receipt.cbor") > 1)
		result_fail(job->r, CHECK_AGREEMENT, CIVIS_NOT_VALID, "disagrees", "Something is attached more than once");
	struct bytes qr = pdf_attachment_find(&pdf, "qr.txt");
	struct bytes receipt = pdf_attachment_find(&pdf, "receipt.cbor");
	if (qr.len)
		check_credential(job, qr);
	else
		result_fail(job->r, CHECK_QR_SIGNATURE, CIVIS_NOT_VALID, "disagrees", "The QR's text is not attached");
	if (receipt.len)
		check_receipt(job, receipt);
	else
		result_fail(job->r, CHECK_RECEIPT, CIVIS_NOT_VALID, "proof", "The receipt is not attached");
	pdf_file_release(&pdf);
}

static void verify_text(struct job *job, struct bytes text)
{
	if (!check_credential(job, text) && job->r->verdict == CIVIS_NOT_VALID && job->cose.len == 0 &&
	    !memmem(text.ptr, text.len < 64 ? text.len : 64, CWT_PREFIX, strlen(CWT_PREFIX))) {
		job->r->verdict = CIVIS_UNUSABLE;
		job->r->reason = "unusable";
	}
}

static struct civis_result *result_new(void)
{
	struct civis_result *r = calloc(1, sizeof *r);
	if (!r)
		return NULL;
	r->reason = "valid";
	r->subject = "qr";
	r->arena = arena_new(ARENA_MAX);
	for (int i = 0; i < CHECK_COUNT; i++)
		r->checks[i].outcome = CIVIS_NOT_CHECKED;
	if (!r->arena) {
		free(r);
		return NULL;
	}
	return r;
}

civis_error civis_verify_bytes(const void *data, size_t len, const civis_trust *trust, const civis_options *options,
                               civis_result **ret_result)
{
	struct bytes bytes = bytes_of(data, len);
	struct job job = {.trust = &trust->trust, .options = options, .r = result_new(), .cose = BUF_INIT(CWT_COSE_MAX)};
	job.now = options && options->now ? options->now : clock_now_us() / 1000000;
	job.signed_at = job.now * 1000000;
	if (!job.r)
		return CIVIS_E_MEMORY;
	if (len == 0)
		unusable(job.r, "There is nothing to check");
	else if (memmem(data, len < 1024 ? len : 1024, "%PDF-", 5))
		job.r->subject = "document", verify_pdf(&job, bytes);
	else
		verify_text(&job, bytes);
	if (job.r->verdict != CIVIS_UNUSABLE)
		check_status(&job);
	buf_release(&job.cose);
	if (job.r->failed) {
		civis_result_free(job.r);
		return CIVIS_E_MEMORY;
	}
	*ret_result = job.r;
	return CIVIS_OK;
}

civis_error civis_verify_file(const char *path, const civis_trust *trust, const civis_options *options,
                              civis_result **ret_result)
{
	struct buf content = BUF_INIT(PDF_MAX);
	enum rc rc = file_read(path, &content, NULL);
	civis_error error = rc == RC_OK          ? CIVIS_OK
	                    : rc == RC_TOO_LARGE ? CIVIS_E_TOO_LARGE
	                                         : CIVIS_E_IO;
	if (rc == RC_OK)
		error = civis_verify_bytes(content.ptr, content.len, trust, options, ret_result);
	buf_release(&content);
	return error;
}

civis_error civis_trust_new(const void *json, size_t len, civis_trust **ret_trust)
{
	civis_trust *trust = calloc(1, sizeof *trust);
	if (!trust)
		return CIVIS_E_MEMORY;
	enum rc rc = trust_parse(bytes_of(json, len), &trust->trust, NULL);
	if (rc == RC_OK) {
		*ret_trust = trust;
		return CIVIS_OK;
	}
	free(trust);
	return rc == RC_TOO_LARGE ? CIVIS_E_TOO_LARGE : rc == RC_NO_MEMORY ? CIVIS_E_MEMORY : CIVIS_E_FORMAT;
}

void civis_trust_free(civis_trust *trust)
{
	if (!trust)
		return;
	trust_release(&trust->trust);
	free(trust);
}

/* ── a receipt alone ── */

civis_error civis_receipt_verify(const void *bytes, size_t len, const civis_trust *trust, uint64_t *ret_index,
                                 uint64_t *ret_size)
{
	struct receipt *receipt = calloc(1, sizeof *receipt);
	struct job job = {.trust = &trust->trust, .r = result_new(), .signed_at = clock_now_us()};
	job.now = job.signed_at / 1000000;
	civis_error error = CIVIS_E_MEMORY;
	if (!receipt || !job.r)
		goto out;
	error = CIVIS_E_FORMAT;
	if (receipt_parse(bytes_of(bytes, len), receipt) != RC_OK)
		goto out;
	check_act_signature(&job, receipt);
	check_log(&job, receipt);
	error = job.r->failed ? CIVIS_E_MEMORY : job.r->verdict == CIVIS_VALID ? CIVIS_OK : CIVIS_E_PROOF;
	if (error == CIVIS_OK && ret_index)
		*ret_index = strtoull(civis_result_field(job.r, "log_index"), NULL, 10);
	if (error == CIVIS_OK && ret_size)
		*ret_size = strtoull(civis_result_field(job.r, "log_size"), NULL, 10);
out:
	free(receipt);
	civis_result_free(job.r);
	return error;
}
