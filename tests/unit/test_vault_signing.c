/* SPDX-License-Identifier: MPL-2.0 */
/* What the vault signs: checkpoints of a log that grows, codes and documents of acts that stand in it. */
#include "base/random.h"
#include "base/text.h"
#include "codec/cose.h"
#include "codec/statuslist.h"
#include "country/numbering.h"
#include "credential/cwt.h"
#include "credential/serial.h"
#include "crypto/cms.h"
#include "packs.h"
#include "vault_log.h"

TEST(a_checkpoint_is_signed_only_as_a_growth)
{
	struct bytes line, again;
	uint64_t size = 99;
	uint8_t root[32];
	eq_int(vault_last_checkpoint(client, ORIGIN, &size, root, NULL), RC_OK);
	eq_int(size, 0);
	log_fill(7);
	eq_int(sign_growth(0, 5, &line), RC_OK);
	ok(line.len > 20 && memcmp(line.ptr, "— " ORIGIN " ", 5 + strlen(ORIGIN)) == 0);
	eq_int(sign_growth(0, 5, &again), RC_OK);
	ok(bytes_equal(line, again));
	eq_int(sign_growth(5, 7, &line), RC_OK);
	eq_int(vault_last_checkpoint(client, ORIGIN, &size, root, NULL), RC_OK);
	eq_int(size, 7);
	/* Shorter, from elsewhere, and a fork of the same and of another size. */
	eq_int(sign_growth(0, 5, &again), RC_PROOF);
	eq_int(sign_growth(5, 7, &again), RC_OK);
	struct hash kept = log_leaves[3];
	log_fill(2);
	log_leaves[3].b[0] ^= 1;
	eq_int(sign_growth(7, 9, &again), RC_PROOF);
	eq_int(sign_growth(7, 7, &again), RC_PROOF);
	log_leaves[3] = kept;
	fixture_restart();
	log_leaves[3].b[0] ^= 1;
	eq_int(sign_growth(7, 9, &again), RC_PROOF);
	log_leaves[3] = kept;
	eq_int(sign_growth(7, 9, &again), RC_OK);
	struct hash r = log_root(9);
	eq_int(vault_sign_checkpoint(client, "civis.example/mmr/1", 9, r.b, 0, NULL, 0, NULL, memory, &again, NULL), RC_FORBIDDEN);
	eq_int(vault_sign_checkpoint(client, "civis.example/khm/01", 9, r.b, 0, NULL, 0, NULL, memory, &again, NULL), RC_FORBIDDEN);
}

TEST(an_epoch_closes_the_one_before_at_what_was_signed_last)
{
	struct bytes line;
	uint64_t last;
	uint8_t root[32];
	eq_int(vault_last_checkpoint(client, ORIGIN, &last, root, NULL), RC_OK);
	unsigned size = (unsigned)last;
	log_fill(size + 2 > log_size ? size + 2 - log_size : 0);
	eq_int(sign_growth(size, size + 1, &line), RC_OK);
	struct bytes older = note_of(size + 1, line);
	eq_int(sign_growth(size + 1, size + 2, &line), RC_OK);
	struct bytes newest = note_of(size + 2, line);
	struct buf forged = BUF_INIT(NOTE_MAX);
	buf_append(&forged, newest);
	forged.ptr[forged.len - 8] ^= 1;
	/* One that leaves an epoch out would close all between. */
	eq_int(sign_epoch(3, newest, newest), RC_PROOF);
	eq_int(sign_epoch(UINT32_MAX, newest, newest), RC_PROOF);
	/* One that forgets, that shows nothing, that was not signed, or that commits to something else. */
	eq_int(sign_epoch(2, older, older), RC_PROOF);
	eq_int(sign_epoch(2, newest, BYTES_NONE), RC_PROOF);
	eq_int(sign_epoch(2, buf_bytes(&forged), buf_bytes(&forged)), RC_PROOF);
	buf_release(&forged);
	eq_int(sign_epoch(2, older, newest), RC_PROOF);
	eq_int(sign_growth(size + 2, size + 2, &line), RC_OK);
	eq_int(sign_epoch(2, newest, newest), RC_OK);
	eq_int(sign_epoch(2, newest, BYTES_NONE), RC_OK);
	/* What was closed stays closed. */
	eq_int(sign_epoch(4, newest, newest), RC_PROOF);
	unsigned was = log_size;
	log_fill(1);
	eq_int(sign_growth(size + 2, size + 3, &line), RC_PROOF);
	log_size = was;
}

