/* SPDX-License-Identifier: MPL-2.0 */
/* The vault, through its client: sessions, quotas, looks, possible duplicates; and what is durable when. */
#include "vault_office.h"

#include <sys/mman.h>

#include "base/clock.h"
#include "codec/cbor.h"
#include "crypto/crypto.h"
#include "linkage/compare.h"

/* ── sessions ── */

TEST(signs_in_and_out)
{
	struct vault_session s = {0}, again = {0};
	eq_int(vault_login(client, bytes_str("sok.visal"), bytes_str(PASSPHRASE), &s, NULL, NULL), RC_OK);
	eq_str(s.staff.name, "sok.visal");
	eq_int(s.staff.role, ROLE_COMMUNE_OFFICIAL);
	eq_str(s.staff.scope, COMMUNE);
	eq_str(s.staff.display_latin, "Sok Visal");
	ok(s.expires_at > clock_now_us() + 7LL * 3600 * 1000000);
	eq_int(vault_session(client, token_of(&s), &again, NULL), RC_OK);
	ok(id_equal(s.staff.id, again.staff.id));
	eq_int(vault_logout(client, token_of(&s), NULL), RC_OK);
	eq_int(vault_session(client, token_of(&s), &again, NULL), RC_UNAUTHENTICATED);
	s.token[3] ^= 1;
	eq_int(vault_session(client, token_of(&s), &again, NULL), RC_UNAUTHENTICATED);
	eq_int(vault_session(client, BYTES_NONE, &again, NULL), RC_UNAUTHENTICATED);
}

TEST(wrong_passphrases_and_unknown_names_are_the_same_and_slow_down)
{
	struct vault_session s;
	unsigned retry = 0;
	struct err unknown = ERR_NONE, wrong = ERR_NONE;
	int64_t t0 = clock_monotonic_us();
	eq_int(vault_login(client, bytes_str("nobody.here"), bytes_str("wrong-one"), &s, NULL, &unknown), RC_CREDENTIALS);
	int64_t t1 = clock_monotonic_us();
	eq_int(vault_login(client, bytes_str("throttled"), bytes_str("wrong-one"), &s, NULL, &wrong), RC_CREDENTIALS);
	int64_t t2 = clock_monotonic_us();
	eq_str(unknown.text, wrong.text);
	/* Loose: the machine is shared. Without the dummy the first would take no time at all. */
	ok((t1 - t0) * 5 > t2 - t1);
	eq_int(vault_login(client, bytes_str("throttled"), bytes_str("wrong-one"), &s, NULL, NULL), RC_CREDENTIALS);
	eq_int(vault_login(client, bytes_str("throttled"), bytes_str("wrong-one"), &s, NULL, NULL), RC_CREDENTIALS);
	eq_int(vault_login(client, bytes_str("throttled"), bytes_str(PASSPHRASE), &s, &retry, NULL), RC_THROTTLED);
	ok(retry >= 1);
}

/* Names that would take the very places of this one, if a name's place were the hash of it alone. */
TEST(nobody_crowds_out_an_accounts_failures)
{
	enum { PLACES = 1024, NEIGHBOURS = 8 };
	struct vault_session s;
	uint8_t hash[HASH_SIZE];
	uint32_t place, at;
	char name[32];
	unsigned crowd = 0;
	sha256(bytes_str("guessed"), hash);
	memcpy(&place, hash, sizeof place);
	for (int i = 0; i < 3; i++)
		eq_int(vault_login(client, bytes_str("guessed"), bytes_str("wrong-one"), &s, NULL, NULL), RC_CREDENTIALS);
	usleep(1100000);
	eq_int(vault_login(client, bytes_str("guessed"), bytes_str("wrong-one"), &s, NULL, NULL), RC_CREDENTIALS);
	/* The wait grows to 16 s: the neighbours' passphrases take a busy machine some seconds. */
	for (unsigned wait_s = 2; wait_s <= 8; wait_s *= 2) {
		usleep(wait_s * 1000000 + 100000);
		eq_int(vault_login(client, bytes_str("guessed"), bytes_str("wrong-one"), &s, NULL, NULL), RC_CREDENTIALS);
	}
	for (unsigned i = 0; crowd < NEIGHBOURS; i++) {
		snprintf(name, sizeof name, "crowd%u", i);
		sha256(bytes_str(name), hash);
		memcpy(&at, hash, sizeof at);
		if (at % PLACES != place % PLACES)
			continue;
		eq_int(vault_login(client, bytes_str(name), bytes_str("wrong-one"), &s, NULL, NULL), RC_CREDENTIALS);
		crowd++;
	}
	eq_int(vault_login(client, bytes_str("guessed"), bytes_str(PASSPHRASE), &s, NULL, NULL), RC_THROTTLED);
	fixture_restart();
	eq_int(vault_login(client, bytes_str("guessed"), bytes_str(PASSPHRASE), &s, NULL, NULL), RC_THROTTLED);
}

