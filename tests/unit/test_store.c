/* SPDX-License-Identifier: MPL-2.0 */
#include "store/store.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/log.h"
#include "store/lock.h"
#include "database/vfs.h"
#include "store_fixture.h"
#include "tap.h"

#define OFFICE "khm/12/1201/120101"
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

/* As the gate reads it. */
static enum rc feed_after(struct store *s, struct store_reader *r, uint64_t after, struct arena *a, struct store_feed_item *out,
                          size_t max, size_t *ret_n, struct err *e)
{
	bool more;
	enum rc rc = store_feed_place(s, &more, e);
	return rc == RC_OK ? store_feed_after(r, after, a, out, max, ret_n, e) : rc;
}

/* ---------------------------------------------------------- declaring */

TEST(a_case_is_stored_and_found_by_id_and_tracking_code)
{
	FIXTURE();
	struct birth b;
	struct store_case c;
	eq_int(birth_declare(f.store, &b, OFFICE, &e), RC_OK);
	eq_int(store_case_get(r, b.case_id, a, &c, &e), RC_OK);
	ok(id_equal(c.person_id, b.person));
	eq_str(c.state, "declared");
	eq_str(c.office, OFFICE);
	eq_int(c.version, 1);
	eq_int(c.sealed_version, 1);
	eq_int(c.sealed.len, sizeof fixture_sealed);
	ok(id_is_zero(c.holder) && id_is_zero(c.act_id));
	eq_int(store_case_by_tracking(r, b.tracking, a, &c, &e), RC_OK);
	ok(id_equal(c.case_id, b.case_id));
	eq_int(store_case_by_tracking(r, "T-none", a, &c, &e), RC_NOT_FOUND);
	eq_int(store_case_get(r, id_new(), a, &c, &e), RC_NOT_FOUND);
	END();
}

TEST(a_repeat_has_one_effect_and_the_same_answer)
{
	FIXTURE();
	struct birth b;
	struct store_case_create in;
	struct store_result first, again, found;
	eq_int(birth_declare_in(f.store, &b, OFFICE, &in, &first, &e), RC_OK);
	ok(!first.replayed);
	in.request.response = BYTES_LIT("something else");
	eq_int(store_case_create(f.store, &in, &again, &e), RC_OK);
	ok(again.replayed);
	eq_int(again.version, 1);
	eq_str(again.state, "declared");
	ok(id_equal(again.resource, b.case_id));
	ok(bytes_equal(bytes_of(again.response, again.response_len), BYTES_LIT("{\"state\":\"ok\"}")));
	eq_int(store_request_find(r, "staff:1", in.request.key, in.request.body_hash, &found, &e), RC_OK);
	ok(found.replayed);
	/* Another principal's key is another key; it tells nothing about ours. */
	eq_int(store_request_find(r, "staff:2", in.request.key, in.request.body_hash, &found, &e), RC_NOT_FOUND);
	in.request.body_hash[0] ^= 1;
	eq_int(store_case_create(f.store, &in, &again, &e), RC_IDEMPOTENCY);
	eq_int(store_request_find(r, "staff:1", in.request.key, in.request.body_hash, &found, &e), RC_IDEMPOTENCY);
	uint64_t last = 0;
	bool more = true;
	eq_int(store_feed_place(f.store, &more, &e), RC_OK);
	eq_int(store_feed_last(r, &last, &e), RC_OK);
	eq_int(last, 1);
	ok(!more);
	END();
}

TEST(the_same_case_id_or_tracking_code_twice_is_a_conflict)
{
	FIXTURE();
	struct birth b;
	struct store_case_create in;
	struct store_result out;
	char key[ID_TEXT_SIZE];
	eq_int(birth_declare_in(f.store, &b, OFFICE, &in, &out, &e), RC_OK);
	in.request = fixture_request(key, 1);
	in.person_id = id_new();
	eq_int(store_case_create(f.store, &in, &out, &e), RC_CONFLICT);
	eq_str(e.where, "case");
	in.case_id = id_new();
	eq_int(store_case_create(f.store, &in, &out, &e), RC_CONFLICT);
	eq_str(e.where, "tracking");
	/* The failed write left nothing: neither its claim nor its request. */
	struct store_case c;
	eq_int(store_case_get(r, in.case_id, a, &c, &e), RC_NOT_FOUND);
	eq_int(store_request_find(r, "staff:1", key, in.request.body_hash, &out, &e), RC_NOT_FOUND);
	END();
}

TEST(what_does_not_fit_is_refused)
{
	FIXTURE();
	struct birth b;
	struct store_case_create in;
	struct store_result out;
	eq_int(birth_declare_in(f.store, &b, "khm/99/unknown", &in, &out, &e), RC_INVALID);
	char wide[200];
	memset(wide, 'x', sizeof wide - 1);
	wide[sizeof wide - 1] = '\0';
	in.office = wide;
	eq_int(store_case_create(f.store, &in, &out, &e), RC_INVALID);
	in.office = "\xff";
	eq_int(store_case_create(f.store, &in, &out, &e), RC_INVALID);
	in.office = OFFICE;
	in.sealed = BYTES_NONE;
	eq_int(store_case_create(f.store, &in, &out, &e), RC_INVALID);
	END();
}

/* ------------------------------------------------------------- moving */

