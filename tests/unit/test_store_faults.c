/* SPDX-License-Identifier: MPL-2.0 */
/*
 * A disk that fails under the store: full, refusing writes, refusing syncs, and
 * a process that dies in the middle. Nothing that was acknowledged is lost, and
 * nothing that was refused is there.
 */
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "base/log.h"
#include "store/check.h"
#include "store/internal.h"
#include "database/vfs.h"
#include "store_fixture.h"
#include "tap.h"

#define OFFICE "khm/12/1201/120101"

/* ------------------------------------- a file layer that fails when told */

enum fault { FAULT_NONE, FAULT_FULL, FAULT_WRITE, FAULT_SYNC };
static _Atomic int fault;

struct file {
	sqlite3_file base;
	bool wal;
	sqlite3_file *real; /* directly behind this struct */
};

static sqlite3_vfs *real_vfs;
static sqlite3_vfs layer;

#define REAL(f) (((struct file *)(f))->real)
#define CALL(f, method, ...) REAL(f)->pMethods->method(REAL(f), ##__VA_ARGS__)

static int do_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
	int now = atomic_load(&fault);
	if (((struct file *)f)->wal && now == FAULT_FULL)
		return SQLITE_FULL;
	if (((struct file *)f)->wal && now == FAULT_WRITE)
		return SQLITE_IOERR_WRITE;
	return CALL(f, xWrite, p, n, at);
}

static int do_sync(sqlite3_file *f, int flags)
{
	if (((struct file *)f)->wal && atomic_load(&fault) == FAULT_SYNC)
		return SQLITE_IOERR_FSYNC;
	return CALL(f, xSync, flags);
}

static int do_close(sqlite3_file *f) { return CALL(f, xClose); }
static int do_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at) { return CALL(f, xRead, p, n, at); }
static int do_truncate(sqlite3_file *f, sqlite3_int64 n) { return CALL(f, xTruncate, n); }
static int do_size(sqlite3_file *f, sqlite3_int64 *n) { return CALL(f, xFileSize, n); }
static int do_lock(sqlite3_file *f, int level) { return CALL(f, xLock, level); }
static int do_unlock(sqlite3_file *f, int level) { return CALL(f, xUnlock, level); }
static int do_reserved(sqlite3_file *f, int *out) { return CALL(f, xCheckReservedLock, out); }
static int do_control(sqlite3_file *f, int op, void *arg) { return CALL(f, xFileControl, op, arg); }
static int do_sector(sqlite3_file *f) { return CALL(f, xSectorSize); }
static int do_traits(sqlite3_file *f) { return CALL(f, xDeviceCharacteristics); }
static int do_shm_map(sqlite3_file *f, int i, int n, int w, void volatile **p) { return CALL(f, xShmMap, i, n, w, p); }
static int do_shm_lock(sqlite3_file *f, int at, int n, int flags) { return CALL(f, xShmLock, at, n, flags); }
static void do_shm_barrier(sqlite3_file *f) { CALL(f, xShmBarrier); }
static int do_shm_unmap(sqlite3_file *f, int remove) { return CALL(f, xShmUnmap, remove); }

static const sqlite3_io_methods methods = {
	2, do_close, do_read, do_write, do_truncate, do_sync, do_size, do_lock, do_unlock, do_reserved, do_control, do_sector,
	do_traits, do_shm_map, do_shm_lock, do_shm_barrier, do_shm_unmap, NULL, NULL,
};

static int do_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	(void)vfs;
	struct file *file = (struct file *)f;
	file->real = (sqlite3_file *)(file + 1);
	file->wal = (flags & SQLITE_OPEN_WAL) != 0;
	file->base.pMethods = NULL;
	/* What the gate's walls do: no temporary files. */
	if (!name || (flags & (SQLITE_OPEN_TEMP_DB | SQLITE_OPEN_TEMP_JOURNAL | SQLITE_OPEN_SUBJOURNAL)))
		return SQLITE_IOERR_GETTEMPPATH;
	int r = real_vfs->xOpen(real_vfs, name, file->real, flags, out);
	if (r == SQLITE_OK)
		file->base.pMethods = &methods;
	return r;
}

