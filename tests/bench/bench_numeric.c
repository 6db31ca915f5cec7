/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speed of the numeric room: products by shape with both engines, element-wise kernels, and one whole
 * training step of a 10-64-32-1 net at batch 32. Run it with OPENBLAS_CORETYPE unset. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "numeric/gemm.h"
#include "numeric/vec.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Least seconds of one call, over some 20 measurements of at least 2 ms. */
static double seconds(void (*run)(void *), void *context)
{
    double best = INFINITY, spent = 0;
    long calls = 1;
    for (int i = 0; i < 20 || spent < 0.04; i++) {
        double begin = now();
        for (long c = 0; c < calls; c++) run(context);
        double time = now() - begin;
        spent += time;
        if (time / (double)calls < best) best = time / (double)calls;
        if (time < 0.002) calls *= 2;
    }
    return best;
}

static real *block(size_t n)
{
    real *out = aligned_alloc(64, (n * sizeof *out + 63) / 64 * 64);
    if (!out) exit(1);
    for (size_t i = 0; i < n; i++) out[i] = (real)(0.1 + 0.001 * (double)(i * 37 % 101));
    return out;
}

static void run_gemm(void *product)
{
    real_gemm(product);
}

typedef struct Shape {
    const char *what;
    size_t m, n, k;
    bool transposed;
} Shape;

static const Shape shapes[] = {
    { "forward", 32, 64, 10, false },
    { "forward", 32, 32, 64, false },
    { "forward", 32, 1, 32, false },
    { "dX", 32, 64, 32, false },
    { "dX", 32, 32, 1, false },
    { "dW", 10, 64, 32, true },
    { "dW", 64, 32, 32, true },
    { "dW", 32, 1, 32, true },
    { "row", 1, 64, 10, false },
    { "row", 1, 32, 64, false },
    { "lstm", 32, 256, 69, false },
    { "lstm dW", 69, 256, 320, true },
    { "gru", 64, 192, 72, false },
    { "narrow", 256, 3, 64, false },
    { "odd", 100, 100, 100, false },
    { "wide", 256, 1024, 1024, false },
    { "wide dW", 1024, 1024, 256, true },
    { "square", 512, 512, 512, false },
    { "square", 1024, 1024, 1024, false },
};

static void bench_gemm(void)
{
    printf("%-8s %5s %5s %5s   GFLOP/s own  OpenBLAS\n", "product", "m", "n", "k");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        Shape s = shapes[i];
        real *a = block(s.m * s.k), *b = block(s.k * s.n), *c = block(s.m * s.n);
        Gemm g = { .m = s.m,
                   .n = s.n,
                   .k = s.k,
                   .a = a,
                   .b = b,
                   .ldb = s.n,
                   .c = c,
                   .ldc = s.n,
                   .a_row = s.transposed ? 1 : s.k,
                   .a_col = s.transposed ? s.m : 1 };
        double rate[2], work = 2e-9 * (double)(s.m * s.n * s.k);
        for (int engine = 0; engine < 2; engine++) {
            g.engine = engine ? GEMM_OPENBLAS : GEMM_OWN;
            rate[engine] = work / seconds(run_gemm, &g);
        }
        printf("%-8s %5zu %5zu %5zu   %11.1f  %8.1f\n", s.what, s.m, s.n, s.k, rate[0], rate[1]);
        free(a);
        free(b);
        free(c);
    }
}

enum { N_VALUES = 2048 };

typedef struct Values {
    real *out, *x, *y, *z;
    int which;
} Values;

static const char *const kernels[] = { "exp",       "log",       "tanh",         "sigmoid", "erf",
                                       "relu",      "tanh_back", "axpy",         "sum",     "column_sums",
                                       "softmax 4", "first_bad", "transpose 64", "adam",    "sgd" };

