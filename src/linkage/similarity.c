/* SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "linkage/name.h"

/* Winkler 1990, table of the method's constants. */
#define PREFIX_MAX 4
#define PREFIX_SCALE 0.1
#define BOOST_FROM 0.7

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Marks equal characters within the window; returns how many. */
static size_t match(const uint32_t *a, size_t an, const uint32_t *b, size_t bn, bool *am, bool *bm)
{
	size_t longest = an > bn ? an : bn, found = 0;
	size_t window = longest / 2 > 0 ? longest / 2 - 1 : 0;
	for (size_t i = 0; i < an; i++) {
		size_t from = i > window ? i - window : 0;
		size_t to = least(i + window + 1, bn);
		for (size_t j = from; j < to; j++)
			if (!bm[j] && a[i] == b[j]) {
				am[i] = bm[j] = true;
				found++;
				break;
			}
	}
	return found;
}

static size_t out_of_order(const uint32_t *a, size_t an, const uint32_t *b, const bool *am, const bool *bm)
{
	size_t n = 0;
	for (size_t i = 0, j = 0; i < an; i++) {
		if (!am[i])
			continue;
		while (!bm[j])
			j++;
		n += a[i] != b[j++];
	}
	return n;
}

static double boost(double similarity, size_t prefix)
{
	return similarity > BOOST_FROM ? similarity + (double)prefix * PREFIX_SCALE * (1 - similarity) : similarity;
}

double jaro_winkler(const uint32_t *a, size_t an, const uint32_t *b, size_t bn)
{
	bool am[NAME_POINTS_MAX], bm[NAME_POINTS_MAX];
	an = least(an, NAME_POINTS_MAX);
	bn = least(bn, NAME_POINTS_MAX);
	memset(am, 0, an);
	memset(bm, 0, bn);
	size_t m = an && bn ? match(a, an, b, bn, am, bm) : 0;
	if (m == 0)
		return 0;
	size_t t = out_of_order(a, an, b, am, bm) / 2, prefix = 0;
	double jaro = ((double)m / (double)an + (double)m / (double)bn + (double)(m - t) / (double)m) / 3;
	while (prefix < PREFIX_MAX && prefix < an && prefix < bn && a[prefix] == b[prefix])
		prefix++;
	return boost(jaro, prefix);
}

/* The words of a name from last to first. */
static void reverse_words(const uint32_t *in, size_t n, uint32_t *out)
{
	size_t at = 0, end = n;
	for (size_t i = n; i-- > 0;) {
		if (in[i] != ' ' && i != 0)
			continue;
		size_t from = in[i] == ' ' ? i + 1 : i;
		for (size_t j = from; j < end; j++)
			out[at++] = in[j];
		if (i != 0)
			out[at++] = ' ';
		end = i;
	}
}

double name_similarity(struct bytes pa, struct bytes pb)
{
	uint32_t a[NAME_POINTS_MAX], b[NAME_POINTS_MAX], turned[NAME_POINTS_MAX];
	if (pa.len >= 2 && bytes_equal(pa, pb))
		return 1;
	size_t an = name_points(pa, a), bn = name_points(pb, b);
	double similarity = jaro_winkler(a, an, b, bn);
	bool words = false;
	for (size_t i = 0; i < bn; i++)
		words = words || b[i] == ' ';
	if (words && an) {
		reverse_words(b, bn, turned);
		double other = jaro_winkler(a, an, turned, bn);
		similarity = other > similarity ? other : similarity;
	}
	return similarity;
}

/* FNV-1a over each word, words added: order does not count, spaces separate. */
uint32_t name_key(struct bytes packed)
{
	uint32_t sum = 0, h = 2166136261u;
	if (packed.len < 2)
		return 0;
	for (size_t i = 1; i <= packed.len; i++) {
		if (i < packed.len && packed.ptr[i] != ' ') {
			h = (h ^ packed.ptr[i]) * 16777619u;
			continue;
		}
		h ^= h >> 15;
		sum += h * 2654435761u;
		h = 2166136261u;
	}
	sum += packed.ptr[0];
	return sum ? sum : 1;
}

/* Spread so that the letters of one script that names use most keep bits of their own. */
static unsigned bit_of(uint32_t point)
{
	return (point + (point >> 6) * 31) & 63;
}

struct name_print name_print(struct bytes packed)
{
	uint32_t points[NAME_POINTS_MAX];
	struct name_print p = {.points = (uint8_t)name_points(packed, points)};
	for (size_t i = 0; i < p.points; i++) {
		p.mask |= 1ull << bit_of(points[i]);
		if (i == 0)
			p.initials = (uint8_t)((points[i] & 15) | (points[i] & 15) << 4);
		else if (points[i - 1] == ' ')
			p.initials = (uint8_t)((p.initials & 15) | (points[i] & 15) << 4);
	}
	return p;
}

static bool share_an_initial(uint8_t a, uint8_t b)
{
	return (a & 15) == (b & 15) || a >> 4 == b >> 4 || (a & 15) == b >> 4 || a >> 4 == (b & 15);
}

/* Written out: without a machine option the compiler calls a function for it, and this is the inner loop. */
static int bits(uint64_t v)
{
	v -= v >> 1 & 0x5555555555555555;
	v = (v & 0x3333333333333333) + (v >> 2 & 0x3333333333333333);
	v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return (int)(v * 0x0101010101010101 >> 56);
}

/* Each bit that the other name lacks is at least one character without a match; without a common
   initial there is no common prefix in either order of the words. */
double name_bound(struct name_print a, struct name_print b)
{
	int a_found = a.points - bits(a.mask & ~b.mask);
	int b_found = b.points - bits(b.mask & ~a.mask);
	int m = a_found < b_found ? a_found : b_found;
	if (m <= 0)
		return 0;
	size_t prefix = share_an_initial(a.initials, b.initials) ? PREFIX_MAX : 0;
	return boost(((double)m / a.points + (double)m / b.points + 1) / 3, prefix);
}