static int keep_name(sqlite3_vfs *vfs, const char *name, int size, char *out)
{
	(void)vfs;
	return snprintf(out, (size_t)size, "%s", name) < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static bool put_layer(void)
{
	sqlite3_initialize();
	real_vfs = sqlite3_vfs_find(NULL);
	layer = *real_vfs;
	layer.zName = DB_VFS;
	layer.szOsFile = real_vfs->szOsFile + (int)sizeof(struct file);
	layer.pNext = NULL;
	layer.xOpen = do_open;
	layer.xFullPathname = keep_name;
	return sqlite3_vfs_register(&layer, 0) == SQLITE_OK;
}

/* ------------------------------------------------------------------ tests */

static uint64_t problems(struct store *s)
{
	struct store_reader *r = NULL;
	struct store_check_report n = {.problems = 999};
	const struct store_check c = {0};
	struct err e = ERR_NONE;
	if (store_reader_open(s, &r, &e) != RC_OK || store_check(r, &c, &n, &e) != RC_OK)
		printf("# check: %s %s\n", e.where, e.text);
	store_reader_close(&r);
	return n.problems;
}

TEST(a_full_store_refuses_what_it_cannot_keep_and_goes_on_later)
{
	struct fixture f;
	struct err e = ERR_NONE;
	struct birth b, refused;
	struct store_case c;
	struct arena *a = arena_new(1 << 20);
	struct store_reader *r = NULL;
	ok(a && fixture_init(&f) && store_reader_open(f.store, &r, &e) == RC_OK);
	eq_int(birth_declare(f.store, &b, OFFICE, &e), RC_OK);
	atomic_store(&fault, FAULT_FULL);
	eq_int(birth_declare(f.store, &refused, OFFICE, &e), RC_STORE_FULL);
	eq_int(store_case_get(r, b.case_id, a, &c, &e), RC_OK); /* reading goes on */
	atomic_store(&fault, FAULT_NONE);
	eq_int(store_case_get(r, refused.case_id, a, &c, &e), RC_NOT_FOUND);
	eq_int(birth_verify(f.store, &b, &e), RC_OK);
	struct store_numbers n;
	store_numbers(f.store, &n);
	eq_int(n.refused_full, 1);
	eq_int(problems(f.store), 0);
	store_reader_close(&r);
	arena_free(&a);
	fixture_release(&f);
}

/* Many births at once while the disk is full now and then. */
static struct store *shared;
static _Atomic int stop, kept, turned_away, strange;

static void *declare_many(void *arg)
{
	(void)arg;
	while (!atomic_load(&stop)) {
		struct birth b;
		struct err e = ERR_NONE;
		enum rc rc = birth_declare(shared, &b, OFFICE, &e);
		atomic_fetch_add(rc == RC_OK ? &kept : rc == RC_STORE_FULL ? &turned_away : &strange, 1);
	}
	return NULL;
}

TEST(whole_batches_are_refused_or_kept)
{
	struct fixture f;
	pthread_t thread[24];
	struct store_reader *r = NULL;
	struct err e = ERR_NONE;
	uint64_t last = 0;
	ok(fixture_init(&f));
	shared = f.store;
	for (size_t i = 0; i < 24; i++)
		ok(pthread_create(&thread[i], NULL, declare_many, NULL) == 0);
	for (int i = 0; i < 20; i++) {
		usleep(20000);
		atomic_store(&fault, i % 2 ? FAULT_NONE : FAULT_FULL);
	}
	atomic_store(&fault, FAULT_NONE);
	usleep(50000);
	atomic_store(&stop, 1);
	for (size_t i = 0; i < 24; i++)
		pthread_join(thread[i], NULL);
	eq_int(strange, 0);
	ok(kept > 0 && turned_away > 0);
	ok(store_reader_open(f.store, &r, &e) == RC_OK && store_feed_last(r, &last, &e) == RC_OK);
	eq_int(last, kept); /* exactly those acknowledged are there */
	eq_int(problems(f.store), 0);
	printf("# %d kept, %d refused\n", kept, turned_away);
	store_reader_close(&r);
	fixture_release(&f);
}

/* Three writes of one batch: one that fails when it is run again, one that rests upon it, one that spoils the batch. */
static sem_t gathered;
static int runs_of_first;

static enum rc put(struct db *db, const char *key, struct err *e)
{
	struct query q = query_open(db, SQL_meta_set);
	query_text(&q, key);
	query_text(&q, "x");
	return query_do(&q, NULL, e);
}

static enum rc gather(struct store *s, struct db *db, const void *in, void *out, struct err *e)
{
	(void)s, (void)db, (void)in, (void)out, (void)e;
	sem_wait(&gathered);
	return RC_OK;
}

static enum rc first(struct store *s, struct db *db, const void *in, void *out, struct err *e)
{
	(void)s, (void)in, (void)out;
	return runs_of_first++ ? err_set(e, RC_NO_MEMORY, "test", "No memory") : put(db, "first", e);
}

static enum rc second(struct store *s, struct db *db, const void *in, void *out, struct err *e)
{
	(void)s, (void)in, (void)out;
	return runs_of_first > 1 ? RC_DEFER : put(db, "second", e);
}

static enum rc spoil(struct store *s, struct db *db, const void *in, void *out, struct err *e)
{
	(void)s, (void)in, (void)out;
	enum rc rc = put(db, "spoilt", e);
	return rc == RC_OK ? err_set(e, RC_CONFLICT, "test", "No") : rc;
}

struct one_write {
	store_write_run *run;
	enum rc rc;
	pthread_t thread;
};

static void *submit_one(void *arg)
{
	struct one_write *one = arg;
	one->rc = writer_submit(&shared->main, one->run, NULL, NULL, NULL);
	return NULL;
}

TEST(a_batch_that_cannot_be_run_again_is_refused_whole)
{
	struct fixture f;
	struct err e = ERR_NONE;
	struct arena *a = arena_new(4096);
	struct store_reader *r = NULL;
	struct store_numbers n = {0};
	const char *value;
	struct one_write w[] = {{.run = gather}, {.run = first}, {.run = second}, {.run = spoil}};
	ok(a && fixture_init(&f) && store_reader_open(f.store, &r, &e) == RC_OK && sem_init(&gathered, 0, 0) == 0);
	shared = f.store;
	for (size_t i = 0; i < 4; i++) {
		ok(pthread_create(&w[i].thread, NULL, submit_one, &w[i]) == 0);
		do { /* the first one is being run, the others wait behind it in their order */
			usleep(1000);
			store_numbers(f.store, &n);
		} while (i && n.queued_now < i);
		usleep(i ? 0 : 20000);
	}
	sem_post(&gathered);
	for (size_t i = 0; i < 4; i++)
		pthread_join(w[i].thread, NULL);
	eq_int(runs_of_first, 2);
	eq_int(w[0].rc, RC_OK); /* it took so long that its batch was closed */
	for (size_t i = 1; i < 4; i++)
		eq_int(w[i].rc, RC_NO_MEMORY);
	eq_int(store_meta_get(r, "first", a, &value, &e), RC_NOT_FOUND);
	eq_int(store_meta_get(r, "second", a, &value, &e), RC_NOT_FOUND);
	eq_int(store_meta_get(r, "spoilt", a, &value, &e), RC_NOT_FOUND);
	eq_int(store_meta_set(f.store, "later", "x", &e), RC_OK);
	sem_destroy(&gathered);
	store_reader_close(&r);
	arena_free(&a);
	fixture_release(&f);
}

/* Writes in a child until it dies; what it acknowledged stands in shared memory. */
struct witness {
	_Atomic int n;
	struct id case_id[4096];
};

static void child_writes(struct store *s, struct witness *w, int fault_after, enum fault which)
{
	for (int i = 0; i < 4096; i++) {
		struct birth b;
		struct err e = ERR_NONE;
		if (i == fault_after)
			atomic_store(&fault, which);
		if (birth_declare(s, &b, OFFICE, &e) != RC_OK)
			_exit(9); /* an I/O error must not come back as an answer */
		w->case_id[i] = b.case_id;
		atomic_store(&w->n, i + 1);
	}
	_exit(0);
}

/* The status of the child, after checking that the store has all that it acknowledged. */
static int after_a_death(int fault_after, enum fault which, int kill_after_ms)
{
	struct fixture f;
	struct err e = ERR_NONE;
	struct witness *w = mmap(NULL, sizeof *w, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!ok(w != MAP_FAILED && fixture_init(&f)))
		return -1;
	store_close(&f.store);
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		log_set_level(LOG_ERROR + 1);
		if (store_open(f.dir, NULL, &f.store, &e) != RC_OK)
			_exit(8);
		child_writes(f.store, w, fault_after, which);
	}
	if (kill_after_ms) {
		while (!atomic_load(&w->n))
			usleep(1000);
		usleep((useconds_t)kill_after_ms * 1000);
		kill(pid, SIGKILL);
	}
	int status = -1;
	waitpid(pid, &status, 0);
	eq_int(store_open(f.dir, NULL, &f.store, &e), RC_OK);
	struct store_reader *r = NULL;
	struct arena *a = arena_new(64 << 20);
	int missing = 0, n = atomic_load(&w->n);
	ok(a && store_reader_open(f.store, &r, &e) == RC_OK);
	for (int i = 0; i < n; i++) {
		struct store_case c;
		missing += store_case_get(r, w->case_id[i], a, &c, &e) != RC_OK;
	}
	eq_int(missing, 0);
	ok(n > 0);
	eq_int(problems(f.store), 0);
	store_reader_close(&r);
	arena_free(&a);
	fixture_release(&f);
	munmap(w, sizeof *w);
	return status;
}