static void run_kernel(void *context)
{
    Values *v = context;
    static volatile double sink;
    switch (v->which) {
    case 0: vec_exp(v->out, v->x, N_VALUES); break;
    case 1: vec_log(v->out, v->x, N_VALUES); break;
    case 2: vec_tanh(v->out, v->x, N_VALUES); break;
    case 3: vec_sigmoid(v->out, v->x, N_VALUES); break;
    case 4: vec_erf(v->out, v->x, N_VALUES); break;
    case 5: vec_relu(v->out, v->x, N_VALUES); break;
    case 6: vec_tanh_back(v->out, v->x, v->y, N_VALUES); break;
    case 7: vec_axpy(v->out, (real)1e-9, v->x, N_VALUES); break;
    case 8: sink = vec_sum(v->x, N_VALUES); break;
    case 9: vec_column_sums(v->out, v->x, N_VALUES / 64, 64, 0); break;
    case 10: vec_softmax(v->out, v->x, N_VALUES / 4, 4); break;
    case 11: sink = (double)vec_first_bad(v->x, N_VALUES); break;
    case 12: vec_transpose(v->out, v->x, N_VALUES / 64, 64); break;
    case 13: vec_adam(v->out, v->y, v->z, v->x, N_VALUES, 1e-9, 0.9, 0.999, 1e-8, 1, 1, 0); break;
    default: vec_sgd(v->out, v->y, v->x, N_VALUES, 1e-9, 0.9, 0);
    }
    (void)sink;
}

static void bench_vec(void)
{
    printf("\n%-14s ns a value (%d values)\n", "kernel", N_VALUES);
    for (int i = 0; i < (int)(sizeof kernels / sizeof *kernels); i++) {
        Values v = { block(N_VALUES), block(N_VALUES), block(N_VALUES), block(N_VALUES), i };
        printf("%-14s %.3f\n", kernels[i], 1e9 * seconds(run_kernel, &v) / N_VALUES);
        free(v.out);
        free(v.x);
        free(v.y);
        free(v.z);
    }
}

/* 10 - 64 relu - 32 relu - 1 sigmoid, binary cross-entropy, Adam; parameters in one block, each layer's
 * weights (in, out) before its bias, and transposed copies of the second and third. */
enum { BATCH = 32, IN = 10, H1 = 64, H2 = 32 };
enum {
    W1 = 0,
    B1 = W1 + IN * H1,
    W2 = B1 + H1,
    B2 = W2 + H1 * H2,
    W3 = B2 + H2,
    B3 = W3 + H2,
    N_PARAMS = B3 + 1
};

typedef struct Net {
    real *w, *g, *m, *v; /* N_PARAMS each */
    real *w2_turned;     /* (H2, H1) */
    real *x, *target;    /* (BATCH, IN), (BATCH) */
    real *y1, *y2, *p;   /* activations */
    real *d1, *d2, *d3;  /* gradients of the sums before the activations */
    double step, loss;
} Net;

static void forward(Net *net)
{
    const real *w = net->w;
    real_gemm(&(Gemm){ .m = BATCH,
                       .n = H1,
                       .k = IN,
                       .a = net->x,
                       .a_row = IN,
                       .a_col = 1,
                       .b = w + W1,
                       .ldb = H1,
                       .c = net->y1,
                       .ldc = H1,
                       .bias = w + B1,
                       .epilogue = EPILOGUE_BIAS_RELU });
    real_gemm(&(Gemm){ .m = BATCH,
                       .n = H2,
                       .k = H1,
                       .a = net->y1,
                       .a_row = H1,
                       .a_col = 1,
                       .b = w + W2,
                       .ldb = H2,
                       .c = net->y2,
                       .ldc = H2,
                       .bias = w + B2,
                       .epilogue = EPILOGUE_BIAS_RELU });
    real_gemm(&(Gemm){ .m = BATCH,
                       .n = 1,
                       .k = H2,
                       .a = net->y2,
                       .a_row = H2,
                       .a_col = 1,
                       .b = w + W3,
                       .ldb = 1,
                       .c = net->p,
                       .ldc = 1,
                       .bias = w + B3,
                       .epilogue = EPILOGUE_BIAS });
}

/* Mean over the batch of softplus(z) - target z, and its gradient (sigmoid(z) - target) / BATCH. */
static void loss(Net *net)
{
    real soft[BATCH];
    for (int i = 0; i < BATCH; i++) soft[i] = -(real)fabs(net->p[i]);
    vec_exp(soft, soft, BATCH);
    for (int i = 0; i < BATCH; i++) soft[i] += 1;
    vec_log(soft, soft, BATCH);
    for (int i = 0; i < BATCH; i++) soft[i] += (net->p[i] > 0 ? net->p[i] : 0) - net->target[i] * net->p[i];
    net->loss = vec_sum(soft, BATCH) / BATCH;
    vec_sigmoid(net->d3, net->p, BATCH);
    for (int i = 0; i < BATCH; i++) net->d3[i] = (net->d3[i] - net->target[i]) * ((real)1 / BATCH);
}

