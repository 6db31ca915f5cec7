/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/foldplan.h"

#include <string.h>

#include "data/sample.h"

enum { INNER_SHARE = 7, FOLDS_MAX = 1000 };

typedef struct Planning {
    const Frame *frame;
    const LabelRule *rule;
    bool inner;
    LabelTimes times;
    FoldPlan *plan;
    uint8_t *tests, *trains; /* (n_rows) flags of the fold at hand */
} Planning;

/* ---- one fold: flags to parts */

static bool purge(Planning *work, Err *err)
{
    LabelSpans spans = { work->times.n, work->times.from, work->times.to, work->times.edge };
    return purge_training(&spans, work->tests, work->trains, &work->plan->purged, err);
}

/* The least rank from which on at most a seventh of the training rows begin. */
static bool last_seventh(const Planning *work, int64_t *from, Err *err)
{
    const LabelTimes *times = &work->times;
    size_t *counts = mem_get(times->n_times, sizeof *counts, err), n = 0, taken = 0;
    if (!counts) return false;
    for (size_t i = 0; i < times->n; i++)
        if (work->trains[i]) {
            counts[times->from[i]]++;
            n++;
        }
    *from = (int64_t)times->n_times;
    while (*from > 0 && (taken == 0 || taken + counts[*from - 1] <= n / INNER_SHARE))
        taken += counts[--*from];
    mem_free(counts);
    return true;
}

/* Takes rows out of training to validate; tests then flags them alone. */
static bool set_aside(Planning *work, Err *err)
{
    int64_t from;
    if (!last_seventh(work, &from, err)) return false;
    for (size_t i = 0; i < work->times.n; i++) {
        work->tests[i] = work->trains[i] && work->times.from[i] >= from;
        work->trains[i] &= !work->tests[i];
    }
    return purge(work, err);
}

static bool has_rows(const uint8_t *flags, size_t n)
{
    return memchr(flags, 1, n) != NULL;
}

/* tests: the fold's rows; trains: what may train; valid: (n_rows) flags set aside by the rule, or NULL. */
static bool finish_fold(Planning *work, int k, const uint8_t *valid, Err *err)
{
    size_t n = work->frame->n_rows;
    uint8_t *part = work->plan->part + (size_t)k * n;
    bool aside = work->inner || valid;
    if (!purge(work, err)) return false;
    for (size_t i = 0; i < n; i++) part[i] = work->tests[i] && !aside ? PART_VALID : PART_NONE;
    if (valid) {
        memcpy(work->tests, valid, n);
        if (!purge(work, err)) return false;
    } else if (aside && !set_aside(work, err)) {
        return false;
    }
    for (size_t i = 0; i < n; i++)
        if (work->trains[i] || (aside && work->tests[i])) part[i] = work->trains[i] ? PART_TRAIN : PART_VALID;
    if (has_rows(work->trains, n) && (!aside || has_rows(work->tests, n))) return true;
    ERR(err, empty_part, has_rows(work->trains, n) ? "valid" : "train");
    return err_hint(err, "fold %d: with its purge it leaves no such row", k + 1);
}

static bool begin(Planning *work, Err *err)
{
    if (sample_is_whole(&work->frame->sample))
        return ERR(err, bad_split, "sequences and trees are divided whole: use kfold()");
    return labeltimes_make(work->frame, work->rule, &work->times, err);
}

static bool make_room(Planning *work, int k, Err *err)
{
    size_t n = work->frame->n_rows;
    FoldPlan *plan = work->plan;
    plan->k = k;
    size_t paths = plan->n_paths > 1 ? (size_t)plan->n_paths : 1;
    if (!plan->fold) plan->fold = mem_get(paths * n, sizeof *plan->fold, err);
    plan->part = plan->fold ? mem_get((size_t)k * n, 1, err) : NULL;
    work->tests = plan->part ? mem_get(n, 2, err) : NULL;
    work->trains = work->tests ? work->tests + n : NULL;
    return work->tests != NULL;
}

