/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The main store: cases, acts, entries, claims, the log's leaves, attachments.
 *
 * DIR/main.db holds everything but attachments, DIR/blob.db their sealed chunks
 * (DIR is <data>/gate). What is personal is in here only as sealed bytes.
 *
 * Writes. One writer thread drains a bounded queue into group commits; a
 * queued write that fails leaves nothing behind and does not disturb its
 * neighbours (writer.c). A function below returns RC_OK only after
 * COMMIT is durable (synchronous=FULL). Calls block and may come from any thread.
 *   RC_BUSY        the queue is full; nothing happened
 *   RC_STORE_FULL  no room; nothing of the batch happened
 *   RC_READ_ONLY   see store_is_read_only()
 * An I/O or fsync error makes the outcome unknown: the process logs and ends,
 * and the client repeats its request with the same key.
 *
 * Repeats. Every use-case write carries a struct store_request. Within its own
 * write the store looks the key up first: known with the same body hash →
 * the stored result comes back with `replayed` set and nothing is written;
 * known with another body → RC_IDEMPOTENCY. Only then: version (RC_MATCH_FAILED),
 * state (RC_STATE), holder (RC_HELD), claims (RC_CONFLICT). The err's `where`
 * names what conflicted: "case", "act", "book", "entry", "number", "document",
 * "head", "upload", "place", "office".
 *
 * Reads go through a struct store_reader, one per worker thread, never shared.
 *
 * Text given in must be NUL-terminated, valid UTF-8 and shorter than its
 * maximum; sealed bytes are at most STORE_SEALED_MAX. Violations: RC_INVALID.
 */
#ifndef CIVIS_STORE_STORE_H
#define CIVIS_STORE_STORE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"

#define STORE_SCOPE_MAX 64     /* "khm/12/1201/120101" and its NUL */
#define STORE_WORD_MAX 32      /* state, kind, transition, register, role, language */
#define STORE_CODE_MAX 64      /* tracking code, place code */
#define STORE_UNIT_MAX 64      /* what kind of a place it is, in bytes */
#define STORE_NAME_MAX 256     /* a place's or office's name, in bytes */
#define STORE_KEY_MAX 72       /* idempotency key; principal ("staff:<id>", "family:<tracking code>") */
#define STORE_RESPONSE_MAX 2048
#define STORE_SEALED_MAX (384 * 1024)
#define STORE_CHUNK_MAX (256 * 1024) /* of an attachment, before sealing */
#define STORE_LIST_MAX 100
#define STORE_COUNTS_MAX 4     /* counters that one write raises */
#define STORE_ADDRESS_MAX 512  /* of a server, and its NUL */
#define STORE_DATE_MAX 16      /* "2026-11-22" and its NUL, with room */
#define STORE_HASH 32

struct db_movable;
struct db_step;
struct store;
struct store_reader;

/* -------------------------------------------------------------- opening */

/*
 * On a server (PostgreSQL, database/db.h) DIR/store holds the address, and no database is in DIR. Several writes then run
 * at once (pool.c), RC_STORE_DOWN says that the server does not answer (the outcome of a write is then not known: repeat
 * it), and the schema is changed by store_migrate() alone.
 */
/* Brings a server's schema up to date as its owner, and gives the user of `url`, as whom the register connects, just what
   it needs. Safe to run twice at once. RC_CONFIG, RC_STORE_DOWN. */
enum rc store_migrate(const char *owner_url, const char *url, int64_t now, struct err *e) WARN_UNUSED;
/* Whether a new register can be kept there, as far as can be seen as the tables' owner, or (NULL) as the register's role:
   changes nothing. RC_CONFIG, RC_CONFLICT (one is there), RC_STORE_DOWN. */
enum rc store_look(const char *owner_url, const char *url, struct err *e) WARN_UNUSED;
/* How its files are moved to a server: database/move.h. Those that were no store_open() takes. */
extern const struct db_movable store_movable;
/* The steps that the store in DIR, or at an address, has not taken, in order. */
enum rc store_plan(const char *dir, void (*each)(void *ctx, const struct db_step *step), void *ctx, struct err *e) WARN_UNUSED;
/* Writes DIR/store. RC_CONFIG (also: the schema is not today's), RC_STORE_DOWN, RC_CONFLICT (a register is there). */
enum rc store_create_on_server(const char *dir, const char *url, struct err *e) WARN_UNUSED;
/* RC_CONFLICT if a register, or a command that writes, is at work on the store of DIR. On a server each gate looks at the
   log's head several times a second; a pooler's idle connections do not count. Takes two seconds if there are others. */
enum rc store_not_at_work(const char *dir, struct err *e) WARN_UNUSED;
/* Writes DIR/store, without a look at what is there. */
enum rc store_set_address(const char *dir, const char *url, struct err *e) WARN_UNUSED;
/* The address in DIR/store; empty: the store is in files. */
enum rc store_address(const char *dir, char out[static STORE_ADDRESS_MAX], struct err *e) WARN_UNUSED;

