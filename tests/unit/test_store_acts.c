/* SPDX-License-Identifier: MPL-2.0 */
/* What follows a first act, what was on paper before, and what moves by date: cases about acts, corrections,
   transcribed entries, earlier declarations, counters, deadlines, places and regimes over time. */
#include "store/store.h"

#include "base/log.h"
#include "store_fixture.h"
#include "tap.h"

#define OFFICE "khm/12/1201/120101"
#define NEXT_OFFICE "khm/12/1201/120102"
#define FIXTURE() \
	struct fixture f; \
	struct err e = ERR_NONE; \
	struct store_reader *r = NULL; \
	struct arena *a = arena_new(1 << 24); \
	if (!ok(fixture_init(&f) && a && store_reader_open(f.store, &r, &e) == RC_OK)) \
		return
#define END() \
	do { \
		store_reader_close(&r); \
		arena_free(&a); \
		fixture_release(&f); \
	} while (0)

/* A birth, registered with the next entry. */
static bool registered(struct store *s, struct store_reader *r, struct birth *b, struct store_case_register *ret,
                       struct err *e)
{
	struct store_entry entry;
	struct store_result out;
	if (birth_declare(s, b, OFFICE, e) != RC_OK || birth_verify(s, b, e) != RC_OK ||
	    store_book_next(r, OFFICE, "B", 2026, &entry, e) != RC_OK)
		return false;
	*ret = birth_register_in(b, &entry);
	return store_case_register(s, ret, &out, e) == RC_OK;
}

static struct store_entry corrected(uint64_t serial)
{
	return (struct store_entry){.office = OFFICE, .reg = "C", .book = 1, .year = 2026, .serial = serial};
}

/* -------------------------------------------------------- about an act */

TEST(a_case_about_an_act_is_of_its_person_alone_and_needs_no_tracking_code)
{
	FIXTURE();
	struct birth b, c;
	struct store_case_register first, other, in;
	struct store_entry entry = corrected(1);
	struct store_case got;
	ok(registered(f.store, r, &b, &first, &e) && registered(f.store, r, &c, &other, &e));
	eq_int(correction_declare(f.store, &b, &first, &entry, &in, &e), RC_OK);
	eq_int(store_case_get(r, in.case_id, a, &got, &e), RC_OK);
	ok(id_equal(got.about, first.act_id) && id_equal(got.person_id, b.person));
	eq_str(got.tracking_code, "");
	/* Another person's act, and one that is nowhere. */
	struct id mine = first.act_id;
	first.act_id = other.act_id;
	eq_int(correction_declare(f.store, &b, &first, &entry, &in, &e), RC_NOT_FOUND);
	eq_str(e.where, "about");
	eq_int(store_case_get(r, in.case_id, a, &got, &e), RC_NOT_FOUND);
	first.act_id = id_new();
	eq_int(correction_declare(f.store, &b, &first, &entry, &in, &e), RC_NOT_FOUND);
	/* A second one without a code does not meet the first. */
	first.act_id = mine;
	eq_int(correction_declare(f.store, &b, &first, &entry, &in, &e), RC_OK);
	END();
}

