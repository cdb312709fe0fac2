/* SPDX-License-Identifier: MPL-2.0 */
/* Issuing a certificate: QR, drawing, receipt, signature; recorded before it is released. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "crypto/crypto.h"
#include "credential/cwt.h"
#include "credential/serial.h"
#include "document/certificate.h"
#include "document/pdf.h"
#include "gate/handlers.h"
#include "gate/state.h"
#include "intake/tracking.h"
#include "ledger/receipt.h"
#include "register/places.h"
#include "register/tally.h"

enum { ATTEMPTS = 4, DOCUMENTS_MAX = 1000 };

struct issue {
	struct store_act *act;
	struct id document_id;
	char serial[16]; /* "K7QM-2XWD-9F" */
	uint8_t serial_bytes[SERIAL_SIZE];
	unsigned copy_no;
	bool claimed;          /* with a code, by somebody without an account */
	bool again;            /* a repeat: recorded already, drawn as it was */
	int64_t at;
	struct buf proof, qr, drawn, receipt, pdf;
	struct vault_qr signed_qr;
};

static void issue_init(struct issue *i)
{
	buf_init(&i->proof, TLOG_PROOF_MAX);
	buf_init(&i->qr, CWT_TEXT_MAX);
	buf_init(&i->drawn, CERTIFICATE_MAX);
	buf_init(&i->receipt, RECEIPT_MAX);
	buf_init(&i->pdf, PDF_MAX);
}

static void issue_release(struct issue *i)
{
	buf_release(&i->proof);
	buf_release(&i->qr);
	buf_release(&i->drawn);
	buf_release(&i->receipt);
	buf_release(&i->pdf);
}

static enum rc sign_qr(struct call *c, struct issue *i)
{
	struct tlog_proof *proof = ARENA_NEW(c->desk.arena, struct tlog_proof);
	struct checkpoint *at = ARENA_NEW(c->desk.arena, struct checkpoint);
	const struct store_act *act = i->act;
	enum rc rc = proof && at ? act_prove(c, act, &i->proof) : RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = tlog_proof_parse(buf_bytes(&i->proof), proof);
	if (rc == RC_OK)
		rc = checkpoint_open(proof->note, NULL, at);
	if (rc != RC_OK)
		return rc;
	const struct vault_open_item item = {{KIND_ACT, act->act_id, act->person_id, 1, 0}, act->sealed};
	const struct vault_proof path = {
		.index = proof->index, .size = at->size, .hashes = (const uint8_t(*)[32])&proof->path.hash[0].b,
		.n = proof->path.count,
	};
	rc = vault_sign_qr(c->desk.vault, c->desk.token, &item, &path, proof->note, BYTES_ARRAY(i->serial_bytes),
	                   c->gate->config->status_base, c->desk.arena, &i->signed_qr, &c->err);
	return rc == RC_OK ? cwt_text_encode(i->signed_qr.cose, &i->qr, &c->err) : rc;
}

struct naming {
	const struct call *call;
	int64_t at; /* of the act: it keeps the names of its day */
};

static enum rc place_name(void *ctx, const char *code, const char *language, struct buf *out)
{
	const struct naming *n = ctx;
	const struct desk *d = &n->call->desk;
	return places_name(d->reader, d->pack, code, n->at, strcmp(language, d->pack->native_language) == 0, out);
}

/* The one that the form of its kind names. */
static struct certificate_layout *layout_of(struct call *c, const struct store_act *act)
{
	const struct form *form = pack_form(c->desk.pack, act->kind);
	return form ? certificate_layouts_get(c->gate->config->layouts, form->certificate) : NULL;
}

static enum rc draw(struct call *c, struct issue *i)
{
	struct naming naming = {c, i->act->at};
	const struct certificate_issue in = {
		.pack = c->desk.pack, .act = i->signed_qr.act, .serial = i->serial, .copy_no = i->copy_no, .issued_at = i->at,
		.issuing_office = i->act->entry.office, .qr_text = buf_cstr(&i->qr), .place_name = place_name, .ctx = &naming,
	};
	return certificate_render(layout_of(c, i->act), &in, &i->drawn, &c->err);
}