/* Makes DIR/main.db and DIR/blob.db with the current schema. RC_CONFLICT if either exists. */
enum rc store_create(const char *dir, struct err *e) WARN_UNUSED;
/* Opens, migrates forward, starts the writer. dir may be relative ("."), see database/vfs.h. of: whose store it must be, the
   register's id; NULL: anybody's, or nobody's yet. RC_NOT_FOUND, RC_IO, RC_CORRUPT, RC_NO_MEMORY, RC_CONFIG (schema newer or
   altered, another's store, none at all). */
enum rc store_open(const char *dir, const char *of, struct store **ret, struct err *e) WARN_UNUSED;
/* Opens for reading alone, also beside a running server: no writer, no migration (RC_CONFIG if the
   schema is not this program's); every write is RC_READ_ONLY. */
enum rc store_open_reading(const char *dir, const char *of, struct store **ret, struct err *e) WARN_UNUSED;
/* Lets queued writes finish, folds the write-ahead log in, closes. All readers must be closed. Sets NULL. */
void store_close(struct store **s);
/* True while writes are refused with RC_READ_ONLY (a restored store behind a known checkpoint). */
bool store_is_read_only(const struct store *s);
/* Sets or clears it, durably. Clearing belongs to the operator: replayed, or a new epoch of the log opened. */
enum rc store_set_read_only(struct store *s, bool read_only, struct err *e) WARN_UNUSED;
/* Read-only in this process alone, until it ends: for what is wrong beside the store, and is to be put right there. */
void store_stop_writing(struct store *s);
/* True if the store is on a server, where other gates may write too. */
bool store_is_shared(const struct store *s);
/* Takes note that another gate made it read-only. */
enum rc store_see_read_only(struct store *s, struct store_reader *r, struct err *e) WARN_UNUSED;

enum rc store_reader_open(struct store *s, struct store_reader **ret, struct err *e) WARN_UNUSED;
void store_reader_close(struct store_reader **r);
/* Between begin and end everything read is of one moment. Not for store_case_get and store_case_by_tracking,
   which do it themselves. Keep it short beside a running server: the write-ahead log grows meanwhile. */
enum rc store_snapshot_begin(struct store_reader *r, struct err *e) WARN_UNUSED;
void store_snapshot_end(struct store_reader *r);

#define STORE_REGISTER "register" /* setting: the id of the register whose store it is, which its civis.conf names too */
/* A small setting: "country", "node", "deployment", "restored", "read_only"… Value ≤ 1 KiB. A read-only store takes it too. */
enum rc store_meta_set(struct store *s, const char *key, const char *value, struct err *e) WARN_UNUSED;
/* RC_NOT_FOUND. The string lives in the arena. */
enum rc store_meta_get(struct store_reader *r, const char *key, struct arena *a, const char **ret,
                       struct err *e) WARN_UNUSED;

struct store_numbers {           /* for /metrics and the benchmarks; counted since opening */
	uint64_t commits, writes, refused_busy, refused_full, commit_us;
	uint64_t queued_now, wal_pages;
	uint64_t lost, raced; /* writes that were run again on a server: it was gone, another was faster */
	uint64_t connections_lost, connection_tries, connections_away; /* of the whole process: database/postgresql.h */
};
void store_numbers(const struct store *s, struct store_numbers *ret);

/* -------------------------------------------------------------- requests */

struct store_request {
	const char *principal;      /* who asked; keys are private to it */
	const char *key;            /* the Idempotency-Key header */
	uint8_t body_hash[STORE_HASH]; /* SHA-256 of method, path and body */
	int64_t now;                /* UTC µs */
	int status;                 /* HTTP status to store for the repeat */
	/* What to answer a repeat with, ≤ STORE_RESPONSE_MAX. Ids, state, version and entry
	   only: it lies in clear, so nothing personal; the handler opens the rest again. */
	struct bytes response;
};

struct store_result {
	bool replayed;
	int status;
	struct id person_id, resource; /* resource: the case, act, document, upload or attachment */
	uint64_t version;              /* of the case after the write; 0 if there is none */
	char state[STORE_WORD_MAX];
	size_t response_len;
	uint8_t response[STORE_RESPONSE_MAX]; /* as given in the first request */
};

/* Before any costly work: RC_NOT_FOUND if the key is new, RC_OK with *ret if it is a repeat,
   RC_IDEMPOTENCY if the key was used with another body. The write checks again. */
enum rc store_request_find(struct store_reader *r, const char *principal, const char *key,
                           const uint8_t body_hash[static STORE_HASH], struct store_result *ret,
                           struct err *e) WARN_UNUSED;

/* ---------------------------------------------------------------- counts */

/* A counter that a write raises by one, for the case's office (as it is after the write). */
struct store_count {
	char name[STORE_WORD_MAX];     /* "declared", "registered", "registered_LATE"…; empty: none */
	char sex;                      /* 'm', 'f', 'u' unknown, '-' not asked; 0 is '-' */
};
/* Within a write: those with a name are raised. month is the local one in which it happens, "2026-11":
   months belong to people, not to UTC. */
