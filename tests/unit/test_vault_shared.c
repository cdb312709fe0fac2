/* SPDX-License-Identifier: MPL-2.0 */
/* Two vaults on one database, on a server (tests/lib/postgresql.py): what one does, the other knows. */
#include <pthread.h>

#include "codec/statuslist.h"
#include "vault/db.h"
#include "vault_race.h"

enum { OTHER_CHANNELS = 2 };

static int other_ends[OTHER_CHANNELS][2];
static pid_t other_vault = -1;
static struct vault_client *there;

static void other_start(void)
{
	fflush(stdout);
	other_vault = fork();
	if (other_vault == 0) {
		int fds[OTHER_CHANNELS] = {other_ends[0][1], other_ends[1][1]};
		_exit(vault_main(open(fixture_dir, O_RDONLY | O_DIRECTORY), fds, OTHER_CHANNELS, -1, -1));
	}
}

static void other_kill(void)
{
	kill(other_vault, SIGKILL);
	waitpid(other_vault, NULL, 0);
}

/* Calls go to the other vault until it is said again. */
static void swap(void)
{
	struct vault_client *here = client;
	client = there;
	there = here;
}

TEST(a_session_is_one_at_both_and_ends_at_both)
{
	struct vault_session again;
	eq_int(vault_session(there, token_of(&official), &again, NULL), RC_OK);
	ok(id_equal(again.staff.id, official.staff.id));
	swap();
	struct vault_session s = sign_in("goer");
	swap();
	eq_int(vault_session(client, token_of(&s), &again, NULL), RC_OK);
	eq_int(vault_logout(client, token_of(&s), NULL), RC_OK);
	eq_int(vault_session(there, token_of(&s), &again, NULL), RC_UNAUTHENTICATED);
	s = sign_in("goer");
	eq_int(vault_session(there, token_of(&s), &again, NULL), RC_OK);
	eq_int(vault_account_end(there, token_of(&administrator), s.staff.id, ACCOUNT_SIGNED_OUT, NULL), RC_OK);
	eq_int(vault_session(client, token_of(&s), &again, NULL), RC_UNAUTHENTICATED);
	s = sign_in("leaver");
	eq_int(vault_staff_disable(fixture_dir, "leaver", NULL), RC_OK);
	eq_int(vault_session(client, token_of(&s), &again, NULL), RC_UNAUTHENTICATED);
	eq_int(vault_session(there, token_of(&s), &again, NULL), RC_UNAUTHENTICATED);
}

TEST(requests_are_known_by_one_key_at_both)
{
	uint8_t here[32] = {0}, elsewhere[32] = {0}, again[32] = {0};
	const uint8_t none[32] = {0};
	eq_int(vault_request_key(client, here, NULL), RC_OK);
	eq_int(vault_request_key(there, elsewhere, NULL), RC_OK);
	ok(memcmp(here, elsewhere, sizeof here) == 0 && memcmp(here, none, sizeof here) != 0);
	fixture_restart();
	while (vault_request_key(client, again, NULL) != RC_OK)
		; /* who asks before a vault said hello asks again */
	ok(memcmp(here, again, sizeof here) == 0);
}

TEST(who_was_moved_at_one_is_moved_at_the_other)
{
	struct vault_open_item item = declare(COMMUNE, "x");
	struct bytes plain;
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_OK);
	eq_int(vault_open(there, token_of(&official), PURPOSE_CASE_WORK, &item, 1, memory, &plain, NULL), RC_OK);
	eq_int(vault_forward(client, token_of(&official), item.as.person, item.as.object, OTHER_COMMUNE, NULL), RC_OK);
	eq_int(vault_open(there, token_of(&official), PURPOSE_CASE_WORK, &item, 1, memory, &plain, NULL), RC_FORBIDDEN);
	eq_int(vault_open(there, token_of(&other), PURPOSE_CASE_WORK, &item, 1, memory, &plain, NULL), RC_OK);
}

/* Opens at one after the other until either refuses, then at each until it refuses too. */
static unsigned open_all(const struct vault_session *s, const struct vault_open_item *item, enum rc *ret)
{
	struct bytes plain;
	unsigned opened = 0, refused = 0;
	for (unsigned i = 0; refused < 2 && i < 5000; i++) {
		enum rc rc = open_one(s, PURPOSE_CASE_WORK, item, &plain);
		opened += rc == RC_OK;
		refused = rc == RC_OK ? 0 : refused + 1;
		*ret = rc;
		swap();
	}
	return opened;
}

