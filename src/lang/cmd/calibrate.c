/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `calibrate MODEL`: probabilities that hold, fitted on rows that the model did not learn from. */
#include <math.h>
#include <string.h>

#include "lang/bind.h"
#include "lang/figures.h"
#include "lang/reliability.h"
#include "measures/scored.h"
#include "numeric/rng.h"

enum { FOLDS = 5, FOLD_ROWS = 50, FEW_STEPS = 1000 };

static const OptionSpec options[] = {
    { "model", OPTION_MODEL, OPTION_POSITIONAL | OPTION_REQUIRED, NULL, 0, 0, NULL, NULL,
      "a net, a baseline, a cross-validated set, a score column FRAME.column (with `as`)" },
    { "state", OPTION_BOOL, OPTION_POSITIONAL, NULL, 0, 0, NULL, NULL, "off takes the calibration away" },
    { "method", OPTION_WORD, 0, NULL, 0, 0, CALIBRATION_WORDS, NULL,
      "platt without it; with to= alone only the shift" },
    { "to", OPTION_FRACTION, OPTION_OPEN_MIN | OPTION_OPEN_MAX, NULL, 0, 1, NULL, NULL,
      "a long-run rate that the mean of the probabilities shall meet" },
    JUDGE_OPTIONS,
};

/* ---- off */

static void note_dropped(const Decision *before, const char *name, Notes *notes)
{
    Decision rest = { .cutoff = before->cutoff, .grades = before->grades };
    Buf words = { 0 };
    decision_write(&words, &rest);
    if (words.length) NOTE(notes, decision_dropped, name, buf_text(&words));
    buf_free(&words);
}

static bool take_off(Session *session, const Call *call, Result *result, Err *err)
{
    const char *name = option_text(&call->options, "model");
    Decision before, after = decision_none;
    if (option_bool(&call->options, "state") || option_given(&call->options, "method") ||
        option_given(&call->options, "to"))
        return ERR_AT(err, call_span(call, "state"), calibrate_off, NULL);
    if (!decided(session, name, result->arena, &before, err)) return false;
    if (!before.calibration) return ERR(err, calibrate_none, name);
    after.points = before.points;
    note_dropped(&before, name, &result->notes);
    result_line(result, "%s is no longer calibrated", name);
    return decide(session, call, name, &after, err);
}

/* ---- what a fit to the others gives of each fold */

static Scored some_rows(const Scored *all, const uint32_t *fold_of, size_t fold, bool inside, double *block)
{
    size_t width = (size_t)all->n_outputs, n = 0;
    double *y = block, *w = block + all->n, *p = block + 2 * all->n;
    for (size_t i = 0; i < all->n; i++) {
        if ((fold_of[i] % FOLDS == fold) != inside) continue;
        y[n] = all->target[i];
        w[n] = scored_weight(all, i);
        memcpy(p + n++ * width, all->score + i * width, width * sizeof *p);
    }
    return (Scored){ n, all->n_outputs, y, p, w, all->reference, all->settings, NULL };
}

static bool fit_fold(const Deciding *deciding, const Calibration *whole, const Scored *all,
                     const uint32_t *fold_of, size_t fold, double *block, double *held)
{
    Err none = { 0 };
    Scored others = some_rows(all, fold_of, fold, false, block);
    size_t width = (size_t)all->n_outputs;
    const Calibration *fitted =
        calibration_fit(whole->method, whole->rate, &others, deciding->name, deciding->call->arena, &none);
    for (size_t i = 0; fitted && i < all->n; i++) {
        if (fold_of[i] % FOLDS != fold) continue;
        memcpy(held + i * width, all->score + i * width, width * sizeof *held);
        calibration_apply(fitted, held + i * width, width);
    }
    return fitted != NULL;
}