struct store_counting {
	char month[8];
	struct store_count raise[STORE_COUNTS_MAX];
};

struct store_counter {
	char office[STORE_SCOPE_MAX], month[8], name[STORE_WORD_MAX];
	char sex;
	uint64_t n;
};
/* Every counter of the office and what is below it, months from…to ("2026-01", both included), ordered by
   office, month, name, sex. What the visitor returns other than RC_OK ends it. */
enum rc store_counts(struct store_reader *r, const char *office, const char *from, const char *to,
                     enum rc (*visit)(void *ctx, const struct store_counter *c), void *ctx, struct err *e) WARN_UNUSED;

/* --------------------------------------------------------------- devices */

#define STORE_DEVICES_MAX 50  /* of one office */
#define STORE_LABEL_MAX 97    /* 32 letters of three bytes, and NUL */

/* A device that an office works with away from its network, as it was when last heard. */
struct store_device {
	char office[STORE_SCOPE_MAX], label[STORE_LABEL_MAX], day[STORE_DATE_MAX];
	struct id id;
	uint64_t waiting; /* finished on it and not sent */
};
/* Writes it down in place of what was known of it; nothing is written if that was the same. RC_CONFLICT: one more than
   STORE_DEVICES_MAX. */
enum rc store_device_heard(struct store *s, struct store_reader *r, const struct store_device *d, struct err *e) WARN_UNUSED;
/* RC_OK also if there is no such device. */
enum rc store_device_drop(struct store *s, const char *office, struct id id, struct err *e) WARN_UNUSED;

struct store_device_query {
	const char *office;       /* and what is below it */
	const char *own;          /* of this one all, */
	const char *quiet_since;  /* of others what was heard on this day or before */
	const char *after_office; /* NULL: from the first */
	struct id after_id;
	size_t limit;             /* at most STORE_LIST_MAX; `out` has room for as many */
};
/* Ordered by office and id. */
enum rc store_device_list(struct store_reader *r, const struct store_device_query *q, struct store_device *out,
                          size_t *ret_n, struct err *e) WARN_UNUSED;

/* ----------------------------------------------------------------- cases */

struct store_case_create {
	struct store_request request;
	struct id person_id, case_id;  /* RC_CONFLICT "case" if the case id exists */
	const char *kind;              /* "birth" */
	const char *regime;            /* as the office works that day; NULL: not said */
	const char *band;              /* how late it is, by the pack; NULL: not said */
	int64_t reported;              /* to when that counts, UTC µs */
	/* Zero: a new person. Else an act of person_id, who exists, that this case speaks of (RC_NOT_FOUND "about"). */
	struct id about;
	const char *state;             /* first state */
	const char *office;            /* scope */
	const char *queue_office;      /* whose queue it stands in; NULL: the same office */
	const char *language;
	const char *tracking_code;     /* unique; RC_CONFLICT "tracking". NULL: nobody tracks it */
	uint8_t tracking_hash[STORE_HASH];
	uint8_t pack_hash[STORE_HASH];
	int64_t deadline;              /* UTC µs; 0 none */
	bool on_deadline;              /* the system moves it then: store_cases_due() tells of it while it is open */
	struct id staff_id;            /* zero: a family */
	struct bytes sealed;           /* the declaration */
	struct bytes index_sealed;     /* index record for the matcher; empty: none */
	struct bytes statistics_sealed; /* what only statistics need, sealed for version 1; empty: none */
	struct bytes note_sealed;      /* what goes with it, sealed for version 1; empty: none */
	struct store_counting counts;
};
/* Version becomes 1. ret may not be NULL. */
enum rc store_case_create(struct store *s, const struct store_case_create *in, struct store_result *ret,
                          struct err *e) WARN_UNUSED;

/* A transition other than registering, with or without new content. */
struct store_case_update {
	struct store_request request;
	struct id person_id, case_id;
	uint64_t if_version;           /* the version the caller read */
	const char *transition;        /* "amend", "verify", "return", "reject", "withdraw"… */
	const char *from_state;        /* the state it must be in */
	const char *to_state;
	const char *office;            /* forwarded to; NULL: unchanged */
	const char *regime, *band;     /* NULL: unchanged */
	int64_t reported;              /* as in store_case_create; 0: unchanged */
	const char *queue_office;      /* whose queue it stands in now; NULL: none (the case is closed) */
	bool waits;                    /* there it only waits to be collected: store_queue_query.state */
	int64_t deadline;              /* 0 none */
	bool on_deadline;              /* as in store_case_create; what was said before is forgotten */
	struct id staff_id;            /* zero: a family */
	bool keep_hold;                /* otherwise the hold ends with the transition */
	/* New declaration; empty: unchanged. Sealed for version if_version + 1. The one before it is kept:
	   store_case_version_get(). */
	struct bytes sealed;
	struct bytes index_sealed;     /* new index record; empty: unchanged */
	struct bytes statistics_sealed; /* likewise, sealed for if_version + 1; the one before is not kept */
	struct bytes note_sealed;      /* reason and note; empty: none */
	/* Reserving a personal number: both or neither. RC_CONFLICT "number": take another. */
	struct bytes number_sealed;
	uint8_t number_claim[STORE_HASH]; /* all zero: none */
	bool retire_number;            /* a reserved number becomes "retired", never to be used */
	bool drop_index;               /* tells the matcher's feed to forget this case */
	struct store_counting counts;
	bool collects;                 /* they rise only if it waited to be collected until now: nothing is handed over twice */
};
enum rc store_case_update(struct store *s, const struct store_case_update *in, struct store_result *ret,
                          struct err *e) WARN_UNUSED;