TEST(guards_come_in_their_order)
{
	FIXTURE();
	struct birth b;
	char key[ID_TEXT_SIZE];
	struct store_result out;
	struct id other = id_new();
	eq_int(birth_declare(f.store, &b, OFFICE, &e), RC_OK);
	struct store_case_hold hold = {.request = fixture_request(key, 1000), .person_id = b.person, .case_id = b.case_id,
	                               .if_version = 1, .staff_id = other, .until = 9000};
	eq_int(store_case_hold(f.store, &hold, &out, &e), RC_OK);
	eq_int(out.version, 1);
	struct store_case_update in = {
		.request = fixture_request(key, 2000), .person_id = b.person, .case_id = b.case_id, .if_version = 7,
		.transition = "return", .from_state = "verified", .to_state = "returned", .staff_id = b.staff,
	};
	eq_int(store_case_update(f.store, &in, &out, &e), RC_MATCH_FAILED);
	in.if_version = 1;
	eq_int(store_case_update(f.store, &in, &out, &e), RC_STATE);
	in.from_state = "declared";
	eq_int(store_case_update(f.store, &in, &out, &e), RC_HELD);
	in.request.now = 9000; /* the hold has run out */
	eq_int(store_case_update(f.store, &in, &out, &e), RC_OK);
	eq_int(out.version, 2);
	/* A repeat is answered although the version has moved on: the key is looked at first. */
	eq_int(store_case_update(f.store, &in, &out, &e), RC_OK);
	ok(out.replayed);
	struct store_case c;
	eq_int(store_case_get(r, b.case_id, a, &c, &e), RC_OK);
	eq_str(c.state, "returned");
	ok(id_is_zero(c.holder));
	END();
}

TEST(a_hold_can_be_prolonged_given_up_and_is_one_officers)
{
	FIXTURE();
	struct birth b;
	char key[ID_TEXT_SIZE];
	struct store_result out;
	struct id one = id_new(), two = id_new();
	eq_int(birth_declare(f.store, &b, OFFICE, &e), RC_OK);
	struct store_case_hold in = {.person_id = b.person, .case_id = b.case_id, .if_version = 1};
	const struct { struct id staff; int64_t until; enum rc want; } step[] = {
		{one, 5000, RC_OK}, {two, 5000, RC_HELD}, {one, 9000, RC_OK}, {one, 0, RC_OK}, {two, 5000, RC_OK}};
	for (size_t i = 0; i < sizeof step / sizeof *step; i++) {
		in.request = fixture_request(key, 1000);
		in.staff_id = step[i].staff;
		in.until = step[i].until;
		eq_int(store_case_hold(f.store, &in, &out, &e), step[i].want);
	}
	struct store_case c;
	eq_int(store_case_get(r, b.case_id, a, &c, &e), RC_OK);
	ok(id_equal(c.holder, two));
	END();
}

TEST(history_and_notes_are_kept_in_order)
{
	FIXTURE();
	struct birth b;
	struct store_transition t[4];
	size_t n = 0;
	eq_int(birth_declare(f.store, &b, OFFICE, &e), RC_OK);
	eq_int(birth_verify(f.store, &b, &e), RC_OK);
	eq_int(store_case_history(r, b.person, b.case_id, a, t, 4, &n, &e), RC_OK);
	eq_int(n, 2);
	eq_str(t[0].to_state, "declared");
	eq_str(t[1].name, "verify");
	eq_str(t[1].from_state, "declared");
	ok(id_is_zero(t[0].staff_id) && id_equal(t[1].staff_id, b.staff));
	END();
}

/* However long the history grows, what is read of it is its end. */
TEST(a_long_history_is_read_from_its_end)
{
	FIXTURE();
	struct birth b;
	struct store_transition t[4];
	struct store_result out;
	char key[ID_TEXT_SIZE];
	size_t n = 0;
	uint64_t steps = 9;
	const struct id nobody = {{0}};
	eq_int(birth_declare(f.store, &b, OFFICE, &e), RC_OK);
	for (int i = 0; i < 70; i++) {
		struct store_case_update in = {
			.request = fixture_request(key, 2000), .person_id = b.person, .case_id = b.case_id, .if_version = b.version,
			.transition = "amend", .from_state = "declared", .to_state = "declared", .queue_office = OFFICE,
			.deadline = 5000, .staff_id = i < 60 ? nobody : b.staff,
		};
		eq_int(store_case_update(f.store, &in, &out, &e), RC_OK);
		b.version = out.version;
	}
	eq_int(birth_verify(f.store, &b, &e), RC_OK);
	eq_int(store_case_history(r, b.person, b.case_id, a, t, 4, &n, &e), RC_OK);
	eq_int(n, 4);
	eq_str(t[3].name, "verify");
	eq_int(t[3].version, 72);
	eq_int(t[0].version, 69);
	eq_int(store_case_family_steps(r, b.person, b.case_id, "amend", &steps, &e), RC_OK);
	eq_int(steps, 60);
	eq_int(store_case_family_steps(r, b.person, b.case_id, "return", &steps, &e), RC_OK);
	eq_int(steps, 0);
	END();
}

/* ----------------------------------------------------------- the queue */

