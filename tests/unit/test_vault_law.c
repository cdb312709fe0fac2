/* SPDX-License-Identifier: MPL-2.0 */
/* The vault, through its client: what comes after the entry. Other offices, acts that follow acts, codes of families. */

#include "codec/cose.h"
#include "codec/statuslist.h"
#include "vault_race.h"

#define DAY_US (24LL * 3600 * 1000000)

/* ── another office ── */

TEST(a_forwarded_case_belongs_to_the_other_office)
{
	struct vault_open_item item = declare(COMMUNE, "x");
	struct id person = item.as.person, case_id = item.as.object;
	struct bytes plain, sealed;
	/* Not by another office, for another case, out of the country, or by who works on no cases. */
	eq_int(vault_forward(client, token_of(&other), person, case_id, OTHER_COMMUNE, NULL), RC_FORBIDDEN);
	eq_int(vault_forward(client, token_of(&far_verifier), person, case_id, FAR_COMMUNE, NULL), RC_FORBIDDEN);
	eq_int(vault_forward(client, token_of(&official), person, id_new(), OTHER_COMMUNE, NULL), RC_FORBIDDEN);
	eq_int(vault_forward(client, token_of(&official), id_new(), case_id, OTHER_COMMUNE, NULL), RC_FORBIDDEN);
	eq_int(vault_forward(client, token_of(&official), person, case_id, "mmr/13", NULL), RC_INVALID);
	eq_int(vault_forward(client, token_of(&clerk), person, case_id, OTHER_COMMUNE, NULL), RC_FORBIDDEN);
	eq_int(vault_forward(client, token_of(&auditor), person, case_id, OTHER_COMMUNE, NULL), RC_FORBIDDEN);
	eq_int(vault_forward(client, BYTES_NONE, person, case_id, OTHER_COMMUNE, NULL), RC_UNAUTHENTICATED);
	eq_int(looks_at(person), 0);
	eq_int(open_one(&other, PURPOSE_CASE_WORK, &item, &plain), RC_FORBIDDEN);

	eq_int(vault_forward(client, token_of(&official), person, case_id, OTHER_COMMUNE, NULL), RC_OK);
	eq_int(looks_at(person), 1);
	eq_int(vault_forward(client, token_of(&official), person, case_id, OTHER_COMMUNE, NULL), RC_OK);
	eq_int(looks_at(person), 1);
	/* What was sealed before is the new office's too, and the old one's no more; also after a restart. */
	for (int i = 0; i < 2; i++) {
		eq_int(open_one(&other, PURPOSE_CASE_WORK, &item, &plain), RC_OK);
		eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_FORBIDDEN);
		fixture_restart();
	}
	struct vault_seal_item more = item_of(KIND_ATTACHMENT, id_new(), person, case_id, OTHER_COMMUNE, "photo");
	eq_int(vault_seal(client, token_of(&other), BYTES_NONE, &more, 1, memory, &sealed, NULL), RC_OK);
	eq_int(vault_seal(client, BYTES_NONE, bytes_str(SECRET), &more, 1, memory, &sealed, NULL), RC_OK);
	eq_int(vault_seal(client, token_of(&official), BYTES_NONE, &more, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	more.scope = COMMUNE;
	eq_int(vault_seal(client, BYTES_NONE, bytes_str(SECRET), &more, 1, memory, &sealed, NULL), RC_FORBIDDEN);
	/* The old office cannot take it back; an office above both may set it right. */
	eq_int(vault_forward(client, token_of(&official), person, case_id, COMMUNE, NULL), RC_FORBIDDEN);
	eq_int(vault_forward(client, token_of(&verifier), person, case_id, OTHER_COMMUNE, NULL), RC_OK);
	eq_int(vault_forward(client, token_of(&verifier), person, case_id, COMMUNE, NULL), RC_OK);
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_OK);
}

TEST(a_case_with_a_number_or_an_act_stays)
{
	struct vault_open_item numbered = declare(COMMUNE, "x"), registered = declare(COMMUNE, "y");
	struct vault_number number;
	struct vault_act act;
	struct act_plan p = plan_for(registered.as.person);
	eq_int(vault_reserve_number(client, token_of(&verifier), numbered.as.person, numbered.as.object, COMMUNE, memory, &number,
				    NULL), RC_OK);
	eq_int(vault_forward(client, token_of(&official), numbered.as.person, numbered.as.object, OTHER_COMMUNE, NULL), RC_STATE);
	eq_int(seal_plan(&registrar, &p, &act), RC_OK);
	eq_int(vault_forward(client, token_of(&official), p.person, registered.as.object, OTHER_COMMUNE, NULL), RC_STATE);
}

