/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the judging verbs share: which models, which frame, which rows, what they predict, and what has
 * to be said of the rows (training rows, taint, unseen levels). */
#ifndef FNS_LANG_JUDGE_H
#define FNS_LANG_JUDGE_H

#include "lang/session.h"

typedef struct Judged {
    Model **models;
    int n_models;
    const Frame *frame; /* borrowed from the session */
    const char *frame_name, *part;
    uint32_t *rows; /* frame rows */
    size_t n;
    char kind; /* of the target, as TargetInfo; 0: not known (a score column without a target) */
    const char *target;
    const char *const *levels;
    int n_levels;
    double reference; /* mean of the target over the training rows; NaN: not known */
} Judged;

/* The options that select what is judged: positional first, `on` and `part`. */
#define JUDGE_OPTIONS                                                                                        \
    { "on", OPTION_FRAME, 0, NULL, 0, 0, NULL, NULL, "the data; else what the model learned from" },         \
    {                                                                                                        \
        "part", OPTION_PART, 0, NULL, 0, 0, NULL, NULL,                                                      \
            "rows: train, valid, test, all or a named part; valid where the frame is split, else all"        \
    }

/* Opens the models of `names` and the rows that on=, part= and a suffix if select. judge_close after
 * it, also after an error. Notes training rows and taint. */
bool judge_open(Session *session, const Call *call, ValueList names, Result *result, Judged *out, Err *err);
/* The same for one part; NULL: that of part=, or its default. */
bool judge_open_part(Session *session, const Call *call, ValueList names, const char *part, Result *result,
                     Judged *out, Err *err);
/* The rows of one part (NULL: train where it is split, else all) of the frame that the first model learned
 * from or is a column of, whatever on= and a suffix if say: what other rows are compared with. */
bool judge_open_reference(Session *session, const Call *call, ValueList names, const char *part,
                          Result *result, Judged *out, Err *err);
void judge_close(Judged *judged);

/* Scores of the rows (n, n_outputs) by one model; free with mem_free. `counts`: also notes unseen levels,
 * values out of range and missing cells. */
bool judge_scores(Session *session, const Judged *judged, int model, bool counts, double **out,
                  Result *result, Err *err);
/* The outputs behind them where a model has several for one number, (n, n_columns): NULL without an error
 * where there are none. */
bool judge_details(Session *session, const Judged *judged, int model, double **out, Err *err);
/* The target (n): value, 0/1, level number; NaN where missing. */
bool judge_targets(const Judged *judged, double *y, Err *err);

#endif