TEST(a_failed_sync_ends_the_process)
{
	int status = after_a_death(20, FAULT_SYNC, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 70);
}

TEST(a_failed_write_ends_the_process)
{
	int status = after_a_death(20, FAULT_WRITE, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 70);
}

TEST(a_killed_process_loses_nothing_acknowledged)
{
	for (int i = 0; i < 5; i++) {
		int status = after_a_death(-1, FAULT_NONE, 15 + 17 * i);
		ok((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) || status == 0);
	}
}

TEST(a_large_write_needs_no_temporary_file)
{
	static struct store_place place[3000];
	struct fixture f;
	struct err e = ERR_NONE;
	ok(fixture_init(&f));
	/* Twice: the second changes pages that the savepoint has to remember, far more than SQLite keeps in memory by itself. */
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < 3000; i++) {
			snprintf(place[i].code, sizeof place[i].code, "%zu", 1000000 + i * 7);
			snprintf(place[i].level, sizeof place[i].level, "village");
			memset(place[i].name_latin, 'a' + round, 200);
		}
		eq_int(store_place_import(f.store, place, 3000, &e), RC_OK);
	}
	fixture_release(&f);
}

int main(void)
{
	if (!put_layer())
		return 1;
	log_set_level(LOG_ERROR);
	RUN(a_full_store_refuses_what_it_cannot_keep_and_goes_on_later);
	RUN(whole_batches_are_refused_or_kept);
	RUN(a_batch_that_cannot_be_run_again_is_refused_whole);
	RUN(a_failed_sync_ends_the_process);
	RUN(a_failed_write_ends_the_process);
	RUN(a_killed_process_loses_nothing_acknowledged);
	RUN(a_large_write_needs_no_temporary_file);
	return tap_done();
}