static enum rc attach(struct call *c, struct issue *i)
{
	struct act_labels *open = ARENA_NEW(c->desk.arena, struct act_labels);
	if (!open)
		return RC_NO_MEMORY;
	enum rc rc = certificate_printed_labels(layout_of(c, i->act), c->desk.pack, i->signed_qr.act, open->label, 256,
	                                        &open->count, &c->err);
	return rc == RC_OK ? act_build_receipt(i->act, i->signed_qr.act, buf_bytes(&i->proof), open, &i->receipt) : rc;
}

static enum rc sign_pdf(struct call *c, struct issue *i)
{
	const struct pdf_attachment attachments[] = {
		{"qr.txt", "text/plain", "Data", buf_bytes(&i->qr)},
		{"receipt.cbor", "application/cbor", "Data", buf_bytes(&i->receipt)},
	};
	const struct pdf_signing signing = {
		.attachments = attachments, .attachment_count = 2, .at = i->at, .signer = c->desk.pack->issuer,
		.reason = "Extract from the civil register",
	};
	struct pdf_prepared prepared;
	struct bytes cms;
	enum rc rc = pdf_prepare(buf_bytes(&i->drawn), &signing, &i->pdf, &prepared, &c->err);
	if (rc == RC_OK)
		rc = vault_sign_pdf(c->desk.vault, c->desk.token, BYTES_ARRAY(i->serial_bytes), prepared.digest, c->desk.arena, &cms, &c->err);
	return rc == RC_OK ? pdf_embed(&i->pdf, &prepared, cms, &c->err) : rc;
}

static enum rc next_copy(struct call *c, struct issue *i)
{
	uint32_t last;
	enum rc rc = store_document_last(c->desk.reader, i->act->person_id, i->act->act_id, &last, &c->err);
	if (rc == RC_OK)
		i->copy_no = last + 1;
	return rc;
}

/* How a code was spelt does not matter: the document's name follows from it. */
static enum rc request_of(struct call *c, const struct issue *i, struct store_request *ret)
{
	enum rc rc = call_request(c, call_principal(c, i->document_id), 200, ret);
	if (rc == RC_OK && i->claimed) {
		memset(ret->body_hash, 0, sizeof ret->body_hash);
		memcpy(ret->body_hash, i->document_id.b, sizeof i->document_id.b);
	}
	return rc;
}

/* Fetched with a code, it needs not be handed over, and counts as if it were. */
static enum rc collect(struct call *c, struct id case_id, struct store_document_issue *put)
{
	struct store_case *k = ARENA_NEW(c->desk.arena, struct store_case);
	enum rc rc = k ? store_case_get(c->desk.reader, case_id, c->desk.arena, k, &c->err) : RC_NO_MEMORY;
	put->collected = case_id;
	if (rc == RC_OK)
		tally_collected(&c->desk, k, &put->counts);
	return rc;
}

static enum rc record(struct call *c, const struct issue *i)
{
	char key[ID_TEXT_SIZE];
	struct store_result *result = ARENA_NEW(c->desk.arena, struct store_result);
	struct store_document_issue put = {
		.document = {
			.person_id = i->act->person_id, .act_id = i->act->act_id, .document_id = i->document_id, .copy_no = i->copy_no,
			.kind = "certificate", .issued_at = i->at, .staff_id = c->session.staff.id,
			.status_list = i->signed_qr.list, .status_index = i->signed_qr.idx,
		},
	};
	if (!result)
		return RC_NO_MEMORY;
	enum rc rc = i->claimed ? collect(c, i->act->case_id, &put) : RC_OK;
	if (rc != RC_OK)
		return rc;
	snprintf(put.document.language, sizeof put.document.language, "%s", c->desk.pack->native_language);
	id_format(i->document_id, key);
	const char *own = c->key;
	if (!own)
		c->key = key;
	rc = request_of(c, i, &put.request);
	if (rc == RC_OK)
		rc = store_document_issue(c->desk.store, &put, result, &c->err);
	c->key = own;
	return rc;
}

/* Id and serial that follow from what names the document, so that a repeat finds them again. */
static enum rc name_by(struct call *c, struct issue *i, struct buf *in)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint8_t mac[HASH_SIZE];
	enum rc rc = gate_digest(c->gate, c->desk.vault, buf_bytes(in), mac, &c->err);
	if (rc != RC_OK)
		return rc;
	memcpy(i->document_id.b, mac, sizeof i->document_id.b);
	i->document_id.b[6] = (uint8_t)((i->document_id.b[6] & 0x0f) | 0x40);
	i->document_id.b[8] = (uint8_t)((i->document_id.b[8] & 0x3f) | 0x80);
	char *out = i->serial;
	for (size_t n = 0; n < 10; n++) {
		if (n == 4 || n == 8)
			*out++ = '-';
		*out++ = alphabet[mac[sizeof i->document_id.b + n] & 31];
	}
	*out = 0;
	return RC_OK;
}