TEST(a_quota_is_not_exceeded_together)
{
	enum { DAILY = 300 };
	enum rc rc;
	struct vault_open_item item = declare_as(token_of(&clerk), COMMUNE, "x");
	eq_int(open_all(&clerk, &item, &rc), DAILY);
	eq_int(rc, RC_QUOTA);
	/* What a dead vault had taken for itself is lost: never more is opened. */
	other_kill();
	other_start();
	eq_int(open_all(&clerk, &item, &rc), 0);
}

TEST(a_fuse_is_one_for_both)
{
	enum { PER_HOUR = 40 };
	enum rc rc;
	struct vault_fuse fuse;
	struct vault_open_item item = declare(COMMUNE, "x");
	fixture_restart();
	other_kill();
	other_start();
	/* Who asks before a vault said hello asks again. */
	eq_int(vault_ping(client, NULL, NULL), RC_OK);
	eq_int(vault_ping(there, NULL, NULL), RC_OK);
	eq_int(vault_fuse_reset(fixture_dir, PER_HOUR, NULL), RC_OK);
	eq_int(open_all(&registrar, &item, &rc), PER_HOUR);
	eq_int(rc, RC_QUOTA);
	eq_int(vault_fuse_get(fixture_dir, &fuse, NULL), RC_OK);
	ok(fuse.blown);
	eq_int(vault_fuse_reset(fixture_dir, 100000, NULL), RC_OK);
}

TEST(a_key_made_at_both_at_once_is_one)
{
	enum { ROUNDS = 25 };
	volatile unsigned *at = shared_memory();
	struct id object[ROUNDS], person[ROUNDS];
	for (int i = 0; i < ROUNDS; i++) {
		object[i] = id_new();
		person[i] = id_new();
	}
	struct bytes sealed[ROUNDS][2], plain;
	struct vault_seal_item item[ROUNDS][2]; /* one of their own, whose key is taken back with the other's, and the one of both */
	fflush(stdout);
	pid_t pid = fork();
	struct vault_client *c = pid == 0 ? client_on(other_ends[1][0]) : client;
	unsigned failed = 0, closed = 0;
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct id own = id_new();
		item[i][0] = item_of(KIND_CASE, own, id_new(), own, COMMUNE, "own");
		item[i][1] = item_of(KIND_CASE, object[i], person[i], object[i], COMMUNE, "x");
		item[i][1].as.version = pid == 0 ? 2 : 1;
		meet(at, i + 1);
		if (vault_seal(c, BYTES_NONE, bytes_str(SECRET), item[i], 2, memory, sealed[i], NULL) != RC_OK)
			failed++;
	}
	/* Each opens what it sealed with vaults that have nothing in memory. */
	meet(at, ROUNDS + 1);
	if (pid != 0) {
		fixture_restart();
		other_kill();
		other_start();
	}
	meet(at, ROUNDS + 2);
	for (unsigned i = 0; i < 2 * ROUNDS; i++) {
		struct vault_open_item opened = {.as = item[i / 2][i % 2].as, .sealed = sealed[i / 2][i % 2]};
		if (vault_open(c, token_of(&registrar), PURPOSE_CASE_WORK, &opened, 1, memory, &plain, NULL) != RC_OK)
			closed++;
	}
	if (pid == 0)
		_exit(failed || closed);
	int status = -1;
	waitpid(pid, &status, 0);
	eq_int(status, 0);
	eq_int(failed, 0);
	eq_int(closed, 0);
	munmap((void *)(uintptr_t)at, 4096);
}