static bool end(Planning *work, bool ok)
{
    labeltimes_free(&work->times);
    mem_free(work->tests);
    return ok;
}

void foldplan_free(FoldPlan *plan)
{
    mem_free(plan->fold);
    mem_free(plan->part);
    *plan = (FoldPlan){ 0 };
}

static bool may_fold(const Planning *work, size_t row)
{
    return work->times.from[row] >= 0 && folds_hold(work->frame, row);
}

/* ---- folds given */

static bool purge_folds(Planning *work, Err *err)
{
    const int32_t *fold = work->plan->fold;
    for (int k = 0; k < work->plan->k; k++) {
        for (size_t i = 0; i < work->times.n; i++) {
            work->tests[i] = fold[i] == k;
            work->trains[i] = fold[i] >= 0 && fold[i] != k && work->times.from[i] >= 0;
        }
        if (!finish_fold(work, k, NULL, err)) return false;
    }
    return true;
}

bool foldplan_purge(const Frame *frame, const LabelRule *rule, bool inner, FoldPlan *plan, Err *err)
{
    Planning work = { .frame = frame, .rule = rule, .inner = inner, .plan = plan };
    return end(&work, begin(&work, err) && make_room(&work, plan->k, err) && purge_folds(&work, err));
}

/* ---- k blocks of time */

/* Rows in order of time, k blocks of nearly the same number of rows; equal times stay together. */
static bool cut_blocks(Planning *work, int k, Err *err)
{
    const LabelTimes *times = &work->times;
    size_t *counts = mem_get(times->n_times, sizeof *counts, err), n = 0, before = 0;
    int32_t *block = counts ? mem_get(times->n_times, sizeof *block, err) : NULL;
    for (size_t i = 0; block && i < times->n; i++)
        if (may_fold(work, i)) {
            counts[times->from[i]]++;
            n++;
        }
    for (size_t t = 0; block && t < times->n_times; t++) {
        double middle = (double)before + 0.5 * (double)counts[t];
        block[t] = (int32_t)(middle * k / (double)(n ? n : 1));
        before += counts[t];
    }
    for (size_t i = 0; block && i < times->n; i++)
        work->plan->fold[i] = may_fold(work, i) ? block[times->from[i]] : FOLD_NONE;
    bool ok = block != NULL;
    mem_free(block);
    mem_free(counts);
    return ok;
}

static bool no_block_empty(const FoldPlan *plan, int blocks, size_t n, Err *err)
{
    size_t counts[FOLDS_MAX] = { 0 };
    for (size_t i = 0; i < n; i++)
        if (plan->fold[i] >= 0) counts[plan->fold[i]]++;
    for (int k = 0; k < blocks; k++)
        if (counts[k] == 0) return ERR(err, cannot_fold, INT(blocks), INT(n), "rows");
    return true;
}

bool foldplan_purged(const Frame *frame, int k, const LabelRule *rule, bool inner, FoldPlan *out, Err *err)
{
    Planning work = { .frame = frame, .rule = rule, .inner = inner, .plan = out };
    *out = (FoldPlan){ 0 };
    if (k < 2 || k > FOLDS_MAX) return ERR(err, cannot_fold, INT(k), INT(frame->n_rows), "rows");
    return end(&work, begin(&work, err) && make_room(&work, k, err) && cut_blocks(&work, k, err) &&
                          no_block_empty(out, k, frame->n_rows, err) && purge_folds(&work, err));
}

/* ---- combinations of blocks */

enum { BLOCKS_MAX = 40 };

/* C(n, k), or FOLDS_MAX + 1 where it is larger than FOLDS_MAX. */
static int combinations(int n, int k)
{
    long count = 1;
    for (int i = 1; i <= k; i++) {
        count = count * (n - k + i) / i;
        if (count > FOLDS_MAX) return FOLDS_MAX + 1;
    }
    return (int)count;
}

/* The next choice of k of n numbers, rising; false after the last. */
static bool next_choice(int *choice, int n, int k)
{
    int i = k - 1;
    while (i >= 0 && choice[i] == n - k + i) i--;
    if (i < 0) return false;
    choice[i]++;
    for (int j = i + 1; j < k; j++) choice[j] = choice[j - 1] + 1;
    return true;
}

