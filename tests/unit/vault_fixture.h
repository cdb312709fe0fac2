/* SPDX-License-Identifier: MPL-2.0 */
/* A vault in a process of its own, on a folder of its own, as the tests of this room need it. */
#ifndef CIVIS_TESTS_VAULT_FIXTURE_H
#define CIVIS_TESTS_VAULT_FIXTURE_H

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "matcher/process.h"
#include "process/channel.h"
#include "server_fixture.h"
#include "tap.h"
#include "vault/admin.h"
#include "vault/client.h"
#include "vault/process.h"

enum { FIXTURE_CHANNELS = 3 };

#define PASSPHRASE "krama-and-thanaka"

static char fixture_dir[64], fixture_database[32], fixture_url_text[256];
static int fixture_ends[FIXTURE_CHANNELS][2];
static int fixture_matcher[2] = {-1, -1};
static pid_t fixture_vault = -1, fixture_matcher_pid = -1;
static struct vault_client *client;
static struct arena *memory;

static inline void fixture_die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

#define FIXTURE_HOUR_US (3600LL * 1000000)

static int64_t fixture_behind;

static inline int64_t fixture_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000 - fixture_behind;
}

/* Quotas are counted by the day of UTC and the fuse by its hour: neither ends while a test runs. Its vaults, which are
   children of it, have the same clock. */
static inline void fixture_clock(void)
{
	fixture_behind = clock_now_us() % FIXTURE_HOUR_US > FIXTURE_HOUR_US / 2 ? FIXTURE_HOUR_US / 2 : 0;
	clock_set_source(fixture_now);
}

static inline void fixture_start(void)
{
	fflush(stdout);
	fixture_vault = fork();
	if (fixture_vault == 0) {
		int fds[FIXTURE_CHANNELS];
		for (int i = 0; i < FIXTURE_CHANNELS; i++)
			fds[i] = fixture_ends[i][1];
		int dir = open(fixture_dir, O_RDONLY | O_DIRECTORY);
		_exit(vault_main(dir, fds, FIXTURE_CHANNELS, fixture_matcher[0], -1));
	}
}

static inline void fixture_kill(void)
{
	kill(fixture_vault, SIGKILL);
	waitpid(fixture_vault, NULL, 0);
}

/* The supervisor's part: both ends of each channel stay open here, so that a new vault finds them. */
static inline void fixture_restart(void)
{
	fixture_kill();
	fixture_start();
}

static inline void fixture_start_matcher(void)
{
	if (channel_pair(fixture_matcher, NULL) != RC_OK)
		fixture_die("no channel");
	fflush(stdout);
	fixture_matcher_pid = fork();
	if (fixture_matcher_pid == 0) {
		if (matcher_prepare(NULL) != RC_OK)
			_exit(2);
		_exit(matcher_main(fixture_matcher[1], -1, 0));
	}
}

static inline void fixture_staff(const char *name, enum role role, const char *scope, uint32_t factor)
{
	struct vault_staff_new in = {.name = name, .display_native = "សុខ វិសាល", .display_latin = "Sok Visal",
				     .role = role, .scope = scope, .quota_factor = factor};
	struct err e = ERR_NONE;
	if (vault_staff_add(fixture_dir, &in, bytes_str(PASSPHRASE), NULL, &e) != RC_OK)
		fixture_die(e.text);
}

/* Changes what is stored past the vault. False: refused, or nothing was changed. */
static inline bool fixture_change(const char *sql)
{
	char file[128];
	sqlite3 *db = NULL;
	if (fixture_server())
		return fixture_sql("civis_vault_owner", fixture_database, sql);
	snprintf(file, sizeof file, "%s/vault.db", fixture_dir);
	bool good = sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK && sqlite3_busy_timeout(db, 2000) == SQLITE_OK &&
	            sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK && sqlite3_total_changes(db) > 0;
	sqlite3_close(db);
	return good;
}

/* The address of a new database with today's tables. */
static inline const char *fixture_make_database(void)
{
	static int made;
	char sql[128], owner[256];
	struct err e = ERR_NONE;
	snprintf(fixture_database, sizeof fixture_database, "vault_%d_%d", (int)getpid(), ++made);
	snprintf(sql, sizeof sql, "CREATE DATABASE %s OWNER civis_vault_owner", fixture_database);
	fixture_url("civis_vault_owner", fixture_database, owner);
	fixture_url("civis_vault", fixture_database, fixture_url_text);
	if (!fixture_sql("postgres", "postgres", sql) || vault_store_migrate(owner, fixture_url_text, clock_now_us(), &e) != RC_OK)
		fixture_die(e.text);
	return fixture_url_text;
}

static inline void fixture_open(bool matcher)
{
	struct err e = ERR_NONE;
	struct vault_init init = {.issuer = "khm", .log_name = "civis.example/khm",
				  .store = fixture_server() ? fixture_make_database() : NULL};
	fixture_clock();
	snprintf(fixture_dir, sizeof fixture_dir, "/tmp/civis-vault-XXXXXX");
	if (!mkdtemp(fixture_dir) || vault_store_init(fixture_dir, &init, &e) != RC_OK)
		fixture_die(e.text);
	for (int i = 0; i < FIXTURE_CHANNELS; i++)
		if (channel_pair(fixture_ends[i], &e) != RC_OK)
			fixture_die(e.text);
	if (matcher)
		fixture_start_matcher();
	memory = arena_new(64 << 20);
	client = vault_client_new(fixture_ends[0][0]);
	if (!memory || !client)
		fixture_die("no memory");
	vault_client_set_timeout(client, 20000);
}

static inline void fixture_close(void)
{
	char command[128];
	fixture_kill();
	if (fixture_matcher_pid > 0) {
		kill(fixture_matcher_pid, SIGKILL);
		waitpid(fixture_matcher_pid, NULL, 0);
	}
	vault_client_free(&client);
	arena_free(&memory);
	snprintf(command, sizeof command, "rm -rf '%s'", fixture_dir);
	if (system(command) != 0)
		printf("# %s stays\n", fixture_dir);
}

#endif
