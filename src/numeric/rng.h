/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counter-based random streams: Philox 4x32-10 (Salmon et al. 2011, SC'11), keyed by seed, purpose and
 * the name of what they are for, counted by up to four numbers (epoch, batch, sample, unit). No state
 * is shared; the same key and counter give the same number in any thread, in any order. */
#ifndef FNS_NUMERIC_RNG_H
#define FNS_NUMERIC_RNG_H

#include <gsl/gsl_rng.h>
#include <stddef.h>
#include <stdint.h>

#include "numeric/real.h"

typedef struct RngKey {
    uint32_t key[2];
} RngKey;

/* purpose: "init", "shuffle", "dropout", "split", "simulate", ...; name: layer, frame, fold (or ""). */
RngKey rng_key(uint64_t seed, const char *purpose, const char *name);
/* Four independent 32-bit words for one counter. */
void rng_block(RngKey key, const uint32_t counter[4], uint32_t out[4]);

/* The stream as a gsl_rng, so that gsl_ran_* distributions draw from it; `major` selects an independent
 * substream (an epoch, a fold). Free with gsl_rng_free; NULL without memory. */
gsl_rng *rng_stream(RngKey key, uint64_t major);
/* Turns a stream that rng_stream made into that of another key and substream. */
void rng_stream_seek(gsl_rng *rng, RngKey key, uint64_t major);
/* n independent normal numbers, mean 0 and variance 1, from such a stream; many at a time are quick. */
void rng_normals(gsl_rng *rng, real *z, size_t n);
/* A random permutation of 0..n-1 (Fisher-Yates) drawn from substream `major`. */
void rng_permutation(RngKey key, uint64_t major, uint32_t *out, size_t n);
/* count independent numbers of 0..n-1 (n >= 1) from substream `major`. */
void rng_below(RngKey key, uint64_t major, uint32_t n, uint32_t *out, size_t count);

#endif