/* (n, n_outputs) from mem_get, or NULL: too few rows, or a fold cannot be fitted. */
static double *hold_out(const Deciding *deciding, const Calibration *whole, const Scored *all)
{
    size_t n = all->n, width = (size_t)all->n_outputs;
    if (n < FOLD_ROWS) return NULL;
    uint32_t *fold_of = mem_get(n, sizeof *fold_of, NULL);
    double *block = fold_of ? mem_get(n, (2 + width) * sizeof *block, NULL) : NULL;
    double *held = block ? mem_get(n * width, sizeof *held, NULL) : NULL;
    bool done = held != NULL;
    RngKey key = rng_key((uint64_t)deciding->session->settings.seed, "calibrate", deciding->name);
    if (done) rng_permutation(key, 0, fold_of, n);
    for (size_t fold = 0; fold < FOLDS && done; fold++)
        done = fit_fold(deciding, whole, all, fold_of, fold, block, held);
    mem_free(block);
    mem_free(fold_of);
    if (done) return held;
    mem_free(held);
    return NULL;
}

/* ---- fitting */

static CalibrationMethod method_of(const Call *call)
{
    CalibrationMethod method = CALIBRATION_PLATT;
    const char *word = option_text(&call->options, "method");
    if (word)
        calibration_parse(word, &method);
    else if (option_given(&call->options, "to"))
        method = CALIBRATION_NONE;
    return method;
}

static bool check_target(const Deciding *deciding, CalibrationMethod method, Err *err)
{
    const Judged *judged = &deciding->evaluation.judged;
    bool rate = option_given(&deciding->call->options, "to");
    if (judged->kind == 'n') return ERR(err, calibrate_numbers, judged->target);
    if (judged->kind == 'b' || (method == CALIBRATION_TEMPERATURE && !rate)) return true;
    return ERR(err, calibrate_levels, rate ? "to=" : "calibrate", judged->target, "more levels");
}

static void note_map(const Deciding *deciding, const Calibration *fitted, const Scored *after, Notes *notes)
{
    char text[40];
    size_t sharp = 0;
    for (size_t i = 0; i < after->n; i++) sharp += scored_event(after, i) == 0 || scored_event(after, i) == 1;
    if (fitted->method == CALIBRATION_PLATT && fitted->slope < 0)
        NOTE(notes, calibrate_turned, deciding->name, number_short(fitted->slope, 4, text));
    if (fitted->method != CALIBRATION_ISOTONIC) return;
    if (fitted->y[0] == fitted->y[fitted->n - 1])
        NOTE(notes, calibrate_flat, deciding->name, number_short(fitted->y[0], 4, text));
    if (sharp) NOTE(notes, calibrate_sharp, deciding->name, INT(sharp));
    if (after->n < FEW_STEPS) NOTE(notes, calibrate_few, deciding->name, INT(after->n));
}

static void record_map(const Deciding *deciding, const Calibration *fitted)
{
    Result *result = deciding->result;
    Arena *arena = result->arena;
    Buf words = { 0 };
    record_text(arena, result->record, "method", calibration_word(fitted->method));
    if (fitted->method == CALIBRATION_PLATT) {
        record_number(arena, result->record, "intercept", fitted->intercept);
        record_number(arena, result->record, "slope", fitted->slope);
    }
    if (fitted->method == CALIBRATION_TEMPERATURE)
        record_number(arena, result->record, "temperature", 1 / fitted->slope);
    record_number(arena, result->record, "shift", fitted->shift);
    calibration_write(&words, fitted);
    result_line(result, "%s is calibrated: %s", deciding->call->as ? deciding->call->as : deciding->name,
                buf_text(&words));
    buf_free(&words);
}

