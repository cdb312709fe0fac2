/* SPDX-License-Identifier: MPL-2.0 */
#include "gate/gate.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "gate/handlers.h"
#include "gate/state.h"
#include "process/supervise.h"

enum { REQUEST_DAYS = 30, SWEEP_SECONDS = 60, GATE_THREADS = 3 };

static enum rc seats_open(struct gate *g, struct err *e)
{
	g->seat_count = g->config->channel_count;
	g->workers = (unsigned)g->seat_count - GATE_THREADS;
	g->seats = calloc(g->seat_count, sizeof *g->seats);
	if (!g->seats)
		return RC_NO_MEMORY;
	for (size_t i = 0; i < g->seat_count; i++) {
		g->seats[i].vault = vault_client_new(g->config->channels[i]);
		if (!g->seats[i].vault)
			return RC_NO_MEMORY;
		enum rc rc = store_reader_open(g->store, &g->seats[i].reader, e);
		if (rc != RC_OK)
			return rc;
	}
	return RC_OK;
}

static void seats_close(struct gate *g)
{
	for (size_t i = 0; g->seats && i < g->seat_count; i++) {
		store_reader_close(&g->seats[i].reader);
		vault_client_free(&g->seats[i].vault);
	}
	free(g->seats);
	g->seats = NULL;
}

static void read_node(struct gate *g)
{
	struct arena *a = arena_new(4096);
	const char *node = NULL;
	struct err ignored;
	if (a && store_meta_get(g->seats[0].reader, "node", a, &node, &ignored) != RC_OK)
		node = NULL;
	snprintf(g->node, sizeof g->node, "%s", node ? node : "1");
	arena_free(&a);
}

static void locks_init(struct gate *g)
{
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&g->session_lock, NULL);
	pthread_mutex_init(&g->request_key.lock, NULL);
	pthread_mutex_init(&g->wake_lock, NULL);
	pthread_mutex_init(&g->trust.lock, NULL);
	pthread_mutex_init(&g->status.lock, NULL);
	pthread_cond_init(&g->wake_sequencer, &monotonic);
	pthread_cond_init(&g->wake_feeder, &monotonic);
	pthread_cond_init(&g->wake_errands, &monotonic);
	pthread_condattr_destroy(&monotonic);
	buf_init(&g->trust.bytes, (size_t)1 << 20);
	buf_init(&g->status.bytes, (size_t)1 << 20);
	/* A family declares a birth and sends a few photographs; a commune's worth of phones behind
	   one address may do so at the same hour. */
	throttle_init(&g->throttle, 40, 0.5, 400, 50);
	/* Argon2id is costly by intent, and few can wait for it at once (vault/login.h): an office signs in
	   in the morning, one after the other; nobody fills the vault's places from one address. */
	throttle_init(&g->sign_in_pace, 60, 1, 600, 40);
	turnstile_init(&g->sign_ins);
}

static enum rc gate_open(struct gate *g, struct err *e)
{
	if (g->config->channel_count < GATE_CHANNELS_MIN)
		return err_set(e, RC_CONFIG, "channels", "at least %d channels are needed", GATE_CHANNELS_MIN);
	locks_init(g);
	if (!(g->uses = route_uses_new()) || !(g->country = country_bodies_new()))
		return err_set(e, RC_NO_MEMORY, "routes", "not enough memory");
	if (mkdir(GATE_LOG_DIR, 0755) != 0 && access(GATE_LOG_DIR, W_OK) != 0)
		return err_set(e, RC_CONFIG, GATE_LOG_DIR, "the log's folder cannot be made");
	enum rc rc = store_open(".", g->config->register_id, &g->store, e);
	if (rc == RC_OK)
		rc = seats_open(g, e);
	if (rc == RC_OK)
		rc = uploads_open(g);
	if (rc == RC_OK)
		read_node(g);
	unlink("request.key"); /* an older program's secret, which is of no use any more */
	return rc;
}

static void housekeeping(struct gate *g)
{
	uint64_t removed = 0;
	struct err e;
	int64_t now = clock_now_us();
	enum rc rc = store_sweep(g->store, now, now - (int64_t)REQUEST_DAYS * 86400 * 1000000, &removed, &e);
	if (rc != RC_OK)
		log_warn("sweep_failed", LOG_RC(rc));
}