/* Takes (or prolongs) or gives up the hold. The version does not change. */
struct store_case_hold {
	struct store_request request;
	struct id person_id, case_id;
	uint64_t if_version;
	struct id staff_id;
	int64_t until;                 /* UTC µs; 0 gives up the hold */
};
enum rc store_case_hold(struct store *s, const struct store_case_hold *in, struct store_result *ret,
                        struct err *e) WARN_UNUSED;

struct store_case {
	struct id person_id, case_id;
	char kind[STORE_WORD_MAX], state[STORE_WORD_MAX], language[STORE_WORD_MAX];
	char regime[STORE_WORD_MAX], band[STORE_WORD_MAX]; /* may be empty */
	char office[STORE_SCOPE_MAX];
	struct id about;               /* the act that it speaks of; zero: none */
	struct id holder;              /* zero: nobody */
	int64_t hold_until;            /* compare with now: an old hold is no hold */
	uint64_t version;
	int64_t created, updated, reported, deadline;
	char tracking_code[STORE_CODE_MAX]; /* empty: none */
	uint8_t tracking_hash[STORE_HASH], pack_hash[STORE_HASH];
	uint64_t sealed_version;       /* the version that `sealed` was sealed for */
	struct bytes sealed, index_sealed, number_sealed; /* in the arena; empty: none */
	uint64_t statistics_version;   /* the version that they were sealed for; 0: none */
	struct bytes statistics_sealed; /* until registered; in the arena */
	uint8_t number_claim[STORE_HASH]; /* all zero: none reserved */
	struct id act_id;              /* zero until registered */
};
enum rc store_case_get(struct store_reader *r, struct id case_id, struct arena *a, struct store_case *ret,
                       struct err *e) WARN_UNUSED;
enum rc store_case_by_tracking(struct store_reader *r, const char *code, struct arena *a, struct store_case *ret,
                               struct err *e) WARN_UNUSED;

/* The declaration as it stood at `version` of the case, in the arena; ret_sealed_version: the version it was
   sealed for. RC_NOT_FOUND. */
enum rc store_case_version_get(struct store_reader *r, struct id person_id, struct id case_id, uint64_t version,
                               struct arena *a, struct bytes *ret_sealed, uint64_t *ret_sealed_version,
                               struct err *e) WARN_UNUSED;

struct store_transition {
	uint64_t version;              /* of the case after it */
	char name[STORE_WORD_MAX], from_state[STORE_WORD_MAX], to_state[STORE_WORD_MAX];
	struct id staff_id;            /* zero: a family */
	int64_t at;
	struct bytes note_sealed;      /* sealed for `version`; empty: none */
};
/* The latest, at most max, oldest of them first: the step that brought the case where it is stands last. */
enum rc store_case_history(struct store_reader *r, struct id person_id, struct id case_id, struct arena *a,
                           struct store_transition *out, size_t max, size_t *ret_n, struct err *e) WARN_UNUSED;

/* How often a family, which has no account, took the transition of that name. */
enum rc store_case_family_steps(struct store_reader *r, struct id person_id, struct id case_id, const char *name,
                                uint64_t *ret_n, struct err *e) WARN_UNUSED;

/* A work queue: open cases of an office, or of it and everything below it. */
struct store_queue_item {
	struct id person_id, case_id;
	char office[STORE_SCOPE_MAX], state[STORE_WORD_MAX], kind[STORE_WORD_MAX];
	int64_t deadline, created;
};
struct store_queue_query {
	const char *office;            /* scope */
	bool subtree;
	const char *state;             /* NULL: any in which there is work; one that waits to be collected is asked for by its state */
	bool has_after;                /* continue behind (after_deadline, after_case) */
	int64_t after_deadline;
	struct id after_case;
	size_t limit;                  /* 1 … STORE_LIST_MAX */
};
/* Ordered by deadline (none last), then case id. out has room for q->limit. */
enum rc store_case_list(struct store_reader *r, const struct store_queue_query *q, struct store_queue_item *out,
                        size_t *ret_n, struct err *e) WARN_UNUSED;

/* Cases with on_deadline whose deadline is before now, earliest first, behind `after` (NULL: from the start):
   one that cannot be moved must not stand in the way of the others. */
struct store_due {
	struct id person_id, case_id;
	int64_t deadline;
};
enum rc store_cases_due(struct store_reader *r, int64_t now, const struct store_due *after, struct store_due *out,
                        size_t max, size_t *ret_n, struct err *e) WARN_UNUSED;