TEST(the_loop_goes_on_while_a_passphrase_is_checked)
{
	struct vault_client *second = vault_client_new(fixture_ends[1][0]);
	pid_t pid = fork();
	if (pid == 0) {
		struct vault_session s;
		vault_client_set_timeout(second, 20000);
		_exit(vault_login(second, bytes_str("chan.dara"), bytes_str(PASSPHRASE), &s, NULL, NULL) != RC_OK);
	}
	int status = -1, answered = 0;
	while (waitpid(pid, &status, WNOHANG) == 0)
		answered += vault_ping(client, NULL, NULL) == RC_OK;
	eq_int(status, 0);
	ok(answered > 10);
	vault_client_free(&second);
}

TEST(a_disabled_account_ends_at_once)
{
	struct vault_session s = sign_in("leaver");
	eq_int(vault_session(client, token_of(&s), &s, NULL), RC_OK);
	eq_int(vault_staff_disable(fixture_dir, "leaver", NULL), RC_OK);
	eq_int(vault_session(client, token_of(&s), &s, NULL), RC_UNAUTHENTICATED);
	eq_int(vault_login(client, bytes_str("leaver"), bytes_str(PASSPHRASE), &s, NULL, NULL), RC_CREDENTIALS);
	eq_int(vault_staff_disable(fixture_dir, "leaver", NULL), RC_NOT_FOUND);
}

/* ── quotas, fuse, looks ── */

TEST(a_daily_quota_ends_the_day)
{
	struct vault_open_item items[VAULT_ITEMS_MAX];
	struct bytes plain[VAULT_ITEMS_MAX];
	enum rc rc = RC_OK;
	size_t opened = 0;
	for (size_t i = 0; i < VAULT_ITEMS_MAX; i++)
		items[i] = declare_as(token_of(&clerk), COMMUNE, "x");
	while (rc == RC_OK && opened < 1000) {
		rc = vault_open(client, token_of(&clerk), PURPOSE_CASE_WORK, items, VAULT_ITEMS_MAX, memory, plain, NULL);
		opened += rc == RC_OK ? VAULT_ITEMS_MAX : 0;
	}
	eq_int(rc, RC_QUOTA);
	eq_int(opened, 296);
	/* Neither a new session nor a new process gives another. */
	struct vault_session again = sign_in("clerk");
	eq_int(open_one(&again, PURPOSE_CASE_WORK, items, plain), RC_QUOTA);
	fixture_restart();
	eq_int(open_one(&clerk, PURPOSE_CASE_WORK, items, plain), RC_QUOTA);
}

TEST(the_fuse_blows_and_stays_blown)
{
	struct vault_open_item item = declare(COMMUNE, "x");
	struct vault_fuse fuse;
	struct bytes plain;
	eq_int(vault_fuse_reset(fixture_dir, 3, NULL), RC_OK);
	for (int i = 0; i < 3; i++)
		eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_OK);
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_QUOTA);
	eq_int(vault_fuse_get(fixture_dir, &fuse, NULL), RC_OK);
	ok(fuse.blown);
	fixture_restart();
	eq_int(open_one(&registrar, PURPOSE_CASE_WORK, &item, &plain), RC_QUOTA);
	eq_int(vault_fuse_reset(fixture_dir, 100000, NULL), RC_OK);
	eq_int(open_one(&registrar, PURPOSE_CASE_WORK, &item, &plain), RC_OK);
	eq_int(looks_at(item.as.person), 4);
}

