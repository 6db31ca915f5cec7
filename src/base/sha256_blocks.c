/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 blocks with the SHA extensions of x86-64: four rounds a step, eight times as fast as plain C.
 * The registers hold the state as the instructions want it: A B E F and C D G H, highest first. */
#include "base/sha256_blocks.h"

#include <stdatomic.h>
#include <stdbool.h>

#ifdef __x86_64__

#include <cpuid.h>
#include <immintrin.h>

static const _Alignas(16) uint32_t rounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

static bool ask_processor(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & 1u << 29)) return false;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_1) && (c & bit_SSSE3);
}

/* Asked once: virtual machines take microseconds to answer. */
static bool processor_can(void)
{
    static atomic_int answer; /* 0: not asked, 1: no, 2: yes */
    int known = atomic_load_explicit(&answer, memory_order_relaxed);
    if (!known) {
        known = 1 + ask_processor();
        atomic_store_explicit(&answer, known, memory_order_relaxed);
    }
    return known == 2;
}

/* Words t .. t + 3 of the schedule from the sixteen before them, oldest four first. */
__attribute__((target("sha,sse4.1,ssse3"))) static inline __m128i schedule(__m128i w0, __m128i w1, __m128i w2,
                                                                           __m128i w3)
{
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
    return _mm_sha256msg2_epu32(sum, w3);
}

__attribute__((target("sha,sse4.1,ssse3"))) static void one_block(__m128i *abef, __m128i *cdgh,
                                                                  const __m128i *block)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i w[4], s0 = *abef, s1 = *cdgh;
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) {
        int k = i & 3;
        w[k] = i < 4 ? _mm_shuffle_epi8(_mm_loadu_si128(block + i), swap)
                     : schedule(w[k], w[(k + 1) & 3], w[(k + 2) & 3], w[(k + 3) & 3]);
        __m128i sum = _mm_add_epi32(w[k], _mm_load_si128((const __m128i *)rounds + i));
        s1 = _mm_sha256rnds2_epu32(s1, s0, sum);
        s0 = _mm_sha256rnds2_epu32(s0, s1, _mm_shuffle_epi32(sum, 0x0E));
    }
    *abef = _mm_add_epi32(*abef, s0);
    *cdgh = _mm_add_epi32(*cdgh, s1);
}

__attribute__((target("sha,sse4.1,ssse3"))) static void all_blocks(uint32_t state[8], const __m128i *data,
                                                                   size_t n)
{
    __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
    __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
    __m128i abef = _mm_alignr_epi8(cdab, efgh, 8), cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);
    for (; n; n--, data += 4) one_block(&abef, &cdgh, data);
    __m128i feba = _mm_shuffle_epi32(abef, 0x1B), dchg = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
    _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

_Bool sha256_blocks(uint32_t state[8], const void *data, size_t n)
{
    if (!processor_can()) return false;
    all_blocks(state, data, n);
    return true;
}

#else

_Bool sha256_blocks(uint32_t state[8], const void *data, size_t n)
{
    (void)state, (void)data, (void)n;
    return false;
}

#endif
