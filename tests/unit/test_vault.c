/* SPDX-License-Identifier: MPL-2.0 */
/* The vault, through its client: what is sealed and opened, which acts it seals, and its folder. */
#include <sys/stat.h>

#include "base/text.h"
#include "ledger/commitment.h"
#include "vault/number.h"
#include "vault_act.h"

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

TEST(a_hospital_opens_and_seals_nothing_that_somebody_completed)
{
	struct vault_open_item of_official = declare_as(token_of(&clerk), COMMUNE, "x"), of_family = declare_as(token_of(&clerk), COMMUNE, "y");
	struct vault_open_item *both[] = {&of_official, &of_family};
	struct bytes plain, sealed;
	for (int i = 0; i < 2; i++) {
		struct vault_seal_item note = item_of(KIND_CASE, both[i]->as.object, both[i]->as.person, both[i]->as.object, COMMUNE, "n");
		note.as.version = 2;
		note.as.aux = 1; /* a note completes nothing */
		eq_int(vault_seal(client, token_of(&official), BYTES_NONE, &note, 1, memory, &sealed, NULL), RC_OK);
		eq_int(open_one(&clerk, PURPOSE_CASE_WORK, both[i], &plain), RC_OK);
		struct vault_seal_item whole = item_of(KIND_CASE, both[i]->as.object, both[i]->as.person, both[i]->as.object, COMMUNE, "w");
		whole.as.version = 3;
		eq_int(vault_seal(client, i ? BYTES_NONE : token_of(&official), i ? bytes_str(SECRET) : BYTES_NONE, &whole, 1, memory,
		                  &sealed, NULL), RC_OK);
		eq_int(open_one(&clerk, PURPOSE_CASE_WORK, both[i], &plain), RC_FORBIDDEN);
		eq_int(open_one(&official, PURPOSE_CASE_WORK, both[i], &plain), RC_OK);
		whole.as.version = 4;
		eq_int(vault_seal(client, token_of(&clerk), BYTES_NONE, &whole, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	}
}

TEST(a_family_opens_what_was_said_of_its_case_and_no_more)
{
	struct vault_open_item declared = declare(COMMUNE, "x"), another = declare(COMMUNE, "y"), note = declared, foreign;
	struct bytes plain, sealed;
	struct vault_seal_item said = item_of(KIND_CASE, declared.as.object, declared.as.person, declared.as.object, COMMUNE, "why");
	said.as.version = 2;
	said.as.aux = 1;
	eq_int(vault_seal(client, token_of(&official), BYTES_NONE, &said, 1, memory, &sealed, NULL), RC_OK);
	note = (struct vault_open_item){said.as, sealed};
	eq_int(vault_open_notes(client, bytes_str(SECRET), &note, 1, memory, &plain, NULL), RC_OK);
	ok(bytes_equal(plain, bytes_str("why")));
	eq_int(looks_at(declared.as.person), 0);
	eq_int(vault_open_notes(client, bytes_str("0123456789abcdefghijkm"), &note, 1, memory, &plain, NULL), RC_FORBIDDEN);
	eq_int(vault_open_notes(client, BYTES_NONE, &note, 1, memory, &plain, NULL), RC_FORBIDDEN);
	eq_int(vault_open_notes(client, bytes_str(SECRET), &declared, 1, memory, &plain, NULL), RC_FORBIDDEN);
	foreign = note;
	foreign.as.person = another.as.person; /* whose secret is the same, and whose note it is not */
	eq_int(vault_open_notes(client, bytes_str(SECRET), &foreign, 1, memory, &plain, NULL), RC_FORBIDDEN);
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
	/* A further case of the person is an officer's. */
	eq_int(vault_seal(client, token_of(&official), BYTES_NONE, &foreign, 1, memory, &sealed, NULL), RC_OK);
	eq_int(vault_seal(client, token_of(&other), BYTES_NONE, &foreign, 1, memory, &sealed, NULL), RC_FORBIDDEN);
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
	p = good, p.act = id_new(), p.extract_days = 1;
	eq_int(seal_plan(&registrar, &p, &act), RC_OK);
	p = good, p.extract_days = -2;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	p = good, p.extract = BYTES_LIT("\xa1\x01\x61" "b");
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	/* Who verified was an officer who could. */
	p = good, p.act = id_new(), p.earlier = verifier.staff.id, p.earlier_role = "district_verifier";
	eq_int(seal_plan(&registrar, &p, &act), RC_OK);
	p.act = id_new(), p.earlier = registrar.staff.id;
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

TEST(the_check_of_keys_tells_whose_are_missing)
{
	const struct vault_open_item there = declare(COMMUNE, "there"), lost = declare(COMMUNE, "lost");
	const struct id people[] = {there.as.person, lost.as.person, id_new()};
	enum rc found[3];
	ok(fixture_change("DELETE FROM person_key WHERE created_us = (SELECT max(created_us) FROM person_key)"));
	fixture_restart();
	eq_int(vault_check_keys(client, people, 3, found, NULL), RC_OK);
	eq_int(found[0], RC_OK);
	eq_int(found[1], RC_NOT_FOUND);
	eq_int(found[2], RC_NOT_FOUND);
	eq_int(looks_at(there.as.person), 0);
}

/* ── the folder ── */

TEST(the_folder_holds_no_secret_in_clear)
{
	char path_[128];
	struct stat st;
	snprintf(path_, sizeof path_, "%s/root.key", fixture_dir);
	eq_int(stat(path_, &st), 0);
	eq_int(st.st_mode & 0777, 0600);
	snprintf(path_, sizeof path_, "%s/%s", fixture_dir, fixture_server() ? "store" : "vault.db");
	eq_int(stat(path_, &st), 0);
	eq_int(st.st_mode & 0077, 0);
	ok(fixture_change("UPDATE person_key SET wrapped = wrapped WHERE length(wrapped) = 60"));
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
	RUN(a_hospital_opens_and_seals_nothing_that_somebody_completed);
	RUN(a_family_opens_what_was_said_of_its_case_and_no_more);
	RUN(all_or_nothing_is_opened);
	RUN(a_family_goes_on_only_with_its_own_case);
	RUN(chunks_of_an_attachment_are_one_look);
	RUN(a_number_is_reserved_once_and_opened_only_to_register);
	RUN(an_act_is_signed_only_as_its_registrar_may);
	RUN(the_deep_check_gives_commitments_only);
	RUN(the_check_of_keys_tells_whose_are_missing);
	RUN(the_folder_holds_no_secret_in_clear);
	RUN(a_backup_opens_with_its_root_key);
	RUN(staff_are_checked_when_added);
	fixture_close();
	return tap_done();
}