TEST(queues_page_by_deadline_and_follow_the_case)
{
	FIXTURE();
	static const char *const office[] = {OFFICE, "khm/12/1201/120102", "khm/12/1202/120201"};
	struct birth b[9];
	for (size_t i = 0; i < 9; i++)
		eq_int(birth_declare(f.store, &b[i], office[i % 3], &e), RC_OK);
	struct store_queue_item item[STORE_LIST_MAX];
	size_t n = 0, seen = 0;
	struct store_queue_query q = {.office = "khm/12/1201", .subtree = true, .state = "declared", .limit = 2};
	do {
		eq_int(store_case_list(r, &q, item, &n, &e), RC_OK);
		for (size_t i = 0; i < n; i++, seen++) {
			ok(strncmp(item[i].office, "khm/12/1201/", 12) == 0);
			ok(!q.has_after || memcmp(q.after_case.b, item[i].case_id.b, 16) < 0);
			q.has_after = true;
			q.after_deadline = item[i].deadline;
			q.after_case = item[i].case_id;
		}
	} while (n == 2);
	eq_int(seen, 6);
	eq_int(birth_verify(f.store, &b[0], &e), RC_OK);
	struct store_queue_query own = {.office = OFFICE, .limit = 50};
	eq_int(store_case_list(r, &own, item, &n, &e), RC_OK);
	eq_int(n, 3);
	own.state = "verified";
	eq_int(store_case_list(r, &own, item, &n, &e), RC_OK);
	eq_int(n, 1);
	ok(id_equal(item[0].case_id, b[0].case_id));
	/* A sibling whose code begins alike is not below us. */
	q = (struct store_queue_query){.office = "khm/12/120", .subtree = true, .limit = 10};
	eq_int(store_case_list(r, &q, item, &n, &e), RC_OK);
	eq_int(n, 0);
	END();
}

/* --------------------------------------------------------- registering */

static bool declared_and_verified(struct store *s, struct birth *b, const char *office, struct err *e)
{
	return birth_declare(s, b, office, e) == RC_OK && birth_verify(s, b, e) == RC_OK;
}

TEST(registering_writes_everything_at_once)
{
	FIXTURE();
	struct birth b;
	struct store_entry entry;
	struct store_result out;
	ok(declared_and_verified(f.store, &b, OFFICE, &e));
	eq_int(store_book_next(r, OFFICE, "B", 2026, &entry, &e), RC_OK);
	eq_int(entry.serial, 1);
	struct store_case_register in = birth_register_in(&b, &entry);
	eq_int(store_case_register(f.store, &in, &out, &e), RC_OK);
	eq_int(out.version, 3);
	eq_str(out.state, "registered");
	struct store_act act;
	eq_int(store_act_get(r, in.act_id, a, &act, &e), RC_OK);
	eq_int(act.seq, 1);
	ok(!act.placed);
	ok(memcmp(act.commitment, in.commitment, 32) == 0);
	eq_int(act.entry.serial, 1);
	struct store_case c;
	eq_int(store_case_get(r, b.case_id, a, &c, &e), RC_OK);
	ok(id_equal(c.act_id, in.act_id));
	struct id person, act_id;
	eq_int(store_entry_find(r, &entry, &person, &act_id, &e), RC_OK);
	ok(id_equal(act_id, in.act_id) && id_equal(person, b.person));
	struct store_leaf leaf[4];
	size_t n = 0;
	eq_int(store_log_pending(r, leaf, 4, &n, &e), RC_OK);
	eq_int(n, 1);
	struct store_queue_query q = {.office = OFFICE, .limit = 10};
	struct store_queue_item item[10];
	eq_int(store_case_list(r, &q, item, &n, &e), RC_OK);
	eq_int(n, 0);
	eq_int(store_book_next(r, OFFICE, "B", 2026, &entry, &e), RC_OK);
	eq_int(entry.serial, 2);
	struct store_feed_item feed[4];
	eq_int(feed_after(f.store, r, 1, a, feed, 4, &n, &e), RC_OK);
	eq_int(n, 1);
	eq_int(feed[0].kind, 2);
	END();
}

TEST(a_wrong_serial_previous_number_or_act_id_is_a_conflict_and_leaves_nothing)
{
	FIXTURE();
	struct birth b, c;
	struct store_entry entry;
	struct store_result out;
	ok(declared_and_verified(f.store, &b, OFFICE, &e) && declared_and_verified(f.store, &c, OFFICE, &e));
	eq_int(store_book_next(r, OFFICE, "B", 2026, &entry, &e), RC_OK);
	entry.serial = 2;
	struct store_case_register in = birth_register_in(&b, &entry);
	eq_int(store_case_register(f.store, &in, &out, &e), RC_CONFLICT);
	eq_str(e.where, "book");
	in.entry.serial = 1;
	in.previous[3] = 1;
	eq_int(store_case_register(f.store, &in, &out, &e), RC_CONFLICT);
	eq_str(e.where, "act");
	in.previous[3] = 0;
	in.number_claim[0] ^= 1;
	eq_int(store_case_register(f.store, &in, &out, &e), RC_CONFLICT);
	eq_str(e.where, "number");
	in.number_claim[0] ^= 1;
	eq_int(store_case_register(f.store, &in, &out, &e), RC_OK);
	struct id act_id = in.act_id;
	entry.serial = 2;
	in = birth_register_in(&c, &entry);
	in.act_id = act_id;
	eq_int(store_case_register(f.store, &in, &out, &e), RC_CONFLICT);
	eq_str(e.where, "act");
	eq_int(store_book_next(r, OFFICE, "B", 2026, &entry, &e), RC_OK);
	eq_int(entry.serial, 2);
	END();
}

