/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Personal numbers: 10 decimal digits, nine of them random, the last a Verhoeff
 * check digit (J. Verhoeff, Error Detecting Decimal Codes, 1969), which catches
 * every single wrong digit and every exchange of two neighbours.
 *
 * Refused, anywhere in the ten digits: a first digit 0 or 1; three equal digits
 * in a row (777); three digits in a row that count up or down by one (345, 543;
 * 9 and 0 are not neighbours). 654,937,206 remain (tests/unit/test_number.c counts
 * them). The number says nothing about the person and authenticates nothing.
 */
#ifndef CIVIS_VAULT_NUMBER_H
#define CIVIS_VAULT_NUMBER_H

#include "base/bytes.h"

#define NUMBER_DIGITS 10

/* Uniform among those that are not refused; with a final NUL. */
void number_generate(char out[static NUMBER_DIGITS + 1]);
/* Ten ASCII digits, check digit right, none of the refusals. */
bool number_is_valid(struct bytes text);
/* The check digit ('0'–'9') behind n digits. */
char number_check_digit(const char *digits, size_t n);

#endif
