/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Explaining many rows. A linear predictor f has parts b_j (x_j - r_j); on the line from r to x the gradient
 * of the logistic of f integrates to the same parts times (s(x) - s(r)) / (f(x) - f(r)). */
#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "model/explainer.h"
#include "model/prior.h"
#include "model/score.h"

enum { PIECE_ROWS = 8, POINTS_MAX = 512 };

typedef struct Run {
    const Explainer *explainer;
    const ModelInputs *inputs;
    const ExplainHow *how;
    Progress *progress;
    Explained *out;
} Run;

/* What one piece needs while it runs. */
typedef struct Worker {
    const Run *run;
    Scorer *scorer;
    InputGradient *gradient;
    real *y;               /* (ATTRIBUTION_BATCH, outputs) */
    uint32_t *start, *end; /* (ATTRIBUTION_BATCH); of samples of several rows */
    uint32_t *up;          /* (ATTRIBUTION_BATCH, steps), of trees */
    size_t sample, steps;  /* at work */
} Worker;

static double logistic(double z)
{
    return 1 / (1 + exp(-z));
}

/* ---- linear predictors */

static double predictor(const Explainer *explainer, const real *x)
{
    double sum = explainer->coefficients[0];
    for (int j = 0; j < explainer->prep->n_features; j++)
        sum += explainer->coefficients[j + 1] * (double)x[j];
    return sum;
}

static double from_predictor(const Explainer *explainer, double f)
{
    return explainer->link || explainer->prep->target_kind == 'n' ? f : logistic(f);
}

static bool score_linear(const Explainer *explainer, const real *x, size_t n, double *out)
{
    size_t width = (size_t)explainer->prep->n_features;
    for (size_t i = 0; i < n; i++) out[i] = from_predictor(explainer, predictor(explainer, x + i * width));
    return true;
}

bool explainer_is_exact(const Explainer *explainer, const ExplainHow *how)
{
    bool linear = explainer->coefficients && (explainer->link || explainer->prep->target_kind == 'n');
    return linear || (explainer->coefficients && how->gradients) ||
           (!how->gradients && explainer->n_columns <= ATTRIBUTION_EXACT);
}

static void explain_linear(const Explainer *explainer, const real *x, Attribution *out)
{
    double f = predictor(explainer, x), r = predictor(explainer, explainer->reference);
    out->score = from_predictor(explainer, f);
    out->reference = from_predictor(explainer, r);
    double ratio = fabs(f - r) > 1e-12 ? (out->score - out->reference) / (f - r) : 1;
    memset(out->parts, 0, (size_t)explainer->n_columns * sizeof *out->parts);
    for (int j = 0; j < explainer->prep->n_features; j++)
        out->parts[explainer->group[j]] +=
            ratio * explainer->coefficients[j + 1] * ((double)x[j] - (double)explainer->reference[j]);
}

/* ---- nets */

/* Log-odds of one class against all others, by what goes into softmax. */
static double log_odds(const real *z, int n, int k)
{
    double most = -INFINITY, sum = 0;
    for (int j = 0; j < n; j++)
        if (j != k && (double)z[j] > most) most = (double)z[j];
    for (int j = 0; j < n; j++)
        if (j != k) sum += exp((double)z[j] - most);
    return (double)z[k] - most - log(sum);
}

static Feed feed_of(const Worker *worker, const real *x, size_t n)
{
    const Feed *from = &worker->run->inputs->feed;
    size_t steps = worker->steps;
    Feed feed = *from;
    feed.x = x;
    if (!from->start) return feed;
    for (size_t i = 0; i < n; i++) {
        worker->start[i] = (uint32_t)(i * steps);
        worker->end[i] = (uint32_t)((i + 1) * steps);
        if (worker->up)
            memcpy(worker->up + i * steps, from->up + from->start[worker->sample],
                   steps * sizeof *worker->up);
    }
    feed.start = worker->start;
    feed.end = worker->end;
    feed.up = worker->up;
    return feed;
}

static bool score_samples(void *context, const real *x, size_t n, double *out, Err *err)
{
    Worker *worker = context;
    const Explainer *explainer = worker->run->explainer;
    (void)err;
    if (explainer->coefficients) return score_linear(explainer, x, n, out);
    const Net *net = explainer->net;
    int outputs = net_outputs(net);
    Feed feed = feed_of(worker, x, n);
    scorer_run_feed(worker->scorer, net->params, &feed, 0, n, worker->y);
    prior_correct(net->prior, worker->y, n, (size_t)outputs, explainer->link);
    for (size_t i = 0; i < n; i++) {
        const real *y = worker->y + i * (size_t)outputs;
        out[i] = explainer->link && outputs > 1 ? log_odds(y, outputs, explainer->output)
                                                : (double)y[explainer->output];
    }
    return true;
}

