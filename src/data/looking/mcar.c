/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Little (JASA 83, 1988): the rows of pattern j, n_j of them with the columns O_j, have the mean y_j; with
 * mean m and covariance S of greatest normal likelihood d2 = sum n_j (y_j - m_O)' S_OO^-1 (y_j - m_O),  chi2
 * with df = sum |O_j| - p. m and S by EM (Dempster, Laird, Rubin 1977) from each pattern's sums and cross
 * products alone: with B = S_MO S_OO^-1 a missing cell is m_M + B (x_O - m_O), and S_MM - B S_OM is added to
 * its second moments. S has the divisor n (naniar's mcar_test in R; Little writes n - 1 beside it).
 * Reference: tests/reference/looking.py. */
#include "data/looking/mcar.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

enum { ITERATIONS_MAX = 1000, PATTERNS_MAX = 1 << 16, SLOTS = 1 << 18 };
#define SETTLED  1e-10 /* of columns with deviation 1 */
#define SMALLEST 1e-10 /* a pivot of their covariance */

typedef struct Pattern {
    uint64_t mask; /* bit k: column k is there */
    double n;
    double *sum, *cross; /* (p), (p, p): of scaled values */
} Pattern;

typedef struct Em {
    const double *const *x;
    size_t n_rows, p, n_patterns;
    Pattern *patterns;
    uint32_t *slots; /* (SLOTS): pattern + 1; 0: free */
    double *block;   /* all that follows */
    double *center, *scale, *mean, *sigma, *next_mean, *next_sigma;
    double *factor, *b, *c, *moments, *known; /* of the pattern in hand: (p, p), `known` (p) */
    int there[MCAR_COLUMNS_MAX], missing[MCAR_COLUMNS_MAX];
    size_t n_there, n_missing;
} Em;

/* ---- patterns */

static uint64_t mask_of(const Em *em, size_t row)
{
    uint64_t mask = 0;
    for (size_t k = 0; k < em->p; k++) mask |= (uint64_t)!isnan(em->x[k][row]) << k;
    return mask;
}

static Pattern *find_pattern(Em *em, uint64_t mask)
{
    size_t at = (size_t)((mask ^ mask >> 29) * 0x9E3779B97F4A7C15u >> 46) & (SLOTS - 1);
    while (em->slots[at] && em->patterns[em->slots[at] - 1].mask != mask) at = (at + 1) & (SLOTS - 1);
    if (em->slots[at]) return &em->patterns[em->slots[at] - 1];
    if (em->n_patterns == PATTERNS_MAX) return NULL;
    em->patterns[em->n_patterns].mask = mask;
    em->slots[at] = (uint32_t)++em->n_patterns;
    return &em->patterns[em->n_patterns - 1];
}

static bool find_patterns(Em *em, Err *err)
{
    em->patterns = mem_get(PATTERNS_MAX, sizeof *em->patterns, err);
    em->slots = em->patterns ? mem_get(SLOTS, sizeof *em->slots, err) : NULL;
    for (size_t i = 0; em->slots && i < em->n_rows; i++) {
        uint64_t mask = mask_of(em, i);
        if (mask && !find_pattern(em, mask)) return ERR(err, no_memory, "so many patterns of missing cells");
    }
    return em->slots != NULL;
}

static void find_scale(Em *em)
{
    for (size_t k = 0; k < em->p; k++) {
        double n = 0, sum = 0, square = 0;
        for (size_t i = 0; i < em->n_rows; i++)
            if (!isnan(em->x[k][i])) sum += em->x[k][i], n++;
        em->center[k] = n > 0 ? sum / n : 0;
        for (size_t i = 0; i < em->n_rows; i++)
            if (!isnan(em->x[k][i])) square += pow(em->x[k][i] - em->center[k], 2);
        em->scale[k] = n > 0 ? sqrt(square / n) : 0;
    }
}

static void add_row(const Em *em, Pattern *pattern, size_t row)
{
    double z[MCAR_COLUMNS_MAX];
    for (size_t k = 0; k < em->p; k++)
        z[k] = pattern->mask >> k & 1 ? (em->x[k][row] - em->center[k]) / em->scale[k] : 0;
    pattern->n++;
    for (size_t k = 0; k < em->p; k++) {
        pattern->sum[k] += z[k];
        for (size_t l = 0; l <= k; l++) pattern->cross[k * em->p + l] += z[k] * z[l];
    }
}

/* Scales the columns and sums them by pattern. False with *dependent where one is constant. */
static bool sum_patterns(Em *em, bool *dependent, Progress *progress, Err *err)
{
    size_t p = em->p, each = p + p * p;
    double *at = em->block = mem_get(6 * p * p + 6 * p + em->n_patterns * each, sizeof *at, err);
    if (!at) return false;
    double **vectors[] = { &em->center, &em->scale, &em->mean, &em->next_mean, &em->known };
    double **matrices[] = { &em->sigma, &em->next_sigma, &em->factor, &em->b, &em->c, &em->moments };
    for (size_t i = 0; i < 5; i++, at += p) *vectors[i] = at;
    for (size_t i = 0; i < 6; i++, at += p * p) *matrices[i] = at;
    for (size_t j = 0; j < em->n_patterns; j++, at += each) {
        em->patterns[j].sum = at;
        em->patterns[j].cross = at + p;
    }
    find_scale(em);
    for (size_t k = 0; k < p; k++) *dependent = *dependent || !(em->scale[k] > 0);
    for (size_t i = 0; i < em->n_rows && !*dependent; i++) {
        uint64_t mask = mask_of(em, i);
        if (mask) add_row(em, find_pattern(em, mask), i);
        if (i % 65536 == 0 &&
            !progress_poll(progress, "missing: Little's test", (double)i, (double)em->n_rows, err))
            return false;
    }
    return true;
}

/* ---- EM */

static void read_mask(Em *em, uint64_t mask)
{
    em->n_there = em->n_missing = 0;
    for (size_t k = 0; k < em->p; k++)
        if (mask >> k & 1)
            em->there[em->n_there++] = (int)k;
        else
            em->missing[em->n_missing++] = (int)k;
}

static double sigma_at(const Em *em, int a, int b)
{
    return em->sigma[(size_t)a * em->p + (size_t)b];
}

/* Cholesky's factor of S_OO; false where S is singular. */
static bool factorize(Em *em)
{
    size_t n = em->n_there;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) em->factor[i * n + j] = sigma_at(em, em->there[i], em->there[j]);
    gsl_matrix_view a = gsl_matrix_view_array(em->factor, n, n);
    if (gsl_linalg_cholesky_decomp1(&a.matrix)) return false;
    for (size_t i = 0; i < n; i++)
        if (!(em->factor[i * n + i] * em->factor[i * n + i] > SMALLEST)) return false;
    return true;
}