/* Rows of a chosen block are judged by fold k, each on the next path of its block. */
static void judge_blocks(Planning *work, const int32_t *block, const int *path_of, int k)
{
    size_t n = work->times.n;
    for (size_t i = 0; i < n; i++) {
        int path = block[i] >= 0 ? path_of[block[i]] : -1;
        work->tests[i] = path >= 0;
        work->trains[i] = block[i] >= 0 && path < 0;
        if (path >= 0) work->plan->fold[(size_t)path * n + i] = k;
    }
}

static bool combine_blocks(Planning *work, int blocks, int test, Err *err)
{
    size_t n = work->frame->n_rows;
    FoldPlan *plan = work->plan;
    int choice[BLOCKS_MAX], used[BLOCKS_MAX] = { 0 }, path_of[BLOCKS_MAX];
    int32_t *block = mem_get(n, sizeof *block, err);
    if (!block) return false;
    memcpy(block, plan->fold, n * sizeof *block);
    for (size_t i = 0; i < n * (size_t)plan->n_paths; i++) plan->fold[i] = FOLD_NONE;
    for (int j = 0; j < test; j++) choice[j] = j;
    bool ok = true;
    for (int k = 0; ok && k < plan->k; k++) {
        for (int b = 0; b < blocks; b++) path_of[b] = -1;
        for (int j = 0; j < test; j++) path_of[choice[j]] = used[choice[j]]++;
        judge_blocks(work, block, path_of, k);
        ok = finish_fold(work, k, NULL, err);
        next_choice(choice, blocks, test);
    }
    mem_free(block);
    return ok;
}

bool foldplan_cpcv(const Frame *frame, int blocks, int test, const LabelRule *rule, bool inner, FoldPlan *out,
                   Err *err)
{
    Planning work = { .frame = frame, .rule = rule, .inner = inner, .plan = out };
    *out = (FoldPlan){ 0 };
    if (test < 1 || test >= blocks || blocks > BLOCKS_MAX)
        return ERR(err, bad_split, "cpcv takes up to 40 groups= and a smaller test=");
    int k = combinations(blocks, test);
    if (k > FOLDS_MAX) return ERR(err, bad_split, "cpcv would make more than 1000 folds");
    out->n_paths = combinations(blocks - 1, test - 1);
    return end(&work, begin(&work, err) && make_room(&work, k, err) && cut_blocks(&work, blocks, err) &&
                          no_block_empty(out, blocks, frame->n_rows, err) &&
                          combine_blocks(&work, blocks, test, err));
}

/* ---- walk-forward */

/* Ranks: train from <= t < to, validation from <= t < to, test likewise. */
typedef struct Step {
    int64_t train[2], valid[2], test[2];
} Step;

typedef struct Walk {
    const WalkRule *rule;
    const LabelTimes *times;
    int64_t gap;        /* between training, validation and test */
    int64_t begin, end; /* of the rows that may be in a fold */
    Step steps[FOLDS_MAX];
    int n;
} Walk;

static bool has_valid(const WalkRule *rule)
{
    return rule->valid.type != VALUE_MISSING;
}

/* The blocks before a test block that begins at `at`. */
static bool step_back(const Walk *walk, int64_t at, Step *step, Err *err)
{
    const WalkRule *rule = walk->rule;
    step->test[0] = at;
    int64_t to = at - walk->gap;
    step->valid[0] = step->valid[1] = to;
    if (has_valid(rule)) {
        if (!labeltimes_move(walk->times, to, &rule->valid, -1, &step->valid[0], err)) return false;
        to = step->valid[0] - walk->gap;
    }
    step->train[0] = walk->begin;
    step->train[1] = to;
    bool ok = rule->expanding || labeltimes_move(walk->times, to, &rule->train, -1, &step->train[0], err);
    if (step->train[0] < walk->begin) step->train[0] = walk->begin;
    return ok && labeltimes_move(walk->times, at, &rule->test, 1, &step->test[1], err);
}

