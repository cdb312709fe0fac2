/* SPDX-License-Identifier: MPL-2.0 */
/*
 * The test helper: TAP on standard output, one program per module.
 *
 *   #include "tap.h"
 *   TEST(appends_within_the_maximum) { ok(buf.len == 3); eq_int(rc, RC_OK); }
 *   int main(void) { RUN(appends_within_the_maximum); return tap_done(); }
 *
 * Each TEST is one TAP point: it fails when any check in it fails; every failed
 * check prints its line. skip() says why and counts as skipped, not as passed.
 */
#ifndef CIVIS_TESTS_TAP_H
#define CIVIS_TESTS_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failures, tap_checks_failed, tap_checks;
static const char *tap_skip;

#define TEST(name) static void name(void)
#define RUN(name) tap_run(#name, name)

#define ok(cond) tap_check((cond), #cond, __FILE__, __LINE__)
#define eq_int(got, want) tap_eq_int((long long)(got), (long long)(want), #got " == " #want, __FILE__, __LINE__)
#define eq_str(got, want) tap_eq_str((got), (want), #got " == " #want, __FILE__, __LINE__)
#define skip(why) do { tap_skip = (why); return; } while (0)

static inline bool tap_check(bool good, const char *what, const char *file, int line)
{
	tap_checks++;
	if (!good) {
		tap_checks_failed++;
		printf("# %s:%d: failed: %s\n", file, line, what);
	}
	return good;
}

static inline bool tap_eq_int(long long got, long long want, const char *what, const char *file, int line)
{
	bool good = tap_check(got == want, what, file, line);
	if (!good)
		printf("#   got %lld, want %lld\n", got, want);
	return good;
}

static inline bool tap_eq_str(const char *got, const char *want, const char *what, const char *file, int line)
{
	bool good = tap_check(got && want ? strcmp(got, want) == 0 : got == want, what, file, line);
	if (!good)
		printf("#   got  \"%s\"\n#   want \"%s\"\n", got ? got : "(null)", want ? want : "(null)");
	return good;
}

static inline void tap_run(const char *name, void (*test)(void))
{
	tap_checks = tap_checks_failed = 0;
	tap_skip = NULL;
	test();
	if (!tap_skip && tap_checks == 0)
		tap_check(false, "the test checked nothing", name, 0);
	tap_count++;
	tap_failures += tap_checks_failed != 0;
	printf("%s %d - %s%s%s\n", tap_checks_failed ? "not ok" : "ok", tap_count, name,
	       tap_skip && !tap_checks_failed ? " # SKIP " : "", tap_skip && !tap_checks_failed ? tap_skip : "");
	fflush(stdout);
}

static inline int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures != 0;
}

#endif