TEST(looks_have_each_their_number_and_none_is_lost_with_a_vault)
{
	struct vault_open_item item = declare(COMMUNE, "x");
	volatile unsigned *released = shared_memory();
	struct bytes plain;
	for (int round = 0; round < 4; round++) {
		fflush(stdout);
		pid_t pid = fork();
		if (pid == 0) {
			struct vault_client *c = client_on(other_ends[1][0]);
			vault_client_set_timeout(c, 500);
			while (vault_open(c, token_of(&registrar), PURPOSE_CASE_WORK, &item, 1, memory, &plain, NULL) == RC_OK)
				released[1]++;
			_exit(0);
		}
		for (int64_t end = clock_monotonic_us() + 200000 + 7919 * round; clock_monotonic_us() < end;)
			released[0] += open_one(&registrar, PURPOSE_CASE_WORK, &item, &plain) == RC_OK;
		other_kill();
		waitpid(pid, NULL, 0);
		other_start();
		eq_int(vault_ping(there, NULL, NULL), RC_OK);
	}
	size_t looks = looks_at(item.as.person);
	printf("# %u and %u released, %zu looks\n", released[0], released[1], looks);
	ok(released[0] > 0 && released[1] > 0);
	ok(looks != SIZE_MAX && looks >= released[0] + released[1]);
	/* With each vault that died an answer was lost, and what was in its hands was asked once more. */
	ok(looks <= released[0] + released[1] + 16);
	char sql[256];
	/* True, or nothing is changed: as many rows as the highest number. */
	snprintf(sql, sizeof sql, "UPDATE fuse SET n = n WHERE (SELECT count(DISTINCT person_id) FROM look WHERE person_id IN "
	                          "(SELECT person_id FROM look GROUP BY person_id HAVING count(*) <> max(look_no))) = 0");
	ok(fixture_change(sql));
	munmap((void *)(uintptr_t)released, 4096);
}

/* Both are asked at once for two trees of one size. */
TEST(two_vaults_never_sign_two_trees_of_one_size)
{
	enum { ROUNDS = 25 };
	volatile unsigned *at = shared_memory();
	volatile int *signed_there = shared_memory();
	unsigned both = 0, none = 0;
	struct bytes line;
	fflush(stdout);
	pid_t pid = fork();
	struct vault_client *here = client;
	if (pid == 0)
		client = client_on(other_ends[1][0]);
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint8_t c[32] = {(uint8_t)i, pid == 0 ? 2 : 1, 9};
		log_size = i;
		log_append(c);
		meet(at, i + 1);
		bool mine = sign_growth(i, i + 1, &line) == RC_OK;
		if (pid == 0)
			signed_there[i] = mine;
		meet(at + 16, i + 1);
		both += mine && pid != 0 && signed_there[i];
		none += !mine && pid != 0 && !signed_there[i];
		c[1] = signed_there[i] ? 2 : 1;
		log_size = i;
		log_append(c);
	}
	if (pid == 0)
		_exit(0);
	client = here;
	waitpid(pid, NULL, 0);
	eq_int(both, 0);
	eq_int(none, 0);
}

TEST(a_code_is_good_for_one_document_at_both)
{
	race_for_codes(other_ends[1][0]);
}

static void *commit_later(void *db)
{
	const struct timespec pause = {.tv_nsec = 300000000}; /* less than a vault waits for a lock */
	nanosleep(&pause, NULL);
	eq_int(vdb_commit(db, NULL), RC_OK);
	return NULL;
}

TEST(an_act_that_another_vault_is_ending_gives_no_document)
{
	enum { DAY = 20000 };
	struct act_plan p = plan_for(declare(COMMUNE, "x").as.person);
	struct vault_act act;
	struct vault_qr qr;
	struct vault_db db;
	struct bytes line;
	pthread_t ending;
	p.kind = "birth";
	eq_int(seal_plan(&registrar, &p, &act), RC_OK);
	struct vault_open_item item = item_of_act(&p, &act);
	unsigned index = log_size;
	log_append(act.commitment);
	eq_int(sign_growth(index, log_size, &line), RC_OK);
	eq_int(sign_qr_of(&registrar, &item, index, log_size, note_of(log_size, line), "FIRST-0001", &qr), RC_OK);
	/* As the other does it: under the lock, and not committed yet. */
	eq_int(vdb_open_dir(&db, fixture_dir, NULL), RC_OK);
	struct query q = vdb_query(&db, VSQL_key_lock);
	query_id(&q, p.person);
	query_int(&q, 1); /* the key of the record */
	eq_int(vdb_run(&db, &q, NULL), RC_OK);
	q = vdb_query(&db, VSQL_chain_end);
	query_id(&q, p.person);
	query_int(&q, INT64_MAX);
	query_int(&q, STATUS_CHANGED);
	query_int(&q, DAY);
	eq_int(vdb_run(&db, &q, NULL), RC_OK);
	ok(pthread_create(&ending, NULL, commit_later, &db) == 0);
	eq_int(sign_qr_of(&registrar, &item, index, log_size, note_of(log_size, line), "SECOND-0001", &qr), RC_STATE);
	pthread_join(ending, NULL);
	vdb_close(&db);
}

