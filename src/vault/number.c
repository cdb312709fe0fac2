/* SPDX-License-Identifier: MPL-2.0 */
#include "vault/number.h"

#include "base/random.h"

/* Multiplication in the dihedral group D5: 0–4 rotations, 5–9 reflections. */
static unsigned d5(unsigned a, unsigned b)
{
	unsigned i = a % 5, j = b % 5;
	if (a < 5)
		return b < 5 ? (i + j) % 5 : 5 + (i + j) % 5;
	return b < 5 ? 5 + (i + 5 - j) % 5 : (i + 5 - j) % 5;
}

/* Verhoeff's permutation, applied as often as the digit's place from the right says. */
static const uint8_t permutation[10] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};

static unsigned permuted(unsigned digit, size_t place)
{
	for (size_t i = 0; i < place % 8; i++)
		digit = permutation[digit];
	return digit;
}

/* The sum over n digits whose last stands at `place` from the right. */
static unsigned sum(const char *digits, size_t n, size_t place)
{
	unsigned c = 0;
	for (size_t i = 0; i < n; i++)
		c = d5(c, permuted((unsigned)(digits[n - 1 - i] - '0'), place + i));
	return c;
}

char number_check_digit(const char *digits, size_t n)
{
	unsigned c = sum(digits, n, 1);
	/* The check digit is the inverse of the sum: rotations invert, reflections are their own inverse. */
	return (char)('0' + (c < 5 ? (5 - c) % 5 : c));
}

static bool is_refused(const char *digits, size_t n)
{
	if (digits[0] < '2')
		return true;
	for (size_t i = 2; i < n; i++) {
		int a = digits[i - 1] - digits[i - 2], b = digits[i] - digits[i - 1];
		if (a == b && a >= -1 && a <= 1)
			return true;
	}
	return false;
}

bool number_is_valid(struct bytes text)
{
	if (text.len != NUMBER_DIGITS)
		return false;
	const char *digits = (const char *)text.ptr;
	for (size_t i = 0; i < NUMBER_DIGITS; i++)
		if (digits[i] < '0' || digits[i] > '9')
			return false;
	return sum(digits, NUMBER_DIGITS, 0) == 0 && !is_refused(digits, NUMBER_DIGITS);
}

void number_generate(char out[static NUMBER_DIGITS + 1])
{
	do {
		uint32_t v = random_below(1000000000);
		for (size_t i = NUMBER_DIGITS - 1; i-- > 0; v /= 10)
			out[i] = (char)('0' + v % 10);
		out[NUMBER_DIGITS - 1] = number_check_digit(out, NUMBER_DIGITS - 1);
	} while (is_refused(out, NUMBER_DIGITS));
	out[NUMBER_DIGITS] = '\0';
}
