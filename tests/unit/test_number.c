/* SPDX-License-Identifier: MPL-2.0 */
#include "tap.h"

#include "vault/number.h"

TEST(check_digits_are_verhoeffs)
{
	/* Known values: 236 → 3, 12345 → 1, 142857 → 0. */
	eq_int(number_check_digit("236", 3), '3');
	eq_int(number_check_digit("12345", 5), '1');
	eq_int(number_check_digit("142857", 6), '0');
}

TEST(what_is_generated_is_valid)
{
	char n[NUMBER_DIGITS + 1];
	bool all = true;
	for (int i = 0; i < 100000 && all; i++) {
		number_generate(n);
		all = number_is_valid(bytes_str(n));
	}
	ok(all);
}

TEST(single_errors_and_exchanges_are_caught)
{
	char n[NUMBER_DIGITS + 1];
	number_generate(n);
	unsigned missed = 0;
	for (int i = 0; i < NUMBER_DIGITS; i++) {
		char was = n[i];
		for (char c = '0'; c <= '9'; c++) {
			n[i] = c;
			missed += c != was && number_check_digit(n, 9) == n[9];
		}
		n[i] = was;
	}
	for (int i = 0; i + 1 < NUMBER_DIGITS; i++) {
		char a = n[i], b = n[i + 1];
		n[i] = b;
		n[i + 1] = a;
		missed += a != b && number_check_digit(n, 9) == n[9];
		n[i] = a;
		n[i + 1] = b;
	}
	eq_int(missed, 0);
}

TEST(refuses_what_it_says)
{
	static const char *const bad[] = {"0", "1", "2777", "2345", "7654", "29012"};
	for (size_t i = 0; i < 6; i++) {
		/* Fill up with digits that are refused by nothing, then the right check digit. */
		char n[NUMBER_DIGITS + 1] = "2581360472";
		memcpy(n, bad[i], strlen(bad[i]));
		n[9] = number_check_digit(n, 9);
		ok(!number_is_valid(bytes_str(n)));
	}
	ok(!number_is_valid(bytes_str("258136047")));
	ok(!number_is_valid(bytes_str("25813604 7")));
}

/* Verhoeff's tables, derived here again from their definition so that the count
   does not lean on the code it counts. */
static unsigned d5_multiply(unsigned a, unsigned b)
{
	static const unsigned table[10][10] = {
		{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 3, 4, 0, 6, 7, 8, 9, 5}, {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
		{3, 4, 0, 1, 2, 8, 9, 5, 6, 7}, {4, 0, 1, 2, 3, 9, 5, 6, 7, 8}, {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
		{6, 5, 9, 8, 7, 1, 0, 4, 3, 2}, {7, 6, 5, 9, 8, 2, 1, 0, 4, 3}, {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
		{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}};
	return table[a][b];
}

static unsigned permuted(unsigned digit, int place)
{
	static const unsigned p[10] = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
	for (int i = 0; i < place % 8; i++)
		digit = p[digit];
	return digit;
}

/* ways[sum][digit][digit to its right]: from the right end, place by place. */
typedef unsigned long long ways_t[10][10][10];

static unsigned long long count_valid(int digits)
{
	static ways_t now, next;
	memset(now, 0, sizeof now);
	for (unsigned r = 0; r < 10; r++)
		for (unsigned l = 0; l < 10; l++)
			now[d5_multiply(permuted(r, 0), permuted(l, 1))][l][r]++;
	for (int place = 2; place < digits; place++) {
		memset(next, 0, sizeof next);
		for (unsigned s = 0; s < 10; s++)
			for (unsigned l = 0; l < 10; l++)
				for (unsigned r = 0; r < 10; r++)
					for (unsigned x = place == digits - 1 ? 2 : 0; x < 10; x++) {
						int a = (int)l - (int)x, b = (int)r - (int)l;
						if (a == b && a >= -1 && a <= 1)
							continue;
						next[d5_multiply(s, permuted(x, place))][x][l] += now[s][l][r];
					}
		memcpy(now, next, sizeof now);
	}
	unsigned long long total = 0;
	for (unsigned l = 0; l < 10; l++)
		for (unsigned r = 0; r < 10; r++)
			total += now[0][l][r];
	return total;
}

/* A sample confirms that the code refuses the share that the count says. */
TEST(about_650_million_remain)
{
	unsigned long long n = count_valid(NUMBER_DIGITS);
	printf("# %llu numbers\n", n);
	ok(n > 640000000 && n < 660000000);
	unsigned seen = 0, tried = 0;
	for (unsigned v = 7; v < 1000000000; v += 997, tried++) {
		char text[NUMBER_DIGITS + 1];
		snprintf(text, sizeof text, "%09u", v);
		text[9] = number_check_digit(text, 9);
		seen += number_is_valid(bytes_of(text, NUMBER_DIGITS));
	}
	double share = (double)seen / tried, expected = (double)n / 1e9;
	ok(share > expected - 0.002 && share < expected + 0.002);
}

int main(void)
{
	RUN(check_digits_are_verhoeffs);
	RUN(what_is_generated_is_valid);
	RUN(single_errors_and_exchanges_are_caught);
	RUN(refuses_what_it_says);
	RUN(about_650_million_remain);
	return tap_done();
}