TEST(an_epoch_is_closed_once_and_at_its_last_tree)
{
	struct bytes line;
	uint64_t last;
	uint8_t root[32];
	pthread_t moving;
	struct vault_db db;
	eq_int(vault_last_checkpoint(client, ORIGIN, &last, root, NULL), RC_OK);
	unsigned size = (unsigned)last;
	eq_int(sign_growth(size, size, &line), RC_OK);
	struct bytes older = note_of(size, line);
	/* While one closes the epoch another vault signs its next tree, and has not committed yet. */
	log_size = size;
	log_fill(1);
	struct hash grown = log_root(size + 1);
	eq_int(vdb_open_dir(&db, fixture_dir, NULL), RC_OK);
	struct query q = vdb_query(&db, VSQL_signed_move);
	query_text(&q, ORIGIN);
	query_int(&q, size + 1);
	query_bytes(&q, BYTES_ARRAY(grown.b));
	query_int(&q, clock_now_us());
	query_int(&q, size);
	query_bytes(&q, BYTES_ARRAY(root));
	eq_int(vdb_run(&db, &q, NULL), RC_OK);
	ok(pthread_create(&moving, NULL, commit_later, &db) == 0);
	/* Whether it waited, or came when all was over: it is refused. */
	enum rc rc = sign_epoch(2, older, older);
	ok(rc == RC_CONFLICT || rc == RC_PROOF);
	pthread_join(moving, NULL);
	vdb_close(&db);
	eq_int(vault_last_checkpoint(there, "civis.example/khm/2", &last, root, NULL), RC_OK);
	eq_int(last, 0);
	eq_int(sign_epoch(2, older, older), RC_PROOF);
	eq_int(sign_growth(size + 1, size + 1, &line), RC_OK);
	/* Of one tree there may be two notes; only one of them closes. */
	struct bytes newest = note_of(size + 1, line);
	struct buf second = BUF_INIT(NOTE_MAX);
	buf_append(&second, newest);
	buf_str(&second, "\u2014 witness.example AAAAAAAA\n");
	eq_int(sign_epoch(2, newest, newest), RC_OK);
	swap();
	eq_int(sign_epoch(2, buf_bytes(&second), buf_bytes(&second)), RC_PROOF);
	eq_int(sign_epoch(2, newest, newest), RC_OK);
	log_fill(1);
	eq_int(sign_growth(size + 1, size + 2, &line), RC_PROOF);
	swap();
	buf_release(&second);
}

int main(void)
{
	if (!fixture_server()) {
		printf("1..0 # SKIP there is no server\n");
		return 0;
	}
	office_open();
	for (int i = 0; i < OTHER_CHANNELS; i++)
		if (channel_pair(other_ends[i], NULL) != RC_OK)
			fixture_die("no channel");
	other_start();
	there = client_on(other_ends[0][0]);
	RUN(a_session_is_one_at_both_and_ends_at_both);
	RUN(requests_are_known_by_one_key_at_both);
	RUN(who_was_moved_at_one_is_moved_at_the_other);
	RUN(a_quota_is_not_exceeded_together);
	RUN(a_fuse_is_one_for_both);
	RUN(a_key_made_at_both_at_once_is_one);
	RUN(looks_have_each_their_number_and_none_is_lost_with_a_vault);
	RUN(two_vaults_never_sign_two_trees_of_one_size);
	RUN(an_act_that_another_vault_is_ending_gives_no_document);
	RUN(a_code_is_good_for_one_document_at_both);
	RUN(an_epoch_is_closed_once_and_at_its_last_tree);
	other_kill();
	vault_client_free(&there);
	fixture_close();
	return tap_done();
}
