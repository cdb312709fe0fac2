/* SPDX-License-Identifier: MPL-2.0 */
/* What the files of the store share among themselves; nobody else includes it. */
#ifndef CIVIS_STORE_INTERNAL_H
#define CIVIS_STORE_INTERNAL_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "database/db.h"
#include "store/store.h"
#include "store_sql.h"

#define STORE_QUEUE_MAX 512      /* writes waiting; one more gets RC_BUSY */
#define STORE_BATCH_MAX 64       /* writes in one commit */
#define STORE_BATCH_US 5000      /* a batch stops collecting after this long */
#define STORE_WAL_PAGES 4000     /* fold the write-ahead log in from this size */
#define STORE_HANDS_MAX 8        /* writers at once on a server, each with a connection */
#define STORE_LOST_US 10000000   /* a write waits this long for a server that is gone */
#define STORE_DEFER_US 3000000   /* a leased serial waits this long for those before it */
#define STORE_LEASES_MAX 512
#define STORE_JOURNAL_MAX (2 * STORE_SEALED_MAX + 65536) /* what one command writes apart from the person */
#define STORE_NO_DEADLINE INT64_MAX
#define STORE_ACT_LOG "acts"
#define STORE_FEED_LOG "index"

struct store_write;
typedef enum rc store_write_run(struct store *s, struct db *db, const void *in, void *out, struct err *e);
/* Whether another write must be committed before: asked where writes do not see each other until then. */
typedef bool store_write_early(struct store *s, const void *in);

/* A queued write, on the stack of the thread that waits for it. */
struct store_write {
	struct store_write *next;
	store_write_run *run;
	store_write_early *early;
	const void *in;
	void *out;
	struct err err;
	enum rc rc;
	int64_t since;          /* when it was queued, or first deferred */
	sem_t done;
};

struct batching;

/* Names a command that may be there by half. */
struct half {
	struct id person;
	char principal[STORE_KEY_MAX], key[STORE_KEY_MAX];
};

struct hand {
	struct writer *writer;
	struct db db;
	struct db_journal journal; /* of the write, on a sharded server */
	struct half half;
	bool has_half;
	pthread_t thread;
};

/* One queue and those who work on it: one thread, which commits many writes at once (batch.c), or several, each with a
   transaction of its own (pool.c). */
struct writer {
	struct store *store;
	struct hand hand[STORE_HANDS_MAX];
	int hands, running;           /* connections, threads */
	struct batching *batching;    /* NULL: a pool */
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct store_write *first, **last;
	_Atomic size_t queued;
	bool closing, kicked;
	struct store_write *deferred; /* the batching thread's own */
	_Atomic uint64_t commits, writes, refused_busy, refused_full, commit_us, wal_pages, lost, raced;
};

struct store_lease {
	struct store_entry entry;
	bool used;
};

struct store {
	char *main_path, *blob_path;  /* or, both, the server's address */
	struct writer main, blob;
	_Atomic bool read_only;
	pthread_mutex_t lease_lock;
	struct store_lease lease[STORE_LEASES_MAX];
};

struct store_reader {
	struct store *store;
	struct db main, blob;
	bool blob_open; /* opened when first needed */
};

/* Says "not yet": only the writer sees it. */
#define RC_DEFER RC_COUNT

/* Opens the database: once, or a server's once for each who writes. */
enum rc writer_open(struct writer *w, const char *place, enum sql_database which, enum db_mode mode, struct err *e) WARN_UNUSED;
enum rc writer_start(struct writer *w, struct store *s, struct err *e) WARN_UNUSED;
/* Lets what is queued finish. */
void writer_stop(struct writer *w);
void writer_close(struct writer *w);
/* Queues the write and waits until it is durable or refused. */
enum rc writer_submit(struct writer *w, store_write_run *run, const void *in, void *out, struct err *e) WARN_UNUSED;
enum rc writer_submit_always(struct writer *w, store_write_run *run, const void *in, void *out,
                             struct err *e) WARN_UNUSED; /* also while read-only */
/* The same, for a write that may have to let others go first. early is of no account where one thread writes. */
enum rc writer_submit_in_turn(struct writer *w, store_write_run *run, store_write_early *early, const void *in, void *out,
                              struct err *e) WARN_UNUSED;
/* Lets the writer look again at what it deferred. */
void writer_kick(struct writer *w);
/* For those who work: the next write, or NULL. wait: until there is one, deferred ones may go on, or (*ret_end) all is done. */
struct store_write *writer_take(struct writer *w, bool wait, bool *ret_end);
/* Back into the queue, at its end. */
void writer_put_back(struct writer *w, struct store_write *write);
/* Tells the one who waits. The write is no longer ours then. */
void writer_done(struct writer *w, struct store_write *write);

/* batch.c */
enum rc batch_start(struct writer *w, struct err *e) WARN_UNUSED;
void batch_run(struct writer *w, struct store_write *first);
void batch_end(struct writer *w);
/* pool.c */
void pool_run(struct writer *w, struct db *db, struct store_write *write);

/* The database attachments lie in, opened for this reader. */
enum rc reader_blob(struct store_reader *r, struct db **ret, struct err *e) WARN_UNUSED;

/* A setting of the register; "" if there is none. */
enum rc setting_get(struct db *db, const char *key, char *out, size_t size, struct err *e) WARN_UNUSED;
enum rc setting_put(struct db *db, const char *key, const char *value, struct err *e) WARN_UNUSED;

/* requests.c: the first and the last act of every use-case write. */
enum rc request_begin(struct db *db, const struct store_request *q, struct id person, struct store_result *out,
                      bool *ret_replayed, struct err *e) WARN_UNUSED;
