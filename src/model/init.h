/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First weights of a matrix: Glorot and Bengio 2010, He et al. 2015, LeCun et al. 1998, Saxe et al. 2014. */
#ifndef FNS_MODEL_INIT_H
#define FNS_MODEL_INIT_H

#include "numeric/real.h"
#include "numeric/rng.h"

typedef enum Init { INIT_GLOROT, INIT_HE, INIT_LECUN, INIT_ORTHOGONAL } Init;
#define INIT_WORDS "glorot|he|lecun|orthogonal"
Init init_parse(const char *word);

/* w (in, out), rows `row` reals apart. Uniform in +-sqrt(6 / (in + out)), +-sqrt(6 / in), +-sqrt(3 / in), or
 * with orthogonal columns of length 1 (rows, where out > in). */
void init_matrix(Init how, gsl_rng *rng, real *w, size_t in, size_t out, size_t row);

#endif