TEST(a_correction_follows_the_last_act_and_waits_to_change_documents)
{
	FIXTURE();
	struct birth b;
	struct store_case_register first, one, two;
	struct store_entry entry = corrected(1);
	struct store_result out;
	struct store_act act[4];
	struct store_superseding task[4];
	size_t n = 9;
	ok(registered(f.store, r, &b, &first, &e));
	eq_int(store_superseding_after(r, NULL, task, 4, &n, &e), RC_OK);
	eq_int(n, 0);
	/* Two are open at once; the second to come has to be made anew, upon the first. */
	eq_int(correction_declare(f.store, &b, &first, &entry, &one, &e), RC_OK);
	struct birth again = b;
	entry.serial = 2;
	eq_int(correction_declare(f.store, &again, &first, &entry, &two, &e), RC_OK);
	eq_int(store_case_register(f.store, &one, &out, &e), RC_OK);
	eq_int(store_case_register(f.store, &two, &out, &e), RC_CONFLICT);
	eq_str(e.where, "act");
	memcpy(two.previous, one.commitment, sizeof two.previous);
	two.corrects = one.act_id;
	eq_int(store_case_register(f.store, &two, &out, &e), RC_OK);
	eq_int(store_person_acts(r, b.person, a, act, 4, &n, &e), RC_OK);
	eq_int(n, 3);
	ok(id_is_zero(act[0].corrects) && id_equal(act[1].corrects, first.act_id) && id_equal(act[2].corrects, one.act_id));
	eq_int(store_superseding_after(r, NULL, task, 1, &n, &e), RC_OK);
	eq_int(n, 1);
	eq_int(store_superseding_after(r, &task[0], &task[1], 3, &n, &e), RC_OK);
	eq_int(n, 1);
	ok(id_equal(task[1].person_id, b.person) && !id_equal(task[0].act_id, task[1].act_id));
	/* Done twice is done; a repeat of the registration brings nothing back. */
	eq_int(store_supersede_done(f.store, &task[0], &e), RC_OK);
	eq_int(store_supersede_done(f.store, &task[0], &e), RC_OK);
	eq_int(store_supersede_done(f.store, &task[1], &e), RC_OK);
	eq_int(store_case_register(f.store, &two, &out, &e), RC_OK);
	ok(out.replayed);
	eq_int(store_superseding_after(r, NULL, task, 4, &n, &e), RC_OK);
	eq_int(n, 0);
	END();
}

TEST(a_correction_of_another_persons_act_leaves_nothing)
{
	FIXTURE();
	struct birth b, c;
	struct store_case_register first, other, in;
	struct store_entry entry = corrected(1);
	struct store_result out;
	struct store_superseding task[4];
	size_t n = 9;
	ok(registered(f.store, r, &b, &first, &e) && registered(f.store, r, &c, &other, &e));
	eq_int(correction_declare(f.store, &b, &first, &entry, &in, &e), RC_OK);
	in.corrects = other.act_id;
	eq_int(store_case_register(f.store, &in, &out, &e), RC_NOT_FOUND);
	eq_str(e.where, "corrects");
	eq_int(store_superseding_after(r, NULL, task, 4, &n, &e), RC_OK);
	eq_int(n, 0);
	eq_int(store_book_next(r, OFFICE, "C", 2026, &entry, &e), RC_OK);
	eq_int(entry.serial, 1);
	END();
}

TEST(a_cancellation_ends_the_number_for_good)
{
	FIXTURE();
	struct birth b;
	struct store_case_register first, in;
	struct store_entry entry = corrected(1);
	struct store_result out;
	ok(registered(f.store, r, &b, &first, &e));
	eq_int(correction_declare(f.store, &b, &first, &entry, &in, &e), RC_OK);
	in.kind = "cancellation";
	memcpy(in.number_claim, b.number, sizeof in.number_claim);
	eq_int(store_case_register(f.store, &in, &out, &e), RC_CONFLICT); /* it is not this case's */
	eq_str(e.where, "number");
	in.retire_number = true;
	in.number_claim[0] ^= 1;
	eq_int(store_case_register(f.store, &in, &out, &e), RC_CONFLICT);
	in.number_claim[0] ^= 1;
	eq_int(store_case_register(f.store, &in, &out, &e), RC_OK);
	struct store_case c;
	eq_int(store_case_get(r, in.case_id, a, &c, &e), RC_OK);
	uint8_t none[STORE_HASH] = {0};
	ok(memcmp(c.number_claim, none, sizeof none) == 0);
	/* Nobody gets it again. */
	struct birth d;
	char key[ID_TEXT_SIZE];
	eq_int(birth_declare(f.store, &d, OFFICE, &e), RC_OK);
	struct store_case_update take = {
		.request = fixture_request(key, 5000), .person_id = d.person, .case_id = d.case_id, .if_version = 1,
		.transition = "verify", .from_state = "declared", .to_state = "verified", .queue_office = OFFICE,
		.staff_id = d.staff, .number_sealed = BYTES_LIT("number"),
	};
	memcpy(take.number_claim, b.number, sizeof take.number_claim);
	eq_int(store_case_update(f.store, &take, &out, &e), RC_CONFLICT);
	END();
}