static bool first_test(const Walk *walk, int64_t *at, Err *err)
{
    if (!labeltimes_move(walk->times, walk->begin, &walk->rule->train, 1, at, err)) return false;
    *at += walk->gap;
    if (!has_valid(walk->rule)) return true;
    if (!labeltimes_move(walk->times, *at, &walk->rule->valid, 1, at, err)) return false;
    *at += walk->gap;
    return true;
}

static bool find_gap(Walk *walk, Err *err)
{
    const Value *gap = &walk->rule->gap;
    walk->gap = walk->times->horizon;
    if (gap->type == VALUE_MISSING) return true;
    int64_t to;
    if (!labeltimes_move(walk->times, walk->begin, gap, 1, &to, err)) return false;
    if (to - walk->begin > walk->gap) walk->gap = to - walk->begin;
    return true;
}

static bool find_steps(Walk *walk, Err *err)
{
    int64_t at;
    if (!find_gap(walk, err) || !first_test(walk, &at, err)) return false;
    while (at < walk->end) {
        if (walk->n == FOLDS_MAX) return ERR(err, bad_split, "walkforward would make more than 1000 folds");
        Step *step = &walk->steps[walk->n++];
        if (!step_back(walk, at, step, err)) return false;
        if (step->test[1] <= at) return ERR(err, bad_split, "test= of walkforward holds no row");
        if (step->test[1] > walk->end) step->test[1] = walk->end;
        at = step->test[1];
    }
    if (walk->n > 0) return true;
    ERR(err, bad_split, "walkforward finds no test rows: train= and valid= take them all");
    return err_hint(err, "there are %lld different times", (long long)(walk->end - walk->begin));
}

static bool within(const int64_t range[2], int64_t rank)
{
    return rank >= range[0] && rank < range[1];
}

static bool fill_steps(Planning *work, const Walk *walk, Err *err)
{
    const LabelTimes *times = &work->times;
    uint8_t *valid = mem_get(times->n, 1, err);
    bool ok = valid != NULL;
    for (size_t i = 0; ok && i < times->n; i++)
        work->plan->fold[i] = may_fold(work, i) ? FOLD_TRAINS : FOLD_NONE;
    for (int k = 0; ok && k < walk->n; k++) {
        const Step *step = &walk->steps[k];
        for (size_t i = 0; i < times->n; i++) {
            bool may = may_fold(work, i);
            work->tests[i] = may && within(step->test, times->from[i]);
            work->trains[i] = may && within(step->train, times->from[i]);
            valid[i] = may && within(step->valid, times->from[i]);
            if (work->tests[i]) work->plan->fold[i] = k;
        }
        ok = (has_rows(work->tests, times->n) || ERR(err, bad_split, "a fold of walkforward holds no row")) &&
             finish_fold(work, k, has_valid(walk->rule) ? valid : NULL, err);
    }
    mem_free(valid);
    return ok;
}

bool foldplan_walk(const Frame *frame, const WalkRule *rule, const LabelRule *labels, bool inner,
                   FoldPlan *out, Err *err)
{
    Planning work = { .frame = frame, .rule = labels, .inner = inner, .plan = out };
    *out = (FoldPlan){ 0 };
    Walk *walk = mem_own(sizeof *walk);
    *walk = (Walk){ .rule = rule, .times = &work.times, .begin = INT64_MAX };
    bool ok = begin(&work, err);
    for (size_t i = 0; ok && i < frame->n_rows; i++) {
        if (!may_fold(&work, i)) continue;
        if (work.times.from[i] < walk->begin) walk->begin = work.times.from[i];
        if (work.times.from[i] >= walk->end) walk->end = work.times.from[i] + 1;
    }
    if (ok && walk->end == 0) ok = ERR(err, bad_split, "no row may be in a fold");
    ok = ok && find_steps(walk, err) && make_room(&work, walk->n, err) && fill_steps(&work, walk, err);
    mem_free(walk);
    return end(&work, ok);
}