TEST(looks_tell_who_and_why)
{
	struct vault_open_item item = declare(COMMUNE, "x");
	struct vault_look *looks;
	struct bytes plain;
	size_t n = 0;
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_OK);
	eq_int(open_one(&registrar, PURPOSE_REGISTRATION, &item, &plain), RC_OK);
	eq_int(vault_looks(client, token_of(&registrar), item.as.person, 0, 10, memory, &looks, &n, NULL), RC_OK);
	eq_int(n, 3);
	eq_int(looks[1].no, 2);
	ok(id_equal(looks[1].staff, registrar.staff.id));
	eq_int(looks[1].purpose, PURPOSE_REGISTRATION);
	eq_int(looks[1].role, ROLE_REGISTRAR);
	eq_int(looks[1].kind, KIND_CASE);
	eq_str(looks[0].scope, COMMUNE);
	eq_str(looks[0].display_native, "សុខ វិសាល");
	ok(id_equal(looks[0].object, item.as.object));
	/* Reading the list stands in it, once for all its pages. */
	eq_int(vault_looks(client, token_of(&registrar), item.as.person, 1, 10, memory, &looks, &n, NULL), RC_OK);
	eq_int(n, 2);
	eq_int(looks[1].kind, KIND_LOOKS);
	eq_int(looks[1].purpose, PURPOSE_COUNTER_SERVICE);
	ok(id_equal(looks[1].staff, registrar.staff.id));
	eq_int(vault_looks(client, token_of(&official), item.as.person, 0, 10, memory, &looks, &n, NULL), RC_OK);
	eq_int(n, 4);
	/* Not by another office, which is not told either whether there is such a person. */
	eq_int(vault_looks(client, token_of(&other), item.as.person, 0, 10, memory, &looks, &n, NULL), RC_FORBIDDEN);
	eq_int(vault_looks(client, token_of(&registrar), id_new(), 0, 10, memory, &looks, &n, NULL), RC_FORBIDDEN);
}

TEST(somebody_is_found_by_the_one_thing_they_bring)
{
	struct vault_open_item item = declare(COMMUNE, "x"), far = declare(FAR_COMMUNE, "y");
	struct vault_number number;
	struct bytes digits;
	struct id found = {{0}};
	eq_int(vault_reserve_number(client, token_of(&registrar), item.as.person, item.as.object, COMMUNE, memory, &number, NULL), RC_OK);
	struct vault_open_item sealed = {{KIND_NUMBER, item.as.object, item.as.person, 1, 0}, number.sealed};
	eq_int(vault_open(client, token_of(&registrar), PURPOSE_REGISTRATION, &sealed, 1, memory, &digits, NULL), RC_OK);
	size_t before = looks_at(item.as.person);
	eq_int(vault_find(client, token_of(&official), VAULT_FIND_NUMBER, digits, &found, NULL), RC_OK);
	ok(id_equal(found, item.as.person));
	eq_int(vault_find(client, token_of(&auditor), VAULT_FIND_NUMBER, digits, &found, NULL), RC_OK);
	/* Nothing was opened. */
	eq_int(looks_at(item.as.person), before);
	/* Another office's, nobody's, and what is no number at all are answered alike. */
	eq_int(vault_find(client, token_of(&other), VAULT_FIND_NUMBER, digits, &found, NULL), RC_NOT_FOUND);
	eq_int(vault_find(client, token_of(&official), VAULT_FIND_NUMBER, bytes_str("2595750249"), &found, NULL), RC_NOT_FOUND);
	eq_int(vault_find(client, token_of(&official), VAULT_FIND_NUMBER, bytes_str("25957"), &found, NULL), RC_NOT_FOUND);
	eq_int(vault_find(client, token_of(&official), VAULT_FIND_DOCUMENT, bytes_str("1234567"), &found, NULL), RC_NOT_FOUND);
	eq_int(vault_find(client, token_of(&official), VAULT_FIND_PERSON, id_bytes(&far.as.person), &found, NULL), RC_NOT_FOUND);
	eq_int(vault_find(client, token_of(&official), VAULT_FIND_PERSON, BYTES_NONE, &found, NULL), RC_NOT_FOUND);
	eq_int(vault_find(client, token_of(&official), VAULT_FIND_PERSON, id_bytes(&item.as.person), &found, NULL), RC_OK);
	/* Who serves nobody at a counter finds nobody. */
	eq_int(vault_find(client, token_of(&clerk), VAULT_FIND_NUMBER, digits, &found, NULL), RC_FORBIDDEN);
	eq_int(vault_find(client, token_of(&verifier), VAULT_FIND_NUMBER, digits, &found, NULL), RC_FORBIDDEN);
	eq_int(vault_find(client, token_of(&administrator), VAULT_FIND_NUMBER, digits, &found, NULL), RC_FORBIDDEN);
	eq_int(vault_find(client, BYTES_NONE, VAULT_FIND_NUMBER, digits, &found, NULL), RC_UNAUTHENTICATED);
}