static bool open_gradient(Worker *worker, Err *err)
{
    const Explainer *explainer = worker->run->explainer;
    const Net *net = explainer->net;
    bool corrected = net->prior && net->prior->corrects;
    if (explainer->link ? net_outputs(net) > 1 : corrected)
        return ERR(err, explain_slopes, explainer->model->name);
    worker->gradient = input_gradient_new(net, explainer->link, ATTRIBUTION_LINE, err);
    return worker->gradient != NULL;
}

static bool open_scorer(Worker *worker, Err *err)
{
    const Run *run = worker->run;
    const Net *net = run->explainer->net;
    const Feed *feed = &run->inputs->feed;
    size_t batch = ATTRIBUTION_BATCH;
    worker->scorer = scorer_new(net->plan, run->explainer->link, batch, err);
    worker->y = worker->scorer ? mem_get(batch, (size_t)net_outputs(net) * sizeof(real), err) : NULL;
    worker->start = worker->y ? mem_get(2 * batch, sizeof *worker->start, err) : NULL;
    if (!worker->start) return false;
    worker->end = worker->start + batch;
    if (feed->up && !(worker->up = mem_get(batch, feed->steps * sizeof *worker->up, err))) return false;
    return scorer_open(worker->scorer, feed, err);
}

static bool open_worker(Worker *worker, Err *err)
{
    if (worker->run->explainer->coefficients) return true;
    return worker->run->how->gradients ? open_gradient(worker, err) : open_scorer(worker, err);
}

static void close_worker(Worker *worker)
{
    scorer_free(worker->scorer);
    input_gradient_free(worker->gradient);
    mem_free(worker->y);
    mem_free(worker->start);
    mem_free(worker->up);
}

/* ---- rows */

/* What a prior correction adds to log-odds, and to no part of them. */
static void add_shift(const Explainer *explainer, Attribution *out)
{
    real shift = 0;
    if (!explainer->link) return;
    prior_correct(explainer->net->prior, &shift, 1, 1, true);
    out->score += (double)shift;
    out->reference += (double)shift;
}

static bool attribute(Worker *worker, Attribution *out, Err *err)
{
    const Run *run = worker->run;
    const Explainer *explainer = run->explainer;
    const ExplainHow *how = run->how;
    size_t i = worker->sample;
    Attributed sample = { inputs_of(run->inputs, i), explainer->reference, worker->steps,
                          run->inputs->feed.width,   explainer->group,     explainer->n_columns };
    if (!how->gradients)
        return attribute_shapley(&sample, score_samples, worker, how->permutations, how->seed,
                                 run->inputs->number[i], out, err);
    int points = how->permutations > EXPLAIN_POINTS ? how->permutations : EXPLAIN_POINTS;
    if (!attribute_gradients(&sample, worker->gradient, explainer->output,
                             points > POINTS_MAX ? POINTS_MAX : points, out, err))
        return false;
    add_shift(explainer, out);
    return true;
}

static bool explain_row(Worker *worker, Err *err)
{
    const Run *run = worker->run;
    const Explainer *explainer = run->explainer;
    size_t i = worker->sample, columns = (size_t)explainer->n_columns;
    Attribution one = { run->out->parts + i * columns,
                        run->out->errors ? run->out->errors + i * columns : NULL, 0, 0 };
    bool linear = explainer->coefficients &&
                  (run->how->gradients || explainer->link || explainer->prep->target_kind == 'n');
    worker->steps = inputs_steps(run->inputs, i);
    if (linear)
        explain_linear(explainer, inputs_of(run->inputs, i), &one);
    else if (!attribute(worker, &one, err))
        return false;
    run->out->score[i] = one.score;
    run->out->reference[i] = one.reference;
    return true;
}

static bool explain_piece(void *context, size_t piece, bool first_thread, Err *err)
{
    const Run *run = context;
    size_t from = piece * PIECE_ROWS, n = run->inputs->n, to = n - from < PIECE_ROWS ? n : from + PIECE_ROWS;
    Worker worker = { .run = run };
    bool done = open_worker(&worker, err);
    for (worker.sample = from; done && worker.sample < to; worker.sample++)
        done = (!first_thread ||
                progress_poll(run->progress, "explaining", (double)worker.sample, (double)n, err)) &&
               explain_row(&worker, err);
    close_worker(&worker);
    return done;
}

bool explainer_run(const Explainer *explainer, const ModelInputs *inputs, const ExplainHow *how,
                   Progress *progress, Explained *out, Err *err)
{
    Run run = { explainer, inputs, how, progress, out };
    return parallel_for((inputs->n + PIECE_ROWS - 1) / PIECE_ROWS, progress_threads(progress), explain_piece,
                        &run, err);
}
