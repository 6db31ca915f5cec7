/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scoring of rows. The own product engine makes a row's bits independent of the tile; where OpenBLAS
 * stands in for it, every tile is padded to full size. */
#include "model/score.h"

#include <stdint.h>
#include <string.h>

#include "model/flush.h"
#include "model/parallel.h"

enum { TILE = 192 }; /* a multiple of the product's row blocks; the activations of a wide net fit in L2 */

struct Scorer {
    Workspace *work;
    bool bare, pads;
};

Scorer *scorer_new(const Plan *plan, bool bare, size_t rows, Err *err)
{
    bool pads = text_equal(gemm_instruction_set(), "generic");
    Workspace *work = workspace_new(plan, pads || rows > TILE ? TILE : rows, false, err);
    if (!work) return NULL;
    Scorer *scorer = mem_own(sizeof *scorer);
    scorer->work = work;
    scorer->bare = bare;
    scorer->pads = pads;
    return scorer;
}

void scorer_free(Scorer *scorer)
{
    if (!scorer) return;
    workspace_free(scorer->work);
    mem_free(scorer);
}

size_t scorer_bytes(const Scorer *scorer)
{
    return scorer->work->bytes;
}

void scorer_run(Scorer *scorer, const Params *params, const real *x, size_t n, real *out)
{
    Workspace *work = scorer->work;
    size_t in = work->in_size[0], outputs = work->out_size[work->plan->n_layers - 1];
    unsigned before = flush_begin();
    workspace_bind(work, params->values, NULL, NULL, scorer->bare, GEMM_AUTO);
    for (size_t from = 0, rows; from < n; from += rows) {
        rows = n - from < work->batch ? n - from : work->batch;
        memcpy(work->in, x + from * in, rows * in * sizeof(real));
        if (scorer->pads) memset(work->in + rows * in, 0, (TILE - rows) * in * sizeof(real));
        work_forward(work, 0, scorer->pads ? TILE : rows, false, 0);
        memcpy(out + from * outputs, work->out, rows * outputs * sizeof(real));
    }
    flush_end(before);
}

/* ---- many rows, several threads */

enum { SHARE = 8 * TILE };

typedef struct Scoring {
    const Net *net;
    const real *x;
    real *out;
    size_t n, in, outputs;
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
    scorer_run(scorer, job->net->params, job->x + from * job->in, rows, job->out + from * job->outputs);
    scorer_free(scorer);
    return true;
}

bool net_forward(const Net *net, const real *x, size_t n, real *out, int threads, Progress *progress,
                 Err *err)
{
    if (!net->plan || !net->params) return ERR(err, not_prepared, net->def->name);
    Scoring job = { net, x, out, n, shape_size(net->plan->in), (size_t)net_outputs(net), progress };
    return parallel_for((n + SHARE - 1) / SHARE, threads, score_share, &job, err);
}
