/* SPDX-License-Identifier: MPL-2.0 */
/* The vault, through its client: what is sealed and opened, and what is signed. */
#include "vault_office.h"


#include <sqlite3.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/random.h"
#include "base/text.h"
#include "codec/cbor.h"
#include "codec/cose.h"
#include "codec/statuslist.h"
#include "country/numbering.h"
#include "credential/cwt.h"
#include "credential/serial.h"
#include "crypto/cms.h"
#include "ledger/commitment.h"
#include "ledger/note.h"
#include "packs.h"
#include "vault/number.h"

#define ORIGIN "civis.example/khm/1"
#define STATUS "http://localhost:8080/status"

/* ── sealing and opening ── */

TEST(opens_what_was_sealed)
{
	struct vault_open_item item = declare(COMMUNE, "{\"child\":\"ចាន់ ដារ៉ា\"}");
	struct bytes plain = BYTES_NONE;
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_OK);
	ok(bytes_equal(plain, bytes_str("{\"child\":\"ចាន់ ដារ៉ា\"}")));
	eq_int(looks_at(item.as.person), 1);
	/* Nothing of it stands in the blob. */
	ok(memmem(item.sealed.ptr, item.sealed.len, "child", 5) == NULL);
	ok(memmem(item.sealed.ptr, item.sealed.len, "khm/", 4) == NULL);
}

TEST(a_blob_opens_only_as_what_it_was_sealed_as)
{
	struct vault_open_item item = declare(COMMUNE, "x"), stranger = declare(COMMUNE, "y"), o;
	struct bytes plain;
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_OK);
	o = item, o.as.object = id_new();
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &o, &plain), RC_SIGNATURE);
	o = item, o.as.person = stranger.as.person;
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &o, &plain), RC_SIGNATURE);
	o = item, o.as.person = id_new();
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &o, &plain), RC_SIGNATURE);
	o = item, o.as.version = 2;
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &o, &plain), RC_SIGNATURE);
	o = item, o.as.aux = 1;
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &o, &plain), RC_SIGNATURE);
	o = item, o.as.kind = KIND_ATTACHMENT;
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &o, &plain), RC_SIGNATURE);
	o = item, o.sealed = stranger.sealed;
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &o, &plain), RC_SIGNATURE);
	eq_int(looks_at(item.as.person), 1);
}

TEST(each_byte_of_a_blob_counts)
{
	struct vault_open_item item = declare(COMMUNE, "x");
	uint8_t copy[256];
	size_t opened = 0;
	struct bytes plain;
	ok(item.sealed.len < sizeof copy);
	for (size_t i = 0; i < item.sealed.len; i++) {
		struct vault_open_item o = item;
		memcpy(copy, item.sealed.ptr, item.sealed.len);
		copy[i] ^= 1;
		o.sealed = bytes_of(copy, item.sealed.len);
		opened += open_one(&official, PURPOSE_CASE_WORK, &o, &plain) == RC_OK;
	}
	eq_int(opened, 0);
	item.sealed.len = 5;
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_FORMAT);
}

TEST(kind_cannot_be_relabelled)
{
	/* Same subkey, another kind written into the header: the associated data still says what it was. */
	struct vault_open_item item = declare(COMMUNE, "x");
	uint8_t copy[256];
	struct bytes plain;
	memcpy(copy, item.sealed.ptr, item.sealed.len);
	copy[2] = KIND_ATTACHMENT;
	item.sealed = bytes_of(copy, item.sealed.len);
	item.as.kind = KIND_ATTACHMENT;
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_SIGNATURE);
}

