/* SPDX-License-Identifier: GPL-3.0-or-later */
/* augment: a line of the recipe that learns nothing and leaves rows as they are; training finds it in the
 * fitted recipe and treats its samples by it (data/augment.h). The state names the features that may change,
 * where columns are named. */
#include "data/augment.h"

static const OptionSpec options[] = {
    { .name = "columns",
      .type = OPTION_COLUMNS,
      .flags = OPTION_POSITIONAL | OPTION_LIST,
      .help = "inputs whose values change; every number, but no flag or code, where none is named" },
    { .name = "method",
      .type = OPTION_KIND,
      .flags = OPTION_REQUIRED,
      .kinds = &augment_kinds,
      .help = "what is done with a sample: jitter, scaling, crop, mixup, ...; help augmentations" },
    { .name = "share",
      .type = OPTION_FRACTION,
      .flags = OPTION_OPEN_MIN,
      .min = 0,
      .max = 1,
      .help = "probability that it is done; 50% for flips, else 100%" },
};

static const AugmentKind *method_of(const Options *opts)
{
    return (const AugmentKind *)(const void *)option_kind(opts, "method");
}

static bool ask(const Options *opts, const char *time, Notes *notes, Err *err)
{
    (void)time;
    const AugmentKind *kind = method_of(opts);
    if ((kind->moves || kind->mixes) && option_list(opts, "columns").n)
        return ERR(err, augment_columns, kind->kind.name) || step_failed_at(opts, "columns", err);
    if (kind->warning) NOTE(notes, augment_warns, kind->kind.name, kind->warning);
    return true;
}

static bool accepts(const Options *opts, const Feature *feature)
{
    (void)opts;
    return feature->kind == FEATURE_NUMBER;
}

static bool fit(const Options *opts, const FeatureSet *train, const int *selected, int n, Arena *arena,
                Record *state, Notes *notes, Err *err)
{
    (void)notes;
    if (!ask(opts, NULL, NULL, err)) return false;
    bool named = option_list(opts, "columns").n > 0;
    for (int i = 0; named && i < n; i++)
        record_text(arena, state, train->items[selected[i]].name, method_of(opts)->kind.name);
    return true;
}

static bool apply(const Options *opts, const Record *state, FeatureSet *set, Notes *notes, Err *err)
{
    (void)opts, (void)state, (void)set, (void)notes, (void)err;
    return true;
}

const StepKind step_augment = {
    .kind = { .name = "augment",
              .help = "changes training samples at random while a net trains",
              .more =
                  "Each training sample is drawn anew in every epoch: nothing is copied, and what a sample "
                  "becomes depends on "
                  "seed, epoch and sample alone. Validation and test rows, and rows to predict, stay as they "
                  "are; partners of mixup "
                  "are training samples of the same split. Several lines work in their order, on the inputs "
                  "that the whole recipe "
                  "makes. Figures on training rows are those of the changed samples. Compare with and "
                  "without, over several seeds, "
                  "before believing a gain; small data gain most (Fons et al. 2020, arXiv 2010.15111).",
              KIND_OPTIONS(options),
              .example =
                  "simulate moons as toy rows=200 noise=0.3\nsplit toy train=50% valid=50%\nscale toy\n"
                  "augment toy method=jitter(0.1)\naugment toy method=mixup(0.2) share=50%\n"
                  "net m\n  input toy\n  dense 16 relu\n  dense 1 sigmoid\nend\ntrain m epochs=3",
              .since = "1" },
    .accepts = accepts,
    .fit = fit,
    .apply = apply,
    .ask = ask,
};
