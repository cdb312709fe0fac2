/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Each command that writes more than its person's rows, on a server whose commit is several (tests/halves.h): paused, lost or
 * ended between them, after any of the kinds of tables. Nobody reads nonsense meanwhile, a repeat does nothing twice, and
 * what was left by half is found and finished.
 *
 * No command touches two persons. What a person's rows have in other places is in the columns below.
 */
#include "store/store.h"

#include <pthread.h>
#include <sys/wait.h>

#include "base/log.h"
#include "halves.h"
#include "store/check.h"
#include "store_fixture.h"
#include "tap.h"

#define OFFICE "khm/12/1201/120101"
#define OTHER "khm/12/1201/120102"

/* ---------------------------------------------------------- the commands */

enum what { CREATE, VERIFY, FORWARD, REGISTER, CORRECT, CANCEL, ISSUE, HOLD, WHATS };
static const char *const what_name[WHATS] = {"create", "verify", "forward", "register", "correct", "cancel", "issue", "hold"};

/* The kinds that each of them writes to. */
#define LEAST (HALF_BIT(HALF_PERSON) | HALF_BIT(HALF_REQUEST))
static const unsigned touches[WHATS] = {
	[CREATE] = HALF_ALL, [VERIFY] = HALF_ALL & ~HALF_BIT(HALF_LOG), [FORWARD] = HALF_ALL & ~HALF_BIT(HALF_CLAIM),
	[REGISTER] = HALF_ALL, [CORRECT] = HALF_ALL, [CANCEL] = HALF_ALL, [ISSUE] = HALF_ALL & ~HALF_BIT(HALF_LOG), [HOLD] = LEAST,
};

/* Each part of them but none and all. */
static bool is_half(enum what what, unsigned first)
{
	return first && first != touches[what] && !(first & ~touches[what]);
}

struct deed {
	enum what what;
	struct birth b;
	char key[ID_TEXT_SIZE], earlier[ID_TEXT_SIZE];
	char tracking[STORE_CODE_MAX];
	struct store_case_create create;
	struct store_case_update update;
	struct store_case_register act, first;
	struct store_document_issue issue;
	struct store_case_hold hold;
};

static struct fixture f;
static struct store_reader *reader;
static struct arena *arena;

static const struct store_counting counting = {"2026-11", {{"declared", 'f'}, {"registered", '-'}}};

static bool registered(struct deed *d, struct err *e)
{
	struct store_entry entry;
	struct store_result out;
	if (birth_declare(f.store, &d->b, OFFICE, e) != RC_OK || birth_verify(f.store, &d->b, e) != RC_OK ||
	    store_book_next(reader, OFFICE, "B", 2026, &entry, e) != RC_OK)
		return false;
	d->first = birth_register_in(&d->b, &entry);
	d->first.queue_office = OFFICE;
	return store_case_register(f.store, &d->first, &out, e) == RC_OK;
}