TEST(guessing_numbers_ends_soon)
{
	struct id found;
	enum rc rc = RC_NOT_FOUND;
	size_t n = 0;
	while (rc == RC_NOT_FOUND && n++ < 1000)
		rc = vault_find(client, token_of(&other), VAULT_FIND_NUMBER, bytes_str("2595750249"), &found, NULL);
	eq_int(rc, RC_QUOTA);
	ok(n > 250 && n <= 301);
}

static const struct vault_account *account_of(const char *name)
{
	struct vault_account *all;
	size_t n = 0;
	if (vault_accounts(client, token_of(&administrator), "", 100, memory, &all, &n, NULL) != RC_OK)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].staff.name, name) == 0)
			return &all[i];
	return NULL;
}

TEST(an_administrator_takes_away_and_gives_nothing)
{
	struct vault_account *accounts;
	struct vault_account_line *lines;
	struct vault_session goer = sign_in("goer"), again;
	size_t n = 0;
	eq_int(vault_accounts(client, token_of(&administrator), "registrar", 100, memory, &accounts, &n, NULL), RC_OK);
	ok(n > 0 && strcmp(accounts[0].staff.name, "registrar") > 0);
	const struct vault_account *a = account_of("goer");
	ok(a && a->active && a->sessions == 1 && a->used > 0);
	/* For nobody else. */
	eq_int(vault_accounts(client, token_of(&registrar), "", 100, memory, &accounts, &n, NULL), RC_FORBIDDEN);
	eq_int(vault_accounts(client, token_of(&auditor), "", 100, memory, &accounts, &n, NULL), RC_FORBIDDEN);
	eq_int(vault_account_end(client, token_of(&registrar), goer.staff.id, ACCOUNT_CLOSED, NULL), RC_FORBIDDEN);
	eq_int(vault_account_log(client, token_of(&registrar), 0, 100, memory, &lines, &n, NULL), RC_FORBIDDEN);
	/* Not one's own: somebody has to be left. Not by making one. */
	eq_int(vault_account_end(client, token_of(&administrator), administrator.staff.id, ACCOUNT_CLOSED, NULL), RC_STATE);
	eq_int(vault_account_end(client, token_of(&administrator), goer.staff.id, ACCOUNT_MADE, NULL), RC_BAD_REQUEST);
	eq_int(vault_account_end(client, token_of(&administrator), id_new(), ACCOUNT_CLOSED, NULL), RC_NOT_FOUND);

	eq_int(vault_account_end(client, token_of(&administrator), goer.staff.id, ACCOUNT_SIGNED_OUT, NULL), RC_OK);
	eq_int(vault_session(client, token_of(&goer), &again, NULL), RC_UNAUTHENTICATED);
	goer = sign_in("goer");
	eq_int(vault_account_end(client, token_of(&administrator), goer.staff.id, ACCOUNT_CLOSED, NULL), RC_OK);
	eq_int(vault_session(client, token_of(&goer), &again, NULL), RC_UNAUTHENTICATED);
	eq_int(vault_login(client, bytes_str("goer"), bytes_str(PASSPHRASE), &again, NULL, NULL), RC_CREDENTIALS);
	a = account_of("goer");
	ok(a && !a->active && a->sessions == 0 && a->used == 0);

	/* Again: nothing more, in the log neither, which tells what was done at the machine as well. */
	eq_int(vault_account_end(client, token_of(&administrator), goer.staff.id, ACCOUNT_CLOSED, NULL), RC_OK);
	eq_int(vault_account_log(client, token_of(&auditor), 0, 2, memory, &lines, &n, NULL), RC_OK);
	eq_int(n, 2);
	eq_int(lines[0].what, ACCOUNT_CLOSED);
	eq_int(lines[1].what, ACCOUNT_SIGNED_OUT);
	eq_str(lines[0].by_name, "administrator");
	eq_str(lines[0].name, "goer");
	eq_int(vault_account_log(client, token_of(&auditor), lines[1].no, 100, memory, &lines, &n, NULL), RC_OK);
	ok(n > 5 && lines[0].what == ACCOUNT_CLOSED && lines[0].at_machine && lines[n - 1].what == ACCOUNT_MADE);
	fixture_restart();
	eq_int(vault_session(client, token_of(&goer), &again, NULL), RC_UNAUTHENTICATED);
}