TEST(a_number_is_reserved_once_and_a_retired_one_stays_retired)
{
	FIXTURE();
	struct birth b, c;
	struct store_result out;
	char key[ID_TEXT_SIZE];
	ok(declared_and_verified(f.store, &b, OFFICE, &e));
	eq_int(birth_declare(f.store, &c, OFFICE, &e), RC_OK);
	struct store_case_update in = {
		.request = fixture_request(key, 2000), .person_id = c.person, .case_id = c.case_id, .if_version = 1,
		.transition = "verify", .from_state = "declared", .to_state = "verified", .queue_office = OFFICE,
		.staff_id = c.staff, .number_sealed = BYTES_LIT("number"),
	};
	memcpy(in.number_claim, b.number, sizeof b.number);
	eq_int(store_case_update(f.store, &in, &out, &e), RC_CONFLICT);
	eq_str(e.where, "number");
	struct store_case_update reject = {
		.request = fixture_request(b.key, 3000), .person_id = b.person, .case_id = b.case_id, .if_version = 2,
		.transition = "reject", .from_state = "verified", .to_state = "rejected", .staff_id = b.staff,
		.retire_number = true, .drop_index = true,
	};
	eq_int(store_case_update(f.store, &reject, &out, &e), RC_OK);
	eq_int(store_case_update(f.store, &in, &out, &e), RC_CONFLICT);
	struct store_feed_item feed[8];
	size_t n = 0;
	eq_int(feed_after(f.store, r, 0, a, feed, 8, &n, &e), RC_OK);
	eq_int(feed[n - 1].kind, 3);
	END();
}

/* Threads registering in few books, with failures thrown in: gapless, no doubles. */
#define THREADS 64
#define EACH 12

static struct store *shared;
static _Atomic int conflicts, given_back, registered, broken;

static void *registrar(void *arg)
{
	static const char *const office[] = {OFFICE, "khm/12/1201/120102", "khm/12/1202/120201"};
	const char *mine = office[(size_t)arg % 3];
	bool leasing = (size_t)arg % 4 != 0;
	struct store_reader *r = NULL;
	struct err e = ERR_NONE;
	if (store_reader_open(shared, &r, &e) != RC_OK) {
		atomic_fetch_add(&broken, 1);
		return NULL;
	}
	for (int i = 0; i < EACH; i++) {
		struct birth b;
		if (!declared_and_verified(shared, &b, mine, &e)) {
			atomic_fetch_add(&broken, 1);
			break;
		}
		for (enum rc rc = RC_CONFLICT; rc != RC_OK;) {
			struct store_entry entry;
			struct store_result out;
			rc = leasing ? store_book_lease(shared, r, mine, "B", 2026, &entry, &e)
				     : store_book_next(r, mine, "B", 2026, &entry, &e);
			if (rc != RC_OK) {
				atomic_fetch_add(&broken, 1);
				break;
			}
			if (leasing && random_below(10) == 0) { /* the vault failed, say */
				store_book_give_back(shared, &entry);
				atomic_fetch_add(&given_back, 1);
				rc = RC_CONFLICT;
				continue;
			}
			struct store_case_register in = birth_register_in(&b, &entry);
			if (random_below(10) == 0)
				in.previous[0] = 1; /* fails inside the savepoint, after the book has moved */
			rc = store_case_register(shared, &in, &out, &e);
			atomic_fetch_add(rc == RC_OK ? &registered : &conflicts, 1);
			if (rc != RC_OK && rc != RC_CONFLICT) {
				printf("# %s %s\n", rc_name(rc), e.text);
				atomic_fetch_add(&broken, 1);
				break;
			}
		}
	}
	store_reader_close(&r);
	return NULL;
}

TEST(serials_are_gapless_and_single_under_concurrency_and_failures)
{
	FIXTURE();
	pthread_t thread[THREADS];
	shared = f.store;
	for (size_t i = 0; i < THREADS; i++)
		ok(pthread_create(&thread[i], NULL, registrar, (void *)i) == 0);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	eq_int(broken, 0);
	eq_int(registered, THREADS * EACH);
	uint64_t sum = 0;
	static const char *const office[] = {OFFICE, "khm/12/1201/120102", "khm/12/1202/120201"};
	for (size_t i = 0; i < 3; i++) {
		struct store_entry entry;
		eq_int(store_book_next(r, office[i], "B", 2026, &entry, &e), RC_OK);
		uint64_t next = entry.serial;
		for (entry.serial = 1; entry.serial < next; entry.serial++, sum++) {
			struct id person, act;
			if (!ok(store_entry_find(r, &entry, &person, &act, &e) == RC_OK))
				break;
		}
	}
	eq_int(sum, THREADS * EACH);
	struct store_numbers n;
	store_numbers(f.store, &n);
	printf("# %llu writes in %llu commits; %d conflicts, %d given back\n", (unsigned long long)n.writes,
	       (unsigned long long)n.commits, conflicts, given_back);
	ok(fixture_server() || n.commits < n.writes); /* a server syncs many commits together itself */
	END();
}