/* What the supervisor has to say. False: it is gone. */
static bool hear_supervisor(struct gate *g)
{
	uint32_t restarts[SANDBOX_ROLES];
	enum rc rc = supervise_hear(g->config->control_fd, restarts);
	for (int i = 0; rc == RC_OK && i < SANDBOX_ROLES; i++)
		atomic_store(&g->restarts[i], restarts[i]);
	return rc == RC_OK || rc == RC_BUSY;
}

/* Until told to end: by a signal, or by the supervisor's death. */
static void wait_for_end(struct gate *g, int signals)
{
	struct pollfd fds[2] = {{.fd = signals, .events = POLLIN}, {.fd = g->config->control_fd, .events = POLLIN}};
	for (;;) {
		int n = poll(fds, g->config->control_fd >= 0 ? 2 : 1, SWEEP_SECONDS * 1000);
		if (n > 0 && (fds[0].revents || (fds[1].revents && !hear_supervisor(g))))
			return;
		if (n == 0)
			housekeeping(g);
	}
}

static enum rc threads_start(struct gate *g, pthread_t threads[GATE_THREADS], unsigned *ret_count, struct err *e)
{
	void *(*const mains[GATE_THREADS])(void *) = {gate_sequencer_main, gate_feeder_main, gate_errands_main};
	for (unsigned i = 0; i < GATE_THREADS; i++, (*ret_count)++)
		if (pthread_create(&threads[i], NULL, mains[i], g) != 0)
			return err_set(e, RC_NO_MEMORY, "threads", "a thread cannot be started");
	const struct http_config http = {
		.listen_fd = g->config->listen_fd, .tls = g->config->tls, .workers = g->workers, .queue_max = 512, .behind_proxy = g->config->behind_proxy,
	};
	struct http_handler handler = gate_http_handler;
	handler.ctx = g;
	return http_server_start(&http, &handler, &g->http, e);
}

static void threads_stop(struct gate *g, pthread_t threads[GATE_THREADS], unsigned count)
{
	http_server_stop(&g->http);
	pthread_mutex_lock(&g->wake_lock);
	g->stopping = true;
	pthread_cond_broadcast(&g->wake_sequencer);
	pthread_cond_broadcast(&g->wake_feeder);
	pthread_cond_broadcast(&g->wake_errands);
	pthread_mutex_unlock(&g->wake_lock);
	for (unsigned i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

static enum rc run(struct gate *g, int signals, struct err *e)
{
	pthread_t threads[GATE_THREADS];
	unsigned count = 0;
	/* Before the first request: a store that is behind its log must not acknowledge anything. */
	enum rc rc = gate_log_open(g, e);
	if (rc == RC_OK)
		rc = threads_start(g, threads, &count, e);
	if (rc == RC_OK && g->config->control_fd >= 0)
		rc = supervise_ready(g->config->control_fd, g->config->url);
	if (rc == RC_OK) {
		log_info("ready", LOG_INT("workers", g->workers));
		wait_for_end(g, signals);
		log_info("ending", LOG_NONE);
	}
	threads_stop(g, threads, count);
	return rc;
}

int gate_main(const struct gate_config *config)
{
	struct err e = ERR_NONE;
	gate_wipe_json();
	struct gate *g = calloc(1, sizeof *g);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	int signals = signalfd(-1, &set, SFD_CLOEXEC);
	enum rc rc = g && signals >= 0 ? RC_OK : RC_NO_MEMORY;
	if (rc == RC_OK) {
		g->config = config;
		rc = gate_open(g, &e);
	}
	if (rc == RC_OK)
		rc = run(g, signals, &e);
	if (rc != RC_OK) {
		log_error("gate_failed", LOG_RC(rc));
		fprintf(stderr, "civis: gate: %s: %s\n", e.where, e.text[0] ? e.text : rc_text(rc));
	}
	if (g) {
		ledger_free(&g->ledger);
		log_glue_release(&g->glue);
		uploads_close(g);
		free(g->uses);
		country_bodies_free(&g->country);
		seats_close(g);
		store_close(&g->store);
		buf_release(&g->trust.bytes);
		buf_release(&g->status.bytes);
		wipe(&g->request_key, sizeof g->request_key);
		free(g);
	}
	if (signals >= 0)
		close(signals);
	return rc == RC_OK ? 0 : rc == RC_CONFIG || rc == RC_NOT_FOUND || rc == RC_CORRUPT ? SUPERVISE_EXIT_CONFIG : 1;
}