/* All that comes before it; the command itself waits in *d. */
static bool prepare(struct deed *d, enum what what)
{
	struct err e = ERR_NONE;
	struct store_entry entry;
	struct store_result out;
	bool good = true;
	*d = (struct deed){.what = what};
	struct birth *b = &d->b;
	if (what == CREATE) {
		*b = (struct birth){.person = id_new(), .case_id = id_new(), .office = OFFICE};
		id_format(b->case_id, d->tracking);
		d->create = (struct store_case_create){
			.person_id = b->person, .case_id = b->case_id, .kind = "birth", .state = "declared", .office = OFFICE,
			.queue_office = OTHER, .language = "km", .tracking_code = d->tracking, .deadline = 5000, .on_deadline = true,
			.sealed = BYTES_ARRAY(fixture_sealed), .index_sealed = BYTES_LIT("index"), .counts = counting};
		d->create.request = fixture_request(d->key, 1000);
	} else if (what == VERIFY || what == FORWARD || what == HOLD) {
		good = birth_declare(f.store, b, OFFICE, &e) == RC_OK;
		d->update = (struct store_case_update){
			.person_id = b->person, .case_id = b->case_id, .if_version = 1, .transition = "verify", .from_state = "declared",
			.to_state = "verified", .queue_office = OFFICE, .deadline = 6000, .staff_id = b->staff, .counts = counting};
		if (what == FORWARD)
			d->update.office = d->update.queue_office = OTHER, d->update.to_state = "declared", d->update.drop_index = true;
		if (what == VERIFY) {
			d->update.number_sealed = BYTES_LIT("number");
			random_bytes(d->update.number_claim, STORE_HASH);
		}
		d->update.request = fixture_request(d->key, 2000);
		d->hold = (struct store_case_hold){.request = d->update.request, .person_id = b->person, .case_id = b->case_id,
		                                   .if_version = 1, .staff_id = b->staff, .until = 9000};
	} else if (what == REGISTER) {
		good = birth_declare(f.store, b, OFFICE, &e) == RC_OK && birth_verify(f.store, b, &e) == RC_OK &&
		       store_book_next(reader, OFFICE, "B", 2026, &entry, &e) == RC_OK;
		d->act = birth_register_in(b, &entry);
		d->act.queue_office = OFFICE;
		d->act.counts = counting;
	} else {
		good = registered(d, &e) && store_book_next(reader, OFFICE, "C", 2026, &entry, &e) == RC_OK;
	}
	if (good && (what == CORRECT || what == CANCEL)) {
		good = correction_declare(f.store, b, &d->first, &entry, &d->act, &e) == RC_OK;
		d->act.counts = counting;
		d->act.index_sealed = BYTES_LIT("index");
		if (what == CANCEL) {
			memcpy(d->act.number_claim, d->first.number_claim, STORE_HASH);
			d->act.retire_number = true;
		}
	}
	if (what == REGISTER || what == CORRECT || what == CANCEL)
		d->act.request = fixture_request(d->key, 3000);
	if (good && what == ISSUE) {
		d->issue = (struct store_document_issue){
			.document = {.person_id = b->person, .act_id = d->first.act_id, .document_id = id_new(), .copy_no = 1, .kind = "birth",
		                     .language = "km", .issued_at = 4000, .staff_id = b->staff},
			.collected = b->case_id, .counts = counting};
		d->issue.request = fixture_request(d->key, 4000);
	}
	(void)out;
	if (!good)
		printf("# %s: %s %s\n", what_name[what], e.where, e.text);
	return good;
}

static enum rc perform(const struct deed *d, struct store_result *out, struct err *e)
{
	switch (d->what) {
	case CREATE:
		return store_case_create(f.store, &d->create, out, e);
	case VERIFY:
	case FORWARD:
		return store_case_update(f.store, &d->update, out, e);
	case ISSUE:
		return store_document_issue(f.store, &d->issue, out, e);
	case HOLD:
		return store_case_hold(f.store, &d->hold, out, e);
	default:
		return store_case_register(f.store, &d->act, out, e);
	}
}

static const struct store_request *request_of(const struct deed *d)
{
	return d->what == CREATE ? &d->create.request : d->what == ISSUE ? &d->issue.request : d->what == HOLD ? &d->hold.request
	       : d->what == VERIFY || d->what == FORWARD ? &d->update.request : &d->act.request;
}

static struct id resource_of(const struct deed *d)
{
	return d->what == ISSUE ? d->issue.document.document_id : d->what >= REGISTER && d->what <= CANCEL ? d->act.act_id : d->b.case_id;
}

/* As the gate does when its client asks again: it looks for the key, and makes what is new anew. */
static enum rc perform_again(const struct deed *d, struct store_reader *r, struct store_result *out, struct err *e)
{
	const struct store_request *q = request_of(d);
	struct deed again = *d;
	enum rc rc = store_request_find(r, q->principal, q->key, q->body_hash, out, e);
	if (rc != RC_NOT_FOUND)
		return rc;
	again.create.person_id = again.create.case_id = id_new();
	id_format(again.create.case_id, again.tracking);
	again.create.tracking_code = again.tracking;
	again.issue.document.document_id = again.act.act_id = id_new();
	random_bytes(again.act.commitment, STORE_HASH);
	return perform(&again, out, e);
}