/* -------------------------------------------------------------- the log */

TEST(the_head_moves_by_compare_and_set_under_its_fence)
{
	FIXTURE();
	struct birth b;
	struct store_entry entry;
	struct store_result out;
	struct store_log_head empty = {.root = {1}}, old, newer;
	for (int i = 0; i < 3; i++) {
		ok(declared_and_verified(f.store, &b, OFFICE, &e));
		eq_int(store_book_next(r, OFFICE, "B", 2026, &entry, &e), RC_OK);
		struct store_case_register in = birth_register_in(&b, &entry);
		eq_int(store_case_register(f.store, &in, &out, &e), RC_OK);
	}
	const struct id first = id_new(), second = id_new();
	eq_int(store_log_acquire(f.store, &empty, NULL, first, &old, &e), RC_OK);
	eq_int(old.epoch, 1);
	eq_int(old.fence, 1);
	struct store_leaf leaf[4];
	size_t n = 0;
	eq_int(store_log_pending(r, leaf, 4, &n, &e), RC_OK);
	eq_int(n, 3);
	struct store_log_head next = old;
	next.size = 2;
	next.root[0] = 2;
	eq_int(store_log_place(f.store, &old, &next, leaf, 3, &e), RC_CONFLICT);
	eq_int(store_log_place(f.store, &old, &next, leaf, 2, &e), RC_OK);
	eq_int(store_log_place(f.store, &old, &next, leaf, 2, &e), RC_CONFLICT);
	/* Another sequencer takes over: ours can no longer place. */
	eq_int(store_log_acquire(f.store, &empty, NULL, second, &newer, &e), RC_OK);
	eq_int(newer.size, 2);
	old = next;
	next.size = 3;
	eq_int(store_log_place(f.store, &old, &next, leaf + 2, 1, &e), RC_CONFLICT);
	eq_int(store_log_place(f.store, &newer, &next, leaf + 1, 1, &e), RC_CONFLICT); /* placed already */
	eq_int(store_log_place(f.store, &newer, &next, leaf + 2, 1, &e), RC_OK);
	struct store_leaf placed[4];
	eq_int(store_log_placed(r, 1, 1, placed, 4, &n, &e), RC_OK);
	eq_int(n, 2);
	ok(id_equal(placed[1].act_id, leaf[2].act_id));
	struct buf note = BUF_INIT(1024);
	uint64_t size = 0;
	eq_int(store_checkpoint_last(r, 0, &note, &size, &e), RC_NOT_FOUND);
	eq_int(store_checkpoint_put(f.store, 1, 3, BYTES_LIT("note"), 1, &e), RC_OK);
	eq_int(store_checkpoint_put(f.store, 1, 3, BYTES_LIT("note"), 2, &e), RC_OK);
	eq_int(store_checkpoint_last(r, 0, &note, &size, &e), RC_OK);
	eq_int(size, 3);
	buf_release(&note);
	END();
}

TEST(the_head_is_taken_as_it_was_seen_or_not_at_all)
{
	FIXTURE();
	const struct store_log_head empty = {.root = {1}};
	struct store_log_head mine, seen, theirs;
	const struct id me = id_new(), other = id_new();
	eq_int(store_log_head(r, 0, &seen, &e), RC_NOT_FOUND);
	eq_int(store_log_acquire(f.store, &empty, NULL, (struct id){0}, &mine, &e), RC_INVALID);
	eq_int(store_log_acquire(f.store, &empty, &(struct store_log_head){0}, me, &mine, &e), RC_OK);
	ok(id_equal(mine.holder, me));
	eq_int(mine.fence, 1);
	/* Each sign of life shows, and who saw only what was before it is refused. */
	eq_int(store_log_head(r, 0, &seen, &e), RC_OK);
	eq_int(store_log_beat(f.store, &mine, &e), RC_OK);
	eq_int(store_log_acquire(f.store, &empty, &seen, other, &theirs, &e), RC_CONFLICT);
	eq_int(store_log_head(r, 0, &seen, &e), RC_OK);
	eq_int(seen.beat, mine.beat + 1);
	/* Its holder takes it again; whoever repeats what had its effect hears so. */
	eq_int(store_log_acquire(f.store, &empty, &mine, me, &mine, &e), RC_OK);
	eq_int(mine.fence, 2);
	eq_int(store_log_head(r, 0, &seen, &e), RC_OK);
	eq_int(store_log_acquire(f.store, &empty, &seen, other, &theirs, &e), RC_OK);
	eq_int(store_log_acquire(f.store, &empty, &seen, other, &theirs, &e), RC_OK);
	eq_int(theirs.fence, 3);
	eq_int(store_log_acquire(f.store, &empty, &seen, me, &mine, &e), RC_CONFLICT);
	/* Who was replaced gives no sign and gives nothing up. */
	eq_int(store_log_beat(f.store, &mine, &e), RC_CONFLICT);
	eq_int(store_log_leave(f.store, &mine, &e), RC_OK);
	eq_int(store_log_head(r, 0, &seen, &e), RC_OK);
	ok(id_equal(seen.holder, other));
	eq_int(store_log_leave(f.store, &theirs, &e), RC_OK);
	eq_int(store_log_head(r, 0, &seen, &e), RC_OK);
	ok(id_is_zero(seen.holder));
	eq_int(store_log_acquire(f.store, &empty, &seen, me, &mine, &e), RC_OK);
	eq_int(mine.fence, 4);
	END();
}