TEST(pages_and_appeals_are_the_registrars)
{
	struct vault_open_item item = declare(COMMUNE, "x"), act_item;
	struct act_plan p = plan_for(item.as.person);
	struct vault_act act;
	struct bytes plain;
	eq_int(seal_plan(&registrar, &p, &act), RC_OK);
	act_item = item_of_act(&p, &act);
	eq_int(open_one(&registrar, PURPOSE_APPEAL, &item, &plain), RC_OK);
	eq_int(open_one(&verifier, PURPOSE_APPEAL, &item, &plain), RC_FORBIDDEN);
	eq_int(open_one(&registrar, PURPOSE_REGISTER_PAGE, &act_item, &plain), RC_OK);
	eq_int(open_one(&official, PURPOSE_REGISTER_PAGE, &act_item, &plain), RC_FORBIDDEN);
	eq_int(open_one(&official, PURPOSE_CLAIM, &act_item, &plain), RC_OK);
	eq_int(open_one(&verifier, PURPOSE_CLAIM, &act_item, &plain), RC_FORBIDDEN);
	eq_int(open_one(&registrar, PURPOSE_FORWARDING, &item, &plain), RC_FORBIDDEN);
}

/* ── acts that follow acts ── */

/* An act in the log, and what is needed to show it there. */
struct logged {
	struct act_plan p;
	struct vault_act act;
	struct vault_open_item item;
	unsigned index;
};

static unsigned signed_size;

/* Appends to the log and has that signed. */
static void put_into_log(struct logged *l)
{
	struct bytes line;
	l->item = item_of_act(&l->p, &l->act);
	l->index = log_size;
	log_append(l->act.commitment);
	eq_int(sign_growth(signed_size, log_size, &line), RC_OK);
	signed_size = log_size;
}

static struct bytes newest_note(void)
{
	struct bytes line = BYTES_NONE;
	eq_int(sign_growth(signed_size, signed_size, &line), RC_OK);
	return note_of(signed_size, line);
}

static enum rc issue(const struct vault_session *s, const struct logged *l, const char *serial, struct vault_qr *ret)
{
	return sign_qr_of(s, &l->item, l->index, signed_size, newest_note(), serial, ret);
}

static enum rc supersede_with(const struct vault_open_item *item, unsigned index, struct bytes note)
{
	struct merkle_proof inclusion = {.count = 0};
	path(index, 0, signed_size, &inclusion);
	struct vault_proof proof = {.index = index, .size = signed_size, .hashes = (const uint8_t (*)[32])inclusion.hash,
				    .n = inclusion.count};
	return vault_supersede(client, item, &proof, note, NULL);
}

static enum rc supersede(const struct logged *l)
{
	return supersede_with(&l->item, l->index, newest_note());
}

static struct logged birth(void)
{
	struct logged l = {.p = plan_for(declare(COMMUNE, "x").as.person)};
	l.p.kind = "birth";
	eq_int(seal_plan(&registrar, &l.p, &l.act), RC_OK);
	put_into_log(&l);
	return l;
}

/* An act that follows one; `corrects`: and replaces it. Not sealed yet. */
static struct logged after(const struct logged *before, const char *kind, bool corrects)
{
	struct logged l = {.p = plan_for(before->p.person)};
	l.p.kind = kind;
	l.p.previous = before->act.commitment;
	l.p.corrects = corrects ? &before->p.act : NULL;
	l.p.no_extract = !corrects;
	return l;
}

static enum rc seal_after(struct logged *l, const struct logged *corrected)
{
	return vault_seal_act(client, token_of(&registrar), l->p.person, build_act(&l->p), BYTES_NONE, BYTES_NONE,
			      corrected ? &corrected->item : NULL, memory, &l->act, NULL);
}