static void solve(const Em *em, double *x)
{
    gsl_matrix_view a = gsl_matrix_view_array(em->factor, em->n_there, em->n_there);
    gsl_vector_view v = gsl_vector_view_array(x, em->n_there);
    gsl_linalg_cholesky_svx(&a.matrix, &v.vector);
}

/* Second moments of the known cells about the mean, into c (there, there). */
static void center_moments(Em *em, const Pattern *pattern)
{
    for (size_t i = 0; i < em->n_there; i++)
        for (size_t j = 0; j < em->n_there; j++) {
            size_t a = (size_t)em->there[i], b = (size_t)em->there[j];
            double cross = a > b ? pattern->cross[a * em->p + b] : pattern->cross[b * em->p + a];
            em->c[i * em->n_there + j] = cross - pattern->sum[a] * em->mean[b] -
                                         em->mean[a] * pattern->sum[b] +
                                         pattern->n * em->mean[a] * em->mean[b];
        }
}

static void add_moment(Em *em, int a, int b, double x)
{
    em->next_sigma[(size_t)a * em->p + (size_t)b] += x;
    if (a != b) em->next_sigma[(size_t)b * em->p + (size_t)a] += x;
}

/* B by rows of missing columns, and B C, the moments of a missing and a known cell. */
static void regress(Em *em)
{
    size_t n = em->n_there;
    for (size_t k = 0; k < em->n_missing; k++) {
        double *b = em->b + k * n, *moments = em->moments + k * n;
        for (size_t j = 0; j < n; j++) b[j] = sigma_at(em, em->missing[k], em->there[j]);
        solve(em, b);
        for (size_t j = 0; j < n; j++) {
            moments[j] = 0;
            for (size_t i = 0; i < n; i++) moments[j] += b[i] * em->c[i * n + j];
        }
    }
}

