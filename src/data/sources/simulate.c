/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What simulators share. */
#include "data/sources/simulate.h"

#include <gsl/gsl_randist.h>
#include <math.h>
#include <string.h>

#include "base/hash.h"

enum { POLL_ROWS = 256 };

bool simulation_begin(Simulation *simulation, const char *kind, int n, size_t n_rows, uint64_t seed, Err *err)
{
    *simulation = (Simulation){ .kind = kind, .n = n, .n_rows = n_rows, .arena = arena_new() };
    simulation->names = mem_get((size_t)n, sizeof *simulation->names, err);
    simulation->columns = mem_get((size_t)n + 1, sizeof *simulation->columns, err);
    simulation->key = rng_key(seed, "simulate", kind);
    simulation->rng = rng_stream(simulation->key, 0);
    if (simulation->names && simulation->columns && !simulation->rng) return ERR(err, no_memory, kind);
    return simulation->names && simulation->columns;
}

Column *simulation_column(Simulation *simulation, int i, const char *name, ColumnType type, Err *err)
{
    Column *column = column_new(type, simulation->n_rows, err);
    simulation->columns[i] = column;
    if (i < simulation->n) simulation->names[i] = arena_text(simulation->arena, name);
    return column;
}

/* "simulate credit rows=1000 seed=7 time=on", hashed: the same text, the same frame. */
static void set_origin(Frame *frame, const Simulation *simulation, uint64_t seed, const Options *options)
{
    Buf text = { 0 };
    unsigned char digest[DATAHASH_BYTES];
    DataHash hash;
    char hex[65];
    buf_printf(&text, "simulate %s rows=%zu seed=%llu ", simulation->kind, simulation->n_rows,
               (unsigned long long)seed);
    if (options) options_write(&text, options);
    datahash_begin(&hash);
    datahash_add(&hash, buf_text(&text), text.length);
    datahash_end(&hash, digest);
    hash_hex(digest, 2 * DATAHASH_BYTES, hex);
    frame->hash = arena_text(frame->arena, hex);
    buf_free(&text);
}

Frame *simulation_frame(Simulation *simulation, uint64_t seed, const Options *options, Err *err)
{
    char origin[64] = "simulate ";
    int n = simulation->n;
    for (int i = 0; i <= n; i++) column_finish(simulation->columns[i]);
    strncat(origin, simulation->kind, sizeof origin - strlen(origin) - 1);
    Frame *frame = frame_new(simulation->names, simulation->columns, n, simulation->n_rows, origin);
    if (!frame) return NULL;
    frame->truth = simulation->columns[n];
    memset(simulation->columns, 0, ((size_t)n + 1) * sizeof *simulation->columns);
    set_origin(frame, simulation, seed, options);
    if (frame_set_role(frame, simulation->names[n - 1], ROLE_TARGET, err)) return frame;
    frame_unref(frame);
    return NULL;
}

void simulation_end(Simulation *simulation)
{
    for (int i = 0; simulation->columns && i <= simulation->n; i++) column_unref(simulation->columns[i]);
    mem_free(simulation->columns);
    mem_free(simulation->names);
    if (simulation->rng) gsl_rng_free(simulation->rng);
    arena_free(simulation->arena);
}

bool simulation_rows(size_t n, size_t steps, size_t *rows, Err *err)
{
    if (__builtin_mul_overflow(n, steps, rows)) *rows = SIZE_MAX;
    return *rows < UINT32_MAX || ERR(err, too_many_rows, INT(UINT32_MAX - 1), "more");
}

Frame *simulation_sequences(Frame *frame, Err *err)
{
    frame_set_sample(frame, (SampleRule){ .kind = SAMPLE_SEQUENCE });
    if (frame_set_role(frame, "id", ROLE_ID, err) && frame_set_role(frame, "step", ROLE_TIME, err))
        return frame;
    frame_unref(frame);
    return NULL;
}

/* ---- two curves */

/* The density of a class at x, up to a factor both share: the mean of the normal density over the curve.
 * In logarithms, since far from both curves each density is 0 in doubles. */
static double log_density(SimulatedCurve curve, int label, const double x[2], double noise, int steps)
{
    double nearest = INFINITY, sum = 0, point[2];
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < steps; i++) {
            curve(label, (i + 0.5) / steps, point);
            double dx = x[0] - point[0], dy = x[1] - point[1];
            double exponent = (dx * dx + dy * dy) / (2 * noise * noise);
            if (pass == 0)
                nearest = fmin(nearest, exponent);
            else
                sum += exp(nearest - exponent);
        }
    return log(sum) - nearest;
}

static double posterior(SimulatedCurve curve, const double x[2], double noise)
{
    int steps = (int)(12 / noise);
    if (steps < 64) steps = 64;
    if (steps > 1024) steps = 1024;
    double one = log_density(curve, 1, x, noise, steps), zero = log_density(curve, 0, x, noise, steps);
    return 1 / (1 + exp(zero - one));
}

static bool draw_curves(Simulation *simulation, SimulatedCurve curve, double noise, Progress *progress,
                        Err *err)
{
    double *x1 = simulation->columns[0]->numbers, *x2 = simulation->columns[1]->numbers;
    for (size_t i = 0; i < simulation->n_rows; i++) {
        double x[2];
        int label = gsl_rng_uniform(simulation->rng) < 0.5;
        curve(label, gsl_rng_uniform(simulation->rng), x);
        for (int k = 0; k < 2; k++) x[k] += gsl_ran_gaussian(simulation->rng, noise);
        x1[i] = x[0];
        x2[i] = x[1];
        simulation->columns[2]->integers[i] = label;
        simulation->columns[3]->numbers[i] = posterior(curve, x, noise);
        if (i % POLL_ROWS == 0 &&
            !progress_poll(progress, "simulate", (double)i, (double)simulation->n_rows, err))
            return false;
    }
    return true;
}

Frame *simulate_curves(const char *kind, SimulatedCurve curve, size_t n_rows, uint64_t seed,
                       const Options *options, Progress *progress, Err *err)
{
    Simulation simulation;
    Frame *frame = NULL;
    double noise = options ? option_number(options, "noise") : 0.2;
    if (simulation_begin(&simulation, kind, 3, n_rows, seed, err) &&
        simulation_column(&simulation, 0, "x1", COLUMN_NUMBER, err) &&
        simulation_column(&simulation, 1, "x2", COLUMN_NUMBER, err) &&
        simulation_column(&simulation, 2, "y", COLUMN_INTEGER, err) &&
        simulation_column(&simulation, 3, NULL, COLUMN_NUMBER, err) &&
        draw_curves(&simulation, curve, noise, progress, err))
        frame = simulation_frame(&simulation, seed, options, err);
    simulation_end(&simulation);
    return frame;
}