static unsigned status_of(const struct vault_qr *qr, int64_t *ret_since)
{
	struct bytes cwt;
	struct cose_sign1 cose;
	struct statuslist_claims claims;
	struct buf list = BUF_INIT(STATUSLIST_BYTES_MAX);
	unsigned status = 9;
	eq_int(vault_status_list(client, qr->list, STATUS, memory, &cwt, NULL), RC_OK);
	eq_int(cose_sign1_parse(cwt, &cose), RC_OK);
	ok(cbor_is_deterministic(cose.payload));
	eq_int(statuslist_parse(cose.payload, &claims, &list), RC_OK);
	eq_int(statuslist_get(buf_bytes(&list), claims.bits, qr->idx, &status), RC_OK);
	*ret_since = -1;
	eq_int(statuslist_since(claims.since, qr->idx, ret_since), status == STATUS_VALID ? RC_NOT_FOUND : RC_OK);
	buf_release(&list);
	return status;
}

TEST(an_act_follows_the_one_that_the_log_has)
{
	struct logged first = birth(), orphan = {.p = plan_for(first.p.person)}, next, rival;
	struct vault_qr qr;
	uint8_t foreign[32];
	memcpy(foreign, birth().act.commitment, sizeof foreign);
	/* Until the vault has seen the first in the log, another may have been meant: its serial was taken, say. */
	eq_int(seal_plan(&registrar, &orphan.p, &orphan.act), RC_OK);
	eq_int(issue(&registrar, &first, "chain1", &qr), RC_OK);
	rival = (struct logged){.p = plan_for(first.p.person)};
	eq_int(seal_plan(&registrar, &rival.p, &rival.act), RC_CONFLICT);
	rival = after(&orphan, "death", false);
	eq_int(seal_after(&rival, NULL), RC_CONFLICT);
	/* The very same again is no other. */
	eq_int(seal_plan(&registrar, &first.p, &rival.act), RC_OK);
	ok(memcmp(rival.act.commitment, first.act.commitment, 32) == 0);
	/* What was never signed for this person is followed by nothing. */
	next = after(&first, "death", false);
	next.p.previous = foreign;
	eq_int(seal_after(&next, NULL), RC_INVALID);
	next.p.previous = first.act.commitment;
	eq_int(seal_after(&next, NULL), RC_OK);
	/* An id stands for one act. */
	next.p.time++;
	eq_int(seal_after(&next, NULL), RC_CONFLICT);
	fixture_restart();
	eq_int(seal_plan(&registrar, &(struct logged){.p = plan_for(first.p.person)}.p, &rival.act), RC_CONFLICT);
}

TEST(a_correction_repeats_entry_and_day_of_what_it_corrects)
{
	struct logged first = birth(), stranger = birth(), fixed;
	/* Years later by the vault's clock it would be another day: the book's entry and the day stay. */
	fixed = after(&first, "correction", true);
	eq_int(seal_after(&fixed, NULL), RC_INVALID);
	eq_int(seal_after(&fixed, &stranger), RC_INVALID);
	fixed.p.extract_serial++;
	eq_int(seal_after(&fixed, &first), RC_INVALID);
	fixed.p.extract_serial--;
	fixed.p.extract_days = 1;
	eq_int(seal_after(&fixed, &first), RC_INVALID);
	fixed.p.extract_days = 0;
	struct logged spoiled = first;
	spoiled.item.sealed = stranger.item.sealed;
	eq_int(seal_after(&fixed, &spoiled), RC_SIGNATURE);
	spoiled = first, spoiled.item.as.kind = KIND_CASE;
	eq_int(seal_after(&fixed, &spoiled), RC_INVALID);
	/* Nor is an act shown that none is said to be corrected by. */
	struct logged plain = after(&first, "death", false);
	eq_int(seal_after(&plain, &first), RC_INVALID);
	size_t looks = looks_at(first.p.person);
	eq_int(seal_after(&fixed, &first), RC_OK);
	eq_int(looks_at(first.p.person), looks);
}

TEST(a_transcribed_act_keeps_the_day_of_the_book)
{
	struct act_plan p = plan_for(declare(COMMUNE, "x").as.person);
	struct vault_act act;
	p.extract_days = -9000;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	p.origin = 1;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	p.origin = 3;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	p.origin = 2;
	p.extract_serial++;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	p.extract_serial--;
	p.extract_days = 2;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	p.extract_days = -9000;
	p.time -= 11LL * 60 * 1000000;
	eq_int(seal_plan(&registrar, &p, &act), RC_INVALID);
	p.time += 11LL * 60 * 1000000;
	eq_int(seal_plan(&registrar, &p, &act), RC_OK);
	p.origin = 4;
	eq_int(seal_plan(&registrar, &p, &act), RC_FORMAT);
}