TEST(a_read_only_store_writes_nothing_but_its_way_out)
{
	FIXTURE();
	struct birth b;
	struct store_log_head empty = {0}, head;
	eq_int(store_log_acquire(f.store, &empty, NULL, id_new(), &head, &e), RC_OK);
	eq_int(store_set_read_only(f.store, true, &e), RC_OK);
	eq_int(birth_declare(f.store, &b, OFFICE, &e), RC_READ_ONLY);
	struct store_log_head first = {.epoch = 2, .size = 1};
	uint8_t commitment[32] = {7};
	first.epoch = 4;
	eq_int(store_log_open_epoch(f.store, &first, commitment, &e), RC_CONFLICT);
	store_reader_close(&r);
	store_close(&f.store);
	eq_int(store_open(f.dir, NULL, &f.store, &e), RC_OK);
	ok(store_is_read_only(f.store));
	first.epoch = 2;
	eq_int(store_log_open_epoch(f.store, &first, commitment, &e), RC_OK);
	ok(!store_is_read_only(f.store));
	store_close(&f.store);
	eq_int(store_open(f.dir, NULL, &f.store, &e), RC_OK);
	ok(!store_is_read_only(f.store));
	eq_int(birth_declare(f.store, &b, OFFICE, &e), RC_OK);
	eq_int(store_log_acquire(f.store, &empty, NULL, id_new(), &head, &e), RC_OK);
	eq_int(head.epoch, 2);
	eq_int(head.size, 1);
	END();
}

TEST(a_store_of_another_register_is_not_opened)
{
	FIXTURE();
	char id[ID_TEXT_SIZE], other[ID_TEXT_SIZE];
	struct store *s = NULL;
	id_format(id_new(), id);
	id_format(id_new(), other);
	store_reader_close(&r);
	eq_int(store_open_reading(f.dir, id, &s, &e), RC_CONFIG); /* nobody's */
	eq_int(store_meta_set(f.store, STORE_REGISTER, id, &e), RC_OK);
	store_close(&f.store);
	eq_int(store_open(f.dir, other, &f.store, &e), RC_CONFIG);
	eq_int(store_open_reading(f.dir, other, &s, &e), RC_CONFIG);
	eq_int(store_open_reading(f.dir, id, &s, &e), RC_OK);
	store_close(&s);
	eq_int(store_open(f.dir, id, &f.store, &e), RC_OK);
	END();
}

/* ------------------------------------------------------------ documents */

TEST(copies_of_a_document_are_numbered)
{
	FIXTURE();
	struct birth b;
	struct store_entry entry;
	struct store_result out;
	char key[ID_TEXT_SIZE];
	ok(declared_and_verified(f.store, &b, OFFICE, &e));
	eq_int(store_book_next(r, OFFICE, "B", 2026, &entry, &e), RC_OK);
	struct store_case_register in = birth_register_in(&b, &entry);
	eq_int(store_case_register(f.store, &in, &out, &e), RC_OK);
	struct store_document_issue issue = {.request = fixture_request(key, 1), .document = {
		.person_id = b.person, .act_id = in.act_id, .document_id = id_new(), .copy_no = 1, .kind = "certificate",
		.language = "km", .staff_id = b.staff}};
	eq_int(store_document_issue(f.store, &issue, &out, &e), RC_OK);
	eq_int(store_document_issue(f.store, &issue, &out, &e), RC_OK);
	ok(out.replayed);
	issue.request = fixture_request(key, 1);
	issue.document.document_id = id_new();
	eq_int(store_document_issue(f.store, &issue, &out, &e), RC_CONFLICT);
	issue.document.copy_no = 2;
	eq_int(store_document_issue(f.store, &issue, &out, &e), RC_OK);
	struct store_document list[4];
	size_t n = 0;
	eq_int(store_documents(r, b.person, in.act_id, list, 4, &n, &e), RC_OK);
	eq_int(n, 2);
	/* as the gate does it: the next is one above the last, however many there are */
	uint32_t last = 0;
	for (uint32_t i = 3; i <= 103; i++) {
		issue.request = fixture_request(key, 1);
		issue.document.document_id = id_new();
		eq_int(store_document_last(r, b.person, in.act_id, &last, &e), RC_OK);
		issue.document.copy_no = last + 1;
		eq_int(store_document_issue(f.store, &issue, &out, &e), RC_OK);
	}
	eq_int(store_document_last(r, b.person, in.act_id, &last, &e), RC_OK);
	eq_int(last, 103);
	eq_int(store_document_last(r, b.person, id_new(), &last, &e), RC_OK);
	eq_int(last, 0);
	issue.request = fixture_request(key, 1);
	issue.document.act_id = id_new();
	eq_int(store_document_issue(f.store, &issue, &out, &e), RC_NOT_FOUND);
	END();
}

/* -------------------------------------------------------------- uploads */

