/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attributions: what each input column of a sample adds to a score, compared with a reference sample. The
 * parts sum to score(sample) - score(reference).
 *
 * Shapley values (Shapley 1953; sampling by permutations: Castro, Gomez, Tejada 2009, and each permutation
 * also backwards: Mitchell et al. 2022): v(S) is the score of a sample that has the columns S of its own and
 * the others of the reference. Up to ATTRIBUTION_EXACT columns all coalitions are counted, without sampling.
 * Integrated gradients (Sundararajan, Taly, Yan 2017): (x - r) times the mean gradient on the line from r to
 * x, by Gauss-Legendre points. */
#ifndef FNS_MODEL_ATTRIBUTION_H
#define FNS_MODEL_ATTRIBUTION_H

#include "base/progress.h"
#include "model/net.h"

enum { ATTRIBUTION_EXACT = 10, ATTRIBUTION_BATCH = 512 };

/* Samples are runs of `steps` rows of `width` features; each feature belongs to one of n_groups columns. */
typedef struct Attributed {
    const real *x;         /* (steps, width): of one sample */
    const real *reference; /* (width): a feature has the same in each step */
    size_t steps, width;
    const int *group; /* (width) */
    int n_groups;
} Attributed;

/* Scores of n samples (n, steps, width) into out (n); n is at most ATTRIBUTION_BATCH. */
typedef bool AttributionScore(void *context, const real *x, size_t n, double *out, Err *err);

typedef struct Attribution {
    double *parts;           /* (n_groups), to be given by the caller */
    double *errors;          /* (n_groups): standard errors of sampling, 0 where exact; NULL: not wanted */
    double score, reference; /* of the sample and of the reference */
} Attribution;

/* permutations: pairs of an order and its reverse, 2 or more; key: of their draws. */
bool attribute_shapley(const Attributed *sample, AttributionScore *score, void *context, int permutations,
                       uint64_t seed, uint64_t stream, Attribution *out, Err *err);

/* Gradients of a net's output with respect to what it reads, as it scores: without dropout or noise, with
 * running statistics. Error not_smooth: it reads codes (embedding), or passes trees. */
typedef struct InputGradient InputGradient;
InputGradient *input_gradient_new(const Net *net, bool bare, size_t rows, Err *err);
void input_gradient_free(InputGradient *gradient);
/* values (n): output `output` of samples x (n, steps, width), n at most the rows it was made for; slopes: as
 * x. */
void input_gradient_run(InputGradient *gradient, const real *x, size_t steps, size_t width, size_t n,
                        int output, double *values, real *slopes);

/* points: 2 or more, of the line; made for ATTRIBUTION_LINE rows. Where the gradient jumps (relu) the parts'
 * sum is off by what the points miss. */
enum { ATTRIBUTION_LINE = 64 };
bool attribute_gradients(const Attributed *sample, InputGradient *gradient, int output, int points,
                         Attribution *out, Err *err);

#endif
