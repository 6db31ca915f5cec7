/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers too small to be normal count as 0 while a net trains or scores: moments that fade away would
 * otherwise make every step tens of times slower. Set and put back around the loops, in every thread. */
#ifndef FNS_MODEL_FLUSH_H
#define FNS_MODEL_FLUSH_H

#if defined(__x86_64__)
#include <immintrin.h>
enum { FLUSH_BITS = 0x8040 }; /* flush to zero, denormals are zero */
static inline unsigned flush_begin(void)
{
    unsigned before = _mm_getcsr();
    _mm_setcsr(before | FLUSH_BITS);
    return before;
}
static inline void flush_end(unsigned before)
{
    _mm_setcsr(before);
}
#else
static inline unsigned flush_begin(void)
{
    return 0;
}
static inline void flush_end(unsigned before)
{
    (void)before;
}
#endif

#endif
