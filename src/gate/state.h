/* SPDX-License-Identifier: MPL-2.0 */
/* Inside the gate only: what its threads share. */
#ifndef CIVIS_GATE_STATE_H
#define CIVIS_GATE_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "gate/gate.h"
#include "gate/http.h"
#include "gate/throttle.h"
#include "ledger/sequencer.h"
#include "ledger/watch.h"
#include "process/sandbox.h"
#include "register/log_glue.h"
#include "store/store.h"
#include "vault/client.h"

#define GATE_LOG_DIR "log"
#define SESSION_CACHE 1024
#define GATE_GATHER_MS 20 /* a moment for more to come, so that a checkpoint or a feeding covers many */

struct gate_seat { /* of one thread */
	struct store_reader *reader;
	struct vault_client *vault;
};

struct session_slot {
	uint8_t token_hash[32];
	int64_t until_us; /* monotonic; 0 empty */
	struct vault_session session;
};

/* Small answers of the vault that many ask for: kept for a moment. */
struct kept {
	pthread_mutex_t lock;
	int64_t until_us; /* monotonic */
	uint32_t number;
	struct buf bytes;
};

struct uploads;
struct country_bodies;
struct route;
struct route_uses;

struct gate {
	const struct gate_config *config;
	struct store *store;
	struct http_server *http;
	struct gate_seat *seats;  /* one a worker, then the sequencer's, the feeder's, the errands' */
	size_t seat_count;
	unsigned workers;
	char node[64];
	pthread_mutex_t session_lock;
	struct session_slot sessions[SESSION_CACHE];
	struct throttle throttle, sign_in_pace;
	struct turnstile sign_ins;
	struct uploads *uploads;
	struct route_uses *uses; /* metrics.c */
	_Atomic uint32_t restarts[SANDBOX_ROLES]; /* as the supervisor told */
	struct {
		pthread_mutex_t lock;
		bool known; /* asked of the vault when first needed */
		uint8_t bytes[32];
	} request_key;
	struct kept trust, status;
	struct country_bodies *country;
	/* background threads */
	struct log_glue glue;
	struct ledger *ledger; /* the sequencer's, once it runs */
	struct store_log_head head; /* the sequencer's: of a shared store, as last seen */
	struct ledger_watch watch;  /* the sequencer's: since when it is so */
	int64_t beat_us;            /* the sequencer's */
	enum rc step_said;          /* the sequencer's: why its last step failed */
	_Atomic bool sequencing;      /* places are given here */
	_Atomic bool sequencer_known; /* the head is held, here or elsewhere, and signs of life come */
	_Atomic int64_t head_moved_us; /* monotonic: when its size was last seen to change */
	_Atomic uint64_t heads_taken, heads_lost;
	_Atomic bool compared; /* head, checkpoint and vault agree: writes may come in */
	pthread_mutex_t wake_lock;
	pthread_cond_t wake_sequencer, wake_feeder, wake_errands;
	bool leaves_wait, feed_waits, errands_wait, stopping;
	_Atomic uint64_t errands_open; /* at most: as far as one turn counts them */
	_Atomic uint64_t log_size, feed_position, matcher_position, duplicates_not_searched;
	_Atomic bool matcher_up, log_read_only;
	bool stopped; /* read-only here alone: the vault is older than the register */
};

/* sequencing.c */
/* The store is, or the log was found to be: nothing is taken in. */
bool gate_is_read_only(const struct gate *g);
/* Makes the ledger and compares the store with what is known of its log, before anything is taken in. A store that is
   behind is made read-only; a vault that does not answer is asked again by the sequencer, and writes wait for that. */
enum rc gate_log_open(struct gate *g, struct err *e) WARN_UNUSED;
void *gate_sequencer_main(void *gate);
/* background.c */
void *gate_feeder_main(void *gate);
/* Waits until *flag, the time, or the end; clears the flag. False at the end. */
bool gate_wait(struct gate *g, pthread_cond_t *cond, bool *flag, int ms);
void gate_pause(int ms);
/* errands.c */
void *gate_errands_main(void *gate);
/* After a registration: leaves are pending and the feed has grown. */
void gate_wake(struct gate *g, bool leaves);

/* secret.c: what jansson frees is wiped from now on: passphrases, declarations, numbers. Any thread's. */
void gate_wipe_json(void);
/* secret.c: a digest that lies in the database and does not tell what it is of: under a key that the vault has, and all
   gates of the register. RC_VAULT_DOWN while the vault does not answer. Any thread's. */
enum rc gate_digest(struct gate *g, struct vault_client *vault, struct bytes of, uint8_t ret[static HASH_SIZE],
                    struct err *e) WARN_UNUSED;

/* country.c: NULL if memory ran out; country_bodies_free() ends them. */
struct country_bodies *country_bodies_new(void);
void country_bodies_free(struct country_bodies **all);

/* metrics.c: NULL if memory ran out; free() ends them. */
struct route_uses *route_uses_new(void);
/* Counts one answer, `us` after its request had arrived whole. Any thread's. */
void route_used(struct route_uses *uses, const struct route *r, int status, int64_t us);

/* router.c */
extern const struct http_handler gate_http_handler;
struct route_match;
struct desk_finished;
/* All that is done with a request whose route was found: session, role, headers, body, handler, answer. finished: of
   one out of a parcel; else NULL. */
void route_serve(struct gate *g, unsigned worker, const struct http_request *q, struct http_answer *a,
                 const struct route_match *m, const struct desk_finished *finished);

#endif