/* ------------------------------------------------------------ on paper */

TEST(an_office_that_registers_at_once_reserves_the_number_with_the_act)
{
	FIXTURE();
	struct birth b, c;
	struct store_result out;
	struct store_case got;
	struct store_entry entry = {.office = OFFICE, .reg = "B", .book = 1, .year = 2026, .serial = 1};
	eq_int(birth_declare(f.store, &b, OFFICE, &e), RC_OK);
	random_bytes(b.number, sizeof b.number);
	struct store_case_register in = birth_register_in(&b, &entry);
	in.from_state = "declared";
	eq_int(store_case_register(f.store, &in, &out, &e), RC_CONFLICT); /* nothing was reserved before */
	in.number_sealed = BYTES_LIT("number");
	eq_int(store_case_register(f.store, &in, &out, &e), RC_OK);
	eq_int(store_case_get(r, b.case_id, a, &got, &e), RC_OK);
	ok(memcmp(got.number_claim, b.number, sizeof b.number) == 0);
	ok(bytes_equal(got.number_sealed, BYTES_LIT("number")));
	/* Somebody's already, and a second one for a case that has one. */
	eq_int(birth_declare(f.store, &c, OFFICE, &e), RC_OK);
	memcpy(c.number, b.number, sizeof c.number);
	entry.serial = 2;
	in = birth_register_in(&c, &entry);
	in.from_state = "declared";
	in.number_sealed = BYTES_LIT("number");
	eq_int(store_case_register(f.store, &in, &out, &e), RC_CONFLICT);
	eq_str(e.where, "number");
	eq_int(birth_verify(f.store, &c, &e), RC_OK);
	in = birth_register_in(&c, &entry);
	in.number_sealed = BYTES_LIT("number");
	eq_int(store_case_register(f.store, &in, &out, &e), RC_CONFLICT);
	eq_int(store_case_get(r, c.case_id, a, &got, &e), RC_OK);
	eq_int(got.version, 2);
	END();
}

TEST(a_transcribed_entry_stands_as_in_its_book_and_once)
{
	FIXTURE();
	struct birth b, c;
	struct store_case_register first;
	struct store_result out;
	struct store_entry entry = {.office = OFFICE, .reg = "B", .paper = true, .book = 1, .year = 2026, .serial = 17}, next;
	struct id person, act_id;
	ok(birth_declare(f.store, &b, OFFICE, &e) == RC_OK && birth_verify(f.store, &b, &e) == RC_OK);
	struct store_case_register in = birth_register_in(&b, &entry);
	eq_int(store_case_register(f.store, &in, &out, &e), RC_OK);
	ok(birth_declare(f.store, &c, OFFICE, &e) == RC_OK && birth_verify(f.store, &c, &e) == RC_OK);
	struct store_case_register twice = birth_register_in(&c, &entry);
	eq_int(store_case_register(f.store, &twice, &out, &e), RC_CONFLICT);
	eq_str(e.where, "entry");
	/* The register's own book of the same year knows nothing of it. */
	eq_int(store_book_next(r, OFFICE, "B", 2026, &next, &e), RC_OK);
	eq_int(next.serial, 1);
	for (int i = 0; i < 3; i++)
		ok(registered(f.store, r, &b, &first, &e));
	twice.entry.serial = 5; /* an earlier page, found later */
	eq_int(store_case_register(f.store, &twice, &out, &e), RC_OK);
	eq_int(store_entry_find(r, &entry, &person, &act_id, &e), RC_OK);
	ok(id_equal(act_id, in.act_id));
	struct store_act act;
	eq_int(store_act_get(r, in.act_id, a, &act, &e), RC_OK);
	ok(act.entry.paper && act.entry.serial == 17);
	struct store_book_entry page[4];
	size_t n = 0;
	entry.serial = 1;
	eq_int(store_book_page(r, &entry, page, 4, &n, &e), RC_OK);
	eq_int(n, 2);
	ok(page[0].serial == 5 && page[1].serial == 17 && id_equal(page[1].act_id, in.act_id));
	entry.paper = false;
	eq_int(store_book_page(r, &entry, page, 2, &n, &e), RC_OK);
	eq_int(n, 2);
	ok(page[1].serial == 2);
	entry.serial = 3;
	eq_int(store_book_page(r, &entry, page, 2, &n, &e), RC_OK);
	eq_int(n, 1);
	END();
}

