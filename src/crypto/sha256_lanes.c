/* SPDX-License-Identifier: MPL-2.0 */
/*
 * Many hashes of 65 bytes at once, for Merkle trees over millions of leaves. A
 * processor without its own SHA instructions computes eight or sixteen of them
 * in the lanes of its vectors in the time of two or three. Public data only:
 * keys and acts do not come here.
 */
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#include <string.h>

#include "crypto/crypto.h"
#include "crypto/internal.h"

#if defined(__x86_64__)

static const uint32_t initial_state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/* FIPS 180-4 §4.2.2 */
static const uint32_t round_constant[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t load_u32be(const uint8_t *p)
{
	uint32_t v;
	memcpy(&v, p, sizeof v);
	return __builtin_bswap32(v);
}

static inline void store_u32be(uint8_t *p, uint32_t v)
{
	v = __builtin_bswap32(v);
	memcpy(p, &v, sizeof v);
}

#define LANES 16
#define KERNEL(name) name##_16
#define KERNEL_TARGET "avx512f,avx512bw"
#include "crypto/sha256_kernel.inc"
#undef LANES
#undef KERNEL
#undef KERNEL_TARGET

#define LANES 8
#define KERNEL(name) name##_8
#define KERNEL_TARGET "avx2"
#include "crypto/sha256_kernel.inc"
#undef LANES
#undef KERNEL
#undef KERNEL_TARGET

/*
 * CPUID leaf 7, EBX bit 29: with SHA instructions one message after another is
 * as fast, or faster. Asked once, since a virtual machine takes long to answer.
 */
static bool has_sha_instructions(void)
{
	static _Atomic int known; /* 0 not asked, 1 no, 2 yes */
	unsigned a, b, c, d;
	if (known == 0)
		known = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1) ? 2 : 1;
	return known == 2;
}

size_t sha256_lanes(uint8_t prefix, const uint8_t *in, size_t n, uint8_t *ret)
{
	size_t done = 0;
	if (n < 8 || has_sha_instructions())
		return 0;
	if (__builtin_cpu_supports("avx512bw"))
		for (; n - done >= 16; done += 16)
			group_16(prefix, in + 64 * done, ret + 32 * done);
	if (__builtin_cpu_supports("avx2"))
		for (; n - done >= 8; done += 8)
			group_8(prefix, in + 64 * done, ret + 32 * done);
	return done;
}

#else

size_t sha256_lanes(uint8_t prefix, const uint8_t *in, size_t n, uint8_t *ret)
{
	(void)prefix;
	(void)in;
	(void)n;
	(void)ret;
	return 0;
}

#endif