TEST(a_correction_in_the_log_ends_the_documents_before_it)
{
	struct logged first = birth(), fixed, others = birth();
	struct vault_qr old, new, untouched;
	struct bytes cms;
	uint8_t digest[32] = {1};
	int64_t since, today = clock_now_us() / DAY_US;
	eq_int(issue(&registrar, &first, "before", &old), RC_OK);
	eq_int(issue(&registrar, &others, "others", &untouched), RC_OK);
	fixed = after(&first, "correction", true);
	eq_int(seal_after(&fixed, &first), RC_OK);
	/* Signed is not registered: nothing ends before the log has it, and a note of another's does not help. */
	unsigned index = log_size - 1;
	struct vault_open_item not_yet = item_of_act(&fixed.p, &fixed.act);
	eq_int(supersede_with(&not_yet, index, newest_note()), RC_PROOF);
	eq_int(status_of(&old, &since), STATUS_VALID);
	eq_int(vault_sign_pdf(client, token_of(&registrar), BYTES_LIT("before"), digest, memory, &cms, NULL), RC_OK);
	put_into_log(&fixed);
	struct vault_open_item forged = fixed.item;
	forged.as.person = others.p.person;
	eq_int(supersede_with(&forged, fixed.index, newest_note()), RC_SIGNATURE);
	eq_int(supersede_with(&fixed.item, fixed.index, note_of(signed_size, bytes_str("— " ORIGIN " AAAA\n"))), RC_PROOF);
	/* A birth ends nothing, whoever asks. */
	eq_int(supersede(&others), RC_INVALID);
	eq_int(supersede(&first), RC_INVALID);
	eq_int(status_of(&old, &since), STATUS_VALID);

	eq_int(supersede(&fixed), RC_OK);
	eq_int(supersede(&fixed), RC_OK);
	fixture_restart();
	eq_int(status_of(&old, &since), STATUS_CHANGED);
	ok(since >= today && since <= today + 1);
	eq_int(status_of(&untouched, &since), STATUS_VALID);
	eq_int(issue(&registrar, &first, "more", &new), RC_STATE);
	eq_int(vault_sign_pdf(client, token_of(&registrar), BYTES_LIT("before"), digest, memory, &cms, NULL), RC_STATE);
	eq_int(issue(&registrar, &fixed, "after", &new), RC_OK);
	eq_int(status_of(&new, &since), STATUS_VALID);
	/* What was replaced is not corrected again. */
	struct logged late = after(&fixed, "correction", true);
	late.p.corrects = &first.p.act;
	eq_int(seal_after(&late, &first), RC_STATE);
}

TEST(a_new_document_is_not_drawn_beside_an_old_one)
{
	struct logged first = birth(), named;
	struct vault_qr old, new;
	int64_t since;
	eq_int(issue(&registrar, &first, "unnamed", &old), RC_OK);
	named = after(&first, "renaming", true);
	eq_int(seal_after(&named, &first), RC_OK);
	put_into_log(&named);
	/* A gate that never asks for the old ones' end ends them with the first new one. */
	eq_int(issue(&registrar, &named, "named", &new), RC_OK);
	eq_int(status_of(&old, &since), STATUS_CHANGED);
	eq_int(status_of(&new, &since), STATUS_VALID);
}

TEST(of_two_acts_that_follow_the_same_one_the_first_seen_stands)
{
	struct logged first = birth(), one = after(&first, "correction", true), two = after(&first, "correction", true);
	struct vault_qr old, new, none;
	int64_t since;
	eq_int(issue(&registrar, &first, "fork0", &old), RC_OK);
	/* Both signed before either was seen, and both put into the log. */
	eq_int(seal_after(&one, &first), RC_OK);
	eq_int(seal_after(&two, &first), RC_OK);
	put_into_log(&one);
	put_into_log(&two);
	eq_int(supersede(&two), RC_OK);
	eq_int(status_of(&old, &since), STATUS_CHANGED);
	eq_int(issue(&registrar, &one, "fork1", &none), RC_STATE);
	eq_int(supersede(&one), RC_STATE);
	eq_int(supersede(&two), RC_OK);
	eq_int(issue(&registrar, &two, "fork2", &new), RC_OK);
	eq_int(status_of(&new, &since), STATUS_VALID);
}