/* --------------------------------------------- what the case carries */

static struct store_case_update amend(const struct birth *b, char key[static ID_TEXT_SIZE], struct bytes sealed)
{
	return (struct store_case_update){
		.request = fixture_request(key, 2000), .person_id = b->person, .case_id = b->case_id, .if_version = b->version,
		.transition = "amend", .from_state = "declared", .to_state = "declared", .queue_office = OFFICE,
		.staff_id = b->staff, .sealed = sealed,
	};
}

TEST(earlier_declarations_are_kept)
{
	FIXTURE();
	struct birth b;
	struct store_result out;
	struct store_case c;
	char key[ID_TEXT_SIZE];
	/* Versions 1 as declared, 2 amended, 3 only moved, 4 amended. */
	const struct bytes sealed[] = {BYTES_LIT("second"), BYTES_NONE, BYTES_LIT("fourth")};
	eq_int(birth_declare(f.store, &b, OFFICE, &e), RC_OK);
	for (size_t i = 0; i < 3; i++) {
		struct store_case_update in = amend(&b, key, sealed[i]);
		eq_int(store_case_update(f.store, &in, &out, &e), RC_OK);
		eq_int(store_case_update(f.store, &in, &out, &e), RC_OK);
		ok(out.replayed);
		b.version = out.version;
	}
	const struct { uint64_t ask, want; struct bytes text; } at[] = {
		{1, 1, BYTES_ARRAY(fixture_sealed)}, {2, 2, BYTES_LIT("second")}, {3, 2, BYTES_LIT("second")},
		{4, 4, BYTES_LIT("fourth")}};
	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		struct bytes got;
		uint64_t version = 0;
		eq_int(store_case_version_get(r, b.person, b.case_id, at[i].ask, a, &got, &version, &e), RC_OK);
		eq_int(version, at[i].want);
		ok(bytes_equal(got, at[i].text));
	}
	struct bytes got;
	uint64_t version;
	eq_int(store_case_version_get(r, b.person, b.case_id, 0, a, &got, &version, &e), RC_NOT_FOUND);
	eq_int(store_case_version_get(r, id_new(), b.case_id, 4, a, &got, &version, &e), RC_NOT_FOUND);
	eq_int(store_case_get(r, b.case_id, a, &c, &e), RC_OK);
	eq_int(c.sealed_version, 4);
	END();
}