/* A key names one document. */
static enum rc name_by_key(struct call *c, struct issue *i)
{
	struct buf in = BUF_INIT(1024);
	buf_str(&in, "civis-certificate-v1");
	buf_append(&in, id_bytes(&c->session.staff.id));
	buf_append(&in, id_bytes(&i->act->act_id));
	buf_str(&in, c->key);
	enum rc rc = name_by(c, i, &in);
	buf_release(&in);
	return rc;
}

/* What was issued under this key already, if anything. */
static enum rc find_issued(struct call *c, struct issue *i)
{
	struct store_document *known = ARENA_ARRAY(c->desk.arena, struct store_document, DOCUMENTS_MAX);
	struct store_result *result = ARENA_NEW(c->desk.arena, struct store_result);
	struct store_request request;
	size_t n = 0;
	if (!known || !result)
		return RC_NO_MEMORY;
	enum rc rc = request_of(c, i, &request);
	if (rc == RC_OK)
		rc = store_request_find(c->desk.reader, request.principal, request.key, request.body_hash, result, &c->err);
	if (rc == RC_NOT_FOUND) {
		c->err = ERR_NONE;
		return RC_OK;
	}
	if (rc == RC_OK)
		rc = store_documents(c->desk.reader, i->act->person_id, i->act->act_id, known, DOCUMENTS_MAX, &n, &c->err);
	for (size_t k = 0; rc == RC_OK && k < n; k++)
		if (id_equal(known[k].document_id, i->document_id)) {
			i->again = true;
			i->at = known[k].issued_at;
			i->copy_no = known[k].copy_no;
		}
	return rc != RC_OK || i->again ? rc : RC_CONFLICT;
}

static enum rc name_it(struct call *c, struct issue *i)
{
	enum rc rc = RC_OK;
	i->at = c->desk.now;
	if (i->claimed) {
		/* named by its code already */
	} else if (c->key) {
		rc = name_by_key(c, i);
	} else {
		i->document_id = id_new();
		tracking_code_new(i->serial);
	}
	if (rc == RC_OK)
		rc = serial_parse(i->serial, i->serial_bytes);
	if (rc == RC_OK && c->key)
		rc = find_issued(c, i);
	return rc == RC_OK && !i->again ? next_copy(c, i) : rc;
}

static enum rc attempt(struct call *c, struct issue *i)
{
	enum rc rc = name_it(c, i);
	if (rc == RC_OK)
		rc = sign_qr(c, i);
	if (rc == RC_OK)
		rc = draw(c, i);
	if (rc == RC_OK)
		rc = attach(c, i);
	if (rc == RC_OK)
		rc = sign_pdf(c, i);
	return rc == RC_OK && !i->again ? record(c, i) : rc;
}

/* Another copy was recorded meanwhile; or a serial taken by chance belongs to another act. What a key or a code names
   is named alike every time. */
static bool is_worth_another(const struct call *c, const struct issue *i, enum rc rc)
{
	bool by_chance = !i->claimed && !c->key;
	return rc == RC_CONFLICT && (strcmp(c->err.where, "document") == 0 || (by_chance && strcmp(c->err.where, "serial") == 0));
}

static enum rc issue_certificate(struct call *c, struct issue *i)
{
	char disposition[80];
	enum rc rc = act_stands(c, i->act);
	if (rc == RC_OK && !layout_of(c, i->act))
		rc = err_set(&c->err, RC_CONFIG, "certificate", "the pack has no certificate layout");
	for (int n = 0; rc == RC_OK && n < ATTEMPTS; n++) {
		issue_init(i);
		rc = attempt(c, i);
		if (rc == RC_OK)
			rc = call_bytes(c, 200, "application/pdf", buf_bytes(&i->pdf));
		issue_release(i);
		if (!is_worth_another(c, i, rc))
			break;
		c->err = ERR_NONE;
		rc = n + 1 < ATTEMPTS ? RC_OK : RC_BUSY;
	}
	if (rc != RC_OK)
		return rc;
	snprintf(disposition, sizeof disposition, "inline; filename=\"certificate-%s.pdf\"", i->serial);
	http_answer_header(c->a, "Content-Disposition", disposition);
	if (i->again)
		http_answer_header(c->a, "Idempotency-Replayed", "true");
	log_info(i->again ? "certificate_repeated" : "certificate_issued", LOG_ID("document", i->document_id), LOG_ID("staff", c->session.staff.id));
	return RC_OK;
}