/* ---------------------------------------------------- entries and acts */

struct store_entry {
	char office[STORE_SCOPE_MAX];
	char reg[STORE_WORD_MAX];      /* the register: "B" */
	bool paper;                    /* in a book of paper, copied from it as it stands there */
	uint32_t book, year;
	uint64_t serial;               /* from 1; gapless within (office, reg, year, book) unless paper */
};

/* What the next entry would be, from what is committed: book and serial are filled in
   (1 and 1 for a new year). Others may be faster: store_case_register then says RC_CONFLICT "book". */
enum rc store_book_next(struct store_reader *r, const char *office, const char *reg, uint32_t year,
                        struct store_entry *ret, struct err *e) WARN_UNUSED;

/* The same for many registrars at one book: hands out serials in turn within this process, so
   that several acts can be sealed at once. Register with the leased entry, or give it back;
   either ends the lease. A registration whose predecessors are still leased waits for them in
   the writer (at most 3 s); if one of them was given back, it gets RC_CONFLICT "book" and the
   caller leases anew and rebuilds the act. RC_BUSY: too many leases. */
enum rc store_book_lease(struct store *s, struct store_reader *r, const char *office, const char *reg,
                         uint32_t year, struct store_entry *ret, struct err *e) WARN_UNUSED;
void store_book_give_back(struct store *s, const struct store_entry *entry);

struct store_case_register {
	struct store_request request;
	struct id person_id, case_id, act_id;
	uint64_t if_version;
	const char *transition;        /* "register" */
	const char *from_state, *to_state;
	struct id staff_id;
	const char *kind;              /* of the act: "birth" */
	int64_t at;                    /* field 11 of the act */
	/* As written in the act. One of a paper book is not leased; RC_CONFLICT "entry" if it is there already. */
	struct store_entry entry;
	uint8_t commitment[STORE_HASH];
	uint8_t previous[STORE_HASH];  /* of this person's last act; all zero: this is the first */
	/* The act of this person that it replaces or cancels (RC_NOT_FOUND "corrects"): leaves a task for
	   store_superseding_after(). Zero: none. */
	struct id corrects;
	uint8_t signature[64];
	uint8_t key_id[8];             /* of the act signing key; zero if the vault has none */
	uint8_t pack_hash[STORE_HASH];
	struct bytes sealed;           /* the act */
	struct bytes index_sealed;     /* for the matcher's feed */
	uint8_t number_claim[STORE_HASH]; /* reserved → active; all zero: no number. RC_CONFLICT "number" */
	struct bytes number_sealed;    /* reserved with this very act: number_claim is new to the case; empty: it was before */
	/* A cancellation: number_claim is not this case's but the active one of the person, and is retired. */
	bool retire_number;
	const char *queue_office;      /* where it waits to be collected; NULL: it leaves the queues */
	struct store_counting counts;
};
/* One savepoint: act, transition, entry, book, claims, leaf, feed, work queue, counters, case; the case's
   statistics go over to the act.
   RC_CONFLICT "book" (serial taken), "act" (id exists, or `previous` is not the person's last). */
enum rc store_case_register(struct store *s, const struct store_case_register *in, struct store_result *ret,
                            struct err *e) WARN_UNUSED;

struct store_act {
	struct id person_id, act_id, case_id, staff_id;
	uint64_t seq;                  /* 1, 2, … within the person */
	char kind[STORE_WORD_MAX];
	int64_t at;
	uint8_t commitment[STORE_HASH], previous[STORE_HASH], pack_hash[STORE_HASH];
	struct id corrects;            /* zero: none */
	uint8_t signature[64], key_id[8];
	struct bytes sealed;           /* in the arena */
	struct store_entry entry;
	bool placed;                   /* has its place in the log */
	uint32_t epoch;
	uint64_t place;
};
enum rc store_act_get(struct store_reader *r, struct id act_id, struct arena *a, struct store_act *ret,
                      struct err *e) WARN_UNUSED;
/* In order of the chain. RC_NOT_FOUND if the person has none. At most max. */
enum rc store_person_acts(struct store_reader *r, struct id person_id, struct arena *a, struct store_act *out,
                          size_t max, size_t *ret_n, struct err *e) WARN_UNUSED;
/* The act of an entry. RC_NOT_FOUND. */
enum rc store_entry_find(struct store_reader *r, const struct store_entry *entry, struct id *ret_person,
                         struct id *ret_act, struct err *e) WARN_UNUSED;

/* One page of a book: the entries from `from` on, in order of their serials, which may have gaps on paper. RC_BUSY: an act
   of it is not there yet (on a sharded server). */
struct store_book_entry {
	uint64_t serial;
	struct id person_id, act_id;
};
enum rc store_book_page(struct store_reader *r, const struct store_entry *from, struct store_book_entry *out, size_t max,
                        size_t *ret_n, struct err *e) WARN_UNUSED;

/* Acts with `corrects` whose effect on documents is not yet in the signed lists, oldest first, behind `after`
   (NULL: from the start). */