TEST(regime_band_and_office_change_only_when_said)
{
	FIXTURE();
	struct birth b;
	struct store_case_create in;
	struct store_result out;
	struct store_case c;
	char key[ID_TEXT_SIZE];
	eq_int(birth_declare_in(f.store, &b, OFFICE, &in, &out, &e), RC_OK);
	eq_int(store_case_get(r, b.case_id, a, &c, &e), RC_OK);
	eq_str(c.regime, "");
	in.request = fixture_request(key, 1000);
	in.case_id = in.person_id = id_new();
	in.tracking_code = "T-2";
	in.regime = "paper";
	in.band = "late";
	eq_int(store_case_create(f.store, &in, &out, &e), RC_OK);
	b.person = b.case_id = in.case_id;
	struct store_case_update step = amend(&b, key, BYTES_NONE);
	eq_int(store_case_update(f.store, &step, &out, &e), RC_OK);
	eq_int(store_case_get(r, b.case_id, a, &c, &e), RC_OK);
	eq_str(c.regime, "paper");
	eq_str(c.band, "late");
	b.version = 2;
	step = amend(&b, key, BYTES_NONE);
	step.office = step.queue_office = NEXT_OFFICE;
	step.regime = "electronic";
	step.band = "";
	eq_int(store_case_update(f.store, &step, &out, &e), RC_OK);
	eq_int(store_case_get(r, b.case_id, a, &c, &e), RC_OK);
	eq_str(c.regime, "electronic");
	eq_str(c.band, "");
	eq_str(c.office, NEXT_OFFICE);
	struct store_queue_item item[8];
	size_t n = 0;
	struct store_queue_query q = {.office = NEXT_OFFICE, .limit = 8};
	eq_int(store_case_list(r, &q, item, &n, &e), RC_OK);
	eq_int(n, 1);
	q.office = OFFICE;
	eq_int(store_case_list(r, &q, item, &n, &e), RC_OK);
	eq_int(n, 1); /* the first one */
	b.version = 3;
	step = amend(&b, key, BYTES_NONE);
	step.office = "khm/99";
	eq_int(store_case_update(f.store, &step, &out, &e), RC_INVALID);
	END();
}

TEST(statistics_go_over_to_the_act)
{
	FIXTURE();
	struct birth b;
	struct store_case_create in;
	struct store_result out;
	struct store_case c;
	struct store_entry entry = {.office = OFFICE, .reg = "B", .book = 1, .year = 2026, .serial = 1};
	char key[ID_TEXT_SIZE];
	eq_int(birth_declare_in(f.store, &b, OFFICE, &in, &out, &e), RC_OK);
	struct store_case_update step = amend(&b, key, BYTES_NONE);
	step.statistics_sealed = BYTES_LIT("3100 g");
	eq_int(store_case_update(f.store, &step, &out, &e), RC_OK);
	b.version = 2;
	eq_int(birth_verify(f.store, &b, &e), RC_OK);
	eq_int(store_case_get(r, b.case_id, a, &c, &e), RC_OK);
	eq_int(c.statistics_version, 2);
	ok(bytes_equal(c.statistics_sealed, BYTES_LIT("3100 g")));
	struct store_case_register act = birth_register_in(&b, &entry);
	eq_int(store_case_register(f.store, &act, &out, &e), RC_OK);
	eq_int(store_case_get(r, b.case_id, a, &c, &e), RC_OK);
	eq_int(c.statistics_version, 0);
	eq_int(c.statistics_sealed.len, 0);
	END();
}

/* ------------------------------------------------------------ deadlines */

static struct store_case_create due_in(struct birth *b, const struct store_case_create *like, int64_t deadline)
{
	struct store_case_create in = *like;
	in.request = fixture_request(b->key, 1000);
	in.person_id = b->person = id_new();
	in.case_id = b->case_id = id_new();
	in.tracking_code = NULL;
	in.deadline = deadline;
	in.on_deadline = true;
	b->version = 1;
	return in;
}

