/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A whole issued certificate made in memory, with keys, log and authorities of
 * its own: for the tests of documents, their fuzz seeds and benchmarks.
 */
#ifndef CIVIS_TESTS_MADE_DOCUMENT_H
#define CIVIS_TESTS_MADE_DOCUMENT_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "codec/cbor.h"
#include "codec/cose.h"
#include "codec/statuslist.h"
#include "country/form.h"
#include "country/pack.h"
#include "credential/cwt.h"
#include "credential/serial.h"
#include "crypto/cms.h"
#include "document/certificate.h"
#include "document/pdf.h"
#include "ledger/receipt.h"
#include "register/act.h"

#define MADE_AT INT64_C(1794571200000000) /* 2026-11-13T12:00:00Z */
#define MADE_SERIAL "K7QM-2XWD-9F"
#define MADE_STATUS_URI "https://khm.example/status/0"

struct made {
	struct pack *pack;
	struct certificate_layout *layout;
	struct ed25519_key act_key, log_key;
	struct note_key log_note;
	struct p256_key *qr_key, *ca_key, *document_key, *tsa_key;
	struct buf ca, document, tsa; /* DER */
	struct buf act, cose, qr, receipt, trust, drawn, pdf;
	struct hash commitment;
	uint64_t printed[128];
	size_t printed_count;
	unsigned copy_no;
	const char *serial; /* NULL: MADE_SERIAL */
	unsigned note_count; /* corrections that the act has been through */
};

#ifdef __SANITIZE_ADDRESS__
/* fontconfig keeps its configuration for the life of the process */
const char *__lsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}
#endif

