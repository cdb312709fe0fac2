/* SPDX-License-Identifier: MPL-2.0 */
/* Randomness from the kernel: a seam that tests replace to be repeatable. */
#ifndef CIVIS_BASE_RANDOM_H
#define CIVIS_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Fills out, or ends the process: no caller can do anything sensible without randomness. */
void random_bytes(void *out, size_t len);
/* Uniform in [0, bound), bound > 0. */
uint32_t random_below(uint32_t bound);
/* NULL restores the kernel's source. */
void random_set_source(void (*fill)(void *out, size_t len));

#endif