/* ------------------------------------------------------------ what is there */

#define MEASURES 20
struct measure {
	long n[MEASURES];
};

static struct measure measured(void)
{
	struct measure m = {{0}};
	char url[256];
	fixture_url("civis_owner", "fixture", url);
	PGconn *c = PQconnectdb(url);
	PGresult *result = PQexec(c, "SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM transition), (SELECT count(*) FROM act),"
		" (SELECT count(*) FROM document), (SELECT count(*) FROM queue_ticket), (SELECT count(*) FROM case_due),"
		" (SELECT count(*) FROM claim), (SELECT count(*) FROM claim WHERE state = 'active'),"
		" (SELECT count(*) FROM claim WHERE state = 'retired'), (SELECT count(*) FROM request), (SELECT count(*) FROM entry),"
		" (SELECT coalesce(sum(next_serial - 1), 0) FROM book), (SELECT count(*) FROM work_queue),"
		" (SELECT coalesce(sum(waits), 0) FROM work_queue), (SELECT coalesce(sum(n), 0) FROM counter),"
		" (SELECT count(*) FROM counted), (SELECT count(*) FROM leaf), (SELECT count(*) FROM feed_task),"
		" (SELECT count(*) FROM supersede_task), (SELECT count(*) FROM intent)");
	for (int i = 0; PQntuples(result) == 1 && i < PQnfields(result) && i < MEASURES; i++)
		m.n[i] = strtol(PQgetvalue(result, 0, i), NULL, 10);
	PQclear(result);
	PQfinish(c);
	return m;
}

static struct measure want[WHATS]; /* what each command adds */

/* That much and no more has come since. The word says when. */
static bool came(enum what what, const struct measure *before, unsigned first, const char *when)
{
	struct measure now = measured();
	bool good = true;
	for (int i = 0; i < MEASURES; i++)
		if (now.n[i] - before->n[i] != want[what].n[i]) {
			printf("# %s, first %02x, %s: measure %d is %ld and not %ld\n", what_name[what], first, when, i,
			       now.n[i] - before->n[i], want[what].n[i]);
			good = false;
		}
	return good;
}

static unsigned problems(const char **ret)
{
	static char found[512];
	struct store_check_report n = {.problems = 999};
	struct err e = ERR_NONE;
	const struct store_check c = {0};
	found[0] = '\0';
	*ret = found;
	if (store_check(reader, &c, &n, &e) != RC_OK)
		snprintf(found, sizeof found, "%s %s", e.where, e.text);
	return (unsigned)n.problems;
}

static bool finish_all(uint64_t want_n)
{
	uint64_t n = 0;
	struct err e = ERR_NONE;
	enum rc rc = store_finish(f.store, clock_now_us() + 1, &n, &e);
	if (rc != RC_OK || (want_n != UINT64_MAX && n != want_n))
		printf("# %d %s: %llu finished, not %llu\n", rc, e.text, (unsigned long long)n, (unsigned long long)want_n);
	return rc == RC_OK && (want_n == UINT64_MAX || n == want_n);
}

/* One of two answers, or what is not there yet. */
#define sane(rc) ((rc) == RC_OK || (rc) == RC_NOT_FOUND)

