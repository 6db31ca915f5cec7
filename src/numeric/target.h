/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Instruction sets: which one the processor has, and the attributes that compile a function for it.
 * A kernel file is compiled once for each; a const table of function pointers is chosen when first
 * needed (no ifunc, no target_clones). -DFNS_DOUBLE and other processors have the generic one alone. */
#ifndef FNS_NUMERIC_TARGET_H
#define FNS_NUMERIC_TARGET_H

typedef enum InstructionSet { SET_GENERIC, SET_AVX2, SET_AVX512, SET_COUNT } InstructionSet;

#if defined(__x86_64__) && !defined(FNS_DOUBLE)
#define FNS_X86_SETS  1
#define TARGET_AVX2   __attribute__((target("avx2,fma")))
#define TARGET_AVX512 __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma")))
#else
#define FNS_X86_SETS 0
#endif

/* The best set of this processor; asked once, then remembered. */
InstructionSet target_best(void);
const char *target_name(InstructionSet set); /* "generic", "avx2", "avx512" */

#endif
