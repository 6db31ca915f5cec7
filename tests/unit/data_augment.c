/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each augmentation does to one sample: moments, what stays, what moves; curves and clocks against
 * tests/reference/augment.py (SciPy, NumPy). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/augments/spline.h"
#include "numeric/rng.h"
#include "support/reference.h"
#include "support/toynet.h"

enum { MOST = 4096, DRAWS = 4000 };

/* ---- a sample on the bench */

typedef struct Bench {
    Arena *arena;
    const AugmentKind *kind;
    real x[MOST], before[MOST], other[MOST], room[MOST];
    uint8_t varies[MOST], numbers[MOST];
    double spread[MOST], settings[AUGMENT_SETTINGS];
    AugmentSample sample;
    RngKey key;
} Bench;

static Bench bench;

/* x is 1, 2, 3 ...; every channel varies. */
static void open_bench(const char *kind, AugmentShape shape, size_t steps, size_t width, size_t channels,
                       const char *const *texts)
{
    memset(&bench, 0, sizeof bench);
    bench.arena = arena_new();
    bench.kind = (const AugmentKind *)(const void *)kind_find(&augment_kinds, kind);
    assert_non_null(bench.kind);
    assert_true((bench.kind->shapes & shape) != 0);
    Options options;
    Err err = { 0 };
    if (!toy_options(bench.arena, &bench.kind->kind, texts, &options, &err)) fail_msg("%s", err.message);
    augment_settings(&options, bench.settings);
    for (size_t i = 0; i < steps * width; i++) bench.before[i] = (real)(i + 1);
    for (size_t c = 0; c < channels; c++) bench.varies[c] = bench.numbers[c] = 1, bench.spread[c] = 1;
    bench.key = rng_key(5, "augment", kind);
    bench.sample = (AugmentSample){ .x = bench.x,
                                    .steps = steps,
                                    .width = width,
                                    .channels = channels,
                                    .shape = shape,
                                    .varies = bench.varies,
                                    .numbers = bench.numbers,
                                    .spread = bench.spread,
                                    .settings = bench.settings,
                                    .other = bench.other,
                                    .room = bench.room,
                                    .rng = rng_stream(bench.key, 0) };
}
#define OPEN(kind, shape, steps, width, ...)                                                                 \
    open_bench(kind, shape, steps, width, width, (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })
#define OPEN_IMAGE(kind, height, across, channels, ...)                                                      \
    open_bench(kind, AUGMENT_IMAGES, height, (across) * (channels), channels,                                \
               (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

/* Applies the kind to a fresh copy, with the draw-th stream. */
static void draw(uint64_t number)
{
    size_t steps = bench.sample.steps;
    memcpy(bench.x, bench.before, sizeof bench.x);
    rng_stream_seek(bench.sample.rng, bench.key, number);
    bench.kind->apply(&bench.sample);
    if (bench.sample.shape != AUGMENT_SEQUENCE) assert_int_equal(bench.sample.steps, steps);
}

static void close_bench(void)
{
    gsl_rng_free(bench.sample.rng);
    arena_free(bench.arena);
}

static double value(size_t step, size_t column)
{
    return (double)bench.x[step * bench.sample.width + column];
}

/* Which step of the sample stands at `step` now, from 0; -1: none as a whole. */
static long origin(size_t step)
{
    size_t width = bench.sample.width;
    const real *row = bench.x + step * width;
    long from = lround((double)(row[0] - 1) / (double)width);
    bool whole = from >= 0 && memcmp(row, bench.before + from * (long)width, width * sizeof *row) == 0;
    return whole ? from : -1;
}

static void expect_near(double found, double expected, double within)
{
    if (!(fabs(found - expected) <= within)) fail_msg("%.6g, not %.6g", found, expected);
}

/* ---- against Python */

static int numbers(const char *name, double *out)
{
    FILE *in = reference_open(__FILE__, "augment.txt");
    char *line = NULL, *rest;
    size_t size = 0;
    int n = -1;
    if (!in) fail_msg("tests/reference/augment.txt cannot be read");
    while (n < 0 && getline(&line, &size, in) > 0) {
        char *word = strtok_r(line, " \n", &rest);
        if (!word || strcmp(word, name) != 0) continue;
        for (n = 0; (word = strtok_r(NULL, " \n", &rest)); n++) out[n] = strtod(word, NULL);
    }
    free(line);
    fclose(in);
    return n;
}

static int numbered(const char *name, int k, double *out)
{
    char whole[32];
    snprintf(whole, sizeof whole, "%s%d", name, k);
    return numbers(whole, out);
}

static bool read_spline(const char *name, int k, Spline *spline)
{
    double v[SPLINE_KNOTS + 2];
    spline->n = numbered(name, k, v);
    if (spline->n < 0) return false;
    memcpy(spline->v, v, sizeof v);
    spline_fit(spline);
    return true;
}

static void test_splines_are_scipys(void **state)
{
    (void)state;
    Spline spline = { 3, { 0, 1, 0 }, { 0 } };
    double curve[MOST];
    int k = 0;
    spline_fit(&spline);
    expect_near(spline_at(&spline, 0.5), 0.6875, 1e-15);
    for (; read_spline("knots", k, &spline); k++) {
        int steps = numbered("curve", k, curve);
        for (int t = 0; t < steps; t++)
            expect_near(spline_step(&spline, (size_t)t, (size_t)steps), curve[t], 1e-13);
    }
    assert_int_equal(k, 4);
}

static void test_clocks_are_numpys(void **state)
{
    (void)state;
    Spline spline;
    double clock_at[MOST], series[MOST], warped[MOST];
    int k = 0;
    for (; read_spline("speeds", k, &spline); k++) {
        int steps = numbered("clock", k, clock_at);
        assert_int_equal(numbered("series", k, series), steps);
        assert_int_equal(numbered("warped", k, warped), steps);
        OPEN("timewarp", AUGMENT_SERIES, (size_t)steps, 1, );
        for (int t = 0; t < steps; t++) bench.before[t] = (real)series[t];
        Clock clock = clock_begin(&spline, (size_t)steps);
        for (int t = 1; t < steps; t++) {
            real out;
            double at = clock_next(&clock);
            expect_near(at, clock_at[t], 1e-11);
            augment_step_at(&bench.sample, bench.before, at, &out);
            expect_near((double)out, warped[t], 1e-5);
        }
        close_bench();
    }
    assert_int_equal(k, 2);
}

static void test_stretches_are_numpys(void **state)
{
    (void)state;
    double x[MOST], expected[MOST];
    int steps = numbers("stretch_x", x), seen[16] = { 0 };
    OPEN("crop", AUGMENT_SERIES, 12, 1, "50%", "fill=stretch");
    assert_int_equal(steps, 12);
    for (int t = 0; t < steps; t++) bench.before[t] = (real)x[t];
    for (uint64_t i = 0; i < 200; i++) {
        draw(i);
        rng_stream_seek(bench.sample.rng, bench.key, i);
        int kept = 6 + (int)gsl_rng_uniform_int(bench.sample.rng, 7);
        seen[kept]++;
        if (kept == steps)
            memcpy(expected, x, sizeof expected);
        else
            assert_int_equal(numbered("stretch", kept, expected), steps);
        for (int t = 0; t < steps; t++) expect_near((double)bench.x[t], expected[t], 1e-5);
    }
    for (int kept = 6; kept <= 12; kept++) assert_true(seen[kept] > 10);
    close_bench();
}

static void test_mixed_losses(void **state)
{
    (void)state;
    enum { LEVELS = 4 };
    double known[64];
    int k = 0;
    for (; numbered("mixed", k, known) == 2 * LEVELS + 5; k++) {
        real z[LEVELS], a = (real)known[LEVELS], b = (real)known[LEVELS + 1];
        real share = (real)known[LEVELS + 2], gradient[LEVELS], prediction[LEVELS];
        for (int j = 0; j < LEVELS; j++) z[j] = (real)known[j];
        LossBatch batch = { .n = 1,
                            .n_outputs = LEVELS,
                            .out = z,
                            .target = &a,
                            .other = &b,
                            .share = &share,
                            .scale = 1,
                            .smoothing = (real)known[LEVELS + 3],
                            .gradient = gradient,
                            .prediction = prediction };
        expect_near(loss_find("cce")->value(&batch), known[LEVELS + 4], 3e-6);
        for (int j = 0; j < LEVELS; j++) expect_near((double)gradient[j], known[LEVELS + 5 + j], 1e-6);
    }
    assert_int_equal(k, 4);
    /* one-hot losses see the shares themselves */
    real out[3] = { 0.5, 0.25, 0.25 }, a = 0, b = 2, share = 0.75;
    LossBatch batch = { .n = 1, .n_outputs = 3, .out = out, .target = &a, .other = &b, .share = &share };
    expect_near(loss_find("mse")->value(&batch), (0.0625 + 0.0625 + 0) / 3, 1e-7);
}

/* ---- noise and factors */

/* Box and Muller's pairs from the words of the stream's blocks, 16 blocks for 64 numbers. */
static void test_normals_are_of_the_stream(void **state)
{
    (void)state;
    RngKey key = rng_key(3, "test", "normals");
    gsl_rng *rng = rng_stream(key, 0);
    real z[100];
    rng_stream_seek(rng, key, (uint64_t)7 << 32 | 5);
    rng_normals(rng, z, 100);
    for (uint32_t i = 0; i < 64; i++) {
        uint32_t at = i % 32, words[4], counter[4] = { at % 16, 0, 5, 7 };
        rng_block(key, counter, words);
        double u = (words[at / 16] / 256 + 0.5) / 16777216.0;
        double angle = 2 * M_PI * (words[2 + at / 16] / 256 / 16777216.0 - 0.5);
        expect_near((double)z[i], sqrt(-2 * log(u)) * (i < 32 ? cos(angle) : sin(angle)), 5e-6);
    }
    real again[100];
    rng_stream_seek(rng, key, (uint64_t)7 << 32 | 5);
    rng_normals(rng, again, 70);
    assert_memory_equal(z, again, 70 * sizeof *z);
    gsl_rng_free(rng);
}

static void test_jitter_moments(void **state)
{
    (void)state;
    double sum = 0, squares = 0, n = 0;
    OPEN("jitter", AUGMENT_ROWS, 1, 3, "0.5");
    bench.spread[0] = 2;
    bench.varies[1] = 0;
    bench.spread[2] = 0;
    for (uint64_t i = 0; i < 20 * DRAWS; i++, n++) {
        draw(i);
        double e = value(0, 0) - 1;
        sum += e;
        squares += e * e;
        assert_true(value(0, 1) == 2 && value(0, 2) == 3);
    }
    expect_near(sum / n, 0, 5 / sqrt(n)); /* standard deviation 0.5 * 2 */
    expect_near(squares / n, 1, 5 * sqrt(2 / n));
    close_bench();
}

static void test_scaling_moments(void **state)
{
    (void)state;
    double sum = 0, squares = 0, product = 0, n = 0;
    OPEN("scaling", AUGMENT_SERIES, 4, 3, "0.2");
    bench.varies[2] = 0;
    for (uint64_t i = 0; i < DRAWS; i++, n++) {
        draw(i);
        double a = value(0, 0) / 1, b = value(0, 1) / 2;
        for (size_t t = 1; t < 4; t++) {
            expect_near(value(t, 0) / (double)bench.before[3 * t], a, 1e-6);
            assert_true(value(t, 2) == (double)bench.before[3 * t + 2]);
        }
        sum += a;
        squares += (a - 1) * (a - 1);
        product += (a - 1) * (b - 1);
    }
    expect_near(sum / n, 1, 5 * 0.2 / sqrt(n));
    expect_near(squares / n, 0.04, 5 * 0.04 * sqrt(2 / n));
    expect_near(product / n, 0, 5 * 0.04 / sqrt(n)); /* channels are apart */
    close_bench();
}

static void test_scaling_of_an_image_is_by_channel(void **state)
{
    (void)state;
    OPEN_IMAGE("scaling", 3, 4, 2, "0.3");
    draw(1);
    for (size_t i = 2; i < 24; i++)
        expect_near((double)bench.x[i] / (double)bench.before[i],
                    (double)bench.x[i % 2] / (double)bench.before[i % 2], 1e-5);
    assert_true(fabs((double)bench.x[0] / 1 - (double)bench.x[1] / 2) > 1e-3);
    close_bench();
}

static void test_magwarp_is_the_curve(void **state)
{
    (void)state;
    OPEN("magwarp", AUGMENT_SERIES, 20, 2, "0.3", "knots=3");
    bench.varies[1] = 0;
    for (uint64_t i = 0; i < 50; i++) {
        Spline curve;
        draw(i);
        rng_stream_seek(bench.sample.rng, bench.key, i);
        spline_draw(&curve, bench.sample.rng, 3, 0.3);
        assert_int_equal(curve.n, 5);
        for (size_t t = 0; t < 20; t++) {
            double at = (double)bench.before[2 * t];
            expect_near(value(t, 0), at * spline_step(&curve, t, 20), 1e-5 * at);
            assert_true(value(t, 1) == at + 1);
        }
    }
    close_bench();
}

/* ---- steps that move */

static void test_crop_keeps_the_end(void **state)
{
    (void)state;
    static const char *const fills[] = { "fill=zero", "fill=edge" };
    for (int f = 0; f < 2; f++) {
        int seen[11] = { 0 };
        OPEN("crop", AUGMENT_SERIES, 10, 2, "0.6", fills[f]);
        for (uint64_t i = 0; i < DRAWS; i++) {
            draw(i);
            size_t lost = f ? (size_t)origin(0) : 0; /* the first step is the first that stays */
            while (!f && value(lost, 0) == 0) lost++;
            for (size_t t = lost; t < 10; t++) assert_int_equal(origin(t), t);
            for (size_t t = 0; t < lost; t++)
                if (f) assert_int_equal(origin(t), lost);
            for (size_t t = 0; t < lost && !f; t++) assert_true(value(t, 1) == 0);
            seen[10 - lost]++;
        }
        for (int kept = 0; kept <= 10; kept++)
            expect_near(seen[kept], kept < 6 ? 0 : DRAWS / 5, kept < 6 ? 0 : 5 * sqrt(DRAWS * 0.16));
        close_bench();
    }
}

static void test_crop_shortens_sequences(void **state)
{
    (void)state;
    bool shorter = false;
    OPEN("crop", AUGMENT_SEQUENCE, 7, 2, "30%", "fill=edge");
    for (uint64_t i = 0; i < 100; i++) {
        bench.sample.steps = 7;
        draw(i);
        size_t kept = bench.sample.steps;
        assert_true(kept >= 3 && kept <= 7);
        shorter |= kept == 3;
        for (size_t t = 0; t < kept; t++) assert_int_equal(origin(t), 7 - kept + t);
    }
    assert_true(shorter);
    bench.sample.steps = 1; /* the last step is all there is */
    draw(0);
    assert_int_equal(bench.sample.steps, 1);
    close_bench();
}

/* Blocks of 3 of 12 steps, from the end on; returns how many blocks begin where the ones before them end. */
static void check_blocks(bool circular, bool end, int *firsts)
{
    for (uint64_t i = 0; i < DRAWS; i++) {
        draw(i);
        if (end)
            for (size_t t = 9; t < 12; t++) assert_int_equal(origin(t), t);
        for (size_t b = 0; b < 12; b += 3) {
            long first = origin(b);
            assert_true(first >= 0 && first < (circular ? 12 : 10));
            for (long k = 1; k < 3; k++) assert_int_equal(origin(b + (size_t)k), (first + k) % 12);
            if (b < 9) firsts[first]++;
        }
    }
}

static void test_bootstrap_is_of_blocks(void **state)
{
    (void)state;
    for (int circular = 0; circular < 2; circular++)
        for (int end = 0; end < 2; end++) {
            int firsts[12] = { 0 }, n = circular ? 12 : 10;
            OPEN("bootstrap", AUGMENT_SERIES, 12, 2, "3", circular ? "circular=on" : "circular=off",
                 end ? "end=on" : "end=off");
            check_blocks(circular, end, firsts);
            double p = 1.0 / n;
            for (int k = 0; k < n; k++)
                expect_near(firsts[k] / (3.0 * DRAWS), p, 5 * sqrt(p * (1 - p) / (3 * DRAWS)));
            close_bench();
        }
}

/* 3 steps a block of 27; a window of 11 with blocks of 4: the first is cut. A block as long as the window is
 * the window. */
static void test_bootstrap_sizes(void **state)
{
    (void)state;
    OPEN("bootstrap", AUGMENT_SERIES, 27, 1, );
    draw(3);
    for (size_t t = 0; t < 27; t++)
        if (t % 3) assert_int_equal(origin(t), origin(t - 1) + 1);
    close_bench();
    OPEN("bootstrap", AUGMENT_SEQUENCE, 11, 1, "4");
    draw(3);
    for (size_t t = 1; t < 11; t++)
        if (t != 3 && t != 7) assert_int_equal(origin(t), origin(t - 1) + 1);
    close_bench();
    OPEN("bootstrap", AUGMENT_SERIES, 5, 1, "9");
    draw(3);
    assert_memory_equal(bench.x, bench.before, 5 * sizeof(real));
    close_bench();
}

static void test_stationary_has_geometric_blocks(void **state)
{
    (void)state;
    enum { T = 40 };
    double runs_on = 0, n = 0;
    int last[T] = { 0 }, ends[2] = { 0 };
    for (int end = 0; end < 2; end++) {
        OPEN("stationary", AUGMENT_SERIES, T, 2, "4", end ? "end=on" : "end=off");
        for (uint64_t i = 0; i < DRAWS; i++) {
            draw(i);
            ends[end] += origin(T - 1) == T - 1;
            if (!end) last[origin(T - 1)]++;
            for (size_t t = 1; t < T; t++, n++) runs_on += origin(t) == (origin(t - 1) + 1) % T;
        }
        close_bench();
    }
    double p = 0.75 + 0.25 / T; /* goes on, or begins anew there by chance */
    expect_near(runs_on / n, p, 5 * sqrt(p * (1 - p) / n));
    assert_int_equal(ends[1], DRAWS);
    expect_near(ends[0], DRAWS / (double)T, 5 * sqrt(DRAWS / (double)T));
    for (int k = 0; k < T; k++) expect_near(last[k], DRAWS / (double)T, 5 * sqrt(DRAWS / (double)T));
}

static void test_timewarp_keeps_the_ends(void **state)
{
    (void)state;
    double moved = 0;
    OPEN("timewarp", AUGMENT_SERIES, 30, 2, "0.5");
    bench.numbers[1] = 0; /* a flag: 0 or 1 */
    for (size_t t = 0; t < 30; t++) bench.before[2 * t + 1] = t % 3 == 0;
    for (uint64_t i = 0; i < 200; i++) {
        draw(i);
        assert_true(value(0, 0) == 1 && value(29, 0) == (double)bench.before[58]);
        for (size_t t = 1; t < 30; t++) {
            assert_true(value(t, 0) > value(t - 1, 0)); /* time never runs back */
            assert_true(value(t, 1) == 0 || value(t, 1) == 1);
            moved += fabs(value(t, 0) - (double)bench.before[2 * t]);
        }
    }
    assert_true(moved > 200);
    close_bench();
    OPEN("timewarp", AUGMENT_SEQUENCE, 1, 2, );
    draw(0);
    assert_memory_equal(bench.x, bench.before, 2 * sizeof(real));
    close_bench();
}

static void test_cutout_spares_the_last_step(void **state)
{
    (void)state;
    int cut[10] = { 0 };
    OPEN("cutout", AUGMENT_SERIES, 10, 2, "30%");
    for (uint64_t i = 0; i < DRAWS; i++) {
        draw(i);
        size_t zeros = 0, first = 10, last = 0;
        for (size_t t = 0; t < 10; t++) {
            bool zero = value(t, 0) == 0 && value(t, 1) == 0;
            if (!zero) assert_int_equal(origin(t), t);
            if (zero && first == 10) first = t;
            if (zero) last = t;
            zeros += zero;
            cut[t] += zero;
        }
        assert_true(zeros == 3 && last == first + 2);
    }
    assert_int_equal(cut[9], 0);
    expect_near(cut[0], DRAWS / 7.0, 5 * sqrt(DRAWS / 7.0));
    close_bench();
}

/* ---- flips and images */

static void test_flips_undo_themselves(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *option;
        AugmentShape shape;
    } flips[] = { { "timeflip", NULL, AUGMENT_SERIES },
                  { "signflip", NULL, AUGMENT_SERIES },
                  { "flip", "horizontal", AUGMENT_IMAGES },
                  { "flip", "vertical", AUGMENT_IMAGES } };
    for (size_t k = 0; k < 4; k++) {
        open_bench(flips[k].kind, flips[k].shape, 5, 14, flips[k].shape == AUGMENT_IMAGES ? 2 : 14,
                   (const char *const[]){ flips[k].option, NULL });
        draw(0);
        assert_memory_not_equal(bench.x, bench.before, 70 * sizeof(real));
        for (size_t y = 0; y < 5; y++)
            for (size_t x = 0; x < 14; x++) {
                size_t from_y = k == 0 || k == 3 ? 4 - y : y;
                size_t from_x = k == 2 ? 2 * (6 - x / 2) + x % 2 : x;
                double sign = k == 1 ? -1 : 1;
                assert_true(value(y, x) == sign * (double)bench.before[from_y * 14 + from_x]);
            }
        bench.kind->apply(&bench.sample);
        assert_memory_equal(bench.x, bench.before, 70 * sizeof(real));
        close_bench();
    }
}

static void test_signflip_of_chosen_inputs(void **state)
{
    (void)state;
    OPEN("signflip", AUGMENT_ROWS, 1, 3, );
    bench.varies[1] = 0;
    draw(0);
    assert_true(value(0, 0) == -1 && value(0, 1) == 2 && value(0, 2) == -3);
    close_bench();
}

static void test_shift_moves_the_image(void **state)
{
    (void)state;
    enum { H = 5, W = 6 };
    for (int edge = 0; edge < 2; edge++) {
        int seen[25] = { 0 };
        OPEN_IMAGE("shift", H, W, 1, "2", edge ? "fill=edge" : "fill=zero");
        for (uint64_t i = 0; i < DRAWS; i++) {
            draw(i);
            rng_stream_seek(bench.sample.rng, bench.key, i);
            long dy = (long)gsl_rng_uniform_int(bench.sample.rng, 5) - 2;
            long dx = (long)gsl_rng_uniform_int(bench.sample.rng, 5) - 2;
            seen[5 * (dy + 2) + dx + 2]++;
            for (long y = 0; y < H; y++)
                for (long x = 0; x < W; x++) {
                    long fy = y - dy, fx = x - dx;
                    bool inside = fy >= 0 && fy < H && fx >= 0 && fx < W;
                    long cy = fy < 0 ? 0 : fy >= H ? H - 1 : fy, cx = fx < 0 ? 0 : fx >= W ? W - 1 : fx;
                    double expected = inside || edge ? (double)bench.before[cy * W + cx] : 0;
                    assert_true(value((size_t)y, (size_t)x) == expected);
                }
        }
        for (int k = 0; k < 25; k++) expect_near(seen[k], DRAWS / 25.0, 5 * sqrt(DRAWS / 25.0));
        close_bench();
    }
}

static void test_cutout_of_an_image_is_a_square(void **state)
{
    (void)state;
    bool whole = false;
    OPEN_IMAGE("cutout", 8, 10, 1, "0.4"); /* 3 points a side */
    for (uint64_t i = 0; i < DRAWS; i++) {
        draw(i);
        size_t top = 8, bottom = 0, left = 10, right = 0, zeros = 0;
        for (size_t y = 0; y < 8; y++)
            for (size_t x = 0; x < 10; x++) {
                if (value(y, x) != 0) continue;
                zeros++;
                if (y < top) top = y;
                if (y + 1 > bottom) bottom = y + 1;
                if (x < left) left = x;
                if (x + 1 > right) right = x + 1;
            }
        assert_true(zeros > 0 && zeros == (bottom - top) * (right - left));
        assert_true(bottom - top <= 3 && right - left <= 3);
        assert_true(bottom - top == 3 || top == 0 || bottom == 8);
        whole |= zeros == 9;
    }
    assert_true(whole);
    close_bench();
}

/* ---- mixup */

static void test_mixup_arithmetic(void **state)
{
    (void)state;
    double sum = 0, n = 0;
    OPEN("mixup", AUGMENT_ROWS, 1, 2, "1");
    bench.other[0] = 5;
    bench.other[1] = -2;
    for (uint64_t i = 0; i < DRAWS; i++, n++) {
        draw(i);
        double own = bench.sample.own;
        assert_true(own >= 0.5 && own <= 1);
        expect_near(value(0, 0), own * 1 + (1 - own) * 5, 1e-6);
        expect_near(value(0, 1), own * 2 + (1 - own) * -2, 1e-6);
        sum += own;
    }
    expect_near(sum / n, 0.75, 5 * sqrt(1 / 48.0 / n)); /* uniform on 1/2 .. 1 */
    close_bench();
    OPEN("mixup", AUGMENT_ROWS, 1, 2, "1e-6"); /* where gamma variates are 0 */
    for (uint64_t i = 0; i < DRAWS; i++) {
        draw(i);
        assert_true(bench.sample.own >= 0.5 && bench.sample.own <= 1);
    }
    close_bench();
}

/* ---- every kind */

/* The same stream makes the same sample; nothing behind it is touched; kinds that change values leave what
 * may not vary. */
static void test_every_kind(void **state)
{
    (void)state;
    for (int k = 0; k < augment_kinds.n; k++) {
        const AugmentKind *kind = (const AugmentKind *)(const void *)augment_kinds.items[k];
        assert_non_null(kind->apply);
        assert_true(kind->shapes != 0 && kind->share > 0 && kind->share <= 1);
        assert_true(kind->kind.n_options <= AUGMENT_SETTINGS);
        for (unsigned shape = 1; shape <= AUGMENT_IMAGES; shape *= 2) {
            if (!(kind->shapes & shape)) continue;
            size_t steps = shape == AUGMENT_ROWS ? 1 : 9, width = 6, n = steps * width;
            real first[54];
            open_bench(kind->kind.name, (AugmentShape)shape, steps, width,
                       shape == AUGMENT_IMAGES ? 2 : width, (const char *const[]){ NULL });
            bench.varies[1] = 0;
            for (size_t i = n; i < MOST; i++) bench.before[i] = -7;
            draw(77);
            memcpy(first, bench.x, n * sizeof(real));
            bench.sample.steps = steps;
            draw(77);
            assert_memory_equal(bench.x, first, n * sizeof(real));
            for (size_t i = n; i < MOST; i++) assert_true(bench.x[i] == -7);
            for (size_t i = 1; i < n && !kind->moves && !kind->mixes; i += bench.sample.channels)
                assert_true(bench.x[i] == bench.before[i]);
            close_bench();
        }
    }
}

static void test_words(void **state)
{
    (void)state;
    char text[96];
    assert_string_equal(augment_shapes_text(AUGMENT_STEPS, text), "windows and sequences");
    assert_string_equal(augment_shapes_text(AUGMENT_ROWS | AUGMENT_STEPS | AUGMENT_IMAGES, text),
                        "plain rows, windows, sequences and images");
    assert_string_equal(augment_shapes_text(AUGMENT_TREES, text), "trees");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_splines_are_scipys),
        cmocka_unit_test(test_clocks_are_numpys),
        cmocka_unit_test(test_stretches_are_numpys),
        cmocka_unit_test(test_mixed_losses),
        cmocka_unit_test(test_normals_are_of_the_stream),
        cmocka_unit_test(test_jitter_moments),
        cmocka_unit_test(test_scaling_moments),
        cmocka_unit_test(test_scaling_of_an_image_is_by_channel),
        cmocka_unit_test(test_magwarp_is_the_curve),
        cmocka_unit_test(test_crop_keeps_the_end),
        cmocka_unit_test(test_crop_shortens_sequences),
        cmocka_unit_test(test_bootstrap_is_of_blocks),
        cmocka_unit_test(test_bootstrap_sizes),
        cmocka_unit_test(test_stationary_has_geometric_blocks),
        cmocka_unit_test(test_timewarp_keeps_the_ends),
        cmocka_unit_test(test_cutout_spares_the_last_step),
        cmocka_unit_test(test_flips_undo_themselves),
        cmocka_unit_test(test_signflip_of_chosen_inputs),
        cmocka_unit_test(test_shift_moves_the_image),
        cmocka_unit_test(test_cutout_of_an_image_is_a_square),
        cmocka_unit_test(test_mixup_arithmetic),
        cmocka_unit_test(test_every_kind),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests_name("data_augment", tests, NULL, NULL);
}
