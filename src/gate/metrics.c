/* SPDX-License-Identifier: MPL-2.0 */
/*
 * /metrics, in Prometheus' text format, for whoever watches the machine: queues,
 * times and errors. It asks for no session, so that nothing in it counts what is
 * done about people (decision 0013): of a route not how often it was used, only
 * how long it takes and where it failed. Routes stand in it as templates, never
 * as the paths that were asked for.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "gate/handlers.h"
#include "gate/state.h"

/* Upper ends in microseconds, as Prometheus' text has them in seconds. What lasts longer is counted in +Inf alone. */
static const struct { int64_t us; const char *seconds; } bounds[] = {
	{2500, "0.0025"}, {10000, "0.01"}, {25000, "0.025"}, {100000, "0.1"}, {250000, "0.25"}, {1000000, "1"}, {5000000, "5"},
};
enum { BOUNDS = sizeof bounds / sizeof *bounds, FEWEST = 20, KEPT = 512 };

struct times {
	_Atomic uint64_t within[BOUNDS + 1]; /* not cumulative; the last: longer */
};

/* How one route was used. */
struct route_use {
	_Atomic uint64_t failed; /* answers of 5xx */
	_Atomic uint64_t seen;
	struct times lately;     /* halved every KEPT answers, so that what was long ago fades */
};

struct route_uses {
	struct times all;
	_Atomic uint64_t us;
	struct route_use of[];
};

struct route_uses *route_uses_new(void)
{
	return calloc(1, sizeof(struct route_uses) + route_count * sizeof(struct route_use));
}

static void took(struct times *t, int64_t us)
{
	int i = 0;
	while (i < BOUNDS && us > bounds[i].us)
		i++;
	atomic_fetch_add(&t->within[i], 1);
}

void route_used(struct route_uses *uses, const struct route *r, int status, int64_t us)
{
	struct route_use *u = &uses->of[r - routes];
	took(&uses->all, us);
	atomic_fetch_add(&uses->us, (uint64_t)us);
	took(&u->lately, us);
	if (status >= 500)
		atomic_fetch_add(&u->failed, 1);
	if (atomic_fetch_add(&u->seen, 1) % KEPT == KEPT - 1)
		for (int i = 0; i <= BOUNDS; i++)
			atomic_store(&u->lately.within[i], atomic_load(&u->lately.within[i]) / 2);
}

static void put_head(struct buf *out, const char *name, const char *help, const char *type)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_counter(struct buf *out, const char *name, const char *help, const char *type, uint64_t v)
{
	put_head(out, name, help, type);
	buf_printf(out, "%s %llu\n", name, (unsigned long long)v);
}

static const char *seconds_of(int i)
{
	return i < BOUNDS ? bounds[i].seconds : "+Inf";
}

/* All answers together. */
static void put_times(struct buf *out, struct route_uses *uses)
{
	static const char name[] = "civis_http_seconds";
	unsigned long long n = 0, us = atomic_load(&uses->us);
	put_head(out, name, "From a whole request to its answer, with the wait for a worker", "histogram");
	for (int i = 0; i <= BOUNDS; i++) {
		n += atomic_load(&uses->all.within[i]);
		buf_printf(out, "%s_bucket{le=\"%s\"} %llu\n", name, seconds_of(i), n);
	}
	buf_printf(out, "%s_sum %llu.%06llu\n%s_count %llu\n", name, us / 1000000, us % 1000000, name, n);
}

/* The bound within which so many per cent of the last answers came. */
static const char *bound_of(struct times *t, unsigned percent)
{
	uint64_t n = 0, sum = 0;
	int i = 0;
	for (int k = 0; k <= BOUNDS; k++)
		n += atomic_load(&t->within[k]);
	while (i < BOUNDS && (sum += atomic_load(&t->within[i])) * 100 < n * percent)
		i++;
	return seconds_of(i);
}

/* Of routes that were used more often than a few times. */
static void put_routes(struct buf *out, struct route_uses *uses)
{
	static const struct { unsigned percent; const char *share; } told[] = {{50, "0.5"}, {95, "0.95"}};
	static const char failed[] = "civis_http_route_failed_total", took[] = "civis_http_route_seconds";
	put_head(out, failed, "Answers of 5xx by route", "counter");
	for (size_t r = 0; r < route_count; r++)
		if (atomic_load(&uses->of[r].failed))
			buf_printf(out, "%s{method=\"%s\",route=\"%s\"} %llu\n", failed, http_method_name(routes[r].method), routes[r].path,
			           (unsigned long long)atomic_load(&uses->of[r].failed));
	put_head(out, took, "Within how long this share of a route's last answers came: the upper end of a range", "gauge");
	for (size_t r = 0; r < route_count; r++)
		for (size_t i = 0; i < sizeof told / sizeof *told && atomic_load(&uses->of[r].seen) >= FEWEST; i++)
			buf_printf(out, "%s{method=\"%s\",route=\"%s\",quantile=\"%s\"} %s\n", took, http_method_name(routes[r].method),
			           routes[r].path, told[i].share, bound_of(&uses->of[r].lately, told[i].percent));
}