struct store_superseding {
	int64_t queued;
	struct id act_id, person_id;
};
enum rc store_superseding_after(struct store_reader *r, const struct store_superseding *after,
                                struct store_superseding *out, size_t max, size_t *ret_n, struct err *e) WARN_UNUSED;
/* The lists say it now. RC_OK also if that was known. */
enum rc store_supersede_done(struct store *s, const struct store_superseding *task, struct err *e) WARN_UNUSED;

/* ------------------------------------------------------------- documents */

struct store_document {
	struct id person_id, act_id;
	struct id document_id;         /* = serial number of the issue (16 bytes) */
	uint32_t copy_no;              /* 1 the first, 2… copies */
	char kind[STORE_WORD_MAX], language[STORE_WORD_MAX];
	int64_t issued_at;
	struct id staff_id;
	uint32_t status_list, status_index;
};
struct store_document_issue {
	struct store_request request;
	struct store_document document; /* copy_no: RC_CONFLICT "document" unless one above the last of this act */
	struct id collected;            /* the case, which waits no longer for somebody to collect this; zero: it does */
	struct store_counting counts;   /* of that, if it waited until now */
};
enum rc store_document_issue(struct store *s, const struct store_document_issue *in, struct store_result *ret,
                             struct err *e) WARN_UNUSED;
/* Number of the last copy; 0: none was issued. */
enum rc store_document_last(struct store_reader *r, struct id person_id, struct id act_id, uint32_t *ret_copy_no,
                            struct err *e) WARN_UNUSED;
/* Oldest first, at most max. */
enum rc store_documents(struct store_reader *r, struct id person_id, struct id act_id, struct store_document *out,
                        size_t max, size_t *ret_n, struct err *e) WARN_UNUSED;

/* ---------------------------------------------- uploads and attachments */
/*
 * A tus upload is a row and a run of sealed pieces of any length up to
 * STORE_CHUNK_MAX: whatever arrived in one PATCH is sealed in pieces, numbered
 * on from `pieces`, and appended. Finished, it becomes an attachment of its case.
 */
struct store_upload {
	struct id upload_id, person_id, case_id;
	char principal[STORE_KEY_MAX];
	char kind[STORE_WORD_MAX], media_type[STORE_WORD_MAX];
	uint64_t length, offset;
	uint32_t pieces;
	int64_t created, expires;
};
struct store_upload_create {
	struct store_request request;
	struct store_upload upload;    /* offset and pieces 0; media_type may be empty until finished */
	uint32_t max_open;             /* unfinished uploads the case may have; over: RC_THROTTLED */
};
enum rc store_upload_create(struct store *s, const struct store_upload_create *in, struct store_result *ret,
                            struct err *e) WARN_UNUSED;
/* RC_NOT_FOUND. */
enum rc store_upload_get(struct store_reader *r, struct id upload_id, struct store_upload *ret,
                         struct err *e) WARN_UNUSED;
/* Appends one sealed piece of `plain_len` bytes. RC_CONFLICT "upload" unless offset and piece are next. */
enum rc store_upload_append(struct store *s, struct id upload_id, uint64_t offset, uint32_t piece,
                            uint32_t plain_len, struct bytes sealed, struct err *e) WARN_UNUSED;
/* Makes the complete upload an attachment with the same id. RC_STATE unless offset equals length.
   media_type: found by content; sealed_version: see store_attachment. Idempotent. */
enum rc store_upload_finish(struct store *s, struct id upload_id, const char *media_type, uint64_t sealed_version,
                            int64_t now, struct err *e) WARN_UNUSED;
/* Forgets an upload and its pieces (refused type, withdrawn). */
enum rc store_upload_drop(struct store *s, struct id upload_id, struct err *e) WARN_UNUSED;

struct store_attachment {
	struct id attachment_id, person_id, case_id;
	char kind[STORE_WORD_MAX], media_type[STORE_WORD_MAX];
	uint64_t length;
	uint32_t pieces;
	uint64_t sealed_version;       /* store_case's when the upload began: the declaration to which this was added */
	int64_t at;
};
enum rc store_attachments(struct store_reader *r, struct id person_id, struct id case_id,
                          struct store_attachment *out, size_t max, size_t *ret_n, struct err *e) WARN_UNUSED;
enum rc store_attachment_get(struct store_reader *r, struct id person_id, struct id case_id, struct id attachment_id,
                             struct store_attachment *ret, struct err *e) WARN_UNUSED;
/* One sealed piece of an attachment or upload, appended to out. RC_NOT_FOUND. */
enum rc store_piece_get(struct store_reader *r, struct id person_id, struct id attachment_id, uint32_t piece,
                        struct buf *out, uint32_t *ret_plain_len, struct err *e) WARN_UNUSED;
/* On a sharded server: writes what is missing of commands that began before then and are there by half (halves.c), some at
   once. ret_n: how many were finished. One that cannot be is left, and told in the event log. */