TEST(cases_come_due_once_and_in_order)
{
	FIXTURE();
	struct birth b, c[3];
	struct store_case_create like;
	struct store_result out;
	struct store_due due[4];
	char key[ID_TEXT_SIZE];
	size_t n = 9;
	eq_int(birth_declare_in(f.store, &b, OFFICE, &like, &out, &e), RC_OK); /* has a deadline that people keep */
	const int64_t deadline[] = {7000, 5000, 0};
	for (size_t i = 0; i < 3; i++) {
		c[i] = b;
		struct store_case_create in = due_in(&c[i], &like, deadline[i]);
		eq_int(store_case_create(f.store, &in, &out, &e), RC_OK);
	}
	eq_int(store_cases_due(r, 5000, NULL, due, 4, &n, &e), RC_OK);
	eq_int(n, 0); /* the deadline itself is still in time */
	eq_int(store_cases_due(r, 9000, NULL, due, 1, &n, &e), RC_OK);
	eq_int(n, 1);
	ok(id_equal(due[0].case_id, c[1].case_id) && due[0].deadline == 5000);
	eq_int(store_cases_due(r, 9000, &due[0], &due[1], 3, &n, &e), RC_OK);
	eq_int(n, 1);
	ok(id_equal(due[1].case_id, c[0].case_id));
	/* A step takes it out and may put it back, also when the case leaves the queues. */
	struct store_case_update step = amend(&c[1], key, BYTES_NONE);
	step.deadline = 8000;
	step.on_deadline = true;
	eq_int(store_case_update(f.store, &step, &out, &e), RC_OK);
	step = amend(&c[0], key, BYTES_NONE);
	step.deadline = 8500;
	step.queue_office = NULL;
	step.to_state = "rejected";
	step.on_deadline = true;
	eq_int(store_case_update(f.store, &step, &out, &e), RC_OK);
	eq_int(store_cases_due(r, 9000, NULL, due, 4, &n, &e), RC_OK);
	eq_int(n, 2);
	ok(id_equal(due[0].case_id, c[1].case_id) && due[0].deadline == 8000);
	ok(id_equal(due[1].case_id, c[0].case_id) && due[1].deadline == 8500);
	c[0].version = 2;
	step = amend(&c[0], key, BYTES_NONE);
	step.from_state = "rejected";
	step.to_state = "refused";
	step.queue_office = NULL;
	eq_int(store_case_update(f.store, &step, &out, &e), RC_OK);
	eq_int(store_cases_due(r, 9000, NULL, due, 4, &n, &e), RC_OK);
	eq_int(n, 1);
	c[1].version = 2;
	step = amend(&c[1], key, BYTES_NONE);
	step.deadline = 8000;
	eq_int(store_case_update(f.store, &step, &out, &e), RC_OK);
	eq_int(store_cases_due(r, 9000, NULL, due, 4, &n, &e), RC_OK);
	eq_int(n, 0);
	END();
}

/* -------------------------------------------------------------- counters */

struct seen {
	size_t n;
	char text[512];
	enum rc answer;
};

static enum rc see(void *ctx, const struct store_counter *c)
{
	struct seen *s = ctx;
	size_t len = strlen(s->text);
	snprintf(s->text + len, sizeof s->text - len, "%s %s %s%c%d;", strrchr(c->office, '/') + 1, c->month, c->name, c->sex,
	         (int)c->n);
	s->n++;
	return s->answer;
}

TEST(counters_rise_with_their_write_and_not_with_its_repeat)
{
	FIXTURE();
	struct birth b;
	struct store_case_create in;
	struct store_result out;
	char key[ID_TEXT_SIZE];
	struct seen seen = {0};
	eq_int(birth_declare_in(f.store, &b, OFFICE, &in, &out, &e), RC_OK);
	in.counts = (struct store_counting){"2026-11", {{"declared", 'f'}, {"late", 0}}};
	eq_int(store_case_create(f.store, &in, &out, &e), RC_OK); /* a repeat */
	in.request = fixture_request(key, 1000);
	eq_int(store_case_create(f.store, &in, &out, &e), RC_CONFLICT); /* refused */
	eq_int(store_counts(r, "khm", "2026-01", "2026-12", see, &seen, &e), RC_OK);
	eq_int(seen.n, 0);
	for (int i = 0; i < 2; i++) {
		in.request = fixture_request(key, 1000);
		in.person_id = in.case_id = id_new();
		in.tracking_code = NULL;
		eq_int(store_case_create(f.store, &in, &out, &e), RC_OK);
	}
	/* Of the office to which it goes. */
	struct store_case_update step = amend(&b, key, BYTES_NONE);
	step.office = step.queue_office = NEXT_OFFICE;
	step.counts = (struct store_counting){"2026-12", {{"returned", 'm'}}};
	eq_int(store_case_update(f.store, &step, &out, &e), RC_OK);
	eq_int(store_counts(r, "khm/12", "2026-01", "2026-12", see, &seen, &e), RC_OK);
	eq_str(seen.text, "120101 2026-11 declaredf2;120101 2026-11 late-2;120102 2026-12 returnedm1;");
	seen = (struct seen){0};
	eq_int(store_counts(r, "khm", "2026-11", "2026-11", see, &seen, &e), RC_OK);
	eq_int(seen.n, 2);
	seen = (struct seen){0};
	eq_int(store_counts(r, OFFICE, "2026-12", "2027-03", see, &seen, &e), RC_OK);
	eq_int(seen.n, 0);
	seen = (struct seen){.answer = RC_TOO_LARGE};
	eq_int(store_counts(r, "khm", "2026-01", "2026-12", see, &seen, &e), RC_TOO_LARGE);
	eq_int(seen.n, 1);
	END();
}

