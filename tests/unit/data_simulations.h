/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of simulators share: frames by a line of options, their columns and ceilings, AUC by ranks.
 */
#ifndef FNS_TESTS_DATA_SIMULATIONS_H
#define FNS_TESTS_DATA_SIMULATIONS_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/source.h"
#include "measures/metric.h"

/* A number, a word, or numbers with commas between them. */
static inline Value value_of(const char *text, Arena *arena)
{
    char *end;
    double x = strtod(text, &end);
    int n = 1;
    if (!*end) return value_number(x);
    if (*end != ',') return value_word(arena, text);
    for (const char *at = text; *at; at++) n += *at == ',';
    Value list = value_list(arena, n);
    for (int i = 0; i < n; i++, text = end + 1) list.list.items[i] = value_number(strtod(text, &end));
    return list;
}

/* "rate=0.01 see=equity mu=0.2,-0.3" */
static inline Args args_of(const char *text, Arena *arena)
{
    char key[32], value[32];
    Args args = { arena_take(arena, 8 * sizeof(Arg)), 0 };
    for (int n; text && sscanf(text, " %31[^=]=%31s%n", key, value, &n) == 2; text += n)
        args.items[args.n++] = (Arg){ .key = arena_text(arena, key), .value = value_of(value, arena) };
    return args;
}

static inline Frame *simulate_with(const char *name, size_t n_rows, uint64_t seed, const char *text)
{
    Err err = { 0 };
    Options options;
    Arena *arena = arena_new();
    const Kind *kind = kind_find(&simulator_kinds, name);
    assert_non_null(kind);
    Args args = args_of(text, arena);
    if (!options_bind(kind, &args, arena, (Span){ 0 }, &options, &err)) fail_msg("%s: %s", name, err.message);
    Frame *frame =
        frame_simulate((const SimulatorKind *)(const void *)kind, n_rows, seed, &options, NULL, &err);
    if (!frame) fail_msg("%s: %s", name, err.message);
    arena_free(arena);
    return frame;
}

static inline Frame *simulate(const char *name, size_t n_rows, uint64_t seed)
{
    return simulate_with(name, n_rows, seed, NULL);
}

static inline const double *numbers(const Frame *frame, const char *name)
{
    return frame->columns[frame_find(frame, name)].column->numbers;
}

static inline const int64_t *integers(const Frame *frame, const char *name)
{
    return frame->columns[frame_find(frame, name)].column->integers;
}

/* What is attainable, as `describe` prints it. */
static inline double ceiling(const Frame *frame, const char *metric)
{
    Scored best = { .n = frame->n_rows, .n_outputs = 1, .score = frame->truth->numbers, .reference = NAN };
    bool number = frame->columns[frame_role(frame, ROLE_TARGET)].column->type == COLUMN_NUMBER;
    if (number) best.target = frame->columns[frame_role(frame, ROLE_TARGET)].column->numbers;
    return metric_attainable(metric_find(metric), number ? 'n' : 'b', &best);
}

static inline void near(const char *what, double x, double y, double error)
{
    if (!(fabs(x - y) <= error)) fail_msg("%s: %.5f, not %.5f +- %.5f", what, x, y, error);
}

static inline double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    return sum / (double)n;
}

static inline double covariance(const double *x, const double *y, size_t n)
{
    double sum = 0, mx = mean_of(x, n), my = mean_of(y, n);
    for (size_t i = 0; i < n; i++) sum += (x[i] - mx) * (y[i] - my);
    return sum / (double)n;
}

/* ---- AUC by ranks; scores and labels in one array to sort */

typedef struct Item {
    double score, y; /* y: a label, or its expectation */
} Item;

static inline int by_score(const void *a, const void *b)
{
    double x = ((const Item *)a)->score, y = ((const Item *)b)->score;
    return (x > y) - (x < y);
}

/* The area with expected labels: sum over i of p_i (sum below of (1 - p_j) + half its own). */
static inline double auc(Item *items, size_t n)
{
    double below = 0, area = 0, positive = 0;
    qsort(items, n, sizeof *items, by_score);
    for (size_t i = 0; i < n; i++) {
        area += items[i].y * (below + 0.5 * (1 - items[i].y));
        below += 1 - items[i].y;
        positive += items[i].y;
    }
    return area / (positive * below);
}

#endif