TEST(looks_are_not_read_without_end)
{
	struct vault_look *looks;
	size_t n = 0, read = 0;
	enum rc rc = RC_OK;
	while (rc == RC_OK && read < 1000) {
		struct vault_open_item item = declare(COMMUNE, "x");
		rc = vault_looks(client, token_of(&official), item.as.person, 0, 10, memory, &looks, &n, NULL);
		read += rc == RC_OK;
	}
	eq_int(rc, RC_QUOTA);
	ok(read > 250 && read <= 300);
}

/* Someone opens as fast as they can while the vault is killed; a look is never missing. */
TEST(a_look_is_durable_before_anything_is_released)
{
	struct vault_open_item item = declare(COMMUNE, "x");
	volatile unsigned *released = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	size_t looks = 0;
	for (int round = 0; round < 5; round++) {
		fflush(stdout);
		pid_t pid = fork();
		if (pid == 0) {
			struct vault_client *c = vault_client_new(fixture_ends[1][0]);
			struct arena *a = arena_new(64 << 20);
			struct bytes plain;
			vault_client_set_timeout(c, 500);
			while (vault_open(c, token_of(&registrar), PURPOSE_CASE_WORK, &item, 1, a, &plain, NULL) == RC_OK)
				(*released)++;
			_exit(0);
		}
		usleep((useconds_t)(20000 + 7919 * round));
		fixture_kill();
		waitpid(pid, NULL, 0);
		fixture_start();
		looks = looks_at(item.as.person);
		ok(looks != SIZE_MAX && looks >= *released);
	}
	printf("# %u released, %zu looks\n", *released, looks);
	ok(*released > 0);
	munmap((void *)(uintptr_t)released, 4096);
}

TEST(a_new_vault_knows_the_sessions_and_is_asked_again)
{
	struct vault_open_item item = declare(COMMUNE, "x");
	struct bytes plain;
	fixture_kill();
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		usleep(200000);
		_exit(0);
	}
	/* Nobody is there when the request is sent; whoever comes then finds it and greets. */
	waitpid(pid, NULL, 0);
	fixture_start();
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_OK);
	fixture_kill();
	vault_client_set_timeout(client, 200);
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_VAULT_DOWN);
	vault_client_set_timeout(client, 20000);
	fixture_start();
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_OK);
}

/* ── possible duplicates ── */

static struct bytes index_record(const char *child)
{
	static const char *const mother = "ស៊ឹម សុភា";
	struct buf b = BUF_INIT(2048);
	cbor_put_map(&b, 8);
	for (uint64_t key = 1; key <= 8; key++) {
		cbor_put_uint(&b, key);
		cbor_put_str(&b, key == 1 ? child : key == 2 ? "CHAN DARA" : key == 3 ? "2026-11-02" : key == 4 ? mother
			       : key == 5 ? "SIM SOPHEA" : key == 6 ? "1998-03-02" : key == 7 ? "m" : "120101");
	}
	struct bytes copy = arena_copy(memory, buf_bytes(&b));
	buf_release(&b);
	return copy;
}

static struct vault_open_item index_of(const char *scope)
{
	struct id case_id = id_new();
	struct vault_seal_item item = item_of(KIND_INDEX, case_id, id_new(), case_id, scope, "");
	struct bytes sealed = BYTES_NONE;
	item.plaintext = index_record("ចាន់ ដារ៉ា");
	if (vault_seal(client, BYTES_NONE, bytes_str(SECRET), &item, 1, memory, &sealed, NULL) != RC_OK)
		fixture_die("cannot seal an index record");
	return (struct vault_open_item){.as = item.as, .sealed = sealed};
}