TEST(a_cancellation_ends_all_and_retires_the_number)
{
	struct vault_open_item item = declare(COMMUNE, "x"), number_item;
	struct vault_number number;
	struct bytes digits;
	struct vault_qr first_qr, second_qr;
	int64_t since;
	eq_int(vault_reserve_number(client, token_of(&verifier), item.as.person, item.as.object, COMMUNE, memory, &number, NULL),
	       RC_OK);
	number_item = (struct vault_open_item){.as = {.kind = KIND_NUMBER, .object = item.as.object, .person = item.as.person,
						      .version = 1}, .sealed = number.sealed};
	eq_int(open_one(&registrar, PURPOSE_REGISTRATION, &number_item, &digits), RC_OK);
	struct logged first = {.p = plan_for(item.as.person)}, fixed, ended, dead;
	first.p.kind = "birth", first.p.number = arena_str(memory, digits);
	eq_int(seal_plan(&registrar, &first.p, &first.act), RC_OK);
	put_into_log(&first);
	eq_int(issue(&registrar, &first, "c1", &first_qr), RC_OK);
	fixed = after(&first, "correction", true);
	fixed.p.number = first.p.number;
	eq_int(seal_after(&fixed, &first), RC_OK);
	put_into_log(&fixed);
	eq_int(issue(&registrar, &fixed, "c2", &second_qr), RC_OK);
	/* A death has no extract, no document, and ends none. */
	dead = after(&fixed, "death", false);
	eq_int(seal_after(&dead, NULL), RC_OK);
	put_into_log(&dead);
	eq_int(supersede(&dead), RC_INVALID);
	struct vault_qr none;
	eq_int(issue(&registrar, &dead, "c3", &none), RC_FORMAT);
	eq_int(status_of(&second_qr, &since), STATUS_VALID);

	ended = after(&dead, "cancellation", false);
	eq_int(seal_after(&ended, NULL), RC_OK);
	put_into_log(&ended);
	eq_int(supersede(&ended), RC_OK);
	eq_int(status_of(&first_qr, &since), STATUS_INVALID);
	eq_int(status_of(&second_qr, &since), STATUS_INVALID);
	ok(since >= (int64_t)ended.p.time / DAY_US);
	eq_int(issue(&registrar, &fixed, "c4", &none), RC_STATE);
	eq_int(vault_reserve_number(client, token_of(&verifier), item.as.person, item.as.object, COMMUNE, memory, &number, NULL),
	       RC_STATE);
	struct logged again = after(&ended, "birth", false);
	again.p.number = first.p.number;
	eq_int(seal_after(&again, NULL), RC_INVALID);
}

/* ── codes of families ── */

static struct vault_session as_session(const struct vault_claim *claim)
{
	struct vault_session s = {0};
	snprintf(s.token, sizeof s.token, "%s", claim->token);
	return s;
}