#define MADE_NEED(call) \
	do { \
		int made_rc_ = (int)(call); \
		if (made_rc_ != 0) { \
			fprintf(stderr, "%s:%d: %s gave %d\n", __FILE__, __LINE__, #call, made_rc_); \
			abort(); \
		} \
	} while (0)

static inline enum rc made_place_name(void *ctx, const char *code, const char *language, struct buf *out)
{
	(void)ctx;
	bool km = strcmp(language, "km") == 0, my = strcmp(language, "my") == 0;
	switch (strchr(code, '/') ? 0 : strlen(code)) {
	case 2:
		buf_str(out, km ? "ខេត្តកណ្ដាល" : my ? "ရန်ကုန်တိုင်းဒေသကြီး" : "Kandal province");
		return RC_OK;
	case 4:
		buf_str(out, km ? "ស្រុកកៀនស្វាយ" : my ? "ဗဟန်းမြို့နယ်" : "Kien Svay district");
		return RC_OK;
	case 6:
		buf_str(out, km ? "ឃុំព្រែកតាអុង" : my ? "ရွှေတောင်ကြားရပ်ကွက်" : "Preaek Ta Ong commune");
		return RC_OK;
	case 8:
	case 9:
		buf_str(out, km ? "ភូមិព្រែកតាអុង" : my ? "ရွှေတောင်ကြား" : "Preaek Ta Ong village");
		return RC_OK;
	default:
		return RC_NOT_FOUND;
	}
}

static inline void made_keys(struct made *m)
{
	struct x509_spec spec = {.use = X509_USE_AUTHORITY, .country = "KH", .organization = "Test Civil Registry",
	                         .common_name = "Test Document Authority", .not_before_us = MADE_AT - INT64_C(86400000000),
	                         .not_after_us = MADE_AT + INT64_C(315360000000000)};
	ed25519_generate(&m->act_key);
	ed25519_generate(&m->log_key);
	MADE_NEED(note_key_ed25519("civis.example/khm/1", m->log_key.public_key, &m->log_note));
	MADE_NEED(p256_generate(&m->qr_key));
	MADE_NEED(p256_generate(&m->ca_key));
	MADE_NEED(p256_generate(&m->document_key));
	MADE_NEED(p256_generate(&m->tsa_key));
	buf_init(&m->ca, 8192);
	buf_init(&m->document, 8192);
	buf_init(&m->tsa, 8192);
	MADE_NEED(x509_issue(&spec, m->ca_key, NULL, &m->ca, NULL));
	const struct x509_signer ca = {m->ca_key, buf_bytes(&m->ca)};
	spec.use = X509_USE_DOCUMENTS;
	spec.common_name = "Test Document Signer";
	MADE_NEED(x509_issue(&spec, m->document_key, &ca, &m->document, NULL));
	spec.use = X509_USE_TIMESTAMPING;
	spec.common_name = "Test Time-Stamping Unit";
	MADE_NEED(x509_issue(&spec, m->tsa_key, &ca, &m->tsa, NULL));
}

static inline void made_trust_key(json_t *keys, const char *use, const char *alg, struct bytes id, struct bytes public,
                                  bool base64)
{
	struct buf hex = BUF_INIT(256), text = BUF_INIT(8192);
	hex_encode(&hex, id);
	if (base64)
		base64_encode(&text, public);
	else
		buf_append(&text, public);
	json_array_append_new(keys, json_pack("{s:s, s:s, s:s, s:s, s:s, s:n}", "use", use, "alg", alg, "id",
	                                      buf_cstr(&hex), "public", buf_cstr(&text), "from",
	                                      "2026-01-01T00:00:00Z", "to"));
	buf_release(&hex);
	buf_release(&text);
}

static inline void made_trust(struct made *m)
{
	uint8_t point[P256_PUBLIC_SIZE], id[HASH_SIZE];
	struct buf pem = BUF_INIT(8192), vkey = BUF_INIT(1024);
	json_t *keys = json_array();
	p256_point(m->qr_key, point);
	sha256(BYTES_ARRAY(point), id);
	made_trust_key(keys, "qr", "ES256", bytes_of(id, 8), BYTES_ARRAY(point), true);
	made_trust_key(keys, "act", "Ed25519", BYTES_LIT("actkey01"), BYTES_ARRAY(m->act_key.public_key), true);
	note_key_format(&m->log_note, &vkey);
	made_trust_key(keys, "log", "Ed25519", BYTES_ARRAY(m->log_note.id), buf_bytes(&vkey), false);
	x509_to_pem(buf_bytes(&m->ca), &pem);
	made_trust_key(keys, "document-ca", "X.509", BYTES_LIT("ca"), buf_bytes(&pem), false);
	made_trust_key(keys, "tsa-ca", "X.509", BYTES_LIT("ca"), buf_bytes(&pem), false);
	json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:o}", "format", "civis-trust/1", "issuer", m->pack->issuer,
	                         "origin", "civis.example/khm", "status_uri", "https://civis.example/status/", "keys", keys);
	char *text = json_dumps(root, 0);
	buf_init(&m->trust, TRUST_MAX);
	buf_str(&m->trust, text);
	free(text);
	json_decref(root);
	buf_release(&pem);
	buf_release(&vkey);
}

/* Of each correction: the mother's name, spelt better and better. */
static inline void made_notes(struct buf *b, const struct made *m)
{
	bool km = strcmp(m->pack->code, "khm") == 0;
	if (!m->note_count) {
		cbor_put_null(b);
		return;
	}
	cbor_put_array(b, m->note_count);
	for (unsigned i = 0; i < m->note_count; i++) {
		char entry[64];
		snprintf(entry, sizeof entry, "%s/C/1/2026/%u", km ? "080412" : "130401", i + 1);
		cbor_put_array(b, 5), cbor_put_str(b, "correction"), cbor_put_str(b, entry), cbor_put_str(b, "2026-11-22");
		cbor_put_str(b, km ? "បានកែតម្រូវ៖ ឈ្មោះម្ដាយ៖ «ចាន់ ស្រីមុ» → «ចាន់ ស្រីមុំ»" : "ပြင်ဆင်ပြီး - မိခင်အမည် - “ဒေါ်သင်းကြည်” → “ဒေါ်သင်းသင်းကြည်”");
		cbor_put_str(b, km ? "Corrected: mother's name: “CHAN Sreymo” → “CHAN Sreymom”" : "Corrected: mother's name: “Daw Thin Kyi” → “Daw Thin Thin Kyi”");
	}
}