TEST(an_upload_grows_piece_by_piece_and_becomes_an_attachment)
{
	FIXTURE();
	struct birth b;
	struct store_result out;
	char key[ID_TEXT_SIZE];
	eq_int(birth_declare(f.store, &b, OFFICE, &e), RC_OK);
	struct store_upload_create in = {.request = fixture_request(key, 1), .max_open = 1, .upload = {
		.upload_id = id_new(), .person_id = b.person, .case_id = b.case_id, .principal = "family:1", .kind = "evidence",
		.length = 30, .created = 1, .expires = 100}};
	struct id id = in.upload.upload_id;
	eq_int(store_upload_create(f.store, &in, &out, &e), RC_OK);
	eq_int(store_upload_create(f.store, &in, &out, &e), RC_OK);
	ok(out.replayed);
	struct store_upload_create second = in;
	second.request = fixture_request(key, 1);
	second.upload.upload_id = id_new();
	eq_int(store_upload_create(f.store, &second, &out, &e), RC_THROTTLED);
	eq_int(store_upload_append(f.store, id, 0, 0, 20, BYTES_LIT("sealed piece 0"), &e), RC_OK);
	eq_int(store_upload_append(f.store, id, 0, 0, 20, BYTES_LIT("again"), &e), RC_TOO_LARGE);
	eq_int(store_upload_append(f.store, id, 0, 0, 5, BYTES_LIT("again"), &e), RC_CONFLICT);
	eq_int(store_upload_finish(f.store, id, "image/png", 2, 5, &e), RC_STATE);
	eq_int(store_upload_append(f.store, id, 20, 1, 10, BYTES_LIT("sealed piece 1"), &e), RC_OK);
	struct store_upload u;
	eq_int(store_upload_get(r, id, &u, &e), RC_OK);
	eq_int(u.offset, 30);
	eq_int(store_upload_finish(f.store, id, "image/png", 2, 5, &e), RC_OK);
	eq_int(store_upload_finish(f.store, id, "image/png", 3, 5, &e), RC_OK); /* what it was added to stays */
	struct store_attachment list[4];
	size_t n = 0;
	eq_int(store_attachments(r, b.person, b.case_id, list, 4, &n, &e), RC_OK);
	eq_int(n, 1);
	eq_str(list[0].media_type, "image/png");
	eq_int(list[0].pieces, 2);
	eq_int(list[0].sealed_version, 2);
	struct buf piece = BUF_INIT(STORE_SEALED_MAX);
	uint32_t plain = 0;
	eq_int(store_piece_get(r, b.person, id, 1, &piece, &plain, &e), RC_OK);
	ok(bytes_equal(buf_bytes(&piece), BYTES_LIT("sealed piece 1")));
	eq_int(plain, 10);
	/* An unfinished one is swept when it has expired; the attachment's pieces stay. */
	second.request = fixture_request(key, 1);
	eq_int(store_upload_create(f.store, &second, &out, &e), RC_OK);
	eq_int(store_upload_append(f.store, second.upload.upload_id, 0, 0, 9, BYTES_LIT("orphan"), &e), RC_OK);
	uint64_t removed = 0;
	eq_int(store_sweep(f.store, INT64_C(7200000000), 0, &removed, &e), RC_OK);
	eq_int(removed, 2);
	buf_reset(&piece);
	eq_int(store_piece_get(r, b.person, second.upload.upload_id, 0, &piece, NULL, &e), RC_NOT_FOUND);
	eq_int(store_piece_get(r, b.person, id, 0, &piece, NULL, &e), RC_OK);
	eq_int(store_sweep(f.store, INT64_C(7200000000), 2, &removed, &e), RC_OK);
	ok(removed > 0); /* old requests */
	buf_release(&piece);
	END();
}

/* -------------------------------------------------------------- places */

TEST(places_are_found_by_parent_and_by_the_start_of_a_word)
{
	FIXTURE();
	static const struct store_place place[] = {
		{.code = "12", .level = "province", .name_native = "ភ្នំពេញ", .name_latin = "Phnom Penh",
		 .unit_native = "រាជធានី", .unit_latin = "Capital"},
		{.code = "1201", .parent = "12", .level = "district", .name_native = "ចំការមន", .name_latin = "Chamkar Mon"},
		{.code = "1202", .parent = "12", .level = "district", .name_native = "ដូនពេញ", .name_latin = "Doun_Penh"},
	};
	struct store_place out[4];
	size_t n = 0;
	eq_int(store_place_import(f.store, place, 3, &e), RC_OK);
	eq_int(store_place_import(f.store, place, 3, &e), RC_OK);
	eq_int(store_place_get(r, "12", &out[0], &e), RC_OK);
	eq_str(out[0].unit_native, "រាជធានី");
	eq_str(out[0].unit_latin, "Capital");
	struct store_place_query q = {.parent = "12", .limit = 4};
	eq_int(store_place_list(r, &q, out, &n, &e), RC_OK);
	eq_int(n, 2);
	q = (struct store_place_query){.q = "mon", .limit = 4};
	eq_int(store_place_list(r, &q, out, &n, &e), RC_OK);
	eq_int(n, 1);
	eq_str(out[0].code, "1201");
	q.q = "Doun%";
	eq_int(store_place_list(r, &q, out, &n, &e), RC_OK);
	eq_int(n, 0);
	q = (struct store_place_query){.level = "district", .after = "1201", .limit = 4};
	eq_int(store_place_list(r, &q, out, &n, &e), RC_OK);
	eq_int(n, 1);
	struct store_office office[8];
	eq_int(store_office_list(r, "khm/12/1201", NULL, office, 8, &n, &e), RC_OK);
	eq_int(n, 3);
	END();
}