enum rc store_finish(struct store *s, int64_t before, uint64_t *ret_n, struct err *e) WARN_UNUSED;
/* Bounded housekeeping: expired uploads, orphan pieces, requests older than `requests_before`, commands there by half.
   ret_n (may be NULL): rows removed. Call again while it removed something. */
enum rc store_sweep(struct store *s, int64_t now, int64_t requests_before, uint64_t *ret_n,
                    struct err *e) WARN_UNUSED;

/* -------------------------------------------------- places and offices */

struct store_place {
	char code[STORE_CODE_MAX], parent[STORE_CODE_MAX]; /* parent "": the top */
	char level[STORE_WORD_MAX];    /* "province", "district", "commune", "village" */
	char name_native[STORE_NAME_MAX], name_latin[STORE_NAME_MAX];
	char unit_native[STORE_UNIT_MAX], unit_latin[STORE_UNIT_MAX]; /* "ភូមិ", "Phum"; may be empty */
	char law[STORE_NAME_MAX];      /* the legal act that made it; may be empty */
	/* ISO dates: the first day (empty: always), and the first day on which it is no longer so (empty: it still is). */
	char valid_from[STORE_DATE_MAX], valid_to[STORE_DATE_MAX];
};
/* A unit has a version for each valid_from. Inserts or replaces by code and valid_from, all or nothing. At most
   5,000 a call. */
enum rc store_place_import(struct store *s, const struct store_place *places, size_t n, struct err *e) WARN_UNUSED;
/* The newest version, valid or not. RC_NOT_FOUND. */
enum rc store_place_get(struct store_reader *r, const char *code, struct store_place *ret, struct err *e) WARN_UNUSED;
/* The version of a day ("2026-11-22"). RC_NOT_FOUND: there is none, or it was not valid then. */
enum rc store_place_on(struct store_reader *r, const char *code, const char *date, struct store_place *ret,
                       struct err *e) WARN_UNUSED;
struct store_place_query {
	const char *parent, *level, *q; /* each NULL: any; q matches the start of a word of either name, or the code */
	const char *on;                 /* what was valid that day; NULL: the newest version of each, valid or not */
	const char *after;              /* code to continue behind; NULL: from the start */
	size_t limit;                   /* 1 … STORE_LIST_MAX */
};
enum rc store_place_list(struct store_reader *r, const struct store_place_query *q, struct store_place *out,
                         size_t *ret_n, struct err *e) WARN_UNUSED;

/* What a unit became. A split is one change for each part, a merger one for each unit that went into it. */
struct store_place_change {
	char from[STORE_CODE_MAX], to[STORE_CODE_MAX];
	char day[STORE_DATE_MAX];       /* the first of the new order */
	char kind[STORE_WORD_MAX];      /* "renamed", "split", "merged", "moved" */
	char law[STORE_NAME_MAX];       /* may be empty */
};
/* Inserts or replaces by from, to and day, all or nothing. At most 5,000 a call. */
enum rc store_place_changes_import(struct store *s, const struct store_place_change *changes, size_t n,
                                   struct err *e) WARN_UNUSED;
/* Changes from and to a unit, by day, at most max. */
enum rc store_place_changes(struct store_reader *r, const char *code, struct store_place_change *out, size_t max,
                            size_t *ret_n, struct err *e) WARN_UNUSED;

struct store_office {
	char scope[STORE_SCOPE_MAX], code[STORE_CODE_MAX], kind[STORE_WORD_MAX]; /* "commune", "hospital", "district"… */
	char name_native[STORE_NAME_MAX], name_latin[STORE_NAME_MAX];
	char place[STORE_CODE_MAX];    /* may be empty */
	bool active;
};
/* Inserts or replaces by scope. */
enum rc store_office_add(struct store *s, const struct store_office *o, struct err *e) WARN_UNUSED;
enum rc store_office_get(struct store_reader *r, const char *scope, struct store_office *ret, struct err *e) WARN_UNUSED;
/* The office and everything below, by scope, behind `after` (NULL: from the start). */
enum rc store_office_list(struct store_reader *r, const char *scope, const char *after, struct store_office *out,
                          size_t limit, size_t *ret_n, struct err *e) WARN_UNUSED;

/* How the office works from a day on; replaces what was said for that day. RC_NOT_FOUND "office". */
enum rc store_office_regime_set(struct store *s, const char *scope, const char *valid_from, const char *regime,
                                struct err *e) WARN_UNUSED;
/* Of the office alone, not of those above. RC_NOT_FOUND: nothing was said; the pack's default. */
enum rc store_office_regime_on(struct store_reader *r, const char *scope, const char *date,
                               char ret_regime[static STORE_WORD_MAX], struct err *e) WARN_UNUSED;

/* -------------------------------------------------------- the matcher's feed */