/* `declaration` is as a form accepts it. With notes the act is a correction, whose own entry is another one. */
static inline void made_act(struct made *m, json_t *declaration)
{
	const struct form *form = pack_form(m->pack, "birth");
	struct arena *a = arena_new(1 << 20);
	struct form_value *fields;
	size_t count;
	struct buf extract = BUF_INIT(4096);
	uint8_t bytes16[16] = {1, 2, 3, 4, 5, 6, 0x47, 8, 0x89, 10, 11, 12, 13, 14, 15, 16}, bytes32[32] = {7, 7};
	const char *scope = strcmp(m->pack->code, "khm") == 0 ? "khm/08/0804/080412" : "mmr/13/1304/130401";
	struct form_errors errors;
	const struct form_context context = {.now_us = MADE_AT};
	if (form_accept(form, declaration, &context, &errors) != RC_OK) {
		fprintf(stderr, "%s: %s\n", errors.error[0].pointer, errors.error[0].code);
		abort();
	}
	MADE_NEED(form_to_fields(form, declaration, a, &fields, &count));
	struct entry_number entry = {.reg = "B", .book = 1, .year = 2026, .serial = 17};
	snprintf(entry.office, sizeof entry.office, "%s", scope);
	const struct form_entry_facts facts = {.entry = &entry, .registered = {2026, 11, 13}};
	MADE_NEED(form_extract(form, declaration, &facts, &extract));
	buf_init(&m->act, ACT_MAX);
	struct buf *b = &m->act;
	cbor_put_map(b, 3);
	cbor_put_uint(b, 1), cbor_put_str(b, form->id);
	cbor_put_uint(b, 2), cbor_put_bytes(b, BYTES_ARRAY(bytes32));
	cbor_put_uint(b, 3), cbor_put_map(b, ACT_HEADER_END - 1 + count);
	cbor_put_uint(b, ACT_ID), cbor_put_bytes(b, BYTES_ARRAY(bytes16));
	cbor_put_uint(b, ACT_KIND), cbor_put_str(b, m->note_count ? "correction" : "birth");
	cbor_put_uint(b, ACT_SUBJECT), cbor_put_bytes(b, BYTES_ARRAY(bytes16));
	cbor_put_uint(b, ACT_PREVIOUS), cbor_put_null(b);
	cbor_put_uint(b, ACT_CORRECTS);
	if (m->note_count)
		cbor_put_bytes(b, BYTES_ARRAY(bytes16));
	else
		cbor_put_null(b);
	cbor_put_uint(b, ACT_NODE), cbor_put_str(b, "test");
	cbor_put_uint(b, ACT_OFFICE), cbor_put_str(b, scope);
	cbor_put_uint(b, ACT_OFFICERS), cbor_put_array(b, 1), cbor_put_array(b, 2);
	cbor_put_bytes(b, BYTES_ARRAY(bytes16)), cbor_put_str(b, "registrar");
	cbor_put_uint(b, ACT_PACK_VERSION), cbor_put_str(b, m->pack->version);
	cbor_put_uint(b, ACT_PACK_HASH), cbor_put_bytes(b, BYTES_ARRAY(m->pack->hash));
	cbor_put_uint(b, ACT_TIME), cbor_put_uint(b, (uint64_t)MADE_AT);
	cbor_put_uint(b, ACT_ORIGIN), cbor_put_uint(b, 1);
	cbor_put_uint(b, ACT_ENTRY), cbor_put_array(b, 5), cbor_put_str(b, scope), cbor_put_str(b, m->note_count ? "C" : "B");
	cbor_put_uint(b, 1), cbor_put_uint(b, 2026), cbor_put_uint(b, m->note_count ? 3 : 17);
	cbor_put_uint(b, ACT_NUMBER), cbor_put_str(b, "4829173065");
	cbor_put_uint(b, ACT_EXTRACT), cbor_put_raw(b, buf_bytes(&extract));
	bool km = strcmp(m->pack->code, "khm") == 0;
	cbor_put_uint(b, ACT_REGISTRAR), cbor_put_array(b, 3);
	cbor_put_str(b, km ? "ហេង បុប្ផា" : "ဒေါ်မြင့်မြင့်စိုး");
	cbor_put_str(b, km ? "រដ្ឋបាលឃុំព្រែកតាអុង" : "ဗဟန်းမြို့နယ် မှတ်ပုံတင်ရုံး");
	cbor_put_str(b, km ? "Commune Preaek Ta Ong Administration" : "Registration office of Bahan township");
	cbor_put_uint(b, ACT_VERIFIED), cbor_put_str(b, "2026-11-12");
	cbor_put_uint(b, ACT_LANGUAGE), cbor_put_str(b, m->pack->native_language);
	cbor_put_uint(b, ACT_NOTES);
	made_notes(b, m);
	cbor_put_uint(b, ACT_PAPER), cbor_put_null(b);
	for (size_t i = 0; i < count; i++)
		cbor_put_uint(b, fields[i].label), cbor_put_raw(b, fields[i].cbor);
	MADE_NEED(buf_failed(b));
	MADE_NEED(commitment_of_act(buf_bytes(b), &m->commitment));
	buf_release(&extract);
	arena_free(&a);
}