/* Shows it beside what was. */
static bool show(const Deciding *deciding, const Calibration *fitted, Err *err)
{
    Scored before = deciding_scored(deciding), after = before;
    size_t values = before.n * (size_t)before.n_outputs;
    double *scores = mem_get(values, sizeof *scores, err), *held = hold_out(deciding, fitted, &before);
    Decision only = { .calibration = fitted, .cutoff = NAN };
    if (!scores) {
        mem_free(held);
        return false;
    }
    memcpy(scores, before.score, values * sizeof *scores);
    decision_calibrate(&only, scores, before.n, (size_t)before.n_outputs);
    after.score = scores;
    Reliability of = { deciding->name, fitted->rows, deciding->evaluation.judged.kind, before, after,
                       before,         held != NULL };
    if (held) of.held.score = held;
    reliability_show(&of, deciding->result);
    if (of.kind == 'b') note_map(deciding, fitted, &after, &deciding->result->notes);
    mem_free(held);
    mem_free(scores);
    return true;
}

static bool calibrate(Deciding *deciding, Err *err)
{
    const Call *call = deciding->call;
    const Judged *judged = &deciding->evaluation.judged;
    Arena *arena = deciding->result->arena;
    CalibrationMethod method = method_of(call);
    if (!check_target(deciding, method, err)) return false;
    if (method != CALIBRATION_NONE && !deciding_both(deciding, err)) return false;
    Scored scored = deciding_scored(deciding);
    double rate = option_given(&call->options, "to") ? option_number(&call->options, "to") : NAN;
    const Calibration *found = calibration_fit(method, rate, &scored, deciding->name, arena, err);
    if (!found) return false;
    Calibration fitted = *found;
    fitted.rows =
        arena_format(arena, "%s of %s", figures_part_words(arena, judged->part), judged->frame_name);
    Decision after = decision_none;
    after.calibration = &fitted;
    after.points = deciding->before.points;
    note_dropped(&deciding->before, deciding->name, &deciding->result->notes);
    record_map(deciding, &fitted);
    return show(deciding, &fitted, err) && deciding_keep(deciding, &after, err);
}

static bool run(Session *session, const Call *call, Result *result, Err *err)
{
    Deciding deciding;
    if (option_given(&call->options, "state")) return take_off(session, call, result, err);
    bool ok = deciding_open(session, call, true, true, result, &deciding, err) && calibrate(&deciding, err);
    deciding_close(&deciding);
    return ok;
}

const CommandKind command_calibrate = {
    .kind = { .name = "calibrate",
              .help = "fits a map from a model's scores to probabilities that hold",
              .more = "method=platt: logit p' = a + b logit p, of a score that is no probability a + b s "
                      "(Platt 1999, with his smoothed targets). isotonic: the nearest rising function by "
                      "pooling adjacent violators, linear between its steps (Zadrozny and Elkan 2002); it "
                      "wants 1000 rows and more. temperature: softmax(log p / T), also of several levels "
                      "(Guo and others 2017). to=2.1% then shifts the log-odds so that the mean meets a "
                      "long-run rate (King and Zeng 2001); alone it does nothing else.\n"
                      "Rows are those that the model did not learn from (part=valid); of what "
                      "crossvalidate made, its out-of-sample forecasts (part=all). The map is stored in "
                      "the model, after the correction for balanced classes: predict, evaluate and all "
                      "others see calibrated probabilities, the file keeps it, train drops it. A new one "
                      "takes the place of the old. $last.slope, .intercept, .temperature, .shift, "
                      ".before.ece, .after.ece, .held.ece, ...; held is what a fit to four fifths of the "
                      "rows gives the last fifth.",
              KIND_OPTIONS(options),
              .example = "simulate credit as loans rows=2000\nsplit loans train=50% valid=25% test=25%\n"
                         "fit logit loans as lr\ncalibrate lr method=platt\ncalibrate lr method=isotonic "
                         "to=2.1%\n"
                         "evaluate lr metrics=ece,slope\ncalibrate lr off",
              .since = "1" },
    .group = "Judging",
    .form = "calibrate MODEL [method=platt|isotonic|temperature] [to=RATE] [part=] [on=] [as NAME] [if "
            "CONDITION], or calibrate MODEL off",
    .flags = COMMAND_IF | COMMAND_AS | COMMAND_REPLACE | COMMAND_LAST | COMMAND_UNDO,
    .run = run,
};
