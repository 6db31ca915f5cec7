/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The choice of the instruction set. */
#include "numeric/target.h"

#include <stdatomic.h>

static InstructionSet detect(void)
{
#if FNS_X86_SETS
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("fma"))
        return SET_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return SET_AVX2;
#endif
    return SET_GENERIC;
}

InstructionSet target_best(void)
{
    static atomic_int known; /* the set plus 1; every thread that finds 0 stores the same value */
    int set = atomic_load_explicit(&known, memory_order_relaxed);
    if (set == 0) {
        set = (int)detect() + 1;
        atomic_store_explicit(&known, set, memory_order_relaxed);
    }
    return (InstructionSet)(set - 1);
}

const char *target_name(InstructionSet set)
{
    static const char *const names[SET_COUNT] = { "generic", "avx2", "avx512" };
    return names[set];
}