/* The vault's part: the CWT over the act's extract. */
static inline void made_cose(struct made *m)
{
	struct act_view *view = malloc(sizeof *view);
	struct buf claims = BUF_INIT(4096), head = BUF_INIT(256), tbs = BUF_INIT(8192);
	uint8_t point[P256_PUBLIC_SIZE], id[HASH_SIZE], signature[P256_SIGNATURE_SIZE], serial[SERIAL_SIZE];
	MADE_NEED(serial_parse(MADE_SERIAL, serial));
	MADE_NEED(act_view(buf_bytes(&m->act), view));
	cbor_put_map(&claims, 5);
	cbor_put_uint(&claims, 1), cbor_put_str(&claims, m->pack->issuer);
	cbor_put_uint(&claims, 6), cbor_put_uint(&claims, (uint64_t)(MADE_AT / 1000000));
	cbor_put_uint(&claims, 7), cbor_put_bytes(&claims, BYTES_ARRAY(serial));
	cbor_put_uint(&claims, STATUSLIST_CLAIM_REFERENCE);
	statuslist_reference_put(&claims, 60001, BYTES_LIT(MADE_STATUS_URI));
	cbor_put_int(&claims, CWT_CLAIM_EXTRACT), cbor_put_raw(&claims, act_view_find(view, ACT_EXTRACT));
	p256_point(m->qr_key, point);
	sha256(BYTES_ARRAY(point), id);
	cose_protected(&head, COSE_ALG_ES256, bytes_of(id, 2), NULL);
	cose_tbs(&tbs, buf_bytes(&head), buf_bytes(&claims));
	MADE_NEED(p256_sign(m->qr_key, buf_bytes(&tbs), signature));
	buf_init(&m->cose, CWT_COSE_MAX);
	cose_sign1_put(&m->cose, buf_bytes(&head), buf_bytes(&claims), BYTES_ARRAY(signature));
	buf_init(&m->qr, CWT_TEXT_MAX);
	MADE_NEED(cwt_text_encode(buf_bytes(&m->cose), &m->qr, NULL));
	buf_release(&claims);
	buf_release(&head);
	buf_release(&tbs);
	free(view);
}

static inline bool made_is_printed(void *ctx, uint32_t label)
{
	const struct made *m = ctx;
	for (size_t i = 0; i < m->printed_count; i++)
		if (m->printed[i] == label)
			return true;
	return false;
}