struct store_feed_item {
	uint64_t pos;                  /* 1, 2, … gapless */
	struct id person_id, object_id; /* object: the case or the act */
	uint32_t kind;                 /* 1 case, 2 act, 3 forget this object (sealed empty) */
	uint64_t version;              /* the version `sealed` was sealed for (acts: 1) */
	struct bytes sealed;           /* in the arena */
};
/* On a server, gives what was written a position in the feed: before reading it. ret_more: there is still more. */
enum rc store_feed_place(struct store *s, bool *ret_more, struct err *e) WARN_UNUSED;
/* Items with pos > after, in order, at most max. */
enum rc store_feed_after(struct store_reader *r, uint64_t after, struct arena *a, struct store_feed_item *out,
                         size_t max, size_t *ret_n, struct err *e) WARN_UNUSED;
enum rc store_feed_last(struct store_reader *r, uint64_t *ret_pos, struct err *e) WARN_UNUSED;

/* ---------------------------------------------------- the log's sequencer */
/*
 * Order (1)…(5) of the design: (1) is store_case_register; here are (2) and the
 * record of (4). A leaf is pending until it has an epoch and a place in it. A
 * sequencer first takes the head, which raises the fencing number; whoever holds
 * an older number can no longer place anything. The sequencer holds the lock of
 * store/lock.h during each step, so that a backup copies a consistent set.
 */
#define STORE_FRONTIER_MAX (64 * 32 + 16)

struct store_log_head {
	uint32_t epoch;                /* from 1 */
	uint64_t size;
	uint64_t fence;                /* grows with each who takes the sequencer's place */
	uint64_t beat;                 /* grows with each sign of life of the one who holds it */
	struct id holder;              /* a number that this one drew; zero: nobody */
	uint8_t root[STORE_HASH];
	size_t frontier_len;
	uint8_t frontier[STORE_FRONTIER_MAX]; /* opaque; the ledger's */
};
struct store_leaf {
	struct id act_id, person_id;   /* both zero for the leaf that ties an epoch to the one before */
	uint8_t commitment[STORE_HASH];
	uint32_t epoch;                /* 0: pending */
	uint64_t place;
};
/* The head of the newest epoch, its fence raised by one, for this holder; epoch 1 with size 0, the given root and
   frontier is made if there is none. seen: only if nobody has taken it or given a sign of life since, RC_CONFLICT
   "head" otherwise; NULL: whoever holds it. Works while read-only. */
enum rc store_log_acquire(struct store *s, const struct store_log_head *empty, const struct store_log_head *seen,
                          struct id holder, struct store_log_head *ret, struct err *e) WARN_UNUSED;
/* A sign of life of who acquired `held`. RC_CONFLICT "head": somebody else took over. Works while read-only. */
enum rc store_log_beat(struct store *s, const struct store_log_head *held, struct err *e) WARN_UNUSED;
/* Gives the place up, unless somebody else has it already. Works while read-only. */
enum rc store_log_leave(struct store *s, const struct store_log_head *held, struct err *e) WARN_UNUSED;
/* epoch 0: the newest. RC_NOT_FOUND. */
enum rc store_log_head(struct store_reader *r, uint32_t epoch, struct store_log_head *ret, struct err *e) WARN_UNUSED;
/* Leaves without a place, oldest first. */
enum rc store_log_pending(struct store_reader *r, struct store_leaf *out, size_t max, size_t *ret_n,
                          struct err *e) WARN_UNUSED;
/* In one transaction: the head of old->epoch moves from (old->size, old->fence) to next (size, root, frontier)
   and leaves[i] gets the place old->size + i. RC_CONFLICT "head" unless the head is as given, n is
   next->size - old->size, and each leaf was pending. */
enum rc store_log_place(struct store *s, const struct store_log_head *old, const struct store_log_head *next,
                        const struct store_leaf *leaves, size_t n, struct err *e) WARN_UNUSED;
/* Placed leaves of an epoch from a place on, in order: to rebuild tiles. */
enum rc store_log_placed(struct store_reader *r, uint32_t epoch, uint64_t from, struct store_leaf *out, size_t max,
                         size_t *ret_n, struct err *e) WARN_UNUSED;
/* The leaf of an act; ret->epoch is 0 while it is pending. RC_NOT_FOUND. */
enum rc store_log_leaf(struct store_reader *r, struct id act_id, struct store_leaf *ret, struct err *e) WARN_UNUSED;
/* Opens first->epoch with one leaf at place 0 (size 1). RC_CONFLICT "head" unless it is the newest epoch
   plus one. Works while read-only, which the store then is no more: both are one transaction. */
enum rc store_log_open_epoch(struct store *s, const struct store_log_head *first,
                             const uint8_t commitment[static STORE_HASH], struct err *e) WARN_UNUSED;
/* Records a signed checkpoint; a size already recorded is kept as it was. Works while read-only. */
enum rc store_checkpoint_put(struct store *s, uint32_t epoch, uint64_t size, struct bytes note, int64_t at,
                             struct err *e) WARN_UNUSED;
/* The newest of the epoch (0: of the newest epoch that has one), appended to out. RC_NOT_FOUND. */
enum rc store_checkpoint_last(struct store_reader *r, uint32_t epoch, struct buf *out, uint64_t *ret_size,
                              struct err *e) WARN_UNUSED;

#endif