enum rc act_certificate(struct call *c)
{
	struct issue i = {.act = ARENA_NEW(c->desk.arena, struct store_act)};
	enum rc rc = i.act ? act_of_call(c, i.act) : RC_NO_MEMORY;
	return rc == RC_OK ? issue_certificate(c, &i) : rc;
}

/* ---- claimed with a code ---- */

enum { CODE_TEXT_MAX = 40 };

enum rc act_claim_code(struct call *c)
{
	struct store_act *act = ARENA_NEW(c->desk.arena, struct store_act);
	char code[VAULT_CLAIM_CODE_SIZE];
	json_int_t days = c->desk.pack->claim.days;
	call_known(c, "days");
	json_t *v = json_object_get(c->body, "days");
	if (v && (!json_is_integer(v) || (days = json_integer_value(v)) < 1 || days > VAULT_CLAIM_DAYS_MAX))
		(void)call_wrong(c, "/days", "out_of_range", VAULT_CLAIM_DAYS_MAX);
	if (c->field_count)
		return RC_INVALID;
	enum rc rc = act ? act_of_call(c, act) : RC_NO_MEMORY;
	if (rc == RC_OK)
		rc = act_stands(c, act);
	if (rc != RC_OK)
		return rc;
	const struct vault_open_item item = {{KIND_ACT, act->act_id, act->person_id, 1, 0}, act->sealed};
	rc = vault_claim_code(c->desk.vault, c->desk.token, &item, (unsigned)days, code, &c->err);
	if (rc != RC_OK)
		return rc;
	log_info("claim_code_given", LOG_ID("act", act->act_id), LOG_ID("staff", c->session.staff.id));
	char *shown = arena_printf(c->desk.arena, "%.4s-%.4s-%.4s", code, code + 4, code + 8);
	wipe(code, sizeof code);
	return call_json(c, 201, json_pack("{s:s?,s:o,s:o}", "code", shown, "expires_at",
	                                   json_instant(c->desk.now + days * 86400 * 1000000), "act_id", json_id(act->act_id)));
}

/* One code gives one document: its name follows from act and code, which is not kept. */
static enum rc name_by_claim(struct call *c, struct issue *i, const char *code)
{
	char key[ID_TEXT_SIZE];
	struct buf in = BUF_INIT(1024);
	buf_str(&in, "civis-claim-v1");
	buf_append(&in, id_bytes(&i->act->act_id));
	for (const char *at = code; *at; at++)
		if (*at != ' ' && *at != '-')
			buf_byte(&in, (uint8_t)crockford_char(*at));
	enum rc rc = name_by(c, i, &in);
	wipe(in.ptr, in.len);
	buf_release(&in);
	id_format(i->document_id, key);
	c->key = arena_str(c->desk.arena, bytes_str(key));
	return rc == RC_OK && !c->key ? RC_NO_MEMORY : rc;
}

enum rc claim_redeem(struct call *c)
{
	struct issue i = {.act = ARENA_NEW(c->desk.arena, struct store_act), .claimed = true};
	struct vault_claim *claim = ARENA_NEW(c->desk.arena, struct vault_claim);
	call_known(c, "code");
	const char *code = call_text(c, "code", CODE_TEXT_MAX, true);
	if (c->field_count)
		return RC_INVALID;
	enum rc rc = i.act && claim ? vault_claim(c->desk.vault, bytes_str(code), claim, &c->retry_after, &c->err) : RC_NO_MEMORY;
	if (rc == RC_STATE)
		c->code = "act_superseded";
	if (rc == RC_OK)
		rc = store_act_get(c->desk.reader, claim->act, c->desk.arena, i.act, &c->err);
	if (rc != RC_OK)
		return rc;
	c->desk.token = bytes_str(claim->token);
	rc = name_by_claim(c, &i, code);
	return rc == RC_OK ? issue_certificate(c, &i) : rc;
}
