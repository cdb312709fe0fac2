/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Checking passphrases beside the loop: argon2id takes tens of milliseconds and
 * 64 MiB, so two threads do it and tell the loop through a pipe.
 *
 * Guessing is slowed by name: after three failures in a row a name has to wait
 * 1 s, then twice as long each time, to 15 minutes. An account's failures stand
 * in vault.db: nobody can crowd them out, and a new process knows them. Those of
 * names without an account stand in memory, at a place that only this process
 * can tell, and none that has to wait makes room for another. At most two checks
 * run and eight wait; whoever comes then is told to try again.
 */
#ifndef CIVIS_VAULT_LOGIN_H
#define CIVIS_VAULT_LOGIN_H

#include <pthread.h>

#include "vault/sessions.h"

enum { LOGIN_THREADS = 2, LOGIN_JOBS = 10, LOGIN_NAMES = 1024, PASSPHRASE_MAX = 256 };

struct login_job {
	enum { JOB_FREE, JOB_WAITING, JOB_RUNNING, JOB_DONE } state;
	uint64_t order;
	size_t channel;
	uint64_t request;
	bool known;               /* there is such an account, and it is active */
	struct vault_staff staff; /* valid if known */
	uint32_t quota_factor;
	uint8_t name_hash[HASH_SIZE];
	char encoded[PASSPHRASE_HASH_SIZE];
	uint8_t passphrase[PASSPHRASE_MAX];
	size_t passphrase_len;
	enum rc rc;
};

struct login_name {
	uint8_t name_hash[HASH_SIZE];
	unsigned failures;
	int64_t wait_until; /* UTC µs */
	int64_t last;
};

struct login {
	pthread_mutex_t lock; /* guards job states and `ending` */
	pthread_cond_t wake;
	pthread_t thread[LOGIN_THREADS];
	size_t threads;
	bool ending;
	uint64_t orders;
	int pipe[2];
	struct login_job job[LOGIN_JOBS];
	struct login_name name[LOGIN_NAMES]; /* names without an account; the loop's alone */
	uint8_t name_key[HASH_SIZE];         /* of the HMAC that gives a name its place; random */
	char dummy[PASSPHRASE_HASH_SIZE];    /* checked for a name that does not exist */
};

/* Starts the threads. dummy: an encoded hash that no passphrase matches, of the usual cost. */
enum rc login_init(struct login *l, const char *dummy, struct err *e) WARN_UNUSED;
void login_release(struct login *l);
/* For poll(): readable when a job is done. */
int login_fd(const struct login *l);

/*
 * Queues a check. RC_THROTTLED with *ret_retry_after seconds; RC_INVALID for a
 * passphrase that cannot be one.
 */
enum rc login_begin(struct login *l, struct vault_db *db, struct bytes name, struct bytes passphrase, size_t channel,
		    uint64_t request, unsigned *ret_retry_after, struct err *e) WARN_UNUSED;
/* The next job that is done: its rc says whether the passphrase was right, and that is noted (written before the
   answer). Free it with login_free. NULL: none. */
struct login_job *login_next_done(struct login *l, struct vault_db *db);
void login_free(struct login *l, struct login_job *job);

#endif