/* The certificate of the authority out of the trust file: enough of JSON for a test. */
static bool authority_der(struct buf *out)
{
	struct bytes json;
	struct buf pem = BUF_INIT(8192);
	if (vault_trust(client, memory, &json, NULL) != RC_OK)
		return false;
	const uint8_t *at = memmem(json.ptr, json.len, "-----BEGIN", 10);
	const uint8_t *last = json.ptr + json.len;
	for (; at && at + 1 < last && *at != '"'; at++) {
		if (at[0] == '\\' && at[1] == 'n') {
			buf_byte(&pem, '\n');
			at++;
		} else {
			buf_byte(&pem, *at);
		}
	}
	enum rc rc = x509_from_pem(buf_bytes(&pem), out);
	buf_release(&pem);
	return rc == RC_OK;
}

TEST(a_qr_states_only_what_an_act_in_the_log_states)
{
	struct vault_open_item item = declare(COMMUNE, "x"), act_item;
	struct act_plan p = plan_for(item.as.person);
	struct vault_act act;
	struct vault_qr qr, again;
	struct bytes line;
	eq_int(seal_plan(&registrar, &p, &act), RC_OK);
	act_item = (struct vault_open_item){.as = {.kind = KIND_ACT, .object = p.act, .person = p.person, .version = 1},
					    .sealed = act.sealed};
	unsigned before = log_size, index = log_size;
	struct bytes old_note;
	eq_int(sign_growth(0, before, &line), RC_OK);
	old_note = note_of(before, line);
	/* Not in the log: neither at a place of another, nor behind the end. */
	eq_int(sign_qr_of(&registrar, &act_item, 2, before, old_note, "000001", &qr), RC_PROOF);
	log_append(act.commitment);
	log_fill(3);
	struct bytes forged = note_of(log_size, line);
	eq_int(sign_qr_of(&registrar, &act_item, index, log_size, forged, "000001", &qr), RC_PROOF);
	eq_int(sign_growth(before, log_size, &line), RC_OK);
	struct bytes note = note_of(log_size, line);
	eq_int(sign_qr_of(&registrar, &act_item, index + 1, log_size, note, "000001", &qr), RC_PROOF);
	eq_int(sign_qr_of(&registrar, &act_item, index, log_size, note, "000001", &qr), RC_OK);
	ok(bytes_equal(qr.act, build_act(&p)));
	ok(qr.idx < VAULT_STATUS_LIST_SIZE);

	struct cose_sign1 cose;
	struct bytes value, extract;
	eq_int(cose_sign1_parse(qr.cose, &cose), RC_OK);
	eq_int(cose.alg, COSE_ALG_ES256);
	eq_int(cose.kid.len, 2);
	ok(cbor_is_deterministic(cose.payload));
	ok(cbor_map_find_uint(cose.payload, 1, &value) && bytes_equal(value, BYTES_LIT("\x63khm")));
	ok(cbor_map_find_int(cose.payload, -70001, &extract));
	struct act_view view;
	eq_int(act_view(qr.act, &view), RC_OK);
	ok(bytes_equal(extract, act_view_find(&view, 15)));

	/* Again the same; another act under the same serial is refused; another officer's office too. */
	eq_int(sign_qr_of(&registrar, &act_item, index, log_size, note, "000001", &again), RC_OK);
	eq_int(again.idx, qr.idx);
	eq_int(sign_qr_of(&official, &act_item, index, log_size, note, "000002", &again), RC_OK);
	ok(again.idx != qr.idx);
	eq_int(sign_qr_of(&verifier, &act_item, index, log_size, note, "000003", &again), RC_FORBIDDEN);
	eq_int(sign_qr_of(&other, &act_item, index, log_size, note, "000003", &again), RC_FORBIDDEN);
	ok(looks_at(p.person) >= 4);

	/* The PDF of this serial, by this officer, and no other. */
	uint8_t digest[32] = {1, 2, 3};
	struct bytes cms;
	struct cms_info info;
	struct buf authority = BUF_INIT(8192);
	struct err e = ERR_NONE;
	eq_int(vault_sign_pdf(client, token_of(&registrar), BYTES_LIT("000001"), digest, memory, &cms, NULL), RC_OK);
	ok(authority_der(&authority));
	struct bytes anchor = buf_bytes(&authority);
	const struct cms_judge judge = {&anchor, 1, &anchor, 1, clock_now_us(), 0};
	eq_int(cms_verify_detached(cms, digest, &judge, &info, &e), RC_OK);
	ok(info.has_timestamp);
	buf_release(&authority);
	eq_int(vault_sign_pdf(client, token_of(&official), BYTES_LIT("000001"), digest, memory, &cms, NULL), RC_FORBIDDEN);
	eq_int(vault_sign_pdf(client, token_of(&registrar), BYTES_LIT("000009"), digest, memory, &cms, NULL), RC_FORBIDDEN);

	/* Its place in the status list is there and says valid. */
	struct bytes cwt;
	struct statuslist_claims claims;
	struct buf list = BUF_INIT(STATUSLIST_BYTES_MAX);
	unsigned status = 9;
	eq_int(vault_status_list(client, 0, STATUS, memory, &cwt, NULL), RC_OK);
	eq_int(cose_sign1_parse(cwt, &cose), RC_OK);
	eq_int(statuslist_parse(cose.payload, &claims, &list), RC_OK);
	ok(bytes_equal(claims.sub, bytes_str(STATUS "/0")));
	eq_int(statuslist_get(buf_bytes(&list), claims.bits, qr.idx, &status), RC_OK);
	eq_int(status, STATUS_VALID);
	buf_release(&list);
	eq_int(vault_status_list(client, 1, STATUS, memory, &cwt, NULL), RC_NOT_FOUND);
}