TEST(more_counters_than_a_step_are_all_read)
{
	FIXTURE();
	struct birth b;
	struct store_case_create in;
	struct store_result out;
	struct seen seen = {0};
	char key[ID_TEXT_SIZE];
	eq_int(birth_declare_in(f.store, &b, OFFICE, &in, &out, &e), RC_OK);
	for (int i = 0; i < 230; i++) {
		in.request = fixture_request(key, 1000);
		in.person_id = in.case_id = id_new();
		in.tracking_code = NULL;
		in.counts = (struct store_counting){.raise = {{.sex = 'u'}}};
		snprintf(in.counts.month, sizeof in.counts.month, "%d-%02d", 2000 + i / 12, i % 12 + 1);
		snprintf(in.counts.raise[0].name, sizeof in.counts.raise[0].name, "declared");
		if (store_case_create(f.store, &in, &out, &e) != RC_OK)
			break;
	}
	eq_int(store_counts(r, "khm", "1990-01", "2026-12", see, &seen, &e), RC_OK);
	eq_int(seen.n, 230);
	END();
}

TEST(a_strange_counter_is_refused)
{
	FIXTURE();
	struct birth b;
	struct store_case_create in;
	struct store_result out;
	struct seen seen = {0};
	char key[ID_TEXT_SIZE];
	eq_int(birth_declare_in(f.store, &b, OFFICE, &in, &out, &e), RC_OK);
	static const struct store_counting bad[] = {
		{"2026-13", {{"declared", 'f'}}}, {"2026-00", {{"declared", 'f'}}}, {"", {{"declared", 'f'}}},
		{"2026/11", {{"declared", 'f'}}}, {"2026-11", {{"declared", 'x'}}},
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		in.request = fixture_request(key, 1000);
		in.counts = bad[i];
		eq_int(store_case_create(f.store, &in, &out, &e), RC_INVALID);
	}
	eq_int(store_counts(r, "khm", "2026-1", "2026-12", see, &seen, &e), RC_INVALID);
	END();
}

/* ------------------------------------------------- places and regimes */

