/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every candidate takes each of its cells from some row of the frame: all from the row itself, but for the
 * one column or two that change. */
#include <math.h>
#include <string.h>

#include "data/gather.h"
#include "data/rowprogram.h"
#include "lang/flipping.h"

enum { PAIR_STRIDE = 4 }; /* every so many of the quantiles of a number in pairs */

/* ---- scoring candidates */

/* sources (n_names, n): the physical row that each cell is taken from. */
static bool score_candidates(const Flip *flip, const uint32_t *sources, size_t n, double *out, Err *err)
{
    const Model *model = flip->judged->models[0];
    size_t width = (size_t)model->n_outputs;
    Column **columns = arena_take(flip->arena, (size_t)flip->n_names * sizeof *columns + 1);
    int made = 0;
    while (made < flip->n_names &&
           (columns[made] = column_take(flip_column(flip, made)->column, sources + (size_t)made * n, n, err)))
        made++;
    double *scores = made == flip->n_names ? mem_get(n, width * sizeof *scores, err) : NULL;
    if (!scores) {
        for (int i = 0; i < made; i++) column_unref(columns[i]);
        return false;
    }
    Frame *frame = frame_new(flip->names, columns, made, n, "explain");
    if (flip->derived) frame->program = rowprogram_ref(flip->frame->program);
    bool ok = model_score(model, frame, NULL, n, scores, NULL, NULL, NULL, err);
    for (size_t i = 0; ok && i < n; i++) out[i] = scores[i * width + width - 1];
    frame_unref(frame);
    mem_free(scores);
    return ok;
}

static bool turns(const Flip *flip, double score)
{
    return (score >= flip->cutoff) != (flip->score >= flip->cutoff);
}

/* ---- one column */

static bool open_sources(const Flip *flip, size_t n, uint32_t **sources, double **scores, Err *err)
{
    size_t cells = (size_t)flip->n_names * n;
    *sources = mem_get(cells, sizeof **sources, err);
    *scores = *sources ? mem_get(n, sizeof **scores, err) : NULL;
    if (!*scores) {
        mem_free(*sources);
        return false;
    }
    for (size_t i = 0; i < cells; i++) (*sources)[i] = flip->own;
    return true;
}

/* The first candidate is the row as it is. */
bool flip_singles(const Flip *flip, Change *changes, Err *err)
{
    size_t n = 1, at = 1;
    uint32_t *sources;
    double *scores;
    for (int k = 0; k < flip->n_knobs; k++) n += (size_t)flip->knobs[k].n;
    if (!open_sources(flip, n, &sources, &scores, err)) return false;
    for (int k = 0; k < flip->n_knobs; at += (size_t)flip->knobs[k].n, k++)
        memcpy(sources + (size_t)flip->knobs[k].name * n + at, flip->knobs[k].rows,
               (size_t)flip->knobs[k].n * sizeof *sources);
    bool ok = score_candidates(flip, sources, n, scores, err);
    if (ok && fabs(scores[0] - flip->score) > 1e-5 * (1 + fabs(flip->score)))
        ok = ERR(err, flip_history, flip->judged->models[0]->name);
    at = 1;
    for (int k = 0; ok && k < flip->n_knobs; k++)
        for (int v = 0; v < flip->knobs[k].n; v++, at++) {
            const Knob *knob = &flip->knobs[k];
            bool better = turns(flip, scores[at]) && (!changes[k].n || knob->sizes[v] < changes[k].size);
            if (better) changes[k] = (Change){ { knob, NULL }, { v, 0 }, 1, knob->sizes[v], scores[at] };
        }
    mem_free(sources);
    mem_free(scores);
    return ok;
}

/* ---- two columns */

static int stride_of(const Knob *knob)
{
    return knob->steps && knob->n > 2 * PAIR_STRIDE ? PAIR_STRIDE : 1;
}

static size_t values_of(const Knob *knob)
{
    return (size_t)((knob->n + stride_of(knob) - 1) / stride_of(knob));
}

static void keep_pair(const Flip *flip, const Knob *a, const Knob *b, const double *scores, Change *best)
{
    size_t nb = values_of(b);
    for (size_t i = 0; i < values_of(a) * nb; i++) {
        int va = (int)(i / nb) * stride_of(a), vb = (int)(i % nb) * stride_of(b);
        double size = a->sizes[va] + b->sizes[vb];
        if (turns(flip, scores[i]) && (!best->n || size < best->size))
            *best = (Change){ { a, b }, { va, vb }, 2, size, scores[i] };
    }
}

static bool try_pair(const Flip *flip, const Knob *a, const Knob *b, Change *best, Err *err)
{
    size_t nb = values_of(b), n = values_of(a) * nb;
    uint32_t *sources;
    double *scores;
    if (!open_sources(flip, n, &sources, &scores, err)) return false;
    for (size_t i = 0; i < n; i++) {
        sources[(size_t)a->name * n + i] = a->rows[(int)(i / nb) * stride_of(a)];
        sources[(size_t)b->name * n + i] = b->rows[(int)(i % nb) * stride_of(b)];
    }
    bool ok = score_candidates(flip, sources, n, scores, err);
    if (ok) keep_pair(flip, a, b, scores, best);
    mem_free(sources);
    mem_free(scores);
    return ok;
}

bool flip_pairs(const Flip *flip, Change *best, Err *err)
{
    for (int a = 0; a < flip->n_knobs; a++)
        for (int b = a + 1; b < flip->n_knobs; b++) {
            ArenaMark mark = arena_mark(flip->arena);
            if (!progress_poll(&flip->session->progress, "pairs", a, flip->n_knobs, err) ||
                !try_pair(flip, &flip->knobs[a], &flip->knobs[b], best, err))
                return false;
            arena_rewind(flip->arena, mark);
        }
    return true;
}