/* A log of four leaves; the act is the third. */
static inline void made_receipt(struct made *m)
{
	struct hash leaf[4], low, high, root;
	struct buf note = BUF_INIT(NOTE_MAX), proof = BUF_INIT(TLOG_PROOF_MAX);
	uint8_t signature[64], signed_bytes[ACT_SIGNED_SIZE];
	for (uint8_t i = 0; i < 4; i++)
		merkle_leaf(bytes_of(&i, 1), &leaf[i]);
	merkle_leaf(BYTES_ARRAY(m->commitment.b), &leaf[2]);
	merkle_node(&leaf[0], &leaf[1], &low);
	merkle_node(&leaf[2], &leaf[3], &high);
	merkle_node(&low, &high, &root);
	struct checkpoint checkpoint = {.size = 4, .root = root};
	snprintf(checkpoint.origin, sizeof checkpoint.origin, "%s", m->log_note.name);
	checkpoint_format(&checkpoint, &note);
	ed25519_sign(&m->log_key, buf_bytes(&note), signature);
	buf_str(&note, "\n");
	note_signature_line(&m->log_note, signature, &note);
	struct tlog_proof p = {.index = 2, .path = {.count = 2, .hash = {leaf[3], low}}, .note = buf_bytes(&note)};
	tlog_proof_format(&p, &proof);
	MADE_NEED(certificate_printed_labels(m->layout, m->pack, buf_bytes(&m->act), m->printed, 128, &m->printed_count,
	                                     NULL));
	struct receipt_request request = {.act = buf_bytes(&m->act), .open = made_is_printed, .ctx = m,
	                                  .key_id = BYTES_LIT("actkey01"), .proof = buf_bytes(&proof)};
	commitment_signed_bytes(&m->commitment, signed_bytes);
	ed25519_sign(&m->act_key, BYTES_ARRAY(signed_bytes), request.signature);
	buf_init(&m->receipt, RECEIPT_MAX);
	MADE_NEED(receipt_build(&request, &m->receipt));
	buf_release(&note);
	buf_release(&proof);
}

static inline void made_draw(struct made *m)
{
	struct err e = ERR_NONE;
	const struct certificate_issue issue = {
		.pack = m->pack, .act = buf_bytes(&m->act), .serial = m->serial ? m->serial : MADE_SERIAL, .copy_no = m->copy_no ? m->copy_no : 1,
		.issued_at = MADE_AT, .qr_text = buf_cstr(&m->qr), .place_name = made_place_name,
		.issuing_office = strcmp(m->pack->code, "khm") == 0 ? "khm/08/0804/080412" : "mmr/13/1304/130401",
	};
	buf_init(&m->drawn, CERTIFICATE_MAX);
	if (certificate_render(m->layout, &issue, &m->drawn, &e) != RC_OK) {
		fprintf(stderr, "drawing: %s: %s\n", e.where, e.text);
		abort();
	}
}

static inline enum rc made_stamp(void *ctx, const uint8_t digest[static HASH_SIZE], struct buf *out, struct err *e)
{
	const struct made *m = ctx;
	const struct x509_signer unit = {m->tsa_key, buf_bytes(&m->tsa)};
	return tsa_stamp(&unit, buf_bytes(&m->ca), digest, MADE_AT, out, e);
}

static inline void made_sign(struct made *m)
{
	const struct pdf_attachment attachments[] = {
		{"qr.txt", "text/plain", "Data", buf_bytes(&m->qr)},
		{"receipt.cbor", "application/cbor", "Data", buf_bytes(&m->receipt)},
	};
	const struct pdf_signing signing = {.attachments = attachments, .attachment_count = 2, .at = MADE_AT,
	                                    .signer = "Test Civil Registry"};
	const struct cms_stamper stamper = {made_stamp, m};
	const struct cms_signer signer = {.signer = {m->document_key, buf_bytes(&m->document)},
	                                  .authority = buf_bytes(&m->ca), .stamper = &stamper};
	struct pdf_prepared prepared;
	struct buf cms = BUF_INIT(PDF_SIGNATURE_MAX);
	buf_init(&m->pdf, PDF_MAX);
	MADE_NEED(pdf_prepare(buf_bytes(&m->drawn), &signing, &m->pdf, &prepared, NULL));
	MADE_NEED(cms_sign_detached(&signer, prepared.digest, &cms, NULL));
	MADE_NEED(pdf_embed(&m->pdf, &prepared, buf_bytes(&cms), NULL));
	buf_release(&cms);
}

