/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First weights. */
#include "model/init.h"

#include <math.h>

Init init_parse(const char *word)
{
    return word[0] == 'g'   ? INIT_GLOROT
           : word[0] == 'h' ? INIT_HE
           : word[0] == 'l' ? INIT_LECUN
                            : INIT_ORTHOGONAL;
}

static double gaussian(gsl_rng *rng)
{
    double radius = sqrt(-2 * log(1 - gsl_rng_uniform(rng)));
    return radius * cos(2 * M_PI * gsl_rng_uniform(rng));
}

/* A set of n vectors of `length` values: value p of vector i is w[i * next + p * along]. */
typedef struct Vectors {
    real *w;
    size_t n, length, next, along;
} Vectors;

static double dot(const Vectors *v, size_t i, size_t j)
{
    double sum = 0;
    for (size_t p = 0; p < v->length; p++)
        sum += (double)v->w[i * v->next + p * v->along] * (double)v->w[j * v->next + p * v->along];
    return sum;
}

/* Gram-Schmidt, twice. */
static void orthogonalise(const Vectors *v)
{
    for (size_t i = 0; i < v->n; i++)
        for (int pass = 0; pass < 2; pass++) {
            real *own = v->w + i * v->next;
            for (size_t j = 0; j < i; j++) {
                double shared = dot(v, i, j);
                for (size_t p = 0; p < v->length; p++)
                    own[p * v->along] -= (real)shared * v->w[j * v->next + p * v->along];
            }
            double norm = sqrt(dot(v, i, i));
            for (size_t p = 0; p < v->length; p++)
                own[p * v->along] = (real)((double)own[p * v->along] / norm);
        }
}

void init_matrix(Init how, gsl_rng *rng, real *w, size_t in, size_t out, size_t row)
{
    double fan = how == INIT_GLOROT ? (double)(in + out) / 6
                 : how == INIT_HE   ? (double)in / 6
                                    : (double)in / 3;
    double limit = 1 / sqrt(fan);
    for (size_t i = 0; i < in; i++)
        for (size_t j = 0; j < out; j++)
            w[i * row + j] =
                (real)(how == INIT_ORTHOGONAL ? gaussian(rng) : (2 * gsl_rng_uniform(rng) - 1) * limit);
    if (how != INIT_ORTHOGONAL) return;
    if (out <= in)
        orthogonalise(&(Vectors){ w, out, in, 1, row });
    else
        orthogonalise(&(Vectors){ w, in, out, row, 1 });
}