/* What everybody who reads may see at any moment: the old, the new, or that it is not there yet. */
static bool look_at_case(const struct deed *d)
{
	struct store_case c = {0};
	struct store_transition steps[8];
	struct err e = ERR_NONE;
	size_t n = 0, items = 0, seen = 0;
	static struct store_queue_item item[STORE_LIST_MAX];
	struct id case_id = d->what == CORRECT || d->what == CANCEL ? d->act.case_id : d->b.case_id;
	enum rc rc = store_case_get(reader, case_id, arena, &c, &e);
	bool good = ok(sane(rc));
	good &= ok(rc == RC_OK || d->what == CREATE);
	if (rc == RC_OK)
		good &= ok(id_equal(c.case_id, case_id) && c.version >= 1 && c.sealed.len == sizeof fixture_sealed) &&
		        ok(strcmp(c.state, "registered") != 0 || !id_is_zero(c.act_id)) &&
		        ok(store_case_history(reader, c.person_id, case_id, arena, steps, 8, &n, &e) == RC_OK && n >= 1);
	if (d->what == CREATE)
		good &= ok(sane(store_case_by_tracking(reader, d->tracking, arena, &c, &e)));
	/* Of one office's queue at most once, and of the whole as one case. */
	const struct store_queue_query q = {.office = OFFICE, .limit = STORE_LIST_MAX, .state = NULL};
	good &= ok(store_case_list(reader, &q, item, &items, &e) == RC_OK);
	for (size_t i = 0; i < items; i++)
		seen += id_equal(item[i].case_id, case_id);
	return good & ok(seen <= 1);
}

static enum rc no_more(void *ctx, const struct store_counter *c)
{
	(void)ctx;
	return c->n > 0 ? RC_OK : RC_CORRUPT;
}

static bool look_at_act(const struct deed *d)
{
	static struct store_act acts[4];
	struct store_act act;
	struct store_leaf leaf;
	struct store_entry next;
	struct store_book_entry page[8];
	struct id person, act_id;
	struct err e = ERR_NONE;
	size_t n = 0, acts_n;
	enum rc rc = store_act_get(reader, d->act.act_id, arena, &act, &e);
	bool good = ok(sane(rc));
	if (rc == RC_OK)
		good &= ok(id_equal(act.person_id, d->b.person) && !act.placed && act.entry.serial == d->act.entry.serial) &&
		        ok(memcmp(act.commitment, d->act.commitment, STORE_HASH) == 0);
	rc = store_person_acts(reader, d->b.person, arena, acts, 4, &n, &e);
	good &= ok(d->what == REGISTER ? sane(rc) : rc == RC_OK && n >= 1);
	for (size_t i = 1; rc == RC_OK && i < n; i++)
		good &= ok(memcmp(acts[i].previous, acts[i - 1].commitment, STORE_HASH) == 0);
	rc = store_entry_find(reader, &d->act.entry, &person, &act_id, &e);
	good &= ok(rc == RC_NOT_FOUND || (rc == RC_OK && id_equal(person, d->b.person) && id_equal(act_id, d->act.act_id)));
	/* A page is whole, or not to be had just now. */
	rc = store_book_page(reader, &d->act.entry, page, 8, &n, &e);
	good &= ok(rc == RC_OK || rc == RC_BUSY);
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		good &= ok(store_person_acts(reader, page[i].person_id, arena, acts, 4, &acts_n, &e) == RC_OK);
	rc = store_log_leaf(reader, d->act.act_id, &leaf, &e);
	good &= ok(rc == RC_NOT_FOUND || (rc == RC_OK && memcmp(leaf.commitment, d->act.commitment, STORE_HASH) == 0));
	good &= ok(store_book_next(reader, OFFICE, d->act.entry.reg, 2026, &next, &e) == RC_OK);
	return good & ok(next.serial == d->act.entry.serial || next.serial == d->act.entry.serial + 1);
}

static bool look(const struct deed *d)
{
	struct err e = ERR_NONE;
	struct store_leaf leaves[4];
	struct store_superseding tasks[4];
	struct store_document documents[4];
	struct store_due due[4];
	size_t n = 0;
	arena = arena_new(1 << 20);
	bool good = ok(arena != NULL) && look_at_case(d);
	if (d->what >= REGISTER && d->what <= CANCEL)
		good &= look_at_act(d);
	good &= ok(store_counts(reader, "khm", "2026-01", "2026-12", no_more, NULL, &e) == RC_OK);
	good &= ok(store_log_pending(reader, leaves, 4, &n, &e) == RC_OK);
	good &= ok(store_superseding_after(reader, NULL, tasks, 4, &n, &e) == RC_OK);
	good &= ok(store_cases_due(reader, INT64_MAX, NULL, due, 4, &n, &e) == RC_OK);
	if (d->what == ISSUE)
		good &= ok(store_documents(reader, d->b.person, d->first.act_id, documents, 4, &n, &e) == RC_OK && n <= 1);
	arena_free(&arena);
	return good;
}