static inline json_t *made_declaration(const char *country, bool named, bool parents)
{
	bool km = strcmp(country, "khm") == 0;
	json_t *child = json_pack("{s:s, s:s, s:{s:s, s:s, s:s}, s:b}", "naming", named ? "named" : "not_yet_named", "sex",
	                          "female", "birth", "date", "2026-11-02", "time", "14:05", "place",
	                          km ? "08041203" : "130401001", "live_born", 1);
	if (named)
		json_object_set_new(child, "name", json_pack("{s:s, s:s}", "native", km ? "សុខ សុភ័ក្ត្រ" : "မခင်သန္တာဦး",
		                                             "latin", km ? "SOK Sopheak" : "Ma Khin Thandar Oo"));
	json_t *d = json_pack("{s:o, s:{s:{s:s, s:s}, s:s, s:b}}", "child", child, "informant", "name", "native",
	                      km ? "ចាន់ ស្រីមុំ" : "ဒေါ်သင်းသင်းကြည်", "latin", km ? "CHAN Sreymom" : "Daw Thin Thin Kyi",
	                      "relation", "mother", "latin_confirmed", 1);
	if (parents) {
		json_object_set_new(d, "father", json_pack("{s:{s:s, s:s}, s:{s:s, s:s}, s:s, s:s}", "name", "native",
		                                           km ? "សុខ វិសាល" : "ဦးအောင်ကျော်မင်း", "latin",
		                                           km ? "SOK Visal" : "U Aung Kyaw Min", "birth_date", "value",
		                                           "1998-03-12", "precision", "day", "nationality_declared",
		                                           km ? "ខ្មែរ" : "မြန်မာ", "basis", "marriage"));
		json_object_set_new(d, "mother", json_pack("{s:{s:s, s:s}, s:{s:s, s:s}}", "name", "native",
		                                           km ? "ចាន់ ស្រីមុំ" : "ဒေါ်သင်းသင်းကြည်", "latin",
		                                           km ? "CHAN Sreymom" : "Daw Thin Thin Kyi", "birth_date", "value",
		                                           "2000", "precision", "year"));
	}
	return d;
}

/* Keys, pack and layout; the act and its document come from made_issue(). */
static inline void made_begin(struct made *m, const char *country)
{
	char dir[4096];
	struct err e = ERR_NONE;
	const char *source = getenv("SOURCE_ROOT");
	*m = (struct made){0};
	snprintf(dir, sizeof dir, "%s/country/%s", source ? source : ".", country);
	if (pack_load(dir, &m->pack, &e) != RC_OK) {
		fprintf(stderr, "%s: %s: %s\n", dir, e.where, e.text);
		abort();
	}
	snprintf(dir, sizeof dir, "%s/country/%s/certificate", source ? source : ".", country);
	if (certificate_layout_load(dir, "birth", &m->layout, &e) != RC_OK) {
		fprintf(stderr, "%s: %s: %s\n", dir, e.where, e.text);
		abort();
	}
	made_keys(m);
	made_trust(m);
}

static inline void made_issue(struct made *m, json_t *declaration)
{
	made_act(m, declaration);
	json_decref(declaration);
	made_cose(m);
	made_receipt(m);
	made_draw(m);
	made_sign(m);
}

static inline void made_release_issue(struct made *m)
{
	struct buf *const bufs[] = {&m->act, &m->cose, &m->qr, &m->receipt, &m->drawn, &m->pdf};
	for (size_t i = 0; i < sizeof bufs / sizeof bufs[0]; i++)
		buf_release(bufs[i]);
}

static inline void made_release(struct made *m)
{
	made_release_issue(m);
	buf_release(&m->ca);
	buf_release(&m->document);
	buf_release(&m->tsa);
	buf_release(&m->trust);
	p256_free(&m->qr_key);
	p256_free(&m->ca_key);
	p256_free(&m->document_key);
	p256_free(&m->tsa_key);
	certificate_layout_free(&m->layout);
	pack_free(&m->pack);
}

#endif