/* The extract of a birth as the pack's form makes it. */
static struct bytes extract_of(const struct pack *pack, const char *native, const char *latin)
{
	bool km = strcmp(pack->code, "khm") == 0;
	struct entry_number entry = {.reg = "B", .book = 1, .year = 2026, .serial = 1376};
	const struct form_entry_facts facts = {.entry = &entry, .registered = date_from_days(clock_now_us() / (24LL * 3600 * 1000000))};
	struct buf out = BUF_INIT(1024);
	snprintf(entry.office, sizeof entry.office, "%s", COMMUNE);
	json_t *declaration = json_pack("{s:{s:{s:s, s:s}, s:s, s:{s:s, s:s}}}", "child", "name", "native", native, "latin",
					latin, "sex", "female", "birth", "date", "2026-11-02", "place",
					km ? "12010107" : "130401012");
	eq_int(form_extract(pack_form(pack, "birth"), declaration, &facts, &out), RC_OK);
	struct bytes copy = arena_copy(memory, buf_bytes(&out));
	buf_release(&out);
	json_decref(declaration);
	return copy;
}

/* Length of the QR's text for such an act, registered and signed by this vault. */
static size_t qr_length(const struct pack *pack, const char *native, const char *latin)
{
	struct vault_open_item item = declare(COMMUNE, "x"), act_item;
	struct act_plan p = plan_for(item.as.person);
	struct merkle_proof inclusion = {.count = 0};
	struct buf text = BUF_INIT(CWT_TEXT_MAX), cose = BUF_INIT(CWT_COSE_MAX);
	uint8_t serial[SERIAL_SIZE];
	struct vault_act act;
	struct vault_qr qr;
	struct bytes line;
	struct cwt cwt;
	unsigned index = log_size;
	p.extract = extract_of(pack, native, latin);
	eq_int(seal_plan(&registrar, &p, &act), RC_OK);
	log_append(act.commitment);
	eq_int(sign_growth(index, log_size, &line), RC_OK);
	act_item = (struct vault_open_item){.as = {.kind = KIND_ACT, .object = p.act, .person = p.person, .version = 1},
					    .sealed = act.sealed};
	path(index, 0, log_size, &inclusion);
	struct vault_proof proof = {.index = index, .size = log_size, .hashes = (const uint8_t (*)[32])inclusion.hash,
				    .n = inclusion.count};
	random_bytes(serial, sizeof serial);
	eq_int(vault_sign_qr(client, token_of(&registrar), &act_item, &proof, note_of(log_size, line), BYTES_ARRAY(serial),
			     "https://khm.example/status", memory, &qr, NULL), RC_OK);
	eq_int(cwt_text_encode(qr.cose, &text, NULL), RC_OK);
	eq_int(cwt_text_decode(buf_bytes(&text), &cose, NULL), RC_OK);
	ok(bytes_equal(buf_bytes(&cose), qr.cose));
	eq_int(cwt_parse(buf_bytes(&cose), &cwt, NULL), RC_OK);
	ok(bytes_equal(cwt.field[EXTRACT_NAME_NATIVE], bytes_str(native)) && bytes_equal(cwt.serial, BYTES_ARRAY(serial)));
	ok(cwt.has_entry && cwt.entry.serial == 1376);
	size_t len = text.len;
	buf_release(&text);
	buf_release(&cose);
	return len;
}