/* ------------------------------------------------------------------ threads */

struct doing {
	const struct deed *d;
	bool again;
	enum rc rc;
	struct store_result out;
	struct err e;
	pthread_t thread;
};

static void *run(void *arg)
{
	struct doing *x = arg;
	struct store_reader *r = NULL;
	x->e = ERR_NONE;
	if (!x->again)
		x->rc = perform(x->d, &x->out, &x->e);
	else if ((x->rc = store_reader_open(f.store, &r, &x->e)) == RC_OK)
		x->rc = perform_again(x->d, r, &x->out, &x->e);
	store_reader_close(&r);
	return NULL;
}

static void plan(enum half_fault fault, unsigned first)
{
	half_plan.first = first;
	atomic_store(&half_plan.fault, fault);
}

/* -------------------------------------------------------------------- tests */

TEST(without_a_fault_each_command_is_whole)
{
	for (enum what what = 0; what < WHATS; what++) {
		struct deed d;
		struct store_result out = {0};
		struct err e = ERR_NONE;
		if (!ok(prepare(&d, what)))
			return;
		struct measure before = measured();
		eq_int(perform(&d, &out, &e), RC_OK);
		struct measure after = measured();
		for (int i = 0; i < MEASURES; i++)
			want[what].n[i] = after.n[i] - before.n[i];
		eq_int(want[what].n[9], 1); /* a request */
		eq_int(after.n[MEASURES - 1], 0); /* no intent is left */
		ok(look(&d));
	}
	ok(want[REGISTER].n[10] == 1 && want[REGISTER].n[16] == 1 && want[REGISTER].n[14] == 2 && want[CANCEL].n[8] == 1);
	const char *found;
	eq_int(problems(&found), 0);
}

TEST(between_the_halves_nobody_reads_nonsense_and_a_repeat_waits)
{
	for (enum what what = 0; what < WHATS; what++)
		for (unsigned first = 1; first < HALF_ALL; first++) {
			struct deed d;
			if (!is_half(what, first))
				continue;
			if (!ok(prepare(&d, what)))
				return;
			struct measure before = measured();
			struct doing one = {.d = &d}, two = {.d = &d, .again = true};
			plan(HALF_PAUSE, first);
			ok(pthread_create(&one.thread, NULL, run, &one) == 0);
			sem_wait(&half_plan.reached);
			bool good = look(&d);
			ok(pthread_create(&two.thread, NULL, run, &two) == 0);
			usleep(3000);
			good &= look(&d);
			sem_post(&half_plan.go);
			pthread_join(one.thread, NULL);
			pthread_join(two.thread, NULL);
			good &= eq_int(one.rc, RC_OK) & eq_int(two.rc, RC_OK) & ok(!one.out.replayed && two.out.replayed) &
			        ok(id_equal(one.out.resource, two.out.resource) && one.out.version == two.out.version) & look(&d);
			if (!good || !ok(finish_all(UINT64_MAX) && came(what, &before, first, "after a pause"))) {
				printf("# %s, first %02x: %s %s, %s %s\n", what_name[what], first, one.e.where, one.e.text, two.e.where, two.e.text);
				return;
			}
		}
	const char *found;
	if (!eq_int(problems(&found), 0))
		printf("# %s\n", found);
}

/* Who comes first: a repeat, the next command about the person, the housekeeping, the store itself. */
enum saviour { BY_REPEAT, BY_NEXT, BY_HOUSEKEEPING, BY_STORE, SAVIOURS };

