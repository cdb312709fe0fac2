/* SPDX-License-Identifier: MPL-2.0 */
#include "gate/throttle.h"

#include <string.h>

void throttle_init(struct throttle *t, double each_burst, double each_per_s, double all_burst, double all_per_s)
{
	memset(t, 0, sizeof *t);
	pthread_mutex_init(&t->lock, NULL);
	t->each_burst = each_burst;
	t->each_per_s = each_per_s;
	t->all_burst = all_burst;
	t->all_per_s = all_per_s;
	t->all.tokens = all_burst;
}

static void refill(struct throttle_bucket *b, double burst, double per_s, int64_t now)
{
	if (now > b->at_us)
		b->tokens += (double)(now - b->at_us) * per_s / 1e6;
	if (b->tokens > burst)
		b->tokens = burst;
	b->at_us = now;
}

/* The bucket of `who`; the stalest of its few places makes room for a newcomer. */
static struct throttle_bucket *find(struct throttle *t, uint64_t who, int64_t now)
{
	struct throttle_bucket *set = &t->slots[who % (THROTTLE_SLOTS / THROTTLE_WAYS) * THROTTLE_WAYS], *oldest = set;
	for (int i = 0; i < THROTTLE_WAYS; i++) {
		if (set[i].who == who && set[i].at_us)
			return &set[i];
		if (set[i].at_us < oldest->at_us)
			oldest = &set[i];
	}
	*oldest = (struct throttle_bucket){.who = who, .tokens = t->each_burst, .at_us = now};
	return oldest;
}

bool throttle_take(struct throttle *t, uint64_t who, int64_t now_us, unsigned *ret_wait)
{
	pthread_mutex_lock(&t->lock);
	struct throttle_bucket *mine = find(t, who, now_us);
	refill(mine, t->each_burst, t->each_per_s, now_us);
	refill(&t->all, t->all_burst, t->all_per_s, now_us);
	bool good = mine->tokens >= 1 && t->all.tokens >= 1;
	if (good) {
		mine->tokens -= 1;
		t->all.tokens -= 1;
	} else {
		double short_of = mine->tokens < 1 ? (1 - mine->tokens) / t->each_per_s : (1 - t->all.tokens) / t->all_per_s;
		*ret_wait = (unsigned)short_of + 1;
	}
	pthread_mutex_unlock(&t->lock);
	return good;
}

void turnstile_init(struct turnstile *t)
{
	memset(t, 0, sizeof *t);
	pthread_mutex_init(&t->lock, NULL);
}

bool turnstile_enter(struct turnstile *t, uint64_t who, unsigned max)
{
	size_t at = TURNSTILE_SLOTS;
	pthread_mutex_lock(&t->lock);
	for (size_t i = 0; i < TURNSTILE_SLOTS; i++) {
		if (t->slots[i].inside && t->slots[i].who == who) {
			at = i;
			break;
		}
		if (!t->slots[i].inside && at == TURNSTILE_SLOTS)
			at = i;
	}
	bool good = at < TURNSTILE_SLOTS && t->slots[at].inside < max;
	if (good) {
		t->slots[at].who = who;
		t->slots[at].inside++;
	}
	pthread_mutex_unlock(&t->lock);
	return good;
}

void turnstile_leave(struct turnstile *t, uint64_t who)
{
	pthread_mutex_lock(&t->lock);
	for (size_t i = 0; i < TURNSTILE_SLOTS; i++)
		if (t->slots[i].inside && t->slots[i].who == who) {
			t->slots[i].inside--;
			break;
		}
	pthread_mutex_unlock(&t->lock);
}