static void backward(Net *net)
{
    real *g = net->g;
    real_gemm(&(Gemm){ .m = H2,
                       .n = 1,
                       .k = BATCH,
                       .a = net->y2,
                       .a_row = 1,
                       .a_col = H2,
                       .b = net->d3,
                       .ldb = 1,
                       .c = g + W3,
                       .ldc = 1 });
    vec_column_sums(g + B3, net->d3, BATCH, 1, 0);
    real_gemm(&(Gemm){ .m = BATCH,
                       .n = H2,
                       .k = 1,
                       .a = net->d3,
                       .a_row = 1,
                       .a_col = 1,
                       .b = net->w + W3,
                       .ldb = H2,
                       .c = net->d2,
                       .ldc = H2,
                       .y = net->y2,
                       .ldy = H2,
                       .epilogue = EPILOGUE_RELU_BACK });
    real_gemm(&(Gemm){ .m = H1,
                       .n = H2,
                       .k = BATCH,
                       .a = net->y1,
                       .a_row = 1,
                       .a_col = H1,
                       .b = net->d2,
                       .ldb = H2,
                       .c = g + W2,
                       .ldc = H2 });
    vec_column_sums(g + B2, net->d2, BATCH, H2, 0);
    real_gemm(&(Gemm){ .m = BATCH,
                       .n = H1,
                       .k = H2,
                       .a = net->d2,
                       .a_row = H2,
                       .a_col = 1,
                       .b = net->w2_turned,
                       .ldb = H1,
                       .c = net->d1,
                       .ldc = H1,
                       .y = net->y1,
                       .ldy = H1,
                       .epilogue = EPILOGUE_RELU_BACK });
    real_gemm(&(Gemm){ .m = IN,
                       .n = H1,
                       .k = BATCH,
                       .a = net->x,
                       .a_row = 1,
                       .a_col = IN,
                       .b = net->d1,
                       .ldb = H1,
                       .c = g + W1,
                       .ldc = H1 });
    vec_column_sums(g + B1, net->d1, BATCH, H1, 0);
}

static void update(Net *net)
{
    net->step++;
    vec_adam(net->w, net->m, net->v, net->g, N_PARAMS, 1e-3, 0.9, 0.999, 1e-8, 1 - pow(0.9, net->step),
             1 - pow(0.999, net->step), 0);
    vec_transpose(net->w2_turned, net->w + W2, H1, H2);
}

static void run_forward(void *net)
{
    forward(net);
}
static void run_loss(void *net)
{
    loss(net);
}
static void run_backward(void *net)
{
    backward(net);
}
static void run_update(void *net)
{
    update(net);
}
static void run_step(void *net)
{
    forward(net);
    loss(net);
    backward(net);
    update(net);
}

static void bench_step(void)
{
    Net net = { block(N_PARAMS),
                block(N_PARAMS),
                block(N_PARAMS),
                block(N_PARAMS),
                block(H1 * H2),
                block(BATCH * IN),
                block(BATCH),
                block(BATCH * H1),
                block(BATCH * H2),
                block(BATCH),
                block(BATCH * H1),
                block(BATCH * H2),
                block(BATCH),
                0,
                0 };
    memset(net.m, 0, N_PARAMS * sizeof *net.m);
    memset(net.v, 0, N_PARAMS * sizeof *net.v);
    for (int i = 0; i < N_PARAMS; i++) net.w[i] = (real)(0.2 * sin(7.0 * i));
    for (int i = 0; i < BATCH * IN; i++) net.x[i] = (real)sin(3.0 * i);
    for (int i = 0; i < BATCH; i++) net.target[i] = net.x[i * IN] > 0;
    vec_transpose(net.w2_turned, net.w + W2, H1, H2);
    run_step(&net);
    double before = net.loss;
    for (int i = 0; i < 100; i++) run_step(&net);
    printf("\nstep of 10-64-32-1, batch 32 (loss %.4f, after 100 steps %.4f)\n", before, net.loss);
    printf("whole    %.2f us\n", 1e6 * seconds(run_step, &net));
    printf("forward  %.2f us\n", 1e6 * seconds(run_forward, &net));
    printf("loss     %.2f us\n", 1e6 * seconds(run_loss, &net));
    printf("backward %.2f us\n", 1e6 * seconds(run_backward, &net));
    printf("update   %.2f us\n", 1e6 * seconds(run_update, &net));
}

int main(void)
{
    printf("%s, own kernel for %s\n\n", blas_describe(), gemm_instruction_set());
    bench_gemm();
    bench_vec();
    bench_step();
    return 0;
}
