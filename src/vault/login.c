/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/login.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "base/text.h"

enum { FREE_FAILURES = 3, LONGEST_WAIT_S = 900 };

/* ── the threads ── */

static struct login_job *oldest(struct login *l, int state)
{
	struct login_job *found = NULL;
	for (size_t i = 0; i < LOGIN_JOBS; i++)
		if ((int)l->job[i].state == state && (!found || l->job[i].order < found->order))
			found = &l->job[i];
	return found;
}

static void *work(void *ctx)
{
	struct login *l = ctx;
	pthread_mutex_lock(&l->lock);
	while (!l->ending) {
		struct login_job *job = oldest(l, JOB_WAITING);
		if (!job) {
			pthread_cond_wait(&l->wake, &l->lock);
			continue;
		}
		job->state = JOB_RUNNING;
		pthread_mutex_unlock(&l->lock);
		/* The same work whether the name exists or not. */
		enum rc rc = passphrase_verify(job->encoded, bytes_of(job->passphrase, job->passphrase_len));
		wipe(job->passphrase, sizeof job->passphrase);
		pthread_mutex_lock(&l->lock);
		job->rc = job->known ? rc : RC_CREDENTIALS;
		job->state = JOB_DONE;
		/* A full pipe wakes the loop as well. */
		while (write(l->pipe[1], "", 1) < 0 && errno == EINTR)
			;
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

static enum rc start_threads(struct login *l, struct err *e)
{
	/* Signals belong to the loop. */
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (l->threads < LOGIN_THREADS && pthread_create(&l->thread[l->threads], NULL, work, l) == 0)
		l->threads++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return l->threads ? RC_OK : err_set(e, RC_INTERNAL, "login", "No thread can be started");
}

enum rc login_init(struct login *l, const char *dummy, struct err *e)
{
	memset(l, 0, sizeof *l);
	l->pipe[0] = l->pipe[1] = -1;
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->wake, NULL);
	snprintf(l->dummy, sizeof l->dummy, "%s", dummy);
	random_bytes(l->name_key, sizeof l->name_key);
	enum rc rc = RC_OK;
	if (pipe2(l->pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		rc = err_set(e, RC_IO, "login", "No pipe can be made");
	if (rc == RC_OK)
		rc = start_threads(l, e);
	if (rc != RC_OK)
		login_release(l);
	return rc;
}

void login_release(struct login *l)
{
	pthread_mutex_lock(&l->lock);
	l->ending = true;
	pthread_cond_broadcast(&l->wake);
	pthread_mutex_unlock(&l->lock);
	for (size_t i = 0; i < l->threads; i++)
		pthread_join(l->thread[i], NULL);
	for (int i = 0; i < 2; i++)
		if (l->pipe[i] >= 0)
			close(l->pipe[i]);
	pthread_cond_destroy(&l->wake);
	pthread_mutex_destroy(&l->lock);
	wipe(l, sizeof *l);
}

int login_fd(const struct login *l)
{
	return l->pipe[0];
}

/* ── slowing by name ── */

/* The name's record, or the one that was quiet the longest among its neighbours. NULL: all of them have to wait. */
static struct login_name *name_record(struct login *l, const uint8_t hash[static HASH_SIZE])
{
	enum { NEIGHBOURS = 8 };
	uint32_t h;
	memcpy(&h, hash, sizeof h);
	struct login_name *victim = NULL;
	int64_t now = clock_now_us();
	for (uint32_t i = 0; i < NEIGHBOURS; i++) {
		struct login_name *n = &l->name[(h + i) % LOGIN_NAMES];
		if (memcmp(n->name_hash, hash, HASH_SIZE) == 0)
			return n;
		if (n->wait_until <= now && (!victim || n->last < victim->last))
			victim = n;
	}
	if (!victim)
		return NULL;
	*victim = (struct login_name){0};
	memcpy(victim->name_hash, hash, HASH_SIZE);
	return victim;
}

/* An account's record out of vault.db. The zero id reads like one, so that a name without an account takes as long. */
static enum rc account_record(struct vault_db *db, const struct id *staff, struct login_name *ret, struct err *e)
{
	struct query s = vdb_query(db, VSQL_failure_get);
	query_id(&s, *staff);
	*ret = (struct login_name){0};
	if (query_row(&s)) {
		ret->failures = (unsigned)query_col_int(&s, 0);
		ret->wait_until = query_col_int(&s, 1);
	}
	return query_close(&s, NULL, e);
}

static enum rc account_note(struct vault_db *db, const struct id *staff, const struct login_name *n, struct err *e)
{
	struct query s = vdb_query(db, VSQL_failure_put);
	query_id(&s, *staff);
	query_int(&s, n->failures);
	query_int(&s, n->wait_until);
	return vdb_run(db, &s, e);
}

static void add_failure(struct login_name *n, int64_t now)
{
	n->last = now;
	if (n->failures < UINT16_MAX)
		n->failures++;
	if (n->failures < FREE_FAILURES)
		return;
	unsigned doublings = n->failures - FREE_FAILURES;
	int64_t wait = doublings > 9 ? LONGEST_WAIT_S : 1LL << doublings;
	n->wait_until = now + (wait > LONGEST_WAIT_S ? LONGEST_WAIT_S : wait) * 1000000;
}

/* Both kinds of names are read and written alike: how long it takes tells nothing. */
static enum rc note_result(struct login *l, struct vault_db *db, const struct login_job *job, struct err *e)
{
	static const struct id nobody;
	const struct id *account = job->known ? &job->staff.id : &nobody;
	struct login_name stored, *n = job->known ? NULL : name_record(l, job->name_hash);
	int64_t now = clock_now_us();
	enum rc rc = account_record(db, account, &stored, e);
	if (rc != RC_OK)
		return rc;
	if (n)
		add_failure(n, now);
	if (job->rc == RC_OK && stored.failures == 0)
		return RC_OK;
	if (job->rc == RC_OK)
		stored = (struct login_name){0};
	else
		add_failure(&stored, now);
	return account_note(db, account, &stored, e);
}

/* ── the loop's side ── */

static enum rc fill_job(struct login *l, struct vault_db *db, struct bytes name, struct login_job *job, struct err *e)
{
	bool active = false;
	enum rc rc = RC_NOT_FOUND;
	if (name.len >= 1 && name.len <= VAULT_NAME_MAX && utf8_is_valid(name))
		rc = vault_staff_by_name(db, name, &job->staff, &job->quota_factor, &active, job->encoded, e);
	job->known = rc == RC_OK && active;
	if (!job->known)
		memcpy(job->encoded, l->dummy, sizeof job->encoded);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* How long this name has to wait yet, µs. */
static enum rc wait_of(struct login *l, struct vault_db *db, struct bytes name, const uint8_t hash[static HASH_SIZE],
		       int64_t *ret, struct err *e)
{
	static const struct id nobody;
	struct vault_staff staff;
	struct login_name stored;
	uint32_t factor;
	bool active = false;
	char pass[PASSPHRASE_HASH_SIZE];
	enum rc rc = RC_NOT_FOUND;
	if (name.len >= 1 && name.len <= VAULT_NAME_MAX && utf8_is_valid(name))
		rc = vault_staff_by_name(db, name, &staff, &factor, &active, pass, e);
	bool known = rc == RC_OK && active;
	wipe(pass, sizeof pass);
	if (rc == RC_OK || rc == RC_NOT_FOUND)
		rc = account_record(db, known ? &staff.id : &nobody, &stored, e);
	if (rc != RC_OK)
		return rc;
	const struct login_name *n = known ? &stored : name_record(l, hash);
	/* No room among the neighbours: as long as the shortest wait. And a clock that was set back makes nobody wait longer. */
	*ret = n ? n->wait_until - clock_now_us() : 1000000;
	if (*ret > LONGEST_WAIT_S * 1000000LL)
		*ret = LONGEST_WAIT_S * 1000000LL;
	return RC_OK;
}

enum rc login_begin(struct login *l, struct vault_db *db, struct bytes name, struct bytes passphrase, size_t channel,
		    uint64_t request, unsigned *ret_retry_after, struct err *e)
{
	uint8_t hash[HASH_SIZE];
	if (passphrase.len == 0 || passphrase.len > PASSPHRASE_MAX)
		return err_set(e, RC_CREDENTIALS, "passphrase", "The name or the passphrase is wrong");
	hmac_sha256(BYTES_ARRAY(l->name_key), name, hash);
	int64_t wait;
	enum rc rc = wait_of(l, db, name, hash, &wait, e);
	if (rc != RC_OK)
		return rc;
	if (wait > 0) {
		*ret_retry_after = (unsigned)((wait + 999999) / 1000000);
		return err_set(e, RC_THROTTLED, "name", "Too many wrong passphrases for this name");
	}
	pthread_mutex_lock(&l->lock);
	struct login_job *job = oldest(l, JOB_FREE);
	pthread_mutex_unlock(&l->lock);
	if (!job) {
		*ret_retry_after = 1;
		return err_set(e, RC_THROTTLED, "login", "Too many people are signing in at this moment");
	}
	rc = fill_job(l, db, name, job, e);
	if (rc != RC_OK)
		return rc;
	job->channel = channel;
	job->request = request;
	memcpy(job->name_hash, hash, sizeof hash);
	memcpy(job->passphrase, passphrase.ptr, passphrase.len);
	job->passphrase_len = passphrase.len;
	pthread_mutex_lock(&l->lock);
	job->order = ++l->orders;
	job->state = JOB_WAITING;
	pthread_cond_signal(&l->wake);
	pthread_mutex_unlock(&l->lock);
	return RC_OK;
}

struct login_job *login_next_done(struct login *l, struct vault_db *db)
{
	struct err ignored;
	char drained[64];
	while (read(l->pipe[0], drained, sizeof drained) > 0)
		;
	pthread_mutex_lock(&l->lock);
	struct login_job *job = oldest(l, JOB_DONE);
	pthread_mutex_unlock(&l->lock);
	/* A failure that cannot be kept would be one more guess for nothing. */
	enum rc noted = job ? note_result(l, db, job, &ignored) : RC_OK;
	if (noted != RC_OK)
		job->rc = noted;
	return job;
}

void login_free(struct login *l, struct login_job *job)
{
	pthread_mutex_lock(&l->lock);
	wipe(job, sizeof *job);
	pthread_mutex_unlock(&l->lock);
}