TEST(a_code_draws_one_document_and_nothing_else)
{
	struct logged l = birth(), stranger = birth();
	struct vault_claim claim = {0}, again = {0};
	struct vault_qr qr;
	struct bytes plain, cms;
	struct vault_look *looks;
	size_t n = 0, before = looks_at(l.p.person);
	uint8_t digest[32] = {9};
	char code[VAULT_CLAIM_CODE_SIZE] = "", typed[2 * VAULT_CLAIM_CODE_SIZE];
	eq_int(vault_claim_code(client, token_of(&verifier), &l.item, 30, code, NULL), RC_FORBIDDEN);
	eq_int(vault_claim_code(client, token_of(&other), &l.item, 30, code, NULL), RC_FORBIDDEN);
	eq_int(vault_claim_code(client, token_of(&official), &l.item, 91, code, NULL), RC_BAD_REQUEST);
	eq_int(vault_claim_code(client, token_of(&official), &l.item, 0, code, NULL), RC_BAD_REQUEST);
	eq_int(vault_claim_code(client, token_of(&official), &l.item, 30, code, NULL), RC_OK);
	eq_int(strlen(code), 12);
	eq_int(looks_at(l.p.person), before + 1);
	/* As people write it down. */
	for (size_t i = 0; code[i]; i++) {
		int c = code[i] >= 'A' ? code[i] + 'a' - 'A' : code[i] == '0' ? 'o' : code[i] == '1' ? 'l' : code[i];
		typed[n++] = (char)c;
		if (i % 4 == 3)
			typed[n++] = i == 3 ? '-' : ' ';
	}
	eq_int(vault_claim(client, bytes_of(typed, n), &claim, NULL, NULL), RC_OK);
	ok(id_equal(claim.person, l.p.person) && id_equal(claim.act, l.p.act));
	ok(claim.expires_at > clock_now_us() && claim.expires_at <= clock_now_us() + 10LL * 60 * 1000000);
	/* The token is no session. */
	struct vault_session s = as_session(&claim), ignored;
	eq_int(vault_session(client, token_of(&s), &ignored, NULL), RC_UNAUTHENTICATED);
	eq_int(open_one(&s, PURPOSE_CLAIM, &l.item, &plain), RC_UNAUTHENTICATED);
	eq_int(vault_looks(client, token_of(&s), l.p.person, 0, 10, memory, &looks, &n, NULL), RC_UNAUTHENTICATED);
	eq_int(vault_claim_code(client, token_of(&s), &l.item, 30, code, NULL), RC_UNAUTHENTICATED);
	/* This act, one serial, and that one's PDF. */
	eq_int(issue(&s, &stranger, "claim0", &qr), RC_FORBIDDEN);
	eq_int(issue(&official, &stranger, "claim9", &qr), RC_OK);
	eq_int(vault_sign_pdf(client, token_of(&s), BYTES_LIT("claim9"), digest, memory, &cms, NULL), RC_FORBIDDEN);
	eq_int(vault_sign_pdf(client, token_of(&s), BYTES_LIT("claim1"), digest, memory, &cms, NULL), RC_FORBIDDEN);
	eq_int(issue(&s, &l, "claim1", &qr), RC_OK);
	eq_int(issue(&s, &l, "claim1", &qr), RC_OK);
	eq_int(issue(&s, &l, "claim2", &qr), RC_FORBIDDEN);
	eq_int(vault_sign_pdf(client, token_of(&s), BYTES_LIT("claim1"), digest, memory, &cms, NULL), RC_OK);
	/* The looks are the officer's who gave the code. */
	eq_int(vault_looks(client, token_of(&auditor), l.p.person, 0, 100, memory, &looks, &n, NULL), RC_OK);
	size_t claims = 0;
	for (size_t i = 0; i < n; i++)
		claims += looks[i].purpose == PURPOSE_CLAIM && id_equal(looks[i].staff, official.staff.id);
	eq_int(claims, 3);
	/* Shown again at once it goes on, under a new token, and with the same document. */
	eq_int(vault_claim(client, bytes_of(typed, 14), &again, NULL, NULL), RC_OK);
	eq_int(again.expires_at, claim.expires_at);
	eq_int(issue(&s, &l, "claim1", &qr), RC_UNAUTHENTICATED);
	s = as_session(&again);
	fixture_restart();
	eq_int(issue(&s, &l, "claim2", &qr), RC_FORBIDDEN);
	eq_int(issue(&s, &l, "claim1", &qr), RC_OK);
	ok(fixture_change("UPDATE claim SET session_until_us = 1 WHERE session_until_us > 0"));
	eq_int(issue(&s, &l, "claim1", &qr), RC_UNAUTHENTICATED);
	eq_int(vault_claim(client, bytes_of(typed, 14), &again, NULL, NULL), RC_GONE);
}

TEST(a_code_is_good_for_one_document_of_two_who_ask_at_once)
{
	race_for_codes(fixture_ends[1][0]);
	signed_size = log_size;
}

