/* SPDX-License-Identifier: MPL-2.0 */
#include "base/random.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/random.h>

static _Atomic(void (*)(void *, size_t)) source;

void random_bytes(void *out, size_t len)
{
	void (*fill)(void *, size_t) = atomic_load(&source);
	if (fill) {
		fill(out, len);
		return;
	}
	uint8_t *at = out;
	while (len) {
		ssize_t n = getrandom(at, len, 0);
		if (n < 0 && errno != EINTR)
			abort();
		if (n > 0) {
			at += n;
			len -= (size_t)n;
		}
	}
}

uint32_t random_below(uint32_t bound)
{
	/* Values below 2^32 mod bound would make the small remainders likelier. */
	uint32_t reject = (0u - bound) % bound;
	uint32_t v;
	do
		random_bytes(&v, sizeof v);
	while (v < reject);
	return v % bound;
}

void random_set_source(void (*fill)(void *out, size_t len))
{
	atomic_store(&source, fill);
}