TEST(candidates_may_be_opened_after_the_matcher_named_them)
{
	struct vault_open_item known = index_of("khm/13/1301/130101"), asked = index_of(COMMUNE);
	struct vault_feed_item feed = {.position = 1, .person = known.as.person, .object = known.as.object, .version = 1,
				       .sealed = known.sealed};
	struct vault_candidates found = {0};
	struct bytes plain;
	uint64_t position = 0;
	struct err e = ERR_NONE;
	eq_int(open_one(&verifier, PURPOSE_DUPLICATES, &known, &plain), RC_FORBIDDEN);
	eq_int(vault_index_feed(client, 0, &feed, 1, &position, &e), RC_OK);
	eq_int(position, 1);
	eq_int(vault_index_feed(client, 1, NULL, 0, &position, &e), RC_OK);
	eq_int(position, 1);
	eq_int(looks_at(known.as.person), 0);
	eq_int(vault_candidates(client, token_of(&verifier), &asked, &found, &e), RC_OK);
	eq_int(found.n, 1);
	eq_int(found.position, 1);
	/* Asking is a look at whom was asked about. */
	eq_int(looks_at(asked.as.person), 1);
	ok(found.n && id_equal(found.items[0].person, known.as.person) && id_equal(found.items[0].object, known.as.object));
	eq_int(found.items[0].kind, LINKAGE_EXACT);
	eq_int(looks_at(known.as.person), 0);
	/* Only this session, only this person; and it is a look. */
	eq_int(open_one(&registrar, PURPOSE_DUPLICATES, &known, &plain), RC_FORBIDDEN);
	eq_int(open_one(&verifier, PURPOSE_DUPLICATES, &asked, &plain), RC_FORBIDDEN);
	eq_int(open_one(&verifier, PURPOSE_DUPLICATES, &known, &plain), RC_OK);
	ok(bytes_equal(plain, index_record("ចាន់ ដារ៉ា")));
	eq_int(looks_at(known.as.person), 1);
	eq_int(vault_candidates(client, token_of(&clerk), &asked, &found, NULL), RC_FORBIDDEN);
	eq_int(vault_candidates(client, token_of(&other), &asked, &found, NULL), RC_FORBIDDEN);
}

TEST(asking_for_duplicates_is_for_a_case_of_the_office_and_counted)
{
	struct vault_open_item asked = index_of(COMMUNE), invented, elsewhere = index_of(FAR_COMMUNE);
	struct vault_candidates found;
	/* A record under the person's key that is not their case's. */
	struct vault_seal_item item = item_of(KIND_INDEX, id_new(), asked.as.person, asked.as.object, COMMUNE, "");
	item.plaintext = index_record("ចាន់ ដារ៉ា");
	invented.as = item.as;
	eq_int(vault_seal(client, token_of(&verifier), BYTES_NONE, &item, 1, memory, &invented.sealed, NULL), RC_OK);
	eq_int(vault_candidates(client, token_of(&verifier), &invented, &found, NULL), RC_FORBIDDEN);
	eq_int(vault_candidates(client, token_of(&verifier), &elsewhere, &found, NULL), RC_FORBIDDEN);
	eq_int(looks_at(asked.as.person), 0);
	enum rc rc = RC_OK;
	size_t n = 0;
	while (rc == RC_OK && n < 2100) {
		rc = vault_candidates(client, token_of(&official), &asked, &found, NULL);
		n += rc == RC_OK;
	}
	eq_int(rc, RC_QUOTA);
	ok(n > 1900 && n <= 2000);
}

TEST(without_its_matcher_the_vault_says_so)
{
	struct vault_open_item asked = index_of(COMMUNE);
	struct vault_candidates found;
	kill(fixture_matcher_pid, SIGKILL);
	waitpid(fixture_matcher_pid, NULL, 0);
	fixture_matcher_pid = -1;
	eq_int(vault_candidates(client, token_of(&verifier), &asked, &found, NULL), RC_MATCHER_DOWN);
	/* and goes on with everything else */
	struct vault_open_item item = declare(COMMUNE, "x");
	struct bytes plain;
	eq_int(open_one(&official, PURPOSE_CASE_WORK, &item, &plain), RC_OK);
}

int main(void)
{
	office_open();
	RUN(signs_in_and_out);
	RUN(wrong_passphrases_and_unknown_names_are_the_same_and_slow_down);
	RUN(nobody_crowds_out_an_accounts_failures);
	RUN(the_loop_goes_on_while_a_passphrase_is_checked);
	RUN(a_disabled_account_ends_at_once);
	RUN(looks_tell_who_and_why);
	RUN(candidates_may_be_opened_after_the_matcher_named_them);
	RUN(asking_for_duplicates_is_for_a_case_of_the_office_and_counted);
	RUN(without_its_matcher_the_vault_says_so);
	RUN(somebody_is_found_by_the_one_thing_they_bring);
	RUN(guessing_numbers_ends_soon);
	RUN(an_administrator_takes_away_and_gives_nothing);
	RUN(looks_are_not_read_without_end);
	RUN(a_daily_quota_ends_the_day);
	RUN(the_fuse_blows_and_stays_blown);
	RUN(a_look_is_durable_before_anything_is_released);
	RUN(a_new_vault_knows_the_sessions_and_is_asked_again);
	fixture_close();
	return tap_done();
}