TEST(a_place_is_what_it_was_that_day)
{
	FIXTURE();
	static const struct store_place place[] = {
		{.code = "25", .level = "province", .name_latin = "Tboung Khmum", .valid_from = "2014-01-01"},
		{.code = "03", .level = "province", .name_latin = "Kampong Cham"},
		{.code = "0315", .parent = "03", .level = "district", .name_latin = "Suong", .valid_to = "2014-01-01"},
		{.code = "0315", .parent = "25", .level = "district", .name_latin = "Suong City", .valid_from = "2014-01-01"},
		{.code = "0316", .parent = "03", .level = "district", .name_latin = "Gone", .valid_to = "2010-01-01"},
	};
	static const struct store_place_change change[] = {
		{"03", "25", "2014-01-01", "split", "Royal Decree"}, {"0315", "0315", "2014-01-01", "renamed", ""}};
	struct store_place p[4];
	size_t n = 9;
	eq_int(store_place_import(f.store, place, 5, &e), RC_OK);
	eq_int(store_place_import(f.store, place, 5, &e), RC_OK);
	eq_int(store_place_get(r, "0315", p, &e), RC_OK);
	eq_str(p->name_latin, "Suong City");
	eq_int(store_place_on(r, "0315", "2013-12-31", p, &e), RC_OK);
	eq_str(p->name_latin, "Suong");
	eq_int(store_place_on(r, "0315", "2014-01-01", p, &e), RC_OK);
	eq_str(p->parent, "25");
	eq_int(store_place_on(r, "25", "2013-12-31", p, &e), RC_NOT_FOUND);
	eq_int(store_place_on(r, "0316", "2009-12-31", p, &e), RC_OK);
	eq_int(store_place_on(r, "0316", "2010-01-01", p, &e), RC_NOT_FOUND);
	const struct { const char *parent, *on; size_t n; } list[] = {
		{"03", "2009-01-01", 2}, {"03", "2013-01-01", 1}, {"03", "2014-01-01", 0}, {"25", "2014-01-01", 1},
		{"25", "2013-01-01", 0}, {"03", NULL, 1}, {"25", NULL, 1}, {NULL, NULL, 2}, {NULL, "2013-01-01", 1}};
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		struct store_place_query q = {.parent = list[i].parent, .level = "district", .on = list[i].on, .limit = 4};
		eq_int(store_place_list(r, &q, p, &n, &e), RC_OK);
		eq_int(n, list[i].n);
	}
	struct store_place_change got[4];
	eq_int(store_place_changes_import(f.store, change, 2, &e), RC_OK);
	eq_int(store_place_changes_import(f.store, change, 2, &e), RC_OK);
	eq_int(store_place_changes(r, "25", got, 4, &n, &e), RC_OK);
	eq_int(n, 1);
	eq_str(got->from, "03");
	eq_str(got->law, "Royal Decree");
	eq_int(store_place_changes(r, "03", got, 4, &n, &e), RC_OK);
	eq_int(n, 1);
	END();
}

TEST(an_office_works_as_was_said_for_that_day)
{
	FIXTURE();
	char regime[STORE_WORD_MAX];
	eq_int(store_office_regime_on(r, OFFICE, "2026-11-22", regime, &e), RC_NOT_FOUND);
	eq_int(store_office_regime_set(f.store, OFFICE, "2020-01-01", "electronic", &e), RC_OK);
	eq_int(store_office_regime_set(f.store, OFFICE, "2020-01-01", "paper", &e), RC_OK);
	eq_int(store_office_regime_set(f.store, OFFICE, "2026-07-01", "electronic", &e), RC_OK);
	eq_int(store_office_regime_set(f.store, "khm/99", "2026-07-01", "electronic", &e), RC_NOT_FOUND);
	eq_int(store_office_regime_on(r, OFFICE, "2019-12-31", regime, &e), RC_NOT_FOUND);
	eq_int(store_office_regime_on(r, OFFICE, "2026-06-30", regime, &e), RC_OK);
	eq_str(regime, "paper");
	eq_int(store_office_regime_on(r, OFFICE, "2026-07-01", regime, &e), RC_OK);
	eq_str(regime, "electronic");
	eq_int(store_office_regime_on(r, NEXT_OFFICE, "2026-07-01", regime, &e), RC_NOT_FOUND);
	END();
}

int main(void)
{
	log_set_level(LOG_ERROR);
	RUN(a_case_about_an_act_is_of_its_person_alone_and_needs_no_tracking_code);
	RUN(a_correction_follows_the_last_act_and_waits_to_change_documents);
	RUN(a_correction_of_another_persons_act_leaves_nothing);
	RUN(a_cancellation_ends_the_number_for_good);
	RUN(an_office_that_registers_at_once_reserves_the_number_with_the_act);
	RUN(a_transcribed_entry_stands_as_in_its_book_and_once);
	RUN(earlier_declarations_are_kept);
	RUN(regime_band_and_office_change_only_when_said);
	RUN(statistics_go_over_to_the_act);
	RUN(cases_come_due_once_and_in_order);
	RUN(counters_rise_with_their_write_and_not_with_its_repeat);
	RUN(more_counters_than_a_step_are_all_read);
	RUN(a_strange_counter_is_refused);
	RUN(a_place_is_what_it_was_that_day);
	RUN(an_office_works_as_was_said_for_that_day);
	return tap_done();
}
