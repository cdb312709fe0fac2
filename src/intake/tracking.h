/* SPDX-License-Identifier: MPL-2.0 */
/*
 * How a family follows its case without an account: a code that we give
 * (found by it) and a secret that its device made (believed by it). Of the
 * secret only SHA-256("civis-tracking-v1" ‖ case id ‖ secret) is kept.
 */
#ifndef CIVIS_INTAKE_TRACKING_H
#define CIVIS_INTAKE_TRACKING_H

#include "base/id.h"

#define TRACKING_CODE_SIZE 16
#define TRACKING_SECRET_MIN 22 /* characters of base64url: 128 bits and more */
#define TRACKING_SECRET_MAX 128

/* "K7QM-2XWD-9F": ten random characters of Crockford's base 32. */
void tracking_code_new(char out[static TRACKING_CODE_SIZE]);
/* The same letters as a document serial: without hyphens, for what is signed. */
void crockford_new(char out[static 11]);
/* As it was printed what people type: upper case, O→0, I and L→1. */
char crockford_char(char typed);
/* Upper case, hyphens in place, O→0, I and L→1. RC_FORMAT. */
enum rc tracking_code_parse(const char *text, char out[static TRACKING_CODE_SIZE]) WARN_UNUSED;
bool tracking_secret_is_good(const char *secret);
void tracking_hash(struct id case_id, const char *secret, uint8_t ret[static 32]);
/* In constant time; false for a case that has no secret. */
bool tracking_matches(struct id case_id, const char *secret, const uint8_t hash[static 32]);

#endif