static bool save(const struct deed *d, enum saviour by)
{
	struct store_result out = {0};
	struct err e = ERR_NONE;
	if (by == BY_HOUSEKEEPING && !finish_all(1))
		return false;
	if (by == BY_NEXT) {
		/* It is refused for what it asks; the first is whole then. */
		char key[ID_TEXT_SIZE];
		const struct store_case_hold next = {.request = fixture_request(key, 5000), .person_id = d->b.person,
		                                     .case_id = d->b.case_id, .if_version = 99, .staff_id = id_new(), .until = 9000};
		if (!eq_int(store_case_hold(f.store, &next, &out, &e), RC_MATCH_FAILED))
			return false;
	}
	enum rc rc = perform_again(d, reader, &out, &e);
	if (rc != RC_OK)
		printf("# %s %s\n", e.where, e.text);
	return eq_int(rc, RC_OK) & ok(out.replayed && id_equal(out.resource, resource_of(d)) && out.status == 200);
}

TEST(what_was_lost_between_the_halves_is_written)
{
	for (enum what what = 0; what < WHATS; what++)
		for (unsigned first = 1; first < HALF_ALL; first++)
			for (enum saviour by = 0; by < SAVIOURS; by++) {
				struct deed d;
				struct store_result out = {0};
				struct err e = ERR_NONE;
				/* The person's rows count: where they are not, the command did not happen. All four save from the least;
				   from the others they take turns. */
				if (!is_half(what, first) || !(first & HALF_BIT(HALF_PERSON)) ||
				    (first != HALF_BIT(HALF_PERSON) && (first >> 1) % SAVIOURS != by))
					continue;
				if (!ok(prepare(&d, what)))
					return;
				struct measure before = measured();
				plan(by == BY_STORE ? HALF_LOSE : HALF_LOSE_QUIET, first);
				enum rc rc = perform(&d, &out, &e);
				bool good = by == BY_STORE ? eq_int(rc, RC_OK) & ok(out.replayed) : eq_int(rc, RC_INTERNAL);
				good &= look(&d) & save(&d, by) & look(&d);
				if (!good || !ok(finish_all(0) && came(what, &before, first, "after a loss"))) {
					printf("# %s, first %02x, saved by %d\n", what_name[what], first, by);
					return;
				}
			}
	const char *found;
	if (!eq_int(problems(&found), 0))
		printf("# %s\n", found);
}

TEST(an_answer_lost_after_the_last_half_changes_nothing)
{
	for (enum what what = 0; what < WHATS; what++) {
		struct deed d;
		struct store_result out = {0};
		struct err e = ERR_NONE;
		if (!ok(prepare(&d, what)))
			return;
		struct measure before = measured();
		plan(HALF_LATE, HALF_BIT(HALF_LOG));
		eq_int(perform(&d, &out, &e), RC_OK);
		ok(out.replayed);
		ok(finish_all(0) && came(what, &before, 0x10, "after a late loss"));
	}
}

TEST(a_process_that_dies_between_the_halves_is_finished_by_the_next)
{
	for (enum what what = 0; what < WHATS; what++) {
		struct deed d;
		struct store_result out = {0};
		struct err e = ERR_NONE;
		int status = 0;
		const unsigned first = what % 2 ? HALF_BIT(HALF_PERSON) : HALF_BIT(HALF_PERSON) | HALF_BIT(HALF_OFFICE);
		if (!ok(prepare(&d, what)))
			return;
		struct measure before = measured();
		store_reader_close(&reader);
		store_close(&f.store);
		fflush(stdout);
		pid_t pid = fork();
		if (pid == 0) {
			plan(HALF_DIE, first);
			if (store_open(f.dir, NULL, &f.store, &e) == RC_OK)
				(void)!perform(&d, &out, &e);
			_exit(1);
		}
		waitpid(pid, &status, 0);
		eq_int(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 9);
		ok(store_open(f.dir, NULL, &f.store, &e) == RC_OK && store_reader_open(f.store, &reader, &e) == RC_OK);
		ok(look(&d) && finish_all(1) && came(what, &before, first, "after a death"));
	}
}