/* --------------------------------------------------------------- faults */

/* As the gate does: into its folder, then no right to walk above it. */
static int confined(const char *outer)
{
	struct store *s = NULL;
	struct err e = ERR_NONE;
	if (chdir(outer) != 0 || mkdir("inner", 0700) != 0 || chdir("inner") != 0)
		return 2;
	if (geteuid() == 0 && (chown(".", 65534, 65534) != 0 || chmod(outer, 0) != 0 || setuid(65534) != 0))
		return 3;
	if (geteuid() != 65534 && chmod(outer, 0) != 0)
		return 4;
	enum rc rc = store_create(".", &e);
	if (rc == RC_OK)
		rc = store_open(".", NULL, &s, &e);
	if (rc == RC_OK)
		rc = store_meta_set(s, "country", "khm", &e);
	store_close(&s);
	return rc == RC_OK ? 0 : 1;
}

TEST(relative_names_work_without_walkable_parents)
{
	char outer[] = "/tmp/civis-outer-XXXXXX", path[64];
	if (!ok(mkdtemp(outer) != NULL))
		return;
	pid_t pid = fork();
	if (pid == 0)
		_exit(confined(outer));
	int status = -1;
	waitpid(pid, &status, 0);
	eq_int(status, 0);
	chmod(outer, 0700);
	snprintf(path, sizeof path, "%s/inner/main.db", outer);
	unlink(path);
	snprintf(path, sizeof path, "%s/inner/blob.db", outer);
	unlink(path);
	snprintf(path, sizeof path, "%s/inner", outer);
	rmdir(path);
	rmdir(outer);
}

TEST(an_altered_or_newer_schema_is_not_opened)
{
	FIXTURE();
	store_reader_close(&r);
	store_close(&f.store);
	ok(fixture_spoil(&f, "INSERT INTO migration VALUES (10000, zeroblob(32), 0)"));
	eq_int(store_open(f.dir, NULL, &f.store, &e), RC_CONFIG);
	ok(fixture_spoil(&f, "DELETE FROM migration WHERE version = 10000"));
	eq_int(store_open(f.dir, NULL, &f.store, &e), RC_OK);
	store_close(&f.store);
	ok(fixture_spoil(&f, "CREATE TABLE kept AS SELECT version, checksum FROM migration; UPDATE migration SET checksum = zeroblob(32)"));
	eq_int(store_open(f.dir, NULL, &f.store, &e), RC_CONFIG);
	ok(fixture_spoil(&f, "UPDATE migration SET checksum = (SELECT checksum FROM kept WHERE kept.version = migration.version);"
	                     " DROP TABLE kept"));
	eq_int(store_open(f.dir, NULL, &f.store, &e), RC_OK);
	END();
}

TEST(the_logs_lock_is_exclusive)
{
	FIXTURE();
	int one = -1, two = -1;
	eq_int(log_lock(f.dir, false, &one, &e), RC_OK);
	eq_int(log_lock(f.dir, false, &two, &e), RC_BUSY);
	log_unlock(&one);
	eq_int(log_lock(f.dir, false, &two, &e), RC_OK);
	log_unlock(&two);
	END();
}

TEST(settings_are_kept)
{
	FIXTURE();
	const char *value = NULL;
	eq_int(store_meta_get(r, "country", a, &value, &e), RC_NOT_FOUND);
	eq_int(store_meta_set(f.store, "country", "khm", &e), RC_OK);
	eq_int(store_meta_get(r, "country", a, &value, &e), RC_OK);
	eq_str(value, "khm");
	END();
}

int main(void)
{
	log_set_level(LOG_ERROR);
	RUN(a_case_is_stored_and_found_by_id_and_tracking_code);
	RUN(a_repeat_has_one_effect_and_the_same_answer);
	RUN(the_same_case_id_or_tracking_code_twice_is_a_conflict);
	RUN(what_does_not_fit_is_refused);
	RUN(guards_come_in_their_order);
	RUN(a_hold_can_be_prolonged_given_up_and_is_one_officers);
	RUN(history_and_notes_are_kept_in_order);
	RUN(a_long_history_is_read_from_its_end);
	RUN(queues_page_by_deadline_and_follow_the_case);
	RUN(registering_writes_everything_at_once);
	RUN(a_wrong_serial_previous_number_or_act_id_is_a_conflict_and_leaves_nothing);
	RUN(a_number_is_reserved_once_and_a_retired_one_stays_retired);
	RUN(serials_are_gapless_and_single_under_concurrency_and_failures);
	RUN(the_head_moves_by_compare_and_set_under_its_fence);
	RUN(the_head_is_taken_as_it_was_seen_or_not_at_all);
	RUN(a_read_only_store_writes_nothing_but_its_way_out);
	RUN(a_store_of_another_register_is_not_opened);
	RUN(copies_of_a_document_are_numbered);
	RUN(an_upload_grows_piece_by_piece_and_becomes_an_attachment);
	RUN(places_are_found_by_parent_and_by_the_start_of_a_word);
	RUN(relative_names_work_without_walkable_parents);
	RUN(an_altered_or_newer_schema_is_not_opened);
	RUN(the_logs_lock_is_exclusive);
	RUN(settings_are_kept);
	return tap_done();
}
