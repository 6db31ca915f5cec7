/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matthews' correlation coefficient, (TP TN - FP FN) / sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN)); of several levels
 * (Gorodkin 2004, Comput. Biol. Chem. 28:367) c s - sum p_k t_k over the root of (s^2 - sum p_k^2)
 * (s^2 - sum t_k^2), c right, s all, t_k of level k, p_k said to be it. 0 for any constant answer. */
#include <math.h>

#include "measures/cells.h"
#include "measures/scored.h"

static double of_matrix(const double *matrix, int n, LevelFigures *levels)
{
    double right = 0, all = 0, both = 0, said = 0, is = 0;
    cells_levels(matrix, n, levels);
    for (int k = 0; k < n; k++) {
        right += matrix[k * n + k];
        all += levels[k].n;
        both += levels[k].n * levels[k].predicted;
        said += levels[k].predicted * levels[k].predicted;
        is += levels[k].n * levels[k].n;
    }
    if (!(all * all > is)) return NAN; /* one level only */
    return all * all > said ? (right * all - both) / sqrt((all * all - said) * (all * all - is)) : 0;
}

static double of_levels(const Scored *scored)
{
    size_t n = (size_t)scored->n_outputs;
    double *matrix = mem_get(n * n, sizeof *matrix, NULL), value = NAN;
    LevelFigures *levels = mem_get(n, sizeof *levels, NULL);
    if (matrix && levels && cells_confusion(scored, matrix)) value = of_matrix(matrix, (int)n, levels);
    mem_free(matrix);
    mem_free(levels);
    return value;
}

static double value(const Scored *scored)
{
    Cells cells;
    if (!scored_has_two_levels(scored)) return of_levels(scored);
    return cells_of(scored, &cells) ? cells_mcc(&cells) : NAN;
}

static double naive(const Scored *scored)
{
    (void)scored;
    return 0;
}

const Metric metric_mcc = {
    .kind = { .name = "mcc",
              .help = "Matthews' correlation between what is said and what is",
              .more =
                  "(TP TN - FP FN) / sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN)), Gorodkin's R of several levels; 0 "
                  "for any constant answer. The cut-off is 0.5 unless cutoff= or cost= says otherwise.",
              .example = METRIC_EXAMPLE("mcc"),
              .since = "1" },
    .targets = "bc",
    .up = true,
    .digits = 4,
    .sets = METRIC_CUTOFF,
    .value = value,
    .naive = naive,
};