static double product(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

/* The covariance of two missing cells that the known ones leave. */
static double left_over(const Em *em, size_t k, size_t l)
{
    double sum = sigma_at(em, em->missing[k], em->missing[l]);
    for (size_t j = 0; j < em->n_there; j++)
        sum -= em->b[k * em->n_there + j] * sigma_at(em, em->missing[l], em->there[j]);
    return sum;
}

static bool expect(Em *em, const Pattern *pattern)
{
    size_t n = em->n_there;
    read_mask(em, pattern->mask);
    n = em->n_there;
    if (!factorize(em)) return false;
    center_moments(em, pattern);
    regress(em);
    for (size_t i = 0; i < n; i++) {
        size_t a = (size_t)em->there[i];
        em->known[i] = pattern->sum[a] - pattern->n * em->mean[a];
        em->next_mean[a] += em->known[i];
        for (size_t j = 0; j <= i; j++) add_moment(em, em->there[i], em->there[j], em->c[i * n + j]);
    }
    for (size_t k = 0; k < em->n_missing; k++) {
        em->next_mean[em->missing[k]] += product(em->b + k * n, em->known, n);
        for (size_t i = 0; i < n; i++) add_moment(em, em->missing[k], em->there[i], em->moments[k * n + i]);
        for (size_t l = 0; l <= k; l++)
            add_moment(em, em->missing[k], em->missing[l],
                       product(em->moments + k * n, em->b + l * n, n) + pattern->n * left_over(em, k, l));
    }
    return true;
}

/* How far mean and covariance moved. */
static double maximize(Em *em, double n)
{
    size_t p = em->p;
    double most = 0;
    for (size_t a = 0; a < p; a++) em->next_mean[a] /= n;
    for (size_t a = 0; a < p; a++)
        for (size_t b = 0; b < p; b++) {
            double s = em->next_sigma[a * p + b] / n - em->next_mean[a] * em->next_mean[b];
            most = fmax(most, fabs(s - em->sigma[a * p + b]));
            em->next_sigma[a * p + b] = s;
        }
    for (size_t a = 0; a < p; a++) {
        most = fmax(most, fabs(em->next_mean[a]));
        em->mean[a] += em->next_mean[a];
    }
    memcpy(em->sigma, em->next_sigma, p * p * sizeof *em->sigma);
    return most;
}

static bool iterate(Em *em, Mcar *out, Progress *progress, Err *err)
{
    size_t p = em->p;
    double moved = INFINITY;
    for (size_t a = 0; a < p; a++) em->sigma[a * p + a] = 1;
    for (; moved > SETTLED && out->iterations < ITERATIONS_MAX; out->iterations++) {
        memset(em->next_mean, 0, p * sizeof *em->next_mean);
        memset(em->next_sigma, 0, p * p * sizeof *em->next_sigma);
        for (size_t j = 0; j < em->n_patterns; j++)
            if (!expect(em, &em->patterns[j])) {
                out->dependent = true;
                return true;
            }
        moved = maximize(em, (double)out->n);
        if (!progress_poll(progress, "missing: Little's test", out->iterations, ITERATIONS_MAX, err))
            return false;
    }
    out->unsettled = moved > SETTLED;
    return true;
}

/* ---- the test */

static void finish(Em *em, Mcar *out)
{
    double chi2 = 0, df = -(double)em->p;
    for (size_t j = 0; j < em->n_patterns; j++) {
        const Pattern *pattern = &em->patterns[j];
        double gap[MCAR_COLUMNS_MAX];
        read_mask(em, pattern->mask);
        if (!factorize(em)) {
            out->dependent = true;
            return;
        }
        for (size_t i = 0; i < em->n_there; i++) {
            size_t a = (size_t)em->there[i];
            em->known[i] = gap[i] = pattern->sum[a] / pattern->n - em->mean[a];
        }
        solve(em, gap);
        chi2 += pattern->n * product(gap, em->known, em->n_there);
        df += (double)em->n_there;
    }
    out->df = (int)df;
    if (out->df < 1) return;
    out->chi2 = chi2;
    out->p = gsl_cdf_chisq_Q(chi2, df);
}

static void close_em(Em *em)
{
    mem_free(em->patterns);
    mem_free(em->slots);
    mem_free(em->block);
}

bool mcar_test(Mcar *out, const double *const *x, size_t n, int p, Progress *progress, Err *err)
{
    Em em = { .x = x, .n_rows = n, .p = (size_t)p };
    *out = (Mcar){ .chi2 = NAN, .p = NAN };
    bool ok = p > 0 && find_patterns(&em, err) && sum_patterns(&em, &out->dependent, progress, err);
    for (size_t j = 0; ok && j < em.n_patterns; j++) out->n += (size_t)em.patterns[j].n;
    out->patterns = (int)em.n_patterns;
    if (ok && !out->dependent && em.n_patterns > 1) {
        ok = iterate(&em, out, progress, err);
        if (ok && !out->dependent) finish(&em, out);
    }
    close_em(&em);
    return ok;
}

bool mcar_cost(double *operations, const double *const *x, size_t n, int p, Err *err)
{
    Em em = { .x = x, .n_rows = n, .p = (size_t)p };
    bool ok = find_patterns(&em, err);
    *operations = (double)em.n_patterns * pow(p, 3);
    close_em(&em);
    return ok;
}
