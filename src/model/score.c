/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scoring of rows. The own product engine makes a row's bits independent of the tile; where OpenBLAS
 * stands in for it, every tile is padded to full size. */
#include "model/score.h"

#include <stdint.h>
#include <string.h>

#include "model/flush.h"
#include "base/parallel.h"

enum {
    TILE = 192,
    TREES = 16
}; /* TILE: a multiple of the product's row blocks; activations of a wide net fit in L2 */

struct Scorer {
    Workspace *work;
    bool bare, pads;
};

static bool pads_tiles(void)
{
    return text_equal(gemm_instruction_set(), "generic");
}

/* Of trees each row has room for the largest one. */
size_t scorer_rows(const Plan *plan, size_t rows)
{
    size_t most = TILE;
    for (int i = 0; i < plan->n_layers && !pads_tiles(); i++)
        if (plan->layers[i].def->kind->trees) most = TREES;
    return pads_tiles() || rows > most ? most : rows;
}

Scorer *scorer_new(const Plan *plan, bool bare, size_t rows, Err *err)
{
    Workspace *work = workspace_new(plan, scorer_rows(plan, rows), false, err);
    if (!work) return NULL;
    work->alone = true;
    Scorer *scorer = mem_own(sizeof *scorer);
    scorer->work = work;
    scorer->bare = bare;
    scorer->pads = pads_tiles();
    return scorer;
}

void scorer_free(Scorer *scorer)
{
    if (!scorer) return;
    workspace_free(scorer->work);
    mem_free(scorer);
}

bool scorer_open(Scorer *scorer, const Feed *feed, Err *err)
{
    return feed_open(feed, scorer->work, err);
}

void scorer_run(Scorer *scorer, const Params *params, const real *x, size_t n, real *out)
{
    Feed feed = feed_rows(x, shape_size(scorer->work->plan->in));
    scorer_run_feed(scorer, params, &feed, 0, n, out);
}

/* Padding is a sample like any other: one step, of zeros. */
static void pad(Workspace *work, const Feed *feed, size_t rows)
{
    size_t in = feed->steps * feed->width;
    memset(work->in + rows * in, 0, (TILE - rows) * in * sizeof(real));
    for (size_t i = rows; i < TILE; i++) workspace_length(work, i, 1);
    if (work->up) memset(work->up + rows * feed->steps, 0, (TILE - rows) * feed->steps * sizeof *work->up);
}

void scorer_run_feed(Scorer *scorer, const Params *params, const Feed *feed, size_t first, size_t n,
                     real *out)
{
    Workspace *work = scorer->work;
    size_t outputs = work->out_size[work->plan->n_layers - 1];
    unsigned before = flush_begin();
    workspace_bind(work, params->values, NULL, NULL, scorer->bare, GEMM_AUTO);
    for (size_t from = 0, rows; from < n; from += rows) {
        rows = n - from < work->batch ? n - from : work->batch;
        for (size_t i = 0; i < rows; i++) feed_put(feed, work, i, first + from + i);
        if (scorer->pads) pad(work, feed, rows);
        work_forward(work, 0, scorer->pads ? TILE : rows, false, 0);
        memcpy(out + from * outputs, work->out, rows * outputs * sizeof(real));
    }
    flush_end(before);
}

/* ---- many rows, several threads */

enum { SHARE = 8 * TILE };

typedef struct Scoring {
    const Net *net;
    const Feed *feed;
    real *out;
    size_t n, outputs;
    Progress *progress;
} Scoring;

static bool score_share(void *context, size_t share, bool first_thread, Err *err)
{
    const Scoring *job = context;
    size_t from = share * SHARE, rows = job->n - from < SHARE ? job->n - from : SHARE;
    if (first_thread && !progress_poll(job->progress, "scoring", (double)from, (double)job->n, err))
        return false;
    Scorer *scorer = scorer_new(job->net->plan, false, rows, err);
    if (!scorer) return false;
    bool done = scorer_open(scorer, job->feed, err);
    if (done)
        scorer_run_feed(scorer, job->net->params, job->feed, from, rows, job->out + from * job->outputs);
    scorer_free(scorer);
    return done;
}

bool net_forward_feed(const Net *net, const Feed *feed, size_t n, real *out, int threads, Progress *progress,
                      Err *err)
{
    if (!net->plan || !net->params) return ERR(err, not_prepared, net->def->name);
    Scoring job = { net, feed, out, n, (size_t)net_outputs(net), progress };
    return parallel_for((n + SHARE - 1) / SHARE, threads, score_share, &job, err);
}

bool net_forward(const Net *net, const real *x, size_t n, real *out, int threads, Progress *progress,
                 Err *err)
{
    Feed feed = feed_rows(x, net->plan ? shape_size(net->plan->in) : 0);
    return net_forward_feed(net, &feed, n, out, threads, progress, err);
}
