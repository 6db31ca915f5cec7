/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measures/cells.h"

#include <math.h>

#include "measures/rates.h"
#include "measures/scored.h"

double cells_cutoff(const Scored *scored)
{
    double cutoff = scored_settings(scored)->cutoff;
    if (!isnan(cutoff)) return cutoff;
    return scored_is_probability(scored) ? 0.5 : NAN;
}

bool cells_of(const Scored *scored, Cells *out)
{
    double cutoff = cells_cutoff(scored);
    *out = (Cells){ 0 };
    if (isnan(cutoff)) return false;
    for (size_t i = 0; i < scored->n; i++) {
        double score = scored_event(scored, i), y = scored->target[i], weight = scored_weight(scored, i);
        if (isnan(score)) return false;
        *(score >= cutoff ? &out->tp : &out->fn) += weight * y;
        *(score >= cutoff ? &out->fp : &out->tn) += weight * (1 - y);
    }
    return out->tp + out->fp + out->fn + out->tn > 0;
}

bool cells_naive(const Scored *scored, Cells *out)
{
    double rate = scored_base_rate(scored);
    *out = rate > 0.5 ? (Cells){ .tp = rate, .fp = 1 - rate } : (Cells){ .fn = rate, .tn = 1 - rate };
    return !isnan(rate);
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

double cells_recall(const Cells *cells)
{
    return ratio(cells->tp, cells->tp + cells->fn);
}

double cells_specificity(const Cells *cells)
{
    return ratio(cells->tn, cells->tn + cells->fp);
}

double cells_precision(const Cells *cells)
{
    return ratio(cells->tp, cells->tp + cells->fp);
}

double cells_f1(const Cells *cells)
{
    return ratio(2 * cells->tp, 2 * cells->tp + cells->fp + cells->fn);
}

double cells_mcc(const Cells *cells)
{
    double said = sqrt(cells->tp + cells->fp) * sqrt(cells->tn + cells->fn);
    double is = sqrt(cells->tp + cells->fn) * sqrt(cells->tn + cells->fp);
    if (!(is > 0)) return NAN;
    return said > 0 ? (cells->tp * cells->tn - cells->fp * cells->fn) / (said * is) : 0;
}

int cells_predicted(const Scored *scored, size_t row, double cutoff)
{
    if (scored_has_two_levels(scored)) {
        double score = scored_event(scored, row);
        return isnan(score) || isnan(cutoff) ? -1 : score >= cutoff;
    }
    const double *p = scored->score + row * (size_t)scored->n_outputs;
    int best = 0;
    for (int k = 0; k < scored->n_outputs; k++) {
        if (isnan(p[k])) return -1;
        if (p[k] > p[best]) best = k;
    }
    return best;
}

bool cells_confusion(const Scored *scored, double *matrix)
{
    size_t n = (size_t)scored->n_outputs;
    double sum = 0;
    for (size_t i = 0; i < n * n; i++) matrix[i] = 0;
    for (size_t i = 0; i < scored->n; i++) {
        int said = cells_predicted(scored, i, NAN);
        double level = scored->target[i], weight = scored_weight(scored, i);
        if (said < 0 || !(level >= 0) || level >= scored->n_outputs) return false;
        matrix[(size_t)level * n + (size_t)said] += weight;
        sum += weight;
    }
    return sum > 0;
}

void cells_levels(const double *matrix, int n, LevelFigures *out)
{
    for (int k = 0; k < n; k++) {
        LevelFigures *level = &out[k];
        double right = matrix[k * n + k];
        *level = (LevelFigures){ 0 };
        for (int i = 0; i < n; i++) {
            level->n += matrix[k * n + i];
            level->predicted += matrix[i * n + k];
        }
        level->recall = level->n > 0 ? right / level->n : 0;
        level->precision = level->predicted > 0 ? right / level->predicted : 0;
        level->f1 = right > 0 ? 2 * right / (level->n + level->predicted) : 0;
    }
}

LevelFigures cells_macro(const LevelFigures *levels, int n)
{
    LevelFigures macro = { 0 };
    int shown = 0;
    for (int k = 0; k < n; k++) {
        macro.n += levels[k].n;
        macro.predicted += levels[k].predicted;
        if (levels[k].n == 0) continue;
        macro.precision += levels[k].precision;
        macro.recall += levels[k].recall;
        macro.f1 += levels[k].f1;
        shown++;
    }
    macro.precision /= shown;
    macro.recall /= shown;
    macro.f1 /= shown;
    return macro;
}

double cells_macro_of(const Scored *scored, double (*figure)(const LevelFigures *macro))
{
    size_t n = (size_t)scored->n_outputs;
    double *matrix = mem_get(n * n, sizeof *matrix, NULL), value = NAN;
    LevelFigures *levels = mem_get(n, sizeof *levels, NULL);
    if (matrix && levels && cells_confusion(scored, matrix)) {
        cells_levels(matrix, (int)n, levels);
        LevelFigures macro = cells_macro(levels, (int)n);
        value = figure(&macro);
    }
    mem_free(matrix);
    mem_free(levels);
    return value;
}

bool cells_wilson(const Scored *scored, double k, double n, double level, Interval *out)
{
    return scored_is_plain(scored) && wilson_interval(k, n, level, out);
}