TEST(an_ordinary_name_makes_a_small_code)
{
	static const struct { const char *country, *native, *latin; } names[] = {
		{"khm", "សុខ ដារ៉ា", "SOK DARA"},
		{"khm", "សុខ សុភ័ក្ត្រ", "SOK SOPHEAKTRA"},
		{"khm", "ហេង សុវណ្ណារិទ្ធ", "HENG SOVANNARITH"},
		{"khm", "ឈុន ចាន់រស្មី", "CHHUN CHANRASMEY"},
		{"khm", "ម៉ៅ សុខ វិសាល", "MAO SOK VISAL"},
		{"khm", "ព្រំ ចាន់ សុភក្ត្រា", "PROM CHAN SOPHEAKTRA"},
		{"khm", "ជា សុវណ្ណ ពេជ្រ ធារ៉ា", "CHEA SOVANN PICH THEARA"},
		{"mmr", "သန္တာ", "THANDAR"},
		{"mmr", "မောင်အောင်ကျော်", "MAUNG AUNG KYAW"},
		{"mmr", "မခင်သန္တာဦး", "MA KHIN THANDAR OO"},
		{"mmr", "မောင်ကျော်စွာဝင်း", "MAUNG KYAW SWAR WIN"},
		{"mmr", "စိုင်းအောင်မြင့်ထွန်း", "SAI AUNG MYINT TUN"},
		{"mmr", "နန်းခင်ဇေယျာလွင်", "NAN KHIN ZAYYAR LWIN"},
		{"mmr", "ဇော်မင်းထက်နိုင်", "ZAW MIN HTET NAING"},
	};
	struct pack *khm = pack_open("khm"), *mmr = pack_open("mmr");
	for (size_t i = 0; khm && mmr && i < sizeof names / sizeof names[0]; i++) {
		size_t len = qr_length(strcmp(names[i].country, "khm") == 0 ? khm : mmr, names[i].native, names[i].latin);
		ok(len <= 400);
		printf("# %s: %zu characters\n", names[i].latin, len);
	}
	pack_free(&khm);
	pack_free(&mmr);
}

int main(void)
{
	office_open();
	RUN(a_checkpoint_is_signed_only_as_a_growth);
	RUN(a_qr_states_only_what_an_act_in_the_log_states);
	RUN(an_ordinary_name_makes_a_small_code);
	RUN(an_epoch_closes_the_one_before_at_what_was_signed_last); /* ends the log of the others */
	fixture_close();
	return tap_done();
}