static char told[256];

static void tell(void *ctx, const char *what, struct id id, const char *text)
{
	(void)ctx, (void)id, (void)text;
	size_t len = strlen(told);
	snprintf(told + len, sizeof told - len, "%s ", what);
}

static const char *check(void)
{
	struct store_check_report n;
	struct err e = ERR_NONE;
	const struct store_check c = {.problem = tell};
	told[0] = '\0';
	return store_check(reader, &c, &n, &e) == RC_OK ? told : "The check did not end";
}

TEST(the_check_tells_of_what_is_there_by_half)
{
	struct deed d;
	struct store_result out = {0};
	struct err e = ERR_NONE;
	ok(prepare(&d, REGISTER));
	plan(HALF_LOSE_QUIET, HALF_BIT(HALF_PERSON));
	eq_int(perform(&d, &out, &e), RC_INTERNAL);
	ok(!strstr(check(), "half") && strstr(told, "leaf")); /* it may be just under way */
	ok(fixture_sql("civis_owner", "fixture", "UPDATE intent SET at = 1"));
	ok(strstr(check(), "half") != NULL);
	/* The register does so every few minutes. */
	eq_int(store_sweep(f.store, clock_now_us(), 0, NULL, &e), RC_OK);
	eq_str(check(), "");
}

/* Where nothing was prepared, another may take meanwhile what was lost. It stays theirs, and somebody has to look. */
TEST(what_another_took_meanwhile_is_not_taken_back)
{
	struct deed d, other;
	struct store_result out = {0};
	struct store_entry next;
	struct err e = ERR_NONE;
	struct id person, act;
	ok(prepare(&d, REGISTER) && prepare(&other, REGISTER));
	plan(HALF_LOSE_QUIET, HALF_BIT(HALF_PERSON));
	eq_int(perform(&d, &out, &e), RC_INTERNAL);
	eq_int(store_book_next(reader, OFFICE, "B", 2026, &next, &e), RC_OK);
	eq_int(next.serial, d.act.entry.serial);
	eq_int(perform(&other, &out, &e), RC_OK);
	struct measure before = measured();
	for (int i = 0; i < 3; i++)
		ok(finish_all(0));
	eq_int(perform_again(&d, reader, &out, &e), RC_CONFLICT);
	eq_str(e.where, "intent");
	struct measure after = measured();
	ok(memcmp(&before, &after, sizeof before) == 0);
	ok(store_entry_find(reader, &next, &person, &act, &e) == RC_OK && id_equal(act, other.act.act_id));
	ok(fixture_sql("civis_owner", "fixture", "UPDATE intent SET at = 1"));
	ok(strstr(check(), "half") && strstr(told, "entry"));
}

int main(void)
{
	struct err e = ERR_NONE;
	log_set_level(LOG_ERROR);
	if (!fixture_server() || !fixture_init(&f))
		return printf("Bail out! This needs a server: tests/lib/postgresql.py\n"), 1;
	store_close(&f.store);
	db_server_engine = &half_engine;
	if (sem_init(&half_plan.reached, 0, 0) != 0 || sem_init(&half_plan.go, 0, 0) != 0 ||
	    store_open(f.dir, NULL, &f.store, &e) != RC_OK || store_reader_open(f.store, &reader, &e) != RC_OK)
		return printf("Bail out! %s %s\n", e.where, e.text), 1;
	RUN(without_a_fault_each_command_is_whole);
	RUN(between_the_halves_nobody_reads_nonsense_and_a_repeat_waits);
	RUN(what_was_lost_between_the_halves_is_written);
	RUN(an_answer_lost_after_the_last_half_changes_nothing);
	RUN(a_process_that_dies_between_the_halves_is_finished_by_the_next);
	RUN(the_check_tells_of_what_is_there_by_half);
	RUN(what_another_took_meanwhile_is_not_taken_back);
	store_reader_close(&reader);
	fixture_release(&f);
	return tap_done();
}