TEST(a_code_ends_with_its_days_its_officer_its_act_and_the_next_code)
{
	struct logged l = birth(), fixed;
	struct vault_claim claim;
	struct vault_session leaver;
	char code[VAULT_CLAIM_CODE_SIZE], next[VAULT_CLAIM_CODE_SIZE];
	eq_int(vault_claim_code(client, token_of(&official), &l.item, 1, code, NULL), RC_OK);
	eq_int(vault_claim_code(client, token_of(&registrar), &l.item, 1, next, NULL), RC_OK);
	eq_int(vault_claim(client, bytes_str(code), &claim, NULL, NULL), RC_NOT_FOUND);
	ok(fixture_change("UPDATE claim SET until_us = until_us - 86500000000"));
	eq_int(vault_claim(client, bytes_str(next), &claim, NULL, NULL), RC_GONE);
	leaver = sign_in("leaver");
	eq_int(vault_claim_code(client, token_of(&leaver), &l.item, 1, code, NULL), RC_OK);
	eq_int(vault_staff_disable(fixture_dir, "leaver", NULL), RC_OK);
	eq_int(vault_claim(client, bytes_str(code), &claim, NULL, NULL), RC_GONE);
	eq_int(vault_claim_code(client, token_of(&official), &l.item, 90, code, NULL), RC_OK);
	fixed = after(&l, "correction", true);
	eq_int(seal_after(&fixed, &l), RC_OK);
	put_into_log(&fixed);
	eq_int(supersede(&fixed), RC_OK);
	eq_int(vault_claim(client, bytes_str(code), &claim, NULL, NULL), RC_STATE);
	eq_int(vault_claim_code(client, token_of(&official), &l.item, 90, code, NULL), RC_STATE);
	/* In the file there is no code, only what tells whether one is right. */
	struct logged other_act = birth();
	eq_int(vault_claim_code(client, token_of(&official), &other_act.item, 90, code, NULL), RC_OK);
	fixture_restart();
	char command[256];
	if (fixture_server())
		snprintf(command, sizeof command, "psql -X -A -t -d '%s' -c 'SELECT * FROM claim' | grep -q -a -F %s", fixture_url_text, code);
	else
		snprintf(command, sizeof command, "cat '%s'/vault.db* | grep -q -a -F %s", fixture_dir, code);
	ok(system(command) != 0);
}

TEST(codes_are_not_guessed)
{
	struct vault_claim claim;
	unsigned retry = 0, wrong = 0;
	enum rc rc = RC_NOT_FOUND;
	struct logged l = birth();
	char code[VAULT_CLAIM_CODE_SIZE];
	eq_int(vault_claim_code(client, token_of(&official), &l.item, 90, code, NULL), RC_OK);
	eq_int(vault_claim(client, BYTES_NONE, &claim, NULL, NULL), RC_NOT_FOUND);
	eq_int(vault_claim(client, BYTES_LIT("0000-0000-000U"), &claim, NULL, NULL), RC_NOT_FOUND);
	for (; rc == RC_NOT_FOUND && wrong < 1000; wrong++)
		rc = vault_claim(client, BYTES_LIT("000000000000"), &claim, &retry, NULL);
	eq_int(rc, RC_THROTTLED);
	ok(wrong < 1000 && retry >= 1);
	/* Who has the right one waits as well: an answer would be what a guesser looks for. */
	eq_int(vault_claim(client, bytes_str(code), &claim, &retry, NULL), RC_THROTTLED);
	usleep(1200000);
	eq_int(vault_claim(client, bytes_str(code), &claim, NULL, NULL), RC_OK);
}

/* ── the file ── */

TEST(tables_of_another_version_are_refused_in_one_sentence)
{
	struct err e = ERR_NONE;
	struct buf json = BUF_INIT(1 << 20);
	ok(fixture_change("UPDATE migration SET version = version + 1000"));
	eq_int(vault_trust_export(fixture_dir, &json, &e), RC_CONFIG);
	ok(strstr(e.text, "of the vault's schema is not one this program knows") != NULL);
	ok(fixture_change("UPDATE migration SET version = version - 1000"));
	eq_int(vault_trust_export(fixture_dir, &json, &e), RC_OK);
	buf_release(&json);
}

int main(void)
{
	office_open();
	RUN(a_forwarded_case_belongs_to_the_other_office);
	RUN(a_case_with_a_number_or_an_act_stays);
	RUN(pages_and_appeals_are_the_registrars);
	RUN(an_act_follows_the_one_that_the_log_has);
	RUN(a_correction_repeats_entry_and_day_of_what_it_corrects);
	RUN(a_transcribed_act_keeps_the_day_of_the_book);
	RUN(a_correction_in_the_log_ends_the_documents_before_it);
	RUN(a_new_document_is_not_drawn_beside_an_old_one);
	RUN(of_two_acts_that_follow_the_same_one_the_first_seen_stands);
	RUN(a_cancellation_ends_all_and_retires_the_number);
	RUN(a_code_draws_one_document_and_nothing_else);
	RUN(a_code_is_good_for_one_document_of_two_who_ask_at_once);
	RUN(a_code_ends_with_its_days_its_officer_its_act_and_the_next_code);
	RUN(codes_are_not_guessed);
	RUN(tables_of_another_version_are_refused_in_one_sentence);
	fixture_close();
	return tap_done();
}