enum rc request_end(struct db *db, const struct store_request *q, struct store_result *out, struct err *e) WARN_UNUSED;
enum rc request_check(const struct store_request *q, struct err *e) WARN_UNUSED;

/* Claims a value; RC_CONFLICT with `where` if it is taken. */
enum rc claim_add(struct db *db, const char *kind, struct bytes val, struct id person, struct id object,
                  const char *state, const char *where, struct err *e) WARN_UNUSED;
enum rc claim_find(struct db *db, const char *kind, struct bytes val, struct id *ret_person, struct id *ret_object,
                   struct err *e) WARN_UNUSED;

/* halves.c */
/* The command's intent, with the person's rows. */
enum rc half_write(struct db *db, struct id person, const struct store_request *r, struct err *e) WARN_UNUSED;
/* Before a write: what was written down is of another. */
void half_forget(struct db *db);
/* After its commit: all of it is there. */
void half_whole(struct db *db);
/* The oldest of a person. */
enum rc half_first(struct db *db, struct id person, struct half *ret, bool *ret_found, struct err *e) WARN_UNUSED;
/* Writes what is missing, in transactions of its own. */
enum rc half_finish(struct db *db, const struct half *h, struct err *e) WARN_UNUSED;
/* The same of the command with that key, if there is one. */
enum rc half_finish_request(struct store_reader *r, const char *principal, const char *key, bool *ret_was,
                            struct err *e) WARN_UNUSED;

/* cases.c, shared with acts.c. */
struct case_guard {
	uint64_t version;
	char state[STORE_WORD_MAX], kind[STORE_WORD_MAX], office[STORE_SCOPE_MAX];
	struct id holder;
	int64_t hold_until, deadline, created;
	uint8_t number_claim[STORE_HASH];
};
enum rc case_guarded(struct db *db, struct id person, struct id case_id, uint64_t version, const char *state,
                     struct id staff, int64_t now, struct case_guard *ret, struct err *e) WARN_UNUSED;
enum rc case_guard_read(struct db *db, struct id person, struct id case_id, struct case_guard *ret,
                        struct err *e) WARN_UNUSED;
struct case_step {
	struct id person_id, case_id, staff_id, act_id;
	const char *name, *from, *to, *office;
	const char *queue_office; /* NULL: in none any more */
	int64_t now, deadline;
	bool on_deadline, keep_hold, waits;
	const char *regime, *band; /* NULL: unchanged */
	int64_t reported;          /* 0: unchanged */
	struct bytes note;
	uint8_t number_claim[STORE_HASH];
	const struct store_counting *counts;
};
/* The state changes, the transition is written, the queue follows, the counters rise. */
enum rc case_step(struct db *db, const struct case_guard *g, const struct case_step *step, struct err *e) WARN_UNUSED;
enum rc feed_add(struct db *db, struct id person, struct id object, uint32_t kind, uint64_t version,
                 struct bytes sealed, struct err *e) WARN_UNUSED;

/* queues.c. An open case stands in the queue of the office that acts next, and in that of its own office (home),
   which sees what became of it. */
struct queue_row {
	struct id person, case_id;
	const char *home, *office, *state, *kind;
	int64_t deadline, created;
	bool waits; /* it has ended, and something is still to be collected */
};
enum rc queue_put(struct db *db, const struct queue_row *row, struct err *e) WARN_UNUSED;
/* Out of both. closed: it will not stand in any again. */
enum rc queue_take(struct db *db, struct id person, struct id case_id, const char *home, bool closed,
                   struct err *e) WARN_UNUSED;
/* Whether open or ended (a refusal that nobody appealed against), what the system moves stands in store_cases_due(). */
enum rc due_put(struct db *db, struct id person, struct id case_id, int64_t deadline, struct err *e) WARN_UNUSED;
enum rc due_drop(struct db *db, struct id person, struct id case_id, struct err *e) WARN_UNUSED;
/* Whether something of the case waited to be collected; it does no more: of two who ask at the same moment one hears so. */
enum rc queue_waits(struct db *db, struct id person, struct id case_id, bool *ret, struct err *e) WARN_UNUSED;
/* What waits has been collected, which is counted, or can be no more (counts NULL): out of the queue. Nothing happens to
   a case that is being worked on. */
enum rc queue_collected(struct db *db, struct id person, struct id case_id, const struct store_counting *counts,
                        struct err *e) WARN_UNUSED;

/* acts.c. The six columns of an entry, from office on. */
void entry_read(struct query *q, int from, struct store_entry *ret);
/* RC_NOT_FOUND with `where` unless it is an act of the person. */
enum rc act_exists(struct db *db, struct id person, struct id act_id, const char *where, struct err *e) WARN_UNUSED;

/* counts.c */
bool counting_fits(const struct store_counting *in);
enum rc counting_raise(struct db *db, const char *office, const struct store_counting *in, struct err *e) WARN_UNUSED;
/* A row of counters, all but the number. */
void counter_read(struct query *q, struct store_counter *ret);

/* leases.c */
bool lease_is_out(struct store *s, const struct store_entry *entry);
/* Whether two entries are of one book, whatever their serials. */
bool same_book(const struct store_entry *a, const struct store_entry *b);

/* NUL-terminated within max, valid UTF-8; empty allowed if may_be_empty. */
bool text_fits(const char *s, size_t max, bool may_be_empty);
#define TEXT_COPY(dst, src) snprintf((dst), sizeof(dst), "%s", (src))

#endif