enum rc metrics(struct call *c)
{
	struct gate *g = c->gate;
	struct buf *out = &c->a->body;
	struct http_counters h;
	struct store_numbers s;
	http_server_count(g->http, &h);
	store_numbers(g->store, &s);
	put_counter(out, "civis_http_requests_total", "Requests read", "counter", h.requests);
	put_counter(out, "civis_http_refused_total", "Requests refused before a handler saw them", "counter", h.refused);
	put_counter(out, "civis_http_busy_total", "Requests turned away since there was no room", "counter", h.busy);
	put_head(out, "civis_http_answers_total", "Answers by class of status", "counter");
	for (int i = 2; i <= 5; i++)
		buf_printf(out, "civis_http_answers_total{class=\"%dxx\"} %llu\n", i, (unsigned long long)h.by_class[i]);
	put_times(out, g->uses);
	put_routes(out, g->uses);
	put_counter(out, "civis_http_connections", "Open connections", "gauge", h.connections);
	put_counter(out, "civis_http_queued", "Requests waiting for a worker", "gauge", h.queued);
	put_counter(out, "civis_store_commits_total", "Group commits", "counter", s.commits);
	put_counter(out, "civis_store_commit_microseconds_total", "Time spent committing", "counter", s.commit_us);
	put_counter(out, "civis_store_queued", "Writes waiting", "gauge", s.queued_now);
	put_counter(out, "civis_store_refused_busy_total", "Writes refused: the queue was full", "counter", s.refused_busy);
	put_counter(out, "civis_store_lost_total", "Writes that lost the database's server, and waited for it", "counter", s.lost);
	put_counter(out, "civis_store_raced_total", "Writes run again, since another transaction was faster", "counter", s.raced);
	put_counter(out, "civis_store_refused_full_total", "Writes refused: no room on disk", "counter", s.refused_full);
	put_counter(out, "civis_store_connections_lost_total", "Connections to the database's server that were lost", "counter", s.connections_lost);
	put_counter(out, "civis_store_connection_tries_total", "Attempts to make a lost connection again", "counter", s.connection_tries);
	put_counter(out, "civis_store_connections_away", "Connections that are lost, and tried again at growing intervals", "gauge",
	            s.connections_away);
	put_counter(out, "civis_sequencer_here", "1 if this gate gives the leaves their places", "gauge", atomic_load(&g->sequencing));
	put_counter(out, "civis_sequencer_known", "1 if some gate does, as far as this one sees", "gauge",
	            atomic_load(&g->sequencing) || atomic_load(&g->sequencer_known));
	put_counter(out, "civis_sequencer_taken_total", "How often this gate took the sequencer's place", "counter", atomic_load(&g->heads_taken));
	put_counter(out, "civis_sequencer_lost_total", "How often another gate replaced this one", "counter", atomic_load(&g->heads_lost));
	int64_t moved = atomic_load(&g->head_moved_us);
	put_counter(out, "civis_log_head_age_seconds", "Since the log's head was last seen to move; 0 where no gate watches another", "gauge",
	            moved ? (uint64_t)(clock_monotonic_us() - moved) / 1000000 : 0);
	put_counter(out, "civis_log_size", "Leaves in the published log", "gauge", atomic_load(&g->log_size));
	put_counter(out, "civis_log_read_only", "1 if the store or its vault is behind a known checkpoint", "gauge",
	            gate_is_read_only(g));
	put_counter(out, "civis_matcher_up", "1 if the matcher answers", "gauge", atomic_load(&g->matcher_up));
	uint64_t read = atomic_load(&g->matcher_position), last = atomic_load(&g->feed_position);
	put_counter(out, "civis_matcher_behind", "Records that the matcher has not read yet", "gauge", last > read ? last - read : 0);
	put_counter(out, "civis_errands_open", "Cases past their deadline and ended documents that still wait for the system", "gauge",
	            atomic_load(&g->errands_open));
	put_counter(out, "civis_duplicates_not_searched_total", "Cases shown without a search for duplicates", "counter",
	            atomic_load(&g->duplicates_not_searched));
	put_head(out, "civis_child_restarts_total", "Processes that ended by themselves and were started again", "counter");
	for (int i = 0; i < SANDBOX_ROLES; i++)
		buf_printf(out, "civis_child_restarts_total{role=\"%s\"} %u\n", sandbox_role_name((enum sandbox_role)i),
		           (unsigned)atomic_load(&g->restarts[i]));
	c->a->status = 200;
	c->a->type = "text/plain; version=0.0.4; charset=utf-8";
	return RC_OK;
}