TEST(role_purpose_and_office_are_enforced)
{
	struct vault_open_item item = declare(COMMUNE, "x"), far = declare(OTHER_COMMUNE, "y");
	struct bytes plain;
	eq_int(open_one(&other, PURPOSE_CASE_WORK, &item, &plain), RC_FORBIDDEN);
	eq_int(open_one(&other, PURPOSE_CASE_WORK, &far, &plain), RC_OK);
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &far, &plain), RC_FORBIDDEN);
	eq_int(open_one(&verifier, PURPOSE_VERIFICATION, &item, &plain), RC_OK);
	eq_int(open_one(&verifier, PURPOSE_VERIFICATION, &far, &plain), RC_OK);
	eq_int(open_one(&verifier, PURPOSE_REGISTRATION, &item, &plain), RC_FORBIDDEN);
	eq_int(open_one(&official, PURPOSE_VERIFICATION, &item, &plain), RC_FORBIDDEN);
	eq_int(open_one(&clerk, PURPOSE_CASE_WORK, &item, &plain), RC_FORBIDDEN);
	for (enum purpose p = PURPOSE_CASE_WORK; p < PURPOSE_END; p++) {
		eq_int(open_one(&administrator, p, &item, &plain), RC_FORBIDDEN);
		eq_int(open_one(&auditor, p, &item, &plain), RC_FORBIDDEN);
	}
	struct vault_session nobody = {.token = ""};
	eq_int(open_one(&nobody, PURPOSE_CASE_WORK, &item, &plain), RC_UNAUTHENTICATED);
	eq_int(looks_at(item.as.person), 1);
	struct vault_look *looks;
	size_t n;
	eq_int(vault_looks(client, token_of(&verifier), item.as.person, 0, 10, memory, &looks, &n, NULL), RC_FORBIDDEN);
}

