/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Token buckets for requests without an account: one for all, one for each
 * address. Addresses are keyed hashes (http_request.peer) and live in memory only.
 */
#ifndef CIVIS_GATE_THROTTLE_H
#define CIVIS_GATE_THROTTLE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum { THROTTLE_SLOTS = 4096, THROTTLE_WAYS = 4 };

struct throttle_bucket {
	uint64_t who;
	double tokens;
	int64_t at_us;
};

struct throttle {
	pthread_mutex_t lock;
	double each_burst, each_per_s;
	double all_burst, all_per_s;
	struct throttle_bucket all;
	struct throttle_bucket slots[THROTTLE_SLOTS];
};

/* How many requests of one address are under way, where each of them is costly. */
enum { TURNSTILE_SLOTS = 256 };
struct turnstile {
	pthread_mutex_t lock;
	struct {
		uint64_t who;
		unsigned inside; /* 0: free */
	} slots[TURNSTILE_SLOTS];
};

void turnstile_init(struct turnstile *t);
/* False if `max` of this address are inside already; else turnstile_leave() has to follow. */
bool turnstile_enter(struct turnstile *t, uint64_t who, unsigned max);
void turnstile_leave(struct turnstile *t, uint64_t who);

void throttle_init(struct throttle *t, double each_burst, double each_per_s, double all_burst, double all_per_s);
/* True if the request may go on; else *ret_wait is the seconds to wait (≥ 1). */
bool throttle_take(struct throttle *t, uint64_t who, int64_t now_us, unsigned *ret_wait);

#endif
