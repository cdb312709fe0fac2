/* SPDX-License-Identifier: MPL-2.0 */
/* /metrics: counters in Prometheus' text format. Routes stand in them as templates, never as the paths that were asked for. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "gate/handlers.h"
#include "gate/state.h"

/* Upper ends in microseconds, as Prometheus' text has them in seconds. What lasts longer is counted in +Inf alone. */
static const struct { int64_t us; const char *seconds; } bounds[] = {
	{2500, "0.0025"}, {10000, "0.01"}, {25000, "0.025"}, {100000, "0.1"}, {250000, "0.25"}, {1000000, "1"}, {5000000, "5"},
};
enum { BOUNDS = sizeof bounds / sizeof *bounds };

/* How one route was used. */
struct route_use {
	_Atomic uint64_t answers[6]; /* [2] is 2xx */
	_Atomic uint64_t within[BOUNDS + 1]; /* not cumulative; the last: longer */
	_Atomic uint64_t us;
};

struct route_use *route_uses_new(void)
{
	return calloc(route_count, sizeof(struct route_use));
}

void route_used(struct route_use *uses, const struct route *r, int status, int64_t us)
{
	struct route_use *u = &uses[r - routes];
	int class = status / 100, i = 0;
	while (i < BOUNDS && us > bounds[i].us)
		i++;
	atomic_fetch_add(&u->answers[class >= 1 && class <= 5 ? class : 5], 1);
	atomic_fetch_add(&u->within[i], 1);
	atomic_fetch_add(&u->us, (uint64_t)us);
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

static void put_durations(struct buf *out, const struct route *r, struct route_use *u)
{
	static const char name[] = "civis_http_route_seconds";
	const char *method = http_method_name(r->method);
	unsigned long long n = 0, us = atomic_load(&u->us);
	for (int i = 0; i <= BOUNDS; i++) {
		n += atomic_load(&u->within[i]);
		buf_printf(out, "%s_bucket{method=\"%s\",route=\"%s\",le=\"%s\"} %llu\n", name, method, r->path,
		           i < BOUNDS ? bounds[i].seconds : "+Inf", n);
	}
	buf_printf(out, "%s_sum{method=\"%s\",route=\"%s\"} %llu.%06llu\n", name, method, r->path, us / 1000000, us % 1000000);
	buf_printf(out, "%s_count{method=\"%s\",route=\"%s\"} %llu\n", name, method, r->path, n);
}

static bool is_used(struct route_use *u)
{
	uint64_t n = 0;
	for (int i = 0; i <= BOUNDS; i++)
		n += atomic_load(&u->within[i]);
	return n > 0;
}

/* Of the routes that were used at all. */
static void put_routes(struct buf *out, struct route_use *uses)
{
	put_head(out, "civis_http_route_answers_total", "Answers by route and class of status", "counter");
	for (size_t r = 0; r < route_count; r++)
		for (int i = 2; i <= 5 && is_used(&uses[r]); i++)
			buf_printf(out, "civis_http_route_answers_total{method=\"%s\",route=\"%s\",class=\"%dxx\"} %llu\n",
			           http_method_name(routes[r].method), routes[r].path, i,
			           (unsigned long long)atomic_load(&uses[r].answers[i]));
	put_head(out, "civis_http_route_seconds", "From a whole request to its answer, with the wait for a worker", "histogram");
	for (size_t r = 0; r < route_count; r++)
		if (is_used(&uses[r]))
			put_durations(out, &routes[r], &uses[r]);
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
	put_routes(out, g->uses);
	put_counter(out, "civis_http_connections", "Open connections", "gauge", h.connections);
	put_counter(out, "civis_http_queued", "Requests waiting for a worker", "gauge", h.queued);
	put_counter(out, "civis_store_commits_total", "Group commits", "counter", s.commits);
	put_counter(out, "civis_store_writes_total", "Writes in group commits", "counter", s.writes);
	put_counter(out, "civis_store_commit_microseconds_total", "Time spent committing", "counter", s.commit_us);
	put_counter(out, "civis_store_queued", "Writes waiting", "gauge", s.queued_now);
	put_counter(out, "civis_store_refused_busy_total", "Writes refused: the queue was full", "counter", s.refused_busy);
	put_counter(out, "civis_store_refused_full_total", "Writes refused: no room on disk", "counter", s.refused_full);
	put_counter(out, "civis_log_size", "Leaves in the published log", "gauge", atomic_load(&g->log_size));
	put_counter(out, "civis_log_read_only", "1 if the log is behind a known checkpoint", "gauge", atomic_load(&g->log_read_only));
	put_counter(out, "civis_matcher_up", "1 if the matcher answers", "gauge", atomic_load(&g->matcher_up));
	put_counter(out, "civis_matcher_position", "How far the matcher has read", "gauge", atomic_load(&g->matcher_position));
	put_counter(out, "civis_feed_position", "How far the matcher's feed reaches", "gauge", atomic_load(&g->feed_position));
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