TEST(a_hospital_opens_and_seals_what_it_declared_until_a_number_is_reserved)
{
	struct vault_open_item own = declare_as(token_of(&clerk), COMMUNE, "x"), others = declare(COMMUNE, "y"), sealed_by_official;
	struct bytes plain, sealed;
	sealed_by_official = declare_as(token_of(&official), COMMUNE, "z");
	eq_int(open_one(&clerk, PURPOSE_CASE_WORK, &own, &plain), RC_OK);
	eq_int(open_one(&clerk, PURPOSE_CASE_WORK, &others, &plain), RC_FORBIDDEN);
	eq_int(open_one(&clerk, PURPOSE_CASE_WORK, &sealed_by_official, &plain), RC_FORBIDDEN);
	struct vault_seal_item more = item_of(KIND_CASE, own.as.object, own.as.person, own.as.object, COMMUNE, "x2");
	more.as.version = 2;
	eq_int(vault_seal(client, token_of(&clerk), BYTES_NONE, &more, 1, memory, &sealed, NULL), RC_OK);
	struct vault_seal_item foreign = item_of(KIND_CASE, others.as.object, others.as.person, others.as.object, COMMUNE, "y2");
	foreign.as.version = 2;
	eq_int(vault_seal(client, token_of(&clerk), BYTES_NONE, &foreign, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	struct vault_number number;
	eq_int(vault_reserve_number(client, token_of(&verifier), own.as.person, own.as.object, COMMUNE, memory, &number, NULL), RC_OK);
	eq_int(open_one(&clerk, PURPOSE_CASE_WORK, &own, &plain), RC_FORBIDDEN);
	more.as.version = 3;
	eq_int(vault_seal(client, token_of(&clerk), BYTES_NONE, &more, 1, memory, &sealed, NULL), RC_FORBIDDEN);
}

TEST(all_or_nothing_is_opened)
{
	struct vault_open_item items[2] = {declare(COMMUNE, "x"), declare(OTHER_COMMUNE, "y")};
	struct bytes plain[2] = {BYTES_NONE, BYTES_NONE};
	eq_int(vault_open(client, token_of(&official), PURPOSE_CASE_WORK, items, 2, memory, plain, NULL), RC_FORBIDDEN);
	ok(plain[0].ptr == NULL);
	eq_int(vault_open(client, token_of(&verifier), PURPOSE_VERIFICATION, items, 2, memory, plain, NULL), RC_OK);
	ok(bytes_equal(plain[1], bytes_str("y")));
}

TEST(a_family_goes_on_only_with_its_own_case)
{
	struct vault_open_item item = declare(COMMUNE, "x");
	struct id elsewhere = id_new();
	struct bytes sealed;
	struct vault_seal_item own = item_of(KIND_ATTACHMENT, id_new(), item.as.person, item.as.object, COMMUNE, "photo");
	struct vault_seal_item foreign = item_of(KIND_ATTACHMENT, id_new(), item.as.person, elsewhere, COMMUNE, "photo");
	eq_int(vault_seal(client, BYTES_NONE, bytes_str(SECRET), &own, 1, memory, &sealed, NULL), RC_OK);
	eq_int(vault_seal(client, BYTES_NONE, bytes_str(SECRET), &foreign, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	eq_int(vault_seal(client, token_of(&official), BYTES_NONE, &foreign, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	/* The case's id stands in the main database in clear; its secret does not. */
	eq_int(vault_seal(client, BYTES_NONE, BYTES_NONE, &own, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	eq_int(vault_seal(client, BYTES_NONE, bytes_str("0123456789abcdefghijkm"), &own, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	eq_int(vault_seal(client, token_of(&official), BYTES_NONE, &own, 1, memory, &sealed, NULL), RC_OK);
	eq_int(vault_seal(client, token_of(&other), BYTES_NONE, &own, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	eq_int(vault_seal(client, token_of(&far_verifier), bytes_str(SECRET), &own, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	own.scope = OTHER_COMMUNE;
	eq_int(vault_seal(client, BYTES_NONE, bytes_str(SECRET), &own, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	eq_int(vault_seal(client, token_of(&verifier), BYTES_NONE, &own, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	own.scope = COMMUNE;
	/* An officer's case without a secret has no family that goes on with it; and a new one is nobody's without one. */
	struct vault_seal_item without = item_of(KIND_CASE, elsewhere, id_new(), elsewhere, COMMUNE, "x");
	eq_int(vault_seal(client, BYTES_NONE, BYTES_NONE, &without, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	eq_int(vault_seal(client, token_of(&official), BYTES_NONE, &without, 1, memory, &sealed, NULL), RC_OK);
	eq_int(vault_seal(client, BYTES_NONE, bytes_str(SECRET), &without, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	fixture_restart();
	eq_int(vault_seal(client, BYTES_NONE, bytes_str(SECRET), &own, 1, memory, &sealed, NULL), RC_OK);
	eq_int(vault_seal(client, BYTES_NONE, bytes_str("0123456789abcdefghijkm"), &own, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	own.as.kind = KIND_ACT;
	eq_int(vault_seal(client, BYTES_NONE, bytes_str(SECRET), &own, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	eq_int(vault_seal(client, token_of(&registrar), BYTES_NONE, &own, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	eq_int(vault_seal(client, token_of(&administrator), BYTES_NONE, &foreign, 1, memory, &sealed, NULL), RC_FORBIDDEN);
}

TEST(chunks_of_an_attachment_are_one_look)
{
	struct vault_open_item item = declare(COMMUNE, "x");
	struct id attachment = id_new();
	static char big[256 * 1024 + 1];
	memset(big, 'j', sizeof big - 1);
	struct bytes plain;
	for (uint32_t i = 0; i < 3; i++) {
		struct vault_seal_item chunk = item_of(KIND_ATTACHMENT, attachment, item.as.person, item.as.object, COMMUNE, big);
		struct vault_open_item o;
		chunk.as.aux = i;
		o.as = chunk.as;
		eq_int(vault_seal(client, BYTES_NONE, bytes_str(SECRET), &chunk, 1, memory, &o.sealed, NULL), RC_OK);
		eq_int(open_one(&official, PURPOSE_CASE_WORK, &o, &plain), RC_OK);
		eq_int(plain.len, sizeof big - 1);
		o.as.aux++;
		eq_int(open_one(&official, PURPOSE_CASE_WORK, &o, &plain), RC_SIGNATURE);
	}
	eq_int(looks_at(item.as.person), 1);
}

/* ── acts and numbers ── */

struct act_plan {
	struct id act, person, officer;
	const char *role, *scope, *number;
	int64_t time;
	struct bytes extract; /* BYTES_NONE: a small one */
	struct id earlier;    /* who verified; zero: nobody */
	const char *earlier_role, *entry_office;
	uint64_t extract_serial;
	int64_t extract_days; /* added to the day in the extract */
};

enum { ENTRY_SERIAL = 1376 };

static void put_entry(struct buf *b, const char *office, uint64_t serial)
{
	cbor_put_array(b, 5);
	cbor_put_str(b, office);
	cbor_put_str(b, "B");
	cbor_put_uint(b, 1);
	cbor_put_uint(b, 2026);
	cbor_put_uint(b, serial);
}

static struct bytes build_act(const struct act_plan *p)
{
	struct buf b = BUF_INIT(4096);
	uint8_t salt[32] = {7};
	cbor_put_map(&b, 3);
	cbor_put_uint(&b, 1);
	cbor_put_str(&b, "khm/birth/1");
	cbor_put_uint(&b, 2);
	cbor_put_bytes(&b, BYTES_ARRAY(salt));
	cbor_put_uint(&b, 3);
	cbor_put_map(&b, 8);
	cbor_put_uint(&b, 1);
	cbor_put_bytes(&b, id_bytes(&p->act));
	cbor_put_uint(&b, 3);
	cbor_put_bytes(&b, id_bytes(&p->person));
	cbor_put_uint(&b, 7);
	cbor_put_str(&b, p->scope);
	cbor_put_uint(&b, 8);
	cbor_put_array(&b, p->earlier_role ? 2 : 1);
	if (p->earlier_role) {
		cbor_put_array(&b, 2);
		cbor_put_bytes(&b, id_bytes(&p->earlier));
		cbor_put_str(&b, p->earlier_role);
	}
	cbor_put_array(&b, 2);
	cbor_put_bytes(&b, id_bytes(&p->officer));
	cbor_put_str(&b, p->role);
	cbor_put_uint(&b, 11);
	cbor_put_uint(&b, (uint64_t)p->time);
	cbor_put_uint(&b, 13);
	put_entry(&b, p->entry_office, ENTRY_SERIAL);
	cbor_put_uint(&b, 14);
	cbor_put_str(&b, p->number);
	cbor_put_uint(&b, 15);
	if (p->extract.len) {
		cbor_put_raw(&b, p->extract);
	} else {
		cbor_put_map(&b, 4);
		cbor_put_uint(&b, 1);
		cbor_put_str(&b, "b");
		cbor_put_uint(&b, 2);
		put_entry(&b, strrchr(p->entry_office, '/') + 1, p->extract_serial);
		cbor_put_uint(&b, 4);
		cbor_put_str(&b, "CHAN DARA");
		cbor_put_uint(&b, 8);
		cbor_put_int(&b, p->time / (24LL * 3600 * 1000000) + p->extract_days);
	}
	struct bytes copy = arena_copy(memory, buf_bytes(&b));
	buf_release(&b);
	return copy;
}

static struct act_plan plan_for(struct id person)
{
	return (struct act_plan){.act = id_new(), .person = person, .officer = registrar.staff.id, .role = "registrar",
				 .scope = COMMUNE, .time = clock_now_us(), .entry_office = COMMUNE,
				 .extract_serial = ENTRY_SERIAL};
}

static enum rc seal_plan(const struct vault_session *s, const struct act_plan *p, struct vault_act *ret)
{
	return vault_seal_act(client, token_of(s), p->person, build_act(p), BYTES_NONE, BYTES_NONE, NULL, memory, ret, NULL);
}

TEST(a_number_is_reserved_once_and_opened_only_to_register)
{
	struct vault_open_item item = declare(COMMUNE, "x"), second = declare(COMMUNE, "y"), o;
	struct vault_number a, b, c;
	struct bytes digits;
	struct err e;
	eq_int(vault_reserve_number(client, token_of(&verifier), item.as.person, item.as.object, COMMUNE, memory, &a, &e),
	       RC_OK);
	eq_int(vault_reserve_number(client, token_of(&verifier), item.as.person, item.as.object, COMMUNE, memory, &b, &e),
	       RC_OK);
	ok(bytes_equal(a.sealed, b.sealed) && memcmp(a.claim, b.claim, 32) == 0);
	eq_int(vault_reserve_number(client, token_of(&verifier), second.as.person, second.as.object, COMMUNE, memory, &c, &e),
	       RC_OK);
	ok(memcmp(a.claim, c.claim, 32) != 0);
	eq_int(vault_reserve_number(client, token_of(&official), item.as.person, item.as.object, COMMUNE, memory, &b, &e),
	       RC_FORBIDDEN);
	eq_int(vault_reserve_number(client, token_of(&verifier), id_new(), id_new(), COMMUNE, memory, &b, &e), RC_NOT_FOUND);
	/* One a person, in their case and for its office; counted and recorded where it is new. */
	eq_int(vault_reserve_number(client, token_of(&verifier), item.as.person, id_new(), COMMUNE, memory, &b, &e), RC_FORBIDDEN);
	eq_int(vault_reserve_number(client, token_of(&verifier), item.as.person, item.as.object, OTHER_COMMUNE, memory, &b, &e),
	       RC_FORBIDDEN);
	eq_int(looks_at(item.as.person), 1);
	o = (struct vault_open_item){.as = {.kind = KIND_NUMBER, .object = item.as.object, .person = item.as.person,
					    .version = 1}, .sealed = a.sealed};
	eq_int(open_one(&verifier, PURPOSE_VERIFICATION, &o, &digits), RC_FORBIDDEN);
	eq_int(open_one(&verifier, PURPOSE_NUMBER, &o, &digits), RC_FORBIDDEN);
	eq_int(open_one(&registrar, PURPOSE_REGISTRATION, &o, &digits), RC_OK);
	ok(number_is_valid(digits));

	struct act_plan p = plan_for(item.as.person);
	struct vault_act act;
	p.number = arena_str(memory, digits);
	eq_int(seal_plan(&registrar, &p, &act), RC_OK);
	p.person = second.as.person;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	char never[NUMBER_DIGITS + 1];
	number_generate(never);
	p = plan_for(item.as.person), p.number = never;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
}

TEST(an_act_is_signed_only_as_its_registrar_may)
{
	struct vault_open_item item = declare(COMMUNE, "x");
	struct act_plan good = plan_for(item.as.person), p;
	struct vault_act act;
	eq_int(seal_plan(&registrar, &good, &act), RC_OK);

	struct hash commitment;
	uint8_t message[ACT_SIGNED_SIZE];
	eq_int(commitment_of_act(build_act(&good), &commitment), RC_OK);
	ok(memcmp(commitment.b, act.commitment, 32) == 0);
	commitment_signed_bytes(&commitment, message);
	struct bytes json = BYTES_NONE;
	eq_int(vault_trust(client, memory, &json, NULL), RC_OK);
	struct buf id = BUF_INIT(64);
	hex_encode(&id, BYTES_ARRAY(act.key_id));
	ok(memmem(json.ptr, json.len, buf_cstr(&id), id.len) != NULL);
	buf_release(&id);

	p = good, p.officer = verifier.staff.id;
	eq_int(seal_plan(&registrar, &p, &act), RC_FORBIDDEN);
	p = good, p.role = "district_verifier";
	eq_int(seal_plan(&registrar, &p, &act), RC_FORBIDDEN);
	p = good, p.officer = official.staff.id;
	eq_int(seal_plan(&official, &p, &act), RC_FORBIDDEN);
	p = good, p.scope = "khm/13/1301/130101";
	eq_int(seal_plan(&registrar, &p, &act), RC_FORBIDDEN);
	p = good, p.entry_office = OTHER_COMMUNE;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	p = good, p.extract_serial++;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	p = good, p.extract_days = 1;
	eq_int(seal_plan(&registrar, &p, &act), RC_OK);
	p = good, p.extract_days = -2;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	p = good, p.extract = BYTES_LIT("\xa1\x01\x61" "b");
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	/* Who verified was an officer who could. */
	p = good, p.earlier = verifier.staff.id, p.earlier_role = "district_verifier";
	eq_int(seal_plan(&registrar, &p, &act), RC_OK);
	p.earlier = registrar.staff.id;
	eq_int(seal_plan(&registrar, &p, &act), RC_OK);
	p.earlier = official.staff.id;
	eq_int(seal_plan(&registrar, &p, &act), RC_FORBIDDEN);
	p.earlier = far_verifier.staff.id;
	eq_int(seal_plan(&registrar, &p, &act), RC_FORBIDDEN);
	p.earlier = id_new();
	eq_int(seal_plan(&registrar, &p, &act), RC_FORBIDDEN);
	/* Nor for somebody whose case is another office's. */
	p = plan_for(declare(FAR_COMMUNE, "x").as.person);
	eq_int(seal_plan(&registrar, &p, &act), RC_FORBIDDEN);
	p = good, p.time -= 11LL * 60 * 1000000;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	p = good, p.time += 11LL * 60 * 1000000;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	eq_int(vault_seal_act(client, token_of(&registrar), id_new(), build_act(&good), BYTES_NONE, BYTES_NONE, NULL, memory, &act,
			      NULL), RC_INVALID);
	eq_int(vault_seal_act(client, token_of(&registrar), item.as.person, bytes_str("\xa0"), BYTES_NONE, BYTES_NONE, NULL,
			      memory, &act, NULL), RC_FORMAT);
}

/* ── the log, and what is signed because of it ── */

static struct hash log_leaves[64];
static unsigned log_size;

static struct hash log_root(unsigned n)
{
	struct merkle_frontier f;
	struct hash root;
	merkle_frontier_init(&f);
	for (unsigned i = 0; i < n; i++)
		merkle_frontier_append(&f, &log_leaves[i]);
	merkle_frontier_root(&f, &root);
	return root;
}

static struct hash range_root(unsigned from, unsigned to)
{
	struct merkle_frontier f;
	struct hash root;
	merkle_frontier_init(&f);
	for (unsigned i = from; i < to; i++)
		merkle_frontier_append(&f, &log_leaves[i]);
	merkle_frontier_root(&f, &root);
	return root;
}

static unsigned split(unsigned n)
{
	unsigned k = 1;
	while (k * 2 < n)
		k *= 2;
	return k;
}

/* PATH(m, D[from:to]) of RFC 6962 §2.1.1, leaf to root. */
static void path(unsigned m, unsigned from, unsigned to, struct merkle_proof *p)
{
	if (to - from == 1)
		return;
	unsigned k = from + split(to - from);
	path(m, m < k ? from : k, m < k ? k : to, p);
	p->hash[p->count++] = m < k ? range_root(k, to) : range_root(from, k);
}

/* SUBPROOF of RFC 6962 §2.1.2. */
static void subproof(unsigned m, unsigned from, unsigned to, bool whole, struct merkle_proof *p)
{
	if (m == to) {
		if (!whole)
			p->hash[p->count++] = range_root(from, to);
		return;
	}
	unsigned k = from + split(to - from);
	if (m <= k) {
		subproof(m, from, k, whole, p);
		p->hash[p->count++] = range_root(k, to);
	} else {
		subproof(m, k, to, false, p);
		p->hash[p->count++] = range_root(from, k);
	}
}

static enum rc sign_growth(unsigned old_size, unsigned size, struct bytes *ret_line)
{
	struct merkle_proof p = {.count = 0};
	struct hash root = log_root(size);
	if (old_size && old_size < size)
		subproof(old_size, 0, size, true, &p);
	return vault_sign_checkpoint(client, ORIGIN, size, root.b, old_size, (const uint8_t (*)[32])p.hash, p.count, NULL,
				     memory, ret_line, NULL);
}

static void log_append(const uint8_t commitment[32])
{
	merkle_leaf(bytes_of(commitment, 32), &log_leaves[log_size++]);
}

static void log_fill(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		uint8_t c[32] = {(uint8_t)i, (uint8_t)log_size, 1};
		log_append(c);
	}
}

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

static struct bytes note_of(unsigned size, struct bytes line)
{
	struct checkpoint c = {.origin = ORIGIN, .size = size, .root = log_root(size)};
	struct buf b = BUF_INIT(NOTE_MAX);
	checkpoint_format(&c, &b);
	buf_str(&b, "\n");
	buf_append(&b, line);
	struct bytes copy = arena_copy(memory, buf_bytes(&b));
	buf_release(&b);
	return copy;
}

/* Entry 0 commits to `entry`, the link shows `note`. */
static enum rc sign_epoch(uint32_t epoch, struct bytes entry, struct bytes note)
{
	char origin[NOTE_NAME_SIZE];
	struct hash hash, root;
	struct bytes line;
	struct vault_link link = {.note = note};
	sha256(entry, hash.b);
	merkle_leaf(BYTES_ARRAY(hash.b), &root);
	snprintf(origin, sizeof origin, "civis.example/khm/%u", epoch);
	return vault_sign_checkpoint(client, origin, 1, root.b, 0, NULL, 0, note.len ? &link : NULL, memory, &line, NULL);
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

static enum rc sign_qr(const struct vault_session *s, const struct vault_open_item *act, unsigned index, unsigned size,
		       struct bytes note, const char *serial, struct vault_qr *ret)
{
	struct merkle_proof p = {.count = 0};
	path(index, 0, size, &p);
	struct vault_proof proof = {.index = index, .size = size, .hashes = (const uint8_t (*)[32])p.hash, .n = p.count};
	return vault_sign_qr(client, token_of(s), act, &proof, note, bytes_str(serial), STATUS, memory, ret, NULL);
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
	eq_int(sign_qr(&registrar, &act_item, 2, before, old_note, "000001", &qr), RC_PROOF);
	log_append(act.commitment);
	log_fill(3);
	struct bytes forged = note_of(log_size, line);
	eq_int(sign_qr(&registrar, &act_item, index, log_size, forged, "000001", &qr), RC_PROOF);
	eq_int(sign_growth(before, log_size, &line), RC_OK);
	struct bytes note = note_of(log_size, line);
	eq_int(sign_qr(&registrar, &act_item, index + 1, log_size, note, "000001", &qr), RC_PROOF);
	eq_int(sign_qr(&registrar, &act_item, index, log_size, note, "000001", &qr), RC_OK);
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
	eq_int(sign_qr(&registrar, &act_item, index, log_size, note, "000001", &again), RC_OK);
	eq_int(again.idx, qr.idx);
	eq_int(sign_qr(&official, &act_item, index, log_size, note, "000002", &again), RC_OK);
	ok(again.idx != qr.idx);
	eq_int(sign_qr(&verifier, &act_item, index, log_size, note, "000003", &again), RC_FORBIDDEN);
	eq_int(sign_qr(&other, &act_item, index, log_size, note, "000003", &again), RC_FORBIDDEN);
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

TEST(the_deep_check_gives_commitments_only)
{
	struct vault_open_item item = declare(COMMUNE, "x");
	struct act_plan p = plan_for(item.as.person);
	struct vault_act act;
	eq_int(seal_plan(&registrar, &p, &act), RC_OK);
	struct vault_check_item items[2] = {{.person = p.person, .act = p.act, .version = 1, .sealed = act.sealed},
					    {.person = p.person, .act = id_new(), .version = 1, .sealed = act.sealed}};
	struct vault_check found[2];
	size_t before = looks_at(p.person);
	eq_int(vault_check_acts(client, items, 2, found, NULL), RC_OK);
	eq_int(found[0].rc, RC_OK);
	ok(memcmp(found[0].commitment, act.commitment, 32) == 0);
	eq_int(found[1].rc, RC_SIGNATURE);
	eq_int(looks_at(p.person), before);
}

/* ── the folder ── */

TEST(the_folder_holds_no_secret_in_clear)
{
	char path_[128];
	struct stat st;
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	snprintf(path_, sizeof path_, "%s/root.key", fixture_dir);
	eq_int(stat(path_, &st), 0);
	eq_int(st.st_mode & 0777, 0600);
	snprintf(path_, sizeof path_, "%s/vault.db", fixture_dir);
	eq_int(stat(path_, &st), 0);
	eq_int(st.st_mode & 0077, 0);
	eq_int(sqlite3_open_v2(path_, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	eq_int(sqlite3_prepare_v2(db, "SELECT count(*) FROM person_key WHERE length(wrapped) = 60", -1, &s, NULL), SQLITE_OK);
	eq_int(sqlite3_step(s), SQLITE_ROW);
	ok(sqlite3_column_int(s, 0) > 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	struct vault_init init = {.issuer = "khm", .log_name = "civis.example/khm"};
	eq_int(vault_store_init(fixture_dir, &init, NULL), RC_CONFLICT);
}

TEST(a_backup_opens_with_its_root_key)
{
	char to[128], command[200];
	struct buf json = BUF_INIT(1 << 20);
	snprintf(to, sizeof to, "%s/copy", fixture_dir);
	eq_int(mkdir(to, 0700), 0);
	eq_int(vault_store_backup(fixture_dir, to, NULL), RC_OK);
	snprintf(command, sizeof command, "%s/root.key", to);
	ok(access(command, F_OK) != 0); /* nobody asked for it */
	eq_int(vault_root_key_backup(fixture_dir, to, NULL), RC_OK);
	ok(access(command, R_OK) == 0);
	eq_int(vault_trust_export(to, &json, NULL), RC_OK);
	ok(json.len > 500);
	buf_release(&json);
	snprintf(command, sizeof command, "rm -rf '%s'", to);
	eq_int(system(command), 0);
}

TEST(staff_are_checked_when_added)
{
	struct vault_staff_new in = {.name = "new.one", .display_native = "ថ្មី", .display_latin = "New", .role = ROLE_AUDITOR,
				     .scope = "khm"};
	struct vault_staff_new bad = in;
	bad.name = "With Space";
	eq_int(vault_staff_add(fixture_dir, &bad, bytes_str(PASSPHRASE), NULL, NULL), RC_INVALID);
	bad = in, bad.scope = "khm//12";
	eq_int(vault_staff_add(fixture_dir, &bad, bytes_str(PASSPHRASE), NULL, NULL), RC_INVALID);
	bad = in, bad.role = ROLE_FAMILY;
	eq_int(vault_staff_add(fixture_dir, &bad, bytes_str(PASSPHRASE), NULL, NULL), RC_INVALID);
	eq_int(vault_staff_add(fixture_dir, &in, bytes_str("short"), NULL, NULL), RC_INVALID);
	bad = in, bad.name = "sok.visal";
	eq_int(vault_staff_add(fixture_dir, &bad, bytes_str(PASSPHRASE), NULL, NULL), RC_CONFLICT);
}

int main(void)
{
	office_open();
	RUN(opens_what_was_sealed);
	RUN(a_blob_opens_only_as_what_it_was_sealed_as);
	RUN(each_byte_of_a_blob_counts);
	RUN(kind_cannot_be_relabelled);
	RUN(role_purpose_and_office_are_enforced);
	RUN(a_hospital_opens_and_seals_what_it_declared_until_a_number_is_reserved);
	RUN(all_or_nothing_is_opened);
	RUN(a_family_goes_on_only_with_its_own_case);
	RUN(chunks_of_an_attachment_are_one_look);
	RUN(a_number_is_reserved_once_and_opened_only_to_register);
	RUN(an_act_is_signed_only_as_its_registrar_may);
	RUN(a_checkpoint_is_signed_only_as_a_growth);
	RUN(a_qr_states_only_what_an_act_in_the_log_states);
	RUN(an_ordinary_name_makes_a_small_code);
	RUN(the_deep_check_gives_commitments_only);
	RUN(an_epoch_closes_the_one_before_at_what_was_signed_last);
	RUN(the_folder_holds_no_secret_in_clear);
	RUN(a_backup_opens_with_its_root_key);
	RUN(staff_are_checked_when_added);
	fixture_close();
	return tap_done();
}
