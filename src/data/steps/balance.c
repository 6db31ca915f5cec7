/* SPDX-License-Identifier: GPL-3.0-or-later */
/* balance: classes as often as asked, among the rows that a net trains on and nowhere else. The step learns
 * nothing and changes no input; training reads it (data/balance.h) when its rows are gathered. */
#include <math.h>

#include "data/balance.h"

static const OptionSpec options[] = {
    { .name = "method",
      .type = OPTION_WORD,
      .initial = "over",
      .words = "over|under|smote|adasyn|tomek",
      .help = "copies of rare classes, fewer rows of frequent ones, rows between rows, or cleaning" },
    { .name = "ratio",
      .type = OPTION_NUMBER,
      .flags = OPTION_OPEN_MIN,
      .initial = "1",
      .max = 1,
      .help = "rows of a rare class for each of the most frequent one (under: of the rarest for each)" },
    { .name = "k",
      .type = OPTION_INTEGER,
      .initial = "5",
      .min = 1,
      .max = BALANCE_NEAREST_MAX,
      .help = "neighbours, of smote and adasyn" },
    { .name = "correct",
      .type = OPTION_BOOL,
      .initial = "on",
      .help = "probabilities are corrected to the shares that the classes had before" },
    { .name = "seed",
      .type = OPTION_INTEGER,
      .max = 9007199254740992.0,
      .help = "of the draws; that of the net's first weights otherwise" },
};

static unsigned needs(const Options *opts, const char *time)
{
    (void)opts;
    (void)time;
    return STEP_LABELS;
}

static bool accepts(const Options *opts, const Feature *feature)
{
    (void)opts;
    return feature->kind == FEATURE_NUMBER;
}

static bool check_target(const StepRows *rows, Err *err)
{
    if (!rows || !rows->target) {
        ERR(err, balance_target, "the frame has no target");
        return err_hint(err, "write role FRAME target=COLUMN");
    }
    return rows->target_kind != 'n' || ERR(err, balance_target, "the target is a number");
}

static bool ask(const Options *opts, const char *time, Notes *notes, Err *err)
{
    (void)time;
    (void)notes;
    const char *method = option_text(opts, "method");
    bool mixes = text_equal(method, "smote") || text_equal(method, "adasyn");
    if (option_given(opts, "k") && !mixes)
        return ERR(err, bad_step, "balance", "k= goes with method=smote and method=adasyn");
    if (option_given(opts, "ratio") && text_equal(method, "tomek"))
        return ERR(err, bad_step, "balance",
                   "method=tomek takes no ratio=: it removes the links that there are");
    return true;
}

/* What there is of each class, for `recipe FRAME`. */
static bool fit(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                Record *state, Notes *notes, Err *err)
{
    const StepRows *rows = train->rows;
    (void)opts, (void)selected, (void)n, (void)notes;
    if (!check_target(rows, err)) return false;
    double *counts = arena_take(arena, (size_t)rows->n_levels * sizeof *counts + 1);
    for (size_t i = 0; i < train->n_rows; i++)
        if (!isnan(rows->target[i])) counts[(int)rows->target[i]]++;
    Record *classes = record_record(arena, state, "rows of each class");
    for (int c = 0; c < rows->n_levels; c++) record_number(arena, classes, rows->levels[c], counts[c]);
    return true;
}

static bool apply(const Options *opts, const Record *state, FeatureSet *set, Notes *notes, Err *err)
{
    (void)opts, (void)state, (void)set, (void)notes, (void)err;
    return true;
}

const StepKind step_balance = {
    .kind = { .name = "balance",
              .help =
                  "makes rare classes frequent, or frequent ones rare, among the rows that a net trains on",
              .more =
                  "Only while it trains: validation and test rows, forecasts and figures see every row as it "
                  "is, and each fold of crossvalidate balances its own training rows. over: copies; under: "
                  "fewer rows; smote (Chawla and others 2002): rows between a row and one of its k nearest "
                  "of the class, in the net's inputs (scale before it; 0/1 columns and codes take the most "
                  "frequent of the k, SMOTE-NC); adasyn (He and others 2008): more of them where other "
                  "classes are near; tomek: leaves out rows of the larger class whose nearest row is of the "
                  "smallest and the other way round. Windows, sequences and trees are copied or left out "
                  "whole. Copies keep their row's weight; class_weight= counts and multiplies after it.\n"
                  "Several steps follow one another. Probabilities p of a class become p pi / s over the sum "
                  "of that, pi its share before (by weights), s in what was trained on; with two classes "
                  "that is logit p - ln((1 - pi) / pi s / (1 - s)). correct=off leaves them raw, and says "
                  "so; what is watched of validation rows while it trains is of corrected probabilities.",
              KIND_OPTIONS(options),
              .example = "simulate probit as p rows=1000 rate=5%\n"
                         "split p train=60% valid=20% test=20%\n"
                         "scale p\n"
                         "balance p method=smote ratio=0.5\n"
                         "net pd\n"
                         "  input p\n"
                         "  dense 8 tanh\n"
                         "  dense 1 sigmoid\n"
                         "end\n"
                         "train pd epochs=3\n"
                         "evaluate pd metrics=auc,brier",
              .since = "1" },
    .needs = needs,
    .accepts = accepts,
    .fit = fit,
    .apply = apply,
    .ask = ask,
};
